"""The pictures of the pages: their dark twins, their files, and what a browser makes of them."""

import os
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from docutils import nodes
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from playwright.sync_api import Page

from qlearn.plotting import COLORS, style
from tests.book.conftest import load_script

pictures = load_script("tools/sphinx/pictures.py")

STEM = "0123456789abcdef" * 4
colours = arrays(np.uint8, (20, 3), elements=st.integers(0, 255))


def rgb(name: str) -> np.ndarray:
    return np.array([[int(name[i : i + 2], 16) for i in (1, 3, 5)]])


def contrast(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The ratio of WCAG 2, by its own words: the larger luminance and .05 over the smaller and .05."""

    def light(colour: np.ndarray) -> np.ndarray:
        x = np.asarray(colour) / 255
        share = np.where(x <= 0.03928, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
        return 0.2126 * share[..., 0] + 0.7152 * share[..., 1] + 0.0722 * share[..., 2]

    high, low = np.maximum(light(one), light(other)), np.minimum(light(one), light(other))
    return (high + 0.05) / (low + 0.05)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def hue(colour: np.ndarray) -> float:
    """The angle in CIELAB (1976), which the map knows nothing of."""
    x = colour[0] / 255
    share = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ share
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return float(np.degrees(np.arctan2(200 * (f[1] - f[2]), 500 * (f[0] - f[1]))))


def test_paper_becomes_the_page_and_ink_white():
    made = pictures.darkened(np.array([[255, 255, 255], [0, 0, 0]]))
    assert made.tolist() == [list(pictures.GROUND), [255, 255, 255]]


@given(st.integers(0, 255))
def test_a_grey_keeps_its_contrast(level: int):
    grey = np.full((1, 3), level)
    wanted = min(contrast(grey, np.full(3, 255))[0], contrast(np.full(3, 255), np.array(pictures.GROUND)))
    assert contrast(pictures.darkened(grey), np.array(pictures.GROUND))[0] == pytest.approx(wanted, rel=0.04)


@given(colours)
def test_what_could_be_read_can_be_read(colours: np.ndarray):
    before = contrast(colours, np.full(3, 255))
    after = contrast(pictures.darkened(colours), np.array(pictures.GROUND))
    assert np.all(after > 0.96 * np.minimum(before, pictures.CONTRAST))


@pytest.mark.parametrize("name", [name for name in COLORS if name not in ("theory", "grey")])
def test_the_colours_of_the_book_keep_their_hue(name: str):
    turn = hue(pictures.darkened(rgb(COLORS[name]))) - hue(rgb(COLORS[name]))
    assert abs((turn + 180) % 360 - 180) < 20


def test_the_colours_of_the_book_stay_apart_for_red_blind_readers_too():
    # protanopia after Vienot, Brettel & Mollon (1999)
    to_lms = np.array(
        [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]]
    )
    blind = np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]])
    seen = {}
    for name in ("alice", "bob", "eve", "theory"):
        light = (pictures.darkened(rgb(COLORS[name]))[0] / 255) ** 2.2
        seen[name] = np.clip(np.linalg.inv(to_lms) @ blind @ to_lms @ light, 0, 1) ** (1 / 2.2)
    assert min(np.linalg.norm(seen[one] - seen[other]) for one, other in combinations(seen, 2)) > 0.2


@pytest.mark.parametrize("name", [name for name in COLORS if name not in ("theory", "grey")])
def test_the_rim_of_a_letter_is_between_the_page_and_the_letter(name: str):
    rim = np.rint(255 + np.linspace(0, 1, 21)[:, None] * (rgb(COLORS[name]) - 255))
    above = contrast(pictures.mapped(rim), np.array(pictures.GROUND))
    assert np.all(np.diff(above) > 0)
    assert np.array_equal(pictures.mapped(rim)[-1], pictures.darkened(rgb(COLORS[name]))[0])
    assert np.array_equal(pictures.mapped(rim)[0], pictures.GROUND)


def test_no_two_colours_of_the_book_come_near_each_other():
    lights = {name: pictures.darkened(rgb(value))[0].astype(int) for name, value in COLORS.items()}
    near = min(combinations(lights, 2), key=lambda pair: np.abs(lights[pair[0]] - lights[pair[1]]).max())
    assert np.abs(lights[near[0]] - lights[near[1]]).max() > 35, near


@pytest.mark.parametrize("name", COLORS)
def test_a_word_in_a_colour_of_the_book_is_as_readable_as_on_paper_or_more(name: str):
    before, after = rgb(COLORS[name]), pictures.darkened(rgb(COLORS[name]))
    on_page = contrast(after, np.array(pictures.GROUND))[0]
    assert on_page > 0.98 * min(4.5, contrast(before, np.full(3, 255))[0])
    assert on_page > 3.5


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / f"{STEM}.png"
    with plt.rc_context():
        style()
        figure, ax = plt.subplots()
        ax.plot([0, 1], [0, 1])
        ax.imshow(np.arange(12).reshape(3, 4), extent=(0, 0.5, 0.5, 1))
        figure.savefig(path, dpi=216)
        plt.close(figure)
    return path


def test_four_files_and_nothing_is_lost(drawn: Path, tmp_path: Path):
    pictures.make(drawn, tmp_path / "out")
    files = {path.name.removeprefix(f"{STEM[:16]}-"): path for path in (tmp_path / "out").iterdir()}
    assert set(files) == {"light-1x.webp", "light-2x.webp", "dark-1x.webp", "dark-2x.webp"}
    original = opened(drawn)
    assert np.array_equal(np.asarray(opened(files["light-2x.webp"])), np.asarray(original))
    assert files["light-2x.webp"].stat().st_size < drawn.stat().st_size / 2
    coarse = np.asarray(opened(files["light-1x.webp"]), dtype=float)
    wide, high = original.width // 2, original.height // 2
    mean = np.asarray(original, dtype=float)[: 2 * high, : 2 * wide].reshape(high, 2, wide, 2, 3).mean((1, 3))
    assert np.abs(coarse - mean).max() <= pictures.OFF + 1
    for tone in ("light", "dark"):
        size = opened(files[f"{tone}-1x.webp"]).size
        assert size == (wide, high)
        assert opened(files[f"{tone}-2x.webp"]).size == original.size


def slow_and_fast() -> np.ndarray:
    """A bar, a wide slow gradient, a narrow fast one, and a frame of two inks: shape (90, 300, 3)."""
    made = np.full((90, 300, 3), 255)
    made[5:25, 10:290] = rgb(COLORS["alice"])
    made[30:50, 10:290] = (255 - np.arange(280) // 3)[:, None] * [1, 0.9, 0.7]
    made[55:75, 10:290] = (np.arange(280) * 23 % 256)[:, None] * [0.4, 0.8, 1]
    made[80] = rgb(COLORS["eve"])
    made[82, ::2] = 0
    return made


def test_few_colours_are_off_by_less_the_more_of_one_is_seen_at_rest():
    before = slow_and_fast()
    after = np.asarray(pictures.few_colours(Image.fromarray(before.astype(np.uint8)))).astype(int)
    off = np.abs(after - before.astype(np.uint8)).max(axis=2)
    assert off.max() <= pictures.OFF
    assert off[:27].max() == 0  # paper and bar
    # Each colour of the slow one has three columns, nineteen rows of which and more are calm.
    assert off[30:50, 11:289].max() <= pictures.OFF / 57 ** (1 / 3)
    assert off[80].max() <= pictures.OFF / 300 ** (1 / 6)
    assert off[55:75].max() > 3  # where no eye follows
    colours = [len(np.unique(made.reshape(-1, 3), axis=0)) for made in (before.astype(np.uint8), after)]
    assert colours[1] < 0.8 * colours[0]


@given(arrays(np.uint8, (9, 9, 3), elements=st.integers(0, 255)))
def test_no_colour_of_the_few_is_far_off_or_one_that_was_not_there(pixels: np.ndarray):
    made = np.asarray(pictures.few_colours(Image.fromarray(pixels)))
    assert np.abs(made.astype(int) - pixels).max() <= pictures.OFF
    assert {*map(tuple, made.reshape(-1, 3))} <= {*map(tuple, pixels.reshape(-1, 3))}


def test_a_picture_that_needs_more_colours_keeps_them_all():
    steps = np.arange(0, 256, 32)
    pixels = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(16, 32, 3).astype(np.uint8)
    assert np.array_equal(np.asarray(pictures.few_colours(Image.fromarray(pixels))), pixels)


def test_files_are_made_again_only_when_the_picture_has_changed(drawn: Path, tmp_path: Path):
    pictures.make(drawn, tmp_path / "out")
    (first, *_) = (tmp_path / "out").iterdir()
    first.write_bytes(b"kept")
    os.utime(drawn, (1e9, 1e9))
    pictures.make(drawn, tmp_path / "out")
    assert first.read_bytes() == b"kept"
    os.utime(drawn, (4e9, 4e9))
    pictures.make(drawn, tmp_path / "out")
    assert first.read_bytes() != b"kept"


def test_a_map_of_colours_keeps_them_and_what_stands_around_it_turns(drawn: Path, tmp_path: Path):
    pictures.make(drawn, tmp_path, keeps=True)
    light, dark = (
        np.asarray(opened(tmp_path / f"{STEM[:16]}-{tone}-2x.webp")).astype(int) for tone in ("light", "dark")
    )
    same = np.all(light == dark, axis=2)
    rows, _ = np.nonzero(same)
    (area,) = pictures.colour_maps(opened(drawn))
    assert (rows.min(), rows.max()) == (area[0].start, area[0].stop - 1)
    assert same[area].all()
    assert np.all(dark[2, 2] == pictures.GROUND)
    yellow = np.abs(light - [253, 231, 36]).max(axis=2) < 3  # the highest of the twelve numbers
    assert yellow.sum() > 1000
    assert same[yellow].all()


def test_a_transparent_picture_is_laid_on_paper(tmp_path: Path):
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert np.asarray(pictures.on_paper(tmp_path / "clear.png")).min() == 255


@pytest.mark.parametrize(
    ("words", "turned"),
    [
        ("Black: on white; a blackboard", "White: on black; a blackboard"),
        ("White noise: black", "White noise: white"),
        ("three black and white pictures", "three black and white pictures"),
    ],
)
def test_black_is_white_in_the_dark_where_it_is_a_colour_of_the_picture(words: str, turned: str):
    assert pictures.in_the_dark(words) == turned


def caption(text: str, *classes: str) -> nodes.document:
    from docutils.frontend import get_default_settings
    from docutils.utils import new_document

    document = new_document("page", get_default_settings())
    figure = nodes.figure("", nodes.image(uri=f"/x/{STEM}.png"), nodes.caption("", text), classes=[*classes])
    document += figure
    pictures.TurnTones(document).run()
    return document


def test_the_words_of_a_caption_turn_only_where_the_picture_does():
    turned = caption("The black line, and a white one")
    assert [tone.astext() for tone in turned.findall(pictures.Tone)] == ["black", "white"]
    assert turned.astext().strip() == "The black line, and a white one"  # as it is searched and printed
    assert list(caption("from black to white", "keeps-colours").findall(pictures.Tone)) == []


def test_the_text_speaks_of_the_line_that_is_seen():
    document = caption("A line")
    document += nodes.paragraph("", "The black line, in black and white")
    pictures.TurnTones(document).run()
    (tone,) = document.findall(pictures.Tone)
    assert (tone.astext(), tone.parent.astext()) == ("black", "The black line, in black and white")


def shown(page: Page) -> list[str]:
    return page.evaluate(
        "[...document.images].filter(i => i.checkVisibility()).map(i => i.getAttribute('class'))"
    )


@pytest.fixture
def of_pictures(page: Page, root: Path, drawn: Path, tmp_path: Path) -> Callable[..., None]:
    """Open a page with a picture at its top, and one far below."""
    pictures.make(drawn, tmp_path)
    both, single = (
        pictures.markup(STEM, (600, 340), ('the "black" line',) * 2, "", first=one) for one in (True, False)
    )
    house = (root / "book/_static/house.css").read_text(encoding="utf8")

    def open_it(theme: str) -> None:
        (tmp_path / "page.html").write_text(
            f"<!doctype html><html {theme}><style>body {{ margin: 0 }} {house}</style><body class='bd-content'>"
            f"<div class='cell_output'><figure>{both}</figure></div><div style='height: 9000px'></div>"
            f"<div class='cell_output'><figure>{single}</figure></div>",
            encoding="utf8",
        )
        page.goto((tmp_path / "page.html").as_uri())

    return open_it


@pytest.mark.parametrize(
    ("theme", "seen"),
    [
        ("data-theme='light'", ["only-light"] * 2),
        ("data-theme='auto'", ["only-light"] * 2),  # as it is without JavaScript
        ("", ["only-light"] * 2),
    ],
)
def test_by_day_and_without_javascript_the_light_picture_is_seen(
    page: Page, of_pictures: Callable[..., None], theme: str, seen: list[str]
):
    of_pictures(theme)
    assert shown(page) == seen


def test_on_paper_the_light_picture_is_printed_in_the_dark_too(page: Page, of_pictures: Callable[..., None]):
    of_pictures("data-theme='dark'")
    page.add_style_tag(content="html[data-theme=dark] .only-light { display: none !important }")
    assert shown(page) == ["only-dark"] * 2
    page.emulate_media(media="print")
    assert shown(page) == ["only-light"] * 2


def test_a_picture_has_its_place_before_it_comes_and_comes_when_it_is_near(
    page: Page, of_pictures: Callable[..., None]
):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.set_viewport_size({"width": 1000, "height": 700})
    of_pictures("data-theme='light'")
    page.wait_for_timeout(200)
    assert [name for name in asked if "webp" in name] == [f"{STEM[:16]}-light-1x.webp"]
    boxes = page.evaluate(
        "[...document.images].filter(i => i.checkVisibility()).map(i => [i.offsetWidth, i.offsetHeight])"
    )
    assert boxes == [[600, 340]] * 2
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.images[0].offsetWidth") <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_text_in_quotes_stays_one_text():
    text = pictures.markup(STEM, (600, 340), ('"0" & <1>', ""), "../_images/", first=False)
    assert 'alt="&quot;0&quot; &amp; &lt;1&gt;"' in text
    assert text.count('loading="lazy"') == 2
