"""A circuit in a JAX program: its expectation values as a function, with the exact gradient."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.neural_networks._outside import (
    SECOND,
    as_differentiable,
    check_given,
    gradients,
    imported,
    values,
)


def as_jax(ansatz: Any) -> Callable[[Any, Any], Any]:
    r"""Return the expectation values of a circuit, shape (..., observables), as a function of JAX.

    .. math:: f(\theta, x)_k = \langle O_k \rangle_\theta(x)

    The function takes angles of the circuit's shape and features in radians, shape (..., n_features). `jax.grad`,
    `jax.jit` and `jax.vmap` work on it, over angles, features or both::

        f = as_jax(Ansatz(4, 2))
        slope = jax.jit(jax.grad(lambda angles: f(angles, X).sum()))

    The values and both gradients are those of the circuit itself, computed in double precision outside of the compiled
    program; JAX keeps no tape there, so a gradient takes one pass forward more. The answer has the precision of what comes
    in: single, unless ``jax.config.update("jax_enable_x64", True)`` (its ``with`` form does not reach the threads that
    compute this). Second derivatives are refused, and forward mode
    (`jax.jvp`, `jax.jacfwd`, and so `jax.hessian`) by JAX itself.

    Parameters
    ----------
    ansatz : Ansatz, CircuitAnsatz or Circuit
        The circuit; of a fitted network its ``ansatz_``, if its `encoding` is the default: of another encoding the ansatz knows
        nothing (a feature map comes before a circuit by its ``template``, and its ``columns`` are the features). In a circuit
        with free angles the parameters ``x[0]``, ``x[1]``, ... are the features and all others its angles, in the order of
        ``circuit.parameters``. A circuit without features is run from 0 by ``f(angles)``; given a feature for each wire, it
        starts in the states of "phase".

    Returns
    -------
    callable

    Raises
    ------
    ModuleNotFoundError
        If JAX is not installed: it is the extra ``jax``.
    ValueError, TypeError
        If `ansatz` is no circuit; by the function, if angles or features do not have its shape.
    NotImplementedError
        By a gradient of the gradient.

    Examples
    --------
    >>> as_jax("a circuit")
    Traceback (most recent call last):
    TypeError: ansatz must be an Ansatz such as ...

    References
    ----------
    Bradbury et al., *JAX: composable transformations of Python+NumPy programs*, 2018, github.com/jax-ml/jax.
    Jones, Gacon, 2020, arXiv:2009.02823 (the adjoint sweep).
    """
    ansatz = as_differentiable(ansatz)
    shape, jax = tuple(ansatz.shape), imported("jax")
    numbers = imported("jax.numpy")
    n_features, n_outputs = getattr(ansatz, "n_features", ansatz.n_qubits), len(ansatz.measured)
    widths = (
        (n_features,) if n_features else (ansatz.n_qubits, 0)
    )  # a circuit without features starts in 0, or in "phase"

    def outside(angles: Any, rows: Any) -> NDArray[np.float64]:
        kind = np.dtype(rows.dtype)
        angles, rows, lead = _doubles(shape, angles, rows)
        if angles.size == np.prod(shape):  # the same angles for all
            z, _ = values(
                ansatz, angles.reshape(shape), rows.reshape(math.prod(rows.shape[:-1]), rows.shape[-1])
            )
            return z.reshape(*rows.shape[:-1], n_outputs).astype(kind)
        each = [values(ansatz, *one)[0] for one in _each(lead, angles, rows)]
        return np.reshape(each, (*lead, *each[0].shape)).astype(kind)

    def outside_back(angles: Any, rows: Any, dz: Any) -> list[NDArray]:
        kinds = np.dtype(angles.dtype), np.dtype(rows.dtype)
        angles, rows, dz, lead = _doubles(shape, angles, rows, dz)
        asked = rows.shape[-1] > 0
        each = [
            gradients(ansatz, values(ansatz, a, x)[1], d, features=asked)
            for a, x, d in _each(lead, angles, rows, dz)
        ]
        parts = [np.array([np.asarray(one[k]) for one in each]) for k in range(1 + asked)]
        if not asked:
            parts.append(np.zeros((len(each), *rows.shape[-2:])))
        return [
            part.reshape(*lead, *part.shape[1:]).astype(kind) for part, kind in zip(parts, kinds, strict=True)
        ]

    @jax.custom_vjp
    def expectations(angles: Any, rows: Any) -> Any:
        return jax.pure_callback(
            outside, jax.ShapeDtypeStruct((len(rows), n_outputs), rows.dtype), angles, rows,
            vmap_method="expand_dims",
        )  # fmt: skip

    @jax.custom_vjp
    def pulled_back(angles: Any, rows: Any, dz: Any) -> Any:
        like = [jax.ShapeDtypeStruct(part.shape, part.dtype) for part in (angles, rows)]
        return tuple(jax.pure_callback(outside_back, like, angles, rows, dz, vmap_method="expand_dims"))

    def refuse(*_: Any) -> Any:
        raise NotImplementedError(SECOND)

    pulled_back.defvjp(lambda *known: (pulled_back(*known), None), refuse)
    expectations.defvjp(
        lambda angles, rows: (expectations(angles, rows), (angles, rows)),
        lambda known, dz: pulled_back(*known, dz),
    )

    def function(angles: Any, features: Any = None) -> Any:
        check_given(ansatz, features)
        angles = numbers.asarray(angles)
        features = numbers.zeros(0, angles.dtype) if features is None else numbers.asarray(features)
        if angles.shape != shape:
            raise ValueError(f"angles must have the shape {shape} of this circuit, not {angles.shape}")
        if not features.ndim:
            raise ValueError("features must have a last axis of features, and this is one number")
        if features.shape[-1] not in widths:
            raise ValueError(f"features must have {widths[0]} on their last axis, not shape {features.shape}")
        kind = numbers.result_type(angles, features, float)
        rows = features.reshape(math.prod(features.shape[:-1]), features.shape[-1]).astype(kind)
        return expectations(angles.astype(kind), rows).reshape(*features.shape[:-1], n_outputs)

    return function


def _doubles(shape: tuple[int, ...], angles: Any, *tables: Any) -> Any:
    """Return what JAX hands out in double precision, and the shape of what `vmap` put in front: 1 where it maps nothing."""
    angles = np.asarray(angles, dtype=np.float64)
    tables = tuple(np.asarray(table, dtype=np.float64) for table in tables)
    ahead = angles.ndim - len(shape)
    return angles, *tables, np.broadcast_shapes(*(part.shape[:ahead] for part in (angles, *tables)))


def _each(lead: tuple[int, ...], *parts: NDArray[np.float64]) -> Iterator[list[NDArray[np.float64]]]:
    """Yield the parts of each element that `vmap` maps over."""
    whole = [np.broadcast_to(part, (*lead, *part.shape[len(lead) :])) for part in parts]
    for index in np.ndindex(lead):
        yield [part[index] for part in whole]
