"""Knows when the cell after the present one has run."""

from collections.abc import Callable
from typing import Any

from IPython import get_ipython


def when_the_next_cell_has_run(act: Callable[[], None]) -> None:
    """Call `act()` once a later cell has run without an error; at once if there is no IPython.

    A cell that ran before the present one did is none: whoever reads on above and runs a cell there
    again has not answered anything.
    """
    shell = get_ipython()
    if shell is None:
        act()
        return
    ran_so_far: list[str] = shell.history_manager.input_hist_raw
    before = set(ran_so_far[: ran_so_far.index(ran_so_far[-1])])
    present = True

    def ran(result: Any) -> None:
        nonlocal present
        if present:  # the cell that this was called in
            present = False
        elif result.success and result.info.raw_cell not in before:
            shell.events.unregister("post_run_cell", ran)
            act()

    shell.events.register("post_run_cell", ran)
