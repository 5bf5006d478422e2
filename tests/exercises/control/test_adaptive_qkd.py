"""Answers to the exercises of *Adaptive QKD*: right ones in another style, and wrong ones that look right."""

from itertools import pairwise

import numpy as np
from scipy import optimize, stats

from qlearn.communication.photons import LINKS, optimal_mu
from qlearn.exercises.control.adaptive_qkd import (
    best_intensity,
    may_depend,
    sliding_regret,
    stopping_bias,
    thompson_step,
    two_sample,
)
from qlearn.learning.reinforcement import UCB1, ThompsonSampling
from qlearn.qubits.entropies import binary_entropy
from tests.exercises.tried import passes, refused


def test_an_intensity_may_be_found_numerically():
    def root(error, efficiency):
        cost = efficiency * binary_entropy(error) / (1 - binary_entropy(error))
        return optimize.brentq(lambda mu: (1 - mu) * np.exp(-mu) - cost, 0, 1) if cost < 1 else 0

    def maximum(error, efficiency):
        h = binary_entropy(error)
        found = optimize.minimize_scalar(
            lambda mu: mu * efficiency * h - mu * np.exp(-mu) * (1 - h),
            bounds=(0, 1),
            options={"xatol": 1e-10},
        )
        return float(found.x) if found.fun < -1e-9 else 0.0

    passes(best_intensity, root)
    passes(best_intensity, maximum)


def test_an_intensity_on_a_coarse_grid_is_refused():
    def grid(error, efficiency):
        h, mu = binary_entropy(error), np.linspace(0, 1, 101)
        return mu[np.argmax(mu * np.exp(-mu) * (1 - h) - mu * efficiency * h)]

    refused(best_intensity, grid)


def test_the_closed_form_is_the_optimum_of_a_long_line():
    # no background: what the closed form leaves out is of the order of the transmittance
    gys = LINKS["gys"]
    far = float(optimal_mu(1e-3, link=gys.__class__(**{**vars(gys), "background": 0.0})))
    assert abs(best_intensity.solution(gys.misalignment, gys.error_correction) - far) < 2e-3


def test_thompson_by_scipys_law_and_by_a_loop():
    passes(
        thompson_step,
        lambda s, n, u: (lambda x: (x, x.argmax()))(stats.beta(1 + s, 1 + n - s).ppf(u)),
    )

    def loop(successes, pulls, u):
        drawn = [
            stats.beta.ppf(q, won + 1, tried - won + 1)
            for won, tried, q in zip(successes, pulls, u, strict=True)
        ]
        return drawn, drawn.index(max(drawn))

    passes(thompson_step, loop)


def test_arms_come_as_often_as_thompson_says():
    # 20,000 draws, error at most .0036: six of them 2e-9
    rng = np.random.default_rng(1)
    won, n = np.array([3, 5, 1]), np.array([8, 11, 2])
    arms = [thompson_step.solution(won, n, u)[1] for u in rng.random((20_000, 3))]
    shares = np.bincount(arms, minlength=3) / 20_000
    assert np.abs(shares - ThompsonSampling().probabilities(won, n)).max() < 6 * 0.0036


def test_a_normal_law_is_not_beta():
    def normal(successes, pulls, u):
        law = stats.beta(1 + successes, 1 + pulls - successes)
        drawn = stats.norm(law.mean(), law.std()).ppf(u)
        return drawn, int(np.argmax(drawn))

    refused(thompson_step, normal)


def test_may_depend_as_a_table():
    latest = {"settings": {"counts": -1, "weather": 0}, "length": {"counts": 0, "weather": 0}, "seed": {}}

    def table(choice, block, seen):
        return all(what in latest[choice] and when - block <= latest[choice][what] for what, when in seen)

    passes(may_depend, table)
    refused(may_depend, lambda choice, block, seen: choice != "seed")
    refused(may_depend, lambda choice, block, seen: not seen)
    refused(may_depend, lambda choice, block, seen: all(when < block for _, when in seen))


def test_stopping_by_all_paths_and_by_recursion():
    def recursion(error, looks, errors=0, before=0):
        if not looks:
            return 0.0
        (tested, most), *rest = looks
        total = 0.0
        for new in range(tested - before + 1):
            chance = stats.binom.pmf(new, tested - before, error)
            if chance < 1e-14:
                continue
            now = errors + new
            total += chance * (1.0 if now <= most else recursion(error, rest, now, tested) if rest else 0.0)
        return total

    assert np.isclose(recursion(0.11, [(50, 3), (100, 8)]), stopping_bias.solution(0.11, [(50, 3), (100, 8)]))

    def chain(error, looks):
        running = np.zeros(looks[-1][0] + 1)
        running[0], before = 1.0, 0
        for tested, most in looks:
            for _ in range(tested - before):
                running = (1 - error) * running + error * np.append(0, running[:-1])
            running[: most + 1] = 0
            before = tested
        return 1 - running.sum()

    passes(stopping_bias, chain)


