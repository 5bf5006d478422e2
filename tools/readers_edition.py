"""The reader's edition of the chapters: notebooks that read well anywhere, made of the built book.

A chapter's source speaks to the build: numbers of a run, citations, references, captions in the metadata. In plain
Jupyter or on Colab none of that is read. Here all of it is put in its place: the numbers that the run of the build has
glued, names for citations and a list of them, titles with links, captions under their figures, cards as quotations, and
first a cell that installs the library where it is not.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import yaml
from pybtex.database import Entry, parse_file
from pybtex.richtext import Text

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
sys.path.insert(0, str(ROOT / "tools" / "sphinx"))

import alt_texts  # noqa: E402 - the build's own: one way to fill a number in, one way to hide a line
import code_cells  # noqa: E402

ROLE = re.compile(r"\{(?P<role>[\w:.-]+)\}`(?P<text>[^`]*)`")
FENCE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{admonition\} ?(?P<title>[^\n]*)\n(?P<body>.*?)^(?P=fence)\s*$", re.M | re.S
)
LABEL = re.compile(r"^\([\w-]+\)=\n", re.M)
NUMBER = re.compile(r'<figure[^>]* id="([^"]+)".*?<span class="caption-number">\s*([^<]+?)\s*</span>', re.S)
LINK = re.compile(r"\[(?P<words>[^\[\]]+)\]\((?P<label>[\w-]+)\)")
EXERCISE = re.compile(r"exercises\.(\w+)")


def settings() -> dict[str, Any]:
    """Return what `_config.yml` says."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    return read


def commit() -> str:
    """Return the commit that the edition is made of, so that what it installs is what it was run with."""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return asked.stdout.strip() or settings()["repository"]["branch"]


def install_cell(address: str, pinned: str, extra: str = "") -> str:
    """Return the source of the first cell: it installs the library on Colab, and does nothing elsewhere."""
    if "+without.solutions" in (ROOT / "pyproject.toml").read_text(encoding="utf8"):
        return "# Install the library from the wheel that you were given with this edition."
    return (
        "# On Colab this installs the library of the book; on your own machine it is there already.\n"
        "import importlib.util, subprocess, sys\n\n"
        'if importlib.util.find_spec("qlearn") is None:\n'
        f'    source = "qlearn{extra} @ git+{address}@{pinned}"\n'
        '    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", source], check=True)'
    )


@cache
def bibliography() -> dict[str, Entry]:
    """Return the entries of the book's bibliography."""
    entries: dict[str, Entry] = parse_file(str(BOOK / "references.bib")).entries
    return entries


def cited(key: str) -> str:
    """Return author and year, as one says them."""
    entry = bibliography()[key]
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [str(Text.from_latex(" ".join([*p.prelast_names, *p.last_names]))) for p in people]
    who = names[0] + " et al." if len(names) > 2 else " and ".join(names)
    return f"{who} {entry.fields['year']}".strip()


def reference(key: str) -> str:
    """Return a line of the list at the end: author, year, title, where it is found."""
    fields = bibliography()[key].fields
    title = str(Text.from_latex(fields.get("title", "")))
    where = fields.get("doi") and f"https://doi.org/{fields['doi']}"
    where = (
        where or (fields.get("eprint") and f"https://arxiv.org/abs/{fields['eprint']}") or fields.get("url")
    )
    journal = str(
        Text.from_latex(fields.get("journal", fields.get("booktitle", fields.get("publisher", ""))))
    )
    return (
        f"- {cited(key)}. *{title}*." + (f" {journal}." if journal else "") + (f" <{where}>" if where else "")
    )


@cache
def title_of(page: str) -> str:
    """Return the heading of a page of the book."""
    path = BOOK / page
    if (path.with_suffix(".ipynb")).exists():
        cells = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf8"))["cells"]
        text = "".join(cells[0]["source"])
    else:
        text = path.with_suffix(".md").read_text(encoding="utf8")
    found = re.search(r"^# (.+)$", text, re.M)
    assert found is not None, page
    return found[1].strip()


