"""The exercises on optimisation: what other right answers look like, and what only looks right."""

import networkx as nx
import numpy as np
import pytest

from qlearn.exercises.learning.optimisation import anneal_cut, coin_cut, cut_matrix, light_cone, one_layer
from qlearn.learning.optimisation import QAOASimulator


def test_a_number_is_one_in_any_form():
    assert coin_cut.check(7.5 + 0j)
    assert coin_cut.check([7.5])
    assert not coin_cut.check(7.5 + 1j)
    assert not coin_cut.check(8)


def by_hadamards(values, gamma, beta):
    """The mixer is diagonal behind Hadamards, with n - 2 (number of ones) on its diagonal."""
    n = len(values).bit_length() - 1
    H = np.ones((1, 1))
    for _ in range(n):
        H = np.kron(H, [[1, 1], [1, -1]]) / 2**0.5
    mixer = np.exp(-1j * beta * np.array([n - 2 * j.bit_count() for j in range(len(values))]))
    return H @ (mixer * (H @ (np.exp(-1j * gamma * values) / len(values) ** 0.5)))


def by_one_matrix(values, gamma, beta):
    """All wires at once, with a phase in front."""
    mixer = np.ones((1, 1))
    for _ in range(len(values).bit_length() - 1):
        mixer = np.kron([[1j * np.cos(beta), np.sin(beta)], [np.sin(beta), 1j * np.cos(beta)]], mixer)
    return list(mixer @ np.exp(-1j * gamma * values) / len(values) ** 0.5)


@pytest.mark.parametrize("answer", [by_hadamards, by_one_matrix])
def test_a_layer_of_another_style_or_phase_passes(answer):
    assert one_layer.check(answer)


def four_wires(values, gamma, beta):
    state = np.exp(-1j * gamma * values) / 4
    rx = np.array([[np.cos(beta), -1j * np.sin(beta)], [-1j * np.sin(beta), np.cos(beta)]])
    for wire in range(4):
        state = rx @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


def mixer_first(values, gamma, beta):
    return np.exp(-1j * gamma * values) * one_layer(0 * values, gamma, beta)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (four_wires, "reshape"),
        (mixer_first, "as likely as before"),
        (lambda *args: np.abs(one_layer(*args)) ** 2, "probabilities"),
        (lambda *args: np.abs(one_layer(*args)), "another state"),
        (lambda *args: one_layer(*args).conj(), "both signs are turned round"),
        (lambda *args: one_layer(*args)[::-1] if len(args[0]) > 4 else one_layer(*args), "other state"),
        (lambda values, gamma, beta: one_layer(np.abs(values), gamma, beta), "other state"),
        (lambda values, gamma, beta: one_layer(np.round(values), gamma, beta), "other state"),
        (lambda values, gamma, beta: one_layer(values, gamma, beta / 2), "turned by half of it"),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_refused(answer, why):
    assert why in one_layer.check(answer).message


def test_how_a_pair_is_shared_is_free():
    assert cut_matrix.check(lambda A: np.triu(2 * A, 1) - np.diag(A.sum(axis=1)))
    assert cut_matrix.check(lambda A: (np.tril(2 * A) - np.diag(A @ np.ones(len(A)))).tolist())
    assert cut_matrix.check(lambda A: -nx.laplacian_matrix(nx.from_numpy_array(A)).toarray())


@pytest.mark.parametrize(
    "answer",
    [
        lambda A: np.array([[-5, 1, 1, 3], [1, -3, 2, 0], [1, 2, -4, 1], [3, 0, 1, -4]]),
        lambda A: np.triu(A - np.diag(A.sum(axis=0))),
        lambda A: A - np.diag(A.max(axis=0)),
        lambda A: A - np.diag(np.full(len(A), A[0].sum())),
        lambda A: (A > 0) - np.diag((A > 0).sum(axis=0)) * 1.0,
        lambda A: A - A.sum(axis=0),
        lambda A: 2 * np.triu(A) - np.diag(A.sum(axis=0) + 1e-3),
    ],
)
def test_what_is_no_cut_matrix_is_refused(answer):
    assert not cut_matrix.check(answer)


def by_walking(d, p):
    edge, seen = 2, 2
    for _ in range(p):
        edge *= d - 1
        seen += edge
    return float(seen)


def in_a_tree(d, p):
    """Grow the graph around an edge and count."""
    rim, seen = [0, 1], 2
    for _ in range(p):
        rim = [child for _ in rim for child in range(d - 1)]
        seen += len(rim)
        if seen > 10**5:
            return light_cone(d, p)
    return seen


