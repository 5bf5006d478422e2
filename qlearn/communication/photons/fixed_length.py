"""Fixed length: thresholds before the session, one length after it, or nothing."""

from dataclasses import dataclass
from math import floor
from typing import Literal

from qlearn._checks import as_failure, as_probability
from qlearn.communication.photons.counts import Counts
from qlearn.communication.photons.finite import FiniteKey, Proof, finite_key
from qlearn.communication.photons.source import Source


@dataclass(frozen=True)
class FixedLength:
    """An acceptance test and the length of the key that is made of every session which passes it.

    Parameters
    ----------
    length : int
        Secret bits of an accepted session.
    vacuum, single : float
        A session must prove at least so many bits from empty pulses and from single photons,
    phase_error : float
        at most that phase error,
    leak : float
        and its correction must have disclosed at most so many bits.
    source, security, correctness, efficiency, key_basis
        As for :func:`finite_key`, fixed as well.

    Taught in :doc:`/communication/photons`.
    """

    length: int
    vacuum: float
    single: float
    phase_error: float
    leak: float
    source: Source
    security: float
    correctness: float
    efficiency: float
    key_basis: Literal["Z", "X"]

    def accepts(self, counts: Counts, *, leak: float | None = None) -> bool:
        """Return whether the session passes; `leak` is what its correction disclosed, None as :func:`finite_key`."""
        seen = self._found(counts, leak)
        return (
            seen.vacuum >= self.vacuum
            and seen.single >= self.single
            and seen.phase_error <= self.phase_error
            and seen.leak <= self.leak
        )

    def key(self, counts: Counts, *, leak: float | None = None) -> int:
        """Return the length of the session's key: `length` if it is accepted, else 0."""
        return self.length if self.accepts(counts, leak=leak) else 0

    def _found(self, counts: Counts, leak: float | None) -> FiniteKey:
        return finite_key(
            counts,
            source=self.source,
            security=self.security,
            correctness=self.correctness,
            efficiency=self.efficiency,
            leak=leak,
            key_basis=self.key_basis,
        )


def fixed_length(
    expected: Counts,
    *,
    source: Source,
    tolerance: float,
    security: float = 1e-10,
    correctness: float = 1e-15,
    efficiency: float = 1.16,
    key_basis: Literal["Z", "X"] = "Z",
) -> FixedLength:
    r"""Fix, before a session, what it must show and how long its key will be.

    The thresholds are what an honest session is expected to prove, made easier by a share :math:`t`:

    .. math:: s_0^* = (1 - t)\, s_0, \quad s_1^* = (1 - t)\, s_1, \quad \phi^* = (1 + t)\, \phi, \quad
              \lambda^* = (1 + t)\, \lambda_\text{EC}

    and the length is that of a session which just reaches them. A small :math:`t` rejects honest sessions, a large
    one gives bits away in every session. Nothing of this may be chosen after the counts are seen: a length that is
    fixed by looking is not fixed, and the proof for it is another one (:func:`finite_key`).

    Parameters
    ----------
    expected : Counts
        For example of :func:`expected_counts`, for the session's size and the line as it should be.
    source : Source
        What Alice will set.
    tolerance : float
        :math:`t`, between 0 and 1.
    security, correctness, efficiency, key_basis
        As for :func:`finite_key`.

    Returns
    -------
    FixedLength
        Of length 0 where even the expected session makes no key.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, expected_counts
    >>> source = Source((0.45, 0.15, 2e-4), (0.4, 0.4, 0.2), p_x=0.3)
    >>> line = {"link": LINKS["lim2014"], "source": source}
    >>> expected = expected_counts(1e10, transmittance=0.1, **line)
    >>> agreed = fixed_length(expected, source=source, tolerance=0.05)
    >>> agreed.key(expected) == agreed.length < finite_key(expected, source=source).length
    True
    >>> agreed.key(expected_counts(1e10, transmittance=0.09, **line))  # a tenth of the light is missing
    0

    References
    ----------
    The test: Lim et al., 2014, arXiv:1311.7129, section II, step 4. How it enters a proof: Wiesemann, Krause,
    Tupkary, Luetkenhaus, Rusca and Walenta, Quantum 10, 2037 (2026), arXiv:2405.16578.

    Taught in :doc:`/communication/photons`.
    """
    t = as_probability(tolerance, "tolerance")
    as_failure(security, "security")  # None, the limit of finite_key, is no session's
    seen = finite_key(
        expected,
        source=source,
        security=security,
        correctness=correctness,
        efficiency=efficiency,
        key_basis=key_basis,
    )
    least = Proof((1 - t) * seen.vacuum, (1 - t) * seen.single, min(0.5, (1 + t) * seen.phase_error))
    leak = (1 + t) * seen.leak
    length = max(0, floor(least.secret - leak - seen.price))
    return FixedLength(length, *least[:3], leak, source, security, correctness, efficiency, key_basis)
