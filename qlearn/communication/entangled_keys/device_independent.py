"""Device independence: CHSH from the rounds, and the key rate that it alone certifies."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_failure, as_probabilities, as_reals, broadcast
from qlearn.communication.entangled_keys.rounds import Rounds
from qlearn.communication.entangled_keys.settings import ACIN, Settings
from qlearn.communication.entangled_keys.sources import PairSource
from qlearn.communication.key_rate import clip_error_rates, one_way_rate, zero_of_rate
from qlearn.qubits import bell_state
from qlearn.qubits.entropies import binary_entropy

NoClick = Literal["count", "discard"]


@dataclass(frozen=True, eq=False)
class ChshEstimate:
    """The CHSH value S of measured rounds, with its standard error and the four correlations.

    Parameters
    ----------
    value : float
        The four correlations with their signs, added.
    error : float
        Its standard error.
    correlations : ndarray of float, shape (2, 2)
        Mean product of the answers +1 and -1; rows are Alice's settings in the test, columns Bob's.
    counts : ndarray of int, shape (2, 2)
        Rounds behind each of them.
    """

    value: float
    error: float
    correlations: NDArray[np.float64]
    counts: NDArray[np.int64]

    def at_least(self, failure: float = 1e-10) -> float:
        r"""Return the value that a worse source shows as much as this only with a small probability.

        .. math:: S_\text{low} = S - \sqrt{2 \ln\tfrac1\varepsilon \sum_{xy} \tfrac{1}{n_{xy}}}

        Hoeffding's inequality for four means of numbers +1 and -1: no error bar is trusted, only that the
        rounds are alike and independent.

        Parameters
        ----------
        failure : float
            The probability, above 0 and below 1.

        Returns
        -------
        float
            May be far below 2: then too few rounds were counted.

        References
        ----------
        Hoeffding, J. Am. Stat. Assoc. 58, 13 (1963), doi:10.1080/01621459.1963.10500830, theorem 2.
        """
        wrong = as_failure(failure)
        return self.value - float(np.sqrt(2 * np.log(1 / wrong) * (1 / self.counts).sum()))


def chsh_from(rounds: Rounds, *, no_click: NoClick = "count") -> ChshEstimate:
    r"""Estimate the CHSH value from the rounds whose settings are a combination of the test.

    .. math:: S = \sum_{x,y} s_{xy}\,\hat E_{xy}, \qquad
              \hat E_{xy} = \frac{n_\text{equal} - n_\text{different}}{n_{xy}}, \qquad
              \sigma_S^2 = \sum_{x,y} \sigma_{xy}^2

    with the settings' signs :math:`s_{xy}`. The bar :math:`\sigma_{xy}` is Wilson's, which for many rounds is
    :math:`\sqrt{(1-\hat E_{xy}^2)/n_{xy}}`. Answers that were agreed on beforehand have :math:`|S| \le 2`,
    quantum pairs :math:`|S| \le 2\sqrt2`; an estimate may lie beyond by its error.

    Parameters
    ----------
    rounds : Rounds
        As :func:`~qlearn.communication.entangled_keys.distribute` returns them, with settings that have a test.
    no_click : {"count", "discard"}
        What a detector that did not click says. "count": 0, an answer like any other, so that nobody can
        choose which rounds are looked at. "discard": nothing, the round is dropped. That is right only if the
        lost rounds are a fair sample, which no statistics can show.

    Returns
    -------
    ChshEstimate

    Raises
    ------
    ValueError, TypeError
        If the settings have no test, or a combination of it has no round.

    Examples
    --------
    >>> from qlearn.communication.entangled_keys import EKERT, distribute
    >>> seen = chsh_from(distribute(90_000, settings=EKERT, rng=1))
    >>> round(seen.value, 1), round(seen.error, 3)
    (2.8, 0.014)

    References
    ----------
    Clauser, Horne, Shimony and Holt, Phys. Rev. Lett. 23, 880 (1969), doi:10.1103/PhysRevLett.23.880.
    """
    refuse_unless_rounds(rounds)
    settings = rounds.settings
    if settings.test is None:
        raise ValueError("rounds must have settings with a CHSH test, such as EKERT or ACIN; BBM92 has none")
    if no_click not in ("count", "discard"):
        raise ValueError(f'no_click must be "count" or "discard", not {no_click!r}')

    # One histogram over (settings, equal or not): twice the cell number plus the disagreement.
    labels = 2 * rounds.cells.astype(np.intp) + (rounds.alice_bits ^ rounds.bob_bits)
    if no_click == "discard":
        labels = labels[rounds.coincidences]
    m, n = len(settings.alice), len(settings.bob)
    table = np.bincount(labels, minlength=2 * m * n).reshape(m, n, 2)[np.ix_(*settings.test)]

    counts = table.sum(-1)
    if not counts.all():
        raise ValueError(
            f"rounds must hold every combination of the test; the counts are {counts.tolist()}. Send more pairs"
        )
    wrong = table[..., 1] / counts
    bars = 2 * np.sqrt(wrong * (1 - wrong) / counts + 1 / (4 * counts**2)) / (1 + 1 / counts)
    correlations = 1 - 2 * wrong
    value = float((np.asarray(settings.signs) * correlations).sum())
    return ChshEstimate(value, float(np.sqrt((bars**2).sum())), correlations, counts)


def refuse_unless_rounds(rounds: Rounds) -> None:
    """Refuse what no source has sent."""
    if not isinstance(rounds, Rounds):
        raise TypeError(f"rounds must be Rounds, as distribute returns them, not {type(rounds).__name__}")


_TSIRELSON = 2 * np.sqrt(2)


def eve_information(chsh: ArrayLike) -> NDArray[np.float64]:
    r"""Return the most that Eve can know about an answer of the test, from the CHSH value alone, whatever the devices.

    .. math:: \chi(S) = h\!\left(\frac{1 + \sqrt{(S/2)^2 - 1}}{2}\right), \qquad \chi = 1 \text{ for } S \le 2

    At :math:`2\sqrt2` she knows nothing, at 2 she may know all of it. For given S the bound is tight: a mixture of
    :math:`\Phi^+` and :math:`\Phi^-`, measured along suitable angles, reaches it. It supposes that S was counted over
    *every* round, that nobody foresaw the settings, that nothing leaks, and an Eve who treats all rounds alike. Of
    answers at a setting that the test does not use S says nothing.

    Parameters
    ----------
    chsh : array_like of float, shape (...)
        S. What exceeds :math:`2\sqrt2` by chance counts as :math:`2\sqrt2`.

    Returns
    -------
    ndarray of float, shape (...)
        Bits, 0 to 1 (her Holevo quantity).

    Examples
    --------
    >>> eve_information([2, 2.5, 2.828428]).round(4)
    array([1.    , 0.5436, 0.    ])

    References
    ----------
    Acín et al., Phys. Rev. Lett. 98, 230501 (2007), arXiv:quant-ph/0702152. Pironio et al., New J. Phys. 11,
    045021 (2009), arXiv:0903.4460 (the proof).
    """
    s = as_reals(chsh, "chsh", least=-4, most=4)  # the sum of four correlations
    c = np.sqrt(np.clip(s, 2, _TSIRELSON) ** 2 / 4 - 1)
    return binary_entropy((1 + np.minimum(c, 1)) / 2)


def device_independent_rate(qber: ArrayLike, chsh: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return the secret bits that a key bit yields when neither source nor detectors are trusted.

    .. math:: r = \max\Bigl(0,\; 1 - h(Q) - h\Bigl(\tfrac{1 + \sqrt{(S/2)^2 - 1}}{2}\Bigr)\Bigr), \qquad
              S = 2\sqrt2\,(1 - 2Q) \text{ where it is not given}

    The first price is that of :func:`~qlearn.communication.bb84.asymptotic_rate`, the correction of errors.
    The second is what Eve may know (:func:`eve_information`) of the bits corrected *to*, which must be answers at
    settings of the test. The relation of S and Q is that of Werner
    pairs and of a depolarising line; there this rate ends at :func:`critical_qber`, 7.15 %. That is a limit of this
    formula and not of nature: with noise that one side adds to its bits on purpose there is a key up to 8.1 %.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Q, error rate of the key bits. From 1/2 on there is no key.
    chsh : array_like of float, shape (...), optional
        S, as measured; broadcasts against `qber`.

    Returns
    -------
    ndarray of float, shape (...)
        Secret bits a key bit, 0 to 1, never negative: for endless keys, correction at Shannon's limit, and
        an Eve who attacks all rounds alike. (Entropy accumulation bounds all answers together against every Eve.
        What the test publishes must be taken off again, and that is little only where few rounds are tested: boxes
        that remember can say old key bits there.)

    Examples
    --------
    >>> device_independent_rate([0, 0.01, 0.05, 0.0715]).round(4)
    array([1.    , 0.7766, 0.225 , 0.    ])
    >>> float(device_independent_rate(0.078, chsh=2.578).round(3))  # two rubidium atoms, 400 m apart
    0.157

    References
    ----------
    Acín et al., Phys. Rev. Lett. 98, 230501 (2007), arXiv:quant-ph/0702152. Arnon-Friedman et al.,
    Nature Communications 9, 459 (2018), doi:10.1038/s41467-017-02307-4. The atoms: Zhang et al., Nature 607, 687
    (2022), doi:10.1038/s41586-022-04891-y. Noise on purpose: Ho et al., Phys. Rev. Lett. 124, 230502 (2020),
    arXiv:2005.13015.
    """
    q = clip_error_rates(qber, "qber")
    known = eve_information(_TSIRELSON * (1 - 2 * q) if chsh is None else chsh)
    q, known = broadcast(qber=q, chsh=known)
    return one_way_rate(q, known)


