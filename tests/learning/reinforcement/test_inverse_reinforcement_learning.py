"""The soft policy: its definition, its limits, and watching it.

Inverse learning: two routes to one reward, errors that shrink as they must, and what cannot be known.
"""

import numpy as np
import pytest
from scipy.special import logsumexp

from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
from qlearn.learning.reinforcement.inverse_reinforcement_learning import (
    infer_reward,
    reward_weights,
    soft_policy,
    visit_counts,
)
from qlearn.learning.reinforcement.markov_decision_processes import full_information_mdp, value_iteration
from qlearn.learning.reinforcement.score_models import CircuitScores, FeatureScores, TableScores, index_bits

PROBLEM = full_information_mdp(GilbertElliott(2, [0.1, 0.3], [0.2, 0.4]))
REWARDS = np.random.default_rng(0).normal(size=(8, 2))


@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0])
@pytest.mark.parametrize("discount", [0.0, 0.5, 0.99])
def test_is_what_plain_iteration_finds(scale, discount):
    policy, values = soft_policy(PROBLEM, scale * REWARDS, discount)
    plain = np.zeros(8)
    for _ in range(4000):
        q = scale * REWARDS + discount * PROBLEM.expected(plain)
        plain = logsumexp(q, axis=1)
    assert np.allclose(values, plain, rtol=1e-10, atol=1e-10)
    assert np.allclose(policy, np.exp(q - plain[:, None]), atol=1e-9)
    assert np.allclose(policy.sum(axis=1), 1)


def test_without_reward_it_is_a_coin_and_with_much_it_is_the_best():
    assert np.allclose(soft_policy(PROBLEM, 0 * REWARDS)[0], 0.5)
    eager, _ = soft_policy(PROBLEM, 1e4 * PROBLEM.rewards, 0.9)
    _, q = value_iteration(PROBLEM, 0.9)
    clear = np.abs(q[:, 0] - q[:, 1]) > 1e-3
    assert (eager.argmax(axis=1) == q.argmax(axis=1))[clear].all()
    assert eager[clear].max(axis=1).min() > 0.99


def test_a_constant_reward_changes_nothing():
    assert np.allclose(soft_policy(PROBLEM, REWARDS)[0], soft_policy(PROBLEM, REWARDS + 7)[0], atol=1e-10)


def test_what_is_seen_is_what_is_done():
    # 2e4 visits of independent episodes' last slots would be binomial; along episodes actions are still drawn
    # independently of the past given the state: each share within 5.5 standard errors, 8 of them: 3e-7
    policy, _ = soft_policy(PROBLEM, REWARDS)
    counts = visit_counts(PROBLEM, policy, episodes=200, slots=100, rng=1)
    assert counts.sum() == 20_000
    visits = counts.sum(axis=1)
    error = np.sqrt(policy[:, 0] * policy[:, 1] / visits)
    assert (np.abs(counts[:, 0] / visits - policy[:, 0]) < 5.5 * error).all()
    # and the states come as often as the chain says, to some 0.02 (correlated slots)
    share = np.linalg.matrix_power(PROBLEM.matrix(policy), 1000)[0]
    assert np.abs(visits / 20_000 - share).max() < 0.03


def test_refuses():
    with pytest.raises(ValueError, match=r"rewards must have the shape of the problem, \(8, 2\)"):
        soft_policy(PROBLEM, np.zeros(8))
    with pytest.raises(ValueError, match="discount must be at least 0 and below 1"):
        soft_policy(PROBLEM, REWARDS, 1.0)
    with pytest.raises(ValueError, match="rewards must be finite"):
        soft_policy(PROBLEM, REWARDS * np.inf)
    with pytest.raises(ValueError, match=r"policy must have shape \(..., 8, 2\)"):
        visit_counts(PROBLEM, np.ones((2, 1)), 1, 1)
    with pytest.raises(ValueError, match="episodes must be at least 1"):
        visit_counts(PROBLEM, np.full((8, 2), 0.5), 0, 1)


PROBLEM_INVERSE = full_information_mdp(GilbertElliott(2, 0.1, 0.1))
USED, NEXT = np.arange(8)[:, None] % 2, np.arange(2)
FEATURES = np.stack(np.broadcast_arrays(PROBLEM_INVERSE.rewards, USED != NEXT, NEXT), axis=-1).astype(float)
WANTED = np.array([3.0, -1.0, -0.5])
POLICY, _ = soft_policy(PROBLEM_INVERSE, FEATURES @ WANTED)


def visits_of(policy, discount=0.9):
    moves = np.eye(8) - discount * PROBLEM_INVERSE.matrix(policy)
    return np.linalg.solve(moves.T, PROBLEM_INVERSE.start)[:, None] * policy


def test_both_routes_recover_the_reward():
    weights, open_directions = reward_weights(PROBLEM_INVERSE, POLICY, FEATURES)
    assert open_directions == 0
    assert np.allclose(weights, WANTED, atol=1e-9)
    found = infer_reward(PROBLEM_INVERSE, visits_of(POLICY), FeatureScores(FEATURES))
    assert np.allclose(found.parameters[0], WANTED, atol=1e-5)
    assert np.allclose(found.policy, POLICY, atol=1e-6)


