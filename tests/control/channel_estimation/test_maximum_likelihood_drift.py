"""Drift by maximum likelihood: another library's fit and likelihood, the Kalman filter's own, gaps, and refusals."""

import numpy as np
import pytest
from statsmodels.tsa.statespace.sarimax import SARIMAX

from qlearn.control.channel_estimation import KalmanFilter, fit_gauss_markov, gauss_markov


def _record(n, seed, a=0.9, q=0.19, r=0.5):
    rng = np.random.default_rng(seed)
    return 3.0 + gauss_markov(n, a, q, rng=rng) + rng.normal(scale=np.sqrt(r), size=n)


@pytest.mark.parametrize("gaps", [False, True])
def test_its_likelihood_is_that_of_the_kalman_filter_and_has_no_slope(gaps):
    z = _record(300, 1)
    if gaps:
        z[[10, 11, 200]] = np.nan
    fit = fit_gauss_markov(z)
    assert fit.missing.tolist() == ([10, 11, 200] if gaps else [])
    assert fit.mean == pytest.approx(np.nanmean(z))
    nats = fit.kalman_filter().run(z - fit.mean).log_likelihood
    assert fit.log_likelihood == pytest.approx(nats, abs=1e-8)
    for da, dq, dr in ((0.02, 0, 0), (-0.02, 0, 0), (0, 0.02, 0), (0, -0.02, 0), (0, 0, 0.02), (0, 0, -0.02)):
        a, q, r = fit.a + da, fit.process_noise + dq, fit.measurement_noise + dr
        assert KalmanFilter(a, q, r, 0.0, q / (1 - a**2)).run(z - fit.mean).log_likelihood <= nats + 1e-6


def test_statsmodels_finds_the_same():
    z = _record(400, 2)
    fit = fit_gauss_markov(z)
    peer = SARIMAX(z - z.mean(), order=(1, 0, 0), measurement_error=True)
    theirs = peer.fit(disp=False)
    due = dict(zip(peer.param_names, theirs.params, strict=True))
    assert fit.a == pytest.approx(due["ar.L1"], abs=2e-3)
    assert fit.process_noise == pytest.approx(due["sigma2"], abs=5e-3)
    assert fit.measurement_noise == pytest.approx(due["var.measurement_error"], abs=5e-3)
    ours = peer.loglike([fit.a, fit.measurement_noise, fit.process_noise])
    assert fit.log_likelihood == pytest.approx(ours, abs=1e-6)
    assert fit.log_likelihood >= theirs.llf - 1e-4


def test_a_drift_that_alternates_is_not_looked_for():
    rng = np.random.default_rng(4)
    z = gauss_markov(600, -0.8, 0.36, rng=rng)
    fit = fit_gauss_markov(z)
    white = -len(z) / 2 * (np.log(2 * np.pi * z.var()) + 1)
    assert 0 < fit.a < 0.01
    assert fit.log_likelihood == pytest.approx(white, abs=0.1)


def test_its_unit_is_that_of_the_record():
    z = _record(200, 3)
    fit, small = fit_gauss_markov(z), fit_gauss_markov(z / 1000)
    assert small.a == pytest.approx(fit.a)
    assert small.process_noise == pytest.approx(fit.process_noise / 1e6)
    assert small.log_likelihood == pytest.approx(fit.log_likelihood + 200 * np.log(1000))


@pytest.mark.parametrize(
    ("z", "says"),
    [
        (np.ones((3, 3)), "one axis"),
        (np.r_[np.ones(30), np.inf], "finite"),
        (np.arange(10.0), "at least 20"),
        (np.ones(30), "must not all be equal"),
    ],
)
def test_refuses(z, says):
    with pytest.raises(ValueError, match=says):
        fit_gauss_markov(z)
