"""What one can touch: a file a widget, its JavaScript beside it."""

from .browse import browse
from .convolve import convolve
from .explore import explore
from .kernels import kernels
from .preprocess import preprocess
from .questions import predict, quiz
from .receptive_field import receptive_field
from .train import train

__all__ = [
    "browse",
    "convolve",
    "explore",
    "kernels",
    "predict",
    "preprocess",
    "quiz",
    "receptive_field",
    "train",
]
