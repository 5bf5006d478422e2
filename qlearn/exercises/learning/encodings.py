"""Exercises of the chapter *Encodings: how a row becomes a state*."""

from math import isclose
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.exercises import Exercise, Verdict
from qlearn.learning.encodings import accessible_frequencies, fourier_series
from qlearn.qubits import Circuit


def _grade_picture(answer: Any) -> Verdict:
    mistakes = {
        10.0: "10 is the number of qubits. Each wire shares out the norm for every setting of those before it: "
        "add the turns and the CNOTs of all of them.",
        784.0: "784 pixels do not fill 2^q amplitudes: the row is filled up with zeros, and the circuit loads those too.",
        1023.0: "1023 are the turns. The Gray code needs a CNOT between any two of them.",
        1022.0: "1022 are the CNOTs. The turns come on top: one more than that.",
        1021.0: "that is the bill of 9 qubits, and 2^9 = 512 amplitudes are too few for 784 pixels.",
        2046.0: "nearly: the first wire has nothing before it that could control its turn, so it takes no CNOT.",
        1565.0: "that is 2 d - 3 with d = 784. The state has 2^10 amplitudes, the last 240 of them zero.",
        2048.0: "nearly: the first wire has one turn and no CNOT. Count 2^q - 1 turns and 2^q - 2 CNOTs.",
    }
    value = float(np.squeeze(answer))
    if value == 2045:
        return Verdict.right("10 qubits, 1023 turns and 1022 CNOTs: more gates than pixels, for one picture.")
    return Verdict.wrong(
        mistakes.get(value, f"{value:g} is not it. How many qubits hold 784 amplitudes, and how many turns?")
    )


picture = Exercise(
    name="picture",
    level="warm-up",
    prompt=(
        "A picture of 28 by 28 pixels is loaded by amplitude encoding, with the circuit of this chapter. How many gates "
        "does it take, turns and CNOTs together?"
    ),
    stub="picture = ...\n",
    solution="picture = (2**10 - 1) + (2**10 - 2)\n",
    explanation=(
        "784 amplitudes need 10 qubits, since $2^9 = 512$ is too few. Turns: $1 + 2 + \\dots + 512 = 1023$; CNOTs: "
        "the same without the first. `AmplitudeEncoding().gate_count(784)` says it too."
    ),
    wrong={
        "the qubits": "picture = 10\n",
        "one gate a pixel": "picture = 28 * 28\n",
        "turns only": "picture = 2**10 - 1\n",
        "without the zeros": "picture = 2 * 784 - 3\n",
    },
    grade=_grade_picture,
)


def _grade_angle_gram(answer: Any) -> Verdict:
    rng = np.random.default_rng(3)
    tables = [(rng.uniform(-2.4, 2.4, (5, 3)), rng.uniform(-2.4, 2.4, (4, 3)), scale) for scale in (0.7, 1.3)]
    for X, Y, scale in tables:
        verdict = _unlike_angles(X, Y, scale, np.asarray(answer(X.copy(), Y.copy(), scale), float))
        if verdict is not None:
            return verdict
    X, Y, scale = rng.uniform(-3, 3, (2, 40)), rng.uniform(-3, 3, (3, 40)), 0.2
    try:
        got = np.asarray(answer(X.copy(), Y.copy(), scale), float)
    except (MemoryError, ValueError) as refused:
        return Verdict.wrong(
            f"with 3 features right, with 40 it stops: {refused}. A state of 40 qubits has 2^40 amplitudes, and you need "
            "none of them."
        )
    verdict = _unlike_angles(X, Y, scale, got)
    if verdict is not None:
        return verdict
    return Verdict.right(
        "q cosines an entry, also for 40 qubits, and no state was made: this kernel was never quantum."
    )


