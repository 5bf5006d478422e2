"""Channel traces: the laws they are drawn from, and the autoregression, beside Yule-Walker and NumPy's least squares."""

import numpy as np
import pytest

from qlearn.control.adaptive_qkd import (
    TRACES,
    Autoregression,
    ClassicalGenerator,
    fit_autoregression,
    loss_traces,
    train_gan,
)
from qlearn.control.adaptive_qkd.channel_traces import TraceModel

# Each mean of n = 20,000 independent traces is held against its value at six standard errors: false alarm 2e-9.
N = 20_000
SIGMAS = 6


def moments(traces):
    """Standard deviation of the steps and correlations from lag 1 on, of the first step with the others."""
    deviations = traces - traces.mean(axis=0)
    covariances = (deviations[:, :1] * deviations).mean(axis=0)
    return np.sqrt(covariances[0]), covariances[1:] / covariances[0]


def autocorrelation(first, second, lags):
    """Yule and Walker's recursion: the oracle."""
    rho = [1.0, first / (1 - second)]
    while len(rho) <= lags:
        rho.append(first * rho[-1] + second * rho[-2])
    return np.array(rho[1 : lags + 1])


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [("lognormal", 0.9, 0.0), ("resonant", 1.8 * np.cos(np.pi / 4), -0.81)],
)
def test_spread_and_memory_are_those_of_the_recursion(kind, first, second):
    spread, memory = moments(loss_traces(kind, N, 8, rng=1))
    # a standard deviation has the error s / sqrt(2n), a correlation at most 1 / sqrt(n)
    assert abs(spread - 2) < SIGMAS * 2 / np.sqrt(2 * N)
    assert np.abs(memory - autocorrelation(first, second, 7)).max() < SIGMAS / np.sqrt(N)


def test_outages_last_as_long_as_the_two_states_say():
    # blocked in the long run: .05 / .30; the variance adds to that of the turbulence, and its memory is .7^t
    traces = loss_traces("outages", N, 4, rng=2)
    share = 0.05 / 0.30
    variance = 4 + 100 * share * (1 - share)
    assert np.abs(traces.mean(axis=0) - 10 * share).max() < SIGMAS * np.sqrt(variance / N)
    _, memory = moments(traces)
    lags = np.arange(1, 4)
    expected = (4 * 0.9**lags + 100 * share * (1 - share) * 0.7**lags) / variance
    # two humps: the products have a fourth moment of 2.5 times that of a normal law, at most
    assert np.abs(memory - expected).max() < SIGMAS * np.sqrt(2.5 / N)


@pytest.mark.parametrize("kind", TRACES)
def test_a_seed_gives_the_same_traces(kind):
    assert (loss_traces(kind, 3, 5, rng=7) == loss_traces(kind, 3, 5, rng=7)).all()
    assert loss_traces(kind, 2, 1, rng=7).shape == (2, 1)


@pytest.mark.parametrize("resample", [False, True])
def test_a_simulated_autoregression_is_the_recursion(resample):
    residuals = np.random.default_rng(3).exponential(size=4000) - 1
    model = Autoregression(0.5, [1.2, -0.5], residuals, resample=resample)
    traces = model.simulate(N, 6, rng=4)
    variance = residuals.var() * 1.5 / (0.5 * (1.5**2 - 1.2**2))
    spread, memory = moments(traces)
    assert abs(traces.mean() - 0.5 / 0.3) < SIGMAS * np.sqrt(variance / N)
    # the excess of the fourth moment of an exponential is 6, of its filtered sum less
    assert abs(spread / np.sqrt(variance) - 1) < SIGMAS * np.sqrt((2 + 6) / 4 / N)
    assert np.abs(memory - autocorrelation(1.2, -0.5, 5)).max() < SIGMAS * np.sqrt(2.5 / N)
    skewness = (((traces[:, 0] - traces[:, 0].mean()) / spread) ** 3).mean()
    assert (skewness > 0.5) == resample  # the normal law has none: error sqrt(6/n) = .017


def test_white_noise_needs_no_past():
    model = Autoregression(2.0, [], [-1.0, 1.0])
    assert model.order == 0
    assert np.isclose(model.simulate(N, 1, rng=1).mean(), 2, atol=SIGMAS / np.sqrt(N))


def test_the_fit_is_least_squares_of_the_chosen_order():
    trace = loss_traces("resonant", 1, 3000, rng=5)[0] + 3
    model = fit_autoregression(trace)
    past = np.column_stack([np.ones(2998), trace[1:-1], trace[:-2]])
    solved, *_ = np.linalg.lstsq(past, trace[2:], rcond=None)
    assert model.order == 2
    assert np.allclose([model.intercept, *model.coefficients], solved, rtol=1e-8)
    assert np.allclose(model.residuals, trace[2:] - past @ solved)
    assert abs(model.mean - 3) < 0.5


def test_the_order_may_be_none():
    noise = np.random.default_rng(6).normal(size=500)
    assert fit_autoregression(noise).order == 0
    assert fit_autoregression(np.cumsum(noise) * 0.01 + noise, max_order=0).order == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: loss_traces("gamma", 1, 1), "kind must be one of lognormal, resonant, outages"),
        (lambda: loss_traces("lognormal", 0, 1), "n_traces must be at least 1"),
        (lambda: loss_traces("lognormal", 1, 0), "length must be at least 1"),
        (lambda: Autoregression(0.0, [1.0], [1.0]), "must let the past die out"),
        (lambda: Autoregression(0.0, [0.5], []), "residuals must hold at least one"),
        (lambda: Autoregression(0.0, [[0.5]], [1.0]), "coefficients must be a sequence"),
        (lambda: Autoregression(0.0, [np.nan], [1.0]), "coefficients must be finite"),
        (lambda: Autoregression(0.0, [0.5], [1.0]).simulate(0, 3), "n_traces must be at least 1"),
        (lambda: fit_autoregression(np.ones(100)), "a constant has no spread"),
        (lambda: fit_autoregression(np.arange(10.0)), "at least 60 values"),
        (lambda: fit_autoregression(np.full(100, np.nan)), "trace must be finite"),
        (lambda: fit_autoregression(np.ones((50, 2))), "trace must be one trace"),
        (lambda: fit_autoregression(np.arange(100.0), max_order=-1), "max_order must be at least 0"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_says_which_extra_is_missing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "statsmodels.tsa.ar_model", None)
    with pytest.raises(ImportError, match="the extra series"):
        fit_autoregression(np.random.default_rng(1).normal(size=100))


def test_every_model_makes_traces_of_the_asked_shape_from_a_seed():
    trace = loss_traces("outages", 1, 300, rng=1)[0]
    models: list[TraceModel] = [
        fit_autoregression(trace),
        train_gan(trace, ClassicalGenerator(hidden=3), steps=5, rng=1),
    ]
    for model in models:
        first, second = (model.simulate(4, 7, rng=2) for _ in range(2))
        assert first.shape == (4, 7)
        assert (first == second).all()
