"""Curves of training: means and bands by hand, runs that ended early, and a phone can show them."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from qlearn.learning import QNNClassifier
from qlearn.plotting import GradientDisplay, LossCurveDisplay
from qlearn.plotting.training_curves import CurveDisplay

X = np.linspace(-1, 1, 12)[:, None]
Y = np.abs(X[:, 0]) > 0.5


def models(n, **options):
    return [QNNClassifier(**{"layers": 1, "epochs": 6, **options}, random_state=s) for s in range(n)]


def test_mean_and_standard_error_are_those_of_the_runs():
    a, b, c = [3.0, 2.0], [1.0, 2.0], [2.0, 5.0]
    display = CurveDisplay({"three": [a, b, c]}).plot()
    np.testing.assert_allclose(display.means_["three"], [2, 3])
    # variances 1 and 3, over three runs
    np.testing.assert_allclose(display.bands_["three"][1] - display.means_["three"], np.sqrt([1 / 3, 1]))
    np.testing.assert_allclose(display.means_["three"] - display.bands_["three"][0], np.sqrt([1 / 3, 1]))
    (line,) = display.ax_.lines
    assert line.get_xdata().tolist() == [1, 2]
    assert line.get_ydata().tolist() == [2, 3]


def test_the_range_goes_from_the_lowest_run_to_the_highest():
    display = CurveDisplay({"": [[3.0, 2.0], [1.0, 5.0]]}, band="range").plot()
    np.testing.assert_array_equal(display.bands_[""], [[1, 2], [3, 5]])
    assert display.ax_.get_legend() is None  # nothing to tell apart


def test_a_run_that_ended_early_keeps_its_last_value():
    display = CurveDisplay({"a": [[4.0], [2.0, 1.0, 0.0]]}).plot()
    np.testing.assert_array_equal(display.means_["a"], [3, 2.5, 2])


def test_one_run_has_no_band():
    display = CurveDisplay({"a": [[4.0, 3.0]]}).plot()
    np.testing.assert_array_equal(display.bands_["a"], [[4, 3], [4, 3]])


def test_losses_are_those_that_the_models_kept():
    fitted = [model.fit(X, Y) for model in models(3)]
    display = LossCurveDisplay.from_estimators({"one layer": fitted})
    np.testing.assert_allclose(display.means_["one layer"], np.mean([m.loss_curve_ for m in fitted], axis=0))
    alone = LossCurveDisplay.from_estimator(fitted[0])
    np.testing.assert_array_equal(alone.means_[""], fitted[0].loss_curve_)
    assert display.ax_.get_ylabel() == "loss"


def test_a_phone_can_show_seven_curves(faults):
    rng = np.random.default_rng(0)
    curves = {f"{k} layers": rng.uniform(0.5, 1, (3, 20)) for k in range(1, 8)}
    assert faults(LossCurveDisplay(curves).plot()) == []
    assert faults(GradientDisplay(curves).plot()) == []


def test_no_two_curves_look_alike():
    display = CurveDisplay({str(k): [[1.0, k]] for k in range(7)}).plot()
    assert len({line.get_color() for line in display.ax_.lines}) == 7


def test_norms_are_those_of_the_gradient_after_each_epoch_and_the_models_stay_as_they_were():
    given = models(2, epochs=3)
    display = GradientDisplay.from_estimators({"a": given}, X, Y)
    assert not hasattr(given[0], "parameters_")
    norms = []
    for model in given:  # trained anew for one, two and three epochs: the same first steps
        for epochs in (1, 2, 3):
            model.set_params(epochs=epochs).fit(X, Y)
            _, gradient = model.loss_and_gradient(model.get_parameters(), X, Y)
            norms.append(np.sqrt(sum((g**2).sum() for g in gradient)))
    np.testing.assert_allclose(display.means_["a"], np.reshape(norms, (2, 3)).mean(axis=0), rtol=1e-10)
    assert display.ax_.get_yscale() == "log"


def test_a_callback_of_the_models_own_is_asked_too():
    model = models(1, epochs=5)[0].set_params(callback=lambda model, epoch, loss: epoch == 2)
    assert GradientDisplay.from_estimator(model, X, Y).means_[""].shape == (2,)


def test_plot_draws_on_the_axes_that_are_given_and_returns_itself():
    ax = Figure().subplots()
    display = CurveDisplay({"a": [[1.0]]})
    assert display.plot(ax=ax) is display
    assert display.ax_ is ax


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: CurveDisplay([[1.0]]), TypeError, "curves must be a table of names"),
        (lambda: CurveDisplay({}), TypeError, "curves must be a table of names"),
        (lambda: CurveDisplay({"a": []}), ValueError, "at least one step each, and 'a' has none"),
        (lambda: CurveDisplay({"a": [[]]}), ValueError, "at least one step each"),
        (lambda: CurveDisplay({"a": [[1.0]]}, band="sd"), ValueError, "band must be one of error, range"),
        (lambda: CurveDisplay({str(k): [[1.0]] for k in range(8)}), ValueError, "at most 7, not 8"),
        (lambda: LossCurveDisplay.from_estimators(QNNClassifier()), ValueError, "must be fitted and keep"),
        (lambda: GradientDisplay.from_estimators("a", X, Y), TypeError, "take a callback"),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()
