"""Trajectories: noise on state vectors, one drawn Kraus operator for each run of the experiment."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_rng, as_states, n_qubits_of
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.noise.kraus import Channel


def trajectory(
    channel: Channel, states: ArrayLike, wires: int | Iterable[int] | None = None, rng: Any = None
) -> NDArray[np.complex128]:
    r"""Return one quantum trajectory of each state vector: a Kraus operator drawn with its probability, and applied.

    .. math:: |\psi\rangle \;\to\; \frac{K_k|\psi\rangle}{\sqrt{p_k}} \quad\text{with probability }\;
              p_k = \lVert K_k|\psi\rangle\rVert^2

    The mean of :math:`|\psi\rangle\langle\psi|` over many trajectories is what :meth:`Channel.apply` computes;
    each of them needs 2**n numbers instead of 4**n.

    Parameters
    ----------
    channel : Channel
        The noise; its batch broadcasts with that of the states.
    states : array_like, shape (..., 2**n)
        State vectors; each is one run.
    wires : int or iterable of int, optional
        The wires that suffer the noise, in the order of the operators' bits; None means all n.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of complex128, shape (..., 2**n)

    Examples
    --------
    >>> from qlearn.qubits.noise import bit_flip
    >>> trajectory(bit_flip(0.5), [[1, 0]] * 6, rng=1)[:, 1].real
    array([1., 0., 1., 0., 1., 1.])

    References
    ----------
    Dalibard, Castin and Molmer, Phys. Rev. Lett. 68, 580 (1992), doi:10.1103/PhysRevLett.68.580.
    """
    vectors = as_states(states, "states")
    n = n_qubits_of(vectors)
    chosen = channel.as_wires(wires, n)
    batch = channel.batch_with(vectors.shape[:-1], "states")
    start = np.broadcast_to(vectors, (*batch, 1 << n)).reshape(-1, 1 << n)
    operators = channel.kraus
    if channel.shape:
        operators = np.broadcast_to(operators, (*batch, *operators.shape[-3:]))
        operators = operators.reshape(-1, *operators.shape[-3:])

    u = as_rng(rng).random(len(start))
    result = start.copy()
    passed, decided = np.zeros(len(start)), np.zeros(len(start), dtype=bool)
    for k in range(operators.shape[-3]):
        trial = start.copy()
        apply(as_tensor(trial, n), operators[..., k, :, :], chosen)
        chance = np.einsum("bi,bi->b", trial, trial.conj()).real
        # Each run keeps the last possible operator up to the one that u falls into, so rounding leaves none without.
        here = ~decided & (chance > 0)
        result[here] = trial[here] / np.sqrt(chance[here])[:, None]
        passed += chance
        decided |= u < passed
    return result.reshape(*batch, 1 << n)
