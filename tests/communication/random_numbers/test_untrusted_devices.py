"""Bounds for devices that are not trusted: no state and no pair found by search beats them, and one reaches them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from qlearn.communication.random_numbers import (
    chsh_min_entropy,
    source_independent_length,
    source_independent_min_entropy,
)
from qlearn.communication.secret_key import finite_key_length

Z, X = np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])


def guess_of_z(joint):
    """How often Eve guesses Z of the first qubit from her part of a pure state, shape (2, d): Helstrom's bound."""
    zero, one = (np.outer(part, part.conj()) for part in joint)
    return (1 + np.abs(np.linalg.eigvalsh(zero - one)).sum()) / 2


def error_in_x(joint):
    """The chance of |-> for the first qubit."""
    return float(np.linalg.norm(joint[0] - joint[1]) ** 2 / 2)


def test_no_state_of_source_and_eve_beats_the_bound():
    rng = np.random.default_rng(1)
    slack = []
    for _ in range(2000):
        joint = rng.normal(size=(2, 4)) + 1j * rng.normal(size=(2, 4))
        joint /= np.linalg.norm(joint)
        slack.append(-np.log2(guess_of_z(joint)) - source_independent_min_entropy(error_in_x(joint)))
    assert min(slack) > -1e-9
    assert min(slack) < 0.1  # the search has come near


@settings(max_examples=30)
@given(st.floats(0, 1))
def test_one_state_reaches_the_bound(error):
    # sqrt(1-e) |+>|0> + sqrt(e) |->|1>: Eve's qubit says which sign was sent
    plus, minus = np.array([1, 1]) / np.sqrt(2), np.array([1, -1]) / np.sqrt(2)
    joint = np.sqrt(1 - error) * np.outer(plus, [1, 0]) + np.sqrt(error) * np.outer(minus, [0, 1])
    assert error_in_x(joint) == pytest.approx(error, abs=1e-12)
    bound = source_independent_min_entropy(error)
    assert bound == pytest.approx(-np.log2(guess_of_z(joint)), abs=1e-7)


def test_closed_forms_of_the_source():
    e = np.linspace(0, 1, 101)
    h = source_independent_min_entropy(e)
    assert h[0] == h[100] == 1
    assert h[50] == 0
    np.testing.assert_allclose(h, 1 - 2 * np.log2(np.sqrt(e) + np.sqrt(1 - e)), atol=1e-12)
    np.testing.assert_allclose(h, h[::-1], atol=1e-12)
    assert source_independent_min_entropy(0.02).shape == ()


def test_the_finite_length_is_that_of_a_key_without_errors_to_correct():
    # finite_key_length takes off f n h(e) + log2(1/eps_cor) + 1 more, with its own best division of the signals
    signals, e = 1_000_000, 0.0
    lengths = [source_independent_length(signals - k, k, e) for k in range(2_000, 200_000, 200)]
    key = finite_key_length(signals, e, correctness=1e-15)
    assert max(lengths) == pytest.approx(key + np.log2(2e15), abs=5)


def test_more_checks_give_more_bits_a_round_and_many_reach_the_limit():
    rates = [source_independent_length(10**6, k, 0.02) / 10**6 for k in (10**3, 10**4, 10**5, 10**6)]
    assert rates == sorted(rates)
    # n = k = 1e14: mu is 1e-6
    assert source_independent_length(10**14, 10**14, 0.02) / 1e14 == pytest.approx(1 - 0.1414405, abs=1e-5)
    assert source_independent_length(1000, 10, 0.1) == 0


def chsh_of(state, alice, bob):
    """S of a pair for two observables a side, largest over the sign conventions."""
    rho = np.outer(state, state.conj())
    e = np.array([[np.trace(rho @ np.kron(a, b)).real for b in bob] for a in alice])
    return e[0, 0] + e[0, 1] + e[1, 0] - e[1, 1]


def observable(angle):
    return np.cos(angle) * Z + np.sin(angle) * X


