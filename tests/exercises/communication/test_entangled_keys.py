"""Answers to the exercises on entangled keys, as students write them."""

from itertools import product
from math import ceil, floor, log

import numpy as np
import pytest
from scipy.optimize import brentq

from qlearn.communication import bb84, binary_entropy, entangled_keys
from qlearn.exercises.communication.entangled_keys import (
    best_list,
    chsh_value,
    meeting,
    rounds_needed,
    shares,
    untrusted_threshold,
    visibilities,
)
from qlearn.qubits import Circuit
from tests.exercises.tried import passes, refused


def test_shares_counted_in_a_table_pass():
    kinds = [
        "key" if a == b else "test" if a in (0, 90) and b in (45, 135) else "unused"
        for a, b in product((0, 45, 90), (45, 90, 135))
    ]
    passes(shares, {kind: kinds.count(kind) / 9 for kind in ("unused", "key", "test")})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"key": 0.222, "test": 0.444, "unused": 0.333}, "keep them all"),
        ({"key": 2 / 9, "test": 4 / 9}, "'unused' is missing"),
        ({"key": 2 / 9, "test": 4 / 9, "unused": 3 / 9, "all": 1}, "'all' does not belong"),
        ((2 / 9, 4 / 9, 3 / 9), "a dict is asked for"),
        ({"key": "2/9", "test": "4/9", "unused": "3/9"}, "quotation marks"),
    ],
)
def test_shares_of_another_kind_are_refused(answer, words):
    refused(shares, answer, words)


def signed(bits):
    return [1 - 2 * int(bit) for bit in bits]


def chsh_by_loop(a, b, x, y):
    seen = {}
    for i, j, one, other in zip(a, b, signed(x), signed(y), strict=True):
        seen.setdefault((int(i), int(j)), []).append(one * other)
    mean = {cell: sum(values) / len(values) for cell, values in seen.items()}
    return mean[0, 0] - mean[0, 2] + mean[2, 0] + mean[2, 2]


def chsh_by_floats(a, b, x, y):
    answers = (1.0 - 2 * x) * (1.0 - 2 * y)
    number = np.zeros((3, 3))
    total = np.zeros((3, 3))
    np.add.at(number, (a, b), 1)
    np.add.at(total, (a, b), answers)
    return np.sum((total / number)[::2, ::2] * [[1, -1], [1, 1]])


@pytest.mark.parametrize("answer", [chsh_by_loop, chsh_by_floats])
def test_other_ways_to_the_chsh_value_pass(answer):
    passes(chsh_value, answer)


def test_the_chsh_value_is_that_of_the_library():
    rounds = entangled_keys.distribute(500, settings=entangled_keys.EKERT, rng=1)
    parts = rounds.alice_choices, rounds.bob_choices, rounds.alice_bits, rounds.bob_bits
    assert chsh_value(*parts) == pytest.approx(entangled_keys.chsh_from(rounds).value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda *parts: abs(chsh_by_loop(*parts)), "S has a sign"),
        (lambda *parts: round(chsh_by_loop(*parts), 4), "keep them all"),
        (lambda *parts: min(chsh_by_loop(*parts), 8**0.5), ""),
        (lambda *parts: max(-(8**0.5), min(chsh_by_loop(*parts), 8**0.5)), "few rounds may by chance"),
        (lambda *parts: 8**0.5, ""),
        (lambda a, b, x, y: chsh_by_loop(b, a, y, x), "Alice's settings come first"),
        (lambda *parts: (chsh_by_loop(*parts), 0.1), "one number is asked for"),
        (lambda a, b, x, y: chsh_by_loop(a, b, x, 1 - y), "wrong sign"),
    ],
)
def test_wrong_chsh_values_are_refused(wrong, words):
    refused(chsh_value, wrong, words)


@pytest.mark.parametrize("digits", [4, 5, 12])
def test_four_decimals_of_a_visibility_are_enough(digits):
    passes(visibilities, {name: round(v, digits) for name, v in visibilities().items()})


