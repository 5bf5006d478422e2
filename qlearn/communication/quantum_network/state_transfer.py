"""State transfer: a chain of coupled qubits carries a state from one end to the other, by itself."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals, as_rng, as_states
from qlearn._types import Array

# Steps of the search, in units of 1 / (width of the spectrum).
_STEP = 0.1
# Below it a maximum of the probability is rounding, not an arrival.
_SEEN = 1e-12
_MOST_STEPS = 2_000_000
_BLOCK = 65_536  # times at once: bounded memory


class Arrival(NamedTuple):
    """When an excitation is at its target, and how surely."""

    time: float
    """In units of 1 / coupling."""
    probability: float
    r"""The squared amplitude :math:`|f(t)|^2`."""


def perfect_couplings(n_sites: int, *, rate: float = 1.0) -> Array:
    r"""Return the couplings, shape (n_sites - 1,), with which a chain transfers a state perfectly.

    .. math:: J_n = \frac{\lambda}{2}\sqrt{n\,(N-n)}, \qquad n = 1, \dots, N-1

    With them the hopping Hamiltonian is :math:`\lambda J_x` of a spin :math:`(N-1)/2`, and after the time
    :math:`\pi/\lambda` the spin has turned upside down: site 1 has become site N, for every length.

    Parameters
    ----------
    n_sites : int
        Sites of the chain, N, at least 2.
    rate : float
        :math:`\lambda`, above 0. The strongest coupling grows as :math:`\lambda N/4`.

    Returns
    -------
    ndarray of float64, shape (n_sites - 1,)

    Examples
    --------
    >>> perfect_couplings(5)
    array([1.        , 1.22474487, 1.22474487, 1.        ])

    References
    ----------
    Christandl, Datta, Ekert and Landahl, Phys. Rev. Lett. 92, 187902 (2004), arXiv:quant-ph/0309131.
    """
    n_sites, rate = as_count(n_sites, "n_sites", 2), as_real(rate, "rate", above=0)
    n = np.arange(1, n_sites)
    return rate / 2 * np.sqrt(n * (n_sites - n))


def hopping_hamiltonian(couplings: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the Hamiltonian of one excitation on a chain, shape (..., N, N), from its N - 1 couplings.

    .. math:: H = \sum_{n=1}^{N-1} J_n\,|n+1\rangle\langle n| + J_n^*\,|n\rangle\langle n+1|

    It is the part with one excitation of :math:`\tfrac12\sum_n J_n (X_nX_{n+1} + Y_nY_{n+1})` on N qubits with real
    couplings: these terms keep the number of excitations.

    Parameters
    ----------
    couplings : array_like of float or complex, shape (..., N - 1)
        Leading axes are a batch of chains.

    Returns
    -------
    ndarray of complex128, shape (..., N, N)

    Examples
    --------
    >>> hopping_hamiltonian([1, 2]).real
    array([[0., 1., 0.],
           [1., 0., 2.],
           [0., 2., 0.]])

    References
    ----------
    Sougato Bose, Phys. Rev. Lett. 91, 207901 (2003), arXiv:quant-ph/0212041.
    """
    array = np.asarray(couplings)
    if array.dtype.kind not in "uifc":
        raise TypeError(f"couplings must be numbers, not {couplings!r}")
    if not array.ndim or not array.shape[-1] or not np.isfinite(array).all():
        raise ValueError(
            f"couplings must be N - 1 finite numbers for N sites, at least one, not {couplings!r}"
        )
    n = np.arange(array.shape[-1])
    matrix = np.zeros((*array.shape[:-1], n.size + 1, n.size + 1), dtype=np.complex128)
    matrix[..., n + 1, n], matrix[..., n, n + 1] = array, array.conj()
    return matrix