@cache
def critical_qber() -> float:
    r"""Return the error rate at which :func:`device_independent_rate` reaches zero on a depolarising line.

    Returns
    -------
    float
        0.07149, the root of :math:`1 - h(Q) - \chi(2\sqrt2(1-2Q))`.

    Examples
    --------
    >>> round(critical_qber(), 5)
    0.07149
    """

    def net(q: float) -> float:
        return float(1 - binary_entropy(q) - eve_information(_TSIRELSON * (1 - 2 * q)))

    return zero_of_rate(net)


def lossy_chsh(
    efficiency: ArrayLike, *, state: ArrayLike | None = None, settings: Settings = ACIN
) -> NDArray[np.float64]:
    r"""Return the CHSH value of a pair when each detector clicks with a chance, and silence counts as bit 0.

    .. math:: S(\eta) = \eta^2 S + \eta(1-\eta)\,M + 2\,(1-\eta)^2,
              \qquad M = \sum_{x,y} s_{xy}\,(\langle A_x\rangle + \langle B_y\rangle)

    S is the value with perfect detectors, M what a lone click adds (0 for a maximally entangled pair), and
    two silences always agree. The signs make the last term :math:`2 (1-\eta)^2` for three plus and one minus.

    Parameters
    ----------
    efficiency : array_like of float, shape (...)
        :math:`\eta`, the same on both sides.
    state : array_like, shape (4,) or (4, 4), optional
        The pair. None: :math:`\Phi^+`.
    settings : Settings
        With a test.

    Returns
    -------
    ndarray of float, shape (...)
        Above 2: no list of answers agreed on beforehand explains it, with no assumption about the silence.

    Examples
    --------
    >>> lossy_chsh([0.8, 0.8284271, 0.9]).round(3)
    array([1.89 , 2.   , 2.311])

    References
    ----------
    Garg and Mermin, Phys. Rev. D 35, 3831 (1987), doi:10.1103/PhysRevD.35.3831. Pironio et al., 2009,
    arXiv:0903.4460.
    """
    eta = as_probabilities(efficiency, "efficiency")
    full, lone, none = _parts(state, settings)
    return np.asarray(eta**2 * full + eta * (1 - eta) * lone + (1 - eta) ** 2 * none)


