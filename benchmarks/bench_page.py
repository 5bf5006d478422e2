"""What a reader waits for: the first verdict in a page, from the click on, and the later ones. Wants a book that is built."""

import importlib.util
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from benchmarks.harness import ROOT, Row

SECTION = "page"
FIRST_SECONDS, LATER_SECONDS = 8, 0.5
# A value, a function, a circuit of 10,000 pulses; and one that takes SciPy besides.
EXERCISES = ("error_rate", "sift", "six_state", "six_state_threshold")


def script(name: str) -> ModuleType:
    """Import a script of tools/."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def page_of_bb84() -> Iterator[Any]:
    """Serve the book that stands in _build, and open a chapter in a browser."""
    from playwright.sync_api import sync_playwright

    with script("build_book").server(8200) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chromium = playwright.chromium.launch(
            executable_path=script("environment").browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/communication/bb84.html?seconds=60")
        yield page
        chromium.close()
        server.shutdown()


def seconds(page: Any, name: str, answer: str) -> float:
    """Return how long a right answer waits for its verdict."""
    box = page.locator(f"#exercise-{name}")
    box.locator("textarea").fill(answer)
    start = time.perf_counter()
    box.get_by_role("button", name="Check").click()
    box.locator(".exercise-verdict[data-kind]").wait_for(timeout=120_000)
    waited = time.perf_counter() - start
    assert box.locator(".exercise-verdict").get_attribute("data-kind") == "right"
    return waited


def rows() -> Iterable[Row]:
    """Yield the rows: seconds, each with its aim."""
    from qlearn.exercises import find

    if not (ROOT / "_build" / "html" / "_static" / "pyodide").exists():
        return
    with page_of_bb84() as page:
        for name in EXERCISES:
            answer = find(f"bb84.{name}").source
            first = seconds(page, name, answer)
            later = min(seconds(page, name, answer) for _ in range(3))
            if name == EXERCISES[0]:
                within = first < FIRST_SECONDS
                yield Row(SECTION, "first verdict (s)", first, bound=f"< {FIRST_SECONDS} s", holds=within)
            else:
                yield Row(SECTION, f"first of {name} (s)", first)
            within = later < LATER_SECONDS
            yield Row(SECTION, f"{name} again (s)", later, bound=f"< {LATER_SECONDS} s", holds=within)
