"""The networks that `browse()` can ask for predictions."""

from collections.abc import Callable

from torch import nn

from ...datasets import ImageDataset
from ...errors import CourseError
from ...networks import REGISTRY, candidates, class_names, find_network, info
from ..shared.network_names import parts
from ..shared.small_images import dataset_for, load_small

YOURS, RESULT = "yours", "result"  # names of a network, and of a result, that somebody gave

Given = dict[str, Callable[[], tuple[str, nn.Module]]]  # by name: its title, and itself as it is


def given_network(network: str | nn.Module | None, dataset: str) -> Given:
    """What was given to `browse()`; a name means the form that is trained on `dataset`.

    Raises `CourseError` if it is neither a network nor a name.
    """
    if network is None:
        return {}
    if isinstance(network, str):
        name, _ = parts(network)
        find_network(name)  # says which there are
        loaded = load_small(network, "trained", dataset)
        return {name: lambda: (info(loaded).title, loaded)}
    if isinstance(network, nn.Module):
        return {YOURS: lambda: (info(network).title, network)}
    raise CourseError(f"A network is a name or an nn.Module, not {type(network).__name__}.")


def offered(own: Given, has_result: bool, data: ImageDataset) -> list[dict[str, str]]:
    """Names and titles to choose from: nothing, what was given, networks trained for `data`."""
    suffix = {YOURS: " (yours)"}
    titles = {"": "none"}
    titles |= {name: get()[0] + suffix.get(name, "") for name, get in own.items()}
    if has_result:
        titles[RESULT] = "the result that was given"
    dataset = dataset_for([], data)
    fits = class_names(dataset) == tuple(data.classes)  # the stand-in has others than CIFAR-10
    for name, network in REGISTRY.items():
        variant = network.variants.get(dataset)
        if fits and variant and candidates(variant) and name not in own:
            titles[name] = network.title_of(dataset)
    return [{"name": name, "title": title} for name, title in titles.items()]


def load(name: str, own: Given, dataset: str) -> tuple[str, nn.Module]:
    """The title of a network, and the network trained on `dataset`, by its name."""
    if name in own:
        return own[name]()
    network = load_small(name, "trained", dataset)
    return info(network).title, network
