"""A claim leads to the cell that shows its verdict, and the totals of the table lead to its rows."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def cells(load: Callable[[str], ModuleType], claims: ModuleType) -> ModuleType:
    return load("tools/sphinx/claim_cells.py")


@pytest.fixture
def app() -> SimpleNamespace:
    builder = SimpleNamespace(format="html", get_relative_uri=lambda here, there: f"../{there}.html")
    return SimpleNamespace(builder=builder, env=SimpleNamespace(all_docs={"appendix/claims": 1}))


def document(label: str, cell: str, words: str) -> tuple[nodes.document, nodes.admonition, nodes.reference]:
    """A section that holds a cell, and a claim with a link to the section."""
    made = new_document("chapter")
    shown = nodes.container(nb_element="cell_code", ids=[f"cell-{cell}"])
    section = nodes.section("", nodes.title("", "Noise"), shown, ids=["around"])
    link = nodes.reference("", words, refid="around")
    box = nodes.admonition("", nodes.title("", "words: false"), nodes.paragraph("", "", link), ids=[label])
    made += section
    made += box
    made.ids = {"around": section}
    return made, box, link


def leads(box: nodes.admonition) -> list[tuple[str, str]]:
    return [(one.astext(), one["refuri"]) for one in box[-1].findall(nodes.reference)]


def test_a_claim_leads_to_its_cell_and_to_its_row(cells, claims, app):
    row = next(row for row in claims.rows() if row.cell and row.labels and row.labels in cells.shown_by())
    page, box, link = document(row.labels, row.cell, "this cell")
    cells.lead_to_cells(app, page, row.chapter)
    assert leads(box)[0] == ("this cell", f"#cell-{row.cell}")
    assert leads(box)[1] == (f"{row.id} in the table", f"../appendix/claims.html#{row.id}")
    assert link["refid"] == f"cell-{row.cell}"


def test_other_words_lead_where_they_led(cells, claims, app):
    row = next(row for row in claims.rows() if row.cell and row.labels in cells.shown_by())
    page, _, link = document(row.labels, row.cell, "the contest")
    cells.lead_to_cells(app, page, row.chapter)
    assert link["refid"] == "around"
    page, _, link = document(row.labels, "of-another-cell", "this cell")
    cells.lead_to_cells(app, page, row.chapter)
    assert link["refid"] == "around"


def test_a_cell_of_another_chapter_is_named_by_it(cells, claims, app):
    table = cells.shown_by()
    label, row = next(
        (label, rows[0])
        for label, rows in table.items()
        if rows[0].cell and label.split("-")[1] not in rows[0].chapter
    )
    page, box, _ = document(label, "any", "there")
    cells.lead_to_cells(app, page, "networks/ledger" if row.chapter != "networks/ledger" else "learning/qsvm")
    assert leads(box)[0] == (
        f"a cell of {claims.title(row.chapter)}",
        f"../{row.chapter}.html#cell-{row.cell}",
    )


def test_paper_and_boxes_that_are_no_claims_stay(cells, claims, app):
    row = next(row for row in claims.rows() if row.cell and row.labels in cells.shown_by())
    page, box, _ = document("another", row.cell, "this cell")
    cells.lead_to_cells(app, page, row.chapter)
    assert len(box) == 2
    app.builder.format = "latex"
    page, box, _ = document(row.labels, row.cell, "this cell")
    cells.lead_to_cells(app, page, row.chapter)
    assert len(box) == 2


def test_totals_lead_to_the_rows_that_they_count(root: Path, claims: ModuleType, page: Page):
    some = [row for row in claims.rows() if row.article in "RQ"][::7]
    body = claims.table_of(some, {}).partition("html\n")[2].rpartition("```")[0]
    head, _, *lines = (line.strip("|").split("|") for line in claims.totals(some).splitlines())
    made = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    made = made.replace("**Q**", "<strong>Q</strong>").replace("**R**", "<strong>R</strong>")
    heads = "".join(f"<th>{cell}</th>" for cell in head)
    html = (
        f"<!doctype html><meta charset=utf-8><article><table><thead><tr>{heads}</tr></thead><tbody>{made}</tbody></table>"
        f"{body}</article><script type=module src=claims_table.mjs></script>"
    )
    script = (root / "book/_static/claims_table.mjs").read_text(encoding="utf8")
    page.route(
        "http://claims.test/**",
        lambda route: route.fulfill(
            body=script if route.request.url.endswith(".mjs") else html,
            content_type="text/javascript" if route.request.url.endswith(".mjs") else "text/html",
        ),
    )
    page.goto("http://claims.test/")
    wanted = [row for row in some if (row.article, row.verdict) == ("R", "false")]
    page.get_by_role("link", name=f"{len(wanted)} sentences: R, false").click()
    expect(page.get_by_role("status")).to_have_text(
        f"{len(wanted)} of {len(some)} sentences: {len(wanted)} false"
    )
    shown = page.locator("table.claims-table tbody tr:visible")
    assert shown.evaluate_all("rows => rows.map(row => row.id)") == [row.id for row in wanted]
    page.get_by_role("link", name=f"{len(some)} sentences: all").click()
    expect(page.get_by_role("status")).to_contain_text(f"{len(some)} of {len(some)} sentences: ")
