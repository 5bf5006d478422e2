"""The Kalman filter: closed forms, another library, one big Gaussian, and what is refused."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.linalg import solve_discrete_are
from scipy.stats import multivariate_normal

from qlearn.control.channel_estimation import (
    KalmanFilter,
    fixed_gain_variance,
    gauss_markov,
    kalman_steady_state,
)


@pytest.mark.parametrize(
    ("a", "q", "r", "prior", "posterior"),
    [
        (0.9, 0.19, 1.0, 0.4358898944, 0.3035677708),
        (0.95, 0.0975, 0.5, 0.2465104106, 0.1651084882),
        (1.0, 0.01, 1.0, 0.1051249220, None),
    ],
)
def test_the_published_points(a, q, r, prior, posterior):
    settled = kalman_steady_state(a, q, r)
    assert settled.prior_variance == pytest.approx(prior, abs=2e-10)
    assert settled.gain == pytest.approx(prior / (prior + r), abs=2e-10)
    if posterior is not None:
        assert settled.posterior_variance == pytest.approx(posterior, abs=2e-10)


models = st.tuples(st.floats(-1, 1), st.floats(1e-3, 10), st.floats(1e-3, 10))


@given(models)
def test_solves_the_riccati_equation_as_scipy_does(model):
    a, q, r = model
    due = solve_discrete_are(np.array([[a]]), np.eye(1), np.array([[q]]), np.array([[r]]))[0, 0]
    assert kalman_steady_state(a, q, r).prior_variance == pytest.approx(due, rel=1e-6)


@given(models, st.floats(0, 1))
def test_no_fixed_gain_beats_the_settled_one(model, gain):
    settled = kalman_steady_state(*model)
    assert fixed_gain_variance(*model, settled.gain) == pytest.approx(settled.posterior_variance, rel=1e-9)
    assert fixed_gain_variance(*model, gain) >= settled.posterior_variance * (1 - 1e-9)


def test_the_edges_of_a_fixed_gain():
    assert fixed_gain_variance(0.9, 0.19, 2.0, 1.0) == 2.0  # the measurement itself
    assert fixed_gain_variance(0.9, 0.19, 2.0, 0.0) == pytest.approx(1.0)  # the settled drift
    assert fixed_gain_variance(1.0, 0.01, 2.0, 0.0) == np.inf
    assert fixed_gain_variance(1.0, 0.0, 2.0, 0.0) == 0.0


@given(models, st.integers(-290, 290))
def test_the_unit_of_the_state_changes_nothing(model, power):
    a, q, r = model
    settled, scaled = kalman_steady_state(a, q, r), kalman_steady_state(a, q * 10.0**power, r * 10.0**power)
    assert scaled.gain == pytest.approx(settled.gain, rel=1e-9)
    assert scaled.prior_variance / 10.0**power == pytest.approx(settled.prior_variance, rel=1e-9)


def _by_many_digits(a, q, r):
    """Prior, gain, posterior by the closed form, in numbers of 1400 digits: q r beside r² is that small."""
    with localcontext() as context:
        context.prec = 1400
        a, q, r = Decimal(a), Decimal(q), Decimal(r)
        b = q - r * (1 - a * a)
        prior = (b + (b * b + 4 * q * r).sqrt()) / 2
        gain = prior / (prior + r)
        return prior, gain, gain * r


@pytest.mark.parametrize("a", [0.0, 0.5, -0.9, 0.99999999, 1 - 1e-13, 1.0])
@pytest.mark.parametrize("q", [1e-300, 1e-34, 1.0, 1e17, 1e300, 8e307])
@pytest.mark.parametrize("r", [1e-300, 1e-20, 1.0, 1e20, 1e300, 8e307])
def test_noises_of_very_different_sizes_keep_their_digits(a, q, r):
    with np.errstate(all="raise", under="ignore"):
        settled = kalman_steady_state(a, q, r)
    prior, gain, posterior = _by_many_digits(a, q, r)
    assert abs(Decimal(settled.prior_variance) / prior - 1) < Decimal("1e-14")
    assert abs(Decimal(settled.posterior_variance) / posterior - 1) < Decimal("1e-14")
    if gain > Decimal("1e-300"):  # else it is no number of full length
        assert abs(Decimal(settled.gain) / gain - 1) < Decimal("1e-14")
        assert fixed_gain_variance(a, q, r, settled.gain) == pytest.approx(
            settled.posterior_variance, rel=1e-9
        )


@given(st.floats(0.5, 1), st.floats(1e-12, 1e-6))
def test_a_tiny_noise_keeps_its_digits(a, q):
    P = kalman_steady_state(a, q, 1.0).prior_variance
    assert pytest.approx(a**2 * P / (P + 1) + q, rel=1e-9) == P


def _random_model(rng, d=2, m=2):
    F = rng.normal(size=(d, d)) / 2
    Q, R, P = (
        root @ root.T + 0.1 * np.eye(len(root)) for root in (rng.normal(size=(k, k)) for k in (d, m, d))
    )
    return F, Q, R, rng.normal(size=d), P, rng.normal(size=(m, d))


def _one_gaussian(model, z):
    """The oracle: the joint law of all states and measurements, conditioned by linear algebra."""
    F, Q, R, mean, P, H = model
    n, d = len(z), len(mean)
    # x = A (x0, w1, ..., w_{n-1}): block lower triangular powers of F
    A = np.block(
        [
            [np.linalg.matrix_power(F, t - s) if s <= t else np.zeros((d, d)) for s in range(n)]
            for t in range(n)
        ]
    )
    big_q = np.kron(np.eye(n), Q)
    big_q[:d, :d] = P
    states = A @ big_q @ A.T
    means = A @ np.concatenate([mean, np.zeros((n - 1) * d)])
    big_h = np.kron(np.eye(n), H)
    seen = ~np.isnan(z.ravel())
    big_h, noise = big_h[seen], np.kron(np.eye(n), R)[np.ix_(seen, seen)]
    spread = big_h @ states @ big_h.T + noise
    nats = multivariate_normal(big_h @ means, spread).logpdf(z.ravel()[seen])
    gain = states @ big_h.T @ np.linalg.inv(spread)
    last = slice(-d, None)
    mean = means + gain @ (z.ravel()[seen] - big_h @ means)
    return mean[last], (states - gain @ big_h @ states)[last, last], nats


@given(st.integers(0, 10_000), st.booleans())
def test_is_the_mean_given_all_measurements(seed, gaps):
    rng = np.random.default_rng(seed)
    model = _random_model(rng)
    z = rng.normal(size=(4, 2))
    if gaps:
        z[rng.random(z.shape) < 0.3] = np.nan
        z[0, 0] = 0.5
    F, Q, R, mean, P, H = model
    told = KalmanFilter(F, Q, R, mean, P, H).run(z)
    due_mean, due_covariance, nats = _one_gaussian(model, z)
    assert np.allclose(told.means[-1], due_mean)
    assert np.allclose(told.covariances[-1], due_covariance)
    assert told.log_likelihood == pytest.approx(nats)
    assert told.missing.tolist() == np.flatnonzero(np.isnan(z).any(axis=1)).tolist()


def test_filterpy_says_the_same():
    peer = pytest.importorskip("filterpy.kalman", reason="filterpy is an optional test oracle")
    rng = np.random.default_rng(5)
    F, Q, R, mean, P, H = _random_model(rng, d=3, m=2)
    z = rng.normal(size=(30, 2))
    theirs = peer.KalmanFilter(dim_x=3, dim_z=2)
    theirs.F, theirs.Q, theirs.R, theirs.H = F, Q, R, H
    theirs.x, theirs.P = mean[:, None].copy(), P.copy()
    ours = KalmanFilter(F, Q, R, mean, P, H).run(z)
    for t, row in enumerate(z):
        if t:
            theirs.predict()
        theirs.update(row[:, None])
        assert np.allclose(theirs.x[:, 0], ours.means[t], atol=1e-9)
        assert np.allclose(theirs.P, ours.covariances[t], atol=1e-9)


def test_settles_where_the_closed_form_says_and_errs_as_much():
    # errors of a settled filter: 20,000 steps of memory a(1-K) = .627, so about 20,000 * (1-.627^2)/(1+.627^2) = 8,700
    # independent squares: sigma = P sqrt(2/8700) = .0046; 5.5 sigma: 4e-8
    rng = np.random.default_rng(8)
    x = gauss_markov(20_000, 0.9, 0.19, rng=rng)
    z = x + rng.normal(size=x.size)
    told = KalmanFilter(0.9, 0.19, 1.0, 0.0, 1.0).run(z)
    settled = kalman_steady_state(0.9, 0.19, 1.0)
    assert told.covariances[-1, 0, 0] == pytest.approx(settled.posterior_variance, abs=1e-12)
    assert told.predicted_covariances[-1, 0, 0] == pytest.approx(settled.prior_variance, abs=1e-12)
    assert abs(((told.means[:, 0] - x) ** 2).mean() - settled.posterior_variance) < 5.5 * 0.0046


def test_nothing_measured_means_predicting_only():
    told = KalmanFilter(0.5, 0.75, 1.0, 4.0, 1.0).run([np.nan, np.nan, np.nan])
    assert told.means[:, 0].tolist() == [4.0, 2.0, 1.0]
    assert told.covariances[:, 0, 0].tolist() == [1.0, 1.0, 1.0]
    assert told.missing.tolist() == [0, 1, 2]
    assert told.log_likelihood == 0.0


def test_inputs_stay_as_they_were():
    F, z = np.eye(2), np.ones((3, 2))
    link = KalmanFilter(F, np.eye(2), np.eye(2), np.zeros(2), np.eye(2))
    F[0, 0] = 7.0
    link.run(z)
    assert link.transition[0, 0] == 1.0
    assert (z == 1).all()


two = {"transition": np.eye(2), "process_noise": np.eye(2), "measurement_noise": np.eye(2)}
two |= {"start_mean": np.zeros(2), "start_covariance": np.eye(2)}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"process_noise": np.eye(3)}, r"process_noise must have shape \(2, 2\)"),
        ({"process_noise": [[1, 2], [2, 1]]}, "without negative eigenvalues"),
        ({"process_noise": [[1, 0.5], [0, 1]]}, "symmetric"),
        ({"measurement_noise": np.diag([1, 0])}, "without noise is none"),
        ({"observation": [[1, 0]]}, r"measurement_noise must have shape \(1, 1\)"),
        ({"start_mean": 0.0}, r"start_mean must have shape \(2,\)"),
        ({"transition": np.full((2, 2), np.nan)}, "transition"),
    ],
)
def test_refuses_what_is_no_model(changed, says):
    with pytest.raises(ValueError, match=says):
        KalmanFilter(**(two | changed))


@pytest.mark.parametrize(
    ("z", "says"),
    [
        ([[1.0, 2.0]], r"measurements must have shape \(n, 1\)"),
        ([], r"measurements must have shape \(n, 1\)"),
        ([1.0, np.inf], "infinite"),
    ],
)
def test_refuses_what_is_no_measurement(z, says):
    with pytest.raises(ValueError, match=says):
        KalmanFilter(1.0, 0.1, 1.0).run(z)


def test_refuses_a_measurement_of_another_size():
    link = KalmanFilter(1.0, 0.1, 1.0)
    with pytest.raises(ValueError, match="measured must be 1 numbers"):
        link.update(link.start_mean, link.start_covariance, [1.0, 2.0])


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ((1.5, 0.1, 1.0), "a must"),
        ((0.9, -0.1, 1.0), "process_noise must"),
        ((0.9, 0.1, 0.0), "measurement_noise must"),
    ],
)
def test_refuses_a_wrong_scalar_model(numbers, says):
    with pytest.raises(ValueError, match=says):
        kalman_steady_state(*numbers)
    with pytest.raises(ValueError, match=says):
        fixed_gain_variance(*numbers, 0.5)


def test_refuses_a_gain_beyond_one():
    with pytest.raises(ValueError, match="gain must"):
        fixed_gain_variance(0.9, 0.1, 1.0, 1.5)
