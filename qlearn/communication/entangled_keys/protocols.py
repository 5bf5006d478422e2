"""The protocols for pairs: BBM92, which is BB84 with pairs, and E91, where some angles make the key and others the proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_failure, as_probability, as_rng
from qlearn._types import Bits
from qlearn.communication._error_rates import highest_rate
from qlearn.communication.bb84 import SiftedKeys
from qlearn.communication.entangled_keys.device_independent import (
    ChshEstimate,
    NoClick,
    chsh_from,
    device_independent_rate,
    refuse_unless_rounds,
)
from qlearn.communication.entangled_keys.rounds import Rounds, distribute
from qlearn.communication.entangled_keys.settings import BBM92, EKERT, Settings
from qlearn.communication.entangled_keys.sources import LocalSource, PairSource


def bbm92(
    n_pairs: int,
    *,
    source: PairSource | LocalSource | ArrayLike | None = None,
    p_x: float = 0.5,
    efficiency: float = 1.0,
    rng: Any = None,
) -> Rounds:
    r"""Let Alice and Bob measure the two halves of each pair in Z or X.

    Nobody writes a bit: it comes into being when it is read, on both sides. For a Werner pair of
    fidelity F, with visibility :math:`V = (4F-1)/3`,

    .. math:: \mathrm{QBER} = \frac{1 - V}{2} = \frac{2\,(1-F)}{3} \quad\text{in either basis.}

    Parameters
    ----------
    n_pairs, source
        As in :func:`~qlearn.communication.entangled_keys.distribute`. Pairs near :math:`\Phi^+` are meant; if
        yours are near another Bell state, turn one half first.
    p_x : float
        Chance that a side measures in X.
    efficiency, rng
        As in :func:`~qlearn.communication.entangled_keys.distribute`.

    Returns
    -------
    Rounds
        Setting 0 is Z and setting 1 is X; :func:`sift` makes keys of them.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> round(sift(bbm92(200_000, source=werner(0.97), rng=1)).qber, 2)
    0.02

    References
    ----------
    Bennett, Brassard and Mermin, Phys. Rev. Lett. 68, 557 (1992), doi:10.1103/PhysRevLett.68.557.
    """
    p_x = as_probability(p_x, "p_x")
    chances = (1 - p_x, p_x)
    return distribute(
        n_pairs, source=source, settings=BBM92, p_alice=chances, p_bob=chances, efficiency=efficiency, rng=rng
    )


def sift(rounds: Rounds) -> SiftedKeys:
    """Keep the bits of the rounds in which both clicked and both chose the same setting.

    From here on nothing tells these keys from those of BB84: the same errors, the same rate, the same
    post-processing. Rounds without a click are dropped, as in BB84, on the assumption that the detectors
    lose particles without regard to the basis.

    Parameters
    ----------
    rounds : Rounds
        Of :func:`bbm92`.

    Returns
    -------
    SiftedKeys
        Of :mod:`qlearn.communication.bb84`; possibly empty.

    Raises
    ------
    ValueError, TypeError
        If these are no rounds in Z and X: the rate of BB84 holds for two such bases and for nothing else.

    Examples
    --------
    >>> len(sift(bbm92(100, rng=1)))
    48
    """
    refuse_unless_rounds(rounds)
    if rounds.settings != BBM92:
        raise ValueError(
            "rounds must be of BBM92, in Z and X on both sides: the keys of other angles are judged by their "
            "CHSH value, as e91 does"
        )
    kept = np.flatnonzero(np.equal(rounds.alice_choices, rounds.bob_choices) & rounds.coincidences)
    return SiftedKeys(
        rounds.alice_bits.take(kept),
        rounds.bob_bits.take(kept),
        rounds.alice_choices.take(kept),
        rounds.origin,
    )


@dataclass(frozen=True, eq=False, repr=False)
class EkertKeys:
    """Result of :func:`e91`: two sifted keys with their CHSH value and error rate, or the reason for aborting.

    Parameters
    ----------
    alice, bob : ndarray of uint8, shape (n,), or None
        Bits of the matching angles, without the disclosed sample: neither corrected nor secret yet. None
        where the session was aborted.
    reference : ndarray of uint8, shape (n,), or None
        Whose bit counts at each place, 0 Alice's and 1 Bob's: the answer at a setting that the test has seen. The other
        side corrects to it, ``np.where(keys.reference, keys.bob, keys.alice)``; `rate` is that of these bits.
    numbers : ndarray of int, shape (n,), or None
        Of the rounds that the bits come from.
    chsh : ChshEstimate
        What the test rounds say.
    qber : float
        Share of the disclosed bits that differ.
    chsh_bound, qber_bound : float
        The worst S and error rate that are not excluded.
    rate : float
        Secret bits a key bit at these two bounds, for rounds that are alike and independent: boxes that remember
        may leave fewer.
    reason : str or None
        Why there is no key.
    rounds : Rounds
        Everything, with Eve's notes: for lessons.
    """

    alice: Bits | None
    bob: Bits | None
    reference: Bits | None
    numbers: NDArray[np.intp] | None
    chsh: ChshEstimate
    qber: float
    chsh_bound: float
    qber_bound: float
    rate: float
    reason: str | None
    rounds: Rounds

    def __repr__(self) -> str:
        if self.alice is None:
            return f"EkertKeys(no key, reason={self.reason!r})"
        return f"EkertKeys({self.alice.size} bits, qber={self.qber:.4f}, chsh={self.chsh.value:.3f}, rate={self.rate:.3f})"


def matching_rounds(
    rounds: Rounds, *, no_click: NoClick = "count"
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the numbers of the rounds in which both measured along the same angle.

    Parameters
    ----------
    rounds : Rounds
        As :func:`~qlearn.communication.entangled_keys.distribute` returns them.
    no_click : {"count", "discard"}
        Whether rounds stay in which a detector did not click; its bit is 0.

    Returns
    -------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> matching_rounds(distribute(9, settings=EKERT, rng=3))
    array([1, 2, 4, 6])
    """
    width = len(rounds.settings.bob)
    good = np.zeros(len(rounds.settings.alice) * width, dtype=bool)
    good[[x * width + y for x, y in rounds.settings.matching]] = True
    mask = good[rounds.cells]
    return np.flatnonzero(mask & rounds.coincidences if no_click == "discard" else mask)


