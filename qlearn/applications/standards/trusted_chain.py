"""Trusted chain: links in a row with a trusted node between each two, what it costs, and how many hops are cheapest."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from qlearn._checks import as_count, as_real
from qlearn.applications.standards.energy import LinkPower

_HOURS = 8766.0  # a year of 365.25 days
_SECONDS = 3600 * _HOURS


@dataclass(frozen=True)
class ChainPrices:
    """What a chain of links costs: assumptions of the reader, in euros.

    Only the price of electricity has a default, since there are statistics of it; the others differ from one offer to
    the next, and no public list was found.

    Parameters
    ----------
    pair_eur : float
        Price of the two devices of one link.
    lifetime_years : float
        Years over which that price is spread, above 0.
    node_eur_year : float
        One site for a year: room, guard, service. A chain of n links has n + 1 of them.
    fibre_eur_km_year : float
        Lease of the dark fibre.
    kwh_eur : float
        Price of a kWh. Default: the mean of the EU for other than households, first half of 2025, without refundable taxes.

    References
    ----------
    Eurostat, "Electricity price statistics", data of October 2025: 19.02 euros per 100 kWh.
    """

    pair_eur: float
    lifetime_years: float
    node_eur_year: float
    fibre_eur_km_year: float
    kwh_eur: float = 0.1902

    def __post_init__(self) -> None:
        for name in ("pair_eur", "node_eur_year", "fibre_eur_km_year", "kwh_eur"):
            as_real(getattr(self, name), name, least=0)
        as_real(self.lifetime_years, "lifetime_years", above=0)


@dataclass(frozen=True)
class TrustedChain:
    """A chain of equal links and its yearly bill; made by :func:`price_chain`.

    Parameters
    ----------
    length_km : float
        From end to end.
    hops : int
        Links in a row.
    bits_per_second : float
        Secret bits from end to end: those of one link, for each link spends a bit on each bit that is carried.
    watts : float
        Power of all links.
    euros_year : float
        Devices, sites, fibre and electricity.
    """

    length_km: float
    hops: int
    bits_per_second: float
    watts: float
    euros_year: float

    @property
    def trusted_nodes(self) -> int:
        """Sites between the ends, in each of which every key can be read."""
        return self.hops - 1

    @property
    def joules_per_bit(self) -> float:
        """Energy of a secret bit from end to end, infinite where there is none."""
        return self.watts / self.bits_per_second if self.bits_per_second > 0 else inf

    @property
    def euros_per_megabit(self) -> float:
        """Price of a million secret bits if all of them are wanted; infinite where there are none."""
        yearly = self.bits_per_second * _SECONDS / 1e6
        return self.euros_year / yearly if yearly > 0 else inf


def price_chain(
    length_km: float, hops: int, *, rate: Callable[[float], float], power: LinkPower, prices: ChainPrices
) -> TrustedChain:
    r"""Return what a chain of equal links makes and costs.

    .. math:: C = n\left(\frac{c_\text{pair}}{T} + c_\text{kWh}\,P\,h\right) + (n+1)\,c_\text{node} + L\,c_\text{fibre}

    with :math:`h` the hours of a year. The rate from end to end is that of one link of :math:`L/n`.

    Parameters
    ----------
    length_km : float
        :math:`L`, above 0.
    hops : int
        :math:`n`, at least 1.
    rate : callable
        Secret bits a second of one link of the length that it is called with, in km.
    power : LinkPower
        Of one link.
    prices : ChainPrices

    Returns
    -------
    TrustedChain

    Examples
    --------
    >>> power = LinkPower(transmitter_w=60, receiver_w=60, cooling_w=0, management_w=80)
    >>> prices = ChainPrices(pair_eur=100_000, lifetime_years=10, node_eur_year=20_000, fibre_eur_km_year=500)
    >>> chain = price_chain(200, 4, rate=lambda km: 1e6 * 10 ** (-0.02 * km), power=power, prices=prices)
    >>> chain.trusted_nodes, round(chain.bits_per_second), round(chain.euros_year)
    (3, 100000, 241334)

    References
    ----------
    The relay, and why every node on the way can read: Salvail, Peev, Diamanti, Alleaume, Luetkenhaus and Laenger,
    "Security of trusted repeater quantum key distribution networks", 2010, arXiv:0904.4072.
    """
    length, n = as_real(length_km, "length_km", above=0), as_count(hops, "hops")
    if not callable(rate):
        raise TypeError(f"rate must be a function of the length of one link in km, not {type(rate).__name__}")
    if not isinstance(power, LinkPower):
        raise TypeError(f"power must be a LinkPower, of one link, not {type(power).__name__}")
    if not isinstance(prices, ChainPrices):
        raise TypeError(f"prices must be ChainPrices, not {type(prices).__name__}")
    made = as_real(np.asarray(rate(length / n)).item(), "rate", least=0)
    a_link = prices.pair_eur / prices.lifetime_years + prices.kwh_eur * power.watts / 1000 * _HOURS
    euros = n * a_link + (n + 1) * prices.node_eur_year + length * prices.fibre_eur_km_year
    return TrustedChain(length, n, made, n * power.watts, euros)


def cheapest_chain(
    length_km: float,
    *,
    rate: Callable[[float], float],
    power: LinkPower,
    prices: ChainPrices,
    most_hops: int = 60,
) -> TrustedChain:
    r"""Return the chain whose secret bit is cheapest, by trying every number of hops.

    Where links are all that costs and the rate is proportional to the transmittance, a bit costs
    :math:`n\, 10^{\alpha L/(10 n)}`, which is least for

    .. math:: n = \alpha L\,\frac{\ln 10}{10}

    so that each hop loses :math:`10/\ln 10 = 4.34` dB, whatever the prices. Sites and fibre that cost as well change that.
    Cheapest is not safest: each node more is one more place where all keys can be read.

    Parameters
    ----------
    length_km, rate, power, prices
        As for :func:`price_chain`.
    most_hops : int
        The largest number tried.

    Returns
    -------
    TrustedChain

    Examples
    --------
    >>> power = LinkPower(transmitter_w=60, receiver_w=60, cooling_w=0, management_w=80)
    >>> only_links = ChainPrices(pair_eur=100_000, lifetime_years=10, node_eur_year=0, fibre_eur_km_year=0)
    >>> best = cheapest_chain(217, rate=lambda km: 1e6 * 10 ** (-0.02 * km), power=power, prices=only_links)
    >>> best.hops, round(0.2 * 217 / best.hops, 2)
    (10, 4.34)
    """
    tried = [
        price_chain(length_km, hops, rate=rate, power=power, prices=prices)
        for hops in range(1, as_count(most_hops, "most_hops") + 1)
    ]
    best = min(tried, key=lambda chain: chain.euros_per_megabit)
    if best.euros_per_megabit == inf:
        raise ValueError(
            f"most_hops must be larger than {most_hops} for {length_km:g} km: no link of {length_km / most_hops:g} km "
            "makes a key"
        )
    return best
