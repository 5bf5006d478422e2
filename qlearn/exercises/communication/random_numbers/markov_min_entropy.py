"""The likeliest path of a source that remembers one bit."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="one guess of the whole string is right with the chance of the likeliest path, and no guess is right more often.",
    because=r"""
        Of all paths that end in j after one more step, a likeliest one begins with a likeliest path to some i, so two
        numbers are enough to carry along: $b_j \leftarrow \max_i (b_i + \log_2 P_{ij})$, which is the algorithm of
        Viterbi. Each step costs four sums, where the paths themselves are $2^n$. Chances multiply to less than floating
        point can hold, and logarithms add. The estimate of SP 800-90B compares six paths of 128 bits: steady,
        alternating, one step and then steady. A path that alternates, and repeats its bit at the end, may be a little
        likelier.
    """,
)
def markov_min_entropy(start, step, n):
    """A source puts out `n` bits in a row. `start[i]` is the chance that the first is i, and `step[i, j]` that a bit i
    is followed by j: arrays of shape (2,) and (2, 2). Return the min-entropy of the whole string in bits, -log2 of the
    chance of its likeliest path. Some chances may be 0, and `n` is up to 1500: too long to list all paths, or to
    multiply so many chances. Given: `np`.
    """
    with np.errstate(divide="ignore"):
        best, step = np.log2(start), np.log2(step)
    for _ in range(n - 1):
        best = np.max(best[:, None] + step, axis=0)
    return -np.max(best)


@markov_min_entropy.cases
def chains(rng):
    """One bit and two; sticky, alternating, certain; a first bit that leads astray; a long string."""
    p, q, r = rng.uniform(0.05, 0.2, 3)
    yield np.array([p, 1 - p]), np.array([[q, 1 - q], [1 - r, r]]), 1
    yield np.array([1 - p, p]), np.array([[1 - q, q], [0.5 + r, 0.5 - r]]), 2
    # A certain string, and one with only its first bit left open.
    yield np.array([0.0, 1.0]), np.array([[0.0, 1.0], [1.0, 0.0]]), int(rng.integers(4, 9))
    yield np.array([p, 1 - p]), np.eye(2), int(rng.integers(4, 9))
    # The likelier first bit is followed by a fair one, and the other repeats.
    yield (
        np.array([0.55 + p, 0.45 - p]),
        np.array([[0.52, 0.48], [q / 4, 1 - q / 4]]),
        int(rng.integers(8, 14)),
    )
    # It alternates from 0 to 0, and best repeats the last bit.
    yield np.array([1.0, 0.0]), np.array([[p / 2, 1 - p / 2], [0.45, 0.55]]), 2 * int(rng.integers(4, 9)) + 1
    yield np.array([0.5, 0.5]), np.array([[1 - q, q], [r, 1 - r]]), int(rng.integers(5, 30))
    for _ in range(4):
        yield rng.dirichlet((2, 2)), rng.dirichlet((2, 2), 2), int(rng.integers(3, 40))
    near = rng.uniform(0.45, 0.55, 2)
    yield rng.dirichlet((5, 5)), np.stack([near, 1 - near], axis=1), int(rng.integers(1350, 1501))


def _logs(*chances):
    with np.errstate(divide="ignore"):
        return [np.log2(x) for x in chances]


def _likeliest(best, step, n):
    """Return the largest sum of logarithms along a path."""
    for _ in range(n - 1):
        best = (best[:, None] + step).max(axis=0)
    return best.max()


def _along(start, step, path):
    """Return the chance of one path, as a logarithm."""
    first, hops = _logs(start, step)
    return first[path[0]] + hops[path[:-1], path[1:]].sum()


@markov_min_entropy.mistake("`step[i, j]` leads from i to j: you go from j to i. Each *row* of it sums to 1.")
def transposed(start, step, n):
    first, hops = _logs(start, step)
    return -_likeliest(first, hops.T, n)


@markov_min_entropy.mistake(
    "you take the likelier bit at each step. A less likely bit now may lead to likelier ones: keep the best path to *each* bit."
)
def greedy(start, step, n):
    first, hops = _logs(start, step)
    bit = int(np.argmax(start))
    total = first[bit]
    for _ in range(n - 1):
        following = int(np.argmax(step[bit]))
        total, bit = total + hops[bit, following], following
    return -total


@markov_min_entropy.mistake("one step too many: `n` bits have n - 1 steps between them.")
def one_step_too_many(start, step, n):
    return -_likeliest(*_logs(start, step), n + 1)


@markov_min_entropy.mistake("the first bit has a chance, too: begin with `start`, and not with certainty.")
def forgets_the_start(start, step, n):
    return -_likeliest(np.zeros(2), *_logs(step), n)


@markov_min_entropy.mistake("this is the entropy a bit. The whole string is asked for: do not divide by n.")
def a_bit(start, step, n):
    return -_likeliest(*_logs(start, step), n) / n


@markov_min_entropy.mistake("these are nats: bits take the logarithm to base 2.")
def nats(start, step, n):
    return -_likeliest(*_logs(start, step), n) * np.log(2)


@markov_min_entropy.mistake("the sign: the logarithm of a chance is negative, an entropy is not.")
def negative(start, step, n):
    return _likeliest(*_logs(start, step), n)


@markov_min_entropy.mistake(
    "you only look at the strings that repeat one bit. One that changes may be likelier: all of them count."
)
def steady_strings(start, step, n):
    return -max(_along(start, step, np.full(n, bit)) for bit in (0, 1))


@markov_min_entropy.mistake(
    "you compare the six paths of SP 800-90B. Others are likelier at times, for instance one that alternates and repeats its "
    "last bit: all paths count."
)
def six_paths(start, step, n):
    paths = []
    for bit in (0, 1):
        paths += [np.full(n, bit), (np.arange(n) + bit) % 2, np.append(bit, np.full(n - 1, 1 - bit))]
    return -max(_along(start, step, path) for path in paths)


@markov_min_entropy.mistake(
    "you add up all paths to a bit: that is the chance of the last bit. Of one string only the largest counts: `max`."
)
def adds_the_paths(start, step, n):
    return -np.log2((start @ np.linalg.matrix_power(step, n - 1)).max())


@markov_min_entropy.mistake(
    "you took each bit by itself, as if it did not know the one before: the likeliest bits of all places can be an unlikely path."
)
def each_bit_by_itself(start, step, n):
    chances, total = start, 0.0
    for _ in range(n):
        total -= np.log2(chances.max())
        chances = chances @ step
    return total


@markov_min_entropy.mistake(
    "this is Shannon's entropy of the string, the average over all paths. One guess names the likeliest."
)
def shannon(start, step, n):
    def h(p):
        seen = p[p > 0]
        return -(seen * np.log2(seen)).sum()

    rows = np.array([h(row) for row in step])
    chances, total = start, h(start)
    for _ in range(n - 1):
        total, chances = total + chances @ rows, chances @ step
    return total


@markov_min_entropy.mistake(
    "for long strings the chance is too small for floating point, and you get infinity: add logarithms, and do not multiply."
)
def underflows(start, step, n):
    best = start
    for _ in range(n - 1):
        best = (best[:, None] * step).max(axis=0)
    return -_logs(best.max())[0]


@markov_min_entropy.mistake(
    "this is the chance of the likeliest path. Its -log2 is asked for, made of logarithms from the beginning."
)
def the_chance(start, step, n):
    return 2 ** _likeliest(*_logs(start, step), n)


@markov_min_entropy.mistake(
    "you take the largest chance of all for each step. The step has to leave from the bit where the last one arrived."
)
def largest_chance_each_time(start, step, n):
    first, hops = _logs(start, step)
    return -(first.max() + (n - 1) * hops.max())
