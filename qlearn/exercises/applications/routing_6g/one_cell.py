"""The best that one cell can serve."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="exact, and with a table of users times blocks: for one cell the problem is easy as long as blocks are few.",
    because=r"""
        One cell is a knapsack. Let $f(c)$ be the most value with c blocks and the users seen so far; a new one gives
        $f(c) = \max(f(c),\, f(c-u)+v)$. Go through c from above, or a user is served twice. It takes users times blocks steps:
        polynomial in the *number* of blocks, not in its digits, so this does not contradict that the knapsack is NP-hard. With
        many cells the table would need an axis for each.
    """,
)
def one_cell(value, blocks, capacity):
    """A cell has `capacity` blocks, a whole number. User a is worth `value[a]` and takes `blocks[a]` whole blocks, 1 or more; it
    is served whole or not at all. Return the largest value that can be served together. There are up to 60 users.
    """
    best = np.zeros(capacity + 1)
    for v, u in zip(value, blocks):
        if u <= capacity:
            best[u:] = np.maximum(best[u:], best[:-u] + v)
    return best[-1]


@one_cell.cases
def cells(rng):
    """Room for all and for nobody; where greedy rules end below; a user larger than the cell; many users."""
    yield np.array([6.0, 5.0, 5.0]), np.array([4, 3, 3]), 6
    yield np.array([3.0, 2.0]), np.array([2, 1]), 10
    yield np.array([3.0, 2.0]), np.array([5, 4]), 3
    yield np.array([9.0, 2.0]), np.array([8, 1]), 7
    yield np.array([4.0]), np.array([3]), 3
    yield np.array([2.0, 10.0]), np.array([1, 10]), 10
    yield _trap(rng)
    for n in (6, 9, 12, 25, 60):
        blocks = rng.integers(1, 12, n)
        yield (
            np.round(blocks * rng.uniform(0.5, 2, n), 2) + 0.5,
            blocks,
            int(rng.integers(11, max(12, 3 * n))),
        )


def _trap(rng):
    """Found by a search: with two users forced in, one banned and the densest first for the rest a cell still ends below."""
    value = np.array([8.8, 8.5, 9.4, 9.9, 5.1, 14.8, 10.5, 5.8, 13.5, 5.0])
    blocks = np.array([9, 8, 10, 11, 5, 15, 11, 6, 14, 5])
    order = rng.permutation(blocks.size)
    return value[order], blocks[order], 46


def _greedy(order, value, blocks, capacity):
    total = 0.0
    for a in order:
        if blocks[a] <= capacity:
            total, capacity = total + value[a], capacity - blocks[a]
    return total


@one_cell.mistake(
    "the most value for its blocks first is a good rule, and not the best: a gap may stay that two others would have filled."
)
def densest_first(value, blocks, capacity):
    return _greedy(np.argsort(-value / blocks, kind="stable"), value, blocks, capacity)


@one_cell.mistake("the most value first takes few that are large; several small ones may be worth more.")
def largest_first(value, blocks, capacity):
    return _greedy(np.argsort(-value, kind="stable"), value, blocks, capacity)


@one_cell.mistake(
    "greedy with one user forced in or left out is better, and still a rule: look at every capacity, user by user."
)
def one_forced_or_banned(value, blocks, capacity):
    order, best = np.argsort(-value / blocks, kind="stable"), 0.0
    for forced in range(-1, len(value)):
        for banned in range(-1, len(value)):
            rest = [a for a in order if a not in (forced, banned)]
            mine = rest if forced < 0 else [forced, *rest]
            best = max(best, _greedy(mine, value, blocks, capacity))
    return best


@one_cell.mistake("users with few blocks first is a rule, and not the best.")
def smallest_first(value, blocks, capacity):
    return _greedy(np.argsort(blocks, kind="stable"), value, blocks, capacity)


@one_cell.mistake(
    "a user is served several times: go through the table from above, or look at the row before this user."
)
def again_and_again(value, blocks, capacity):
    best = [0.0] * (capacity + 1)
    for v, u in zip(value, blocks):
        for c in range(u, capacity + 1):
            best[c] = max(best[c], best[c - u] + v)
    return best[-1]


@one_cell.mistake("you split a user: that is the bound of the linear program, not a plan.")
def in_parts(value, blocks, capacity):
    total = 0.0
    for a in np.argsort(-value / blocks, kind="stable"):
        share = min(1.0, capacity / blocks[a])
        total, capacity = total + share * value[a], capacity - share * blocks[a]
    return total


@one_cell.mistake("that is the value of all users, whether or not they fit.")
def everybody(value, blocks, capacity):
    return value.sum()


@one_cell.mistake(
    "the last block may be used too: the table needs a place for each number from 0 to the capacity."
)
def one_block_short(value, blocks, capacity):
    return one_cell.solution(value, blocks, capacity - 1)
