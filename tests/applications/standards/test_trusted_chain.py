"""Trusted chains: the bill by hand, the closed form of the cheapest hop, refusals."""

from dataclasses import replace
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize_scalar

from qlearn.applications.standards import (
    ChainPrices,
    LinkPower,
    TrustedChain,
    cheapest_chain,
    price_chain,
)
from qlearn.communication.photons import LINKS, decoy_rate

POWER = LinkPower(60, 70, 0, 80)
PRICES = ChainPrices(pair_eur=120_000, lifetime_years=8, node_eur_year=9_000, fibre_eur_km_year=400)


def rate(km):
    return 1e6 * 10 ** (-0.02 * km)


def test_the_bill_by_hand():
    chain = price_chain(150, 3, rate=rate, power=POWER, prices=PRICES)
    electricity = 3 * 210 / 1000 * 24 * 365.25 * 0.1902
    assert chain.euros_year == pytest.approx(3 * 120_000 / 8 + electricity + 4 * 9_000 + 150 * 400)
    assert chain.bits_per_second == pytest.approx(1e6 * exp(-log(10)))  # 50 km: 10 dB
    assert (chain.trusted_nodes, chain.watts) == (2, 630)
    assert chain.joules_per_bit == pytest.approx(630 / 1e5)
    assert chain.euros_per_megabit == pytest.approx(chain.euros_year / (1e5 * 365.25 * 86400 / 1e6))


def test_the_price_of_electricity_is_that_of_the_statistics():
    """Eurostat, non-household, EU, first half of 2025: 19.02 euros per 100 kWh."""
    assert ChainPrices(1, 1, 1, 1).kwh_eur * 100 == pytest.approx(19.02)


@settings(deadline=None)
@given(st.floats(50, 2000), st.floats(0.16, 0.4))
def test_where_links_are_all_that_costs_a_hop_loses_434_decibels(length, loss):
    only = replace(PRICES, node_eur_year=0, fibre_eur_km_year=0)
    best = cheapest_chain(
        length, rate=lambda km: 10 ** (-loss * km / 10), power=POWER, prices=only, most_hops=400
    )
    ideal = loss * length * log(10) / 10
    assert abs(best.hops - max(ideal, 1)) < 1.01  # n is whole


def test_the_best_whole_number_is_beside_the_best_number():
    """An independent search over a continuous number of hops."""

    def euros(n):
        links = n * (120_000 / 8 + 210 / 1000 * 24 * 365.25 * 0.1902)
        return (links + (n + 1) * 9_000 + 600 * 400) / rate(600 / n)

    found = minimize_scalar(euros, bounds=(1, 100), method="bounded").x
    assert abs(cheapest_chain(600, rate=rate, power=POWER, prices=PRICES).hops - found) < 1


def test_dear_sites_make_hops_longer_and_dear_fibre_shorter():
    base, *others = (
        cheapest_chain(600, rate=rate, power=POWER, prices=prices).hops
        for prices in (
            PRICES,
            replace(PRICES, node_eur_year=1e7, fibre_eur_km_year=0),
            replace(PRICES, fibre_eur_km_year=50_000),
        )
    )
    assert others[0] <= base < others[1]


def test_a_real_link_that_is_too_long_makes_nothing_and_a_chain_does():
    def key(km):
        return 1e9 * float(decoy_rate(km, link=LINKS["lim2014"]))

    alone = price_chain(400, 1, rate=key, power=POWER, prices=PRICES)
    assert (alone.bits_per_second, alone.joules_per_bit, alone.euros_per_megabit) == (0, inf, inf)
    best = cheapest_chain(400, rate=key, power=POWER, prices=PRICES, most_hops=20)
    assert isinstance(best, TrustedChain)
    assert best.trusted_nodes > 1
    around = [price_chain(400, n, rate=key, power=POWER, prices=PRICES) for n in range(1, 21)]
    assert best.euros_per_megabit == np.min([chain.euros_per_megabit for chain in around])


GIVEN = {"rate": rate, "power": POWER, "prices": PRICES}


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: price_chain(0, 1, **GIVEN), ValueError, "length_km must be above 0"),
        (lambda: price_chain(10, 0, **GIVEN), ValueError, "hops must be at least 1"),
        (lambda: price_chain(10, 1.5, **GIVEN), TypeError, "hops must be a whole number"),
        (
            lambda: price_chain(10, 1, **GIVEN | {"rate": 5}),
            TypeError,
            "rate must be a function of the length",
        ),
        (lambda: price_chain(10, 1, **GIVEN | {"rate": lambda km: -1}), ValueError, "rate must be"),
        (lambda: price_chain(10, 1, **GIVEN | {"rate": lambda km: "5"}), TypeError, "rate must be a number"),
        (lambda: price_chain(10, 1, **GIVEN | {"rate": lambda km: inf}), ValueError, "rate must be a finite"),
        (lambda: price_chain(10, 1, **GIVEN | {"power": 200}), TypeError, "power must be a LinkPower"),
        (lambda: price_chain(10, 1, **GIVEN | {"prices": {}}), TypeError, "prices must be ChainPrices"),
        (lambda: ChainPrices(1, 0, 1, 1), ValueError, "lifetime_years must be above 0"),
        (lambda: ChainPrices(-1, 1, 1, 1), ValueError, "pair_eur must be"),
        (lambda: cheapest_chain(10, **GIVEN, most_hops=0), ValueError, "most_hops must be at least 1"),
        (
            lambda: cheapest_chain(10, **GIVEN | {"rate": lambda km: 0}, most_hops=4),
            ValueError,
            "no link of 2.5 km makes a key",
        ),
    ],
)
def test_refuses(call, kind, says):
    with pytest.raises(kind, match=says):
        call()
