"""Bad images: one line each, with what must happen.

Each is refused by one `CourseError` that names the image and says what to do, without a warning
and with nothing left open.
"""

import io
import os
import re
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from course_utils import CourseError
from course_utils.images import open_image
from tests.helpers import images as bad
from tests.helpers.images import chunk, cut, gif, insert, jpeg, noise, png, put, segment, tiff

BROKEN = "damaged, or none of the formats"
ENDS = "is cut off"
LARGE = "megapixels"

# The name of a fault, what makes the file, and a part of what the user reads.
FILES = [
    # nothing, or something else
    ("empty", lambda: b"", "is empty"),
    ("zeros", lambda: bytes(5000), "is empty"),
    ("noise", lambda: noise(5000), "none of the formats"),
    ("text", lambda: b"Dear student,\nthis is a letter.", "none of the formats"),
    ("web page", lambda: b"\n<!DOCTYPE html><title>Log in</title>", "web page"),
    ("web page with a mark", lambda: b"\xef\xbb\xbf<HTML>", "web page"),
    ("svg", lambda: b"<?xml version='1.0'?><svg/>", "SVG"),
    ("pdf", lambda: b"%PDF-1.7\n%\xe2\xe3", "document"),
    ("zip", lambda: b"PK\x03\x04" + noise(99), "archive"),
    ("video", lambda: b"\0\0\0\x20ftypisom", "video"),
    ("photoshop", lambda: b"8BPS\0\1", "Save one image"),
    ("icon, not on the list", lambda: bad.encode("ICO"), "none of the formats"),
    ("ppm, not on the list", lambda: bad.encode("PPM"), "none of the formats"),
    # PNG
    ("png, signature only", lambda: png()[:8], BROKEN),
    ("png, cut", lambda: cut(bad.encode("PNG")), ENDS),
    ("png, cut behind a chunk", lambda: png(rows=cut(zlib.compress(noise(72)))), BROKEN),
    ("png, one bit flipped", lambda: put(bad.encode("PNG"), 900, b"\x55"), BROKEN),
    ("png, claims 2.5 gigapixels", lambda: png(size=(50_000, 50_000)), LARGE),
    ("png, 26 megapixels", lambda: png(size=(5200, 5000)), "26 megapixels"),
    ("png, strip of 1 x 20,000,000", lambda: png(size=(1, 20_000_000)), "strip"),
    ("png, not compressed data", lambda: png(rows=noise(99)), BROKEN),
    ("png, zTXt of 100 MB", lambda: png(chunk(b"zTXt", b"a\0\0" + bad.zeros(100))), BROKEN),
    # JPEG
    ("jpeg, cut", lambda: cut(jpeg()), ENDS),
    ("jpeg, cut in its header", lambda: jpeg()[:100], BROKEN),
    ("jpeg, no image", lambda: b"\xff\xd8\xff\xd9", BROKEN),
    ("jpeg, claims 4 gigapixels", lambda: bad.resized(jpeg(), 65_500, 65_500), LARGE),
    ("jpeg, strip", lambda: bad.resized(jpeg(), 60_000, 16), "strip"),
    # GIF
    ("gif, cut", lambda: cut(bad.encode("GIF")), ENDS),
    ("gif, claims 4 gigapixels", lambda: gif(screen=(65_535, 65_535)), "pixels"),
    # BMP
    ("bmp, cut", lambda: cut(bad.encode("BMP")), ENDS),
    ("bmp, claims 2.5 gigapixels", lambda: bad.bmp(width=50_000, height=50_000), LARGE),
    # WebP
    ("webp, cut", lambda: cut(bad.webp()), BROKEN),
    ("webp, lossless, cut", lambda: cut(bad.webp(lossless=True)), BROKEN),
    ("webp, header only", lambda: bad.webp()[:16], BROKEN),
    # TIFF
    ("tiff, cut", lambda: cut(tiff(), 0.95), ENDS),
    ("tiff, claims 10^10 pixels", lambda: tiff({256: (4, 1, 10**5), 257: (4, 1, 10**5)}), LARGE),
    ("tiff, 77 bits", lambda: tiff({258: (4, 1, 77)}), BROKEN),
    ("tiff, raw file of a camera", lambda: tiff({50706: (1, 4, 1)}), "raw file"),
    ("tiff, preview of a raw file", lambda: tiff({254: (4, 1, 1)}), "raw file"),
    ("tiff, not a number", lambda: bad.encode("TIFF", bad.floats(np.nan)), "NaN"),
    ("tiff, infinity", lambda: bad.encode("TIFF", bad.floats(np.inf)), "infinity"),
    # HEIC
    ("heic, cut", lambda: cut(bad.heic()), BROKEN),
    ("heic, header only", lambda: bad.heic()[:32], BROKEN),
    # AVIF
    ("avif, cut", lambda: cut(bad.encode("AVIF")), BROKEN),
    ("avif, header only", lambda: b"\0\0\0\x20ftypavif", BROKEN),
]

