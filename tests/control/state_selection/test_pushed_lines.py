"""Pushed lines: they are lines, no other goes further, and what is counted of them is what three states see."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize_scalar

from qlearn.control.state_selection import (
    fourth_state,
    phase_error_of_three,
    pushed_line,
    worst_phase_error,
    x_yields,
)
from qlearn.qubits.noise import BlochMap, amplitude_damping, bloch_map, is_cptp

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ERRORS = st.floats(0, 0.5)


def choi_of(line):
    """The Choi matrix of r -> M r + t: J = (1 + t sigma_out + sum M_ab conj(sigma_b) x sigma_a) / 2, input first."""
    j = np.kron(np.eye(2), np.eye(2) + np.tensordot(line.shift, PAULI, 1)).astype(complex)
    for a in range(3):
        for b in range(3):
            j += line.matrix[a, b] * np.kron(PAULI[b].conj(), PAULI[a])
    return j / 2


@given(ERRORS, ERRORS, st.floats(0, 1))
def test_every_pushed_line_is_a_line_with_its_errors(e_z, e_plus, push):
    line = pushed_line(e_z, e_plus, push)
    assert np.linalg.eigvalsh(choi_of(line)).min() > -1e-7  # where it is 0 rounding shows as a root
    assert line.matrix[2, 2] == pytest.approx(1 - 2 * e_z, abs=1e-12)
    yields = x_yields(line)
    assert yields[2, 1] == pytest.approx(e_plus, abs=1e-12)
    assert yields[0] == pytest.approx(yields[1], abs=1e-12)
    # what the unequal rounds lean is what the phase error is over the errors of +, and goes up to the worst, or beyond 1/2
    phase = float(phase_error_of_three(yields))
    assert phase == pytest.approx(e_plus + yields[0, 0] - 0.5, abs=1e-12)
    most = float(phase_error_of_three(x_yields(pushed_line(e_z, e_plus, 1))))
    assert phase == pytest.approx(e_plus + push * (most - e_plus), abs=1e-12)
    assert min(most, 0.5) == pytest.approx(float(worst_phase_error(e_z, e_plus)), abs=1e-12)
    # the state that was never sent is where the line takes it
    assert fourth_state(yields)[0] == pytest.approx((1 + line.shift[0] - line.matrix[0, 0]) / 2, abs=1e-12)


# (Beyond a phase error of 1/2, too: the last six.)
@pytest.mark.parametrize(
    ("e_z", "e_plus"),
    [(0.03, 0.03), (0.05, 0.0), (0.02, 0.1), (0.12, 0.12),
     (0.2, 0.2), (0.3, 0.1), (0.25, 0.25), (0.3, 0.4), (0.4, 0.4), (0.5, 0.2)],
)  # fmt: skip
def test_no_line_of_this_kind_is_pushed_further(e_z, e_plus):
    line = pushed_line(e_z, e_plus, 1)
    assert np.linalg.eigvalsh(choi_of(line)).min() == pytest.approx(0, abs=1e-7)
    t = line.shift[0] + 1e-3
    for y in np.linspace(-1, 1, 401):
        further = BlochMap(np.diag([1 - 2 * e_plus - t, y, 1 - 2 * e_z]), np.array([t, 0, 0]))
        assert np.linalg.eigvalsh(choi_of(further)).min() < -1e-6


@pytest.mark.parametrize(
    ("e_z", "e_plus", "most"),
    [(0.05, 0.05, 0.342), (0.2, 0.2, 0.768), (0.3, 0.1, 0.89196), (0.25, 0.25, 0.75), (0.4, 0.4, 0.6), (0.5, 0.5, 0.5)],
)  # fmt: skip
def test_how_far_a_ball_can_be_pushed(e_z, e_plus, most):
    """By a search over all pushes and all M_y for the least eigenvalue of the Choi matrix, without a formula."""

    def least(y, t):
        line = BlochMap(np.diag([1 - 2 * e_plus - t, y, 1 - 2 * e_z]), np.array([t, 0, 0]))
        return np.linalg.eigvalsh(choi_of(line)).min()

    low, high = 0.0, 1.0
    for _ in range(14):
        t = (low + high) / 2
        best = minimize_scalar(lambda y, t=t: -least(y, t), bounds=(-1, 1), options={"xatol": 1e-7})
        low, high = (t, high) if best.fun < 1e-6 else (low, t)
    assert low == pytest.approx(most, abs=2e-4)
    assert pushed_line(e_z, e_plus, 1).shift[0] == pytest.approx(most, abs=1e-5)


@given(ERRORS)
@settings(max_examples=30)
def test_whose_errors_give_room(e):
    assert pushed_line(0.0, e, 1).shift == pytest.approx(0, abs=1e-12)
    assert pushed_line(e, 0.0, 1).shift[0] == pytest.approx(4 * e * (1 - e), abs=1e-12)


def test_yields_of_a_channel_and_many_at_once():
    # damping pushes along Z alone: asked in X both are coins
    yields = x_yields(bloch_map(amplitude_damping(0.36)))
    assert yields == pytest.approx(np.array([[0.5, 0.5], [0.5, 0.5], [0.9, 0.1]]))
    # a turn about Y sends the two to different sides: the phase error stays that of +
    c, s = np.cos(0.3), np.sin(0.3)
    turned = x_yields(BlochMap(np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]), np.zeros(3)))
    assert turned[:2, 0] == pytest.approx([(1 + s) / 2, (1 - s) / 2])
    assert float(phase_error_of_three(turned)) == pytest.approx((1 - c) / 2)
    many = pushed_line(np.full((4, 1), 0.05), 0.02, np.linspace(0, 1, 5))
    assert many.matrix.shape == (4, 5, 3, 3)
    assert x_yields(many).shape == (4, 5, 3, 2)
    assert is_cptp(choi_of(pushed_line(0.05, 0.02, 0.5)))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pushed_line(1.2, 0.1, 0), "qber must be"),
        (lambda: pushed_line(0.1, -0.1, 0), "plus_error must be"),
        (lambda: pushed_line(0.1, 0.1, 1.1), "push must be"),
        (lambda: pushed_line([0.1, 0.2], [0.1, 0.2, 0.3], 0), "broadcast"),
        (lambda: x_yields((np.eye(2), np.zeros(2))), "line must hold a matrix"),
        (lambda: x_yields((np.eye(3), np.zeros(2))), "line must hold a matrix"),
        (lambda: x_yields((np.eye(3), np.array([0.5, 0, 0]))), "takes a state to x = 1.5"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
