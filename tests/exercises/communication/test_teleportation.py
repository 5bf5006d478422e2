"""Exercises of *Teleportation*: other right ways pass, and what is wrong is told what it did."""

from fractions import Fraction

import numpy as np
import pytest

from qlearn.exercises.communication.teleportation import (
    bob_before,
    corrections,
    gate_answer,
    missing_bit,
    swapping,
    weakest_pair,
)
from qlearn.qubits import Circuit, partial_trace

X, Z, S = np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.diag([1, 1j])
T = np.diag([1, np.exp(0.25j * np.pi)])


def pairs():
    return Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)


def by_partial_trace(state):
    wide = np.kron(state, np.array([1, 0, 0, 1]) / np.sqrt(2))
    return partial_trace(wide, [2])


def term_by_term(state):
    a, b = state
    terms = [(a, b), (b, a), (a, -b), (-b, a)]
    return [[sum(0.25 * t[i] * np.conj(t[j]) for t in terms) for j in (0, 1)] for i in (0, 1)]


def by_words(state, z, x):
    word = np.linalg.matrix_power(Z, z) @ np.linalg.matrix_power(S @ X, x)
    return (word @ state).tolist()


def entry_by_entry(state, z, x):
    a, b = state
    if x:
        a, b = b, 1j * a
    return np.array([a, -b if z else b])


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (bob_before, by_partial_trace),
        (bob_before, term_by_term),
        (bob_before, lambda state: np.eye(2) / 2),  # who knows that, knows what the section says
        (gate_answer, by_words),
        (gate_answer, entry_by_entry),
        (gate_answer, lambda state, z, x: np.exp(1j) * gate_answer(state, z, x)),
    ],
)
def test_another_right_way_passes(exercise, answer):
    for seed in range(3):
        assert (verdict := exercise.check(answer, seed=seed)), verdict


def test_a_global_sign_of_a_correction_does_not_count():
    assert corrections.check({"00": "I", "01": "X", "10": "Z", "11": "XZ"})
    assert corrections.check({"11": "ZX", "10": "Z", "01": "X", "00": "I"})


@pytest.mark.parametrize("form", [Fraction, float, np.array, lambda x: np.array([x]), lambda x: [x]])
def test_an_exact_value_may_stand_in_any_form(form):
    """One of one element was refused with Python's own words."""
    assert missing_bit.check(form(Fraction(2, 3) if form is Fraction else 2 / 3))
    assert weakest_pair.check(form(Fraction(1, 3) if form is Fraction else 1 / 3))


@pytest.mark.parametrize(
    "answer",
    [
        pairs().cx(1, 2).measure(2, 1).x(3, where=1).h(1).measure(1, 0).z(3, where=0),
        pairs().cx(1, 2).h(1).measure(1, 0).measure(2, 1).x(0, where=1).z(0, where=0),  # Alice acts
        pairs().cx(1, 2).h(1).measure(1, 0).measure(2, 1).z(0, where=0).x(3, where=1),  # one each
        pairs().h(2).cz(1, 2).h(2).h(1).measure(1, 1).measure(2, 0).x(3, where=0).z(3, where=1),
        Circuit(4, bits=2).h(3).cx(3, 2).h(1).cx(1, 0).cx(2, 1).h(2).measure(2, 0).measure(1, 1)
        .z(3, where=0).x(3, where=1),
    ],
)  # fmt: skip
def test_another_way_to_swap_passes(answer):
    for seed in range(3):
        assert (verdict := swapping.check(answer, seed=seed)), verdict


