"""Make the book as one PDF, by LaTeX: `.venv/bin/python tools/pdf.py [page ...]`; the pages named alone, or all.

The pages are those of the HTML, out of the same executed chapters: `tools/sphinx/paper.py` arranges them, `qlearnpaper.sty`
beside it says how they look. A warning is an error, Sphinx's and LaTeX's: a reference that leads nowhere, a character
that no font has, a line that stands out into the margin.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
NAME = "qlearn"
WIDEST = 20  # points that a line may stand out into the margin
WIDE = re.compile(r"Overfull \\[hv]box \(([\d.]+)pt too (?:wide|high)\)")
WRONG = re.compile(
    r"Missing character:|! |\S+\.(?:tex|sty|aux|toc|out):\d+: |"
    r"(?:LaTeX|Package \w+|Class \w+)(?: Font)? Warning:.*(?:undefined|multiply|destination|not found|duplicate)"
)
# What brings the programs and the packages of LaTeX, as Debian and Ubuntu call it.
DEBIAN = (
    "latexmk",
    "texlive-xetex",
    "texlive-latex-extra",
    "texlive-fonts-extra",
    "fonts-dejavu-extra",
)
FILES = (
    "LibertinusSerif-Regular.otf",
    "LibertinusMath-Regular.otf",
    "DejaVuSansMono-Oblique.ttf",
    "tcolorbox.sty",
)
NOT_ON_PAPER = (
    "appendix/api/index",
    "sphinx_togglebutton",
    "sphinx_copybutton",
    "sphinx.ext.autosummary",
    "numpydoc",
)


def lacking() -> list[str]:
    """Return what this machine lacks of LaTeX: programs, and files of its packages."""
    programs = [name for name in ("xelatex", "latexmk") if shutil.which(name) is None]
    if programs or shutil.which("kpsewhich") is None:
        return programs or ["kpsewhich"]
    there = subprocess.run(["kpsewhich", *FILES], capture_output=True, text=True).stdout
    return [name for name in FILES if name not in there]


def refusal(missing: list[str]) -> str:
    """Return what to do where something of LaTeX lacks."""
    return (
        f"make pdf needs XeLaTeX, and this machine lacks {', '.join(missing)}. On Debian and Ubuntu: "
        f"sudo apt-get install --no-install-recommends {' '.join(DEBIAN)} (about 2 GB); elsewhere TeX Live of 2022 or "
        "newer. Without it, the button above a chapter prints that chapter to PDF."
    )


def settings(pages: list[str]) -> dict[str, Any]:
    """Return the settings of the book, with what paper wants otherwise."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    read["only_build_toc_files"] = True
    read["logo"] = str(ROOT / "book" / read["logo"])
    read["latex"] = {"latex_engine": "xelatex", "use_jupyterbook_latex": False}
    read["sphinx"]["local_extensions"] = {"extension": str(ROOT / "tools" / "sphinx")}
    config = read["sphinx"]["config"]
    config.pop("copybutton_exclude")
    config["extensions"] = [name for name in config["extensions"] if name not in NOT_ON_PAPER]
    config["on_paper"] = "some pages" if pages else "all pages"
    config["project_title"] = read["title"]
    if pages:  # what they refer to may stand on others
        config["suppress_warnings"] = [*config["suppress_warnings"], "myst.xref_missing"]
    config.pop("autosummary_generate")
    config.pop("numpydoc_show_class_members")
    config.pop("numpydoc_class_members_toctree")
    return read


def contents(pages: list[str]) -> dict[str, Any]:
    """Return the contents of the book without what is not on paper; of these pages alone, where some are named.

    Examples
    --------
    >>> [part["caption"] for part in contents(["communication/bb84"])["parts"]]
    ['II. Quantum communication']
    """
    read: dict[str, Any] = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
    known = [page["file"] for part in read["parts"] for page in part["chapters"]]
    if unknown := sorted(set(pages) - set(known)):
        raise ValueError(f"no such page in _toc.yml: {', '.join(unknown)}; one is named as {known[0]!r}")
    for part in read["parts"]:
        part["chapters"] = [
            page
            for page in part["chapters"]
            if page["file"] not in NOT_ON_PAPER and (not pages or page["file"] in pages)
        ]
    read["parts"] = [part for part in read["parts"] if part["chapters"]]
    return read


def write_tex(pages: list[str], folder: Path) -> int:
    """Let Sphinx write the book for LaTeX, from the chapters that `make book` has run; return the exit code."""
    cells = BUILD / ".jupyter_cache"
    shared = folder / "_build" / ".jupyter_cache"
    cells.mkdir(parents=True, exist_ok=True)
    shared.parent.mkdir(parents=True, exist_ok=True)
    if not shared.exists():
        shared.symlink_to(cells, target_is_directory=True)
    toc, config = folder / "_toc.yml", folder / "_config.yml"
    toc.write_text(yaml.safe_dump(contents(pages), sort_keys=False), encoding="utf8")
    config.write_text(yaml.safe_dump(settings(pages), sort_keys=False), encoding="utf8")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", "book"]
    command += [
        "--builder",
        "latex",
        "--config",
        str(config),
        "--toc",
        str(toc),
        "--path-output",
        str(folder),
    ]
    return subprocess.call([*command, "-W", "-n", "--keep-going"], cwd=ROOT)


def complaints(log: str) -> Iterator[str]:
    r"""Yield what a log of LaTeX complains of that a reader would see.

    Examples
    --------
    >>> list(complaints("Overfull \\hbox (21.5pt too wide) in paragraph at lines 3--4\n"))
    ['Overfull \\hbox (21.5pt too wide) in paragraph at lines 3--4']
    >>> list(complaints("Overfull \\hbox (1.5pt too wide) in paragraph at lines 3--4\n"))
    []
    """
    for line in log.splitlines():
        wide = WIDE.match(line)
        if float(wide[1]) > WIDEST if wide else WRONG.match(line):
            yield line


def typeset(folder: Path) -> int:
    """Run LaTeX until page numbers stand; print what it complains of, and return how much that is."""
    command = [
        "latexmk",
        "-xelatex",
        "-interaction=nonstopmode",
        "-file-line-error",
        "-silent",
        f"{NAME}.tex",
    ]
    for suffix in ("aux", "toc", "out", "log", "fdb_latexmk"):  # of a run that may have failed
        (folder / f"{NAME}.{suffix}").unlink(missing_ok=True)
    environment = {**os.environ, "max_print_line": "1000"}
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace"
    )
    log = (folder / f"{NAME}.log").read_text(encoding="utf8", errors="replace")
    found = sorted(set(complaints(log)))
    if ran.returncode and not found:
        found = (ran.stdout + ran.stderr).splitlines()[-20:]
    for line in found:
        print(line, file=sys.stderr)
    return len(found)


def main() -> int:
    """Make the PDF; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "pages", nargs="*", metavar="page", help="as communication/bb84; all when none is named"
    )
    pages = parser.parse_args().pages
    if missing := lacking():
        print(f"qlearn: {refusal(missing)}", file=sys.stderr)
        return 1
    folder = BUILD / ("pdf_pages" if pages else "pdf")
    if code := write_tex(pages, folder):
        return code
    made = folder / "_build" / "latex"
    if wrong := typeset(made):
        print(
            f"qlearn: LaTeX complained {wrong} times; all of it stands in {made}/{NAME}.log", file=sys.stderr
        )
        return 1
    target = BUILD / f"{NAME}{'_pages' if pages else ''}.pdf"
    shutil.copy(made / f"{NAME}.pdf", target)
    print(f"The book on paper stands in {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
