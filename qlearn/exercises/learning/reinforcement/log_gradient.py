"""Log gradient."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="What was done, less what was expected: it sums to zero, and vanishes when there is no doubt left.",
    because=r"""
        $\log\pi_a = s_a - \log\sum_b e^{s_b}$, and the derivative of the second term in $s_b$ is $\pi_b$: so
        $\delta_{ab}-\pi_b$.
    """,
)
def log_gradient(scores, action):
    """Write `log_gradient(scores, action)`: the gradient, in the scores, of the logarithm of the softmax
    probability of `action`. This is all that REINFORCE needs to know of a policy. Scores may be large.
    """
    policy = np.exp(scores - scores.max())
    gradient = -policy / policy.sum()
    gradient[action] += 1
    return gradient


@log_gradient.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_log_gradient of the old module
    yield ()


@log_gradient.mistake(
    "raising one score lowers the *other* probabilities: the normalisation depends on every score."
)
def forgets_the_others(scores, action):
    return np.eye(len(scores))[action]


@log_gradient.mistake("the sign is turned round: this would make the action that was taken rarer.")
def sign(scores, action):
    policy = np.exp(scores - scores.max())
    return policy / policy.sum() - np.eye(len(scores))[action]


@log_gradient.mistake(
    "that is the gradient of the probability. The gradient of its *logarithm* is divided by the probability."
)
def of_the_probability(scores, action):
    policy = np.exp(scores - scores.max())
    policy /= policy.sum()
    return policy[action] * (np.eye(len(scores))[action] - policy)


@log_gradient.mistake(
    "for scores near 800 the exponential overflows. Subtract the largest score first: it changes no probability."
)
def overflows(scores, action):
    policy = np.exp(scores)
    return np.eye(len(scores))[action] - policy / policy.sum()


@log_gradient.mistake(
    "for the scores [   0.  800. -800.] the exponential still overflows: what you subtract must be the *largest* "
    "of them."
)
def subtracts_the_smallest(scores, action):
    policy = np.exp(scores - scores.min())
    return np.eye(len(scores))[action] - policy / policy.sum()


@log_gradient.mistake("only the action that was taken gets the 1; the others get 0 less what was expected.")
def a_1_for_all(scores, action):
    policy = np.exp(scores - scores.max())
    return 1 - policy / policy.sum()


@log_gradient.mistake(
    "for the scores [0. 0.] and action 1 you return [nan nan]: the entries should be what was done (1 or 0) less "
    "the softmax probability."
)
def no_exponential(scores, action):
    return np.eye(len(scores))[action] - scores / scores.sum()
