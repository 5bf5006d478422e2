"""Parameters: angles that have a name and no value yet, and sums of them.

Taught in :doc:`/qubits/superposition`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Real
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_count, read_only

# An index is written in one way only: theta[02] beside theta[2] would be two names of one place.
_INDEX = r"(?:0|[1-9][0-9]*)"
_NAME = re.compile(rf"([^\[\]]*[^\[\]\s][^\[\]]*)(?:\[({_INDEX}(?:,{_INDEX})*)\])?")


class ParameterExpression:
    r"""A sum of parameters with real weights, and a number: an angle that waits for values.

    .. math:: \alpha = w_0 + \sum_j w_j\,\theta_j

    It comes from arithmetic with :class:`Parameter` and cannot be changed. A product of two parameters or a function
    of one is no such sum and is refused: gradients and the other packages' circuits rest on the slope being a number.

    Parameters
    ----------
    terms : sequence of (Parameter, float)
        Each parameter once, with its weight.
    offset : array_like of float
        The number in radians; an array, of the circuit's batch shape, once part of the sum is bound to a batch.

    Examples
    --------
    >>> a, b = Parameter("a"), Parameter("b")
    >>> angle = 2 * (a - b) + 0.5
    >>> angle
    2*a - 2*b + 0.5
    >>> angle.bind({a: 1.0})
    -2*b + 2.5
    >>> angle.bind({a: 1.0, b: [0.0, 0.25]})
    array([2.5, 2. ])

    References
    ----------
    Schuld, Bergholm, Gogolin, Izaac, Killoran, 2019, arXiv:1811.11184 (gates whose angle is a parameter).
    """

    terms: tuple[tuple["Parameter", float], ...]
    offset: NDArray[np.float64]

    def __init__(self, terms: Iterable[tuple["Parameter", float]], offset: ArrayLike = 0.0) -> None:
        pairs = tuple((parameter, float(weight)) for parameter, weight in terms)
        if len(pairs) > 1 and len({parameter for parameter, _ in pairs}) < len(pairs):
            raise ValueError(f"terms must hold each parameter once, not {pairs}: add them, a + a is 2*a")
        self.__dict__["terms"] = pairs
        self.__dict__["offset"] = read_only(np.array(offset, dtype=np.float64))

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{name} of a {type(self).__name__} cannot be changed: make a new one")

    @property
    def parameters(self) -> tuple["Parameter", ...]:
        """The parameters of the sum, in order of first use."""
        return tuple(parameter for parameter, _ in self.terms)

    def weight(self, parameter: "Parameter") -> float:
        """Return the slope of the sum in a parameter; 0 if it does not occur."""
        return dict(self.terms).get(parameter, 0.0)

    def bind(self, values: "Mapping[Parameter, ArrayLike]") -> "ParameterExpression | NDArray[np.float64]":
        """Return the sum with values for some parameters: an array once none is left, otherwise another sum."""
        offset, left = self.offset, []
        for parameter, weight in self.terms:
            if parameter in values:
                offset = offset + weight * np.asarray(values[parameter], dtype=np.float64)
            else:
                left.append((parameter, weight))
        return ParameterExpression(left, offset) if left else np.array(offset)

    def __add__(self, other: Any) -> "ParameterExpression":
        if isinstance(other, ParameterExpression):
            weights = dict(self.terms)
            for parameter, weight in other.terms:
                weights[parameter] = weights.get(parameter, 0.0) + weight
            terms = [(parameter, weight) for parameter, weight in weights.items() if weight]
            return ParameterExpression(terms, self.offset + other.offset)
        if not _is_real(other):
            return NotImplemented
        return ParameterExpression(self.terms, self.offset + _finite(other))

    def __mul__(self, other: Any) -> "ParameterExpression":
        if isinstance(other, ParameterExpression):
            self._refuse(f"its product with {other}")
        if not _is_real(other):
            return NotImplemented
        factor = _finite(other)
        terms = [(parameter, factor * weight) for parameter, weight in self.terms if factor]
        return ParameterExpression(terms, factor * self.offset)

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
            f"an angle must be a sum of parameters with numbers as weights, and of {self} you ask for {what}: "
            "compute it from the values, and bind the result"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ParameterExpression):
            return NotImplemented
        return dict(self.terms) == dict(other.terms) and np.array_equal(self.offset, other.offset)

    def __hash__(self) -> int:
        raise TypeError("a sum of parameters may hold an array, and cannot be a key: only a Parameter can")

    def __reduce__(self) -> tuple[Any, ...]:
        return ParameterExpression, (self.terms, np.array(self.offset))

    def __repr__(self) -> str:
        text = ""
        for parameter, weight in self.terms:
            size = "" if abs(weight) == 1 else f"{abs(weight):.6g}*"
            sign = (" - " if weight < 0 else " + ") if text else ("-" if weight < 0 else "")
            text += f"{sign}{size}{parameter.name}"
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


def named_values(
    free: "Sequence[Parameter]", values: Any, convert: Callable[[Any, str], Any] = as_angles
) -> "dict[Parameter, Any]":
    """Return the values of parameters, out of an array in their order, or of a mapping of names (also of vectors) to arrays.

    `convert` makes an array of what was given, and refuses what is none.

    Examples
    --------
    >>> x = parameters("x", 2)
    >>> named_values(x, [[1, 2], [3, 4], [5, 6]])
    {x[0]: array([1., 3., 5.]), x[1]: array([2., 4., 6.])}
    >>> named_values(x, {"x": [1, 2]}) == named_values(x, {"x[1]": 2, x[0]: 1})
    True
    """
    if not isinstance(values, Mapping):
        array = convert(values, "values")
        if array.ndim == 0 or array.shape[-1] != len(free):
            raise ValueError(
                f"values must have shape (..., {len(free)}), one for each of the free parameters ({_listed(free)}), "
                f"not {array.shape}"
            )
        return {parameter: array[..., place] for place, parameter in enumerate(free)}
    vectors: dict[str | None, list[Parameter]] = {}
    for parameter in free:
        vectors.setdefault(parameter.vector, []).append(parameter)
    singles = {parameter.name: [parameter] for parameter in free}
    found: dict[Parameter, Any] = {}
    for key, value in values.items():
        if not isinstance(key, str | Parameter):
            raise TypeError(f"values must map names or parameters to angles; {key!r} is neither")
        name = key.name if isinstance(key, Parameter) else key
        array = convert(value, f"value of {name}")
        elements, single = vectors.get(name, []), singles.get(name, [])
        if single and elements:
            raise ValueError(
                f"{name} is the name of a parameter and of a vector; bind the vector's elements by theirs"
            )
        if not single and not elements:
            raise ValueError(
                f"{name} is no free parameter of this circuit, nor a vector of them: it has {_listed(free)}"
            )
        new = dict.fromkeys(single, array) | (_elements(name, elements, array) if elements else {})
        for parameter in new:
            if parameter in found:
                raise ValueError(f"{parameter} is given twice: by its name and as itself, or in its vector")
        found |= new
    return found


def _elements(name: str, elements: "Sequence[Parameter]", array: Any) -> "dict[Parameter, Any]":
    """Return the element of the last axes that each parameter of a vector names."""
    axes = {len(parameter.index) for parameter in elements}
    if len(axes) > 1:
        raise ValueError(f"the indices of {name} must all have as many numbers, not {_listed(elements)}")
    need = tuple(1 + max(column) for column in zip(*(parameter.index for parameter in elements), strict=True))
    if tuple(array.shape[-len(need) :]) != need:
        raise ValueError(
            f"the value of {name} must have shape (..., {', '.join(map(str, need))}), up to the highest index that the "
            f"circuit uses ({_listed(elements)}), not {array.shape}"
        )
    lead = (slice(None),) * (array.ndim - len(need))
    return {parameter: array[lead + parameter.index] for parameter in elements}


def _listed(free: "Sequence[Parameter]") -> str:
    names = [parameter.name for parameter in free]
    return ", ".join(names if len(names) <= 6 else [*names[:4], "...", names[-1]]) or "none"


def refusal(free: "Sequence[Parameter]", to_do: str) -> str:
    """Return why a circuit with free parameters cannot do something.

    Examples
    --------
    >>> refusal([Parameter("t")], "run")
    'a circuit with free parameters (t) cannot run: bind it first, circuit.bind({name: values})'
    """
    return f"a circuit with free parameters ({_listed(free)}) cannot {to_do}: bind it first, circuit.bind({{name: values}})"


def _is_real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _finite(value: Any) -> float:
    return float(as_angles(float(value), "a number in an angle"))
