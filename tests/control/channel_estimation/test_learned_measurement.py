"""A learned measurement: its information by hand, a gradient that is none of its own, known optima, and what is refused."""

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.special import xlogy

from qlearn.control.channel_estimation import learn_measurement
from qlearn.qubits import helstrom
from qlearn.qubits.noise import amplitude_damping, trajectory

S = np.sqrt(0.5)
PAIR = np.array([S, 0, 0, S])


def _information(unitary, states, kinds):
    table = np.array([(np.abs(states[kinds == k] @ unitary.T) ** 2).mean(axis=0) for k in np.unique(kinds)])
    joint = table / len(table)
    return (xlogy(joint, joint) - xlogy(joint, np.outer(joint.sum(1), joint.sum(0)))).sum() / np.log(2)


def _damped(n, rng):
    kinds = np.arange(n) % 3
    return trajectory(amplitude_damping(kinds * 0.4), np.tile(PAIR, (n, 1)), wires=1, rng=rng), kinds


def test_its_information_is_that_of_its_unitary():
    states, kinds = _damped(90, rng=1)
    told = learn_measurement(states, kinds, rng=2)
    assert np.allclose(told.unitary @ told.unitary.conj().T, np.eye(4))
    assert told.information == pytest.approx(_information(told.unitary, states, kinds), abs=1e-8)
    assert np.allclose(told.circuit.run(PAIR), told.unitary @ PAIR)


def test_no_small_turn_of_its_angles_tells_more():
    states, kinds = _damped(90, rng=1)
    told = learn_measurement(states, kinds, rng=2)
    rng = np.random.default_rng(3)
    for _ in range(20):
        near = told.angles + 0.01 * rng.normal(size=told.angles.shape)
        unitary = told.ansatz.circuit(near).run(np.eye(4)).T
        assert _information(unitary, states, kinds) <= told.information + 1e-6


def test_two_pure_states_are_told_apart_as_well_as_quantum_theory_allows():
    # for two pure states the measurement of least error also has the most information (Levitin): a known optimum
    states = np.array([[1, 0, 0, 0], [np.cos(0.4), 0, 0, np.sin(0.4)]])
    told = learn_measurement(states, [0, 1], layers=3, starts=6, rng=1)
    error = 1 - helstrom(states[0], states[1])
    due = 1 + (xlogy(error, error) + xlogy(1 - error, 1 - error)) / np.log(2)
    assert told.information == pytest.approx(due, abs=1e-3)
    assert told.information <= due + 1e-9


def test_equal_kinds_tell_nothing():
    told = learn_measurement([PAIR, PAIR], [0, 1], starts=1, rng=1)
    assert told.information == pytest.approx(0, abs=1e-9)


def test_a_turn_of_all_states_is_undone_by_the_measurement():
    states, kinds = _damped(60, rng=4)
    rng = np.random.default_rng(0)
    root = rng.normal(size=(2, 2, 2)) + 1j * rng.normal(size=(2, 2, 2))
    local = np.kron(*[expm(1j * (r + r.conj().T)) for r in root])
    plain, turned = (
        learn_measurement(x, kinds, layers=3, starts=8, rng=5) for x in (states, states @ local.T)
    )
    assert turned.information == pytest.approx(plain.information, abs=0.02)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: learn_measurement([PAIR, PAIR], [1, 1]), "at least two kinds"),
        (lambda: learn_measurement([PAIR], [0, 1]), "must have the same length"),
        (lambda: learn_measurement([[1, 0]], [0]), "states must"),
        (lambda: learn_measurement(PAIR, [0]), r"shape \(n, 4\)"),
        (lambda: learn_measurement([PAIR, PAIR], [0, 1], layers=0), "layers must"),
        (lambda: learn_measurement([PAIR, PAIR], [0, 1], starts=0), "starts must"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
