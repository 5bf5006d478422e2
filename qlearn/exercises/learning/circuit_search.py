"""Exercises of the chapter *Circuit search: let selection draw the circuit*."""

from collections import Counter
from collections.abc import Callable
from math import ceil, isclose
from typing import Any, ClassVar

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.exercises._stand_in import stand_in
from qlearn.learning.circuit_search import Arrangement, Gate, GateSet, mutate, objectives, random_arrangement


def _grade_depth(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))
    if value == 4:
        return Verdict.right("RY and RX at once, then CX, then RZ and CZ: the CZ has to wait for the RZ.")
    reasons: dict[float, str] = {
        6: "6 is the number of gates. Gates on different wires may run at the same time.",
        3: "3 forgets that a gate waits for *both* of its wires: the CZ stands behind the RZ on wire 1.",
        2: "2 is the number of couplings. Turns take time as well.",
        5: "one step too many: the first RY and the RX stand on different wires, so they share a step.",
    }
    return Verdict.wrong(
        reasons.get(value, f"{value:g} is not it: give every gate the step after the latest of its wires.")
    )


depth = Exercise(
    name="depth",
    level="warm-up",
    prompt=(
        "Six gates on three wires, in this order: RY(0), RX(1), CX(0, 1), RZ(1), RY(2), CZ(1, 2). What is the depth, if gates on "
        "different wires may run at the same time? By hand."
    ),
    stub="depth = ...\n",
    solution="depth = 4\n",
    explanation=(
        "Each gate starts when all its wires are free. Wires 0 and 1 are free after step 1; CX takes step 2; RZ on wire 1 "
        "takes step 3; RY on wire 2 can run at any time before; CZ needs wires 1 and 2 and takes step 4."
    ),
    wrong={
        "number of gates": "depth = 6\n",
        "does not wait": "depth = 3\n",
        "couplings": "depth = 2\n",
        "one by one": "depth = 5\n",
    },
    grade=_grade_depth,
)


def _grade_beats(answer: Any) -> Verdict:
    cases = [
        ((0.1, 3), (0.2, 5), True, "less error *and* less depth"),
        ((0.1, 3), (0.1, 5), True, "equal error and less depth"),
        ((0.1, 3), (0.2, 3), True, "less error and equal depth"),
        ((0.1, 3), (0.1, 3), False, "twins: equal in both"),
        ((0.1, 5), (0.2, 3), False, "less error, more depth"),
        ((0.2, 5), (0.1, 3), False, "worse in both"),
        ((0.3, 2), (0.1, 3), False, "more error, less depth"),
        ((0.1, 3), (0.1001, 3), True, "one row in ten thousand less, equal depth"),
        ((0.1001, 2), (0.1, 3), False, "one row in ten thousand more, less depth"),
    ]
    got = [bool(answer(a, b)) for a, b, *_ in cases]
    for (a, b, expected, what), said in zip(cases, got, strict=True):
        if said == expected:
            continue
        hints = {
            "equal error and less depth": "it is enough to be better in one goal and no worse in the other.",
            "less error and equal depth": "it is enough to be better in one goal and no worse in the other.",
            "twins: equal in both": "nobody beats an equal: at least one goal must be better.",
            "less error, more depth": "neither of the two beats the other: both may stay on the front.",
            "one row in ten thousand less, equal depth": "a small gain is a gain: the rule has no tolerance.",
            "one row in ten thousand more, less depth": "no tolerance: it is worse in one goal, however little.",
            "more error, less depth": "a small sum is no argument: an error and a depth have no common unit.",
        }
        return Verdict.wrong(
            f"a = {a}, b = {b} ({what}): you say {said}. {hints.get(what, 'Both objectives are to be small.')}"
        )
    return Verdict.right("No worse in any goal, better in at least one: twins and trade-offs stay.")


