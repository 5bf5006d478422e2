"""The circuit of a trained network: its own angles, and a phone can show it."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from qlearn.learning import QNNClassifier
from qlearn.plotting import CircuitDisplay
from qlearn.qubits import Circuit, Parameter, parameters

X = np.random.default_rng(0).uniform(-1, 1, (20, 3))


@pytest.fixture(scope="module")
def network():
    return QNNClassifier(layers=2, epochs=2, random_state=0).fit(X, X[:, 0] > 0)


def test_shows_the_angles_that_training_found(network):
    display = CircuitDisplay.from_estimator(network)
    shown = [float(step.angle) for step in display.circuit.operations if step.angle is not None]
    assert shown == network.get_parameters()[0].ravel().tolist()
    texts = " ".join(text.get_text().replace("$-$", "-") for text in display.ax_.texts)
    for angle in shown:  # three digits, as Qiskit writes them
        assert f"{angle:.3g}" in texts
    assert len(shown) == 12


def test_a_row_turns_the_first_gates(network):
    display = CircuitDisplay.from_estimator(network, X[0])
    turns = [float(step.angle) for step in display.circuit.operations if step.name == "rz"]
    assert [turns[0], turns[2], turns[4]] == X[0].tolist()


def test_features_of_a_circuit_of_ones_own_keep_their_names_beside_trained_numbers(faults):
    x, theta = parameters("x", 2), Parameter("theta")
    own = Circuit(2).ry(x[0], 0).ry(theta + 2 * x[1], 1).cx(0, 1)
    network = QNNClassifier(ansatz=own, epochs=1, random_state=0).fit(X[:, :2], X[:, 0] > 0)
    display = CircuitDisplay.from_estimator(network)
    texts = " ".join(text.get_text().replace("$-$", "-") for text in display.ax_.texts)
    (trained,) = network.get_parameters()[0]
    assert "x[0]" in texts
    assert f"{trained:.3g}" in texts
    assert f"{trained:.6g}" not in texts
    assert display.circuit.operations[1].angle.offset == trained  # the circuit itself is not rounded
    assert faults(display) == []


def test_trained_factors_of_features_are_as_short():
    (x,), w = parameters("x", 1), Parameter("w")
    network = QNNClassifier(ansatz=Circuit(1).ry(w * x, 0), encoding=None, epochs=1, random_state=0)
    display = CircuitDisplay.from_estimator(network.fit(X[:, :1], X[:, 0] > 0))
    texts = " ".join(text.get_text().replace("$-$", "-") for text in display.ax_.texts)
    (factor,) = network.get_parameters()[0]
    assert f"{factor:.3g}*x[0]" in texts
    assert display.circuit.operations[0].angle == factor * x


def test_a_phone_can_show_it(faults, network):
    assert faults(CircuitDisplay.from_estimator(network, X[0])) == []


def test_draws_on_the_axes_that_are_given_and_returns_itself(network):
    ax = Figure(figsize=(6, 3)).subplots()
    display = CircuitDisplay(Circuit(2).h(0).cx(0, 1))
    assert display.plot(ax=ax) is display
    assert display.ax_ is ax
    assert "H" in {text.get_text() for text in ax.texts}


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: CircuitDisplay("ry"), TypeError, "circuit must be a Circuit"),
        (lambda: CircuitDisplay(Circuit(1).ry([0, 1], 0)), ValueError, r"batch of shape \(2,\).*circuit.at"),
        (lambda: CircuitDisplay.from_estimator(QNNClassifier), TypeError, "must be a fitted network"),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()
