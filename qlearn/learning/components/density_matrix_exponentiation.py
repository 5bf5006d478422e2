"""Density matrix exponentiation: a data set as a state, and evolution under it from copies of it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.qubits import Circuit, density


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

    Examples
    --------
    >>> density_of_rows([[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]]).real.round(6)
    array([[0.9, 0. ],
           [0. , 0.1]])

    References
    ----------
    Lloyd, Mohseni and Rebentrost, "Quantum principal component analysis", 2014, arXiv:1307.0401.
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

    Examples
    --------
    >>> as_density([1, 0]).real
    array([[1., 0.],
           [0., 0.]])
    """
    array = np.asarray(rho)
    matrix = density(array)
    if matrix.ndim != 2:
        raise ValueError(
            f"{name} must be one density matrix of shape (2**n, 2**n), not an array of shape {array.shape}; "
            "mix states with density_of_rows(states, center=False)"
        )
    return matrix


_MOST_WIRES = 5


def swap_circuit(n_qubits: int, angle: float) -> Circuit:
    r"""Return the circuit of one step, :math:`e^{-i\theta S} = \cos\theta\,1 - i\sin\theta\,S`, with S the swap.

    Wires 0 to n-1 hold the register, wires n to 2n-1 the copy, which is thrown away afterwards. The swap S of
    two registers is the product of the swaps of their wires, but :math:`e^{-i\theta S}` is not the product of
    their partial swaps, so the step is one gate on all 2n wires.

    Parameters
    ----------
    n_qubits : int
        Wires of the register, n, 1 to 5.
    angle : float
        :math:`\theta` in radians.

    Returns
    -------
    Circuit
        On 2n wires.

    Examples
    --------
    >>> swap_circuit(1, 0.1)
    Circuit(2).unitary(..., 0, 1)

    References
    ----------
    Lloyd, Mohseni and Rebentrost, 2014, arXiv:1307.0401, eq. 1.
    """
    n, theta = as_count(n_qubits, "n_qubits"), as_real(angle, "angle")
    if n > _MOST_WIRES:
        raise ValueError(
            f"n_qubits must be at most {_MOST_WIRES}, not {n_qubits}: the gate is a matrix of 16**n entries; "
            "swap_step needs none"
        )
    d = 1 << n
    swap = np.eye(d * d).reshape(d, d, d, d).swapaxes(0, 1).reshape(d * d, d * d)
    step = np.cos(theta) * np.eye(d * d) - 1j * np.sin(theta) * swap
    return Circuit(2 * n).unitary(step, *range(2 * n))


def swap_step(rho: ArrayLike, sigma: ArrayLike, angle: float) -> NDArray[np.complex128]:
    r"""Return the register sigma after one partial swap with a copy of rho, the copy traced out.

    .. math:: \operatorname{tr}_2\, e^{-i\theta S}(\sigma\otimes\rho)\,e^{i\theta S}
              = \cos^2\!\theta\;\sigma + \sin^2\!\theta\;\rho - i \sin\theta\cos\theta\,[\rho, \sigma]

    To first order in :math:`\theta` this is the turn :math:`\sigma - i\theta[\rho,\sigma]` that the
    Hamiltonian rho would cause; the error is of second order.

    Parameters
    ----------
    rho, sigma : array_like, shape (2**n, 2**n) or (2**n,)
        The copy and the register: density matrices or state vectors of one size.
    angle : float
        :math:`\theta` in radians.

    Returns
    -------
    ndarray of complex128, shape (2**n, 2**n)

    Examples
    --------
    >>> swap_step([1, 0], [0, 1], np.pi / 2).real.round(12)  # a whole swap
    array([[1., 0.],
           [0., 0.]])

    References
    ----------
    Lloyd, Mohseni and Rebentrost, 2014, arXiv:1307.0401, eq. 1.
    """
    copy, register = _as_pair(rho, sigma)
    theta = as_real(angle, "angle")
    c, s = np.cos(theta), np.sin(theta)
    return c * c * register + s * s * copy - 1j * s * c * (copy @ register - register @ copy)


def _as_pair(rho: ArrayLike, sigma: ArrayLike) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return the copy and the register as density matrices; refuse two that cannot be swapped."""
    copy, register = as_density(rho, "rho"), as_density(sigma, "sigma")
    if copy.shape != register.shape:
        raise ValueError(
            f"rho and sigma must have the same size to be swapped, not {len(copy)} and {len(register)} levels"
        )
    return copy, register


def exponentiate(rho: ArrayLike, sigma: ArrayLike, time: float, copies: int | None) -> NDArray[np.complex128]:
    r"""Return the register sigma after evolution under rho as its Hamiltonian, by partial swaps with copies of rho.

    .. math:: \sigma \;\to\; e^{-i\rho t}\,\sigma\, e^{i\rho t} + O(t^2/n)

    Each of the n copies is swapped in by the angle t/n (:func:`swap_step`). In the eigenbasis of rho the steps
    do not mix the elements of sigma, so n of them cost as much as one: element (i, j) takes the factor
    :math:`(\cos^2\theta - i\sin\theta\cos\theta\,(\lambda_i-\lambda_j))^n`, and the diagonal relaxes towards
    that of rho. The simulation uses the eigenbasis; the device does not know it.

    Parameters
    ----------
    rho, sigma : array_like, shape (2**n, 2**n) or (2**n,)
        The copies and the register: density matrices or state vectors of one size.
    time : float
        t; the phases are eigenvalue times t, in radians.
    copies : int or None
        Number of copies. None is the limit of infinitely many: the exact turn.

    Returns
    -------
    ndarray of complex128, shape (2**n, 2**n)

    Examples
    --------
    >>> mixed, plus = np.diag([0.9, 0.1]), np.full((2, 2), 0.5)
    >>> for copies in (10, 100, 1000, None):
    ...     print(copies, exponentiate(mixed, plus, np.pi / 0.8, copies)[0, 1].real.round(3))
    10 -0.172
    100 -0.45
    1000 -0.495
    None -0.5

    References
    ----------
    Lloyd, Mohseni and Rebentrost, 2014, arXiv:1307.0401. That no way of using the copies needs fewer than of
    the order t**2/error: Kimmel et al., 2017, arXiv:1608.00281.
    """
    copy, register = _as_pair(rho, sigma)
    t = as_real(time, "time")
    if copies is not None:
        as_count(copies, "copies")
    values, vectors = np.linalg.eigh(copy)
    inside = vectors.conj().T @ register @ vectors
    gaps = values[:, None] - values
    if copies is None:
        inside = inside * np.exp(-1j * t * gaps)
    else:
        c, s = np.cos(t / copies), np.sin(t / copies)
        diagonal = values + c ** (2 * copies) * (np.diag(inside) - values)
        inside = inside * (c * c - 1j * s * c * gaps) ** copies
        np.fill_diagonal(inside, diagonal)
    return vectors @ inside @ vectors.conj().T
