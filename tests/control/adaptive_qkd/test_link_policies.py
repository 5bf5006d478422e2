"""Policies: the forecast by simulation, the order that must hold, and sessions that are added up."""

import numpy as np
import pytest

from qlearn.communication.photons import Source
from qlearn.control.adaptive_qkd import (
    DriftingLink,
    KeyTable,
    LinkBins,
    LinkEnv,
    RecordedLink,
    Setting,
    bin_policy,
    forecast_policy,
    oracle_policy,
    play_link,
)
from qlearn.learning.reinforcement import GilbertElliott

NEAR = Setting(Source((0.47, 0.23, 2e-4), (0.3, 0.5, 0.2), 0.18))
FAR = Setting(Source((0.3, 0.1, 2e-4), (0.08, 0.59, 0.33), 0.35))
TABLE = KeyTable([NEAR, FAR], pulses=1e9, knots=(25, 17))
DRIFT = DriftingLink(loss_db=11, angle_spread=0.16)


def test_the_forecast_is_the_mean_of_what_comes():
    # by simulation from the state itself: keys of 20,000 continuations, whose means differ clearly in these four states
    policy = forecast_policy(TABLE, DRIFT)
    rng = np.random.default_rng(1)
    fresh = np.sqrt(1 - DRIFT.memory**2)
    for loss, angle in ((7.0, 0.02), (9.0, 0.25), (15.0, 0.02), (5.0, 0.1)):
        wrong = 0.005 + 0.99 * np.sin(angle) ** 2
        after = np.maximum(11 + 0.9 * (loss - 11) + 3 * fresh * rng.normal(size=20_000), 0)
        turned = 0.9 * angle + 0.16 * fresh * rng.normal(size=20_000)
        keys = TABLE.keys(after, 0.005 + 0.99 * np.sin(turned) ** 2).mean(axis=0)
        assert abs(keys[0] / keys[1] - 1) > 0.2
        assert policy(np.array([loss, wrong, 0.0, 1.0])) == keys.argmax()


def test_knowing_more_is_worth_more():
    env = LinkEnv([NEAR, FAR], drift=DRIFT, slots=150)
    forecast = forecast_policy(TABLE, DRIFT)
    rates = np.array([
        [
            play_link(env, policy, seed=seed).rate
            for policy in (lambda seen: 0, lambda seen: 1, forecast, oracle_policy(env, TABLE))
        ]
        for seed in range(6)
    ])  # fmt: skip
    fixed = rates[:, :2].mean(axis=0).max()
    assert fixed < rates[:, 2].mean() < rates[:, 3].mean()
    # per session too, but for what counting noise does to single blocks (1 % each)
    assert (rates[:, 3] > rates[:, :3].max(axis=1) * 0.995).all()


def test_a_session_is_the_sum_of_its_blocks():
    loss = np.full(9, 10.0)
    loss[4] = np.nan
    env = LinkEnv([NEAR, Setting(FAR.source, slots=3)], drift=RecordedLink(loss), slots=8)
    session = play_link(env, lambda seen: int(seen[3] < 1), seed=2)
    assert session.actions.tolist() == [0, 1, 1, 1]  # 1 + 3 + 3 + 1 slots
    assert session.rate == pytest.approx(session.rewards.sum() / 8)
    assert session.failure == pytest.approx(4 * (1e-10 + 1e-15), rel=1e-9)
    assert session.skipped == (4,)
    again = play_link(env, lambda seen: int(seen[3] < 1), seed=2)
    assert again.rate == session.rate


def test_a_policy_may_stop():
    env = LinkEnv([NEAR], drift=DRIFT, slots=10, may_stop=True)
    assert play_link(env, lambda seen: int(seen[3] < 0.75), seed=1).actions.tolist() == [0, 0, 0, 1]


def test_the_oracle_carries_on_over_a_gap():
    env = LinkEnv([NEAR, FAR], drift=RecordedLink([8.0, 8.0, np.nan, 15.0]), slots=3)
    assert play_link(env, oracle_policy(env, TABLE), seed=1).actions.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: play_link(LinkEnv(), "oracle"), TypeError, "policy must be a function"),
        (lambda: play_link("env", lambda seen: 0), TypeError, "env must be a LinkEnv"),
        (
            lambda: play_link(LinkEnv(), lambda seen: 0.7),
            TypeError,
            "policy must return the number of an action",
        ),
        (
            lambda: play_link(LinkEnv(), lambda seen: np.nan),
            TypeError,
            "policy must return the number of an action",
        ),
        (lambda: bin_policy(LinkBins([1.0], []), np.eye(3)), ValueError, "each of the 2 observations"),
        (lambda: forecast_policy(TABLE, RecordedLink([1.0])), TypeError, "drift must be a DriftingLink"),
        (lambda: forecast_policy(TABLE, DriftingLink(angle=0.2)), ValueError, "about the angle 0"),
        (lambda: forecast_policy(TABLE, DriftingLink(spells=GilbertElliott(1))), ValueError, "spells"),
        (lambda: oracle_policy(LinkEnv(), TABLE), ValueError, "settings of env"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
