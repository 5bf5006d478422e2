"""Answers to the exercises of *No cloning*: right ones in other styles pass, wrong ones do not."""

from itertools import product
from math import sqrt

import numpy as np
import pytest

from qlearn.exercises.qubits.no_cloning import (
    best_fidelity,
    clonable,
    cloner,
    cnot_fidelity,
    eve_error,
    telephone,
)
from qlearn.qubits import Circuit, bloch_vector, density, helstrom, ket
from qlearn.qubits.no_cloning import cloning_bound, copy_fidelities
from tests.exercises.tried import passes


def says(exercise, answer):
    verdict = exercise.check(answer)
    assert not verdict
    return verdict.message


def test_what_a_cnot_copies_may_be_found_by_the_library():
    psi = np.array([sqrt(3) / 2, 1 / 2])
    assert cnot_fidelity.check(copy_fidelities(Circuit(2).cx(0, 1), psi)[0])
    assert cnot_fidelity.check(1 - 2 * 3 / 4 / 4)
    assert "resembles" in says(cnot_fidelity, 0.75)
    assert "add it" in says(cnot_fidelity, 9 / 16)


def by_fidelity(a, b):
    f = abs(np.vdot(a, b)) ** 2
    return np.isclose(f * (1 - f), 0)


def on_the_sphere(a, b):
    return np.isclose(abs(bloch_vector(a) @ bloch_vector(b)), 1, rtol=1e-9)


def by_helstrom(a, b):
    return bool(np.isclose(helstrom(a, b), 1, rtol=1e-9) or np.isclose(abs(np.vdot(a, b)), 1))


def in_python(a, b):
    overlap = abs(sum(x.conjugate() * y for x, y in zip(a.tolist(), b.tolist(), strict=True)))
    return 1 if overlap < 1e-9 or abs(1 - overlap) < 1e-9 else 0


@pytest.mark.parametrize("answer", [by_fidelity, on_the_sphere, by_helstrom, in_python])
def test_what_is_clonable_may_be_seen_in_any_way(answer):
    assert passes(clonable, answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            lambda a, b: np.isclose(abs(np.vdot(a, b)), 0) or np.allclose(abs(a), abs(b)),
            "the phase between them",
        ),
        (lambda a, b: abs(np.vdot(a, b)) > 0.999 or abs(np.vdot(a, b)) < 1e-3, ""),
        (lambda a, b: abs(np.vdot(a, b)) < 0.02 or np.isclose(abs(np.vdot(a, b)), 1), ""),
        (lambda a, b: np.isclose(np.vdot(a, b).imag, 0) and by_fidelity(a, b), ""),
        (lambda a, b: not by_fidelity(a, b), "the wrong way round"),
        (lambda a, b: True, "all states"),
        (lambda a, b: np.isclose(abs(np.vdot(a, b)), 1), ""),
        (lambda a, b: abs(np.vdot(a, b)) == 0 or abs(np.vdot(a, b)) == 1, "rounds"),
        (lambda a, b: bool(np.allclose(a, b) or np.isclose(np.vdot(a, b), 0)), "a phase in front"),
    ],
)
def test_what_no_machine_copies_is_not_called_clonable(answer, said):
    assert said in says(clonable, answer)


def test_a_cloner_may_have_more_gates_of_the_two_kinds_and_any_global_phase():
    def backwards(eta):
        return Circuit(2).cx(0, 1).ry(-eta, 1).cx(0, 1).ry(eta, 1).cx(1, 0)

    def a_turn_more(eta):  # a factor -1 in front
        return Circuit(2).ry(eta + 2 * np.pi, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0)

    def by_the_other_wire(eta):
        turned = Circuit(2).cx(1, 0).ry(-eta, 1).cx(0, 1).ry(eta, 1).cx(0, 1)
        return turned.cx(1, 0).ry(eta, 0).ry(-eta, 0)

    assert passes(cloner, backwards)
    assert passes(cloner, a_turn_more)
    assert not cloner.check(by_the_other_wire)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda eta: cloner.solution(eta).rz(np.pi, 1), "sin comes with a minus"),
        (lambda eta: cloner.solution(eta).z(0), ""),
        (lambda eta: cloner.solution(np.pi / 4), "whatever `eta` is"),
        (lambda eta: cloner.solution(np.pi / 2 - eta), ""),
        (lambda eta: cloner.solution(abs(eta)), ""),
        (lambda eta: cloner.solution(eta).h(1).h(1), "other gates"),
        (lambda eta: Circuit(2).unitary(cloner.solution(eta).matrix(), 0, 1), "other gates"),
        (lambda eta: Circuit(3).ry(eta, 1), "3 wires"),
        (lambda eta: cloner.solution(eta).matrix(), "`Circuit` is asked for"),
        (lambda eta: Circuit(2).ry(2 * eta, 1).cx(1, 0).cx(0, 1), "|00> must stay"),
        (lambda eta: Circuit(2).ry(0.7, 1).cx(0, 1).ry(-0.7, 1).cx(0, 1), "two excitations from one"),
        (lambda eta: cloner.solution(np.array([eta, eta])), ""),
    ],
)
def test_another_copier_is_refused(answer, said):
    assert said in says(cloner, answer)


