"""One verified, resumable, locked download; data and weights use it.

A file gets its name only when it is complete and its checksum is right. Until then it is called
NAME.part and stays for the next try, whatever ended this one: a cut line, a full disk, a kill.
"""

import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import CourseError
from .files import (
    cannot_write,
    file_digest,
    locked,
    megabytes,
    need_room,
    offline,
    part_of,
    publish,
    try_to_write,
)

if TYPE_CHECKING:
    import httpx  # imported when a download starts: most kernels never make one

CONNECT, SILENCE = 15.0, 30.0  # seconds to wait for a connection, and for the next bytes
ANSWER = 4.0  # seconds in which a host says that it is there
WAITS = (1.0, 2.0, 4.0, 8.0)  # seconds before the second, third, ... try of one mirror
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}  # HTTP: come back later


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


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


class _GiveUp(Exception):
    """This mirror does not help."""


class _TryAgain(Exception):
    """This mirror may help a little later."""


def download(
    urls: str | Sequence[str],
    sha256: str | None,
    size: int | None,
    dest: str | Path,
    *,
    md5: str | None = None,
) -> Path:
    """Fetch one file to `dest` unless it is there already; return `dest`.

    urls: mirrors of the same bytes, tried in order.
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
    check_surroundings()
    try:
        try_to_write(wanted.dest.parent)
        with locked(wanted.dest):
            if not wanted.dest.is_file() or wanted.problem(wanted.dest):
                _from_mirrors([urls] if isinstance(urls, str) else urls, wanted)
    except OSError as error:
        raise cannot_write(error, wanted.dest) from None
    return wanted.dest


def answering(urls: Sequence[str], seconds: float = ANSWER) -> list[str]:
    """Those of `urls` whose host answers within `seconds`, in their order; all are asked at once.

    It is quick where nobody would like to wait for every try of `download`: without a connection
    this takes a moment, with a bad one `seconds`.
    """
    import httpx

    answered = []

    check_surroundings()

    def ask(url: str) -> None:
        with suppress(httpx.HTTPError, httpx.InvalidURL):
            httpx.head(url, timeout=seconds)
            answered.append(url)  # whatever it says: `download` will see

    # daemons: a name server that is silent holds its thread for longer
    threads = [Thread(target=ask, args=(url,), daemon=True) for url in urls]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [url for url in urls if url in answered]


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
    """Try one mirror, with growing waits. Wrong bytes after a resumed try: once more, from 0."""
    for wait in (*WAITS, None):
        resumed = _size(wanted.part) > 0
        try:
            _fetch(url, wanted)
        except _TryAgain as reason:
            if wait is None:
                raise _GiveUp(f"{reason}, in {len(WAITS) + 1} tries") from None
            time.sleep(wait)
            continue
        problem = wanted.problem(wanted.part)
        if not problem:
            publish(wanted.dest)
            return
        page = _is_web_page(wanted.part)
        wanted.part.unlink()
        if page or not resumed:
            raise _GiveUp(_WEB_PAGE if page else f"it sent wrong bytes ({problem})")
    raise _GiveUp("it sent wrong bytes")


def _fetch(url: str, wanted: Wanted) -> None:
    """Ask one mirror for what `wanted.part` lacks, and append it."""
    import httpx

    have = _size(wanted.part)
    if wanted.size is not None and have >= wanted.size:
        return  # complete, only not yet checked
    headers = {"Accept-Encoding": "identity", "User-Agent": "cnn-course"}
    if have:
        headers["Range"] = f"bytes={have}-"
    patience = httpx.Timeout(SILENCE, connect=CONNECT)
    try:
        with httpx.stream(
            "GET", url, headers=headers, follow_redirects=True, timeout=patience
        ) as response:
            _append(response, have, wanted)
    except httpx.TimeoutException:
        raise _TryAgain("it does not answer") from None
    except (httpx.ConnectError, httpx.ProxyError) as error:
        reason = next((why for sign, why in _REFUSED.items() if sign in str(error)), "")
        if reason:
            raise _GiveUp(reason) from None
        raise _TryAgain(f"no connection ({error})") from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.TooManyRedirects) as error:
        raise _GiveUp(str(error)) from None
    except httpx.HTTPError:
        raise _TryAgain("the connection broke") from None


def _append(response: "httpx.Response", have: int, wanted: Wanted) -> None:
    """Write what `response` brings after the first `have` bytes, with a progress bar."""
    from tqdm.auto import tqdm

    status = response.status_code
    if status == 416 and have:
        return  # there is nothing more to send
    if status in TRY_AGAIN:
        raise _TryAgain(f"it answered HTTP {status}")
    if status == 407:
        raise _GiveUp(_REFUSED["407"])
    if status not in (200, 206):
        raise _GiveUp(f"it answered HTTP {status}")
    if "html" in response.headers.get("Content-Type", ""):
        raise _GiveUp(_WEB_PAGE)
    start = have if status == 206 else 0  # a server that knows no Range starts again
    total = wanted.size or start + int(response.headers.get("Content-Length", 0)) or None
    need_room(wanted.dest.parent, (total or start) - start)
    wanted.part.touch()
    with (
        wanted.part.open("rb+") as file,
        tqdm(desc=wanted.dest.name, total=total, initial=start, unit="B", unit_scale=True) as bar,
    ):
        file.truncate(start)
        file.seek(start)
        for chunk in response.iter_raw():
            file.write(chunk)
            bar.update(len(chunk))
            if total is not None and file.tell() > total:
                return  # too much: its size will say so


_REFUSED = {  # what httpx says, and what can be done
    "407": "the proxy wants a name and a password: set HTTPS_PROXY=http://name:password@host:port",
    "CERTIFICATE_VERIFY_FAILED": (
        "its certificate is not trusted here: if your network reads along, as companies' do, set "
        "SSL_CERT_FILE to the file of its certificates"
    ),
}


def check_surroundings() -> None:
    """Raise `CourseError` if the environment names a proxy or certificates that cannot be used."""
    import httpx

    try:
        httpx.Client().close()
    except ImportError:
        raise CourseError(
            "The proxy of this machine (ALL_PROXY) is a SOCKS proxy: to download through it, "
            "run `pip install socksio`, or unset ALL_PROXY."
        ) from None
    except OSError as error:  # ssl.SSLError is one
        raise CourseError(
            f"SSL_CERT_FILE or SSL_CERT_DIR names no certificates that can be read ({error}). "
            "Unset it, or name the file of your network's certificates."
        ) from None
    except (ValueError, httpx.InvalidURL) as error:
        raise CourseError(
            f"The proxy of this machine cannot be used ({error}). Correct HTTPS_PROXY, HTTP_PROXY "
            "or ALL_PROXY (as http://host:port), or unset it."
        ) from None


_WEB_PAGE = (
    "it sent a web page instead of the file (perhaps this network's sign-in page: open any web "
    "page in the browser, sign in, and try again)"
)


def _is_web_page(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(re.match(rb"\s*<(!doctype|html)", file.read(99), re.IGNORECASE))


def _in_brackets(size: int | None) -> str:
    return f" ({megabytes(size)})" if size else ""
