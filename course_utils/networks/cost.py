"""What a network costs and how accurate it is: counted for any network, timed on this machine.

Counting needs no weights: the networks are built on PyTorch's "meta" device, which has shapes and
no memory. Timing needs some, whatever their values; one network at a time is in memory.
"""

import gc
import json
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from ..errors import CourseError
from .layers import (
    default_shape,
    device_of,
    in_mode,
    layers,
    on_meta,
    predicting,
    run,
    run_on_meta,
)
from .registry import DATASETS, REGISTRY, Variant, info
from .weights import SHIPPED, as_network, blueprint

# Every form of the course's networks, name and data set: those for ImageNet first.
FORMS: tuple[tuple[str, str], ...] = tuple(
    (name, dataset)
    for dataset in DATASETS
    for name, network in REGISTRY.items()
    if dataset in network.variants
)


@dataclass(frozen=True)
class Cost:
    """What a network costs for one image in float32, and how accurate it is.

    year: of the paper that it comes from; None: not known, or a form of the course's own.
    accuracy: top-1 on the test images of its data set, in percent; None: not known.
        source: who reports it.
    parameters: number of trainable parameters. multiply_adds: multiplications with an addition.
    weights: bytes of parameters and buffers. kept: bytes that training keeps of an image for the
        way back, see `kept_memory`. peak: most bytes, besides the weights, that predicting one
        image needs at the same time.
    """

    title: str
    dataset: str | None
    year: int | None
    accuracy: float | None
    source: str
    parameters: int
    multiply_adds: int
    weights: int
    kept: int
    peak: int


def costs(forms: Iterable[tuple[str, str]] = FORMS) -> list[Cost]:
    """The cost of each form, (name, data set), of the course's networks. No weights are needed."""
    return [cost_of(blueprint(name, dataset)) for name, dataset in forms]


def cost_of(network: nn.Module | str, input_shape: tuple[int, ...] | None = None) -> Cost:
    """The cost of any network, also your own.

    input_shape: `(C, H, W)` of one image; by default what the network was made for.
    Its accuracy is known only for the course's own forms with published or shipped weights.
    """
    network = as_network(network)
    known = info(network)
    found = layers(network, input_shape)
    variant = _variant(known.name, known.dataset)
    accuracy, source = reported_accuracy(known.name, known.dataset)
    return Cost(
        title=known.title,
        dataset=known.dataset,
        year=variant.year if variant else None,
        accuracy=accuracy,
        source=source,
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        multiply_adds=sum(layer.multiply_adds for layer in found),
        weights=sum(tensor.nbytes for tensor in network.state_dict().values()),
        kept=kept_memory(network, input_shape),
        peak=peak_memory(network, input_shape),
    )


def reported_accuracy(name: str, dataset: str | None) -> tuple[float | None, str]:
    """(top-1 accuracy in percent, who reports it); (None, "") if it is not known.

    For ImageNet torchvision's documentation and the authors of EfficientNet-Lite; for CIFAR-10 and
    digits the cards of the weights in data/weights.
    """
    variant = _variant(name, dataset)
    if variant is None:
        return None, ""
    card = (SHIPPED / variant.file).with_suffix(".json")
    if not variant.shipped or not card.is_file():
        return variant.accuracy, variant.source
    known = json.loads(card.read_text("utf-8"))
    return 100 * known["test_accuracy"], f"data/weights/{card.name}"


def _variant(name: str, dataset: str | None) -> Variant | None:
    network = REGISTRY.get(name)
    return network.variants.get(dataset or "") if network else None


