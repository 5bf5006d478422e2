"""Checks of arguments: each refuses before any work is done, and says what was expected."""

from collections.abc import Iterable, Sized
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Number = TypeVar("_Number", bound=np.generic)
_Chosen = TypeVar("_Chosen")

# States are products of a few dozen float64 operations; 1e-8 forgives those and no real mistake.
_NORM_TOLERANCE = 1e-8

# What the last digits of a coarser format may add up to, in units of its smallest step.
_COARSE_STEPS = 16

# 16 GiB of amplitudes, 16 bytes each: nobody asks for more on purpose.
_MOST_QUBITS = 30


def as_choice(value: _Chosen, options: Iterable[str], name: str) -> _Chosen:
    """Return `value` if it is one of these names."""
    options = tuple(options)
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} must be one of {', '.join(options)}, not {value!r}")
    return value


def as_rng(rng: Any) -> np.random.Generator:
    """Turn `rng` (None, a seed, a Generator) into a Generator; a given Generator is used, not copied."""
    return np.random.default_rng(rng)


def as_bits(x: ArrayLike, name: str, *, ndim: int | None = 1) -> NDArray[np.uint8]:
    """Return `x` as a uint8 array of zeros and ones, with `ndim` axes (None: any number)."""
    array = np.asarray(x)
    if array.size == 0:
        raise ValueError(f"{name} must be a non-empty array of 0 and 1, but it is empty")
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must be an array of 0 and 1, not of {array.dtype}")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must be an array of 0 and 1 with {ndim} axis, not of shape {array.shape}")
    # One look at the largest value settles the unsigned case, which is every long key.
    binary = array.dtype == bool or (
        array.max() <= 1 if array.dtype.kind == "u" else bool(((array == 0) | (array == 1)).all())
    )
    if not binary:
        wrong = array[(array != 0) & (array != 1)].flat[0]
        raise ValueError(f"{name} must be an array of 0 and 1; it holds {wrong}")
    return array.astype(np.uint8, copy=False)


def as_probability(x: Any, name: str) -> float:
    """Return `x` as a float between 0 and 1."""
    if isinstance(x, bool) or not isinstance(x, Real):
        raise TypeError(f"{name} must be a number between 0 and 1, not {type(x).__name__}")
    value = float(x)
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be a probability between 0 and 1, not {x}")
    return value


def as_probabilities(x: ArrayLike | float, name: str, what: str = "probabilities") -> NDArray[np.float64]:
    """Return `x` as a float array, of any shape, of numbers between 0 and 1."""
    if isinstance(x, float) and 0 <= x <= 1:  # a fifth of the time that an array takes
        return np.asarray(x)
    array = np.asarray(x)
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must be {what}, numbers between 0 and 1, not {x!r}")
    inside = (array >= 0) & (array <= 1)
    if not inside.all():
        raise ValueError(f"{name} must be {what} between 0 and 1, not {array[~inside].flat[0]} (1 % is 0.01)")
    return array.astype(np.float64, copy=False)


def as_count(x: Any, name: str, least: int = 1) -> int:
    """Return `x` as an int that is at least `least`."""
    # What is asked first is known at once; an abstract class takes ten times as long.
    if type(x) is not int and (isinstance(x, bool) or not isinstance(x, Integral)):
        raise TypeError(f"{name} must be a whole number, not {x!r}")
    value = int(x)
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {x}")
    return value


def as_real(
    x: Any, name: str, *, least: float = -np.inf, most: float = np.inf, above: float = -np.inf
) -> float:
    """Return `x` as a finite float between `least` and `most`, and above `above`."""
    if type(x) is not float and (isinstance(x, bool) or not isinstance(x, Real)):
        raise TypeError(f"{name} must be a number, not {type(x).__name__}")
    value = float(x)
    if not isfinite(value) or not least <= value <= most:
        span = f" between {least} and {most}" if least > -np.inf or most < np.inf else ""
        raise ValueError(f"{name} must be a finite number{span}, not {x}")
    if not value > above:
        raise ValueError(f"{name} must be above {above:g}, not {x}")
    return value


def as_failure(x: Any, name: str = "failure") -> float:
    """Return `x` as the probability that a statement about finite data fails: above 0 and below 1."""
    value = as_real(x, name)
    if not 0 < value < 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value:g}: no finite session is certain")
    return value


