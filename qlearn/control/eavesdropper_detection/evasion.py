"""Evasion: what an attacker learns who knows the detector, and alarms it in no more blocks than she allows herself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import binom

from qlearn._checks import as_count, as_failure, as_probability, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.communication.eavesdropping import collective_information
from qlearn.control.eavesdropper_detection.line_attacks import LineAttack, LineState, Where

# An intercepted share r makes e0 + r (1/4 - e0/2) of an error rate e0.
_QUARTER, _HALF = 0.25, 0.5
# Eve knows the bit where she guessed the basis: half of what she intercepts.
_KNOWN = 0.5


@dataclass(frozen=True)
class Evasion:
    """An attack that a detector cannot tell from the quiet line, or tells no more often than it was allowed to.

    Parameters
    ----------
    intercepted : float
        Share of the pulses that she intercepts and sends on.
    information : float
        What she knows, in bits a sifted bit.
    alarm : float
        Chance of an alarm in a block.
    false_alarm : float
        Chance of an alarm in a block of the quiet line.
    """

    intercepted: float
    information: float
    alarm: float
    false_alarm: float


@dataclass(frozen=True)
class MaskedAttack:
    """What an Eve has who takes away noise of a line of single photons and puts as much of her own there.

    Parameters
    ----------
    intercepted : float
        Share of the pulses that she intercepts and sends on.
    information : float
        Of intercepting, in bits a sifted bit.
    collective : float
        Of the best attack on single pulses with a memory for all probes, in bits a sifted bit.
    """

    intercepted: float
    information: float
    collective: float


def masked_intercept(qber: float, *, remaining: float = 0.0) -> MaskedAttack:
    r"""Return the attack that leaves the error rates, and all else that Bob counts, what they were.

    Eve replaces the line by a better one, whose error rate is `remaining`, and fills up to the old rate:

    .. math:: r = \frac{e_0 - e_1}{1/4 - e_1/2}, \qquad I = \frac r2, \qquad
              \chi = h\Bigl(\frac{e_0 - e_1}{1 - 2 e_1}\Bigr)

    Suppose that pulses are single photons, that the errors of the line were independent from pulse to pulse, alike in both
    bases and for both bits, and that she sends on what she found at the same times. Then her errors are of the same kind, and
    the law of all that Bob counts is the same with her and without. So **no** detector, with any number of blocks, has a power
    above its false-alarm rate. What bounds her is the charge for errors, whoever made them.

    Photons of *one laser pulse* err one by one on a misaligned line, and together where she resent them, so both detectors
    click half as often in equal bases (:meth:`Intercept.instead_of_noise`, which many blocks may show). She who touches
    single photons alone, and leaves to the others the errors that they had, is again not seen; she knows as much less as
    there are fewer of them.

    Parameters
    ----------
    qber : float
        :math:`e_0`, error rate of the line as it was calibrated, at most 1/4.
    remaining : float
        :math:`e_1`, error rate that she cannot take away (that of Bob's detectors, say), at most `qber`.

    Returns
    -------
    MaskedAttack

    Examples
    --------
    >>> masked_intercept(0.03)
    MaskedAttack(intercepted=0.12, information=0.06, collective=0.194...)

    References
    ----------
    The charge h(e) that covers it: Shor and Preskill, 2000, arXiv:quant-ph/0003004; with finite keys Tomamichel et al.,
    2012, arXiv:1103.4130.
    """
    before = as_real(qber, "qber", least=0.0, most=_QUARTER)
    after = as_real(remaining, "remaining", least=0.0, most=_HALF)
    if after > before:
        raise ValueError(
            f"remaining must be at most qber={before:g}, not {after:g}: a line that is worse than before has no room for her"
        )
    own = before - after
    r = own / (_QUARTER - after / 2)
    return MaskedAttack(r, _KNOWN * r, float(collective_information(own / (1 - 2 * after))))


def unseen_intercept(n: int, qber: float, *, false_alarm: float = 0.01, allowed: float = 0.02) -> Evasion:
    r"""Return the largest share that Eve intercepts on top of the line's noise, with few alarms in a block.

    The detector is the one that no other on the error count exceeds: an alarm at :math:`X \ge c`, with
    :math:`\Pr(X \ge c \mid e_0) \le \alpha`. She chooses the largest r with

    .. math:: \Pr\bigl(X \ge c \mid e_0 + r(\tfrac14 - \tfrac{e_0}{2})\bigr) \le \beta

    and knows r/2 bits a sifted bit. Since :math:`r \sim 1/\sqrt n`, a block of n bits gives her of the order of
    :math:`\sqrt n` bits. That is for *one* block: she who comes again in the next moves the mean of every block by
    :math:`\Phi^{-1}(1-\alpha) - \Phi^{-1}(1-\beta)` standard deviations, which a CUSUM adds up. Who watches m blocks
    together has one of :math:`mn` bits.

    Parameters
    ----------
    n : int
        Sifted bits compared in a block.
    qber : float
        :math:`e_0`, error rate of the quiet line, at most 1/2.
    false_alarm : float
        :math:`\alpha`, chance of a false alarm that the detector was set for.
    allowed : float
        :math:`\beta`, chance of an alarm in a block that she accepts.

    Returns
    -------
    Evasion
        Of share 0 where the quiet line alone alarms as often as that.

    Examples
    --------
    >>> unseen = unseen_intercept(10_000, 0.03)
    >>> round(unseen.intercepted, 4), round(10_000 * unseen.information, 1)
    (0.002, 10.0)
    """
    n, qber = as_count(n, "n"), as_real(qber, "qber", least=0.0, most=_HALF)
    alpha, beta = as_failure(false_alarm, "false_alarm"), as_failure(allowed, "allowed")
    least = int(binom.isf(alpha, n, qber)) + 1

    def alarm(share: float) -> float:
        return float(binom.sf(least - 1, n, qber + share * (_QUARTER - qber / 2)))

    quiet = alarm(0.0)
    if quiet >= beta:
        return Evasion(0.0, 0.0, quiet, quiet)
    share = 1.0 if alarm(1.0) <= beta else float(brentq(lambda r: alarm(r) - beta, 0.0, 1.0, xtol=1e-14))
    return Evasion(share, _KNOWN * share, alarm(share), quiet)


def unseen_ramp(forgetting: float, shift: float = 1.0) -> float:
    r"""Return the slope a block at which a reference that follows the line trails by `shift`, in units of `shift`.

    .. math:: s = \lambda\,\delta

    See :func:`follow`: what trails by :math:`\delta` for ever never looks larger than a shift of :math:`\delta`, and
    grows without end.

    Parameters
    ----------
    forgetting : float
        :math:`\lambda` of the reference, above 0 and below 1.
    shift : float
        :math:`\delta`, a shift that alarms seldom enough.

    Returns
    -------
    float

    Examples
    --------
    >>> unseen_ramp(0.02, shift=0.25)
    0.005
    """
    return as_failure(forgetting, "forgetting") * as_real(shift, "shift", least=0.0)


@dataclass(frozen=True)
class MixedAttack:
    r"""Several attacks at once, each on pulses of its own.

    .. math:: r = \sum_i r_i, \qquad p(\cdot \mid \text{touched}) = \sum_i \frac{r_i}{r}\, p_i

    A :class:`LineAttack` itself. (Arrival times: the parts' shares of the touched *clicks* are taken for those of the pulses,
    as attacks that make up for lost clicks have them.)

    Parameters
    ----------
    parts : tuple of LineAttack
        At least one; their fractions add up to at most 1.
    name : str
        What tables call it.

    Examples
    --------
    >>> from qlearn.control.eavesdropper_detection import Intercept, TimeShift
    >>> MixedAttack((Intercept(0.1), TimeShift(0.3))).fraction
    0.4

    """

    parts: tuple[LineAttack, ...]
    name: str = "mixture"

    def __post_init__(self) -> None:
        if not self.parts or not all(isinstance(part, LineAttack) for part in self.parts):
            raise TypeError(f"parts must be attacks on the line, at least one, not {self.parts!r}")
        if self.fraction > 1 + 1e-12:
            raise ValueError(
                f"parts must touch no pulse twice: their fractions add up to {self.fraction:g}, which is above 1"
            )

    @property
    def fraction(self) -> float:
        """Of the pulses, by all parts together."""
        return float(sum(part.fraction for part in self.parts))

    @property
    def _weights(self) -> list[float]:
        """Return each part's share of the touched pulses."""
        whole = self.fraction
        return [part.fraction / whole if whole else 1 / len(self.parts) for part in self.parts]

    @property
    def offsets(self) -> tuple[tuple[float, float], ...]:
        """Shares of the touched clicks and by how many jitters each is late."""
        return tuple(
            (weight * share, late)
            for weight, part in zip(self._weights, self.parts, strict=True)
            for share, late in part.offsets
        )

    def response(self, mu: float, where: Where, state: LineState) -> Array:
        """Return the chances of (right, wrong, both) detectors; see :class:`LineAttack`."""
        pairs = zip(self._weights, self.parts, strict=True)
        return np.sum([weight * part.response(mu, where, state) for weight, part in pairs], axis=0)

    def information(self, state: LineState) -> Array:
        """Return the bits she has of a sifted signal bit of a touched pulse: the parts', by their shares of the clicks."""
        clicks = [
            weight * part.response(state.signal, "Z", state).sum(axis=0)
            for weight, part in zip(self._weights, self.parts, strict=True)
        ]
        known = [click * part.information(state) for click, part in zip(clicks, self.parts, strict=True)]
        return np.asarray(np.sum(known, axis=0) / np.sum(clicks, axis=0))


@dataclass(frozen=True)
class Search:
    """What a search for a quiet attack has found.

    Parameters
    ----------
    knobs : ndarray, shape (n_knobs,)
        The attack.
    information : float
        What it is worth to her.
    alarm : float
        Alarm rate that she found in her own trials.
    tried : int
        Attacks that she tried on her own copy of the detector.
    """

    knobs: NDArray[np.float64]
    information: float
    alarm: float
    tried: int


def evade(
    alarm: Callable[[NDArray[np.float64]], float],
    information: Callable[[NDArray[np.float64]], float],
    most: ArrayLike,
    *,
    allowed: float,
    directions: int = 32,
    halvings: int = 8,
    rng: Any = None,
) -> Search:
    r"""Search the attack that is worth most among those that alarm a detector no more often than allowed.

    Eve owns a copy of the detector and a model of the line. She takes directions :math:`u` in the box of her knobs: first
    each knob alone, then, in equal numbers, some drawn from the whole box and some around the best that she has. On each
    she halves the interval of strengths :math:`t \in [0, 1]` until she knows how far :math:`t u` may go (if the alarm rate
    rises along it). Another search may find more. Her rates are counts of her own, and the best of many is likely one that chance
    made too low: count again on fresh blocks. What `alarm` does not look at, such as a chart over many blocks, is not evaded.

    Parameters
    ----------
    alarm : callable
        Takes knobs, shape (n_knobs,), and returns the alarm rate on blocks that she simulates.
    information : callable
        Takes knobs and returns what they are worth; 0 at 0, and not falling along a direction.
    most : array_like, shape (n_knobs,)
        Largest value of each knob; the least is 0, no attack.
    allowed : float
        Alarm rate a block that she accepts.
    directions, halvings : int
        What the search costs: (n_knobs + directions) times at most (1 + halvings) trials.
    rng : None, int or numpy.random.Generator
        Draws the directions.

    Returns
    -------
    Search
        Of strength 0 where every direction alarms more than allowed.

    Raises
    ------
    ValueError
        If a parameter is out of range, `alarm` returns no rate, or `information` no finite number: a detector that gives no
        score must not pass for one that nobody evades.

    Examples
    --------
    >>> found = evade(lambda k: float(k[0] > 0.5), lambda k: k[0] + k[1], [1.0, 1.0], allowed=0.1, rng=1)
    >>> 1.3 < found.information <= 1.5  # 0.5 of the one that is watched, all of the other
    True
    """
    most = as_reals(most, "most", least=0.0).ravel()
    allowed, rng = as_probability(allowed, "allowed"), as_rng(rng)
    directions, halvings = as_count(directions, "directions"), as_count(halvings, "halvings")
    if not most.size or not most.any():
        raise ValueError(f"most must name at least one knob that can be turned, not {most}")
    best, worth, rate, tried = np.zeros_like(most), 0.0, 0.0, 0
    alone = [row for row in np.diag(most) if row.any()]
    for number in range(-len(alone), directions):
        if number < 0:
            u = alone[number]
        elif number < directions // 2 or not worth:
            u = rng.random(most.size) ** 2 * most
        else:
            u = best * np.exp(rng.normal(scale=0.5, size=most.size)) + 0.05 * most * rng.random(most.size)
        u = np.minimum(u / np.max(u / np.where(most > 0, most, 1.0)), most)
        low, high, seen = 0.0, 1.0, 0.0
        for step in range(halvings + 1):
            t = high if not step else (low + high) / 2
            found = as_probability(alarm(t * u), "what alarm returns")
            tried += 1
            if found <= allowed:
                low, seen = t, found
                if not step:
                    break
            else:
                high = t
        value = as_real(information(low * u), "what information returns")
        if low and value > worth:
            best, worth, rate = low * u, value, seen
    return Search(best, worth, rate, tried)
