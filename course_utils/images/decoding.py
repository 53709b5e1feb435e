"""The bytes of an image file, or the values of an array, become 8-bit RGB, or one sentence.

Pillow decodes, the formats of `FORMATS` only: the first bytes decide, never the name of the file.
A file that ends too early is an error, not an image with a grey half.
"""

import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import numpy as np
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from ..errors import CourseError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")  # and HEIF, by pillow-heif
HALVED = ("HEIF", "AVIF")  # a telephone's 48 megapixels are decoded within 500 MB, then halved
MAX_PIXELS = 25_000_000
# Networks first scale the short side to about 256 pixels: of a strip of 1 × 20,000 pixels that
# would make 1.3 gigapixels.
MAX_RATIO = 100

SMALLER = f"Make a smaller copy first, at most {MAX_PIXELS // 10**6} megapixels, and open that."
AGAIN = "Get the file again from where it came from."
SAVE_AS = "Open it in an image program, save it as PNG or JPEG, and use that copy."

HEIC = rb"....ftyp(hei|hev|mif1|msf1)"
OTHERS = {  # how files start that are no image, and what they are
    rb"\W*<(!doctype html|html)": "is a web page. Download the image itself.",
    rb"\W*<(\?xml|svg)": f"is a drawing (SVG), not pixels. {SAVE_AS}",
    rb"....ftyp(?!avi|hei|hev|mif1|msf1)|%PDF|8BPS|PK\x03\x04": (
        "is a video, a document, an archive or the like. Save one image of it as PNG or JPEG, and "
        "use that."
    ),
    rb"\0*$": f"is empty. {AGAIN}",
}


class Refused(Exception):
    """Why an image is not opened: a sentence that still lacks the image's name in front."""


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into one `CourseError` about the image called `name`.

    Pillow's readers raise a dozen types (OSError, SyntaxError, struct.error, ...) and warn of
    things that a student can do nothing about, hence the broad `except`.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Refused as reason:
            raise CourseError(f"{name} {reason}") from None
        except (Image.DecompressionBombError, MemoryError):
            raise CourseError(f"{name} has far too many megapixels. {SMALLER}") from None
        except Exception as error:
            if "truncated" in str(error):
                raise CourseError(f"{name} is cut off: a part of it is missing. {AGAIN}") from error
            raise CourseError(
                f"{name} cannot be read: it is damaged, or none of the formats that can be read "
                f"({', '.join(FORMATS)}, HEIC). {AGAIN} Or open it in an image program and save "
                "it as PNG."
            ) from error


_ONE_AT_A_TIME = threading.RLock()  # catch_warnings changes a setting of the whole process


def decode(file: IO[bytes], least: int | None = None) -> Image.Image:
    """The image in a file that can be rewound: mode RGB, upright, on white, first frame.

    least: of a JPEG, the shorter side that is enough; None: as large as it is. Colours are taken as
    sRGB; an embedded colour profile is not applied. Call it in `explained`.
    """
    start = file.read(64)
    file.seek(0)
    image = Image.open(file, formats=_formats(start))
    if isinstance(image, JpegImageFile):
        _shrink(image, least)
    tags = getattr(image, "tag_v2", {})
    if tags.get(254, 0) & 1 or 50706 in tags:  # a preview comes first; the version of DNG
        raise Refused(f"is a camera's raw file. {SAVE_AS}")
    if image.format in HALVED and MAX_PIXELS < image.width * image.height <= 2 * MAX_PIXELS:
        return to_rgb(image.reduce(2))
    check_size(*image.size)
    image.load()
    return to_rgb(image)


def _formats(start: bytes) -> list[str]:
    """The formats to try, by the first bytes of a file."""
    for pattern, reason in OTHERS.items():
        if re.match(pattern, start, re.DOTALL | re.IGNORECASE):
            raise Refused(reason)
    if not re.match(HEIC, start, re.DOTALL):
        return list(FORMATS)
    try:
        from pillow_heif import register_heif_opener  # here, because few images need it
    except ImportError:
        raise Refused("is a HEIC image. Run `pip install pillow-heif` to read it.") from None
    register_heif_opener()
    return [*FORMATS, "HEIF"]


