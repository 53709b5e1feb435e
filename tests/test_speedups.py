"""bfloat16 and torch.compile are used where they pay, and only there."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import torch
from torch import nn

from course_utils import CourseError
from course_utils.training import speedups
from course_utils.training.loop import Callback, Settings, StopTraining, Training, fit
from course_utils.training.speedups import (
    WORTH_TRYING,
    compile_pays,
    compiled,
    faster_precision,
    shortest,
)
from tests.faults.resume import network
from tests.test_training import noise

ROOT = Path(__file__).parents[1]
ONE = torch.ones(2, 3, 4, 4)
HEADERS = Path(sysconfig.get_path("include"), "Python.h")
BUILDS = pytest.mark.skipif(
    not (shutil.which("g++") and HEADERS.exists()), reason="there is no C++ compiler"
)


def small() -> nn.Module:
    return nn.Sequential(nn.BatchNorm2d(3), nn.Flatten(), nn.Dropout(), nn.Linear(48, 2)).eval()


# --- bfloat16 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("float32", "bfloat16", "choice"),
    [(1.4, 1.0, "bfloat16"), (1.2, 1.0, "float32"), (1.0, 2.0, "float32")],
)
def test_bfloat16_only_where_it_is_clearly_faster(float32, bfloat16, choice, monkeypatch):
    times = {"float32": float32, "bfloat16": bfloat16}
    monkeypatch.setattr(speedups, "_measured", {})
    monkeypatch.setattr(speedups, "step_seconds", lambda network, X, precision: times[precision])
    assert faster_precision(small(), ONE) == choice
    times["float32"], times["bfloat16"] = bfloat16, float32
    assert faster_precision(small(), ONE) == choice, "measured once"


def test_the_shortest_of_at_least_three_counts():
    one, two = iter([9.0, 4.0, 2.0, 7.0]), iter([1.0, 8.0, 3.0, 5.0])
    found = shortest({"one": lambda: next(one), "two": lambda: next(two)}, patience=0)
    assert found == {"one": 2.0, "two": 3.0}, "without the first, which prepares"


def untouched(learner: nn.Module, measured) -> bool:
    """Whether `measured()` changes neither `learner` nor the global random state."""
    before = {name: tensor.clone() for name, tensor in learner.state_dict().items()}
    random, mode = torch.get_rng_state(), learner.training
    measured()
    same = all(torch.equal(before[name], t) for name, t in learner.state_dict().items())
    alone = torch.equal(random, torch.get_rng_state()) and learner.training is mode
    return same and alone and all(p.grad is None for p in learner.parameters())


def test_measuring_a_precision_leaves_no_trace(monkeypatch):
    monkeypatch.setattr(speedups, "_measured", {})
    learner = small()
    assert untouched(learner, lambda: faster_precision(learner, ONE))


# --- torch.compile -------------------------------------------------------------------------------


def steps_take(monkeypatch, plain: float, built: float, building: float) -> None:
    """Play a machine on which a step takes so long, and so long the first with built code."""
    monkeypatch.setattr(speedups, "compiled", lambda network: network.eval())
    first = iter([building])

    def seconds(network, X, precision):
        return plain if network.training else next(first, built)

    monkeypatch.setattr(speedups, "step_seconds", seconds)


@pytest.mark.parametrize(
    ("built", "building", "pays"),
    [
        (0.8, 50, True),  # 400 of 2,000 s saved, 100 s to build code for both sizes
        (0.8, 300, False),  # 600 s to build
        (0.95, 0, False),  # not clearly faster
        (1.1, 0, False),
    ],
)
def test_compiled_only_if_the_training_then_ends_sooner(built, building, pays, monkeypatch, capsys):
    steps_take(monkeypatch, 1.0, built, building)
    assert compile_pays(small(), ONE, seconds=2_000, sizes=2, precision="float32") is pays
    told = capsys.readouterr().out
    assert told.startswith("Compiled" if pays else "Not compiled")
    assert f"a step takes {built:.3g} s with torch.compile, 1 s without" in told


def test_what_is_soon_over_is_not_tried(monkeypatch, capsys):
    monkeypatch.setattr(speedups, "step_seconds", None)
    assert not compile_pays(small(), ONE, WORTH_TRYING - 1, sizes=2, precision="float32")
    assert capsys.readouterr().out == ""


WITHOUT = """
import math
from course_utils import CourseError
from course_utils.training.speedups import compile_pays
from course_utils.training import fit
from tests.test_speedups import ONE, network, noise, small, untouched

