"""Exercises of the chapter *Barren plateaus: a landscape with nothing to follow*."""

from math import isclose
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.exercises._stand_in import stand_in
from qlearn.learning.barren_plateaus import (
    deep_variance,
    draw_circuits,
    first_gradients,
)
from qlearn.qubits import random_state


def _grade_shots(answer: Any) -> Verdict:
    variance = 2.0**-20 / 3
    right = 1 / (2 * variance)
    mistakes = {
        1 / (2 * np.sqrt(variance)): "you set the *variance* of the noise equal to the typical derivative. "
        "Compare like with like: variance with variance.",
        1
        / variance: "the noise of a derivative is 1/(2 shots), not 1/shots: half the difference of two averages.",
        2**20 / 2: "that is 2^20 / 2: the variance is 2^-20 / 3, so a factor of 3 is missing.",
        4.0**20 * 1.5: "4^n is for the global cost. For Z0 Z1 the variance is 2^-n / 3.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, right, rel_tol=0.02):
        return Verdict.right(
            "About 1.6 million shots at each of the two shifted angles, for one derivative that is as large as "
            "its own error. Twenty more qubits make it a million times more."
        )
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=0.01):
            return Verdict.wrong(why)
    return Verdict.wrong(f"{value:g} is not it: set 1/(2 shots) equal to 2^-20 / 3 and solve for the shots.")


shots = Exercise(
    name="shots",
    level="warm-up",
    prompt=(
        "A deep random circuit of 20 qubits, cost $Z_0Z_1$: the variance of a derivative is $2^{-20}/3$. Measured with "
        "$N$ shots at each of the two shifted angles, it carries noise of variance $1/(2N)$. At which $N$ is the noise as "
        "large as the derivative typically is?"
    ),
    stub="shots = ...\n",
    solution="shots = 3 * 2**20 / 2\n",
    explanation=(
        "$1/(2N)=2^{-20}/3$ gives $N=\\tfrac32\\,2^{20}\\approx1.6$ million, for *one* angle and *one* step. The number "
        "doubles with every qubit."
    ),
    wrong={
        "variance against size": "shots = 1 / (2 * np.sqrt(2.0**-20 / 3))\n",
        "without the half": "shots = 3 * 2**20\n",
        "without the third": "shots = 2**20 / 2\n",
        "global cost": "shots = 1.5 * 4**20\n",
    },
    grade=_grade_shots,
    given={"np": np},
)


def _grade_local_cost(answer: Any) -> Verdict:
    zeros = np.eye(1, 8)[0]
    if not isclose(float(answer(zeros)), 0, abs_tol=1e-9):
        return Verdict.wrong(
            f"for the state 000 your cost is {float(answer(zeros)):g}: the state we are after must cost nothing."
        )
    one, two = (float(np.real(answer(np.eye(8)[j]))) for j in (1, 3))
    if isclose(one, 1, rel_tol=1e-9) and isclose(two, 2, rel_tol=1e-9):
        return Verdict.wrong(
            "001 costs you 1 and 011 costs 2: you count the wires that are wrong. Divide by their number, so that the cost "
            "is a mean and ends at 1."
        )
    if isclose(one, 1, rel_tol=1e-9):
        return Verdict.wrong(
            "the state 001 costs you 1: that is the global cost, all or nothing. Two of three wires are right "
            "already, so the local cost is 1/3."
        )
    if isclose(one, 1, abs_tol=0.5) and not isclose(one, 1 / 3, rel_tol=1e-9):
        return Verdict.wrong(
            f"the state 001 costs you {one:g}; one wire of three is wrong, so it should be 1/3."
        )
    if not isclose(one, 1 / 3, rel_tol=1e-9):
        return Verdict.wrong(
            f"the state 001 costs you {one:g}: take the *mean* over the wires, so that the cost ends at 1."
        )
    for n in (2, 4):
        state = random_state(n, rng=n)
        p = np.abs(state) ** 2
        expected = sum(p[j] * j.bit_count() for j in range(1 << n)) / n
        said = complex(answer(state.copy()))
        if abs(said.imag) > 1e-9:
            return Verdict.wrong(
                f"for a random state of {n} qubits your cost is the complex number {said:.3f}: probabilities are the squared "
                "*moduli* of the amplitudes."
            )
        got = said.real
        if not isclose(got, expected, rel_tol=1e-9):
            if isclose(got, sum(abs(state[j]) * j.bit_count() for j in range(1 << n)) / n, rel_tol=1e-9):
                return Verdict.wrong(
                    "you weighed with the amplitudes; probabilities are their squared moduli."
                )
            return Verdict.wrong(
                f"for a random state of {n} qubits you say {got:.4f}; it is {expected:.4f}. Does your function "
                "read the number of wires off the state?"
            )
    return Verdict.right("The mean number of ones, over n: a question to each wire, and none to all at once.")


