"""The loop learns, repeats itself from a seed, and counts its mistakes right."""

import math
import os
import signal
import threading

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import CourseError
from course_utils.networks import LeNet
from course_utils.training import (
    Callback,
    Part,
    Settings,
    StopTraining,
    Training,
    fit,
    one_cycle,
)
from course_utils.training.devices import step_seed
from tests.helpers.training import Blobs, linear, network, noise


def test_it_learns():
    network = linear()
    history = fit(network, Blobs(0), Blobs(1), epochs=3, batch_size=32)
    assert [epoch.number for epoch in history] == [1, 2, 3]
    assert history[-1].validation_accuracy > 0.95
    assert history[-1].train_loss < history[0].train_loss


def test_same_seed_same_weights_and_no_global_random_state_is_touched():
    before = torch.random.get_rng_state()
    one, two, other = linear(), linear(), linear()
    fit(one, Blobs(0), Blobs(1), epochs=2, seed=3)
    fit(two, Blobs(0), Blobs(1), epochs=2, seed=3)
    fit(other, Blobs(0), Blobs(1), epochs=2, seed=4)
    assert torch.equal(one[1].weight, two[1].weight)
    assert not torch.equal(one[1].weight, other[1].weight)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_callbacks_get_every_epoch():
    seen = []
    history = fit(linear(), Blobs(0), Blobs(1), epochs=2, callbacks=[seen.append])
    assert seen == history
    assert str(seen[0]).startswith("epoch 1: training loss ")


class Diary(Callback):
    """Writes down what it is told, with the step and the position in the epoch."""

    def __init__(self):
        self.entries = []

    def started(self, training):
        self.entries.append("started")

    def step_done(self, training):
        self.entries.append((training.step, training.now.position))

    def epoch_done(self, training):
        self.entries.append(f"epoch {training.epoch}")

    def ended(self, training):
        self.entries.append("ended")


def test_callbacks_hear_of_everything_in_order():
    diary = Diary()
    fit(linear(), Blobs(0, 80), Blobs(1, 10), epochs=2, batch_size=32, callbacks=[diary])
    first, second = [(1, 32), (2, 64), (3, 80)], [(4, 32), (5, 64), (6, 80)]
    assert diary.entries == ["started", *first, "epoch 1", *second, "epoch 2", "ended"]


def test_a_callback_can_stop_the_training():
    class Enough(Diary):
        def step_done(self, training):
            super().step_done(training)
            if training.step == 4:
                raise StopTraining

    diary = Enough()
    history = fit(linear(), Blobs(0, 80), Blobs(1, 10), epochs=9, batch_size=32, callbacks=[diary])
    assert len(history) == 1
    assert diary.entries[-2:] == [(4, 32), "ended"]


# --- the arithmetic of a step --------------------------------------------------------------------


