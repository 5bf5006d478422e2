"""Quantum clock: shots counted gate by gate, the code's distance, and what is refused."""

from math import ceil, log2

import networkx as nx
import pytest
from hypothesis import given, strategies as st

from qlearn.applications.routing_6g import IONS, SUPERCONDUCTING, QubitClock, radio_cells, shot_cost
from qlearn.learning.optimisation import maxcut_bqm


def test_profiles():
    # four gates and two measurements a round: 400 ns, and 600 microseconds
    assert SUPERCONDUCTING.cycle_s(1) == pytest.approx(400e-9)
    assert IONS.cycle_s(1) == pytest.approx(600e-6)
    assert SUPERCONDUCTING.cycle_s(7) == pytest.approx(7 * 400e-9)


@given(st.integers(2, 8), st.integers(1, 5))
def test_a_complete_graph_gate_by_gate(half, layers):
    n = 2 * half
    cost = shot_cost(maxcut_bqm(nx.complete_graph(n)), layers, SUPERCONDUCTING)
    assert (cost.qubits, cost.couplings, cost.rounds) == (
        n,
        n * (n - 1) // 2,
        n - 1,
    )  # a round-robin tournament
    assert cost.bare_s == pytest.approx(layers * n * 50e-9 + 100e-9)
    assert cost.survives == pytest.approx(0.999 ** (layers * (n * (n - 1) / 2 + n) + n))
    rotations = layers * (n * (n - 1) // 2 + 2 * n)
    steps = rotations + layers * (n + 1) * ceil(0.53 * log2(rotations / (0.01 / 3)) + 5.3) + n
    assert cost.corrected_s == pytest.approx(steps * cost.distance * 400e-9)
    assert cost.physical_qubits == n * 2 * cost.distance**2
    alone = layers * (n + 1) * ceil(0.53 * log2(rotations / (0.01 / 3)) + 5.3) + 1
    distance = cost.parallel_s / (alone * 400e-9)
    assert distance == pytest.approx(round(distance))
    assert round(distance) % 2 == 1
    assert n * alone * 0.03 * 0.1 ** ((round(distance) + 1) / 2) <= 0.01 / 3
    assert cost.parallel_s < cost.corrected_s


def test_the_distance_is_the_smallest_odd_one_that_does():
    problem = radio_cells(24, 4, rng=0).admission(40).bqm()
    for failure in (1e-1, 1e-3, 1e-6):
        cost = shot_cost(problem, 3, IONS, failure=failure)
        steps = cost.corrected_s / IONS.cycle_s(cost.distance)

        def fails(d, n=cost.qubits, s=steps):
            return n * s * 0.03 * 0.1 ** ((d + 1) / 2)

        # rotations get more exact with `failure` too, so compare with the steps that this cost has
        assert fails(cost.distance) <= failure / 3 < fails(cost.distance - 2)
        assert cost.distance % 2 == 1


def test_better_qubits_need_less_and_ions_take_longer():
    problem = maxcut_bqm(nx.random_regular_graph(3, 20, seed=0))
    worse, better = (shot_cost(problem, 5, QubitClock("any", 1e-7, 1e-7, e)) for e in (2e-3, 1e-4))
    assert better.distance < worse.distance
    assert better.corrected_s < worse.corrected_s
    slow, quick = shot_cost(problem, 5, IONS), shot_cost(problem, 5, SUPERCONDUCTING)
    assert slow.corrected_s / quick.corrected_s == pytest.approx(600 / 0.4)


def test_a_problem_without_couplings_has_one_round_less():
    assert shot_cost([[1.0]], 2, SUPERCONDUCTING).rounds == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: QubitClock("x", 0, 1), "gate_s must be above 0"),
        (lambda: QubitClock("x", 1, 0), "measure_s must be above 0"),
        (lambda: QubitClock("x", 1, 1, 0.02), "error must lie between 0 and the threshold"),
        (lambda: IONS.cycle_s(0), "distance must be at least 1"),
        (lambda: shot_cost([[1.0]], 0, IONS), "layers must be at least 1"),
        (lambda: shot_cost([[1.0]], 1, IONS, failure=0), "failure must lie between 0 and 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
