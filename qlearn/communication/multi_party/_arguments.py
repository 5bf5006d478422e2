"""Arguments that the protocols of many parties share."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, n_qubits_of
from qlearn.qubits.density_matrices import as_pure_or_mixed
from qlearn.qubits.entanglement import ghz
from qlearn.qubits.measurement import draw_outcomes

# A batch of 10,000 rounds of 10 qubits is 160 MB.
_MOST_PARTIES = 10


def as_parties(x: Any, name: str = "n_parties") -> int:
    """Return a number of parties, 3 to 10."""
    n = as_count(x, name)
    if n < 3:
        raise ValueError(
            f"{name} must be at least 3, not {n}: of two, each knows the other's part from the result and its own"
        )
    if n > _MOST_PARTIES:
        raise ValueError(f"{name} must be at most {_MOST_PARTIES}, not {n}: the state doubles with each")
    return n


def as_party(x: Any, n_parties: int, name: str) -> int:
    """Return the number of a party, 0 to n_parties - 1."""
    party = as_count(x, name, least=0)
    if party >= n_parties:
        raise ValueError(f"{name} must be one of the parties 0 to {n_parties - 1}, not {party}")
    return party


def draw_states(
    state: ArrayLike | None, n_parties: int, shape: tuple[int, ...], rng: np.random.Generator
) -> NDArray[np.complex128]:
    """Return what a source sends in each round, state vectors that broadcast to (*shape, 2**n_parties).

    None is the GHZ state. Of a density matrix each round is one of its eigenvectors, drawn with its eigenvalue.
    """
    if state is None:
        return ghz(n_parties)
    array, mixed = as_pure_or_mixed(state, "state")
    if array.ndim != 1 + mixed or n_qubits_of(array) != n_parties:
        raise ValueError(
            f"state must be one state of {n_parties} qubits, one for each party, not of shape {array.shape}"
        )
    if not mixed:
        return array
    weights, vectors = np.linalg.eigh(array)
    drawn = draw_outcomes(weights.clip(0)[None], int(np.prod(shape)), rng)[0]
    return np.asarray(vectors.T[drawn].reshape(*shape, -1))
