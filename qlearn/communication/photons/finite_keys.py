"""Finite keys: the length that the counts of one session prove, and lengths that are fixed before it."""

from dataclasses import dataclass
from math import floor, log2
from typing import Literal, NamedTuple

from qlearn._checks import as_failure, as_probability, as_real
from qlearn._types import Array
from qlearn.communication.photons.counts import Counts
from qlearn.communication.photons.decoy_states import (
    EVENTS,
    check_counts_of_source,
    single_errors,
    vacuum_and_single,
    yields_exist,
)
from qlearn.communication.photons.phase_errors import phase_error, smooth_phase_error
from qlearn.communication.photons.source import Source
from qlearn.qubits.entropies import binary_entropy

DISTINGUISHABLE = (
    "clicks or errors depend on the intensity in a way that no photon-number yields explain: "
    "signal and decoys can be told apart"
)
CONTRADICTION = "errors were seen in the test, but the intensities leave none for single photons: they contradict each other"
NO_SINGLES = "the counts prove no single photon in the key, or none in the test"
NO_ERRORS_COUNTED = (
    "no error of the key basis is given, which stands for not counted: correction is paid by them, and with two "
    "intensities they bound the vacuum; count them, by intensity, once the key is corrected"
)
TOO_FEW = "the counts prove fewer secret bits than correction and hashing cost"


@dataclass(frozen=True)
class FiniteKey:
    """The proven length of a key, and the counts and bounds it is made of.

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
    overhead : float
        Bits that the security statement costs: smoothing, hashing, and the tag that compares the keys.
    reason : str
        Why there is no key; empty if there is one.
    """

    bits: float
    sifted: float
    qber: float
    vacuum: float
    single: float
    phase_error: float
    leak: float
    overhead: float = 0.0
    reason: str = ""

    @property
    def length(self) -> int:
        """Secret bits, a whole number: 0 if the counts prove none."""
        return max(0, floor(self.bits))

    @property
    def secret(self) -> float:
        """Secret bits before correction has disclosed any: the budget of a session that is not yet corrected."""
        return self.bits + self.leak


