"""Answers to the exercises of *Secure aggregation*: right ones in another style, and wrong ones that look right."""

from itertools import combinations, product

import numpy as np
import pytest

from qlearn.exercises.comparisons import exact
from qlearn.exercises.networks.secure_aggregation import (
    fixed_point,
    lying_server,
    pairwise_mask,
    recover_secret,
    rounds_paid,
    threshold,
)
from tests.exercises.tried import passes, refused

# Numbers as words


def by_python_integers(numbers, total, s):
    """Whole numbers of any size, and no array type that wraps."""
    words = [round(float(x) * 2**s) % 2**64 for x in numbers.ravel()]
    values = [((int(t) + 2**63) % 2**64 - 2**63) / 2**s for t in total.ravel()]
    return np.array(words, np.uint64).reshape(numbers.shape), np.array(values).reshape(total.shape)


def by_views(numbers, total, s):
    words = np.rint(np.ldexp(numbers, s)).astype(np.int64).view(np.uint64)
    return words, np.ldexp(total.view(np.int64).astype(float), -s)


def by_lists(numbers, total, s):
    words, values = by_python_integers(numbers, total, s)
    return [words.tolist(), values.tolist()]


@pytest.mark.parametrize("answer", [by_python_integers, by_views, by_lists])
def test_words_in_another_style(answer):
    passes(fixed_point, answer)


def test_words_of_the_reference():
    words, values = fixed_point(np.array([0.5, -1.25]), np.array([2**64 - 2**15], np.uint64), 16)
    assert words.tolist() == [2**15, 2**64 - 5 * 2**14]
    assert values.tolist() == [-0.5]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda numbers, total, s: by_python_integers(numbers, total, s)[0], "two things"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0].astype(float), by_views(numbers, total, s)[1]), "the words"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0].view(np.int64), total), "multiples of 2**64"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0] >> np.uint64(1), total), "the words"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0], total.astype(float)), "the values"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0], by_views(numbers, total, s)[1] * 2), "the values"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0], np.abs(by_views(numbers, total, s)[1])), "the values"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0], numbers), "the values"),
        (lambda numbers, total, s: (by_views(numbers, total, s)[0] % np.uint64(2**32), total), "the words"),
        (lambda numbers, total, s: ([hex(w) for w in by_views(numbers, total, s)[0].ravel().tolist()], total), "the words"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused(answer, words):
    refused(fixed_point, answer, words)


# Pads in pairs


def by_sums_of_signs(words, i, keys):
    return [
        (int(w) + sum((1 if i < j else -1) * int(pad[k]) for j, pad in keys.items())) % 2**64
        for k, w in enumerate(words)
    ]


def by_two_sums(words, i, keys):
    zero = np.zeros_like(words)
    above = sum((pad for j, pad in keys.items() if j > i), zero)
    below = sum((pad for j, pad in keys.items() if j < i), zero)
    return words + above - below


def by_signed_words(words, i, keys):
    masked = words.view(np.int64).copy()
    for j in sorted(keys):
        masked += np.sign(j - i) * keys[j].view(np.int64)
    return masked.view(np.uint64)


@pytest.mark.parametrize("answer", [by_sums_of_signs, by_two_sums, by_signed_words])
def test_masks_in_another_style(answer):
    passes(pairwise_mask, answer)


def test_masks_cancel_in_the_sum_of_the_reference():
    values = np.array([[0.5, -1.25], [2, 0.125], [-0.75, 3.5]])
    pads = {
        (0, 1): [0x0123456789ABCDEF, 0xFEDCBA9876543210],
        (0, 2): [0x1111111111111111, 0x2222222222222222],
        (1, 2): [0xDEADBEEFCAFEBABE, 0x8000000000000000],
    }
    sent = []
    for i, value in enumerate(values):
        keys = {a + b - i: np.array(pad, np.uint64) for (a, b), pad in pads.items() if i in (a, b)}
        words = fixed_point(value, np.zeros(1, np.uint64), 16)[0]
        sent.append(pairwise_mask(words, i, keys))
    assert [[f"{w:016x}" for w in one.tolist()] for one in sent] == [
        ["123456789abd5f00", "20fedcba98751432"],
        ["dd8a79884154eccf", "8123456789abedf0"],
        ["10412fff23ef7431", "5ddddddddde15dde"],
    ]
    assert fixed_point(values[0], sum(sent), 16)[1].tolist() == [1.75, 2.375]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda words, i, keys: by_two_sums(words, i, keys).astype(float), "float keeps 53"),
        (lambda words, i, keys: by_two_sums(words, i, keys).view(np.int64), "multiples of 2**64"),
        (lambda words, i, keys: by_two_sums(words, i, dict(list(keys.items())[-1:])), ""),
        (lambda words, i, keys: by_two_sums(words, i, dict(list(keys.items())[:4])), ""),
        (lambda words, i, keys: by_two_sums(words, max(keys, default=0) / 2, keys), ""),
        (lambda words, i, keys: by_two_sums(words, 0, keys), ""),
        (lambda words, i, keys: by_two_sums(words, i, keys)[:2], ""),
        (lambda words, i, keys: by_two_sums(words[::-1], i, keys), ""),
        (lambda words, i, keys: by_two_sums(words, i, keys) & np.uint64(2**32 - 1), ""),
        (lambda words, i, keys: (keys.clear(), by_two_sums(words, i, keys))[1], "has changed"),
        (lambda words, i, keys: {j: words + pad for j, pad in keys.items()}, ""),
    ],
)  # fmt: skip
def test_wrong_masks_are_refused(answer, words):
    refused(pairwise_mask, answer, words)


