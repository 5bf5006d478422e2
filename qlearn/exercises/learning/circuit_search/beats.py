"""Beats."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="No worse in any goal, better in at least one: twins and trade-offs stay.",
    because="""
        Pareto's rule needs no exchange rate between errors and gates. What nobody beats is the *front*; choosing
        from the front is left to somebody who knows what depth costs.
    """,
)
def beats(a, b):
    """Write `beats(a, b)`: True if candidate `a` beats `b`. Both are pairs (error, depth), and both goals
    are to be small.
    """
    no_worse = a[0] <= b[0] and a[1] <= b[1]
    return no_worse and (a[0] < b[0] or a[1] < b[1])


@beats.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_beats of the old module
    yield ()


@beats.mistake(
    "a = (0.1, 3), b = (0.1, 5) (equal error and less depth): you say False. it is enough to be better in one "
    "goal and no worse in the other."
)
def strict_in_both(a, b):
    return a[0] < b[0] and a[1] < b[1]


@beats.mistake(
    "a = (0.1, 3), b = (0.2, 3) (less error and equal depth): you say False. it is enough to be better in one "
    "goal and no worse in the other."
)
def only_by_depth(a, b):
    return a[0] <= b[0] and a[1] < b[1]


@beats.mistake(
    "a = (0.1, 3), b = (0.1, 3) (twins: equal in both): you say True. nobody beats an equal: at least one goal "
    "must be better."
)
def beats_its_twin(a, b):
    return a[0] <= b[0] and a[1] <= b[1]


@beats.mistake(
    "a = (0.1, 5), b = (0.2, 3) (less error, more depth): you say True. neither of the two beats the other: both "
    "may stay on the front."
)
def either(a, b):
    return a[0] < b[0] or a[1] < b[1]


@beats.mistake(
    "a = (0.1, 3), b = (0.1001, 3) (one row in ten thousand less, equal depth): you say False. a small gain is a "
    "gain: the rule has no tolerance."
)
def with_a_tolerance(a, b):
    no_worse = a[0] <= b[0] + 0.005 and a[1] <= b[1]
    return no_worse and (a[0] < b[0] - 0.005 or a[1] < b[1])


@beats.mistake(
    "a = (0.3, 2), b = (0.1, 3) (more error, less depth): you say True. a small sum is no argument: an error and "
    "a depth have no common unit."
)
def sum(a, b):
    return a[0] + a[1] < b[0] + b[1]
