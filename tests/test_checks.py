"""The checks: each names the parameter, what came and what was expected."""

import numpy as np
import pytest

from qlearn import _checks as checks
from qlearn.communication.eavesdropping import best_fixed_measurement, entangling_probe
from qlearn.communication.entangled_keys.sources import as_chances
from qlearn.communication.fibre.efficiency_mismatch import mismatch_secrecy
from qlearn.qubits import Circuit, bell_state, noise, probabilities, random_state
from qlearn.qubits.entanglement import behaviour, direction, winning_probability


def test_bits_come_out_as_uint8():
    for given in ([0, 1, 1], [False, True, True], [0.0, 1.0, 1.0], np.array([0, 1, 1], np.uint8)):
        bits = checks.as_bits(given, "key")
        assert bits.dtype == np.uint8
        assert bits.tolist() == [0, 1, 1]
    assert checks.as_bits(np.eye(2), "key", ndim=None).shape == (2, 2)


def test_a_generator_is_used_and_not_copied():
    generator = np.random.default_rng(1)
    assert checks.as_rng(generator) is generator


def test_states_are_checked_and_kept():
    assert checks.as_states([1, 0]).dtype == np.complex128
    assert checks.n_qubits_of(np.zeros((3, 8))) == 3
    assert checks.as_wires(None, 3) == (0, 1, 2)
    assert checks.as_wires(np.int64(1), 3) == (1,)


def test_a_state_may_be_off_by_the_rounding_of_its_format_and_by_no_more():
    single = np.array([0.6, 0.8], dtype=np.float32)
    assert np.square(single.astype(float)).sum() - 1 > 4e-8  # 0.6 and 0.8 are no numbers of this format
    kept = checks.as_states(single)
    assert abs(np.vdot(kept, kept) - 1) < 1e-15
    assert checks.norm_tolerance(np.dtype(int)) == checks.norm_tolerance(np.dtype(complex)) == 1e-8
    assert 1e-6 < checks.norm_tolerance(np.dtype(np.complex64)) < 2e-6


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: checks.as_register(40), "n_qubits must be at most 30, not 40: .* here 16,384 GiB"),
        (lambda: checks.as_bits([], "key"), "key must be a non-empty array"),
        (lambda: checks.as_choice("W", "XYZ", "axis"), "axis must be one of X, Y, Z, not 'W'"),
        (lambda: checks.as_choice(np.zeros(2), ("X", "Y"), "axis"), "axis must be one of X, Y, not array"),
        (
            lambda: checks.as_trials([10, 2.5]),
            r"n must be whole numbers of trials, at least 1, not \[10\. +2\.5\]",
        ),
        (lambda: checks.as_angles([0, np.nan]), "angle must be finite angles in radians; it holds NaN"),
        (
            lambda: checks.as_reals([1, np.inf], "time", least=0),
            "time must be finite and at least 0, not inf",
        ),
        (
            lambda: checks.as_reals(2, "share", least=0, most=1),
            "share must be finite and between 0 and 1, not 2",
        ),
        (lambda: checks.broadcast(a=np.ones(2), b=np.ones(3), c=np.ones(())), r"not: a \(2,\), b \(3,\)$"),
        (lambda: checks.as_bits([0, 2], "key"), "key must be an array of 0 and 1; it holds 2"),
        (lambda: checks.as_bits([0, np.nan], "key"), "it holds nan"),
        (lambda: checks.as_bits(np.array([3], np.uint8), "key"), "it holds 3"),
        (lambda: checks.as_bits([[0, 1]], "key"), "with 1 axis"),
        (
            lambda: checks.as_probability(1.01, "noise"),
            "noise must be a probability between 0 and 1, not 1.01",
        ),
        (lambda: checks.as_probability(float("nan"), "noise"), "noise must be a probability"),
        (lambda: checks.as_count(0, "shots"), "shots must be at least 1, not 0"),
        (lambda: checks.as_real(np.inf, "loss_db"), "^loss_db must be a finite number, not inf$"),
        (lambda: checks.as_reals(np.nan, "gammas"), "^gammas must be finite, not nan$"),
        (lambda: checks.as_real(-1, "loss_db", least=0), "loss_db must be a finite number between 0"),
        (lambda: checks.as_real(0, "rate_hz", above=0), "^rate_hz must be above 0, not 0$"),
        (
            lambda: checks.as_failure(0),
            "failure must lie between 0 and 1, not 0: no finite session is certain",
        ),
        (lambda: checks.as_failure(1.0, "security"), "security must lie between 0 and 1, not 1"),
        (
            lambda: checks.as_probabilities([0.1, 2], "qber"),
            "qber must be probabilities between 0 and 1, not 2",
        ),
        (
            lambda: checks.same_columns(bits=np.ones(3), bases=np.ones(3), clicks=np.ones(2)),
            "bits and clicks must have the same length, not 3 and 2",
        ),
        (lambda: checks.as_states([1, 0, 0]), "state must have 2, 4, 8"),
        (lambda: checks.as_states([1, 1]), "sum to 2, not 1. Divide it"),
        (lambda: checks.as_states([1, 0], n_qubits=2), "4 amplitudes for 2 qubits"),
        (lambda: checks.as_wires([], 2), "at least one wire"),
        (lambda: checks.as_wires([0, 0], 2), "different wires"),
        (lambda: checks.as_wires(-1, 2), "in 0 to 1"),
    ],
)
def test_refuses_values(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: checks.as_bits("01", "key"), "key must be an array of 0 and 1"),
        (lambda: checks.as_probability("half", "noise"), "noise must be a number between 0 and 1, not str"),
        (lambda: checks.as_probability(True, "noise"), "noise must be a number"),
        (
            lambda: checks.as_probabilities(None, "qber"),
            "qber must be probabilities, numbers between 0 and 1",
        ),
        (lambda: checks.as_count(2.5, "shots"), "shots must be a whole number, not 2.5"),
        (lambda: checks.as_count(True, "shots"), "shots must be a whole number"),
        (lambda: checks.as_real(None, "loss_db"), "loss_db must be a number"),
        (
            lambda: checks.as_reals("far", "length_km"),
            "length_km must be a number or an array of numbers, not 'far'",
        ),
        (
            lambda: checks.same_columns(bits=np.ones(2), bases=[0, 1]),
            "bases must be a NumPy array, not list",
        ),
        (lambda: checks.as_states(["a", "b"]), "array of amplitudes"),
        (lambda: checks.as_wires([0.5], 2), "whole numbers"),
    ],
)
def test_refuses_types(call, says):
    with pytest.raises(TypeError, match=says):
        call()