def test_what_it_finds_is_seen_as_often_as_what_was_seen():
    # at the maximum the features of seen and expected visits agree: Ziebart's condition
    seen = visit_counts(PROBLEM_INVERSE, POLICY, 20, 100, rng=3) / 2000
    found = infer_reward(PROBLEM_INVERSE, seen, FeatureScores(FEATURES))
    arriving = np.bincount(
        PROBLEM_INVERSE.next_states.ravel(), (seen[:, :, None] * PROBLEM_INVERSE.probabilities).ravel()
    )
    source = seen.sum(axis=1) - 0.9 * arriving
    moves = np.eye(8) - 0.9 * PROBLEM_INVERSE.matrix(found.policy)
    expected = np.linalg.solve(moves.T, source)[:, None] * found.policy
    assert np.allclose(np.einsum("sa,sak->k", expected - seen, FEATURES), 0, atol=1e-7)
    assert found.log_likelihood == pytest.approx(np.sum(seen * np.log(found.policy)))


def test_the_error_falls_as_the_root_of_what_was_seen():
    # ten logs each of 1e3 and 1e5 visits: the spread falls tenfold; a ratio of two sds of 9 degrees of freedom
    # lies within a factor 8 of that with probability 1 - 9e-7
    spread = [
        np.std(
            [
                infer_reward(
                    PROBLEM_INVERSE,
                    visit_counts(PROBLEM_INVERSE, POLICY, n // 10, 10, rng=s),
                    FeatureScores(FEATURES),
                ).parameters[0][1]
                for s in range(10)
            ],
            ddof=1,
        )
        for n in (1000, 100_000)
    ]
    assert 10 / 8 < spread[0] / spread[1] < 80


@pytest.mark.parametrize(
    "model", [TableScores(8, 2), CircuitScores(np.pi * index_bits(8), 2)], ids=["table", "circuit"]
)
def test_richer_rewards_explain_as_well_and_are_not_the_reward(model):
    found = infer_reward(PROBLEM_INVERSE, visits_of(POLICY), model, iterations=300, rng=0)
    assert np.abs(found.policy - POLICY).max() < 2e-3
    assert np.abs(found.rewards - FEATURES @ WANTED - np.mean(found.rewards - FEATURES @ WANTED)).max() > 0.1


def test_a_reward_for_every_state_and_action_is_open_in_as_many_directions_as_states():
    everything = np.eye(16).reshape(8, 2, 16)
    weights, open_directions = reward_weights(PROBLEM_INVERSE, POLICY, everything)
    assert open_directions == 8
    # and each of its solutions makes the policy
    assert np.allclose(soft_policy(PROBLEM_INVERSE, weights.reshape(8, 2))[0], POLICY, atol=1e-8)


def test_shaping_is_invisible_in_the_weather_it_was_made_for_and_only_there():
    # Cao, Cohen, Szpruch 2021: these are the open directions, one for each state
    states = np.random.default_rng(2).normal(size=8)
    shaping = 0.9 * PROBLEM_INVERSE.expected(states) - states[:, None]
    policy, values = soft_policy(PROBLEM_INVERSE, FEATURES @ WANTED + shaping)
    assert np.allclose(policy, POLICY, atol=1e-10)
    assert np.allclose(values, soft_policy(PROBLEM_INVERSE, FEATURES @ WANTED)[1] - states, atol=1e-9)
    other = full_information_mdp(GilbertElliott(2, 0.7, 0.7))
    shaped, plain = (soft_policy(other, FEATURES @ WANTED + s)[0] for s in (shaping, 0))
    assert np.abs(shaped - plain).max() > 0.1


def test_refuses_inverse():
    model = FeatureScores(FEATURES)
    with pytest.raises(ValueError, match="visits and model must have the shape of the problem"):
        infer_reward(PROBLEM_INVERSE, np.ones((2, 2)), model)
    with pytest.raises(ValueError, match="visits must hold at least one visit"):
        infer_reward(PROBLEM_INVERSE, np.zeros((8, 2)), model)
    with pytest.raises(ValueError, match="visits must be finite and at least 0"):
        infer_reward(PROBLEM_INVERSE, -np.ones((8, 2)), model)
    with pytest.raises(ValueError, match="iterations must be at least 1"):
        infer_reward(PROBLEM_INVERSE, np.ones((8, 2)), model, iterations=0)
    with pytest.raises(ValueError, match="discount must be at least 0"):
        infer_reward(PROBLEM_INVERSE, np.ones((8, 2)), model, discount=1)
    with pytest.raises(ValueError, match="policy must give every action some probability"):
        reward_weights(PROBLEM_INVERSE, np.eye(2)[np.zeros(8, dtype=int)], FEATURES)
    with pytest.raises(ValueError, match="features must have shape"):
        reward_weights(PROBLEM_INVERSE, POLICY, FEATURES[..., 0])
