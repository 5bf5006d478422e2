"""A series in place of a circuit."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import a, as_numbers, close


def circuit(degree, rng):
    """Return a real function with whole frequencies, and a list that holds how often it was asked."""
    half = rng.normal(size=degree + 1) + 1j * rng.normal(size=degree + 1)
    half /= np.abs(half) ** 0.5  # so that none is hardly there
    k, asked = np.arange(-degree, degree + 1), [0]
    c = np.concatenate([half[:0:-1].conj(), [half[0].real], half[1:]])

    def f(x):
        x = np.asarray(x, float)
        asked[0] += x.size
        values = np.real(np.exp(1j * np.multiply.outer(x, k)) @ c)
        return values if x.ndim else float(values)

    return f, asked


@exercise(
    level="stretch",
    right="as few as 2K + 1 runs of the circuit, and it may be switched off: the series gives every other value.",
    because=r"""
        The coefficients are $c_k=\frac1{2K+1}\sum_j f(x_j)e^{-ikx_j}$ on $2K+1$ equally spaced points, exactly:
        this is the sampling theorem. On a real device each value needs shots, but only for these points. With d
        features the points are $(2K+1)^d$, and there the trick ends.
    """,
)
def surrogate(f, degree):
    """A circuit computes `f(x)`, real, with whole frequencies up to `degree`, at least 1. Ask f a few times,
    and return a function of one number that equals f everywhere and never asks it again. Given: `np`.
    """
    k = np.arange(-degree, degree + 1)
    x = 2 * np.pi * np.arange(2 * degree + 1) / (2 * degree + 1)
    values = np.array([f(one) for one in x])
    c = np.mean(values * np.exp(-1j * np.outer(k, x)), axis=1)
    return lambda x: (c @ np.exp(1j * k * x)).real


@surrogate.grader
def equals_everywhere(answer, rng):
    """Several degrees, and points on several circles: what fits on one of them only is seen."""
    for degree in (int(rng.integers(4, 9)), 1, 3, 2, int(rng.integers(20, 24))):
        (f, count), points = circuit(degree, rng), rng.uniform(-10, 10, 20).tolist()
        series, needed = answer(f, degree), 2 * degree + 1
        asked = count[0]
        if not callable(series):
            return Verdict.wrong(
                f"return a function of x; you return {a(series) if series is not None else 'None'}."
            )
        got = _values(series, points)
        if count[0] > asked:
            return Verdict.wrong(
                "your surrogate asks f again. It must live from the values that it collected at the start."
            )
        if asked > max(100, 10 * needed):
            return Verdict.wrong(
                f"you asked f {asked:,} times. Each is a run of the circuit, with all its shots. A series of degree "
                f"{degree} has {needed} coefficients, and so many values fix it everywhere."
            )
        if asked < needed:
            return Verdict.wrong(
                f"you asked f {asked} times. A series of degree {degree} has {needed} coefficients, and as many values are "
                "needed."
            )
        if isinstance(got, str):
            return Verdict.wrong(got)
        due = np.array([f(point) for point in points])
        if close(got, due, rel=1e-6, abs=1e-6) is None:
            continue
        for mistake in surrogate.mistakes.values():
            if mistake.message and close(got, _values(mistake.answer(f, degree), points)) is None:
                return Verdict.wrong(mistake.message)
        if close(got, due, rel=0, abs=0.1 * float(np.abs(due).max())) is None:
            return Verdict.wrong(
                f"near, with {asked} values of f, and not exact: a curve drawn through points does not know that f is a "
                "series. Its coefficients fix it everywhere."
            )
        near = np.abs(points) < np.pi
        if close(got[near], due[near], rel=1e-6, abs=1e-6) is None:
            return Verdict.wrong("right between -pi and pi; but f goes on beyond, with its period.")
        return Verdict.wrong(
            f"for degree {degree} your function and f are not the same: at x = {points[0]:.3f}, for one."
        )
    return None


def _values(series, points):
    """Return what a surrogate says at points, or a sentence on why it says nothing."""
    try:
        said = [as_numbers(series(point)) for point in points]
    except Exception as error:
        return f"what you return stops with {type(error).__name__} when it is called with one number."
    for one in said:
        if isinstance(one, str):
            return f"what you return gives no number: {one}."
        if one.size != 1:
            return f"what you return gives {one.size} numbers for one x."
    return np.array([one.ravel()[0] for one in said])


def _slip(f, degree, *, points=None, forward=-1j, scale=None, endpoint=False, only=None):
    """The solution with something wrong: what the mistakes are made of."""
    k = np.arange(-degree, degree + 1)
    x = np.linspace(0, 2 * np.pi, points or 2 * degree + 1, endpoint=endpoint)
    c = np.exp(forward * np.outer(k, x)) @ np.array([f(one) for one in x]) / (scale or len(x))
    c = c if only is None else c * only(k)
    return lambda x: (c @ np.exp(1j * k * x)).real


@surrogate.mistake()
def one_point_too_few(f, degree):
    return _slip(f, degree, points=2 * degree)


@surrogate.mistake("your function is f(-x): the sign in one of the two exponentials is turned.")
def sign(f, degree):
    return _slip(f, degree, forward=1j)


@surrogate.mistake("2K + 1 times too large: a coefficient is the *mean* of f(x) exp(-ikx), not the sum.")
def sum_for_mean(f, degree):
    return _slip(f, degree, scale=1)


@surrogate.mistake("0 and 2 pi are the same point, and you asked both: leave out the last (endpoint=False).")
def both_ends(f, degree):
    return _slip(f, degree, endpoint=True)


@surrogate.mistake("the negative frequencies are missing: f is real, so each wave needs its conjugate.")
def positive_frequencies_alone(f, degree):
    return _slip(f, degree, only=lambda k: k >= 0)


@surrogate.mistake("the mean of f, its frequency 0, counts once; you have it twice.")
def mean_twice(f, degree):
    return _slip(f, degree, only=lambda k: 1 + (k == 0))


@surrogate.mistake("the highest frequency is missing: up to `degree` includes it.")
def without_the_highest(f, degree):
    return _slip(f, degree, only=lambda k: abs(k) < degree)


@surrogate.mistake()
def degree_3_only(f, degree):
    return _slip(f, 3)


@surrogate.mistake()
def a_table(f, degree):
    x = np.linspace(-7, 7, 2001)
    values = [f(one) for one in x]
    return lambda at: np.interp(at, x, values)


@surrogate.mistake()
def a_curve_through_points(f, degree):
    x = np.linspace(0, 2 * np.pi, 100)
    values = [f(one) for one in x]
    return lambda at: np.interp(at % (2 * np.pi), x, values)


@surrogate.mistake()
def asks_again(f, degree):
    return f
