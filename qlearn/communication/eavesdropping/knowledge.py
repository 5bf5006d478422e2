"""Knowledge: what Eve has learned for the errors she made, basis by basis, exactly and as simulated."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84 import Interception, InterceptResend, Transmission, sift
from qlearn.communication.eavesdropping.measuring import measuring
from qlearn.communication.eavesdropping.memory import MemoryAttack
from qlearn.communication.eavesdropping.partial import Partial


@dataclass(frozen=True)
class Knowledge:
    """What an attack costs and what it yields, by basis: dictionaries with the keys "Z" and "X".

    Parameters
    ----------
    qber : dict of str to float
        Share of the sifted bits in which Alice and Bob differ.
    guess : dict of str to float
        Share of Alice's sifted bits that Eve's best guess hits.
    information : dict of str to float
        Eve's mutual information with Alice's bit, in bits a sifted bit: what all her notes say, not her guess
        alone.
    deviation : dict of str to float
        Standard deviation of what a single bit adds to that information: counted in n sifted bits, the
        information has a standard error of deviation / sqrt(n).

    Taught in :doc:`/communication/eavesdropping`.
    """

    qber: dict[str, float]
    guess: dict[str, float]
    information: dict[str, float]
    deviation: dict[str, float]


def predict(attack: InterceptResend | MemoryAttack | Partial) -> Knowledge:
    r"""Return what an attack costs and yields exactly, from the joint state of pulse and memory.

    .. math:: e = P(B \ne A), \qquad P_\text{guess} = \sum_k \max_a P(A{=}a, k), \qquad
              I = 1 - \sum_k P(k)\, h\bigl(P(A{=}0 \mid k)\bigr)

    over the outcomes k that Eve may find, for each announced basis.

    Parameters
    ----------
    attack : InterceptResend, MemoryAttack or Partial of these
        Which Eve.

    Returns
    -------
    Knowledge

    Raises
    ------
    TypeError
        If it is another kind of attack: :func:`observe` what it does.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> eve = predict(bb84.InterceptResend(basis="breidbart"))
    >>> {basis: round(bits, 4) for basis, bits in eve.information.items()}
    {'Z': 0.3991, 'X': 0.3991}

    References
    ----------
    Fuchs, Gisin, Griffiths, Niu and Peres, Phys. Rev. A 56, 1163 (1997), arXiv:quant-ph/9701039.

    Taught in :doc:`/communication/eavesdropping`.
    """
    return _knowledge(_joint(attack) / 2)


def observe(transmission: Transmission) -> Knowledge:
    """Count what Eve did and learned in a transmission: her notes beside the sifted keys.

    Nobody in the protocol could do this, since it takes Alice's key and Eve's notebook in one hand.

    Parameters
    ----------
    transmission : Transmission
        Of an :func:`~qlearn.communication.bb84.exchange` with an eavesdropper who noted an
        :class:`~qlearn.communication.bb84.Interception`.

    Returns
    -------
    Knowledge
        ``information`` is the plug-in estimate: with n bits and k outcomes it is too high by about
        (k - 1) / (1.4 n), for instance 2e-5 bits with 100,000 bits and 4 outcomes. nan in a basis without
        bits.

    Raises
    ------
    TypeError
        If it is no transmission, or nobody took notes.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> eve = bb84.InterceptResend(basis="Z")
    >>> seen = observe(bb84.exchange(100_000, eavesdropper=eve, rng=1))
    >>> round(seen.guess["Z"], 2), round(seen.guess["X"], 2)
    (1.0, 0.5)

    References
    ----------
    Miller, "Note on the bias of information estimates", 1955.

    Taught in :doc:`/communication/eavesdropping`.
    """
    keys = sift(transmission)
    notes, kept = transmission.eve, np.flatnonzero(transmission.kept)
    if not isinstance(notes, Interception):
        raise TypeError(
            "transmission must carry the notes of an eavesdropper (an Interception) in its field eve, "
            f"not {type(notes).__name__}"
        )
    outcomes = getattr(notes, "outcomes", notes.bits)
    # Everything that she may have written on a line of her notebook, as one number.
    attacked = True if notes.attacked is None else notes.attacked
    page = (16 * outcomes.astype(np.intp) + 4 * notes.bases + 2 * notes.touched + attacked).take(kept)
    pages = int(page.max(initial=0)) + 1
    place = ((2 * keys.bases.astype(np.intp) + keys.alice) * 2 + keys.bob) * pages + page
    counts = np.bincount(place, minlength=8 * pages).reshape(2, 2, 2, pages)
    with np.errstate(invalid="ignore"):  # a basis without bits: 0 / 0 is nan
        seen = _knowledge(counts / counts.sum(axis=(1, 2, 3), keepdims=True))
    hits = keys.alice == notes.bits.take(kept)
    shares = [hits[keys.bases == basis] for basis in (0, 1)]
    guess = [float(share.mean()) if share.size else float("nan") for share in shares]
    return replace(seen, guess=_by_basis(np.array(guess)))


def _joint(attack: object) -> NDArray[np.float64]:
    """Return the chances of Bob's bit and Eve's outcome, shape (basis, bit, bob, outcomes)."""
    if isinstance(attack, MemoryAttack):
        return attack.joint
    if isinstance(attack, Partial):
        return _sometimes(_joint(attack.attack), attack.fraction)
    if isinstance(attack, InterceptResend):
        bases = ("Z", "X") if attack.basis == "random" else (attack.basis,)
        tables = [MemoryAttack(measuring(basis)).joint / len(bases) for basis in bases]
        return _sometimes(np.concatenate(tables, axis=-1), attack.fraction)
    raise TypeError(
        "attack must be an InterceptResend, a MemoryAttack, or a Partial of these, "
        f"not {type(attack).__name__}; send pulses through any other and observe them"
    )


def _sometimes(joint: NDArray[np.float64], fraction: float) -> NDArray[np.float64]:
    untouched = np.broadcast_to(np.eye(2)[:, :, None], (2, 2, 2, 1))  # Bob reads what Alice wrote
    return np.concatenate([fraction * joint, (1 - fraction) * untouched], axis=-1)


def _knowledge(p: NDArray[np.float64]) -> Knowledge:
    """Take stock of the chances p[basis, bit, bob, outcome], which sum to 1 in each basis."""
    of_eve = p.sum(axis=2)
    independent = of_eve.sum(axis=2, keepdims=True) * of_eve.sum(axis=1, keepdims=True)
    surprise = np.log2(np.divide(of_eve, independent, out=np.ones_like(of_eve), where=of_eve > 0))
    bits = (of_eve * surprise).sum(axis=(1, 2))
    deviation = np.sqrt((of_eve * (surprise - bits[:, None, None]) ** 2).sum(axis=(1, 2)))
    return Knowledge(
        qber=_by_basis(p[:, 0, 1].sum(axis=-1) + p[:, 1, 0].sum(axis=-1)),
        guess=_by_basis(of_eve.max(axis=1).sum(axis=-1)),
        information=_by_basis(np.maximum(bits, 0.0)),
        deviation=_by_basis(deviation),
    )


def _by_basis(values: NDArray[np.float64]) -> dict[str, float]:
    return {"Z": float(values[0]), "X": float(values[1])}
