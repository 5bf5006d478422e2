"""Three codes: repetition against flips, repetition against phase flips, and five qubits against everything."""

from functools import cache

from qlearn.qubits.circuit import Circuit
from qlearn.qubits.noise.code import Code


@cache
def bit_flip_code() -> Code:
    r"""Return the three-qubit code that corrects one flip.

    .. math:: a|0\rangle + b|1\rangle \;\to\; a|000\rangle + b|111\rangle, \qquad S = ZZI,\ IZZ

    Nothing is copied: the three qubits share one qubit. The questions ask whether neighbours agree, and
    never what they are.

    Returns
    -------
    Code

    Examples
    --------
    >>> bit_flip_code().corrections
    ('III', 'IIX', 'XII', 'IXI')

    References
    ----------
    Peres, Phys. Rev. A 32, 3266 (1985), doi:10.1103/PhysRevA.32.3266; Nielsen and Chuang, *Quantum
    Computation and Quantum Information* (2010), section 10.1.1.

    Taught in :doc:`/qubits/noise`.
    """
    return Code(("ZZI", "IZZ"), Circuit(3).cx(0, 1).cx(0, 2))


@cache
def phase_flip_code() -> Code:
    r"""Return the three-qubit code that corrects one phase flip.

    .. math:: a|0\rangle + b|1\rangle \;\to\; a|{+}{+}{+}\rangle + b|{-}{-}{-}\rangle, \qquad S = XXI,\ IXX

    :func:`bit_flip_code` in the other basis: a phase flip exchanges + and -.

    Returns
    -------
    Code

    Examples
    --------
    >>> phase_flip_code().corrections
    ('III', 'IIZ', 'ZII', 'IZI')

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 10.1.2.

    Taught in :doc:`/qubits/noise`.
    """
    return Code(("XXI", "IXX"), Circuit(3).cx(0, 1).cx(0, 2).h(0).h(1).h(2))


@cache
def five_qubit_code() -> Code:
    r"""Return the smallest code that corrects any error of any one qubit.

    .. math:: S = XZZXI,\ IXZZX,\ XIXZZ,\ ZXIXZ

    Five qubits can suffer 15 single Pauli errors, or none; four bits of syndrome name 16 cases. Nothing is
    left over, so the code is called perfect. The encoder repeats the qubit, changes to the other basis, and
    ties neighbours on a ring by CZ.

    Returns
    -------
    Code

    Examples
    --------
    >>> code = five_qubit_code()
    >>> sorted(len(word) - word.count("I") for word in code.corrections) == [0] + [1] * 15
    True

    References
    ----------
    Laflamme, Miquel, Paz and Zurek, Phys. Rev. Lett. 77, 198 (1996), arXiv:quant-ph/9602019; that fewer do not suffice:
    Knill and Laflamme, Phys. Rev. A 55, 900 (1997), arXiv:quant-ph/9604034; as a ring:
    Schlingemann and Werner, Phys. Rev. A 65, 012308 (2001), arXiv:quant-ph/0012111.

    Taught in :doc:`/qubits/noise`.
    """
    encoder = Circuit(5).cx(0, 1).cx(0, 2).cx(0, 3).cx(0, 4)
    for wire in range(5):
        encoder = encoder.h(wire)
    for wire in range(5):
        encoder = encoder.cz(wire, (wire + 1) % 5)
    return Code(("XZZXI", "IXZZX", "XIXZZ", "ZXIXZ"), encoder)
