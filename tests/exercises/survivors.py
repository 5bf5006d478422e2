"""Slips that do pass, because they are right too: by exercise, what was changed, and why it is no mistake.

Only exercises with a grader of their own need it: there more than one answer is right.
"""

SURVIVORS: dict[str, dict[str, str]] = {
    "networks.federated.median_strategy": {
        "`4` for `5` in line 26": "how often a client goes through its samples is left open",
        "`6` for `5` in line 26": "how often a client goes through its samples is left open",
    },
    "learning.comparison.rival": {
        "`both` for `X` in line 20": "it is asked for its length, which is the same",
        "`both` for `X` in line 24": "it is asked for its length, which is the same",
    },
}
