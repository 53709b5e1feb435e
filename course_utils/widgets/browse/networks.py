"""The networks that `browse()` can ask for predictions."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from torch import nn

from ...errors import CourseError
from ...networks import REGISTRY, candidates, class_names, find_network, info, load_network

YOURS, RESULT = "yours", "result"  # names of a network, and of a result, that somebody gave


@runtime_checkable
class Learner(Protocol):
    """Something with a network that may be learning, such as what `train()` returns."""

    @property
    def title(self) -> str:
        """What its network is called."""

    @property
    def network(self) -> nn.Module:
        """Its network as it is now."""


Given = dict[str, Callable[[], tuple[str, nn.Module]]]  # by name: its title, and itself as it is


def given_network(network: str | nn.Module | Learner | None) -> Given:
    """What was given to `browse()`. Raises `CourseError` if it is neither a network nor a name."""
    if network is None:
        return {}
    if isinstance(network, str):
        title = find_network(network).title  # says which there are
        loaded = load_network(network, weights="cifar10")
        return {network: lambda: (title, loaded)}
    if isinstance(network, nn.Module):
        return {YOURS: lambda: (info(network).title, network)}
    if isinstance(network, Learner):
        return {YOURS: lambda: (network.title, network.network)}
    raise CourseError(
        f"A network is a name, an nn.Module or what train() returned, not {type(network).__name__}."
    )


def offered(own: Given, has_result: bool, classes: Sequence[str]) -> list[dict[str, str]]:
    """Names and titles to choose from: nothing, what was given, networks with these classes."""
    suffix = {YOURS: " (yours)"}
    titles = {"": "none"}
    titles |= {name: get()[0] + suffix.get(name, "") for name, get in own.items()}
    if has_result:
        titles[RESULT] = "the result that was given"
    for name, network in REGISTRY.items():
        variant = network.variants.get("cifar10")
        trained = variant and candidates(variant) and name not in own
        if trained and tuple(classes) == tuple(class_names("cifar10")):
            titles[name] = network.title_of("cifar10")
    return [{"name": name, "title": title} for name, title in titles.items()]


def load(name: str, own: Given) -> tuple[str, nn.Module]:
    """The title of a network, and the network, by its name."""
    if name in own:
        return own[name]()
    network = load_network(name, weights="cifar10")
    return info(network).title, network
