"""Quantum principal component analysis (qPCA): eigenvalues of a state read by phase estimation on the state itself."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning.components.density_matrix_exponentiation import as_density

_MOST_BITS = 12
# Copies leave the register mixed: its table of coherences, for each level, is at most 256 MiB.
_MOST_COHERENCES = 1 << 24


@dataclass(frozen=True)
class SpectrumReading:
    """Readings of phase estimation of rho, with rho itself as the input, and the state that each leaves.

    Attributes
    ----------
    grid : ndarray of float64, shape (2**bits,)
        The eigenvalue that each reading stands for: reading / (2**bits - 1).
    probabilities : ndarray of float64, shape (2**bits,)
        How often each is read.
    copies : int or None
        Copies that were swapped in and thrown away; None for exact evolution.
    """

    grid: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    copies: int | None
    _weights: NDArray[np.float64]
    _vectors: NDArray[np.complex128]

    def __repr__(self) -> str:
        return (
            f"SpectrumReading({len(self.grid)} readings, {len(self._vectors)} levels, copies={self.copies})"
        )

    def states(self) -> NDArray[np.complex128]:
        """Return what is left in the data wires, given each reading: density matrices with the trace `probabilities`.

        Returns
        -------
        ndarray of complex128, shape (2**bits, 2**n, 2**n)
            Their sum is rho: whoever does not look at the reading has lost nothing.
        """
        return (self._vectors * self._weights[:, None, :]) @ self._vectors.conj().T


def estimate_spectrum(rho: ArrayLike, bits: int = 6, *, copies: int | None = None) -> SpectrumReading:
    r"""Estimate the eigenvalues of rho by phase estimation, with rho as the input and copies of rho as the Hamiltonian.

    .. math:: \sum_i \lambda_i\, |\chi_i\rangle\langle\chi_i| \;\to\;
              \sum_i \lambda_i\, |\tilde\lambda_i\rangle\langle\tilde\lambda_i| \otimes |\chi_i\rangle\langle\chi_i|

    Wire k of a register of m wires, of significance :math:`2^k`, controls :math:`e^{-i\rho t_k}` with
    :math:`t_k = 2^k\,2\pi(1-2^{-m})`, so that the eigenvalue 1 is read as the largest number; an inverse
    Fourier transform shows the reading. The width of a peak is about one reading, :math:`1/(2^m-1)`.

    With `copies`, each controlled evolution is a series of controlled partial swaps, all of the same angle, and
    :math:`t_k` gets its share of the copies. The error grows with the square of the total time
    :math:`T\approx 2\pi\,2^m` over the copies, so one more bit costs four times the copies.

    Parameters
    ----------
    rho : array_like, shape (2**n, 2**n) or (2**n,)
        The state.
    bits : int
        Wires of the register, m, 1 to 12.
    copies : int or None
        Copies of rho to use, at least 2**bits - 1; they are shared out in equal portions, so up to 2**bits - 2
        may be left over. None takes the limit of infinitely many.

    Returns
    -------
    SpectrumReading

    Examples
    --------
    >>> reading = estimate_spectrum(np.diag([2 / 3, 1 / 3]), bits=4)  # 2/3 is the reading 10 of 15
    >>> reading.probabilities.round(3)[[5, 10]]
    array([0.333, 0.667])

    References
    ----------
    Lloyd, Mohseni and Rebentrost, 2014, arXiv:1307.0401, eq. 3.
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 5.2.
    """
    matrix = as_density(rho)
    m = as_count(bits, "bits")
    if m > _MOST_BITS:
        raise ValueError(
            f"bits must be at most {_MOST_BITS}, not {bits}: each more costs four times the copies"
        )
    most = (1 << m) - 1
    if copies is not None and as_count(copies, "copies") < most:
        raise ValueError(
            f"copies must be at least 2**bits - 1 = {most}, one for each unit of time, not {copies}"
        )
    if copies is not None and len(matrix) << 2 * m > _MOST_COHERENCES:
        raise ValueError(
            f"bits must be smaller than {bits} for {len(matrix)} levels and a finite number of copies: "
            f"4**bits times the levels may be {_MOST_COHERENCES} numbers, not more"
        )
    each = None if copies is None else copies // most
    values, vectors = np.linalg.eigh(matrix)
    values = values.clip(0)
    tick = 2 * np.pi * (1 - 2.0**-m)
    # All stays diagonal in the eigenbasis, where the simulation follows each level by itself.
    if each is None:
        phases = np.exp(-1j * tick * np.arange(most + 1)[:, None] * values)
        weights = values * np.abs(np.fft.ifft(phases, axis=0)) ** 2
    else:
        shown = np.fft.ifft(np.fft.fft(_coherences(values, m, each, tick), axis=1), axis=0)
        weights = np.einsum("yyi->yi", shown).real.clip(0)
    grid = np.arange(most + 1) / most
    return SpectrumReading(grid, weights.sum(axis=1), None if each is None else each * most, weights, vectors)


def _coherences(values: NDArray[np.float64], m: int, each: int, tick: float) -> NDArray[np.complex128]:
    """Return the register's coherences (y, y') for each level, after the evolutions that its wires control."""
    size, c, s = 1 << m, np.cos(tick / each), np.sin(tick / each)
    table = np.broadcast_to(values / size, (size, size, len(values))).astype(np.complex128)
    for k in range(m):
        steps = each << k
        on = (np.arange(size) >> k & 1).astype(bool)
        phase = (
            c - 1j * s * values
        ) ** steps  # the register is on in one branch: rho acts from that side only
        both = table[np.ix_(on, on)]
        fresh = both.sum(axis=-1, keepdims=True) * values
        table[np.ix_(on, on)] = fresh + c ** (2 * steps) * (both - fresh)
        table[np.ix_(on, ~on)] *= phase
        table[np.ix_(~on, on)] *= phase.conj()
    return table


# An eigenvalue below this is rounding: its component never comes out.
_NO_WEIGHT = 1e-12


class PrincipalComponents(NamedTuple):
    """Principal components of a state, the largest first."""

    values: NDArray[np.float64]
    """Their eigenvalues, shape (k,): the share of runs in which each comes out."""
    states: NDArray[np.complex128]
    """The components, one a row, shape (k, 2**n); each is defined up to its phase."""
    readings: NDArray[np.float64]
    """What the register shows most often for each, shape (k,): the eigenvalue again, to its resolution."""


def qpca(
    rho: ArrayLike, n_components: int, *, bits: int = 6, copies: int | None = None
) -> PrincipalComponents:
    r"""Find the principal components of a state by phase estimation on the state itself.

    .. math:: \rho = \sum_i \lambda_i\,|\chi_i\rangle\langle\chi_i|, \qquad
              \lambda_1 \ge \lambda_2 \ge \dots

    A run takes rho as its input and copies of rho as its Hamiltonian (:func:`estimate_spectrum`), and leaves an
    eigenvector, drawn with its eigenvalue as the probability, beside a reading of that eigenvalue. So each
    eigenvalue is told twice: by the reading, to about one part in :math:`2^m`, and by how often it appears.
    Where the two disagree, the bits or the copies were too few.

    The result is that of infinitely many runs whose outputs are looked at until they are known. On a device
    an eigenvector stays a quantum state: to write down its :math:`2^n` amplitudes takes many runs.

    Parameters
    ----------
    rho : array_like, shape (2**n, 2**n) or (2**n,)
        The state; :func:`density_of_rows` makes one of a table.
    n_components : int
        How many components, k, at most the rank of rho.
    bits : int
        Wires of the register, 1 to 12.
    copies : int or None
        Copies of rho burnt in one run, at least 2**bits - 1; None takes the limit of infinitely many.

    Returns
    -------
    PrincipalComponents
        The arrays `values` (k,), `states` (k, 2**n) and `readings` (k,).

    Examples
    --------
    >>> found = qpca([[0.5, 0.3], [0.3, 0.5]], 2)
    >>> found.values.round(6)
    array([0.8, 0.2])
    >>> found.readings.round(3)  # the register counts in 63rds
    array([0.794, 0.206])
    >>> abs(found.states[0]).round(6)
    array([0.707107, 0.707107])

    References
    ----------
    Lloyd, Mohseni and Rebentrost, "Quantum principal component analysis", 2014, arXiv:1307.0401.
    What is left of the speed-up for tables of numbers: Tang, 2021, arXiv:1811.00414.
    """
    matrix = as_density(rho)
    wanted, levels = as_count(n_components, "n_components"), len(matrix)
    if wanted > levels:
        raise ValueError(f"n_components must be at most {levels}, the levels of rho, not {n_components}")
    if wanted > (rank := int((np.linalg.eigvalsh(matrix) > _NO_WEIGHT).sum())):
        raise ValueError(
            f"n_components must be at most {rank}, the rank of rho, not {n_components}: "
            "a component of no weight never comes out"
        )
    reading = estimate_spectrum(matrix, bits, copies=copies)
    left, found = reading.states(), []
    for _ in range(wanted):
        found.append(_strongest(left))
        rest = np.eye(levels) - np.outer(found[-1], found[-1].conj())
        left = rest @ left @ rest
    states = np.array(found)
    values = np.einsum("ki,ij,kj->k", states.conj(), matrix, states).real
    seen = np.einsum("ki,yij,kj->ky", states.conj(), reading.states(), states).real
    order = np.argsort(-values, kind="stable")
    return PrincipalComponents(values[order], states[order], reading.grid[seen.argmax(axis=1)][order])


def _strongest(states: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return, of all eigenvectors of a stack of states, the one that has the largest weight in their sum.

    The largest weight in one of them is not enough: an eigenvalue between two readings is shared by them.
    """
    each, vectors = np.linalg.eigh(states)
    weights = np.einsum("yik,ij,yjk->yk", vectors.conj(), states.sum(axis=0), vectors, optimize=True).real
    # It is found at many readings. Where it is read most often, rounding disturbs it least.
    clearest = np.where(weights > weights.max() * (1 - 1e-10), each, -np.inf)
    at, which = np.unravel_index(int(clearest.argmax()), each.shape)
    return vectors[at, :, which]
