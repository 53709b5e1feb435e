"""What holds for every test, however pytest is started: the surroundings, and no silent gaps.

It lies here and not in tests/ because it must hold for the notebooks too.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parent


def _isolate() -> None:
    """Offline, with an empty data folder and no settings of this user: same results everywhere.

    Kernels, servers and the workers of pytest-xdist inherit it.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    outside = {name: os.environ.get(name, "") for name in ("COURSE_DATA", "COURSE_CIFAR10")}
    os.environ["COURSE_TESTS_OUTSIDE"] = json.dumps(outside)  # where the real CIFAR-10 may be
    _isolate.folder = tempfile.TemporaryDirectory(prefix="course-tests-")  # removed at exit
    folder = Path(_isolate.folder.name)
    for variable in (
        "COURSE_DATA",
        "COURSE_TESTS_LESSONS",  # the data folder of the lessons: with CIFAR-10
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
    """Make the data of the lessons before they run side by side.

    Else one of them would say that it waits for another, which is no output of the lesson.
    """
    lessons = getattr(config.option, "nbval", False) and config.rootpath == ROOT
    if lessons and "PYTEST_XDIST_WORKER" not in os.environ:
        missing = _fill(_lessons())
        if missing and os.environ.get("CI"):
            raise pytest.UsageError(f"in CI the lessons must be compared. {missing}")


def _lessons() -> Path:
    return Path(os.environ["COURSE_TESTS_LESSONS"])


def _fill(folder: Path) -> str:
    """Put CIFAR-10 and the stand-in into a data folder; what to do if there is no CIFAR-10."""
    command = [sys.executable, "-m", "tests.helpers.data_folder", str(folder)]
    outside = os.environ | json.loads(os.environ["COURSE_TESTS_OUTSIDE"])
    done = subprocess.run(command, cwd=ROOT, env=outside, stdout=subprocess.PIPE, text=True)
    if not done.stdout:
        done.check_returncode()
    return done.stdout.strip()


def _on_stand_in(path: Path) -> bool:
    """Whether this is a lesson whose saved outputs are of CIFAR-10, which is not here."""
    if path.parent.name != "notebooks" or (_lessons() / "cifar10" / "official").exists():
        return False
    from tests.helpers.lessons import LESSONS, takes_cifar10

    return path.stem in LESSONS and takes_cifar10(path.stem)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path):
    """Without CIFAR-10 its lessons run too, but nbval does not compare what they put out."""
    collectors = yield
    for collector in collectors:
        if _on_stand_in(file_path):
            collector.compare_outputs = False
    return collectors


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item):
    """The kernel of a lesson starts here, and gets the lessons' data folder."""
    with pytest.MonkeyPatch.context() as patch:
        if item.path.suffix == ".ipynb":
            patch.setenv("COURSE_DATA", str(_lessons()))
        return (yield)


@pytest.fixture(scope="session")
def real_cifar10(tmp_path_factory) -> Path:
    """The arrays of CIFAR-10 as the course keeps them; without them the test is skipped."""
    there = _lessons() / "cifar10" / "official"
    if there.exists():  # the lessons run beside it
        return there
    folder = tmp_path_factory.mktemp("cifar10")
    if missing := _fill(folder):
        pytest.skip(missing)
    return folder / "cifar10" / "official"


def _skip_is_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI everything must run: a skipped test fails."""
    if not os.environ.get("CI") or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
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
    ids = (getattr(report, "nodeid", "") for report in reports)
    ran = {Path(name.partition("::")[0]) for name in ids if name.startswith("notebooks/")}
    if ran:
        from tests.helpers.lessons import compared

        terminalreporter.section("what nbval compares")
        for line in compared(sorted(path.stem for path in ran if _on_stand_in(path))):
            terminalreporter.write_line(line)
