"""Unequal bits: the rate from density matrices, bits that are counted, the best share, and refusals."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import minimize_scalar

from qlearn.control.state_selection import damped_error, damped_rate, guessing_chance
from qlearn.qubits.noise import amplitude_damping


def by_states(q, gamma):
    """I(A:B) - chi(A:E) from the Kraus operators: Eve's states are the Gram matrices of what each operator leaves."""

    def entropy(rho):
        values = np.linalg.eigvalsh(rho)
        return -sum(v * np.log2(v) for v in values if v > 1e-15)

    kraus = amplitude_damping(gamma).kraus
    bob, eve = [], []
    for column in range(2):
        left = kraus[:, :, column]  # operator by output
        bob.append(np.diag((abs(left) ** 2).sum(axis=0)))
        eve.append(left @ left.conj().T)
    weights = (1 - q, q)
    information = [
        entropy(sum(w * r for w, r in zip(weights, states, strict=True)))
        - sum(w * entropy(r) for w, r in zip(weights, states, strict=True))
        for states in (bob, eve)
    ]
    return information[0] - information[1]


@given(st.floats(0, 1), st.floats(0, 1))
def test_rate_equals_that_of_the_states(q, gamma):
    assert float(damped_rate(q, gamma)) == pytest.approx(by_states(q, gamma), abs=1e-9)


def test_fewer_errors_and_no_key():
    q = np.array([0.5, 0.2, 0.05, 0.0])
    assert damped_error(0.0, 0.2) == 0 == damped_rate(0.0, 0.2)
    for falls in (damped_error(q, 0.2), damped_rate(q, 0.2)):
        assert (np.diff(falls) < 0).all()
    assert guessing_chance(q) == pytest.approx([0.5, 0.8, 0.95, 1.0])


def test_the_best_share_is_near_one_half_and_not_there():
    best = minimize_scalar(lambda q: -float(damped_rate(q, 0.2)), bounds=(0.1, 0.9), method="bounded")
    assert 0.4 < best.x < 0.48
    assert -best.fun > float(damped_rate(0.5, 0.2)) + 1e-3
    assert damped_rate(0.3, 0.5) == pytest.approx(0)  # Eve's half is as good as Bob's


def test_bits_that_are_drawn_and_damped():
    rng, n = np.random.default_rng(6), 200_000
    sent = rng.random(n) < 0.3
    arrived = sent & (rng.random(n) >= 0.2)
    assert (sent != arrived).mean() == pytest.approx(float(damped_error(0.3, 0.2)), abs=6 * np.sqrt(0.06 / n))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: damped_rate(1.2, 0.1), "ones must be"),
        (lambda: damped_rate(0.2, -0.1), "damping must be"),
        (lambda: damped_error([0.1, 0.2], [0.1, 0.2, 0.3]), "broadcast"),
        (lambda: guessing_chance(2.0), "ones must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
