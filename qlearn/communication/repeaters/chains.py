"""Chains of repeaters: rate, fidelity and secret key of links that are swapped, purified and stored."""

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import (
    as_choice,
    as_count,
    as_probabilities,
    as_probability,
    as_real,
    as_trials,
    broadcast,
)
from qlearn._types import Array
from qlearn.communication.key_rate import asymptotic_rate
from qlearn.communication.photons import plob
from qlearn.communication.repeaters._laws import MOST_PAIRS, Merge, bilinear, chained, delivered, in_series
from qlearn.communication.repeaters.bell_diagonal_states import error_rates, werner_vector
from qlearn.communication.repeaters.memories import CHARACTERS, Memory
from qlearn.communication.repeaters.purification import METHODS, Method, agreeing, as_one_pair, turned
from qlearn.communication.repeaters.swapping import swap_bell
from qlearn.communication.repeaters.waiting_times import (
    as_links,
    cutoff_waiting_time,
    some_success,
    waiting_time_mean,
)
from qlearn.qubits.noise import db_to_transmittance

FIBRE_SPEED = 2e5
"""Speed of light in fibre, km/s."""

Scheme = Literal["series", "nested"]
Place = Literal["links", "nested"]
Heralding = Literal["far end", "midpoint"]

# The closed form sums over the slots of the cut-off; longer ones go to the law.
_LONGEST_CUTOFF = 10**6
# Per slot. A pair that loses more in a slot than e^-1000 has lost all.
_FASTEST_DECAY = 1000.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    r"""A chain of equal links as it is to be built: what :func:`chain` computes and :func:`simulate` runs.

    In every slot each link that has no pair tries to make one, with the chance

    .. math:: p = 1 - (1 - \epsilon\,\eta^{1/n})^m

    and a pair waits in the memories at both of its ends until it is used. What fails, a swap, a purification or a
    cut-off, starts all that it used anew. Outcomes of swaps and purifications are told while the next slot runs: their
    travel is not counted.

    Parameters
    ----------
    length_km, loss_db : float
        The whole line, by its length or by its loss in dB: one of the two.
    links : int
        n, at most 1000; there are n - 1 stations between the ends.
    loss_db_per_km : float
        Attenuation of the fibre, where the length is given.
    efficiency : float
        :math:`\epsilon`, of all that is not fibre: sources, coupling, detectors, the 1/2 of a Bell
        measurement of linear optics.
    multiplexing : int
        m, attempts of a link in the same slot, of which one that succeeds is kept. Bounds that count modes count all m.
    fidelity : float, or array_like of shape (4,)
        A link's pair when it is heralded: a Werner pair of this fidelity, 1/4 to 1, or its Bell-diagonal vector.
    swap : float
        Chance that a station's swap gives a result.
    gate, readout : float
        Quality of the devices in swaps and purifications, as in :func:`swap_bell` and :func:`purify_bell`.
    memory : Memory
        Of all ends. Its cut-off is at least a slot. A pair's wait is counted from the slot in which it was made, anew for
        every pair that a swap or a purification makes. What it loses until it is heralded belongs to `fidelity`.
    scheme : {"series", "nested"}
        Series: all links wait for the last, then all stations swap at once. Nested: halves of halves, each swapped as
        soon as both of its parts are there; n is a power of two.
    purification : int
        Rounds of purification, each of two equal pairs that were made side by side.
    purify : {"links", "nested"}
        Purify the pairs of links alone, or also after every swap of the nested scheme.
    method : {"dejmps", "bbpssw"}
        Of purification.
    memories : int, optional
        Memories at each end of a link. None: as many as the purification asks for.
    heralding : {"far end", "midpoint"}
        Where the photons are detected: a slot is :math:`2L_0/c` or :math:`L_0/c` long, :math:`L_0` the length of a link.
    slot_s : float, optional
        Seconds of a slot, instead. With `loss_db` the default is 1: times are in slots then.

    Examples
    --------
    >>> plan = Plan(length_km=200, links=4, fidelity=0.98)
    >>> round(plan.link_success, 12), plan.slot_seconds
    (0.1, 0.0005)
    """

    length_km: float | None = None
    loss_db: float | None = None
    links: int = 1
    loss_db_per_km: float = 0.2
    efficiency: float = 1.0
    multiplexing: int = 1
    fidelity: Any = 1.0
    swap: float = 1.0
    gate: float = 1.0
    readout: float = 1.0
    memory: Memory = field(default_factory=Memory)
    scheme: Scheme = "series"
    purification: int = 0
    purify: Place = "links"
    method: Method = "dejmps"
    memories: int | None = None
    heralding: Heralding = "far end"
    slot_s: float | None = None

    def __post_init__(self) -> None:
        if (self.length_km is None) == (self.loss_db is None):
            raise ValueError("give length_km or loss_db, one of the two: they say the same of the line")
        known = "length_km" if self.loss_db is None else "loss_db"
        as_real(getattr(self, known), known, least=0)
        as_real(self.loss_db_per_km, "loss_db_per_km", least=0)
        as_links(self.links, "links")
        as_count(self.multiplexing, "multiplexing")
        for name in ("efficiency", "swap", "gate", "readout"):
            as_probability(getattr(self, name), name)
        as_choice(self.scheme, ("series", "nested"), "scheme")
        as_choice(self.purify, ("links", "nested"), "purify")
        as_choice(self.method, METHODS, "method")
        as_choice(self.heralding, ("far end", "midpoint"), "heralding")
        if not isinstance(self.memory, Memory):
            raise TypeError(f"memory must be a Memory, as Memory(t2_s=0.1), not {self.memory!r}")
        if np.ndim(self.fidelity):
            object.__setattr__(self, "fidelity", tuple(as_one_pair(self.fidelity, "fidelity").tolist()))
        as_real(self.slot_seconds, "slot_s", above=0)
        self._refuse_what_cannot_be()

    @cached_property
    def slot_seconds(self) -> float:
        """Seconds of a slot; 1 where times are in slots."""
        if self.slot_s is not None:
            return self.slot_s
        if self.length_km is None:
            return 1.0
        if self.length_km == 0:
            raise ValueError("length_km is 0, so that a slot would take no time: give slot_s")
        ways = 2 if self.heralding == "far end" else 1
        return ways * self.length_km / self.links / FIBRE_SPEED

    def _refuse_what_cannot_be(self) -> None:
        nested = self.scheme == "nested"
        if nested and self.links & (self.links - 1):
            raise ValueError(
                f"links must be a power of two for the nested scheme, not {self.links}: or take scheme='series'"
            )
        rounds = as_count(self.purification, "purification", 0)
        if rounds and self.purify == "nested" and not nested:
            raise ValueError(
                "purify='nested' wants scheme='nested': in series there is nothing between links and the end"
            )
        needed = 2 ** (rounds * (1 + (self.levels if self.purify == "nested" else 0)))
        if needed * self.links > MOST_PAIRS:
            raise ValueError(
                f"purification must be of fewer rounds than {rounds}: it makes one pair of {needed * self.links:.3g}, and more "
                f"than {MOST_PAIRS:.3g} are out of reach. Each round doubles them, with purify='nested' on every level"
            )
        if self.memories is not None and as_count(self.memories, "memories") < needed:
            raise ValueError(
                f"memories must be at least {needed} at each end of a link for this purification, not {self.memories}: a round "
                "holds two pairs at once, and each of them two of the round before. Take fewer rounds"
            )
        if self.swap == 0 and self.links > 1:
            raise ValueError("swap must be above 0, not 0: a chain whose swaps all fail delivers nothing")
        if not self.link_success > 0:
            raise ValueError(
                "the success probability of a link is 0: its photons never arrive. Give it an efficiency above 0, or more "
                "and shorter links"
            )
        if self.cutoff_slots is not None and self.cutoff_slots < 1:
            raise ValueError(
                f"memory.cutoff_s must be at least a slot of {self.slot_seconds:g} s, not {self.memory.cutoff_s:g} s: a memory "
                "that forgets sooner has forgotten before the heralding signal is back. Take shorter links or a longer cut-off"
            )
        least = 0.5 if rounds else 0.25
        if self.pair[0] < least:
            why = (
                "purification works above 1/2 only"
                if rounds
                else "below 1/4 another Bell state is nearer: turn one half"
            )
            raise ValueError(f"fidelity must be at least {least:g}, not {self.pair[0]:g}: {why}")

    @property
    def levels(self) -> int:
        """Doublings of the nested scheme."""
        return self.links.bit_length() - 1 if self.scheme == "nested" else 0

    @cached_property
    def pair(self) -> Array:
        """A link's pair when it is heralded, shape (4,), in the order phi+, psi-, psi+, phi-."""
        if np.ndim(self.fidelity):
            return as_one_pair(self.fidelity, "fidelity")
        return werner_vector(as_probabilities(self.fidelity, "fidelity", "a fidelity"))

    @property
    def total_loss_db(self) -> float:
        """Loss of the whole line in dB."""
        return float(self.loss_db if self.length_km is None else self.length_km * self.loss_db_per_km)  # type: ignore[arg-type]

    @cached_property
    def link_success(self) -> float:
        """Chance that a link makes a pair in a slot."""
        arrives = self.efficiency * float(db_to_transmittance(self.total_loss_db / self.links))
        return float(some_success(self.multiplexing, np.asarray(arrives)))

    @property
    def cutoff_slots(self) -> int | None:
        """The memory's cut-off in whole slots, or None without one."""
        if self.memory.cutoff_s is None:
            return None
        return int(self.memory.cutoff_s / self.slot_seconds * (1 + 1e-12))

    @cached_property
    def decay_rates(self) -> Array:
        """How fast 1, -YY, XX, ZZ of a stored pair die, per slot, shape (4,)."""
        return np.minimum(self.memory.decay_rates() * self.slot_seconds, _FASTEST_DECAY)

    @cached_property
    def merges(self) -> tuple[Merge, ...]:
        """What happens to pairs from the links upwards: each takes equal copies of what the one before makes."""
        devices = {"gate": self.gate, "readout": self.readout}
        turn = turned(self.method)
        purified = bilinear(lambda a, b: agreeing(turn(a), turn(b), **devices), CHARACTERS)
        rounds = [purified] * self.purification

        def swapped(copies: int) -> Merge:
            return chained(lambda a, b: self.swap * swap_bell(a, b, **devices), CHARACTERS, copies)

        if self.scheme == "series":
            return (*rounds, *([swapped(self.links)] if self.links > 1 else []))
        above = rounds if self.purify == "nested" else []
        return tuple(rounds + [merge for _ in range(self.levels) for merge in [swapped(2), *above]])


