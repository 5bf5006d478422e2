r"""Hyper-parameter search: settings of several models at once, for two or more objectives, by NSGA-II or at random."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_rng
from qlearn.learning.circuit_search import hypervolume, pareto_ranks

SAMPLERS = ("nsga2", "random")

Space = Mapping[str, Sequence[Any]]
"""For each setting a list of choices, or a tuple of two ends: whole numbers, both included, or floats."""


@dataclass(frozen=True)
class Trial:
    """One model that was tried.

    Parameters
    ----------
    model : str
        Its name.
    settings : dict
        Its hyper-parameters.
    values : tuple of float
        The objectives, each to be small.
    """

    model: str
    settings: dict[str, Any]
    values: tuple[float, ...]


@dataclass(frozen=True)
class HyperparameterSearch:
    """All trials of a search, in order, and the front that nobody beats.

    Parameters
    ----------
    trials : tuple of Trial
        Every one, repeated ones too: each was paid for.
    """

    trials: tuple[Trial, ...]

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """The objectives of each trial, shape (trials, objectives)."""
        return np.array([trial.values for trial in self.trials])

    @cached_property
    def front(self) -> tuple[Trial, ...]:
        """The Pareto front: the trials that none beats in one objective without losing in another.

        Of several with the same objectives the first stays; the order is that of the last objective.
        """
        best = [self.trials[i] for i in np.flatnonzero(pareto_ranks(self.points) == 0)]
        first = {trial.values: trial for trial in reversed(best)}
        return tuple(sorted(first.values(), key=lambda trial: trial.values[::-1]))

    def hypervolume(self, worst: ArrayLike) -> float:
        """Return the area that the trials cover up to a worst corner, of two objectives."""
        return hypervolume(self.points, worst)


def search_hyperparameters(
    objective: Callable[[str, dict[str, Any]], Sequence[float]],
    spaces: Mapping[str, Space],
    n_trials: int,
    rng: Any = None,
    *,
    sampler: str = "nsga2",
    population: int = 10,
    objectives: int = 2,
) -> HyperparameterSearch:
    r"""Search the hyper-parameters of several models at once, for several objectives.

    NSGA-II keeps a population of settings. Of each generation those on the first Pareto fronts survive, in a front those with
    the most room around them, and their settings are crossed and mutated. Which model is tried is a setting, too, so models
    compete for the budget; what two models call by one name, with the same choices, is one setting for both. "random" draws
    all settings evenly: the rival at the same price. Rows on which the objective is measured are met as often as there are
    trials: they choose, and cannot judge.

    Parameters
    ----------
    objective : callable
        From a model's name and its settings to the objectives, finite numbers that are to be small.
    spaces : mapping of str to mapping
        For each model the settings to choose: a list holds the choices; a tuple of two is a range, of whole numbers with
        both ends, or of floats.
    n_trials : int
        How often the objective is asked, at least 1.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.
    sampler : {"nsga2", "random"}
        How settings are proposed.
    population : int
        Of NSGA-II, at least 2. The first so many trials are random.
    objectives : int
        How many numbers the objective returns.

    Returns
    -------
    HyperparameterSearch

    Raises
    ------
    ImportError
        If Optuna is not installed (the extra `tune`).

    Examples
    --------
    >>> spaces = {"line": {"a": (0.0, 1.0)}, "steps": {"k": [1, 2, 3]}}
    >>> def error_and_cost(model, settings):
    ...     return (1 - settings["a"], 2 * settings["a"]) if model == "line" else (1 / settings["k"], settings["k"])
    >>> found = search_hyperparameters(error_and_cost, spaces, 60, rng=0)
    >>> len(found.trials), {trial.model for trial in found.front}, found.hypervolume([1, 2]) > 0.8
    (60, {'line'}, True)

    References
    ----------
    Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002,
    doi:10.1109/4235.996017. Akiba et al., "Optuna", 2019, arXiv:1907.10902. Bergstra, Bengio, "Random search for
    hyper-parameter optimization", JMLR 13, 281 (2012).
    """
    if not callable(objective):
        raise TypeError(f"objective must be a function of a model's name and its settings, not {objective!r}")
    ranges = _checked_spaces(spaces)
    budget, kind = as_count(n_trials, "n_trials"), as_choice(sampler, SAMPLERS, "sampler")
    size, n_values = as_count(population, "population", least=2), as_count(objectives, "objectives")
    try:
        import optuna
    except ImportError as error:
        raise ImportError(
            "search_hyperparameters needs optuna (the extra tune, or python -m pip install optuna), for its NSGA-II"
        ) from error

    seed = int(as_rng(rng).integers(2**31))
    proposes = (
        optuna.samplers.NSGAIISampler(population_size=size, seed=seed)
        if kind == "nsga2"
        else optuna.samplers.RandomSampler(seed=seed)
    )
    loud = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    trials: list[Trial] = []
    try:
        study = optuna.create_study(directions=["minimize"] * n_values, sampler=proposes)
        for _ in range(budget):
            trial = study.ask()
            model, settings = _proposal(trial, ranges)
            trials.append(Trial(model, settings, _values(objective(model, dict(settings)), n_values, model)))
            study.tell(trial, trials[-1].values)
    finally:
        optuna.logging.set_verbosity(loud)
    return HyperparameterSearch(tuple(trials))


def _proposal(trial: Any, spaces: dict[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Return a model and its settings, as the sampler proposes them.

    Each trial carries the settings of all models, of which one set is used: what a model inherits would else be lost
    whenever an ancestor was another model. Settings with the same name and the same space are one, for all models.
    """
    chosen = trial.suggest_categorical("model", list(spaces))
    settings = {}
    for model, space in spaces.items():
        for name, values in space.items():
            alike = all(name not in other or _same_space(other[name], values) for other in spaces.values())
            # As the text of a tuple: no name that a setting may have is another's.
            key = repr((name,) if alike else (model, name))
            if isinstance(values, list):
                # By place: the sampler keeps numbers and strings, and choices may be anything.
                value = values[trial.suggest_categorical(key, list(range(len(values))))]
            elif all(isinstance(end, Integral) for end in values):
                value = trial.suggest_int(key, *values)
            else:
                value = trial.suggest_float(key, *values)
            if model == chosen:
                settings[name] = value
    return chosen, settings