def e91(
    n_pairs: int,
    *,
    sample_size: int,
    source: PairSource | LocalSource | ArrayLike | None = None,
    settings: Settings = EKERT,
    p_alice: Sequence[float] | None = None,
    p_bob: Sequence[float] | None = None,
    efficiency: float = 1.0,
    no_click: NoClick = "count",
    failure: float = 1e-10,
    rng: Any = None,
) -> EkertKeys:
    r"""Run Ekert's protocol: measure, test, keep the key of the matching angles or abort.

    .. math:: r = 1 - h(Q_\text{high}) - \chi(S_\text{low})

    S comes from the rounds of the test, all of them disclosed; Q from a random sample of the key bits.
    Both are replaced by bounds that fail with probability `failure` each, if the rounds are alike. **Abort** where
    :math:`S_\text{low} \le 2` (answers agreed on beforehand are not excluded) or :math:`r = 0`.

    Parameters
    ----------
    n_pairs : int
        At least 1.
    sample_size : int
        Key bits to disclose, at least 1.
    source, settings, p_alice, p_bob, efficiency
        As in :func:`~qlearn.communication.entangled_keys.distribute`; the settings must have a test and
        matching angles, each with one of its two settings in the test: with both, the rounds of the key would be
        disclosed as rounds of the test.
    no_click : {"count", "discard"}
        As in :func:`~qlearn.communication.entangled_keys.chsh_from`. "discard" opens the detection loophole.
    failure : float
        Above 0 and below 1.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    EkertKeys

    Notes
    -----
    The bound on Eve is one on an answer that the test has seen. At Ekert's angles that is Bob's in the rounds at 45
    degrees and Alice's in those at 90, so neither side can speak for the whole key: `reference` says whose bit counts.
    (A device may answer at a setting outside of the test with a bit that Eve knows, and leave S as it is: `rate`
    does not charge for what she learns so.) The bounds on S and Q take the rounds as alike and independent. They are
    the statistics of the two, and not yet a proof for finite keys, which would also pay for correction, verification
    and amplification. Nor is `rate` safe from boxes that remember: in rounds prepared to show S = 2 whatever one of
    them says, it can put an old key bit, and the test publishes it. Of perfect keys at Ekert's angles a test of this
    library lets Eve know 0.67 of the bits where the rate grants her 0.64.

    Examples
    --------
    >>> session = e91(300_000, sample_size=20_000, rng=1)
    >>> session.reason is None, (session.alice == session.bob).all(), 0.6 < session.rate < 1
    (True, np.True_, True)
    >>> session.reference[:8]  # 0: Alice's bit counts, 1: Bob's
    array([1, 0, 1, 0, 0, 0, 0, 0], dtype=uint8)
    >>> from qlearn.communication.entangled_keys import intercepted_pairs
    >>> print(e91(300_000, sample_size=20_000, source=intercepted_pairs(0.0), rng=1).reason)
    the CHSH value is 1.40, and only 1.32 is certain: no proof against answers agreed on beforehand (2)

    References
    ----------
    Ekert, Phys. Rev. Lett. 67, 661 (1991), doi:10.1103/PhysRevLett.67.661. Acín et al., Phys. Rev. Lett. 98,
    230501 (2007), arXiv:quant-ph/0702152 (the rate). Tan, arXiv:2308.07869 (boxes that remember).
    """
    m, rng = as_count(sample_size, "sample_size"), as_rng(rng)
    as_failure(failure)
    if not isinstance(settings, Settings) or settings.test is None or not settings.matching:
        raise ValueError("settings must have a CHSH test and matching angles, as EKERT and ACIN have")
    references = _reference_sides(settings)

    rounds = distribute(
        n_pairs,
        source=source,
        settings=settings,
        p_alice=p_alice,
        p_bob=p_bob,
        efficiency=efficiency,
        rng=rng,
    )
    seen = chsh_from(rounds, no_click=no_click)
    key = matching_rounds(rounds, no_click=no_click)
    if key.size <= m:
        raise ValueError(
            f"sample_size must leave a key: of {n_pairs} pairs {key.size} match, too few to disclose {m}. Send more"
        )
    disclosed = rng.choice(key.size, m, replace=False, shuffle=False)
    wrong = int(np.count_nonzero((rounds.alice_bits ^ rounds.bob_bits)[key[disclosed]]))
    low = seen.at_least(failure)
    high = highest_rate(wrong, m, failure)
    rate = float(device_independent_rate(high, chsh=low)) if low > 2 else 0.0

    reason = None
    if low <= 2:
        reason = (
            f"the CHSH value is {seen.value:.2f}, and only {low:.2f} is certain: "
            "no proof against answers agreed on beforehand (2)"
        )
    elif rate == 0:
        reason = f"S is at least {low:.3f} and the error rate at most {high:.4f}: nothing is left after paying for both"
    kept = np.delete(key, disclosed)
    measured = (wrong / m, low, high, rate, reason, rounds)
    if reason:
        return EkertKeys(None, None, None, None, seen, *measured)
    reference = references[rounds.cells[kept]]
    return EkertKeys(rounds.alice_bits[kept], rounds.bob_bits[kept], reference, kept, seen, *measured)


def _reference_sides(settings: Settings) -> Bits:
    """Return for each pair of settings, numbered as cells, whose setting alone is in the test: 0 Alice's, 1 Bob's."""
    assert settings.test is not None
    alice, bob = settings.test
    width = len(settings.bob)
    references = np.zeros(len(settings.alice) * width, dtype=np.uint8)
    for x, y in settings.matching:
        if x not in alice and y not in bob:
            raise ValueError(
                "settings must have one setting of each matching pair in the test, which bounds Eve there; of settings "
                f"{x} and {y} it has neither"
            )
        if x in alice and y in bob:
            raise ValueError(
                f"settings must not use matching settings, here {x} and {y}, as a combination of the test: the answers "
                "of the test are read aloud, and cannot be a key. Give one side a setting of its own for the key"
            )
        references[x * width + y] = y in bob
    return references
