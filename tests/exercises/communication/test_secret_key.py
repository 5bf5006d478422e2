"""Exercises of *From errors to a secret key*: other right ways pass, and what is wrong is told what it did."""

from functools import reduce
from math import ceil, floor

import numpy as np
import pytest
from scipy.linalg import toeplitz
from scipy.optimize import minimize_scalar
from scipy.stats import entropy

from qlearn.communication import binary_entropy as h, secret_key
from qlearn.communication.secret_key import (
    NoKey,
    PublicChannel,
    amplify,
    estimate,
    hashing_margin,
    reconcile,
    serfling_deviation,
    toeplitz_hash,
)
from qlearn.exercises.communication.secret_key import (
    best_sample,
    find_error,
    key_length,
    my_distill,
    second_message,
    toeplitz_matrix,
)


def by_sums(n, qber, leak):
    left = n - n * entropy([qber, 1 - qber], base=2) - n * leak
    return floor(left) if left > 0 else 0


def recursive(block, ask, at=0):
    if len(block) == 1:
        return at
    half = len(block) // 2
    if int(np.bitwise_xor.reduce(block[:half])) ^ ask(at, at + half):
        return recursive(block[:half], ask, at)
    return recursive(block[half:], ask, at + half)


def from_the_right(block, ask):
    """Ask for the second half, and take the larger one first."""
    low, high = 0, len(block)
    while high - low > 1:
        middle = (low + high + 1) // 2
        if sum(block[middle:high]) % 2 == ask(middle, high):
            high = middle
        else:
            low = middle
    return np.array([low])


def by_prefixes(block, ask):
    """Ask from the beginning every time: of what is left of it the parity is known."""
    differs, low, high = 0, 0, len(block)
    while high - low > 1:
        middle = (low + high) // 2
        here = (int(block[:middle].sum()) + ask(0, middle)) % 2
        if here != differs:
            high = middle
        else:
            low = middle
    return float(low)


def column_by_column(seed, n, length):
    return np.transpose([toeplitz_hash(unit, seed, length) for unit in np.eye(n, dtype=np.uint8)])


def by_big_numbers(first_cipher, second_cipher, first):
    numbers = (int.from_bytes(x, "big") for x in (first_cipher, second_cipher, first))
    return reduce(lambda a, b: a ^ b, numbers).to_bytes(len(first), "big")


def by_arrays(first_cipher, second_cipher, first):
    one, two, three = (np.frombuffer(x, np.uint8) for x in (first_cipher, second_cipher, first))
    return bytearray(one ^ two ^ three)


def length_of(n, k, qber):
    worst = min(0.5, qber + float(serfling_deviation(n - k, k, (1e-10 / 4) ** 2)))
    return (n - k) * (1 - float(h(worst)) - 1.1 * float(h(qber)))


def by_golden_section(n_signals, qber):
    found = minimize_scalar(
        lambda k: -length_of(n_signals, int(k), qber), bounds=(1, 0.9 * n_signals), method="bounded"
    )
    return int(found.x)


def by_ternary_search(n_signals, qber):
    low, high = 1, n_signals - 1
    while high - low > 2:
        one, two = low + (high - low) // 3, high - (high - low) // 3
        if length_of(n_signals, one, qber) < length_of(n_signals, two, qber):
            low = one
        else:
            high = two
    return (low + high) // 2


