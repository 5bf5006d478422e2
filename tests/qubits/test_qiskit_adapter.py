"""The Qiskit adapter: runs on a V2 primitive, draws wire 0 on top."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from matplotlib.figure import Figure
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter as QiskitParameter, library
from qiskit.circuit.random import random_circuit
from qiskit.primitives import StatevectorEstimator, StatevectorSampler
from qiskit.quantum_info import Operator, SparsePauliOp, Statevector

from qlearn.qubits import Circuit, Parameter, expectation, parameters
from qlearn.qubits.qiskit_adapter import read_qasm3


def test_runs_on_a_v2_primitive():
    circuit = Circuit(2, bits=2).x(1).measure(0, 0).measure(1, 1)
    result = StatevectorSampler(seed=1).run([circuit.to_qiskit()], shots=7).result()[0]
    assert result.data.bits.get_counts() == {"01": 7}


def test_draws_our_names_in_our_order():
    text = str(Circuit(2, bits=2).h(0).cx(0, 1).measure(0, 0).x(1, where=0).draw(output="text"))
    names = [line.split(":")[0].strip() for line in text.splitlines() if ":" in line]
    assert [name.removesuffix(" 1/") for name in names[:4]] == ["wire 0", "wire 1", "bit 0", "bit 1"]


def test_the_output_may_come_first():
    circuit = Circuit(2).h(0).cx(0, 1)
    assert str(circuit.draw("text")) == str(circuit.draw(output="text"))
    assert type(circuit.draw("mpl")) is type(circuit.draw())


@pytest.mark.parametrize("ahead", ["", "// a comment\n"])
def test_names_the_reader_of_the_second_version(ahead):
    text = ahead + 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q[0]; cx q[0], q[1];'
    with pytest.raises(ValueError, match=r"text must be OpenQASM 3.*QuantumCircuit.from_qasm_str\(text\)"):
        Circuit.from_qasm3(text)
    assert repr(Circuit.from_qiskit(QuantumCircuit.from_qasm_str(text))) == "Circuit(2).h(1).cx(1, 0)"


def test_draws_a_figure():
    assert isinstance(Circuit(1).rx(0.3, 0).draw(), Figure)


def test_a_drawing_breaks_into_rows_that_a_phone_can_show():
    def widths(circuit):
        return circuit.draw().get_figwidth(), circuit.draw(fold=-1).get_figwidth()

    short, long = Circuit(1).h(0).x(0), Circuit(1)
    for _ in range(20):
        long = long.h(0).rx(0.3, 0)
    assert widths(short)[0] == widths(short)[1]
    folded, straight = widths(long)
    assert folded < 7 < straight


def test_a_mask_of_one_element_is_a_gate_or_none():
    assert Circuit(1).x(0, where=True).to_qiskit().count_ops() == {"x": 1}
    assert not Circuit(1).x(0, where=False).to_qiskit().count_ops()


def test_refuses_a_batch():
    with pytest.raises(ValueError, match=r"batch of shape \(3,\).*circuit\.at\(i\)"):
        Circuit(1).rx(np.zeros(3), 0).to_qiskit()


def test_a_vector_is_qiskits_vector_under_its_name():
    x, w = parameters("x", 3), parameters("w", 2, 2)
    theirs = Circuit(1).rx(x[2], 0).ry(2 * w[1, 0] - x[0] + 0.5, 0).to_qiskit()
    assert [p.name for p in theirs.parameters] == ["w[1,0]", "x[0]", "x[2]"]
    vectors = {p.vector.name: len(p.vector) for p in theirs.parameters if hasattr(p, "vector")}
    assert vectors == {"x": 3}
    bound = theirs.assign_parameters({"x[0]": 1.0, "x[2]": 2.0, "w[1,0]": 3.0})
    assert [float(gate.params[0]) for gate in bound.data] == [2.0, 5.5]


def test_one_parameterised_circuit_and_an_array_of_values_is_one_job():
    x = parameters("x", 2)
    circuit, X = Circuit(2).ry(x[0], 0).cx(0, 1).ry(x[1], 1), np.random.default_rng(0).normal(size=(5, 2))
    # our wire 0 is Qiskit's last qubit, and its labels are read from there: the same letters in the same order
    job = StatevectorEstimator().run([(circuit.to_qiskit(), SparsePauliOp("ZX"), X)])
    np.testing.assert_allclose(job.result()[0].data.evs, expectation(circuit.bind(X).run(), "ZX"), atol=1e-12)


def test_draws_the_names_of_free_angles():
    assert "Ry(theta[1])" in str(Circuit(1).ry(parameters("theta", 2)[1], 0).draw(output="text"))


def equal_up_to_a_phase(circuit, theirs):
    return Operator(circuit.matrix()).equiv(Operator(theirs))


@given(st.integers(0, 10**6), st.integers(2, 4))
@settings(max_examples=40)
def test_reads_qiskits_random_circuits_of_all_its_gates(seed, n):
    theirs = random_circuit(n, 4, max_operands=3, seed=seed)
    assert equal_up_to_a_phase(Circuit.from_qiskit(theirs), theirs)


@pytest.mark.parametrize(
    "gate",
    [
        library.XGate().control(2, ctrl_state=1), library.RYGate(0.3).control(2, annotated=False),
        library.RYGate(0.3).control(2, annotated=True), library.CUGate(0.1, 0.2, 0.3, 0.4),
        library.UGate(0.1, 0.2, 0.3), library.RGate(0.1, 0.2), library.SXGate(), library.ECRGate(), library.CSwapGate(),
        library.iSwapGate(), library.RZXGate(0.4), library.XXPlusYYGate(0.3, 0.2), library.U3Gate(0.3, 0.2, 0.1),
        library.MCXGate(3), library.CZGate(ctrl_state=0), library.PauliGate("XYZ"), library.QFTGate(3),
        library.UnitaryGate(np.diag([1, 1j, -1, np.exp(0.3j)])), library.PermutationGate([2, 0, 1]),
    ],
    ids=lambda gate: gate.name,
)  # fmt: skip
def test_reads_other_gates_as_what_they_are_made_of(gate):
    theirs = QuantumCircuit(gate.num_qubits)
    theirs.append(gate, range(gate.num_qubits))
    assert equal_up_to_a_phase(Circuit.from_qiskit(theirs), theirs)


def test_a_gate_of_ones_own_that_is_called_as_ours_is_not_taken_for_it():
    false = QuantumCircuit(1, name="x")
    false.h(0)
    theirs = QuantumCircuit(1)
    theirs.append(false.to_gate(), [0])
    assert repr(Circuit.from_qiskit(theirs)) == "Circuit(1).h(0)"


def test_reads_qiskits_own_ansatz_with_its_parameters():
    theirs = library.efficient_su2(3, reps=1, entanglement="circular")
    ours = Circuit.from_qiskit(theirs)
    assert [p.name for p in ours.parameters] == [p.name for p in theirs.parameters]
    values = np.random.default_rng(1).normal(size=12)
    expected = Statevector(theirs.assign_parameters(values)).data
    np.testing.assert_allclose(ours.bind(values).run(), expected, atol=1e-12)
    np.testing.assert_allclose(ours.bind({ours.parameters[0].vector: values}).run(), expected, atol=1e-12)


def test_a_barrier_and_doing_nothing_are_left_out():
    theirs = QuantumCircuit(2, global_phase=0.3)
    theirs.id(0)
    theirs.barrier()
    theirs.x(1)
    assert repr(Circuit.from_qiskit(theirs)) == "Circuit(2).x(0)"


def test_reads_a_condition_of_several_gates():
    theirs = QuantumCircuit(2, 2)
    theirs.measure(0, 1)
    with theirs.if_test((theirs.clbits[1], 1)):
        theirs.h(0)
        theirs.cx(0, 1)
        theirs.sx(1)
    says = "measure(1, 0).h(1, where=0).cx(1, 0, where=0).sdg(0, where=0).h(0, where=0).sdg(0, where=0)"
    assert repr(Circuit.from_qiskit(theirs)) == f"Circuit(2, bits=2).{says}"


def qiskit_of(build, n=1, m=1):
    circuit = QuantumCircuit(n, m)
    build(circuit)
    return circuit


def with_else(circuit):
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)) as other:
        circuit.x(0)
    with other:
        circuit.y(0)


def if_zero(circuit):
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 0)):
        circuit.x(0)


def a_loop(circuit):
    with circuit.for_loop(range(2)):
        circuit.x(0)


def measured_inside(circuit):
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.measure(0, 0)


T = QiskitParameter("t")


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda c: c.reset(0), r"has reset on wires \[0\], step 0, for which this library has no gate"),
        (lambda c: (c.x(0), c.initialize([0, 1], 0)), "has reset .* of initialize on wires .*, step 1"),
        (lambda c: c.delay(3, 0), "has delay"),
        (a_loop, "has for_loop"),
        (with_else, "without an else"),
        (if_zero, "ask one bit to be 1"),
        (measured_inside, "has measure on wires .* of the body of if_else"),
        (
            lambda c: c.rx(T * T, 0),
            r"has rx on wires \[0\], step 0 with the angle t.*: an angle must be a real sum",
        ),
        (lambda c: c.ry(T.sin(), 0), r"a column of the rows: so ZZFeatureMap\(\).template\(2\)"),
        (lambda c: c.rz(1j * T, 0), "an angle must be a real sum"),
        (lambda c: c.rz(1 / T, 0), r"with the angle 1/t: an angle must be a real sum"),  # no value at 0
        (lambda c: c.rz(T.log() + T, 0), "an angle must be a real sum"),
        (lambda c: c.rz((T + 2).arccos(), 0), "an angle must be a real sum"),
        (lambda c: c.rz(T.sign(), 0), "an angle must be a real sum"),  # no slope
    ],
)
def test_refuses_to_read_what_it_has_no_gate_for(build, says):
    with pytest.raises(ValueError, match=says):
        Circuit.from_qiskit(qiskit_of(build))


def test_refuses_to_read_other_things():
    with pytest.raises(TypeError, match="must be a qiskit QuantumCircuit, not Circuit"):
        Circuit.from_qiskit(Circuit(1))
    with pytest.raises(TypeError, match="text must be a program in OpenQASM 3, not int"):
        Circuit.from_qasm3(3)
    with pytest.raises((ValueError, ImportError), match="Qiskit"):
        Circuit.from_qasm3("OPENQASM 3.0; qubit[2] q; nonsense q[0];")
    # a loop, and nothing: the package fails at them with errors of its own
    with pytest.raises((ValueError, ImportError), match="Qiskit"):
        Circuit.from_qasm3('include "stdgates.inc"; qubit[2] q; for int i in [0:1] { h q[i]; }')
    with pytest.raises(ValueError, match=r"Qiskit|n_qubits must be at least 1"):
        Circuit.from_qasm3("")


def test_writes_openqasm_3():
    theta = parameters("theta", 2)
    text = Circuit(2, bits=1).ry(theta[1] + 0.5, 0).cx(0, 1).measure(1, 0).x(0, where=0).to_qasm3()
    lines = text.splitlines()
    assert lines[0] == "OPENQASM 3.0;"
    assert {
        "input float[64] _theta_1_;",
        "cx _wire_0[0], _wire_1[0];",
        "bits[0] = measure _wire_1[0];",
    } <= set(lines)
    with pytest.raises(ValueError, match=r"circuit\.at\(i\)"):
        Circuit(1).rx([0.1, 0.2], 0).to_qasm3()


def test_reads_the_openqasm_3_that_qiskit_reads_by_itself():
    text = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; crz(0.5) q[1], q[0];'
    ours = Circuit.from_qasm3(text + " c[0] = measure q[0];")
    # Qiskit's q[0] is the least significant: the last wire
    assert repr(ours) == "Circuit(2, bits=2).h(1).cx(1, 0).crz(0.5, 0, 1).measure(1, 1)"


def test_openqasm_3_and_back():
    x, w = parameters("x", 2), parameters("w", 2, 2)
    circuit = Circuit(2).ry(x[1], 0).rz(2 * w[1, 0] - x[0] + 0.5, 1).rzz(Parameter("a"), 0, 1).cry(0.3, 1, 0)
    try:
        import qiskit_qasm3_import  # noqa: F401
    except ModuleNotFoundError:  # then Qiskit reads no inputs and no definitions, and we say what does
        with pytest.raises(ImportError, match="pip install qiskit-qasm3-import"):
            Circuit.from_qasm3(circuit.to_qasm3())
        with pytest.raises(ImportError, match="pip install qiskit-qasm3-import"):  # what it panics at
            Circuit.from_qasm3("OPENQASM 3.0; include 'stdgates.inc'; qubit q; x q;")
        return
    back = Circuit.from_qasm3(circuit.to_qasm3())
    assert set(back.parameters) == set(circuit.parameters)
    values = {"x": [0.1, 0.2], "a": 0.3, "w[1,0]": 0.4}
    np.testing.assert_allclose(back.bind(values).matrix(), circuit.bind(values).matrix(), atol=1e-12)
    measured = Circuit(2, bits=2).h(0).measure(0, 0).x(1, where=0).measure(1, 1)
    assert repr(Circuit.from_qasm3(measured.to_qasm3())) == repr(measured)
    assert len(read_qasm3("OPENQASM 3.0; input float[64] t; qubit q; U(t, pi/2, 0) q;").parameters) == 1


W, B, X = Parameter("w"), Parameter("b"), parameters("x", 2)
PRODUCTS = (
    Circuit(2)
    .h(0)
    .rz(W * X[0] + B, 0)
    .ry(2 * (np.pi - X[0]) * (np.pi - X[1]), 1)
    .crx(X[1] - 0.5 * W * B, 0, 1)
)


def test_products_go_there_and_come_back():
    theirs = PRODUCTS.to_qiskit()
    back = Circuit.from_qiskit(theirs)
    assert [step.angle for step in back.operations] == [step.angle for step in PRODUCTS.operations]
    values = {"w": 0.7, "x[0]": -1.1, "x[1]": 0.4, "b": 0.2}
    bound = theirs.assign_parameters({p: values[p.name] for p in theirs.parameters})
    state = PRODUCTS.bind(values).run()
    np.testing.assert_allclose(Statevector(bound).data, state, atol=1e-12)
    np.testing.assert_allclose(back.bind(values).run(), state, atol=1e-12)


def test_the_zz_map_of_qiskit_is_read_as_it_stands():
    from qiskit.circuit.library import zz_feature_map

    ours, theirs = Circuit.from_qiskit(zz_feature_map(3, reps=1)), zz_feature_map(3, reps=1)
    row = [0.3, -0.8, 1.9]
    assert {p.name for p in ours.parameters} == {"x[0]", "x[1]", "x[2]"}
    np.testing.assert_allclose(
        ours.bind({"x": row}).run(), Statevector(theirs.assign_parameters(row)).data, atol=1e-12
    )


def test_products_in_openqasm_come_back():
    text = PRODUCTS.to_qasm3()
    assert "rz(b + _x_0_*w)" in text
    try:
        import qiskit_qasm3_import  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(ImportError, match="pip install qiskit-qasm3-import"):
            Circuit.from_qasm3(text)
        return
    back = Circuit.from_qasm3(text)
    assert [step.name for step in back.operations] == [step.name for step in PRODUCTS.operations]
    values = {"w": 0.7, "x[0]": -1.1, "x[1]": 0.4, "b": 0.2}
    np.testing.assert_allclose(back.bind(values).run(), PRODUCTS.bind(values).run(), atol=1e-12)
