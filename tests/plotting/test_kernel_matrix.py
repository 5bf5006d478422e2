"""The picture of a kernel: its entries, sorted by class, and a phone can show it."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.metrics.pairwise import rbf_kernel

from qlearn.learning import QSVC, FidelityKernel
from qlearn.plotting import KernelDisplay

X = np.random.default_rng(0).uniform(-1, 1, (12, 2))
Y = np.array(["b", "a", "c"] * 4)


def test_the_picture_is_the_matrix_sorted_by_class_and_no_row_moves_within_one():
    kernel = FidelityKernel("zz", bandwidth=0.5)
    display = KernelDisplay.from_kernel(kernel, X, Y)
    order = [i for name in "abc" for i in range(12) if Y[i] == name]
    assert display.order_.tolist() == order
    np.testing.assert_array_equal(display.image_.get_array(), kernel.gram(X)[np.ix_(order, order)])
    assert display.image_.get_clim() == pytest.approx((0, 1))


def test_lines_stand_between_the_classes_and_names_in_their_middle():
    uneven = np.repeat(["x", "y"], [3, 9])
    display = KernelDisplay.from_kernel(FidelityKernel("z"), X, uneven)
    assert [line.get_xdata()[0] for line in display.ax_.lines[1::2]] == [2.5]
    assert [line.get_ydata()[0] for line in display.ax_.lines[::2]] == [2.5]
    assert display.ax_.get_xticks().tolist() == [1.0, 7.0]
    assert [label.get_text() for label in display.ax_.get_xticklabels()] == ["x", "y"]


def test_an_estimator_is_shown_by_the_kernel_that_it_uses():
    machine = QSVC(encoding="zz", bandwidth=0.3).fit(X, Y)
    display = KernelDisplay.from_estimator(machine, X, Y)
    by_hand = FidelityKernel("zz", bandwidth=0.3).gram(X)
    np.testing.assert_allclose(display.matrix, by_hand, atol=1e-12)


def test_a_machine_of_a_precomputed_kernel_is_shown_by_the_matrix():
    matrix = FidelityKernel("z").gram(X)
    display = KernelDisplay.from_estimator(QSVC(kernel="precomputed").fit(matrix, Y), matrix, Y)
    np.testing.assert_array_equal(display.matrix, matrix)


def test_a_function_will_do_and_values_beyond_the_unit_widen_the_scale():
    display = KernelDisplay.from_kernel(lambda A, B: 3 * rbf_kernel(A, B) - 1, X)
    low, high = display.image_.get_clim()
    assert low == pytest.approx((3 * rbf_kernel(X) - 1).min())
    assert high == pytest.approx(2)
    assert display.order_.tolist() == list(range(12))


def test_a_phone_can_show_it_with_and_without_classes(faults):
    kernel = FidelityKernel("z")
    names = np.where(X[:, 0] > 0, "same sign", "other sign")
    assert faults(KernelDisplay.from_kernel(kernel, X, names)) == []
    assert faults(KernelDisplay.from_kernel(kernel, X)) == []


def test_plot_draws_on_the_axes_that_are_given_and_returns_itself():
    ax = Figure().subplots()
    display = KernelDisplay(np.eye(3), [0, 1, 0])
    assert display.plot(ax=ax) is display
    assert display.ax_ is ax


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: KernelDisplay(np.ones((2, 3))), ValueError, r"matrix must be square.*not \(2, 3\)"),
        (lambda: KernelDisplay([[np.nan]]), ValueError, "matrix must be finite"),
        (lambda: KernelDisplay(np.eye(3), [0, 1]), ValueError, "matrix and y must have the same length"),
        (lambda: KernelDisplay.from_kernel("zz", X), TypeError, "kernel must have gram"),
        (lambda: KernelDisplay.from_kernel(FidelityKernel, X), TypeError, "kernel must have gram"),
        (
            lambda: KernelDisplay.from_estimator(QSVC(), X),
            ValueError,
            "must be a fitted machine with a kernel",
        ),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()
