"""Answers to the exercises of *Eavesdropper detection*: right ones in another style, and wrong ones that look right."""

import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from qlearn.control import eavesdropper_detection as ed
from qlearn.exercises.control.eavesdropper_detection import (
    alarm_threshold,
    base_rate,
    cusum_step,
    partial_qber,
    run_length,
    sprt_bounds,
)
from tests.exercises.tried import passes, refused

# The error rates of a partial attack


def by_cases(e, r, q):
    """Left alone, read in the right basis, read in the wrong one."""
    rates = []
    for wrong in (q, 1 - q):
        rates.append((1 - r) * e + r * (1 - wrong) * e + r * wrong * 0.5)
    return np.array(rates)


@pytest.mark.parametrize(
    "answer",
    [
        by_cases,
        lambda e, r, q: [e * (1 - r * w) + r * w / 2 for w in (q, 1 - q)],
        lambda e, r, q: tuple(np.array([e, e]) + r * np.array([q, 1 - q]) * (1 - 2 * e) / 2),
    ],
)
def test_rates_in_another_style(answer):
    passes(partial_qber, answer)


def test_rates_are_those_of_the_library():
    line = ed.MonitoredLink(transmittance=1e-6)
    for e, r, q in partial_qber.draw_cases(3):
        state = ed.LineState(np.array([1e-6]), np.array([e]), line.receiver, 0.5)
        eve = ed.Intercept(r, p_x=q)
        for where, due in zip("ZX", partial_qber(e, r, q), strict=True):
            parts = (1 - r) * state.fires(lambda z: np.exp(0.5 * (z - 1)), 1.0, state.misalignment)
            parts = parts + r * eve.response(
                0.5, where, ed.LineState(np.ones(1), np.array([e]), line.receiver, 0.5)
            )
            right, wrong, both = parts[:, 0]
            assert (wrong + both / 2) / (right + wrong + both) == pytest.approx(due, abs=2e-3)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda e, r, q: (e + r / 4, e + r / 4), ""),
        (lambda e, r, q: (e + r * (0.25 - e / 2),) * 2, "equally likely"),
        (lambda e, r, q: by_cases(e, r, q)[::-1], "measures in X that spoils"),
        (lambda e, r, q: (0.041750, 0.041750), ""),
        (lambda e, r, q: np.round(by_cases(e, r, q), 3), "digits"),
        (lambda e, r, q: by_cases(e, r, q)[0], ""),
        (lambda e, r, q: 100 * by_cases(e, r, q), ""),
        (lambda e, r, q: (1 - (1 - e) * (1 - r * q / 2), 1 - (1 - e) * (1 - r * (1 - q) / 2)), ""),
    ],
)
def test_other_rates_are_refused(answer, words):
    refused(partial_qber, answer, words)


# The threshold of an alarm


def by_adding_up(n, qber, false_alarm):
    """The tail from above, count after count."""
    tail, t = 0.0, n + 1
    while t > 0:
        tail += binom.pmf(t - 1, n, qber)
        if tail > false_alarm:
            break
        t -= 1
    return t


@pytest.mark.parametrize(
    "answer",
    [
        by_adding_up,
        lambda n, qber, false_alarm: int(binom.isf(false_alarm, n, qber)) + 1,
        lambda n, qber, false_alarm: next(t for t in range(n + 2) if binom.sf(t - 1, n, qber) <= false_alarm),
        lambda n, qber, false_alarm: ed.roc(n, qber, 0.1).threshold_at(false_alarm),
    ],
)
def test_thresholds_in_another_style(answer):
    passes(alarm_threshold, answer)


def test_some_thresholds_are_out_of_reach_and_normal_curves_are_off():
    for seed in range(5):
        cases = alarm_threshold.draw_cases(seed)
        due = [alarm_threshold(*case) for case in cases]
        assert any(t == n + 1 for t, (n, *_) in zip(due, cases, strict=True))
        normal = [math.ceil(n * p + norm.isf(a) * math.sqrt(n * p * (1 - p)) + 0.5) for n, p, a in cases]
        assert normal != due


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, qber, false_alarm: int(binom.isf(false_alarm, n, qber)), "one too low"),
        (lambda n, qber, false_alarm: int(binom.ppf(1 - false_alarm, n, qber)), "one too low"),
        (
            lambda n, qber, false_alarm: math.ceil(
                n * qber + norm.isf(false_alarm) * math.sqrt(n * qber * (1 - qber)) + 0.5
            ),
            "",
        ),
        (lambda n, qber, false_alarm: 44, ""),
        (lambda n, qber, false_alarm: math.ceil(n * qber / false_alarm), ""),
        (lambda n, qber, false_alarm: min(by_adding_up(n, qber, false_alarm), n), "n + 1"),
        (lambda n, qber, false_alarm: max(2, by_adding_up(n, qber, false_alarm)), ""),
        (lambda n, qber, false_alarm: by_adding_up(n, qber, 0.01), ""),
        (lambda n, qber, false_alarm: by_adding_up(n, 0.03, false_alarm), ""),
    ],
)
def test_other_thresholds_are_refused(answer, words):
    refused(alarm_threshold, answer, words)


