r"""Secret shares: any t of n parties find a secret, and fewer learn nothing of it."""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_rng

_REDUCTION = 0x11B


@cache
def _products() -> NDArray[np.uint8]:
    """All products of GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, shape (256, 256)."""
    a = np.arange(256, dtype=np.uint16)
    table = np.zeros((256, 256), np.uint16)
    power: NDArray[np.uint16] = a.copy()
    for bit in range(8):
        table ^= np.where(a[:, None] >> bit & 1, power[None, :], 0).astype(np.uint16)
        doubled = power << np.uint16(1)
        power = np.where(doubled & 0x100, doubled ^ _REDUCTION, doubled).astype(np.uint16)
    return table.astype(np.uint8)


def _inverse(a: int) -> int:
    return int(np.flatnonzero(_products()[a] == 1)[0])


@overload
def threshold_shares(
    secret: bytes,
    n_shares: int,
    threshold: int,
    *,
    coefficients: Sequence[bytes] | None = None,
    rng: Any = None,
) -> dict[int, bytes]: ...


@overload
def threshold_shares(
    secret: int,
    n_shares: int,
    threshold: int,
    *,
    prime: int,
    coefficients: Sequence[int] | None = None,
    rng: Any = None,
) -> dict[int, int]: ...


def threshold_shares(
    secret: Any,
    n_shares: int,
    threshold: int,
    *,
    prime: int | None = None,
    coefficients: Any = None,
    rng: Any = None,
) -> dict[int, Any]:
    r"""Return the shares of parties 1 to n: the values there of a polynomial whose value at 0 is the secret.

    .. math:: f(x) = s + a_1 x + \dots + a_{t-1} x^{t-1}, \qquad \text{share}_j = f(j)

    The coefficients are uniform. To any t - 1 shares and any secret there is one polynomial: they fit all secrets equally.

    Parameters
    ----------
    secret : bytes or int
        Bytes are shared one by one over GF(2^8), modulo :math:`x^8+x^4+x^3+x+1`; a whole number modulo `prime`.
    n_shares : int
        :math:`n`, at least `threshold`; up to 255, or below `prime`.
    threshold : int
        :math:`t`, how many shares are needed.
    prime : int, optional
        A prime above the secret, for a secret that is a whole number.
    coefficients : sequence, optional
        :math:`a_1 \dots a_{t-1}`, each like the secret: to follow an example by hand. None draws them.
    rng : optional
        None: the system's secure source. What :func:`numpy.random.default_rng` takes makes shares that come again, for a test.

    Returns
    -------
    dict of int to bytes or int

    Examples
    --------
    >>> {j: share.hex() for j, share in threshold_shares(b"\x53", 3, 3, coefficients=[b"\xca", b"\x1f"]).items()}
    {1: '86', 2: 'a0', 3: '75'}
    >>> threshold_shares(42, 3, 2, prime=257, coefficients=[7])
    {1: 49, 2: 56, 3: 63}

    References
    ----------
    Shamir, Communications of the ACM 22, 612 (1979), doi:10.1145/359168.359176.
    """
    most = 255 if prime is None else prime - 1
    n, t = as_count(n_shares, "n_shares"), as_count(threshold, "threshold")
    if not t <= n <= most:
        raise ValueError(
            f"threshold and n_shares must satisfy threshold <= n_shares <= {most}, not {t} and {n}: each party has its own "
            "point, and as many as the threshold must exist"
        )
    if prime is None:
        if not isinstance(secret, bytes | bytearray | memoryview) or not len(secret):
            raise TypeError("secret must be bytes, at least one; give prime= to share a whole number")
        return _byte_shares(bytes(secret), n, t, coefficients, rng)
    value = as_count(secret, "secret", least=0)
    if value >= prime:
        raise ValueError(f"secret must lie below the prime {prime}, not {value}")
    if coefficients is None:
        source = None if rng is None else as_rng(rng)
        coefficients = [_below(prime, source) for _ in range(t - 1)]
    parts = [value, *_as_many(coefficients, t - 1)]
    return {j: sum(a * pow(j, k, prime) for k, a in enumerate(parts)) % prime for j in range(1, n + 1)}


