"""State preparation: the circuit that loads given amplitudes, and how many gates it takes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_states
from qlearn.qubits import Circuit


def prepare(state: ArrayLike) -> Circuit:
    r"""Return the circuit that prepares a state from :math:`|0\dots0\rangle`.

    .. math:: |0\dots0\rangle \;\to\; \prod_{w=q-1}^{0} \Big( \sum_{b \in \{0,1\}^w}
              |b\rangle\langle b| \otimes R_y(\alpha_{wb}) \Big) |0\dots0\rangle, \qquad
              \alpha_{wb} = 2 \arctan \frac{\lVert \psi_{b1\dots} \rVert}{\lVert \psi_{b0\dots} \rVert}

    Wire after wire shares out the norm that its predecessors left it: a turn about y for each of their
    :math:`2^w` settings. Such a *uniformly controlled* turn is made of :math:`2^w` turns and as many CNOTs
    in the order of a Gray code. Phases follow in the same way, by turns about z; amplitudes that are real
    need none, their signs are in the last turns about y.

    Parameters
    ----------
    state : array_like, shape (..., 2**q)
        Normalised amplitudes; a batch gives the batch of circuits.

    Returns
    -------
    Circuit
        On q wires: :math:`2^q - 1` RY and :math:`2^q - 2` CX for real amplitudes; as many RZ and CX again,
        and one P for the global phase, for complex ones.

    Raises
    ------
    ValueError, TypeError
        If the state is not finite, not normalised or not of 2, 4, 8, ... amplitudes.

    Examples
    --------
    >>> prepare([0.6, -0.8]).run().real
    array([ 0.6, -0.8])
    >>> [step.name for step in prepare([0.5, 0.5, 0.5, 0.5]).operations]
    ['ry', 'ry', 'cx', 'ry', 'cx']

    References
    ----------
    Mottonen, Vartiainen, Bergholm, Salomaa, "Transformation of quantum states using uniformly controlled
    rotations", 2005, arXiv:quant-ph/0407010 (the abstract counts twice as many gates: from one state to another).

    Taught in :doc:`/learning/encodings`.
    """
    amplitudes = as_states(state, "state")
    circuit = Circuit(amplitudes.shape[-1].bit_length() - 1)
    real = not amplitudes.imag.any()
    magnitudes = amplitudes.real if real else np.abs(amplitudes)
    for wire, angles in enumerate(_branching(magnitudes)):
        circuit = _uniformly_controlled(circuit, "ry", angles, wire)
    if real:
        return circuit
    *turns, whole = _phase_turns(np.angle(amplitudes))
    # P(2g) RZ(-2g) is the phase g on everything: a circuit of turns alone could not make it.
    circuit = circuit.p(2 * whole, 0)
    turns[0] = turns[0] - 2 * whole[..., None]
    for wire, angles in enumerate(turns):
        circuit = _uniformly_controlled(circuit, "rz", angles, wire)
    return circuit


def _branching(leaves: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the RY angles of each wire, shapes (..., 1), (..., 2), (..., 4) and so on."""
    angles: list[NDArray[np.float64]] = []
    while leaves.shape[-1] > 1:
        zero, one = leaves[..., 0::2], leaves[..., 1::2]
        angles.insert(0, 2 * np.arctan2(one, zero))
        leaves = np.hypot(zero, one)
    return angles


def _phase_turns(phases: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the RZ angles of each wire as :func:`_branching` does, and last the phase of the whole."""
    turns: list[NDArray[np.float64]] = []
    while phases.shape[-1] > 1:
        zero, one = phases[..., 0::2], phases[..., 1::2]
        turns.insert(0, one - zero)
        phases = (zero + one) / 2
    return [*turns, phases[..., 0]]


def _uniformly_controlled(circuit: Circuit, gate: str, angles: NDArray[np.float64], target: int) -> Circuit:
    """Turn `target` by angles[..., b] where the wires before it read b."""
    settings = np.arange(1 << target)
    gray = settings ^ (settings >> 1)
    # A CNOT on each side flips the sense of a turn: the signs of turn i are the parities of b and Gray code i.
    parity = np.bitwise_count(settings[:, None] & gray) & 1
    turns = angles @ (1 - 2.0 * parity) / len(settings)
    for i in settings:
        circuit = getattr(circuit, gate)(turns[..., i], target)
        if target:
            changes = int(gray[i] ^ gray[(i + 1) % len(gray)])
            circuit = circuit.cx(target - changes.bit_length(), target)
    return circuit
