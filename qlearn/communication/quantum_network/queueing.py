"""Queueing: what becomes of requests that share one link, simulated event by event, and what theory says."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_probability, as_real, as_rng
from qlearn._types import Array
from qlearn.communication.quantum_network.link_layer import LinkLayer, LinkRequest, Plan, check_request
from qlearn.communication.repeaters.purification import purify

DELIVERED, EXPIRED, OPEN = "delivered", "expired", "open"


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
        fair queueing); a queue not named has weight 1. What is given up before it is served is not counted, nor is what
        was served before the link was last idle. None: one queue, first come first served.
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
    >>> from qlearn.communication.quantum_network import poisson_requests
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

    if isinstance(requests, LinkRequest):
        raise TypeError("requests must be a list of LinkRequest, not one: put it in brackets")
    asked = tuple(requests)
    if not asked:
        raise ValueError("requests must hold at least one LinkRequest")
    plans = _plans(link, asked)
    share = _shares(weights, {request.waits_in for request in asked})
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
                waiting.rest()
                bell[0] = env.event()
                yield bell[0]
            i = waiting.get()
            deadline = asked[i].arrives_s + asked[i].longest_wait_s
            if env.now >= deadline:
                outcome[i], ended[i] = EXPIRED, deadline
                continue
            waiting.begin(i)
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


class _FairQueue:
    """Start-time fair queueing: in virtual time an item starts when it came, or when what its queue was served before ends.

    An item is charged to its queue when its service begins; one that is given up unserved costs its queue nothing.
    """

    def __init__(self, weights: Mapping[str, float], *, one: bool = False) -> None:
        self._weights, self._one = weights, one
        self._queues: dict[str, deque[tuple[float, int, int]]] = {}
        self._ends: dict[str, float] = {}
        self._work: dict[
            int, tuple[str, float, float]
        ] = {}  # of each item: queue, when it came, work over weight
        self._now, self._count = 0.0, 0

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def put(self, item: int, queue: str, work: float) -> None:
        name = "" if self._one else queue
        self._queues.setdefault(name, deque()).append((self._now, self._count, item))
        self._work[item] = name, self._now, work / self._weights.get(name, 1.0)
        self._count += 1

    def _start(self, name: str, came: float) -> float:
        return max(came, self._ends.get(name, 0.0))

    def get(self) -> int:
        def when(name: str) -> tuple[float, int]:
            came, count, _ = self._queues[name][0]
            return self._start(name, came), count

        first = min((name for name, queue in self._queues.items() if queue), key=when)
        return self._queues[first].popleft()[2]

    def begin(self, item: int) -> None:
        """Charge an item to its queue: its service begins."""
        name, came, work = self._work.pop(item)
        self._now = self._start(name, came)
        self._ends[name] = self._now + work

    def rest(self) -> None:
        """Let virtual time catch up with all that was served: nobody waits, and nobody owes."""
        self._now = max(self._ends.values(), default=0.0)


def _shares(weights: Mapping[str, float] | None, queues: set[str]) -> dict[str, float]:
    """Check the weights; refuse one of a queue in which nobody waits, which may be misspelt."""
    if weights is None:
        return {}
    if not isinstance(weights, Mapping):
        raise TypeError(f"weights must be a mapping of queue to weight, not {type(weights).__name__}")
    if strange := [queue for queue in weights if queue not in queues]:
        raise ValueError(
            f"weights names the queue {strange[0]!r} and no request waits in it; there are {', '.join(sorted(queues))}"
        )
    return {queue: as_real(weight, f"weights[{queue!r}]", above=0) for queue, weight in weights.items()}


def _plans(link: LinkLayer, requests: Sequence[LinkRequest]) -> list[Plan]:
    """Plan every request; those that ask the same share a plan."""
    if not isinstance(link, LinkLayer):
        raise TypeError(f"link must be a LinkLayer, not {type(link).__name__}")
    known: dict[tuple, Plan] = {}
    for request in requests:
        check_request(request)
        terms = (request.kind, request.pairs, request.least_fidelity)
        if terms not in known:
            known[terms] = link.plan(request)
    return [known[request.kind, request.pairs, request.least_fidelity] for request in requests]


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
