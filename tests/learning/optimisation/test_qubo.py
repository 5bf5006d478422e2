"""Quadratic models: three ways in, and every energy."""

import dimod
import networkx as nx
import numpy as np
import pytest

from qlearn.learning.optimisation.qubo import LARGEST, as_bqm, coefficients, energies

Q = np.array([[1.0, -2.0, 0.5], [0.0, -1.0, 3.0], [1.5, 0.0, 2.0]])


def by_definition(matrix):
    n = len(matrix)
    bits = np.arange(1 << n)[:, None] >> np.arange(n)[::-1] & 1
    return np.einsum("bi,ij,bj->b", bits, matrix, bits)


def test_matrix_mapping_and_model_are_one_problem():
    mapping = {(i, j): Q[i, j] for i in range(3) for j in range(3)}
    model = dimod.BinaryQuadraticModel.from_qubo(mapping)
    for problem in (Q, Q.tolist(), mapping, model, model.change_vartype("SPIN", inplace=False)):
        np.testing.assert_allclose(energies(problem), by_definition(Q), atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 5, 9])
def test_energies_equal_dimod(n):
    bqm = dimod.generators.gnp_random_bqm(n, 0.6, "SPIN", random_state=n)
    bqm.offset = 0.7
    bits = np.arange(1 << n)[:, None] >> np.arange(n)[::-1] & 1
    np.testing.assert_allclose(energies(bqm), bqm.energies((2 * bits - 1, list(bqm.variables))), atol=1e-12)


def test_out_again_unchanged():
    bqm = dimod.generators.gnp_random_bqm(4, 0.8, "BINARY", random_state=1)
    assert as_bqm(bqm) == bqm
    linear, pairs, offset = coefficients(bqm)
    order = list(bqm.variables)
    back = dimod.BinaryQuadraticModel(
        dict(zip(order, linear, strict=True)),
        {(order[i], order[j]): b for (i, j), b in pairs.items()},
        offset,
        dimod.BINARY,
    )
    assert back == bqm


def test_a_given_model_is_not_changed():
    bqm = dimod.BinaryQuadraticModel({0: 1.0}, {}, 0.0, dimod.SPIN)
    energies(bqm)
    assert bqm.vartype is dimod.SPIN


@pytest.mark.parametrize(
    ("problem", "error", "says"),
    [
        (nx.path_graph(2), TypeError, "BinaryQuadraticModel, a mapping .* not Graph"),
        (np.ones((2, 3)), TypeError, r"square matrix Q of real numbers, not of shape \(2, 3\)"),
        ([[1, 2], [3]], TypeError, "square matrix Q of real numbers, not rows of lengths 2, 1"),
        (np.ones((2, 2)) * 1j, TypeError, "real numbers"),
        ({}, ValueError, "at least one variable"),
        ([[np.nan]], ValueError, "finite coefficients"),
        (np.ones((LARGEST + 1,) * 2), ValueError, "at most 20 variables .* not 21: anneal"),
    ],
)
def test_refuses(problem, error, says):
    with pytest.raises(error, match=says):
        energies(problem)
