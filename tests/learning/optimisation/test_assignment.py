"""One choice each: the penalty is enough, the exact solver is exact, samples are read back."""

import dimod
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning.optimisation import AssignmentProblem


def random_choices(seed, parties=4, most=3):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, most + 1, parties)
    single = [rng.integers(0, 5, k) for k in sizes]
    pairs = {
        (a, b): rng.integers(0, 6, (sizes[a], sizes[b]))
        for a in range(parties)
        for b in range(a + 1, parties)
        if rng.random() < 0.7
    }
    return AssignmentProblem(single, pairs)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_every_minimum_of_the_model_is_a_best_choice(seed):
    choices = random_choices(seed)
    costs = choices.all_costs()
    best = min(costs.values())
    assert choices.cost(choices.exact()) == pytest.approx(best, abs=1e-6)
    samples = dimod.ExactSolver().sample(choices.bqm())
    for row in samples.data(["sample", "energy"]):
        if row.energy > samples.first.energy + 1e-9:
            break
        assert costs[choices.decode(row.sample)] == pytest.approx(best, abs=1e-9)
        assert row.energy == pytest.approx(best, abs=1e-9)
    assert best <= choices.cost(choices.greedy())


def test_energy_of_one_choice_each_is_its_cost_whatever_the_penalty():
    choices = random_choices(3)
    for penalty in (0.0, 2.0, 50.0):
        bqm = choices.bqm(penalty)
        for chosen, cost in choices.all_costs().items():
            sample = {(a, i): int(chosen[a] == i) for a, i in bqm.variables}
            assert choices.decode(sample) == chosen
            assert bqm.energy(sample) == pytest.approx(cost, abs=1e-9)


def test_with_too_small_a_penalty_nobody_chooses():
    choices = AssignmentProblem([[3.0, 4.0], [3.0, 4.0]], {})
    assert choices.sufficient_penalty == 3
    lowest = dimod.ExactSolver().sample(choices.bqm(2.9)).first.sample
    assert choices.decode(lowest) is None
    assert choices.decode(dimod.ExactSolver().sample(choices.bqm(3.1)).first.sample) == (0, 0)


def test_two_options_at_once_are_no_choice():
    choices = AssignmentProblem([[0.0, 0.0]], {})
    assert choices.decode({(0, 0): 1, (0, 1): 1}) is None
    assert choices.decode({(0, 0): 0, (0, 1): 1}) == (1,)


def test_greedy_can_be_fooled_and_exact_cannot():
    # the first party takes what is free for it and blocks the second
    choices = AssignmentProblem([[0, 1], [0, 9]], {(0, 1): [[8, 0], [0, 0]]})
    assert choices.cost(choices.exact()) == 1
    trap = AssignmentProblem([[0, 1, 9], [2, 2, 9]], {(0, 1): [[7, 7, 7], [0, 0, 0], [0, 0, 0]]})
    assert trap.cost(trap.exact()) == 3 <= trap.cost(trap.greedy())


@pytest.mark.parametrize(
    ("single", "pairs", "says"),
    [
        ([], {}, "single must hold a non-empty list"),
        ([[]], {}, "single must hold a non-empty list"),
        ([[1], [1]], {(1, 0): [[1]]}, r"parties a < b below 2, not \(1, 0\)"),
        ([[1], [1]], {(0, 2): [[1]]}, r"not \(0, 2\)"),
        ([[1], [1, 2]], {(0, 1): [[1]]}, r"pairs\[0, 1\] must have shape \(1, 2\), not \(1, 1\)"),
        ([[-1]], {}, "not negative: add a constant"),
        ([[np.nan]], {}, "finite and not negative"),
    ],
)
def test_refuses(single, pairs, says):
    with pytest.raises(ValueError, match=says):
        AssignmentProblem(single, pairs)


def test_refuses_choices_that_are_not_there():
    choices = AssignmentProblem([[1, 2], [3]], {})
    for chosen in ((0,), (2, 0), (0, -1)):
        with pytest.raises(ValueError, match="an option for each of the 2 parties"):
            choices.cost(chosen)
    with pytest.raises(ValueError, match="penalty must be"):
        choices.bqm(-1.0)


@pytest.mark.parametrize("chosen", [(1.0, 0), (np.float64(1), 0), ("1", 0), (True, 0), (None, 0)])
def test_an_option_is_a_whole_number(chosen):
    with pytest.raises(TypeError, match=r"chosen\[0\] must be a whole number, the option that party 0 picks"):
        AssignmentProblem([[1, 2], [3]], {}).cost(chosen)


def test_an_option_may_be_a_whole_number_of_numpy():
    assert AssignmentProblem([[1, 2], [3]], {}).cost(tuple(np.array([1, 0]))) == 5


@pytest.mark.parametrize(
    ("sample", "says"),
    [
        ({}, r"for each variable \(party, option\) of bqm\(\); \(0, 0\) is missing"),
        ({(0, 0): 1, (0, 1): 0}, r"\(1, 0\) is missing"),
        ({(0, 0): 1, (0, 1): -1, (1, 0): 1}, r"bits, 0 or 1, not -1 for \(0, 1\); the spins"),
    ],
)
def test_refuses_what_is_no_sample_of_its_bits(sample, says):
    with pytest.raises(ValueError, match=says):
        AssignmentProblem([[1, 2], [3]], {}).decode(sample)
