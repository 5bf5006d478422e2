"""The tapped pair: Qiskit's channels, pairs measured one by one, and all that the probe can know."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import DensityMatrix, Kraus, Statevector, mutual_information

from qlearn.qubits import (
    bell_state,
    expectation,
    fidelity,
    helstrom,
    ket,
    measure,
    partial_trace,
    random_state,
)
from qlearn.qubits.entanglement import chsh, chsh_at, concurrence, direction, entropy, ghz, probe, read_half

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
    np.testing.assert_allclose(read_half(pair, arrow, share), theirs.data, atol=1e-12)


def test_it_is_what_pairs_look_like_that_were_measured_one_by_one():
    # 20,000 pairs: each entry is a mean of terms of at most 1/2, sd below 0.0036; 6 sd: 2e-9 each.
    after = measure(np.tile(PAIR, (20_000, 1)), wires=1, basis="X", rng=1).state
    seen = np.einsum("ni,nj->ij", after, after.conj()) / len(after)
    np.testing.assert_allclose(seen, read_half(PAIR, X), atol=6 * 0.0036)


def test_reading_every_pair_leaves_two_and_reading_both_axes_less():
    share = np.linspace(0, 1, 11)
    in_z = read_half(PAIR, Z, share)
    np.testing.assert_allclose(chsh(in_z), 2 * np.sqrt(1 + (1 - share) ** 2), atol=1e-12)
    np.testing.assert_allclose(chsh_at(in_z), np.sqrt(2) * (2 - share), atol=1e-12)
    either = (in_z + read_half(PAIR, X, share)) / 2
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
        (PAIR, Z, 1.1, r"share must be shares between 0 and 1, not 1\.1"),
    ],
)
def test_read_half_refuses(pair, axis, share, says):
    with pytest.raises(ValueError, match=says):
        read_half(pair, axis, share)


def test_probe_refuses():
    with pytest.raises(ValueError, match="angle must be finite numbers"):
        probe(np.nan)
    with pytest.raises(ValueError, match="angle must be finite numbers"):
        probe("0.3")