beats = Exercise(
    name="beats",
    level="core",
    prompt=(
        "Write `beats(a, b)`: True if candidate `a` beats `b`. Both are pairs (error, depth), and both goals are to be small."
    ),
    stub="def beats(a, b):\n    ...\n",
    solution=(
        "def beats(a, b):\n    no_worse = a[0] <= b[0] and a[1] <= b[1]\n    return no_worse and (a[0] < b[0] or a[1] < b[1])\n"
    ),
    explanation=(
        "Pareto's rule needs no exchange rate between errors and gates. What nobody beats is the *front*; choosing from the "
        "front is left to somebody who knows what depth costs."
    ),
    wrong={
        "strict in both": "def beats(a, b):\n    return a[0] < b[0] and a[1] < b[1]\n",
        "only by depth": "def beats(a, b):\n    return a[0] <= b[0] and a[1] < b[1]\n",
        "beats its twin": "def beats(a, b):\n    return a[0] <= b[0] and a[1] <= b[1]\n",
        "either": "def beats(a, b):\n    return a[0] < b[0] or a[1] < b[1]\n",
        "with a tolerance": (
            "def beats(a, b):\n    no_worse = a[0] <= b[0] + 0.005 and a[1] <= b[1]\n"
            "    return no_worse and (a[0] < b[0] - 0.005 or a[1] < b[1])\n"
        ),
        "sum": "def beats(a, b):\n    return a[0] + a[1] < b[0] + b[1]\n",
    },
    grade=_grade_beats,
)


def _grade_signal_shots(answer: Any) -> Verdict:
    cases = ((0.5, 0.0, 7), (0.4, 0.01, 20), (0.1, 0.02, 40), (0.5, 0.2, 10))
    needed = [1 / (f * (1 - p) ** layers) ** 2 for f, p, layers in cases]
    said = [float(answer(*case)) for case in cases]
    # one case alone may be another mistake that was rounded
    whole = all(got in (int(right), ceil(right)) for got, right in zip(said, needed, strict=True))
    for (f, p, layers), right, got in zip(cases, needed, said, strict=True):
        if abs(got - right) < 0.06 or got == ceil(right):  # rounded to a decimal, or up to whole shots
            continue
        where = f"for f = {f}, p = {p} and depth {layers}"
        if whole:
            return Verdict.wrong(
                f"{where} you say {got:g}, and {right:.2f} are needed: {got:g} shots are not yet enough, so round up."
            )
        if isclose(got, np.exp(2 * p * layers) / f**2, rel_tol=1e-6):
            return Verdict.wrong(
                f"{where} you say {got:.4g}: e^(-pL) is close to (1-p)^L for small p only; here {right:.4g} are needed."
            )
        if isclose(got, 1 / right, rel_tol=0.02):
            return Verdict.wrong(
                f"{where} you say {got:.3g}: that is upside down, a weaker answer needs more."
            )
        if isclose(got, 1 / (f * (1 - p) ** layers), rel_tol=0.02):
            return Verdict.wrong(f"{where} you say {got:.3g}: the error falls with the *root* of the shots.")
        if isclose(got, 1 / f**2, rel_tol=0.02):
            return Verdict.wrong(
                f"{where} you say {got:.3g}, whatever the depth: every layer shrinks the answer."
            )
        if isclose(got, 1 / (f * (1 - p * layers)) ** 2, rel_tol=0.02):
            return Verdict.wrong(
                f"{where} you say {got:.3g}: losses multiply; 1 - p L is right for small p L only."
            )
        if isclose(got, 1 / (f**2 * (1 - p) ** layers), rel_tol=0.02):
            return Verdict.wrong(
                f"{where} you say {got:.3g}: the loss is squared too, since the whole answer is."
            )
        return Verdict.wrong(f"{where} you say {got:.4g}; {right:.4g} are needed.")
    return Verdict.right(
        "Each layer costs a factor 1/(1-p)^2: that is the exchange rate between depth and shots."
    )


signal_shots = Exercise(
    name="signal_shots",
    level="core",
    prompt=(
        "Every layer of a device leaves a share $1-p$ of the answer (global depolarising noise), so an answer $f$ becomes "
        "$f(1-p)^L$ at depth L. Write `signal_shots(f, p, depth)`: the number of shots at which the standard error, at most "
        "$1/\\sqrt N$, is as large as the answer that is left. If you round to whole shots, round up."
    ),
    stub="def signal_shots(f, p, depth):\n    ...\n",
    solution="def signal_shots(f, p, depth):\n    return 1 / (f * (1 - p) ** depth) ** 2\n",
    explanation="$1/\\sqrt N=|f|(1-p)^L$ gives $N=f^{-2}(1-p)^{-2L}$: exponential in the depth, with a small base.",
    wrong={
        "no root": "def signal_shots(f, p, depth):\n    return 1 / (f * (1 - p) ** depth)\n",
        "upside down": "def signal_shots(f, p, depth):\n    return (f * (1 - p) ** depth) ** 2\n",
        "no noise": "def signal_shots(f, p, depth):\n    return 1 / f**2\n",
        "linear": "def signal_shots(f, p, depth):\n    return 1 / (f * (1 - p * depth)) ** 2\n",
        "exponential": "def signal_shots(f, p, depth):\n    return np.exp(2 * p * depth) / f**2\n",
        "rounded down": "def signal_shots(f, p, depth):\n    return int(1 / (f * (1 - p) ** depth) ** 2)\n",
        "half squared": "def signal_shots(f, p, depth):\n    return 1 / (f**2 * (1 - p) ** depth)\n",
    },
    grade=_grade_signal_shots,
    given={"np": np},
)


