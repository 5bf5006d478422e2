"""The transmission: laser pulses, photon by photon, into detectors that click or do not, and the counts that are left."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_real, as_reals, as_rng
from qlearn._types import Array, Bits
from qlearn.communication import bb84
from qlearn.communication.photons.link import Link, as_link, error_gain, gain, photon_yield, ratio
from qlearn.communication.photons.photon_number_splitting import PhotonAttack
from qlearn.communication.photons.source import Intensity, Source, photon_probabilities
from qlearn.communication.randomness import random_bits


@dataclass(frozen=True, eq=False)
class LaserTransmission:
    """What the pulses of a laser leave: all of a BB84 transmission, and how bright each pulse was.

    Parameters
    ----------
    transmission : bb84.Transmission
        Bits, bases and clicks; its `eve` is the mask of the pulses of which Eve will know the bit. Where both
        detectors clicked Bob has thrown a coin.
    intensities : ndarray of uint8, shape (n,)
        0 = signal, 1 = weak decoy, 2 = vacuum, if there is one; the protocol has Alice tell after the last pulse.
    photons : ndarray of int, shape (n,)
        How many each pulse held. The simulation knows; Alice and Bob do not.
    double : ndarray of bool, shape (n,)
        Where both detectors clicked.
    source : Source
        What Alice set: how bright, how often, and in which basis.
    """

    transmission: bb84.Transmission
    intensities: Bits
    photons: NDArray[np.int64] = field(repr=False)
    double: NDArray[np.bool_] = field(repr=False)
    source: Source

    def __repr__(self) -> str:
        clicks = np.count_nonzero(self.transmission.detected)
        return f"LaserTransmission({self.photons.size} pulses, {clicks} clicks, {self.source})"

    def sift(self, intensity: Intensity | int | None = None) -> bb84.SiftedKeys:
        """Return the sifted keys of one intensity, or of all of them."""
        if intensity is None:
            return bb84.sift(self.transmission)
        known = list(Intensity)[: len(self.source.intensities)]
        if intensity not in known:
            raise ValueError(f"intensity must be {', '.join(map(str, known))} or None, not {intensity!r}")
        kept = np.flatnonzero(self.transmission.kept & (self.intensities == intensity))
        sent = self.transmission
        return bb84.SiftedKeys(
            sent.alice_bits.take(kept), sent.bob_bits.take(kept), sent.alice_bases.take(kept), sent.origin
        )


def exchange(
    n_pulses: int,
    *,
    link: Link,
    transmittance: float,
    source: Source | None = None,
    attack: PhotonAttack | None = None,
    rng: Any = None,
) -> LaserTransmission:
    r"""Send laser pulses to Bob, photon by photon.

    Each pulse has an intensity, a bit and a basis at random, and a Poissonian number of photons. Each photon
    survives the line with probability `transmittance` (or what `attack` does to it), is detected with
    :math:`\eta_\text{Bob}`, and ends in the wrong detector with :math:`e_\text{det}`, or 1/2 if Bob reads in the
    other basis. Either detector also clicks by itself, together with probability :math:`Y_0`. Where both
    click, Bob takes a coin: dropping those pulses would let Eve choose what he drops.

    Parameters
    ----------
    n_pulses : int
        At least 1; beyond some 10**7 use :func:`stream`.
    link : Link
        Receiver and its background. `afterpulse` must be 0, these detectors remember nothing, and
        `background_error` 1/2, what clicks by itself knows no bit.
    transmittance : float
        Of the channel, for example ``link.transmittance(50)``.
    source : Source, optional
        Intensities, their shares and `p_x`. None: ``Source()``.
    attack : PhotonAttack, optional
        For example :class:`PhotonNumberSplitting`; it has the line to itself. None: nobody.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    LaserTransmission

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> sent = exchange(1_000_000, link=LINKS["gys"], transmittance=0.1, rng=1)
    >>> round(sent.sift(0).qber, 2)
    0.03

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, section 2. Double clicks: Luetkenhaus, Phys. Rev. A 59,
    3301 (1999), arXiv:quant-ph/9806008.
    """
    n, rng = as_count(n_pulses, "n_pulses"), as_rng(rng)
    source, channel = checked_laser(link, transmittance, source, attack)

    bits, bases, intensities = (
        random_bits(n, rng=rng),
        random_bits(n, source.p_x, rng),
        _intensities(n, source, rng),
    )
    photons = rng.poisson(np.array(source.intensities)[intensities])
    known = np.zeros(n, dtype=bool)
    if attack is None:
        detected_share, arriving = channel * link.receiver_efficiency, photons
    else:
        detected_share = link.receiver_efficiency
        arriving, known = attack.tap(photons.copy(), rng)
        if np.shape(arriving) != photons.shape or np.shape(known) != photons.shape:
            raise ValueError(
                f"attack must answer with one number of photons and one mark for each of {n} pulses"
            )

    bob_bases = random_bits(n, source.p_x, rng)
    right, wrong, where = _clicks(arriving, detected_share, bases != bob_bases, link, rng)
    double = np.zeros(n, dtype=bool)
    double[where] = right & wrong
    clicked = np.zeros(n, dtype=bool)
    clicked[where] = True
    flipped = np.where(right & wrong, random_bits(max(where.size, 1), rng=rng)[: where.size], wrong)
    bob_bits = np.zeros(n, dtype=np.uint8)
    bob_bits[where] = bits[where] ^ flipped.astype(np.uint8)
    origin = bb84.Origin("laser pulses")
    sent = bb84.Transmission(bits, bases, bob_bits, bob_bases, clicked, known, origin)
    return LaserTransmission(sent, intensities, photons, double, source)


def stream(
    n_pulses: int,
    *,
    link: Link,
    transmittance: float,
    source: Source | None = None,
    attack: PhotonAttack | None = None,
    chunk: int = 2**18,
    rng: Any = None,
) -> Iterator[LaserTransmission]:
    """Send laser pulses in chunks, one :class:`LaserTransmission` after the other.

    Parameters
    ----------
    n_pulses : int
        How many in all.
    link, transmittance, source, attack
        As for :func:`exchange`.
    chunk : int
        Pulses a transmission; memory grows with it, some 60 bytes a pulse.
    rng : None, int or numpy.random.Generator
        Everybody's coins. The same seed gives the same pulses only for the same `chunk`.

    Yields
    ------
    LaserTransmission

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> line = {"link": LINKS["gys"], "transmittance": 0.1}
    >>> [len(sent.photons) for sent in stream(2_500, chunk=1_000, **line)]
    [1000, 1000, 500]
    """
    n, chunk, rng = as_count(n_pulses, "n_pulses"), as_count(chunk, "chunk"), as_rng(rng)
    source, transmittance = checked_laser(link, transmittance, source, attack)
    send = partial(exchange, link=link, transmittance=transmittance, source=source, attack=attack, rng=rng)
    return (send(min(chunk, n - start)) for start in range(0, n, chunk))


def _intensities(n: int, source: Source, rng: np.random.Generator) -> Bits:
    signal, weak = source.probabilities[:2]
    other = random_bits(n, 1 - signal, rng)
    if len(source.probabilities) == 2:
        return other
    vacuum = random_bits(n, 1 - min(weak / (1 - signal), 1.0), rng)
    return other + (other & vacuum)


def _clicks(
    arriving: NDArray[np.int64],
    detected_share: float,
    other_basis: NDArray[np.bool_],
    link: Link,
    rng: np.random.Generator,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Return whether the right and the wrong detector fired, and the pulses in which one of them did."""
    n = arriving.size
    some = np.flatnonzero(arriving)
    seen = rng.binomial(arriving[some], detected_share)
    lit, seen = some[seen > 0], seen[seen > 0]
    in_wrong = rng.binomial(seen, np.where(other_basis[lit], 0.5, link.misalignment))
    right, wrong = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    right[lit], wrong[lit] = in_wrong < seen, in_wrong > 0
    by_itself = 1 - np.sqrt(1 - link.background)  # of each detector, so that together they make Y_0
    if by_itself > 0:
        right |= random_bits(n, by_itself, rng).view(bool)
        wrong |= random_bits(n, by_itself, rng).view(bool)
    where = np.flatnonzero(right | wrong)
    return right[where], wrong[where], where


