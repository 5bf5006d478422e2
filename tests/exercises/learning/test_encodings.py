"""The exercises on encodings take right answers of another style, and no wrong one."""

from copy import deepcopy
from itertools import permutations

import numpy as np
import pytest

from qlearn.exercises.learning import encodings as exercises
from qlearn.learning.encodings import AmplitudeEncoding, AngleEncoding, PauliFeatureMap, prepare
from qlearn.qubits import Circuit
from qlearn.qubits.paulis import PAULIS
from tests.exercises.tried import passes, refused


def test_the_gates_of_a_picture_may_be_asked_of_the_library():
    assert exercises.picture.check(sum(AmplitudeEncoding().gate_count(784).values()))


@pytest.mark.parametrize("wrong", [2046.0, 1566, 2**10, 20, 784 * 2])
def test_other_bills_of_a_picture_are_refused(wrong):
    assert refused(exercises.picture, wrong)


def factor_by_factor(X, Y, scale):
    K = 1.0
    for x, y in zip(X.T, Y.T, strict=True):
        K = K * (1 + np.cos(scale * np.subtract.outer(x, y))) / 2
    return K


def in_loops(X, Y, scale):
    K = []
    for x in X:
        K.append([])
        for y in Y:
            product = 1
            for a, b in zip(x, y, strict=True):
                one, other = (np.array([np.cos(scale * t / 2), np.sin(scale * t / 2)]) for t in (a, b))
                product *= (one @ other) ** 2
            K[-1].append(product)
    return K


@pytest.mark.parametrize("answer", [factor_by_factor, in_loops])
def test_cosines_may_be_multiplied_in_any_way(answer):
    assert passes(exercises.angle_gram, answer)


def by_kron(X, Y, scale):
    def state(x):
        result = np.ones(1)
        for t in scale * x:
            result = np.kron(result, [np.cos(t / 2), np.sin(t / 2)])
        return result

    first, second = np.array([state(x) for x in X]), np.array([state(y) for y in Y])
    return (first @ second.T) ** 2


def by_circuits(X, Y, scale):
    encoding = AngleEncoding(bandwidth=scale)
    return [[abs(np.vdot(encoding.circuit(x).run(), encoding.circuit(y).run())) ** 2 for y in Y] for x in X]


@pytest.mark.parametrize("answer", [by_kron, by_circuits])
def test_a_kernel_by_states_is_right_and_refused(answer):
    assert "you make states" in refused(exercises.angle_gram, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda X, Y, scale: exercises.angle_gram(X[:, :3], Y[:, :3], scale),
        lambda X, Y, scale: exercises.angle_gram(Y, X, scale),
        lambda X, Y, scale: exercises.angle_gram(X, Y, scale**2),
        lambda X, Y, scale: np.abs(np.prod(np.cos(scale * (X[:, None] - Y) / 2), axis=-1)),
        lambda X, Y, scale: np.exp(-np.sum((scale * (X[:, None] - Y)) ** 2, axis=-1) / 2),
    ],
)
def test_other_kernels_are_refused(answer):
    assert "right but" not in refused(exercises.angle_gram, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda X, longest: np.hstack(  # of another sign, and by another formula
            [
                X,
                -np.sqrt(
                    np.maximum(
                        (longest - np.linalg.norm(X, axis=1)) * (longest + np.linalg.norm(X, axis=1)), 0
                    )
                )[:, None],
            ]
        ),
        lambda X, longest: exercises.with_length(X, longest)[:, ::-1][:, [0, *range(X.shape[1], 0, -1)]],
        lambda X, longest: [[*x, max(longest**2 - sum(x * x), 0) ** 0.5] for x in X],
    ],
)
def test_the_new_column_may_stand_anywhere_and_have_either_sign(answer):
    assert passes(exercises.with_length, answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda X, d: np.column_stack([X, np.sqrt((d**2 - (X[:, :2] ** 2).sum(1)).clip(0))]), "two features"),
        (lambda X, d: np.column_stack([X, np.sqrt(d**2 - (X**2).sum(1))]), "NaN"),
        (lambda X, d: np.column_stack([X, np.sqrt(abs(d - (X**2).sum(1)))]), "not every row"),
        (lambda X, d: np.column_stack([X, np.sqrt((d**2 - (X**2).sum()).clip(0)) * np.ones(len(X))]), ""),
        (
            lambda X, d: np.column_stack(
                [X / np.linalg.norm(X, axis=1).clip(1e-9)[:, None] * d, 0 * X[:, 0]]
            ),
            "",
        ),
        (lambda X, d: np.column_stack([abs(X), exercises.with_length(X, d)[:, -1]]), "features have changed"),
        (lambda X, d: np.column_stack([X, np.zeros(len(X))]), "not every row"),
    ],
)
def test_rows_of_other_lengths_or_other_features_are_refused(answer, word):
    assert word in refused(exercises.with_length, answer)


