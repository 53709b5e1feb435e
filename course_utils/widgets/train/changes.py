"""What the "break it" switches of `train()` change: a plan of a training becomes another one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from ...datasets import Batches, LabelledImages, scale_and_shift
from ...errors import CourseError
from ...images import Preprocessing
from ...networks import CONFIGURATIONS, VGG32, input_channels
from ...training import Part, Settings

FEW = 1_000  # images that a LeNet can learn by heart


@dataclass(frozen=True)
class Plan:
    """What is trained and how. network: with its first weights."""

    title: str
    network: nn.Module
    train: LabelledImages
    validation: LabelledImages
    settings: Settings


class Altered:
    """The images of `data`, in batches that `change` alters."""

    def __init__(self, data: LabelledImages, change: Callable[[Batches], None]) -> None:
        self.data, self.change = data, change

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"{self.data}, altered"

    @property
    def labels(self) -> torch.Tensor:
        """int64 `(N,)`, as they are in `data`."""
        return self.data.labels

    @property
    def classes(self) -> Sequence[str]:
        """The name of each label."""
        return self.data.classes

    def batches(self, batch_size: int, **settings: Any) -> Batches:
        """As `data.batches`. Raises `CourseError` if that is nothing that can be altered."""
        batches = self.data.batches(batch_size, **settings)
        if not isinstance(batches, Batches):
            raise CourseError(
                "This switch alters the batches that load_cifar10 makes, and these are others. "
                "Choose another switch, or train on load_cifar10's images."
            )
        self.change(batches)
        return batches


def swap(network: nn.Module, old: type[nn.Module], new: type[nn.Module]) -> None:
    """Put a `new()` in the place of each module of the class `old`."""
    for module in list(network.modules()):
        for name, child in module.named_children():
            if isinstance(child, old):
                setattr(module, name, new())


def normalised_with(mean: float, std: float) -> Callable[[Batches], None]:
    """Batches become (value − mean) / std, for values in 0..1, with these numbers."""

    def change(batches: Batches) -> None:
        channels, side = batches.images.shape[1], batches.images.shape[-1] + 2 * batches.border
        numbers = Preprocessing(side, side, (mean,) * channels, (std,) * channels)
        batches.scale_and_shift = scale_and_shift(numbers, side)

    return change


def shuffle_labels(batches: Batches) -> None:
    """Every image gets the label of another one, in each epoch the same."""
    order = torch.randperm(len(batches.labels), generator=torch.Generator().manual_seed(0))
    batches.labels = batches.labels[order]


def few(data: LabelledImages, count: int) -> Part:
    """The first `count` of the images."""
    if isinstance(data, Part):
        return Part(data.data, data.indices[:count])
    return Part(data, torch.arange(min(count, len(data))))


def deep_and_thin(channels: int = 3, seed: int = 0) -> nn.Module:
    """VGG16-BN for 32 × 32 pixels, its layers an eighth as wide: as deep, and quick to train.

    channels: of the images.
    Initialised as PyTorch does it unless told otherwise, which VGG32 does: it hides the effect.
    """
    blocks: Any = CONFIGURATIONS["vgg16"]
    widths = tuple(tuple(width // 8 for width in block) for block in blocks)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = VGG32(widths)
        network.features[0] = nn.utils.skip_init(
            nn.Conv2d, channels, widths[0][0], kernel_size=3, padding=1
        )
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.reset_parameters()
    return network


def deep(plan: Plan) -> Plan:
    """A deep network, in which BatchNorm is seen to matter; few images, so that it is quick."""
    return replace(
        plan,
        title="VGG16-BN, an eighth as wide",
        network=deep_and_thin(input_channels(plan.network)),
        train=few(plan.train, 10_000),
        validation=few(plan.validation, FEW),
        settings=replace(plan.settings, epochs=3),
    )


def few_images(plan: Plan) -> Plan:
    """Few images, seen often: those can be learned by heart."""
    return replace(
        plan,
        title=f"{plan.title} on {FEW:,} images",
        train=few(plan.train, FEW),
        validation=few(plan.validation, FEW),
        settings=replace(plan.settings, epochs=60),
    )


def few_as_they_are(plan: Plan) -> Plan:
    """Few images, never augmented."""
    return not_augmented(few_images(plan))


def unnormalised(plan: Plan) -> Plan:
    """Pixels 0..255, as they are stored, to train with and to validate."""
    pixels = normalised_with(0, 1 / 255)  # 0..255, as they are stored
    train, validation = Altered(plan.train, pixels), Altered(plan.validation, pixels)
    return replace(plan, train=train, validation=validation)


def normalised_wrongly(plan: Plan) -> Plan:
    """Only the validation images get mean 0 and std 1."""
    return replace(plan, validation=Altered(plan.validation, WRONG))


WRONG = normalised_with(0, 1)


def hundredfold(plan: Plan) -> Plan:
    """A learning rate that is a hundred times as high."""
    rate = 100 * plan.settings.learning_rate
    return replace(plan, settings=replace(plan.settings, learning_rate=rate))


def sigmoid(plan: Plan) -> Plan:
    """Sigmoid in place of ReLU."""
    swap(plan.network, nn.ReLU, nn.Sigmoid)
    return plan


def without_batch_norm(plan: Plan) -> Plan:
    """No BatchNorm."""
    swap(plan.network, nn.BatchNorm2d, nn.Identity)
    return plan


def zero(plan: Plan) -> Plan:
    """All weights zero at first."""
    with torch.no_grad():
        for parameter in plan.network.parameters():
            parameter.zero_()
    return plan


def labels_shuffled(plan: Plan) -> Plan:
    """Training images with the labels of others."""
    return replace(plan, train=Altered(plan.train, shuffle_labels))


def not_augmented(plan: Plan) -> Plan:
    """The same pixels in each epoch."""
    return replace(plan, settings=replace(plan.settings, augment=False))
