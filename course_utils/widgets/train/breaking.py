"""One thing wrong in a training, on purpose: what the "break it" switches of `train()` do.

Each comes with a question to commit to before, and an explanation after. The figures in the
explanations were measured with LeNet and the defaults of `train()` on CIFAR-10 (its JPEG copy).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch
from torch import nn

from ...datasets import Batches, scale_and_shift
from ...errors import CourseError
from ...images import Preprocessing
from ...networks import CONFIGURATIONS, VGG32
from ...training import Part

MEASURED = "(Figures: CIFAR-10, LeNet unless another network is named.)"
FEW = 1_000  # images that a LeNet can learn by heart


@dataclass(frozen=True)
class Setting:
    """What is trained and how. network: a new one; settings: those of `fit`."""

    title: str
    network: nn.Module
    train: object
    validation: object
    settings: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Break:
    """One thing that is wrong.

    title: what, in a few words. question, answers: asked before; right: which answer is, from 0.
    explanation: said after.
    change: makes the broken setting of a whole one; it may change the network in place.
    ground: what both the broken and the whole training begin with, where the effect does not show
        in any setting: a network that is deep, images that are few. With `note`, why.
    """

    title: str
    question: str
    answers: tuple[str, ...]
    right: int
    explanation: str
    change: Callable[[Setting], Setting]
    ground: Callable[[Setting], Setting] | None = None
    note: str = ""


class Altered:
    """The images of `data`, in batches that `change` alters."""

    def __init__(self, data: object, change: Callable[[Batches], None]) -> None:
        self.data, self.change = data, change

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"{self.data}, altered"

    def batches(self, batch_size: int, **settings: object) -> Batches:
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


def normalised_with(mean: tuple, std: tuple) -> Callable[[Batches], None]:
    """Batches become (value − mean) / std, for values in 0..1, with these numbers."""

    def change(batches: Batches) -> None:
        side = batches.images.shape[-1]
        batches.scale_and_shift = scale_and_shift(Preprocessing(side, side, mean, std), side)

    return change


def shuffle_labels(batches: Batches) -> None:
    """Every image gets the label of another one, in each pass the same."""
    order = torch.randperm(len(batches.labels), generator=torch.Generator().manual_seed(0))
    batches.labels = batches.labels[order]


def few(data: object, count: int) -> Part:
    """The first `count` of the images."""
    if isinstance(data, Part):
        return Part(data.data, data.indices[:count])
    return Part(data, torch.arange(min(count, len(data))))


def deep_and_thin(seed: int = 0) -> nn.Module:
    """VGG16-BN for 32 × 32 pixels, its layers an eighth as wide: as deep, and quick to train.

    Initialised as PyTorch does it unless told otherwise, which VGG32 does: it hides the effect.
    """
    widths = tuple(tuple(width // 8 for width in block) for block in CONFIGURATIONS["vgg16"])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = VGG32(widths)
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.reset_parameters()
    return network


def _deep(setting: Setting) -> Setting:
    return replace(
        setting,
        title="VGG16-BN, an eighth as wide",
        network=deep_and_thin(),
        train=few(setting.train, 10_000),
        validation=few(setting.validation, FEW),
        settings={**setting.settings, "epochs": 3},
    )


def _few_images(setting: Setting) -> Setting:
    return replace(
        setting,
        title=f"{setting.title} on {FEW:,} images",
        train=few(setting.train, FEW),
        validation=few(setting.validation, FEW),
        settings={**setting.settings, "epochs": 60},
    )


def _few_as_they_are(setting: Setting) -> Setting:
    return _not_augmented(_few_images(setting))


def _unnormalised(setting: Setting) -> Setting:
    pixels = normalised_with((0, 0, 0), (1 / 255,) * 3)  # 0..255, as they are stored
    train, validation = Altered(setting.train, pixels), Altered(setting.validation, pixels)
    return replace(setting, train=train, validation=validation)


def _normalised_wrongly(setting: Setting) -> Setting:
    return replace(setting, validation=Altered(setting.validation, WRONG))


WRONG = normalised_with((0, 0, 0), (1, 1, 1))


def _hundredfold(setting: Setting) -> Setting:
    rate = 100 * setting.settings["learning_rate"]
    return replace(setting, settings={**setting.settings, "learning_rate": rate})


def _sigmoid(setting: Setting) -> Setting:
    swap(setting.network, nn.ReLU, nn.Sigmoid)
    return setting


def _without_batch_norm(setting: Setting) -> Setting:
    swap(setting.network, nn.BatchNorm2d, nn.Identity)
    return setting


def _zero(setting: Setting) -> Setting:
    with torch.no_grad():
        for parameter in setting.network.parameters():
            parameter.zero_()
    return setting


def _labels_shuffled(setting: Setting) -> Setting:
    return replace(setting, train=Altered(setting.train, shuffle_labels))


def _not_augmented(setting: Setting) -> Setting:
    return replace(setting, settings={**setting.settings, "augment": False})


BREAKS: dict[str, Break] = {
    "normalisation": Break(
        "no normalisation",
        "The pixels come as they are stored, 0 to 255, to train with and to validate. It will",
        (
            "learn as well: the first layer can make its weights small",
            "stay at guessing for long",
            "learn, but fail on the validation images",
        ),
        1,
        "Inputs a hundred times as large make the gradients of the first layer that much larger, "
        "and its first steps throw the weights about. LeNet had 10, 10 and 32 % right after its "
        "first three epochs; with normalised images 40, 52 and 57 %.",
        _unnormalised,
    ),
    "wrong mean": Break(
        "wrong mean and std",
        "Training images are normalised as always. The validation images get another mean and "
        "std, 0 and 1, as if that had been forgotten. The validation accuracy will be",
        ("the same: they are the same images", "a little lower", "not half as high"),
        2,
        "The training curve looks as always: LeNet reaches 51 %. But only 22 % of the validation "
        "images are right, not 57. It has learned from numbers around 0 and is asked about "
        "others. What trains, validates and predicts must prepare images in one way.",
        _normalised_wrongly,
    ),
    "learning rate": Break(
        "learning rate × 100",
        "Each step is a hundred times as long. The network will",
        ("learn faster", "learn as fast, but jump about", "learn nothing"),
        2,
        "The gradient is true nearby only. One step that is too long lands where the ReLUs of a "
        "layer give 0 for every image. No gradient comes back through them, so that nothing can "
        "change any more: LeNet stays at 10 %. Or the loss grows until it is no number.",
        _hundredfold,
    ),
    "sigmoid": Break(
        "sigmoid in place of ReLU",
        "Every ReLU becomes a sigmoid, which networks had in the 1980s. In these epochs it will",
        ("learn as well", "learn, but more slowly", "stay at guessing"),
        2,
        "The slope of a sigmoid is 1/4 at most, and near 0 away from its middle. Behind four of "
        "them, the gradient that reaches the first layer is 1/256 at most. After 3 epochs LeNet "
        "has 10 % right, with ReLU 57 %. In 1998 it had tanh, whose slope is up to 1.",
        _sigmoid,
    ),
    "batch norm": Break(
        "no BatchNorm in a deep VGG",
        "VGG16 with BatchNorm against VGG16 without. Without it, the network will",
        ("learn faster: there is less to compute", "learn a little more slowly", "learn nothing"),
        2,
        "Each layer makes the signal a little smaller, and after 13 convolutions all images look "
        "the same. BatchNorm brings every layer's output back to mean 0 and standard deviation 1: "
        "45 % after 3 epochs, without it 10 %. A better initialisation (He et al., 2015) helps "
        "too: with it 43 %, and 25 % without BatchNorm.",
        _without_batch_norm,
        _deep,
        "Depth is what this is about: both are VGG16, an eighth as wide, on 10,000 images.",
    ),
    "zero": Break(
        "all weights zero at first",
        "A network must begin somewhere. With all weights at 0 it will",
        (
            "learn as well: training finds the right weights",
            "learn more slowly at first",
            "never learn more than how common each class is",
        ),
        2,
        "All units give 0, and 0 is the gradient that comes back to them, since it is multiplied "
        "by the weights above. Only the last biases move: the loss stays at 2.30 = ln 10. Random "
        "weights make the units differ, so that each can learn something else.",
        _zero,
    ),
    "labels": Break(
        "shuffled labels",
        f"{FEW:,} training images get the label of another image, at random: there is nothing "
        "to be understood. At the end, the training accuracy is",
        ("10 %, guessing", "about 50 %", "close to 100 %"),
        2,
        "LeNet has 62,006 weights, and learns a thousand labels by heart whether they mean "
        "anything or not: 100 % both times. Only the validation tells: 9 % right, with the true "
        "labels 35 %, and a loss of 11, where guessing has 2.3, for it is sure and wrong. A high "
        "training accuracy alone proves nothing (Zhang et al., 2017).",
        _labels_shuffled,
        _few_as_they_are,
        f"Learning by heart takes few images, seen often: {FEW:,}, unaltered, in 60 epochs.",
    ),
    "augmentation": Break(
        "no augmentation",
        f"{FEW:,} training images, in each epoch the same pixels, instead of new crops and "
        "mirror images each time. Without augmentation the validation accuracy is",
        ("higher: it trains on what it is asked about", "the same", "lower"),
        2,
        "Without it, LeNet has 100 % of its training images right and 35 % of the validation "
        "images; with it, 57 and 42 %. What one sees sixty times one can learn by heart; new "
        "crops and mirror images leave only what they have in common. On the stand-in it is the "
        "other way, 68 against 52 %: its validation images are cut from the same photographs, "
        "so that what was learned by heart is asked for again.",
        _not_augmented,
        _few_images,
        f"With all images it takes long to show. So: {FEW:,} images, 60 epochs.",
    ),
}
