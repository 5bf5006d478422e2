"""The cosine of an angle from a few entries."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import close, law


@exercise(
    level="stretch",
    same=law(100),
    right="on average it is the exact cosine, with an error in which no dimension appears.",
    because=r"""
        The average over draws is $\sum_i a_i^2\,\tfrac{b_i}{a_i} = \sum_i a_i b_i$, the cosine. Its variance for
        one sample is $\sum_i a_i^2\tfrac{b_i^2}{a_i^2} - \cos^2 = 1-\cos^2$, whatever the dimension. The quantum
        swap test has the same property, and it needs the same access to the data.
    """,
)
def cosine(x, y, samples, rng):
    r"""Return an estimate of the cosine of the angle between `x` and `y` from `samples` entries only, drawn as a
    measurement of the amplitude-encoded `x` would draw them. (The lengths $\|x\|$ and $\|y\|$ are known.) All chance
    comes from `rng`, a NumPy `Generator`.
    """
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=samples, p=a**2)
    return np.mean(b[seen] / a[seen])


@cosine.cases
def vectors(rng):
    """Few samples, whose estimates take few values, and many; entries of all sizes, of which a few carry the angle."""
    # A sample or two: y is x on a part of the weight, and 0 on the rest. Two values come, or three; noise about the
    # mean has more of them, and the mean of more samples, too.
    sign = rng.choice((-1, 1))
    for small, large, samples, factor in ((1, 1, 1, sign), (5, 5, 1, sign), (5, 5, 2, -sign)):
        x = rng.permutation(np.repeat((2.0, 4.0), 10)) * rng.choice((-1, 1), 20)
        off = [rng.permutation(np.flatnonzero(np.abs(x) == size))[:n] for size, n in ((2, small), (4, large))]
        y = factor * x * rng.uniform(2, 5)
        y[np.concatenate(off)] = 0
        yield x, y, samples, rng
    # Two large entries among dust that says the opposite.
    x = np.concatenate([[30.0, -20.0], np.full(300, 0.1)])
    yield x, np.concatenate([rng.uniform(10, 40, 2), np.full(300, -0.2)]), int(rng.integers(150, 250)), rng
    # A small vector: where the one is large, the other is small.
    x, y = np.exp(np.linspace(-1, 1, 6) * [[1], [-1]] + rng.normal(0, 0.2, (2, 6))) * rng.choice(
        (-1, 1), (2, 6)
    )
    yield x, 5 * y, 3, rng


@cosine.grader
def by_rng_alone(answer, rng):
    """The same generator, the same estimate."""
    x, y = rng.normal(size=(2, 50))
    seed = int(rng.integers(1 << 30))
    one, two = (answer(x.copy(), y.copy(), 20, np.random.default_rng(seed)) for _ in range(2))
    if close(one, two):
        return Verdict.wrong("twice the same `rng`, and two estimates: take all chance from `rng`.")
    return None


@cosine.mistake()
def chance_of_its_own(x, y, samples, rng):
    return cosine(x, y, samples, np.random.default_rng())


@cosine.mistake(
    "every call draws the same entries, whatever `rng` is: a generator made inside begins anew each time."
)
def always_the_same_draws(x, y, samples, rng):
    return cosine(x, y, samples, np.random.default_rng(0))


@cosine.mistake("you draw all entries equally often: draw entry i with probability x_i^2 / |x|^2.")
def uniform_draws(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.integers(len(a), size=samples)
    return np.mean(b[seen] / a[seen])


@cosine.mistake("you draw entry i with the weight |x_i|: a measurement shows the *square* of an amplitude.")
def draws_by_amplitude(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=samples, p=np.abs(a) / np.abs(a).sum())
    return np.mean(b[seen] / a[seen])


@cosine.mistake("the vectors are not normalised: divide each by its length first.")
def not_normalised(x, y, samples, rng):
    seen = rng.choice(len(x), size=samples, p=x**2 / (x @ x))
    return np.mean(y[seen] / x[seen])


@cosine.mistake("a few samples give the same answer every time: you read the whole vectors.")
def reads_everything(x, y, samples, rng):
    return x @ y / np.linalg.norm(x) / np.linalg.norm(y)


@cosine.mistake(
    "that is the cosine of the entries you have drawn, every one of them equally often: those that carry the angle are "
    "mostly not among them."
)
def the_cosine_of_a_subset(x, y, samples, rng):
    x, y = np.stack([x, y])[:, rng.integers(len(x), size=samples)]
    return x @ y / np.linalg.norm(x) / max(np.linalg.norm(y), 1e-300)


@cosine.mistake("upside down: what is averaged is b_i / a_i, of which a_i^2 makes a_i b_i.")
def upside_down(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=samples, p=a**2)
    return np.mean(np.divide(a[seen], b[seen], out=np.full(samples, 1e9), where=b[seen] != 0))


@cosine.mistake(
    "you draw entry i with the weight of y: where y is 0 you never look, and a measurement of x does."
)
def draws_by_y(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(b), size=samples, p=b**2)
    return np.mean(a[seen] / b[seen])


@cosine.mistake("your answers scatter too little: read `samples` entries, no more.")
def more_samples(x, y, samples, rng):
    return cosine(x, y, 10 * samples, rng)


@cosine.mistake(
    "the chance of entry i is already in how often you draw it: average b_i / a_i, and not a_i b_i."
)
def products(x, y, samples, rng):
    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)
    seen = rng.choice(len(a), size=samples, p=a**2)
    return np.mean(a[seen] * b[seen])
