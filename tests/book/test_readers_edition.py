"""The reader's edition: notebooks that read well in plain Jupyter and on Colab, and run on the library alone."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

OF_A_BUILD = re.compile(r"\{[\w:.-]+\}`|^\([\w-]+\)=|^(`{3,}|:{3,})\{", re.M)


@pytest.fixture
def notebook(html: Path, chapter: str) -> dict:
    return json.loads((html / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf8"))


def prose(notebook: dict) -> str:
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def code(notebook: dict) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_pages_use_roles_that_the_edition_can_say(root: Path):
    """Seen here before a build runs every chapter: `_said` of the edition is asked for each role once."""
    known = set(
        re.findall(
            r'^            "([\w:]+)": ', (root / "tools" / "readers_edition.py").read_text("utf8"), re.M
        )
    )
    assert {"glue:text", "cite", "doc"} <= known
    strange = {
        f"{path.stem}: {role}"
        for path in sorted((root / "book").rglob("*.ipynb"))
        for role in re.findall(r"\{([\w:.-]+)\}`[^`]", prose(json.loads(path.read_text("utf8"))))
        if role not in known
    }
    assert not strange, "links to sections and exercises are [words](label)"


def test_nothing_is_left_that_only_a_build_understands(notebook: dict, root: Path, chapter: str):
    nbformat.validate(nbformat.from_dict(notebook))
    assert not OF_A_BUILD.findall(prose(notebook))
    assert not any("glue" in source for source in code(notebook))
    source = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))
    captions = [
        cell["metadata"]["mystnb"]["figure"]
        for cell in source["cells"]
        if "figure" in cell["metadata"].get("mystnb", {})
    ]
    assert len(re.findall(r"^\*\*Fig\. \d+\.\d+\*\* .", prose(notebook), re.M)) == len(captions) > 0


def test_its_numbers_are_those_of_the_run(html: Path, notebook: dict, root: Path, load, chapter: str):
    alt_texts = load("tools/sphinx/alt_texts.py")
    values = alt_texts.glued_values(html.parent / "jupyter_execute", chapter)
    source = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))
    glued = re.compile(r"[^{}`\n\[\]()]{0,20}\{glue:text\}`[^`]+`[^{}`\n\[\]()]{0,20}")
    asked = [
        found
        for cell in source["cells"]
        if cell["cell_type"] == "markdown"
        for found in glued.findall("".join(cell["source"]))
    ]
    assert asked
    missing = [words for words in asked if alt_texts.filled(words, values) not in prose(notebook)]
    assert missing == []


def test_it_begins_by_installing_one_pinned_line_without_sphinx(notebook: dict, settings: dict, chapter: str):
    first = code(notebook)[0]
    extra = r"\[aer\]" if "qiskit_aer" in "".join(code(notebook)) else ""
    address = re.escape(settings["repository"]["url"])
    assert re.search(rf'"qlearn{extra} @ git\+{address}@[0-9a-f]{{40}}"', first) or "@main" in first
    compile(first, "first", "exec")


def test_links_between_the_notebooks_lead_somewhere(html: Path, notebook: dict, chapter: str):
    folder = (html / "notebooks" / f"{chapter}.ipynb").parent
    links = re.findall(r"\]\(([^)]+\.ipynb)\)", prose(notebook))
    assert links
    assert all((folder / link).resolve().is_file() for link in links)


RUN = """
import json, sys, warnings
import matplotlib
matplotlib.use("Agg")
warnings.simplefilter("ignore")
space = {"__name__": "__main__", "display": print}  # a notebook brings it
for cell in json.load(open(sys.argv[1], encoding="utf8"))["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
"""


@pytest.mark.filterwarnings("default")
def test_three_of_them_run_where_the_library_alone_is_installed(
    html: Path, installed: Callable[..., Path], tmp_path: Path
):
    python = installed("-c", "constraints.txt", ".")

    def run(*command: str) -> str:
        ran = subprocess.run(
            [python, *command], cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert ran.returncode == 0, (ran.stdout + ran.stderr)[-3000:]
        return ran.stdout

    there = run("-c", "import importlib.metadata as all; print(*(each.name for each in all.distributions()))")
    assert "qlearn" in there.split()
    assert "myst" not in there.lower()
    assert "pytest" not in there.lower()
    for name in ("communication/bb84", "qubits/superposition", "learning/encodings"):
        run("-c", RUN, str(html / "notebooks" / f"{name}.ipynb"))
