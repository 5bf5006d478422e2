"""The tools behind the two commands: they say what is wrong, renew what is stale, and find a free port."""

import json
import re
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from threading import Thread
from types import ModuleType, SimpleNamespace

import nbformat
import pytest
from packaging.requirements import Requirement


@pytest.fixture
def environment(load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("tools/environment.py")
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "stamp"))
    return module


def test_an_old_python_is_told_so(environment: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "NEEDS", (99, 0))
    with pytest.raises(SystemExit, match=r"Python 99\.0 or newer is needed.*make PYTHON="):
        environment.check_python()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A machine that has no program but those which the test puts there; they write down how they were called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))

    def add(name: str, code: int = 0, then: str = ":") -> Path:
        path = programs / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/called"\n{then}\nexit {code}\n')
        path.chmod(0o755)
        return path

    return add


def test_a_python_without_venv_is_told_how_to_get_it(
    environment: ModuleType, bare, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match=r"apt-get install python3\.\d+-venv"):
        environment.main(["test"])


def test_only_a_browser_that_starts_is_one(environment: ModuleType, bare):
    assert environment.browser() is None
    bare("chromium-browser", code=1)  # Ubuntu's stub: install the snap
    assert environment.browser() is None
    chrome = bare("google-chrome")
    assert environment.browser() == str(chrome)


def test_root_of_a_debian_gets_what_lacks_and_anybody_else_is_told_first(
    environment: ModuleType, bare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(environment, "distribution", lambda: "debian")
    chromium = tmp_path / "bin" / "chromium-headless-shell"
    bare(
        "apt-get", then=f'[ "$1" = update ] || {{ echo "#!/bin/sh" > {chromium}; /bin/chmod +x {chromium}; }}'
    )
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    environment.check_system(with_browser=True)
    assert not (tmp_path / "called").exists()  # this user may not: Playwright will
    monkeypatch.setattr(environment.os, "geteuid", lambda: 0)
    environment.check_system(with_browser=False)
    assert not (tmp_path / "called").exists()  # nothing lacks
    environment.check_system(with_browser=True)
    environment.check_system(with_browser=True)  # the second time it is there
    called = (tmp_path / "called").read_text().splitlines()
    assert called == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium-headless-shell",
    ]


def test_a_machine_that_gets_no_browser_is_told_before_any_test_runs(
    environment: ModuleType, bare, capfd: pytest.CaptureFixture[str]
):
    python = Path(environment.PYTHON)
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")  # Playwright can neither say where its browser is nor fetch it
    python.chmod(0o755)
    environment.check_system(with_browser=True)
    assert capfd.readouterr().out == "qlearn: no Chromium on this machine; Playwright will bring its own\n"
    with pytest.raises(SystemExit, match="sudo apt-get install chromium; elsewhere"):
        environment.fetch_browser()
    python.write_text(f"#!/bin/sh\necho {bare('downloaded')}\n")
    environment.fetch_browser()  # one that Playwright has fetched earlier will do
    environment.check_system(with_browser=True)
    assert capfd.readouterr().out == ""


