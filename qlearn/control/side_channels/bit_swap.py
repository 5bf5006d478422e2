"""Bit swap: Bob decides anew for each pulse which of his detectors means 0, and so unties the click from the bit."""

from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_rng
from qlearn._types import Bits
from qlearn.communication.randomness import random_bits


class SwappedDetectors(NamedTuple):
    """Which detector clicked, as everybody near may learn, and whether the pulse was swapped, as Bob alone knows; (n,)."""

    clicked: Bits
    swapped: Bits


def swapped_detectors(bits: ArrayLike, rng: Any = None) -> SwappedDetectors:
    r"""Return the detectors that click if Bob swaps their meaning for each pulse by a coin of his own.

    .. math:: \text{clicked} = \text{bit} \oplus \text{swap}, \qquad I(\text{bit}; \text{clicked}) = 0

    With half a wave more on his modulator the states of 0 and 1 change places, and he undoes it on paper. What tells the
    detectors apart, a time stamp or an efficiency that Eve favours, then tells the clicked one and nothing of the bit, so long
    as the swaps stay secret and the modulator does not leak *them*. A modulator that swaps too has four settings ("four-state
    Bob").

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        Bob's bits.
    rng : None, int or numpy.random.Generator
        Throws his coins.

    Returns
    -------
    SwappedDetectors

    Examples
    --------
    >>> import numpy as np
    >>> bits = np.ones(10_000, dtype=np.uint8)
    >>> clicked, swapped = swapped_detectors(bits, rng=1)
    >>> round(float(clicked.mean()), 1), bool((clicked ^ swapped == bits).all())
    (0.5, True)

    References
    ----------
    Fung, Tamaki, Qi, Lo and Ma, Quantum Inf. Comput. 9, 131 (2009), arXiv:0802.3788. Makarov, Anisimov and Skaar, Phys. Rev. A
    74, 022313 (2006), arXiv:quant-ph/0511032: faked states, and the remedies.
    """
    received, rng = as_bits(bits, "bits"), as_rng(rng)
    swaps = random_bits(received.size, rng=rng)
    return SwappedDetectors(received ^ swaps, swaps)
