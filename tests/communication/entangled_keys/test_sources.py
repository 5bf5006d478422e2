"""The source: the Born rule by three oracles, no signalling, and Eve's list instead of a pair.

Local sources: never above 2 when every answer counts, whatever they seem to be when some do not.
"""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.entangled_keys import (
    ACIN,
    BBM92,
    EKERT,
    NO_CLICK,
    DetectionLoopholeSource,
    LocalSource,
    PairSource,
    Settings,
    SharedDirection,
    chsh_from,
    distribute,
    intercepted_pairs,
    matching_rounds,
)
from qlearn.qubits import BELL_NAMES, bell_state, density, expectation, partial_trace, random_state
from qlearn.qubits.entanglement import chsh, correlations, direction, measure_half, werner

seeds = st.integers(0, 2**32 - 1)
angles = st.lists(st.floats(-7, 7), min_size=1, max_size=4)
ANSWER = np.array([1, -1])


def random_pair(seed):
    return partial_trace(random_state(4, rng=seed), [0, 1])


@given(seeds, angles, angles)
def test_probabilities_are_those_of_the_correlation_matrix(seed, alice, bob):
    # E(a, b) = a^T T b, and the local means, from the Pauli expectations of another module.
    rho = random_pair(seed)
    p = PairSource(rho).probabilities(alice, bob)[0]
    assert p.sum((-1, -2)) == pytest.approx(np.ones(p.shape[:2]), abs=1e-12)
    t = correlations(rho)[np.ix_([2, 0], [2, 0])]
    a, b = (np.array([np.cos(x), np.sin(x)]) for x in (alice, bob))
    np.testing.assert_allclose(np.einsum("xyst,s,t->xy", p, ANSWER, ANSWER), a.T @ t @ b, atol=1e-12)
    mean = [expectation(rho, "ZI"), expectation(rho, "XI")] @ a
    np.testing.assert_allclose(
        np.einsum("xyst,s->xy", p, ANSWER), mean[:, None] * np.ones(len(bob)), atol=1e-12
    )


@given(seeds, st.floats(-7, 7), st.floats(-7, 7))
@settings(max_examples=40)
def test_qiskit_finds_the_same_probabilities(seed, alice, bob):
    from qiskit.circuit.library import RYGate
    from qiskit.quantum_info import DensityMatrix

    rho = random_pair(seed)
    # Qiskit counts qubits from the right: Alice is its qubit 1.
    turned = DensityMatrix(rho).evolve(RYGate(-alice), [1]).evolve(RYGate(-bob), [0])
    ours = PairSource(rho).probabilities([alice], [bob])[0, 0, 0].ravel()
    np.testing.assert_allclose(ours, turned.probabilities(), atol=1e-12)


@given(seeds, angles, angles)
def test_no_choice_of_one_side_shows_on_the_other(seed, alice, bob):
    p = PairSource(random_pair(seed)).probabilities(alice, bob)[0]
    hers, his = p.sum(-1), p.sum(-2)
    assert np.ptp(hers, axis=1).max() < 1e-12
    assert np.ptp(his, axis=0).max() < 1e-12


@given(seeds)
def test_an_ensemble_is_its_average(seed):
    rng = np.random.default_rng(seed)
    states, weights = random_state(2, size=3, rng=rng), rng.dirichlet(np.ones(3))
    ensemble = PairSource(states, weights)
    by_state = ensemble.probabilities([0.3], [1.1])
    together = PairSource(ensemble.average).probabilities([0.3], [1.1])[0]
    np.testing.assert_allclose(np.tensordot(weights, by_state, 1), together, atol=1e-12)
    np.testing.assert_allclose(PairSource(density(states), weights).average, ensemble.average, atol=1e-12)


def test_four_bell_states_are_an_ensemble_and_not_a_matrix():
    four = PairSource([bell_state(name) for name in BELL_NAMES])
    assert four.probabilities([0], [0]).shape == (4, 1, 1, 2, 2)
    np.testing.assert_allclose(four.average, np.eye(4) / 4, atol=1e-15)


