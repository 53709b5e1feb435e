"""What the page of `train()` is told of all runs."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from ..shared.small_images import whole
from .breaking import Break, switches
from .run import Run
from .setup import Setup


def about_all(setup: Setup, classes: Sequence[str]) -> dict[str, Any]:
    """What stays as it is: networks, images, classes, switches."""
    train, validation = setup.images
    data = f"{len(train):,} images to train with, {len(validation):,} to validate"
    return {
        "names": setup.titles,
        "data": f"{data}, of: {whole(train)}",
        "epochs": setup.settings.epochs,
        "guess": float(np.log(len(classes))),  # the loss of a network that guesses
        "classes": classes,
        "breaks": [
            {"name": name, **{part: getattr(switch, part) for part in ASKED}}
            for name, switch in switches(train).items()
        ],
    }


ASKED = ("title", "question", "answers", "note")  # of a switch: no explanation before the run


def increments(runs: Sequence[Run], earlier: Collection[Run]) -> tuple[list[dict[str, Any]], bytes]:
    """How the runs get on, and the points that the page has not got yet, float32 `(n, 4)`."""
    told, points = [], []
    for run in runs:
        run.mark()
        first, run.sent = run.sent, (len(run.points), len(run.checks))
        points += [*run.points[first[0] :], *run.checks[first[1] :]]
        told.append(run.facts() | {"from": first, "to": run.sent, "earlier": run in earlier})
    return told, np.array(points, np.float32).tobytes()


def outcome(switch: Break) -> dict[str, Any]:
    """The right answer and why, once a broken run is over."""
    return {"right": switch.right, "text": switch.explanation}


def in_words(setup: Setup, runs: Sequence[Run]) -> str:
    """The alternative text of the curves."""
    return "; ".join(map(str, runs)) or f"No curve yet: {' and '.join(setup.titles)} untrained"
