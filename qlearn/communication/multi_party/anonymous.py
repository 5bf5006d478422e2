"""Anonymous transmission: a bit, or half of a pair, that came from one of the parties, and nobody can say from whom."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_rng
from qlearn._types import Bits
from qlearn.communication.multi_party._arguments import as_parties, as_party, draw_states
from qlearn.communication.randomness import random_bits
from qlearn.qubits import Circuit, Run


def parity_circuit(flips: ArrayLike, *, prepare: bool = True) -> Circuit[Run]:
    r"""Return rounds of anonymous broadcast as one batched circuit, a wire and a bit for each party.

    .. math:: Z_i\,|\mathrm{GHZ}\rangle = Z_j\,|\mathrm{GHZ}\rangle
              = \frac{|0\dots0\rangle - |1\dots1\rangle}{\sqrt2}

    Who wants to send a 1 applies Z; all measure X. The parity of the bits is that of the flips.

    Parameters
    ----------
    flips : array_like of 0/1, shape (..., n_parties)
        1 where a party applies Z.
    prepare : bool
        False leaves the GHZ state out: the circuit then acts on what ``run(states)`` is given.

    Returns
    -------
    Circuit
        Bit j is what party j announces.

    Examples
    --------
    >>> parity_circuit([[0, 1, 0], [0, 0, 0]]).run(rng=1).bits.sum(axis=1) % 2
    array([1, 0], dtype=uint64)

    References
    ----------
    Christandl and Wehner, ASIACRYPT 2005, arXiv:quant-ph/0409201, section 3.
    """
    bits = _as_flips(flips)
    n: int = bits.shape[-1]
    circuit = Circuit(n, bits=n)
    if prepare:
        circuit = circuit.h(0)
        for party in range(1, n):
            circuit = circuit.cx(0, party)
    for party in range(n):
        circuit = circuit.z(party, where=bits[..., party] == 1).h(party).measure(party, party)
    return circuit


def broadcast(flips: ArrayLike, *, state: ArrayLike | None = None, rng: Any = None) -> Bits:
    """Return what the parties announce, shape (..., n_parties): coins whose parity is that of the flips.

    Parameters
    ----------
    flips : array_like of 0/1, shape (..., n_parties)
        1 where a party sends a 1. Two that send at once cancel: a collision.
    state : array_like, shape (2**n_parties,) or (2**n_parties, 2**n_parties), optional
        What the source sends. None: the GHZ state. Nothing here tests it.
    rng : None, int or numpy.random.Generator
        The outcomes.

    Returns
    -------
    ndarray of uint8, shape (..., n_parties)

    Examples
    --------
    >>> int(broadcast([0, 0, 1, 0], rng=1).sum() % 2)
    1
    """
    bits, generator = _as_flips(flips), as_rng(rng)
    states = draw_states(state, bits.shape[-1], bits.shape[:-1], generator)
    return parity_circuit(bits, prepare=False).run(states, generator).bits


@dataclass(frozen=True, eq=False, repr=False)
class AnonymousPair:
    """A pair that two parties share, and what was said to make it.

    Parameters
    ----------
    pair : ndarray of complex128, shape (4,)
        State of sender and receiver, the sender first.
    announcements : ndarray of uint8, shape (n_parties,)
        One bit from everybody, sender and receiver too.
    """

    pair: NDArray[np.complex128]
    announcements: Bits

    def __repr__(self) -> str:
        return f"AnonymousPair(announcements {self.announcements.tolist()})"


def anonymous_pair(n_parties: int, sender: int, receiver: int, rng: Any = None) -> AnonymousPair:
    r"""Make a pair between a sender and a receiver, from a GHZ state and one public bit from everybody.

    .. math:: |\mathrm{GHZ}_n\rangle \;\to\; \frac{|00\rangle + (-1)^{\sum_j m_j}|11\rangle}{\sqrt2}

    All others measure X and announce :math:`m_j`. The sender announces a coin b and applies :math:`Z^b`; the receiver
    announces a coin that means nothing, and applies Z if the sum of all other bits is odd. All announcements are
    coins, so they do not tell who the two are; the receiver has to know that it is one.

    Parameters
    ----------
    n_parties : int
        3 to 10.
    sender, receiver : int
        Two different parties.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    AnonymousPair
        Its pair is :math:`\\Phi^+`.

    Examples
    --------
    >>> anonymous_pair(4, sender=3, receiver=1, rng=1).pair.real.round(3)
    array([0.707, 0.   , 0.   , 0.707])

    References
    ----------
    Christandl and Wehner, ASIACRYPT 2005, arXiv:quant-ph/0409201, section 4.
    """
    n = as_parties(n_parties)
    one, other = as_party(sender, n, "sender"), as_party(receiver, n, "receiver")
    if one == other:
        raise ValueError(f"receiver must be another party than the sender, {sender}")
    generator = as_rng(rng)
    coins = random_bits(2, rng=generator)
    circuit = Circuit(n, bits=n).z(one, where=bool(coins[0]))
    for party in range(n):
        if party not in (one, other):
            circuit = circuit.h(party).measure(party, party)
    run = circuit.run(draw_states(None, n, (), generator), generator)
    said = run.bits.copy()
    said[one], said[other] = coins
    heard = np.delete(said, other)
    state = Circuit(n).z(other, where=bool(heard.sum() % 2)).run(run.state)
    # The measured wires are in basis states: what is left is the block of their outcomes.
    block = np.moveaxis(state.reshape([2] * n), [one, other], [-2, -1])
    pair = block[tuple(run.bits[party] for party in range(n) if party not in (one, other))].ravel()
    return AnonymousPair(pair, said)


def _as_flips(flips: ArrayLike) -> Bits:
    bits = as_bits(flips, "flips", ndim=None)
    if not bits.ndim:
        raise ValueError("flips must have one bit for each party on the last axis, not one bit alone")
    as_parties(bits.shape[-1], "the last axis of flips")
    return bits