def _task() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    X = rng.uniform(-np.pi, np.pi, (60, 2))
    return X, np.where(np.sin(X[:, 0]) > 0, 1.0, -1.0)


class _Counting(GateSet):
    """An gate_set that notes how many gates were drawn from it."""

    drawn: ClassVar[list[int]] = []

    def gate(self, rng: np.random.Generator) -> Gate:
        self.drawn.append(1)
        return super().gate(rng)


def _one_mutation_apart(one: Arrangement, two: Arrangement) -> bool:
    a, b = Counter(one.gates), Counter(two.gates)
    return (a - b).total() <= 1 and (b - a).total() <= 1


def _climb(
    X: np.ndarray, y: np.ndarray, gate_set: GateSet, seed: int, keep: Callable[[Any, Any], bool]
) -> Arrangement:
    rng = np.random.default_rng(seed)
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(250):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if keep(seen, best):
            parent, best = child, seen
    return parent


_RULES: tuple[tuple[Callable[[Any, Any], bool], str], ...] = (
    (
        lambda seen, best: seen < best,
        "you keep a child only if it is *better*: one that is equal shall be kept too, it may carry what becomes useful.",
    ),
    (
        lambda seen, best: seen[0] <= best[0],
        "you compare the errors alone: of two with as many errors the deeper one must not replace the other.",
    ),
    (
        lambda seen, best: seen[0] < best[0],
        "you compare the errors alone, and keep no child that is equal.",
    ),
)

# Objectives of a first parent and of its children, in turn: equal, deeper, less deep, worse, better and deeper, ...
_SCRIPT = (
    (0.5, 4), (0.5, 4), (0.5, 5), (0.5, 3), (0.6, 1), (0.4, 9), (0.4, 9), (0.4, 10), (0.4001, 2), (0.3999, 12),
    (0.1, 7), (0.1, 7),
)  # fmt: skip


class _Script:
    """Stand-ins for the three functions of the search that play the script, and note which parents have children."""

    def __init__(self) -> None:
        self.parents: list[int] = []
        self.scored = False
        # One turn each, by another angle: nothing to trim, and no two alike.
        self.cast = [Arrangement(2, 2, (Gate("ry", (0,), angle=0.1 + 0.2 * k),)) for k in range(40)]

    def number(self, one: Any) -> int:
        return self.cast.index(one) if one in self.cast else -1

    def random_arrangement(self, *args: Any, **options: Any) -> Arrangement:
        return self.cast[0]

    def mutate(self, parent: Arrangement, *args: Any, **options: Any) -> Arrangement:
        self.parents.append(self.number(parent))
        if len(self.parents) > 1000:
            raise RuntimeError("a thousand children in at most 11 steps: make one in each step, good or bad")
        return self.cast[min(len(self.parents), len(self.cast) - 1)]

    def objectives(self, one: Arrangement, *args: Any, **options: Any) -> tuple[float, int]:
        self.scored = True
        return _SCRIPT[min(max(self.number(one), 0), len(_SCRIPT) - 1)]


def _play(answer: Any, steps: int) -> tuple[_Script, int]:
    """Run a climber on the script, and return what was noted and the number of what it returns."""
    X, y = _task()
    script = _Script()
    with stand_in(
        answer,
        (random_arrangement, script.random_arrangement),
        (mutate, script.mutate),
        (objectives, script.objectives),
    ):
        got = answer(X, y, GateSet(2, 2, most_gates=8), steps, np.random.default_rng(0))
    return script, script.number(got)


def _kept(keep: Callable[[Any, Any], bool]) -> list[int]:
    """Return who is the parent after 0, 1, 2, ... steps of the script."""
    line = [0]
    for child in range(1, len(_SCRIPT)):
        line.append(child if keep(_SCRIPT[child], _SCRIPT[line[-1]]) else line[-1])
    return line


def _steps_not_taken(answer: Any) -> str:
    """Say how many children are made if they are not as many as asked for, or nothing."""
    if not _play(answer, 5)[0].parents:
        return ""  # it does not call the names that can be watched
    for steps in (11, 5, 0):
        made = len(_play(answer, steps)[0].parents)
        if made != steps:
            return f"asked for {steps} steps you call `mutate` {made} times: one child in each step."
    return ""