@pytest.mark.parametrize("answer", [by_walking, in_a_tree])
def test_a_light_cone_may_be_counted_in_any_way(answer):
    assert light_cone.check(answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda d, p: 2 * sum((d - 1) ** min(k, 2) for k in range(p + 1)),
        lambda d, p: (d < 5) * light_cone(d, p),
        lambda d, p: {(3, 2): 14, (3, 1): 6, (2, 3): 8, (4, 2): 26}.get((d, p)),
        lambda d, p: 2 * ((d - 1) ** (p + 1) - 1) / (d - 2 + 1e-9),
        lambda d, p: light_cone(d, p) + (p == 0),
        lambda d, p: 2 * p + 2,
    ],
)
def test_what_is_no_light_cone_is_refused(answer):
    assert not light_cone.check(answer)


def test_the_closed_form_stops_on_a_ring():
    assert (
        "ZeroDivisionError" in light_cone.check(lambda d, p: 2 * ((d - 1) ** (p + 1) - 1) // (d - 2)).message
    )


def annealer(start=None, order=None, accept=None, T=None):
    """Anneal with sides of 0 and 1, and count edges."""

    def answer(A, sweeps, rng):
        n = len(A)
        sides = rng.integers(0, 2, n) if start is None else start(A, rng)
        cooling = (3 * (0.1 / 3) ** (k / (sweeps - 1)) for k in range(sweeps)) if T is None else T(sweeps)
        for now in cooling:
            for i in range(n) if order is None else order(n, rng):
                same = sides == sides[i]
                same[i] = False
                gain = A[i][same].sum() - A[i][~same].sum()
                if accept(gain, now, rng) if accept else gain > 0 or rng.random() < np.exp(gain / now):
                    sides[i] = 1 - sides[i]
        return sides.tolist()

    return answer


def drawn_at_once(A, sweeps, rng):
    chances = rng.random((sweeps, len(A)))
    spins = np.where(rng.random(len(A)) < 0.5, -1, 1)
    for T, row in zip(np.geomspace(3, 0.1, sweeps), chances, strict=True):
        for i, chance in enumerate(row):
            gain = spins[i] * (A[i] @ spins)
            spins[i] *= -1 if np.log(chance) < gain / T else 1
    return spins > 0


RIGHT = [
    annealer(),
    annealer(start=lambda A, rng: (rng.random(len(A)) < 0.5).astype(int)),
    annealer(start=lambda A, rng: np.array([rng.random() < 0.5 for _ in A], int)),
    annealer(start=lambda A, rng: rng.choice(2, len(A))),
    annealer(order=lambda n, rng: rng.permutation(n)),
    annealer(order=lambda n, rng: range(n - 1, -1, -1)),
    annealer(accept=lambda gain, T, rng: rng.random() < min(1, np.exp(gain / T))),
    annealer(accept=lambda gain, T, rng: rng.uniform(0, 1) < np.exp(gain / T)),
    annealer(accept=lambda gain, T, rng: gain > T * np.log(rng.uniform())),
    annealer(accept=lambda gain, T, rng: -gain < rng.exponential(T)),
    annealer(accept=lambda gain, T, rng: gain >= 0 or rng.binomial(1, np.exp(gain / T))),
    drawn_at_once,
]


@pytest.mark.parametrize("answer", RIGHT)
def test_an_anneal_of_another_style_passes(answer):
    for seed in range(4):
        verdict = anneal_cut.check(answer, seed=seed)
        assert verdict, (seed, verdict)


def spectral(A, rng):
    return (np.linalg.eigh(A)[1][:, 0] > 0).astype(int)


def descent(A, sides):
    moved = True
    while moved:
        moved = False
        for i in range(len(A)):
            if (1 - 2 * sides[i]) * (A[i] @ (1 - 2 * sides)) > 0:
                sides[i], moved = 1 - sides[i], True
    return sides


def restarts(A, sweeps, rng):
    ends = [descent(A, rng.integers(0, 2, len(A))) for _ in range(sweeps + 1)]
    return max(ends, key=lambda s: s @ A @ (1 - s))


def all_at_once(A, sweeps, rng):
    spins = rng.choice([-1, 1], len(A))
    for T in np.geomspace(3, 0.1, sweeps):
        gain = spins * (A @ spins)
        spins = np.where(rng.random(len(A)) < np.exp(np.minimum(gain, 0) / T), -spins, spins)
    return spins < 0


WRONG = [
    (annealer(start=spectral), "the same whatever"),
    (lambda A, sweeps, rng: descent(A, spectral(A, rng)), "the same whatever"),
    (annealer(start=lambda A, rng: spectral(A, rng) ^ (rng.random(len(A)) < 0.02)), "clever start"),
    (lambda A, sweeps, rng: descent(A, rng.integers(0, 2, len(A))), "clever start"),
    (restarts, "clever start"),
    (lambda A, sweeps, rng: restarts(A, sweeps, rng) if sweeps else rng.integers(0, 2, len(A)), "stuck"),
    (all_at_once, "worse than a coin"),
    (annealer(start=lambda A, rng: np.zeros(len(A), int)), "the same whatever"),
    (annealer(start=lambda A, rng: np.arange(len(A)) % 2), "the same whatever"),
    (annealer(start=lambda A, rng: rng.permutation(np.arange(len(A)) % 9 == 0).astype(int)), "no coin's"),
    (annealer(order=lambda n, rng: rng.integers(0, n, n)), ""),
    (annealer(order=lambda n, rng: range(9 * n // 10)), ""),
    (annealer(order=lambda n, rng: [*range(n), *range(n)]), ""),
    (annealer(accept=lambda gain, T, rng: rng.random() < 1 / (1 + np.exp(-gain / T))), "nearly"),
    (annealer(accept=lambda gain, T, rng: gain > 0 or rng.random() < T / 3), ""),
    (annealer(accept=lambda gain, T, rng: gain > 0 or rng.random() < 0.2), ""),
    (annealer(accept=lambda gain, T, rng: gain > -T / 2), ""),
    (annealer(accept=lambda gain, T, rng: gain > 0), "stuck"),
    (annealer(accept=lambda gain, T, rng: rng.random() < np.exp(2 * gain / T)), ""),
    (annealer(T=lambda sweeps: np.linspace(3, 0.1, sweeps)), "nearly"),
    (annealer(T=lambda sweeps: np.geomspace(0.1, 3, sweeps)), ""),
    (annealer(T=lambda sweeps: np.geomspace(3, 0.1, sweeps + 1)[:sweeps]), ""),
    (annealer(T=lambda sweeps: np.geomspace(2.7, 0.1, sweeps)), "nearly"),
    (annealer(T=lambda sweeps: np.geomspace(3, 0.1, 12 if sweeps else 0)), "do no more work"),
    (lambda A, sweeps, rng: annealer()((A != 0) * 1.0, sweeps, rng), ""),
    (lambda A, sweeps, rng: anneal_cut(np.where(A.max(1, keepdims=True) == A, A, 0), sweeps, rng), ""),
    (lambda A, sweeps, rng: A.sum() / 4, "one side, 0 or 1"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "why"), WRONG)
def test_what_does_not_anneal_by_the_rules_is_refused(answer, why):
    for seed in range(3):
        verdict = anneal_cut.check(answer, seed=seed)
        assert not verdict
        assert why in verdict.message


def test_sides_that_only_the_largest_weight_decides_are_no_cut():
    def strongest(A, sweeps, rng):
        one = np.zeros_like(A)
        one[np.arange(len(A)), np.abs(A).argmax(1)] = A[np.arange(len(A)), np.abs(A).argmax(1)]
        return anneal_cut(one, sweeps, rng)

    assert "sum over all its neighbours" in anneal_cut.check(strongest).message


def test_the_layer_of_the_library_is_not_by_numpy():
    def ready(values, gamma, beta):
        return QAOASimulator(values).state(np.array([gamma]), np.array([beta]))

    assert "NumPy alone" in one_layer.check(ready).message


def test_a_state_in_single_precision_is_the_same_state():
    assert one_layer.check(lambda *given: one_layer.solution(*given).astype(np.complex64))


@pytest.mark.parametrize("make", [np.random.default_rng, lambda: np.random.default_rng(7)])
def test_annealing_with_chance_of_its_own_is_refused(make):
    assert "rng" in anneal_cut.check(lambda A, sweeps, rng: anneal_cut.solution(A, sweeps, make())).message


@pytest.mark.parametrize("seed", range(4))
def test_the_best_sides_on_the_way_are_not_those_at_the_end(seed):
    def best_of_all(A, sweeps, rng):
        sides = rng.integers(0, 2, len(A))
        best, most = sides.copy(), -np.inf
        for T in np.geomspace(3, 0.1, sweeps):
            for i in range(len(A)):
                gain = A[i] @ np.where(sides == sides[i], 1, -1)
                if gain >= 0 or rng.random() < np.exp(gain / T):
                    sides[i] = 1 - sides[i]
            if (cut := sides @ A @ (1 - sides)) > most:
                best, most = sides.copy(), cut
        return best

    assert "best sides that were seen" in anneal_cut.check(best_of_all, seed=seed).message
