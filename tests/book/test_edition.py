"""The edition without solutions: its library still checks, and nothing in it shows how an exercise is solved."""

import html
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest
import yaml
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from qlearn.exercises import of_chapter
from qlearn.exercises._sealed import SEALED

EXERCISES = of_chapter("bb84")


@pytest.fixture(scope="module")
def edition(root):
    spec = importlib.util.spec_from_file_location("edition", root / "tools" / "edition.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small(root, folder):
    """Make a project of one chapter, and of that chapter only the exercises."""
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, folder / name)
    shutil.copytree(root / "tools", folder / "tools")
    shutil.copytree(root / "binder", folder / "binder")
    others = [path.name for path in (root / "qlearn" / "exercises").glob("*/*") if path.is_dir()]
    others.remove("bb84")

    def leave_out(where, names):
        return [name for name in names if name == "__pycache__" or ("exercises" in where and name in others)]

    shutil.copytree(root / "qlearn", folder / "qlearn", ignore=leave_out)
    for path in (folder / "qlearn" / "exercises").glob("*/__init__.py"):
        chapters = '("bb84",)' if path.parent.name == "communication" else "()"
        path.write_text(f"CHAPTERS = {chapters}\n")
    book = folder / "book" / "communication"
    book.mkdir(parents=True)
    chapter = nbformat.read(root / "book" / "communication" / "bb84.ipynb", as_version=4)
    cells = [
        c
        for c in chapter.cells
        if c.source.startswith("exercises.") or "exercise" in c.metadata.get("tags", ())
    ]
    first = "import numpy as np\nfrom qlearn.exercises.communication import bb84 as exercises"
    chapter.cells = [nbformat.v4.new_markdown_cell("# BB84"), nbformat.v4.new_code_cell(first), *cells]
    nbformat.write(chapter, book / "bb84.ipynb")
    (folder / "book" / "index.md").write_text("# A book\n")
    shutil.copytree(root / "book" / "_static", folder / "book" / "_static")
    (folder / "book" / "references.bib").write_text("")
    for name in ("_mathjax", "_slides"):
        shutil.copytree(root / "book" / name, folder / "book" / name)
    settings = yaml.safe_load((root / "_config.yml").read_text())
    settings["sphinx"]["config"]["extensions"].remove("extension")  # which writes pages on all of the library
    for own in ("readers_edition_branch", "site"):
        del settings["sphinx"]["config"][own]  # a setting of it
    (folder / "_config.yml").write_text(yaml.safe_dump(settings))
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n  - file: communication/bb84\n"
    )
    (folder / "constraints.txt").write_text("")


