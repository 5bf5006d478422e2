"""Values of parameters by their names, by the names of their vectors, or in order.

Taught in :doc:`/qubits/superposition`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qlearn._checks import as_angles
from qlearn.qubits.parameter import Parameter


def named_values(
    free: "Sequence[Parameter]", values: Any, convert: Callable[[Any, str], Any] = as_angles
) -> "dict[Parameter, Any]":
    """Return the values of parameters, out of an array in their order, or of a mapping of names (also of vectors) to arrays.

    `convert` makes an array of what was given, and refuses what is none.

    Examples
    --------
    >>> from qlearn.qubits import parameters
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
    >>> from qlearn.qubits import Parameter
    >>> refusal([Parameter("t")], "run")
    'a circuit with free parameters (t) cannot run: bind it first, circuit.bind({name: values})'
    """
    return f"a circuit with free parameters ({_listed(free)}) cannot {to_do}: bind it first, circuit.bind({{name: values}})"
