"""The ports of estimates of a noise from a count, against the library."""

from collections.abc import Callable

import numpy as np
import pytest

from qlearn.control import channel_estimation as ce

N = 1000


@pytest.mark.parametrize("probe", ["qubit", "bell"])
def test_estimates_and_their_errors(port: Callable, agree: Callable, probe: str):
    rng = np.random.default_rng(1)
    p, n = rng.uniform(0, 0.9, N), rng.integers(1, 320, N)
    p[:2] = 0, 1
    k = (rng.uniform(size=N) * (n + 1)).astype(int)
    agree(
        port("control/channel_estimation", "error_chance", [[x, probe] for x in p]), ce.error_chance(p, probe)
    )
    agree(
        port("control/channel_estimation", "cramer_rao", [[x, m, probe] for x, m in zip(p, n, strict=True)]),
        ce.cramer_rao(p, n, probe),
    )
    sent = [[j, m, probe] for j, m in zip(k, n, strict=True)]
    agree(
        port("control/channel_estimation", "maximum_likelihood_noise", sent),
        ce.maximum_likelihood_noise(k, n, probe),
    )
    means = [ce.BetaPosterior(1 + int(j), 1 + int(m - j)).mean for j, m in zip(k, n, strict=True)]
    agree(
        port(
            "control/channel_estimation", "beta_mean", [[1 + j, 1 + m - j] for j, m in zip(k, n, strict=True)]
        ),
        means,
    )
    few = np.minimum(n, 60).tolist()
    ranges = [np.linspace(*sorted(rng.uniform(0.02, 0.6, 2)), int(rng.integers(1, 42))) for _ in range(N)]
    ours = [ce.posterior_mean_noise(m, one, probe=probe) for m, one in zip(few, ranges, strict=True)]
    theirs = port(
        "control/channel_estimation",
        "posterior_mean_noise",
        [[m, one, probe] for m, one in zip(few, ranges, strict=True)],
    )
    agree(np.concatenate(theirs), np.concatenate(ours))
    truths = rng.uniform(0, 0.9, (N, 3))
    errors = [ce.mean_squared_error(table, some, probe) for table, some in zip(ours, truths, strict=True)]
    sent = [[table, some, probe] for table, some in zip(ours, truths, strict=True)]
    agree(port("control/channel_estimation", "mean_squared_error", sent), errors, scale=1e-3)


def test_where_no_strength_allows_the_count(port: Callable):
    theirs = port("control/channel_estimation", "posterior_mean_noise", [[3, [0.0], "qubit"]])
    assert theirs == [ce.posterior_mean_noise(3, [0.0]).tolist()]