def by_the_package(keys, line, rng):
    try:
        seen = secret_key.estimate(keys, security=1e-10, channel=line, rng=rng)
        same = secret_key.reconcile(
            *(seen.remaining.alice, seen.remaining.bob), seen.qber, channel=line, rng=rng
        )
        left = seen.secret_bits() - sum(line.disclosed.values()) - secret_key.hashing_margin(1e-10)
        if not same.verified or left < 1:
            raise NoKey("amplify", "nothing is left")
    except NoKey:
        return None
    alice, bob = secret_key.amplify(same.alice, same.bob, int(left), channel=line, rng=rng)
    return [list(alice), list(bob)]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (key_length, by_sums),
        (key_length, lambda n, qber, leak: max(0, n * (1 - h(qber) - leak)) // 1),
        (key_length, lambda n, qber, leak: np.clip(np.floor(n * (1 - leak - h(qber))), 0, None)),
        (find_error, recursive),
        (find_error, from_the_right),
        (find_error, by_prefixes),
        (toeplitz_matrix, column_by_column),
        (toeplitz_matrix, lambda seed, n, length: toeplitz(seed[n - 1 :], seed[n - 1 :: -1] if n > 1 else seed[:1])),
        (toeplitz_matrix, lambda seed, n, length: [list(seed[n - 1 - np.arange(n) + i]) for i in range(length)]),
        (toeplitz_matrix, lambda seed, n, length: 3 * toeplitz_matrix(seed, n, length).astype(int)),  # equal mod 2
        (toeplitz_matrix, lambda seed, n, length: toeplitz_matrix(seed, n, length).astype(bool)),
        (second_message, by_big_numbers),
        (second_message, by_arrays),
        (best_sample, by_golden_section),
        (best_sample, by_ternary_search),
        (best_sample, lambda n, qber: float(by_ternary_search(n, qber))),
        (my_distill, by_the_package),
    ],
)  # fmt: skip
def test_another_right_way_passes(exercise, answer):
    for seed in range(3):
        assert (verdict := exercise.check(answer, seed=seed)), verdict


def reads_the_first_error(block, ask):
    """Right if there is one error, and asks all the same from the beginning to the end."""
    return next((i for i in range(len(block)) if sum(block[: i + 1]) % 2 != ask(0, i + 1)), 0)


def asks_of_four(block, ask):
    return find_error(block, ask) if len(block) <= 64 else 0


def guesses(block, ask):
    return len(block) // 2


def loops_for_ever(block, ask):
    while True:
        ask(0, 1)


