"""What holds for every test, however pytest is started: the surroundings, and no silent gaps.

It lies here and not in tests/ because it must hold for the notebooks too.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parent
REAL_DATA = ROOT.parent / "shared" / "data"  # CIFAR-10 as JPEG: too large to ship


def _isolate() -> None:
    """Offline, with an empty data folder and no settings of this user: same results everywhere.

    Kernels, servers and the workers of pytest-xdist inherit it.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    _isolate.folder = tempfile.TemporaryDirectory(prefix="course-tests-")  # removed at exit
    folder = Path(_isolate.folder.name)
    for variable in (
        "COURSE_DATA",
        "IPYTHONDIR",
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
    ):
        os.environ[variable] = str(folder / variable.lower())
        (folder / variable.lower()).mkdir()
    os.environ.pop("COURSE_CIFAR10", None)
    os.environ["COURSE_OFFLINE"] = "1"
    os.environ["OMP_NUM_THREADS"] = "1"  # two workers on two cores: more threads only wait


_isolate()

# Properties: few examples, the same in every run; `make test-slow` takes many, with fresh seeds.
hypothesis.settings.register_profile(
    "quick", max_examples=60, derandomize=True, deadline=None, database=None
)
hypothesis.settings.register_profile("fresh", max_examples=1000, deadline=None, print_blob=True)
hypothesis.settings.load_profile("quick")


def pytest_configure(config: pytest.Config) -> None:
    """Make the stand-in for CIFAR-10 before lessons run side by side.

    Else one of them would say that it waits for another, which is no output of the lesson.
    """
    lessons = getattr(config.option, "nbval", False) and config.rootpath == ROOT
    if lessons and "PYTEST_XDIST_WORKER" not in os.environ:
        make = "from course_utils import load_cifar10 as load; load('train'); load('test')"
        subprocess.run([sys.executable, "-c", make], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real CIFAR-10 images; the test is skipped where there is none."""
    if not REAL_DATA.is_dir():
        pytest.skip("no real CIFAR-10 images in ../shared/data")
    return REAL_DATA


def _skip_is_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI everything must run: a skipped test fails, save where the real data cannot be."""
    if not os.environ.get("CI") or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if "../shared/data" not in reason:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: in CI a skipped test is a failure. {reason}"


def _show_stderr(item: pytest.Item, report: pytest.TestReport) -> None:
    """A cell that fails because it wrote to stderr: nbval says that it did, but not what."""
    outputs = getattr(item, "test_outputs", None) or []
    text = "".join(o["text"] for o in outputs if o.get("name") == "stderr")
    if report.failed and text:
        report.sections.append(("stderr of the cell", text))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    _skip_is_failure(report)
    _show_stderr(item, report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    report = yield
    _skip_is_failure(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which outputs of the lessons are compared, where the lessons were run."""
    reports = [r for reports in terminalreporter.stats.values() for r in reports]
    if any(getattr(r, "nodeid", "").startswith("notebooks/") for r in reports):
        from tests.helpers.lessons import compared

        terminalreporter.section("what nbval compares")
        for line in compared():
            terminalreporter.write_line(line)
