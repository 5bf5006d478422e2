"""What an option holds, so that two can be compared by that, and one with what it was before somebody changed it."""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from qlearn.qubits import Circuit


class _Gates:
    """A circuit, equal to another one by its gates: its text rounds angles and leaves out what a unitary holds."""

    def __init__(self, circuit: Circuit[Any]) -> None:
        self._circuit = circuit

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Gates):
            return NotImplemented
        # Nobody can change a circuit: the same one is equal without a look.
        return self._circuit is other._circuit or _parts(self._circuit) == _parts(other._circuit)

    __hash__ = None  # type: ignore[assignment]


MAY_CHANGE = (
    *("optimizer", "learning_rate", "epochs", "batch_size", "initial", "random_state", "progress"),
    *("early_stopping", "validation_fraction", "tol", "n_iter_no_change", "warm_start", "callback"),
    *("class_weight", "shots", "noise", "device", "gradient"),
)
"""Options that are asked for again at each training; all others gave the model its shape."""


def contents(value: Any) -> Any:
    """Return what compares equal for options that mean the same, and does not change with a list that was given.

    Examples
    --------
    >>> pairs = [[0, 1]]
    >>> before = contents(pairs)
    >>> before == contents(((0, 1),))
    True
    >>> pairs.append([1, 2])
    >>> before == contents(pairs)
    False
    """
    if isinstance(value, Circuit):
        return _Gates(value)
    if isinstance(value, np.ndarray) and value.dtype != object:
        return "array", value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, list | tuple | np.ndarray):
        return tuple(contents(part) for part in value)
    if isinstance(value, Mapping):
        return "mapping", {key: contents(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _parts(value)
    if isinstance(value, Hashable) and (callable(value) or type(value).__eq__ is not object.__eq__):
        return value
    return type(value), repr(value)


def _parts(value: Any) -> Any:
    return type(value), {one.name: contents(getattr(value, one.name)) for one in fields(value)}
