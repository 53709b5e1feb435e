"""The widget `teach()`."""

from .widget import teach

__all__ = ["teach"]
