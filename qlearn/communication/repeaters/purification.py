"""Entanglement purification: two poor pairs make one that is better, sometimes: BBPSSW and DEJMPS."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_probabilities, as_probability, broadcast
from qlearn.communication.repeaters.bell_diagonal_states import as_bell_vectors, werner_vector
from qlearn.qubits import Circuit, Run

Method = Literal["bbpssw", "dejmps"]
METHODS: tuple[Method, ...] = ("bbpssw", "dejmps")

# The quarter turns of DEJMPS exchange psi- and phi-; in the order phi+, psi-, psi+, phi-.
_TURNED = [0, 3, 2, 1]


class Purified(NamedTuple):
    """Result of :func:`purify`, for each pair of Werner pairs."""

    fidelity: NDArray[np.float64]
    """Fidelity of the pair that is kept, shape (...)."""
    probability: NDArray[np.float64]
    """Chance that the two bits agree, so that it is kept, shape (...)."""


class PurifiedPair(NamedTuple):
    """Result of :func:`purify_bell` and :func:`bilateral_cnot`."""

    pair: NDArray[np.float64]
    """Weights of the Bell states in the pair that is kept, in the order phi+, psi-, psi+, phi-, shape (..., 4)."""
    probability: NDArray[np.float64]
    """Chance that the two bits agree, so that it is kept, shape (...)."""


@dataclass(frozen=True, eq=False)
class Recurrence:
    """Result of :func:`recurrence`: what each round of purification leaves, and what it has cost."""

    pairs: NDArray[np.float64]
    """Weights of the Bell states after 0, 1, ... rounds, shape (rounds + 1, 4)."""
    probability: NDArray[np.float64]
    """Chance that each round succeeds, shape (rounds,)."""
    raw_pairs: NDArray[np.float64]
    """Expected raw pairs for one pair after 0, 1, ... rounds, shape (rounds + 1,)."""

    @property
    def fidelity(self) -> NDArray[np.float64]:
        """Fidelity after 0, 1, ... rounds, shape (rounds + 1,)."""
        return self.pairs[:, 0]

    def __repr__(self) -> str:
        return (
            f"Recurrence(rounds={len(self.probability)}, fidelity={self.fidelity[-1]:.6f}, "
            f"raw_pairs={self.raw_pairs[-1]:.6g})"
        )


def purification_circuit(method: Method = "dejmps") -> Circuit[Run]:
    r"""Return one round of purification as a circuit: keep wires 0 and 1 where the two bits agree.

    .. math:: |x\,z\rangle\,|x'z'\rangle \;\to\; |x,\; z \oplus z'\rangle\,|x \oplus x',\; z'\rangle

    where each :math:`|x\,z\rangle` is the Bell state with the flip x and the sign z. Alice has wires 0 and 2, Bob wires
    1 and 3; the pair on 0 and 1 is kept, that on 2 and 3 is measured. Equal bits say x = x'.

    Parameters
    ----------
    method : {"bbpssw", "dejmps"}
        DEJMPS first turns Alice's qubits by a quarter about X and Bob's back, which exchanges :math:`\Phi^-` and
        :math:`\Psi^-`. BBPSSW does without, and wants pairs that were twirled to Werner form before.

    Returns
    -------
    Circuit
        On 4 wires and 2 bits.

    Examples
    --------
    >>> purification_circuit("bbpssw").operations[0].wires
    (0, 2)

    References
    ----------
    Bennett et al., Phys. Rev. Lett. 76, 722 (1996), arXiv:quant-ph/9511027 (BBPSSW); Deutsch et al., Phys. Rev. Lett.
    77, 2818 (1996), arXiv:quant-ph/9604039 (DEJMPS).
    """
    circuit = Circuit(4, bits=2)
    if as_choice(method, METHODS, "method") == "dejmps":
        turn = np.pi / 2
        circuit = circuit.rx(turn, 0).rx(turn, 2).rx(-turn, 1).rx(-turn, 3)
    return circuit.cx(0, 2).cx(1, 3).measure(2, 0).measure(3, 1)


def purify(
    f1: ArrayLike,
    f2: ArrayLike | None = None,
    method: Method = "bbpssw",
    *,
    gate: float = 1.0,
    readout: float = 1.0,
) -> Purified:
    r"""Return the fidelity that one round makes of two Werner pairs, and the chance that it succeeds.

    .. math:: F' = \frac{F_1F_2 + \tfrac19(1-F_1)(1-F_2)}{p}, \qquad
              p = F_1F_2 + \tfrac13\bigl[F_1(1-F_2) + (1-F_1)F_2\bigr] + \tfrac59(1-F_1)(1-F_2)

    For Werner pairs the first round of both methods gives the same two numbers. What is left is no Werner pair in
    either case: BBPSSW twirls it before the next round, DEJMPS does not and gains by that (:func:`recurrence`).
    If the round fails both pairs are used up.

    Parameters
    ----------
    f1, f2 : array_like of float, shape (...)
        Fidelities of the kept and of the measured pair, 1/2 to 1; they broadcast. None: two equal pairs.
    method : {"bbpssw", "dejmps"}
        As in :func:`purify_bell`.
    gate, readout : float
        As in :func:`purify_bell`: 1 for devices without faults.

    Returns
    -------
    Purified
        ``fidelity`` and ``probability``, float64 of shape (...).

    Examples
    --------
    >>> purify([0.5, 0.7, 0.9]).fidelity.round(6)
    array([0.5     , 0.735294, 0.926396])
    >>> fidelity, probability = purify(0.8, 0.7)
    >>> float(fidelity.round(6)), float(probability.round(6))
    (0.787037, 0.72)

    References
    ----------
    Bennett et al., Phys. Rev. Lett. 76, 722 (1996), arXiv:quant-ph/9511027.
    """
    kept = _above_half(f1, "f1")
    other = kept if f2 is None else _above_half(f2, "f2")
    kept, other = broadcast(f1=kept, f2=other)
    pair, chance = purify_bell(werner_vector(kept), werner_vector(other), method, gate=gate, readout=readout)
    return Purified(pair[..., 0], chance)


def _above_half(f: ArrayLike, name: str) -> NDArray[np.float64]:
    fidelity = as_probabilities(f, name, "fidelities")
    if fidelity.size and fidelity.min() < 0.5:
        raise ValueError(
            f"{name} must be at least 1/2, not {fidelity.min():g}: a Werner pair below holds no entanglement, and there "
            "is nothing to purify. Make better pairs, or take shorter links"
        )
    return fidelity


def purify_bell(
    p: ArrayLike,
    p2: ArrayLike | None = None,
    method: Method = "dejmps",
    *,
    gate: float = 1.0,
    readout: float = 1.0,
) -> PurifiedPair:
    r"""Return the pair that one round makes of two Bell-diagonal pairs, and the chance that it succeeds.

    .. math:: A' &= (A_1A_2 + B_1B_2)/N, & B' &= (C_1D_2 + D_1C_2)/N, \\
              C' &= (C_1C_2 + D_1D_2)/N, & D' &= (A_1B_2 + B_1A_2)/N, \\
              N &= (A_1+B_1)(A_2+B_2) + (C_1+D_1)(C_2+D_2) & &

    This is DEJMPS; N is the chance. The order of the four weights matters: the same four numbers in another order
    give another pair, so nothing is sorted here, and turns of the halves beforehand can be worth it. BBPSSW twirls both pairs to
    Werner form and then applies :func:`bilateral_cnot`; the result is returned as it is, not twirled.

    Parameters
    ----------
    p, p2 : array_like of float, shape (..., 4)
        The kept and the measured pair, in the order phi+, psi-, psi+, phi-. None: two equal pairs.
    method : {"bbpssw", "dejmps"}
        Which of the two protocols.
    gate : float
        Weight with which each of the two CNOTs does its work; otherwise its two qubits become noise. 1: no fault.
    readout : float
        Chance that a measured bit is told rightly. 1: no fault. Both are the same on both sides.

    Returns
    -------
    PurifiedPair
        ``pair``, float64 of shape (..., 4), and ``probability``, float64 of shape (...).

    Raises
    ------
    ValueError
        Also where the two bits never agree: then there is no pair to describe.

    Examples
    --------
    >>> pair, probability = purify_bell([0.8, 0.02, 0.05, 0.13], [0.7, 0.1, 0.15, 0.05])
    >>> pair.round(6), float(probability.round(6))
    (array([0.812139, 0.031792, 0.020231, 0.135838]), 0.692)

    References
    ----------
    Deutsch et al., Phys. Rev. Lett. 77, 2818 (1996), arXiv:quant-ph/9604039; faulty devices: Duer, Briegel, Cirac and
    Zoller, Phys. Rev. A 59, 169 (1999), arXiv:quant-ph/9808065.
    """
    kept = as_bell_vectors(p)
    other = kept if p2 is None else as_bell_vectors(p2, "p2")
    turn = turned(as_choice(method, METHODS, "method"))
    return bilateral_cnot(turn(kept), turn(other), gate=gate, readout=readout)


def turned(method: Method) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return what a method does to pairs before its CNOTs: the twirl of BBPSSW, the quarter turns of DEJMPS."""
    return (lambda p: p[..., _TURNED]) if method == "dejmps" else (lambda p: werner_vector(p[..., 0]))