# The threshold


def both_secrets_leak(n, c, t):
    """Try every way to tell the honest clients one story or the other."""
    for stories in product((0, 1), repeat=n - c):
        shares = [stories.count(story) + c for story in (0, 1)]
        if min(shares) >= t:
            return True
    return False


def test_the_threshold_is_the_least_that_no_lie_reaches():
    for n in range(1, 11):
        for c in range(n):
            least = next(t for t in range(1, n + 2) if not both_secrets_leak(n, c, t))
            assert threshold(n, c) == least, (n, c)
    due = {(3, 0): 2, (4, 1): 3, (10, 0): 6, (10, 3): 7, (20, 6): 14, (100, 33): 67}
    assert {key: threshold(*key) for key in due} == due


def test_thresholds_in_another_style():
    passes(threshold, lambda n, c: next(t for t in range(1, n + 2) if 2 * t > n + c))
    passes(threshold, lambda n, c: int(np.floor((n + c) / 2)) + 1)
    passes(threshold, lambda n, c: -(-(n + c + 1) // 2))
    passes(threshold, lambda n, c: float((n + c + 2) // 2))


@pytest.mark.parametrize(
    "answer",
    [
        lambda n, c: round((n + c) / 2) + 1,
        lambda n, c: int(np.ceil((n + c) / 2)) + 1,
        lambda n, c: max(n // 2, c) + 1,
        lambda n, c: n // 2 + c + 1,
        lambda n, c: n - (n - c) // 2,
        lambda n, c: max(2 * n // 3 + 1, c + 1),
        lambda n, c: n // 2 + c // 2 + 1,
        lambda n, c: min((n + c) // 2 + 1, n - c),
    ],
)
def test_wrong_thresholds_are_refused(answer):
    refused(threshold, answer)


# Shares


def by_fermat(shares, prime):
    total = 0
    for k, (x, y) in enumerate(shares):
        top = bottom = 1
        for j, (other, _) in enumerate(shares):
            if j != k:
                top, bottom = top * -other % prime, bottom * (x - other) % prime
        total = (total + y * top * pow(bottom, prime - 2, prime)) % prime
    return total


def by_elimination(shares, prime):
    """Solve the linear system for the coefficients."""
    rows = [[pow(x, k, prime) for k in range(len(shares))] + [y] for x, y in shares]
    n = len(rows)
    for k in range(n):
        at = next(r for r in range(k, n) if rows[r][k])
        rows[k], rows[at] = rows[at], rows[k]
        inverse = pow(rows[k][k], -1, prime)
        rows[k] = [v * inverse % prime for v in rows[k]]
        for r in range(n):
            if r != k:
                rows[r] = [(a - rows[r][k] * b) % prime for a, b in zip(rows[r], rows[k], strict=True)]
    return rows[0][-1]


def by_divided_differences(shares, prime):
    xs, ys = zip(*shares, strict=True)
    coefficients = list(ys)
    for step in range(1, len(xs)):
        for k in range(len(xs) - 1, step - 1, -1):
            change = coefficients[k] - coefficients[k - 1]
            coefficients[k] = change * pow(xs[k] - xs[k - step], -1, prime) % prime
    value = 0
    for x, coefficient in zip(reversed(xs), reversed(coefficients), strict=True):
        value = (coefficient - value * x) % prime
    return value


@pytest.mark.parametrize("answer", [by_fermat, by_elimination, by_divided_differences])
def test_secrets_in_another_style(answer):
    passes(recover_secret, answer)


def test_the_shares_of_the_reference_give_their_secret():
    shares = list(enumerate((1494, 329, 965, 176, 1188, 775), 1))
    for chosen in combinations(shares, 3):
        assert recover_secret(list(chosen), 1613) == 1234
    assert recover_secret([(1, 49), (3, 63)], 257) == 42


def test_two_shares_of_three_fit_every_secret():
    found = {recover_secret([(1, 49), (3, 63), (5, y)], 257) for y in range(257)}
    assert found == set(range(257))


def in_floats(shares, prime):
    total = 0.0
    for x, y in shares:
        for other, _ in shares:
            if other != x:
                y *= other / (other - x)
        total += y
    return round(total) % prime


@pytest.mark.parametrize(
    "answer",
    [
        in_floats,
        lambda shares, prime: by_fermat(shares, prime) - prime,
        lambda shares, prime: by_fermat(shares[:-1] or shares, prime),
        lambda shares, prime: by_fermat(sorted(shares)[:3], prime),
        lambda shares, prime: by_fermat(shares, 2**61 - 1),
        lambda shares, prime: float(by_fermat(shares, prime)),
        lambda shares, prime: by_fermat(shares, prime) % 2**64,
        lambda shares, prime: (by_fermat(shares, prime), prime),
        lambda shares, prime: str(by_fermat(shares, prime)),
        lambda shares, prime: min(y for _, y in shares),
    ],
)
def test_wrong_secrets_are_refused(answer):
    refused(recover_secret, answer)


# Rounds of a day


def step_by_step(rate, n, d, w, tag):
    message = (d + 1) * w
    pads = sum(message for _ in range(n - 1))
    made = rate * 24 * 60 * 60
    return made // (pads + tag + tag)


def test_rounds_in_another_style():
    passes(rounds_paid, step_by_step)
    passes(rounds_paid, lambda rate, n, d, w, tag: divmod(86400 * rate, w * (d * n - d + n - 1) + tag * 2)[0])
    passes(rounds_paid, lambda *given: float(step_by_step(*given)))


def test_rounds_of_the_reference():
    assert (10 - 1) * (16 + 1) * 64 == 9792
    assert rounds_paid(300_000, 10, 16, 64, 0) == 86400 * 300_000 // 9792
    assert rounds_paid(300_000, 10, 10**6 - 1, 64, 0) == 45


@pytest.mark.parametrize(
    "cost",
    [
        lambda n, d, w, tag: (n - 1) * d * w + w + 2 * tag,
        lambda n, d, w, tag: (n - 1) * (d + 1) * w + 3 * tag,
        lambda n, d, w, tag: (n - 1) * (d + 1) * 64 + 2 * tag,
        lambda n, d, w, tag: (n - 1) * (d + 1) * w + 256,
        lambda n, d, w, tag: (n - 1) * (d + 2) * w + 2 * tag,
        lambda n, d, w, tag: 3 * (n - 1) * (d + 1) * w + 2 * tag,
        lambda n, d, w, tag: 9 * (d + 1) * w + 2 * tag,
        lambda n, d, w, tag: 256 * (n - 1) + 2 * tag,
    ],
    ids=[
        "weight once",
        "three tags",
        "64 bits",
        "128 a tag",
        "two more",
        "shared masks",
        "ten clients",
        "seeds",
    ],
)
def test_rounds_at_another_price_are_refused(cost):
    refused(rounds_paid, lambda rate, *others: 86400 * rate // cost(*others))


def test_a_day_of_another_length_is_refused():
    for seconds in (86_399, 86_401, 86_164, 24 * 3600 + 60, 3600, 24 * 60):
        refused(
            rounds_paid, lambda rate, n, d, w, tag, s=seconds: s * rate // ((n - 1) * (d + 1) * w + 2 * tag)
        )


# A server that lies


def readable(answers, t):
    """Whose update is a combination of what the server holds, by elimination modulo a prime."""
    prime, n = 2**31 - 1, len(answers)
    names = {("x", u): u for u in range(n)} | {("b", u): n + u for u in range(n)}
    names |= {("pad", u, v): 2 * n + k for k, (u, v) in enumerate(combinations(range(n), 2))}

    def row(*terms):
        made = [0] * len(names)
        for name, value in terms:
            made[names[name]] = value
        return made

    held = []
    for u in range(n):
        pads = [(("pad", *sorted((u, v))), 1 if u < v else -1) for v in range(n) if v != u]
        held.append(row((("x", u), 1), (("b", u), 1), *pads))
        told = [{u in one for one in lists} for lists in answers]
        if sum(True in one for one in told) >= t:
            held.append(row((("b", u), 1)))
        if sum(False in one for one in told) >= t:
            held += [row((pad, 1)) for pad, _ in pads]
    basis = {}
    for one in held:
        if rest := reduced(one, basis, prime):
            basis[next(k for k, value in enumerate(rest) if value)] = rest
    return {u for u in range(n) if reduced(row((("x", u), 1)), basis, prime) is None}


def reduced(row, basis, prime):
    """What is left of a row, None if nothing is."""
    row = [value % prime for value in row]
    for k in range(len(row)):
        if row[k] and k in basis:
            factor = row[k] * pow(basis[k][k], -1, prime) % prime
            row = [(a - factor * b) % prime for a, b in zip(row, basis[k], strict=True)]
    return row if any(row) else None


def test_what_lies_open_is_what_can_be_worked_out():
    sizes = set()
    for seed in range(3):
        for answers, t in lying_server.draw_cases(seed):
            due = readable(answers, t)
            assert lying_server(answers, t) == due, (answers, t)
            sizes.add(min(len(due), 2))
    assert sizes == {0, 1, 2}


def by_counters(answers, t):
    n = len(answers)
    counts = np.zeros((2, n), int)
    for lists in answers:
        for story in (True, False):
            for u in range(n):
                counts[int(story), u] += any((u in one) is story for one in lists)
    keys, masks = counts >= t
    return [u for u in range(n) if masks[u] and (keys[u] or np.delete(keys, u).all())]


def pair_by_pair(answers, t):
    n = range(len(answers))

    def shares(u, story):
        return len([v for v in n if story in [u in one for one in answers[v]]])

    known = {
        frozenset((u, v)) for u in n for v in n if u != v and max(shares(u, False), shares(v, False)) >= t
    }
    return {u for u in n if shares(u, True) >= t and all(frozenset((u, v)) in known for v in n if v != u)}


@pytest.mark.parametrize("answer", [by_counters, pair_by_pair, readable])
def test_open_updates_in_another_style(answer):
    passes(lying_server, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda answers, t: sorted(pair_by_pair(answers, t))[:1], ""),
        (lambda answers, t: len(pair_by_pair(answers, t)), "a set or a list"),
        (lambda answers, t: pair_by_pair([lists[-1:] for lists in answers], t), ""),
        (lambda answers, t: pair_by_pair([lists[:2] for lists in answers if lists], t), ""),
        (lambda answers, t: set(range(len(answers))) - pair_by_pair(answers, t), ""),
        (lambda answers, t: pair_by_pair(answers, len(answers) // 2 + 1), ""),
        (lambda answers, t: pair_by_pair(answers, 3), ""),
        (lambda answers, t: {u + 1 for u in pair_by_pair(answers, t)}, ""),
        (lambda answers, t: {u for u in pair_by_pair(answers, t) if answers[u]}, ""),
        (lambda answers, t: set(range(len(answers))) if pair_by_pair(answers, t) else set(), ""),
    ],
)  # fmt: skip
def test_wrong_sets_of_open_updates_are_refused(answer, words):
    refused(lying_server, answer, words)


# The comparison of whole numbers


def test_whole_numbers_are_compared_to_the_last_bit():
    due = np.array([2**64 - 1, 5], np.uint64)
    assert exact([2**64 - 1, 5], due) is None
    assert exact(due.astype(object), due) is None
    assert exact((2**64 - 2, 5), due) == "1 of 2 numbers are not right"
    assert exact(due.astype(float), due) == "a float keeps 53 bits of a number: stay with whole numbers"
    assert exact(None, due) == "your function returns nothing: end it with `return`"
    assert exact([5], due) == "you give 1 numbers; it should be 2 numbers"
    assert exact([2**64 - 1, "5"], due) is not None
    assert exact(2**127 + 1, 2**127 + 1) is None
    assert exact(2**127 + 2, 2**127 + 1) == "the number is not right"
    assert exact((due, 3), (due, 3)) is None
    assert exact((due, 4), (due, 3)) == "the second of 2: the number is not right"
