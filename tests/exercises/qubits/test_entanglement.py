"""Answers to the exercises of *Entanglement*: right ones in other styles pass, wrong ones do not."""

from math import ceil, floor, sqrt

import numpy as np
import pytest
from scipy.optimize import minimize

from qlearn.exercises.qubits.entanglement import (
    agreement,
    bob_alone,
    bob_angles,
    entanglement_of,
    ghz_game,
    least_fidelity,
    rounds_needed,
)
from qlearn.qubits import Circuit, bell_state, density, entropy, partial_trace, probabilities
from qlearn.qubits.entanglement import ALICE, chsh_at, direction, entanglement_entropy
from tests.exercises.tried import passes


def says(exercise, answer):
    verdict = exercise.check(answer)
    assert not verdict
    return verdict.message


def test_agreement_is_taken_in_any_form_of_the_number():
    assert agreement.check([3 / 4])
    assert agreement.check(np.cos(np.deg2rad(30)) ** 2)
    assert "straight line" in says(agreement, 2 / 3)
    assert "halved once" in says(agreement, np.cos(np.pi / 12) ** 2)


def by_half(state):
    matrix = np.reshape(state, (2, 2))
    p = np.linalg.eigvalsh(matrix.T @ matrix.conj())
    return float(sum(-x * np.log2(x) for x in p if x > 1e-15))


def by_concurrence(state):
    c = min(1.0, 2 * abs(state[0] * state[3] - state[1] * state[2]))
    p = (1 + sqrt(1 - c * c)) / 2
    return sum(-x * np.log2(x) for x in (p, 1 - p) if x > 0)


def by_library(state):
    return entanglement_entropy(state, 0)


@pytest.mark.parametrize("answer", [by_half, by_concurrence])
def test_entanglement_may_be_found_from_either_half(answer):
    assert passes(entanglement_of, answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda s: round(by_half(s), 3), ""),
        (lambda s: by_half(np.abs(s) + 0j), ""),
        (lambda s: by_half(np.array([s[0], 0, 0, s[3]]) / np.linalg.norm([s[0], s[3]])), ""),
        (lambda s: 1.0 if abs(s[0] * s[3] - s[1] * s[2]) > 1e-9 else 0.0, ""),
        (lambda s: -by_half(s), "the sign"),
        (lambda s: 2 * by_half(s), "both halves"),
        (lambda s: 2 * abs(s[0] * s[3] - s[1] * s[2]), "concurrence"),
        (lambda s: 2 * abs(s[0] * s[3] + s[1] * s[2]), ""),
        (lambda s: 2 * (1 - np.trace(np.linalg.matrix_power(partial_trace(density(s), keep=0), 2)).real), ""),
    ],
)
def test_what_is_no_entropy_of_a_half_is_refused(answer, said):
    assert said in says(entanglement_of, answer)


@pytest.mark.parametrize(
    "angles",
    [
        (5 * np.pi / 4, 3 * np.pi / 4),
        np.array([-3 * np.pi / 4, -5 * np.pi / 4]),
        [np.pi / 4 + 3 * np.pi, -np.pi / 4 - np.pi],
        [3.927, 2.356],  # flat at the top: a fifth of a thousandth of a radian costs 1e-8 of S
    ],
)
def test_the_best_angles_may_be_whole_turns_away(angles):
    assert bob_angles.check(angles)


def test_the_best_angles_may_be_searched_for():
    found = minimize(lambda bob: -float(chsh_at(bell_state("psi-"), ALICE, direction(bob))), [4.0, 2.0]).x
    assert bob_angles.check(found)


@pytest.mark.parametrize(
    ("angles", "said"),
    [
        ([3.93, 2.36], "rounding"),
        ([225, 135], "degrees"),
        ([3 * np.pi / 4, 5 * np.pi / 4], "wrong order"),
        ([np.pi / 4, -np.pi / 4], "Turn Bob by pi"),
        ([5 * np.pi / 8, 3 * np.pi / 8], "of at most"),
        ([5 * np.pi / 4, np.pi / 4], "of at most"),
        ([np.nan, 1], "a finite one"),
        ([1j, 1], "a real number"),
        ({"a": 1}, "a dict"),
        ([[1, 2], [3, 4]], "two angles"),
    ],
)
def test_other_angles_win_less(angles, said):
    assert said in says(bob_angles, angles)


