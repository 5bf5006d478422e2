"""Anonymous transmission: the right bit, no trace of its sender, and what a bad source or a second sender does."""

from itertools import combinations

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.multi_party import (
    announce,
    anonymous_pair,
    broadcast,
    pairwise_pads,
    parity_circuit,
)
from qlearn.evidence import counts_agree
from qlearn.qubits import bell_state, fidelity
from qlearn.qubits.entanglement import ghz

N = 20_000


@given(st.lists(st.integers(0, 1), min_size=3, max_size=7), st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_the_parity_is_that_of_the_flips(flips, seed):
    assert broadcast(flips, rng=seed).sum() % 2 == sum(flips) % 2


@pytest.mark.parametrize("n", [3, 5])
def test_the_states_of_all_senders_are_one(n):
    """Z_i GHZ = Z_j GHZ, by matrices: nothing that anybody measures later can tell them apart."""
    z = np.diag([1, -1])
    states = []
    for sender in range(n):
        operator = np.ones((1, 1))
        for party in range(n):
            operator = np.kron(operator, z if party == sender else np.eye(2))
        states.append(operator @ ghz(n))
    for state in states:
        np.testing.assert_array_equal(state, states[0])


def test_announcements_have_one_law_for_all_senders():
    rows = []
    odd = np.array([0, 1, 1, 0, 1, 0, 0, 1]) / 4
    for sender in range(3):
        said = broadcast(np.tile(np.eye(3, dtype=int)[sender], (N, 1)), rng=sender)
        rows.append((np.bincount(said @ [4, 2, 1], minlength=8) / N, odd, N))
    assert counts_agree(*rows)


def test_pads_that_come_to_light_name_the_sender_of_a_dc_net():
    flips = np.array([0, 0, 1, 0])
    pads = pairwise_pads(4, 2, rng=1)
    said = np.array([announce(x, row, 2, wraps=True) for x, row in zip(flips, pads, strict=True)])
    assert said.sum() % 2 == 1
    np.testing.assert_array_equal((said - pads.sum(1)) % 2, flips)


def test_two_senders_cancel_and_one_liar_flips():
    flips = np.tile([1, 1, 0], (100, 1))
    said = broadcast(flips, rng=1)
    assert not (said.sum(1) % 2).any()
    said[:, 2] ^= 1
    assert (said.sum(1) % 2).all()


def test_a_source_of_plus_states_reads_the_sender():
    flips = np.random.default_rng(2).integers(0, 2, (500, 4))
    np.testing.assert_array_equal(broadcast(flips, state=np.full(16, 1 / 4), rng=3), flips)


def test_pennylane_finds_the_same_parity():
    circuit = parity_circuit([0, 1, 0])
    drawn = np.array(circuit.to_pennylane(qml.device("default.qubit", seed=1), shots=200)())
    assert (drawn.reshape(200, 3).sum(1) % 2 == 1).all()


@pytest.mark.parametrize("n", [3, 4, 5])
def test_an_anonymous_pair_is_phi_plus_for_every_two(n):
    for sender, receiver in combinations(range(n), 2):
        for one, other in ((sender, receiver), (receiver, sender)):
            for seed in range(4):
                made = anonymous_pair(n, one, other, rng=seed)
                assert fidelity(made.pair, bell_state("phi+")) == pytest.approx(1, abs=1e-12)
    assert repr(made).startswith("AnonymousPair")


def test_the_announcements_for_a_pair_do_not_tell_whose_it_is():
    runs, rows = 100, []
    rng = np.random.default_rng(3)
    for sender, receiver in ((0, 1), (2, 0)):
        said = np.array([anonymous_pair(3, sender, receiver, rng=rng).announcements for _ in range(runs)])
        rows.append((np.bincount(said @ [4, 2, 1], minlength=8) / runs, 1 / 8, runs))
    assert counts_agree(*rows)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: broadcast([0, 1]), "at least 3"),
        (lambda: broadcast([0, 1, 2]), "flips must be an array of 0 and 1"),
        (lambda: broadcast(1), "one bit for each party"),
        (lambda: parity_circuit([]), "flips must be a non-empty array"),
        (lambda: broadcast([0, 1, 0], state=ghz(4)), "one state of 3 qubits"),
        (lambda: anonymous_pair(2, 0, 1), "at least 3"),
        (lambda: anonymous_pair(3, 1, 1), "receiver must be another party than the sender, 1"),
        (lambda: anonymous_pair(3, 3, 1), "sender must be one of the parties 0 to 2, not 3"),
        (lambda: anonymous_pair(3, 0, 5), "receiver must be one of the parties"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
