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
}
