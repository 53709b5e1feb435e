"""Files that are whole or not there: folders, atomic writing, locks, room on the disk."""

import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import CourseError

FULL = {errno.ENOSPC, errno.EDQUOT}  # a full disk is something else than a read-only folder
PATIENCE = 3600.0  # seconds to wait for another process that makes the same file


# --- where files are -----------------------------------------------------------------------------


def data_folder() -> Path:
    """Where data and weights belong: the folder `COURSE_DATA`, or a per-user cache.

    The named folder is made if it is missing (the cache, when something is first written to it).
    Raises `CourseError` if it is neither there nor can be made.
    """
    named = os.environ.get("COURSE_DATA")
    if not named:
        return own_cache()
    folder = Path(named).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"COURSE_DATA names the folder {folder}, which cannot be made "
            f"({error.strerror}). Name another folder in COURSE_DATA, or unset it."
        ) from None
    return folder


def folders() -> list[Path]:
    """Where to look for files, in this order.

    One folder; two if `COURSE_DATA` is read-only (as a class shares it on one host): what is
    missing there is kept in the user's own cache.
    """
    first, own = data_folder(), own_cache()
    return [first] if first == own or can_write(first) else [first, own]


def writable_folder() -> Path:
    """The first of `folders()` that files can be written to. Raises `CourseError` if none can."""
    for folder in folders():
        if can_write(folder):
            return folder
    raise CourseError(
        f"No folder to keep data in: {' and '.join(map(str, folders()))} cannot be written to. "
        "Set COURSE_DATA to a folder of your own."
    )


def offline() -> bool:
    """True if `COURSE_OFFLINE=1` forbids every use of the network."""
    return os.environ.get("COURSE_OFFLINE", "0") not in ("", "0")


def can_write(folder: Path) -> bool:
    """Whether files can be made in `folder`, tried out: permission bits do not tell all."""
    try:
        try_to_write(folder)
    except OSError as error:
        return error.errno in FULL
    return True


def try_to_write(folder: Path) -> None:
    """Make `folder` if need be, and a file in it for a moment. Raises OSError if that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def own_cache() -> Path:
    """The folder of this user for what can be fetched again; a temporary one without a home."""
    from platformdirs import user_cache_path

    try:
        return user_cache_path("cnn-course", appauthor=False)
    except RuntimeError:  # a container's user that nobody has entered
        return Path(tempfile.gettempdir(), f"cnn-course-{os.getuid()}")


# --- files that are complete, or not there -------------------------------------------------------


def part_of(path: Path) -> Path:
    """The name under which `path` is written until it is complete."""
    return path.with_name(path.name + ".part")


def publish(path: Path) -> Path:
    """Give the complete file `part_of(path)` its name. Readers see the old file or the new one."""
    with part_of(path).open("rb+") as file:
        os.fsync(file.fileno())  # the bytes first, then the name: true after a power cut too
    os.replace(part_of(path), path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of few bytes at once. Readers see the old file or the new one."""
    part_of(path).write_bytes(content)
    publish(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path`: one process makes it while the others wait here.

    Who holds it may take it again (a download inside a longer piece of work). The operating
    system frees the lock of a process that was killed. Raises `CourseError` if another process
    holds it for `PATIENCE` seconds.
    """
    from filelock import FileLock, Timeout

    file = path.with_name(f".{path.name}.lock")
    lock = FileLock(file, mode=0o666, poll_interval=0.1, is_singleton=True)
    try:
        lock.acquire(timeout=min(1.0, PATIENCE))
    except Timeout:
        print(f"Another program is making {path.name}; waiting for it.", file=sys.stderr)
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise CourseError(
                f"Another program has been busy with {path.name} for {PATIENCE:.0f} s. Restart "
                "the other notebooks' kernels, then try again."
            ) from None
    try:
        yield
    finally:
        lock.release()


def file_digest(path: Path, kind: str = "sha256") -> str:
    """The hexadecimal digest of a file's bytes (1.5 GB/s with the SHA instructions)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()


def need_room(folder: Path, needed: int) -> None:
    """Raise the OSError of a full disk now if `needed` more bytes will not fit in `folder`."""
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def cannot_write(error: OSError, dest: Path) -> CourseError:
    """What a person can do when the disk says no."""
    if error.errno in FULL:
        free = shutil.disk_usage(dest.parent).free
        return CourseError(
            f"The disk is too full for {dest.name}: {megabytes(free)} are free in {dest.parent}. "
            "Make room, or set COURSE_DATA to a folder on another disk, and try again."
        )
    return CourseError(
        f"Cannot write {dest.name} to {dest.parent} ({error.strerror or error}). "
        "Set COURSE_DATA to a folder of your own, and try again."
    )


def megabytes(size: int) -> str:
    """A size for people: "170 MB"; small ones in kB, large ones in GB."""
    if size >= 1e10:
        return f"{size / 1e9:.0f} GB"
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
