"""One verified, resumable, locked download; data and weights use it.

A file gets its name only when it is complete and its checksum is right. Until then it is called
NAME.part and stays for the next try, whatever ended this one: a cut line, a full disk, a kill.
"""

import errno
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import CourseError

if TYPE_CHECKING:
    import httpx  # imported when a download starts: most kernels never make one

LARGEST = 2_000_000_000  # bytes; no file of the course is larger
LOOPBACK = {"127.0.0.1", "localhost", "::1"}  # this machine: the only place for plain http
FULL = {errno.ENOSPC, errno.EDQUOT}  # a full disk is something else than a read-only folder
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}  # HTTP: come back later


@dataclass(frozen=True)
class Pace:
    """How patient a download is; times in seconds.

    slowest: bytes a second, over `silence` seconds; what is slower counts as stalled.
    waits: before the second, third, ... try of one mirror.
    progress: bytes that a try must bring to be granted all the waits again.
    patience: how long to wait for another process whose download does not grow.
    """

    connect: float = 15
    silence: float = 30
    slowest: int = 2_000
    waits: tuple[float, ...] = (1, 2, 4, 8)
    progress: int = 1_000_000
    patience: float = 600


PACE = Pace()


# --- where files are -----------------------------------------------------------------------------


def data_folder() -> Path:
    """Where data and weights belong: the folder `COURSE_DATA`, or a per-user cache.

    The named folder is made if it is missing (the cache, when something is first written to it).
    Raises `CourseError` if it is neither there nor can be made.
    """
    named = os.environ.get("COURSE_DATA")
    if not named:
        return _own_cache()
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
    first, own = data_folder(), _own_cache()
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


