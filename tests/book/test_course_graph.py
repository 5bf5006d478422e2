"""The graph of the course: it says what the cards say, and can be read."""

import json
import re
from itertools import combinations, pairwise
from pathlib import Path
from types import ModuleType

import networkx as nx
import pytest

from tests.book.conftest import load_script


@pytest.fixture(scope="module")
def graphs(root: Path) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root / "tools" / "sphinx"))
        return load_script("tools/sphinx/course_graph.py")


@pytest.fixture(scope="module")
def course(graphs: ModuleType) -> nx.DiGraph:
    return graphs.graph()


@pytest.fixture(scope="module")
def cards(root: Path) -> dict[str, set[str]]:
    """What the line *You need* of each chapter links, read here once more."""
    found = {}
    for path in sorted((root / "book").glob("*/*.ipynb")):
        first = "".join(json.loads(path.read_text(encoding="utf8"))["cells"][0]["source"])
        line = first.partition("**You need**")[2].partition("**Time**")[0]
        found[f"{path.parent.name}/{path.stem}"] = set(re.findall(r"\{doc\}`/([\w/]+)`", line))
    return found


def test_what_leads_to_a_chapter_is_what_its_cards_ask_for(course: nx.DiGraph, cards: dict[str, set[str]]):
    assert set(course) == set(cards)
    whole = nx.DiGraph([(need, name) for name, needs in cards.items() for need in needs])
    assert all(nx.ancestors(course, name) == nx.ancestors(whole, name) for name in cards if name in whole)
    for start, end in course.edges:  # none that others imply
        without = course.copy()
        without.remove_edge(start, end)
        assert not nx.has_path(without, start, end)


def test_a_step_has_what_can_be_read_once_the_steps_before_are_done(graphs: ModuleType, course: nx.DiGraph):
    read: set[str] = set()
    for step in graphs.steps(course):
        assert all(set(course.predecessors(name)) <= read for name in step)
        read |= set(step)
    assert read == set(course)


def test_cards_that_need_each_other_are_refused(graphs: ModuleType, monkeypatch: pytest.MonkeyPatch):
    real = graphs.card
    needs = {"qubits/superposition": ("qubits/noise",)}
    monkeypatch.setattr(
        graphs,
        "card",
        lambda name: (
            real(name) if name not in needs else real(name).__class__(name, "", "", needs[name], 1, ())
        ),
    )
    with pytest.raises(ValueError, match=r"cards that need each other: .*qubits/superposition"):
        graphs.graph()


def test_no_box_lies_on_another_and_each_below_what_it_needs(graphs: ModuleType, course: nx.DiGraph):
    places, _ = graphs.layout(course)
    for one, other in combinations(places.values(), 2):
        assert abs(one.x - other.x) >= graphs.BOX or abs(one.y - other.y) > graphs.TALL
    assert all(places[start].y < places[end].y for start, end in course.edges)
    half = graphs.BOX / 2
    assert all(half <= place.x <= graphs.WIDTH - half for place in places.values())


def test_no_arrow_runs_behind_a_box(graphs: ModuleType, course: nx.DiGraph):
    places, ways = graphs.layout(course)
    for start, end in course.edges:
        passed = [place for place in ways[start] if place.y < places[end].y]
        row = [places[start], *passed, places[end]]
        assert all(b.y - a.y == graphs.STEP for a, b in pairwise(row)), (
            "it bends between two rows that follow"
        )
        for point in passed:
            beside = [box for box in places.values() if box.y == point.y]
            assert all(abs(box.x - point.x) > graphs.BOX / 2 for box in beside)


@pytest.mark.parametrize(
    ("wanted", "widths", "places"),
    [
        ([100, 400], [100, 100], [100, 400]),  # there is room
        ([100, 100], [100, 100], [50, 150]),  # both give way
        ([0, 780], [100, 100], [50, 730]),  # the edges of the drawing
        ([300, 300, 300], [100, 20, 100], [240, 300, 360]),
    ],
)
def test_places_are_the_nearest_ones_that_do_not_overlap(
    graphs: ModuleType, wanted: list[float], widths: list[float], places: list[float]
):
    assert graphs.spread(wanted, widths) == places


def test_the_drawing_says_of_each_chapter_what_a_voice_needs(graphs: ModuleType, course: nx.DiGraph):
    drawn = graphs.drawing(course, {name: f"{name}.html" for name in course if name != "networks/ledger"})
    boxes = dict(re.findall(r'<a[^>]*data-chapter="([\w/]+)"[^>]*aria-label="([^"]+)"', drawn))
    assert set(boxes) == set(course)
    assert boxes["qubits/noise"] == "Noise, 40 minutes, needs No cloning"
    assert drawn.count(' href="') == len(course) - 1  # what a build of some pages lacks is no link
    assert len(re.findall(r"<path ", drawn)) == course.number_of_edges()
    for line in re.findall(r"<tspan[^>]*>([^<]+)<", drawn):
        assert len(line) <= graphs.LETTERS, f"{line} is wider than its box"
