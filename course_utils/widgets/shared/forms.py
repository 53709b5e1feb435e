"""The networks that a widget offers, each form of each network under a name of its own.

"alexnet" is what `load_network("alexnet")` gives on this machine: the form whose weights are
here. Its other form, which may have none, is "alexnet-imagenet" or "alexnet-cifar10".
"""

from torch import nn

from ...networks import REGISTRY, NetworkInfo, find_network, load_network, trained_here


def forms() -> dict[str, str]:
    """All names that one can choose from, with what each is called; the usual form comes first."""
    named = {}
    for name, network in REGISTRY.items():
        for dataset in sorted(network.variants, key=lambda dataset: dataset != usual(name)):
            named[name_of(name, dataset)] = network.title_of(dataset)
    return named


def usual(name: str) -> str:
    """The data set of the form that `load_network(name)` gives."""
    network = find_network(name)
    return trained_here(network) or next(iter(network.variants))


def name_of(name: str, dataset: str) -> str:
    """What one chooses to get a network's form for `dataset`."""
    return name if dataset == usual(name) else f"{name}-{dataset}"


def known_as(known: NetworkInfo) -> str:
    """The same for a network that somebody has loaded; its own name if the course has no such."""
    entry = REGISTRY.get(known.name)
    return (
        name_of(known.name, known.dataset)
        if entry and known.dataset in entry.variants
        else known.name
    )


def settled(name: str) -> str:
    """`name`, or the plain name if it names the usual form: "lenet" for "lenet-cifar10"."""
    plain, dataset = _parts(name)
    return name_of(plain, dataset) if dataset else name


def load(name: str) -> nn.Module:
    """The network of a name. Raises `CourseError` if there is no such network."""
    plain, dataset = _parts(name)
    return load_network(plain, dataset=dataset)


def _parts(name: str) -> tuple[str, str | None]:
    """("alexnet", "imagenet") for "alexnet-imagenet", ("alexnet", None) for "alexnet"."""
    plain, _, dataset = name.rpartition("-")
    if plain in REGISTRY and dataset in REGISTRY[plain].variants:
        return plain, dataset
    return name, None
