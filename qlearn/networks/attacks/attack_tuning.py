r"""Attack tuning: poison that is adapted to a known defence by Bayesian optimisation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_choice, as_count, as_real, as_rng
from qlearn.networks.attacks.model_poisoning import DIRECTIONS


@dataclass(frozen=True)
class TunedAttack:
    """The settings that did most damage, and all that were tried.

    Parameters
    ----------
    z : float
        Standard deviations off the mean.
    direction : str
        As in :func:`~qlearn.networks.attacks.model_poisoning.crafted_update`.
    damage : float
        What they did.
    tried : tuple of (z, direction, damage)
        Every trial, in order.
    """

    z: float
    direction: str
    damage: float
    tried: tuple[tuple[float, str, float], ...]

    @property
    def best_so_far(self) -> NDArray[np.float64]:
        """The largest damage after each trial."""
        return np.maximum.accumulate([damage for _, _, damage in self.tried])


def tune_attack(
    damage: Callable[[float, str], float],
    trials: int = 30,
    rng: Any = None,
    *,
    most: float = 10.0,
    directions: Sequence[str] = DIRECTIONS,
    first: Sequence[tuple[float, str]] = (),
) -> TunedAttack:
    r"""Search the poison that damages a known defence most, with a budget of trials.

    Bayesian optimisation in the form of the tree-structured Parzen estimator: of the trials so far one density is fitted
    to the good settings and one to the others, and the next trial is where their ratio is largest. A trial is a whole
    rehearsed federation, so there are few of them. An attacker who rehearses on data of its own learns what the defence
    lets through, not what the victims hold.

    Parameters
    ----------
    damage : callable
        From z and direction to a number; more is worse for the victims, for instance the error of the merged model.
    trials : int
        How often it may be called, at least 1.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.
    most : float
        z is searched from 0 to this.
    directions : sequence of str
        Those to choose from.
    first : sequence of (z, direction)
        Settings to try before any other; they count as trials.

    Returns
    -------
    TunedAttack

    Raises
    ------
    ImportError
        If Optuna is not installed (the extra `tune`).

    Examples
    --------
    >>> found = tune_attack(lambda z, direction: -((z - 2) ** 2) - (direction != "sign"), trials=40, rng=0)
    >>> found.direction, bool(abs(found.z - 2) < 0.5), len(found.tried)
    ('sign', True, 40)

    References
    ----------
    Bergstra, Bardenet, Bengio, Kegl, "Algorithms for hyper-parameter optimization", NIPS 2011. Akiba et al., "Optuna",
    2019, arXiv:1907.10902. Shejwalkar, Houmansadr, NDSS 2021 (attacks whose length is searched).
    """
    n, limit = as_count(trials, "trials"), as_real(most, "most", above=0)
    if not callable(damage):
        raise TypeError(f"damage must be a function of z and direction, not {damage!r}")
    if isinstance(directions, str) or not directions:
        raise ValueError(
            f"directions must be a list of one or more of {', '.join(DIRECTIONS)}, not {directions!r}"
        )
    choices = [as_choice(d, DIRECTIONS, "directions") for d in directions]
    starts = [(as_real(z, "first", least=0, most=limit), as_choice(d, choices, "first")) for z, d in first]
    try:
        import optuna
    except ImportError as error:
        raise ImportError(
            "tune_attack needs optuna (the extra tune, or python -m pip install optuna); random settings in its place are "
            "no Bayesian optimisation"
        ) from error

    loud = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        sampler = optuna.samplers.TPESampler(seed=int(as_rng(rng).integers(2**31)))
        study = optuna.create_study(direction="maximize", sampler=sampler)
        for z, d in starts:
            study.enqueue_trial({"z": z, "direction": d})
        study.optimize(
            lambda trial: _finite(
                damage(trial.suggest_float("z", 0.0, limit), trial.suggest_categorical("direction", choices))
            ),
            n_trials=n,
        )
    finally:
        optuna.logging.set_verbosity(loud)
    tried = tuple((t.params["z"], t.params["direction"], float(t.value or 0.0)) for t in study.trials)
    z, direction, worst = max(tried, key=lambda t: t[2])
    return TunedAttack(z, direction, worst, tried)


def _finite(value: Any) -> float:
    """Return what a trial came to, or say that it is no number."""
    return as_real(float(value), "damage")
