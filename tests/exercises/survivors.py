"""Slips that do pass, because they are right too: by exercise, what was changed, and why it is no mistake.

Only exercises with a grader of their own need it: there more than one answer is right.
"""

SURVIVORS: dict[str, dict[str, str]] = {
    "learning.barren_plateaus.small_turns": {
        "`0` for `1` in line 23": "a variance may be divided by the number of samples, too",
    },
    "learning.neural_networks.labels": {
        "`X[:, 0] * X[:, 1] < 0` for `X[:, 0] * X[:, 1] > 0` in line 20": "the two names of the classes are exchanged",
        "`X[:, 0] * X[:, 1] >= 0` for `X[:, 0] * X[:, 1] > 0` in line 20": "no feature is exactly zero",
        "`X[:, 0] / X[:, 1]` for `X[:, 0] * X[:, 1]` in line 20": "a quotient has the sign of the product",
    },
    "learning.optimisation.anneal_cut": {
        "`gain > 0` for `gain >= 0` in line 25": "a step without gain or loss is taken with the chance exp(0) = 1",
        "`1` for `0` in line 25": "exp(gain / T) is above every chance where the gain is above 0",
        "`rng.random() <= np.exp(gain / T)` for `rng.random() < np.exp(gain / T)` in line 25": "equal by no chance",
        "`spins > 0` for `spins < 0` in line 27": "the two sides have no names",
        "`spins <= 0` for `spins < 0` in line 27": "no spin is 0",
        "`1` for `0` in line 27": "spins are -1 and 1",
    },
    "learning.reinforcement.policy_circuit": {
        "`0` for `1` in line 16": "an exclusive or may be turned by either of its bits: not c, or not b",
    },
}
