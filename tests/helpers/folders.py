"""Folders in the states that a class meets."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def read_only() -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder that nobody can write to once `close` is called; root becomes somebody."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def close() -> None:
            folder.chmod(0o555)
            if root:
                os.seteuid(65534)

        try:
            yield folder, close
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)
