"""A tuned attack: finds what is known to be worst, within its budget, and repeats itself."""

import numpy as np
import pytest

from qlearn.networks.attacks import crafted_update, tune_attack


def damage_to_a_trimmed_mean(z, direction):
    """Ten updates, three of them crafted, and a mean without the three largest and smallest: how far it goes back."""
    rng = np.random.default_rng(0)
    honest = rng.normal(0.5, 1.0, size=(7, 30))
    rows = np.sort(np.vstack([honest, np.tile(crafted_update(honest, z, direction), (3, 1))]), axis=0)
    return -float(rows[3:-3].mean(axis=0) @ honest.mean(axis=0))


def test_comes_close_to_the_best_of_a_fine_grid():
    grid = [
        damage_to_a_trimmed_mean(z, d) for d in ("spread", "sign", "mean") for z in np.linspace(0, 10, 201)
    ]
    found = tune_attack(damage_to_a_trimmed_mean, trials=60, rng=0)
    span = max(grid) - min(grid)
    assert found.damage > max(grid) - 0.05 * span
    assert found.damage == damage_to_a_trimmed_mean(found.z, found.direction)
    assert found.damage == found.best_so_far[-1] == max(d for _, _, d in found.tried)
    assert (np.diff(found.best_so_far) >= 0).all()


def test_is_seeded_and_tries_first_what_it_is_told():
    first = tune_attack(damage_to_a_trimmed_mean, 12, rng=5, first=[(1.0, "sign"), (0.0, "mean")])
    second = tune_attack(damage_to_a_trimmed_mean, 12, rng=5, first=[(1.0, "sign"), (0.0, "mean")])
    assert first == second
    assert [t[:2] for t in first.tried[:2]] == [(1.0, "sign"), (0.0, "mean")]
    assert len(first.tried) == 12


def test_stays_in_its_range():
    found = tune_attack(lambda z, _: z, 25, rng=1, most=2.0, directions=["mean"])
    assert all(0 <= z <= 2 and d == "mean" for z, d, _ in found.tried)
    assert found.z > 1.8


def test_leaves_the_voice_of_optuna_as_it_was():
    import optuna

    loud = optuna.logging.get_verbosity()
    tune_attack(lambda z, _: z, 1, rng=0)
    assert optuna.logging.get_verbosity() == loud


def test_refuses():
    with pytest.raises(ValueError, match="trials must be at least 1"):
        tune_attack(damage_to_a_trimmed_mean, 0)
    with pytest.raises(TypeError, match="damage must be a function"):
        tune_attack(3)
    with pytest.raises(ValueError, match="most must be above 0"):
        tune_attack(damage_to_a_trimmed_mean, most=0)
    with pytest.raises(ValueError, match="directions must be one of"):
        tune_attack(damage_to_a_trimmed_mean, directions=["up"])
    with pytest.raises(ValueError, match="directions must be a list"):
        tune_attack(damage_to_a_trimmed_mean, directions="mean")
    with pytest.raises(ValueError, match="first must be a finite number between"):
        tune_attack(damage_to_a_trimmed_mean, most=1.0, first=[(2.0, "mean")])
    with pytest.raises(ValueError, match="damage must be a finite number"):
        tune_attack(lambda z, _: float("nan"), 2, rng=0)


def test_says_what_is_missing(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ImportError, match="tune_attack needs optuna"):
        tune_attack(damage_to_a_trimmed_mean, 2)