def finite_key(
    counts: Counts,
    *,
    source: Source,
    security: float | None = 1e-10,
    correctness: float = 1e-15,
    efficiency: float = 1.16,
    leak: float | None = None,
    tag: float | None = None,
    key_basis: Literal["Z", "X"] = "Z",
    counted: bool = False,
) -> FiniteKey:
    r"""Return the secret key that a session's counts prove, against every attack on the line.

    .. math:: \ell = \Bigl\lfloor s_0 + s_1 \bigl(1 - h(\phi)\bigr) - \lambda_\text{EC}
              - 6 \log_2 \frac{b}{\varepsilon_\text{sec}} - \log_2 \frac{2}{\varepsilon_\text{cor}} \Bigr\rfloor

    The bits of one basis, of all intensities, become the key; those of the other are published and bound
    :math:`\phi`. Of the key's bits at least :math:`s_0` came from empty pulses, of which Eve knows nothing,
    and :math:`s_1` from single photons; what she may know of the rest is everything. The source says which protocol
    it is: three intensities or two (*one decoy*). The failure is divided in :math:`b = 21` or 19 equal parts, for the
    bounds, the smoothing and the hashing.

    What fails, fails closed. Without single photons in key or test, with errors that contradict each other between
    the intensities or were not counted where they are needed, or with clicks and errors that no yields explain
    (:func:`yields_exist`), there is no key, and `reason` says why.

    *What is proved, and what for.* That the key is :math:`\varepsilon_\text{sec}`-secret: its state is within that
    trace distance of a perfect key, so that whatever is built on it fails at most that much likelier than on a
    perfect one (it is not the chance that Eve knows the key). Assumed are independent pulses of random phase whose
    intensity Eve cannot tell but by the number of photons, intensities as `source` says, perfect preparation of both
    bases, detection as likely in either basis, double clicks made coins, and one session, whose size was not chosen
    by looking at it. Fluctuations are allowed for by Hoeffding's inequality, :math:`\phi` by the exact tail of
    :func:`phase_error` at a failure of :math:`(\varepsilon_\text{sec}/b)^2`, whose root is the smoothing parameter.

    *Fixed or variable length.* Lim et al. and Rusca et al. prove a key of a length that is fixed beforehand, made if
    the counts pass a test that is fixed beforehand: :func:`fixed_length`. Wiesemann et al. repair their treatment of
    that test, for a length of their own. Here the length follows from the counts. That variable length is sound was
    proved by Tupkary, Tan and Luetkenhaus, and for decoy states with this kind of phase-error bound by Tupkary et al.
    Their theorems keep books of their own: this formula is Lim's, not a quotation of theirs.

    Parameters
    ----------
    counts : Counts
        Of the whole session. The errors of the key basis are used for its error rate, and with two intensities for
        the vacuum; then they are known only after correction, which the proof of Wiesemann et al. takes into account.
    source : Source
        What Alice set: the intensities and how often.
    security : float or None
        :math:`\varepsilon_\text{sec}`. None: leave the statistics out, as if the session were endless and these
        its frequencies; a limit to compare with, never a key to use.
    correctness : float
        :math:`\varepsilon_\text{cor}`, chance that verification misses unequal keys.
    efficiency : float
        :math:`f`, so that :math:`\lambda_\text{EC} = n f h(e)` where `leak` is not given.
    leak : float, optional
        :math:`\lambda_\text{EC}` as measured: the bits that correction disclosed. 0 before it has begun.
    tag : float, optional
        Bits of the tag by which the keys were compared, in the place of :math:`\log_2(2/\varepsilon_\text{cor})`.
    key_basis : {"Z", "X"}
        The basis of the key; the other one tests.
    counted : bool
        Whether the errors of the key basis were counted where `counts` has none of them. False: zeros stand for "not
        counted", as everywhere in :class:`Counts`, and there is no key where the errors are needed: with two
        intensities, and where `leak` is not given.

    Returns
    -------
    FiniteKey

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, expected_counts
    >>> three = Source((0.45, 0.15, 2e-4), (0.4, 0.4, 0.2), p_x=0.3)
    >>> two = Source((0.45, 0.15), (0.6, 0.4), p_x=0.3)
    >>> for source in three, two:
    ...     line = {"link": LINKS["lim2014"], "transmittance": 0.1, "source": source}
    ...     [finite_key(expected_counts(n, **line), source=source).length for n in (1e8, 1e9, 1e10)]
    [0, 274811, 3781562]
    [0, 269293, 3648831]

    References
    ----------
    Three intensities: Lim, Curty, Walenta, Xu and Zbinden, "Concise security bounds for practical decoy-state
    quantum key distribution", Phys. Rev. A 89, 022307 (2014), arXiv:1311.7129, equation 1 (there the key is in X).
    Two: Rusca, Boaron, Gruenenfelder, Martin and Zbinden, "Finite-key analysis for the 1-decoy state QKD protocol",
    Appl. Phys. Lett. 112, 171104 (2018), arXiv:1801.03443, equation A25.
    Both protocols, with the acceptance test mended and the length slightly improved (not used here): Wiesemann,
    Krause, Tupkary, Luetkenhaus, Rusca and Walenta,
    "A consolidated and accessible security proof for finite-size decoy-state quantum key distribution",
    Quantum 10, 2037 (2026), arXiv:2405.16578.
    Variable length: Tupkary, Tan and Luetkenhaus, Phys. Rev. Research 6, 023002 (2024), arXiv:2311.01600; with
    decoys: Tupkary, Nahar, Sinha and Luetkenhaus, Quantum 9, 1937 (2025), arXiv:2408.17349.
    """
    check_counts_of_source(counts, source)
    if key_basis not in ("Z", "X"):
        raise ValueError(f'key_basis must be "Z" or "X", not {key_basis!r}')
    for name, value in (("security", security), ("correctness", correctness)):
        if value is not None:
            as_failure(value, name)
    as_real(efficiency, "efficiency", least=1)
    for name, measured in (("leak", leak), ("tag", tag)):
        if measured is not None:
            as_real(measured, name, least=0)

    key, test = (0, 1) if key_basis == "Z" else (1, 0)
    wrong = float(counts.errors[:, key].sum())
    found = (
        decoy_bounds(counts.sifted, counts.errors, source, security, key, test) if not counts.empty else _NONE
    )
    needed = leak is None or len(source.intensities) == 2
    if needed and wrong == 0 < counts.sifted[:, key].sum() and not counted:
        found = DecoyBounds(0.0, 0.0, 0.5, NO_ERRORS_COUNTED)
    if not yields_exist(counts, source=source):
        found = DecoyBounds(0.0, 0.0, 0.5, DISTINGUISHABLE)

    n = float(counts.sifted[:, key].sum())
    qber = wrong / n if n else 0.0
    leaked = correction(n, wrong, efficiency) if leak is None else float(leak)
    overhead = (
        0.0
        if security is None
        else smoothing(source, security) + (log2(2 / correctness) if tag is None else float(tag))
    )
    bits = found.secret - leaked - overhead
    reason = found.reason or ("" if bits >= 1 else TOO_FEW)
    return FiniteKey(bits, n, qber, found.vacuum, found.single, found.phase_error, leaked, overhead, reason)


