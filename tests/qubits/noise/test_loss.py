"""Loss: decibels, flags, and why two damped modes are one erasure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.qubits import density, fidelity, ket, partial_trace, random_state
from qlearn.qubits.noise import amplitude_damping, choi, erasure, fibre_loss, is_cptp, transmittance

chances = st.floats(0, 1)


def test_ten_decibels_are_a_tenth():
    np.testing.assert_allclose(transmittance([0, 50, 100]), [1, 0.1, 0.01], rtol=1e-12)
    np.testing.assert_allclose(transmittance(10, [0.2, 0.35]), [0.630957, 0.446684], atol=5e-7)
    assert transmittance(3).shape == ()


@given(chances, st.integers(0, 2**32 - 1))
def test_an_erasure_takes_all_or_nothing_and_says_which(p, seed):
    state = random_state(1, rng=seed)
    rho = erasure(p).apply(np.kron(state, ket("0")))
    blocks = rho.reshape(2, 2, 2, 2)  # qubit, flag; qubit, flag
    np.testing.assert_allclose(blocks[:, 0, :, 0], (1 - p) * density(state), atol=1e-12)
    np.testing.assert_allclose(blocks[:, 1, :, 1], p * density(ket("0")), atol=1e-12)
    np.testing.assert_allclose(blocks[:, 0, :, 1], 0, atol=1e-12)


@given(chances, chances)
def test_fibres_can_be_joined(p, q):
    joined = erasure(p).then(erasure(q))
    np.testing.assert_allclose(choi(joined), choi(erasure(1 - (1 - p) * (1 - q))), atol=1e-7)
    assert is_cptp(choi(erasure(p)))


@given(chances, st.integers(0, 2**32 - 1))
def test_one_photon_in_two_damped_modes_is_an_erasure(gamma, seed):
    # horizontal = photon in the first mode, vertical = in the second, lost = in none
    state = random_state(1, rng=seed)
    modes = np.array([0, state[1], state[0], 0])
    damped = amplitude_damping(gamma).beside(amplitude_damping(gamma)).apply(modes)
    flagged = erasure(gamma).apply(np.kron(state, ket("0"))).reshape(2, 2, 2, 2)
    arrived = damped[np.ix_([2, 1], [2, 1])]
    np.testing.assert_allclose(arrived, flagged[:, 0, :, 0], atol=1e-7)
    np.testing.assert_allclose(damped[0, 0], np.trace(flagged[:, 1, :, 1]), atol=1e-12)
    np.testing.assert_allclose(damped[3, 3], 0, atol=1e-12)


def test_fibre_loss_in_its_two_encodings():
    np.testing.assert_allclose(choi(fibre_loss(50)), choi(erasure(0.9)), atol=1e-12)
    np.testing.assert_allclose(
        choi(fibre_loss(25, 0.4, encoding="presence")), choi(amplitude_damping(0.9)), atol=1e-12
    )
    assert fibre_loss([1, 2, 3]).shape == (3,)


def test_what_arrives_of_a_polarised_photon_is_as_good_as_new():
    state = random_state(1, size=4, rng=1)
    rho = fibre_loss(100).apply(np.kron(state, ket("0")))
    arrived = rho.reshape(4, 2, 2, 2, 2)[:, :, 0, :, 0]
    chance = np.trace(arrived, axis1=1, axis2=2).real
    np.testing.assert_allclose(chance, 0.01, atol=1e-12)
    np.testing.assert_allclose(fidelity(state, arrived / chance[:, None, None]), 1, atol=1e-9)
    presence = fibre_loss(100, encoding="presence").apply(state)
    assert (fidelity(state, presence) < 0.8).any()  # and of one whose presence is the bit it is not


def test_a_flag_that_is_up_stays_up():
    after = erasure(0.3).apply(ket("11"))
    np.testing.assert_allclose(after, density(ket("11")), atol=1e-12)
    np.testing.assert_allclose(partial_trace(erasure(1.0).apply(ket("+0")), 1), density(ket("1")), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: transmittance(-1), ValueError, "length_km must be finite and at least 0, not -1"),
        (lambda: transmittance(1, -0.2), ValueError, "loss_db_per_km must be finite and at least 0"),
        (lambda: transmittance([1, np.inf]), ValueError, "length_km must be finite"),
        (lambda: transmittance("far"), TypeError, "length_km must be a number"),
        (
            lambda: transmittance([1, 2], [0.1, 0.2, 0.3]),
            ValueError,
            r"length_km \(2,\), loss_db_per_km \(3,\)",
        ),
        (lambda: erasure(1.2), ValueError, "p must be the chance of a loss"),
        (lambda: fibre_loss(1, encoding="time"), ValueError, 'encoding must be "polarisation" or "presence"'),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