def test_the_least_fidelity_is_asked_for_exactly():
    assert least_fidelity.check(np.array([(1 + 3 * sqrt(0.5)) / 4]))
    assert "keep them all" in says(least_fidelity, 0.7803)
    assert "visibility V" in says(least_fidelity, sqrt(0.5))
    assert "one qubit" in says(least_fidelity, np.cos(np.pi / 8) ** 2)


def in_loops(p):
    questions, others, answers, own = p.shape
    return [
        [[sum(p[x, y, a, b] for a in range(answers)) for b in range(own)] for y in range(others)]
        for x in range(questions)
    ]


def test_what_bob_sees_may_be_summed_in_loops():
    assert passes(bob_alone, in_loops)
    assert passes(bob_alone, lambda p: np.einsum("xyab->xyb", p))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda p: p[:, :, 0] + p[:, :, 1], ""),  # of two answers only
        (lambda p: np.broadcast_to(p.sum(2).mean(0), p.sum(2).shape), ""),
        (lambda p: np.full((2, 2, 2), 0.5), ""),
        (lambda p: p.sum(2).mean(0), "no x left"),
        (lambda p: p[0].sum(1), "took x = 0"),
        (lambda p: p.sum((2, 3)), ""),
        (lambda p: p.sum(2) / p.shape[2], "averaged over a"),
        (lambda p: p.sum(2).swapaxes(0, 1), "exchanged"),
    ],
)
def test_what_bob_does_not_see_is_refused(answer, said):
    assert said in says(bob_alone, answer)


def by_standard_errors(S, k):
    n = max(1, floor(k**2 * (16 - S**2) / (S - 2) ** 2) - 3)
    while S - k * sqrt(4 * (1 - (S / 4) ** 2) / (n / 4)) < 2:
        n += 1
    return n


def in_another_order(S, k):
    return float(np.ceil(k * k * (16 - S * S) / (S * S - 4 * S + 4)))


@pytest.mark.parametrize("answer", [by_standard_errors, in_another_order])
def test_rounds_may_be_counted_in_any_way(answer):
    assert all(rounds_needed.check(answer, seed=seed) for seed in range(50))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda S, k: floor(k**2 * (16 - S**2) / (S - 2) ** 2), "too few"),
        (lambda S, k: int(k**2 * (16 - S**2) / (S - 2) ** 2) + 1, "already"),
        (lambda S, k: round(k**2 * (16 - S**2) / (S - 2) ** 2), "nearest"),
        (lambda S, k: 4 * ceil(k**2 * (4 - S**2 / 4) / (S - 2) ** 2), "multiple of four"),
        (lambda S, k: ceil(8 * k**2 / (S - 2) ** 2), ""),
        (lambda S, k: ceil(k**2 * (16 - S**2) / (S - 2)), ""),
        (lambda S, k: by_standard_errors(2.5, k), ""),
    ],
)
def test_rounds_counted_loosely_are_refused(answer, said):
    assert said in says(rounds_needed, answer)


def ends(circuit):
    return circuit.measure(0, 0).measure(1, 1).measure(2, 2)


def in_a_chain(x, y, z):
    circuit = Circuit(3, bits=3).h(2).cx(2, 1).cx(1, 0)
    for wire, asked in enumerate([x, y, z]):
        circuit = circuit.rz(-np.pi / 2 * asked, wire)
    return ends(circuit.h(0).h(1).h(2))


def with_rotations(x, y, z):
    circuit = Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2)
    for wire, asked in enumerate([x, y, z]):
        circuit = circuit.ry(-np.pi / 2, wire, where=asked == 0).rx(np.pi / 2, wire, where=asked == 1)
        circuit = circuit.measure(wire, wire)
    return circuit


def of_s_and_z(x, y, z):
    circuit = Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2)
    for wire, asked in enumerate([x, y, z]):
        circuit = circuit.s(wire, where=asked).z(wire, where=asked).h(wire)
    return ends(circuit)


