"""The best modulation: SciPy finds no better one, and it follows beta and length as theory says."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from qlearn.communication.continuous_variables import (
    best_modulation,
    holevo_bound,
    key_rate,
    mutual_information,
)

LINE = {"excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
@pytest.mark.parametrize("trusted", [True, False])
def test_scipy_finds_no_better_one(detection, trusted):
    lengths = np.array([1.0, 10.0, 20.0])
    best = best_modulation(lengths, beta=0.95, detection=detection, trusted=trusted, **LINE)
    for length, variance, rate in zip(lengths, *best, strict=True):

        def loss(log_variance, through=10 ** (-0.02 * length)):  # below zero too, where the rate is flat
            line = {"modulation_variance": np.exp(log_variance), "detection": detection, **LINE}
            known = mutual_information(through, **line)
            return float(holevo_bound(through, trusted=trusted, **line) - 0.95 * known)

        found = minimize_scalar(loss, bounds=(-5, 8), method="bounded", options={"xatol": 1e-9})
        assert rate == pytest.approx(max(0, -found.fun), abs=1e-11)
        assert np.isnan(variance) if rate == 0 else variance == pytest.approx(np.exp(found.x), rel=1e-3)


def test_falls_with_distance_and_rises_with_beta():
    best = best_modulation([[10], [50], [150]], beta=[0.9, 0.95, 0.99], **LINE)
    assert best.rate.shape == (3, 3)
    assert (np.diff(best.modulation_variance, axis=0) < 0).all()
    assert (np.diff(best.modulation_variance, axis=1) > 0).all()
    assert (np.diff(best.rate, axis=1) > 0).all()


def test_perfect_correction_wants_all_the_light():
    assert best_modulation(25, beta=1.0, **LINE).modulation_variance > 9_000


def test_no_key_has_no_best_modulation():
    best = best_modulation([0, 25], beta=0.95, **{**LINE, "excess_noise": 2.0})
    assert np.isnan(best.modulation_variance).all()
    assert not best.rate.any()


def test_finds_a_narrow_window():
    # just below the noise where the key ends, only modulations within a fraction of a decade give any
    line = {**LINE, "beta": 0.95}
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        line["excess_noise"] = middle
        low, high = (middle, high) if best_modulation(50, **line).rate > 0 else (low, middle)
    line["excess_noise"] = low - 1e-6
    best = best_modulation(50, **line)
    assert best.rate > 0
    assert not key_rate(50, modulation_variance=best.modulation_variance * [0.5, 2], **line).any()


@pytest.mark.parametrize("change", [{"beta": 2}, {"excess_noise": -1}, {"efficiency": 0}])
def test_refuses(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        best_modulation(**{"length_km": 25, "beta": 0.95, **LINE, **change})
