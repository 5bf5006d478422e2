"""Stages: the same world for all, a program that is one, and the one thing by which the ablation differs."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.networks.federated import FedAvg
from qlearn.networks.orchestration import HEALING, KPIs, Orders, stage, stage_world


def test_the_world_of_a_seed_is_one():
    first, second, other = stage_world(3, 20), stage_world(3, 20), stage_world(4, 20)
    assert dict(first[0].nodes(data=True)) == dict(second[0].nodes(data=True))
    assert first[3] == second[3] != other[3]
    for a, b in zip(first[1], second[1], strict=True):
        assert (a.X == b.X).all()
        assert (a.y == b.y).all()


def test_all_stages_begin_with_one_model():
    firsts = []

    class Watching(FedAvg):
        def start(self, model):
            firsts.append(np.concatenate([p.ravel() for p in model]))

    runs = [stage(number).run(2, 1, faults=[], strategy=Watching()) for number in (1, 2, 3, 4)]
    assert len({first.tobytes() for first in firsts}) == 1
    assert [len(run.rounds[0].sent) for run in runs[:3]] == [1, 12, 12]


def test_aggregators_save_key_on_the_way_to_the_middle():
    # without faults, with key enough: stage 2 pays for each update on a whole route, stage 3 for one blend an aggregator
    two, three = (stage(number).run(1, 2, faults=[], patience_s=1e6) for number in (2, 3))
    assert len(two.rounds[0].sent) == len(three.rounds[0].sent) == 12
    assert two.rounds[0].latency.keys_s > 2 * three.rounds[0].latency.keys_s
    np.testing.assert_allclose(
        np.concatenate([p.ravel() for p in two.parameters]),
        np.concatenate([p.ravel() for p in three.parameters]),
        atol=1e-12,
    )


def test_the_ablation_changes_one_thing():
    rule, healing = stage(3).policy(), HEALING.policy()
    assert replace(healing, orders=replace(healing.orders, assignment="home")) == rule
    assert healing.orders == Orders(local_epochs=3, assignment="balanced")
    assert HEALING.join is stage(3).join


def test_a_stage_that_manages_itself_learns_while_it_runs_and_the_next_run_begins_as_it_did():
    policy = stage(4).policy()
    before, practised = policy.table.copy(), policy.visits.copy()
    replace(stage(4), policy=lambda: policy).run(5, 12)
    assert policy.visits.sum() == practised.sum() + 12 == 5012
    assert (policy.table != before).any()
    assert (stage(4).policy().table == before).all()
    assert (stage(4).policy().visits == practised).all()


def test_on_the_job_stage_4_is_told_of_rewards_that_have_the_size_of_those_it_practised_with():
    # the values of practice are sums of rewards; what a round of the program gives must be of their order to be seen at all
    told, policy = [], stage(4).policy()

    def overheard(*seen):
        told.append(stage(4).reward(*seen))
        return told[-1]

    for seed in (40_000, 40_001):  # worlds that do not judge
        replace(stage(4), reward=overheard).run(seed, 12)
    usual = np.abs(policy.problem.process.rewards).mean()
    assert 0.2 * usual < np.abs(told).mean() < 5 * usual
    # a second of latency costs what it costs there
    assert stage(4).reward(KPIs(1), Orders(), KPIs(2, latency=1.0)) == pytest.approx(
        policy.problem.weights[1]
    )


def test_a_reward_that_is_missing_freezes_what_was_practised():
    policy = stage(4).policy()
    before, visits = policy.table.copy(), policy.visits.copy()
    replace(stage(4), policy=lambda: policy, reward=lambda *seen: np.nan).run(40_000, 3)
    assert (policy.table == before).all()
    assert (policy.visits == visits).all()


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: stage(5), "number must be 1 to 4, not 5: the article has four stages"),
        (lambda: stage(0), "number must be at least 1"),
        (lambda: stage_world(-1, 3), "seed must be at least 0"),
        (lambda: stage_world(0, 0), "rounds must be at least 1"),
    ],
)
def test_refuses(act, says):
    with pytest.raises(ValueError, match=says):
        act()


def test_the_plain_rival_of_stage_4_gives_one_of_its_orders_and_differs_in_nothing_else():
    from qlearn.networks.orchestration import UNLEARNED, QLearningPolicy

    learns = stage(4)
    orders = UNLEARNED.policy().decide(KPIs())
    policy = learns.policy()
    assert isinstance(policy, QLearningPolicy)
    assert orders in policy.problem.orders
    assert UNLEARNED.join is learns.join
    assert {one.assignment for one in policy.problem.orders} == {"balanced"}
