"""What stands in the head of a page and beside the pages, and which keys turn them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def beside(load: Callable[[str], ModuleType]) -> ModuleType:
    """The writer of what stands beside the pages."""
    return load("tools/sphinx/beside_the_pages.py")


@pytest.fixture
def page_head(load: Callable[[str], ModuleType]) -> ModuleType:
    """The writer of heads."""
    return load("tools/sphinx/page_head.py")


def test_the_feed_tells_each_version_of_the_changelog(root: Path, beside: ModuleType):
    text = (root / "CHANGELOG.md").read_text(encoding="utf8")
    found = beside.versions(text)
    assert [version.name for version in found] == re.findall(r"^## (\S+)", text, re.M)
    feed = ET.fromstring(beside.feed(found, "https://a.example/b/", "A & B"))
    assert feed.findtext(f"{ATOM}title") == "A & B: changes"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [version.name for version in found]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    days = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert feed.findtext(f"{ATOM}updated") == max(days)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", day) for day in days)
    for version, entry in zip(found, entries, strict=True):
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html"
        assert "**" not in content.text
        # What is left of it without marks are the words of the changelog.
        words = re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", content.text)))
        assert words == re.findall(r"\w+", version.text)


def test_a_sitemap_has_whole_addresses(beside: ModuleType):
    sitemap = ET.fromstring(beside.sitemap(["b/c", "a & d"], "https://a.example/b/"))
    assert [place.text for url in sitemap for place in url] == [
        "https://a.example/b/a%20%26%20d.html",
        "https://a.example/b/b/c.html",
    ]


@pytest.mark.parametrize(
    ("repository", "site", "address"),
    [
        ("https://github.com/Owner/Name", "", "https://owner.github.io/Name/"),
        ("https://github.com/Owner/Name/", "", "https://owner.github.io/Name/"),
        ("https://github.com/Owner/Name", "https://book.example", "https://book.example/"),
        ("https://github.com/Owner/Name", "https://book.example/2/", "https://book.example/2/"),
    ],
)
def test_the_address_comes_from_one_setting_or_from_the_repository(
    page_head: ModuleType, repository: str, site: str, address: str
):
    config = SimpleNamespace(site=site, html_theme_options={"repository_url": repository})
    page_head.name_the_site(None, config)
    assert config.site == config.html_baseurl == address


def test_a_description_is_what_the_card_promises(page_head: ModuleType):
    page = publish_doctree(
        "Words of the page, which come first and are of some length.\n\n.. note:: Not these, however long."
    )
    assert page_head.description(page).startswith("Words of the page")
    card = nodes.admonition("", nodes.title("", "Card"), classes=["tip", "chapter-card"])
    card += nodes.paragraph("", "You will " + "learn, and " * 30)
    page.append(card)
    told = page_head.description(page)
    assert told.startswith("You will learn")
    assert told.endswith("and ...")
    assert len(told) <= page_head.LONGEST + 4
    assert page_head.description(None) == ""
    assert page_head.description(publish_doctree("Short.")) == ""


@pytest.mark.parametrize(
    ("files", "source", "chosen"),
    [
        (["ab.png"], "../_images/ab.png", "ab.png"),
        (["ab.png", "ab-light-1x.webp"], "../_images/ab-light-1x.webp", "ab.png"),
        (["abcd.png", "ab-light-1x.webp"], "../_images/ab-light-1x.webp", "abcd.png"),
        (["ab.svg", "abcd.png"], "../_images/ab.svg", "ab.svg"),
        (["ab-light-1x.webp", "ab-light-2x.webp"], "../_images/ab-light-1x.webp", "ab-light-2x.webp"),
        (["ab.svg"], "_images/ab.svg", "ab.svg"),
        ([], "../_images/ab.png", None),
        (["ab.png"], "../_static/ab.png", None),
    ],
)
def test_the_picture_of_a_page_is_its_first_figure(
    page_head: ModuleType, tmp_path: Path, files: list[str], source: str, chosen: str | None
):
    for name in files:
        (tmp_path / name).touch()
    page = f'<img src="../_images/logo.png"><figure id="a">\n<img alt="A &amp; B" src="{source}"/></figure>'
    assert page_head.picture(page, tmp_path) == (chosen and (chosen, "A & B"))


def test_icons_are_the_sign_of_the_book(root: Path, browser: Browser, tmp_path: Path):
    sign = (root / "book/_static/favicon.svg").read_text(encoding="utf8")
    for size in (32, 180, 192, 512):
        page = browser.new_page(viewport={"width": size, "height": size})
        edge = 0 if size == 32 else size // 10
        style = f"body {{ margin: {edge}px; background: #fff }} svg {{ display: block; width: {size - 2 * edge}px }}"
        page.set_content(f"<style>{style}</style>{sign}")
        page.screenshot(path=tmp_path / "sign.png")
        page.close()
        with (
            Image.open(root / f"book/_static/icon-{size}.png") as icon,
            Image.open(tmp_path / "sign.png") as drawn,
        ):
            paper = Image.new("RGBA", icon.size, "white")
            paper.alpha_composite(icon.convert("RGBA"))
            apart = ImageChops.difference(paper.convert("RGB"), drawn.convert("RGB")).convert("L")
            assert icon.size == (size, size)
            assert (
                sum(apart.histogram()[64:]) <= 0.01 * size * size
            )  # (another browser smooths edges otherwise)


# What may have the focus on a page, and whether an arrow is its own.
FOCUS = {
    "body": True,
    "a": True,
    "main": True,
    "input": False,
    "textarea": False,
    "select": False,
    "button": False,
    "summary": False,
    "#slider": False,
    "#editor": False,
    "#box": False,
    "#tab": False,
}


@pytest.fixture
def turning(root: Path, browser: Browser) -> Page:
    """A page between two others, with all that may want an arrow for itself."""
    page = browser.new_page()
    names = {"keys.mjs": (root / "book/_static/keys.mjs").read_text(encoding="utf8")}
    body = """<!doctype html><title>{title}</title><link rel="prev" href="before.html"><link rel="next" href="after.html">