@dataclass(frozen=True, eq=False)
class Chain:
    """Result of :func:`chain`: what a chain delivers on average.

    Parameters
    ----------
    plan : Plan
        The chain.
    mean_slots : float
        Mean number of slots for a pair from end to end.
    pair : ndarray of float64, shape (4,)
        The mean state of these pairs at the moment of the last swap, in the order phi+, psi-, psi+, phi-.
    uncertainty : float
        0 where the law was summed over single slots. Where it was too long for that and extrapolated to them: how far the
        last order of the extrapolation moved the mean (relatively) or a correlation, or, if larger, the chance that pairs
        meet before memories forget that do so within a coarse slot. An estimate, no bound.
    """

    plan: Plan
    mean_slots: float
    pair: NDArray[np.float64]
    uncertainty: float = 0.0

    @property
    def rate(self) -> float:
        """Pairs a second (a slot, where times are in slots)."""
        return 1 / (self.mean_slots * self.plan.slot_seconds)

    @property
    def fidelity(self) -> float:
        """Mean fidelity of the pairs with phi+."""
        return float(self.pair[0])

    @property
    def qber(self) -> tuple[float, float]:
        """Error rates of the pairs measured in Z and in X."""
        z, x = error_rates(self.pair)
        return float(z), float(x)

    @property
    def key_fraction(self) -> float:
        """Secret bits a pair: 1 - h(e_Z) - h(e_X), for keys without end, from one basis nearly always.

        Of the mean state: sorted by how long they waited, the same pairs would give no less.
        """
        return float(asymptotic_rate(*self.qber))

    @property
    def key_rate(self) -> float:
        """Secret bits a second (a slot, where times are in slots)."""
        return self.rate * self.key_fraction

    def __repr__(self) -> str:
        return (
            f"Chain(links={self.plan.links}, rate={self.rate:.6g}, fidelity={self.fidelity:.6f}, "
            f"key_rate={self.key_rate:.6g})"
        )