def test_a_visibility_from_a_root_finder_passes():
    h = binary_entropy
    trusted = brentq(lambda v: 1 - 2 * h((1 - v) / 2), 0.5, 0.99)
    untrusted = brentq(
        lambda v: entangled_keys.device_independent_rate((1 - v) / 2) - 1e-12, 0.8, 0.99, xtol=1e-9
    )
    answer = {"entangled": 1 / 3, "list": 2 / 8**0.5, "bbm92": trusted, "untrusted": untrusted}
    passes(visibilities, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"entangled": 0.33, "list": 0.71, "bbm92": 0.78, "untrusted": 0.857}, "'entangled'"),
        ({"entangled": 0.5}, "'entangled'"),
        ({"untrusted": 0.7071}, "not yet a key"),
        ({"bbm92": 1 - bb84.threshold(), "untrusted": 1 - entangled_keys.critical_qber()}, "1 - 2 QBER"),
        ({"bbm92": 2 * bb84.threshold(), "untrusted": 2 * entangled_keys.critical_qber()}, "'bbm92'"),
    ],
)
def test_wrong_visibilities_are_refused(wrong, words):
    refused(visibilities, {**visibilities(), **wrong}, words)


def best_by_rows(signs):
    top, bottom = np.asarray(signs, float)
    return max(abs(top + bottom).sum(), abs(top - bottom).sum())


def best_of_the_largest(signs):
    return max(
        abs(np.array(a) @ signs @ np.array(b)) for a in product((1, -1), repeat=2) for b in ((1, 1), (1, -1))
    )


@pytest.mark.parametrize("answer", [best_by_rows, best_of_the_largest])
def test_other_ways_to_the_best_list_pass(answer):
    passes(best_list, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda signs: 2.0, "2 is for the signs of CHSH"),
        (lambda signs: 2 if np.prod(signs) < 0 else 4, ""),
        (lambda signs: abs(signs).sum() - 2, ""),
        (lambda signs: np.linalg.norm(signs, 2) * 2, ""),  # the bound of Tsirelson
        (lambda signs: abs(signs[0] + signs[1]).sum(), ""),
        (lambda signs: int(best_by_rows(signs)), ""),
        (lambda signs: best_by_rows(np.sign(signs)), ""),
    ],
)
def test_what_is_not_the_best_list_is_refused(wrong, words):
    refused(best_list, wrong, words)


@pytest.mark.parametrize("digits", [5, 6, 10])
def test_five_decimals_of_the_threshold_are_enough(digits):
    passes(untrusted_threshold, round(entangled_keys.critical_qber(), digits))


@pytest.mark.parametrize("wrong", [0.0715, 0.071, 7.149, 0.11, 0.146447])
def test_other_thresholds_are_refused(wrong):
    refused(untrusted_threshold, wrong)


def needed_by_search(value, failure):
    def excluded(n):
        return value - np.sqrt(2 * log(1 / failure) * 36 / n) > 2

    low, high = 0, 1
    while not excluded(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if excluded(middle) else (middle, high)
    return high


@pytest.mark.parametrize(
    "answer",
    [
        needed_by_search,
        lambda value, failure: floor(-72 * log(failure) / (value - 2) ** 2) + 1,
        lambda value, failure: np.ceil(72 * np.log(1 / failure) / (value - 2) ** 2),
    ],
)
def test_other_ways_to_the_rounds_needed_pass(answer):
    passes(rounds_needed, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda v, f: int(72 * log(1 / f) / (v - 2) ** 2), "one too few"),
        (lambda v, f: ceil(72 * log(1 / f) / (v - 2) ** 2) + 1, "for rounds_needed("),
        (lambda v, f: 9 * ceil(8 * log(1 / f) / (v - 2) ** 2), "round each combination up"),
        (lambda v, f: 72 * log(1 / f) / (v - 2) ** 2, "a whole number of rounds"),
        (lambda v, f: 2416, ""),
        (lambda v, f: ceil(72 * np.log2(1 / f) / (v - 2) ** 2), ""),
        (lambda v, f: ceil(72 * log(1 / f) / (v**2 - 4)), ""),
    ],
)
def test_other_numbers_of_rounds_are_refused(wrong, words):
    refused(rounds_needed, wrong, words)


def noisy(source, bit, sign):
    for party in range(3):
        source = source.x(party, where=bit[:, party]).z(party, where=sign[:, party])
    return source


