"""What a training on several processes says if it cannot start or fails; tests/slow runs one."""

import pytest

from course_utils import CourseError
from course_utils.training import launch


def test_wrong_arguments_are_told_before_anything_starts():
    with pytest.raises(CourseError, match=r"unrecognized arguments: --epoch=1\. usage: .*--epochs"):
        launch(["lenet", "--epoch=1"], processes=1000)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('CourseError: Name another folder.')", r"^Name another folder\.$"),
        ("import os; os.kill(os.getpid(), 9)", r"could not finish.*\n.*exitcode: -9.*$"),
    ],
    ids=["in its words", "killed"],
)
def test_what_a_process_complains_of_is_told(tmp_path, program, said):
    (tmp_path / "fails.py").write_text(program)
    with pytest.raises(CourseError, match=said):
        launch([], processes=1, program=[str(tmp_path / "fails.py")])


def test_on_windows_it_says_that_it_cannot_be_done_there(monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(CourseError, match=r"has no libuv.*Linux, macOS or in WSL"):
        launch(["lenet"])
