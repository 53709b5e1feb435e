"""The bytes of an image file become pixels, or one sentence says why not.

An image can come from anywhere, so three rules hold:

1. Only the formats in `FORMATS` are read. The first bytes decide, never the name of the file.
2. What a file claims is checked before it costs memory or time: see _claims.py.
3. An image is whole or refused. Decoders like to fill what is missing with grey or black.

`open_image` in images.py is the door to all of this.
"""

import io
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.Image import Transpose
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from ..errors import CourseError
from ._claims import (
    AGAIN,
    CUT_OFF,
    MAX_EXIF,
    MAX_PIECES,
    MAX_PIXELS,
    SAVE_AS,
    SMALLER,
    TOO_LONG,
    Layout,
    Refused,
    check_jpeg,
    check_png,
    check_size,
    check_tiff,
)


def decode(data: bytes, name: str) -> Image.Image:
    """Return the image in the bytes of a file: mode RGB, upright, on white, first frame.

    name: how messages call the image.
    Colours are taken as sRGB; an embedded colour profile is not applied.
    """
    with explained(name):
        return to_rgb(_recognise(data).load(data))


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into one `CourseError` about the image called `name`.

    Pillow's readers raise a dozen types (OSError, SyntaxError, struct.error, zlib.error, ...) and
    warn of things that a student can do nothing about, hence the broad `except`.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Refused as reason:
            raise CourseError(f"{name} {reason}") from None
        except Image.DecompressionBombError:
            raise CourseError(f"{name} has far too many pixels. {SMALLER}") from None
        except MemoryError:
            raise CourseError(f"{name} needs more memory than is free. {SMALLER}") from None
        except Exception as error:
            raise CourseError(
                f"{name} cannot be read: it is damaged, incomplete or of a rare kind. {AGAIN} "
                "Or open it in an image program and save it as PNG."
            ) from error


_ONE_AT_A_TIME = threading.RLock()  # catch_warnings changes a setting of the whole process


# --- Formats ---------------------------------------------------------------------------------