# The base rate


def by_odds(false_alarm, power, share, alarms):
    """Bayes factors on the odds; certain shares stay."""
    if share in (0, 1):
        return share
    factor = math.prod((power if a else 1 - power) for a in alarms)
    other = math.prod((false_alarm if a else 1 - false_alarm) for a in alarms)
    return share * factor / (share * factor + (1 - share) * other)


def block_after_block(false_alarm, power, share, alarms):
    """What was found becomes the share of the next block."""
    for alarm in alarms:
        hers, others = (power, false_alarm) if alarm else (1 - power, 1 - false_alarm)
        both = share * hers + (1 - share) * others
        share = share * hers / both if both else 0.0
    return share


@pytest.mark.parametrize("answer", [by_odds, block_after_block])
def test_base_rates_in_another_style(answer):
    passes(base_rate, answer)


def test_base_rate_by_counting():
    # 400,000 worlds: one in some thousand has these alarms; six standard errors of a share (2e-9)
    rng, (alpha, power, share, alarms) = np.random.default_rng(1), (0.2, 0.6, 0.3, [True, False, True])
    eve = rng.random(400_000) < share
    seen = rng.random((400_000, 3)) < np.where(eve, power, alpha)[:, None]
    match = (seen == alarms).all(axis=1)
    due = base_rate(alpha, power, share, alarms)
    assert abs(eve[match].mean() - due) < 6 * math.sqrt(due * (1 - due) / match.sum())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda a, w, s, x: block_after_block(a, w, 0.5, x), "leave the share"),
        (lambda a, w, s, x: block_after_block(a, w, s, x[:1]), "first block"),
        (lambda a, w, s, x: block_after_block(a, w, s, [b for b in x if b]), "too"),
        (lambda a, w, s, x: block_after_block(w, a, s, x), ""),
        (lambda a, w, s, x: block_after_block(a, w, s, [not b for b in x]), ""),
        (lambda a, w, s, x: s, ""),
        (lambda a, w, s, x: 1.0, ""),
        (lambda a, w, s, x: 1 - block_after_block(a, w, s, x), "nobody"),
        (lambda a, w, s, x: block_after_block(0.01, w, s, x), ""),
        (lambda a, w, s, x: block_after_block(a, 0.9, s, x), ""),
        (lambda a, w, s, x: block_after_block(a, w, s, x[::2]), ""),
        (lambda a, w, s, x: 1 - a, ""),
    ],
)
def test_other_base_rates_are_refused(answer, words):
    refused(base_rate, answer, words)


# A step of a CUSUM


def one_by_one(up, down, x, k, h):
    """With ifs."""
    alarm = False
    if x == x:
        up += x - k
        down -= x + k
        if up < 0:
            up = 0
        if down < 0:
            down = 0
        alarm = up > h or down > h
    return [up, down, alarm]


@pytest.mark.parametrize(
    "answer",
    [
        one_by_one,
        lambda up, down, x, k, h: one_by_one(np.float64(up), np.float64(down), np.float64(x), k, h),
        lambda up, down, x, k, h: (
            (up, down, np.False_)
            if np.isnan(x)
            else (
                np.clip(up + x - k, 0, None),
                np.clip(down - x - k, 0, None),
                (np.array([up + x, down - x]) > h + k).any(),
            )
        ),
    ],
)
def test_steps_in_another_style(answer):
    passes(cusum_step, answer)


