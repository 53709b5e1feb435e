"""Claims of lesson 2. They learn from 10,000 digits in place of 57,500, so that it takes less."""

from functools import cache

import torch
from torch import nn
from torch.nn import functional as F

from course_utils import layers, load_digits
from course_utils.networks import LeNet
from course_utils.training import Part, fit, hold_out

from . import claim

SHIFTS = (0, 1, 2, 3, 4, 6)


def multilayer_perceptron() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(1024, 60), nn.ReLU(), nn.Linear(60, 10))


@cache
def read_right(seed: int, convolutions: bool, augment: int = 0) -> list[float]:
    """Shares of 2,000 test digits that are read right when they are shifted by SHIFTS pixels."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = LeNet() if convolutions else multilayer_perceptron()
    training, validation = hold_out(load_digits(), 2_500)
    few = Part(load_digits(), training.indices[:10_000])
    fit(network, few, validation, 3, batch_size=64, augment=augment or False, seed=seed)
    X, y = next(iter(load_digits("test").batches(2_000)))
    shares = []
    with torch.no_grad():
        for n in SHIFTS:
            moved = F.pad(X, (0, n), value=X.min().item())[..., n:]
            shares.append((network(moved).argmax(dim=1) == y).float().mean().item())
    return shares


@claim(
    "So LeNet tolerates more, and is not *invariant*.",
    control="accuracy(lenet, n) > accuracy(mlp, n)",
    spread="at 4 pixels LeNet 52, 52, 62 %, the MLP 24 % each time",
)
def lenet_tolerates_more(seed: int) -> None:
    lenet, mlp = read_right(seed, True), read_right(seed, False)
    assert all(a > b for a, b in zip(lenet, mlp, strict=True))
    assert lenet[2] > mlp[2] + 0.1
    assert lenet[4] < lenet[0] - 0.15


@claim(
    "Most of what was lost was a lack of experience",
    control="augment=6",
    spread="at 4 pixels LeNet from 52, 52, 62 to 88, 89, 93 %, the MLP from 24 to 79, 81, 82 %",
)
def shifted_digits_teach_both(seed: int) -> None:
    for convolutions in (True, False):
        before, after = read_right(seed, convolutions), read_right(seed, convolutions, 6)
        assert after[4] > before[4] + 0.2
        assert max(after) - min(after) < 0.1


@claim(
    "But the MLP reads fewer than before even where nothing is shifted, while LeNet pays little",
    control="augment=6",
    spread="unshifted, LeNet pays 4 to 8 points, the MLP 12 to 15",
)
def lenet_pays_less_for_the_wider_task(seed: int) -> None:
    paid = [
        read_right(seed, convolutions)[0] - read_right(seed, convolutions, 6)[0]
        for convolutions in (True, False)
    ]
    assert paid[1] > paid[0] + 0.03


@claim(
    "`conv2` uses each of its weights at 10 × 10 places",
    control='row["multiply-adds"] = layer.multiply_adds',
)
def work_is_weights_times_places(seed: int) -> None:
    for layer in layers(LeNet(), (1, 32, 32)):
        if layer.kind in ("conv", "fc"):
            weights = layer.module.weight.numel()
            places = torch.Size(layer.output_shape[1:]).numel()
            assert layer.multiply_adds == weights * places


@claim(
    "they use the *same* weights at every place of the image",
    control="dense = fc_parameters(32 * 32, 6 * 28 * 28)",
)
def sharing_saves(seed: int) -> None:
    first = layers(LeNet(), (1, 32, 32))[0]
    outputs = torch.Size(first.output_shape).numel()
    assert outputs * (32 * 32 + 1) > 30_000 * first.parameters
