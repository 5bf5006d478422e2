"""State transfer: closed forms, the exponential of the matrix, and the whole chain of qubits.

The search: against a finer grid. Disorder: against published numbers, by Monte Carlo.
"""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.linalg import expm

from qlearn.communication.quantum_network import (
    best_arrival,
    disordered,
    first_peak,
    hopping_hamiltonian,
    perfect_couplings,
    transfer_amplitude,
    transfer_fidelity,
    transferred,
)
from qlearn.qubits import fidelity, ket, partial_trace, random_state

seeds = st.integers(0, 2**32 - 1)
RAISE = np.array([[0, 0], [1, 0]])


def random_hermitian(n, seed):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return matrix + matrix.conj().T


def on_qubits(matrix):
    """Return the Hamiltonian of N qubits that hops as the matrix says: 2^N by 2^N."""
    n = len(matrix)

    def at(site, gate):
        whole = np.eye(1)
        for j in range(n):
            whole = np.kron(whole, gate if j == site else np.eye(2))
        return whole

    return sum(
        matrix[i, j] * at(i, RAISE) @ at(j, RAISE.T) for i in range(n) for j in range(n) if matrix[i, j]
    )


def uniform(n):
    return hopping_hamiltonian(np.ones(n - 1))


@settings(max_examples=30)
@given(seeds, st.integers(2, 6), st.floats(0, 20))
def test_the_amplitude_is_an_entry_of_the_exponential(seed, n, t):
    matrix = random_hermitian(n, seed)
    whole = expm(-1j * matrix * t)
    for source, target in ((0, n - 1), (n - 1, 0), (1, 1)):
        assert transfer_amplitude(matrix, t, source, target) == pytest.approx(
            whole[target, source], abs=1e-10
        )


@pytest.mark.parametrize("n", range(2, 7))
def test_one_excitation_of_the_whole_chain_of_qubits(n):
    # a sector of 2^N dimensions, and the reduced state of the last qubit from a superposition at the first
    rng = np.random.default_rng(n)
    matrix = hopping_hamiltonian(rng.normal(size=n - 1) + 1j * rng.normal(size=n - 1))
    t = 1.3
    sent = random_state(1, rng=rng)
    start = np.kron(sent, np.eye(2 ** (n - 1))[0])
    end = expm(-1j * on_qubits(matrix) * t) @ start
    f = transfer_amplitude(matrix, t)
    np.testing.assert_allclose(partial_trace(end, n - 1), transferred(sent, f, corrected=False), atol=1e-12)


def test_qiskit_has_the_same_sector():
    from qiskit.quantum_info import SparsePauliOp

    couplings = perfect_couplings(5)
    terms = [(p + p, [n, n + 1], j / 2) for n, j in enumerate(couplings) for p in "XY"]
    whole = SparsePauliOp.from_sparse_list(terms, num_qubits=5).to_matrix()
    single = [1 << n for n in range(5)]  # Qiskit's qubit n is bit n of the index
    np.testing.assert_allclose(whole[np.ix_(single, single)], hopping_hamiltonian(couplings), atol=1e-12)
    others = np.setdiff1d(np.arange(32), single)
    assert not whole[np.ix_(others, single)].any()


@pytest.mark.parametrize("n", range(2, 11))
@pytest.mark.parametrize("rate", [1.0, 0.37])
def test_perfect_couplings_arrive_surely_and_with_a_known_phase(n, rate):
    chain = hopping_hamiltonian(perfect_couplings(n, rate=rate))
    t = np.pi / rate
    assert transfer_amplitude(chain, t) == pytest.approx((-1j) ** (n - 1), abs=1e-12)
    assert abs(transfer_amplitude(chain, t / 2)) ** 2 == pytest.approx(2.0 ** -(n - 1), abs=1e-12)
    times = np.linspace(0, 2 * t, 17)
    law = np.sin(rate * times / 2) ** (2 * (n - 1))
    np.testing.assert_allclose(np.abs(transfer_amplitude(chain, times)) ** 2, law, atol=1e-12)


def test_five_per_cent_too_early():
    chain = hopping_hamiltonian(perfect_couplings(5))
    assert abs(transfer_amplitude(chain, 0.95 * np.pi)) ** 2 == pytest.approx(0.97560311, abs=1e-8)


def test_perfect_couplings_are_a_turning_spin():
    # H = J_x of a spin 2: the matrix elements of the angular momentum, m = 2 to -2
    m = np.arange(2, -3, -1)
    lower = np.sqrt(2 * 3 - m[:-1] * (m[:-1] - 1)) / 2
    np.testing.assert_allclose(perfect_couplings(5), lower)


