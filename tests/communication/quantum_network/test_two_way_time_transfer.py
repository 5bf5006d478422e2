"""Two-way time transfer: offset and delay apart, at one moment, and a delay that nobody sees."""

import numpy as np
import pytest

from qlearn.communication.quantum_network import (
    OffsetEstimate,
    TimeTags,
    coincidences,
    estimate_offset,
    pair_tags,
    two_way,
)

WINDOW = 10e-9


def both_ways(n, rng, *, offset=3e-6, delay=5e-5, there=0.0, back=0.0, drift=0.0):
    ab = pair_tags(n, 1.0, offset_s=offset, delay_s=delay + there, drift=drift, rng=rng)
    ba = pair_tags(n, 1.0, offset_s=-offset, delay_s=delay + back, drift=-drift, rng=rng)
    fits = [estimate_offset(coincidences(tags, window_s=WINDOW), drift=bool(drift)) for tags in (ab, ba)]
    return two_way(*fits)


def test_two_ways_tell_offset_from_delay():
    # sigma/sqrt(2N) = 2.1213 ps at N = 1e4, 300 ps; two numbers at 5.5 sigma
    found = both_ways(10_000, np.random.default_rng(1))
    assert found.error_s == pytest.approx(2.1213e-12, rel=0.05)
    assert abs(found.offset_s - 3e-6) < 5.5 * found.error_s
    assert abs(found.delay_s - 5e-5) < 5.5 * found.error_s


def test_clocks_far_apart_that_drift_agree_on_the_moment():
    # a second apart, 1e-7 of drift: the offset at the wrong end of that second is off by 5e-8 s, 10,000 times the error
    rng, apart, drift = np.random.default_rng(3), 1.0, 1e-7
    sent, other = np.sort(rng.random((2, 2000))) * 2  # both on our clock
    noise = rng.normal(0, 1e-10, (2, 2000))
    ab = TimeTags(sent, sent * (1 + drift) + apart + noise[0])
    ba = TimeTags(other * (1 + drift) + apart, other + noise[1])
    there, back = (
        estimate_offset(coincidences(tags, window_s=1e-6, centre_s=centre), drift=True)
        for tags, centre in ((ab, apart + 1e-7), (ba, -apart - 1e-7))
    )
    found = two_way(there, back)
    assert found.at_s == pytest.approx(
        (sent.mean() + other.mean()) / 2, abs=1e-3
    )  # and strangers in the window
    assert abs(found.offset_s - apart - drift * found.at_s) < 6 * found.error_s
    assert abs(found.delay_s) < 6 * found.error_s


def test_a_delay_of_one_way_shifts_by_half_and_one_of_both_cancels():
    rng = np.random.default_rng(2)
    attacked = both_ways(5000, rng, there=2e-7)
    assert abs(attacked.offset_s - 3e-6 - 1e-7) < 5.5 * attacked.error_s
    assert abs(attacked.delay_s - 5e-5 - 1e-7) < 5.5 * attacked.error_s
    other = both_ways(5000, rng, back=2e-7)
    assert abs(other.offset_s - 3e-6 + 1e-7) < 5.5 * other.error_s
    even = both_ways(5000, rng, there=2e-7, back=2e-7)
    assert abs(even.offset_s - 3e-6) < 5.5 * even.error_s


def test_no_time_tag_shows_the_delay():
    # the same coins: an attacked line and an honest one of another offset and length have the same tags
    honest = [(3.1e-6, 5.01e-5), (-3.1e-6, 5.01e-5)]
    attacked = [(3e-6, 5.02e-5), (-3e-6, 5e-5)]
    for lines in zip(honest, attacked, strict=True):
        first, second = (
            pair_tags(2000, 1.0, offset_s=offset, delay_s=delay, background_rate=500, rng=5)
            for offset, delay in lines
        )
        np.testing.assert_array_equal(first.near_s, second.near_s)
        np.testing.assert_allclose(first.far_s, second.far_s, rtol=0, atol=1e-15)


def test_two_ways_with_a_drift_refer_to_one_time():
    found = both_ways(4000, np.random.default_rng(6), drift=2e-9)
    assert abs(found.offset_s - 3e-6 - 2e-9 * found.at_s) < 5.5 * found.error_s + 1e-12


def test_the_error_of_two_ways_counts_that_of_the_drift():
    # records ten seconds apart: the offset is moved by five seconds of a drift that is known badly
    there, back = (
        OffsetEstimate(
            offset_s=sign * 1e-6,
            error_s=1e-11,
            drift=sign * 1e-9,
            drift_error=4e-12,
            jitter_s=3e-10,
            signal=1.0,
            at_s=at,
        )
        for sign, at in ((1, 0.0), (-1, 10.0))
    )
    both = two_way(there, back)
    assert both.error_s == pytest.approx(np.hypot(1e-11, 5 * 4e-12) / np.sqrt(2), rel=1e-5)
    still = two_way(there._replace(at_s=10.0), back)
    assert still.error_s == pytest.approx(1e-11 / np.sqrt(2), rel=1e-5)


def test_refuses_what_is_no_estimate():
    with pytest.raises(TypeError, match="there must be what estimate_offset returns"):
        two_way(1, 2)
