"""What people really have opens, and its pixels are what they should be."""

import io
import os
import re
import subprocess
import sys
import threading
from datetime import datetime

import numpy as np
import pytest
import torch
from PIL import Image, ImageFile

from course_utils import CourseError
from course_utils.datasets import load_digits
from course_utils.images import decoding, open_image, photograph, sample_images
from tests.helpers import ROOT

rng = np.random.default_rng(0)
COLOURS = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
GREY = COLOURS[..., 0]
DEEP = rng.integers(0, 2**16, (6, 8), dtype=np.uint16)
ALPHA = np.resize(np.array([0, 255, 128, 7], np.uint8), (6, 8))
# Smooth, so that a lossy format changes it little.
y, x = np.mgrid[0:48, 0:64]
SMOOTH = np.stack([x * 4, y * 5, 255 - x * 2 - y], axis=2).astype(np.uint8)


def encode(pixels, format, **options):
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def pixels_of(source):
    image = open_image(source)
    assert type(image) is Image.Image
    assert image.mode == "RGB"
    assert image.info == {}
    return np.asarray(image)


def grey(values):
    return np.repeat(np.asarray(values)[..., None], 3, axis=2)


def on_white(colours, alpha):
    a = alpha[..., None] / 255
    return np.rint(colours * a + 255 * (1 - a))


def same(actual, expected, within=0):
    assert actual.shape == np.shape(expected)
    assert np.abs(actual.astype(float) - expected).max() <= within


DIGITS = {"three": 32, "four": 4, "seven": 0}  # which of the test images


# --- Samples ----------------------------------------------------------------------------------


def test_every_sample_opens():
    for name in sample_images():
        assert min(open_image(name).size) >= 300 or name in DIGITS


@pytest.mark.parametrize(("name", "place"), DIGITS.items())
def test_the_digits_are_test_images_of_mnist_as_they_are(name, place):
    test = load_digits("test")
    pixels = test.images[place, 0].numpy()
    assert np.array_equal(np.asarray(open_image(name)), np.stack([pixels] * 3, axis=2))
    assert test.labels[place] == {"three": 3, "four": 4, "seven": 7}[name]


def test_every_photograph_says_who_made_it_where_it_is_from_and_under_which_licence():
    text = (ROOT / "data/photographs/README.md").read_text("utf-8")
    rows = re.findall(r"^\| \[(.+?)\]\(\1\) \|(.+)\|(.+)\|(.+)\|(.+)\|$", text, re.MULTILINE)
    folder = (ROOT / "data/photographs").iterdir()
    assert [row[0] for row in rows] == sorted(f.name for f in folder if f.suffix != ".md")
    for file, _, maker, source, licence in rows:
        assert maker.strip()
        assert "https://" in source
        assert any(word in licence for word in ("CC0", "CC BY 2.0", "ublic domain", "o known"))
        assert photograph(file.partition(".")[0]).name == file


def test_a_photograph_that_is_missing_is_said():
    with pytest.raises(CourseError, match="'gravy' is missing"):
        photograph("gravy")


def test_the_names_of_the_samples():
    assert sample_images() == [
        *["cat", "coffee", "camera", "palace", "rocket", "astronaut", "house"],
        *["three", "four", "seven"],
    ]


def test_house_has_the_size_that_the_lessons_name():
    assert open_image("house").size == (1920, 1135)