REMEDY = re.compile(
    r"Get the file again|save it as|[Mm]ake a smaller copy|Crop it|Run `|"
    r"Download|Save one image|Replace them|Open the file again|binary|Choose|Open one|take one|"
    r"Check|undo|Convert it|Name a file|has the shape|Did you mean|needs its path|Give",
)


def open_files():
    return os.listdir("/dev/fd") if os.path.isdir("/dev/fd") else []


def refusal(source, name="The image"):
    """Return what the user reads, and see that nothing else happens."""
    before = open_files()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(CourseError) as caught:
            open_image(source)
        message = str(caught.value)
        del caught
    assert open_files() == before
    assert [str(w.message) for w in warned] == []
    assert message.startswith(name)
    assert REMEDY.search(message), message
    assert len(message) < 400
    return message


@pytest.mark.parametrize(("make", "says"), [pytest.param(*row[1:], id=row[0]) for row in FILES])
def test_bad_file(make, says, tmp_path):
    data = make()
    assert re.search(says, refusal(data))
    path = tmp_path / "dog.png"
    path.write_bytes(data)
    assert re.search(says, refusal(path, name="'dog.png'"))


# --- Sources that are no file, or no image ----------------------------------------------------


def pipe(folder):
    os.mkfifo(folder / "dog.png")
    return folder / "dog.png"


def neighbours(folder):
    (folder / "house.png").touch()
    return folder / "huose.png"


def loop(folder):
    (folder / "dog.png").symlink_to(folder / "dog.png")
    return folder / "dog.png"


def closed_file(folder):
    file = io.BytesIO(png())
    file.close()
    return file


def text_file(folder):
    (folder / "dog.png").write_text("woof")
    return (folder / "dog.png").open()


def closed_image(folder):
    image = Image.open(io.BytesIO(png()))
    image.close()
    return image


def uploads(number):
    return tuple({"name": "dog.png", "content": memoryview(b"no image")} for _ in range(number))