@pytest.mark.parametrize("v", [0.0, 0.3, 0.8, 1.0])
def test_a_werner_pair_correlates_by_its_visibility_times_a_cosine(v):
    p = PairSource(werner((1 + 3 * v) / 4)).probabilities([0.4], np.linspace(-3, 3, 9))[0, 0]
    seen = np.einsum("yst,s,t->y", p, ANSWER, ANSWER)
    np.testing.assert_allclose(seen, v * np.cos(0.4 - np.linspace(-3, 3, 9)), atol=1e-12)


@given(st.floats(-7, 7), st.floats(0, 1))
def test_what_eve_touches_has_root_two_at_ekerts_angles(angle, fraction):
    p = np.tensordot(
        intercepted_pairs(angle, fraction).weights,
        intercepted_pairs(angle, fraction).probabilities(EKERT.alice, EKERT.bob),
        1,
    )
    seen = np.einsum("xyst,s,t->xy", p, ANSWER, ANSWER)[np.ix_(*EKERT.test)]
    value = (np.array(EKERT.signs) * seen).sum()
    assert value == pytest.approx((1 - fraction) * 2 * np.sqrt(2) + fraction * np.sqrt(2), abs=1e-12)


@given(st.floats(-7, 7), st.floats(0, 1))
def test_who_has_no_notes_of_eves_sees_a_half_that_was_read(angle, share):
    # the mixture over her outcomes, computed from operators by another module
    read = measure_half(bell_state("phi+"), direction(angle), share)
    np.testing.assert_allclose(intercepted_pairs(angle, share).average, read, atol=1e-12)


@given(st.floats(-7, 7))
def test_a_list_never_exceeds_two(angle):
    assert float(chsh(intercepted_pairs(angle).average)) == pytest.approx(2, abs=1e-9)


@pytest.mark.parametrize(
    ("states", "weights", "error", "says"),
    [
        ([1, 0], None, ValueError, "states must be pairs of qubits"),
        (np.eye(8) / 8, None, ValueError, "states must be pairs of qubits"),
        (np.ones((2, 2, 4)) / 2, None, ValueError, "states must be pairs of qubits"),
        ([1, 0, 0, 1], None, ValueError, "normalised"),
        ([1, 0, 0, 0], [0.5, 0.5], ValueError, "weights must be 1 probabilities that sum to 1"),
        (np.eye(4), [0.5, 0.5, 0.5, 0.5], ValueError, "weights must be 4 probabilities"),
        (np.eye(4), [1.5, -0.5, 0, 0], ValueError, "weights must be probabilities between 0 and 1"),
        (np.eye(4), "even", TypeError, "weights must be"),
    ],
)
def test_refuses(states, weights, error, says):
    with pytest.raises(error, match=says):
        PairSource(states, weights)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((np.inf,), ValueError, "angle must be a finite number"),
        (("Z",), TypeError, "angle must be a number"),
        ((0.0, 1.1), ValueError, "fraction must be a probability"),
    ],
)
def test_eve_is_refused_too(arguments, error, says):
    with pytest.raises(error, match=says):
        intercepted_pairs(*arguments)


N = 400_000


@pytest.mark.parametrize("gap", [0.0, 0.3, np.pi / 4, np.pi / 2, 2.5, np.pi])
def test_a_shared_direction_correlates_along_a_straight_line(within, gap):
    seen = distribute(N, source=SharedDirection(), settings=Settings((0.7,), (0.7 + gap,)), rng=1)
    assert within(np.mean(seen.alice_bits != seen.bob_bits), gap / np.pi, N)
    assert within(seen.alice_bits.mean(), 0.5, N)


@pytest.mark.parametrize("table", [EKERT, ACIN])
def test_a_shared_direction_reaches_two_and_makes_a_perfect_key(table):
    seen = distribute(N, source=SharedDirection(), settings=table, rng=2)
    test = chsh_from(seen)
    assert abs(test.value - 2) < 6 * test.error
    key = matching_rounds(seen)
    assert (seen.alice_bits[key] == seen.bob_bits[key]).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([EKERT, ACIN]))