class Stream(io.BytesIO):
    """The bytes of a file for Pillow, which gets a limited number of reads."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > MAX_PIECES:
            raise Refused(TOO_LONG)
        return super().read(size)


def _load(reader: Callable[[Stream], ImageFile], data: bytes) -> ImageFile:
    image = reader(Stream(data))
    check_size(*image.size)
    image.load()
    return image


def _load_png(data: bytes) -> ImageFile:
    check_png(data)
    image = _load(PngImageFile, data)
    # Pillow scales the pixels to 8 bits, but not the one value that stands for transparent.
    see_through, depth = image.info.get("transparency"), data[24]
    if image.mode == "L" and see_through is not None:
        image.info["transparency"] = see_through * 255 // (2**depth - 1)
    if image.mode == "RGB" and see_through is not None and depth == 16:
        image.info["transparency"] = tuple(value >> 8 for value in see_through)
    return image


def _load_jpeg(data: bytes) -> ImageFile:
    layout = check_jpeg(data)
    image = _draft_jpeg(data, layout)
    # Where the data end too early, the decoder goes on in grey. So with a grey last corner (or a
    # progressive file, any scan of which can end early) decode again with more data behind each
    # scan: that changes nothing in an image that was complete.
    corner = np.ravel(image.getpixel((image.width - 1, image.height - 1)))
    if not layout.streamed or set(corner) <= {127, 128}:
        edges = [0, *layout.scan_ends, len(data)]
        scans = (data[start:end] for start, end in pairwise(edges))
        if not np.array_equal(image, _draft_jpeg(_MORE_CODES.join(scans), layout)):
            raise Refused(CUT_OFF)
    return image


_CODES = bytes(range(1, 255)) + b"\xff"
_MORE_CODES = b"".join(_CODES + bytes([restart]) for restart in [*range(0xD0, 0xD8)] * 2)


def _draft_jpeg(data: bytes, layout: Layout) -> ImageFile:
    """Decode a JPEG; one that is too large is scaled to 1/2, 1/4 or 1/8 on the way."""
    image = JpegImageFile(Stream(data))
    width, height = image.size
    # What is not streamed is held whole, at up to 6 bytes a pixel, before it is scaled.
    check_size(width, height, most=MAX_PIXELS * (64 if layout.streamed else 2))
    if layout.streamed and width * height > 256 * len(data):  # 64 pixels take at least 2 bits
        raise Refused(CUT_OFF)
    scale = 1
    while scale < 8 and -(-width // scale) * -(-height // scale) > MAX_PIXELS:
        scale *= 2
    if scale > 1:
        image.draft(image.mode, (width // scale, height // scale))
    check_size(*image.size)
    image.load()
    return image


def _load_tiff(data: bytes) -> ImageFile:
    check_tiff(data)
    image = TiffImageFile(Stream(data))
    tags = image.tag_v2
    if tags.get(254, 0) & 1 or 50706 in tags:  # a preview comes first; the version of DNG
        raise Refused(f"is a camera's raw file. {SAVE_AS}")
    check_size(*image.size)
    check_size(tags.get(322, 1), tags.get(323, 1))  # a tile may be larger than its image
    planes = len(image.getbands()) if tags.get(284) == 2 else 1
    covered = sum((x1 - x0) * (y1 - y0) for _, (x0, y0, x1, y1), *_ in image.tile)
    if covered < image.width * image.height * planes:
        raise Refused(CUT_OFF)
    image.load()
    return image


def _load_heic(data: bytes) -> ImageFile:
    try:
        from pillow_heif import HeifImageFile  # here, because few images need it
    except ImportError:
        raise Refused("is a HEIC image. Run `pip install pillow-heif` to read it.") from None
    return _load(HeifImageFile, data)


class Format(NamedTuple):
    """How to know a format (a regular expression for the first bytes) and how to load it."""

    starts: bytes
    load: Callable[[bytes], ImageFile]


FORMATS = {
    "PNG": Format(rb"\x89PNG\r\n\x1a\n", _load_png),
    "JPEG": Format(rb"\xff\xd8\xff", _load_jpeg),
    "WebP": Format(rb"RIFF....WEBP", lambda data: _load(WebPImageFile, data)),
    "GIF": Format(rb"GIF8[79]a", lambda data: _load(GifImageFile, data)),
    "BMP": Format(rb"BM", lambda data: _load(BmpImageFile, data)),
    "TIFF": Format(rb"II[*+]\0|MM\0[*+]", _load_tiff),
    "HEIC": Format(rb"....ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)", _load_heic),
}

OTHERS = {
    rb"\W*<(!doctype html|html)": "is a web page. Download the image itself.",
    rb"\W*<(\?xml|svg)": f"is a drawing (SVG), not pixels. {SAVE_AS}",
    rb"....ftypavi": f"is an AVIF image. {SAVE_AS}",
    rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ": "is a video. Save one frame of it as an image.",
    rb"%PDF|%!PS": f"is a document. {SAVE_AS}",
    rb"8BPS|gimp xcf": f"is the working file of an image program. {SAVE_AS}",
    rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!": "is an archive. Unpack it and open an image in it.",
    rb"\x93NUMPY": "is a NumPy file. Open the array in it: open_image(numpy.load(path)).",
    rb"version https://git-lfs": "is a placeholder of Git LFS. Run `git lfs pull`.",
    rb"\0*$": f"is empty. {AGAIN}",
}


def _recognise(data: bytes) -> Format:
    start = data[:64]
    for format in FORMATS.values():
        if re.match(format.starts, start, re.DOTALL):
            return format
    for pattern, reason in OTHERS.items():
        if re.match(pattern, start, re.DOTALL | re.IGNORECASE):
            raise Refused(reason)
    raise Refused(f"has none of the formats that can be read: {', '.join(FORMATS)}. {SAVE_AS}")


# --- Any pixels become 8-bit RGB on white ----------------------------------------------------

# What has to be done to see an image upright, by its EXIF orientation (EXIF 2.32, tag 0x0112).
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a new image of mode RGB, upright, from one of any mode.

    Transparent parts become white. 16-bit values are divided by 257. Other integers within
    0..255 and floats within 0..1 keep their meaning; any other range is stretched from its
    smallest value (black) to its largest (white). NaN and infinity are refused.
    """
    turn = _turn(image)
    if image.mode[0] in "IF":
        image = _eight_bits(image)
    if image.mode == "La":  # Pillow has no direct way from here to RGBA
        image = image.convert("LA")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, "white")
        image.paste(rgba, mask=rgba)
    rgb = image.convert("RGB")
    rgb = rgb if turn is None else rgb.transpose(turn)
    rgb.info = {}  # what it said of transparency and orientation is no longer true
    return rgb


def _turn(image: Image.Image) -> Transpose | None:
    image.load()
    if len(image.info.get("exif") or b"") > MAX_EXIF:
        raise Refused(TOO_LONG)
    with suppress(Exception):  # broken EXIF says nothing about the pixels
        return UPRIGHT.get(image.getexif().get(0x0112))
    return None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16-bit, 32-bit and float grey to mode L, or LA where one value is transparent."""
    values, tags = np.asarray(image), getattr(image, "tag_v2", {})
    if not np.isfinite(values).all():
        raise Refused("holds NaN or infinity. Replace them, for example with numpy.nan_to_num.")
    low, high = values.min().item(), values.max().item()
    usual = 1 if image.mode == "F" else 255
    if image.mode.startswith("I;16"):
        low, high = 0, 2 ** tags.get(258, (16,))[0] - 1
    elif low >= 0 and high <= usual:
        low, high = 0, usual
    scaled = (values.astype(np.float32) - low) * (255 / max(high - low, 1e-30))
    if tags.get(262) == 0:  # in this TIFF, zero is white
        scaled = 255 - scaled
    grey = Image.fromarray(np.rint(scaled).astype(np.uint8))
    if (see_through := image.info.get("transparency")) is not None:
        grey.putalpha(Image.fromarray(np.where(values == see_through, 0, 255).astype(np.uint8)))
    return grey
