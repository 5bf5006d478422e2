r"""Channel traces: the loss of a fading link over time, and the autoregression that is fitted to it.

A trace is the loss beyond its mean, in dB. There a log-normal transmittance is normal, so a linear model can be exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from qlearn._checks import as_choice, as_count, as_real, as_reals, as_rng
from qlearn.control.channel_estimation import gauss_markov
from qlearn.learning.reinforcement import GilbertElliott

TRACES = ("lognormal", "resonant", "outages")
"""Kinds of traces: slow fading, fading with an echo of a rocking mount, and spells without light."""

_SPREAD_DB = 2.0
_MEMORY = 0.9
# A mount that rocks with a period of eight steps: the poles of an AR(2) at 0.9 exp(+-2 pi i / 8).
_RESONANCE = (2 * _MEMORY * np.cos(2 * np.pi / 8), -(_MEMORY**2))
_BLOCKED_DB = 10.0
_BLOCKAGE = GilbertElliott(1, fade=0.05, recover=0.25)
# What a start leaves behind has died out by then: 1e-9 of it where the slowest pole is at 0.98.
_FORGET = 1e-9
_SLOWEST = 0.998
_LEAST_STEPS = 50


class TraceModel(Protocol):
    """Anything that makes traces: a fitted autoregression, a trained generator."""

    def simulate(self, n_traces: int, length: int, rng: Any = None) -> NDArray[np.float64]:
        """Return independent traces, shape (n_traces, length)."""
        ...


def loss_traces(kind: str, n_traces: int, length: int, rng: Any = None) -> NDArray[np.float64]:
    r"""Return independent traces of a link, its excess loss in dB, shape (n_traces, length).

    .. math:: \eta_t = \bar\eta\, 10^{-x_t / 10}, \qquad
              x_t = a_1 x_{t-1} + a_2 x_{t-2} + w_t \;(+\, b\, s_t), \qquad w_t \sim N(0, q)

    "lognormal" is turbulence of one memory, :math:`a_1 = 0.9`, with a spread of 2 dB. "resonant" is a mount that
    rocks: an AR(2) whose poles have the radius 0.9 and a period of eight steps, of the same spread.
    "outages" is "lognormal" with :math:`b = 10` dB more while a bird or a cloud :math:`s_t` is in the way: a
    Gilbert-Elliott channel which blocks with probability 0.05 and clears with 0.25 a step.
    No Gaussian autoregression is true of the last.

    Parameters
    ----------
    kind : {"lognormal", "resonant", "outages"}
    n_traces, length : int
        How many, and steps in each. Every trace starts in the settled state.
    rng : None, int or numpy.random.Generator

    Returns
    -------
    ndarray of float, shape (n_traces, length)
        In dB; negative where the link is better than in the mean of its turbulence.

    Examples
    --------
    >>> x = loss_traces("lognormal", 2000, 3, rng=1)
    >>> x.shape, x.std().round(1), np.corrcoef(x[:, 0], x[:, 2])[0, 1].round(1)
    ((2000, 3), np.float64(2.0), np.float64(0.8))

    References
    ----------
    Andrews, Phillips, "Laser beam propagation through random media", 2005, doi:10.1117/3.626196 (log-normal
    irradiance in weak turbulence). Gilbert, Bell System Technical Journal 39, 1253 (1960).
    """
    kind = as_choice(kind, TRACES, "kind")
    n_traces, length, rng = as_count(n_traces, "n_traces"), as_count(length, "length"), as_rng(rng)
    if kind == "resonant":
        first, second = _RESONANCE
        # The variance of an AR(2) with unit steps (Yule and Walker).
        variance = (1 - second) / ((1 + second) * ((1 - second) ** 2 - first**2))
        steps = rng.normal(scale=_SPREAD_DB / np.sqrt(variance), size=(n_traces, _burn_in(_MEMORY) + length))
        return lfilter([1.0], [1.0, -first, -second], steps)[:, -length:]
    step = _SPREAD_DB**2 * (1 - _MEMORY**2)
    traces = np.array([gauss_markov(length, _MEMORY, step, rng=rng) for _ in range(n_traces)])
    return traces + _BLOCKED_DB * _blocked(n_traces, length, rng) if kind == "outages" else traces


@dataclass(frozen=True)
class Autoregression:
    r"""A fitted autoregression, AR(p), which makes traces.

    .. math:: x_t = c + \sum_{i=1}^{p} a_i\, x_{t-i} + w_t

    Parameters
    ----------
    intercept : float
        c, in dB.
    coefficients : sequence of float, shape (p,)
        :math:`a_1` to :math:`a_p`; none for independent values. They must let the past die out.
    residuals : sequence of float
        What the fit left over, in dB: their spread is that of the steps w.
    resample : bool
        Draw the steps from the residuals themselves (a bootstrap), instead of from a normal law of their spread.

    Raises
    ------
    ValueError
        If the past does not die out: such a model has no settled state to start in.

    Examples
    --------
    >>> model = Autoregression(1.0, [0.5], residuals=[-1.0, 1.0, -1.0, 1.0])
    >>> model.mean, model.simulate(3, 5, rng=1).shape
    (2.0, (3, 5))
    """

    intercept: float
    coefficients: Sequence[float]
    residuals: Sequence[float]
    resample: bool = False

    def __post_init__(self) -> None:
        as_real(self.intercept, "intercept")
        for name in ("coefficients", "residuals"):
            array = as_reals(np.asarray(getattr(self, name), dtype=float), name)
            if array.ndim != 1:
                raise ValueError(f"{name} must be a sequence of numbers, not of shape {array.shape}")
        if not len(self.residuals):
            raise ValueError("residuals must hold at least one number: the spread of the steps")
        if self._radius > _SLOWEST:
            raise ValueError(
                f"coefficients must let the past die out: their slowest root has the size {self._radius:.4g}, and "
                f"at most {_SLOWEST} is allowed. Fit differences of the trace instead"
            )

    @property
    def order(self) -> int:
        """How many values of the past the next one depends on, p."""
        return len(self.coefficients)

    @property
    def mean(self) -> float:
        """The mean of the settled trace, in dB."""
        return float(self.intercept / (1 - np.sum(self.coefficients)))

    def simulate(self, n_traces: int, length: int, rng: Any = None) -> NDArray[np.float64]:
        """Return independent traces in the settled state, in dB, shape (n_traces, length)."""
        shape = as_count(n_traces, "n_traces"), as_count(length, "length")
        rng, total = as_rng(rng), shape[1] + _burn_in(self._radius)
        left = np.asarray(self.residuals, dtype=float)
        if self.resample:
            steps = rng.choice(left - left.mean(), size=(shape[0], total))
        else:
            steps = rng.normal(scale=left.std(), size=(shape[0], total))
        return self.mean + lfilter([1.0], [1.0, *(-np.asarray(self.coefficients))], steps)[:, -shape[1] :]

    @cached_property
    def _radius(self) -> float:
        """The size of the slowest root: what is left of the past after a step."""
        return float(np.abs(np.roots([1.0, *(-np.asarray(self.coefficients, dtype=float))])).max(initial=0.0))


def fit_autoregression(trace: ArrayLike, *, max_order: int = 6, resample: bool = False) -> Autoregression:
    """Fit an autoregression to one trace by least squares, its order chosen by the Bayesian information criterion.

    Parameters
    ----------
    trace : array_like, shape (n,)
        Consecutive values, in dB; at least 50, and ten for each order on offer.
    max_order : int
        The largest order on offer, from 0.
    resample : bool
        Handed on to :class:`Autoregression`.

    Returns
    -------
    Autoregression

    Raises
    ------
    ImportError
        If statsmodels is not installed (the extra `series`).
    ValueError
        If the trace is too short, constant or not finite, or the fit does not settle.

    Examples
    --------
    >>> trace = loss_traces("resonant", 1, 5000, rng=1)[0]
    >>> model = fit_autoregression(trace)
    >>> model.order, np.round(model.coefficients, 1)
    (2, array([ 1.3, -0.8]))

    References
    ----------
    Schwarz, "Estimating the dimension of a model", Annals of Statistics 6, 461 (1978), doi:10.1214/aos/1176344136.
    """
    max_order = as_count(max_order, "max_order", least=0)
    x = as_trace(trace, max_order)
    try:
        from statsmodels.tsa.ar_model import AutoReg, ar_select_order
    except ImportError as error:
        raise ImportError(
            "fit_autoregression needs statsmodels (the extra series, or python -m pip install statsmodels)"
        ) from error
    chosen = ar_select_order(x, max_order, ic="bic").ar_lags if max_order else None
    order = max(chosen) if chosen else 0
    fit = AutoReg(x, lags=order).fit()
    return Autoregression(
        float(fit.params[0]), tuple(map(float, fit.params[1:])), tuple(map(float, fit.resid)), resample
    )


def as_trace(trace: ArrayLike, order: int) -> NDArray[np.float64]:
    """Return one trace as finite floats, long enough for a model that looks back `order` steps.

    Examples
    --------
    >>> as_trace([1.0, 2.0], order=2)
    Traceback (most recent call last):
    ValueError: trace must have at least 50 values for a model that looks back 2 steps, not 2
    """
    x = as_reals(trace, "trace")
    if x.ndim != 1:
        raise ValueError(f"trace must be one trace, consecutive values of shape (n,), not of shape {x.shape}")
    least = max(_LEAST_STEPS, 10 * order)
    if x.size < least:
        raise ValueError(
            f"trace must have at least {least} values for a model that looks back {order} steps, not {x.size}"
        )
    if not np.ptp(x) > 0:
        raise ValueError("trace must vary: a constant has no spread to learn from")
    return x


def _burn_in(radius: float) -> int:
    """Return after how many steps the start is forgotten."""
    return int(np.ceil(np.log(_FORGET) / np.log(radius))) if radius > 0 else 0


def _blocked(n_traces: int, length: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return where something stands in the way, shape (n_traces, length)."""
    states = _BLOCKAGE.draw_first(n_traces, rng)
    clear = [states]
    for _ in range(length - 1):
        clear.append(_BLOCKAGE.draw_next(clear[-1], rng))
    return ~np.hstack(clear)
