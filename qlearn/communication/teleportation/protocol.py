"""Teleportation: the circuit and the protocol, and how well an imperfect pair does."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_rng, as_states
from qlearn.qubits import BELL_NAMES, Circuit, Run, bell_state, fidelity
from qlearn.qubits.density_matrices import as_pure_or_mixed
from qlearn.qubits.entanglement import werner as werner
from qlearn.qubits.paulis import PAULIS

# Both at k = 2z + x: the Bell states as 2x2 matrices (sent qubit, Alice's half), and Bob's corrections Z^z X^x.
_BELL = np.array([bell_state(name) for name in BELL_NAMES]).reshape(4, 2, 2)
_CORRECTIONS = np.array([PAULIS["I"], PAULIS["X"], PAULIS["Z"], PAULIS["Z"] @ PAULIS["X"]])


class Teleportation(NamedTuple):
    """Result of :func:`teleport`: Bob's states, and the two bits that Alice sent for each."""

    states: NDArray[np.complex128]
    """State vectors (..., 2), or density matrices (..., 2, 2) if the pair came as one."""
    bits: NDArray[np.uint8]
    """Alice's z and x, shape (..., 2)."""


def circuit() -> Circuit[Run]:
    r"""Return teleportation as a circuit, from wire 0 to wire 2.

    .. math:: |\psi\rangle\,|00\rangle \;\to\; |z\,x\rangle\,|\psi\rangle

    Wires 1 and 2 start in 0 and become the pair; wire 0 holds what is sent. To prepare it, put a circuit in
    front: ``Circuit(3).ry(1.2, 0).then(circuit())``.

    Returns
    -------
    Circuit
        On 3 wires and 2 bits: bit 0 is z, bit 1 is x. All three engines run it.

    Examples
    --------
    >>> from qlearn.qubits import Circuit, partial_trace
    >>> run = Circuit(3).x(0).then(circuit()).run(rng=1)
    >>> partial_trace(run.state, keep=2).real.round(12)
    array([[0., 0.],
           [0., 1.]])

    References
    ----------
    Bennett et al., Phys. Rev. Lett. 70, 1895 (1993), doi:10.1103/PhysRevLett.70.1895.
    """
    pair = Circuit(3, bits=2).h(1).cx(1, 2)
    bell_measurement = pair.cx(0, 1).h(0).measure(0, 0).measure(1, 1)
    return bell_measurement.x(2, where=1).z(2, where=0)


def teleport(states: ArrayLike, *, resource: ArrayLike | None = None, rng: Any = None) -> Teleportation:
    r"""Teleport qubit states through a shared pair, each by one run of the protocol.

    .. math:: |\psi\rangle\,|\Phi^+\rangle
              = \tfrac12 \sum_{z,x} |B_{zx}\rangle \otimes X^x Z^z\,|\psi\rangle

    Alice's Bell measurement picks one term of the sum and Bob undoes it with :math:`Z^z X^x`. He does so
    whatever the pair is; with another pair than :math:`\Phi^+` his state is not the one that was sent. The bits are
    fair coins if Alice's half of the pair alone is :math:`\mathbb 1/2`; otherwise they tell of the state.

    Parameters
    ----------
    states : array_like, shape (..., 2)
        Normalised state vectors to send; leading axes are a batch.
    resource : array_like, shape (4,) or (4, 4), optional
        The pair, Alice's half first: a state vector or a density matrix. None is :math:`\Phi^+`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Teleportation
        ``bits``, uint8 of shape (..., 2): z and x, so that ``BELL_NAMES[2 * z + x]`` is what Alice found.
        ``states``, complex128: what Bob holds in the end, given these bits. State vectors (..., 2) if the
        pair came as a vector; density matrices (..., 2, 2) if it came as a matrix, a pure one too.

    Examples
    --------
    >>> from qlearn.communication.teleportation import werner
    >>> received, bits = teleport([[0.6, 0.8], [0.6, 0.8j]], rng=1)
    >>> received.round(12)
    array([[0.6+0.j , 0.8+0.j ],
           [0.6+0.j , 0. +0.8j]])
    >>> bits
    array([[0, 1],
           [0, 0]], dtype=uint8)
    >>> teleport([1, 0], resource=werner(0.7), rng=1).states.real.round(3)
    array([[0.8, 0. ],
           [0. , 0.2]])

    References
    ----------
    Bennett et al., Phys. Rev. Lett. 70, 1895 (1993), doi:10.1103/PhysRevLett.70.1895.
    """
    sent = as_states(states, "states", n_qubits=1)
    kets, mixed = _as_resource(resource)

    # Amplitude of "Alice finds k, Bob ends with b", in the m-th pure part of the pair. It is linear in the
    # state sent, so one matrix product does the whole batch.
    kernel = np.einsum("kbc,kij,mjc->ikmb", _CORRECTIONS, _BELL.conj(), kets.reshape(-1, 2, 2))
    branches = (sent.reshape(-1, 2) @ kernel.reshape(2, -1)).reshape(-1, 4, 2 * len(kets))
    weights = np.einsum("nkm,nkm->nk", branches, branches.conj()).real

    # A draw in (0, total] and a strict ">" never choose an outcome of weight 0.
    limits = np.cumsum(weights, axis=-1)
    draw = (1 - as_rng(rng).random(len(limits))) * limits[:, 3]
    found = (draw[:, None] > limits[:, :3]).sum(axis=-1)

    each = np.arange(len(found))
    bob = branches[each, found] / np.sqrt(weights[each, found])[:, None]
    bob = bob.reshape(-1, len(kets), 2)
    arrived = np.einsum("nmb,nmc->nbc", bob, bob.conj()) if mixed else bob[:, 0]
    batch = sent.shape[:-1]
    bits = np.stack([found >> 1, found & 1], axis=-1).astype(np.uint8)
    return Teleportation(arrived.reshape(*batch, *arrived.shape[1:]), bits.reshape(*batch, 2))