<script type="module" src="keys.mjs"></script><main tabindex="-1"><a href="#x">link</a><input><textarea></textarea>
<select><option>1<option>2</select><button class="copybtn">copy</button><details><summary>more</summary></details>
<svg id="slider" role="slider" tabindex="0"></svg><div id="editor" contenteditable="true">x</div>
<div id="box" tabindex="0" style="overflow: auto">wide</div><a id="tab" role="tab" href="#y">tab</a></main>"""

    def serve(route):
        name = route.request.url.rpartition("/")[2].partition("#")[0]
        kind = "text/javascript" if name.endswith(".mjs") else "text/html"
        route.fulfill(body=names.get(name) or body.format(title=name), content_type=kind)

    page.route("**/*", serve)
    page.goto("http://book.example/here.html")
    yield page
    page.close()


@pytest.mark.parametrize(("where", "turns"), FOCUS.items())
def test_an_arrow_turns_the_page_where_it_would_do_nothing_else(turning: Page, where: str, turns: bool):
    turning.evaluate("where => document.querySelector(where).focus()", where)
    turning.keyboard.press("ArrowRight")
    turning.wait_for_timeout(150)
    assert turning.title() == ("after.html" if turns else "here.html")


def test_arrows_with_another_key_are_the_browser_s(turning: Page):
    for keys in ("Shift+ArrowRight", "Control+ArrowRight", "ArrowUp", "n"):
        turning.keyboard.press(keys)
    turning.wait_for_timeout(150)
    assert turning.title() == "here.html"
    turning.keyboard.press("ArrowLeft")
    turning.wait_for_url("**/before.html")


def test_a_page_wider_than_the_screen_is_read_with_the_arrows(turning: Page):
    turning.evaluate("document.body.style.width = '3000px'")
    turning.keyboard.press("ArrowRight")
    turning.wait_for_timeout(150)
    assert turning.title() == "here.html"


def test_copy_buttons_are_no_stops(turning: Page):
    assert turning.locator("button.copybtn").get_attribute("tabindex") == "-1"
