"""Settings in closed form: the brightness and the basis bias that make most key on a link that is known."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import lambertw

from qlearn._checks import as_failure, as_probabilities, as_probability, as_real
from qlearn.communication.secret_key.finite_key import hashing_margin, serfling_deviation
from qlearn.qubits.entropies import binary_entropy


def best_intensity(misalignment: ArrayLike, error_correction: float = 1.16) -> NDArray[np.float64]:
    r"""Return the mean photon number of the signal that makes most key, with decoys and endless keys, shape (...).

    .. math:: (1 - \mu)\, e^{-\mu} = c, \qquad c = \frac{f\,h(e)}{1 - h(e)},
              \qquad\text{so}\qquad \mu = 1 - W(c\,e)

    with Lambert's function W. It holds where most light is lost and background does not matter yet, and the distance does
    not enter. A brighter signal clicks more often, but a larger share of its clicks is of several photons, which are
    Eve's; the more errors there are, the sooner correcting those clicks costs more than the single photons bring.

    Afterpulses, a share p of the clicks, half of them wrong, must be put into the error rate: with misalignment
    :math:`e_\text{det}` it is :math:`e = (e_\text{det} + p/2)/(1 + p)`. Of four percent they draw the best brightness of a quiet
    link from 0.87 to 0.59.

    Parameters
    ----------
    misalignment : array_like of float, shape (...)
        e, the share of wrong clicks: without afterpulses the chance that a detected photon hits the wrong detector.
    error_correction : float
        :math:`f`, public bits of correction over Shannon's limit, at least 1.

    Returns
    -------
    ndarray of float, shape (...)
        Photons per pulse, at most 1; nan where no brightness makes a key.

    Examples
    --------
    >>> best_intensity([0.0, 0.005, 0.01, 0.033, 0.2]).round(4)
    array([1.    , 0.8685, 0.778 , 0.496 ,    nan])

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equation 12.
    """
    error = as_probabilities(misalignment, "misalignment")
    f = as_real(error_correction, "error_correction", least=1)
    entropy = np.asarray(binary_entropy(np.minimum(error, 0.5)))
    with np.errstate(divide="ignore"):
        cost = f * entropy / (1 - entropy)
    some = cost < 1
    return np.where(some, 1 - lambertw(np.where(some, cost, 0.0) * np.e).real, np.nan)


@dataclass(frozen=True)
class BasisBias:
    """How often X is chosen for the test, and the key that this makes.

    Parameters
    ----------
    p_x : float
        Chance that either side chooses X.
    bits : float
        Secret bits; 0 where there is no key.
    rate : float
        Secret bits per signal.
    key, test : float
        Bits that become the key, and bits that are compared.
    """

    p_x: float
    bits: float
    rate: float
    key: float
    test: float


def best_basis_bias(
    signals: float,
    qber: float,
    *,
    p_x: float | None = None,
    security: float = 1e-10,
    correctness: float = 1e-15,
    efficiency: float = 1.16,
) -> BasisBias:
    r"""Return how often the test basis should be chosen in a session of single photons of that size.

    .. math:: \ell = n\,\bigl[1 - h(Q + m) - f\,h(Q)\bigr] - \log_2\frac{2}{\varepsilon_s^2 \varepsilon_c}, \qquad
              n = N(1 - p_x)^2, \quad k = N p_x^2

    .. math:: m = \sqrt{\tfrac{n + k}{nk}\,\tfrac{k + 1}{k}\,\ln\tfrac{4}{\varepsilon_s}}

    A rare test basis wastes few signals, but leaves few bits to compare and so a wide margin m. For an endless session
    the best :math:`p_x` goes to 0, as :math:`N^{-1/4}`: the waste is about :math:`2p_x`, the margin
    :math:`\propto 1/(p_x\sqrt N)`.

    Parameters
    ----------
    signals : float
        :math:`N`, signals that click, in whichever bases, at least 16.
    qber : float
        Error rate, in both bases.
    p_x : float, optional
        Judge this one. None: the best.
    security, correctness, efficiency : float
        :math:`\varepsilon_s`, :math:`\varepsilon_c` and f.

    Returns
    -------
    BasisBias

    Examples
    --------
    >>> for signals in (1e5, 1e6, 1e8):
    ...     best = best_basis_bias(signals, 0.02)
    ...     print(round(best.p_x, 3), round(best.rate, 6))
    0.22 0.234221
    0.129 0.389511
    0.043 0.580702

    References
    ----------
    Tomamichel, Lim, Gisin and Renner, Nature Communications 3, 634 (2012), arXiv:1103.4130, equation 2.
    """
    total = as_real(signals, "signals", least=16)
    error = as_probability(qber, "qber")
    f = as_real(efficiency, "efficiency", least=1)
    as_failure(security, "security"), as_failure(correctness, "correctness")
    lost = hashing_margin(security) + 1 - np.log2(correctness)
    leak = f * float(binary_entropy(min(error, 0.5)))

    def bits(x: Any) -> Any:
        key, test = total * (1 - x) ** 2, total * x**2
        worst = np.minimum(0.5, error + serfling_deviation(key, test, (security / 4) ** 2))
        return key * (1 - binary_entropy(worst) - leak) - lost

    if p_x is None:
        # Below one compared bit and above 1/2 there is nothing to gain; the length has one peak in between.
        tried = np.geomspace(1.001 / np.sqrt(total), 0.5, 400)
        best = int(np.argmax(bits(tried)))
        near = tried[max(best - 1, 0)], tried[min(best + 1, tried.size - 1)]
        bias = float(
            minimize_scalar(lambda x: -bits(x), bounds=near, method="bounded", options={"xatol": 1e-9}).x
        )
    else:
        bias = as_probability(p_x, "p_x")
        if min(bias, 1 - bias) * np.sqrt(total) < 1:
            raise ValueError(
                f"p_x must leave each basis one bit of the {total:g} signals or more, not {p_x}: one is the key, the other "
                "the test"
            )
    found = max(0.0, float(bits(bias)))
    return BasisBias(bias, found, found / total, total * (1 - bias) ** 2, total * bias**2)
