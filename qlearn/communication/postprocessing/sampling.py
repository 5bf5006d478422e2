"""Sampling: how many bits to give up so that the rest are worth most."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_real
from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing.finite import as_security, deviation

_MOST = 2**62


def sample_sizes(
    bits: dict[str, int], *, security: float = 1e-10, expected_qber: float = 0.03
) -> dict[str, int]:
    r"""Return how many bits of each basis to compare, so that the most key is left.

    A larger sample bounds the errors more closely and leaves fewer bits. The best is found for the error
    rate that one expects, since it has to be chosen before the errors are seen.

    Parameters
    ----------
    bits : dict of {"Z": int, "X": int}
        Sifted bits of each basis.
    security : float
        :math:`\varepsilon_\text{sec}` of the key to come.
    expected_qber : float
        Error rate to plan for, below 1/2.

    Returns
    -------
    dict of {"Z": int, "X": int}
        At least one of each basis that has bits. All bits of a basis, where its key is not worth having.

    Raises
    ------
    ValueError, TypeError
        If a number is out of range.

    Examples
    --------
    >>> sizes = sample_sizes({"Z": 500_000, "X": 500_000})
    >>> 0.02 < sizes["Z"] / 500_000 < 0.1
    True

    Taught in :doc:`/communication/secret_key`.
    """
    error = as_real(expected_qber, "expected_qber", least=0, most=0.5)
    failure = failure_of_one_basis(security)
    z, x = as_sizes(bits, "bits").values()
    shares = np.append(np.geomspace(1e-3, 0.9, 60), 1.0)
    sample_z, sample_x = np.meshgrid(_rounded_up(shares * z), _rounded_up(shares * x), indexing="ij")

    def left(kept: np.ndarray, sample: np.ndarray) -> np.ndarray:
        enough = (kept >= 1) & (sample >= 1)
        mu = deviation(np.where(enough, kept, 1), np.where(enough, sample, 1), failure)
        worst = np.where(enough, np.minimum(0.5, error + mu), 0.5)
        return kept * (1 - binary_entropy(worst) - 1.1 * binary_entropy(error))

    total = left(z - sample_z, sample_x) + left(x - sample_x, sample_z)
    best = np.unravel_index(total.argmax(), total.shape)
    return {"Z": int(sample_z[best]), "X": int(sample_x[best])}


def failure_of_one_basis(security: float) -> float:
    """Return the failure probability that the sample of one basis is allowed: half of (security / 4)^2."""
    return (as_security(security, "security") / 4) ** 2 / 2


def as_sizes(x: Any, name: str) -> dict[str, int]:
    """Return `x` as a number of bits of each basis, ``{"Z": ..., "X": ...}``."""
    if not isinstance(x, Mapping) or set(x) != {"Z", "X"}:
        raise ValueError(f'{name} must name both bases, {{"Z": 500, "X": 500}}, not {x!r}')
    sizes = {basis: as_count(x[basis], f"{name}[{basis!r}]", least=0) for basis in "ZX"}
    if max(sizes.values()) > _MOST:
        raise ValueError(f"{name} must be at most {_MOST:,} bits of each basis: no session has more")
    return sizes


def _rounded_up(sizes: np.ndarray) -> np.ndarray:
    return np.ceil(sizes - 1e-9)
