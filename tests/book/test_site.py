"""The book as a site: search, the way from page to page, the dark theme, the launch buttons."""

import json
import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(page: Page) -> Page:
    """A page without its formulas, which take most of a visit: `test_pages.py` looks at those."""
    page.route("**/mathjax/**", lambda route: route.abort())
    return page


def test_nothing_is_loaded_from_elsewhere(html: Path):
    loads = re.compile(
        r"""<(?:script|img|iframe|source)[^>]+src=["'](\w+:)?//|<link[^>]+href=["'](\w+:)?//"""
    )
    asking = {path.name for path in html.rglob("*.html") if loads.search(path.read_text(encoding="utf8"))}
    assert asking <= {"webpack-macros.html", "sbt-webpack-macros.html"}  # templates of the theme, not pages


def test_pages_take_the_address_from_the_settings(html: Path, settings: dict):
    address = settings["repository"]["url"]
    page = (html / "how_to_run.html").read_text(encoding="utf8")
    assert f"clone</span> {address}" in page or f"git clone {address}" in re.sub("<[^>]+>", "", page)
    assert f"mybinder.org/v2/gh/{address.removeprefix('https://github.com/')}/" in page
    assert "{{" not in page


def test_every_public_name_has_an_entry_under_the_name_a_reader_imports(html: Path):
    page = (html / "appendix/api/generated/qlearn.qubits.superposition.html").read_text(encoding="utf8")
    assert 'id="qlearn.qubits.ket"' in page
    assert 'id="qlearn.qubits.superposition.ket"' not in page
    assert 'href="../../../qubits/superposition.html"' in page  # "Taught in ..."


def test_search_finds_a_concept_and_its_code(page: Page, site: str):
    for words, wanted in (("sifting", "communication/bb84.html"), ("teleport", "teleportation")):
        page.goto(f"{site}/search.html?q={words}")
        first = page.locator("#search-results li a").first
        first.wait_for()
        expect(page.locator("#search-results")).to_contain_text("Search finished")
        found = page.locator("#search-results li a").evaluate_all("links => links.map(link => link.href)")
        assert any(wanted in link for link in found)


def test_search_field_leads_to_the_results(page: Page, site: str):
    page.goto(f"{site}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("fidelity")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=fidelity*")
    expect(page.locator("#search-results li a").first).to_be_visible()


def test_pages_follow_each_other_in_the_order_of_the_contents(html: Path, reading_order: list[str]):
    def leads(page: str, way: str) -> str:
        text = (html / f"{page}.html").read_text(encoding="utf8")
        (link,) = re.findall(rf'<a class="{way}"\s+href="([^"]+)"', text)
        return (html / page).parent.joinpath(link).resolve().relative_to(html.resolve()).as_posix()

    for before, after in pairwise(reading_order):
        assert leads(before, "right-next") == f"{after}.html"
        assert leads(after, "left-prev") == f"{before}.html"
        if after.startswith("appendix/"):
            return


def test_a_reader_turns_the_page_and_turns_it_back(page: Page, site: str, reading_order: list[str]):
    page.goto(f"{site}/{reading_order[0]}.html")
    page.locator("a.right-next").click()
    page.wait_for_url(f"**/{reading_order[1]}.html")
    page.locator("a.left-prev").click()
    page.wait_for_url(f"**/{reading_order[0]}.html")


def test_every_link_within_the_book_leads_somewhere(html: Path):
    broken = []
    for path in html.rglob("*.html"):
        for link in re.findall(r'<a [^>]*href="([^"#?:]+)[^":]*"', path.read_text(encoding="utf8")):
            if not (path.parent / link).exists():
                broken.append((path.name, link))
    assert broken == []


def test_dark_theme_stays_from_page_to_page(page: Page, site: str):
    page.goto(f"{site}/index.html")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    for _ in range(3):  # the button goes round: auto, light, dark
        if page.evaluate("document.documentElement.dataset.mode") == "dark":
            break
        page.locator("button.theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(background) != light
    page.locator("a.right-next").click()
    assert not page.url.endswith("/index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_launch_buttons_open_this_chapter(html: Path, chapter: str, settings: dict):
    repository, branch = settings["repository"]["url"], settings["repository"]["branch"]
    owner_and_name = urlsplit(repository).path.strip("/")
    page = (html / f"{chapter}.html").read_text(encoding="utf8")
    launch, download = (
        re.findall(
            r'href="([^"]+)"', page.split(f'class="dropdown dropdown-{menu}-buttons"')[1].split("</ul>")[0]
        )
        for menu in ("launch", "download")
    )
    assert set(launch) == {
        f"https://mybinder.org/v2/gh/{owner_and_name}/{branch}?urlpath=tree/book/{chapter}.ipynb",
        f"https://colab.research.google.com/github/{owner_and_name}/blob/{branch}/book/{chapter}.ipynb",
    }
    (source,) = set(re.findall(r"[^\"]+ipynb", " ".join(download).replace(" ", '"')))
    assert (html / f"{chapter}.html").parent.joinpath(source).resolve() == (
        html / "_sources" / f"{chapter}.ipynb"
    )
    assert (html / "_sources" / f"{chapter}.ipynb").is_file()


def test_phone_menu_opens(browser: Browser, site: str):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/index.html")
    page.locator("button.primary-toggle").first.click()
    expect(page.locator(".bd-sidebar-primary a", has_text="Course map").first).to_be_in_viewport()
    context.close()


def test_the_built_pages_read_numbers_aloud(
    root: Path, html: Path, load: Callable[[str], ModuleType], chapter: str
):
    alt_texts = load("tools/sphinx/alt_texts.py")
    values = alt_texts.glued_values(html.parent / "jupyter_execute", chapter)
    page = unescape((html / f"{chapter}.html").read_text(encoding="utf8"))
    for cell in json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]:
        if alt := cell["metadata"].get("mystnb", {}).get("image", {}).get("alt"):
            assert f'alt="{alt_texts.filled(alt, values)}"' in page