def bilateral_cnot(
    p1: ArrayLike, p2: ArrayLike | None = None, *, gate: float = 1.0, readout: float = 1.0
) -> PurifiedPair:
    r"""Return what two CNOTs and a comparison of two bits make of two Bell-diagonal pairs, with no turn before it.

    .. math:: (x, z),\ (x', z') \;\to\; (x,\; z \oplus z') \quad\text{if}\quad x = x'

    The step that both protocols share. It finds flips x and never signs, and the signs of both pairs gather in the
    one that is kept: repeated alone, it ends in a mixture of :math:`\Phi^+` and :math:`\Phi^-`.

    Parameters
    ----------
    p1, p2 : array_like of float, shape (..., 4)
        The kept and the measured pair, in the order phi+, psi-, psi+, phi-. None: two equal pairs.
    gate, readout : float
        As in :func:`purify_bell`.

    Returns
    -------
    PurifiedPair
        ``pair``, float64 of shape (..., 4), and ``probability``, float64 of shape (...).

    Examples
    --------
    >>> pair, probability = bilateral_cnot([0.8, 0.2 / 3, 0.2 / 3, 0.2 / 3], [0.7, 0.1, 0.1, 0.1])
    >>> pair.round(6)
    array([0.787037, 0.018519, 0.018519, 0.175926])

    References
    ----------
    Bennett et al., Phys. Rev. A 54, 3824 (1996), arXiv:quant-ph/9604024.
    """
    kept = as_bell_vectors(p1, "p1")
    other = kept if p2 is None else as_bell_vectors(p2, "p2")
    g, eta = as_probability(gate, "gate"), as_probability(readout, "readout")
    kept, other = broadcast(p1=kept, p2=other)
    weights = agreeing(kept, other, g, eta)
    chance = weights.sum(-1)
    if chance.size and chance.min() <= 0:
        raise ValueError(
            "p1 and p2 never give equal bits: one pair is surely flipped against the other. Apply X to one half of one "
            "of them first"
        )
    return PurifiedPair(weights / chance[..., None], chance)


