"""Decision regions: the colour at each place is the class that the classifier names there, and a phone can show it."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from sklearn.exceptions import NotFittedError
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC, OneClassSVM

from qlearn.learning import QSVC, QNNClassifier
from qlearn.plotting import COLORS, DecisionRegionDisplay

RNG = np.random.default_rng(0)
X = RNG.uniform(-1.5, 1.5, (40, 2))
Y = np.where(X[:, 0] * X[:, 1] > 0, "like", "unlike")
SIX = np.arange(40) % 6


def test_each_place_has_the_colour_of_its_class_deeper_where_it_is_certain():
    model = LogisticRegression().fit(X, X[:, 0] > 0)
    display = DecisionRegionDisplay.from_estimator(model, X, X[:, 0] > 0, resolution=25)
    picture = display.ax_.images[0].get_array()
    paper = {label: 1 - np.array(to_rgb(COLORS[tint])) for label, tint in ((False, "alice"), (True, "eve"))}
    for i, x1 in enumerate(display.x1):
        for j, x0 in enumerate(display.x0):
            (p,) = model.predict_proba([[x0, x1]])
            depth = 0.12 + (0.45 - 0.12) * (2 * p.max() - 1)
            expected = 1 - depth * paper[bool(p[1] > p[0])]
            np.testing.assert_allclose(picture[i, j], expected, atol=1e-12)


def test_the_places_and_answers_are_those_of_scikit_learns_display():
    model = KNeighborsClassifier(3).fit(X, Y)
    ours = DecisionRegionDisplay.from_estimator(model, X, resolution=20, margin=0.0)
    theirs = DecisionBoundaryDisplay.from_estimator(
        model, X, grid_resolution=20, eps=0.0, response_method="predict_proba", class_of_interest="unlike"
    )
    np.testing.assert_allclose(np.meshgrid(ours.x0, ours.x1)[0], theirs.xx0)
    np.testing.assert_allclose(ours.probabilities[..., 1], theirs.response)


def test_the_border_lies_where_two_classes_are_level():
    model = LogisticRegression().fit(X, X[:, 0] > 0)
    display = DecisionRegionDisplay.from_estimator(model, X, resolution=60)
    (line,) = [c for c in display.ax_.collections if len(c.get_paths()) and not c.get_offsets().any()][:1]
    along = np.concatenate([path.vertices for path in line.get_paths()])
    assert len(along) > 20
    np.testing.assert_allclose(model.decision_function(along), 0, atol=0.05)


@pytest.mark.parametrize("X_given", [X, X.tolist(), pd.DataFrame(X, columns=["length", "width"])])
def test_rows_are_points_of_their_class(X_given):
    machine = QSVC(encoding="zz", bandwidth=0.4).fit(X_given, Y)
    display = DecisionRegionDisplay.from_estimator(machine, X_given, Y, resolution=8)
    shown = {
        c.get_label(): np.asarray(c.get_offsets()) for c in display.ax_.collections if c.get_label() in Y
    }
    for label in ("like", "unlike"):
        np.testing.assert_array_equal(shown[label], X[label == Y])
    names = ("length", "width") if hasattr(X_given, "columns") else ("feature 0", "feature 1")
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == names


def test_a_phone_can_show_two_classes_and_six(faults):
    two = DecisionRegionDisplay.from_estimator(SVC().fit(X, Y), X, Y, names=("x (radians)", "y (radians)"))
    six = DecisionRegionDisplay.from_estimator(KNeighborsClassifier(3).fit(X, SIX), X, SIX)
    assert faults(two) == []
    assert faults(six) == []
    assert len(six.ax_.get_legend().get_texts()) == 6


def test_what_names_no_classes_is_shown_by_its_answers():
    display = DecisionRegionDisplay.from_estimator(OneClassSVM(nu=0.2).fit(X), X, resolution=12)
    assert display.classes == [-1, 1]
    assert set(np.unique(display.probabilities)) == {0.0, 1.0}
    grey = [c for c in display.ax_.collections if len(c.get_offsets()) == len(X)]
    assert len(grey) == 1  # rows without classes


def test_plot_draws_on_the_axes_that_are_given_and_returns_itself():
    ax = Figure().subplots()
    display = DecisionRegionDisplay.from_estimator(SVC().fit(X, Y), X, resolution=5)
    assert display.plot(ax=ax) is display
    assert display.ax_ is ax
    assert display.figure_ is ax.figure


@pytest.mark.parametrize(
    ("estimator", "rows", "error", "says"),
    [
        (SVC(), np.ones((4, 3)), ValueError, r"X must have two features.*not \(4, 3\): a page has two"),
        (SVC(), np.ones((0, 2)), ValueError, "X must have two features"),
        ("SVC", X, TypeError, "estimator must have predict"),
        (LinearRegression().fit(X, X[:, 0]), X, ValueError, "at most 6 classes apart"),
        (KNeighborsClassifier(1).fit(X, np.arange(40) % 7), X, ValueError, "at most 6 classes apart.*not 7"),
    ],
)
def test_refuses(estimator, rows, error, says):
    with pytest.raises(error, match=says):
        DecisionRegionDisplay.from_estimator(estimator, rows)


@pytest.mark.parametrize(("option", "value"), [("resolution", 1), ("margin", -0.1)])
def test_refuses_options(option, value):
    with pytest.raises(ValueError, match=option):
        DecisionRegionDisplay.from_estimator(SVC().fit(X, Y), X, **{option: value})


def test_refuses_classes_that_are_not_those_of_the_rows():
    with pytest.raises(ValueError, match="X and y must have the same length"):
        DecisionRegionDisplay.from_estimator(SVC().fit(X, Y), X, Y[:-1], resolution=4)


def test_a_model_that_is_not_fitted_says_so():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        DecisionRegionDisplay.from_estimator(QNNClassifier(), [[0.0, 1.0]])