SWAPS = {  # wrong circuits, and what has to be said
    "never meet": (Circuit(4, bits=2).h(0).cx(0, 2).cx(2, 3).cx(0, 2), "a gate joins wires 0 and 2"),
    "nor so": (Circuit(4, bits=2).h(0).cx(0, 1).cx(1, 3).cx(0, 1), "a gate joins wires 1 and 3"),
    "three wires": (Circuit(4, bits=2).h(0).h(1).ccx(0, 1, 2).cx(2, 3), "a gate joins wires 0 and 1 and 2"),
    "a quantum wire": (pairs().cx(1, 2).h(1).cx(2, 3).measure(1, 0).z(3, where=0), "no further gate on wires 2 and 3"),
    "one bit only": (pairs().cx(1, 2).h(1).measure(1, 0).measure(2, 1).x(3, where=1), "not always rightly"),
    "signs left": (pairs().cx(1, 2).measure(1, 0).measure(2, 1).x(3, where=1), "CX and H first"),
    "no rule": (pairs().cx(1, 2).h(1).measure(1, 0).measure(2, 1).x(3).z(3), "let Bob act on them"),
    "another pair": (pairs().cx(1, 2).h(1).measure(1, 0).measure(2, 1).x(3, where=1).z(3, where=0).z(0), "another one"),
    "no bits": (Circuit(4).h(0).cx(0, 1).h(2).cx(2, 3), "bits=2"),
    "too small": (Circuit(3, bits=2), "bits=2"),
    "text": ("h(0) cx(0, 1)", "a `Circuit(4, bits=2)` is asked for"),
    "a function": (lambda: pairs(), "is to be a value"),
}  # fmt: skip


@pytest.mark.parametrize("name", SWAPS)
def test_what_does_not_swap_is_told_why(name):
    answer, word = SWAPS[name]
    for seed in range(3):
        verdict = swapping.check(answer, seed=seed)
        assert not verdict
        assert word in verdict.message, verdict
        assert "stopped with" not in verdict.message


@pytest.mark.parametrize("rounded", [0.667, 0.6667, 0.66667])
def test_a_rounded_fraction_is_not_exact(rounded):
    assert "rounded: keep them all" in missing_bit.check(rounded).message


@pytest.mark.parametrize("rounded", [0.33, 0.333, 0.33333])
def test_a_rounded_weight_is_not_exact(rounded):
    assert "rounded: keep them all" in weakest_pair.check(rounded).message


@pytest.mark.parametrize(
    ("crib", "word"),
    [
        ({"00": "I", "01": "X", "10": "Z"}, "'11' is missing"),
        ({"00": "I", "01": "X", "10": "Z", "11": "Y"}, 'choose from "I", "X", "Z" and "ZX"'),
        (
            {"00": "I", "01": "I", "10": "Z", "11": "ZX"},
            "for 01 you do nothing, but",
        ),
        ({"00": "X", "01": "X", "10": "Z", "11": "ZX"}, "for 00 you apply X, and"),
        ({"00": "I", "01": "X", "10": "Z", "11": None}, "11"),
        ({0: "I", 1: "X", 10: "Z", 11: "ZX"}, "is missing"),
        (["I", "X", "Z", "ZX"], "a dict is asked for"),
        ({"00": "I", "01": "X", "10": "Z", "11": np.eye(2)}, "11"),
    ],
)
def test_a_wrong_crib_is_told_which_bits(crib, word):
    verdict = corrections.check(crib)
    assert not verdict
    assert word in verdict.message


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (bob_before, lambda state: np.diag(np.abs(state) ** 2)),
        (bob_before, lambda state: np.eye(4) / 4),
        (bob_before, lambda state: np.full((2, 2), 0.5)),
        (bob_before, lambda state: np.eye(2)),
        (gate_answer, lambda state, z, x: T @ state),
        (gate_answer, lambda state, z, x: Z @ S @ X @ state),
        (gate_answer, lambda state, z, x: np.abs(gate_answer(state, z, x))),
        (gate_answer, lambda state, z, x: gate_answer(state, z, x) if not z & x else state),
        (gate_answer, lambda state, z, x: T.conj() @ gate_answer(state, z, x)),
        (gate_answer, lambda state, z, x: 2 * gate_answer(state, z, x)),
    ],
)
def test_what_is_wrong_is_refused(exercise, answer):
    for seed in range(3):
        verdict = exercise.check(answer, seed=seed)
        assert not verdict
        assert "stopped with" not in verdict.message


def test_a_gate_that_is_undone_and_repeated_is_seen_by_its_phase():
    def with_t(state, z, x):
        word = np.linalg.matrix_power(Z, z) @ np.linalg.matrix_power(X, x)
        return T @ word @ T.conj() @ state

    for seed in range(5):
        verdict = gate_answer.check(with_t, seed=seed)
        assert not verdict
        assert "T† and T" in verdict.message


def test_a_state_in_its_standard_phase_passes():
    def real_at_first(state, z, x):
        state = np.asarray(entry_by_entry(state, z, x))
        return state * np.exp(-1j * np.angle(state[0]))

    for seed in range(5):
        assert gate_answer.check(real_at_first, seed=seed)
