"""Claims of lesson 9."""

from torch import nn
from torchvision.models import get_weight

from course_utils.networks import blueprint, costs, kept_memory, layers, milliseconds, published

from . import claim


@claim(
    "BatchNorm, which Lite0 has after each convolution, needs its own input again, so one more map "
    "is kept for each.",
    control="round(one.kept / 1e6, 2)",
)
def batchnorm_keeps_one_more_map(seed: int) -> None:
    plain, normed = (blueprint(name, "imagenet") for name in ("vgg11", "vgg11_bn"))
    maps = [
        4 * one.output_shape[0] * one.output_shape[1] * one.output_shape[2]
        for one in layers(plain)
        if one.kind == "conv"
    ]
    assert kept_memory(normed) - kept_memory(plain) == sum(maps)


@claim(
    "A network that is trained longer, or with more tricks, gets better though its layers stay as "
    "they are.",
    control="new.accuracy - old.accuracy",
)
def a_recipe_alone_makes_a_difference(seed: int) -> None:
    old, new = (get_weight(f"ResNet50_Weights.IMAGENET1K_V{n}").meta for n in (1, 2))
    assert old["num_params"] == new["num_params"]
    assert old["_ops"] == new["_ops"]
    found = [meta["_metrics"]["ImageNet-1K"]["acc@1"] for meta in (old, new)]
    assert found[1] > found[0] + 4


@claim(
    "look at one channel each: few multiplications for each number that is fetched",
    control="depthwise = nn.Conv2d(128, 128, 3, padding=1, groups=128)",
    spread="full : depthwise 21 in time, 128 in work, on a busy machine; measured anew each time",
)
def depthwise_convolutions_are_slow_for_their_work(seed: int) -> None:
    depthwise, full = (nn.Conv2d(128, 128, 3, padding=1, groups=groups) for groups in (128, 1))
    a, b = (milliseconds(one, runs=7, input_shape=(128, 56, 56)) for one in (depthwise, full))
    assert b < 64 * a


@claim(
    "each weight of `fc1` that is fetched now serves 64 images",
    control='gain["convolution"] < gain["fc1"]',
    spread="in 64 for each image: fc1 a 16th of the time, the convolution as long",
)
def a_batch_shares_the_fetching_of_weights(seed: int) -> None:
    def gain(layer: nn.Module, *shape: int) -> float:
        alone, together = (milliseconds(layer, n, 7, shape) for n in (1, 64))
        return together / alone

    dense = gain(nn.Linear(9216, 4096), 9216)
    assert dense < 0.5
    assert dense < gain(nn.Conv2d(256, 256, 3, padding=1), 256, 14, 14)


@claim(
    "AlexNet and the VGGs are beaten, and so are ResNet-18, the old ResNet-50 and ViT-B/16.",
    control="def beats(a, b):",
)
def five_are_not_beaten(seed: int) -> None:
    found = [one for one in costs() + published() if one.dataset == "imagenet"]

    def beaten(b: object) -> bool:
        return any(
            a is not b
            and a.accuracy >= b.accuracy
            and a.multiply_adds <= b.multiply_adds
            and a.weights <= b.weights
            for a in found
        )

    assert len(found) == 13
    assert [one.title for one in found if not beaten(one)] == [
        "EfficientNet-Lite0",
        "ResNet-50 (new recipe)",
        "MobileNetV3-Large",
        "EfficientNet-B0",
        "ConvNeXt-Tiny",
    ]
