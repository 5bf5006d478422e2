"""Answers to the exercises of *Superposition*: right ones in other styles pass, wrong ones do not."""

import numpy as np
import pytest
from scipy.optimize import minimize

from qlearn.exercises.qubits.superposition import (
    best_guess,
    chance_of_one,
    pack_two,
    same_state,
    way_to_minus_i,
    which_path,
)
from qlearn.qubits import Circuit, bloch, density, partial_trace, probabilities
from tests.exercises.tried import passes


def says(exercise, answer):
    return exercise.check(answer).message


def by_rank(a, b):
    return np.linalg.matrix_rank([a, b], tol=1e-9) == 1


def by_matrices(a, b):
    return np.allclose(np.outer(a, a.conj()), np.outer(b, b.conj()))


def by_taking_the_phase_out(a, b):
    largest = np.argmax(abs(a))
    phase = b[largest] / a[largest]
    return bool(np.isclose(abs(phase), 1) and np.allclose(phase * a, b))


def by_hand(a, b):
    overlap = sum(complex(x).conjugate() * complex(y) for x, y in zip(a, b, strict=True))
    return abs(abs(overlap) - 1) < 1e-9


@pytest.mark.parametrize("answer", [by_rank, by_matrices, by_taking_the_phase_out, by_hand])
def test_that_states_are_the_same_may_be_found_in_any_way(answer):
    assert passes(same_state, answer)


@pytest.mark.parametrize("overlap", [0.9, 0.999, 0.9995, 0.9998])
def test_states_near_each_other_are_two_states(overlap):
    near = says(same_state, lambda a, b: abs(np.vdot(a, b)) > overlap)
    assert "close to 1, and not 1" in near


def test_a_first_amplitude_of_zero_is_no_reason_to_call_states_different():
    assert "divide by an amplitude" in says(
        same_state, lambda a, b: bool(a[0] and b[0] and np.allclose(a / a[0], b / b[0]))
    )
    assert not same_state.check(lambda a, b: np.allclose(a / a[0], b / b[0]))  # nan and all


def test_what_does_not_see_the_state_as_a_whole_does_not_pass():
    def reduced(a, b):
        wires = range(int(np.log2(len(a))))
        return all(np.allclose(partial_trace(a, keep=w), partial_trace(b, keep=w)) for w in wires)

    assert "Each wire by itself" in says(same_state, reduced)
    assert not same_state.check(  # two of three bases
        lambda a, b: all(
            np.allclose(
                probabilities(a, basis=basis * int(np.log2(len(a)))),
                probabilities(b, basis=basis * int(np.log2(len(a)))),
            )
            for basis in "ZX"
        )
    )
    assert not same_state.check(lambda a, b: len(a) == 2 and abs(np.vdot(a, b)) > 1 - 1e-9)
    assert not same_state.check(lambda a, b: np.isclose(abs(np.sum(a) / np.sum(b)), 1))
    assert not same_state.check(lambda a, b: np.isclose(np.vdot(a, b).real ** 2, 1))


def test_one_number_is_asked_for_and_taken_in_any_form():
    for right in (1 / 4, np.array([0.25]), 0.5**2, np.float32(0.25)):
        assert chance_of_one.check(right)
    assert "half the angle" in says(chance_of_one, 0.75)
    assert "radians" in says(chance_of_one, np.sin(30) ** 2)
    assert not chance_of_one.check([0.75, 0.25])


@pytest.mark.parametrize("word", ["HZS", "HSSS", "HTTTTTT", "XHS", "hzs", "HSZ", "YHZS" + "HH" + "Z", "HSX"])
def test_every_word_that_ends_there_is_right(word):
    assert way_to_minus_i.check(word)


@pytest.mark.parametrize(
    ("word", "said"),
    [("HS", "half a turn about z"), ("SZH", "first letter first"), ("ZS", "leave the pole"), ("HTS", "ends at ("),
     ("H Z S", "a word of the letters"), ("", "a word of the letters"), ("H" * 10**6, "a handful")],
)  # fmt: skip
def test_a_word_that_ends_elsewhere_is_told_where(word, said):
    assert said in says(way_to_minus_i, word)


