"""Claims of lesson 8."""

import copy
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import image_folder, load_cifar10, load_digits, load_network, open_image
from course_utils.images import to_input
from course_utils.training import Part, evaluate, fit, hold_out
from course_utils.transfer import (
    accuracy,
    class_activation_map,
    cover,
    features,
    first_of_each,
    linear_probe,
    similarity,
    thaw,
    with_head,
)
from tests.helpers.own_images import write_images

from . import claim

Data = tuple  # of training and test images, ImageDataset
See = Callable[[torch.Tensor], torch.Tensor]


def draw(labels: torch.Tensor, count: int, seed: int) -> torch.Tensor:
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return order[first_of_each(labels[order], count)]


def cifar10() -> Data:
    data = load_cifar10("train"), load_cifar10("test")
    if data[0].source != "official":
        pytest.skip("CIFAR-10 is not on this machine: make weights NAMES=cifar10")
    return data


def enlarged(images: torch.Tensor) -> torch.Tensor:
    x = F.interpolate(images.expand(-1, 3, -1, -1) / 255, (96, 96), mode="bilinear")
    return (x - 0.5) / 0.5


def padded(images: torch.Tensor) -> torch.Tensor:
    return (F.pad(images, (2, 2, 2, 2)).expand(-1, 3, -1, -1) / 255 - 0.5) / 0.25


def pixels(images: torch.Tensor) -> torch.Tensor:
    return images.flatten(1) / 255


def lite0(seed: int | None = None) -> nn.Module:
    """Trained, or with random weights."""
    if seed is None:
        return load_network("efficientnet_lite0")
    return load_network("efficientnet_lite0", weights=None, seed=seed)


def probed(see: See, data: Data, seed: int) -> float:
    """Share of 100 test images that a probe gets right, which learned from 100 others."""
    learned, asked = (draw(part.labels, 10, seed) for part in data)
    head = linear_probe(see(data[0].images[learned]), data[0].labels[learned])
    return accuracy(head, see(data[1].images[asked]), data[1].labels[asked])


@claim(
    "on these images it is the training that makes the difference, not the layers as such",
    control='load_network("efficientnet_lite0", weights=None, seed=seed)',
    spread="trained 59 to 67 %, random weights 17 to 23 %, pixels 18 to 26 % in three draws",
)
def the_backbones_training_helps(seed: int) -> None:
    data, trained, random = cifar10(), lite0(), lite0(seed)
    share = probed(lambda images: features(trained, enlarged(images)), data, seed)
    assert share > probed(lambda images: features(random, enlarged(images)), data, seed) + 0.25
    assert share > probed(pixels, data, seed) + 0.25


@claim(
    "worse on the features that were trained on ten kinds of photographs than on random ones, "
    "and worse than on the pixels",
    control='load_network("alexnet", weights=None, seed=seed, dataset="cifar10")',
    spread="trained 55 to 61 %, random weights 71 to 89 %, pixels 74 to 78 % in three draws",
)
def transfer_can_hurt(seed: int) -> None:
    data = load_digits("train"), load_digits("test")
    trained = load_network("alexnet", weights="cifar10")
    random = load_network("alexnet", weights=None, seed=seed, dataset="cifar10")
    share = probed(lambda images: features(trained, padded(images)), data, seed)
    assert share < probed(lambda images: features(random, padded(images)), data, seed)
    assert share < probed(pixels, data, seed)


