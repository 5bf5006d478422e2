"""The claims of the literature: what the chapters examine, and the table of every checkable sentence.

A chapter labels each claim and gives it an admonition whose title ends in the verdict:

    (claim-bb84-1)=
    ```{admonition} "any communication with the key ... will be detected": conditional
    R, 2.1.2 {cite}`hussein2026`. ...
    ```

The table is `book/appendix/claims.csv`: one row a sentence, with the cell that shows the verdict. Where a chapter examines the
sentence, the row names that claim, and both have the same verdict.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from pybtex.database import parse_file

BOOK = Path(__file__).resolve().parents[2] / "book"
VERDICTS = ("true", "false", "conditional")
OPEN = "open"  # in the table alone: nothing published decides it, and `because` says what would
ARTICLES = {
    "R": "Hussein and Mohammed, review",
    "Q": "Narottama et al., quantum intelligence networks",
    "I": "report on Purohit and Kumar",
    "M": "Malli, essay",
}
_COLOURS = {"true": "success", "false": "danger", "conditional": "warning"}
_CLAIM = re.compile(r"^\((claim-[\w-]+)\)=\s*\n+(`{3,}|:{3,})\{admonition\} *(.+?)\n(.*?)^\2", re.M | re.S)
_VERDICT = re.compile(rf"[\s:.,*(]*\b({'|'.join(VERDICTS)})\b[\s.*)]*$", re.I)
_SOURCE = re.compile(r"\b([RQIM])\b")


@dataclass(frozen=True)
class Claim:
    """One sentence of an article, and what the chapter found."""

    label: str
    said: str
    verdict: str
    source: str


@dataclass(frozen=True)
class Row:
    """One row of the table: a sentence, its verdict, and where the verdict is shown."""

    id: str
    article: str
    section: str
    words: str
    verdict: str
    chapter: str  # as communication/bb84: where the course comes closest to it
    labels: str  # of the claims of chapters that examine it, with a blank between, or empty
    cell: str  # the id of the cell that shows it, or empty
    source: str  # the key in references.bib of what shows it where no cell can, or empty
    because: str


def claims_of(chapter: Path) -> Iterator[Claim]:
    """Yield the claims of one chapter; refuse a label whose claim has no verdict."""
    cells = json.loads(chapter.read_text(encoding="utf8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    labels = set(re.findall(r"^\((claim-[\w-]+)\)=", text, re.M))
    for label, _, title, body in _CLAIM.findall(text):
        verdict = _VERDICT.search(title)
        source = _SOURCE.search(re.sub(r"^:\w+:.*\n", "", body)) or _SOURCE.search(title)
        if verdict and source:
            labels.discard(label)
            said = title[: verdict.start()].strip()
            yield Claim(label, said, verdict[1].lower(), source[1])
    if labels:
        raise ValueError(
            f"{chapter.name}: {', '.join(sorted(labels))} must be followed by an admonition whose title ends in its "
            f"verdict ({', '.join(VERDICTS)}) and whose text names the article (R, Q, I or M)"
        )


def rows() -> list[Row]:
    """Return the table, as it stands in the file."""
    with (BOOK / "appendix" / "claims.csv").open(encoding="utf8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def faults(table: Iterable[Row]) -> list[str]:
    """Return what is wrong with the rows: no known article or verdict, no such cell, another verdict than the chapter's."""
    found, seen, told = [], set(), dict[tuple[str, str], str]()
    for row in table:
        wrong = []
        if row.article not in ARTICLES or not row.id.startswith(f"{row.article}-"):
            wrong.append(
                f"article {row.article!r} is not one of {', '.join(ARTICLES)}, or the id begins otherwise"
            )
        if row.id in seen:
            wrong.append("the id stands twice")
        if (row.article, row.words) in told:
            wrong.append(f"the words stand already in {told[row.article, row.words]}")
        if row.verdict not in (*VERDICTS, OPEN):
            wrong.append(f"verdict {row.verdict!r} is not one of {', '.join((*VERDICTS, OPEN))}")
        if not all((row.section, row.words, row.because)):
            wrong.append("section, words and because must be given")
        wrong += _faults_of_place(row)
        seen.add(row.id)
        told[row.article, row.words] = row.id
        found += [f"{row.id}: {what}" for what in wrong]
    return found


def _faults_of_place(row: Row) -> Iterator[str]:
    """Yield what is wrong with where a row says that its verdict is shown."""
    if row.source and row.source not in _sources():
        yield f"{row.source!r} is not in references.bib"
    if not (row.cell or row.source or row.verdict == OPEN):
        yield "the cell that shows the verdict must be given, or a source where no cell can show it"
    if not (BOOK / f"{row.chapter}.ipynb").exists():
        yield f"{row.chapter!r} is no chapter"
        return
    if row.cell and row.cell not in _cells(row.chapter):
        yield f"{row.chapter} shows no code cell {row.cell!r}"
    for label in row.labels.split():
        chapter, claim = _examined().get(label, ("no chapter", None))
        if claim is None or (claim.verdict, claim.source) != (row.verdict, row.article):
            told = f"{claim.source}, {claim.verdict}" if claim else None
            yield f"{chapter} has of {label!r}: {told}; the row has {row.article}, {row.verdict}"


