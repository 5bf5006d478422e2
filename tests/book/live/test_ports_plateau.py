"""The ports of random circuits and their slopes, against the library; and the table of typical slopes."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qlearn.learning.barren_plateaus import (
    cost_diagonal,
    deep_variance,
    draw_circuits,
    expected_cost,
    first_gradients,
)
from qlearn.learning.barren_plateaus.cost_functions import COSTS

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "book" / "_static" / "live" / "ports" / "learning" / "slopes.mjs"


def test_costs_and_slopes_of_random_circuits(port: Callable, agree: Callable):
    for seed, (n, depth) in enumerate(((2, 3), (3, 1), (5, 8))):
        batch = draw_circuits(n, depth, samples=1000, rng=seed)
        circuits = [
            {"axes": a, "angles": b} for a, b in zip(batch.axes.tolist(), batch.angles.tolist(), strict=True)
        ]
        for cost in COSTS:
            diagonal = cost_diagonal(cost, n)
            assert port("learning/barren_plateaus", "cost_diagonal", [[cost, n]]) == [pytest.approx(diagonal)]
            asked = [[circuit, cost] for circuit in circuits]
            means = expected_cost(batch, cost)
            agree(port("learning/barren_plateaus", "expected_cost", asked), means, scale=1)
            agree(
                port("learning/barren_plateaus", "first_gradients", asked),
                first_gradients(batch, cost),
                scale=1,
            )
            if n == 5:
                continue
            # One shot: each circuit gate by gate, in the qubits package.
            begin = np.array([1.0])
            for _ in range(n):
                begin = np.kron(begin, [np.cos(np.pi / 8), np.sin(np.pi / 8)])
            chances = [np.abs(batch.circuit(k).run(begin.astype(complex))) ** 2 for k in range(1000)]
            values = np.unique(diagonal)
            ours = [[[v, share[diagonal == v].sum()] for v in values] for share in chances]
            agree(port("learning/barren_plateaus", "outcomes", asked), ours, scale=1)


@pytest.mark.parametrize(("n", "depth"), [(2, 1), (4, 8), (5, 2)])
def test_typical_slopes_are_what_the_library_gives(load: Callable, n: int, depth: int):
    data = load("tools/live_data.py")
    table = json.loads(TABLE.read_text(encoding="utf8").partition("TYPICAL = ")[2].rstrip(";\n"))
    for cost in COSTS:
        row = table[cost][n - data.WIDTHS[0]][data.DEPTHS.index(depth)]
        np.testing.assert_allclose(row, data.typical(n, depth)[cost], rtol=6e-4)
    # The size of a slope is what the chapter measures (by the sweep, on the same circuits) ...
    for cost in COSTS:
        slopes = first_gradients(draw_circuits(n, depth, samples=data.SAMPLES, rng=[n, depth]), cost)
        assert table[cost][n - 2][data.DEPTHS.index(depth)][0] == pytest.approx(
            np.median(np.abs(slopes)), rel=6e-4
        )


def test_deep_circuits_of_the_table_are_as_flat_as_random_ones(load: Callable):
    """Half of all normal slopes are below .6745 of their spread; 6,000 of them know that to 2 %, six of them 10 %."""
    table = json.loads(TABLE.read_text(encoding="utf8").partition("TYPICAL = ")[2].rstrip(";\n"))
    for n in (3, 4, 5):
        slope, shots = table["zz"][n - 2][-1]
        assert slope == pytest.approx(0.6745 * np.sqrt(deep_variance(n, "zz")), rel=0.2)
        assert shots == pytest.approx(1 / (2 * 0.6745**2 * deep_variance(n, "zz")), rel=0.4)
