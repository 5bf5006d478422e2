"""The graph of the course: which chapter needs which, from the line *You need* of every card; ``{course-graph}`` shows it.

On a screen that is wide enough it is a drawing, made here: a row for each step away from the beginning, an arrow for each
need that no other need implies. On a phone, and where nothing can be drawn, it is a list of these steps. `progress.mjs` marks in
both what the reader has done, and what is open next; without it all of it can be read and followed.
"""

from collections import defaultdict
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import lecturers
import networkx as nx
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PARTS = ("qubits", "communication", "learning", "control", "networks", "applications")
WIDTH, BOX, TALL, STEP = 780, 124, 42, 74  # of the drawing, of a box, between the rows
BETWEEN, TRACK = 10, 9  # two boxes, and what an arrow takes that passes a row
IN_A_ROW = 4
LETTERS = 16  # of a line in a box


class Place(NamedTuple):
    """Where the middle of a box lies."""

    x: float
    y: float


@cache
def card(name: str) -> lecturers.Chapter:
    """Return what the card of a chapter says, read once in a build."""
    return lecturers.chapter(name)


def graph() -> nx.DiGraph:
    """Return the chapters with what leads to them; an arrow that follows from others is left out."""
    found = nx.DiGraph()
    standing = lecturers.standing()
    for name in standing:
        one = card(name)
        found.add_node(name)
        found.add_edges_from((need, name) for need in one.needs if need in standing)
    if not nx.is_directed_acyclic_graph(found):
        circle = " needs ".join(start for start, _ in nx.find_cycle(found))
        raise ValueError(f"cards that need each other: {circle}")
    lean = nx.DiGraph()
    lean.add_nodes_from(found)  # in reading order, which the reduction forgets
    kept = nx.transitive_reduction(found)
    lean.add_edges_from((need, name) for need, name in found.edges if kept.has_edge(need, name))
    return lean


def steps(course: nx.DiGraph) -> list[list[str]]:
    """Return the chapters by the number of steps that lead to each."""
    level: dict[str, int] = {}
    for name in nx.topological_sort(course):
        level[name] = max((level[need] + 1 for need in course.predecessors(name)), default=0)
    rows: defaultdict[int, list[str]] = defaultdict(list)
    for name in course:
        rows[level[name]].append(name)
    return [rows[number] for number in sorted(rows)]


