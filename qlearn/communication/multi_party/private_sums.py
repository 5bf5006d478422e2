"""Private sums: the total of numbers that nobody shows, from shared pads and from phases of GHZ states."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_rng
from qlearn._types import Array, Bits
from qlearn.communication.multi_party._arguments import as_parties, draw_states
from qlearn.qubits import Circuit, Run

_MOST_BITS = 20
_LARGEST_MODULUS = 2**32


def pairwise_pads(
    n_parties: int, modulus: int, *, size: int | tuple[int, ...] = (), rng: Any = None
) -> NDArray[np.int64]:
    r"""Return pads that every two parties share, antisymmetric, shape (..., n_parties, n_parties).

    .. math:: r_{ij} \text{ uniform in } 0 \dots m-1, \qquad r_{ji} = -r_{ij} \bmod m

    Party i holds row i and no other. Two parties make theirs of key that they share: :math:`\log_2 m` bits for each
    sum, used once.

    Parameters
    ----------
    n_parties : int
        3 to 10.
    modulus : int
        m, at least 2.
    size : int or tuple of int
        How many sums.
    rng : None, int or numpy.random.Generator
        The keys. For a secret that matters they come from a key store, not from a seed.

    Returns
    -------
    ndarray of int64, shape (..., n_parties, n_parties)
        The leading axes are those of `size`. Zero on the diagonal.

    Examples
    --------
    >>> pads = pairwise_pads(3, 10, rng=1)
    >>> pads.sum() % 10, ((pads + pads.T) % 10).any()
    (np.int64(0), np.False_)

    References
    ----------
    Chaum, J. Cryptology 1, 65 (1988), doi:10.1007/BF00206326, for m = 2.
    """
    n, m = as_parties(n_parties), _as_modulus(modulus)
    axes = size if isinstance(size, tuple | list) else (size,)
    batch = tuple(as_count(k, "size", least=0) for k in axes)
    upper = np.triu(as_rng(rng).integers(0, m, (*batch, n, n)), 1)
    return np.asarray((upper - upper.mT) % m)


def announce(values: ArrayLike, pads: ArrayLike, modulus: int, *, wraps: bool = False) -> NDArray[np.int64]:
    r"""Return what one party says, shape (...): its number plus its pads.

    .. math:: a_i = x_i + \sum_j r_{ij} \bmod m

    The pads cancel in the sum of all announcements. Any group that lacks two parties sees of these two the sum alone.

    Parameters
    ----------
    values : array_like of int, shape (...)
        The party's own numbers, one for each sum, from 0 to (m - 1) // n: then n of them cannot pass the modulus.
    pads : array_like of int, shape (..., n_parties)
        The party's own row of :func:`pairwise_pads`, one for each sum: a pad used twice gives away the difference of
        the two numbers.
    modulus : int
        m, at least 2.
    wraps : bool
        True allows any number below m, and the total is then known modulo m. With m = 2 this is the DC-net: the
        parity of all bits.

    Returns
    -------
    ndarray of int64, shape (...)

    Examples
    --------
    >>> pads = pairwise_pads(3, 100, rng=1)
    >>> said = [announce(x, row, 100) for x, row in zip([30, 5, 7], pads)]
    >>> int(total(said, 100))
    42
    """
    m = _as_modulus(modulus)
    own = np.asarray(pads)
    if own.dtype.kind not in "ui" or not own.ndim or not ((own >= 0) & (own < m)).all():
        raise ValueError(f"pads must be whole numbers from 0 to {m - 1}, one for each party on the last axis")
    n = as_parties(own.shape[-1], "the last axis of pads")
    if np.ndim(values) and np.shape(values) != own.shape[:-1]:
        raise ValueError(
            f"pads must be one row for each of the values, shape {(*np.shape(values), n)}, not {own.shape}: "
            "a pad that is used twice gives away the difference of two numbers"
        )
    return np.asarray((_as_values(values, n, m, wraps) + own.sum(axis=-1, dtype=np.int64)) % m)


def total(announcements: ArrayLike, modulus: int) -> NDArray[np.int64]:
    r"""Return the sum of all announcements modulo m; the parties are on the first axis.

    .. math:: \sum_i a_i = \sum_i x_i \bmod m

    Parameters
    ----------
    announcements : array_like of int, shape (n_parties, ...)
        What the parties said. One that lied changed the sum, and nobody can tell which; the last to speak knows the sum
        of the others' numbers before, and can make it what it likes.
    modulus : int
        m, at least 2.

    Returns
    -------
    ndarray of int64, shape (...)

    Examples
    --------
    >>> total([7, 9, 4], 10)
    np.int64(0)
    """
    said = np.asarray(announcements)
    if said.dtype.kind not in "ui" or not said.ndim:
        raise ValueError("announcements must be whole numbers, the parties on the first axis")
    m = _as_modulus(modulus)
    wide = said.astype(
        np.uint64 if said.dtype.kind == "u" else np.int64
    )  # the modulus may not fit into 8 bits
    return (wide % m).astype(np.int64).sum(axis=0) % m


@dataclass(frozen=True, eq=False, repr=False)
class PrivateSum:
    """Total of :func:`phase_sum`, and all that was said aloud.

    Parameters
    ----------
    totals : ndarray of int64, shape (...)
        The sums.
    announcements : ndarray of uint8, shape (..., n_bits, n_parties)
        The bit of each party in each round, the round of the lowest digit first.
    """

    totals: NDArray[np.int64]
    announcements: Bits

    def __repr__(self) -> str:
        return f"PrivateSum({'total ' + str(self.total) if not self.totals.ndim else self.totals.shape})"

    @property
    def total(self) -> int:
        """The sum, of one run."""
        if self.totals.ndim:
            raise ValueError("total is of one run; of a batch take totals")
        return int(self.totals)


def turn(values: ArrayLike, digit: int) -> Array:
    r"""Return the phase, shape (...), by which one party turns its qubit in the round of a digit.

    .. math:: \varphi_i = 2\pi\,\frac{x_i}{2^{\,l+1}}, \qquad l = 0 \text{ for the lowest digit}

    Parameters
    ----------
    values : array_like of int, shape (...)
        The party's own numbers.
    digit : int
        l, 0 or more.

    Returns
    -------
    ndarray of float, shape (...)
        Radians.

    Examples
    --------
    >>> (turn([0, 1, 2, 3], 0) / np.pi).tolist(), (turn(1, 1) / np.pi).tolist()
    ([0.0, 1.0, 2.0, 3.0], 0.5)
    """
    own = np.asarray(values)
    if own.dtype.kind not in "ui":
        raise ValueError(f"values must be whole numbers, not {values!r}")
    return np.asarray(np.ldexp(np.pi * own, -as_count(digit, "digit", least=0)))


def phase_sum(
    values: ArrayLike, n_bits: int, *, state: ArrayLike | None = None, rng: Any = None
) -> PrivateSum:
    r"""Add numbers modulo 2**n_bits by phases of GHZ states, one state for each digit of the sum.

    .. math:: \frac{|0\dots0\rangle + e^{i\pi S/2^l}|1\dots1\rangle}{\sqrt2}, \qquad
              S = \textstyle\sum_i x_i

    In the round of digit l each party turns its qubit by :func:`turn`; party 0 also takes back the digits that are
    known by then, which leaves the phase :math:`\pi s_l`. All measure X and announce; the parity of the bits is
    :math:`s_l`, with certainty. Each announcement alone is a fair coin.

    Parameters
    ----------
    values : array_like of int, shape (..., n_parties)
        The numbers, one a party, not negative; their sum must be below 2**n_bits.
    n_bits : int
        Digits of the sum, 1 to 20.
    state : array_like, shape (2**n_parties,) or (2**n_parties, 2**n_parties), optional
        What the source sends. None: the GHZ state. Nothing here tests it.
    rng : None, int or numpy.random.Generator
        The outcomes.

    Returns
    -------
    PrivateSum

    Examples
    --------
    >>> run = phase_sum([3, 0, 2], n_bits=3, rng=1)
    >>> run.total, run.announcements.sum(axis=1) % 2
    (5, array([1, 0, 1], dtype=uint64))

    References
    ----------
    Phases of entangled states as ballots: Vaccaro, Spring and Chefles, Phys. Rev. A 75, 012333 (2007),
    arXiv:quant-ph/0504161. The digits are read as in Griffiths and Niu, Phys. Rev. Lett. 76, 3228 (1996),
    arXiv:quant-ph/9511007.
    """
    bits = as_digits(n_bits)
    own = np.asarray(values)
    if own.dtype.kind not in "ui" or not own.ndim or (own < 0).any():
        raise ValueError("values must be whole numbers, not negative, one for each party on the last axis")
    if own.size and np.max(own.astype(object).sum(axis=-1)) >= 2**bits:
        raise ValueError(
            f"values must add up to less than 2**n_bits = {2**bits}, not to {np.max(own.astype(object).sum(axis=-1))}: "
            "the sum would wrap round. Take more n_bits"
        )
    return add_phases(own.astype(np.int64), bits, state, as_rng(rng))


def as_digits(n_bits: Any) -> int:
    """Return a number of digits, 1 to 20."""
    bits = as_count(n_bits, "n_bits")
    if bits > _MOST_BITS:
        raise ValueError(f"n_bits must be at most {_MOST_BITS}, not {bits}")
    return bits


def digit_circuit(values: NDArray[np.int64], known: NDArray[np.int64], digit: int) -> Circuit[Run]:
    """Return the round of one digit: on wire i stands what depends on the number of party i, and on no other."""
    n: int = values.shape[-1]
    circuit = Circuit(n, bits=n).p(-turn(known, digit), 0)
    for party in range(n):
        circuit = circuit.p(turn(values[..., party], digit), party).h(party).measure(party, party)
    return circuit


def add_phases(
    values: NDArray[np.int64], n_bits: int, state: ArrayLike | None, rng: np.random.Generator
) -> PrivateSum:
    """Return what :func:`phase_sum` does, of numbers that nobody has checked: voters may cheat."""
    n = as_parties(values.shape[-1], "the last axis of values")
    batch = values.shape[:-1]
    known, said = np.zeros(batch, dtype=np.int64), []
    for digit in range(n_bits):
        states = draw_states(state, n, batch, rng)
        found = digit_circuit(values, known, digit).run(states, rng).bits
        known = known + (np.bitwise_xor.reduce(found, axis=-1).astype(np.int64) << digit)
        said.append(found)
    return PrivateSum(known, np.stack(said, axis=-2))


def _as_modulus(x: Any) -> int:
    m = as_count(x, "modulus", least=2)
    if m > _LARGEST_MODULUS:
        raise ValueError(f"modulus must be at most 2**32, not {m}")
    return m


def _as_values(values: ArrayLike, n: int, m: int, wraps: bool) -> NDArray[np.int64]:
    own = np.asarray(values)
    most = m - 1 if wraps else (m - 1) // n
    if own.dtype.kind not in "ui" or not ((own >= 0) & (own <= most)).all():
        why = "" if wraps else f": the sum of {n} such numbers must stay below the modulus {m}"
        raise ValueError(f"values must be whole numbers from 0 to {most}, not {values!r}{why}")
    return own.astype(np.int64)