def _unlike_angles(X: NDArray[Any], Y: NDArray[Any], scale: float, got: NDArray[Any]) -> Verdict | None:
    """Return what is wrong with a table of overlaps, or None."""
    apart = scale * (X[:, None] - Y[None])
    right = np.prod(np.cos(apart / 2) ** 2, axis=-1)
    if got.shape != right.shape:
        n, m = right.shape
        return Verdict.wrong(f"{n} rows against {m} make a table of shape ({n}, {m}); yours is {got.shape}.")
    if np.allclose(got, right, atol=1e-12):
        return None
    if scale != 0.7 and np.allclose(got, np.prod(np.cos(0.7 / scale * apart / 2) ** 2, axis=-1)):
        return Verdict.wrong("right for the scale 0.7 only: use the `scale` that you are given.")
    if np.allclose(got, np.prod(np.cos(apart) ** 2, axis=-1)):
        return Verdict.wrong("a turn by x moves the amplitudes by x/2: halve the angle inside the cosine.")
    if np.allclose(got, np.prod(np.cos(apart / 2), axis=-1)):
        return Verdict.wrong("that is the overlap itself, and it can be negative. The kernel is its square.")
    if np.allclose(got, np.mean(np.cos(apart / 2) ** 2, axis=-1)):
        return Verdict.wrong("you took the mean over the wires. Overlaps of product states multiply.")
    if np.allclose(got, np.prod(np.cos((X[:, None] - Y[None]) / 2) ** 2, axis=-1)):
        return Verdict.wrong("the scale is missing: wire w turns by scale times x_w.")
    if np.allclose(got, np.exp(-np.sum(apart**2, axis=-1) / 4)):
        return Verdict.wrong(
            "that is the RBF kernel which it resembles where rows are close. Far apart it has a period."
        )
    if np.allclose(got, np.prod(np.cos(scale * (X[:, None] + Y[None]) / 2) ** 2, axis=-1)):
        return Verdict.wrong(
            "you added the angles. Equal rows must have likeness 1: undo one turn, do not repeat it."
        )
    if np.allclose(got, np.cos(np.linalg.norm(apart, axis=-1) / 2) ** 2):
        return Verdict.wrong(
            "one cosine of the distance is one qubit. Each feature has its own: multiply their overlaps."
        )
    return Verdict.wrong("multiply cos^2 of half the difference of the angles over the features.")


angle_gram = Exercise(
    name="angle_gram",
    level="core",
    prompt=(
        "Write `angle_gram(X, Y, scale)`: the kernel matrix of angle encoding with bandwidth `scale`, shapes $(n, q)$ and "
        "$(m, q)$, without making a state."
    ),
    stub="def angle_gram(X, Y, scale):\n    ...\n",
    solution=(
        "def angle_gram(X, Y, scale):\n"
        "    apart = scale * (X[:, None] - Y[None])\n"
        "    return np.prod(np.cos(apart / 2) ** 2, axis=-1)\n"
    ),
    explanation=(
        "The overlap of product states is the product of the overlaps, and on one wire it is "
        "$\\cos\\tfrac{s(x-y)}2$. For rows that are close this is nearly $e^{-s^2\\|x-y\\|^2/4}$, an RBF kernel."
    ),
    wrong={
        "whole angle": "def angle_gram(X, Y, scale):\n    return np.prod(np.cos(scale * (X[:, None] - Y)) ** 2, axis=-1)\n",
        "not squared": "def angle_gram(X, Y, scale):\n    return np.prod(np.cos(scale * (X[:, None] - Y) / 2), axis=-1)\n",
        "mean": "def angle_gram(X, Y, scale):\n    return np.mean(np.cos(scale * (X[:, None] - Y) / 2) ** 2, axis=-1)\n",
        "a scale of its own": (
            "def angle_gram(X, Y, scale):\n    return np.prod(np.cos(0.35 * (X[:, None] - Y)) ** 2, axis=-1)\n"
        ),
        "makes states": (
            "def angle_gram(X, Y, scale):\n"
            "    from qlearn.learning.encodings import AngleEncoding\n"
            "    from qlearn.learning.qsvm import FidelityKernel\n\n"
            "    return FidelityKernel(AngleEncoding(bandwidth=scale)).gram(X, Y)\n"
        ),
        "no scale": "def angle_gram(X, Y, scale):\n    return np.prod(np.cos((X[:, None] - Y) / 2) ** 2, axis=-1)\n",
    },
    grade=_grade_angle_gram,
    given={"np": np},
)


