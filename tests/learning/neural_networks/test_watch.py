"""Between epochs: the callback is asked, patience counted as scikit-learn counts it, the best parameters kept."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from qlearn.learning.neural_networks._watch import Watch, held_out
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.learning.neural_networks.qnn import QNNRegressor

X = np.random.default_rng(0).uniform(-1.5, 1.5, (60, 3))
y = (X[:, 0] + X[:, 1] > 0).astype(int)


def stops_after(losses, tol, patience):
    """Return after how many of these held-out losses a watch stops, and at which its best parameters stood."""
    steps = iter(losses)
    watch = Watch(None, lambda: next(steps), tol, patience)
    for epoch in range(1, len(losses) + 1):
        if watch.stops(SimpleNamespace(parameters_=epoch), epoch, 0.0):
            return epoch, watch.best
    return None, watch.best


@pytest.mark.parametrize(
    ("losses", "tol", "patience", "stop", "best"),
    [
        ([3, 2, 1, 1, 1], 0.1, 2, 5, 3),
        ([3, 2, 2.5, 1, 1.5, 1.2], 0.1, 2, 6, 4),  # a gain starts the count anew
        ([3, 2.95, 2.90, 2.0], 0.1, 2, 3, 3),  # two steps of less than tol, each from the least before
        ([3, 2, 1], 0.1, 1, None, 3),
        ([1, 2], 0.0, 1, 2, 1),
    ],
)
def test_patience(losses, tol, patience, stop, best):
    assert stops_after(losses, tol, patience) == (stop, best)


def test_a_callback_is_asked_and_its_exception_kept_with_a_note():
    asked = []

    def two(model, epoch, loss):
        asked.append((model, epoch, loss))
        return "enough" if epoch == 2 else ""

    watch = Watch(two, None, 0.0, 1)
    assert [watch.stops("model", epoch, 0.5) for epoch in (1, 2)] == [False, True]
    assert asked == [("model", 1, 0.5), ("model", 2, 0.5)]

    def broken(model, epoch, loss):
        raise OSError("disk full")

    watch = Watch(broken, None, 0.0, 1)
    assert watch.stops("model", 7, 0.5)
    assert isinstance(watch.error, OSError)
    assert watch.error.__notes__ == [
        "raised in the callback after epoch 7: the model keeps what it had learned until then"
    ]


def test_a_callback_of_other_arguments_is_told_its_own():
    watch = Watch(lambda weights, value: None, None, 0.0, 1)
    assert watch.stops("model", 1, 0.5)
    assert isinstance(watch.error, TypeError)
    assert watch.error.__notes__[-1] == "a callback takes three arguments: callback(model, epoch, loss)"


def test_an_interrupt_in_a_callback_is_passed_on():
    def interrupted(model, epoch, loss):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Watch(interrupted, None, 0.0, 1).stops("model", 1, 0.5)


def test_early_stopping_parts_each_class_and_says_when_the_epochs_were_too_few():
    rare = np.where(np.arange(60) < 6, 1, 0)
    apart = held_out(rare, 0.5, np.random.default_rng(0), by_class=True)
    assert (apart[rare == 1].sum(), apart[rare == 0].sum()) == (3, 27)
    assert held_out(np.array([0, 1, 1]), 0.01, np.random.default_rng(0), by_class=True).sum() == 1
    assert not held_out(np.array([0, 1, 1]), 0.99, np.random.default_rng(0), by_class=True)[0]
    assert held_out(X[:, 0], 0.1, np.random.default_rng(0), by_class=False).sum() == 6
    with pytest.warns(ConvergenceWarning, match="all 3 epochs are used up and the held-out loss"):
        SoftmaxClassifier(epochs=3, early_stopping=True, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="early_stopping=True needs at least 2 rows"):
        QNNRegressor(early_stopping=True).fit(X[:1], X[:, 0][:1])
