"""The Qiskit engine: the same circuit as a Qiskit circuit, amplitudes in our order.

Taught in :doc:`/qubits/superposition`.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from qlearn.qubits.gates import Operation, Steps

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from qiskit import QuantumCircuit as QuantumCircuit


def to_qiskit(circuit: Steps) -> "QuantumCircuit":
    """Return the circuit as a Qiskit circuit with the same order of amplitudes and bits.

    Qiskit counts wires from the least significant end. So our wire w becomes Qiskit's qubit n-1-w, and
    bit b its clbit m-1-b: ``Statevector(circuit.to_qiskit()).data`` equals ``circuit.run()``, and a
    count such as ``"01"`` reads like our bits, bit 0 first.

    Parameters
    ----------
    circuit : Circuit
        A single circuit; take ``circuit.at(i)`` of a batch.

    Returns
    -------
    qiskit.QuantumCircuit

    Examples
    --------
    >>> from qlearn.qubits import Circuit
    >>> Circuit(2).h(0).cx(0, 1).to_qiskit().num_qubits
    2

    References
    ----------
    Javadi-Abhari et al., *Quantum computing with Qiskit* (2024), arXiv:2405.08810.
    """
    return _build(circuit, bit_registers=False)


def draw(circuit: Steps, **options: Any) -> "Figure":
    """Draw a circuit with Qiskit's drawer, wire 0 on top.

    The picture can be read on a phone: it breaks after eight columns of gates, and ``fold=-1`` keeps it in one row.

    Parameters
    ----------
    circuit : Circuit
        A single circuit; take ``circuit.at(i)`` of a batch.
    **options
        Passed to :meth:`qiskit.QuantumCircuit.draw`; ``output="text"`` gives text.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from qlearn.qubits import Circuit
    >>> print(Circuit(2).h(0).cx(0, 1).draw(output="text"))
            ┌───┐
    wire 0: ┤ H ├──■──
            └───┘┌─┴─┐
    wire 1: ─────┤ X ├
                 └───┘
    """
    settings = {"output": "mpl", "reverse_bits": True, "cregbundle": False} | options
    if settings["output"] == "mpl":
        # a phone shows six inches on 380 pixels: angles nearly as large as names, little margin, eight columns a row
        style = {"name": "bw", "subfontsize": 12.5, "margin": [1.4, 0.1, 0.1, 0.3]}
        settings = {"style": style, "scale": 0.8, "fold": 8} | settings
    return _build(circuit, bit_registers=True).draw(**settings)


def _build(circuit: Steps, bit_registers: bool) -> "QuantumCircuit":
    """Translate; with `bit_registers` each bit has a register of its own, so that drawings name it as we do."""
    from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

    if circuit.shape != ():
        raise ValueError(
            f"circuit is a batch of shape {circuit.shape}, and a Qiskit gate takes one number: "
            "choose one with circuit.at(i)"
        )
    circuit = circuit.at(())
    n, m = circuit.n_qubits, circuit.bits
    result = QuantumCircuit(*(QuantumRegister(1, f"wire {wire}") for wire in reversed(range(n))))
    if bit_registers:
        result.add_register(*(ClassicalRegister(1, f"bit {bit}") for bit in reversed(range(m))))
    elif m:
        result.add_register(ClassicalRegister(m, "bits"))

    def add(step: Operation) -> None:
        if step.unitary is not None:  # a matrix's first wire is its most significant, Qiskit's its least
            # Aer 0.17 misreads arrays that are views or not in C order: give it one of its own
            result.unitary(np.array(step.unitary, order="C"), [n - 1 - wire for wire in reversed(step.wires)])
        else:
            angles = [] if step.angle is None else [float(step.angle)]
            getattr(result, step.name)(*angles, *(n - 1 - wire for wire in step.wires))

    for step in circuit.operations:
        if step.bit is not None:
            result.measure(n - 1 - step.wires[0], m - 1 - step.bit)
        elif isinstance(step.where, int):
            with result.if_test((result.clbits[m - 1 - step.where], 1)):
                add(step)
        else:
            add(step)
    return result
