"""What every estimator has: parameters of parameters for a search, checks of rows, labels and options, warnings.

Taught in :doc:`/learning/qsvm`.
"""

import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn import config_context
from sklearn.base import BaseEstimator
from sklearn.utils import validation
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, column_or_1d

from qlearn._checks import as_real


class NestedMixin:
    """Lets a search reach into the frozen dataclasses that were given as parameters; a base beside it has the parameters.

    ``set_params(kernel__bandwidth=0.1)`` puts a changed copy in place of the kernel; the object that was given, and
    whoever else holds it, keeps its own.

    Examples
    --------
    >>> from qlearn.learning import QSVC, FidelityKernel
    >>> given = FidelityKernel("z")
    >>> machine = QSVC(kernel=given).set_params(kernel__bandwidth=0.1)
    >>> machine.kernel.bandwidth, given.bandwidth
    (0.1, 1.0)
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters; if `deep`, also those of dataclasses among them, as ``name__parameter``."""
        params = super().get_params(deep)  # type: ignore[misc]  # of the base beside it
        if deep:
            for name, value in list(params.items()):
                params |= {f"{name}__{inner}": each for inner, each in _inner(value).items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, also those of dataclasses among them; return itself."""
        plain = {name: value for name, value in params.items() if "__" not in name}
        super().set_params(**plain)  # type: ignore[misc]
        rest: dict[str, Any] = {}
        for name, value in params.items():
            outer, _, inner = name.partition("__")
            if not inner:
                continue
            if outer in self.get_params(deep=False) and _is_frozen(getattr(self, outer)):
                setattr(self, outer, _changed(getattr(self, outer), inner, value))
            elif outer in self.get_params(deep=False) and not hasattr(getattr(self, outer), "set_params"):
                raise ValueError(_no_parameter_of(self, outer, inner))
            else:
                rest[name] = value
        super().set_params(**rest)  # type: ignore[misc]  # scikit-learn's own, and its own refusal
        return self


class NestedParameters(NestedMixin, BaseEstimator):
    """A base of estimators that lets a search reach into the frozen dataclasses that were given as parameters."""

    @classmethod
    def _get_param_names(cls) -> list[str]:
        """Return what scikit-learn does, which reads the signature anew each time: longer than a step of training takes."""
        known: Any = cls
        return list(_names_of(known))


@lru_cache(maxsize=256)
def _names_of(cls: Any) -> tuple[str, ...]:
    return tuple(super(NestedParameters, cls)._get_param_names())


def defaults_of(cls: Any) -> dict[str, Any]:
    """Return the parameters of a class and their defaults.

    Examples
    --------
    >>> from qlearn.learning import QSVC
    >>> defaults_of(QSVC)["reps"]
    2
    """
    return _defaults_of(cls)


@lru_cache(maxsize=256)
def _defaults_of(cls: Any) -> dict[str, Any]:
    return {name: parameter.default for name, parameter in inspect.signature(cls).parameters.items()}


def _no_parameter_of(estimator: Any, outer: str, inner: str) -> str:
    """Return what to say to who reaches into a parameter that has none of its own."""
    if inner in estimator.get_params(deep=False):
        instead = f"{inner} is one of {type(estimator).__name__} itself as long as {outer} is no object: set {inner}"
    else:
        instead = f"set {outer} as a whole; a search takes a list of such"
    return f"{outer}={getattr(estimator, outer)!r} has no parameter {inner!r} to set: {instead}"


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


def validate_rows(estimator: Any, X: ArrayLike, *, reset: bool = False) -> NDArray[np.float64]:
    """Return `X` as finite float64 rows; refuse what scikit-learn refuses, in its words.

    Examples
    --------
    >>> from sklearn.base import BaseEstimator
    >>> estimator = BaseEstimator()
    >>> validate_rows(estimator, [[1, 2]], reset=True)
    array([[1., 2.]])
    >>> estimator.n_features_in_
    2
    """
    return validate(estimator, X, reset=reset, dtype=np.float64)


def validate_labelled(estimator: Any, X: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Return rows and their classes for `fit`: as :func:`validate_rows`, and at least two classes.

    Examples
    --------
    >>> from sklearn.base import BaseEstimator
    >>> validate_labelled(BaseEstimator(), [[1], [2]], ["a", "b"])[1]
    array(['a', 'b'], dtype='<U1')
    """
    rows, labels = validate(estimator, X, y, reset=True, dtype=np.float64)
    check_classification_targets(labels)
    if (classes := len(np.unique(labels))) < 2:
        raise ValueError(f"The number of classes has to be greater than one; got {classes} class")
    return rows, labels


def validate_valued(
    estimator: Any, X: ArrayLike, y: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rows and the numbers that belong to them for `fit` of a regressor.

    Examples
    --------
    >>> from sklearn.base import BaseEstimator
    >>> validate_valued(BaseEstimator(), [[1], [2]], [3, 4])[1]
    array([3., 4.])
    """
    refuse_times(y)
    rows, values = validate(estimator, X, y, reset=True, dtype=np.float64, multi_output=True, y_numeric=True)
    values = values.astype(np.float64)
    # A column of shape (n, 1) is one output: scikit-learn asks for a warning, and for a flat answer.
    return rows, column_or_1d(values, warn=True) if values.ndim == 2 and values.shape[1] == 1 else values


def as_sample_weight(sample_weight: ArrayLike | None, rows: NDArray[Any]) -> NDArray[np.float64] | None:
    """Return a weight of each row, shape (n,), at least 0 and not all 0; None stays None: all rows count alike.

    Examples
    --------
    >>> as_sample_weight([1, 0], np.zeros((2, 3)))
    array([1., 0.])
    >>> as_sample_weight([1, -1], np.zeros((2, 3)))
    Traceback (most recent call last):
    ValueError: sample_weight must be at least 0, not -1: a row cannot count less than not at all
    """
    if sample_weight is None:
        return None
    with config_context(array_api_dispatch=False):  # NumPy's, whatever came
        weights = _check_sample_weight(sample_weight, rows, dtype=np.float64)
    if (weights < 0).any():
        raise ValueError(
            f"sample_weight must be at least 0, not {weights.min():g}: a row cannot count less than not at all"
        )
    if not weights.any():
        raise ValueError("sample_weight must be above 0 for at least one row: there is nothing to learn from")
    return weights


def refuse_times(y: ArrayLike) -> None:
    """Refuse dates and durations as targets: as numbers they would be counted in a unit that nobody chose.

    Examples
    --------
    >>> refuse_times([1.5, 2])
    >>> refuse_times(np.array(["2026-01-01"], dtype="datetime64[D]"))
    Traceback (most recent call last):
    TypeError: y must be numbers, not datetime64[D]: give a difference in a unit, such as (y - y[0]) / numpy.timedelta64(1, "D")
    """
    kind: Any = y.dtype if hasattr(y, "dtype") else np.asarray(y).dtype
    if getattr(kind, "kind", "O") in "mM":
        raise TypeError(
            f"y must be numbers, not {kind}: give a difference in a unit, such as "
            '(y - y[0]) / numpy.timedelta64(1, "D")'
        )


def as_generator(seed: Any) -> np.random.Generator:
    """Take what scikit-learn calls a random state, or anything NumPy makes a Generator of."""
    if isinstance(seed, np.random.RandomState):
        seed = seed.randint(2**31)
    return np.random.default_rng(seed)


@contextmanager
def restored_on_error(estimator: Any, *, keep_on: tuple[type[BaseException], ...] = ()) -> Iterator[None]:
    """Leave an estimator as it was if what is done to it fails: no half of a new model beside half of the old one.

    An interrupt (Ctrl-C) is a failure, too; `keep_on` names what is not, for whoever keeps what was learned until then.

    Examples
    --------
    >>> from sklearn.base import BaseEstimator
    >>> estimator = BaseEstimator()
    >>> estimator.classes_ = ["old"]
    >>> try:
    ...     with restored_on_error(estimator):
    ...         estimator.classes_ = ["new"]
    ...         raise ValueError("too few rows")
    ... except ValueError:
    ...     print(estimator.classes_)
    ['old']
    """
    before = dict(vars(estimator))
    try:
        yield
    except keep_on:
        raise
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise


def as_cost(C: Any) -> float:
    """Return `C`, the cost of a violated margin, above 0."""
    if (cost := as_real(C, "C", least=0)) == 0:
        raise ValueError("C must be above 0: with 0 no error costs anything and nothing is learned")
    return cost


def as_scaled_bandwidth(bandwidth: Any) -> tuple[float, bool]:
    """Return the factor on features, and whether it is still to be taken from the training rows: 1 until then.

    Examples
    --------
    >>> as_scaled_bandwidth("scale"), as_scaled_bandwidth(0.3)
    ((1.0, True), (0.3, False))
    """
    if isinstance(bandwidth, str):
        if bandwidth != "scale":
            raise ValueError(f"bandwidth must be a number above 0 or 'scale', not {bandwidth!r}")
        return 1.0, True
    return bandwidth, False


def refuse_ignored(estimator: Any, unused: Mapping[str, str]) -> None:
    """Refuse parameters that were set and change nothing: a search over them would compare equal machines.

    `unused` names, for each parameter without effect, the one because of which it has none. A parameter at its default
    was not set, as far as can be known.

    Examples
    --------
    >>> from qlearn.learning import QSVC
    >>> refuse_ignored(QSVC("angle"), {"reps": "encoding"})
    >>> refuse_ignored(QSVC("angle", reps=5), {"reps": "encoding"})
    Traceback (most recent call last):
    ValueError: reps=5 has no effect: encoding='angle' does not use it. Leave reps at its default, 2
    """
    for name, default in defaults_of(type(estimator)).items():
        value = getattr(estimator, name, default)
        # Searches give NumPy's numbers. An array, or an object, is never the default.
        given = not isinstance(value, str | int | float | np.generic | None) or value != default
        if name in unused and given:
            who = unused[name]
            raise ValueError(
                f"{name}={value!r} has no effect: {who}={getattr(estimator, who)!r} does not use it. "
                f"Leave {name} at its default, {default!r}"
            )


def level_of_caller() -> int:
    """Return the `stacklevel` at which a warning of the function that asks points at the code outside of the libraries."""
    frame, level = sys._getframe(1), 1
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in (
        "qlearn",
        "sklearn",
        "joblib",
    ):
        frame, level = frame.f_back, level + 1
    return level


def validate(estimator: Any, *arrays: ArrayLike, **options: Any) -> Any:
    """Return arrays as scikit-learn checks them for an estimator, of which it notes or compares the features.

    They are NumPy's, whatever came: tensors of another library are converted, also where scikit-learn would keep them.
    """
    with config_context(array_api_dispatch=False):
        # A function since scikit-learn 1.6, a method before.
        if hasattr(validation, "validate_data"):
            return validation.validate_data(estimator, *arrays, **options)
        return estimator._validate_data(*arrays, **options)