# Hill and Wootters' magic basis: a maximally entangled state has real amplitudes in it, up to one phase.
_MAGIC = np.array([bell_state("phi+"), 1j * bell_state("phi-"), 1j * bell_state("psi+"), bell_state("psi-")])


def _as_resource(resource: ArrayLike | None) -> tuple[NDArray[np.complex128], bool]:
    """Return a pair as kets of shape (m, 4), squared norms their weights, and whether it came as a matrix."""
    if resource is None:
        return bell_state("phi+")[None], False
    array, mixed = as_pure_or_mixed(resource, "resource")
    if array.shape[-1] != 4 or array.ndim != 1 + mixed:
        raise ValueError(
            "resource must be one pair of qubits, a state vector of shape (4,) or a density matrix of shape "
            f"(4, 4), not of shape {array.shape}"
        )
    if not mixed:
        return array[None], False
    values, vectors = np.linalg.eigh(array)
    held = values > 1e-15  # a pure pair is one ket, not one and three of rounding
    return (np.sqrt(values[held]) * vectors[:, held]).T, True


def _as_matrix(resource: ArrayLike | None) -> NDArray[np.complex128]:
    kets, _ = _as_resource(resource)
    return kets.T @ kets.conj()


def process_fidelity(resource: ArrayLike | None = None) -> float:
    r"""Return the process fidelity of teleportation through a pair: its overlap with :math:`\Phi^+`.

    .. math:: F = \langle\Phi^+|\,\rho\,|\Phi^+\rangle

    Teleport half of a :math:`\Phi^+`: what comes out is again a :math:`\Phi^+` with exactly this fidelity. Averaged over
    Alice's outcomes the pair acts as Pauli noise, so no input, entangled ones included, arrives with less. What Alice's
    bits tell a listener is not in F: nothing if her half alone is :math:`\mathbb 1/2`. It is the overlap with the one Bell
    state that Bob's answers are made for, not the best over local turns (:func:`fully_entangled_fraction`):
    a perfect :math:`\Psi^-` has F = 0 here.

    Parameters
    ----------
    resource : array_like, shape (4,) or (4, 4), optional
        The pair, a state vector or a density matrix. None is :math:`\Phi^+`.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> round(process_fidelity(werner(0.9)), 12)
    0.9
    >>> round(process_fidelity(bell_state("psi-")), 12)
    0.0

    References
    ----------
    Michael A. Nielsen, Phys. Lett. A 303, 249 (2002), arXiv:quant-ph/0205035.
    """
    return float(fidelity(bell_state("phi+"), _as_matrix(resource)))


def average_fidelity(resource: ArrayLike | None = None) -> float:
    r"""Return the fidelity of teleportation through a pair, averaged over all pure inputs.

    .. math:: \bar f = \frac{d F + 1}{d + 1} = \frac{2F + 1}{3}, \qquad F = \langle\Phi^+|\rho|\Phi^+\rangle

    2/3 is what measuring and telling reaches without any pair, so a pair is worth having from F > 1/2 on.
    F is :func:`process_fidelity`, for the protocol as it stands, without local turns of the pair.

    Parameters
    ----------
    resource : array_like, shape (4,) or (4, 4), optional
        The pair, a state vector or a density matrix. None is :math:`\Phi^+`.

    Returns
    -------
    float
        From 1/3 to 1.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> round(average_fidelity(werner(0.5)), 6)
    0.666667
    >>> round(average_fidelity([1, 0, 0, 0]), 6)
    0.666667

    References
    ----------
    Horodecki, Horodecki and Horodecki, Phys. Rev. A 60, 1888 (1999), arXiv:quant-ph/9807091.
    """
    return (2 * process_fidelity(resource) + 1) / 3


def fully_entangled_fraction(resource: ArrayLike) -> float:
    r"""Return the largest overlap of a pair with any maximally entangled state.

    .. math:: \max_{U, V} \langle\Phi^+|\,(U\otimes V)\,\rho\,(U\otimes V)^\dagger\,|\Phi^+\rangle
              = \lambda_{\max}(\operatorname{Re} \rho_{\text{magic}})

    The F that is left for :func:`process_fidelity` when both sides may first turn their halves.

    Parameters
    ----------
    resource : array_like, shape (4,) or (4, 4)
        The pair, a state vector or a density matrix.

    Returns
    -------
    float
        From 1/4 to 1.

    Examples
    --------
    >>> round(fully_entangled_fraction(bell_state("psi-")), 12)
    1.0
    >>> round(fully_entangled_fraction([1, 0, 0, 0]), 12)
    0.5

    References
    ----------
    Bennett et al., Phys. Rev. A 54, 3824 (1996), arXiv:quant-ph/9604024.
    """
    in_magic = _MAGIC.conj() @ _as_matrix(resource) @ _MAGIC.T
    return min(1.0, float(np.linalg.eigvalsh(in_magic.real)[-1]))  # rounding alone leaves 1
