"""Flower's own strategies: what they keep from round to round, and what they promise, which Flower does not ask."""

from copy import deepcopy
from typing import Any

import numpy as np

_NUMBERS = (np.ndarray, list, dict, tuple, int, float, str, bool, type(None))


def kept(strategy: Any) -> dict[str, Any]:
    """Return what a strategy keeps from round to round: its options and moments, as a copy."""
    return deepcopy({name: value for name, value in vars(strategy).items() if isinstance(value, _NUMBERS)})


def too_weak(strategy: Any, n: int) -> str:
    """Return why this strategy promises nothing for `n` models, or an empty text."""
    kind = type(strategy).__name__
    f = getattr(strategy, "num_malicious_nodes", None)
    if f is not None and kind in ("Krum", "MultiKrum") and 2 * f + 2 >= n:
        return f"{kind} needs 2 f + 2 < n: with f = {f} attackers {2 * f + 3} models or more, not {n}"
    if f is not None and kind == "Bulyan" and n < 4 * f + 3:
        return f"Bulyan needs n >= 4 f + 3: with f = {f} attackers {4 * f + 3} models or more, not {n}"
    beta = getattr(strategy, "beta", None)
    if beta is not None and kind == "FedTrimmedAvg" and int(beta * n) == 0:
        return f"FedTrimmedAvg with beta = {beta:g} trims nobody of {n} models: beta must be at least {1 / n:.3g}"
    return ""


def refuse_too_weak(strategy: Any, n: int) -> None:
    """Refuse a strategy of Flower that promises nothing even if all clients answer."""
    if reason := too_weak(strategy, n):
        raise ValueError(f"strategy must fit the {n} clients: {reason}")
