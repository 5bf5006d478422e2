"""A page with one live figure, and the ports of the library in it: made without a build of the book."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydata_sphinx_theme
import pytest
import sphinx_book_theme
from playwright.sync_api import Browser, BrowserContext, Page, Route

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "book" / "_static"
ADDRESS = "http://book.test"
KINDS = {".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
POINTS = 1000
"""As many points, and more, are compared for each port."""
ALLOWED = 1e-9
"""The largest relative deviation of a port from its Python function."""

STILL = "data:image/svg+xml," + (
    "<svg xmlns='http://www.w3.org/2000/svg' width='600' height='340'><rect width='600' height='340' fill='%23ddd'/></svg>"
)
PAGE = """<!doctype html><html lang="en" data-theme="{theme}" data-mode="{theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A live figure</title>
<link rel="stylesheet" href="/theme/theme.css"><link rel="stylesheet" href="/theme/bootstrap.css">
<link rel="stylesheet" href="/theme/pydata-sphinx-theme.css"><link rel="stylesheet" href="/theme/sphinx-book-theme.css">
<link rel="stylesheet" href="/_static/house.css"><link rel="stylesheet" href="/_static/live.css"></head>
<body><main class="bd-content"><article class="bd-article"
style="max-width: 49rem; margin: auto; padding: 12px"><h1>A chapter</h1>
<div class="cell_output"><figure class="align-default live-{name}" id="fig-live"><span class="picture"><img class="only-light"
alt="A still picture" src="{still}"><img class="only-dark" alt="A still picture" src="{still}"></span>
<figcaption><p><span class="caption-number">Fig. 1.1 </span>
<span class="caption-text">What the still picture shows.</span></p></figcaption></figure></div>
</article></main><script type="module" src="/_static/live/start.mjs"></script></body></html>"""


def theme_file(name: str) -> Path:
    """Return a style sheet of the theme."""
    for package in (pydata_sphinx_theme, sphinx_book_theme):
        for path in Path(package.__file__).parent.rglob(name):
            return path
    raise FileNotFoundError(name)


def answer(route: Route) -> None:
    """Send a file of the book, as a server would."""
    path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
    file = (
        theme_file(path.rpartition("/")[2])
        if path.startswith("/theme/")
        else STATIC.parent / path.lstrip("/")
    )
    if path in ("/favicon.ico", "/basic.css"):  # the theme's sheet asks for Sphinx's
        route.fulfill(status=204)
        return
    if not file.is_file():
        route.fulfill(status=404)
        return
    route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "application/octet-stream"))


class Shown:
    """Live figures shown one after another, each in a page of its own."""

    def __init__(self, context: BrowserContext, wrong: list[str]) -> None:
        self.context, self.wrong, self.pages = context, wrong, []

    def __call__(self, name: str, query: str = "", theme: str = "light", until: str = ".is-live") -> Page:
        page = self.context.new_page()
        self.pages.append(page)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and self.wrong.append(said.text))
        page.route(f"{ADDRESS}/**", answer)
        page.route(
            re.compile(re.escape(f"{ADDRESS}/page.html")),
            lambda route: route.fulfill(
                body=PAGE.format(name=name, theme=theme, still=STILL), content_type="text/html"
            ),
        )
        page.goto(f"{ADDRESS}/page.html{query and '?' + query}")
        if until:
            page.wait_for_selector(until, timeout=15000)
        return page


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window of this module's tests."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    yield context
    context.close()


@pytest.fixture
def show(window: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Show a live figure; whatever its page complains of fails the test."""
    shown = Shown(window, [])
    yield shown
    for page in shown.pages:
        page.close()
    assert shown.wrong == []


@pytest.fixture(scope="module")
def port(window: BrowserContext) -> Iterator[Callable[[str, str, Sequence[Sequence[Any]]], list[Any]]]:
    """Call an exported function of a port for a list of arguments: ``port("qubits/gates", "matrix", [["x"], ["rz", 1.0]])``."""
    page = window.new_page()
    page.route(f"{ADDRESS}/**", answer)
    page.route(
        f"{ADDRESS}/empty.html", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    page.goto(f"{ADDRESS}/empty.html")

    def call(module: str, name: str, arguments: Sequence[Sequence[Any]]) -> list[Any]:
        # As text: JSON keeps every bit of a double, and what is not finite has a name.
        sent = json.dumps([list(one) for one in arguments], default=plain)
        text = page.evaluate(
            """async ([module, name, sent]) => {
              const port = (await import(`/_static/live/ports/${module}.mjs`))[name];
              const back = JSON.parse(sent).map(args => port(...args));
              const named = v => typeof v === 'number' && !Number.isFinite(v) ? String(v) : v;
              return JSON.stringify(back, (_, v) => ArrayBuffer.isView(v) ? [...v] : named(v));
            }""",
            [module, name, sent],
        )
        return json.loads(text)

    yield call
    page.close()


def plain(value: Any) -> Any:
    """Return what JSON can say of an array or a number of NumPy; a complex number is [real, imaginary]."""
    array = np.asarray(value)
    if np.iscomplexobj(array):
        array = np.stack([array.real, array.imag], axis=-1)
    return array.tolist()


@pytest.fixture(scope="session")
def agree() -> Callable[..., None]:
    """Compare what a port and its Python function returned for the same, a thousand and more, arguments."""

    def compare(theirs: Any, ours: Any, *, scale: float | None = None) -> None:
        """`scale`: numbers that small beside it are compared as parts of it (a chance of 1e-20 beside 1)."""
        expected, got = np.asarray(plain(ours), dtype=float), np.asarray(theirs, dtype=float)
        assert got.shape == expected.shape
        assert len(got) >= POINTS
        finite = np.isfinite(expected)
        assert np.array_equal(np.where(finite, 0, expected), np.where(finite, 0, got), equal_nan=True)
        floor = np.finfo(float).tiny if scale is None else scale
        off = np.abs(got[finite] - expected[finite]) / np.maximum(np.abs(expected[finite]), floor)
        assert off.max(initial=0) <= ALLOWED, f"largest relative deviation {off.max():.2e}"

    return compare


@pytest.fixture(scope="session")
def drawn() -> Callable[[int, int], np.ndarray]:
    """Draw the numbers that `random(seed)` of frame.mjs draws (Mulberry32), in Python's whole numbers."""

    def numbers(seed: int, n: int) -> np.ndarray:
        a, out, mask = seed, [], 0xFFFFFFFF
        for _ in range(n):
            a = (a + 0x6D2B79F5) & mask
            t = (a ^ (a >> 15)) * (1 | a) & mask
            t = (t + ((t ^ (t >> 7)) * (61 | t) & mask) & mask) ^ t
            out.append(((t ^ (t >> 14)) & mask) / 2**32)
        return np.array(out)

    return numbers
