"""Key rates: the secret bits a sifted bit is worth in an endless session, their entropy, and the error rates that end them.

Every rate here is :func:`one_way_rate` with its own term for what Eve knows. Two-way distillation and noise that is added
on purpose are out of scope: the references of that function give them.

Taught in :doc:`/communication/bb84`.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import entr

from qlearn._checks import as_probabilities, as_real, broadcast
from qlearn.qubits.entropies import binary_entropy as binary_entropy


def clip_error_rates(x: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return `x` as error rates, above 1/2 clipped to 1/2: a bound beyond it vouches for nothing, and is no mistake."""
    return np.minimum(as_probabilities(x, name, "error rates"), 0.5)


def one_way_rate(qber: ArrayLike, known: ArrayLike, *, efficiency: float = 1.0) -> NDArray[np.float64]:
    r"""Return the secret bits that a sifted bit yields when Alice alone speaks and Eve knows `known` bits of it.

    .. math:: r = \max\bigl(0,\; 1 - f\,h(e) - I_E\bigr)

    :math:`f\,h(e)` is what Alice has to tell Bob so that he can correct his errors. It is not the last word: where she
    names parities of small blocks first or adds noise on purpose, or where both talk, more can be saved.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate :math:`e` of the bits that become the key. Above 1/2 there is no key, as at 1/2.
    known : array_like of float, shape (...)
        Eve's information :math:`I_E` in bits a sifted bit, 0 to 1; broadcasts against `qber`.
    efficiency : float
        :math:`f`, disclosed bits over :math:`n\,h(e)`, at least 1, which is Shannon's limit.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per sifted bit, 0 to 1, for endless keys.

    Examples
    --------
    >>> one_way_rate([0.01, 0.05], 0.5).round(4)
    array([0.4192, 0.2136])

    References
    ----------
    Csiszar and Koerner, IEEE Trans. Inf. Theory 24, 339 (1978), doi:10.1109/TIT.1978.1055892; Devetak and Winter, Proc.
    R. Soc. A 461, 207 (2005), arXiv:quant-ph/0306078. Beyond it: Smith, Renes and Smolin, Phys. Rev. Lett. 100, 170502
    (2008), arXiv:quant-ph/0607018, and Kern and Renes, Quantum Inf. Comput. 8, 756 (2008), arXiv:0712.1494 (structured
    codes, added noise); Gottesman and Lo, IEEE Trans. Inf. Theory 49, 457 (2003), arXiv:quant-ph/0105121 (both talk).
    """
    error, eve = clip_error_rates(qber, "qber"), as_probabilities(known, "known", "bits of information")
    f = as_real(efficiency, "efficiency", least=1)
    error, eve = broadcast(qber=error, known=eve)
    return np.maximum(0.0, 1 - f * binary_entropy(error) - eve)


def zero_of_rate(unclipped: Callable[[float], float]) -> float:
    """Return the error rate from 0 to 1/2 at which a rate that falls from above 0 to below it is zero."""
    return float(brentq(unclipped, 0, 0.5, xtol=1e-15))


