"""Memories: the map on Bell-diagonal pairs against the channel on density matrices, and what the twirl costs."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import repeaters
from qlearn.communication.repeaters import Memory
from qlearn.qubits import bell_state

weights = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(lambda x: np.array(x) / sum(x))


@given(weights, st.floats(0, 5), st.floats(0.1, 10))
def test_dephasing_is_exact(p, time, t2):
    memory = Memory(t2_s=t2)
    there = repeaters.store(repeaters.bell_diagonal(p), time, memory)
    np.testing.assert_allclose(there, repeaters.bell_diagonal(repeaters.store_bell(p, time, memory)), atol=1e-12)


@given(weights, st.floats(0, 5), st.floats(0.1, 10), st.floats(0.05, 1))
def test_relaxation_but_for_the_pull_to_zero(p, time, t1, share):
    memory = Memory(t1_s=t1, t2_s=2 * t1 * share)
    twirled = repeaters.store_bell(p, time, memory)
    there = repeaters.bell_vector(repeaters.store(repeaters.bell_diagonal(p), time, memory))
    pull = (1 - np.exp(-time / t1)) ** 2 / 4
    np.testing.assert_allclose(there - twirled, pull * np.array([1, -1, -1, 1]), atol=1e-12)


@given(weights, st.floats(0, 3), st.floats(0, 3))
def test_waits_add(p, first, second):
    memory = Memory(t1_s=2.0, t2_s=1.5)
    twice = repeaters.store_bell(repeaters.store_bell(p, first, memory), second, memory)
    np.testing.assert_allclose(twice, repeaters.store_bell(p, first + second, memory), atol=1e-12)


def test_storing_commutes_with_swapping():
    p, memory = np.array([0.8, 0.02, 0.05, 0.13]), Memory(t1_s=2.0, t2_s=1.5)
    before = repeaters.swap_bell(repeaters.store_bell(p, 0.7, memory), p)
    np.testing.assert_allclose(before, repeaters.store_bell(repeaters.swap_bell(p, p), 0.7, memory), atol=1e-14)


def test_limits_and_shapes():
    p = [0.7, 0.1, 0.15, 0.05]
    np.testing.assert_allclose(repeaters.store_bell(p, [[0.0], [1.0]], Memory()), np.tile(p, (2, 1, 1)), atol=1e-15)
    dephased = repeaters.store_bell(p, 1e9, Memory(t2_s=1.0))
    np.testing.assert_allclose(dephased, [0.375, 0.125, 0.125, 0.375], atol=1e-12)
    assert abs(repeaters.store(bell_state("phi+"), 1e9, Memory(t1_s=1.0, t2_s=1.0))[0, 0] - 1) < 1e-12


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Memory(t1_s=1.0, t2_s=3.0), "t2 must be at most 2"),
        (lambda: Memory(t2_s=0.0), "t2 must be above 0"),
        (lambda: Memory(t1_s=-1.0), "t1 must be above 0"),
        (lambda: Memory(cutoff_s=0.0), "cutoff_s must be above 0"),
        (lambda: repeaters.store_bell([1, 0, 0, 0], -1.0, Memory()), "time_s must be finite and at least 0"),
        (lambda: repeaters.store_bell([1, 0, 0], 1.0, Memory()), "four probabilities"),
        (lambda: repeaters.store(np.eye(4) / 4, -1.0, Memory()), "time_s"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("store", [repeaters.store_bell, repeaters.store])
def test_refuses_a_number_in_the_place_of_a_memory(store):
    with pytest.raises(TypeError, match="memory must be a Memory"):
        store([1, 0, 0, 0], 1.0, 0.1)
