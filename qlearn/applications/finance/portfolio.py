"""A portfolio of few shares as a quadratic problem of bits, and its exact optimum."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals

if TYPE_CHECKING:
    import dimod

_STEPS = 60
_ROUNDING = 1e-14


@dataclass(frozen=True, eq=False)
class PortfolioProblem:
    r"""Choose k of n shares and hold 1/k of each: the least of risk minus return.

    .. math:: f(x) = \frac{\gamma}{2k^2}\, x^{\mathsf T} \Sigma\, x - \frac1k\, \mu^{\mathsf T} x, \qquad
              \sum_i x_i = k, \quad x_i \in \{0, 1\}

    That is minus the certainty equivalent of Markowitz' investor. As bits without a condition:

    .. math:: E(x) = f(x) + P \Bigl( k - \sum_i x_i \Bigr)^2

    Parameters
    ----------
    mean : array_like, shape (n,)
        Expected returns :math:`\mu`.
    covariance : array_like, shape (n, n)
        :math:`\Sigma`, symmetric, without negative eigenvalues.
    cardinality : int
        k, 1 to n.
    risk_aversion : float
        :math:`\gamma`, at least 0.

    Examples
    --------
    >>> problem = PortfolioProblem([0.1, 0.2, 0.15], np.diag([0.01, 0.2, 0.02]), cardinality=2, risk_aversion=3)
    >>> problem.exact(), round(problem.cost(problem.exact()), 5)
    ((0, 2), -0.11375)

    References
    ----------
    Markowitz, "Portfolio selection", 1952, doi:10.1111/j.1540-6261.1952.tb01525.x. Lucas, 2014, arXiv:1302.5843.
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    cardinality: int
    risk_aversion: float = 3.0

    def __post_init__(self) -> None:
        mean, covariance = as_reals(self.mean, "mean"), as_reals(self.covariance, "covariance")
        if mean.ndim != 1 or mean.size < 2:
            raise ValueError(
                f"mean must be one number for each of at least two shares, not of shape {mean.shape}"
            )
        largest = float(np.abs(covariance).max(initial=0))
        if covariance.shape != (mean.size, mean.size) or not np.allclose(
            covariance, covariance.T, rtol=0, atol=1e-9 * largest
        ):
            raise ValueError(
                f"covariance must be symmetric of shape {(mean.size,) * 2}, not of shape {covariance.shape}"
            )
        lowest = float(np.linalg.eigvalsh(covariance)[0])
        if lowest < -1e-9 * largest:
            raise ValueError(
                f"covariance must have no negative eigenvalue, not {lowest:.3g}: no portfolio has a negative risk"
            )
        if as_count(self.cardinality, "cardinality") > mean.size:
            raise ValueError(f"cardinality must be at most the {mean.size} shares, not {self.cardinality}")
        as_real(self.risk_aversion, "risk_aversion", least=0)
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "covariance", (covariance + covariance.T) / 2)

    def _form(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return A and b of the cost x.A.x - b.x."""
        k = self.cardinality
        return self.risk_aversion / (2 * k**2) * self.covariance, self.mean / k

    def _grain(self) -> float:
        """Return a difference of costs that is rounding, whatever unit the returns are in."""
        a, b = self._form()
        return _ROUNDING * float(self.cardinality**2 * np.abs(a).max() + self.cardinality * np.abs(b).max())

    def _value(self, x: NDArray[Any]) -> float:
        a, b = self._form()
        return float(x @ a @ x - b @ x)

    def cost(self, chosen: Iterable[int]) -> float:
        """Return f of the shares with these numbers."""
        return self._value(self.weights(chosen) * self.cardinality)

    def weights(self, chosen: Iterable[int]) -> NDArray[np.float64]:
        """Return 1/k for each of the chosen shares and 0 for the others, shape (n,)."""
        listed = sorted(chosen)
        n, k = self.mean.size, self.cardinality
        if len(set(listed)) != k or len(listed) != k or not all(0 <= i < n for i in listed):
            raise ValueError(f"chosen must be {k} different shares of 0 to {n - 1}, not {listed}")
        held = np.zeros(n)
        held[listed] = 1 / k
        return held

    def sufficient_penalty(self) -> float:
        r"""Return a penalty for which the minimum of E is a portfolio of k shares.

        .. math:: P > D = \max_i \max_x |f(x \oplus e_i) - f(x)|

        Proof: from an x with m shares, :math:`|m - k|` flips lead to one with k. They raise f by at most
        :math:`|m-k|\, D \le (m-k)^2 D < (m-k)^2 P`, which is the penalty that is saved. D is bounded share by share:
        all positive couplings there, or all negative ones.
        """
        a, b = self._form()
        own = np.diag(a) - b
        couplings = 2 * (a - np.diag(np.diag(a)))
        up = own + np.maximum(couplings, 0).sum(axis=1)
        down = -own + np.maximum(-couplings, 0).sum(axis=1)
        return float(max(up.max(), down.max(), 0)) * (1 + 1e-6) + 1e-12

    def needed_penalty(self) -> float:
        r"""Return the least penalty that does it, from all bit strings of at most 20 shares.

        .. math:: P^* = \max_{|x| \ne k} \frac{f^* - f(x)}{(|x| - k)^2}

        It takes the solution to know it: no way to choose one, but a measure for those that are chosen.
        """
        from qlearn.learning.optimisation.qubo import energies

        table = energies(self.bqm(penalty=0))
        held = np.array([bin(i).count("1") for i in range(table.size)])
        wrong = held != self.cardinality
        best = table[~wrong].min()
        return float(max(((best - table[wrong]) / (held[wrong] - self.cardinality) ** 2).max(), 0))

    def bqm(self, penalty: float | None = None) -> "dimod.BinaryQuadraticModel":
        """Return E as a binary quadratic model of the shares; None takes :meth:`sufficient_penalty`."""
        import dimod  # where it is wanted: a page of the book has none

        p = self.sufficient_penalty() if penalty is None else as_real(penalty, "penalty", least=0)
        a, b = self._form()
        matrix = a - np.diag(b) + p * (1 - 2 * self.cardinality * np.eye(b.size))
        model = dimod.BinaryQuadraticModel(matrix, dimod.BINARY)
        model.offset += p * self.cardinality**2
        return model

    def repair(self, bits: Mapping[Any, int] | ArrayLike) -> tuple[int, ...]:
        """Return the k shares nearest to some bits: what is too many is sold, what is missing bought, the best first."""
        given = [bits[i] for i in range(self.mean.size)] if isinstance(bits, Mapping) else bits
        x = np.array(given, np.float64)
        if x.shape != self.mean.shape or not np.isin(x, (0, 1)).all():
            raise ValueError(f"bits must be 0 or 1 for each of the {self.mean.size} shares, not {given}")
        a, b = self._form()
        while (held := int(x.sum())) != self.cardinality:
            gradient = 2 * a @ x - b
            step = gradient + np.diag(a) if held < self.cardinality else -gradient + np.diag(a)
            i = int(np.where(x == (held > self.cardinality), step, np.inf).argmin())
            x[i] = 1 - x[i]
        return tuple(np.flatnonzero(x).tolist())

    def greedy(self) -> tuple[int, ...]:
        """Return k shares, bought one by one, each the best at its time."""
        return self.repair(np.zeros(self.mean.size))

    def relaxed(self) -> tuple[int, ...]:
        """Return the k largest shares of the portfolio that may hold parts of a bit: convex, and rounded."""
        x, _ = self._relaxation(
            np.zeros(self.mean.size), np.arange(self.mean.size), np.inf, steps=10 * _STEPS
        )
        return tuple(sorted(np.argsort(-x, kind="stable")[: self.cardinality].tolist()))

    def exchange(self, chosen: Iterable[int]) -> tuple[int, ...]:
        """Return the portfolio after the best exchange of one share for another, again and again until none helps."""
        x = (self.weights(chosen) > 0).astype(np.float64)
        a, b = self._form()
        value = self._value(x)
        while True:
            gradient = 2 * a @ x - b
            held, free = np.flatnonzero(x > 0.5), np.flatnonzero(x < 0.5)
            if not free.size:
                break
            change = (
                (gradient[free] + np.diag(a)[free])[None, :]
                + (np.diag(a)[held] - gradient[held])[:, None]
                - 2 * a[np.ix_(held, free)]
            )
            out, new = np.unravel_index(change.argmin(), change.shape)
            other = x.copy()
            other[held[out]], other[free[new]] = 0.0, 1.0
            # The value itself has to fall: of two equal portfolios rounding would prefer each to the other, for ever.
            if not (lower := self._value(other)) < value:
                break
            x, value = other, lower
        return tuple(np.flatnonzero(x > 0.5).tolist())

    def exact(self) -> tuple[int, ...]:
        """Return the optimum, by branch and bound: a branch goes where its convex relaxation cannot be better.

        The bound is that of Frank and Wolfe: a convex function lies above each of its tangents, and the least of a
        tangent over the relaxed portfolios is a sort. It needs shares that differ: where many are alike no branch is
        worse than another, and the time grows as the number of choices does.
        """
        grain = self._grain()
        start = self.exchange(self.greedy())
        best, value = start, self.cost(start)
        waiting: list[tuple[NDArray[np.float64], NDArray[np.intp]]] = [
            (np.zeros(self.mean.size), np.arange(self.mean.size))
        ]
        while waiting:
            fixed, free = waiting.pop()
            missing = self.cardinality - int(fixed.sum())
            if missing in (0, free.size):
                x = fixed.copy()
                x[free[:missing]] = 1.0
                if self._value(x) < value:
                    best, value = tuple(np.flatnonzero(x > 0.5).tolist()), self._value(x)
                continue
            x, bound = self._relaxation(fixed, free, value)
            if bound >= value - grain:
                continue
            branch = int(free[x[free].argmax()])
            rest = free[free != branch]
            taken = fixed.copy()
            taken[branch] = 1.0
            waiting += [(fixed, rest), (taken, rest)]  # what takes the share is tried first
        return best

    def _relaxation(
        self, fixed: NDArray[np.float64], free: NDArray[np.intp], enough: float, steps: int = _STEPS
    ) -> tuple[NDArray[np.float64], float]:
        """Return the best relaxed bits found, and a bound below all of them; stop when the bound is `enough`."""
        a, b = self._form()
        missing, grain = self.cardinality - int(fixed.sum()), self._grain()
        x, bound = fixed.copy(), -np.inf
        x[free] = missing / free.size
        for _ in range(steps):
            gradient = 2 * a @ x - b
            corner = fixed.copy()
            corner[free[np.argsort(gradient[free], kind="stable")[:missing]]] = 1.0
            way = corner - x
            slope = float(gradient @ way)
            bound = max(bound, self._value(x) + slope)
            if bound >= enough or slope > -grain:
                break
            bend = float(way @ a @ way)
            x = x + way * (min(1.0, -slope / (2 * bend)) if bend > 0 else 1.0)
        return x, bound
