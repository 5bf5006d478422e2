"""Blinding: Bob's detectors count what Eve wants them to count."""

from typing import Any

import numpy as np

from qlearn._checks import as_count, as_probability, as_real, as_rng
from qlearn.communication.bb84 import Interception, Pulses, Transmission, read
from qlearn.communication.coins import coins


def blinded_exchange(n_pulses: int, *, power: float = 1.5, p_x: float = 0.5, rng: Any = None) -> Transmission:
    r"""Send BB84 pulses to a Bob whose detectors are blinded.

    Under bright light an avalanche photodiode stops counting photons: it becomes a light meter that clicks
    above a threshold. Eve measures Alice's pulse in a basis of her own and sends Bob a flash of `power`
    thresholds that says what she found. In her basis all of it meets one detector; in the other it splits,
    half on each:

    ============== ================= =============================
    power          Bob in her basis  Bob in the other
    ============== ================= =============================
    below 1        silent            silent
    1 to 2         reads her bit     **silent**: lost, like a photon
    2 and more     reads her bit     both click: he throws a coin
    ============== ================= =============================

    In the middle row Bob's bit is hers wherever he has one, so what is sifted has no errors, and Eve has
    all of it.

    Parameters
    ----------
    n_pulses : int
        At least 1.
    power : float
        Of Eve's flashes, in units of the threshold; at least 0.
    p_x : float
        Chance of the basis X, for Alice and Bob; Eve throws a fair coin.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    Transmission
        With Eve's notes.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> keys = bb84.sift(blinded_exchange(100_000, rng=1))
    >>> keys.qber
    0.0

    References
    ----------
    Lydersen et al., Nature Photonics 4, 686 (2010), arXiv:1008.4593;
    Gerhardt et al., Nature Communications 2, 349 (2011), arXiv:1011.0105 (on a running system).

    Taught in :doc:`/communication/eavesdropping`.
    """
    n, rng = as_count(n_pulses, "n_pulses"), as_rng(rng)
    power, p_x = as_real(power, "power", least=0), as_probability(p_x, "p_x")
    sent = Pulses(coins(n, rng=rng), coins(n, p_x, rng))
    hers = coins(n, rng=rng)
    found = read(sent, hers, rng)
    bob_bases = coins(n, p_x, rng)
    same = hers == bob_bases
    detected = np.where(same, power >= 1, power >= 2).view(np.uint8)
    bob_bits = np.where(same, found, coins(n, rng=rng)) & detected
    notes = Interception(np.ones(n, dtype=bool), hers, found)
    return Transmission(sent.bits, sent.bases, bob_bits, bob_bases, detected.view(bool), notes)
