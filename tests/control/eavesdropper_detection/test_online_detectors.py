"""Online detectors: one block at a time and all at once, against plain loops; faults noted or refused; memory constant."""

import pickle
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.control.eavesdropper_detection import Cusum, Detector, Ewma, Record, Shewhart, Sprt, threshold_for

MAKE = {
    "shewhart": lambda **options: Shewhart(3.0, **options),
    "ewma": lambda **options: Ewma(2.8, weight=0.2, **options),
    "cusum": lambda **options: Cusum(4.0, reference=0.5, **options),
    "two-sided": lambda **options: Cusum(4.0, reference=0.25, two_sided=True, **options),
    "sprt": lambda **options: Sprt(0.05, 0.05, **options),
}
every = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


def by_hand(name, x):
    """The definitions, one number after the other."""
    up = down = mean = total = 0.0
    out = []
    for value in x:
        if name == "shewhart":
            out.append(abs(value))
        elif name == "ewma":
            mean = 0.8 * mean + 0.2 * value
            out.append(abs(mean) / (0.2 / 1.8) ** 0.5)
        elif name == "cusum":
            up = max(0.0, up + value - 0.5)
            out.append(up)
        elif name == "two-sided":
            up, down = max(0.0, up + value - 0.25), max(0.0, down - value - 0.25)
            out.append(max(up, down))
        else:
            if total < np.log(19):
                total += value
                total = 0.0 if total <= -np.log(19) else total
            out.append(total)
    return out


values = st.lists(st.floats(-5, 5), min_size=1, max_size=60)


@pytest.mark.parametrize("name", MAKE)
@given(values)
def test_equals_the_definition(name, x):
    assert isinstance(MAKE[name](), Detector)
    assert MAKE[name]().run(x).tolist() == pytest.approx(by_hand(name, x), abs=1e-9)


@every
@given(values, st.data())
def test_block_by_block_in_parts_and_all_at_once_are_one(make, x, data):
    holes = data.draw(st.lists(st.booleans(), min_size=len(x), max_size=len(x)))
    x = np.where(holes, np.nan, x)
    whole, single, parts = make(), make(), make()
    cut = data.draw(st.integers(0, len(x)))
    expected = whole.run(x)
    assert [single.update(value) for value in x] == pytest.approx(expected, abs=1e-9)
    assert np.concatenate([parts.run(x[:cut]), parts.run(x[cut:])]) == pytest.approx(expected, abs=1e-9)
    assert single.record == whole.record == parts.record
    assert single.record.missing == sum(holes)
    assert whole.alarmed == bool((expected > whole.threshold).any())


def test_long_streams_are_cut_and_do_not_show_it():
    x = np.random.default_rng(1).normal(size=200_000)
    for name, make in MAKE.items():
        assert make().run(x)[-2000:] == pytest.approx(by_hand(name, x)[-2000:], abs=1e-9)


@every
def test_values_are_standardised(make):
    x = np.random.default_rng(2).normal(size=300)
    raw = make(mean=0.03, sd=0.005).run(0.03 + 0.005 * x)
    assert raw == pytest.approx(make().run(x), abs=1e-9)


@every
def test_faults_leave_the_statistic_and_enter_the_record(make):
    good = [0.02, 0.05, 0.04, 0.03]
    faulty = [0.02, np.nan, 0.05, 1.5, -0.1, np.inf, 0.04, 0.03]
    options = {"mean": 0.03, "sd": 0.01, "valid": (0, 1)}
    clean, dirty = make(**options), make(**options)
    statistics = dirty.run(faulty)
    assert statistics[[0, 2, 6, 7]] == pytest.approx(clean.run(good), abs=1e-9)
    assert statistics[1] == statistics[0]
    assert (statistics[3:6] == statistics[2]).all()
    assert dirty.record == Record(used=4, missing=1, impossible=3)
    assert dirty.record.skipped == 4


@every
def test_a_clock_that_jumps_is_noted_and_never_silences(make):
    x = np.random.default_rng(3).normal(size=8)
    times = [0, 1, 2, 1e9, 3, 4, np.nan, 5]
    detector = make()
    detector.run(x, times)
    # 1e9 is a gap, 3 comes after it, nan is no time at all
    assert detector.record == Record(used=6, clock=2, gaps=1)
    assert detector.statistic == pytest.approx(make().run(x[[0, 1, 2, 3, 5, 7]])[-1], abs=1e-9)
    one_by_one = make()
    for value, time in zip(x, times, strict=True):
        one_by_one.update(value, time)
    assert one_by_one.record == detector.record


