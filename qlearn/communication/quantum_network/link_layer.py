"""The link layer: requests for pairs with a least fidelity, and how a link serves them or says that it cannot."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from qlearn._checks import as_choice, as_count, as_probability, as_real, as_rng
from qlearn.communication.quantum_network.single_click_link import brightest, single_click
from qlearn.communication.repeaters.purification import purify

Kind = Literal["store", "measure"]


@dataclass(frozen=True)
class LinkRequest:
    """What a higher layer asks a link for."""

    kind: Kind = "store"
    """"store": create the pairs and keep them until the last is there; "measure": measure each half at once."""
    arrives_s: float = 0.0
    """When it is asked."""
    pairs: int = 1
    """How many pairs."""
    least_fidelity: float = 0.8
    """Least fidelity of a new pair, at least 1/2."""
    longest_wait_s: float = np.inf
    """Time after which it is given up."""
    queue: str = ""
    """The queue it waits in; empty: that of its kind."""

    @property
    def waits_in(self) -> str:
        """Name of its queue."""
        return self.queue or self.kind


@dataclass(frozen=True)
class Plan:
    """How a link serves a request: :meth:`LinkLayer.plan`."""

    alpha: float
    """Brightness of both ends."""
    success: float
    """Chance that an attempt makes a raw pair."""
    fidelity: float
    """Fidelity of a raw pair when its announcement is back."""
    purified: bool
    """Whether two raw pairs are made one better pair."""
    slot_s: float
    """Time of an attempt."""
    pair_s: float
    """Mean time of a delivered pair, decay while the first waits for the second not counted."""


@dataclass(frozen=True)
class LinkLayer:
    r"""A link of two nodes with a single-click station halfway, and the terms on which it serves requests.

    Requests that measure at once do not wait for the station's answer between attempts; those that store do.
    For each request the ends shine as brightly as its fidelity allows (:func:`brightest`); where memories and
    `purifies` permit, two brighter raw pairs are made one by BBPSSW if that is faster, or if nothing else reaches the fidelity.
    Pairs are treated as Werner pairs of the fidelity that :func:`single_click` gives. A plan promises the fidelity of pairs
    that did not wait: where memories decay, a purified pair may end below it, as its first raw pair has aged when the
    second comes, and so may a stored pair that waits for others. :attr:`LinkRun.fidelity` says what was delivered.

    Parameters
    ----------
    detection, dark : float
        Of the station, as in :func:`single_click`.
    cycle_s : float
        Time of an attempt, in seconds.
    answer_s : float
        Time until the station's answer is back: distance over speed of light in fibre.
    memories : int
        Pairs that the two nodes can store.
    coherence_s : float
        Time in which a stored pair loses all but 1/e of its Werner parameter.
    purifies : bool
        Whether it may purify.

    Examples
    --------
    >>> lab = LinkLayer(detection=4e-4, dark=2e-7)
    >>> round(lab.plan(LinkRequest(least_fidelity=0.8)).alpha, 4)
    0.1984
    >>> lab.plan(LinkRequest(least_fidelity=0.8)).pair_s < lab.plan(LinkRequest(least_fidelity=0.9)).pair_s
    True

    References
    ----------
    Dahlberg et al., "A link layer protocol for quantum networks", SIGCOMM 2019, doi:10.1145/3341302.3342070,
    arXiv:1903.09778.
    """

    detection: float
    dark: float = 0.0
    cycle_s: float = 1e-5
    answer_s: float = 0.0
    memories: int = 1
    coherence_s: float = np.inf
    purifies: bool = False

    def __post_init__(self) -> None:
        if as_probability(self.detection, "detection") == 0:
            raise ValueError("detection must be above 0: a link that sees no photon announces no pair")
        as_probability(self.dark, "dark")
        as_real(self.cycle_s, "cycle_s", above=0)
        as_real(self.answer_s, "answer_s", least=0)
        as_count(self.memories, "memories")
        if self.coherence_s != np.inf:
            as_real(self.coherence_s, "coherence_s", above=0)

    def plan(self, request: LinkRequest) -> Plan:
        """Choose brightness, and whether to purify, for a request; refuse what cannot be met."""
        from scipy.optimize import brentq

        check_request(request)
        stores = request.kind == "store"
        if stores and request.pairs > self.memories:
            raise ValueError(
                f"{request.pairs} pairs are to be stored and the link has {self.memories} memories: ask for fewer at a time, "
                "or measure at once"
            )
        # what is left of a raw pair when its announcement is back
        kept = float(np.exp(-self.answer_s / self.coherence_s)) if stores else 1.0
        slot = self.cycle_s + (self.answer_s if stores else 0.0)
        may_purify = self.purifies and stores and request.pairs + 1 <= self.memories
        wanted = [request.least_fidelity]
        if may_purify:  # the raw fidelity from which one round makes what is asked
            wanted.append(
                brentq(lambda f: float(purify(f).fidelity) - request.least_fidelity, 0.5, 1.0, xtol=1e-14)
            )
        plans, refusals = [], []
        for fidelity, twice in zip(wanted, (False, True), strict=False):
            try:
                raw = self._raw(fidelity, kept, slot)
            except ValueError as error:
                refusals.append(error)
                continue
            pair_s = 2 * raw.pair_s / float(purify(raw.fidelity).probability) if twice else raw.pair_s
            plans.append(replace(raw, purified=twice, pair_s=pair_s))
        if not plans:
            even = "not even if two raw pairs are purified once: " if may_purify else ""
            instead = "" if may_purify or not stores else "; or let it purify, with a memory to spare"
            raise ValueError(
                f"fidelity {request.least_fidelity:g} cannot be met, {even}{refusals[0]}{instead}"
            ) from refusals[0]
        return min(plans, key=lambda plan: plan.pair_s)

    def _raw(self, fidelity: float, kept: float, slot: float) -> Plan:
        before = 0.25 + (fidelity - 0.25) / kept
        if before > 1:
            raise ValueError(
                f"a perfect pair has {0.25 + 0.75 * kept:.6g} when its announcement "
                "is back. Ask for less, or measure at once"
            )
        alpha = brightest(before, self.detection, self.dark)
        made = single_click(alpha, self.detection, self.dark)
        success = float(made.success)
        after = 0.25 + (float(made.fidelity) - 0.25) * kept
        return Plan(alpha, success, after, False, slot, slot / success)


def check_request(request: LinkRequest) -> None:
    """Refuse a request that asks for what there is not on any link."""
    if not isinstance(request, LinkRequest):
        raise TypeError(f"requests must be of LinkRequest, not {type(request).__name__}")
    as_choice(request.kind, ("store", "measure"), "kind")
    as_real(request.arrives_s, "arrives_s", least=0)
    as_count(request.pairs, "pairs")
    as_real(request.least_fidelity, "least_fidelity", least=0.5, most=1)
    if request.longest_wait_s != np.inf:
        as_real(request.longest_wait_s, "longest_wait_s", above=0)


def poisson_requests(rate_hz: float, n: int, *, rng: Any = None, **terms: Any) -> list[LinkRequest]:
    """Return requests that arrive at random, independently, at a mean rate.

    Parameters
    ----------
    rate_hz : float
        Requests a second.
    n : int
        How many.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.
    **terms
        What all of them ask: the other fields of :class:`LinkRequest`.

    Returns
    -------
    list of LinkRequest
        By time.

    Examples
    --------
    >>> [round(request.arrives_s, 3) for request in poisson_requests(10.0, 3, kind="measure", rng=1)]
    [0.107, 0.138, 0.676]
    """
    rate, n, rng = as_real(rate_hz, "rate_hz", above=0), as_count(n, "n"), as_rng(rng)
    times = np.cumsum(rng.exponential(1 / rate, n))
    return [LinkRequest(arrives_s=float(at), **terms) for at in times]
