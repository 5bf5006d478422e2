"""Answers to the exercises on laser light, as students write them."""

from dataclasses import replace
from math import exp, expm1, factorial

import numpy as np
import pytest
from scipy.stats import poisson

from qlearn.communication import photons
from qlearn.exercises.communication.photons import (
    click_chance,
    eve_share,
    longest,
    one_decoy,
    several,
    single_yield,
)
from tests.exercises.tried import passes, refused


@pytest.mark.parametrize("right", [0.229, 0.2293, 0.22925, poisson.sf(1, 0.5) / poisson.sf(0, 0.5)])
def test_three_digits_of_a_share_are_enough(right):
    passes(several, right)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (0.2297, ""),
        (0.2287, ""),
        (0.23, "keep them all"),
        (22.9, "as a share"),
        (0.0902, "of all pulses"),
        (0.771, "single photons among the lit"),
        (0.0758, "exactly two"),
        (0.1927, "exactly two among the lit"),
        ("0.229", "quotation marks"),
    ],
)
def test_another_share_is_refused(wrong, words):
    refused(several, wrong, words)


def click_by_photon_numbers(mu, loss_db, efficiency, background):
    seen = 10 ** (-loss_db / 10) * efficiency
    return sum(exp(-mu) * mu**n / factorial(n) * (1 - (1 - background) * (1 - seen) ** n) for n in range(90))


def click_with_expm1(mu, loss_db, efficiency, background):
    light = -expm1(-mu * efficiency / 10 ** (loss_db / 10))
    return light + background - light * background


@pytest.mark.parametrize("answer", [click_by_photon_numbers, click_with_expm1])
def test_other_ways_to_a_click_pass(answer):
    passes(click_chance, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda mu, db, eta, dark: 1 - (1 - dark) * (1 - mu * eta * 10 ** (-db / 10)), ""),
        (lambda mu, db, eta, dark: min(1, dark + mu * eta * 10 ** (-db / 10)), ""),
        (lambda mu, db, eta, dark: -expm1(-mu * eta * 10 ** (-db / 10)), "need no light"),
        (lambda mu, db, eta, dark: round(click_with_expm1(mu, db, eta, dark), 6), ""),
        (lambda mu, db, eta, dark: click_with_expm1(mu, 20, 0.15, 1e-6), ""),
        (lambda mu, db, eta, dark: -expm1(-mu * eta * exp(-db / 10)), ""),
        (lambda *link: str(click_with_expm1(*link)), "quotation marks"),
        (lambda *link: click_with_expm1(*link) + 0.1j, "complex"),
    ],
)
def test_other_chances_of_a_click_are_refused(wrong, words):
    refused(click_chance, wrong, words)


def yield_by_elimination(mu, nu, q_mu, q_nu, y_0):
    """Two equations for Y1 and what the pairs weigh."""
    left = np.array([[mu, mu**2], [nu, nu**2]])
    return np.linalg.solve(left, [q_mu * exp(mu) - y_0, q_nu * exp(nu) - y_0])[0]


def yield_with_the_roles_exchanged(mu, nu, q_mu, q_nu, y_0):  # the formula does not care
    return single_yield(nu, mu, q_nu, q_mu, y_0)


@pytest.mark.parametrize("answer", [yield_by_elimination, yield_with_the_roles_exchanged])
def test_other_ways_to_the_yield_pass(answer):
    passes(single_yield, answer)


