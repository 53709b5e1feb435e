"""Devices, precisions and random numbers."""

import threading

import pytest
import torch
from torch import nn

from course_utils import CourseError, load_network
from course_utils.training import Part, devices, fit
from course_utils.training.devices import (
    RandomNumbers,
    autocast,
    device_for,
    has_bfloat16,
    step_seed,
    usual_precision,
)
from tests.helpers.training import Blobs

CPU = torch.device("cpu")
# On a machine with a GPU, its GPU too.
HERE = [CPU] + [torch.device("cuda")] * torch.cuda.is_available()
on_each_device = pytest.mark.parametrize("device", HERE, ids=str)


@pytest.mark.parametrize(("cuda", "mps", "best"), [(1, 1, "cuda"), (0, 1, "mps"), (0, 0, "cpu")])
def test_the_best_device(cuda, mps, best, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: bool(cuda))
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: bool(mps))
    assert devices.best_device().type == best


@pytest.mark.parametrize("wanted", ["gpu", "", "cpu:x"])
def test_a_device_that_is_not_here(wanted):
    assert device_for("cpu") == CPU
    with pytest.raises(CourseError, match=f"no device '{wanted}'; the best that it has is"):
        device_for(wanted)


def test_layers_compute_in_the_precision_asked_for():
    layer, X = nn.Linear(3, 3), torch.ones(1, 3)
    for precision, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        with autocast(CPU, precision):
            assert layer(X).dtype == dtype
    assert layer.weight.dtype == torch.float32


@pytest.mark.parametrize(("hardware", "choice"), [(True, "bfloat16"), (False, "float32")])
def test_bfloat16_only_where_it_is_in_hardware_and_the_network_is_deep(
    hardware, choice, monkeypatch
):
    capabilities = {"avx512_bf16": hardware}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    for name, precision in (("lenet", "float32"), ("alexnet", choice), ("vgg16", choice)):
        network = load_network(name, weights=None, dataset="cifar10")
        assert usual_precision(network, CPU) == precision, name


@pytest.mark.parametrize("real", [True, False])
def test_bfloat16_that_a_gpu_only_imitates_is_none(real, monkeypatch):
    monkeypatch.setattr(
        torch.cuda,
        "is_bf16_supported",
        lambda including_emulation=True: real or including_emulation,
    )
    assert has_bfloat16(torch.device("cuda")) is real


@on_each_device
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("optimizer", ["sgd", "muon"])
def test_a_training_on_a_device_learns_and_brings_the_network_back(device, precision, optimizer):
    torch.manual_seed(0)
    learner = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 2))
    train, validation = Part(Blobs(0), torch.arange(256)), Part(Blobs(1), torch.arange(256))
    settings = {"batch_size": 32, "precision": precision, "optimizer": optimizer}
    history = fit(learner, train, validation, 3, device=device, **settings)
    assert history[-1].validation_accuracy > 0.9
    assert {p.device for p in learner.parameters()} == {CPU}


# --- random numbers ------------------------------------------------------------------------------


@on_each_device
def test_each_step_draws_its_own_numbers_and_the_global_state_stays(device):
    before, drawn = torch.get_rng_state(), []
    for step in (0, 1, 0):
        with RandomNumbers(5, device).of_step(step):
            drawn.append(torch.rand(3))
    assert torch.equal(torch.get_rng_state(), before)
    first, second, again = drawn
    assert torch.equal(first, again)
    assert not torch.equal(first, second)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(step_seed(5, 1))
        assert torch.equal(torch.rand(3), second)


def test_after_an_error_the_global_state_is_as_before():
    before = torch.get_rng_state()
    with pytest.raises(ZeroDivisionError), RandomNumbers(5, CPU).of_step(0):
        torch.rand(1 // 0)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_network_that_draws_nothing_is_left_alone_from_then_on():
    """In the dashboard LeNet trains in a thread: what a cell draws meanwhile is the cell's own."""
    numbers = RandomNumbers(5, CPU)
    with numbers.of_step(0):
        torch.ones(3) + 1
    before = torch.get_rng_state()
    with numbers.of_step(1):
        assert torch.equal(torch.get_rng_state(), before)


def test_two_trainings_in_threads_draw_what_each_draws_alone():
    learners = [nn.Sequential(nn.Dropout(), nn.Identity()) for _ in range(3)]
    found: list[list[torch.Tensor]] = [[] for _ in learners]

    def draw(place: int) -> None:
        numbers = RandomNumbers(place % 2, CPU)
        for step in range(50):
            with numbers.of_step(step):
                found[place].append(learners[place](torch.ones(8)))

    before = torch.get_rng_state()
    threads = [threading.Thread(target=draw, args=[place]) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    draw(2)
    assert torch.equal(torch.stack(found[0]), torch.stack(found[2]))
    assert not torch.equal(torch.stack(found[0]), torch.stack(found[1]))
    assert torch.equal(torch.get_rng_state(), before)
