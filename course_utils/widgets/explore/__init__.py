"""The widget `explore()`."""

from .widget import explore

__all__ = ["explore"]
