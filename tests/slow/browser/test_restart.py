"""After a restart of the kernel, one cell brings all widgets back."""

from tests.helpers.copies import CELL, NAMES, STATE, copies, same, use
from tests.helpers.widgets import KERNEL


def test_one_cell_brings_all_back_after_a_restart(lab):
    notebook = lab.notebook([f"from IPython.display import display\n{CELL}"])
    assert notebook.run_all() == []
    notebook.page.evaluate(f"{KERNEL}.restart()")
    notebook.wait_idle()
    assert notebook.run_all() == []
    for name in NAMES:
        first, second, other = copies(notebook, name)
        before = other.evaluate(STATE)
        assert first.evaluate(STATE) == before
        use(first, name)
        same(first, second, before)
    assert notebook.console == []