def learn(network: nn.Module, X: torch.Tensor, y: torch.Tensor, rate: float) -> None:
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=rate)
    for _ in range(60):
        loss = F.cross_entropy(network(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def reader(seed: int) -> nn.Module:
    """LeNet for 0 to 4."""
    train = load_digits("train")
    low = (train.labels < 5).nonzero()[:, 0]
    network = load_network("lenet", weights=None, seed=seed)
    parts = Part(train, low[:5_000]), Part(train, low[-200:])
    fit(network, *parts, epochs=2, batch_size=64, learning_rate=0.05, seed=seed)
    return network


def tuned(start: nn.Module, learns: str, rate: float, seed: int) -> float:
    """Share of the test digits 5 to 9 that is right after ten images of each."""
    network = copy.deepcopy(start).requires_grad_(False)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network.classifier[-1] = nn.Linear(84, 5)
    network.get_submodule(learns).requires_grad_(True)
    train, test = load_digits("train"), load_digits("test")
    X, y = next(iter(train.batches(50, indices=draw(train.labels, 10, seed)[50:])))
    learn(network, X, y - 5, rate)
    high = (test.labels >= 5).nonzero()[:, 0]
    X, y = next(iter(test.batches(len(high), indices=high)))
    return accuracy(network, X, y - 5)


@claim(
    "Start from the trained weights and let the fully connected layers learn, and it is better "
    "than from scratch in each draw.",
    control='"all, from scratch": (False, "", 0.001)',
    spread="thawed 88 to 90 %, head alone 71 to 73, from scratch 85 to 86 in three draws",
)
def thawed_layers_beat_the_head_alone_and_scratch(seed: int) -> None:
    trained = reader(seed)
    best = tuned(trained, "classifier", 0.001, seed)
    assert best > tuned(trained, "classifier.5", 0.03, seed)
    assert best > tuned(load_network("lenet", weights=None, seed=seed), "", 0.001, seed)


@claim(
    "Both ways that start from the trained backbone are far ahead of LeNet from scratch, and of a "
    "probe on random weights: again it is the backbone's training that counts.",
    control='found["probe, random weights"]',
    spread="trained 59 to 71 %, from scratch 24 to 29 %, random weights 18 to 22 % in four draws",
)
def a_folder_needs_a_trained_backbone(seed: int) -> None:
    train, _ = cifar10()
    with TemporaryDirectory() as name:
        folder = write_images(Path(name), train, draw(train.labels, 30, seed))
        network, random = lite0(), lite0(seed)
        own = image_folder(folder, 96, network.info.preprocessing)
        small = image_folder(folder, 32)
        learned, held = hold_out(own, 100, seed)
        X, _ = next(iter(own.batches(len(own))))

        def probed(backbone: nn.Module) -> tuple[nn.Linear, float]:
            found = features(backbone, X)
            head = linear_probe(found[learned.indices], learned.labels)
            return head, accuracy(head, found[held.indices], held.labels)

        head, probe = probed(network)
        tuned = with_head(network, head)
        thaw(tuned)
        how = {"batch_size": 20, "precision": "float32", "seed": seed}
        fit(tuned, learned, Part(own, held.indices[:5]), 2, learning_rate=0.001, **how)
        scratch = load_network("lenet", weights=None, dataset="cifar10", seed=seed)
        parts = [Part(small, part.indices) for part in (learned, held)]
        fit(scratch, *parts, 30, learning_rate=0.02, **how)
        others = [probed(random)[1], evaluate(scratch, parts[1]).accuracy]
        both = probe, evaluate(tuned, held).accuracy
        assert min(both) > max(others) + 0.15
        assert abs(both[0] - both[1]) < 0.1, "no difference larger than that of the draws"


@claim(
    "By trained features it is more than half of them, without any label.",
    control='sees["pixels"] = lambda images: pixels(images) - 0.5',
    spread="features 2.8 of 5, random weights 0.8, pixels 1.0 in the draw of the lesson",
)
def features_find_what_pixels_do_not(seed: int) -> None:
    (train, test), network = cifar10(), lite0()
    few, asked = draw(train.labels, 10, seed), draw(test.labels, 10, seed)

    def right(see: See) -> float:
        nearest = similarity(see(test.images[asked]), see(train.images[few])).topk(5).indices
        same = train.labels[few][nearest] == test.labels[asked][:, None]
        return same.float().mean().item()

    assert (
        right(lambda images: features(network, enlarged(images)))
        > 2 * right(lambda images: pixels(images) - 0.5) - 0.05
    )


@claim(
    "the answer rests on what it marks, and not on the upper left",
    control='"upper left": (60, 40)',
)
def covering_what_the_map_marks(seed: int) -> None:
    network = lite0()
    found = class_activation_map(network, "camera", "tripod")

    def left(row: int, column: int) -> float:
        with torch.no_grad():
            return network(cover(network, "camera", row, column, 96)).softmax(1)[0, found.index]

    assert left(*found.strongest) < 0.5 < 0.9 < left(60, 40)


@claim(
    "All these small changes point the way in which the loss grows, so they add up; of random "
    "signs about half point the other way.",
    control="torch.randint(0, 2, x.shape, generator=noise)",
    spread="random signs keep four classes in ten of ten; those of 13 and 38 % in 0 and 8",
)
def the_direction_counts_not_the_size(seed: int) -> None:
    network, noise = lite0(), torch.Generator().manual_seed(seed)
    for name in ("camera", "rocket", "palace"):
        x = to_input(open_image(name), network.info.preprocessing).requires_grad_()
        logits = network(x)
        first = logits.argmax()
        (gradient,) = torch.autograd.grad(F.cross_entropy(logits, first[None]), x)
        signs = [torch.randint(0, 2, x.shape, generator=noise) * 2 - 1 for _ in range(4)]
        with torch.no_grad():
            moved = [network((x + 2 / 255 * s).clamp(-1, 1)) for s in (gradient.sign(), *signs)]
        kept = [one.argmax() == first for one in moved]
        assert kept == [False, True, True, True, True], name
