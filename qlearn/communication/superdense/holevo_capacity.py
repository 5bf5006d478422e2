"""How many bits one qubit carries when half of a given pair waits for it."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn._types import Array
from qlearn.qubits.density_matrices import as_matrices, as_pairs, partial_trace
from qlearn.qubits.entropies import entropy


def capacity(rho: ArrayLike) -> Array:
    r"""Return the capacity of superdense coding with a pair, in bits for each qubit sent.

    .. math:: C = 1 + S(\rho_B) - S(\rho_{AB})

    2 for :math:`\Phi^+`, 0 for pure noise. It is the Holevo quantity of the four turns 1, X, Z and ZX of
    Alice's half, equally often. What it supposes:

    - The qubit that travels is wire 0, and its line is noiseless: all noise is in the pair, before the message.
    - Alice's encoding is unitary, or a channel that leaves pure noise as it is (a *unital* one). With such, no
      other set of operations and no other odds do better: none lowers the entropy of the pair, and the mean state
      has :math:`1 + S(\rho_B)` at most. Other encodings can do more. The plainest throws the half
      away and sends a fresh qubit: 1 bit, whatever the pair is. So the choice of these two yields ``max(1, C)``.
    - It is reached, in the limit of long codes, by joint measurements of many pairs. For a pair diagonal in the
      Bell basis, Bell measurements one by one and a code for bits are enough.

    C - 1 is the *coherent information* from Alice to Bob, so a pair helps in this way where that is positive; not
    every entangled pair does.

    Parameters
    ----------
    rho : array_like, shape (..., 4) or (..., 4, 4)
        Pairs, Alice's half first: state vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (...)
        Bits a qubit, from 0 to 2.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> capacity(werner([1, 0.9, 0.75])).round(3)
    array([2.   , 1.373, 0.792])

    References
    ----------
    Hiroshima, J. Phys. A 34, 6907 (2001), arXiv:quant-ph/0009048; Bowen, Phys. Rev. A 63, 022302 (2001),
    arXiv:quant-ph/0101117.
    """
    pairs = as_matrices(*as_pairs(rho, "rho"))
    held = 1 + entropy(partial_trace(pairs, keep=1)) - entropy(pairs)
    return np.asarray(held.clip(0, 2))  # rounding alone leaves the range
