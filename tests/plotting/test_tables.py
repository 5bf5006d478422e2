"""Tables of results: what a cell says, how numbers stand, what a screen reader and a page that orders rows find."""

from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.evidence import average
from qlearn.plotting import show_table

ROWS = [("none", 0.0, 10, True), ("half", 0.1251, 2_000, False), ("all", -0.25, None, True)]
COLUMNS = ["attack", "QBER", "bits", "seen"]


class Cells(HTMLParser):
    """Collect (tag, attributes, text) of every cell, by section of the table."""

    def __init__(self):
        super().__init__()
        self.section, self.cells, self.tags = "", {}, []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"thead", "tbody", "tfoot", "caption"}:
            self.section = tag
            self.cells[tag] = []
        if tag in {"th", "td", "caption"}:
            self.cells[self.section].append([tag, dict(attrs), ""])

    def handle_data(self, data):
        if self.section and self.cells[self.section]:
            self.cells[self.section][-1][2] += data


def html_of(table):
    parser = Cells()
    parser.feed(table._repr_html_())
    return parser


def texts(table, section="tbody"):
    return [text for _, _, text in html_of(table).cells[section]]


def test_text_is_aligned_numbers_to_the_right():
    assert repr(show_table(COLUMNS, ROWS, caption="What Eve costs")).splitlines() == [
        "What Eve costs",
        "attack    QBER   bits  seen",
        "none     0.000     10  yes",
        "half     0.125  2,000  no",
        "all     -0.250         yes",
    ]


def test_html_has_scopes_a_caption_and_a_box_that_scrolls():
    page = html_of(show_table(COLUMNS, ROWS, caption="What <Eve> costs"))
    assert [(tag, attrs["scope"]) for tag, attrs, _ in page.cells["thead"]] == [("th", "col")] * 4
    rows = [attrs.get("scope") for tag, attrs, _ in page.cells["tbody"]]
    assert rows == ["row", None, None, None] * 3
    assert page.cells["caption"][0][2] == "What <Eve> costs"
    box = next(attrs for tag, attrs in page.tags if tag == "div")
    assert box == {
        "class": "qlearn-results",
        "role": "region",
        "tabindex": "0",
        "aria-label": "What <Eve> costs",
    }


def test_a_box_without_a_caption_is_called_by_its_headings():
    box = next(attrs for tag, attrs in html_of(show_table(COLUMNS, ROWS)).tags if tag == "div")
    assert box["aria-label"] == "Table: attack, QBER, bits, seen"


def test_html_says_what_the_text_says():
    table = show_table(COLUMNS, ROWS)
    shown = [text.replace("\N{MINUS SIGN}", "-") for text in texts(table)]
    assert shown == [cell for row in table.rows for cell in row]
    right = ["n" in attrs.get("class", "") for _, attrs, _ in html_of(table).cells["tbody"]]
    assert right == [False, True, True, False] * 3


def test_markup_in_a_cell_is_text():
    table = show_table(["<b>", "y"], [("<script>", "<i>")], foot=[("a&b", "")], caption='"><b>')
    assert "<script>" not in table._repr_html_()
    assert texts(table) == ["<script>", "<i>"]
    assert texts(table, "tfoot") == ["a&b", ""]


@pytest.mark.parametrize(
    ("numbers", "written"),
    [
        ([0.25, 0.5], ["0.250", "0.500"]),
        ([0.0, 0.0], ["0.00", "0.00"]),
        ([163.84, 2.46], ["163.8", "2.5"]),
        ([0.25, 1], ["0.250", "1.000"]),  # a whole number among decimals has decimals
        ([3, 12_000], ["3", "12,000"]),
        ([1e-6, 0.03], ["1.0e-06", "3.0e-02"]),
        ([2.5e9, 1.0e9], ["2.5e+09", "1.0e+09"]),
        ([4321.5, 1234.5], ["4,322", "1,234"]),
        ([np.nan, 0.5], ["–", "0.500"]),
        ([np.inf, -np.inf], ["∞", "-∞"]),
        ([np.float32(0.5), np.int64(2)], ["0.500", "2.000"]),
        ([True, np.False_], ["yes", "no"]),
        ([average([0.25, 0.75]), None], ["0.500 ± 0.250", ""]),
    ],
)
def test_how_numbers_are_written_by_themselves(numbers, written):
    table = show_table(["x", "y"], [(name, value) for name, value in zip("ab", numbers, strict=True)])
    assert [row[1] for row in table.rows] == written


@given(st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=8))
def test_no_number_loses_its_size_and_all_have_equal_decimals(numbers):
    """Written numbers are within a twentieth of what they were: two digits at the least."""
    written = [row[1] for row in show_table(["x", "y"], [("", number) for number in numbers]).rows]
    for number, text in zip(numbers, written, strict=True):
        assert float(text.replace(",", "")) == pytest.approx(number, rel=0.051)
    assert len({len(text.partition(".")[2]) for text in written}) == 1