local_cost = Exercise(
    name="local_cost",
    level="core",
    prompt=(
        "Write `local_cost(state)`: the chance, averaged over the wires, that a wire of the state (shape $(2^n,)$) is *not* "
        "found in 0."
    ),
    stub="def local_cost(state):\n    ...\n",
    solution=(
        "def local_cost(state):\n"
        "    n = int(np.log2(len(state)))\n"
        "    ones = np.array([j.bit_count() for j in range(len(state))])\n"
        "    return np.abs(state) ** 2 @ ones / n\n"
    ),
    explanation=(
        "The basis state j has as many wires in 1 as its binary form has ones. So the cost is the mean number of ones, "
        "divided by n. It is diagonal: one run of the circuit measures all wires together."
    ),
    wrong={
        "global": "def local_cost(state):\n    return 1 - np.abs(state[0]) ** 2\n",
        "reward": (
            "def local_cost(state):\n    n = int(np.log2(len(state)))\n"
            "    zeros = np.array([n - j.bit_count() for j in range(len(state))])\n"
            "    return np.abs(state) ** 2 @ zeros / n\n"
        ),
        "three wires": (
            "def local_cost(state):\n    ones = np.array([j.bit_count() for j in range(len(state))])\n"
            "    return np.abs(state) ** 2 @ ones / 3\n"
        ),
        "amplitudes": (
            "def local_cost(state):\n    n = int(np.log2(len(state)))\n"
            "    ones = np.array([j.bit_count() for j in range(len(state))])\n"
            "    return np.abs(state) @ ones / n\n"
        ),
        "every second state": "def local_cost(state):\n    return (np.abs(state[1::2]) ** 2).sum() / 2\n",
    },
    grade=_grade_local_cost,
    given={"np": np},
)


def _grade_mirror(answer: Any) -> Verdict:
    for layers, wires in ((3, 2), (4, 3)):
        verdict = _mirrored(answer, layers, wires)
        if not verdict:
            break
    return verdict


def _mirrored(answer: Any, layers: int, wires: int) -> Verdict:
    half = np.random.default_rng(layers).uniform(0, 2 * np.pi, (layers, wires))
    kept = half.copy()
    got = np.asarray(answer(half))
    if not np.array_equal(half, kept):
        return Verdict.wrong("your function changes the angles that it was given; return a new array.")
    if got.shape != (2 * layers, wires):
        return Verdict.wrong(
            f"{layers} layers of {wires} wires and their mirror image make shape {2 * layers, wires}, not {got.shape}."
        )
    if not np.allclose(got[:layers], half):
        return Verdict.wrong("the first half of the block is the angles as they were drawn.")
    second = got[layers:]
    # A turn by 4 pi is no turn at all: such angles undo as well.
    back = (second + half[::-1]) / (4 * np.pi)
    if np.allclose(back, np.round(back)):
        return Verdict.right(
            "Last in, first out, each turned back: the block is the identity, and every angle is free."
        )
    if np.allclose(second, half[::-1]):
        return Verdict.wrong(
            "the order is right, but you turn further instead of back: a turn is undone by minus its angle."
        )
    if np.allclose(second, 2 * np.pi - half[::-1]):
        return Verdict.wrong(
            "nearly: a turn by 2 pi is -1, so each of these angles undoes its turn up to a sign. The block is the identity or "
            "minus it, which nobody sees; but minus the angle is simpler, and exact."
        )
    if np.allclose(second, -half):
        return Verdict.wrong(
            "you turn back in the wrong order. Shoes go off before socks: the last layer is undone first."
        )
    if np.allclose(second, -half[::-1, ::-1]):
        return Verdict.wrong("you have also exchanged the wires; only the layers are reversed.")
    if np.allclose(second, 0):
        return Verdict.wrong(
            "zero angles undo nothing: the first half is still there. (All zeros everywhere would be the identity too, "
            "with less to be random about.)"
        )
    return Verdict.wrong("not yet: which layer must be undone first, and by which angle?")


