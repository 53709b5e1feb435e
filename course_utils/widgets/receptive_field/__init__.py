"""The widget `receptive_field()`."""

from .widget import receptive_field

__all__ = ["receptive_field"]
