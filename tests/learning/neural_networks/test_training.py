"""What all gradient models share: progress when asked, and an interrupt that loses nothing."""

import numpy as np
import pytest

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.learning.neural_networks.qnn import QNNRegressor

X = np.random.default_rng(0).uniform(-1.5, 1.5, (40, 2))
y = (X[:, 0] > 0).astype(int)
MODELS = [QNNClassifier, QNNRegressor, SoftmaxClassifier]


@pytest.fixture(params=MODELS)
def model(request):
    return request.param(random_state=0, epochs=5, batch_size=None)


def stop_after(model, steps, monkeypatch):
    """Make the model's step raise what Ctrl-C raises, after so many of them."""
    original, count = model._step, iter(range(steps))

    def step(*arguments):
        if next(count, None) is None:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(model, "_step", step)


def test_an_interrupted_fit_keeps_what_it_has_learned(model, monkeypatch):
    twice = type(model)(random_state=0, epochs=2, batch_size=None).fit(X, y).get_parameters()
    stop_after(model, 2, monkeypatch)
    with pytest.warns(UserWarning, match="interrupted after 2 of 5 epochs"):
        model.fit(X, y)
    assert all((a == b).all() for a, b in zip(model.get_parameters(), twice, strict=True))
    assert len(model.loss_curve_) == 2
    assert model.predict(X).shape == (40,)


def test_an_interrupt_before_the_first_epoch_leaves_the_old_model(model, monkeypatch):
    before = model.fit(X, y).get_parameters()

    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(model), "_inputs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.set_params(random_state=7).fit(X, 1 - y)
    assert all((a == b).all() for a, b in zip(before, model.parameters_, strict=True))


def test_an_interrupt_after_the_last_epoch_keeps_what_was_learned(model, monkeypatch):
    learned = type(model)(random_state=0, epochs=5, batch_size=None).fit(X, y).get_parameters()
    looks = []

    def mean_loss(*arguments):
        looks.append(1)
        if len(looks) == 2:
            raise KeyboardInterrupt
        return 1.0

    monkeypatch.setattr(model, "_mean_loss", mean_loss)
    with pytest.warns(UserWarning, match="interrupted after 5 of 5 epochs"):
        model.fit(X, y)
    assert all((a == b).all() for a, b in zip(learned, model.parameters_, strict=True))


def test_training_passes_an_interrupt_on(model, monkeypatch):
    # whoever trains many models, as a federation does, must hear of it
    model.fit(X, y)
    samples = model.prepare(X, y)
    stop_after(model, 1, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        model.train(samples, 3, rng=0)
    assert len(model.loss_curve_) == 1


def test_shows_a_bar_of_epochs_when_asked(model, capsys):
    model.fit(X, y)
    assert capsys.readouterr().err == ""
    model.set_params(progress=True).fit(X, y)
    assert "epoch" in capsys.readouterr().err


def test_prepared_samples_pair_up(model):
    model.fit(X, y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        model.prepare(X, y[:-1])


@pytest.mark.parametrize("largest", [0, 2**26])
def test_samples_laid_out_or_gathered_train_the_same_model(model, monkeypatch, largest):
    monkeypatch.setattr("qlearn.learning.neural_networks.training._LAID_OUT_BYTES", largest)
    model.fit(X, y)
    start, samples = model.get_parameters(), model.prepare(X, y)
    told = model.train(samples, 3, 5, batch_size=7).get_parameters()
    alone = model.set_params(batch_size=7).set_parameters(start).train(samples, 3, 5).get_parameters()
    assert all((a == b).all() for a, b in zip(told, alone, strict=True))
    monkeypatch.setattr("qlearn.learning.neural_networks.training._LAID_OUT_BYTES", 2**26 - largest)
    other = model.set_parameters(start).train(samples, 3, 5).get_parameters()
    assert all(np.allclose(a, b, rtol=0, atol=1e-14) for a, b in zip(told, other, strict=True))


def test_refuses_a_push(model):
    model.fit(X, y)
    with pytest.raises(ValueError, match="proximal_mu must be a finite number between 0"):
        model.train(model.prepare(X, y), 1, 0, proximal_mu=-0.1)


def test_a_loss_may_be_given_for_one_call_and_arrays_held_still():
    from qlearn.learning import QNNClassifier
    from qlearn.learning.neural_networks.losses import cross_entropy

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 2)), np.arange(20) % 2
    models = [QNNClassifier(layers=1, batch_size=8).initialise(2, [0, 1], rng=1) for _ in range(3)]
    samples = models[0].prepare(X, y)
    models[0].train(samples, 3, 5)
    models[1].train(samples, 3, 5, loss=cross_entropy)
    for a, b in zip(*(m.get_parameters() for m in models[:2]), strict=True):
        np.testing.assert_array_equal(a, b)

    def heavier(scores, targets):  # twice the loss: SGD takes twice the step
        value, slope = cross_entropy(scores, targets)
        return 2 * value, 2 * slope

    before = models[2].get_parameters()
    models[2].set_params(optimizer="sgd").train(samples, 2, 5, loss=heavier, frozen=(0, 2))
    after = models[2].get_parameters()
    assert [bool((a == b).all()) for a, b in zip(before, after, strict=True)] == [True, False, True]
    twice = QNNClassifier(layers=1, batch_size=8, optimizer="sgd", learning_rate=0.1).initialise(
        2, [0, 1], rng=1
    )
    twice.train(samples, 2, 5, frozen=(0, 2))
    np.testing.assert_allclose(after[1], twice.get_parameters()[1], atol=1e-14)
    with pytest.raises(ValueError, match="frozen must hold places in the list of 3 arrays"):
        models[2].train(samples, 1, 0, frozen=[3])
