"""Bits of constants: NIST's files, and the definition in whole numbers."""

import hashlib
from fractions import Fraction
from math import factorial, isqrt

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import constant_bits
from qlearn.communication.random_numbers.constants import _LONG, _product

# The first bytes of SHA-256 of the million bits that come with NIST's program, packed.
NIST_FILES = {"e": "7ae61691", "pi": "e31af8c5", "sqrt2": "5de671f0", "sqrt3": "4c75e3c5"}


def machin(n):
    """Return floor(2**n pi) by 16 arctan(1/5) - 4 arctan(1/239), with 64 digits to spare."""

    def arctan(x):
        term, total, k = (1 << n + 64) // x, 0, 0
        while term:
            total += (-1) ** k * (term // (2 * k + 1))
            term, k = term // x**2, k + 1
        return total

    return (16 * arctan(5) - 4 * arctan(239)) >> 64


def number(bits):
    return int("".join(map(str, bits.tolist())), 2)


@pytest.mark.parametrize("name", NIST_FILES)
def test_a_million_bits_are_those_of_nist(name, request):
    bits = constant_bits(name, 1_000_000) if name == "sqrt3" else request.getfixturevalue(name)
    assert hashlib.sha256(np.packbits(bits).tobytes()).hexdigest().startswith(NIST_FILES[name])


@settings(max_examples=40)
@given(st.integers(2, 1500))
def test_they_are_the_definition_in_whole_numbers(n):
    assert number(constant_bits("sqrt2", n)) == isqrt(2 << 2 * (n - 1))
    assert number(constant_bits("sqrt3", n)) == isqrt(3 << 2 * (n - 1))
    assert number(constant_bits("pi", n)) == machin(n - 2)


@pytest.mark.parametrize("n", [2, 3, 64, 65, 200, 777])
def test_e_is_its_series(n):
    series = sum(Fraction(1, factorial(k)) for k in range(200))
    assert number(constant_bits("e", n)) == int(series * 2 ** (n - 2))


def test_pi_begins_as_it_is_printed(pi100):
    bits = constant_bits("pi", 100)
    assert bits.dtype == np.uint8
    np.testing.assert_array_equal(bits, pi100)


@pytest.mark.parametrize("bits", [_LONG, 300_001])
def test_products_of_long_numbers_are_pythons(bits):
    # ones alone make the largest sums
    long, other = (1 << bits) - 1, (1 << bits - 1) // 3
    for a, b in ((long, long), (-long, other), (other, -other), (1 << bits, -long), (long, 7)):
        assert _product(a, b) == a * b


def test_refuses():
    with pytest.raises(ValueError, match="name must be one of e, pi, sqrt2, sqrt3, not 'phi'"):
        constant_bits("phi", 10)
    with pytest.raises(ValueError, match="n must be at least 2"):
        constant_bits("e", 1)
