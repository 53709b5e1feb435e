"""What one can touch: a file a widget, its JavaScript beside it."""

from .browse.widget import browse
from .convolve.widget import convolve
from .draw.widget import draw
from .explore.widget import explore
from .kernels.widget import kernels
from .preprocess.widget import preprocess
from .questions.widget import predict, quiz
from .receptive_field.widget import receptive_field
from .teach.widget import teach
from .train.widget import train

__all__ = [
    "browse",
    "convolve",
    "draw",
    "explore",
    "kernels",
    "predict",
    "preprocess",
    "quiz",
    "receptive_field",
    "teach",
    "train",
]
