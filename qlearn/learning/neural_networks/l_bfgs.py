"""L-BFGS, a quasi-Newton method for lists of arrays: SciPy's, on the loss of all samples."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qlearn._checks import as_count
from qlearn._types import Arrays
from qlearn.learning.neural_networks.optimizers import refuse_divergence


class _Stopped(Exception):
    """What ends SciPy's loop from inside."""


class LBFGS:
    r"""Quasi-Newton descent: the last gradients tell the curvature, and a line search the step.

    .. math:: \theta \leftarrow \theta - \alpha\, H\, g

    with H an estimate of the inverse Hessian from the last `memory` steps, and :math:`\alpha` from a line search on the
    loss of all samples. It needs exact values: neither batches nor shots.

    Parameters
    ----------
    memory : int
        Steps that H is made of.

    Examples
    --------
    >>> import numpy as np
    >>> valley = lambda p: (float((p[0] ** 2 * [1, 100]).sum()), [2 * p[0] * [1, 100]])
    >>> path = []
    >>> found = LBFGS().minimise(valley, [np.array([3.0, 1.0])], 20, lambda p, value: path.append(value))
    >>> bool(np.abs(found[0]).max() < 1e-4), len(path) < 20
    (True, True)

    References
    ----------
    Byrd, Lu, Nocedal, Zhu, "A limited memory algorithm for bound constrained optimization", 1995,
    doi:10.1137/0916069.
    """

    def __init__(self, memory: int = 10) -> None:
        self.memory = as_count(memory, "memory")

    def __repr__(self) -> str:
        return f"LBFGS(memory={self.memory!r})"

    def minimise(
        self,
        loss: Callable[[Arrays], tuple[float, Arrays]],
        parameters: Sequence[NDArray[np.float64]],
        epochs: int,
        after: Callable[[Arrays, float], object],
    ) -> Arrays:
        """Return the parameters after at most `epochs` iterations.

        Parameters
        ----------
        loss : callable
            Takes the parameters; returns the loss and its gradients.
        parameters : sequence of ndarray
            Where to start; not changed.
        epochs : int
            Most iterations. Fewer where the gradient has vanished or the loss no longer falls, by SciPy's tolerances.
        after : callable
            Told the parameters and their loss after each iteration; a truthy answer stops.
        """
        shapes = [p.shape for p in parameters]
        ends = np.cumsum([p.size for p in parameters])[:-1]
        seen: list[tuple[NDArray[np.float64], float]] = []
        found = list(parameters)

        def split(flat: NDArray[np.float64]) -> Arrays:
            return [
                part.reshape(shape) for part, shape in zip(np.split(flat.copy(), ends), shapes, strict=True)
            ]

        def fun(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            value, gradients = loss(split(flat))
            refuse_divergence([flat, *gradients], value, self)
            seen.append((flat.copy(), value))
            return value, np.concatenate([g.ravel() for g in gradients])

        def callback(flat: NDArray[np.float64]) -> None:
            nonlocal found
            # The line search may have looked elsewhere since: the value is that of the point it chose.
            value = next(value for at, value in reversed(seen) if np.array_equal(at, flat))
            seen.clear()
            found = split(flat)
            if after(found, value):
                raise _Stopped

        start = np.concatenate([p.ravel() for p in parameters])
        options = {"maxiter": as_count(epochs, "epochs"), "maxcor": self.memory, "maxfun": 20 * epochs + 20}
        with suppress(_Stopped):
            minimize(fun, start, jac=True, method="L-BFGS-B", callback=callback, options=options)
        return found
