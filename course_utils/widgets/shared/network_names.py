"""The names of the networks that a widget offers.

A network of the course may have several variants, one for each data set. "alexnet" is the usual
one, which `load_network("alexnet")` gives on this machine: the variant whose weights are here. The
other one, which may have no weights, is "alexnet-imagenet" or "alexnet-cifar10".
"""

from torch import nn

from ...networks import REGISTRY, NetworkInfo, find_network, info, load_network, trained_here


def network_titles() -> dict[str, str]:
    """The title of each variant of each network by its name; the usual variant comes first."""
    titles = {}
    for name, network in REGISTRY.items():
        for dataset in sorted(network.variants, key=lambda dataset: dataset != _usual(name)):
            titles[_name_of(name, dataset)] = network.title_of(dataset)
    return titles


def name_of_loaded(known: NetworkInfo) -> str:
    """The name of a network that somebody has loaded; its own if the course has no such variant."""
    network = REGISTRY.get(known.name)
    if network and known.dataset in network.variants:
        return _name_of(known.name, known.dataset)
    return known.name


def short_name(name: str) -> str:
    """`name`, or the short name of the usual variant: "lenet" for "lenet-cifar10"."""
    network, dataset = parts(name)
    return _name_of(network, dataset) if dataset else name


def load_named(name: str) -> nn.Module:
    """The network of a name. Raises `CourseError` if there is no such network."""
    network, dataset = parts(name)
    return load_network(network, dataset=dataset)


def dataset_of(network: str | nn.Module) -> str | None:
    """The data set of a network's classes: "digits", …; None for a name that there is not."""
    if isinstance(network, nn.Module):
        return info(network).dataset
    name, dataset = parts(network) if isinstance(network, str) else ("", None)
    return dataset or (_usual(name) if name in REGISTRY else None)


def first_image(network: str | nn.Module, otherwise: str) -> str:
    """The sample that a widget begins with: a digit for a network that reads digits."""
    return "seven" if dataset_of(network) == "digits" else otherwise


def _usual(name: str) -> str:
    """The data set of the variant that `load_network(name)` gives."""
    network = find_network(name)
    return trained_here(network) or next(iter(network.variants))


def _name_of(name: str, dataset: str) -> str:
    return name if dataset == _usual(name) else f"{name}-{dataset}"


def parts(name: str) -> tuple[str, str | None]:
    """("alexnet", "imagenet") for "alexnet-imagenet", ("alexnet", None) for "alexnet"."""
    network, _, dataset = name.rpartition("-")
    if network in REGISTRY and dataset in REGISTRY[network].variants:
        return network, dataset
    return name, None