def agreeing(p1: NDArray, p2: NDArray, gate: float = 1.0, readout: float = 1.0) -> NDArray[np.float64]:
    """Return the weights of the Bell states in the kept pair together with equal bits; their sum is the chance of those."""
    # flips x = 0: phi+, phi-; x = 1: psi+, psi-. The sign of the kept pair becomes the sum of both signs.
    by_sign1, by_sign2 = p1[..., [[0, 3], [2, 1]]], p2[..., [[0, 3], [2, 1]]]  # [flip, sign]
    summed = np.stack(
        [
            by_sign1[..., :, None, 0] * by_sign2[..., None, :, 0]
            + by_sign1[..., :, None, 1] * by_sign2[..., None, :, 1],
            by_sign1[..., :, None, 0] * by_sign2[..., None, :, 1]
            + by_sign1[..., :, None, 1] * by_sign2[..., None, :, 0],
        ],
        axis=-1,
    )  # [flip of the kept pair, flip of the other, sign]
    same = readout**2 + (1 - readout) ** 2  # both bits told rightly, or both wrongly
    seen = same * np.eye(2) + (1 - same) * (1 - np.eye(2))
    found = np.einsum("xy,...xys->...xs", seen, summed)
    ordered = np.stack([found[..., 0, 0], found[..., 1, 1], found[..., 1, 0], found[..., 0, 1]], axis=-1)
    # A CNOT that fails on either side leaves four fair bits: they agree half of the time, and the pair is noise.
    return np.asarray(gate**2 * ordered + (1 - gate**2) / 8)


