"""Superdense coding: the circuit and the protocol, and the errors that an imperfect pair makes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_rng
from qlearn._types import Array, Bits
from qlearn.qubits import BELL_NAMES, Circuit, Run, bell_state
from qlearn.qubits.density_matrices import as_matrices, as_pairs

_BELL = np.array([bell_state(name) for name in BELL_NAMES])


class Superdense(NamedTuple):
    """Result of :func:`send`: what Bob reads, and where it is not what Alice meant."""

    bits: Bits
    """Bob's z and x for each pair, uint8 of shape (..., 2)."""
    errors: Bits
    """1 where a bit came out wrong, uint8 of shape (..., 2). Neither Alice nor Bob sees this."""


def circuit() -> Circuit[Run]:
    r"""Return superdense coding as a circuit, from the message on wires 0 and 1 to bits 2 and 3.

    .. math:: |z\,x\rangle\,|00\rangle \;\to\; |z\,x\rangle\,|z\,x\rangle

    Wires 2 (Alice's) and 3 (Bob's) start in 0 and become the pair. Alice reads her message off wires 0 and 1,
    turns her half by :math:`Z^z X^x` and sends it; Bob asks both halves which Bell state they are in. To write
    a message, put a circuit in front: ``Circuit(4).x(1).then(circuit())`` sends 01.

    Returns
    -------
    Circuit
        On 4 wires and 4 bits: bits 0 and 1 are Alice's z and x, bits 2 and 3 what Bob reads. All three
        engines run it.

    Examples
    --------
    >>> from qlearn.qubits import Circuit
    >>> Circuit(4).x(0).then(circuit()).run(rng=1).bits
    array([1, 0, 1, 0], dtype=uint8)

    References
    ----------
    Bennett and Wiesner, Phys. Rev. Lett. 69, 2881 (1992), doi:10.1103/PhysRevLett.69.2881.
    """
    pair = Circuit(4, bits=4).h(2).cx(2, 3)
    encoded = pair.measure(0, 0).measure(1, 1).x(2, where=1).z(2, where=0)
    return encoded.cx(2, 3).h(2).measure(2, 2).measure(3, 3)


def send(bits: ArrayLike, *, resource: ArrayLike | None = None, rng: Any = None) -> Superdense:
    r"""Send bits by superdense coding, two with each qubit, each time with a fresh pair.

    .. math:: \Pr(\text{Bob reads } m \oplus e \mid m)
              = \langle B_e|\,\rho\,|B_e\rangle

    Alice turns her half of the pair :math:`\rho` by :math:`Z^z X^x` and sends it over a noiseless line; Bob
    measures in the Bell basis. Her turn exchanges the Bell states :math:`B`, so an error *e* is as likely for
    one message *m* as for another: the pair is a line for bits that adds errors of its own
    (:func:`error_probabilities`). Nothing here corrects them; that is the business of a code.

    Parameters
    ----------
    bits : array_like of 0/1, shape (..., 2)
        The message, z and x for each pair; leading axes are a batch.
    resource : array_like, shape (4,) or (4, 4), optional
        The pair, Alice's half first: a state vector or a density matrix. None is :math:`\Phi^+`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Superdense
        ``bits``, what Bob reads, and ``errors``, where it differs from what was sent; both uint8 of
        shape (..., 2).

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> message = np.zeros((100_000, 2), dtype=int)
    >>> received = send(message, resource=werner(0.9), rng=1)
    >>> received.errors.mean(axis=0).round(2)
    array([0.07, 0.07])

    References
    ----------
    Bennett and Wiesner, Phys. Rev. Lett. 69, 2881 (1992), doi:10.1103/PhysRevLett.69.2881.
    """
    sent = as_bits(bits, "bits", ndim=None)
    if not sent.ndim or sent.shape[-1] != 2:
        raise ValueError(
            f"bits must have two bits on the last axis, z and x of one pair, not the shape {sent.shape}; a list of "
            "an even number of bits becomes that by np.reshape(bits, (-1, 2))"
        )
    pair, mixed = as_pairs(_BELL[0] if resource is None else resource, "resource")
    if pair.ndim != 1 + mixed:
        raise ValueError(
            "resource must be one pair of qubits, a state vector of shape (4,) or a density matrix of shape (4, 4), "
            f"not several of them: shape {pair.shape}, read as {'density matrices' if mixed else 'state vectors'}"
        )

    # A draw in (0, total] and a strict ">" never choose an error of weight 0.
    limits = np.cumsum(_bell_weights(as_matrices(pair, mixed)))
    draw = (1 - as_rng(rng).random(sent.shape[:-1])) * limits[-1]
    error = np.searchsorted(limits[:-1], draw, side="left")
    errors = np.stack([error >> 1, error & 1], axis=-1).astype(np.uint8)
    return Superdense(sent ^ errors, errors)


def error_probabilities(rho: ArrayLike) -> Array:
    r"""Return how likely each error is when a pair carries two bits: its weights in the Bell basis.

    .. math:: p_e = \langle B_e|\,\rho\,|B_e\rangle, \qquad e = 2\,e_z + e_x

    :math:`p_0` is the fidelity F with :math:`\Phi^+`: both bits arrive. For Werner's pair the other three are
    (1 - F)/3, so a given bit is wrong with chance 2(1 - F)/3. Of the pair's other numbers, the cross terms,
    this measurement sees nothing. With messages drawn evenly Bob's reading holds :math:`2 - H(p)` bits of each
    message, H the entropy: :func:`capacity` if the pair has no cross terms, and never more than that.

    Parameters
    ----------
    rho : array_like, shape (..., 4) or (..., 4, 4)
        Pairs, Alice's half first: state vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (..., 4)
        In the order of ``BELL_NAMES``: no error, x wrong, z wrong, both wrong.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> error_probabilities(werner(0.7)).round(3)
    array([0.7, 0.1, 0.1, 0.1])

    References
    ----------
    Bennett and Wiesner, Phys. Rev. Lett. 69, 2881 (1992), doi:10.1103/PhysRevLett.69.2881.
    """
    return _bell_weights(as_matrices(*as_pairs(rho, "rho")))


def _bell_weights(rho: np.ndarray) -> Array:
    weights = np.einsum("ki,...ij,kj->...k", _BELL.conj(), rho, _BELL).real
    return np.asarray(weights.clip(0, 1))  # rounding alone leaves the range
