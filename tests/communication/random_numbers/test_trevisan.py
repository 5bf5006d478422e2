"""Trevisan's extractor: its field, its sets and its bits by other arithmetic, and no further from uniform than promised."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import TrevisanExtractor
from qlearn.communication.random_numbers.trevisan import _irreducible, _value


def carryless(a, b):
    """The product of two polynomials over two elements, schoolbook."""
    return np.convolve(a, b) % 2


def remainder(a, modulus):
    a = np.array(a) % 2
    while a.size >= modulus.size:
        if a[0]:
            a[: modulus.size] ^= modulus
        a = a[1:]
    return np.pad(a, (modulus.size - 1 - a.size, 0))


def digits(value):
    return np.array([int(b) for b in f"{value:b}"])


def oracle(x, seed, m, w):
    """The definition: powers of alpha added up, with lists of bits."""
    q = 2 * w
    while any(q % d == 0 for d in range(2, q)):
        q += 1
    modulus = digits(_irreducible(w))
    blocks = np.pad(x, (0, -len(x) % w)).reshape(-1, w)
    out = []
    for i in range(m):
        c = [i % q, i // q % q, i // q**2 % q]
        y = [seed[a * q + (c[0] + c[1] * a + c[2] * a * a) % q] for a in range(2 * w)]
        alpha, beta = np.array(y[:w]), np.array(y[w:])
        total, power = np.zeros(w, int), digits(1)
        for block in blocks:
            total ^= remainder(carryless(block, power), modulus)
            power = remainder(carryless(power, alpha), modulus)
        out.append(int(total @ beta) % 2)
    return out


def test_the_fields_are_fields():
    # published: the field of FIPS 197, with {57} {83} = {c1}; and by division the first irreducible one of each degree to 10
    assert _irreducible(8) == 0x11B
    assert _value([0, 0x57], 0x83, 8) == 0xC1
    for w in range(2, 11):
        divisors = [digits(d) for d in range(2, 2 ** (w // 2 + 1))]
        irreducible = (
            c for c in range(2**w, 2 ** (w + 1)) if all(remainder(digits(c), d).any() for d in divisors)
        )
        assert _irreducible(w) == next(irreducible)


@settings(max_examples=10)
@given(st.integers(1, 60), st.integers(2, 9), st.integers(0, 2**32), st.data())
def test_equals_its_definition(n, w, rng, data):
    m = data.draw(st.integers(1, n))
    extractor, rng = TrevisanExtractor(n, m, w), np.random.default_rng(rng)
    x, seed = rng.integers(0, 2, n), rng.integers(0, 2, extractor.seed_bits)
    assert extractor.extract(x, seed).tolist() == oracle(x, seed, m, w)


@pytest.mark.parametrize(("w", "m", "most"), [(3, 7, 0), (3, 49, 1), (3, 120, 2), (8, 17, 0), (8, 200, 1)])
def test_two_sets_meet_in_few_places(w, m, most):
    # polynomials of degree c meet in c places at most; each set has one place in each of 2 w rows
    extractor = TrevisanExtractor(1000, m, w)
    sets = [set(row) for row in extractor.positions.tolist()]
    shared = np.array([[len(a & b) for b in sets] for a in sets])
    assert (np.diag(shared) == 2 * w).all()
    assert shared[~np.eye(m, dtype=bool)].max() == most
    assert max(max(row) for row in sets) < extractor.seed_bits
    assert extractor.overlap == max(sum(2 ** shared[i, j] for j in range(i)) for i in range(m))


def test_one_bit_of_two_strings_is_equal_about_half_the_time():
    # all 256 seeds (the 8 bits that count) and all pairs of strings of 8 bits = 2 coefficients of 4 bits
    w, n = 4, 8
    extractor = TrevisanExtractor(n, 1, w)
    seeds = np.zeros((256, extractor.seed_bits), np.uint8)
    seeds[:, extractor.positions[0]] = list(product((0, 1), repeat=8))
    unit = np.array([[extractor.extract(u, seed)[0] for u in np.eye(n, dtype=np.uint8)] for seed in seeds])
    strings = np.array(list(product((0, 1), repeat=n)))
    zero = strings @ unit.T % 2 == 0
    same = zero.mean(axis=1)[1:]  # the bit is linear in the string: a difference that gives 0
    assert same.max() == 0.5 * (1 + 2**-w)
    assert same.min() == 0.5  # a polynomial without roots


def test_the_output_stays_within_the_bound():
    # 100 seeds, flat sources of 2^10 strings of 12 bits: the mean distance beside the seed; its sd is a tenth of theirs; 6 sd
    rng, n, w, m = np.random.default_rng(4), 12, 6, 3
    extractor = TrevisanExtractor(n, m, w)
    unit = np.eye(n, dtype=np.uint8)
    strings = np.array(list(product((0, 1), repeat=n)))
    source = strings[rng.choice(2**n, 2**10, replace=False)]
    distances = []
    for seed in rng.integers(0, 2, (100, extractor.seed_bits), dtype=np.uint8):
        outputs = source @ np.array([extractor.extract(u, seed) for u in unit]) % 2 @ (1 << np.arange(m))
        distances.append(np.abs(np.bincount(outputs, minlength=2**m) / 2**10 - 2.0**-m).sum() / 2)
    bound = extractor.distance(10)
    assert bound < 0.3  # it says something
    assert 0.01 < np.mean(distances) < bound + 6 * np.std(distances) / np.sqrt(100)
    one = (1 * 2.0**-6 + 2.0 ** (1 - 10 + extractor.overlap)) ** 0.5
    assert bound == pytest.approx(1.5 * one)
    assert extractor.overlap == 2
    assert extractor.distance(0) == 1


@pytest.mark.parametrize("integer", [np.int64, np.int8, np.uint16])
def test_numpys_integers_are_numbers(integer):
    rng = np.random.default_rng(3)
    same, other = TrevisanExtractor(100, 9, 64), TrevisanExtractor(integer(100), integer(9), integer(64))
    assert same == other
    x, seed = rng.integers(0, 2, 100), rng.integers(0, 2, same.seed_bits)
    assert same.extract(x, seed).tolist() == other.extract(x, seed).tolist()


def test_the_seed_grows_slowly():
    # a million times as many bits cost as many roots and no longer seed; a smaller field does not carry them
    small, large = (TrevisanExtractor(n, 40, 64) for n in (1000, 10**9))
    assert small.seed_bits == large.seed_bits == 128 * 131
    assert small.distance(900) < large.distance(10**8) < 1e-4
    assert TrevisanExtractor(10**9, 40, 40).distance(10**8) > 1e-3


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: TrevisanExtractor(10, 11, 4), "length must be at most the n = 10 bits"),
        (lambda: TrevisanExtractor(10, 0, 4), "length must be at least 1"),
        (lambda: TrevisanExtractor(10, 5, 1), "field_bits must be at least 2"),
        (lambda: TrevisanExtractor(0, 1, 4), "n must be at least 1"),
        (lambda: TrevisanExtractor(10, 5, 4).extract([0] * 9, [0] * 88), "bits must have 10 bits, not 9"),
        (lambda: TrevisanExtractor(10, 5, 4).extract([0] * 10, [0] * 87), "seed must have 88 bits, not 87"),
        (
            lambda: TrevisanExtractor(10, 5, 4).distance(11),
            "min_entropy must be a finite number between 0 and 10",
        ),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