def layout(course: nx.DiGraph) -> tuple[dict[str, Place], dict[str, list[Place]]]:
    """Return a place for each chapter, and for each those of the arrow that leads down from it, row by row.

    Boxes and passing arrows share the rows, so that no arrow runs behind a box. Their order comes from where the neighbours
    lie on average, some times down and up; their places, too, as near as the order and their widths allow.
    """
    rows: list[list[str]] = []
    for row in steps(course):
        size = -(-len(row) // -(-len(row) // IN_A_ROW))
        rows += [row[i : i + size] for i in range(0, len(row), size)]
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    woven = nx.Graph()
    items: list[list[tuple[str, int]]] = [[(name, number) for name in row] for number, row in enumerate(rows)]
    for name in course:
        ends = [row_of[after] for after in course.successors(name)]
        for number in range(row_of[name] + 1, max(ends, default=0)):
            items[number].append((name, number))  # the arrow of `name` passes here
            woven.add_edge((name, number - 1), (name, number))
        for after in course.successors(name):
            woven.add_edge((name, row_of[after] - 1), (after, row_of[after]))
    woven.add_nodes_from(item for row in items for item in row)
    x = {item: WIDTH * (i + 1) / (len(row) + 1) for row in items for i, item in enumerate(row)}

    def wide(item: tuple[str, int]) -> float:
        return BOX + BETWEEN if row_of[item[0]] == item[1] else TRACK

    for turn in range(40):
        down = turn % 2 == 0
        for number in range(len(items)) if down else reversed(range(len(items))):
            here = items[number]
            wanted = {}
            for item in here:
                beside = [other for other in woven[item] if (other[1] < number) == down]
                wanted[item] = sum(x[other] for other in beside) / len(beside) if beside else x[item]
            here.sort(key=wanted.__getitem__)
            x.update(
                zip(here, spread([wanted[item] for item in here], [wide(item) for item in here]), strict=True)
            )
    places = {name: Place(x[name, number], TALL / 2 + 8 + STEP * number) for name, number in row_of.items()}
    ways = {
        name: [
            Place(x[name, number], TALL / 2 + 8 + STEP * number)
            for number in range(row_of[name] + 1, len(rows))
            if (name, number) in x
        ]
        for name in course
    }
    return places, ways


def spread(wanted: list[float], widths: list[float]) -> list[float]:
    """Return the places nearest to those wanted, in this order, without overlap and within the drawing.

    >>> spread([100.0, 100.0], [40.0, 40.0])
    [80.0, 120.0]
    """
    before = [sum(widths[:i]) + widths[i] / 2 for i in range(len(widths))]
    blocks: list[list[float]] = []  # sum and count of what has to stand together
    for want, left in zip(wanted, before, strict=True):
        blocks.append([want - left, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    starts = [total / count for total, count in blocks for _ in range(int(count))]
    room = max(0.0, WIDTH - sum(widths))
    return [min(max(start, 0.0), room) + left for start, left in zip(starts, before, strict=True)]


def way(course_row: list[Place]) -> str:
    """Return the path through these places: straight down beside the boxes, in a bend from row to row."""
    path = f"M{course_row[0].x:.0f} {course_row[0].y + TALL / 2:.0f}"
    for number, (a, b) in enumerate(pairwise(course_row)):
        top, foot = a.y + TALL / 2, b.y - TALL / 2
        middle = (top + foot) / 2
        path += f"C{a.x:.0f} {middle:.0f} {b.x:.0f} {middle:.0f} {b.x:.0f} {foot:.0f}"
        if number < len(course_row) - 2:
            path += f"V{b.y + TALL / 2:.0f}"
    return path


def lines(title: str) -> list[str]:
    """Break a title into the lines of a box."""
    made = [""]
    for word in title.split():
        if made[-1] and len(f"{made[-1]} {word}") > LETTERS:
            made.append(word)
        else:
            made[-1] = f"{made[-1]} {word}".strip()
    return made


def title(name: str) -> str:
    """Return the short title of a chapter, as the course map has it."""
    return card(name).title.partition(":")[0]


def told(course: nx.DiGraph, name: str) -> str:
    """Return what a voice says of a chapter."""
    needs = [title(need) for need in course.predecessors(name)]
    after = f", needs {' and '.join(needs)}" if needs else ""
    return f"{title(name)}, {card(name).reading} minutes{after}"


def drawing(course: nx.DiGraph, address: dict[str, str]) -> str:
    """Return the graph as SVG; `address` has the link of each chapter that this build holds."""
    places, ways = layout(course)
    tall = max(place.y for place in places.values()) + TALL / 2 + 4
    parts = [
        f'<svg class="course-graph" viewBox="0 0 {WIDTH} {tall:.0f}" role="group" '
        'aria-label="The chapters, each below what it needs">'
    ]
    for start, end in course.edges:
        passed = [place for place in ways[start] if place.y < places[end].y]
        path = way([places[start], *passed, places[end]])
        parts.append(f'<path d="{path}" data-from="{start}" data-to="{end}"/>')
    for name, place in places.items():
        left, top = place.x - BOX / 2, place.y - TALL / 2
        words = lines(title(name))
        first = place.y - 6.5 * (len(words) - 1) + 4
        text = "".join(
            f'<tspan x="{place.x + 4:.0f}" y="{first + 13 * i:.1f}">{escape(line)}</tspan>'
            for i, line in enumerate(words)
        )
        box = (
            f'<rect class="box" x="{left:.0f}" y="{top:.0f}" width="{BOX}" height="{TALL}" rx="6"/>'
            f'<rect class="part-{name.partition("/")[0]}" x="{left:.0f}" y="{top:.0f}" width="7" height="{TALL}" rx="3"/>'
            f'<text text-anchor="middle">{text}</text>'
            f'<text class="course-state" text-anchor="middle" x="{left + BOX - 2:.0f}" y="{top + 5:.0f}"></text>'
        )
        link = f' href="{escape(address[name])}"' if name in address else ""
        parts.append(f'<a{link} {data(name)} aria-label="{escape(told(course, name))}">{box}</a>')
    return "".join([*parts, "</svg>"])


def data(name: str) -> str:
    """Return what the script has to know of a chapter."""
    return f'data-chapter="{name}" data-exercises="{len(card(name).exercises)}"'


class course_graph(nodes.General, nodes.Element):  # named as docutils names what stands in a page
    """Where the graph goes."""


class CourseGraph(SphinxDirective):
    """``{course-graph}``: what needs what."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for it; every card counts."""
        for path in (Path(__file__), *lecturers.BOOK.glob("*/*.ipynb")):
            self.env.note_dependency(str(path))
        return [course_graph()]


def by_steps(app: Sphinx, page: str, course: nx.DiGraph) -> nodes.container:
    """Return the graph as a list: a step is what can be read once the steps before are done."""
    found = nodes.enumerated_list(enumtype="arabic")
    for row in steps(course):
        chapters = nodes.bullet_list()
        for name in row:
            line = nodes.paragraph()
            if name in app.env.found_docs:
                uri = app.builder.get_relative_uri(page, name)
                line += nodes.reference("", title(name), internal=True, refuri=uri)
            else:
                line += nodes.Text(title(name))
            needs = ", ".join(title(need) for need in course.predecessors(name))
            line += nodes.Text(f", {card(name).reading} minutes" + (f"; after {needs}" if needs else ""))
            chapters += nodes.list_item("", line)
        found += nodes.list_item("", chapters)
    return nodes.container("", found, classes=["course-steps"])


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the graph where a page asks for it."""
    for place in list(doctree.findall(course_graph)):
        course = graph()
        address = {
            name: app.builder.get_relative_uri(docname, name) for name in course if name in app.env.found_docs
        }
        drawn = f'<div class="course-drawing">{drawing(course, address)}{legend()}</div>'
        place.replace_self([nodes.raw("", drawn, format="html"), by_steps(app, docname, course)])


def legend() -> str:
    """Return which colour is which part."""
    names = (
        "Qubits",
        "Quantum communication",
        "Quantum learning",
        "Learning on the link",
        "Networks",
        "Applications",
    )
    keys = "".join(
        f'<span><svg width="14" height="14" aria-hidden="true"><rect class="part-{part}" width="14" height="14" rx="3"/></svg>'
        f"{name}</span>"
        for part, name in zip(PARTS, names, strict=True)
    )
    return f'<p class="course-legend">{keys}</p>'


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_node(course_graph)
    app.add_directive("course-graph", CourseGraph)
    app.connect("doctree-resolved", fill)
