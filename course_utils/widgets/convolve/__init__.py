"""The widget `convolve()`."""

from .widget import convolve

__all__ = ["convolve"]
