"""Every page of the built book, unfolded in a browser on a desk, by day and in the dark, and on a phone."""

import statistics
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
"""A small phone; and that desk for who has enlarged it to 400 %."""

# The theme's sidebar has an empty <summary> beside each section that folds; it is the theme's to mend.
KNOWN_OF_THE_THEME = {"summary-name"}
GRAVE = {"serious", "critical"}

# What axe is to tell: it describes each element that passes, too, unless told not to, and that takes as long again.
TELL = {"preload": False, "resultTypes": ["violations"]}

# What hangs on colours, of a text on its ground and of a link among words, is asked by day and in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]

# Contrast is a matter of two colours, a size and a weight. A chapter says some five thousand texts in forty such
# manners: marked is the first of each that a reader sees, in each part of the page, and axe looks at those.
FIRSTS = r"""() => {
  const grounds = new Map(), seen = new Set();
  const ground = node => {
    if (!node) return '';
    if (!grounds.has(node)) {
      const {backgroundColor, backgroundImage, opacity} = getComputedStyle(node);
      const clear = backgroundColor === 'rgba(0, 0, 0, 0)' && backgroundImage === 'none' && opacity === '1';
      const behind = ground(node.parentElement);
      grounds.set(node, clear ? behind : [backgroundColor, backgroundImage, opacity, behind].join(' on '));
    }
    return grounds.get(node);
  };
  document.querySelectorAll('[data-first]').forEach(node => node.removeAttribute('data-first'));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    // (of one letter, or of points alone, axe does not judge the colour: it would stand for all that follow)
    if (!/[\p{L}\p{N}].*[\p{L}\p{N}]/su.test(texts.currentNode.data)) continue;
    if (node.closest('script, style, mjx-assistive-mml')) continue;
    if (!node.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(node), link = node.closest('a');
    const part = node.closest('article, header, footer, nav, aside, .bd-sidebar')?.className;
    const lines = link && [node === link, getComputedStyle(link).textDecorationLine, getComputedStyle(link).borderBottom,
      getComputedStyle(link.parentElement).color, link.closest('p, li, dt, dd, td')?.textContent === link.textContent];
    const manner = JSON.stringify([color, ground(node), fontSize, fontWeight, textShadow, part, lines]);
    if (!seen.has(manner)) [node, link ?? node].forEach(first => first.setAttribute('data-first', ''));
    seen.add(manner);
  }
  return seen.size;
}"""

# Before axe looks, of words of code and of formulas that stand alike in the page the first stays as it is; the
# others lose their inner elements. A page of twenty thousand elements has three thousand afterwards, and no fewer
# manners of writing: a manner comes from classes and styles, and what differs in one of them is not alike. (An element
# with any other attribute stays. Axe reads no formula: FACTS asks for their colour.)
CODE, FORMULAS = ".highlight pre :not([id])", "mjx-container"
THIN = r"""what => {
  const seen = new Set(), ways = new Map([[null, '']]);
  const way = node => {
    if (!ways.has(node)) {
      const tells = ({name}) => /^(class|style)$/.test(name) || (name === 'id' && node.closest('pre'));
      const own = [...node.attributes].filter(tells).map(({name, value}) => name + value);
      ways.set(node, [node.tagName, ...own, way(node.parentElement)].join(' '));
    }
    return ways.get(node);
  };
  for (const node of document.querySelectorAll(what)) {
    const alike = way(node), formula = node.matches('mjx-container');
    const plain = [...node.attributes].every(({name}) => name === 'class' || name === 'style');
    if (!seen.has(alike)) seen.add(alike);
    else if (formula) node.replaceChildren();
    else if (plain) node.replaceWith(...node.childNodes);
  }
  document.querySelectorAll('.highlight pre').forEach(node => node.normalize());
}"""

# A click on each solution, where a mouse would meet it; told is which were not hidden before or not seen after.
UNFOLD = r"""() => {
  const solutions = [...document.querySelectorAll('.exercise details')].filter(it => /solution/i.test(it.textContent));
  const seen = node => node.checkVisibility({visibilityProperty: true}) && node.getBoundingClientRect().height > 0;
  const wrong = solutions.filter(solution => {
    const code = solution.querySelector('pre'), words = [...solution.querySelectorAll('p')].at(-1);
    const summary = solution.querySelector('summary'), early = seen(code);
    summary.scrollIntoView({block: 'center', behavior: 'instant'});
    const {x, y, width, height} = summary.getBoundingClientRect();
    document.elementFromPoint(x + width / 2, y + height / 2)?.click();
    return early || !seen(code) || !seen(words);
  });
  document.querySelectorAll('article details').forEach(node => node.open = true);
  return [solutions.length, wrong.map(solution => solution.textContent)];
}"""

READY = """async () => {
  if (document.querySelector('.math')) { await window.MathJax.startup.promise; }
  await Promise.all([...document.images].map(image => {
    image.loading = 'eager';
    return image.decode().catch(() => {});
  }));
}"""

