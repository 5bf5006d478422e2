"""A threat timeline: the chance that a quantum computer breaks today's public keys, year by year."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals


@dataclass(frozen=True)
class ThreatTimeline:
    r"""The chance, against the years from now, that a machine breaks the public keys of today.

    .. math:: F(t) = 1 - e^{-H(t)}, \qquad H \text{ straight between the given points}

    A survey asks for few years. Between them the *hazard*, the chance a year if nothing has come before, is constant;
    after the last one it stays what it was, or is what `later` says.

    Parameters
    ----------
    years : sequence of float, shape (n,)
        Years from now, above 0 and rising.
    chances : sequence of float, shape (n,)
        The chance until then, from 0, not falling, below 1.
    later : float, optional
        Hazard a year after the last point; 0 is "never, if not by then". None: that of the last interval.
    source : str
        Who said so.

    Examples
    --------
    >>> line = ThreatTimeline((10,), (0.5,))
    >>> line.chance([0, 10, 20]).round(3)
    array([0.  , 0.5 , 0.75])
    >>> line.years_open([10]).round(3)  # years with such a machine, in the mean, of the next ten
    array([2.787])

    References
    ----------
    Mosca, "Cybersecurity in an era with quantum computers: will we be ready?", 2018, doi:10.1109/MSP.2018.3761723.
    """

    years: tuple[float, ...]
    chances: tuple[float, ...]
    later: float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        years, chances = as_reals(self.years, "years"), as_reals(self.chances, "chances", least=0)
        if years.ndim != 1 or years.shape != chances.shape or not years.size:
            raise ValueError(
                f"years and chances must be two lists of one length, not {years.shape} and {chances.shape}"
            )
        if not (np.diff(years, prepend=0) > 0).all():
            raise ValueError(f"years must be above 0 and rise, not {years.tolist()}")
        if not (np.diff(chances) >= 0).all() or chances[-1] >= 1:
            raise ValueError(
                f"chances must not fall and stay below 1, not {chances.tolist()}: they are chances *until* a year"
            )
        if self.later is not None:
            as_real(self.later, "later", least=0)
        object.__setattr__(self, "years", tuple(years.tolist()))
        object.__setattr__(self, "chances", tuple(chances.tolist()))

    def _pieces(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return where each piece begins, the survival there, and its hazard; the last piece has no end."""
        starts = np.array([0.0, *self.years])
        survival = 1 - np.array([0.0, *self.chances])
        hazards = -np.diff(np.log(survival)) / np.diff(starts)
        return starts, survival, np.append(hazards, hazards[-1] if self.later is None else self.later)

    def chance(self, years: ArrayLike) -> Any:
        """Return the chance that the machine is there by then, in the shape of `years`; 0 for the past."""
        starts, survival, hazards = self._pieces()
        t = np.maximum(as_reals(years, "years"), 0)
        piece = np.searchsorted(starts, t, side="right") - 1
        return (1 - survival[piece] * np.exp(-hazards[piece] * (t - starts[piece])))[()]

    def years_open(self, years: ArrayLike) -> Any:
        r"""Return the mean number of years with such a machine up to then, :math:`\int_0^t F`; 0 for the past."""
        starts, survival, hazards = self._pieces()
        t = np.maximum(as_reals(years, "years"), 0)

        def survived(piece: Any, length: Any) -> Any:
            """Return the integral of the survival over the first years of a piece."""
            h = hazards[piece]
            flat = h * length < 1e-12
            return survival[piece] * np.where(flat, length, -np.expm1(-h * length) / np.where(flat, 1, h))

        whole = np.append(0, np.cumsum(survived(np.arange(len(starts) - 1), np.diff(starts))))
        piece = np.searchsorted(starts, t, side="right") - 1
        return (t - whole[piece] - survived(piece, t - starts[piece]))[()]

    def quantile(self, chance: float) -> float:
        """Return the year by which the chance is reached; infinite if it never is."""
        if not 0 <= (wanted := as_real(chance, "chance")) < 1:
            raise ValueError(f"chance must be from 0 to below 1, not {chance}")
        starts, survival, hazards = self._pieces()
        piece = max(int(np.searchsorted(1 - survival, wanted, side="left")) - 1, 0)
        left = float(np.log(survival[piece] / (1 - wanted)))
        if left <= 0:
            return float(starts[piece])
        return float(starts[piece] + left / hazards[piece]) if hazards[piece] else float("inf")

    def after(self, years: float) -> "ThreatTimeline":
        """Return the timeline seen from so many years later, if nothing has come until then.

        A survey of 2023 read in 2026: three years have passed, and their part of the chance is gone.
        """
        gone = as_real(years, "years", least=0)
        _, _, hazards = self._pieces()
        rest = [year for year in self.years if year > gone]
        passed = float(self.chance(gone))
        if not rest:  # only the last hazard is left
            h = float(hazards[-1])
            return replace(self, years=(1.0,), chances=(-float(np.expm1(-h)),), later=h)
        chances = [(float(self.chance(year)) - passed) / (1 - passed) for year in rest]
        return replace(
            self, years=tuple(y - gone for y in rest), chances=tuple(chances), later=float(hazards[-1])
        )


SURVEY_2023_EARLY = ThreatTimeline(
    (5, 10), (0.11, 0.31), source="Mosca and Piani, Quantum Threat Timeline Report 2023, the higher reading"
)
"""37 experts asked in 2023, the higher ends of what they said, averaged: 11 % within 5 years, 31 % within 10."""

SURVEY_2023_LATE = ThreatTimeline(
    (10, 15), (0.17, 0.33), source="Mosca and Piani, Quantum Threat Timeline Report 2023, the lower reading"
)
"""The same experts, the lower ends: 17 % within 10 years (of the full report, which we know at second hand), 33 % within 15."""

MOSCA_2015 = ThreatTimeline(
    (11, 16), (1 / 7, 1 / 2), source="Mosca, 2015, IACR ePrint 2015/1075, counted from 2015"
)
"""What Mosca wrote in 2015: one in seven by 2026, one half by 2031."""
