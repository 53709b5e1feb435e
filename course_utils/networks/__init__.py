"""The networks of the course: built, loaded with weights, looked into, counted, measured.

In: a name, or a network of your own, and an image. Out: a network, its layers and their
activations, receptive fields, costs, classes. Every lesson.
"""

from .alexnet import AlexNet
from .classification import classify, label, top_classes
from .cost import cost_of, costs, kept_memory, measure_all, milliseconds
from .effective_field import EffectiveField, effective_field
from .layers import (
    Layer,
    activations,
    device_of,
    forward_hooks,
    input_batch,
    input_channels,
    kind_of,
    layers,
    one_pass,
    predicting,
    run,
    table_row,
)
from .lenet import LeNet
from .originals import JOINED, AlexNet2012, Distance, LeNet5, ScaledTanh, drawings
from .published import PUBLISHED, measure_published, published
from .registry import (
    REGISTRY,
    Network,
    NetworkInfo,
    Variant,
    class_names,
    find_network,
    info,
    networks,
)
from .vgg import CONFIGURATIONS, LETTERS, VGG, VGG32, convolutions, depth, vgg_features
from .weight_files import read_tensors, save_tensors, verify
from .weights import (
    SHIPPED,
    as_network,
    blueprint,
    candidates,
    fetch,
    hint,
    load_network,
    preferred,
    remedy,
    size_of,
    trained_here,
)

__all__ = [
    "CONFIGURATIONS",
    "JOINED",
    "LETTERS",
    "PUBLISHED",
    "REGISTRY",
    "SHIPPED",
    "VGG",
    "VGG32",
    "AlexNet",
    "AlexNet2012",
    "Distance",
    "EffectiveField",
    "Layer",
    "LeNet",
    "LeNet5",
    "Network",
    "NetworkInfo",
    "ScaledTanh",
    "Variant",
    "activations",
    "as_network",
    "blueprint",
    "candidates",
    "class_names",
    "classify",
    "convolutions",
    "cost_of",
    "costs",
    "depth",
    "device_of",
    "drawings",
    "effective_field",
    "fetch",
    "find_network",
    "forward_hooks",
    "hint",
    "info",
    "input_batch",
    "input_channels",
    "kept_memory",
    "kind_of",
    "label",
    "layers",
    "load_network",
    "measure_all",
    "measure_published",
    "milliseconds",
    "networks",
    "one_pass",
    "predicting",
    "preferred",
    "published",
    "read_tensors",
    "remedy",
    "run",
    "save_tensors",
    "size_of",
    "table_row",
    "top_classes",
    "trained_here",
    "verify",
    "vgg_features",
]
