"""CourseError is all that a student sees, and near misses are offered."""

from IPython.core.interactiveshell import InteractiveShell

from course_utils.errors import CourseError, nearest


def test_a_notebook_shows_the_sentence_and_no_traceback(capsys):
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_cell("from course_utils import CourseError\nraise CourseError('Give an image.')")
    InteractiveShell.clear_instance()
    shown = capsys.readouterr().out
    assert "Give an image." in shown
    assert "Traceback" not in shown
    assert "raise" not in shown


def test_it_is_an_ordinary_exception_elsewhere():
    assert str(CourseError("What is wrong.")) == "What is wrong."


def test_nearest_offers_the_most_similar_choice_or_nothing():
    assert nearest("alexnett", ["lenet", "alexnet"]) == " Did you mean 'alexnet'?"
    assert nearest("VGG16", ["vgg16", "vgg19"]) == " Did you mean 'vgg16'?"
    assert nearest("zebra", ["lenet", "alexnet"]) == ""
    assert nearest(7, ["lenet"]) == ""
