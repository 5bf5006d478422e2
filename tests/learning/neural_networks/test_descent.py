"""Descent by any optimizer: the same epochs from each, optimizers by name or as objects, what is not used is refused."""

from types import SimpleNamespace

import numpy as np
import pytest

from qlearn.learning.neural_networks._descent import NAMES, as_optimizer, descend, refuse_ignored
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.optimizers import SGD, Adam
from qlearn.learning.neural_networks.spsa import SPSA


class Bowl:
    """A loss with its gradient."""

    def step(self, parameters, rows):
        return float(parameters[0] @ parameters[0]), [2 * parameters[0]]

    def value(self, parameters, rows):
        return self.step(parameters, rows)[0]


def run(optimizer, epochs=5, stop=None, pull=None):
    told = []

    def after(parameters, value):
        told.append((parameters[0], value))
        return len(told) == stop

    descend(
        Bowl(), [np.array([1.0, -2.0])], 1, optimizer=optimizer, epochs=epochs, batch_size=None, rng=None,
        after=after, pull=pull,
    )  # fmt: skip
    return told


def test_steps_are_told_one_by_one_until_one_stops():
    told = run(SGD(0.25))
    assert [value for _, value in told] == [5 / 4**k for k in range(5)]
    assert len(run(SGD(0.25), stop=2)) == 2
    assert len(run(LBFGS(), stop=1)) == 1
    np.testing.assert_allclose(run(LBFGS())[-1][0], 0, atol=1e-8)


def test_what_pulls_is_minimised_and_not_told():
    class Pulled(Bowl):  # |p|^2 + |p - s|^2 has its least at s / 2
        def step(self, parameters, rows):
            value, (slope,) = super().step(parameters, rows)
            return value, [slope + 2 * (parameters[0] - start)]

    start, told = np.array([1.0, -2.0]), []
    descend(
        Pulled(), [start], 1, optimizer=LBFGS(), epochs=50, batch_size=None, rng=None,
        after=lambda p, value: told.append((p[0], value)), pull=lambda p: float(((p[0] - start) ** 2).sum()),
    )  # fmt: skip
    np.testing.assert_allclose(told[-1][0], start / 2, atol=1e-6)
    assert told[-1][1] == pytest.approx(5 / 4, abs=1e-5)


def test_names_and_objects():
    assert list(NAMES) == ["adam", "sgd", "l-bfgs", "spsa"]
    assert [type(as_optimizer(name, 0.1)) for name in NAMES] == [Adam, SGD, LBFGS, SPSA]
    assert as_optimizer("spsa", 0.3).learning_rate == 0.3
    given = Adam(0.2)
    copied = as_optimizer(given, 0.1)
    copied.step([np.ones(1)], [np.ones(1)])
    assert given._steps == 0
    assert copied.learning_rate == 0.2
    own = SimpleNamespace(step=lambda parameters, gradients: parameters)  # whatever has a step
    assert as_optimizer(own, 0.1).step([1], [2]) == [1]


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (LBFGS, TypeError, r"optimizer must be an object, not the class LBFGS: call it, LBFGS\(...\)"),
        ("newton", ValueError, "optimizer must be one of adam, sgd, l-bfgs, spsa, or an object with step"),
        (None, ValueError, "optimizer must be one of"),
        (["adam"], ValueError, "optimizer must be one of"),
    ],
)
def test_refuses(given, error, says):
    with pytest.raises(error, match=says):
        as_optimizer(given, 0.1)
    with pytest.raises(ValueError, match="learning_rate must be above 0"):
        as_optimizer("adam", 0)


def test_what_is_not_used_is_refused_unless_it_stands_at_its_default():
    for optimizer in (*NAMES, Adam(), LBFGS()):
        refuse_ignored(SoftmaxClassifier(optimizer))
        refuse_ignored(SoftmaxClassifier(optimizer, batch_size=None))
    refuse_ignored(SoftmaxClassifier("spsa", learning_rate=1.0, batch_size=8))
    with pytest.raises(
        ValueError, match=r"learning_rate must stay 0\.05, not 1\.0: .* has a rate of its own"
    ):
        refuse_ignored(SoftmaxClassifier(SPSA(), learning_rate=1.0))
    with pytest.raises(
        ValueError, match="batch_size must stay 32, not 8: optimizer='l-bfgs' does not use it"
    ):
        refuse_ignored(SoftmaxClassifier("l-bfgs", batch_size=8))