mirror = Exercise(
    name="mirror",
    level="core",
    prompt=(
        "Write `mirror(half)`: given the angles of the first half of an identity block, shape (layers, wires), return the "
        "angles of the whole block, shape (2 layers, wires). (Axes are mirrored for you, and in the second half the CZ "
        "gates come before the turns.)"
    ),
    stub="def mirror(half):\n    ...\n",
    solution="def mirror(half):\n    return np.concatenate([half, -half[::-1]])\n",
    explanation=(
        "$(U_3U_2U_1)^\\dagger=U_1^\\dagger U_2^\\dagger U_3^\\dagger$: layers in reverse, angles with the other sign. CZ is "
        "its own inverse. The $2L$ layers are free to move apart as soon as training begins."
    ),
    wrong={
        "same order": "def mirror(half):\n    return np.concatenate([half, -half])\n",
        "same sign": "def mirror(half):\n    return np.concatenate([half, half[::-1]])\n",
        "wires too": "def mirror(half):\n    return np.concatenate([half, -half[::-1, ::-1]])\n",
        "whole turns": "def mirror(half):\n    return np.concatenate([half, 2 * np.pi - half[::-1]])\n",
        "three layers": "def mirror(half):\n    return np.concatenate([half, -half[[2, 1, 0]]])\n",
        "zeros": "def mirror(half):\n    return np.concatenate([half, 0 * half])\n",
    },
    grade=_grade_mirror,
    given={"np": np},
)


def _grade_slope(answer: Any) -> Verdict:
    for rate, n in (
        (-1.0, np.array([2, 4, 5, 9])),
        (-0.3, np.array([2, 4, 5, 9])),
        (-0.5, np.array([3, 4, 8])),
    ):
        exact = 0.3 * 2.0 ** (rate * n)
        said = answer(n, exact)
        if np.size(said) != 1:
            return Verdict.wrong(
                f"{np.size(said)} numbers came back; of the line, only the slope is asked for."
            )
        got = float(np.squeeze(said))
        if isclose(got, rate, rel_tol=1e-6):
            continue
        if isclose(got, rate * np.log(2), rel_tol=1e-6):
            return Verdict.wrong(
                "that is the slope of the natural logarithm; in bits, divide by ln 2 or use log2."
            )
        if isclose(got, rate * np.log10(2), rel_tol=1e-6):
            return Verdict.wrong("that is the slope of the decimal logarithm; use log2.")
        if isclose(got, 2.0**rate, rel_tol=1e-6):
            return Verdict.wrong("that is the factor per qubit; its log2 was asked for.")
        if isclose(got, np.polyfit(np.log2(n), np.log2(exact), 1)[0], rel_tol=1e-6):
            return Verdict.wrong(
                "you took the logarithm of the qubits too: that slope is the power of n, if it is a power of n."
            )
        if isclose(got, np.log2(0.3), rel_tol=1e-6):
            return Verdict.wrong(
                "that is where the line begins, its value at no qubits. The slope was asked for."
            )
        steps = np.arange(len(n))
        if isclose(got, np.polyfit(steps, np.log2(exact), 1)[0], rel_tol=1e-6):
            return Verdict.wrong(
                "that is the slope against the number of the point, 0, 1, 2, ...: the points stand at `n`, and not all are "
                "one qubit apart."
            )
        if isclose(got, 1 / rate, rel_tol=1e-6):
            return Verdict.wrong("the axes are exchanged: qubits on the horizontal one.")
        if isclose(got, -rate, rel_tol=1e-6):
            return Verdict.wrong("the sign: a variance that falls has a negative slope.")
        return Verdict.wrong(
            f"for a variance 0.3 * 2^({rate:g} n) you say {got:.4f}; the slope is {rate:g}. Did you fit a line to the "
            "logarithm? The variance itself is no straight line."
        )
    # Points beside a line: which line is drawn through them?
    n = np.array([2, 4, 5, 9])
    noisy = 2.0 ** np.array([-2.2, -3.5, -5.4, -8.9])
    if not isclose(float(np.squeeze(answer(n, noisy))), np.polyfit(n, np.log2(noisy), 1)[0], rel_tol=1e-6):
        return Verdict.wrong(
            "right for points on a line. Measured points lie beside one: use *all* of them, by least squares, each with the "
            "same weight."
        )
    return Verdict.right(
        "-1 is one bit a qubit: a plateau. Slopes that bend towards 0 are powers of n: no plateau."
    )


