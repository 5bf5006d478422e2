"""No display, and the same examples every time: set before anything numerical is imported."""

import os
import re
from pathlib import Path
from typing import Any

os.environ.setdefault("SCIPY_ARRAY_API", "1")  # without it scikit-learn skips one of its checks of estimators

import matplotlib
import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

matplotlib.use("Agg")  # not by the environment: the chapters that tests start draw for the book

# Seeded and without a clock: a failure is the code's, never the machine's.
settings.register_profile("qlearn", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("qlearn")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parents[1]


# What opens the built book. Each of its tests stands alone, for whichever worker is free: a page takes long.
OF_THE_BUILT_BOOK = {
    "tests/book/test_exercise_boxes.py",
    "tests/book/test_glossary_in_the_page.py",
    "tests/book/test_pages.py",
    "tests/book/test_pdf.py",
    "tests/book/test_print.py",
    "tests/book/test_readers_edition.py",
    "tests/book/test_search.py",
    "tests/book/test_site.py",
    "tests/book/test_slides.py",
    "tests/book/test_verdicts_in_the_page.py",
    "tests/book/test_weight.py",
}
# Except these: to start Python in a browser, or to set a book, takes longer than all that is then asked of it.
ON_ONE_WORKER = {"tests/book/test_pdf.py", "tests/book/test_verdicts_in_the_page.py"}
# What takes longest in one piece begins first, so that at the end no worker waits for the other.
LONG = {*ON_ONE_WORKER, "tests/book/test_readers_edition.py"}


class Scheduling(LoadFileScheduling):
    """A file is one worker's, so that what its tests share is made once; a page of the built book is anybody's."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return nodeid if file in OF_THE_BUILT_BOOK - ON_ONE_WORKER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    """Share the tests out over the workers, unless another way was asked for."""
    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Leave addresses out of the names of tests, such as that of a function among the parameters: each worker has others.

    Workers that collect tests of different names are stopped before the first one runs.
    """
    parametrize = metafunc.parametrize

    def named(*arguments: Any, ids: Any = None, **options: Any) -> None:
        def name(value: Any) -> Any:
            given = ids(value)
            return re.sub(r" ?at ?0x[0-9a-f]+", "", given) if isinstance(given, str) else given

        parametrize(*arguments, ids=name if callable(ids) else ids, **options)

    metafunc.parametrize = named  # type: ignore[method-assign]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one test build the book soon after the chapters have run; all that open a browser come last, then its pages.

    Soon, and not at once: the build takes what the chapters have shown (`conftest.py` beside `book/`). One worker builds,
    the other has enough to do until the book stands. Last, because a browser once begun keeps an event loop in its
    worker, and `asyncio.run`, which the key service's tests call, then refuses.
    """

    def asks(item: pytest.Item, fixture: str) -> bool:
        return fixture in getattr(item, "fixturenames", ())

    wanting = [item for item in items if asks(item, "html")]
    elsewhere = {item.location[0] for item in wanting} - OF_THE_BUILT_BOOK
    if elsewhere:
        raise pytest.UsageError(
            f"{sorted(elsewhere)}: what opens the built book is listed in tests/conftest.py"
        )
    # A file is given to a worker whole: one test of it that opens a browser, and all of it waits.
    seeing = {item.location[0] for item in items if asks(item, "browser")}
    first = [item for item in wanting if item.location[0] not in seeing][:1]
    later = sorted(
        (item for item in wanting if item not in first), key=lambda item: item.location[0] not in LONG
    )
    others = [item for item in items if not asks(item, "html")]
    windows = [item for item in others if item.location[0] in seeing]
    blind = [item for item in others if item.location[0] not in seeing]
    chapters = [item for item in blind if item.location[0].endswith(".ipynb")]
    rest = [item for item in blind if not item.location[0].endswith(".ipynb")]
    soon = len(rest) // 3
    items[:] = [*chapters, *rest[:soon], *first, *rest[soon:], *windows, *later]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on how many slips and mistakes the exercises were tried (`tests/exercises/test_exercises.py`)."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    counted = [dict(report.user_properties) for report in reports if report.when == "call"]
    counted = [counts for counts in counted if "slips" in counts]
    if counted:
        slips, mistakes, listed = (
            sum(counts[name] for counts in counted) for name in ("slips", "mistakes", "listed")
        )
        terminalreporter.write_line(
            f"{len(counted)} exercises: {mistakes} mistakes, {slips} slips of the solutions, of which {listed} are right too"
        )
