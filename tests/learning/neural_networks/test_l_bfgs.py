"""L-BFGS over a list of arrays: SciPy's own path, told iteration by iteration, and stopped where one likes."""

import numpy as np
import pytest
from scipy.optimize import minimize, rosen, rosen_der

from qlearn.learning.neural_networks.l_bfgs import LBFGS


def valley(parameters):
    at = np.concatenate([parameters[0].ravel(), parameters[1]])
    slope = rosen_der(at)
    return float(rosen(at)), [slope[:4].reshape(2, 2), slope[4:]]


START = [np.array([[1.3, 0.7], [0.8, 1.9]]), np.array([1.2])]


def test_is_scipys_path_with_the_loss_of_each_of_its_points():
    told, theirs = [], []
    LBFGS().minimise(valley, START, 30, lambda p, value: told.append((p, value)))
    flat = np.concatenate([p.ravel() for p in START])
    minimize(
        rosen, flat, jac=rosen_der, method="L-BFGS-B", options={"maxiter": 30},
        callback=lambda x: theirs.append(x.copy()),
    )  # fmt: skip
    assert len(told) == len(theirs) > 5
    for (parameters, value), x in zip(told, theirs, strict=True):
        assert [p.shape for p in parameters] == [(2, 2), (1,)]
        np.testing.assert_array_equal(np.concatenate([p.ravel() for p in parameters]), x)
        assert value == rosen(x)
    assert (START[0] == [[1.3, 0.7], [0.8, 1.9]]).all()


def test_stops_when_told_and_ends_by_itself():
    values = []
    found = LBFGS().minimise(valley, START, 500, lambda p, value: values.append(value) or len(values) == 3)
    assert len(values) == 3
    assert valley(found)[0] == values[-1]
    found = LBFGS().minimise(valley, START, 500, lambda p, value: None)
    np.testing.assert_allclose(np.concatenate([p.ravel() for p in found]), 1, atol=1e-4)


def test_what_is_raised_inside_goes_through():
    def broken(parameters, value):
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        LBFGS().minimise(valley, START, 5, broken)
    with pytest.raises(ValueError, match="training has left the finite numbers"):
        LBFGS().minimise(lambda p: (np.inf, p), START, 5, lambda p, value: None)


def test_refuses():
    with pytest.raises(ValueError, match="memory must be at least 1"):
        LBFGS(0)
    with pytest.raises(ValueError, match="epochs must be at least 1"):
        LBFGS().minimise(valley, START, 0, lambda p, value: None)
