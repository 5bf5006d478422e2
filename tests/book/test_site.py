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
from PIL import Image
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(page: Page) -> Page:
    """A page without its formulas, which take most of a visit: `test_pages.py` looks at those."""
    page.route("**/mathjax/**", lambda route: route.abort())
    return page


def test_nothing_is_loaded_from_elsewhere(html: Path):
    loads = re.compile(
        r"""<(?:script|img|iframe|source)[^>]+src=["'](\w+:)?//|<link(?![^>]*rel=.canonical)[^>]+href=["'](\w+:)?//"""
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


def test_every_figure_has_a_picture(html: Path, root: Path):
    empty = []
    for path in sorted((root / "book").glob("*/*.ipynb")):
        chapter = f"{path.parent.name}/{path.stem}"
        page = (html / f"{chapter}.html").read_text(encoding="utf8")
        for figure, inside in re.findall(r'<figure[^>]*id="([^"]+)">(.*?)</figure>', page, re.S):
            if not re.search(r"<img|<svg|<table", inside):
                empty.append((chapter, figure))
    assert empty == []


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
    repository, branch = settings["repository"]["url"], settings["sphinx"]["config"]["readers_edition_branch"]
    owner_and_name = urlsplit(repository).path.strip("/")
    page = (html / f"{chapter}.html").read_text(encoding="utf8")
    launch, download = (
        re.findall(
            r'href="([^"]+)"', page.split(f'class="dropdown dropdown-{menu}-buttons"')[1].split("</ul>")[0]
        )
        for menu in ("launch", "download")
    )
    assert set(launch) == {
        f"https://mybinder.org/v2/gh/{owner_and_name}/{branch}?urlpath=tree/{chapter}.ipynb",
        f"https://colab.research.google.com/github/{owner_and_name}/blob/{branch}/{chapter}.ipynb",
    }
    (source,) = set(re.findall(r"[^\"]+ipynb", " ".join(download).replace(" ", '"')))
    assert (html / f"{chapter}.html").parent.joinpath(source).resolve() == (
        html / "notebooks" / f"{chapter}.ipynb"
    )
    assert (html / "notebooks" / f"{chapter}.ipynb").is_file()


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


def test_icons_come_without_the_script_that_draws_them_again(html: Path, page: Page, site: str):
    assert not list(html.rglob("all.min.js"))
    assert not [
        path.name
        for path in html.rglob("*.html")
        if "fontawesome" in path.read_text() and "all.min.js" in path.read_text()
    ]
    page.goto(f"{site}/index.html")
    icon = page.locator("button.theme-switch-button svg, button.theme-switch-button i, .fa-bars").first
    assert "Font Awesome" in icon.evaluate("icon => getComputedStyle(icon, '::before').fontFamily")


def test_every_chapter_has_a_description_of_its_own(html: Path, reading_order: list[str]):
    said = {}
    for name in reading_order:
        text = (html / f"{name}.html").read_text(encoding="utf8")
        found = re.search(r'<meta name="description" content="([^"]+)">', text)
        if found:
            assert 40 < len(unescape(found[1])) <= 204
            said[name] = found[1]
    assert len(set(said.values())) == len(said)
    assert {
        name for name in reading_order if name.count("/") == 1 and not name.startswith("appendix")
    } <= set(said)


def test_a_shared_link_says_what_it_leads_to(html: Path, settings: dict, chapter: str):
    owner, name = urlsplit(settings["repository"]["url"]).path.strip("/").split("/")
    site = settings["sphinx"]["config"]["site"] or f"https://{owner.lower()}.github.io/{name}/"
    head = (html / f"{chapter}.html").read_text(encoding="utf8").partition("</head>")[0]
    meta = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', head))
    address = f"{site.rstrip('/')}/{chapter}.html"
    assert re.findall(r'<link rel="canonical" href="([^"]+)"', head) == [address] == [meta["og:url"]]
    assert meta["og:type"] == "article"
    assert meta["og:description"] == meta["description"]
    picture = meta["og:image"].removeprefix(site.rstrip("/"))
    assert (html / picture.lstrip("/")).is_file()
    assert picture.startswith("/_images/")
    assert len(unescape(meta["og:image:alt"])) > 20
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', head, re.S)
    about = json.loads(said)
    assert about["url"] == address
    assert about["name"] in unescape(meta["og:title"])
    assert about["position"] == unescape(meta["og:title"]).partition(".")[0]
    assert head.count('name="viewport"') == 1


def test_the_description_of_a_chapter_is_what_its_card_promises(html: Path):
    head = (html / "communication/bb84.html").read_text(encoding="utf8")
    assert re.search(r'name="description" content="You will run BB84', head)


def test_what_stands_beside_the_pages(html: Path, reading_order: list[str], settings: dict):
    places = re.findall(r"<loc>([^<]+)</loc>", (html / "sitemap.xml").read_text(encoding="utf8"))
    site = places[0][: places[0].index("/", len("https://")) + 1]
    pages = {urlsplit(place).path for place in places}
    root = urlsplit(
        settings["sphinx"]["config"]["site"] or f"/{settings['repository']['url'].rpartition('/')[2]}"
    ).path
    assert {f"{root.rstrip('/')}/{name}.html" for name in reading_order} <= pages
    assert all((html / page.removeprefix(f"{root.rstrip('/')}/")).exists() for page in pages)
    robots = (html / "robots.txt").read_text(encoding="utf8")
    assert re.search(rf"^Sitemap: {re.escape(site)}.*sitemap\.xml$", robots, re.M)
    manifest = json.loads((html / "site.webmanifest").read_text(encoding="utf8"))
    for icon in manifest["icons"]:
        with Image.open(html / icon["src"]) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
    assert (html / "index.html").read_text(encoding="utf8").count('rel="apple-touch-icon"') == 1


def test_an_address_that_leads_nowhere_leads_back(html: Path, settings: dict):
    text = (html / "404.html").read_text(encoding="utf8")
    assert f'<base href="/{settings["repository"]["url"].rpartition("/")[2]}/">' in text
    links = re.findall(r'<(?:a href|form action)="([^"]+)"', text)
    assert len(links) == 4
    assert all((html / link).exists() for link in links)


def test_the_machinery_of_a_chapter_is_out_of_sight(html: Path, root: Path, chapter: str):
    page = (html / f"{chapter}.html").read_text(encoding="utf8")
    code = re.sub("<[^>]+>", "", "\n".join(re.findall(r"<pre>(.*?)</pre>", page, re.S)))
    assert not re.findall(r"^glue\(.*|.*import glue$", unescape(code), re.M)
    folds = re.findall(r'<p class="collapsed admonition-title">([^<]+)</p>', page)
    assert folds[0] == "Show imports and settings"
    assert all(
        re.fullmatch(r"Show (the code of Fig\. \d+\.\d+|this code|imports and settings)", fold)
        for fold in folds
    )
    named = [fold for fold in folds if "Fig." in fold]
    assert len(set(named)) == len(named)


def test_excerpts_of_a_search_are_sentences(page: Page, site: str):
    page.goto(f"{site}/search.html?q=eavesdropper")
    page.locator("#search-results li p.context").nth(2).wait_for()
    excerpts = " ".join(page.locator("#search-results li p.context").all_inner_texts())
    assert not re.search(r"import |\\\\|= np\.|\.append\(|\$", excerpts)


def test_on_a_phone_headings_step_down_and_what_needs_a_mouse_is_shown(browser: Browser, site: str):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.route("**/mathjax/**", lambda route: route.abort())
    page.goto(f"{site}/communication/bb84.html")
    sizes = [
        float(
            page.locator(f".bd-article {level}").first.evaluate(
                "e => parseFloat(getComputedStyle(e).fontSize)"
            )
        )
        for level in ("h1", "h2", "h3", "p")
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4
    copy = page.locator(".highlight button.copybtn").first
    assert float(copy.evaluate("button => getComputedStyle(button).opacity")) > 0.5
    page.goto(f"{site}/appendix/api/generated/qlearn.communication.bb84.html")
    row = page.locator("table.autosummary tr").first.locator("td")
    name, text = (row.nth(i).bounding_box() for i in (0, 1))
    assert text["y"] >= name["y"] + name["height"] - 1
    assert text["x"] + text["width"] <= 390
    context.close()


def test_tables_of_a_protocol_are_dark_in_the_dark_and_no_wider_than_they_need(browser: Browser, site: str):
    context = browser.new_context(color_scheme="dark", viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.route("**/mathjax/**", lambda route: route.abort())
    page.goto(f"{site}/communication/bb84.html")
    table = page.locator(".qlearn-table").first
    assert (
        max(map(int, re.findall(r"\d+", table.evaluate("t => getComputedStyle(t).backgroundColor"))[:3])) < 60
    )
    assert table.bounding_box()["width"] < 500
    context.close()


def test_on_paper_code_breaks_its_lines(page: Page, site: str):
    page.goto(f"{site}/communication/bb84.html")
    page.emulate_media(media="print")
    code = page.locator(".bd-article .highlight pre").first
    assert code.evaluate("pre => getComputedStyle(pre).whiteSpace") == "pre-wrap"
    assert not page.locator(".bd-article details.hide").first.is_visible()


def test_each_link_of_the_table_meets_its_cell(html: Path, claims: ModuleType):
    page = (html / "appendix" / "claims.html").read_text(encoding="utf8")
    table = page[page.index('<table class="table claims-table"') :]
    links = set(re.findall(r'href="\.\./([\w/]+\.html)#([\w-]+)"', table))
    assert len(links) > 100
    for chapter in {chapter for chapter, _ in links}:
        text = (html / chapter).read_text(encoding="utf8")
        wanted = {anchor for page, anchor in links if page == chapter}
        assert {anchor for anchor in wanted if f'id="{anchor}"' not in text} == set(), chapter


def test_a_reader_searches_and_filters_the_table(page: Page, site: str, claims: ModuleType):
    table = claims.rows()
    shown = page.locator(".claims-table tbody tr:visible")
    page.goto(f"{site}/appendix/claims.html")
    expect(page.get_by_role("status")).to_contain_text(f"{len(table)} of {len(table)} sentences")
    page.get_by_role("combobox", name="Verdict").select_option("false")
    false = [row for row in table if row.verdict == "false"]
    expect(shown).to_have_count(len(false))
    page.get_by_role("combobox", name="Article").select_option("R")
    expect(shown).to_have_count(sum(row.article == "R" for row in false))
    page.reload()  # the address has kept the choice
    expect(shown).to_have_count(sum(row.article == "R" for row in false))
    page.get_by_role("combobox", name="Verdict").select_option("")
    page.get_by_role("combobox", name="Article").select_option("")
    page.get_by_label("Words").fill("no such words anywhere")
    expect(shown).to_have_count(0)
    page.goto(f"{site}/appendix/claims.html?verdict=false#{next(r.id for r in table if r.verdict == 'true')}")
    expect(page.locator("tr:target")).to_be_visible()
    page.locator("tr:target td:last-child a").first.click()
    expect(page.locator("article h1").last).to_be_visible()


def test_the_table_is_whole_without_a_script(html: Path, claims: ModuleType):
    page = (html / "appendix" / "claims.html").read_text(encoding="utf8")
    assert page.count("<tr id=") == len(claims.rows())
    assert not re.search(r"<tr[^>]* hidden", page)


def test_the_page_of_all_questions_has_every_question_and_its_links_lead_somewhere(
    html: Path, load: Callable[[str], ModuleType], root: Path
):
    form = load("tools/sphinx/recall_form.py")
    collected = json.loads((html / "_static" / "recall.json").read_text(encoding="utf8"))
    found = [question["name"] for chapter in collected for question in chapter["questions"]]
    chapters = [f"{path.parent.name}/{path.stem}" for path in sorted((root / "book").glob("*/*.ipynb"))]
    assert sorted(found) == sorted(one.name for chapter in chapters for one in form.asked_in(chapter))
    listed = (html / "appendix" / "recall.html").read_text(encoding="utf8")
    for chapter in collected:
        assert f'href="../{chapter["chapter"]}.html#recall"' in listed
        for question in chapter["questions"]:
            assert "glue:" not in question["answer"]
            for link in re.findall(r'href="([^"#:]+)', question["answer"]):
                assert (html / link).is_file(), f"{question['name']}: {link}"