def test_the_bound_is_that_of_the_library():
    link = photons.LINKS["gys"]
    line = {"transmittance": 0.05, "link": link}
    mu, nu = 0.48, 0.05
    q_mu, q_nu, y_0 = (float(photons.gain(m, **line)) for m in (mu, nu, 0.0))
    bound = single_yield(mu, nu, q_mu, q_nu, y_0)
    assert 0.97 < bound / float(photons.infinite_decoy(**line).clicks) <= 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            lambda mu, nu, q_mu, q_nu, y_0: single_yield(mu, nu, q_mu, q_nu, 1.7e-6),
            "take the one that is handed over",
        ),
        (
            lambda mu, nu, q_mu, q_nu, y_0: single_yield(mu, nu, q_mu, q_nu, 0.0),
            "empty pulses are still among them",
        ),
        (lambda mu, nu, q_mu, q_nu, y_0: single_yield(0.48, 0.05, q_mu, q_nu, y_0), ""),
        (lambda mu, nu, q_mu, q_nu, y_0: (q_nu - y_0) / nu, ""),
        (lambda mu, nu, q_mu, q_nu, y_0: q_nu, ""),
        (lambda mu, nu, q_mu, q_nu, y_0: 1.01 * single_yield(mu, nu, q_mu, q_nu, y_0), ""),
        (lambda *line: str(single_yield(*line)), "quotation marks"),
        (lambda *line: single_yield(*line) + 1j, "complex"),
    ],
)
def test_other_bounds_of_the_yield_are_refused(wrong, words):
    refused(single_yield, wrong, words)


@pytest.mark.parametrize("right", [189.8, 190, 189.5, np.array([189.83])])
def test_half_a_kilometre_is_enough(right):
    passes(longest, right)


@pytest.mark.parametrize(
    ("name", "background", "method"),
    [
        ("as_it_is", 1.7e-6, "infinite"),
        ("the_wrong_way", 1.7e-5, "infinite"),
        ("no_decoys", 1.7e-6, "none"),
        ("no_decoys_and_a_tenth", 1.7e-7, "none"),
    ],
)
def test_the_mistakes_in_kilometres_are_what_comes_out(name, background, method):
    link = replace(photons.LINKS["gys"], background=background)
    km = photons.longest_distance(link=link, method=method)
    assert longest.mistakes[name].answer == pytest.approx(km, abs=0.06)


@pytest.mark.parametrize("wrong", [142.2, 189, 191, 237.4, 156.5, 47.6, 1422])
def test_another_reach_is_refused(wrong):
    refused(longest, wrong)


def share_by_loop(held, clicked):
    mine = [n >= 2 for n, click in zip(held, clicked, strict=True) if click]
    return sum(mine) / len(mine)


def share_by_sums(held, clicked):
    return np.sum(clicked * (held > 1)) / np.sum(clicked)


@pytest.mark.parametrize("answer", [share_by_loop, share_by_sums])
def test_other_ways_to_the_share_of_eve_pass(answer):
    passes(eve_share, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda held, clicked: 0.381148, ""),
        (lambda held, clicked: round(share_by_loop(held, clicked), 4), ""),
        (lambda held, clicked: np.mean(held[clicked] == 2), "as good for her as two"),
        (lambda held, clicked: np.mean((held - 1)[clicked] >= 2), "two photons are enough"),
        (lambda held, clicked: 1 - np.mean(held[clicked] == 1), ""),  # takes dark clicks for hers
        (lambda held, clicked: poisson.sf(1, held.mean()), ""),
        (lambda held, clicked: str(share_by_loop(held, clicked)), "quotation marks"),
        (lambda held, clicked: share_by_loop(held, clicked) + 1j, "complex"),
    ],
)
def test_other_shares_of_eve_are_refused(wrong, words):
    refused(eve_share, wrong, words)


def decoy_with_the_smaller_of_both(mu, nu, q_mu, e_mu, q_nu, e_nu):
    dark = 2 * min(e_mu * q_mu * exp(mu), e_nu * q_nu * exp(nu))
    y_1 = single_yield(mu, nu, q_mu, q_nu, dark)
    return [y_1, e_nu * q_nu * exp(nu) / (nu * y_1)]


