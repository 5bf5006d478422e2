"""Between which numbers of errors a sequential test goes on."""

import math

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="two parallel lines: their slope lies between the two error rates, and does not depend on how sure one wants to be.",
    because=r"""
        After n bits with k errors the log-likelihood ratio is
        $k\ln\frac{p_1}{p_0}+(n-k)\ln\frac{1-p_1}{1-p_0}=k\,g-n\,\ln\frac{1-p_0}{1-p_1}$ with
        $g=\ln\frac{p_1(1-p_0)}{p_0(1-p_1)}$. Wald stops at $\ln\frac{\beta}{1-\alpha}$ below and $\ln\frac{1-\beta}{\alpha}$
        above; solved for k these are two lines in n, of slope $\ln\frac{1-p_0}{1-p_1}/g$. The lower one begins below 0: with
        no error at all some bits are needed before one may say "nobody".
    """,
)
def sprt_bounds(p0, p1, alpha, beta, n):
    """Wald's sequential test decides between an error rate `p0` (nobody) and a larger one `p1` (Eve), bit after bit. It is to say
    "Eve" of nobody with a chance of about `alpha`, and "nobody" of Eve with a chance of about `beta`. Return for `n` bits the
    tuple (low, high) of real numbers, not rounded: the test says "nobody" with `low` errors or fewer among the n bits, "Eve" with
    `high` errors or more, and goes on in between. `low` may be below 0, and `high` above n.
    """
    gain = math.log(p1 * (1 - p0) / (p0 * (1 - p1)))
    drift = n * math.log((1 - p0) / (1 - p1))
    return (math.log(beta / (1 - alpha)) + drift) / gain, (math.log((1 - beta) / alpha) + drift) / gain


@sprt_bounds.cases
def tests(rng):
    """Rates near each other and far apart, chances of error alike and not, the first bit and thousands."""
    yield 0.02, 0.05, 1e-3, 1e-3, 500
    for _ in range(6):
        p0 = float(rng.uniform(0.005, 0.2))
        alpha, beta = (float(10 ** rng.uniform(*ends)) for ends in ((-4, -0.7), (-3, -0.6)))
        yield p0, p0 + float(rng.uniform(0.01, 0.4)), alpha, beta, int(10 ** rng.uniform(0.5, 4))
    yield 0.1, 0.6, 0.05, 0.2, 1
    yield 0.03, float(rng.uniform(0.05, 0.2)), 0.3, 0.01, 0


def _lines(p0, p1, low, high, n, gain=None, drift=None):
    g = math.log(p1 * (1 - p0) / (p0 * (1 - p1))) if gain is None else gain
    d = n * math.log((1 - p0) / (1 - p1)) if drift is None else drift
    return (low + d) / g, (high + d) / g


def _logs(alpha, beta):
    return math.log(beta / (1 - alpha)), math.log((1 - beta) / alpha)


@sprt_bounds.mistake("`alpha` and `beta` are exchanged: `alpha` is the chance to accuse nobody of being Eve.")
def risks_exchanged(p0, p1, alpha, beta, n):
    return _lines(p0, p1, *_logs(beta, alpha), n)


@sprt_bounds.mistake("those are the bounds of the log-likelihood ratio; solve them for the number of errors.")
def of_the_ratio(p0, p1, alpha, beta, n):
    return _logs(alpha, beta)


@sprt_bounds.mistake("the bits without an error count too: each takes ln((1-p0)/(1-p1)) off the ratio.")
def errors_alone(p0, p1, alpha, beta, n):
    return _lines(p0, p1, *_logs(alpha, beta), n, gain=math.log(p1 / p0), drift=0.0)


@sprt_bounds.mistake(
    "a bit with an error has no part in those without: k errors leave n - k of them, which makes the gain of an error larger."
)
def all_bits_without_an_error(p0, p1, alpha, beta, n):
    return _lines(p0, p1, *_logs(alpha, beta), n, gain=math.log(p1 / p0))


@sprt_bounds.mistake("the lines rise with n: more bits bring more errors, whoever is there.")
def drift_taken_off(p0, p1, alpha, beta, n):
    return _lines(p0, p1, *_logs(alpha, beta), n, drift=-n * math.log((1 - p0) / (1 - p1)))


@sprt_bounds.mistake(
    "the bounds are (1-beta)/alpha and beta/(1-alpha), not 1/alpha and beta: near a coin it matters."
)
def simple_bounds(p0, p1, alpha, beta, n):
    return _lines(p0, p1, math.log(beta), -math.log(alpha), n)


@sprt_bounds.mistake("the two are in the other order: first `low`.")
def order_exchanged(p0, p1, alpha, beta, n):
    return sprt_bounds.solution(p0, p1, alpha, beta, n)[::-1]


@sprt_bounds.mistake("keep the digits: whole numbers are for whoever counts.")
def rounded(p0, p1, alpha, beta, n):
    low, high = sprt_bounds.solution(p0, p1, alpha, beta, n)
    return math.floor(low), math.ceil(high)


@sprt_bounds.mistake(
    "`low` may be below 0, and `high` above n: then the test cannot end yet. Do not cut them."
)
def cut(p0, p1, alpha, beta, n):
    low, high = sprt_bounds.solution(p0, p1, alpha, beta, n)
    return max(low, 0.0), min(high, float(n))


@sprt_bounds.mistake("those are error rates; numbers of errors are asked for.")
def as_rates(p0, p1, alpha, beta, n):
    low, high = sprt_bounds.solution(p0, p1, alpha, beta, n)
    return low / max(n, 1), high / max(n, 1)


@sprt_bounds.mistake(
    "those are logarithms to the base 2 or 10 in part: take the same one everywhere, and it drops out."
)
def mixed_bases(p0, p1, alpha, beta, n):
    return _lines(p0, p1, math.log2(beta / (1 - alpha)), math.log2((1 - beta) / alpha), n)
