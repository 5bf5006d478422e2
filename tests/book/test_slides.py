"""Slides: the heart chapters have them, from cells that are there, and each is read from the back row."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.book.conftest import ROOT, load_script

slides = load_script("tools/slides.py")
DECKS = slides.decks()
WIDTH, HEIGHT = 1280, 720


@pytest.mark.parametrize("name", DECKS)
def test_a_deck_is_short_and_lets_the_chapter_speak(name: str):
    deck = slides.read(DECKS[name])
    assert 9 <= len(deck) <= 14
    for slide in deck:
        points = slide.get("points", [])
        assert len(points) <= 4, slide["title"]
        assert all(len(re.sub(r"\{\S+\}`(.*?)( <.*?>)?`", "number", point)) <= 120 for point in points), (
            slide["title"]
        )
        assert not {"show", "code"} <= slide.keys(), "one thing at a time"
    assert all(slide.get("notes") for slide in deck[2:-1]), "the speaker has notes"
    assert sum("show" in slide for slide in deck) >= len(deck) // 2


def test_the_heart_chapters_have_slides():
    heart = load_script("tools/sphinx/lecturers.py").heart()
    assert sorted(DECKS) == sorted(heart)
    assert len(heart) == 6


def test_what_a_slide_does_not_have_is_refused(tmp_path: Path):
    path = tmp_path / "x.slides.yml"
    path.write_text("- title: One\n  text: [no]\n")
    with pytest.raises(
        ValueError, match=r"x.slides.yml, slide 1: text; a slide has \['code', 'notes', 'points'"
    ):
        slides.read(path)
    path.write_text("- points: [no]\n")
    with pytest.raises(ValueError, match="slide 1 has no title"):
        slides.read(path)


def test_the_licence_is_beside_what_was_taken_from_others():
    folder = ROOT / "book" / "_slides" / "_static" / "reveal"
    assert "Permission is hereby granted, free of charge" in (folder / "LICENSE").read_text(encoding="utf8")


def test_a_cell_that_is_not_there_is_refused(html: Path):
    made = slides.Slides("communication/bb84", ROOT / "_build")
    with pytest.raises(
        ValueError, match=r"communication/bb84\.slides\.yml: the chapter has no cell 'bb84-999'"
    ):
        made.shown("bb84-999")
    with pytest.raises(ValueError, match="the cell 'bb84-01' shows nothing"):
        made.shown("bb84-01")


LOOK = """() => [...document.querySelectorAll('.slides > section')].flatMap((section, number) => {
  section.style.display = 'block'; section.hidden = false;
  const said = [], name = `${number + 1} ${section.querySelector('h1, h2').innerText}`;
  if (section.scrollHeight > %d + 1) said.push(`${name}: ${section.scrollHeight} high`);
  for (const e of section.querySelectorAll('li, pre, td, th, h1, h2')) {
    if (e.closest('.notes')) continue;
    if (parseFloat(getComputedStyle(e).fontSize) < 18) said.push(`${name}: small: ${e.innerText.slice(0, 20)}`);
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth) said.push(`${name}: cut: ${e.innerText.slice(0, 30)}`);
  }
  for (const image of section.querySelectorAll('img'))
    if (!image.naturalWidth || !image.alt) said.push(`${name}: a picture without text, or none`);
  if (section.querySelector('mjx-merror')) said.push(`${name}: a formula is wrong`);
  if (/\\\\\\(|\\{glue|\\{doc/.test(section.innerText)) said.push(`${name}: raw: ${section.innerText.slice(0, 80)}`);
  return said;
})"""


@pytest.mark.parametrize("name", DECKS)
def test_each_slide_fits_and_is_read_from_the_back_row(page: Page, site: str, name: str):
    errors, asked = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"{site}/slides/{name}.html")
    page.wait_for_selector(".reveal.ready")
    page.wait_for_function("window.MathJax?.startup?.promise")
    page.evaluate("() => MathJax.startup.promise")
    assert page.evaluate(LOOK % HEIGHT) == []
    assert errors == []
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_keys_turn_the_slides_and_the_address_says_which(page: Page, site: str):
    page.goto(f"{site}/slides/communication/bb84.html")
    page.wait_for_selector(".reveal.ready")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"#/2$"))
    assert page.locator("section.present > h2").inner_text() == "Four states, two questions"


def test_a_live_figure_turns_on_its_slide(page: Page, site: str):
    page.goto(f"{site}/slides/qubits/superposition.html#/4")
    page.wait_for_selector("section.present figure[class*='live-'] svg")


def test_the_chapter_and_the_lecturers_page_lead_to_them(html: Path):
    page = (html / "communication" / "bb84.html").read_text(encoding="utf8")
    assert 'href="../slides/communication/bb84.html"' in page
    lecturers = (html / "for_lecturers.html").read_text(encoding="utf8")
    for name in DECKS:
        assert f'href="slides/{name}.html"' in lecturers
        assert (html / "slides" / f"{name}.html").exists()
