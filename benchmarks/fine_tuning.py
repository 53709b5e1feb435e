"""What to do with 20, 200 and 2,000 images: test %, and seconds, of four ways; lesson 8 quotes it.

A folder of CIFAR-10's images, as many of each class, on EfficientNet-Lite0 at 96 pixels: a linear
probe; then the last block thawed, and the last three, with a learning rate that was chosen on
other images; and LeNet from scratch. 300 test images, so 2.7 points are one standard error.

    python benchmarks/fine_tuning.py [20 200 2000]
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import torch
from torch import nn

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from course_utils import image_folder, load_cifar10, load_network  # noqa: E402
from course_utils.datasets import ImageDataset  # noqa: E402
from course_utils.training import Part, evaluate, fit  # noqa: E402
from course_utils.transfer import features, linear_probe, thaw, with_head  # noqa: E402
from tests.helpers.own_images import write_folder  # noqa: E402

COUNTS = (20, 200, 2000)
SIDE, TESTED, STEPS = 96, 30, 400
BACKBONE = load_network("efficientnet_lite0")


def learn(network: nn.Module, data: ImageDataset, rate: float, steps: int) -> nn.Module:
    """Train for about so many steps of 20 images."""
    epochs = max(1, round(steps * 20 / len(data)))
    settings = {"batch_size": 20, "learning_rate": rate, "precision": "float32"}
    fit(network, data, Part(data, torch.arange(2)), epochs, **settings)
    return network


def probe(data: ImageDataset) -> nn.Module:
    x = next(iter(data.batches(len(data))))[0]
    head = linear_probe(features(BACKBONE, x), data.labels)
    return with_head(BACKBONE, head, data.classes)


def thawed(data: ImageDataset, blocks: int) -> nn.Module:
    network = probe(data)
    thaw(network, blocks)
    return learn(network, data, rate=0.001, steps=min(STEPS, len(data) // 5))


def scratch(data: ImageDataset) -> nn.Module:
    return learn(load_network("lenet", None, dataset="cifar10"), data, rate=0.02, steps=3 * STEPS)


WAYS: dict[str, Callable[[ImageDataset], nn.Module]] = {
    "probe": probe,
    "last block thawed": lambda data: thawed(data, 1),
    "three blocks thawed": lambda data: thawed(data, 3),
    "LeNet from scratch": scratch,
}


def main(counts: tuple[int, ...]) -> None:
    with tempfile.TemporaryDirectory() as name:
        test = write_folder(Path(name, "test"), load_cifar10("test"), (TESTED,) * 10)
        for count in counts:
            train = write_folder(Path(name, f"{count}"), load_cifar10("train"), (count // 10,) * 10)
            print(f"{count:,} images", flush=True)
            for way, make in WAYS.items():
                form = (32,) if make is scratch else (SIDE, BACKBONE.info.preprocessing)
                start = perf_counter()
                network = make(image_folder(train, *form))
                seconds = perf_counter() - start
                right = evaluate(network, image_folder(test, *form)).accuracy
                print(f"  {way:22} {right:6.1%} right {seconds:6.0f} s", flush=True)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or COUNTS)
