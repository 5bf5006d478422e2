"""Fidelity and trace distance: Qiskit and PennyLane are the oracles, in every mix of pure and mixed.

Discrimination: the Helstrom bound, reached by its measurement and passed by none.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import DensityMatrix, Kraus, Statevector, random_quantum_channel, state_fidelity

from qlearn.qubits import density, fidelity, helstrom, ket, probabilities, random_state
from qlearn.qubits.noise import Channel, depolarising, trace_distance

seeds, priors = st.integers(0, 2**31 - 1), st.floats(0, 1)


def mixed(n, seed, rank=3):
    return density(random_state(n, size=rank, rng=seed)).mean(0)


@given(seeds)
def test_fidelity_is_qiskits(seed):
    a, b = random_state(2, size=2, rng=seed)
    rho, sigma = mixed(2, seed, 3), mixed(2, seed + 1, 4)
    for first in (a, rho):
        for second in (b, sigma):
            expected = state_fidelity(
                Statevector(first) if first.ndim == 1 else DensityMatrix(first),
                Statevector(second) if second.ndim == 1 else DensityMatrix(second),
            )
            np.testing.assert_allclose(fidelity(first, second), expected, atol=1e-7)
            np.testing.assert_allclose(fidelity(first, second), fidelity(second, first), atol=1e-7)


def test_fidelity_is_squared():
    assert fidelity(ket("0"), ket("+")) == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        (ket("0"), ket("00"), "same number of qubits"),
        ([ket("0")] * 2, [ket("0")] * 3, r"batches that broadcast, not \(2,\) and \(3,\)"),
    ],
)
def test_fidelity_refuses_what_cannot_be_compared(a, b, says):
    with pytest.raises(ValueError, match=says):
        fidelity(a, b)


@given(seeds, priors)
def test_discrimination_of_pure_states_has_a_closed_form(seed, prior):
    a, b = random_state(2, size=2, rng=seed)
    expected = (1 + np.sqrt(max(0, 1 - 4 * prior * (1 - prior) * fidelity(a, b)))) / 2
    np.testing.assert_allclose(helstrom(a, b, prior), expected, atol=1e-9)


@given(seeds, priors)
def test_no_projective_measurement_does_better_and_one_does_as_well(seed, prior):
    rng = np.random.default_rng(seed)
    a, b = random_state(1, size=2, rng=rng)
    bound = helstrom(a, b, prior)
    best = np.linalg.eigh(prior * density(a) - (1 - prior) * density(b))[1][:, ::-1]
    for basis in [best, *np.linalg.qr(random_state(1, size=(20, 2), rng=rng))[0]]:
        pa, pb = probabilities(a, basis=basis), probabilities(b, basis=basis)
        success = np.maximum(prior * pa, (1 - prior) * pb).sum()  # after each outcome, the better guess
        assert success <= bound + 1e-12
        if basis is best:
            np.testing.assert_allclose(success, bound, atol=1e-12)


def test_discrimination_at_the_extremes():
    assert helstrom(ket("0"), ket("1")) == pytest.approx(1)
    for prior in (0.3, 0.7):  # equal states: say the likelier one, whatever is seen
        assert helstrom(ket("0"), ket("0"), prior=prior) == pytest.approx(0.7)
    assert helstrom(ket("0"), ket("+")) == pytest.approx(np.cos(np.pi / 8) ** 2)
    assert helstrom(np.eye(2) / 2, ket("0")) == pytest.approx(3 / 4)


def test_refuses_discrimination():
    with pytest.raises(ValueError, match="prior must be a probability"):
        helstrom(ket("0"), ket("1"), prior=1.5)
    with pytest.raises(ValueError, match="same number of qubits"):
        helstrom(ket("0"), ket("11"))
    with pytest.raises(TypeError, match="prior must be a number"):
        helstrom(ket("0"), ket("1"), prior="half")


@given(seeds, st.floats(0, 1), st.floats(0, np.pi))
def test_only_a_pure_detector_learns_all_that_it_takes_from_a_fringe(seed, disorder, angle):
    # In arm 1 the detector is turned by U: V = |tr U rho|, and D is how well rho and U rho U* are told apart.
    rng = np.random.default_rng(seed)
    start = (1 - disorder) * density(random_state(1, rng=rng)) + disorder * np.eye(2) / 2
    axes = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))[0]
    turn = axes @ np.diag(np.exp([-0.5j * angle, 0.5j * angle])) @ axes.conj().T
    visibility = abs(np.trace(turn @ start))
    known = 2 * helstrom(start, turn @ start @ turn.conj().T) - 1
    assert visibility**2 + known**2 <= 1 + 1e-9  # Englert 1996
    if disorder == 0:
        assert visibility**2 + known**2 == pytest.approx(1, abs=1e-9)


def test_a_detector_in_full_disorder_takes_the_fringe_and_knows_nothing():
    flip = np.array([[0, -1], [1, 0]])  # RY(pi)
    assert abs(np.trace(flip @ np.eye(2) / 2)) == 0
    assert helstrom(np.eye(2) / 2, flip @ (np.eye(2) / 2) @ flip.T) == pytest.approx(1 / 2)


def test_a_measurement_with_its_faults_is_still_under_the_bound():
    # The four of the chapter, as matrices E of the answer "a": (<a|E|a> + 1 - <b|E|b>) / 2.
    a, b = ket("0"), ket("+")
    ways = [density(a), np.diag([0.9, 0.1]), np.eye(2) / 2, (density(a) + density(b)) / 2]
    right = [(1 + (a @ E @ a - b @ E @ b).real) / 2 for E in ways]
    np.testing.assert_allclose(right, [0.75, 0.7, 0.5, 0.5], atol=1e-12)
    assert max(right) < helstrom(a, b)


@given(seeds, st.integers(1, 3))
def test_trace_distance_is_pennylanes(seed, n):
    a, b = mixed(n, seed), mixed(n, seed + 1)
    np.testing.assert_allclose(trace_distance(a, b), qml.math.trace_distance(a, b), atol=1e-10)


@given(seeds)
def test_trace_distance_is_the_gain_of_helstroms_measurement(seed):
    for a, b in ((mixed(2, seed), mixed(2, seed + 1)), random_state(2, size=2, rng=seed)):
        np.testing.assert_allclose((1 + trace_distance(a, b)) / 2, helstrom(a, b), atol=1e-10)


@given(seeds)
def test_fidelity_bounds_the_trace_distance_and_gives_it_for_pure_states(seed):
    a, b = random_state(2, size=2, rng=seed)
    np.testing.assert_allclose(trace_distance(a, b), np.sqrt(1 - fidelity(a, b)), atol=1e-7)
    rho, sigma = mixed(2, seed), mixed(2, seed + 1)
    f, distance = fidelity(rho, sigma), trace_distance(rho, sigma)
    assert 1 - np.sqrt(f) <= distance + 1e-9 <= np.sqrt(1 - f) + 2e-9


@given(seeds)
def test_no_channel_makes_the_trace_distance_larger(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(4, 4, seed=seed)).data))
    a, b = mixed(2, seed), mixed(2, seed + 7)
    assert trace_distance(channel.apply(a), channel.apply(b)) <= trace_distance(a, b) + 1e-9


@given(st.floats(0, 1))
def test_depolarising_shrinks_the_trace_distance_by_its_own_share(p):
    channel = depolarising(p)
    got = trace_distance(channel.apply(ket("0")), channel.apply(ket("+")))
    np.testing.assert_allclose(got, (1 - p) / np.sqrt(2), atol=1e-12)


def test_trace_distances_at_the_extremes_and_of_batches():
    assert trace_distance(ket("0"), ket("1")) == 1
    assert trace_distance(ket("i"), ket("i")) == 0
    assert trace_distance(random_state(1, size=(3, 1), rng=1), np.eye(2) / 2).shape == (3, 1)


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ([1, 1], [1, 0], "normalised"),
        (ket("0"), ket("00"), "same number of qubits"),
        ([ket("0")] * 2, [ket("0")] * 3, "batches that broadcast"),
    ],
)
def test_trace_distance_refuses_what_cannot_be_compared(a, b, says):
    with pytest.raises(ValueError, match=says):
        trace_distance(a, b)
