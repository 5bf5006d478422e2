"""Channels: Qiskit, Aer and PennyLane are the oracles; trace and positivity survive whatever is applied.

The Bloch ball: the affine map says the same as the channel, for every state.

Fidelity of a channel: Qiskit's, and what surroundings can and cannot do.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import (
    PTM,
    DensityMatrix,
    Kraus,
    SuperOp,
    average_gate_fidelity,
    process_fidelity,
    random_quantum_channel,
)
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error

from qlearn.qubits import (
    Circuit,
    bell_state,
    density,
    expectation,
    fidelity,
    ket,
    partial_trace,
    random_state,
)
from qlearn.qubits.entanglement import concurrence
from qlearn.qubits.noise import (
    Channel,
    amplitude_damping,
    bit_flip,
    bloch_map,
    choi,
    depolarising,
    entanglement_fidelity,
    erasure,
    pauli_channel,
    phase_damping,
    phase_flip,
    thermal_relaxation,
    trace_distance,
)

seeds = st.integers(0, 2**31 - 1)


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


def point(rho):
    return np.stack([expectation(rho, letter) for letter in "XYZ"], axis=-1)


@given(seeds)
def test_moves_every_state_where_the_channel_does(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(2, 2, seed=seed)).data))
    rho = density(random_state(1, size=2, rng=seed)).mean(0)
    matrix, shift = bloch_map(channel)
    np.testing.assert_allclose(matrix @ point(rho) + shift, point(channel.apply(rho)), atol=1e-9)


@given(seeds)
def test_is_qiskits_pauli_transfer_matrix(seed):
    theirs = random_quantum_channel(2, 2, seed=seed)
    matrix, shift = bloch_map(Channel(np.array(Kraus(theirs).data)))
    whole = PTM(theirs).data.real
    np.testing.assert_allclose(matrix, whole[1:, 1:], atol=1e-9)
    np.testing.assert_allclose(shift, whole[1:, 0], atol=1e-9)


def test_closed_forms():
    p = 0.2
    for channel, scales, move in (
        (bit_flip(p), (1, 1 - 2 * p, 1 - 2 * p), 0),
        (phase_flip(p), (1 - 2 * p, 1 - 2 * p, 1), 0),
        (depolarising(p), (1 - p, 1 - p, 1 - p), 0),
        (amplitude_damping(p), (np.sqrt(1 - p), np.sqrt(1 - p), 1 - p), p),
        (
            thermal_relaxation(1, 2, 3, 0.1),
            (np.exp(-1 / 3), np.exp(-1 / 3), np.exp(-1 / 2)),
            0.8 * -np.expm1(-0.5),
        ),
    ):
        matrix, shift = bloch_map(channel)
        np.testing.assert_allclose(matrix, np.diag(scales), atol=1e-12)
        np.testing.assert_allclose(shift, [0, 0, move], atol=1e-12)


def test_a_channel_may_mirror_the_ball():
    matrix, shift = bloch_map(pauli_channel(1 / 3, 1 / 3, 1 / 3))
    np.testing.assert_allclose(matrix, -np.eye(3) / 3, atol=1e-12)
    np.testing.assert_allclose(shift, 0, atol=1e-12)
    assert np.linalg.det(matrix) < 0  # no turn and no shrinking alone


def test_batches():
    matrix, shift = bloch_map(amplitude_damping(np.linspace(0, 1, 4)))
    assert matrix.shape == (4, 3, 3)
    assert shift.shape == (4, 3)


def test_refuses_two_qubits():
    with pytest.raises(ValueError, match="channel must act on one qubit to have a Bloch ball, not on 2"):
        bloch_map(depolarising(0.1, 2))


@given(seeds, st.integers(1, 2))
def test_fidelity_of_a_channel_is_qiskits(seed, n):
    theirs = random_quantum_channel(2**n, 2**n, rank=2, seed=seed)
    ours = Channel(np.array(Kraus(theirs).data))
    value = entanglement_fidelity(ours)
    np.testing.assert_allclose(value, process_fidelity(theirs), atol=1e-9)
    np.testing.assert_allclose((2**n * value + 1) / (2**n + 1), average_gate_fidelity(theirs), atol=1e-9)


@given(seeds)
def test_fidelity_of_a_channel_is_that_of_half_a_pair(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(2, 2, seed=seed)).data))
    pair = bell_state("phi+")
    np.testing.assert_allclose(
        entanglement_fidelity(channel), fidelity(pair, channel.apply(pair, 1)), atol=1e-9
    )


def test_fidelities_of_channels_in_closed_form():
    p = np.linspace(0, 1, 5)
    np.testing.assert_allclose(entanglement_fidelity(depolarising(p)), 1 - 3 * p / 4, atol=1e-12)
    np.testing.assert_allclose(entanglement_fidelity(phase_flip(p)), 1 - p, atol=1e-12)
    assert entanglement_fidelity(erasure(0.0)) == 1


def test_half_of_a_pair_is_the_worst_input_of_pauli_noise_and_not_of_a_fall():
    # closed forms of T1 = T2 = 100 after 5: half of phi+ keeps (1 + 3x)/4, a plain 1 keeps x
    x = np.exp(-0.05)
    waiting = thermal_relaxation(5, 100, 100)
    half = entanglement_fidelity(waiting)
    np.testing.assert_allclose(half, (1 + 3 * x) / 4, atol=1e-12)
    np.testing.assert_allclose(fidelity(ket("1"), waiting.apply(ket("1"))), x, atol=1e-12)
    skew = np.sqrt([0.1, 0, 0, 0.9])
    seen = fidelity(skew, waiting.apply(skew, 1))
    np.testing.assert_allclose(seen, 0.01 + 0.99 * x, atol=1e-12)
    assert x < seen < half


@given(seeds)
def test_pauli_noise_keeps_every_input_at_least_as_well(seed):
    rng = np.random.default_rng(seed)
    channel = pauli_channel(*rng.dirichlet(np.ones(4))[:3])
    inputs = random_state(2, size=20, rng=rng)  # entangled with another qubit, more or less
    assert fidelity(inputs, channel.apply(inputs, 1)).min() >= entanglement_fidelity(channel) - 1e-9


def test_what_can_be_told_and_what_can_interfere_share_one_budget_only_if_0_and_1_stay():
    theta = np.linspace(0, np.pi, 7)
    turned = Circuit(2).ry(theta / 2, 1).cx(0, 1).ry(-theta / 2, 1).cx(0, 1)
    gamma = np.sin(theta / 2) ** 2
    for gate, due in ((turned, np.ones(7)), (turned.cx(1, 0), 1 - gamma + gamma**2)):
        zero, one = (partial_trace(gate.run(ket(word)), keep=1) for word in ("00", "10"))
        left = expectation(partial_trace(gate.run(ket("+0")), keep=0), "X")
        np.testing.assert_allclose(trace_distance(zero, one) ** 2 + left**2, due, atol=1e-12)


def test_twelve_turns_twirl_a_fall_into_depolarising_noise_of_the_same_number():
    x, y, z = (getattr(Circuit(1), name)(0).matrix() for name in "xyz")
    third = (np.eye(2) - 1j * (x + y + z)) / 2
    turns = [np.linalg.matrix_power(third, k) @ p for p in (np.eye(2), x, y, z) for k in range(3)]
    kraus = amplitude_damping(0.36).kraus
    twirled = Channel([t.conj().T @ k @ t / np.sqrt(12) for t in turns for k in kraus])
    number = entanglement_fidelity(amplitude_damping(0.36))
    np.testing.assert_allclose(choi(twirled), choi(depolarising(4 * (1 - number) / 3)), atol=1e-12)


def test_the_mean_fidelity_of_random_states_follows():
    # n = 4,000 states, sd of the fidelity below 0.1: 6 sigma of the mean is 0.0095, false alarm 2e-9
    channel = phase_flip(0.3)
    states = random_state(1, size=4000, rng=1)
    mean = fidelity(states, channel.apply(states)).mean()
    assert abs(mean - (2 * 0.7 + 1) / 3) < 0.0095


def test_surroundings_that_knew_the_qubit_are_no_channel():
    # two starts without any entanglement, in which wire 0 is the same coin; wire 1 then flips it
    meet = Circuit(2).cx(1, 0).matrix()
    fresh = np.kron(np.eye(2) / 2, density(ket("0")))
    letters = (density(ket("00")) + density(ket("11"))) / 2
    assert concurrence(fresh) == pytest.approx(0, abs=1e-12)
    assert concurrence(letters) == pytest.approx(0, abs=1e-12)
    before, after = (
        [partial_trace(gate @ start @ gate.T, keep=0) for start in (fresh, letters)]
        for gate in (np.eye(4), meet)
    )
    assert trace_distance(*before) == pytest.approx(0, abs=1e-12)
    assert trace_distance(*after) == pytest.approx(1 / 2)  # grown: no map of wire 0 alone did this
    np.testing.assert_allclose(after[1], density(ket("0")), atol=1e-12)


@given(seeds)
def test_fresh_surroundings_never_help_to_tell_apart(seed):
    rng = np.random.default_rng(seed)
    gate = np.linalg.qr(rng.normal(size=(8, 8)) + 1j * rng.normal(size=(8, 8)))[0]
    a, b = (density(random_state(2, size=3, rng=rng)).mean(0) for _ in range(2))
    atom = density(random_state(1, rng=rng))
    after = [partial_trace(gate @ np.kron(start, atom) @ gate.conj().T, [0, 1]) for start in (a, b)]
    assert trace_distance(*after) <= trace_distance(a, b) + 1e-10
