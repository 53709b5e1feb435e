"""The widget `draw()`."""

from .widget import draw

__all__ = ["draw"]
