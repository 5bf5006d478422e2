"""Randomness from parts that are not trusted: of a source by measuring it in two bases, of all devices by the CHSH value."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probabilities, as_probability, as_reals
from qlearn.communication.secret_key import hashing_margin, serfling_deviation
from qlearn.communication.secret_key.finite_key import as_security
from qlearn.qubits.entropies import binary_entropy


def source_independent_min_entropy(error_rate: ArrayLike) -> NDArray[np.float64]:
    r"""Return the min-entropy of a Z outcome for whoever prepared the qubit, from how well it passes as :math:`|+\rangle`.

    .. math:: H_\infty(Z|E) \ge 1 - H_{1/2}(X) = 1 - 2\log_2\bigl(\sqrt{e} + \sqrt{1-e}\bigr)

    A source is asked for :math:`|+\rangle` and may send anything, entangled with a system that Eve keeps. A few rounds, which
    it cannot foresee, are measured in X and give :math:`|-\rangle` with chance e (not the share of a few); the others are
    measured in Z and give the bits. The two measurements are trusted: ideal Z and X of one qubit. The bound holds for every
    state of source and Eve, and one of them reaches it for each e. For many see :func:`source_independent_length`.

    Parameters
    ----------
    error_rate : array_like of float, shape (...)
        e, the chance of :math:`|-\rangle` in X. A source that always sends the opposite, e = 1, is as good as one that is right.

    Returns
    -------
    ndarray of float, shape (...)
        Bits, 0 (at e = 1/2) to 1. At most :math:`1 - h(e)`, which bounds Shannon's entropy in its place.

    Examples
    --------
    >>> source_independent_min_entropy([0, 0.01, 0.05, 0.5]).round(3)
    array([1.   , 0.738, 0.478, 0.   ])
    >>> source_independent_length(10**12, 10**10, 0.01) / 10**12  # many rounds, rare losses: Shannon's entropy counts
    0.919

    References
    ----------
    Vallone, Marangon, Tomasin and Villoresi, Phys. Rev. A 90, 052327 (2014), arXiv:1401.7917. Tomamichel and Renner, Phys.
    Rev. Lett. 106, 110506 (2011), arXiv:1009.2015 (the uncertainty relation).
    """
    e = as_probabilities(error_rate, "error_rate", "error rates")
    # In this form e = 0 gives 1 without rounding.
    return np.maximum(1 - np.log2(1 + 2 * np.sqrt(e * (1 - e))), 0)


def source_independent_length(n: int, n_check: int, error_rate: float, *, security: float = 1e-10) -> int:
    r"""Return how many almost perfect bits n outcomes in Z contain if k rounds in X, chosen at random, showed an error rate.

    .. math:: \ell = \Bigl\lfloor n\,\bigl(1 - h(e + \mu)\bigr) - 2\log_2\tfrac1\varepsilon \Bigr\rfloor, \qquad
              \mu = \mu\bigl(n, k, (\varepsilon/4)^2\bigr)

    It is :func:`~qlearn.communication.secret_key.finite_key_length` without errors to correct: the
    deviation is :func:`~qlearn.communication.secret_key.serfling_deviation`, the rest pays for hashing. Nothing is
    supposed of the source, rounds need not be alike; Z and X are ideal, and no round was lost in a way that depends on the basis.

    Parameters
    ----------
    n, n_check : int
        Rounds in Z, and rounds in X. Which is which takes random bits that the source did not know, about
        :math:`\log_2\binom{n+k}{k}`: they are to be taken off where the generator shall make more than it uses.
    error_rate : float
        e, the share of :math:`|-\rangle` in the X rounds. The proof takes a limit set beforehand, above which nothing is kept.
        Of a source that mostly gives :math:`|-\rangle` take 1 - e: above 1/2 nothing is left here.
    security : float
        :math:`\varepsilon`: how far the bits may be from perfect for Eve.

    Returns
    -------
    int
        Bits; 0 where nothing is left.

    Examples
    --------
    >>> source_independent_length(1_000_000, 10_000, 0.01)
    673849

    References
    ----------
    Cao, Zhou, Yuan and Ma, Phys. Rev. X 6, 011020 (2016), arXiv:1508.04880. Tomamichel et al., Nature Communications 3, 634
    (2012), arXiv:1103.4130 (the proof).
    """
    n, k = as_count(n, "n"), as_count(n_check, "n_check")
    e, epsilon = as_probability(error_rate, "error_rate"), as_security(security, "security")
    worst = min(0.5, e + float(serfling_deviation(n, k, (epsilon / 4) ** 2)))
    return max(0, int(np.floor(n * (1 - float(binary_entropy(worst))) - hashing_margin(epsilon))))


def chsh_min_entropy(chsh: ArrayLike) -> NDArray[np.float64]:
    r"""Return the min-entropy of one answer of a CHSH test, whatever the devices, from the value S alone.

    .. math:: H_\infty(A|X, E) \ge 1 - \log_2\Bigl(1 + \sqrt{2 - S^2/4}\Bigr)

    Bits need no trust in source or detectors: a list of answers made beforehand has :math:`S \le 2`, so answers with more were
    not all known. The bound is tight: a pair :math:`\cos\vartheta|00\rangle + \sin\vartheta|11\rangle` reaches it with
    :math:`S = 2\sqrt{1 + \sin^2 2\vartheta}`. It supposes that the devices obey quantum mechanics and do not talk to each other
    or to Eve, and that the settings are random and unknown to them: that takes random bits to begin with, so the word is
    *expansion*. S is of the devices; for a finite count take a lower bound of it, as
    :class:`~qlearn.communication.entangled_keys.ChshEstimate` has for rounds that are alike and independent. It fails with a
    chance that is to be added to the distance of the extracted bits. Without quantum mechanics, against whoever is only
    forbidden to signal, :math:`-\log_2(3/2 - S/4)` is left: 0.33 at :math:`2\sqrt2`.

    Parameters
    ----------
    chsh : array_like of float, shape (...)
        S, -4 to 4. For 2 or less the bound is 0; what exceeds :math:`2\sqrt2` by chance counts as :math:`2\sqrt2`.

    Returns
    -------
    ndarray of float, shape (...)
        Bits an answer, 0 to 1; of an answer at a setting of the test, to whoever knows the setting.

    Examples
    --------
    >>> chsh_min_entropy([2, 2.5, 2.8284271247461903]).round(3)
    array([0.   , 0.268, 1.   ])

    References
    ----------
    Pironio et al., Nature 464, 1021 (2010), arXiv:0911.3427.
    """
    s = np.clip(as_reals(chsh, "chsh", least=-4, most=4), 2, np.sqrt(8))
    return np.maximum(1 - np.log2(1 + np.sqrt(np.maximum(2 - s**2 / 4, 0))), 0)
