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


def test_what_is_said_to_equal_pennylane_does(root: Path):
    import numpy as np
    import pennylane as qml

    text = (root / PAGE).read_text(encoding="utf8")
    table = text[: text.index("## From scikit-learn")]
    names: dict[str, object] = {}
    for there, code in _of(table):
        if not there:
            exec(compile(code, PAGE, "exec"), names)
    here = {there: code for there, code in _of(table[table.index("## From PennyLane") :]) if there}

    def line(starts: str) -> object:
        (code,) = (code for there, code in here.items() if there.startswith(starts))
        return eval(code, names)

    X, y, rho, start = (np.asarray(names[name]) for name in ("X", "y", "rho", "start"))
    mixed = qml.device("default.mixed", wires=2)

    def channel(operation):
        @qml.qnode(mixed)
        def after():
            qml.QubitDensityMatrix(rho, wires=[0, 1])
            operation(0.1, wires=0)
            return qml.state()

        return after()

    @qml.qnode(qml.device("default.qubit", wires=2))
    def overlap(a, b):
        qml.IQPEmbedding(a, wires=[0, 1], n_repeats=2)
        qml.adjoint(qml.IQPEmbedding)(b, wires=[0, 1], n_repeats=2)
        return qml.probs(wires=[0, 1])

    @qml.qnode(qml.device("default.qubit", wires=2))
    def turned(angles):
        qml.RX(angles[0], wires=0)
        qml.RY(angles[1], wires=1)
        qml.CNOT(wires=[0, 1])
        return qml.expval(qml.Z(0)), qml.expval(qml.Z(1)), qml.expval(qml.Z(0) @ qml.Z(1))

    angles = qml.numpy.array(start, requires_grad=True)
    slopes = qml.jacobian(lambda at: qml.math.stack(turned(at)))(angles)
    signed = 2 * y - 1
    alignment = [
        qml.kernels.target_alignment(X, signed, lambda a, b: overlap(a, b)[0], rescale_class_labels=rescaled)
        for rescaled in (True, False)
    ]
    noisy = 0.8 * np.asarray(names["K"]) + 0.2 / 4
    for got, theirs in [
        (line("`qml.DepolarizingChannel"), channel(qml.DepolarizingChannel)),
        (line("`qml.kernels.target_alignment"), alignment[0]),
        (line("the same with `rescale"), alignment[1]),
        (line("`qml.jacobian"), slopes[:2]),
        (line("`qml.grad"), slopes[2]),
        (line("`qml.GradientDescent")[0], start - 0.4 * slopes[2]),
        (line("a QNode, as a circuit").run(), names["node"]([[0.1, 0.2]])),
        (line("`qml.kernels.closest"), qml.kernels.closest_psd_matrix(names["K"])),
    ]:
        np.testing.assert_allclose(got, theirs, atol=1e-10)
    names["K"] = noisy
    mitigated = qml.kernels.mitigate_depolarizing_noise(noisy, 2, "single")
    np.testing.assert_allclose(line("`qml.kernels.mitigate"), mitigated, atol=1e-12)


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
