"""The Qiskit engine: the same circuit as a Qiskit circuit, amplitudes in our order.

Taught in :doc:`/qubits/superposition`.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qlearn.qubits._qiskit_names import CLASSES, Call, our_angle
from qlearn.qubits.gates import Operation, Steps
from qlearn.qubits.parameter import ParameterExpression

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
        Free parameters stay free, under their names: those of a vector are elements of a ``ParameterVector``. Qiskit
        sorts them by name where our circuit counts them by first use: give it values by name.

    Examples
    --------
    >>> from qlearn.qubits import Circuit, parameters
    >>> Circuit(2).h(0).cx(0, 1).to_qiskit().num_qubits
    2
    >>> theta = parameters("theta", 2)
    >>> Circuit(1).ry(theta[0], 0).rz(2 * theta[1], 0).to_qiskit().parameters
    ParameterView([ParameterVectorElement(theta[0]), ParameterVectorElement(theta[1])])

    References
    ----------
    Javadi-Abhari et al., *Quantum computing with Qiskit* (2024), arXiv:2405.08810.
    """
    return _build(circuit, bit_registers=False)


def draw(circuit: Steps, **options: Any) -> "Figure":
    """Draw a circuit with Qiskit's drawer, wire 0 on top.

    The picture can be read on a phone: it breaks after seven columns of gates, and ``fold=-1`` keeps it in one row.

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
        # a phone shows six inches on 380 pixels: angles nearly as large as names, little margin, seven columns a row
        style = {"name": "bw", "subfontsize": 12.5, "margin": [1.4, 0.1, 0.1, 0.3]}
        settings = {"style": style, "scale": 0.8, "fold": 7} | settings
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

    angle_of = _qiskit_angles(circuit)

    def add(step: Operation) -> None:
        if step.unitary is not None:  # a matrix's first wire is its most significant, Qiskit's its least
            # Aer 0.17 misreads arrays that are views or not in C order: give it one of its own
            result.unitary(np.array(step.unitary, order="C"), [n - 1 - wire for wire in reversed(step.wires)])
        else:
            angles = [] if step.angle is None else [angle_of(step.angle)]
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


def _qiskit_angles(circuit: Steps) -> Callable[[Any], Any]:
    """Return the function from our angles to Qiskit's, with one set of Qiskit's parameters for the whole circuit."""
    from qiskit.circuit import Parameter as QiskitParameter, ParameterVector

    free = dict.fromkeys(parameter for step in circuit.operations for parameter in step.parameters)
    lengths: dict[str, int] = {}
    for parameter in free:
        if len(parameter.index) == 1:
            name = str(parameter.vector)
            lengths[name] = max(lengths.get(name, 0), 1 + parameter.index[0])
    vectors = {name: ParameterVector(name, length) for name, length in lengths.items()}
    theirs = {
        p: vectors[str(p.vector)][p.index[0]] if len(p.index) == 1 else QiskitParameter(p.name) for p in free
    }

    def convert(angle: Any) -> Any:
        if not isinstance(angle, ParameterExpression):
            return float(angle)
        terms = []
        for term, weight in angle.terms:
            of = theirs[term[0]] * theirs[term[1]] if isinstance(term, tuple) else theirs[term]
            terms.append(of if weight == 1 else weight * of)
        return sum(terms[1:], terms[0]) + float(angle.offset) if angle.offset else sum(terms[1:], terms[0])

    return convert


def to_qasm3(circuit: Steps) -> str:
    """Return a circuit as a program in OpenQASM 3, as Qiskit writes it.

    Free parameters are its inputs. It declares wire 0 last, as :func:`to_qiskit` does.

    Parameters
    ----------
    circuit : Circuit
        A single circuit; take ``circuit.at(i)`` of a batch.

    Returns
    -------
    str

    Examples
    --------
    >>> from qlearn.qubits import Circuit, Parameter
    >>> print(Circuit(1).h(0).rx(Parameter("alpha"), 0).to_qasm3())
    OPENQASM 3.0;
    include "stdgates.inc";
    input float[64] alpha;
    qubit[1] _wire_0;
    h _wire_0[0];
    rx(alpha) _wire_0[0];

    References
    ----------
    Cross et al., "OpenQASM 3: a broader and deeper quantum assembly language", 2021, arXiv:2104.14722.
    """
    from qiskit import qasm3

    return str(qasm3.dumps(to_qiskit(circuit))).rstrip("\n")


# The head of a program of the second version, behind comments.
_SECOND = re.compile(r"(\s|//.*\n)*OPENQASM\s+2")
# How Qiskit spells an element of a vector in OpenQASM, where names have no brackets.
_SPELT = re.compile(r"_(\w*[^\W\d_]\w*?)_(\d+(?:_\d+)*)_")


def from_qiskit(circuit: "QuantumCircuit") -> tuple[int, int, list[Call]]:
    """Return the wires, the bits and the steps of a Qiskit circuit; see :meth:`qlearn.qubits.Circuit.from_qiskit`.

    Examples
    --------
    >>> from qlearn.qubits import Circuit
    >>> from_qiskit(Circuit(2).cx(0, 1).to_qiskit())
    (2, 0, [Call(name='cx', arguments=(0, 1), where=None)])
    """
    from qiskit import QuantumCircuit

    if not isinstance(circuit, QuantumCircuit):
        raise TypeError(f"circuit must be a qiskit QuantumCircuit, not {type(circuit).__name__}")
    wires = list(reversed(range(circuit.num_qubits)))
    return circuit.num_qubits, circuit.num_clbits, list(_calls(circuit, wires, circuit, None, ""))


def _calls(
    circuit: Any, wires: Sequence[int], whole: "QuantumCircuit", where: int | None, inside: str
) -> Iterator[Call]:
    """Yield the steps of a circuit, of the definition of a gate, or of the body of a condition, on our wires."""
    for place, instruction in enumerate(circuit.data):
        gate, name = instruction.operation, instruction.operation.name
        on = [wires[circuit.find_bit(qubit).index] for qubit in instruction.qubits]
        at = f"{name} on wires {on}, step {place}{inside}"
        if name in ("barrier", "id", "global_phase"):
            continue
        if name == "measure" and where is None and whole is circuit:
            bit = whole.num_clbits - 1 - whole.find_bit(instruction.clbits[0]).index
            yield Call("measure", (on[0], bit))
        elif name == "if_else" and where is None and whole is circuit:
            yield from _calls(gate.blocks[0], on, whole, _condition(gate, whole, at), f" of the body of {at}")
        else:
            yield from _gate_calls(gate, on, whole, where, at)


def _gate_calls(gate: Any, on: list[int], whole: Any, where: int | None, at: str) -> Iterator[Call]:
    """Yield one gate: as ours of the same name, as a matrix, or as what Qiskit defines it to be."""
    from qiskit.circuit import library

    # where all controls must be 1; another pattern of controls is taken apart
    plain = getattr(gate, "ctrl_state", None) in (None, 2 ** getattr(gate, "num_ctrl_qubits", 0) - 1)
    kind = getattr(gate, "base_class", type(gate))
    if plain and gate.name in CLASSES and kind is getattr(library, CLASSES[gate.name]):
        yield Call(gate.name, (*(our_angle(angle, at) for angle in gate.params), *on), where)
    elif kind is library.UnitaryGate:
        yield Call("unitary", (np.array(gate.to_matrix()), *reversed(on)), where)
    elif kind is library.UGate:  # diag(1, e^{i phi}) RY(theta) diag(1, e^{i lambda}), exactly
        theta, phi, lam = (our_angle(angle, at) for angle in gate.params)
        yield from (
            Call("p", (lam, *on), where),
            Call("ry", (theta, *on), where),
            Call("p", (phi, *on), where),
        )
    elif (parts := _parts(gate)) is not None:
        yield from _calls(parts, on, whole, where, f" of {at}")
    else:
        raise ValueError(
            f"the circuit has {at}, for which this library has no gate and Qiskit no parts: "
            f"it reads {', '.join(CLASSES)}, unitary, measure, if on one bit, and what is made of them"
        )


def _parts(gate: Any) -> Any:
    """Return the circuit that a gate is made of, or None; Qiskit makes some on demand (controls added, permutations)."""
    from qiskit import QuantumCircuit
    from qiskit.transpiler.passes import HighLevelSynthesis

    if getattr(gate, "definition", None) is not None:
        return gate.definition
    if gate.num_clbits:
        return None
    alone = QuantumCircuit(gate.num_qubits)
    alone.append(gate, range(gate.num_qubits))
    parts = HighLevelSynthesis()(alone)
    return None if any(step.operation.name == gate.name for step in parts.data) else parts


def _condition(gate: Any, whole: Any, at: str) -> int:
    """Return our number of the bit that a condition asks to be 1."""
    from qiskit.circuit import Clbit

    bits, value = gate.condition if isinstance(gate.condition, tuple) else (None, None)
    if not isinstance(bits, Clbit) or value != 1 or len(gate.blocks) != 1 or gate.blocks[0].num_clbits > 1:
        raise ValueError(f"the circuit has {at}: a condition must ask one bit to be 1, without an else")
    return int(whole.num_clbits - 1 - whole.find_bit(bits).index)


def read_qasm3(text: str) -> "QuantumCircuit":
    """Return a program in OpenQASM 3 as a Qiskit circuit, through the loader that is installed.

    Examples
    --------
    >>> read_qasm3('OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1];').num_qubits
    2
    """
    from qiskit import qasm3
    from qiskit.circuit import Parameter as QiskitParameter
    from qiskit.exceptions import MissingOptionalLibraryError

    if not isinstance(text, str):
        raise TypeError(f"text must be a program in OpenQASM 3, not {type(text).__name__}")
    if _SECOND.match(text):
        raise ValueError(
            "text must be OpenQASM 3, and says that it is OpenQASM 2, which Qiskit reads by another function: "
            "Circuit.from_qiskit(qiskit.QuantumCircuit.from_qasm_str(text))"
        )
    try:
        read = qasm3.loads(text)
    except MissingOptionalLibraryError:
        # Qiskit's own reader knows less of the language: not parameters, and not arithmetic.
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", qasm3.ExperimentalWarning)
                read = qasm3.loads_experimental(text)
        except BaseException as error:
            # What it cannot read it may also panic at, and that is no Exception.
            if not isinstance(error, qasm3.QASM3ImporterError) and type(error).__name__ != "PanicException":
                raise
            raise ImportError(
                f"Qiskit's own reader of OpenQASM 3 says: {error}. The whole language is read once "
                "qiskit-qasm3-import is there: pip install qiskit-qasm3-import"
            ) from error
    except Exception as error:  # at some of what it does not know the package fails with errors of its own
        raise ValueError(f"text is no OpenQASM 3 that Qiskit reads: {error}") from error
    spelt = {p: _SPELT.fullmatch(p.name) for p in read.parameters}
    return read.assign_parameters(
        {p: QiskitParameter(f"{m[1]}[{m[2].replace('_', ',')}]") for p, m in spelt.items() if m is not None}
    )


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
    templates: Sequence[tuple[Steps, NDArray[np.float64]]],
    bases: Sequence[str],
    primitive: Any,
    shots: int | None,
) -> list[NDArray[np.float64]]:
    """Return the share of each outcome in each basis, shapes (templates, ..., 2**n), by one job of a sampler.

    Parameters
    ----------
    templates : sequence of (Circuit, ndarray of float64)
        Circuits without classical bits, and values of their free parameters on the last axis, in order.
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

    n, jobs = templates[0][0].n_qubits, []
    for circuit, values in templates:
        template = _template(circuit)
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
    return [np.array(found[k :: len(bases)]) for k in range(len(bases))]


