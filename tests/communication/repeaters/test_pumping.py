"""Pumping: step by step, in levels, and the limit that no number of steps passes."""

import numpy as np
import pytest

from qlearn.communication.repeaters import (
    pump,
    pumping_limit,
    purify,
    purify_bell,
    recurrence,
    werner_vector,
)


@pytest.mark.parametrize(
    ("f", "due", "limit"),
    [
        (0.7, [0.735294, 0.785714, 0.798969, 0.808605, 0.811864, 0.813678], 0.815002),
        (0.8, [0.838150, 0.887417, 0.895439, 0.900517], 0.902340),
        (0.6, [], 0.681134),
        (0.75, [], 0.863330),
        (0.9, [], 0.960173),
    ],
)
def test_reference_values(f, due, limit):
    done = pump(werner_vector(f), max(len(due), 1))
    np.testing.assert_allclose(done.fidelity[1 : len(due) + 1], due, atol=1e-6)
    assert pumping_limit(werner_vector(f))[0] == pytest.approx(limit, abs=1e-6)
    assert purify_bell(pumping_limit(werner_vector(f)), werner_vector(f)).pair[0] == pytest.approx(
        limit, abs=1e-6
    )


@pytest.mark.parametrize(("f", "limit"), [(0.7, 0.774292), (0.8, 0.870404), (0.9, 0.943460)])
def test_limits_with_a_twirl(f, limit):
    assert pumping_limit(werner_vector(f), "bbpssw")[0] == pytest.approx(limit, abs=1e-6)
    assert purify(limit, f).fidelity == pytest.approx(limit, abs=1e-6)


def test_cost_of_the_steps():
    due = [2.601, 4.761, 7.257, 10.371, 14.221]
    np.testing.assert_allclose(pump(werner_vector(0.8), 5).raw_pairs[1:], due, atol=5e-4)


def test_the_cost_is_what_a_game_of_chance_spends():
    # n = 20,000 pairs of two steps, made by trying; the cost of one has sd < 5, so the mean < 0.04: 6 sd, 2e-9
    p1, p2 = pump(werner_vector(0.8), 2).probability
    rng, n, spent = np.random.default_rng(4), 20_000, 0
    unfinished = n
    while unfinished:
        first = rng.geometric(p1, size=unfinished)
        spent += 2 * first.sum() + unfinished
        unfinished -= int((rng.random(unfinished) < p2).sum())
    assert abs(spent / n - pump(werner_vector(0.8), 2).raw_pairs[2]) < 6 * 0.04


def test_one_step_is_one_round_and_levels_of_one_step_are_the_recurrence():
    p = [0.8, 0.02, 0.05, 0.13]
    one, pair = pump(p, 1), purify_bell(p)
    np.testing.assert_allclose(one.pairs[1], pair.pair, atol=1e-15)
    assert one.raw_pairs[1] == pytest.approx(2 / float(pair.probability), abs=1e-12)
    nested, rounds = pump(p, [1, 1, 1]), recurrence(p, 3)
    np.testing.assert_allclose(nested.pairs[-1], rounds.pairs[-1], atol=1e-15)
    assert nested.raw_pairs[-1] == pytest.approx(rounds.raw_pairs[-1], rel=1e-12)
    assert nested.memories == 4


def test_rounds_made_one_pair_after_the_other_store_one_pair_a_round_and_one_more():
    # played: a pair of a round waits while its partner is made; n = 1000, the cost of one has sd < 25: 6 sd, 2e-9
    due = recurrence(werner_vector(0.7), 3)
    rng, most = np.random.default_rng(5), 0

    def make(rounds, stored):
        nonlocal most
        most = max(most, stored + 1)
        if not rounds:
            return 1
        spent, agree = 0, False
        while not agree:
            spent += make(rounds - 1, stored) + make(rounds - 1, stored + 1)
            agree = rng.random() < due.probability[rounds - 1]
        return spent

    spent = [make(3, 0) for _ in range(1000)]
    assert np.std(spent) < 25
    assert abs(np.mean(spent) - due.raw_pairs[3]) < 6 * 25 / np.sqrt(1000)
    assert most == pump(werner_vector(0.7), [1, 1, 1]).memories == 4


def test_levels_go_past_the_limit_of_one_level():
    p = werner_vector(0.8)
    limit = pumping_limit(p)[0]
    assert pump(p, 50).fidelity[-1] <= limit + 1e-12
    assert pump(p, [2, 2]).fidelity[-1] > limit
    assert repr(pump(p, [2, 2])).startswith("Pumping(steps=2, memories=3, fidelity=0.97")


def test_pairs_whose_one_error_is_found_are_pumped_to_perfection_and_signs_are_not():
    # psi+ alone by DEJMPS: the odds A/C are multiplied by those of the fresh pair at each step
    for f in (0.6, 0.7, 0.9):
        done = pump([f, 0, 1 - f, 0], 6)
        odds = (f / (1 - f)) ** np.arange(1, 8)
        np.testing.assert_allclose(done.fidelity, odds / (1 + odds), atol=1e-14)
        np.testing.assert_allclose(pumping_limit([f, 0, 1 - f, 0]), [1, 0, 0, 0], atol=1e-12)
        assert pumping_limit([f, 0, 0, 1 - f])[0] == pytest.approx(1, abs=1e-12)
    assert pumping_limit([0.7, 0.3, 0, 0])[0] == pytest.approx(0.7, abs=1e-12)


def test_a_limit_that_is_far_off_is_found():
    p = [0.5021, 0.0033, 0.2458, 0.2488]
    done = pump(p, 500)
    assert np.abs(done.pairs[-1] - done.pairs[-2]).max() > 1e-7  # still on its way
    limit = pumping_limit(p)
    np.testing.assert_allclose(purify_bell(limit, p).pair, limit, atol=1e-14)
    assert limit[0] == pytest.approx(0.631756, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pump([1, 0, 0, 0], []), "steps must be a number of steps"),
        (lambda: pump([1, 0, 0, 0], [2, 0]), "steps must be at least 1"),
        (lambda: pump([[1, 0, 0, 0]], 2), "p must be one pair"),
        (lambda: pump([0.5, 0.2, 0.2, 0], 2), "p must sum to 1"),
        (lambda: pump([1, 0, 0, 0], 2, "twirl"), "method must be one of"),
        (lambda: pumping_limit([0, 0, 0]), "four probabilities"),
        (lambda: pumping_limit([1, 0, 0, 0], "twirl"), "method must be one of"),
        (lambda: pumping_limit([1, 0, 0, 0], gate=3), "gate must be a probability"),
        (lambda: pumping_limit([0.3, 0, 0, 0.7]), "leads to no limit"),
        (lambda: pumping_limit([0, 0, 0, 1]), "never give equal bits"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
