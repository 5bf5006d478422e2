"""Finite keys: what a session of n bits may keep when every chance of being wrong is counted, and how many to compare."""

from collections.abc import Mapping
from math import floor, log, log2
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_failure, as_probability, as_real
from qlearn.communication.key_rate import (
    binary_entropy,
    key_rate as key_rate,
    tolerable_qber as tolerable_qber,
)

_SMALLEST = 1e-100


def serfling_deviation(n_key: ArrayLike, n_sample: ArrayLike, failure: float) -> NDArray[np.float64]:
    r"""Return by how much the error rate of the kept bits may exceed that of the sampled ones (Serfling).

    Of :math:`n + k` bits, :math:`k` are drawn at random and compared. The error rate of the other
    :math:`n` exceeds the one seen by more than :math:`\mu` with a probability of at most

    .. math:: \varepsilon = \exp\left(-\frac{2\,n\,k^2\,\mu^2}{(n+k)(k+1)}\right)
              \quad\Longleftrightarrow\quad
              \mu = \sqrt{\frac{n+k}{n k}\,\frac{k+1}{k}\,\frac{\ln(1/\varepsilon)}{2}}

    whatever the errors are and however they are arranged: nothing is assumed of the line, the sample alone
    is random.

    Parameters
    ----------
    n_key, n_sample : array_like of int, shape (...)
        Bits kept and bits compared, at least 1 each; they broadcast.
    failure : float
        :math:`\varepsilon`, above 0 and below 1.

    Returns
    -------
    ndarray of float, shape (...)
        :math:`\mu`, to be added to the rate seen. Above 1/2 the sample proves nothing.

    Examples
    --------
    >>> serfling_deviation(900_000, 100_000, failure=1e-20).round(4)
    np.float64(0.016)

    References
    ----------
    Serfling, Ann. Statist. 2, 39 (1974), doi:10.1214/aos/1176342611. Tomamichel et al., 2012,
    arXiv:1103.4130, supplement, on random sampling without replacement.
    """
    n, k = np.asarray(n_key, dtype=np.float64), np.asarray(n_sample, dtype=np.float64)
    if not ((n >= 1).all() and (k >= 1).all()):
        raise ValueError(f"n_key and n_sample must be at least 1, not {n.min():g} and {k.min():g}")
    return np.sqrt((n + k) / (n * k) * (k + 1) / k * -log(as_failure(failure, "failure")) / 2)


def as_security(x: Any, name: str) -> float:
    """Return `x` as the chance that a session fails: below 1, and not so small that its square is no number."""
    value = as_failure(x, name)
    if value < _SMALLEST:
        raise ValueError(f"{name} must be at least {_SMALLEST:g}, not {value:g}: no device is that reliable")
    return value


def hashing_margin(security: float) -> float:
    r"""Return the bits that hashing gives up for its own security, :math:`2 \log_2 (1/\varepsilon)`.

    The leftover hash lemma makes :math:`\ell` bits that are :math:`\tfrac\varepsilon2` from perfect out of
    a min-entropy of :math:`\ell + 2\log_2(1/\varepsilon)`.

    Parameters
    ----------
    security : float
        :math:`\varepsilon`, above 0 and below 1.

    Returns
    -------
    float
        Bits.

    Examples
    --------
    >>> round(hashing_margin(1e-10), 1)
    66.4

    References
    ----------
    Renner, 2005, arXiv:quant-ph/0512258, corollary 5.6.1.
    """
    return -2 * log2(as_failure(security, "security"))