class _MemoryMeter(TorchDispatchMode):
    """Counts the bytes of all tensors that are made inside and still in use, except `weights`."""

    def __init__(self, weights: Iterable[torch.Tensor]) -> None:
        TorchDispatchMode.__init__(self)
        self.now = self.peak = 0
        self.users = Counter(tensor.untyped_storage()._cdata for tensor in weights)

    def __torch_dispatch__(
        self, function: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        result = function(*args, **kwargs or {})
        for tensor in result if isinstance(result, tuple | list) else (result,):
            if isinstance(tensor, torch.Tensor):
                self._count(tensor)
        self.peak = max(self.peak, self.now)
        return result

    def _count(self, tensor: torch.Tensor) -> None:
        memory = tensor.untyped_storage()  # which several tensors may share
        key, size = memory._cdata, memory.nbytes()
        self.now += size * (self.users[key] == 0)
        self.users[key] += 1
        weakref.finalize(tensor, self._forget, key, size)

    def _forget(self, key: int, size: int) -> None:
        self.users[key] -= 1
        self.now -= size * (self.users[key] == 0)


def peak_memory(network: nn.Module, input_shape: tuple[int, ...] | None = None) -> int:
    """Most bytes, besides the weights, that predicting one image needs at the same time.

    The image, and the inputs and outputs of layers as long as they are needed; not what a library
    needs inside one operation. Nothing is computed.
    """
    shape = default_shape(network) if input_shape is None else input_shape
    weights = on_meta(network)
    meter = _MemoryMeter(weights.values())
    with predicting(network), meter:
        run_on_meta(network, shape, weights)
    return meter.peak


def kept_memory(network: nn.Module | str, input_shape: tuple[int, ...] | None = None) -> int:
    """Bytes that training keeps of each image until its gradients are computed.

    What autograd saves of a forward pass in training mode, each tensor once, without the weights:
    inputs of convolutions, outputs of ReLU, the places of the largest values of a max pooling.
    Parameters that are frozen need no gradient, so less is kept. Nothing is computed.
    input_shape: `(C, H, W)` of one image; by default what the network was made for.
    """
    network = as_network(network)
    shape = default_shape(network) if input_shape is None else input_shape
    return _saved(network, shape, images=3) - _saved(network, shape, images=2)  # per image


def _saved(network: nn.Module, shape: tuple[int, ...], images: int) -> int:
    """Bytes that autograd saves of a batch; at least 2 images, since BatchNorm wants several."""
    weights = on_meta(network)
    for name, parameter in network.named_parameters():
        weights[name].requires_grad_(parameter.requires_grad)
    known = {tensor.untyped_storage()._cdata for tensor in weights.values()}
    saved: dict[int, torch.Tensor] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        saved[tensor.untyped_storage()._cdata] = tensor
        return tensor

    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
    with in_mode(network, training=True), torch.enable_grad(), hooks:
        run_on_meta(network, shape, weights, images)
    return sum(one.untyped_storage().nbytes() for key, one in saved.items() if key not in known)


def milliseconds(
    network: nn.Module,
    images: int = 1,
    runs: int = 5,
    input_shape: tuple[int, ...] | None = None,
) -> float:
    """Milliseconds for one image, predicted in batches of `images`: the median of `runs`.

    On the device of its weights, with random images. A first run, which may take longer, is not
    counted. input_shape: of one image; by default what the network was made for.
    Raises `CourseError` for a network that is for counting only.
    """
    device = device_of(network)
    if device.type == "meta":
        raise CourseError(
            "A network without weights can be counted but not timed: load it with load_network."
        )
    generator = torch.Generator().manual_seed(0)
    shape = default_shape(network) if input_shape is None else input_shape
    X = torch.rand((images, *shape), generator=generator).to(device)
    with predicting(network):
        run(network, X)
        times = [_seconds(network, X) for _ in range(runs)]
    return 1000 * median(times) / images


def _seconds(network: nn.Module, X: torch.Tensor) -> float:
    start = time.perf_counter()
    network(X)
    if X.device.type != "cpu":
        getattr(torch, X.device.type).synchronize()
    return time.perf_counter() - start


def measure_all(forms: Iterable[tuple[str, str]] = FORMS, runs: int = 5) -> dict[str, float]:
    """`milliseconds` of each form by its title, with made-up weights, one after the other."""
    plans = (blueprint(name, dataset) for name, dataset in forms)
    return {info(plan).title: measure_plan(plan, runs) for plan in plans}


def measure_plan(plan: nn.Module, runs: int, input_shape: tuple[int, ...] | None = None) -> float:
    """`milliseconds` of a network on the "meta" device, which gets weights for that time.

    They are made up: to draw random ones may take longer than to run it.
    """
    plan.to_empty(device="cpu")
    for tensor in plan.state_dict().values():
        tensor.fill_(0.01)  # a whole number becomes 0
    found = milliseconds(plan, runs=runs, input_shape=input_shape)
    plan.to("meta")
    gc.collect()  # VGG19 takes 575 MB: it must be gone before the next one comes
    return found
