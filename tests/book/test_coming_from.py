"""The page for those who come from elsewhere: each line on its right side runs, in order, and each name is found once."""

import re
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from sklearn.exceptions import ConvergenceWarning

PAGE = "book/appendix/coming_from.md"
PIECES = re.compile(r"^```python\n(.*?)^```|^\| ([^\n]*?) \| `([^\n]*)` \|$", re.M | re.S)


def pieces(root: Path) -> list[tuple[str, str]]:
    """The code of the page in order: blocks, and the lines of its tables; what it is there, and what it is here."""
    text = (root / PAGE).read_text(encoding="utf8")
    return [(there, block or line) for block, there, line in PIECES.findall(text)]


def runs_here(code: str) -> bool:
    """PyTorch and JAX are extras; what they are given runs in the tests of the layer and of the function."""
    return all(find_spec(name) or f"import {name}\n" not in code for name in ("torch", "jax"))


@pytest.mark.filterwarnings("error")
def test_every_line_runs_after_the_blocks_above_it(root: Path):
    names: dict[str, object] = {}
    with plt.rc_context():
        for there, code in pieces(root):
            if not runs_here(code):
                continue
            with warnings.catch_warnings():
                # two epochs are for show
                warnings.simplefilter("ignore", ConvergenceWarning)
                try:
                    if there:
                        assert eval(compile(code, PAGE, "eval"), names) is not None
                    else:
                        exec(compile(code, PAGE, "exec"), names)
                except Exception as failed:
                    failed.add_note(f"in {PAGE}: {there} is {code}")
                    raise
        plt.close("all")


def test_no_row_is_lost_and_none_stands_twice_in_a_table(root: Path):
    text = (root / PAGE).read_text(encoding="utf8")
    for table in re.split(r"^## ", text, flags=re.M):
        rows = [line for line in table.splitlines() if line.startswith("| ") and line != "| There | Here |"]
        left = [line.split(" | ")[0] for line in rows]
        assert len(set(left)) == len(left)
        assert len(rows) == len([there for there, _ in _of(table) if there])
    assert len([there for there, _ in pieces(root) if there]) > 60


def named(root: Path, starts: str) -> set[str]:
    """What the left side of the table of a section calls by name: the last word before a bracket, or alone."""
    text = (root / PAGE).read_text(encoding="utf8")
    (table,) = [part for part in re.split(r"^## ", text, flags=re.M) if part.startswith(starts)]
    left = " ".join(there for there, _ in _of(table) if there)
    return {name for code in re.findall(r"`([^`]+)`", left) for name in re.findall(r"^[\w.]+", code)}


def test_the_names_of_pennylane_are_its_names(root: Path):
    import pennylane as qml

    names = {name for name in named(root, "From PennyLane") if name.startswith("qml.")}
    assert len(names) > 20
    for name in names:
        found = qml
        for part in name.split(".")[1:]:
            found = getattr(found, part)


def test_the_names_of_scikit_learn_are_its_names(root: Path):
    from sklearn.utils import all_estimators

    known = {name for name, _ in all_estimators()}
    for module in ("inspection", "metrics.pairwise", "model_selection", "pipeline", "tree"):
        known |= set(dir(sys.modules[f"sklearn.{module}"]))
    names = {name.split(".")[0] for name in named(root, "From scikit-learn")}
    assert len(names) > 12
    assert names <= known


def _of(table: str) -> list[tuple[str, str]]:
    return [(there, block or line) for block, there, line in PIECES.findall(table)]
