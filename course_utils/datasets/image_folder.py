"""Any folder of class folders as a data set: `my_images/cat/1.jpg`, `my_images/dog/a.png`, …

The images are decoded once. What they became lies in the data folder and follows the files: one
that is new or changed (by its name, size or time) is decoded when the folder is next opened.
"""

import hashlib
import json
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CourseError, demand, nearest
from ..images import IMAGENET, Preprocessing, center_crop, open_image, resize
from ..storage import folders
from .image_dataset import OWN, ImageDataset, Transform
from .mapped import Array, complete, find, make

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif"),
    *(".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"),
)
SIDES = range(8, 1025)  # the sizes that can be asked for, in pixels
UNEQUAL = 2  # a class with so many times as many images as another is worth a line
NAMED = 3  # broken files that the line names
Entry = tuple[str, int, int]  # a file: its path in the folder, its bytes, its time in ns


def image_folder(
    path: str | Path,
    size: int | None = None,
    preprocessing: Preprocessing = IMAGENET,
    transform: Transform = None,
) -> ImageDataset:
    """The images of a folder that holds a folder for each class, named after it.

    size: the shorter side of each image becomes `size` pixels, and the middle `size` × `size` of
        it is kept; None: as long as `preprocessing` resizes to, so that `features()` gives what
        it gives of the files themselves (nearly, of large JPEGs, which are decoded smaller).
    preprocessing: whose mean and std its batches are normalised with, and whether it is in colour
        or grey: `network.info.preprocessing` of the network that is to learn from it.
    transform: applied to each image that indexing gives, as in torchvision.
    `.files` are the paths, in order: class by class, sorted by name. `.augmentation` shifts by up
    to an eighth and mirrors; set another one for images that must not be mirrored.
    Hidden files, and those without an image's ending, are passed over. A file that cannot be
    opened is left out, and a line on stderr names it; another line tells of very unequal classes.
    Raises `CourseError` for a folder without images of two classes or more.
    """
    folder = Path(path).expanduser()
    side = preprocessing.resize if size is None else size
    demand(
        isinstance(side, int) and side in SIDES,
        f"size is {side!r}: give a number of pixels, {SIDES[0]} to {SIDES[-1]}.",
    )
    border = max(0, preprocessing.crop - preprocessing.resize)
    form = replace(preprocessing, resize=side, crop=side + border)
    found = ImageDataset(_decoded(folder, _listed(folder), form), OWN, transform)
    _say(found)
    return found


# --- which files there are -----------------------------------------------------------------------


def _listed(folder: Path) -> dict[str, list[Entry]]:
    """The files of each class that has any, both sorted by name."""
    demand(folder.exists(), _missing(folder))
    demand(folder.is_dir(), f"{str(folder)!r} is a file. Unpack it, and give the folder.")
    try:
        files = {name: paths for name, paths in class_files(folder).items() if paths}
        classes = {name: [_entry(path, folder) for path in files[name]] for name in files}
    except OSError as error:
        raise CourseError(
            f"{error.filename!r} cannot be read ({error.strerror}). Check its permissions."
        ) from None
    demand(len(classes) > 1, _too_few(folder, list(classes)))
    return classes


def class_files(folder: Path) -> dict[str, list[Path]]:
    """The images in each folder of `folder`, both sorted by name; what is hidden is passed over.

    Raises `OSError` if it cannot be read.
    """
    classes: dict[str, list[Path]] = {}
    for each in sorted(folder.iterdir()):
        if each.is_dir() and not each.name.startswith("."):
            # macOS writes 한 as three letters that are put together
            classes.setdefault(unicodedata.normalize("NFC", each.name), []).extend(_images(each))
    return dict(sorted(classes.items()))


def _images(folder: Path) -> list[Path]:
    """The files of a folder whose ending is that of an image, sorted."""
    return sorted(path for path in folder.iterdir() if _is_image(path))


def _entry(path: Path, folder: Path) -> Entry:
    stat = path.stat()
    return path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns


