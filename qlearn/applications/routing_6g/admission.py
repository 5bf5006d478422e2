r"""Admission control: whom to serve, and on which option, when cells or links have limits."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

import dimod
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from qlearn._checks import as_real, as_reals
from qlearn._types import Array

REFUSED = -1
"""What stands in a plan for a party that is not served."""

_MOST_UNITS = 10**12  # sums of them stay exact, as whole numbers and as floats


@dataclass(frozen=True)
class Proof:
    """What branch and bound found, and what it knows about it.

    Parameters
    ----------
    plan : tuple of int
        The best plan that it saw.
    bound : float
        No plan serves more than this.
    nodes : int
        Nodes of its tree. One: the linear program of the root, with cuts and rules of thumb, was enough.
    proven : bool
        Whether no plan is better; False if it was stopped before.
    """

    plan: tuple[int, ...]
    bound: float
    nodes: int
    proven: bool


@dataclass(frozen=True, eq=False)
class AdmissionProblem:
    r"""Parties that each want one of their options, resources with a capacity, and the most that can be served.

    .. math:: \max_x \sum_{a} v_a \sum_i x_{ai} \qquad\text{with}\qquad \sum_i x_{ai} \le 1, \quad
              \sum_{a,i} u_{air}\, x_{ai} \le c_r, \quad x_{ai} \in \{0, 1\}

    A user and its cells, each with the blocks it would need there: then this is the *generalised assignment problem*. A
    demand and its paths, each with the traffic it puts on every link: then it is *unsplittable multi-commodity flow* over
    given paths. Both are NP-hard. A party that no option fits is refused, so a plan always exists.

    A **plan** is a tuple with the number of the option of each party, or -1 (:data:`REFUSED`).

    Parameters
    ----------
    value : array_like, shape (parties,)
        What serving a party is worth, above 0: its traffic, say.
    uses : sequence of array_like of int, each of shape (options, resources)
        Units of each resource that each option takes, one table for each party, preferred option first.
    capacity : array_like of int, shape (resources,)
        Units of each resource, at least 1.

    Examples
    --------
    >>> two = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])  # both like the first cell
    >>> two.exact(), two.served((1, 0))
    ((1, 0), 5.0)
    >>> two.fits((0, 0)), two.load((0, 0)).tolist()
    (False, [4, 0])

    References
    ----------
    Martello and Toth, "Knapsack Problems", 1990, chapter 7 (generalised assignment). Kleinberg, "Approximation algorithms
    for disjoint paths problems", 1996 (unsplittable flow).
    """

    value: Array
    uses: tuple[NDArray[np.int64], ...]
    capacity: NDArray[np.int64]

    def __post_init__(self) -> None:
        value = as_reals(self.value, "value")
        if value.ndim != 1 or not value.size or (value <= 0).any():
            raise ValueError("value must hold a number above 0 for each party, and at least one party")
        capacity = _whole(self.capacity, "capacity", least=1)
        if capacity.ndim != 1 or not capacity.size:
            raise ValueError(f"capacity must hold a number for each resource, not shape {capacity.shape}")
        if len(self.uses) != value.size:
            raise ValueError(
                f"uses must hold a table for each of the {value.size} parties, not {len(self.uses)}"
            )
        tables = []
        for a, given in enumerate(self.uses):
            table = _whole(given, f"uses[{a}]", least=0)
            if table.ndim != 2 or not len(table) or table.shape[1] != capacity.size:
                raise ValueError(
                    f"uses[{a}] must have shape (options, {capacity.size}), a column for each resource, "
                    f"not {table.shape}"
                )
            tables.append(table)
        for name, ready in (("value", value), ("uses", tuple(tables)), ("capacity", capacity)):
            object.__setattr__(self, name, ready)

    def __repr__(self) -> str:
        options = sum(len(table) for table in self.uses)
        return (
            f"AdmissionProblem({self.value.size} parties, {options} options, {self.capacity.size} resources)"
        )

    @cached_property
    def options(self) -> tuple[tuple[int, int], ...]:
        """Every option that fits by itself, as (party, number): the unknowns of all solvers."""
        return tuple(
            (a, i) for a, t in enumerate(self.uses) for i in range(len(t)) if (t[i] <= self.capacity).all()
        )

    def load(self, plan: Sequence[int]) -> NDArray[np.int64]:
        """Return the units that a plan takes of each resource, shape (resources,)."""
        used = np.zeros_like(self.capacity)
        for table, i in zip(self.uses, self._checked(plan), strict=True):
            if i != REFUSED:
                used += table[i]
        return used

    def fits(self, plan: Sequence[int]) -> bool:
        """Tell whether a plan keeps to every capacity."""
        return bool((self.load(plan) <= self.capacity).all())

    def served(self, plan: Sequence[int]) -> float:
        """Return the value of the parties that a plan serves, whether or not it fits."""
        chosen = self._checked(plan)
        return float(sum(v for v, i in zip(self.value, chosen, strict=True) if i != REFUSED))

    def exact(self, *, time_limit: float | None = None) -> tuple[int, ...]:
        """Return a plan of most value, by branch and bound (HiGHS).

        Parameters
        ----------
        time_limit : float, optional
            Seconds after which the best plan so far is returned, without a proof. None: until it is proven.

        Returns
        -------
        tuple of int
        """
        return self.prove(time_limit=time_limit).plan

    def prove(self, *, time_limit: float | None = None) -> Proof:
        """Return the plan of :meth:`exact` with the bound and the size of the tree that it took.

        Parameters
        ----------
        time_limit : float, optional
            Seconds, as in :meth:`exact`.

        Returns
        -------
        Proof

        Examples
        --------
        >>> AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3]).prove()
        Proof(plan=(1, 0), bound=5.0, nodes=0, proven=True)
        """
        limit = {} if time_limit is None else {"time_limit": as_real(time_limit, "time_limit", above=0)}
        matrix, right, gain = self._program
        nobody = (REFUSED,) * self.value.size
        if not gain.size:
            return Proof(nobody, 0.0, 0, True)
        unit = float(
            gain.max()
        )  # HiGHS stops a millionth from the optimum: let that be one of the largest value
        found = milp(
            -gain / unit,
            integrality=np.ones(gain.size),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, -np.inf, right),
            options={"mip_rel_gap": 0.0, **limit},
        )
        if found.x is None:
            if time_limit is not None and found.status == 1:  # no time for a plan: nobody is served
                return Proof(nobody, self.bound(), 0, False)
            raise ArithmeticError(f"the integer program ended without an answer: {found.message}")
        plan = [REFUSED] * self.value.size
        for (a, i), x in zip(self.options, found.x, strict=True):
            if x > 0.5:
                plan[a] = i
        if not self.fits(plan):  # bits are whole to a millionth, which times very many units is more than one
            raise ArithmeticError(
                "the integer program broke a capacity in its rounding errors: count in coarser units"
            )
        nodes = int(found.mip_node_count or 0)
        proven = found.status == 0
        bound = self.served(plan) if proven else -unit * float(found.mip_dual_bound)
        return Proof(tuple(plan), bound, nodes, proven)

    def bound(self) -> float:
        """Return the value if parties could be split between options: no plan serves more."""
        return float(sum(self.value[a] * x for (a, _), x in zip(self.options, self.split(), strict=True)))

    def split(self) -> Array:
        """Return the best share of each of :attr:`options`, 0 to 1, if parties could be split between them."""
        matrix, right, gain = self._program
        if not gain.size:
            return gain
        found = linprog(-gain / gain.max(), A_ub=matrix, b_ub=right, bounds=(0, 1))
        if found.x is None:
            raise ArithmeticError(f"the linear program ended without an answer: {found.message}")
        return np.clip(found.x, 0, 1)

    @property
    def sufficient_penalty(self) -> float:
        """The largest value of a party: above it, no broken rule pays (see :meth:`bqm`)."""
        return float(self.value.max())

    def bqm(self, penalty: float | None = None) -> dimod.BinaryQuadraticModel:
        r"""Return the problem in bits, to be minimised: one bit an option, and slack bits for every capacity.

        .. math:: E(x, s) = -\sum_{a,i} v_a x_{ai} + P \sum_a \sum_{i<j} x_{ai} x_{aj}
                  + P \sum_r \Bigl( \sum_{a,i} u_{air} x_{ai} + \sum_k w_{rk} s_{rk} - c_r \Bigr)^2

        The slack of a resource with capacity c has :math:`\lfloor\log_2 c\rfloor + 1` bits with weights 1, 2, 4, ... and
        a last one cut such that they reach each of 0 to c and no more. With :math:`P > \max_a v_a` every minimum is a plan
        of most value: to drop one of two options of a party saves at least P and costs :math:`v_a`;
        where a resource is overloaded by m, to drop one of its users lowers :math:`m^2` by at least 1, so saves P, and
        costs :math:`v_a`. A resource that cannot be overloaded gets no slack.

        Parameters
        ----------
        penalty : float, optional
            P. None takes a tenth more than :attr:`sufficient_penalty`.

        Returns
        -------
        dimod.BinaryQuadraticModel
            Variables (party, option), and ("slack", resource, k).
        """
        p = 1.1 * self.sufficient_penalty if penalty is None else as_real(penalty, "penalty", least=0)
        bqm = dimod.BinaryQuadraticModel(dimod.BINARY)
        for place, (a, i) in enumerate(self.options):
            bqm.add_linear((a, i), -float(self.value[a]))
            for b, j in self.options[:place]:
                if b == a:
                    bqm.add_quadratic((b, j), (a, i), p)
        for r in self.scarce:
            terms = [((a, i), int(self.uses[a][i, r])) for a, i in self.options if self.uses[a][i, r]]
            slack = [(("slack", r, k), w) for k, w in enumerate(_slack_weights(int(self.capacity[r])))]
            bqm.add_linear_equality_constraint(terms + slack, p, -int(self.capacity[r]))
        return bqm

    @cached_property
    def scarce(self) -> tuple[int, ...]:
        """The resources that could be overloaded, if every party took what uses most of them."""
        most = np.zeros_like(self.capacity)
        for a, table in enumerate(self.uses):
            mine = [i for b, i in self.options if b == a]
            if mine:
                most += table[mine].max(axis=0)
        return tuple(np.flatnonzero(most > self.capacity).tolist())

    def decode(self, sample: Mapping[Hashable, int]) -> tuple[int, ...] | None:
        """Return the plan that a sample of :meth:`bqm` spells; None if a party has two options or a capacity is broken."""
        picked = self.wanted(sample)
        if any(len(mine) > 1 for mine in picked):
            return None
        plan = tuple(mine[0] if mine else REFUSED for mine in picked)
        return plan if self.fits(plan) else None

    def wanted(self, sample: Mapping[Hashable, int]) -> list[list[int]]:
        """Return the options that a sample of :meth:`bqm` gives each party: none, one or, against the rule, several."""
        picked: list[list[int]] = [[] for _ in self.uses]
        for option in self.options:
            if option not in sample:
                raise ValueError(f"sample must hold a bit for each option of bqm(); {option} is missing")
            bit = sample[option]
            if bit not in (0, 1):
                raise ValueError(f"sample must hold bits, 0 or 1, not {bit} for {option}")
            if bit:
                a, i = option
                picked[a].append(i)
        return picked

    @cached_property
    def _touched(self) -> list[list[list[tuple[int, int]]]]:
        """The few resources that each option takes from: lists of them are quicker than arrays of all."""
        return [[[(r, int(u)) for r, u in enumerate(row) if u] for row in t] for t in self.uses]

    @cached_property
    def _program(self) -> tuple[csr_array, Array, Array]:
        """Rows of the linear program, their right-hand sides, and the value of each unknown."""
        gain = np.array([self.value[a] for a, _ in self.options])
        one = np.zeros((self.value.size, gain.size))
        used = np.zeros((self.capacity.size, gain.size))
        for column, (a, i) in enumerate(self.options):
            one[a, column] = 1
            used[:, column] = self.uses[a][i]
        rows = [*one[one.any(axis=1)], *used[list(self.scarce)]]
        right = np.concatenate([np.ones(int(one.any(axis=1).sum())), self.capacity[list(self.scarce)]])
        matrix = csr_array(np.array(rows).reshape(len(rows), gain.size))
        matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
        return matrix, right, gain

    def _checked(self, plan: Sequence[int]) -> Sequence[int]:
        if len(plan) != self.value.size:
            raise ValueError(
                f"plan must hold an option for each of the {self.value.size} parties, not {len(plan)}"
            )
        options: Sequence[Any] = plan  # whatever it is in truth
        for a, (i, table) in enumerate(zip(options, self.uses, strict=True)):
            # What is asked first is known at once; an abstract class takes ten times as long, and plans are looked at often.
            whole = type(i) is int or (isinstance(i, Integral) and not isinstance(i, bool))
            if not (whole and REFUSED <= int(i) < len(table)):
                raise ValueError(
                    f"plan[{a}] must be an option from 0 to {len(table) - 1}, or -1 for refused, not {i!r}"
                )
        return plan


def _whole(x: Any, name: str, least: int) -> NDArray[np.int64]:
    """Return `x` as an array of whole numbers of at least `least`."""
    numbers = as_reals(x, name, least=least)
    if (numbers != np.rint(numbers)).any():
        raise ValueError(
            f"{name} must hold whole units, so that a slack in bits can fill them; round it up first"
        )
    if (numbers > _MOST_UNITS).any():
        raise ValueError(f"{name} must hold at most {_MOST_UNITS:g} units; count in coarser ones")
    return numbers.astype(np.int64)


def _slack_weights(capacity: int) -> list[int]:
    """Return weights whose sums are the numbers 0 to `capacity`, with as few bits as do that."""
    bits = capacity.bit_length()  # a logarithm of floats is wrong from 2**49 - 1 on
    return [1 << k for k in range(bits - 1)] + [capacity - (1 << (bits - 1)) + 1]
