"""Every live figure in a page of its own: hands, keys, screens, colours, addresses, and what happens when something fails."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import networkx as nx
import pytest
from axe_playwright_python.sync_playwright import Axe
from docutils import nodes
from playwright.sync_api import Page

from qlearn.learning.optimisation import qaoa

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
    // (what a bad address asked for is told as it was, and the letters of a picture's data spell anything)
    nan: figure.querySelector('.live').innerHTML.replaceAll(/asked for .{0,600}?, which cannot be/g, '')
      .replaceAll(/data:image[^"]*/g, '').match(/NaN|undefined|Infinity/g) ?? [],
    says: figure.querySelector('.live-says').textContent,
    still: [...figure.querySelectorAll('.picture img')].filter(seen).map(image => image.className),
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
        assert found["still"] == []
        # What the light shows the dark shows, and axe finds nothing in either.
        results = Axe().run(page, context="figure", options={"preload": False, "resultTypes": ["violations"]})
        assert [
            (v["id"], [n["html"][:120] for n in v["nodes"]]) for v in results.response["violations"]
        ] == []


TABLED = [
    name for name in USED if "make('table'" in (LIVE / f"{name.partition('--')[0]}.mjs").read_text("utf8")
]


@pytest.mark.parametrize("name", TABLED)
@pytest.mark.parametrize("width", [1000, 800, 720, 640, 390, 320])
def test_a_table_beside_a_picture_is_not_cut(show: Callable[..., Page], name: str, width: int):
    page = show(name)
    page.set_viewport_size({"width": width, "height": 900})
    tables = page.locator(".live table")
    more = tables.evaluate_all("all => all.map(table => table.scrollWidth - table.clientWidth)")
    assert more
    assert max(more) <= 1


@pytest.mark.parametrize("name", USED)
def test_the_still_picture_comes_back_and_is_what_is_printed(show: Callable[..., Page], name: str):
    page = show(name)
    image, panel = page.locator("figure img.only-light").first, page.locator("figure .live")
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
    assert (
        facts(show(name, quote(query.removeprefix("?"), safe="=&")))["says"] == then
    )  # (a plus is no space)
    page.get_by_role("button", name="Begin again").click()
    assert settled(page) == ""
    assert facts(page)["says"] == said


DRAGGED = sorted(
    name
    for name in USED
    if re.search(r"frame\.handle\(|grip\(frame", (LIVE / f"{name.partition('--')[0]}.mjs").read_text("utf8"))
    if name != "kernel--concentration"  # its other figure has handles
)


@pytest.mark.parametrize("name", DRAGGED)
def test_a_finger_drags_and_the_page_stays(show: Callable[..., Page], name: str):
    """On a touch screen of 390 px, with fingers as the browser has them: a page that scrolls would take the drag away."""
    page = show(name)
    page.set_viewport_size({"width": 390, "height": 700})
    page.evaluate("document.body.style.minHeight = '3000px'")
    handle = page.locator(".live-handle").first
    handle.scroll_into_view_if_needed()
    page.evaluate(
        """handle => {
          window.told = [];
          for (const kind of ['pointerup', 'pointercancel']) handle.addEventListener(kind, () => window.told.push(kind));
        }""",
        handle.element_handle(),
    )
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for k in range(1, 8):
        touch("touchMove", {"x": x + 4 * k, "y": y - 10 * k})
    touch("touchEnd")
    page.wait_for_timeout(100)
    assert page.evaluate("window.told") == ["pointerup"]  # a page that scrolls cancels


def test_a_figure_that_wakes_does_not_speak(window, show: Callable[..., Page]):
    page = show("shift", until="")
    page.wait_for_selector("figure .live", state="attached")
    told = page.locator(".live-voice")
    assert told.text_content() == facts(page)["says"]  # it can be read at once ...
    page.evaluate(
        "voice => new MutationObserver(() => { window.spoke = true; }).observe(voice, {childList: true})",
        told.element_handle(),
    )
    page.wait_for_timeout(650)
    assert page.evaluate("window.spoke") is None  # ... and is not called out until a hand has moved something
    page.locator(".live-handle").press("ArrowRight")
    page.wait_for_timeout(650)
    assert page.evaluate("window.spoke") is True
    assert page.locator("figure .live").get_attribute("aria-label") == "Live: Fig. 1.1"


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
        asked = re.search(r"asked for (.*?), which cannot be", found["says"])
        assert asked is not None, (bad, found)
        # Each of them is told, not the last one alone.
        told = [part.partition(" = ")[0] for part in asked[1].split(", ")]
        assert told == keys if bad else set(told) <= set(keys), (bad, found)  # (a word may be empty)
        page.close()


@pytest.mark.parametrize("name", USED)
def test_fingers_and_keys_move_what_can_be_dragged(show: Callable[..., Page], name: str):
    page = show(name)
    for handle in page.locator(".live-handle").all():
        assert handle.get_attribute("aria-valuetext")
        assert handle.get_attribute("aria-label")
        # (a slider's value grows upwards as it grows to the right; where it is at an end the other way is left)
        for keys in (("ArrowRight", "ArrowLeft", "ArrowLeft"), ("ArrowUp", "ArrowDown", "ArrowDown")):
            before = page.inner_html(".live-stages")
            for key in keys:
                handle.press(key)
                if page.inner_html(".live-stages") != before:
                    break
            else:
                raise AssertionError(f"{handle.get_attribute('aria-label')}: none of {keys} moves it")
        before = page.inner_html(".live-stages")
        box = handle.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        for k in range(1, 9):
            page.mouse.move(box["x"] + box["width"] / 2 + 6 * k, box["y"] + box["height"] / 2 + 5 * k)
        page.mouse.up()
        assert page.inner_html(".live-stages") != before
    # What hands, keys and then each button made of it is a setting that a link can hold.
    for _ in range(2):
        query, said = quote(settled(page).removeprefix("?"), safe="=&"), facts(page)["says"]
        assert facts(show(name, query))["says"] == said
        for button in page.query_selector_all(".live-knobs button"):
            if button.is_visible() and button.is_enabled():
                button.click()


def test_a_figure_that_fails_leaves_its_still_picture(window, show: Callable[..., Page]):
    name = FIGURES[0]
    page = show(name)
    page.route(f"**/live/{name}.mjs*", lambda route: route.abort())
    with page.expect_console_message(lambda said: "its still picture stays" in said.text):
        page.reload()
    assert page.locator("figure img.only-light").is_visible()
    assert page.locator(".caption-text").is_visible()
    assert page.locator(".live").count() == 0
    show.wrong.clear()  # what it said is what was wanted


def test_without_scripts_the_still_picture_stands(browser, show: Callable[..., Page]):
    context = browser.new_context(java_script_enabled=False)
    kept, show.context = show.context, context
    page = show(FIGURES[0], until="")
    assert page.locator("figure img.only-light").is_visible()
    assert page.locator(".caption-text").is_visible()
    context.close()
    show.pages.clear()
    show.context = kept


def test_a_number_with_a_tail_is_no_number(show: Callable[..., Page]):
    said = facts(show("bloch", "bloch.theta=1abc&bloch.phi=1e400"))["says"]
    assert "asked for theta = 1abc, phi = 1e400, which cannot be" in said
    assert "θ = 60°, φ = 30°" in said


def test_two_figures_of_one_module_keep_their_settings_apart(show: Callable[..., Page]):
    page = show("kernel", "kernel.map=rbf&kernel-2.map=none&kernel-2.bandwidth=5")
    page.evaluate(
        """async () => {
          const second = document.createElement('figure');
          second.className = 'live-kernel--concentration';
          second.innerHTML = '<img alt="x"><figcaption><p><span class="caption-text">x</span></p></figcaption>';
          document.querySelector('figure').after(second);
          await (await import('/_static/live/start.mjs')).wake(second);
        }"""
    )
    second = page.locator("figure").nth(1)
    assert "cannot be" not in second.locator(".live-says").text_content()
    second.get_by_label("Bandwidth").press("ArrowRight")
    assert sorted(settled(page)[1:].split("&")) == [
        "kernel-2.bandwidth=6",
        "kernel-2.map=none",
        "kernel.map=rbf",
    ]


def test_the_link_after_a_gate_opens_as_it_was(show: Callable[..., Page]):
    page = show("bloch")
    for name in ("RX 30°", "T", "RY 30°"):  # the phase of the whole is no whole number of degrees now
        page.get_by_role("button", name=name, exact=True).click()
    query, said = settled(page).removeprefix("?"), facts(page)["says"]
    assert facts(show("bloch", query))["says"] == said


def test_a_figure_that_fails_in_the_hand_gives_its_still_picture_back(show: Callable[..., Page]):
    page = show("shift")
    with page.expect_console_message(lambda said: "its still picture comes back" in said.text):
        page.evaluate("""() => {
          SVGElement.prototype.replaceChildren = () => { throw new Error('no'); };
          const knob = document.querySelector('.live-knobs input');
          knob.value = knob.min;
          knob.dispatchEvent(new Event('input', {bubbles: true}));
        }""")
    assert page.locator("figure img.only-light").is_visible()
    assert page.locator(".live").count() == 0
    show.wrong.clear()  # what it said is what was wanted


def test_a_page_that_must_keep_its_address_and_has_no_clipboard(show: Callable[..., Page]):
    page = show("shift")
    page.evaluate("""() => {
      history.replaceState = () => { throw new DOMException('no', 'SecurityError'); };
      Object.defineProperty(navigator, 'clipboard', {value: undefined});
    }""")
    page.locator(".live-handle").press("ArrowRight")
    assert settled(page) == ""
    page.get_by_role("button", name="Link to this setting").click()
    assert page.get_by_role("button", name="No link can be made here").is_visible()
    # The next setting is another one: the button offers its link anew.
    page.locator(".live-handle").press("ArrowRight")
    assert page.get_by_role("button", name="Link to this setting").is_visible()


@pytest.mark.parametrize(
    ("name", "query", "said", "unsaid"),
    [
        ("bloch", "theta=0", "any φ", "°."),
        ("bloch--shots", "theta=1.5707963&phi=0&log=1", "X is sure: no luck is left", "stray"),
        ("bloch--shots", "theta=0.01&log=4", "5.0 × 10⁻⁵", "0.000."),
        ("bloch--shots", "log=4", "Z ± 0.0043, X ± 0.0025, Y ± 0.0050", "× 10"),
        ("bloch--shots", "log=0&seed=3", "of the counted ones to 3.00", "stray"),
        ("bloch--shots", "theta=0.9553166&phi=0.7853982", "no question is a coin", "is sure:"),
        ("bloch", "did=hzh", "H, then Z, then H: together the same as X.", "hands"),
        ("bloch", "did=xy", "the same as Z, with both hands turned by −90° besides", "arrow back"),
        ("bloch", "did=aaaaaaaaaaaa", "RX 30° (12 times): together they bring the arrow back", "nothing"),
        ("bloch", "did=aaa", "a turn by 90° about x", "The last"),
        ("bloch", "did=h&gamma=0.52359878", "Since then you have turned both hands by 30°", "Press"),
        ("bloch", "did=h&gamma=0.5&left=0.5", "H: half a turn", "Since then"),
        ("bloch", "gamma=0.52359878", "Both hands are turned by 30° together", "Since then"),
        ("prior", "from=0.3&to=0.2", "“From” stands above “to”", "from 0.30 to 0.20"),
        ("prior", "from=0.2&to=0.3", "told that p lies from 0.20 to 0.30", "stands above"),
        ("bloch", "did=h", "H: half a turn about the axis half way", "The last"),
        ("bloch", "did=ss", "S (twice): together the same as Z.", "hands"),
        ("bloch", "did=aaaaaaaaaaaaaaaaaaaaaaaa", "together they do nothing", "hands"),
        ("noise", "channel=bit_flip&p=0.99&steps=20", "as large as with strength 0.01", "loses nothing"),
        ("noise", "channel=bit_flip&p=1&steps=2", "over and back and loses nothing", "More often"),
        ("noise", "channel=amplitude_damping&p=0.99&theta=1.57", "towards |0⟩", "nothing is left"),
        ("noise", "channel=amplitude_damping&p=1", "nothing is left of what was sent", "Go on"),
        ("noise", "channel=amplitude_damping&p=0", "nothing happens", "drawn towards"),
        ("noise", "steps=6", "shortest after step 2 (0.659)", "Go on"),
        ("chsh", "a0=15&a1=105&b0=60&b1=-30", "All four are turned by 15°", "play more"),
        ("chsh", "b0=60&b1=-30", "expected 2.732", "All four"),
        ("chsh", "who=mine", "can it lose none, or two?", "±"),
        ("chsh", "who=mine&list=0100", "stays odd", "±"),
        ("teleportation", "step=1", "turn what is sent, and watch his dot", "has not moved"),
        ("teleportation", "step=1&theta=1.2", "the centre, whatever is sent", "Without the call"),
        ("teleportation", "step=1&theta=0", "one of two arrows as Bob’s (for this state Φ⁻ leaves", "four"),
        ("noisy_pair", "pair=phase&F=0.25", "at least as well", "Z makes"),
        ("noisy_pair", "pair=phase&F=0.25&z=1", "0.75 after the Z", "at least as well"),
        ("noisy_pair", "pair=white&F=0.7&z=1", "0.10 after the Z", "larger part"),
        ("bb84", "how=X&share=0.5", "would still keep 0.19 of each bit", "no key"),
        ("bb84", "share=0.44", "would still keep 1.7 × 10⁻⁴ of each bit", "0.00 of"),
        ("bb84", "share=0.5", "no key by plain one-way", "keep"),
        ("federated--keys", "clients=3&log=1", "costs each client 4.7 ms of key", "0.0"),
        ("network", "scale=0.2&werner=0.9&by=distance&cut=p", "carry 8,900 times", "8900"),
        ("shift", "gate=crx&rule=shift&theta=3.14159265", "Exact here, but not at most angles. A", "chance"),
        ("qaoa", "gamma=-0.5&beta=0.3", "a best cut with chance less than 0.1", "chance 0.0"),
        ("noise", "channel=depolarising&steps=0", "Nothing has acted yet", "shrink"),
        ("channel_border", "mx=1&my=1&mz=0", "answer of chance −0.250", "A channel"),
        ("channel_border", "mx=-0.33&my=-0.33&mz=-0.33", "A channel", "lies in the ball"),
        ("channel_border", "mx=-0.34&my=-0.34&mz=-0.34", "a third as long, no longer", "A channel"),
        ("channel_border", "mx=1&my=-1&mz=1", "the factors of x and y must be equal", "A channel"),
        ("channel_border", "map=times&t1=4&t2=9&wait=300", "too small to be shown", "A channel"),
        ("channel_border", "map=times&t1=4&t2=9&wait=0", "nothing has happened yet", "A channel"),
        ("channel_border", "map=times&t1=200&t2=400", "stands there", "nearly"),
        ("channel_border", "map=times&t1=200&t2=399", "nearly stands there", "Not a channel"),
        ("channel_border", "map=times&t1=150&t2=301&wait=1", "chance −5.5 × 10⁻⁶", "chance 0.000"),
        ("kernel", "map=rbf&bandwidth=1.5", "classifies 97 of 100", "They were made"),
        ("kernel", "data=fringes", "classifies 100 of 100", "is off by"),
        ("kernel", "data=fringes&bandwidth=1.05", "its belief is off by 5 %", "classifies 100"),
        ("kernel", "see=machine", "classifies 63 of 100", "mean likeness"),
        (
            "kernel--concentration",
            "map=none&bandwidth=0&log=2.5",
            "counting blurs at 4, 7 qubits",
            "qubits on",
        ),
        ("kernel--concentration", "map=none&bandwidth=0&log=1", "at every number of qubits", "stands out"),
        ("kernel--concentration", "log=4.5", "stands out at every number of qubits", "open"),
        ("kernel--concentration", "map=wires&log=2", "blurred by 0.10 at most", "open"),
        ("shift", "rule=difference&step=0.052359878&shots=0", "off by", "by 0.000"),
        ("shift", "rule=difference&step=1.5707963", "No number of shots", "to 0.05 takes"),
        ("shift", "rule=shift&step=1.5707963", "exact; with 100 shots each, ± 0.06", "off by"),
        ("qaoa", "kept=1.000_1.0002.000_2.000", "kept = 1.000_1.0002.000_2.0, which cannot be", "NaN"),
    ],
)
def test_what_is_said_at_the_corners(
    show: Callable[..., Page], name: str, query: str, said: str, unsaid: str
):
    plain_name = name.partition("--")[0]
    found = facts(show(name, "&".join(f"{plain_name}.{one}" for one in query.split("&"))))
    assert said in found["says"]
    assert unsaid not in found["says"]
    assert found["nan"] == []


def test_a_climb_ends_on_a_top_from_wherever_it_begins(show: Callable[..., Page]):
    """The four tops of one layer on the Petersen graph, of equal height: 15 (1 + 2 / 3 sqrt(3)) / 2 edges."""
    height = 15 * (1 + 2 / 3**1.5) / 2
    for begin in (
        "gamma=0&beta=0",
        "gamma=3.1&beta=-0.7",
        "gamma=1.6&beta=-0.4",
        "gamma=-3.1415927&beta=0.78539816",
    ):
        page = show("qaoa", "&".join(f"qaoa.{one}" for one in begin.split("&")))
        page.get_by_role("button", name="Climb with this layer").click()
        assert f"on average {height:.2f} of 15" in facts(page)["says"]
    # A layer that does nothing yet stands on a pass: from there, too.
    page.get_by_role("button", name="Keep this layer").click()
    assert f"2 layers: on average {height:.2f} of 15" in facts(page)["says"]
    page.get_by_role("button", name="Climb with this layer").click()
    second = float(re.search(r"average ([\d.]+) of", facts(page)["says"])[1])
    assert second > height + 0.3
    assert "The new layer does nothing yet" not in facts(page)["says"]
    # And what was kept comes back as it was.
    page.get_by_role("button", name="Take the last away").click()
    assert f"1 layer: on average {height:.2f} of 15" in facts(page)["says"]


def test_all_layers_together_find_what_the_library_finds(show: Callable[..., Page]):
    """Two layers of the Petersen graph: more than layer by layer, and the first layer turns back."""
    best = max(qaoa(nx.petersen_graph(), 2, rng=seed).energy for seed in range(3))
    page = show("qaoa")
    for button in ("Climb with this layer", "Keep this layer", "Climb with this layer"):
        page.get_by_role("button", name=button).click()
    said = facts(page)["says"]
    alone = float(re.search(r"average ([\d.]+) of", said)[1])
    first = float(re.search(r"γ (−?[\d.]+), ", said)[1])
    page.get_by_role("button", name="Climb with all layers").click()
    said = facts(page)["says"]
    together = float(re.search(r"average ([\d.]+) of", said)[1])
    assert together == pytest.approx(best, abs=0.01)
    assert together > alone + 0.05
    angles = [float(one.replace("−", "-")) for one in re.search(r"γ (.+?), (.+?); β", said).groups()]
    assert abs(angles[0]) < abs(first) < abs(angles[1])


@pytest.mark.parametrize("name", DRAGGED)
def test_home_and_end_go_to_the_least_and_the_most(show: Callable[..., Page], name: str):
    page = show(name)
    for handle in page.locator(".live-handle").all():
        if not handle.is_visible():
            continue
        for key, end in (("End", "max"), ("Home", "min"), ("End", "max")):
            handle.press(key)
            now, least, most = (
                float(handle.get_attribute(f"aria-value{one}")) for one in ("now", "min", "max")
            )
            there = most if end == "max" and name != "chsh" else least  # (on a circle the two are one place)
            assert now == pytest.approx(there, abs=1e-2 * (most - least)), handle.get_attribute("aria-label")
            assert facts(page)["nan"] == []


@pytest.mark.parametrize("name", USED)
def test_on_a_phone_one_drawing_stands_above_the_knobs(show: Callable[..., Page], name: str):
    page = show(name)
    page.set_viewport_size({"width": 390, "height": 900})
    drawings = page.evaluate(
        "[...document.querySelector('.live-stages').children].map(one => one.getBoundingClientRect().top)"
    )
    knobs = page.evaluate("document.querySelector('.live-knobs').getBoundingClientRect().top")
    assert drawings[0] < knobs
    # The drawing takes the margins of the page, words stand in the column of the text, and the tools in one line.
    left, right = page.evaluate(
        "(box => [box.left, innerWidth - box.right])(document.querySelector('figure').getBoundingClientRect())"
    )
    assert left == pytest.approx(right, abs=1)
    column = page.evaluate(
        "['h1', '.live-says', 'figcaption p'].map(one => { const range = document.createRange();"
        " range.selectNodeContents(document.querySelector(one)); return range.getBoundingClientRect().left; })"
    )
    assert column == pytest.approx([column[0]] * 3, abs=1)
    tools = page.evaluate("[...document.querySelectorAll('.live-tools button')].map(one => one.offsetTop)")
    assert len(set(tools)) == 1
    if name != "network":  # its table is of one piece with the map: there the rules are pressed
        assert all(top > knobs for top in drawings[1:])


def test_the_hands_say_what_was_done_to_them_after_a_gate(show: Callable[..., Page]):
    page = show("bloch")
    page.get_by_role("button", name="S", exact=True).click()
    page.get_by_role("button", name="X", exact=True).click()  # X turns both hands: from there the hand counts
    assert "Since then" not in facts(page)["says"]
    before = page.locator(".live text").all_text_contents()
    page.get_by_label("Turn both hands").evaluate(
        "knob => { knob.value = +knob.value - Math.PI / 3; knob.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    said = facts(page)["says"]
    assert (
        "Since then you have turned both hands by −60°: the bars, and the arrow, stay as they were." in said
    )
    assert page.locator(".live text").all_text_contents() == before
    assert facts(show("bloch", settled(page).removeprefix("?")))["says"] == said


def test_a_number_of_two_digits_keeps_its_nought(show: Callable[..., Page]):
    told = show("fibre").evaluate(
        """async () => {
          const {power} = await import('/_static/live/format.mjs');
          return [0.2, 0.201, 0.23, 1, 9.96, 17, 99.7, 120, 8900, 0.00996, 3.2e-5].map(one => power(one))
            .concat([1, 0.1, 10].map(one => power(one, 0)), [1.7, 17.04, 2e-5].map(one => power(one, 2)));
        }"""
    )
    assert " | ".join(one.replace(" ", "") for one in told) == (
        "0.20 | 0.20 | 0.23 | 1.0 | 10 | 17 | 100 | 120 | 8,900 | 0.010 | 3.2×10⁻⁵ | 1 | 0.1 | 10 | 1.70 | 17.0 | 2.00×10⁻⁵"
    )
