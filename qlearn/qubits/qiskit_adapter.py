"""The Qiskit engine: the same circuit as a Qiskit circuit, amplitudes in our order.

Taught in :doc:`/qubits/superposition`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

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
    from qiskit import ClassicalRegister

    if circuit.shape != ():
        raise ValueError(
            f"circuit is a batch of shape {circuit.shape}, and a Qiskit gate takes one number: "
            "choose one with circuit.at(i)"
        )
    circuit = circuit.at(())
    n, m = circuit.n_qubits, circuit.bits
    result = _wires(n)
    if bit_registers:
        result.add_register(*(ClassicalRegister(1, f"bit {bit}") for bit in reversed(range(m))))
    elif m:
        result.add_register(ClassicalRegister(m, "bits"))

    def add(step: Operation) -> None:
        _append(result, step, None if step.angle is None else float(step.angle), n)

    for step in circuit.operations:
        if step.bit is not None:
            result.measure(n - 1 - step.wires[0], m - 1 - step.bit)
        elif isinstance(step.where, int):
            with result.if_test((result.clbits[m - 1 - step.where], 1)):
                add(step)
        else:
            add(step)
    return result


def primitive_kind(primitive: Any) -> str:
    """Return "sampler" or "estimator" of a Qiskit primitive of version 2; refuse what is neither."""
    from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2

    if isinstance(primitive, BaseSamplerV2):
        return "sampler"
    if isinstance(primitive, BaseEstimatorV2):
        return "estimator"
    raise TypeError(
        f"device must be a sampler or an estimator of Qiskit's primitives (version 2), not {type(primitive).__name__}: "
        "a backend becomes one by qiskit.primitives.BackendSamplerV2(backend=...)"
    )


def primitive_frequencies(
    circuit: Steps, bases: Sequence[str], primitive: Any, shots: int | None
) -> list[NDArray[np.float64]]:
    """Return the share of each outcome in each basis, shapes (..., 2**n), by one job of a sampler.

    A batch of circuits is one circuit with parameters and a table of their values.

    Parameters
    ----------
    circuit : Circuit
        Without classical bits, of any batch shape.
    bases : sequence of str
        A letter for each wire; I is read as Z.
    primitive : BaseSamplerV2
        Runs all of it.
    shots : int or None
        Runs of each circuit in each basis; None is what the sampler takes by itself.

    Returns
    -------
    list of ndarray of float64
        One for each basis.
    """
    from qiskit import ClassicalRegister

    n, jobs = circuit.n_qubits, []
    for template, values in _templates(circuit):
        for basis in bases:
            turned = template.copy()
            for wire, letter in enumerate(basis):
                if letter in "XY":
                    if letter == "Y":
                        turned.sdg(n - 1 - wire)
                    turned.h(n - 1 - wire)
            turned.add_register(ClassicalRegister(n, "outcome"))
            turned.measure(range(n), range(n))
            jobs.append((_for_backend(turned, primitive, n), values))
    results = primitive.run(jobs, shots=shots).result()
    found = [_shares(result.data.outcome, n) for result in results]
    return [np.array(found[k :: len(bases)]).reshape(*circuit.shape, 1 << n) for k in range(len(bases))]


def primitive_means(
    circuit: Steps, observables: Sequence[Mapping[str, float]], primitive: Any, shots: int | None
) -> NDArray[np.float64]:
    """Return the mean values of observables, shape (..., k), by one job of an estimator.

    Parameters
    ----------
    circuit : Circuit
        Without classical bits, of any batch shape.
    observables : sequence of mapping of str to float
        Real weights of Pauli strings.
    primitive : BaseEstimatorV2
        Runs all of it.
    shots : int or None
        An estimator is asked for a standard error: it is given one over the root of the shots. None is its own.

    Returns
    -------
    ndarray of float64, shape (..., k)
    """
    from qiskit.primitives.containers import ObservablesArray
    from qiskit.quantum_info import SparsePauliOp

    sums = [SparsePauliOp.from_list(list(terms.items())) for terms in observables]
    jobs = []
    for template, values in _templates(circuit):
        ready = _for_backend(template, primitive, circuit.n_qubits)
        fitting = sums if ready.layout is None else [each.apply_layout(ready.layout) for each in sums]
        batch = values.shape[:-1]
        jobs.append((ready, ObservablesArray(fitting).reshape(len(sums), *[1] * len(batch)), values))
    precision = None if shots is None else shots**-0.5
    results = primitive.run(jobs, precision=precision).result()
    found = np.array([np.moveaxis(result.data.evs, 0, -1) for result in results])
    return found.reshape(*circuit.shape, len(sums)).astype(np.float64)


def _templates(circuit: Steps) -> list[tuple["QuantumCircuit", NDArray[np.float64]]]:
    """Return circuits with parameters, and values for them: one for a whole batch wherever only angles differ."""
    from qiskit.circuit import Parameter

    batch, steps, free = circuit.shape, [], []
    for step in circuit.operations:
        if isinstance(step.where, np.ndarray) and step.angle is not None:  # a turn by nothing
            step = replace(step, angle=step.angle * step.where, where=None)
        steps.append(step)
        if (turn := _turn(step)) is not None and turn.ndim:
            free.append(turn)
    unlike = any(
        (isinstance(step.where, np.ndarray) and step.where.ndim)
        or (step.unitary is not None and step.unitary.ndim > 2)
        for step in steps
    )
    if unlike:  # what is no angle cannot be a parameter: one circuit for each element, all in one job
        return [(_build(circuit.at(index), bit_registers=False), np.zeros(0)) for index in np.ndindex(batch)]
    n, names = circuit.n_qubits, iter([Parameter(f"angle_{k:06d}") for k in range(len(free))])
    template = _wires(n)
    for step in steps:
        if isinstance(step.where, np.ndarray) and not step.where:
            continue
        turn = _turn(step)
        angle = None if turn is None else next(names) if turn.ndim else float(turn)
        _append(template, step, angle, n)
    order = [np.broadcast_to(angle, batch) for angle in free]
    return [(template, np.stack(order, axis=-1) if order else np.zeros((*batch, 0)))]


def _turn(step: Operation) -> NDArray[np.float64] | None:
    """Return the angle of a step of a bound circuit."""
    return cast("NDArray[np.float64] | None", step.angle)


def _wires(n: int) -> "QuantumCircuit":
    """Return an empty circuit: a register of its own for each wire, so that drawings name it as we do."""
    from qiskit import QuantumCircuit, QuantumRegister

    return QuantumCircuit(*(QuantumRegister(1, f"wire {wire}") for wire in reversed(range(n))))


def _append(result: "QuantumCircuit", step: Operation, angle: Any, n: int) -> None:
    """Append a gate, its angle a number or a parameter."""
    if step.unitary is not None:  # a matrix's first wire is its most significant, Qiskit's its least
        # Aer 0.17 misreads arrays that are views or not in C order: give it one of its own
        result.unitary(np.array(step.unitary, order="C"), [n - 1 - wire for wire in reversed(step.wires)])
    else:
        angles = [] if angle is None else [angle]
        getattr(result, step.name)(*angles, *(n - 1 - wire for wire in step.wires))


def _for_backend(circuit: "QuantumCircuit", primitive: Any, n: int) -> "QuantumCircuit":
    """Return the circuit in the gates and couplings of the primitive's backend, if it names one."""
    backend = getattr(primitive, "backend", None)
    backend = backend() if callable(backend) else backend
    if backend is None:
        return circuit
    if backend.num_qubits is not None and backend.num_qubits < n:
        raise ValueError(f"device must have at least the circuit's {n} wires, not {backend.num_qubits}")
    from qiskit import transpile

    return transpile(circuit, backend=backend, optimization_level=1, seed_transpiler=0)


def _shares(outcomes: Any, n: int) -> NDArray[np.float64]:
    """Return the share of each outcome, shape (..., 2**n), of Qiskit's packed bits."""
    packed = outcomes.array.astype(np.int64)  # (..., shots, bytes), the most significant byte first
    index = packed @ (1 << 8 * np.arange(packed.shape[-1])[::-1])
    rows = index.reshape(-1, index.shape[-1])
    flat = (rows + (np.arange(len(rows)) << n)[:, None]).reshape(-1)
    counts = np.bincount(flat, minlength=len(rows) << n)
    return counts.reshape(*index.shape[:-1], 1 << n) / index.shape[-1]
