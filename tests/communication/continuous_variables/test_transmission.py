"""The exchange: means, variances and independence, as the equation of the line says; Eve adds two units."""

import numpy as np
import pytest
from scipy import stats

from qlearn.communication.continuous_variables import exchange

LINE = {
    "length_km": 10.0,
    "modulation_variance": 4.0,
    "excess_noise": 0.3,
    "efficiency": 0.7,
    "electronic_noise": 0.1,
}
T = 10**-0.2


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
@pytest.mark.parametrize("intercepted", [0.0, 1.0])
def test_obeys_the_equation_of_the_line(detection, intercepted):
    # 300,000 symbols: a variance has a relative sigma of sqrt(2 / n), a slope sigma / sqrt(n V_A); 6 sigma: 2e-9
    n = 300_000
    sent = exchange(n, detection=detection, intercepted=intercepted, rng=1, **LINE)
    x, y = sent.pairs
    splits = 1 if detection == "homodyne" else 2
    assert x.shape == y.shape == (n * splits,)
    slope = np.sqrt(0.7 * T / splits)
    noise = 1 + 0.1 + slope**2 * (0.3 + 2 * intercepted)
    residual = y - slope * x
    assert abs(np.mean(residual * x) / 4) < 6 * np.sqrt(noise / (4 * x.size))
    assert abs(residual.var() / noise - 1) < 6 * np.sqrt(2 / x.size)
    assert abs(residual.mean()) < 6 * np.sqrt(noise / x.size)
    assert abs(x.var() / 4 - 1) < 6 * np.sqrt(2 / x.size)


def test_noise_is_gaussian_without_eve_and_a_mixture_with_half_of_one():
    # Kolmogorov and Smirnov with known parameters; threshold 1e-7
    sent = exchange(50_000, rng=2, **LINE)
    x, y = sent.pairs
    noise = np.sqrt(1.1 + 0.7 * T * 0.3)
    assert stats.kstest((y - np.sqrt(0.7 * T) * x) / noise, "norm").pvalue > 1e-7
    sent = exchange(200_000, intercepted=0.5, rng=3, **{**LINE, "excess_noise": 0.0, "electronic_noise": 0.0})
    x, y = sent.pairs
    residual = y - np.sqrt(0.7 * T) * x
    quiet, loud = 1.0, 1 + 2 * 0.7 * T
    # the fourth moment of half and half; sigma of it below sqrt(96 loud^4 / n) = 0.078 (96: Var z^4); 6 sigma
    expected = 3 * (quiet**2 + loud**2) / 2
    assert abs(np.mean(residual**4) - expected) < 6 * np.sqrt(105 * loud**4 / residual.size)
    assert np.mean(residual**4) > 3 * np.mean(residual**2) ** 2  # heavier than any one Gaussian


def test_quadratures_are_chosen_by_a_fair_coin_and_independent():
    n = 100_000
    sent = exchange(n, rng=4, **LINE)
    assert abs(sent.quadratures.mean() - 0.5) < 5 * 0.5 / np.sqrt(n)  # 5 sigma: 6e-7
    # the quadrature that Bob did not measure tells nothing of what he read
    other = np.where(sent.quadratures == 0, sent.alice[:, 1], sent.alice[:, 0])
    assert abs(np.corrcoef(other, sent.bob[:, 0])[0, 1]) < 6 / np.sqrt(n)


def test_heterodyne_reads_both_and_mixes_nothing():
    n = 200_000
    sent = exchange(n, detection="heterodyne", rng=5, **LINE)
    assert sent.bob.shape == (n, 2)
    together = np.corrcoef(np.hstack([sent.alice, sent.bob]).T)
    assert (np.abs(together[[0, 0, 1, 2], [1, 3, 2, 3]]) < 6 / np.sqrt(n)).all()


def test_a_seed_is_a_record_and_shapes_hold():
    first, again = (exchange(100, rng=6, **LINE) for _ in range(2))
    assert (first.bob == again.bob).all()
    assert len(first) == 100
    assert first.bob.shape == (100, 1)
    some = first.keep(first.quadratures == 0)
    assert (some.pairs[0] == some.alice[:, 0]).all()
    assert len(exchange(1, rng=7, **LINE)) == 1


def test_a_dark_line_carries_only_noise():
    sent = exchange(100_000, rng=8, **{**LINE, "length_km": 5000.0})
    x, y = sent.pairs
    assert abs(np.corrcoef(x, y)[0, 1]) < 6 / np.sqrt(100_000)
    assert abs(y.var() / 1.1 - 1) < 6 * np.sqrt(2 / 100_000)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"n_symbols": 0}, ValueError, "n_symbols must be at least 1"),
        ({"n_symbols": 1e6}, TypeError, "n_symbols must be a whole number"),
        ({"intercepted": 1.5}, ValueError, "intercepted must be a probability"),
        ({"length_km": -3}, ValueError, "length_km must be"),
        ({"detection": "both"}, ValueError, "detection must be"),
        ({"efficiency": 0}, ValueError, "blind"),
        ({"modulation_variance": np.nan}, ValueError, "modulation_variance must be finite"),
    ],
)
def test_refuses(change, error, says):
    with pytest.raises(error, match=says):
        exchange(**{"n_symbols": 10, **LINE, **change})


def test_the_repr_is_short():
    sent = exchange(
        3_000, length_km=10, modulation_variance=4, excess_noise=0.01, detection="heterodyne", rng=9
    )
    assert repr(sent) == "Symbols(3000 symbols, heterodyne)"