@every
@given(
    st.lists(
        st.tuples(st.floats(-5, 5), st.sampled_from([0.0, 1.0, 2.0, 3.0, 9.0, np.nan, np.inf])), max_size=30
    )
)
def test_any_clock_is_read_alike_block_by_block_and_at_once(make, blocks):
    whole, single = make(valid=(-4, 4)), make(valid=(-4, 4))
    x, times = [b[0] for b in blocks], [b[1] for b in blocks]
    expected = whole.run(x, times)
    assert [single.update(*block) for block in blocks] == pytest.approx(expected, abs=1e-9)
    assert single.record == whole.record
    assert whole.record.used + whole.record.skipped == len(blocks)


def test_the_same_block_twice_counts_once():
    detector = Cusum(4.0)
    detector.run([1.0, 1.0, 1.0], [0, 0, 1])
    assert detector.statistic == 1.0
    assert detector.record.clock == 1


def test_the_first_block_of_all_is_no_gap():
    detector = Shewhart()
    detector.update(0.1, time=1e6)
    assert detector.record == Record(used=1)


@every
def test_an_alarm_stands_until_reset(make):
    detector = make()
    detector.run([10.0] * 5)
    assert detector.alarmed
    detector.run([-1.0] * 3 if not isinstance(detector, Shewhart | Ewma) else [0.0] * 30)
    assert detector.alarmed
    detector.reset()
    assert not detector.alarmed
    assert detector.statistic == 0.0
    assert detector.record.used > 5


@every
def test_an_empty_run_changes_nothing(make):
    detector = make()
    before = pickle.dumps(detector)
    assert detector.run([]).shape == (0,)
    assert pickle.dumps(detector) == before


