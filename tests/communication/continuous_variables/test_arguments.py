"""Arguments: numbers only, in range, and of shapes that fit; the messages name what came."""

import numpy as np
import pytest

from qlearn._checks import as_reals, broadcast
from qlearn.communication.continuous_variables import _arguments as arguments


def test_numbers_of_any_shape():
    assert as_reals(3, "x").shape == ()
    assert as_reals([[1, 2]], "x").dtype == np.float64
    assert as_reals([], "x").size == 0


@pytest.mark.parametrize("wrong", [True, [True], None, "1", 1j, [1, None]])
def test_what_is_no_number(wrong):
    with pytest.raises(TypeError, match="x must be a number or an array of numbers, not"):
        as_reals(wrong, "x")


def test_ranges():
    with pytest.raises(ValueError, match="x must be finite and between 0 and 1, not 2"):
        as_reals([0.5, 2], "x", least=0, most=1)
    with pytest.raises(ValueError, match="x must be finite and at least 0, not inf"):
        as_reals(np.inf, "x", least=0)


def test_shapes_that_do_not_fit_are_named():
    a, b, c = np.zeros(2), np.zeros(3), np.zeros(())
    with pytest.raises(ValueError, match=r"must broadcast against each other, not: a \(2,\), b \(3,\)$"):
        broadcast(a=a, b=b, c=c)
    assert [part.shape for part in broadcast(a=a, c=c)] == [(2,), (2,)]


def test_flags_and_names():
    assert arguments.as_flag(np.bool_(True), "trusted") is True
    assert arguments.as_detection("heterodyne") == "heterodyne"
    with pytest.raises(ValueError, match="not 'Homodyne'"):
        arguments.as_detection("Homodyne")
