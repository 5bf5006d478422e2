"""Private sums: exact, what each party's words depend on, what colluders learn, and what a sum refuses."""

import inspect
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.multi_party import announce, pairwise_pads, phase_sum, total, turn
from qlearn.communication.multi_party.private_sums import digit_circuit
from qlearn.evidence import counts_agree
from qlearn.qubits.entanglement import ghz

N = 20_000


@given(st.integers(3, 6), st.integers(0, 10**6), st.data())
@settings(max_examples=40, deadline=None)
def test_pads_cancel(n, seed, data):
    values = data.draw(st.lists(st.integers(0, 100), min_size=n, max_size=n))
    modulus = data.draw(st.integers(100 * n + 1, 2**32))
    pads = pairwise_pads(n, modulus, rng=seed)
    said = [announce(x, row, modulus) for x, row in zip(values, pads, strict=True)]
    assert int(total(said, modulus)) == sum(values)


@given(st.lists(st.integers(0, 40), min_size=3, max_size=6), st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_phases_add_up(values, seed):
    bits = max(1, sum(values).bit_length())
    run = phase_sum(values, bits, rng=seed)
    assert run.total == sum(values)
    parity = run.announcements.sum(1) % 2
    assert int(parity @ (1 << np.arange(bits))) == sum(values)


def test_a_batch_is_many_sums():
    values = np.random.default_rng(1).integers(0, 10, (50, 4))
    run = phase_sum(values, 6, rng=2)
    np.testing.assert_array_equal(run.totals, values.sum(1))
    assert run.announcements.shape == (50, 6, 4)
    with pytest.raises(ValueError, match="take totals"):
        _ = run.total
    assert repr(run) == "PrivateSum((50,))"


def test_a_digit_is_certain_by_the_statevector():
    """The phase by hand: (|0..0> + e^{i pi (S - known) / 2^l}|1..1>)/sqrt2, and its X parity."""
    values = np.array([3, 6, 2])
    known = 0
    for digit in range(4):
        phase = sum(turn(x, digit) for x in values) - turn(known, digit)
        assert (1 + np.cos(phase)) / 2 == pytest.approx(1 - (11 >> digit & 1), abs=1e-12)
        known += (11 >> digit & 1) << digit


def test_the_words_of_both_ways_have_one_law():
    """Parity 1, three parties: four of eight announcements, each 1/4, by pads and by GHZ states."""
    values = np.array([1, 0, 0])
    pads = pairwise_pads(3, 2, size=N, rng=1)
    by_pads = np.stack([announce(x, pads[:, i], 2, wraps=True) for i, x in enumerate(values)], -1)
    by_phases = phase_sum(np.tile(values, (N, 1)), 1, rng=2).announcements[:, 0]
    odd = np.array([0, 1, 1, 0, 1, 0, 0, 1])
    for said in (by_pads, by_phases):
        assert counts_agree((np.bincount(said @ [4, 2, 1], minlength=8) / N, odd / 4, N))


@pytest.mark.parametrize("colluders", [1, 2])
def test_colluders_who_lack_two_parties_see_their_sum_alone(colluders):
    """4 parties, exact: the law of what is said, given the colluders' pads, is one for all splits of the sum."""
    m, n = 3, 4
    honest = range(colluders, n)

    def seen(values):
        laws = {}
        pairs = [(i, j) for i in honest for j in honest if i < j]
        for draw in product(range(m), repeat=len(pairs)):
            pads = np.zeros((n, n), dtype=int)
            for (i, j), r in zip(pairs, draw, strict=True):
                pads[i, j], pads[j, i] = r, -r % m
            key = tuple(int(announce(values[i], pads[i], m, wraps=True)) for i in honest)
            laws[key] = laws.get(key, 0) + 1
        return laws

    first = [0] * colluders + [1] * (n - colluders)
    second = list(first)
    second[-1], second[-2] = 2, 0
    assert seen(first) == seen(second)


def test_all_but_one_learn_the_last_ones_number():
    values, modulus = np.array([4, 9, 2]), 100
    pads = pairwise_pads(3, modulus, rng=3)
    said = np.array([announce(x, row, modulus) for x, row in zip(values, pads, strict=True)])
    assert (int(total(said, modulus)) - values[1:].sum()) % modulus == values[0]
    assert phase_sum(values, 5, rng=1).total - values[1:].sum() == values[0]


def test_phases_leave_one_state_for_all_splits_of_a_sum():
    """By diagonal matrices: what the turns of the honest make depends on their sum, whatever colluders measure then."""
    for digit in range(3):
        states = []
        for values in ([0, 5, 2, 1], [3, 0, 0, 5], [1, 1, 1, 5], [0, 0, 8, 0]):
            diagonal = np.ones(1)
            for x in values:
                diagonal = np.kron(diagonal, np.exp([0, 1j * turn(x, digit)]))
            states.append(diagonal * ghz(4))
        np.testing.assert_allclose(states, np.tile(states[0], (4, 1)), atol=1e-12)


@pytest.mark.parametrize("target", range(8))
def test_the_last_to_speak_makes_a_sum_what_he_likes(target):
    """By pads he knows the sum of the others before he gives his number; by phases he sets digit after digit."""
    pads = pairwise_pads(3, 8, rng=target)
    words = [int(announce(x, row, 8, wraps=True)) for x, row in zip([2, 1], pads, strict=False)]
    heard = (sum(words) + pads[2].sum()) % 8  # his row cancels theirs
    assert heard == 3
    assert total([*words, announce((target - heard) % 8, pads[2], 8, wraps=True)], 8) == target
    rng, known = np.random.default_rng(target), 0
    for digit in range(3):
        said = (
            digit_circuit(np.array([2, 1, 0]), np.array(known), digit)
            .run(np.asarray(ghz(3)), rng)
            .bits.copy()
        )
        said[2] = (target >> digit & 1) ^ said[0] ^ said[1]
        known += int(said.sum() % 2) << digit
    assert known == target


def test_a_source_that_turns_its_plus_states_reads_whole_numbers():
    """Product states, each turned back by what is known of its party: all digits, and the parities are right at the end."""
    values, known, rng = np.array([5, 2, 6]), np.zeros(3, dtype=int), np.random.default_rng(1)
    for digit in range(3):
        product_state = np.ones(1)
        for back in known:
            product_state = np.kron(
                product_state, np.array([1, np.exp(-1j * turn(back, digit))]) / np.sqrt(2)
            )
        said = digit_circuit(values, np.array(0), digit).run(product_state, rng).bits
        known = known + (said.astype(int) << digit)
    assert known.tolist() == values.tolist()


def test_unsigned_and_short_numbers_stay_whole():
    for kind in (np.uint8, np.int8, np.uint64):
        said = announce(kind(3), np.array([0, 100, 100], dtype=kind), 120, wraps=True)
        assert (said.dtype, int(said)) == (np.int64, 83)
    assert total(np.array([2**63, 2**63, 5], dtype=np.uint64), 10) == 1
    assert total(np.array([100, 200, 250], dtype=np.uint8), 300) == 250
    assert pairwise_pads(3, 10, size=np.int64(2), rng=1).shape == (2, 3, 3)
    assert turn(1, 5000) == 0


def test_a_party_is_given_its_own_data_alone():
    assert list(inspect.signature(announce).parameters) == ["values", "pads", "modulus", "wraps"]
    assert list(inspect.signature(turn).parameters) == ["values", "digit"]
    one, other = (digit_circuit(np.array([2, 1, x]), np.array(1), 1).operations for x in (0, 3))
    differ = [
        a
        for a, b in zip(one, other, strict=True)
        if a.angle is not None and not np.array_equal(a.angle, b.angle)
    ]
    assert {step.wires for step in differ} == {(2,)}


def test_a_row_of_pads_depends_on_no_pad_of_two_others():
    pads = pairwise_pads(4, 50, rng=1)
    changed = pads.copy()
    changed[2, 3], changed[3, 2] = 7, 43
    assert announce(5, pads[0], 50) == announce(5, changed[0], 50)
    assert announce(5, pads[2], 50) != announce(5, changed[2], 50)


def test_a_source_of_plus_states_reads_the_lowest_digit_of_everybody():
    values = np.random.default_rng(4).integers(0, 2, (500, 3))
    run = phase_sum(values, 1 + 1, state=np.full(8, 8**-0.5), rng=1)
    np.testing.assert_array_equal(run.announcements[:, 0], values)


def test_a_mixed_source_is_drawn_round_by_round():
    rho = 0.5 * np.outer(ghz(3), ghz(3)) + 0.5 * np.eye(8) / 8
    run = phase_sum(np.zeros((N, 3), dtype=int), 1, state=rho, rng=8)
    assert counts_agree((run.totals.mean(), 1 / 4, N))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pairwise_pads(2, 10), "at least 3, not 2"),
        (lambda: pairwise_pads(3, 1), "modulus must be at least 2"),
        (lambda: pairwise_pads(3, 2**40), "modulus must be at most"),
        (lambda: announce(5, [0, 3, 4], 10), "from 0 to 3, not 5: the sum of 3 such numbers must stay below the modulus 10"),
        (lambda: announce(10, [0, 3, 4], 10, wraps=True), "from 0 to 9"),
        (lambda: announce(-1, [0, 3, 4], 10), "from 0 to 3"),
        (lambda: announce(0.5, [0, 3, 4], 10), "whole numbers"),
        (lambda: announce(1, [0, 3, 10], 10), "pads must be whole numbers from 0 to 9"),
        (lambda: announce(1, [0, 3], 10), "at least 3"),
        (lambda: announce([1, 2, 3], [0, 3, 4], 10), "a pad that is used twice gives away the difference"),
        (lambda: announce([1, 2, 3], [[0, 3, 4]] * 2, 10), "one row for each of the values, shape \\(3, 3\\), not \\(2, 3\\)"),
        (lambda: total(3, 10), "the parties on the first axis"),
        (lambda: phase_sum([3, 3, 2], 3), "less than 2\\*\\*n_bits = 8, not to 8"),
        (lambda: phase_sum([2**62, 2**62, 2**62], 20), "the sum would wrap round"),
        (lambda: phase_sum([1, -1, 2], 3), "not negative"),
        (lambda: phase_sum([1, 1], 3), "at least 3"),
        (lambda: phase_sum([1, 1, 1], 0), "n_bits must be at least 1"),
        (lambda: phase_sum([1, 1, 1], 21), "n_bits must be at most 20"),
        (lambda: phase_sum([1, 1, 1], 2, state=ghz(4)), "one state of 3 qubits"),
        (lambda: turn(1, -1), "digit must be at least 0"),
        (lambda: turn(0.5, 0), "values must be whole numbers, not 0.5"),
        (lambda: pairwise_pads(3, 10, size=-1), "size must be at least 0"),
    ],
)  # fmt: skip
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
