"""The graph of the course: which chapter needs which, from the line *You need* of every card; ``{course-graph}`` shows it.

On a screen that is wide enough it is a drawing, made here: a row for each step away from the beginning, an arrow for each
need that no other need implies. On a phone, and where nothing can be drawn, it is a list of these steps. `progress.mjs` marks in
both what the reader has done, and what is open next; without it all of it can be read and followed.
"""

from collections import defaultdict
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import lecturers
import networkx as nx
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PARTS = ("qubits", "communication", "learning", "control", "networks", "applications")
WIDTH, PITCH, BOX, TALL, STEP = 780, 130, 118, 44, 84  # of the drawing, of a place in a row, of a box, between rows
IN_A_ROW = WIDTH // PITCH
LETTERS = 17  # of a line in a box


class Place(NamedTuple):
    """Where the middle of a box lies."""

    x: float
    y: float


def graph(names: Iterable[str] | None = None) -> nx.DiGraph:
    """Return the chapters with what leads to them; an arrow that follows from others is left out."""
    found = nx.DiGraph()
    standing = lecturers.standing()
    for name in standing:
        one = lecturers.chapter(name)
        found.add_node(name)
        found.add_edges_from((need, name) for need in one.needs if need in standing)
    if not nx.is_directed_acyclic_graph(found):
        circle = " needs ".join(start for start, _ in nx.find_cycle(found))
        raise ValueError(f"cards that need each other: {circle}")
    lean = nx.DiGraph()
    lean.add_nodes_from(found)  # in reading order, which the reduction forgets
    lean.add_edges_from(nx.transitive_reduction(found).edges)
    return lean if names is None else lean.subgraph(names).copy()


def steps(course: nx.DiGraph) -> list[list[str]]:
    """Return the chapters by the number of steps that lead to each."""
    level: dict[str, int] = {}
    for name in nx.topological_sort(course):
        level[name] = max((level[need] + 1 for need in course.predecessors(name)), default=0)
    rows: defaultdict[int, list[str]] = defaultdict(list)
    for name in course:
        rows[level[name]].append(name)
    return [rows[number] for number in sorted(rows)]


def layout(course: nx.DiGraph) -> dict[str, Place]:
    """Return a place for each chapter: no row wider than the drawing, few arrows that cross."""
    rows = []
    for row in steps(course):
        count = -(-len(row) // IN_A_ROW)
        size = -(-len(row) // count)
        rows += [row[i : i + size] for i in range(0, len(row), size)]
    places: dict[str, Place] = {}

    def settle(number: int) -> None:
        left = (WIDTH - PITCH * (len(rows[number]) - 1)) / 2
        for i, name in enumerate(rows[number]):
            places[name] = Place(left + PITCH * i, TALL / 2 + 4 + STEP * number)

    for number in range(len(rows)):
        settle(number)
    for turn in range(12):  # a chapter goes where what it needs, then where what needs it, lies on average
        order = range(len(rows)) if turn % 2 == 0 else reversed(range(len(rows)))
        for number in order:
            beside = course.predecessors if turn % 2 == 0 else course.successors

            def pull(name: str) -> float:
                xs = [places[other].x for other in beside(name)]  # noqa: B023 - called at once
                return sum(xs) / len(xs) if xs else places[name].x

            rows[number].sort(key=pull)
            settle(number)
    return places


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
    return lecturers.chapter(name).title.partition(":")[0]


def told(course: nx.DiGraph, name: str) -> str:
    """Return what a voice says of a chapter."""
    needs = [title(need) for need in course.predecessors(name)]
    after = f", needs {' and '.join(needs)}" if needs else ""
    return f"{title(name)}, {lecturers.chapter(name).reading} minutes{after}"


def drawing(course: nx.DiGraph, address: dict[str, str]) -> str:
    """Return the graph as SVG; `address` has the link of each chapter that this build holds."""
    places = layout(course)
    tall = max(place.y for place in places.values()) + TALL / 2 + 4
    parts = [
        f'<svg class="course-graph" viewBox="0 0 {WIDTH} {tall:.0f}" role="group" '
        'aria-label="The chapters, each below what it needs">'
    ]
    for start, end in course.edges:
        a, b = places[start], places[end]
        top, foot = a.y + TALL / 2, b.y - TALL / 2
        bend = (foot - top) / 2
        path = f"M{a.x:.0f} {top:.0f}C{a.x:.0f} {top + bend:.0f} {b.x:.0f} {foot - bend:.0f} {b.x:.0f} {foot:.0f}"
        parts.append(f'<path d="{path}" data-from="{start}" data-to="{end}"/>')
    for name, place in places.items():
        left, top = place.x - BOX / 2, place.y - TALL / 2
        words = lines(title(name))
        first = place.y - 6.5 * (len(words) - 1) + 4
        text = "".join(
            f'<tspan x="{place.x + 3:.0f}" y="{first + 13 * i:.1f}">{escape(line)}</tspan>'
            for i, line in enumerate(words)
        )
        box = (
            f'<rect class="box" x="{left:.0f}" y="{top:.0f}" width="{BOX}" height="{TALL}" rx="6"/>'
            f'<rect class="part-{name.partition("/")[0]}" x="{left:.0f}" y="{top:.0f}" width="7" height="{TALL}" rx="3"/>'
            f'<text text-anchor="middle">{text}</text>'
            f'<text class="mark" text-anchor="middle" x="{left + BOX - 2:.0f}" y="{top + 5:.0f}"></text>'
        )
        link = f' href="{escape(address[name])}"' if name in address else ""
        parts.append(f'<a{link} {data(name)} aria-label="{escape(told(course, name))}">{box}</a>')
    return "".join([*parts, "</svg>"])


def data(name: str) -> str:
    """Return what the script has to know of a chapter."""
    return f'data-chapter="{name}" data-exercises="{len(lecturers.chapter(name).exercises)}"'


class course_graph(nodes.General, nodes.Element):  # named as docutils names what stands in a page
    """Where the graph goes."""


class CourseGraph(SphinxDirective):
    """``{course-graph}``: what needs what."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for it; every card counts."""
        for path in lecturers.BOOK.glob("*/*.ipynb"):
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
            line += nodes.Text(
                f", {lecturers.chapter(name).reading} minutes" + (f"; after {needs}" if needs else "")
            )
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
    names = ("Qubits", "Quantum communication", "Quantum learning", "Learning on the link", "Networks", "Applications")
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
