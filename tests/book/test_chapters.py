"""The form of a chapter: every one has the same bones, and its exercises are those of the library."""

import ast
import json
import re
from pathlib import Path

import pytest

from qlearn.exercises import Exercise, of_chapter

SECTIONS = ["Summary", "Exercises", "Recall", "Checks", "Further reading"]
CARD = ["**You will**", "**You need**", "**Time**", "**The belief this chapter cures**"]


@pytest.fixture
def notebook(root: Path, chapter: str) -> dict:
    return json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))


@pytest.fixture
def exercises(chapter: str) -> dict[str, Exercise]:
    return {exercise.name: exercise for exercise in of_chapter(chapter)}


def sources(notebook: dict, kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def tags(cell: dict) -> set[str]:
    return set(cell["metadata"].get("tags", []))


def test_begins_with_its_card(notebook):
    first = "".join(notebook["cells"][0]["source"])
    assert first.startswith("# ")
    assert "chapter-card" in first
    assert [first.count(label) for label in CARD] == [1] * len(CARD)


def test_has_its_sections_in_order(notebook):
    headings = re.findall(r"^## (.+)$", "\n\n".join(sources(notebook, "markdown")), re.M)
    engines = "In Qiskit and in PennyLane"
    assert engines in headings
    assert "What the literature claims" in headings
    assert headings[-len(SECTIONS) :] == SECTIONS
    assert headings.index(engines) < headings.index("What the literature claims") < headings.index("Summary")


def test_has_at_least_four_exercises_from_warm_up_to_project(exercises):
    assert len(exercises) >= 4
    levels = [exercise.level for exercise in exercises.values()]
    assert levels[0] == "warm-up"
    assert {"warm-up", "core"} < set(levels)


def test_shows_each_exercise_with_its_stub_check_and_solution(notebook, exercises):
    code = sources(notebook, "code")
    for name, exercise in exercises.items():
        at = code.index(f"exercises.{name}")
        stub, check, reveal = code[at + 1 : at + 4]
        assert stub.rstrip() == exercise.stub.rstrip()
        assert re.fullmatch(rf"exercises\.{name}\.check\({exercise.name}\)", check)
        assert reveal == f"exercises.{name}.reveal()"
    for cell in notebook["cells"]:
        if "exercise" in tags(cell):
            assert "".join(cell["source"]).rstrip() in {
                exercise.stub.rstrip() for exercise in exercises.values()
            }


def test_checks_itself_against_theory(notebook):
    cells = notebook["cells"]
    start = next(i for i, cell in enumerate(cells) if re.search(r"^## Checks", "".join(cell["source"]), re.M))
    checks = "\n".join("".join(cell["source"]) for cell in cells[start:] if cell["cell_type"] == "code")
    assert len(re.findall(r"^\s*assert |assert_allclose", checks, re.M)) >= 2


def test_keeps_only_its_headline_numbers(notebook):
    kept = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and cell["outputs"]]
    assert 1 <= len(kept) <= 3
    for cell in kept:
        assert {"keep_output", "nbval-check-output"} <= tags(cell)
        for output in cell["outputs"]:
            assert output["output_type"] in {"stream", "execute_result", "display_data"}
            shown = output.get("data", {"text/plain": output.get("text", "")})
            assert set(shown) == {"text/plain"}
            assert len("".join(shown["text/plain"])) < 1500
    marked = [cell for cell in notebook["cells"] if tags(cell) & {"keep_output", "nbval-check-output"}]
    assert marked == kept


def test_metadata_is_about_the_language_only(notebook):
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    identities = [cell["id"] for cell in notebook["cells"]]
    assert len(set(identities)) == len(identities)


def test_cells_are_short_and_seeded(notebook):
    for source in sources(notebook, "code"):
        ast.parse(source)  # plain Python: no magics, no shell
        assert not source.rstrip().endswith(";"), "nbval shows what a semicolon hides: assign to _"
        assert not re.search(r"np\.random\.(seed|rand|randn|randint|choice)\(", source), (
            "use a seeded Generator"
        )
        assert "default_rng()" not in source, "a number that is read must be the number that is got: seed it"


def test_every_fence_begins_its_line(notebook):
    """A fence in the middle of a line opens no box: the reader would see its backticks."""
    for source in sources(notebook, "markdown"):
        assert not re.search(r"^[ \t]*[^`\s].*`{3,}\{", source, re.M), source[:200]


def test_every_figure_says_what_it_shows(notebook):
    for cell in notebook["cells"]:
        figure = cell["metadata"].get("mystnb", {})
        if "figure" in figure or "image" in figure:
            assert len(figure["image"]["alt"]) > 30
            assert len(figure["figure"]["caption"]) > 30
            assert figure["figure"]["name"].startswith("fig-")


def test_names_the_claims_it_examines(root, claims, chapter):
    examined = list(claims.claims_of(root / "book" / f"{chapter}.ipynb"))
    assert examined, "a chapter takes up at least one sentence of the four articles"


def test_colours_each_claim_by_its_verdict(notebook):
    colours = {"true": "tip", "false": "danger", "conditional": "warning"}
    text = "\n\n".join(sources(notebook, "markdown"))
    for verdict, colour in re.findall(
        r"^\(claim-[\w-]+\)=\n```\{admonition\} .*: (true|false|conditional)\n(?::class: (\w+)\n)?",
        text,
        re.M,
    ):
        assert colour == colours[verdict]


def test_library_names_the_chapter(root, chapter, api_writer):
    modules = [path.relative_to(root).with_suffix("").parts for path in (root / "qlearn").rglob("*.py")]
    taught = {api_writer.chapter_of(".".join(parts).removesuffix(".__init__")) for parts in modules}
    assert f"/{chapter}" in taught


def test_every_module_with_a_page_has_its_chapter(api_writer):
    for module in (module for modules in api_writer.rooms().values() for module in modules):
        if not hasattr(module, "__path__"):
            assert api_writer.chapter_of(module.__name__), (
                f"{module.__name__} names no chapter, nor does its path"
            )
