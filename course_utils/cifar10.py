"""CIFAR-10: find or fetch it, verify it, and open it as memory-mapped arrays.

The data are converted once to plain arrays of bytes. Opening them then takes milliseconds and no
memory of one's own: all processes of a machine look at the same pages. Where there are no data,
a stand-in of the same shapes takes their place, and says so wherever it shows.

COURSE_CIFAR10 names another copy: a folder, an archive or an https address, followed by
"#sha256=…" if it is not the official file (for a folder: of its six batches, one after another,
`cat data_batch_* test_batch | sha256sum`).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset

from . import cifar10_archive as published
from . import standin
from .batches import Batches
from .cifar10_archive import publish_folder, read_batch, read_verified, unpack
from .downloads import download, file_digest, folders, locked, part_of, writable_folder
from .errors import CourseError, nearest
from .preprocessing import CIFAR10, Preprocessing

STANDIN_COUNTS = {"train": 50_000, "test": 10_000}
SPLITS = {"train": "training", "test": "test"}
SOURCES = ("auto", "official", "standin")


def load_cifar10(
    split: str = "train", source: str = "auto", transform: Callable | None = None
) -> "Cifar10":
    """The training or the test pictures of CIFAR-10, or of a stand-in: see `.title`.

    split: "train" or "test".
    source: "official": the real data, downloaded (170 MB) if need be. "standin": pictures made
        from ten sample photographs. "auto": what COURSE_CIFAR10 names, or the real data if they
        are on this machine, otherwise the stand-in.
    transform: applied to each picture that indexing gives, as in torchvision.
    Raises `CourseError` if the data are not to be had, or are not what they should be.
    """
    for value, known in ((split, SPLITS), (source, SOURCES)):
        if value not in known:
            raise CourseError(
                f"CIFAR-10 has no {value!r}.{nearest(value, known)} "
                f"There are {', '.join(map(repr, known))}."
            )
    return Cifar10(_arrays(source), split, transform)


class Cifar10(Dataset):
    """Pictures and labels; `data[i]` is (picture, label), as in torchvision.

    images: uint8 `(N, 3, 32, 32)`, values 0..255, in channels-last memory order. They are mapped
        from the disk; what one changes in them changes in this process only.
    labels: int64 `(N,)`. classes: the name of each label. split: "train" or "test".
    source: "official", "standin" or "copy". title: what this is, in words.
    """

    def __init__(self, folder: Path, split: str, transform: Callable | None = None):
        self.folder, self.split, self.transform = Path(folder), split, transform
        stamp = json.loads((self.folder / "stamp.json").read_text())
        self.source, self.classes = stamp["source"], tuple(stamp["classes"])
        self.title = f"{stamp['name']}, {stamp['counts'][split]:,} {SPLITS[split]} pictures"
        # mode "c": a page that is written to is copied first, so the file cannot change
        pixels = np.memmap(self.folder / f"{split}-images.bin", np.uint8, "c")
        labels = np.memmap(self.folder / f"{split}-labels.bin", "<i8", "c")
        self.images = torch.from_numpy(pixels).view(-1, 32, 32, 3).permute(0, 3, 1, 2)
        self.labels = torch.from_numpy(labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> tuple[object, int]:
        picture = Image.fromarray(self.images[i].permute(1, 2, 0).numpy())
        return (self.transform(picture) if self.transform else picture), int(self.labels[i])

    def batches(
        self,
        batch_size: int,
        *,
        shuffle: bool = False,
        augment: bool = False,
        generator: torch.Generator | None = None,
        preprocessing: Preprocessing = CIFAR10,
        drop_last: bool = False,
        indices: torch.Tensor | None = None,
    ) -> Batches:
        """Whole batches `(B, 3, 32, 32)` and labels `(B,)`, many times as fast as a DataLoader.

        The settings are those of `Batches`.
        """
        return Batches(
            self.images,
            self.labels,
            batch_size,
            shuffle=shuffle,
            augment=augment,
            generator=generator,
            preprocessing=preprocessing,
            drop_last=drop_last,
            indices=indices,
        )

    def verify(self) -> None:
        """Read everything and compare it with its checksum. Raises `CourseError` if it differs."""
        for name, sha256 in json.loads((self.folder / "stamp.json").read_text())["sha256"].items():
            if file_digest(self.folder / name) != sha256:
                raise CourseError(
                    f"{self.folder / name} has changed on the disk. Delete the folder "
                    f"{self.folder}: it is made again from its source."
                )

    def __repr__(self) -> str:
        return self.title

    def __reduce__(self):
        # To a worker of a DataLoader goes the folder's name, not 150 MB of pixels.
        return Cifar10, (self.folder, self.split, self.transform)


# --- where the arrays come from ------------------------------------------------------------------


def _arrays(source: str) -> Path:
    """The folder of converted arrays for `source`, made first if need be."""
    named, _, sha256 = os.environ.get("COURSE_CIFAR10", "").partition("#sha256=")
    if source == "auto" and sha256:
        return _copy(named, sha256.lower())
    if source == "standin":
        return _standin()
    return _official(named if not sha256 else "", fetch=source == "official") or _standin()


def _standin() -> Path:
    def batches(split: str) -> Iterator:
        yield standin.make(split, STANDIN_COUNTS[split] // 10)

    name = "stand-in for CIFAR-10 made from ten sample photographs"
    key = f"standin-{standin.VERSION}"
    return _find(key) or _convert(key, "standin", name, standin.CLASSES, batches)


def _official(named: str, fetch: bool) -> Path | None:
    """The official data; None if they are not on this machine and `fetch` is False.

    named: a further place to look for them, from COURSE_CIFAR10.
    """
    arrays = _find("official")
    if arrays:
        return arrays
    places = [place / kind for place in folders() for kind in (published.FOLDER, published.ARCHIVE)]
    found = next((place for place in places if place.exists()), None)
    if not found and named:
        found = _at(named) or _download([named])
    if not found and fetch:
        found = _download(published.URLS)
    return found and _convert_published("official", "CIFAR-10", found, _is_official)


def _copy(named: str, sha256: str) -> Path:
    """Another copy of the data, which its own checksum vouches for."""
    key = f"copy-{sha256[:16]}"
    arrays = _find(key)
    if arrays:
        return arrays
    found = _at(named) or download(named, sha256, None, writable_folder() / f"{key}.tar.gz")
    name = f"copy of CIFAR-10 ({Path(named).name}, sha256 {sha256[:8]}…)"

    def check(place: Path) -> dict | None:
        if _digest(place) != sha256:
            raise CourseError(
                f"{place} has not the sha256 that COURSE_CIFAR10 names. Copy the file again, or "
                "correct the checksum."
            )

    return _convert_published(key, name, found, check)


def _at(named: str) -> Path | None:
    """The folder or file that COURSE_CIFAR10 names; None if it names a web address."""
    if "://" in named:
        return None
    path = Path(named).expanduser()
    if not path.exists():
        raise CourseError(
            f"COURSE_CIFAR10 names {path}, which is not there. Correct the name, or unset it."
        )
    return path


def _download(urls: list[str]) -> Path:
    dest = writable_folder() / published.ARCHIVE
    return download(urls, None, published.SIZE, dest, md5=published.MD5)


def _is_official(place: Path) -> dict | None:
    """The digests that each file in `place` must have. Raises `CourseError` for another archive."""
    if place.is_file() and (
        place.stat().st_size != published.SIZE or file_digest(place, "md5") != published.MD5
    ):
        raise CourseError(
            f"{place} is not the official archive of CIFAR-10 (size or md5 differ). Delete it, "
            "then load_cifar10(source='official') fetches it again; to use another copy, add its "
            "checksum in COURSE_CIFAR10: path#sha256=…"
        )
    return published.DIGESTS


def _digest(place: Path) -> str:
    """sha256 of an archive, or of the six batches in a folder one after another."""
    if place.is_file():
        return file_digest(place)
    digest = hashlib.sha256()
    for name in (*published.BATCHES["train"], *published.BATCHES["test"]):
        digest.update(read_verified(place, name, None))
    return digest.hexdigest()


# --- the converted arrays ------------------------------------------------------------------------


def _find(key: str) -> Path | None:
    """The complete arrays of that name in the first data folder that has them."""
    return next((f for place in folders() if _complete(f := place / "cifar10" / key)), None)


def _complete(folder: Path) -> bool:
    """Whether every file is there in its full length: what a copy cut short would lack."""
    try:
        sizes = json.loads((folder / "stamp.json").read_text())["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError):
        return False


def _convert_published(key: str, name: str, found: Path, check: Callable) -> Path:
    """Arrays from the folder or the archive `found`, once `check` has found it right."""
    digests, folder = check(found), found
    if found.is_file():
        # The official files stay, where torchvision's own class finds them.
        own = published.FOLDER if key == "official" else f"cifar10/{key}-unpacked"
        folder = writable_folder() / own
        folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            if not folder.exists():
                unpack(found, folder)

    def batches(split: str) -> Iterator:
        for batch in published.BATCHES[split]:
            yield read_batch(read_verified(folder, batch, digests), batch)

    source = "official" if key == "official" else "copy"
    arrays = _convert(key, source, name, published.CLASSES, batches)
    if key != "official" and folder != found:
        shutil.rmtree(folder, ignore_errors=True)
    return arrays


def _convert(
    key: str,
    source: str,
    name: str,
    classes: tuple[str, ...],
    batches: Callable[[str], Iterable[tuple[np.ndarray, np.ndarray]]],
) -> Path:
    """Write the arrays and their stamp; one process does, the others wait and find them."""
    folder = writable_folder() / "cifar10" / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if _complete(folder):
            return folder
        part = part_of(folder)
        shutil.rmtree(part, ignore_errors=True)  # what a killed process left
        part.mkdir()
        stamp = {"source": source, "name": name, "classes": classes}
        stamp |= {"counts": {}, "sizes": {}, "sha256": {}}
        for split in SPLITS:
            stamp["counts"][split] = _write(part, split, batches(split), stamp)
        (part / "stamp.json").write_text(json.dumps(stamp, indent=1))
        publish_folder(part, folder)
    return folder


def _write(part: Path, split: str, batches: Iterable, stamp: dict) -> int:
    """Append batch after batch to the two files of a split; return the number of pictures."""
    paths = [part / f"{split}-images.bin", part / f"{split}-labels.bin"]
    digests = [hashlib.sha256(), hashlib.sha256()]
    count = 0
    with paths[0].open("wb") as images, paths[1].open("wb") as labels:
        for arrays in batches:
            for file, digest, array in zip((images, labels), digests, arrays, strict=True):
                array = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
                file.write(array)
                digest.update(array)
            count += len(arrays[1])
    for path, digest in zip(paths, digests, strict=True):
        stamp["sizes"][path.name] = path.stat().st_size
        stamp["sha256"][path.name] = digest.hexdigest()
    return count
