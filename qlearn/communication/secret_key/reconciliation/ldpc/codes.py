"""The codes: sparse tables of parities, lifted to the length of a key, punctured and shortened to its error rate."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import brentq

from qlearn._checks import as_bits, as_count, as_probability
from qlearn._types import Bits
from qlearn.qubits.entropies import binary_entropy

BASE = 2280
"""Variables of the shipped tables."""
SIZES = (1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64)
"""How many copies of a table a code may be made of: it has BASE times as many variables."""
RATES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.9125, 0.925, 0.95)
"""Rates of the shipped tables: a code of rate R has 1 - R checks a variable."""

# In decoding no parity is surer than this of anything, and no bit has greater odds: a product of float32 stays a number.
SUREST, GREATEST = np.float32(1 - 2.0**-16), np.float32(2.0**100)
LEAST = 1 / GREATEST


@dataclass(frozen=True, eq=False)
class Code:
    r"""A low-density parity-check code: which variables each parity is taken of.

    .. math:: s = H x \bmod 2

    A short table of ones is *lifted*: there are `size` copies of every check and every variable, and a one
    with a shift k joins copy z of its check to copy z + k (modulo `size`) of its variable. So a long code takes
    no more room in a file than a short one, and the copies of a check have no variable in common.

    Parameters
    ----------
    rate : float
        One less the checks a variable.
    table : sparse matrix of int, shape (checks / size, variables / size)
        0 where the table has no one, and 1 + k where it has one with shift k.
    size : int
        Copies.

    Examples
    --------
    >>> code = load(2280, 0.9)
    >>> code, code.checks, code.matrix.nnz
    (Code(2280, 0.9), 228, 14311)
    >>> load(16 * 2280, 0.9).matrix.nnz == 16 * 14311
    True

    References
    ----------
    Gallager, "Low-density parity-check codes", 1962, doi:10.1109/TIT.1962.1057683. Fossorier, "Quasi-cyclic
    low-density parity-check codes from circulant permutation matrices", 2004, doi:10.1109/TIT.2004.831841.
    """

    rate: float
    table: Any = field(repr=False)
    size: int = 1

    @property
    def variables(self) -> int:
        """How many bits the parities are taken of."""
        return int(self.table.shape[1]) * self.size

    @property
    def checks(self) -> int:
        """How many parities there are."""
        return int(self.table.shape[0]) * self.size

    def __repr__(self) -> str:
        return f"Code({self.variables}, {self.rate})"

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Where the edges of each layer end: layer l has those from `ends[l]` to `ends[l + 1]`."""
        return self.table.indptr.astype(np.int64)

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """The variable at the other end of each edge, shape (edges of the table, size).

        A *layer* is the copies of one check of the table. Row e holds the variables at edge e of all of them.
        """
        copies = np.arange(self.size)
        shifted = (self.table.data[:, None] - 1 + copies) % self.size
        return self.table.indices[:, None].astype(np.int64) * self.size + shifted

    @cached_property
    def matrix(self) -> Any:
        """The sparse matrix H of zeros and ones, shape (checks, variables)."""
        layer = np.repeat(np.arange(self.table.shape[0]), np.diff(self.ends))
        checks = layer[:, None] * self.size + np.arange(self.size)
        ones = np.ones(checks.size, dtype=np.uint8)
        # Within a row the variables rise: what is multiplied with it is read in order.
        return sparse.csr_array(
            (ones, (checks.ravel(), self.places.ravel().astype(np.int32))), (self.checks, self.variables)
        )

    @cached_property
    def untainted(self) -> NDArray[np.int64]:
        """Variables of which no two stand in one check, those of small degree first.

        These may be punctured: filled with coins that only Alice knows. Each then hides one parity for itself,
        so with p of them the syndrome says `checks - p` bits about the key, and not one more. For Bob no check
        has two bits that he knows nothing about, so all of them can be found out at once (Elkouss et al.,
        2012, arXiv:1103.6149). No two copies of a variable stand in one check, so it is enough to look at the
        table.
        """
        columns = self.table.tocsc()
        taken = np.zeros(self.table.shape[0], dtype=bool)
        chosen = []
        for variable in np.argsort(np.diff(columns.indptr), kind="stable"):
            its = columns.indices[columns.indptr[variable] : columns.indptr[variable + 1]]
            if not taken[its].any():
                taken[its] = True
                chosen.append(variable)
        return (np.array(chosen)[:, None] * self.size + np.arange(self.size)).ravel()

    def syndrome(self, words: Bits) -> Bits:
        """Return the parities of words, shape (..., variables), as zeros and ones, shape (..., checks).

        Examples
        --------
        >>> load(2280, 0.9).syndrome(np.zeros((3, 2280))).shape
        (3, 228)
        """
        words = as_bits(words, "words", ndim=None)
        if words.shape[-1] != self.variables:
            raise ValueError(f"words must have {self.variables} bits, as the code has, not {words.shape[-1]}")
        parities = self.matrix @ words.reshape(-1, self.variables).T
        return (parities.T & 1).reshape(*words.shape[:-1], self.checks)


