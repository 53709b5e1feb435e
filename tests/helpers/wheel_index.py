"""An index of packages on 127.0.0.1, with stand-ins for the builds of PyTorch."""

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.helpers.server import running

VERSION = "9.9.1"


def wheel(version: str) -> bytes:
    """A package named torch that holds nothing."""
    about = f"torch-{version}.dist-info"
    files = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


class Index(BaseHTTPRequestHandler):
    """/usual/ has the usual build, /cpu/ the one for processors, /slow/ takes its time."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        part = self.path.split("/")[1]
        if part == "slow":
            time.sleep(3)
        version = VERSION if part == "usual" else f"{VERSION}+cpu"
        name = f"torch-{version}-py3-none-any.whl"
        page = f'<a href="/{part}/{name.replace("+", "%2B")}">{name}</a>'.encode()
        content = wheel(version) if self.path.endswith(".whl") else page
        self.send_response(200)
        kind = "application/zip" if self.path.endswith(".whl") else "text/html"
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[ThreadingHTTPServer]:
    """An index that notes in `asked` what it is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    server.asked = []
    with running(server):
        yield server


def address(server: ThreadingHTTPServer, part: str) -> str:
    return f"http://127.0.0.1:{server.server_port}/{part}"