def _script_broken(answer: Any) -> str | None:
    """Say what a climber does with the script that it should not; None if it cannot be watched."""
    steps = len(_SCRIPT) - 1
    script, _ = _play(answer, steps)
    if not (script.parents and script.scored):
        return None
    said = [_play(answer, k)[1] for k in range(steps + 1)]
    right = _kept(lambda seen, best: seen <= best)
    if said == right:
        if script.parents != right[:-1]:
            return "you return the right one, but the parent of each child shall be the last that was kept."
        return ""
    for keep, why in _RULES:
        if said == _kept(keep):
            return why
    at = next(k for k in range(steps + 1) if said[k] != right[k])
    if at == 0:
        return "asked for no step at all, return the arrangement that you drew."
    return (
        f"with a parent of objectives {_SCRIPT[right[at - 1]]} and a child of objectives {_SCRIPT[at]} you return the wrong one: "
        f"the {'child' if right[at] == at else 'parent'} is to be kept."
    )


def _rules_broken(answer: Any, found: list[Arrangement]) -> str:
    """Say which rule of the prompt a climber that gets high does not keep, or nothing."""
    X, y = _task()
    plain = GateSet(2, 2, most_gates=8)
    again = answer(X.copy(), y.copy(), plain, 250, np.random.default_rng(0))
    if again != found[0] or all(one == found[0] for one in found):
        return (
            "`rng` does not decide what you return: pass it to `random_arrangement` and to every `mutate`, so that a run "
            "can be repeated and another one is another."
        )
    if (broken := _script_broken(answer)) is not None:
        return broken
    counting = _Counting(2, 2, most_gates=8)
    counting.drawn.clear()
    answer(X.copy(), y.copy(), counting, 0, np.random.default_rng(0))
    if len(counting.drawn) > 8:
        return "asked for no step at all you still mutate: `steps` says how many there are."
    for keep, why in _RULES:
        if all(_climb(X, y, plain, seed, keep).trimmed() == one.trimmed() for seed, one in enumerate(found)):
            return why
    return ""


def _grade_hill_climb(answer: Any) -> Verdict:
    X, y = _task()
    gate_set = _Counting(2, 2, most_gates=8)
    gate_set.drawn.clear()
    scores, found = [], []
    for seed in range(4):
        one = answer(X.copy(), y.copy(), gate_set, 250, np.random.default_rng(seed))
        if not isinstance(one, Arrangement):
            return Verdict.wrong(f"return the best Arrangement, not {type(one).__name__}.")
        found.append(one)
        scores.append(one.score(X, y))
    if all(len(one.gates) == 0 for one in found):
        return Verdict.wrong("your climber ends with no gates at all: depth must not come before error.")
    # A climb draws its first parent, at most 8 gates, and then a gate in fewer than every second step.
    if len(gate_set.drawn) > 4 * (8 + 250):
        return Verdict.wrong(
            f"you draw {len(gate_set.drawn) / 4:.0f} gates in 250 steps: that is random search. Call "
            "`random_arrangement` once, before the loop, then `mutate`."
        )
    first = [random_arrangement(gate_set, rng=np.random.default_rng(seed)) for seed in range(4)]
    begun = [one.score(X, y) for one in first]
    if np.mean(scores) > np.mean(begun) and all(map(_one_mutation_apart, first, found)):
        return Verdict.wrong(
            "every child has the first parent: you end one mutation away from the start. A child that is kept is the "
            "parent of the next."
        )
    if broken := _steps_not_taken(answer):
        return Verdict.wrong(broken)
    # A climb of 250 steps ends near 0.8 in the mean of four, a random walk near 0.5.
    if np.mean(scores) > 0.72:
        if broken := _rules_broken(answer, found):
            return Verdict.wrong(broken)
        return Verdict.right(
            f"Mean accuracy {np.mean(scores):.2f} from one parent and one child at a time. A population keeps several "
            "hills in play; try both on the two rings."
        )
    if np.allclose(scores, begun):
        return Verdict.wrong("you return the arrangement you began with: keep the child when it is no worse.")
    if np.mean(scores) < 0.45:
        return Verdict.wrong(
            f"mean accuracy {np.mean(scores):.2f}, below a coin: it looks as if the worse of the two is kept."
        )
    return Verdict.wrong(
        f"mean accuracy {np.mean(scores):.2f} after 250 steps. Is a child that is worse thrown away, every time? Are the "
        "objectives remembered together with the parent, and does every mutation get `rng`?"
    )


