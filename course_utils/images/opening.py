"""An image comes in: the samples of the course, and any file, upload or array of your own.

    open_image("cat")                   one of the samples
    open_image("~/images/dog.heic")   a file
    open_image(upload.value)            what was chosen in an ipywidgets FileUpload

Whatever comes in, an upright RGB image of at most 25 megapixels comes out.
"""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..errors import CourseError, nearest
from ._claims import MAX_BYTES, Refused, check_size
from ._decode import decode, explained, to_rgb

__all__ = ["SAMPLES", "Sample", "open_image", "sample_images"]


@dataclass(frozen=True)
class Sample:
    """An image that comes with the course, and whom to thank for it."""

    title: str
    file: str
    credit: str
    licence: str
    source: str = "scikit-image"

    @property
    def path(self) -> Path:
        """Where the file is. Finds scikit-image's folder without importing it, which is slow."""
        folder = Path(__file__).parents[2]
        if self.source == "scikit-image" and (spec := find_spec("skimage")):
            folder = Path(spec.submodule_search_locations[0])
        path = folder / "data" / self.file
        if not path.is_file():
            raise CourseError(
                f"The sample {self.title!r} is missing, it should be {path}. Run "
                "`pip install -r requirements.txt` again, or get a fresh copy of the course."
            )
        return path


# Titles, credits and licences as in the docstrings of skimage.data.
SAMPLES = {
    "cat": Sample("Chelsea the cat", "chelsea.png", "Stefan van der Walt", "CC0"),
    "coffee": Sample("Coffee cup", "coffee.png", "Rachel Michetti, Pikolo Espresso Bar", "CC0"),
    "camera": Sample("Man with a camera", "camera.png", "Lav Varshney", "CC0"),
    "motorcycle": Sample(
        "Motorcycle in a garage",
        "motorcycle_left.png",
        "D. Scharstein and others, Middlebury stereo data of 2014 (GCPR 2014)",
        "none stated; scikit-image distributes it",
    ),
    "rocket": Sample("Launch of DSCOVR on a Falcon 9", "rocket.jpg", "SpaceX", "public domain"),
    "astronaut": Sample("Eileen Collins, astronaut", "astronaut.png", "NASA", "public domain"),
    "house": Sample(
        "House in a landscape",
        "house.jpg",
        "rendered for this course",
        "as the course",
        "data/house",
    ),
}


def sample_images() -> list[str]:
    """Return the names of the sample images."""
    return list(SAMPLES)


def open_image(source: Any) -> Image.Image:
    """Return an image in mode RGB, upright, its transparent parts white.

    source:
        the name of a sample, see `sample_images()`;
        the path of a file: PNG, JPEG, WebP, GIF, BMP, TIFF or HEIC, of an animation the first
        frame; the bytes of such a file, or a binary file object;
        a PIL image of any mode;
        an array or tensor `(H, W)`, `(H, W, 3)`, `(H, W, 4)` or `(3, H, W)`, uint8 or float in
        0..1;
        the value of an ipywidgets FileUpload.

    Larger JPEGs are scaled to at most 25 megapixels while they are decoded; other images with
    more are refused. Raises `CourseError`.
    """
    match source:
        case Image.Image():
            return _from_pil(source)
        case str() | os.PathLike():
            return _from_path(source)
        case bytes() | bytearray() | memoryview():
            return _from_bytes(source, "The image")
        case {"content": bytes() | bytearray() | memoryview() as content, **others}:
            return _from_bytes(content, _called(others.get("name")))
        case ({"content": _} as upload,):
            return open_image(upload)
        case ():
            raise CourseError("No image is uploaded yet. Choose a file first.")
        case ({"content": _}, *_):
            raise CourseError("Several images are uploaded. Open one of them: upload.value[0].")
    if hasattr(source, "read"):
        return _from_file(source)
    if hasattr(source, "__array__"):
        return _from_array(source)
    raise CourseError(
        f"An image cannot come from a {type(source).__name__}. Give the name of a sample, a path, "
        "bytes, a binary file, a PIL image, an array or the value of a FileUpload."
    )