@every
def test_memory_does_not_grow(make):
    detector, rng = make(valid=(-8, 8)), np.random.default_rng(4)
    detector.run(rng.normal(size=100))
    size = len(pickle.dumps(detector))
    stream = rng.normal(size=1_000_000)
    stream[::7] = np.nan
    tracemalloc.start()
    detector.run(stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # the answer has 8 MB; what is used beside it is that of one chunk of 65,536 blocks
    assert peak < 8e6 + 12e6
    assert len(pickle.dumps(detector)) < size + 100
    assert sys.getsizeof(detector.__dict__) < 2000


def test_false_alarms_come_as_often_as_the_threshold_says():
    # 1e6 quiet blocks at ARL 200, begun again after each alarm: about 5000 runs whose sd is about their mean, so the
    # mean is known to 1.4 %; 5.5 of them (4e-8)
    h = threshold_for(200)
    x = np.random.default_rng(5).normal(size=1_000_000).tolist()
    alarms, total = 0, 0.0
    for value in x:
        total = max(0.0, total + value - 0.5)
        if total > h:
            alarms, total = alarms + 1, 0.0
    assert abs(len(x) / alarms / 200 - 1) < 5.5 * 0.014
    chart = Cusum(h)
    over = chart.run(x[:20_000]) > h
    assert np.argmax(over) == np.argmax(np.array(by_hand("cusum", x[:20_000])) > h)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Shewhart(0.0), ValueError, "threshold must be above 0"),
        (lambda: Shewhart(sd=0.0), ValueError, "sd must be above 0"),
        (lambda: Shewhart(mean=np.nan), ValueError, "mean must be"),
        (lambda: Shewhart(valid=(1, 0)), ValueError, "valid must be a pair"),
        (lambda: Ewma(2.0, weight=0.0), ValueError, "weight must be above 0"),
        (lambda: Cusum(4.0, reference=-1.0), ValueError, "reference must be"),
        (lambda: Cusum(4.0).run("stream"), TypeError, "values must be numbers along one axis"),
        (lambda: Cusum(4.0).run([[1.0]]), TypeError, "of shape"),
        (lambda: Cusum(4.0).run([1.0], [1.0, 2.0]), ValueError, "same length, not 1 and 2"),
        (lambda: Cusum(4.0).update([1.0, 2.0]), TypeError, "run reads arrays"),
        (lambda: Cusum(4.0).update(True), TypeError, "value must be one number"),
        (lambda: Cusum(4.0, strict=True).run([0.0, np.nan]), ValueError, "not nan in block 1"),
        (lambda: Cusum(4.0).update(0.0, time="noon"), TypeError, "time must be one number"),
        (lambda: Cusum(4.0, strict=True, valid=(0, 1)).update(1.2), ValueError, "from 0 to 1, not 1.2"),
        (lambda: Cusum(4.0, strict=True).update(1.2, np.nan), ValueError, "not come to nan in block 0"),
        (
            lambda: Cusum(4.0, strict=True).run([0.0, 0.0], [1, 1]),
            ValueError,
            "times must rise .* not come to 1",
        ),
        (
            lambda: Cusum(4.0, strict=True).run([0.0, 0.0], [1, np.nan]),
            ValueError,
            "not come to nan in block 1",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_a_strict_refusal_changes_nothing():
    detector = Cusum(4.0, strict=True)
    detector.run([1.0, 1.0], [0, 1])
    before = pickle.dumps(detector)
    with pytest.raises(ValueError, match="block 1"):
        detector.run([1.0, np.nan], [2, 3])
    assert pickle.dumps(detector) == before


@pytest.mark.parametrize("make", [lambda: Cusum(5.0), lambda: Cusum(5.0, two_sided=True), lambda: Ewma(3.0)])
@pytest.mark.parametrize("wild", [-1e9, -1e14, -1e17, 1e17, -1e140, 1e307, -1e308])
def test_one_wild_value_does_not_blind_what_comes_after_it(make, wild):
    stream = np.random.default_rng(1).normal(1.5, 1, 300)
    stream[100] = wild
    at_once, one_by_one = make(), make()
    seen = at_once.run(stream)
    due = np.array([one_by_one.update(x) for x in stream])
    np.testing.assert_allclose(seen, due, rtol=1e-9, atol=1e-9)
    assert np.isfinite(seen).all()
    assert at_once.alarmed
    assert at_once.record == one_by_one.record
    assert at_once.record.impossible == (abs(wild) > 1e150)


def test_numbers_that_overflow_are_no_values():
    chart = Ewma(3.0, sd=0.005)
    assert np.isfinite(chart.run([1e307, 0.0, 0.1])).all()
    assert chart.record.impossible == 1
    with pytest.raises(ValueError, match="strict=False"):
        Ewma(3.0, sd=0.005, strict=True).update(1e307)


@every
def test_a_clock_beyond_numbers_is_read_alike_and_warns_of_nothing(make):
    x, times = [0.1, 0.2, 0.3], [-1e308, 1e308, np.inf]
    whole, single = make(), make()
    with np.errstate(all="raise"):
        seen = whole.run(x, times)
        make(strict=True).run(x[:2], times[:2])
    assert [single.update(*block) for block in zip(x, times, strict=True)] == pytest.approx(seen)
    assert whole.record == single.record == Record(used=2, clock=1)


def test_one_block_may_be_masked_or_too_large_for_a_float():
    chart = Cusum(4.0)
    for value in np.ma.array([1.0, 9.0], mask=[False, True]):
        chart.update(value)
    chart.update(10**400)
    assert chart.update(-(10**400)) == 0.5
    assert chart.record == Record(used=1, missing=1, impossible=2)


def test_blocks_without_a_time_leave_the_clock():
    whole, single = Cusum(4.0), Cusum(4.0)
    whole.run([1.0], [5.0])
    whole.run([1.0] * 3)
    whole.run([1.0], [9.0])
    for time in (5.0, None, None, None, 9.0):
        single.update(1.0, time)
    assert whole.record == single.record == Record(used=5, gaps=1)


def test_what_is_under_a_mask_is_missing():
    chart = Cusum(4.0)
    assert chart.run(np.ma.array([1.0, 9.0], mask=[False, True])).tolist() == [0.5, 0.5]
    assert chart.record.missing == 1
    assert not chart.alarmed


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_memory_beside_the_answers_does_not_grow_in_strict_mode(dtype):
    peaks = []
    for n in (300_000, 900_000):
        stream, clock = np.ones(n, dtype), np.arange(1, n + 1).astype(np.int64)
        chart = Cusum(1e9, strict=True)
        tracemalloc.start()
        chart.run(stream, clock)
        peaks.append(tracemalloc.get_traced_memory()[1] - 8 * n)
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


def test_a_refusal_names_the_block_of_the_whole_stream_and_changes_nothing():
    stream, chart = np.zeros(200_000), Cusum(4.0, strict=True)
    stream[150_000] = np.nan
    with pytest.raises(ValueError, match="block 150000"):
        chart.run(stream)
    clock = np.arange(200_000.0)
    clock[65_536] = clock[65_535]  # where two parts meet
    with pytest.raises(ValueError, match="block 65536"):
        chart.run(np.zeros(200_000), clock)
    assert chart.record.used == 0
    assert chart.run([5.0], [0.0]) == [4.5]
