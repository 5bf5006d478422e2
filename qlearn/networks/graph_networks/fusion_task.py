r"""A fusion task: several units estimate one number from overlapping sensors, and some of them may be broken."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_real, as_reals, as_rng
from qlearn.networks.graph_networks._graphs import as_graphs

_MOST_PATTERNS = 12
"""Units for which the optimum goes through all 2**n patterns of faults."""


@dataclass(frozen=True)
class FusionRows:
    """What an aggregator is given, a row each time it is asked, and what it should have said.

    Parameters
    ----------
    outputs : ndarray of float64, shape (rows, n)
        What each unit says the number is.
    weights : ndarray of float64, shape (rows, n, n)
        Who overlaps whom: the share of a unit's sensors that the other reads, too; 0 on the diagonal.
    target : ndarray of float64, shape (rows,)
        The number.
    faulty : ndarray of bool, shape (rows, n)
        Which units were broken. No fusion model is told.
    """

    outputs: NDArray[np.float64]
    weights: NDArray[np.float64]
    target: NDArray[np.float64]
    faulty: NDArray[np.bool_]

    def __post_init__(self) -> None:
        outputs, _ = as_graphs(self.outputs, self.weights, "outputs")
        rows, n = np.shape(self.target)[0] if np.ndim(self.target) == 1 else -1, outputs.shape[-1]
        shapes = outputs.shape, np.shape(self.weights), np.shape(self.faulty)
        if not rows or shapes != ((rows, n), (rows, n, n), (rows, n)):
            raise ValueError(
                "outputs, weights and faulty must have shapes (rows, n), (rows, n, n) and (rows, n) for a target of shape "
                f"(rows,), not {', '.join(map(str, shapes))} for {np.shape(self.target)}"
            )
        as_reals(self.target, "target")


@dataclass(frozen=True)
class FusionTask:
    r"""Units that estimate one number s, each as the mean of its sensors, with errors of its own.

    .. math:: x_i = s + \frac1m \sum_{k \in S_i} \epsilon_k + \delta_i + F_i\,\phi_i, \qquad
              \operatorname{Cov}(x_i, x_j \mid s) = \frac{\sigma^2}{m}\, w_{ij} + [i = j](\ldots)

    with :math:`w_{ij} = |S_i \cap S_j| / m`. A sensor of a pool has noise :math:`\sigma`, a unit reads m of them and adds
    noise :math:`\delta` of its own; with chance `fault_rate` it is broken and off by :math:`\phi`, of standard
    deviation `fault_spread`. Units that share sensors err together, and the graph says how much: so the best weights of
    the outputs are known where nothing is broken (Gauss and Markov), and the best answer of all is computable where
    something is.

    Parameters
    ----------
    n_units : int
        n, 2 to 12.
    n_sensors : int
        In the pool, at least `sensors_each`.
    sensors_each : int
        m.
    noise : float
        :math:`\sigma`, above 0.
    own_noise : float
        Standard deviation of :math:`\delta`, above 0.
    fault_rate : float
        Chance that a unit is broken, in each row anew.
    fault_spread : float
        Standard deviation of :math:`\phi`, above 0.
    crowd : float
        0: a unit draws its sensors evenly. Towards 1 more and more units read the same few: with this chance a unit
        draws its sensors from the first `sensors_each` + 1 of the pool.
    fixed_graph : int, optional
        A seed: all rows, of every draw, share the graph that it makes. None: each row has another one.

    Examples
    --------
    >>> rows = FusionTask(n_units=3, n_sensors=4, sensors_each=2).draw(2, rng=0)
    >>> rows.outputs.shape, rows.weights[0]
    ((2, 3), array([[0. , 0.5, 0.5],
           [0.5, 0. , 0.5],
           [0.5, 0.5, 0. ]]))
    """

    n_units: int = 5
    n_sensors: int = 20
    sensors_each: int = 4
    noise: float = 1.0
    own_noise: float = 0.15
    fault_rate: float = 0.0
    fault_spread: float = 4.0
    crowd: float = 0.6
    fixed_graph: int | None = None

    def __post_init__(self) -> None:
        n = as_count(self.n_units, "n_units", least=2)
        if n > _MOST_PATTERNS:
            raise ValueError(
                f"n_units must be at most {_MOST_PATTERNS}, not {n}: the optimum sums over 2**n faults"
            )
        each = as_count(self.sensors_each, "sensors_each")
        if as_count(self.n_sensors, "n_sensors") < each + (self.crowd > 0):
            raise ValueError(
                f"n_sensors must be at least the {each + (self.crowd > 0)} that a unit draws from, not {self.n_sensors}"
            )
        for name in ("noise", "own_noise", "fault_spread"):
            as_real(getattr(self, name), name, above=0)
        as_probability(self.fault_rate, "fault_rate")
        as_probability(self.crowd, "crowd")
        if self.fixed_graph is not None:
            as_count(self.fixed_graph, "fixed_graph", least=0)

    def draw(self, n_rows: int, rng: Any = None) -> FusionRows:
        """Return rows with fresh noise, numbers and, unless the graph is fixed, graphs.

        The number itself is spread far wider than the errors, so that nothing is won by guessing it without the units.
        """
        rows, rng = as_count(n_rows, "n_rows"), as_rng(rng)
        if self.fixed_graph is None:
            reads = self._assignment(rows, rng)
        else:
            reads = np.broadcast_to(
                self._assignment(1, as_rng(self.fixed_graph)), (rows, self.n_units, self.n_sensors)
            )
        target = rng.normal(0.0, 10 * self.noise, rows)
        sensors = rng.normal(0.0, self.noise, (rows, self.n_sensors))
        errors = np.einsum("rik,rk->ri", reads, sensors) / self.sensors_each
        errors += rng.normal(0.0, self.own_noise, errors.shape)
        faulty = rng.random(errors.shape) < self.fault_rate
        errors += faulty * rng.normal(0.0, self.fault_spread, errors.shape)
        weights = np.einsum("rik,rjk->rij", reads, reads) / self.sensors_each
        weights[:, np.arange(self.n_units), np.arange(self.n_units)] = 0.0
        return FusionRows(target[:, None] + errors, weights, target, faulty)

    def covariance(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the covariance of the errors of units that all work, shape (..., n, n)."""
        eye = np.eye(self.n_units)
        return self.noise**2 / self.sensors_each * (weights + eye) + self.own_noise**2 * eye

    def optimum(self, rows: FusionRows) -> NDArray[np.float64]:
        r"""Return the best answer that the outputs and the graph allow, knowing all about the task, shape (rows,).

        .. math:: \hat s = \frac{\sum_F p(F)\, \ell_F\, \hat s_F}{\sum_F p(F)\, \ell_F}, \qquad
                  \hat s_F = \frac{1^{\mathsf T} \Sigma_F^{-1} x}{1^{\mathsf T} \Sigma_F^{-1} 1}

        over all patterns F of broken units, :math:`\Sigma_F` the covariance with their spread added and
        :math:`\ell_F` the likelihood of the outputs, averaged over all s alike. Of the answers that follow when all
        outputs are shifted, none has a smaller mean squared error (Pitman, 1939). It is told what no fusion model is.
        """
        patterns = np.array(list(product((0, 1), repeat=self.n_units)), dtype=np.float64)
        chances = np.prod(np.where(patterns == 1, self.fault_rate, 1 - self.fault_rate), axis=1)
        base, answers, logs = self.covariance(rows.weights), [], []
        for pattern, chance in zip(patterns, chances, strict=True):
            if not chance:
                continue
            sigma = base + self.fault_spread**2 * np.diag(pattern)
            precise = np.linalg.inv(sigma)
            total = precise.sum(axis=(1, 2))
            answer = np.einsum("rij,rj->r", precise, rows.outputs) / total
            left = rows.outputs - answer[:, None]
            misfit = np.einsum("ri,rij,rj->r", left, precise, left)
            answers.append(answer)
            logs.append(np.log(chance) - 0.5 * (np.linalg.slogdet(sigma)[1] + np.log(total) + misfit))
        odds = np.exp(np.array(logs) - np.max(logs, axis=0))
        return np.asarray((odds * answers).sum(axis=0) / odds.sum(axis=0))

    def _assignment(self, rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return which sensors each unit reads, 0 or 1, shape (rows, units, sensors)."""
        order = rng.random((rows, self.n_units, self.n_sensors))
        crowded = rng.random((rows, self.n_units)) < self.crowd
        # Who is of the crowd ranks the first sensors of the pool before all others.
        order[..., self.sensors_each + 1 :] += crowded[..., None]
        ranks = order.argsort(axis=-1).argsort(axis=-1)
        return (ranks < self.sensors_each).astype(np.float64)
