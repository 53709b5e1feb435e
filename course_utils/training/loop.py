"""The loop: a network learns from labelled images.

`train`, `validation` and `test` have a length and `.batches(batch_size, shuffle=…, augment=…,
generator=…)`, which yields `(X, y)`: X float32 `(N, C, H, W)`, y int64 `(N,)`; as do the images
that `load_cifar10` gives. To be taken up in the middle of a pass, as after a restart, its batches
need `.starting_at(position)`, see `Batches`.
"""

import hashlib
import math
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ..datasets import blotted, middle
from ..errors import CourseError, demand
from ..networks import device_of, predicting, run
from .callbacks import Callback, CsvFile, EachEpoch, StopTraining
from .checkpoints import Checkpoints
from .devices import RandomNumbers, autocast, device_for, step_seed, usual_precision
from .evaluation import Part, evaluate, hold_out
from .history import Epoch, History
from .optimizers import make_optimizer
from .settings import Settings

__all__ = [
    "Callback",
    "CsvFile",
    "Epoch",
    "History",
    "Part",
    "Settings",
    "StopTraining",
    "Training",
    "evaluate",
    "fit",
    "hold_out",
    "one_cycle",
]

Forward = Callable[[Tensor], Tensor]  # images (N, C, H, W) to logits (N, classes)
Loss = Callable[[Tensor, Tensor], Tensor]  # logits and labels to one number
USUAL = Settings()
KEPT = ("step", "epoch", "learning_rate", "batch_size", "precision")  # of a Training
HOPELESS = 3.0  # times the loss of guessing, ln(classes): worse than knowing nothing
WINDOW = 50  # so many batches in a row must be hopeless


def fit(
    network: nn.Module,
    train: object,
    validation: object,
    epochs: int = 5,
    *,
    batch_size: int = 128,
    learning_rate: float = 0.05,
    weight_decay: float = 5e-4,
    optimizer: str = "sgd",
    label_smoothing: float = 0.0,
    warm_up: float = 0.2,
    sides: Iterable[int] = (),
    augment: bool | int = True,
    cutout: int = 0,
    precision: str = "auto",
    seed: int = 0,
    device: str | torch.device | None = None,
    callbacks: Iterable[Callback | Callable[[Epoch], object]] = (),
    checkpoints: str | Path | None = None,
    keep: int = 3,
    every: float = 60.0,
) -> History:
    """Train `network` in place and return one `Epoch` for each pass over `train`.

    The settings are those of `Settings`. The same ones give the same weights on one machine.
    device: where to train, "cuda", "mps" or "cpu"; the best there is if None. The network comes
        back to where it was.
    callbacks: `Callback`s, or functions that are called with each finished `Epoch`.
    checkpoints: a folder for its state, of which the last `keep` are kept, written after every
        epoch and every `every` seconds. If it was stopped or killed, the same call goes on from
        there, and ends with the same weights as if nothing had happened.
    An interrupt ends the training early; the network keeps what it has learned until then.
    Raises `CourseError` for settings that cannot be, and if the training fails: the loss is no
    number or hopeless. The network is then as it last was when all was well.
    """
    settings = Settings(
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        optimizer=optimizer,
        label_smoothing=label_smoothing,
        warm_up=warm_up,
        sides=tuple(sides),
        augment=augment,
        cutout=cutout,
        precision=precision,
        seed=seed,
    )
    demand(not callable(callbacks), "callbacks is a list: put yours into brackets, as [print].")
    if checkpoints is not None:
        callbacks = [Checkpoints(checkpoints, keep, every), *callbacks]
    home = device_of(network)
    try:
        return Training(network, train, validation, settings, device, callbacks).run()
    finally:
        network.to(home)


def _classes(network: nn.Module, X: torch.Tensor, y: torch.Tensor) -> int:
    """How many classes `network` tells apart. `CourseError` if it does not fit the images."""
    with predicting(network):
        logits = run(network, X)
    demand(
        logits.ndim == 2 and len(logits) == len(X) and int(y.max()) < logits.shape[1],
        f"For {len(X)} images with labels up to {int(y.max())} the network gives a tensor "
        f"{tuple(logits.shape)}. It has to be (images, classes), with a class for each label.",
    )
    return logits.shape[1]


