"""What the built book weighs, how soon it is there on a slow line, and that it looks as its style sheets say."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

FIRST_VISIT, NEXT_VISIT = 2_500_000, 400_000
"""Bytes of a chapter that a reader with an empty cache fetches, and of one for a reader who has seen another."""

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def modules(files: Iterable[Path]) -> set[Path]:
    """These modules, and all that they import."""
    found, waiting = set(), list(files)
    while waiting:
        path = waiting.pop().resolve()
        if path in found or path.suffix != ".mjs":
            continue
        found.add(path)
        names = re.findall(
            r"""^(?:import|export)\b[^'"]*?['"](\.[^'"]+)['"]""", path.read_text(encoding="utf8"), re.M
        )
        waiting += [path.parent / name for name in names]
    return found


def own_files(html: Path, name: str) -> set[Path]:
    """The page, its live figures, and its pictures as a light screen with one pixel a CSS pixel takes them."""
    page = html.resolve() / f"{name}.html"
    text = page.read_text(encoding="utf8")
    images = re.findall(r"<img\b[^>]*>", text)
    sources = [re.search(r'\bsrc="([^"]+)"', image)[1] for image in images if "only-dark" not in image]
    found = {page.parent / unquote(unescape(source)) for source in sources if not source.startswith("data:")}
    live = html.resolve() / "_static" / "live"
    classes = " ".join(re.findall(r'<figure\b[^>]*class="([^"]*)"', text))
    figures = {live / f"{kind}.mjs" for kind in re.findall(r"\blive-([a-z0-9_]+)", classes)}
    pictures = {path.resolve() for path in found if "_static" not in path.parts}
    return {page} | pictures | modules(figures) - modules({live / "start.mjs"})


def shared_files(html: Path, name: str) -> set[Path]:
    """What all chapters ask for alike: style, script, formulas with all their letters, icons of the theme."""
    page = html.resolve() / f"{name}.html"
    text = page.read_text(encoding="utf8")
    asked = re.findall(r'<script\b[^>]*\bsrc="([^"]+)"', text)
    asked += re.findall(
        r'<link\b(?=[^>]*rel="(?:stylesheet|icon|modulepreload|preload)")[^>]*href="([^"]+)"', text
    )
    asked += [source for source in re.findall(r'<img\b[^>]*\bsrc="([^"]+)"', text) if "_static" in source]
    found = {(page.parent / urlsplit(unescape(address)).path).resolve() for address in asked}
    letters = set((html / "_static/mathjax/output/chtml/fonts").resolve().rglob("*.woff*"))
    return found | modules(found) | letters


def weight(files: set[Path]) -> int:
    """Their bytes."""
    return sum(path.stat().st_size for path in files)


def test_a_chapter_is_light(html: Path, chapter: str):
    own, shared = weight(own_files(html, chapter)), weight(shared_files(html, chapter))
    assert own <= NEXT_VISIT, f"{chapter}: {own / 1000:.0f} kB that no other page has brought"
    assert own + shared <= FIRST_VISIT, f"{chapter}: {(own + shared) / 1000:.0f} kB on the first visit"


def test_a_browser_fetches_what_was_weighed_and_nothing_else(html: Path, page: Page, site: str):
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(unquote(urlsplit(request.url).path).lstrip("/")))
    page.goto(f"{site}/communication/bb84.html", wait_until="load")
    page.evaluate("MathJax.startup.promise")
    page.evaluate(
        "document.querySelectorAll('img:not(.only-dark)').forEach(image => { image.loading = 'eager'; })"
    )
    page.evaluate("document.querySelectorAll('figure').forEach(figure => figure.scrollIntoView())")
    page.wait_for_load_state("networkidle")
    weighed = own_files(html, "communication/bb84") | shared_files(html, "communication/bb84")
    fetched = {(html / name).resolve() for name in asked}
    root = html.resolve()
    known = {path.relative_to(root).as_posix() for path in weighed}
    assert {path.relative_to(root).as_posix() for path in fetched} <= known | {"favicon.ico"}


@pytest.mark.parametrize("which", [0, 1])
def test_the_first_words_are_there_within_five_seconds_on_a_slow_line(
    html: Path, browser: Browser, site: str, which: int
):
    """The heaviest pages of the book, at 1.6 Mbit/s and 150 ms, without compression. The line is what takes the time."""
    pages = sorted(html.glob("*/*.html"), key=lambda path: -path.stat().st_size)
    chapters = [path for path in pages if path.parent.name not in ("appendix", "_static")]
    address = chapters[which].relative_to(html).as_posix()
    times = []
    for _ in range(3):  # at most: another process may have had the machine
        context = browser.new_context(**PHONE)
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
        page.goto(f"{site}/{address}", wait_until="commit")
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        times.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        words = page.evaluate("document.querySelector('article h1')?.checkVisibility()")
        context.close()
        if words and times[-1] <= 5000:
            break
    print(f"{address}: {min(times) / 1000:.1f} s to the first paint")
    assert words
    assert min(times) <= 5000


