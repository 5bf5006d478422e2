"""The gradient of the logarithm of a softmax policy."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="what was done, less what was expected: it sums to zero, and vanishes when there is no doubt left.",
    because=r"""
        $\log\pi_a = s_a - \log\sum_b e^{s_b}$, and the derivative of the second term in $s_b$ is $\pi_b$: so
        $\delta_{ab}-\pi_b$.
    """,
)
def log_gradient(scores, action):
    """Return the gradient, in the scores (an array), of the logarithm of the softmax
    probability of `action` (an index). This is all that REINFORCE needs to know of a policy. Scores may be large, and far
    apart. Given: `np`.
    """
    policy = np.exp(scores - scores.max())
    gradient = -policy / policy.sum()
    gradient[action] += 1
    return gradient


@log_gradient.cases
def policies(rng):
    """Two actions to six; equal scores, usual ones, all large, all very low, and far apart with the largest anywhere."""
    yield np.zeros(2), 1
    for n, shift in ((4, 0.0), (3, 0.0), (5, 0.0), (3, 800.0), (4, -900.0), (2, 1500.0)):
        yield 2 * rng.normal(size=n) + shift, int(rng.integers(n))
    for n in (3, 3, 4, 6):
        yield (
            rng.permutation(np.append(rng.uniform(-1500, -900, n - 2), (900.0, 901.5))),
            int(rng.integers(n)),
        )
    yield np.array([-800.0, 0.0, 800.0]), 0
    yield np.array([0.0, 800.0, -800.0]), 1


def _policy(scores, shift):
    policy = np.exp(scores - shift)
    return policy / policy.sum()


@log_gradient.mistake(
    "raising one score lowers the *other* probabilities: the normalisation depends on every score."
)
def forgets_the_others(scores, action):
    return np.eye(len(scores))[action]


@log_gradient.mistake("the sign is turned round: this would make the action that was taken rarer.")
def sign(scores, action):
    return _policy(scores, scores.max()) - np.eye(len(scores))[action]


@log_gradient.mistake(
    "that is the gradient of the probability. The gradient of its *logarithm* is divided by the probability."
)
def of_the_probability(scores, action):
    policy = _policy(scores, scores.max())
    return policy[action] * (np.eye(len(scores))[action] - policy)


@log_gradient.mistake(
    "for large scores the exponential overflows. Subtract the largest score first: it changes no probability."
)
def overflows(scores, action):
    return np.eye(len(scores))[action] - _policy(scores, 0)


@log_gradient.mistake(
    "for scores far apart the exponential still overflows: what you subtract must be the *largest* of them, not the smallest."
)
def subtracts_the_smallest(scores, action):
    return np.eye(len(scores))[action] - _policy(scores, scores.min())


@log_gradient.mistake(
    "for scores far apart the exponential still overflows: what you subtract must be the *largest* of them, not their mean."
)
def subtracts_the_mean(scores, action):
    return np.eye(len(scores))[action] - _policy(scores, scores.mean())


@log_gradient.mistake(
    "for scores far apart the exponential still overflows: what you subtract must be the *largest* of them, not the first."
)
def subtracts_the_first(scores, action):
    return np.eye(len(scores))[action] - _policy(scores, scores[0])


@log_gradient.mistake(
    "for scores far apart the exponential still overflows: what you subtract must be the *largest* of them, not that of the "
    "action."
)
def subtracts_that_of_the_action(scores, action):
    return np.eye(len(scores))[action] - _policy(scores, scores[action])


@log_gradient.mistake("only the action that was taken gets the 1; the others get 0 less what was expected.")
def a_1_for_all(scores, action):
    return 1 - _policy(scores, scores.max())


@log_gradient.mistake("that is the logarithm itself: its *gradient* has a number for each score.")
def the_logarithm(scores, action):
    return scores[action] - np.logaddexp.reduce(scores)


@log_gradient.mistake(
    "that is the whole policy: what was done, 1 for the action and 0 for the others, less this policy."
)
def the_policy(scores, action):
    return _policy(scores, scores.max())


@log_gradient.mistake(
    "you divide the scores by their sum. The softmax probabilities are their *exponentials* divided by the sum of these."
)
def no_exponential(scores, action):
    return np.eye(len(scores))[action] - scores / scores.sum()
