"""Channels for bits: superdense coding over given pairs, bare qubits, and a classical line, each with what it uses up."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_probability, as_real, as_rng
from qlearn._types import Array, Bits
from qlearn.communication import superdense
from qlearn.communication.repeaters import bell_diagonal, werner_vector
from qlearn.communication.repeaters.bell_diagonal_states import as_bell_vectors

_LAW_OF_PAIR = (0, 2, 3, 1)
"""Where the errors none, x, z, both stand in ``BELL_ORDER``: phi+, psi+, phi-, psi-."""


class Cost(NamedTuple):
    """What a message took."""

    bits: int
    """Bits that were sent, copies included."""
    qubits: int
    """Qubits that crossed with the message."""
    pairs: int
    """Pairs that were used up. A half of each had to travel before."""
    seconds: float
    """Time that the line was busy; the flight of the last bit is not in it."""


class BitChannel(Protocol):
    """What :func:`send_words` needs: bits go in two by two and come out, some of them wrong."""

    @property
    def law(self) -> Array:
        """Chances, shape (4,), that of two bits sent together none, the second, the first, both come out wrong."""

    def carry(self, bits: ArrayLike, rng: Any = None) -> Bits:
        """Return what is read of bits of shape (n, 2)."""

    def cost(self, bits: int, slots: int) -> Cost:
        """Return what so many bits take that fill so many slots of two; in the last ones a place may be idle."""


def _as_twos(bits: ArrayLike) -> Bits:
    two = as_bits(bits, "bits", ndim=2)
    if two.shape[1] != 2:
        raise ValueError(
            f"bits must have the shape (n, 2), two for each slot of the channel, not {two.shape}"
        )
    return two


def _independent(error: float) -> Array:
    """Return the law of two bits that fail independently of each other."""
    return np.array([(1 - error) ** 2, (1 - error) * error, error * (1 - error), error**2])


def _flipped(bits: ArrayLike, error: float, rng: Any) -> Bits:
    two = _as_twos(bits)
    return two ^ (as_rng(rng).random(two.shape) < error).astype(np.uint8)


@dataclass(frozen=True)
class SuperdenseChannel:
    r"""Two bits with each qubit, by superdense coding, each time over a pair that was shared before.

    .. math:: \Pr(e) = (1-p)\,\langle B_e|\rho|B_e\rangle + \tfrac p4

    e is the error in the two bits, :math:`\rho` the pair, and p the share of white noise that the line puts into the
    travelling half. Every qubit arrives and every pair is there in time: loss is the business of
    :func:`line_account`. A pair that has grown old is worth less: :func:`useful_age`.

    Parameters
    ----------
    pair : float or array_like, shape (4,)
        The pair: its fidelity, for a Werner pair, or the weights of the four Bell states in the order
        ``repeaters.BELL_ORDER``. 1 is a perfect pair.
    line_noise : float
        p, 0 to 1.
    qubits_per_second : float
        What the line carries.
    pairs_per_second : float
        What the network delivers meanwhile; infinite if all pairs that are needed are stored already.

    Examples
    --------
    >>> channel = SuperdenseChannel(pair=0.97, qubits_per_second=1e6, pairs_per_second=2e3)
    >>> channel.law.round(3)
    array([0.97, 0.01, 0.01, 0.01])
    >>> channel.cost(bits=400, slots=200)
    Cost(bits=400, qubits=200, pairs=200, seconds=0.1)

    References
    ----------
    Bennett and Wiesner, Phys. Rev. Lett. 69, 2881 (1992), doi:10.1103/PhysRevLett.69.2881.
    """

    pair: float | ArrayLike = 1.0
    line_noise: float = 0.0
    qubits_per_second: float = 1.0
    pairs_per_second: float = np.inf

    def __post_init__(self) -> None:
        pair = self.pair
        if np.ndim(pair) == 0:
            pair = werner_vector(as_probability(np.asarray(pair).item(), "pair"))
        weights = as_bell_vectors(pair, "pair")
        if weights.ndim != 1:
            raise ValueError(
                f"pair must be one fidelity or four weights, not the shape {weights.shape}: all pairs of a channel are alike"
            )
        object.__setattr__(self, "pair", tuple(weights.tolist()))
        as_probability(self.line_noise, "line_noise")
        as_real(self.qubits_per_second, "qubits_per_second", above=0)
        if self.pairs_per_second != np.inf:
            as_real(self.pairs_per_second, "pairs_per_second", above=0)

    @property
    def law(self) -> Array:
        """Chances, shape (4,), that of the two bits of a pair none, x, z, both come out wrong."""
        own = np.asarray(self.pair)[list(_LAW_OF_PAIR)]
        return (1 - self.line_noise) * own + self.line_noise / 4

    @property
    def _arrives(self) -> NDArray[np.complex128]:
        """Pair and travelling noise together: white noise on one half leaves a Bell-diagonal pair one."""
        return bell_diagonal((1 - self.line_noise) * np.asarray(self.pair) + self.line_noise / 4)

    def carry(self, bits: ArrayLike, rng: Any = None) -> Bits:
        """Return what is read of bits of shape (n, 2): z and x of n pairs."""
        return superdense.send(_as_twos(bits), resource=self._arrives, rng=rng).bits

    def cost(self, bits: int, slots: int) -> Cost:
        """Return what so many bits take that fill so many pairs; the slower of line and network sets the time."""
        return Cost(bits, slots, slots, slots / min(self.qubits_per_second, self.pairs_per_second))


@dataclass(frozen=True)
class DirectQubits:
    r"""One bit with each qubit and no pair: 0 and 1 are sent as they are, over the same line.

    .. math:: e = \tfrac p2

    Parameters
    ----------
    line_noise : float
        p, the share of white noise that the line puts into a qubit; half of it shows as a wrong bit.
    qubits_per_second : float
        What the line carries.

    Examples
    --------
    >>> DirectQubits(line_noise=0.1).law.round(4)
    array([0.9025, 0.0475, 0.0475, 0.0025])
    >>> DirectQubits(qubits_per_second=1e6).cost(bits=400, slots=200)
    Cost(bits=400, qubits=400, pairs=0, seconds=0.0004)

    References
    ----------
    King, IEEE Trans. Inf. Theory 49, 221 (2003), arXiv:quant-ph/0204172: no input does better on such a line.
    """

    line_noise: float = 0.0
    qubits_per_second: float = 1.0

    def __post_init__(self) -> None:
        as_probability(self.line_noise, "line_noise")
        as_real(self.qubits_per_second, "qubits_per_second", above=0)

    @property
    def law(self) -> Array:
        """Chances, shape (4,), that of two bits none, the second, the first, both come out wrong."""
        return _independent(self.line_noise / 2)

    def carry(self, bits: ArrayLike, rng: Any = None) -> Bits:
        """Return what is read of bits of shape (n, 2), a qubit for each bit."""
        return _flipped(bits, self.line_noise / 2, rng)

    def cost(self, bits: int, slots: int) -> Cost:
        """Return what so many bits take."""
        return Cost(bits, bits, 0, bits / self.qubits_per_second)


@dataclass(frozen=True)
class ClassicalChannel:
    """Bits on an ordinary line, each wrong with a given chance, independently; an error of 0 is the noiseless line.

    Parameters
    ----------
    error : float
        The chance that a bit comes out wrong, 0 to 1.
    bits_per_second : float
        What the line carries.

    Examples
    --------
    >>> ClassicalChannel(bits_per_second=1e9).cost(bits=400, slots=200)
    Cost(bits=400, qubits=0, pairs=0, seconds=4e-07)
    """

    error: float = 0.0
    bits_per_second: float = 1.0

    def __post_init__(self) -> None:
        as_probability(self.error, "error")
        as_real(self.bits_per_second, "bits_per_second", above=0)

    @property
    def law(self) -> Array:
        """Chances, shape (4,), that of two bits none, the second, the first, both come out wrong."""
        return _independent(self.error)

    def carry(self, bits: ArrayLike, rng: Any = None) -> Bits:
        """Return what is read of bits of shape (n, 2)."""
        return _flipped(bits, self.error, rng)

    def cost(self, bits: int, slots: int) -> Cost:
        """Return what so many bits take."""
        return Cost(bits, 0, 0, bits / self.bits_per_second)
