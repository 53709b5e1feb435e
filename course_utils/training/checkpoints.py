"""A training that is never lost: its whole state in files, and back again.

A checkpoint is one safetensors file, `epoch-0002-step-000000940-<digits of its sha256>`: weights,
momentum and random states as tensors, the rest as JSON in its header. Nothing in it can run. It
gets its name when it is complete, so a kill or a power cut leaves the one before. A training that
goes on from it ends with the same weights, bit for bit, as one that was never stopped.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path

import torch

from ..errors import CourseError
from ..networks import read_tensors, save_tensors, verify
from .callbacks import Writer


class Checkpoints(Writer):
    """Keeps the state of a training in `folder`, and takes the training up from there.

    Written at the start, after every epoch, every `every` seconds and when it is stopped; the
    last `keep` stay. A folder is for one training: one with other settings, images or layers
    gets a `CourseError`. Which weights the network had does not matter if there is a checkpoint.
    If it cannot write, the training goes on, with a warning.
    """

    def __init__(self, folder: str | Path, keep: int = 3, every: float = 60.0) -> None:
        if keep < 1:
            raise CourseError(f"keep is {keep}: at least one checkpoint has to stay.")
        self.folder, self.keep, self.every = Path(folder), keep, every

    def started(self, training: object) -> None:
        """Take the training up from the newest checkpoint, or write the first one."""
        found = newest(self.folder)
        if found is None:
            return self.write(training)
        path, tensors, facts = found
        _compare(facts["identity"], _plain(training.identity()), self.folder)
        training.load_state(tensors, facts)
        self._written = time.monotonic()
        print(f"Going on from {path}: {_where(training)}.")

    def step_done(self, training: object) -> None:
        """Write if it is time."""
        if time.monotonic() - self._written >= self.every:
            self.write(training)

    def epoch_done(self, training: object) -> None:
        """Write."""
        self.write(training)

    def ended(self, training: object) -> None:
        """Write what was done since the last checkpoint, if there is more to do."""
        if not training.done:
            self.write(training)
            print(f"The same call with checkpoints={str(self.folder)!r} goes on from there.")

    def write(self, training: object) -> None:
        """Write a checkpoint, and delete the oldest."""
        with self.trying(f"checkpoints in {self.folder}"):
            tensors, facts = training.state()
            facts = json.dumps(facts | {"identity": training.identity()})
            self.folder.mkdir(parents=True, exist_ok=True)
            stem = f"epoch-{training.epoch:04}-step-{training.step:09}"
            save_tensors(tensors, self.folder, stem, {"training": facts})
            unfinished = self.folder.glob("epoch-*.part")  # of a process that was killed
            for old in [*_checkpoints(self.folder)[self.keep :], *unfinished]:
                old.unlink()
        self._written = time.monotonic()


def newest(folder: Path) -> tuple[Path, dict[str, torch.Tensor], dict] | None:
    """The newest good checkpoint in `folder`: (its path, tensors, facts), as `Training.state`.

    A damaged one is passed over, which a line tells of. None if there is none.
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


def _facts(path: Path) -> dict:
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        text = (file.metadata() or {}).get("training")
    if text is None:
        raise CourseError(f"{path} is no checkpoint of a training. It is not used.")
    return json.loads(text)


def _plain(value: object) -> object:
    """What comes back of `value` from JSON: a tuple as a list."""
    return json.loads(json.dumps(value))


def _compare(theirs: Mapping[str, object], ours: Mapping[str, object], folder: Path) -> None:
    names = sorted({*theirs, *ours})
    other = [name for name in names if theirs.get(name) != ours.get(name)]
    if other:
        was = "; ".join(f"{n} was {theirs.get(n)!r}, is {ours.get(n)!r}" for n in other)
        raise CourseError(
            f"The checkpoints in {folder} are of another training: {was}. Name another folder, or "
            "delete this one if you need it no more."
        )


def _where(training: object) -> str:
    if training.done:
        return f"all {training.epoch} epochs are done"
    seen, count = training.now.position, len(training.train)
    return f"epoch {training.epoch + 1}, after {seen:,} of {count:,} images"