def test_stopping_by_simulation_is_not_exact():
    def simulated(error, looks):
        rng = np.random.default_rng(0)
        parts = np.diff([0, *(tested for tested, _ in looks)])
        errors = rng.binomial(parts, error, (2000, len(parts))).cumsum(axis=1)
        return (errors <= [most for _, most in looks]).any(axis=1).mean()

    refused(stopping_bias, simulated)


def test_the_solution_agrees_with_a_simulation_of_its_own():
    # 100,000 blocks: error at most .0016, six of them 2e-9
    rng, looks = np.random.default_rng(2), [(50, 3), (100, 8), (200, 18)]
    errors = rng.binomial([50, 50, 100], 0.11, (100_000, 3)).cumsum(axis=1)
    share = (errors <= [3, 8, 18]).any(axis=1).mean()
    assert abs(stopping_bias.solution(0.11, looks) - share) < 6 * 0.0016
    assert all(a[0] < b[0] for a, b in pairwise(looks))


def test_two_samples_by_one_matrix_and_by_scipy():
    def matrix(real, made, orders):
        together, n, m = np.concatenate([real, made]), len(real), len(made)
        distances = np.abs(together[:, None] - together)
        came = np.arange(n + m)

        def far(order):
            sign = np.empty(n + m)
            sign[order[:n]], sign[order[n:]] = 1 / n, -1 / m
            return -sign @ distances @ sign

        others = np.array([far(order) for order in orders])
        return (1 + np.sum(others > far(came) - 1e-9)) / (1 + len(orders))

    def scipys(real, made, orders):
        together, n = np.concatenate([real, made]), len(real)
        found = stats.energy_distance(real, made) ** 2
        others = [stats.energy_distance(together[o[:n]], together[o[n:]]) ** 2 for o in orders]
        return (1 + np.sum(np.array(others) > found - 1e-10)) / (1 + len(orders))

    passes(two_sample, matrix)
    passes(two_sample, scipys)


def test_two_samples_by_another_distance_are_refused():
    def smirnov(real, made, orders):
        together, n = np.concatenate([real, made]), len(real)
        found = stats.ks_2samp(real, made).statistic
        others = [stats.ks_2samp(together[o[:n]], together[o[n:]]).statistic for o in orders]
        return (1 + np.sum(np.array(others) > found - 1e-9)) / (1 + len(orders))

    refused(two_sample, smirnov)


def test_a_sliding_window_kept_as_a_list():
    def listed(chances, rewards, window):
        recent, total, sums = [], 0.0, []
        for t, row in enumerate(chances):
            index = []
            for arm in range(len(row)):
                mine = [r for a, r in recent if a == arm]
                doubt = np.sqrt(2 * np.log(min(t, window)) / len(mine)) if mine else np.inf
                index.append(np.mean(mine) + doubt if mine else np.inf)
            arm = int(np.argmax(index))
            recent = [*recent, (arm, rewards[t, arm])][-window:]
            total += max(row) - row[arm]
            sums.append(total)
        return sums

    passes(sliding_regret, listed)


def test_a_window_beyond_all_blocks_is_ucb():
    rng = np.random.default_rng(4)
    chances = np.tile([0.3, 0.6], (40, 1))
    rewards = (rng.random(chances.shape) < chances).astype(int)
    won, n, lost = np.zeros(2), np.zeros(2), []
    for t in range(40):
        arm = int(UCB1().probabilities(won, n).argmax())
        won[arm] += rewards[t, arm]
        n[arm] += 1
        lost.append(0.6 - chances[t, arm])
    assert np.allclose(sliding_regret.solution(chances, rewards, 1000), np.cumsum(lost))


def test_a_discount_is_not_a_window():
    def discounted(chances, rewards, window):
        keep = 1 - 1 / window
        won, n, lost = np.zeros(chances.shape[1]), np.zeros(chances.shape[1]), []
        for t, row in enumerate(chances):
            seen = np.maximum(n, 1e-12)
            index = np.where(n > 0, won / seen + np.sqrt(2 * np.log(max(n.sum(), 1)) / seen), np.inf)
            arm = int(index.argmax())
            won, n = keep * won, keep * n
            won[arm] += rewards[t, arm]
            n[arm] += 1
            lost.append(row.max() - row[arm])
        return np.cumsum(lost)

    refused(sliding_regret, discounted)