def as_reals(x: ArrayLike, name: str, *, least: float = -np.inf, most: float = np.inf) -> NDArray[np.float64]:
    """Return `x` as finite floats, of any shape, between `least` and `most`."""
    array = np.asarray(x)
    if array.dtype.kind not in "uif":
        raise TypeError(f"{name} must be a number or an array of numbers, not {x!r}")
    array = array.astype(np.float64)
    wrong = array[~(np.isfinite(array) & (array >= least) & (array <= most))]
    if wrong.size:
        span = f" and at least {least:g}" if least > -np.inf else ""
        span = f" and between {least:g} and {most:g}" if most < np.inf else span
        raise ValueError(f"{name} must be finite{span}, not {wrong.flat[0]:g}")
    return array


def as_angles(x: Any, name: str = "angle") -> NDArray[np.float64]:
    """Return `x` as new finite floats, of any shape: angles in radians."""
    array = np.asarray(x)
    if array.dtype.kind not in "uif":
        raise TypeError(f"{name} must be radians, a real number or an array of them, not {x!r}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite angles in radians; it holds NaN or infinity")
    return array.astype(np.float64)


def broadcast(**arrays: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Broadcast the arrays against each other, or say which shapes do not fit."""
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array.ndim)
        raise ValueError(f"the arguments must broadcast against each other, not: {shapes}") from None


def as_signs(y: ArrayLike, name: str = "y") -> NDArray[np.float64]:
    """Return `y` as labels -1 and 1, of any shape; refuse others, and one class alone."""
    signs = as_reals(y, name)
    if not signs.size or not (np.abs(signs) == 1).all() or len(np.unique(signs)) < 2:
        raise ValueError(f"{name} must hold the labels -1 and 1, and both of them")
    return signs


def norm_tolerance(dtype: np.dtype) -> float:
    """Return how far from 1 the norm of a state that came in this format may be: 1e-8, or its own rounding."""
    coarse = _COARSE_STEPS * float(np.finfo(dtype).eps) if dtype.kind in "fc" else 0.0
    return max(_NORM_TOLERANCE, coarse)


def as_register(x: Any, name: str = "n_qubits", least: int = 1) -> int:
    """Return `x` as a number of qubits whose amplitudes a computer can hold."""
    n = as_count(x, name, least)
    if n > _MOST_QUBITS:
        raise ValueError(
            f"{name} must be at most {_MOST_QUBITS}, not {n}: a state of n qubits has 2**n amplitudes of 16 bytes, "
            f"here {2.0 ** (n - 26):,.0f} GiB, and each further qubit doubles it"
        )
    return n


def n_qubits_of(array: NDArray, name: str = "state") -> int:
    """Return how many qubits the last axis of `array` spans."""
    size = array.shape[-1] if array.ndim else 0
    n = size.bit_length() - 1
    if size < 2 or size != 1 << n:
        raise ValueError(
            f"{name} must have 2, 4, 8, ... amplitudes on its last axis (2**n for n qubits), not shape {array.shape}"
        )
    return n


def as_states(x: ArrayLike, name: str = "state", n_qubits: int | None = None) -> NDArray[np.complex128]:
    """Return `x` as normalised state vectors, complex128 of shape (..., 2**n), whatever precision it came in."""
    array = np.asarray(x)
    if array.dtype.kind not in "buifc":
        raise TypeError(f"{name} must be an array of amplitudes, not of {array.dtype}")
    tolerance, coarse = norm_tolerance(array.dtype), is_coarse(array.dtype)
    array = array.astype(np.complex128, copy=False)
    n = n_qubits_of(array, name)
    if n_qubits is not None and n != n_qubits:
        raise ValueError(
            f"{name} must have {1 << n_qubits} amplitudes for {n_qubits} qubits, not {array.shape[-1]} for {n}"
        )
    weights = np.einsum("...i,...i->...", array, array.conj()).real
    if not np.isfinite(weights).all():
        raise ValueError(f"{name} must be finite; it holds NaN or infinity")
    off = np.abs(weights - 1)
    if off.size and off.max() > tolerance:
        worst = weights.flat[off.argmax()]
        raise ValueError(
            f"{name} must be normalised: the probabilities sum to {worst:.6g}, not 1. "
            "Divide it by np.linalg.norm(state, axis=-1, keepdims=True)"
        )
    if coarse:  # what comes after is double, and strict
        array = array / np.sqrt(weights)[..., None]
    return array


def read_only(array: NDArray[_Number]) -> NDArray[_Number]:
    """Return the array so that nobody writes into it by this name: it is shared, or kept for the next who asks."""
    view = array.view()
    view.flags.writeable = False
    return view


def is_coarse(dtype: np.dtype) -> bool:
    """Tell whether numbers of this format carry more rounding than the checks of double precision forgive."""
    return norm_tolerance(dtype) > _NORM_TOLERANCE


def as_unitary(array: NDArray, refusal: str) -> NDArray[np.complex128]:
    """Return square matrices as unitary ones in complex128, or refuse them in these words."""
    tolerance, coarse = norm_tolerance(array.dtype), is_coarse(array.dtype)
    array = array.astype(np.complex128)
    # The negated form also refuses NaN.
    if not np.abs(array.mT.conj() @ array - np.eye(array.shape[-1])).max() < tolerance:
        raise ValueError(refusal)
    if coarse:  # the nearest unitary
        left, _, right = np.linalg.svd(array)
        array = left @ right
    return array


def as_wires(wires: int | Iterable[int] | None, n_qubits: int, name: str = "wires") -> tuple[int, ...]:
    """Return `wires` as a tuple of different wires in range; None means all of them."""
    if wires is None:
        return tuple(range(n_qubits))
    listed: list[Any] = list(wires) if isinstance(wires, Iterable) else [wires]
    if not listed:
        raise ValueError(f"{name} must name at least one wire of 0 to {n_qubits - 1}")
    for wire in listed:
        if isinstance(wire, bool) or not isinstance(wire, Integral):
            raise TypeError(f"{name} must be whole numbers, not {wire!r}")
        if not 0 <= int(wire) < n_qubits:
            raise ValueError(f"{name} must lie in 0 to {n_qubits - 1} for {n_qubits} qubits, not {wire}")
    if len(set(listed)) != len(listed):
        raise ValueError(f"{name} must be different wires, not {listed}")
    return tuple(int(wire) for wire in listed)


def same_length(first: Sized, second: Sized, names: str) -> None:
    """Refuse two sequences that should pair up and do not."""
    if len(first) != len(second):
        raise ValueError(f"{names} must have the same length, not {len(first)} and {len(second)}")


def same_columns(**arrays: NDArray) -> None:
    """Refuse columns of one table that are no arrays or not all as long as the first."""
    first, *_ = arrays
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{name} must be a NumPy array, not {type(array).__name__}")
        same_length(arrays[first], array, f"{first} and {name}")


def as_trials(x: ArrayLike, name: str = "n") -> NDArray:
    """Return `x` as an array, of any shape, of whole numbers of trials, at least 1."""
    array = np.asarray(x)
    if array.dtype.kind not in "uif" or not ((array >= 1) & (array == np.floor(array))).all():
        raise ValueError(f"{name} must be whole numbers of trials, at least 1, not {array}")
    return array


def as_columns(**arrays: Any) -> list[NDArray[np.uint8]]:
    """Return columns of one table as uint8 arrays of 0 and 1, of one length, which may be 0.

    An array of floats is refused even if it holds 0.0 and 1.0: whoever has one computed something else.
    """
    same_columns(**arrays)
    columns = []
    for name, array in arrays.items():
        if array.dtype.kind not in "bui":
            raise TypeError(f"{name} must be an array of the whole numbers 0 and 1, not of {array.dtype}")
        if array.ndim != 1:
            raise ValueError(f"{name} must have one axis, not the shape {array.shape}")
        if array.size and array.dtype != bool and not (array.max() <= 1 and array.min() >= 0):
            wrong = array[(array != 0) & (array != 1)][0]
            raise ValueError(f"{name} must hold 0 and 1 only; it holds {wrong}")
        columns.append(array.view(np.uint8) if array.dtype == bool else array.astype(np.uint8, copy=False))
    return columns
