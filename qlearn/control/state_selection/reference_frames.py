"""Reference frames: a key from a line that turns, by a quantity that does not see the turn."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_reals, broadcast
from qlearn._types import Array
from qlearn.communication.key_rate import binary_entropy, clip_error_rates, one_way_rate

# Halves of an interval below 1/4: beyond the last digit.
_HALVINGS = 60
# Counts and floats may pass the largest value that a qubit allows by so much.
_ROUNDING = 1e-9


def frame_correlation(correlations: ArrayLike) -> Array:
    r"""Return C, how well the two directions beside Z agree, however one side is turned about Z, shape (...).

    .. math:: C = \langle XX\rangle^2 + \langle XY\rangle^2 + \langle YX\rangle^2 + \langle YY\rangle^2

    Each mean is that of the product of Alice's sign and Bob's. A turn about Z turns the rows of this table, and sums of
    squares stay. 2 without noise, :math:`2(1-2e)^2` on a depolarising line.

    Parameters
    ----------
    correlations : array_like of float, shape (..., 2, 2)
        The four means, rows X and Y of Alice, columns X and Y of Bob; -1 to 1.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> turn = np.deg2rad(30)
    >>> table = 0.96 * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    >>> float(frame_correlation(table).round(4))
    1.8432

    References
    ----------
    Laing, Scarani, Rarity and O'Brien, "Reference-frame-independent quantum key distribution", Phys. Rev. A 82, 012304
    (2010), arXiv:1003.1050.
    """
    table = as_reals(correlations, "correlations", least=-1, most=1)
    if table.shape[-2:] != (2, 2):
        raise ValueError(
            f"correlations must have the shape (..., 2, 2), Alice's X and Y by Bob's, not {table.shape}"
        )
    return np.asarray((table**2).sum(axis=(-2, -1)))


def frame_information(qber: ArrayLike, correlation: ArrayLike) -> Array:
    r"""Return the most that Eve may know of a sifted Z bit, in bits, given the errors of Z and C.

    .. math:: I_E = \max_{u, v \in [0, 1]} (1 - e)\,h\Bigl(\frac{1 + u}{2}\Bigr) + e\,h\Bigl(\frac{1 + v}{2}\Bigr)
              \quad\text{with}\quad (1 - e)^2 u^2 + e^2 v^2 = C/2

    u and v are how sure the phase is where Z agrees and where it does not. In the squares the sum is concave, so bisection
    finds its maximum. The closed form in use since Laing et al. puts :math:`u = \min(\sqrt{C/2}/(1 - e), 1)` and v to what is
    left. That is this maximum but where u comes close to 1: there Eve gains by leaving v a little, less than 4e-5 bits for
    error rates up to 15.9 %, and more beyond.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        :math:`e`, of the Z bits, at most 1/2.
    correlation : array_like of float, shape (...)
        :math:`C`, 0 to 2, of :func:`frame_correlation`; broadcasts. More than :math:`2(1-e)^2 + 2e^2` fits no qubits.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> frame_information(0.02, [1.8432, 1.0, 0.0]).round(4)
    array([0.1005, 0.5906, 1.    ])

    References
    ----------
    Laing, Scarani, Rarity and O'Brien, 2010, arXiv:1003.1050.
    """
    e, c = broadcast(
        qber=as_reals(qber, "qber", least=0, most=0.5),
        correlation=as_reals(correlation, "correlation", least=0, most=2 + _ROUNDING),
    )
    half = c / 2
    if (half > (1 - e) ** 2 + e**2 + _ROUNDING).any():
        raise ValueError(
            "correlation must fit the error rate, C <= 2(1-e)^2 + 2e^2: with errors in Z the other two cannot agree as well"
        )
    # What of C/2 the wrong bits carry: between nothing, or what the right ones cannot, and what they can.
    low, high = (half - (1 - e) ** 2).clip(0.0), np.minimum(half, e**2)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        more = _steepness(half - middle, 1 - e) > _steepness(middle, e)
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    u, v = _sure(half - low, 1 - e), _sure(low, e)
    return np.asarray((1 - e) * binary_entropy((1 + u) / 2) + e * binary_entropy((1 + v) / 2))


def _sure(square: Array, share: Array) -> Array:
    """Return u of its share of C/2, 0 to 1."""
    root = np.sqrt(square.clip(0.0))
    return np.divide(root, share, out=np.zeros_like(root), where=share > 0).clip(0.0, 1.0)


def _steepness(square: Array, share: Array) -> Array:
    """Return how fast the entropy of this share falls with its square: atanh(u) / u / share, but for a factor."""
    u = _sure(square, share)
    with np.errstate(divide="ignore"):
        rise = np.divide(np.arctanh(u), u, out=np.ones_like(u), where=u > 0)
        return np.asarray(rise / share)


def frame_free_rate(qber: ArrayLike, correlation: ArrayLike, *, efficiency: float = 1.0) -> Array:
    r"""Return the secret bits per sifted Z bit of the reference-frame-independent protocol.

    .. math:: r = 1 - I_E(e, C) - f\,h(e)

    On a depolarising line it is the rate of the six-state protocol, whichever way the line has turned about Z. If the line
    turns *while* the counts are gathered, means shrink and so does C: that is paid for.

    Parameters
    ----------
    qber, correlation
        As for :func:`frame_information`.
    efficiency : float
        :math:`f`, at least 1.

    Returns
    -------
    ndarray of float, shape (...)
        Never negative; one photon a pulse, endless keys.

    Examples
    --------
    >>> float(frame_free_rate(0.02, 2 * 0.96**2).round(6))
    0.758059

    References
    ----------
    Laing et al., 2010, arXiv:1003.1050.
    """
    return one_way_rate(
        clip_error_rates(qber, "qber"), frame_information(qber, correlation), efficiency=efficiency
    )
