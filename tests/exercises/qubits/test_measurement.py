"""Answers to the exercises of *Measurement*: right ones in other styles pass, wrong ones do not."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, prod

import numpy as np
import pytest
from scipy.optimize import minimize

from qlearn.exercises.qubits.measurement import (
    best_question,
    chance_of_plus,
    never_wrong,
    portrait,
    shots_needed,
    watched,
)
from qlearn.qubits import Circuit, bloch, bloch_vector, probabilities
from tests.exercises.tried import passes


def says(exercise, answer):
    verdict = exercise.check(answer)
    assert not verdict
    return verdict.message


def test_the_chance_of_plus_may_come_from_the_library_or_in_a_list():
    state = np.array([0.6, 0.8])
    assert chance_of_plus.check(probabilities(state, basis="X")[0])
    assert chance_of_plus.check([0.98])
    assert "the amplitude" in says(chance_of_plus, 1.4 / np.sqrt(2))
    assert "the other answer" in says(chance_of_plus, 0.02)
    assert "added first" in says(chance_of_plus, 0.5)


def with_decimals(p, error):
    with localcontext() as context:
        context.prec = 60
        p, error = Decimal(str(p)), Decimal(str(error))
        n = int(p * (1 - p) / error**2)
        return n if p * (1 - p) <= n * error**2 else n + 1


def with_whole_numbers(p, error):
    unit = 10**20
    p, error = int(Decimal(str(p)) * unit), int(Decimal(str(error)) * unit)
    return -(-p * (unit - p) // error**2)


def with_a_tolerance(p, error):
    return float(ceil(p * (1 - p) / error**2 - 1e-7))


def by_search(p, error):
    p, error = Fraction(str(p)), Fraction(str(error))
    low, high = 1, 10**9
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if p * (1 - p) <= middle * error**2 else (middle + 1, high)
    return np.int64(low)


@pytest.mark.parametrize("answer", [with_decimals, with_whole_numbers, by_search])
def test_shots_may_be_counted_in_any_exact_way(answer):
    assert passes(shots_needed, answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda p, e: int(p * (1 - p) / e**2) + 1, ""),
        (lambda p, e: ceil(p * (1 - p) / e**2), "16 digits"),
        (with_a_tolerance, "a trace above a whole number"),
        (lambda p, e: ceil(round(p * (1 - p) / e**2, 9)), "a trace above a whole number"),
        (lambda p, e: round(p * (1 - p) / e**2), "to the nearest"),
        (lambda p, e: int(with_a_tolerance(p, e)) if p < 0.5 else int(p * (1 - p) / e**2), ""),
        (lambda p, e: ceil(Fraction(str(p)) / Fraction(str(e)) ** 2 / 4), ""),
        (lambda p, e: with_decimals(0.5, e), ""),
        (lambda p, e: {(0.1, 0.03): 100, (0.5, 0.25): 4}.get((p, e), 1736), ""),
    ],
)
def test_shots_counted_loosely_are_refused(answer, said):
    assert said in says(shots_needed, answer)


def test_a_watched_qubit_may_be_simulated():
    def step_by_step(looks):
        chance, turn = 1.0, Circuit(1).ry(np.pi / looks, 0)
        for _ in range(looks):
            chance *= probabilities(turn.run())[0]
        return chance

    assert passes(watched, step_by_step)
    assert passes(watched, lambda looks: prod([(1 + np.cos(np.pi / looks)) / 2] * looks))
    assert passes(watched, lambda looks: np.array([(1 - np.sin(np.pi / 2 / looks) ** 2) ** looks]))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda n: round(np.cos(np.pi / 2 / n) ** (2 * n), 4), "keep them all"),
        (lambda n: float(f"{np.cos(np.pi / 2 / n) ** (2 * n):.3g}"), "keep them all"),
        (lambda n: 1, "returns a new one"),
        (lambda n: (1 + np.cos(np.pi / n) ** n) / 2, "every time"),
        (lambda n: 1 - np.pi**2 / 4 / n, ""),
        (lambda n: np.exp(-(np.pi**2) / 4 / n), ""),
        (lambda n: (1 - 1 / n) ** n, ""),
        (lambda n: np.cos(np.pi / 2 / n) ** (2 * n) if n < 100 else 1.0, ""),
    ],
)
def test_what_a_watched_qubit_does_not_do_is_refused(answer, said):
    assert said in says(watched, answer)


def half_way_round(a, b):
    arrow = bloch_vector(np.array(a)) - bloch_vector(np.array(b))
    x, y, z = arrow / np.linalg.norm(arrow)
    theta, phi = np.arccos(np.clip(z, -1, 1)), np.arctan2(y, x)
    return np.stack([bloch(theta, phi), bloch(np.pi - theta, phi + np.pi)], axis=1)


def with_phases(a, b):
    return best_question.solution(a, b) * np.array([1j, np.exp(0.7j)])


def searched(a, b):
    def basis(angles):
        theta, phi = angles
        return np.stack([bloch(theta, phi), bloch(np.pi - theta, phi + np.pi)], axis=1)

    def wrong(angles):
        E = basis(angles)
        return abs(np.vdot(E[:, 1], a)) ** 2 + abs(np.vdot(E[:, 0], b)) ** 2

    starts = [(1, 0), (1, 2), (1, 4), (2, 1), (2, 3), (2, 5)]
    return basis(min((minimize(wrong, start) for start in starts), key=lambda r: r.fun).x)


@pytest.mark.parametrize("answer", [half_way_round, with_phases, searched])
def test_the_best_question_may_be_drawn_on_the_sphere_or_searched_for(answer):
    assert passes(best_question, answer)
    assert passes(best_question, lambda a, b: answer(a, b).tolist())


def real_only(a, b):
    angle = (np.arctan2(a[1].real, a[0].real) + np.arctan2(b[1].real, b[0].real)) / 2 - np.pi / 4
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def orthogonalised(a, b):
    q = np.linalg.qr(np.stack([a, b], axis=1))[0]
    return q


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (real_only, ""),
        (orthogonalised, "too hard on b"),
        (lambda a, b: best_question.solution(b, a), "answers exchanged"),
        (lambda a, b: best_question.solution(a, b).T, "columns"),
        (lambda a, b: best_question.solution(a, b).conj(), "conjugated"),
        (lambda a, b: best_question.solution(a, b)[:, 0], "(2, 2) matrix"),
        (lambda a, b: 2 * best_question.solution(a, b), "no basis"),
        (lambda a, b: np.full((2, 2), np.nan), "no basis"),
    ],
)
def test_another_question_is_refused(answer, said):
    assert said in says(best_question, answer)


def test_a_measurement_that_is_never_wrong_may_be_found_by_its_eigenvalue():
    def by_the_eigenvalue(a, b):
        not_a = np.eye(2) - np.outer(a, a.conj())
        not_b = np.eye(2) - np.outer(b, b.conj())
        largest = np.linalg.eigvalsh(not_a + not_b)[-1]
        return np.array([not_b / largest, not_a / largest, np.eye(2) - (not_a + not_b) / largest])

    def by_inversion(a, b):
        dual = np.linalg.inv(np.stack([a, b], axis=1))
        c = 1 - abs(np.vdot(a, b))
        says_a, says_b = (c * np.outer(d.conj(), d) for d in dual)
        return [says_a, says_b, np.eye(2) - says_a - says_b]

    assert passes(never_wrong, by_the_eigenvalue)
    assert passes(never_wrong, by_inversion)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda a, b: (np.zeros((2, 2)), np.zeros((2, 2)), np.eye(2)), "never say anything"),
        (lambda a, b: never_wrong.solution(b, a), "exchanged the two"),
        (lambda a, b: never_wrong.solution(a, b)[:2], "three (2, 2)"),
        (lambda a, b: [x.conj() for x in never_wrong.solution(a, b)], "conjugate them"),
        (lambda a, b: [2 * x for x in never_wrong.solution(a, b)], "add to the unit matrix"),
        (lambda a, b: never_wrong.solution(np.array([1, 0j]), np.array([1, 1]) / np.sqrt(2)), "may be wrong"),
        (lambda a, b: [x.real for x in never_wrong.solution(a, b)], ""),
        (lambda a, b: (np.full((2, 2), np.nan),) * 3, "unit matrix"),
    ],
)
def test_a_measurement_that_errs_or_is_too_shy_is_refused(answer, said):
    assert said in says(never_wrong, answer)


def by_most_likely(ask):
    seen = {basis: np.bincount(ask(basis, 1000), minlength=2) for basis in "XYZ"}

    def cost(angles):
        state = bloch(*map(float, angles))
        return -sum(
            (seen[basis] * np.log(probabilities(state, basis=basis) + 1e-12)).sum() for basis in "XYZ"
        )

    starts = [(1, 0), (1, 2), (1, 4), (2, 1), (2, 3), (2, 5)]
    best = min((minimize(cost, start, method="Nelder-Mead") for start in starts), key=lambda r: r.fun)
    return bloch(*map(float, best.x))


def by_eigenvectors(ask):
    x, y, z = (1 - 2 * sum(ask(basis, 1)[0] for _ in range(500)) / 500 for basis in "XYZ")
    return np.linalg.eigh(np.array([[z, x - 1j * y], [x + 1j * y, -z]]))[1][:, -1].tolist()


def from_the_values(ask):
    x, y, z = ((1 - 2 * ask(basis, 900)).mean() for basis in "XYZ")
    return np.array([1 + z, x + 1j * y]) / np.linalg.norm([1 + z, x + 1j * y])


def test_a_portrait_may_be_drawn_by_likelihood_or_from_a_matrix():
    assert passes(portrait, from_the_values)
    assert passes(portrait, by_most_likely)
    assert passes(portrait, by_eigenvectors)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda ask: portrait.solution(ask)[::-1], ""),
        (lambda ask: np.abs(portrait.solution(ask)), ""),
        (lambda ask: bloch(np.arccos(1 - 2 * ask("Z", 3000).mean()), 0), "asked Z only"),
        (lambda ask: max(portrait.solution(ask), portrait.solution(ask), key=len), "you used 6000"),
        (lambda ask: portrait.solution(ask).conj(), "mirrored"),
        (lambda ask: 2 * portrait.solution(ask), "add to 1"),
        (lambda ask: [True, False], "asked nothing"),
        (lambda ask: (ask("W", 10), ask)[1], "stopped with ValueError: the basis must be"),
        (lambda ask: ask("X", -3000), "stopped with ValueError"),
        (lambda ask: [None, 1], "`None` among"),
        (lambda ask: "|0>", "quotation marks"),
    ],
)
def test_a_portrait_of_somebody_else_is_refused(answer, said):
    assert said in says(portrait, answer)


def by_the_half_circle(ask):
    x, y, z = (1 - 2 * ask(basis, 1000).mean() for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan(y / x))


def by_x_alone(ask):
    x, _, z = (1 - 2 * ask(basis, 1000).mean() for basis in "XYZ")
    theta = np.arccos(z)
    return bloch(theta, np.arccos(np.clip(x / np.sin(theta), -1, 1)))


@pytest.mark.parametrize(
    ("answer", "said"), [(by_the_half_circle, "np.arctan2(y, x) can"), (by_x_alone, "mirrored")]
)
def test_a_phase_from_half_of_the_circle_is_refused_whatever_is_drawn(answer, said):
    for seed in range(12):
        verdict = portrait.check(answer, seed=seed)
        assert not verdict
        assert said in verdict.message
