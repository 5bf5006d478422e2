"""Paid rounds: how much key a link will make, and how many rounds of learning that pays for."""

from math import floor

import numpy as np

from qlearn._checks import as_count, as_probability
from qlearn.communication.key_rate import binary_entropy
from qlearn.communication.secret_key.authentication import SESSION_BITS
from qlearn.communication.secret_key.finite_key import hashing_margin, sample_sizes, serfling_deviation
from qlearn.networks.flower_app.federation import Federation
from qlearn.networks.flower_app.quantum_keys import round_key_bits

_SECURITY, _CORRECTNESS, _EFFICIENCY = 1e-10, 1e-15, 1.1


def expected_key(pulses: int, noise: float, eavesdropped: float = 0.0) -> int:
    r"""Return how many bits of key a session on single photons is expected to make, before a pulse is sent.

    .. math:: \ell \approx \sum_b n_b\,\bigl(1 - h(e + \mu_b) - f\,h(e)\bigr) - 2\log_2\tfrac1{\varepsilon_\text{sec}}
              - t - a, \qquad e = e_0 + s\,\bigl(\tfrac14 - \tfrac{e_0}2\bigr)

    Half of the pulses are sifted, a quarter in each basis. Of these :func:`~qlearn.communication.secret_key.sample_sizes` are
    compared, :math:`n_b` are kept, and :math:`\mu_b` is what the sample of the other basis leaves open. :math:`e_0` is the
    noise, :math:`s` the share that Eve measures; :math:`f = 1.1`; :math:`t` and :math:`a` are the bits of verification and of
    authentication.

    Parameters
    ----------
    pulses : int
        Single photons sent.
    noise : float
        :math:`e_0`, share of bits that the line flips.
    eavesdropped : float
        :math:`s`. The parties do not know it: leave 0 to plan.

    Returns
    -------
    int
        Bits, 0 where no key is expected. What :func:`~qlearn.communication.secret_key.distill` makes of 100,000 pulses or
        more is up to a fifth more than this, where this is above 5,000 bits.

    Examples
    --------
    >>> expected_key(400_000, noise=0.02) > 80_000, expected_key(400_000, noise=0.02, eavesdropped=1.0)
    (True, 0)

    References
    ----------
    Tomamichel, Lim, Gisin and Renner, Nature Communications 3, 634 (2012), arXiv:1103.4130.
    """
    each = as_count(pulses, "pulses") // 4
    flips = as_probability(noise, "noise")
    error = min(0.5, flips + as_probability(eavesdropped, "eavesdropped") * (0.25 - flips / 2))
    if each < 2:
        return 0
    sample = sample_sizes({"Z": each, "X": each}, security=_SECURITY)
    total = 0.0
    for basis, other in (("Z", "X"), ("X", "Z")):
        kept = each - sample[basis]
        if kept < 1:
            return 0
        deviation = float(serfling_deviation(kept, sample[other], (_SECURITY / 4) ** 2 / 2))
        worst = min(0.5, error + deviation)
        total += kept * float(1 - binary_entropy(worst) - _EFFICIENCY * binary_entropy(error))
    paid = hashing_margin(_SECURITY) - np.log2(_CORRECTNESS) + SESSION_BITS
    return max(0, floor(total - paid))


def rounds_paid(federation: Federation, key_bits: int) -> int:
    r"""Return how many masked rounds a key pays for: :math:`\lfloor \ell / b \rfloor`, with :math:`b` bits a round.

    Parameters
    ----------
    federation : Federation
        Whose rounds they are.
    key_bits : int
        :math:`\ell`, bits in stock.

    Returns
    -------
    int

    Examples
    --------
    >>> from qlearn.networks.flower_app import Federation
    >>> federation = Federation(model="qnn", n_clients=3)
    >>> [rounds_paid(federation, bits) for bits in (14_591, 14_592, 85_248)]
    [0, 1, 5]
    """
    return as_count(key_bits, "key_bits", 0) // round_key_bits(federation)
