"""The exercises on neural networks: what other right answers look like, and what only looks right."""

# ruff: noqa: E741 - O is what the chapter calls an observable

import numpy as np
import pytest

from qlearn.exercises.learning.neural_networks import (
    before,
    controlled_slope,
    labels,
    runs,
    shift_gradient,
    surrogate,
    sweep,
)
from qlearn.learning.neural_networks import adjoint
from qlearn.qubits import Circuit, expectation
from tests.exercises.tried import passes, refused


def eighth(f, angles):
    turns = np.pi / 4 * np.eye(len(angles))
    return [(f(angles + t) - f(angles - t)) / 2**0.5 for t in turns]


def one_by_one(f, angles):
    slopes = []
    for k in range(len(angles)):
        here = angles.copy()
        here[k] += np.pi / 2
        ahead = f(here)
        here[k] -= np.pi
        slopes.append((ahead - f(here)) / 2)
    return tuple(slopes)


@pytest.mark.parametrize("answer", [eighth, one_by_one])
def test_a_shift_rule_of_another_step_or_style_passes(answer):
    assert shift_gradient.check(answer)


def difference(h):
    return lambda f, angles: [(f(angles + t) - f(angles - t)) / (2 * h) for t in h * np.eye(len(angles))]


@pytest.mark.parametrize("h", [0.1, 0.03, 0.003, 1e-3])
def test_a_finite_difference_is_near_and_not_exact(h):
    assert "near, but not exact" in shift_gradient.check(difference(h)).message


def six_points(h):
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}

    def answer(f, angles):
        ahead = ((w, k * t) for t in h * np.eye(len(angles)) for k, w in weights.items())
        slopes = [w * (f(angles + t) - f(angles - t)) / h for w, t in ahead]
        return np.reshape(slopes, (-1, 3)).sum(axis=1)

    return answer


@pytest.mark.parametrize("answer", [difference(1e-4), difference(1e-5), difference(1e-6), six_points(0.01)])
def test_a_step_so_small_that_it_is_exact_drowns_in_shots(answer):
    assert not shift_gradient.check(answer)
    assert "exact as long as f is" in shift_gradient.check(six_points(0.01)).message


@pytest.mark.parametrize(
    "answer",
    [
        six_points(0.5),
        lambda f, angles: shift_gradient(f, angles)[:1],
        lambda f, angles: np.resize(shift_gradient(f, angles[:3]), len(angles)),
        lambda f, angles: np.abs(shift_gradient(f, angles)),
        lambda f, angles: shift_gradient(f, angles)[::-1],
        lambda f, angles: shift_gradient(f, np.remainder(angles, np.pi)),
        lambda f, angles: [f(angles + t) for t in np.pi / 2 * np.eye(len(angles))],
    ],
)
def test_what_is_no_gradient_is_refused(answer):
    assert not shift_gradient.check(answer)


def stored(turns, start, O, turn):
    gates, psi, slopes = [turn(*t) for t in turns], start, []
    for gate in gates:
        psi = gate @ psi
    lam = O @ psi
    for (P, _), gate in zip(turns[::-1], gates[::-1], strict=True):
        slopes.insert(0, np.vdot(lam, P @ psi).imag)
        psi, lam = gate.conj().T @ psi, gate.conj().T @ lam
    return slopes


def forward(turns, start, O, turn):
    """Keep the states of the way out, and bring back only lambda."""
    states = [start]
    for P, theta in turns:
        states.append(turn(P, theta) @ states[-1])
    lam = O @ states[-1]
    slopes = np.zeros(len(turns))
    for k in range(len(turns) - 1, -1, -1):
        P, theta = turns[k]
        slopes[k] = 2 * (lam.conj() @ (-0.5j * P) @ states[k + 1]).real
        lam = turn(P, -theta) @ lam
    return slopes


@pytest.mark.parametrize("answer", [stored, forward])
def test_a_sweep_may_undo_by_the_conjugate_or_keep_its_states(answer):
    assert sweep.check(answer)


def small_steps(turns, start, O, turn):
    def mean(angles):
        psi = start
        for (P, _), theta in zip(turns, angles, strict=True):
            psi = turn(P, theta) @ psi
        return np.vdot(psi, O @ psi).real

    here = np.array([theta for _, theta in turns])
    return [(mean(here + t) - mean(here - t)) / 2e-5 for t in 1e-5 * np.eye(len(here))]


def test_a_sweep_may_not_start_anew_for_each_gate():
    assert "Do not start anew" in sweep.check(sweep.mistakes["shifts"].answer).message
    assert not sweep.check(small_steps)


@pytest.mark.parametrize(
    "answer",
    [
        lambda turns, start, O, turn: sweep(turns, start, O.real, turn),
        lambda turns, start, O, turn: sweep(turns, start.real, O, turn),
        lambda turns, start, O, turn: sweep(turns, np.eye(len(start))[0], O, turn),
        lambda turns, start, O, turn: sweep(turns[:3], start, O, turn),
        lambda turns, start, O, turn: np.sort(sweep(turns, start, O, turn)),
    ],
)
def test_a_sweep_for_some_starts_or_observables_only_is_refused(answer):
    assert not sweep.check(answer)