def _values(answer: Any, n_values: int, model: str) -> tuple[float, ...]:
    """Return what a trial came to, or say what is wrong with it."""
    values = np.asarray(answer, dtype=np.float64)
    if values.shape != (n_values,) or not np.isfinite(values).all():
        raise ValueError(
            f"objective must return {n_values} finite numbers (objectives={n_values}), not {answer!r}, as for {model!r}: "
            "give a model that fails the worst values that you count with"
        )
    return tuple(values.tolist())


def _checked_spaces(spaces: Mapping[str, Space]) -> dict[str, dict[str, Any]]:
    """Return the spaces with choices as lists and ranges as tuples, or say which cannot be searched."""
    if not isinstance(spaces, Mapping) or not spaces:
        raise ValueError(f"spaces must name at least one model with the settings to choose, not {spaces!r}")
    checked: dict[str, dict[str, Any]] = {}
    for model, space in spaces.items():
        if not isinstance(space, Mapping):
            raise TypeError(
                f"spaces must give settings for {model!r}, as in {{'layers': [1, 2]}}, not {space!r}"
            )
        for name, values in space.items():
            if isinstance(values, tuple):
                numbers = len(values) == 2 and all(map(_is_number, values))
                if not numbers or values[0] > values[1]:
                    raise ValueError(
                        f"spaces must give {name!r} of {model!r} as (low, high), or choices as a list, not {values!r}"
                    )
            elif not isinstance(values, list) or not values:
                raise ValueError(
                    f"spaces must give {name!r} of {model!r} at least one choice, not {values!r}"
                )
        checked[model] = dict(space)
    return checked


def _same_space(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Tell whether two spaces are one: choices may be arrays, and 0 to 1 in whole numbers is not 0.0 to 1.0."""
    return repr(one) == repr(other)


def _is_number(end: Any) -> bool:
    """Tell whether this may end a range: True and False are choices."""
    return type(end) is not bool and isinstance(end, Real) and math.isfinite(end)