def test_importing_stays_cheap():
    """The HEIC plug-in is not imported for a sample."""
    code = """if True:
        import sys, types
        sys.modules["course_utils"] = package = types.ModuleType("course_utils")
        package.__path__ = ["course_utils"]
        from course_utils.images import open_image
        open_image("cat")
        print([m for m in ("torchvision", "pillow_heif") if m in sys.modules])"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == "[]\n", run.stderr


# --- Modes ------------------------------------------------------------------------------------


def transparent_palette(values=(0, 128, 255)):
    """An image of three palette colours with the given opacities, and what it looks like."""
    index = np.resize(np.arange(3, dtype=np.uint8), (6, 8))
    colours = np.array([[200, 10, 20], [30, 220, 40], [50, 60, 240]], np.uint8)
    image = Image.fromarray(index, "P")
    image.putpalette(colours.tobytes())
    image.info["transparency"] = bytes(values)
    return image, on_white(colours[index], np.array(values)[index])


def of_mode(mode, pixels):
    """An image of a mode that PIL cannot make from an array of 8-bit channels."""
    return Image.frombytes(mode, pixels.shape[1::-1], np.ascontiguousarray(pixels).tobytes())


CMYK = rng.integers(0, 256, (6, 8, 4), dtype=np.uint8)
CMYK_SEEN = (255.0 - CMYK[..., :3]) * (255 - CMYK[..., 3:]) / 255
# The equations of JFIF 1.02, page 4.
FROM_YCBCR = np.array([[1, 0, 1.402], [1, -0.34414, -0.71414], [1, 1.772, 0]])
YCBCR_SEEN = np.clip((COLOURS - [0.0, 128, 128]) @ FROM_YCBCR.T, 0, 255)
FLOATS = rng.random((6, 8), dtype=np.float32)
HIDDEN = np.dstack([COLOURS, ALPHA])

MODES = {
    "1 bit": (Image.fromarray(GREY > 127), grey(np.where(GREY > 127, 255, 0)), 0),
    "L": (Image.fromarray(GREY), grey(GREY), 0),
    "LA": (of_mode("LA", np.dstack([GREY, ALPHA])), on_white(grey(GREY), ALPHA), 1),
    "RGB": (Image.fromarray(COLOURS), COLOURS, 0),
    "RGBA": (Image.fromarray(HIDDEN), on_white(COLOURS, ALPHA), 1),
    "RGBX": (of_mode("RGBX", HIDDEN), COLOURS, 0),
    "RGBa": (Image.fromarray(HIDDEN).convert("RGBa"), on_white(COLOURS, ALPHA), 1),
    "P": (Image.fromarray(SMOOTH).quantize(256), SMOOTH, 24),
    "P, some see-through": (*transparent_palette(), 1),
    "P, one see-through": (*transparent_palette((255, 0, 255)), 0),
    "PA": (transparent_palette()[0].convert("PA"), transparent_palette()[1], 1),
    "CMYK": (of_mode("CMYK", CMYK), CMYK_SEEN, 1),
    "YCbCr": (of_mode("YCbCr", COLOURS), YCBCR_SEEN, 1),
    "HSV": (Image.fromarray(SMOOTH).convert("HSV"), SMOOTH, 8),
    "LAB": (of_mode("LAB", np.full((2, 3, 3), [0, 0, 0], np.uint8)), np.zeros((2, 3, 3)), 1),
    "I;16": (Image.fromarray(DEEP), grey(DEEP / 257), 0.5),
    "I;16B": (of_mode("I;16B", DEEP.astype(">u2")), grey(DEEP / 257), 0.5),
    "I within 0..255": (Image.fromarray(GREY.astype(np.int32)), grey(GREY), 0),
    "I beyond": (
        Image.fromarray(np.array([[-1000, 0, 1000]], np.int32)),
        grey([[0, 127.5, 255]]),
        0.5,
    ),
    "F within 0..1": (Image.fromarray(FLOATS), grey(FLOATS * 255), 0.5),
    "F beyond": (
        Image.fromarray(np.array([[-2, 0, 2]], np.float32)),
        grey([[0, 127.5, 255]]),
        0.5,
    ),
    "F, all the same": (Image.fromarray(np.full((2, 2), 7, np.float32)), np.zeros((2, 2, 3)), 0),
}


@pytest.mark.parametrize("mode", MODES)
def test_pil_images_of_every_mode(mode):
    image, expected, within = MODES[mode]
    before = image.copy()
    same(pixels_of(image), expected, within)
    assert image == before


def test_what_hides_under_transparent_pixels_stays_hidden():
    secret = np.dstack([COLOURS, np.zeros((6, 8), np.uint8)])
    for source in (secret, Image.fromarray(secret), encode(secret, "PNG"), encode(secret, "WEBP")):
        same(pixels_of(source), np.full((6, 8, 3), 255))


# --- Formats ----------------------------------------------------------------------------------

FILES = {
    "png": (encode(COLOURS, "PNG"), COLOURS, 0),
    "png 1 bit": (encode(GREY > 127, "PNG"), grey(np.where(GREY > 127, 255, 0)), 0),
    "png palette": (encode(transparent_palette()[0], "PNG"), transparent_palette()[1], 1),
    "png grey 16": (encode(DEEP, "PNG"), grey(DEEP / 257), 0.5),
    "png rgba": (encode(HIDDEN, "PNG"), on_white(COLOURS, ALPHA), 1),
    "png grey alpha": (
        encode(of_mode("LA", np.dstack([GREY, ALPHA])), "PNG"),
        on_white(grey(GREY), ALPHA),
        1,
    ),
    "jpeg": (encode(SMOOTH, "JPEG", quality=95), SMOOTH, 12),
    "jpeg progressive": (encode(SMOOTH, "JPEG", quality=95, progressive=True), SMOOTH, 12),
    "jpeg grey": (encode(SMOOTH[..., 0], "JPEG", quality=95), grey(SMOOTH[..., 0]), 12),
    "webp": (encode(COLOURS, "WEBP", lossless=True), COLOURS, 0),
    "webp lossy": (encode(SMOOTH, "WEBP", quality=95), SMOOTH, 24),
    "webp rgba": (encode(HIDDEN, "WEBP", lossless=True, exact=True), on_white(COLOURS, ALPHA), 1),
    "gif": (encode(GREY, "GIF"), grey(GREY), 0),
    "gif see-through": (
        encode(transparent_palette((255, 0, 255))[0], "GIF", transparency=1),
        transparent_palette((255, 0, 255))[1],
        0,
    ),
    "bmp": (encode(COLOURS, "BMP"), COLOURS, 0),
    "bmp 1 bit": (encode(GREY > 127, "BMP"), grey(np.where(GREY > 127, 255, 0)), 0),
    "tiff": (encode(COLOURS, "TIFF"), COLOURS, 0),
    "tiff lzw": (encode(COLOURS, "TIFF", compression="tiff_lzw"), COLOURS, 0),
    "tiff deflate 16": (encode(DEEP, "TIFF", compression="tiff_deflate"), grey(DEEP / 257), 0.5),
    "tiff fax": (
        encode(GREY > 127, "TIFF", compression="group4"),
        grey(np.where(GREY > 127, 255, 0)),
        0,
    ),
    "tiff float": (encode(FLOATS, "TIFF"), grey(FLOATS * 255), 0.5),
    "tiff cmyk": (encode(of_mode("CMYK", CMYK), "TIFF"), CMYK_SEEN, 1),
    "tiff big": (encode(COLOURS, "TIFF", big_tiff=True), COLOURS, 0),
}


@pytest.mark.parametrize("kind", FILES)
def test_files_of_every_format(kind):
    data, expected, within = FILES[kind]
    same(pixels_of(data), expected, within)


def heic(pixels, **options):
    heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    heif.from_pillow(Image.fromarray(pixels)).save(file, quality=95, **options)
    return file.getvalue()


def test_heic():
    same(pixels_of(heic(SMOOTH)), SMOOTH, 24)
    alpha = np.where(SMOOTH[..., 0] > 127, 255, 0).astype(np.uint8)
    same(pixels_of(heic(np.dstack([SMOOTH, alpha]), chroma=444)), on_white(SMOOTH, alpha), 24)


def test_avif():
    same(pixels_of(encode(SMOOTH, "AVIF", quality=95)), SMOOTH, 24)
    alpha = np.where(SMOOTH[..., 0] > 127, 255, 0).astype(np.uint8)
    data = encode(np.dstack([SMOOTH, alpha]), "AVIF", quality=95, subsampling="4:4:4")
    same(pixels_of(data), on_white(SMOOTH, alpha), 24)


@pytest.mark.parametrize("encoded", [heic, lambda pixels: encode(pixels, "AVIF")])
def test_what_a_telephone_takes_at_most_is_halved(encoded, monkeypatch):
    """48 megapixels take less than 500 MB; played with small images and a small limit."""
    monkeypatch.setattr(decoding, "MAX_PIXELS", 900)
    assert open_image(encoded(np.zeros((32, 48, 3), np.uint8))).size == (24, 16)
    with pytest.raises(CourseError, match="48 x 48 pixels"):
        open_image(encoded(np.zeros((48, 48, 3), np.uint8)))


def test_a_tiled_16_bit_tiff():
    """Its tiles reach over the edges of the image."""
    tags = {322: 16, 323: 16}
    data = encode(Image.fromarray(np.full((40, 40), 999, np.uint16)), "TIFF", tiffinfo=tags)
    same(pixels_of(data), np.full((40, 40, 3), 4))


def test_the_inks_of_an_adobe_jpeg_are_inverted():
    """Photoshop stores 255 for no ink, and so does Pillow: full cyan must not come out red."""
    cyan = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    data = encode(cyan, "JPEG", quality=95)
    assert b"Adobe" in data
    same(pixels_of(data), np.full((16, 16, 3), [0, 255, 255]), 3)


def test_of_an_animation_the_first_frame():
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "blue", "green")]
    for format in ("GIF", "PNG", "WEBP", "TIFF"):
        data = encode(frames[0], format, save_all=True, append_images=frames[1:])
        same(pixels_of(data), np.full((6, 8, 3), [255, 0, 0]), 3)


def test_the_first_image_of_a_multi_image_jpeg():
    views = Image.fromarray(SMOOTH), Image.fromarray(SMOOTH[::-1])
    same(pixels_of(encode(views[0], "MPO", save_all=True, append_images=views[1:])), SMOOTH, 24)


def test_the_content_counts_and_not_the_name(tmp_path):
    path = tmp_path / "really a png.jpg"
    path.write_bytes(FILES["png"][0])
    same(pixels_of(path), COLOURS)


# --- Upright ----------------------------------------------------------------------------------

# A corner each of white, red, green and blue: no two orientations look the same.
CORNERS = np.zeros((32, 48, 3), np.uint8)
CORNERS[:16, :24], CORNERS[:16, 24:], CORNERS[16:, :24], CORNERS[16:, 24:] = (
    [[255, 255, 255]],
    [[255, 0, 0]],
    [[0, 255, 0]],
    [[0, 0, 255]],
)
# How a camera held the other way stores the same scene (EXIF: which side of it row 0 and
# column 0 are).
STORED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: lambda a: np.rot90(a, -1),
}


def turned(orientation, format, **options):
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = np.ascontiguousarray(STORED[orientation](CORNERS))
    return encode(pixels, format, exif=exif.tobytes(), **options)


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_upright_whatever_the_camera_did(orientation, format, options):
    data = turned(orientation, format, **options)
    same(pixels_of(data), CORNERS, 4)
    same(pixels_of(Image.open(io.BytesIO(data))), CORNERS, 4)


def test_heic_upright_only_once():
    heif = pytest.importorskip("pillow_heif")
    for orientation in STORED:
        exif = Image.Exif()
        exif[0x0112] = orientation
        file = io.BytesIO()
        stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](CORNERS)))
        heif.from_pillow(stored).save(file, quality=-1, chroma=444, exif=exif.tobytes())
        same(pixels_of(file.getvalue()), CORNERS, 40)


# --- Sources ----------------------------------------------------------------------------------


def sources(tmp_path):
    data = encode(COLOURS, "PNG")
    path = tmp_path / "image.png"
    path.write_bytes(data)
    at_its_end = io.BytesIO(data)
    at_its_end.seek(0, io.SEEK_END)
    upload = {"name": "image.png", "type": "image/png", "content": memoryview(data)}
    yield from (path, str(path), data, bytearray(data), memoryview(data), at_its_end)
    yield from ((upload,), upload, Image.fromarray(COLOURS))
    with path.open("rb") as file:
        yield file
    with path.open("rb", buffering=0) as file:
        yield file
    yield from (COLOURS, COLOURS.astype(float) / 255, np.moveaxis(COLOURS, 2, 0))
    yield from (torch.tensor(COLOURS), torch.tensor(COLOURS).permute(2, 0, 1))
    yield (torch.tensor(COLOURS).permute(2, 0, 1) / 255).requires_grad_()


def test_every_kind_of_source_gives_the_same_image(tmp_path):
    for source in sources(tmp_path):
        same(pixels_of(source), COLOURS)


def test_the_value_of_a_file_upload():
    widgets = pytest.importorskip("ipywidgets")
    upload = widgets.FileUpload()
    with pytest.raises(CourseError, match="No image is uploaded yet"):
        open_image(upload.value)
    one = {"name": "dog.png", "type": "image/png", "size": 1, "last_modified": datetime.now()}
    upload.set_trait("value", ({**one, "content": memoryview(encode(COLOURS, "PNG"))},))
    same(pixels_of(upload.value), COLOURS)
    same(pixels_of(upload.value[0]), COLOURS)


def test_a_path_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "dog.png").write_bytes(encode(COLOURS, "PNG"))
    same(pixels_of("~/dog.png"), COLOURS)


def test_a_pipe_that_gives_a_image_bit_by_bit():
    read, write = os.pipe()
    data = encode(SMOOTH, "PNG")

    def send():
        with open(write, "wb", buffering=0) as file:
            for at in range(0, len(data), 999):
                file.write(data[at : at + 999])

    sender = threading.Thread(target=send)
    sender.start()
    with open(read, "rb", buffering=0) as file:
        same(pixels_of(file), SMOOTH)
    sender.join()


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (GREY, grey(GREY)),
        (GREY[..., None], grey(GREY)),
        (GREY[None], grey(GREY)),
        (GREY > 127, grey(np.where(GREY > 127, 255, 0))),
        (DEEP, grey(np.rint(DEEP / 257))),
        (HIDDEN, on_white(COLOURS, ALPHA)),
        (COLOURS[::2, ::-2], COLOURS[::2, ::-2]),
        (np.array([[0.0, 0.5, 1.0]]), grey([[0, 128, 255]])),
        (np.array([[0.0, 1.0]], np.float16), grey([[0, 255]])),
        (torch.tensor([[0.0, 1.0]], dtype=torch.bfloat16), grey([[0, 255]])),
        (torch.zeros(3, 5, 3), np.zeros((5, 3, 3))),
        (torch.ones(3, 4, 3), np.full((4, 3, 3), 255)),
    ],
)
def test_arrays(array, expected):
    same(pixels_of(array), expected, 1)


# --- Large ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "opened"),
    [((5000, 5000), (5000, 5000)), ((6001, 4201), (3001, 2101)), ((12000, 10000), (3000, 2500))],
)
def test_a_large_jpeg_is_scaled_while_it_is_decoded(size, opened):
    image = Image.new("L", size)
    image.paste(255, (size[0] // 2, 0, *size))
    small = open_image(encode(image, "JPEG", quality=50))
    assert small.size == opened
    assert [small.getpixel((at, 9))[0] for at in (0, small.width - 1)] == [0, 255]


def test_pillow_is_left_as_it_was():
    def settings():
        return Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES

    before = settings()
    for source in ("cat", b"no image", encode(COLOURS, "PNG")[:50]):
        try:
            open_image(source)
        except CourseError:
            continue
    assert settings() == before
