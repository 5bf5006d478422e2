"""Parameters of parameters: ``kernel__bandwidth`` for a search, where the kernel is a frozen object."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, Self

from sklearn.base import BaseEstimator


class NestedParameters(BaseEstimator):
    """A base of estimators that lets a search reach into the frozen dataclasses that were given as parameters.

    ``set_params(kernel__bandwidth=0.1)`` puts a changed copy in place of the kernel; the object that was given, and
    whoever else holds it, keeps its own.

    Examples
    --------
    >>> from qlearn.learning import QSVC, FidelityKernel
    >>> given = FidelityKernel("z")
    >>> machine = QSVC(kernel=given).set_params(kernel__bandwidth=0.1)
    >>> machine.kernel.bandwidth, given.bandwidth
    (0.1, 1.0)

    Taught in :doc:`/learning/qsvm`.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters; if `deep`, also those of dataclasses among them, as ``name__parameter``."""
        params = super().get_params(deep)
        if deep:
            for name, value in list(params.items()):
                params |= {f"{name}__{inner}": each for inner, each in _inner(value).items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, also those of dataclasses among them; return itself."""
        plain = {name: value for name, value in params.items() if "__" not in name}
        super().set_params(**plain)
        rest: dict[str, Any] = {}
        for name, value in params.items():
            outer, _, inner = name.partition("__")
            if not inner:
                continue
            if outer in self.get_params(deep=False) and _is_frozen(getattr(self, outer)):
                setattr(self, outer, _changed(getattr(self, outer), inner, value))
            else:
                rest[name] = value
        super().set_params(**rest)  # scikit-learn's own, and its own refusal
        return self


def _is_frozen(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _inner(value: Any) -> dict[str, Any]:
    """Return the parameters of a dataclass, and of those within it."""
    found: dict[str, Any] = {}
    if _is_frozen(value):
        for field in fields(value):
            each = getattr(value, field.name)
            found[field.name] = each
            found |= {f"{field.name}__{deeper}": more for deeper, more in _inner(each).items()}
    return found


def _changed(value: Any, path: str, to: Any) -> Any:
    """Return a copy of a dataclass with one parameter changed, however deep it lies."""
    name, _, deeper = path.partition("__")
    names = [field.name for field in fields(value)] if _is_frozen(value) else []
    if name not in names:
        offered = f"it has {', '.join(names)}" if names else "it has none"
        raise ValueError(f"{type(value).__name__} has no parameter {name!r}: {offered}")
    return replace(value, **{name: _changed(getattr(value, name), deeper, to) if deeper else to})
