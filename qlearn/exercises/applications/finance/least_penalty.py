"""The least fine for a portfolio of the wrong size."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="it takes the solution to know it. A bound that takes no solution is larger, and flattens all that counts.",
    because=r"""
        A string with $m \ne k$ shares pays $P(m-k)^2$. It must not end below $f^*$, the best of the allowed ones:
        $f(x) + P(m-k)^2 \ge f^*$, so $P \ge (f^* - f(x))/(m-k)^2$ for all of them. Where no forbidden string is below
        $f^*$ no fine is needed at all: 0.
    """,
)
def least_penalty(f, k):
    """`f` is the cost of every bit string of n shares, an array of length $2^n$: at index i stands the cost of the string
    that i is in binary. Allowed are the strings with exactly `k` ones. Return the least P, not below 0, for which
    $f(x) + P\\,(k - |x|)^2$ is nowhere lower than at the best allowed string; $|x|$ is the number of ones.
    """
    ones = np.array([bin(i).count("1") for i in range(len(f))])
    wrong = ones != k
    needed = (f[~wrong].min() - f[wrong]) / (ones[wrong] - k) ** 2
    return max(0, needed.max())


@least_penalty.cases
def markets(rng):
    """Costs of two to six shares, where few or many are best, where no fine is needed, and where the far end is lowest."""
    yield np.array([1.0, 0.0, 0.5, 2.0]), 1
    yield np.array([0.0, 1.0, 1.5, 0.5]), 1
    yield np.array([0.0, 0.3, 0.2, 0.1, 0.4, 0.5, 0.2, -9.0]), 0
    for turn in range(9):
        n = int(rng.integers(2, 7))
        k = int(rng.integers(0, n + 1))
        ones = np.array([bin(i).count("1") for i in range(1 << n)])
        pull = rng.choice([-1.0, 0.5]) * ones if turn % 3 else 0.4 * (ones - k) ** 2
        yield rng.normal(size=1 << n) + pull, k


def _slip(f, k, *, far=lambda off: off**2, best=min, worst=max, least=0):
    ones = np.array([bin(i).count("1") for i in range(len(f))])
    wrong = ones != k
    return max(least, worst((best(f[~wrong]) - f[wrong]) / far(ones[wrong] - k)))


@least_penalty.mistake("the fine grows with the square: two shares too many pay it four times.")
def not_squared(f, k):
    return _slip(f, k, far=np.abs)


@least_penalty.mistake("every forbidden string has a fine of its own distance: divide by (|x| - k) squared.")
def one_fine_for_all(f, k):
    return _slip(f, k, far=lambda off: 1)


@least_penalty.mistake("a fine below 0 would be a reward: if none is needed return 0.")
def a_reward(f, k):
    return _slip(f, k, least=-np.inf)


@least_penalty.mistake("compare with the best allowed string, not with the worst.")
def against_the_worst(f, k):
    return _slip(f, k, best=max)


@least_penalty.mistake(
    "no string at all may end lower: take the largest of all that is needed, not the smallest."
)
def for_one_string_only(f, k):
    return _slip(f, k, worst=min)


@least_penalty.mistake("that is a range of f: enough for certain, and more than is needed.")
def the_range(f, k):
    return f.max() - f.min()


@least_penalty.mistake(
    "only strings with one share too many or too few are looked at with you: others can be lower too."
)
def neighbours_only(f, k):
    ones = np.array([bin(i).count("1") for i in range(len(f))])
    near = np.abs(ones - k) == 1
    return max(0, (f[ones == k].min() - f[near]).max())
