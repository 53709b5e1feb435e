"""What a data set must have so that a network can learn from it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from torch import Generator, Tensor

Batch = tuple[Tensor, Tensor]  # X float32 (N, C, H, W), normalised, and y int64 (N,)


class LabelledImages(Protocol):
    """Labelled images in batches, as `load_cifar10` gives them: to train with or to validate.

    To train with them, their length and `batches` are enough. By the labels a checkpoint knows
    its images again; the class names are what people are shown.
    """

    def __len__(self) -> int:
        """How many images."""

    @property
    def labels(self) -> Tensor:
        """int64 `(N,)`."""

    @property
    def classes(self) -> Sequence[str]:
        """The name of each label."""

    def batches(
        self,
        batch_size: int,
        *,
        shuffle: bool = ...,
        augment: bool | int = ...,
        generator: Generator | None = ...,
        indices: Tensor | None = ...,
        share: tuple[int, int] = ...,
    ) -> Iterable[Batch]:
        """All images once; the settings are those of `Batches`.

        A training that is resumed in the middle of an epoch, as after a restart, needs batches
        with a method `starting_at(position)`, see `Batches`.
        """