PEAKS = {  # first maximum and its time; best up to 50, and up to 1000, with its time
    4: (0.972750, 2.8099, 0.990885, 0.992357, 28.0993, 1 - 1e-6, None),
    5: (0.942388, 3.3821, 0.980654, 0.999696, 47.1413, 0.999998, None),
    6: (0.911588, 3.9422, 0.970188, 0.911588, 3.9422, 0.999491, 356.505),
    7: (0.882017, 4.4945, 0.960055, 0.882017, 4.4945, 0.990527, 644.31),
    10: (0.803840, 6.1211, 0.932831, 0.803840, 6.1211, 0.969324, 833.69),
}


@pytest.mark.parametrize("n", PEAKS)
def test_the_uniform_chain(n):
    p, t, mean, p_50, t_50, p_1000, t_1000 = PEAKS[n]
    first = first_peak(uniform(n), 50)
    assert first == pytest.approx((t, p), abs=1e-4)
    assert first.probability == pytest.approx(p, abs=1e-6)
    # the table rounds to six digits; 1-1e-6 and .999998 are such
    assert transfer_fidelity(np.sqrt(first.probability)) == pytest.approx(mean, abs=1e-6)
    best = best_arrival(uniform(n), 50)
    assert best.probability == pytest.approx(p_50, abs=1e-6)
    assert best.time == pytest.approx(t_50, abs=1e-4)
    longer = best_arrival(uniform(n), 1000)
    assert longer.probability == pytest.approx(p_1000, abs=1e-6)
    if t_1000:
        assert longer.time == pytest.approx(t_1000, abs=6e-3)


@pytest.mark.parametrize(("n", "t"), [(2, np.pi / 2), (3, np.pi / np.sqrt(2))])
def test_two_and_three_equal_sites_transfer_perfectly(n, t):
    assert first_peak(uniform(n), 10) == pytest.approx((t, 1.0), abs=1e-6)
    assert abs(transfer_amplitude(uniform(n), t)) == pytest.approx(1, abs=1e-12)


@settings(max_examples=15)
@given(seeds, st.integers(2, 5))
def test_the_search_misses_nothing_that_a_finer_grid_sees(seed, n):
    matrix = random_hermitian(n, seed)
    best = best_arrival(matrix, 7.0)
    fine = np.abs(transfer_amplitude(matrix, np.linspace(0, 7.0, 20_001))) ** 2
    assert best.probability >= fine.max() - 1e-12
    assert best.probability == pytest.approx(abs(transfer_amplitude(matrix, best.time)) ** 2, abs=1e-12)
    first = first_peak(matrix, 7.0) if ((fine[1:-1] > fine[:-2]) & (fine[1:-1] > fine[2:])).any() else None
    if first:
        around = np.abs(transfer_amplitude(matrix, first.time + np.array([-1e-3, 1e-3]))) ** 2
        assert (around < first.probability).all()


SIX = np.array([ket(name) for name in "01+-ij"])


@pytest.mark.parametrize("f", [0, 0.3, -0.7j, 0.9 * np.exp(2j), 1, -1])
def test_the_mean_over_all_states_by_six_of_them(f):
    # fidelity is of second degree in the state, and the six ends of the axes average such a thing exactly
    assert fidelity(SIX, transferred(SIX, f)).mean() == pytest.approx(transfer_fidelity(f), abs=1e-12)
    plain = fidelity(SIX, transferred(SIX, f, corrected=False)).mean()
    assert plain == pytest.approx(1 / 2 + np.real(f) / 3 + abs(f) ** 2 / 6, abs=1e-12)


def test_two_thirds_is_reached_at_root_two_minus_one():
    assert transfer_fidelity(np.sqrt(2) - 1) == pytest.approx(2 / 3, abs=1e-15)


@pytest.mark.parametrize(
    ("strength", "mean", "error"),
    [(0.01, 0.99899, 1e-5), (0.02, 0.99592, 4.2e-5), (0.05, 0.97525, 2.6e-4), (0.1, 0.90465, 9.8e-4)],
)
def test_disorder_costs_what_the_reference_says(strength, mean, error):
    # 4000 draws here and 4000 there: the difference has sigma = sqrt 2 of the stated error; 5 sigma, 6e-7 each.
    # The two smallest are printed to five digits.
    chain = hopping_hamiltonian(perfect_couplings(7))
    p = np.abs(transfer_amplitude(disordered(chain, strength, 4000, rng=1), np.pi)) ** 2
    assert abs(p.mean() - mean) < 5 * np.sqrt(2) * error + 5e-6


