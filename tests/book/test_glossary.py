"""A term is met where the card leads: in the chapter itself, in one that it needs, or beside a link to one."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from unicodedata import normalize

import networkx as nx
import pytest

CHAPTER = re.compile(r"\{doc\}`/(\w+/\w+)`")


@pytest.fixture(scope="module")
def links(load: Callable[[str], ModuleType]) -> ModuleType:
    """What links terms in the chapters, and knows in which a word means another thing."""
    return load("tools/sphinx/glossary_links.py")


@pytest.fixture(scope="module")
def glossary(root: Path) -> dict[str, set[str]]:
    """Each term with the pages that it names."""
    text = (root / "book/appendix/glossary.md").read_text(encoding="utf8")
    entries = text.partition("```{glossary}\n")[2].partition("```")[0].split("\n\n")
    return {entry.splitlines()[0]: set(CHAPTER.findall(entry)) for entry in entries}


@pytest.fixture(scope="module")
def chapters(root: Path) -> dict[str, list[str]]:
    """The text cells of each chapter, its card first."""
    book = root / "book"
    return {
        path.relative_to(book).with_suffix("").as_posix(): [
            "".join(cell["source"])
            for cell in json.loads(path.read_text(encoding="utf8"))["cells"]
            if cell["cell_type"] == "markdown"
        ]
        for path in sorted(book.glob("*/*.ipynb"))
    }


@pytest.fixture(scope="module")
def reached(chapters: dict[str, list[str]]) -> dict[str, set[str]]:
    """The chapters behind each chapter: what its card asks for, and what those ask for, and itself."""
    needs = {
        name: set(CHAPTER.findall(cells[0].partition("**You need**")[2].partition("**Time**")[0]))
        for name, cells in chapters.items()
    }

    graph = nx.DiGraph((name, need) for name in chapters for need in needs[name])
    return {name: {name} | (nx.descendants(graph, name) if name in graph else set()) for name in chapters}


def own_words(cells: list[str]) -> list[str]:
    """The paragraphs of a chapter between card and further reading, without the words of others: "in quotes"."""
    text = "\n\n".join(cells[1:]).partition("\n## Further reading")[0]
    text = re.sub(
        r"(\n:class: [\w -]+)\n\n", r"\1\n", text
    )  # the title of a box belongs to its first paragraph
    return [re.sub(r'"[^"]{15,}"', '""', paragraph) for paragraph in re.split(r"\n\s*\n", text)]


def test_an_empty_line_stands_before_every_term(root):
    """Without it a term is read as part of the entry above, and no other test sees it."""
    text = (root / "book/appendix/glossary.md").read_text(encoding="utf8")
    for entry in text.partition("```{glossary}\n")[2].partition("```")[0].strip().split("\n\n"):
        term, *lines = entry.splitlines()
        assert not term.startswith(" "), f"{term}: is a term"
        glued = [line for line in lines if not line.startswith("  ")]
        assert not glued, f"{term}: an empty line is missing before {glued}"
        assert lines, f"{term}: what is it?"


def test_terms_stand_in_the_order_of_their_letters(glossary):
    """Hyphens, capitals and signs over letters do not count."""

    def letters(term: str) -> str:
        return re.sub(
            r"[^a-z0-9]+", " ", normalize("NFD", term).lower().replace("-", "").replace("\u0301", "")
        )

    assert [*glossary] == sorted(glossary, key=letters)


def test_every_term_names_a_chapter_that_says_it(root, glossary, chapters):
    for term, named in glossary.items():
        assert named, f"{term}: which chapter teaches it?"
        for name in named:
            assert (root / "book" / f"{name}.ipynb").exists() or (root / "book" / f"{name}.md").exists(), term
            said = " ".join(chapters.get(name, [term])).lower()
            missing = [word for word in re.findall(r"\w+", term.lower()) if word[:5] not in said]
            assert not missing, f"{term}: {name} does not say {missing}"


def test_no_card_leads_round_in_a_circle(reached):
    for name, behind in reached.items():
        assert not [other for other in behind - {name} if name in reached[other]], name


def test_every_term_is_introduced_where_the_card_leads(glossary, chapters, reached, links):
    strange = []
    for name, cells in chapters.items():
        paragraphs = own_words(cells)
        for term, taught in glossary.items():
            if name in links.OTHER_SENSE.get(term, ()) or taught & reached[name]:
                continue
            first = next(filter(links.pattern(term).search, paragraphs), None)
            if first and not taught & set(CHAPTER.findall(first)):
                strange.append(f"{name}: {term} (taught in {', '.join(sorted(taught))}): {first[:100]!r}...")
    assert not strange, "\n".join(strange)


def test_a_page_with_a_word_in_another_sense_says_it(glossary, chapters, links):
    assert set(links.OTHER_SENSE) <= set(glossary)
    for term, pages in links.OTHER_SENSE.items():
        for name in pages:
            assert any(map(links.pattern(term).search, own_words(chapters[name]))), (
                f"{name} does not say {term}"
            )
