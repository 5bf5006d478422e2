"""While nbval runs the chapters, their figures are looked at and their output is kept for the book: none runs twice for it.

The figures are those of `tools/figures.py`; `tools/build_book.py` takes the output in the place of a run of its own.
"""

import ast
import functools
import importlib.util
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# One thread for tests and chapters, as the build has it: set before anything numerical is imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np

ROOT = Path(__file__).resolve().parent
WATCH = f"""
import importlib.util as _util, sys as _sys
_spec = _util.spec_from_file_location("figures_of_the_book", {str(ROOT / "tools" / "figures.py")!r})
_sys.modules[_spec.name] = _util.module_from_spec(_spec)
_spec.loader.exec_module(_sys.modules[_spec.name])
_sys.modules[_spec.name].watch()
del _util, _sys, _spec
"""

# One chapter is left to the build, as on the machine of a reader who runs no tests.
OF_THE_BUILD = "qubits/superposition.ipynb"

# Figures that are still to be mended, by chapter and cell: it only gets shorter.
UNMENDED: dict[str, set[str]] = {}


# What Flower itself loads imports Flower, which is an extra, takes a second and warns. There is no example in it to try.
collect_ignore_glob = [str(ROOT / "qlearn/networks/flower_app/_[a-z]*.py")]
if importlib.util.find_spec("flwr") is None:  # as with the oldest versions: then there is nothing to start
    collect_ignore_glob = [str(ROOT / "qlearn/networks/flower_app/*.py")]
# What imports PyTorch, an extra too. There is no example in it to try.
collect_ignore_glob += [str(ROOT / "qlearn/learning/neural_networks/_torch_module.py")]


@pytest.fixture(autouse=True)
def chance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give what asks for fresh randomness the same of it in every run, so that no test fails by a rare draw alone.

    A generator without a seed takes entropy from the operating system, through one function that NumPy has imported;
    here that function draws from the name of the test. Two such generators of a test still differ.
    """
    entropy = random.Random(request.node.nodeid)
    monkeypatch.setattr("numpy.random.bit_generator.randbits", entropy.getrandbits)
    np.random.seed(entropy.getrandbits(32))  # noqa: NPY002 - scikit-learn's random_state=None


def ask(client: Any, code: str, expressions: dict[str, str]) -> str:
    """Run code in a chapter's kernel, unseen by the chapter, and return what the expressions are after it."""
    message = client.execute(
        code, silent=True, store_history=False, user_expressions=expressions, reply=True, timeout=60
    )
    reply = message["content"]
    assert reply["status"] == "ok", reply
    return "".join(answer["data"]["text/plain"] for answer in reply["user_expressions"].values())


def said(client: Any) -> str:
    """Return what the probe has found in a kernel since it was last asked."""
    return ast.literal_eval(ask(client, "", {"said": "__import__('figures_of_the_book').said()"}))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Look at the figure that a cell of a chapter has drawn."""
    page: Any = item.parent
    cell, kernel = getattr(item, "cell", None), getattr(page, "kernel", None)
    if cell is None or kernel is None:
        return (yield)
    if not hasattr(page, "watched"):
        ask(kernel.kc, WATCH, {})
        page.watched, page.shown, page.ran_on = True, {}, the_book().library()
        page.language = kernel.kc.kernel_info(reply=True, timeout=60)["content"]["language_info"]
    if "text/html" not in page.skip_compare:  # a kept table is held to its text
        page.skip_compare = (*page.skip_compare, "text/html")
    result = yield
    if "figure" in cell.metadata.get("mystnb", {}):
        judge(item.path.relative_to(ROOT / "book").with_suffix("").as_posix(), cell.id, said(kernel.kc))
    page.shown[cell.id] = item.test_outputs
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Keep what a chapter has shown, when all of it has run and nothing failed."""
    page: Any = item.parent
    if not hasattr(page, "shown") or (nextitem is not None and nextitem.parent is page):
        return
    cells = {cell.id for cell in page.nb.cells if cell.cell_type == "code"}
    if cells == page.shown.keys() and not item.path.match(OF_THE_BUILD):
        the_book().keep(item.path, page.nb, page.shown, page.language, page.ran_on)


@functools.cache
def the_book() -> Any:
    """Import the script that builds the book."""
    spec = importlib.util.spec_from_file_location("book_of_the_tests", ROOT / "tools" / "build_book.py")
    book = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(book)
    return book


def judge(chapter: str, cell: str, found: str) -> None:
    """Fail when a figure has faults, or has none and stands on the list of those that have."""
    if cell in UNMENDED.get(chapter, set()):
        assert found, f"the figure of {cell} is mended: take it off the list"
    else:
        assert not found, f"the figure of {cell}:\n{found}"
