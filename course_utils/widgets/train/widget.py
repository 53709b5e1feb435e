"""`train()`: a network learns in front of you, and you hold the reins."""

import copy
import math
import weakref
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from itertools import count, cycle
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
import traitlets as t
from matplotlib.axes import Axes
from torch import nn

from ...datasets import load_cifar10
from ...errors import CourseError, nearest
from ...figures import CourseFigure, headline, style, style_axes
from ...networks import info, layers, load_network
from ...training import Checkpoints, Part, Settings, Training, hold_out
from ..shared.base import CourseWidget, sentence
from ..shared.maps import colours
from ..shared.worker import Seldom, Worker
from .breaking import BREAKS, MEASURED, Break, Setting
from .contest import Run
from .inside import inside, mistakes, rgb

DEFAULTS = {"epochs": 3}  # of a run, if nothing else is said
HELD_OUT = 5_000  # validation images at most, and no more than a tenth of all
LOOKED_AT = 1_000  # so many of them one can look into
EARLIER = 4  # runs that stay as grey curves
NEWS, INSIDE, MISTAKES = 0.2, 0.5, 2.0  # seconds between two messages of a kind


class Train(CourseWidget):
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
    colours = t.Bytes(colours()).tag(sync=True)

    def __init__(self, networks: list[nn.Module], train: object, validation: object, recipe: dict):
        self._networks, self.parts = networks, (train, validation)
        titles = [info(network).title for network in networks]
        same = len(titles) == 2 and titles[0] == titles[1]
        self._titles = [titles[0], f"{titles[0]} (2)"] if same else titles
        self._new = [copy.deepcopy(network.state_dict()) for network in networks]
        self._recipe, self._extras = _sorted(recipe)
        settings = Settings(**self._recipe)
        self._looked_at: dict[object, tuple[torch.Tensor, torch.Tensor]] = {}
        self._found: dict[nn.Module, dict[str, nn.Module]] = {}
        self._classes = _classes(validation, self._images(validation)[1])
        self.doing, self.runs, self.earlier = "ready", [], []
        self._numbers, self._until, self._wrong, self._first = count(), "", None, True
        self._worker = Worker(self._step, lambda: self.doing == "running", self._failed)
        self._news = Seldom(NEWS, self._send_news)
        self._inside = Seldom(INSIDE, self._send_inside)
        self._mistakes = Seldom(MISTAKES, self._send_mistakes)
        super().__init__(
            learning_rate=settings.learning_rate,
            batch_size=settings.batch_size,
            layer=next(iter(self._layers(networks[0]))),
        )
        self.observe(self._steer, ["learning_rate", "batch_size"])
        self.observe(lambda change: self._order(self._inside.now), ["layer", "image", "watched"])
        self.observe(self._ask, "broken")
        self.observe(lambda change: self._order(self._send_news), "answer")

    # --- Orders, from the page or from a cell: carried out between two batches ---

    def go(self) -> None:
        """Start, or go on after a pause. After the end: anew, from the first weights."""
        self._order(lambda: self._run(""))

    def one_step(self) -> None:
        """Learn from one batch, then pause."""
        self._order(lambda: self._run("step"))

    def one_epoch(self) -> None:
        """Learn to the end of the pass, then pause."""
        self._order(lambda: self._run("epoch"))

    def pause(self) -> None:
        """Pause after the batch that is under way; `go` goes on."""
        self._order(lambda: self._halt("paused"))

    def stop(self) -> None:
        """End the training. The network keeps what it has learned."""
        self._order(lambda: self._halt("stopped"))

    def reset(self) -> None:
        """As it was at first: the first weights and settings, no curves."""
        self._order(self._reset)

    def look(self) -> None:
        """Show what the network mistakes for what, now."""
        self._order(self._mistakes.now)

    @property
    def title(self) -> str:
        """What the network that is watched is called."""
        return self._watch()[0]

    @property
    def network(self) -> nn.Module:
        """The network that is watched, as it is now."""
        return self._watch()[1]

    def wait(self) -> None:
        """Return when all orders are carried out and nothing is running."""
        self._worker.wait()

    def _order(self, order: Callable[[], None]) -> None:
        self._worker.order(order)

    def handle_message(self, content: dict, buffers: list) -> None:
        """A button of the page: {"do": "go"}; or a new view that knows nothing: {"do": "hello"}."""
        if content.get("do") == "hello":
            self._order(self._hello)
        elif content.get("do") in ORDERS:
            getattr(self, content["do"])()
        else:
            super().handle_message(content, buffers)

    # --- The thread ---

    def _run(self, until: str) -> None:
        """until: when to pause again: "step", "epoch" or "", never."""
        if self.doing not in ("running", "paused"):
            self._begin()
        self._until, self.doing, self.error = until, "running", ""
        other, Train.turn = Train.turn(), weakref.ref(self)
        if other not in (None, self) and other.doing == "running":
            other.pause()
        self._send_news()

    def _begin(self) -> None:
        """New runs; those before become grey curves."""
        wrong = BREAKS.get(self.broken)
        if wrong and self.answer < 0:
            raise CourseError(
                f"First commit to an answer: {wrong.question} Set `answer` to its number, from 0."
            )
        runs = self._contestants(wrong)
        for run in self.runs:
            run.end()
            run.retire()
        self.earlier = [run for run in (*self.earlier, *self.runs) if run.points]
        while len(self.earlier) > EARLIER:  # whole ones are what others are compared with
            first = next((run for run in self.earlier if run.broken), self.earlier[0])
            self.earlier.remove(first)
        self.runs, self._wrong = runs, wrong
        self._looked_at, self._found = {}, {}
        self._send_all()

    def _step(self) -> None:
        passes = sum(len(run.checks) for run in self.runs)
        for run in self.runs:
            if not run.over:
                run.one_step()
                if run.failed:
                    self.error = f"{run.name}: {run.failed}"
        passed = sum(len(run.checks) for run in self.runs) > passes
        if all(run.over for run in self.runs):
            self._halt("finished")
        elif self._until == "step" or (self._until == "epoch" and passed):
            self._halt("paused")
        else:
            self._news.maybe()
            self._inside.maybe()
            if passed:
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
        for network, new in zip(self._networks, self._new, strict=True):
            network.load_state_dict(new)
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

    # --- What is trained ---

    def _contestants(self, wrong: Break | None) -> list[Run]:
        """The runs of the next start. Beside a broken one a whole one, if there was none before."""
        if wrong is None:
            return [self._new_run(s, "") for s in self._settings(None, whole=True)]
        runs = [
            self._new_run(wrong.change(s), wrong.title) for s in self._settings(wrong, whole=False)
        ]
        known = {run.key for run in (*self.earlier, *self.runs) if not run.broken}
        if len(runs) == 1 and runs[0].key not in known:
            runs += [self._new_run(s, "") for s in self._settings(wrong, whole=True)]
        return runs

    def _settings(self, wrong: Break | None, whole: bool) -> Iterable[Setting]:
        """What to train, not broken yet; the networks themselves if `whole`, copies if not."""
        chosen = {"learning_rate": self.learning_rate, "batch_size": self.batch_size}
        for network, new, title in zip(self._networks, self._new, self._titles, strict=True):
            network = network if whole else copy.deepcopy(network)
            network.load_state_dict(new)
            settings = {**self._recipe, **chosen}
            setting = Setting(title, network, self.parts[0], self.parts[1], settings)
            if wrong and wrong.ground:
                yield wrong.ground(setting)
                return  # both networks would be the same
            yield setting

    def _new_run(self, setting: Setting, broken: str) -> Run:
        settings = Settings(**setting.settings)
        training = Training(
            setting.network,
            setting.train,
            setting.validation,
            settings,
            self._extras.get("device"),
            [*self._keepers(broken), *self._extras.get("callbacks", ())],
        )
        same = {**asdict(settings), "learning_rate": self.learning_rate, "augment": None}
        key = (setting.title, len(setting.train), *same.values())
        name = f"{setting.title}, {broken}" if broken else setting.title
        factor = settings.learning_rate / self.learning_rate
        return Run(next(self._numbers), name, training, broken, key, factor)

    def _keepers(self, broken: str) -> list[Checkpoints]:
        """A folder is for one training: the first whole one."""
        places = {n: self._extras[n] for n in ("keep", "every") if n in self._extras}
        folder = self._extras.get("checkpoints")
        if folder is None or broken or len(self._networks) > 1 or not self._first:
            return []
        self._first = False
        return [Checkpoints(folder, **places)]

    @t.validate("learning_rate", "batch_size")
    def _good(self, proposal: dict) -> object:
        Settings(**{**self._recipe, proposal["trait"].name: proposal["value"]})  # says what is not
        return proposal["value"]

    @t.validate("broken")
    def _known(self, proposal: dict) -> str:
        name = proposal["value"]
        if name and name not in BREAKS:
            raise CourseError(
                f"There is no switch {name!r}.{nearest(name, BREAKS)} There are "
                f"{', '.join(BREAKS)}, and '' for none."
            )
        return name

    def _steer(self, change: dict) -> None:
        """Settings hold from the next batch on; such a run is like no other any more."""
        for run in self.runs:
            if run.training and not run.over:
                run.training.learning_rate = self.learning_rate * run.factor
                run.training.batch_size = self.batch_size
                run.key = ()

    def _ask(self, change: dict) -> None:
        self.answer = -1
        self._order(self._send_news)

    # --- What the page is told ---

    def _hello(self) -> None:
        """For a view that has just come."""
        self._send_all()
        self._inside.now()
        self._mistakes.now()

    def _send_all(self) -> None:
        """All that stays as it is, and all curves from their first point."""
        breaks = [
            {"name": name, "title": b.title, "question": b.question, "answers": b.answers}
            | {"note": b.note}
            for name, b in BREAKS.items()
        ]
        data = next(d for d in _parts_of(self.parts[0]) if not hasattr(d, "data"))
        about = {
            "names": self._titles,
            "data": f"{len(self.parts[0]):,} images to train with, {len(self.parts[1]):,} to "
            f"validate, of: {data}",
            "epochs": Settings(**self._recipe).epochs,
            "guess": math.log(len(self._classes)),
            "classes": self._classes,
            "breaks": breaks,
        }
        for run in (*self.earlier, *self.runs):
            run.sent = (0, 0)
        self._send_news(about=about, also=self.earlier)

    def _send_news(self, about: dict | None = None, also: Iterable[Run] = ()) -> None:
        """How all runs get on, and the points that the page has not got yet."""
        news, new_points = [], []
        for run in (*also, *self.runs):
            run.mark()
            first = run.sent
            parts = run.points[first[0] :], run.checks[first[1] :]
            run.sent = len(run.points), len(run.checks)
            new_points += [point for part in parts for point in part]
            news.append(run.facts() | {"from": first, "to": run.sent, "earlier": run in also})
        content = {
            "kind": "news",
            "about": about,
            "state": self.doing,
            "runs": news,
            "words": self._words(),
            "outcome": self._outcome(),
        }
        self.send(content, [np.array(new_points, np.float32).tobytes()])

    def _outcome(self) -> dict[str, object] | None:
        """The right answer and why, once a broken run is over."""
        if self._wrong is None or self.doing not in ("stopped", "finished"):
            return None
        return {"right": self._wrong.right, "text": f"{self._wrong.explanation} {MEASURED}"}

    def _words(self) -> str:
        """The alternative text of the curves."""
        if not self.runs:
            return f"No curve yet: {' and '.join(self._titles)} untrained"
        return "; ".join(map(str, (*self.runs, *self.earlier)))

    def _send_inside(self) -> None:
        """Kernels and maps of the chosen layer for the chosen image."""
        name, network, validation = self._watch()
        (X, labels), (plain, _) = self._images(validation), self._images(self.parts[1])
        i = min(max(self.image, 0), len(X) - 1)
        found = self._layers(network)
        layer = self.layer if self.layer in found else next(iter(found))
        content, buffers = inside(network, (layer, found[layer]), X[i : i + 1], self._classes)
        label = self._classes[int(labels[i])]
        content |= {"kind": "inside", "name": name, "image": i, "images": len(X)}
        content |= {"label": label, "side": plain.shape[-2:]}
        self.send(content, [rgb(plain[i]).tobytes(), *buffers])

    def _send_mistakes(self) -> None:
        """What the network takes for what, and the mistakes that it is surest of."""
        name, network, validation = self._watch()
        (X, labels), (plain, _) = self._images(validation), self._images(self.parts[1])
        content, worst = mistakes(network, X, labels, self._classes)
        content |= {"kind": "mistakes", "name": name, "classes": self._classes}
        self.send({**content, "side": plain.shape[-2:]}, [rgb(plain[worst]).tobytes()])

    def _watch(self) -> tuple[str, nn.Module, object]:
        """Name, network and validation images of what one looks into."""
        if self.runs:
            run = self.runs[min(max(self.watched, 0), len(self.runs) - 1)]
            return run.name, run.training.network, run.training.validation
        i = min(max(self.watched, 0), len(self._networks) - 1)
        return self._titles[i], self._networks[i], self.parts[1]

    def _images(self, validation: object) -> tuple[torch.Tensor, torch.Tensor]:
        """The first of the validation images, and their labels."""
        if validation not in self._looked_at:
            self._looked_at[validation] = next(iter(validation.batches(LOOKED_AT)))
        return self._looked_at[validation]

    def _layers(self, network: nn.Module) -> dict[str, nn.Module]:
        """The layers that one can look into, by name."""
        if network not in self._found:
            shape = tuple(self._images(self.parts[1])[0].shape[1:])
            self._found[network] = {layer.name: layer.module for layer in layers(network, shape)}
        return self._found[network]

    # --- Other forms ---

    def __repr__(self) -> str:
        return f"train: {self.doing}; {self._words()}"

    def still(self) -> CourseFigure:
        """The curves so far as a figure."""
        figure = CourseFigure(4.4, self._words())
        headline(figure, f"{' against '.join(self._titles)}: {self.doing}")
        panels = zip(figure.subplots(1, 2), (2, 3), ("loss", "accuracy"), strict=True)
        for ax, value, what in panels:
            style_axes(ax, xlabel="epochs", ylabel=what)
            for run, color in zip((*self.runs, *self.earlier), cycle(style.CYCLE), strict=False):
                _draw(ax, run, value, color)
        if self.runs:  # one legend for both, where no curve is
            lines = ax.get_legend_handles_labels()
            figure.legend(
                *lines, loc="outside lower left", ncols=2, fontsize=style.SMALL, frameon=False
            )
        return figure