def test_the_error_of_eve_may_be_written_with_angles_or_fidelities():
    assert passes(eve_error, lambda d: (1 - np.sin(2 * np.arcsin(np.sqrt(d)))) / 2)
    assert passes(eve_error, lambda d: (sqrt(d) - sqrt(1 - d)) ** 2 / 2)
    assert passes(eve_error, lambda d: [1 - (1 / 2 + sqrt((1 - d) * d))])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda d: 1 / 2, "does not stay"),
        (lambda d: 1 / 4, ""),
        (lambda d: max(0.0, 1 / 2 - np.sqrt(d)), ""),
        (lambda d: 1 / 2 - np.sqrt(d * (1 - d)) / 2, "no factor 1/2"),
        (lambda d: round(1 / 2 - np.sqrt(d * (1 - d)), 4), ""),
        (lambda d: max(d, 1 / 2 - np.sqrt(d * (1 - d))), ""),
        (lambda d: 1 / 2 - 2 * d * (1 - d), ""),
    ],
)
def test_an_eve_who_is_better_or_worse_is_refused(answer, said):
    assert said in says(eve_error, answer)


def test_the_telephone_may_be_worked_out_by_hand_or_state_by_state():
    def by_eigenvalues(copies):
        both = []
        for pair in ("01", "+-"):
            kets = [ket(letter * copies) for letter in pair]
            both.append(sum(np.outer(k, k.conj()) for k in kets) / 2)
        return 1 / 2 + np.abs(np.linalg.eigvalsh(both[0] - both[1])).sum() / 4

    assert passes(telephone, by_eigenvalues)
    assert passes(
        telephone,
        lambda copies: float(
            helstrom(
                np.mean(density(np.stack([ket("0" * copies), ket("1" * copies)])), axis=0),
                np.mean(density(np.stack([ket("+" * copies), ket("-" * copies)])), axis=0),
            )
        ),
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda m: 1 - 2.0**-m, "asks Z of all"),
        (lambda m: 0.5, "equal"),
        (lambda m: helstrom(ket("0" * m), ket("+" * m)), "cannot choose"),
        (lambda m: 1.0, ""),
        (lambda m: 0.5 if m == 1 else 1.0, ""),
        (lambda m: round(float(telephone.solution(m)), 4), ""),
        (lambda m: telephone.solution(min(m, 3)), ""),
        (lambda m: 2 * telephone.solution(m) - 1, "trace distance"),
    ],
)
def test_a_telephone_that_works_too_well_or_too_badly_is_refused(answer, said):
    assert said in says(telephone, answer)


def test_the_best_fidelity_may_come_from_the_formula_the_library_or_one_matrix():
    sphere = np.stack([ket(letter) for letter in "01+-ij"])

    def by_library(copies):
        return cloning_bound(sphere, np.full(copies, 1 / copies))

    def by_indices(copies):
        n = copies + 1
        total = np.zeros((2**n, 2**n), complex)
        for psi, k in product(density(sphere), range(copies)):
            wires = [np.eye(2)] * n
            wires[0], wires[k + 1] = psi.conj(), psi
            matrix = np.ones((1, 1))
            for wire in wires:
                matrix = np.kron(matrix, wire)
            total = total + matrix
        return 2 * max(np.linalg.eigvals(total / 6 / copies).real)

    assert passes(best_fidelity, lambda copies: (2 * copies + 1) / (3 * copies))
    assert passes(best_fidelity, by_library)
    assert passes(best_fidelity, by_indices)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda m: 2 / 3, "tends to"),
        (lambda m: 1.0, "without any loss"),
        (lambda m: [1, 5 / 6, 7 / 9, 0.75][m - 1] if m < 4 else 2 / 3, ""),
        (lambda m: (2 * m + 1) / (3 * m) / 2, "trace 2"),
        (lambda m: (m + 1) / (2 * m), "spreads the loss"),
        (lambda m: 5 / 6, ""),
        (lambda m: 1 / 2 + 1 / sqrt(8), ""),
    ],
)
def test_another_bound_is_refused(answer, said):
    assert said in says(best_fidelity, answer)


def test_answers_that_hold_in_a_part_of_the_range_are_refused_whatever_is_drawn():
    for seed in range(12):
        assert not best_fidelity.check(lambda m: {1: 1, 2: 5 / 6, 3: 7 / 9, 4: 3 / 4}.get(m, 0.7), seed=seed)
        assert not eve_error.check(lambda e: 0.5 - sqrt(e * (1 - e)) if e < 0.25 else 0.0, seed=seed)
        assert not cloner.check(lambda eta: cloner(eta if eta < np.pi / 2 else np.pi - eta), seed=seed)