@cache
def labelled() -> dict[str, str]:
    """Return for each label of a section, a figure or an exercise the chapter that has it."""
    found: dict[str, str] = {}
    for path in BOOK.glob("*/*.ipynb"):
        name = str(path.relative_to(BOOK).with_suffix(""))
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]:
            source = "".join(cell["source"])
            labels = re.findall(r"^\(([\w-]+)\)=", source, re.M)
            figure = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
            asked = EXERCISE.fullmatch(source.strip())
            if asked:
                labels.append(f"exercise-{path.stem}-{asked[1]}")
            found |= dict.fromkeys([*labels, *([figure] if figure else [])], name)
    return found


class Chapter:
    """One chapter on its way from the build to its readers."""

    def __init__(self, name: str, build: Path) -> None:
        self.name, self.build = name, build
        self.values = alt_texts.glued_values(build / "jupyter_execute", name)
        html = (build / "html" / f"{name}.html").read_text(encoding="utf8")
        self.numbers = {figure: unescape(number) for figure, number in NUMBER.findall(html)}
        self.keys: list[str] = []
        self.notebook = json.loads((build / "jupyter_execute" / f"{name}.ipynb").read_text(encoding="utf8"))

    # What the roles say

    def text(self, source: str) -> str:
        """Return Markdown that any reader of notebooks shows as it is meant."""
        source = LABEL.sub("", source)
        source = FENCE.sub(lambda found: _boxed(found["title"], found["body"]), source)
        return LINK.sub(self._link, ROLE.sub(self._said, source))

    def _said(self, found: re.Match[str]) -> str:
        says: dict[str, Callable[[str], str]] = {
            "glue:text": lambda text: alt_texts.filled(f"{{glue:text}}`{text}`", self.values),
            "cite": self._cite,
            "doc": self._doc,
            "numref": lambda text: self.numbers[text],
            "func": lambda text: f"`{text.removeprefix('~').rpartition('.')[2]}`",
        }
        if found["role"] not in says:
            raise ValueError(f"{self.name}: the reader's edition does not know the role {found['role']!r}")
        return says[found["role"]](found["text"])

    def _link(self, found: re.Match[str]) -> str:
        """Return a link to the notebook that a label stands in; in this one it is the words alone."""
        there = labelled().get(found["label"])
        if there is None:
            return found[0]
        up = "../" * self.name.count("/")
        return found["words"] if there == self.name else f"[{found['words']}]({up}{there}.ipynb)"

    def _cite(self, text: str) -> str:
        keys = [key.strip() for key in text.split(",")]
        self.keys += [key for key in keys if key not in self.keys]
        return f"({'; '.join(map(cited, keys))})"

    def _doc(self, text: str) -> str:
        named = re.fullmatch(r"(.+?)\s*<(.+)>", text)
        title, target = (named[1], named[2]) if named else ("", text)
        page = target.lstrip("/") if target.startswith("/") else f"{Path(self.name).parent}/{target}"
        title = title or title_of(page)
        if not (BOOK / f"{page}.ipynb").exists():
            return f"*{title}*"
        up = "../" * self.name.count("/")
        return f"[{title}]({up}{page}.ipynb)"

    # What becomes of the cells

    def cells(self) -> Iterator[dict[str, Any]]:
        """Yield the cells of the edition, in order."""
        extra = "[aer]" if "qiskit_aer" in json.dumps(self.notebook["cells"]) else ""
        yield _code(install_cell(settings()["repository"]["url"], commit(), extra), [])
        for cell in self.notebook["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                yield _markdown(self.text(source))
            elif cell["cell_type"] == "code":
                yield from self._code(source, cell)
        if self.keys:
            yield _markdown(
                "## Cited here\n\n" + "\n".join(reference(key) for key in sorted(self.keys, key=cited))
            )

    def _code(self, source: str, cell: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if asked := EXERCISE.fullmatch(source.strip()):
            yield _markdown(self.exercise(asked[1]))
            return
        seen = code_cells.without_glue(source)
        outputs = [] if "exercises." in source else [_plain(out) for out in cell["outputs"] if _shows(out)]
        if not seen and not outputs:
            return
        made = _code(seen, outputs)
        if "hide-input" in cell["metadata"].get("tags", []):
            made["metadata"]["jupyter"] = {"source_hidden": True}
        yield made
        figure = cell["metadata"].get("mystnb", {}).get("figure", {})
        if "caption" in figure:
            number = self.numbers.get(figure.get("name", ""), "")
            yield _markdown(f"**{number}** {self.text(figure['caption'])}".strip())

    def exercise(self, name: str) -> str:
        """Return the heading and the prompt of an exercise."""
        from qlearn.exercises import of_chapter

        one = next(one for one in of_chapter(self.name) if one.name == name)
        return f"### Exercise {one.number}: {one.title} ({one.level})\n\n{one.prompt}"

    def made(self) -> dict[str, Any]:
        """Return the notebook."""
        cells = list(self.cells())
        for number, cell in enumerate(cells):
            cell["id"] = f"{Path(self.name).name}-{number:03}"
        metadata = {key: self.notebook["metadata"][key] for key in ("kernelspec", "language_info")}
        return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _boxed(title: str, body: str) -> str:
    """Return an admonition: quoted, but a question of recall as one that opens."""
    classes = re.search(r"^:class: (.*)$", body, re.M)
    if classes is None or "recall" not in classes[1].split():
        return _quoted(title, body)
    answer = "\n".join(line for line in body.splitlines() if not re.match(r":\w+:", line)).strip()
    return f"**{title}**\n\n<details><summary>Answer</summary>\n\n{answer}\n\n</details>"


def _quoted(title: str, body: str) -> str:
    lines = [line for line in body.strip().splitlines() if not re.match(r":\w+:", line)]
    return "\n".join(
        f"> {line}".rstrip() for line in [f"**{title}**", "", *"\n".join(lines).strip().splitlines()]
    )


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.strip("\n").splitlines(keepends=True)}


def _code(source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": outputs,
        "source": source.splitlines(keepends=True),
    }


def _shows(output: dict[str, Any]) -> bool:
    """Tell whether a reader sees an output: a number that was handed to the prose is none."""
    return "scrapbook" not in output.get(
        "metadata", {}
    ) and "application/papermill.record/text/plain" not in output.get("data", {})


def _plain(output: dict[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "execute_result":
        return {**output, "execution_count": None}
    return output


def write(build: Path, into: Path) -> list[Path]:
    """Write the edition of every chapter of a built book, and what Binder needs beside it."""
    shutil.rmtree(into, ignore_errors=True)
    written = []
    for path in sorted(BOOK.glob("*/*.ipynb")):
        name = str(path.relative_to(BOOK).with_suffix(""))
        if not (build / "html" / f"{name}.html").exists():
            continue
        target = into / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            json.dumps(Chapter(name, build).made(), indent=1, ensure_ascii=False) + "\n", encoding="utf8"
        )
        written.append(target)
    address, pinned = settings()["repository"]["url"], commit()
    binder = into / "binder"
    binder.mkdir(parents=True, exist_ok=True)
    (binder / "requirements.txt").write_text(f"qlearn[aer] @ git+{address}@{pinned}\n")
    for name in ("runtime.txt", "postBuild"):
        shutil.copy(ROOT / "binder" / name, binder / name)
    return written


def main() -> None:
    """Write the edition beside the built pages."""
    build = ROOT / "_build"
    print(f"{len(write(build, build / 'html' / 'notebooks'))} notebooks of the reader's edition")


if __name__ == "__main__":
    main()