def test_disorder_keeps_what_it_should():
    chain = hopping_hamiltonian(perfect_couplings(4) * np.exp(1j * np.arange(3)))
    chain[1, 1] = 0.3
    draws = disordered(chain, 0.2, 50, rng=3)
    np.testing.assert_array_equal(draws, draws.mT.conj())
    np.testing.assert_array_equal(np.diagonal(draws, axis1=1, axis2=2), np.tile(np.diag(chain), (50, 1)))
    factor = draws[:, [1, 2, 3], [0, 1, 2]] / chain[[1, 2, 3], [0, 1, 2]]
    np.testing.assert_allclose(factor.imag, 0, atol=1e-12)
    assert factor.real.std() == pytest.approx(0.2, rel=0.35)  # n = 150, sigma 6 %: 6 sigma
    np.testing.assert_array_equal(disordered(chain, 0, 1)[0], chain)
    np.testing.assert_array_equal(draws, disordered(chain, 0.2, 50, rng=np.random.default_rng(3)))


def test_a_weak_arrival_is_searched_in_parts():
    # two sites far apart in energy: p = (2g / W)^2 sin^2(W t / 2), 4e-6 at most, and every point of the grid is near that
    energy, g = 1000.0, 1.0
    width = np.hypot(energy, 2 * g)
    best = best_arrival([[0, g], [g, energy]], 1)
    assert best.probability == pytest.approx((2 * g / width) ** 2, rel=1e-9)


def test_rounding_makes_no_negative_chance():
    assert transferred([0, 1], 1 + 1e-10)[0, 0].real >= -1e-15
    assert transfer_fidelity(1 + 1e-10) <= 1


def test_a_batch_of_chains_and_times():
    couplings = np.random.default_rng(1).normal(size=(2, 3, 4))
    times = np.linspace(0, 3, 10).reshape(2, 5)
    found = transfer_amplitude(hopping_hamiltonian(couplings), times)
    assert found.shape == (2, 3, 2, 5)
    assert found[1, 2, 0, 3] == pytest.approx(
        transfer_amplitude(hopping_hamiltonian(couplings[1, 2]), times[0, 3])
    )


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: perfect_couplings(1), ValueError, "n_sites must be at least 2"),
        (lambda: perfect_couplings(3, rate=0), ValueError, "rate must be above 0"),
        (lambda: hopping_hamiltonian([]), ValueError, "couplings must be N - 1 finite numbers"),
        (lambda: hopping_hamiltonian([np.nan]), ValueError, "couplings must be N - 1 finite numbers"),
        (lambda: hopping_hamiltonian(["a"]), TypeError, "couplings must be numbers"),
        (lambda: transfer_amplitude([[0, 1], [2, 0]], 1), ValueError, "must be Hermitian"),
        (lambda: transfer_amplitude([0, 1], 1), ValueError, "finite and square"),
        (lambda: transfer_amplitude([["a"]], 1), TypeError, "hamiltonian must be an array of numbers"),
        (lambda: transfer_amplitude(uniform(3), 1, 3), ValueError, "source must be one of the sites 0 to 2"),
        (lambda: transfer_amplitude(uniform(3), 1, 0, -4), ValueError, "target must be at least -3"),
        (lambda: transfer_amplitude(uniform(3), np.inf), ValueError, "t must be finite"),
        (lambda: transfer_fidelity(1.1), ValueError, "amplitude must be numbers of modulus at most 1"),
        (lambda: transfer_fidelity(np.nan), ValueError, "amplitude must be numbers of modulus at most 1"),
        (lambda: transfer_fidelity(None), TypeError, "amplitude must be a number or an array of numbers"),
        (lambda: transferred([1, 1], 1), ValueError, "states must be normalised"),
        (lambda: transferred(np.eye(2), [1, 1, 1]), ValueError, "amplitude must broadcast against the batch"),
        (lambda: transferred([1, 0], 1, corrected="no"), TypeError, "corrected must be True or False"),
        (lambda: first_peak(uniform(3), 0.1), ValueError, "look longer"),
        (lambda: best_arrival(uniform(3), 0), ValueError, "until must be above 0"),
        (lambda: best_arrival(uniform(3), 1e9), ValueError, "too long to search"),
        (lambda: best_arrival(uniform(3), 1, 2, -1), ValueError, "two sites, not 2 twice"),
        (lambda: best_arrival(uniform(3), 1e-3), ValueError, "look longer"),
        (lambda: best_arrival(np.eye(3), 1), ValueError, "whether the sites are connected"),
        (lambda: best_arrival([uniform(3)], 1), ValueError, "hamiltonian must be one matrix"),
        (lambda: disordered(uniform(3), -1), ValueError, "strength must be a finite number between 0"),
        (lambda: disordered([uniform(3)], 1), ValueError, "hamiltonian must be one matrix"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
