"""An unknown state, drawn from the answers of many copies."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers
from qlearn.qubits import bloch, fidelity, ket, sample

COPIES = 3000


@exercise(
    level="project",
    right="every unknown state drawn, each from 3000 copies. From one copy nobody could have done it.",
    because=r"""
        The mean of the values $\pm1$ is a coordinate of the arrow, each known to $1/\sqrt{1000}$. The measured
        arrow is not quite of length 1; its direction is our guess, read off as the angles $\theta$ and $\phi$.
    """,
)
def portrait(ask):
    """State tomography. You get a function `ask(basis, copies)` that measures so many fresh copies of an
    unknown pure qubit in the basis 'X', 'Y' or 'Z' and returns the bits, an array. Return the
    state (two amplitudes, up to a global phase), with a fidelity of 0.99 or more, from at most 3000
    copies. Given: `np`, `bloch`.
    """
    x, y, z = (1 - 2 * ask(basis, 1000).mean() for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))


def _source(hidden, spent, rng):
    """Return what measures copies of the hidden state, and keeps count of them."""

    def ask(basis, copies):
        if basis not in {"X", "Y", "Z"}:
            raise ValueError(f"the basis must be 'X', 'Y' or 'Z', not {basis!r}")
        if copies < 1 or copies != int(copies):
            raise ValueError(f"the number of copies must be a whole number, 1 or more, not {copies!r}")
        spent[basis] = spent.get(basis, 0) + int(copies)
        bits = sample(hidden, min(int(copies), 10**6), basis=basis, rng=rng)[:, 0]
        return bits.astype(int)  # in uint8 the values 1 - 2 * bits are 1 and 255

    return ask


@portrait.grader
def grade(answer, rng):
    """Six states: one for each pair of signs of x and y, and two ends of axes.

    A third of the copies for each axis misses a fidelity of 0.99 with chance 2e-9.
    """
    ends = [ket(letter) for letter in rng.choice(list("01+-ij"), 2, replace=False)]
    quarters = rng.permutation(4) * np.pi / 2 + rng.uniform(0.4, 1.17, 4)
    sizes = rng.permutation([*rng.uniform(0.3, 0.6, 2), *rng.uniform(0.85, 0.9, 2)])
    heights = sizes * rng.choice([-1, 1], 4)  # far from the planes in which two slips are one
    inside = bloch(np.arccos(heights), quarters)
    for hidden in [*inside, *ends]:
        spent: dict[str, int] = {}
        found = as_numbers(answer(_source(hidden, spent, rng)))
        if isinstance(found, str):
            return Verdict.wrong(f"{found}.")
        found = found.astype(complex)
        used, shown = sum(spent.values()), ", ".join(sorted(spent))
        if used > COPIES:
            return Verdict.wrong(f"you used {used} copies; there are {COPIES}.")
        if found.shape == (3,):
            return Verdict.wrong("that is the arrow, three coordinates. Return the state: two amplitudes.")
        if found.shape != (2,) or not abs(np.linalg.norm(found) - 1) < 1e-6:
            return Verdict.wrong("return a state: two amplitudes, whose squared sizes add to 1.")
        close = float(fidelity(hidden, found))
        if close >= 0.99:
            continue
        if not spent:
            return Verdict.wrong(
                f"fidelity {close:.3f}: you asked nothing. `ask('X', 1000)` gives 1000 answers."
            )
        if len(spent) < 3:
            return Verdict.wrong(
                f"fidelity {close:.3f}: you asked {shown} only. Each question shows one coordinate of the arrow, and it "
                "has three."
            )
        if fidelity(hidden, np.array([-found[1].conj(), found[0].conj()])) > 0.99:
            return Verdict.wrong(
                f"fidelity {close:.3f}: your arrow points the opposite way. Outcome 0 stands for +1, outcome 1 for -1."
            )
        if fidelity(hidden, found.conj()) > 0.99:
            return Verdict.wrong(
                f"fidelity {close:.3f}: your arrow is mirrored, its y coordinate has the wrong sign. The phase of |1> is "
                "that of x + iy."
            )
        if fidelity(hidden, found * [1, -1]) > 0.99:
            return Verdict.wrong(
                f"fidelity {close:.3f}: your arrow is turned by half a turn about z: x and y have the wrong sign, both. "
                "np.arctan(y / x) cannot tell them apart; np.arctan2(y, x) can."
            )
        return Verdict.wrong(
            f"fidelity {close:.3f}; 0.99 is asked. You used {used} of {COPIES} copies: a third for each axis?"
        )
    return None


def _slip(ask, *, copies=1000, sign=1, mirror=1):
    """The solution with something wrong: what the mistakes are made of."""
    x, y, z = (sign * (1 - 2 * ask(basis, copies).mean()) for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), mirror * np.arctan2(y, x))


@portrait.mistake()
def asks_z_only(ask):
    z = 1 - 2 * ask("Z", 3000).mean()
    return bloch(np.arccos(z), 0)


@portrait.mistake()
def takes_the_state_for_real(ask):
    x, z = (1 - 2 * ask(basis, 1500).mean() for basis in "XZ")
    return bloch(np.arctan2(abs(x), z), np.pi * (x < 0))


@portrait.mistake()
def asks_nothing(ask):
    return ket("+")


@portrait.mistake()
def opposite(ask):
    return _slip(ask, sign=-1)


@portrait.mistake()
def mirrored(ask):
    return _slip(ask, mirror=-1)


@portrait.mistake()
def half_a_turn_too_far(ask):
    x, y, z = (1 - 2 * ask(basis, 1000).mean() for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan(y / x))


@portrait.mistake()
def too_many_copies(ask):
    return _slip(ask, copies=10**5)


@portrait.mistake()
def too_few(ask):
    return _slip(ask, copies=5)


@portrait.mistake()
def the_arrow(ask):
    return np.array([1 - 2 * ask(basis, 1000).mean() for basis in "XYZ"])


@portrait.mistake()
def the_chances(ask):
    return np.array([1 - ask("Z", 3000).mean(), ask("Z", 3000).mean()])
