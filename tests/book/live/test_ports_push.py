"""The ports of three states and of a line that is pushed, against the library."""

from collections.abc import Callable

import numpy as np

from qlearn.control import state_selection as states

N = 1500


def test_a_line_and_what_is_counted_of_it(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    e_z, e_plus, push = rng.uniform(0, [[0.6], [0.6], [1]], (3, N))
    e_z[:800], e_plus[:800] = rng.uniform(0, 0.12, (2, 800))  # where the knobs are
    e_z[:20], e_plus[10:30], push[20:60] = 0, 0, np.repeat([0, 1], 20)
    agree(
        port("control/state_selection", "worst_phase_error", np.column_stack([e_z, e_plus])),
        states.worst_phase_error(e_z, e_plus),
        scale=1,
    )
    ours = states.pushed_line(e_z, e_plus, push)
    theirs = port("control/state_selection", "pushed_line", np.column_stack([e_z, e_plus, push]))
    agree([line[1] for line in theirs], ours.shift, scale=1)
    # (a root of what should be 0 lifts the last digits of a double to half as many)
    factors = np.diagonal(ours.matrix, axis1=-2, axis2=-1)
    agree([[line[0][0], line[0][2]] for line in theirs], factors[:, [0, 2]], scale=1)
    inner = (push > 0) & (push < 1) & (e_z > 0) & (e_plus > 0)
    agree(np.array([line[0][1] for line in theirs])[inner], factors[inner, 1], scale=1)
    assert np.allclose([line[0][1] for line in theirs], factors[:, 1], rtol=0, atol=1e-7)
    sent = [[[factors[k], ours.shift[k]]] for k in range(N)]
    agree(port("control/state_selection", "x_yields", sent), states.x_yields(ours), scale=1)


def test_a_state_that_was_never_sent(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    yields = rng.dirichlet((1, 1, 2), (N, 3))[..., :2]
    sent = [[rows] for rows in yields]
    agree(port("control/state_selection", "fourth_state", sent), states.fourth_state(yields), scale=1)
    agree(
        port("control/state_selection", "phase_error_of_three", sent),
        states.phase_error_of_three(yields),
        scale=1,
    )
