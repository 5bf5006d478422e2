"""GHZ distribution: one centre, one pair to each party, and in the end one state that all of them share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_probabilities, as_probability
from qlearn._types import Array
from qlearn.qubits import Circuit, Run


class GhzCost(NamedTuple):
    """What one GHZ state of n parties costs, made from pairs with a centre."""

    pairs: int
    """Pairs that are used up."""
    slots: float
    """Mean number of time slots until all of them are there."""
    bits: int
    """Bits that the centre announces."""


def _arms(parties: int, party_at_centre: bool) -> int:
    if not isinstance(party_at_centre, bool):
        raise TypeError(f"party_at_centre must be True or False, not {party_at_centre!r}")
    return as_count(parties, "n_parties", 2) - party_at_centre


def ghz_circuit(n_parties: int, *, party_at_centre: bool = False) -> Circuit[Run]:
    r"""Return the circuit by which a centre makes a GHZ state from one pair with each party.

    .. math:: |\Phi^+\rangle^{\otimes n} \;\to\; \tfrac{1}{\sqrt2}\bigl(|0\rangle^{\otimes n} + |1\rangle^{\otimes n}\bigr)

    The centre measures its n halves in the GHZ basis: CNOTs from the first to the others, H on the first, and a bit of
    each. Bits 1 to n - 1 tell the parties where to flip, bit 0 tells the first party to apply Z. This is entanglement
    swapping with n pairs in place of two.

    Parameters
    ----------
    n_parties : int
        n, at least 2.
    party_at_centre : bool
        Whether the centre is itself one of the n parties. Then n - 1 pairs are enough, and it keeps a qubit of its own.
        Default False.

    Returns
    -------
    Circuit
        It makes the pairs first. Wires 0 to m - 1 are the centre's halves of the m pairs, m to 2m - 1 the parties'. The
        GHZ state ends on wires m to 2m - 1, and also on wire 2m, the centre's own, with a party there.

    Examples
    --------
    >>> from qlearn.qubits import fidelity, partial_trace
    >>> from qlearn.qubits.entanglement import ghz
    >>> run = ghz_circuit(3).run(rng=1)
    >>> round(float(fidelity(ghz(3), partial_trace(run.state, [3, 4, 5]))), 12)
    1.0

    References
    ----------
    S. Bose, V. Vedral and P. L. Knight, Phys. Rev. A 57, 822 (1998), arXiv:quant-ph/9708004.
    """
    m = _arms(n_parties, party_at_centre)
    own = 2 * m if party_at_centre else 0  # what all the others of the centre are compared with
    made = Circuit(2 * m + party_at_centre, bits=m)
    for arm in range(m):
        made = made.h(arm).cx(arm, m + arm)
    others = [arm for arm in range(m) if arm != own]
    if party_at_centre:
        made = made.h(own)
    for arm in others:
        made = made.cx(own, arm)
    if not party_at_centre:
        made = made.h(own)
    for arm in range(m):
        made = made.measure(arm, arm)
    for arm in others:
        made = made.x(m + arm, where=arm)
    return made if party_at_centre else made.z(m, where=own)


def ghz_fidelity(fidelities: ArrayLike, *, party_at_centre: bool = False) -> Array:
    r"""Return the fidelity of a GHZ state that a centre makes from Werner pairs, from the pairs' fidelities.

    .. math:: F_{\text{GHZ}} = \tfrac12\Bigl[\prod_i (F_i+q_i) + \prod_i (F_i-q_i)\Bigr] + \tfrac12\prod_i 2q_i,
              \qquad q_i = \frac{1-F_i}{3}

    Each pair acts as Pauli noise on its party's qubit. What does no harm is an even number of signs with no flip, or
    with all qubits flipped: the two brackets. With a party at the centre, whose qubit no noise touches, the last product
    is missing. The centre's own gates and measurements are taken as perfect, and pairs do not age.

    Parameters
    ----------
    fidelities : array_like of float, shape (..., m)
        One for each pair, from 0 to 1: all n parties, or n - 1 with a party at the centre.
    party_at_centre : bool
        Default False.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> ghz_fidelity([0.9, 0.9, 0.9]).round(6)
    np.float64(0.732148)
    >>> ghz_fidelity([0.9, 0.9], party_at_centre=True).round(6)
    np.float64(0.811111)
    """
    f = as_probabilities(fidelities, "fidelities", "fidelities")
    if not f.ndim or f.shape[-1] < 2 - bool(party_at_centre):
        raise ValueError(
            f"fidelities must have one entry a pair on the last axis, for two parties or more, not shape {f.shape}"
        )
    _arms(f.shape[-1] + bool(party_at_centre), party_at_centre)
    q = (1 - f) / 3
    even = (np.prod(f + q, axis=-1) + np.prod(f - q, axis=-1)) / 2
    return np.asarray(even if party_at_centre else even + np.prod(2 * q, axis=-1) / 2)[()]


def ghz_cost(n_parties: int, p: float, *, party_at_centre: bool = False) -> GhzCost:
    r"""Return what one GHZ state costs, with links that try at once, each with chance p a slot.

    A pair that is there waits in a memory for the last one: the mean number of slots is that of the largest of m
    geometric waiting times (:func:`qlearn.communication.repeaters.waiting_time_mean`).

    Parameters
    ----------
    n_parties : int
        n, at least 2.
    p : float
        Chance that a link makes its pair in a slot, above 0.
    party_at_centre : bool
        Whether the centre is one of the parties, so that m = n - 1 pairs are enough and not n. Default False.

    Returns
    -------
    GhzCost

    Examples
    --------
    >>> cost = ghz_cost(4, 0.1)
    >>> cost.pairs, round(cost.slots, 4), cost.bits
    (4, 20.2734, 4)
    """
    m = _arms(n_parties, party_at_centre)
    chance = as_probability(p, "p")
    if chance == 0:
        raise ValueError("p must be above 0: a link that never succeeds delivers nothing")
    from qlearn.communication.repeaters import waiting_time_mean

    return GhzCost(pairs=m, slots=float(waiting_time_mean(m, chance)), bits=m)