def _grade_with_length(answer: Any) -> Verdict:
    few = np.array([[0.3, 0.4], [0.6, 0.8], [-1.0, 1.5], [0.0, 0.0]])
    rng = np.random.default_rng(4)
    drawn = [
        rng.normal(size=(30, 3)) for _ in range(12)
    ]  # in some the longest row is, by rounding, a bit too long
    tables = [(few, 2.0)] + [(X, np.linalg.norm(X, axis=1).max()) for X in drawn]
    for X, longest in tables:
        with np.errstate(invalid="ignore"):
            got = np.asarray(answer(X.copy(), float(longest)), float)
        verdict = _lost_length(X, float(longest), got)
        if verdict is not None:
            return verdict
    return Verdict.right(
        "Now one factor for all rows, so nothing is lost. Even the row of zeros has a state: all its norm is in the new column."
    )


def _lost_length(X: NDArray[np.float64], longest: float, got: NDArray[np.float64]) -> Verdict | None:
    """Return what is wrong with rows that should all be of one length, or None."""
    n, d = X.shape
    if got.shape == (n, d):
        return Verdict.wrong(
            "there is no new column. With two features scaled to norm 1, (0.3, 0.4) and (0.6, 0.8) are one state."
        )
    if got.shape != (n, d + 1):
        return Verdict.wrong(
            f"{n} rows of {d} features and one more column: shape ({n}, {d + 1}), not {got.shape}."
        )
    last, norms = got[:, d], np.linalg.norm(got, axis=1)
    if np.isnan(last).any():
        return Verdict.wrong(
            "the longest row has NaN in the new column: by rounding, what is missing there may come out a bit below 0, "
            "and that has no root. Clip it at 0."
        )
    if np.allclose(norms, 1) and not np.allclose(got[:, :d], X):
        return Verdict.wrong("you scaled the features. Leave them as they are: the new column alone does it.")
    if not np.allclose(got[:, :d], X):
        return Verdict.wrong("the first columns must be the features as they were.")
    if np.ptp(last) < 1e-12:
        return Verdict.wrong(
            "a constant column tells lengths apart, but the rows still have different norms, and AmplitudeEncoding "
            "scales each by its own. Choose the column so that all norms are `longest`."
        )
    if np.allclose(last, np.linalg.norm(X, axis=1)):
        return Verdict.wrong(
            "the length as a feature grows with the row, and scaling to norm 1 takes it away again. "
            "It must be what is *missing* to `longest`."
        )
    off = int(np.abs(norms - longest).argmax())
    if not isclose(norms[off], longest, rel_tol=1e-6):
        if np.allclose(np.abs(last), np.sqrt((4 - np.sum(X**2, axis=1)).clip(min=0))):
            return Verdict.wrong(f"right for rows of norm 2 only; here `longest` is {longest:.4g}.")
        return Verdict.wrong(
            f"row {off} has norm {norms[off]:.4g}; all must have {longest:.4g}. Mind Pythagoras: squares add."
        )
    if (last > 1e-6).any() and (last < -1e-6).any():
        return Verdict.wrong(
            "the new column has both signs. Every norm is right, but two equal rows could get two states: one sign for all."
        )
    return None


with_length = Exercise(
    name="with_length",
    level="core",
    prompt=(
        "Amplitude encoding forgets the length of a row. Write `with_length(X, longest)`: X with one more column, such that "
        "every row has the norm `longest` (no row is longer). Then the encoding divides all rows by the same number."
    ),
    stub="def with_length(X, longest):\n    ...\n",
    solution=(
        "def with_length(X, longest):\n"
        "    missing = longest**2 - np.sum(X**2, axis=1)\n"
        "    missing = np.sqrt(missing.clip(min=0))  # the longest row: 0, or by rounding a bit less\n"
        "    return np.column_stack([X, missing])\n"
    ),
    explanation=(
        "By Pythagoras the new feature is $\\sqrt{\\ell^2-\\|x\\|^2}$. The kernel becomes $(x\\cdot x' + m\\,m')^2/\\ell^4$ "
        "with the missing parts $m, m'$: it depends on the lengths. Price: one more feature, at most one more qubit."
    ),
    wrong={
        "nothing added": "def with_length(X, longest):\n    return X / longest\n",
        "a column of ones": "def with_length(X, longest):\n    return np.column_stack([X, np.ones(len(X))])\n",
        "the length": "def with_length(X, longest):\n    return np.column_stack([X, np.linalg.norm(X, axis=1)])\n",
        "no clip": (
            "def with_length(X, longest):\n"
            "    return np.column_stack([X, np.sqrt(longest**2 - np.sum(X**2, axis=1))])\n"
        ),
        "2 for longest": (
            "def with_length(X, longest):\n"
            "    return np.column_stack([X, np.sqrt((4 - np.sum(X**2, axis=1)).clip(min=0))])\n"
        ),
        "signs": (
            "def with_length(X, longest):\n"
            "    missing = np.sqrt((longest**2 - np.sum(X**2, axis=1)).clip(min=0))\n"
            "    return np.column_stack([X, missing * (-1) ** np.arange(len(X))])\n"
        ),
        "no squares": (
            "def with_length(X, longest):\n    return np.column_stack([X, longest - np.linalg.norm(X, axis=1)])\n"
        ),
    },
    grade=_grade_with_length,
    given={"np": np},
)


