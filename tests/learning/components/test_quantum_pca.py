"""Phase estimation on a state: equal to the circuit gate by gate, with copies and without.

Quantum principal component analysis against numpy's eigh and scikit-learn's PCA.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit.library import phase_estimation
from qiskit.quantum_info import DensityMatrix
from scipy.linalg import expm
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from qlearn.learning.components import density_of_rows, estimate_spectrum, qpca, swap_circuit
from qlearn.qubits import partial_trace, random_state


def mixed(n, seed):
    """A random full-rank state of n qubits."""
    return partial_trace(random_state(2 * n, rng=seed), range(n))


def fourier(size):
    """What shows a phase that grows by -2 pi z / size at each step as z."""
    k = np.arange(size)
    return np.exp(2j * np.pi * np.outer(k, k) / size) / np.sqrt(size)


def controlled(gate, wire, m):
    """The gate on the data, where wire k of the register, of significance 2**k, is 1."""
    on = np.diag((np.arange(1 << m) >> wire & 1).astype(float))
    return np.kron(np.eye(1 << m) - on, np.eye(len(gate))) + np.kron(on, gate)


def by_hand(rho, m, each):
    """The joint state of register and data, copy by copy with the partial-swap circuit."""
    d, size = len(rho), 1 << m
    n, tick = d.bit_length() - 1, 2 * np.pi * (1 - 2.0**-m)
    joint = np.kron(np.full((size, size), 1 / size), rho)
    for k in range(m):
        if each is None:
            gate = controlled(expm(-1j * tick * 2**k * rho), k, m)
            joint = gate @ joint @ gate.conj().T
            continue
        gate = controlled(swap_circuit(n, tick / each).matrix(), k, m)
        for _ in range(each << k):
            joint = partial_trace(gate @ np.kron(joint, rho) @ gate.conj().T, range(m + n))
    last = np.kron(fourier(size), np.eye(d))
    joint = (last @ joint @ last.conj().T).reshape(size, d, size, d)
    return np.einsum("yiyj->yij", joint)


@pytest.mark.parametrize(("n", "m", "each"), [(1, 3, None), (2, 2, None), (1, 2, 1), (1, 3, 7), (2, 2, 5)])
def test_equals_the_circuit_copy_by_copy(n, m, each):
    rho = mixed(n, 10 * n + m)
    readout = estimate_spectrum(rho, m, copies=None if each is None else each * (2**m - 1))
    expected = by_hand(rho, m, each)
    np.testing.assert_allclose(readout.states(), expected, atol=1e-10)
    np.testing.assert_allclose(readout.probabilities, np.einsum("yii->y", expected).real, atol=1e-10)


def test_equals_qiskits_phase_estimation():
    m, rho = 3, mixed(1, 4)
    step = QuantumCircuit(1)
    step.unitary(expm(2j * np.pi * (1 - 2.0**-m) * rho), [0])
    estimate = phase_estimation(m, step)
    start = DensityMatrix(np.kron(rho, np.diag(np.eye(2**m)[0])))
    theirs = start.evolve(estimate).probabilities(range(m))
    # its register has the most significant bit on its first qubit: reverse the bits
    order = [int(f"{z:0{m}b}"[::-1], 2) for z in range(2**m)]
    np.testing.assert_allclose(estimate_spectrum(rho, m).probabilities, theirs[order], atol=1e-10)


@given(st.integers(1, 3), st.integers(1, 6), st.integers(0, 50), st.sampled_from([None, 1, 20]))
def test_nobody_who_ignores_the_reading_has_lost_anything(n, m, seed, each):
    rho = mixed(n, seed)
    readout = estimate_spectrum(rho, m, copies=None if each is None else each * (2**m - 1))
    np.testing.assert_allclose(readout.states().sum(axis=0), rho, atol=1e-10)
    assert readout.probabilities.sum() == pytest.approx(1, abs=1e-10)
    assert (readout.probabilities >= 0).all()


def test_eigenvalues_that_fit_the_grid_are_read_exactly():
    readout = estimate_spectrum(np.diag([12 / 15, 2 / 15, 1 / 15, 0]), 4)
    expected = np.zeros(16)
    expected[[12, 2, 1]] = 12 / 15, 2 / 15, 1 / 15
    np.testing.assert_allclose(readout.probabilities, expected, atol=1e-12)
    assert estimate_spectrum([1, 0], 3).probabilities[-1] == pytest.approx(1, abs=1e-12)  # 1 is not read as 0


def test_more_copies_sharpen_the_reading():
    rho = np.diag([12 / 15, 3 / 15])
    seen = [estimate_spectrum(rho, 4, copies=n).probabilities[12] for n in (150, 1500, 15_000, 150_000)]
    assert (np.diff(seen) > 0).all()
    assert seen[-1] == pytest.approx(12 / 15, abs=0.05)
    assert estimate_spectrum(rho, 4, copies=159).copies == 150


@pytest.mark.parametrize(
    ("rho", "bits", "copies", "says"),
    [
        (np.diag([0.5, 0.5]), 0, None, "bits must be at least 1"),
        (np.diag([0.5, 0.5]), 13, None, "bits must be at most 12"),
        (np.diag([0.5, 0.5]), 4, 14, "copies must be at least 2\\*\\*bits - 1 = 15"),
        (np.diag([0.5, 0.5]), 12, 10**6, "bits must be smaller than 12"),
        (np.diag([0.7, 0.5]), 4, None, "trace is 1.2"),
    ],
)
def test_refuses(rho, bits, copies, says):
    with pytest.raises(ValueError, match=says):
        estimate_spectrum(rho, bits, copies=copies)


@given(st.integers(1, 3), st.integers(0, 99), st.sampled_from([3, 6, 8]))
def test_equals_eigh(n, seed, bits):
    rho = partial_trace(random_state(2 * n, rng=seed), range(n))
    found = qpca(rho, 2**n, bits=bits)
    np.testing.assert_allclose(found.values, np.linalg.eigvalsh(rho)[::-1], atol=1e-10)
    np.testing.assert_allclose((found.states.T * found.values) @ found.states.conj(), rho, atol=1e-9)
    np.testing.assert_allclose(found.states.conj() @ found.states.T, np.eye(2**n), atol=1e-9)


def test_reads_each_eigenvalue_to_half_a_unit_of_the_register():
    rho = np.diag([0.61, 0.27, 0.08, 0.04])
    for bits in (6, 8, 10):
        found = qpca(rho, 4, bits=bits)
        assert np.abs(found.readings - found.values).max() <= 0.5 / (2**bits - 1)


def test_equals_pca_of_scikit_learn_on_digits():
    X = load_digits().data
    pca = PCA(3).fit(X)
    found = qpca(density_of_rows(X), 3, bits=8)
    np.testing.assert_allclose(found.values, pca.explained_variance_ratio_, atol=1e-8)
    np.testing.assert_allclose(np.abs(found.states @ pca.components_.T), np.eye(3), atol=1e-5)


def test_equal_eigenvalues_give_their_plane():
    rho = np.diag([0.4, 0.4, 0.2, 0.0])
    found = qpca(rho, 2)
    np.testing.assert_allclose(found.values, [0.4, 0.4], atol=1e-12)
    np.testing.assert_allclose(np.abs(found.states[:, 2:]), 0, atol=1e-9)
    assert abs(np.vdot(*found.states)) < 1e-9


def test_one_component_is_the_largest_even_between_two_readings():
    rho = np.diag([3.5, 3, 0.5, 0]) / 7  # 3.5 is shared by the readings 3 and 4 of 7; 3 has one to itself
    found = qpca(rho, 1, bits=3)
    assert found.values[0] == pytest.approx(0.5, abs=1e-12)
    assert abs(found.states[0, 0]) == pytest.approx(1, abs=1e-9)


@given(st.integers(0, 99), st.integers(1, 5), st.sampled_from([None, 500]))
def test_fewer_components_are_the_first_of_all(seed, bits, copies):
    rho = partial_trace(random_state(4, rng=seed), range(2))
    for k in (1, 2, 3):
        values = qpca(rho, k, bits=bits, copies=copies).values
        np.testing.assert_allclose(values, np.linalg.eigvalsh(rho)[: -k - 1 : -1], atol=1e-9)


def test_too_few_copies_are_noticed_by_the_readings():
    rho = np.diag([0.75, 0.25])
    few, many = (qpca(rho, 2, bits=6, copies=copies) for copies in (100, 10**7))
    assert np.abs(many.readings - many.values).max() <= 1 / 63
    assert np.abs(few.readings - few.values).max() > 0.1


@pytest.mark.parametrize(
    ("rho", "k", "says"),
    [
        (np.diag([0.7, 0.3]), 0, "n_components must be at least 1"),
        (np.diag([0.7, 0.3]), 3, "n_components must be at most 2, the levels"),
        ([1, 0, 0, 0], 2, "at most 1, the rank of rho"),
        (np.diag([0.7, 0.7]), 1, "trace is 1.4"),
    ],
)
def test_refuses_principal(rho, k, says):
    with pytest.raises(ValueError, match=says):
        qpca(rho, k)


def test_a_reading_says_in_a_line_how_much_it_holds():
    assert (
        repr(estimate_spectrum(np.diag([2 / 3, 1 / 3]), bits=4))
        == "SpectrumReading(16 readings, 2 levels, copies=None)"
    )
