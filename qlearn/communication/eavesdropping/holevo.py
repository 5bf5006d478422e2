"""Holevo's quantity: what all of Eve's memories together are worth, whatever she asks them."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from qlearn.communication.eavesdropping.memory import MemoryAttack


def holevo(attack: MemoryAttack) -> dict[str, float]:
    r"""Return the information on a sifted bit that an attack puts into Eve's memories, by basis.

    .. math:: \chi = S\bigl(\tfrac{\rho_0+\rho_1}{2}\bigr) - \tfrac12 S(\rho_0) - \tfrac12 S(\rho_1)

    with the von Neumann entropy S. No measurement, on any number of memories at once, yields more bits a
    pulse. An Eve who asks her memories one by one gets the information of
    :func:`~qlearn.communication.eavesdropping.predict`, which is at most as much. While the bits are
    independent coins, asking many memories at once adds nothing to that. It does once the public correction
    of errors leaves only the words of a code: words with fewer than :math:`\chi` bits a pulse can be told
    apart by joint measurements.

    Parameters
    ----------
    attack : MemoryAttack
        Which Eve.

    Returns
    -------
    dict of str to float
        Bits a sifted bit, ``{"Z": ..., "X": ...}``.

    Raises
    ------
    TypeError
        If it is no attack with a memory.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import cloning_attack, entangling_probe
    >>> round(holevo(cloning_attack(0.11))["Z"], 4), round(holevo(entangling_probe(0.11))["Z"], 4)
    (0.3718, 0.4999)

    References
    ----------
    Holevo, Probl. Inf. Transm. 9, 177 (1973) (the bound), and IEEE Trans. Inf. Theory 44, 269 (1998) (codes);
    Devetak and Winter, Proc. R. Soc. A 461, 207 (2005), arXiv:quant-ph/0306078.

    Taught in :doc:`/communication/eavesdropping`.
    """
    if not isinstance(attack, MemoryAttack):
        raise TypeError(f"attack must be a MemoryAttack, not {type(attack).__name__}: others keep no memory")
    memories = attack.memories
    chi = _entropy(memories.mean(axis=1)) - _entropy(memories).mean(axis=1)
    return {"Z": max(0.0, float(chi[0])), "X": max(0.0, float(chi[1]))}  # rounding alone is below 0


def _entropy(rho: NDArray[np.complex128]) -> NDArray[np.float64]:
    return np.asarray(entr(np.linalg.eigvalsh(rho).clip(0)).sum(axis=-1) / np.log(2))
