"""An image comes in: the samples of the course, and any file, upload or array of your own.

    open_image("cat")                   one of the samples
    open_image("~/images/dog.heic")     a file
    open_image(upload.value)            what was chosen in an ipywidgets FileUpload

Whatever comes in, an upright RGB image of at most 25 megapixels comes out.
"""

import io
import os
import re
from pathlib import Path
from typing import IO, Any

from PIL import Image

from ..errors import CourseError, nearest
from .decoding import check_size, decode, explained, from_array, to_rgb
from .photographs import SAMPLES, photograph


def open_image(source: Any, least: int | None = None) -> Image.Image:
    """Return an image in mode RGB, upright, its transparent parts white.

    source:
        the name of a sample, see `sample_images()`;
        the path of a file: PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF or HEIC, of an animation the
        first frame; the bytes of such a file, or a binary file object;
        a PIL image of any mode;
        an array or tensor `(H, W)`, `(H, W, 3)`, `(H, W, 4)` or `(3, H, W)`, uint8 or float in
        0..1;
        the value of an ipywidgets FileUpload.

    least: of a JPEG file, pixels of the shorter side that are enough: it is decoded faster then.
    JPEGs of up to 179 megapixels are scaled to at most 25 while they are decoded, HEIC and AVIF of
    up to 50 are halved; other images with more than 25 are refused. Raises `CourseError`.
    """
    match source:
        case Image.Image():
            return _from_pil(source)
        case str() | os.PathLike():
            return _from_path(os.fsdecode(source), least)
        case bytes() | bytearray() | memoryview():
            return _from_file(io.BytesIO(source), "The image")
        case {"content": bytes() | bytearray() | memoryview() as content, **others}:
            return _from_file(io.BytesIO(content), _called(others.get("name")))
        case ({"content": _} as upload,):
            return open_image(upload)
        case ():
            raise CourseError("No image is uploaded yet. Choose a file first.")
        case ({"content": _}, *_):
            raise CourseError("Several images are uploaded. Open one of them: upload.value[0].")
    if hasattr(source, "read"):
        return _from_stream(source)
    if hasattr(source, "__array__"):
        with explained("The array"):
            return from_array(source)
    raise CourseError(
        f"An image cannot come from a {type(source).__name__}. Give the name of a sample, a path, "
        "bytes, a binary file, a PIL image, an array or the value of a FileUpload."
    )


def _called(path: object) -> str:
    """How messages call an image: by the name of its file, if it has one."""
    name = os.path.basename(path) if isinstance(path, str) else ""
    return repr(name) if name else "The image"


def _from_file(file: IO[bytes], name: str, least: int | None = None) -> Image.Image:
    with explained(name):
        return decode(file, least)


def _from_pil(image: Image.Image) -> Image.Image:
    with explained(_called(getattr(image, "filename", None))):
        check_size(*image.size)
        return to_rgb(image)


def _from_stream(file: IO[bytes]) -> Image.Image:
    """Read a file object from its start; a pipe has none, and is read as it comes."""
    name = _called(getattr(file, "name", None))
    try:
        if file.seekable():
            file.seek(0)
        data = io.BytesIO(file.read())
    except TypeError:
        raise CourseError(f"{name} is open as text. Open it in binary: open(path, 'rb').") from None
    except (OSError, ValueError) as error:
        raise CourseError(f"{name} cannot be read: {error}. Open the file again.") from error
    return _from_file(data, name)


def _from_path(text: str, least: int | None) -> Image.Image:
    if re.match(r"[a-z][a-z0-9+.-]+://|data:", text, re.IGNORECASE):
        raise CourseError(
            f"{text[:80]!r} is an address, not a file. Download the image first, then open the "
            "file that you saved."
        )
    path = photograph(text) if text in SAMPLES else _existing_file(text)
    name = _called(str(path))
    try:
        file = path.open("rb")
    except OSError as error:
        raise CourseError(
            f"{name} cannot be read: {error.strerror}. Check its permissions, or use a copy."
        ) from error
    with file:
        return _from_file(file, name, least)


def _existing_file(text: str) -> Path:
    """Return the path of a file that exists, or say what may have been meant."""
    path = Path(text).expanduser()
    if path.is_file():  # not a folder, nor a device or pipe that may never end
        return path
    if path.exists():
        raise CourseError(f"{text!r} is not a file but a folder or device. Name a file in it.")
    if path.name == text and not path.suffix:
        raise CourseError(
            f"There is no sample image {text!r}.{nearest(text, SAMPLES)} The samples are "
            f"{', '.join(SAMPLES)}. A file needs its path, such as 'images/dog.jpg'."
        )
    if not path.parent.is_dir():
        raise CourseError(f"There is no folder {str(path.parent)!r}. Check the path {text!r}.")
    hint = nearest(path.name, [*os.listdir(path.parent), *SAMPLES])
    raise CourseError(
        f"There is no file {path.name!r} in the folder {str(path.parent.resolve())!r}."
        f"{hint or ' Check its name and the folder.'}"
    )
