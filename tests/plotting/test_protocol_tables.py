"""The growing table: right cells, headings and highlights, as HTML for everyone and as text."""

from html.parser import HTMLParser

import numpy as np
import pytest

from qlearn.plotting import protocol_table

ROWS = [
    ("alice", "bit", [0, 1, 1]),
    ("alice", "basis", ["Z", "X", "Z"]),
    ("bob", "agrees", [True, False, True]),
]


class Cells(HTMLParser):
    """Collect (tag, attributes, text) of every th, td and caption."""

    def __init__(self):
        super().__init__()
        self.cells, self.open, self.box = [], None, None

    def handle_starttag(self, tag, attrs):
        if tag in {"th", "td", "caption"}:
            self.open = [tag, dict(attrs), ""]
        if tag == "div":
            self.box = dict(attrs)

    def handle_data(self, data):
        if self.open:
            self.open[2] += data

    def handle_endtag(self, tag):
        if self.open and tag == self.open[0]:
            self.cells.append(tuple(self.open))
            self.open = None


def html_of(table):
    parser = Cells()
    parser.feed(table._repr_html_())
    return parser


def test_every_value_stands_in_its_cell():
    data = [text for tag, _, text in html_of(protocol_table(ROWS)).cells if tag == "td"]
    assert data == ["0", "1", "1", "Z", "X", "Z", "✓", "·", "✓"]


def test_a_screen_reader_finds_scopes_caption_and_a_box_to_scroll():
    page = html_of(protocol_table(ROWS, caption="Who knows what"))
    scopes = [attrs.get("scope") for tag, attrs, _ in page.cells if tag == "th"]
    assert scopes == ["col"] * 4 + ["rowgroup", "row", "row", "rowgroup", "row"]
    assert ("caption", {}, "Who knows what") in page.cells
    assert page.box == {
        "class": "qlearn-table",
        "role": "region",
        "tabindex": "0",
        "aria-label": "Who knows what",
    }
    assert "overflow-x:auto" in protocol_table(ROWS)._repr_html_()


def test_rows_of_one_party_share_a_heading():
    headings = [
        text for _, attrs, text in html_of(protocol_table(ROWS)).cells if attrs.get("scope") == "rowgroup"
    ]
    assert headings == ["Alice knows", "Bob knows"]
    assert "Judge" in repr(protocol_table([("Judge", "ruling", [1])]))


@pytest.mark.parametrize("highlight", [[0, 2], [True, False, True], np.array([2, 0, 0])])
def test_highlights_whole_columns(highlight):
    page = html_of(protocol_table(ROWS, highlight=highlight))
    kept = [text for _, attrs, text in page.cells if attrs.get("class") == "kept"]
    assert kept == ["1", "3", "0", "1", "Z", "Z", "✓", "✓"]


def test_nothing_kept_highlights_nothing():
    assert protocol_table(ROWS, highlight=[False] * 3).kept == ()


def test_text_aligns_columns_and_marks_the_kept():
    lines = repr(
        protocol_table([("eve", "state", ["|+>", None, 1])], highlight=[2], caption="Title")
    ).splitlines()
    assert lines == [
        "Title",
        "            1  2  3",
        "Eve sees",
        "  state   |+>     1",
        "                  ^",
    ]


def test_growing_leaves_the_old_table_alone():
    small = protocol_table(ROWS[:1], caption="first", highlight=[1])
    large = small.grow(ROWS[2])
    assert len(small.rows) == 1
    assert large.kept == (1,)
    assert large.caption == "first"
    assert large.rows == protocol_table([ROWS[0], ROWS[2]]).rows
    assert small.grow(highlight=[0], caption="second").kept == (0,)


def test_markup_in_values_is_text():
    assert "<b>" not in protocol_table([("<b>", "<b>", ["<b>"])], caption="<b>")._repr_html_()


@pytest.mark.parametrize(
    ("rows", "highlight", "says"),
    [
        ([], None, "at least one"),
        ([("alice", "bit", [])], None, "at least one value"),
        ([*ROWS, ("bob", "bit", [1])], None, "'bit' has 3, 'bit' of 'bob' has 1"),
        (ROWS, [3], "column numbers of 0 to 2"),
        (ROWS, [-1], "column numbers of 0 to 2"),
        (ROWS, [0.5], "column numbers of 0 to 2"),
        (ROWS, [True, False], "for each of 3 columns"),
    ],
)
def test_refuses(rows, highlight, says):
    with pytest.raises(ValueError, match=says):
        protocol_table(rows, highlight=highlight)


def test_a_column_may_be_a_run_instead_of_a_pulse():
    table = protocol_table(ROWS, each="run").grow(("bob", "keeps", [1, 1, 0]))
    assert ">run</th>" in table._repr_html_()
    assert "pulse" not in table._repr_html_()
