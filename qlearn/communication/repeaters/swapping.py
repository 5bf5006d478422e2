"""Entanglement swapping: two short pairs become a long one, and their errors add."""

from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_probability, as_trials, broadcast
from qlearn.communication.repeaters.bell_diagonal_states import as_bell_vectors, werner_vector
from qlearn.qubits import Circuit, Run

# Bell state k at (x, z): phi+ 00, psi- 11, psi+ 10, phi- 01. Errors add without carry: row k, column l holds k + l.
_XZ = np.array([0b00, 0b11, 0b10, 0b01])
_SUM = np.argsort(_XZ)[_XZ[:, None] ^ _XZ]

_ROUNDING = 1e-12


def swapping_circuit() -> Circuit[Run]:
    r"""Return entanglement swapping as a circuit: half of a pair is teleported through another.

    .. math:: |\Phi^+\rangle_{01}\,|\Phi^+\rangle_{23} \;\to\; |z\,x\rangle_{12}\,|\Phi^+\rangle_{03}

    Alice has wire 0, the station wires 1 and 2, Bob wire 3. The pairs are its input: a state of four wires.

    Returns
    -------
    Circuit
        On 4 wires and 2 bits: bit 0 is z, bit 1 is x. Bob's gates wait for them.

    Examples
    --------
    >>> from qlearn.qubits import Circuit, bell_state, fidelity, partial_trace
    >>> run = Circuit(4).h(0).cx(0, 1).h(2).cx(2, 3).then(swapping_circuit()).run(rng=1)
    >>> float(fidelity(bell_state("phi+"), partial_trace(run.state, keep=[0, 3])).round(12))
    1.0

    References
    ----------
    Zukowski, Zeilinger, Horne and Ekert, Phys. Rev. Lett. 71, 4287 (1993), doi:10.1103/PhysRevLett.71.4287.
    """
    station = Circuit(4, bits=2).cx(1, 2).h(1).measure(1, 0).measure(2, 1)
    return station.x(3, where=1).z(3, where=0)


def swap(f1: ArrayLike, f2: ArrayLike, *, gate: float = 1.0, readout: float = 1.0) -> NDArray[np.float64]:
    r"""Return the fidelity of the pair that a swap makes of two Werner pairs.

    .. math:: F' = F_1 F_2 + \frac{(1-F_1)(1-F_2)}{3}

    The second term is two errors that undo each other. With the Werner parameter :math:`V = (4F-1)/3` it reads
    :math:`V' = V_1 V_2`. With faulty devices it is the first entry of :func:`swap_bell`.

    Parameters
    ----------
    f1, f2 : array_like of float, shape (...)
        Fidelities with :math:`\Phi^+`, 0 to 1; they broadcast.
    gate : float
        Weight with which the station's two-qubit gate does its work; otherwise its two qubits become noise.
    readout : float
        Chance that a measured bit of the station is told rightly.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> swap([0.9, 0.95, 1], [0.9, 0.95, 0.7]).round(6)
    array([0.813333, 0.903333, 0.7     ])
    >>> swap(0.95, 0.95, gate=0.99, readout=0.99).round(6)
    np.float64(0.879638)

    References
    ----------
    Briegel, Duer, Cirac and Zoller, Phys. Rev. Lett. 81, 5932 (1998), arXiv:quant-ph/9803056.
    """
    first, second = as_probabilities(f1, "f1", "fidelities"), as_probabilities(f2, "f2", "fidelities")
    first, second = broadcast(f1=first, f2=second)
    return swap_bell(werner_vector(first), werner_vector(second), gate=gate, readout=readout)[..., 0]


def swap_bell(
    p1: ArrayLike, p2: ArrayLike, *, gate: float = 1.0, readout: float = 1.0
) -> NDArray[np.float64]:
    r"""Return the Bell-diagonal pair that a swap makes of two Bell-diagonal pairs, averaged over the station's bits.

    .. math:: p'_m = g \sum_{k \oplus l \oplus n = m} p_k\, q_l\, r_n + \frac{1-g}{4}, \qquad
              r = \bigl(\eta^2,\ (1-\eta)^2,\ \eta(1-\eta),\ \eta(1-\eta)\bigr)

    A Bell state is a flip bit x and a sign bit z, and :math:`\oplus` adds both without carry: swapping adds the errors
    of the two pairs, and those of the station, whose wrong x or z makes Bob apply a wrong gate.

    Parameters
    ----------
    p1, p2 : array_like of float, shape (..., 4)
        The pairs, in the order phi+, psi-, psi+, phi-; leading axes broadcast.
    gate : float
        :math:`g`, the weight with which the station's two-qubit gate does its work; otherwise its qubits become noise.
    readout : float
        :math:`\eta`, the chance that a measured bit of the station is told rightly.

    Returns
    -------
    ndarray of float64, shape (..., 4)

    Examples
    --------
    >>> swap_bell([0.8, 0.02, 0.05, 0.13], [0.7, 0.1, 0.15, 0.05]).round(12)
    array([0.576, 0.116, 0.169, 0.139])

    References
    ----------
    Briegel, Duer, Cirac and Zoller, Phys. Rev. Lett. 81, 5932 (1998), arXiv:quant-ph/9803056.
    """
    first, second = as_bell_vectors(p1, "p1"), as_bell_vectors(p2, "p2")
    g, eta = as_probability(gate, "gate"), as_probability(readout, "readout")
    broadcast(p1=first, p2=second)
    told = np.array([eta**2, (1 - eta) ** 2, eta * (1 - eta), eta * (1 - eta)])
    return g * reduce(_add_errors, [first, second, told]) + (1 - g) / 4


def _add_errors(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the law of the sum of two errors, each with a law of its own."""
    return np.asarray((first[..., None, :] * second[..., _SUM]).sum(-1))


def chain_fidelity(f: ArrayLike, links: ArrayLike) -> NDArray[np.float64]:
    r"""Return the fidelity of the pair that swapping makes of a chain of equal Werner pairs.

    .. math:: F_n = \frac14 + \frac34 \left(\frac{4F-1}{3}\right)^n

    The order of the swaps does not matter. The excess over noise, F - 1/4, dies exponentially in the number of links:
    purification has to stop that.

    Parameters
    ----------
    f : array_like of float, shape (...)
        Fidelity of one link, 1/4 to 1: below 1/4 a pair is nearer to another Bell state, which a Pauli gate mends.
    links : array_like of int, shape (...)
        Number of links n, at least 1; broadcasts against `f`. Their n - 1 swaps are perfect.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> chain_fidelity(0.95, [1, 2, 4, 16]).round(6)
    array([0.95    , 0.903333, 0.819126, 0.498685])

    References
    ----------
    Briegel, Duer, Cirac and Zoller, Phys. Rev. Lett. 81, 5932 (1998), arXiv:quant-ph/9803056.
    """
    fidelity, n = as_probabilities(f, "f", "fidelities"), as_trials(links, "links")
    if (
        fidelity.size and fidelity.min() < 0.25 - _ROUNDING
    ):  # what swaps leave of noise may be 1/4 but for its rounding
        raise ValueError(
            f"f must be at least 1/4, not {fidelity.min():g}: such a pair holds more of another Bell state than of phi+. "
            "Turn one half by the Pauli gate that exchanges them, or use swap_bell"
        )
    fidelity, n = broadcast(f=fidelity, links=n)
    return np.asarray(0.25 + 0.75 * ((4 * fidelity - 1).clip(0) / 3) ** n)
