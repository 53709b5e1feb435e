"""The images of one's own that `teach()` learns from: files in a folder for each class."""

import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ...datasets import class_files
from ...errors import CourseError, demand
from ...storage import write_whole

SIDE = 640  # pixels: the longer side of an image that is kept, more than any network looks at
FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]')  # in names of folders, on one system or another
BURST = re.compile(r"(burst-(\d+))-\d+\.")


class OwnImage(NamedTuple):
    """key: the same as long as the file is. group: its burst, or itself."""

    key: str
    label: str
    group: str
    path: Path


class OwnImages:
    """The images `folder/CLASS/NAME`. The folder is made when something is to be kept in it.

    What reads or changes it raises `CourseError` if the system does not let it.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().absolute()
        demand(not self.folder.is_file(), f"{str(folder)!r} is a file. Give the name of a folder.")
        self.removed: list[tuple[Path, bytes]] = []  # what can be brought back

    def all(self) -> dict[str, list[OwnImage]]:
        """The images of each class, both sorted by name, as `image_folder` sorts them."""
        if not self.folder.is_dir():
            return {}
        with self._said():
            classes = class_files(self.folder)
            return {name: [_image(name, file) for file in classes[name]] for name in classes}

    def add_class(self, name: str) -> str:
        """Make the folder of a class; its name without what stands around it."""
        name = unicodedata.normalize("NFC", " ".join(name.split())).strip(".")
        demand(0 < len(name) <= 40, "A class needs a name of at most 40 letters, such as cup.")
        demand(
            not FORBIDDEN.search(name),
            f'{name!r} cannot be the name of a folder: leave out / \\ : * ? " < > and |.',
        )
        with self._said():
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"  # so that git takes none of them along
            if not ignore.exists():
                ignore.write_text("*\n")
        return name

    def add(self, label: str, name: str, image: Image.Image) -> None:
        """Keep an image as a JPEG, under the name that its file had or one like it."""
        folder = self.folder / self.add_class(label)
        stem = FORBIDDEN.sub("_", Path(name).stem).lstrip(".") or "image"
        tries = (f"{stem}{f' ({i})' if i else ''}.jpg" for i in range(10**6))
        path = next(folder / each for each in tries if not (folder / each).exists())
        with self._said():
            write_whole(path, as_jpeg(image))

    def new_burst(self, label: str) -> str:
        """How the names of the next burst of a class begin: "burst-0003"."""
        paths = [*(self.folder / label).glob("burst-*"), *(path for path, _ in self.removed)]
        numbers = [int(found[2]) for path in paths if (found := BURST.match(path.name))]
        return f"burst-{max(numbers, default=0) + 1:04}"

    def remove(self, image: OwnImage) -> None:
        """Delete an image: `undo` brings it back."""
        with self._said():
            content = image.path.read_bytes()
            image.path.unlink()
        self.removed.append((image.path, content))

    def undo(self) -> None:
        """Bring back what was removed last."""
        path, content = self.removed.pop()
        with self._said():
            write_whole(path, content)

    def delete_all(self) -> None:
        """Delete the images of all classes for good; then folders that are empty."""
        self.removed.clear()
        with self._said():
            for image in (image for images in self.all().values() for image in images):
                image.path.unlink(missing_ok=True)
            for folder in self.folder.glob("*/"):
                if not any(folder.iterdir()):
                    folder.rmdir()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CourseError(
                f"{str(self.folder)!r} cannot be read or changed ({error.strerror or error}). Give "
                "teach() a folder of your own."
            ) from None


def _image(label: str, path: Path) -> OwnImage:
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
