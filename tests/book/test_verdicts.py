"""Chapters that compare: who is ahead is told by numbers, in the text and in a table at the end."""

import json
import re
from pathlib import Path

import pytest

# Words of a verdict that stand typed, by cell, and why they may: everywhere else `glue` puts them.
TYPED = {
    "barren_plateaus/bp-30": "sixty further runs, outside of the page",
    "circuit_search/cs-20": "longer trials, outside of the page",
    "circuit_search/cs-25b": "the same trials",
    "comparison/comparison-05": "what the numbers of a test are",
    "comparison/comparison-09": "nine other fives and other grids, outside of the page; counts of verdicts are glued",
    "comparison/comparison-24": "how to read a verdict that hangs on the draw",
    "comparison/comparison-27": "the same",
    "comparison/comparison-27c": "the same; counts of verdicts are glued",
    "decision_trees/trees-32": "the sentence says what an assert in Checks holds",
    "distillation/distillation-26": "another training, outside of the page",
    "encodings/8727e01f": "a longer training, outside of the page",
    "encodings/3b76ff54-summary": "the row of the table is asserted in Checks",
    "encodings/3540e835": "what Checks leave out",
    "optimisation/optimisation-46c": "one graph, computed without chance",
    "qsvm/qsvm-63": "what Checks leave out",
    "federated/federated-25": "a trial on twenty divisions, outside of the page",
    "reinforcement/reinforcement-046c": "a longer training, outside of the page",
}
WORD = r"\*{0,2}(?:not ahead|ahead|not behind|behind|not told apart)\b(?! (?:the|it|its|this|them|all|circuit)\b)"
VERB = r"(?:is|are|was|were|be|called|comes? out|came out|ends?|stays?|both|as)\s+(?:(?:still|then|both|end|at our level)\s+)*"
SAYS = re.compile(rf"\b{VERB}{WORD}", re.I)


def compare(root: Path) -> list[Path]:
    """The chapters whose Checks or tables rest on comparisons: all of Part III, and whoever prints verdicts."""
    pages = [
        page
        for page in sorted((root / "book").glob("*/*.ipynb"))
        if page.parent.name == "learning" or "verdicts(" in page.read_text(encoding="utf8")
    ]
    assert len(pages) >= 11
    return pages


def cells(page: Path, kind: str) -> list[dict]:
    return [
        {"id": cell["id"], "text": "".join(cell["source"])}
        for cell in json.loads(page.read_text(encoding="utf8"))["cells"]
        if cell["cell_type"] == kind
    ]


def typed(text: str) -> list[str]:
    """The sentences that say who is ahead in typed words, where none of it is another's words or a definition."""
    text = re.sub(r'"[^"]{10,}"', '""', re.sub(r"\{glue:\w+\}`[^`]*`", "@", text))
    sentences = re.split(r"\n\s*\n|(?<=[.!?:])\s+", text)
    return [
        found
        for found in sentences
        if SAYS.search(found) and not re.search(r"is not \*equal|verdicts? of|if the", found)
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("So the circuit is *ahead* of it.", 1),
        ("The circuit is *{glue:text}`a_word`* of it ({glue:text}`a_gap`).", 0),
        ("They are, {glue:text}`a_gap`, *not told apart* here; both end ahead of it.", 1),
        ("Their scores were not told apart.", 1),
        ('"The machine is behind in all of it", they say.', 0),
        ("The idea is behind the circuit.", 0),
        ("*Not told apart* is not *equal*.", 0),
    ],
)
def test_typed_words_are_found(text: str, number: int):
    assert len(typed(text)) == number


def test_who_is_ahead_is_told_by_numbers(root: Path):
    found = {
        f"{page.stem}/{cell['id']}": said
        for page in compare(root)
        for cell in cells(page, "markdown")
        if (said := typed(cell["text"]))
    }
    assert {cell: said for cell, said in found.items() if cell not in TYPED} == {}
    assert sorted(set(TYPED) - set(found)) == [], (
        "these cells say no such word any more: take them off the list"
    )


def test_a_chapter_that_compares_says_what_judges_and_ends_in_a_table(root: Path):
    for page in compare(root):
        code = [cell["text"] for cell in cells(page, "code")]
        assert sum(len(re.findall(r"\bverdicts\(", text)) for text in code) == 1, (
            f"{page.stem}: one closing table"
        )
        top = " ".join(cell["text"] for cell in cells(page, "markdown")[:3])
        assert re.search(r"\bsettle", top), f"{page.stem}: which rows or seeds settle?"
        assert re.search(r"\bjudge", top), f"{page.stem}: which rows or seeds judge?"
