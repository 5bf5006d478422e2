"""Exercises as boxes: what four cells of a chapter are in a notebook is one numbered, linkable thing on the page.

In a chapter an exercise is the cells

    exercises.sift                  the task, as its output
    def sift(...): ...              the stub, tagged `exercise`
    exercises.sift.check(sift)
    exercises.sift.reveal()         the solution, folded, as its output

On the page it is a section "Exercise 6.2: Sift", which prose can link as ``{ref}`exercise-bb84-sift```, with the level,
the task, the stub and the solution. The calls are for a kernel, and are not shown. `exercise_box.mjs` makes an editor
of the stub where the page can check an answer itself (`exercise_python.py`); without JavaScript the box reads as it is.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
LEVELS = ("warm-up", "core", "stretch", "project")
ELSEWHERE = "<!-- where else to run this chapter -->"
_logger = logging.getLogger(__name__)
_TASK = re.compile(r"exercises\.(\w+)")
# What the introduction says of cells; on the page there are none.
_OF_CELLS = re.compile(
    r"^Replace the dots, run the cell, and run the check under it\.( A check never raises; it says what it saw\.)?"
)
_OF_THE_PAGE = "Replace the dots."


class Box(NamedTuple):
    """What the list of all exercises knows of one."""

    name: str
    number: str
    title: str
    level: str


def chapter_numbers() -> dict[str, int]:
    """Return the number of each chapter: they count on through the numbered parts of `_toc.yml`.

    Sphinx numbers chapters when it has read all; a title has its number from the first.
    """
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
    numbered = [page["file"] for part in contents["parts"] if "numbered" in part for page in part["chapters"]]
    return {page: number for number, page in enumerate(numbered, start=1)}


def cell_source(node: nodes.Node) -> str | None:
    """Return the code of a cell; None for anything else."""
    if not isinstance(node, nodes.container) or node.get("nb_element") != "cell_code":
        return None
    source = next((child for child in node if child.get("nb_element") == "cell_code_source"), None)
    return source.astext().strip() if source is not None else ""


def shown(cell: nodes.Element) -> list[nodes.Node]:
    """Return what a cell has shown, as it was rendered from Markdown."""
    markdown = [node for node in cell.findall(nodes.container) if node.get("mime_type") == "text/markdown"]
    return [child for node in markdown for child in node.children]


class Boxes(SphinxTransform):
    """Make a section of the cells of each exercise, before labels and contents are collected."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Find the exercises of the page, and box them."""
        docname = self.env.docname
        boxes: list[Box] = []
        for first in list(self.document.findall(nodes.container)):
            task = _TASK.fullmatch(cell_source(first) or "")
            if task and (box := self.box(first, task[1], len(boxes) + 1)):
                boxes.append(box)
        if boxes:
            self.env.exercise_boxes[docname] = boxes
            for text in list(self.document.findall(nodes.Text)):
                if _OF_CELLS.match(text):
                    text.parent.replace(text, nodes.Text(_OF_CELLS.sub(_OF_THE_PAGE, text)))

    def box(self, first: nodes.container, name: str, place: int) -> Box | None:
        """Replace the cells of one exercise, of which this is the first, by its section."""
        around = first.parent
        start = around.index(first)
        cells = {"task": first}
        calls = {f"exercises.{name}.check({name})": "check", f"exercises.{name}.reveal()": "reveal"}
        for cell in around[start + 1 : start + 4]:
            source = cell_source(cell)
            if source is None or _TASK.fullmatch(source):
                break
            cells["stub" if "tag_exercise" in cell["classes"] else calls.get(source, "other")] = cell
        heading, *prompt = shown(first) or [nodes.paragraph()]
        said = re.fullmatch(r"(.+) \(([\w-]+)\)", heading.astext().replace("\n", " "))
        if not said or not {"stub", "check"} <= cells.keys() or "other" in cells:
            what = f"exercises.{name} shows its title and level; its stub, check and reveal() follow"
            _logger.warning(what, location=first, type="house", subtype="exercise")
            return None

        title, level = said.groups()
        chapter = chapter_numbers().get(self.env.docname)
        number = f"{chapter}.{place}" if chapter else str(place)

        label = f"exercise-{self.env.docname.rpartition('/')[2]}-{name}"
        section = nodes.section(ids=[f"exercise-{name}"], names=[label], classes=["exercise"])
        section += nodes.title("", f"Exercise {number}: {title}")
        section += nodes.paragraph("", level, classes=["exercise-level"])
        section += nodes.container("", *prompt, classes=["exercise-task"])
        stub = next(cells["stub"].findall(nodes.literal_block))
        section += nodes.container("", stub, classes=["exercise-answer"])
        section += nodes.raw("", ELSEWHERE, format="html")
        if "reveal" in cells:  # a book without solutions has none
            section += nodes.container("", *shown(cells["reveal"]), classes=["exercise-solution"])
        around[start : start + len(cells)] = [section]
        self.document.note_explicit_target(section)
        return Box(name, number, title, level)


