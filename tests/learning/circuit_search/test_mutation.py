"""Mutations: each does what its name says and nothing else, and together they reach everything."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.circuit_search import Arrangement, GateSet, mutate, random_arrangement
from qlearn.learning.circuit_search.mutation import KINDS

GATE_SET = GateSet(n_qubits=3, n_features=2, most_gates=8)
seeds = st.integers(0, 2**32 - 1)


def different(parent, child):
    return [i for i, (a, b) in enumerate(zip(parent.gates, child.gates, strict=True)) if a != b]


@given(gates=st.integers(2, 7), kind=st.sampled_from(KINDS), seed=seeds)
def test_each_kind_does_what_its_name_says(gates, kind, seed):
    rng = np.random.default_rng(seed)
    parent = random_arrangement(GATE_SET, gates=gates, rng=rng)
    child = mutate(parent, GATE_SET, kind=kind, rng=rng)
    assert len(child.gates) == gates + {"insert": 1, "delete": -1}.get(kind, 0)
    if kind == "insert":
        assert any(child.gates[:i] + child.gates[i + 1 :] == parent.gates for i in range(gates + 1))
        return
    if kind == "delete":
        assert any(parent.gates[:i] + parent.gates[i + 1 :] == child.gates for i in range(gates))
        return
    changed = different(parent, child)
    # a coupling may be changed into itself, a turn never
    assert len(changed) == 1 or (not changed and kind in ("change", "turn") and parent.couplings)
    for at in changed:
        before, after = parent.gates[at], child.gates[at]
        if kind == "rewire":
            assert (before.name, before.angle, before.feature) == (after.name, after.angle, after.feature)
        if kind == "turn" and before.name.startswith("r"):
            assert (before.name, before.wires, before.feature) == (after.name, after.wires, after.feature)
            assert abs(after.angle - before.angle) < 8 * GATE_SET.step


@given(seeds)
def test_where_a_kind_cannot_be_done_something_else_is(seed):
    nothing = Arrangement(3, 2)
    assert len(mutate(nothing, GATE_SET, kind="delete", rng=seed).gates) == 1
    single = random_arrangement(GATE_SET, gates=1, rng=seed)
    assert len(mutate(single, GATE_SET, kind="delete", rng=seed).gates) == 1
    full = random_arrangement(GATE_SET, gates=8, rng=seed)
    assert len(mutate(full, GATE_SET, kind="insert", rng=seed).gates) == 8
    alone = GateSet(1, 2)
    assert mutate(random_arrangement(alone, gates=2, rng=seed), alone, kind="rewire", rng=seed).n_qubits == 1


def test_without_couplings_there_are_none():
    lone = GateSet(3, 2, couplings=False)
    rng = np.random.default_rng(1)
    one = random_arrangement(lone, gates=16, rng=rng)
    for _ in range(300):
        one = mutate(one, lone, rng=rng)
        assert one.couplings == 0


@given(seeds)
def test_the_switch_takes_the_couplings_and_changes_no_turn(seed):
    with_them, without = GateSet(3, 2), GateSet(3, 2, couplings=False)
    one, other = (letters.gate(np.random.default_rng(seed)) for letters in (with_them, without))
    assert one == other or (one.name in ("cx", "cz") and other.name in ("rx", "ry", "rz"))


def test_draws_gates_as_often_as_it_says():
    # 30,000 gates: couplings 1/3 with sd 0.0027, a feature in half of the turns (20,000: sd 0.0035). 6 sd: 2e-9
    rng = np.random.default_rng(5)
    gates = [GATE_SET.gate(rng) for _ in range(30_000)]
    names = Counter(gate.name for gate in gates)
    couplings = names["cx"] + names["cz"]
    assert abs(couplings / 30_000 - 1 / 3) < 6 * 0.0027
    turns = [gate for gate in gates if gate.name.startswith("r")]
    assert abs(np.mean([gate.feature is not None for gate in turns]) - 1 / 2) < 6 * 0.0036
    assert set(names) == {"rx", "ry", "rz", "cx", "cz"}
    assert {gate.wires for gate in turns} == {(0,), (1,), (2,)}


def test_parents_stay_as_they_were():
    parent = random_arrangement(GATE_SET, gates=4, rng=1)
    before = parent.gates
    for seed in range(50):
        mutate(parent, GATE_SET, rng=seed)
    assert parent.gates is before


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"n_qubits": 0}, ValueError, "n_qubits must be at least 1"),
        ({"n_features": 1.5}, TypeError, "n_features must be a whole number"),
        ({"most_gates": 0}, ValueError, "most_gates must be at least 1"),
        ({"step": 0.0}, ValueError, "step must be above 0 radians"),
        ({"step": "small"}, TypeError, "step must be a number"),
    ],
)
def test_gate_set_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        GateSet(**{"n_qubits": 2, "n_features": 2, **arguments})


def test_refuses():
    with pytest.raises(ValueError, match="gates must be at most the 8"):
        random_arrangement(GATE_SET, gates=9)
    with pytest.raises(ValueError, match="gates must be at least 1"):
        random_arrangement(GATE_SET, gates=0)
    with pytest.raises(ValueError, match="kind must be one of insert, delete"):
        mutate(random_arrangement(GATE_SET, rng=0), GATE_SET, kind="swap")
