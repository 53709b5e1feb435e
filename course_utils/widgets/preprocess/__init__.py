"""The widget `preprocess()`."""

from .widget import preprocess

__all__ = ["preprocess"]
