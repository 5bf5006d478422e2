"""Bayesian optimisation: settings of a link that nobody has modelled, from few noisy trials; beside grid and random search."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_choice, as_count, as_real, as_rng
from qlearn._types import Array

METHODS = ("tpe", "gp", "random", "grid")

# The kernel's lengths and noise are fitted again after so many trials: the fit costs most of the time.
_REFIT = 4

Objective = Callable[[dict[str, float]], float]
Space = Mapping[str, tuple[float, float]]
"""For each setting its two ends."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """What a search found.

    Parameters
    ----------
    best : dict of str to float
        The setting that it would use from now on: that of the largest value seen, or by "gp" that of the largest mean of the
        model among those tried, since a single value is noisy.
    value : float
        What was measured there.
    points : ndarray of float, shape (trials, settings)
        Everything that was tried, in order, in the units of the space.
    values : ndarray of float, shape (trials,)
        What was measured.
    """

    best: dict[str, float]
    value: float
    points: Array
    values: Array


def optimise(
    objective: Objective, space: Space, n_trials: int, method: str = "tpe", rng: Any = None, *, first: int = 8
) -> Optimum:
    r"""Search the setting for which an objective is largest, from a fixed number of trials, which may be noisy.

    * "random" draws evenly.
    * "grid" has as many levels in each direction as the number of trials affords, in random order.
    * "tpe", Optuna's tree-structured Parzen estimator, models where good and bad trials lie, and tries where the ratio is best.
    * "gp" models the objective by a Gaussian process (scikit-learn, Matern kernel of 5/2, noise fitted) and tries where
      the expected improvement over the best mean so far is largest,
      :math:`(m - b)\,\Phi(z) + s\,\varphi(z)` with :math:`z = (m - b)/s`.

    The last two begin with random trials.

    Parameters
    ----------
    objective : callable
        From the settings, a dict, to a finite number that is to be large.
    space : mapping of str to (float, float)
        The ends of each setting.
    n_trials : int
        How often the objective is asked.
    method : {"tpe", "gp", "random", "grid"}
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.
    first : int
        Random trials that "tpe" and "gp" begin with.

    Returns
    -------
    Optimum

    Raises
    ------
    ImportError
        If Optuna is not installed (the extra `tune`) and "tpe" is asked.

    Examples
    --------
    >>> found = optimise(lambda x: -(x["mu"] - 0.48) ** 2, {"mu": (0.05, 1.0)}, 15, method="gp", rng=1)
    >>> round(found.best["mu"], 1)
    0.5

    References
    ----------
    Jones, Schonlau and Welch, "Efficient global optimization of expensive black-box functions", 1998,
    doi:10.1023/A:1008306431147. Bergstra, Bardenet, Bengio and Kegl, "Algorithms for hyper-parameter optimization", NeurIPS 2011
    (the Parzen estimator). Akiba et al., "Optuna", 2019, arXiv:1907.10902.
    """
    if not callable(objective):
        raise TypeError(f"objective must be a function of a dict of settings, not {objective!r}")
    ends = _ends(space)
    budget, kind = as_count(n_trials, "n_trials"), as_choice(method, METHODS, "method")
    begin, rng = min(as_count(first, "first"), budget), as_rng(rng)
    names = list(space)

    def measured(unit: Array) -> float:
        at = ends[:, 0] + unit * (ends[:, 1] - ends[:, 0])
        value = float(objective(dict(zip(names, at.tolist(), strict=True))))
        if not np.isfinite(value):
            raise ValueError(
                f"objective must return a finite number, not {value}, as for {dict(zip(names, at, strict=True))}: "
                "a setting without a key has the value 0"
            )
        return value

    if kind == "tpe":
        units, values, best = _by_parzen(measured, len(names), budget, begin, rng)
    elif kind == "gp":
        units, values, best = _by_gaussian_process(measured, len(names), budget, begin, rng)
    else:
        units = rng.random((budget, len(names))) if kind == "random" else _grid(budget, len(names), rng)
        values = np.array([measured(unit) for unit in units])
        best = int(values.argmax())
    points = ends[:, 0] + units * (ends[:, 1] - ends[:, 0])
    return Optimum(dict(zip(names, points[best].tolist(), strict=True)), float(values[best]), points, values)


def _grid(budget: int, width: int, rng: np.random.Generator) -> Array:
    """Return the centres of as many equal cells as the budget affords, shuffled; what is left over is drawn."""
    levels = max(1, int(budget ** (1 / width) + 1e-9))
    ticks = (np.arange(levels) + 0.5) / levels
    cells = np.stack(np.meshgrid(*[ticks] * width), axis=-1).reshape(-1, width)
    rest = rng.random((budget - len(cells), width))
    return np.concatenate([rng.permutation(cells), rest])


def _by_parzen(
    measured: Callable[[Array], float], width: int, budget: int, begin: int, rng: np.random.Generator
) -> tuple[Array, Array, int]:
    try:
        import optuna
    except ImportError as error:
        raise ImportError(
            'method "tpe" needs optuna (the extra tune, or python -m pip install optuna); "gp" does without'
        ) from error
    sampler = optuna.samplers.TPESampler(seed=int(rng.integers(2**31)), n_startup_trials=begin)
    loud = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    units, values = np.empty((budget, width)), np.empty(budget)
    try:
        study = optuna.create_study(direction="maximize", sampler=sampler)
        for t in range(budget):
            trial = study.ask()
            units[t] = [trial.suggest_float(str(k), 0.0, 1.0) for k in range(width)]
            values[t] = measured(units[t])
            study.tell(trial, values[t])
    finally:
        optuna.logging.set_verbosity(loud)
    return units, values, int(values.argmax())


def _by_gaussian_process(
    measured: Callable[[Array], float], width: int, budget: int, begin: int, rng: np.random.Generator
) -> tuple[Array, Array, int]:
    import warnings

    from scipy.stats import norm
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    units, values = np.empty((budget, width)), np.empty(budget)
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) * Matern(np.full(width, 0.5), (0.05, 10.0), nu=2.5)
    kernel = kernel + WhiteKernel(1e-2, (1e-6, 1.0))

    def model(t: int, kernel: Any, *, fit: bool) -> Any:
        """Return the process given the first t trials, with lengths and noise fitted again or as they were."""
        spread = values[:t].std() or 1.0
        found = GaussianProcessRegressor(kernel, optimizer="fmin_l_bfgs_b" if fit else None)
        with warnings.catch_warnings():  # a length at its bound is no fault: that setting does not matter
            warnings.simplefilter("ignore", ConvergenceWarning)
            return found.fit(units[:t], (values[:t] - values[:t].mean()) / spread)

    for t in range(budget):
        if t < begin:
            units[t] = rng.random(width)
        else:
            process = model(t, kernel, fit=(t - begin) % _REFIT == 0)
            kernel = process.kernel_
            means = process.predict(units[:t])
            near = units[int(means.argmax())] + 0.1 * rng.normal(size=(200, width))
            tried = np.concatenate([rng.random((800, width)), near.clip(0, 1)])
            mean, deviation = process.predict(tried, return_std=True)
            z = (mean - means.max()) / np.maximum(deviation, 1e-12)
            gain = (mean - means.max()) * norm.cdf(z) + deviation * norm.pdf(z)
            units[t] = tried[int(gain.argmax())]
        values[t] = measured(units[t])
    means = model(budget, kernel, fit=True).predict(units)
    return units, values, int(means.argmax())


def _ends(space: Space) -> Array:
    if not isinstance(space, Mapping) or not space:
        raise ValueError(f"space must name at least one setting with its two ends, not {space!r}")
    ends = []
    for name, pair in space.items():
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise ValueError(f"space must give {name!r} as (low, high), not {pair!r}")
        low, high = (as_real(end, f"an end of {name!r}") for end in pair)
        if not low < high:
            raise ValueError(f"space must give {name!r} as (low, high) with low < high, not {pair!r}")
        ends.append((low, high))
    return np.array(ends)
