"""Extractors: exactly their definitions, universal, and no further from uniform than promised for any source tried."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import (
    circulant_hash,
    dodis_extract,
    dodis_length,
    extractor_size,
    leftover_hash_length,
    von_neumann,
)
from qlearn.communication.secret_key import toeplitz_hash

SIZES = [3, 5, 11, 13, 19, 29, 37, 53, 59, 61, 67, 83, 101, 107]
"""OEIS A001122: primes with primitive root 2."""


def cyclic(x, s, length):
    """The definition with Python integers."""
    n = len(s)
    return [sum(int(s[(i + j) % n]) & int(x[j]) for j in range(len(x))) % 2 for i in range(length)]


def strings(n):
    return np.array(list(product((0, 1), repeat=n)), dtype=np.uint8)


def number(bits):
    return int("".join(map(str, bits.tolist())), 2)


def table(extract, left, right, length):
    """The output of each pair of strings as a number."""
    return np.array([[number(extract(x, y, length)) for y in right] for x in left])


@pytest.fixture(scope="module")
def dodis_5():
    of_units = np.array([[dodis_extract(x, y, 3) for y in unit(5)] for x in unit(5)])  # it is linear in both
    outputs = np.einsum("xi,yj,ijm->xym", strings(5), strings(5), of_units) % 2
    return {m: outputs[..., :m] @ (1 << np.arange(m)) for m in (1, 2, 3)}


def test_sizes_are_the_primes_with_primitive_root_2():
    assert [extractor_size(n) for n in SIZES] == SIZES
    found = {extractor_size(n) for n in range(1, 108)}
    assert sorted(found) == SIZES


@settings(max_examples=25)
@given(st.sampled_from(SIZES), st.integers(0, 2**32 - 1))
def test_equal_their_definitions(n, seed):
    rng = np.random.default_rng(seed)
    (x, s), m = rng.integers(0, 2, (2, n)), int(rng.integers(1, n))
    assert circulant_hash(x[1:], s, m).tolist() == cyclic(x[1:], s, m)
    assert dodis_extract(x, s, m).tolist() == cyclic(x, s, m)


@pytest.mark.parametrize("length", [1, 2, 4])
def test_every_two_strings_collide_with_probability_2_to_minus_length(length):
    # all 32 seeds and all pairs of the 16 strings: not at most, equal
    hashes = table(circulant_hash, strings(4), strings(5), length)
    together = (hashes[:, None] == hashes[None]).mean(axis=-1)
    assert np.unique(together[~np.eye(16, dtype=bool)]).tolist() == [2.0**-length]


def test_a_prime_without_the_primitive_root_is_not_universal():
    # why 7 is refused: x^7 - 1 has factors of degree 3, and their multiples collide more often, up to eight times
    seeds, collisions = strings(7), []
    for x in strings(6)[1:]:
        turned = np.array([[seeds[:, (i + j) % 7] for j in range(6)] for i in range(6)])  # bit, place, seed
        collisions.append(np.mean(~(np.tensordot(turned, x, (1, 0)) % 2).any(axis=0)))
    assert max(collisions) == 8 * 2**-6


@pytest.mark.parametrize("n", [3, 5])
def test_circulant_matrices_lose_one_rank_at_most_but_for_two(n):
    # the kernel counted: a matrix of rank n - r sends 2^r strings to zero
    every = strings(n)
    turned = every[:, (np.arange(n)[:, None] + np.arange(n)) % n]  # word, row, column
    lost = np.log2([(~(matrix.astype(int) @ every.T % 2).any(axis=0)).sum() for matrix in turned])
    assert lost[[0, -1]].tolist() == [n, n - 1]  # zeros, and ones
    assert lost[1:-1].max() == 1


def flat_sources(n, size, how_many, rng):
    return [rng.choice(2**n, size, replace=False) for _ in range(how_many)]


def test_two_weak_sources_stay_within_the_bound(dodis_5):
    # 5 bits: of all lengths 12 random pairs of flat sources of each size; flat ones are the extreme points
    rng, near = np.random.default_rng(8), 0.0
    for m, outputs in dodis_5.items():
        is_value = (outputs[..., None] == np.arange(2**m)).astype(float)  # x, y, value
        for k_1, k_2 in product((3, 3.5, 4, 5), repeat=2):
            rows, columns = round(2**k_1), round(2**k_2)
            bound = 0.5 * np.sqrt(2.0 ** (m + 5 + 1) / (rows * columns))
            sources = (flat_sources(5, rows, 12, rng), flat_sources(5, columns, 12, rng))
            for x, y in zip(*sources, strict=True):
                chances = is_value[np.ix_(x, y)]
                for told in (0, 1):  # beside the second string, and beside the first
                    distance = np.abs(chances.mean(axis=told) - 2.0**-m).sum(axis=1).mean() / 2
                    assert distance <= bound + 1e-12
                    near = max(near, distance / bound)
    assert near > 0.3


def test_a_chosen_source_shows_why_the_sum_must_exceed_one_length(dodis_5):
    # the first output bit is x.y': strings orthogonal to a half of all make it 0 although k_1 + k_2 = n
    zero = dodis_5[1] == 0
    found = max(
        (int(zero[rows].all(axis=0).sum()) * len(rows))
        for rows in ([a, b, a ^ b, 0] for a in range(1, 32) for b in range(a + 1, 32))
    )
    assert found == 32
    assert dodis_length(5, 2, 3, 0.49) == 0


@pytest.mark.parametrize("method", ["toeplitz", "circulant"])
def test_leftover_hashing_stays_within_its_bound(method):
    # 10 bits, random flat sources of three sizes, all 2^12 or 2^11 seeds: no sample, the distance itself
    rng, n, m = np.random.default_rng(9), 10, 3
    size, extract = (n + m - 1, toeplitz_hash) if method == "toeplitz" else (n + 1, circulant_hash)
    of_units = np.array(
        [[extract(x, seed, m) for x in unit(n)] for seed in unit(size)]
    )  # it is linear in both
    matrices = np.tensordot(strings(size), of_units, 1) % 2  # seed, place, output bit
    pick = rng.integers(0, 2**size, 3)
    x = rng.integers(0, 2, n)
    for seed, matrix in zip(strings(size)[pick], matrices[pick], strict=True):
        assert extract(x, seed, m).tolist() == (x @ matrix % 2).tolist()
    for k in (4, 6, 8):
        source = strings(n)[rng.choice(2**n, 2**k, replace=False)]
        outputs = (source @ matrices % 2) @ (1 << np.arange(m))
        shares = [(outputs == value).mean(axis=1) for value in range(2**m)]
        distance = np.abs(np.array(shares) - 2.0**-m).sum(axis=0).mean() / 2
        bound = 0.5 * np.sqrt(2.0 ** (m - k))
        assert bound / 3 < distance <= bound
        assert leftover_hash_length(k, bound * (1 + 1e-9)) == m


def unit(n):
    return np.eye(n, dtype=np.uint8)


@pytest.mark.parametrize("k", [100, 1000.5, 10**6])
@pytest.mark.parametrize("distance", [1e-3, 1e-10, 2**-20])
def test_lengths_are_the_largest_that_their_bounds_allow(k, distance):
    m = leftover_hash_length(k, distance)
    assert 0.5 * 2 ** ((m - k) / 2) <= distance * (1 + 1e-9)
    assert 0.5 * 2 ** ((m + 1 - k) / 2) > distance
    if distance == 1e-10:
        assert 64.4 <= k - m < 65.5
    n = extractor_size(2 * 10**6)
    m = dodis_length(n, n - 5, k + 7, distance)
    assert m == leftover_hash_length(k + 1, distance)
    # two perfect sources ask for no more bits than the extractor has
    assert 0 < dodis_length(1019, 1019, 1019, distance) <= 1018
    assert dodis_length(1019, 1019, 1019, 0.4999999) <= 1018


def test_a_source_that_knows_the_seed_fixes_a_bit():
    # Of the 2**6 strings half or more have 0 for their first bit of three: such a source has 5 bits of min-entropy.
    x = strings(6)
    for seed in strings(8)[::9]:
        first = [int(toeplitz_hash(one, seed, 3)[0]) for one in x]
        assert first.count(0) in (32, 64)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=60))
def test_von_neumann_is_the_definition(bits):
    expected = [a for a, b in zip(bits[::2], bits[1::2], strict=False) if a != b]
    assert von_neumann(bits).tolist() == expected


def test_von_neumann_is_biased_where_the_bias_changes_within_a_pair():
    # 1 and 0 with .5 * .3, 0 and 1 with .5 * .7: of what is kept, .3 are ones. Half of 100,000 pairs; 6 sigma, 2e-9.
    throws = np.random.default_rng(1).random((100_000, 2)) < (0.5, 0.7)
    kept = von_neumann(throws.ravel())
    assert abs(kept.mean() - 0.3) < 6 * np.sqrt(0.3 * 0.7 / kept.size)


def test_von_neumann_is_fair_for_every_bias():
    # exactly: among strings of 8 independent bits each output of one length has one probability
    chances = {}
    for string in strings(8):
        out = tuple(von_neumann(string).tolist())
        ones = int(string.sum())
        chances.setdefault(out, np.zeros(9))[ones] += 1
    for length in range(5):
        tables = [chances[out] for out in chances if len(out) == length]
        assert len(tables) == 2**length
        assert all((t == tables[0]).all() for t in tables)
    assert sum(t.sum() for t in chances.values()) == sum(comb(8, i) for i in range(9)) == 256


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: von_neumann([0, 2]), "bits must be an array of 0 and 1"),
        (lambda: leftover_hash_length(-1), "min_entropy must be"),
        (lambda: leftover_hash_length(10, 0), "distance must be above 0"),
        (lambda: leftover_hash_length(10, 0.5), "distance must be below 1/2"),
        (lambda: extractor_size(0), "least must be at least 1"),
        (
            lambda: circulant_hash([1, 0, 1], [1, 0, 1, 1], 2),
            "primitive root, not 4: extractor_size gives the next, 5",
        ),
        (lambda: circulant_hash([1] * 6, [1] * 7, 2), "primitive root, not 7"),
        (lambda: circulant_hash([1] * 4, [1] * 4, 2), "seed must have n = 5 bits, not 4"),
        (lambda: circulant_hash([1] * 4, [1] * 5, 5), "length must be at most n - 1 = 4 bits, not 5"),
        (lambda: circulant_hash([1] * 4, [1] * 5, 0), "length must be at least 1"),
        (lambda: dodis_extract([1] * 7, [1] * 7, 2), "first must have n bits with n a prime"),
        (lambda: dodis_extract([1] * 5, [1] * 4, 2), "second must have n = 5 bits"),
        (lambda: dodis_extract([1] * 5, [1] * 5, 5), "at most n - 1 = 4"),
        (lambda: dodis_length(5, 6, 2), "first must be a finite number between 0 and 5"),
        (lambda: dodis_length(5, 2, -1), "second must be a finite number"),
        (lambda: dodis_length(1, 1, 1), "n must be at least 2"),
        (lambda: dodis_length(1000, 900, 700), "n must be a prime of which 2 is a primitive root, not 1000"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
