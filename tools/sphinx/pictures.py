"""The pictures of a page as a screen needs them: sharp on a fine one, small on any, and dark in the dark.

A chapter's run leaves one PNG of each figure, with two pixels for each one of the page. Beside it stand four files: with two
pixels and with one, light and dark, as WebP without loss, which is a third of the PNG. Those with one pixel have at most 256
colours, no more than an eye needs (:func:`few_colours`), which halves them again; who enlarges a page gets two pixels, and
every colour. The page says how wide and high they are, so that nothing jumps while they load, and loads them when they come
near the screen.

The dark twin is the same picture through one map of colours, :func:`darkened`. Where colours are numbers, and bright means
much, a figure says `keeps-colours` among its classes: its filled areas (:func:`colour_maps`) and its words stay as they are.
"""

import io
import os
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from docutils import nodes
from PIL import Image
from scipy import ndimage
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from qlearn.plotting import COLORS

SHORT = 16
"""Signs of a picture's name that its files have: of 64, which a page would say six times."""
GROUND = (0x12, 0x12, 0x12)
"""Red, green and blue of the page in the dark; a test looks at the page."""
PICTURE = re.compile(r"[0-9a-f]{64}\.png")
"""What MyST-NB calls the picture that a cell leaves."""
CONTRAST, PURE = 4.5, 0.12
"""The least of a pure colour with the dark page; the chroma from which on a colour is pure."""
COLOURS, OFF, CALM = 256, 14, 12
"""Most colours of a coarse picture; steps of 255 by which one may be off; by which a calm place differs from what is around."""
THIN, FILLED = 13, 0.8
"""Pixels across what is no area; share of an area that is not white."""
CLOSE = 6
"""Steps of 255 by which a colour may be off and still be the rim of a letter."""
TURNED = {"black": "white", "white": "black"}
"""Words of a caption that mean another colour in the dark."""

_WORD = re.compile(r"(?<!black and )\b(black|white)\b(?! noise\b| and white\b)", re.IGNORECASE)
_OF_A_LINE = re.compile(r"\b(black)(?= (?:line|curve)\b)", re.IGNORECASE)

# Björn Ottosson's OKLab (2020): equal steps look equal, and a hue stays a hue when its lightness changes.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_CONES, _FROM_LAB = np.linalg.inv(_CONES), np.linalg.inv(_LAB)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
# What the inks of the book take from white paper.
_INKS = np.array(
    [
        [255 - int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        for name, colour in COLORS.items()
        if name not in ("theory", "grey")
    ]
)


def linear(colours: Any) -> np.ndarray:
    """Return red, green and blue, 0 to 255, as shares of light, 0 to 1."""
    x = np.asarray(colours) / 255
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def luminance(colours: Any) -> np.ndarray:
    """Return the relative luminance of the Web Content Accessibility Guidelines, one number a colour."""
    return linear(colours) @ _LUMINANCE


def darkened(colours: Any) -> np.ndarray:
    r"""Return what each colour of a picture on white paper becomes on a dark page, shape (n, 3), whole numbers to 255.

    A colour stands out from the paper by a contrast `c` between 1 and 21, and in the dark it stands out from the page by

    .. math:: c' = c^{1 - w} \, t^{w}, \qquad w = \min(1, (C / 0.12)^3), \qquad t = \max(4.5, o),

    with `C` its chroma in OKLab and `o` the contrast that it would have on the page as it is. What is grey keeps its contrast:
    paper becomes the page, and black white. A pure colour stays as it is, or as bright as it must be to be seen; the tint of an
    area stays a tint. No contrast
    of 4.5 or less gets smaller, and none of more gets less than 4.5. The hue is kept, and as much of the chroma as a screen
    can show.
    """
    light = linear(colours)
    before = light @ _LUMINANCE
    ground = float(luminance(GROUND))
    lab = np.cbrt(light @ _CONES.T) @ _LAB.T
    pure = np.minimum(1, np.hypot(*lab[:, 1:].T) / PURE) ** 3
    aim = np.maximum(CONTRAST, (before + 0.05) / (ground + 0.05))
    contrast = (1.05 / (before + 0.05)) ** (1 - pure) * aim**pure
    after = np.minimum(contrast * (ground + 0.05) - 0.05, 1)
    tint = (np.cbrt(linear(GROUND) @ _CONES.T) @ _LAB.T)[1:] * ((1 - after) / (1 - ground))[:, None]
    low, high = np.zeros(len(lab)), np.ones(len(lab))
    for step in range(12):  # the largest share of the chroma that a screen shows
        share = high if step == 0 else (low + high) / 2
        shown = _with(after, lab[:, 1:] * share[:, None] + tint)
        good = np.all((shown > -2e-4) & (shown < 1 + 2e-4), axis=1)
        low = np.where(good, share, low)
        high = np.where(good, high, share)
    x = np.clip(_with(after, lab[:, 1:] * low[:, None] + tint), 0, 1)
    return np.rint(255 * np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)).astype(np.uint8)