def of_a_matrix(x, y, z):
    ghz = np.linalg.qr(np.column_stack([np.eye(8)[0] + np.eye(8)[7], *np.eye(8)[:, 1:7].T, np.eye(8)[0]]))[0]
    circuit = Circuit(3, bits=3).unitary(ghz, 0, 1, 2)
    for wire, asked in enumerate([x, y, z]):
        circuit = circuit.sdg(wire, where=asked == 1).h(wire)
    return ends(circuit)


@pytest.mark.parametrize("answer", [in_a_chain, with_rotations, of_s_and_z, of_a_matrix])
def test_the_game_may_be_played_with_other_gates(answer):
    assert passes(ghz_game, answer)


def test_who_plays_it_wins_every_round():
    x, y = np.random.default_rng(1).integers(0, 2, (2, 500))
    a, b, c = ghz_game.solution(x, y, x ^ y).run(rng=2).bits.T
    assert ((a ^ b ^ c) == (x | y)).all()


def third_knows_all(x, y, z):
    return ends(Circuit(3, bits=3).h(0).h(1).cx(0, 2).cx(1, 2).x(2, where=(x | y | z) == 1))


def third_knows_all_and_hides_it(x, y, z):
    circuit = Circuit(3, bits=3).h(0).h(1).cx(0, 2).cx(1, 2).x(2, where=(x | y | z) == 1)
    return ends(circuit.h(2, where=x ^ y ^ z))


def meet_after_they_are_asked(x, y, z):
    circuit = Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2)
    for wire, asked in enumerate([x, y, z]):
        circuit = circuit.sdg(wire, where=asked == 1).h(wire)
    return ends(circuit.swap(0, 1))


def hears(x, y, z):
    circuit = Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2).h(0).measure(0, 0)
    return circuit.x(1, where=0).measure(1, 1).measure(2, 2)


def only_the_first_round(x, y, z):
    return ghz_game.solution(np.full_like(x, x[0]), np.full_like(y, y[0]), np.full_like(z, z[0]))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (third_knows_all, "works out what wins"),
        (third_knows_all_and_hides_it, "knows the questions of the others"),
        (meet_after_they_are_asked, "meet after they were asked"),
        (hears, "waits for the answer"),
        (only_the_first_round, ""),
        (lambda x, y, z: ghz_game.solution(z, y, x), "knows the questions of the others"),
        (lambda x, y, z: ghz_game.solution(0 * x, 0 * y, 0 * z), "measure X whatever"),  # only ever 000
        (lambda x, y, z: ghz_game.solution(x, 0 * y, z), ""),  # only ever 000 and 101
        (lambda x, y, z: ghz_game.solution(x, y, x ^ y), ""),  # never an odd question
        (lambda x, y, z: np.mean((x | y | z) == 1), "a `Circuit` is asked for"),
        (lambda x, y, z: ghz_game.solution(x[:2], y[:2], z[:2]), "one element a round"),
        (lambda x, y, z: Circuit(3, bits=3), "returns a new one"),
        (lambda x, y, z: ghz_game.solution(x, y, z).run(rng=1), "a `Circuit` is asked for"),
    ],
)
def test_players_who_do_not_play_it_are_refused(answer, said):
    assert said in says(ghz_game, answer)


def test_odd_questions_are_coins():
    x, y, z = (np.arange(8) >> np.array([[2], [1], [0]])) & 1
    odd = (x ^ y ^ z) == 1
    chances = probabilities(
        Circuit(3, operations=tuple(s for s in ghz_game.solution(x, y, z).operations if s.bit is None)).run()
    )
    assert np.allclose(chances[odd], 1 / 8)


@pytest.mark.parametrize("answer", [by_library, lambda s: entropy(partial_trace(s, 1))])
def test_entanglement_without_the_library_is_not_asked_of_the_library(answer):
    assert "the library has done it" in says(entanglement_of, answer)


def test_a_table_of_two_answers_only_is_refused_whatever_is_drawn():
    for seed in range(12):
        assert "answers 0 and 1" in bob_alone.check(lambda p: p[:, :, 0] + p[:, :, 1], seed=seed).message
        assert not bob_alone.check(lambda p: 2 * p.mean(axis=2), seed=seed)
