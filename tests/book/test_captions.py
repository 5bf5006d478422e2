"""Captions and alt texts of figures: a number that was measured comes from the run, never from the keyboard.

A number may stand there

- glued: ``{glue:text}`name``` (`tools/sphinx/alt_texts.py` fills alt texts, MyST-NB fills captions);
- as a setting: the same number is a literal of a code cell of the page (1000 shots, 12 nodes, the end of an axis);
- as theory: a closed form of the page, named in `THEORY` with its reason;
- as 0 or 1: the ends of a probability, the names of two states.

Literals in asserts, the places of labels and the looks of lines are no settings. Powers and words (one half, a factor of
ten) are not looked at.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

# Closed forms and names that no cell of the page holds as a number, by chapter.
THEORY: dict[str, dict[str, str]] = {
    "communication/entangled_keys": {
        "2.83": "2√2, the bound for qubits; at V = 1 also the line of the Werner pairs",
        "0.33": "V = 1/3, where Werner pairs begin to be entangled",
        "0.71": "V = 1/√2, where S = 2",
        "0.67": "an efficiency of 2/3, where the axis begins",
        "0.79": "π/4 in radians",
    },
    "communication/random_numbers": {"0.71": "V = 1/√2, where S = 2"},
    "learning/barren_plateaus": {"5/48": "variance of one layer on two wires, one_layer_variance(n, 'zz')"},
    "qubits/entanglement": {
        "135": "180 - 45 degrees, the angle of the fourth combination",
        "0.15": "sin²(π/8), the least that a pair wins",
        "0.85": "cos²(π/8), the most that a pair wins",
        "2.83": "2√2, the bound for qubits",
        "1.41": "√2, the value of S when every pair is read",
    },
    "qubits/measurement": {
        "3/4": "cos²(π/6), the chance at 60 degrees",
        "0.98": "cos²ⁿ(π/2n) at n = 128",
        "-1/2": "slope of an error that falls as the root of the shots",
        "16384": "4⁷, the most shots",
        "1/3": "1/(n + 2) at one copy",
    },
    "qubits/noise": {"-1/2": "slope of an error that falls as the root of the shots"},
}

# Pages that are still to be mended: it only gets shorter.
UNMENDED: set[str] = set()

# Keywords of Matplotlib that say how something looks, not what it is.
LOOKS = {
    *("alpha", "lw", "linewidth", "ms", "markersize", "mew", "s", "size", "fontsize", "labelsize", "capsize"),
    *(
        "figsize",
        "width_ratios",
        "height_ratios",
        "scale",
        "fold",
        "zorder",
        "pad",
        "labelpad",
        "xytext",
        "linewidths",
    ),
}

_GLUED = re.compile(r"\{glue:text\}`[^`]*`")
_ROLE = re.compile(r"\{(?:doc|ref|numref|cite\w*|term|eq)(?::\w+)?\}`[^`]*`")
_NUMBER = re.compile(
    r"(?<![\w.^{])([-−]?)(\d{1,3}(?:[, ]\d{3})+|\d+(?:\.\d+)?)((?:/\d+)|(?:e-?\d+))?(\s?%| per ?cent)?(?![\w^]|\.\d)"
)


def numbers(text: str) -> Iterator[tuple[str, set[float]]]:
    """Yield each typed number of a caption, with the values under which a cell may hold it."""
    for found in _NUMBER.finditer(_ROLE.sub("", _GLUED.sub("", text))):
        sign, digits, more, percent = found[1], found[2], found[3] or "", found[4]
        value = float(re.sub("[, ]", "", digits) + (more if more.startswith("e") else "")) * (
            -1 if sign else 1
        )
        if more.startswith("/"):
            value /= float(more[1:])
        yield found[0].strip(), {value, value / 100} if percent else {value}


def settings_of(code: str) -> set[float]:
    """Return the numbers that a cell sets: its literals, but for asserts, the places of labels and the looks of lines."""
    tree = ast.parse(code)
    left_out: set[int] = set()

    def leave_out(node: ast.AST) -> None:
        left_out.update(id(part) for part in ast.walk(node))

    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            leave_out(node)
        elif isinstance(node, ast.keyword) and node.arg in LOOKS:
            leave_out(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("text", "annotate"):
            for place in node.args[:2]:
                leave_out(place)
    found: set[float] = set()
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if value := number(node.operand):
                found.add(-value)
                leave_out(node)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Pow):  # 1 / 4, 10**6
            left, right = number(node.left), number(node.right)
            if left and right and abs(right) < 1000:
                found.add(left / right if isinstance(node.op, ast.Div) else left ** min(right, 20))
        elif value := number(node):
            found.add(value)
    return found


def number(node: ast.AST) -> float | None:
    """Return the number that a node of code is, if it is one."""
    plain = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return float(node.value) if plain else None


def typed(notebook: dict, theory: dict[str, str]) -> list[str]:
    """Return the numbers of captions and alt texts that nothing on the page holds, each with its cell."""
    known = {0.0, 1.0}
    for number in theory:
        known |= set().union(*(values for _, values in numbers(number)))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "exercise" not in cell["metadata"].get("tags", []):
            known |= settings_of("".join(cell["source"]))
    found = []
    for cell in notebook["cells"]:
        figure = cell["metadata"].get("mystnb", {})
        for what, text in (
            ("caption", figure.get("figure", {}).get("caption", "")),
            ("alt", figure.get("image", {}).get("alt", "")),
        ):
            found += [
                f"{cell['id']} {what}: {number}" for number, values in numbers(text) if not values & known
            ]
    return found


def test_captions_and_alt_texts_hold_no_typed_measurement(root: Path, chapter: str):
    notebook = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))
    found = typed(notebook, THEORY.get(chapter, {}))
    if chapter in UNMENDED:
        assert found, f"{chapter} is mended: take it off the list"
    else:
        assert found == [], "glue what was measured; name what is a closed form in THEORY, with its reason"


def glued(notebook: dict) -> re.Pattern[str]:
    """Return what matches the names that the cells of a page glue; of an f-string any filling."""
    names = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "glue":
                name = node.args[0]
                parts = name.values if isinstance(name, ast.JoinedStr) else [name]
                names.append(
                    "".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in parts)
                )
    return re.compile("|".join(names) or "(?!)")


def test_captions_and_alt_texts_name_what_the_page_glues(root: Path, chapter: str):
    notebook = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))
    names = glued(notebook)
    asked = re.findall(
        r"\{glue:text\}`([^`:]+)",
        json.dumps([cell["metadata"] for cell in notebook["cells"]], ensure_ascii=False),
    )
    assert [name for name in asked if not names.fullmatch(name)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("near 0.18 and 43 % of 2,000 rows", {"0.18": {0.18}, "43 %": {43, 0.43}, "2,000": {2000}}),
        (
            "one quarter, wire 2, 5/48, 11.0 percent.",
            {"2": {2}, "5/48": {5 / 48}, "11.0 percent": {11, 0.11}},
        ),
        ("{glue:text}`a_1:.2f` of {doc}`/x/y12`, H2 and 2^-q", {}),
        ("from −3 to 10.", {"−3": {-3}, "10": {10}}),
    ],
)
def test_numbers_are_found_in_a_text(text: str, found: dict[str, set[float]]):
    assert dict(numbers(text)) == found


def test_a_measured_number_is_told_from_a_setting_and_from_theory():
    code = (
        "shots, share = 1000, 1 / 4\nax.text(0.18, 7, 'here')\nassert share < 0.55\n"
        "ax.plot(x, lw=1.3)\nax.set_ylim(-0.6, 0.9)"
    )
    notebook = {
        "cells": [
            {"cell_type": "code", "id": "c", "metadata": {}, "source": [code]},
            {
                "cell_type": "code",
                "id": "f",
                "metadata": {
                    "mystnb": {
                        "figure": {
                            "caption": "1000 shots, a share of 0.25, near 0.18 or 7, under 55 %, off at 0.6, by 1.3."
                        },
                        "image": {"alt": "From 0 to 11.0 %, {glue:text}`x`."},
                    }
                },
                "source": ["plt.plot([])"],
            },
        ]
    }
    assert typed(notebook, {"11 %": "where 1 - 2 h(e) = 0"}) == [
        f"f caption: {number}" for number in ("0.18", "7", "55 %", "0.6", "1.3")
    ]
    assert "f alt: 11.0 %" in typed(notebook, {})


def test_the_lists_name_chapters_and_reasons():
    assert all(len(reason) > 10 for page in THEORY.values() for reason in page.values())


# What matplotlib's methods return that return nothing; most others return what they drew.
SILENT = {"show", "draw", "grid", "minorticks_off", "set_visible", "tick_params"}


def shows_one_thing(source: str) -> bool:
    """Whether a cell ends without a value of a picture's part, such as a legend, that would stand under the caption too."""
    last = ast.parse(source).body[-1]
    called = last.value.func if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) else None
    return not isinstance(called, ast.Attribute) or called.attr in SILENT


