"""The widget `kernels()`."""

from .widget import kernels

__all__ = ["kernels"]
