"""Link streams: what a link reports block by block, quiet or attacked, on a line that drifts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from qlearn._checks import as_count, as_probability, as_rng
from qlearn._types import Array
from qlearn.communication.photons import Intensity, LaserTransmission, gain
from qlearn.control.eavesdropper_detection.line_attacks import LineAttack
from qlearn.control.eavesdropper_detection.monitored_link import LineState, MonitoredLink, Where

Integers = NDArray[np.int64]

# A signal pulse is sifted in Z or X, with the right detector alone, the wrong one alone, or both and a coin; or the bases differ.
# Of the other intensities the clicks count, of one detector or of both.
_SIFTED = 4
_SIGNAL = 2 * _SIFTED + 2
_OTHERS = 2
# Edges of the bins of arrival times, in jitters.
_EDGES = np.array([-np.inf, -1.5, -0.5, 0.5, 1.5, np.inf])
_CENTRES = np.arange(-2.0, 3.0)

FEATURES = (
    "qber_z",
    "qber_x",
    "signal_clicks",
    "decoy_ratio",
    "double_clicks",
    "time_mean",
    "time_spread",
    "early_share",
)
"""The columns of :meth:`BlockStream.features`."""


@dataclass(frozen=True, eq=False)
class BlockStream:
    """What a link reported in each of n blocks, and what only a simulation knows.

    Parameters
    ----------
    sent : ndarray of int, shape (n, 3)
        Pulses by intensity (signal, weak, vacuum).
    cells : ndarray of int, shape (n, 14)
        Clicks of signal pulses sifted in Z: right detector, wrong one, both and the coin right, both and the coin wrong;
        the same in X; bases that differ: one detector, both. Then weak and vacuum, whatever the bases: one detector, both.
    timing : ndarray of int, shape (n, 5)
        Clicks by arrival time, in bins one jitter wide around 0; the outer two are open. All zero: no time tags.
    attacked : ndarray of bool, shape (n,)
        Whether Eve was there. Simulation alone.
    information : ndarray of float, shape (n,)
        Bits that she has of a sifted signal bit, on average, 0 to 1. Simulation alone.

    Raises
    ------
    ValueError, TypeError
        If shapes do not belong together, counts are negative, or more clicked than was sent.

    Examples
    --------
    >>> stream = link_stream(1000, MonitoredLink(), rng=1)
    >>> stream.qber.mean(axis=0).round(3), len(stream)
    (array([0.033, 0.034]), 1000)
    >>> dict(zip(FEATURES, stream.features().mean(axis=0).round(3).tolist()))["time_spread"]
    1.008
    """

    sent: Integers
    cells: Integers
    timing: Integers
    attacked: NDArray[np.bool_]
    information: Array

    def __post_init__(self) -> None:
        n = len(self.sent)
        shapes = {"sent": (n, 3), "cells": (n, _SIGNAL + 2 * _OTHERS), "timing": (n, 5)}
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name))
            object.__setattr__(self, name, array)
            if array.dtype.kind not in "iu" or array.shape != shape:
                raise ValueError(
                    f"{name} must be whole numbers of shape {shape}, not {array.dtype} of shape {array.shape}"
                )
            if (array < 0).any():
                raise ValueError(f"{name} must not be negative; it holds {array.min()}")
        for name in ("attacked", "information"):
            if np.shape(getattr(self, name)) != (n,):
                raise ValueError(
                    f"{name} must have one entry for each of {n} blocks, not shape {np.shape(getattr(self, name))}"
                )
            object.__setattr__(self, name, np.asarray(getattr(self, name)))
        if self.attacked.dtype != bool:
            raise TypeError(f"attacked must be True or False for each block, not {self.attacked.dtype}")
        if not ((self.information >= 0) & (self.information <= 1 + 1e-9)).all():
            raise ValueError("information must be from 0 to 1 bit in each block, and not nan")
        if (self.clicked > self.sent).any():
            at = np.argwhere(self.clicked > self.sent)[0]
            raise ValueError(
                f"cells must not exceed sent: {self.clicked[tuple(at)]} clicks of {self.sent[tuple(at)]} pulses in block {at[0]}"
            )
        if (self.timing.sum(axis=1) > self.clicked.sum(axis=1)).any():
            raise ValueError("timing must not hold more time tags than there were clicks")

    def __len__(self) -> int:
        return len(self.sent)

    def __getitem__(self, where: slice | NDArray[Any]) -> "BlockStream":
        """Return some of the blocks: a slice, a mask, or an array of indices."""
        return BlockStream(
            self.sent[where],
            self.cells[where],
            self.timing[where],
            self.attacked[where],
            self.information[where],
        )

    @property
    def clicked(self) -> Integers:
        """Clicks by intensity, shape (n, 3), in whichever bases."""
        parts = self.cells[:, :_SIGNAL], self.cells[:, _SIGNAL:-_OTHERS], self.cells[:, -_OTHERS:]
        return np.stack([part.sum(axis=1) for part in parts], axis=1)

    @property
    def sifted(self) -> Integers:
        """Clicks of signal pulses in equal bases, by basis, shape (n, 2)."""
        return self.cells[:, : 2 * _SIFTED].reshape(-1, 2, _SIFTED).sum(axis=2)

    @property
    def errors(self) -> Integers:
        """Those of them where the bits differ, shape (n, 2)."""
        return self.cells[:, : 2 * _SIFTED].reshape(-1, 2, _SIFTED)[:, :, [1, 3]].sum(axis=2)

    @property
    def double(self) -> Integers:
        """Pulses of any intensity in which both detectors clicked, shape (n,)."""
        return self.cells[:, [2, 3, 6, 7, 9, 11, 13]].sum(axis=1)

    @property
    def qber(self) -> Array:
        """Error rates by basis, shape (n, 2); nan where nothing was sifted."""
        return _ratio(self.errors, self.sifted)

    def features(self) -> Array:
        """Return what a detector may look at, shape (n, 8): the columns are :data:`FEATURES`; nan where nothing was counted.

        Error rates by basis, clicks a signal pulse, those of a weak pulse over those of a signal pulse, double clicks a
        click, mean and standard deviation of the arrival times (jitters, by bins), share of the clicks that were early.
        """
        gains = _ratio(self.clicked, self.sent)
        tags = self.timing.sum(axis=1)
        mean = _ratio(self.timing @ _CENTRES, tags)
        spread = np.sqrt(np.maximum(_ratio(self.timing @ _CENTRES**2, tags) - mean**2, 0.0))
        columns = (
            *self.qber.T,
            gains[:, Intensity.SIGNAL],
            _ratio(gains[:, Intensity.WEAK], gains[:, Intensity.SIGNAL]),
            _ratio(self.double, self.clicked.sum(axis=1)),
            mean,
            spread,
            _ratio(self.timing[:, :2].sum(axis=1), tags),
        )
        return np.stack(columns, axis=1)

    @classmethod
    def from_pulses(cls, transmissions: Iterable[LaserTransmission]) -> "BlockStream":
        """Count real pulses: one block for each transmission, without time tags; `information` is what Eve noted."""
        rows, sents, known = [], [], []
        for laser in transmissions:
            if not isinstance(laser, LaserTransmission):
                raise TypeError(
                    f"transmissions must be LaserTransmission objects, not {type(laser).__name__}"
                )
            sent, level = laser.transmission, laser.intensities
            clicked, both = sent.detected, laser.double
            signal, same = clicked & (level == Intensity.SIGNAL), sent.alice_bases == sent.bob_bases
            wrong = sent.alice_bits != sent.bob_bits
            row = [
                np.count_nonzero(signal & same & (sent.alice_bases == basis) & (both == d) & (wrong == w))
                for basis in (0, 1)
                for d in (False, True)
                for w in (False, True)
            ]
            row += [np.count_nonzero(signal & ~same & (both == d)) for d in (False, True)]
            row += [
                np.count_nonzero(clicked & (level == k) & (both == d)) for k in (1, 2) for d in (False, True)
            ]
            rows.append(row)
            sents.append(np.bincount(level, minlength=3))
            kept = signal & same
            known.append(np.asarray(sent.eve)[kept].mean() if kept.any() else 0.0)
        if not rows:
            raise ValueError("transmissions must hold at least one block")
        n, information = len(rows), np.array(known)
        return cls(
            np.array(sents), np.array(rows), np.zeros((n, 5), dtype=np.int64), information > 0, information
        )


def cell_probabilities(
    monitored: MonitoredLink, state: LineState, attack: LineAttack | None, strength: Array | float = 1.0
) -> list[Array]:
    """Return the chances of the cells of a signal, a weak and a vacuum pulse: shapes (n, 10), (n, 2), (n, 2)."""
    p_x = monitored.source.p_x
    weights: dict[Where, float] = {"Z": (1 - p_x) ** 2, "X": p_x**2, "other": 2 * p_x * (1 - p_x)}
    touched = 0.0 if attack is None else attack.fraction * np.asarray(strength, dtype=float)

    def clicks(mu: float, where: Where) -> Array:
        quiet = state.honest(mu, where)
        if attack is None:
            return quiet
        return (1 - touched) * quiet + touched * attack.response(mu, where, state)

    tables = []
    for k, mu in enumerate(monitored.source.intensities):
        rows: list[Array] = []
        pair = np.zeros((2, len(state.transmittance)))
        for where, weight in weights.items():
            right, wrong, both = weight * clicks(mu, where)
            if k == Intensity.SIGNAL and where != "other":
                rows += [right, wrong, both / 2, both / 2]
            else:
                pair = pair + np.array([right + wrong, both])
        tables.append(np.stack([*rows, *pair], axis=1))
    return tables


def time_probabilities(attack: LineAttack | None, share: Array, offset: Array) -> Array:
    """Return the chances of the bins of arrival times, shape (n, 5)."""
    """Return the chances of the five bins of arrival time, shape (n, 5), `share` of the clicks being Eve's."""

    def bins(late: Array) -> Array:
        return np.diff(norm.cdf(_EDGES - late[:, None]), axis=1)

    chances = (1 - share)[:, None] * bins(offset)
    if attack is not None:
        for part, late in attack.offsets:
            chances = chances + (share * part)[:, None] * bins(offset + late)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def eves_share(attack: LineAttack | None, state: LineState, strength: Array) -> Array:
    """Return which share of the clicks is of pulses that Eve handled, shape (n,)."""
    """Return the share of the sifted signal clicks that come from pulses Eve touched, shape (n,)."""
    if attack is None:
        return np.zeros_like(strength)
    touched = attack.fraction * strength
    hers = touched * attack.response(state.signal, "Z", state).sum(axis=0)
    others = (1 - touched) * gain(state.signal, state.transmittance, link=state.link)
    return _ratio(hers, hers + others, empty=0.0)