def recurrence(
    p: ArrayLike, rounds: int, method: Method = "dejmps", *, gate: float = 1.0, readout: float = 1.0
) -> Recurrence:
    r"""Return what rounds of purification leave if each pairs two results of the round before, and the raw pairs spent.

    .. math:: C_0 = 1, \qquad C_k = \frac{2\,C_{k-1}}{p_k}

    Each round needs two pairs that passed the one before, and :math:`1/p_k` tries on average: the cost is a product
    that grows at least as :math:`2^k`. The pairs of a round have to wait for each other in memories.

    Parameters
    ----------
    p : array_like of float, shape (4,)
        The raw pair, in the order phi+, psi-, psi+, phi-: of a Werner pair
        :func:`~qlearn.communication.repeaters.werner_vector`.
    rounds : int
        How many, at least 1.
    method : {"bbpssw", "dejmps"}
        BBPSSW twirls before every round, and the pairs that it leaves are shown before that.
    gate, readout : float
        As in :func:`purify_bell`.

    Returns
    -------
    Recurrence
        ``pairs``, ``probability`` and ``raw_pairs``, round by round, and ``fidelity``.

    Examples
    --------
    >>> from qlearn.communication.repeaters import werner_vector
    >>> recurrence(werner_vector(0.7), 5)
    Recurrence(rounds=5, fidelity=0.996964, raw_pairs=112.687)
    >>> recurrence(werner_vector(0.7), 5, "bbpssw").fidelity.round(6)
    array([0.7     , 0.735294, 0.773171, 0.811938, 0.849472, 0.88368 ])

    References
    ----------
    Deutsch et al., Phys. Rev. Lett. 77, 2818 (1996), arXiv:quant-ph/9604039; Duer and Briegel, Rep. Prog. Phys. 70, 1381
    (2007), arXiv:0705.4165.
    """
    pair = as_one_pair(p)
    pairs, chances = [pair], []
    for _ in range(as_count(rounds, "rounds")):
        pair, chance = purify_bell(pair, None, method, gate=gate, readout=readout)
        pairs.append(pair)
        chances.append(float(chance))
    with np.errstate(over="ignore"):  # after some hundreds of rounds more raw pairs than a float can say: inf
        cost = np.concatenate([[1.0], np.cumprod(2 / np.array(chances))])
    return Recurrence(np.array(pairs), np.array(chances), cost)


def as_one_pair(p: ArrayLike, name: str = "p") -> NDArray[np.float64]:
    """Return `p` as the weights of the Bell states in a single pair, shape (4,)."""
    pair = as_bell_vectors(p, name)
    if pair.shape != (4,):
        raise ValueError(f"{name} must be one pair, of shape (4,), not {pair.shape}: call it once for each")
    return pair
