"""Every lesson runs in a real JupyterLab, what it shows is shown, and its networks stay whole."""

import pytest

from tests.helpers import ROOT
from tests.helpers.lessons import LESSONS

WATCHED = f"(__import__('sys').path.append({str(ROOT)!r}), __import__('tests.helpers.watched'))"


@pytest.mark.timeout(420)  # a busy machine takes its time over lessons 7 and 8
@pytest.mark.parametrize("name", LESSONS)
def test_lesson_runs_in_jupyterlab(lab, name):
    notebook = lab.open(name)
    notebook.ask(WATCHED + "[1].helpers.watched.watch()")
    assert notebook.run_all(seconds=300) == []
    notebook.photograph(name)
    assert notebook.console == []
    changed = notebook.ask(WATCHED + "[1].helpers.watched.changed()")
    assert changed == "[]", "a cell changed a trained network that a later one may use"


def test_a_network_that_a_cell_changed_is_found(lab):
    """The test above can fail."""
    load = "from course_utils import load_network; network = load_network('lenet')"
    notebook = lab.notebook([load, "next(network.parameters()).data.mul_(2);"])
    notebook.ask(WATCHED + "[1].helpers.watched.watch()")
    assert notebook.run_all() == []
    assert "lenet" in notebook.ask(WATCHED + "[1].helpers.watched.changed()")