def _missing(folder: Path) -> str:
    parent = folder.absolute().parent
    names = [path.name for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []
    return (
        f"There is no folder {folder.name!r} in {str(parent)!r}.{nearest(folder.name, names)} "
        f"Make it, and in it a folder of images for each class: {folder.name}/cat, "
        f"{folder.name}/dog."
    )


def _too_few(folder: Path, classes: list[str]) -> str:
    """Why a folder is none of classes, and what it should look like."""
    wanted = f"Make a folder for each class in it: {folder.name}/cat/1.jpg, {folder.name}/dog/…"
    if classes:
        return f"{str(folder)!r} has images of one class only, {classes[0]!r}. {wanted}"
    if deeper := sorted({path.parents[1] for path in folder.glob("*/*/*") if _is_image(path)}):
        inner = ", ".join(f"image_folder({str(path)!r})" for path in deeper[:NAMED])
        return f"The class folders of {str(folder)!r} lie one folder deeper: {inner}."
    loose = len(_images(folder))
    has = f"has {loose:,} images, but no class folders" if loose else "has no images"
    return f"{str(folder)!r} {has}. {wanted}"


def _is_image(path: Path) -> bool:
    named = path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    return named and path.is_file()


# --- what they become ----------------------------------------------------------------------------


def _decoded(folder: Path, classes: dict[str, list[Entry]], form: Preprocessing) -> Path:
    """The folder of arrays of these files in this form, made first if it is not there."""
    entries = [entry for each in classes.values() for entry in each]
    home = f"folders/{_digest(str(folder.resolve()), asdict(form))}"
    key = f"{home}/{_digest(entries)}"
    if found := find(key):
        return found
    work = _Decoding(folder, classes, form, home)
    pixels = form.resize**2 * form.channels
    made = make(key, work.stamp, lambda _: work.read, len(entries) * (pixels + 8), [OWN])
    for other in made.parent.iterdir():  # as the files were before, and its lock
        if made.name not in other.name:
            shutil.rmtree(other, ignore_errors=True)
            with suppress(OSError):
                other.unlink()
    return made


def _digest(*what: Any) -> str:
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:20]


class _Decoding:
    """The files of a folder become arrays; what was decoded earlier is taken over."""

    def __init__(
        self, folder: Path, classes: dict[str, list[Entry]], form: Preprocessing, home: str
    ) -> None:
        self.folder, self.classes, self.form = folder, classes, form
        self.known = dict(_earlier(home))
        self.entries: list[Entry] = []
        self.broken: list[str] = []

    def read(self, split: str) -> Iterator[tuple[Array, Array]]:
        """One image `(1, H, W, C)` and its label `(1,)` after the other."""
        from tqdm.auto import tqdm

        each = [(label, e) for label, name in enumerate(self.classes) for e in self.classes[name]]
        for label, entry in tqdm(each, f"Opening {self.folder.name}", delay=5, leave=False):
            pixels = self.known.get(entry)
            if pixels is None:
                pixels = self._open(entry[0])
            if pixels is not None:
                self.entries.append(entry)
                yield pixels[None], np.array([label])
        self._check()

    def _open(self, name: str) -> Array | None:
        """An image `(H, W, C)`; None, and the reason is noted, if it cannot be opened."""
        try:
            image = open_image(self.folder / name, least=2 * self.form.resize)
        except CourseError as error:
            self.broken.append(str(error).replace(repr(Path(name).name), repr(name), 1))
            return None
        square = center_crop(resize(image, self.form.resize), self.form.resize)
        grey = self.form.channels == 1
        return np.asarray(square.convert("L"))[:, :, None] if grey else np.asarray(square)

    def _check(self) -> None:
        opened = {Path(name).parent.name for name, _, _ in self.entries}
        for name, entries in self.classes.items():
            demand(
                any(Path(entry[0]).parent.name in opened for entry in entries),
                f"No image of the class {name!r} can be opened: {' '.join(self.broken[:1])} "
                f"Put others into {str(self.folder / name)!r}, or take that folder away.",
            )

    def stamp(self, digests: Any) -> dict[str, Any]:
        return {
            "source": "made",
            "name": self.folder.resolve().name,
            "classes": [*self.classes],
            "kind": asdict(self.form),
            "folder": str(self.folder.absolute()),
            "files": self.entries,
            "broken": self.broken,
        }


def _earlier(home: str) -> Iterator[tuple[Entry, Array]]:
    """The images that were decoded for the folder as it was, in this form."""
    for each in filter(complete, (path for root in folders() for path in (root / home).glob("*"))):
        entries = json.loads((each / "stamp.json").read_text())["files"]
        for entry, image in zip(entries, ImageDataset(each, OWN).images, strict=True):
            yield tuple(entry), image.permute(1, 2, 0).numpy()


# --- what a person should know of it -------------------------------------------------------------


def _say(data: ImageDataset) -> None:
    """A line on files that were left out, and one on classes that are very unequal."""
    broken: list[str] = json.loads((data.folder / "stamp.json").read_text())["broken"]
    if broken:
        more = f" (and {len(broken) - NAMED} more)" if len(broken) > NAMED else ""
        print(f"Left out: {' '.join(broken[:NAMED])}{more}", file=sys.stderr)
    counts = data.labels.bincount().tolist()
    least, most = counts.index(min(counts)), counts.index(max(counts))
    if counts[most] >= UNEQUAL * counts[least]:
        print(
            f"Unequal classes: {counts[most]} images of {data.classes[most]!r}, {counts[least]} of "
            f"{data.classes[least]!r}. To answer {data.classes[most]!r} always would be right for "
            f"{counts[most] / len(data):.0%}.",
            file=sys.stderr,
        )
