"""Trajectories: each is a state, and their mean is the channel."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.qubits import density, ket, random_state
from qlearn.qubits.noise import (
    amplitude_damping,
    bit_flip,
    depolarising,
    erasure,
    phase_damping,
    thermal_relaxation,
    trajectory,
)


@pytest.mark.parametrize(
    "channel",
    [amplitude_damping(0.4, 0.2), phase_damping(0.5), depolarising(0.3), thermal_relaxation(1, 2, 3)],
)
def test_their_mean_is_the_channel(channel):
    # n = 20,000; real and imaginary parts of an entry vary by at most 1: 6 sigma of the mean < 0.0425, and there are 32
    # of them for each channel: false alarm below 128 x 2e-9
    n, state = 20_000, random_state(2, rng=5)
    runs = trajectory(channel, np.tile(state, (n, 1)), wires=1, rng=1)
    mean = density(runs).mean(0)
    np.testing.assert_allclose(mean, channel.apply(state, 1), atol=6 / np.sqrt(n))


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_every_run_ends_in_a_state(seed, gamma):
    states = random_state(2, size=7, rng=seed)
    after = trajectory(amplitude_damping(gamma, 0.3), states, 0, rng=seed)
    np.testing.assert_allclose(np.linalg.norm(after, axis=-1), 1, atol=1e-9)


def test_what_cannot_happen_never_does():
    assert (trajectory(amplitude_damping(1.0), [ket("0")] * 500, rng=1) == ket("0")).all()
    assert (trajectory(bit_flip(0.0), [ket("0")] * 500, rng=1) == ket("0")).all()
    assert (trajectory(bit_flip(1.0), [ket("0")] * 500, rng=1) == ket("1")).all()
    fallen = trajectory(amplitude_damping(1.0), [ket("-")] * 50, rng=1)
    np.testing.assert_allclose(np.abs(fallen), [ket("0")] * 50, atol=1e-12)


def test_no_click_is_news():
    # an excited state that did not fall is a little less excited than it was
    runs = trajectory(amplitude_damping(0.5), [ket("+")] * 400, rng=2)
    stayed = np.abs(runs[:, 1]) > 0
    np.testing.assert_allclose(np.abs(runs[stayed, 1]) ** 2, 1 / 3, atol=1e-12)
    # 400 coins of 3/4: sd 0.0217; 6 sd, false alarm 2e-9
    assert abs(stayed.mean() - 3 / 4) < 6 * 0.0217


def test_two_wires_and_batches_of_channels():
    states = np.tile(ket("+0"), (3, 1))
    after = trajectory(erasure([[0.0], [1.0]]), states, [0, 1], rng=1)
    assert after.shape == (2, 3, 4)
    np.testing.assert_allclose(after[0], states, atol=1e-12)
    np.testing.assert_allclose(np.abs(after[1]), [ket("01")] * 3, atol=1e-12)


def test_is_seeded_and_uses_a_given_generator():
    states = random_state(1, size=50, rng=1)
    first = trajectory(depolarising(0.5), states, rng=9)
    assert np.array_equal(first, trajectory(depolarising(0.5), states, rng=np.random.default_rng(9)))
    rng = np.random.default_rng(9)
    trajectory(depolarising(0.5), states, rng=rng)
    assert not np.array_equal(first, trajectory(depolarising(0.5), states, rng=rng))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: trajectory(bit_flip(0.1), [1, 1]), "states must be normalised"),
        (lambda: trajectory(bit_flip(0.1), ket("00")), "wires must be 1"),
        (lambda: trajectory(bit_flip(0.1), ket("00"), 3), "wires must lie"),
        (lambda: trajectory(bit_flip([0.1] * 3), [ket("0")] * 2), r"states of batch shape \(2,\)"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
