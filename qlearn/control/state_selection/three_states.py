"""Three states: BB84 without the fourth, whose counts are a sum of the others' as long as the fitting counts are kept."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_reals, broadcast
from qlearn._types import Array
from qlearn.communication.key_rate import binary_entropy, clip_error_rates, one_way_rate


def fourth_state(yields: ArrayLike) -> Array:
    r"""Return how often each outcome would have followed the state minus, which was never sent, shape (..., outcomes).

    .. math:: Y(b \mid -) = Y(b \mid 0) + Y(b \mid 1) - Y(b \mid +)

    Quantum mechanics is linear, and :math:`|0\rangle\langle 0| + |1\rangle\langle 1| = |+\rangle\langle +| +
    |-\rangle\langle -|`. So it holds for any Eve who treats each photon alike, whatever the outcome :math:`b` is, "no click"
    included. It does *not* hold for chances *among the clicks*: an Eve who swallows one state more often than another makes
    those sum to anything. Divide by the pulses sent.

    Parameters
    ----------
    yields : array_like of float, shape (..., 3, outcomes)
        Chance of each outcome per pulse *sent* as 0, 1 and + (the order of the rows). The outcomes of one basis, or any.

    Returns
    -------
    ndarray of float, shape (..., outcomes)
        Where the yields were counted, chance may make one slightly negative.

    Examples
    --------
    >>> fourth_state([[0.05, 0.05], [0.05, 0.05], [0.098, 0.002]])  # X asked: outcomes + and -, 90 % are lost
    array([0.002, 0.098])

    References
    ----------
    Tamaki, Curty, Kato, Lo and Azuma, "Loss-tolerant quantum cryptography with imperfect sources", Phys. Rev. A 90, 052314
    (2014), arXiv:1312.3514.
    """
    rows = _as_yields(yields)
    return np.asarray(rows[..., 0, :] + rows[..., 1, :] - rows[..., 2, :])


def phase_error_of_three(x_yields: ArrayLike) -> Array:
    r"""Return the phase error that three states prove, from Bob's X clicks: the share that Eve is charged for.

    .. math:: e_X = \frac{Y(-|+) + Y(+|-)}{\sum_b Y(b|+) + Y(b|-)}
                  = \frac{Y(-|+) + Y(+|0) + Y(+|1) - Y(+|+)}{\sum_b Y(b|0) + Y(b|1)}

    Exactly what BB84 would have measured with its fourth state, so the rate is that of BB84. Where Bob has no click the basis
    he asked must play no part.

    Parameters
    ----------
    x_yields : array_like of float, shape (..., 3, 2)
        Chances per pulse sent as 0, 1, + that Bob, asking X, finds + or -.

    Returns
    -------
    ndarray of float, shape (...)
        0 to 1.

    Examples
    --------
    >>> float(phase_error_of_three([[0.05, 0.05], [0.05, 0.05], [0.098, 0.002]]).round(6))
    0.02

    References
    ----------
    Krawec, "Asymptotic analysis of a three state quantum cryptographic protocol", 2016, arXiv:1601.00185: the threshold of
    BB84. With decoys and finite keys, against collective attacks: Rusca, Boaron, Curty, Martin and Zbinden, Phys. Rev. A 98,
    052336 (2018), arXiv:1808.08259.
    """
    rows = _as_yields(x_yields)
    if rows.shape[-1] != 2:
        raise ValueError(f"x_yields must have two outcomes on the last axis, + and -, not {rows.shape[-1]}")
    arrived = (rows[..., 0, :] + rows[..., 1, :]).sum(axis=-1)
    if not (arrived > 0).all():
        raise ValueError(
            "x_yields must hold clicks of the states 0 and 1: without any there is nothing to divide by"
        )
    wrong = rows[..., 2, 1] + fourth_state(rows)[..., 0]
    return np.asarray((wrong / arrived).clip(0.0, 1.0))


def worst_phase_error(qber: ArrayLike, plus_error: ArrayLike) -> Array:
    r"""Return the largest phase error that three states leave open when the counts of unequal bases are thrown away.

    .. math:: e_X = \tfrac12\bigl[1 - \cos(\theta + \omega)\cos\omega\bigr], \qquad \cos\omega = 1 - 2e_Z,\quad
              \cos\theta = 1 - 2e_+

    as long as :math:`\theta + \omega \le \pi/2` (14.6 % errors in both); beyond that 1/2, where nothing is left to lose. Only
    one of the two X states was sent, and Eve may push both of them towards it: her line moves the Bloch ball by :math:`t`
    along X, so that + comes out well and - would not. How far she can, :math:`(1 \pm M_x)^2 - t^2 \ge (M_z \pm M_y)^2` says,
    with :math:`M_x + t = \cos\theta` and :math:`M_z = \cos\omega`: in angles, :math:`2M_x - \cos\theta \ge \cos(\theta +
    2\omega)`. Mixing a line with its mirror images shows that no other line *that delivers all states equally often* does
    worse. So compare clicks per pulse of 0, 1 and +: an Eve who may swallow one state more than another passes the bound,
    0.233 in place of 0.221 at 5 % errors in each basis. (Fung and Lo bound the phase error whatever is lost.)

    Parameters
    ----------
    qber : array_like of float, shape (...)
        :math:`e_Z`, of the bits of the key. Above 1/2 counts as 1/2.
    plus_error : array_like of float, shape (...)
        :math:`e_+`, how often + is read as -; broadcasts.

    Returns
    -------
    ndarray of float, shape (...)
        At most 1/2.

    Examples
    --------
    >>> worst_phase_error([0, 0.01, 0.05], [0.03, 0.01, 0.05]).round(4)
    array([0.03  , 0.0488, 0.221 ])

    References
    ----------
    Derived above from the conditions of Ruskai, Szarek and Werner, Linear Algebra Appl. 347, 159 (2002),
    arXiv:quant-ph/0101003. The question is that of Fung and Lo, Phys. Rev. A 74, 042342 (2006), arXiv:quant-ph/0607056, who
    bound the phase error of this protocol in another way, independent of loss.
    """
    e_z, e_plus = broadcast(
        qber=clip_error_rates(qber, "qber"), plus_error=clip_error_rates(plus_error, "plus_error")
    )
    return np.asarray(((1 - (1 - 2 * e_plus + lowest_minus(e_z, e_plus)) / 2) / 2).clip(0.0, 0.5))


def lowest_minus(e_z: Array, e_plus: Array) -> Array:
    """Return how far on its own side minus arrives at least: cos(theta + 2 omega); -1 beyond pi, where it may arrive as plus."""
    omega, theta = np.arccos(1 - 2 * e_z), np.arccos(1 - 2 * e_plus)
    return np.asarray(np.cos(np.minimum(theta + 2 * omega, np.pi)))


def three_state_rate(qber: ArrayLike, *, mismatched: bool = True, efficiency: float = 1.0) -> Array:
    r"""Return the secret bits per sifted Z bit of {0, 1, +}, on a line with the same error rate in Z and for +.

    .. math:: r = 1 - h(e_X) - f\,h(e_Z)

    With the counts of unequal bases :math:`e_X` is measured, and on a line that is symmetric it is :math:`e_Z`: this is the
    rate of BB84. Without them it is bounded by :func:`worst_phase_error`, where all states arrive equally often. That bound is
    simple and safe; the exact minimum, a little higher, is :func:`certified_secrecy` less :math:`f h(e_Z)`.

    Parameters
    ----------
    qber : array_like of float, shape (...)
    mismatched : bool
        Whether the counts of unequal bases are kept.
    efficiency : float
        :math:`f`, at least 1.

    Returns
    -------
    ndarray of float, shape (...)
        Bits per sifted bit, never negative, for one photon a pulse and endless keys.

    Examples
    --------
    >>> three_state_rate([0, 0.01, 0.03]).round(4)
    array([1.    , 0.8384, 0.6112])
    >>> three_state_rate([0, 0.01, 0.03], mismatched=False).round(4)
    array([1.    , 0.6379, 0.2229])

    References
    ----------
    As for :func:`phase_error_of_three` and :func:`worst_phase_error`.
    """
    error: Any = clip_error_rates(qber, "qber")
    phase = error if mismatched else worst_phase_error(error, error)
    return one_way_rate(error, binary_entropy(phase), efficiency=efficiency)


def _as_yields(yields: ArrayLike) -> Array:
    rows = as_reals(yields, "yields", least=0)
    if rows.ndim < 2 or rows.shape[-2] != 3:
        raise ValueError(
            f"yields must have the shape (..., 3, outcomes), one row for each of 0, 1 and +, not {rows.shape}"
        )
    if (rows.sum(axis=-1) > 1 + 1e-9).any():
        raise ValueError(
            f"yields must be chances per pulse sent, of one basis: a row sums to {rows.sum(axis=-1).max():g}, above 1"
        )
    return rows
