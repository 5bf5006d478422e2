"""The ports behind the key from laser light, against the library."""

from collections.abc import Callable

import numpy as np

from qlearn.communication import continuous_variables as cv

NAMES = ("modulation_variance", "excess_noise", "efficiency", "electronic_noise")


def test_information_and_what_eve_may_know(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    nu = np.concatenate([1 + 10 ** rng.uniform(-9, 3, 1500), [0.5, 1, 3]])
    agree(port("communication/continuous_variables", "mode_entropy", nu[:, None]), cv.mode_entropy(nu))
    n = 2000
    t, beta = 10 ** rng.uniform(-2.5, 0, n), rng.uniform(0.8, 1, n)
    columns = (
        *10 ** rng.uniform([[-1], [-3]], [[1.5], [-0.4]], (2, n)),
        rng.uniform(0.1, 1, n),
        rng.uniform(0, 0.1, n),
    )
    columns[1][:200], columns[2][:100], columns[3][:100] = 0, 1, 0
    lines = [dict(zip(NAMES, row, strict=True)) for row in np.array(columns).T.tolist()]
    kept = dict(zip(NAMES, columns, strict=True))
    sent = list(zip(t.tolist(), lines, strict=True))
    told = cv.mutual_information(t, **kept)
    agree(port("communication/continuous_variables", "mutual_information", sent), told)
    for trusted in (True, False):
        # (entropies of bits are subtracted: compared as bits)
        rows = [[*one, trusted] for one in sent]
        ours = cv.holevo_bound(t, **kept, trusted=trusted)
        agree(port("communication/continuous_variables", "holevo_bound", rows), ours, scale=1)
        rows = [[*one, b, trusted] for one, b in zip(sent, beta.tolist(), strict=True)]
        ours = cv.rate_at(t, **kept, beta=beta, trusted=trusted)
        assert np.mean(ours > 0) > 0.05
        agree(port("communication/continuous_variables", "rate_at", rows), ours, scale=1)
    sizes = 10 ** rng.uniform(2, 10, n)
    del kept["modulation_variance"]
    rows = [[m, *one] for m, one in zip(sizes.tolist(), sent, strict=True)]
    ours = cv.excess_noise_error(sizes, t, **kept)
    agree(port("communication/continuous_variables", "excess_noise_error", rows), ours)
