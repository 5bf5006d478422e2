"""Parameters: angles that have a name and no value yet, sums of them, and of products of two.

Taught in :doc:`/qubits/superposition`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from numbers import Real
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_count, read_only

# An index is written in one way only: theta[02] beside theta[2] would be two names of one place.
_INDEX = r"(?:0|[1-9][0-9]*)"
_NAME = re.compile(rf"([^\[\]]*[^\[\]\s][^\[\]]*)(?:\[({_INDEX}(?:,{_INDEX})*)\])?")


class ParameterExpression:
    r"""A sum of parameters and of products of two of them, with real weights, and a number: an angle that waits for values.

    .. math:: \alpha = w_0 + \sum_j w_j\,\theta_j + \sum_{j<k} w_{jk}\,\theta_j\,\theta_k

    It comes from arithmetic with :class:`Parameter` and cannot be changed. In each parameter it is linear: so a trained factor
    may stand on a feature, and the slope in one is a number once the others are bound. Squares, products of three and functions
    are refused.

    Parameters
    ----------
    terms : sequence of (Parameter or pair of Parameter, array_like of float)
        Each parameter, and each product of two different ones as a pair, once, with its weight.
    offset : array_like of float
        The number in radians. It and the weights are arrays, of the circuit's batch shape, once part of it is bound to a batch.

    Examples
    --------
    >>> a, b, x = Parameter("a"), Parameter("b"), Parameter("x")
    >>> 2 * (a - b) + 0.5
    2*a - 2*b + 0.5
    >>> angle = a * x + b
    >>> angle.bind({x: 3.0})
    3*a + b
    >>> angle.bind({a: 1.0, b: 0.5, x: [0.0, 0.25]})
    array([0.5 , 0.75])

    References
    ----------
    Schuld, Bergholm, Gogolin, Izaac, Killoran, 2019, arXiv:1811.11184 (gates whose angle is a parameter).
    Pérez-Salinas et al., 2020, arXiv:1907.02085 (trained factors on features).
    """

    terms: tuple[tuple[Any, Any], ...]
    offset: NDArray[np.float64]

    def __init__(self, terms: Iterable[tuple[Any, ArrayLike]], offset: ArrayLike = 0.0) -> None:
        pairs = tuple((term, _number(weight)) for term, weight in terms)
        if len(pairs) > 1 and len({_unordered(term) for term, _ in pairs}) < len(pairs):
            raise ValueError(f"terms must hold each parameter once, not {pairs}: add them, a + a is 2*a")
        for term, _ in pairs:
            if isinstance(term, tuple) and len(set(term)) != 2:
                raise ValueError(f"terms must be parameters or pairs of two different ones, not {term}")
        self.__dict__["terms"] = pairs
        self.__dict__["offset"] = read_only(np.array(offset, dtype=np.float64))

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{name} of a {type(self).__name__} cannot be changed: make a new one")

    @property
    def parameters(self) -> tuple["Parameter", ...]:
        """The parameters that it waits for, in order of first use."""
        found = [parameter for term, _ in self.terms for parameter in _factors(term)]
        return tuple(found if len(found) == len(self.terms) else dict.fromkeys(found))

    @property
    def shape(self) -> tuple[int, ...]:
        """Batch shape of its numbers."""
        arrays = [weight.shape for _, weight in self.terms if isinstance(weight, np.ndarray)]
        return np.broadcast_shapes(self.offset.shape, *arrays) if arrays else self.offset.shape

    def weight(self, parameter: "Parameter") -> Any:
        """Return the slope in a parameter: a number, 0 if it does not occur, or an expression of what it is multiplied with."""
        terms: list[Any] = []
        number: Any = 0.0
        for term, weight in self.terms:
            factors = _factors(term)
            if parameter in factors:
                others = [other for other in factors if other != parameter]
                if others:
                    terms.append((others[0], weight))
                else:
                    number = number + weight
        return ParameterExpression(terms, number) if terms else number

    def bind(self, values: "Mapping[Parameter, ArrayLike]") -> "ParameterExpression | NDArray[np.float64]":
        """Return it with values for some parameters: an array once none is left, otherwise another expression."""
        offset: Any = self.offset
        left: dict[Any, Any] = {}
        for term, weight in self.terms:
            free = []
            for parameter in _factors(term):
                if parameter in values:
                    weight = weight * np.asarray(values[parameter], dtype=np.float64)
                else:
                    free.append(parameter)
            if free:
                # also where it is 0: what waits for a value goes on waiting
                _gather(left, _term(free), weight)
            else:
                offset = offset + weight
        return ParameterExpression(left.items(), offset) if left else np.array(offset)

    def with_numbers(self, change: Callable[[Any], Any]) -> "ParameterExpression":
        """Return it with `change` of each weight and of the offset in their places."""
        return ParameterExpression(
            [(term, change(weight)) for term, weight in self.terms], change(self.offset)
        )

    def __add__(self, other: Any) -> "ParameterExpression":
        if isinstance(other, ParameterExpression):
            weights = dict(self.terms)
            for term, weight in other.terms:
                _gather(weights, term, weight)
            kept = [(term, weight) for term, weight in weights.items() if _counts(weight)]
            return ParameterExpression(kept, self.offset + other.offset)
        if not _is_real(other):
            return NotImplemented
        return ParameterExpression(self.terms, self.offset + _finite(other))

    def __mul__(self, other: Any) -> "ParameterExpression":
        if isinstance(other, ParameterExpression):
            return self._times(other)
        if not _is_real(other):
            return NotImplemented
        factor = _finite(other)
        terms = [(term, factor * weight) for term, weight in self.terms if factor]
        return ParameterExpression(terms, factor * self.offset)

    def _times(self, other: "ParameterExpression") -> "ParameterExpression":
        weights: dict[Any, Any] = {(): 0.0}
        for (left, one), (right, two) in product(
            (*self.terms, ((), self.offset)), (*other.terms, ((), other.offset))
        ):
            factors, weight = _factors(left) + _factors(right), one * two
            if not _counts(weight):
                continue
            if len(set(factors)) < len(factors):
                self._refuse(f"its product with {other}, which has a square")
            if len(factors) > 2:
                self._refuse(f"its product with {other}, which has one of {len(factors)} parameters")
            _gather(weights, _term(factors), weight)
        offset = weights.pop(())
        return ParameterExpression(weights.items(), offset)

    def __truediv__(self, other: Any) -> "ParameterExpression":
        if isinstance(other, ParameterExpression):
            self._refuse(f"its quotient with {other}")
        return self * (1 / other) if _is_real(other) else NotImplemented

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> "ParameterExpression":
        return self * -1.0

    def __pos__(self) -> "ParameterExpression":
        return self

    def __sub__(self, other: Any) -> "ParameterExpression":
        return (
            self + -1.0 * other
            if isinstance(other, ParameterExpression) or _is_real(other)
            else NotImplemented
        )

    def __rsub__(self, other: Any) -> "ParameterExpression":
        return -self + other if _is_real(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> NoReturn:
        self._refuse("its reciprocal")

    def __pow__(self, other: Any) -> NoReturn:
        self._refuse("its power")

    def __rpow__(self, other: Any) -> NoReturn:
        self._refuse("a power of it")

    def __float__(self) -> float:
        raise TypeError(
            f"{self} has no value yet: it is a parameter of a circuit. Bind it first, or use it as an angle"
        )

    def _function(self) -> NoReturn:
        self._refuse("a function of it")

    # NumPy's functions call the method of their name on an object.
    sin = cos = tan = arcsin = arccos = arctan = sinh = cosh = tanh = exp = log = sqrt = square = _function

    def __abs__(self) -> NoReturn:
        self._refuse("its absolute value")

    def __mod__(self, other: Any) -> NoReturn:
        self._refuse("a remainder of it")

    def __floordiv__(self, other: Any) -> NoReturn:
        self._refuse("a quotient of it without rest")

    def _refuse(self, what: str) -> NoReturn:
        raise TypeError(
            "an angle must be a sum of parameters and of products of two different ones, with numbers as weights, and of "
            f"{self} you ask for {what}: compute it from the values, and bind the result"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ParameterExpression):
            return NotImplemented
        ours, theirs = ({_unordered(term): weight for term, weight in each.terms} for each in (self, other))
        return (
            ours.keys() == theirs.keys()
            and all(np.array_equal(weight, theirs[factors]) for factors, weight in ours.items())
            and np.array_equal(self.offset, other.offset)
        )

    def __hash__(self) -> int:
        raise TypeError("a sum of parameters may hold an array, and cannot be a key: only a Parameter can")

    def __reduce__(self) -> tuple[Any, ...]:
        return ParameterExpression, (self.terms, np.array(self.offset))

    def __repr__(self) -> str:
        text = ""
        for term, weight in self.terms:
            if np.ndim(weight):
                size, minus = f"<array {weight.shape}>*", False
            else:
                size, minus = "" if abs(weight) == 1 else f"{abs(weight):.6g}*", weight < 0
            sign = (" - " if minus else " + ") if text else ("-" if minus else "")
            text += f"{sign}{size}{'*'.join(parameter.name for parameter in _factors(term))}"
        if self.offset.ndim:
            return f"{text} + <array {self.offset.shape}>"
        number = float(self.offset)
        if not text:
            return f"{number:.6g}"
        return text + (f" {'-' if number < 0 else '+'} {abs(number):.6g}" if number else "")


class Parameter(ParameterExpression):
    r"""An angle that has a name and no value yet.

    Two parameters of one name are the same one. A name such as ``theta[2]`` or ``theta[0,1]`` says that the parameter
    is an element of the vector ``theta``: :func:`parameters` makes all of one.

    Parameters
    ----------
    name : str
        Without brackets, or with an index in brackets at its end.

    Examples
    --------
    >>> from qlearn.qubits import Circuit
    >>> t = Parameter("t")
    >>> circuit = Circuit(1).ry(t, 0).rz(2 * t, 0)
    >>> circuit.parameters
    (t,)
    >>> circuit.bind({"t": [0.0, 3.0]})
    Circuit(1).ry(<array (2,)>, 0).rz(<array (2,)>, 0)

    References
    ----------
    Javadi-Abhari et al., *Quantum computing with Qiskit* (2024), arXiv:2405.08810 (parameterised circuits).
    """

    name: str
    vector: str | None
    """Name of the vector that it is an element of, or None."""
    index: tuple[int, ...]
    """Its place in the vector; empty if there is none."""

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"name must be a string, not {name!r}")
        if (read := _NAME.fullmatch(name)) is None:
            raise ValueError(f"name must be like 'theta', 'theta[2]' or 'theta[0,1]', not {name!r}")
        numbers = read[2].split(",") if read[2] else []
        self.__dict__["name"], self.__dict__["vector"] = name, read[1] if numbers else None
        self.__dict__["index"] = tuple(int(number) for number in numbers)
        super().__init__([(self, 1.0)])

    def __eq__(self, other: object) -> bool:
        return self.name == other.name if isinstance(other, Parameter) else super().__eq__(other)

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return Parameter, (self.name,)

    def __repr__(self) -> str:
        return self.name


def parameters(name: str, *shape: int | tuple[int, ...]) -> NDArray[np.object_]:
    r"""Return a vector of parameters, as an array of shape `shape` with one for each index.

    Parameters
    ----------
    name : str
        Name of the vector: its elements are ``name[0]``, ``name[1]``, or ``name[0,0]``, ``name[0,1]``.
    *shape : int
        Length of each axis; or one tuple of them, as NumPy's functions take it.

    Returns
    -------
    ndarray of Parameter, shape `shape`

    Examples
    --------
    >>> parameters("theta", 2, 2)
    array([[theta[0,0], theta[0,1]],
           [theta[1,0], theta[1,1]]], dtype=object)
    >>> 2 * parameters("x", 2) + 0.5
    array([2*x[0] + 0.5, 2*x[1] + 0.5], dtype=object)

    References
    ----------
    Javadi-Abhari et al., 2024, arXiv:2405.08810 (Qiskit's ParameterVector).
    """
    if Parameter(name).index:
        raise ValueError(f"name must be that of the vector, without an index, not {name!r}")
    lengths: tuple[Any, ...] = (
        tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    )
    if not lengths:
        raise ValueError(
            f"shape must have at least one length; for a single parameter write Parameter({name!r})"
        )
    lengths = tuple(as_count(length, "shape") for length in lengths)
    vector = np.empty(lengths, dtype=object)
    for index in np.ndindex(*lengths):
        vector[index] = Parameter(f"{name}[{','.join(map(str, index))}]")
    return vector


def as_angle(angle: Any, name: str = "angle") -> "NDArray[np.float64] | ParameterExpression":
    """Return an angle as float64 of any shape, or as the expression that it is; one that depends on nothing is its number.

    Examples
    --------
    >>> t = Parameter("t")
    >>> as_angle(t - 1), as_angle(t - t), as_angle(1)
    (t - 1, array(0.), array(1.))
    """
    array = np.asarray(angle) if isinstance(angle, np.ndarray | list | tuple) else None
    if array is not None and array.dtype == object:
        if array.ndim == 0:
            angle = array.item()
        elif any(isinstance(element, ParameterExpression) for element in array.flat):
            raise TypeError(
                f"{name} must be one parameter, not an array of {array.size}: a gate has one angle. Take one element, "
                "and bind it to an array for a batch"
            )
    if isinstance(angle, ParameterExpression):
        return angle if angle.terms else np.array(angle.offset)
    return as_angles(angle, name)


def _is_real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _finite(value: Any) -> float:
    return float(as_angles(float(value), "a number in an angle"))


def _number(value: Any) -> Any:
    if isinstance(value, float) or np.ndim(value) == 0:
        return float(value)
    return read_only(np.array(value, dtype=np.float64))


def _counts(weight: Any) -> bool:
    return bool(weight) if isinstance(weight, float) else bool(np.any(weight))


def _factors(term: Any) -> tuple[Any, ...]:
    """Return the parameters that a term is the product of."""
    return term if isinstance(term, tuple) else (term,)


def _term(factors: Sequence[Any]) -> Any:
    """Return the term that is the product of parameters; of none, an empty one."""
    return factors[0] if len(factors) == 1 else tuple(factors)


def _unordered(term: Any) -> Any:
    return frozenset(term) if isinstance(term, tuple) else term


def _gather(weights: dict[Any, Any], term: Any, weight: Any) -> None:
    """Add to the weight of a term, in whichever order its factors stand there."""
    if isinstance(term, tuple) and term[::-1] in weights:
        term = term[::-1]
    weights[term] = weights.get(term, 0.0) + weight
