"""Shamir's secret sharing: the secret from any k points of a polynomial."""

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="any k points make the polynomial, and its value at 0 is the secret; k - 1 points leave every secret possible.",
    because=r"""
        Lagrange: $f(0) = \sum_i y_i \prod_{j\ne i} \frac{x_j}{x_j - x_i}$, with division modulo the prime, which is
        multiplication by the inverse (`pow(a, -1, prime)`). Given k - 1 points, for every secret there is just one
        polynomial of degree k - 1 through them and (0, secret): all are equally likely, whatever computer looks. It is
        unconditional, needs no quantum state, and is what "any k of n" is made of; what it needs are private lines to
        hand the points out, and keys for these can come from QKD.
    """,
)
def recover(points, prime):
    """A secret is the value at 0 of a polynomial over the integers modulo `prime`, of a degree below the number of
    points. `points` is a list of pairs `(x, y)` of its graph, the x all different and none of them 0. Return the secret,
    from 0 to `prime` - 1. (The inverse of a is `pow(a, -1, prime)`.)
    """
    secret = 0
    for xi, yi in points:
        weight = 1
        for xj, _ in points:
            if xj != xi:
                weight = weight * xj * pow(xj - xi, -1, prime) % prime
        secret = (secret + yi * weight) % prime
    return secret


@recover.cases
def graphs(rng):
    """Two to five points of random polynomials, in any order, modulo small primes and a large one."""
    for prime in (101, 7919, 2**31 - 1):
        for k in (2, 3, 4, 5):
            coefficients = [int(c) for c in rng.integers(1, prime, k)]
            xs = [int(x) for x in 1 + rng.permutation(12)[:k]]
            yield [(x, sum(c * x**power for power, c in enumerate(coefficients)) % prime) for x in xs], prime


def _lagrange(points, prime, factor):
    secret = 0
    for xi, yi in points:
        weight = 1
        for xj, _ in points:
            if xj != xi:
                weight = weight * factor(xi, xj) % prime
        secret = (secret + yi * weight) % prime
    return secret


@recover.mistake("the sign of every factor is exchanged: at 0 the factor is xj / (xj - xi).")
def signs_exchanged(points, prime):
    return _lagrange(points, prime, lambda xi, xj: xj * pow(xi - xj, -1, prime))


@recover.mistake("the factor has xi above; at 0 it is xj / (xj - xi).")
def the_wrong_number_above(points, prime):
    return _lagrange(points, prime, lambda xi, xj: xi * pow(xj - xi, -1, prime))


@recover.mistake("a real quotient, rounded: division modulo a prime is `pow(a, -1, prime)`.")
def divides_as_reals(points, prime):
    secret = 0.0
    for xi, yi in points:
        weight = 1.0
        for xj, _ in points:
            if xj != xi:
                weight *= xj / (xj - xi)
        secret += yi * weight
    return round(secret) % prime


@recover.mistake("the y add up to nothing: each has to be weighed by the x of the others.")
def adds_the_shares(points, prime):
    return sum(y for _, y in points) % prime


@recover.mistake("this is the y of one point: no share is the secret.")
def the_first_share(points, prime):
    return points[0][1]
