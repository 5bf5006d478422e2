"""Two estimators of an inner product: no bias, the stated error, and no dimension in it."""

import numpy as np
import pytest

from qlearn.learning.comparison import sampled_cosine, swap_test
from qlearn.qubits import Circuit, fidelity

RUNS, EACH = 4000, 50


@pytest.mark.parametrize("n", [4, 64, 4096])
def test_both_have_the_mean_and_the_error_they_state(n):
    # the mean of 4000 runs is allowed five standard errors (p = 6e-7); their spread, five of its own (1.1 %)
    rng = np.random.default_rng(n)
    x = rng.normal(size=n)
    y = x + rng.normal(size=n)
    cosine = x @ y / np.linalg.norm(x) / np.linalg.norm(y)
    swaps = swap_test(x, y, EACH, runs=RUNS, rng=rng)
    error = np.sqrt((1 - cosine**4) / EACH)
    assert swaps.mean() == pytest.approx(cosine**2, abs=5 * error / np.sqrt(RUNS))
    assert swaps.std() == pytest.approx(error, rel=0.06)
    samples = sampled_cosine(x, y, EACH, runs=RUNS, rng=rng)
    error = np.sqrt((1 - cosine**2) / EACH)
    assert samples.mean() == pytest.approx(cosine, abs=5 * error / np.sqrt(RUNS))
    # one sample y_i / x_i has heavy tails where x_i is small: its variance is exact, the spread of it is not
    assert samples.std() < 1.25 * error


def test_the_variance_of_one_sample_is_one_minus_the_cosine_squared():
    x, y = np.array([0.6, 0.8]), np.array([1.0, 0.0])
    values, weights = y / x, x**2
    assert weights @ values**2 - (weights @ values) ** 2 == pytest.approx(1 - 0.6**2, abs=1e-12)


def test_the_swap_test_is_a_circuit():
    # destructive form: CNOT and H on each pair, then the parity of ANDs of the outcomes
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=4), rng.normal(size=4)
    pair = np.kron(x / np.linalg.norm(x), y / np.linalg.norm(y))
    state = Circuit(4).cx(0, 2).h(0).cx(1, 3).h(1).run(pair)
    bits = np.arange(16)[:, None] >> np.array([3, 2, 1, 0]) & 1
    sign = (-1.0) ** (bits[:, 0] * bits[:, 2] + bits[:, 1] * bits[:, 3])
    overlap = sign @ np.abs(state) ** 2
    assert overlap == pytest.approx(
        fidelity(x / np.linalg.norm(x) + 0j, y / np.linalg.norm(y) + 0j), abs=1e-12
    )
    # 1e5 shots: standard error below .0032, five of them .016
    assert swap_test(x, y, 100_000, rng=rng)[0] == pytest.approx(overlap, abs=0.016)


@pytest.mark.parametrize("estimate", [swap_test, sampled_cosine])
@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (([0, 0], [1, 1], 5), ValueError, "x must be a vector that is not zero"),
        (([1, 0], [[1, 1]], 5), ValueError, "y must be a vector"),
        (([1, 0], [1, 1, 1], 5), ValueError, "the same length"),
        (([1, np.nan], [1, 1], 5), ValueError, "x must be finite"),
        (([1, 0], [1, 1], 0), ValueError, "must be at least 1"),
        (([1, 0], [1, 1], -3), ValueError, "must be at least 1"),
    ],
)
def test_refuses(estimate, arguments, error, says):
    with pytest.raises(error, match=says):
        estimate(*arguments)


def test_entries_that_are_never_drawn_add_nothing():
    # x = (1, 0), y = (1, 1): the only entry ever drawn gives the cosine itself
    assert np.allclose(sampled_cosine([1.0, 0.0], [1.0, 1.0], 3, runs=5, rng=0), np.sqrt(0.5))