def link_stream(
    n_blocks: int,
    monitored: MonitoredLink,
    attack: LineAttack | None = None,
    *,
    start: int = 0,
    stop: int | None = None,
    ramp: int = 0,
    rng: Any = None,
) -> BlockStream:
    """Draw what a link reports in `n_blocks` blocks: counts by their exact law, without a pulse being sent.

    The counts of a block are multinomial, with the chances of threshold detectors in Poissonian light; that
    :func:`~qlearn.communication.photons.exchange` counts the same is a test. Arrival times are drawn with one mixture for all
    clicks of a block, background included.

    Parameters
    ----------
    n_blocks : int
        At least 1.
    monitored : MonitoredLink
        The line, with its drift.
    attack : LineAttack, optional
        For example ``Intercept(0.05)``. None: nobody.
    start, stop : int
        The first block that Eve is in, and the first that she is not in any more. None: to the end.
    ramp : int
        Blocks over which she grows from nothing to her full fraction. 0: at once.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    BlockStream

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import Intercept, known_attacks
    >>> stream = link_stream(2000, MonitoredLink(), Intercept(0.2), start=1000, rng=1)
    >>> stream.qber[:1000].mean().round(3), stream.qber[1000:].mean().round(3)
    (np.float64(0.033), np.float64(0.08))
    >>> blinded = link_stream(2000, MonitoredLink(), known_attacks(MonitoredLink())["blinding"], rng=1)
    >>> blinded.qber.mean().round(3), blinded.information.mean().round(3)
    (np.float64(0.023), np.float64(0.3))

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, section 2 (the model of line and detectors).
    """
    n, rng = as_count(n_blocks, "n_blocks"), as_rng(rng)
    if not isinstance(monitored, MonitoredLink):
        raise TypeError(f"monitored must be a MonitoredLink, not {type(monitored).__name__}")
    attack = as_attack(attack)
    start = as_count(start, "start", least=0)
    stop = n if stop is None else as_count(stop, "stop", least=0)
    ramp = as_count(ramp, "ramp", least=0)
    if not start <= stop <= n:
        raise ValueError(
            f"start and stop must satisfy start <= stop <= n_blocks = {n}, not {start} and {stop}"
        )

    drifted = monitored.drift.draw(n, rng)
    state = monitored.state(drifted)
    block = np.arange(n)
    grown = np.clip((block - start + 1) / max(ramp, 1), 0.0, 1.0)
    strength = np.where((block >= start) & (block < stop), grown, 0.0)
    if attack is None:
        strength = np.zeros(n)

    sent = rng.multinomial(monitored.pulses, monitored.source.probabilities, size=n)
    drawn = []
    for k, chances in enumerate(cell_probabilities(monitored, state, attack, strength)):
        none = 1 - chances.sum(axis=1, keepdims=True)
        drawn.append(rng.multinomial(sent[:, k], np.concatenate([chances, none.clip(0.0)], axis=1))[:, :-1])
    cells = np.concatenate(drawn, axis=1)
    share = eves_share(attack, state, strength)
    timing = rng.multinomial(cells.sum(axis=1), time_probabilities(attack, share, drifted[2]))
    information = share * attack.information(state) if attack is not None else np.zeros(n)
    there = strength * (attack.fraction if attack is not None else 0.0) > 0
    return BlockStream(sent, cells, timing, there, information)


def as_attack(attack: Any) -> LineAttack | None:
    """Return an attack that has all that a stream asks for, or None."""
    if attack is not None and (isinstance(attack, type) or not isinstance(attack, LineAttack)):
        raise TypeError(
            "attack must have a name, a fraction, offsets, response() and information(), as Intercept(0.05), "
            f"not {attack!r}"
        )
    if attack is not None:
        as_probability(attack.fraction, "attack.fraction")
    return attack


def _ratio(part: Any, whole: Any, empty: float = np.nan) -> Array:
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.divide(
        part, whole, out=np.full(np.broadcast_shapes(part.shape, whole.shape), empty), where=whole > 0
    )
