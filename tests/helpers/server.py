"""A host on 127.0.0.1 that goes wrong in every way that a download meets.

`/cut/file` answers as the function `cut` below does: each plays one fault. Shared by the tests of
downloads, of CIFAR-10 and of weights.
"""

import gzip
import hashlib
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from course_utils.storage import part_of

CONTENT = random.Random(0).randbytes(200_000)
SHA256, SIZE = hashlib.sha256(CONTENT).hexdigest(), len(CONTENT)
PAGE = b"<!DOCTYPE html><html><title>Guest network</title>Please sign in</html>"
SLOW = 5.0  # seconds that a stalling host holds the line, unless the client leaves earlier

FAULTS = {}


class Answer(BaseHTTPRequestHandler):
    """One request to the host, with what the faults need to answer it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        fault = self.path.split("/")[1]
        self.server.requests[fault] += 1
        self.server.log.append((fault, self.headers.get("Range")))
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            FAULTS[fault](self, self.server.content)

    def log_message(self, *_) -> None:
        pass

    @property
    def count(self) -> int:
        """1 for the first request for this fault."""
        return self.server.requests[self.path.split("/")[1]]

    @property
    def start(self) -> int:
        asked = re.match(r"bytes=(\d+)-$", self.headers.get("Range") or "")
        return int(asked[1]) if asked else 0

    def head(self, status: int, length: int | None, **headers: str) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def give(self, content: bytes, end: int | None = None) -> None:
        """Answer properly, from where the client asks; the body may end too early at `end`."""
        total, body = len(content), content[self.start : end]
        if self.start >= total:
            self.head(416, 0, Content_Range=f"bytes */{total}")
        elif self.start:
            area = f"bytes {self.start}-{total - 1}/{total}"
            self.head(206, total - self.start, Content_Range=area)
            self.wfile.write(body)
        else:
            self.head(200, total)
            self.wfile.write(body)

    def page(self, status: int = 200, kind: str = "text/html; charset=utf-8") -> None:
        self.head(status, len(PAGE), Content_Type=kind)
        self.wfile.write(PAGE)

    def redirect(self, to: str) -> None:
        self.head(302, 0, Location=to)


@contextmanager
def host(content: bytes = CONTENT) -> Iterator["Host"]:
    """A running host; `host.url("cut")` is the file behind that fault."""
    server = Host(("127.0.0.1", 0), Answer)
    server.content, server.requests, server.log = content, Counter(), []
    with running(server):
        yield server


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """The server answers, in a thread of its own, until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Host(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a stalling answer may sleep on
    request_queue_size = 64

    def url(self, fault: str) -> str:
        if "://" in fault:
            return fault
        return f"http://127.0.0.1:{self.server_port}/{fault}/file"


def fault(function):
    FAULTS[function.__name__] = function
    return function


# --- what works ----------------------------------------------------------------------------------


@fault
def good(answer, content):
    answer.give(content)


@fault
def no_length(answer, content):
    """HTTP/1.0 style: the end of the connection is the end of the file."""
    answer.head(200, None)
    answer.wfile.write(content)


@fault
def no_range(answer, content):
    """Knows no Range: sends everything, always; the first time only half arrives."""
    answer.head(200, len(content))
    answer.wfile.write(content[: len(content) // 2] if answer.count == 1 else content)


@fault
def slow(answer, content):
    """Properly, in twenty pieces, so that one can be killed in between."""
    answer.give(content, end=answer.start)
    for i in range(answer.start, len(content), len(content) // 20):
        answer.wfile.write(content[i : i + len(content) // 20])
        time.sleep(0.01)


# --- interrupted ---------------------------------------------------------------------------------


@fault
def cut_once(answer, content):
    answer.give(content, end=len(content) // 2 if answer.count == 1 else None)


@fault
def cut_often(answer, content):
    """Every answer ends after a quarter of the file."""
    answer.give(content, end=answer.start + len(content) // 4)


@fault
def cut_at_once(answer, content):
    answer.give(content, end=answer.start)


@fault
def interrupting(answer, content):
    """Half of the file, then somebody presses Ctrl+C; the next time properly."""
    answer.give(content, end=len(content) // 2 if answer.count == 1 else None)
    if answer.count == 1:
        time.sleep(0.2)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # it waits in recv()
        time.sleep(SLOW)


@fault
def no_length_cut(answer, content):
    answer.head(200, None)
    answer.wfile.write(content[: len(content) // 2])


@fault
def stall(answer, content):
    """Half of the file, then silence."""
    answer.give(content, end=len(content) // 2)
    time.sleep(SLOW)


@fault
def mute(answer, content):
    """Takes the request and says nothing."""
    time.sleep(SLOW)


@fault
def broken_chunk(answer, content):
    answer.head(200, None, Transfer_Encoding="chunked")
    answer.wfile.write(b"400\r\n" + content[:1024] + b"\r\nnot a length\r\n")


@fault
def no_http(answer, content):
    answer.wfile.write(b"\x00\x01\x02 what?\r\n\r\n")


@fault
def busy(answer, content):
    """503 twice, then the file."""
    answer.give(content) if answer.count > 2 else answer.head(503, 0)


@fault
def error_500(answer, content):
    answer.head(500, 0)


@fault
def error_429(answer, content):
    answer.head(429, 0)


# --- refused -------------------------------------------------------------------------------------


@fault
def error_404(answer, content):
    answer.page(404)


@fault
def error_403(answer, content):
    answer.page(403)


@fault
def moved(answer, content):
    answer.redirect("/good/file")


@fault
def to_sign_in(answer, content):
    answer.redirect("/portal/file")


@fault
def portal(answer, content):
    answer.page()


@fault
def disguised_portal(answer, content):
    answer.page(kind="application/octet-stream")


# --- wrong bytes ---------------------------------------------------------------------------------


@fault
def wrong(answer, content):
    answer.give(bytes(len(content)))


@fault
def flipped_bit(answer, content):
    answer.give(content[:1000] + bytes([content[1000] ^ 1]) + content[1001:])


@fault
def empty(answer, content):
    answer.head(200, 0)


@fault
def too_long(answer, content):
    answer.give(content + b"more")


@fault
def endless(answer, content):
    answer.head(200, None)
    while True:
        answer.wfile.write(content)


@fault
def zipped(answer, content):
    body = gzip.compress(content)
    answer.head(200, len(body), Content_Encoding="gzip")
    answer.wfile.write(body)


@fault
def other_bytes_at_the_end(answer, content):
    """Cut the first time; what follows belongs to another version of the file."""
    if answer.count == 1:
        answer.give(content, end=1000)
    elif answer.count == 2:
        answer.give(bytes(len(content)))
    else:
        answer.give(content)


def nothing_wrong_kept(dest: Path) -> bool:
    """Whether a download that failed left no file, and of a part only what is right."""
    part = part_of(dest)
    return not dest.exists() and (not part.exists() or CONTENT.startswith(part.read_bytes()))
