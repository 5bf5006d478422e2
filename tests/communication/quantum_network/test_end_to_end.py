"""What a path delivers: closed forms, a simulation of the same story, and other code."""

from math import comb

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication import quantum_network as qn
from qlearn.communication.repeaters import chain_fidelity


def line(rates, fidelities=None, **nodes):
    graph = nx.path_graph(len(rates) + 1)
    for i, rate in enumerate(rates):
        graph.edges[i, i + 1].update(
            length_km=10.0, rate_hz=rate, fidelity=0.95 if fidelities is None else fidelities[i]
        )
    nx.set_node_attributes(graph, dict.fromkeys(graph, nodes))
    return qn.Network(graph), range(len(rates) + 1)


@pytest.mark.parametrize("n", range(1, 11))
def test_a_chain_of_equal_links_is_the_formula_of_repeaters(n):
    network, path = line([1.0] * n)
    assert qn.path_fidelity(network, path) == pytest.approx(float(chain_fidelity(0.95, n)), abs=1e-12)


def test_the_route_of_3600_km_and_that_of_5100_km():
    assert qn.path_fidelity(qn.nsfnet(), [0, 7, 8, 12, 13]) == pytest.approx(0.87645266, abs=1e-8)
    noisy = qn.nsfnet(swap_werner=0.9)
    assert qn.path_fidelity(noisy, [0, 2, 5, 13]) == pytest.approx(0.72076177, abs=1e-8)
    assert qn.path_fidelity(noisy, [0, 7, 8, 12, 13]) < 0.72076177


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.3, 1), st.floats(0.5, 1)), min_size=2, max_size=6))
def test_fidelity_is_the_product_of_werner_parameters_in_any_direction(steps):
    graph = nx.path_graph(len(steps))
    for i, (_, werner) in enumerate(steps):
        graph.nodes[i]["swap_werner"] = werner
    for i, (fidelity, _) in enumerate(steps[1:]):
        graph.edges[i, i + 1].update(length_km=1.0, fidelity=fidelity)
    network = qn.Network(graph)
    product = np.prod([(4 * f - 1) / 3 for f, _ in steps[1:]]) * np.prod([s for _, s in steps[1:-1]])
    there, back = (
        qn.path_fidelity(network, path) for path in (range(len(steps)), range(len(steps) - 1, -1, -1))
    )
    assert there == pytest.approx(0.25 + 0.75 * product, abs=1e-12)
    assert back == pytest.approx(there, abs=1e-12)


def last_of_exponentials(rates):
    """Inclusion and exclusion over all sets of links: the oracle of the integral."""
    total = 0.0
    for mask in range(1, 2 ** len(rates)):
        chosen = [rate for i, rate in enumerate(rates) if mask >> i & 1]
        total -= (-1) ** len(chosen) / sum(chosen)
    return total


@pytest.mark.parametrize("rates", [[3.0], [1.0, 1.0], [1.0, 5.0, 0.01], [2.0] * 7, [1e-3, 1e3, 7.0, 7.0]])
def test_the_rate_is_one_over_the_mean_of_the_last_link(rates):
    network, path = line(rates, swap_success=0.5)
    told = qn.path_quality(network, path)
    assert told.rate_hz == pytest.approx(0.5 ** (len(rates) - 1) / last_of_exponentials(rates), rel=1e-9)


def test_equal_links_wait_for_a_harmonic_number():
    for n in (2, 3, 8):
        network, path = line([4.0] * n)
        harmonic = sum(1 / k for k in range(1, n + 1))
        assert qn.path_quality(network, path).rate_hz == pytest.approx(4 / harmonic, rel=1e-10)
    assert comb(4, 2) == 6  # the signs of the oracle above are those of the binomials


def test_two_links_age_as_the_difference_of_two_exponentials():
    # equal rates r: the later comes after an exponential of rate r, so E exp(-age / tau) = r / (r + 1 / tau)
    network, path = line([5.0, 5.0], coherence_s=0.4)
    told = qn.path_quality(network, path)
    kept = 5 / (5 + 2 / 0.4)
    assert told.fidelity == pytest.approx(0.25 + (told.fresh_fidelity - 0.25) * kept, rel=1e-9)


def test_decay_agrees_with_a_simulation():
    # 4e5 draws; the mean of a factor in [0, 1] has a standard error below 8e-4; five and a half of them: 4e-8
    rates, coherence = np.array([1.0, 3.0, 2.0, 2.0]), 1.5
    network, path = line(list(rates), coherence_s=coherence)
    told = qn.path_quality(network, path)
    times = np.random.default_rng(5).exponential(1 / rates, (400_000, 4))
    last = times.max(axis=1)
    kept = np.exp(-(last[:, None] - times).sum(axis=1) * 2 / coherence)
    for value, samples in (
        ((told.fidelity - 0.25) / (told.fresh_fidelity - 0.25), kept),
        (1 / told.rate_hz, last),
    ):
        assert abs(value - samples.mean()) < 5.5 * samples.std() / np.sqrt(len(samples))


def test_a_decay_equal_to_the_rate_is_no_singular_case():
    near = [
        qn.path_quality(*line([5.0, 7.0, 5.0], coherence_s=2 / rate)).fidelity
        for rate in (5, 5 + 1e-9, 5 - 1e-9)
    ]
    assert np.ptp(near) < 1e-8


def test_small_success_probabilities_are_the_limit_of_slots():
    # geometric links with p = 1e-4: the exact mean of the later is (3 - 2p) / (p (2 - p)) slots
    graph = nx.path_graph(3)
    nx.set_edge_attributes(graph, {edge: {"length_km": 100.0, "success": 1e-4} for edge in graph.edges})
    told = qn.path_quality(qn.Network(graph), range(3))
    assert 1 / told.rate_hz == pytest.approx((3 - 2e-4) / (1e-4 * (2 - 1e-4)) * 1e-3, rel=1e-4)


def test_key_rate_and_bottleneck():
    network, path = line([10.0, 10.0], [0.99, 0.99])
    told = qn.path_quality(network, path)
    error = 2 * (1 - told.fidelity) / 3
    h = -error * np.log2(error) - (1 - error) * np.log2(1 - error)
    assert told.key_rate_hz == pytest.approx(told.rate_hz * (1 - 2 * h))
    assert told.hops == 2
    assert told.length_km == 20
    assert told.bottleneck == pytest.approx(-np.log2(1 - 10**-0.2))
    assert qn.path_quality(*line([1.0, 1.0], [0.8, 0.8])).key_rate_hz == 0