def decoy_by_a_linear_program(mu, nu, q_mu, e_mu, q_nu, e_nu):
    """The worst line of up to six photons with these gains and errors."""
    from scipy.optimize import linprog

    n = np.arange(12)
    weigh = [m**n / np.array([factorial(k) for k in n]) for m in (mu, nu)]
    scale = q_nu
    gains = np.array([q_mu * exp(mu), q_nu * exp(nu)]) / scale
    wrong = gains * (e_mu, e_nu)
    zero = np.zeros(n.size)
    half = np.zeros(2 * n.size)
    half[0], half[n.size] = -0.5, 1  # a dark click is wrong half of the time
    rows = [np.r_[w, zero] for w in weigh] + [np.r_[zero, w] for w in weigh] + [half]
    due = [*gains, *wrong, 0]
    more = np.hstack([-np.eye(n.size), np.eye(n.size)])
    bounds = [(0, 1 / scale)] * (2 * n.size)
    one = np.zeros(2 * n.size)
    one[1] = 1
    least = linprog(one, more, zero, rows, due, bounds, method="highs")
    most = linprog(-np.roll(one, n.size), more, zero, rows, due, bounds, method="highs")
    return least.fun * scale, -most.fun / least.fun


@pytest.mark.parametrize("answer", [decoy_with_the_smaller_of_both, decoy_by_a_linear_program])
def test_other_bounds_that_hold_and_are_as_sharp_pass(answer):
    passes(one_decoy, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda *seen: tuple(map(str, one_decoy(*seen))), "return two numbers:"),
        (lambda *seen: tuple(map(complex, one_decoy(*seen))), "return two numbers:"),
        (lambda *seen: one_decoy(*seen)[0], "return two numbers:"),
        (lambda *seen: one_decoy(*seen)[::-1], "you claim"),
        (lambda *seen: {"y_1": 1, "e_1": 0.1}, "return two numbers:"),
        (lambda *seen: (0.0, 1.0), "too careful"),
        (lambda *seen: (0.98 * one_decoy(*seen)[0], one_decoy(*seen)[1]), "too careful"),
        (lambda *seen: (one_decoy(*seen)[0], 1.05 * one_decoy(*seen)[1]), "too careful"),
        (lambda *seen: (one_decoy(*seen)[0], 0.5), "too careful"),
        (lambda *seen: (1.02 * one_decoy(*seen)[0], one_decoy(*seen)[1]), "you claim"),
        (lambda mu, nu, q_mu, e_mu, q_nu, e_nu: (single_yield(mu, nu, q_mu, q_nu, 1.7e-6), 0.1), "you claim"),
        (
            lambda mu, nu, q_mu, e_mu, q_nu, e_nu: (one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu)[0], e_nu),
            "you claim",
        ),
        (
            lambda mu, nu, q_mu, e_mu, q_nu, e_nu: (one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu)[0], e_mu),
            "you claim",
        ),
    ],
)
def test_bounds_that_do_not_hold_or_give_away_too_much_are_refused(wrong, words):
    refused(one_decoy, wrong, words)


def test_a_bound_of_zero_may_be_rounded_to_below_it():
    """Errors of both intensities also bound those of single photons: by their difference, which may come out as -1e-17."""

    def by_the_difference(mu, nu, q_mu, e_mu, q_nu, e_nu):
        y_1, e_1 = one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu)
        more = e_mu * q_mu * exp(mu) - e_nu * q_nu * exp(nu)
        return y_1, min(e_1, more / ((mu - nu) * y_1))

    for seed in range(40):
        assert one_decoy.check(by_the_difference, seed=seed)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda mu, loss, eta, dark: min(1, dark + 1 - exp(-mu * eta * 10 ** (-loss / 10))), "cut off at 1"),
        (
            lambda mu, loss, eta, dark: dark + (1 - dark) * mu * eta * 10 ** (-loss / 10),
            "mean number of photons",
        ),
        (
            lambda mu, loss, eta, dark: 1 - (1 - dark) * (1 - eta * -expm1(-mu * 10 ** (-loss / 10))),
            "one try at each pulse",
        ),
    ],
)
def test_what_is_near_to_the_chance_of_a_click_is_told_apart(answer, words):
    for seed in range(5):
        assert words in click_chance.check(answer, seed=seed).message