def _shrink(image: JpegImageFile, least: int | None) -> None:
    """Let a JPEG that is larger than wanted be decoded at 1/2, 1/4 or 1/8 of its size."""
    width, height, scale = *image.size, 1
    while scale < 8 and (
        -(-width // scale) * -(-height // scale) > MAX_PIXELS
        or (least and min(width, height) // (2 * scale) >= least)
    ):
        scale *= 2
    if scale > 1:
        image.draft(image.mode, (width // scale, height // scale))


def check_size(width: int, height: int) -> None:
    """Refuse more than `MAX_PIXELS`, strips longer than `MAX_RATIO` widths, and no pixels."""
    short, long = sorted((width, height))
    if short == 0:
        raise Refused(f"has no pixels: its size is {width} x {height}. {AGAIN}")
    if width * height > MAX_PIXELS:
        millions = f"{width * height / 1e6:,.0f} megapixels"
        raise Refused(f"has {width} x {height} pixels, that is {millions}. {SMALLER}")
    if long > MAX_RATIO * short:
        raise Refused(
            f"is a strip of {width} x {height} pixels. Crop it until its long side is at most "
            f"{MAX_RATIO} times the short one."
        )


# --- any pixels become 8-bit RGB on white --------------------------------------------------------


def to_rgb(image: Image.Image) -> Image.Image:
    """A new image of mode RGB, upright, from one of any mode.

    Transparent parts become white. 16-bit values are divided by 257. Other integers within
    0..255 and floats within 0..1 keep their meaning; any other range is stretched from its
    smallest value (black) to its largest (white). NaN and infinity are refused.
    """
    image.load()
    with suppress(Exception):  # broken EXIF says nothing about the pixels
        image = ImageOps.exif_transpose(image)
    if image.mode[0] in "IF":
        image = _eight_bits(image)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, "white")
        image.paste(rgba, mask=rgba)
    rgb = image.convert("RGB")
    rgb.info = {}  # what it said of transparency and orientation is no longer true
    return rgb


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16-bit, 32-bit and float grey to mode L."""
    values = np.asarray(image)
    if not np.isfinite(values).all():
        raise Refused("holds NaN or infinity. Replace them, for example with numpy.nan_to_num.")
    low, high = values.min().item(), values.max().item()
    usual = 1 if image.mode == "F" else 255
    if image.mode.startswith("I;16"):
        low, high = 0, 2**16 - 1
    elif low >= 0 and high <= usual:
        low, high = 0, usual
    scaled = (values.astype(np.float32) - low) * (255 / max(high - low, 1e-30))
    return Image.fromarray(np.rint(scaled).astype(np.uint8))


def from_array(source: Any) -> Image.Image:
    """An array or tensor `(H, W)`, `(H, W, 3)`, `(H, W, 4)` or `(3, H, W)` -> RGB.

    uint8, uint16, bool, or float in 0..1. Call it in `explained`.
    """
    values = _channels_last(source)
    check_size(values.shape[1], values.shape[0])
    return to_rgb(Image.fromarray(_as_uint8(values)))


def _channels_last(source: Any) -> np.ndarray[Any, Any]:
    """Return an array `(H, W)`, `(H, W, 3)` or `(H, W, 4)` from an array or tensor."""
    tensor = hasattr(source, "detach")
    if tensor:
        source = source.detach().cpu()
        source = source.float() if source.is_floating_point() else source  # NumPy has no bfloat16
    values = np.asarray(source)
    first = values.ndim == 3 and values.shape[0] in (1, 3)
    last = values.ndim == 3 and values.shape[2] in (1, 3, 4)
    if first and (tensor or not last):
        values, last = np.moveaxis(values, 0, 2), True
    if last and values.shape[2] == 1:
        values = values[..., 0]
    if not (values.ndim == 2 or last) or values.size == 0:
        take_one = " It is a batch: take one image of it, such as x[0]." * (values.ndim == 4)
        raise Refused(
            f"has the shape {values.shape}. An image has the shape (H, W), (H, W, 3), (H, W, 4) "
            f"or (3, H, W).{take_one}"
        )
    return values


def _as_uint8(values: np.ndarray[Any, Any]) -> np.ndarray:
    """Scale bool, uint8, uint16 and float in 0..1 to uint8 in 0..255."""
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.uint16:
        return np.rint(values / np.float32(257)).astype(np.uint8)
    if values.dtype == bool or values.dtype.kind == "f":
        low, high = values.min(), values.max()
        if low >= -1e-3 and high <= 1 + 1e-3:
            return np.rint(values.clip(0, 1) * np.float32(255)).astype(np.uint8)
        raise Refused(
            f"has values from {low:.3g} to {high:.3g}. Floats must be between 0 and 1: undo a "
            "normalisation, or divide by 255."
        )
    raise Refused(f"has the dtype {values.dtype}. Convert it: array.astype('uint8').")