# The name of a fault, what makes the source in an empty folder, what the message begins with, and
# a part of it.
SOURCES = [
    ("no sample", lambda folder: "cta", "There is no sample", "'cat'.*needs its path"),
    ("no sample in capitals", lambda folder: "CAT", "There is no sample", "Did you mean 'cat'"),
    ("no file", lambda folder: folder / "dog.png", "There is no file 'dog.png'", "Check its name"),
    ("another file", neighbours, "There is no file 'huose.png'", "Did you mean 'house.png'"),
    ("no folder", lambda folder: folder / "a" / "b.png", "There is no folder", "Check the path"),
    ("a folder", lambda folder: folder, "'", "not a file but a folder"),
    ("a device that never ends", lambda folder: "/dev/zero", "'/dev/zero'", "device"),
    ("a pipe that nobody fills", pipe, "'", "device"),
    ("a link to itself", loop, "There is no file 'dog.png'", "Did you mean|Check"),
    ("no name", lambda folder: "", "''", "folder"),
    ("an address", lambda folder: "https://example.org/dog.png", "'https", "Download the image"),
    ("an address in capitals", lambda folder: "HTTP://EXAMPLE.ORG", "'HTTP", "Download"),
    ("data in an address", lambda folder: "data:image/png;base64,AA", "'data", "Download"),
    ("a closed file", closed_file, "The image", "Open the file again"),
    ("a file open as text", text_file, "'dog.png'", "binary"),
    ("text in memory", lambda folder: io.StringIO("woof"), "The image", "binary"),
    ("nothing uploaded", lambda folder: (), "No image", "Choose a file"),
    ("two uploads", lambda folder: uploads(2), "Several", "Open one"),
    ("no image uploaded", lambda folder: uploads(1), "'dog.png'", "none of the formats"),
    ("nothing", lambda folder: None, "An image cannot come from a NoneType", "Give"),
    ("a number", lambda folder: 7, "An image cannot come from a int", "Give"),
    ("a list", lambda folder: [1, 2], "An image cannot come from a list", "Give"),
    ("a closed PIL image", closed_image, "The image", BROKEN),
    ("a cut PIL image", lambda _: Image.open(io.BytesIO(cut(jpeg()))), "The image", ENDS),
    ("a PIL image of 26 MP", lambda folder: Image.new("1", (5200, 5000)), "The image", LARGE),
    ("a PIL image, no pixels", lambda folder: Image.new("F", (0, 0)), "The image", "no pixels"),
    ("a PIL image of NaN", lambda folder: bad.floats(np.nan), "The image", "NaN"),
    ("an array of 1 axis", lambda folder: np.zeros(9), "The array", r"\(9,\)"),
    ("an array of 2 channels", lambda folder: np.zeros((4, 4, 2)), "The array", "shape"),
    ("an empty array", lambda folder: np.zeros((0, 4)), "The array", "shape"),
    ("a batch", lambda folder: torch.zeros(1, 3, 8, 8), "The array", r"x\[0\]"),
    ("a scalar", lambda folder: np.float32(1), "The array", "shape"),
    ("a normalised tensor", lambda _: torch.linspace(-2, 2, 9).view(3, 3), "The array", "undo"),
    ("floats up to 255", lambda folder: np.full((4, 4), 255.0), "The array", "divide by 255"),
    ("an array of NaN", lambda folder: np.full((4, 4), np.nan), "The array", "undo"),
    ("whole numbers", lambda folder: np.zeros((4, 4), int), "The array", "astype"),
    ("complex numbers", lambda folder: np.zeros((4, 4), complex), "The array", "astype"),
    ("an array of texts", lambda folder: np.full((4, 4), "a"), "The array", "astype"),
    ("a tensor without data", lambda _: torch.zeros(3, 8, 8, device="meta"), "The array", BROKEN),
    ("a huge array", lambda _: np.broadcast_to(np.uint8(0), (9**6, 9**6)), "The array", LARGE),
    ("a strip", lambda folder: np.zeros((1, 999), np.uint8), "The array", "strip"),
]


@pytest.mark.parametrize(
    ("make", "name", "says"), [pytest.param(*row[1:], id=row[0]) for row in SOURCES]
)
def test_bad_source(make, name, says, tmp_path):
    if make is pipe and not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    source = make(tmp_path)
    assert re.search(says, refusal(source, name))
    if hasattr(source, "close"):
        source.close()


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    """The system's refusal is played: root may read everything."""
    path = tmp_path / "dog.png"
    path.write_bytes(png())

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    assert "permissions" in refusal(path, "'dog.png'")


def test_without_the_heic_plug_in(monkeypatch):
    data = bad.heic()
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert "pip install pillow-heif" in refusal(data)


# --- Odd, but whole: these must open -------------------------------------------------------------

FRAME = gif()[19:-1]
TURNED = bad.exif([(0x0112, 3, 1, 6)])
GREY = Image.new("L", (64, 64), 128)
GREY_INKS = Image.new("CMYK", (64, 64), (128, 128, 128, 128))
ODD = [
    ("gif, noise behind it", lambda: gif() + noise(999), (8, 8)),
    ("png, noise behind it", lambda: png() + noise(999), (8, 8)),
    ("png, one pixel", lambda: png(size=(1, 1), rows=zlib.compress(b"\0\7")), (1, 1)),
    ("png, its EXIF is noise", lambda: png(chunk(b"eXIf", noise(200))), (8, 8)),
    ("jpeg, noise behind it", lambda: jpeg() + noise(999), (96, 64)),
    ("jpeg, its EXIF is noise", lambda: bad.jpeg_with_exif(noise(200)), (96, 64)),
    ("jpeg, its EXIF is cut", lambda: bad.jpeg_with_exif(TURNED[:15]), (96, 64)),
    ("jpeg, its EXIF is whole", lambda: bad.jpeg_with_exif(TURNED), (64, 96)),
    (
        "jpeg, unknown orientation",
        lambda: bad.jpeg_with_exif(bad.exif([(0x0112, 3, 1, 77)])),
        (96, 64),
    ),
    ("jpeg, a thumbnail in it", lambda: insert(jpeg(), 2, segment(0xE1, jpeg())), (96, 64)),
    ("jpeg, all grey", lambda: jpeg(image=GREY), (64, 64)),
    ("jpeg, all grey, in colour", lambda: jpeg(image=GREY.convert("RGB")), (64, 64)),
    ("jpeg, all grey, progressive", lambda: jpeg(image=GREY, progressive=True), (64, 64)),
    ("jpeg, all grey, restarts", lambda: jpeg(image=GREY, restart_marker_rows=1), (64, 64)),
    ("jpeg, all grey, in inks", lambda: jpeg(image=GREY_INKS), (64, 64)),
    ("jpeg, 1 pixel high", lambda: jpeg(image=Image.new("L", (99, 1))), (99, 1)),
    ("tiff, directory leads to itself", lambda: bad.circular_tiff(), (8, 8)),
    ("tiff, one tile", lambda: bad.tiled_tiff(), (8, 8)),
    ("tiff, big", lambda: tiff(big=True), (8, 8)),
]


