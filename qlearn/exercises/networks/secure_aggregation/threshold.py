"""How many shares a lying server must not reach twice."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="one share less and the two stories the server tells are both worth a secret.",
    because=r"""
        The n - c honest clients give one share each, of the one secret or of the other; the c helpers give both. If h of the
        honest hear that the client is gone, the server holds $h+c$ shares of the one secret and $n-h$ of the other. It can have
        both if some h makes both reach t: $t-c\le h\le n-t$, and there is such an h exactly if $2t\le n+c$. The least t that is
        safe is one above half of n + c, rounded down. With c just under a third of n this is about two thirds of n. A larger t
        is safe too, and costs: with more than n - t clients gone, the honest ones cannot finish the round.
    """,
)
def threshold(n, c):
    """Each of n clients holds one share of each of *two* secrets of a client: of its self-mask, and of the key of its pair masks.
    If it stays in the round, the server asks for shares of the one; if it dropped out, for shares of the other. A lying server
    tells some clients the one thing, and others the other. An honest client answers once, with one share; c of the n clients
    help the server and give both. The server is to get at most one of the two secrets, whatever it says to whom. Return the least
    number t of shares from which a secret is put together. c is below n.
    """
    return (n + c) // 2 + 1


@threshold.cases
def federations(rng):
    """Small ones and large, odd and even, without helpers, with some, with all but one."""
    yield from ((3, 0), (4, 1), (10, 0), (10, 3), (9, 3), (15, 5), (20, 6), (100, 33), (1, 0), (2, 1))
    for n in rng.integers(5, 400, 8).tolist():
        yield n, 0
        yield n, int(rng.integers(1, n))
        yield n, n - 1


@threshold.mistake("half of n + c is not enough where it is whole: then both stories come to just t shares.")
def one_less(n, c):
    return (n + c + 1) // 2


@threshold.mistake("you forgot the helpers: each of them gives *two* shares.")
def majority(n, c):
    return n // 2 + 1


@threshold.mistake("two thirds of n are enough for fewer than n/3 helpers. Here c is given: count.")
def two_thirds(n, c):
    return 2 * n // 3 + 1


@threshold.mistake("c + 1 keeps the helpers from a secret by themselves. The honest clients give shares too.")
def more_than_the_helpers(n, c):
    return c + 1


@threshold.mistake("safe, and too many: the least t is asked for, because whoever drops out is missing.")
def one_more(n, c):
    return (n + c) // 2 + 2


@threshold.mistake(
    "safe, and not the least: with all n shares needed, one client that drops out ends the round."
)
def everybody(n, c):
    return n


@threshold.mistake(
    "the helpers are counted out: n - c honest clients, of which you take the majority. The helpers' shares add to both."
)
def majority_of_the_honest(n, c):
    return (n - c) // 2 + 1


@threshold.mistake("a helper gives one share of each secret: it counts once in each story, and not twice.")
def helpers_twice(n, c):
    return (n + 2 * c) // 2 + 1


@threshold.mistake("shares are whole: half of n + c is to be rounded down before 1 is added.")
def not_rounded(n, c):
    return (n + c) / 2 + 1


@threshold.mistake("those are the honest clients: so many shares they have all together.")
def the_honest(n, c):
    return n - c
