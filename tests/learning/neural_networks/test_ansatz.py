"""The trainable circuit: equal to the Circuit it shortcuts, its gradient exact by three other ways."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import expectation
from qlearn.qubits.entanglement_patterns import ENTANGLEMENTS


def z_of(states, n):
    """<Z_w> on every wire, by the library's general expectation: the oracle of the readout."""
    return np.stack([expectation(states, "I" * w + "Z" + "I" * (n - 1 - w)) for w in range(n)], axis=-1)


def problem(ansatz, n_samples, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-np.pi, np.pi, (n_samples, ansatz.n_qubits))
    return X, rng.uniform(-np.pi, np.pi, ansatz.shape), rng.normal(size=(n_samples, ansatz.n_qubits))


@given(
    n=st.integers(1, 7),
    layers=st.integers(1, 3),
    entanglement=st.sampled_from(list(ENTANGLEMENTS)),
    reupload=st.booleans(),
    n_samples=st.sampled_from([1, 3, 40]),  # fewer and more than the basis states: both ways to follow U
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_the_circuit_it_shortcuts(n, layers, entanglement, reupload, n_samples, seed):
    ansatz = Ansatz(n, layers, entanglement, reupload)
    X, angles, _ = problem(ansatz, n_samples, seed)
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    states = ansatz.circuit(angles, X).run()
    assert np.allclose(z, z_of(states, n), atol=1e-12)
    assert np.allclose(tape.final, states, atol=1e-12)


@pytest.mark.parametrize("n", [4, 8])
@pytest.mark.parametrize("reupload", [False, True])
@pytest.mark.parametrize("n_samples", [5, 300])
def test_gradient_equals_the_parameter_shift_of_the_circuit(n, reupload, n_samples):
    # Each angle turns by exp(-i angle Z/2) or Y/2, so half the difference at +-pi/2 is the exact derivative.
    ansatz = Ansatz(n, 2, reupload=reupload)
    X, angles, dz = problem(ansatz, n_samples)
    _, tape = ansatz.forward(angles, ansatz.encode(X))
    gradient = ansatz.backward(tape, dz)
    picks = np.random.default_rng(1).choice(angles.size, 6, replace=False)
    for pick in zip(*np.unravel_index(picks, angles.shape), strict=True):
        z = []
        for sign in (1, -1):
            moved = angles.copy()
            moved[pick] += sign * np.pi / 2
            z.append(z_of(ansatz.circuit(moved, X).run(), n))
        shifted = ((z[0] - z[1]) / 2 * dz).sum()
        assert gradient[pick] == pytest.approx(shifted, abs=1e-12 * n_samples)


@given(
    n=st.integers(1, 8),
    layers=st.integers(1, 4),
    entanglement=st.sampled_from(list(ENTANGLEMENTS)),
    reupload=st.booleans(),
    n_samples=st.sampled_from([1, 9, 100]),
    seed=st.integers(0, 2**32 - 1),
)
def test_gradient_equals_the_finite_difference_along_any_direction(
    n, layers, entanglement, reupload, n_samples, seed
):
    ansatz = Ansatz(n, layers, entanglement, reupload)
    X, angles, dz = problem(ansatz, n_samples, seed)
    dz /= n_samples
    states = ansatz.encode(X)
    direction = np.random.default_rng(seed).normal(size=ansatz.shape)
    direction /= np.linalg.norm(direction)
    step = 1e-5
    ahead, behind = (ansatz.forward(angles + s * direction, states)[0] for s in (step, -step))
    _, tape = ansatz.forward(angles, states)
    slope = (ansatz.backward(tape, dz) * direction).sum()
    assert slope == pytest.approx(((ahead - behind) * dz).sum() / (2 * step), abs=1e-6)


@pytest.mark.parametrize("reupload", [False, True])
def test_gradient_equals_pennylanes(reupload):
    import pennylane as qml
    from pennylane import numpy as pnp

    n, ansatz = 4, Ansatz(4, 2, reupload=reupload)
    X, angles, dz = problem(ansatz, 20)

    @qml.qnode(qml.device("default.qubit", wires=n), diff_method="backprop")
    def model(angles):
        for w in range(n):
            qml.Hadamard(w)
        for depth in range(2):
            for w in range(n):
                if depth == 0 or reupload:
                    qml.RZ(X[:, w], w)
                qml.RZ(angles[depth, w, 0], w)
                qml.RY(angles[depth, w, 1], w)
            for w in range(n):
                qml.CNOT([w, (w + 1) % n])
        return [qml.expval(qml.Z(w)) for w in range(n)]

    def loss(angles):
        return pnp.sum(pnp.stack(model(angles), axis=-1) * dz)

    z, tape = ansatz.forward(angles, ansatz.encode(X))
    theirs = pnp.array(angles, requires_grad=True)
    assert np.allclose(z, np.stack(model(angles), axis=-1), atol=1e-12)
    assert np.allclose(ansatz.backward(tape, dz), qml.grad(loss)(theirs), atol=1e-12)


def test_angle_encoding_gives_one_frequency_and_reuploading_one_more_with_each_layer():
    # z as a function of one feature over a full period: its discrete Fourier spectrum ends at the layers.
    x = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    for reupload, highest in ((False, 1), (True, 3)):
        ansatz = Ansatz(1, 3, "none", reupload)
        _, angles, _ = problem(ansatz, 1, seed=4)
        z, _ = ansatz.forward(angles, ansatz.encode(x[:, None]))
        spectrum = np.abs(np.fft.rfft(z[:, 0])) / len(x)
        assert spectrum[highest] > 1e-3
        assert spectrum[highest + 1 :].max() < 1e-12


def test_without_entanglement_a_wire_sees_its_own_feature_only():
    ansatz = Ansatz(4, 3, "none", reupload=True)
    X, angles, _ = problem(ansatz, 10)
    other = X.copy()
    other[:, 1:] += 1.0
    z, changed = (ansatz.forward(angles, ansatz.encode(rows))[0] for rows in (X, other))
    assert np.allclose(z[:, 0], changed[:, 0], atol=1e-14)
    assert np.abs(z[:, 1:] - changed[:, 1:]).max() > 0.1


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0, 1), ValueError, "n_qubits must be at least 1"),
        ((2, 0), ValueError, "layers must be at least 1"),
        ((2, 1.5), TypeError, "layers must be a whole number"),
        ((2, 1, "star"), ValueError, "entanglement must be one of circular"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        Ansatz(*arguments)


def test_refuses_arrays_that_do_not_fit():
    ansatz = Ansatz(2, 1)
    with pytest.raises(ValueError, match="X must have 2 features on its last axis"):
        ansatz.encode(np.zeros((4, 3)))
    for angles in (np.zeros((1, 3, 2)), np.zeros((2, 2, 2))):
        with pytest.raises(ValueError, match=r"angles must have shape \(1, 2, 2\)"):
            ansatz.circuit(angles)
        with pytest.raises(ValueError, match=r"angles must have shape \(1, 2, 2\)"):
            ansatz.forward(angles, ansatz.encode(np.zeros((4, 2))))
    with pytest.raises(ValueError, match="entanglement must be one of circular"):
        Ansatz(2, 1, ["circular"])


def test_angles_may_be_a_list():
    ansatz, angles = Ansatz(2, 1), [[[0.1, 0.2], [0.3, 0.4]]]
    states = ansatz.encode([[0.5, -0.5]])
    np.testing.assert_array_equal(
        ansatz.forward(angles, states)[0], ansatz.forward(np.array(angles), states)[0]
    )
    with pytest.raises(ValueError, match=r"angles must have shape \(1, 2, 2\), not \(2,\)"):
        ansatz.forward([0.1, 0.2], states)