@pytest.mark.parametrize(("make", "size"), [pytest.param(*row[1:], id=row[0]) for row in ODD])
def test_odd_but_whole(make, size, recwarn):
    assert open_image(make()).size == size
    assert not recwarn.list


# --- Memory, threads, and anything else ----------------------------------------------------------


def test_threads_leave_the_warnings_of_python_as_they_were():
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: open_image(png()), range(64)))
    assert list(warnings.filters) == before


WHOLE = {
    "png": png(),
    "png palette": bad.encode("PNG", bad.PHOTO.quantize(16), transparency=b"\0\x80"),
    "png 16": bad.encode("PNG", Image.new("I;16", (9, 9), 999)),
    "apng": bad.encode("PNG", save_all=True, append_images=[bad.PHOTO.transpose(0)]),
    "jpeg": jpeg(exif=b"Exif\0\0" + TURNED),
    "jpeg progressive": jpeg(progressive=True),
    "jpeg inks": jpeg(image=bad.PHOTO.convert("CMYK")),
    "gif": gif(b"!\xf9\4\1\0\0\1\0"),
    "gif animated": bad.encode("GIF", save_all=True, append_images=[bad.PHOTO.transpose(0)]),
    "bmp": bad.bmp(),
    "bmp 24": bad.encode("BMP"),
    "webp": bad.webp(),
    "webp lossless": bad.webp(lossless=True),
    "webp animated": bad.resized_webp(100, 70),
    "tiff": tiff(),
    "tiff big": tiff(big=True),
    "tiff lzw": bad.encode("TIFF", compression="tiff_lzw"),
    "tiff jpeg": bad.encode("TIFF", compression="jpeg"),
    "tiff tile": bad.tiled_tiff(),
    "tiff float": bad.encode("TIFF", bad.floats(0)),
    "heic": bad.heic(),
    "avif": bad.encode("AVIF"),
}


@st.composite
def damaged(draw):
    """A whole file in which bytes are changed, cut out, doubled or lost at the end."""
    data = WHOLE[draw(st.sampled_from(list(WHOLE)))]
    place = st.integers(0, len(data) - 1) | st.integers(0, min(len(data), 200) - 1)
    for at, value in draw(st.lists(st.tuples(place, st.integers(0, 255)), max_size=8)):
        data = put(data, at, bytes([value]))
    match draw(st.sampled_from(["", "", "cut", "drop", "double", "fill"])):
        case "cut":
            data = data[: draw(place)]
        case "drop":
            start, end = sorted((draw(place), draw(place)))
            data = data[:start] + data[end:]
        case "double":
            start, end = sorted((draw(place), draw(place)))
            data = data[:end] + data[start:]
        case "fill":
            start, end = sorted((draw(place), draw(place)))
            data = put(data, start, bytes(end - start))
    return bad.with_right_checksums(data) if draw(st.booleans()) else data


@given(damaged())
def test_whatever_the_bytes_are_a_image_or_a_course_error(data):
    try:
        image = open_image(data)
    except CourseError:
        return
    assert image.mode == "RGB"
    assert np.asarray(image).size == image.width * image.height * 3