hill_climb = Exercise(
    name="hill_climb",
    level="project",
    prompt=(
        "The smallest evolution has one parent. Write `hill_climb(X, y, gate_set, steps, rng)`: draw a `random_arrangement`, "
        "then `steps` times `mutate` it and keep the child if its `objectives(child, X, y)` are no worse (compare the pairs as "
        "Python does: error first, depth as a tie-break). Return the last parent. Then run it on the two rings beside `evolve`, "
        "at an equal number of arrangements."
    ),
    stub="def hill_climb(X, y, gate_set, steps, rng):\n    ...\n",
    solution=(
        "def hill_climb(X, y, gate_set, steps, rng):\n"
        "    parent = random_arrangement(gate_set, rng=rng)\n"
        "    best = objectives(parent, X, y)\n"
        "    for _ in range(steps):\n"
        "        child = mutate(parent, gate_set, rng=rng)\n"
        "        seen = objectives(child, X, y)\n"
        "        if seen <= best:\n"
        "            parent, best = child, seen\n"
        "    return parent\n"
    ),
    explanation=(
        "*No worse*, and not *better*: a child that is equal may carry gates that become useful later, and a climber that "
        "accepts them drifts along flat ridges. It gets stuck on a hill sooner than a population, but its steps are all "
        "spent on one lineage; which is better depends on the landscape, so measure."
    ),
    wrong={
        "never accepts": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    for _ in range(steps):\n        mutate(parent, gate_set, rng=rng)\n    return parent\n"
        ),
        "keeps the worse": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    for _ in range(steps):\n        child = mutate(parent, gate_set, rng=rng)\n"
            "        if objectives(child, X, y) >= objectives(parent, X, y):\n            parent = child\n    return parent\n"
        ),
        "random search": (
            "def hill_climb(X, y, gate_set, steps, rng):\n"
            "    drawn = [random_arrangement(gate_set, rng=rng) for _ in range(steps)]\n"
            "    return min(drawn, key=lambda one: objectives(one, X, y))\n"
        ),
        "siblings": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    children = [mutate(parent, gate_set, rng=rng) for _ in range(steps)]\n"
            "    return min(children, key=lambda one: objectives(one, X, y))\n"
        ),
        "random walk": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    for _ in range(steps):\n        parent = mutate(parent, gate_set, rng=rng)\n    return parent\n"
        ),
        "depth first": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    for _ in range(steps):\n        child = mutate(parent, gate_set, rng=rng)\n"
            "        if objectives(child, X, y)[::-1] <= objectives(parent, X, y)[::-1]:\n            parent = child\n"
            "    return parent.trimmed()\n"
        ),
        "only if better": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    best = objectives(parent, X, y)\n    for _ in range(steps):\n"
            "        child = mutate(parent, gate_set, rng=rng)\n        seen = objectives(child, X, y)\n"
            "        if seen < best:\n            parent, best = child, seen\n    return parent\n"
        ),
        "errors alone": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    best = objectives(parent, X, y)\n    for _ in range(steps):\n"
            "        child = mutate(parent, gate_set, rng=rng)\n        seen = objectives(child, X, y)\n"
            "        if seen[0] <= best[0]:\n            parent, best = child, seen\n    return parent\n"
        ),
        "always 250": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    best = objectives(parent, X, y)\n    for _ in range(250):\n"
            "        child = mutate(parent, gate_set, rng=rng)\n        seen = objectives(child, X, y)\n"
            "        if seen <= best:\n            parent, best = child, seen\n    return parent\n"
        ),
        "half the steps": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    best = objectives(parent, X, y)\n    for _ in range(steps // 2):\n"
            "        child = mutate(parent, gate_set, rng=rng)\n        seen = objectives(child, X, y)\n"
            "        if seen <= best:\n            parent, best = child, seen\n    return parent\n"
        ),
        "its own chance": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    rng = np.random.default_rng(0)\n"
            "    parent = random_arrangement(gate_set, rng=rng)\n"
            "    best = objectives(parent, X, y)\n    for _ in range(steps):\n"
            "        child = mutate(parent, gate_set, rng=rng)\n        seen = objectives(child, X, y)\n"
            "        if seen <= best:\n            parent, best = child, seen\n    return parent\n"
        ),
        "returns objectives": (
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    best = objectives(parent, X, y)\n    return best\n"
        ),
    },
    grade=_grade_hill_climb,
    given={"np": np, "random_arrangement": random_arrangement, "mutate": mutate, "objectives": objectives},
)