def transfer_amplitude(
    hamiltonian: ArrayLike, t: ArrayLike, source: int = 0, target: int = -1
) -> NDArray[np.complex128]:
    r"""Return the amplitude of an excitation to have come from one site to another in the time t.

    .. math:: f(t) = \langle\text{target}|\,e^{-iHt}\,|\text{source}\rangle
                   = \sum_k \langle\text{target}|E_k\rangle\, e^{-iE_kt}\, \langle E_k|\text{source}\rangle

    Parameters
    ----------
    hamiltonian : array_like, shape (..., N, N)
        Hermitian, of one excitation on N sites; leading axes are a batch.
    t : array_like of float, any shape
        Times, in units of 1 / coupling.
    source, target : int
        Sites, counted from 0; -1 is the last.

    Returns
    -------
    ndarray of complex128, the shape of the batch followed by that of t

    Examples
    --------
    >>> chain = hopping_hamiltonian(perfect_couplings(4))
    >>> transfer_amplitude(chain, [np.pi / 2, np.pi]).round(6) + 0  # in the end (-i)**3 = i
    array([0.+0.353553j, 0.+1.j      ])

    References
    ----------
    Sougato Bose, Phys. Rev. Lett. 91, 207901 (2003), arXiv:quant-ph/0212041.
    """
    energies, weights = _spectrum(hamiltonian, source, target)
    times = as_reals(t, "t")
    phases = np.exp(-1j * energies[..., None, :] * times.reshape(-1, 1))
    return (phases @ weights[..., None]).reshape(energies.shape[:-1] + times.shape)[()]


def _spectrum(hamiltonian: ArrayLike, source: int, target: int) -> tuple[Array, NDArray[np.complex128]]:
    """Return the energies and the products <target|k><k|source>, both of shape (..., N)."""
    matrix = np.asarray(hamiltonian)
    if matrix.dtype.kind not in "uifc":
        raise TypeError(f"hamiltonian must be an array of numbers, not of {matrix.dtype}")
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2] or not np.isfinite(matrix).all():
        raise ValueError(f"hamiltonian must be finite and square, (..., N, N), not of shape {matrix.shape}")
    if np.abs(matrix - matrix.mT.conj()).max(initial=0) > 1e-9 * max(1.0, np.abs(matrix).max(initial=0)):
        raise ValueError("hamiltonian must be Hermitian: entry (i, j) is the conjugate of entry (j, i)")
    n = matrix.shape[-1]
    for site, name in ((source, "source"), (target, "target")):
        if as_count(site, name, -n) >= n:
            raise ValueError(f"{name} must be one of the sites 0 to {n - 1}, or -1 for the last, not {site}")
    energies, vectors = np.linalg.eigh(matrix.astype(np.complex128))
    return energies, vectors[..., target, :] * vectors[..., source, :].conj()


def transfer_fidelity(amplitude: ArrayLike) -> Array:
    r"""Return the fidelity with which a qubit arrives, averaged over all pure states, from the amplitude f.

    .. math:: \bar F = \frac12 + \frac{|f|}{3} + \frac{|f|^2}{6}

    It holds if all other qubits of the chain start in 0, the number of excitations is conserved, and the phase of f,
    which is known beforehand, has been undone by the receiver (:func:`transferred` does it). 2/3, what measuring
    and telling reaches, corresponds to :math:`|f| = \sqrt2 - 1`.

    Parameters
    ----------
    amplitude : array_like of complex, shape (...)
        What :func:`transfer_amplitude` gives; only its modulus counts.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> transfer_fidelity([0, 2**0.5 - 1, -1j]).round(6)
    array([0.5     , 0.666667, 1.      ])

    References
    ----------
    Sougato Bose, Phys. Rev. Lett. 91, 207901 (2003), arXiv:quant-ph/0212041.
    """
    size = np.abs(_amplitudes(amplitude))
    return np.asarray(1 / 2 + size / 3 + size**2 / 6)[()]


def _amplitudes(amplitude: ArrayLike) -> NDArray[np.complex128]:
    array = np.asarray(amplitude)
    if array.dtype.kind not in "uifc":
        raise TypeError(f"amplitude must be a number or an array of numbers, not {amplitude!r}")
    if not (np.abs(array) <= 1 + 1e-9).all():
        raise ValueError(f"amplitude must be numbers of modulus at most 1, not {amplitude!r}")
    array = array.astype(np.complex128)
    return array / np.maximum(np.abs(array), 1)