class DecoyBounds(NamedTuple):
    """What counts prove of the key basis, before anything is paid."""

    vacuum: float
    single: float
    phase_error: float
    reason: str = ""

    @property
    def secret(self) -> float:
        """Bits of which Eve knows nothing."""
        return self.vacuum + self.single * (1 - float(binary_entropy(self.phase_error)))


_NONE = DecoyBounds(0.0, 0.0, 0.5, NO_SINGLES)


def decoy_bounds(
    sifted: Array,
    errors: Array,
    source: Source,
    security: float | None,
    key: int,
    test: int,
    smooth: bool = False,
) -> DecoyBounds:
    """Return what sifted clicks and errors, shape (k, 2), prove; `smooth` for a search, a little less."""
    vacuum, single = vacuum_and_single(sifted[:, key], errors[:, key], source, security)
    _, tested = vacuum_and_single(sifted[:, test], errors[:, test], source, security)
    wrong = single_errors(errors[:, test], source, security)
    if single <= 0 or tested <= 0:
        return DecoyBounds(vacuum, single, 0.5, NO_SINGLES)
    if wrong <= 0 < errors[:, test].sum():
        return DecoyBounds(vacuum, single, 0.5, CONTRADICTION)
    # The smoothing parameter of the entropy is the root of the chance that the bound fails.
    failure = None if security is None else (security / EVENTS[len(source.intensities)]) ** 2
    bound = smooth_phase_error if smooth and failure is not None else phase_error
    return DecoyBounds(vacuum, single, bound(wrong, tested, single, failure))  # type: ignore[arg-type]


def correction(sifted: float, wrong: float, efficiency: float) -> float:
    """Return the bits that error correction is expected to disclose."""
    return sifted * efficiency * float(binary_entropy(min(wrong / sifted, 0.5))) if sifted else 0.0


def smoothing(source: Source, security: float) -> float:
    """Return the bits that chain rules and hashing cost."""
    return 6 * log2(EVENTS[len(source.intensities)] / security)


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
    r"""Return the acceptance test and the key length that are fixed before a session.

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
    least = DecoyBounds((1 - t) * seen.vacuum, (1 - t) * seen.single, min(0.5, (1 + t) * seen.phase_error))
    leak = (1 + t) * seen.leak
    length = max(0, floor(least.secret - leak - seen.overhead))
    return FixedLength(length, *least[:3], leak, source, security, correctness, efficiency, key_basis)
