"""The engine: who computes what a reconciliation takes most of its time for, a compiler or NumPy."""

from importlib.util import find_spec
from typing import Literal, get_args

Engine = Literal["auto", "numba", "numpy"]


def engine_of(engine: Engine) -> Literal["numba", "numpy"]:
    """Return which engine is meant: "auto" is numba where it is installed, and NumPy elsewhere."""
    if engine not in get_args(Engine):
        raise ValueError(f"engine must be one of {', '.join(get_args(Engine))}, not {engine!r}")
    there = find_spec("numba") is not None
    if engine == "numba" and not there:
        raise ValueError(
            'engine "numba" takes the package numba: pip install "qlearn[fast]", or engine="numpy"'
        )
    return "numba" if engine != "numpy" and there else "numpy"