def _own_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("cnn-course", appauthor=False)


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


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path`: one process makes it while the others wait here.

    Who holds it may take it again (a download inside a longer piece of work). The operating
    system frees the lock of a process that was killed. Raises `CourseError` if another process
    holds it for `PACE.patience` seconds while `part_of(path)` does not grow.
    """
    from filelock import FileLock, Timeout

    file = path.with_name(f".{path.name}.lock")
    lock = FileLock(file, mode=0o666, poll_interval=0.1, is_singleton=True)
    seen, since = -1, time.monotonic()
    while True:
        try:
            lock.acquire(timeout=min(1.0, PACE.patience))
            break
        except Timeout:
            size = _size(part_of(path))
            if seen < 0:
                print(f"Another program is making {path.name}; waiting for it.", file=sys.stderr)
            if size != seen:
                seen, since = size, time.monotonic()
            elif time.monotonic() - since > PACE.patience:
                raise CourseError(
                    f"Another program has been busy with {path.name} for {PACE.patience:.0f} s "
                    "without getting on. Restart the other notebooks' kernels, then try again."
                ) from None
    try:
        yield
    finally:
        lock.release()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


# --- the download --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """The file that is wanted, and how to know it.

    sha256: all 64 hexadecimal digits, or the first ones if no more are known.
    size: in bytes, None if unknown.
    """

    dest: Path
    sha256: str | None
    md5: str | None
    size: int | None

    def problem(self, path: Path) -> str:
        """What is wrong with the bytes in `path`, in a few words; "" if nothing is."""
        if self.size is not None and _size(path) != self.size:
            return f"{_size(path):,} bytes instead of {self.size:,}"
        for kind in ("sha256", "md5"):
            digits = getattr(self, kind)
            if digits and not file_digest(path, kind).startswith(digits.lower()):
                return f"its {kind} is not {digits[:12]}…"
        return ""

    @property
    def part(self) -> Path:
        return part_of(self.dest)


class _GiveUp(Exception):
    """This mirror does not help."""


class _TryAgain(Exception):
    """This mirror may help a little later."""


def file_digest(path: Path, kind: str = "sha256") -> str:
    """The hexadecimal digest of a file's bytes (1.5 GB/s with the SHA instructions)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()


def download(
    urls: str | Sequence[str],
    sha256: str | None,
    size: int | None,
    dest: str | Path,
    *,
    md5: str | None = None,
) -> Path:
    """Fetch one file to `dest` unless it is there already; return `dest`.

    urls: mirrors of the same bytes, tried in order. https only; plain http from this machine.
    sha256: the digest, or as many of its first digits as are known (at least 8).
    size: in bytes, None if unknown. md5: for old files that have no published sha256.
    A download that was cut off goes on where it stopped. Processes that want the same file at
    once make one download. Raises `CourseError` if no mirror gives the right bytes, offline, or
    if the file cannot be written.
    """
    if len(sha256 or "") < 8 and not md5:
        raise ValueError("a download needs a checksum")
    wanted = Wanted(Path(dest), sha256, md5, size)
    if wanted.dest.is_file() and not wanted.problem(wanted.dest):
        return wanted.dest
    if offline():
        raise CourseError(
            f"{wanted.dest.name}{_in_brackets(size)} is not on this machine, and COURSE_OFFLINE "
            f"forbids fetching it. Unset COURSE_OFFLINE, or copy the file to {wanted.dest}."
        )
    try:
        try_to_write(wanted.dest.parent)
        with locked(wanted.dest):
            if not wanted.dest.is_file() or wanted.problem(wanted.dest):
                _from_mirrors([urls] if isinstance(urls, str) else urls, wanted)
    except OSError as error:
        raise cannot_write(error, wanted.dest) from None
    return wanted.dest


def _from_mirrors(urls: Sequence[str], wanted: Wanted) -> None:
    reasons = []
    for url in urls:
        try:
            return _from_mirror(url, wanted)
        except _GiveUp as reason:
            reasons.append(f"{urlsplit(url).hostname or url}: {reason}")
    have = _size(wanted.part)
    kept = f"; it goes on after the {megabytes(have)} that are here" if have else ""
    raise CourseError(
        f"Could not download {wanted.dest.name}{_in_brackets(wanted.size)}: {'; '.join(reasons)}. "
        f"Check the network connection and try again{kept}, or copy the file to {wanted.dest}."
    )


def _from_mirror(url: str, wanted: Wanted) -> None:
    """Try one mirror, with growing waits; a try that brought much is not held against it."""
    waits, wrong_before = list(PACE.waits), False
    while True:
        had = _size(wanted.part)
        try:
            _fetch(url, wanted)
            problem = wanted.problem(wanted.part)
            if not problem:
                publish(wanted.dest)
                return
            wanted.part.unlink()  # what was resumed may be to blame: once more, from the start
            if not had or wrong_before:
                raise _GiveUp(f"it sent wrong bytes ({problem})")
            wrong_before = True
            continue
        except _TryAgain as reason:
            if _size(wanted.part) - had >= PACE.progress:
                waits = list(PACE.waits)
            if not waits:
                raise _GiveUp(f"{reason}, in {len(PACE.waits) + 1} tries") from None
        time.sleep(waits.pop(0))


def _fetch(url: str, wanted: Wanted) -> None:
    """Ask one mirror for what `wanted.part` lacks, and append it."""
    import httpx

    have = _size(wanted.part)
    if wanted.size is not None and have >= wanted.size:
        return  # complete, only not yet checked
    headers = {"Accept-Encoding": "identity", "User-Agent": "cnn-course"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        with _client(url) as client, client.stream("GET", url, headers=headers) as response:
            start = _start_of(response, have)
            if start is not None:
                _append(response, start, wanted)
    except httpx.TooManyRedirects:
        raise _GiveUp("it redirects in circles") from None
    except httpx.TimeoutException:
        raise _TryAgain("it does not answer") from None
    except httpx.ConnectError as error:
        if "CERTIFICATE" in str(error).upper():
            raise _GiveUp("its certificate is not valid, or not that of this host") from None
        raise _TryAgain("no connection") from None
    except (httpx.HTTPError, httpx.StreamError):
        raise _TryAgain("the connection broke") from None
    except httpx.InvalidURL:
        raise _GiveUp("this is no web address") from None


def _client(url: str) -> "httpx.Client":
    import httpx

    def refuse_plain_http(request: httpx.Request) -> None:  # runs before each redirect too
        here = {urlsplit(url).hostname, request.url.host} <= LOOPBACK
        if request.url.scheme != "https" and not (request.url.scheme == "http" and here):
            raise _GiveUp(
                "plain http is refused, as anyone on the way could change the file (a sign-in "
                "page of this network may do so: open any web page in the browser first)"
            )

    return httpx.Client(
        timeout=httpx.Timeout(PACE.silence, connect=PACE.connect),
        follow_redirects=True,
        max_redirects=5,
        trust_env=urlsplit(url).hostname not in LOOPBACK,  # no proxy to this machine
        event_hooks={"request": [refuse_plain_http]},
    )


def _start_of(response: "httpx.Response", have: int) -> int | None:
    """At which byte of the file this answer starts; None if there is nothing more to send."""
    status = response.status_code
    if status in TRY_AGAIN:
        raise _TryAgain(f"it answered HTTP {status}")
    if status == 416 and have:
        return None
    if status not in (200, 206):
        raise _GiveUp(f"it answered HTTP {status}")
    if "html" in response.headers.get("Content-Type", ""):
        raise _GiveUp(_WEB_PAGE)
    if status == 200:
        return 0  # a server that knows no Range starts again
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    if not match or int(match[1]) != have:
        raise _GiveUp("it sent another part than was asked for")
    return have


_WEB_PAGE = (
    "it sent a web page instead of the file (perhaps this network's sign-in page: open any web "
    "page in the browser, sign in, and try again)"
)


def _append(response: "httpx.Response", start: int, wanted: Wanted) -> None:
    """Write the body of `response` from byte `start` on, with a progress bar."""
    from tqdm.auto import tqdm

    length = response.headers.get("Content-Length", "")
    total = start + int(length) if length.isdecimal() else wanted.size
    limit = LARGEST if wanted.size is None else wanted.size
    if total is not None and (total > limit or wanted.size not in (None, total)):
        raise _GiveUp(f"it offers {total:,} bytes instead of {limit:,}")
    need_room(wanted.dest.parent, (total or start) - start)
    wanted.part.touch()
    with (
        wanted.part.open("rb+") as file,
        tqdm(desc=wanted.dest.name, total=total, initial=start, unit="B", unit_scale=True) as bar,
    ):
        file.truncate(start)
        file.seek(start)
        for chunk in _not_stalled(response.iter_raw()):
            if file.tell() == 0 and re.match(rb"\s*<(!doctype|html)", chunk, re.IGNORECASE):
                raise _GiveUp(_WEB_PAGE)
            if file.tell() + len(chunk) > limit:
                file.truncate(0)
                raise _GiveUp(f"it sent more than {limit:,} bytes")
            file.write(chunk)
            bar.update(len(chunk))


def _not_stalled(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, as long as they come faster than `PACE.slowest`."""
    since, got = time.monotonic(), 0
    for chunk in chunks:
        yield chunk
        got += len(chunk)
        spent = time.monotonic() - since
        if spent > PACE.silence:
            if got < PACE.slowest * spent:
                raise _TryAgain("it stalled")
            since, got = time.monotonic(), 0


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


def _in_brackets(size: int | None) -> str:
    return f" ({megabytes(size)})" if size else ""