@pytest.fixture(scope="module")
def copy(root, edition, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    small(root, folder)
    return edition.make(folder / "_build" / "without_solutions", folder)


def told():
    """Return what gives solutions away: a telling line of each, and the first words of each reason."""
    lines = {line.strip() for one in EXERCISES for line in one.source.splitlines()[1:]}
    lines -= {line.strip() for one in EXERCISES for line in (one.stub + one.prompt).splitlines()}
    return [line for line in sorted(lines) if len(line) > 15] + [one.explanation[:40] for one in EXERCISES]


def test_what_gives_solutions_away_is_in_the_full_edition(root):
    files = sorted((root / "qlearn" / "exercises" / "communication" / "bb84").glob("*.py"))
    text = "\n".join(path.read_text() for path in files)
    assert len(told()) > 20
    assert sum(line in text for line in told()) > 20


def test_its_library_checks_as_ever_and_shows_nothing(copy):
    code = """
import json
from qlearn.exercises import find, judge, of_chapter
from qlearn.exercises._assignment import notebook
mine = of_chapter("bb84")
shown = [str(x) for one in mine
    for x in (one.reveal(), one.reveal()._repr_markdown_(), one.source, one.explanation, one.stub)]
notebook(mine, "Keys", 1)
verdicts = [repr(one.check(one.solution if one.is_function else one.solution(), seed=s)) for one in mine for s in (0, 3)]
verdicts += [repr(m.answer if m is None else one.check(m.answer)) for one in mine for m in one.mistakes.values()]
verdicts.append(repr(judge("def sift(a, b, c, d, e):\\n    return a[e], c[e]", "bb84.sift")))
rest = [[one.prompt, one.stub, one.imports, one.points, one.number] for one in mine]
print(json.dumps({"shown": shown, "verdicts": verdicts, "rest": rest}))
"""
    env = {**os.environ, "PYTHONPATH": str(copy)}
    ran = subprocess.run([sys.executable, "-c", code], cwd=copy, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    got = json.loads(ran.stdout)
    assert sum(SEALED in text for text in got["shown"]) == 3 * len(EXERCISES)
    assert not [line for line in told() if line in "\n".join(got["shown"])]
    verdicts = [repr(one.check(one.answer, seed=seed)) for one in EXERCISES for seed in (0, 3)]
    verdicts += [repr(one.check(m.answer)) for one in EXERCISES for m in one.mistakes.values()]
    assert got["verdicts"][:-1] == verdicts
    assert "read in the other basis" in got["verdicts"][-1]
    assert got["rest"] == [[e.prompt, e.stub, e.imports, e.points, e.number] for e in EXERCISES]


def test_its_wheel_says_what_it_is_and_holds_no_solution(copy, tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", tmp_path, copy]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert "+without.solutions-" in wheel.name
    with zipfile.ZipFile(wheel) as files:
        texts = {name: files.read(name).decode(errors="replace") for name in files.namelist()}
    assert "qlearn/exercises/communication/bb84/sift.py" in texts
    assert "qlearn/exercises/_grades.py" in texts
    ours = {name: text for name, text in texts.items() if name.startswith("qlearn/exercises/communication")}
    assert [name for name, text in ours.items() if any(line in text for line in told())] == []


def test_its_book_holds_no_solution(copy):
    env = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, copy / "tools" / "build_book.py"]
    ran = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    built = copy / "_build" / "html"
    page = (built / "communication" / "bb84.html").read_text()
    assert page.count("nothing to check yet") == len(EXERCISES)
    assert ".reveal(" not in page
    assert "Solution (try first)" not in page
    texts = {
        path.relative_to(built).as_posix(): path.read_text(errors="replace")
        for path in built.rglob("*")
        if path.is_file() and "mathjax" not in path.parts
    }
    assert "searchindex.js" in texts
    assert "_sources/communication/bb84.ipynb" in texts
    assert {name: found for name, text in texts.items() if (found := given_away(text))} == {}


def given_away(text):
    """Return what gives solutions away in a page, a notebook or an index."""
    forms = text, html.unescape(re.sub(r"<[^>]+>", "", text)).replace("’", "'")
    return [line for line in told() if any(line in form or json.dumps(line)[1:-1] in form for form in forms)]


def test_a_solution_on_a_page_would_be_seen():
    for one in EXERCISES:
        page = highlight(one.source, PythonLexer(), HtmlFormatter())
        assert given_away(page) or len(one.source.splitlines()) == 1
        assert given_away(f"<p>{one.explanation}</p>")
        assert given_away(json.dumps({"source": one.explanation.splitlines(keepends=True)}))


def test_every_chapter_loses_its_reveals_and_nothing_else(root, edition):
    for path in sorted((root / "book").glob("*/*.ipynb")):
        before = json.loads(path.read_text())["cells"]
        after = json.loads(edition.without_solutions(path.read_text()))["cells"]
        gone = ["".join(cell["source"]) for cell in before if cell not in after]
        assert len(before) - len(after) == len(gone) >= 4
        assert all(source.strip().endswith(".reveal()") for source in gone)
        assert not re.search(r"exercises\.\w+\.reveal\(", "".join("".join(cell["source"]) for cell in after))
