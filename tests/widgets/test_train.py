"""train() through its orders and traits: what it does to a training, what it tells the page."""

import sys
import threading
import time

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import CourseError, figures
from course_utils.datasets import load_digits
from course_utils.training import Part, Settings, Training
from course_utils.widgets.shared import worker
from course_utils.widgets.shared.worker import Seldom, Worker
from course_utils.widgets.train import inspector
from course_utils.widgets.train.breaking import BREAKS, Break
from course_utils.widgets.train.widget import Train, train
from tests.helpers.training import Images


class Colours(Images):
    """Images that can be learned: the class is how bright they are."""

    classes = ("black", "dark", "bright", "white")

    def __init__(self):
        super().__init__()
        self.labels = torch.arange(400) % 4
        pixels = torch.randint(0, 60, (400, 32, 32, 3), generator=torch.Generator().manual_seed(1))
        pixels = (pixels + 60 * self.labels[:, None, None, None]).to(torch.uint8)
        self.images = pixels.permute(0, 3, 1, 2)


def small(seed: int = 0) -> nn.Module:
    """A convolution and a linear layer: quick."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Conv2d(3, 4, 3, stride=4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 8 * 8, 4)
        )


RECIPE = {"epochs": 2, "batch_size": 40, "precision": "float32", "device": "cpu"}


@pytest.fixture
def made():
    """Make widgets; what each tells the page is in `widget.told`, the bytes in `widget.pixels`."""
    widgets = []

    def make(*arguments, **recipe):
        network, *rest = arguments or [small()]
        widget = train(network, rest[0] if rest else Colours(), *rest[1:], **(RECIPE | recipe))
        widget.told, widget.pixels = [], []

        def send(content, buffers):
            widget.told.append(content)
            widget.pixels.append(buffers)

        widget.send = send
        widgets.append(widget)
        return widget

    yield make
    for widget in widgets:
        widget.stop()
        widget.wait()


def last(widget, kind: str) -> tuple[dict, list[bytes]]:
    """The newest message of a kind, and its bytes."""
    found = [i for i, content in enumerate(widget.told) if content["kind"] == kind]
    return widget.told[found[-1]], widget.pixels[found[-1]]


def go(widget, order="go"):
    getattr(widget, order)()
    widget.wait()


def test_it_trains_exactly_as_fit_does(made):
    network, same = small(), small()
    widget = made(network)
    go(widget)
    settings = {name: value for name, value in RECIPE.items() if name != "device"}
    run = widget.runs[0]
    alone = Training(same, run.training.train, run.training.validation, Settings(**settings))
    assert [e.train_loss for e in alone.run()] == [e.train_loss for e in run.training.history]
    assert all(map(torch.equal, network.state_dict().values(), same.state_dict().values()))


def test_lenet_learns_digits_and_shows_them_in_grey(made):
    widget = made("lenet", (few := Part(load_digits("train"), torch.arange(100)), few), epochs=1)
    go(widget)
    content, (image, _, kernels) = last(widget, "inside")
    pixels = few.data.images[0, 0].numpy()
    shown = np.frombuffer(image, np.uint8).reshape(32, 32, 3)
    assert np.array_equal(shown[2:-2, 2:-2], np.stack([pixels] * 3, axis=2))
    assert content["label"] == str(int(few.labels[0]))
    assert content["kernels"]["shape"] == (6, 1, 5, 5)
    assert content["kernels"]["across"] == 3
    assert len(kernels) == 6 * 5 * 5 * 3
    assert "MNIST" in widget.told[0]["about"]["data"]
    assert widget.error == ""


@pytest.mark.parametrize("name", BREAKS)
def test_every_switch_works_with_digits(made, name):
    few = Part(load_digits("train"), torch.arange(60))
    widget = made("lenet", (few, few))
    widget.broken = name
    widget.answer = 0
    go(widget, "one_step")
    assert (widget.error, widget.doing) == ("", "paused")


def test_step_epoch_pause_stop_and_again(made):
    widget = made()
    go(widget, "one_step")
    assert (widget.doing, widget.runs[0].images) == ("paused", 40)
    go(widget, "one_step")
    assert widget.runs[0].images == 80
    go(widget, "one_epoch")
    assert widget.runs[0].images == 360
    assert len(widget.runs[0].checks) == 1
    go(widget)
    assert (widget.doing, widget.runs[0].images) == ("finished", 720)
    go(widget, "one_step")
    assert len(widget.earlier) == 1
    go(widget, "stop")
    assert widget.doing == "stopped"
    assert widget.runs[0].images == 40
    go(widget, "reset")
    assert (widget.doing, widget.runs, widget.earlier) == ("ready", [], [])


def test_pause_takes_hold_while_it_runs_and_the_kernel_stays_free(made):
    widget = made(epochs=10_000)
    widget.go()
    while not widget.runs or widget.runs[0].images < 400:
        time.sleep(0.005)
    go(widget, "pause")
    seen = widget.runs[0].images
    time.sleep(0.05)
    assert (widget.doing, widget.runs[0].images) == ("paused", seen)


def test_the_second_start_begins_with_the_first_weights(made):
    widget = made()
    go(widget)
    go(widget)
    one, two = widget.earlier[0], widget.runs[0]
    assert [c[2:] for c in one.checks] == [c[2:] for c in two.checks]


def test_networks_are_touched_by_one_thread_only(made, monkeypatch):
    """A view that comes, or a choice, while a batch is learned: eval mode would spoil the batch."""
    widget = made(epochs=10_000)
    threads = set()
    for name in ("inside", "mistakes"):
        real = getattr(inspector, name)

        def spy(*arguments, real=real):
            threads.add(threading.current_thread().name)
            return real(*arguments)

        monkeypatch.setattr(inspector, name, spy)
    widget.go()
    for content in ({"do": "hello"}, {"do": "look"}, {"do": "pause"}):
        widget.handle_message(content, [])
    widget.layer = "relu1"
    widget.wait()
    assert threads == {"course"}


def test_reset_brings_weights_and_settings_back(made):
    network = small()
    before = network[0].weight.clone()
    widget = made(network)
    widget.learning_rate, widget.broken = 0.5, "sigmoid"
    widget.broken = ""
    go(widget)
    assert not torch.equal(network[0].weight, before)
    go(widget, "reset")
    assert torch.equal(network[0].weight, before)
    assert (widget.learning_rate, widget.batch_size) == (0.05, 40)


def test_learning_rate_and_batch_size_hold_from_the_next_batch(made):
    widget = made()
    go(widget, "one_step")
    widget.learning_rate, widget.batch_size = 0.2, 20
    go(widget, "one_step")
    training = widget.runs[0].training
    assert (training.learning_rate, widget.runs[0].images) == (0.2, 60)
    with pytest.raises(CourseError, match="learning_rate is -1"):
        widget.learning_rate = -1.0
    assert widget.learning_rate == 0.2


def collected(widget) -> dict:
    """The points that a page has which heard all messages: {run: (points, checks)}."""
    runs = {}
    for content, buffers in zip(widget.told, widget.pixels, strict=True):
        if content["kind"] != "news":
            continue
        if content["about"]:
            runs = {}
        values, place = np.frombuffer(buffers[0], np.float32).reshape(-1, 4), 0
        for run in content["runs"]:
            kept = runs.setdefault(run["number"], ([], []))
            for points, first, end in zip(kept, run["from"], run["to"], strict=True):
                assert len(points) - first in (0, 1)  # an increment, or the last one better known
                del points[first:]
                points += values[place : place + end - first].tolist()
                place += end - first
        assert place == len(values)
    return runs


def test_increments_add_up_to_the_curves(made, monkeypatch):
    monkeypatch.setattr(sys.modules[Train.__module__], "NEWS", 0.0)
    monkeypatch.setattr(worker, "SHARE", 1e9)
    widget = made()
    go(widget, "one_step")
    go(widget)
    points, checks = collected(widget)[0]
    run = widget.runs[0]
    np.testing.assert_allclose(points, run.points, rtol=1e-6)
    np.testing.assert_allclose(checks, run.checks, rtol=1e-6)
    assert sum(content["kind"] == "news" for content in widget.told) > 10
    seen = np.diff([0, *(point[0] for point in run.points)])
    mean = sum(seen * [point[2] for point in run.points]) / seen.sum()
    losses = [epoch.train_loss for epoch in run.training.history]
    assert mean == pytest.approx(np.mean(losses), rel=1e-6)  # no image is lost between points


def test_a_new_view_gets_all_of_it(made):
    widget = made()
    go(widget)
    widget.told, widget.pixels = [], []
    widget.handle_message({"do": "hello"}, [])
    widget.wait()
    assert [content["kind"] for content in widget.told] == ["news", "inside", "mistakes"]
    assert len(collected(widget)[0][1]) == 2
    assert widget.told[0]["about"]["classes"] == Colours.classes


def test_inside_is_what_the_network_computes(made):
    network = small()
    widget = made(network)
    go(widget)
    widget.image = 3
    widget.wait()
    content, (image, maps, kernels) = last(widget, "inside")
    assert content["layer"] == "conv1"
    weight = network[0].weight.detach().permute(0, 2, 3, 1).numpy()
    shares = np.frombuffer(kernels, np.uint8).reshape(weight.shape) / 255
    np.testing.assert_allclose((shares * 2 - 1) * np.abs(weight).max(), weight, atol=0.002)
    images = widget.parts[1].data.images[widget.parts[1].indices]
    shown = np.frombuffer(image, np.uint8).reshape(32, 32, 3)
    assert np.array_equal(shown, images[3].permute(1, 2, 0))
    x = next(iter(widget.parts[1].batches(10)))[0][3:4]
    values = network[0](x)[0].detach().numpy()
    level = np.frombuffer(maps, np.uint8).reshape(values.shape)
    low, high = content["maps"]["low"], content["maps"]["high"]
    assert (low, high) == (pytest.approx(values.min()), pytest.approx(values.max()))
    most = max(-low, high)  # the scale goes as far below zero as above
    np.testing.assert_allclose(level, (values / most + 1) / 2 * 255, atol=0.51)
    widget.layer = "fc1"
    widget.wait()
    content, _ = last(widget, "inside")
    assert content["kernels"] is None
    assert content["maps"]["shape"] == (4, 1, 1)


def test_mistakes_are_counted_on_the_validation_images(made):
    widget = made()
    go(widget)
    content, (pixels,) = last(widget, "mistakes")
    counts = np.array(content["counts"])
    assert counts.sum() == content["total"] == 40
    assert counts.trace() == content["right"]
    assert content["right"] / 40 == pytest.approx(widget.runs[0].checks[-1][3])
    assert len(pixels) == len(content["worst"]) * 32 * 32 * 3


def test_race_on_the_same_batches(made):
    seen = []

    class Spy(Colours):
        def batches(self, batch_size, **settings):
            batches = super().batches(batch_size, **settings)
            if settings.get("shuffle"):
                seen.append(batches)
            return batches

    widget = made(small(0), Spy(), small(1))
    go(widget)
    one, two = widget.runs
    assert one.images == two.images == 720
    assert len(seen) == 4
    assert min(one.seconds, two.seconds) > 0
    names = ["Sequential", "Sequential (2)"]
    widget.watched = 1
    widget.wait()
    assert [run["name"] for run in last(widget, "news")[0]["runs"]] == names
    assert last(widget, "inside")[0]["name"] == names[1]
    same = made(small(0), Colours(), small(0))
    go(same)
    assert [p[2:] for p in same.runs[0].checks] == [p[2:] for p in same.runs[1].checks]


def test_a_broken_run_stands_beside_a_whole_one(made):
    widget = made()
    widget.broken = "sigmoid"
    go(widget)
    assert "First commit to an answer" in widget.error
    assert widget.doing == "ready"
    widget.answer = 2
    go(widget)
    assert [run.name for run in widget.runs] == [
        "Sequential, sigmoid in place of ReLU",
        "Sequential",
    ]
    assert isinstance(widget.runs[0].training.network[1], nn.Sigmoid)
    assert isinstance(widget.runs[1].training.network[1], nn.ReLU)
    outcome = last(widget, "news")[0]["outcome"]
    assert outcome == {"right": 2, "text": BREAKS["sigmoid"].explanation}
    widget.broken, widget.answer = "zero", 0
    go(widget)
    assert [run.name for run in widget.runs] == ["Sequential, all weights zero at first"]
    assert [run.name for run in widget.earlier][-1] == "Sequential"
    assert last(widget, "news")[0]["outcome"]["right"] == 2


def test_answers_are_not_told_before_the_run_is_over(made):
    widget = made()
    widget.broken, widget.answer = "sigmoid", 0
    go(widget, "one_step")
    assert last(widget, "news")[0]["outcome"] is None
    told = [content["about"] for content in widget.told if content.get("about")]
    assert "explanation" not in str(told)


def test_a_loss_that_is_no_number_is_said_and_the_other_run_goes_on(made, monkeypatch):
    def explode(setting):
        with torch.no_grad():
            setting.network[3].weight.fill_(float("nan"))
        return setting

    monkeypatch.setitem(BREAKS, "zero", Break("nan", "?", ("a", "b"), 0, "because", explode))
    widget = made()
    widget.broken, widget.answer = "zero", 0
    go(widget)
    assert widget.error.startswith("Sequential, nan: After 1 steps the loss is nan")
    assert (widget.runs[0].failed != "", widget.runs[1].images) == (True, 720)
    assert widget.doing == "finished"
    widget.broken = ""
    go(widget)
    assert (widget.error, widget.runs[0].images) == ("", 720)


def test_a_bug_in_a_step_shows_and_the_widget_works_on(made):
    widget = made()
    go(widget, "one_step")
    widget.runs[0].one_step = lambda: 1 / 0
    go(widget)
    assert "ZeroDivisionError" in widget.error
    assert widget.doing == "paused"
    del widget.runs[0].one_step
    go(widget)
    assert (widget.error, widget.doing) == ("", "finished")


def test_only_one_trains_at_a_time(made):
    first, second = made(epochs=10_000), made()
    first.go()
    while first.doing != "running":
        time.sleep(0.005)
    go(second)
    first.wait()
    assert (first.doing, second.doing) == ("paused", "finished")


def test_with_checkpoints_it_goes_on_after_a_restart(made, tmp_path):
    widget = made(checkpoints=tmp_path)
    go(widget, "one_epoch")
    go(widget, "stop")
    again = made(small(5), checkpoints=tmp_path)
    go(again)
    assert [run.images for run in again.runs] == [720]
    whole = made()
    go(whole)
    assert [c[2:] for c in again.runs[0].checks] == [c[2:] for c in whole.runs[0].checks]
    go(again)  # a start after the end is another training: it has no folder
    assert again.error == ""
    assert again.runs[0].images == 720


@pytest.mark.parametrize(
    ("arguments", "recipe", "message"),
    [
        (("lenett",), {}, "Did you mean 'lenet'"),
        ((3,), {}, "not int"),
        ((), {"epoch": 3}, "Did you mean 'epochs'"),
        ((), {"learning_rate": 0}, "learning_rate is 0"),
    ],
)
def test_what_cannot_be_is_said_at_once(made, arguments, recipe, message):
    with pytest.raises(CourseError, match=message):
        made(*arguments, **recipe)


def test_unknown_switches_offer_the_nearest(made):
    widget = made()
    with pytest.raises(CourseError, match="Did you mean 'zero'"):
        widget.broken = "zer0"
    assert widget.broken == ""


def test_it_describes_itself_in_every_form(made):
    widget = made()
    assert repr(widget) == "train: ready; No curve yet: Sequential untrained"
    assert isinstance(widget.still(), figures.CourseFigure)
    assert widget.still().axes == [], "empty axes say nothing"
    go(widget)
    assert len(widget.still().axes) == 2
    accuracy = widget.runs[0].checks[-1][3]
    assert f"validation accuracy {accuracy:.1%} after 2 epochs" in widget.still().alt
    bundle, metadata = widget._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == widget.still().alt


def test_worker_waits_for_its_last_step():
    left = [3]
    one = Worker(lambda: left.append(left.pop() - 1), lambda: left[-1:] > [0], pytest.fail)
    one.order(lambda: None)
    one.wait()
    assert left == [0]
    one.end()


def test_worker_carries_out_orders_between_two_steps():
    left, told = [0], []

    def step():
        left[0] -= 1
        told.append("step")
        if left[0] == 1:
            one.order(lambda: told.append("order"))

    one = Worker(step, lambda: left[0] > 0, pytest.fail)
    one.order(lambda: told.append("idle"))
    one.order(lambda: left.__setitem__(0, 2))
    one.wait()
    one.end()
    assert told == ["idle", "step", "order", "step"]


def test_seldom_keeps_to_its_share(monkeypatch):
    """What costs much is done less often."""
    work = [0.0]
    monkeypatch.setattr("time.thread_time", lambda: work[0])
    cheap, dear = Seldom(0.2, lambda: None), Seldom(0.2, lambda: work.append(work.pop() + 1))
    cheap.now()
    dear.now()
    assert cheap.next < time.perf_counter() + 0.3
    assert dear.next > time.perf_counter() + 50


@pytest.mark.timeout(10)
def test_nobody_waits_for_a_thread_that_has_ended():
    """At the end of a process a widget is closed after its thread: it would never end."""
    ended = Worker(lambda: None, lambda: False, print)
    ended.order(lambda: None)
    ended.end()
    ended.order(lambda: None)  # as close() does
    ended.wait()
