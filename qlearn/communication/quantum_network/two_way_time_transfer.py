r"""Two-way time transfer: pairs sent both ways tell the offset of two clocks from the delay between them."""

from typing import NamedTuple

import numpy as np

from qlearn.communication.quantum_network.clock_synchronisation import OffsetEstimate


class TwoWay(NamedTuple):
    """What :func:`two_way` finds out: offset and delay, which one direction cannot tell apart."""

    offset_s: float
    """The other clock minus ours, if the way takes equally long in both directions."""
    delay_s: float
    """The mean of the two times of flight."""
    error_s: float
    """Standard error of both, of counting alone: it knows nothing of unequal ways."""
    at_s: float
    """The time on our clock that the offset belongs to: halfway between the mean times of the two records."""


def two_way(there: OffsetEstimate, back: OffsetEstimate) -> TwoWay:
    r"""Return offset and delay from pairs sent both ways, the way being equally long in both directions.

    .. math:: \theta = \frac{\tau_{AB} - \tau_{BA}}{2}, \qquad d = \frac{\tau_{AB} + \tau_{BA}}{2}

    One direction alone knows only :math:`\tau_{AB} = \theta + d`. With n coincidences each way and no background the
    standard error is :math:`\sigma/\sqrt{2n}`. Who delays *one* direction by D, from the first tag on, shifts the offset
    by D/2 and the delay by D/2, and no time tag shows it: a longer way between other clocks has the same tags. A delay of
    both directions alike cancels from the offset. If the estimates were made with ``drift=True``, both are taken to one
    moment, and the error of the drift counts in ``error_s``; without it, records of different times put half of what the
    clocks drifted between them into the delay.

    Parameters
    ----------
    there : OffsetEstimate
        Of pairs made beside our clock: the other clock is the far one.
    back : OffsetEstimate
        Of pairs made beside the other clock: ours is the far one. Over the same span of time as `there`.

    Returns
    -------
    TwoWay

    Examples
    --------
    >>> from qlearn.communication.quantum_network import coincidences, estimate_offset, pair_tags
    >>> ab = pair_tags(5000, 1.0, offset_s=3e-6, delay_s=5e-5, rng=1)
    >>> ba = pair_tags(5000, 1.0, offset_s=-3e-6, delay_s=5e-5, rng=2)
    >>> both = two_way(*[estimate_offset(coincidences(tags, window_s=1e-8)) for tags in (ab, ba)])
    >>> print(f"{both.offset_s * 1e6:.5f} us, {both.delay_s * 1e6:.5f} us, {both.error_s * 1e12:.1f} ps")
    3.00000 us, 50.00000 us, 3.0 ps

    References
    ----------
    J. Lee et al., Appl. Phys. Lett. 114, 101102 (2019), arXiv:1812.08450, and for the delay of one direction
    Appl. Phys. Lett. 115, 141101 (2019), arXiv:1907.09661.
    """
    for estimate, name in ((there, "there"), (back, "back")):
        if not isinstance(estimate, OffsetEstimate):
            raise TypeError(f"{name} must be what estimate_offset returns, not {type(estimate).__name__}")
    ahead = (there.offset_s - back.offset_s) / 2  # the other clock reads this much more at the same moment
    at = (there.at_s + back.at_s - ahead) / 2
    ab = there.offset_s + there.drift * (at - there.at_s)
    ba = back.offset_s + back.drift * (at + ahead - back.at_s)
    moved = there.drift_error * (at - there.at_s), back.drift_error * (at + ahead - back.at_s)
    error = float(np.hypot(np.hypot(there.error_s, moved[0]), np.hypot(back.error_s, moved[1]))) / 2
    return TwoWay(offset_s=(ab - ba) / 2, delay_s=(ab + ba) / 2, error_s=error, at_s=at)
