"""Answers to the exercises on fibre links, as students write them."""

from math import exp, log, log1p, log10

import numpy as np
import pytest
from scipy.integrate import quad

from qlearn.communication import fibre, photons
from qlearn.exercises.communication.fibre import keep, passes, qber_of, raman_w, true_clicks, uneven
from tests.exercises.tried import passes as passes_all, refused


def test_the_true_clicks_of_the_library_pass():
    passes_all(true_clicks, float(fibre.true_rate(40_000, dead_time_s=5e-6)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (48_000, "nearly"),
        (51_834, "paralysable"),
        (52_000, ""),
        (32_000, "More came than was seen"),
        (33_333, "a second time"),
        (200_000, "ever report"),
        (50, ""),
    ],
)
def test_other_clicks_are_refused(wrong, words):
    refused(true_clicks, wrong, words)


def keep_by_last_clicks(times, detectors, dead):
    last = {0: None, 1: None}
    kept = [False] * len(times)
    for i, (time, one) in enumerate(zip(times.tolist(), detectors.tolist(), strict=True)):
        rests = {k: last[k] is not None and time < last[k] + dead for k in (0, 1)}
        if not rests[one]:
            kept[i] = not rests[1 - one]
            last[one] = time
    return kept


def keep_by_each_detector(times, detectors, dead):
    """First the clicks of each by itself, then who was awake."""
    clicks = np.zeros(len(times), int)
    for which in (0, 1):
        awake = -1.0
        for i in np.flatnonzero(detectors == which):
            if times[i] >= awake:
                clicks[i], awake = 1, times[i] + dead
    for i in np.flatnonzero(clicks):
        before = [k for k in range(i) if detectors[k] != detectors[i] and clicks[k] != 0]
        if before and times[i] < times[before[-1]] + dead:
            clicks[i] = -1
    return (clicks == 1).astype(float)


@pytest.mark.parametrize("answer", [keep_by_last_clicks, keep_by_each_detector])
def test_other_ways_to_keep_pass(answer):
    passes_all(keep, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda times, detectors, dead: np.diff(times, prepend=-9e9) >= dead, "starts no new rest"),
        (lambda times, detectors, dead: np.diff(times, prepend=-9e9) > dead, ""),
        (lambda times, detectors, dead: np.flatnonzero(keep(times, detectors, dead)), "it should be"),
        (lambda times, detectors, dead: keep(times, 0 * detectors, dead), ""),
        (lambda times, detectors, dead: keep(times, detectors, 1.0), ""),
        (lambda times, detectors, dead: keep(times, detectors, 2 * dead), ""),
        (lambda times, detectors, dead: times[keep(times, detectors, dead)], "it should be"),
        (lambda times, detectors, dead: keep(times, detectors, dead).sum(), "it should be"),
        (lambda times, detectors, dead: [str(one) for one in keep(times, detectors, dead)], ""),
    ],
)
def test_other_clicks_to_keep_are_refused(wrong, words):
    refused(keep, wrong, words)


def raman_by_quadrature(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    def left(km):
        return 10 ** (-loss_db_per_km * km / 10)

    def scattered(z):
        return left(z) * left(z if backward else length_km - z)

    return 1e-3 * 10 ** (launch_dbm / 10) * beta * width_nm * quad(scattered, 0, length_km, epsabs=0)[0]


def raman_of_the_library(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):
    return fibre.raman_power(
        fibre.dbm_to_watt(launch_dbm),
        length_km,
        bandwidth_nm=width_nm,
        coefficient=beta,
        loss_db_per_km=loss_db_per_km,
        direction="backward" if backward else "forward",
    )


@pytest.mark.parametrize("answer", [raman_by_quadrature, raman_of_the_library])
def test_other_ways_to_the_raman_power_pass(answer):
    passes_all(raman_w, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda *line: 0.0, "for raman_w("),  # picowatts are not nothing
        (lambda *line: -raman_w(*line), "but for the sign"),
        (lambda *line: 1e3 * raman_w(*line), "*milli*watt"),
        (lambda *line: round(raman_w(*line), 12), "for raman_w("),
        (lambda *line: float(f"{raman_w(*line):.3g}"), "keep them all"),
        (lambda *line: 1.001 * raman_w(*line), "for raman_w("),
        (lambda dbm, km, loss, *rest: raman_w(dbm, km / 2, loss, *rest), ""),
        (lambda *line: raman_w(*line[:-1], True), "no way back"),
        (lambda *line: 10 * log10(raman_w(*line) * 1e3), ""),  # in dBm
        (lambda dbm, km, *rest: raman_w(dbm, 25.0, *rest), ""),
    ],
)
def test_another_raman_power_is_refused(wrong, words):
    refused(raman_w, wrong, words)


def qber_of_the_library(signal, background, visibility, afterpulse):
    error = float(fibre.interferometer_error(visibility))
    link = photons.Link("one", 0.2, 1.0, background, error, 1.0, afterpulse=afterpulse)
    mu = -np.log1p(-min(signal, 1 - 1e-16))
    return photons.error_gain(mu, 1.0, link=link) / photons.gain(mu, 1.0, link=link)