# All that a browser knows of how each element looks, one of those that stand alike in the page.
LOOKS = """async sheets => {
  const ours = document.querySelector('link[href*="book.css"]'), base = ours.href.replace(/book\\.css.*/, '');
  const still = document.createElement('style');
  still.textContent = '*, ::before, ::after { animation: none !important; transition: none !important; }';
  document.head.append(still);
  document.querySelectorAll('details').forEach(node => { node.open = true; });
  const ways = new Map([[null, '']]), nodes = new Map();
  const way = node => {
    if (!ways.has(node)) ways.set(node, `${way(node.parentElement)} ${node.tagName}.${node.getAttribute('class') ?? ''}`);
    return ways.get(node);
  };
  for (const node of document.body.querySelectorAll('*')) if (!nodes.has(way(node))) nodes.set(way(node), node);
  // What a script marks while sheets come and go (the section that is read) stays as it was.
  const marked = [...document.body.querySelectorAll('[class]')].map(node => [node, node.getAttribute('class')]);
  const look = () => [...nodes].flatMap(([where, node]) => ['', '::before', '::after'].map(part => {
    const style = getComputedStyle(node, part);
    if (part && style.content === 'none') return [where + part];
    return [where + part, ...[...style].map(name => `${name}: ${style.getPropertyValue(name)}`)];
  }));
  // Both looks are at a layout made from the beginning: one that is only mended, as sheets come and go, may keep the margins
  // that an earlier one had ended with.
  const settled = async () => {
    document.body.offsetWidth;
    await document.fonts.ready;
    document.body.style.display = 'none';
    document.body.offsetWidth;
    document.body.style.display = '';
    document.body.offsetWidth;
  };
  await settled();
  const mine = look();
  await Promise.all(sheets.map(sheet => new Promise((done, failed) => {
    const link = document.createElement('link');
    Object.assign(link, {rel: 'stylesheet', href: base + sheet, onload: done, onerror: () => failed(sheet)});
    ours.before(link);
  })));
  ours.remove();
  await Promise.all(['400 1em "Font Awesome 6 Free"', '900 1em "Font Awesome 6 Free"', '400 1em "Font Awesome 6 Brands"'].map(
    font => document.fonts.load(font, '\\uf0c9\\uf09b')));
  await settled();
  marked.forEach(([node, classes]) => node.setAttribute('class', classes));
  const theirs = look();
  const differ = mine.flatMap((one, i) => {
    const other = theirs[i], odd = one.filter((words, k) => words !== other[k]);
    const even = other.filter((words, k) => words !== one[k]);
    return odd.length || even.length ? [[one[0], odd.slice(0, 3), even.slice(0, 3)]] : [];
  });
  return [nodes.size, differ.slice(0, 5)];
}"""


@pytest.fixture
def sheets(html: Path) -> list[str]:
    """The style sheets that became one."""
    return json.loads((html.parent / ".doctrees" / "page-weight.json").read_text(encoding="utf8"))["sheets"]


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without formulas, and with still figures: nothing comes while it is looked at."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.route("**/mathjax/**", lambda route: route.abort())
    page.route("**/_static/live/**", lambda route: route.abort())
    yield page
    context.close()


@pytest.mark.parametrize(
    ("name", "width", "scheme", "media"),
    [
        ("index", 1280, "light", "screen"),
        ("index", 390, "dark", "screen"),
        ("communication/bb84", 1280, "dark", "screen"),
        ("communication/bb84", 800, "light", "print"),
        ("learning/qsvm", 390, "light", "screen"),
        ("appendix/claims", 390, "dark", "screen"),
        ("appendix/glossary", 1280, "light", "screen"),
        ("course_map", 390, "light", "screen"),
        ("search", 1280, "dark", "screen"),
        ("genindex", 390, "light", "screen"),
        ("appendix/api/generated/qlearn.qubits.superposition", 390, "dark", "screen"),
    ],
)
def test_the_one_sheet_makes_a_page_look_as_all_sheets_do(
    plain: Page, site: str, sheets: list[str], name: str, width: int, scheme: str, media: str
):
    plain.emulate_media(media=media, color_scheme=scheme)
    plain.set_viewport_size({"width": width, "height": 900})
    plain.goto(f"{site}/{name}.html", wait_until="load")
    seen, differ = plain.evaluate(LOOKS, sheets)
    assert seen > 50
    assert differ == []


def test_a_rule_that_the_one_sheet_lacks_is_seen(plain: Page, site: str, sheets: list[str]):
    def without(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=re.sub(r"\.bd-sidebar[^{}]*\{[^}]*\}", "", answer.text(), count=3)
        )

    plain.route("**/book.css*", without)
    plain.goto(f"{site}/index.html", wait_until="load")
    assert plain.evaluate(LOOKS, sheets)[1]


def test_a_page_that_may_keep_nothing_is_whole(browser: Browser, site: str):
    """In some private windows the storage throws at each touch."""
    context = browser.new_context()
    context.add_init_script(
        "for (const kind of ['localStorage', 'sessionStorage']) Object.defineProperty(window, kind, "
        "{configurable: true, get() { throw new DOMException('The operation is insecure.', 'SecurityError'); }});"
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/mathjax/**", lambda route: route.abort())
    page.goto(f"{site}/index.html", wait_until="load")
    for _ in range(3):
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
        page.locator("button.theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert wrong == []
    context.close()