def transferred(states: ArrayLike, amplitude: ArrayLike, *, corrected: bool = True) -> NDArray[np.complex128]:
    r"""Return what arrives of qubit states, as density matrices of shape (..., 2, 2).

    .. math:: \begin{pmatrix} 1-|f\beta|^2 & \alpha\,(f\beta)^* \\ \alpha^* f\beta & |f\beta|^2 \end{pmatrix}
              \qquad\text{from}\quad \alpha|0\rangle + \beta|1\rangle

    0 is "no excitation" and does not move; the excitation of 1 arrives with the amplitude f, and where it does not, 0
    is found. On a perfect chain of N sites f is :math:`(-i)^{N-1}`: a known turn about z, undone by a gate.

    Parameters
    ----------
    states : array_like, shape (..., 2)
        Normalised state vectors.
    amplitude : array_like of complex, shape (...)
        f; it broadcasts against the batch of states.
    corrected : bool
        Whether the receiver undoes the phase of f, which makes f its modulus. Default True.

    Returns
    -------
    ndarray of complex128, shape (..., 2, 2)

    Examples
    --------
    >>> plus = np.array([1, 1]) / np.sqrt(2)
    >>> transferred(plus, -1j, corrected=False).round(3)  # the state |-i>
    array([[0.5+0.j , 0. +0.5j],
           [0. -0.5j, 0.5+0.j ]])
    >>> transferred(plus, -1j).real.round(3)
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    if not isinstance(corrected, bool):
        raise TypeError(f"corrected must be True or False, not {corrected!r}")
    sent, f = as_states(states, "states", n_qubits=1), _amplitudes(amplitude)
    try:
        np.broadcast_shapes(sent.shape[:-1], f.shape)
    except ValueError:
        raise ValueError(
            f"amplitude must broadcast against the batch of states, {sent.shape[:-1]}, and has the shape {f.shape}"
        ) from None
    if corrected:
        f = np.abs(f).astype(np.complex128)
    alpha, arrives = sent[..., 0], sent[..., 1] * f
    there = np.abs(arrives) ** 2 + 0j
    rows = [1 - there, alpha * arrives.conj(), alpha.conj() * arrives, there]
    return np.stack(np.broadcast_arrays(*rows), axis=-1).reshape(*there.shape, 2, 2)


def first_peak(hamiltonian: ArrayLike, until: float, source: int = 0, target: int = -1) -> Arrival:
    r"""Return the first maximum in time of the arrival probability :math:`|f(t)|^2`.

    It is looked for on a grid of a tenth of 1 / (width of the spectrum) and refined: a maximum and a minimum closer than that
    may be passed over.

    Parameters
    ----------
    hamiltonian : array_like, shape (N, N)
        Of one excitation on N sites.
    until : float
        Where to stop looking, above 0, in units of 1 / coupling.
    source, target : int
        Two different sites, counted from 0; -1 is the last.

    Returns
    -------
    Arrival
        ``time`` and ``probability``.

    Examples
    --------
    >>> t, p = first_peak(hopping_hamiltonian(np.ones(6)), until=10)
    >>> round(t, 4), round(p, 6)
    (4.4945, 0.882017)
    """
    search = _Search(hamiltonian, until, source, target)
    p = search.grid
    inner = (p[1:-1] >= p[:-2]) & (p[1:-1] > p[2:]) & (p[1:-1] > _SEEN)
    if not inner.any():
        raise ValueError(f"no maximum of the arrival before until = {until:g}: look longer")
    return search.refined(np.flatnonzero(inner)[:1] + 1)


def best_arrival(hamiltonian: ArrayLike, until: float, source: int = 0, target: int = -1) -> Arrival:
    r"""Return the largest arrival probability in the window of times from 0 to `until`, and when it is reached.

    .. math:: p'' \ge -\tfrac12 W^2 \quad\Rightarrow\quad \max_t p \le \max_{\text{grid}} p + \tfrac1{16}W^2h^2

    :math:`p = |f|^2` holds frequencies up to the width W of the spectrum only and lies between 0 and 1; so
    Bernstein's inequality bounds how far it rises between two points of a grid of step h = 0.1/W. All points
    within that bound of the highest are refined, none else needs to be. Of two maxima closer than 2h the lower one may be
    returned: between these p differs by less than :math:`10^{-4}`, and in nothing that we tried by more than rounding.

    Parameters
    ----------
    hamiltonian : array_like, shape (N, N)
        Of one excitation on N sites.
    until : float
        The length of the window, above 0, in units of 1 / coupling.
    source, target : int
        Two different sites, counted from 0; -1 is the last.

    Returns
    -------
    Arrival
        ``time`` and ``probability``.

    Examples
    --------
    >>> best = best_arrival(hopping_hamiltonian(np.ones(4)), until=50)
    >>> round(best.time, 4), round(best.probability, 6)
    (47.1413, 0.999696)
    """
    search = _Search(hamiltonian, until, source, target)
    return search.refined(np.flatnonzero(search.grid >= search.grid.max() - _STEP**2 / 16))


class _Search:
    """The arrival probability on a grid of times, and the way up from any of its points."""

    def __init__(self, hamiltonian: ArrayLike, until: float, source: int, target: int) -> None:
        self.until = as_real(until, "until", above=0)
        if np.ndim(hamiltonian) != 2:
            raise ValueError(f"hamiltonian must be one matrix (N, N), not of shape {np.shape(hamiltonian)}")
        self.energies, self.weights = _spectrum(hamiltonian, source, target)
        if (source - target) % len(self.energies) == 0:
            raise ValueError(f"source and target must be two sites, not {source} twice")
        width = float(np.ptp(self.energies))
        steps = int(np.ceil(self.until * width / _STEP)) + 2
        if steps > _MOST_STEPS:
            raise ValueError(
                f"until = {until:g} is too long to search: {steps:,} steps of {_STEP} / width of the spectrum, "
                f"at most {_MOST_STEPS:,}"
            )
        self.times = np.linspace(0, self.until, steps + 1)
        self.step = self.times[1]
        blocks = np.array_split(self.times, steps // _BLOCK + 1)
        self.grid = np.concatenate([np.abs(self.amplitudes(block)[0]) ** 2 for block in blocks])
        if self.grid.max() < _SEEN:
            raise ValueError(
                f"less than {_SEEN:g} arrives at site {target} before until = {self.until:g}: look longer, or see whether "
                "the sites are connected"
            )

    def amplitudes(self, t: Array) -> NDArray[np.complex128]:
        """Return f and its derivative at some times."""
        phases = np.exp(-1j * t[:, None] * self.energies)
        return (phases @ np.stack([self.weights, -1j * self.energies * self.weights], axis=1)).T

    def refined(self, near: NDArray[np.intp]) -> Arrival:
        """Climb from these points of the grid, no further than one step, and return the highest."""
        found = [self._climb(part) for part in np.array_split(near, near.size // _BLOCK + 1)]
        return max(found, key=lambda arrival: arrival.probability)

    def _climb(self, near: NDArray[np.intp]) -> Arrival:
        low = np.maximum(self.times[near] - self.step, 0)
        high = np.minimum(self.times[near] + self.step, self.until)
        for _ in range(60):  # bisection on the slope, whose sign changes at a maximum
            t = (low + high) / 2
            f, slope = self.amplitudes(t)
            rising = (f.conj() * slope).real > 0
            low, high = np.where(rising, t, low), np.where(rising, high, t)
        t = np.concatenate([(low + high) / 2, self.times[near]])
        p = np.abs(self.amplitudes(t)[0]) ** 2
        best = int(p.argmax())
        return Arrival(float(t[best]), float(min(p[best], 1.0)))


def disordered(
    hamiltonian: ArrayLike, strength: float, size: int = 1, *, rng: Any = None
) -> NDArray[np.complex128]:
    r"""Return copies of a Hamiltonian whose couplings are off by random factors, shape (size, N, N).

    .. math:: J \;\to\; J\,(1 + d\,g), \qquad g \sim \mathcal N(0, 1) \text{ for each coupling on its own}

    The law of a chain that was made with errors and stays as it is; the energies of the sites are not touched.

    Parameters
    ----------
    hamiltonian : array_like, shape (N, N)
        Hermitian.
    strength : float
        d, at least 0: 0.05 is an error of 5 % in each coupling.
    size : int
        How many draws.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of complex128, shape (size, N, N)

    Examples
    --------
    >>> chain = hopping_hamiltonian(perfect_couplings(7))
    >>> f = transfer_amplitude(disordered(chain, 0.05, 1000, rng=1), np.pi)
    >>> (abs(f) ** 2).mean().round(2)
    np.float64(0.98)
    """
    strength, size = as_real(strength, "strength", least=0), as_count(size, "size")
    matrix = np.asarray(hamiltonian)
    if matrix.ndim != 2:
        raise ValueError(f"hamiltonian must be one matrix (N, N), not of shape {matrix.shape}")
    _spectrum(matrix, 0, 0)
    matrix = matrix.astype(np.complex128)
    row, column = np.nonzero(np.triu(matrix, 1))
    factors = 1 + strength * as_rng(rng).standard_normal((size, row.size))
    copies = np.tile(matrix, (size, 1, 1))
    copies[:, row, column] *= factors
    copies[:, column, row] *= factors
    return copies