def _called(path: object) -> str:
    """How messages call an image: by the name of its file, if it has one."""
    name = os.path.basename(path) if isinstance(path, str) else ""
    return repr(name) if name else "The image"


# --- Files ------------------------------------------------------------------------------------


def _from_path(source: str | os.PathLike) -> Image.Image:
    text = os.fsdecode(source)
    if text in SAMPLES:
        path = SAMPLES[text].path
    elif re.match(r"[a-z][a-z0-9+.-]+://|data:", text, re.IGNORECASE):
        raise CourseError(
            f"{text[:80]!r} is an address, not a file. Download the image first, then open the "
            "file that you saved."
        )
    else:
        path = _existing_file(text)
    try:
        with path.open("rb") as file:
            return _from_file(file)
    except OSError as error:
        raise CourseError(
            f"{_called(str(path))} cannot be read: {error.strerror}. Check its permissions, or use "
            "a copy."
        ) from error


def _existing_file(text: str) -> Path:
    """Return the path of a file that exists, or say what may have been meant."""
    try:
        path = Path(text).expanduser()
        if path.is_file():  # not a folder, nor a device or pipe that may never end
            return path
        exists = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # too long, unknown ~user, a zero byte
        why = getattr(error, "strerror", None) or error
        raise CourseError(f"{text[:80]!r} is not the path of a file: {why}. Check it.") from error
    if exists:
        raise CourseError(f"{text!r} is not a file but a folder or device. Name a file in it.")
    if path.name == text and not path.suffix:
        raise CourseError(
            f"There is no sample image {text!r}.{nearest(text, SAMPLES)} The samples are "
            f"{', '.join(SAMPLES)}. A file needs its path, such as 'images/dog.jpg'."
        )
    if not path.parent.is_dir():
        raise CourseError(f"There is no folder {str(path.parent)!r}. Check the path {text!r}.")
    hint = nearest(path.name, [*_names_in(path.parent), *SAMPLES])
    raise CourseError(
        f"There is no file {path.name!r} in the folder {str(path.parent.resolve())!r}."
        f"{hint or ' Check its name and the folder.'}"
    )


def _names_in(folder: Path) -> Iterable[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, 1_000)]
    except OSError:  # the folder may be entered but not listed
        return []


def _from_file(file: Any) -> Image.Image:
    name = _called(getattr(file, "name", None))
    pieces, room = [], MAX_BYTES + 1
    try:
        with suppress(AttributeError, OSError):  # a pipe has no start to go back to
            file.seek(0)
        while room > 0 and (piece := file.read(room)):
            pieces.append(piece)
            room -= len(piece)
        data = b"".join(pieces)
    except TypeError:
        raise CourseError(f"{name} is open as text. Open it in binary: open(path, 'rb').") from None
    except (OSError, ValueError) as error:
        raise CourseError(f"{name} cannot be read: {error}. Open the file again.") from error
    return _from_bytes(data, name)


def _from_bytes(data: bytes | bytearray | memoryview, name: str) -> Image.Image:
    with memoryview(data) as view:
        if view.nbytes > MAX_BYTES:
            raise CourseError(
                f"{name} is larger than {MAX_BYTES // 2**20} MB. Make a smaller copy and open that."
            )
    return decode(bytes(data), name)


# --- Pixels -----------------------------------------------------------------------------------


def _from_pil(image: Image.Image) -> Image.Image:
    with explained(_called(getattr(image, "filename", None))):
        check_size(*image.size)
        return to_rgb(image)


def _from_array(source: Any) -> Image.Image:
    with explained("The array"):
        values = _channels_last(source)
        check_size(values.shape[1], values.shape[0])
        return to_rgb(Image.fromarray(_as_uint8(values)))


def _channels_last(source: Any) -> np.ndarray:
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


def _as_uint8(values: np.ndarray) -> np.ndarray:
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
