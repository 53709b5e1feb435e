"""`train()`: a network learns in front of you, and you hold the reins."""

import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import traitlets as t
from torch import nn

from ...datasets import LabelledImages
from ...errors import CourseError
from ...figures import CourseFigure
from ..shared.base import CourseWidget, check_choice, sentence
from ..shared.maps import MapColours
from ..shared.small_images import dataset_for
from ..shared.worker import Seldom, Worker
from . import still
from .breaking import BREAKS, Break, switches
from .inspector import Inspector, Watched
from .messages import about_all, in_words, increments, outcome
from .run import Run, latest
from .setup import Images, Setup, modules, split

STEERED = ("learning_rate", "batch_size")  # settings that can be changed while it runs
LOOKED_INTO = ("layer", "image", "watched")
NEWS, INSIDE, MISTAKES = 0.2, 0.5, 2.0  # seconds between two messages of a kind


class Train(MapColours, CourseWidget):
    """What `train()` returns. It trains in a thread of its own: other cells run meanwhile.

    go, pause, one_step, one_epoch, stop, reset, look: what the buttons do; each returns at once.
    `wait` returns when nothing moves any more.
    learning_rate (the peak), batch_size: hold from the next batch on.
    layer, image, watched: what is shown from inside: a layer, the number of a validation
        image, and which network of a race (0 or 1).
    broken: the name of what is wrong from the next start on, "" for nothing; answer: which answer
        to its question is meant, from 0; −1 for none yet.
    doing: "ready", "running", "paused", "stopped" or "finished".
    runs: those under way, each with its `training`. earlier: those before, curves only.
    parts: the images to train with, and those to validate.
    """

    _esm = Path(__file__).parent / "static/widget.js"
    _css = Path(__file__).parent / "static/widget.css"
    KEPT = ("learning_rate", "batch_size", "layer", "image", "watched", "broken")
    turn: ClassVar[Callable[[], "Train | None"]] = lambda: None  # who trains in this kernel

    learning_rate = t.Float().tag(sync=True)
    batch_size = t.Int().tag(sync=True)
    layer = t.Unicode().tag(sync=True)
    image = t.Int(0).tag(sync=True)
    watched = t.Int(0).tag(sync=True)
    broken = t.Unicode("").tag(sync=True)
    answer = t.Int(-1).tag(sync=True)

    def __init__(self, networks: list[nn.Module], images: Images, recipe: dict[str, Any]) -> None:
        self._setup, self._inspector = Setup(networks, images, recipe), Inspector(images[1])
        self.parts, settings = images, self._setup.settings
        self.doing, self.runs, self.earlier = "ready", list[Run](), list[Run]()
        self._until = ""  # when to pause again: "step", "epoch" or "", never
        self._wrong: Break | None = None  # in the present runs
        self._worker = Worker(self._step, lambda: self.doing == "running", self._failed)
        self._news = Seldom(NEWS, self._send_news)
        self._inside = Seldom(INSIDE, self._send_inside)
        self._mistakes = Seldom(MISTAKES, self._send_mistakes)
        super().__init__(
            learning_rate=settings.learning_rate,
            batch_size=settings.batch_size,
            layer=next(iter(self._inspector.layers(networks[0]))),
        )
        self.observe(self._steer, STEERED)
        self.observe(lambda change: self._worker.order(self._inside.now), LOOKED_INTO)
        self.observe(self._ask, "broken")
        self.observe(lambda change: self._worker.order(self._send_news), "answer")

    # --- Orders, from the page or from a cell: carried out between two batches ---

    def go(self) -> None:
        """Start, or go on after a pause. After the end: anew, from the first weights."""
        self._worker.order(lambda: self._run(""))

    def one_step(self) -> None:
        """Learn from one batch, then pause."""
        self._worker.order(lambda: self._run("step"))

    def one_epoch(self) -> None:
        """Learn to the end of the epoch, then pause."""
        self._worker.order(lambda: self._run("epoch"))

    def pause(self) -> None:
        """Pause after the batch that is under way; `go` goes on."""
        self._worker.order(lambda: self._halt("paused"))

    def stop(self) -> None:
        """End the training. The network keeps what it has learned."""
        self._worker.order(lambda: self._halt("stopped"))

    def reset(self) -> None:
        """As it was at first: the first weights and settings, no curves."""
        self._worker.order(self._reset)

    def look(self) -> None:
        """Show what the network mistakes for what, now."""
        self._worker.order(self._mistakes.now)

    def wait(self) -> None:
        """Return when all orders are carried out and nothing is running."""
        self._worker.wait()

    def handle_message(self, content: dict, buffers: list) -> None:
        """A button of the page: {"do": "go"}; or a new view that knows nothing: {"do": "hello"}."""
        if content.get("do") == "hello":
            self._worker.order(self._hello)
        elif content.get("do") in ("go", "pause", "one_step", "one_epoch", "stop", "reset", "look"):
            getattr(self, content["do"])()
        else:
            super().handle_message(content, buffers)

    def close(self) -> None:
        """Stop, and end the thread."""
        if self.comm is not None:
            self.stop()
            self.wait()
            self._worker.end()
        super().close()

    # --- The thread ---

    def _run(self, until: str) -> None:
        if self.doing not in ("running", "paused"):
            self._begin()
        self._until, self.doing, self.error = until, "running", ""
        other, Train.turn = Train.turn(), weakref.ref(self)
        if other not in (None, self) and other.doing == "running":
            other.pause()
        self._send_news()

    def _begin(self) -> None:
        """New runs; those before become grey curves."""
        wrong = switches(self.parts[0]).get(self.broken)
        if wrong and self.answer < 0:
            how = "Set `answer` to its number, from 0."
            raise CourseError(f"First commit to an answer: {wrong.question} {how}")
        known = {run.key for run in (*self.earlier, *self.runs) if not run.broken}
        chosen: dict[str, Any] = {name: getattr(self, name) for name in STEERED}
        runs = self._setup.runs(wrong, replace(self._setup.settings, **chosen), known)
        for run in self.runs:
            run.retire()
        self.earlier = latest([*self.earlier, *self.runs])
        self.runs, self._wrong = runs, wrong
        self._inspector.forget()
        self._send_all()

    def _step(self) -> None:
        epoch_ended = False
        for run in self.runs:
            if not run.over:
                epoch_ended |= run.one_step()
                if run.failed:
                    self.error = f"{run.name}: {run.failed}"
        if all(run.over for run in self.runs):
            self._halt("finished")
        elif self._until == "step" or (self._until == "epoch" and epoch_ended):
            self._halt("paused")
        else:
            self._news.maybe()
            self._inside.maybe()
            if epoch_ended:
                self._mistakes.maybe()

    def _halt(self, state: str) -> None:
        if self.doing in ("running", "paused"):
            self.doing = state
            if state != "paused":
                for run in self.runs:
                    run.end()
            self._send_news()
            self._inside.now()
            self._mistakes.now()

    def _reset(self) -> None:
        self.runs, self.earlier, self._wrong, self.doing = [], [], None, "ready"
        self._setup.reset()
        for name, value in self.start.items():
            setattr(self, name, value)
        self.error = ""
        self._hello()

    def _failed(self, error: Exception) -> None:
        """What an order or a step raises shows in the widget, which works on."""
        if self.doing == "running":
            self.doing = "paused"
        self.error = sentence(error)
        self._send_news()

    # --- Settings and switches ---

    @t.validate(*STEERED)
    def _sensible(self, proposal: dict) -> Any:
        replace(self._setup.settings, **{proposal["trait"].name: proposal["value"]})  # says if not
        return proposal["value"]

    @t.validate("broken")
    def _is_switch(self, proposal: dict) -> str:
        check_choice("switch", proposal["value"], ["", *BREAKS])
        return str(proposal["value"])

    def _steer(self, change: dict) -> None:
        """Settings hold from the next batch on; such a run is like no other any more."""
        for run in self.runs:
            if not run.over:
                run.training.learning_rate = self.learning_rate * run.factor
                run.training.batch_size = self.batch_size
                run.key = ()

    def _ask(self, change: dict) -> None:
        self.answer = -1
        self._worker.order(self._send_news)

    # --- What the page is told ---

    def _hello(self) -> None:
        self._send_all()  # for a view that has just come
        self._inside.now()
        self._mistakes.now()

    def _send_all(self) -> None:
        """All that stays as it is, and all curves from their first point."""
        for run in (*self.earlier, *self.runs):
            run.sent = (0, 0)
        self._send_news(about=about_all(self._setup, self._inspector.classes), also=self.earlier)

    def _send_news(self, about: dict | None = None, also: Sequence[Run] = ()) -> None:
        """How all runs get on, and the points that the page has not got yet."""
        over = self.doing in ("stopped", "finished")
        runs, points = increments([*also, *self.runs], earlier=also)
        content = {
            "kind": "news",
            "about": about,
            "state": self.doing,
            "runs": runs,
            "words": in_words(self._setup, [*self.runs, *self.earlier]),
            "outcome": outcome(self._wrong) if self._wrong and over else None,
        }
        self.send(content, [points])

    def _send_inside(self) -> None:
        self.send(*self._inspector.inside(self._watch(), self.layer, self.image))

    def _send_mistakes(self) -> None:
        self.send(*self._inspector.mistakes(self._watch()))

    def _watch(self) -> Watched:
        """What one looks into: a run, or before the first start a network."""
        runs = [Watched(r.name, r.training.network, r.training.validation) for r in self.runs]
        named = zip(self._setup.titles, self._setup.networks, strict=True)
        each = runs or [Watched(title, network, self.parts[1]) for title, network in named]
        return each[min(max(self.watched, 0), len(each) - 1)]

    def __repr__(self) -> str:
        return f"train: {self.doing}; {in_words(self._setup, [*self.runs, *self.earlier])}"

    def still(self) -> CourseFigure:
        """The curves so far as a figure."""
        title, runs = " against ".join(self._setup.titles), [*self.runs, *self.earlier]
        return still.draw(runs, f"{title}: {self.doing}", in_words(self._setup, runs))


def train(
    network: str | nn.Module = "lenet",
    data: LabelledImages | Images | None = None,
    other: str | nn.Module | None = None,
    **recipe: Any,
) -> Train:
    """Train a network live: start, pause, steer it, look into it, break it on purpose.

    network: a name of `networks()`, which begins untrained, or any `nn.Module`, which is trained
        in place. other: a second one, for a race on the same batches.
    data: images to train with, by default digits for "lenet", CIFAR-10 for "lenet-cifar10"; a
        tenth, 5,000 at most, is held out to validate. Or a pair: (to train with, to validate).
    recipe: settings of `fit`, such as epochs=10 (3 by default), learning_rate=0.1, augment=False.
        checkpoints=folder is for the first run; after a restart of the kernel it goes on there.
    Raises `CourseError` for a name or a setting that there is not.
    """
    networks = [n for n in (network, other) if n is not None]
    dataset = dataset_for(networks, data[0] if isinstance(data, tuple) else data)
    return Train(modules(networks, dataset), split(data, dataset), recipe)
