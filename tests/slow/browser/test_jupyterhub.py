"""A class on one server, set up as docs/teaching.md says: three users at once, each with lesson 1.

JupyterHub, its proxy and three servers are processes on 127.0.0.1. Not tried is what TLJH adds:
its installer, and the accounts of the system.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from course_utils.my_lessons import bring
from tests.helpers import ROOT
from tests.helpers.lab import JUPYTER, Notebook, free_port
from tests.helpers.lessons import lesson

USERS = ("ana", "ben", "cho")
PAGE = (ROOT / "docs/teaching.md").read_text("utf-8")
SETTINGS = re.search(r"course\.py`.*?```python\n(.*?)```", PAGE, re.DOTALL)[1]
PREDICTION = next(
    i
    for i, cell in enumerate(lesson("01_cnn_backbones").cells)
    if cell.source.startswith("predict")
)
# Root may write where nobody else may: not here.
PLAIN = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if sys.platform == "linux" and os.geteuid() == 0
    else []
)
PROXY = [sys.executable, "-c", "from configurable_http_proxy.cli import main; main()"]
HERE = """
c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url, c.ConfigurableHTTPProxy.api_url = {addresses}
c.ConfigurableHTTPProxy.command = {proxy}
c.JupyterHub.authenticator_class, c.Authenticator.allow_all = "dummy", True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/{{username}}"
c.Spawner.cmd = {server}
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
c.Spawner.environment |= {{"COURSE_OFFLINE": "1", "PYTHONPATH": "{root}"}}
"""


class Hub:
    """JupyterHub in a folder, in which each user has a home and the class its data."""

    def __init__(self, folder: Path) -> None:
        self.data, self.log = folder / "data", folder / "log"
        self.data.mkdir(mode=0o555)
        for user in USERS:
            take_course(folder / user)
        addresses = [f"http://127.0.0.1:{free_port()}" for _ in range(3)]
        self.address = addresses[0]
        settings = SETTINGS.replace("/srv/course-data", str(self.data))
        settings = settings.replace("/srv/course/course_utils/widgets/jupyter", JUPYTER)
        ours = HERE.format(
            addresses=addresses,
            proxy=PROXY,
            folder=folder,
            server=[*PLAIN, sys.executable, "-m", "jupyterhub.singleuser"],
            root=ROOT,
        )
        (folder / "config.py").write_text(settings + ours)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config=config.py"],
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def check(self) -> None:
        if self.process.poll() is not None:
            raise RuntimeError(f"JupyterHub ended:\n{self.log.read_text()}")

    def wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            try:
                urllib.request.urlopen(f"{self.address}/hub/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError(f"JupyterHub does not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        """It ends its servers and its proxy."""
        self.process.terminate()
        self.process.wait(timeout=30)


def take_course(home: Path) -> None:
    """What /etc/skel gives each new user."""
    course = home / "course"
    for name in ("notebooks", "data", "docs"):
        shutil.copytree(ROOT / name, course / name)
    bring(course)
    shutil.rmtree(course / "notebooks")


class Seat(Notebook):
    """A user who signs in, and for whom a server starts."""

    def __init__(self, hub: Hub, browser, user: str) -> None:
        self.server = hub
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.console: list[str] = []
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        # The page of a server that starts waits for news; the proxy in Python passes on none.
        self.page.route("**/server/progress*", lambda route: route.abort())
        self.page.goto(hub.address)
        self.page.fill("input[name=username]", user)
        self.page.fill("input[name=password]", "any")
        self.page.click("#login_submit", no_wait_after=True)

    def open_lesson(self) -> None:
        """From the start page, which is the first thing to be seen once the server is there."""
        while "/spawn" in self.page.url or "/login" in self.page.url:
            self.page.wait_for_timeout(1000)
            self.page.goto(self.server.address)
        link = self.page.locator(".jp-MarkdownViewer td a").first
        link.click(timeout=90_000)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        self.wait_idle()


@pytest.fixture
def hub(tmp_path):
    hub = Hub(tmp_path)
    try:
        hub.wait()
        yield hub
    finally:
        hub.stop()


@pytest.fixture
def seats(hub, browser):
    seats = [Seat(hub, browser, user) for user in USERS]
    yield seats
    for seat in seats:
        seat.page.close()


@pytest.mark.timeout(600)
def test_three_users_at_once_do_lesson_1(hub, seats):
    for seat in seats:
        seat.open_lesson()
        seat.start_all()
    for seat in seats:
        assert seat.ended(seconds=400) == []
        assert seat.ask("torch.get_num_threads()") == "1"
        assert seat.console == []
    ana, ben, _ = seats
    ana.cell(PREDICTION).locator(".cw-options button").first.click()
    expect(ana.cell(PREDICTION).locator(".cw-said")).not_to_have_text("")
    chosen = "len(__import__('course_utils').storage.recorded('01').predictions)"
    assert (ana.ask(chosen), ben.ask(chosen)) == ("1", "0")
    assert not any(hub.data.iterdir()), "the data of the class are for reading"