def _byte_shares(secret: bytes, n: int, t: int, coefficients: Any, rng: Any) -> dict[int, bytes]:
    if coefficients is None:
        size = (t - 1) * len(secret)
        drawn = os.urandom(size) if rng is None else as_rng(rng).bytes(size)
        parts = np.frombuffer(drawn, np.uint8).reshape(t - 1, len(secret))
    else:
        rows = [np.frombuffer(row, np.uint8) for row in _as_many(coefficients, t - 1)]
        parts = np.array(rows, np.uint8).reshape(t - 1, len(secret))
    constant = np.frombuffer(secret, np.uint8)
    shares = {}
    for j in range(1, n + 1):
        value, times_j = np.zeros_like(constant), _products()[j]
        for part in parts[::-1]:
            value = times_j[value ^ part]
        shares[j] = (value ^ constant).tobytes()
    return shares


def _as_many(coefficients: Sequence[Any], count: int) -> Sequence[Any]:
    if len(coefficients) != count:
        raise ValueError(
            f"coefficients must be {count}, one less than the threshold, not {len(coefficients)}"
        )
    return coefficients


def _below(prime: int, rng: np.random.Generator | None) -> int:
    """Return a uniform number below the prime: draws of as many bits, until one is below."""
    size = (prime.bit_length() + 7) // 8
    while True:
        value = int.from_bytes(os.urandom(size) if rng is None else rng.bytes(size), "big")
        value &= (1 << prime.bit_length()) - 1
        if value < prime:
            return value


@overload
def recover_secret(shares: Mapping[int, bytes], threshold: int) -> bytes: ...


@overload
def recover_secret(shares: Mapping[int, int], threshold: int, *, prime: int) -> int: ...


def recover_secret(shares: Mapping[int, Any], threshold: int, *, prime: int | None = None) -> Any:
    r"""Return the secret of `threshold` shares: the value at 0 of the polynomial through them.

    .. math:: s = \sum_j \text{share}_j \prod_{k \ne j} \frac{k}{k - j}

    Of more shares the first `threshold` are used, and the others must lie on the same polynomial: a share that was altered
    is noticed if there is one to spare, and not otherwise.

    Parameters
    ----------
    shares : mapping of int to bytes or int
        Party to share.
    threshold : int
        :math:`t`.
    prime : int, optional
        As for :func:`threshold_shares`.

    Returns
    -------
    bytes or int

    Examples
    --------
    >>> recover_secret({2: 1942 % 1613, 4: 176, 5: 1188}, 3, prime=1613)
    1234
    >>> recover_secret({1: b"\x86", 2: b"\xa0", 3: b"\x75"}, 3)
    b'S'

    References
    ----------
    Shamir, Communications of the ACM 22, 612 (1979), doi:10.1145/359168.359176.
    """
    t = as_count(threshold, "threshold")
    if len(shares) < t:
        raise ValueError(f"shares must be at least {t}, not {len(shares)}: fewer fit every secret")
    points = list(shares)
    used, spare = points[:t], points[t:]
    if prime is not None:
        values = {j: int(shares[j]) for j in points}
        wrong = [x for x in spare if values[x] != _integer_value(values, used, x, prime)]
    else:
        rows = {j: np.frombuffer(shares[j], np.uint8) for j in points}
        if len({row.size for row in rows.values()}) != 1:
            raise ValueError("shares must have one length: they are not of one secret")
        wrong = [x for x in spare if (rows[x] != _byte_value(rows, used, x)).any()]
    if wrong:
        raise ValueError(
            f"shares must lie on one polynomial of degree {t - 1}; that of party {wrong[0]} does not fit those of {used}: at "
            "least one was altered"
        )
    return (
        _integer_value(values, used, 0, prime) if prime is not None else _byte_value(rows, used, 0).tobytes()
    )


def _integer_value(values: dict[int, int], used: list[int], x: int, prime: int) -> int:
    total = 0
    for j in used:
        weight = values[j]
        for k in used:
            if k != j:
                weight = weight * (x - k) * pow(j - k, -1, prime) % prime
        total += weight
    return total % prime


def _byte_value(rows: dict[int, NDArray[np.uint8]], used: list[int], x: int) -> NDArray[np.uint8]:
    times = _products()
    total = np.zeros_like(rows[used[0]])
    for j in used:
        weight = 1
        for k in used:
            if k != j:
                weight = int(times[weight, times[x ^ k, _inverse(j ^ k)]])
        total = total ^ times[weight][rows[j]]
    return total
