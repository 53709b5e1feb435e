"""teach() through its messages: images in a folder, a head, what it is worth, and its answers."""

import pytest
import torch
from PIL import Image

from course_utils import CourseError, classify, load_network, teach
from course_utils.transfer import class_activation_map, features, load_taught
from tests.helpers.images import encode, photograph
from tests.helpers.own_images import write_folder

SMALL = "lenet-cifar10"  # quick


def plain(red: int, blue: int = 0) -> bytes:
    return encode("JPEG", Image.new("RGB", (64, 64), (red, 90, blue)))


def add(widget, label, content, part=0, burst=False, name="one.jpg"):
    widget.receive({"add": label, "part": part, "burst": burst, "name": name}, [content])


def record(widget, label, colours):
    for part, colour in enumerate(colours):
        add(widget, label, plain(*colour), part, burst=True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the images of a test lie, named as a student does."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "my_images"


def learned(folder):
    """A widget that has learned zeros and ones, 12 files of each."""
    widget = teach(write_folder(folder, counts=(12, 12), names=("null", "eins")), SMALL)
    widget.wait()
    return widget


@pytest.fixture
def digits(folder):
    """One for this test, which changes it."""
    return learned(folder)


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """One for all tests that only ask it."""
    return learned(tmp_path_factory.mktemp("asking") / "my_images")


# --- Images come in, and go ---


def test_a_class_is_a_folder_that_git_ignores(folder):
    widget = teach(network=SMALL)
    widget.receive({"new": "  Tasse ☕ "}, [])
    assert [one["name"] for one in widget.view["classes"]] == ["Tasse ☕"]
    assert (folder / "Tasse ☕").is_dir()
    assert (folder / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("name", ["", "a/b", "..", "a\\b", "what?", "x" * 41])
def test_a_name_that_no_folder_can_have_is_refused(folder, name):
    widget = teach(network=SMALL)
    widget.receive({"new": name}, [])
    assert "name" in widget.error
    assert not folder.exists() or not [path for path in folder.iterdir() if path.is_dir()]


def test_bursts_are_numbered_and_files_keep_their_names(folder):
    widget = teach(network=SMALL)
    record(widget, "cup", [(200,), (201,)])
    record(widget, "cup", [(120,)])
    add(widget, "cup", plain(10), name="../holiday.png")
    add(widget, "cup", plain(11), 1, name="holiday.png")
    names = sorted(path.name for path in (folder / "cup").iterdir())
    assert names == [
        *("burst-0001-00.jpg", "burst-0001-01.jpg", "burst-0002-00.jpg"),
        *("holiday (1).jpg", "holiday.jpg"),
    ]
    assert widget.view["classes"][0] | {"shown": 0} == {
        **{"name": "cup", "count": 5, "groups": 4, "shown": 0}
    }


def test_what_is_no_image_is_named_and_left_out(folder):
    widget = teach(network=SMALL)
    for part, (name, content) in enumerate(
        [("notes.txt", b"no"), ("a.jpg", plain(9)), ("b.jpg", plain(9)[:200]), ("c", b"")]
    ):
        add(widget, "cup", content, part, name=name)
    assert widget.error == "No image, left out: notes.txt, b.jpg, c."
    assert [path.name for path in (folder / "cup").iterdir()] == ["a.jpg"]


def test_broken_and_foreign_files_of_a_folder_do_not_break_it(folder):
    write_folder(folder, counts=(4, 4), names=("a", "b"))
    (folder / "a" / "broken.jpg").write_bytes(b"\xff\xd8 cut off")
    (folder / "a" / "Thumbs.db").write_bytes(b"x")
    (folder / "loose.txt").write_text("x")
    widget = teach(folder, SMALL)
    widget.wait()
    assert widget.taught.classes == ("a", "b")
    assert "cannot be opened: broken.jpg" in widget.view["note"]
    assert len(widget.data) == len(widget.taught.known) == 8


def test_a_removed_image_is_set_aside_and_comes_back(digits, folder):
    key = digits.learner.images[0].key
    digits.receive({"remove": key}, [])
    digits.wait()
    assert len(digits.taught.known) == 23
    assert len(digits.data) == 23  # set aside, it is in no class
    digits.receive({"undo": True}, [])
    digits.wait()
    assert len(digits.taught.known) == 24


def test_all_are_deleted_and_nothing_else(digits, folder):
    (folder / "null" / "thesis.docx").write_text("mine")
    digits.receive({"remove": digits.learner.images[0].key}, [])
    digits.receive({"delete": True}, [])
    left = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    assert [name for name in left if name != ".gitignore"] == ["null/thesis.docx"]
    with pytest.raises(CourseError, match="Nothing is taught yet: give images to two classes"):
        digits.head  # noqa: B018


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    with pytest.raises(CourseError, match=r"is a file\. Give the name of a folder"):
        teach(tmp_path / "a.jpg", SMALL)


# --- Learning ---


def test_the_head_is_there_for_cells(asking):
    assert asking.head.out_features == 2
    assert asking.taught.classes == tuple(asking.data.classes) == ("eins", "null")
    X, y, _ = asking.learner.data("trained")
    assert (asking.head(X).argmax(1) == y).float().mean() > 0.95
    files = [image.path for image in asking.learner.images]
    assert torch.allclose(features(asking.backbone, files), X, atol=1e-5)


def test_features_are_made_once_for_an_image(digits, monkeypatch):
    from course_utils.widgets.teach import learner

    made = []
    real = learner.features
    monkeypatch.setattr(learner, "features", lambda *args: made.append(1) or real(*args))
    add(digits, "eins", photograph("cat"))
    digits.wait()
    assert len(made) == 2  # the new one, by the trained network and by the random one


def test_controls_stand_beside_the_accuracy(asking):
    report = {row["what"]: row for row in asking.view["report"]}
    assert [*report] == [
        *("features, trained on CIFAR-10", "features, random weights"),
        *("32 × 32 raw pixels", "always the largest class"),
    ]
    assert report["32 × 32 raw pixels"]["share"] > 0.9  # a zero and a one: pixels suffice
    assert report["always the largest class"]["share"] == 0.5
    assert all(row["low"] <= row["share"] <= row["high"] for row in report.values())


def test_no_accuracy_from_one_burst(folder):
    widget = teach(network=SMALL)
    for label, red in (("a", 30), ("b", 220)):
        record(widget, label, [(red + i,) for i in range(5)])
    widget.wait()
    assert widget.taught.classes == ("a", "b")
    assert widget.view["report"] == []
    assert "all images of a, b are of one burst" in widget.view["note"]
    for label, red in (("a", 40), ("b", 200)):
        record(widget, label, [(red,)])
    widget.wait()
    assert widget.view["report"][0]["share"] == 1


def test_another_backbone_learns_anew_and_one_without_a_head_is_refused(digits):
    digits.set_state({"network": "lenet"})
    digits.wait()
    assert digits.error == ""
    assert digits.view["status"] == "trained on MNIST"
    assert len(digits.taught.known) == 24
    digits.set_state({"network": "lenet_1998"})
    assert "no head to cut off" in digits.error
    assert digits.network == "lenet"


# --- Answers ---


def asked(widget, content: bytes) -> dict:
    sent = []
    widget.send = lambda message, buffers=None: sent.append((message, buffers))
    widget.receive({"ask": 7, "name": "x.jpg"}, [content])
    return next((message, buffers) for message, buffers in sent if "answer" in message)


def test_an_answer_has_a_share_for_each_class_and_the_nearest_image(asking):
    one = asking.learner.images[3]
    answer, _ = asked(asking, one.path.read_bytes())
    assert answer["answer"] == 7
    assert sum(answer["shares"]) == pytest.approx(1, abs=1e-3)
    assert answer["nearest"] == one.key
    assert answer["distance"] == pytest.approx(0, abs=1e-3)
    assert not answer["none"]


def test_none_of_these_is_a_matter_of_the_limit(asking):
    """95 % of the images are nearer than the limit to another one; a cat is no digit."""
    X = asking.taught.known
    distances = 1 - torch.nn.functional.cosine_similarity(X[:, None], X[None], dim=2)
    distances.fill_diagonal_(9)
    inside = (distances.amin(1) <= asking.taught.limit).float().mean()
    assert 0.9 <= inside < 1
    assert asked(asking, photograph("cat"))[0]["none"]


def test_where_it_looks_is_the_class_activation_map(asking):
    asking.looks = True
    content = asking.learner.images[-1].path.read_bytes()
    answer, (places,) = asked(asking, content)
    asking.looks = False
    rows, columns = answer["map"]
    levels = torch.frombuffer(bytearray(places), dtype=torch.uint8).view(rows, columns)
    wanted = class_activation_map(asking.taught.network, content).values
    assert levels.argmax() == wanted.argmax()


def test_an_image_that_is_none_is_a_sentence_and_an_answer(asking):
    answer, _ = asked(asking, b"nothing")
    assert answer == {"answer": 7}
    assert "x.jpg" in asking.error


def test_before_there_is_a_head_nothing_is_answered(folder):
    widget = teach(network=SMALL)
    assert asked(widget, photograph("cat"))[0] == {"answer": 7}
    assert "Nothing is taught yet" in widget.error


# --- Kept ---


def test_a_taught_network_is_saved_and_loaded(asking, tmp_path):
    path = asking.save(tmp_path / "digits")
    taught = load_taught(path)
    image = asking.learner.images[0].path
    before, after = asking.taught.answer(image), taught.answer(image)
    assert after.shares == pytest.approx(before.shares)
    assert (after.nearest, after.none) == (before.nearest, before.none)
    assert [name for name, _ in classify(taught.network, image)] == ["eins", "null"]
    other = teach(tmp_path / "elsewhere", SMALL)
    other.load(path)
    assert asked(other, image.read_bytes())[0]["shares"] == pytest.approx(before.shares, abs=1e-3)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_file_that_is_no_taught_network_is_refused(tmp_path, content):
    path = tmp_path / "x.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseError, match="is no taught network"):
        load_taught(path)


def test_a_backbone_of_ones_own_can_be_taught_not_saved(folder, tmp_path):
    mine = load_network("lenet", weights=None, dataset="cifar10")
    del mine.info
    widget = teach(write_folder(folder, counts=(4, 4)), mine)
    widget.wait()
    assert [row["what"] for row in widget.view["report"]][1:] == [
        *("32 × 32 raw pixels", "always the largest class")
    ]
    with pytest.raises(CourseError, match="no network of the course"):
        widget.save(tmp_path / "mine")


def test_what_it_says_of_itself(asking, tmp_path):
    assert repr(teach(tmp_path / "none", SMALL)) == "teach: no class yet"
    assert repr(asking).startswith("teach: images of eins (12), null (12); held-out accuracy ")
    assert asking.still().alt in repr(asking)