def bare_loop(learner: nn.Module, train: Part, epochs: int, batch_size: int, rate: float) -> list:
    """What `fit` shall compute, written down in the plainest way; the loss of each step."""
    learner.to(memory_format=torch.channels_last)
    generator = torch.Generator().manual_seed(3)
    batches = train.batches(batch_size, shuffle=True, augment=True, generator=generator)
    optimizer = torch.optim.SGD(learner.parameters(), rate, momentum=0.9, nesterov=True)
    total, losses, step = epochs * len(batches), [], 0
    for side in (6, 8)[:epochs]:
        learner.train()
        for X, y in batches:
            rest = step / total
            rate_now = rate * (rest / 0.3 if rest < 0.3 else (1 - rest) / 0.7)
            optimizer.param_groups[0]["lr"] = rate_now
            if side == 6:
                X = X[:, :, 1:7, 1:7]
            torch.manual_seed(step_seed(3, step))
            with torch.autocast("cpu", torch.bfloat16):
                Y_hat = learner(X)
            loss = F.cross_entropy(Y_hat.float(), y, label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            losses.append(loss.item())
    return losses


class Losses(Callback):
    """Keeps the loss of each step."""

    def __init__(self):
        self.found = []

    def step_done(self, training):
        self.found.append(training.loss)


def test_it_computes_what_a_bare_loop_computes_to_the_last_digit():
    """With much that is on: parts of images, bfloat16, smoothed labels, Dropout."""
    train, validation = noise()
    one, two, losses = network(), network(), Losses()
    with torch.random.fork_rng(devices=[]):
        expected = bare_loop(one, train, epochs=2, batch_size=20, rate=0.1)
    settings = {"batch_size": 20, "learning_rate": 0.1, "weight_decay": 0, "label_smoothing": 0.1}
    settings |= {"warm_up": 0.3, "sides": (6, 8), "precision": "bfloat16", "seed": 3}
    fit(two, train, validation, 2, **settings, device="cpu", callbacks=[losses])
    assert losses.found == expected
    for name, tensor in one.state_dict().items():
        assert torch.equal(tensor, two.state_dict()[name]), name


def test_one_cycle_by_hand():
    shares = [one_cycle(progress, 0.25) for progress in (0, 0.125, 0.25, 0.625, 1)]
    assert shares == [0, 0.5, 1, 0.5, 0]
    assert [one_cycle(progress, 0) for progress in (0, 0.5, 1)] == [1, 0.5, 0]


def test_cutout_draws_from_a_state_of_its_own():
    """Twice the same, whatever the global random state is; and other than without."""
    learners = []
    for cutout in (3, 3, 0):
        learners.append(network())
        torch.rand(len(learners))  # moves the global state on
        fit(learners[-1], *noise(), epochs=1, batch_size=20, cutout=cutout, device="cpu")
    one, two, without = (learner[0].weight for learner in learners)
    assert torch.equal(one, two)
    assert not torch.equal(one, without)


def test_frozen_weights_stay_as_they_are():
    learner = network()
    learner[0].requires_grad_(False)
    before = learner[0].weight.clone()
    fit(learner, *noise(), epochs=1, device="cpu")
    assert torch.equal(learner[0].weight, before)
    learner.requires_grad_(False)
    with pytest.raises(CourseError, match=r"frozen.*requires_grad_\(True\)"):
        fit(learner, *noise(), epochs=1)


def test_dropout_draws_from_a_state_of_its_own():
    """What other cells draw meanwhile changes nothing, and they are not disturbed."""

    class Disturbs(Callback):
        def step_done(self, training):
            torch.rand(training.step)

    quiet, loud = network(), network()
    with torch.random.fork_rng(devices=[]):
        fit(quiet, *noise(), epochs=2, device="cpu")
        fit(loud, *noise(), epochs=2, device="cpu", callbacks=[Disturbs()])
    assert torch.equal(quiet[0].weight, loud[0].weight)


def test_the_network_comes_back_to_its_device_and_in_its_place():
    learner = network()
    weight = learner[0].weight
    fit(learner, *noise(), epochs=1)
    assert learner[0].weight is weight
    assert weight.device.type == "cpu"


# --- step by step --------------------------------------------------------------------------------


def tiny(callbacks=(), **settings) -> Training:
    settings = Settings(**{"epochs": 2, "batch_size": 20, "precision": "float32", **settings})
    return Training(network(), *noise(), settings, "cpu", callbacks)


def one_epoch(training: Training) -> None:
    """Train to the end of the epoch that is under way."""
    before = training.epoch
    while training.epoch == before:
        training.one_step()


def test_single_steps_epochs_and_all_of_it_are_the_same_training():
    stepwise, whole = tiny(), tiny()
    stepwise.one_step()
    stepwise.one_step()
    assert (stepwise.step, stepwise.epoch, stepwise.now.position) == (2, 0, 40)
    one_epoch(stepwise)
    assert (stepwise.step, stepwise.epoch, stepwise.now.position) == (5, 1, 0)
    while not stepwise.done:
        stepwise.one_step()
    whole.run()
    assert torch.equal(stepwise.network[0].weight, whole.network[0].weight)
    for what in ("train_loss", "validation_loss"):
        assert stepwise.history.curve(what) == whole.history.curve(what)


def test_a_new_batch_size_holds_from_the_next_batch_on_and_no_image_is_lost():
    training, diary = tiny(), Diary()
    training.callbacks.append(diary)
    training.one_step()
    training.batch_size = 35
    one_epoch(training)
    assert diary.entries == [(1, 20), (2, 55), (3, 90), "epoch 1"]


def test_the_learning_rate_goes_by_images_seen_whatever_the_batch_size():
    training = tiny(warm_up=0.5, learning_rate=0.1)
    for _ in range(3):
        training.one_step()
    before = training.progress
    training.batch_size = 10
    assert training.progress == pytest.approx(before, abs=0.04)
    training.learning_rate = 0.2
    training.one_step()
    rate = training.optimizer.param_groups[0]["lr"]
    assert rate == pytest.approx(0.2 * one_cycle(6 / 18, 0.5))


@pytest.fixture
def interrupts():
    """A process that was started in the background ignores them: then nothing would be tested."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_waits_until_the_step_is_done():
    """In the middle of a step weights, momentum and position do not belong together."""
    training = tiny(epochs=5)

    def interrupt(*_) -> None:
        if training.step == 2:
            os.kill(os.getpid(), signal.SIGINT)

    training.network.register_forward_hook(interrupt)
    training.run()
    assert (training.step, training.now.position) == (3, 60)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_trains_in_a_thread_too():
    training = tiny()
    thread = threading.Thread(target=training.run)
    thread.start()
    thread.join()
    assert training.done
    assert len(training.history) == 2


def test_an_interrupt_keeps_what_was_learned(capsys):
    def interrupt(epoch):
        if epoch.number == 2:
            raise KeyboardInterrupt

    history = fit(linear(), Blobs(0), Blobs(1), epochs=5, callbacks=[interrupt])
    assert len(history) == 2
    assert "Stopped after 2 of 5 epochs" in capsys.readouterr().out


def test_a_loss_that_is_no_number_is_explained():
    with pytest.raises(CourseError, match=r"After \d+ steps the loss is .*smaller learning_rate"):
        fit(linear(), Blobs(0), Blobs(1), epochs=3, batch_size=16, learning_rate=1e30)


class Breaks(Callback):
    """Ruins the weights after a step of its own choice."""

    def __init__(self, step: int, factor: float):
        self.step, self.factor = step, factor

    def step_done(self, training):
        if training.step == self.step:
            self.good = {name: t.cpu() for name, t in self.before.items()}
            with torch.no_grad():
                training.network[-1].weight.mul_(self.factor)

    def epoch_done(self, training):
        self.before = {name: t.clone() for name, t in training.network.state_dict().items()}


@pytest.mark.parametrize(
    ("factor", "rate", "said"),
    [
        (math.nan, 0.01, "is nan"),
        (1e6, 1e-9, r"above 4\.2 for 50 steps, where guessing gives 1\.4"),
    ],
)
def test_after_a_failure_the_network_is_what_it_was_when_all_was_well(factor, rate, said):
    learner, breaks = network(), Breaks(40, factor)
    with pytest.raises(CourseError, match=f"loss (has been )?{said}.*was after 36 steps"):
        fit(learner, *noise(), epochs=60, batch_size=10, learning_rate=rate, callbacks=[breaks])
    for name, tensor in learner.state_dict().items():
        assert torch.equal(tensor, breaks.good[name]), name


def test_a_network_that_ends_in_nan_is_a_failure_too():
    """The last step can ruin what no step follows on."""

    class Last(Breaks):
        before = {}  # noqa: RUF012

    with pytest.raises(CourseError, match="is nan"):
        fit(network(), *noise(), epochs=1, batch_size=30, callbacks=[Last(3, math.nan)])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epochs": 0}, "epochs is 0"),
        ({"epochs": 2.5}, "epochs is 2.5: give a whole number"),
        ({"batch_size": "32"}, "batch_size is '32'"),
        ({"learning_rate": -1}, "learning_rate is -1"),
        ({"learning_rate": "0.1"}, "learning_rate is '0.1'"),
        ({"warm_up": 1}, "warm_up is 1: give a share"),
        ({"label_smoothing": -0.1}, "label_smoothing is -0.1"),
        ({"weight_decay": -1}, "weight_decay is -1: give a number, 0 or more"),
        ({"sides": 8}, "sides is 8: give a list with one number for each epoch"),
        ({"sides": (16,)}, "sides has 1 numbers for 5 epochs"),
        ({"sides": (8, 8, 8, 8, 9)}, "sides has 9, the images have 8 pixels"),
        ({"cutout": -1}, "cutout is -1: give a number of pixels"),
        ({"optimizer": "moun"}, "no optimizer 'moun'. Did you mean 'muon'"),
        ({"precision": "float16"}, "no precision 'float16': choose one of auto, float32, bfloat16"),
        ({"batchsize": 32}, "no setting 'batchsize'. Did you mean 'batch_size'"),
        ({"calbacks": [print]}, "no setting 'calbacks'. Did you mean 'callbacks'"),
        ({"device": "gpu"}, "no device 'gpu'"),
        ({"checkpoints": "folder", "keep": 0}, "keep is 0"),
        ({"callbacks": print}, r"callbacks is a list.*\[print\]"),
    ],
)
def test_settings_that_cannot_be(wrong, said):
    with pytest.raises(CourseError, match=said):
        fit(linear(), Blobs(0), Blobs(1), **wrong)


def test_there_must_be_images():
    with pytest.raises(CourseError, match="no image to train with"):
        fit(linear(), Blobs(0, size=0), Blobs(1))
    with pytest.raises(CourseError, match="no image to validate"):
        fit(linear(), Blobs(0), Blobs(1, size=0))


def test_a_network_that_does_not_fit_the_images():
    with pytest.raises(CourseError, match=r"cannot take a batch of shape \(30, 3, 8, 8\)"):
        fit(LeNet(3), *noise())
    with pytest.raises(CourseError, match="labels go from 0 to 3, and the network has 2 classes"):
        fit(linear(), *noise())


def test_images_that_cannot_be_resumed_in_the_middle():
    training = Training(linear(), Blobs(0), Blobs(1), Settings(), "cpu")
    training.one_step()
    training.batch_size = 64
    with pytest.raises(CourseError, match="cannot be resumed in the middle"):
        training.one_step()
