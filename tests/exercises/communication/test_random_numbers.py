"""Exercises of *Random numbers*: other right ways pass, and what is wrong is told what it did."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction
from itertools import groupby, pairwise, product

import numpy as np
import pytest
from scipy import special, stats

from qlearn.communication import random_numbers
from qlearn.exercises.communication.random_numbers import (
    coin_entropy,
    leftover_length,
    markov_min_entropy,
    monobit_p_value,
    seed_search,
    von_neumann_by_hand,
)
from tests.exercises.tried import passes, refused


def bits(text):
    return np.array([int(c) for c in text], np.uint8)


def entropies_one_by_one(p):
    shannon, least = 0.0, math.inf
    for chance in p.tolist():
        if chance:
            shannon += chance * math.log2(1 / chance)
            least = min(least, math.log2(1 / chance))
    return [shannon, least]


def entropies_with_a_little_more(p):
    p = p + 1e-12
    return np.array([-(p * np.log(p)).sum(), -np.log(p).max() * 0 - np.log(p.max())]) / math.log(2)


@pytest.mark.parametrize(
    "answer",
    [
        entropies_one_by_one,
        entropies_with_a_little_more,
        lambda p: (stats.entropy(p, base=2), -math.log(max(p), 2)),
        lambda p: (special.entr(p).sum() / np.log(2), np.float64(-np.log2(np.linalg.norm(p, np.inf)))),
        lambda p: (
            -sum(x * np.log2(x) for x in p if x > 0),
            min(-np.log2(np.where(p > 0, p, 1e-300))),
        ),
        lambda p: (np.dot(p, -np.log2(np.where(p == 0, 1, p))), -np.log2(sorted(p)[-1])),
    ],
)
def test_another_way_to_two_entropies_passes(answer):
    assert passes(coin_entropy, answer)


def h(p):
    return special.entr(p).sum() / np.log(2)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda p: (h(p), -np.log2(1 - p.max())), ""),  # the chance of a wrong guess
        (lambda p: (h(p), h(p) / 2), ""),
        (lambda p: (1.0, 1.0), ""),
        (lambda p: (h(p), 1.0), ""),
        (lambda p: (h(p).round(3), (-np.log2(p.max())).round(3)), "rounded"),
        (lambda p: (h(p), -np.log2(p[0])), ""),  # the first outcome
        (lambda p: (h(p), -np.log2(p[-1])), ""),
        (lambda p: (h(p), -np.log2(np.median(p))), ""),
        (lambda p: (h(p), -np.log2(p.mean())), "only counts the entries"),
        (lambda p: (h(p), -np.log2((p**2).sum()) / 2), ""),  # half of Renyi's is a bound and not it
        (lambda p: (h(p) / np.log2(max(2, len(p))), -np.log2(p.max())), ""),  # an efficiency
        (lambda p: (-np.log2(p.max()), h(p)), "exchanged"),
        (lambda p: (-(p * np.log2(p)).sum(), -np.log2(p.max())), "`nan`"),
        (lambda p: (np.nan_to_num(-(p * np.log2(p))).sum(), (-np.log2(p[p > 0])).max()), "rarest"),
        (lambda p: (special.entr(p).sum(), -np.log(p.max())), "nats"),
        (lambda p: {"shannon": h(p), "least": -np.log2(p.max())}, ""),
        (lambda p: (h(p), -np.log2(p.max()), 0.0), ""),
        (lambda p: str(h(p)), ""),
        (lambda p: -np.log2(p), ""),
    ],
)
def test_what_is_not_two_entropies_is_refused(answer, words):
    assert refused(coin_entropy, answer, words)


def pair_by_pair(sequence):
    kept = []
    for i in range(0, len(sequence) - 1, 2):
        if sequence[i] != sequence[i + 1]:
            kept.append(int(sequence[i]))
    return kept


def by_text(sequence):
    text = "".join(map(str, sequence.tolist()))
    pairs = (text[i : i + 2] for i in range(0, len(text), 2))
    return [{"01": 0, "10": 1}[pair] for pair in pairs if pair in ("01", "10")]


def by_iterators(sequence):
    each = iter(sequence.tolist())
    return tuple(one for one, other in zip(each, each, strict=False) if one ^ other)


@pytest.mark.parametrize(
    "answer",
    [
        pair_by_pair,
        by_text,
        by_iterators,
        random_numbers.von_neumann,
        lambda x: np.array([a for a, b in x[: len(x) // 2 * 2].reshape(-1, 2) if a + b == 1], int),
        lambda x: x[: len(x) - len(x) % 2 : 2][np.diff(x[: len(x) - len(x) % 2].reshape(-1, 2).astype(int))[:, 0] != 0],
        lambda x: np.array(pair_by_pair(x), float),
        lambda x: np.array(pair_by_pair(x), bool),
    ],
)  # fmt: skip
def test_another_way_to_von_neumanns_bits_passes(answer):
    assert passes(von_neumann_by_hand, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: [1 - b for b in pair_by_pair(x)], "second bit"),
        (lambda x: pair_by_pair(x)[::-1], "reverse order"),
        (lambda x: sorted(pair_by_pair(x)), ""),
        (lambda x: pair_by_pair(x)[:-1], ""),
        (lambda x: pair_by_pair(x) or [0], ""),  # it gives a bit where there is none
        (lambda x: pair_by_pair(x) or None, ""),
        (lambda x: np.array(pair_by_pair(x)).reshape(-1, 1), ""),
        (lambda x: "".join(map(str, pair_by_pair(x))), ""),
        (lambda x: [key for key, _ in groupby(x.tolist())], ""),  # runs are cut to one bit
        (lambda x: [2 * b - 1 for b in pair_by_pair(x)], ""),
        (lambda x: x, ""),
        (lambda x: x[::2], ""),
        (lambda x: [], ""),
        (lambda x: [0, 1], ""),
        (lambda x: len(pair_by_pair(x)), "how many"),
        (lambda x: x[:-1][x[1:] != x[:-1]], "overlap"),
        (lambda x: pair_by_pair(x) + x[len(x) // 2 * 2 :].tolist(), "no partner"),
        (lambda x: np.resize(pair_by_pair(x) or [0], len(x) // 2), ""),  # filled up
        (lambda x: pair_by_pair(x) + pair_by_pair([a ^ b for a, b in zip(x[::2], x[1::2], strict=False)]), ""),  # Peres
        (lambda x: x[::2][x[::2] != x[1::2]], "stopped with"),  # an odd length
    ],
)  # fmt: skip
def test_what_is_not_von_neumanns_is_refused(answer, words):
    assert refused(von_neumann_by_hand, answer, words)


def by_search(n, per_round, distance):
    """Take the largest length whose distance is small enough, from one on that is."""
    m = max(0, int(n * per_round) - 200)
    while 0.5 * 2 ** ((m + 1 - n * per_round) / 2) <= distance:
        m += 1
    return m


def by_halving(n, per_round, distance):
    k, low, high = n * per_round, 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if math.log2(distance) >= (middle - k) / 2 - 1 else (low, middle)
    return low


@pytest.mark.parametrize(
    "answer",
    [
        by_search,
        by_halving,
        lambda n, per_round, distance: max(0, int(n * per_round + 2 * math.log2(2 * distance))),
        lambda n, per_round, distance: max(0, math.floor(n * per_round + np.log2(4 * distance**2))),
        lambda n, per_round, distance: max(np.floor(n * per_round + 2 + 2 * np.log(distance) / np.log(2)), 0),
        lambda n, per_round, distance: int(max(n * per_round - 2 * math.log2(0.5 / distance), 0)),
        lambda n, per_round, distance: random_numbers.leftover_hash_length(n * per_round, distance),
    ],
)
def test_another_way_to_the_length_passes(answer):
    assert passes(leftover_length, answer)


def length(n, per_round, distance, more=0):
    return max(0, math.floor(n * per_round + 2 + 2 * math.log2(distance)) + more)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, r, d: length(n, r, d, 1), ""),
        (lambda n, r, d: length(n, r, d, -1), ""),
        (lambda n, r, d: max(1, length(n, r, d)), ""),  # one bit where there is none
        (lambda n, r, d: length(n, r, d) if length(n, r, d) > 1 else 0, ""),  # none where there is one
        (lambda n, r, d: length(n, r, d) or None, ""),
        (lambda n, r, d: n * r + 2 + 2 * math.log2(d), ""),
        (lambda n, r, d: max(0, n * r + 2 + 2 * math.log2(d)), "whole number"),
        (lambda n, r, d: length(n, r, d, 1) if length(n, r, d) else 0, ""),
        (lambda n, r, d: length(n, r, 1e-10), ""),
        (lambda n, r, d: length(1000, r, d), ""),
        (lambda n, r, d: length(n, 1, d), "count the rounds as whole bits"),
        (lambda n, r, d: length(n, 1 - r, d), ""),
        (lambda n, r, d: max(0, math.floor(n * (r + 2 + 2 * math.log2(d)))), ""),
        (lambda n, r, d: max(0, math.floor(n * r - math.sqrt(n) * math.log2(1 / d))), ""),
        (lambda n, r, d: max(0, math.floor(n * r) - 66), ""),
        (lambda n, r, d: 0, ""),
        (lambda n, r, d: n, ""),
        (lambda n, r, d: math.floor(n * r), "keep all"),
        (lambda n, r, d: abs(math.floor(n * r + 2 + 2 * math.log2(d))), ""),
        (lambda n, r, d: [0] * length(n, r, d), ""),
        (lambda n, r, d: f"{length(n, r, d)} bits", ""),
        (lambda n, r, d: length(n, r, d) // 8 * 8, ""),  # whole bytes
        (lambda n, r, d: max(0, length(n, r, d) - (d > 0.3)), ""),  # a loose distance
        (lambda n, r, d: length(n, r, min(d, 1e-3)), ""),
        (lambda n, r, d: length(n, r, max(d, 1e-12)), ""),  # a strict one
        (lambda n, r, d: max(0, length(n, r, d) - (n * r > 1e5)), ""),  # a long string
    ],
)
def test_what_is_not_the_length_is_refused(answer, words):
    assert refused(leftover_length, answer, words)


def by_the_last_bits(start, step, n):
    """Carry the best chances as exponents of e, and plain numbers."""

    def log(x):
        return math.log(x) if x else -math.inf

    zero, one = log(start[0]), log(start[1])
    (a, b), (c, d) = ([log(x) for x in row] for row in step)
    for _ in range(n - 1):
        zero, one = max(zero + a, one + c), max(zero + b, one + d)
    return -max(zero, one) / math.log(2)


def by_squaring(start, step, n):
    """Take powers in the algebra of maximum and sum."""

    def times(x, y):
        return (x[:, :, None] + y[None]).max(axis=1)

    with np.errstate(divide="ignore"):
        first, square = np.log2(start)[None], np.log2(step)
    left = n - 1
    while left:
        if left % 2:
            first = times(first, square)
        square, left = times(square, square), left // 2
    return [-first.max()]


def from_the_end(start, step, n):
    """Rescale the chances of the best endings at each step, and keep what was taken out."""
    best, taken = np.ones(2), 0.0
    for _ in range(n - 1):
        best = (step * best).max(axis=1)
        taken += np.log2(best.max())
        best = best / best.max()
    return -np.log2((start * best).max()) - taken


def in_decimals(start, step, n):
    getcontext().prec = 30
    best = [Decimal(float(x)) for x in start]
    chances = [[Decimal(float(x)) for x in row] for row in step]
    for _ in range(n - 1):
        best = [max(best[i] * chances[i][j] for i in (0, 1)) for j in (0, 1)]
    return -float(max(best).ln() / Decimal(2).ln())


@pytest.mark.parametrize("answer", [by_the_last_bits, by_squaring, from_the_end, in_decimals])
def test_another_way_to_the_likeliest_path_passes(answer):
    assert passes(markov_min_entropy, answer)


def test_the_solution_is_what_all_paths_say():
    for seed in range(5):
        for start, step, n in markov_min_entropy.draw_cases(seed):
            if n > 9:
                continue
            chances = [[Fraction(float(x)) for x in row] for row in step]
            likeliest = max(
                Fraction(float(start[path[0]])) * math.prod(chances[a][b] for a, b in pairwise(path))
                for path in product((0, 1), repeat=n)
            )  # fmt: skip
            assert markov_min_entropy(start, step, n) == pytest.approx(-math.log2(likeliest), abs=1e-12)


def test_long_strings_have_the_rate_of_the_source():
    source = random_numbers.MarkovSource(0.2, 0.7)
    step = np.array([[0.8, 0.2], [0.3, 0.7]])
    start = np.array([1 - source.ones, source.ones])
    assert markov_min_entropy(start, step, 3000) / 3000 == pytest.approx(source.min_entropy_rate, abs=1e-3)


def marginal(start, step, n):
    return start @ np.linalg.matrix_power(step, n - 1)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda start, step, n: by_the_last_bits(start, step.T, n), "row"),
        (lambda start, step, n: by_the_last_bits(start[::-1], step, n), ""),
        (lambda start, step, n: by_the_last_bits(np.array([0.5, 0.5]), step, n), ""),
        (lambda start, step, n: by_the_last_bits(np.array([1.0, 1.0]), step, n), "the first bit has a chance"),
        (lambda start, step, n: by_the_last_bits(start, step, n - 1), ""),
        (lambda start, step, n: by_the_last_bits(start, step, min(n, 16)), ""),
        (lambda start, step, n: by_the_last_bits(start, step, n) / n, "a bit"),
        (lambda start, step, n: round(by_the_last_bits(start, step, n), 3), ""),
        (lambda start, step, n: -n * math.log2(max(step[0, 0], step[1, 1], math.sqrt(step[0, 1] * step[1, 0]))), ""),
        (lambda start, step, n: -math.log2(start.max()) - (n - 1) * math.log2(step.max()), "has to leave from the bit"),
        (lambda start, step, n: -math.log2(marginal(start, step, n).max()), "last bit"),
        (lambda start, step, n: -n * math.log2(marginal(start, step, n).max()), ""),
        (lambda start, step, n: float(n), ""),
        (lambda start, step, n: start, ""),
        (lambda start, step, n: n * random_numbers.min_entropy([0, 1] * 64, "markov"), ""),
    ],
)  # fmt: skip
def test_what_is_not_the_likeliest_path_is_refused(answer, words):
    assert refused(markov_min_entropy, answer, words)


def deviation(x):
    return abs(int((x == 1).sum()) - int((x == 0).sum())) / math.sqrt(x.size)


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: random_numbers.monobit(x).p_value,
        lambda x: 2 * stats.norm.sf(deviation(x)),
        lambda x: 2 * special.ndtr(-deviation(x)),
        lambda x: stats.chi2.sf(deviation(x) ** 2, 1),
        lambda x: special.gammaincc(0.5, deviation(x) ** 2 / 2),
        lambda x: math.erfc(abs(np.where(x, 1, -1).sum()) / np.sqrt(2 * x.size)),
        lambda x: math.erfc(abs(sum(1 if bit else -1 for bit in x)) / math.sqrt(len(x)) / 2**0.5),
        lambda x: [special.erfc(abs((2 * x.astype(int) - 1).sum()) / np.sqrt(len(x)) / np.sqrt(2))],
        lambda x: math.erfc(abs(x.mean() - 0.5) * math.sqrt(2 * len(x))),
    ],
)
def test_another_way_to_the_p_value_passes(answer):
    assert passes(monobit_p_value, answer)


@pytest.mark.parametrize(("text", "p_value"), [
    ("1011010101", 0.527089),
    ("1100100100001111110110101010001000100001011010001100001000110100110001001100011001100010100010111000", 0.109599),
])  # fmt: skip
def test_the_examples_of_sp800_22(text, p_value):
    assert monobit_p_value(bits(text)) == pytest.approx(p_value, abs=1e-6)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: round(math.erfc(deviation(x) / math.sqrt(2)), 6), ""),
        (lambda x: math.erfc(deviation(x) / math.sqrt(2)) > 0.01, "verdict"),
        (lambda x: 2 * (1 - stats.norm.cdf(deviation(x))), "lost its digits"),
        (lambda x: math.erf(deviation(x) / math.sqrt(2)), "`erf`"),
        (lambda x: math.erfc(deviation(x)), "under the root"),
        (lambda x: math.erfc(deviation(x) * math.sqrt(2)), ""),
        (lambda x: stats.norm.sf(deviation(x)), "one tail"),
        (lambda x: stats.binomtest(int(x.sum()), x.size).pvalue, ""),  # exact, and another test
        (lambda x: math.erfc(max(0, deviation(x) - 1 / math.sqrt(x.size)) / math.sqrt(2)), ""),  # Yates
        (lambda x: math.erfc(abs((2 * x - 1).sum()) / math.sqrt(2 * x.size)), "255"),
        (lambda x: math.erfc(abs(float(2 * x.sum() - x.size)) / math.sqrt(2 * x.size)), "without sign"),
        (lambda x: math.erfc(abs(float(x.sum() - (1 - x).sum())) / math.sqrt(2 * x.size)), "without sign"),
        (lambda x: x.mean(), ""),
        (lambda x: 1.0, ""),
        (lambda x: 0.5, ""),
        (lambda x: 0.527089, ""),
        (lambda x: random_numbers.runs(x).p_value if len(x) > 9 else 1.0, ""),
        (lambda x: math.erfc(abs(int(x[:100].sum()) * 2 - x[:100].size) / math.sqrt(2 * x[:100].size)), ""),
        (lambda x: math.erfc(deviation(x) / math.sqrt(2)) if x.any() and not x.all() else 0.0, ""),
        (lambda x: math.erfc(deviation(x) / math.sqrt(2)) + 1e-12, ""),
        (lambda x: random_numbers.monobit(x), ""),
        (lambda x: math.erfc(deviation(x) / math.sqrt(2 * x.size)), "divide by n"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:overflow")
def test_what_is_not_the_p_value_is_refused(answer, words):
    assert refused(monobit_p_value, answer, words)


MULTIPLIER, INCREMENT = 25173, 13849


def put_out(seed, n):
    x, out = int(seed), []
    for _ in range(n):
        x = (MULTIPLIER * x + INCREMENT) & 0xFFFF
        out.append(x >> 15)
    return out


def one_seed_after_the_other(seen, n):
    seen = seen.tolist()
    for seed in range(2**16):
        x = seed
        for bit in seen:
            x = (MULTIPLIER * x + INCREMENT) % 2**16
            if x >> 15 != bit:
                break
        else:
            return seed, put_out(seed, len(seen) + n)[len(seen) :]
    return None


CYCLE = [0]
while len(CYCLE) < 2**16:
    CYCLE.append((MULTIPLIER * CYCLE[-1] + INCREMENT) % 2**16)
ROUND = "".join(str(x >> 15) for x in CYCLE)
TWICE = ROUND * 2


def by_the_cycle(seen, n):
    """All seeds lie on one cycle, so that the bits are looked up in it."""
    at = TWICE.index("".join(map(str, seen.tolist())))
    return [CYCLE[at - 1], [int(b) for b in TWICE[at + len(seen) : at + len(seen) + n]]]


def all_at_once(seen, n):
    x = np.arange(2**16, dtype=np.uint16)
    rows = []
    for _ in range(len(seen) + n):
        x = x * np.uint16(MULTIPLIER) + np.uint16(INCREMENT)
        rows.append(x >> np.uint16(15))
    rows = np.array(rows)
    seed = np.flatnonzero((rows[: len(seen)] == seen[:, None]).all(axis=0))
    return seed, rows[len(seen) :, seed[0]]


def backwards(seen, n):
    """Undo the steps, from all states that may stand at the end."""
    inverse, x = pow(MULTIPLIER, -1, 2**16), np.arange(2**16)
    last = x
    for bit in seen[::-1]:
        same = x >> 15 == bit
        last, x = last[same], (x[same] - INCREMENT) * inverse % 2**16
    return np.int64(x.item()), tuple(put_out(last.item(), n))


@pytest.mark.parametrize("answer", [one_seed_after_the_other, by_the_cycle, all_at_once, backwards])
def test_another_way_to_the_seed_passes(answer):
    assert passes(seed_search, answer)


def test_32_bits_tell_which_seed_it_was():
    """The prompt promises it, for each of them."""
    words = {(ROUND + ROUND[:31])[at : at + 32] for at in range(2**16)}
    assert len(words) == 2**16
    assert sorted(CYCLE) == list(range(2**16))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda seen, n: (by_the_cycle(seen, n)[0] + 1, by_the_cycle(seen, n)[1]), ""),
        (lambda seen, n: (CYCLE[(CYCLE.index(by_the_cycle(seen, n)[0]) + 1) % 65536], by_the_cycle(seen, n)[1]), "too late"),
        (lambda seen, n: (by_the_cycle(seen, n)[0], [1 - b for b in by_the_cycle(seen, n)[1]]), ""),
        (lambda seen, n: (by_the_cycle(seen, n)[0], [0] * n), ""),
        (lambda seen, n: (by_the_cycle(seen, n)[0], by_the_cycle(seen, n)[1][:-1]), ""),
        (lambda seen, n: (by_the_cycle(seen, n)[0], by_the_cycle(seen, n)[1][::-1]), "reverse"),
        (lambda seen, n: (None, by_the_cycle(seen, n)[1]), ""),
        (lambda seen, n: (by_the_cycle(seen, n)[0], "".join(map(str, by_the_cycle(seen, n)[1]))), ""),
        (lambda seen, n: [by_the_cycle(seen, n)[0], *by_the_cycle(seen, n)[1]], ""),
        (lambda seen, n: (by_the_cycle(seen, n)[0], put_out(by_the_cycle(seen, n)[0], n)), "had been given"),
        (lambda seen, n: by_the_cycle(seen, n)[0], "this is the seed"),
        (lambda seen, n: by_the_cycle(seen, n)[1], "the next bits"),
        (lambda seen, n: (by_the_cycle(seen, n)[0] + 0.5, by_the_cycle(seen, n)[1]), ""),
        (lambda seen, n: (format(by_the_cycle(seen, n)[0], "016b"), by_the_cycle(seen, n)[1]), ""),
    ],
)  # fmt: skip
def test_what_is_not_the_seed_is_refused(answer, words):
    assert refused(seed_search, answer, words)


@pytest.mark.parametrize("which", [0, -1])
def test_too_few_bits_are_not_enough(which):
    """A search that looks at the first 28 bits is refused, whichever of those that agree it takes."""
    agree, looked_at = {}, 28
    for at in range(2**16):
        agree.setdefault(TWICE[at : at + looked_at], []).append(CYCLE[at - 1])

    def answer(seen, n):
        seed = sorted(agree["".join(map(str, seen[:looked_at].tolist()))])[which]
        return seed, put_out(seed, len(seen) + n)[len(seen) :]

    assert refused(seed_search, answer)
