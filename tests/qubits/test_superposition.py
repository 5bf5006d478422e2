"""Superposition: kets are Qiskit's, the Bloch sphere is one-to-one, random states are uniform."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Statevector

from qlearn.qubits import Circuit, bloch, bloch_vector, expectation, ket, random_state

QISKIT = {"0": "0", "1": "1", "+": "+", "-": "-", "i": "r", "j": "l"}


@given(st.text("01+-ij", min_size=1, max_size=5))
def test_kets_are_qiskits(label):
    expected = Statevector.from_label("".join(QISKIT[letter] for letter in label)).data
    np.testing.assert_allclose(ket(label), expected, atol=1e-15)


def test_wire_0_is_the_leftmost_letter():
    assert ket("10").argmax() == 2


@given(st.floats(0, np.pi), st.floats(0, 2 * np.pi))
def test_the_bloch_vector_is_the_direction_of_the_angles(theta, phi):
    direction = [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)]
    np.testing.assert_allclose(bloch_vector(bloch(theta, phi)), direction, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(bloch(theta, phi)), 1, atol=1e-15)


@given(st.integers(0, 2**32 - 1), st.floats(-7, 7))
def test_a_global_phase_moves_no_point(seed, phase):
    state = random_state(1, rng=seed)
    vector = bloch_vector(state)
    np.testing.assert_allclose(bloch_vector(np.exp(1j * phase) * state), vector, atol=1e-12)
    np.testing.assert_allclose(vector, [expectation(state, axis) for axis in "XYZ"], atol=1e-12)


def test_rotations_turn_the_sphere():
    angle = 0.7
    turned = bloch_vector(Circuit(1).rz(angle, 0).run(ket("+")))
    np.testing.assert_allclose(turned, [np.cos(angle), np.sin(angle), 0], atol=1e-12)


def test_random_states_are_uniform_on_the_sphere():
    # Archimedes: each coordinate of a uniform point is uniform on [-1, 1], mean 0 and variance 1/3.
    # n = 40,000: the mean's sd is 0.0029, the variance's 0.0015; 6 sd, false alarm 2e-9 each.
    vectors = bloch_vector(random_state(1, size=40_000, rng=1))
    np.testing.assert_allclose(vectors.mean(0), 0, atol=6 * 0.0029)
    np.testing.assert_allclose(vectors.var(0), 1 / 3, atol=6 * 0.0015)


def test_random_states_have_the_haar_purity_of_a_part():
    # <tr rho_A^2> = (d_A + d_B) / (d_A d_B + 1) = 4/5 for two qubits (Lubkin 1978); n = 20,000, sd below 0.0012
    psi = random_state(2, size=20_000, rng=2).reshape(-1, 2, 2)
    rho = psi @ psi.conj().swapaxes(1, 2)
    purity = np.einsum("nij,nji->n", rho, rho).real
    assert abs(purity.mean() - 4 / 5) < 6 * 0.0012


def test_shapes_and_seeds():
    assert random_state(3).shape == (8,)
    assert random_state(1, size=(2, 3)).shape == (2, 3, 2)
    assert bloch([0, 1], [[0], [1]]).shape == (2, 2, 2)
    np.testing.assert_array_equal(random_state(2, 4, rng=5), random_state(2, 4, rng=np.random.default_rng(5)))
    generator = np.random.default_rng(5)
    assert not np.array_equal(random_state(1, rng=generator), random_state(1, rng=generator))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ket(""), "label must be"),
        (lambda: ket("02"), "label must be"),
        (lambda: ket(10), "label must be"),
        (lambda: bloch(np.nan, 0), "finite angles"),
        (lambda: bloch(0, np.inf), "finite angles"),
        (lambda: bloch([0, 1], [0, 1, 2]), r"broadcast against each other, not: theta \(2,\), phi \(3,\)"),
        (lambda: ket("0" * 40), "the letters of label must be at most 30, not 40"),
        (lambda: random_state(40), "at most 30, not 40: .* each further qubit doubles it"),
        (lambda: bloch_vector([1, 1]), "normalised"),
        (lambda: bloch_vector([1, 0, 0, 0]), "2 amplitudes for 1 qubits"),
        (lambda: random_state(0), "n_qubits must be at least 1"),
        (lambda: random_state(1, size=0), "size must be at least 1"),
        (lambda: random_state(1, size=(2, -1)), "size must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("angle", ["1", 1j, True, None])
def test_an_angle_is_a_real_number(angle):
    for call in (lambda: bloch(angle, 0), lambda: bloch(0, angle)):
        with pytest.raises(TypeError, match=r"(theta|phi) must be radians"):
            call()
