"""What a line may not part: formulas and the signs that touch them, numbers and their %."""

from types import ModuleType

import pytest
from docutils import nodes
from playwright.sync_api import Page


@pytest.fixture(scope="module")
def joined(load) -> ModuleType:
    return load("tools/sphinx/joined.py")


def line(*parts: str) -> nodes.paragraph:
    """Return a paragraph of texts and, where a part begins with $, formulas."""
    return nodes.paragraph(
        "", "", *(nodes.math("", part[1:]) if part.startswith("$") else nodes.Text(part) for part in parts)
    )


@pytest.mark.parametrize(
    ("parts", "together"),
    [
        (["so ", "$p", ", and"], ["p,"]),
        (["so (", "$p", " or ", "$q", ")."], ["(p", "q)."]),
        (["$a", ", ", "$b", "; c"], ["a,", "b;"]),
        (["of ", "$a", "-th"], []),
        (["“", "$a", "”"], ["“a”"]),
    ],
)
def test_signs_stay_with_their_formula_and_no_letter_is_lost(joined, parts, together):
    paragraph = line(*parts)
    before = paragraph.astext()
    joined.join(paragraph)
    assert [found.astext() for found in paragraph.findall(nodes.inline)] == together
    assert paragraph.astext() == before


def test_a_percent_sign_stays_with_its_number_in_words_and_not_in_code(joined):
    paragraph = nodes.paragraph(
        "", "", nodes.Text("at 5 % and "), nodes.strong("", "11.0"), nodes.Text(" % of ")
    )
    paragraph += [nodes.literal("", "7 % 2"), nodes.Text(" a % b")]
    joined.join(paragraph)
    assert paragraph.astext() == "at 5\u00a0% and 11.0\u00a0% of 7 % 2 a % b"


def test_no_line_begins_with_the_sign(joined, root, page: Page):
    style = (root / "book" / "_static" / "house.css").read_text(encoding="utf8")
    box = "<span class='math' style='display: inline-block; width: 80px'>f</span>"
    lines = f"<p>{box}<i>,</i></p><p><span class='joined'>{box}<i>,</i></span></p>"
    html = f"<!doctype html><style>{style}</style><article class='bd-article' style='width: 82px'>{lines}</article>"
    page.route("http://book.test/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://book.test/")
    below = "lines => lines.map(p => p.querySelector('i').offsetTop - p.querySelector('.math').offsetTop > 8)"
    assert page.eval_on_selector_all("article p", below) == [True, False]