slope = Exercise(
    name="slope",
    level="core",
    prompt=(
        "Write `slope(n, variances)`: the slope of $\\log_2$ of the variance against the number of qubits, by a straight "
        "line through all points (unweighted)."
    ),
    stub="def slope(n, variances):\n    ...\n",
    solution="def slope(n, variances):\n    return np.polyfit(n, np.log2(variances), 1)[0]\n",
    explanation=(
        "An exponential is a straight line on a logarithmic axis. `fit_decay` does the same with weights, so that a noisy "
        "point pulls less, and tells the error of the slope."
    ),
    wrong={
        "natural": "def slope(n, variances):\n    return np.polyfit(n, np.log(variances), 1)[0]\n",
        "decimal": "def slope(n, variances):\n    return np.polyfit(n, np.log10(variances), 1)[0]\n",
        "no logarithm": "def slope(n, variances):\n    return np.polyfit(n, variances, 1)[0]\n",
        "factor": "def slope(n, variances):\n    return 2 ** np.polyfit(n, np.log2(variances), 1)[0]\n",
        "power": "def slope(n, variances):\n    return np.polyfit(np.log2(n), np.log2(variances), 1)[0]\n",
        "both": "def slope(n, variances):\n    return np.polyfit(n, np.log2(variances), 1)\n",
        "ends": (
            "def slope(n, variances):\n"
            "    return (np.log2(variances[-1]) - np.log2(variances[0])) / (n[-1] - n[0])\n"
        ),
        "number of the point": (
            "def slope(n, variances):\n    return np.polyfit(range(len(n)), np.log2(variances), 1)[0]\n"
        ),
        "sign": "def slope(n, variances):\n    return -np.polyfit(n, np.log2(variances), 1)[0]\n",
    },
    grade=_grade_slope,
    given={"np": np},
)


class _Watching(np.random.Generator):
    """A generator that counts how often normal numbers are asked for."""

    bells = 0

    def normal(self, *args: Any, **kwargs: Any) -> Any:
        self.bells += 1
        return super().normal(*args, **kwargs)

    def standard_normal(self, *args: Any, **kwargs: Any) -> Any:
        self.bells += 1
        return super().standard_normal(*args, **kwargs)


