"""Values by name, by vector and in order find the same parameters; what fits none of them is refused by its name."""

import numpy as np
import pytest

from qlearn.qubits import Parameter, parameters
from qlearn.qubits.parameter_values import named_values, refusal

X, A = parameters("x", 2, 2), Parameter("a")
FREE = (A, X[0, 1], X[1, 0])


def test_in_order_by_name_and_by_vector():
    table = np.arange(6.0).reshape(2, 3)
    in_order = named_values(FREE, table)
    assert list(in_order) == list(FREE)
    vector = np.zeros((2, 2, 2))
    vector[:, 0, 1], vector[:, 1, 0] = table[:, 1], table[:, 2]
    by_name = named_values(FREE, {"x": vector, A: table[:, 0]})
    assert by_name.keys() == in_order.keys()
    for parameter, value in in_order.items():
        np.testing.assert_array_equal(by_name[parameter], value)


def test_a_mapping_may_leave_some_out_and_convert_is_asked_for_all():
    asked = []
    found = named_values(FREE, {"a": 1.0}, lambda value, name: asked.append(name) or np.asarray(value))
    assert (list(found), asked) == ([A], ["value of a"])


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        (
            [1.0, 2.0],
            ValueError,
            r"shape \(..., 3\), one for each of the free parameters \(a, x\[0,1\], x\[1,0\]\)",
        ),
        ({"y": 1.0}, ValueError, "y is no free parameter"),
        ({"a": 1.0, A: 2.0}, ValueError, "a is given twice"),
        ({0: 1.0}, TypeError, "0 is neither"),
        ({"x": np.zeros(2)}, ValueError, r"x must have shape \(..., 2, 2\)"),
    ],
)
def test_refuses(values, error, says):
    with pytest.raises(error, match=says):
        named_values(FREE, values)


def test_a_refusal_lists_few_names():
    assert "t[0], t[1], t[2], t[3], ..., t[8]" in refusal(parameters("t", 9), "run")
