"""A drifting link: loss and misalignment that wander from slot to slot, drawn from a model or played from a record."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals, as_rng
from qlearn.communication.photons import LINKS, Link
from qlearn.control.channel_estimation import gauss_markov
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott

# A clock that is set to another year must not fill the memory with a gap.
_MOST_SLOTS = 10_000_000


@dataclass(frozen=True, eq=False)
class LinkTrace:
    """What a link was like, slot by slot.

    Parameters
    ----------
    loss_db : ndarray of float, shape (slots,)
        Loss of the channel in dB, without the receiver; nan where the record has a gap.
    misalignment : ndarray of float, shape (slots,)
        Chance that a detected photon hits the wrong detector, 0 to 1/2; nan where the record has a gap.
    """

    loss_db: NDArray[np.float64]
    misalignment: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.loss_db)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Slots of which nothing was recorded, shape (slots,)."""
        return np.isnan(self.loss_db) | np.isnan(self.misalignment)


class Drift(Protocol):
    """Anything that says what a link is like in the coming slots."""

    @property
    def link(self) -> Link:
        """The receiver, and what does not drift."""
        ...

    def draw(self, slots: int, rng: Any = None) -> LinkTrace:
        """Draw a trace of so many slots."""
        ...


@dataclass(frozen=True)
class DriftingLink:
    r"""A link whose loss and polarisation angle are Gauss-Markov processes, and which may come and go in spells.

    .. math:: L_t = \bar L + \ell_t, \qquad e_t = e_0 + (1 - 2 e_0) \sin^2(\bar\theta + \theta_t)

    with :math:`\ell, \theta` of :func:`~qlearn.control.channel_estimation.gauss_markov`: what is left of a deviation after a
    slot is `memory`. Losses below 0 dB are cut off. With `spells`, a Gilbert-Elliott channel, `spell_loss_db` are added
    while it is bad: a cloud, a bird, a train on the bridge.

    Parameters
    ----------
    link : Link
        The receiver; its misalignment is :math:`e_0`.
    loss_db, loss_spread_db : float
        Mean and standard deviation of the channel's loss in dB.
    angle, angle_spread : float
        Mean and standard deviation of the angle in radians.
    memory : float
        Of both processes, 0 to 1 exclusive; their correlation from one slot to the next.
    spells : GilbertElliott, optional
        One channel. None: no spells.
    spell_loss_db : float
        What a bad spell adds.

    Examples
    --------
    >>> trace = DriftingLink(loss_db=10, loss_spread_db=2).draw(1000, rng=1)
    >>> len(trace), trace.loss_db.mean().round(0), bool((trace.misalignment >= 0.005).all())
    (1000, np.float64(10.0), True)
    """

    link: Link = field(default_factory=lambda: LINKS["lim2014"])
    loss_db: float = 10.0
    loss_spread_db: float = 3.0
    angle: float = 0.0
    angle_spread: float = 0.12
    memory: float = 0.9
    spells: GilbertElliott | None = None
    spell_loss_db: float = 6.0

    def __post_init__(self) -> None:
        if not isinstance(self.link, Link):
            raise TypeError(f"link must be a Link, such as LINKS['lim2014'], not {self.link!r}")
        for name in ("loss_db", "loss_spread_db", "angle_spread", "spell_loss_db"):
            as_real(getattr(self, name), name, least=0)
        as_real(self.angle, "angle")
        if not 0 <= as_real(self.memory, "memory") < 1:
            raise ValueError(
                f"memory must be at least 0 and below 1, not {self.memory}: with 1 the link never comes back"
            )
        if self.spells is not None and (
            not isinstance(self.spells, GilbertElliott) or self.spells.n_channels != 1
        ):
            raise TypeError(f"spells must be a GilbertElliott of one channel, or None, not {self.spells!r}")

    def draw(self, slots: int, rng: Any = None) -> LinkTrace:
        """Draw a trace of so many slots, begun in the settled state."""
        slots, rng = as_count(slots, "slots"), as_rng(rng)
        fresh = 1 - self.memory**2
        loss = self.loss_db + gauss_markov(slots, self.memory, fresh * self.loss_spread_db**2, rng=rng)
        angle = self.angle + gauss_markov(slots, self.memory, fresh * self.angle_spread**2, rng=rng)
        if self.spells is not None:
            good = self.spells.draw_first(1, rng)
            for t in range(slots):
                loss[t] += self.spell_loss_db * (not good[0, 0])
                good = self.spells.draw_next(good, rng)
        return LinkTrace(np.maximum(loss, 0.0), misalignment_at(angle, self.link))


def misalignment_at(angle: NDArray[np.float64], link: Link) -> NDArray[np.float64]:
    """Return the misalignment of a link whose frames are turned by an angle (radians), at most 1/2.

    >>> from qlearn.communication.photons import LINKS
    >>> misalignment_at(np.array([0.0, 0.2]), LINKS["lim2014"]).round(4)
    array([0.005 , 0.0441])
    """
    return np.minimum(link.misalignment + (1 - 2 * link.misalignment) * np.sin(angle) ** 2, 0.5)


