"""Heuristics of admission: what a network does by itself, what an operator's tool does, and a search that improves it."""

from collections.abc import Hashable, Mapping, Sequence
from math import exp
from typing import Any

import numpy as np

from qlearn._checks import as_choice, as_count, as_real, as_rng
from qlearn.applications.routing_6g.admission import REFUSED, AdmissionProblem

_RULES = ("preferred", "first_fit", "least_loaded")
_ORDERS = ("given", "largest", "densest")


def greedy_admission(
    problem: AdmissionProblem, rule: str = "first_fit", *, order: str | Sequence[int] = "given"
) -> tuple[int, ...]:
    """Serve one party after the other; nobody who was served is moved or dropped.

    Parameters
    ----------
    problem : AdmissionProblem
    rule : {"first_fit", "preferred", "least_loaded"}
        "preferred" looks at a party's first option alone: the strongest cell, or the shortest path as OSPF has it, and
        refuses when that is full. "first_fit" takes the first option that fits, in the party's order: constrained
        shortest path first (CSPF), and admission by signal strength. "least_loaded" takes, of those that fit, the
        one after which the fullest of its resources is least full.
    order : {"given", "largest", "densest"} or sequence of int
        Who is asked first: as they come; the most value; the most value for what it needs (its leanest
        option, as the sum of shares of capacities); or any order of all parties.

    Returns
    -------
    tuple of int
        A plan that fits.

    Examples
    --------
    >>> two = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])
    >>> greedy_admission(two), greedy_admission(two, order="largest"), greedy_admission(two, order=[1, 0])
    ((0, -1), (0, -1), (1, 0))

    References
    ----------
    Dantzig, "Discrete-variable extremum problems", 1957, doi:10.1287/opre.5.2.266 (value by weight). Awduche, Malcolm,
    Agogbua, O'Dell and McManus, "Requirements for traffic engineering over MPLS", RFC 2702, 1999 (constraint-based routing).
    """
    as_choice(rule, _RULES, "rule")
    free = problem.capacity.copy()
    plan = [REFUSED] * problem.value.size
    for a in _in_order(problem, order):
        table = problem.uses[a]
        fitting = np.asarray((table <= free).all(axis=1))
        if rule == "preferred":
            fitting[1:] = False
        if not fitting.any():
            continue
        if rule == "least_loaded":
            fullness = np.where(table > 0, (problem.capacity - free + table) / problem.capacity, 0).max(
                axis=1
            )
            i = int(np.where(fitting, fullness, np.inf).argmin())
        else:
            i = int(fitting.argmax())
        plan[a] = i
        free -= table[i]
    return tuple(plan)


def _in_order(problem: AdmissionProblem, order: str | Sequence[int]) -> list[int]:
    n = problem.value.size
    if not isinstance(order, str):
        if sorted(order) != list(range(n)):
            raise ValueError(f"order must name each party from 0 to {n - 1} once, not {list(order)!r}")
        return [int(a) for a in order]
    as_choice(order, _ORDERS, "order")
    if order == "given":
        return list(range(n))
    need = [1.0 if order == "largest" else (t / problem.capacity).sum(axis=1).min() for t in problem.uses]
    worth = problem.value / np.maximum(need, 1e-12)
    return np.argsort(-worth, kind="stable").tolist()