def mapped(colours: Any) -> np.ndarray:
    """Return :func:`darkened` colours; those between paper and an ink of the book lie between the page and that ink's twin.

    The rim of a letter is made of such. Salmon, a colour of its own, is brighter on a dark page than vermilion; as the rim
    of a vermilion letter it must not be.
    """
    made = darkened(colours)
    off = 255 - np.asarray(colours, dtype=float)
    shares = np.clip(off @ _INKS.T / np.sum(_INKS**2, axis=1), 0, 1)
    miss = np.abs(off[:, None] - shares[..., None] * _INKS).max(axis=2)
    nearest = miss.argmin(axis=1)
    each = np.arange(len(off))
    share = shares[each, nearest][:, None]
    rim = share * darkened(255 - _INKS)[nearest] + (1 - share) * np.array(GROUND)
    return np.where(miss[each, nearest][:, None] <= CLOSE, np.rint(rim), made).astype(np.uint8)


def _with(wanted: np.ndarray, chroma: np.ndarray) -> np.ndarray:
    """Return the light of the colours that have this luminance and these a and b of OKLab: Newton's method on its cubic."""
    offsets = chroma @ _FROM_LAB[:, 1:].T
    weights = _LUMINANCE @ _FROM_CONES
    lightness = np.cbrt(wanted)
    for _ in range(6):
        cones = lightness[:, None] + offsets
        slope = 3 * cones**2 @ weights
        lightness = lightness - (cones**3 @ weights - wanted) / np.maximum(slope, 1e-6)
    return (lightness[:, None] + offsets) ** 3 @ _FROM_CONES.T


def colour_maps(picture: Image.Image) -> list[tuple[slice, slice]]:
    """Return rows and columns of the filled areas of a picture."""
    inked = np.asarray(picture).min(axis=2) < 255
    # What is left when all that is thin has gone: letters, lines, points.
    places = ndimage.find_objects(ndimage.label(ndimage.minimum_filter(inked, THIN))[0])
    around = THIN // 2
    found = []
    for rows, columns in places:
        area = (
            slice(max(rows.start - around, 0), rows.stop + around),
            slice(max(columns.start - around, 0), columns.stop + around),
        )
        high, wide = inked[area].shape
        if min(high, wide) > THIN and inked[area].mean() > FILLED:
            found.append(area)
    return found


def twin(picture: Image.Image, kept: list[tuple[slice, slice]]) -> Image.Image:
    """Return a picture on white paper as it looks on a dark page; some areas keep their colours."""
    pixels = np.asarray(picture)
    colours, places, _ = _colours(pixels)
    made = mapped(colours)[places].reshape(pixels.shape)
    for area in kept:
        made[area] = pixels[area]
    return Image.fromarray(made)


def halved(picture: Image.Image) -> Image.Image:
    """Return a picture with one pixel for two by two, their mean."""
    width, height = picture.width // 2, picture.height // 2
    return picture.resize((width, height), Image.Resampling.BOX, box=(0, 0, 2 * width, 2 * height))


