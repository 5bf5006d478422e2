"""The sweep back: closed forms, and a price that does not grow with the angles."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import adjoint_differentiation as adjoint_sweep
from qlearn.learning.neural_networks.adjoint_differentiation import adjoint
from qlearn.qubits import Circuit


@pytest.mark.parametrize("angle", [-2.0, 0.0, 0.7])
def test_slopes_in_closed_form(angle):
    # RY(a)|0>: Z is cos a and X is sin a; |+> turned about z: X is cos a; both ends of a Bell pair by a: ZZ is 1
    assert adjoint(Circuit(1).ry(angle, 0), "Z") == pytest.approx([-np.sin(angle)], abs=1e-14)
    assert adjoint(Circuit(1).ry(angle, 0), "X") == pytest.approx([np.cos(angle)], abs=1e-14)
    assert adjoint(Circuit(1).h(0).p(angle, 0), "X") == pytest.approx([-np.sin(angle)], abs=1e-14)
    pair = Circuit(2).h(0).cx(0, 1).ry(angle, 0).ry(angle, 1)
    assert adjoint(pair, "ZZ") == pytest.approx([0, 0], abs=1e-14)
    assert adjoint(pair, "ZX") == pytest.approx([-1, 1], abs=1e-14)


@pytest.mark.parametrize("angles", [1, 10, 50])
def test_the_price_is_two_gates_undone_for_each_gate(monkeypatch, angles):
    # forward once (in run), back on two states, and a generator for each angle: 3 calls a gate here, plus one Pauli
    calls, apply = [], adjoint_sweep.apply

    def counted(*arguments):
        calls.append(1)
        apply(*arguments)

    monkeypatch.setattr(adjoint_sweep, "apply", counted)
    circuit = Circuit(2)
    for _ in range(angles):
        circuit = circuit.ry(0.1, 0)
    adjoint(circuit, "ZI")
    assert len(calls) == 3 * angles + 1


def test_leaves_the_circuit_as_it_was():
    circuit = Circuit(2).ry([0.1, 0.2], 0).cp(0.3, 0, 1)
    before = circuit.run()
    adjoint(circuit, "ZZ")
    assert np.array_equal(circuit.run(), before)
