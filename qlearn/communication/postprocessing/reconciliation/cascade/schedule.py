"""The schedule: how large the blocks of each pass are."""

from math import ceil, log, log2
from typing import Literal, get_args

from qlearn._checks import as_count, as_probability

Variant = Literal["near-optimal", "original"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)

# Martinez-Mateo et al., table 3: error rate, and the first two sizes that were best in simulation.
_MEASURED = {
    0.005: (256, 1024),
    0.01: (128, 512),
    0.02: (64, 512),
    0.03: (32, 512),
    0.04: (32, 256),
    **dict.fromkeys((0.05, 0.06, 0.07), (16, 256)),
    **dict.fromkeys((0.08, 0.09, 0.10, 0.11), (8, 256)),
}


def block_sizes(n: int, qber: float, variant: Variant = "near-optimal") -> tuple[int, ...]:
    r"""Return the largest block of each pass over a frame of `n` bits with error rate `qber`.

    A block of the first pass should hold about one error: fewer, and most parities agree and were asked for
    nothing; more, and errors hide in pairs. Original, four passes:

    .. math:: k_1 = \lceil 0.73 / Q \rceil, \qquad k_{i+1} = 2 k_i

    Near-optimal, fourteen passes; what the first two leave is rare, and half the frame is searched for it:

    .. math:: k_1 = 2^{\lceil \alpha \rceil}, \quad k_2 = 2^{\lceil (\alpha + 12) / 2 \rceil}, \quad
              k_3 = 4096, \quad k_4 = \dots = k_{14} = n/2, \qquad \alpha = \log_2 (1/Q) - 1/2

    This formula sums up a table of measured optima from 0.5 to 11 %. Inside it the nearest row of the table is
    taken: near 1, 4 and 8 % that is one size half as large, which discloses as much, in half the rounds. No
    block is larger than half the frame.

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
    arXiv:1407.3257, tables 1 and 3 (near-optimal).

    Taught in :doc:`/communication/secret_key`.
    """
    half = (as_count(n, "n") + 1) // 2
    rate = as_error_rate(qber)
    if variant not in VARIANTS:
        raise ValueError(f'variant must be "near-optimal" or "original", not {variant!r}')
    # At least one error a frame is reckoned with: a search for none would need blocks without end.
    rate = max(rate, 1 / (2 * n))
    if variant == "original":
        return tuple(min(ceil(0.73 / rate) * 2**i, half) for i in range(4))
    first = *_first_two(rate), 4096
    return tuple(min(size, half) for size in first) + 11 * (half,)


def _first_two(rate: float) -> tuple[int, int]:
    if min(_MEASURED) <= rate <= max(_MEASURED):
        return _MEASURED[min(_MEASURED, key=lambda row: abs(log(row / rate)))]
    alpha = log2(1 / rate) - 0.5
    return 2 ** ceil(alpha), 2 ** ceil((alpha + 12) / 2)


def as_error_rate(qber: float) -> float:
    """Return `qber` as a float from 0 to below 1/2."""
    rate = as_probability(qber, "qber")
    if rate >= 0.5:
        raise ValueError(
            f"qber must be below 0.5, not {qber}: keys that differ in half of their bits have nothing in common"
        )
    return rate
