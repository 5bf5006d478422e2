"""Which system moves first."""

from itertools import permutations

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="neither the longest secrets first nor the quickest moves: an order counts as a whole.",
    because=r"""
        A system that has moved after $C$ years has lost what it sent in between $\max(0, z - x)$ and $C$, times its worth.
        $C$ is the sum of all moves up to it, so every order has its loss; six systems have 720 orders, which are tried in no
        time. For more than a dozen, go through the subsets in place of the orders: when a system is done depends only on which
        ones came before.
    """,
)
def first_to_move(systems, z):
    """One team moves systems to new cryptography, one after the other, without a pause. `systems` is a list of
    `(x, effort, worth)`: the years for which what it sends must stay secret, the years that its move takes, and what
    it sends in a year, in euros. All is recorded until its system has moved. A quantum computer comes in `z` years, after
    all moves; what was sent at a time s is lost if s + x > z. Return the smallest loss in euros that an order of the moves
    can reach.
    """
    losses = []
    for order in permutations(systems):
        done, loss = 0, 0
        for x, effort, worth in order:
            done += effort
            loss += worth * max(0, done - max(0, z - x))
        losses.append(loss)
    return min(losses)


@first_to_move.cases
def banks(rng):
    """One system; two that show each rule wrong; five where no swap of two helps; four or five of all kinds."""
    yield [(20.0, 2.0, 3.0)], 12.0
    yield [(30.0, 4.0, 1.0), (14.0, 0.5, 1.0)], 13.0
    yield [(20.0, 2.0, 3.0), (6.0, 0.5, 4.0), (19.0, 1.25, 5.0), (8.0, 1.0, 9.0), (22.0, 0.5, 7.0)], 12.0
    for _ in range(7):
        n = int(rng.integers(4, 6))
        rows = zip(rng.uniform(2, 25, n), rng.uniform(0.3, 3, n), rng.uniform(0.2, 9, n))
        yield [(float(x), float(e), float(w)) for x, e, w in rows], float(rng.uniform(8, 14)) + 3.0 * (n - 4)


def _loss(order, z, *, begins=lambda x, z: max(0, z - x), floor=0):
    done, loss = 0, 0
    for x, effort, worth in order:
        done += effort
        loss += worth * max(floor, done - begins(x, z))
    return loss


@first_to_move.mistake("that is the order of the list: other orders lose less.")
def as_listed(systems, z):
    return _loss(systems, z)


@first_to_move.mistake("the longest secrets first is a rule, and here another order loses less.")
def longest_first(systems, z):
    return _loss(sorted(systems, key=lambda s: -s[0]), z)


@first_to_move.mistake("the quickest move first is a rule, and here another order loses less.")
def quickest_first(systems, z):
    return _loss(sorted(systems, key=lambda s: s[1]), z)


@first_to_move.mistake(
    "worth over effort is the right rule only where all is lost from the first day on: look at x too."
)
def worth_over_effort(systems, z):
    return _loss(sorted(systems, key=lambda s: -s[2] / s[1]), z)


@first_to_move.mistake(
    "no swap of two systems makes it better, and another order does: a local optimum is not the smallest."
)
def swaps_of_two(systems, z):
    order = sorted(systems, key=lambda s: -s[2] / s[1])
    while True:
        swapped = []
        for i in range(len(order)):
            for j in range(i):
                other = list(order)
                other[i], other[j] = other[j], other[i]
                swapped.append(other)
        best = min(swapped, key=lambda other: _loss(other, z), default=order)
        if _loss(best, z) >= _loss(order, z) - 1e-12:
            return _loss(order, z)
        order = best


@first_to_move.mistake("what need not be secret any more in year z is not lost: it counts from z - x on.")
def all_is_lost(systems, z):
    return min(_loss(order, z, begins=lambda x, z: 0) for order in permutations(systems))


@first_to_move.mistake("a system sends until its own move is *done*, and not until it begins.")
def until_it_begins(systems, z):
    def loss(order):
        begun, total = 0, 0
        for x, effort, worth in order:
            total += worth * max(0, begun - max(0, z - x))
            begun += effort
        return total

    return min(map(loss, permutations(systems)))


@first_to_move.mistake("a system that moves before anything counts loses 0, and not less.")
def gains(systems, z):
    return min(_loss(order, z, floor=-1e9) for order in permutations(systems))


@first_to_move.mistake(
    "nothing was recorded before today: what lasts longer than z years is lost from now on, not from z - x < 0 on."
)
def before_today(systems, z):
    return min(_loss(order, z, begins=lambda x, z: z - x) for order in permutations(systems))


@first_to_move.mistake("that is the largest loss.")
def the_worst(systems, z):
    return max(_loss(order, z) for order in permutations(systems))


@first_to_move.mistake("there is one team: a move begins when the one before is done.")
def all_at_once(systems, z):
    return sum(worth * max(0, effort - max(0, z - x)) for x, effort, worth in systems)
