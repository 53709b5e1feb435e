"""Checkpoints: the whole state of a training in files, so that no work is lost.

A checkpoint is one safetensors file, `epoch-0002-step-000000940-<digits of its sha256>`: weights,
momentum and the state of the random numbers as tensors, the rest as JSON in its header. Nothing
in it can be executed. It gets its name when it is complete, so a kill or a power cut leaves the
one before. A training that goes on from it ends with the same weights, bit for bit, as one that
was never stopped.
"""

import hashlib
import json
import time
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ..datasets import LabelledImages
from ..errors import CourseError, demand
from ..networks import read_tensors, save_tensors, verify
from .callbacks import Callback
from .history import Epoch

if TYPE_CHECKING:
    from .loop import Training

NUMBERS = ("step", "epoch", "learning_rate", "batch_size", "precision")  # of a Training


class Checkpoints(Callback):
    """Keeps the state of a training in `folder`, and resumes the training from there.

    Written at the start, after every epoch, every `every` seconds and when it is stopped; the
    last `keep` stay. A folder is for one training: one with other settings, images or layers
    gets a `CourseError`. Which weights the network had does not matter if there is a checkpoint.
    If it cannot write, the training goes on, with a warning.
    """

    _warned = False

    def __init__(self, folder: str | Path, keep: int = 3, every: float = 60.0) -> None:
        demand(keep >= 1, f"keep is {keep}: at least one checkpoint has to stay.")
        self.folder, self.keep, self.every = Path(folder), keep, every

    def started(self, training: "Training") -> None:
        """Resume the training from the newest checkpoint, or write the first one."""
        found = newest(self.folder)
        if found is None:
            return self.write(training)
        path, tensors, facts = found
        self._compare(facts["identity"], json.loads(json.dumps(identity(training))))
        restore(training, tensors, facts)
        self._written = time.monotonic()
        print(f"Going on from {path}: {_where(training)}.")

    def _compare(self, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
        other = [name for name in sorted({*theirs, *ours}) if theirs.get(name) != ours.get(name)]
        was = "; ".join(f"{n} was {theirs.get(n)!r}, is {ours.get(n)!r}" for n in other)
        demand(
            not other,
            f"The checkpoints in {self.folder} are of another training: {was}. Name another "
            "folder, or delete this one if you need it no more.",
        )

    def step_done(self, training: "Training") -> None:
        if time.monotonic() - self._written >= self.every:
            self.write(training)

    def epoch_done(self, training: "Training") -> None:
        self.write(training)

    def ended(self, training: "Training") -> None:
        """Write what was done since the last checkpoint, if there is more to do."""
        if not training.done:
            self.write(training)
            print(f"The same call with checkpoints={str(self.folder)!r} goes on from there.")

    def write(self, training: "Training") -> None:
        """Write a checkpoint, and delete the oldest."""
        try:
            self._write(training)
        except OSError as error:
            if not self._warned:
                what = f"No checkpoints in {self.folder}: {error.strerror or error}."
                warnings.warn(f"{what} The training goes on.", stacklevel=2)
            self._warned = True
        self._written = time.monotonic()

    def _write(self, training: "Training") -> None:
        tensors, facts = state_of(training)
        text = json.dumps(facts | {"identity": identity(training)})
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"epoch-{training.epoch:04}-step-{training.step:09}"
        save_tensors(tensors, self.folder, stem, {"training": text})
        unfinished = self.folder.glob("epoch-*.part")  # of a process that was killed
        for old in [*_checkpoints(self.folder)[self.keep :], *unfinished]:
            old.unlink()


# --- the state of a training ---------------------------------------------------------------------


def identity(training: "Training") -> dict[str, Any]:
    """What makes it this training and no other, for people and for JSON."""
    layers = [(n, t.shape, t.dtype) for n, t in training.network.state_dict().items()]
    return asdict(training.settings) | {
        "network": f"{type(training.network).__name__} {_digits(repr(layers).encode())}",
        "training images": _describe(training.train),
        "validation images": _describe(training.validation),
    }


def state_of(training: "Training") -> tuple[dict[str, Tensor], dict[str, Any]]:
    """All that the rest of the training depends on: tensors by name, and what JSON takes."""
    tensors = {f"network.{n}": t for n, t in training.network.state_dict().items()}
    for name, parameter in training.network.named_parameters():
        momentum = training.optimizer.state.get(parameter, {}).get("momentum_buffer")
        if momentum is not None:
            tensors[f"momentum.{name}"] = momentum
    now = asdict(training.now)
    tensors["epoch.start"] = now.pop("start")
    numbers = {name: getattr(training, name) for name in NUMBERS}
    return tensors, numbers | {"now": now, "history": [asdict(e) for e in training.history]}


def restore(training: "Training", tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Give `training` the state that `state_of` returned; nothing is shared with `tensors`."""
    network = training.network
    network.load_state_dict({n: tensors[f"network.{n}"] for n in network.state_dict()})
    for name in NUMBERS:
        setattr(training, name, facts[name])
    training.optimizer = training.make_optimizer()  # its precision may have been another
    for name, parameter in network.named_parameters():
        if f"momentum.{name}" in tensors:
            momentum = torch.empty_like(parameter).copy_(tensors[f"momentum.{name}"])
            training.optimizer.state[parameter]["momentum_buffer"] = momentum
    training.history[:] = [Epoch(**epoch) for epoch in facts["history"]]
    training.generator.set_state(tensors["epoch.start"].clone())
    training.start_epoch()
    for name, value in facts["now"].items():
        setattr(training.now, name, value)
    training.watch.keep(training.step)


def _describe(data: LabelledImages) -> str:
    """How many images, and digits that stand for their labels if they are known."""
    labels = getattr(data, "labels", None)
    digits = "" if labels is None else f" {_digits(torch.as_tensor(labels).numpy().tobytes())}"
    return f"{len(data):,}{digits}"


def _digits(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


# --- files ---------------------------------------------------------------------------------------


def newest(folder: Path) -> tuple[Path, dict[str, Tensor], dict[str, Any]] | None:
    """The newest good checkpoint in `folder`: (its path, tensors, facts), as `state_of`.

    A damaged one is skipped, with a line that says so. None if there is none.
    """
    for path in _checkpoints(folder):
        try:
            return path, read_tensors(verify(path)), _facts(path)
        except CourseError as problem:
            print(problem)
    return None


def _checkpoints(folder: Path) -> list[Path]:
    """Newest first."""
    return sorted(folder.glob("epoch-*.safetensors"), reverse=True)


def _facts(path: Path) -> dict[str, Any]:
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        text = (file.metadata() or {}).get("training", "")
    demand(bool(text), f"{path} is no checkpoint of a training. It is not used.")
    facts: dict[str, Any] = json.loads(text)
    return facts


def _where(training: "Training") -> str:
    if training.done:
        return f"all {training.epoch} epochs are done"
    seen, count = training.now.position, len(training.train)
    return f"epoch {training.epoch + 1}, after {seen:,} of {count:,} images"