def _draw(ax: Axes, run: Run, value: int, color: str) -> None:
    """A thin line for the training, dots for the validation."""
    for points, line, label in ((run.points, "-", run.name), (run.checks, "o--", "")):
        xy = np.array(points).reshape(-1, 4)
        ax.plot(xy[:, 0] / run.pass_length, xy[:, value], line, color=color, label=label)


EXTRAS = ("device", "callbacks", "checkpoints", "keep", "every")
ORDERS = ("go", "pause", "one_step", "one_epoch", "stop", "reset", "look")


def _sorted(recipe: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """What `Settings` takes and what `Training` takes. `CourseError` for what neither does."""
    known = [f.name for f in fields(Settings)]
    extras = {name: recipe[name] for name in EXTRAS if name in recipe}
    for name in recipe.keys() - extras.keys():
        if name not in known:
            raise CourseError(
                f"train has no setting {name!r}.{nearest(name, known)} There are "
                f"{', '.join((*known, *EXTRAS))}."
            )
    settings = {name: value for name, value in recipe.items() if name not in extras}
    return {**DEFAULTS, **settings}, extras


def _parts_of(data: object) -> Iterable[object]:
    """`data`, what it is a part of, and so on."""
    while data is not None:
        yield data
        data = getattr(data, "data", None)


def _classes(data: object, labels: torch.Tensor) -> tuple[str, ...]:
    """The names of the classes, numbers if the data have no names."""
    names = (part.classes for part in _parts_of(data) if hasattr(part, "classes"))
    return tuple(next(names, map(str, range(int(labels.max()) + 1))))


def _split(data: object) -> tuple[object, object]:
    """(to train with, to validate): a tenth is held out, `HELD_OUT` images at most."""
    if data is None:
        data = load_cifar10("train")
    if isinstance(data, tuple):
        return data
    rest, held_out = hold_out(data, min(HELD_OUT, len(data) // 10))
    if isinstance(data, Part):  # not a part of a part: of the whole
        return tuple(Part(data.data, data.indices[part.indices]) for part in (rest, held_out))
    return rest, held_out


def _network(network: str | nn.Module) -> nn.Module:
    """By name: with random weights, in the form for small images."""
    if isinstance(network, str):
        return load_network(network, weights=None, dataset="cifar10")
    if isinstance(network, nn.Module):
        return network
    raise CourseError(f"A network is a name or an nn.Module, not {type(network).__name__}.")


def train(
    network: str | nn.Module = "lenet",
    data: object = None,
    other: str | nn.Module | None = None,
    **recipe: object,
) -> Train:
    """Train a network live: start, pause, steer it, look into it, break it on purpose.

    network: a name of `networks()`, which begins untrained, or any `nn.Module`, which is trained
        in place. other: a second one, for a race on the same batches.
    data: images to train with, by default those of `load_cifar10`; a tenth of them, 5,000 at
        most, is held out to validate. Or a pair: (to train with, to validate).
    recipe: settings of `fit`, such as epochs=10 (3 by default), learning_rate=0.1, augment=False.
        checkpoints=folder is for the first run; after a restart of the kernel it goes on there.
    Raises `CourseError` for a name or a setting that there is not.
    """
    networks = [_network(n) for n in (network, other) if n is not None]
    return Train(networks, *_split(data), recipe)