def test_runs_are_counted_to_the_last_one():
    assert runs.check(
        lambda samples, angles, epochs, shots: shots * (samples + 2 * angles * samples) * epochs
    )
    assert not runs.check(lambda *sizes: runs(*sizes) + 1)
    assert not runs.check(lambda *sizes: runs(*sizes) * (1 + 1e-7))
    assert not runs.check(lambda samples, angles, epochs, shots: (2 * angles + 1) * samples * epochs * 1000)


def flips(string, pairs):
    z = [letter == "Z" for letter in string]
    for control, target in pairs[::-1]:
        z[control] ^= z[target]
    return "".join("IZ"[bit] for bit in z)


def by_matrix(string, pairs):
    """Over the field of two: one matrix for all CNOTs."""
    M = np.eye(len(string), dtype=int)
    for control, target in pairs:
        M[target] ^= M[control]
    z = np.array([letter == "Z" for letter in string], int) @ M % 2
    return "".join("IZ"[bit] for bit in z)


@pytest.mark.parametrize("answer", [flips, by_matrix])
def test_what_was_read_before_the_cnots_may_be_found_in_any_way(answer):
    assert before.check(answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda string, pairs: flips(string, sorted(pairs, reverse=True)),
        lambda string, pairs: flips(string, sorted(pairs, key=lambda pair: -pair[1])),
        lambda string, pairs: flips(string, [p for k, p in enumerate(pairs) if p not in pairs[:k]]),
        lambda string, pairs: flips(string, [p for k, p in enumerate(pairs) if p not in pairs[k + 1 :]]),
        lambda string, pairs: flips(string, pairs[:6]),
        lambda string, pairs: flips(string, pairs).lower(),
        lambda string, pairs: "Z" * len(string) if pairs else string,
        lambda string, pairs: flips(string[::-1], pairs)[::-1],
    ],
)
def test_what_heeds_only_some_cnots_or_no_order_is_refused(answer):
    assert not before.check(answer)


def columns(x, K):
    kx = np.multiply.outer(x, np.arange(K + 1))
    return np.hstack([np.cos(kx), np.sin(kx[:, 1:])])


def normal_equations(x, y, K):
    M = columns(x, K)
    found = np.linalg.solve(M.T @ M, M.T @ y)
    return lambda new: (columns(new, K) @ found).tolist()


def by_waves(x, y, K):
    waves = np.exp(1j * np.outer(x, np.arange(-K, K + 1)))
    found = np.linalg.lstsq(waves, y.astype(complex), rcond=None)[0]

    class Series:
        def __call__(self, new):
            return (np.exp(1j * np.outer(new, np.arange(-K, K + 1))) @ found).real

    return Series()


@pytest.mark.parametrize("answer", [normal_equations, by_waves])
def test_least_squares_of_another_style_passes(answer):
    assert surrogate.check(answer)


def with_more(*more):
    def answer(x, y, K):
        def wider(x):
            return np.column_stack([columns(x, K), *(wave(x, K) for wave in more)])

        found = np.linalg.lstsq(wider(x), y, rcond=None)[0]
        return lambda new: wider(new) @ found

    return answer


def least_sum(x, y, K):
    M, w = columns(x, K), np.ones(len(x))
    for _ in range(30):
        found = np.linalg.lstsq((M.T * w**0.5).T, y * w**0.5, rcond=None)[0]
        w = 1 / np.maximum(np.abs(y - M @ found), 1e-6)
    return lambda new: columns(new, K) @ found


def table(x, y, K):
    fine = np.linspace(-np.pi, np.pi, 20_001)
    return lambda new: np.interp(new, fine, surrogate(x, y, K)(fine))


@pytest.mark.parametrize(
    "answer",
    [
        with_more(lambda x, K: np.sin((K + 1) * x)),
        with_more(lambda x, K: np.cos((K + 1) * x)),
        with_more(lambda x, K: np.cos((K + 2) * x), lambda x, K: np.sin((K + 2) * x)),
        with_more(lambda x, K: x),
        lambda x, y, K: surrogate(x[::2], y[::2], K),
        lambda x, y, K: surrogate(x[: 2 * K + 1], y[: 2 * K + 1], K),
        lambda x, y, K: surrogate(x, y, 3),
        lambda x, y, K: surrogate(x, y, min(K, 4)),
        least_sum,
        table,
    ],
)
def test_what_is_no_least_squares_fit_of_this_series_is_refused(answer):
    assert not surrogate.check(answer)


def test_what_stops_in_the_returned_function_is_named():
    verdict = surrogate.check(lambda x, y, K: lambda new: new @ np.ones(3))
    assert "the function that you return" in verdict.message
    assert "ValueError" in verdict.message
    assert "`return` of its own" in surrogate.check(lambda x, y, K: lambda new: None).message
    assert "a *function*" in surrogate.check(lambda x, y, K: surrogate(x, y, K)(x)).message


