"""The mixer: RX on every wire, whole states and symmetric halves, and its slope."""

import numpy as np
import pytest

from qlearn.learning.optimisation.mixers import Mixer
from qlearn.qubits import Circuit, random_state


def rx_on_all(n, beta):
    circuit = Circuit(n)
    for wire in range(n):
        circuit = circuit.rx(2 * beta, wire)
    return circuit


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 9, 11])
def test_equals_rx_gates_on_every_wire(n):
    mixer, state = Mixer(n), random_state(n, rng=n)
    turned = mixer.turn(state * mixer.phases, 0.7) / mixer.phases
    np.testing.assert_allclose(turned, rx_on_all(n, 0.7).run(state), atol=1e-13)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 8, 10])  # all four powers of i
def test_half_of_a_symmetric_state_is_enough(n):
    half = random_state(n - 1, rng=n)
    whole = np.concatenate([half, half[::-1]]) / np.sqrt(2)
    mixer = Mixer(n, symmetric=True)
    turned = mixer.turn(half * mixer.phases, -0.4) / mixer.phases
    np.testing.assert_allclose(turned / np.sqrt(2), rx_on_all(n, -0.4).run(whole)[: half.size], atol=1e-13)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("n", [2, 3, 6, 7, 12])
def test_slope_is_the_derivative(n, symmetric):
    mixer = Mixer(n, symmetric)
    bra, ket = (random_state(n - symmetric, rng=seed) for seed in (1, 2))
    step = 1e-5
    change = np.vdot(bra, mixer.turn(ket, step) - mixer.turn(ket, -step)).real / (2 * step)
    assert mixer.slope(bra, ket) == pytest.approx(change, abs=1e-8)


def test_turns_back_and_keeps_the_norm():
    mixer, state = Mixer(10), random_state(10, rng=3)
    turned = mixer.turn(state, 1.1)
    assert np.linalg.norm(turned) == pytest.approx(1, abs=1e-13)
    np.testing.assert_allclose(mixer.turn(turned, -1.1), state, atol=1e-13)


def test_plus_is_uniform():
    for mixer in (Mixer(5), Mixer(6, symmetric=True)):
        np.testing.assert_allclose(mixer.plus / mixer.phases, 2**-2.5, atol=1e-15)