@dataclass(frozen=True, eq=False)
class RecordedLink:
    """A link that plays what was recorded, or what a generator made: a random stretch of a random trace.

    A gap (nan) is played as it is: in such a slot nothing is counted, and :class:`LinkEnv` keeps a record of it.

    Parameters
    ----------
    loss_db : array_like, shape (length,) or (traces, length)
        Loss of the channel in dB, at least 0, nan in gaps.
    misalignment : array_like or float
        Of the same shape, or one number for all; 0 to 1/2.
    link : Link
        The receiver.

    Examples
    --------
    >>> record = RecordedLink([[9.0, 10.0, 11.0, np.nan]], misalignment=0.01)
    >>> record.draw(4, rng=1).missing
    array([False, False, False,  True])
    """

    loss_db: ArrayLike
    misalignment: ArrayLike = 0.005
    link: Link = field(default_factory=lambda: LINKS["lim2014"])

    def __post_init__(self) -> None:
        if not isinstance(self.link, Link):
            raise TypeError(f"link must be a Link, such as LINKS['lim2014'], not {self.link!r}")
        loss = np.atleast_2d(np.array(self.loss_db, dtype=np.float64))
        wrong = np.array(self.misalignment, dtype=np.float64)
        if loss.ndim != 2 or not loss.size:
            raise ValueError(
                f"loss_db must have shape (length,) or (traces, length), not {np.shape(self.loss_db)}"
            )
        if wrong.ndim and np.atleast_2d(wrong).shape != loss.shape:
            raise ValueError(
                f"misalignment must be one number or have the shape of loss_db {np.shape(self.loss_db)}, not {wrong.shape}"
            )
        if ((loss < 0) | np.isinf(loss)).any():
            raise ValueError(
                "loss_db must be finite and at least 0, or nan in gaps: a passive channel does not amplify "
                f"({np.nanmin(loss):g} dB came)"
            )
        if ((wrong < 0) | (wrong > 0.5)).any():
            raise ValueError(
                f"misalignment must lie between 0 and 1/2, or be nan in gaps, not {np.nanmax(np.abs(wrong)):g}"
            )
        object.__setattr__(self, "loss_db", loss)
        object.__setattr__(self, "misalignment", np.broadcast_to(np.atleast_2d(wrong), loss.shape))

    @classmethod
    def from_clock(
        cls,
        times: ArrayLike,
        loss_db: ArrayLike,
        slot: float = 1.0,
        misalignment: ArrayLike = 0.005,
        **others: Any,
    ) -> "RecordedLink":
        """Return the link of a record with time stamps: where its clock jumps ahead, the slots in between are a gap.

        Parameters
        ----------
        times : array_like, shape (records,)
            When each value was taken, rising by whole slots, in the unit of `slot`. A clock that stands or goes back is refused:
            nobody knows which slot is meant.
        loss_db, misalignment : array_like, shape (records,)
            Or one misalignment for all.
        slot : float
            Length of a slot. Times are taken to the nearest.
        **others
            The `link`.

        Examples
        --------
        >>> RecordedLink.from_clock([0, 1.02, 4], [9.0, 10.0, 11.0]).loss_db
        array([[ 9., 10., nan, nan, 11.]])
        """
        length = as_real(slot, "slot", above=0)
        stamps, loss = as_reals(times, "times"), np.asarray(loss_db, dtype=np.float64)
        if stamps.ndim != 1 or not stamps.size or loss.shape != stamps.shape:
            raise ValueError(
                f"times and loss_db must have one shape (records,), not {stamps.shape} and {loss.shape}"
            )
        # Halves go up: rounded to even, two times one slot apart could fall into one.
        nearest = np.floor((stamps - stamps[0]) / length + 0.5)
        if nearest.max() >= _MOST_SLOTS:  # before the cast, which such times would overflow
            raise ValueError(
                f"times must span at most {_MOST_SLOTS:,} slots, not {nearest.max() + 1:,.0f}: split the record at the jump"
            )
        at = np.maximum(nearest, -1).astype(np.int64)
        if (np.diff(at) <= 0).any():
            where = int(np.argmax(np.diff(at) <= 0)) + 1
            raise ValueError(
                f"times must rise by at least a slot of {length:g}: record {where} at {stamps[where]:g} follows "
                f"{stamps[where - 1]:g}. "
                "Sort or drop what a clock that was set back has written"
            )
        wrong = np.asarray(misalignment, dtype=np.float64)
        if wrong.shape not in ((), loss.shape):
            raise ValueError(
                f"misalignment must be one number or have the shape of loss_db {loss.shape}, not {wrong.shape}"
            )
        rows = np.full((2, at[-1] + 1), np.nan)
        rows[0, at], rows[1, at] = loss, wrong
        return cls(rows[0], rows[1], **others)

    def draw(self, slots: int, rng: Any = None) -> LinkTrace:
        """Draw a stretch of so many slots."""
        slots, rng = as_count(slots, "slots"), as_rng(rng)
        loss, wrong = np.asarray(self.loss_db), np.asarray(self.misalignment)
        if slots > loss.shape[1]:
            raise ValueError(f"slots must be at most the {loss.shape[1]} that were recorded, not {slots}")
        row, first = rng.integers(len(loss)), rng.integers(loss.shape[1] - slots + 1)
        return LinkTrace(loss[row, first : first + slots].copy(), wrong[row, first : first + slots].copy())


def as_link_trace(trace: Any, slots: int) -> LinkTrace:
    """Return the trace that a drift has drawn, or say what no link can be like."""
    loss, wrong = (np.asarray(getattr(trace, name), dtype=np.float64) for name in ("loss_db", "misalignment"))
    if loss.shape != (slots,) or wrong.shape != (slots,):
        raise ValueError(
            f"drift must draw a loss and a misalignment for each of the {slots} slots, not shapes {loss.shape} and {wrong.shape}"
        )
    if ((loss < 0) | np.isinf(loss)).any():
        raise ValueError(
            "drift must draw losses that are finite and at least 0 dB, or nan in gaps: a passive channel does not amplify"
        )
    if ((wrong < 0) | (wrong > 0.5)).any():
        raise ValueError("drift must draw misalignments between 0 and 1/2, or nan in gaps")
    return LinkTrace(loss, wrong)