def few_colours(picture: Image.Image) -> Image.Image:
    r"""Return a picture with no more colours than are seen, at most 256; the picture itself where those do not suffice.

    A colour that `n` pixels have, of which `m` lie in a calm place, may be off in each of red, green and blue by

    .. math:: 14 \, / \, \max(m, \sqrt n)^{1/3}

    steps of 255: by 14 in a single pixel, by 5 where a line is, by 3 in a small patch or a slow gradient one way, where an eye
    would see a step of more, and not at all on paper or in a bar. From the commonest on, the colour that is off by most is
    taken into the palette (Gonzalez, Theoretical Computer Science 38, 293, 1985) until none is off by more. Where 256 do not
    quite do it, twice as much is borne, but never more than 14.
    """
    pixels = np.asarray(picture)
    spread = ndimage.maximum_filter(pixels, (3, 3, 1)) - ndimage.minimum_filter(pixels, (3, 3, 1))
    calm = spread.max(axis=2) <= CALM
    colours, places, counts = _colours(pixels)
    quiet = np.bincount(places, weights=calm.ravel(), minlength=len(colours))
    weights = np.cbrt(np.maximum(quiet, np.sqrt(counts)))
    off = np.full(len(colours), np.inf)
    nearest = np.zeros(len(colours), dtype=int)
    worst = int(counts.argmax())
    for _ in range(COLOURS):
        to_this = np.abs(colours - colours[worst]).max(axis=1) * weights
        nearer = to_this < off
        off[nearer], nearest[nearer] = to_this[nearer], worst
        worst = int(off.argmax())
        if off[worst] <= OFF:
            break
    made = colours[nearest]
    if off[worst] > 2 * OFF or np.abs(made - colours).max() > OFF:
        return picture
    return Image.fromarray(made[places].reshape(pixels.shape).astype(np.uint8))


