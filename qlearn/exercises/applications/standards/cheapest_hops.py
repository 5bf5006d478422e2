"""How many hops make a key cheapest."""

from math import log, sqrt

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="and every hop more is a site more in which all keys can be read: cheapest is not safest.",
    because="""
        A link of `length_km / n` passes a share of 10^(-loss/10) of the light, and its key rate goes with that. From end to end
        the chain makes what one link makes. So n hops cost n links and n + 1 sites, divided by that share. Few hops lose light,
        many hops cost money; without sites the best hop loses 10/ln 10 = 4.34 dB.
    """,
)
def cheapest_hops(length_km, loss_db_per_km, link, site, most):
    """A chain of `n` equal hops over `length_km` has `n` links, which cost `link` euros a year each, and `n + 1` sites, which
    cost `site` euros each. The key rate from end to end is proportional to the transmittance of *one* hop. Return the number
    of hops, from 1 to `most`, for which the price of a bit is lowest (the smallest such number).
    """

    def price(hops):
        share = 10 ** (-loss_db_per_km * length_km / hops / 10)
        return (hops * link + (hops + 1) * site) / share

    return min(range(1, most + 1), key=price)


@cheapest_hops.cases
def chains(rng):
    """Short and long lines, sites that cost nothing or most, a limit that binds and one of one hop."""
    for site_share in (0.0, 0.3, 1.0, 5.0, 40.0):
        link = float(rng.uniform(5e3, 5e4))
        for low, high in ((5, 60), (60, 300), (300, 900)):
            yield float(rng.uniform(low, high)), float(rng.uniform(0.17, 0.3)), link, site_share * link, 60
    yield 900.0, 0.2, 1e4, 2e3, 7
    yield 400.0, 0.2, 1e4, 2e3, 1
    for most in (3, 4):
        yield 500.0, 0.2, 1e4, 0.0, most
    # Short lines, where the best whole number is not the best real one rounded.
    yield 29.0, 0.2, 1e4, 2e3, 60
    yield 32.0, 0.2, 1e4, 0.0, 60
    for length in rng.uniform(100, 700, 12):
        yield float(length), 0.2, 1e4, float(rng.uniform(0, 2e4)), 60


def _best(length_km, loss, link, site, most, share, cost=lambda n, link, site: n * link + (n + 1) * site):
    return min(range(1, most + 1), key=lambda n: cost(n, link, site) / share(loss * length_km, n))


def _of_one(loss_db, n):
    return 10 ** (-loss_db / n / 10)


@cheapest_hops.mistake(
    "a chain of n links has n + 1 sites, and they cost money, too. (Charging n of them is the same as charging none.)"
)
def without_sites(length_km, loss_db_per_km, link, site, most):
    return _best(length_km, loss_db_per_km, link, site, most, _of_one, lambda n, link, site: n * link)


@cheapest_hops.mistake(
    "you divided the rate among the hops: a bit from end to end takes one bit of each link, at the same time."
)
def rate_is_shared(length_km, loss_db_per_km, link, site, most):
    return _best(length_km, loss_db_per_km, link, site, most, lambda db, n: _of_one(db, n) / n)


@cheapest_hops.mistake("a loss in dB is divided by 10 in the exponent of 10.")
def without_the_ten(length_km, loss_db_per_km, link, site, most):
    return _best(10 * length_km, loss_db_per_km, link, site, most, _of_one)


@cheapest_hops.mistake(
    "with a share of the light that does not depend on the hops one hop is always cheapest: a hop has length_km / n."
)
def one_hop(length_km, loss_db_per_km, link, site, most):
    return 1


@cheapest_hops.mistake(
    "the best real number, rounded, is not always the best whole number: try the whole ones."
)
def rounded(length_km, loss_db_per_km, link, site, most):
    share = loss_db_per_km * length_km * log(10) / 10
    best = (share + sqrt(share**2 + 4 * share * site / (link + site))) / 2
    return max(1, min(most, round(best)))


@cheapest_hops.mistake("you looked at the rate alone: more hops always make more key, and cost more.")
def most_key(length_km, loss_db_per_km, link, site, most):
    return most
