"""Eve's information: its bounds, Holevo's quantity, and what an attack yields, exactly and as counted in a transmission."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.communication.bb84 import Attack, EavesdropperRecord, Transmission, sift
from qlearn.communication.bb84.transmission import is_attack, joint_of
from qlearn.communication.eavesdropping.attacks import MemoryAttack
from qlearn.communication.key_rate import clip_error_rates, one_way_rate
from qlearn.qubits.entanglement import entropy
from qlearn.qubits.entropies import binary_entropy


def individual_guess(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return the highest guess rate on a sifted bit, for an Eve who measures each pulse's probe by itself.

    .. math:: P = \tfrac12 + \sqrt{D(1-D)}

    where D is the error rate in the *other* basis: what she learns of Z is paid for in X. An error rate of 1 %
    already buys 60 %: her gain grows like :math:`\sqrt D`.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate that she causes in the other basis; above 1/2 nothing more is to be had.

    Returns
    -------
    ndarray of float, shape (...)
        1/2 to 1.

    Examples
    --------
    >>> individual_guess([0, 0.01, 0.5]).round(4)
    array([0.5   , 0.5995, 1.    ])

    References
    ----------
    Fuchs, Gisin, Griffiths, Niu and Peres, Phys. Rev. A 56, 1163 (1997), arXiv:quant-ph/9701039.
    """
    d = clip_error_rates(qber, "qber")
    return np.asarray(0.5 + np.sqrt(d * (1 - d)))


