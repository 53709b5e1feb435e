"""A program that trains a tiny network, kills itself at random moments, and goes on.

Prints one line of JSON: what came of a training that nobody disturbed, and of those that were
killed. Each runs in a process of its own, forked from this one, so that PyTorch is imported once.
A moment is a line of the course's code: every line that the training executes can be the last.
"""

import hashlib
import json
import os
import random
import signal
import sys
from pathlib import Path

import safetensors.torch  # noqa: F401, imported here for all children
import torch
import torch._dynamo  # the same: torch.optim wants it

from course_utils import training
from course_utils.training import Part, fit
from tests.helpers.training import Noise, network

PACKAGE = str(Path(training.__file__).parent)


def train(folder: Path, every: float) -> str:
    """The digest of the final weights of the training that keeps its checkpoints in `folder`."""
    learner, data = network(), Noise(120)
    fit(
        learner,
        Part(data, torch.arange(90)),
        Part(data, torch.arange(90, 120)),
        epochs=3,
        batch_size=20,
        optimizer="muon",
        sides=(6, 8, 8),
        cutout=3,
        precision="bfloat16",
        checkpoints=folder,
        every=every,
        device="cpu",
    )
    digest = hashlib.sha256()
    for tensor in learner.state_dict().values():
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def run(folder: Path, every: float, last_line: int = -1) -> dict | None:
    """Train in a process of its own. None if it was killed, before line number `last_line`."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        lines = 0

        def count(frame: object, event: str, _: object) -> object:
            nonlocal lines
            if event == "line":
                if lines == last_line:
                    os.kill(os.getpid(), signal.SIGKILL)
                lines += 1
            return count

        inside = lambda frame, *_: count if frame.f_code.co_filename.startswith(PACKAGE) else None  # noqa: E731
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        sys.settrace(inside)
        digest = train(folder, every)
        sys.settrace(None)
        os.write(writing, json.dumps({"digest": digest, "lines": lines}).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    told = os.read(reading, 1000)
    os.close(reading)
    assert os.WIFSIGNALED(status) == (not told), f"ended with status {status}, telling {told}"
    return json.loads(told) if told else None


def main(folder: Path, kills: int) -> dict:
    """What came of the training undisturbed, and of `kills` trainings that were killed once."""
    torch.set_num_threads(1)
    found: dict = {"killed": []}
    moments = random.Random(0)
    # a checkpoint after every step, and after epochs only: what is lost is more in the second
    for every in (0.0, 1e9):
        whole = run(folder / f"whole-{every}", every)
        found["whole"] = whole["digest"]
        for number in range(kills // 2):
            place, line = folder / f"{every}-{number}", moments.randrange(whole["lines"])
            assert run(place, every, line) is None, "it was to be killed"
            again = run(place, every)
            again |= {"line": line, "of": whole["lines"], "left": sorted(os.listdir(place))}
            found["killed"].append(again)
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