def _grade_three_scales(answer: Any) -> Verdict:
    scales = [float(scale) for scale in answer]
    if len(scales) != 3:
        return Verdict.wrong(f"three uploads have three scales, not {len(scales)}.")
    reached = accessible_frequencies(scales).frequencies
    if not np.allclose(reached, np.round(reached)):
        return Verdict.wrong(
            f"these reach {reached.round(3).tolist()}: not whole numbers, so f would not have the period 2 pi."
        )
    if len(reached) == 14 and isclose(reached[-1], 13):
        return Verdict.right(
            "Powers of three: every whole number up to 13 is a sum of -1, 0 or 1 times 1, 3 and 9, in one way."
        )
    missing = sorted(set(range(14)) - {round(w) for w in reached})
    if not missing:
        return Verdict.wrong(f"these reach beyond 13: {reached[-1]:g}. Exactly 0 to 13, please.")
    return Verdict.wrong(
        f"these reach {len(reached)} frequencies, up to {reached[-1]:g}; {missing[0]} is the first that is missing."
    )


three_scales = Exercise(
    name="three_scales",
    level="core",
    prompt=(
        "One qubit, three uploads, turns by $s_1x$, $s_2x$ and $s_3x$. Choose `three_scales`, three numbers, such that the "
        "accessible frequencies are exactly 0, 1, 2, ..., 13."
    ),
    stub="three_scales = ...\n",
    solution="three_scales = [1, 3, 9]\n",
    explanation=(
        "A frequency is $\\sum_\\ell d_\\ell s_\\ell$ with $d_\\ell\\in\\{-1,0,1\\}$: $3^3=27$ sums, and "
        "$-13..13$ are 27 numbers, so none may come twice. That is counting in *balanced ternary*. "
        "It is no free lunch: the 27 coefficients are functions of the few angles between the turns, and "
        "cannot be chosen one by one."
    ),
    wrong={
        "equal": "three_scales = [1, 1, 1]\n",
        "powers of two": "three_scales = [1, 2, 4]\n",
        "halves": "three_scales = [0.5, 3, 9.5]\n",
        "too far": "three_scales = [1, 3, 10]\n",
    },
    grade=_grade_three_scales,
)


def _grade_surrogate(answer: Any) -> Verdict:
    rng = np.random.default_rng(5)
    for degree in (5, 1, 3):
        half = rng.normal(size=degree + 1) + 1j * rng.normal(size=degree + 1)
        c = np.concatenate([half[:0:-1].conj(), [half[0].real], half[1:]])  # of a real function
        verdict = _surrogate_of(c, degree, answer, rng)
        if not verdict:
            break
    return verdict


