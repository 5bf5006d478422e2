"""Exercises of *Many parties*: other right ways pass, and what is wrong is told what it did."""

from fractions import Fraction
from functools import reduce
from operator import xor

import numpy as np
import pytest

from qlearn.communication.multi_party import reconstruct
from qlearn.exercises.communication.multi_party import dealer_bit, escape, masked, recover, signs, tally
from qlearn.qubits import Circuit


def by_library(shares, setting):
    bases = np.array([1 + (letter == "Y") for letter in setting])
    return None if (bases == 2).sum() % 2 else reconstruct(shares, bases)


def by_xor(shares, setting):
    k = sum(letter == "Y" for letter in setting)
    return None if k & 1 else reduce(xor, shares) ^ (k % 4 == 2)


def with_signs(value, me, pads, modulus):
    return (value + sum(np.sign(j - me) * pad for j, pad in enumerate(pads))) % modulus


def by_fractions(n_parties, n_rounds, n_planted):
    caught = (Fraction(1, 2) - Fraction(1, 2**n_parties)) / 2
    return Fraction(n_planted, n_rounds) * (1 - caught) ** (n_planted - 1)


def by_elimination(points, prime):
    """The Vandermonde system, by Gauss over the integers modulo the prime."""
    k = len(points)
    rows = [[pow(x, power, prime) for power in range(k)] + [y] for x, y in points]
    for i in range(k):
        pivot = next(r for r in range(i, k) if rows[r][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        inverse = pow(rows[i][i], -1, prime)
        rows[i] = [x * inverse % prime for x in rows[i]]
        for r in range(k):
            if r != i:
                rows[r] = [(a - rows[r][i] * b) % prime for a, b in zip(rows[r], rows[i], strict=True)]
    return rows[0][-1]


def by_parity_of_the_last(parties, n_bits, rng):
    """Another party takes the digits back, by RZ."""
    known = 0
    n = len(parties)
    for digit in range(n_bits):
        circuit = Circuit(n, bits=n).h(n - 1)
        for wire in range(n - 1):
            circuit = circuit.cx(n - 1, wire)
        for wire, party in enumerate(parties):
            circuit = party(circuit, wire, digit)
        circuit = circuit.rz(-np.pi * known / 2**digit, n - 1)
        for wire in range(n):
            circuit = circuit.h(wire).measure(wire, wire)
        known |= int(np.bitwise_xor.reduce(circuit.run(rng=rng).bits)) << digit
    return known


def by_a_chain(parties, n_bits, rng):
    """CNOTs from wire to wire, the parties in the other order, all H before all measurements."""
    known, n = 0, len(parties)
    for digit in range(n_bits):
        circuit = Circuit(n, bits=n).h(n - 1)
        for wire in reversed(range(n - 1)):
            circuit = circuit.cx(wire + 1, wire)
        for wire in reversed(range(n)):
            circuit = parties[wire](circuit, wire, digit)
        circuit = circuit.p(-np.pi * known / 2**digit, 1)
        for wire in range(n):
            circuit = circuit.h(wire)
        for wire in range(n):
            circuit = circuit.measure(wire, wire)
        known += int(circuit.run(rng=rng).bits.sum() % 2) * 2**digit
    return known


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (dealer_bit, by_library),
        (dealer_bit, by_xor),
        (masked, with_signs),
        (escape, by_fractions),
        (recover, by_elimination),
        (tally, by_parity_of_the_last),
        (tally, by_a_chain),
    ],
)
def test_another_right_way_passes(exercise, answer):
    for seed in range(3):
        assert (verdict := exercise.check(answer, seed=seed)), verdict


def test_signs_may_be_floats():
    assert signs.check({word: float(sign) for word, sign in signs.answer.items()})


