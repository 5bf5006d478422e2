"""BB84 as a circuit: one qubit, a few gates under masks, the same law as the fast path."""

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_bits, same_length
from qlearn._types import Bits
from qlearn.communication.bb84.transmission import BASES, TURNS
from qlearn.qubits import Circuit, Run


def circuit(
    alice_bits: ArrayLike,
    alice_bases: ArrayLike,
    bob_bases: ArrayLike,
    *,
    eve_bases: ArrayLike | None = None,
    flips: ArrayLike | None = None,
) -> Circuit[Run]:
    r"""Return one circuit a pulse: Alice writes, Eve measures, the line flips, Bob measures.

    .. math:: M \; H^{b} \; Y^{\text{flip}} \; \bigl(H^{e} M H^{e}\bigr) \; H^{a} X^{\text{bit}}\, |0\rangle

    for bases :math:`a, e, b` of Alice, Eve and Bob. A measurement in the middle *is* intercept and resend:
    what flies on is the state that Eve found.

    Parameters
    ----------
    alice_bits, alice_bases, bob_bases : array_like of 0/1, shape (n,)
        As in a :class:`~qlearn.communication.bb84.Transmission`; 0 = Z, 1 = X.
    eve_bases : array_like, shape (n,), optional
        Bases of an Eve who measures every pulse, the numbers 0, 1 or 3 of
        :data:`~qlearn.communication.bb84.BASES`. None: nobody listens.
    flips : array_like of 0/1, shape (n,), optional
        Pulses that noise flips by a Pauli Y. None: none.

    Returns
    -------
    Circuit
        On 1 qubit, with 1 bit, or 2 when Eve measures: hers first. Bob's is always the last.

    Examples
    --------
    >>> sent = circuit(alice_bits=[0, 1, 1], alice_bases=[0, 1, 0], bob_bases=[0, 1, 0])
    >>> sent.run().bits[:, -1]
    array([0, 1, 1], dtype=uint8)

    References
    ----------
    Bennett and Brassard, 1984, arXiv:2003.06557, section III.
    """
    bits = as_bits(alice_bits, "alice_bits")
    written, read_in = _same(alice_bases, "alice_bases", bits), _same(bob_bases, "bob_bases", bits)
    noise = None if flips is None else _same(flips, "flips", bits)

    one = Circuit(1, bits=1 if eve_bases is None else 2).x(0, where=bits).h(0, where=written)
    if eve_bases is not None:
        hers = _eve_bases(eve_bases, bits)
        in_x, halfway = hers == BASES["X"], hers == BASES["breidbart"]
        one = one.h(0, where=in_x)
        if halfway.any():
            one = one.ry(-TURNS["breidbart"], 0, where=halfway)
        one = one.measure(0, 0)
        if halfway.any():
            one = one.ry(TURNS["breidbart"], 0, where=halfway)
        one = one.h(0, where=in_x)
    if noise is not None:
        one = one.y(0, where=noise)
    return one.h(0, where=read_in).measure(0, one.bits - 1)


def _same(values: ArrayLike, name: str, bits: Bits) -> Bits:
    array = as_bits(values, name)
    same_length(bits, array, f"alice_bits and {name}")
    return array


def _eve_bases(values: ArrayLike, bits: Bits) -> Bits:
    array = np.asarray(values)
    known = [BASES[basis] for basis in TURNS]
    if array.ndim != 1 or not np.isin(array, known).all():
        raise ValueError(f"eve_bases must be one of {known} (Z, X, Breidbart) for each pulse, not {values!r}")
    same_length(bits, array, "alice_bits and eve_bases")
    return array.astype(np.uint8)
