"""A round of purification that looks for wrong signs."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="H exchanges flips and signs: the comparison now finds signs, and the flips gather in what is kept.",
    because=r"""
        H on both halves takes $(x, z)$ to $(z, x)$: $\Psi^+$ and $\Phi^-$ change places. After it the CNOTs compare
        what were the signs. With $x$ and $z$ for the bits after H, the kept pair has $(x,\ z \oplus z')$ where
        $x = x'$. DEJMPS does one half of this at a time: its quarter turns exchange $\Psi^-$ and $\Phi^-$, so each
        round looks at something else.
    """,
)
def sign_round(p1, p2):
    r"""Two Bell-diagonal pairs come as lists of four weights, in the order $\Phi^+, \Psi^-, \Psi^+, \Phi^-$. All
    four qubits pass an H, then both sides apply a CNOT from the first pair to the second, measure the second
    and keep the first where the bits agree. Return the weights of the kept pair, as it stands then (nothing is
    turned back), and the chance that the bits agree: `(weights, chance)`. Given: `np`.
    """
    a1, b1, d1, c1 = p1  # H: psi+ and phi- change places
    a2, b2, d2, c2 = p2
    kept = np.array([a1 * a2 + d1 * d2, b1 * c2 + c1 * b2, c1 * c2 + b1 * b2, a1 * d2 + d1 * a2])
    return kept / kept.sum(), kept.sum()


@sign_round.cases
def pairs(rng):
    """Any weights; good pairs; one with signs alone, one with flips alone."""
    for _ in range(4):
        yield tuple(rng.dirichlet(np.ones(4), size=2).tolist())
    yield tuple(rng.dirichlet([8, 1, 1, 1], size=2).tolist())
    e = float(rng.uniform(0.1, 0.4))
    yield [1 - e, 0, 0, e], [1 - e, 0, 0, e]
    yield [1 - e, 0, e, 0], [1 - e, 0, e, 0]


def _round(p1, p2, turn=(0, 1, 3, 2), back=(0, 1, 2, 3)):
    (a1, b1, c1, d1), (a2, b2, c2, d2) = (np.asarray(p)[list(turn)] for p in (p1, p2))
    kept = np.array([a1 * a2 + d1 * d2, b1 * c2 + c1 * b2, c1 * c2 + b1 * b2, a1 * d2 + d1 * a2])
    return kept[list(back)]


@sign_round.mistake(
    "this is the round without the H: it compares flips. What does H make of each Bell state?"
)
def without_the_turn(p1, p2):
    kept = _round(p1, p2, turn=(0, 1, 2, 3))
    return kept / kept.sum(), kept.sum()


@sign_round.mistake("this is DEJMPS, whose quarter turns exchange ψ- and φ-. H exchanges ψ+ and φ-.")
def the_turn_of_dejmps(p1, p2):
    kept = _round(p1, p2, turn=(0, 3, 2, 1))
    return kept / kept.sum(), kept.sum()


@sign_round.mistake("you turned the kept pair back by a second H. It is asked for as it stands.")
def turned_back(p1, p2):
    kept = _round(p1, p2, back=(0, 1, 3, 2))
    return kept / kept.sum(), kept.sum()


@sign_round.mistake("the weights of a pair that is kept sum to 1: divide them by the chance.")
def not_divided(p1, p2):
    kept = _round(p1, p2)
    return kept, kept.sum()


@sign_round.mistake("you give the chance that the bits differ. The pair is kept where they agree.")
def the_other_chance(p1, p2):
    kept = _round(p1, p2)
    return kept / kept.sum(), 1 - kept.sum()


@sign_round.mistake("the order is φ+, ψ-, ψ+, φ- here, not that of BELL_NAMES.")
def the_order_of_bell_names(p1, p2):
    kept = _round(p1, p2, turn=(0, 3, 2, 1), back=(0, 2, 1, 3))
    return kept / kept.sum(), kept.sum()
