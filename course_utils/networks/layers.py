"""Run a network once and keep what each layer said; count what each layer is and costs."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import nn

from ..errors import CourseError
from ..images import open_image, to_input
from .originals import ScaledTanh, SparseConv2d, Subsampling
from .receptive_field import Reach
from .registry import info

# What a layer is called, by the class of its module; the first match counts.
KINDS: tuple[tuple[str, tuple[type[nn.Module], ...]], ...] = (
    ("conv", (nn.Conv2d, SparseConv2d)),
    ("norm", (nn.BatchNorm2d, nn.LocalResponseNorm, nn.GroupNorm)),
    ("avgpool", (nn.AdaptiveAvgPool2d,)),
    ("pool", (nn.MaxPool2d, nn.AvgPool2d, Subsampling)),
    ("fc", (nn.Linear,)),
    ("relu", (nn.ReLU, nn.ReLU6)),
    ("tanh", (nn.Tanh, ScaledTanh)),
    ("sigmoid", (nn.Sigmoid,)),
    ("dropout", (nn.Dropout,)),
    ("flatten", (nn.Flatten,)),
)


@dataclass(frozen=True)
class Layer:
    """One layer of a network, as a forward pass meets it.

    name: kind and running number ("conv1", "pool3", "fc2").
    path: where PyTorch keeps the module ("features.0").
    input_shape, output_shape: without the batch dimension, `(C, H, W)` or `(features,)`.
    parameters: trainable numbers of this layer.
    multiply_adds: multiplications with an addition, for one image.
    reach: which pixels of the image can reach its units, for layers that follow one another;
        None where that is not known.
    """

    name: str
    path: str
    kind: str
    module: nn.Module
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    reach: Reach | None = field(repr=False)

    @property
    def receptive_field(self) -> int | None:
        """Side of the square of the image that can reach one unit, in pixels.

        None where units see the whole image, as after a fully connected layer, or where `reach`
        is not known.
        """
        return self.reach.rows.size if self.reach else None


def _kind(module: nn.Module) -> str:
    for kind, classes in KINDS:
        if isinstance(module, classes):
            return kind
    return type(module).__name__.lower()


def _layer_modules(module: nn.Module, path: str = "") -> Iterator[tuple[nn.Module, str]]:
    """The modules that count as one layer: of a known kind, or without modules inside."""
    children = list(module.named_children())
    if not children or isinstance(module, tuple(c for _, classes in KINDS for c in classes)):
        yield module, path
        return
    for name, child in children:
        yield from _layer_modules(child, f"{path}.{name}" if path else name)


@contextmanager
def predicting(network: nn.Module) -> Iterator[None]:
    """In eval mode and without gradients; every module is left in the mode it was found in."""
    was_training = {module: module.training for module in network.modules()}
    network.eval()  # Dropout and BatchNorm work differently in training
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in was_training.items():
            module.training = training


@contextmanager
def listening(network: nn.Module, hear: Callable) -> Iterator[None]:
    """Call `hear(name, path, module, inputs, output)` for each layer of each forward pass."""
    counts: Counter[str] = Counter()

    def hook(module: nn.Module, inputs: tuple, output: object) -> None:
        if not isinstance(output, torch.Tensor):
            return
        kind = _kind(module)
        counts[kind] += 1
        hear(f"{kind}{counts[kind]}", paths[module], module, inputs, output)

    paths = dict(_layer_modules(network))
    handles = [module.register_forward_hook(hook) for module in paths]
    try:
        with predicting(network):
            yield
    finally:
        for handle in handles:
            handle.remove()


def input_batch(network: nn.Module, image: object) -> torch.Tensor:
    """What the network gets for `image`: `(1, 3, H, W)`, by the network's own preprocessing.

    image: anything `open_image` takes. A tensor `(N, C, H, W)` is passed on as it is.
    """
    if isinstance(image, torch.Tensor) and image.ndim == 4:
        return image
    return to_input(open_image(image), info(network).preprocessing)


def run(network: Callable, x: torch.Tensor) -> torch.Tensor:
    """`network(x)`; what does not fit becomes a `CourseError` that says the shapes."""
    try:
        return network(x)
    except (RuntimeError, ValueError) as error:
        raise CourseError(
            f"The network cannot take a batch of shape {tuple(x.shape)} and type "
            f"{str(x.dtype).removeprefix('torch.')}: {str(error).splitlines()[0]} "
            "Give an image, or a float32 tensor (N, channels, height, width) of the size "
            "that the network was made for."
        ) from None


def activations(network: nn.Module, image: object) -> dict[str, torch.Tensor]:
    """What each layer of `network` makes of `image`, in the order of the forward pass.

    image: anything `open_image` takes, or a tensor `(N, C, H, W)` that is ready for the
        network.
    Returns {"conv1": (N, C, H, W), "relu1": …, "fc1": (N, features), …}, float32, each a copy:
    an in-place ReLU after a convolution does not change what is kept of the convolution.
    Raises `CourseError` for an image that is none or does not fit the network.
    """
    kept: dict[str, torch.Tensor] = {}
    x = input_batch(network, image)
    with listening(network, lambda name, p, m, i, output: kept.update({name: output.clone()})):
        run(network, x)
    return kept


def layers(network: nn.Module, input_shape: tuple[int, ...] | None = None) -> list[Layer]:
    """Every layer of `network` in the order of the forward pass, with its shapes and costs.

    input_shape: `(C, H, W)` of one image; by default what the network was made for.
    Nothing is computed (PyTorch's "meta" device carries shapes only), so this is quick for a
    network of any size.
    """
    if input_shape is None:
        side = info(network).preprocessing.crop
        input_shape = (input_channels(network), side, side)
    found: list[Layer] = []
    reach = Reach.of_image(input_shape) if len(input_shape) == 3 else None

    def hear(name: str, path: str, module: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        nonlocal reach
        shapes = tuple(inputs[0].shape[1:]), tuple(output.shape[1:])
        reach = reach.after(module, *shapes) if reach else None
        found.append(
            Layer(
                name=name,
                path=path,
                kind=_kind(module),
                module=module,
                input_shape=shapes[0],
                output_shape=shapes[1],
                parameters=sum(p.numel() for p in module.parameters()),
                multiply_adds=_multiply_adds(module, output),
                reach=reach,
            )
        )

    weights = {name: tensor.to("meta") for name, tensor in network.state_dict().items()}
    with listening(network, hear):
        x = torch.empty((1, *input_shape), device="meta")
        run(lambda x: torch.func.functional_call(network, weights, (x,)), x)
    return found


def device_of(network: nn.Module) -> torch.device:
    """Where the weights of `network` are; the processor if it has none."""
    return next((tensor.device for tensor in network.parameters()), torch.device("cpu"))


def input_channels(network: nn.Module) -> int:
    """Channels of the image: what the first convolution takes, 3 if there is none."""
    convolutions = (m.in_channels for m in network.modules() if isinstance(m, nn.Conv2d))
    return next(convolutions, 3)


def _multiply_adds(module: nn.Module, output: torch.Tensor) -> int:
    """Multiplications with an addition that one image costs in this layer."""
    if isinstance(module, nn.Conv2d | SparseConv2d):
        return module.weight.numel() * output[0, 0].numel()  # every weight once at each place
    return module.in_features * output[0].numel() if isinstance(module, nn.Linear) else 0