def without_the_last_share(shares, setting):
    return None if setting.count("Y") % 2 else (sum(shares[:-1]) + setting.count("Y") // 2) % 2


def drops_rounds_with_y(shares, setting):
    return None if "Y" in setting else sum(shares) % 2


def for_three_alone(shares, setting):
    return {"XXX": shares[0] ^ shares[1], "XYY": 1 ^ shares[0] ^ shares[1]}.get(setting)


def reads_inside(parties, n_bits, rng):
    return sum(party._number for party in parties)


def reads_the_angles(parties, n_bits, rng):
    turns = [party(Circuit(1), 0, 0).operations[0].angle for party in parties]
    return round(float(sum(turns)) / np.pi)


def one_wire_for_all(parties, n_bits, rng):
    """The turns add up on one qubit: no party is at its place."""
    known = 0
    for digit in range(n_bits):
        circuit = Circuit(1, bits=1).h(0).p(-np.pi * known / 2**digit, 0)
        for party in parties:
            circuit = party(circuit, 0, digit)
        known += int(circuit.h(0).measure(0, 0).run(rng=rng).bits[0]) << digit
    return known


def reads_each(parties, n_bits, rng):
    """A source of |+>, turned back by what it knows: every number is read, and the sum is right."""
    n, total = len(parties), 0
    for wire, party in enumerate(parties):
        known = 0
        for digit in range(n_bits):
            circuit = party(Circuit(n, bits=n).h(wire), wire, digit).p(-np.pi * known / 2**digit, wire)
            known += int(circuit.h(wire).measure(wire, wire).run(rng=rng).bits[wire]) << digit
        total += known
    return total


def product_states(parties, n_bits, rng):
    """No GHZ state: each measures its own turn."""
    total = 0
    for digit in range(n_bits):
        for wire, party in enumerate(parties):
            circuit = Circuit(len(parties), bits=len(parties)).h(wire)
            bits = party(circuit, wire, digit).h(wire).measure(wire, wire).run(rng=rng).bits
            total += int(bits[wire]) << digit
    return total


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (dealer_bit, without_the_last_share),
        (dealer_bit, drops_rounds_with_y),
        (dealer_bit, for_three_alone),
        (dealer_bit, lambda shares, setting: 0),
        (masked, lambda value, me, pads, modulus: (value + pads[me - 1]) % modulus),
        (masked, lambda value, me, pads, modulus: value),
        (masked, lambda value, me, pads, modulus: (value - with_signs(0, me, pads, modulus)) % modulus),
        (escape, lambda n, rounds, planted: 1 / rounds),
        (escape, lambda n, rounds, planted: planted / rounds * (13 / 16) ** (planted - 1)),
        (escape, lambda n, rounds, planted: 1 - (1 - 1 / rounds) ** planted),
        (recover, lambda points, prime: points[-1][1]),
        (recover, lambda points, prime: (2 * points[0][1] - points[1][1]) % prime),
        (tally, lambda parties, n_bits, rng: 2**n_bits - 1),
    ],
)
def test_what_is_wrong_is_refused(exercise, answer):
    for seed in range(3):
        verdict = exercise.check(answer, seed=seed)
        assert not verdict
        assert "stopped with" not in verdict.message, verdict


def alone_and_often(parties, n_bits, rng):
    """Each number from one qubit, turned so often at a high digit that the guard of digit 0 sees nothing."""
    total = 0
    for place, party in enumerate(parties):
        number = 0
        for bit in range(n_bits):
            circuit = Circuit(len(parties), bits=1).h(place)
            for _ in range(2**n_bits):
                circuit = party(circuit, place, n_bits + bit)
            circuit = circuit.p(-np.pi * number / 2**bit, place).h(place).measure(place, 0)
            number += int(circuit.run(rng=rng).bits[0]) << bit
        total += number
    return total


def pair_of_two(parties, n_bits, rng):
    """Each number from a Bell pair with the neighbour, who does not turn."""
    total = 0
    for place, party in enumerate(parties):
        number, other = 0, (place + 1) % len(parties)
        for bit in range(n_bits):
            circuit = party(Circuit(len(parties), bits=2).h(place).cx(place, other), place, bit)
            circuit = circuit.p(-np.pi * number / 2**bit, place).h(place).h(other)
            number += int(circuit.measure(place, 0).measure(other, 1).run(rng=rng).bits.sum() % 2) << bit
        total += number
    return total


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (reads_inside, "has no attribute"),
        (reads_the_angles, "party 0 turns wire 0 of 3 and no other"),
        (one_wire_for_all, "party 0 turns wire 0 of 3 and no other"),
        (reads_each, "its qubit is not entangled with all the others"),
        (product_states, "its qubit is not entangled with all the others"),
        (alone_and_often, "its qubit is not entangled with all the others"),
        (pair_of_two, "its qubit is not entangled with all the others"),
    ],
)
def test_a_party_lets_nobody_read_it_alone(answer, says):
    verdict = tally.check(answer)
    assert not verdict
    assert says in verdict.message, verdict


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"XXX": 1, "XXY": 0, "XYY": -1, "YYY": 0, "XYYX": -1}, "'YYYY' is missing"),
        ({**signs.answer, "YYYY": None}, "YYYY"),
        ({**signs.answer, "YYYY": -1}, "four Y"),
        ([1, 0, -1, 0, -1, 1], "a dict is asked for"),
    ],
)
def test_wrong_signs_are_told_where(answer, word):
    verdict = signs.check(answer)
    assert not verdict
    assert word in verdict.message, verdict
