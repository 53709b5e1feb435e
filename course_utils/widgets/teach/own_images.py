"""The images of one's own that `teach()` learns from: files in a folder for each class."""

import io
import re
import shutil
import unicodedata
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ...errors import CourseError, demand

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic"}
SUFFIXES |= {".heif", ".jfif"}
SIDE = 640  # pixels: the longer side of an image that is kept, more than any network looks at
ASIDE = ".removed"  # where removed images lie until all are deleted
FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]')  # in names of folders, on one system or another
BURST = re.compile(r"(burst-(\d+))-\d+\.")


class OwnImage(NamedTuple):
    """key: the same as long as the file is. group: its burst, or itself."""

    key: str
    label: str
    group: str
    path: Path


class OwnImages:
    """The images `folder/CLASS/NAME`. The folder is made when something is to be kept in it."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().absolute()
        demand(not self.folder.is_file(), f"{str(folder)!r} is a file. Give the name of a folder.")
        self._removed: list[tuple[Path, Path]] = []

    def all(self) -> dict[str, list[OwnImage]]:
        """The images of each class, both sorted by name, as `image_folder` sorts them."""
        if not self.folder.is_dir():
            return {}
        try:
            folders = [p for p in self.folder.iterdir() if p.is_dir() and p.name[0] != "."]
            named = {unicodedata.normalize("NFC", path.name): path for path in folders}
            return {name: [*map(_image, _files(path))] for name, path in sorted(named.items())}
        except OSError as error:
            raise self._cannot(error) from None

    def add_class(self, name: str) -> str:
        """Make the folder of a class; its name without what stands around it."""
        name = unicodedata.normalize("NFC", " ".join(name.split())).strip(".")
        demand(0 < len(name) <= 40, "A class needs a name of at most 40 letters, such as cup.")
        demand(
            not FORBIDDEN.search(name),
            f'{name!r} cannot be the name of a folder: leave out / \\ : * ? " < > and |.',
        )
        try:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"  # so that git takes none of them along
            if not ignore.exists():
                ignore.write_text("*\n")
        except OSError as error:
            raise self._cannot(error) from None
        return name

    def add(self, label: str, name: str, image: Image.Image) -> None:
        """Keep an image as a JPEG, under the name that its file had or one like it."""
        folder = self.folder / self.add_class(label)
        stem = FORBIDDEN.sub("_", Path(name).stem).lstrip(".") or "image"
        tries = (f"{stem}{f' ({i})' if i else ''}.jpg" for i in range(10**6))
        path = next(folder / each for each in tries if not (folder / each).exists())
        try:
            path.write_bytes(as_jpeg(image))
        except OSError as error:
            raise self._cannot(error) from None

    def new_burst(self, label: str) -> str:
        """How the names of the next burst of a class begin: "burst-0003"."""
        places = (self.folder / label, self.folder / ASIDE / label)
        names = [path.name for place in places if place.is_dir() for path in place.iterdir()]
        numbers = [int(found[2]) for name in names if (found := BURST.match(name))]
        return f"burst-{max(numbers, default=0) + 1:04}"

    def remove(self, image: OwnImage) -> None:
        """Set an image aside: `undo` brings it back."""
        aside = self.folder / ASIDE / image.path.parent.name / image.path.name
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            image.path.replace(aside)
        except OSError as error:
            raise self._cannot(error) from None
        self._removed.append((image.path, aside))

    @property
    def removed(self) -> int:
        """How many can be brought back."""
        return len(self._removed)

    def undo(self) -> None:
        """Bring back what was removed last."""
        path, aside = self._removed.pop()
        if aside.exists() and not path.exists():
            aside.replace(path)

    def delete_all(self) -> None:
        """Delete the images of all classes, those set aside too; then folders that are empty."""
        try:
            for images in self.all().values():
                for image in images:
                    image.path.unlink(missing_ok=True)
            shutil.rmtree(self.folder / ASIDE, ignore_errors=True)
        except OSError as error:
            raise self._cannot(error) from None
        self._removed.clear()
        for folder in (path for path in self.folder.iterdir() if path.is_dir()):
            if not any(folder.iterdir()):
                folder.rmdir()

    def _cannot(self, error: OSError) -> CourseError:
        return CourseError(
            f"{str(self.folder)!r} cannot be read or changed ({error.strerror or error}). Give "
            "teach() a folder of your own."
        )


def _files(folder: Path) -> list[Path]:
    images = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in images if path.is_file() and not path.name.startswith("."))


def _image(path: Path) -> OwnImage:
    label = unicodedata.normalize("NFC", path.parent.name)
    burst = BURST.match(path.name)
    key = f"{label}/{path.name}@{path.stat().st_mtime_ns}"
    return OwnImage(key, label, burst[1] if burst else path.name, path)


def as_jpeg(image: Image.Image, side: int = SIDE) -> bytes:
    """The bytes of a JPEG, the longer side at most `side` pixels."""
    small = image.copy()
    small.thumbnail((side, side))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=92)
    return file.getvalue()
