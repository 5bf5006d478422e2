"""What other libraries ask of a circuit: values and one gradient, and a word on what is not installed."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import Ansatz
from qlearn.learning.neural_networks._outside import (
    as_differentiable,
    check_given,
    gradients,
    imported,
    values,
)
from qlearn.qubits import Circuit, Parameter


def test_values_are_those_of_the_circuit_and_the_gradient_is_their_slope():
    ansatz, rng = Ansatz(3, 2, reupload=True), np.random.default_rng(0)
    angles, X, dz = rng.normal(size=ansatz.shape), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    z, tape = values(ansatz, angles, X)
    of_angles, of_features = gradients(ansatz, tape, dz)
    only, nothing = gradients(ansatz, tape, dz, features=False)
    assert nothing is None
    np.testing.assert_allclose(only, of_angles, atol=1e-12)
    step = 1e-6
    ahead, behind = (ansatz.circuit(angles, X + s * step).run() for s in (1, -1))
    signs = np.array([[1 - 2 * (b >> 2 - w & 1) for b in range(8)] for w in range(3)])
    slope = ((np.abs(ahead) ** 2 - np.abs(behind) ** 2) @ signs.T * dz).sum() / (2 * step)
    assert of_features.sum() == pytest.approx(slope, abs=1e-8)
    np.testing.assert_allclose(z, np.abs(ansatz.circuit(angles, X).run()) ** 2 @ signs.T, atol=1e-12)


def test_names_the_extra_of_a_package_that_is_missing():
    assert imported("numpy") is np
    with pytest.raises(
        ModuleNotFoundError, match=r"no_such_package is not installed.*'qlearn\[no_such_package\]'"
    ):
        imported("no_such_package")


def test_does_not_hide_what_an_installed_package_lacks(tmp_path, monkeypatch):
    (tmp_path / "half_there.py").write_text("import what_it_needs\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="No module named 'what_it_needs'"):
        imported("half_there")


@pytest.mark.parametrize("wrong", [Ansatz, None, "two qubits", np.zeros(3)])
def test_refuses_what_is_no_circuit(wrong):
    with pytest.raises(TypeError, match="ansatz must be an Ansatz such as"):
        as_differentiable(wrong)


def test_rows_of_no_features_start_in_zero_where_the_circuit_takes_none():
    free = as_differentiable(Circuit(1).ry(Parameter("t"), 0))
    z, tape = values(free, np.array([0.4]), np.zeros((2, 0)))
    np.testing.assert_allclose(z, np.full((2, 1), np.cos(0.4)), atol=1e-12)
    np.testing.assert_allclose(
        gradients(free, tape, np.ones((2, 1)), features=False)[0], [-2 * np.sin(0.4)], atol=1e-12
    )
    check_given(free, None)
    with pytest.raises(TypeError, match="features must be given"):
        check_given(Ansatz(1, 1), None)
