"""The PennyLane adapter: any device, our order of bits."""

import numpy as np
import pennylane as qml
import pytest

from qlearn.qubits import Circuit, Parameter, expectations, frequencies, parameters


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


X, A = parameters("x", 2), Parameter("a")
FREE = Circuit(2).ry(X[0], 0).cx(0, 1).rz(2 * X[1] - A + 0.5, 1).rxx(A, 0, 1)


def test_a_free_circuit_is_called_with_values():
    node, values = FREE.to_pennylane(), np.random.default_rng(0).normal(size=(4, 3))
    assert FREE.parameters == (*X, A)
    expected = FREE.bind(values).run()
    np.testing.assert_allclose(node(values), expected, atol=1e-12)
    np.testing.assert_allclose(node(x=values[:, :2], a=values[:, 2]), expected, atol=1e-12)
    np.testing.assert_allclose(node(list(values[0])), expected[0], atol=1e-12)
    np.testing.assert_allclose(
        FREE.bind({"a": values[:, 2]}).to_pennylane()(x=values[:, :2]), expected, atol=1e-12
    )


def test_values_are_followed_to_a_gradient():
    from pennylane import numpy as pnp

    node = FREE.ry(A, 0).to_pennylane()
    values = np.array([0.3, -0.4, 1.1])
    slopes = qml.grad(lambda v: pnp.abs(node(v)[1]) ** 2)(pnp.array(values, requires_grad=True))
    sides = values + 1e-5 * np.concatenate([np.eye(3), -np.eye(3)])
    ahead, behind = (np.abs(FREE.ry(A, 0).bind(sides).run()[:, 1]) ** 2).reshape(2, 3)
    np.testing.assert_allclose(slopes, (ahead - behind) / 2e-5, atol=1e-8)


def test_samples_of_a_free_circuit():
    node = Circuit(1, bits=1).rx(A, 0).measure(0, 0).to_pennylane(shots=5)
    assert node(a=np.pi).tolist() == [[1]] * 5
    assert node([0.0]).tolist() == [[0]] * 5


@pytest.mark.parametrize(
    ("values", "named", "error", "says"),
    [
        ((), {}, ValueError, r"free parameters \(x\[0\], x\[1\], a\) cannot run"),
        ((), {"a": 1.0}, ValueError, r"free parameters \(x\[0\], x\[1\]\) cannot run"),
        ((), {"y": 1.0}, ValueError, "y is no free parameter"),
        ((np.ones(2),), {}, ValueError, r"shape \(..., 3\)"),
        ((1.0, 2.0, 3.0), {}, TypeError, "one array of values, or keywords"),
        ((np.ones(3),), {"a": 1.0}, TypeError, "one array of values, or keywords"),
        (("a",), {}, TypeError, "values must be radians"),
        (
            (np.ones((2, 4, 3)),),
            {},
            ValueError,
            r"one axis of them.* not of shape \(2, 4\): call once for each row",
        ),
    ],
)
def test_a_free_circuit_refuses_other_values(values, named, error, says):
    with pytest.raises(error, match=says):
        FREE.to_pennylane()(*values, **named)


@pytest.mark.parametrize("name", ["default.mixed", "default.qubit"])
@pytest.mark.parametrize("shape", [(1,), (1, 1), (2,)])
def test_a_batch_of_one_is_a_batch(name, shape):
    # default.mixed 0.45 loses the axis of a PhaseShift with an array of one angle
    circuit = Circuit(2).h(0).p(np.full(shape, 0.4), 0).h(0).ry(0.3, 1)
    device = qml.device(name, wires=2)
    exact = frequencies(circuit, shots=None)
    np.testing.assert_allclose(frequencies(circuit, shots=None, device=device), exact, atol=1e-12)
    np.testing.assert_allclose(
        expectations(circuit, "local", device=device), expectations(circuit, "local"), atol=1e-12
    )
    assert frequencies(circuit, shots=20, device=device).shape == (*shape, 4)


TRAINED = Circuit(2).h(0).rz(A * X[0] + 0.5, 0).ry(2 * X[0] * X[1] - A, 0).cx(0, 1).crx(X[1] * A, 0, 1)
AT = np.array([0.7, -1.1, 0.4])  # a, x[0], x[1]


def probability(values):
    return abs(TRAINED.bind(values).run()[1]) ** 2


def differences(step=1e-5):
    return [(probability(AT + move) - probability(AT - move)) / (2 * step) for move in step * np.eye(3)]


def test_products_are_followed_to_a_gradient():
    from pennylane import numpy as pnp

    node = TRAINED.to_pennylane()
    np.testing.assert_allclose(node(AT), TRAINED.bind(AT).run(), atol=1e-12)
    slopes = qml.grad(lambda v: pnp.abs(node(v)[1]) ** 2)(pnp.array(AT, requires_grad=True))
    np.testing.assert_allclose(slopes, differences(), atol=1e-9)


def test_products_take_batches():
    rows = np.array([[0.3, 0.1], [-0.5, 2.0], [1.0, 1.5]])
    expected = TRAINED.bind({"a": 0.7, "x": rows}).run()
    np.testing.assert_allclose(TRAINED.to_pennylane()(a=0.7, x=rows), expected, atol=1e-12)
    half = TRAINED.bind({"x": rows}).to_pennylane()
    np.testing.assert_allclose(half(a=0.7), expected, atol=1e-12)
    np.testing.assert_allclose(half(a=np.full(3, 0.7)), expected, atol=1e-12)


def test_products_of_tensors_of_pytorch():
    torch = pytest.importorskip("torch", reason="torch is an optional extra")
    values = torch.tensor(AT, requires_grad=True)
    (TRAINED.to_pennylane()(values)[1].abs() ** 2).backward()
    np.testing.assert_allclose(values.grad, differences(), atol=1e-8)
    half = TRAINED.bind({"x": AT[None, 1:].repeat(2, axis=0)}).to_pennylane()
    found = half(a=torch.tensor(AT[0])).detach().numpy()
    np.testing.assert_allclose(found, [TRAINED.bind(AT).run()] * 2, atol=1e-8)
    rows = np.array(
        [[0.3, 0.1], [-0.5, 2.0], [1.0, 1.5]]
    )  # NumPy's features, or PyTorch's, beside the other's factor
    expected = TRAINED.bind({"a": 0.7, "x": rows}).run()
    for a, x in (
        (torch.tensor(0.7, dtype=torch.float64, requires_grad=True), rows),
        (0.7, torch.tensor(rows, requires_grad=True)),
    ):
        states = TRAINED.to_pennylane()(a=a, x=x).detach().numpy()
        np.testing.assert_allclose(states, expected, atol=1e-8)


def test_products_of_arrays_of_jax():
    jax = pytest.importorskip("jax", reason="jax is an optional extra")
    node, before = TRAINED.to_pennylane(), jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        slopes = jax.grad(lambda v: jax.numpy.abs(node(v)[1]) ** 2)(jax.numpy.array(AT))
    finally:
        jax.config.update("jax_enable_x64", before)
    np.testing.assert_allclose(slopes, differences(), atol=1e-8)