def qber_by_causes(signal, background, visibility, afterpulse):
    clicks = 1 - (1 - signal) * (1 - background)
    first = ((1 - visibility) * signal + background) / (2 * clicks)
    return (first + afterpulse / 2) / (1 + afterpulse)


@pytest.mark.parametrize("answer", [qber_of_the_library, qber_by_causes])
def test_other_ways_to_the_qber_pass(answer):
    passes_all(qber_of, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda s, b, v, a: (1 - v) / 2, ""),
        (lambda s, b, v, a: qber_by_causes(s, b, v, 0), "among the errors and among the clicks"),
        (lambda s, b, v, a: (1 - v) / 2 + b / 2 + a / 2, ""),
        (lambda s, b, v, a: ((1 - v) / 2 * s + b / 2 * (1 - s)) / (s + b - s * b), ""),
        (lambda s, b, v, a: 100 * qber_by_causes(s, b, v, a), ""),
        (lambda s, b, v, a: round(qber_by_causes(s, b, v, a), 4), ""),
        (lambda s, b, v, a: qber_by_causes(s, b, v, a / (1 + a)), ""),
    ],
)
def test_another_qber_is_refused(wrong, words):
    refused(qber_of, wrong, words)


def entropy(*chances):
    return -sum(p * log(p, 2) for p in chances if p > 0)


def uneven_by_entropies(e, eta):
    """h(strong detector) of the bits that come out, as a share of the clicks."""
    weak = eta / (1 + eta)
    share = (1 - e) * weak + e * (1 - weak)
    return entropy(share, 1 - share) - 2 * entropy(e, 1 - e)


@pytest.mark.parametrize("answer", [uneven_by_entropies, lambda e, eta: fibre.mismatch_rate(e, ratio=eta)])
def test_other_ways_to_what_unequal_detectors_leave_pass(answer):
    passes_all(uneven, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda e, eta: eta * (1 - 2 * entropy(e, 1 - e)), ""),
        (lambda e, eta: max(uneven_by_entropies(e, eta), 0), "negative is an answer, too"),
        (lambda e, eta: uneven_by_entropies(e, eta**0.5), ""),
        (
            lambda e, eta: entropy(eta / (1 + eta), 1 / (1 + eta)) - 2 * entropy(e, 1 - e),
            "seen *with* errors",
        ),
        (lambda e, eta: uneven_by_entropies(e, 1), "ignores the mismatch"),
        (lambda e, eta: uneven_by_entropies(e, eta) * log(2), ""),
        (lambda e, eta: 1 - 2 * entropy((1 - (1 - 2 * e) * (1 - eta) / (1 + eta)) / 2), ""),
    ],
)
def test_what_unequal_detectors_do_not_leave_is_refused(wrong, words):
    refused(uneven, wrong, words)


def passes_by_generator(rate, loss, modes):
    ahead = (
        km
        for km in range(1, 601)
        if rate(float(km)) > -modes * log1p(-exp(-loss * km * log(10) / 10)) / log(2)
    )
    return next(ahead, None)


def passes_by_arrays(rate, loss, modes):
    km = np.arange(1, 601)
    ahead = np.array([rate(k) for k in km]) > -modes * np.log2(1 - 10 ** (-loss * km / 10))
    return km[ahead.argmax()] if ahead.any() else None


@pytest.mark.parametrize("answer", [passes_by_generator, passes_by_arrays])
def test_other_ways_to_pass_the_bound_pass(answer):
    passes_all(passes, answer)


def bisected(rate, loss, modes):
    """Right for those that are ahead from somewhere on for ever."""

    def ahead(km):
        return rate(km) > -modes * log1p(-(10 ** (-loss * km / 10))) / log(2)

    low, high = 0, 600
    if not ahead(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if ahead(middle) else (middle, high)
    return high


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (bisected, ""),
        (lambda rate, loss, modes: passes_by_arrays(rate, 0.2, modes), ""),
        (lambda rate, loss, modes: passes_by_arrays(rate, loss, 1), "twice the bound"),
        (lambda rate, loss, modes: passes_by_arrays(rate, loss, 2), ""),
        (lambda rate, loss, modes: passes_by_arrays(rate, loss / 2, modes), "whole fibre"),
        (lambda rate, loss, modes: passes_by_arrays(rate, loss, modes) or 0, ""),
        (lambda rate, loss, modes: passes_by_arrays(rate, loss, modes) or float("inf"), ""),
        (lambda rate, loss, modes: (passes_by_arrays(rate, loss, modes) or 0) + 0.5, ""),
        (lambda rate, loss, modes: None, "nothing"),
        (lambda rate, loss, modes: True, ""),
    ],
)
def test_what_does_not_tell_where_the_bound_is_passed_is_refused(wrong, words):
    refused(passes, wrong, words)


def test_none_where_there_is_a_length_is_no_forgotten_return():
    def by_halving(rate, loss_db_per_km, modes):
        def ahead(km):
            return rate(km) > -modes * log1p(-(10 ** (-loss_db_per_km * km / 10))) / log(2)

        low, high = 0, 600
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if ahead(middle) else (middle, high)
        return high if ahead(high) else None

    said = passes.check(by_halving).message
    assert "you give None, and here" in said
    assert "return" not in said
    assert "end it with `return`" in passes.check(lambda rate, loss_db_per_km, modes: print(modes)).message
