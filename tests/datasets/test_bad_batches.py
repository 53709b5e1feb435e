"""Broken and hostile batches of CIFAR-10: one line each with what must happen.

Each is refused by name, and nothing in it runs. Whole archives are in test_bad_archives.py.
"""

import os
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from course_utils import CourseError
from course_utils.datasets.pickled import read_batch
from tests.helpers.archives import batch, labels, pixels, python2_batch

RAN = []  # what a hostile pickle appends to, if it runs
PIXELS, LABELS = pixels("data_batch_1"), labels("data_batch_1")
NOT_ROWS, NOT_LABELS = "not a row of 3072 bytes for each label", "not one of 0 to 9"


class Calls:
    """Pickles as "call this"."""

    def __init__(self, function: Callable, *arguments: object):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def ran(*what: object) -> None:
    RAN.append(what)


BAD = {
    # broken
    "empty": (b"", ""),
    "a web page": (b"<!DOCTYPE html><html>", ""),
    "cut short": (batch()[:5000], ""),
    "cut at the end": (batch()[:-2], ""),
    "no dictionary": (pickle.dumps([1, 2, 3], 2), ""),
    "no images": (pickle.dumps({"labels": LABELS}, 2), "data"),
    "no labels": (pickle.dumps({"data": PIXELS}, 2), "labels"),
    "labels are None": (batch(labels=None), ""),
    "images are floats": (batch(data=PIXELS.astype(np.float32)), NOT_ROWS),
    "images are signed bytes": (batch(data=PIXELS.astype(np.int8)), NOT_ROWS),
    "images are objects": (batch(data=PIXELS.astype(object)), ""),
    "images are text": (batch(data="x" * 3072), ""),
    "rows are too short": (batch(data=PIXELS[:, :3000]), ""),
    "one long row": (batch(data=PIXELS.ravel()), NOT_ROWS),
    "a label too few": (batch(labels=LABELS[:-1]), NOT_ROWS),
    "a label of 10": (batch(labels=[*LABELS[:-1], 10]), "0 to 9"),
    "a label of -1": (batch(labels=[*LABELS[:-1], -1]), "0 to 9"),
    "a huge label": (batch(labels=[*LABELS[:-1], 10**30]), "0 to 9"),
    "a label of 1.5": (batch(labels=[*LABELS[:-1], 1.5]), NOT_LABELS),
    "labels are True": (batch(labels=[True] * 20), NOT_LABELS),
    "labels are text": (batch(labels=["cat"] * 20), NOT_LABELS),
    # hostile
    "starts a program": (batch(x=Calls(os.system, "true")), "call posix.system|nt.system"),
    "calls eval": (batch(x=Calls(eval, "1")), "call builtins.eval|__builtin__.eval"),
    "calls getattr": (batch(x=Calls(getattr, (), "x")), "getattr"),
    "calls its own code": (batch(x=Calls(ran)), "wants to call"),
    "calls it as a label": (batch(labels=[*LABELS[:-1], Calls(ran)]), "wants to call"),
    "reads a file through NumPy": (batch(x=Calls(np.load, "x")), "wants to call"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_batch_is_refused_and_runs_nothing(what):
    content, reason = BAD[what]
    with pytest.raises(CourseError, match=r"^data_batch_1 is no batch of CIFAR-10: .") as error:
        read_batch(content, "data_batch_1")
    assert any(part in str(error.value) for part in reason.split("|"))
    assert RAN == []


@pytest.mark.parametrize("content", [batch(), python2_batch()], ids=["Python 3", "Python 2"])
def test_a_good_batch_reads_as_the_pickle_module_reads_it(content):
    images, found = read_batch(content, "data_batch_1")
    theirs = pickle.loads(content, encoding="latin1")
    assert np.array_equal(images.transpose(0, 3, 1, 2).reshape(-1, 3072), theirs["data"])
    assert found.tolist() == theirs["labels"]
