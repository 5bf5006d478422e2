"""Concentration: closed forms where there are some, and a slope with its error."""

import numpy as np
import pytest

from qlearn.learning.qsvm import FidelityKernel, ProjectedKernel, measure_concentration


def test_closed_form_of_the_map_without_couplings():
    """Mean 2^-q and second moment (3/8)^q; n(n-1)/2 uncorrelated pairs, as the mean over y is the same for every x."""
    found = measure_concentration(FidelityKernel("z", reps=1), range(1, 8), samples=300, rng=3)
    q, pairs = found.n_qubits, 300 * 299 / 2
    second = (3 / 8) ** q
    std = np.sqrt(second - 4.0**-q)
    assert (np.abs(found.mean - 2.0**-q) < 6 * std / np.sqrt(pairs)).all()
    # the fourth moment of a cosine, (35/128)^q, gives the error of the second
    error = np.sqrt(((35 / 128) ** q - second**2) / pairs)
    assert (np.abs(found.std**2 + found.mean**2 - second) < 6 * error).all()
    assert found.slope == pytest.approx(np.polyfit(q, np.log2(std), 1)[0], abs=0.05)


def test_the_zz_map_loses_half_its_signal_with_every_qubit():
    found = measure_concentration(FidelityKernel(), range(3, 9), rng=0)
    assert abs(found.slope + 1) < 0.15
    assert 0 < found.slope_error < 0.15
    # Haar: mean 2^-q, standard deviation nearly the same, so shots grow as 2^q
    np.testing.assert_allclose(np.log2(found.shots), found.n_qubits, atol=1)


def test_all_rows_of_the_zz_map_share_a_piece_of_the_zeros():
    """Each amplitude by the sum over all signs, without a circuit; then 1/v, and the mean overlap that comes of it."""
    rows = np.random.default_rng(2).uniform(0, 2 * np.pi, (40, 12))
    signs = 1 - 2 * (np.arange(2**12)[:, None] >> np.arange(12) & 1)
    S = signs @ (np.pi - rows).T
    zeros = np.abs(np.exp(1j * (S - S**2 / 2)).mean(axis=0)) ** 2
    kernel = FidelityKernel()
    np.testing.assert_allclose(np.abs(kernel.states(rows)[:, 0]) ** 2, zeros, atol=1e-12)
    v = ((np.pi - rows) ** 2).sum(axis=1)
    assert 0.8 < (zeros * v).mean() < 1.05
    mean = kernel.gram(rows)[np.triu_indices(40, 1)].mean()
    assert 0.7 < mean / (2.0**-12 + (1 / v).mean() ** 2) < 1.1 < 2 < mean * 2**12


def test_one_wire_at_a_time_keeps_its_signal_where_whole_states_lose_it():
    whole, single = (
        measure_concentration(kernel, range(2, 10), samples=150, rng=0)
        for kernel in (FidelityKernel(), ProjectedKernel())
    )
    assert abs(single.slope) < 0.1
    assert single.std[-1] > 30 * whole.std[-1]


def test_is_seeded():
    one, two = (measure_concentration(FidelityKernel(), (2, 3, 4), samples=20, rng=5) for _ in "ab")
    np.testing.assert_array_equal(one.std, two.std)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"n_qubits": [2, 2, 3]}, ValueError, "at least three different"),
        ({"n_qubits": [0, 1, 2]}, ValueError, "n_qubits must be at least 1"),
        ({"samples": 2}, ValueError, "samples must be at least 3"),
        ({"n_qubits": [2, 3, 40]}, ValueError, "40 qubits"),
    ],
)
def test_refuses_before_a_matrix_is_made(options, error, says, monkeypatch):
    monkeypatch.setattr(FidelityKernel, "gram", None)
    with pytest.raises(error, match=says):
        measure_concentration(FidelityKernel(), **options)


def test_refuses_a_kernel_to_which_all_pairs_are_alike():
    with pytest.raises(ValueError, match=r"all pairs of 2 features equally alike, 1: .*wider bandwidth"):
        measure_concentration(ProjectedKernel(gamma=1e-30), (2, 3, 4), samples=5, rng=0)