FACTS = r"""() => {
  const article = document.querySelector('article.bd-article') || document.body;
  const prose = article.cloneNode(true);
  prose.querySelectorAll('pre, code, mjx-container, script').forEach(node => node.remove());
  const name = image => image.getAttribute('src');
  const images = [...document.images];
  return {
    unrendered: [...article.querySelectorAll('.math')].filter(m => !m.querySelector('mjx-container')).map(m => m.textContent),
    own_colour: [...article.querySelectorAll('mjx-container, mjx-container mjx-math')].filter(m =>
      getComputedStyle(m).color !== getComputedStyle(m.closest('mjx-container').parentElement).color).map(m => m.textContent),
    wrong_math: [...document.querySelectorAll('mjx-merror, [data-mjx-error]')].map(m => m.textContent),
    raw: prose.innerText.match(/\\\(|\\\[|\$\$|\{(ref|doc|cite|glue|numref|math)[:\w]*\}|\{\{|\}\}|\bnp\.\w+\(/g) || [],
    raw_output: [...article.querySelectorAll('.cell_output pre')].flatMap(
      n => n.textContent.match(/\bnp\.(int|float|complex|str|bool|True|False)\w*\(/g) || []),
    broken: images.filter(i => i.naturalWidth === 0).map(name),
    unnamed: images.filter(i => !i.alt || /_images\/|\.png$|\{[\w:]+\}`/.test(i.alt)).map(name),
    failed_cells: [...article.querySelectorAll('.output.traceback, .cell_output .stderr')].map(n => n.textContent),
    title: document.title,
    figures: images.filter(i => i.closest('figure') && i.checkVisibility() && i.getAttribute('width') > 400).map(i => i.width),
    jumping: images.filter(i => i.closest('.cell_output') && !(i.getAttribute('width') && i.getAttribute('height'))).map(name),
    without_twin: [...article.querySelectorAll('.cell_output .picture')].filter(p =>
      p.querySelectorAll('img.only-light').length !== 1 || p.querySelectorAll('img.only-dark').length !== 1).length,
    both_seen: [...article.querySelectorAll('.picture')].filter(p =>
      [...p.children].filter(i => i.checkVisibility()).length > 1).length,
    too_wide: document.documentElement.scrollWidth - window.innerWidth,
  };
}"""

# Of the page, on which the dark twins of the figures lie (`tools/sphinx/pictures.py`).
GROUND = "getComputedStyle(document.body).backgroundColor"
# Letters of a full line, for each long paragraph of running text (a formula is no letters: such paragraphs are left out).
LETTERS = r"""() => [...document.querySelectorAll('article.bd-article section > p')].filter(
  p => p.textContent.length > 300 && !p.querySelector('.math') && p.checkVisibility()).map(p => {
    const range = document.createRange();
    range.selectNodeContents(p);
    const {left, right, height} = p.getBoundingClientRect(), ends = [...range.getClientRects()].at(-1).right;
    const lines = Math.round(height / parseFloat(getComputedStyle(p).lineHeight));
    return p.innerText.length / (lines - 1 + (ends - left) / (right - left));
  })"""


def complaints(page: Page, site: str) -> list[str]:
    """Collect whatever goes wrong from now on: errors, requests that fail, requests to anywhere else."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda said: said.type == "error" and wrong.append(f"console: {said.text}"))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
    page.on(
        "response",
        lambda response: response.status >= 400 and wrong.append(f"{response.status}: {response.url}"),
    )
    page.on(
        "request",
        lambda request: (
            not request.url.startswith((site, "data:", "blob:")) and wrong.append(f"external: {request.url}")
        ),
    )
    return wrong


def grave(page: Page) -> list[str]:
    """What axe holds to be grave on a page, colours apart; of code alone is thinned what stands alike."""
    page.evaluate(THIN, CODE)
    rules = {rule: {"enabled": False} for rule in COLOURS}
    found = Axe().run(page, options={**TELL, "rules": rules}).response["violations"]
    return [
        f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes']]}"
        for v in found
        if v["impact"] in GRAVE and v["id"] not in KNOWN_OF_THE_THEME
    ]


def hard_to_read(page: Page) -> list[str]:
    """Elements of too little contrast, one for each manner of writing."""
    page.evaluate(THIN, f"{CODE}, {FORMULAS}")
    assert page.evaluate(FIRSTS)
    options = {**TELL, "runOnly": COLOURS}
    found = Axe().run(page, context={"include": [["[data-first]"]]}, options=options).response["violations"]
    return [node["html"][:160] for violation in found for node in violation["nodes"]]


def unfold(page: Page) -> int:
    """Open all that is folded; return how many solutions there are, each of which a click must show."""
    count, wrong = page.evaluate(UNFOLD)
    assert wrong == []
    return count


def darken(page: Page) -> None:
    """Do what the reader's machine does in the evening; the book follows it until told otherwise."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")


