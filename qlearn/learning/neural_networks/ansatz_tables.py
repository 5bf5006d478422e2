"""Ansatz tables, circuits with free angles: hardware efficient, real amplitudes, efficient SU(2), entangling layers."""

from collections.abc import Callable, Sequence

import numpy as np

from qlearn._checks import as_choice, as_count
from qlearn.qubits import Circuit, parameters
from qlearn.qubits.entanglement_patterns import entanglement_pairs

Entanglement = str | Sequence[Sequence[int]]
_TURNS = ("rx", "ry", "rz")


def hardware_efficient(
    n_qubits: int, layers: int = 2, entanglement: Entanglement = "circular", *, vector: str = "theta"
) -> Circuit:
    r"""Return layers of RZ and RY on every wire, each followed by CNOTs: the circuit of :class:`Ansatz`.

    .. math:: \prod_\ell C \bigotimes_w R_Y(\theta_{\ell w 1})\, R_Z(\theta_{\ell w 0})

    Parameters
    ----------
    n_qubits : int
        Number of wires, n.
    layers : int
        Number of layers.
    entanglement : str or sequence of pairs
        CNOTs of a layer (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`); the ring of "circular" closes
        last.
    vector : str
        Name of the vector of free angles, of shape (layers, n, 2).

    Returns
    -------
    Circuit

    Examples
    --------
    >>> circuit = hardware_efficient(2, 1)
    >>> circuit
    Circuit(2).rz(theta[0,0,0], 0).ry(theta[0,0,1], 0).rz(theta[0,1,0], 1).ry(theta[0,1,1], 1).cx(0, 1)
    >>> angles = [[[0.1, 0.2], [0.3, 0.4]]]
    >>> from qlearn.learning.neural_networks import Ansatz
    >>> bool((circuit.bind({"theta": angles}).run() == Ansatz(2, 1).circuit(angles).run()).all())
    True
    >>> {name: len(make(4, 2).parameters) for name, make in ANSATZE.items()}
    {'hardware_efficient': 16, 'real_amplitudes': 12, 'efficient_su2': 24, 'strongly_entangling': 24, 'basic_entangler': 8}

    References
    ----------
    Kandala et al., "Hardware-efficient variational quantum eigensolver for small molecules and quantum magnets", 2017,
    arXiv:1704.05018.
    """
    n, circuit = as_count(n_qubits, "n_qubits"), Circuit(n_qubits)
    theta = parameters(vector, as_count(layers, "layers"), n, 2)
    for depth, layer in enumerate(theta):
        for wire, (about_z, about_y) in enumerate(layer):
            circuit = circuit.rz(about_z, wire).ry(about_y, wire)
        for control, target in entanglement_pairs(entanglement, n, closing="last", layer=depth):
            circuit = circuit.cx(control, target)
    return circuit


def real_amplitudes(
    n_qubits: int,
    reps: int = 3,
    entanglement: Entanglement = "reverse_linear",
    *,
    skip_final_rotation_layer: bool = False,
    vector: str = "theta",
) -> Circuit:
    r"""Return layers of RY with CNOTs between them, whose amplitudes are all real: Qiskit's `real_amplitudes`.

    .. math:: \Bigl[\prod_\ell \bigotimes_w R_Y(\theta_{\ell n + w})\; C_\ell\Bigr] \bigotimes_w R_Y(\theta_w)

    Wire w is Qiskit's qubit w, and the angles have its order.

    Parameters
    ----------
    n_qubits : int
        Number of wires, n.
    reps : int
        How many layers of CNOTs there are, each with RY after it.
    entanglement : str or sequence of pairs
        CNOTs of a layer (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`).
    skip_final_rotation_layer : bool
        Whether the last layer of CNOTs has no RY after it. False by default.
    vector : str
        Name of the vector of free angles, of shape (n (reps + 1),).

    Returns
    -------
    Circuit

    Examples
    --------
    >>> real_amplitudes(2, 1)
    Circuit(2).ry(theta[0], 0).ry(theta[1], 1).cx(0, 1).ry(theta[2], 0).ry(theta[3], 1)
    >>> str(real_amplitudes(3, 2)) == str(efficient_su2(3, 2, su2_gates=["ry"]))
    True

    References
    ----------
    Javadi-Abhari et al., *Quantum computing with Qiskit* (2024), arXiv:2405.08810.
    """
    return efficient_su2(
        n_qubits,
        reps,
        entanglement,
        su2_gates=("ry",),
        skip_final_rotation_layer=skip_final_rotation_layer,
        vector=vector,
    )


