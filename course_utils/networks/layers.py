"""The layers of a network: what each is, what it gives for an image, what it costs."""

import dataclasses
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ..errors import CourseError
from ..images import open_image, to_input
from .originals import ScaledTanh, SparseConv2d, Subsampling
from .receptive_field import ReceptiveField, window_of
from .registry import info
from .weights import as_network

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

# What `forward_hooks` calls: hook(name, module, inputs, output); a tensor that it returns takes the
# place of the output.
Inputs = tuple[torch.Tensor, ...]
Hook = Callable[[str, nn.Module, Inputs, torch.Tensor], torch.Tensor | None]


@dataclass(frozen=True)
class Layer:
    """One layer of a network, in the order of the forward pass.

    name: kind and running number ("conv1", "pool3", "fc2").
    path: the name of the module in PyTorch ("features.0").
    input_shape, output_shape: without the batch dimension, `(C, H, W)` or `(features,)`.
    parameters: number of trainable parameters of this layer.
    multiply_adds: multiplications with an addition, for one image.
    field: the receptive field of each unit, for layers that follow one another; None if it is
        not known.
    """

    name: str
    path: str
    kind: str
    module: nn.Module
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    field: ReceptiveField | None = dataclasses.field(repr=False)

    @property
    def receptive_field(self) -> int | None:
        """Side of the receptive field of one unit, in pixels of the image.

        None if each unit sees the whole image, as in a fully connected layer, or if `field` is
        not known.
        """
        return self.field.rows.size if self.field else None


def kind_of(module: nn.Module) -> str:
    """What a module is called as a layer: "conv", "norm", "fc", … or the name of its class."""
    for kind, classes in KINDS:
        if isinstance(module, classes):
            return kind
    return type(module).__name__.lower()


def _layer_modules(module: nn.Module) -> Iterator[nn.Module]:
    """The modules that count as one layer: of a known kind, or without modules inside."""
    children = list(module.children())
    if not children or isinstance(module, tuple(c for _, classes in KINDS for c in classes)):
        yield module
    else:
        for child in children:
            yield from _layer_modules(child)


@contextmanager
def predicting(network: nn.Module) -> Iterator[None]:
    """In eval mode and without gradients; afterwards every module is in the mode it was in."""
    with in_mode(network, training=False), torch.no_grad():
        yield


@contextmanager
def in_mode(network: nn.Module, training: bool) -> Iterator[None]:
    """In training or in eval mode; afterwards every module is in the mode it was in."""
    was_training = {module: module.training for module in network.modules()}
    if {*was_training.values()} != {training}:  # to set them all takes as long as LeNet's sums
        network.train(training)  # Dropout and BatchNorm work differently in training
    try:
        yield
    finally:
        for module, before in was_training.items():
            if module.training != before:
                module.training = before


@contextmanager
def forward_hooks(network: nn.Module, hook: Hook) -> Iterator[None]:
    """Call `hook(name, module, inputs, output)` for each layer of each pass in this thread."""
    counts: Counter[str] = Counter()
    here = threading.get_ident()  # a widget's thread may use the same network at this moment

    def named(
        module: nn.Module, inputs: tuple[torch.Tensor, ...], output: object
    ) -> torch.Tensor | None:
        if threading.get_ident() != here or not isinstance(output, torch.Tensor):
            return None
        counts[kind := kind_of(module)] += 1
        return hook(f"{kind}{counts[kind]}", module, inputs, output)

    modules = dict.fromkeys(_layer_modules(network))  # each once, even if it is used twice
    handles = [module.register_forward_hook(named) for module in modules]
    try:
        with predicting(network):
            yield
    finally:
        for handle in handles:
            handle.remove()


def input_batch(network: nn.Module, image: Any) -> torch.Tensor:
    """What the network gets for `image`: `(1, C, H, W)`, by the network's own preprocessing.

    image: anything `open_image` takes. A tensor `(N, C, H, W)` is passed on as it is.
    """
    if isinstance(image, torch.Tensor) and image.ndim == 4:
        return image
    return to_input(open_image(image), info(network).preprocessing)