def memoryless_guess(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return the highest mean guess rate in Z and X, for an Eve without memory, who measures before the bases are out.

    .. math:: P = \tfrac12 + \sqrt{D(1-2D)} \quad (D \le \tfrac14), \qquad
              P = \tfrac12 + \tfrac{1}{2\sqrt2} \quad (D \ge \tfrac14)

    for the means of both bases, equally likely: P of her guess rates and D of the error rates. In one basis alone
    she may reach :func:`individual_guess`, with nothing in the other. For both alike
    :func:`~qlearn.communication.eavesdropping.weak_measurement` reaches it.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate D that she causes, the mean of Z and X.

    Returns
    -------
    ndarray of float, shape (...)
        1/2 to 0.8536.

    Notes
    -----
    The proof is a dual solution, as in :func:`~qlearn.communication.eavesdropping.best_fixed_measurement`. All
    that such an Eve can do is four maps of the pulse, one for each pair of guesses g (for Z) and h (for X),
    with Choi matrices :math:`J_{gh} \ge 0` whose sum preserves the trace. For every price
    :math:`\lambda \ge 0` of an error,

    .. math:: P - \lambda D = \sum_{gh} \operatorname{tr} J_{gh} C_{gh}, \qquad
              C_{gh} = \tfrac{1-\lambda}{4}
              + \tfrac18\bigl((-1)^g Z + (-1)^h X\bigr) \otimes 1
              + \tfrac{\lambda}{8}(Z \otimes Z + X \otimes X),

    with the pulse of Alice on the left and Bob's on the right. All four C have the same largest eigenvalue
    :math:`\tfrac14 - \tfrac\lambda8 + \tfrac18\sqrt{2+\lambda^2}`, and
    :math:`\sum \operatorname{tr} J_{gh} = 2`. So :math:`P \le \tfrac12 - \tfrac\lambda4
    + \tfrac14\sqrt{2+\lambda^2} + \lambda D`, and the best price,
    :math:`\lambda = (1-4D)/\sqrt{4D(1-2D)}`, gives the formula.

    Examples
    --------
    >>> memoryless_guess([0, 0.05, 0.25, 0.5]).round(4)
    array([0.5   , 0.7121, 0.8536, 0.8536])

    References
    ----------
    Ballester, Wehner and Winter, IEEE Trans. Inf. Theory 54, 4183 (2008), arXiv:quant-ph/0608014 (the game);
    the bound itself is derived in the notes.
    """
    d = np.minimum(clip_error_rates(qber, "qber"), 0.25)
    return np.asarray(0.5 + np.sqrt(d * (1 - 2 * d)))


def individual_information(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return the most information on a sifted bit, in bits, one probe at a time (:func:`individual_guess`).

    .. math:: I = 1 - h\bigl(\tfrac12 + \sqrt{D(1-D)}\bigr)

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate that she causes in the other basis.

    Returns
    -------
    ndarray of float, shape (...)
        0 to 1 bit.

    Examples
    --------
    >>> individual_information([0, 0.11, 0.5]).round(4)
    array([0.    , 0.3046, 1.    ])
    """
    return 1 - binary_entropy(individual_guess(qber))


def collective_information(qber: ArrayLike) -> NDArray[np.float64]:
    r"""Return the most information on a sifted bit, in bits, for an Eve who keeps all probes and measures them together.

    .. math:: \chi = h(D)

    For 0 < D < 1/2 no measurement of single probes reaches it; it is what privacy amplification must remove, and
    :func:`~qlearn.communication.bb84.asymptotic_rate` charges it.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate in the other basis.

    Returns
    -------
    ndarray of float, shape (...)
        0 to 1 bit; 1 from an error rate of 1/2 on.

    Examples
    --------
    >>> collective_information([0, 0.11, 0.5]).round(4)
    array([0.    , 0.4999, 1.    ])

    References
    ----------
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004;
    Devetak and Winter, Proc. R. Soc. A 461, 207 (2005), arXiv:quant-ph/0306078.
    """
    return binary_entropy(clip_error_rates(qber, "qber"))


def secret_bits(qber: ArrayLike, known: ArrayLike) -> NDArray[np.float64]:
    r"""Return the secret bits that a sifted bit yields, from its error rate and Eve's information.

    .. math:: r = \max\bigl(0,\; I_{AB} - I_{AE}\bigr) = \max\bigl(0,\; 1 - h(e) - I_E\bigr)

    Csiszar and Koerner: whenever Bob knows more than Eve, the difference can be made a secret key, with
    Alice speaking alone. It is not the last word: with structured codes, with noise added on purpose, or with
    both speaking, more can be had. With :func:`individual_information` it falls to zero at
    :math:`(1-1/\sqrt2)/2 = 14.6\,\%`, with :func:`collective_information` at 11.0 %.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate between Alice and Bob.
    known : array_like of float, shape (...)
        Eve's information in bits a sifted bit, 0 to 1.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> secret_bits(0.05, individual_information([0.05, 0.2])).round(4)
    array([0.5718, 0.1826])

    References
    ----------
    Csiszar and Koerner, IEEE Trans. Inf. Theory 24, 339 (1978), doi:10.1109/TIT.1978.1055892.
    """
    return one_way_rate(qber, known)


def holevo(attack: MemoryAttack) -> dict[str, float]:
    r"""Return Holevo's quantity: the information on a sifted bit that Eve's memories hold, by basis.

    .. math:: \chi = S\bigl(\tfrac{\rho_0+\rho_1}{2}\bigr) - \tfrac12 S(\rho_0) - \tfrac12 S(\rho_1)

    with the von Neumann entropy S. No measurement, on any number of memories at once, yields more bits a
    pulse. An Eve who asks her memories one by one gets the information of
    :func:`~qlearn.communication.eavesdropping.predict`, which is at most as much. While the bits are
    independent coins, asking many memories at once adds nothing to that. It does once the public correction
    of errors leaves only the words of a code: words with fewer than :math:`\chi` bits a pulse can be told
    apart by joint measurements.

    Parameters
    ----------
    attack : MemoryAttack

    Returns
    -------
    dict of str to float
        Bits a sifted bit, ``{"Z": ..., "X": ...}``.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import cloning_attack, entangling_probe
    >>> round(holevo(cloning_attack(0.11))["Z"], 4), round(holevo(entangling_probe(0.11))["Z"], 4)
    (0.3718, 0.4999)

    References
    ----------
    Holevo, Probl. Inf. Transm. 9, 177 (1973) (the bound), and IEEE Trans. Inf. Theory 44, 269 (1998) (codes);
    Devetak and Winter, Proc. R. Soc. A 461, 207 (2005), arXiv:quant-ph/0306078.
    """
    if not isinstance(attack, MemoryAttack):
        raise TypeError(f"attack must be a MemoryAttack, not {type(attack).__name__}: others keep no memory")
    memories = attack.memories
    chi = entropy(memories.mean(axis=1)) - entropy(memories).mean(axis=1)
    return {"Z": max(0.0, float(chi[0])), "X": max(0.0, float(chi[1]))}  # rounding alone is below 0


@dataclass(frozen=True)
class AttackYield:
    """Error rate, guess rate and information of an attack, by basis: dictionaries with the keys "Z" and "X".

    Parameters
    ----------
    qber : dict of str to float
        Share of the sifted bits in which Alice and Bob differ.
    guess : dict of str to float
        Share of Alice's sifted bits that Eve's best guess hits.
    information : dict of str to float
        Eve's mutual information with Alice's bit, in bits a sifted bit: what her whole record says, not her guess
        alone.
    deviation : dict of str to float
        Standard deviation of what a single bit adds to that information: counted in n sifted bits, the
        information has a standard error of deviation / sqrt(n).
    """

    qber: dict[str, float]
    guess: dict[str, float]
    information: dict[str, float]
    deviation: dict[str, float]


def predict(attack: Attack) -> AttackYield:
    r"""Return the exact error rates, guess rates and information of an attack, from its `joint` distribution.

    .. math:: e = P(B \ne A), \qquad P_\text{guess} = \sum_k \max_a P(A{=}a, k), \qquad
              I = 1 - \sum_k P(k)\, h\bigl(P(A{=}0 \mid k)\bigr)

    over the outcomes k that Eve may find, for each announced basis.

    Parameters
    ----------
    attack : Attack
        With a `joint` distribution, as :class:`~qlearn.communication.bb84.Attack` describes it; :func:`observe` any other.

    Returns
    -------
    AttackYield

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> eve = predict(bb84.InterceptResend(basis="breidbart"))
    >>> {basis: round(bits, 4) for basis, bits in eve.information.items()}
    {'Z': 0.3991, 'X': 0.3991}
    """
    joint = joint_of(attack)
    if joint is None or not is_attack(attack):
        raise TypeError(
            "attack must have a joint distribution of Bob's bit and Eve's outcome, as InterceptResend() and MemoryAttack "
            f"have, not {attack!r}; send pulses through any other attack and observe them"
        )
    joint = np.asarray(joint, dtype=np.float64)
    fits = joint.ndim == 4 and joint.shape[:3] == (2, 2, 2)
    if not fits or joint.min(initial=0) < -1e-12 or not np.allclose(joint.sum(axis=(2, 3)), 1):
        raise ValueError(
            "attack must have a joint of shape (2, 2, 2, outcomes), for basis, bit, Bob's bit and outcome, of chances that "
            f"sum to 1 for each basis and bit; {attack!r} has one of shape {np.shape(joint)}"
        )
    return _yield_of(joint / 2)


def observe(transmission: Transmission) -> AttackYield:
    """Return the error rates, guess rates and information of an attack as counted in one transmission.

    Nobody in the protocol could do this: it takes Alice's key and Eve's record together.

    Parameters
    ----------
    transmission : Transmission
        Of an :func:`~qlearn.communication.bb84.exchange` with an eavesdropper who noted an
        :class:`~qlearn.communication.bb84.EavesdropperRecord`.

    Returns
    -------
    AttackYield
        ``information`` is the plug-in estimate: with n bits and k outcomes it is too high by about
        (k - 1) / (1.4 n), for instance 2e-5 bits with 100,000 bits and 4 outcomes. nan in a basis without
        bits.

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
    """
    keys = sift(transmission)
    notes, kept = transmission.eve, np.flatnonzero(transmission.kept)
    if not isinstance(notes, EavesdropperRecord):
        raise TypeError(
            "transmission must carry the notes of an eavesdropper (an EavesdropperRecord) in its field eve, "
            f"not {type(notes).__name__}"
        )
    # All that the record says of a pulse, as one number.
    entry = 16 * notes.outcomes.astype(np.intp) + 4 * notes.bases + 2 * notes.touched + notes.attacked
    entry = entry.take(kept)
    kinds = int(entry.max(initial=0)) + 1
    cell = ((2 * keys.bases.astype(np.intp) + keys.alice) * 2 + keys.bob) * kinds + entry
    counts = np.bincount(cell, minlength=8 * kinds).reshape(2, 2, 2, kinds)
    with np.errstate(invalid="ignore"):  # a basis without bits: 0 / 0 is nan
        seen = _yield_of(counts / counts.sum(axis=(1, 2, 3), keepdims=True))
    hits = keys.alice == notes.bits.take(kept)
    by_basis = [hits[keys.bases == basis] for basis in (0, 1)]
    guess = [float(some.mean()) if some.size else float("nan") for some in by_basis]
    return replace(seen, guess=_by_basis(np.array(guess)))


def _yield_of(p: NDArray[np.float64]) -> AttackYield:
    """Return the yield of the chances p[basis, bit, bob, outcome], which sum to 1 in each basis."""
    of_eve = p.sum(axis=2)
    independent = of_eve.sum(axis=2, keepdims=True) * of_eve.sum(axis=1, keepdims=True)
    surprise = np.log2(np.divide(of_eve, independent, out=np.ones_like(of_eve), where=of_eve > 0))
    bits = (of_eve * surprise).sum(axis=(1, 2))
    deviation = np.sqrt((of_eve * (surprise - bits[:, None, None]) ** 2).sum(axis=(1, 2)))
    return AttackYield(
        qber=_by_basis(p[:, 0, 1].sum(axis=-1) + p[:, 1, 0].sum(axis=-1)),
        guess=_by_basis(of_eve.max(axis=1).sum(axis=-1)),
        information=_by_basis(np.maximum(bits, 0.0)),
        deviation=_by_basis(deviation),
    )


def _by_basis(values: NDArray[np.float64]) -> dict[str, float]:
    return {"Z": float(values[0]), "X": float(values[1])}
