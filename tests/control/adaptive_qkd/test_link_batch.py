"""The batch: the bins, the law of the single environment, and the best policy of a bin."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.photons import Source
from qlearn.control.adaptive_qkd import (
    DriftingLink,
    KeyTable,
    LinkBins,
    LinkEnv,
    LinkVector,
    RecordedLink,
    Setting,
    bin_values,
)
from qlearn.learning.reinforcement import q_learning

NEAR = Setting(Source((0.47, 0.23, 2e-4), (0.3, 0.5, 0.2), 0.18))
FAR = Setting(Source((0.3, 0.1, 2e-4), (0.08, 0.59, 0.33), 0.35))
TABLE = KeyTable([NEAR, FAR], pulses=1e9, knots=(25, 17))
BINS = LinkBins([9.0, 12.0], [0.02])
DRIFT = DriftingLink()


@given(st.floats(0, 30), st.floats(0, 0.5))
def test_bins_are_counted_by_hand(loss, wrong):
    row = sum(loss >= edge for edge in (9.0, 12.0))
    assert BINS.index(loss, wrong) == 2 * row + (wrong >= 0.02)
    assert LinkBins([], []).index(loss, wrong) == 0


def test_pays_the_table_of_the_coming_slot():
    record = RecordedLink([8.0, 11.0, 14.0], misalignment=[0.01, 0.03, 0.01])
    envs = LinkVector(2, TABLE, BINS, record, slots=2)
    assert envs.reset(seed=1)[0].tolist() == [0, 0]
    seen, rewards, terminated, truncated, _ = envs.step([0, 1])
    np.testing.assert_allclose(rewards, TABLE.keys(11.0, 0.03) / TABLE.most)
    assert seen.tolist() == [3, 3]
    assert not terminated.any()
    assert not truncated.any()
    _, rewards, _, truncated, _ = envs.step(np.array([1, 1]))
    np.testing.assert_allclose(rewards, TABLE.keys(14.0, 0.01)[1] / TABLE.most)
    assert truncated.all()
    with pytest.raises(RuntimeError, match="episodes are over"):
        envs.step([0, 0])


def test_is_the_single_environment_without_the_noise_of_counts():
    # the same link in both: a block's key scatters by about 1 %, and the bin is the true one but at its edges
    env = LinkEnv([NEAR, FAR], drift=DRIFT, slots=200)
    observation, _ = env.reset(seed=5)
    trace = env.trace
    expected = TABLE.keys(trace.loss_db, trace.misalignment)
    agree, rewards = 0, []
    for t in range(200):
        agree += BINS.index(observation[0], observation[1]) == BINS.index(
            trace.loss_db[t], trace.misalignment[t]
        )
        observation, reward, *_ = env.step(t % 2)
        rewards.append(reward)
    assert agree >= 190
    chosen = expected[np.arange(1, 201), np.arange(200) % 2]
    assert np.abs(np.array(rewards) - chosen).max() < 0.06 * TABLE.most
    assert np.mean(rewards) == pytest.approx(chosen.mean(), rel=0.02)


def test_values_of_bins_by_hand():
    record = RecordedLink([8.0, 11.0, 8.0, 14.0], misalignment=0.01)
    values = bin_values(TABLE, LinkBins([10.0], []), record, slots=4)
    np.testing.assert_allclose(values[0], TABLE.keys([11.0, 14.0], 0.01).mean(axis=0))
    np.testing.assert_allclose(values[1], TABLE.keys(8.0, 0.01))
    nowhere = bin_values(TABLE, LinkBins([30.0], []), record, slots=4)[1]
    np.testing.assert_allclose(nowhere, TABLE.keys([11.0, 8.0, 14.0], 0.01).mean(axis=0))


def test_a_learner_comes_near_the_best_policy_of_a_bin_and_not_past_it():
    values = bin_values(TABLE, BINS, DRIFT, rng=1)
    learned = q_learning(
        LinkVector(64, TABLE, BINS, DRIFT),
        updates=150,
        discount=0.0,
        learning_rate=0.03,
        exploration=0.5,
        rng=2,
    ).policies[0, -1]
    trace = DRIFT.draw(50_000, rng=3)
    occurs = np.bincount(BINS.index(trace.loss_db, trace.misalignment), minlength=BINS.n) / 50_000
    best = occurs @ values.max(axis=1)
    fixed = (occurs @ values).max()
    got = occurs @ (learned * values).sum(axis=1)
    assert fixed < got <= best
    assert got > best - 0.25 * (best - fixed)


def test_values_over_gaps_are_those_of_the_pairs_that_were_seen():
    record = np.array([9.0, 10.0, np.nan, 9.5, 9.0])
    found = bin_values(TABLE, BINS, RecordedLink(record, 0.01), slots=5)
    pairs = [
        bin_values(TABLE, BINS, RecordedLink(record[part], 0.01), slots=2)
        for part in (slice(0, 2), slice(3, 5))
    ]
    seen = BINS.index(9.0, 0.01), BINS.index(9.5, 0.01)
    by_hand = pairs[0][seen[0]] if seen[0] != seen[1] else (pairs[0][seen[0]] + pairs[1][seen[0]]) / 2
    np.testing.assert_allclose(found[seen[0]], by_hand)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: LinkBins([3.0, 2.0], []), ValueError, "losses_db must be the inner edges"),
        (lambda: LinkBins([3.0], [0.1, 0.1]), ValueError, "misalignments must be the inner edges"),
        (lambda: LinkVector(0, TABLE, BINS, DRIFT), ValueError, "num_envs must be"),
        (lambda: LinkVector(2, "table", BINS, DRIFT), TypeError, "table must be a KeyTable"),
        (lambda: LinkVector(2, TABLE, [9.0], DRIFT), TypeError, "bins must be LinkBins"),
        (lambda: LinkVector(2, TABLE, BINS, "fibre"), TypeError, "drift must be"),
        (lambda: LinkVector(2, TABLE, BINS, DRIFT).step([0, 0]), RuntimeError, "call reset"),
        (lambda: BINS.index(np.nan, 0.01), ValueError, "a gap in the record is in no bin"),
        (
            lambda: LinkVector(2, KeyTable([NEAR], pulses=100, knots=(4, 4)), BINS, DRIFT),
            ValueError,
            "table must have a setting that makes a key",
        ),
        (
            lambda: bin_values(TABLE, BINS, RecordedLink([9.0, np.nan, 9.0]), slots=3),
            ValueError,
            "two slots in a row",
        ),
        (lambda: bin_values(TABLE, BINS, DRIFT, slots=1), ValueError, "slots must be at least 2"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_refuses_long_blocks_gaps_and_actions_that_are_none():
    long = KeyTable([Setting(NEAR.source, slots=2)], pulses=1e9, knots=(4, 4))
    with pytest.raises(ValueError, match="settings of one slot"):
        LinkVector(2, long, BINS, DRIFT)
    with pytest.raises(ValueError, match="without gaps"):
        LinkVector(2, TABLE, BINS, RecordedLink([1.0, np.nan]), slots=1).reset(seed=1)
    envs = LinkVector(2, TABLE, BINS, DRIFT)
    envs.reset(seed=1)
    for wrong in ([0], [0, 2], [0.0, 1.0], [-1, 0]):
        with pytest.raises(ValueError, match="actions must be 2 settings"):
            envs.step(wrong)
