"""Pushed lines: Eve moves the Bloch ball towards a state that is sent, and only the rounds of unequal bases show it."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_probabilities, as_reals, broadcast
from qlearn._types import Array
from qlearn.communication.key_rate import clip_error_rates
from qlearn.control.state_selection.three_states import lowest_minus
from qlearn.qubits.noise import BlochMap

# What a coordinate may pass 1 by.
_ROUNDING = 1e-9


def pushed_line(qber: ArrayLike, plus_error: ArrayLike, push: ArrayLike) -> BlochMap:
    r"""Return a line that makes these errors of 0, 1 and + while it pushes the Bloch ball towards +.

    .. math:: (x, y, z) \;\to\; (M_x x + t,\; M_y y,\; M_z z), \qquad M_z = 1 - 2e_Z,\quad M_x + t = 1 - 2e_+

    The matched rounds of {0, 1, +} see :math:`e_Z` and :math:`e_+`, whatever :math:`t` is. It goes from 0 to the largest for
    which the map is a line, in the angles of :func:`worst_phase_error`

    .. math:: t = \tfrac12\bigl[\cos\theta - \cos\min(\theta + 2\omega,\, \pi)\bigr] .

    The phase error is :math:`e_+ + t/2`, and at the largest push the worst one; where that is 1/2 (from 14.6 % errors in both
    on) it is reached before, and a further push takes it beyond. From :math:`\theta + 2\omega = \pi` on (25 % in both) - can
    arrive as +. Nothing asks for :math:`M_y`: it is the largest allowed. Without errors of the key bits (:math:`e_Z = 0`) the
    poles stay where they are, and nothing can be pushed; without errors of + much can.

    Parameters
    ----------
    qber : array_like of float, shape (...)
        :math:`e_Z`, of the bits of the key. Above 1/2 counts as 1/2.
    plus_error : array_like of float, shape (...)
        :math:`e_+`, how often + is read as -; broadcasts.
    push : array_like of float, shape (...)
        Share of the largest :math:`t`, 0 to 1; broadcasts.

    Returns
    -------
    BlochMap
        ``matrix``, shape (..., 3, 3), diagonal, and ``shift``, shape (..., 3).

    Examples
    --------
    >>> line = pushed_line(0.05, 0.05, [0, 1])
    >>> line.matrix[:, 0, 0].round(3), line.shift[:, 0].round(3)
    (array([0.9  , 0.558]), array([0.   , 0.342]))
    >>> pushed_line([0.0, 0.05], [0.05, 0.0], 1).shift[:, 0].round(3)  # whose errors give room?
    array([0.  , 0.19])

    References
    ----------
    The conditions of Ruskai, Szarek and Werner, Linear Algebra Appl. 347, 159 (2002), arXiv:quant-ph/0101003, as for
    :func:`worst_phase_error`.
    """
    e_z, e_plus, share = broadcast(
        qber=clip_error_rates(qber, "qber"),
        plus_error=clip_error_rates(plus_error, "plus_error"),
        push=as_probabilities(push, "push", "shares of the largest push"),
    )
    t = share * ((1 - 2 * e_plus - lowest_minus(e_z, e_plus)) / 2).clip(0.0)
    z, x = 1 - 2 * e_z, 1 - 2 * e_plus - t
    # (1 +- x)^2 - t^2 >= (z +- y)^2
    y = np.minimum(z + np.sqrt(((1 - x) ** 2 - t**2).clip(0.0)), np.sqrt(((1 + x) ** 2 - t**2).clip(0.0)) - z)
    matrix, shift = np.zeros((*t.shape, 3, 3)), np.zeros((*t.shape, 3))
    for axis, factor in enumerate((x, y, z)):
        matrix[..., axis, axis] = factor
    shift[..., 0] = t
    return BlochMap(matrix, shift)


def x_yields(line: BlochMap) -> Array:
    r"""Return how often Bob, asking X, finds + and - after 0, 1 and +, over a line that loses nothing, shape (..., 3, 2).

    .. math:: Y(\pm|s) = \tfrac12(1 \pm x_s)

    :math:`x_s` is where the line takes the state :math:`s` along X. The rows of 0 and 1 are rounds of unequal bases: coins that
    fall evenly on a line without push or turn. Where both lean to + by :math:`d`, the phase error of
    :func:`phase_error_of_three` is that of + and :math:`d` more: the lean is what a - that is never sent would show.

    Parameters
    ----------
    line : BlochMap
        ``matrix``, shape (..., 3, 3), and ``shift``, shape (..., 3), as of :func:`pushed_line` or
        :func:`~qlearn.qubits.noise.bloch_map`.

    Returns
    -------
    ndarray of float, shape (..., 3, 2)
        What :func:`fourth_state` and :func:`phase_error_of_three` take.

    Examples
    --------
    >>> x_yields(pushed_line(0.05, 0.05, 1)).round(3)
    array([[0.671, 0.329],
           [0.671, 0.329],
           [0.95 , 0.05 ]])
    """
    matrix, shift = as_reals(line[0], "line.matrix"), as_reals(line[1], "line.shift")
    if matrix.shape[-2:] != (3, 3) or shift.shape != matrix.shape[:-1]:
        raise ValueError(
            f"line must hold a matrix of shape (..., 3, 3) and a shift of shape (..., 3), not {matrix.shape} and {shift.shape}"
        )
    row = matrix[..., 0, :]
    x = shift[..., :1] + np.stack([row[..., 2], -row[..., 2], row[..., 0]], axis=-1)
    if (np.abs(x) > 1 + _ROUNDING).any():
        raise ValueError(
            f"line must keep the Bloch ball inside itself, but takes a state to x = {x.flat[np.abs(x).argmax()]:g}"
        )
    x = x.clip(-1.0, 1.0)
    return np.stack([(1 + x) / 2, (1 - x) / 2], axis=-1)
