"""States with a name: Qiskit's Bell states in the order of the teleportation bits, Werner's noise, GHZ.

The tapped pair: Qiskit's channels, pairs measured one by one, and all that the probe can know.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import (
    DensityMatrix,
    Kraus,
    Statevector,
    entropy as qiskit_entropy,
    mutual_information,
)

from qlearn.communication import teleportation
from qlearn.qubits import (
    BELL_NAMES,
    Circuit,
    bell_state,
    density,
    expectation,
    fidelity,
    helstrom,
    ket,
    measure,
    partial_trace,
    random_state,
)
from qlearn.qubits.entanglement import (
    chsh,
    chsh_at,
    concurrence,
    direction,
    entropy,
    ghz,
    measure_half,
    probe,
    werner,
)


@pytest.mark.parametrize("number", range(4))
def test_number_2z_plus_x_is_one_pauli_away_from_phi_plus(number):
    z, x = divmod(number, 2)
    circuit = Circuit(2).h(0).cx(0, 1).x(0, where=bool(x)).z(0, where=bool(z))
    assert fidelity(circuit.run(), bell_state(BELL_NAMES[number])) == pytest.approx(1)
    assert fidelity(Statevector(circuit.to_qiskit()).data, bell_state(BELL_NAMES[number])) == pytest.approx(1)


@pytest.mark.parametrize("name", BELL_NAMES)
def test_each_half_alone_is_maximally_mixed(name):
    np.testing.assert_allclose(partial_trace(bell_state(name), 0), np.eye(2) / 2, atol=1e-15)
    assert qiskit_entropy(partial_trace(bell_state(name), 1)) == pytest.approx(1)


def test_the_four_are_a_basis_and_each_call_gives_a_copy():
    columns = np.stack([bell_state(name) for name in BELL_NAMES])
    np.testing.assert_allclose(columns @ columns.conj().T, np.eye(4), atol=1e-15)
    bell_state("phi+")[0] = 7
    assert abs(bell_state("phi+")[0]) < 1


def test_werner_is_a_batch_of_noisy_pairs():
    fractions = np.linspace(0, 1, 5)
    pairs = werner(fractions)
    assert pairs.shape == (5, 4, 4)
    weights = [fidelity(bell_state(name), pairs) for name in BELL_NAMES]
    np.testing.assert_allclose(weights, [fractions, *[(1 - fractions) / 3] * 3], atol=1e-15)
    np.testing.assert_array_equal(werner(0.25), pairs[1])


def test_teleportation_has_the_same_werner():
    assert teleportation.werner is werner


@pytest.mark.parametrize("n", [2, 3, 5])
def test_ghz_is_the_fan_of_cnots_and_loses_all_with_one_qubit(n):
    circuit = Circuit(n).h(0)
    for wire in range(1, n):
        circuit = circuit.cx(0, wire)
    np.testing.assert_allclose(ghz(n), circuit.run(), atol=1e-15)
    left = partial_trace(ghz(n), range(n - 1))
    coin = np.zeros((1 << (n - 1),) * 2)
    coin[0, 0] = coin[-1, -1] = 0.5
    np.testing.assert_allclose(left, coin, atol=1e-15)


def test_ghz_of_two_is_a_bell_state():
    np.testing.assert_allclose(density(ghz(2)), density(bell_state("phi+")), atol=1e-15)


def test_refuses():
    with pytest.raises(ValueError, match=r"phi\+, psi\+, phi-, psi-"):
        bell_state("bell")
    with pytest.raises(ValueError, match=r"f must be fidelities between 0 and 1, not 1\.2"):
        werner([0.5, 1.2])
    with pytest.raises(ValueError, match="f must be fidelities between 0 and 1, not nan"):
        werner(np.nan)
    with pytest.raises(TypeError, match="f must be fidelities"):
        werner("0.9")
    with pytest.raises(ValueError, match="n_qubits must be at least 2, not 1"):
        ghz(1)
    with pytest.raises(ValueError, match=r"n_qubits must be at most 30, not 40: .* 16,384 GiB"):
        ghz(40)
    with pytest.raises(TypeError, match="n_qubits must be a whole number"):
        ghz(2.0)


seeds = st.integers(0, 2**32 - 1)
Z, X = direction([0, np.pi / 2])
PAIR = bell_state("phi+")


@given(seeds, st.floats(0, 1))
def test_reading_a_share_is_a_channel_of_qiskit(seed, share):
    rng = np.random.default_rng(seed)
    pair = partial_trace(random_state(4, rng=rng), [0, 1])
    arrow = rng.normal(size=3)
    arrow /= np.linalg.norm(arrow)
    sigma = np.array([[arrow[2], arrow[0] - 1j * arrow[1]], [arrow[0] + 1j * arrow[1], -arrow[2]]])
    projectors = [(np.eye(2) + sign * sigma) / 2 for sign in (1, -1)]
    reading = Kraus([np.sqrt(1 - share) * np.eye(2), *(np.sqrt(share) * p for p in projectors)])
    theirs = DensityMatrix(pair).evolve(reading, qargs=[0])  # Qiskit's qubit 0 is our wire 1
    np.testing.assert_allclose(measure_half(pair, arrow, share), theirs.data, atol=1e-12)


def test_it_is_what_pairs_look_like_that_were_measured_one_by_one():
    # 20,000 pairs: each entry is a mean of terms of at most 1/2, sd below 0.0036; 6 sd: 2e-9 each.
    after = measure(np.tile(PAIR, (20_000, 1)), wires=1, basis="X", rng=1).state
    seen = np.einsum("ni,nj->ij", after, after.conj()) / len(after)
    np.testing.assert_allclose(seen, measure_half(PAIR, X), atol=6 * 0.0036)


def test_reading_every_pair_leaves_two_and_reading_both_axes_less():
    share = np.linspace(0, 1, 11)
    in_z = measure_half(PAIR, Z, share)
    np.testing.assert_allclose(chsh(in_z), 2 * np.sqrt(1 + (1 - share) ** 2), atol=1e-12)
    np.testing.assert_allclose(chsh_at(in_z), np.sqrt(2) * (2 - share), atol=1e-12)
    either = (in_z + measure_half(PAIR, X, share)) / 2
    np.testing.assert_allclose(chsh(either), 2 * np.sqrt(2) * (1 - share / 2), atol=1e-12)
    errors = (1 - expectation(either, "XX")) / 2
    np.testing.assert_allclose(errors, share / 4, atol=1e-12)  # the error rate of BB84


@given(st.floats(0, np.pi))
def test_the_probe_pays_for_what_it_learns(angle):
    state = probe(angle).run()
    c = np.cos(angle / 2)
    pair, hers = partial_trace(state, [0, 1]), partial_trace(state, 2)
    s = float(chsh(pair))
    assert s == pytest.approx(2 * np.sqrt(1 + c**2), abs=1e-12)
    assert concurrence(pair) == pytest.approx(c, abs=1e-7)
    told = [ket("0"), np.array([c, np.sin(angle / 2)])]  # her states for Alice's 0 and 1
    guess = helstrom(*told)
    assert guess == pytest.approx((1 + np.sqrt(max(0, 2 - s**2 / 4))) / 2, abs=1e-7)
    # All that she could know about Alice's bit, in bits: the Holevo quantity of Acin et al.
    assert entropy(hers) == pytest.approx(entropy([[(1 + c) / 2, 0], [0, (1 - c) / 2]]), abs=1e-9)
    assert entropy(hers) == pytest.approx(entropy(pair), abs=1e-9)  # the three are in a pure state


def test_qiskit_and_pennylane_run_the_same_probe():
    angles = np.linspace(0, np.pi, 4)
    circuit = probe(angles)
    for number, state in enumerate(circuit.run()):
        one = circuit.at(number)
        np.testing.assert_allclose(Statevector(one.to_qiskit()).data, state, atol=1e-12)
        np.testing.assert_allclose(one.to_pennylane()(), state, atol=1e-12)
        # What Eve and Alice share, in bits; Qiskit's qubit 0 is our wire 2.
        rho = DensityMatrix(partial_trace(state, [0, 2]))
        ours = entropy(partial_trace(state, 0)) + entropy(partial_trace(state, 2)) - entropy(rho.data)
        assert ours == pytest.approx(mutual_information(rho), abs=1e-9)
        assert ours == pytest.approx(qml.math.mutual_info(rho.data, [0], [1], base=2), abs=1e-9)


def test_the_ends_of_the_probe_are_nothing_and_ghz():
    np.testing.assert_allclose(probe(0).run(), np.kron(PAIR, [1, 0]), atol=1e-12)
    assert fidelity(probe(np.pi).run(), ghz(3)) == pytest.approx(1)
    assert probe(np.zeros((2, 3))).run().shape == (2, 3, 8)


@pytest.mark.parametrize(
    ("pair", "axis", "share", "says"),
    [
        ([1, 0], Z, 1, "pair must be of two qubits"),
        (PAIR, [Z, X], 1, r"axis must be one direction, of shape \(3,\)"),
        (PAIR, [0, 0, 2], 1, "axis must be directions of length 1"),
        (PAIR, 3, 1, r"axis must be one direction"),
        (PAIR, Z, 1.1, r"fraction must be fractions between 0 and 1, not 1\.1"),
    ],
)
def test_read_half_refuses(pair, axis, share, says):
    with pytest.raises(ValueError, match=says):
        measure_half(pair, axis, share)


def test_probe_refuses():
    with pytest.raises(ValueError, match="angle must be finite angles"):
        probe(np.nan)
    with pytest.raises(TypeError, match="angle must be radians"):
        probe("0.3")
