"""The training loop: a network learns from labelled images, batch by batch."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ..datasets import Batch, LabelledImages, cutout, middle
from ..errors import CourseError, demand
from ..networks import predicting, run
from .callbacks import Callback, EachEpoch, StopTraining
from .checks import check_logits, check_parts
from .devices import RandomNumbers, autocast, device_for, step_seed, usual_precision
from .evaluation import evaluate
from .failures import LossWatch
from .history import Epoch, History
from .interrupts import uninterrupted
from .optimizers import make_optimizer
from .settings import Settings

Forward = Callable[[Tensor], Tensor]  # images (N, C, H, W) to logits (N, classes)
Loss = Callable[[Tensor, Tensor], Tensor]  # logits and labels to one number
Callbacks = Iterable[Callback | Callable[[Epoch], object]]
USUAL = Settings()


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


def one_cycle(progress: float, warm_up: float) -> float:
    """The learning rate as a share of its peak (0..1), at `progress` (0..1) of the training.

    It rises in a straight line for `warm_up` of the time and falls to nothing in another.
    Smith and Topin: "Super-convergence" (2017).
    """
    return progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)


@dataclass
class EpochState:
    """The epoch under way.

    start: the state of the generator before its first batch. position: images seen so far.
    loss_sum: the sum of their losses; right: how many of them were classified correctly.
    seconds: spent on it.
    """

    start: Tensor
    position: int = 0
    loss_sum: float = 0.0
    right: int = 0
    seconds: float = 0.0

    def add(self, loss: float, right: int, count: int) -> None:
        """Add a batch of `count` images: its mean loss, and how many answers were right."""
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
    wrapped: what a step calls: the network, or what is around it.
    epoch: how many are finished; history: an `Epoch` for each. now: the `EpochState` under way.
    step: batches so far. loss, accuracy: of the last of them, while it was learned from.
    learning_rate (the peak) and batch_size may be changed at any time, from any thread: they
    hold from the next batch on.
    """

    def __init__(
        self,
        network: nn.Module,
        train: LabelledImages,
        validation: LabelledImages,
        settings: Settings = USUAL,
        device: str | torch.device | None = None,
        callbacks: Callbacks = (),
    ) -> None:
        check_parts(network, train, validation)
        self.network, self.train, self.validation = network, train, validation
        self.wrapped: Forward = network
        self.settings = settings
        self.learning_rate, self.batch_size = settings.learning_rate, settings.batch_size
        self.callbacks = [c if isinstance(c, Callback) else EachEpoch(c) for c in callbacks]
        self.device = device_for(device)
        network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.watch = LossWatch(network, self._classes())
        self.precision = settings.precision
        if self.precision == "auto":
            self.precision = usual_precision(network, self.device)
        self.optimizer = self.make_optimizer()
        self.loss_function = nn.CrossEntropyLoss(label_smoothing=settings.label_smoothing)
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.random_numbers = RandomNumbers(settings.seed, self.device)
        self.step, self.epoch, self.history = 0, 0, History()
        self.loss = self.accuracy = math.nan
        self.start_epoch()

    def _classes(self) -> int:
        """How many classes the network tells apart. `CourseError` if it does not fit the images."""
        X, _ = next(iter(self.validation.batches(32, shuffle=False, augment=False)))
        largest, whole = max(self.settings.sides, default=1), X.shape[-1]
        demand(
            largest <= whole,
            f"sides has {largest}, the images have {whole} pixels: give numbers up to {whole}.",
        )
        with predicting(self.network):
            logits = run(self.network, X.to(self.device))
        check_logits(logits, len(X), self.train, self.validation)
        return logits.shape[1]

    def make_optimizer(self) -> Optimizer:
        """A new one. Frozen weights are left out: weight decay and momentum would move them."""
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
        """How much of the training is done, 0..1: the learning rate depends on it.

        Counted in batches of the present size. A smaller last batch counts like the others.
        """
        batches = math.ceil(len(self.train) / self.batch_size)
        seen = self.epoch * batches + self.now.position / self.batch_size
        return seen / (self.settings.epochs * batches)

    @property
    def last_rate(self) -> float:
        """The learning rate of the last step."""
        return float(self.optimizer.param_groups[0]["lr"])

    def run(self) -> History:
        """Train until all epochs are done, a callback stops it, or the user interrupts it."""
        try:
            self._call("started")
            while not self.done:
                self.one_step()
        except StopTraining:
            pass
        except KeyboardInterrupt:
            print(f"Stopped after {self.epoch} of {self.settings.epochs} epochs.")
        self._call("ended")
        return self.history

    def one_step(self) -> None:
        """Learn from one batch; after the last one of an epoch, validate."""
        with uninterrupted():
            start = time.perf_counter()
            batch = self._next_batch()
            if batch is not None:
                self._learn(*batch)
            self.now.seconds += time.perf_counter() - start
        if batch is not None:
            self.watch.step_done(self.loss, self.step, self.last_rate)
            self._call("step_done")
        if batch is None or self.now.position >= len(self.train):
            self._finish_epoch()
            self._call("epoch_done")

    def _learn(self, X: Tensor, y: Tensor) -> None:
        """Learn from a batch, and note its loss and accuracy."""
        X, y = self._prepare(X), y.to(self.device)
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate * one_cycle(self.progress, self.settings.warm_up)
        Y_hat, loss = five_lines(self._forward, self.optimizer, self.loss_function, X, y)
        right = int((Y_hat.argmax(dim=1) == y).sum())
        self.step, self.loss, self.accuracy = self.step + 1, loss.item(), right / len(y)
        self.now.add(self.loss, right, len(y))

    def _forward(self, X: Tensor) -> Tensor:
        """The logits of a batch, in the precision and with the random numbers of this training."""
        with self.random_numbers.of_step(self.step), autocast(self.device, self.precision):
            return self.wrapped(X).float()

    def _prepare(self, X: Tensor) -> Tensor:
        """The images on the device that trains: as much of them as this epoch wants."""
        X = X.to(self.device, non_blocking=True)
        if self.settings.sides:
            X = middle(X, self.settings.sides[self.epoch])
        if self.settings.cutout:
            seed = step_seed(self.settings.seed, self.step) + 2**62  # not what Dropout draws
            X = cutout(X, self.settings.cutout, torch.Generator().manual_seed(seed))
        return X

    def start_epoch(self) -> None:
        """The next step begins an epoch, with the generator as it is."""
        self.now = EpochState(start=self.generator.get_state())
        self._batches: Iterator[Batch] = iter(())
        self._made_for = 0  # the batch size of these batches

    def _next_batch(self) -> Batch | None:
        """The next one of this epoch, None if there is no more."""
        size = self.batch_size
        if size != self._made_for:
            self._batches, self._made_for = self._rest_of_epoch(size), size
        return next(self._batches, None)

    def _rest_of_epoch(self, size: int) -> Iterator[Batch]:
        """What is left of this epoch, in batches of `size`, however it was divided before."""
        self.generator.set_state(self.now.start)
        batches = self.train.batches(
            size, shuffle=True, augment=self.settings.augment, generator=self.generator
        )
        if self.now.position == 0:
            return iter(batches)
        if not hasattr(batches, "starting_at"):
            raise CourseError(
                f"An epoch of {self.train} cannot be resumed in the middle: its batches have no "
                "method starting_at(position). Train on a Part of what load_cifar10 gives."
            )
        rest: Iterator[Batch] = batches.starting_at(self.now.position)
        return rest

    def _finish_epoch(self) -> None:
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
            self.start_epoch()
        self.watch.validated(checked.loss, self.step, self.last_rate)

    def _call(self, event: str) -> None:
        for callback in self.callbacks:
            getattr(callback, event)(self)