learner = small()
print(untouched(learner, lambda: compile_pays(learner, ONE, math.inf, 2, "float32")))
try:
    fit(network(), *noise(), epochs=1, compile=True, device="cpu")
except CourseError as error:
    print(error)
"""


def test_without_a_compiler_it_goes_on_without_or_says_what_is_missing():
    """In a process of its own: what was found of compilers is kept for as long as one lives."""
    surroundings = os.environ | {"CXX": "no-compiler-of-this-name"}
    command = [sys.executable, "-c", WITHOUT]
    done = subprocess.run(
        command, capture_output=True, text=True, env=surroundings, cwd=ROOT, check=True
    )
    told, left_alone, error = done.stdout.splitlines()
    assert told.startswith("Not compiled. torch.compile cannot build code for this network here: ")
    assert left_alone == "True"
    assert re.search(r"cannot build.*no-compiler-of.*g\+\+.*With compile=False the tr", error)


def test_a_python_without_torch_compile(monkeypatch):
    def refuses(*_, **settings):
        raise RuntimeError("torch.compile is not supported on Python 3.99+")

    monkeypatch.setattr(torch, "compile", refuses)
    with pytest.raises(CourseError, match=r"is not supported on Python 3\.99\+\. On the processor"):
        compiled(small())


@pytest.mark.parametrize("pays", [True, False])
def test_it_is_tried_once_after_a_few_steps_and_kept_with_the_checkpoint(pays, monkeypatch):
    asked, built = [], []

    def answer(network, X, seconds, sizes, precision):
        asked.append((len(X), X.shape[-1], seconds > 0, sizes, precision))
        return pays

    monkeypatch.setattr("course_utils.training.loop.compile_pays", answer)
    monkeypatch.setattr("course_utils.training.loop.compiled", lambda n: built.append(n) or n)
    settings = Settings(epochs=2, batch_size=20, sides=(6, 8), precision="float32")
    training = Training(network(), *noise(), settings, "cpu")
    for _ in range(3):
        training.one_step()
    assert training.compiled == "auto"
    assert asked == []
    training.one_step()
    tensors, facts = training.state()
    training.run()
    assert asked == [(20, 6, True, 4, "float32")]
    assert built == [training.network] * pays
    assert training.compiled is pays
    resumed = Training(network(), *noise(), settings, "cpu")
    resumed.load_state(tensors, facts)
    resumed.run()
    assert len(asked) == 1, "a training that goes on does not try it again"
    assert built == [training.network, resumed.network][: 2 * pays]


def test_a_checkpoint_that_does_not_say_whether_it_was_compiled_is_taken_up():
    """Those of earlier versions: compile=False was meant."""
    settings = Settings(epochs=1, batch_size=20, precision="float32", compile=False)
    tensors, facts = Training(network(), *noise(), settings, "cpu").state()
    del facts["compiled"]
    resumed = Training(network(), *noise(), settings, "cpu")
    resumed.load_state(tensors, facts)
    assert resumed.compiled is False


class Enough(Callback):
    """Stops after the fourth step."""

    def step_done(self, training) -> None:
        if training.step == 4:
            raise StopTraining


@BUILDS
def test_built_code_learns_the_same():
    plain, built = network(), network()
    for learner, compile in ((plain, False), (built, True)):
        learner[5].p = 0.0  # of Dropout: built code draws other numbers
        settings = {"epochs": 1, "batch_size": 30, "precision": "float32", "compile": compile}
        fit(learner, *noise(), **settings, device="cpu")
    for name, tensor in built.state_dict().items():
        assert torch.allclose(tensor, plain.state_dict()[name], atol=1e-5), name


@BUILDS
def test_built_code_is_resumed_to_the_same_bits(tmp_path):
    """Though the training that is resumed has built the code for smaller last batches earlier."""
    settings = {"epochs": 2, "batch_size": 40, "precision": "float32", "compile": True}
    whole, resumed = network(), network()
    fit(whole, *noise(), **settings, device="cpu")
    for callbacks in ([Enough()], []):
        places = {"checkpoints": tmp_path, "callbacks": callbacks}
        history = fit(resumed, *noise(), **settings, **places, device="cpu")
    assert len(history) == 2
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name
