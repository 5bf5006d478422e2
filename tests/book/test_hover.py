"""Cards over links, in Chromium: by mouse, keyboard and finger, without network, and never in the way."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

SITE = "http://book.test"
GLOSSARY = """<dl class="simple glossary">
<dt id="term-wire">wire<a class="headerlink" href="#term-wire">#</a></dt><dd><p>A place in a
circuit. <a class="reference internal" href="../qubits/superposition.html#gates">Superposition</a>.</p></dd>
</dl>"""
BODY = """<h1>A page</h1><p>Before
<a class="reference internal" href="../appendix/glossary.html#term-wire"><span>wires</span></a> and
<a class="reference internal" href="../appendix/glossary.html#term-lost">lost</a> come
<a class="reference internal" href="../appendix/bibliography.html#id3"
 title="A. Author. A title. Journal, 1:2, 2020. doi:10.1000/a.b(c)1. arXiv:2001.00001.">Author, 2020</a> and
<a class="reference internal" href="#fig-one"><span>Fig. 1</span></a>; <a href="https://other.test">other</a>.</p>
<figure id="fig-one"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="A dot" width="300" height="100">
<figcaption><p><span class="caption-number">Fig. 1 </span>A dot.
<a class="headerlink" href="#fig-one">#</a></p></figcaption></figure>"""


@pytest.fixture(scope="module")
def cards(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("tools/sphinx/hover.py")


def opened(root: Path, cards: ModuleType, page: Page, network: bool = True) -> list[str]:
    """Open a page with such links; return the addresses that it asks for."""
    asked: list[str] = []
    static = root / "book" / "_static"
    html = f"""<!doctype html><html lang="en"><meta charset="utf-8">
    <meta name="viewport" content="width=device-width"><title>Cards</title><style>
    :root {{ --pst-color-background: #fff; --pst-color-text-base: #222; --pst-color-text-muted: #555; --pst-color-border: #ccc }}
    {(static / "house.css").read_text(encoding="utf8")}</style><main><article class="bd-article">{BODY}</article></main>
    <script type="module" src="{SITE}/hover.mjs"></script></html>"""

    def answer(route):
        asked.append(route.request.url.removeprefix(SITE))
        match asked[-1]:
            case "/part/page.html":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            case "/hover.mjs":
                route.fulfill(path=static / "hover.mjs", content_type="text/javascript")
            case "/appendix/glossary.json" if network:
                route.fulfill(body=json.dumps(cards.meanings(GLOSSARY)), content_type="application/json")
            case "/appendix/glossary.json":
                route.abort()
            case _:
                route.fulfill(body="<!doctype html><title>Elsewhere</title>", content_type="text/html")

    page.route("**/*", answer)
    page.goto(f"{SITE}/part/page.html")
    page.wait_for_selector("article")
    return asked


@pytest.fixture
def card(page: Page) -> Iterator:
    return page.locator(".hover-card")


def test_the_file_says_what_the_glossary_says(cards):
    assert cards.meanings(GLOSSARY) == {
        "term-wire": '<b>wire</b> A place in a circuit. <a class="reference internal" '
        'href="../qubits/superposition.html#gates">Superposition</a>.'
    }


def test_a_mouse_shows_what_a_term_means_and_may_go_into_the_card(root, cards, page, card):
    asked = opened(root, cards, page)
    assert "/appendix/glossary.json" not in asked  # nothing is fetched before it is wanted
    page.get_by_text("wires").hover()
    expect(card).to_be_visible()
    expect(card).to_contain_text("wire A place in a circuit.")
    link = card.get_by_role("link", name="Superposition")
    assert link.evaluate("link => link.href") == f"{SITE}/qubits/superposition.html#gates"
    link.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.mouse.move(600, 500)
    expect(card).to_be_hidden()
    page.get_by_text("wires").hover()
    expect(card).to_be_visible()
    assert asked.count("/appendix/glossary.json") == 1
    assert not Axe().run(page).response["violations"]


def test_a_keyboard_reaches_the_card_and_escape_leaves_it(root, cards, page, card):
    opened(root, cards, page)
    page.keyboard.press("Tab")
    expect(card).to_be_visible()
    term = page.locator("a", has_text="wires")
    assert term.get_attribute("aria-describedby") == "hover-card"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Superposition"
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "wires"
    assert term.get_attribute("aria-describedby") is None
    page.keyboard.press("Tab")  # the card is closed: the next link of the text
    assert page.evaluate("document.activeElement.textContent") == "lost"


def test_a_citation_tells_the_work_with_its_addresses_and_asks_nobody(root, cards, page, card):
    asked = opened(root, cards, page)
    before = len(asked)
    page.get_by_text("Author, 2020").hover()
    expect(card).to_contain_text("A. Author. A title. Journal, 1:2, 2020.")
    addresses = card.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert addresses == [
        "https://doi.org/10.1000/a.b(c)1",
        "https://arxiv.org/abs/2001.00001",
        f"{SITE}/appendix/bibliography.html#id3",
    ]
    assert len(asked) == before


def test_a_figure_is_shown_without_a_second_description(root, cards, page, card):
    opened(root, cards, page)
    page.get_by_text("Fig. 1").first.hover()
    expect(card).to_contain_text("Fig. 1 A dot.")
    assert card.locator("img").get_attribute("alt") == ""
    assert page.locator("figure img").get_attribute("alt") == "A dot"


def test_an_unknown_term_and_another_link_have_no_card(root, cards, page, card):
    opened(root, cards, page)
    for words in ("lost", "other"):
        page.get_by_text(words).hover()
        page.wait_for_timeout(500)
        expect(card).to_be_hidden()


def test_without_network_there_is_no_card_and_the_link_leads_on(root, cards, page, card):
    asked = opened(root, cards, page, network=False)
    page.get_by_text("wires").hover()
    page.wait_for_timeout(500)
    expect(card).to_be_hidden()
    assert "/appendix/glossary.json" in asked
    page.get_by_text("wires").click()
    page.wait_for_url("**/appendix/glossary.html#term-wire")


@pytest.mark.parametrize("network", [True, False])
def test_the_first_tap_shows_the_card_if_there_is_one(root, cards, browser: Browser, network):
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    opened(root, cards, page, network)
    page.get_by_text("wires").tap()
    if network:
        card = page.locator(".hover-card")
        expect(card).to_be_visible()
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        page.get_by_role("heading").tap()
        expect(card).to_be_hidden()
        page.get_by_text("wires").tap()
        card.get_by_role("link", name="In the glossary").tap()
    page.wait_for_url("**/appendix/glossary.html#term-wire")
    context.close()


def test_only_pages_with_such_links_get_the_script(cards):
    assert cards.LINKS.search('<a class="reference internal" href="../appendix/glossary.html#term-wire">')
    assert cards.LINKS.search(
        '<a class="reference internal" href="../appendix/bibliography.html#id1" title="A">'
    )
    assert not cards.LINKS.search('<a class="reference internal" href="../appendix/bibliography.html">')
    assert not cards.LINKS.search('<a class="reference internal" href="../appendix/glossary.html">')