class exercise_list(nodes.General, nodes.Element):  # named as docutils names what stands in a page
    """Where the list of all exercises goes, once every page has been read."""


class ExerciseList(SphinxDirective):
    """``{exercise-list}``: every exercise of the book, by chapter and level."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for it."""
        self.env.exercise_lists.add(self.env.docname)
        return [exercise_list()]


def row(cells: Sequence[nodes.Node], kind: str = "") -> nodes.row:
    """Return a row of a table."""
    return nodes.row("", *(nodes.entry("", cell) for cell in cells), classes=[kind] if kind else [])


def table(app: Sphinx, page: str) -> nodes.table:
    """Return a line for each chapter, and in it the exercises of each level."""

    def link(docname: str, target: str, text: str) -> nodes.reference:
        uri = app.builder.get_relative_uri(page, docname) + target
        return nodes.reference("", text, internal=True, refuri=uri)

    lines = []
    boxes: dict[str, list[Box]] = app.env.exercise_boxes
    for docname, number in chapter_numbers().items():
        cells: list[nodes.Node] = [
            nodes.paragraph("", f"{number}. ", link(docname, "", app.env.titles[docname].astext()))
            if docname in boxes
            else nodes.paragraph()
        ]
        for level in LEVELS:
            found = nodes.bullet_list(classes=["exercise-links"])
            for box in boxes.get(docname, ()):
                if box.level == level:
                    to = link(docname, f"#exercise-{box.name}", f"{box.number} {box.title}")
                    found += nodes.list_item("", nodes.paragraph("", "", to))
            cells.append(found if len(found) else nodes.paragraph())
        if docname in boxes:
            lines.append(row(cells))
    counted = {
        level: sum(box.level == level for found in boxes.values() for box in found) for level in LEVELS
    }
    heads = ["Chapter", *(f"{level.capitalize()} ({counted[level]})" for level in LEVELS)]
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    group += nodes.thead("", row([nodes.paragraph("", head) for head in heads]))
    group += nodes.tbody("", *lines)
    return nodes.table("", group, classes=["exercise-list"])


def fill_lists(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of all exercises where a page asks for it."""
    for place in list(doctree.findall(exercise_list)):
        place.replace_self(table(app, docname))


def begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Make room for what the pages tell."""
    env.exercise_boxes = getattr(env, "exercise_boxes", {})
    env.exercise_lists = getattr(env, "exercise_lists", set())


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again."""
    env.exercise_boxes.pop(docname, None)
    env.exercise_lists.discard(docname)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take what another process has read."""
    env.exercise_boxes.update(
        {name: other.exercise_boxes[name] for name in docnames if name in other.exercise_boxes}
    )
    env.exercise_lists |= other.exercise_lists


def renumbered(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Read again the chapters whose number has changed."""
    numbers = chapter_numbers()
    return [
        docname
        for docname, boxes in getattr(env, "exercise_boxes", {}).items()
        if docname in env.found_docs and not boxes[0].number.startswith(f"{numbers.get(docname)}.")
    ]


def lists(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the lists anew whenever a page was read."""
    return sorted(env.exercise_lists)


def addresses(context: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and address of what the rocket above a page opens."""
    for group in context.get("header_buttons", ()):
        if group.get("label") == "launch-buttons":
            for button in group["buttons"]:
                if button["type"] == "link":
                    yield button["text"], button["url"]


def say_where_else(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link in each box what the rocket opens: a notebook that runs, with this exercise in it."""
    if ELSEWHERE not in context.get("body", ""):
        return
    links = [f'<a href="{escape(url)}">{escape(name)}</a>' for name, url in addresses(context)]
    links.append(f'<a href="{context["pathto"]("how_to_run")}">on your machine</a>')
    said = f'<p class="exercise-elsewhere">Open the chapter as a notebook: {", ".join(links)}.</p>'
    context["body"] = context["body"].replace(ELSEWHERE, said)


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_transform(Boxes)
    app.add_node(exercise_list)
    app.add_directive("exercise-list", ExerciseList)
    app.connect("env-before-read-docs", begin)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-get-outdated", renumbered)
    app.connect("env-updated", lists)
    app.connect("doctree-resolved", fill_lists)
    app.connect("html-page-context", say_where_else, priority=950)  # the buttons are made and mended