@pytest.mark.parametrize(
    "answer",
    [
        lambda X: np.sin(2 * X[:, 0]) * X[:, 1] > 0,
        lambda X: [int((a > 0.1) != (b > -0.1)) for a, b in X],
    ],
)
def test_labels_with_quadruples_of_corners_pass(answer):
    for seed in range(2):
        verdict = labels.check(answer, seed=seed)
        assert verdict, verdict


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda X: X[:, 0] > 0, "without a CNOT it is learned too"),
        (lambda X: (X**2).sum(1) > 1.6, "without a CNOT it is learned too"),
        (lambda X: np.random.default_rng(len(X)).integers(0, 2, len(X)), "where it stands"),
        (lambda X: np.arange(len(X)) % 2, "where it stands"),
        (lambda X: np.where(X[:, 0] > 0, "yes", "no"), "a number"),
        (lambda X: np.where(X[:, 0] > 0, 1.0, np.nan), "0 or 1"),
    ],
)
def test_labels_that_need_no_cnot_or_are_none_are_refused(answer, why):
    assert why in labels.check(answer).message


def kept_and_undone(turns, start, O, turn):
    """Each gate is made once and kept; what undoes it is its conjugate transpose."""
    gates = [turn(P, theta) for P, theta in turns]
    psi = np.asarray(start)
    for gate in gates:
        psi = gate.dot(psi)
    lam, slopes = O @ psi, []
    for (P, _), gate in zip(turns[::-1], gates[::-1], strict=True):
        slopes.insert(0, np.vdot(lam, P @ psi).imag)
        psi, lam = np.conj(gate).T @ psi, np.einsum("ji,j->i", gate.conj(), lam)
    return slopes


def bras_and_kept_states(turns, start, O, turn):
    states = [np.array(start)]
    for P, theta in turns:
        states.append(np.dot(turn(P, theta), states[-1]))
    bra, slopes = states[-1].conj() @ O, np.zeros(len(turns))
    for k in reversed(range(len(turns))):
        slopes[k] = 2 * (bra @ (-0.5j * turns[k][0] @ states[k + 1])).real
        bra = bra @ turn(*turns[k])
    return slopes


@pytest.mark.parametrize("answer", [kept_and_undone, bras_and_kept_states])
def test_a_sweep_may_keep_its_gates_or_its_states(answer):
    assert sweep.check(answer)


def test_a_sweep_with_gates_of_its_own_cannot_be_counted_and_is_told_so():
    def turned(P, theta):
        return np.cos(theta / 2) * np.eye(len(P)) - 1j * np.sin(theta / 2) * P

    def own(turns, start, O, turn):
        return kept_and_undone(turns, start, O, turned)

    assert "call it for every gate you apply" in sweep.check(own).message


def test_slopes_that_are_all_zero_are_called_so():
    assert "all your slopes are 0" in shift_gradient.check(lambda f, angles: np.zeros_like(angles)).message


def five_values(f, theta):
    """Fit both waves through five values, and take the slope of the fit."""
    places = theta + 4 * np.pi / 5 * np.arange(5)

    def waves(t):
        return np.stack([t**0, np.cos(t / 2), np.sin(t / 2), np.cos(t), np.sin(t)], axis=-1)

    a = np.linalg.solve(waves(places), [f(t) for t in places])
    half = theta / 2
    return a[1:] @ [-np.sin(half) / 2, np.cos(half) / 2, -np.sin(theta), np.cos(theta)]


def by_other_shifts(f, theta):
    """Thirds of a turn: two differences whose weights are found by two equations."""
    shifts = np.array([2.0, 4.5])
    weights = np.linalg.solve([2 * np.sin(shifts / 2), 2 * np.sin(shifts)], [0.5, 1.0])
    return sum(w * (f(theta + s) - f(theta - s)) for w, s in zip(weights, shifts, strict=True))


@pytest.mark.parametrize("answer", [five_values, by_other_shifts])
def test_the_slope_of_a_controlled_turn_may_come_from_other_values(answer):
    assert passes(controlled_slope, answer)


@pytest.mark.parametrize("h", [0.1, 0.003])
def test_a_finite_difference_of_a_controlled_turn_is_near_and_not_exact(h):
    refused(controlled_slope, lambda f, t: (f(t + h) - f(t - h)) / (2 * h), "near, but not exact")


def test_an_exact_rule_of_small_shifts_drowns_in_shots():
    def small(f, theta):
        shifts = np.array([0.02, 0.04])
        weights = np.linalg.solve([2 * np.sin(shifts / 2), 2 * np.sin(shifts)], [0.5, 1.0])
        return sum(w * (f(theta + s) - f(theta - s)) for w, s in zip(weights, shifts, strict=True))

    refused(controlled_slope, small, "exact as long as f is")


def test_the_rule_of_the_exercise_is_that_of_the_library():
    circuit = Circuit(2).ry(0.4, 0).ry(-0.8, 1).crx(0.9, 0, 1).ry(0.3, 0)

    def f(theta):
        return expectation(Circuit(2).ry(0.4, 0).ry(-0.8, 1).crx(theta, 0, 1).ry(0.3, 0).run(), "YZ")

    assert controlled_slope(f, 0.9) == pytest.approx(adjoint(circuit, "YZ")[2], abs=1e-12)
