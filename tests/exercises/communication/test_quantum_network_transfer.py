"""Exercises on state transfer, routing and clocks: other right ways pass, what is wrong is refused."""

import numpy as np
import pytest
from scipy.linalg import expm

from qlearn.exercises.communication.quantum_network import chiral_phase, perfect_couplings, two_way_offset


def from_the_spin(n_sites, t):
    j = (n_sites - 1) / 2
    m = [j - k for k in range(n_sites - 1)]
    return [np.pi / t * np.sqrt(j * (j + 1) - x * (x - 1)) / 2 for x in m]


def by_a_loop(n_sites, t):
    couplings = []
    for n in range(n_sites - 1, 0, -1):
        couplings.append((n * (n_sites - n)) ** 0.5 * np.pi / t / 2)
    return tuple(couplings)


def by_lists(ab, ba, sigma):
    ab, ba = list(ab), list(ba)
    there, back = sum(ab) / len(ab), sum(ba) / len(ba)
    return [there / 2 - back / 2, there / 2 + back / 2, (sigma**2 / 4 * (1 / len(ab) + 1 / len(ba))) ** 0.5]


def by_search(first, second, target):
    """Try a fine grid of phases and refine the best."""
    grid = np.linspace(-np.pi, np.pi, 721)

    def arrives(c):
        a, b = np.exp(1j * first), np.exp(1j * second)
        h = np.array([[0, 0, np.exp(1j * c)], [a, 0, 0], [0, b, 0]])
        return abs(expm(-1j * (h + h.conj().T) * 2 * np.pi / 27**0.5)[target, 0]) ** 2

    best = max(grid, key=arrives)
    for step in np.geomspace(5e-3, 1e-9, 45):
        best = max((best - step, best, best + step), key=arrives)
    return best


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (perfect_couplings, from_the_spin),
        (perfect_couplings, by_a_loop),
        (two_way_offset, by_lists),
        (two_way_offset, lambda ab, ba, sigma: np.array(by_lists(ab, ba, sigma))),
        (chiral_phase, lambda a, b, target: (1.5 - target) * -np.pi - a - b),
        (chiral_phase, lambda a, b, target: (np.sign(target - 1.5) * np.pi / 2 - a - b) % (2 * np.pi)),
        (chiral_phase, lambda a, b, target: {1: 1.5, 2: 2.5}[target] * np.pi - a - b),
        (chiral_phase, lambda a, b, target: np.float32((2 * target - 3) * np.pi / 2 - a - b)),
        (chiral_phase, lambda a, b, target: complex((2 * target - 3) * np.pi / 2 - a - b)),
        (
            chiral_phase,
            lambda a, b, target: np.array(np.angle(1j ** (2 * target - 3) * np.exp(-1j * (a + b)))),
        ),
    ],
)
def test_another_right_way_passes(exercise, answer):
    for seed in range(3):
        assert (verdict := exercise.check(answer, seed=seed)), verdict


def test_the_phase_that_a_search_finds_is_the_one_that_is_due():
    # quadratic about its maximum: a search by the value stops at the root of the rounding
    for a, b, target in ((0.3, -1.2, 1), (2.0, 0.7, 2)):
        off = np.exp(1j * (by_search(a, b, target) - chiral_phase.answer(a, b, target)))
        assert off == pytest.approx(1, abs=1e-6)


def test_the_couplings_of_the_solution_arrive_when_they_should():
    for n_sites, t in ((2, 0.4), (5, 2.0), (9, 7.7)):
        couplings = perfect_couplings.answer(n_sites, t)
        h = np.diag(couplings, 1) + np.diag(couplings, -1)
        assert abs(expm(-1j * h * t)[-1, 0]) == pytest.approx(1, abs=1e-12)
        early = [abs(expm(-1j * h * s * t)[-1, 0]) for s in np.linspace(0, 0.95, 20)]
        assert max(early) < 1 - 1e-3


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (perfect_couplings, lambda n, t: -np.asarray(from_the_spin(n, t))),
        (perfect_couplings, lambda n, t: np.round(from_the_spin(n, t), 4)),
        (perfect_couplings, lambda n, t: from_the_spin(n, t)[:-1]),
        (
            perfect_couplings,
            lambda n, t: 3 * np.asarray(from_the_spin(n, t)),
        ),  # arrives, and not for the first time
        (perfect_couplings, lambda n, t: np.ones(n - 1)),
        (perfect_couplings, lambda n, t: np.diag(from_the_spin(n, t), 1)),
        (perfect_couplings, lambda n, t: np.full(n - 1, np.pi / t * (n - 1) ** 0.5 / 2)),
        (two_way_offset, lambda ab, ba, s: (np.mean(ab) - np.mean(ba)) / 2),
        (two_way_offset, lambda ab, ba, s: (np.median(ab) / 2 - np.median(ba) / 2, *by_lists(ab, ba, s)[1:])),
        (two_way_offset, lambda ab, ba, s: (*by_lists(ab, ba, s)[:2], s / np.sqrt(2 * len(ab)))),
        (two_way_offset, lambda ab, ba, s: (*by_lists(ab, ba, s)[:2], np.std(ab) / np.sqrt(2 * len(ab)))),
        (two_way_offset, lambda ab, ba, s: (ab[0] / 2 - ba[0] / 2, ab[0] / 2 + ba[0] / 2, s / 2**0.5)),
        (two_way_offset, lambda ab, ba, s: tuple(np.round(by_lists(ab, ba, s), 3))),
        (two_way_offset, lambda ab, ba, s: by_lists(ab, ba, s)[::-1]),
        (chiral_phase, lambda a, b, target: np.pi / 2),
        (chiral_phase, lambda a, b, target: (2 * target - 3) * np.pi / 2 - a),
        (chiral_phase, lambda a, b, target: (2 * target - 3) * np.pi / 2 - b),
        (chiral_phase, lambda a, b, target: (2 * target - 3) * np.pi / 2 - (a + b) / 2),
        (chiral_phase, lambda a, b, target: -np.pi / 2 - a - b),
        (chiral_phase, lambda a, b, target: np.degrees((2 * target - 3) * np.pi / 2 - a - b)),
        (chiral_phase, lambda a, b, target: np.exp(1j * ((2 * target - 3) * np.pi / 2 - a - b))),
        (chiral_phase, lambda a, b, target: abs((2 * target - 3) * np.pi / 2 - a - b)),
        (chiral_phase, lambda a, b, target: np.round((2 * target - 3) * np.pi / 2 - a - b, 3)),
        (chiral_phase, lambda a, b, target: (2 * target - 3) * np.pi / 2 - a - b + 1e-5),
        (chiral_phase, lambda a, b, target: np.nan),
        (chiral_phase, lambda a, b, target: "pi/2"),
    ],
)
def test_what_is_wrong_is_refused(exercise, answer):
    for seed in range(3):
        verdict = exercise.check(answer, seed=seed)
        assert not verdict
        assert "stopped with" not in verdict.message