def finite_key_length(
    n_signals: int,
    qber: float,
    *,
    security: float = 1e-10,
    correctness: float = 1e-15,
    efficiency: float = 1.1,
) -> int:
    r"""Return the length of the key that a BB84 session with biased bases yields, before authentication is paid.

    .. math:: \ell = \max_{n + k = N} \left\lfloor n\,\bigl(1 - h(e + \mu)\bigr) - f\,n\,h(e)
              - \log_2 \frac{2}{\varepsilon_\text{sec}^2\,\varepsilon_\text{cor}} \right\rfloor, \qquad
              \mu = \sqrt{\frac{n+k}{nk}\,\frac{k+1}{k}\,\ln\frac{4}{\varepsilon_\text{sec}}}

    :math:`k` bits of one basis are compared, :math:`n` bits of the other become the key. A large sample
    leaves few bits, a small one a large :math:`\mu`; the best division is found here, as if the bias of the bases
    could be chosen for it. The term :math:`\mu` is :func:`serfling_deviation` at a failure probability of
    :math:`(\varepsilon_\text{sec}/4)^2`. With fair bases, a sample of each and 512 bits for its tags,
    :func:`distill` makes less: a bit more than half as much of 10,000 signals at 1 % of errors, 95 % of a million.

    Parameters
    ----------
    n_signals : int
        :math:`N`, sifted bits of both bases together, at least 2.
    qber : float
        Error rate :math:`e` seen in the sample, and met in the key.
    security : float
        :math:`\varepsilon_\text{sec}`: how far the key may be from perfectly secret.
    correctness : float
        :math:`\varepsilon_\text{cor}`: how likely the two keys may differ.
    efficiency : float
        :math:`f` of the reconciliation, at least 1.

    Returns
    -------
    int
        Bits, 0 where no key is safe.

    Examples
    --------
    >>> finite_key_length(1_000, 0.01), finite_key_length(1_000_000, 0.01)
    (0, 669890)

    References
    ----------
    Tomamichel, Lim, Gisin and Renner, Nature Communications 3, 634 (2012), arXiv:1103.4130, eq. 2.
    """
    total = as_count(_whole(n_signals), "n_signals", least=2)
    error = as_probability(qber, "qber")
    f = as_real(efficiency, "efficiency", least=1)
    lost = hashing_margin(security) + 1 - log2(as_failure(correctness, "correctness"))
    leak = f * float(binary_entropy(min(error, 0.5)))

    def lengths(sample: NDArray[np.float64]) -> NDArray[np.float64]:
        worst = np.minimum(0.5, error + serfling_deviation(total - sample, sample, (security / 4) ** 2))
        return (total - sample) * (1 - binary_entropy(worst) - leak) - lost

    # The length has one peak in the sample size: a coarse look, then a close one around the best.
    coarse = _between(1, total - 1)
    best = int(lengths(coarse).argmax())
    close = _between(coarse[max(best - 1, 0)], coarse[min(best + 1, coarse.size - 1)])
    return max(0, floor(lengths(close).max()))


def _between(low: float, high: float) -> NDArray[np.float64]:
    return np.unique(np.geomspace(low, high, 1000).round())


def _whole(x: Any) -> Any:
    # 1e9 is how people write a number of signals.
    return int(x) if isinstance(x, float) and x.is_integer() else x


_MOST = 2**62


def sample_sizes(
    bits: dict[str, int], *, security: float = 1e-10, expected_qber: float = 0.03
) -> dict[str, int]:
    r"""Return how many bits of each basis to compare, so that the most key is left.

    A larger sample bounds the errors more closely and leaves fewer bits. The best is found for the error
    rate that one expects, since it has to be chosen before the errors are seen.

    Parameters
    ----------
    bits : dict of {"Z": int, "X": int}
        Sifted bits of each basis.
    security : float
        :math:`\varepsilon_\text{sec}` of the key to come.
    expected_qber : float
        Error rate to plan for, below 1/2.

    Returns
    -------
    dict of {"Z": int, "X": int}
        At least one of each basis that has bits. All bits of a basis, where its key is not worth having.

    Examples
    --------
    >>> sizes = sample_sizes({"Z": 500_000, "X": 500_000})
    >>> 0.02 < sizes["Z"] / 500_000 < 0.1
    True
    """
    error = as_real(expected_qber, "expected_qber", least=0, most=0.5)
    failure = failure_of_one_basis(security)
    z, x = as_sizes(bits, "bits").values()
    fractions = np.append(np.geomspace(1e-3, 0.9, 60), 1.0)
    sample_z, sample_x = np.meshgrid(_rounded_up(fractions * z), _rounded_up(fractions * x), indexing="ij")

    def left(kept: np.ndarray, sample: np.ndarray) -> np.ndarray:
        enough = (kept >= 1) & (sample >= 1)
        mu = serfling_deviation(np.where(enough, kept, 1), np.where(enough, sample, 1), failure)
        worst = np.where(enough, np.minimum(0.5, error + mu), 0.5)
        return kept * (1 - binary_entropy(worst) - 1.1 * binary_entropy(error))

    total = left(z - sample_z, sample_x) + left(x - sample_x, sample_z)
    best = np.unravel_index(total.argmax(), total.shape)
    return {"Z": int(sample_z[best]), "X": int(sample_x[best])}


def failure_of_one_basis(security: float) -> float:
    """Return the failure probability that the sample of one basis is allowed: half of (security / 4)^2."""
    return (as_security(security, "security") / 4) ** 2 / 2


def as_sizes(x: Any, name: str) -> dict[str, int]:
    """Return `x` as a number of bits of each basis, ``{"Z": ..., "X": ...}``."""
    if not isinstance(x, Mapping) or set(x) != {"Z", "X"}:
        raise ValueError(f'{name} must name both bases, {{"Z": 500, "X": 500}}, not {x!r}')
    sizes = {basis: as_count(x[basis], f"{name}[{basis!r}]", least=0) for basis in "ZX"}
    if max(sizes.values()) > _MOST:
        raise ValueError(f"{name} must be at most {_MOST:,} bits of each basis: no session has more")
    return sizes


def _rounded_up(sizes: np.ndarray) -> np.ndarray:
    return np.ceil(sizes - 1e-9)
