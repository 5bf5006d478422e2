"""The circuits: one law with the fast path, and the same on Qiskit and PennyLane."""

import numpy as np
import pytest

from qlearn.communication.entangled_keys import (
    ACIN,
    EKERT,
    PairSource,
    circuit,
    conference_circuit,
    distribute,
)
from qlearn.qubits import random_state

N = 100_000


def test_the_fast_path_and_the_circuit_have_one_law():
    # Same settings, each combination: four outcomes, two samples, 6 sigma of their difference.
    fast = distribute(N, settings=EKERT, rng=1)
    a, b = np.array(EKERT.alice)[fast.alice_choices], np.array(EKERT.bob)[fast.bob_choices]
    slow = circuit(a, b).run(rng=2).bits
    for cell in range(9):
        here = fast.cells == cell
        joint = [2 * x[here] + y[here] for x, y in ((fast.alice_bits, fast.bob_bits), slow.T)]
        for outcome in range(4):
            p, q = (np.mean(found == outcome) for found in joint)
            assert abs(p - q) <= 6 * np.sqrt((p * (1 - p) + q * (1 - q)) / here.sum()) + 1e-12


def test_matching_angles_always_agree_on_both_paths():
    angle = np.random.default_rng(3).uniform(-7, 7, 2000)
    bits = circuit(angle, angle).run(rng=4).bits
    np.testing.assert_array_equal(bits[:, 0], bits[:, 1])


def test_any_pair_may_be_given(within):
    pair = random_state(2, rng=5)
    bits = circuit([0.4] * N, [-1.3] * N, prepare=False).run(np.tile(pair, (N, 1)), rng=6).bits
    expected = PairSource(pair).probabilities([0.4], [-1.3])[0, 0, 0].ravel()
    for outcome in range(4):
        assert within(np.mean(2 * bits[:, 0] + bits[:, 1] == outcome), expected[outcome], N)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (1, 0), (2, 1)])
def test_qiskit_and_pennylane_agree(within, x, y):
    # 4000 shots an engine against the Born rule: 6 sigma, 2e-9 a case
    from qiskit_aer import AerSimulator

    shots = 4_000
    one = circuit([ACIN.alice[x]], [ACIN.bob[y]]).at(0)
    expected = (1 - np.cos(ACIN.alice[x] - ACIN.bob[y])) / 2
    counts = AerSimulator(seed_simulator=7).run(one.to_qiskit(), shots=shots).result().get_counts()
    words = {key.replace(" ", ""): n for key, n in counts.items()}
    assert within(sum(n for word, n in words.items() if word[0] != word[1]) / shots, expected, shots)
    samples = np.asarray(one.to_pennylane(shots=shots)()).reshape(shots, 2)
    assert within(np.mean(samples[:, 0] != samples[:, 1]), expected, shots)


@pytest.mark.parametrize("parties", [2, 3, 6])
def test_a_conference_agrees_in_z_and_is_even_in_x(parties):
    from qiskit_aer import AerSimulator

    for basis in ("Z", "X"):
        one = conference_circuit(parties, basis)
        counts = AerSimulator(seed_simulator=8).run(one.to_qiskit(), shots=500).result().get_counts()
        for word in counts:
            ones = word.count("1")
            assert ones in (0, parties) if basis == "Z" else ones % 2 == 0
        bits = one.run(rng=9).bits
        assert len(set(bits.tolist())) == 1 if basis == "Z" else bits.sum() % 2 == 0


@pytest.mark.parametrize(
    ("alice", "bob", "says"),
    [
        ([0.0], [0.0, 1.0], "alice and bob must have the same length"),
        ([], [], "alice must be angles in one axis"),
        ([0.0], [np.nan], "bob must be finite angles"),
    ],
)
def test_refuses(alice, bob, says):
    with pytest.raises(ValueError, match=says):
        circuit(alice, bob)


def test_refuses_a_conference_of_one_or_in_y():
    with pytest.raises(ValueError, match="n_parties must be at least 2"):
        conference_circuit(1)
    with pytest.raises(ValueError, match='basis must be "Z" or "X"'):
        conference_circuit(3, "Y")
