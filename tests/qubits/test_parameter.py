"""Parameters: sums and products of two are what arithmetic says, bind to what NumPy says, and refuse what is more."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.qubits import Circuit, Operation, Parameter, ParameterExpression, gates, parameters
from qlearn.qubits.parameter import as_angle

A, B, C = Parameter("a"), Parameter("b"), Parameter("c")
numbers = st.integers(-9, 9).map(float)


@st.composite
def sums(draw, depth=3):
    """A random calculation, as a function that does it with parameters and with numbers alike."""
    if depth == 0:
        return draw(st.sampled_from([lambda a, b, c: a, lambda a, b, c: b, lambda a, b, c: c]))
    left = draw(sums(depth=depth - 1))
    kind = draw(st.sampled_from(["add", "sub", "add number", "sub from", "times", "over", "minus"]))
    number = draw(numbers)
    if kind in ("add", "sub"):
        right = draw(sums(depth=depth - 1))
        sign = 1 if kind == "add" else -1
        return lambda a, b, c: left(a, b, c) + right(a, b, c) if sign > 0 else left(a, b, c) - right(a, b, c)
    return {
        "add number": lambda a, b, c: number + left(a, b, c) + 2,
        "sub from": lambda a, b, c: number - left(a, b, c),
        "times": lambda a, b, c: number * left(a, b, c) * 2,
        "over": lambda a, b, c: left(a, b, c) / (number or 1.0),
        "minus": lambda a, b, c: -left(a, b, c),
    }[kind]


@given(sums(), st.tuples(numbers, numbers, numbers))
def test_a_sum_bound_is_the_calculation_with_numbers(calculation, values):
    bound = calculation(A, B, C).bind(dict(zip((A, B, C), values, strict=True)))
    expected = calculation(*values)
    assert isinstance(bound, np.ndarray)
    np.testing.assert_allclose(bound, expected, rtol=1e-12, atol=1e-9)


@given(sums(), st.tuples(numbers, numbers, numbers))
def test_bound_in_steps_or_at_once(calculation, values):
    left = calculation(A, B, C).bind({B: values[1]})
    if isinstance(left, ParameterExpression):
        assert B not in left.parameters
        left = left.bind({A: values[0], C: values[2]})
    np.testing.assert_allclose(left, calculation(*values), rtol=1e-12, atol=1e-9)


@given(st.lists(numbers, min_size=8, max_size=8), st.permutations(range(4)), st.integers(0, 4), st.booleans())
def test_products_bound_in_any_steps_are_the_calculation_with_numbers(weights, order, first, batch):
    free = [A, B, C, Parameter("d")]

    def calculation(a, b, c, d):
        p, q, r, s, t, u, v, w = weights
        return (p + q * a - r * b) * (s - t * c + u * d) * 0.5 + v * a - (w * b + 1)

    rng = np.random.default_rng(0)
    values = [rng.normal(size=3 if batch and k % 2 else ()) for k in range(4)]
    angle = as_angle(calculation(*free))
    for some in (order[:first], order[first:]):
        if isinstance(angle, ParameterExpression):
            names = {free[k].name for k in some} & {p.name for p in angle.parameters}
            angle = angle.bind({free[k]: values[k] for k in some})
            if isinstance(angle, ParameterExpression):
                assert not names & {p.name for p in angle.parameters}
    np.testing.assert_allclose(angle, np.broadcast_to(calculation(*values), np.shape(angle)), atol=1e-9)


def test_slopes_of_products_are_expressions():
    angle = 2 * A * B + 3 * A - C * (B - 1)
    assert angle.weight(A) == 2 * B + 3
    assert angle.weight(B) == 2 * A - C
    assert angle.weight(C) == 1 - B
    assert angle.weight(Parameter("d")) == 0.0
    assert angle.parameters == (A, B, C)
    assert angle.bind({B: 2.0}) == 7 * A - C
    assert angle.bind({A: 0.0}).parameters == (B, C)
    half = (A * B + 2 * A * C).bind({B: [1.0, 2.0]})
    np.testing.assert_array_equal(half.weight(A).bind({C: 0.5}), [2.0, 3.0])
    assert half.weight(A).parameters == (C,)


def test_products_do_not_mind_the_order():
    assert A * B == B * A
    assert A * B + B * A == 2 * (A * B)
    assert A * B - B * A == 0 * A
    assert A * B != A * C
    assert A * B != A + B
    assert (A * B).bind({A: [1.0, 2.0]}) == (B * A).bind({A: [1.0, 2.0]})
    assert (A * B).bind({A: [1.0, 2.0]}) != 2 * B
    assert (B * A).parameters == (B, A)
    w, x = parameters("w", 2), parameters("x", 2)
    assert w @ x == w[0] * x[0] + x[1] * w[1]
    assert list(w * x + 1) == [w[0] * x[0] + 1, w[1] * x[1] + 1]


def test_a_factor_of_0_leaves_its_parameter_free():
    circuit = Circuit(1).ry(A * B, 0)
    assert circuit.bind({"a": 0.0}).parameters == (B,)
    np.testing.assert_array_equal(circuit.bind({"a": 0.0}).bind({"b": 3.0}).run(), [1, 0])


def test_a_batch_may_come_into_a_factor():
    circuit = Circuit(1).ry(A * B + C, 0)
    half = circuit.bind({"b": [1.0, 2.0, 3.0]})
    assert half.shape == (3,)
    assert half.at(1).operations[0].angle == 2 * A + C
    assert half.inverse().operations[0].angle == -half.operations[0].angle
    np.testing.assert_allclose(
        half.bind([0.5, 0.1]).run(), Circuit(1).ry([0.6, 1.1, 1.6], 0).run(), atol=1e-15
    )
    with pytest.raises(ValueError, match="must broadcast to one batch"):
        half.bind({"a": [1.0, 2.0]})


def test_weights_are_the_slopes():
    angle = 2 * (A - B / 4) + 3 - Fraction(1, 2)
    assert [angle.weight(parameter) for parameter in (A, B, C)] == [2, -0.5, 0]
    assert angle.offset == 2.5
    assert angle.parameters == (A, B)


def test_a_term_that_cancels_is_gone_and_an_angle_of_none_is_a_number():
    assert (A + B - A).parameters == (B,)
    assert (0 * A).parameters == ()
    (step,) = Circuit(1).rx(A - A + 0.25, 0).operations
    assert isinstance(step.angle, np.ndarray)
    assert step.angle == 0.25


def test_equal_by_name():
    assert Parameter("theta[1]") == parameters("theta", 2)[1]
    assert hash(Parameter("theta[1]")) == hash(parameters("theta", 2)[1])
    assert Parameter("a") != Parameter("b")
    assert Parameter("a") != 1.0
    assert Parameter("a") != "a"
    assert 2 * A == A + A
    assert 1 * A == A
    assert A == 1 * A
    assert A + 1 != A
    with pytest.raises(TypeError, match="only a Parameter can"):
        hash(2 * A)


def test_a_vector_is_an_array_of_its_elements():
    vector = parameters("theta", 2, 3)
    assert vector.shape == (2, 3)
    assert [p.name for p in vector[1]] == ["theta[1,0]", "theta[1,1]", "theta[1,2]"]
    assert (vector[1, 2].vector, vector[1, 2].index) == ("theta", (1, 2))
    assert (A.vector, A.index) == (None, ())


@pytest.mark.parametrize("shape", [(2, 3), [2, 3]], ids=str)
def test_a_shape_may_be_one_tuple(shape):
    np.testing.assert_array_equal(parameters("theta", shape), parameters("theta", 2, 3))
    np.testing.assert_array_equal(parameters("theta", (2,)), parameters("theta", 2))


def test_arrays_of_parameters_calculate_with_arrays():
    x, w = parameters("x", 3), np.array([1.0, 2.0, 3.0])
    for together, alone in zip((w * x + w, x * w + w, np.float64(2) * x), (w, w, [2, 2, 2]), strict=True):
        assert [angle.weight(p) for angle, p in zip(together, x, strict=True)] == list(alone)
    assert (w @ x).parameters == tuple(x)
    assert np.float64(2) * A == A * Fraction(2) == A * np.int8(2) == np.array(2) * A == 2 * A
    assert list(A * w + 1) == list(1 + w * A) == [A + 1, 2 * A + 1, 3 * A + 1]
    assert x.sum() == x[0] + x[1] + x[2]


def test_copies_and_pickles_are_equal():
    angle = (A + 2 * B).bind({A: [1.0, 2.0]})
    for thing in (A, A + 2 * B, angle, A * B - C, (A * B).bind({A: [1.0, 2.0]})):
        for other in (pickle.loads(pickle.dumps(thing)), copy.deepcopy(thing)):
            assert other == thing
            assert type(other) is type(thing)


def test_nobody_changes_one():
    with pytest.raises(AttributeError, match="name of a Parameter cannot be changed"):
        A.name = "b"
    with pytest.raises(ValueError, match="read-only"):
        (A + 1).offset[...] = 2


@pytest.mark.parametrize(
    ("angle", "says"),
    [
        (A, "a"), (-A, "-a"), (2 * A, "2*a"), (A - B, "a - b"), (0.5 - A, "-a + 0.5"), (A * 3 - 1, "3*a - 1"),
        ((A + B).bind({A: [0, 1]}), "b + <array (2,)>"), (A - A, "0"),
        (A * B, "a*b"), (1 - B * A, "-b*a + 1"), (A - 2 * B * C, "a - 2*b*c"),
        ((C - A * B).bind({A: [0, 1]}), "c + <array (2,)>*b"),
    ],
)  # fmt: skip
def test_prints_as_the_sum(angle, says):
    assert repr(angle) == str(angle) == says


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: A * A, "of a you ask for its product with a, which has a square"),
        (lambda: (A + B) * (A - 2), r"of a \+ b you ask for its product with a - 2, which has a square"),
        (lambda: A * B * C, r"of a\*b you ask for its product with c, which has one of 3 parameters"),
        (lambda: (A * B) * (C * Parameter("d")), r"which has one of 4 parameters"),
        (lambda: (A * B + 1) * B, r"which has a square"),
        (lambda: A / B, "its quotient"),
        (lambda: 1 / A, "its reciprocal"),
        (lambda: A**2, "its power"),
        (lambda: 2**A, "a power of it"),
        (lambda: np.sin(A), "a function of it"),
        (lambda: np.exp(parameters("x", 2)), r"of x\[0\] you ask for a function of it"),
        (lambda: np.sinh(A), "a function of it"),
        (lambda: abs(A), "its absolute value"),
        (lambda: A % 2, "a remainder of it"),
        (lambda: A // 2, "a quotient of it without rest"),
        (lambda: float(A), "a has no value yet"),
        (lambda: A + "1", "unsupported operand"),
        (lambda: A * 1j, "unsupported operand"),
        (lambda: A - None, "unsupported operand"),
        (lambda: None - A, "unsupported operand"),
        (lambda: A * True, "unsupported operand"),
        (lambda: Parameter(3), "name must be a string, not 3"),
        (lambda: parameters("x", 1.5), "shape must be a whole number"),
        (
            lambda: Circuit(1).rx(parameters("x", 2), 0),
            "angle of rx must be one parameter, not an array of 2",
        ),
        (lambda: Circuit(1).rx([A, B], 0), "angle of rx must be one parameter"),
        (lambda: Circuit(1).rx("a", 0), "must be radians"),
        (lambda: Circuit(1).rx(A, 0).bind({0: 1}), "0 is neither"),
        (lambda: Circuit(1).rx(A, 0).bind({"a": "x"}), "value of a must be radians"),
    ],
)
def test_refuses_what_is_no_sum(build, says):
    with pytest.raises(TypeError, match=says):
        build()


def test_nothing_is_divided_by_0():
    with pytest.raises(ZeroDivisionError):
        A / 0.0


X, T = parameters("x", 2), parameters("theta", 2, 2)
FREE = Circuit(2).ry(X[0], 0).cp(T[1, 1], 0, 1).rx(X[1] + A, 1)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: Parameter(""), "name must be like"),
        (lambda: Parameter("a[b]"), "name must be like"),
        (lambda: Parameter("a[1]b"), "name must be like"),
        (lambda: Parameter(" "), "name must be like"),
        (lambda: Parameter("a[01]"), "name must be like"),  # beside a[1] two parameters would have one place
        (lambda: Parameter("a[0,00]"), "name must be like"),
        (lambda: Parameter("a[\N{ARABIC-INDIC DIGIT THREE}]"), "name must be like"),
        (lambda: ParameterExpression([(A, 1), (B, 1), (A, 2)]), "terms must hold each parameter once"),
        (lambda: ParameterExpression([((A, B), 1), ((B, A), 1)]), "terms must hold each parameter once"),
        (lambda: ParameterExpression([((A, A), 1)]), "pairs of two different ones"),
        (lambda: ParameterExpression([((A, B, C), 1)]), "pairs of two different ones"),
        (lambda: Circuit(1).rx(A, 0).bind({"a": 1.0, A: 2.0}), "a is given twice: by its name and as itself"),
        (lambda: parameters("x"), "write Parameter"),
        (lambda: parameters("x[0]", 2), "without an index"),
        (lambda: parameters("x", 0), "shape must be at least 1"),
        (lambda: parameters("x", (2, 0)), "shape must be at least 1"),
        (lambda: parameters("x", ()), "at least one length"),
        (lambda: A + np.nan, "finite"),
        (lambda: A * np.inf, "finite"),
        (lambda: gates.matrix("rx", A), "a has none: bind it first"),
        (lambda: FREE.run(), r"free parameters \(x\[0\], theta\[1,1\], x\[1\], a\) cannot run: bind it first"),
        (lambda: FREE.matrix(), "cannot have a matrix: bind it first"),
        (lambda: FREE.bind([1.0, 2.0]), r"shape \(..., 4\), one for each of the free parameters"),
        (lambda: FREE.bind(1.0), r"shape \(..., 4\)"),
        (lambda: FREE.bind([1.0, 2.0, 3.0, np.nan]), "values must be finite"),
        (lambda: FREE.bind({"y": 1.0}), r"y is no free parameter .* it has x\[0\]"),
        (lambda: FREE.bind({"x[2]": 1.0}), r"x\[2\] is no free parameter"),
        (lambda: FREE.bind({"x": [1.0, 2.0, 3.0]}), r"x must have shape \(..., 2\).* not \(3,\)"),
        (lambda: FREE.bind({"x": 1.0}), r"x must have shape \(..., 2\).* not \(\)"),
        (lambda: FREE.bind({"theta": [1.0, 2.0]}), r"theta must have shape \(..., 2, 2\)"),
        (lambda: FREE.bind({"x": [1.0, 2.0], "x[0]": 2.0}), r"x\[0\] is given twice"),
        (lambda: FREE.bind({"x": np.ones((3, 2)), "a": np.ones(4)}), r"broadcast to one batch.* a \(4,\)"),
        (lambda: FREE.ry([1, 2], 0).bind({"a": np.ones(3)}), r"with the circuit's \(2,\), not: a \(3,\)"),
        (lambda: Circuit(1).rx(A, 0).rx(Parameter("a[0]"), 0).bind({"a": 1}), "of a parameter and of a vector"),
        (lambda: Circuit(1).rx(X[0], 0).rx(Parameter("x[0,0]"), 0).bind({"x": [1]}), "as many numbers"),
        (lambda: Circuit(1).bind([1.0]), r"shape \(..., 0\), one for each of the free parameters \(none\)"),
    ],
)  # fmt: skip
def test_refuses(build, says):
    with pytest.raises(ValueError, match=says):
        build()


def by_hand(x, theta, a):
    """The same circuit with numbers."""
    return Circuit(2).ry(x[..., 0], 0).cp(theta, 0, 1).rx(x[..., 1] + a, 1)


def test_parameters_stand_in_order_of_first_use():
    assert FREE.parameters == (X[0], T[1, 1], X[1], A)
    assert FREE.shape == ()
    assert Circuit(1).rx(B + A, 0).ry(A, 0).parameters == (B, A)


def test_bound_by_order_and_by_name_is_the_circuit_with_numbers():
    rng = np.random.default_rng(0)
    x, theta, a = rng.normal(size=(5, 2)), rng.normal(size=(2, 2)), rng.normal(size=(3, 1))
    expected = by_hand(x, theta[1, 1], a).run()
    assert expected.shape == (3, 5, 4)
    bound = FREE.bind({"x": x, "theta": theta, A: a})
    assert bound.parameters == ()
    np.testing.assert_allclose(bound.run(), expected, atol=1e-14)
    table = np.stack(np.broadcast_arrays(x[:, 0], theta[1, 1], x[:, 1], a), axis=-1)
    np.testing.assert_allclose(FREE.bind(table).run(), expected, atol=1e-14)
    np.testing.assert_allclose(FREE.bind(table[2, 4]).run(), expected[2, 4], atol=1e-14)
    np.testing.assert_allclose(
        FREE.bind({"x": x}).bind({"a": a}).bind({T[1, 1]: theta[1, 1]}).run(), expected, atol=1e-14
    )


def test_part_of_a_batch_can_be_taken_before_the_rest_is_bound():
    x = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    half = FREE.bind({"x": x})
    assert half.parameters == (T[1, 1], A)
    assert half.shape == (3,)
    one = half.at(2)
    assert one.shape == ()
    np.testing.assert_allclose(one.bind([0.7, -0.2]).run(), by_hand(x[2], 0.7, -0.2).run(), atol=1e-15)


def test_then_and_inverse_keep_the_parameters():
    values = np.array([0.3, -1.0, 2.0, 0.5])
    nothing = FREE.then(FREE.inverse())
    assert nothing.parameters == FREE.parameters
    np.testing.assert_allclose(nothing.bind(values).run(), [1, 0, 0, 0], atol=1e-15)
    np.testing.assert_allclose(FREE.inverse().bind({"x": values[[0, 2]], "theta": np.full((2, 2), -1.0), "a": 0.5})
                               .matrix(), FREE.bind(values).matrix().conj().T, atol=1e-15)  # fmt: skip


def test_binding_nothing_changes_nothing():
    plain = Circuit(1).h(0)
    for values in ({}, [], np.empty((3, 0))):
        assert plain.bind(values).operations == plain.operations
    assert FREE.bind({}).parameters == FREE.parameters


def test_measurements_and_masks_stay():
    circuit = Circuit(1, bits=1).rx(A, 0, where=[0, 1]).measure(0, 0)
    assert circuit.bind({"a": np.pi}).run().bits.ravel().tolist() == [0, 1]


def test_a_circuit_says_the_names():
    assert repr(FREE) == "Circuit(2).ry(x[0], 0).cp(theta[1,1], 0, 1).rx(x[1] + a, 1)"


def test_an_operation_knows_what_it_waits_for():
    step = Operation("rx", (0,), angle=(A + B).bind({A: np.ones(3)}))
    assert step.shape == (3,)
    assert step.parameters == (B,)
    assert step.adjoint().angle == -(A + B).bind({A: np.ones(3)})
    assert Operation("x", (0,)).parameters == ()


def test_an_array_that_holds_one_parameter_is_that_parameter():
    assert as_angle(np.array(A, dtype=object)) == A