def _surrogate_of(c: NDArray[Any], degree: int, answer: Any, rng: np.random.Generator) -> Verdict:
    calls, needed = [], 2 * degree + 1

    def f(x: float) -> float:
        calls.append(float(x))
        return float(fourier_series(c, [[x]]).real[0])

    g = answer(f, degree)
    used = len(calls)
    points = rng.uniform(-3, 3, 20)
    got = np.array([complex(g(x)) for x in points])
    exact = fourier_series(c, points[:, None]).real
    if len(calls) > used:
        return Verdict.wrong(
            "your surrogate asks f again. It must live from the values that it collected at the start."
        )
    if used < needed:
        return Verdict.wrong(
            f"you asked f {used} times. A series of degree {degree} has {needed} coefficients: "
            f"2 x {degree} + 1 values are needed."
        )
    if used > 10 * needed:
        return Verdict.wrong(
            f"you asked f {used:,} times. Each is a run of the circuit, with all its shots. A series of degree {degree} "
            f"has {needed} coefficients, and so many values fix it everywhere."
        )
    if np.allclose(got, exact):
        return Verdict.right(
            f"{used} runs of the circuit, and it may be switched off: the series gives every other value."
        )
    mirrored = fourier_series(c, -points[:, None]).real
    if np.allclose(got, mirrored):
        return Verdict.wrong("your function is f(-x): the sign in one of the two exponentials is turned.")
    if np.allclose(got, exact * needed):
        return Verdict.wrong(
            f"{needed} times too large: a coefficient is the *mean* of f(x) exp(-ikx), not the sum."
        )
    if np.allclose(got, exact, atol=0.1):
        return Verdict.wrong(
            f"near, with {used} values of f, and not exact: a curve drawn through points does not know that f is a "
            f"series. {needed} coefficients fix it everywhere."
        )
    # 0 and 2 pi are one point: with both in the grid it counts twice, and another is missing
    ends = np.linspace(0, 2 * np.pi, needed)
    k = np.arange(-degree, degree + 1)
    doubled = np.exp(-1j * np.outer(k, ends)) @ fourier_series(c, ends[:, None]).real / needed
    if np.allclose(got, fourier_series(doubled, points[:, None]).real):
        return Verdict.wrong(
            "0 and 2 pi are the same point, and you asked both: leave out the last (endpoint=False)."
        )
    if np.allclose(got.real, fourier_series(np.where(k < 0, 0, c), points[:, None]).real):
        return Verdict.wrong(
            "the negative frequencies are missing: f is real, so each wave needs its conjugate."
        )
    return Verdict.wrong(
        f"at x = {points[0]:.3f} f is {exact[0]:.4f} and your function says {got[0].real:.4f}."
    )


_SURROGATE = """def surrogate(f, degree):
    k = np.arange(-degree, degree + 1)
    x = 2 * np.pi * np.arange({points}) / ({points})
    values = np.array([f(one) for one in x])
    c = np.exp({sign}1j * np.outer(k, x)) @ values{mean}
    return lambda x: (c @ np.exp(1j * k * x)).real
"""

surrogate = Exercise(
    name="surrogate",
    level="stretch",
    prompt=(
        "A circuit computes `f(x)`, real, with whole frequencies up to `degree`. Write `surrogate(f, degree)`: "
        "ask f a few times, and return a function of one number that equals f everywhere and never asks it again."
    ),
    stub="def surrogate(f, degree):\n    ...\n",
    solution=_SURROGATE.format(points="2 * degree + 1", sign="-", mean=" / len(x)"),
    explanation=(
        "The coefficients are $c_k=\\frac1{2K+1}\\sum_j f(x_j)e^{-ikx_j}$ on $2K+1$ equally spaced points, exactly: "
        "this is the sampling theorem. On a real device each value needs shots, but only for these points. "
        "With d features the points are $(2K+1)^d$, and there the trick ends."
    ),
    wrong={
        "one point too few": _SURROGATE.format(points="2 * degree", sign="-", mean=" / len(x)"),
        "sign": _SURROGATE.format(points="2 * degree + 1", sign="", mean=" / len(x)"),
        "sum": _SURROGATE.format(points="2 * degree + 1", sign="-", mean=""),
        "degree 3 only": _SURROGATE.replace("(-degree, degree + 1)", "(-3, 4)").format(
            points="7", sign="-", mean=" / len(x)"
        ),
        "a table": (
            "def surrogate(f, degree):\n    x = np.linspace(-7, 7, 20001)\n    values = [f(one) for one in x]\n"
            "    return lambda at: np.interp(at, x, values)\n"
        ),
        "asks again": "def surrogate(f, degree):\n    return f\n",
    },
    grade=_grade_surrogate,
    given={"np": np},
)


