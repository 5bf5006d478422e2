"""The variance of a gradient over random circuits: sampled, fitted against the number of qubits, and in theory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from qlearn._checks import as_count, as_reals, as_rng, same_length
from qlearn.learning.barren_plateaus.cost_functions import as_cost, first_gradients, gradients
from qlearn.learning.barren_plateaus.random_circuits import draw_circuits

OF = ("first", "all")
# Amplitudes that are followed together: they fit into a cache, and the work a Python line starts is worth it.
_TOGETHER = 1 << 16


def gradient_samples(
    n_qubits: int,
    depth: int,
    *,
    samples: int,
    cost: str = "zz",
    init: str = "random",
    of: str = "first",
    block: int = 10,
    entanglement: str = "linear",
    rng: Any = None,
    progress: bool = False,
) -> NDArray[np.float64]:
    r"""Return the derivatives of the costs of random circuits at the angles they start with.

    .. math:: \operatorname{Var}\Bigl[\frac{\partial C}{\partial\theta_{11}}\Bigr]
              \sim 2^{-n} \quad\text{(deep, } C = Z_0 Z_1)

    If their variance falls exponentially with the qubits, the landscape is a *barren plateau*: almost everywhere so
    flat that its slope cannot be told from the noise of any affordable number of shots.

    Parameters
    ----------
    n_qubits, depth : int
        Wires (2 to 16) and layers. From about 10 n layers on deeper circuits change nothing.
    samples : int
        Number of circuits. The relative error of their variance is about :math:`\sqrt{2/samples}`.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`.
    init : {"random", "identity"}
        See :func:`draw_circuits`.
    of : {"first", "all"}
        The derivative in the first angle only, or in all of them.
    block, entanglement, rng
        As for :func:`draw_circuits`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    ndarray of float64, shape (samples,), or (samples, depth, n_qubits) for ``"all"``
        If the run is interrupted, the derivatives of the circuits that were finished.

    Raises
    ------
    KeyboardInterrupt
        If the run is interrupted before the second circuit is finished.

    Examples
    --------
    >>> gradient_samples(2, 20, samples=4, rng=1).shape
    (4,)
    >>> few, more = (variance_of(gradient_samples(n, 10 * n, samples=200, rng=1))[0] for n in (2, 6))
    >>> 8 < few / more < 32
    True

    References
    ----------
    McClean et al., 2018, arXiv:1803.11173, figure 3.
    Grant et al., 2019, arXiv:1903.05076.
    Cerezo et al., 2021, arXiv:2001.00550.
    """
    if of not in list(OF):
        raise ValueError(f"of must be one of {', '.join(OF)}, not {of!r}")
    generator, samples = as_rng(rng), as_count(samples, "samples")
    how: dict[str, Any] = {"init": init, "block": block, "entanglement": entanglement}
    # Refused before anything is computed, not in the first chunk.
    draw_circuits(n_qubits, depth, samples=1, rng=0, **how)
    as_cost(cost)
    measure = gradients if of == "all" else first_gradients
    found: list[NDArray[np.float64]] = []
    with tqdm(total=samples, unit="circuit", disable=not progress) as bar:
        try:
            for size in _chunks(samples, max(1, _TOGETHER >> (n_qubits + 1))):
                circuits = draw_circuits(n_qubits, depth, samples=size, rng=generator, **how)
                found.append(measure(circuits, cost))
                bar.update(size)
        except KeyboardInterrupt:
            if sum(map(len, found)) < 2:
                raise
    return np.concatenate(found)


def _chunks(total: int, size: int) -> Iterator[int]:
    while total > 0:
        yield min(size, total)
        total -= size


@dataclass(frozen=True)
class Decay:
    r"""Variances with their standard errors, and the straight line through their logarithms.

    Parameters
    ----------
    n_qubits : ndarray of float64, shape (m,)
        Where the variances were measured.
    variances, errors : ndarray of float64, shape (m,)
        Variances and their standard errors.
    slope, slope_error : float
        Change of :math:`\log_2` of the variance with one more qubit: -1 means that it halves.
    intercept : float
        Of the line, at no qubits.
    """

    n_qubits: NDArray[np.float64]
    variances: NDArray[np.float64]
    errors: NDArray[np.float64]
    slope: float
    slope_error: float
    intercept: float

    def line(self, n_qubits: ArrayLike) -> NDArray[np.float64]:
        """Return the variance that the fitted line gives."""
        return 2 ** (self.intercept + self.slope * np.asarray(n_qubits, float))


def variance_of(samples: ArrayLike) -> tuple[float, float]:
    r"""Return the variance of samples and its standard error.

    .. math:: s^2 = \frac{1}{N-1}\sum_i (g_i - \bar g)^2, \qquad
              \sigma = \frac{\operatorname{std}_i\,(g_i - \bar g)^2}{\sqrt N}

    With more axes, such as many derivatives of each circuit, both are of the mean over them: what one
    circuit contributes stays together, since its derivatives are not independent.

    Parameters
    ----------
    samples : array_like of float, shape (N,) or (N, ...)
        At least two.

    Returns
    -------
    (float, float)

    Examples
    --------
    >>> variance_of([1.0, -1.0, 1.0, -1.0])
    (1.3333, 0.0)
    """
    values = as_reals(samples, "samples")
    if values.ndim == 0 or len(values) < 2:
        raise ValueError(f"samples must be at least 2, not shape {values.shape}: one tells no variance")
    squares = (values - values.mean(axis=0)) ** 2
    each = squares.reshape(len(values), -1).mean(axis=1) * len(values) / (len(values) - 1)
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(values)))


def fit_decay(n_qubits: ArrayLike, samples: Sequence[ArrayLike]) -> Decay:
    r"""Fit a straight line to the logarithm of the variance of samples against the number of qubits.

    .. math:: \log_2 \operatorname{Var}(n) = a + b\,n

    by least squares, each point weighted by its own error :math:`\sigma/(s^2\ln 2)`; the error of b is what
    these errors make of it.

    Parameters
    ----------
    n_qubits : array_like of int, shape (m,)
        At least two different numbers.
    samples : sequence of m array_like
        The samples drawn at each of them, as from :func:`gradient_samples`.

    Returns
    -------
    Decay

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> decay = fit_decay([2, 4, 6], [rng.normal(0, 2 ** (-n / 2), 4000) for n in (2, 4, 6)])
    >>> abs(decay.slope + 1) < 4 * decay.slope_error < 0.1
    True
    """
    x = as_reals(n_qubits, "n_qubits")
    if x.ndim != 1 or len(np.unique(x)) < 2:
        raise ValueError(f"n_qubits must be at least two different numbers in a row, not {n_qubits!r}")
    same_length(x, samples, "n_qubits and samples")
    variances, errors = np.array([variance_of(each) for each in samples]).T
    if not (variances > 0).all() or not (errors > 0).all():
        raise ValueError("samples must vary at every number of qubits: zero has no logarithm")
    weights = (variances * np.log(2) / errors) ** 2
    centre = (weights @ x) / weights.sum()
    spread = weights @ (x - centre) ** 2
    y = np.log2(variances)
    slope = float(weights @ ((x - centre) * y) / spread)
    intercept = float(weights @ y / weights.sum() - slope * centre)
    return Decay(x, variances, errors, slope, float(spread**-0.5), intercept)


def deep_variance(n_qubits: int, cost: str = "zz") -> float:
    r"""Return the variance of the first derivative when the rest of the circuit is as good as random.

    .. math:: \operatorname{Var} = \frac{v}{3}\,\frac{d^2}{d^2-1}, \qquad
              v = \frac{\operatorname{tr} C^2}{d^2} - \frac{(\operatorname{tr} C)^2}{d^3}, \qquad d = 2^n

    The second moment of a Haar-random V is enough (a *2-design*): the mean of
    :math:`(\operatorname{tr} V^\dagger C V B)^2` is :math:`\operatorname{tr}B^2 \operatorname{tr}C^2/(d^2-1)`
    for traceless C and B, here with :math:`B = \tfrac{i}{2}(\rho P - P\rho)`, where :math:`\rho` is the state behind
    the first turn and P its axis. Its :math:`\operatorname{tr} B^2` is :math:`\tfrac12(1 - \langle P\rangle^2)`, and
    1/3 in the mean over the three axes, as every wire starts turned by :math:`R_Y(\pi/4)`.

    Parameters
    ----------
    n_qubits : int
        Number of wires, at least 2.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`. For large n the variance is :math:`4^{-n}/3`, :math:`2^{-n}/(12 n)` and
        :math:`2^{-n}/3`.

    Returns
    -------
    float

    Examples
    --------
    >>> 2**20 * deep_variance(20, "zz")
    0.33333
    >>> 4**20 * deep_variance(20, "global")
    0.33333

    References
    ----------
    McClean et al., 2018, arXiv:1803.11173, whose equations average over the part before the angle as well.
    """
    n = as_count(n_qubits, "n_qubits", least=2)
    d = 2.0**n
    # tr C^2 of the traceless part of each observable
    spread = {"global": 1 - 1 / d, "local": d / (4 * n), "zz": d}
    return spread[as_cost(cost)] / (3 * (d * d - 1))


def one_layer_variance(n_qubits: int, cost: str = "zz") -> float:
    r"""Return the variance of the first derivative of a circuit of one layer.

    .. math:: \operatorname{Var}_\text{global} = \tfrac1{16} q^{\,n-1}, \qquad
              \operatorname{Var}_\text{local} = \frac1{16 n^2}, \qquad
              \operatorname{Var}_{zz} = \tfrac5{48}, \qquad q = \tfrac{17 + 4\sqrt2}{48} \approx 0.472

    The CZ gates behind the turns do not change what a Z measurement sees, so the wires are independent and
    each cost is an average of products. q is the mean square of the probability to find one wire in 0.

    Parameters
    ----------
    n_qubits : int
        Number of wires, at least 2.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(one_layer_variance(2, "global"), 6)
    0.029501

    References
    ----------
    Cerezo et al., 2021, arXiv:2001.00550: the warm-up example, with turns about x only, where q is 3/8.
    """
    n = as_count(n_qubits, "n_qubits", least=2)
    square = (17 + 4 * 2**0.5) / 48
    return {"global": square ** (n - 1) / 16, "local": 1 / (16 * n * n), "zz": 5 / 48}[as_cost(cost)]
