"""Slips that do pass, because they are right too: by exercise, what was changed, and why it is no mistake.

Only exercises with a grader of their own need it: there more than one answer is right.
"""

SURVIVORS: dict[str, dict[str, str]] = {
    "learning.qsvm.honest_score": {
        "`2` for `3` in line 16": "the prompt leaves the number of folds open",
        "`4` for `3` in line 16": "the prompt leaves the number of folds open",
    },
}
