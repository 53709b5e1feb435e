"""A training goes on from its newest good checkpoint, or says why not; slow/ kills it."""

import json
import shutil
from pathlib import Path

import pytest
import safetensors
import torch

from course_utils import CourseError
from course_utils.networks import save_tensors
from course_utils.training import Callback, Part, StopTraining, fit
from course_utils.training.checkpoints import newest
from tests.helpers.training import Noise, network

SETTINGS = {"epochs": 3, "batch_size": 20, "precision": "float32", "device": "cpu"}


class StopAfter(Callback):
    """Ends the training after so many steps."""

    def __init__(self, step: int):
        self.step = step

    def step_done(self, training):
        if training.step >= self.step:
            raise StopTraining


def trained(folder: Path | None, *callbacks: Callback, **changes: object):
    """(network, history) of a small training with its checkpoints in `folder`."""
    learner, data = network(), Noise(120)
    parts = (Part(data, torch.arange(90)), Part(data, torch.arange(90, 120)))
    settings = {**SETTINGS, "checkpoints": folder, **changes}
    return learner, fit(learner, *parts, callbacks=callbacks, **settings)


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    return all(torch.equal(t, other.state_dict()[n]) for n, t in one.state_dict().items())


def files(folder: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[0] for path in folder.iterdir())


def test_a_stopped_training_goes_on_to_the_same_weights_and_the_same_table(tmp_path, capsys):
    whole, history = trained(None)
    trained(tmp_path, StopAfter(7))
    said = capsys.readouterr().out
    assert said == f"The same call with checkpoints={str(tmp_path)!r} goes on from there.\n"
    learner, again = trained(tmp_path)
    assert "epoch 2, after 40 of 90 images." in capsys.readouterr().out
    assert same(learner, whole)
    for what in ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"):
        assert again.curve(what) == history.curve(what)


def test_a_finished_training_is_not_done_again(tmp_path, capsys):
    whole, history = trained(tmp_path)
    learner, again = trained(tmp_path, StopAfter(1))
    assert same(learner, whole)
    assert again == history
    assert capsys.readouterr().out.endswith(": all 3 epochs are done.\n")


def test_the_newest_are_kept(tmp_path):
    trained(tmp_path)
    names = [f"epoch-{epoch:04}-step-{5 * epoch:09}" for epoch in range(4)]
    assert files(tmp_path) == names[1:]
    trained(tmp_path / "two", keep=2, every=0)
    assert files(tmp_path / "two") == ["epoch-0002-step-000000015", names[3]]


def test_what_was_changed_while_it_ran_is_kept_too(tmp_path):
    class Change(Callback):
        def step_done(self, training):
            if training.step == 3:
                training.learning_rate, training.batch_size = 0.01, 30

    whole, _ = trained(None, Change())
    trained(tmp_path, Change(), StopAfter(4))
    assert same(trained(tmp_path)[0], whole)


@pytest.mark.parametrize("spoil", [lambda b: b[:-7], lambda b: b[:-1] + b"x", lambda b: b""])
def test_a_damaged_one_is_passed_over_with_a_line(spoil, tmp_path, capsys):
    whole, _ = trained(tmp_path, every=0)
    last, before = sorted(tmp_path.iterdir(), reverse=True)[:2]
    last.write_bytes(spoil(last.read_bytes()))
    assert newest(tmp_path)[0] == before
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    assert said[0].startswith(str(last))
    assert said[0].endswith("It is not used.")
    assert same(trained(tmp_path)[0], whole)


def test_nothing_but_damaged_ones_is_a_new_beginning(tmp_path, capsys):
    whole, _ = trained(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"")
    assert same(trained(tmp_path)[0], whole)
    assert capsys.readouterr().out.count("was cut off or changed") == 3


def test_a_file_of_something_else_is_not_used(tmp_path, capsys):
    path = save_tensors({"a": torch.zeros(1)}, tmp_path, "epoch-0009-step-000000099")
    assert newest(tmp_path) is None
    assert f"{path} is no checkpoint of a training" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"epochs": 4}, "epochs was 3, is 4"),
        ({"learning_rate": 0.1, "seed": 1}, "learning_rate was 0.05, is 0.1; seed was 0, is 1"),
        ({"sides": (6, 8, 8)}, r"sides was \[\], is \[6, 8, 8\]"),
    ],
)
def test_of_another_training(changes, said, tmp_path):
    trained(tmp_path, StopAfter(1))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(CourseError, match=f"another training: {said}. Name another folder"):
        trained(tmp_path, **changes)
    assert sorted(tmp_path.iterdir()) == before


def test_of_another_network_or_other_images(tmp_path):
    trained(tmp_path, StopAfter(1))
    learner, data = network(), Noise(120)
    train, validation = Part(data, torch.arange(90)), Part(data, torch.arange(90, 120))
    with pytest.raises(CourseError, match=r"training images was '90 .*', is '60 "):
        fit(learner, Part(data, torch.arange(60)), validation, checkpoints=tmp_path, **SETTINGS)
    wider = torch.nn.Sequential(*learner[:6], torch.nn.Linear(32, 5))
    with pytest.raises(CourseError, match=r"network was 'Sequential .*', is 'Sequential "):
        fit(wider, train, validation, checkpoints=tmp_path, **SETTINGS)


def test_numbers_names_and_text_are_all_that_is_in_it(tmp_path):
    """safetensors and JSON: nothing that could run."""
    trained(tmp_path, StopAfter(2))
    path, tensors, facts = newest(tmp_path)
    with safetensors.safe_open(path, "pt") as file:
        assert json.loads(file.metadata()["training"]) == facts
    kinds = {name.partition(".")[0] for name in tensors}
    assert kinds == {"network", "momentum", "epoch"}
    assert (facts["step"], facts["now"]["position"]) == (2, 40)


def test_a_full_disk_stops_no_training_and_warns_once(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=100)
    whole, _ = trained(None)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage)
        with pytest.warns(UserWarning, match=r"No checkpoints in .*No space left.*goes on") as told:
            learner, history = trained(tmp_path, every=0)
    assert (len(told), len(history)) == (1, 3)
    assert same(learner, whole)
    assert files(tmp_path) == []


def test_a_disk_that_is_full_while_a_file_is_written_leaves_the_one_before(tmp_path, monkeypatch):
    def half(tensors, path, metadata):
        Path(path).write_bytes(b"half")
        raise safetensors.SafetensorError("No space left on device")

    trained(tmp_path, StopAfter(7))
    before = sorted(tmp_path.iterdir())
    with monkeypatch.context() as full:
        full.setattr("safetensors.torch.save_file", half)
        with pytest.warns(UserWarning, match="No space left on device. The training goes on"):
            learner, _ = trained(tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    assert same(learner, trained(tmp_path)[0])


def test_a_folder_that_cannot_be_made_is_told_at_the_start(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.warns(UserWarning, match="No checkpoints in .*file.*The training goes on") as told:
        _, history = trained(tmp_path / "file" / "folder")
    assert (len(told), len(history)) == (1, 3)


def test_an_interrupt_keeps_everything(tmp_path, capsys):
    class Interrupt(Callback):
        def step_done(self, training):
            if training.step == 8:
                raise KeyboardInterrupt

    whole, _ = trained(None)
    trained(tmp_path, Interrupt())
    assert capsys.readouterr().out.splitlines() == [
        "Stopped after 1 of 3 epochs.",
        f"The same call with checkpoints={str(tmp_path)!r} goes on from there.",
    ]
    assert same(trained(tmp_path)[0], whole)