@lru_cache(maxsize=32)
def load(length: int, rate: float) -> Code:
    """Return one of the shipped codes.

    Their tables were built by progressive edge growth (`tools/peg.py` builds them again), with degrees
    optimised for the binary symmetric channel.

    Parameters
    ----------
    length : int
        Variables: 2280 times 1, 2, 4, 8, 16, 32, 48 or 64.
    rate : {0.5, 0.55, ..., 0.85, 0.9, 0.9125, 0.925, 0.95}
        One less the checks a variable.

    References
    ----------
    Hu, Eleftheriou and Arnold, 2005, doi:10.1109/TIT.2004.839541 (construction). Elkouss, Leverrier,
    Alleaume and Boutros, 2009, arXiv:0901.2140, table I (degrees up to a rate of 0.8).
    """
    if length not in [BASE * size for size in SIZES] or rate not in RATES:
        raise ValueError(
            f"there are codes of length {BASE} times {SIZES} and rate {RATES}, none of {length} and {rate}"
        )
    with (files(__package__) / "data" / f"{rate:.4f}.npz").open("rb") as file:
        shipped = np.load(file)
        degrees, checks, shifts = (shipped[name].astype(np.int64) for name in ("degrees", "checks", "shifts"))
    size = length // BASE
    ends = np.concatenate([[0], np.cumsum(degrees)])
    table = sparse.csc_array((1 + shifts % size, checks, ends), (int(checks.max()) + 1, BASE)).tocsr()
    table.sort_indices()
    return Code(rate, table, size)


SHORTEST = 256
"""Bits of the shortest key: the smallest code says 114 parities, which leaves little of fewer bits."""

FRAME = 1 << 17
"""The most bits of a frame, unless another number is asked for."""

# Measured: what these codes need at first, above Shannon's least, and how it grows as errors get few.
_EXCESS, _SPREAD = 0.11, 0.8
# And how much more a frame takes that could not do with it.
_FIRST_ASKED, _SPREAD_ASKED = 0.02, 0.2
# Every shipped code has more untainted variables than this share of its checks.
_MOST_PUNCTURED = 0.25
# Codes whose cost differs by less are as good as each other.
_AS_GOOD = 1.005


@dataclass(frozen=True, eq=False)
class Adaptation:
    r"""A code fitted to a key: `bits` variables are bits of the key, `punctured` are coins, the rest is zero.

    *Puncturing* fills variables with coins that only Alice knows, and each of them hides one parity;
    *shortening* fills variables with zeros, so that all parities are about fewer bits. Of each piece of the key
    the syndrome says

    .. math:: \text{disclosed} = m - p

    bits, whatever the mother code's own rate is.

    Parameters
    ----------
    code : Code
        The mother code, of m checks.
    frames : int
        Pieces that the key is cut into.
    bits : int
        Bits of the key in each piece; the last may have fewer.
    punctured : int
        p, variables of each piece that are filled with coins.
    qber : float
        The error rate that Bob should expect.
    """

    code: Code
    frames: int
    bits: int
    punctured: int
    qber: float

    @property
    def shortened(self) -> int:
        """Variables of each piece that are zero."""
        return self.code.variables - self.bits - self.punctured

    @property
    def disclosed(self) -> int:
        """Bits that the syndrome of one piece says about the key."""
        return self.code.checks - self.punctured

    @property
    def asked(self) -> int:
        """Bits that Bob asks for first, of each piece that he cannot decode: the spread of what a piece takes."""
        return ceil(self.disclosed * (_FIRST_ASKED + _SPREAD_ASKED / sqrt(self.bits * self.qber)))


