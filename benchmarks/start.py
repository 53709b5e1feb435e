"""From `make lab` to the first widget: where the seconds go, at a second start.

The commands of the Makefile, then a real page in a real browser that opens a notebook and runs
two cells: the import, and an explore(). Waiting for a person is not counted.

    python benchmarks/start.py
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import conftest  # noqa: E402, F401 - sets up the surroundings of the tests: offline
from tests.helpers.lab import Lab, Server, opened_lab  # noqa: E402
from tests.helpers.widgets import shown  # noqa: E402

CELLS = ["from course_utils import explore", 'explore("efficientnet_lite0", "coffee")']
LIGHT = (  # as in the Makefile: the package without its __init__
    "import sys, types; light = types.ModuleType('course_utils'); "
    "light.__path__ = ['course_utils']; sys.modules['course_utils'] = light; "
)
Result = TypeVar("Result")


def stage(what: str, work: Callable[[], Result]) -> Result:
    """Do it; print how long it took."""
    start = time.perf_counter()
    result = work()
    print(f"  {what:34}{time.perf_counter() - start:6.1f} s", flush=True)
    return result


def python(code: str) -> None:
    subprocess.run([sys.executable, "-c", LIGHT + code], cwd=ROOT, capture_output=True, check=True)


def main() -> None:
    with opened_lab() as warm, tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        stage("CIFAR-10?", lambda: python("from course_utils import doctor; doctor.before_lab()"))
        stage("start page", lambda: python("from course_utils.my_lessons import main; main([])"))
        server = stage("JupyterLab answers", lambda: Server(Path(folder)))
        lab = Lab(server, warm.browser)
        try:
            notebook = stage("page, notebook and kernel are there", lambda: lab.notebook(CELLS))
            stage("import", lambda: notebook.run(0))
            stage("explore(), computed", lambda: notebook.run(1))
            stage("its widget is painted", lambda: shown(notebook))
            print(f"  {'together':34}{time.perf_counter() - start:6.1f} s")
        finally:
            lab.close()
            server.stop()


if __name__ == "__main__":
    print("make lab, second start")
    main()