def test_any_order_and_signs_of_three_scales_pass():
    for scales in permutations([1, -3, 9.0]):
        assert exercises.three_scales.check(scales)
    assert exercises.three_scales.check(np.array([-9, 3, -1]))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ([1, 2, 9], "first that is missing"),
        ([1, 3], "three uploads"),
        ([[1, 3, 9]], "three uploads"),
        (13, "three uploads"),
        ([1, 3, 9j], "real number"),
        ([1, 3, float("inf")], "real number"),
        ([1, 3, 1e300], "beyond the frequency"),
        ([1.0001, 3, 9], "not whole numbers"),
        ([2, 6, 18], "first that is missing"),
        (range(14), "three uploads"),
        ([1, None, 9], "None"),
    ],
)
def test_other_scales_are_refused(wrong, word):
    assert word in refused(exercises.three_scales, wrong)


def waves_of(x, degree):
    kx = np.multiply.outer(np.atleast_1d(x), np.arange(1, degree + 1))
    return np.hstack([np.ones((len(kx), 1)), np.cos(kx), np.sin(kx)])


def least_squares(f, degree):
    x = np.linspace(-3, 3, 6 * degree + 3)
    c = np.linalg.lstsq(waves_of(x, degree), np.array([f(one) for one in x]))[0]
    return lambda x: (waves_of(x, degree) @ c)[0]


def of_an_array(f, degree):
    x = np.arange(2 * degree + 1) * 2 * np.pi / (2 * degree + 1)
    c = np.linalg.solve(waves_of(x, degree), f(x))
    return lambda x: waves_of(x, degree) @ c  # an array of one number


def by_kernels(f, degree):
    """Dirichlet's: one peak for each value."""
    n = 2 * degree + 1
    points = 2 * np.pi * np.arange(n) / n
    values = [f(x) for x in points]

    def dirichlet(x):
        return n if abs(np.sin(x / 2)) < 1e-12 else np.sin(n * x / 2) / np.sin(x / 2)

    return lambda x: sum(v * dirichlet(x - p) for v, p in zip(values, points, strict=True)) / n


def by_fft(f, degree):
    n = 4 * degree
    c = np.fft.fft([f(2 * np.pi * j / n) for j in range(n)]) / n
    k = np.fft.fftfreq(n, 1 / n)
    return lambda x: complex(c @ np.exp(1j * k * x))


@pytest.mark.parametrize("answer", [least_squares, of_an_array, by_kernels, by_fft])
def test_a_surrogate_may_be_found_in_any_way(answer):
    assert passes(exercises.surrogate, answer)


def chebyshev(f, degree):
    x = np.pi * np.cos(np.linspace(0, np.pi, 60))
    fit = np.polynomial.Chebyshev.fit(x, [f(one) for one in x], 59)
    return lambda x: fit(x)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda f, degree: least_squares(f, 3), ""),
        (chebyshev, "right between -pi and pi"),
        (lambda f, degree: lambda x: f(x), "asks f again"),
        (lambda f, degree: f(0.0), "return a function"),
        (lambda f, degree: [f(x) for x in range(2 * degree + 1)], "return a function"),
        (lambda f, degree: lambda x: np.zeros(3), "asked f 0 times"),
        (lambda f, degree: lambda: 0, "asked f 0 times"),
        (lambda f, degree: [f(0.1 * x) for x in range(50)] and (lambda: 0), "TypeError"),
        (lambda f, degree: [f(0.1 * x) for x in range(50)] and (lambda x: None), "no number"),
        (lambda f, degree: [f(0.1 * x) for x in range(50)] and (lambda x: [x, x]), "2 numbers for one x"),
        (lambda f, degree: exercises.surrogate(f, degree - 1), ""),
        (lambda f, degree: [f(0.1 * x) for x in range(50)] and deepcopy(f), "asks f again"),
        (lambda f, degree: (lambda g: lambda x: g(round(x, 2)))(exercises.surrogate(f, degree)), "near"),
        (lambda f, degree: (lambda g: lambda x: g(x) if x > 0 else 0.0)(exercises.surrogate(f, degree)), ""),
    ],
)
def test_other_functions_are_refused(answer, word):
    assert word in refused(exercises.surrogate, answer)


