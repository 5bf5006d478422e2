"""Reed and Solomon's codes: symbols of several bits, of which any few may be wrong."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betainc, xlog1py

from qlearn._checks import as_count, as_probability, as_rng


def reed_solomon_block_error(n: int, k: int, bits_per_symbol: int, p: float) -> float:
    r"""Return the probability that a word of a Reed-Solomon code has more errors than it corrects.

    .. math:: P = \Pr\bigl(\mathrm{Bin}(n, p_s) > t\bigr), \qquad p_s = 1 - (1-p)^m, \qquad
              t = \Bigl\lfloor \frac{n-k}{2} \Bigr\rfloor

    The bits flip independently. Such a word is flagged or, worse, taken for another code word; which of the two this
    formula does not say.

    Parameters
    ----------
    n, k : int
        Symbols in a word and in its message, k below n, n at most :math:`2^m - 1`.
    bits_per_symbol : int
        Bits of a symbol, m.
    p : float
        Probability that a bit flips.

    Returns
    -------
    float

    Examples
    --------
    >>> round(reed_solomon_block_error(255, 223, 8, 0.005), 6), round(reed_solomon_block_error(15, 11, 4, 0.01), 6)
    (0.024972, 0.019503)

    References
    ----------
    Reed and Solomon, "Polynomial codes over certain finite fields", 1960, doi:10.1137/0108018.
    """
    n, t, m = _as_code(n, k, bits_per_symbol)
    p = as_probability(p, "p")
    symbol = -float(np.expm1(xlog1py(m, -p)))
    return float(betainc(t + 1, n - t, symbol))


@dataclass(frozen=True)
class ReedSolomonCounts:
    """What became of some words: three counts.

    Parameters
    ----------
    right : int
        Decoded to what was sent.
    flagged : int
        The decoder said that it cannot, or what it gave back was no word of the code.
    wrong : int
        Decoded, without a flag, to another word of the code.
    """

    right: int
    flagged: int
    wrong: int


def try_reed_solomon(
    n: int, k: int, bits_per_symbol: int, p: float, blocks: int, rng: Any = None, *, compiled: bool = False
) -> ReedSolomonCounts:
    """Send random words of a Reed-Solomon code over a binary symmetric channel, decode them, and count what became of them.

    Encoder and decoder (Berlekamp and Massey's) are those of the package `galois`. Its decoder (version 0.4.11) gives back
    some words that are not in the code, without a flag. Their syndrome shows it, so they count as flagged here: `wrong` are
    the words that are another word of the code, which no receiver can notice by the code alone.

    Parameters
    ----------
    n, k, bits_per_symbol, p
        As in :func:`reed_solomon_block_error`; a code with n below 2**m - 1 is a shortened one.
    blocks : int
        Words to send.
    rng : None, int or numpy.random.Generator
        Source of messages and errors.
    compiled : bool
        Let galois compile its arithmetic first: ten to thirty seconds once, which only many thousands of words repay.

    Returns
    -------
    ReedSolomonCounts

    Raises
    ------
    ImportError
        If galois is not installed (the extra `codes`).

    Examples
    --------
    >>> counts = try_reed_solomon(15, 11, 4, 0.02, blocks=200, rng=1)
    >>> counts.right + counts.flagged + counts.wrong
    200

    References
    ----------
    Massey, "Shift-register synthesis and BCH decoding", 1969, doi:10.1109/TIT.1969.1054260.
    """
    n, _, m = _as_code(n, k, bits_per_symbol)
    p, blocks, draw = as_probability(p, "p"), as_count(blocks, "blocks"), as_rng(rng)
    try:
        import galois
    except ImportError as error:
        raise ImportError(
            "try_reed_solomon needs galois (the extra codes, or python -m pip install galois), for its decoder"
        ) from error

    field = galois.GF(1 << m)
    before = field.ufunc_mode
    field.compile("auto" if compiled else "python-calculate")
    try:
        full = (1 << m) - 1
        code = galois.ReedSolomon(full, full - (n - k), field=field)
        messages = draw.integers(1 << m, size=(blocks, k))
        sent = code.encode(field(messages))
        flips = (draw.random((*sent.shape, m)) < p) @ (1 << np.arange(m))
        decoded, errors = code.decode(sent + field(flips), output="codeword", errors=True)
        checks = code.H[:, full - n :]  # a shortened code lacks the first symbols
        # That no flag was raised does not make it a word of the code: the syndrome is asked once more.
        clean = (np.asarray(errors) >= 0) & (np.asarray(decoded @ checks.T) == 0).all(axis=1)
    finally:
        field.compile(before)  # the field is one for all of a program
    right = int((clean & (np.asarray(decoded) == np.asarray(sent)).all(axis=1)).sum())
    return ReedSolomonCounts(right, int((~clean).sum()), int(clean.sum()) - right)


def _as_code(n: Any, k: Any, bits_per_symbol: Any) -> tuple[int, int, int]:
    """Return n, the errors t that are corrected and the bits m of a symbol, or say why there is no such code."""
    m, length = as_count(bits_per_symbol, "bits_per_symbol", least=2), as_count(n, "n", least=2)
    if m > 16:
        raise ValueError(f"bits_per_symbol must be at most 16, not {m}")
    if length > (1 << m) - 1:
        raise ValueError(
            f"n must be at most 2**bits_per_symbol - 1 = {(1 << m) - 1}, not {length}: each symbol has its own point"
        )
    if not as_count(k, "k") < length:
        raise ValueError(
            f"k must be below n = {length}, not {k}: without more symbols than the message nothing is corrected"
        )
    return length, (length - int(k)) // 2, m
