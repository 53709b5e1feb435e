"""Networks of today that the course does not build, as torchvision describes them: offline.

Their accuracy, parameters and work are torchvision's, from the description of each set of weights;
memory is counted and time measured as for the networks of the course.
"""

from typing import NamedTuple

import torch
from torch import nn

from .cost import Cost, kept_memory, measure_plan, peak_memory

IMAGE = (3, 224, 224)  # what they are tested with


class Published(NamedTuple):
    """title: what a table calls it. weights: torchvision's. year: of the paper on the network."""

    title: str
    weights: str
    year: int


PUBLISHED = (
    Published("ResNet-18", "ResNet18_Weights.IMAGENET1K_V1", 2015),
    Published("ResNet-50", "ResNet50_Weights.IMAGENET1K_V1", 2015),
    Published("ResNet-50 (new recipe)", "ResNet50_Weights.IMAGENET1K_V2", 2015),
    Published("MobileNetV3-Large", "MobileNet_V3_Large_Weights.IMAGENET1K_V2", 2019),
    Published("EfficientNet-B0", "EfficientNet_B0_Weights.IMAGENET1K_V1", 2019),
    Published("ViT-B/16", "ViT_B_16_Weights.IMAGENET1K_V1", 2020),
    Published("ConvNeXt-Tiny", "ConvNeXt_Tiny_Weights.IMAGENET1K_V1", 2022),
)


def published() -> list[Cost]:
    """The cost and the accuracy on ImageNet of each of `PUBLISHED`. Nothing is downloaded."""
    return [_cost(one) for one in PUBLISHED]


def measure_published(runs: int = 5) -> dict[str, float]:
    """`milliseconds` of each by its title, with made-up weights, one after the other."""
    each = {_name(one): one for one in PUBLISHED}  # two recipes of one network take the same time
    times = {name: measure_plan(plan_of(one), runs, IMAGE) for name, one in each.items()}
    return {one.title: times[_name(one)] for one in PUBLISHED}


def _cost(one: Published) -> Cost:
    from torchvision.models import get_weight  # 90 MB and 2 s: only when it is needed

    meta, plan = get_weight(one.weights).meta, plan_of(one)
    return Cost(
        title=one.title,
        dataset="imagenet",
        year=one.year,
        accuracy=meta["_metrics"]["ImageNet-1K"]["acc@1"],
        source=f"torchvision, {one.weights.partition('.')[0]}",
        parameters=meta["num_params"],
        multiply_adds=round(1e9 * meta["_ops"]),
        weights=sum(tensor.nbytes for tensor in plan.state_dict().values()),
        kept=kept_memory(plan, IMAGE),
        peak=peak_memory(plan, IMAGE),
    )


def _name(one: Published) -> str:
    """What torchvision calls the network: "ResNet50_Weights.IMAGENET1K_V1" -> "resnet50"."""
    return one.weights.partition("_Weights")[0].lower()


def plan_of(one: Published) -> nn.Module:
    """The network on the "meta" device, without weights."""
    from torchvision.models import get_model

    with torch.device("meta"):
        plan: nn.Module = get_model(_name(one), weights=None)
    return plan.eval()
