"""What one can touch: a file a widget, its JavaScript beside it."""

from .browse import browse
from .explore import explore
from .preprocess import preprocess

__all__ = ["browse", "explore", "preprocess"]