def _grade_load_four(answer: Any) -> Verdict:
    rows = np.vstack([np.abs(np.random.default_rng(1).normal(size=(2, 4))), [[0.1, -0.7, 0.5, 0.5]]])
    rows = np.vstack([rows, np.random.default_rng(2).normal(size=(3, 4))])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    for x in rows:
        circuit = answer(x.copy())
        if not isinstance(circuit, Circuit) or circuit.n_qubits != 2:
            return Verdict.wrong(
                "load_four must return a Circuit of two qubits, Circuit(2) and what you add to it."
            )
        other = {step.name for step in circuit.operations} - {"ry", "cx"}
        if other:
            return Verdict.wrong(f"only ry and cx, please; your circuit uses {', '.join(sorted(other))}.")
        got = circuit.run()
        if np.allclose(got, x):
            continue
        where = f"for the row {x.round(2).tolist()} you prepare {got.real.round(2).tolist()}"
        if np.allclose(np.abs(got), np.abs(x)) and (x > 0).all():
            return Verdict.wrong(
                f"{where}: where wire 0 is 1 the turn goes the wrong way. The turn between the CNOTs is the one that "
                "counts backwards there: it must be (a - b)/2, and the other (a + b)/2."
            )
        if np.allclose(got[[0, 2, 1, 3]], x):
            return Verdict.wrong(
                f"{where}: the wires are exchanged. Wire 0 is the left bit, so x[1] belongs to 01."
            )
        if np.allclose(np.abs(got), np.abs(x)):
            return Verdict.wrong(f"{where}: the signs are lost. arctan2 of the signed numbers keeps them.")
        half = np.cos(np.arctan2(np.hypot(*x[2:]), np.hypot(*x[:2])) / 2)
        if isclose(np.hypot(*got.real[:2]), half, abs_tol=1e-9):
            return Verdict.wrong(f"{where}: RY(t) has cos(t/2) in it, so t is twice the arctangent.")
        if np.allclose(got[[0, 1, 3, 2]], x):
            return Verdict.wrong(
                f"{where}: the lower half is swapped. A CNOT flips the wire where wire 0 is 1: there must be two of them."
            )
        return Verdict.wrong(f"{where}. First share out the norm between the halves, then within each half.")
    count = len(answer(rows[0]).operations)
    if count > 5:
        return Verdict.wrong(
            f"right, and in {count} gates. Three turns and two CNOTs are enough: see the drawing in the chapter."
        )
    return Verdict.right("Three turns for three free numbers: no circuit of these gates can do with fewer.")


_LOAD_FOUR = """def load_four(x):
    top = {two} * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
    a = {two} * np.arctan2({x1}, {x0})
    b = {two} * np.arctan2({x3}, {x2})
    circuit = Circuit(2).ry(top, 0)
    return circuit.ry((a + b) / 2, 1).cx(0, 1).ry((a - b) / 2, 1){last}
"""
_SIGNED = {f"x{i}": f"x[{i}]" for i in range(4)}

load_four = Exercise(
    name="load_four",
    level="project",
    prompt=(
        "Write `load_four(x)`: a `Circuit` of two qubits that prepares the state with the four real amplitudes x (norm 1, any "
        "signs), from `ry` and `cx` alone, at most five gates. It must not call `prepare`. Then: how would you go on to eight?"
    ),
    stub="def load_four(x):\n    ...\n",
    solution=_LOAD_FOUR.format(two="2", last=".cx(0, 1)", **_SIGNED),
    explanation=(
        "Wire 0 shares the norm between the halves. Wire 1 must turn by $a$ where wire 0 is 0 and by $b$ where it is 1. Between "
        "two CNOTs a turn counts backwards where wire 0 is 1, so $\\frac{a+b}2$ and $\\frac{a-b}2$ add up to $a$ or to $b$. "
        "For eight amplitudes wire 2 has four angles, and sums and differences twice over: a Walsh-Hadamard "
        "transform, which is what `prepare` does."
    ),
    wrong={
        "signs lost": _LOAD_FOUR.format(
            two="2", last=".cx(0, 1)", **{k: f"abs({v})" for k, v in _SIGNED.items()}
        ),
        "half the angle": _LOAD_FOUR.format(two="1", last=".cx(0, 1)", **_SIGNED),
        "one CNOT": _LOAD_FOUR.format(two="2", last="", **_SIGNED),
        "another gate": "def load_four(x):\n    return Circuit(2).unitary(np.eye(4), 0, 1)\n",
    },
    grade=_grade_load_four,
    given={"np": np, "Circuit": Circuit},
)
