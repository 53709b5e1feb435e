"""How to train: the settings of `fit`, checked."""

import math
from dataclasses import dataclass
from numbers import Integral, Real

from ..errors import demand, nearest
from .optimizers import OPTIMIZERS

PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class Settings:
    """How to train: all that decides what becomes of the weights, besides network and images.

    learning_rate: its peak; warm_up: the share of the training (0..1) in which it climbs there,
        see `training.one_cycle`. weight_decay: each step also shrinks the weights, by this ×
        learning rate.
    optimizer: "sgd", with Nesterov momentum 0.9, or "muon", which leaves the length of kernels as
        it is: for networks with BatchNorm, see `Muon`.
    label_smoothing: share of probability (0..1) that the labels give evenly to all classes.
    sides: for each epoch, how many pixels of the middle of each image are learned from; ()
        leaves them whole. With `augment`, which shifts first, the middle is another part of the
        image each time. Small parts first cost less, and whatever the network learns of them
        holds for the whole.
    augment: random crops and flips; a number is the most pixels that a crop shifts.
    cutout: the side of a square, in pixels, that is blotted out of each image, anywhere in it
        (DeVries and Taylor: "Improved regularization of CNNs with Cutout", 2017); 0 for none.
    seed: of the order, the augmentation and Dropout.
    precision: "float32", "bfloat16", or "auto": bfloat16 if the device has it in hardware and the
        network has 8 layers with weights or more.
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
        for name in ("epochs", "batch_size"):
            count = getattr(self, name)
            good = isinstance(count, Integral) and count >= 1
            demand(good, f"{name} is {count!r}: give a whole number, 1 or more.")
        demand(
            isinstance(self.learning_rate, Real) and 0 < self.learning_rate < math.inf,
            f"learning_rate is {self.learning_rate!r}: give a number above 0, as 0.05.",
        )
        for name in ("label_smoothing", "warm_up"):
            share = getattr(self, name)
            good = isinstance(share, Real) and 0 <= share < 1
            demand(good, f"{name} is {share!r}: give a share, 0 or more and below 1.")
        demand(
            len(self.sides) in (0, self.epochs),
            f"sides has {len(self.sides)} numbers for {self.epochs} epochs: give one for each.",
        )
        demand(
            isinstance(self.cutout, Integral) and self.cutout >= 0,
            f"cutout is {self.cutout!r}: give a number of pixels, or 0 for none.",
        )
        demand(
            self.optimizer in OPTIMIZERS,
            f"There is no optimizer {self.optimizer!r}.{nearest(str(self.optimizer), OPTIMIZERS)}",
        )
        demand(
            self.precision in PRECISIONS,
            f"There is no precision {self.precision!r}: choose one of {', '.join(PRECISIONS)}.",
        )
