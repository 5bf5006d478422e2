"""Clicks, event by event: rests, afterpulses, and what the rules keep."""

from itertools import product

import numpy as np
import pytest

from qlearn.communication.fibre import simulate_clicks


def test_without_rest_every_photon_clicks():
    seen = simulate_clicks(1e6, 5000, rng=1)
    assert seen.time_s.size == 5000
    assert (np.diff(seen.time_s) > 0).all()
    assert seen.kept.all()
    assert not seen.spurious.any()
    # a coin for each: sigma 35, 6 sigma: 2e-9
    assert abs(int(seen.bits.sum()) - 2500) < 6 * 35.4


def test_nobody_clicks_while_at_rest():
    dead = 2e-6
    apart = simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="separate", rng=2)
    for bit in (0, 1):
        assert np.diff(apart.time_s[apart.bits == bit]).min() >= dead
    assert np.diff(apart.time_s).min() < dead
    assert np.diff(simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="shared", rng=2).time_s).min() >= dead


def test_the_rule_discard_keeps_what_found_both_awake():
    dead = 1e-6
    seen = simulate_clicks(1e6, 5000, dead_time_s=dead, rule="discard", rng=3)
    for i in range(seen.time_s.size):
        others = seen.time_s[:i][seen.bits[:i] != seen.bits[i]]
        assert seen.kept[i] == (others.size == 0 or seen.time_s[i] >= others[-1] + dead)
    assert 0 < seen.kept.sum() < seen.kept.size


def test_times_tell_that_bits_differ_and_no_bit():
    # Every way in which nine photons can choose their detector, and what is known who sees the times of the clicks.
    times, dead = np.cumsum(np.random.default_rng(3).exponential(1.0, 9)), 1.5
    records = {}
    for word in product((0, 1), repeat=times.size):
        awake, seen = [0.0, 0.0], []
        for time, bit in zip(times, word, strict=True):
            if time >= awake[bit]:
                seen.append((time, bit))
                awake[bit] = time + dead
        records.setdefault(tuple(time for time, _ in seen), []).append([bit for _, bit in seen])
    soon = 0
    for record, words in records.items():
        bits = np.array(words)
        assert (bits.mean(axis=0) == 0.5).all()  # of no bit anything
        differs = (np.diff(bits, axis=1) != 0).mean(axis=0)
        assert (differs[np.diff(record) < dead] == 1).all()  # of pairs, one bit each
        soon += int((np.diff(record) < dead).sum())
    assert soon > 0


def test_separate_rests_tie_neighbours():
    # Within a rest the next click is of the other detector: always. Under "shared" the next bit is a coin.
    dead = 2e-6
    apart = simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="separate", rng=4)
    soon = np.diff(apart.time_s) < dead
    assert (np.diff(apart.bits.astype(int))[soon] != 0).all()
    together = simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="shared", rng=4).bits.astype(int)
    n = together.size - 1
    assert abs((np.diff(together) != 0).mean() - 0.5) < 6 * 0.5 / np.sqrt(n)  # 6 sigma: 2e-9


def test_afterpulses_belong_to_the_detector_that_clicked():
    seen = simulate_clicks(1.0, 3000, afterpulse=0.3, decay_s=1e-6, rng=5)  # photons a second apart
    places = np.flatnonzero(seen.spurious)
    assert places.size > 500
    assert (seen.bits[places] == seen.bits[places - 1]).all()


def test_same_seed_same_clicks():
    one, two = (simulate_clicks(1e6, 1000, dead_time_s=1e-6, afterpulse=0.1, rng=7) for _ in range(2))
    assert np.array_equal(one.time_s, two.time_s)
    given = np.random.default_rng(7)
    simulate_clicks(1e6, 1000, rng=given)
    assert given.random() != np.random.default_rng(7).random()


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"rate_hz": 0.0}, ValueError, "rate_hz and decay_s must be above 0"),
        ({"decay_s": 0.0}, ValueError, "rate_hz and decay_s must be above 0"),
        ({"n_events": 0}, ValueError, "n_events must be at least 1"),
        ({"n_events": 1.5}, TypeError, "n_events must be a whole number"),
        ({"rule": "both"}, ValueError, 'rule must be "separate", "discard" or "shared"'),
        ({"rule": np.ones(2)}, ValueError, "rule must be"),
        ({"afterpulse": 1.0}, ValueError, "each click would start another, for ever"),
        ({"dead_time_s": -1.0}, ValueError, "dead_time_s must be"),
        ({"share": 2.0}, ValueError, "share must be a probability"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        simulate_clicks(**{"rate_hz": 1e6, "n_events": 10, **keywords})
