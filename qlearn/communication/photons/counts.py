"""Counts: what is left of a long session, by intensity and basis; they add up."""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real, as_reals
from qlearn._types import Array
from qlearn.communication.photons.link import Link, error_gain, gain, photon_yield, ratio
from qlearn.communication.photons.source import Intensity, Source, photon_probabilities
from qlearn.communication.photons.transmission import LaserTransmission

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
