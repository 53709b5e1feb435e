"""axe-core on a page."""

from axe_playwright_python.sync_playwright import Axe

RULES = {"resultTypes": ["violations"]}


def complaints(notebook, where: str) -> list[str]:
    """What axe-core finds wrong in the elements of a selector."""
    found = Axe().run(notebook.page, context={"include": [[where]]}, options=RULES)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
