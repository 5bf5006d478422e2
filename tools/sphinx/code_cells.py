"""What a reader sees of a code cell: an anchor, no line that only hands a number to the prose, folds that say what they hold."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

IMPORTS = "imports and settings"


def without_glue(source: str) -> str:
    r"""Return a cell's source without the statements that do nothing but glue, and without their import.

    Examples
    --------
    >>> without_glue("x = 1\\nglue('a', x)\\nprint(x)")
    'x = 1\\nprint(x)'
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line for the notebook alone
        return source
    lines = source.splitlines()
    for statement in sorted(_to_hide(tree.body), key=lambda statement: -statement.lineno):
        where = slice(statement.lineno - 1, statement.end_lineno)
        if _only_glues(statement):
            del lines[where]
        else:  # an import of several names
            lines[where] = [re.sub(r"\bglue, ?|, ?glue\b", "", line) for line in lines[where]]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _only_glues(statement: ast.stmt) -> bool:
    match statement:
        case ast.ImportFrom(names=[ast.alias(name="glue")]):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="glue"))):
            return True
        case ast.For(body=body, orelse=[]) | ast.If(body=body, orelse=[]):
            return all(map(_only_glues, body))
    return False


def _to_hide(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that only glue, at any depth, and imports that bring glue among others."""
    for statement in body:
        if _only_glues(statement) or isinstance(statement, ast.ImportFrom):
            yield statement
            continue
        for inner in (getattr(statement, "body", []), getattr(statement, "orelse", [])):
            if isinstance(inner, list) and not all(map(_only_glues, inner)):  # a block is not left empty
                yield from _to_hide(inner)


def only_imports(source: str) -> bool:
    """Tell whether a cell is the opening of a chapter: imports, the look of its figures, the random numbers."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    return any(isinstance(s, ast.Import | ast.ImportFrom) for s in tree.body)


def name(app: Sphinx, doctree: nodes.document) -> None:
    """Give each code cell an anchor, ``cell-`` and its id: the table of claims links to cells."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    ids = [cell["id"] for cell in json.loads(path.read_text(encoding="utf8"))["cells"]]
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            cell["ids"].append(f"cell-{ids[cell['cell_index']]}")


def tidy(app: Sphinx, doctree: nodes.document) -> None:
    """Take the machinery out of sight, on every page that is a notebook."""
    first = True
    for cell in [n for n in doctree.findall(nodes.container) if n.get("nb_element") == "cell_code"]:
        block = next(iter(cell.findall(nodes.literal_block)), None)
        into = block.parent if block is not None else None
        if block is None or into is None or into.get("nb_element") != "cell_code_source":
            continue
        source = block.astext()
        if first and only_imports(source) and not cell.get("hide_mode"):
            cell["hide_mode"] = "input"
            cell["prompt_show"], cell["prompt_hide"] = f"Show {IMPORTS}", f"Hide {IMPORTS}"
            cell["classes"].append("tag_hide-input")
        first = False
        seen = without_glue(source)
        if not seen:
            into.parent.remove(into)
        elif seen != source:
            again: Any = nodes.literal_block(seen, seen, **block.attributes)
            block.replace_self(again)


class NameFolds(SphinxPostTransform):
    """Let the fold over the code of a figure say of which one it is."""

    default_priority = 198  # MyST-NB makes the folds at 199
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Name the folds of a page."""
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get("figure", {})
        for cell in self.document.findall(nodes.container):
            if (
                cell.get("nb_element") != "cell_code"
                or not cell.get("hide_mode")
                or IMPORTS in cell["prompt_show"]
            ):
                continue
            names = [
                name for figure in cell.findall(nodes.figure) for name in figure["ids"] if name in numbers
            ]
            number = ".".join(map(str, numbers[names[0]])) if names else ""
            what = f"the code of Fig. {number}" if number else "this code"
            cell["prompt_show"], cell["prompt_hide"] = f"Show {what}", f"Hide {what}"
