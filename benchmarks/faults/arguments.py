"""Malformed arguments: each must raise before a word is said and before any key is spent."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import numpy as np

from qlearn._types import Bits
from qlearn.communication import bb84
from qlearn.communication.secret_key import AuthenticationKey, PublicChannel, distill


@dataclass(frozen=True)
class Asked:
    """The arguments of a session before one of them is spoiled."""

    given: bb84.Transmission | bb84.SiftedKeys
    pool: AuthenticationKey
    line: PublicChannel
    rng: np.random.Generator


def _one_is(value: Any, dtype: Any) -> Callable[[Bits], Any]:
    def spoiled(bits: Bits) -> Any:
        column = bits.astype(dtype)
        column[column.size // 2] = value
        return column

    return spoiled


_COLUMNS: dict[str, Callable[[Bits], Any]] = {
    "a 2": _one_is(2, np.uint8),
    "a 255": _one_is(255, np.uint8),
    "a -1": _one_is(-1, np.int8),
    "a NaN": _one_is(np.nan, float),
    "a half": _one_is(0.5, float),
    "floats": lambda bits: bits.astype(float),
    "complex": lambda bits: bits.astype(complex),
    "objects": lambda bits: bits.astype(object),
    "letters": lambda bits: bits.astype(str),
    "two axes": lambda bits: bits.reshape(1, -1),
    "one short": lambda bits: bits[:-1],
    "none": lambda bits: bits[:0],
    "a list": lambda bits: bits.tolist(),
    "None": lambda bits: None,
}
_CHANCES = (0, 1, 2, -1, np.nan, np.inf, 1e-200, 5e-324, "1e-3", None, True, [1e-3], 1e-3j)
_OPTIONS: dict[str, tuple[Any, ...]] = {
    "transmission": (None, [0, 1], "bits", bb84.Transmission, 3, np.zeros(9, dtype=np.uint8)),
    "security": _CHANCES,
    "correctness": _CHANCES,
    "reconciliation": ("winnow", "", None, 3, ["cascade"], b"cascade"),
    "authentication_key": (None, np.ones(512), b"x" * 64, "key", AuthenticationKey),
    "sample": (
        500,
        "ZX",
        [1, 2],
        {},
        {"Z": 5},
        {"Z": 5, "X": 5, "Y": 5},
        {"Z": -1, "X": 5},
        {"Z": 5, "X": 5.0},
        {"Z": np.nan, "X": 5},
        {"Z": True, "X": 5},
        {"Z": 5, "X": 10**5000},
        {"Z": 5, "X": None},
    ),
    "channel": (3, "line", PublicChannel, print),
    "rng": ("seed", -1, 1.5, object()),
}
_KEYS: dict[str, Any] = {
    "a 2": [0, 1, 2] * 200,
    "a -1": [0, 1, -1] * 200,
    "a NaN": [0, 1, np.nan] * 200,
    "two axes": [[0, 1]] * 300,
    "all the same": np.ones(512),
    "nothing": [],
    "letters": "01" * 300,
}
_LINES: dict[str, dict[str, Any]] = {
    "an eve that is none": {"eve": 3},
    "patience below 0": {"patience_s": -1},
    "patience NaN": {"patience_s": np.nan},
    "patience without end": {"patience_s": np.inf},
    "patience of 1e300 s": {"patience_s": 1e300},
    "patience in letters": {"patience_s": "1"},
}


def _with_column(spoil: Callable[[Bits], Any], asked: Asked) -> Any:
    names = [f.name for f in fields(asked.given) if f.name not in ("eve", "origin")]
    columns = {name: getattr(asked.given, name) for name in names}
    name = names[asked.rng.integers(len(names))]
    columns[name] = spoil(columns[name])
    kind: Any = type(asked.given)
    return distill(kind(**columns), authentication_key=asked.pool, channel=asked.line, rng=1)


def _with_option(name: str, value: Any, asked: Asked) -> Any:
    right: dict[str, Any] = {
        "transmission": asked.given,
        "authentication_key": asked.pool,
        "channel": asked.line,
        "rng": 1,
    }
    return distill(**{**right, name: value})


def _with_key(bits: Any, asked: Asked) -> Any:
    pool = AuthenticationKey(bits)
    return distill(asked.given, authentication_key=pool, channel=asked.line, rng=1)


def _with_line(options: dict[str, Any], asked: Asked) -> Any:
    return distill(asked.given, authentication_key=asked.pool, channel=PublicChannel(**options), rng=1)


ARGUMENTS: dict[str, Callable[[Asked], Any]] = {
    **{f"a column with {what}": partial(_with_column, spoil) for what, spoil in _COLUMNS.items()},
    **{
        f"{name} no. {number}": partial(_with_option, name, value)
        for name, values in _OPTIONS.items()
        for number, value in enumerate(values)
    },
    **{f"a key with {what}": partial(_with_key, bits) for what, bits in _KEYS.items()},
    **{what: partial(_with_line, options) for what, options in _LINES.items()},
}
"""Calls of `distill` with one argument spoiled, by name."""
