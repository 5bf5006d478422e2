"""The loss of batches: by rows, weighed, pulled back to the start, with some of it held still."""

import numpy as np
import pytest

from qlearn.learning.neural_networks._batches import Batches, places_of
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.learning.neural_networks.spsa import SPSA

X = np.random.default_rng(0).normal(size=(12, 2))
y = np.arange(12) % 2
WEIGHTS = np.linspace(0.5, 1.5, 12)
MODEL = SoftmaxClassifier().initialise(2, [0, 1]).set_parameters([[[0.3], [-0.2]], [0.1]])
SAMPLES = MODEL.prepare(X, y)
SOME = slice(2, 7)


def batches(weights=None, mu=0.0, still=(), optimizer=None, rng=None, loss=None):
    return Batches(MODEL, SAMPLES, loss, weights, mu, still, optimizer, rng)


def test_a_batch_is_the_loss_of_its_rows():
    value, gradients = batches().step(MODEL.parameters_, SOME)
    told, slopes = MODEL.loss_and_gradient(MODEL.parameters_, X[SOME], y[SOME])
    assert value == told == batches().value(MODEL.parameters_, SOME)
    assert all((a == b).all() for a, b in zip(gradients, slopes, strict=True))


def test_weights_multiply_the_rows_of_the_batch():
    value, gradients = batches(WEIGHTS).step(MODEL.parameters_, SOME)
    alone = [MODEL.loss_and_gradient(MODEL.parameters_, X[[i]], y[[i]]) for i in range(2, 7)]
    assert value == pytest.approx(np.mean([w * a[0] for w, a in zip(WEIGHTS[SOME], alone, strict=True)]))
    for k in (0, 1):
        expected = np.mean([w * a[1][k] for w, a in zip(WEIGHTS[SOME], alone, strict=True)], axis=0)
        np.testing.assert_allclose(gradients[k], expected, atol=1e-14)


def test_samples_in_another_order_take_their_weights_along():
    order = np.random.default_rng(1).permutation(12)
    laid = batches(WEIGHTS)
    laid.lay_out(order)
    value, gradients = laid.step(MODEL.parameters_, SOME)
    other, slopes = batches(WEIGHTS).step(MODEL.parameters_, order[SOME])
    assert value == other
    assert all((a == b).all() for a, b in zip(gradients, slopes, strict=True))


def test_a_pull_and_what_is_held_still():
    at = [p + 1.0 for p in MODEL.parameters_]
    plain, pulled = batches(), batches(mu=2.0, still={1})
    value, gradients = plain.step(at, SOME)
    same, changed = pulled.step(at, SOME)
    assert value == same
    np.testing.assert_allclose(changed[0], gradients[0] + 2.0)
    assert (changed[1] == 0).all()
    assert pulled.pull(at) == pytest.approx(2.0 / 2 * 3)
    assert pulled.value(at, SOME) == plain.value([at[0], MODEL.parameters_[1]], SOME)


def test_spsa_estimates_from_values():
    spsa, rng = SPSA(shift=1e-4), np.random.default_rng(0)
    value, gradients = batches(optimizer=spsa, rng=rng).step(MODEL.parameters_, SOME)
    told, slopes = batches().step(MODEL.parameters_, SOME)
    assert value == pytest.approx(told, abs=1e-6)
    # along the signs that were drawn the estimate is the slope
    signs = [np.sign(g) for g in gradients]
    along = sum((s * g).sum() for s, g in zip(signs, slopes, strict=True))
    assert abs(gradients[0][0, 0]) == pytest.approx(abs(along), abs=1e-6)


def test_places():
    assert places_of([0, 1, 1], 2) == {0, 1}
    with pytest.raises(
        ValueError, match=r"frozen must hold places in the list of 2 arrays of parameters, 0 to 1, not 2"
    ):
        places_of([2], 2)
