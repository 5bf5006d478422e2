"""The time shift: Eve touches nothing but the clock, and Bob's detectors tell her his bits."""

from typing import Any

import numpy as np

from qlearn._checks import as_count, as_probability, as_rng
from qlearn.communication.bb84 import Interception, Pulses, Transmission, read
from qlearn.communication.coins import coins


def time_shifted_exchange(
    n_pulses: int, *, efficiencies: tuple[float, float], p_x: float = 0.5, rng: Any = None
) -> Transmission:
    r"""Send BB84 pulses whose arrival Eve shifts to where one of Bob's two detectors is the better one.

    Bob has a detector for 0 and one for 1, open for a moment each, and never at exactly the same moment.
    Eve delays a pulse so that it falls where one detector sees with efficiency :math:`\eta` and the other
    with :math:`\eta' < \eta`. If Bob announces a click, the favoured detector is the likelier:

    .. math:: P = \frac{\eta}{\eta + \eta'}, \qquad I = 1 - h(P),

    at an error rate of 0: she did not measure anything, and by favouring both in turn she keeps his zeros
    and ones in balance. She holds no quantum memory, so I is all that she has: there is no :math:`\chi` above it.

    Parameters
    ----------
    n_pulses : int
        At least 1.
    efficiencies : tuple of (float, float)
        Of the favoured detector and of the other one, 0 to 1: the first is no lower, for she favours the better.
    p_x : float
        Chance of the basis X, for Alice and Bob.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    Transmission
        With Eve's notes: her guess is the detector that she favoured.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, or the efficiencies are not two with the higher one first.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import observe
    >>> seen = observe(time_shifted_exchange(400_000, efficiencies=(0.2, 0.05), rng=1))
    >>> seen.qber["Z"], round(seen.guess["Z"], 2)
    (0.0, 0.8)

    References
    ----------
    Qi, Fung, Lo and Ma, Quantum Inf. Comput. 7, 73 (2007), arXiv:quant-ph/0512080;
    Zhao, Fung, Qi, Chen and Lo, Phys. Rev. A 78, 042333 (2008), arXiv:0704.3253 (on a commercial system).

    Taught in :doc:`/communication/eavesdropping`.
    """
    n, rng, p_x = as_count(n_pulses, "n_pulses"), as_rng(rng), as_probability(p_x, "p_x")
    if not isinstance(efficiencies, tuple | list) or len(efficiencies) != 2:
        raise ValueError(
            f"efficiencies must be two numbers, of the favoured and the other detector, not {efficiencies!r}"
        )
    good, poor = (as_probability(eta, "efficiencies") for eta in efficiencies)
    if poor > good:
        raise ValueError(
            f"efficiencies must name the favoured detector first, the better one, not ({good:g}, {poor:g}): "
            "Eve's guess is the detector that she favours"
        )
    sent = Pulses(coins(n, rng=rng), coins(n, p_x, rng))
    bob_bases, favoured = coins(n, p_x, rng), coins(n, rng=rng)
    fallen = read(sent, bob_bases, rng)  # the detector that the photon falls on
    detected = np.where(fallen == favoured, coins(n, good, rng), coins(n, poor, rng)).astype(bool)
    notes = Interception(np.zeros(n, dtype=bool), sent.bases.copy(), favoured)
    return Transmission(sent.bits, sent.bases, fallen & detected, bob_bases, detected, notes)
