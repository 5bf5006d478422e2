"""Simulation: agrees with the exact law in every part of the model, in bounded memory, and can be stopped."""

import tracemalloc
from math import exp

import numpy as np
import pytest

from qlearn.communication import repeaters
from qlearn.communication.repeaters import Memory, Plan, chain, simulate, simulation

MODELS = {
    "links wait": {"loss_db": 50, "links": 5, "fidelity": 0.95, "memory": Memory(t2_s=500)},
    "cut-off": {
        "loss_db": 40,
        "links": 4,
        "fidelity": 0.95,
        "swap": 0.9,
        "memory": Memory(t1_s=300, t2_s=200, cutoff_s=12),
    },
    "nested": {
        "loss_db": 40,
        "links": 4,
        "fidelity": 0.95,
        "swap": 0.5,
        "scheme": "nested",
        "memory": Memory(t1_s=900, t2_s=700),
    },
    "purified, cut off": {
        "loss_db": 40,
        "links": 4,
        "fidelity": 0.95,
        "swap": 0.5,
        "scheme": "nested",
        "purification": 1,
        "memory": Memory(t1_s=900, t2_s=700, cutoff_s=40),
    },
    "purified everywhere, faulty": {
        "loss_db": 40,
        "links": 4,
        "fidelity": 0.9,
        "swap": 0.7,
        "scheme": "nested",
        "purification": 1,
        "purify": "nested",
        "memory": Memory(t1_s=9000, t2_s=7000),
        "gate": 0.99,
        "readout": 0.99,
    },
    "bbpssw in series": {
        "loss_db": 30,
        "links": 3,
        "fidelity": 0.9,
        "swap": 0.9,
        "purification": 2,
        "method": "bbpssw",
        "memory": Memory(t2_s=7000),
    },
    "one link": {"loss_db": 10, "fidelity": 0.9, "purification": 2, "memory": Memory(t2_s=70)},
    "many modes": {"loss_db": 60, "links": 3, "efficiency": 0.5, "multiplexing": 20, "fidelity": 0.9},
}


@pytest.mark.parametrize("model", MODELS)
def test_agrees_with_the_exact_law(model):
    # n = 20,000 pairs; mean and fidelity each within 6 of their standard errors: 2e-9 a comparison, below 1e-6 in all
    law, played = chain(**MODELS[model]), simulate(Plan(**MODELS[model]), 20_000, rng=1)
    assert law.uncertainty == 0
    assert abs(played.mean_slots - law.mean_slots) < 6 * played.mean_slots_error
    # where nothing decays all pairs are alike, and the standard error is rounding
    assert abs(played.fidelity - law.fidelity) < 6 * played.fidelity_error + 1e-7
    # the weights lie in [0, 1], their standard deviations below 1/2
    assert np.abs(played.pair - law.pair).max() < 6 * 0.5 / np.sqrt(20_000)


def aged(pair, age, memory):
    """A pair that both memories turn by Pauli gates: after a wait, by its correlations -YY, XX, ZZ."""
    (a, b, c, d), x, z = pair, exp(-2 * age / memory.t2_s), exp(-2 * age / memory.t1_s)
    yy, xx, zz = x * (a + b - c - d), x * (a - b + c - d), z * (a - b - c + d)
    return (1 + yy + xx + zz) / 4, (1 + yy - xx - zz) / 4, (1 - yy + xx - zz) / 4, (1 - yy - xx + zz) / 4


def swapped(p, q):
    return tuple(sum(p[i] * q[i ^ k] for i in range(4)) for k in range(4))


def purified(p, q):
    """DEJMPS of two different pairs."""
    chance = (p[0] + p[1]) * (q[0] + q[1]) + (p[2] + p[3]) * (q[2] + q[3])
    made = (
        p[0] * q[0] + p[1] * q[1],
        p[2] * q[3] + p[3] * q[2],
        p[2] * q[2] + p[3] * q[3],
        p[0] * q[1] + p[1] * q[0],
    )
    return tuple(weight / chance for weight in made), chance


class Part:
    """Something that makes a pair, moved on slot by slot: a link, or two parts that are merged when both are there."""

    def __init__(self, plan, rng, swaps, levels):
        self.plan, self.rng, self.swaps = plan, rng, swaps
        self.parts = [Part(plan, rng, *levels) for _ in range(2)] if levels is not None else []
        self.reset()

    def reset(self):
        self.pair, self.age = None, 0
        for part in self.parts:
            part.reset()

    def step(self):
        if self.pair is not None:
            self.age += 1
            return
        if not self.parts:
            if self.rng.random() < self.plan.efficiency:
                self.pair = tuple(self.plan.pair.tolist())
            return
        for part in self.parts:
            part.step()
        there = [part for part in self.parts if part.pair is not None]
        if len(there) == 2:
            old = [aged(part.pair, part.age, self.plan.memory) for part in there]
            made, chance = (swapped(*old), self.plan.swap) if self.swaps else purified(*old)
            self.reset()
            if self.rng.random() < chance:
                self.pair = made
        elif there and there[0].age >= self.plan.memory.cutoff_s:
            self.reset()


LINK = (False, None)


