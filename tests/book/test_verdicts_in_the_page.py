"""Answers that are checked in the page, by the Python that runs there: each verdict is CPython's, word for word."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from qlearn.exercises import every, of_chapter
from qlearn.exercises._page import judge_here

PATIENCE = 120_000  # milliseconds, for a machine with other things to do
BB84 = "communication/bb84.html"
SIFT = "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
RIGHT = (
    f"{SIFT}    kept = (alice_bases == bob_bases) & detected\n    return alice_bits[kept], bob_bits[kept]\n"
)
WRONG = f"{SIFT}    return alice_bits[detected], bob_bits[detected]\n"
LOOP = f"{SIFT}    while True:\n        pass\n"
UNREADABLE = f"{SIFT}    return alice_bits[\n"

# One Python for the exercises of all chapters: a worker asked as a page would, on the page of one of them.
ASK = """([setup, name, source]) => new Promise(done => {
  window.asked ??= new Worker(new URL('../_static/exercise_worker.mjs', document.baseURI), {type: 'module'});
  window.asked.onmessage = ({data}) => { if (data.verdict || data.failed) done(data.verdict ?? data.failed); };
  const {chapter, lock, given, exercises} = setup;
  window.asked.postMessage({chapter, lock, given, packages: exercises[name], name, source});
})"""


@pytest.fixture(autouse=True)
def _python(html: Path, load: Callable[[str], ModuleType]) -> None:
    """Skip where the files could not be fetched, and say why."""
    if not (html / "_static" / "pyodide").exists():
        pytest.skip(f"no Python for the pages: {load('tools/pyodide.py').why_lacking()}")


@pytest.fixture(scope="module")
def asked(desk: Any, site: str) -> Iterator[Page]:
    """A page whose worker is asked for verdicts."""
    page = desk.new_page()
    page.route("**/mathjax/**", lambda route: route.abort())
    page.goto(f"{site}/{BB84}")
    yield page
    page.close()


@pytest.fixture
def page(page: Page) -> Page:
    """A page without its formulas."""
    page.route("**/mathjax/**", lambda route: route.abort())
    return page


def setup_of(html: Path, chapter: str) -> dict:
    """What the page of a chapter tells its boxes."""
    page = (html / f"{chapter.replace('.', '/')}.html").read_text(encoding="utf8")
    return json.loads(unescape(re.search(r'id="exercise-setup" data-setup="([^"]*)"', page)[1]))


def answers(exercise: Any) -> dict[str, str]:
    """Source code to hand in: the solution, a mistake, and what cannot be read."""
    found = {"solution": exercise.source, "unreadable": f"{exercise.name} = (1 +\n"}
    for name in list(exercise.mistakes)[:1]:
        found["mistake"] = (
            "from qlearn.exercises._page import alone\n"
            f'{exercise.name} = alone("{exercise.chapter}", "{exercise.name}").mistakes["{name}"].answer\n'
        )
    return found


def test_every_exercise_can_be_checked_in_its_page(html: Path):
    lacking = [
        f"{exercise.chapter}.{exercise.name}"
        for exercise in every()
        if exercise.name not in setup_of(html, exercise.chapter)["exercises"]
    ]
    assert lacking == []


def test_verdicts_are_those_of_cpython(html: Path, asked: Page, chapter: str):
    chapter = chapter.replace("/", ".")
    setup = setup_of(html, chapter)
    others = {}
    for exercise in of_chapter(chapter):
        for kind, source in answers(exercise).items():
            here = judge_here(source, chapter, exercise.name, setup["given"])
            there = asked.evaluate(ASK, [setup, exercise.name, source])
            if there != {"passed": here.passed, "message": here.message}:
                others[f"{exercise.name}, {kind}"] = (there, here)
            assert here.passed == (kind == "solution")
    assert others == {}


def verdict_of(box: Locator, answer: str) -> str:
    """Write an answer into a box, press Check, and return what it says."""
    box.locator("textarea").fill(answer)
    box.get_by_role("button", name="Check").click()
    said = box.locator(".exercise-verdict[data-kind]")
    said.wait_for(timeout=PATIENCE)
    return said.inner_text()


def plain(source: str) -> str:
    """What a box says of an answer: the words of the verdict, code without its marks."""
    return repr(judge_here(source, "communication.bb84", "sift")).replace("`", "")


def test_a_reader_checks_an_answer_stops_a_loop_and_finds_the_work_again(page: Page, site: str):
    page.goto(f"{site}/{BB84}?seconds=3")
    box = page.locator("#exercise-sift")
    expect(box.locator(".exercise-hint")).to_contain_text(re.compile(r"loads \d+ MB of Python"))
    progress = page.locator(".exercise-progress")
    expect(progress).to_contain_text("0 of 7 solved")

    assert verdict_of(box, UNREADABLE) == plain(UNREADABLE)
    assert verdict_of(box, WRONG) == plain(WRONG)
    assert verdict_of(box, RIGHT) == plain(RIGHT)
    expect(progress).to_contain_text("1 of 7 solved")
    assert verdict_of(box, LOOP) == "Not yet: your code ran for more than 3 s: does a loop in it never end."
    # Python has started again, and what was ended has left nothing behind.
    assert verdict_of(box, RIGHT) == plain(RIGHT)
    assert verdict_of(box, "import os\nos._exit(0)\n") == "Not yet: your code ended the process it ran in."
    assert verdict_of(box, RIGHT) == plain(RIGHT)

    page.reload()
    expect(box.locator("textarea")).to_have_value(RIGHT)
    expect(progress).to_contain_text("1 of 7 solved")
    page.goto(f"{site}/appendix/exercises.html")
    expect(page.locator(".exercise-mark")).to_have_count(1)
    page.goto(f"{site}/{BB84}")
    box.get_by_role("button", name="Start again").click()
    expect(box.locator("textarea")).to_have_value(f"{SIFT}    ...")
    page.on("dialog", lambda dialog: dialog.accept())
    progress.get_by_role("button").click()
    expect(progress).to_contain_text("0 of 7 solved")
    assert page.evaluate("localStorage.getItem('qlearn.exercises.communication.bb84')") is None


def test_stop_ends_a_check(page: Page, site: str):
    page.goto(f"{site}/{BB84}?seconds=600")
    box = page.locator("#exercise-sift")
    box.locator("textarea").fill(LOOP)
    box.get_by_role("button", name="Check").click()
    expect(box.locator(".exercise-hint")).to_have_text("Checking ...", timeout=PATIENCE)
    box.get_by_role("button", name="Stop").click()
    expect(box.locator(".exercise-verdict")).to_have_text("Stopped: nothing was judged.")
    expect(box.get_by_role("button", name="Check")).to_be_focused()


def test_a_page_that_cannot_load_python_says_so(page: Page, site: str):
    page.route("**/pyodide/**", lambda route: route.abort())
    page.goto(f"{site}/{BB84}")
    box = page.locator("#exercise-sift")
    assert verdict_of(box, RIGHT).startswith("Python does not run in this page: ")
    expect(box.get_by_role("button", name="Check")).to_be_enabled()


def test_a_box_is_worked_by_the_keyboard(page: Page, site: str):
    page.route("**/pyodide/**", lambda route: route.abort())
    page.goto(f"{site}/{BB84}")
    box = page.locator("#exercise-sift")
    area, check = box.locator("textarea"), box.get_by_role("button", name="Check")
    area.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("def f():")
    page.keyboard.press("Enter")  # after a colon one step in
    page.keyboard.type("if 1:")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    expect(area).to_have_value("def f():\n    if 1:\n            x")
    page.keyboard.press("Shift+Tab")
    expect(area).to_have_value("def f():\n    if 1:\n        x")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("def f():\n    if 1:\n            x")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(check).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(area).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(box.locator(".exercise-verdict")).not_to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_box_with_a_verdict_is_readable_on_a_phone(page: Page, site: str, scheme: str):
    page.route("**/pyodide/**", lambda route: route.abort())
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/{BB84}")
    box = page.locator("#exercise-sift")
    verdict_of(box, f"{RIGHT}# {'long ' * 60}\n")
    for kind in ("right", "wrong"):
        box.locator(".exercise-verdict").evaluate(
            """(place, kind) => {
              place.dataset.kind = kind;
              place.innerHTML = `<strong>Not yet:</strong> for <code>${'x'.repeat(90)}</code>`;
            }""",
            kind,
        )
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        found = Axe().run(page, context={"include": [["#exercise-sift"], [".exercise-progress"]]})
        assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]] == []
    page.set_viewport_size({"width": 1280, "height": 900})
