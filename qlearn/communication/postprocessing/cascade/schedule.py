"""The schedule: how large the blocks of each pass are."""

from math import ceil, log2
from typing import Literal, get_args

from qlearn._checks import as_count, as_probability

Variant = Literal["near-optimal", "original"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)


def block_sizes(n: int, qber: float, variant: Variant = "near-optimal") -> tuple[int, ...]:
    r"""Return the largest block of each pass over a frame of `n` bits with error rate `qber`.

    A block of the first pass should hold about one error: fewer, and most parities agree and were asked for
    nothing; more, and errors hide in pairs. Original, four passes:

    .. math:: k_1 = \lceil 0.73 / Q \rceil, \qquad k_{i+1} = 2 k_i

    Near-optimal, fourteen passes; what the first two leave is rare, and half the frame is searched for it:

    .. math:: k_1 = 2^{\lceil \alpha \rceil}, \quad k_2 = 2^{\lceil (\alpha + 12) / 2 \rceil}, \quad
              k_3 = 4096, \quad k_4 = \dots = k_{14} = n/2, \qquad \alpha = \log_2 (1/Q) - 1/2

    No block is larger than half the frame.

    Parameters
    ----------
    n : int
        Bits of a frame.
    qber : float
        Error rate, from 0 to below 1/2. With 0, every block is half the frame.
    variant : {"near-optimal", "original"}
        Which of the two.

    Returns
    -------
    tuple of int
        One size a pass.

    Raises
    ------
    ValueError, TypeError
        If `qber` is 1/2 or more, `n` is not positive, or `variant` is unknown.

    Examples
    --------
    >>> block_sizes(2**14, 0.03)
    (32, 512, 4096, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192)
    >>> block_sizes(2**14, 0.03, "original")
    (25, 50, 100, 200)

    References
    ----------
    Brassard and Salvail, "Secret-key reconciliation by public discussion", EUROCRYPT '93,
    doi:10.1007/3-540-48285-7_35 (original). Martinez-Mateo, Pacher, Peev, Ciurana and Martin, 2014,
    arXiv:1407.3257, tables 1 and 3 (near-optimal). For three of its twelve error rates table 3 was measured
    with half the :math:`k_1` or :math:`k_2` of this formula; the difference in efficiency is below 0.005.

    Taught in :doc:`/communication/secret_key`.
    """
    half = (as_count(n, "n") + 1) // 2
    rate = as_error_rate(qber)
    if variant not in VARIANTS:
        raise ValueError(f'variant must be "near-optimal" or "original", not {variant!r}')
    # No error expected: the search is for what was not expected, in the largest blocks.
    expected_gap = min(1 / rate, float(n)) if rate else float(n)
    if variant == "original":
        return tuple(min(ceil(0.73 * expected_gap) * 2**i, half) for i in range(4))
    alpha = log2(expected_gap) - 0.5
    sizes = (2 ** ceil(alpha), 2 ** ceil((alpha + 12) / 2), 4096) + 11 * (half,)
    return tuple(max(1, min(size, half)) for size in sizes)


def as_error_rate(qber: float) -> float:
    """Return `qber` as a float from 0 to below 1/2."""
    rate = as_probability(qber, "qber")
    if rate >= 0.5:
        raise ValueError(
            f"qber must be below 0.5, not {qber}: keys that differ in half of their bits have nothing in common"
        )
    return rate