def syndrome_share(qber: float, bits: int) -> float:
    r"""Return how many bits Alice should tell at first, for each bit of a frame.

    .. math:: h(Q) \left( 1.11 + \frac{0.8}{\sqrt{n Q}} \right)

    An infinite code could do with :math:`h(Q)`. These take some per cent more, and the fewer errors a frame has,
    the more their number varies. It is enough for most frames; for the rest Bob asks for more.

    Examples
    --------
    >>> syndrome_share(0.05, 2**14)
    0.3259
    """
    return float(binary_entropy(qber)) * (1 + _EXCESS + _SPREAD / sqrt(bits * qber))


def qber_of_share(share: float, bits: int) -> float:
    """Return the error rate for which a share of bits is told, the inverse of :func:`syndrome_share`.

    A share that suffices at 1/2 is for 1/2.

    Examples
    --------
    >>> qber_of_share(syndrome_share(0.05, 2**14), 2**14)
    0.05
    """
    if share >= syndrome_share(0.5, bits):
        return 0.5
    return float(brentq(lambda qber: syndrome_share(qber, bits) - share, 1e-12, 0.5, xtol=1e-9))


def adapt(n: int, qber: float, frame: int = FRAME) -> Adaptation:
    """Choose a code for a key, cut the key into equal frames, and puncture and shorten the code to fit.

    Parameters
    ----------
    n : int
        Bits of the key, at least 256.
    qber : float
        Estimated error rate.
    frame : int
        The most bits a frame may have, at least 256.

    Returns
    -------
    Adaptation
        Among those that disclose least, the one that uses most of its code. At most a quarter of the checks can be
        hidden by coins, so with error rates below about 0.4 % it tells more than is needed (3.6 times Shannon's
        least at 0.1 %): Cascade does better there.

    Examples
    --------
    >>> fit = adapt(100_000, 0.03)
    >>> fit.code, fit.frames, fit.bits, fit.punctured, fit.shortened
    (Code(109440, 0.8), 1, 100000, 26, 9414)

    References
    ----------
    Elkouss, Martinez-Mateo, Lancho and Martin, 2010, arXiv:1006.2660.
    """
    n, frame = as_count(n, "n", SHORTEST), as_count(frame, "frame", SHORTEST)
    # No error in an estimate does not promise none outside it.
    rate_of_errors = max(as_probability(qber, "qber"), 1 / n)
    share = syndrome_share(min(0.5, rate_of_errors), min(n, frame))
    if share >= 1:
        raise ValueError(
            f"qber must leave something to keep, but at {qber} correcting a bit takes {share:.2f} bits: "
            "find the errors first"
        )
    fits = [
        _fit(n, rate_of_errors, min(frame, length), length, rate)
        for length in [BASE * size for size in SIZES]
        for rate in RATES
    ]
    least = min(frames * disclosed for frames, _, _, disclosed, *_ in fits)
    good = [fit for fit in fits if fit[0] * fit[3] <= _AS_GOOD * least]
    frames, bits, punctured, _, length, rate = min(good, key=_waste)
    return Adaptation(load(length, rate), frames, bits, punctured, rate_of_errors)


def _waste(fit: tuple[int, int, int, int, int, float]) -> float:
    """Return what share of the variables and, twice, of the checks a fit leaves unused."""
    _, bits, punctured, disclosed, length, _ = fit
    return 1 - (bits + punctured) / length + 2 * punctured / (punctured + disclosed)


def _fit(n: int, qber: float, most: int, length: int, rate: float) -> tuple[int, int, int, int, int, float]:
    """Return frames, bits, punctured and disclosed bits of a frame for one of the codes, and which it is."""
    checks = round((1 - rate) * length)
    share = syndrome_share(qber, min(n, most))
    bits = ceil(n / ceil(n / max(1, min(most, int(checks / share)))))
    disclosed = ceil(bits * syndrome_share(qber, bits))
    punctured = min(max(0, checks - disclosed), int(_MOST_PUNCTURED * checks), length - bits)
    return ceil(n / bits), bits, punctured, checks - punctured, length, rate
