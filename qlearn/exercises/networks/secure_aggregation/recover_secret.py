"""A secret from its shares."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import exact


@exercise(
    level="core",
    same=exact,
    right="and with one share less every secret fits as well as any other.",
    because=r"""
        Through t points goes one polynomial of degree t - 1. Lagrange writes down its value at 0 at once:
        $s=\sum_k y_k\prod_{j\ne k}\frac{x_j}{x_j-x_k}$. Modulo a prime a quotient is a product with the inverse, which is
        `pow(d, -1, prime)`. Whole numbers only: of a secret of 127 bits a float keeps 53. With t - 1 shares each secret has a
        polynomial of its own through them, and all are equally likely: Shamir's scheme (1979) hides it from any computer.
    """,
)
def recover_secret(shares, prime):
    """A secret s is shared among clients: with a random polynomial f of degree t - 1 modulo `prime` and f(0) = s, the client x
    gets the share (x, f(x)). `shares` is a list of t of them or more, in any order, with t different x from 1 to `prime` - 1.
    Return s, a whole number from 0 to `prime` - 1. The prime may have more than 64 bits.
    """
    secret = 0
    for x, y in shares:
        for other, _ in shares:
            if other != x:
                y = y * other * pow(other - x, -1, prime) % prime
        secret += y
    return secret % prime


def _shares(secret, others, xs, prime):
    """The values at xs of a polynomial with the secret and other coefficients."""
    return [(x, sum(a * x**k for k, a in enumerate([secret, *others])) % prime) for x in xs]


def _random(rng, below):
    """A whole number of any size below a bound."""
    return int.from_bytes(rng.bytes(80), "big") % below


@recover_secret.cases
def secrets(rng):
    """One share to eight, of small primes and of large; the first x, any x, the last; one share more than needed; nothing and
    the most."""
    yield _shares(1234, [166, 94], [1, 3, 6], 1613), 1613
    yield _shares(42, [7], [3, 1], 257), 257
    for prime, t, more in (
        (257, 1, 0),
        (1613, 3, 1),
        (65537, 4, 0),
        (2**31 - 1, 5, 0),
        (2**61 - 1, 2, 0),
        (2**127 - 1, 3, 0),
        (2**127 - 1, 6, 2),
        (2**521 - 1, 8, 0),
    ):
        xs = (rng.permutation(min(prime - 1, 200))[: t + more] + 1).tolist()
        others = [_random(rng, prime) for _ in range(t - 1)]
        yield _shares(_random(rng, prime), others, xs, prime), prime
    for secret in (0, 2**61 - 2):
        xs = [_random(rng, 2**61 - 2) + 1 for _ in range(3)]
        yield _shares(secret, [_random(rng, 2**61 - 1) for _ in range(2)], xs, 2**61 - 1), 2**61 - 1


def _slip(shares, prime, top=lambda x, other: other, bottom=lambda x, other: other - x, **changed):
    secret = 0
    for x, y in shares:
        for other, _ in shares:
            if other != x:
                inverse = (
                    pow(bottom(x, other), -1, prime) if changed.get("inverted", True) else bottom(x, other)
                )
                y = y * top(x, other) * inverse % prime
        secret += y
    return secret % prime if changed.get("reduced", True) else secret


@recover_secret.mistake(
    "the sign is wrong where an even number of shares goes in: the quotient is x_j/(x_j - x_k), and not x_j/(x_k - x_j)."
)
def signs_exchanged(shares, prime):
    return _slip(shares, prime, bottom=lambda x, other: x - other)


@recover_secret.mistake(
    "the numerator is the x of the *other* share: at 0 the factor is (0 - x_j)/(x_k - x_j)."
)
def own_x_above(shares, prime):
    return _slip(shares, prime, top=lambda x, other: x)


@recover_secret.mistake("that is f(1). The secret is f(0).")
def at_one(shares, prime):
    return _slip(shares, prime, top=lambda x, other: other - 1)


@recover_secret.mistake(
    "you multiply by x_j - x_k, and a quotient is asked for: take the inverse modulo the prime."
)
def not_inverted(shares, prime):
    return _slip(shares, prime, inverted=False)


@recover_secret.mistake("the last sum is not taken modulo the prime: it is above it.")
def not_reduced(shares, prime):
    return _slip(shares, prime, reduced=False)


@recover_secret.mistake("you take the shares for those of clients 1, 2, 3, ...: each comes with its own x.")
def by_place(shares, prime):
    return recover_secret.solution([(k, y) for k, (_, y) in enumerate(shares, 1)], prime)


@recover_secret.mistake("only two shares go in: that draws a line, whatever the degree. Use all.")
def a_line(shares, prime):
    return recover_secret.solution(shares[:2], prime)


@recover_secret.mistake("right for three shares. There may be more, or fewer: use all of the list.")
def three_shares(shares, prime):
    return recover_secret.solution(shares[:3], prime)


@recover_secret.mistake("the values are added up. A share is a point of a polynomial, and no part of a sum.")
def the_sum(shares, prime):
    return sum(y for _, y in shares) % prime


@recover_secret.mistake("that is the share of the first client in the list: the secret is where x = 0.")
def the_first_share(shares, prime):
    return shares[0][1]


@recover_secret.mistake(
    "`//` cuts a quotient of whole numbers off. Modulo a prime one divides by the inverse, `pow(d, -1, prime)`."
)
def whole_quotients(shares, prime):
    secret = 0
    for x, y in shares:
        top, bottom = 1, 1
        for other, _ in shares:
            if other != x:
                top, bottom = top * other, bottom * (other - x)
        secret += y * (top // bottom)
    return secret % prime


@recover_secret.mistake(
    "you interpolate with ordinary quotients and take the remainder at the end: a share has been reduced already, and "
    "is no point of that curve."
)
def by_real_numbers(shares, prime):
    from fractions import Fraction

    secret = Fraction(0)
    for x, y in shares:
        weight = Fraction(y)
        for other, _ in shares:
            if other != x:
                weight *= Fraction(other, other - x)
        secret += weight
    return int(secret) % prime