def _colours(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the colours of a picture, shape (n, 3), which of them each pixel has, and how many pixels each has."""
    pixels = pixels.astype(np.uint32)
    codes = (pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]).ravel()
    # Most pixels are as the one before them, so that few are sorted.
    starts = np.flatnonzero(np.diff(codes, prepend=codes[0] + 1))
    runs = np.diff(starts, append=codes.size)
    found, places = np.unique(codes[starts], return_inverse=True)
    counts = np.bincount(places, runs, len(found)).astype(int)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(int)
    return colours, np.repeat(places, runs), counts


def on_paper(file: Path) -> Image.Image:
    """Return a picture without transparency, on white."""
    picture = Image.open(file)
    if picture.mode == "RGB":
        return picture
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")


def names(stem: str, tone: str) -> tuple[str, str]:
    """Return the names of a picture's files, with one and with two pixels for one of the page; `tone` is light or dark."""
    short = stem[:SHORT]
    return f"{short}-{tone}-1x.webp", f"{short}-{tone}-2x.webp"


def make(source: Path, folder: Path, *, keeps: bool = False) -> None:
    """Write the four files of a picture, unless they are there already; its areas may keep their colours."""
    made_by = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
    wanted = [folder / name for tone in ("light", "dark") for name in names(source.stem, tone)]
    if all(path.exists() and path.stat().st_mtime >= made_by for path in wanted):
        return
    folder.mkdir(parents=True, exist_ok=True)
    fine = on_paper(source)
    coarse = halved(fine)
    kept = colour_maps(fine) if keeps else []
    half = [(_half(rows), _half(columns)) for rows, columns in kept]
    made = few_colours(coarse), fine, few_colours(twin(coarse, half)), twin(fine, kept)
    for path, picture, effort in zip(wanted, made, (75, 30, 75, 30), strict=True):
        data = io.BytesIO()
        picture.save(data, "WEBP", lossless=True, quality=effort, method=4)
        aside = path.with_suffix(f".{os.getpid()}")  # pages are written by several processes
        aside.write_bytes(data.getvalue())
        aside.replace(path)


def _half(part: slice) -> slice:
    """Return the rows or columns of a coarse picture that these of a fine one become."""
    return slice(part.start // 2, -(-part.stop // 2))


def in_the_dark(text: str) -> str:
    """Return a text with black and white turned.

    Examples
    --------
    >>> in_the_dark("Black: the bound, on white")
    'White: the bound, on black'
    """

    def turned(word: re.Match[str]) -> str:
        other = TURNED[word[0].lower()]
        return other.capitalize() if word[0][0].isupper() else other

    return _WORD.sub(turned, text)


def markup(stem: str, size: tuple[int, int], alts: tuple[str, str], up: str, *, first: bool) -> str:
    """Return the picture in the words of a page: its files, its place, its text; light and dark."""
    width, height = size
    tags = []
    for tone, alt in zip(("light", "dark"), alts, strict=True):
        coarse, fine = (f"{up}{quote(name)}" for name in names(stem, tone))
        lazy = "" if first and tone == "light" else ' loading="lazy"'
        tags.append(
            f'<img class="only-{tone}" src="{coarse}" '
            f'srcset="{coarse} {width}w, {fine} {2 * width}w" sizes="(max-width: {width}px) 100vw, {width}px" '
            f'width="{width}" height="{height}" alt="{escape(alt)}"{lazy} decoding="async">'
        )
    # Within an element of their own: the theme hides the caption that follows a picture of the other tone.
    shape = "picture tall" if height > width else "picture"  # on paper a tall one may take more of the page
    return f'<span class="{shape}">{"".join(tags)}</span>'


def keeps_colours(image: nodes.image) -> bool:
    """Tell whether the author of a figure wants its areas to keep their colours, and its words too."""
    classes = [*image["classes"], *(image.parent["classes"] if image.parent is not None else [])]
    return "keeps-colours" in classes


def visit_image(translator: Any, image: nodes.image) -> None:
    """Write a picture that a cell has left; any other as Sphinx does."""
    source = Path(translator.builder.srcdir) / image["uri"]
    known = translator.builder.images.get(image["uri"])
    if known is None or not PICTURE.fullmatch(Path(image["uri"]).name):
        type(translator).visit_image(translator, image)
        return
    keeps = keeps_colours(image)
    make(source, Path(translator.builder.outdir) / translator.builder.imagedir, keeps=keeps)
    with Image.open(source) as picture:
        size = picture.width // 2, picture.height // 2
    first = image is next(_pictures(translator.document), None)
    alt = image.get("alt", "")
    alts = alt, alt if keeps else in_the_dark(alt)
    up = f"{translator.builder.imgpath}/"
    translator.body.append(markup(Path(known).stem, size, alts, up, first=first))


def depart_image(translator: Any, image: nodes.image) -> None:
    """Leave an image."""
    if not PICTURE.fullmatch(Path(image["uri"]).name):
        type(translator).depart_image(translator, image)


def _pictures(document: nodes.Element) -> Iterator[nodes.image]:
    return (image for image in document.findall(nodes.image) if PICTURE.fullmatch(Path(image["uri"]).name))


def forget_sizes(app: Sphinx, doctree: nodes.document) -> None:
    """Take from the pictures the size that the notebook gave them: the page gives its own, and paper its own."""
    for image in _pictures(doctree):
        for name in ("width", "height"):
            image.attributes.pop(name, None)


class Tone(nodes.inline):
    """A word of a caption that is another one in the dark."""


def visit_tone(translator: Any, tone: Tone) -> None:
    """Begin the word; the other one is given to the style sheet."""
    translator.body.append(f'<span class="tone" data-dark="{in_the_dark(tone.astext())}"><span>')


def depart_tone(translator: Any, tone: Tone) -> None:
    """End the word."""
    translator.body.append("</span></span>")


class TurnTones(SphinxPostTransform):
    """Find the words of captions that mean a colour of the picture."""

    default_priority = 800
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Mark them, unless the figure keeps its colours; and in the text, where it speaks of a line."""
        for figure in self.document.findall(nodes.figure):
            if any(not keeps_colours(image) for image in _pictures(figure)):
                for caption in figure.findall(nodes.caption):
                    _mark(caption, _WORD)
        if next(_pictures(self.document), None) is not None:
            for paragraph in self.document.findall(nodes.paragraph):
                _mark(paragraph, _OF_A_LINE)


def _mark(where: nodes.Element, words: re.Pattern[str]) -> None:
    """Make tones of these words, but for those in code and formulas."""
    for text in [text for text in where.findall(nodes.Text) if words.search(text)]:
        if not isinstance(text.parent, nodes.math | nodes.literal | Tone):
            parts = words.split(text.astext())
            text.parent.replace(
                text, [Tone("", part) if i % 2 else nodes.Text(part) for i, part in enumerate(parts) if part]
            )


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    app.add_node(Tone, html=(visit_tone, depart_tone))
    app.add_post_transform(TurnTones)
    app.connect("doctree-read", forget_sizes)
