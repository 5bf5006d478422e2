"""Recall questions and the boxes *What you can do now*, as they stand in the notebooks."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BOOK = Path(__file__).resolve().parents[2] / "book"
CELL = re.compile(r"^(?:\([\w-]+\)=\n)?## Recall\n", re.M)
_QUESTION = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{admonition\} *(?P<title>[^\n]*)\n(?P<options>(?::\w+:[^\n]*\n)*)(?P<body>.*?)^(?P=fence)\s*$",
    re.M | re.S,
)


class Question(NamedTuple):
    """One question as it stands in a chapter."""

    name: str
    asks: str
    answer: str


class Box(NamedTuple):
    """What a reader can do at the end of a part."""

    name: str
    text: str


def options(text: str) -> dict[str, str]:
    """Return the options of a directive, as written under its title."""
    return dict(re.findall(r"^:(\w+): *(.*?) *$", text, re.M))


def questions(text: str) -> Iterator[Question]:
    """Yield the questions of some Markdown, in order."""
    for found in _QUESTION.finditer(text):
        said = options(found["options"])
        if "recall" in said.get("class", "").split():
            yield Question(said.get("name", ""), found["title"].strip(), found["body"].strip())


def boxes(text: str) -> Iterator[Box]:
    """Yield the boxes *What you can do now* of some Markdown."""
    for found in _QUESTION.finditer(text):
        said = options(found["options"])
        if "can-do" in said.get("class", "").split():
            yield Box(said.get("name", ""), found["body"].strip())


def asked_in(chapter: str) -> list[Question]:
    """Return the questions of a chapter, as qubits/measurement."""
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return [one for source in sources if CELL.search(source) for one in questions(source)]