def test_a_cell_with_a_caption_shows_one_thing(root: Path):
    """Sphinx would give the caption, and the name of the figure, to each of two outputs."""
    assert shows_one_thing("ax.legend()\nplt.show()")
    assert not shows_one_thing("ax.legend()")
    doubled = [
        f"{path.stem}: {cell['id']}"
        for path in sorted((root / "book").rglob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]
        if cell["cell_type"] == "code" and "figure" in cell["metadata"].get("mystnb", {})
        if not shows_one_thing("".join(cell["source"]))
    ]
    assert not doubled, f"end these cells with plt.show(): {doubled}"


def test_a_picture_has_a_caption_and_a_label_has_words(root: Path):
    """A drawing without a caption is mute for who cannot see it; a label with nothing behind it stays in the reader's edition."""
    bare = []
    for path in sorted((root / "book").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]:
            source = "".join(cell["source"]).rstrip()
            drawn = cell["cell_type"] == "code" and re.search(r"\.draw\([^()]*\)\Z", source)
            if drawn and "figure" not in cell["metadata"].get("mystnb", {}):
                bare.append(f"{path.stem}: {cell['id']} draws without a caption")
            if cell["cell_type"] == "markdown" and re.search(r"^\([\w-]+\)=\Z", source, re.M):
                bare.append(f"{path.stem}: {cell['id']} ends with a label")
    assert not bare, "\n".join(bare)


def test_the_cell_of_a_figure_shows_no_table_besides(root: Path, chapter: str):
    """MyST-NB makes a figure, of the same name and number, of each thing that such a cell displays."""
    cells = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]
    both = [
        cell["id"]
        for cell in cells
        if cell["metadata"].get("mystnb", {}).get("figure")
        and re.search(r"\b(show_table|display)\(", "".join(cell["source"]))
    ]
    assert both == []
