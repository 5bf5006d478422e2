"""The boxes of the exercises, as the build makes them: one each, numbered, linked from the list, readable without JavaScript."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page, expect

from qlearn.exercises import Exercise, every, of_chapter

CALLS = re.compile(r"exercises\.\w+(\.check\(\w+\)|\.reveal\(\))?")


def text_of(html: str) -> str:
    """What a reader sees of some HTML."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html))).strip()


def boxes(page: str) -> dict[str, str]:
    """The boxes of a page, by the name of the exercise."""
    return dict(re.findall(r'<section class="exercise" id="exercise-(\w+)">(.*?)</section>', page, re.S))


@pytest.fixture
def exercises(chapter: str) -> tuple[Exercise, ...]:
    return of_chapter(chapter)


def test_each_exercise_is_a_box_of_its_number_level_and_stub(
    html: Path, chapter: str, exercises: tuple[Exercise, ...]
):
    page = (html / f"{chapter}.html").read_text(encoding="utf8")
    number = re.search(r'<h1><span class="section-number">(\d+)\.', page)[
        1
    ]  # by Sphinx, when it had read all
    found = boxes(page)
    assert list(found) == [exercise.name for exercise in exercises]
    for exercise in exercises:
        box = found[exercise.name]
        heading = text_of(re.search(r"<h3>(.*?)<a class=\"headerlink\"", box, re.S)[1])
        assert heading == f"Exercise {number}.{exercise.number}: {exercise.title}"
        assert f'<p class="exercise-level">{exercise.level}</p>' in box
        stub = re.search(r'<div class="exercise-answer.*?<pre>(.*?)</pre>', box, re.S)[1]
        assert unescape(re.sub(r"<[^>]+>", "", stub)).rstrip() == exercise.stub.rstrip()


def test_what_is_for_a_kernel_is_not_shown(html: Path, chapter: str):
    page = (html / f"{chapter}.html").read_text(encoding="utf8")
    code = [
        unescape(re.sub(r"<[^>]+>", "", block)).strip()
        for block in re.findall(r"<pre>(.*?)</pre>", page, re.S)
    ]
    assert [block for block in code if CALLS.fullmatch(block)] == []
    assert "nothing to check yet" not in page
    assert "run its cell" not in page
    assert "run the cell, and run the check" not in page


def test_boxes_lead_where_the_rocket_leads(html: Path, chapter: str):
    page = (html / f"{chapter}.html").read_text(encoding="utf8")
    menu = page.split('class="dropdown dropdown-launch-buttons"')[1].split("</ul>")[0]
    rocket = re.findall(r'href="([^"]+)"', menu)
    assert rocket
    for box in boxes(page).values():
        assert (
            re.findall(r'href="([^"]+)"', box.split('class="exercise-elsewhere"')[1])[: len(rocket)] == rocket
        )


def test_a_page_lists_all_exercises_by_chapter_and_level(html: Path):
    page = (html / "appendix/exercises.html").read_text(encoding="utf8")
    table = page.split('<table class="exercise-list')[1].split("</table>")[0]
    links = re.findall(r'href="\.\./([\w/]+)\.html#exercise-(\w+)">(.*?)</a>', table)
    listed = {(chapter.replace("/", "."), name) for chapter, name, _ in links}
    assert listed == {(exercise.chapter, exercise.name) for exercise in every()}
    assert len(links) == len(listed)
    heads = [text_of(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", table, re.S)]
    levels = [exercise.level for exercise in every()]
    assert heads[1:] == [
        f"{level.capitalize()} ({levels.count(level)})" for level in ("warm-up", "core", "stretch", "project")
    ]
    for row in re.findall(r"<tr.*?</tr>", table.partition("<tbody>")[2], re.S):
        cells = re.findall(r"<td>(.*?)</td>", row, re.S)
        for head, cell in zip(heads[1:], cells[1:], strict=True):
            for chapter, name in re.findall(r'href="\.\./([\w/]+)\.html#exercise-(\w+)"', cell):
                (found,) = [exercise for exercise in of_chapter(chapter) if exercise.name == name]
                assert head.lower().startswith(found.level)


def test_prose_can_link_an_exercise(html: Path):
    page = (html / "search-data.js").read_text(encoding="utf8")
    assert "Exercise 6.2: Sift" in page  # a section, so the search finds it


def test_without_javascript_a_box_reads(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/communication/bb84.html")
    box = page.locator("#exercise-sift")
    expect(box.locator("h3")).to_contain_text("Exercise 6.2: Sift")
    expect(box).to_contain_text("arrays with one entry a pulse")
    expect(box.locator(".exercise-answer pre")).to_contain_text("def sift(alice_bits")
    solution = box.locator("details pre")
    expect(solution).to_be_hidden()
    box.locator("summary").click()
    expect(solution).to_be_visible()
    expect(box.locator("button, textarea")).to_have_count(0)
    context.close()


def test_what_an_exercise_loads_is_what_lies_there(
    html: Path, chapter: str, load: Callable[[str], ModuleType]
):
    page = (html / f"{chapter}.html").read_text(encoding="utf8")
    told = re.search(r'id="exercise-setup" data-setup="([^"]*)"', page)
    files = html / "_static" / "pyodide"
    if not files.exists():
        assert told is None  # no files, no button
        pytest.skip(load("tools/pyodide.py").why_lacking())
    setup = json.loads(unescape(told[1]))
    packages = json.loads((files / setup["lock"]).read_text(encoding="utf8"))["packages"]
    assert setup["exercises"]
    for takes in setup["exercises"].values():
        assert {"qlearn", "numpy"} <= set(takes)
        for name in takes:
            assert setup["sizes"][name] == (files / packages[name]["file_name"]).stat().st_size
            assert set(packages[name]["depends"]) <= set(takes)
    assert setup["sizes"][""] == sum(
        (files / name).stat().st_size for name in load("tools/pyodide.py").LOCK["core"]
    )


def test_nothing_of_python_is_fetched_before_it_is_asked_for(page: Page, site: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/communication/bb84.html", wait_until="networkidle")
    assert asked
    assert [url for url in asked if "pyodide" in url or "worker" in url] == []