@cache
def _cells(chapter: str) -> set[str]:
    """Return the ids of the code cells of a chapter that a reader sees."""
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return {cell["id"] for cell in code if "remove-cell" not in cell["metadata"].get("tags", [])}


@cache
def _examined() -> dict[str, tuple[str, Claim]]:
    """Return for each label of a claim its chapter and the claim."""
    chapters = sorted(BOOK.glob("*/*.ipynb"))
    named = [(f"{path.parent.name}/{path.stem}", claim) for path in chapters for claim in claims_of(path)]
    return {claim.label: (chapter, claim) for chapter, claim in named}


@cache
def title(chapter: str) -> str:
    """Return what a chapter is called, without what it says after a colon."""
    first = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"][0]["source"]
    return "".join(first).splitlines()[0].removeprefix("# ").partition(":")[0]


@cache
def _sources() -> dict[str, str]:
    """Return for each key of the bibliography the link to what it names: first author, year and address."""
    found = {}
    for key, entry in parse_file(str(BOOK / "references.bib")).entries.items():
        people = [str(person.last_names[-1]) for person in entry.persons.get("author", [])]
        name = (
            f"{people[0] if people else entry.fields.get('title', key)}{' et al.' if len(people) > 2 else ''}"
        )
        field = entry.fields
        address = (
            f"https://doi.org/{field['doi']}" if "doi" in field
            else f"https://arxiv.org/abs/{field['eprint']}" if "eprint" in field
            else field.get("url", "")
        )  # fmt: skip
        said = escape(re.sub(r"[{}\\\"']", "", f"{name} {field.get('year', '')}").strip())
        found[key] = f'<a href="{escape(address)}">{said}</a>' if address else said
    return found


def totals(table: list[Row]) -> str:
    """Return how many sentences of each article have which verdict, as a table in MyST."""
    count = Counter((row.article, row.verdict) for row in table)
    verdicts = [v for v in (*VERDICTS, OPEN) if any(count[a, v] for a in ARTICLES)]
    lines = ["| article | " + " | ".join(verdicts) + " | all |", "|---|" + "--:|" * (len(verdicts) + 1)]
    for article, name in ARTICLES.items():
        numbers = [count[article, v] for v in verdicts]
        lines.append(f"| **{article}** {name} | " + " | ".join(map(str, [*numbers, sum(numbers)])) + " |")
    numbers = [sum(count[a, v] for a in ARTICLES) for v in verdicts]
    lines.append("| all four | " + " | ".join(map(str, [*numbers, sum(numbers)])) + " |")
    return "\n".join(lines) + "\n"


def table_of(table: list[Row], parts: dict[str, str]) -> str:
    """Return the rows as the HTML of one table; `parts` names each chapter's part of the book."""
    lines = [
        "```{raw} html",
        '<div class="claims"><table class="table claims-table"><thead><tr>',
        *(f"<th scope='col'>{word}</th>" for word in ("Article", "Words", "Verdict", "Shown in")),
        "</tr></thead><tbody>",
    ]
    for row in table:
        page = f"../{row.chapter}.html"
        places = [(_examined()[label][0], label) for label in row.labels.split()]
        links = ", ".join(
            f'<a href="../{chapter}.html#{label.replace("_", "-")}">{escape(title(chapter))}</a>'
            for chapter, label in places
        )
        if row.cell:
            named = "the cell" if row.chapter in dict(places) else escape(title(row.chapter))
            links += f'{", " if links else ""}<a href="{page}#cell-{row.cell}">{named}</a>'
        elif not links:
            links = f'<a href="{page}">{escape(title(row.chapter))}</a>'
        if row.source:
            links += f"; {_sources()[row.source]}"
        colour = _COLOURS.get(
            row.verdict
        )  # none for what is open: the theme's grey is too pale for small letters
        badge = (
            f'<span class="sd-sphinx-override sd-badge sd-bg-{colour} sd-bg-text-{colour}">{row.verdict}</span>'
            if colour
            else f"<b>{row.verdict}</b>"
        )
        lines.append(
            f'<tr id="{row.id}" data-article="{row.article}" data-verdict="{row.verdict}" '
            f'data-part="{escape(parts.get(row.chapter, ""))}"><td><b>{row.article}</b> {escape(row.section)} '
            f'<a class="own" href="#{row.id}">{row.id}</a></td>'
            f"<td><q>{escape(row.words)}</q><br>{escape(row.because)}</td><td>{badge}</td><td>{links}</td></tr>"
        )
    return "\n".join([*lines, "</tbody></table></div>", "```"]) + "\n"


def parts_of_chapters() -> dict[str, str]:
    """Return the part of the book (its caption) that each page stands in."""
    found, caption = {}, ""
    for line in (BOOK.parent / "_toc.yml").read_text(encoding="utf8").splitlines():
        if said := re.match(r" *- caption: *(.+)", line):
            caption = said[1]
        elif page := re.match(r" *- file: *(\S+)", line):
            found[page[1]] = caption
    return found


def collected() -> str:
    """Return the totals and the table; refuse a table with a fault in it."""
    table = rows()
    if wrong := faults(table):
        raise ValueError("book/appendix/claims.csv: " + "; ".join(wrong))
    sources = ",".join(sorted({row.source for row in table if row.source}))
    return "\n".join(
        (totals(table), table_of(table, parts_of_chapters()), f"Sources in the table: {{cite}}`{sources}`.")
    )
