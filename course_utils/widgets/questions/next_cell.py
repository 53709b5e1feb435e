"""Knows when the cell after the present one has run."""

from collections.abc import Callable
from typing import Any

from IPython import get_ipython


def when_the_next_cell_has_run(act: Callable[[], None]) -> None:
    """Call `act()` once a later cell has run without an error; at once if there is no IPython."""
    shell = get_ipython()
    if shell is None:
        act()
        return
    present = True

    def ran(result: Any) -> None:
        nonlocal present
        if present:  # the cell that this was called in
            present = False
        elif result.success:
            shell.events.unregister("post_run_cell", ran)
            act()

    shell.events.register("post_run_cell", ran)
