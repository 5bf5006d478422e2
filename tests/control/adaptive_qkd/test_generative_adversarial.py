"""Generators and their critic: gradients by finite differences, the circuit itself, learning, refusals."""

import numpy as np
import pytest

from qlearn.control.adaptive_qkd import (
    ClassicalGenerator,
    QuantumGenerator,
    TrainedGenerator,
    energy_distance,
    loss_traces,
    train_gan,
)
from qlearn.control.adaptive_qkd.generative_adversarial import _scores, _start
from qlearn.learning.neural_networks import Ansatz
from qlearn.qubits import expectation

GENERATORS = (QuantumGenerator(order=1, noise=2, layers=2), ClassicalGenerator(order=1, noise=2, hidden=5))


def slopes(f, arrays, step=1e-6):
    """Central differences in every entry: the oracle."""
    found = []
    for array in arrays:
        slope = np.empty_like(array)
        for i in np.ndindex(array.shape):
            kept = array[i]
            array[i] = kept + step
            above = f()
            array[i] = kept - step
            slope[i] = (above - f()) / (2 * step)
            array[i] = kept
        found.append(slope)
    return found


@pytest.mark.parametrize("generator", GENERATORS)
def test_gradients_are_those_of_finite_differences(generator):
    rng = np.random.default_rng(1)
    parameters = [p + 0.1 * rng.normal(size=p.shape) for p in generator.start(rng)]
    inputs, weights = rng.normal(size=(4, 3)), rng.normal(size=4)
    values, pull_back = generator.forward(parameters, inputs)
    expected = slopes(lambda: generator.forward(parameters, inputs)[0] @ weights, parameters)
    for got, due in zip(pull_back(weights), expected, strict=True):
        assert np.allclose(got, due, atol=1e-7)
    assert values.shape == (4,)


def test_the_critics_gradient_reaches_its_inputs():
    rng = np.random.default_rng(2)
    sizes = [3, 4, 5]
    parameters, inputs, weights = _start(sizes, rng), rng.normal(size=(6, 3)), rng.normal(size=6)
    of_parameters, of_inputs = _scores(sizes, parameters, inputs)[1](weights)
    expected = slopes(lambda: _scores(sizes, parameters, inputs)[0] @ weights, [*parameters, inputs])
    for got, due in zip([*of_parameters, of_inputs], expected, strict=True):
        assert np.allclose(got, due, atol=1e-7)


def test_the_quantum_generator_is_its_circuit():
    generator = QuantumGenerator(order=2, noise=1, layers=2)
    rng = np.random.default_rng(3)
    parameters = [p + rng.normal(size=p.shape) for p in generator.start(rng)]
    scales, angles, weights, offset = parameters
    inputs = rng.normal(size=(5, 3))
    circuit = Ansatz(3, 2, reupload=True).circuit(angles, scales * inputs)
    z = np.array([expectation(circuit.run(), string) for string in ("ZII", "IZI", "IIZ")])
    assert np.allclose(generator.forward(parameters, inputs)[0], weights[:, 0] @ z + offset)


@pytest.mark.parametrize("generator", GENERATORS)
def test_training_comes_closer_than_the_start(generator):
    trace = loss_traces("lognormal", 1, 1000, rng=1)[0]
    real = loss_traces("lognormal", 300, 4, rng=2)
    before, after = (
        energy_distance(
            real,
            train_gan(trace, generator, steps=steps, learning_rate=0.005, critic_rate=0.01, rng=3).simulate(
                300, 4, rng=4
            ),
        )
        for steps in (1, 800)
    )
    assert after < before / 2


def test_a_seed_gives_the_same_generator():
    trace = loss_traces("outages", 1, 200, rng=1)[0]
    first, second = (train_gan(trace, steps=20, rng=5) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first.parameters, second.parameters, strict=True))
    assert (first.simulate(2, 3, rng=1) == second.simulate(2, 3, rng=1)).all()


def test_a_trace_whose_past_says_all_can_be_trained_on():
    made = train_gan(np.tile([1.0, -1.0], 50), ClassicalGenerator(), steps=30, rng=1)
    assert np.isfinite(made.simulate(5, 5, rng=1)).all()


def test_traces_go_back_to_the_unit_of_the_trace():
    generator = ClassicalGenerator(order=0, noise=1, hidden=2)
    nothing = [np.zeros_like(p) for p in generator.start(np.random.default_rng(0))]
    made = TrainedGenerator(generator, nothing, mean=3.0, spread=2.0)
    assert (made.simulate(2, 4, rng=1) == 3).all()
    assert made.n_parameters == 7


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda t: train_gan(t[:20]), "at least 50 values"),
        (lambda t: train_gan(t * np.nan), "trace must be finite"),
        (lambda t: train_gan(t * 0), "a constant has no spread"),
        (lambda t: train_gan(t, steps=0), "steps must be at least 1"),
        (lambda t: train_gan(t, batch_size=1), "batch_size must be at least 2"),
        (lambda t: train_gan(t, learning_rate=0), "learning_rate must be above 0"),
        (lambda t: train_gan(t, critic_rate=-1.0), "critic_rate must be above 0"),
        (lambda t: QuantumGenerator(noise=0), "noise must be at least 1"),
        (lambda t: QuantumGenerator(layers=0), "layers must be at least 1"),
        (lambda t: QuantumGenerator(entanglement="star"), "entanglement"),
        (lambda t: ClassicalGenerator(order=-1), "order must be at least 0"),
        (lambda t: ClassicalGenerator(hidden=0), "hidden must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call(loss_traces("lognormal", 1, 100, rng=1)[0])


def test_refuses_what_is_no_generator():
    with pytest.raises(TypeError, match="generator must have order, noise, start and forward"):
        train_gan(np.arange(100.0), "circuit")


def test_the_generators_step_is_down_the_slope_of_its_loss(monkeypatch):
    # The whole chain, whitening and loss, by finite differences: the gradient that training hands to the generator.
    seen, scored = [], []

    class Watched:
        order, noise = 2, 1
        inner = QuantumGenerator(order=2, noise=1, layers=1)

        def start(self, rng):
            return self.inner.start(rng)

        def forward(self, parameters, inputs):
            values, pull_back = self.inner.forward(parameters, inputs)
            return values, lambda gradient: seen.append((values, gradient)) or pull_back(gradient)

    def watch(sizes, parameters, inputs):
        scored.append((sizes, parameters, inputs))
        return _scores(sizes, parameters, inputs)

    monkeypatch.setattr("qlearn.control.adaptive_qkd.generative_adversarial._scores", watch)
    x = loss_traces("outages", 1, 200, rng=1)[0]
    train_gan(x, Watched(), steps=1, batch_size=8, rng=3)
    (values, gradient), (sizes, critic, inputs) = seen[0], scored[-1]
    # In the whitened row the newest value moves the last entry alone, by one over the spread of its news.
    rows = np.lib.stride_tricks.sliding_window_view((x - x.mean()) / x.std(), 3)
    news = np.sqrt(1 / np.linalg.inv(np.cov(rows.T) + 1e-6 * np.eye(3))[-1, -1])

    def loss():
        moved = inputs + np.outer(values - kept, [0, 0, 1 / news])
        return np.logaddexp(0, -_scores(sizes, critic, moved)[0]).mean()

    kept = values.copy()
    assert np.allclose(slopes(loss, [values])[0], gradient, atol=1e-9)
    assert np.abs(gradient).max() > 1e-4
