"""The account of all qubits: against a line that is played slot by slot, and the age at which a pair is worth one bit."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import superdense
from qlearn.networks.superdense_link import line_account, useful_age
from qlearn.qubits.entanglement import werner


def played(busy, free, eta, memories, rng):
    """Bits that arrive, slot by slot: pairs in free slots until the memories are full, then messages."""
    stored = min(int((rng.random(free) < eta).sum()), memories)
    bits = 0
    for _ in range(busy):
        worth = 1
        if stored:
            stored, worth = stored - 1, 2
        bits += worth * (rng.random() < eta)
    return bits


@pytest.mark.parametrize(
    ("busy", "free", "eta", "memories"),
    [(500, 300, 0.7, 10**9), (500, 2000, 0.4, 10**9), (400, 400, 1.0, 150), (300, 0, 0.5, 10**9)],
)
def test_a_line_played_slot_by_slot(busy, free, eta, memories):
    rng = np.random.default_rng(3)
    bits = np.array([played(busy, free, eta, memories, rng) for _ in range(400)])
    theory = line_account(busy_slots=busy, free_slots=free, transmittance=eta, memories=memories)
    # 6 standard errors of 400 days: four comparisons, 1e-8
    assert abs(bits.mean() - theory.bits) <= 6 * bits.std() / 20
    assert theory.busy_gain == pytest.approx(theory.bits / theory.plain_bits)


@given(st.integers(1, 1000), st.integers(0, 3000), st.floats(0.01, 1), st.integers(0, 1000), st.floats(0, 2))
def test_the_busy_hour_gains_and_the_day_does_not(busy, free, eta, memories, c):
    account = line_account(
        busy_slots=busy, free_slots=free, transmittance=eta, memories=memories, bits_per_pair=c
    )
    assert 1 <= account.busy_gain <= max(c, 1) + 1e-12
    assert account.total_gain <= 1 + 1e-12
    if c <= 1 or memories == 0 or free == 0:
        assert (account.pairs, account.busy_gain, account.total_gain) == (0, 1, 1)


@given(st.floats(0.85, 1), st.floats(0.01, 100))
def test_at_its_age_a_pair_is_worth_one_bit(fidelity, tau):
    age = useful_age(fidelity, tau)
    then = 0.25 + (fidelity - 0.25) * np.exp(-age / tau)
    assert superdense.capacity(werner(then)) == pytest.approx(1)


def test_a_pair_that_is_no_better_than_a_bare_qubit_has_no_age():
    assert useful_age(0.81, 1.0) == 0 < useful_age(0.811, 1.0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: line_account(busy_slots=0), "busy_slots must be at least 1"),
        (lambda: line_account(busy_slots=1, free_slots=-1), "free_slots must be at least 0"),
        (lambda: line_account(busy_slots=1, transmittance=0.0), "loses every qubit"),
        (lambda: line_account(busy_slots=1, memories=-1), "memories must be at least 0"),
        (lambda: line_account(busy_slots=1, bits_per_pair=2.5), "bits_per_pair must be"),
        (lambda: useful_age(1.5, 1.0), "fidelity must be a probability"),
        (lambda: useful_age(0.9, 0.0), "coherence_s must be above 0"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
