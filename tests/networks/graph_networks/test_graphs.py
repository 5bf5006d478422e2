"""Graphs that are refused, and what is said."""

import numpy as np
import pytest

from qlearn.networks.graph_networks._graphs import as_graphs

EDGE = [[0, 1], [1, 0]]


def test_a_batch_of_graphs_goes_through():
    values, weights = as_graphs(np.zeros((3, 2)), np.broadcast_to(EDGE, (3, 2, 2)))
    assert values.shape == (3, 2)
    assert weights.shape == (3, 2, 2)
    assert weights.dtype == np.float64


@pytest.mark.parametrize(
    ("x", "weights", "says"),
    [
        ([1.0, 2.0, 3.0], EDGE, "one n x n matrix"),
        (1.0, EDGE, "one n x n matrix"),
        ([1.0, 2.0], [0, 1], "one n x n matrix"),
        ([1.0, 2.0], [[0, 1], [2, 0]], "weights must be symmetric"),
        ([1.0, 2.0], [[1, 1], [1, 0]], "0 on the diagonal"),
        ([1.0, np.nan], EDGE, "x must be finite"),
        ([1.0, 2.0], [[0, np.inf], [np.inf, 0]], "weights must be finite"),
    ],
)
def test_refuses(x, weights, says):
    with pytest.raises(ValueError, match=says):
        as_graphs(x, weights)
