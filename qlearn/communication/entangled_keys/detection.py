"""Lost particles: the CHSH value when silence counts as an answer, and the efficiency below which it is no proof."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities
from qlearn.communication.entangled_keys.settings import ACIN, Settings
from qlearn.communication.entangled_keys.source import PairSource
from qlearn.qubits import bell_state


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

    Raises
    ------
    ValueError, TypeError
        If an efficiency is not between 0 and 1, the state is none of two qubits, or there is no test.

    Examples
    --------
    >>> lossy_chsh([0.8, 0.8284271, 0.9]).round(3)
    array([1.89 , 2.   , 2.311])

    References
    ----------
    Garg and Mermin, Phys. Rev. D 35, 3831 (1987), doi:10.1103/PhysRevD.35.3831. Pironio et al., 2009,
    arXiv:0903.4460.

    Taught in :doc:`/communication/entangled_keys`.
    """
    eta = as_probabilities(efficiency, "efficiency")
    full, lone, none = _parts(state, settings)
    return np.asarray(eta**2 * full + eta * (1 - eta) * lone + (1 - eta) ** 2 * none)


def critical_efficiency(*, state: ArrayLike | None = None, settings: Settings = ACIN) -> float:
    r"""Return the efficiency, the same on both sides, from which on :func:`lossy_chsh` exceeds 2.

    .. math:: \eta_c = \frac{4 - M}{S + 2 - M} : \qquad \Phi^+\!:\ \frac{2}{1+\sqrt2} = 82.8\,\%

    Less entangled pairs :math:`\cos\vartheta|00\rangle + \sin\vartheta|11\rangle` need *less*, at angles of
    their own: down to 2/3 as :math:`\vartheta \to 0`, where S itself goes to 2. While both sides are alike no pair and no
    other test with two positions a side gets below 2/3, for there a list can imitate all of them.

    Parameters
    ----------
    state : array_like, shape (4,) or (4, 4), optional
        The pair. None: :math:`\Phi^+`.
    settings : Settings
        With a test whose signs are three plus and one minus.

    Returns
    -------
    float
        Above 2/3; inf where no efficiency is enough.

    Raises
    ------
    ValueError, TypeError
        If the state is none of two qubits, or the settings have no such test.

    Examples
    --------
    >>> round(critical_efficiency(), 4)
    0.8284

    References
    ----------
    Garg and Mermin, Phys. Rev. D 35, 3831 (1987), doi:10.1103/PhysRevD.35.3831. Eberhard, Phys. Rev. A 47,
    R747 (1993), doi:10.1103/PhysRevA.47.R747 (the 2/3). Massar and Pironio, Phys. Rev. A 68, 062109 (2003),
    arXiv:quant-ph/0210103 (that it is the limit of two positions).

    Taught in :doc:`/communication/entangled_keys`.
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
        np.take(angles, dial)
        for angles, dial in zip((settings.alice, settings.bob), settings.test, strict=True)
    )
    p = np.tensordot(np.asarray(source.weights), source.probabilities(alice, bob), 1)
    signs, answer = np.asarray(settings.signs), np.array([1, -1])
    both = np.einsum("xy,xyst,s,t->", signs, p, answer, answer)
    lone = np.einsum("xy,xyst,s->", signs, p, answer) + np.einsum("xy,xyst,t->", signs, p, answer)
    return float(both), float(lone), float(signs.sum())
