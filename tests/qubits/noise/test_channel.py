"""Channels: Qiskit, Aer and PennyLane are the oracles; trace and positivity survive whatever is applied."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import DensityMatrix, Kraus, SuperOp, random_quantum_channel
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error

from qlearn.qubits import Circuit, density, ket, random_state
from qlearn.qubits.noise import Channel, amplitude_damping, bit_flip, choi, depolarising, phase_damping

seeds = st.integers(0, 2**32 - 1)


def random_channel(n, operators, seed):
    """The first columns of a random unitary on qubits and surroundings, cut into operators."""
    d = 1 << n
    rng = np.random.default_rng(seed)
    shape = (operators * d, d)
    q, _ = np.linalg.qr(rng.normal(size=shape) + 1j * rng.normal(size=shape))
    return Channel(q.reshape(operators, d, d))


def mixed(n, seed):
    return density(random_state(n, size=3, rng=seed)).mean(0)


def assert_state(rho):
    np.testing.assert_allclose(np.trace(rho, axis1=-2, axis2=-1), 1, atol=1e-10)
    np.testing.assert_allclose(rho, np.swapaxes(rho, -1, -2).conj(), atol=1e-10)
    assert np.linalg.eigvalsh(rho).min() > -1e-10


@given(seeds, st.integers(1, 2), st.integers(1, 5), st.permutations(range(3)))
def test_apply_is_qiskits_on_any_wires(seed, k, operators, order):
    channel, rho = random_channel(k, operators, seed), mixed(3, seed)
    wires = order[:k]
    # Qiskit counts wires from the other end, and the last of a list is its most significant
    expected = DensityMatrix(rho).evolve(Kraus(list(channel.kraus)), [2 - wire for wire in reversed(wires)])
    got = channel.apply(rho, wires)
    np.testing.assert_allclose(got, expected.data, atol=1e-12)
    assert_state(got)


@given(seeds, st.integers(1, 2))
def test_superoperator_is_qiskits_in_the_order_of_rows(seed, n):
    channel = random_channel(n, 3, seed)
    d = 1 << n
    columns = np.arange(d * d).reshape(d, d).T.ravel()
    expected = SuperOp(Kraus(list(channel.kraus))).data[np.ix_(columns, columns)]
    np.testing.assert_allclose(channel.superoperator(), expected, atol=1e-12)


@given(st.integers(0, 2**31 - 1))
def test_qiskits_random_channels_are_channels(seed):
    theirs = random_quantum_channel(2, 2, rank=3, seed=seed)
    ours = Channel(np.array(Kraus(theirs).data))
    rho = mixed(1, seed)
    np.testing.assert_allclose(ours.apply(rho), DensityMatrix(rho).evolve(theirs).data, atol=1e-10)


@given(seeds)
def test_then_and_beside_are_qiskits(seed):
    a, b = random_channel(1, 2, seed), random_channel(1, 3, seed + 1)
    qa, qb = Kraus(list(a.kraus)), Kraus(list(b.kraus))
    d = np.arange(4).reshape(2, 2).T.ravel()
    np.testing.assert_allclose(
        a.then(b).superoperator(), SuperOp(qa.compose(qb)).data[np.ix_(d, d)], atol=1e-12
    )
    rho = mixed(2, seed)
    np.testing.assert_allclose(a.beside(b).apply(rho), b.apply(a.apply(rho, 0), 1), atol=1e-12)
    np.testing.assert_allclose(
        a.beside(b).apply(rho), DensityMatrix(rho).evolve(qa.tensor(qb)).data, atol=1e-12
    )


@given(seeds)
def test_composition_is_associative_and_wide_channels_compose(seed):
    a, b, c = (random_channel(2, 2, seed + i) for i in range(3))
    rho = mixed(2, seed)
    one, other = a.then(b).then(c), a.then(b.then(c))
    np.testing.assert_allclose(one.apply(rho), other.apply(rho), atol=1e-12)
    np.testing.assert_allclose(one.apply(rho), c.apply(b.apply(a.apply(rho))), atol=1e-12)


def test_a_unitary_is_a_channel_with_one_operator():
    circuit = Circuit(2).h(0).cx(0, 1).ry(0.3, 1)
    states = random_state(2, size=5, rng=1)
    np.testing.assert_allclose(
        Channel([circuit.matrix()]).apply(states), density(circuit.run(states)), atol=1e-12
    )


def test_the_first_wire_is_the_operators_most_significant_bit():
    swapped = Channel([Circuit(2).cx(0, 1).matrix()])
    np.testing.assert_allclose(swapped.apply(ket("01"), [1, 0]), density(ket("11")), atol=1e-12)
    np.testing.assert_allclose(swapped.apply(ket("01"), [0, 1]), density(ket("01")), atol=1e-12)


def test_batches_of_states_and_of_channels_broadcast():
    states = random_state(2, size=(4, 1), rng=2)
    channel = amplitude_damping([0.1, 0.2, 0.3])
    got = channel.apply(states, 1)
    assert got.shape == (4, 3, 4, 4)
    for i in range(4):
        for j, gamma in enumerate((0.1, 0.2, 0.3)):
            np.testing.assert_allclose(got[i, j], amplitude_damping(gamma).apply(states[i, 0], 1), atol=1e-12)
    assert channel.then(bit_flip(0.1)).shape == (3,)
    assert bit_flip([[0.1], [0.2]]).beside(channel).shape == (2, 3)


def test_noise_on_one_half_leaves_the_other_alone():
    rho = mixed(2, 5)
    keep = np.einsum("abcb->ac", rho.reshape(2, 2, 2, 2))
    after = np.einsum("abcb->ac", random_channel(1, 3, 8).apply(rho, 1).reshape(2, 2, 2, 2))
    np.testing.assert_allclose(after, keep, atol=1e-12)


def test_a_noisy_circuit_is_aers():
    # depolarising noise after each gate of a Bell pair, the same noise model in Aer
    p = 0.07
    model = NoiseModel()
    model.add_all_qubit_quantum_error(depolarizing_error(p, 1), ["h"])
    model.add_all_qubit_quantum_error(depolarizing_error(p, 2), ["cx"])
    circuit = QuantumCircuit(2)
    circuit.h(1)
    circuit.cx(1, 0)
    circuit.save_density_matrix()
    backend = AerSimulator(method="density_matrix", noise_model=model)
    theirs = np.asarray(backend.run(circuit).result().data()["density_matrix"])
    rho = depolarising(p).apply(Circuit(2).h(0).run(), 0)
    rho = Channel([Circuit(2).cx(0, 1).matrix()]).then(depolarising(p, 2)).apply(rho)
    np.testing.assert_allclose(rho, theirs, atol=1e-12)


@given(seeds)
def test_apply_is_pennylanes_on_default_mixed(seed):
    channel, rho = random_channel(1, 3, seed), mixed(2, seed)

    @qml.qnode(qml.device("default.mixed", wires=2))
    def circuit():
        qml.QubitDensityMatrix(rho, wires=[0, 1])
        qml.QubitChannel(list(channel.kraus), wires=1)
        return qml.density_matrix([0, 1])

    np.testing.assert_allclose(channel.apply(rho, 1), circuit(), atol=1e-10)


def test_the_operators_are_not_to_be_changed():
    kraus = np.array([np.eye(2)])
    channel = Channel(kraus)
    kraus[0, 0, 0] = 5
    assert channel.kraus[0, 0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        channel.kraus[0, 0, 0] = 5


def test_says_what_it_is():
    assert repr(phase_damping([0.1, 0.2])) == "Channel(n_qubits=1, shape=(2,), operators=2)"
    assert choi(phase_damping([0.1, 0.2])).shape == (2, 4, 4)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Channel(np.eye(2)), r"kraus must be a list of square matrices.*\(2, 2\)"),
        (lambda: Channel(np.ones((1, 2, 4))), "kraus must be a list of square"),
        (lambda: Channel([["a"]]), "kraus must be a list of square"),
        (lambda: Channel([np.eye(3)]), "kraus must have 2, 4, 8"),
        (lambda: Channel([np.eye(2) * np.nan]), "kraus must be finite"),
        (lambda: Channel([np.eye(2), np.eye(2)]), "kraus must keep the trace.*off by 1"),
        (lambda: Channel(np.zeros((0, 2, 2))), "kraus must keep the trace"),
        (lambda: bit_flip(0.1).apply(ket("00")), "wires must be 1, as many as the channel acts on, not 2"),
        (lambda: bit_flip(0.1).apply(ket("00"), 2), "wires must lie in 0 to 1"),
        (lambda: bit_flip(0.1).apply([1, 1]), "normalised"),
        (lambda: bit_flip([0.1, 0.2]).apply([ket("0")] * 3), r"state of batch shape \(3,\)"),
        (lambda: bit_flip(0.1).then(depolarising(0.1, 2)), "other must act on 1 qubits"),
        (lambda: bit_flip([0.1] * 2).then(bit_flip([0.1] * 3)), r"other of batch shape \(3,\)"),
        (lambda: bit_flip([0.1] * 2).beside(bit_flip([0.1] * 3)), r"other of batch shape \(3,\)"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
