r"""From a table of rows to a density matrix: the covariance as the state of a quantum register."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits import density


def density_of_rows(X: ArrayLike, *, center: bool = True) -> NDArray[np.complex128]:
    r"""Return the covariance of rows as a density matrix: its eigenvalues are shares of the variance.

    .. math:: \rho = \frac{\sum_i x_i\, x_i^\dagger}{\sum_i |x_i|^2}

    Whoever draws row i with probability :math:`|x_i|^2/\sum_j |x_j|^2` and loads it into the amplitudes of a
    register holds this state. The eigenvectors are the principal components of the rows, the eigenvalues the
    shares of the variance that they explain.

    Parameters
    ----------
    X : array_like, shape (n, q)
        Real or complex rows; q is filled up with zeros to the next :math:`2^k`, at least 2.
    center : bool
        Whether the mean row is subtracted first, as principal component analysis does. A device that loads
        rows one at a time does not know the mean; the caller must subtract it.

    Returns
    -------
    ndarray of complex128, shape (2**k, 2**k)

    Raises
    ------
    ValueError, TypeError
        If the rows are not finite numbers, or do not vary.

    Examples
    --------
    >>> density_of_rows([[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]]).real.round(6)
    array([[0.9, 0. ],
           [0. , 0.1]])

    References
    ----------
    Lloyd, Mohseni and Rebentrost, "Quantum principal component analysis", 2014, arXiv:1307.0401.

    Taught in :doc:`/learning/components`.
    """
    rows = np.asarray(X)
    if rows.dtype.kind not in "buifc":
        raise TypeError(f"X must be an array of numbers, not of {rows.dtype}")
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"X must have shape (n, q): a row for each sample, not {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError("X must be finite; it holds NaN or infinity: drop or impute those rows")
    rows = np.array(rows, dtype=np.complex128, order="C")
    parts = rows.view(np.float64)
    # A power of two is exact, and squares neither overflow nor vanish.
    np.ldexp(parts, -np.frexp(np.abs(parts).max())[1], out=parts)
    length = float(np.linalg.norm(rows))
    if center:
        rows -= rows.mean(axis=0)
    # What centring leaves of equal rows is rounding, not variance.
    if np.linalg.norm(rows) <= 1e-12 * length:
        raise ValueError(
            "X must vary: all its rows are equal, so no direction has a larger share"
            if center
            else "X must not be all zeros"
        )
    width = max(1, (rows.shape[1] - 1).bit_length())
    table = np.zeros((len(rows), 1 << width), dtype=np.complex128)
    table[:, : rows.shape[1]] = rows / np.linalg.norm(rows)
    return table.T @ table.conj()


def as_density(rho: ArrayLike, name: str = "rho") -> NDArray[np.complex128]:
    """Return `rho` as one density matrix of shape (2**n, 2**n); a state vector gives its projector.

    Parameters
    ----------
    rho : array_like, shape (2**n, 2**n) or (2**n,)
        A density matrix or a state vector.
    name : str
        What the caller calls it.

    Returns
    -------
    ndarray of complex128, shape (2**n, 2**n)

    Raises
    ------
    ValueError, TypeError
        If it is no state, or a batch of states.

    Examples
    --------
    >>> as_density([1, 0]).real
    array([[1., 0.],
           [0., 0.]])

    Taught in :doc:`/learning/components`.
    """
    array = np.asarray(rho)
    matrix = density(array)
    if matrix.ndim != 2:
        raise ValueError(
            f"{name} must be one density matrix of shape (2**n, 2**n), not an array of shape {array.shape}; "
            "mix states with density_of_rows(states, center=False)"
        )
    return matrix
