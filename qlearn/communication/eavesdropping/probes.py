"""Two attacks worth their errors: the cloner, and the probe that plays noise and keeps the coins."""

from typing import Any, Literal

import numpy as np

from qlearn._checks import as_real
from qlearn.communication.eavesdropping.memory import MemoryAttack
from qlearn.qubits import Circuit
from qlearn.qubits.cloning import phase_covariant_cloner, universal_cloner


def cloning_attack(
    disturbance: float,
    cloner: Literal["phase-covariant", "universal"] = "phase-covariant",
    *,
    patient: bool = True,
) -> MemoryAttack:
    r"""Return the Eve who clones each pulse, sends one copy on and keeps the other.

    Bob's copy has the fidelity :math:`1 - D`, so she causes an error rate D in both bases. The cloner of the
    circle (four states, all that BB84 uses) leaves her with

    .. math:: P = \tfrac12 + \sqrt{D(1-D)},

    the bound of :func:`~qlearn.communication.eavesdropping.individual_guess`; the universal one, which would
    copy Y as well, with less: :math:`P = \tfrac12 + \tfrac D2 + \sqrt{\tfrac D2 (1 - \tfrac{3D}{2})}`. Asked at
    once, the first one's single qubit has no better question than the one halfway between Z and X:
    :math:`P = \tfrac12 + \sqrt{D(1-D)/2}`.

    Parameters
    ----------
    disturbance : float, 0 to 1/2
        Error rate D that she allows herself, in Z and in X alike.
    cloner : {"phase-covariant", "universal"}
        Which machine. The universal one leaves her its third wire too.
    patient : bool
        Whether she keeps the copy until the bases are out; see :class:`MemoryAttack`.

    Returns
    -------
    MemoryAttack

    Raises
    ------
    ValueError, TypeError
        If `disturbance` is not between 0 and 1/2, or there is no such cloner.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import predict
    >>> {basis: round(p, 4) for basis, p in predict(cloning_attack(0.1)).guess.items()}
    {'Z': 0.8, 'X': 0.8}

    References
    ----------
    Niu and Griffiths, Phys. Rev. A 60, 2764 (1999), arXiv:quant-ph/9810008;
    Bechmann-Pasquinucci and Gisin, Phys. Rev. A 59, 4238 (1999), arXiv:quant-ph/9807041 (the universal one).

    Taught in :doc:`/communication/eavesdropping`.
    """
    machines = {"phase-covariant": phase_covariant_cloner, "universal": universal_cloner}
    if cloner not in machines:
        raise ValueError(f'cloner must be "phase-covariant" or "universal", not {cloner!r}')
    return MemoryAttack(machines[cloner](1 - _as_disturbance(disturbance)), patient)


def entangling_probe(disturbance: float, *, patient: bool = True) -> MemoryAttack:
    r"""Return the Eve who plays the noise of the line herself, with coins that she keeps.

    Two qubits of hers, each in :math:`\sqrt{1-D}\,|0\rangle + \sqrt{D}\,|1\rangle`, decide whether the pulse
    suffers an X, and whether it suffers a Z:

    .. math:: |\psi\rangle \;\to\; \sum_{x,z} \sqrt{p_x p_z}\; Z^z X^x |\psi\rangle\, |x z\rangle,
              \qquad p_1 = D .

    Alice and Bob see error rates D in Z and in X, as from dust on a lens. Eve guesses with
    :math:`\tfrac12 + \sqrt{D(1-D)}`, which no attack on single pulses exceeds (Fuchs et al.); and all that she
    holds together is worth :math:`h(D)` bits a pulse, which no attack at all exceeds (Shor and Preskill).
    Asked at once, her two coins tell nearly as much: 0.707 instead of 0.718 at D = 5 %.

    Parameters
    ----------
    disturbance : float, 0 to 1/2
        Error rate D in both bases.
    patient : bool
        Whether she keeps her qubits until the bases are out; see :class:`MemoryAttack`.

    Returns
    -------
    MemoryAttack

    Raises
    ------
    ValueError, TypeError
        If `disturbance` is not between 0 and 1/2.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import holevo, predict
    >>> {basis: round(p, 4) for basis, p in predict(entangling_probe(0.1)).guess.items()}
    {'Z': 0.8, 'X': 0.8}
    >>> round(holevo(entangling_probe(0.11))["Z"], 4)
    0.4999

    References
    ----------
    Fuchs, Gisin, Griffiths, Niu and Peres, Phys. Rev. A 56, 1163 (1997), arXiv:quant-ph/9701039 (the bound);
    Griffiths and Niu, Phys. Rev. A 56, 1173 (1997), arXiv:quant-ph/9702015 (circuits that reach it);
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004.

    Taught in :doc:`/communication/eavesdropping`.
    """
    coin = 2 * np.arcsin(np.sqrt(_as_disturbance(disturbance)))
    return MemoryAttack(Circuit(3).ry(coin, 1).ry(coin, 2).cx(1, 0).cz(2, 0), patient)


def _as_disturbance(x: Any) -> float:
    return as_real(x, "disturbance", least=0, most=0.5)
