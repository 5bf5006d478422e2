"""Policies: from what was measured to what is ordered."""

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from math import isnan
from typing import Any, Protocol, runtime_checkable

from qlearn._checks import as_count, as_real
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.orders import Orders


@runtime_checkable
class Policy(Protocol):
    """What decides: any object with this method.

    A policy that learns has a method ``learn(kpis, orders, reward, next_kpis)`` besides, which is called after each round.
    One whose memory shall survive a restart has ``get_state()``, which returns a dictionary, by the names of its attributes, of
    numbers, strings, arrays, and lists and dictionaries of these, and ``set_state(state)``. Its other attributes are settings: a
    restart refuses a policy with others.

    Examples
    --------
    >>> class Cautious:
    ...     def decide(self, kpis, rng=None):
    ...         return Orders(on_empty="shrink" if kpis.suspected_eve > 0 else "wait")
    >>> isinstance(Cautious(), Policy)
    True
    """

    @abstractmethod
    def decide(self, kpis: KPIs, rng: Any = None) -> Orders:
        """Return the orders of the next round, from the indicators of the last; they may be NaN."""
        ...


@dataclass(frozen=True)
class FixedPolicy:
    """The same orders in every round, whatever is measured.

    Parameters
    ----------
    orders : Orders
        The orders.

    Examples
    --------
    >>> FixedPolicy(Orders(local_epochs=3)).decide(KPIs()).local_epochs
    3
    """

    orders: Orders = field(default_factory=Orders)

    def __post_init__(self) -> None:
        _refuse_no_orders(self.orders)

    def decide(self, kpis: KPIs, rng: Any = None) -> Orders:
        """Return the orders."""
        return self.orders


@dataclass(frozen=True)
class ThresholdPolicy:
    """Change the orders where an indicator crosses its threshold, and only while it does.

    Above `latency_s`, or with a buffer above `buffer_s`, or while new devices arrive, updates come `slower` times as seldom;
    below `reserve`, a share `saved` of the model travels; where somebody may listen, or the reserve is low, units shrink their
    updates and do not wait. A missing indicator crosses nothing.

    Parameters
    ----------
    orders : Orders
        What holds while nothing is crossed.
    latency_s : float
        Largest latency, seconds.
    buffer_s : float
        Largest buffer, seconds of work.
    reserve : float
        Lowest key reserve, 0 to 1.
    slower : int
        Factor on ``update_every``.
    saved : float
        Factor on ``model_size``, above 0 to 1.

    Examples
    --------
    >>> policy = ThresholdPolicy(latency_s=0.5, reserve=0.2)
    >>> policy.decide(KPIs(1, latency=0.9, key_reserve=0.1))
    Orders(update_every=2, local_epochs=1, model_size=0.5, assignment='home', on_empty='shrink')
    >>> policy.decide(KPIs(2)) == Orders()  # nothing is known, nothing is changed
    True
    """

    orders: Orders = field(default_factory=Orders)
    latency_s: float = 1.0
    buffer_s: float = 1.0
    reserve: float = 0.25
    slower: int = 2
    saved: float = 0.5

    def __post_init__(self) -> None:
        _refuse_no_orders(self.orders)
        as_real(self.latency_s, "latency_s", above=0)
        as_real(self.buffer_s, "buffer_s", above=0)
        as_real(self.reserve, "reserve", least=0, most=1)
        as_count(self.slower, "slower")
        as_real(self.saved, "saved", above=0, most=1)

    def decide(self, kpis: KPIs, rng: Any = None) -> Orders:
        """Return the orders of the next round."""
        orders = self.orders
        if (
            _above(kpis.latency, self.latency_s)
            or _above(kpis.buffer, self.buffer_s)
            or _above(kpis.new_arrivals, 0)
        ):
            orders = replace(orders, update_every=orders.update_every * self.slower)
        low = _above(self.reserve, kpis.key_reserve)
        if low:
            orders = replace(orders, model_size=orders.model_size * self.saved)
        if low or _above(kpis.suspected_eve, 0):
            orders = replace(orders, on_empty="shrink")
        return orders


def _above(value: float, bound: float) -> bool:
    """Tell whether a value is known to be above a bound."""
    return not isnan(value) and not isnan(bound) and value > bound


def _refuse_no_orders(orders: Any) -> None:
    if not isinstance(orders, Orders):
        raise TypeError(f"orders must be Orders, as Orders(local_epochs=2), not {orders!r}")
