"""Captions and alt texts of figures: a number that was measured comes from the run, never from the keyboard.

A number may stand there

- glued: ``{glue:text}`name``` (`tools/sphinx/house_alt.py` fills alt texts, MyST-NB fills captions);
- as a setting: the same number is a literal of a code cell of the page (1000 shots, 12 nodes, the end of an axis);
- as theory: a closed form of the page, named in `THEORY` with its reason;
- as 0 or 1: the ends of a probability, the names of two states.

Literals in asserts, and the places of labels in a picture, are no settings. Signs, powers and words (one half, a factor of
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
    "learning/barren_plateaus": {"5/48": "variance of one layer on two wires, one_layer_variance(n, 'zz')"},
}

# Pages that are still to be mended: it only gets shorter.
UNMENDED: set[str] = {
    "communication/bb84",
    "communication/continuous_variables",
    "communication/eavesdropping",
    "communication/entangled_keys",
    "communication/fibre",
    "communication/photons",
    "communication/satellite",
    "communication/secret_key",
    "learning/decision_trees",
    "learning/encodings",
    "learning/neural_networks",
    "learning/qsvm",
    "qubits/entanglement",
    "qubits/measurement",
    "qubits/no_cloning",
    "qubits/noise",
}

_GLUED = re.compile(r"\{glue:text\}`[^`]*`")
_ROLE = re.compile(r"\{(?:doc|ref|numref|cite\w*|term|eq)(?::\w+)?\}`[^`]*`")
_NUMBER = re.compile(
    r"(?<![\w.^{])[-−]?(\d{1,3}(?:[, ]\d{3})+|\d+(?:\.\d+)?)((?:/\d+)|(?:e-?\d+))?(\s?%| per ?cent)?(?![\w^]|\.\d)"
)


def numbers(text: str) -> Iterator[tuple[str, set[float]]]:
    """Yield each typed number of a caption, with the values under which a cell may hold it."""
    for found in _NUMBER.finditer(_ROLE.sub("", _GLUED.sub("", text))):
        digits, more, percent = found[1], found[2] or "", found[3]
        value = float(re.sub("[, ]", "", digits) + (more if more.startswith("e") else ""))
        if more.startswith("/"):
            value /= float(more[1:])
        yield found[0].strip(), {value, value / 100} if percent else {value}


def settings_of(code: str) -> set[float]:
    """Return the numbers that a cell sets: its literals, but for asserts and the places of labels."""
    tree = ast.parse(code)
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            left_out |= {id(part) for part in ast.walk(node)}
        label = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if label and node.func.attr in ("text", "annotate"):
            left_out |= {id(part) for place in node.args[:2] for part in ast.walk(place)}
    found = {
        float(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and id(node) not in left_out
    }
    for node in ast.walk(tree):  # 1 / 4, 10**6
        if isinstance(node, ast.BinOp) and id(node) not in left_out:
            left, right = node.left, node.right
            if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
                if isinstance(node.op, ast.Div) and right.value:
                    found.add(left.value / right.value)
                if isinstance(node.op, ast.Pow) and abs(right.value) < 20:
                    found.add(float(left.value) ** right.value)
    return found


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("near 0.18 and 43 % of 2,000 rows", {"0.18": {0.18}, "43 %": {43, 0.43}, "2,000": {2000}}),
        (
            "one quarter, wire 2, 5/48, 11.0 percent.",
            {"2": {2}, "5/48": {5 / 48}, "11.0 percent": {11, 0.11}},
        ),
        ("{glue:text}`a_1:.2f` of {doc}`/x/y12`, H2 and 2^-q", {}),
        ("from −3 to 10.", {"−3": {3}, "10": {10}}),
    ],
)
def test_numbers_are_found_in_a_text(text: str, found: dict[str, set[float]]):
    assert dict(numbers(text)) == found


def test_a_measured_number_is_told_from_a_setting_and_from_theory():
    code = "shots, share = 1000, 1 / 4\nax.text(0.18, 7, 'here')\nassert share < 0.55"
    notebook = {
        "cells": [
            {"cell_type": "code", "id": "c", "metadata": {}, "source": [code]},
            {
                "cell_type": "code",
                "id": "f",
                "metadata": {
                    "mystnb": {
                        "figure": {"caption": "1000 shots, a share of 0.25, near 0.18 or 7, under 55 %."},
                        "image": {"alt": "From 0 to 11.0 %, {glue:text}`x`."},
                    }
                },
                "source": ["plt.plot([])"],
            },
        ]
    }
    assert typed(notebook, {"11 %": "where 1 - 2 h(e) = 0"}) == [
        "f caption: 0.18",
        "f caption: 7",
        "f caption: 55 %",
    ]
    assert "f alt: 11.0 %" in typed(notebook, {})


def test_the_lists_name_chapters_and_reasons():
    assert all(len(reason) > 10 for page in THEORY.values() for reason in page.values())
