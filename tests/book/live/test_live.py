"""Every live figure in a page of its own: hands, keys, screens, colours, addresses, and what happens when something fails."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from docutils import nodes
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[3]
LIVE = ROOT / "book" / "_static" / "live"
FIGURES = sorted(
    path.stem
    for path in LIVE.glob("*.mjs")
    if re.search(r"^export default", path.read_text(encoding="utf8"), re.M)
)
USED = sorted(
    {
        match
        for path in [*(ROOT / "book").glob("*/*.ipynb"), *(ROOT / "book").glob("*.md")]
        for match in re.findall(r"live-([a-z0-9_]+(?:--[a-z_]+)?)\b", path.read_text(encoding="utf8"))
        if match.partition("--")[0] in FIGURES
    }
)
HEAVIEST = 12_000
FACTS = r"""figure => {
  const seen = node => node.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const texts = [...figure.querySelectorAll('.live text')].filter(seen);
  const size = text => {
    const {a, b} = text.getScreenCTM();
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
  };
  const outside = texts.filter(text => {
    const box = text.getBoundingClientRect();
    const stage = text.ownerSVGElement.getBoundingClientRect();
    return box.width && (box.left < stage.left - 2 || box.right > stage.right + 2);
  });
  return {
    smallest: Math.min(99, ...texts.map(size)),
    outside: outside.map(text => text.textContent),
    too_wide: document.documentElement.scrollWidth - innerWidth,
    unnamed: [...figure.querySelectorAll('svg.live-stage')].filter(svg => !svg.getAttribute('aria-label')).length,
    // (what a bad address asked for is told as it was)
    nan: figure.querySelector('.live').innerHTML.replaceAll(/asked for .{0,60}?, which cannot be/g, '')
      .match(/NaN|undefined|Infinity/g) ?? [],
    says: figure.querySelector('.live-says').textContent,
    small_targets: [...figure.querySelectorAll('button, select, input')].filter(seen)
      .filter(node => node.closest('label, button').getBoundingClientRect().height < 24).map(node => node.outerHTML.slice(0, 90)),
  };
}"""


def facts(page: Page) -> dict:
    """What a reader sees of the figure."""
    return page.evaluate(f"({FACTS})(document.querySelector('figure'))")


def settled(page: Page) -> str:
    """The question part of the address, when the hand has rested."""
    page.wait_for_timeout(650)
    return page.evaluate("decodeURIComponent(location.search)")


def test_every_live_figure_stands_in_a_chapter_and_is_light():
    assert FIGURES
    assert {name.partition("--")[0] for name in USED} == set(FIGURES)
    heavy = {path.name: path.stat().st_size for path in LIVE.glob("*.mjs") if path.stat().st_size >= HEAVIEST}
    assert heavy == {}


def test_a_variant_keeps_its_two_hyphens(load: Callable):
    page = load("tools/sphinx/live_figures.py")
    # (the option of a directive makes one of them)
    document = nodes.document(None, None, "", nodes.figure(classes=["live-ledger-front", "align-center"]))
    page.mend_variants(None, document)
    assert document[0]["classes"] == ["live-ledger--front", "align-center"]
    assert page.names(document) == ["ledger"]


def test_every_port_is_replayed():
    tests = "\n".join(
        path.read_text(encoding="utf8") for path in Path(__file__).parent.glob("test_ports*.py")
    )
    lacking = []
    for path in (LIVE / "ports").rglob("*.mjs"):
        module = path.relative_to(LIVE / "ports").with_suffix("").as_posix()
        for name in re.findall(
            r"^export (?:function|const) ([a-z]\w*)", path.read_text(encoding="utf8"), re.M
        ):
            if not re.search(rf'"{module}",\s*"{name}"', tests):
                lacking.append((module, name))
    assert lacking == []


@pytest.mark.parametrize("name", USED)
def test_screens(show: Callable[..., Page], name: str):
    for theme, width in (("light", 1000), ("dark", 390), ("light", 320)):
        page = show(name, theme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        found = facts(page)
        assert found["too_wide"] <= 0, (width, found)
        assert found["outside"] == [], (width, found)
        assert found["nan"] == [], (width, found)
        assert found["smallest"] >= 9, (width, found["smallest"])
        assert found["unnamed"] == 0
        assert len(found["says"]) > 20
        assert found["small_targets"] == []
        # What the light shows the dark shows, and axe finds nothing in either.
        results = Axe().run(page, context="figure", options={"preload": False, "resultTypes": ["violations"]})
        assert [
            (v["id"], [n["html"][:120] for n in v["nodes"]]) for v in results.response["violations"]
        ] == []


@pytest.mark.parametrize("name", USED)
def test_the_still_picture_comes_back_and_is_what_is_printed(show: Callable[..., Page], name: str):
    page = show(name)
    image, panel = page.locator("figure img").first, page.locator("figure .live")
    assert panel.is_visible()
    assert not image.is_visible()
    page.get_by_role("button", name="Still picture").click()
    assert image.is_visible()
    assert page.locator(".caption-text").is_visible()
    # The way back stands beside it.
    page.get_by_role("button", name="Live figure").click()
    assert panel.is_visible()
    page.emulate_media(media="print")
    assert image.is_visible()
    assert not panel.is_visible()
    assert page.locator(".caption-text").is_visible()


@pytest.mark.parametrize("name", USED)
def test_hands_change_what_is_said_and_the_address_keeps_it(show: Callable[..., Page], name: str):
    page = show(name)
    assert settled(page) == ""
    said = facts(page)["says"]
    changed = page.evaluate(
        """figure => {
          const knob = figure.querySelector('.live-knobs :is(input[type=range], select, input[type=checkbox])');
          if (!knob) return false;
          if (knob.type === 'range') knob.value = +knob.value > (+knob.min + +knob.max) / 2 ? knob.min : knob.max;
          else if (knob.type === 'checkbox') knob.checked = !knob.checked;
          else knob.selectedIndex = (knob.selectedIndex + 1) % knob.options.length;
          knob.dispatchEvent(new Event('input', {bubbles: true}));
          return true;
        }""",
        page.query_selector("figure"),
    )
    if not changed:
        page.locator(".live-handle").first.press("ArrowRight")
    query = settled(page)
    plain_name = name.partition("--")[0]
    assert query.startswith(f"?{plain_name}.")
    then = facts(page)["says"]
    assert then != said
    assert page.locator(".live-voice").text_content() == then  # and it is told to who does not see it
    # Whoever gets the link sees the same.
    assert facts(show(name, query.removeprefix("?")))["says"] == then
    page.get_by_role("button", name="Begin again").click()
    assert settled(page) == ""
    assert facts(page)["says"] == said


@pytest.mark.parametrize("name", USED)
def test_an_address_out_of_range_is_put_right_and_said(show: Callable[..., Page], name: str):
    plain_name = name.partition("--")[0]
    page = show(name)
    keys = page.evaluate("document.querySelector('figure').dataset.keys").split(" ")
    assert keys
    for bad in ("1e9", "-1e9", "NaN", "<b>x</b>", "", "🦊", "__proto__"):
        page = show(name, "&".join(f"{plain_name}.{key}={quote(bad)}" for key in keys))
        found = facts(page)
        assert found["nan"] == [], (bad, found)
        assert "<b>" not in page.inner_html(".live"), bad
        assert "which cannot be" in found["says"], (bad, found)
        page.close()


@pytest.mark.parametrize("name", USED)
def test_fingers_and_keys_move_what_can_be_dragged(show: Callable[..., Page], name: str):
    page = show(name)
    for handle in page.locator(".live-handle").all():
        assert handle.get_attribute("aria-valuetext")
        assert handle.get_attribute("aria-label")
        before = page.inner_html(".live-stages")
        for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowDown", "ArrowDown"):
            handle.press(key)
            if page.inner_html(".live-stages") != before:
                break
        else:
            raise AssertionError(f"no arrow key moves {handle.get_attribute('aria-label')}")
        before = page.inner_html(".live-stages")
        box = handle.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        for k in range(1, 9):
            page.mouse.move(box["x"] + box["width"] / 2 + 6 * k, box["y"] + box["height"] / 2 + 5 * k)
        page.mouse.up()
        assert page.inner_html(".live-stages") != before


def test_a_figure_that_fails_leaves_its_still_picture(window, show: Callable[..., Page]):
    name = FIGURES[0]
    page = show(name)
    page.route(f"**/live/{name}.mjs*", lambda route: route.abort())
    with page.expect_console_message(lambda said: "its still picture stays" in said.text):
        page.reload()
    assert page.locator("figure img").is_visible()
    assert page.locator(".caption-text").is_visible()
    assert page.locator(".live").count() == 0
    show.wrong.clear()  # what it said is what was wanted


def test_without_scripts_the_still_picture_stands(browser, show: Callable[..., Page]):
    context = browser.new_context(java_script_enabled=False)
    kept, show.context = show.context, context
    page = show(FIGURES[0], until="")
    assert page.locator("figure img").is_visible()
    assert page.locator(".caption-text").is_visible()
    context.close()
    show.pages.clear()
    show.context = kept