def test_page_is_whole(root: Path, page: Page, site: str, page_name: str, load: Callable[[str], ModuleType]):
    wrong = complaints(page, site)
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/{page_name}.html")
    page.evaluate(READY)
    chapter = root / "book" / f"{page_name}.ipynb"
    assert unfold(page) == (chapter.read_text(encoding="utf8").count(".reveal()") if chapter.exists() else 0)
    for size in (
        PHONE,
        SMALLEST,
        DESK,
    ):  # in one visit: what is loaded is the same, what changes is the layout
        page.set_viewport_size(size)
        facts = page.evaluate(FACTS)
        assert facts.pop("title")
        figures = facts.pop("figures")
        if size == PHONE:  # as wide as the probe of `conftest.py` counts on, which looks for small letters
            assert figures == pytest.approx([load("tools/figures.py").FIGURE] * len(figures), abs=1)
        elif size == DESK:  # a line of 65 to 75, one paragraph by chance a little more or less
            letters = page.evaluate(LETTERS)
            assert all(60 <= line <= 80 for line in letters), letters
            assert len(letters) < 3 or 65 <= statistics.median(letters) <= 75
        assert facts.pop("too_wide") <= 0, f"{page_name} scrolls sideways at {size['width']} px"
        assert {what: found for what, found in facts.items() if found} == {}
    assert grave(page) == []  # of the whole page, before its formulas are emptied
    assert hard_to_read(page) == []
    darken(page)
    assert hard_to_read(page) == []
    assert page.evaluate(GROUND) == "rgb({}, {}, {})".format(*load("tools/sphinx/pictures.py").GROUND)
    facts = page.evaluate(FACTS)
    assert (facts["own_colour"], facts["both_seen"]) == ([], 0)
    assert wrong == []


@pytest.mark.parametrize("what", ["mjx-container", "mjx-math"])
def test_a_formula_of_another_colour_than_its_words_is_seen(page: Page, site: str, what: str):
    page.goto(f"{site}/qubits/superposition.html")
    page.evaluate(READY)
    assert page.evaluate(FACTS)["own_colour"] == []
    page.locator(what).last.evaluate("node => node.style.color = '#e8e8e8'")
    assert page.evaluate(FACTS)["own_colour"]


def test_a_solution_that_a_click_does_not_show_is_seen(page: Page, site: str):
    page.goto(f"{site}/qubits/superposition.html")
    page.evaluate(READY)
    for where, style in {
        "pre": "display: none",
        "p": "visibility: hidden",
        "summary": "pointer-events: none",
        "div": "content-visibility: hidden",
    }.items():
        part = page.locator(f".exercise details {where}").last
        page.evaluate("document.querySelectorAll('details').forEach(node => node.open = false)")
        part.evaluate("(node, style) => node.setAttribute('style', style)", style)
        assert len(page.evaluate(UNFOLD)[1]) == 1, where
        part.evaluate("node => node.removeAttribute('style')")
    assert len(page.evaluate(UNFOLD)[1]) == page.evaluate(UNFOLD)[0] > 0  # they were open already


@pytest.mark.parametrize("words", ["{glue:text}", "np.int64(9)", "np.float64(0.5)"])
def test_a_number_that_was_pasted_raw_is_seen(page: Page, site: str, words: str):
    page.goto(f"{site}/how_to_run.html")
    page.evaluate(READY)
    assert page.evaluate(FACTS)["raw"] == []
    page.evaluate("words => document.querySelector('article p').append(words)", words)
    assert len(page.evaluate(FACTS)["raw"]) == 1


def test_an_output_that_shows_the_type_of_its_numbers_is_seen(page: Page, site: str):
    page.goto(f"{site}/qubits/superposition.html")
    page.evaluate(READY)
    assert page.evaluate(FACTS)["raw_output"] == []
    page.evaluate("document.querySelector('.cell_output pre').append('{1: np.int64(3)}')")
    assert page.evaluate(FACTS)["raw_output"] == ["np.int64("]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("where", "style"),
    [
        (".highlight c-k", "color: #888"),
        ("article p", "background: #777; color: #666"),
        ("article p", "opacity: 0.4"),
        ("article p a", "color: #888"),
        ("article p a", "color: #444; text-decoration: none"),
    ],
)
def test_one_pale_word_among_thousands_is_seen(page: Page, site: str, where: str, style: str, theme: str):
    page.goto(f"{site}/how_to_run.html")
    if theme == "dark":
        darken(page)
        style = style.replace("#888", "#555").replace("#444", "#bbb")
    if "text-decoration" in style:  # a link that no words surround is no fault, and shields none
        alone = f"<p><a href='index.html' style='{style}'>Alone</a></p>"
        page.locator("h1").first.evaluate(
            "(title, alone) => title.insertAdjacentHTML('afterend', alone)", alone
        )
    page.locator(where).last.evaluate("(node, style) => node.setAttribute('style', style)", style)
    found = hard_to_read(page)
    assert any(style in line for line in found), found
