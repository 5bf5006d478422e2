"""Cloning machines: the best copies that quantum mechanics allows, and the circuits that make them."""

from collections.abc import Iterable
from functools import reduce
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_states, as_wires
from qlearn.qubits.circuit import Circuit
from qlearn.qubits.density_matrices import density, partial_trace
from qlearn.qubits.distances import fidelity


def _as_copy_fidelity(x: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return `x` as a float array of fidelities between 1/2 and 1."""
    array = np.asarray(x)
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must be fidelities, numbers between 1/2 and 1, not {x!r}")
    outside = array[~((array >= 0.5) & (array <= 1))]
    if outside.size:
        raise ValueError(
            f"{name} must be between 1/2 (a coin would do as well) and 1 (nothing is copied), not {outside.flat[0]}"
        )
    return array.astype(np.float64)


def second_fidelity(first: ArrayLike, states: Literal["all", "circle"] = "all") -> NDArray[np.float64]:
    r"""Return the best fidelity of the second copy when the first is to have the given one.

    .. math:: F_1 = 1 - \tfrac12 F_0 + \tfrac12\sqrt{(1-F_0)(3F_0-1)} \ \text{(all states)}, \qquad
              F_1 = \tfrac12 + \sqrt{F_0(1-F_0)} \ \text{(a circle)}

    With an error :math:`D = 1 - F_0` in the first copy the second gains like :math:`\sqrt D`: a small
    disturbance buys a lot.

    Parameters
    ----------
    first : array_like of float, 1/2 to 1, shape (...)
        Fidelity of the first copy.
    states : {"all", "circle"}
        What may have to be copied: any qubit, or one from a known great circle of the Bloch sphere.

    Returns
    -------
    ndarray of float, shape (...)
        What :func:`universal_cloner` and :func:`phase_covariant_cloner` reach.

    Examples
    --------
    >>> second_fidelity([1, 5 / 6, 1 / 2]).round(6)
    array([0.5     , 0.833333, 1.      ])
    >>> float(second_fidelity(0.9, "circle").round(6))
    0.8

    References
    ----------
    Cerf, Phys. Rev. Lett. 84, 4497 (2000), arXiv:quant-ph/9803058 (all states);
    Niu and Griffiths, Phys. Rev. A 60, 2764 (1999), arXiv:quant-ph/9810008 (a circle).
    """
    f = _as_copy_fidelity(first, "first")
    if as_choice(states, ("all", "circle"), "states") == "circle":
        return np.asarray(0.5 + np.sqrt(f * (1 - f)))
    return np.asarray(1 - f / 2 + np.sqrt((1 - f) * (3 * f - 1)) / 2)


def cloning_bound(states: ArrayLike, weights: ArrayLike = (0.5, 0.5)) -> float:
    r"""Return a bound on how well any machine whatever copies the given states, on average.

    A machine from one qubit to M is a matrix :math:`C \ge 0` on input and outputs with trace 2 (Choi's), and
    the weighted mean fidelity of its copies is :math:`\operatorname{tr} RC` with

    .. math:: R = \frac1N \sum_{i=1}^N \psi_i^{\mathsf T} \otimes \sum_{k=1}^{M} w_k\, \psi_i^{(k)},
              \qquad \sum_k w_k F_k = \operatorname{tr} R C \;\le\; 2\,\lambda_{\max}(R),

    :math:`\psi^{(k)}` being the projector on copy k. So one eigenvalue proves a limit for all machines. It is
    reached where the states prefer no direction: 5/6 for the six ends of the axes, :math:`1/2+1/\sqrt8` for
    the four states of BB84. For a few states in one corner it is true, but loose.

    Parameters
    ----------
    states : array_like, shape (N, 2)
        The qubits that may come, each as likely as the others.
    weights : array_like of float, shape (M,)
        What each of the M copies counts, at least 0, 1 in all; M from 1 to 8.

    Returns
    -------
    float
        At most 1.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> round(cloning_bound([ket(x) for x in "01+-ij"]), 6), round(cloning_bound([ket(x) for x in "01+-"]), 6)
    (0.833333, 0.853553)

    References
    ----------
    Weak duality of semidefinite programs as in Audenaert and De Moor, Phys. Rev. A 65, 030302 (2002),
    arXiv:quant-ph/0109155.
    """
    psi = as_states(states, "states", n_qubits=1)
    shares = np.asarray(weights, dtype=np.float64)
    if psi.ndim != 2:
        raise ValueError(f"states must be a list of qubits, of shape (N, 2), not {psi.shape}")
    if shares.ndim != 1 or not 1 <= shares.size <= 8:
        raise ValueError(f"weights must be one number for each of 1 to 8 copies, not {weights!r}")
    if not (shares >= 0).all() or not np.isclose(shares.sum(), 1):
        raise ValueError(f"weights must be at least 0 and add to 1, not {weights!r}")
    projectors, one = density(psi), np.eye(2)
    total = np.zeros((2 << shares.size, 2 << shares.size), dtype=np.complex128)
    for projector in projectors:
        for k, share in enumerate(shares):
            parts = [projector.T] + [projector if j == k else one for j in range(shares.size)]
            total += share * reduce(np.kron, parts)
    return min(1.0, 2 * float(np.linalg.eigvalsh(total / len(projectors))[-1]))


_UNIVERSAL_FIDELITY = 5 / 6
"""Fidelity of two equal copies of an unknown qubit."""


def universal_cloner(fidelity: ArrayLike = _UNIVERSAL_FIDELITY) -> Circuit:
    r"""Return the circuit that copies every qubit state equally well, and best.

    It is a superposition of *keep it* and *give it away*:

    .. math:: |\psi\rangle_0|00\rangle_{12} \;\to\;
              \alpha\,|\psi\rangle_0\,|\Phi^+\rangle_{12} + \beta\,|\psi\rangle_1\,|\Phi^+\rangle_{02},
              \qquad \alpha^2+\alpha\beta+\beta^2 = 1,

    with the fidelities :math:`F_0 = 1-\beta^2/2` and :math:`F_1 = 1-\alpha^2/2` for every :math:`\psi`. Equal
    shares give 5/6 twice; 1 and 1/2 are the ends where nothing is copied.

    Parameters
    ----------
    fidelity : array_like of float, 1/2 to 1
        Fidelity of the copy on wire 0. An array makes a batch of circuits.

    Returns
    -------
    Circuit
        On 3 wires: 0 takes the original and carries the first copy, 1 the second, 2 is the machine.

    Examples
    --------
    >>> from qlearn.qubits import random_state
    >>> from qlearn.qubits.no_cloning import copy_fidelities
    >>> copy_fidelities(universal_cloner(), random_state(1, rng=1)).round(6)
    array([0.833333, 0.833333])

    References
    ----------
    Buzek and Hillery, Phys. Rev. A 54, 1844 (1996), arXiv:quant-ph/9607018 (the equal copies);
    Cerf, Phys. Rev. Lett. 84, 4497 (2000), arXiv:quant-ph/9803058 (the unequal ones);
    Braunstein, Buzek and Hillery, Phys. Rev. A 63, 052313 (2001), arXiv:quant-ph/0009076 (the four CNOTs).
    """
    first = _as_copy_fidelity(fidelity, "fidelity")
    beta = np.sqrt(2 * (1 - first))
    alpha = (np.sqrt(4 - 3 * beta**2) - beta) / 2
    # Blank and machine: alpha |Phi+> + beta |0+>. Wire 1 first, then wire 2 by what wire 1 shows.
    if_zero = 2 * np.arctan2(beta, alpha + beta)
    mean, half = (if_zero + np.pi) / 2, (if_zero - np.pi) / 2
    program = Circuit(3).ry(2 * np.arcsin(alpha / np.sqrt(2)), 1).ry(mean, 2).cx(1, 2).ry(half, 2).cx(1, 2)
    return program.cx(0, 1).cx(0, 2).cx(1, 0).cx(2, 0)


_PHASE_COVARIANT_FIDELITY = 0.5 + sqrt(1 / 8)
"""Fidelity of two equal copies of a qubit from a known circle."""


def phase_covariant_cloner(
    fidelity: ArrayLike = _PHASE_COVARIANT_FIDELITY, plane: Literal["XY", "ZX"] = "ZX"
) -> Circuit:
    r"""Return the circuit that copies all states of one great circle equally well, and best.

    On the equator, where :math:`|\psi\rangle = (|0\rangle + e^{i\phi}|1\rangle)/\sqrt2`,

    .. math:: |00\rangle \to |00\rangle, \qquad |10\rangle \to \cos\eta\,|10\rangle + \sin\eta\,|01\rangle,

    which shares one excitation between the two wires, with fidelities :math:`F_0 = (1+\cos\eta)/2` and
    :math:`F_1 = (1+\sin\eta)/2` for every phase. Equal shares give :math:`1/2+1/\sqrt8 = 0.8536`. No third
    wire is needed. Off the circle it is worse on one side: of the two poles, 0 is copied perfectly, and the copies of
    1 have the fidelities :math:`\cos^2\eta` and :math:`\sin^2\eta`, 1 together. The circle through Z and X holds
    the four states of BB84; it is turned onto the equator first, and back at the end.

    Parameters
    ----------
    fidelity : array_like of float, 1/2 to 1
        Fidelity of the copy on wire 0. An array makes a batch of circuits.
    plane : {"ZX", "XY"}
        The circle: through the poles and X ("ZX"), or the equator ("XY").

    Returns
    -------
    Circuit
        On 2 wires: 0 takes the original and carries the first copy, 1 the second.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> from qlearn.qubits.no_cloning import copy_fidelities
    >>> copy_fidelities(phase_covariant_cloner(), [ket("0"), ket("+"), ket("j")]).round(4)
    array([[0.8536, 0.8536],
           [0.8536, 0.8536],
           [0.5   , 0.5   ]])

    References
    ----------
    Bruss, Cinchetti, D'Ariano and Macchiavello, Phys. Rev. A 62, 012302 (2000), arXiv:quant-ph/9909046;
    Niu and Griffiths, Phys. Rev. A 60, 2764 (1999), arXiv:quant-ph/9810008 (two wires, unequal shares).
    """
    first = _as_copy_fidelity(fidelity, "fidelity")
    as_choice(plane, ("ZX", "XY"), "plane")
    eta = np.arccos(2 * first - 1)
    one = Circuit(2)
    if plane == "ZX":
        one = one.rx(np.pi / 2, 0)
    # RY(2 eta) on wire 1 if wire 0 is 1, then wire 0 back to 0 if the excitation moved.
    one = one.ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0)
    if plane == "ZX":
        one = one.rx(-np.pi / 2, 0).rx(-np.pi / 2, 1)
    return one


def copy_fidelities(
    copier: Circuit, states: ArrayLike, wires: int | Iterable[int] = (0, 1)
) -> NDArray[np.float64]:
    r"""Return how well each copy of a state resembles it.

    .. math:: F_k = \langle\psi|\,\rho_k\,|\psi\rangle, \qquad
              \rho_k = \operatorname{tr}_{\text{all but } k}\, |\Psi\rangle\langle\Psi|, \qquad
              |\Psi\rangle = U\,|\psi\rangle|0\cdots0\rangle

    The chance that wire k passes for the original. 1: a perfect copy. A qubit that has nothing to do
    with the original scores 1/2 on average over all states; on a single state anything from 0 to 1.

    Parameters
    ----------
    copier : Circuit
        Without measurements. It gets the state on wire 0, and 0 on all others.
    states : array_like, shape (..., 2)
        Qubits to copy; their batch broadcasts with the circuit's.
    wires : int or iterable of int
        Where the copies come out.

    Returns
    -------
    ndarray of float64, shape (..., k)
        One fidelity for each of the k wires.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> copy_fidelities(Circuit(2).cx(0, 1), [ket("0"), ket("1"), ket("+")]).round(6)
    array([[1. , 1. ],
           [1. , 1. ],
           [0.5, 0.5]])

    References
    ----------
    Buzek and Hillery, Phys. Rev. A 54, 1844 (1996), arXiv:quant-ph/9607018, section II.
    """
    if not isinstance(copier, Circuit):
        raise TypeError(f"copier must be a Circuit, not {type(copier).__name__}")
    if copier.bits:
        raise ValueError(
            "copier must be a circuit without classical bits: whoever measures has no copies left"
        )
    originals = as_states(states, "states", n_qubits=1)
    places = as_wires(wires, copier.n_qubits)
    start = np.zeros((*originals.shape[:-1], 1 << copier.n_qubits), dtype=np.complex128)
    start[..., :: 1 << (copier.n_qubits - 1)] = originals  # wire 0 is the most significant
    copied = copier.run(start)
    return np.stack([fidelity(originals, partial_trace(copied, wire)) for wire in places], axis=-1)