def test_step_after_step_is_the_library():
    x = np.random.default_rng(1).normal(size=200)
    x[::9] = np.nan
    chart = ed.Cusum(4.0, reference=0.5, two_sided=True)
    up = down = 0.0
    for value, statistic in zip(x, chart.run(x), strict=True):
        up, down, _ = cusum_step(up, down, float(value), 0.5, 4.0)
        assert max(up, down) == pytest.approx(statistic, abs=1e-9)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda up, down, x, k, h: (*one_by_one(up, down, x, k, h)[:2], False), ""),
        (lambda up, down, x, k, h: (*one_by_one(up, down, x, k, h)[:2], True), ""),
        (lambda up, down, x, k, h: one_by_one(up, down, x, 0.5, h), ""),
        (lambda up, down, x, k, h: one_by_one(up, down, x, k, 4.0), ""),
        (lambda up, down, x, k, h: one_by_one(up, down, x, 0, h), "no reference"),
        (lambda up, down, x, k, h: one_by_one(down, up, x, k, h), ""),
        (lambda up, down, x, k, h: one_by_one(up, down, x, k, h)[:2], ""),
        (lambda up, down, x, k, h: one_by_one(0, 0, x, k, h), ""),
        (lambda up, down, x, k, h: one_by_one(up, down, x if x == x else 0.0, k, h), "no value of 0"),
        (lambda up, down, x, k, h: one_by_one(up, 0.0, x, k, h), ""),
        (lambda up, down, x, k, h: (max(up, down) + x - k, 0.0, False), ""),
    ],
)
def test_other_steps_are_refused(answer, words):
    refused(cusum_step, answer, words)


# The bounds of a sequential test


def by_root(p0, p1, alpha, beta, n):
    """Where the likelihood ratio, a line in the errors, meets each bound."""
    nothing = n * math.log((1 - p1) / (1 - p0))
    slope = math.log(p1 / p0) - math.log((1 - p1) / (1 - p0))
    return [(bound - nothing) / slope for bound in ed.wald_bounds(alpha, beta)]


@pytest.mark.parametrize(
    "answer",
    [
        by_root,
        lambda p0, p1, alpha, beta, n: (
            np.array(
                [
                    math.log2(bound) + n * math.log2((1 - p0) / (1 - p1))
                    for bound in (beta / (1 - alpha), (1 - beta) / alpha)
                ]
            )
            / math.log2(p1 * (1 - p0) / p0 / (1 - p1))
        ),
    ],
)
def test_bounds_in_another_style(answer):
    passes(sprt_bounds, answer)


def test_counts_at_the_bounds_decide():
    for p0, p1, alpha, beta, n in sprt_bounds.draw_cases(2):
        low, high = sprt_bounds(p0, p1, alpha, beta, n)
        first, second = ed.wald_bounds(alpha, beta)
        for count, bound in ((low, first), (high, second)):
            ratio = count * math.log(p1 / p0) + (n - count) * math.log((1 - p1) / (1 - p0))
            assert ratio == pytest.approx(bound, abs=1e-8)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda p0, p1, a, b, n: by_root(p0, p1, b, a, n), "exchanged"),
        (lambda p0, p1, a, b, n: by_root(p0, p1, a, b, n)[::-1], "order"),
        (lambda p0, p1, a, b, n: by_root(p0, p1, a, a, n), ""),
        (lambda p0, p1, a, b, n: by_root(p0, p1, a, b, n - 1), ""),
        (lambda p0, p1, a, b, n: by_root(p0, p1, a / 2, b / 2, n), ""),
        (lambda p0, p1, a, b, n: by_root(p0, p1, 1e-3, 1e-3, n), ""),
        (lambda p0, p1, a, b, n: by_root(0.02, 0.05, a, b, n), ""),
        (lambda p0, p1, a, b, n: ed.wald_bounds(a, b), "likelihood ratio"),
        (lambda p0, p1, a, b, n: [round(x) for x in by_root(p0, p1, a, b, n)], ""),
        (lambda p0, p1, a, b, n: (n * p0, n * p1), ""),
        (lambda p0, p1, a, b, n: [max(0, x) for x in by_root(p0, p1, a, b, n)], ""),
    ],
)
def test_other_bounds_are_refused(answer, words):
    refused(sprt_bounds, answer, words)


# The run length


def step_by_step(n, p, k, h, tail=1e-13):
    """The chance to be still running, block after block, until it is gone."""
    errors = [math.comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(n + 1)]
    here, total = [1.0] + [0.0] * (h - 1), 0.0
    matrix = np.zeros((h, h))
    for s in range(h):
        for x, chance in enumerate(errors):
            if s + x - k < h:
                matrix[s, max(s + x - k, 0)] += chance
    # doubling: the sum of the first 2^m powers
    power, sums = matrix, np.eye(h)
    while power.sum() > tail:
        sums = sums + power @ sums
        power = power @ power
    total = float((np.array(here) @ sums).sum())
    return total