def efficient_su2(
    n_qubits: int,
    reps: int = 3,
    entanglement: Entanglement = "reverse_linear",
    *,
    su2_gates: Sequence[str] = ("ry", "rz"),
    skip_final_rotation_layer: bool = False,
    vector: str = "theta",
) -> Circuit:
    r"""Return layers of two turns on every wire with CNOTs between them: Qiskit's `efficient_su2`.

    .. math:: \Bigl[\prod_\ell V(\theta_\ell)\; C_\ell\Bigr]\, V(\theta_0), \qquad
              V(\theta) = \bigotimes_w R_Z(\theta_{n + w})\, \bigotimes_w R_Y(\theta_w)

    Wire w is Qiskit's qubit w, and the angles have its order: those of the first turn on all wires, then those of the next.

    Parameters
    ----------
    n_qubits : int
        Number of wires, n.
    reps : int
        How many layers of CNOTs there are, each with turns after it.
    entanglement : str or sequence of pairs
        CNOTs of a layer (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`).
    su2_gates : sequence of {"rx", "ry", "rz"}
        The turns of a layer, one or more.
    skip_final_rotation_layer : bool
        Whether the last layer of CNOTs has no turns after it. False by default.
    vector : str
        Name of the vector of free angles, of shape (n (reps + 1) len(su2_gates),).

    Returns
    -------
    Circuit

    Examples
    --------
    >>> efficient_su2(2, 1, "linear", skip_final_rotation_layer=True)
    Circuit(2).ry(theta[0], 0).ry(theta[1], 1).rz(theta[2], 0).rz(theta[3], 1).cx(0, 1)
    >>> [len(make(4, 3).parameters) for make in (efficient_su2, real_amplitudes, strongly_entangling)]
    [32, 16, 36]

    References
    ----------
    Javadi-Abhari et al., *Quantum computing with Qiskit* (2024), arXiv:2405.08810.
    """
    n, reps = as_count(n_qubits, "n_qubits"), as_count(reps, "reps", least=0)
    gates = [su2_gates] if isinstance(su2_gates, str) else list(su2_gates)
    if not gates:
        raise ValueError(
            "su2_gates must name at least one turn of rx, ry and rz, not none: it would have no angle"
        )
    for gate in gates:
        as_choice(gate, _TURNS, "su2_gates")
    blocks = reps + (not skip_final_rotation_layer)
    if not blocks:
        raise ValueError(
            "reps must be at least 1 where the final rotation layer is skipped, not 0: no angle would be left"
        )
    theta, circuit = iter(parameters(vector, blocks * len(gates) * n)), Circuit(n)
    for depth in range(reps + 1):
        for gate in gates if depth < blocks else ():
            for wire in range(n):
                circuit = getattr(circuit, gate)(next(theta), wire)
        for control, target in entanglement_pairs(entanglement, n, layer=depth) if depth < reps else ():
            circuit = circuit.cx(control, target)
    return circuit


