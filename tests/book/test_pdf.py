"""The book on paper: what LaTeX is asked for, what it may not complain of, and that the numbers are those of the pages."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qlearn.exercises import of_chapter
from tests.book.conftest import load_script

PAGES = (
    "qubits/superposition",
    "communication/bb84",
    "communication/superdense",
    "appendix/exercises",
    "appendix/glossary",
    "appendix/bibliography",
)
CHAPTERS = {"qubits/superposition": 1, "communication/bb84": 6, "communication/superdense": 8}

pdf = load_script("tools/pdf.py")


@pytest.mark.parametrize(
    "line",
    [
        "Missing character: There is no ✗ (U+2717) in font [LibertinusSerif-Regular.otf]!",
        "Overfull \\hbox (20.1pt too wide) in paragraph at lines 1--2",
        "Overfull \\vbox (95.8pt too high) has occurred while \\output is active []",
        "LaTeX Warning: Hyper reference `learning/qsvm::doc' on page 1 undefined on input line 7.",
        "LaTeX Warning: Label `fig' multiply defined.",
        "LaTeX Warning: There were undefined references.",
        "! Undefined control sequence.",
        "./qlearn.tex:12: Undefined control sequence.",
    ],
)
def test_what_a_reader_would_see_is_an_error(line):
    assert list(pdf.complaints(f"before\n{line}\nafter\n")) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Overfull \\hbox (19.9pt too wide) in paragraph at lines 1--2",
        "Underfull \\hbox (badness 10000) in paragraph at lines 1--2",
        "LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.",
        "Package fancyhdr Warning: \\headheight is too small (12.0pt):",
    ],
)
def test_what_nobody_sees_is_none(line):
    assert list(pdf.complaints(line + "\n")) == []


def test_a_page_that_does_not_stand_is_refused():
    with pytest.raises(ValueError, match=r"no such page in _toc.yml: communication/bb48; one is named as"):
        pdf.contents(["communication/bb48"])


def test_all_pages_but_the_reference_are_on_paper():
    named = [page["file"] for part in pdf.contents([])["parts"] for page in part["chapters"]]
    assert set(CHAPTERS) < set(named)
    assert "appendix/claims" in named
    assert not [name for name in named if "api" in name]


def test_without_latex_it_says_what_to_install(root, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pdf.lacking() == ["xelatex", "latexmk"]
    ran = subprocess.run([sys.executable, root / "tools" / "pdf.py"], capture_output=True, text=True)
    assert ran.returncode == 1
    assert "lacks xelatex, latexmk. On Debian and Ubuntu: sudo apt-get install" in ran.stderr
    assert "texlive-xetex" in ran.stderr


# A book of three chapters, set once


@pytest.fixture(scope="module")
def made(root: Path, html: Path) -> Path:
    """Return the folder where LaTeX has set the small book, of the chapters that the built book has run."""
    if missing := pdf.lacking():
        pytest.skip(f"LaTeX is not on this machine: {', '.join(missing)}")
    ran = subprocess.run(
        [sys.executable, root / "tools" / "pdf.py", *PAGES], cwd=root, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    assert "The book on paper stands in _build/qlearn_pages.pdf" in ran.stdout
    return root / "_build" / "pdf_pages" / "_build" / "latex"


def labels(made: Path) -> dict[str, tuple[str, int]]:
    r"""Return number and page of each label, as LaTeX counts: what \ref and \pageref print."""
    text = (made / "qlearn.aux").read_text(encoding="utf8")
    return {
        name: (number, int(page))
        for name, number, page in re.findall(r"\\newlabel\{(.+?)\}\{\{(.*?)\}\{(\d+)\}", text)
    }


def test_chapters_and_figures_have_the_numbers_of_the_pages(made: Path, html: Path):
    found = labels(made)
    compared = 0
    for chapter, number in CHAPTERS.items():
        assert found[f"{chapter}::doc"][0] == str(number)
        page = (html / f"{chapter}.html").read_text(encoding="utf8")
        numbers = re.findall(
            r'<figure[^>]* id="([^"]+)".*?<span class="caption-number">Fig\. ([\d.]+) *</span>', page, re.S
        )
        for figure, said in numbers:
            assert found[f"{chapter}:{figure}"][0] == said.strip(), figure
            compared += 1
    assert compared >= 15


def test_each_exercise_says_where_its_solution_stands_and_it_stands_there(made: Path):
    found = labels(made)
    text = (made / "qlearn.tex").read_text(encoding="utf8")
    solutions = found["qlearn:solutions"][1]
    for chapter in CHAPTERS:
        for one in of_chapter(chapter):
            label = f"exercise-{chapter.rpartition('/')[2]}-{one.name}"
            assert text.count(rf"solution on page~\pageref{{solution:{label}}}") == 1
            assert found[f"task:{label}"][1] < solutions <= found[f"solution:{label}"][1]
    assert "Solution (try first)" not in text


def test_machinery_and_the_reference_are_left_out(made: Path):
    text = re.sub(r"\\PYG\{[^}]*\}\{|\}", "", (made / "qlearn.tex").read_text(encoding="utf8"))
    for gone in ("from qlearn.plotting import", "glue(", ".reveal()", "appendix/api"):
        assert gone not in text, gone


def test_a_table_of_a_protocol_is_a_table(made: Path):
    text = (made / "qlearn.tex").read_text(encoding="utf8")
    assert text.count(r"\begin{qlearntable}") >= 5
    assert r"\qlearnwho{0072B2}{Alice knows}" in text
    assert r"\cellcolor{qlearnkept}" in text


def test_every_page_has_something_on_it(made: Path):
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not on this machine")
    said = subprocess.run(
        ["pdftotext", "-layout", made / "qlearn.pdf", "-"], capture_output=True, text=True
    ).stdout
    pages = said.split("\f")[:-1]
    assert len(pages) > 60
    assert [number for number, page in enumerate(pages, start=1) if not page.strip()] == []
    assert "??" not in said.replace('"??"', "")


TABLE = """<style>td{color:red}</style><table><caption>What & why</caption><thead><tr><td></td>
<th colspan="2">two</th></tr><tr><th>who</th><th class="n">rate</th><th>verdict</th></tr></thead><tbody>
<tr><th scope="row">A_1</th><td class="n">0.25 ± 0.01</td><td>ahead</td></tr></tbody>
<tfoot><tr><th>all</th><td class="n">0.25</td><td></td></tr></tfoot></table>"""


def test_a_table_keeps_its_head_its_foot_and_its_numbers_at_the_right(load):
    (said,) = load("tools/sphinx/paper_tables.py").tables(TABLE)
    assert "color:red" not in said
    assert r"\begin{qlearntable}{What \& why}" in said
    assert r"\begin{tabular}{lrl}" in said
    assert r"\multicolumn{2}{l}{" in said
    rows = [line for line in said.splitlines() if line.endswith(r"\\") or line == r"\midrule"]
    assert [line == r"\midrule" for line in rows] == [False, False, True, False, True, False]
    assert r"A\_1 & 0.25 ± 0.01 & ahead \\" in rows


def test_words_wrap_where_columns_are_wider_than_the_line_and_a_long_table_breaks(load):
    row = f"<tr><td>{'word ' * 40}</td><td>1</td></tr>"
    tables = load("tools/sphinx/paper_tables.py")
    (short,) = tables.tables(f"<table><tbody>{row}</tbody></table>")
    assert r">{\raggedright\arraybackslash}p{" in short
    (long,) = tables.tables(f"<table><tbody>{row * 40}</tbody></table>")
    assert r"\begin{longtable}" in long
