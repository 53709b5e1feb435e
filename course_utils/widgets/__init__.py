"""What one can touch: a file a widget, its JavaScript beside it."""

from .explore import explore
from .preprocess import preprocess

__all__ = ["explore", "preprocess"]
