"""MNIST under stress: thirty processes at once, as in a class, make one conversion."""

import multiprocessing
import os

import pytest

from course_utils.datasets import digits, load_digits, verify


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_thirty_processes_at_once_make_one_conversion(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    log = tmp_path / "log"
    read = digits.read_digits

    def logged(split):
        with log.open("a") as file:
            file.write(f"{split}\n")
        return read(split)

    monkeypatch.setattr(digits, "read_digits", logged)
    with multiprocessing.get_context("fork").Pool(30) as pool:
        assert pool.map(_first_labels, range(30), chunksize=1) == [[5, 0, 4, 1, 9]] * 30
    assert sorted(log.read_text().split()) == ["test", "train"]
    verify(load_digits().folder)


def _first_labels(_) -> list[int]:
    return load_digits().labels[:5].tolist()