def strongly_entangling(
    n_qubits: int, layers: int = 2, ranges: Sequence[int] | None = None, *, vector: str = "theta"
) -> Circuit:
    r"""Return layers of any turn of every wire and a ring of CNOTs that grows: PennyLane's `StronglyEntanglingLayers`.

    .. math:: \prod_\ell \Bigl[\prod_w C_{w,\,w + r_\ell \bmod n}\Bigr]
              \bigotimes_w R_Z(\theta_{\ell w 2})\, R_Y(\theta_{\ell w 1})\, R_Z(\theta_{\ell w 0})

    Parameters
    ----------
    n_qubits : int
        Number of wires, n. One wire has no CNOTs.
    layers : int
        Number of layers.
    ranges : sequence of int, optional
        How far the target of each layer's CNOTs is from their control, no multiple of n. None is 1, 2, ..., n - 1, and
        again from 1.
    vector : str
        Name of the vector of free angles, of shape (layers, n, 3): PennyLane's weights.

    Returns
    -------
    Circuit

    Examples
    --------
    >>> circuit = strongly_entangling(3, 2)
    >>> [(step.name, step.wires) for step in circuit.operations[9:12]]
    [('cx', (0, 1)), ('cx', (1, 2)), ('cx', (2, 0))]
    >>> [step.wires for step in hardware_efficient(3, 1).operations[-3:]]  # there the ring never grows
    [(0, 1), (1, 2), (2, 0)]
    >>> [step.wires for step in circuit.operations[-3:]]
    [(0, 2), (1, 0), (2, 1)]

    References
    ----------
    Schuld, Bocharov, Svore, Wiebe, "Circuit-centric quantum classifiers", 2018, arXiv:1804.00633.
    """
    n, depth = as_count(n_qubits, "n_qubits"), as_count(layers, "layers")
    if ranges is not None and not isinstance(ranges, Sequence | np.ndarray):
        raise TypeError(f"ranges must be a list of whole numbers, one for each layer, not {ranges!r}")
    steps = [layer % max(1, n - 1) + 1 for layer in range(depth)] if ranges is None else list(ranges)
    if len(steps) != depth:
        raise ValueError(f"ranges must have one number for each of the {depth} layers, not {len(steps)}")
    for step in steps:
        if as_count(step, "ranges") % n == 0 and n > 1:
            raise ValueError(
                f"ranges must be no multiples of the {n} wires, not {step}: a wire cannot control itself"
            )
    circuit = Circuit(n)
    for step, layer in zip(steps, parameters(vector, depth, n, 3), strict=True):
        for wire, (first, second, third) in enumerate(layer):
            circuit = circuit.rz(first, wire).ry(second, wire).rz(third, wire)
        for wire in range(n) if n > 1 else ():
            circuit = circuit.cx(wire, (wire + step) % n)
    return circuit


def basic_entangler(
    n_qubits: int, layers: int = 2, rotation: str = "rx", *, vector: str = "theta"
) -> Circuit:
    r"""Return layers of one turn of every wire and a closed ring of CNOTs: PennyLane's `BasicEntanglerLayers`.

    .. math:: \prod_\ell \Bigl[\prod_w C_{w,\,w + 1 \bmod n}\Bigr] \bigotimes_w R_X(\theta_{\ell w})

    Parameters
    ----------
    n_qubits : int
        Number of wires, n. One wire has no CNOTs, and two have one a layer.
    layers : int
        Number of layers.
    rotation : {"rx", "ry", "rz"}
        The turn.
    vector : str
        Name of the vector of free angles, of shape (layers, n): PennyLane's weights.

    Returns
    -------
    Circuit

    Examples
    --------
    >>> basic_entangler(2, 1)
    Circuit(2).rx(theta[0,0], 0).rx(theta[0,1], 1).cx(0, 1)
    >>> [step.wires for step in basic_entangler(3, 1, "ry").operations[3:]]
    [(0, 1), (1, 2), (2, 0)]

    References
    ----------
    Bergholm et al., *PennyLane* (2018), arXiv:1811.04968.
    """
    n, circuit = as_count(n_qubits, "n_qubits"), Circuit(n_qubits)
    as_choice(rotation, _TURNS, "rotation")
    for layer in parameters(vector, as_count(layers, "layers"), n):
        for wire, angle in enumerate(layer):
            circuit = getattr(circuit, rotation)(angle, wire)
        for control, target in entanglement_pairs("circular", n, closing="last"):
            circuit = circuit.cx(control, target)
    return circuit


ANSATZE: dict[str, Callable[..., Circuit]] = {
    "hardware_efficient": hardware_efficient,
    "real_amplitudes": real_amplitudes,
    "efficient_su2": efficient_su2,
    "strongly_entangling": strongly_entangling,
    "basic_entangler": basic_entangler,
}
"""The named circuits: each takes the number of wires and of layers, and returns a circuit with free angles ``theta``."""
