"""browse() through its traits: the images that it sends are those of the data set."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.transforms import functional

from course_utils import CourseError, browse, load_cifar10
from course_utils.datasets import cifar10, load_digits, stand_in
from course_utils.training import Part, evaluate
from course_utils.widgets.browse import networks
from course_utils.widgets.browse.augmentation import drawn


@pytest.fixture
def data(monkeypatch, tmp_path):
    """150 images, fifteen of each class: three pages, the last one half full."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_CIFAR10", raising=False)
    monkeypatch.setattr(stand_in, "PER_CLASS", {"train": 15, "test": 1})
    monkeypatch.setattr(cifar10, "NEEDED", 0)
    return load_cifar10("train")


def sent(widget) -> np.ndarray:
    """The images of the page, `(n, 32, 32, 3)`."""
    return np.frombuffer(widget.pixels, np.uint8).reshape(-1, 32, 32, 3)


def is_right(widget, data) -> bool:
    return all(
        np.array_equal(sent(widget)[i], np.array(data[index][0]))
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
    assert len(sent(widget)) == 30  # the last page is not full


def test_a_class_shows_all_its_images_and_no_other(data):
    widget = browse(data)
    widget.page = 2
    widget.chosen = "7"
    assert (widget.page, widget.view["pages"]) == (0, 1)
    assert is_right(widget, data)
    assert widget.view["labels"] == ["7"] * 15


@pytest.mark.parametrize(("asked", "shown"), [(-1, 0), (99, 2)])
def test_a_page_that_there_is_not_is_the_nearest(data, asked, shown):
    widget = browse(data)
    widget.page = asked
    assert widget.page == shown


def test_unknown_classes_offer_the_nearest(data):
    widget = browse(data, "3")
    with pytest.raises(CourseError, match="Did you mean '7'"):
        widget.chosen = "77"
    assert widget.chosen == "3"
    assert is_right(widget, data)


def test_it_says_what_the_data_are_in_every_form(data):
    widget = browse(data)
    assert repr(widget) == f"browse: all classes, page 1 of 3 ({data.title})"
    assert widget.view["title"] == data.title
    bundle, metadata = widget._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == f"{widget!r}; large: {widget.large()}"
    assert "stand-in" in widget.still().alt


def test_a_split_can_be_named_and_changed(data):
    widget = browse("test")
    assert "10 test images" in repr(widget)
    assert [*widget.view["splits"]] == ["test", "train"]
    widget.place = 9
    widget.split = "train"
    assert is_right(widget, data)
    assert (widget.place, widget.view["count"]) == (0, 150)
    with pytest.raises(CourseError, match=r"no split 'tset'.*'test'"):
        widget.split = "tset"
    assert widget.split == "train"


def test_a_part_shows_its_images_under_their_places_in_the_whole(data):
    widget = browse(Part(Part(data, torch.tensor([3, 100, 7])), torch.tensor([1, 2])))
    assert widget.view["indices"] == [100, 7]
    assert is_right(widget, data)
    assert widget.large().startswith("train[100]: ")
    widget.split = "train"
    assert widget.view["count"] == 150


def test_what_is_no_data_set_is_said():
    with pytest.raises(CourseError, match=r"cannot look through list.*load_cifar10"):
        browse([1, 2])


# --- one image ---------------------------------------------------------------------------------


def test_the_large_image_turns_the_page_and_the_page_the_large_image(data):
    widget = browse(data)
    widget.place = 61
    assert widget.page == 1
    assert widget.large() == f"train[61]: {data.classes[data.labels[61]]}"
    widget.page = 2
    assert widget.place == 120
    widget.place = 1000
    assert (widget.place, widget.page) == (149, 2)
    widget.chosen = "7"
    assert (widget.place, widget.page) == (0, 0)
    assert widget.large().endswith(": 7")


@pytest.mark.parametrize("padding", [0, 4, 12])
def test_draws_are_those_of_the_augmentation(data, padding):
    """What is said of each is what torchvision's crop and mirror make of the image."""
    widget = browse(data)
    widget.place, widget.padding = 17, padding
    shown = np.frombuffer(widget.draws, np.uint8).reshape(-1, 32, 32, 3)
    _, changes = drawn(data.images[17], replace(data.augmentation, shift=padding), 0)
    padded = functional.pad(data.images[17], [padding])
    for image, (down, right, flip, _), said in zip(
        shown, changes.T.tolist(), widget.view["changes"], strict=True
    ):
        expected = functional.crop(padded, down, right, 32, 32)
        expected = functional.hflip(expected) if flip else expected
        assert np.array_equal(image, expected.permute(1, 2, 0))
        assert said["mirrored"] == ("then mirrored" in said["words"]) == bool(flip)
        assert ("up" in said["words"]) == (down > padding)
        assert ("left" in said["words"]) == (right > padding)
    assert len({image.tobytes() for image in shown}) > 1


def test_one_draws_again_and_the_same_number_is_the_same_draw(data):
    widget = browse(data)
    first = widget.draws
    widget.draw = 1
    assert widget.draws != first
    widget.draw = 0
    assert widget.draws == first
    widget.padding = 99
    assert widget.padding == widget.view["widest"]


# --- what is confused ----------------------------------------------------------------------------


class Brightest(nn.Module):
    """Ten classes by the mean of the image: it confuses a lot, and always alike."""

    def forward(self, x):
        mean = x.mean(dim=(1, 2, 3))
        return -(mean[:, None] - torch.linspace(-1.5, 1.5, 10)).square() * 10


@pytest.fixture
def asked(data):
    """browse() that has asked `Brightest` about the training images, and what it said."""
    part = Part(data, torch.arange(150))
    widget = browse(part, network=Brightest())
    widget.wait()
    return widget, evaluate(Brightest(), part)


def test_pairs_are_those_of_the_confusion_matrix(asked, data):
    widget, result = asked
    counts = result.confusion().fill_diagonal_(0)
    assert (
        widget.view["line"]
        == f"Brightest: {100 * result.accuracy:.1f} % of 150 training images right"
    )
    k, said = divmod(int(counts.argmax()), 10)
    first = widget.view["pairs"][0]
    assert first["text"] == f"{counts.max()} of 15"
    widget.pair = first["name"]
    assert len(widget.view["indices"]) == counts.max()
    assert set(widget.view["labels"]) == {first["name"].split(" → ")[0]}
    found = torch.tensor(widget.view["indices"])
    assert (result.predictions[found] == data.classes.index(first["name"].split(" → ")[1])).all()
    sure = result.probabilities[found].max(dim=1).values
    assert (sure.diff() <= 0).all()
    assert widget.view["best"]["classes"][0]["label"] == first["name"].split(" → ")[1]
    assert first["name"] in repr(widget)
    assert first["name"] in widget.still().alt
    widget.chosen = "7"
    assert widget.pair == ""
    assert widget.view["labels"] == ["7"] * 15
    assert counts[k, said] == counts.max()


def test_a_result_shows_the_same_pairs_as_the_network(asked, data):
    widget, result = asked
    by_result = browse(data, result=result)
    assert by_result.view["pairs"] == widget.view["pairs"]
    assert by_result.view["best"]["classes"] == widget.view["best"]["classes"]
    by_result.split = "test"
    assert by_result.view["best"] == {"classes": [], "outputs": 0}
    with pytest.raises(CourseError, match="other images than those"):
        browse(data, result=evaluate(Brightest(), Part(data, torch.arange(20))))
    with pytest.raises(CourseError, match="not both"):
        browse(data, network=Brightest(), result=result)


def test_a_network_is_asked_about_test_images_and_can_be_left(data):
    widget = browse(data, network=Brightest())
    widget.wait()
    assert "of 10 test images right" in widget.view["line"]
    pair = widget.view["pairs"][0]["name"]
    widget.pair = pair
    assert widget.split == "test"
    widget.network = ""
    assert (widget.pair, widget.view["pairs"], widget.view["best"]) == ("", [], None)
    with pytest.raises(CourseError, match="choose a network first"):
        widget.pair = pair
    assert widget.pair == ""


def test_pairs_that_there_are_not_are_said(asked, data):
    widget, result = asked
    k, said = (result.confusion() == 0).nonzero()[0].tolist()
    label, said = data.classes[k], data.classes[said]
    with pytest.raises(CourseError, match="no class 'cow'"):
        widget.pair = "cow → cat"
    with pytest.raises(CourseError, match=f"Brightest took no image of {label} for {said}"):
        widget.pair = f"{label} → {said}"
    assert widget.pair == ""
    assert widget.view["count"] == 150


def test_a_scene_with_a_pair_waits_for_the_answers(asked, data):
    """As after a restart: the scene is recalled before the network has been asked."""
    pair = asked[0].view["pairs"][0]["name"]
    go = threading.Event()

    class Slow(Brightest):
        def forward(self, x):
            assert len(x) == 1 or go.wait(20)  # one image is asked about at once
            return super().forward(x)

    widget = browse(Part(data, torch.arange(150)), network=Slow())
    widget.set_state({"pair": pair, "place": 1, "seq": 1})
    assert (widget.pair, widget.view["seq"], widget.error) == ("", 1, "")
    assert "0 of 150" in widget.view["line"]
    go.set()
    widget.wait()
    assert (widget.pair, widget.place) == (pair, 1)
    assert widget.view["count"] == int(widget.view["pairs"][0]["text"].split()[0])


def test_what_fails_in_the_thread_is_said_and_the_widget_works_on(data):
    class Moody(Brightest):
        def forward(self, x):
            if len(x) > 1:
                raise RuntimeError("out of memory")
            return super().forward(x)

    widget = browse(data, network=Moody())
    widget.wait()
    assert "out of memory" in widget.error
    assert "could not be asked" in widget.view["line"]
    widget.place = 3
    assert widget.error == ""
    assert widget.view["best"] is None


def test_networks_that_do_not_fit_are_said(data):
    with pytest.raises(CourseError, match=r"answers with the shape .7,., but .* 10 classes"):
        browse(data, network=nn.Sequential(nn.Flatten(), nn.Linear(3072, 7)))
    with pytest.raises(CourseError, match="cannot take a batch"):
        browse(data, network=nn.Linear(5, 10))
    with pytest.raises(CourseError, match=r"a name or an nn.Module, not int"):
        browse(data, network=3)
    with pytest.raises(CourseError, match="Did you mean 'lenet'"):
        browse(data, network="lennet")


def test_a_network_of_the_course_is_offered_for_its_own_classes_only(data, monkeypatch):
    names = [network["name"] for network in browse(data).networks]
    assert names == [""]
    widget = browse(data, network="lenet")
    widget.wait()
    assert "other classes" in widget.view["note"]
    monkeypatch.setattr(networks, "class_names", lambda dataset: data.classes)
    assert "lenet" in [network["name"] for network in browse(data).networks]


def test_a_network_that_reads_digits_looks_through_digits():
    widget = browse(network="lenet")
    widget.wait()
    assert widget.view["title"] == "MNIST, 60,000 training images"
    found = {network["name"]: network["title"] for network in widget.networks}
    assert found == {"": "none", "lenet": "LeNet", "lenet_1998": "LeNet-5 of 1998"}
    assert "% of 2,000 test images right" in widget.view["line"]
    pixels = np.frombuffer(widget.pixels, np.uint8).reshape(-1, 28, 28, 3)
    expected = widget.data.images[: len(pixels), 0].numpy()[..., None]
    np.testing.assert_array_equal(pixels, expected.repeat(3, axis=3))
    assert "pixels, turned by up to 10°" in widget.still().axes[2].get_title()
    assert browse(load_digits("test"), network="lenet_1998").view["title"].startswith("MNIST")


def test_images_say_which_form_of_a_network_is_meant(data):
    widget = browse(data, network="lenet")
    assert {"name": "lenet", "title": "LeNet for colour images"} in widget.networks
    assert browse(data, network="lenet-cifar10").networks == widget.networks


def test_a_network_that_learns_can_be_asked_again(data):
    """A copy is asked: what it learns meanwhile shows when it is asked again."""
    learning = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
    widget = browse(data, network=learning)
    widget.wait()
    before = widget.view["line"], widget.view["best"]
    assert widget.view["again"]
    learning[1].bias.data[3] += 1000  # it says 3 of whatever it sees
    assert (widget.view["line"], widget.view["best"]) == before
    widget.receive({"do": "look"}, [])
    widget.wait()
    assert widget.view["best"] != before[1]


# --- requests of the page ------------------------------------------------------------------------


def test_every_request_is_answered_even_one_that_fails(data):
    widget = browse(data)
    widget.set_state({"place": 70, "seq": 1})
    assert (widget.view["seq"], widget.view["first"]) == (1, 60)
    widget.set_state({"chosen": "77", "seq": 2})
    assert "Did you mean '7'" in widget.error
    assert (widget.view["seq"], widget.chosen, widget.place) == (2, "all classes", 70)
    widget.set_state({"chosen": "7", "seq": 3})
    assert (widget.error, widget.view["seq"], widget.page) == ("", 3, 0)