def primitive_means(
    templates: Sequence[tuple[Steps, NDArray[np.float64]]],
    observables: Sequence[Mapping[str, float]],
    primitive: Any,
    shots: int | None,
) -> NDArray[np.float64]:
    """Return the mean values of observables, shape (templates, ..., k), by one job of an estimator.

    Parameters
    ----------
    templates : sequence of (Circuit, ndarray of float64)
        As in :func:`primitive_frequencies`.
    observables : sequence of mapping of str to float
        Real weights of Pauli strings.
    primitive : BaseEstimatorV2
        Runs all of it.
    shots : int or None
        An estimator is asked for a standard error: it is given one over the root of the shots. None is its own.

    Returns
    -------
    ndarray of float64, shape (templates, ..., k)
    """
    from qiskit.primitives.containers import ObservablesArray
    from qiskit.quantum_info import SparsePauliOp

    sums = [SparsePauliOp.from_list(list(terms.items())) for terms in observables]
    jobs = []
    for circuit, values in templates:
        ready = _for_backend(_template(circuit), primitive, circuit.n_qubits)
        fitting = sums if ready.layout is None else [each.apply_layout(ready.layout) for each in sums]
        batch = values.shape[:-1]
        jobs.append((ready, ObservablesArray(fitting).reshape(len(sums), *[1] * len(batch)), values))
    precision = None if shots is None else shots**-0.5
    results = primitive.run(jobs, precision=precision).result()
    return np.array([np.moveaxis(result.data.evs, 0, -1) for result in results], dtype=np.float64)


def _template(circuit: Steps) -> "QuantumCircuit":
    """Return a circuit for a primitive, its controlled turns as CNOTs and the plain turns that they are made of."""
    # Aer 0.16 to 0.18 forgets the values of a controlled gate's parameters, and counts on without a word. Those with a
    # number are taken apart as well: a noise model would treat a batch and its elements in two ways.
    controlled = {step.name for step in circuit.operations} & {"cp", "crx", "cry", "crz"}
    built = _build(circuit, bit_registers=False)
    return built.decompose(sorted(controlled)) if controlled else built


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
