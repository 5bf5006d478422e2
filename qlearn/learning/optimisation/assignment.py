r"""One choice for each party, as a quadratic problem of bits: what routing and spectrum have in common."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import product
from numbers import Integral
from typing import Any

import dimod
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from qlearn._checks import as_real


@dataclass(frozen=True, eq=False)
class AssignmentProblem:
    r"""Parties that each pick one option, with a cost for every option and every pair of options.

    .. math:: \operatorname{cost}(c) = \sum_a s_a(c_a) + \sum_{a<b} q_{ab}(c_a, c_b)

    Bit :math:`x_{ai}` says that party a picks option i. One option each is asked for by a penalty:

    .. math:: E(x) = \sum_{a,i} s_a(i)\, x_{ai} + \sum_{a<b} \sum_{i,j} q_{ab}(i,j)\, x_{ai} x_{bj}
              + P \sum_a \Bigl( 1 - \sum_i x_{ai} \Bigr)^2

    Parameters
    ----------
    single : sequence of array_like
        Cost of each option of each party, not negative.
    pairs : mapping from (a, b) with a < b to array_like, shape (options of a, options of b)
        Cost of two options together, not negative; pairs that are not there cost nothing.

    Examples
    --------
    >>> from qlearn.learning.optimisation import energies
    >>> two = AssignmentProblem([[0, 1], [0, 2]], {(0, 1): [[5, 0], [0, 5]]})  # the same option twice costs 5
    >>> two.exact(), two.cost(two.exact())
    ((1, 0), 1.0)
    >>> bqm = two.bqm()
    >>> two.decode(dimod.ExactSolver().sample(bqm).first.sample)
    (1, 0)
    >>> bool(energies(bqm).min() == two.cost(two.exact()))  # of all 2**4 bit strings
    True

    References
    ----------
    Lucas, "Ising formulations of many NP problems", 2014, arXiv:1302.5843, section 6 (one colour each).
    """

    single: tuple[NDArray[np.float64], ...]
    pairs: Mapping[tuple[int, int], NDArray[np.float64]]

    def __post_init__(self) -> None:
        single = tuple(np.asarray(s, np.float64) for s in self.single)
        pairs = {key: np.asarray(q, np.float64) for key, q in dict(self.pairs).items()}
        if not single or any(s.ndim != 1 or s.size == 0 for s in single):
            raise ValueError("single must hold a non-empty list of costs for each party")
        for (a, b), table in pairs.items():
            if not 0 <= a < b < len(single):
                raise ValueError(f"pairs must be keyed by parties a < b below {len(single)}, not {(a, b)}")
            if table.shape != (single[a].size, single[b].size):
                raise ValueError(
                    f"pairs[{a}, {b}] must have shape {(single[a].size, single[b].size)}, not {table.shape}"
                )
        if not all(np.isfinite(t).all() and (t >= 0).all() for t in (*single, *pairs.values())):
            raise ValueError(
                "costs must be finite and not negative: add a constant to all options of a party"
            )
        object.__setattr__(self, "single", single)
        object.__setattr__(self, "pairs", pairs)

    def cost(self, chosen: tuple[int, ...]) -> float:
        """Return the cost of one option for each party."""
        options: tuple[Any, ...] = chosen  # whatever it is in truth
        for a, option in enumerate(options):
            if isinstance(option, bool) or not isinstance(option, Integral):
                raise TypeError(
                    f"chosen[{a}] must be a whole number, the option that party {a} picks, not {option!r}"
                )
        if len(chosen) != len(self.single) or any(
            not 0 <= i < s.size for i, s in zip(chosen, self.single, strict=True)
        ):
            raise ValueError(
                f"chosen must hold an option for each of the {len(self.single)} parties, not {chosen}"
            )
        alone = sum(float(s[i]) for s, i in zip(self.single, chosen, strict=True))
        return alone + sum(float(q[chosen[a], chosen[b]]) for (a, b), q in self.pairs.items())

    @property
    def sufficient_penalty(self) -> float:
        """The most that a party's cheapest option can cost, whatever the others do: no gain pays for none."""
        worst = [s.copy() for s in self.single]
        for (a, b), table in self.pairs.items():
            worst[a] += table.max(axis=1)
            worst[b] += table.max(axis=0)
        return float(max(w.min() for w in worst))

    def bqm(self, penalty: float | None = None) -> dimod.BinaryQuadraticModel:
        """Return the quadratic problem; variable (a, i) is 1 if party a picks option i.

        Parameters
        ----------
        penalty : float, optional
            P above. None takes a tenth more than :attr:`sufficient_penalty`: then every minimum picks one each.

        Returns
        -------
        dimod.BinaryQuadraticModel
        """
        p = 1.1 * self.sufficient_penalty or 1.0
        p = p if penalty is None else as_real(penalty, "penalty", least=0)
        bqm = dimod.BinaryQuadraticModel(dimod.BINARY)
        for a, costs in enumerate(self.single):
            for i, cost in enumerate(costs):
                bqm.add_linear((a, i), cost - p)
                for earlier in range(i):
                    bqm.add_quadratic((a, earlier), (a, i), 2 * p)
            bqm.offset += p
        for (a, b), table in self.pairs.items():
            for i, j in zip(*np.nonzero(table), strict=True):
                bqm.add_quadratic((a, int(i)), (b, int(j)), float(table[i, j]))
        return bqm

    def decode(self, sample: Mapping[Hashable, int]) -> tuple[int, ...] | None:
        """Return the options that a sample of :meth:`bqm` picks; None unless each party picks exactly one."""
        for variable in ((a, i) for a, s in enumerate(self.single) for i in range(s.size)):
            if variable not in sample:
                raise ValueError(
                    f"sample must hold a bit for each variable (party, option) of bqm(); {variable} is missing"
                )
            if sample[variable] not in (0, 1):
                raise ValueError(
                    f"sample must hold bits, 0 or 1, not {sample[variable]} for {variable}; "
                    "the spins -1 and 1 stand for the bits 0 and 1"
                )
        picked = [[i for i in range(s.size) if sample[a, i]] for a, s in enumerate(self.single)]
        return tuple(p[0] for p in picked) if all(len(p) == 1 for p in picked) else None

    def greedy(self) -> tuple[int, ...]:
        """Let one party after the other, the costliest first, pick what is cheapest given the picks so far."""
        weight = np.array([s.max() for s in self.single])
        for (a, b), table in self.pairs.items():
            weight[[a, b]] += table.max()
        chosen: dict[int, int] = {}
        for a in np.argsort(-weight, kind="stable").tolist():
            costs = self.single[a].copy()
            for b, j in chosen.items():
                if (a, b) in self.pairs:
                    costs += self.pairs[a, b][:, j]
                elif (b, a) in self.pairs:
                    costs += self.pairs[b, a][j]
            chosen[a] = int(costs.argmin())
        return tuple(chosen[a] for a in range(len(self.single)))

    def exact(self) -> tuple[int, ...]:
        r"""Return a choice of least cost, by mixed-integer linear programming.

        A product of bits becomes a number :math:`y_{ai,bj} \ge 0` with :math:`\sum_j y_{ai,bj} = x_{ai}` and
        :math:`\sum_i y_{ai,bj} = x_{bj}`: for bits there is only one such y, the product.
        """
        start = np.cumsum([0, *(s.size for s in self.single)])
        costs, rows, columns, entries = [*self.single], list[int](), list[int](), list[float]()
        right = list[float]()

        def constrain(plus: NDArray, minus: list[int], value: float) -> None:
            rows.extend([len(right)] * (len(plus) + len(minus)))
            columns.extend([*plus.tolist(), *minus])
            entries.extend([1.0] * len(plus) + [-1.0] * len(minus))
            right.append(value)

        for a, s in enumerate(self.single):
            constrain(start[a] + np.arange(s.size), [], 1)
        used = int(start[-1])
        for (a, b), table in self.pairs.items():
            y = used + np.arange(table.size).reshape(table.shape)
            for i, row in enumerate(y):
                constrain(row, [int(start[a]) + i], 0)
            for j, column in enumerate(y.T):
                constrain(column, [int(start[b]) + j], 0)
            costs.append(table.ravel())
            used += table.size
        places = np.array([rows, columns], dtype=np.int32)  # SciPy 1.13 hands them to HiGHS as they are
        matrix = coo_array((entries, (places[0], places[1])), shape=(len(right), used)).tocsr()
        whole = (np.arange(used) < start[-1]).astype(int)
        solved = milp(
            np.concatenate(costs),
            constraints=LinearConstraint(matrix, right, right),
            integrality=whole,
            bounds=Bounds(0, 1),
        )
        if solved.x is None:
            raise ArithmeticError(f"the integer program was not solved: {solved.message}")
        return tuple(int(solved.x[start[a] : start[a + 1]].argmax()) for a in range(len(self.single)))

    def all_costs(self) -> dict[tuple[int, ...], float]:
        """Return the cost of every choice: brute force, for problems of a few thousand."""
        return {chosen: self.cost(chosen) for chosen in product(*(range(s.size) for s in self.single))}
