"""Pareto's rule: when one candidate beats another."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="no worse in any goal, better in at least one: twins and trade-offs stay.",
    because="""
        Pareto's rule needs no exchange rate between errors and gates. What nobody beats is the *front*; choosing
        from the front is left to somebody who knows what depth costs.
    """,
)
def beats(a, b):
    """Return True if candidate `a` beats `b`, else False. Both are pairs (error, depth), and both goals are to be
    small.
    """
    no_worse = a[0] <= b[0] and a[1] <= b[1]
    return no_worse and (a[0] < b[0] or a[1] < b[1])


@beats.cases
def candidates(rng):
    """Less, as much and more of the one goal, with less, as much and more of the other; by a lot, and by a little."""
    for less in (0.2, 0.0001, 0.03):
        for error in (-less, 0.0, less):
            for deeper in (-3, -1, 0, 1, 3):
                first, depth = float(rng.uniform(0.25, 0.5)), int(rng.integers(4, 12))
                yield (first, depth), (first + error, depth + deeper)
    yield (0.0, 1), (0.0, 1)
    yield (0.0, 0), (0.5, 0)


@beats.mistake(
    "it is enough to be better in one goal and no worse in the other: equal in one of them is allowed."
)
def strict_in_both(a, b):
    return a[0] < b[0] and a[1] < b[1]


@beats.mistake("less error at an equal depth is enough, too: the better goal may be either of the two.")
def only_by_depth(a, b):
    return a[0] <= b[0] and a[1] < b[1]


@beats.mistake("less depth at an equal error is enough, too: the better goal may be either of the two.")
def only_by_error(a, b):
    return a[0] < b[0] and a[1] <= b[1]


@beats.mistake("nobody beats an equal: at least one goal must be better.")
def beats_its_twin(a, b):
    return a[0] <= b[0] and a[1] <= b[1]


@beats.mistake(
    "less error and more depth: neither of the two beats the other, and both may stay on the front."
)
def either(a, b):
    return a[0] < b[0] or a[1] < b[1]


@beats.mistake(
    "Python compares tuples by their first entry, and by the second only in a tie: so a little less error outweighs "
    "any depth."
)
def as_python_compares(a, b):
    return tuple(a) < tuple(b)


@beats.mistake("you look at the errors alone: depth is a goal as well.")
def errors_alone(a, b):
    return a[0] < b[0]


@beats.mistake("you look at the depths alone: the error is a goal as well.")
def depths_alone(a, b):
    return a[1] < b[1]


@beats.mistake("a small gain is a gain, and a small loss a loss: the rule has no tolerance.")
def with_a_tolerance(a, b):
    no_worse = a[0] <= b[0] + 0.005 and a[1] <= b[1]
    return no_worse and (a[0] < b[0] - 0.005 or a[1] < b[1])


@beats.mistake("a small sum is no argument: an error and a depth have no common unit.")
def by_the_sum(a, b):
    return a[0] + a[1] < b[0] + b[1]


@beats.mistake("a small product is no argument: it has an exchange rate in it, and the rule has none.")
def by_the_product(a, b):
    return a[0] * a[1] < b[0] * b[1]


@beats.mistake("both goals are to be *small*: you call the larger one better.")
def the_larger_is_better(a, b):
    return beats(b, a)
