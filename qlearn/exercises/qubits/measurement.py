"""Exercises of the chapter *Measurement*."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import bloch, fidelity, helstrom, ket, probabilities, random_state, sample

_CLOSE = 1e-6


def _grade_chance_of_plus(answer: float) -> Verdict:
    answer = float(answer)
    if abs(answer - 0.98) < _CLOSE:
        return Verdict.right(
            "(0.6 + 0.8)/sqrt(2), squared: 0.98. Asked Z, the same qubit says 0 with 0.36 only."
        )
    if abs(answer - 0.36) < 1e-3:
        return Verdict.wrong("0.36 is the chance of 0, the answer to Z. The question is X: is it |+> or |->?")
    if abs(answer - 1.96) < 1e-3:
        return Verdict.wrong("1.96 is no probability: |+> is (|0> + |1>)/sqrt(2). You left out its length.")
    if abs(answer - 0.5) < 1e-3:
        return Verdict.wrong(
            "you squared before you added: 0.36/2 + 0.64/2. The amplitudes 0.6/sqrt(2) and 0.8/sqrt(2) are added first."
        )
    return Verdict.wrong(
        f"you say {answer:.4g}. Take the inner product of |+> and the state, then square it."
    )


chance_of_plus = Exercise(
    name="chance_of_plus",
    level="warm-up",
    prompt=r"A qubit is in the state $0.6\,|0\rangle + 0.8\,|1\rangle$ and is asked X. By hand: how probable is the answer +?",
    stub="chance_of_plus = ...\n",
    solution="chance_of_plus = ((0.6 + 0.8) / np.sqrt(2)) ** 2\n",
    explanation=r"$|\langle{+}|\psi\rangle|^2 = \bigl|\frac{0.6 + 0.8}{\sqrt2}\bigr|^2 = 0.98$.",
    wrong={
        "asked Z": "chance_of_plus = 0.6**2\n",
        "forgets the length": "chance_of_plus = (0.6 + 0.8) ** 2\n",
        "adds chances": "chance_of_plus = (0.6**2 + 0.8**2) / 2\n",
        "not squared": "chance_of_plus = (0.6 + 0.8) / np.sqrt(2)\n",
    },
    grade=_grade_chance_of_plus,
    given={"np": np},
)


def _grade_shots_needed(answer: Callable[[float, float], float]) -> Verdict:
    cases = ((0.5, 0.012), (0.1, 0.007), (0.2, 0.03), (0.25, 0.5), (0.5, 0.25), (0.1, 0.03), (0.2, 0.04))
    for p, error in cases:
        got = float(answer(p, error))
        exact = Fraction(str(p)) * (1 - Fraction(str(p))) / Fraction(str(error)) ** 2
        expected = ceil(exact)
        if got == expected:
            continue
        where = f"for p = {p} and a standard error of {error} you say {got:.6g}"
        if not got.is_integer():
            return Verdict.wrong(f"{where}: a number of shots is a whole number, rounded up.")
        if got == np.ceil(p * (1 - p) / error):
            return Verdict.wrong(f"{where}: the error falls with the *root* of n, so n goes with 1/error**2.")
        if got == np.ceil(1 / error**2):
            return Verdict.wrong(f"{where}: one shot does not vary by 1, its variance is p(1-p).")
        if got == exact + 1 and got == np.ceil(p * (1 - p) / error**2):
            return Verdict.wrong(
                f"{where}; {expected} are enough, exactly. Your formula is right, but a computer holds {p} and {error} to "
                f"16 digits only, finds {p * (1 - p) / error**2!r} and rounds it up. Count with fractions."
            )
        if got == exact + 1:
            return Verdict.wrong(f"{where}; {expected} are enough: what is whole already is not rounded up.")
        if got < exact:
            return Verdict.wrong(
                f"{where}: that is too few, the error would be {np.sqrt(p * (1 - p) / max(got, 1)):.4g}."
            )
        return Verdict.wrong(f"{where}; {expected} are enough.")
    return Verdict.right("p(1-p)/error**2, rounded up. One more digit costs a hundred times the shots.")


shots_needed = Exercise(
    name="shots_needed",
    prompt="An outcome has probability `p`. Write `shots_needed(p, error)`: the smallest number of shots for which the "
    r"observed frequency has a standard error $\sqrt{p(1-p)/n}$ of at most `error`. Take both numbers as they are "
    "written: `Fraction(str(0.1))` is exactly 1/10, the float 0.1 is not. Given: `np`, `ceil`, `Fraction`.",
    stub="def shots_needed(p, error):\n    ...\n",
    solution=(
        "def shots_needed(p, error):\n"
        "    p, error = Fraction(str(p)), Fraction(str(error))\n"
        "    return ceil(p * (1 - p) / error**2)\n"
    ),
    explanation=r"Solve $\sqrt{p(1-p)/n} \le \varepsilon$ for n, and round up. With floats $0.1\cdot0.9/0.03^2$ is "
    "100.00000000000001, which would round up to 101: where a number is rounded to a whole one, the sixteenth digit counts.",
    wrong={
        "floats": "def shots_needed(p, error):\n    return int(np.ceil(p * (1 - p) / error**2))\n",
        "always one more": "def shots_needed(p, error):\n    return int(p * (1 - p) / error**2) + 1\n",
        "no square": "def shots_needed(p, error):\n    return int(np.ceil(p * (1 - p) / error))\n",
        "variance 1": "def shots_needed(p, error):\n    return int(np.ceil(1 / error**2))\n",
        "rounds down": "def shots_needed(p, error):\n    return int(p * (1 - p) / error**2)\n",
        "a fraction": "def shots_needed(p, error):\n    return p * (1 - p) / error**2\n",
    },
    grade=_grade_shots_needed,
    given={"np": np, "ceil": ceil, "Fraction": Fraction},
)


def _grade_watched(answer: Callable[[int], float]) -> Verdict:
    for looks in (3, 10, 1, 2, 100):
        got, expected = float(answer(looks)), np.cos(np.pi / 2 / looks) ** (2 * looks)
        if abs(got - expected) < _CLOSE:
            continue
        where = f"for {looks} looks you say {got:.4g}; it is {expected:.4g}"
        if abs(got - np.cos(np.pi / 2 / looks) ** looks) < _CLOSE:
            return Verdict.wrong(
                f"{where}. You multiplied amplitudes: each look makes a chance, so square the cosine."
            )
        if abs(got - np.cos(np.pi / 2 / looks) ** 2) < _CLOSE:
            return Verdict.wrong(f"{where}. That is one look; the qubit has to pass all of them.")
        if abs(got) < _CLOSE:
            return Verdict.wrong(
                f"{where}. 0 is right if nobody looks on the way. Each look starts the turn anew."
            )
        return Verdict.wrong(
            f"{where}. Each step turns by pi/{looks} on the sphere: half of that in the amplitude."
        )
    return Verdict.right(
        "cos(pi/2n)**(2n), which goes to 1: a qubit that is watched all the time does not turn."
    )


watched = Exercise(
    name="watched",
    prompt=r"A qubit starts in $|0\rangle$ and is turned to $|1\rangle$ in `looks` equal steps, RY($\pi$/`looks`) each. After "
    "every step it is measured in Z. Write `watched(looks)`: the probability that it says 0 every time.",
    stub="def watched(looks):\n    ...\n",
    solution="def watched(looks):\n    return np.cos(np.pi / (2 * looks)) ** (2 * looks)\n",
    explanation=r"A step by $\pi/n$ on the sphere leaves the amplitude $\cos\frac{\pi}{2n}$ of 0. If the answer is 0 the state "
    r"is $|0\rangle$ again, and the next step starts from there: $n$ factors $\cos^2\frac{\pi}{2n}$.",
    wrong={
        "multiplies amplitudes": "def watched(looks):\n    return np.cos(np.pi / (2 * looks)) ** looks\n",
        "one look": "def watched(looks):\n    return np.cos(np.pi / (2 * looks)) ** 2\n",
        "nobody looks": "def watched(looks):\n    return 0.0\n",
        "whole angle": "def watched(looks):\n    return np.cos(np.pi / looks) ** (2 * looks)\n",
    },
    grade=_grade_watched,
    given={"np": np},
)


def _pairs() -> list[NDArray[np.complex128]]:
    return [*(random_state(1, size=2, rng=seed) for seed in range(5)), np.stack([ket("0"), ket("+")])]


def _grade_best_question(answer: Callable[[Any, Any], Any]) -> Verdict:
    for a, b in _pairs():
        basis = np.asarray(answer(a, b), dtype=complex)
        if basis.shape != (2, 2) or not np.allclose(basis.conj().T @ basis, np.eye(2), atol=_CLOSE):
            return Verdict.wrong(
                "return a unitary (2, 2) matrix: its columns are the two basis states, orthonormal."
            )
        reached = (probabilities(a, basis=basis)[0] + probabilities(b, basis=basis)[1]) / 2
        best = float(helstrom(a, b))
        if reached > best - _CLOSE:
            continue
        where = f"for two states of fidelity {fidelity(a, b):.3f} you are right with {reached:.4f}, Helstrom's is {best:.4f}"
        if reached < 1 - best + _CLOSE:
            return Verdict.wrong(
                f"{where}: the right question with the answers exchanged. Column 0 must speak for a."
            )
        if np.isclose(fidelity(basis[:, 0], a), 1):
            return Verdict.wrong(
                f"{where}: 'is it a?' is a good question for a, too hard on b. The best axis favours neither."
            )
        if np.allclose(np.abs(basis), np.eye(2), atol=_CLOSE):
            return Verdict.wrong(f"{where}: you ask Z whatever the two states are.")
        return Verdict.wrong(
            f"{where}. Take the eigenvectors of |a><a| - |b><b|, the larger eigenvalue first."
        )
    return Verdict.right("you reach Helstrom's bound for every pair: no measurement does better.")


best_question = Exercise(
    name="best_question",
    level="stretch",
    prompt="A qubit is in the state `a` or `b`, equally likely. Write `best_question(a, b)`: the basis, a (2, 2) matrix whose "
    "columns are its two states, that tells them apart best. Outcome 0 means a.",
    stub="def best_question(a, b):\n    ...\n",
    solution=(
        "def best_question(a, b):\n"
        "    difference = np.outer(a, a.conj()) - np.outer(b, b.conj())\n"
        "    values, vectors = np.linalg.eigh(difference)      # ascending\n"
        "    return vectors[:, ::-1]\n"
    ),
    explanation=r"The chance to be right is $\frac12 + \frac12\langle e|(|a\rangle\langle a| - |b\rangle\langle b|)|e\rangle$ "
    r"for the basis state $|e\rangle$ that means a. It is largest for the eigenvector of the larger eigenvalue.",
    wrong={
        "asks Z": "def best_question(a, b):\n    return np.eye(2)\n",
        "asks whether it is a": "def best_question(a, b):\n    return np.array([a, [-a[1].conj(), a[0].conj()]]).T\n",
        "answers exchanged": (
            "def best_question(a, b):\n"
            "    return np.linalg.eigh(np.outer(a, a.conj()) - np.outer(b, b.conj()))[1]\n"
        ),
        "not a basis": "def best_question(a, b):\n    return np.array([a, b]).T\n",
    },
    grade=_grade_best_question,
    given={"np": np},
)


def _grade_never_wrong(answer: Callable[[Any, Any], Any]) -> Verdict:
    for a, b in _pairs():
        says_a, says_b, unsure = (np.asarray(part, dtype=complex) for part in answer(a, b))
        if not np.allclose(says_a + says_b + unsure, np.eye(2), atol=_CLOSE):
            return Verdict.wrong(
                "your three matrices must add to the unit matrix: some answer comes every time."
            )
        for name, part in (("says_a", says_a), ("says_b", says_b), ("unsure", unsure)):
            if not np.allclose(part, part.conj().T, atol=_CLOSE):
                return Verdict.wrong(
                    f"{name} is not equal to its conjugate transpose: some of its chances would be complex."
                )
            lowest = np.linalg.eigvalsh(part)[0]
            if lowest < -_CLOSE:
                return Verdict.wrong(
                    f"{name} has the eigenvalue {lowest:.3f}: it would give a negative probability."
                )
        mistake = max((b.conj() @ says_a @ b).real, (a.conj() @ says_b @ a).real)
        if mistake > _CLOSE:
            return Verdict.wrong(
                f"you say a for b, or b for a, with probability {mistake:.3f}. To be sure of a, ask for what b can never be."
            )
        reached, best = (a.conj() @ says_a @ a + b.conj() @ says_b @ b).real / 2, 1 - abs(np.vdot(a, b))
        if reached < best - _CLOSE:
            return Verdict.wrong(
                f"never wrong, but you dare an answer in {reached:.3f} only; {best:.3f} is possible."
            )
    return Verdict.right("1 - |<a|b>|: never wrong, and 'I do not know' as seldom as can be.")


never_wrong = Exercise(
    name="never_wrong",
    level="stretch",
    prompt="Now you may say *I do not know*, but never the wrong name. Write `never_wrong(a, b)`: three (2, 2) matrices "
    r"`says_a, says_b, unsure` with chances $\langle\psi|E|\psi\rangle$ that never confuse the two equally likely states and "
    r"give an answer as often as possible (in $1 - |\langle a|b\rangle|$ of all cases).",
    stub="def never_wrong(a, b):\n    ...\n",
    solution=(
        "def never_wrong(a, b):\n"
        "    not_a = np.array([-a[1].conj(), a[0].conj()])  # what a can never be\n"
        "    not_b = np.array([-b[1].conj(), b[0].conj()])\n"
        "    scale = 1 / (1 + abs(np.vdot(a, b)))\n"
        "    says_a = scale * np.outer(not_b, not_b.conj())\n"
        "    says_b = scale * np.outer(not_a, not_a.conj())\n"
        "    return says_a, says_b, np.eye(2) - says_a - says_b\n"
    ),
    explanation=r"Only the state orthogonal to b proves that it was not b. The two projectors overlap, so their sum has the "
    r"largest eigenvalue $1 + |\langle a|b\rangle|$; divided by it they leave room for a third matrix without "
    "negative eigenvalues. (Ivanovic, Dieks and Peres, 1987 and 1988.)",
    wrong={
        "no scale": (
            "def never_wrong(a, b):\n"
            "    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))\n"
            "    x, y = np.outer(m, np.conj(m)), np.outer(n, np.conj(n))\n"
            "    return x, y, np.eye(2) - x - y\n"
        ),
        "too careful": (
            "def never_wrong(a, b):\n"
            "    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))\n"
            "    x, y = np.outer(m, np.conj(m)) / 2, np.outer(n, np.conj(n)) / 2\n"
            "    return x, y, np.eye(2) - x - y\n"
        ),
        "may be wrong": (
            "def never_wrong(a, b):\n"
            "    x, y = np.outer(a, a.conj()) / 2, np.outer(b, b.conj()) / 2\n    return x, y, np.eye(2) - x - y\n"
        ),
        "not Hermitian": (
            "def never_wrong(a, b):\n"
            "    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))\n"
            "    scale, twist = 1 / (1 + abs(np.vdot(a, b))), np.array([[0, 3], [-3, 0]])\n"
            "    x, y = scale * np.outer(m, np.conj(m)) + twist, scale * np.outer(n, np.conj(n)) - twist\n"
            "    return x, y, np.eye(2) - x - y\n"
        ),
        "not complete": (
            "def never_wrong(a, b):\n"
            "    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))\n"
            "    return np.outer(m, np.conj(m)) / 2, np.outer(n, np.conj(n)) / 2, np.eye(2)\n"
        ),
    },
    grade=_grade_never_wrong,
    given={"np": np},
)

_COPIES = 3000


def _grade_portrait(answer: Callable[[Callable[[str, int], NDArray[np.uint8]]], Any]) -> Verdict:
    for seed in range(6):
        hidden, rng = random_state(1, rng=100 + seed), np.random.default_rng(seed)
        spent: list[tuple[str, int]] = []

        def ask(basis: str, copies: int, hidden: Any = hidden, rng: Any = rng, spent: list = spent) -> Any:
            spent.append((basis, copies))
            return sample(hidden, copies, basis=basis, rng=rng)[:, 0]

        guess = np.asarray(answer(ask), dtype=complex)
        used = sum(copies for _, copies in spent)
        if guess.shape != (2,) or abs(np.linalg.norm(guess) - 1) > _CLOSE:
            return Verdict.wrong(f"return a state, two amplitudes of total weight 1, not {guess}.")
        if used > _COPIES:
            return Verdict.wrong(f"you used {used} copies; there are {_COPIES}.")
        close = float(fidelity(hidden, guess))
        if close >= 0.99:
            continue
        if not spent:
            return Verdict.wrong(
                f"fidelity {close:.3f}: you asked nothing. `ask('X', 1000)` gives 1000 answers."
            )
        if len({basis for basis, _ in spent}) < 3:
            return Verdict.wrong(
                f"fidelity {close:.3f}: you asked {', '.join(sorted({basis for basis, _ in spent}))} only. "
                "Each question shows one coordinate of the arrow, and it has three."
            )
        if fidelity(hidden, bloch(*_antipode(guess))) > 0.99:
            return Verdict.wrong(
                f"fidelity {close:.3f}: your arrow points the opposite way. Outcome 0 stands for +1, outcome 1 for -1."
            )
        return Verdict.wrong(
            f"fidelity {close:.3f}; 0.99 is asked. Do you use your {_COPIES} copies, a third for each axis?"
        )
    return Verdict.right(
        "six unknown states drawn, each from 3000 copies. From one copy nobody could have done it."
    )


def _antipode(state: NDArray[np.complex128]) -> tuple[float, float]:
    theta = 2 * np.arctan2(abs(state[1]), abs(state[0]))
    return np.pi - theta, float(np.angle(state[1]) - np.angle(state[0])) + np.pi


portrait = Exercise(
    name="portrait",
    level="project",
    prompt="State tomography. You get a function `ask(basis, copies)` that measures so many fresh copies of an unknown pure "
    "qubit in the basis 'X', 'Y' or 'Z' and returns the bits. Write `portrait(ask)`: the state (two amplitudes, up to a "
    f"global phase), with a fidelity of 0.99 or more, from at most {_COPIES} copies.",
    stub="def portrait(ask):\n    ...\n",
    solution=(
        "def portrait(ask):\n"
        "    x, y, z = (1 - 2 * ask(basis, 1000).mean() for basis in 'XYZ')\n"
        "    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))\n"
    ),
    explanation=r"The mean of the values $\pm1$ is a coordinate of the arrow, each known to $1/\sqrt{1000}$. The measured arrow "
    r"is not quite of length 1; its direction is our guess, read off as the angles $\theta$ and $\phi$.",
    wrong={
        "asks Z only": "def portrait(ask):\n    z = 1 - 2 * ask('Z', 3000).mean()\n    return bloch(np.arccos(z), 0)\n",
        "sign": (
            "def portrait(ask):\n    x, y, z = (2 * ask(basis, 1000).mean() - 1 for basis in 'XYZ')\n"
            "    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))\n"
        ),
        "too many copies": (
            "def portrait(ask):\n    x, y, z = (1 - 2 * ask(basis, 10**5).mean() for basis in 'XYZ')\n"
            "    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))\n"
        ),
        "too few": (
            "def portrait(ask):\n    x, y, z = (1 - 2 * ask(basis, 5).mean() for basis in 'XYZ')\n"
            "    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))\n"
        ),
    },
    grade=_grade_portrait,
    given={"np": np, "bloch": bloch},
)
