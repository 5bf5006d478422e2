"""What a search for the liar tells the server."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="n sums, each without one hospital, are n equations: every update lies open, with no pad broken.",
    because=r"""
        With $S=\sum_u x_u$ the sums are $s_i=S-x_i$. They add up to $(n-1)S$, so $S$ is known, and $x_i=S-s_i$. No mask was
        touched; each of the sums was secure. That is why a server must not be allowed to try one model on one subset after the
        other while the updates stay the same.
    """,
)
def leave_one_out(sums):
    """A server hunts a liar: it asks n hospitals for the sum of their updates n times, each time without another one, while the
    model stays as it is and the updates, too. Row i of the array `sums`, shape (n, d), is the sum of all updates but the i-th.
    Return the single updates, shape (n, d).
    """
    n = len(sums)
    return sums.sum(axis=0) / (n - 1) - sums


@leave_one_out.cases
def hunts(rng):
    """Three hospitals and more, updates of a few numbers."""
    for n, d in ((5, 3), (3, 2), (7, 1), (4, 5), (int(rng.integers(3, 9)), int(rng.integers(1, 6)))):
        updates = rng.normal(size=(n, d)) + rng.normal()
        yield (updates.sum(axis=0) - updates,)


@leave_one_out.mistake("each update is missing in one sum: n sums hold it n - 1 times, not n.")
def divided_by_n(sums):
    return sums.mean(axis=0) - sums


@leave_one_out.mistake("the sums add up to n - 1 times the sum of all; divide first.")
def not_divided(sums):
    return sums.sum(axis=0) - sums


@leave_one_out.mistake("the sign is turned: the i-th update is what the i-th sum lacks.")
def turned(sums):
    return sums - sums.sum(axis=0) / (len(sums) - 1)


@leave_one_out.mistake("that is the sum of all; the single updates are asked for.")
def the_sum(sums):
    return sums.sum(axis=0) / (len(sums) - 1)
