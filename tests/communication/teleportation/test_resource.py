"""The pair as a resource: closed forms, Qiskit's channel measures, and a search over local turns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from qlearn.communication.teleportation import (
    average_fidelity,
    fully_entangled_fraction,
    process_fidelity,
    werner,
)
from qlearn.qubits import BELL_NAMES, bell_state, density, partial_trace, random_state

seeds = st.integers(0, 2**32 - 1)
ANSWERS = [np.eye(2), np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.array([[0, 1], [-1, 0]])]


def random_pair(seed):
    return partial_trace(random_state(4, rng=seed), [0, 1])


def turn(angles):
    """Return a unitary of one qubit from three angles."""
    a, b, c = angles
    return np.array(
        [
            [np.cos(a) * np.exp(1j * b), np.sin(a) * np.exp(1j * c)],
            [-np.sin(a) * np.exp(-1j * c), np.cos(a) * np.exp(-1j * b)],
        ]
    )


def channel(pair):
    """Return teleportation through the pair as Kraus operators, built from the definition."""
    values, vectors = np.linalg.eigh(pair)
    kraus = []
    for value, vector in zip(values.clip(0), vectors.T, strict=True):
        for name, answer in zip(BELL_NAMES, ANSWERS, strict=True):
            bra = bell_state(name).conj().reshape(2, 2)  # (sent, Alice's half)
            kraus.append(np.sqrt(value) * answer @ (bra @ vector.reshape(2, 2)).T)
    return kraus


@given(seeds)
def test_qiskit_finds_the_same_process_and_average_fidelity(seed):
    from qiskit.quantum_info import Kraus
    from qiskit.quantum_info import average_gate_fidelity as qiskit_average
    from qiskit.quantum_info import process_fidelity as qiskit_process

    pair = random_pair(seed)
    noisy = Kraus(channel(pair))
    assert noisy.is_tp()
    assert process_fidelity(pair) == pytest.approx(qiskit_process(noisy), abs=1e-12)
    assert average_fidelity(pair) == pytest.approx(qiskit_average(noisy), abs=1e-12)


@pytest.mark.parametrize("p", [-1 / 3, 0, 1 / 3, 0.7, 1])
def test_werner_is_the_perfect_pair_in_white_noise(p):
    fraction = (1 + 3 * p) / 4
    noise = p * density(bell_state("phi+")) + (1 - p) * np.eye(4) / 4
    np.testing.assert_allclose(werner(fraction), noise, atol=1e-15)
    assert process_fidelity(werner(fraction)) == pytest.approx(fraction, abs=1e-15)
    assert average_fidelity(werner(fraction)) == pytest.approx((1 + p) / 2, abs=1e-15)


def test_a_werner_pair_is_entangled_exactly_from_one_half_on():
    def lowest(fraction):
        transposed = werner(fraction).reshape(2, 2, 2, 2).transpose(0, 3, 2, 1).reshape(4, 4)
        return np.linalg.eigvalsh(transposed)[0]

    assert lowest(0.5) == pytest.approx(0, abs=1e-15)
    assert lowest(0.51) < -1e-3
    assert lowest(0.49) > 1e-3


def test_the_four_bell_states_are_equally_good_after_a_turn_but_not_before():
    pairs = [bell_state(name) for name in BELL_NAMES]
    assert [process_fidelity(pair) for pair in pairs] == pytest.approx([1, 0, 0, 0], abs=1e-12)
    assert [fully_entangled_fraction(pair) for pair in pairs] == pytest.approx([1] * 4, abs=1e-12)
    assert average_fidelity() == pytest.approx(1, abs=1e-12)
    assert average_fidelity(bell_state("psi-")) == pytest.approx(1 / 3, abs=1e-12)


@given(seeds)
def test_a_pair_without_entanglement_stays_at_two_thirds_or_below(seed):
    rng = np.random.default_rng(seed)
    a, b = random_state(1, size=(2, 6), rng=rng)
    products = density(np.einsum("ni,nj->nij", a, b).reshape(6, 4))
    mixture = np.einsum("n,nij->ij", rng.dirichlet(np.ones(6)), products)
    assert fully_entangled_fraction(mixture) <= 1 / 2 + 1e-12
    assert average_fidelity(mixture) <= 2 / 3 + 1e-12


@given(st.floats(0, np.pi / 2), seeds)
def test_fraction_of_a_pure_pair_is_known_from_its_schmidt_coefficients(angle, seed):
    a, b, c, *rest = np.random.default_rng(seed).uniform(0, 2 * np.pi, 6)
    local = np.kron(turn((a, b, c)), turn(rest))
    pair = local @ np.array([np.cos(angle), 0, 0, np.sin(angle)])
    assert fully_entangled_fraction(pair) == pytest.approx((1 + np.sin(2 * angle)) / 2, abs=1e-12)


@settings(max_examples=15)
@given(seeds)
def test_no_local_turn_does_better_and_the_best_one_does_as_well(seed):
    pair, rng = random_pair(seed), np.random.default_rng(seed)

    # A turn of Alice's half does the same to phi+ as a turn of Bob's: one of them is enough.
    def miss(angles):
        local = np.kron(turn(angles), np.eye(2))
        return -process_fidelity(local @ pair @ local.conj().T)

    best = -min(minimize(miss, rng.uniform(0, np.pi, 3)).fun for _ in range(4))
    assert fully_entangled_fraction(pair) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("function", [process_fidelity, average_fidelity, fully_entangled_fraction])
@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ([1, 0], "one pair of qubits"),
        ([0.5, 0.5, 0.5, 0.6], "normalised"),
        (np.diag([2, -1, 0, 0]), "lowest eigenvalue is -1"),
        (np.eye(8) / 8, "one pair of qubits"),
        (np.full(4, np.nan), "finite"),
    ],
)
def test_refuses_what_is_no_pair(function, pair, says):
    with pytest.raises(ValueError, match=says):
        function(pair)


@given(seeds)
def test_no_input_arrives_with_less_than_the_process_fidelity(seed):
    pair = random_pair(seed)
    inputs = random_state(2, size=20, rng=seed)  # the second qubit is sent, the first stays
    arrived = sum(
        np.abs(np.einsum("na,ab,nb->n", inputs.conj(), np.kron(np.eye(2), k), inputs)) ** 2
        for k in channel(pair)
    )
    assert arrived.min() >= process_fidelity(pair) - 1e-12
    half = sum(
        abs(bell_state("phi+") @ np.kron(np.eye(2), k) @ bell_state("phi+")) ** 2 for k in channel(pair)
    )
    assert half == pytest.approx(process_fidelity(pair), abs=1e-12)


def test_cross_terms_of_the_pair_cancel_over_the_outcomes():
    # the sign that an unwanted gate takes when it is carried past the twist of an outcome
    x, z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    twists = [np.linalg.matrix_power(x, b) @ np.linalg.matrix_power(z, a) for a in (0, 1) for b in (0, 1)]
    signs = np.array([[round(np.trace(p.T @ t.T @ p @ t) / 2) for t in twists] for p in twists])
    assert set(signs.ravel().tolist()) == {-1, 1}
    np.testing.assert_array_equal(signs @ signs.T, 4 * np.eye(4))  # weights stay, cross terms go
