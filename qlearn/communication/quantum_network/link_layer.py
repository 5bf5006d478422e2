"""The link layer: requests for pairs with a least fidelity, their queues, and how long they wait."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from qlearn._checks import as_choice, as_count, as_probability, as_real, as_rng
from qlearn._types import Array
from qlearn.communication.quantum_network.single_click import brightest, single_click
from qlearn.communication.repeaters.purification import purify

Kind = Literal["store", "measure"]
DELIVERED, EXPIRED, OPEN = "delivered", "expired", "open"


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
    Pairs are treated as Werner pairs of the fidelity that :func:`single_click` gives.

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
        _check(request)
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
            raise ValueError(
                f"fidelity {request.least_fidelity:g} cannot be met, {even}{refusals[0]}"
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


@dataclass(frozen=True, eq=False)
class LinkRun:
    """Result of :func:`serve`: what became of each request, in their order."""

    requests: tuple[LinkRequest, ...]
    outcome: NDArray[np.str_]
    """"delivered", "expired" (given up after its longest wait), or "open" (not done when the run ended)."""
    started_s: Array
    """When its service began; NaN if it never did."""
    ended_s: Array
    """When it was delivered or given up; NaN if open."""
    fidelity: Array
    """Mean fidelity of its pairs when the last was there, for "measure" when each was made; NaN if not delivered."""
    duration_s: float
    """Time that the run covers."""
    interrupted: bool = field(default=False)
    """Whether it was stopped by the keyboard; what was done until then is here."""

    @property
    def latency_s(self) -> Array:
        """Time from asking to delivery of each delivered request."""
        arrived = np.array([request.arrives_s for request in self.requests])
        return (self.ended_s - arrived)[self.outcome == DELIVERED]

    @property
    def throughput_hz(self) -> float:
        """Pairs delivered a second."""
        done = sum(
            request.pairs
            for request, how in zip(self.requests, self.outcome, strict=True)
            if how == DELIVERED
        )
        return done / self.duration_s if self.duration_s else 0.0

    @property
    def mean_queue(self) -> float:
        """Mean number of requests that wait and are not yet served."""
        arrived = np.array([request.arrives_s for request in self.requests])
        left = np.where(np.isnan(self.started_s), self.ended_s, self.started_s)
        waited = np.where(np.isnan(left), self.duration_s, left) - arrived
        return float(np.clip(waited, 0, None).sum() / self.duration_s) if self.duration_s else 0.0

    def of(self, queue: str) -> "LinkRun":
        """Return the same run, the requests of one queue alone."""
        here = np.array([request.waits_in == queue for request in self.requests], dtype=bool)
        if not here.any():
            known = ", ".join(sorted({request.waits_in for request in self.requests}))
            raise ValueError(f"no request waited in queue {queue!r}; there are {known}")
        return LinkRun(
            tuple(request for request, is_here in zip(self.requests, here, strict=True) if is_here),
            self.outcome[here],
            self.started_s[here],
            self.ended_s[here],
            self.fidelity[here],
            self.duration_s,
            self.interrupted,
        )

    def __repr__(self) -> str:
        counts = ", ".join(f"{(self.outcome == how).sum()} {how}" for how in (DELIVERED, EXPIRED, OPEN))
        return f"LinkRun({counts}, {self.duration_s:.4g} s{', interrupted' if self.interrupted else ''})"


def serve(
    link: LinkLayer,
    requests: Iterable[LinkRequest],
    *,
    weights: Mapping[str, float] | None = None,
    until_s: float | None = None,
    rng: Any = None,
) -> LinkRun:
    r"""Let a link serve requests, one after the other, and return what became of each: a discrete-event simulation.

    The number of attempts until a pair is geometric, so that the simulation jumps from pair to pair (by simpy) instead of
    counting slots. All requests are planned, or refused, before the first one starts.

    Parameters
    ----------
    link : LinkLayer
        What the link can do.
    requests : iterable of LinkRequest
        In any order.
    weights : mapping of queue to float, optional
        Queues share the link in these proportions, counted in seconds of planned work, whenever several wait (start-time
        fair queueing); a queue not named has weight 1. None: one queue, first come first served.
    until_s : float, optional
        End of the run. None: when the last request is delivered or given up.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    LinkRun
        Also after Ctrl-C, with what was done by then.

    Examples
    --------
    >>> lab = LinkLayer(detection=1e-3)
    >>> run = serve(lab, poisson_requests(2.0, 500, least_fidelity=0.9, rng=1), rng=2)
    >>> run
    LinkRun(500 delivered, 0 expired, 0 open, 243.3 s)
    >>> round(float(run.latency_s.mean()), 3)
    0.049

    References
    ----------
    Dahlberg et al., SIGCOMM 2019, arXiv:1903.09778. Goyal, Vin and Cheng, "Start-time fair queuing", SIGCOMM 1996,
    doi:10.1145/248156.248171.
    """
    import simpy

    asked = tuple(requests)
    if not asked:
        raise ValueError("requests must hold at least one LinkRequest")
    plans = _plans(link, asked)
    share = {
        queue: as_real(weight, f"weights[{queue!r}]", above=0) for queue, weight in (weights or {}).items()
    }
    if until_s is not None:
        until_s = as_real(until_s, "until_s", above=0)
    rng = as_rng(rng)

    n = len(asked)
    started, ended, fidelity = np.full((3, n), np.nan)
    outcome = np.full(n, OPEN, dtype="<U9")
    waiting = _FairQueue(share) if weights is not None else _FairQueue({}, one=True)
    env = simpy.Environment()
    bell = [env.event()]

    def arrivals() -> Iterator[Any]:
        for i in np.argsort([request.arrives_s for request in asked], kind="stable"):
            yield env.timeout(max(0.0, asked[i].arrives_s - env.now))
            waiting.put(int(i), asked[i].waits_in, plans[i].pair_s * asked[i].pairs)
            if not bell[0].triggered:
                bell[0].succeed()

    def server() -> Iterator[Any]:
        for _ in range(n):
            if not len(waiting):
                bell[0] = env.event()
                yield bell[0]
            i = waiting.get()
            deadline = asked[i].arrives_s + asked[i].longest_wait_s
            if env.now >= deadline:
                outcome[i], ended[i] = EXPIRED, deadline
                continue
            started[i] = env.now
            made = []  # time and fidelity of each pair
            for _ in range(asked[i].pairs):
                waits, quality = _make_pair(plans[i], link.coherence_s, rng)
                if env.now + waits > deadline:
                    yield env.timeout(deadline - env.now)
                    outcome[i], ended[i] = EXPIRED, deadline
                    break
                yield env.timeout(waits)
                made.append((env.now, quality))
            else:
                at, quality = np.array(made).T
                if asked[i].kind == "store":
                    quality = 0.25 + (quality - 0.25) * np.exp(-(env.now - at) / link.coherence_s)
                outcome[i], ended[i], fidelity[i] = DELIVERED, env.now, quality.mean()

    env.process(arrivals())
    done = env.process(server())
    interrupted = False
    try:
        env.run(until=done if until_s is None else until_s)
    except KeyboardInterrupt:
        interrupted = True
    return LinkRun(asked, outcome, started, ended, fidelity, float(env.now), interrupted)


def _make_pair(plan: Plan, coherence_s: float, rng: np.random.Generator) -> tuple[float, float]:
    """Return how long a delivered pair takes, and its fidelity."""
    if not plan.purified:
        return rng.geometric(plan.success) * plan.slot_s, plan.fidelity
    slots = 0
    while True:
        first, second = rng.geometric(plan.success, 2)
        slots += first + second
        older = 0.25 + (plan.fidelity - 0.25) * np.exp(-second * plan.slot_s / coherence_s)
        better, chance = purify(older, plan.fidelity) if older > 0.5 else (plan.fidelity, 1.0)
        if rng.random() < chance:
            return slots * plan.slot_s, float(better)


def _plans(link: LinkLayer, requests: Sequence[LinkRequest]) -> list[Plan]:
    """Plan every request; those that ask the same share a plan."""
    known: dict[tuple, Plan] = {}
    for request in requests:
        _check(request)
        terms = (request.kind, request.pairs, request.least_fidelity)
        if terms not in known:
            known[terms] = link.plan(request)
    return [known[request.kind, request.pairs, request.least_fidelity] for request in requests]


def _check(request: LinkRequest) -> None:
    if not isinstance(request, LinkRequest):
        raise TypeError(f"requests must be of LinkRequest, not {type(request).__name__}")
    as_choice(request.kind, ("store", "measure"), "kind")
    as_real(request.arrives_s, "arrives_s", least=0)
    as_count(request.pairs, "pairs")
    as_real(request.least_fidelity, "least_fidelity", least=0.5, most=1)
    if request.longest_wait_s != np.inf:
        as_real(request.longest_wait_s, "longest_wait_s", above=0)


class _FairQueue:
    """Start-time fair queueing: each item starts, in virtual time, when the one before it in its queue ends."""

    def __init__(self, weights: Mapping[str, float], *, one: bool = False) -> None:
        self._weights, self._one = weights, one
        self._queues: dict[str, deque[tuple[float, int, int]]] = {}
        self._ends: dict[str, float] = {}
        self._now, self._count = 0.0, 0

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def put(self, item: int, queue: str, work: float) -> None:
        name = "" if self._one else queue
        start = self._now if self._one else max(self._now, self._ends.get(name, 0.0))
        self._ends[name] = start + work / self._weights.get(name, 1.0)
        self._queues.setdefault(name, deque()).append((start, self._count, item))
        self._count += 1

    def get(self) -> int:
        first = min((queue for queue in self._queues.values() if queue), key=lambda queue: queue[0][:2])
        self._now, _, item = first.popleft()
        return item


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


def mean_latency_s(rate_hz: float, success: float, slot_s: float) -> float:
    r"""Return how long requests for one pair take on average, from asking to delivery, first come first served.

    .. math:: T = \frac{\tau}{p} + \frac{\lambda\,\mathbb E S^2}{2(1-\rho)}, \qquad
              \mathbb E S^2 = \tau^2\,\frac{2-p}{p^2}, \quad \rho = \frac{\lambda\tau}{p}

    Service plus wait, for requests that arrive as a Poisson process and a service of geometrically many slots that starts when
    the link is free: the formula of Pollaczek and Khinchine. As the load :math:`\rho` nears 1 the wait grows without bound.

    Parameters
    ----------
    rate_hz : float
        :math:`\lambda`, requests a second; 0 for a link without a queue.
    success : float
        :math:`p`, chance that an attempt makes the pair.
    slot_s : float
        :math:`\tau`, time of an attempt.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> round(mean_latency_s(0, 7.015991568e-5, 1e-5), 5)  # 10 us a cycle
    0.14253
    >>> round(mean_latency_s(6, 7.015991568e-5, 1e-5), 2)  # load 0.86
    0.98

    References
    ----------
    Kleinrock, Queueing Systems, volume 1 (1975), section 5.6.
    """
    rate, slot = as_real(rate_hz, "rate_hz", least=0), as_real(slot_s, "slot_s", above=0)
    p = as_probability(success, "success")
    if p == 0:
        raise ValueError("success must be above 0: a link that never makes a pair serves nobody")
    load = rate * slot / p
    if load >= 1:
        raise ValueError(
            f"the load is {load:.4g}: from 1 on requests come faster than they are served, and the queue grows for ever"
        )
    return slot / p + rate * slot**2 * (2 - p) / p**2 / (2 * (1 - load))