def test_every_door_takes_single_precision():
    # one call for each check that compares with 1, and what leaves is strict in double precision
    rng = np.random.default_rng(6)
    turn = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))[0]
    single, arrows = turn.astype(np.complex64), direction(rng.uniform(0, 6, 4)).astype(np.float32)
    psi = random_state(1, rng=1)
    step = Circuit(1).unitary(single, 0).operations[0].matrix
    np.testing.assert_allclose(step.conj().T @ step, np.eye(2), atol=1e-14)
    np.testing.assert_allclose(step, turn, atol=1e-6)
    np.testing.assert_allclose(probabilities(psi, basis=single), probabilities(psi, basis=turn), atol=1e-6)
    table = behaviour(bell_state("phi+"), arrows[:2], arrows[2:])
    np.testing.assert_allclose(table.sum((-1, -2)), 1, atol=1e-14)
    assert winning_probability(table.astype(np.float32)) == pytest.approx(
        float(winning_probability(table)), abs=1e-6
    )
    fall = noise.amplitude_damping(0.3).then(noise.Channel([turn]))
    coarse = noise.Channel(fall.kraus.astype(np.complex64))
    back = noise.from_choi(noise.choi(fall).astype(np.complex64))
    assert len(back.kraus) == 2
    for channel in (coarse, back):
        np.testing.assert_allclose(noise.choi(channel), noise.choi(fall), atol=1e-6)
        np.testing.assert_allclose(
            np.einsum("mji,mjk->ik", channel.kraus.conj(), channel.kraus), np.eye(2), atol=1e-14
        )
    assert noise.is_cptp(noise.choi(fall).astype(np.complex64))
    assert not noise.is_cptp(noise.choi(fall).astype(np.complex64) * 1.0001)
    for errors in np.linspace(0.02, 0.42, 11):
        memories = entangling_probe(errors).memories
        found = best_fixed_measurement(memories.astype(np.complex64))
        assert found.guess == pytest.approx(best_fixed_measurement(memories).guess, abs=1e-6)
        np.testing.assert_allclose(found.effects.sum((0, 1)), np.eye(4), atol=1e-7)
    for _ in range(20):
        shares = rng.dirichlet(np.ones(3)).astype(np.float32)
        assert as_chances(shares, 3, "p", "setting").sum() == pytest.approx(1, abs=1e-14)
        errors = noise.pauli_channel(*shares)
        np.testing.assert_allclose(
            np.einsum("mji,mjk->ik", errors.kraus.conj(), errors.kraus), np.eye(2), atol=1e-12
        )
        turn = rng.uniform(0, 2 * np.pi)
        assert np.isfinite(mismatch_secrecy(np.float32(np.cos(turn)), np.float32(np.sin(turn))))
    with pytest.raises(ValueError, match="sum to at most 1"):
        noise.pauli_channel(*(shares * np.float32(1.0001)))
    with pytest.raises(ValueError, match="that sum to 1"):
        as_chances(shares * np.float32(1.0001), 3, "p", "setting")
    with pytest.raises(ValueError, match="must fit one qubit"):
        mismatch_secrecy(np.float32(0.8), np.float32(0.6001))
    with pytest.raises(ValueError, match="of trace 1"):
        best_fixed_measurement((memories * 1.0001).astype(np.complex64))
    with pytest.raises(ValueError, match="must be unitary"):
        Circuit(1).unitary(single * np.float32(1.00001), 0)


@pytest.mark.parametrize("y", [[1, -1, 1], [[1.0, -1.0], [-1.0, -1.0]]])
def test_signs_of_any_shape_come_back_as_numbers(y):
    signs = checks.as_signs(y)
    assert signs.dtype == np.float64
    assert signs.tolist() == y


@pytest.mark.parametrize("y", [[], [1, 1], [0, 1], [1, -1, 2]])
def test_signs_are_minus_one_and_one_and_both(y):
    with pytest.raises(ValueError, match="y must hold the labels -1 and 1, and both of them"):
        checks.as_signs(y)
