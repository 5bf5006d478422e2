"""Sybils: many names, one mind; and what share of the mean they have."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.attacks import SignFlip, Sybil, sybils, sybils_needed
from qlearn.networks.federated import Client, FedAvg, run

model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
pair = [Client(model, [[-1.0], [v], [0.5]], [0, 1, 1], name=f"c{v:.0f}") for v in (1.0, 2.0)]


@pytest.mark.parametrize(("names", "claim"), [(1, None), (5, None), (2, 10**6)])
def test_have_the_share_of_the_mean_that_they_claim(names, claim):
    liar = SignFlip(pair[0], scale=2)
    start = [np.array([[0.7]]), np.array([-0.2])]
    merged = run([*sybils(liar, names, n_samples=claim), pair[1]], FedAvg(), 1, initial=start).parameters
    weight = names * (claim or 3)
    by_hand = [
        (weight * a + 3 * b) / (weight + 3)
        for a, b in zip(liar.fit(start, {})[0], pair[1].fit(start, {})[0], strict=True)
    ]
    for ours, expected in zip(merged, by_hand, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_a_claim_beyond_what_the_server_believes_is_refused():
    liar = Sybil(pair[0], "liar", n_samples=10**9)
    history = run([liar, pair[1]], FedAvg(), 2, rng=0)
    assert [(number, failure.client) for number, failure in history.failures] == [(1, "liar"), (2, "liar")]
    alone = run([pair[1]], FedAvg(), 2, rng=0)
    np.testing.assert_array_equal(history.parameters[0], alone.parameters[0])


def test_names_differ_and_the_answers_do_not():
    three = sybils(Client(model, [[-1.0], [1.0]], [0, 1]), 3)
    assert [s.name for s in three] == ["sybil 1", "sybil 2", "sybil 3"]
    answers = [s.fit(three[0].initial(), {"epochs": 2})[0][0].item() for s in three]
    assert len(set(answers)) == 1


@given(st.integers(1, 500), st.fractions(0, Fraction(99, 100), max_denominator=100))
def test_as_many_as_needed_and_no_more(honest, share):
    k = sybils_needed(honest, float(share))
    # exact fractions: the definition
    assert Fraction(k, honest + k) > share
    assert Fraction(k - 1, honest + k - 1) <= share


def test_refuses():
    with pytest.raises(ValueError, match="name must be a name"):
        Sybil(pair[0], "")
    with pytest.raises(TypeError, match="client must be a federated Client"):
        Sybil(None, "x")
    with pytest.raises(ValueError, match="n_samples must be at least 1"):
        Sybil(pair[0], "x", 0)
    with pytest.raises(ValueError, match="n must be at least 1"):
        sybils(pair[0], 0)
    with pytest.raises(ValueError, match="share must be below 1"):
        sybils_needed(3, 1.0)
    with pytest.raises(ValueError, match="honest must be at least 1"):
        sybils_needed(0, 0.5)