def local_search(
    problem: AdmissionProblem,
    start: Sequence[int] | None = None,
    *,
    moves: int = 1000,
    temperature: float = 0.1,
    rng: Any = None,
) -> tuple[int, ...]:
    r"""Improve a plan by moves that never leave the plans that fit, and return the best one seen.

    A move puts a random party on a random other option, drops parties at random from the resources that this overloads until
    they fit, and then lets the refused in again where they fit, in random order. It is accepted if it loses nothing, else with
    probability :math:`e^{\Delta / T}`; T falls linearly to 0 from `temperature` times the mean value of a party.

    Parameters
    ----------
    problem : AdmissionProblem
    start : sequence of int, optional
        A plan that fits. None: first fit, the densest first.
    moves : int
        How many moves are tried.
    temperature : float
        First temperature, in units of the mean value; 0 never accepts a loss.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    tuple of int
        A plan that fits and serves at least as much as `start`.

    Examples
    --------
    >>> two = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])
    >>> local_search(two, (0, -1), moves=20, rng=0)
    (1, 0)

    References
    ----------
    Kirkpatrick, Gelatt and Vecchi, 1983, doi:10.1126/science.220.4598.671 (the acceptance). Yagiura, Ibaraki and Glover, "An
    ejection chain approach for the generalized assignment problem", 2004, doi:10.1287/ijoc.1030.0036 (dropping and refilling).
    """
    moves = as_count(moves, "moves", least=0)
    hot = as_real(temperature, "temperature", least=0) * float(problem.value.mean())
    random = as_rng(rng)
    plan = list(greedy_admission(problem, order="densest") if start is None else start)
    if not problem.fits(plan):
        raise ValueError("start must be a plan that fits; greedy_admission(problem) makes one")
    touched = problem._touched
    resources = [[[r for r, _ in takes] for takes in options] for options in touched]
    choices: list[list[int]] = [[] for _ in plan]
    for a, i in problem.options:
        choices[a].append(i)
    movable = [a for a, mine in enumerate(choices) if mine]
    if not movable:
        return tuple(plan)
    value, free = problem.value.tolist(), (problem.capacity - problem.load(plan)).tolist()
    now = best = problem.served(plan)
    champion = tuple(plan)

    def put(a: int, i: int, sign: int) -> None:
        for r, u in touched[a][i]:
            free[r] -= sign * u

    n, draws = len(plan), random.random((moves, 3)).tolist()
    tiny = 1e-12 * max(value)  # sums that are kept by adding and taking away drift
    for step, (who, where, luck) in enumerate(draws):
        a = movable[int(who * len(movable))]
        was = plan[a]
        others = [i for i in choices[a] if i != was] or [was]
        undo = [(a, was)]  # what to put back if the move is not accepted, last first
        then = now
        if was != REFUSED:
            put(a, was, -1)
        else:
            then += value[a]
        plan[a] = others[int(where * len(others))]
        put(a, plan[a], 1)
        over = {r for r, _ in touched[a][plan[a]] if free[r] < 0}
        queue = random.permutation(n).tolist()
        for b in queue:
            if not over:
                break
            if b != a and plan[b] != REFUSED and not over.isdisjoint(resources[b][plan[b]]):
                undo.append((b, plan[b]))
                put(b, plan[b], -1)
                plan[b] = REFUSED
                then -= value[b]
                over = {r for r in over if free[r] < 0}
        for b in queue:
            if plan[b] == REFUSED:
                for i in choices[b]:
                    for r, u in touched[b][i]:
                        if free[r] < u:
                            break
                    else:
                        undo.append((b, REFUSED))
                        plan[b] = i
                        put(b, i, 1)
                        then += value[b]
                        break
        heat = hot * (1 - step / moves)
        if then >= now - tiny or (heat > 0 and luck < exp((then - now) / heat)):
            now = then
            if now > best + tiny:
                best, champion = now, tuple(plan)
        else:
            for b, old in reversed(undo):
                if plan[b] != REFUSED:
                    put(b, plan[b], -1)
                if old != REFUSED:
                    put(b, old, 1)
                plan[b] = old
    return champion


def rounded(problem: AdmissionProblem, *, tries: int = 100, rng: Any = None) -> tuple[int, ...]:
    """Round the linear program at random, repair each plan, and return the best one.

    The shares in which a party would be split (:meth:`AdmissionProblem.split`) become the chances of its options.

    Parameters
    ----------
    problem : AdmissionProblem
    tries : int
        How many plans are drawn.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    tuple of int
        A plan that fits.

    Examples
    --------
    >>> two = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])
    >>> rounded(two, rng=0)
    (1, 0)

    References
    ----------
    Raghavan and Thompson, "Randomized rounding", 1987, doi:10.1007/BF02579324.
    """
    tries, random = as_count(tries, "tries"), as_rng(rng)
    share: list[list[tuple[Hashable, float]]] = [[] for _ in problem.uses]
    for (a, i), x in zip(problem.options, problem.split(), strict=True):
        share[a].append(((a, i), float(x)))
    plans = []
    for draw in random.random((tries, len(share))).tolist():
        bits: dict[Hashable, int] = dict.fromkeys(problem.options, 0)
        for left, mine in zip(draw, share, strict=True):
            for option, x in mine:
                left -= x
                if left < 0:
                    bits[option] = 1
                    break
        plans.append(repair(problem, bits))
    return max(plans, key=problem.served)


def repair(problem: AdmissionProblem, sample: Mapping[Hashable, int]) -> tuple[int, ...]:
    """Make a plan that fits of a sample of the problem's bits, which may break every rule.

    Parties are asked in the order of their value. Each takes the first of the options that the sample gave it and
    that still fits; those left over are then served where they fit, first option first. What a colleague
    would do with a broken sample, before
    calling the sampler useless.

    Parameters
    ----------
    problem : AdmissionProblem
    sample : mapping
        A bit for each option, by (party, option), as :meth:`AdmissionProblem.bqm` has them; others are not looked at.

    Returns
    -------
    tuple of int
        A plan that fits.

    Examples
    --------
    >>> two = AdmissionProblem([3, 2], [[[2, 0], [0, 3]], [[2, 0]]], [2, 3])
    >>> repair(two, {(0, 0): 1, (0, 1): 1, (1, 0): 1}), repair(two, {(0, 0): 0, (0, 1): 1, (1, 0): 0})
    ((0, -1), (1, 0))
    """
    wanted = problem.wanted(sample)
    free = problem.capacity.tolist()
    plan = [REFUSED] * problem.value.size
    order = np.argsort(-problem.value, kind="stable").tolist()
    for pool in (wanted, [range(len(t)) for t in problem.uses]):
        for a in order:
            for i in pool[a] if plan[a] == REFUSED else ():
                takes = problem._touched[a][i]
                if all(free[r] >= u for r, u in takes):
                    plan[a] = int(i)
                    for r, u in takes:
                        free[r] -= u
                    break
    return tuple(plan)
