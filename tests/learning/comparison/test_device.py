"""The kernel that a noisy device counts, against Aer and against its own statistics."""

import numpy as np
import pytest
from qiskit import transpile
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error

from qlearn.learning.comparison import counted_kernel
from qlearn.learning.qsvm.kernels import FidelityKernel


def test_depolarising_the_last_state_is_what_aer_does_with_it():
    kernel, X = FidelityKernel(), np.array([[0.4, 1.3], [1.0, 0.7]])
    circuit = kernel.circuit(X[0]).then(kernel.circuit(X[1]).inverse()).to_qiskit()
    both = depolarizing_error(0.3, 2).to_instruction()
    circuit.append(both, [0, 1])
    circuit.save_probabilities()
    device = AerSimulator(method="density_matrix")
    theirs = device.run(transpile(circuit, device, optimization_level=0)).result().data()["probabilities"][0]
    exact = kernel.gram(X[:1], X[1:])
    assert counted_kernel(exact, 2, noise=0.3).item() == pytest.approx(theirs, abs=1e-12)


def test_noise_on_every_gate_is_near_a_power_of_it():
    # each gate depolarises its own wires, so the whole state survives with more than the product of the chances
    kernel, X = FidelityKernel("z", reps=1), np.array([[0.4]])
    circuit = kernel.circuit(X[0]).then(kernel.circuit([1.0]).inverse()).to_qiskit()
    model = NoiseModel()
    model.add_all_qubit_quantum_error(depolarizing_error(0.02, 1), ["h", "p"])
    circuit.save_probabilities()
    device = AerSimulator(method="density_matrix", noise_model=model)
    theirs = device.run(transpile(circuit, device, optimization_level=0)).result().data()["probabilities"][0]
    exact = kernel.gram(X, [[1.0]])
    assert counted_kernel(exact, 1, noise=1 - 0.98**4).item() == pytest.approx(theirs, abs=1e-12)


def test_counts_have_the_spread_of_counts():
    # 40,000 entries of 1/4 at 100 shots: the mean has a standard error of .00022, five of them .0011
    counted = counted_kernel(np.full((200, 201), 0.25), 3, shots=100, rng=0)
    assert counted.mean() == pytest.approx(0.25, abs=0.0011)
    assert counted.std() == pytest.approx(np.sqrt(0.25 * 0.75 / 100), rel=0.03)


def test_a_symmetric_table_stays_one():
    K = FidelityKernel().gram(np.random.default_rng(0).uniform(0, 3, (12, 2)))
    counted = counted_kernel(K, 2, noise=0.1, shots=50, rng=1)
    assert (counted == counted.T).all()
    assert (np.diag(counted) == 1).all()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (([[1.2]], 1), ValueError, "K must be finite and between"),
        (([1.0], 1), ValueError, "K must be a matrix"),
        (([[1.0]], 0), ValueError, "n_qubits must be at least 1"),
        (([[1.0]], 1, {"noise": 1.5}), ValueError, "noise must be a probability"),
        (([[1.0]], 1, {"shots": -5}), ValueError, "shots must be at least 1"),
    ],
)
def test_refuses(arguments, error, says):
    *positional, options = arguments if isinstance(arguments[-1], dict) else (*arguments, {})
    with pytest.raises(error, match=says):
        counted_kernel(*positional, **options)


def test_a_single_entry_is_a_pair_and_is_counted():
    # one test row that equals the one training row: a device cannot know it
    assert counted_kernel([[1.0]], 2, noise=0.9)[0, 0] == pytest.approx(0.1 + 0.9 / 4)