def run(network: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """`network(x)`, where `x` is; it is computed where the network is.

    Raises a `CourseError` that says the shape if `x` does not fit.
    """
    place = device_of(network) if isinstance(network, nn.Module) else x.device
    try:
        output = network(x.to(place))
        return output.to(x.device) if isinstance(output, torch.Tensor) else output
    except (RuntimeError, ValueError) as error:
        raise CourseError(
            f"The network cannot take a batch of shape {tuple(x.shape)} and type "
            f"{str(x.dtype).removeprefix('torch.')}: {str(error).splitlines()[0]} "
            "Give an image, or a float32 tensor (N, channels, height, width) of the right size."
        ) from None


def activations(network: nn.Module | str, image: Any) -> dict[str, torch.Tensor]:
    """The output of each layer of `network` for `image`, in the order of the forward pass.

    network: a network, or its name.
    image: anything `open_image` takes, or a tensor `(N, C, H, W)` ready for the network.
    Returns {"conv1": (N, C, H, W), "relu1": …, "fc1": (N, features), …}, float32, each a copy:
    an in-place ReLU does not change what is kept of the convolution before it.
    Raises `CourseError` for something that is no image or does not fit the network.
    """
    network = as_network(network)
    return one_pass(network, input_batch(network, image), described=False)[1]


def one_pass(
    network: nn.Module, x: torch.Tensor, described: bool = True, only: str | None = None
) -> tuple[list[Layer], dict[str, torch.Tensor], Any]:
    """What `layers` (if `described`) and `activations` give, and the output, of one pass of x.

    only: the layer to keep; None: all, for which EfficientNet needs as long as for the pass.
    `layers` itself needs parts of PyTorch for shapes: 35 MB, half a second.
    """
    describe, kept = _Describe(network, tuple(x.shape[1:])), dict[str, torch.Tensor]()

    def keep(name: str, module: nn.Module, inputs: Inputs, output: torch.Tensor) -> None:
        if only in (name, None):
            kept[name] = output.to("cpu", copy=True)
        if described:
            describe(name, module, inputs, output)

    with forward_hooks(network, keep):
        output = run(network, x)
    return describe.found, kept, output


def layers(network: nn.Module | str, input_shape: tuple[int, ...] | None = None) -> list[Layer]:
    """Every layer of `network` in the order of the forward pass, with its shapes and costs.

    network: a network, or its name.
    input_shape: `(C, H, W)` of one image; by default what the network was made for.
    Nothing is computed: PyTorch's "meta" device carries shapes only.
    """
    network = as_network(network)
    shape = default_shape(network) if input_shape is None else input_shape
    describe = _Describe(network, shape)
    with forward_hooks(network, describe):
        run_on_meta(network, shape, on_meta(network))
    return describe.found


class _Describe:
    """A hook that finds what there is to say of each layer of a pass of images `(C, H, W)`."""

    def __init__(self, network: nn.Module, shape: tuple[int, ...]) -> None:
        self.paths = {module: path for path, module in network.named_modules()}
        self.found: list[Layer] = []
        self.field = ReceptiveField.of_image(shape) if len(shape) == 3 else None

    def __call__(self, name: str, module: nn.Module, inputs: Inputs, output: torch.Tensor) -> None:
        before, after = tuple(inputs[0].shape[1:]), tuple(output.shape[1:])
        self.field = self.field.after(module, before, after) if self.field else None
        parameters = sum(parameter.numel() for parameter in module.parameters())
        layer = (name, self.paths[module], kind_of(module), module, before, after, parameters)
        self.found.append(Layer(*layer, _multiply_adds(module, output), self.field))


def on_meta(network: nn.Module) -> dict[str, torch.Tensor]:
    """All parameters and buffers by name, on the "meta" device; no file need hold a buffer."""
    named = (*network.named_parameters(), *network.named_buffers())
    return {name: tensor.detach().to("meta") for name, tensor in named}


def run_on_meta(
    network: nn.Module,
    input_shape: tuple[int, ...],
    weights: dict[str, torch.Tensor],
    images: int = 1,
) -> None:
    """A forward pass of `images` images `(C, H, W)` that computes shapes only.

    weights: of the network, on the "meta" device.
    """
    x = torch.empty((images, *input_shape), device="meta")
    run(lambda x: torch.func.functional_call(network, weights, (x,)), x)


def default_shape(network: nn.Module) -> tuple[int, int, int]:
    """`(C, H, W)` of the images that the network was made for."""
    side = info(network).preprocessing.crop
    return input_channels(network), side, side


def device_of(network: nn.Module) -> torch.device:
    """Where the weights of `network` are; the CPU if it has none."""
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


def table_row(layer: Layer) -> dict[str, str | int | None]:
    """A row for `figures.text_table`.

    It says kernel, stride, padding and dilation (None: the layer has no window), the output, the
    jump (pixels between the receptive fields of neighbouring units) and the receptive field (side
    in pixels, or in words).
    """
    window = window_of(layer.module)
    sizes = ("kernel", "stride", "padding", "dilation")
    return {
        "layer": layer.name,
        **{name: _sides(getattr(window, name)) if window else None for name in sizes},
        "output": "×".join(map(str, layer.output_shape)),
        "jump": layer.field.rows.jump if layer.field else None,
        "receptive field": str(layer.field) if layer.field else "not known",
    }


def _sides(pair: tuple[int, int]) -> int | str:
    """3 for a square, "1×7" for others."""
    return pair[0] if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"
