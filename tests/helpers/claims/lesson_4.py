"""Claims of lesson 4."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from course_utils import layers, load_digits
from course_utils.networks import CONFIGURATIONS, VGG32, blueprint, kept_memory
from course_utils.training import Part, fit

from . import claim

VGG16 = CONFIGURATIONS["vgg16"]
NARROW = tuple(tuple(width // 4 for width in widths) for widths in VGG16)


def he(inputs: int) -> float:
    return math.sqrt(2 / inputs)


def started(network: nn.Module, sigma, seed: int) -> nn.Module:
    """Weights of the standard deviation sigma(products in a sum), biases 0."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.weight.data.normal_(0, sigma(module.weight[0].numel()), generator=generator)
            module.bias.data.zero_()
    return network


def ten_digits(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    digits = load_digits("train")
    places = [(digits.labels == digit).nonzero()[seed, 0] for digit in range(10)]
    X, y = next(iter(digits.batches(10, indices=torch.stack(places))))
    return X.expand(-1, 3, -1, -1), y


def last_loss(network: nn.Module, X: torch.Tensor, y: torch.Tensor, learning_rate: float) -> float:
    """After 80 steps, or where it is no number any more."""
    optimizer = torch.optim.SGD(network.parameters(), lr=learning_rate)
    for _ in range(80):
        loss = F.cross_entropy(network(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if not math.isfinite(loss.item()):
            break
    return loss.item()


@claim(
    "Every network ends in the same three fully connected layers, and they hold most of the",
    control="parameters['vgg19'] / parameters['vgg11'] - 1",
)
def depth_adds_few_parameters(seed):
    a, e = (layers(blueprint(name, "imagenet")) for name in ("vgg11", "vgg19"))
    total = {id(found): sum(one.parameters for one in found) for found in (a, e)}
    dense = {id(f): [one.parameters for one in f if one.kind == "fc"] for f in (a, e)}
    assert dense[id(a)] == dense[id(e)]
    assert sum(dense[id(e)]) > 0.8 * total[id(e)]
    assert round(total[id(e)] / total[id(a)] - 1, 2) == 0.08


@claim(
    "70 MiB for each image, and 32 of them take 4.2 times as much as the parameters",
    control="kept = kept_memory(vgg16) / MiB",
)
def training_keeps_more_than_the_parameters(seed):
    network = blueprint("vgg16", "imagenet")
    kept = kept_memory(network)
    assert round(kept / 2**20) == 70
    assert round(32 * kept / sum(4 * p.numel() for p in network.parameters()), 1) == 4.2


@claim(
    "about a millionth is left",
    control="the last has {found[-1] / found[0]:.0e} of the strength of the first",
    spread="eight seeds: 0.7 to 1.3 millionths with σ = 0.01, 0.4 to 0.8 with He's",
)
def a_signal_dies_without_a_good_start(seed):
    X, _ = ten_digits(seed)
    left = []
    for sigma in (lambda inputs: 0.01, he):
        x, found = X, []
        for module in started(VGG32(VGG16, batch_norm=False), sigma, seed).features:
            with torch.no_grad():
                x = module(x)
            if isinstance(module, nn.ReLU):
                found.append(x.std().item())
        left.append(found[-1] / found[0])
    assert 4e-7 < left[0] < 2.5e-6
    assert left[1] > 0.1


@claim(
    "Only He's start learns",
    control="runs = {name: learn_by_heart(narrow_vgg16(name), learning_rate=0.02)",
    spread="three seeds and two sets of digits: below 0.01 with He's, 2.30 with σ = 0.01",
)
def only_a_good_start_learns(seed):
    X, y = ten_digits(seed)
    plain = [
        last_loss(started(VGG32(NARROW, batch_norm=False), sigma, seed), X, y, 0.02)
        for sigma in (he, lambda inputs: 0.01)
    ]
    assert plain[0] < 0.5
    assert abs(plain[1] - math.log(10)) < 0.01


@claim(
    "BatchNorm makes up for a bad start, and bears a learning rate at which the plain network",
    control='(("He", False), ("σ = 0.01", True), ("He", True))',
    spread="three seeds and two sets of digits: 0.02 with BatchNorm, 2 to 2.5 without",
)
def batch_norm_makes_up_for_a_bad_start(seed):
    X, y = ten_digits(seed)
    with_norm = started(VGG32(NARROW, batch_norm=True), lambda inputs: 0.01, seed)
    assert last_loss(with_norm, X, y, 0.1) < 0.5
    plain = last_loss(started(VGG32(NARROW, batch_norm=False), he, seed), X, y, 0.1)
    assert not plain < 0.5  # nan too


@claim(
    "After 100 passes nothing is left of what was trained: the mean is that of the last image",
    control="ours(torch.full((1, 8, 10, 10), 7.0))",
)
def running_statistics_forget(seed):
    norm = nn.BatchNorm2d(8)
    for _ in range(100):
        norm(torch.full((1, 8, 10, 10), 7.0))
    assert torch.allclose(norm.running_mean, torch.tensor(7.0), atol=0.001)
    assert norm.running_var.max() < 0.001


class Block(nn.Module):
    """Two convolutions with BatchNorm, with or without a way around them."""

    def __init__(self, residual: bool) -> None:
        super().__init__()
        self.residual = residual
        pairs = [(nn.Conv2d(16, 16, 3, padding=1), nn.BatchNorm2d(16)) for _ in range(2)]
        self.convolutions = nn.Sequential(*pairs[0], nn.ReLU(), *pairs[1])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.convolutions(x)
        return F.relu(x + y if self.residual else y)


def deep(depth: int, residual: bool, seed: int) -> nn.Sequential:
    """The network of section 8."""
    stem = [nn.Conv2d(1, 16, 5, stride=4, padding=2), nn.BatchNorm2d(16), nn.ReLU()]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10)]
    blocks = [Block(residual) for _ in range(depth // 2)]
    return started(nn.Sequential(*stem, *blocks, *head), he, seed)


def accuracy(depth: int, residual: bool, seed: int) -> float:
    """Of 1,000 other digits, after 100 steps of 64: two thirds of what the lesson takes."""
    network = deep(depth, residual, seed)
    digits = load_digits("train")
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    train, validation = Part(digits, order[:6400]), Part(digits, order[-1000:])
    settings = {"batch_size": 64, "learning_rate": 0.1, "weight_decay": 0, "augment": False}
    history = fit(network, train, validation, 1, **settings, precision="float32", seed=seed)
    return history[-1].validation_accuracy


@claim(
    "With 40 layers `x +` makes up for nearly all that was lost",
    control="learned(deep_network(deep, residual=True))",
    spread="three seeds, 150 steps: plain 15 to 45 %, residual 89 to 95 %",
)
def x_plus_mends_a_deep_network(seed):
    assert accuracy(40, True, seed) > accuracy(40, False, seed) + 0.2


@claim(
    "with 4 layers it gains nothing",
    control="learned(deep_network(deep, residual=True))",
    spread="five seeds, 150 steps: plain 91.2 to 93.3 %, residual 89.6 to 92.6 %",
)
def x_plus_changes_little_where_nothing_is_to_be_mended(seed):
    assert abs(accuracy(4, True, seed) - accuracy(4, False, seed)) < 0.12


@claim(
    "without BatchNorm it grows from block to block, as the last cell shows",
    control="without_batch_norm(deep_network(40, residual=True))",
    spread="three seeds: 3 times with BatchNorm, 300 to 1,300 times without; then the loss is no "
    "number after 3 or 4 steps at rates of 0.1 and 0.01, and 11 % are right at 0.001",
)
def x_plus_alone_does_not_mend_it(seed):
    X, _ = next(iter(load_digits("train").batches(10)))
    grown = []
    for keep in (True, False):
        network = deep(40, True, seed)
        if not keep:
            for block in (network, *network.modules()):
                for name, child in list(block.named_children()):
                    if isinstance(child, nn.BatchNorm2d):
                        setattr(block, name, nn.Identity())
        x, found = X, []
        for module in network:
            x = module(x)
            if isinstance(module, Block):
                found.append(x.std().item())
        grown.append(found[-1] / found[0])
    assert grown[0] < 10
    assert grown[1] > 100
