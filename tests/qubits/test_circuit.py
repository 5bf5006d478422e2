"""The circuit: three engines agree on every circuit the library can build, and nothing is built that cannot run."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings, strategies as st
from qiskit.quantum_info import Operator, Statevector
from qiskit_aer import AerSimulator

from qlearn.qubits import (
    Circuit,
    Parameter,
    bell_state,
    fidelity,
    ket,
    parameters,
    partial_trace,
    random_state,
)


def test_a_mask_is_kept_as_bool_and_a_bit_as_int():
    circuit = Circuit(1, bits=1).x(0, where=[0, 1]).measure(0, 0).z(0, where=np.int64(0))
    mask, measure, conditional = circuit.operations
    assert mask.where.dtype == bool
    assert measure.bit == 0
    assert isinstance(conditional.where, int)
    assert circuit.shape == (2,)


def test_a_measurement_is_of_one_wire():
    with pytest.raises(TypeError, match=r"wire must be whole numbers, not \[0, 1\]"):
        Circuit(2, bits=1).measure([0, 1], 0)


PLAIN = ("x", "y", "z", "h", "s", "sdg", "t", "tdg")
TURNS = ("rx", "ry", "rz", "p")
PAIRS = ("cx", "cz", "swap")
PAIR_TURNS = ("cp", "crx", "cry", "crz", "rxx", "ryy", "rzz")


@st.composite
def circuits(draw, measured=False):
    """Random circuits over the whole vocabulary, on 1 to 4 wires."""
    n = draw(st.integers(1, 4))
    circuit = Circuit(n, bits=2 if measured else 0)
    written: list[int] = []
    angles = st.floats(-7, 7, allow_nan=False)
    for _ in range(draw(st.integers(1, 10))):
        kinds = ["plain", "turn", "unitary"] + (["pair", "pair turn", "unitary2"] if n > 1 else [])
        kinds += ["ccx"] if n > 2 else []
        kinds += ["measure"] if measured else []
        kind = draw(st.sampled_from(kinds))
        wires = draw(st.permutations(range(n)))
        where = draw(st.sampled_from([None, *written]))
        seed = draw(st.integers(0, 2**32 - 1))
        if kind == "measure":
            bit = draw(st.integers(0, 1))
            circuit = circuit.measure(wires[0], bit)
            written.append(bit)
        elif kind == "plain":
            circuit = getattr(circuit, draw(st.sampled_from(PLAIN)))(wires[0], where=where)
        elif kind == "turn":
            circuit = getattr(circuit, draw(st.sampled_from(TURNS)))(draw(angles), wires[0], where=where)
        elif kind == "pair":
            circuit = getattr(circuit, draw(st.sampled_from(PAIRS)))(*wires[:2], where=where)
        elif kind == "pair turn":
            circuit = getattr(circuit, draw(st.sampled_from(PAIR_TURNS)))(
                draw(angles), *wires[:2], where=where
            )
        elif kind == "ccx":
            circuit = circuit.ccx(*wires[:3], where=where)
        else:
            k = 1 if kind == "unitary" else 2
            circuit = circuit.unitary(haar(k, seed), *wires[:k], where=where)
    return circuit if written or not measured else circuit.measure(0, 0)


def haar(n, seed):
    return np.linalg.qr(random_state(n, size=2**n, rng=seed))[0]


@given(circuits())
@settings(max_examples=150)
def test_states_agree_with_qiskit_and_pennylane(circuit):
    ours = circuit.run()
    np.testing.assert_allclose(ours, Statevector(circuit.to_qiskit()).data, atol=1e-12)
    np.testing.assert_allclose(ours, circuit.to_pennylane()(), atol=1e-12)


def freed(circuit, rng):
    """The circuit with an expression for each angle, and values that make it the same circuit again."""
    theta, steps, values = parameters("theta", 3), [], rng.uniform(-3, 3, 4)
    for step in circuit.operations:
        if step.angle is not None:
            place, weight = rng.integers(3), rng.uniform(-2, 2)
            angle = weight * theta[place] + Parameter("a") / 2
            step = replace(step, angle=angle + float(step.angle - weight * values[place] - values[3] / 2))
        steps.append(step)
    free = replace(circuit, operations=tuple(steps))
    return free, {p: values[p.index[0] if p.index else 3] for p in free.parameters}


@given(circuits(), st.integers(0, 2**32 - 1))
def test_a_free_circuit_bound_anywhere_is_the_circuit_with_numbers(circuit, seed):
    free, values = freed(circuit, np.random.default_rng(seed))
    ours = circuit.run()
    np.testing.assert_allclose(free.bind(values).run(), ours, atol=1e-12)
    np.testing.assert_allclose(free.bind([values[p] for p in free.parameters]).run(), ours, atol=1e-12)
    theirs = free.to_qiskit()
    assert {p.name for p in theirs.parameters} == {p.name for p in values}
    theirs = theirs.assign_parameters({p.name: value for p, value in values.items()}, strict=False)
    np.testing.assert_allclose(ours, Statevector(theirs).data, atol=1e-12)
    node = free.to_pennylane()
    np.testing.assert_allclose(node(np.array([values[p] for p in free.parameters])), ours, atol=1e-12)


@given(circuits(), st.integers(0, 2**32 - 1))
def test_qiskit_and_back_is_the_same_circuit(circuit, seed):
    assert repr(Circuit.from_qiskit(circuit.to_qiskit())) == repr(circuit)
    np.testing.assert_array_equal(Circuit.from_qiskit(circuit.to_qiskit()).run(), circuit.run())
    free, values = freed(circuit, np.random.default_rng(seed))
    back = Circuit.from_qiskit(free.to_qiskit())
    assert set(back.parameters) == set(free.parameters)
    np.testing.assert_allclose(back.bind(values).run(), circuit.run(), atol=1e-12)


@given(circuits(measured=True))
@settings(max_examples=30)
def test_qiskit_and_back_keeps_measurements_and_conditions(circuit):
    assert repr(Circuit.from_qiskit(circuit.to_qiskit())) == repr(circuit)


@given(circuits())
def test_the_matrix_is_qiskits_and_unitary(circuit):
    matrix = circuit.matrix()
    np.testing.assert_allclose(matrix, Operator(circuit.to_qiskit()).data, atol=1e-12)
    np.testing.assert_allclose(matrix @ matrix.conj().T, np.eye(len(matrix)), atol=1e-12)


@given(circuits(), st.integers(0, 2**32 - 1))
def test_the_inverse_undoes(circuit, seed):
    states = random_state(circuit.n_qubits, size=3, rng=seed)
    np.testing.assert_allclose(circuit.then(circuit.inverse()).run(states), states, atol=1e-12)


@given(circuits(measured=True))
@settings(max_examples=15, deadline=None, phases=[Phase.generate])
def test_samples_agree_with_aer_and_pennylane(circuit):
    # Each engine draws n = 1000 samples of 2 bits. Each of 4 frequencies differs by more than
    # 6 sd of a difference, 6 sqrt(2 * 0.25 / n) = 0.134, with probability below 2e-9.
    n = 1000
    _, bits = circuit.run(np.broadcast_to(np.eye(1, 2**circuit.n_qubits)[0], (n, 2**circuit.n_qubits)), rng=1)
    counts = AerSimulator(seed_simulator=2).run(circuit.to_qiskit(), shots=n).result().get_counts()
    aer = np.array([counts.get(word, 0) for word in ("00", "01", "10", "11")]) / n
    lane = np.bincount(circuit.to_pennylane(shots=n)() @ [2, 1], minlength=4) / n
    ours = np.bincount(bits @ np.array([2, 1]), minlength=4) / n
    assert np.abs(ours - aer).max() < 0.134
    assert np.abs(ours - lane).max() < 0.134


def test_wire_0_is_leftmost_and_most_significant():
    np.testing.assert_array_equal(Circuit(2).x(0).run(), ket("10"))
    assert Circuit(2).x(0).run().argmax() == 2


def test_a_count_reads_like_our_bits():
    circuit = Circuit(2, bits=2).x(0).measure(0, 0).measure(1, 1)
    assert AerSimulator().run(circuit.to_qiskit(), shots=3).result().get_counts() == {"10": 3}
    assert circuit.run().bits.tolist() == [1, 0]
    assert circuit.to_pennylane(shots=2)().tolist() == [[1, 0], [1, 0]]


def test_a_batch_is_its_elements():
    rng = np.random.default_rng(3)
    angles, masks = rng.uniform(-3, 3, (4, 5)), rng.integers(0, 2, 5)
    matrices = np.stack([haar(2, seed) for seed in range(5)])
    circuit = (
        Circuit(3)
        .ry(angles, 0)
        .cx(0, 1)
        .h(2, where=masks)
        .unitary(matrices, 2, 0)
        .cp(angles, 1, 2, where=masks)
        .rxx(angles, 0, 2)
        .rzz(angles, 2, 1, where=masks)
        .cry(angles, 2, 0)
    )
    together = circuit.run()
    assert together.shape == (4, 5, 8)
    for i, j in np.ndindex(4, 5):
        np.testing.assert_allclose(together[i, j], circuit.at((i, j)).run(), atol=1e-14)
        np.testing.assert_allclose(
            together[i, j], Statevector(circuit.at((i, j)).to_qiskit()).data, atol=1e-12
        )
    np.testing.assert_allclose(circuit.matrix()[2, 3], circuit.at((2, 3)).matrix(), atol=1e-14)


def test_states_in_states_out():
    states = random_state(2, size=(3, 2), rng=0)
    before = states.copy()
    after = Circuit(2).h(0).cx(0, 1).run(states)
    assert after.shape == (3, 2, 4)
    np.testing.assert_array_equal(states, before)


def test_array_angles_stay_a_batch_in_pennylane():
    circuit = Circuit(2).ry([0.1, 0.2, 0.3], 0).cx(0, 1)
    np.testing.assert_allclose(circuit.to_pennylane()(), circuit.run(), atol=1e-12)


def test_a_circuit_is_immutable():
    empty = Circuit(1)
    longer = empty.h(0)
    assert empty.operations == ()
    assert len(longer.operations) == 1
    with pytest.raises(AttributeError):
        empty.bits = 3
    angles = np.zeros(3)
    turned = Circuit(1).ry(angles, 0)
    angles += 1
    np.testing.assert_array_equal(turned.run()[:, 0], 1)


def test_classical_control_makes_teleportation():
    circuit = (
        Circuit(3, bits=2).h(1).cx(1, 2).cx(0, 1).h(0).measure(0, 0).measure(1, 1).x(2, where=1).z(2, where=0)
    )
    psi = random_state(1, size=500, rng=1)
    after, bits = circuit.run(np.kron(psi, ket("00")), rng=2)
    np.testing.assert_allclose(fidelity(partial_trace(after, 2), psi), 1, atol=1e-12)
    # each of the four results has probability 1/4: 500 draws, sd 0.019, 6 sd
    np.testing.assert_allclose(np.bincount(bits @ [2, 1]) / 500, 1 / 4, atol=0.12)


def test_measurement_leaves_what_it_saw():
    state, bits = Circuit(2, bits=1).h(0).cx(0, 1).measure(0, 0).run(np.tile(ket("00"), (50, 1)), rng=4)
    np.testing.assert_allclose(np.abs(state[np.arange(50), 3 * bits[:, 0]]), 1, atol=1e-12)
    assert 0 < bits.mean() < 1


def test_the_same_seed_gives_the_same_run():
    circuit = Circuit(1, bits=1).h(0, where=np.ones(64)).measure(0, 0)
    np.testing.assert_array_equal(circuit.run(rng=5).bits, circuit.run(rng=5).bits)


def test_what_a_circuit_says():
    circuit = Circuit(2, bits=1).rx(0.5, 0).ry([1, 2], 1).measure(0, 0).x(1, where=0)
    assert repr(circuit) == "Circuit(2, bits=1).rx(0.5, 0).ry(<array (2,)>, 1).measure(0, 0).x(1, where=0)"
    assert "unitary(..., 0)" in repr(Circuit(1).unitary(np.eye(2), 0))
    np.testing.assert_allclose(Circuit(2).h(0).cx(0, 1).run(), bell_state("phi+"), atol=1e-15)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: Circuit(0), "n_qubits must be at least 1"),
        (lambda: Circuit(1, bits=-1), "bits must be at least 0"),
        (lambda: Circuit(2).h(2), "must lie in 0 to 1"),
        (lambda: Circuit(2).cx(1, 1), "different wires"),
        (lambda: Circuit(1).rx(np.nan, 0), "angle of rx must be finite"),
        (lambda: Circuit(1).unitary(np.ones((2, 2)), 0), "must be unitary"),
        (lambda: Circuit(1).unitary(np.full((2, 2), np.nan), 0), "must be unitary"),
        (lambda: Circuit(2).unitary(np.eye(2), 0, 1), r"shape \(..., 4, 4\)"),
        (lambda: Circuit(1).measure(0, 0), "one of the circuit's 0 bits"),
        (lambda: Circuit(1, bits=1).x(0, where=0), "must have been measured earlier"),
        (lambda: Circuit(1).x(0, where=[0, 2]), "mask of 0 and 1"),
        (lambda: Circuit(1).rx([1, 2, 3], 0).ry([1, 2], 0), "does not broadcast"),
        (lambda: Circuit(1).then(Circuit(2)), "other must have 1 qubits"),
        (lambda: Circuit(1).run([1, 1]), "normalised"),
        (lambda: Circuit(1).run([1, np.nan]), "finite"),
        (lambda: Circuit(2).run([1, 0]), "4 amplitudes for 2 qubits"),
        (lambda: Circuit(40).run(), "at most 30, not 40"),
        (lambda: Circuit(1).rx([1, 2, 3], 0).run(np.eye(2)), "do not broadcast"),
        (lambda: Circuit(1, bits=1).measure(0, 0).inverse(), "cannot be undone"),
        (lambda: Circuit(1, bits=1).measure(0, 0).matrix(), "has no matrix"),
        (lambda: Circuit(1).rx([1, 2], 0).at(2), "one element of the batch"),
        (lambda: Circuit(1).rx([1, 2], 0).to_qiskit(), r"circuit.at\(i\)"),
        (lambda: Circuit(1).rx([1, 2], 0).draw(), r"circuit.at\(i\)"),
        (lambda: Circuit(1).x(0, where=[0, 1]).to_pennylane(), r"circuit.at\(i\)"),
        (lambda: Circuit(1).rx(np.ones((2, 2)), 0).to_pennylane(), "one axis"),
        (lambda: Circuit(1, bits=1).measure(0, 0).to_pennylane(), "shots must be given"),
        (lambda: Circuit(1).to_pennylane(shots=3), "shots must be None"),
        (lambda: Circuit(1, bits=1).to_pennylane(shots=3), "measures nothing"),
    ],
)
def test_refuses(build, says):
    with pytest.raises(ValueError, match=says):
        build()


@pytest.mark.parametrize(
    "build", [lambda: Circuit(1.5), lambda: Circuit(2).h("a"), lambda: Circuit(1, bits=1).measure(0, 0.5)]
)
def test_refuses_other_types(build):
    with pytest.raises(TypeError, match="whole number"):
        build()


def test_importing_circuits_loads_neither_qiskit_nor_pennylane():
    line = (
        "import sys; from qlearn.qubits import Circuit; Circuit(2).h(0).run(); "
        "print([sdk for sdk in ('qiskit', 'pennylane', 'matplotlib', 'scipy') if sdk in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_a_circuit_follows_on_some_wires():
    part = Circuit(2, bits=1).ry(0.3, 0).cx(0, 1).measure(1, 0)
    by_hand = Circuit(4, bits=1).h(3).ry(0.3, 3).cx(3, 1).measure(1, 0)
    assert repr(Circuit(4).h(3).then(part, wires=[3, 1])) == repr(by_hand)
    assert repr(Circuit(2).then(Circuit(1).x(0), wires=1)) == repr(Circuit(2).x(1))
    swap = np.eye(4)[[0, 2, 1, 3]]
    turned = Circuit(2).unitary(np.kron(np.eye(2), [[0, 1], [1, 0]]), 0, 1)
    np.testing.assert_allclose(
        Circuit(2).then(turned, wires=[1, 0]).matrix(), swap @ turned.matrix() @ swap, atol=1e-12
    )


def test_a_circuit_does_not_follow_on_wires_that_do_not_fit():
    with pytest.raises(
        ValueError, match=r"other must have 3 qubits like this circuit, not 2; then\(other, wires"
    ):
        Circuit(3).then(Circuit(2))
    with pytest.raises(ValueError, match="wires must name 2 wires, one for each of other, not 3"):
        Circuit(3).then(Circuit(2), wires=[0, 1, 2])
    with pytest.raises(ValueError, match="wires must lie in 0 to 2"):
        Circuit(3).then(Circuit(2), wires=[2, 3])
