"""Fourier series: exact coefficients, nothing hidden beyond the degree, and the spectrum of theory."""

from math import comb

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.encodings import accessible_frequencies, fourier_coefficients, fourier_series
from qlearn.qubits import Circuit


@given(st.integers(0, 4), st.integers(1, 2), st.integers(0, 2**32 - 1))
def test_coefficients_and_series_undo_each_other(degree, d, seed):
    rng = np.random.default_rng(seed)
    shape = (2 * degree + 1,) * d
    c = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    np.testing.assert_allclose(fourier_coefficients(lambda x: fourier_series(c, x), degree, d), c, atol=1e-12)


def test_pennylane_finds_the_same_coefficients():
    def f(x):
        return np.cos(x[..., 0]) * np.sin(2 * x[..., 1] + 0.3) + 0.2

    theirs = np.fft.fftshift(qml.fourier.coefficients(f, 2, 2))
    np.testing.assert_allclose(fourier_coefficients(f, 2, 2), theirs, atol=1e-12)


@pytest.mark.parametrize("missed", [(0, 3), (3, -3), (6, 3)])
def test_no_frequency_hides_between_the_points(missed):
    # degree 1 samples 3 points an axis: frequencies 3 apart look alike there
    with pytest.raises(ValueError, match="frequencies beyond degree=1"):
        fourier_coefficients(lambda x: np.cos(x @ np.array(missed)), 1, 2)


def test_a_noisy_function_may_ask_for_no_check():
    noisy = np.random.default_rng(0).normal(0, 0.1, 5)
    c = fourier_coefficients(lambda x: noisy, 2, tolerance=np.inf)
    np.testing.assert_allclose(fourier_series(c, 2 * np.pi * np.arange(5)[:, None] / 5), noisy, atol=1e-12)


@given(st.lists(st.sampled_from([0.5, 1, 2, 3, np.pi]), min_size=1, max_size=5))
def test_the_spectrum_is_all_differences(scales):
    sums = np.zeros(1)
    for scale in scales:
        sums = np.concatenate([sums - scale / 2, sums + scale / 2])
    differences = np.round((sums[:, None] - sums).ravel(), 6) + 0.0
    values, counts = np.unique(differences[differences >= 0], return_counts=True)
    spectrum = accessible_frequencies(scales)
    np.testing.assert_allclose(spectrum.frequencies, values, atol=1e-5)
    np.testing.assert_array_equal(spectrum.paths, counts)


def test_paths_are_counted_exactly_up_to_the_last_bit():
    assert accessible_frequencies([1] * 31).paths[0] == comb(62, 31)


@pytest.mark.parametrize("layers", range(1, 8))
def test_closed_forms_of_the_spectrum(layers):
    equal = accessible_frequencies([1] * layers)
    assert equal.frequencies.tolist() == list(range(layers + 1))
    assert equal.paths.tolist() == [comb(2 * layers, layers + w) for w in range(layers + 1)]
    ternary = accessible_frequencies([3**i for i in range(layers)])
    assert ternary.frequencies.tolist() == list(range((3**layers - 1) // 2 + 1))


def test_pennylane_finds_the_same_spectrum():
    @qml.qnode(qml.device("default.qubit", wires=2))
    def circuit(x):
        qml.RX(x, 0)
        qml.RY(3 * x, 1)
        qml.CNOT([0, 1])
        qml.RZ(x, 0)
        return qml.expval(qml.PauliZ(1))

    theirs = qml.fourier.qnode_spectrum(circuit)(qml.numpy.array(0.3))["x"][()]
    ours = accessible_frequencies([1, 3, 1]).frequencies
    np.testing.assert_allclose(ours, [w for w in theirs if w >= 0])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: accessible_frequencies([]), ValueError, "at least one"),
        (lambda: accessible_frequencies(Circuit(1)), TypeError, "each turn by x, such as .* not Circuit"),
        (
            lambda: accessible_frequencies(1.0),
            TypeError,
            "scales must be a sequence of factors, .* not float",
        ),
        (lambda: accessible_frequencies([1] * 32), ValueError, "at most 31, not 32"),
        (lambda: accessible_frequencies([np.inf]), ValueError, "scales must be a finite"),
        (lambda: accessible_frequencies(["a"]), TypeError, "scales must be a number"),
        (lambda: fourier_coefficients(np.cos, -1), ValueError, "degree must be at least 0"),
        (lambda: fourier_coefficients(np.cos, 2), ValueError, r"shape \(5,\), not shape \(5, 1\)"),
        (lambda: fourier_coefficients(np.cos, 2, tolerance=-1), ValueError, "tolerance must be"),
        (lambda: fourier_coefficients(lambda x: x[:, 0], 2), ValueError, "period is not 2 pi"),
        (lambda: fourier_series([1, 2], [[0.0]]), ValueError, "odd length"),
        (lambda: fourier_series([1], [[0.0, 1.0]]), ValueError, "each of the 2 features"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e11])
def test_whether_a_frequency_hides_does_not_depend_on_the_size_of_f(size):
    c = fourier_coefficients(lambda x: size * np.cos(2 * x[:, 0]), 2)
    np.testing.assert_allclose(c / size, [0.5, 0, 0, 0, 0.5], atol=1e-12)
    with pytest.raises(ValueError, match="frequencies beyond degree=2"):
        fourier_coefficients(lambda x: size * np.cos(5 * x[:, 0]), 2)


def test_a_mean_value_that_is_zero_up_to_rounding_passes():
    noise = np.random.default_rng(0)
    c = fourier_coefficients(lambda x: 1e-16 * noise.normal(size=len(x)), 3)
    assert np.abs(c).max() < 1e-15
    assert (fourier_coefficients(lambda x: np.zeros(len(x)), 3) == 0).all()
