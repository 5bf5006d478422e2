"""Channels for bits: their laws against density matrices and counts, what they use up, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import superdense
from qlearn.communication.repeaters import bell_diagonal
from qlearn.evidence import counts_agree
from qlearn.networks.superdense_link import ClassicalChannel, DirectQubits, SuperdenseChannel
from qlearn.qubits.entanglement import werner
from qlearn.qubits.noise import depolarising

weights = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(lambda w: (np.array(w) / sum(w)).tolist())
UNLIKE = [0.7, 0.05, 0.1, 0.15]  # phi+, psi-, psi+, phi-


@given(weights, st.floats(0, 1))
def test_the_law_is_that_of_the_pair_after_noise_on_the_way(pair, noise):
    # the oracle: the density matrix, its first half through the channel, read in the Bell basis
    arrived = depolarising(noise).apply(bell_diagonal(pair), 0)
    law = SuperdenseChannel(pair, line_noise=noise).law
    np.testing.assert_allclose(law, superdense.error_probabilities(arrived), atol=1e-12)
    assert law.sum() == pytest.approx(1)


def test_a_fidelity_is_a_werner_pair():
    np.testing.assert_allclose(SuperdenseChannel(0.8).law, superdense.error_probabilities(werner(0.8)))


def test_which_place_fails_is_the_order_of_the_bits():
    # only psi+ is wrong in x alone, only phi- in z alone
    np.testing.assert_allclose(SuperdenseChannel(UNLIKE).law, [0.7, 0.1, 0.15, 0.05])


@pytest.mark.parametrize(
    "channel",
    [SuperdenseChannel(UNLIKE, line_noise=0.1), DirectQubits(line_noise=0.3), ClassicalChannel(error=0.07)],
    ids=lambda channel: type(channel).__name__,
)
def test_bits_fail_by_the_law(channel):
    n = 50_000
    bits = np.random.default_rng(1).integers(0, 2, (n, 2))
    wrong = channel.carry(bits, rng=2) ^ bits
    counted = np.bincount(wrong @ [2, 1], minlength=4) / n
    assert counts_agree((counted, channel.law, n), failure=1e-7)


def test_a_bare_qubit_is_wrong_in_half_of_the_noise():
    # the oracle: |0> through the channel, chance of 1
    rho = depolarising(0.3).apply([1, 0], 0)
    e = DirectQubits(line_noise=0.3).law
    assert e[2] + e[3] == pytest.approx(rho[1, 1].real)


@pytest.mark.parametrize("channel", [SuperdenseChannel(), DirectQubits(), ClassicalChannel()])
def test_without_noise_all_arrive(channel):
    bits = np.random.default_rng(1).integers(0, 2, (500, 2))
    assert (channel.carry(bits, rng=3) == bits).all()


def test_what_is_used_up():
    pair = SuperdenseChannel(qubits_per_second=10, pairs_per_second=4)
    assert pair.cost(15, 8) == (15, 8, 8, 2.0)
    assert SuperdenseChannel(qubits_per_second=10).cost(15, 8).seconds == pytest.approx(0.8)
    assert DirectQubits(qubits_per_second=10).cost(15, 8) == (15, 15, 0, 1.5)
    assert ClassicalChannel(bits_per_second=30).cost(15, 8) == (15, 0, 0, 0.5)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: SuperdenseChannel(pair=1.1), "pair must be a probability between 0 and 1, not 1.1"),
        (lambda: SuperdenseChannel(pair=float("nan")), "pair must be a probability between 0 and 1, not nan"),
        (lambda: SuperdenseChannel(pair=[0.5, 0.5]), "four probabilities"),
        (lambda: SuperdenseChannel(pair=[[1, 0, 0, 0]] * 2), "pair must be one fidelity or four weights"),
        (lambda: SuperdenseChannel(pair=[0.5, 0.5, 0.5, 0]), "pair must sum to 1"),
        (lambda: SuperdenseChannel(line_noise=2.0), "line_noise must be a probability"),
        (lambda: SuperdenseChannel(qubits_per_second=0.0), "qubits_per_second must be above 0"),
        (lambda: SuperdenseChannel(pairs_per_second=-1.0), "pairs_per_second must be above 0"),
        (lambda: DirectQubits(line_noise=-0.1), "line_noise must be a probability"),
        (lambda: DirectQubits(qubits_per_second=np.inf), "qubits_per_second must be a finite"),
        (lambda: ClassicalChannel(error=1.5), "error must be a probability"),
        (lambda: ClassicalChannel(bits_per_second=0.0), "bits_per_second must be above 0"),
        (lambda: SuperdenseChannel().carry([0, 1]), "with 2 axis"),
        (lambda: DirectQubits().carry([[0, 1, 1]]), r"shape \(n, 2\)"),
    ],
)
def test_refuses(make, says):
    with pytest.raises(ValueError, match=says):
        make()
