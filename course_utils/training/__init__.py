"""A network learns from labelled images: the loop, its settings, evaluation, checkpoints.

In: a network and two data sets. Out: a `History`, and the network changed in place.
Lessons 2 and 7.
"""

from .callbacks import Callback, StopTraining
from .checkpoints import Checkpoints
from .distributed import launch
from .evaluation import Evaluation, Part, evaluate, hold_out
from .fitting import fit
from .history import Epoch, History
from .loop import EpochState, Training, five_lines, one_cycle
from .recipes import ALSO, RECIPES, card
from .settings import Settings

__all__ = [
    "ALSO",
    "RECIPES",
    "Callback",
    "Checkpoints",
    "Epoch",
    "EpochState",
    "Evaluation",
    "History",
    "Part",
    "Settings",
    "StopTraining",
    "Training",
    "card",
    "evaluate",
    "fit",
    "five_lines",
    "hold_out",
    "launch",
    "one_cycle",
]
