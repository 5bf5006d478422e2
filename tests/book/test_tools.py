"""The tools behind the two commands: they say what is wrong, renew what is stale, and find a free port."""

import json
import re
import subprocess
import sys
import urllib.request
from html import unescape
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest


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


def test_a_python_without_venv_is_told_how_to_get_it(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        environment.check_python()


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


def test_an_environment_that_was_moved_is_not_ours(environment: ModuleType, tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    assert environment.is_ours()
    moved = tmp_path / "elsewhere"
    (tmp_path / ".venv").rename(moved)
    environment.VENV, environment.PYTHON = str(moved), str(moved / "bin" / "python")
    assert not environment.is_ours()


def test_a_taken_port_is_passed_over(load, tmp_path: Path):
    book = load("tools/book.py")
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
    book = load("tools/book.py")
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


def chapter_with(text: str, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": [text]}]}))
    return path


def test_pages_are_written_again_when_the_style_changes(load, tmp_path: Path):
    book = load("tools/book.py")
    book.ROOT, book.BUILD, book.HTML = tmp_path, tmp_path / "_build", tmp_path / "_build" / "html"
    style, copy = tmp_path / "book" / "_static" / "house.css", book.HTML / "_static" / "house.css"
    for path in (style, copy):
        path.parent.mkdir(parents=True)
        path.write_text("p {}")
    read = book.BUILD / ".doctrees"
    read.mkdir()
    book.forget_stale_pages()
    assert read.exists()
    style.write_text("p { margin: 0; }")
    book.forget_stale_pages()
    assert not read.exists()


def test_a_claim_is_read_with_its_verdict_and_source(house_claims: ModuleType, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(house_claims, "BOOK", tmp_path / "book")
    (tmp_path / "_toc.yml").write_text("chapters:\n  - file: learning/x\n")
    text = "# Kernels\n\n"
    text += '(claim-x-1)=\n```{admonition} "exponential speedups": conditional\n:class: note\nM, 4. Only where ...\n```\n'
    (claim,) = house_claims.claims_of(chapter_with(text, tmp_path / "book" / "learning" / "x.ipynb"))
    assert claim == house_claims.Claim("claim-x-1", '"exponential speedups"', "conditional", "M")
    assert "## Kernels\n\n- {bdg-warning}`conditional` **M**" in house_claims.collected()


@pytest.mark.parametrize("title", ["no verdict here", '"instant": perhaps'])
def test_a_claim_without_a_verdict_stops_the_build(house_claims: ModuleType, tmp_path: Path, title: str):
    text = f"(claim-x-1)=\n```{{admonition}} {title}\nR, 2.\n```\n"
    with pytest.raises(
        ValueError, match="claim-x-1 must be followed by an admonition whose title ends in its verdict"
    ):
        list(house_claims.claims_of(chapter_with(text, tmp_path / "learning" / "x.ipynb")))


def test_every_public_name_has_an_entry_under_the_name_a_reader_imports(html: Path):
    page = (html / "appendix/api/generated/qlearn.qubits.superposition.html").read_text(encoding="utf8")
    assert 'id="qlearn.qubits.ket"' in page
    assert 'id="qlearn.qubits.superposition.ket"' not in page
    assert 'href="../../../qubits/superposition.html"' in page  # "Taught in ..."


GLUED = {"reach": "'142.5'", "gap": "'+0.02 ± 0.01'", "share": "0.4271", "often": "np.float64(0.5)"}


@pytest.fixture
def house_alt(load) -> ModuleType:
    return load("tools/sphinx/house_alt.py")


@pytest.mark.parametrize(
    ("alt", "read"),
    [
        ("No number at all.", "No number at all."),
        ("To {glue:text}`reach` km, {glue:text}`gap`.", "To 142.5 km, +0.02 ± 0.01."),
        ("{glue:text}`reach:.0f` km, {glue:text}`share:.1%`", "142 km, 42.7%"),
        ("A set {0, 1} of bits", "A set {0, 1} of bits"),
    ],
)
def test_an_alt_text_holds_what_the_run_glued(house_alt: ModuleType, alt: str, read: str):
    assert house_alt.filled(alt, GLUED) == read


@pytest.mark.parametrize(
    ("alt", "why"),
    [
        ("{glue:text}`reech` km", "names 'reech', which no cell of the page glues"),
        ("{glue:text}`gap:.1f`", "no number for '.1f'"),
        ("{glue}`gap` ahead", "glue:text} alone, not {glue}`gap`"),
        ("see {doc}`/learning/qsvm`", "an alt text is plain"),
    ],
)
def test_an_alt_text_that_cannot_be_filled_is_refused(house_alt: ModuleType, alt: str, why: str):
    with pytest.raises(ValueError, match=re.escape(why)):
        house_alt.filled(alt, GLUED)


def test_glued_values_are_those_of_the_page(house_alt: ModuleType, tmp_path: Path):
    kept = {"reach": {"data": {"text/plain": "'142'"}}, "drawn": {"data": {"image/png": "..."}}}
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "x.glue.json").write_text(json.dumps(kept))
    assert house_alt.glued_values(tmp_path, "part/x") == {"reach": "'142'"}
    assert house_alt.glued_values(tmp_path, "part/no_glue") == {}


def test_the_built_pages_read_numbers_aloud(root: Path, html: Path, house_alt: ModuleType, chapter: str):
    values = house_alt.glued_values(html.parent / "jupyter_execute", chapter)
    page = unescape((html / f"{chapter}.html").read_text(encoding="utf8"))
    for cell in json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]:
        if alt := cell["metadata"].get("mystnb", {}).get("image", {}).get("alt"):
            assert f'alt="{house_alt.filled(alt, values)}"' in page
