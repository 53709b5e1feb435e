"""The epochs of a training: a table to read, a file to keep."""

import pytest

from course_utils import CourseError
from course_utils.training import Epoch, History

HISTORY = History([Epoch(1, 1.5, 0.4, 1.25, 0.5, 3.0), Epoch(2, 1 / 3, 0.9, 0.75, 0.625, 4.5)])


def test_it_shows_itself_as_a_table():
    assert repr(HISTORY).splitlines() == [
        "epoch  training loss  accuracy  validation loss  accuracy",
        "    1          1.500     40.0%            1.250     50.0%",
        "    2          0.333     90.0%            0.750     62.5%",
    ]
    assert len(repr(History()).splitlines()) == 1


def test_curves_and_seconds():
    assert HISTORY.curve("validation_accuracy") == [0.5, 0.625]
    assert HISTORY.seconds == 7.5


def test_a_file_gives_back_what_was_written_to_the_last_digit(tmp_path):
    path = HISTORY.to_csv(tmp_path / "lenet.csv")
    assert b"\r" not in path.read_bytes()  # git would change it
    assert path.read_text().startswith("number,train_loss,train_accuracy,")
    assert History.from_csv(path) == HISTORY
    assert [file.name for file in tmp_path.iterdir()] == ["lenet.csv"]


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "number,train_loss\n1,x\n", "number\n1,2,3\n"])
def test_a_file_that_is_no_table_of_epochs(content, tmp_path):
    (tmp_path / "bad.csv").write_text(content)
    with pytest.raises(CourseError, match=r"bad\.csv is no table of epochs"):
        History.from_csv(tmp_path / "bad.csv")
