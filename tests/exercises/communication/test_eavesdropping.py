"""Exercises of *Eavesdropping*: other right ways pass, and what is wrong is told what it did."""

import numpy as np
import pytest
from scipy.optimize import bisect, brentq
from scipy.special import xlogy
from scipy.stats import entropy

from qlearn.communication import binary_entropy as h
from qlearn.communication.eavesdropping import (
    MemoryAttack,
    cloning_attack,
    entangling_probe,
    memoryless_guess,
    predict,
    weak_measurement,
)
from qlearn.exercises.communication.eavesdropping import (
    guess_rate,
    hopeless_from,
    information,
    isolation_db,
    memory_worth,
    uneven_probe,
)
from qlearn.qubits import Circuit


def on_a_grid(known):
    """A grid of 1e-4 was told "you stop at 0.1464, and 0.1464 is due"."""
    e = np.arange(1, 5000) * 1e-4
    return e[np.argmin(np.abs(1 - h(e) - known(e)))]


def up_the_grid(known):
    e = 0.0
    while 1 - h(e) > known(e):
        e += 1e-4
    return e


def by_halving(known):
    low, high = 0.0, 0.5
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - h(middle) > known(middle) else (low, middle)
    return low


def by_entropies(table):
    return entropy(table.sum(1), base=2) + entropy(table.sum(0), base=2) - entropy(table.ravel(), base=2)


def by_loops(table):
    bits = 0.0
    for a in range(table.shape[0]):
        for k in range(table.shape[1]):
            if table[a, k]:
                bits += table[a, k] * np.log2(table[a, k] / sum(table[a]) / sum(table[:, k]))
    return bits


def by_what_she_lacks(table):
    of_outcome = table.sum(0)
    left = [p * h(table[0, k] / p) for k, p in enumerate(of_outcome) if p > 0]
    return h(table[0].sum()) - sum(left)


def by_photons(photons_in, bits):
    mu = brentq(lambda mu: h(-np.expm1(-2 * mu) / 2) - bits, 0, 30, xtol=1e-18)
    return 10 * np.log10(photons_in / mu) if photons_in > mu else 0


def by_decibels(photons_in, bits):
    def too_much(db):
        return h(-np.expm1(-2 * photons_in * 10 ** (-db / 10)) / 2) - bits

    return 0.0 if too_much(0) <= 0 else bisect(too_much, 0, 400)


def by_kraus_coins(d_z, d_x):
    """Toss the coins by hand, Z first: the order of two errors is a global sign."""
    z, x = (2 * np.arcsin(d**0.5) for d in (d_x, d_z))
    return MemoryAttack(Circuit(3).ry(z, 1).cz(1, 0).ry(x, 2).cx(2, 0))


def with_a_spare_wire(d_z, d_x):
    z, x = (2 * np.arccos(np.sqrt(1 - d)) for d in (d_z, d_x))
    return MemoryAttack(Circuit(4).ry(z, 2).ry(x, 1).h(0).cx(1, 0).h(0).cx(2, 0).h(2).h(3))


def with_copies(d_z, d_x):
    """Copy the coins, and keep the copies: all of it is hers."""
    z, x = (2 * np.arcsin(np.sqrt(d)) for d in (d_z, d_x))
    return MemoryAttack(Circuit(5).ry(z, 1).ry(x, 2).cx(1, 3).cx(2, 4).cx(1, 0).cz(2, 0))


OTHER_WAYS = [
    (hopeless_from, on_a_grid),
    (hopeless_from, up_the_grid),
    (hopeless_from, by_halving),
    (information, by_entropies),
    (information, by_loops),
    (information, by_what_she_lacks),
    (
        information,
        lambda t: (xlogy(t, t).sum() - sum(xlogy(p, p).sum() for p in (t.sum(0), t.sum(1)))) / np.log(2),
    ),
    (isolation_db, by_photons),
    (isolation_db, by_decibels),
    (memory_worth, lambda d: np.sqrt(d * (1 - d)) * (1 - np.sqrt(0.5))),
    (uneven_probe, by_kraus_coins),
    (uneven_probe, with_a_spare_wire),
    (uneven_probe, with_copies),
]


@pytest.mark.parametrize(("exercise", "answer"), OTHER_WAYS)
def test_another_right_way_passes(exercise, answer):
    for seed in range(2):
        assert (verdict := exercise.check(answer, seed=seed)), verdict


@pytest.mark.parametrize("value", [0.718, 0.7179, 0.71794, np.array([0.718]), [0.718]])
def test_a_guess_rate_of_three_digits_passes(value):
    assert guess_rate.check(value)


