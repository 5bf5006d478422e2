"""Finite keys: what the counts of one session prove, statistics included."""

from dataclasses import dataclass
from math import floor, log2
from typing import Literal

from qlearn._checks import as_failure, as_real
from qlearn.communication.entropy import binary_entropy
from qlearn.communication.photons.counts import Counts
from qlearn.communication.photons.decoy_counts import EVENTS, phase_error, single_errors, vacuum_and_single
from qlearn.communication.photons.source import Source


@dataclass(frozen=True)
class FiniteKey:
    """A key of proven length, and what it was made of.

    Parameters
    ----------
    bits : float
        What the formula gives; negative where the counts prove nothing.
    sifted : float
        Bits in the key basis, of all intensities.
    qber : float
        Error rate of these bits, which correction is paid for.
    vacuum, single : float
        Lower bounds of how many of them came from pulses of no photon and of one photon.
    phase_error : float
        Upper bound of the error rate that the single-photon bits would have in the other basis: Eve's share.
    leak : float
        Bits that error correction discloses.

    Taught in :doc:`/communication/photons`.
    """

    bits: float
    sifted: float
    qber: float
    vacuum: float
    single: float
    phase_error: float
    leak: float

    @property
    def length(self) -> int:
        """Secret bits, a whole number: 0 if the counts prove none."""
        return max(0, floor(self.bits))


def finite_key(
    counts: Counts,
    *,
    source: Source,
    security: float | None = 1e-10,
    correctness: float = 1e-15,
    efficiency: float = 1.16,
    key_basis: Literal["Z", "X"] = "Z",
) -> FiniteKey:
    r"""Return the secret key that a session's counts prove, against every attack on the line.

    .. math:: \ell = \Bigl\lfloor s_0 + s_1 \bigl(1 - h(\phi)\bigr) - \lambda_\text{EC}
              - 6 \log_2 \frac{21}{\varepsilon_\text{sec}} - \log_2 \frac{2}{\varepsilon_\text{cor}} \Bigr\rfloor

    The bits of one basis, of all three intensities, become the key; those of the other are published and
    bound :math:`\phi`. Of the key's bits at least :math:`s_0` came from empty pulses, of which Eve knows nothing,
    and :math:`s_1` from single photons; what she may know of the rest is everything.

    Parameters
    ----------
    counts : Counts
        Of the whole session.
    source : Source
        What Alice set: the intensities and how often.
    security : float or None
        :math:`\varepsilon_\text{sec}`. None: leave the statistics out, as if the session were endless and these
        its frequencies; a limit to compare with, never a key to use.
    correctness : float
        :math:`\varepsilon_\text{cor}`, chance that verification misses unequal keys.
    efficiency : float
        :math:`f`, so that :math:`\lambda_\text{EC} = n f h(e)`. In a real session: the bits disclosed.
    key_basis : {"Z", "X"}
        The basis of the key; the other one tests.

    Returns
    -------
    FiniteKey

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, expected_counts
    >>> source = Source((0.45, 0.15, 2e-4), (0.4, 0.4, 0.2), p_x=0.3)
    >>> line = {"link": LINKS["lim2014"], "transmittance": 0.1, "source": source}
    >>> [finite_key(expected_counts(n, **line), source=source).length for n in (1e8, 1e9, 1e10)]
    [0, 276358, 3786219]

    References
    ----------
    Lim, Curty, Walenta, Xu and Zbinden, "Concise security bounds for practical decoy-state quantum key
    distribution", Phys. Rev. A 89, 022307 (2014), arXiv:1311.7129, equation 1 (there the key is in X).

    Taught in :doc:`/communication/photons`.
    """
    if not isinstance(counts, Counts):
        raise TypeError(f"counts must be Counts, not {type(counts).__name__}")
    if not isinstance(source, Source):
        raise TypeError(f"source must be the Source that made the counts, not {source!r}")
    if key_basis not in ("Z", "X"):
        raise ValueError(f'key_basis must be "Z" or "X", not {key_basis!r}')
    for name, value in (("security", security), ("correctness", correctness)):
        if value is not None:
            as_failure(value, name)
    as_real(efficiency, "efficiency", least=1)

    key, test = (0, 1) if key_basis == "Z" else (1, 0)
    n = float(counts.sifted[:, key].sum())
    qber = float(counts.errors[:, key].sum()) / n if n else 0.0
    vacuum, single = vacuum_and_single(counts.sifted[:, key], source, security)
    _, tested = vacuum_and_single(counts.sifted[:, test], source, security)
    phase = phase_error(single_errors(counts.errors[:, test], source, security), tested, single, security)
    leak = n * efficiency * float(binary_entropy(min(qber, 0.5)))
    price = 0.0 if security is None else 6 * log2(EVENTS / security) + log2(2 / correctness)
    bits = vacuum + single * (1 - float(binary_entropy(phase))) - leak - price
    return FiniteKey(bits, n, qber, vacuum, single, phase, leak)
