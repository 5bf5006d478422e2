"""E91: a key from perfect pairs, none from lists, and every way to abort says why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qlearn.communication.entangled_keys import (
    ACIN,
    BBM92,
    EKERT,
    Impostor,
    PairSource,
    Settings,
    SharedDirection,
    critical_qber,
    device_independent_rate,
    distribute,
    e91,
    intercepted,
    matched,
)
from qlearn.communication.entropy import binary_entropy
from qlearn.qubits.entanglement import werner

N = 300_000


def test_perfect_pairs_give_a_key_of_two_ninths_of_the_rounds(within):
    session = e91(N, sample_size=5_000, rng=1)
    assert session.reason is None
    np.testing.assert_array_equal(session.alice, session.bob)
    assert within((session.alice.size + 5_000) / N, 2 / 9, N)
    assert 2.7 < session.chsh_bound < session.chsh.value < 2.87
    assert session.rate == pytest.approx(
        float(device_independent_rate(session.qber_bound, session.chsh_bound))
    )


def test_the_dials_of_2007_may_prefer_the_key(within):
    session = e91(N, sample_size=5_000, settings=ACIN, p_alice=[0.8, 0.1, 0.1], p_bob=[0.8, 0.2], rng=2)
    assert session.reason is None
    assert within((session.alice.size + 5_000) / N, 0.64, N)


@pytest.mark.parametrize("q", [0.01, 0.03])
def test_errors_and_value_of_a_werner_pair(within, q):
    session = e91(2 * N, sample_size=20_000, source=werner(1 - 1.5 * q), rng=3)
    assert within(session.qber, q, 20_000)
    assert within(np.mean(session.alice != session.bob), q, session.alice.size)
    assert abs(session.chsh.value - 2 * np.sqrt(2) * (1 - 2 * q)) < 6 * session.chsh.error
    assert 0 < session.rate < device_independent_rate(q)


def test_the_bounds_approach_the_rate_of_endless_keys():
    rates = [e91(n, sample_size=n // 50, source=werner(0.985), rng=4).rate for n in (10**5, 10**6, 3 * 10**6)]
    assert rates[0] < rates[1] < rates[2] < device_independent_rate(0.01)
    assert rates[2] > 0.8 * device_independent_rate(0.01)


@given(st.floats(-3, 3), st.floats(0.6, 1))
@settings(max_examples=15)
def test_no_key_where_eve_holds_the_list(angle, fraction):
    session = e91(100_000, sample_size=2_000, source=intercepted(angle, fraction), rng=5)
    for nothing in (session.alice, session.bob, session.reference, session.numbers):
        assert nothing is None
    assert session.rate == 0
    assert "agreed on beforehand" in session.reason


@pytest.mark.parametrize("dials", [EKERT, ACIN])
@pytest.mark.parametrize("source", [SharedDirection(), None])
def test_a_faultless_key_of_a_local_source_is_refused(dials, source):
    session = e91(N, sample_size=5_000, source=source or Impostor(1.0, dials), settings=dials, rng=6)
    assert session.qber == 0
    assert "agreed on beforehand" in session.reason


def test_discarding_silence_lets_the_impostor_in_and_counting_it_does_not():
    impostor = Impostor(0.8)
    fooled = e91(N, sample_size=5_000, source=impostor, settings=ACIN, silent="discard", rng=7)
    assert fooled.reason is None
    assert fooled.rate > 0.9
    np.testing.assert_array_equal(fooled.alice, fooled.bob)
    safe = e91(N, sample_size=5_000, source=impostor, settings=ACIN, rng=7)
    assert safe.alice is None


def test_the_bound_on_the_errors_is_the_one_of_clopper_and_pearson():
    # At the bound, so few errors have exactly the failure probability: SciPy's binomial is the oracle.
    session = e91(N, sample_size=3_000, source=werner(0.97), failure=1e-6, rng=12)
    wrong = round(session.qber * 3_000)
    assert stats.binom.cdf(wrong, 3_000, session.qber_bound) == pytest.approx(1e-6, rel=1e-5)
    assert session.chsh_bound == session.chsh.at_least(1e-6)


def test_too_many_errors_are_named():
    # above the critical error rate S is still above 2, but nothing is left
    q = critical_qber() + 0.01
    session = e91(4 * N, sample_size=20_000, source=werner(1 - 1.5 * q), rng=8)
    assert session.chsh_bound > 2
    assert session.alice is None
    assert "nothing is left after paying" in session.reason


def test_eve_looks_the_same_whether_she_takes_notes_or_not():
    known = intercepted(0.2, 0.1)
    one, two = (e91(N, sample_size=5_000, source=s, rng=9) for s in (known, PairSource(known.average)))
    assert abs(one.chsh.value - two.chsh.value) < 6 * np.hypot(one.chsh.error, two.chsh.error)
    assert abs(one.qber - two.qber) < 6 * np.sqrt((one.qber + two.qber) / 5_000)


class UntestedDial:
    """A perfect pair, but at one dial outside of the test Bob's box often answers with a bit of Eve's note.

    Alice is asked first and her answer collapses the pair: quantum devices, no list.
    """

    def emit(self, n, rng):
        note = np.where(rng.random(n) < 0.4, rng.integers(0, 2, n), 2)
        return {"note": note, "coin": rng.integers(0, 2, n), "luck": rng.random(n)}

    def alice(self, hidden, dial, angle):
        hidden["answer"], hidden["angle"] = hidden["coin"], angle
        return hidden["answer"].astype(np.uint8)

    def bob(self, hidden, dial, angle):
        born = np.sin((angle - hidden["angle"]) / 2) ** 2
        honest = hidden["answer"] ^ (hidden["luck"] < born)
        told = (dial == 1) & (hidden["note"] < 2)
        return np.where(told, hidden["note"], honest).astype(np.uint8)


def unknown(bits, groups):
    """Entropy of the bits given what Eve knows of each."""
    shares = [(np.mean(groups == g), np.mean(bits[groups == g])) for g in np.unique(groups)]
    return sum(share * float(binary_entropy(ones)) for share, ones in shares)


def test_the_rate_holds_for_the_answers_that_the_test_has_seen():
    # 10^6 pairs; the entropies are of 170,000 bits, sigma below 0.003, and 12 sigma from what is claimed of them.
    session = e91(10**6, sample_size=50_000, source=UntestedDial(), rng=20)
    assert session.reason is None
    assert abs(session.chsh.value - 2 * np.sqrt(2)) < 6 * session.chsh.error  # S shows nothing
    assert 0.38 < session.rate < 1 - binary_entropy(0.1)
    rounds = session.rounds
    at_90 = rounds.bob_dials[session.numbers] == 1
    np.testing.assert_array_equal(session.reference, ~at_90)
    np.testing.assert_array_equal(session.bob, rounds.bob_bits[session.numbers])
    note = np.where(at_90, rounds.eve["note"][session.numbers], 2)
    paid = float(binary_entropy(np.mean(session.alice != session.bob)))
    true = {
        "reference": unknown(np.where(session.reference, session.bob, session.alice), note) - paid,
        "Bob for all": unknown(session.bob, note) - paid,
    }
    assert true["Bob for all"] == pytest.approx(0.8 - binary_entropy(0.1), abs=0.02)
    assert true["reference"] == pytest.approx(1 - binary_entropy(0.1), abs=0.02)
    assert true["Bob for all"] < session.rate < true["reference"]


def test_bob_speaks_at_the_dials_of_2007_and_nobody_where_the_test_is_blind():
    assert e91(N, sample_size=5_000, settings=ACIN, rng=1).reference.all()
    blind = Settings((0, 0.5, 1.0, 2.0), (2.0, 0.25, 0.75), ((0, 1), (1, 2)))
    with pytest.raises(ValueError, match="of positions 3 and 0 it has neither"):
        e91(9_000, sample_size=100, settings=blind, rng=1)


def test_matched_counts_silence_or_not():
    rounds = distribute(10_000, settings=EKERT, efficiency=0.5, rng=10)
    every, both = matched(rounds), matched(rounds, silent="discard")
    assert set(both) < set(every)
    assert np.isin(rounds.cells[every], [3, 7]).all()
    assert rounds.coincidences[both].all()


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"sample_size": 0}, ValueError, "sample_size must be at least 1"),
        ({"sample_size": 10_000}, ValueError, "too few to disclose 10000. Send more"),
        ({"failure": 1.0}, ValueError, "failure must lie between 0 and 1"),
        ({"settings": BBM92}, ValueError, "settings must have a CHSH test and matching angles"),
        ({"silent": "ignore"}, ValueError, "silent must be"),
        ({"n_pairs": 2}, ValueError, "every combination of the test"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        e91(**{"n_pairs": 9_000, "sample_size": 100, "rng": 1, **keywords})
