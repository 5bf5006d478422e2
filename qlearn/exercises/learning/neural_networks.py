"""Exercises of the chapter *Quantum neural networks: the slope of a circuit*."""

from collections import deque
from collections.abc import Callable
from math import isclose
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.learning import QNNClassifier
from qlearn.qubits import Circuit, expectation


def _grade_slope(answer: Any) -> Verdict:
    mistakes = {
        0.6: "the sign: the run *ahead* (plus a quarter turn) comes first, the run behind is taken away.",
        -1.2: "that is the whole difference. The rule takes half of it.",
        1.2: "that is the whole difference, and the wrong way round.",
        -1.2
        / np.pi: "that is the slope of the chord: rise over the distance pi. A sine bends so much between the two "
        "points that its slope in the middle is larger by exactly pi/2.",
        0.1: "that is the mean of the two values. A slope is made of their difference.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, -0.6, rel_tol=1e-6):
        return Verdict.right("Half of -0.5 - 0.7, whatever the circuit is, and however many qubits it has.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-3):
            return Verdict.wrong(why)
    return Verdict.wrong(f"{value:g} is not it. Half the difference: the run ahead minus the run behind.")


slope = Exercise(
    name="slope",
    level="warm-up",
    prompt=(
        "One angle of a large circuit stands at 0.2. With that angle a quarter turn ahead the mean of $Z$ was $-0.5$, "
        "with it a quarter turn behind $+0.7$. What is the slope of the mean in that angle, at 0.2?"
    ),
    stub="slope = ...\n",
    solution="slope = (-0.5 - 0.7) / 2\n",
    explanation=(
        "The mean is $A+B\\cos\\theta+C\\sin\\theta$ in any one angle. Its slope is half the difference of the values at "
        "$\\pm\\pi/2$; neither the value 0.2 nor the rest of the circuit enters."
    ),
    wrong={
        "sign": "slope = (0.7 + 0.5) / 2\n",
        "not halved": "slope = -0.5 - 0.7\n",
        "chord": "slope = (-0.5 - 0.7) / np.pi\n",
        "mean": "slope = (-0.5 + 0.7) / 2\n",
    },
    grade=_grade_slope,
    given={"np": np},
)


def _mean(angles: np.ndarray) -> float:
    """Return a mean value in three angles: what the student's function is tried on."""
    a, b, c = angles
    return float(expectation(Circuit(2).ry(a, 0).rz(b, 0).cx(0, 1).ry(c, 1).run(), "XX"))


def _grade_shift_gradient(answer: Any) -> Verdict:
    for angles in (np.array([0.4, 1.1, -0.7]), np.array([2.0, -0.3, 0.9])):
        given = angles.copy()
        got = np.asarray(answer(_mean, given), dtype=float)
        ahead, behind = (
            np.array([_mean(angles + sign * np.pi / 2 * np.eye(3)[k]) for k in range(3)]) for sign in (1, -1)
        )
        right = (ahead - behind) / 2
        if not np.array_equal(given, angles):
            return Verdict.wrong(
                "your function changes the angles it was given, and each next slope is taken somewhere else. "
                "Work on a copy."
            )
        if got.shape != (3,):
            return Verdict.wrong(f"three angles have three slopes; yours has shape {got.shape}.")
        if np.allclose(got, right, atol=1e-9):
            continue
        if np.allclose(got, -right):
            return Verdict.wrong("all signs are wrong: ahead minus behind.")
        if np.allclose(got, 2 * right):
            return Verdict.wrong("twice too large: the rule takes half the difference.")
        if np.allclose(got, right * 2 / np.pi):
            return Verdict.wrong("you divided by the distance pi. That is the chord, not the slope.")
        whole = (_mean(angles + np.pi / 2) - _mean(angles - np.pi / 2)) / 2
        if np.allclose(got, whole):
            return Verdict.wrong(
                "you shifted all angles at once. One at a time; the others stay where they are."
            )
        if np.allclose(got, right, atol=1e-3):
            return Verdict.wrong(
                "near, but not exact: a small step always misses a little, and drowns in shot noise. "
                "A quarter turn does not miss at all."
            )
        return Verdict.wrong(f"at {angles} the slopes are {right.round(4)}; yours are {got.round(4)}.")
    noise = np.random.default_rng(0)

    def from_shots(angles: np.ndarray) -> float:
        return _mean(angles) + noise.uniform(-1e-3, 1e-3)

    # a rule of step h misses by 1e-3 / sin h at most: every step above 0.2 passes
    if not np.allclose(off := np.asarray(answer(from_shots, angles.copy())) - right, 0, atol=5e-3):
        return Verdict.wrong(
            "exact as long as f is. A device gives means of shots: where f is off by a thousandth at most your slopes are "
            f"off by up to {np.abs(off).max():.2g}, as a small step divides the noise by something small. Take a large one."
        )
    return Verdict.right(
        "Two runs for each angle, exact, and nothing but runs: this is how a device is trained."
    )


shift_gradient = Exercise(
    name="shift_gradient",
    level="core",
    prompt=(
        "Write `shift_gradient(f, angles)`: all slopes of a mean value `f(angles)`, a function of an array of shape $(P,)$ "
        "in which each angle belongs to one gate. You may call `f`, as a device lets you, and nothing else."
    ),
    stub="def shift_gradient(f, angles):\n    ...\n",
    solution=(
        "def shift_gradient(f, angles):\n"
        "    turns = np.pi / 2 * np.eye(len(angles))\n"
        "    return np.array([(f(angles + t) - f(angles - t)) / 2 for t in turns])\n"
    ),
    explanation=(
        "Each row of the matrix moves one angle by a quarter turn. $2P$ runs for $P$ slopes: that factor $P$ is what "
        "training by a device pays and a simulator's sweep does not."
    ),
    wrong={
        "not halved": (
            "def shift_gradient(f, angles):\n    turns = np.pi / 2 * np.eye(len(angles))\n"
            "    return np.array([f(angles + t) - f(angles - t) for t in turns])\n"
        ),
        "chord": (
            "def shift_gradient(f, angles):\n    turns = np.pi / 2 * np.eye(len(angles))\n"
            "    return np.array([(f(angles + t) - f(angles - t)) / np.pi for t in turns])\n"
        ),
        "backwards": (
            "def shift_gradient(f, angles):\n    turns = np.pi / 2 * np.eye(len(angles))\n"
            "    return np.array([(f(angles - t) - f(angles + t)) / 2 for t in turns])\n"
        ),
        "all at once": (
            "def shift_gradient(f, angles):\n    t = np.pi / 2\n"
            "    return np.full(len(angles), (f(angles + t) - f(angles - t)) / 2)\n"
        ),
        "small step": (
            "def shift_gradient(f, angles):\n    turns = 0.01 * np.eye(len(angles))\n"
            "    return np.array([(f(angles + t) - f(angles - t)) / 0.02 for t in turns])\n"
        ),
        "tiny step": (
            "def shift_gradient(f, angles):\n    turns = 3e-6 * np.eye(len(angles))\n"
            "    return np.array([(f(angles + t) - f(angles - t)) / 6e-6 for t in turns])\n"
        ),
        "in place": (
            "def shift_gradient(f, angles):\n    slopes = []\n    for k in range(len(angles)):\n"
            "        angles[k] += np.pi / 2\n        ahead = f(angles)\n        angles[k] -= np.pi\n"
            "        slopes.append((ahead - f(angles)) / 2)\n    return np.array(slopes)\n"
        ),
    },
    grade=_grade_shift_gradient,
    given={"np": np},
)


def _turn(P: np.ndarray, theta: float) -> np.ndarray:
    """Return the gate exp(-i theta P / 2) of a Pauli matrix P, a unitary matrix, and note that it was asked for."""
    _asked.append(theta)
    return _gate(P, theta)


_asked: deque[float] = deque(maxlen=1000)
"""The angles of the last gates that were asked for."""


def _gate(P: np.ndarray, theta: float) -> np.ndarray:
    return np.cos(theta / 2) * np.eye(len(P)) - 1j * np.sin(theta / 2) * P


def _turns(rng: np.random.Generator, dim: int, n: int) -> list[tuple[np.ndarray, float]]:
    """Return random gates: matrices that are their own inverse, each with an angle."""
    gates = []
    for _ in range(n):
        basis, _ = np.linalg.qr(rng.normal(size=(dim, dim)) + 1j * rng.normal(size=(dim, dim)))
        signs = np.where(np.arange(dim) % 2, -1.0, 1.0)
        gates.append(((basis * signs) @ basis.conj().T, float(rng.uniform(-3, 3))))
    return gates


def _grade_sweep(answer: Any) -> Verdict:
    for seed, dim, n in ((0, 2, 1), (1, 2, 3), (2, 4, 6)):
        rng = np.random.default_rng(seed)
        turns, start = _turns(rng, dim, n), np.eye(dim)[0].astype(complex)
        M = rng.normal(size=(dim, dim)) + 1j * rng.normal(size=(dim, dim))
        M = M + M.conj().T

        def mean(angles: list[float], turns: Any = turns, start: Any = start, M: Any = M) -> float:
            psi = start
            for (P, _), theta in zip(turns, angles, strict=True):
                psi = _gate(P, theta) @ psi
            return float((psi.conj() @ M @ psi).real)

        here = [theta for _, theta in turns]
        right = np.array([
            (mean([t + np.pi / 2 * (j == k) for j, t in enumerate(here)])
             - mean([t - np.pi / 2 * (j == k) for j, t in enumerate(here)])) / 2 for k in range(n)
        ])  # fmt: skip
        _asked.clear()
        got = np.asarray(answer(list(turns), start.copy(), M.copy()))
        asked = len(_asked)
        if got.shape != (n,):
            return Verdict.wrong(f"{n} gates have {n} slopes; yours has shape {got.shape}.")
        if np.iscomplexobj(got):
            return Verdict.wrong("a slope is a real number: take the imaginary part of the overlap.")
        if np.allclose(got, right, rtol=0, atol=1e-9):
            if asked > 4 * n:  # out, and back on both states, is 3 n; one more way out is free
                return Verdict.wrong(
                    f"the slopes are right, and for {n} gates you took {asked} turns. One way out and one way back on two "
                    f"states take {3 * n}. Do not start anew for each gate."
                )
            continue
        if np.allclose(got, 2 * right):
            return Verdict.wrong(
                "twice too large: the gate is exp(-i theta G) with G = P / 2, so 2 Im<lambda|G|psi> has no 2 left."
            )
        if np.allclose(got, -right):
            return Verdict.wrong("all signs are wrong: <lambda| is the bra, its numbers are conjugated.")
        if np.allclose(got[::-1], right):
            return Verdict.wrong(
                "the slopes come in the order of the way back. Turn the list round at the end."
            )
        return Verdict.wrong(
            f"with {n} gates the slopes are {right.round(4)}; yours are {got.round(4)}. On the way back each gate is "
            "undone on *both* states, after its slope was read."
        )
    return Verdict.right("One way out, one way back, every slope: backpropagation through a circuit.")


def _way_back(slope: str, undo: str, end: str = "np.array(slopes[::-1])") -> str:
    """Return the source of a sweep with this slope, this way of undoing a gate, and this end."""
    return (
        "def sweep(turns, start, O):\n    psi = start\n    for P, theta in turns:\n        psi = turn(P, theta) @ psi\n"
        "    lam, slopes = O @ psi, []\n    for P, theta in reversed(turns):\n"
        f"        slopes.append({slope})\n        {undo}\n    return {end}\n"
    )


_SLOPE = "(lam.conj() @ P @ psi).imag"
_UNDO = "psi, lam = turn(P, -theta) @ psi, turn(P, -theta) @ lam"
sweep = Exercise(
    name="sweep",
    level="stretch",
    prompt=(
        "Write the adjoint sweep yourself. `turns` is a list of pairs $(P,\\theta)$, one for each gate "
        "$e^{-i\\theta P/2}$ in the order they are applied to the state `start`; the matrix $P$ is its own inverse, and "
        "`turn(P, theta)` is the gate as a matrix. `sweep(turns, start, O)` returns the slopes of "
        "$\\langle\\psi|O|\\psi\\rangle$ in all angles, in the same order, from one way out and one way back."
    ),
    stub="def sweep(turns, start, O):\n    ...\n",
    solution=_way_back(_SLOPE, _UNDO),
    explanation=(
        "After the last gate $|\\lambda\\rangle=O|\\psi\\rangle$. The slope of the gate that stands last is "
        "$2\\operatorname{Im}\\langle\\lambda|\\tfrac P2|\\psi\\rangle$. Undo it on both states, and the gate before it "
        "stands last. Three states' worth of work for each gate, however many gates there are."
    ),
    wrong={
        "twice": _way_back("2 * " + _SLOPE, _UNDO),
        "no bra": _way_back("(lam @ P @ psi).imag", _UNDO),
        "real part": _way_back("(lam.conj() @ P @ psi).real", _UNDO),
        "sign": _way_back("(psi.conj() @ P @ lam).imag", _UNDO),
        "order of the way back": _way_back(_SLOPE, _UNDO, "np.array(slopes)"),
        "one state undone": _way_back(_SLOPE, "psi = turn(P, -theta) @ psi"),
        "done again": _way_back(_SLOPE, "psi, lam = turn(P, theta) @ psi, turn(P, theta) @ lam"),
        "shifts": (
            "def sweep(turns, start, O):\n"
            "    def mean(shift):\n"
            "        psi = start\n"
            "        for (P, theta), more in zip(turns, shift):\n"
            "            psi = turn(P, theta + more) @ psi\n"
            "        return (psi.conj() @ O @ psi).real\n"
            "    shifts = np.pi / 2 * np.eye(len(turns))\n"
            "    return np.array([(mean(s) - mean(-s)) / 2 for s in shifts])\n"
        ),
        "complex": _way_back("-1j * lam.conj() @ P @ psi", _UNDO),
    },
    grade=_grade_sweep,
    given={"np": np, "turn": _turn},
)


def _grade_runs(answer: Any) -> Verdict:
    for samples, angles, epochs, shots in ((100, 16, 50, 1000), (569, 24, 10, 1), (1, 1, 1, 1)):
        right = (2 * angles + 1) * samples * epochs * shots
        got = answer(samples, angles, epochs, shots)
        where = f"for {samples} samples, {angles} angles, {epochs} epochs and {shots} shots"
        if got == right:
            continue
        if got == 2 * angles * samples * epochs * shots:
            return Verdict.wrong(
                f"{where} you forget the run without a shift: the loss needs the value itself, not only its slopes."
            )
        if got == (angles + 1) * samples * epochs * shots:
            return Verdict.wrong(f"{where} you run each angle once. A slope is a difference: two runs.")
        if got == (2 * angles + 1) * epochs * shots:
            return Verdict.wrong(
                f"{where} you run all samples at once. A device holds one state: each sample is a run of its own."
            )
        if got == (2 * angles + 1) * samples * epochs:
            return Verdict.wrong(
                f"{where} you count values, not runs: each value is a mean over all the shots."
            )
        return Verdict.wrong(f"{where} it takes {right} runs, not {got}.")
    return Verdict.right(
        "A product of five numbers, and every one of them large: that is the price of a slope."
    )


runs = Exercise(
    name="runs",
    level="core",
    prompt=(
        "A network is trained on a device: the parameter-shift rule, every sample in every epoch, plain descent, and "
        "`shots` runs for each mean value (all wires are read at once). Write `runs(samples, angles, epochs, shots)`: "
        "how often is the device run? Count the values without a shift too: the loss needs them."
    ),
    stub="def runs(samples, angles, epochs, shots):\n    ...\n",
    solution=(
        "def runs(samples, angles, epochs, shots):\n    return (2 * angles + 1) * samples * epochs * shots\n"
    ),
    explanation=(
        "For each sample and epoch: one value, and two more for each angle. There is no sweep back on a device: to "
        "look at the state half-way is to destroy it."
    ),
    wrong={
        "no value": (
            "def runs(samples, angles, epochs, shots):\n    return 2 * angles * samples * epochs * shots\n"
        ),
        "one run an angle": (
            "def runs(samples, angles, epochs, shots):\n    return (angles + 1) * samples * epochs * shots\n"
        ),
        "parallel samples": (
            "def runs(samples, angles, epochs, shots):\n    return (2 * angles + 1) * epochs * shots\n"
        ),
        "no shots": (
            "def runs(samples, angles, epochs, shots):\n    return (2 * angles + 1) * samples * epochs\n"
        ),
    },
    grade=_grade_runs,
)


def _parity_before(string: str, pairs: tuple[tuple[int, int], ...]) -> str:
    """Return which bits the parity that `string` asks for depends on: the CNOTs act on one flipped bit at a time."""
    letters = ""
    for wire in range(len(string)):
        bits = [int(k == wire) for k in range(len(string))]
        for control, target in pairs:
            bits[target] ^= bits[control]
        letters += "IZ"[sum(b for b, letter in zip(bits, string, strict=True) if letter == "Z") % 2]
    return letters


def _grade_before(answer: Any) -> Verdict:
    # any two of the typical mistakes differ on one of these
    tasks = {
        ("ZI", ((0, 1),)): "ZI",
        ("IZ", ((0, 1),)): "ZZ",
        ("ZZ", ((0, 1),)): "IZ",
        ("IIZ", ((0, 1), (1, 2))): "ZZZ",
        ("ZII", ((0, 1), (1, 2), (2, 0))): "IZZ",
        ("IIZ", ((1, 2), (0, 1))): "IZZ",
    }
    rng = np.random.default_rng(0)
    for _ in range(20):
        string = "".join(rng.choice(["I", "Z"], 4))
        pairs = tuple((int(c), int(t)) for c, t in (rng.choice(4, 2, replace=False) for _ in range(6)))
        tasks[string, pairs] = _parity_before(string, pairs)
    for (string, pairs), right in tasks.items():
        got = answer(string, list(pairs))
        if got == right:
            continue
        where = f"{string} after CNOTs {list(pairs)}"
        if not isinstance(got, str) or len(got) != len(string) or set(got) - set("IZ"):
            return Verdict.wrong(f"{where}: I expect a string of {len(string)} letters I and Z, not {got!r}.")
        if string == "ZZ":
            return Verdict.wrong(
                f"{where} was {right}, not {got}: Z times Z is I. A control that has a Z already loses it."
            )
        if pairs[0] == (1, 2):
            return Verdict.wrong(
                f"{where} was {right}, not {got}: the pairs stand in the order they are applied. Turn that order round, "
                "whatever the numbers of the wires are."
            )
        if string == "IIZ":
            return Verdict.wrong(
                f"{where} was {right}, not {got}: walk back from the end, so the *last* CNOT comes first."
            )
        if got == string:
            return Verdict.wrong(
                f"{where} was {right}: flipping the target where the control is 1 makes its bit the parity of both."
            )
        return Verdict.wrong(
            f"{where} was {right}, not {got}. A Z of the target was a Z of control and target; a Z of the control "
            "stays what it is."
        )
    return Verdict.right("One wire is read, all are asked: behind a chain of CNOTs no observable is local.")


def _walk(pairs: str, looks_at: str, changes: str, letter: str) -> str:
    """Return the source of a walk through the CNOTs."""
    return (
        "def before(string, pairs):\n    letters = list(string)\n"
        f"    for control, target in {pairs}:\n"
        f'        if letters[{looks_at}] == "Z":\n'
        f"            letters[{changes}] = {letter}\n"
        '    return "".join(letters)\n'
    )


before = Exercise(
    name="before",
    level="core",
    prompt=(
        "A CNOT makes the bit of its target the parity of two bits. So who reads $Z$ of the target *after* it has read "
        "$Z\\otimes Z$ of control and target as they were *before*. Write `before(string, pairs)`: the product of Z, such as "
        '`"ZZI"`, that is measured before the CNOTs `pairs` (control, target, in the order they are applied) when `string` '
        "is measured after them."
    ),
    stub="def before(string, pairs):\n    ...\n",
    solution=_walk("reversed(pairs)", "target", "control", '"I" if letters[control] == "Z" else "Z"'),
    explanation=(
        "Walk back from the measurement. Each CNOT with a Z on its target puts one on its control, and two of them "
        "cancel. A chain of $n-1$ CNOTs turns the local $Z$ of the last wire into the global product of all: this is "
        "why slopes of the last wire are small."
    ),
    wrong={
        "not reversed": _walk("pairs", "target", "control", '"I" if letters[control] == "Z" else "Z"'),
        "never cancels": _walk("reversed(pairs)", "target", "control", '"Z"'),
        "control and target exchanged": _walk(
            "reversed(pairs)", "control", "target", '"I" if letters[target] == "Z" else "Z"'
        ),
        "sorted": _walk(
            "sorted(pairs, reverse=True)", "target", "control", '"I" if letters[control] == "Z" else "Z"'
        ),
        "unchanged": "def before(string, pairs):\n    return string\n",
        "a list": "def before(string, pairs):\n    return list(string)\n",
    },
    grade=_grade_before,
)


def _least_squares(x: np.ndarray, y: np.ndarray, K: int) -> Callable[[np.ndarray], np.ndarray]:
    def columns(x: np.ndarray) -> np.ndarray:
        return np.stack(
            [np.ones_like(x), *(f(k * x) for k in range(1, K + 1) for f in (np.cos, np.sin))], axis=1
        )

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


def _grade_surrogate(answer: Any) -> Verdict:
    rng = np.random.default_rng(0)
    coefficients = rng.normal(size=7)

    def series(x: np.ndarray, constant: float = 1.0) -> np.ndarray:
        waves = [f(k * x) for k in (1, 2, 3) for f in (np.cos, np.sin)]
        return constant * coefficients[0] + sum(c * w for c, w in zip(coefficients[1:], waves, strict=True))

    x, fine = rng.uniform(-np.pi, np.pi, 40), np.linspace(-np.pi, np.pi, 50)
    fitted = answer(x, series(x), 3)
    if not callable(fitted):
        return Verdict.wrong(
            f"surrogate returns a *function* of new x; yours returns {type(fitted).__name__}."
        )
    if np.allclose(fitted(fine), series(fine), atol=1e-6):
        four = series(x) + np.cos(4 * x)
        if np.allclose(answer(x, four, 3)(fine), series(fine) + np.cos(4 * fine), atol=1e-6):
            return Verdict.wrong(
                "your series goes beyond K: with K = 3 it followed a fourth frequency. A network of K turns cannot."
            )
        for K in (2, 4):  # the same fit as ours where least squares has something to decide
            noisy = series(x) + rng.normal(size=40)
            ours = _least_squares(x, noisy, K)(fine)
            theirs = answer(x, noisy, K)(fine)
            if np.allclose(theirs, ours, atol=1e-4):
                continue
            if np.allclose(theirs, _least_squares(x, noisy, 3)(fine), atol=1e-4):
                return Verdict.wrong(f"you were given K = {K} and fitted frequencies up to 3: heed K.")
            return Verdict.wrong(
                f"right where the data are such a series. With noise and K = {K} yours is not the series of least squares "
                f"(it is off by up to {np.abs(theirs - ours).max():.2g}): use all rows, and the 2K + 1 columns alone."
            )
        return Verdict.right(
            "One linear solve, no random start, and everything that the network could have said at best."
        )
    if np.allclose(answer(x, series(x, 0.0), 3)(fine), series(fine, 0.0), atol=1e-6):
        return Verdict.wrong("your series has no constant: it cannot follow a mean that is not zero.")
    even, odd = np.cos(2 * x), np.sin(2 * x)
    if np.allclose(answer(x, even, 3)(fine), np.cos(2 * fine), atol=1e-6):
        if not np.allclose(answer(x, odd, 3)(fine), np.sin(2 * fine), atol=1e-6):
            return Verdict.wrong("cosines alone are symmetric about 0. Each frequency has a sine as well.")
        return Verdict.wrong(
            "the highest frequency K is missing: range(1, K) ends before it. K turns make frequencies 1 to K."
        )
    return Verdict.wrong(
        "your fit does not follow a series of frequencies 1 to 3. Columns: 1, cos kx and sin kx for k = 1 to K; "
        "then np.linalg.lstsq."
    )


def _fourier(body: str) -> str:
    """Return the source of a surrogate with these columns."""
    return (
        "def surrogate(x, y, K):\n    def columns(x):\n"
        f"        {body}\n"
        "    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)\n"
        "    return lambda new: columns(new) @ found\n"
    )


_WAVES = "[f(k * x) for k in range(1, {top}) for f in {functions}]"
surrogate = Exercise(
    name="surrogate",
    level="stretch",
    prompt=(
        "Everything that a re-uploading network of $K$ turns by one feature can say is a Fourier series of frequencies "
        "1 to $K$ and a constant. Write `surrogate(x, y, K)`: fit that series to data of shape $(n,)$ by least squares and "
        "return the fitted function, which takes an array of new $x$."
    ),
    stub="def surrogate(x, y, K):\n    ...\n",
    solution=_fourier(
        "waves = "
        + _WAVES.format(top="K + 1", functions="(np.cos, np.sin)")
        + "\n        return np.stack([np.ones_like(x), *waves], axis=1)"
    ),
    explanation=(
        "The series is linear in its $2K+1$ coefficients, so its best fit is one linear solve. The network searches in "
        "the same set of functions, or in a part of it, by hundreds of steps from a random start."
    ),
    wrong={
        "no constant": _fourier(
            "waves = "
            + _WAVES.format(top="K + 1", functions="(np.cos, np.sin)")
            + "\n        return np.stack(waves, axis=1)"
        ),
        "cosines only": _fourier(
            "waves = "
            + _WAVES.format(top="K + 1", functions="(np.cos,)")
            + "\n        return np.stack([np.ones_like(x), *waves], axis=1)"
        ),
        "one too few": _fourier(
            "waves = "
            + _WAVES.format(top="K", functions="(np.cos, np.sin)")
            + "\n        return np.stack([np.ones_like(x), *waves], axis=1)"
        ),
        "too many": _fourier(
            "waves = "
            + _WAVES.format(top="K + 3", functions="(np.cos, np.sin)")
            + "\n        return np.stack([np.ones_like(x), *waves], axis=1)"
        ),
        "K not heeded": _fourier(
            "waves = "
            + _WAVES.format(top="4", functions="(np.cos, np.sin)")
            + "\n        return np.stack([np.ones_like(x), *waves], axis=1)"
        ),
        "as many rows as columns": _fourier(
            "waves = "
            + _WAVES.format(top="K + 1", functions="(np.cos, np.sin)")
            + "\n        return np.stack([np.ones_like(x), *waves], axis=1)"
        ).replace("lstsq(columns(x), y,", "lstsq(columns(x[:2 * K + 1]), y[:2 * K + 1],"),
        "coefficients": "def surrogate(x, y, K):\n    return np.linalg.lstsq(np.stack([x], axis=1), y, rcond=None)[0]\n",
        "powers": _fourier("return np.stack([x**k for k in range(K + 1)], axis=1)"),
    },
    grade=_grade_surrogate,
    given={"np": np},
)


def _scores(labels: Callable[[np.ndarray], Any]) -> dict[str, float]:
    """Train the network and its ablation on the student's labels; return what they score on new rows."""
    rng = np.random.default_rng(4)
    rows = rng.uniform(-np.pi / 2, np.pi / 2, (900, 2))
    y = np.asarray(labels(rows.copy())).astype(int)
    options: dict[str, Any] = {"layers": 3, "epochs": 150, "learning_rate": 0.1, "batch_size": None}
    return {
        name: max(
            QNNClassifier(encoding="reuploading", entanglement=pairs, random_state=seed, **options)
            .fit(rows[:300], y[:300])
            .score(rows[300:], y[300:])
            for seed in range(2)
        )
        for name, pairs in {"joined": [(0, 1), (1, 0)], "apart": []}.items()
    }


def _grade_labels(answer: Any) -> Verdict:
    rows = np.random.default_rng(3).uniform(-np.pi / 2, np.pi / 2, (500, 2))
    y = np.asarray(answer(rows.copy()))
    if y.shape != (500,) or not np.isin(y, (0, 1)).all():
        return Verdict.wrong(f"500 rows have 500 labels, each 0 or 1; yours have shape {y.shape}.")
    if not 0.3 <= y.mean() <= 0.7:
        return Verdict.wrong(
            f"{y.mean():.0%} of your labels are 1: saying one class to all would already score well. Aim for 30 to 70 %."
        )
    if not np.array_equal(answer(rows.copy()), y):
        return Verdict.wrong("your labels change from call to call: there is nothing to learn from noise.")
    scores = _scores(answer)
    joined, apart = scores["joined"], scores["apart"]
    if joined < 0.8:
        return Verdict.wrong(
            f"nobody learns it: {joined:.2f} with CNOTs, {apart:.2f} without. Three layers follow three waves in each "
            "feature; make the pattern coarser."
        )
    if apart > 0.7:
        return Verdict.wrong(
            f"without a CNOT it is learned too ({apart:.2f}, with: {joined:.2f}). A line, a stripe or a circle is a sum of "
            "one function of each feature, cut at a threshold. Make each feature mean the opposite, depending on the other."
        )
    return Verdict.right(
        f"{joined:.2f} with CNOTs, {apart:.2f} without. That is what the CNOTs are for; whether *your* data are like that, "
        "only the ablation tells. (A classical machine with products of features learns it as well.)"
    )


labels = Exercise(
    name="labels",
    level="project",
    prompt=(
        "Make a task for which the CNOTs matter. Write `labels(X)`: labels 0 and 1 of rows of shape $(n,2)$, features between "
        "$\\pm\\pi/2$. The checker trains a network with three re-uploading layers on 300 rows, with its CNOTs and without, "
        "and judges both on 600 others. With them it must score at least 0.8, without at most 0.7. (Takes a second.)"
    ),
    stub="def labels(X):\n    ...\n",
    solution="def labels(X):\n    return (X[:, 0] * X[:, 1] > 0).astype(int)\n",
    explanation=(
        "Without CNOTs the score is $g(x_0)+h(x_1)$. If labels were 1 at $(+,+)$ and $(-,-)$ and 0 at the two others, then "
        "$g(+)+h(+)+g(-)+h(-)$ would have to be above twice the threshold, and the same four numbers in another order below "
        "it. Any pattern with such a quadruple of corners everywhere will do."
    ),
    wrong={
        "a line": "def labels(X):\n    return (X[:, 0] + X[:, 1] > 0).astype(int)\n",
        "one class": "def labels(X):\n    return (X[:, 0] > 1.5).astype(int)\n",
        "too fine": "def labels(X):\n    return (np.sin(12 * X[:, 0]) * np.sin(12 * X[:, 1]) > 0).astype(int)\n",
        "a column": "def labels(X):\n    return (X[:, :1] * X[:, 1:] > 0).astype(int)\n",
    },
    grade=_grade_labels,
    given={"np": np},
)
