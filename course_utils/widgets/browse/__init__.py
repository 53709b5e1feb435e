"""The widget `browse()`."""

from .widget import browse

__all__ = ["browse"]
