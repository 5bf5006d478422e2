"""Checkpoints: everything that the next round of a run depends on, in one file that is whole or is not there."""

import io
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.networks.federated.history import Failure, History, Round

_FORMAT = "qlearn.networks.federated 1"
_ARRAY, _TUPLE = "__array__", "__tuple__"


@dataclass(frozen=True)
class Checkpoint:
    """A run after one of its rounds: model, memory of the strategy, random numbers to come, and the record so far.

    The file is NumPy's ``.npz`` with one entry of JSON and one for each array: no pickle, so that a file from a stranger
    can be wrong but cannot run anything. It is written beside its place and moved there, so that who reads finds the
    last whole one; what a process that was killed in the act leaves beside it (``*.part``), nobody reads.

    Parameters
    ----------
    run : mapping
        What identifies the run: strategy, clients, shapes, options. Another one is refused.
    history : History
        The rounds so far; its `parameters` and `state` are where the next one starts.
    generator : mapping
        The state of the generator of random numbers.

    Examples
    --------
    >>> import tempfile
    >>> history = History([np.array([0.5])], [Round(1)], state=[np.array([1.0])])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Checkpoint({"strategy": "mine"}, history, {}).save(Path(folder) / "run.npz")
    ...     Checkpoint.load(Path(folder) / "run.npz").history
    History(1 rounds)
    """

    run: Mapping[str, Any]
    history: History
    generator: Mapping[str, Any]

    def save(self, path: str | os.PathLike) -> None:
        """Write the file, or leave the one that is there as it is."""
        path = Path(path)
        arrays: list[NDArray] = []
        told = {
            "format": _FORMAT,
            "run": self.run,
            "parameters": _packed(list(self.history.parameters), arrays),
            "state": _packed(self.history.state, arrays),
            "generator": _packed(self.generator, arrays),
            "rounds": [_told(r) for r in self.history.rounds],
        }
        buffer = io.BytesIO()
        text = np.frombuffer(json.dumps(told).encode(), np.uint8)
        named: dict[str, Any] = {f"array_{i}": a for i, a in enumerate(arrays)}
        np.savez(buffer, told=text, **named)
        # A name that nobody knows before: in a folder of many, a link that waits there would lead the writing elsewhere.
        handle, beside = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.absolute().parent)
        try:
            with open(handle, "wb") as file:
                file.write(buffer.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        finally:
            Path(beside).unlink(missing_ok=True)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Checkpoint":
        """Read the file; refuse one that is damaged or something else."""
        written = Path(path).read_bytes()
        try:
            with np.load(io.BytesIO(written), allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            told = json.loads(arrays.pop("told").tobytes())
            if told["format"] != _FORMAT:
                raise ValueError(f"its format is {told['format']!r}, not {_FORMAT!r}")
            history = History(
                _unpacked(told["parameters"], arrays),
                [_round(r) for r in told["rounds"]],
                state=_unpacked(told["state"], arrays),
            )
            generator = _unpacked(told["generator"], arrays)
            if not isinstance(told["run"], dict) or not isinstance(generator, dict):
                raise ValueError("its run and its generator must be dictionaries")
            if not isinstance(history.parameters, list) or not all(
                isinstance(r.failed, str) for r in history.rounds
            ):
                raise ValueError("its model must be a list, and the reasons of its rounds texts")
            return cls(told["run"], history, generator)
        except Exception as error:  # a damaged archive fails in many ways
            raise ValueError(
                f"path must be a checkpoint of federated.run; {os.fspath(path)!r} is none, or is damaged: {error}"
            ) from error

    def refuse_another(self, run: Mapping[str, Any]) -> None:
        """Refuse to go on with a run that is not this one."""
        now = json.loads(json.dumps(run))
        for key in {**self.run, **now}:
            was, comes = self.run.get(key), now.get(key)
            if was != comes:
                raise ValueError(
                    f"path must be a checkpoint of this run; it is of another, whose {key} is {was!r}, not {comes!r}"
                )


def refuse_unsavable(state: Any) -> None:
    """Refuse a state of a strategy that no file can hold without pickle."""
    _packed(state, [])


def generator_of(state: Mapping[str, Any]) -> np.random.Generator:
    """Return a generator that goes on where one stopped.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> other = generator_of(rng.bit_generator.state)
    >>> bool(rng.random() == other.random())
    True
    """
    kind = getattr(np.random, str(state.get("bit_generator")), None)
    if not (isinstance(kind, type) and issubclass(kind, np.random.BitGenerator)):
        raise ValueError(
            f"the generator of a run with a checkpoint must be one of NumPy's, such as PCG64, not {state.get('bit_generator')!r}"
        )
    bits = kind()
    bits.state = state
    return np.random.Generator(bits)


def _packed(value: Any, arrays: list[NDArray]) -> Any:
    """Return a value as JSON holds it; its arrays go to the list, and a number stands in for each."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "buifcSU":
        arrays.append(np.asarray(value))
        return {_ARRAY: len(arrays) - 1, "scalar": isinstance(value, np.generic)}
    if isinstance(value, list):
        return [_packed(one, arrays) for one in value]
    if isinstance(value, tuple) and type(value) is tuple:
        return {_TUPLE: [_packed(one, arrays) for one in value]}
    if (
        isinstance(value, Mapping)
        and all(isinstance(key, str) for key in value)
        and not {_ARRAY, _TUPLE} & set(value)
    ):
        return {key: _packed(one, arrays) for key, one in value.items()}
    raise TypeError(
        "the state of a strategy must be None, numbers, strings, arrays of numbers, or lists, tuples and dictionaries of these "
        f"to be kept in a checkpoint, not {type(value).__name__}"
    )


def _unpacked(value: Any, arrays: Mapping[str, NDArray]) -> Any:
    if isinstance(value, list):
        return [_unpacked(one, arrays) for one in value]
    if isinstance(value, dict):
        if _ARRAY in value:
            array = arrays[f"array_{value[_ARRAY]}"]
            return array[()] if value["scalar"] else array
        if _TUPLE in value:
            return tuple(_unpacked(one, arrays) for one in value[_TUPLE])
        return {key: _unpacked(one, arrays) for key, one in value.items()}
    return value


def _told(record: Round) -> dict[str, Any]:
    return asdict(record)


def _round(told: dict[str, Any]) -> Round:
    return Round(**{**told, "failures": tuple(Failure(**one) for one in told["failures"])})
