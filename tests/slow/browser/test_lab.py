"""The tools of these tests do what they say."""

import pytest


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_notebook_runs_and_answers(lab, theme):
    notebook = lab.notebook(["1 + 1", "answer = 42"], theme=theme)
    assert notebook.run_all() == []
    assert notebook.cell(0).locator(".jp-OutputArea-output pre").inner_text() == "2"
    assert notebook.ask("answer") == "42"
    assert notebook.console == []
    assert notebook.screenshot(f"lab-{theme}").stat().st_size > 0


def test_errors_of_cells_and_widgets_are_found(lab):
    view = "{'application/vnd.jupyter.widget-view+json': {'model_id': 'none', 'version_major': 2}}"
    notebook = lab.notebook(
        [f"from IPython.display import display\ndisplay({view}, raw=True)", "1 / 0"]
    )
    raised, *widget = notebook.run_all()
    assert raised == "ZeroDivisionError: division by zero"
    assert "Error displaying widget" in widget


def test_no_kernel_outlives_its_notebook(lab):
    notebook = lab.notebook(["1 + 1"])
    assert len(lab.server.sessions()) == 1
    notebook.close()
    lab.opened.clear()
    assert lab.server.sessions() == []
