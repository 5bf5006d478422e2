"""Distillation: from pulses to a secret key of proven length, or to no key and the reason why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from qlearn._types import Bits
from qlearn.communication.bb84.sifting import SiftedKeys
from qlearn.communication.bb84.transmission import Origin, Transmission
from qlearn.communication.secret_key.authentication import AuthenticationKey
from qlearn.communication.secret_key.finite_key import as_sizes, failure_of_one_basis, hashing_margin
from qlearn.communication.secret_key.ledger import STEPS, Ledger, Ledgerkeeper
from qlearn.communication.secret_key.parameter_estimation import (
    PhaseErrorBound,
    estimate_as_alice,
    estimate_as_bob,
)
from qlearn.communication.secret_key.public_channel import NoKey, Note, Program, PublicChannel
from qlearn.communication.secret_key.reconciliation.methods import Method
from qlearn.communication.secret_key.session import (
    FALSE_ALARM,
    AlicesPart,
    AssessedKey,
    BobsPart,
    Keep,
    Session,
    Terms,
    refuse_if_constant,
    run,
)
from qlearn.communication.secret_key.sifting import (
    AlicePulses,
    BobPulses,
    Sifted,
    each_side,
    sift_as_alice,
    sift_as_bob,
)


@dataclass(frozen=True, eq=False, repr=False)
class DistilledKey:
    """How a session ended: two equal keys, or none and the reason.

    Parameters
    ----------
    alice, bob : ndarray of uint8, shape (length,), or None
        Their keys, each made from what that party sent, measured and heard. Equal, or both None.
    ledger : Ledger
        Where every sifted bit went, up to the end of the session.
    step, reason : str
        Where and why the session ended without a key; empty if there is one.
    channel : PublicChannel
        All that was said in public.
    """

    alice: Bits | None
    bob: Bits | None
    ledger: Ledger
    step: str
    reason: str
    channel: PublicChannel

    def __repr__(self) -> str:
        if self.alice is None:
            return f"DistilledKey(no key; {self.step}: {self.reason})"
        sifted = self.ledger.by_step.get("sift", 0)
        return f"DistilledKey({self.length:,} bits of {sifted:,} sifted ones)"

    @property
    def key(self) -> Bits | None:
        """The secret key, or None."""
        return self.alice

    @property
    def length(self) -> int:
        """Bits of the key, 0 if there is none."""
        return 0 if self.alice is None else self.alice.size


def distill(
    transmission: Transmission | SiftedKeys,
    *,
    security: float = 1e-10,
    correctness: float = 1e-15,
    reconciliation: Method = "cascade",
    authentication_key: AuthenticationKey,
    sample: dict[str, int] | None = None,
    channel: PublicChannel | None = None,
    rng: Any = None,
) -> DistilledKey:
    r"""Make a secret key of single photons: sift, estimate, reconcile, verify, amplify, authenticate.

    .. math:: \ell = \left\lfloor \sum_{b} n_b \left(1 - h\!\left(\tfrac{E_b}{n_b}\right)\right)
              - \text{leak} - t - 2 \log_2 \tfrac{1}{\varepsilon_\text{sec}} \right\rfloor
              - \text{authentication}

    The sum runs over the two bases: :math:`n_b` bits are kept, :math:`E_b` phase errors may be among them
    (:func:`estimate`), *leak* parities or syndrome bits and :math:`t` tag bits were said in public, and the
    key pays back the authentication bits that the session spent.

    All of it is one conversation, from Bob's first word on: which pulses he saw, and in which bases he read them.
    At the end both compare what they said and heard under the authentication key. So an Eve who was Bob to Alice and
    Alice to Bob, from the first message on, is found before anybody uses the key.

    Parameters
    ----------
    transmission : Transmission or SiftedKeys
        What :func:`~qlearn.communication.bb84.exchange` left. Of sifted keys the sifting was said elsewhere, and **these
        tags do not cover it**: use them only where another authenticated line carried it, or where nobody can be in
        the middle. The ledger says so in a line of its own. Either is used up by the session, however it ends.
    security : float
        :math:`\varepsilon_\text{sec}`, how far the key may be from perfectly secret; at least 1e-100.
    correctness : float
        :math:`\varepsilon_\text{cor}`, how likely the two keys may differ; at least 1e-100.
    reconciliation : {"cascade", "ldpc"}
        Many short questions, or one long syndrome.
    authentication_key : AuthenticationKey
        Shared beforehand. Its `session_bits` are spent, and refilled if there is a key.
    sample : dict of {"Z": int, "X": int}, optional
        Bits to compare of each basis. None: the best for about 3 % of errors.
    channel : PublicChannel, optional
        The line; with an `eve`, one that somebody meddles with. None: an honest one.
    rng : None, int or numpy.random.Generator
        Alice's coins. They are those of a simulation: a key that is used needs coins that nobody can compute
        from the seeds that are said in public.

    Returns
    -------
    DistilledKey
        Equal keys, or None with the step and the reason, and the ledger so far. Whatever happens on the
        line, it is one of the two.

    Raises
    ------
    ValueError, TypeError
        If an argument is no such thing, or was used up by an earlier session, or came from laser pulses (then
        :func:`~qlearn.communication.photons.distill` is the way): before anything is said, and before any key is spent.

    Examples
    --------
    >>> from qlearn.communication import bb84, random_bits
    >>> from qlearn.communication.secret_key import SESSION_BITS
    >>> sent = bb84.exchange(200_000, noise=0.02, rng=1)
    >>> pool = AuthenticationKey(random_bits(SESSION_BITS, rng=2))
    >>> made = distill(sent, authentication_key=pool, rng=3)
    >>> made.length > 20_000, (made.alice == made.bob).all(), pool.left
    (True, np.True_, 512)
    >>> distill(sent, authentication_key=pool, rng=3)
    Traceback (most recent call last):
    ...
    ValueError: these bits were used up by an earlier session: ...

    Notes
    -----
    The paper takes the key from one basis, and fixes its length and the errors that it tolerates beforehand. Here
    both bases give key, each vouched for by the sample of the other at half of the failure probability, and the
    length follows what is seen. That costs nothing: the chance that a sample misleads is bounded on average over
    all that it may show, and enters the security by its square root, which is concave.

    Bob's questions and his list of the frames that agree tell where errors were. As is usual, that is not counted.
    Tupkary and Lütkenhaus find that it changes nothing in many practical situations, and that it does in others.

    References
    ----------
    Tomamichel, Lim, Gisin and Renner, Nature Communications 3, 634 (2012), arXiv:1103.4130. On lengths that are not fixed
    beforehand: Tupkary, Tan and Lütkenhaus, 2024, arXiv:2311.01600. On Bob's questions: Tupkary and
    Lütkenhaus, 2023, arXiv:2307.00576.
    """
    # The name tells: the package on photons stands on this one, and not the other way round.
    what = type(transmission).__name__
    if what == "LaserTransmission":
        raise TypeError(_LASER)
    if not isinstance(transmission, Transmission | SiftedKeys):
        raise TypeError(
            f"transmission must be a Transmission, as exchange returns it, or SiftedKeys, not {what}"
        )
    refuse_unless_fresh_single_photons(transmission.origin)
    if sample is not None:
        as_sizes(sample, "sample")
    terms = Terms(security, correctness, reconciliation, authentication_key, channel, rng)
    parts: tuple[Any, Any] = (
        each_side([transmission])
        if isinstance(transmission, Transmission)
        else (Sifted(transmission.alice, transmission.bases), Sifted(transmission.bob, transmission.bases))
    )
    return hold(QubitSession(terms, sample), parts, [transmission.origin])


_LASER = (
    "these bits came from laser pulses, and of a pulse of two photons Eve may have kept one: this length would be too "
    "long. Use qlearn.communication.photons.distill, which asks the decoys"
)


def refuse_unless_fresh_single_photons(origin: Origin) -> None:
    """Raise a ValueError for laser light, and for bits that an earlier session has used up."""
    if origin.light != "single photons":
        raise ValueError(_LASER)
    origin.refuse_if_spent()


@dataclass(frozen=True, eq=False)
class QubitSession(Session[Iterable[AlicePulses] | Sifted, Iterable[BobPulses] | Sifted]):
    """A session of single photons: both bases give key, each vouched for by a sample of the other."""

    sample: dict[str, int] | None = None
    pulse_by_pulse: bool = False

    def assess_as_alice(self, part: Iterable[AlicePulses] | Sifted) -> Program[AssessedKey]:
        """Sift, and compare a sample of each basis, as Alice."""
        mine = (
            part
            if isinstance(part, Sifted)
            else (yield from sift_as_alice(part, pulse_by_pulse=self.pulse_by_pulse))
        )
        yield Note("sift", "bits whose bases agree", mine.bits.size)
        if isinstance(part, Sifted):
            yield Note("sift", "sifted elsewhere: the tags of this session do not cover it")
        refuse_if_constant(mine.bits, "Alice's", self.terms.security)
        yield Note("estimate")
        seen, keep = yield from estimate_as_alice(
            mine.bits, mine.bases, self.sample, self.terms.security, self.terms.rng
        )
        return self._assessed(seen, mine, keep)

    def assess_as_bob(self, part: Iterable[BobPulses] | Sifted) -> Program[AssessedKey]:
        """Sift, and compare a sample of each basis, as Bob."""
        mine = (
            part
            if isinstance(part, Sifted)
            else (yield from sift_as_bob(part, pulse_by_pulse=self.pulse_by_pulse))
        )
        refuse_if_constant(mine.bits, "Bob's", self.terms.security)
        failure = failure_of_one_basis(self.terms.security)
        seen, keep = yield from estimate_as_bob(mine.bits, mine.bases, failure)
        return self._assessed(seen, mine, keep)

    def _assessed(self, seen: PhaseErrorBound, mine: Sifted, keep: Keep) -> AssessedKey:
        bases = mine.bases[keep]

        def secret(stays: Keep | None) -> float:
            left = bases if stays is None else bases[stays]
            in_x = int(np.count_nonzero(left))
            return seen.secret_bits({"Z": left.size - in_x, "X": in_x})

        compared = sum(seen.sizes.values())
        rates = ", ".join(f"{rate:.1%} in {basis}" for basis, rate in seen.qber_by_basis.items())
        return AssessedKey(
            mine.bits[keep],
            seen.expected,
            seen.highest(FALSE_ALARM),
            secret,
            hashing_margin(self.terms.security),
            compared,
            rates,
            reason="",
            short=seen.would_do,
        )


BY_HAND = "interrupted by hand"
"""The reason of a session that the user ended."""


def hold(
    session: Session[AlicesPart, BobsPart], parts: tuple[AlicesPart, BobsPart], origins: list[Origin]
) -> DistilledKey:
    """Hold a session: let the two talk, and note what it used up.

    `origins` may grow while the session takes pulses: what it has taken is used up when it ends.
    """
    for origin in origins:
        origin.claim()
    line = PublicChannel() if session.terms.channel is None else session.terms.channel
    line.open()
    rounds = line.rounds
    with tqdm(total=len(STEPS), unit="step", disable=None, delay=1) as bar:
        book = Ledgerkeeper(bar.update)
        alice, bob, step, reason = None, None, "", ""
        try:
            alice, bob = run(session, parts, line, book)
        except NoKey as end:
            step, reason = end.step, end.reason
        except KeyboardInterrupt:
            step, reason = book.step, BY_HAND
        finally:
            disclosed = line.disclosed_in_session()
            book.break_off(disclosed)
            story = _story(book.ledger, disclosed, step) if line.rounds > rounds else ""
            for origin in origins:
                origin.spent = story
    return DistilledKey(alice, bob, book.ledger, step, reason, line)


def _story(ledger: Ledger, disclosed: dict[str, int], step: str) -> str:
    """Say what a session has given away in public about the bits that it used: what the line counted, and those compared."""
    compared = -ledger.by_step.get("estimate", 0)
    parts = [f"{compared:,} in the step estimate"] if compared else []
    if "estimate" in disclosed and not compared:
        parts = ["what was compared up to then"]
    parts += [f"{bits:,} in the step {name}" for name, bits in disclosed.items() if bits]
    public = ", ".join(parts)
    ended = f'ended without a key in the step "{step}"' if step else "made a key of them"
    return f"it {ended} and said of them in public {public or 'where the bases agree'}"