def checked_laser(
    link: Link, transmittance: Any, source: Source | None, attack: PhotonAttack | None
) -> tuple[Source, float]:
    """Return source and transmittance, checked."""
    if as_link(link).afterpulse:
        raise ValueError(
            f"link must have afterpulse=0 to be simulated pulse by pulse, not {link.afterpulse}: "
            "dataclasses.replace(link, afterpulse=0.0) is the same link without them"
        )
    if source is not None and not isinstance(source, Source):
        raise TypeError(f"source must be a Source or None, not {source!r}")
    if attack is not None and (isinstance(attack, type) or not isinstance(attack, PhotonAttack)):
        raise TypeError(
            f"attack must have a tap(photons, rng) method, as PhotonNumberSplitting(), not {attack!r}"
        )
    if link.background_error != 0.5:
        raise ValueError(
            f"link must have background_error=0.5 to be simulated pulse by pulse, not {link.background_error}: "
            "a background click of either detector is as likely, and knows nothing of the bit"
        )
    # The transmittance of one length is an array without axes.
    one = (
        transmittance.item()
        if isinstance(transmittance, np.ndarray) and not transmittance.ndim
        else transmittance
    )
    return source or Source(), as_probability(one, "transmittance")


_NOTHING: Any = 0.0
_SHAPES = {"sent": (), "clicked": (), "sifted": (2,), "errors": (2,), "photons": (2, 3), "known": (2,)}
_WITHIN = (
    ("errors", "sifted"), ("known", "sifted"), ("photons", "sifted"), ("sifted", "clicked"), ("clicked", "sent"),
)  # fmt: skip
_NEEDS = (
    ("errors", "sifted", "sifted clicks"), ("known", "sifted", "sifted clicks"), ("photons", "sifted", "sifted clicks"),
    ("clicked", "sent", "pulses sent"),
)  # fmt: skip
# Expected counts are products and sums of float64.
_ROUNDING = 1e-9