@pytest.mark.parametrize(
    ("purification", "levels", "cutoff"),
    [(0, (True, (True, LINK)), 4), (1, (True, (False, LINK)), 2)],
    ids=["4 links, nested", "2 links, purified"],
)
def test_slot_by_slot(purification, levels, cutoff):
    # Nothing of the library's clocks and maps: every slot is played. n = 1,500 pairs, 6 standard errors: 2e-9 a comparison
    plan = Plan(
        loss_db=0,
        efficiency=0.6,
        links=2 if purification else 4,
        scheme="nested",
        purification=purification,
        swap=0.4,
        fidelity=0.9,
        memory=Memory(t1_s=80, t2_s=60, cutoff_s=cutoff),
    )
    whole = Part(plan, np.random.default_rng(10), *levels)
    slots, pairs = [], []
    for _ in range(1_500):
        whole.reset()
        slots.append(0)
        while whole.pair is None:
            whole.step()
            slots[-1] += 1
        pairs.append(whole.pair[0])
    law = repeaters.chain_of(plan)
    for played, wanted in ((slots, law.mean_slots), (pairs, law.fidelity)):
        assert abs(np.mean(played) - wanted) < 6 * np.std(played) / np.sqrt(1_500)


def test_waiting_times_and_ages_have_their_law():
    # n = 1e5 chains of 4 links, p = 0.1. Chi-square of 12 classes, 11 degrees of freedom: above 57 with 4e-8
    n, p, size = 4, 0.1, 100_000
    played = simulate(Plan(loss_db=40, links=n, memory=Memory(t2_s=100)), size, keep=size, rng=2)
    edges = np.unique(repeaters.waiting_time_quantile(np.arange(1, 12) / 12, n, p))
    chances = np.diff(repeaters.waiting_time_cdf(edges, n, p), prepend=0, append=1)
    found = np.bincount(np.searchsorted(edges, played.slots), minlength=len(chances))
    assert ((found - size * chances) ** 2 / (size * chances)).sum() < 57
    # F = (1 + exp(-ages / 50)) / 2; 6 standard errors: 2e-9
    left = 2 * played.fidelities - 1
    assert abs(left.mean() - repeaters.age_decay(n, p, 50)) < 6 * left.std() / np.sqrt(size)
    ages = -50 * np.log(left)
    assert abs(ages.mean() - repeaters.age_mean(n, p)) < 6 * ages.std() / np.sqrt(size)


def test_moments_are_those_of_the_pairs():
    played = simulate(Plan(**MODELS["nested"]), 3_000, keep=3_000, chunk=700, rng=3)
    np.testing.assert_allclose(played.mean_slots, played.slots.mean(), rtol=1e-12)
    np.testing.assert_allclose(played.fidelity, played.fidelities.mean(), rtol=1e-12)
    np.testing.assert_allclose(played.mean_slots_error, played.slots.std() / np.sqrt(3_000), rtol=1e-9)
    np.testing.assert_allclose(played.fidelity_error, played.fidelities.std() / np.sqrt(3_000), rtol=1e-6)
    assert abs(played.pair.sum() - 1) < 1e-12
    assert played.chain.rate == 1 / played.mean_slots


def test_the_same_seed_gives_the_same_pairs():
    plan = Plan(**MODELS["purified, cut off"])
    first, second = (simulate(plan, 2_000, keep=100, rng=4) for _ in range(2))
    np.testing.assert_array_equal(first.slots, second.slots)
    assert first.slots.shape == (100,)
    assert simulate(chain(**MODELS["nested"]), 10, rng=1).n_pairs == 10


def test_certain_links():
    played = simulate(Plan(loss_db=0, links=3, fidelity=0.9), 1_000, rng=5)
    assert played.mean_slots == 1
    np.testing.assert_allclose(played.fidelity, repeaters.chain_fidelity(0.9, 3), rtol=1e-12)


def test_memory_does_not_grow_with_the_pairs():
    def peak(n):
        tracemalloc.start()
        simulate(Plan(**MODELS["cut-off"]), n, chunk=10_000, keep=10, rng=6)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(200_000) < 1.2 * peak(20_000)


def test_memory_does_not_grow_with_the_links():
    tracemalloc.start()
    simulate(Plan(loss_db=1000, links=1000, memory=Memory(t1_s=1e4, t2_s=1e4, cutoff_s=1000)), 2_000, rng=9)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20 * 2**20


def test_an_interruption_keeps_what_is_there(monkeypatch):
    player, calls = simulation._player, []

    def stopping(plan, rng):
        play = player(plan, rng)

        def until_the_third(size):
            calls.append(size)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return play(size)

        return until_the_third

    monkeypatch.setattr(simulation, "_player", stopping)
    played = simulate(Plan(**MODELS["nested"]), 10_000, chunk=1_000, keep=5_000, rng=7)
    assert played.interrupted
    assert played.n_pairs == 2_000
    assert played.slots.shape == (2_000,)
    np.testing.assert_allclose(played.mean_slots, played.slots.mean())
    assert "interrupted" in repr(played)

    calls[:] = [0, 0]
    nothing = simulate(Plan(**MODELS["nested"]), 10, rng=7)
    assert nothing.interrupted
    assert nothing.n_pairs == 0
    assert repr(nothing) == "Simulation(0 pairs, interrupted)"
    with pytest.raises(ValueError, match="nothing to average"):
        _ = nothing.mean_slots


def test_progress(capsys):
    simulate(Plan(**MODELS["one link"]), 100, progress=True, rng=8)
    assert "pair" in capsys.readouterr().err
    simulate(Plan(**MODELS["one link"]), 100, progress=False, rng=8)
    assert not capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"n_pairs": 0}, ValueError, "n_pairs must be at least 1"),
        ({"n_pairs": 1e5}, TypeError, "n_pairs must be a whole number"),
        ({"keep": -1}, ValueError, "keep must be at least 0"),
        ({"chunk": 0}, ValueError, "chunk must be at least 1"),
        ({"progress": "yes"}, TypeError, "progress must be True, False or None"),
        ({"plan": 3}, TypeError, "plan must be a Plan or a Chain, not int"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        simulate(**({"plan": Plan(loss_db=10)} | arguments))