def _angles_not_as_asked(answer: Any) -> str:
    """Say what is wrong with the circuits whose derivatives an answer takes, if they can be seen; or nothing."""
    taken: dict[bytes, np.ndarray] = {}

    def watched(circuits: Any, *args: Any, **options: Any) -> Any:
        taken[circuits.angles.tobytes()] = circuits.angles.copy()  # the same circuits twice count once
        return first_gradients(circuits, *args, **options)

    samples, width = 401, 1.0
    with stand_in(answer, (first_gradients, watched)):
        answer(2, 3, width, samples, np.random.default_rng(7))
    if not taken:
        return ""
    angles = np.concatenate(list(taken.values()))
    if len(angles) != samples:
        return f"asked for {samples} circuits you take the derivatives of {len(angles)}."
    turns = np.sort(np.abs(np.remainder(angles.ravel() + np.pi, 2 * np.pi) - np.pi))
    if turns[-1] > width + 1e-9:
        return f"asked for angles from -{width:g} to {width:g} you turn by up to {turns[-1]:.2f}."
    # The largest gap between two distribution functions: above 3.3 / root n by chance once in 10^9 (Massart's bound).
    if np.abs(turns / width - np.arange(turns.size) / turns.size).max() > 3.3 / np.sqrt(turns.size):
        return f"your angles lie between -{width:g} and {width:g}, but not uniformly."
    return ""


def _grade_small_turns(answer: Any) -> Verdict:
    n, depth, samples = 6, 48, 400
    wide = float(answer(n, depth, np.pi, samples, np.random.default_rng(1)))
    tiny = float(answer(n, depth, 1e-3, samples, np.random.default_rng(2)))
    some = float(answer(n, depth, 0.1, samples, np.random.default_rng(3)))
    deep = deep_variance(n, "zz")
    if isclose(wide, np.sqrt(deep), rel_tol=0.35) or isclose(tiny, np.sqrt(1 / 18), rel_tol=0.15):
        return Verdict.wrong("that looks like a standard deviation; the variance was asked for.")
    if isclose(wide, tiny, rel_tol=0.3):
        return Verdict.wrong(
            f"angles within 0.001 and within pi give you the same, {wide:.2g}: the width does not reach the circuits. "
            "`with_angles` returns new circuits."
        )
    if isclose(wide, deep_variance(n, "global"), rel_tol=0.8):
        return Verdict.wrong('that is the variance of the global cost. For the cost Z0 Z1, say so: `"zz"`.')
    # Relative standard deviation of a variance from 400 circuits: at most 0.15 here; 6 of them.
    if not 0.3 * deep < wide < 2.2 * deep:
        return Verdict.wrong(
            f"at width pi the angles are uniform over the circle, and theory says {deep:.2g} for {n} qubits; you get "
            f"{wide:.2g}. Are the angles drawn from -width to +width?"
        )
    if not 0.035 < tiny < 0.075:
        return Verdict.wrong(
            f"at width 0.001 the circuit is nearly the CZ gates alone, and the derivative is -1/2 for an axis y, 0 for x "
            f"and z: variance 1/18 = 0.056. You get {tiny:.2g}."
        )
    if not 3 * deep < some < 0.12:
        return Verdict.wrong(
            f"at width 0.1 you get {some:.2g}, which is no longer above the plateau at {deep:.2g}. Is the width in "
            "radians, on both sides of zero?"
        )
    # At width 1 the variance is 0.0176; one-sided angles 0.0096, normal ones 0.0078, half the width 0.061. The relative
    # standard deviation from 2000 circuits is 0.033; 6 of them.
    middle = float(answer(n, depth, 1.0, 2000, np.random.default_rng(4)))
    if not 0.0140 < middle < 0.0212:
        return Verdict.wrong(
            f"at width 1 you get {middle:.2g}; with angles uniform from -1 to 1 it is 0.018. One-sided angles add up to a turn "
            "with a direction, and a normal distribution of that width reaches further."
        )
    # At depth 2 and width pi it is 0.0955, at depth 48 it is 0.0065; relative standard deviation 0.07 from 400 circuits.
    shallow = float(answer(n, 2, np.pi, samples, np.random.default_rng(5)))
    if not 0.055 < shallow < 0.15:
        return Verdict.wrong(
            f"at depth 2 and width pi you get {shallow:.2g}; two layers are no plateau yet, it is 0.095. Does `depth` reach "
            "`draw_circuits`?"
        )
    # The variance of two numbers is off by more than its own size, that of hundreds by little.
    pairs = [float(answer(2, 2, np.pi, 2, np.random.default_rng(seed))) for seed in range(40)]
    if np.std(pairs) < 0.4 * np.mean(pairs):
        return Verdict.wrong(
            "two circuits give you nearly the same variance each time, as only many can: does `samples` reach `draw_circuits`?"
        )
    watched = _Watching(np.random.PCG64(6))
    answer(2, 2, np.pi, 2, watched)
    if watched.bells:
        return Verdict.wrong(
            "the angles are drawn from a normal distribution; uniform from -width to width was asked for."
        )
    if why := _angles_not_as_asked(answer):
        return Verdict.wrong(why)
    return Verdict.right(
        f"From {some:.3f} at width 0.1 down to {wide:.4f} at width pi: no mirror images needed, small turns are enough. "
        "How small? Try widths that shrink with the depth."
    )