def never_looks(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    said = line.disclosed["reconcile"] + line.disclosed["verify"]
    return amplify(
        same.alice, same.bob, int(seen.secret_bits() - said - hashing_margin(1e-10)), channel=line, rng=rng
    )


def and_then(change):
    def answer(keys, line, rng):
        made = my_distill.solution(keys, line, rng)
        return None if made is None else change(keys, *made)

    return answer


def zeros(keys, alice, bob):
    return 0 * alice, 0 * bob


def the_raw_bits(keys, alice, bob):
    return keys.alice[: alice.size], keys.alice[: alice.size]


REFUSED = [
    (key_length, lambda n, qber, leak: int(n * (1 - h(qber) - leak)) if qber < 0.11 else 0, "negative length"),
    (key_length, lambda n, qber, leak: max(0, int(1000 * (1 - h(qber) - leak))), "a thousand bits"),
    (key_length, lambda n, qber, leak: abs(int(n * (1 - h(qber) - leak))), "key_length"),
    (key_length, lambda n, qber, leak: str(key_length(n, qber, leak)), "quotation marks"),
    (key_length, lambda n, qber, leak: max(0, int(n * (1 - h(qber)) * (1 - leak))), "key_length"),
    (key_length, lambda n, qber, leak: max(0, int(n * (1 - h(qber) - leak))) // 10 * 10, "key_length"),
    (find_error, reads_the_first_error, "parities for a block"),
    (find_error, asks_of_four, "is right"),
    (find_error, guesses, "is right"),
    (find_error, lambda block, ask: -1, "there is no position -1"),
    (find_error, lambda block, ask: "3", "one position"),
    (find_error, lambda block, ask: [1, 2], "one position"),
    (find_error, loops_for_ever, "does the loop end?"),
    (toeplitz_matrix, lambda seed, n, length: toeplitz_matrix(seed, n, length)[::-1], ""),
    (toeplitz_matrix, lambda seed, n, length: toeplitz_matrix(seed, n, length) / 2, "bits, 0 or 1"),
    (toeplitz_matrix, lambda seed, n, length: 1 - toeplitz_matrix(seed, n, length), ""),
    (toeplitz_matrix, lambda seed, n, length: toeplitz_matrix(seed[::-1], n, length), "numbered from the wrong end"),
    (toeplitz_matrix, lambda seed, n, length: toeplitz(seed[:length], seed[:n]), ""),
    (second_message, lambda c1, c2, m: np.frombuffer(c1, np.uint8) ^ np.frombuffer(c2, np.uint8), "return bytes"),
    (second_message, lambda c1, c2, m: second_message(c1, c2, m).decode("latin-1"), "return bytes"),
    (second_message, lambda c1, c2, m: b"no, at midnight.", "second_message"),
    (second_message, lambda c1, c2, m: second_message(c1, c2, m)[:16], "16 bytes; the cipher has"),
    (second_message, lambda c1, c2, m: bytes(a | b for a, b in zip(c1, c2, strict=True)), "c1 ^ c2 = m1 ^ m2"),
    (best_sample, lambda n, qber: int(0.21 * n), "too few"),
    (best_sample, lambda n, qber: int(n**0.5), "too few"),
    (best_sample, lambda n, qber: 2.5, "a whole number"),
    (best_sample, lambda n, qber: int(5.7 * n ** (2 / 3)), "too few"),  # right at one error rate
    (best_sample, lambda n, qber: n, "one kept"),
    (my_distill, never_looks, "look at `verified`"),
    (my_distill, and_then(zeros), "not the hash of the corrected key"),
    (my_distill, and_then(the_raw_bits), "not the hash of the corrected key"),
    (my_distill, and_then(lambda keys, alice, bob: (alice[:-100], bob[:-100])), "more are too"),
    (my_distill, and_then(lambda keys, alice, bob: alice), "two keys"),
    (my_distill, and_then(lambda keys, alice, bob: (alice, 1 - bob)), "the two keys differ"),
    (my_distill, lambda keys, line, rng: print(len(keys)), "there is a key"),
    (my_distill, lambda keys, line, rng: my_distill.solution(keys, PublicChannel(), rng), "on the line you were given"),
    (my_distill, lambda keys, line, rng: my_distill.solution(keys, line, np.random.default_rng(4)), "Pass `rng` on"),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "answer", "word"), REFUSED)
def test_what_is_wrong_is_refused(exercise, answer, word):
    for seed in range(2):
        verdict = exercise.check(answer, seed=seed)
        assert not verdict
        assert word in verdict.message, verdict
        assert answer is loops_for_ever or "stopped with" not in verdict.message, verdict


def test_the_leak_moves_the_best_sample():
    """Left out, it used to cost less than the 1 % that are allowed."""

    def without(n, qber):
        sample = np.unique(np.geomspace(1, n - 1, 3000).astype(int))
        worst = np.minimum(0.5, qber + serfling_deviation(n - sample, sample, (1e-10 / 4) ** 2))
        return sample[np.argmax((n - sample) * (1 - h(worst)))]

    for seed in range(5):
        assert "Each kept bit pays the leak" in best_sample.check(without, seed=seed).message


def test_bobs_key_of_alices_bits_is_found_out():
    def copies(keys, line, rng):
        try:
            seen = estimate(keys, security=1e-10, channel=line, rng=rng)
        except NoKey:
            return None
        same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
        said = line.disclosed["reconcile"] + line.disclosed["verify"]
        length = int(seen.secret_bits() - said - hashing_margin(1e-10))
        if not same.verified or length < 1:
            return None
        alice, _ = amplify(same.alice, same.bob, length, channel=line, rng=rng)
        return alice, alice.copy()

    assert "Bob's key is made of Alice's bits" in my_distill.check(copies).message


def test_alices_key_twice_is_found_out_in_a_helper_too():
    """By a line that alters the seed: Bob's key must feel what he heard."""
    for seed in range(3):
        alike = my_distill.check(and_then(lambda keys, alice, bob: (alice, alice)), seed=seed)
        assert "that *he* heard" in alike.message, alike


def test_part_of_a_bit_too_many_is_refused():
    def rounds(how):
        def distill(keys, line, rng):
            try:
                seen = estimate(keys, security=1e-10, channel=line, rng=rng)
            except NoKey:
                return None
            rest = seen.remaining
            same = reconcile(rest.alice, rest.bob, seen.qber, channel=line, rng=rng)
            length = how(seen.secret_bits() - sum(line.disclosed.values()) - hashing_margin(1e-10))
            return (
                amplify(same.alice, same.bob, length, channel=line, rng=rng)
                if same.verified and length > 0
                else None
            )

        return distill

    for seed in range(4):
        assert my_distill.check(rounds(floor), seed=seed)
        assert "part of a bit too many" in my_distill.check(rounds(ceil), seed=seed).message


def test_bits_of_alice_that_nobody_asked_for_are_noticed():
    def peeks(block, ask):
        bits = next(c.cell_contents for c in ask.__closure__ if isinstance(c.cell_contents, np.ndarray))
        return np.flatnonzero(bits != block)[0]

    def by_powers_of_two(block, ask, start=0):
        if len(block) == 1:
            return start
        first = 1 << (len(block) - 1).bit_length() - 1
        if ask(start, start + first) != sum(block[:first]) % 2:
            return by_powers_of_two(block[:first], ask, start)
        return by_powers_of_two(block[first:], ask, start + first)

    for seed in range(30):
        assert find_error.check(by_powers_of_two, seed=seed)
        assert "fewer parities" in find_error.check(peeks, seed=seed).message


def test_the_parity_of_the_whole_block_is_named():
    def asks_for_all(block, ask):
        ask(0, len(block))
        return find_error(block, ask)

    assert "parity of the whole block" in find_error.check(asks_for_all).message


@pytest.mark.parametrize(
    "shorter",
    [
        lambda message: message.strip(),
        lambda message: message.lstrip(b"\0"),  # a whole number forgets the zeros before it
        lambda message: message.rstrip(b"\0"),
    ],
)
def test_the_ends_of_a_message_belong_to_it(shorter):
    for seed in range(5):
        verdict = second_message.check(lambda c1, c2, m: shorter(second_message(c1, c2, m)), seed=seed)
        assert "at the ends" in verdict.message, verdict


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda n, qber, leak: floor(n * (1 - h(qber) - leak)), "no negative length"),
        (lambda n, qber, leak: max(0, floor(n * (1 - h(qber) * (1 + leak)))), "Shannon's limit"),
    ],
)
def test_a_length_with_a_slip_is_told_which(answer, word):
    assert word in key_length.check(answer).message


def test_who_gives_up_at_eleven_per_cent_is_refused_at_every_seed():
    for seed in range(60):
        answer = key_length.check(
            lambda n, qber, leak: 0 if qber > 0.11 else key_length(n, qber, leak), seed=seed
        )
        assert "11 % of errors" in answer.message, seed


def test_a_session_that_says_as_much_as_it_has_is_tried_again():
    """The parities of a low-density code may take all of a short key."""

    def by_codes(keys, line, rng):
        try:
            seen = estimate(keys, security=1e-10, channel=line, rng=rng)
        except NoKey:
            return None
        rest = seen.remaining
        method = "ldpc" if len(rest) >= 256 else "cascade"
        same = reconcile(rest.alice, rest.bob, seen.qber, method=method, channel=line, rng=rng)
        length = floor(seen.secret_bits() - sum(line.disclosed.values()) - hashing_margin(1e-10))
        return (
            amplify(same.alice, same.bob, length, channel=line, rng=rng)
            if same.verified and length > 0
            else None
        )

    for seed in (0, 7, 8):
        assert my_distill.check(by_codes, seed=seed)