def critical_efficiency(*, state: ArrayLike | None = None, settings: Settings = ACIN) -> float:
    r"""Return the efficiency, the same on both sides, from which on :func:`lossy_chsh` exceeds 2.

    .. math:: \eta_c = \frac{4 - M}{S + 2 - M} : \qquad \Phi^+\!:\ \frac{2}{1+\sqrt2} = 82.8\,\%

    Less entangled pairs :math:`\cos\vartheta|00\rangle + \sin\vartheta|11\rangle` need *less*, at angles of
    their own: down to 2/3 as :math:`\vartheta \to 0`, where S itself goes to 2. While both sides are alike no pair and no
    other test with two settings a side gets below 2/3, for there a list can imitate all of them.

    Parameters
    ----------
    state, settings
        As in :func:`lossy_chsh`; the signs of the test are three plus and one minus.

    Returns
    -------
    float
        Above 2/3; inf where no efficiency is enough.

    Examples
    --------
    >>> round(critical_efficiency(), 4)
    0.8284

    References
    ----------
    Garg and Mermin, Phys. Rev. D 35, 3831 (1987), doi:10.1103/PhysRevD.35.3831. Eberhard, Phys. Rev. A 47,
    R747 (1993), doi:10.1103/PhysRevA.47.R747 (the 2/3). Massar and Pironio, Phys. Rev. A 68, 062109 (2003),
    arXiv:quant-ph/0210103 (that it is the limit of two settings).
    """
    full, lone, none = _parts(state, settings)
    if none != 2:
        raise ValueError("settings must have one sign -1: with three of them two silences count against S")
    # eta^2 S + eta (1 - eta) M + 2 (1 - eta)^2 = 2, divided by eta; no pair has both S > 2 and S + 2 <= M
    return float((4 - lone) / (full + 2 - lone)) if full > 2 else np.inf


def _parts(state: ArrayLike | None, settings: Settings) -> tuple[float, float, float]:
    """Return S, M, and what two silences give."""
    if settings.test is None:
        raise ValueError("settings must have a CHSH test, as EKERT and ACIN have; BBM92 has none")
    source = PairSource(bell_state("phi+") if state is None else state)
    alice, bob = (
        np.take(angles, tested)
        for angles, tested in zip((settings.alice, settings.bob), settings.test, strict=True)
    )
    p = np.tensordot(np.asarray(source.weights), source.probabilities(alice, bob), 1)
    signs, answer = np.asarray(settings.signs), np.array([1, -1])
    both = np.einsum("xy,xyst,s,t->", signs, p, answer, answer)
    lone = np.einsum("xy,xyst,s->", signs, p, answer) + np.einsum("xy,xyst,t->", signs, p, answer)
    return float(both), float(lone), float(signs.sum())
