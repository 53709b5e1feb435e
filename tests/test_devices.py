"""Devices, precisions, memory, and random numbers of one's own."""

import subprocess
import sys
import threading

import pytest
import torch
from torch import nn

from course_utils import CourseError
from course_utils.training import devices
from course_utils.training.devices import OwnRandomNumbers, autocast, device_for

CPU = torch.device("cpu")


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


def test_random_numbers_of_ones_own_go_on_where_they_stopped():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        expected = torch.rand(6)
    before, own = torch.get_rng_state(), OwnRandomNumbers(5, CPU)
    found = []
    for _ in range(2):
        with own.in_use():
            found.append(torch.rand(3))
    assert torch.equal(torch.cat(found), expected)
    assert torch.equal(torch.get_rng_state(), before)


class Beside(nn.Module):
    """While it computes, in the middle of a step, another cell does something."""

    def __init__(self, meanwhile) -> None:
        super().__init__()
        self.meanwhile, self.dropout = meanwhile, nn.Dropout()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.dropout(x)
        cell = threading.Thread(target=self.meanwhile)
        cell.start()
        cell.join()
        return torch.cat([first, torch.rand_like(x), self.dropout(x)])


def in_the_middle(meanwhile) -> tuple[torch.Tensor, torch.Tensor]:
    """What a network draws if `meanwhile()` runs in another thread, and the state afterwards."""
    own = OwnRandomNumbers(5, CPU)
    with own.in_use():
        return Beside(meanwhile)(torch.ones(8)), own.states[CPU]


def test_what_a_cell_draws_while_a_network_trains_is_its_own():
    drawn = []

    def cell():
        torch.manual_seed(3)
        drawn.append(torch.rand(4))

    alone, state = in_the_middle(lambda: None)
    with torch.random.fork_rng(devices=[]):
        found, state_beside = in_the_middle(cell)
        drawn.append(torch.rand(4))
        torch.manual_seed(3)
        assert torch.equal(torch.cat(drawn), torch.rand(8))
    assert torch.equal(found, alone)
    assert torch.equal(state_beside, state)


def test_two_trainings_at_once_draw_what_each_draws_alone():
    alone, _ = in_the_middle(lambda: None)
    inner = []
    found, _ = in_the_middle(lambda: inner.append(in_the_middle(lambda: None)[0]))
    assert torch.equal(found, alone)
    assert torch.equal(inner[0], alone)


def test_numbers_that_are_asked_for_in_other_ways_come_from_there_too():
    own, again = (OwnRandomNumbers(5, CPU) for _ in range(2))
    global_state, found = torch.get_rng_state(), []
    for one in (own, again):
        with one.in_use():
            found.append(torch.cat([torch.normal(0.0, torch.ones(3)), torch.normal(0, 1, (3,))]))
    assert torch.equal(*found)
    assert torch.equal(torch.get_rng_state(), global_state)


def test_a_generator_that_the_network_has_chosen_is_left_to_it():
    chosen = torch.Generator().manual_seed(2)
    with OwnRandomNumbers(5, CPU).in_use():
        found = torch.empty(4).uniform_(generator=chosen)
    assert torch.equal(found, torch.empty(4).uniform_(generator=chosen.manual_seed(2)))


def test_a_network_that_draws_nothing_is_not_watched_again():
    own = OwnRandomNumbers(5, CPU)
    with own.in_use():
        torch.ones(3) + 1
    with own.in_use():
        assert torch.utils._python_dispatch._get_current_dispatch_mode() is None
    own.states = own.states  # taken up: it may be another network's
    with own.in_use():
        assert torch.utils._python_dispatch._get_current_dispatch_mode() is not None


# --- memory --------------------------------------------------------------------------------------

LARGE = 64 * 2**20  # bytes: more than glibc keeps by itself
COUNT = f"""
import resource, torch
from course_utils.training.devices import memory_kept

def fetched():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        torch.ones({LARGE // 4})
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()

outside = fetched()
before = resident()
with memory_kept():
    with memory_kept():  # as another training, which ends first
        fetched()
    inside, held = fetched(), resident() - before
print(outside, inside, held, resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="there is no glibc")
def test_memory_is_kept_inside_and_given_back_after_it():
    """Pages that the system had to hand out for twenty large tensors, one after the other."""
    done = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, check=True)
    outside, inside, held, after = map(int, done.stdout.split())
    assert inside < outside / 10
    assert held > LARGE / 2
    assert after < LARGE / 10


def test_where_the_c_library_is_another_nothing_happens(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with devices.memory_kept():
        torch.ones(10)