def backwards(n, p, k, h):
    """Elimination by hand, from the top state down."""
    a = [[-(binom.pmf(t - s + k, n, p) if t else binom.cdf(k - s, n, p)) for t in range(h)] for s in range(h)]
    for s in range(h):
        a[s][s] += 1.0
        a[s].append(1.0)
    for pivot in range(h - 1, 0, -1):
        for row in range(pivot):
            factor = a[row][pivot] / a[pivot][pivot]
            a[row] = [one - factor * other for one, other in zip(a[row], a[pivot], strict=True)]
    return a[0][-1] / a[0][0]


@pytest.mark.parametrize("answer", [step_by_step, backwards])
def test_run_lengths_in_another_style(answer):
    passes(run_length, answer)


def test_run_length_is_the_librarys_and_it_may_not_be_asked():
    for case in run_length.draw_cases(1):
        assert run_length(*case) == pytest.approx(ed.count_run_length(*case))
    refused(run_length, lambda n, p, k, h: ed.count_run_length(n, p, k, h), "set up the chain yourself")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, p, k, h: backwards(n, p, k, h + 1), "already"),
        (lambda n, p, k, h: backwards(n, p, k, h) - 1, "counts too"),
        (lambda n, p, k, h: backwards(n, p, k + 1, h), ""),
        (lambda n, p, k, h: backwards(n, 0.1, k, h), ""),
        (lambda n, p, k, h: 1 / max(binom.sf(k + h - 1, n, p), 1e-300), "single block"),
        (lambda n, p, k, h: round(backwards(n, p, k, h), 1), ""),
        (lambda n, p, k, h: round(backwards(n, p, k, h)), ""),
        (lambda n, p, k, h: 4.2, ""),
    ],
)
def test_other_run_lengths_are_refused(answer, words):
    refused(run_length, answer, words)


# What passed on some seeds


def skewed_curve(n, qber, false_alarm):
    """A normal curve with its skewness: near, and not the counts."""
    sd = math.sqrt(n * qber * (1 - qber))
    if sd == 0:
        return 1
    z = norm.isf(false_alarm)
    return min(n + 1, max(0, math.ceil(n * qber + sd * (z + (z * z - 1) * (1 - 2 * qber) / (6 * sd)) + 0.5)))


@pytest.mark.parametrize(
    "answer",
    [
        skewed_curve,
        lambda n, qber, false_alarm: min(100, by_adding_up(n, qber, false_alarm)),
        lambda n, qber, false_alarm: next(
            t for t in range(int(n * qber), n + 2) if binom.sf(t - 1, n, qber) <= false_alarm
        ),
        lambda n, qber, false_alarm: by_adding_up(n, qber, max(false_alarm, 1e-7)),
    ],
)
def test_thresholds_for_some_blocks_alone_are_refused(answer):
    refused(alarm_threshold, answer)


def alarm_by(ask):
    def answer(up, down, x, k, h):
        new = cusum_step(up, down, x, k, h)[:2]
        return (*new, x == x and ask(up, down, *new, h))

    return answer


@pytest.mark.parametrize(
    "ask",
    [
        lambda up, down, new_up, new_down, h: max(up, down, new_up, new_down) > h,
        lambda up, down, new_up, new_down, h: math.hypot(new_up, new_down) > h,
        lambda up, down, new_up, new_down, h: round(max(new_up, new_down), 1) > h,
        lambda up, down, new_up, new_down, h: max(new_up, new_down) > h + 0.01,
    ],
)
def test_alarms_by_other_questions_are_refused(ask):
    refused(cusum_step, alarm_by(ask))


def test_the_library_for_all_but_the_first_chart_is_refused():
    def answer(n, p, k, h):
        return run_length(n, p, k, h) if n == 20 else ed.count_run_length(n, p, k, h)

    refused(run_length, answer, "the library's own")


def test_adding_up_some_thousand_blocks_is_refused():
    def answer(n, p, k, h):
        errors, states = binom.pmf(np.arange(n + 1), n, p), np.eye(h)[0]
        total = 0.0
        for _ in range(3000):
            total += states.sum()
            after = np.zeros(h)
            for s, chance in enumerate(states):
                landed = np.maximum(0, s + np.arange(n + 1) - k)
                np.add.at(after, landed[landed < h], chance * errors[landed < h])
            states = after
            if states.sum() < 1e-15:
                break
        return total

    assert not run_length.check(answer, seed=1)
