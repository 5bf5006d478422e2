"""The environment: Gymnasium accepts it, it pays what the counts prove, and it carries on over gaps with a record."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from qlearn.communication.photons import LINKS, Source
from qlearn.control.adaptive_qkd import (
    DriftingLink,
    KeyTable,
    LinkEnv,
    RecordedLink,
    Setting,
)
from qlearn.control.adaptive_qkd.drifting_link import LinkTrace

SOURCE = Source((0.4, 0.18, 2e-4), (0.17, 0.56, 0.27), p_x=0.25)
STEADY = DriftingLink(loss_db=10, loss_spread_db=0.0, angle_spread=0.0)


@pytest.mark.parametrize("keywords", [{}, {"may_stop": True, "cost_bits": 1000.0, "slots": 5}])
def test_passes_gymnasiums_own_check(keywords):
    check_env(gymnasium.make("qlearn/AdaptiveLink-v0", **keywords).unwrapped, skip_render_check=True)


def test_is_registered():
    env = gymnasium.make("qlearn/AdaptiveLink-v0", slots=3)
    assert isinstance(env.unwrapped, LinkEnv)
    env.reset(seed=1)
    ends = [env.step(0)[3] for _ in range(3)]
    assert ends == [False, False, True]


def test_pays_what_is_expected_of_a_steady_link():
    # counts of 1e9 pulses move the key by 1 % (sd over blocks), so the mean of 60 by .13 %; the table is good to .3 %
    env = LinkEnv([Setting(SOURCE)], drift=STEADY, slots=60)
    observation, _ = env.reset(seed=4)
    expected = float(KeyTable(env.settings, pulses=1e9).keys(10.0, 0.005)[0])
    rewards = []
    for _ in range(60):
        assert observation[0] == pytest.approx(10.0, abs=0.05)
        assert observation[1] == pytest.approx(0.005, abs=0.001)
        observation, reward, *_ = env.step(0)
        assert observation[2] == reward
        rewards.append(reward)
    assert np.std(rewards) < 0.02 * expected
    assert np.mean(rewards) == pytest.approx(expected, rel=5.5 * 0.0026 + 0.003)


def test_larger_blocks_make_more_of_the_same_light():
    single, block = (LinkEnv([Setting(SOURCE, slots=k)], drift=STEADY, pulses=1e8, slots=20) for k in (1, 10))
    rates = []
    for env in (single, block):
        env.reset(seed=2)
        rewards, over = [], False
        while not over:
            _, reward, _, over, info = env.step(0)
            rewards.append(reward)
        rates.append(sum(rewards) / 20)
        assert info["failure"] == pytest.approx((1e-10 + 1e-15) * len(rewards), rel=1e-9)
    assert len(rewards) == 2
    assert rates[1] > 1.2 * rates[0] > 0


def test_a_last_block_is_cut_and_exact_keys_are_finite_keys():
    env = LinkEnv([Setting(SOURCE, slots=4)], drift=STEADY, slots=6, method="exact")
    env.reset(seed=1)
    *_, over, info = env.step(0)
    assert (over, info["slots"]) == (False, 4)
    assert info["bits"] == int(info["bits"]) > 0
    observation, _, _, over, info = env.step(0)
    assert (over, info["slots"], observation[3]) == (True, 2, 0.0)


def test_one_seed_is_one_link_whatever_is_done_on_it():
    traces = []
    for action in (0, 2):
        env = LinkEnv(slots=10)
        env.reset(seed=9)
        env.step(action)
        traces.append(env.trace.loss_db)
    np.testing.assert_array_equal(*traces)


def test_stopping_ends_the_session_and_spares_its_costs():
    env = LinkEnv([Setting(SOURCE)], drift=DriftingLink(loss_db=30), slots=5, cost_bits=500.0, may_stop=True)
    env.reset(seed=1)
    _, reward, *_ = env.step(0)
    assert reward == -500 / 1e9
    _, reward, terminated, truncated, info = env.step(1)
    assert (reward, terminated, truncated, info["failure"]) == (0.0, True, False, 1e-10 + 1e-15)
    with pytest.raises(RuntimeError, match="session is over"):
        env.step(0)


def test_gaps_are_carried_on_with_a_record():
    loss = np.full(7, 10.0)
    loss[[2, 3, 5]] = np.nan
    env = LinkEnv([Setting(SOURCE)], drift=RecordedLink(loss), slots=6)
    env.reset(seed=1)
    paid, seen, missing = [], [], []
    for _ in range(6):
        observation, reward, *_, info = env.step(0)
        paid.append(reward > 0)
        seen.append(observation)
        missing.append(info["missing"])
    assert missing == [0, 1, 1, 0, 1, 0]
    assert paid == [True, False, False, True, False, True]
    assert env.skipped == [2, 3, 5]
    np.testing.assert_array_equal(seen[1][:2], seen[0][:2])  # nothing new is known
    assert np.isfinite(seen).all()


def test_a_block_with_a_gap_is_made_of_the_rest():
    full, short = (np.full(5, 10.0) for _ in range(2))
    short[2] = np.nan
    bits = []
    for loss in (full, short):
        env = LinkEnv([Setting(SOURCE, slots=4)], drift=RecordedLink(loss), slots=4)
        env.reset(seed=1)
        bits.append(env.step(0)[4]["bits"])
    assert 0.6 * bits[0] < bits[1] < 0.8 * bits[0]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: LinkEnv().step(0), RuntimeError, "call reset"),
        (lambda: LinkEnv([SOURCE]), TypeError, "settings must be"),
        (lambda: LinkEnv(drift=LINKS["gys"]), TypeError, "drift must be"),
        (lambda: LinkEnv(pulses=0), ValueError, "pulses must be"),
        (lambda: LinkEnv(pulses=1.5), ValueError, "pulses must be a whole number"),
        (lambda: LinkEnv(slots=0), ValueError, "slots must be"),
        (lambda: LinkEnv(cost_bits=-1), ValueError, "cost_bits must be"),
        (lambda: LinkEnv(method="fast"), ValueError, "method must be"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("action", [-1, 3, 0.5, "bright"])
def test_refuses_actions_that_are_none(action):
    env = LinkEnv(slots=2)
    env.reset(seed=1)
    with pytest.raises(ValueError, match="action must be a whole number, 0 to 2"):
        env.step(action)


class Drawn:
    """A drift of somebody else, which checks nothing."""

    link = LINKS["lim2014"]

    def __init__(self, loss_db, misalignment):
        self.trace = LinkTrace(np.array(loss_db, dtype=float), np.array(misalignment, dtype=float))

    def draw(self, slots, rng=None):
        return self.trace


@pytest.mark.parametrize(
    ("loss", "wrong", "says"),
    [
        ([10, -3, 10], [0.01] * 3, "does not amplify"),
        ([10, np.inf, 10], [0.01] * 3, "finite"),
        ([10, 10, 10], [0.01, 0.9, 0.01], "between 0 and 1/2"),
        ([10, 10, 10], [0.01, -0.1, 0.01], "between 0 and 1/2"),
        ([10, 10], [0.01] * 2, "each of the 3 slots"),
        ([[10], [10], [10]], [0.01] * 3, "each of the 3 slots"),
    ],
)
def test_no_drift_may_draw_what_no_link_can_be(loss, wrong, says):
    with pytest.raises(ValueError, match=says):
        LinkEnv(drift=Drawn(loss, wrong), slots=2).reset(seed=1)


def test_a_stop_after_a_gap_has_no_missing_slot_of_its_own():
    env = LinkEnv([Setting(SOURCE)], drift=RecordedLink([10, np.nan, 10]), slots=2, may_stop=True)
    env.reset(seed=1)
    assert env.step(0)[4]["missing"] == 1
    assert env.step(1)[4]["missing"] == 0
    assert env.skipped == [1]
