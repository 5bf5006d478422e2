"""Conference keys: closed forms of noisy GHZ states, two parties as BB84, and what no source may send."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import bb84
from qlearn.communication.entangled_keys import conference, conference_rate
from qlearn.qubits import density, expectation, random_state
from qlearn.qubits.entanglement import ghz, werner
from qlearn.qubits.noise import depolarising

N = 200_000


@pytest.mark.parametrize("parties", [2, 3, 5, 10])
def test_all_parties_of_a_perfect_state_have_one_key(within, parties):
    meeting = conference(N, parties, rng=1)
    assert meeting.keys.shape[0] == meeting.tests.shape[0] == parties
    assert meeting.keys.shape[1] + meeting.tests.shape[1] == N
    assert within(meeting.tests.shape[1] / N, 0.1, N)
    assert not meeting.qber.any()
    assert meeting.phase == 0
    assert within(meeting.keys[0].mean(), 0.5, meeting.keys.shape[1])


def test_fewer_than_all_find_coins_in_x(within):
    tests = conference(N, 4, p_test=1.0, rng=2).tests
    for some in ([0], [0, 1], [1, 2, 3]):
        assert within((tests[some].sum(0) & 1).mean(), 0.5, N)


@pytest.mark.parametrize("parties", [2, 3, 4])
@pytest.mark.parametrize("p", [0.02, 0.2])
def test_depolarised_qubits_err_by_the_closed_form(within, parties, p):
    # each qubit is lost with p: an error is seen in Z if one of two is, in X if any of N is, half of the time
    state = density(ghz(parties))
    for wire in range(parties):
        state = depolarising(p).apply(state, wire)
    meeting = conference(N, parties, state=state, p_test=0.5, rng=3)
    for error in meeting.qber:
        assert within(error, (1 - (1 - p) ** 2) / 2, meeting.keys.shape[1])
    assert within(meeting.phase, (1 - (1 - p) ** parties) / 2, meeting.tests.shape[1])


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_frequencies_are_the_expectations_of_the_state(within, seed, mixed):
    # Z_0 Z_i and X..X of random states by the library's expectation values; 2000 rounds each, 6 sigma
    state = random_state(3, rng=seed)
    shared = 0.5 * density(state) + 0.5 * np.eye(8) / 8 if mixed else state
    meeting = conference(4_000, 3, state=shared, p_test=0.5, rng=seed)
    n, m = meeting.keys.shape[1], meeting.tests.shape[1]
    assert within(meeting.qber[0], (1 - float(expectation(shared, "ZZI"))) / 2, n)
    assert within(meeting.qber[1], (1 - float(expectation(shared, "ZIZ"))) / 2, n)
    assert within(meeting.phase, (1 - float(expectation(shared, "XXX"))) / 2, m)


def test_two_parties_are_bb84(within):
    meeting = conference(N, 2, state=werner(0.94), p_test=0.5, rng=4)
    assert within(meeting.qber[0], 0.04, meeting.keys.shape[1])
    assert within(meeting.phase, 0.04, meeting.tests.shape[1])
    q = np.linspace(0, 0.5, 20)
    np.testing.assert_allclose(conference_rate(q[:, None], q), bb84.asymptotic_rate(q), atol=1e-12)


def test_the_worst_party_sets_the_price():
    assert conference_rate([0.0, 0.05, 0.01], 0.02) == conference_rate([0.05], 0.02)
    assert conference_rate([0.11, 0.0], 0.0) == pytest.approx(0.500084, abs=1e-6)
    assert conference_rate([0.0], 0.5) == 0
    assert conference_rate(np.zeros((5, 1, 3)), np.zeros(4)).shape == (5, 4)


def test_edges():
    assert np.isnan(conference(10, 3, p_test=0.0, rng=5).phase)
    assert np.isnan(conference(10, 3, p_test=1.0, rng=5).qber).all()
    one, again, other = (conference(500, 3, rng=seed).keys for seed in (6, 6, 7))
    np.testing.assert_array_equal(one, again)
    assert one.tolist() != other.tolist()


@pytest.mark.parametrize(
    ("arguments", "keywords", "says"),
    [
        ((0, 3), {}, "n_rounds must be at least 1"),
        ((5, 1), {}, "n_parties must be at least 2"),
        ((5, 11), {}, "n_parties must be at most 10"),
        ((5, 3), {"p_test": -1}, "p_test must be a probability"),
        ((5, 3), {"state": [1, 0, 0, 0]}, "state must be one state of 3 qubits"),
        ((5, 2), {"state": np.eye(4)}, "state must be one state of 2 qubits"),
        ((5, 2), {"state": [1, 0, 0, 1]}, "normalised"),
    ],
)
def test_refuses(arguments, keywords, says):
    with pytest.raises(ValueError, match=says):
        conference(*arguments, **keywords)


@pytest.mark.parametrize(
    ("qber", "phase", "says"),
    [
        (0.1, 0.1, "one error rate for each party but Alice"),
        ([], 0.1, "one error rate for each party"),
        ([0.1, 2], 0.1, "qber must be error rates between 0 and 1"),
        ([0.1], -0.1, "phase must be error rates"),
        (np.zeros((2, 1)), np.zeros(3), r"must broadcast .*qber \(2,\), phase \(3,\)"),
    ],
)
def test_the_rate_refuses(qber, phase, says):
    with pytest.raises(ValueError, match=says):
        conference_rate(qber, phase)


def test_keys_print_short_and_without_bits():
    met = conference(1_000, 3, p_test=0.5, rng=1)
    n, m = met.keys.shape[1], met.tests.shape[1]
    assert repr(met) == f"ConferenceKeys(3 parties, {n} bits, {m} tests)"
