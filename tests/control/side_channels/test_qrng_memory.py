"""Memory: entropies by hand and by all strings, samples by the definition, predictors under the bound."""

from itertools import pairwise, product
from math import log2

import numpy as np
import pytest
from scipy.stats import binom

from qlearn.communication.random_numbers import predict_next_bit
from qlearn.control.side_channels import ParitySource, memory_entropy


def test_reference():
    assert memory_entropy(0.05) == pytest.approx((0.992774, 0.862496), abs=1e-6)
    assert memory_entropy(0.0) == (1, 1)
    assert memory_entropy(0.5) == (0, 0)


@pytest.mark.parametrize("e", [-0.3, -0.05, 0.01, 0.2, 0.5])
def test_by_all_strings(e):
    # nine steps after the first bit: the entropy of a step, and the likeliest string
    steps = [0.5 + e if same else 0.5 - e for same in (False, True)]
    chances = [0.5 * np.prod([steps[a == b] for a, b in pairwise(s)]) for s in product((0, 1), repeat=10)]
    shannon = -sum(p * log2(p) for p in chances if p) - 1
    assert memory_entropy(e).shannon == pytest.approx(shannon / 9)
    assert memory_entropy(e).min_entropy == pytest.approx((-log2(max(chances)) - 1) / 9)


def test_lags_that_cancel_let_another_bit_tell():
    bits = ParitySource((1, 2), 0.2).sample(60_000, rng=4)
    # each agreement has the chance 1/2 + e' with e' = 0 for the lags alone, 2 e^2 for lag 3; sd .002 (neighbours share a coin:
    # at most twice the variance), 6 of .0029
    for lag, chance in ((1, 0.5), (2, 0.5), (3, 0.58)):
        assert abs((bits[lag:] == bits[:-lag]).mean() - chance) < 6 * 0.0029


@pytest.mark.parametrize("lags", [(1,), (2,), (1, 4), (3, 7, 12)])
def test_the_sample_is_the_definition(lags):
    n, rng = 500, np.random.default_rng(2)
    bits = ParitySource(lags, 0.5).sample(n, rng=7)
    assert bits.shape == (n,)
    i = np.arange(lags[-1], n)
    assert (bits[i] == np.bitwise_xor.reduce([bits[i - lag] for lag in lags])).all()
    # with noise: agreements are independent, 60 % of them; sd .0022, 6 sd
    bits = ParitySource(lags, 0.1).sample(50_000, rng=rng)
    i = np.arange(lags[-1], bits.size)
    agree = (bits[i] == np.bitwise_xor.reduce([bits[i - lag] for lag in lags])).mean()
    assert abs(agree - 0.6) < 6 * 0.0022


@pytest.mark.parametrize("model", ["logistic", "table", "mlp"])
def test_no_predictor_beats_the_bound(model):
    source = ParitySource((1, 3), 0.15)
    seen = predict_next_bit(source.sample(20_000, rng=3), history=4, model=model, rng=1)
    assert binom.sf(seen.right - 1, seen.guesses, source.guess) > 1e-7
    # a parity is nothing to a line and everything to a table
    assert (model == "logistic") == (binom.sf(seen.right - 1, seen.guesses, 0.5) > 1e-7)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: memory_entropy(0.6), "excess must be"),
        (lambda: ParitySource((), 0.1), "lags must be a tuple"),
        (lambda: ParitySource((2, 1), 0.1), "lags must increase"),
        (lambda: ParitySource((1, 1), 0.1), "lags must increase"),
        (lambda: ParitySource((0,), 0.1), "lags must be at least 1"),
        (lambda: ParitySource((1,), -0.1), "excess must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
