"""The mixer of all nodes: against one matrix of RX on every wire, backwards, and its slope by differences."""

from functools import reduce

import numpy as np
import pytest

from qlearn.networks.graph_networks._mixer import mixer
from qlearn.qubits.gates import rx


def some_states(n: int, rows: int) -> np.ndarray:
    rng = np.random.default_rng(n)
    states = rng.normal(size=(1 << n, rows)) + 1j * rng.normal(size=(1 << n, rows))
    return states / np.linalg.norm(states, axis=0)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 7])
@pytest.mark.parametrize("beta", [0.0, 0.3, -1.1, np.pi / 2])
def test_it_turns_every_wire(n, beta):
    states, turn = some_states(n, 3), mixer(n)
    phases = turn.phases
    ours = turn.apply(phases * states, beta) / phases
    theirs = reduce(np.kron, [rx(2 * beta)] * n) @ states
    np.testing.assert_allclose(ours, theirs, atol=1e-12)
    np.testing.assert_allclose(
        turn.apply(turn.apply(phases * states, beta), -beta), phases * states, atol=1e-12
    )


@pytest.mark.parametrize("n", [1, 4, 7])
def test_the_slope_is_that_of_the_overlap(n):
    turn, kets, bras = mixer(n), some_states(n, 2), some_states(n, 2)[:, ::-1].copy()
    step = 1e-6

    def overlap(beta: float) -> float:
        return float(np.vdot(bras, turn.apply(kets, beta)).real)

    assert turn.slope(bras, kets) == pytest.approx((overlap(step) - overlap(-step)) / (2 * step), abs=1e-8)


def test_a_mixer_is_made_once():
    assert mixer(3) is mixer(3)
