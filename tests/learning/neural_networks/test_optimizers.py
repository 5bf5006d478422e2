"""Two ways to step down: both equal to the published rule.

Gradient descent: batches that use every sample once, and what is known after each pass.
"""

import numpy as np
import pennylane as qml
import pytest

from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.optimizers import (
    SGD,
    Adam,
    checked_parameters,
    epochs_of,
    new_optimizer,
)
from qlearn.learning.neural_networks.spsa import SPSA


def descend(*arguments, **options):
    """Parameters at the end of some epochs, and the mean loss of each."""
    steps = list(epochs_of(*arguments, **options))
    return steps[-1][0], [value for _, value in steps]


def test_adam_is_algorithm_1_of_kingma_and_ba():
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(50, 3))
    m, v, expected = np.zeros(3), np.zeros(3), np.ones(3)
    adam, found = Adam(0.1), [np.ones(3)]
    for t, g in enumerate(gradients, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        expected = expected - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        found = adam.step(found, [g])
        assert np.allclose(found[0], expected, atol=1e-14)


@pytest.mark.parametrize("optimizer", [SGD(0.1), Adam(0.1)])
def test_a_step_leaves_what_it_was_given(optimizer):
    start = [np.ones(2), np.ones((1, 1))]
    stepped = optimizer.step(start, [np.ones(2), np.ones((1, 1))])
    assert all((p == 1).all() for p in start)
    assert all((p < 1).all() for p in stepped)


def test_refuses():
    with pytest.raises(ValueError, match="learning_rate must be above 0"):
        SGD(0)
    with pytest.raises(TypeError, match="learning_rate must be a number"):
        Adam("fast")
    for name in ("newton", ["sgd"], None):
        with pytest.raises(ValueError, match="optimizer must be one of adam, sgd"):
            new_optimizer(name, 0.1)


@pytest.mark.parametrize(
    ("n_samples", "batch_size", "steps"), [(10, 3, 4), (10, 10, 1), (10, 99, 1), (10, None, 1)]
)
def test_every_epoch_uses_each_sample_once(n_samples, batch_size, steps):
    seen = []

    def loss(parameters, rows):
        seen.append(np.arange(n_samples)[rows])
        return 1.0, [np.zeros(1)]

    _, losses = descend(
        loss,
        [np.zeros(1)],
        n_samples,
        optimizer=SGD(),
        epochs=2,
        batch_size=batch_size,
        rng=np.random.default_rng(0),
    )
    assert len(seen) == 2 * steps
    for epoch in (seen[:steps], seen[steps:]):
        assert sorted(np.concatenate(epoch).tolist()) == list(range(n_samples))
    assert losses == pytest.approx([1.0, 1.0], abs=1e-15)


def test_the_loss_of_an_epoch_weighs_a_short_batch_by_its_samples():
    def loss(parameters, rows):
        return float(len(rows)), [np.zeros(1)]

    _, losses = descend(
        loss, [np.zeros(1)], 5, optimizer=SGD(), epochs=1, batch_size=4, rng=np.random.default_rng(0)
    )
    assert losses == [(4 * 4 + 1 * 1) / 5]


def test_who_stops_early_keeps_what_was_found():
    def bowl(parameters, rows):
        return float(parameters[0] @ parameters[0]), [2 * parameters[0]]

    options = {"optimizer": SGD(0.25), "epochs": 5, "batch_size": None, "rng": np.random.default_rng(0)}
    steps = epochs_of(bowl, [np.array([1.0, -2.0])], 1, **options)
    _, (found, loss) = next(steps), next(steps)
    assert found[0].tolist() == [0.25, -0.5]
    assert loss == 1.25
    assert descend(bowl, [np.array([1.0, -2.0])], 1, **options)[1][:2] == [5.0, 1.25]


def test_refuses_descent():
    options = {"optimizer": SGD(), "batch_size": None, "rng": np.random.default_rng(0)}
    with pytest.raises(ValueError, match="epochs must be at least 1"):
        epochs_of(None, [], 1, epochs=0, **options)  # before the first pass is asked for
    with pytest.raises(ValueError, match="epochs must be at least 1"):
        descend(None, [], 1, epochs=0, **options)
    with pytest.raises(ValueError, match=r"shapes \[\(2,\)\], not \[\(3,\)\]"):
        checked_parameters([np.zeros(3)], [(2,)])
    with pytest.raises(ValueError, match="finite"):
        checked_parameters([[np.nan]], [(1,)])


def test_samples_laid_out_in_the_order_of_each_epoch_give_the_same_descent():
    target = np.random.default_rng(0).normal(size=(11, 2))
    laid_out = [target]

    def loss(samples):
        def of_rows(parameters, rows):
            missed = parameters[0] - samples[0][rows]
            return float((missed**2).sum() / len(missed)), [2 * missed.sum(axis=0) / len(missed)]

        return of_rows

    def reorder(order):
        laid_out[0] = target[order]

    options = {"optimizer": SGD(0.1), "epochs": 4, "batch_size": 3}
    gathered = list(epochs_of(loss([target]), [np.zeros(2)], 11, rng=np.random.default_rng(1), **options))
    sliced = list(
        epochs_of(loss(laid_out), [np.zeros(2)], 11, rng=np.random.default_rng(1), reorder=reorder, **options)
    )
    for (one, a), (other, b) in zip(gathered, sliced, strict=True):
        assert (one[0] == other[0]).all()
        assert a == b


def test_batches_need_a_generator():
    with pytest.raises(ValueError, match="rng must be a generator, not None"):
        epochs_of(None, [], 4, optimizer=SGD(), epochs=1, batch_size=2, rng=None)


def test_momentum_takes_pennylanes_steps():
    curved, start = np.array([1.0, 3.0]), qml.numpy.array([1.0, -2.0], requires_grad=True)
    theirs, ours = qml.MomentumOptimizer(0.1, momentum=0.8), SGD(0.1, momentum=0.8)
    at, point = start, np.array(start)
    for _ in range(8):
        at = theirs.step(lambda x: qml.numpy.sum(curved * x**2) / 2, at)
        (point,) = ours.step([point], [curved * point])
        np.testing.assert_allclose(point, at, atol=1e-12)


def test_nesterov_takes_pennylanes_steps_seen_one_look_ahead():
    # there parameters are before the look ahead, here behind it: both see the same slopes
    curved, start = np.array([1.0, 3.0]), qml.numpy.array([1.0, -2.0], requires_grad=True)
    theirs, ours = qml.NesterovMomentumOptimizer(0.1, momentum=0.8), SGD(0.1, momentum=0.8, nesterov=True)
    at, point = start, np.array(start)
    for _ in range(8):
        before, at = at, theirs.step(lambda x: qml.numpy.sum(curved * x**2) / 2, at)
        (point,) = ours.step([point], [curved * point])
        np.testing.assert_allclose(point, at + 0.8 * (at - before), atol=1e-12)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"momentum": 1.0}, "momentum must lie in 0 to below 1, not 1"),
        ({"momentum": -0.1}, "momentum must lie in 0"),
        ({"nesterov": True}, "give a momentum above 0"),
    ],
)
def test_refuses_a_momentum(options, says):
    with pytest.raises(ValueError, match=says):
        SGD(0.1, **options)


@pytest.mark.parametrize(
    "made", [Adam(0.2, decay=(0.8, 0.9)), SGD(0.3), SPSA(0.1, shift=0.2), LBFGS(memory=3)]
)
def test_shows_itself_as_it_is_made(made):
    again = eval(repr(made), {kind.__name__: kind for kind in (Adam, SGD, SPSA, LBFGS)})
    assert vars(again) == vars(made)
