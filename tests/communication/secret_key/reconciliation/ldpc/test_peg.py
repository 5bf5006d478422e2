"""Edge growth: it makes the shipped codes again, spreads the edges evenly, and keeps cycles long."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from qlearn.communication.secret_key.reconciliation.ldpc.codes import BASE, RATES, load


@pytest.fixture(scope="module")
def peg():
    path = Path(__file__).resolve().parents[5] / "tools" / "peg.py"
    spec = importlib.util.spec_from_file_location("peg", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("rate", [0.9])
def test_makes_the_shipped_code_again(peg, rate):
    made, shipped = peg.build(rate), load(BASE * 64, rate).table.tocsc()
    np.testing.assert_array_equal(made["degrees"], np.diff(shipped.indptr))
    ends = np.cumsum(made["degrees"])[:-1]
    for v, (its, shifts) in enumerate(
        zip(np.split(made["checks"], ends), np.split(made["shifts"], ends), strict=True)
    ):
        order, column = np.argsort(its), slice(shipped.indptr[v], shipped.indptr[v + 1])
        np.testing.assert_array_equal(its[order], shipped.indices[column])
        np.testing.assert_array_equal(shifts[order] % 64 + 1, shipped.data[column])


def test_makes_what_is_shipped(peg):
    assert peg.LENGTH == BASE
    assert sorted(peg.SHARES) == sorted(RATES)


@pytest.mark.parametrize("rate", [0.5, 0.7])
def test_degrees_have_the_shares_of_the_table(peg, rate):
    # Rates whose variables of degree 2 are few enough to stay: shares of the edges come out but for whole nodes.
    degrees = peg.degrees(rate, 18220)
    for degree, share in peg.SHARES[rate].items():
        assert degree * (degrees == degree).sum() / degrees.sum() == pytest.approx(share, abs=degree / 18220)
    assert (np.diff(degrees) >= 0).all()


def test_too_many_of_degree_2_get_degree_3(peg):
    degrees = peg.degrees(0.8, 18220)
    assert (degrees == 2).sum() == int(0.8 * 3644)
    assert degrees.size == 18220


def test_shifts_open_the_cycles_of_four(peg):
    # Eight variables in all three of three checks: every two of them close cycles in the table.
    degrees, edges = np.full(8, 3), np.tile(np.arange(3), 8)
    shifts = peg.lift(degrees, edges, 3, seed=1)
    around = [(shifts[a::3] - shifts[b::3]) % peg.COPIES for a, b in ((0, 1), (0, 2), (1, 2))]
    assert [len(set(differences)) for differences in around] == [8, 8, 8], (
        "two that are equal would be a cycle"
    )


def girth(matrix):
    """Length of the shortest cycle, by walks that never turn back: the least k for which two of them meet."""
    checks, variables = matrix.shape
    adjacency = sparse.block_array([[None, matrix], [matrix.T, None]]).tocsr().astype(int)
    shortest = np.inf
    for root in range(checks, checks + variables):
        distance, parent = {root: 0}, {root: None}
        queue = [root]
        for node in queue:
            for other in adjacency[[node]].indices:
                if other not in distance:
                    distance[other], parent[other] = distance[node] + 1, node
                    queue.append(other)
                elif other != parent[node]:
                    shortest = min(shortest, distance[node] + distance[other] + 1)
    return shortest


def test_cycles_are_as_long_as_the_bound_promises(peg):
    # Hu et al., 2005, theorem 1: the girth is at least 2 (floor(t) + 2), where with m checks
    # t = log(m d_c - m d_c / d_v - m + 1) / log((d_v - 1)(d_c - 1)) - 1 for the largest degrees d_v and d_c.
    edges = peg.grow(np.full(126, 3), 63, seed=1)
    matrix = sparse.csc_matrix((np.ones(378), edges, np.arange(0, 379, 3)), (63, 126))
    of_check = np.diff(matrix.tocsr().indptr)
    most = of_check.max()
    assert 5 <= of_check.min() <= most <= 7
    t = np.log(63 * most - 63 * most / 3 - 63 + 1) / np.log(2 * (most - 1)) - 1
    assert girth(matrix) >= 2 * (int(t) + 2) == 6
    # Where edges go anywhere, cycles of four are among them.
    anywhere = np.concatenate([np.random.default_rng(v).choice(63, 3, replace=False) for v in range(126)])
    assert girth(sparse.csc_matrix((np.ones(378), anywhere, np.arange(0, 379, 3)), (63, 126))) == 4


def test_a_tree_stays_a_tree(peg):
    # Two edges a variable and more checks than variables: no cycle is needed, and none is made.
    edges = peg.grow(np.full(20, 2), 30, seed=2)
    graph = sparse.coo_array((np.ones(20), edges.reshape(-1, 2).T), (30, 30))
    assert sparse.csgraph.connected_components(graph, directed=False)[0] == 30 - 20


def test_a_seed_makes_it_again_and_another_does_not(peg):
    degrees = np.full(60, 3)
    once = peg.grow(degrees, 30, seed=3)
    np.testing.assert_array_equal(once, peg.grow(degrees, 30, seed=3))
    assert (once != peg.grow(degrees, 30, seed=4)).any()
