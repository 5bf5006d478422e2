"""Policies: from what was measured to what is ordered."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isnan, nan
from typing import Any, Protocol, runtime_checkable

from qlearn._checks import as_count, as_real
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.orders import Orders

_HEEDED = ("latency", "accuracy", "key_reserve", "buffer", "suspected_eve", "new_arrivals")


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

    Above `latency_s`, or with a buffer above `buffer_s`, or while new devices arrive, or with an accuracy above `enough`,
    updates come `slower` times as seldom; below `reserve`, a share `saved` of the model travels; where somebody may listen, or
    the reserve is low, units shrink their updates and do not wait. A missing indicator is as it was last seen in the run; one
    that was never seen crosses nothing.

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
    enough : float
        Accuracy that need not be passed in a hurry, 0 to 1. The default is never passed: accuracy changes nothing.

    Examples
    --------
    >>> policy = ThresholdPolicy(latency_s=0.5, reserve=0.2)
    >>> policy.decide(KPIs(0)) == Orders()  # nothing is known, nothing is changed
    True
    >>> policy.decide(KPIs(1, latency=0.9, key_reserve=0.1))
    Orders(update_every=2, local_epochs=1, model_size=0.5, assignment='home', on_empty='shrink')
    >>> policy.decide(KPIs(2)) == policy.decide(KPIs(1, latency=0.9, key_reserve=0.1))  # the report is lost: the last one counts
    True
    >>> ThresholdPolicy(enough=0.9).decide(KPIs(1, accuracy=0.92)).update_every
    2
    """

    orders: Orders = field(default_factory=Orders)
    latency_s: float = 1.0
    buffer_s: float = 1.0
    reserve: float = 0.25
    slower: int = 2
    saved: float = 0.5
    enough: float = 1.0
    _last: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _refuse_no_orders(self.orders)
        as_real(self.latency_s, "latency_s", above=0)
        as_real(self.buffer_s, "buffer_s", above=0)
        as_real(self.reserve, "reserve", least=0, most=1)
        as_count(self.slower, "slower")
        as_real(self.saved, "saved", above=0, most=1)
        as_real(self.enough, "enough", least=0, most=1)

    def decide(self, kpis: KPIs, rng: Any = None) -> Orders:
        """Return the orders of the next round; a report of round 0, before the first, begins a new run."""
        if kpis.round == 0:
            self._last.clear()
        self._last.update({name: getattr(kpis, name) for name in _HEEDED if name not in kpis.missing})
        seen = dict.fromkeys(_HEEDED, nan) | self._last
        orders = self.orders
        if (
            _above(seen["latency"], self.latency_s)
            or _above(seen["buffer"], self.buffer_s)
            or _above(seen["new_arrivals"], 0)
            or _above(seen["accuracy"], self.enough)
        ):
            orders = replace(orders, update_every=orders.update_every * self.slower)
        low = _above(self.reserve, seen["key_reserve"])
        if low:
            orders = replace(orders, model_size=orders.model_size * self.saved)
        if low or _above(seen["suspected_eve"], 0):
            orders = replace(orders, on_empty="shrink")
        return orders

    def get_state(self) -> dict[str, Any]:
        """Return what a restart must not lose: the indicators as they were last seen."""
        return {"last": dict(self._last)}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`get_state` gave."""
        self._last.clear()
        self._last.update({name: float(value) for name, value in state["last"].items()})


def _above(value: float, bound: float) -> bool:
    """Tell whether a value is known to be above a bound."""
    return not isnan(value) and not isnan(bound) and value > bound


def _refuse_no_orders(orders: Any) -> None:
    if not isinstance(orders, Orders):
        raise TypeError(f"orders must be Orders, as Orders(local_epochs=2), not {orders!r}")
