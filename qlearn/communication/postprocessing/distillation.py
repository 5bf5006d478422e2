"""Distillation: from sifted bits to a secret key of proven length, or to no key and the reason why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tqdm import tqdm

from qlearn._checks import as_failure, as_rng
from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.bb84.sifting import SiftedKeys
from qlearn.communication.postprocessing.authentication import AuthenticationKey
from qlearn.communication.postprocessing.channel import NoKey, PublicChannel
from qlearn.communication.postprocessing.ledger import Ledger
from qlearn.communication.postprocessing.reconciliation.cascade.protocol import correct as correct_by_cascade
from qlearn.communication.postprocessing.reconciliation.ldpc.protocol import correct as correct_by_ldpc
from qlearn.communication.postprocessing.reconciliation.reconciled import Corrected
from qlearn.communication.postprocessing.sampling import as_sizes
from qlearn.communication.postprocessing.session import Session

RECONCILERS: dict[str, Callable[..., Corrected]] = {
    "cascade": correct_by_cascade,
    "ldpc": correct_by_ldpc,
}
"""The ways to correct errors that :func:`distill` knows."""


@dataclass(frozen=True, eq=False)
class Distilled:
    """How a session ended: two equal keys, or none and the reason.

    Parameters
    ----------
    alice, bob : ndarray of uint8, shape (length,), or None
        Their keys, each made from what that party knows. Equal, or both None.
    ledger : Ledger
        Where every sifted bit went, up to the end of the session.
    step, reason : str
        Where and why the session ended without a key; empty if there is one.
    channel : PublicChannel
        All that was said in public.

    Taught in :doc:`/communication/secret_key`.
    """

    alice: Bits | None = field(repr=False)
    bob: Bits | None = field(repr=False)
    ledger: Ledger = field(repr=False)
    step: str
    reason: str
    channel: PublicChannel = field(repr=False)

    @property
    def key(self) -> Bits | None:
        """The secret key, or None."""
        return self.alice

    @property
    def length(self) -> int:
        """Bits of the key, 0 if there is none."""
        return 0 if self.alice is None else self.alice.size


def distill(
    sifted: SiftedKeys,
    *,
    security: float = 1e-10,
    correctness: float = 1e-15,
    reconciliation: Literal["cascade", "ldpc"] = "cascade",
    authentication_key: AuthenticationKey,
    sample: dict[str, int] | None = None,
    channel: PublicChannel | None = None,
    rng: Any = None,
) -> Distilled:
    r"""Make a secret key of sifted bits: estimate, reconcile, verify, amplify, authenticate.

    .. math:: \ell = \left\lfloor \sum_{b} n_b \left(1 - h\!\left(\tfrac{E_b}{n_b}\right)\right)
              - \text{leak} - t - 2 \log_2 \tfrac{1}{\varepsilon_\text{sec}} \right\rfloor
              - \text{authentication}

    The sum runs over the two bases: :math:`n_b` bits are kept, :math:`E_b` phase errors may be among them
    (:func:`estimate`), *leak* parities or syndrome bits and :math:`t` tag bits were said in public, and the
    key pays back the authentication bits that the session spent.

    Parameters
    ----------
    sifted : SiftedKeys
        From BB84 or BBM92, with ideal single photons: for laser pulses see :doc:`/communication/photons`.
    security : float
        :math:`\varepsilon_\text{sec}`, how far the key may be from perfectly secret.
    correctness : float
        :math:`\varepsilon_\text{cor}`, how likely the two keys may differ.
    reconciliation : {"cascade", "ldpc"}
        Many short questions, or one long syndrome.
    authentication_key : AuthenticationKey
        Shared beforehand. :data:`SESSION_BITS` of it are spent, and refilled if there is a key.
    sample : dict of {"Z": int, "X": int}, optional
        Bits to compare of each basis. None: the best for about 3 % of errors.
    channel : PublicChannel, optional
        The line; with an `eve`, one that somebody meddles with. None: an honest one.
    rng : None, int or numpy.random.Generator
        Alice's coins. They are those of a simulation: a key that is used needs coins that nobody can compute
        from the seeds that are said in public.

    Returns
    -------
    Distilled
        Equal keys, or None with the step and the reason, and the ledger so far. Whatever happens on the
        line, it is one of the two.

    Raises
    ------
    ValueError, TypeError
        If an argument is no such thing: before anything is said, and before any key is spent.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> from qlearn.communication.coins import coins
    >>> from qlearn.communication.postprocessing import SESSION_BITS
    >>> keys = bb84.sift(bb84.exchange(200_000, noise=0.02, rng=1))
    >>> pool = AuthenticationKey(coins(SESSION_BITS, rng=2))
    >>> made = distill(keys, authentication_key=pool, rng=3)
    >>> made.length > 20_000, (made.alice == made.bob).all(), pool.left
    (True, np.True_, 512)
    >>> distill(keys, authentication_key=AuthenticationKey([0, 1]), rng=3).reason
    'the authentication key has 2 bits left and a session spends 512: share new ones'

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

    Taught in :doc:`/communication/secret_key`.
    """
    if not isinstance(sifted, SiftedKeys):
        raise TypeError(f"sifted must be SiftedKeys, as sift returns them, not {type(sifted).__name__}")
    if not isinstance(authentication_key, AuthenticationKey):
        raise TypeError(
            "authentication_key must be an AuthenticationKey, which remembers what is spent, not "
            f"{type(authentication_key).__name__}: AuthenticationKey(bits)"
        )
    if reconciliation not in RECONCILERS:
        raise ValueError(f"reconciliation must be one of {', '.join(RECONCILERS)}, not {reconciliation!r}")
    if channel is not None and not isinstance(channel, PublicChannel):
        raise TypeError(f"channel must be a PublicChannel or None, not {type(channel).__name__}")
    for name, value in (("security", security), ("correctness", correctness)):
        as_failure(value, name)
    if sample is not None:
        as_sizes(sample, "sample")
    line = PublicChannel() if channel is None else channel
    session = Session(line, as_rng(rng), security, correctness, RECONCILERS[reconciliation])
    try:
        with tqdm(total=5, unit="step", disable=None, delay=1) as bar:
            alice, bob = session.run(sifted, sample, authentication_key, bar)
    except NoKey as end:
        return Distilled(None, None, session.ledger, end.step, end.reason, line)
    except KeyboardInterrupt:
        return Distilled(None, None, session.ledger, session.step, "interrupted by hand", line)
    return Distilled(alice, bob, session.ledger, "", "", line)
