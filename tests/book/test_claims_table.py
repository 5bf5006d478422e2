"""The table of claims: each row has a verdict that a cell shows, and a reader finds it."""

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest


def test_the_table_has_no_fault(claims: ModuleType):
    assert claims.faults(claims.rows()) == []


def test_each_claim_of_a_chapter_stands_in_the_table(root: Path, claims: ModuleType, chapter: str):
    listed = {label for row in claims.rows() for label in row.labels.split()}
    examined = {claim.label for claim in claims.claims_of(root / "book" / f"{chapter}.ipynb")}
    assert examined - listed == set()


def test_all_four_articles_are_there_and_the_tables_of_the_review(claims: ModuleType):
    table = claims.rows()
    assert {row.article for row in table} == set(claims.ARTICLES)
    for number, cells in ((1, 10), (3, 18)):  # two columns of Table 1 say something, three of Table 3
        stands = [row for row in table if row.article == "R" and row.section.startswith(f"Table {number},")]
        assert len(stands) >= cells


def test_words_are_brief_and_in_the_order_of_the_articles(claims: ModuleType):
    table = claims.rows()
    assert [row.id for row in table if len(row.words.split()) > 26] == []
    assert [row.article for row in table] == sorted((r.article for r in table), key="RQIM".index)
    for article in claims.ARTICLES:
        numbers = [int(row.id.partition("-")[2]) for row in table if row.article == article]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"article": "X"}, "article 'X'"),
        ({"verdict": "perhaps"}, "verdict 'perhaps'"),
        ({"because": ""}, "must be given"),
        ({"chapter": "communication/bb85"}, "'communication/bb85' is no chapter"),
        ({"cell": "bb84-none"}, "shows no code cell 'bb84-none'"),
        ({"cell": ""}, "the cell that shows the verdict must be given"),
        (
            {"chapter": "learning/qsvm", "labels": "", "cell": "qsvm-23"},
            "shows no code cell",
        ),  # removed from the page
        ({"source": "nobody1900"}, "'nobody1900' is not in references.bib"),
        ({"verdict": "open"}, "the row has R, open"),
        ({"labels": "claim-bb84-99"}, "no chapter has of 'claim-bb84-99': None"),
    ],
)
def test_a_row_with_a_fault_is_refused(claims: ModuleType, root: Path, change: dict[str, str], told: str):
    claim = next(claims.claims_of(root / "book/communication/bb84.ipynb"))
    cell = next(iter(claims._cells("communication/bb84")))
    whole = claims.Row(
        f"{claim.source}-1",
        claim.source,
        "1",
        "words",
        claim.verdict,
        "communication/bb84",
        claim.label,
        cell,
        "",
        "b",
    )
    assert claims.faults([whole]) == []
    assert any(told in wrong for wrong in claims.faults([replace(whole, **change)]))
    assert len(claims.faults([whole, whole])) == 2  # the id and the words


def test_totals_count_each_sentence_once(claims: ModuleType):
    table = claims.rows()
    *_, last = claims.totals(table).splitlines()
    numbers = [int(word) for word in re.findall(r"\d+", last)]
    assert numbers[-1] == sum(numbers[:-1]) == len(table)


def test_what_an_article_says_cannot_become_code(claims: ModuleType):
    row = replace(claims.rows()[0], words='<script>alert("x")</script>', because="a < b & c")
    page = claims.table_of([row], {})
    assert "<script" not in page
    assert "a &lt; b &amp; c" in page