def meeting_in_one(source, n, p_x, p_z, rng, change=lambda circuit: circuit, of=(1, 2)):
    """Both kinds of rounds in one circuit: X where the last n are."""
    where = np.arange(2 * n) >= n
    circuit = noisy(change(source), rng.random((2 * n, 3)) < p_x, rng.random((2 * n, 3)) < p_z)
    for party in range(3):
        circuit = circuit.h(party, where=where).measure(party, party)
    bits = circuit.run(rng=rng).bits.astype(int)
    z, x = bits[:n], bits[n:]
    return [(z[:, 0] ^ z[:, one]).mean() for one in of] + [(x[:, 0] ^ x[:, 1] ^ x[:, 2]).mean()]


def test_a_meeting_of_another_style_passes():
    passes(meeting, meeting_in_one)


def test_a_meeting_round_by_round_passes():  # the obvious first way

    def answer(source, n, p_x, p_z, rng):
        wrong = np.zeros(3)
        for _ in range(n):
            for basis in "ZX":
                circuit = source
                for party in range(3):
                    if rng.random() < p_x[party]:
                        circuit = circuit.x(party)
                    if rng.random() < p_z[party]:
                        circuit = circuit.z(party)
                    if basis == "X":
                        circuit = circuit.h(party)
                for party in range(3):
                    circuit = circuit.measure(party, party)
                a, b, c = map(int, circuit.run(rng=rng).bits)
                wrong += (0, 0, a ^ b ^ c) if basis == "X" else (a ^ b, a ^ c, 0)
        return wrong / n

    assert meeting.check(answer)


def without_a_circuit(source, n, p_x, p_z, rng):
    bit, sign = rng.random((n, 3)) < p_x, rng.random((n, 3)) < p_z
    return [(bit[:, 0] ^ bit[:, one]).mean() for one in (1, 2)] + [(sign.sum(1) % 2).mean()]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (without_a_circuit, "GHZ states of your own"),
        (
            lambda s, *line: meeting_in_one(Circuit(3, bits=3).h(0).cx(0, 1).cx(1, 2), *line),
            "GHZ states of your own",
        ),
        (lambda s, *line: meeting_in_one(Circuit(3, bits=3), *line), ""),  # |000>: no errors, no secret
        (lambda *line: (0.0, 0.0, meeting_in_one(*line)[2]), "compared with itself"),
        (lambda *line: meeting_in_one(*line, of=(2, 2)), ""),
        (lambda *line: meeting_in_one(*line, of=(2, 1)), "Carol's error rate stands where Bob's should"),
        (lambda s, n, p_x, p_z, rng: meeting_in_one(s, n, p_z, p_x, rng), "exchanged"),
        (lambda s, n, p_x, p_z, rng: meeting_in_one(s, n, p_x[0], p_z[0], rng), "Alice's for all lines"),
        (lambda s, n, p_x, p_z, rng: meeting_in_one(s, n, p_x, 0.0, rng), "sign flips are missing"),
        (lambda *line: np.mean(meeting_in_one(*line)), "it should be 3 numbers"),
        (lambda *line: meeting_in_one(*line)[::2], "you give 2 numbers"),
    ],
)
def test_wrong_meetings_are_refused(wrong, words):
    refused(meeting, wrong, words)


def test_coins_that_fall_once_for_both_kinds_of_rounds_are_refused():
    def answer(source, n_rounds, p_x, p_z, rng):
        coins, seen = rng.random((3, n_rounds)), []
        for hadamard in (False, True):
            state = source
            for party in range(3):
                state = state.x(party, where=coins[party] < p_x[party]).z(
                    party, where=coins[party] < p_z[party]
                )
                state = (state.h(party) if hadamard else state).measure(party, party)
            seen.append(state.run(rng=rng).bits)
        z, x = seen
        return np.mean(z[:, 1] != z[:, 0]), np.mean(z[:, 2] != z[:, 0]), np.mean(x.sum(1) % 2)

    for seed in range(3):
        assert "one coin decides for both" in meeting.check(answer, seed=seed).message


def test_rounds_without_the_h_are_not_said_to_be_the_parity_of_two():
    def answer(source, n_rounds, p_x, p_z, rng):
        state = source
        for party in range(3):
            state = state.x(party, where=rng.random(n_rounds) < p_x[party])
            state = state.z(party, where=rng.random(n_rounds) < p_z[party]).measure(party, party)
        z, x = state.run(rng=rng).bits, state.run(rng=rng).bits
        return np.mean(z[:, 1] != z[:, 0]), np.mean(z[:, 2] != z[:, 0]), np.mean(x.sum(1) % 2)

    assert "an H on each qubit" in meeting.check(answer).message
