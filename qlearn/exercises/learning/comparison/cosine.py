"""Cosine."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="On average 0.738, the exact cosine is 0.742 (ours: 0.738); no dimension anywhere.",
    because=r"""
        The average over draws is $\sum_i a_i^2\,\tfrac{b_i}{a_i} = \sum_i a_i b_i$, the cosine. Its variance for
        one sample is $\sum_i a_i^2\tfrac{b_i^2}{a_i^2} - \cos^2 = 1-\cos^2$, whatever the dimension. The quantum
        swap test has the same property, and it needs the same access to the data.
    """,
)
def cosine(x, y, samples, rng):
    r"""Write `cosine(x, y, samples, rng)`: an estimate of the cosine of the angle between `x` and `y` from
    `samples` entries only, drawn as a measurement of the amplitude-encoded `x` would draw them. (The
    lengths $\|x\|$ and $\|y\|$ are known.)
    """
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=samples, p=a**2)
    return np.mean(b[seen] / a[seen])


@cosine.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_cosine of the old module
    yield ()


@cosine.mistake("You draw all entries equally often: draw entry i with probability x_i^2 / |x|^2.")
def uniform_draws(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.integers(len(a), size=samples)
    return np.mean(b[seen] / a[seen])


@cosine.mistake("The vectors are not normalised: divide each by its length first.")
def not_normalised(x, y, samples, rng):
    seen = rng.choice(len(x), size=samples, p=x**2 / (x @ x))
    return np.mean(y[seen] / x[seen])


@cosine.mistake("Five samples give the exact answer every time: you read the whole vectors.")
def reads_everything(x, y, samples, rng):
    return x @ y / np.linalg.norm(x) / np.linalg.norm(y)


@cosine.mistake(
    "For vectors with two large entries and 4998 tiny ones it gives -0.87 on average, the cosine is -0.34: a "
    "measurement sees the large entries, a uniform draw or an average of x_i / y_i does not."
)
def the_cosine_of_a_subset(x, y, samples, rng):
    x, y = np.stack([x, y])[:, rng.integers(len(x), size=samples)]
    return x @ y / np.linalg.norm(x) / np.linalg.norm(y)


@cosine.mistake(
    "For vectors with two large entries and 4998 tiny ones it gives 2.20 on average, the cosine is -0.34: a "
    "measurement sees the large entries, a uniform draw or an average of x_i / y_i does not."
)
def upside_down(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=samples, p=a**2)
    return np.mean(a[seen] / b[seen])


@cosine.mistake(
    "You draw entry i with the weight of y: where y is 0 you never look, and a measurement of x does."
)
def draws_by_y(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(b), size=samples, p=b**2)
    return np.mean(a[seen] / b[seen])


@cosine.mistake(
    "From 5 samples your answers scatter by 0.099, and 5 draws of a measurement by 0.32 (x is 64 ones, and half "
    "of y is 0): read `samples` entries, no more and no fewer."
)
def more_samples(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=10 * samples, p=a**2)
    return np.mean(b[seen] / a[seen])


@cosine.mistake("On average 0.023, the cosine is 0.742: which weight does entry i carry?")
def products(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=samples, p=a**2)
    return np.mean(a[seen] * b[seen])
