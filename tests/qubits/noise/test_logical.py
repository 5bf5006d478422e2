"""The logical channel: polynomials known in closed form, words counted one by one, Aer and trajectories."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import DensityMatrix, Kraus
from scipy.optimize import brentq

from qlearn.qubits import Circuit, fidelity, random_state
from qlearn.qubits.noise import (
    Channel,
    amplitude_damping,
    bit_flip,
    bit_flip_code,
    choi,
    depolarising,
    entanglement_fidelity,
    five_qubit_code,
    is_cptp,
    logical_channel,
    phase_flip,
    phase_flip_code,
    trajectory,
)
from qlearn.qubits.noise.code import anticommute

chances = st.floats(0, 1)
SINGLE = {("I", "I"): "I", **{(a, a): "I" for a in "XYZ"}}
for a, b, c in ("XYZ", "YZX", "ZXY"):
    SINGLE |= {(a, b): c, (b, a): c, ("I", a): a, (a, "I"): a}


def times(a, b):
    return "".join(SINGLE[pair] for pair in zip(a, b, strict=True))


def corrected_words(code):
    """All Pauli words that the code undoes, by algebra alone: corrections times products of stabilisers."""
    group = {"I" * code.n_qubits}
    for word in code.stabilisers:
        group |= {times(word, other) for other in group}
    return {times(fix, member) for fix in code.corrections for member in group}


@given(chances)
def test_three_qubits_turn_p_into_3p2_minus_2p3(p):
    twice = 3 * p**2 - 2 * p**3
    np.testing.assert_allclose(
        choi(logical_channel(bit_flip_code(), bit_flip(p))), choi(bit_flip(twice)), atol=1e-10
    )
    # two phase flips exchange +++ and ---, the words for 0 and 1: the data are flipped
    np.testing.assert_allclose(
        choi(logical_channel(phase_flip_code(), phase_flip(p))), choi(bit_flip(twice)), atol=1e-10
    )


@given(chances)
def test_three_qubits_make_the_other_error_worse(p):
    # an odd number of phase flips passes unseen
    worse = (1 - (1 - 2 * p) ** 3) / 2
    np.testing.assert_allclose(
        choi(logical_channel(bit_flip_code(), phase_flip(p))), choi(phase_flip(worse)), atol=1e-10
    )


@given(chances)
def test_five_qubits_fail_as_counted_word_by_word(p):
    code = five_qubit_code()
    q = p / 4  # chance of each of X, Y, Z
    survives = sum(q ** (5 - w.count("I")) * (1 - 3 * q) ** w.count("I") for w in corrected_words(code))
    channel = logical_channel(code, depolarising(p))
    np.testing.assert_allclose(entanglement_fidelity(channel), survives, atol=1e-10)
    # what is left is depolarising again: the code treats X, Y and Z alike
    np.testing.assert_allclose(choi(channel), choi(depolarising(max(0.0, 4 / 3 * (1 - survives)))), atol=1e-8)


def test_the_words_counted_are_those_that_commute_rightly():
    words = corrected_words(five_qubit_code())
    assert len(words) == 256
    assert sum(w.count("I") == 4 for w in words) == 15
    for word in words:
        bits = [anticommute(word, s) for s in five_qubit_code().stabilisers]
        number = int("".join("01"[bit] for bit in bits), 2)
        assert times(word, five_qubit_code().corrections[number]).count("I") in (1, 5)  # a stabiliser


def test_five_qubits_pay_up_to_the_rate_that_counting_gives():
    # the root of "words corrected, weighted by their chances" = "no error on a bare qubit"
    lengths = np.bincount([5 - word.count("I") for word in corrected_words(five_qubit_code())])

    def counted(e):  # e: chance of any Pauli error, 3p/4
        return float(sum(n * (e / 3) ** w * (1 - e) ** (5 - w) for w, n in enumerate(lengths)) - (1 - e))

    def gain(p):
        channel = depolarising(p)
        return float(
            entanglement_fidelity(logical_channel(five_qubit_code(), channel))
            - entanglement_fidelity(channel)
        )

    pays_to = brentq(counted, 0.05, 0.4)
    assert abs(pays_to - 0.1376) < 5e-5
    assert abs(3 / 4 * brentq(gain, 0.05, 0.5) - pays_to) < 1e-9


@pytest.mark.parametrize("code", [bit_flip_code(), five_qubit_code()])
def test_is_what_qiskit_computes_step_by_step(code):
    n, noise = code.n_qubits, amplitude_damping(0.2)
    data = random_state(1, rng=4)
    rho = DensityMatrix(code.encode(data))
    for wire in range(n):
        rho = rho.evolve(Kraus(list(noise.kraus)), [n - 1 - wire])
    total = np.zeros((2, 2), dtype=complex)
    for number, word in enumerate(code.corrections):
        bits = [number >> place & 1 for place in range(n - 2, -1, -1)]
        projector = np.eye(2**n)
        for bit, stabiliser in zip(bits, code.stabilisers, strict=True):
            sign = 1 - 2 * bit
            projector = projector @ (np.eye(2**n) + sign * word_matrix(stabiliser)) / 2
        step = code.encoder.inverse().matrix() @ word_matrix(word) @ projector
        total += np.einsum(
            "iaja->ij", (step @ rho.data @ step.conj().T).reshape(2, 2 ** (n - 1), 2, 2 ** (n - 1))
        )
    np.testing.assert_allclose(logical_channel(code, noise).apply(data), total, atol=1e-10)


def word_matrix(word):
    circuit = Circuit(len(word))
    for wire, letter in enumerate(word):
        if letter != "I":
            circuit = getattr(circuit, letter.lower())(wire)
    return circuit.matrix()


def test_is_the_mean_of_the_circuits_runs():
    # n = 20,000 runs, each fidelity in [0, 1]: sd of the mean below 0.0036; 6 sigma, false alarm 2e-9
    code, noise, n = five_qubit_code(), amplitude_damping(0.15), 20_000
    rng = np.random.default_rng(7)
    data = random_state(1, size=n, rng=rng)
    states = code.encode(data)
    for wire in range(5):
        states = trajectory(noise, states, wire, rng)
    kept = fidelity(data, code.decode(code.recover(states, rng).state)).mean()
    expected = (2 * entanglement_fidelity(logical_channel(code, noise)) + 1) / 3
    assert abs(kept - expected) < 6 * 0.0036


def test_no_noise_is_no_noise_and_batches_stay():
    for code in (bit_flip_code(), phase_flip_code(), five_qubit_code()):
        np.testing.assert_allclose(
            choi(logical_channel(code, depolarising(0.0))), choi(Channel([np.eye(2)])), atol=1e-12
        )
    batch = logical_channel(five_qubit_code(), depolarising(np.linspace(0, 1, 6).reshape(2, 3)))
    assert batch.shape == (2, 3)
    assert is_cptp(choi(batch)).all()
    one = logical_channel(five_qubit_code(), depolarising(0.6))
    np.testing.assert_allclose(choi(batch)[1, 0], choi(one), atol=1e-12)


def test_any_noise_on_one_of_five_wires_is_gone_to_first_order():
    # with strength p on each wire the logical error begins with p squared: ten times less noise, a hundred times less error
    rates = np.array([1e-3, 1e-4])
    for noise in (depolarising(rates), amplitude_damping(rates), phase_flip(rates)):
        error = 1 - entanglement_fidelity(logical_channel(five_qubit_code(), noise))
        assert 80 < error[0] / error[1] < 120


def test_refuses_noise_on_two_qubits():
    with pytest.raises(ValueError, match="noise must act on one qubit, and hits each"):
        logical_channel(bit_flip_code(), depolarising(0.1, 2))
