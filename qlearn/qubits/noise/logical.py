"""The logical channel: what noise on every qubit of a code leaves of the encoded one."""

import numpy as np

from qlearn.qubits.noise.channel import Channel, evolve
from qlearn.qubits.noise.choi import from_choi
from qlearn.qubits.noise.code import Code


def logical_channel(code: Code, noise: Channel) -> Channel:
    r"""Return the channel of the encoded qubit: encode, noise on every wire, correct, decode.

    .. math:: \mathcal E_L(\rho) = \sum_s V^\dagger C_s\, \mathcal E^{\otimes n}\bigl(V\rho V^\dagger\bigr)\,
              C_s^\dagger V

    V is the encoder and :math:`C_s` the correction for the syndrome s. Exact: no shots and no trajectories.
    The code pays where this channel is better than `noise` itself. The correction is taken to be perfect;
    in a machine its own gates make errors too.

    Parameters
    ----------
    code : Code
        On n qubits.
    noise : Channel
        On one qubit; it hits each of the n independently. A batch, for example of strengths, stays one.

    Returns
    -------
    Channel
        On one qubit.

    Raises
    ------
    ValueError
        If the noise acts on more than one qubit.

    Examples
    --------
    >>> from qlearn.qubits.noise import bit_flip, bit_flip_code
    >>> logical_channel(bit_flip_code(), bit_flip(0.1)).apply([1, 0]).real.round(6)
    array([[0.972, 0.   ],
           [0.   , 0.028]])

    References
    ----------
    Rahn, Doherty and Mabuchi, Phys. Rev. A 66, 032304 (2002), arXiv:quant-ph/0111003.

    Taught in :doc:`/qubits/noise`.
    """
    if noise.n_qubits != 1:
        raise ValueError(
            f"noise must act on one qubit, and hits each of the code's; this one acts on {noise.n_qubits}"
        )
    n = code.n_qubits
    encoded = code.encode(np.eye(2))  # row i is V|i>
    units = np.einsum("ia,jb->ijab", encoded, encoded.conj())  # V|i><j|V^dagger
    units = units.reshape(4, *[1] * len(noise.shape), 1 << n, 1 << n)
    hit = noise.superoperator()
    for wire in range(n):
        units = evolve(units, hit, (wire,))
    r = len(code.stabilisers)
    syndromes = np.arange(1 << r)[:, None, None] >> np.arange(r)[::-1] & 1
    back = code.correction(syndromes).run(encoded).conj()  # [s, i] is the row <i|V^dagger C_s
    blocks = np.einsum("sax,...xy,sby->...ab", back, units, back.conj(), optimize=True)
    blocks = np.moveaxis(
        blocks.reshape(2, 2, *noise.shape, 2, 2), (0, 1), (-4, -3)
    )  # input i, j; output a, b
    return from_choi(np.einsum("...ijab->...iajb", blocks).reshape(*noise.shape, 4, 4))
