"""browse() through its traits: the pictures that it sends are those of the data set."""

import numpy as np
import pytest

from course_utils import CourseError, browse, cifar10_store, load_cifar10, standin


@pytest.fixture
def data(monkeypatch, tmp_path):
    """150 pictures, fifteen of each class: three pages, the last one half full."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_CIFAR10", raising=False)
    monkeypatch.setattr(standin, "PER_CLASS", {"train": 15, "test": 1})
    monkeypatch.setattr(cifar10_store, "NEEDED", 0)
    return load_cifar10("train")


def sent(widget, i: int) -> np.ndarray:
    """Picture i of the page, `(32, 32, 3)`."""
    row, column = divmod(i, widget.view["columns"])
    shape = (widget.view["rows"], 32, widget.view["columns"], 32, 3)
    return np.frombuffer(widget.pixels, np.uint8).reshape(shape)[row, :, column]


def is_right(widget, data) -> bool:
    return all(
        np.array_equal(sent(widget, i), np.array(data[index][0]))
        and widget.view["labels"][i] == data.classes[data[index][1]]
        for i, index in enumerate(widget.view["indices"])
    )


def test_pages_show_the_data_in_order(data):
    widget = browse(data)
    seen = []
    for page in range(widget.view["pages"]):
        widget.page = page
        assert is_right(widget, data)
        seen += widget.view["indices"]
    assert seen == list(range(150))
    assert (sent(widget, 59) == 255).all()  # the last page is not full


def test_a_class_shows_all_its_pictures_and_no_other(data):
    widget = browse(data)
    widget.page = 2
    widget.chosen = "coffee"
    assert (widget.page, widget.view["pages"]) == (0, 1)
    assert is_right(widget, data)
    assert widget.view["labels"] == ["coffee"] * 15


@pytest.mark.parametrize(("asked", "shown"), [(-1, 0), (99, 2)])
def test_a_page_that_there_is_not_is_the_nearest(data, asked, shown):
    widget = browse(data)
    widget.page = asked
    assert widget.page == shown


def test_unknown_classes_offer_the_nearest(data):
    widget = browse(data, "cat")
    with pytest.raises(CourseError, match="Did you mean 'coffee'"):
        widget.chosen = "cofee"
    assert widget.chosen == "cat"
    assert is_right(widget, data)


def test_it_says_what_the_data_are_in_every_form(data):
    widget = browse(data)
    assert repr(widget) == f"browse: all classes, page 1 of 3 ({data.title})"
    assert widget.view["title"] == data.title
    bundle, metadata = widget._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == repr(widget)
    assert "stand-in" in widget.still().alt


def test_a_split_can_be_named(data):
    assert "10 test pictures" in repr(browse("test"))
