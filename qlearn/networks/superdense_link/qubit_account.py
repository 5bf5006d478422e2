"""The account of all qubits: what superdense coding gains on a line that has to carry the pairs, too."""

from typing import NamedTuple

import numpy as np

from qlearn._checks import as_count, as_probability, as_real
from qlearn.communication import superdense
from qlearn.qubits.entanglement import werner


class LineAccount(NamedTuple):
    """Result of :func:`line_account`."""

    pairs: float
    """Pairs that are used, m."""
    bits: float
    """Bits that arrive in the busy slots, in the mean."""
    plain_bits: float
    """Bits that bare qubits bring in the same busy slots."""
    busy_gain: float
    """The first over the second: the factor at the busy hour."""
    total_gain: float
    """The factor against bare qubits in *all* slots that were used, those of the pairs included."""


def line_account(
    *,
    busy_slots: int,
    free_slots: int = 0,
    transmittance: float = 1.0,
    memories: int | None = None,
    bits_per_pair: float = 2.0,
) -> LineAccount:
    r"""Return what a line delivers whose qubits carry messages in busy slots, and halves of pairs in free ones.

    .. math::

        m = \min(\eta f,\ M,\ b), \qquad \text{busy gain} = 1 + (C-1)\,\frac mb, \qquad
        \text{total gain} = \frac{b + (C-1)\,m}{b + m/\eta} \le 1

    Busy slots b have messages waiting. Free slots f are those in which half of a pair displaces no message: quiet hours,
    the other direction of the fibre, another fibre; each brings a pair with the chance :math:`\eta`, and M memories keep
    them. In m busy slots a qubit with a pair is sent, in the others a bare one, which carries one bit if it arrives: the
    line is clean. A lost qubit loses its two bits, and its pair with them. Means stand in the place of counts, and
    where C is not above 1 no pair is used. As C is at most 2 and :math:`\eta` at most 1, nothing is gained in all: who has
    no free slots had better send bare qubits.

    Parameters
    ----------
    busy_slots : int
        b.
    free_slots : int
        f.
    transmittance : float
        :math:`\eta`, the chance that a qubit arrives.
    memories : int, optional
        M at each end; None is as many as are needed.
    bits_per_pair : float
        C, bits that a qubit with a pair carries, 0 to 2: :func:`qlearn.communication.superdense.capacity`.

    Returns
    -------
    LineAccount

    Examples
    --------
    >>> line_account(busy_slots=1000, free_slots=1000)
    LineAccount(pairs=1000.0, bits=2000.0, plain_bits=1000.0, busy_gain=2.0, total_gain=1.0)
    >>> line_account(busy_slots=1000, free_slots=1000, transmittance=0.1).busy_gain
    1.1
    >>> line_account(busy_slots=1000).busy_gain
    1.0
    """
    b = as_count(busy_slots, "busy_slots")
    f = as_count(free_slots, "free_slots", least=0)
    eta = as_probability(transmittance, "transmittance")
    if eta == 0:
        raise ValueError("transmittance must be above 0: a line that loses every qubit carries nothing")
    c = as_real(bits_per_pair, "bits_per_pair", least=0, most=2)
    kept = np.inf if memories is None else as_count(memories, "memories", least=0)
    pairs = float(min(eta * f, kept, b)) if c > 1 else 0.0
    carried = b + (c - 1) * pairs  # of those that arrive
    return LineAccount(pairs, eta * carried, eta * b, carried / b, carried / (b + pairs / eta))


def useful_age(fidelity: float, coherence_s: float) -> float:
    r"""Return how long a stored Werner pair is worth more for superdense coding than no pair, in seconds.

    .. math:: F(t) = \tfrac14 + (F_0-\tfrac14)\,e^{-t/\tau}, \qquad
              t^* = \tau \ln\frac{F_0-\frac14}{F^*-\frac14}, \qquad C(F^*) = 1

    with :math:`F^* = 0.8107`, where a pair carries on a clean line what a bare qubit carries. It compares capacities, which
    take long codes; what a code that is used leaves of it is less.

    Parameters
    ----------
    fidelity : float
        :math:`F_0`, of the fresh pair.
    coherence_s : float
        :math:`\tau`, in seconds, of a pair with both its halves.

    Returns
    -------
    float
        0 if the fresh pair is worth no more than a bare qubit.

    Examples
    --------
    >>> round(useful_age(1.0, coherence_s=1.0), 4), useful_age(0.8, coherence_s=1.0)
    (0.2909, 0.0)
    """
    from scipy.optimize import brentq

    fresh, tau = as_probability(fidelity, "fidelity"), as_real(coherence_s, "coherence_s", above=0)
    even = brentq(lambda f: float(superdense.capacity(werner(f))) - 1, 0.75, 0.9, xtol=1e-14)
    return float(tau * np.log((fresh - 0.25) / (even - 0.25))) if fresh > even else 0.0