@settings(max_examples=40)
def test_no_table_of_answers_exceeds_two(seed, table):
    # Any mixture of deterministic answers, silence included and counted as 0: S <= 2, allowed 6 sigma (1e-9).
    rng = np.random.default_rng(seed)
    tables = rng.integers(0, 3, (2, 8, 3)).astype(np.uint8)

    class Tables:
        def emit(self, n, rng):
            return rng.integers(0, 8, n)

        def alice(self, hidden, choice, angle):
            return tables[0][hidden, choice]

        def bob(self, hidden, choice, angle):
            return tables[1][hidden, choice]

    seen = chsh_from(distribute(20_000, source=Tables(), settings=table, rng=rng))
    assert abs(seen.value) <= 2 + 6 * seen.error


@pytest.mark.parametrize("table", [EKERT, ACIN])
@pytest.mark.parametrize("eta", [2 / 3, 0.75, 2 * np.sqrt(2) - 2, 0.95, 1.0])
def test_the_impostor_passes_among_coincidences_and_fails_when_all_count(eta, table):
    seen = distribute(N, source=DetectionLoopholeSource(eta, table), settings=table, rng=3)
    kept, counted = chsh_from(seen, no_click="discard"), chsh_from(seen)
    assert abs(kept.value - (4 / eta - 2)) <= 6 * kept.error
    assert abs(counted.value - 2) < 6 * counted.error
    key = matching_rounds(seen, no_click="discard")
    assert (seen.alice_bits[key] == seen.bob_bits[key]).all()


@pytest.mark.parametrize("table", [EKERT, ACIN])
@pytest.mark.parametrize("eta", [2 / 3, 0.8])
def test_the_impostors_clicks_look_like_independent_detectors(within, eta, table):
    seen = distribute(N, source=DetectionLoopholeSource(eta, table), settings=table, rng=4)
    for clicks, positions in ((seen.alice_clicks, seen.alice_choices), (seen.bob_clicks, seen.bob_choices)):
        for position in range(positions.max() + 1):
            here = positions == position
            assert within(clicks[here].mean(), eta, here.sum())
    # every combination but two settings for the key alone, which no protocol looks at
    for cell in range(seen.cells.max() + 1):
        here = seen.cells == cell
        if table is EKERT and cell == 4:
            continue
        assert within(seen.coincidences[here].mean(), eta**2, here.sum())
    for bits, clicks in ((seen.alice_bits, seen.alice_clicks), (seen.bob_bits, seen.bob_clicks)):
        assert within(bits[clicks].mean(), 0.5, clicks.sum())


def test_the_maker_of_the_impostor_knows_every_bit():
    source = DetectionLoopholeSource()
    seen = distribute(N, source=source, settings=ACIN, rng=5)
    guess = source.alice(seen.eve, seen.alice_choices, np.zeros(N))
    np.testing.assert_array_equal(guess[seen.alice_clicks], seen.alice_bits[seen.alice_clicks])
    assert (guess[~seen.alice_clicks] == NO_CLICK).all()


def test_each_side_is_told_its_own_dial_only():
    told = []

    class Recorder:
        def emit(self, n, rng):
            return "hidden"

        def alice(self, hidden, choice, angle):
            told.append((hidden, choice.copy(), angle.copy()))
            return choice & 1

        bob = alice

    seen = distribute(500, source=Recorder(), settings=EKERT, rng=6)
    assert isinstance(Recorder(), LocalSource)
    for (hidden, choice, angle), choices, angles in zip(
        told, (seen.alice_choices, seen.bob_choices), (EKERT.alice, EKERT.bob), strict=True
    ):
        assert hidden == "hidden"
        np.testing.assert_array_equal(choice, choices)
        np.testing.assert_array_equal(angle, np.array(angles)[choices])


@pytest.mark.parametrize("eta", [0.66, 1.01, np.nan])
def test_refuses_an_efficiency_it_cannot_have(eta):
    with pytest.raises(ValueError, match=r"efficiency must be a finite number between 0\.66"):
        DetectionLoopholeSource(eta)


def test_refuses_settings_without_a_test():
    with pytest.raises(ValueError, match="settings must have a CHSH test for this source"):
        DetectionLoopholeSource(0.8, BBM92)


def test_refuses_dials_it_was_not_made_for():
    with pytest.raises(ValueError, match="made for 2 settings a side and is asked at setting 2"):
        distribute(100, source=DetectionLoopholeSource(0.8, ACIN), settings=EKERT, rng=1)
