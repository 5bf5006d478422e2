"""What a strategy may answer: whom it asks, what it tells them, and what it merges; all else is refused before it counts."""

from collections.abc import Iterable
from typing import Any

from qlearn._checks import as_count
from qlearn.networks.federated.aggregation import Strategy


def refuse_unless_strategy(strategy: Any) -> None:
    """Refuse what lacks a method of a strategy, and say which."""
    parts = [name for name in vars(Strategy) if not name.startswith("_")]
    missing = [part for part in parts if not callable(getattr(strategy, part, None))]
    if isinstance(strategy, type):
        raise TypeError(f"strategy must be an object, as {strategy.__name__}(), not the class {strategy!r}")
    if missing:
        raise TypeError(
            f"strategy must have the methods {', '.join(parts)}, as FedAvg() has; {strategy!r} lacks {', '.join(missing)}"
        )


def settings_of(strategy: Strategy, number: int) -> dict[str, Any]:
    """Return what a strategy tells the clients in a round, or refuse what the run itself tells them."""
    settings = dict(strategy.config(number))
    if "seed" in settings:
        raise ValueError("config must not hold 'seed': the run draws one for each client in each round")
    return settings


def pair_of(merged: Any) -> tuple[Any, Any]:
    """Return the model and the state that a strategy gives back, or refuse them."""
    if not isinstance(merged, tuple) or len(merged) != 2:
        raise TypeError(
            f"aggregate must return (model, state), a tuple of two, not a {type(merged).__name__}"
        )
    return merged


def chosen_of(asked: Iterable[int], n_clients: int) -> list[int]:
    """Return the clients to ask, or refuse them."""
    listed = [as_count(i, "choose", least=0) for i in asked]
    if not listed or max(listed) >= n_clients or len(set(listed)) < len(listed):
        raise ValueError(
            f"choose must return different clients of 0 to {n_clients - 1}, at least one, not {listed}"
        )
    return listed
