"""Numbers in a line of text: a true minus, powers of ten, spaces that hold, and what must stay as it is."""

from types import ModuleType

import pytest
from docutils import nodes
from docutils.utils import new_document
from playwright.sync_api import Page
from sphinx import addnodes


@pytest.fixture(scope="module")
def signs(load) -> ModuleType:
    return load("tools/sphinx/number_signs.py")


def pasted(text: str) -> nodes.inline:
    return nodes.inline(text, text, classes=["pasted-text"])


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("-1.00 ± 0.02", "−1.00\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}0.02"),
        ("-.5", "−.5"),
        ("from -3 to -1", "from −3 to −1"),
        ("less than 1e-300", "less than 1\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10−300"),
        ("1.2e+02", "1.2\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}102"),
        (
            "1e-16 and 2e-15",
            "1\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10−16 and 2\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10−15",
        ),
        ("5 %", "5\N{NO-BREAK SPACE}%"),
        ("92.0% of them", "92.0\N{NO-BREAK SPACE}% of them"),
        ("doi/10%2Fab", "doi/10%2Fab"),
        ("not told apart", "not told apart"),
        ("2-design, CX-free, 3-5, BB84-4, f(x)-1", "2-design, CX-free, 3-5, BB84-4, f(x)-1"),
        ("the2e5x", "the2e5x"),
    ],
)
def test_a_number_from_a_cell_is_set_as_books_do(signs, text, set_):
    document = new_document("page")
    document += nodes.paragraph("", "", pasted(text))
    signs.NumberSigns(document).run()
    assert document.astext() == set_


def test_a_per_cent_behind_a_number_from_a_cell_stays_with_it(signs):
    document = new_document("page")
    document += nodes.paragraph("", "", pasted("1.0"), nodes.Text(" % of all"))
    signs.NumberSigns(document).run()
    assert document.astext() == "1.0\N{NO-BREAK SPACE}% of all"


def test_a_power_is_raised(signs):
    document = new_document("page")
    document += nodes.paragraph("", "", pasted("3e-05"))
    signs.NumberSigns(document).run()
    assert [up.astext() for up in document.findall(nodes.superscript)] == ["−5"]


def test_words_and_code_keep_their_signs(signs):
    document = new_document("page")
    document += nodes.paragraph(
        "", "", nodes.Text("at 5 % and -3, x-1, n -k"), nodes.literal("", "x = 5 % -3")
    )
    document += nodes.literal_block("", "y = 5 % -3e-5")
    signs.NumberSigns(document).run()
    assert document[0].astext() == "at 5\N{NO-BREAK SPACE}% and −3, x-1, n -kx = 5 % -3"
    assert document[1].astext() == "y = 5 % -3e-5"


def test_a_signature_is_code(signs):
    document = new_document("page")
    value = nodes.inline("", "1e-09, -0.3, 5 %", classes=["default_value"])
    document += addnodes.desc_signature(
        "", "", addnodes.desc_parameterlist("", "", addnodes.desc_parameter("", "", value))
    )
    signs.NumberSigns(document).run()
    assert value.astext() == "1e-09, -0.3, 5 %"


@pytest.mark.parametrize(
    ("parts", "together"),
    [
        (["of ", "$N", "? So ", "$x", "."], ["N?", "x."]),
        (["$" + "x" * 99, ", ", "$y"], []),  # one so long has to break
        (["so (", "$p", " or ", "$q", ")-fold"], ["(p", "q)"]),
        (["“", "$a", "”"], ["“a”"]),
        (["the ", "$a", "-th"], []),
    ],
)
def test_signs_stay_with_their_formula_and_no_letter_is_lost(signs, parts, together):
    document = new_document("page")
    line = (nodes.math("", part[1:]) if part.startswith("$") else nodes.Text(part) for part in parts)
    document += nodes.paragraph("", "", *line)
    signs.NumberSigns(document).run()
    held = [each.astext() for each in document.findall(nodes.inline) if "unbroken" in each["classes"]]
    assert held == together
    assert document.astext() == "".join(parts).replace("$", "")


def test_a_browser_begins_no_line_with_the_sign(root, page: Page):
    style = (root / "book" / "_static" / "house.css").read_text(encoding="utf8")
    box = "<span class='math' style='display: inline-block; width: 80px'>f</span>"
    lines = f"<p>{box}<i>,</i></p><p><span class='unbroken'>{box}<i>,</i></span></p>"
    html = f"<!doctype html><style>{style}</style><article class='bd-article' style='width: 82px'>{lines}</article>"
    page.route("http://book.test/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://book.test/")
    below = "lines => lines.map(p => p.querySelector('i').offsetTop - p.querySelector('.math').offsetTop > 8)"
    assert page.eval_on_selector_all("article p", below) == [True, False]
