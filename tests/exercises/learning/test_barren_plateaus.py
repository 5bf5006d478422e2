"""The exercises on barren plateaus: what other right answers look like, and what only looks right."""

import numpy as np
import pytest

from qlearn.exercises.learning.barren_plateaus import local_cost, mirror, shots, slope, small_turns
from qlearn.learning import barren_plateaus
from qlearn.learning.barren_plateaus import draw_circuits, first_gradients, gradients


def test_shots_that_are_rounded_are_told_so():
    assert shots.check(1_572_864)
    assert "keep them all" in shots.check(1.57e6).message


def by_partial_sums(state):
    chances = np.abs(state.reshape([2] * (len(state).bit_length() - 1))) ** 2
    return [sum(chances.take(1, axis=k).sum() for k in range(chances.ndim)) / chances.ndim][0]


def by_counting(state):
    cost, n = 0, len(bin(len(state))) - 3
    for j, amplitude in enumerate(state):
        cost += bin(j).count("1") * (amplitude * amplitude.conjugate())
    return cost / n


@pytest.mark.parametrize("answer", [by_partial_sums, by_counting])
def test_a_local_cost_of_another_style_passes(answer):
    assert local_cost.check(answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda state: local_cost(np.abs(state)) if len(state) == 8 else 0.5,
        lambda state: local_cost(state.real),
        lambda state: 1 - local_cost(state[::-1]) ** 2,
        lambda state: local_cost(state / np.abs(state).max()),
        lambda state: max(np.abs(state[len(state) // 2 :]).sum() ** 2, 0),
    ],
)  # fmt: skip
def test_what_is_no_local_cost_is_refused(answer):
    assert not local_cost.check(answer)


@pytest.mark.parametrize(
    "back",
    [
        lambda half: -half[::-1],
        lambda half: 4 * np.pi - half[::-1],
        lambda half: 2 * np.pi - half[::-1],
        lambda half: (-half[::-1]) % (2 * np.pi),
        lambda half: np.flip(-half, axis=0).tolist(),
    ],
)
def test_angles_that_differ_by_whole_turns_undo_a_layer_too(back):
    assert mirror.check(lambda half: np.vstack([half, back(half)]))


@pytest.mark.parametrize(
    "back",
    [
        lambda half: 3 * np.pi - half[::-1],
        lambda half: -half[[2, 1, 0]] if len(half) == 3 else -half,
        lambda half: -np.roll(half, 1, axis=0),
        lambda half: -half[::-1] / 2,
        lambda half: 1 / half[::-1],
    ],
)
def test_what_does_not_undo_is_refused(back):
    assert not mirror.check(lambda half: np.vstack([half, back(half)]))


def test_angles_that_are_all_zero_are_not_those_that_were_drawn():
    assert not mirror.check(lambda half: np.zeros((2 * len(half), half.shape[1])))
    assert "work on a copy" in mirror.check(mirror.mistakes["changes_what_was_given"].answer).message


def by_covariance(n, variances):
    return np.cov(n, np.log2(variances))[0, 1] / np.var(n, ddof=1)


def by_least_squares(n, variances):
    M = np.column_stack([np.ones(len(n)), n])
    return np.linalg.lstsq(M, np.log(variances), rcond=None)[0][1:] / np.log(2)


@pytest.mark.parametrize("answer", [by_covariance, by_least_squares])
def test_a_line_of_another_style_passes(answer):
    assert slope.check(answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda n, variances: np.polyfit(n, np.log2(variances), 1, w=variances)[0],
        lambda n, variances: np.polyfit(n, np.log2(variances), 2)[1],
        lambda n, variances: np.polyfit(n[:4], np.log2(variances)[:4], 1)[0],
        lambda n, variances: -abs(slope(n, variances)),
        lambda n, variances: slope(np.sort(n), variances),
        lambda n, variances: round(slope(n, variances), 3),
        lambda n, variances: np.median(np.diff(np.log2(variances)) / np.diff(n)),
        lambda n, variances: slope(n, np.sqrt(variances)),
    ],
)
def test_what_is_no_unweighted_line_through_all_points_is_refused(answer):
    assert not slope.check(answer)


def turner(
    samples=lambda s: s, angles=None, value=lambda g: g.var(ddof=1), take=lambda c: first_gradients(c, "zz")
):
    def answer(n_qubits, depth, width, samples_, rng):
        c = draw_circuits(n_qubits, depth, samples=samples(samples_), rng=rng)
        drawn = (
            rng.uniform(-width, width, c.angles.shape)
            if angles is None
            else angles(width, c.angles.shape, rng)
        )
        return value(take(c.with_angles(drawn)))

    return answer


def imports_itself(n_qubits, depth, width, samples, rng):
    from qlearn.learning.barren_plateaus import draw_circuits, first_gradients

    c = draw_circuits(n_qubits, depth, samples=samples, rng=rng)
    return first_gradients(c.with_angles(rng.uniform(-width, width, c.angles.shape))).var()


def one_after_the_other(n_qubits, depth, width, samples, rng):
    slopes = []
    for _ in range(samples):
        c = draw_circuits(n_qubits, depth, samples=1, rng=rng)
        slopes.append(first_gradients(c.with_angles(width * (2 * rng.random(c.angles.shape) - 1)), "zz")[0])
    return np.var(slopes)


def step_back(circuits):
    """Return derivatives by the shift rule, with nothing that is watched."""
    shift = np.zeros_like(circuits.angles)
    shift[:, 0, 0] = np.pi / 2
    cost = barren_plateaus.expected_cost
    return (
        cost(circuits.with_angles(circuits.angles + shift))
        - cost(circuits.with_angles(circuits.angles - shift))
    ) / 2


RIGHT = [
    turner(angles=lambda width, shape, rng: width * (2 * rng.random(shape) - 1)),
    turner(angles=lambda width, shape, rng: rng.uniform(-width, width, shape) % (2 * np.pi)),
    turner(value=lambda g: len(g) / (len(g) - 1) * (np.mean(g**2) - np.mean(g) ** 2)),
    turner(value=lambda g: g.var()),
    turner(value=lambda g: [g.var()]),
    turner(take=lambda c: gradients(c, "zz")[:, 0, 0]),
    turner(take=lambda c: barren_plateaus.first_gradients(c)),
    turner(take=step_back),
    imports_itself,
    one_after_the_other,
]


@pytest.mark.parametrize("answer", RIGHT)
def test_small_turns_of_another_style_pass(answer):
    verdict = small_turns.check(answer)
    assert verdict, verdict


WRONG = [
    (turner(samples=lambda s: max(2, s // 2)), "circuits you take the derivatives of"),
    (turner(angles=lambda w, shape, rng: rng.triangular(-w * 2**0.5, 0, w * 2**0.5, shape)), "you turn by up to"),
    (turner(angles=lambda w, shape, rng: rng.choice([-1, 1], shape) * w * rng.beta(3, 2.5, shape)), "not uniformly"),
    (turner(angles=lambda w, shape, rng: rng.normal(0, w / 3**0.5, shape)), "you turn by up to"),
    (turner(angles=lambda w, shape, rng: rng.uniform(-w / 2, w / 2, shape)), "not uniformly"),
    (turner(angles=lambda w, shape, rng: rng.choice([-w, w], shape)), "not uniformly"),
    (turner(value=lambda g: np.mean(g**2)), "mean square"),
    (turner(value=lambda g: g.std()), "standard deviation"),
    (turner(value=lambda g: g), "one real number"),
    (turner(value=lambda g: g[:100].var()), "is not the variance of their first derivatives"),
    (turner(take=lambda c: gradients(c, "zz").reshape(-1)), "is not the variance of their first derivatives"),
    (turner(take=lambda c: gradients(c, "zz")[:, -1, 0]), "is not the variance of their first derivatives"),
    (turner(take=lambda c: first_gradients(c, "local")), "local cost"),
    (turner(take=lambda c: barren_plateaus.first_gradients(c, "global")), "global cost"),
    (turner(take=lambda c: step_back(c.with_angles(c.angles / 2))), "is not the variance that such circuits have"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "why"), WRONG)
def test_small_turns_are_uniform_and_as_many_as_asked_for(answer, why):
    for seed in range(2):
        verdict = small_turns.check(answer, seed=seed)
        assert not verdict
        assert why in verdict.message


def test_a_check_leaves_the_library_as_it_was():
    before = barren_plateaus.first_gradients, barren_plateaus.cost_functions.first_gradients
    small_turns.check(imports_itself)
    small_turns.check(lambda *args: 1 / 0)
    assert before == (barren_plateaus.first_gradients, barren_plateaus.cost_functions.first_gradients)
    assert before[0] is first_gradients


def small(draw, **options):
    def answer(n_qubits, depth, width, samples, rng):
        circuits = draw_circuits(n_qubits, depth, samples=samples, rng=rng, **options)
        return first_gradients(circuits.with_angles(draw(rng, width, circuits.angles.shape))).var()

    return answer


def test_normal_angles_are_not_called_those_of_the_whole_circle():
    answer = small(lambda rng, width, shape: rng.normal(0, width, shape))
    assert "you turn by up to" in small_turns.check(answer).message


def test_one_set_of_angles_for_all_circuits_is_named():
    answer = small(
        lambda rng, width, shape: np.broadcast_to(rng.uniform(-width, width, shape[1:]), shape).copy()
    )
    assert "the same angles" in small_turns.check(answer).message


@pytest.mark.parametrize("seed", range(5))
def test_identity_blocks_are_another_remedy(seed):
    answer = small(lambda rng, width, shape: rng.uniform(-width, width, shape), init="identity")
    assert "no mirrored layers" in small_turns.check(answer, seed=seed).message


@pytest.mark.parametrize("options", [{"n": 3}, {"depth": 4}])
def test_a_size_that_is_written_down_is_refused_for_marks(options):
    def answer(n_qubits, depth, width, samples, rng):
        circuits = draw_circuits(
            options.get("n", n_qubits), options.get("depth", depth), samples=samples, rng=rng
        )
        return first_gradients(circuits.with_angles(rng.uniform(-width, width, circuits.angles.shape))).var()

    assert any("do both reach" in small_turns.check(answer, seed=seed).message for seed in range(12))
