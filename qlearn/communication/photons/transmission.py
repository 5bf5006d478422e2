"""The transmission: laser pulses, photon by photon, into detectors that click or do not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_rng
from qlearn._types import Bits
from qlearn.communication import bb84
from qlearn.communication.photons.link import Link, as_link
from qlearn.communication.photons.photon_number_splitting import PhotonAttack
from qlearn.communication.photons.source import Intensity, Source
from qlearn.communication.randomness import random_bits


@dataclass(frozen=True, eq=False)
class LaserTransmission:
    """A BB84 transmission by laser pulses, and the intensity and photon number of each pulse.

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
