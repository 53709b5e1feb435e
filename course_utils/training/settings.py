"""How to train: the settings of `fit`, checked."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from ..errors import demand, nearest
from .optimizers import OPTIMIZERS

PRECISIONS = ("auto", "float32", "bfloat16")


def _whole(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, Integral) and int(value) >= least


def _number(value: Any) -> bool:
    return isinstance(value, Real) and math.isfinite(value)


def _share(value: Any) -> bool:
    return _number(value) and 0 <= value < 1


RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "epochs": (_whole(1), "give a whole number, 1 or more"),
    "batch_size": (_whole(1), "give a whole number, 1 or more"),
    "learning_rate": (lambda v: _number(v) and v > 0, "give a number above 0, as 0.05"),
    "weight_decay": (lambda v: _number(v) and v >= 0, "give a number, 0 or more"),
    "label_smoothing": (_share, "give a share, 0 or more and below 1"),
    "warm_up": (_share, "give a share, 0 or more and below 1"),
    "sides": (lambda v: isinstance(v, Iterable), "give a list with one number for each epoch"),
    "cutout": (_whole(0), "give a number of pixels, or 0 for none"),
}


@dataclass(frozen=True)
class Settings:
    """All that decides what becomes of the weights, besides the network and the images.

    epochs: how often each training image is seen. batch_size: images in a step.
    learning_rate: its peak; warm_up: the share of the training (0..1) in which it rises to it,
        see `one_cycle`. weight_decay: each step also shrinks the weights, by this × learning
        rate.
    optimizer: "sgd", with Nesterov momentum 0.9, or "muon", which leaves the length of kernels as
        it is: for networks with BatchNorm, see `Muon`.
    label_smoothing: share of probability (0..1) that the labels give evenly to all classes.
    sides: for each epoch, how many pixels of the middle of each image are learned from; ()
        leaves them whole. With `augment`, which shifts first, the middle is another part of the
        image each time. Small parts first cost less, and whatever the network learns of them
        holds for the whole.
    augment: random crops and flips; a number is the most pixels that a crop shifts.
    cutout: the side of a square, in pixels, that is erased from each image, anywhere in it
        (DeVries and Taylor: "Improved regularization of CNNs with Cutout", 2017); 0 for none.
    precision: "float32", "bfloat16", or "auto": bfloat16 if the device has it in hardware and the
        network has 8 layers with weights or more.
    seed: of the order, the augmentation and Dropout.
    Raises `CourseError` for values that make no sense.
    """

    epochs: int = 5
    batch_size: int = 128
    learning_rate: float = 0.05
    weight_decay: float = 5e-4
    optimizer: str = "sgd"
    label_smoothing: float = 0.0
    warm_up: float = 0.2
    sides: tuple[int, ...] = ()
    augment: bool | int = True
    cutout: int = 0
    precision: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (good, advice) in RULES.items():
            value = getattr(self, name)
            demand(good(value), f"{name} is {value!r}: {advice}.")
        object.__setattr__(self, "sides", tuple(self.sides))  # a list is as good
        demand(
            len(self.sides) in (0, self.epochs),
            f"sides has {len(self.sides)} numbers for {self.epochs} epochs: give one for each.",
        )
        demand(
            self.optimizer in OPTIMIZERS,
            f"There is no optimizer {self.optimizer!r}.{nearest(self.optimizer, OPTIMIZERS)} "
            f"Choose one of {', '.join(OPTIMIZERS)}; lesson 7 shows how to use any other.",
        )
        demand(
            self.precision in PRECISIONS,
            f"There is no precision {self.precision!r}: choose one of {', '.join(PRECISIONS)}.",
        )
