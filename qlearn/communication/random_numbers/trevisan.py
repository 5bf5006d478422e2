"""Trevisan's extractor: many bits out of many uses of one short seed, a few bits of it at a time."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count, as_real
from qlearn._types import Bits


@dataclass(frozen=True)
class TrevisanExtractor:
    r"""Extractor of m bits, each hashed out of all n by 2w bits of the seed, chosen so that any two choices share few.

    .. math:: z_i = \Bigl\langle \beta,\; \sum_{j<s} x_j\,\alpha^j \Bigr\rangle, \qquad
              (\alpha, \beta) = y|_{S_i}, \qquad S_i = \{(a, p_i(a)) : a < 2w\}

    The string is cut into :math:`s = \lceil n/w \rceil` coefficients of a polynomial over the field of :math:`2^w` elements: its
    value at :math:`\alpha` is a word of a Reed-Solomon code, a parity of which is the bit. The sets :math:`S_i` are graphs of
    the polynomials :math:`p_i` over the integers modulo a prime q, whose coefficients are the digits of i in base q: two of
    them meet in few places (Nisan and Wigderson). The seed has :math:`2w\,q` bits. That grows with the square of
    the logarithm of n, where a Toeplitz matrix takes more than n; but for short strings it is longer than the string, and each
    bit costs a pass over it.

    Parameters
    ----------
    n : int
        Bits that come in.
    length : int
        m, bits that go out.
    field_bits : int
        w, at least 2. What it is good for says :meth:`TrevisanExtractor.distance`.

    Examples
    --------
    >>> extractor = TrevisanExtractor(n=10_000, length=40, field_bits=32)
    >>> extractor.seed_bits, extractor.overlap
    (4288, 39)
    >>> 1e-4 < extractor.distance(min_entropy=5000) < 1e-2
    True
    >>> from qlearn.communication.random_numbers import pseudo_random_bits
    >>> extractor.extract(pseudo_random_bits(10_000, 1), seed=pseudo_random_bits(4288, 2))[:8]
    array([1, 0, 1, 1, 1, 1, 1, 1], dtype=uint8)

    References
    ----------
    Trevisan, J. ACM 48, 860 (2001), doi:10.1145/502090.502099. De, Portmann, Vidick and Renner, SIAM J. Comput. 41, 915 (2012),
    arXiv:0912.5514 (against quantum side information). Mauerer, Portmann and Scholz, 2012, arXiv:1212.0520 (in practice).
    """

    n: int
    length: int
    field_bits: int

    def __post_init__(self) -> None:
        for name, least in (
            ("n", 1),
            ("length", 1),
            ("field_bits", 2),
        ):  # as Python's integers, which do not overflow
            object.__setattr__(self, name, as_count(getattr(self, name), name, least))
        if self.length > self.n:
            raise ValueError(f"length must be at most the n = {self.n} bits that come in, not {self.length}")

    @property
    def _prime(self) -> int:
        q = 2 * self.field_bits
        while any(q % d == 0 for d in range(2, int(q**0.5) + 1)):
            q += 1
        return q

    @property
    def seed_bits(self) -> int:
        """Bits of the seed."""
        return 2 * self.field_bits * self._prime

    @cached_property
    def positions(self) -> NDArray[np.intp]:
        """The places in the seed of each output bit's 2w, shape (length, 2w)."""
        q, index = self._prime, np.arange(self.length)
        a = np.arange(2 * self.field_bits)
        value, power = np.zeros((self.length, a.size), np.intp), np.ones_like(a)
        while index.any():
            value = (value + (index % q)[:, None] * power) % q
            index, power = index // q, power * a % q
        return a * q + value

    @cached_property
    def overlap(self) -> int:
        r"""What a bit's seed tells of the bits before it, :math:`\max_i \sum_{j<i} 2^{|S_i \cap S_j|}`: at least m - 1."""
        worst = 0
        for i in range(1, self.length):
            shared = (self.positions[:i] == self.positions[i]).sum(axis=1)
            worst = max(worst, int((2**shared).sum()))
        return worst

    def distance(self, min_entropy: float) -> float:
        r"""Return a bound on how far the output is from uniform, beside the seed, in total variation.

        .. math:: \delta \le \frac m2 \sqrt{(s-1)\,2^{-w} + 2^{\,1-k+o}}, \qquad o = \max_i \sum_{j<i} 2^{|S_i \cap S_j|}

        Two strings give the same bit with a chance of at most :math:`\tfrac12(1 + (s-1)2^{-w})`, for the difference of their
        polynomials has no more than s - 1 roots. Fix the seed outside :math:`S_i`: the bits before bit i are then known from
        tables of o bits in all, so a min-entropy of k - o is left, and the leftover hash lemma bounds one bit. The m bits add up.
        The lemma holds against quantum side information, too (Tomamichel et al., IEEE Trans. Inf. Theory 57, 5524 (2011),
        arXiv:1002.2436, for hashing that is almost universal): its proof bounds the distance by the collision entropy relative
        to Eve's own state, which is not below k, for the "pretty good" guess is no better than the best. The step with the
        tables holds as well.

        Parameters
        ----------
        min_entropy : float
            k, of the string, given all that Eve has.

        Returns
        -------
        float
            Where it is 1/2 or more it promises next to nothing; 1 at most.
        """
        k = as_real(min_entropy, "min_entropy", least=0, most=self.n)
        blocks = -(-self.n // self.field_bits)
        one = np.sqrt((blocks - 1) * 2.0**-self.field_bits + 2.0 ** min(1.0, 1 - k + self.overlap))
        return min(1.0, self.length / 2 * float(one))

    def extract(self, bits: ArrayLike, seed: ArrayLike) -> Bits:
        """Return the `length` bits that a seed extracts.

        Parameters
        ----------
        bits : array_like of 0/1, shape (n,)
            Hard to guess.
        seed : array_like of 0/1, shape (seed_bits,)
            Uniform, and independent of the bits. It may be public, and serve again.

        Returns
        -------
        ndarray of uint8, shape (length,)
        """
        x, y = as_bits(bits, "bits"), as_bits(seed, "seed")
        for array, size, name in ((x, self.n, "bits"), (y, self.seed_bits, "seed")):
            if array.size != size:
                raise ValueError(f"{name} must have {size} bits, not {array.size}")
        w = self.field_bits
        coefficients = [_number(block) for block in np.pad(x, (0, -x.size % w)).reshape(-1, w)]
        parts = y[self.positions].reshape(-1, 2, w)
        out = [(_value(coefficients, _number(a), w) & _number(b)).bit_count() & 1 for a, b in parts]
        return np.array(out, dtype=np.uint8)


def _number(bits: Bits) -> int:
    """Return the number that bits spell, the highest first."""
    return int.from_bytes(np.packbits(bits).tobytes(), "big") >> -bits.size % 8


def _value(coefficients: list[int], alpha: int, w: int) -> int:
    """Return a polynomial's value at alpha, by Horner's rule; the first coefficient is that of 1."""
    multiples = [alpha]  # alpha times 1, x, x^2, ...: a product adds some of them
    for _ in range(w - 1):
        multiples.append(_reduced(multiples[-1] << 1, w))
    value = 0
    for coefficient in reversed(coefficients):
        product = 0
        while value:
            low = value & -value
            product ^= multiples[low.bit_length() - 1]
            value ^= low
        value = product ^ coefficient
    return value


def _reduced(value: int, w: int) -> int:
    """Return a polynomial over two elements, as a number, modulo that of the field."""
    return _modulo(value, _irreducible(w))


def _modulo(value: int, divisor: int) -> int:
    while (excess := value.bit_length() - divisor.bit_length()) >= 0:
        value ^= divisor << excess
    return value


@cache
def _irreducible(w: int) -> int:
    """Return the first irreducible polynomial of degree w over two elements, as a number (Rabin's test)."""
    primes = [d for d in range(2, w + 1) if w % d == 0 and all(d % e for e in range(2, d))]
    for candidate in range((1 << w) + 1, 2 << w, 2):
        powers, x = [2], 2
        for _ in range(w):  # x^(2^i)
            x = _modulo(_square(x), candidate)
            powers.append(x)
        if powers[w] == 2 and all(_gcd(candidate, powers[w // p] ^ 2) == 1 for p in primes):
            return candidate
    raise AssertionError("there is one of every degree")


def _square(value: int) -> int:
    return int(f"{value:b}", 4)  # a binary digit to every second place


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, _modulo(a, b)
    return a
