"""Cascade as a whole: what it discloses and how often it asks, beside the published figures."""

import numpy as np
import pytest

from qlearn.communication import binary_entropy
from qlearn.communication.secret_key import reconcile
from qlearn.communication.secret_key.reconciliation.cascade import correct


def keys(n, qber, seed):
    rng = np.random.default_rng(seed)
    alice = rng.integers(0, 2, n, dtype=np.uint8)
    return alice, alice ^ (rng.random(n) < qber).astype(np.uint8)


# Against the errors that were there, f of 32 frames scatters by 0.0015 (sd, 24 seeds) at 1 %, by less at more.
# At 1 % the mean is the published one, and 0.008 are 5 sd (3e-7); elsewhere it is 0.004 to 0.016 below.
@pytest.mark.parametrize(("qber", "published"), [(0.01, 1.042), (0.03, 1.039), (0.05, 1.043), (0.08, 1.055)])
def test_near_optimal_is_at_least_as_efficient_as_published(qber, published):
    alice, bob = keys(32 * 2**14, qber, 3)
    done = reconcile(alice, bob, qber, rng=1)
    # 32 frames, each failing once in 10^4 times: a false alarm in 300 seeds, and this seed is none.
    assert done.verified
    assert (done.alice == done.bob).all()
    measured = float((alice != bob).mean())
    assert 1 < done.efficiency(measured) < published + 0.008


@pytest.mark.parametrize(("qber", "at_least"), [(0.01, 1.10), (0.03, 1.12), (0.08, 1.15)])
def test_original_pays_more(qber, at_least):
    alice, bob = keys(16 * 2**14, qber, 3)
    done = reconcile(alice, bob, qber, variant="original", rng=1)
    assert at_least < done.efficiency(float((alice != bob).mean())) < 1.21


# Table 3 of the same article: questions a frame. Over 150 frames ours are 202, 482, 428 and 550 on average, and scatter
# by 0.29 of that (sd) at most; the mean of 16 by 0.072, and the bound is 5.5 sd (4e-8).
@pytest.mark.parametrize(("qber", "published"), [(0.01, 208.8), (0.03, 496.9), (0.05, 432.6), (0.08, 550.3)])
def test_a_frame_takes_as_many_questions_as_published(qber, published):
    asked = [correct(*keys(2**14, qber, seed), qber, rng=seed).rounds / 2 for seed in range(16)]
    assert abs(np.mean(asked) / published - 1) < 0.4


def test_all_frames_wait_together():
    alice, bob = keys(32 * 2**14, 0.05, 4)
    one = correct(alice[: 2**14], bob[: 2**14], 0.05, rng=1)
    many = correct(alice, bob, 0.05, rng=1)
    assert many.rounds < 6 * one.rounds


def test_a_burst_of_errors_is_corrected():
    alice, _ = keys(2**13, 0, 1)
    bob = alice.copy()
    bob[1000:1300] ^= 1
    assert reconcile(alice, bob, 300 / 2**13, rng=1).verified


def test_efficiency_is_the_share_above_shannon():
    alice, bob = keys(20_000, 0.03, 7)
    done = reconcile(alice, bob, 0.03, rng=1)
    assert done.efficiency(0.03) == pytest.approx(done.disclosed / (20_000 * float(binary_entropy(0.03))))
