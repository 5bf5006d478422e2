"""Exercises of *Standards, costs and ethics*: other right ways pass, and what is wrong is told what it did."""

from fractions import Fraction
from math import exp, log

import numpy as np
import pytest
from scipy.stats import linregress

from qlearn.exercises.applications.standards import (
    cheapest_hops,
    energy_of_key,
    extrapolated,
    still_missing,
    whole_speedup,
)
from tests.exercises.tried import passes, refused


def joules_by_time(devices, rate, bits):
    seconds = bits / rate
    return sum(watts * seconds for watts in devices), sum(devices) * 365 * 24 * 3600 / 3.6e6


def in_an_array(devices, rate, bits):
    return np.array([np.sum(devices) * (bits / rate), 8.76 * np.sum(devices)])


@pytest.mark.parametrize("answer", [joules_by_time, in_an_array])
def test_other_ways_to_the_energy(answer):
    assert passes(energy_of_key, answer)


def test_a_leap_year_and_a_sum_too_few_are_no_energy():
    refused(energy_of_key, lambda d, r, b: (sum(d) * b / r, sum(d) * 8.784))
    refused(energy_of_key, lambda d, r, b: (sum(d[1:]) * b / r, sum(d) * 8.76))
    refused(energy_of_key, lambda d, r, b: sum(d) * b / r)


def by_sorting(questions, answers):
    return [key for key, _ in sorted(questions, key=lambda q: not q[1]) if answers.get(key, None) is not True]


def by_sets(questions, answers):
    met = {key for key, said in answers.items() if said is True}
    return [key for must in (True, False) for key, m in questions if m == must and key not in met]


@pytest.mark.parametrize("answer", [by_sorting, by_sets])
def test_other_ways_to_what_is_missing(answer):
    assert passes(still_missing, answer)


def test_sorted_by_name_and_asked_with_brackets_is_no_list():
    refused(still_missing, lambda q, a: sorted(by_sets(q, a)))
    refused(still_missing, lambda q, a: [key for key, _ in q if a[key] is not True], "stopped with")
    refused(still_missing, lambda q, a: [])


def by_logarithms(length_km, loss_db_per_km, link, site, most):
    n = np.arange(1, most + 1)
    decibels = loss_db_per_km * length_km / n
    return int(n[np.argmin(np.log(n * link + (n + 1) * site) + decibels * log(10) / 10)])


def going_on_while_it_falls(length_km, loss_db_per_km, link, site, most):
    def price(n):
        return (n * (link + site) + site) * exp(loss_db_per_km * length_km / n * log(10) / 10)

    n = 1
    while n < most and price(n + 1) < price(n):
        n += 1
    return n


@pytest.mark.parametrize("answer", [by_logarithms, going_on_while_it_falls])
def test_other_ways_to_the_cheapest_hops(answer):
    assert passes(cheapest_hops, answer)


def test_the_closed_form_without_sites_is_not_the_answer_with_them():
    refused(cheapest_hops, lambda km, a, link, site, most: max(1, min(most, round(a * km * log(10) / 10))))
    refused(cheapest_hops, lambda km, a, link, site, most: 10)


def in_fractions(shot, load, shots, calibration, rival, cores):
    shot, load, calibration, rival = map(Fraction, (shot, load, calibration, rival))
    return float(rival / shot / shots), float(rival / (cores * (calibration + shots * load + shots * shot)))


def test_another_way_to_the_whole_speedup():
    assert passes(whole_speedup, in_fractions)


def test_a_speedup_in_the_other_order_is_none():
    refused(whole_speedup, lambda *given: in_fractions(*given)[::-1])
    refused(whole_speedup, lambda *given: [round(x, 3) for x in in_fractions(*given)])


def by_scipy(sizes, seconds, target):
    found = linregress(sizes, np.log2(seconds))
    away = (target - np.mean(sizes)) ** 2 + np.var(sizes)
    reach = 2 * found.stderr * np.sqrt(away)
    fit = found.intercept + found.slope * target
    return [2.0**x for x in (fit - reach, fit, fit + reach)]


def by_matrices(sizes, seconds, target):
    design = np.vander(np.asarray(sizes, float), 2)
    best, squares, *_ = np.linalg.lstsq(design, np.log2(seconds), rcond=None)
    at = np.array([target, 1.0])
    error = np.sqrt(squares[0] / (len(sizes) - 2) * (at @ np.linalg.inv(design.T @ design) @ at))
    return tuple(np.exp2(at @ best + np.array([-2, 0, 2]) * error))


@pytest.mark.parametrize("answer", [by_scipy, by_matrices])
def test_other_ways_to_the_extrapolation(answer):
    assert passes(extrapolated, answer)


def test_a_new_measurement_has_a_wider_interval_than_the_line():
    def of_a_measurement(sizes, seconds, target):
        low, fit, high = np.log2(by_matrices(sizes, seconds, target))
        design = np.vander(np.asarray(sizes, float), 2)
        squares = np.linalg.lstsq(design, np.log2(seconds), rcond=None)[1][0] / (len(sizes) - 2)
        wide = 2 * np.sqrt(((high - low) / 4) ** 2 + squares)
        return 2 ** (fit - wide), 2**fit, 2 ** (fit + wide)

    refused(extrapolated, of_a_measurement)
