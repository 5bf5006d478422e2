"""Ground states of the transverse-field Ising ring: states worth compressing."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals

# 2**9 levels of even parity: a dense matrix of 2 MiB, diagonalised in a fraction of a second for each field.
_MOST_SPINS = 10


def ising_ground_states(n_qubits: int, fields: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the ground states of the transverse-field Ising ring, one for each field.

    .. math:: H(h) = -\sum_{w=0}^{n-1} Z_w Z_{w+1} - h \sum_{w=0}^{n-1} X_w

    At small h the spins agree with their neighbours (a superposition of all 0 and all 1), at large h each
    follows the field; between lies a crossover that becomes a phase transition for many spins. Neighbouring
    fields have similar states, so the family needs far fewer than :math:`2^n` directions.

    H does not change if all spins are flipped, and the ground state does not either (it is *even*). The lowest odd
    state lies only a gap of the order of :math:`h^n` above it, less than rounding at small h; so the even half alone
    is diagonalised, in the basis :math:`(|x\rangle + |\bar x\rangle)/\sqrt2`, where the next level is far away.

    Parameters
    ----------
    n_qubits : int
        Spins on the ring, 3 to 10.
    fields : array_like of float, shape (m,)
        h, above 0, however small: at 0 there are two ground states.

    Returns
    -------
    ndarray of complex128, shape (m, 2**n)
        With amplitudes that are all positive (Perron and Frobenius), or 0 where rounding leaves nothing of
        them: this fixes the sign.

    Examples
    --------
    >>> strong = ising_ground_states(3, [1000.0])[0].real  # all spins along x: equal amplitudes
    >>> bool(abs(strong - 8**-0.5).max() < 1e-3)
    True
    >>> ising_ground_states(3, [1e-6])[0].real.round(3)  # both orders at once
    array([0.707, 0.   , 0.   , 0.   , 0.   , 0.   , 0.   , 0.707])

    References
    ----------
    Pfeuty, "The one-dimensional Ising model with a transverse field", 1970, doi:10.1016/0003-4916(70)90270-8.
    """
    n = as_count(n_qubits, "n_qubits", least=3)
    if n > _MOST_SPINS:
        raise ValueError(
            f"n_qubits must be at most {_MOST_SPINS}, not {n_qubits}: the matrix has 4**n entries"
        )
    strengths = as_reals(fields, "fields")
    if strengths.ndim != 1 or strengths.size == 0 or not (strengths > 0).all():
        raise ValueError(
            "fields must be a list of numbers above 0: at 0 there are two ground states, not one"
        )
    half = np.arange(1 << (n - 1))  # one of x and its flipped image: the one whose first spin is 0
    spins = 1 - 2 * (half >> np.arange(n)[:, None] & 1)
    bonds = (spins * np.roll(spins, 1, axis=0)).sum(axis=0).astype(np.float64)
    flips = np.zeros((half.size, half.size))
    for wire in range(n):
        flipped = half ^ (1 << wire)
        flips[half, np.minimum(flipped, flipped ^ ((1 << n) - 1))] += 1
    even = np.array([np.linalg.eigh(-np.diag(bonds) - h * flips)[1][:, 0] for h in strengths])
    # The true amplitudes are positive: a sign is the solver's choice, or rounding.
    even = np.abs(even) / np.sqrt(2)
    return np.concatenate([even, even[:, ::-1]], axis=1).astype(np.complex128)
