"""The codes: sparse tables of parities, built once by progressive edge growth and shipped as data."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from qlearn._checks import as_bits
from qlearn.communication.bb84.pulses import Bits

LENGTHS = (2280, 18220)
"""Variables of the shipped codes."""
RATES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""Rates of the shipped codes: a code of rate R has 1 - R checks a variable."""

# What has not settled by then hardly ever does.
_MOST_ITERATIONS = 50


@dataclass(frozen=True, eq=False)
class Code:
    r"""A low-density parity-check code: which variables each parity is taken of.

    .. math:: s = H x \bmod 2

    Parameters
    ----------
    variables : int
        How many bits the parities are taken of.
    rate : float
        One less the checks a variable.
    matrix : sparse matrix of uint8, shape (checks, variables)
        :math:`H`. Few ones: each variable stands in two to some dozens of checks.

    Examples
    --------
    >>> code = load(2280, 0.9)
    >>> code, code.checks, code.matrix.nnz
    (Code(2280, 0.9), 228, 11674)

    References
    ----------
    Gallager, "Low-density parity-check codes", 1962, doi:10.1109/TIT.1962.1057683.

    Taught in :doc:`/communication/secret_key`.
    """

    variables: int
    rate: float
    matrix: Any = field(repr=False)

    @property
    def checks(self) -> int:
        """How many parities there are."""
        return int(self.matrix.shape[0])

    def __repr__(self) -> str:
        return f"Code({self.variables}, {self.rate})"

    @cached_property
    def untainted(self) -> NDArray[np.int64]:
        """Variables of which no two stand in one check, those of small degree first.

        These may be punctured: filled with coins that only Alice knows. Each then hides one parity for itself,
        so with p of them the syndrome says `checks - p` bits about the key, and not one more. For Bob no check
        has two bits that he knows nothing about, so all of them can be found out at once (Elkouss et al.,
        2012, arXiv:1103.6149).
        """
        columns = self.matrix.tocsc()
        taken = np.zeros(self.checks, dtype=bool)
        chosen = []
        for variable in np.argsort(np.diff(columns.indptr), kind="stable"):
            its = columns.indices[columns.indptr[variable] : columns.indptr[variable + 1]]
            if not taken[its].any():
                taken[its] = True
                chosen.append(variable)
        return np.array(chosen)

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

    def decoder(self) -> Any:
        """Return a new decoder by belief propagation (product-sum), of the package `ldpc`."""
        # Imported here: it brings half a second of other decoders with it.
        from ldpc import BpDecoder

        return BpDecoder(
            self.matrix,
            error_rate=0.5,
            max_iter=_MOST_ITERATIONS,
            bp_method="product_sum",
            schedule="parallel",
            input_vector_type="syndrome",
        )


@lru_cache(maxsize=len(LENGTHS) * len(RATES))
def load(length: int, rate: float) -> Code:
    """Return one of the shipped codes.

    They were built by progressive edge growth (`tools/peg.py` builds them again) with degrees optimised for
    the binary symmetric channel.

    Parameters
    ----------
    length : {2280, 18220}
        Variables.
    rate : {0.5, 0.55, ..., 0.95}
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
    Alleaume and Boutros, 2009, arXiv:0901.2140, table I (degrees).

    Taught in :doc:`/communication/secret_key`.
    """
    if length not in LENGTHS or rate not in RATES:
        raise ValueError(f"there are codes of length {LENGTHS} and rate {RATES}, none of {length} and {rate}")
    with (files(__package__) / "data" / f"{length}_{rate:.2f}.npz").open("rb") as file:
        shipped = np.load(file)
        degrees, checks = shipped["degrees"].astype(np.int64), shipped["checks"].astype(np.int32)
    ends = np.concatenate([[0], np.cumsum(degrees)])
    ones = np.ones(checks.size, dtype=np.uint8)
    return Code(
        length, rate, sparse.csc_matrix((ones, checks, ends), (int(checks.max()) + 1, length)).tocsr()
    )