def test_the_environment_is_made_once_and_renewed_when_its_sources_change(
    environment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pip = []

    def call(command, **kwargs):
        if "pip" in command:
            pip.append(command[-1])
            return 0
        return subprocess.run(command, check=False, **kwargs).returncode

    monkeypatch.setattr(environment.subprocess, "call", call)
    (tmp_path / "pyproject.toml").write_text("a")
    (tmp_path / "constraints.txt").write_text("b")
    environment.main(["book"])
    environment.main(["book"])
    assert pip == [f"{tmp_path}[book]"]
    environment.main(["book", "test"])  # more is asked for
    (tmp_path / "constraints.txt").write_text("c")
    environment.main(["book"])  # renewed with all that it had
    assert pip[1:] == [f"{tmp_path}[book,test]", f"{tmp_path}[book,test]"]


def test_the_oldest_versions_are_the_lower_bounds(environment: ModuleType, root: Path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", str(root))
    told = [Requirement(wanted) for wanted in environment.oldest()]
    names = {each.name for each in told}
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    for wanted in map(Requirement, project["dependencies"]):
        (oldest,) = (each.specifier for each in told if each.name == wanted.name)
        (bound,) = (each.version for each in wanted.specifier if each.operator == ">=")
        assert str(oldest) == f"=={bound}"
        assert bound in wanted.specifier
    assert set(environment.OLDEST_TOOLS) <= names


def test_an_environment_that_was_moved_is_not_ours(environment: ModuleType, tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    assert environment.is_ours()
    moved = tmp_path / "elsewhere"
    (tmp_path / ".venv").rename(moved)
    environment.VENV, environment.PYTHON = str(moved), str(moved / "bin" / "python")
    assert not environment.is_ours()


def test_a_taken_port_is_passed_over(load, tmp_path: Path):
    book = load("tools/build_book.py")
    book.HTML = tmp_path
    (tmp_path / "index.html").write_text("a page")
    with book.server(8300) as first, book.server(8300) as second:
        assert first.server_port != second.server_port
        assert second.server_address[0] == "127.0.0.1"
        thread = Thread(target=second.serve_forever, daemon=True)
        thread.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{second.server_port}/") as answer:
            assert answer.read() == b"a page"
        second.shutdown()


def test_chapters_run_again_when_the_library_changes(load, tmp_path: Path):
    book = load("tools/build_book.py")
    book.ROOT, book.BUILD = tmp_path, tmp_path / "_build"
    for name in ("_config.yml", "constraints.txt", "qlearn/a.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    executed = book.BUILD / "executed"
    book.forget_stale_results()
    executed.write_text("results")
    book.forget_stale_results()
    assert executed.exists()
    (tmp_path / "qlearn" / "a.py").write_text("2")
    book.forget_stale_results()
    assert not executed.exists()


def test_chapters_run_again_when_a_package_changes(load, monkeypatch: pytest.MonkeyPatch):
    book = load("tools/build_book.py")
    before = book.library()
    assert book.library() == before
    monkeypatch.setattr(
        book.metadata, "distributions", lambda: [SimpleNamespace(name="numpy", version="1.0")]
    )
    book.installed.cache_clear()
    assert book.library() != before


@pytest.mark.parametrize(
    "source", ["plt.plot([1, 2]);", "display(1, display_id='a')", "print(1)\nclear_output()", "1; 2;  "]
)
def test_what_a_chapter_changes_after_it_was_shown_is_left_to_the_build(load, tmp_path: Path, source: str):
    book = load("tools/build_book.py")
    cell = nbformat.v4.new_code_cell(source, id="cell-1")
    book.BUILD = tmp_path / "_build"
    book.keep(
        tmp_path / "x.ipynb", nbformat.v4.new_notebook(cells=[cell]), {"cell-1": []}, {}, book.library()
    )
    assert not book.BUILD.exists()


def test_what_a_chapter_has_shown_is_not_computed_again(load, tmp_path: Path):
    book = load("tools/build_book.py")
    book.ROOT, book.BUILD = tmp_path, tmp_path / "_build"
    for name in ("_config.yml", "constraints.txt", "qlearn/a.py", "book/part/x.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    chapter = tmp_path / "book" / "part" / "x.ipynb"
    cell = nbformat.v4.new_code_cell("raise SystemError", id="cell-1")  # whoever runs it notices
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), chapter)
    shown = nbformat.v4.new_output("execute_result", {"text/plain": "42"}, execution_count=7)
    ran, before = nbformat.read(chapter, 4), book.library()
    book.keep(chapter, ran, {"cell-1": [shown]}, {"name": "python"}, before)
    book.run_chapters()
    cache = book.get_cache(book.BUILD / ".jupyter_cache")
    _, merged = cache.merge_match_into_notebook(nbformat.read(chapter, 4))
    assert merged.cells[0].outputs[0].data == {"text/plain": "42"}
    assert merged.cells[0].execution_count == merged.cells[0].outputs[0].execution_count == 1

    (tmp_path / "qlearn" / "__pycache__").mkdir()
    (tmp_path / "qlearn" / "__pycache__" / "a.nbi").write_text("numba's")
    assert book.library() == before
    (tmp_path / "qlearn" / "data.json").write_text("{}")  # data count as code does
    book.keep(chapter, ran, {"cell-1": [shown]}, {"name": "python"}, before)
    book.forget_stale_results()
    assert not (book.BUILD / ".jupyter_cache").exists()


def chapter_with(text: str, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": [text]}]}))
    return path


def test_pages_are_written_again_when_the_style_or_what_arranges_them_changes(load, tmp_path: Path):
    book = load("tools/build_book.py")
    book.ROOT, book.BUILD = tmp_path, tmp_path / "_build"
    style, live = (tmp_path / "book" / "_static" / name for name in ("house.css", "live/frame.mjs"))
    extension, read = tmp_path / "tools" / "sphinx" / "extension.py", book.BUILD / ".doctrees"
    for path in (style, live, extension):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("first")
    book.BUILD.mkdir()
    book.forget_stale_pages()
    for path in (style, live, extension):
        read.mkdir()
        book.forget_stale_pages()
        assert read.exists()
        path.write_text("second")
        book.forget_stale_pages()
        assert not read.exists()


def test_a_claim_is_read_with_its_verdict_and_source(claims: ModuleType, tmp_path: Path):
    text = "# Kernels\n\n"
    text += '(claim-x-1)=\n```{admonition} "exponential speedups": conditional\n:class: note\nM, 4. Only where ...\n```\n'
    (claim,) = claims.claims_of(chapter_with(text, tmp_path / "book" / "learning" / "x.ipynb"))
    assert claim == claims.Claim("claim-x-1", '"exponential speedups"', "conditional", "M")


@pytest.mark.parametrize("title", ["no verdict here", '"instant": perhaps'])
def test_a_claim_without_a_verdict_stops_the_build(claims: ModuleType, tmp_path: Path, title: str):
    text = f"(claim-x-1)=\n```{{admonition}} {title}\nR, 2.\n```\n"
    with pytest.raises(
        ValueError, match="claim-x-1 must be followed by an admonition whose title ends in its verdict"
    ):
        list(claims.claims_of(chapter_with(text, tmp_path / "learning" / "x.ipynb")))


GLUED = {"reach": "'142.5'", "gap": "'+0.02 ± 0.01'", "share": "0.4271", "often": "np.float64(0.5)"}


@pytest.fixture
def alt_texts(load) -> ModuleType:
    return load("tools/sphinx/alt_texts.py")


@pytest.mark.parametrize(
    ("alt", "read"),
    [
        ("No number at all.", "No number at all."),
        ("To {glue:text}`reach` km, {glue:text}`gap`.", "To 142.5 km, +0.02 ± 0.01."),
        ("{glue:text}`reach:.0f` km, {glue:text}`share:.1%`", "142 km, 42.7%"),
        ("A set {0, 1} of bits", "A set {0, 1} of bits"),
    ],
)
def test_an_alt_text_holds_what_the_run_glued(alt_texts: ModuleType, alt: str, read: str):
    assert alt_texts.filled(alt, GLUED) == read


@pytest.mark.parametrize(
    ("alt", "why"),
    [
        ("{glue:text}`reech` km", "names 'reech', which no cell of the page glues"),
        ("{glue:text}`gap:.1f`", "no number for '.1f'"),
        ("{glue}`gap` ahead", "glue:text} alone, not {glue}`gap`"),
        ("see {doc}`/learning/qsvm`", "an alt text is plain"),
    ],
)
def test_an_alt_text_that_cannot_be_filled_is_refused(alt_texts: ModuleType, alt: str, why: str):
    with pytest.raises(ValueError, match=re.escape(why)):
        alt_texts.filled(alt, GLUED)


def test_glued_values_are_those_of_the_page(alt_texts: ModuleType, tmp_path: Path):
    kept = {"reach": {"data": {"text/plain": "'142'"}}, "drawn": {"data": {"image/png": "..."}}}
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "x.glue.json").write_text(json.dumps(kept))
    assert alt_texts.glued_values(tmp_path, "part/x") == {"reach": "'142'"}
    assert alt_texts.glued_values(tmp_path, "part/no_glue") == {}


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("from qlearn.plotting import glue\n\nimport numpy as np\nx = 1", "import numpy as np\nx = 1"),
        ("from qlearn.plotting import COLORS, glue, style", "from qlearn.plotting import COLORS, style"),
        (
            "from qlearn.plotting import (\n    COLORS, glue,\n)",
            "from qlearn.plotting import (\n    COLORS,\n)",
        ),
        ('x = 1\nglue("a", f"{x}", display=False)\nprint(x)', "x = 1\nprint(x)"),
        ('glue(\n    "a",\n    x,\n)', ""),
        ("for n in names:\n    glue(n, x)\ny = 2", "y = 2"),
        ("for n in names:\n    glue(n, x)\n    print(n)", "for n in names:\n    print(n)"),
        ("def f(x):\n    if x:\n        glue('a', x)\n    return x", "def f(x):\n    return x"),
        ("if x:\n    glue('a', 1)\nelse:\n    y = 1", "if x:\n    glue('a', 1)\nelse:\n    y = 1"),
        ("%time x", "%time x"),
        ("a = 1\n\n\nglue('b', a)\n\n\nc = 2", "a = 1\n\nc = 2"),
    ],
)
def test_a_reader_does_not_see_what_only_hands_on_a_number(load, source: str, seen: str):
    assert load("tools/sphinx/code_cells.py").without_glue(source) == seen
