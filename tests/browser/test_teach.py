"""teach() on a page: camera, files, folders, keyboard; learning, answers, removal, deletion."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.helpers.images import encode, photograph
from tests.helpers.own_images import write_folder
from tests.helpers.static import StaticPage
from tests.helpers.widgets import CONTRAST, STICKING_OUT, drop, started

CELLS = ["from course_utils import teach", "w = teach(folder, network)\nw"]
SMALL = "lenet-cifar10"  # quick


@pytest.fixture(scope="module")
def notebook(browser):
    """One page for all tests here."""
    notebook = StaticPage(browser, CELLS)
    yield notebook
    notebook.close()


@pytest.fixture
def opened(notebook, tmp_path):
    """Start a new teach(...) in the notebook, on a folder of this test."""

    def start(counts=(), width=1420, height=640, theme="light", network=SMALL):
        folder = tmp_path / "my_images"
        if counts:
            write_folder(folder, counts=counts, names=("zero", "one", "two"))
        names = {"folder": os.fspath(folder), "network": network}
        _, widget = started(notebook, theme, width, height, **names)
        if counts:
            notebook.names["w"].wait()
            expect(widget.locator("[role=status]").first).to_contain_text("The head learned")
        return widget, folder

    notebook.console.clear()
    yield start
    assert notebook.console == []
    if notebook.page.get_by_role("button", name="Camera off").count():
        notebook.page.get_by_role("button", name="Camera off").click()


def add_class(widget, name):
    widget.get_by_label("New class").fill(name)
    widget.get_by_label("New class").press("Enter")
    expect(row(widget, name)).to_be_visible()


def row(widget, name):
    return widget.locator(f".cw-class[data-class='{name}']")


def camera_off(widget, notebook):
    """Controls are not measured before it rests."""
    widget.get_by_role("button", name="Camera off").click()
    notebook.ask("w.view")


def await_answers(notebook, least):
    notebook.page.wait_for_function(
        "n => Number(document.querySelector('.course-widget').dataset.answers ?? 0) >= n",
        arg=least,
    )


def jpeg(shade=90):
    content = encode("JPEG", Image.new("RGB", (64, 64), (shade, 40, 200 - shade)))
    return {"name": f"shade {shade}.jpg", "mimeType": "image/jpeg", "buffer": content}


def files_of(widget, name):
    return row(widget, name).locator("input[type=file]")


def test_classes_are_filled_by_the_camera_while_the_button_is_held(opened, notebook):
    widget, folder = opened()
    page = notebook.page
    for name in ("left", "right"):
        add_class(widget, name)
        for _ in range(2):
            hold = row(widget, name).get_by_role("button", name="Hold to record")
            hold.hover()
            page.mouse.down()
            expect(hold).to_have_attribute("aria-pressed", "true")
            page.wait_for_timeout(500)
            page.mouse.up()
            expect(hold).to_have_attribute("aria-pressed", "false")
    camera_off(widget, notebook)
    notebook.names["w"].wait()
    bursts = sorted({path.name[:10] for path in (folder / "left").iterdir()})
    assert bursts == ["burst-0001", "burst-0002"]
    expect(row(widget, "left").locator(".cw-count")).to_contain_text("2 bursts")
    before = int(widget.get_attribute("data-answers") or 0)
    expect(widget.locator(".cw-table tr")).to_have_count(4)
    widget.get_by_role("button", name="Camera on").click()
    await_answers(notebook, before + 4)  # the camera is on: it is answered live
    expect(widget.locator(".cw-classes .cw-label")).to_have_text(["left", "right", "none of these"])


def test_live_rests_while_nobody_looks_and_ends_with_the_camera(opened, notebook):
    widget, _ = opened((5, 5))
    page = notebook.page
    widget.get_by_role("button", name="Camera on").click()
    await_answers(notebook, 3)
    page.evaluate("document.body.style.paddingTop = '4000px'")
    page.wait_for_timeout(500)
    resting = widget.get_attribute("data-answers")
    page.wait_for_timeout(500)
    assert widget.get_attribute("data-answers") == resting
    page.evaluate("document.body.style.paddingTop = ''")
    expect(widget).not_to_have_attribute("data-answers", resting)
    widget.get_by_role("button", name="Camera off").click()
    notebook.ask("w.view")
    ended = widget.get_attribute("data-answers")
    page.wait_for_timeout(400)
    assert widget.get_attribute("data-answers") == ended


@pytest.mark.parametrize(
    ("name", "says"),
    [("NotAllowedError", "did not allow"), ("NotFoundError", "No camera"), ("Odd", "no camera")],
)
def test_a_camera_that_cannot_be_had_is_a_sentence(opened, notebook, name, says):
    widget, _ = opened()
    notebook.page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia ="
        " () => Promise.reject(new DOMException('no', name)); }",
        name,
    )
    widget.get_by_role("button", name="Camera on").click()
    expect(widget.get_by_role("alert")).to_contain_text(says)
    notebook.page.evaluate("delete navigator.mediaDevices.getUserMedia")


def test_files_are_taken_and_what_is_none_is_named(opened, notebook):
    widget, folder = opened()
    for name, shades in (("dark", (10, 20)), ("light", (190, 200))):
        add_class(widget, name)
        files_of(widget, name).set_input_files([jpeg(shade) for shade in shades])
    bad = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no image"}
    files_of(widget, "dark").set_input_files([bad, jpeg(30)])
    expect(widget.get_by_role("alert")).to_have_text("No image, left out: notes.txt.")
    expect(row(widget, "dark").locator("[role=option]")).to_have_count(3)
    notebook.names["w"].wait()
    source = row(widget, "dark").locator("[role=option] img").first
    expect(source).to_have_attribute("src", re.compile("^blob:"))
    assert sorted(path.name for path in (folder / "dark").iterdir()) == [
        *("shade 10.jpg", "shade 20.jpg", "shade 30.jpg")
    ]


def test_a_folder_is_chosen_or_dropped_each_of_its_folders_is_a_class(opened, notebook, tmp_path):
    widget, _ = opened()
    theirs = write_folder(tmp_path / "theirs", counts=(2, 3), names=("Nüsse", "Äpfel"))
    (theirs / "Nüsse" / ".DS_Store").write_bytes(b"x")
    widget.locator("input[type=file]").first.set_input_files(theirs)
    expect(row(widget, "Äpfel").locator("[role=option]")).to_have_count(3)
    expect(row(widget, "Nüsse").locator("[role=option]")).to_have_count(2)
    more = write_folder(tmp_path / "more", counts=(4,), names=("Birnen",))
    session = notebook.page.context.new_cdp_session(notebook.page)
    box = widget.bounding_box()
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": box["x"] + box["width"] / 2,
                "y": box["y"] + box["height"] - 10,
                "data": {"items": [], "files": [str(more)], "dragOperationsMask": 1},
            },
        )
    expect(row(widget, "Birnen").locator("[role=option]")).to_have_count(4)
    expect(widget.get_by_role("alert")).to_be_empty()


def test_a_dropped_image_is_answered_and_a_switch_says_where_it_looks(opened, notebook):
    widget, folder = opened((6, 6))
    one = sorted((folder / "one").iterdir())[0]
    drop(widget, "mine.png", one.read_bytes())
    best = widget.locator(".cw-classes [aria-current=true]")
    expect(best).to_contain_text("one")
    expect(widget.locator(".cw-sees img")).to_be_visible()
    expect(widget.get_by_text("distance to the nearest 0.00")).to_be_visible()
    places = widget.get_by_role("img", name="bright places")
    expect(places).to_be_hidden()
    widget.get_by_label("where it looks").check()
    expect(places).to_be_visible()
    drop(widget, "cat.png", photograph("cat", (64, 64)))
    expect(best).to_contain_text("none of these")
    drop(widget, "broken.png", b"no image")
    expect(widget.get_by_role("alert")).to_contain_text("broken.png")


def test_by_the_keyboard_alone(opened, notebook):
    """Two classes named, each recorded twice, an image removed and brought back."""
    widget, folder = opened()
    page = notebook.page
    widget.get_by_label("New class").focus()
    for name in ("a", "b"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(row(widget, name)).to_be_visible()
    for name in ("a", "b"):
        row(widget, name).get_by_role("button", name="Hold to record").focus()
        for key in ("Space", "Enter"):
            page.keyboard.down(key)
            page.wait_for_timeout(300)
            page.keyboard.up(key)
            page.wait_for_timeout(150)
    camera_off(widget, notebook)
    notebook.names["w"].wait()
    count = len([*(folder / "a").iterdir()])
    options = row(widget, "a").locator("[role=option]")
    expect(options).to_have_count(count)
    row(widget, "a").get_by_role("listbox").focus()
    page.keyboard.press("ArrowRight")
    chosen = options.nth(1).get_attribute("aria-label")
    page.keyboard.press("Delete")
    expect(options).to_have_count(count - 1)
    assert not (folder / "a" / chosen).exists()
    widget.get_by_role("button", name="Undo remove").focus()
    page.keyboard.press("Enter")
    expect(options).to_have_count(count)
    assert notebook.keys_heard() == []


def test_a_click_removes_an_image(opened, notebook):
    widget, _ = opened((4, 4))
    options = row(widget, "one").locator("[role=option]")
    options.first.click()
    expect(options).to_have_count(3)


def test_deleting_all_is_asked_once(opened, notebook):
    widget, folder = opened((4, 4))
    assert "computer that runs this notebook" in widget.locator(".cw-stays").inner_text()
    sure = widget.get_by_role("button", name="Delete them")
    expect(sure).to_be_hidden()
    widget.get_by_text("Delete all images…").press("Enter")
    expect(sure).to_be_visible()
    assert len([*folder.rglob("*.png")]) == 8
    sure.click()
    expect(widget.locator(".cw-class")).to_have_count(0)
    assert [*folder.rglob("*.png")] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_whole_accessible_and_readable(opened, notebook, theme):
    """In a notebook on a small laptop, and in presenter mode on a projector."""
    widget, folder = opened((5, 5, 5), theme=theme)
    drop(widget, "mine.png", sorted((folder / "one").iterdir())[0].read_bytes())
    widget.get_by_label("where it looks").check()
    expect(widget.get_by_role("img", name="bright places")).to_be_visible()
    assert widget.bounding_box()["height"] <= 580
    notebook.screenshot(f"teach-{theme}")
    assert [each for each in widget.evaluate(CONTRAST) if each[0] < 4.5] == []
    found = Axe().run(notebook.page, context={"include": [[".course-widget"]]})
    assert found.response["violations"] == []
    notebook.page.set_viewport_size({"width": 1920, "height": 1080})
    widget.get_by_role("button", name="Present").click()
    expect(widget.locator(".cw-table")).to_be_hidden()
    notebook.page.keyboard.press("a")
    expect(widget.locator(".cw-table")).to_be_visible()
    assert widget.evaluate(STICKING_OUT) == []
    below = widget.locator(".cw-report").bounding_box()
    assert below["y"] + below["height"] <= 1020
    notebook.screenshot(f"presenter-teach-{theme}")
    notebook.page.keyboard.press("Escape")
