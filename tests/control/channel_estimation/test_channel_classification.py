"""Which channel: the law of records against a simulation and against sums by hand, Bayes' rule, and what is refused."""

from itertools import product
from math import comb, factorial

import numpy as np
import pytest

from qlearn.control.channel_estimation import KINDS, error_chances, pair_law, probe_law
from qlearn.qubits.noise import amplitude_damping, bit_flip, choi, depolarising, phase_flip

STRENGTHS = np.array([0.1, 0.3])
S = np.sqrt(0.5)


def by_hand(kind, s):
    """Errors of 0, 1, + and +i, from the textbook."""
    return {
        "depolarising": [s / 2] * 4,
        "dephasing": [0, 0, s, s],
        "amplitude damping": [0, s, (1 - np.sqrt(1 - s)) / 2, (1 - np.sqrt(1 - s)) / 2],
        "bit flip": [s, s, 0, s],
    }[kind]


def test_errors_of_the_probes_are_the_textbook_ones():
    for kind, make in KINDS.items():
        told = error_chances(make(STRENGTHS))
        assert np.allclose(told, [by_hand(kind, s) for s in STRENGTHS])
    assert error_chances(bit_flip(0.2)).shape == (4,)


def test_the_law_of_probes_is_a_mixture_of_binomials():
    law = probe_law(2, STRENGTHS)
    assert law.shots == 8
    assert law.kinds == ("depolarising", "dephasing", "amplitude damping", "bit flip")
    for at, record in enumerate(product(range(3), repeat=4)):
        assert law.records[at].tolist() == list(record)
        for row, kind in enumerate(law.kinds):
            due = np.mean(
                [
                    np.prod(
                        [
                            comb(2, k) * e**k * (1 - e) ** (2 - k)
                            for k, e in zip(record, by_hand(kind, s), strict=True)
                        ]
                    )
                    for s in STRENGTHS
                ]
            )
            assert law.law[row, at] == pytest.approx(due, abs=1e-12)


@pytest.mark.parametrize(
    "law", [probe_law(3, STRENGTHS), pair_law(6, STRENGTHS), pair_law(6, STRENGTHS, np.eye(4))]
)
def test_every_law_sums_to_one_and_the_best_rule_is_bayes(law):
    assert np.allclose(law.law.sum(axis=1), 1)
    best = law.accuracy(law.best)
    assert best == pytest.approx(law.law.max(axis=0).mean() * law.law.shape[1] / 4)
    rng = np.random.default_rng(1)
    for _ in range(20):
        other = np.where(rng.random(law.best.size) < 0.2, rng.integers(0, 4, law.best.size), law.best)
        assert law.accuracy(other) <= best + 1e-15
    assert law.accuracy(np.zeros(law.best.size, int)) == pytest.approx(1 / 4)


def test_the_law_of_pairs_is_a_mixture_of_multinomials():
    law = pair_law(3, STRENGTHS)
    bell = np.array([[S, 0, 0, S], [0, S, S, 0], [S, 0, 0, -S], [0, S, -S, 0]])
    for row, make in enumerate((depolarising, phase_flip, amplitude_damping, bit_flip)):
        chances = [np.diag(bell @ choi(make(s)) @ bell.T).real / 2 for s in STRENGTHS]
        for at in (0, 5, 11, 19):
            record = law.records[at]
            ways = factorial(3) / np.prod([factorial(k) for k in record])
            due = np.mean([ways * np.prod(q.clip(0) ** record) for q in chances])
            assert law.law[row, at] == pytest.approx(due, abs=1e-12)


def test_pauli_noise_shows_in_the_bell_measurement_as_what_it_is():
    law = pair_law(1, [0.3])
    one = {tuple(record): at for at, record in enumerate(law.records)}
    flips = [one[0, 1, 0, 0], one[0, 0, 1, 0]]  # an X, a Z
    assert np.allclose(law.law[1, flips], [0, 0.3])
    assert np.allclose(law.law[3, flips], [0.3, 0])


def test_draws_follow_the_law():
    law = probe_law(2, STRENGTHS)
    records, kinds = law.draw(8000, rng=3)
    assert np.bincount(kinds).tolist() == [2000] * 4
    # mean counts of 2000 records of each kind: a count of 2 shots has at most the variance 1/2 + spread of strengths;
    # measured deviation below .75, so .017; 6 sigma at 16 places: 3e-8
    for kind in range(4):
        due = law.law[kind] @ law.records
        assert np.abs(records[kinds == kind].mean(axis=0) - due).max() < 6 * 0.75 / np.sqrt(2000)
    assert np.array_equal(law.draw(10, rng=4)[0], law.draw(10, rng=4)[0])


def test_accuracy_is_the_share_of_right_answers():
    law = probe_law(3, STRENGTHS)
    index = {tuple(record): at for at, record in enumerate(law.records)}
    records, kinds = law.draw(20_000, rng=5)
    right = np.mean(
        [law.best[index[tuple(record)]] == kind for record, kind in zip(records, kinds, strict=True)]
    )
    # sigma at most sqrt(.25/20000) = .0035; 5.5 sigma: 4e-8
    assert abs(right - law.accuracy(law.best)) < 5.5 * 0.0035


def test_a_question_that_cannot_tell_gives_a_guess():
    # without noise all kinds are one
    law = pair_law(5, [0.0])
    assert law.accuracy(law.best) == pytest.approx(1 / 4)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: probe_law(0, [0.1]), "shots must be at least 1"),
        (lambda: probe_law(30, [0.1]), "shots must be at most 20"),
        (lambda: probe_law(3, []), "at least one entry"),
        (lambda: probe_law(3, [1.2]), "strengths"),
        (lambda: pair_law(200, [0.1]), "shots must be at most 100"),
        (lambda: pair_law(3, [0.1], np.eye(2)), r"shape \(4, 4\)"),
        (lambda: pair_law(3, [0.1], np.ones((4, 4))), "unitary must be a unitary matrix"),
        (lambda: probe_law(1, [0.1]).accuracy([0]), "one position of kinds for each of the 16 records"),
        (lambda: probe_law(1, [0.1]).accuracy(np.full(16, 4)), "positions 0 to 3"),
        (lambda: probe_law(1, [0.1]).draw(0), "n must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
