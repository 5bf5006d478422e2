"""Bits of e, pi and square roots, made from whole numbers: sequences that anybody can make again."""

import math

import numpy as np
from scipy import fft

from qlearn._checks import as_choice, as_count
from qlearn._types import Bits

# So many digits more than are kept: they are wrong only if all of them come out equal, once in 2**63.
_GUARD = 64
_LONG = 120_000  # bits from which on a product by Fourier transform is the faster one


def _product(a: int, b: int) -> int:
    """Return a b: for long numbers their bytes are convolved, and each sum of products, rounded, is whole."""
    if min(a.bit_length(), b.bit_length()) < _LONG:
        return a * b
    x, y = (
        np.frombuffer(abs(c).to_bytes(-(-c.bit_length() // 8), "little"), np.uint8).astype(float)
        for c in (a, b)
    )
    size = fft.next_fast_len(x.size + y.size, real=True)
    sums = np.rint(fft.irfft(fft.rfft(x, size) * fft.rfft(y, size), size)).astype(np.int64)
    parts = ((sums >> 8 * k).astype(np.uint8).tobytes() for k in range(6))  # a sum has less than 48 bits
    whole = sum(int.from_bytes(part, "little") << 8 * k for k, part in enumerate(parts))
    return whole if (a < 0) == (b < 0) else -whole


def _inverse_root(a: int, n: int) -> int:
    """Return 2**n / sqrt(a), a few units off: Newton's step doubles the digits that are right."""
    if n <= 64:
        return math.isqrt((1 << 2 * n) // a)
    half = n // 2 + 8
    y = _inverse_root(a, half)
    wrong = (1 << n) - (a * _product(y, y) >> 2 * half - n)
    return (y << n - half) + (_product(y, wrong) >> half + 1)


def _inverse(x: int, n: int) -> int:
    """Return 2**(2 n) / x, a few units off, for x of n bits."""
    if n <= 64:
        return (1 << 2 * n) // x
    half = n // 2 + 8
    y = _inverse(x >> n - half, half)
    wrong = (1 << n) - (_product(x, y) >> half)
    return (y << n - half) + (_product(y, wrong) >> half)


def _root(a: int, n: int) -> int:
    """Return floor(2**n sqrt(a))."""
    return a * _inverse_root(a, n + _GUARD) >> _GUARD


def _quotient(p: int, q: int, n: int) -> int:
    """Return floor(2**n p/q), for p/q of a few units."""
    size, kept = q.bit_length(), n + _GUARD
    x = q << kept - size if size < kept else q >> size - kept
    return _product(p, _inverse(x, kept)) >> _GUARD + size


def _e(n: int) -> int:
    """Return floor(2**n e): the sum of 1/k!, as one fraction of halves that are summed alike."""

    def terms(first: int, last: int) -> tuple[int, int]:
        if last - first == 1:
            return 1, last
        middle = (first + last) // 2
        (p, q), (r, s) = terms(first, middle), terms(middle, last)
        return _product(p, s) + r, _product(q, s)

    many, size = 1, 0.0
    while size < n + _GUARD:
        many += 1
        size += math.log2(many)
    p, q = terms(0, many)
    return _quotient(p + q, q, n)


def _pi(n: int) -> int:
    """Return floor(2**n pi): the series of the Chudnovsky brothers, 47 bits a term."""

    def terms(first: int, last: int) -> tuple[int, int, int]:
        if last - first == 1:
            p = (6 * first - 5) * (2 * first - 1) * (6 * first - 1) if first else 1
            q = first**3 * 640320**3 // 24 if first else 1
            return p, q, (-1) ** first * p * (13591409 + 545140134 * first)
        middle = (first + last) // 2
        (p, q, t), (r, s, u) = terms(first, middle), terms(middle, last)
        return _product(p, r), _product(q, s), _product(t, s) + _product(p, u)

    _, q, t = terms(0, (n + _GUARD) // 47 + 2)
    p = 426880 * _product(q, _root(10005, n + _GUARD)) >> n + _GUARD
    return _quotient(p, t, n)


def constant_bits(name: str, n: int) -> Bits:
    r"""Return the first `n` binary digits of a constant, those of its integer part first.

    .. math:: \lfloor e\,2^{n-2}\rfloor, \quad \lfloor \pi\,2^{n-2}\rfloor, \quad
              \lfloor\sqrt2\,2^{n-1}\rfloor, \quad \lfloor\sqrt3\,2^{n-1}\rfloor

    The examples of SP 800-22 are tests of these digits, and here they need no file. A million digits of e pass all fifteen,
    and hold no entropy at all: whoever knows the name knows each digit.

    Parameters
    ----------
    name : {"e", "pi", "sqrt2", "sqrt3"}
        Which constant.
    n : int
        How many digits, at least 2. A million take less than a second.

    Returns
    -------
    ndarray of uint8, shape (n,)

    Examples
    --------
    >>> constant_bits("pi", 12)  # 11.0010010000...
    array([1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0], dtype=uint8)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), appendix B. D. V. Chudnovsky and G. V. Chudnovsky, "The computation of classical
    constants", Proc. Natl. Acad. Sci. USA 86, 8178 (1989), doi:10.1073/pnas.86.21.8178.
    """
    as_choice(name, ("e", "pi", "sqrt2", "sqrt3"), "name")
    n = as_count(n, "n", 2)
    if name == "e":
        value = _e(n - 2)
    elif name == "pi":
        value = _pi(n - 2)
    else:
        value = _root(int(name[-1]), n - 1)
    whole = value << (-n % 8)
    return np.unpackbits(np.frombuffer(whole.to_bytes(-(-n // 8), "big"), np.uint8), count=n)
