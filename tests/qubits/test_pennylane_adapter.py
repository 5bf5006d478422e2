"""The PennyLane adapter: any device, our order of bits."""

import numpy as np
import pennylane as qml

from qlearn.qubits import Circuit


def test_runs_on_the_device_it_is_given():
    circuit = Circuit(2).h(0).cx(0, 1)
    node = circuit.to_pennylane(qml.device("lightning.qubit", wires=2))
    np.testing.assert_allclose(node(), circuit.run(), atol=1e-12)


def test_bits_come_in_our_order_and_unwritten_ones_are_0():
    circuit = Circuit(2, bits=3).x(0).measure(1, 0).measure(0, 2)
    assert circuit.to_pennylane(shots=4)().tolist() == [[0, 0, 1]] * 4


def test_a_conditional_gate_follows_its_bit():
    circuit = Circuit(2, bits=2).h(0).measure(0, 0).x(1, where=0).measure(1, 1)
    samples = circuit.to_pennylane(shots=200)()
    assert (samples[:, 0] == samples[:, 1]).all()
    assert 0 < samples[:, 0].mean() < 1


def test_a_mask_of_one_element_is_a_gate_or_none():
    np.testing.assert_array_equal(Circuit(1).x(0, where=True).to_pennylane()(), [0, 1])
    np.testing.assert_array_equal(Circuit(1).x(0, where=False).h(0).h(0).to_pennylane()().round(12), [1, 0])


def test_the_order_of_the_shots_means_nothing():
    # 2000 fair coins: the two halves of the record agree within 6 sd, 6 sqrt(1/4 * 4/2000) = 0.134
    bits = Circuit(1, bits=1).h(0).measure(0, 0).to_pennylane(shots=2000)()[:, 0]
    assert abs(bits[:1000].mean() - bits[1000:].mean()) < 0.134
