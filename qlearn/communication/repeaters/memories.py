"""Memories: what waiting does to a stored pair, and how long it may wait."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, as_reals, broadcast
from qlearn._types import Array
from qlearn.communication.repeaters.bell_diagonal_states import as_bell_vectors
from qlearn.qubits.density_matrices import as_matrices, as_pairs
from qlearn.qubits.noise import thermal_relaxation

# Rows: 1, -YY, XX, ZZ of the Bell states phi+, psi-, psi+, phi-. Pauli noise multiplies each by a number of its own.
CHARACTERS: Array = np.array([[1.0, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]])


@dataclass(frozen=True)
class Memory:
    """A memory of one qubit: its two lifetimes, and how long a station lets a pair wait in it.

    Parameters
    ----------
    t1_s, t2_s : float
        Relaxation and coherence time in seconds (in slots where a slot has no length), above 0; infinity is allowed, and
        the default. `t2_s` is at most twice `t1_s`.
    cutoff_s : float, optional
        A pair that has waited longer for others is thrown away, and they with it. None: pairs wait as long as it takes.

    Examples
    --------
    >>> Memory(t2_s=0.1, cutoff_s=0.02)
    Memory(t1_s=inf, t2_s=0.1, cutoff_s=0.02)
    >>> store_bell([1, 0, 0, 0], 0.02, Memory(t2_s=0.1))[0].round(6)  # the oldest pair that is used
    np.float64(0.83516)
    """

    t1_s: float = np.inf
    t2_s: float = np.inf
    cutoff_s: float | None = None

    def __post_init__(self) -> None:
        thermal_relaxation(0.0, self.t1_s, self.t2_s)  # refuses what no qubit can be
        if self.cutoff_s is not None:
            as_real(self.cutoff_s, "cutoff_s", above=0)

    def decay_rates(self) -> Array:
        """Return how fast 1, -YY, XX and ZZ of a pair die while both halves are stored, per second, shape (4,)."""
        return np.array([0.0, 2 / self.t2_s, 2 / self.t2_s, 2 / self.t1_s])


def store_bell(p: ArrayLike, time_s: ArrayLike, memory: Memory) -> NDArray[np.float64]:
    r"""Return a Bell-diagonal pair after both halves have waited in memories, twirled to Bell-diagonal form.

    .. math:: \langle XX\rangle,\ \langle YY\rangle \;\propto\; e^{-2t/T_2}, \qquad \langle ZZ\rangle \;\propto\; e^{-2t/T_1}

    For pure dephasing, T1 infinite, nothing is approximated. With a finite T1 the fall to :math:`|0\rangle` is replaced by
    its Pauli twirl: the memory forgets, and forgets that it would end in 0. The fidelity that this leaves is too small by
    :math:`(1 - e^{-t/T_1})^2/4` after one wait, as :func:`store` shows, which does without the twirl.

    Parameters
    ----------
    p : array_like of float, shape (..., 4)
        The pair, in the order phi+, psi-, psi+, phi-.
    time_s : array_like of float, shape (...)
        How long it waits, 0 or more, in the unit of the memory's lifetimes; broadcasts against the pairs.
    memory : Memory
        The same at both ends.

    Returns
    -------
    ndarray of float64, shape (..., 4)

    Examples
    --------
    >>> store_bell([1, 0, 0, 0], 0.1, Memory(t2_s=0.2)).round(6)
    array([0.68394, 0.     , 0.     , 0.31606])
    >>> store_bell([1, 0, 0, 0], 100.0, Memory(t1_s=1.0, t2_s=1.0)).round(6)
    array([0.25, 0.25, 0.25, 0.25])
    >>> from qlearn.communication.repeaters import bell_diagonal, bell_vector
    >>> pair = bell_diagonal([1, 0, 0, 0])
    >>> bell_vector(store(pair, 100.0, Memory(t1_s=1.0, t2_s=1.0))).round(6)  # both end in 0
    array([0.5, 0. , 0. , 0.5])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3; the twirl: Emerson et al.,
    Science 317, 1893 (2007), arXiv:0707.0685.
    """
    weights, time = as_bell_vectors(p), as_reals(time_s, "time_s", least=0)[..., None]
    weights, time = broadcast(p=weights, time_s=time)
    left = (weights @ CHARACTERS) * np.exp(-time * _checked(memory).decay_rates())
    return np.asarray((left @ CHARACTERS / 4).clip(0, 1))


def store(state: ArrayLike, time_s: float, memory: Memory) -> NDArray[np.complex128]:
    r"""Return any pair after both halves have waited in memories: thermal relaxation of each, without a twirl.

    Parameters
    ----------
    state : array_like, shape (..., 4) or (..., 4, 4)
        State vectors or density matrices of two qubits.
    time_s : float
        How long it waits, 0 or more, in the unit of the memory's lifetimes.
    memory : Memory
        The same at both ends.

    Returns
    -------
    ndarray of complex128, shape (..., 4, 4)

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> store(bell_state("phi+"), 100.0, Memory(t1_s=1.0, t2_s=1.0)).real.round(6)[0, 0]
    np.float64(1.0)

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 8.3.
    """
    rho = as_matrices(*as_pairs(state))
    one = thermal_relaxation(as_real(time_s, "time_s", least=0), _checked(memory).t1_s, memory.t2_s)
    return one.beside(one).apply(rho)


def _checked(memory: Memory) -> Memory:
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a Memory, as Memory(t2_s=0.1), not {memory!r}")
    return memory
