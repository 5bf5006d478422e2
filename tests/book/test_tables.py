"""Long tables in the order that a reader wants, in Chromium: by mouse and keyboard, as a screen reader is told."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Page

from qlearn.plotting import show_table


@pytest.fixture(scope="module")
def boxes(load) -> ModuleType:
    return load("tools/sphinx/tables.py")


@pytest.fixture
def opened(root: Path, page: Page) -> Iterator:
    """Return how to open a page of this HTML with the script of the book and its style."""
    static = root / "book" / "_static"
    script = (static / "tables.mjs").read_text(encoding="utf8")
    page.route(
        "http://book.test/tables.mjs",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )

    def open_with(body: str) -> Page:
        style = (static / "house.css").read_text(encoding="utf8")
        html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Tables</title><style>{style}</style>
        <article class="bd-article">{body}</article><script type="module" src="tables.mjs"></script></html>"""
        page.route("http://book.test/", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("http://book.test/")
        return page

    return open_with


def column(page: Page, number: int) -> list[str]:
    return page.locator("tbody tr").evaluate_all(
        "(rows, number) => rows.map(row => row.cells[number].textContent)", number
    )


ROWS = [
    ("Trine", 1e-6, "0.93 ± 0.01"),
    ("six states", 0.02, "0.9 ± 0.1"),
    ("BB84", 3e-9, "never"),
    ("B92", 0.5, "> 0.99"),
    ("Decoy", 1.0, ""),
    ("twin", 2e-3, "-0.5"),
]


def test_a_heading_orders_the_rows_and_says_so(opened):
    page = opened(show_table(["protocol", "chance", "score"], ROWS, foot=[("sum", 1.5, "")])._repr_html_())
    came = column(page, 0)
    head = page.get_by_role("columnheader", name="chance")
    assert head.get_attribute("aria-sort") == "none"
    page.get_by_role("button", name="chance").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, 0) == ["BB84", "Trine", "twin", "six states", "B92", "Decoy"]
    page.get_by_role("button", name="chance").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, 0) == ["Decoy", "B92", "six states", "twin", "Trine", "BB84"]
    page.get_by_role("button", name="chance").press(" ")
    assert head.get_attribute("aria-sort") == "none"
    assert column(page, 0) == came
    assert page.locator("tfoot tr").count() == 1


def test_words_are_ordered_as_words_and_what_lacks_a_number_stands_last(opened):
    page = opened(show_table(["protocol", "chance", "score"], ROWS)._repr_html_())
    page.get_by_role("button", name="protocol").click()
    assert column(page, 0) == ["B92", "BB84", "Decoy", "six states", "Trine", "twin"]
    page.get_by_role("button", name="score").click()
    assert [text.replace("\N{MINUS SIGN}", "-") for text in column(page, 2)] == [
        "-0.5", "0.9\xa0±\xa00.1", "0.93\xa0±\xa00.01", "> 0.99", "never", "",
    ]  # fmt: skip
    page.get_by_role("button", name="score").click()
    assert column(page, 2)[-2:] == ["never", ""]
    assert page.locator("th[aria-sort='descending']").count() == 1
    assert page.get_by_role("columnheader", name="protocol").get_attribute("aria-sort") == "none"


@pytest.mark.parametrize("options", [{"sort": False}, {}])
def test_short_tables_and_those_in_their_own_order_stay(opened, options):
    page = opened(show_table(["a", "b", "c"], ROWS if options else ROWS[:5], **options)._repr_html_())
    assert page.locator("button").count() == 0


def test_markdown_tables_and_frames_too_but_not_a_table_that_spans_rows(opened, boxes):
    body = "".join(f"<tr><td>{word}</td><td>{i}</td></tr>" for i, word in enumerate("gfbace"))
    head = '<thead><tr><th class="head"><p>w &amp; v</p></th><th class="head"><p>n</p></th></tr></thead>'
    written = boxes.boxed(f'<table class="table">{head}<tbody>{body}</tbody></table>')
    assert boxes.is_long(written)
    page = opened(written)
    assert page.get_by_role("region", name="Table: w & v, n").get_attribute("tabindex") == "0"
    page.get_by_role("button", name="w & v").click()
    assert column(page, 0) == list("abcefg")
    spans = body.replace("<td>g</td>", '<td rowspan="2">g</td>').replace("<td>f</td>", "")
    page = opened(f'<table class="dataframe">{head}<tbody>{spans}</tbody></table>')
    assert page.locator("button").count() == 0


def test_a_heading_with_a_link_keeps_it_and_has_its_button_beside_it(opened, boxes):
    body = "".join(f"<tr><td>{word}</td><td>{i}</td></tr>" for i, word in enumerate("gfbace"))
    head = '<thead><tr><th class="head"><p>of <a href="#x">Wehner</a></p></th><th class="head"><p>n</p></th></tr></thead>'
    page = opened(boxes.boxed(f'<table class="table">{head}<tbody>{body}</tbody></table>'))
    assert page.locator("button a").count() == 0
    assert page.get_by_role("link", name="Wehner").is_visible()
    page.get_by_role("button", name="Sort by of Wehner").click()
    assert column(page, 0) == list("abcefg")


def test_a_wide_table_scrolls_in_its_box_on_a_phone_by_keyboard(opened):
    wide = show_table([f"a long heading {i}" for i in range(12)], [range(12)], caption="Wide")
    page = opened(wide._repr_html_())
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "qlearn-results"
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_only_pages_with_a_long_table_get_the_script(boxes):
    row = "<tr><td>1</td></tr>"
    for kind in ("table", "dataframe", "sortable"):
        assert not boxes.is_long(f'<table class="{kind}"><thead><tr><th>a</th></tr></thead>{5 * row}</table>')
        assert boxes.is_long(f'<table class="{kind}"><thead><tr><th>a</th></tr></thead>{6 * row}</table>')
    assert boxes.boxed('<table class="names table"></table>') == '<table class="names table"></table>'
    assert boxes.boxed('<table class="table"></table>').count("table-box") == 1


def test_a_caption_over_two_narrow_columns_is_no_column_of_words(opened):
    said = show_table(
        ["depth", "accuracy"], [(0, 0.5)], caption="The front of evolution, 1,920 arrangements."
    )
    page = opened(said._repr_html_())
    lines = "e => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)"
    page.add_style_tag(content="caption { line-height: 20px; padding: 0 }")
    assert page.locator("caption").evaluate(lines) < 2.5
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
