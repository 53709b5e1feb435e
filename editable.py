"""Builds the package by flit, except that `pip install -e .` notes a relative path.

Python up to 3.12 on Windows reads the file that names this folder in the system's code page, and
does not start if it cannot: in "C:\\Users\\홍길동" an absolute path in UTF-8 stops every start.
"""

import os
import sysconfig
from contextlib import suppress

from flit_core import buildapi, wheel
from flit_core.buildapi import build_sdist, build_wheel, prepare_metadata_for_build_editable

__all__ = ["build_editable", "build_sdist", "build_wheel", "prepare_metadata_for_build_editable"]


class Wheel(wheel.WheelBuilder):
    """As flit's, but for one line."""

    def add_pth(self) -> None:
        """What Python reads at each start."""
        path = os.getcwd()
        with suppress(ValueError):  # on another drive of Windows
            path = os.path.relpath(path, sysconfig.get_path("purelib"))
        with self._write_to_zip(f"{self.module.name}.pth") as file:
            file.write(path)


def build_editable(folder: str, settings: object = None, metadata: object = None) -> str:
    """Make the wheel that `pip install -e .` installs; its name."""
    wheel.WheelBuilder = Wheel
    return buildapi.build_editable(folder)