def chain(length_km: float | None = None, **settings: Any) -> Chain:
    r"""Return rate, fidelity and secret key of a chain of repeaters, by the exact law of its waiting times.

    .. math:: \text{rate} = \frac{1}{E[T]\,t_\text{slot}}, \qquad
              r_\text{key} = \text{rate} \cdot \max\bigl(0,\, 1 - h(e_Z) - h(e_X)\bigr)

    In series without purification these are closed forms for every p. Elsewhere the law of each level is computed from
    that of the level below, with the states that pairs of every age are in, by Fourier transforms; laws of more than about
    260,000 slots are extrapolated from coarser slots. What is idealised is in :class:`Plan`; the decay of memories with a
    finite T1 is twirled (:func:`store_bell`).

    Parameters
    ----------
    length_km : float, optional
        The whole line; or give `loss_db`.
    **settings
        The parameters of :class:`Plan`: ``links``, ``fidelity``, ``memory`` and so on.

    Returns
    -------
    Chain
        ``rate``, ``fidelity``, ``qber``, ``key_rate``; per second, or per slot where only `loss_db` is given.

    Examples
    --------
    >>> chain(200, links=4, fidelity=0.98, heralding="midpoint")
    Chain(links=4, rate=197.303, fidelity=0.923143, key_rate=82.2235)
    >>> chain(loss_db=20, links=2, memory=Memory(t2_s=200))
    Chain(links=2, rate=0.0678571, fidelity=0.956741, key_rate=0.0504153)
    >>> chain(400, links=4, scheme="nested", fidelity=0.95, swap=0.5, purification=1, memory=Memory(t2_s=5.0))
    Chain(links=4, rate=0.773838, fidelity=0.789654, key_rate=0.156346)

    References
    ----------
    Briegel, Duer, Cirac and Zoller, Phys. Rev. Lett. 81, 5932 (1998), arXiv:quant-ph/9803056 (the nested scheme); Brand,
    Coopmans and Elkouss, IEEE J. Sel. Areas Commun. 38, 619 (2020), arXiv:1912.07688 (its law); Li, Coopmans and Elkouss,
    IEEE Trans. Quantum Eng. 2, 4103015 (2021), arXiv:2005.04946 (with cut-offs); Shor and Preskill, Phys. Rev. Lett. 85,
    441 (2000), arXiv:quant-ph/0003004 (the key).
    """
    return chain_of(Plan(length_km=length_km, **settings))


