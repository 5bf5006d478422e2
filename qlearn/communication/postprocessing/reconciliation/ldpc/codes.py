"""The codes: sparse tables of parities, built once by progressive edge growth, and lifted to the length of a key."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from qlearn._checks import as_bits
from qlearn.communication.bb84.pulses import Bits

BASE = 2280
"""Variables of the shipped tables."""
SIZES = (1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64)
"""How many copies of a table a code may be made of: it has BASE times as many variables."""
RATES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.9125, 0.925, 0.95)
"""Rates of the shipped tables: a code of rate R has 1 - R checks a variable."""


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

    Taught in :doc:`/communication/secret_key`.
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
        """Return the parities of words.

        Parameters
        ----------
        words : ndarray of 0/1, shape (..., variables)
            One word or several.

        Returns
        -------
        ndarray of uint8, shape (..., checks)

        Raises
        ------
        ValueError, TypeError
            If the words are not binary or not of the length of the code.

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

    Returns
    -------
    Code

    Raises
    ------
    ValueError
        If there is no such code.

    References
    ----------
    Hu, Eleftheriou and Arnold, 2005, doi:10.1109/TIT.2004.839541 (construction). Elkouss, Leverrier,
    Alleaume and Boutros, 2009, arXiv:0901.2140, table I (degrees up to a rate of 0.8).

    Taught in :doc:`/communication/secret_key`.
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