def one_cycle(progress: float, warm_up: float) -> float:
    """The learning rate as a share of its peak (0..1), at `progress` (0..1) of the training.

    It climbs in a straight line for `warm_up` of the time and falls to nothing in another.
    Smith and Topin: "Super-convergence" (2017).
    """
    return progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)


def five_lines(
    network: Forward, optimizer: Optimizer, loss_function: Loss, X: Tensor, y: Tensor
) -> tuple[Tensor, Tensor]:
    """What every training loop does with a batch. Returns the logits and the loss."""
    Y_hat = network(X)
    loss = loss_function(Y_hat, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return Y_hat, loss


@dataclass
class Pass:
    """The pass over the training images that is under way.

    start: the state of the generator before the first batch. position: images seen so far;
    loss_sum and right: their losses together, and how many answers were right. seconds: spent.
    """

    start: torch.Tensor
    position: int = 0
    loss_sum: float = 0.0
    right: int = 0
    seconds: float = 0.0

    def add(self, loss: float, right: int, count: int) -> None:
        """Note a batch of `count` images: its mean loss, and how many answers were right."""
        self.position += count
        self.loss_sum += loss * count
        self.right += right

    @property
    def loss(self) -> float:
        """Mean loss of the images seen; not a number before there are any."""
        return self.loss_sum / self.position if self.position else math.nan

    @property
    def accuracy(self) -> float:
        """Share of right answers (0..1) among the images seen."""
        return self.right / self.position if self.position else math.nan


class Training:
    """One training and all of its state: what `fit` runs, one step at a time.

    network, optimizer, train, validation, settings: what it was made with.
    epoch: passes finished; history: an `Epoch` for each. now: the `Pass` under way.
    wrapped: what a step goes through: the network, or what is around it.
    step: batches so far. loss, accuracy: of the last of them, while it was learned from.
    learning_rate (the peak) and batch_size may be changed at any time, from any thread: they
    hold from the next batch on.
    """

    def __init__(
        self,
        network: nn.Module,
        train: object,
        validation: object,
        settings: Settings = USUAL,
        device: str | torch.device | None = None,
        callbacks: Iterable[Callback | Callable[[Epoch], object]] = (),
    ) -> None:
        for part, what in ((train, "train with"), (validation, "validate")):
            demand(len(part) > 0, f"There is no image to {what}: give at least one.")
        self.network, self.train, self.validation = network, train, validation
        self.settings = settings
        self.learning_rate, self.batch_size = settings.learning_rate, settings.batch_size
        self.callbacks = [c if isinstance(c, Callback) else EachEpoch(c) for c in callbacks]
        self.device = device_for(device)
        network.to(self.device, memory_format=torch.channels_last)  # faster on every device
        self.wrapped = network
        self.loss_function = nn.CrossEntropyLoss(label_smoothing=settings.label_smoothing)
        X, y = next(iter(validation.batches(32, shuffle=False, augment=False)))
        largest, whole = max(settings.sides, default=1), X.shape[-1]
        demand(
            largest <= whole,
            f"sides has {largest}, the images have {whole} pixels: give numbers up to {whole}.",
        )
        self._guess = math.log(_classes(network, X.to(self.device), y))
        self.precision = settings.precision
        if self.precision == "auto":
            self.precision = usual_precision(network, self.device)
        self.optimizer = self._make_optimizer()
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.random_numbers = RandomNumbers(settings.seed, self.device)
        self.step, self.epoch, self.history = 0, 0, History()
        self.loss = self.accuracy = math.nan
        self._losses: deque[float] = deque(maxlen=WINDOW)
        self._start_pass()
        self.keep_as_good()

    def _make_optimizer(self) -> torch.optim.Optimizer:
        """Frozen weights are left out: weight decay and momentum would move them."""
        demand(
            any(p.requires_grad for p in self.network.parameters()),
            "Every weight of this network is frozen: nothing can be learned. Thaw some of them, as "
            "with network.classifier.requires_grad_(True).",
        )
        dtype = torch.bfloat16 if self.precision == "bfloat16" else torch.float32
        wanted = self.settings
        return make_optimizer(
            wanted.optimizer, self.network, self.learning_rate, wanted.weight_decay, dtype
        )

    @property
    def done(self) -> bool:
        """Whether all epochs are finished."""
        return self.epoch >= self.settings.epochs

    @property
    def progress(self) -> float:
        """How much of the training is done, 0..1: what the learning rate goes by.

        Counted in batches of the present size. A last batch that is smaller counts like others.
        """
        batches = math.ceil(len(self.train) / self.batch_size)
        seen = self.epoch * batches + self.now.position / self.batch_size
        return seen / (self.settings.epochs * batches)

    def run(self) -> History:
        """Train until all epochs are done, a callback stops it, or somebody interrupts it."""
        try:
            self._tell("started")
            while not self.done:
                self.one_step()
        except StopTraining:
            pass
        except KeyboardInterrupt:
            print(f"Stopped after {self.epoch} of {self.settings.epochs} epochs.")
        self._tell("ended")
        return self.history

    def one_epoch(self) -> Epoch:
        """Train to the end of the pass that is under way."""
        before = self.epoch
        while self.epoch == before:
            self.one_step()
        return self.history[-1]

    def one_step(self) -> None:
        """Learn from one batch; after the last one of a pass, validate."""
        with uninterrupted():
            start = time.perf_counter()
            batch = self._next_batch()
            if batch is not None:
                self._learn(*batch)
            self.now.seconds += time.perf_counter() - start
        if batch is not None:
            self._check(self.loss)
            self._tell("step_done")
        if batch is None or self.now.position >= len(self.train):
            self._finish_pass()
            self._tell("epoch_done")

    def _learn(self, X: torch.Tensor, y: torch.Tensor) -> None:
        """Learn from a batch, and keep how well it was known."""
        X, y = self._prepare(X), y.to(self.device)
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate * one_cycle(self.progress, self.settings.warm_up)
        Y_hat, loss = five_lines(self._forward, self.optimizer, self.loss_function, X, y)
        right = int((Y_hat.argmax(dim=1) == y).sum())
        self.step, self.loss, self.accuracy = self.step + 1, loss.item(), right / len(y)
        self.now.add(self.loss, right, len(y))
        self._losses.append(self.loss)

    def _forward(self, X: torch.Tensor) -> torch.Tensor:
        """The logits of a batch, in the precision and with the random numbers of this training."""
        with self.random_numbers.of_step(self.step), autocast(self.device, self.precision):
            return self.wrapped(X).float()

    def _prepare(self, X: torch.Tensor) -> torch.Tensor:
        """The images on the device that trains: as much of them as this epoch wants."""
        X = X.to(self.device, non_blocking=True)
        if self.settings.sides:
            X = middle(X, self.settings.sides[self.epoch])
        if self.settings.cutout:
            seed = step_seed(self.settings.seed, self.step) + 2**62  # not what Dropout draws
            X = blotted(X, self.settings.cutout, torch.Generator().manual_seed(seed))
        return X

    def _start_pass(self) -> None:
        self.now = Pass(start=self.generator.get_state())
        self._batches, self._made_for = None, 0

    def _next_batch(self) -> tuple[torch.Tensor, torch.Tensor] | None:
        """The next one of this pass, None if there is no more."""
        size = self.batch_size
        if size != self._made_for:
            self._batches, self._made_for = self._take_up(size), size
        return next(self._batches, None)

    def _take_up(self, size: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """The rest of this pass, in batches of `size`, whatever was drawn of it before."""
        self.generator.set_state(self.now.start)
        batches = self.train.batches(
            size, shuffle=True, augment=self.settings.augment, generator=self.generator
        )
        if self.now.position == 0:
            return iter(batches)
        demand(
            hasattr(batches, "starting_at"),
            f"A pass over {self.train} cannot be taken up in the middle: its batches have no "
            "method starting_at(position). Train on a Part of what load_cifar10 gives.",
        )
        return batches.starting_at(self.now.position)

    def _finish_pass(self) -> None:
        start = time.perf_counter()
        with autocast(self.device, self.precision):
            checked = evaluate(self.network, self.validation)
        with uninterrupted():
            self.epoch += 1
            seconds = self.now.seconds + time.perf_counter() - start
            learned = self.now.loss, self.now.accuracy
            self.history.append(
                Epoch(self.epoch, *learned, checked.loss, checked.accuracy, seconds)
            )
            self._start_pass()
        if self._check(checked.loss) < HOPELESS * self._guess:
            self.keep_as_good()

    def keep_as_good(self) -> None:
        """What the network is now, it will be again if the training fails later."""
        self._good = {name: t.clone() for name, t in self.network.state_dict().items()}
        self._good_step = self.step

    def _check(self, loss: float) -> float:
        """Return `loss`. Raises `CourseError` if it is no number, or if learning is hopeless."""
        settled = self.step >= 2 * WINDOW and len(self._losses) == WINDOW
        hopeless = settled and min(self._losses) > HOPELESS * self._guess
        if math.isfinite(loss) and not hopeless:
            return loss
        self.network.load_state_dict(self._good)
        what = (
            f"has been above {HOPELESS * self._guess:.1f} for {WINDOW} steps, where guessing gives "
            f"{self._guess:.1f}"
            if math.isfinite(loss)
            else f"is {loss}"
        )
        rate = self.optimizer.param_groups[0]["lr"]
        raise CourseError(
            f"After {self.step} steps the loss {what}: the steps were too large (learning rate "
            f"{rate:.3g} at that moment). The network is again what it was after "
            f"{self._good_step} steps. Train it with a smaller learning_rate; try a tenth."
        )

    def identity(self) -> dict[str, object]:
        """What makes it this training and no other, for people and for JSON."""
        layers = [(n, t.shape, t.dtype) for n, t in self.network.state_dict().items()]
        return asdict(self.settings) | {
            "network": f"{type(self.network).__name__} {_digits(repr(layers).encode())}",
            "training images": _describe(self.train),
            "validation images": _describe(self.validation),
        }

    def state(self) -> tuple[dict[str, torch.Tensor], dict[str, object]]:
        """All that has become of it: tensors by name, and the rest as JSON takes it."""
        tensors = {f"network.{n}": tensor for n, tensor in self.network.state_dict().items()}
        for name, parameter in self.network.named_parameters():
            momentum = self.optimizer.state.get(parameter, {}).get("momentum_buffer")
            if momentum is not None:
                tensors[f"momentum.{name}"] = momentum
        now = asdict(self.now)
        tensors["pass.start"] = now.pop("start")
        kept = {name: getattr(self, name) for name in KEPT}
        return tensors, kept | {"now": now, "history": [asdict(epoch) for epoch in self.history]}

    def load_state(self, tensors: dict[str, torch.Tensor], facts: dict[str, object]) -> None:
        """Become what `state` told of; nothing is shared with `tensors`."""
        self.network.load_state_dict(
            {n: tensors[f"network.{n}"] for n in self.network.state_dict()}
        )
        for name in KEPT:
            setattr(self, name, facts[name])
        self.optimizer = self._make_optimizer()  # its precision may have been another
        for name, parameter in self.network.named_parameters():
            if f"momentum.{name}" in tensors:
                momentum = torch.empty_like(parameter).copy_(tensors[f"momentum.{name}"])
                self.optimizer.state[parameter]["momentum_buffer"] = momentum
        self.history[:] = [Epoch(**epoch) for epoch in facts["history"]]
        self.generator.set_state(tensors["pass.start"].clone())
        self._start_pass()
        self.now = Pass(self.now.start, **facts["now"])
        self.keep_as_good()

    def _tell(self, what: str) -> None:
        for callback in self.callbacks:
            getattr(callback, what)(self)


def _describe(data: object) -> str:
    """How many images, and digits that stand for their labels if they can be asked for."""
    labels = getattr(data, "labels", None)
    digits = "" if labels is None else f" {_digits(torch.as_tensor(labels).numpy().tobytes())}"
    return f"{len(data):,}{digits}"


def _digits(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """An interrupt (Ctrl-C, the kernel's stop button) waits until the end of this block.

    So that no step is left half done. Interrupts reach the main thread only.
    """
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    waiting: list[tuple] = []
    signal.signal(signal.SIGINT, lambda *received: waiting.append(received))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if waiting:
        usual(*waiting[0])
