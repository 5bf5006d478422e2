"""Answers to the exercises of *BB84* in other styles, and wrong ones that once passed."""

from math import ceil, floor, log

import numpy as np
import pytest

from qlearn.exercises.communication.bb84 import (
    bits_to_compare,
    error_rate,
    expected_bits,
    one_basis,
    sift,
    six_state,
    six_state_threshold,
)
from qlearn.qubits import Circuit


def looped(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    alice, bob = [], []
    for i, seen in enumerate(detected):
        if seen and alice_bases[i] == bob_bases[i]:
            alice.append(alice_bits[i])
            bob.append(bob_bits[i])
    return alice, bob


def by_index(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    where = np.flatnonzero(detected & ~(alice_bases ^ bob_bases).astype(bool))
    return np.stack([alice_bits.take(where), bob_bits.take(where)])


@pytest.mark.parametrize("answer", [looped, by_index])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_sifting_may_be_written_in_other_ways(answer, seed):
    assert sift.check(answer, seed=seed)


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, ab, b, bb, d: (a[ab == bb], b[d]),
        lambda a, ab, b, bb, d: (
            a[(ab == bb) & d],
            a[(ab == bb) & d],
        ),  # Bob's key is not Alice's: it has errors
        lambda a, ab, b, bb, d: (a[(ab == bb) | d], b[(ab == bb) | d]),
        lambda a, ab, b, bb, d: (np.sort(a[(ab == bb) & d]), np.sort(b[(ab == bb) & d])),
        lambda a, ab, b, bb, d: (a[(ab == bb) & d][:100], b[(ab == bb) & d][:100]),
        lambda a, ab, b, bb, d: (a * ((ab == bb) & d), b * ((ab == bb) & d)),
    ],
)
def test_sifting_that_goes_wrong_is_refused(answer):
    verdict = sift.check(answer)
    assert not verdict
    assert "stopped" not in verdict.message


def test_a_least_number_may_be_searched_for():
    def counts(fraction, miss):
        m, right = 0, 1.0
        while right > miss:
            m, right = m + 1, right * (1 - fraction / 4)
        return m

    verdict = bits_to_compare.check(counts)
    assert (
        verdict or "one too" in verdict.message
    )  # a product of thousands of factors may round the other way


@pytest.mark.parametrize(
    "answer",
    [
        lambda fraction, miss: int(np.ceil(np.log(miss) / np.log1p(-fraction / 4))) + 1,
        lambda fraction, miss: int(np.ceil(4 * np.log(1 / miss) / fraction)),  # the rule of thumb
        lambda fraction, miss: int(np.ceil(np.log(miss) / np.log(3 / 4))),
        lambda fraction, miss: {1.0: 73, 0.1: 273, 0.01: 5520}.get(fraction, 1),
    ],
)
def test_numbers_of_bits_that_are_only_nearly_right_are_refused(answer):
    assert not bits_to_compare.check(answer)


def test_six_states_may_be_sent_as_other_circuits():
    def per_basis(n_pulses, eve, rng):
        rates = []
        for basis in range(3):  # only pulses that are sifted anyway: a third of them in each basis
            n = n_pulses // 9
            bits = rng.integers(0, 2, n)
            hers = None if eve is None else rng.choice(eve, n)
            into = [lambda c: c, lambda c: c.h(0), lambda c: c.h(0).s(0)]
            back = [lambda c: c, lambda c: c.h(0), lambda c: c.sdg(0).h(0)]
            sent = into[basis](Circuit(1, bits=2).x(0, where=bits == 1))
            if hers is not None:
                sent = sent.h(0, where=hers == 1).sdg(0, where=hers == 2).h(0, where=hers == 2).measure(0, 0)
                sent = sent.h(0, where=hers > 0).s(0, where=hers == 2)
            rates.append(np.mean(back[basis](sent).measure(0, 1).run(rng=rng).bits[:, 1] != bits))
        return rates

    assert six_state.check(per_basis)


@pytest.mark.parametrize(
    "answer",
    [
        lambda n, eve, rng: [0.0, 0.0, 0.0],
        lambda n, eve, rng: [1 / 3, 1 / 3, 1 / 3],
        lambda n, eve, rng: rng.binomial(1000, 0 if eve is None else 1 / 3, 3) / 1000,
        lambda n, eve, rng: six_state(n, None if eve is None else rng.integers(0, 3, n), rng),
        lambda n, eve, rng: six_state(n, eve, rng)[::-1],
    ],
)
def test_rates_that_do_not_follow_eve_are_refused(answer):
    assert not six_state.check(answer)


@pytest.mark.parametrize("value", [0.126, 0.1262, 0.12619, "0.126193", 0.11, None, [0.126193, 0.3]])
def test_a_threshold_is_given_with_all_its_digits(value):
    assert not six_state_threshold.check(value)


@pytest.mark.parametrize(
    "answer", [lambda n, p: (n * (1 - p**2), n * p**2), lambda n, p: (n * (1 - 2 * p), n * p * p)]
)
def test_expectations_of_another_formula_are_refused(answer):
    assert not expected_bits.check(answer)


def test_what_is_rounded_to_whole_bits_passes():
    assert expected_bits.check(lambda n, p: (round(n * (1 - p) ** 2), round(n * p**2)))


def test_fractions_are_shares():
    assert error_rate.check(np.float32(0.075))
    assert one_basis.check({"Z": 0.0, "X": np.sin(np.pi / 4) ** 2, "average": 1 / 4})
    assert not one_basis.check({"Z": 0, "X": 0.5})


def test_sifting_that_leaves_out_an_end_of_the_line_is_refused_whatever_is_drawn():
    for seed in range(12):
        assert "end of the line" in sift.check(lambda *all: looped(*(x[:-1] for x in all)), seed=seed).message
        assert not sift.check(lambda *all: looped(*(x[1:] for x in all)), seed=seed)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            lambda fraction, miss: floor(log(miss) / log(1 - fraction / 4)) + 1,
            "what is whole is not rounded up",
        ),
        (lambda fraction, miss: ceil(log(1 / miss, 1 / (1 - fraction / 4))), "one bit less"),
        (lambda fraction, miss: ceil(log(miss) / log(1 - fraction / 2)), "half of those are errors"),
    ],
)
def test_numbers_of_bits_one_too_many_are_told_where(answer, said):
    verdict = bits_to_compare.check(answer)
    assert not verdict
    assert said in verdict.message


def test_an_empty_place_in_a_dict_is_no_function_that_returns_nothing():
    message = one_basis.check({"Z": None, "X": 0.5, "average": 0.25}).message
    assert message == "at 'Z': there is `None`, no value yet."