def test_no_pair_of_qubits_found_by_search_beats_the_chsh_bound():
    # Jordan's lemma makes qubits the general case of two settings with two answers; Bob's best directions are known.
    rng = np.random.default_rng(2)
    angle = rng.uniform(0, np.pi / 4, 100_000)
    a, b = rng.normal(size=(2, angle.size, 3)) * rng.choice([0.2, 1, 5], (2, angle.size, 1)) + [
        [[0, 0, 3]],
        [[3, 0, 0]],
    ]
    a, b = (v / np.linalg.norm(v, axis=-1, keepdims=True) for v in (a, b))
    t = np.stack([np.sin(2 * angle), -np.sin(2 * angle), np.ones(angle.size)], axis=-1)  # of XX, YY, ZZ
    s = np.linalg.norm(t * (a + b), axis=-1) + np.linalg.norm(t * (a - b), axis=-1)
    likeliest = (1 + np.abs(np.cos(2 * angle) * a[:, 2])) / 2
    slack = -np.log2(likeliest) - chsh_min_entropy(s)
    assert slack.min() > -1e-7
    assert s.max() > 2.8
    assert slack[s > 2.4].min() < 0.01  # the search has come near
    # Bob's directions, on one of these pairs: S is what the observables give
    pick = int(np.argmax(s))
    state = np.array([np.cos(angle[pick]), 0, 0, np.sin(angle[pick])])
    pauli = np.array([X, np.array([[0, -1j], [1j, 0]]), Z])
    ends = [t[pick] * (a[pick] + b[pick]), t[pick] * (a[pick] - b[pick])]
    bob = [np.tensordot(v / np.linalg.norm(v), pauli, 1) for v in ends]
    alice = [np.tensordot(v[pick], pauli, 1) for v in (a, b)]
    assert chsh_of(state, alice, bob) == pytest.approx(s[pick])


@pytest.mark.parametrize("angle", [0.1, 0.3, 0.5, np.pi / 4])
def test_a_tilted_pair_reaches_the_chsh_bound(angle):
    state = np.array([np.cos(angle), 0, 0, np.sin(angle)])
    turn = np.arctan(np.sin(2 * angle))
    s = chsh_of(state, [Z, X], [observable(turn), observable(-turn)])
    assert s == pytest.approx(2 * np.sqrt(1 + np.sin(2 * angle) ** 2))
    likeliest = np.cos(angle) ** 2  # of Z, and Eve holds nothing: it is her best guess
    assert chsh_min_entropy(s) == pytest.approx(-np.log2(likeliest), abs=1e-6)


@pytest.mark.parametrize("chsh", [2.0, 2.5, np.sqrt(8)])
def test_an_eve_who_is_only_forbidden_to_signal_guesses_better(chsh):
    # Two boxes p(e, a, b | x, y), of which Eve holds the label e and guesses a = e at x = 0: a linear program.
    e, a, b, x, y = np.array(list(product((0, 1), repeat=5))).T
    alike = [(x == 0) & (y == 0)]  # adds up to 1
    for label, one, place in product(
        (0, 1), repeat=3
    ):  # what an end sees does not depend on the other's setting
        alike.append(((e == label) & (a == one) & (x == place)) * (1 - 2 * y))
        alike.append(((e == label) & (b == one) & (y == place)) * (1 - 2 * x))
    alike.append((-1) ** (a + b + x * y))
    right = -((a == e) & (x == 0) & (y == 0)).astype(float)
    guess = -linprog(right, A_eq=alike, b_eq=[1.0, *[0.0] * 16, chsh], bounds=(0, 1)).fun
    assert guess == pytest.approx(3 / 2 - chsh / 4)
    assert -np.log2(guess) <= chsh_min_entropy(chsh) + 1e-9


def test_closed_forms_of_chsh():
    assert chsh_min_entropy([-3, 0, 2]).tolist() == [0, 0, 0]
    assert chsh_min_entropy([np.sqrt(8), 2.9, 4]).tolist() == pytest.approx([1, 1, 1], abs=1e-7)
    s = np.linspace(2, np.sqrt(8), 50)
    h = chsh_min_entropy(s)
    assert (np.diff(h) > 0).all()
    assert (np.diff(h, 2) > -1e-12).all()  # convex: mixing strategies gains Eve nothing
    assert h[25] == pytest.approx(1 - np.log2(1 + np.sqrt(2 - s[25] ** 2 / 4)))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: source_independent_min_entropy(1.5), "error_rate must be error rates"),
        (lambda: source_independent_length(0, 5, 0.1), "n must be at least 1"),
        (lambda: source_independent_length(10, 0, 0.1), "n_check must be at least 1"),
        (lambda: source_independent_length(10, 10, 2), "error_rate must be a probability"),
        (lambda: source_independent_length(10, 10, 0.1, security=0), "security must lie between 0 and 1"),
        (lambda: source_independent_length(10, 10, 0.1, security=5), "security must lie between 0 and 1"),
        (lambda: source_independent_length(10, 10, 0.1, security=1e-200), "security must be at least 1e-100"),
        (lambda: chsh_min_entropy(5), "chsh must be finite"),
        (lambda: chsh_min_entropy(np.nan), "chsh must be finite"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
