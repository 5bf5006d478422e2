"""Slips that do pass, because they are right too: by exercise, what was changed, and why it is no mistake.

Only exercises with a grader of their own need it: there more than one answer is right.
"""

SURVIVORS: dict[str, dict[str, str]] = {
    "qubits.measurement.portrait": {
        "`999` for `1000` in line 15": "three copies less are no matter",
        "`np.hypot(y, x)` for `np.hypot(x, y)` in line 16": "the same length",
    },
    "qubits.entanglement.bob_angles": {
        "`np.pi / 4 - np.pi` for `np.pi / 4 + np.pi` in line 15": "a whole turn further",
        "`-np.pi / 4 - np.pi` for `-np.pi / 4 + np.pi` in line 15": "a whole turn further",
    },
    "learning.qsvm.honest_score": {
        "`2` for `3` in line 16": "the prompt leaves the number of folds open",
        "`4` for `3` in line 16": "the prompt leaves the number of folds open",
    },
}
