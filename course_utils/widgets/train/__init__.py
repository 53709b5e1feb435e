"""The widget `train()`."""

from .widget import train

__all__ = ["train"]
