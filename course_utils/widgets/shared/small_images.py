"""Whose small images a widget means, MNIST's or CIFAR-10's: its images say, or its networks."""

from collections.abc import Sequence
from typing import Any

from torch import nn

from ...datasets import LOADERS
from ...images import CIFAR10, Preprocessing
from ...networks import find_network, info, input_channels, load_network
from .network_names import parts


def whole(data: Any) -> Any:
    """The data set that `data` is a part of, or itself."""
    while hasattr(getattr(data, "data", None), "batches"):
        data = data.data
    return data


def preprocessing_of(data: Any) -> Preprocessing:
    """How the images of `data` are normalised; like CIFAR-10's if they do not say."""
    found: Preprocessing = getattr(whole(data), "preprocessing", CIFAR10)
    return found


def dataset_for(networks: Sequence[Any], data: Any = None) -> str:
    """ "digits" or "cifar10": which form of networks of the course is meant, and which images.

    That of the images `data`; without any the first one that all networks have a form for.
    networks: names, modules, or what `train()` returned.
    """
    if data is not None:
        return "digits" if preprocessing_of(data).channels == 1 else "cifar10"
    common = [name for name in LOADERS if all(name in _forms(network) for network in networks)]
    return common[0] if networks and common else "cifar10"


def _forms(network: Any) -> Sequence[str | None]:
    if isinstance(network, str):
        name, dataset = parts(network)
        return [dataset] if dataset else [*find_network(name).variants]
    if not isinstance(network, nn.Module):
        network = getattr(network, "network", None)
    if network is None:
        return [*LOADERS]  # what it is instead is said elsewhere
    return [info(network).dataset or ("digits" if input_channels(network) == 1 else "cifar10")]


def load_small(name: str, weights: str | None, dataset: str) -> nn.Module:
    """A network by its name in its form for `dataset`, unless the name says for which.

    weights: None for random ones, else those trained on `dataset`.
    """
    name, said = parts(name)
    dataset = said or dataset
    return load_network(name, weights=weights and dataset, dataset=dataset)
