"""The three costs: equal to their observables, and to each other where they must be.

All derivatives and the first one: equal to the parameter shift of the circuit itself.
"""

from functools import reduce

import numpy as np
import pytest

from qlearn.learning.barren_plateaus import (
    cost_diagonal,
    draw_circuits,
    expected_cost,
    first_gradients,
    gradients,
)
from qlearn.learning.barren_plateaus._engine import start_states
from qlearn.learning.barren_plateaus.cost_functions import COSTS

ZERO, ONE, Z = np.diag([1, 0]), np.eye(2), np.diag([1, -1])


def product(*factors):
    return reduce(np.kron, factors)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_equals_the_sum_of_products_of_operators(n):
    local = sum(product(*[ZERO if w == v else ONE for v in range(n)]) for w in range(n)) / n
    expected = {
        "global": np.eye(2**n) - product(*[ZERO] * n),
        "local": np.eye(2**n) - local,
        "zz": product(Z, Z, *[ONE] * (n - 2)),
    }
    for cost in COSTS:
        np.testing.assert_allclose(np.diag(cost_diagonal(cost, n)), expected[cost], atol=1e-15)


def test_the_local_cost_is_never_above_the_global_one_and_not_below_it_by_more_than_n_times():
    # Cerezo et al.: C_local <= C_global <= n C_local, so both ask for the same state.
    small, large = cost_diagonal("local", 6), cost_diagonal("global", 6)
    assert (small <= large).all()
    assert (large <= 6 * small).all()


@pytest.mark.parametrize(
    ("cost", "n", "error", "says"),
    [
        ("middle", 3, ValueError, "cost must be one of global, local, zz"),
        (["zz"], 3, ValueError, "cost must be one of"),
        ("zz", 1, ValueError, "n_qubits must be at least 2"),
        ("zz", 2.5, TypeError, "n_qubits must be a whole number"),
    ],
)
def test_refuses(cost, n, error, says):
    with pytest.raises(error, match=says):
        cost_diagonal(cost, n)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(
    ("init", "entanglement"), [("random", "linear"), ("identity", "linear"), ("random", "none")]
)
def test_equals_the_parameter_shift_of_the_circuit(cost, init, entanglement):
    batch = draw_circuits(4, 4, samples=2, init=init, block=4, entanglement=entanglement, rng=3)
    start, diagonal = start_states(batch)[0, 0], cost_diagonal(cost, 4)
    found = gradients(batch, cost)
    for sample, layer, wire in [(0, 0, 0), (0, 3, 1), (1, 1, 3), (1, 2, 0)]:
        values = []
        for sign in (1, -1):
            angles = batch.angles.copy()
            angles[sample, layer, wire] += sign * np.pi / 2
            state = batch.with_angles(angles).circuit(sample).run(start)
            values.append(np.abs(state) ** 2 @ diagonal)
        assert found[sample, layer, wire] == pytest.approx((values[0] - values[1]) / 2, abs=1e-12)
    np.testing.assert_allclose(first_gradients(batch, cost), found[:, 0, 0], atol=1e-13)


@pytest.mark.parametrize("cost", COSTS)
def test_the_cost_is_that_of_the_circuit(cost):
    batch = draw_circuits(4, 3, samples=3, rng=6)
    for sample, found in enumerate(expected_cost(batch, cost)):
        final = batch.circuit(sample).run(start_states(batch)[0, 0])
        assert found == pytest.approx(np.abs(final) ** 2 @ cost_diagonal(cost, 4), abs=1e-12)


def test_refuses_an_unknown_cost():
    batch = draw_circuits(2, 2, samples=1, rng=0)
    for measure in (gradients, first_gradients, expected_cost):
        with pytest.raises(ValueError, match="cost must be one of global, local, zz"):
            measure(batch, "mean")