def chain_of(plan: Plan) -> Chain:
    """Return what a plan delivers: :func:`chain` for a :class:`Plan` that is there already.

    Parameters
    ----------
    plan : Plan
        The chain.

    Returns
    -------
    Chain

    Examples
    --------
    >>> chain_of(Plan(length_km=200, links=4, fidelity=0.98))
    Chain(links=4, rate=98.6515, fidelity=0.923143, key_rate=41.1118)

    References
    ----------
    Those of :func:`chain`.
    """
    if not isinstance(plan, Plan):
        raise TypeError(f"plan must be a Plan, as Plan(length_km=200, links=4), not {type(plan).__name__}")
    merges, p, cutoff = plan.merges, plan.link_success, plan.cutoff_slots
    start = plan.pair @ CHARACTERS
    start[0] = 1.0
    if cutoff is not None and len(merges) == 1 and cutoff * -np.log1p(-min(p, 1 - 1e-16)) > 100:
        cutoff = None  # all copies are links: the others come sooner, but for a chance of e^-100
    alone = len(merges) == 1 and plan.scheme == "series" and not plan.purification
    if alone and (cutoff is None or cutoff <= _LONGEST_CUTOFF):
        found = in_series(p, start, plan.decay_rates, cutoff, merges[0])
    else:
        found = delivered(p, start, plan.decay_rates, cutoff, merges)
    pair = (found.characters @ CHARACTERS / 4).clip(0, 1)
    return Chain(plan, found.mean, pair / pair.sum(), found.uncertainty)


