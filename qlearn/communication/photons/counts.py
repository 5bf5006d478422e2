"""Counts: what is left of a long session, by intensity and basis; they add up."""

from dataclasses import dataclass, field, fields
from functools import partial

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real
from qlearn.communication.photons.detection import error_gain, gain, photon_yield
from qlearn.communication.photons.link import Link
from qlearn.communication.photons.source import Source, photon_probabilities
from qlearn.communication.photons.transmission import LaserTransmission

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Counts:
    """Numbers of pulses by intensity (0 signal, 1 weak, 2 vacuum) and basis (0 = Z, 1 = X).

    Parameters
    ----------
    sent, clicked : ndarray, shape (3,)
        Pulses that Alice sent; pulses in which Bob saw anything, in whichever bases.
    sifted, errors : ndarray, shape (3, 2)
        Clicks in equal bases, and those of them where the bits differ.
    photons : ndarray, shape (3, 2, 3)
        The sifted clicks by what the pulse held: 0, 1, or more photons. Only a simulation has these.
    known : ndarray, shape (3, 2)
        The sifted clicks of which Eve knows the bit. Only a simulation has these.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, stream
    >>> line = {"link": LINKS["gys"], "transmittance": 0.1}
    >>> total = sum(map(Counts.of, stream(300_000, rng=1, **line)), Counts())
    >>> int(total.sent.sum()), total.gains.round(4)[:2]
    (300000, array([0.0022, 0.0005]))

    Taught in :doc:`/communication/photons`.
    """

    sent: Array = field(default_factory=partial(np.zeros, 3))
    clicked: Array = field(default_factory=partial(np.zeros, 3))
    sifted: Array = field(default_factory=partial(np.zeros, (3, 2)))
    errors: Array = field(default_factory=partial(np.zeros, (3, 2)))
    photons: Array = field(default_factory=partial(np.zeros, (3, 2, 3)))
    known: Array = field(default_factory=partial(np.zeros, (3, 2)))

    @classmethod
    def of(cls, laser: LaserTransmission) -> "Counts":
        """Count one transmission."""
        if not isinstance(laser, LaserTransmission):
            raise TypeError(f"laser must be a LaserTransmission, not {type(laser).__name__}")
        sent, kept = laser.transmission, np.flatnonzero(laser.transmission.kept)
        cell = 2 * laser.intensities[kept].astype(np.intp) + sent.alice_bases[kept]
        held = np.minimum(laser.photons[kept], 2)

        def count(where: NDArray[np.intp], cells: int) -> Array:
            return np.bincount(where, minlength=cells).astype(float)

        return cls(
            sent=count(laser.intensities.astype(np.intp), 3),
            clicked=count(laser.intensities[sent.detected].astype(np.intp), 3),
            sifted=count(cell, 6).reshape(3, 2),
            errors=count(cell[sent.alice_bits[kept] != sent.bob_bits[kept]], 6).reshape(3, 2),
            photons=count(3 * cell + held, 18).reshape(3, 2, 3),
            known=count(cell[np.asarray(sent.eve)[kept]], 6).reshape(3, 2),
        )

    def __add__(self, other: "Counts") -> "Counts":
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    @property
    def gains(self) -> Array:
        """Clicks per pulse of each intensity; nan where none was sent."""
        return _ratio(self.clicked, self.sent)

    @property
    def qbers(self) -> Array:
        """Error rate of the sifted bits of each intensity; nan where there are none."""
        return _ratio(self.errors.sum(axis=1), self.sifted.sum(axis=1))

    @property
    def single_share(self) -> float:
        """Share of the sifted signal bits whose pulse held one photon: the truth that decoys estimate."""
        return float(_ratio(self.photons[0, :, 1].sum(), self.sifted[0].sum()))

    @property
    def known_share(self) -> float:
        """Share of the sifted signal bits that Eve knows."""
        return float(_ratio(self.known[0].sum(), self.sifted[0].sum()))


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

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> expected_counts(1e6, link=LINKS["gys"], transmittance=0.1).sifted.round(1)
    array([[449.8, 449.8],
           [ 11.3,  11.3],
           [  0. ,   0. ]])

    Taught in :doc:`/communication/photons`.
    """
    source = source or Source()
    sent = as_real(n_pulses, "n_pulses", least=0) * np.array(source.probabilities)
    bases = np.array([(1 - source.p_x) ** 2, source.p_x**2])
    mu = np.array(source.intensities)
    clicks, wrong = (rule(mu, transmittance, link=link) for rule in (gain, error_gain))
    few = (1 + link.afterpulse) * photon_yield([0, 1], transmittance, link=link) * photon_probabilities(mu, 1)
    held = np.column_stack([few, clicks - few.sum(axis=1)])
    each = sent[:, None] * bases
    return Counts(
        sent=sent,
        clicked=sent * clicks,
        sifted=each * clicks[:, None],
        errors=each * wrong[:, None],
        photons=each[:, :, None] * held[:, None, :],
    )


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)