small_turns = Exercise(
    name="small_turns",
    level="project",
    prompt=(
        "Another remedy: start with *small* angles. Write `small_turns(n_qubits, depth, width, samples, rng)`: draw circuits "
        "with `draw_circuits`, replace their angles (`with_angles`) by ones uniform between `-width` and `width`, and return the "
        'variance of `first_gradients`, cost `"zz"`. Then find out how the width must shrink with depth, so that the '
        "variance does not fall."
    ),
    stub="def small_turns(n_qubits, depth, width, samples, rng):\n    ...\n",
    solution=(
        "def small_turns(n_qubits, depth, width, samples, rng):\n"
        "    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)\n"
        "    angles = rng.uniform(-width, width, circuits.angles.shape)\n"
        '    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)\n'
    ),
    explanation=(
        "Each small turn moves the state by about its angle, in a random direction. After $L$ layers that adds up to "
        "$\\text{width}\\cdot\\sqrt L$ a wire, as in a random walk: with a width of $1/\\sqrt L$ the circuit never gets far "
        "from its start, and the slope survives. Zhang et al. (2022, arXiv:2203.09376) prove it for normal angles."
    ),
    wrong={
        "one-sided": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)\n"
            "    angles = rng.uniform(0, width, circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)\n'
        ),
        "width ignored": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)\n"
            "    return first_gradients(circuits).var(ddof=1)\n"
        ),
        "standard deviation": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)\n"
            "    angles = rng.uniform(-width, width, circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "zz").std(ddof=1)\n'
        ),
        "global cost": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)\n"
            "    angles = rng.uniform(-width, width, circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "global").var(ddof=1)\n'
        ),
        "depth 48": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, 48, samples=samples, rng=rng)\n"
            "    angles = rng.uniform(-width, width, circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)\n'
        ),
        "400 samples": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=400, rng=rng)\n"
            "    angles = rng.uniform(-width, width, circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)\n'
        ),
        "half the samples": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=max(2, samples // 2), rng=rng)\n"
            "    angles = rng.uniform(-width, width, circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)\n'
        ),
        "triangular": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)\n"
            "    angles = rng.triangular(-width * 2**0.5, 0, width * 2**0.5, circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)\n'
        ),
        "normal": (
            "def small_turns(n_qubits, depth, width, samples, rng):\n"
            "    circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng)\n"
            "    angles = rng.normal(scale=width / np.sqrt(3), size=circuits.angles.shape)\n"
            '    return first_gradients(circuits.with_angles(angles), "zz").var(ddof=1)\n'
        ),
    },
    grade=_grade_small_turns,
    given={
        "np": np,
        "draw_circuits": draw_circuits,
        "first_gradients": first_gradients,
    },
)