def test_the_path_may_be_noted_anywhere_between_the_two_gates():
    right = [
        lambda phi: Circuit(2).h(0).p(phi, 0).cx(0, 1).h(0),
        lambda phi: Circuit(2).h(0).cx(0, 1).p(phi, 1).h(0),
        lambda phi: Circuit(2).h(0).h(1).cz(0, 1).h(1).p(phi, 0).h(0),
        lambda phi: Circuit(2).h(0).rz(phi, 0).cx(0, 1).h(0),
    ]
    for answer in right:
        assert passes(which_path, answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda phi: Circuit(2).cx(0, 1).h(0).p(phi, 0).h(0), "it notes nothing"),
        (lambda phi: Circuit(2).h(0).cx(0, 1).p(phi, 0).cx(0, 1).h(0), "it notes nothing"),
        (lambda phi: Circuit(2).h(0).cx(1, 0).p(phi, 0).h(0), "it notes nothing"),
        (lambda phi: Circuit(2).h(0).cx(0, 1).p(-phi, 0).h(0), "-phi"),
        (lambda phi: Circuit(2).h(0).h(1).cz(0, 1).p(phi, 0).h(0), "in another basis"),
        (lambda phi: Circuit(2, bits=2).h(0).cx(0, 1).p(phi, 0).h(0).measure(1, 0), "measures"),
        (lambda phi: Circuit(2).h(0).cx(0, 1).h(0).p(phi, 0), "another state"),
        (lambda phi: Circuit(2).h(0).cx(0, 1).p(1.0, 0).h(0), ""),
        (lambda phi: Circuit(3).h(0).cx(0, 1).p(phi, 0).h(0), "3 wires"),
        (lambda phi: Circuit(2).h(0).cx(0, 1).p(phi, 0).h(0).run(), "`Circuit` is asked for"),
        (lambda phi: 0.5, "`Circuit` is asked for"),
    ],
)
def test_a_fringe_that_is_not_lost_to_a_copy_is_no_answer(answer, said):
    verdict = which_path.check(answer)
    assert not verdict
    assert said in verdict.message


def test_the_state_is_judged_behind_the_last_gate():
    after = which_path.check(lambda phi: Circuit(2).h(0).cx(0, 1).p(phi, 0).h(0).p(phi, 0))
    assert not after


def test_a_best_guess_may_be_written_in_any_way():
    assert passes(best_guess, lambda n, messages: 1 if messages < 2**n else 2**n / messages)
    assert passes(best_guess, lambda n, messages: np.minimum(1.0, np.exp2(n - np.log2(messages))))
    assert passes(best_guess, lambda n, messages: sum(1 / messages for _ in range(min(messages, 2**n))))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda n, messages: 1.0, "no measurement reads an amplitude"),
        (lambda n, messages: min(1, 4**n / messages), "shared pairs"),
        (lambda n, messages: min(1, n / messages), "you count the qubits"),
        (lambda n, messages: 0.25, ""),
        (lambda n, messages: min(1, (2**n / messages) ** 0.5), ""),
        (lambda n, messages: 2.0 ** min(0, n - np.ceil(np.log2(messages))), ""),
        (lambda n, messages: 1 if messages <= 2**n else 0, ""),
    ],
)
def test_a_guess_that_reads_more_or_less_than_n_bits_is_refused(answer, said):
    verdict = best_guess.check(answer)
    assert not verdict
    assert said in verdict.message


def test_the_packed_state_may_be_summed_measured_or_searched():
    def summed(first, second):
        z = np.array([[1, 0], [0, 1]])[first]
        x = np.array([[1, 1], [1, -1]])[second] / np.sqrt(2)
        total = z + x * np.sign(z @ x)
        return total / np.linalg.norm(total)

    def top(first, second):
        wanted = density(np.eye(2)[first]) + density(np.array([1, 1 - 2 * second]) / np.sqrt(2))
        return np.linalg.eigh(wanted)[1][:, -1]

    def searched(first, second):
        def chance(angle):
            state = bloch(float(angle[0]), 0)
            return -min(probabilities(state)[first], probabilities(state, basis="X")[second])

        starts = [
            minimize(chance, [s], method="Nelder-Mead", options={"xatol": 1e-6}) for s in (0.5, 2, 4, 5.5)
        ]
        return bloch(float(min(starts, key=lambda r: r.fun).x[0]), 0)

    def turned(first, second):
        return 1j * bloch([np.pi / 4, -np.pi / 4, 3 * np.pi / 4, 5 * np.pi / 4][2 * first + second], 0)

    for answer in (summed, top, searched, turned):
        assert passes(pack_two, answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda first, second: np.array([0.9239, 0.3827]), ""),
        (lambda first, second: bloch(np.pi / 4, 0).reshape(2, 1), "shape (2, 1)"),
        (lambda first, second: bloch(np.pi / 4, 0), ""),
        (lambda first, second: [1 - first, first + second], ""),
        (lambda first, second: bloch(0, 0) if first == second == 0 else bloch(np.pi, 0), ""),
        (lambda first, second: [[1, 0], [0, 1]][first], "first bit only"),
        (lambda first, second: np.array([1 - first + (1 - second) / 2, first + second / 2]), "normalise"),
    ],
)
def test_a_state_that_fails_one_question_of_one_pair_of_bits_is_refused(answer, said):
    verdict = pack_two.check(answer)
    assert not verdict
    assert said in verdict.message