@pytest.mark.parametrize("value", [0.72, 0.717, 0.7, 0.719, "0.718", 1.718])
def test_another_guess_rate_does_not(value):
    assert not guess_rate.check(value)


def rounded(exercise, digits):
    return lambda *args: round(float(exercise.solution(*args)), digits)


def first_error_only(d_z, d_x):
    return uneven_probe.solution(d_z, d_x) if d_z >= d_x else entangling_probe(d_x)


def the_mean(d_z, d_x):
    return entangling_probe((d_z + d_x) / 2)


def the_clone_of_the_mean(d_z, d_x):
    return cloning_attack((d_z + d_x) / 2)


def in_bits(d):
    with_memory, without = (predict(cloning_attack(d, waits_for_bases=waits)) for waits in (True, False))
    return with_memory.information["X"] - without.information["X"]


REFUSED = [
    (hopeless_from, lambda known: brentq(lambda e: 1 - h(e) - 2 * known(e), 1e-9, 0.4999), ""),
    (hopeless_from, lambda known: brentq(lambda e: h(e) - known(e) - 1e-9, 1e-3, 0.4999) if known(0.4) > h(0.4) else 0.4, ""),
    (hopeless_from, lambda known: round(hopeless_from.solution(known), 3), "rounded"),
    (hopeless_from, lambda known: 0.146447, "single probes"),
    (hopeless_from, lambda known: 0.1100, "*one* Eve"),
    (information, rounded(information, 4), "rounded"),
    (information, lambda t: by_entropies(t) if (t > 0).all() else 0.0, ""),
    (information, lambda t: by_entropies(t[:, :3] / t[:, :3].sum()), ""),
    (information, lambda t: 1 - sum(t.sum(0) * h(t.max(0) / np.where(t.sum(0) > 0, t.sum(0), 1))), "less than 1 bit"),
    (information, lambda t: max(0.0, h(t[0].sum()) - h(t.max(0).sum())), ""),
    (isolation_db, rounded(isolation_db, 2), "rounded"),
    (isolation_db, lambda n, bits: max(0, 10 * np.log10(n / (bits / 2))), ""),
    (isolation_db, lambda n, bits: abs(isolation_db.solution(n, bits)) + (n < 1), ""),
    (isolation_db, lambda n, bits: 164.16, ""),
    (memory_worth, rounded(memory_worth, 4), "rounded"),
    (memory_worth, lambda d: predict(cloning_attack(d, waits_for_bases=False)).guess["Z"], "without a memory"),
    (memory_worth, in_bits, "in bits"),
    (memory_worth, lambda d: np.sqrt(d * (1 - d)) - np.sqrt(d * (1 - 2 * d)) if d < 0.25 else 0, ""),
    (memory_worth, lambda d: predict(entangling_probe(d)).guess["Z"] - predict(weak_measurement(min(d, 0.25))).guess["Z"], ""),
    (memory_worth, lambda d: predict(cloning_attack(d)).guess["Z"] - memoryless_guess(d), ""),
    (uneven_probe, first_error_only, "you cause"),
    (uneven_probe, the_mean, "you cause"),
    (uneven_probe, the_clone_of_the_mean, "you cause"),
    (uneven_probe, lambda d_z, d_x: MemoryAttack(uneven_probe.solution(d_z, d_x).circuit, False), "wait for the bases"),
    (uneven_probe, lambda d_z, d_x: uneven_probe.solution(d_z, d_x).circuit, "a `MemoryAttack` is asked for"),
    (uneven_probe, lambda d_z, d_x: Circuit(3), "a `MemoryAttack` is asked for"),
    (uneven_probe, lambda d_z, d_x: MemoryAttack, "a `MemoryAttack` is asked for"),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "answer", "word"), REFUSED)
def test_what_is_wrong_is_refused(exercise, answer, word):
    for seed in range(2):
        verdict = exercise.check(answer, seed=seed)
        assert not verdict
        assert word in verdict.message, verdict
        assert "stopped with" not in verdict.message, verdict


@pytest.mark.parametrize("bracket", [(1e-6, 0.25), (0.05, 0.2), (0.05, 0.4999)])
def test_an_end_is_not_looked_for_in_a_part_of_the_line_only(bracket):
    for seed in range(5):
        assert not hopeless_from.check(
            lambda known: brentq(lambda e: 1 - h(e) - known(e), *bracket), seed=seed
        )


def test_more_than_a_photon_may_come_out():
    def up_to_one_photon(photons_in, bits):
        mu = brentq(lambda mu: h(-np.expm1(-2 * mu) / 2) - bits, 0, 1, xtol=1e-18)
        return max(0, 10 * np.log10(photons_in / mu))

    for seed in range(5):
        assert not isolation_db.check(up_to_one_photon, seed=seed)
