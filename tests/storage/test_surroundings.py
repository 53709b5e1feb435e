"""Proxies, certificates, no home folder: what a machine can be like, said in a sentence."""

import os
import pwd
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from course_utils import CourseError
from course_utils.storage import answering, download, downloads, writable_folder
from tests.helpers.server import running

# Made for these tests alone, for 127.0.0.1, and trusted by nobody.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBkTCCATagAwIBAgIUCcOv6XWrCsq436ypIomCt6YxwqswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyNzIwNTkzNFoYDzIxMjYxMTAz
MjA1OTM0WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARTft/1OCprTvoNQwz99fx1jyPxdDKkUJy3ggTJmkqLQ+9hg1Gf+w7w
NDRs34KeMNspIt4GHtItCPY5cMDgTQcto2QwYjAdBgNVHQ4EFgQUF1v2XnminlIR
d+wGDh+S8yVJJLowHwYDVR0jBBgwFoAUF1v2XnminlIRd+wGDh+S8yVJJLowDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYC
IQDXNhjUa2M5fMcunnwFW5y8K7F0face1FQk3Soc1hhZjAIhAPZavGRI9USSAzwT
/Cay+Ca2WaClsVcZFaTYsV3HC1yq
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcXJayHp3fnvWeAVf
81LA2lIQeDBrN7Rf5cxAyhUwmxChRANCAARTft/1OCprTvoNQwz99fx1jyPxdDKk
UJy3ggTJmkqLQ+9hg1Gf+w7wNDRs34KeMNspIt4GHtItCPY5cMDgTQct
-----END PRIVATE KEY-----
"""


class Proxy(BaseHTTPRequestHandler):
    """Wants a password from everybody."""

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(407, "Proxy Authentication Required")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_CONNECT = do_HEAD = do_GET

    def log_message(self, *_) -> None:
        pass


@contextmanager
def serving(certificate: str = "") -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.asked = 0
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with running(server):
        yield server


@pytest.fixture(autouse=True)
def plain(monkeypatch, tmp_path):
    for name in ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(downloads, "WAITS", ())


def refusal(tmp_path, url: str = "https://example.invalid/file") -> str:
    with pytest.raises(CourseError) as error:
        download(url, "0" * 64, 9, tmp_path / "file")
    return str(error.value)


def test_a_socks_proxy_is_told_what_it_needs(monkeypatch, tmp_path):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "socksio", None)
    assert "pip install socksio" in refusal(tmp_path)
    with pytest.raises(CourseError, match="SOCKS"):
        answering(["https://example.invalid/file"])


def test_a_proxy_that_is_no_address(monkeypatch, tmp_path):
    monkeypatch.setenv("HTTPS_PROXY", "ftp://127.0.0.1:9")
    assert "Correct HTTPS_PROXY" in refusal(tmp_path)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_asked_once(scheme, monkeypatch, tmp_path):
    monkeypatch.setattr(downloads, "WAITS", (0.0, 0.0))
    with serving() as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://127.0.0.1:{proxy.server_port}")
        message = refusal(tmp_path, f"{scheme}://example.invalid/file")
    assert "the proxy wants a name and a password: set HTTPS_PROXY=" in message
    assert proxy.asked == 1


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_are_not_there(content, monkeypatch, tmp_path):
    file = tmp_path / "certificates.pem"
    if content:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert "SSL_CERT_FILE or SSL_CERT_DIR names no certificates" in refusal(tmp_path)


def test_a_network_that_reads_along(tmp_path, monkeypatch):
    """Its certificate is trusted once SSL_CERT_FILE names it."""
    file = tmp_path / "own.pem"
    file.write_text(CERTIFICATE)
    with serving(str(file)) as server:
        url = f"https://127.0.0.1:{server.server_port}/file"
        assert "set SSL_CERT_FILE to the file of its certificates" in refusal(tmp_path, url)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert "407" in refusal(tmp_path, url) or server.asked == 1


def test_a_user_without_a_home_keeps_data_in_a_temporary_folder(monkeypatch, tmp_path):
    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.delenv("COURSE_DATA")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert writable_folder().parent == tmp_path


def test_what_a_code_page_lacks_becomes_a_question_mark_in_a_pipe():
    """As Windows writes to a file or another program."""
    code = "import course_utils; print('3 × 3 ─ 파일')"
    command = [sys.executable, "-X", "utf8=0", "-c", code]
    surroundings = os.environ | {"PYTHONIOENCODING": "cp1252"}
    answer = subprocess.run(command, capture_output=True, env=surroundings)
    assert answer.stdout.decode("cp1252").strip() == "3 × 3 ? ??"
