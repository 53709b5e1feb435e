"""Every lesson runs in a real JupyterLab, and what it shows is shown."""

import pytest

from tests.helpers.lessons import LESSONS


@pytest.mark.parametrize("name", LESSONS)
def test_lesson_runs_in_jupyterlab(lab, name):
    notebook = lab.open(name)
    assert notebook.run_all(seconds=300) == []  # a busy machine takes its time over lesson 7
    notebook.photograph(name)
    assert notebook.console == []