def half_by_half(x):
    """By arccosines and signs, with the CNOTs first and last."""
    angles = []
    for zero, one in ((np.hypot(x[0], x[1]), np.hypot(x[2], x[3])), (x[0], x[1]), (x[2], x[3])):
        length = np.hypot(zero, one)
        angle = 2 * np.arccos(zero / length) if length > 0 else 0.0
        angles.append(-angle if one < 0 else angle)
    top, a, b = angles
    return Circuit(2).ry(top, 0).cx(0, 1).ry((a - b) / 2, 1).cx(0, 1).ry((a + b) / 2, 1)


def of_the_other_sign(x):
    return exercises.load_four(-np.asarray(x))


@pytest.mark.parametrize("answer", [half_by_half, of_the_other_sign])
def test_four_amplitudes_may_be_loaded_in_another_order_and_up_to_a_sign(answer):
    assert passes(exercises.load_four, answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (prepare, "without `prepare`"),
        (lambda x: prepare(x), "without `prepare`"),
        (lambda x: AmplitudeEncoding().circuit(x), "without `prepare`"),
        (lambda x: exercises.load_four(x).ry(0, 1), "in 6 gates"),
        (lambda x: exercises.load_four(x).z(0), "uses z"),
        (lambda x: Circuit(2).ry(2 * np.arctan2(x[1], x[0]), 1), "another state"),
        (lambda x: exercises.load_four(np.sort(x)), "another state"),
        (lambda x: exercises.load_four([0.5] * 4), "another state"),
        (lambda x: Circuit(3).ry(1.0, 0), "two qubits"),
        (lambda x: x, "a `Circuit` is asked for"),
        (lambda x: exercises.load_four(x).run(), "a `Circuit` is asked for"),
        (lambda x: Circuit(2).ry(2 * np.arcsin(x[2]), 0), "another state"),
    ],
)
def test_other_circuits_are_refused(answer, word):
    assert word in refused(exercises.load_four, answer)


def test_a_sign_that_an_arctan_loses_is_named():
    def answer(x):
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = 2 * np.arctan(np.nan_to_num([x[1] / x[0], x[3] / x[2]]))
        top = 2 * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
        return Circuit(2).ry(top, 0).ry((a + b) / 2, 1).cx(0, 1).ry((a - b) / 2, 1).cx(0, 1)

    for seed in range(3):
        assert "a sign is not" in exercises.load_four.check(answer, seed=seed).message


@pytest.mark.parametrize("highest", range(4, 20))
def test_one_degree_for_all_is_refused(highest):
    for seed in range(10):
        assert not exercises.surrogate.check(lambda f, degree: exercises.surrogate(f, highest), seed=seed)


def by_exponential(state, string, angle):
    values, vectors = np.linalg.eigh(pauli_string(string))
    return vectors @ (np.exp(-0.5j * angle * values) * (vectors.conj().T @ state))


def wire_by_wire(state, string, angle):
    """The string acts axis by axis, and no matrix of all wires is built."""
    turned = state.reshape((2,) * len(string))
    for wire, letter in enumerate(string):
        turned = np.moveaxis(np.tensordot(PAULIS[letter], turned, axes=(1, wire)), 0, wire)
    return np.cos(angle / 2) * state - 1j * np.sin(angle / 2) * turned.ravel()


def up_to_a_phase(state, string, angle):
    return np.exp(0.7j) * by_exponential(state, string, angle)


def pauli_string(string):
    P = np.eye(1)
    for letter in string:
        P = np.kron(P, PAULIS[letter])
    return P


@pytest.mark.parametrize("answer", [by_exponential, wire_by_wire, up_to_a_phase])
def test_a_turn_about_a_string_may_be_made_in_any_way(answer):
    assert passes(exercises.pauli_turn, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda state, string, angle: state,
        lambda state, string, angle: by_exponential(state, string.replace("Y", "X"), angle),
        lambda state, string, angle: by_exponential(state, string[0] + "I" * (len(string) - 1), angle),
        lambda state, string, angle: by_exponential(state, string, angle).conj(),
        lambda state, string, angle: by_exponential(state, string, np.remainder(angle, np.pi)),
    ],
)
def test_another_turn_about_a_string_is_refused(answer):
    refused(exercises.pauli_turn, answer)


def test_a_pauli_map_is_a_row_of_such_turns():
    """Of one layer, by the convention of the map: its strings are read from their last letter."""
    x = np.array([0.4, -1.3])
    state = np.full(4, 0.5 + 0j)
    for string, angle in (("ZI", x[0]), ("IZ", x[1]), ("YX", np.prod(np.pi - x))):
        state = exercises.pauli_turn(state, string, 2 * angle)
    due = PauliFeatureMap(["Z", "XY"], reps=1).states([x])[0]
    assert abs(np.vdot(state, due)) == pytest.approx(1, abs=1e-12)
