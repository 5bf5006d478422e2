"""A channel, written with Kraus operators: how it acts on states, on the Bloch ball, and how well it keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_wires, is_coarse, n_qubits_of, norm_tolerance
from qlearn.qubits.density_matrices import density
from qlearn.qubits.distances import trace_distance as trace_distance
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.paulis import IXYZ


@dataclass(frozen=True, eq=False)
class Channel:
    r"""A quantum channel: what noise does to qubits, written with Kraus operators.

    .. math:: \mathcal E(\rho) = \sum_k K_k\,\rho\,K_k^\dagger, \qquad \sum_k K_k^\dagger K_k = \mathbb 1

    Each operator is one thing that may have happened, and nobody looked which. The second equation says that
    something happens with certainty: the trace stays 1. A unitary gate is the channel with one operator. All that
    surroundings do has this form if they were not correlated with the qubits before; if they were, there may be
    no map of the qubits alone at all.

    Parameters
    ----------
    kraus : array_like of complex, shape (..., m, 2**k, 2**k)
        The m operators; leading axes are a batch of channels, such as one for each strength of noise.

    Examples
    --------
    >>> coin = Channel([np.sqrt(0.5) * np.eye(2), np.sqrt(0.5) * np.diag([1, -1])])
    >>> coin.apply([0.6, 0.8]).real.round(2)
    array([[0.36, 0.  ],
           [0.  , 0.64]])
    >>> coin.then(coin)
    Channel(n_qubits=1, shape=(), operators=4)

    References
    ----------
    Kraus, *States, Effects, and Operations* (1983), doi:10.1007/3-540-12732-1; Nielsen and Chuang,
    *Quantum Computation and Quantum Information* (2010), section 8.2.3.
    """

    kraus: NDArray[np.complex128]

    def __post_init__(self) -> None:
        array = np.asarray(self.kraus)
        if array.dtype.kind not in "buifc" or array.ndim < 3 or array.shape[-1] != array.shape[-2]:
            raise ValueError(
                "kraus must be a list of square matrices, an array of shape (..., m, 2**k, 2**k), "
                f"not of shape {array.shape}"
            )
        n_qubits_of(array, "kraus")
        tolerance, coarse = norm_tolerance(array.dtype), is_coarse(array.dtype)
        array = array.astype(np.complex128)
        if not np.isfinite(array).all():
            raise ValueError("kraus must be finite; it holds NaN or infinity")
        total = np.einsum("...mji,...mjk->...ik", array.conj(), array)
        off = np.abs(total - np.eye(array.shape[-1])).max(initial=0.0)
        if off > tolerance:
            raise ValueError(
                "kraus must keep the trace: the sum of K^dagger K over all operators must be the identity, "
                f"and an entry of it is off by {off:.3g}"
            )
        if coarse:
            array = trace_keeping(array)
        array.flags.writeable = False
        object.__setattr__(self, "kraus", array)

    @property
    def n_qubits(self) -> int:
        """Number of wires that the channel acts on."""
        return n_qubits_of(self.kraus)

    @property
    def shape(self) -> tuple[int, ...]:
        """Batch shape."""
        return self.kraus.shape[:-3]

    def __repr__(self) -> str:
        return f"Channel(n_qubits={self.n_qubits}, shape={self.shape}, operators={self.kraus.shape[-3]})"

    def superoperator(self) -> NDArray[np.complex128]:
        r"""Return the channel as one matrix on density matrices read row by row, shape (..., 4**k, 4**k).

        It is :math:`\sum_k K_k \otimes \bar K_k`: noise on a density matrix is a gate on twice as many wires.
        (Qiskit's ``SuperOp`` reads column by column and has the factors exchanged.)
        """
        d = self.kraus.shape[-1]
        pairs = np.einsum("...mij,...mkl->...ikjl", self.kraus, self.kraus.conj())
        return pairs.reshape(*self.shape, d * d, d * d)

    def apply(self, state: ArrayLike, wires: int | Iterable[int] | None = None) -> NDArray[np.complex128]:
        r"""Send wires of each state through the channel.

        Parameters
        ----------
        state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
            State vectors or density matrices; their batch broadcasts with :attr:`shape`.
        wires : int or iterable of int, optional
            The k wires that suffer the noise, in the order of the operators' bits; None means all n.

        Returns
        -------
        ndarray of complex128, shape (..., 2**n, 2**n)
            Density matrices.
        """
        rho = density(state)
        chosen = self.as_wires(wires, n_qubits_of(rho))
        self.batch_with(rho.shape[:-2])
        return evolve(rho, self.superoperator(), chosen)

    def then(self, other: "Channel") -> "Channel":
        """Return this channel followed by `other` on the same wires: every operator after every operator."""
        if other.n_qubits != self.n_qubits:
            raise ValueError(
                f"other must act on {self.n_qubits} qubits like this channel, not on {other.n_qubits}"
            )
        batch = self.batch_with(other.shape, "other")
        product = np.einsum("...aij,...bjk->...abik", other.kraus, self.kraus)
        return Channel(product.reshape(*batch, -1, *product.shape[-2:]))

    def beside(self, other: "Channel") -> "Channel":
        """Return the channel on more wires: this one's first, and `other`'s, independently, on those after."""
        batch = self.batch_with(other.shape, "other")
        product = np.einsum("...aij,...bkl->...abikjl", self.kraus, other.kraus)
        d = product.shape[-1] * product.shape[-3]
        return Channel(product.reshape(*batch, -1, d, d))

    def as_wires(self, wires: int | Iterable[int] | None, n_qubits: int) -> tuple[int, ...]:
        """Return `wires` as a tuple, as many as the channel acts on; None means all of them."""
        chosen = as_wires(wires, n_qubits)
        if len(chosen) != self.n_qubits:
            raise ValueError(
                f"wires must be {self.n_qubits}, as many as the channel acts on, not {len(chosen)}: "
                "name them, or make a wider channel with .beside"
            )
        return chosen

    def batch_with(self, shape: tuple[int, ...], name: str = "state") -> tuple[int, ...]:
        """Return the common batch shape of this channel and of `name`, which has `shape`."""
        try:
            return np.broadcast_shapes(self.shape, shape)
        except ValueError:
            raise ValueError(
                f"{name} of batch shape {shape} does not broadcast with the channel's {self.shape}"
            ) from None


def evolve(
    rho: NDArray[np.complex128], superoperator: NDArray[np.complex128], wires: tuple[int, ...]
) -> NDArray[np.complex128]:
    """Apply a superoperator to wires of matrices of shape (..., 2**n, 2**n), density matrices or not.

    The rows of a matrix are wires 0 to n-1 and its columns wires n to 2n-1 of one long "state", so the
    engine of circuits does the work.
    """
    n = n_qubits_of(rho)
    batch = np.broadcast_shapes(rho.shape[:-2], superoperator.shape[:-2])
    whole = np.broadcast_to(rho, (*batch, *rho.shape[-2:])).copy()
    tensor = as_tensor(whole.reshape(*batch, 4**n), 2 * n)
    if superoperator.ndim > 2:
        superoperator = np.broadcast_to(superoperator, (*batch, *superoperator.shape[-2:]))
        superoperator = superoperator.reshape(-1, *superoperator.shape[-2:])
    apply(tensor, superoperator, (*wires, *(n + wire for wire in wires)))
    return tensor.reshape(whole.shape)


def trace_keeping(kraus: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Take the rounding out of operators that nearly keep the trace: K times the inverse root of sum K^dagger K."""
    total = np.einsum("...mji,...mjk->...ik", kraus.conj(), kraus)
    values, vectors = np.linalg.eigh(total)
    root = (vectors / np.sqrt(values)[..., None, :]) @ vectors.mT.conj()
    return np.asarray(kraus @ root[..., None, :, :], dtype=np.complex128)


class BlochMap(NamedTuple):
    """What a channel does to the Bloch ball: turn, shrink and perhaps mirror it, then move it."""

    matrix: NDArray[np.float64]
    """M of r -> M r + t, shape (..., 3, 3)."""
    shift: NDArray[np.float64]
    """t, shape (..., 3): where the centre goes."""


def bloch_map(channel: Channel) -> BlochMap:
    r"""Return a channel of one qubit as an affine map of the Bloch ball.

    .. math:: \vec r \;\to\; M\vec r + \vec t, \qquad M_{ab} = \tfrac12\operatorname{tr}\bigl[\sigma_a\,
              \mathcal E(\sigma_b)\bigr], \qquad t_a = \tfrac12\operatorname{tr}\bigl[\sigma_a\,\mathcal E(\mathbb 1)\bigr]

    The ball becomes an ellipsoid inside it. A negative determinant of M is a mirror: X, Y and Z with 1/3 each
    make M = -1/3. Not every ellipsoid is allowed: see :func:`is_cptp`.

    Parameters
    ----------
    channel : Channel
        On one qubit.

    Returns
    -------
    BlochMap
        ``matrix``, shape (..., 3, 3), and ``shift``, shape (..., 3).

    Examples
    --------
    >>> from qlearn.qubits.noise import amplitude_damping
    >>> shrink, shift = bloch_map(amplitude_damping(0.36))
    >>> shrink.diagonal().round(3), shift.round(3)
    (array([0.8 , 0.8 , 0.64]), array([0.  , 0.  , 0.36]))

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.2.
    """
    if channel.n_qubits != 1:
        raise ValueError(f"channel must act on one qubit to have a Bloch ball, not on {channel.n_qubits}")
    sigma, kraus = IXYZ[1:], channel.kraus
    matrix = np.einsum("aij,...mjk,bkl,...mil->...ab", sigma, kraus, sigma, kraus.conj()).real / 2
    shift = np.einsum("aij,...mjk,...mik->...a", sigma, kraus, kraus.conj()).real / 2
    return BlochMap(matrix, shift)


def entanglement_fidelity(channel: Channel) -> NDArray[np.float64]:
    r"""Return the entanglement fidelity of a channel: how well it keeps half of a maximally entangled pair.

    .. math:: F = \langle\Phi^+|(\mathbb 1\otimes\mathcal E)(\Phi^+)|\Phi^+\rangle
              = \frac{1}{d^2}\sum_k |\operatorname{tr} K_k|^2

    It is 1 for no noise only. The fidelity of the output with the input, averaged over all pure inputs,
    follows as :math:`(dF+1)/(d+1)`. For Pauli noise no input, entangled or not, is kept worse than with F. For other
    noise some are: in amplitude damping a plain 1 is.

    Parameters
    ----------
    channel : Channel
        On k qubits, d = 2**k.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> from qlearn.qubits.noise import depolarising
    >>> float(entanglement_fidelity(depolarising(0.1)).round(12))
    0.925

    References
    ----------
    Schumacher, Phys. Rev. A 54, 2614 (1996), arXiv:quant-ph/9604023; Nielsen, Phys. Lett. A 303, 249 (2002),
    arXiv:quant-ph/0205035.
    """
    traces = np.trace(channel.kraus, axis1=-2, axis2=-1)
    return (np.abs(traces) ** 2).sum(-1) / channel.kraus.shape[-1] ** 2