def asymptotic_rate(qber: ArrayLike, phase: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Return the secret bits that a sifted bit of BB84 yields by plain one-way processing when the key is endless.

    .. math:: r = \max\bigl(0,\; 1 - h(e) - h(e_\text{phase})\bigr), \qquad r = \max(0, 1 - 2h(e))
              \ \text{if both are}\ e

    This is :func:`~qlearn.communication.key_rate.one_way_rate` with :math:`h(e_\text{phase})` for what Eve may
    know: she is charged with every error, whatever the line is like. What she learns of the bits of one basis
    is bounded by the errors *of the other basis* (`phase`), which is why both are watched.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate of the bits that become the key. Above 1/2 there is no key, as at 1/2.
    phase : array_like of float, shape (...), optional
        Error rate in the other basis; broadcasts against `qber`. None: the same as `qber`.

    Returns
    -------
    ndarray of float, shape (...)
        Secret bits a sifted bit, 0 to 1, for single photons, error correction at Shannon's limit and infinitely
        many bits.

    Examples
    --------
    >>> asymptotic_rate([0, 0.01, 0.05, 0.25]).round(6)
    array([1.      , 0.838414, 0.427206, 0.      ])
    >>> float(asymptotic_rate(0.0, phase=0.5))  # Eve reads Z: no error there, and nothing is secret
    0.0

    References
    ----------
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004.
    """
    error = clip_error_rates(qber, "qber")
    error, phase = broadcast(qber=error, phase=error if phase is None else clip_error_rates(phase, "phase"))
    return one_way_rate(error, binary_entropy(phase))


@cache
def threshold() -> float:
    r"""Return the error rate at which :func:`asymptotic_rate` reaches zero: the root of :math:`1 - 2h(e)`.

    Returns
    -------
    float
        0.110028, found by bracketing the root between 0 and 1/2.

    Examples
    --------
    >>> round(threshold(), 6)
    0.110028

    References
    ----------
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004.
    """
    return tolerable_qber()


Protocol = Literal["bb84", "six-state"]
_PROTOCOLS = ("bb84", "six-state")


def key_rate(qber: ArrayLike, *, efficiency: float = 1.0, protocol: Protocol = "bb84") -> NDArray[np.float64]:
    r"""Return the secret bits that a sifted bit of BB84 or of the six-state protocol yields in an endless session.

    .. math:: r_\text{BB84} = 1 - h(e) - f\,h(e), \qquad
              r_\text{six} = 1 - \bigl[H(\lambda) - h(e)\bigr] - f\,h(e),\quad
              \lambda = \left(1 - \tfrac{3e}{2}, \tfrac e2, \tfrac e2, \tfrac e2\right)

    The first subtraction is what Eve may know, the second what Alice had to tell Bob: :math:`f = 1` is
    Shannon's limit, a good Cascade reaches 1.05. BB84 knows only how often bits flip in two bases; the
    six-state protocol measures in three, which leaves Eve less room, :math:`H(\lambda)` being the entropy of
    the depolarising line's Pauli errors.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        Error rate :math:`e`, the same in all bases. From 1/2 on there is no key.
    efficiency : float
        :math:`f`, disclosed bits over :math:`n\,h(e)`; at least 1.
    protocol : {"bb84", "six-state"}
        Two bases, or three.

    Returns
    -------
    ndarray of float, shape (...)
        Bit per sifted bit, 0 to 1, never negative.

    Examples
    --------
    >>> key_rate([0, 0.01, 0.05, 0.12]).round(6)
    array([1.      , 0.838414, 0.427206, 0.      ])
    >>> key_rate(0.12, protocol="six-state").round(4)
    np.float64(0.0346)

    References
    ----------
    Shor and Preskill, 2000, arXiv:quant-ph/0003004 (BB84). Lo, 2001, arXiv:quant-ph/0102138, and Kern and
    Renes, 2008, arXiv:0712.1494 (six states).
    """
    error = clip_error_rates(qber, "qber")
    return one_way_rate(error, _known(error, protocol), efficiency=efficiency)


def _known(error: NDArray[np.float64], protocol: Protocol) -> NDArray[np.float64]:
    """Return the bits that Eve may know of a sifted bit."""
    if protocol == "bb84":
        return binary_entropy(error)
    if protocol == "six-state":
        pauli = (entr(1 - 1.5 * error) + 3 * entr(error / 2)) / np.log(2)
        return np.clip(pauli - binary_entropy(error), 0, 1)  # rounding
    raise ValueError(f"protocol must be one of {', '.join(_PROTOCOLS)}, not {protocol!r}")


@cache
def tolerable_qber(*, efficiency: float = 1.0, protocol: Protocol = "bb84") -> float:
    r"""Return the error rate at which :func:`key_rate` reaches zero.

    Parameters
    ----------
    efficiency : float
        :math:`f` of the reconciliation, at least 1.
    protocol : {"bb84", "six-state"}
        Two bases, or three.

    Returns
    -------
    float
        Error rate, below 1/2.

    Examples
    --------
    >>> round(tolerable_qber(), 6), round(tolerable_qber(protocol="six-state"), 6)
    (0.110028, 0.126193)
    >>> round(tolerable_qber(efficiency=1.16), 6)
    0.098106

    References
    ----------
    Kern and Renes, 2008, arXiv:0712.1494.
    """
    f = as_real(efficiency, "efficiency", least=1)

    def unclipped(error: float) -> float:
        return float(1 - f * binary_entropy(error) - _known(np.asarray(error), protocol))

    return zero_of_rate(unclipped)