@pytest.mark.parametrize(
    ("formats", "row"),
    [
        (".2f", ("7", "0.12", "4.00")),
        ({"share": ".0%"}, ("7", "12%", "4")),
        ({"share": lambda x: f"{8 * x:.0f}/8"}, ("7", "1/8", "4")),
        ({("of all", "share"): ".3f", "n": "04d"}, ("7", "0.125", "0004")),
    ],
)
def test_formats_for_all_numbers_or_by_heading(formats, row):
    assert show_table(["x", ("of all", "share"), "n"], [(7, 0.125, 4)], formats=formats).rows == (row,)


def test_a_format_reaches_what_knows_how_to_follow_it_and_leaves_text_alone():
    table = show_table(["x", "y"], {"a": average([0.25, 0.75]), "b": "never"}, formats=".1f")
    assert [row[1] for row in table.rows] == ["0.5 ± 0.2", "never"]


def test_a_mapping_names_its_rows():
    assert show_table(["x", "y"], {"a": 1, "b": 2}).rows == (("a", "1"), ("b", "2"))
    assert show_table(["x", "y", "z"], {"a": [1, 2]}).rows == (("a", "1", "2"),)
    assert show_table(["x", "y", "z"], {7: np.array([1, 2])}).rows == (("7", "1", "2"),)


def test_text_that_reads_as_numbers_stands_to_the_right():
    table = show_table(["x", "y", "z"], [("a", "> 200", "Ra"), ("b", "1.2e-05", "3"), ("c", "never", "Rb")])
    assert table.numeric == (False, True, False)


def test_powers_of_ten_are_set_and_keep_their_value_for_who_orders_rows():
    _, cell = html_of(show_table(["x", "y"], [("a", -1e-6), ("b", 1.0)])).cells["tbody"][:2]
    assert cell[1]["data-value"] == "-1.0e-06"
    assert cell[2] == "\N{MINUS SIGN}1.0\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10\N{MINUS SIGN}6"


def test_what_columns_share_stands_over_them():
    table = show_table(["km", ("a long word", "μ"), ("a long word", "R"), ("b", "μ")], [(1, 2, 3, 4)])
    assert repr(table).splitlines() == ["    a long word  b", "km  μ         R  μ", " 1  2         3  4"]
    groups = [
        (attrs.get("scope"), attrs.get("colspan"), text)
        for tag, attrs, text in html_of(table).cells["thead"]
        if attrs.get("scope") != "col"
    ]
    assert groups == [(None, None, ""), ("colgroup", "2", "a long word"), ("colgroup", "1", "b")]


def test_sums_stay_below():
    table = show_table(["x", "dB"], [("fibre", 10.0), ("filter", 1.5)], foot=[("sum", 11.5)])
    assert repr(table).splitlines()[-2:] == ["------------", "sum     11.5"]
    assert texts(table, "tfoot") == ["sum", "11.5"]


def test_complex_numbers_are_written_as_by_hand():
    values = [np.complex128(-0.354 - 0j), -0.0 - 0.707j, complex(1e-17, -1e-18), 0.5 + 0.5j, 0.5 - 0.25j]
    table = show_table(["n", "amplitude"], list(enumerate(values)), formats={"amplitude": ".3f"})
    assert [row[1] for row in table.rows] == [
        "-0.354",
        "-0.707 i",
        "0.000",
        "0.500 + 0.500 i",
        "0.500 - 0.250 i",
    ]
    shown = table._repr_html_()
    assert '<td class="n">\u22120.707 i</td>' in shown
    assert "0.500 \u2212 0.250 i" in shown
    units = show_table(["n", "f"], [(2, -1j), (3, complex(-1, 1e-12)), (4, 1j)], formats={"f": ".0f"})
    assert [row[1] for row in units.rows] == ["-i", "-1", "i"]


def test_long_tables_may_be_ordered_unless_told_not_to():
    assert 'class="sortable"' in show_table(["n"], [(i,) for i in range(6)])._repr_html_()
    assert "sortable" not in show_table(["n"], [(i,) for i in range(5)])._repr_html_()
    assert "sortable" not in show_table(["n"], [(i,) for i in range(6)], sort=False)._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((["x"], []), ValueError, "at least one row"),
        (([], [(1,)]), ValueError, "at least one, not"),
        (("xy", [(1, 2)]), ValueError, "a sequence of headings"),
        ((["x", 3], [(1, 2)]), TypeError, r"pairs \(what columns share, name\), not 3"),
        ((["x", "x"], [(1, 2)]), ValueError, "x stands twice"),
        ((["x", "y"], [(1, 2), (1,)]), ValueError, r"each of 2 columns; row 2 has 1: \(1,\)"),
        ((["x", "y"], ["ab"]), TypeError, "not the text 'ab'"),
        ((["x", "y"], [(1, np.zeros(2))]), TypeError, r"not an array of shape \(2,\)"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        show_table(*arguments)


@pytest.mark.parametrize(
    ("formats", "says"),
    [({"z": ".1f"}, "of x, y, not 'z'"), (".1q", "write 0.5; '.1q' is not")],
)
def test_refuses_formats(formats, says):
    with pytest.raises(ValueError, match=says):
        show_table(["x", "y"], [(1, 0.5)], formats=formats)


def test_refuses_a_foot_of_another_width():
    with pytest.raises(ValueError, match="foot must have one value for each of 2 columns; row 1 has 1"):
        show_table(["x", "y"], [(1, 2)], foot=[(1,)])