def _where(at: tuple[Any, ...]) -> str:
    basis = "" if len(at) < 2 else f", basis {'ZX'[int(at[1])]}"
    return f"intensity {int(at[0])}{basis}"


@dataclass(frozen=True, eq=False)
class Counts:
    """Numbers of pulses by intensity (0 signal, 1 weak, 2 vacuum, if there is one) and basis (0 = Z, 1 = X).

    What is not given is 0 and stands for "not counted". A session has k = 2 or 3 intensities. Expected counts
    are no whole numbers, so these need not be; but no part may exceed its whole.

    Parameters
    ----------
    sent, clicked : ndarray, shape (k,)
        Pulses that Alice sent; pulses in which Bob saw anything, in whichever bases.
    sifted, errors : ndarray, shape (k, 2)
        Clicks in equal bases, and those of them where the bits differ.
    photons : ndarray, shape (k, 2, 3)
        The sifted clicks by what the pulse held: 0, 1, or more photons. Only a simulation has these.
    known : ndarray, shape (k, 2)
        The sifted clicks of which Eve knows the bit. Only a simulation has these.

    Raises
    ------
    ValueError, TypeError
        If a count is negative, NaN or infinite, if the shapes do not belong together, or if there are more errors
        than sifted clicks, more sifted than clicked, more clicked than sent; if errors, photons or what Eve knows are
        given without sifted clicks, or clicks without pulses.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, stream
    >>> line = {"link": LINKS["gys"], "transmittance": 0.1}
    >>> total = sum(map(Counts.from_transmission, stream(300_000, rng=1, **line)), Counts())
    >>> int(total.sent.sum()), total.gains.round(4)[:2]
    (300000, array([0.0022, 0.0005]))
    """

    sent: Array = field(default=_NOTHING)
    clicked: Array = field(default=_NOTHING)
    sifted: Array = field(default=_NOTHING)
    errors: Array = field(default=_NOTHING)
    photons: Array = field(default=_NOTHING)
    known: Array = field(default=_NOTHING)

    def __post_init__(self) -> None:
        given = [as_reals(getattr(self, part.name), part.name, least=0) for part in fields(self)]
        k = next((len(array) for array in given if array.ndim), 3)
        if k not in (2, 3):
            raise ValueError(f"counts must be of 2 or 3 intensities, their first axis, not of {k}")
        for (name, shape), array in zip(_SHAPES.items(), given, strict=True):
            wanted = (k, *shape)
            if array.ndim == 0 and array == 0:
                array = np.zeros(wanted)
            if array.shape != wanted:
                raise ValueError(
                    f"{name} must have shape {wanted} for {k} intensities, not {array.shape}: one row an intensity"
                )
            object.__setattr__(self, name, array)
        for part, whole in _WITHIN:
            small, large = getattr(self, part), getattr(self, whole)
            small = small.sum(axis=tuple(range(large.ndim, small.ndim)))
            if large.any() and (small > large * (1 + _ROUNDING)).any():
                at = np.unravel_index(int(np.argmax(small - large)), large.shape)
                raise ValueError(
                    f"{part} must not exceed {whole}, of which it is a part: "
                    f"{small[at]:g} of {large[at]:g} at {_where(at)}"
                )
        for name, whole, what in _NEEDS:
            if getattr(self, name).any() and not getattr(self, whole).any():
                raise ValueError(f"{name} must be among {what}, and none are given")

    @classmethod
    def from_transmission(cls, laser: LaserTransmission) -> "Counts":
        """Count one transmission."""
        if not isinstance(laser, LaserTransmission):
            raise TypeError(f"laser must be a LaserTransmission, not {type(laser).__name__}")
        sent, kept = laser.transmission, np.flatnonzero(laser.transmission.kept)
        k = len(laser.source.intensities)
        cell = 2 * laser.intensities[kept].astype(np.intp) + sent.alice_bases[kept]
        held = np.minimum(laser.photons[kept], 2)

        def count(where: NDArray[np.intp], cells: int) -> Array:
            return np.bincount(where, minlength=cells).astype(float)

        return cls(
            sent=count(laser.intensities.astype(np.intp), k),
            clicked=count(laser.intensities[sent.detected].astype(np.intp), k),
            sifted=count(cell, 2 * k).reshape(k, 2),
            errors=count(cell[sent.alice_bits[kept] != sent.bob_bits[kept]], 2 * k).reshape(k, 2),
            photons=count(3 * cell + held, 6 * k).reshape(k, 2, 3),
            known=count(cell[np.asarray(sent.eve)[kept]], 2 * k).reshape(k, 2),
        )

    def __add__(self, other: "Counts") -> "Counts":
        if not isinstance(other, Counts):
            return NotImplemented
        if len(self.sent) != len(other.sent):
            if self.empty or other.empty:  # the zero that a sum begins with
                return other if self.empty else self
            raise ValueError(
                f"counts of {len(self.sent)} and of {len(other.sent)} intensities do not add up: "
                "they are sessions of different sources"
            )
        return Counts(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    @property
    def empty(self) -> bool:
        """Whether nothing has been counted."""
        return not any(getattr(self, part.name).any() for part in fields(self))

    @property
    def gains(self) -> Array:
        """Clicks per pulse of each intensity; nan where none was sent."""
        return ratio(self.clicked, self.sent, empty=np.nan)

    @property
    def qbers(self) -> Array:
        """Error rate of the sifted bits of each intensity; nan where there are none."""
        return ratio(self.errors.sum(axis=1), self.sifted.sum(axis=1), empty=np.nan)

    @property
    def single_fraction(self) -> float:
        """Share of the sifted signal bits whose pulse held one photon: the truth that decoys estimate."""
        return float(
            ratio(
                self.photons[Intensity.SIGNAL, :, 1].sum(), self.sifted[Intensity.SIGNAL].sum(), empty=np.nan
            )
        )

    @property
    def known_fraction(self) -> float:
        """Share of the sifted signal bits that Eve knows."""
        return float(
            ratio(self.known[Intensity.SIGNAL].sum(), self.sifted[Intensity.SIGNAL].sum(), empty=np.nan)
        )


def expected_counts(
    n_pulses: float, *, link: Link, transmittance: float, source: Source | None = None
) -> Counts:
    r"""Return the counts to expect of an honest line: :func:`gain` and :func:`error_gain`, times the pulses.

    .. math:: n_{k,b} = N\,p_k\,p_b^2\,Q_{\mu_k}, \qquad m_{k,b} = N\,p_k\,p_b^2\,E_{\mu_k} Q_{\mu_k}

    Parameters
    ----------
    n_pulses : float
        :math:`N`, at least 0; not rounded, and the counts are not either.
    link : Link
        Receiver and background, afterpulses included.
    transmittance : float
        Of the channel.
    source : Source, optional
        Intensities, shares, `p_x`. None: ``Source()``.

    Returns
    -------
    Counts

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> expected_counts(1e6, link=LINKS["gys"], transmittance=0.1).sifted.round(1)
    array([[449.8, 449.8],
           [ 11.3,  11.3],
           [  0. ,   0. ]])
    """
    source = source or Source()
    sent = as_real(n_pulses, "n_pulses", least=0) * np.array(source.probabilities)
    bases = np.array([(1 - source.p_x) ** 2, source.p_x**2])
    mu = np.array(source.intensities)
    clicks, wrong = (rule(mu, transmittance, link=link) for rule in (gain, error_gain))
    few = (1 + link.afterpulse) * photon_yield([0, 1], transmittance, link=link) * photon_probabilities(mu, 1)
    # What is left for two photons and more may be below the rounding of its parts.
    held = np.column_stack([few, np.maximum(clicks - few.sum(axis=1), 0.0)])
    each = sent[:, None] * bases
    return Counts(
        sent=sent,
        clicked=sent * clicks,
        sifted=each * clicks[:, None],
        errors=each * wrong[:, None],
        photons=each[:, :, None] * held[:, None, :],
    )
