"""How many shots an overlap takes."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close_or_rounded_up


@exercise(
    level="core",
    same=close_or_rounded_up,
    right="(1 - k) / (k r^2): with k = 2^-q the shots double with every qubit.",
    because=r"""
        The variance of the share of zeros is $k(1-k)/n$. Set its root equal to $rk$ and solve for n:
        $n=(1-k)/(k\,r^2)$. For $k\approx 2^{-q}$ this is $2^q/r^2$ for each entry of the matrix.
    """,
)
def shots_needed(k, r):
    """An overlap $k$ is estimated by the share of zeros in $n$ shots. Return the $n$ at which the standard
    error is the share $r$ of $k$ itself ($r=0.1$: ten per cent). Where it is not whole, round it up, or
    leave it as it is.
    """
    return (1 - k) / (k * r**2)


@shots_needed.cases
def overlaps(rng):
    """Overlaps of many qubits and of few, one near 1; small errors and large; and where n comes out whole."""
    yield from ((0.3, 0.1), (0.5, 0.5), (0.25, 0.25), (2.0**-10, 0.1), (0.97, 0.05))
    for _ in range(6):
        yield float(2.0 ** -rng.uniform(0.5, 12)), float(rng.uniform(0.02, 0.5))


@shots_needed.mistake(
    "you allow an error of r, not of r times the overlap. An estimate of 0.001 +- 0.1 says nothing."
)
def absolute_error(k, r):
    return k * (1 - k) / r**2


@shots_needed.mistake(
    "where the formula is not whole you round down: that many leave the error just above. Round up."
)
def rounds_down(k, r):
    return (1 - k) // (k * r**2)


@shots_needed.mistake(
    "you round to the nearest whole number, which may lie below: that many leave the error just above. Round up."
)
def rounds_to_the_nearest(k, r):
    return round((1 - k) / (k * r**2))


@shots_needed.mistake(
    "where the formula comes out whole you say one too many: that many are enough. Use `ceil`."
)
def one_more(k, r):
    return int((1 - k) / (k * r**2)) + 1


@shots_needed.mistake(
    "the variance of a share is k (1 - k) / n, and you left out 1 - k. It does no harm where k is tiny."
)
def leaves_out_one_minus_k(k, r):
    return 1 / (k * r**2)


@shots_needed.mistake("the error falls with the *root* of the shots, so square.")
def forgets_the_root(k, r):
    return ((1 - k) / k) ** 0.5 / r


@shots_needed.mistake("this is the same whatever the overlap is. Small ones need more shots.")
def whatever_k(k, r):
    return 1 / r**2


@shots_needed.mistake(
    "k (1 - k) is at most 1/4, and you take that. It is much less where k is small, or near 1."
)
def the_worst_variance(k, r):
    return 1 / (4 * (r * k) ** 2)


@shots_needed.mistake("upside down: rare zeros, small k, need *more* shots.")
def upside_down(k, r):
    return k / ((1 - k) * r**2)