def repeater_bound(transmittance: ArrayLike, stations: ArrayLike) -> NDArray[np.float64]:
    r"""Return the secret-key capacity of a lossy line with equally spaced repeater stations.

    .. math:: K_N = -\log_2\bigl(1 - \eta^{1/(N+1)}\bigr)

    Secret bits per mode and use of the line, the most that any protocol reaches with N stations in between: the bound of
    one link, :func:`~qlearn.communication.photons.plob`. The ends and all stations may talk to each other.

    The key rate of a :func:`chain` is per second, or per slot where times are in slots. Before it is held against this
    bound it is multiplied by ``plan.slot_seconds`` and divided by the modes that a link sends in a slot: one an attempt,
    two where the qubit is the polarisation or the time of a photon; as many attempts as ``multiplexing``, and these for
    each of the pairs that purification makes side by side.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        :math:`\eta` of the whole line.
    stations : array_like of int, shape (...)
        N, 0 or more; 0 is the line without a repeater.

    Returns
    -------
    ndarray of float64, shape (...)
        Bit per mode.

    Examples
    --------
    >>> repeater_bound(0.01, [0, 1, 3, 7]).round(6)
    array([0.0145  , 0.152003, 0.548412, 1.192121])
    >>> f"{repeater_bound(1e-10, 0):.6g}"  # 500 km at 0.2 dB/km
    '1.4427e-10'

    References
    ----------
    Pirandola, "End-to-end capacities of a quantum communication network", Commun. Phys. 2, 51 (2019), arXiv:1601.00966.
    """
    eta = as_probabilities(transmittance, "transmittance", "transmittances")
    count = np.asarray(stations)
    parts = as_trials(count + 1, "stations + 1").astype(np.float64)
    eta, parts = broadcast(transmittance=eta, stations=parts)
    return plob(eta ** (1 / parts))


def best_links(length_km: float | None = None, *, most: int = 32, **settings: Any) -> Chain:
    r"""Return the chain with the most secret key among those of 1, 2, ..., `most` links.

    More links are shorter and succeed more often, but each adds its errors: the key has a maximum. All numbers of links are
    tried (for the nested scheme 1, 2, 4, ...), so that it is the largest of these, and of no others.

    Parameters
    ----------
    length_km : float, optional
        The whole line; or give `loss_db`.
    most : int
        The largest number of links that is tried.
    **settings
        The parameters of :class:`Plan`, without ``links``. Chains that it refuses for some number of links, because the
        cut-off is shorter than their slot or no photon arrives, are left out. So are those whose law is too long to be
        computed, if a secret bit for every time that all of their links take, or two within the cut-off, would be less
        than what was found.

    Returns
    -------
    Chain
        Of several with the same key rate the one with the fewest links. Its ``key_rate`` is 0 if none of them gives a key.

    Examples
    --------
    >>> best_links(200, most=16, fidelity=0.99)
    Chain(links=11, rate=944.305, fidelity=0.897048, key_rate=262.878)

    References
    ----------
    Muralidharan et al., Sci. Rep. 6, 20463 (2016), arXiv:1509.08435.
    """
    if "links" in settings:
        raise TypeError("links is what best_links looks for: leave it out, or use chain")
    counts = range(1, as_count(most, "most") + 1)
    if settings.get("scheme") == "nested":
        counts = [n for n in counts if not n & (n - 1)]  # type: ignore[assignment]
    plan = partial(Plan, length_km=length_km, **settings)
    tried, refusal = [], None
    for links in counts:
        try:
            tried.append(plan(links=links))
        except ValueError as error:
            refusal = error
    if not tried:
        raise ValueError(f"no number of links from 1 to {most} is possible: {refusal}")
    chains, too_long = [], {}
    for one in tried:
        try:
            chains.append(chain_of(one))
        except ValueError as error:
            too_long[_most_key(one)] = error
    best = max(chains, key=lambda found: found.key_rate, default=None)
    if too_long and (best is None or max(too_long) > best.key_rate):
        raise too_long[max(too_long)]
    return best  # type: ignore[return-value]


def _most_key(plan: Plan) -> float:
    """Return a key rate that a plan does not exceed: a bit for the time that all links, or two within a cut-off, take once."""
    slots = float(waiting_time_mean(plan.links, plan.link_success))
    if plan.cutoff_slots is not None and plan.merges:
        slots = max(slots, float(cutoff_waiting_time(plan.link_success, min(plan.cutoff_slots, 10**15))))
    return 1 / (slots * plan.slot_seconds)
