"""The Kalman filter: the estimate of least mean square error of a Gaussian state that drifts and is measured with noise."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals

_ROUNDING = 1e-9


@dataclass(frozen=True)
class SteadyState:
    """Where a Kalman filter of one quantity settles; made by :func:`kalman_steady_state`.

    Attributes
    ----------
    prior_variance : float
        Mean square error of the prediction, before the measurement of a step.
    gain : float
        Share of the measured surprise that moves the estimate, 0 to 1.
    posterior_variance : float
        Mean square error of the estimate, after the measurement.
    """

    prior_variance: float
    gain: float
    posterior_variance: float


def kalman_steady_state(a: float, process_noise: float, measurement_noise: float) -> SteadyState:
    r"""Return the variances and the gain, three numbers, at which the Kalman filter of a scalar drift settles.

    .. math:: P^- = \frac{b + \sqrt{b^2 + 4qr}}{2}, \quad b = q - r(1 - a^2), \qquad
              K = \frac{P^-}{P^- + r}, \quad P = K r

    of the state :math:`x_{t+1} = a x_t + w_t` with :math:`w \sim N(0, q)`, measured as :math:`z_t = x_t + v_t` with
    :math:`v \sim N(0, r)`. :math:`P^-` is the solution of the Riccati equation :math:`P^- = a^2 K r + q`. No
    estimator that sees past and present measurements has a smaller mean square error than P; one that also sees
    later ones has.

    Parameters
    ----------
    a : float
        What is left of the state after a step, from -1 to 1.
    process_noise : float
        Variance q of a step, at least 0.
    measurement_noise : float
        Variance r of a measurement, above 0.

    Returns
    -------
    SteadyState

    Examples
    --------
    >>> settled = kalman_steady_state(a=0.9, process_noise=0.19, measurement_noise=1.0)
    >>> round(settled.prior_variance, 6), round(settled.gain, 6)
    (0.43589, 0.303568)

    References
    ----------
    R. E. Kalman, J. Basic Eng. 82, 35 (1960), doi:10.1115/1.3662552.
    """
    a, q, r = _scalar_model(a, process_noise, measurement_noise)
    half = q / 2 - r / 2 * ((1 - a) * (1 + a))  # of b; a product, for 1 - a² has no digits near 1
    middle = float(
        np.sqrt(q) * np.sqrt(r)
    )  # not the root of q r, which very small and very large units do not hold
    root = float(np.hypot(half, middle))
    # Where b < 0 the two terms would cancel; the other root of the same equation has the digits.
    prior = half + root if half >= 0 else middle * (middle / (root - half))
    # The smaller over the larger: a sum of both may be no number, and a gain too small for one still has a variance.
    trust = min(prior, r) / max(prior, r)
    gain = (trust if prior < r else 1.0) / (1 + trust)
    return SteadyState(prior, gain, min(prior, r) / (1 + trust))


def fixed_gain_variance(a: float, process_noise: float, measurement_noise: float, gain: float) -> float:
    r"""Return the settled mean square error of a filter with any fixed gain, right or wrong.

    .. math:: P_K = \frac{(1-K)^2 q + K^2 r}{1 - (1-K)^2 a^2}

    It is least at the gain of :func:`kalman_steady_state`. A filter that was told a wrong q or r has the gain of
    that wrong model, and this error. One that was told a wrong a also predicts wrongly: then this is not its error.

    Parameters
    ----------
    a, process_noise, measurement_noise : float
        The true model, as for :func:`kalman_steady_state`.
    gain : float
        K, from 0, which never listens, to 1, which takes each measurement for the state.

    Returns
    -------
    float
        In squares of the state's unit; infinite for a random walk that nobody listens to.

    Examples
    --------
    >>> told_ten_times_q = kalman_steady_state(0.9, 1.9, 1.0).gain
    >>> round(fixed_gain_variance(0.9, 0.19, 1.0, told_ten_times_q), 3)
    0.561
    >>> round(kalman_steady_state(0.9, 0.19, 1.0).posterior_variance, 3)
    0.304

    References
    ----------
    B. D. O. Anderson and J. B. Moore, *Optimal Filtering* (1979), section 6.1, on modelling errors.
    """
    a, q, r = _scalar_model(a, process_noise, measurement_noise)
    gain = as_real(gain, "gain", least=0.0, most=1.0)
    listens = (1 - abs(a)) + gain * abs(a)  # 1 - (1 - K)|a|, which is 0 to rounding for a small K
    forgets = listens * (2 - listens)
    if forgets == 0:
        return float("inf") if q else 0.0
    return float((1 - gain) ** 2 * (q / forgets) + gain * (gain / forgets) * r)


@dataclass(frozen=True)
class Filtered:
    """What a Kalman filter knew at each of n steps of a state of d numbers; made by :meth:`KalmanFilter.run`.

    Attributes
    ----------
    means : ndarray of float, shape (n, d)
        Estimates after the measurement of each step.
    covariances : ndarray of float, shape (n, d, d)
        Covariances of their errors, if the model is true.
    predicted_means, predicted_covariances : ndarray of float, shapes (n, d) and (n, d, d)
        The same before the measurement.
    log_likelihood : float
        Of all measurements, in nats.
    missing : ndarray of int
        Steps at which something was not measured (NaN): there the filter only predicted, wholly or in part.
    """

    means: NDArray[np.float64]
    covariances: NDArray[np.float64]
    predicted_means: NDArray[np.float64]
    predicted_covariances: NDArray[np.float64]
    log_likelihood: float
    missing: NDArray[np.intp]


@dataclass(frozen=True)
class KalmanFilter:
    r"""Track a state of d numbers from m noisy measurements a step.

    .. math:: x_{t+1} = F x_t + w_t, \quad w \sim N(0, Q), \qquad z_t = H x_t + v_t, \quad v \sim N(0, R)

    Each step predicts, :math:`\hat x^- = F\hat x`, :math:`P^- = FPF^T + Q`, and updates with the gain
    :math:`K = P^- H^T (H P^- H^T + R)^{-1}`. Where the model holds and all is Gaussian, the estimate is the mean of
    the state given all measurements so far, which no other estimate beats in mean square; with the same first two
    moments and another shape it is still the best *linear* one.

    Parameters
    ----------
    transition : array_like of float, shape (d, d), or float
        F.
    process_noise : array_like of float, shape (d, d), or float
        Q, a covariance matrix.
    measurement_noise : array_like of float, shape (m, m), or float
        R, a covariance matrix; without eigenvalue 0.
    start_mean : array_like of float, shape (d,), or float
        The belief before the first measurement, at its time.
    start_covariance : array_like of float, shape (d, d), or float
        And the covariance of its error.
    observation : array_like of float, shape (m, d), or float, optional
        H; None measures the state itself.

    Raises
    ------
    ValueError
        If shapes do not fit, or a covariance is none.

    Examples
    --------
    >>> link = KalmanFilter(transition=1.0, process_noise=0.01, measurement_noise=1.0, start_mean=0.0,
    ...                     start_covariance=100.0)
    >>> told = link.run([0.9, float("nan"), 1.1])  # the second measurement never came
    >>> told.means[:, 0].round(3), told.covariances[:, 0, 0].round(3), told.missing
    (array([0.891, 0.891, 0.996]), array([0.99 , 1.   , 0.503]), array([1]))

    References
    ----------
    R. E. Kalman, J. Basic Eng. 82, 35 (1960), doi:10.1115/1.3662552.
    """

    transition: Any
    process_noise: Any
    measurement_noise: Any
    start_mean: Any = 0.0
    start_covariance: Any = 1.0
    observation: Any = field(default=None)

    def __post_init__(self) -> None:
        d = np.atleast_1d(as_reals(self.transition, "transition")).shape[-1]
        observed = np.eye(d) if self.observation is None else self.observation
        m = np.atleast_2d(as_reals(observed, "observation")).shape[0]
        shapes: dict[str, tuple[int, ...]] = {"transition": (d, d), "process_noise": (d, d)}
        shapes |= {"measurement_noise": (m, m), "start_mean": (d,), "start_covariance": (d, d)}
        for name, shape in shapes.items():
            object.__setattr__(self, name, _shaped(getattr(self, name), name, shape))
        object.__setattr__(self, "observation", _shaped(observed, "observation", (m, d)))
        for name in ("process_noise", "measurement_noise", "start_covariance"):
            _refuse_no_covariance(getattr(self, name), name)
        if np.linalg.eigvalsh(self.measurement_noise)[0] <= 0:
            raise ValueError(
                "measurement_noise must have no eigenvalue 0: a measurement without noise is none"
            )

    def predict(self, mean: NDArray, covariance: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean, shape (d,), and covariance, shape (d, d), one step later, before anything is measured."""
        F = self.transition
        return F @ mean, F @ covariance @ F.T + self.process_noise

    def update(
        self, mean: NDArray, covariance: NDArray, measured: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        """Return mean and covariance after a measurement, shape (m,), and its log likelihood; NaN tells nothing."""
        z = np.atleast_1d(np.asarray(measured, float))
        if z.shape != (len(self.observation),) or np.isinf(z).any():
            raise ValueError(
                f"measured must be {len(self.observation)} numbers, NaN where one is missing, not {measured!r}"
            )
        seen = ~np.isnan(z)
        if not seen.any():
            return mean, covariance, 0.0
        H, R = self.observation[seen], self.measurement_noise[np.ix_(seen, seen)]
        surprise = z[seen] - H @ mean
        spread = H @ covariance @ H.T + R
        gain = np.linalg.solve(spread, H @ covariance).T
        # Joseph's form: a sum of two squares stays a covariance when rounding has its way.
        kept = np.eye(len(mean)) - gain @ H
        after = kept @ covariance @ kept.T + gain @ R @ gain.T
        nats = surprise @ np.linalg.solve(spread, surprise) + np.linalg.slogdet(2 * np.pi * spread)[1]
        return mean + gain @ surprise, after, float(-nats / 2)

    def run(self, measurements: ArrayLike) -> Filtered:
        """Return what is known at each step from the measurements up to it.

        Parameters
        ----------
        measurements : array_like of float, shape (n, m), or (n,) where m = 1
            NaN where nothing was measured: the filter then predicts only, and says so in `missing`.

        Returns
        -------
        Filtered

        Raises
        ------
        ValueError
            If the shape does not fit, or a measurement is infinite.
        """
        m = len(self.observation)
        z = np.asarray(measurements, float)
        z = z[:, None] if z.ndim == 1 and m == 1 else z
        if z.ndim != 2 or z.shape[1] != m or not len(z):
            raise ValueError(
                f"measurements must have shape (n, {m}), n at least 1, not {np.shape(measurements)}"
            )
        if np.isinf(z).any():
            raise ValueError(
                "measurements must be finite, or NaN where one is missing; one of them is infinite"
            )
        mean, covariance, nats = self.start_mean, self.start_covariance, 0.0
        before, after = [], []
        for t, row in enumerate(z):
            if t:
                mean, covariance = self.predict(mean, covariance)
            before.append((mean, covariance))
            mean, covariance, gained = self.update(mean, covariance, row)
            after.append((mean, covariance))
            nats += gained
        predicted, predicted_covariances = map(np.array, zip(*before, strict=True))
        means, covariances = map(np.array, zip(*after, strict=True))
        missing = np.flatnonzero(np.isnan(z).any(axis=1))
        return Filtered(means, covariances, predicted, predicted_covariances, nats, missing)


def _scalar_model(a: float, process_noise: float, measurement_noise: float) -> tuple[float, float, float]:
    return (
        as_real(a, "a", least=-1.0, most=1.0),
        as_real(process_noise, "process_noise", least=0.0),
        as_real(measurement_noise, "measurement_noise", above=0.0),
    )


def _shaped(value: Any, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    array = as_reals(value, name)
    if array.ndim == 0 and set(shape) == {1}:
        array = array.reshape(shape)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, as the other matrices ask for, not {array.shape}")
    return array


def _refuse_no_covariance(matrix: NDArray[np.float64], name: str) -> None:
    size = max(np.abs(matrix).max(), np.finfo(float).tiny)
    if np.abs(matrix - matrix.T).max() > _ROUNDING * size:
        raise ValueError(f"{name} must be a covariance matrix: symmetric")
    if np.linalg.eigvalsh(matrix)[0] < -_ROUNDING * size:
        raise ValueError(f"{name} must be a covariance matrix: without negative eigenvalues (variances)")
