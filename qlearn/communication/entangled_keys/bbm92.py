"""BBM92: BB84 with pairs; what is left after sifting is the same."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_probability
from qlearn.communication.bb84 import SiftedKeys
from qlearn.communication.entangled_keys.bell import refuse_unless_rounds
from qlearn.communication.entangled_keys.local import LocalSource
from qlearn.communication.entangled_keys.rounds import Rounds, distribute
from qlearn.communication.entangled_keys.settings import BBM92
from qlearn.communication.entangled_keys.source import PairSource


def bbm92(
    n_pairs: int,
    *,
    source: PairSource | LocalSource | ArrayLike | None = None,
    p_x: float = 0.5,
    efficiency: float = 1.0,
    rng: Any = None,
) -> Rounds:
    r"""Let Alice and Bob measure the two halves of each pair in Z or X.

    Nobody writes a bit: it comes into being when it is read, on both sides. For a Werner pair of
    fidelity F, with visibility :math:`V = (4F-1)/3`,

    .. math:: \mathrm{QBER} = \frac{1 - V}{2} = \frac{2\,(1-F)}{3} \quad\text{in either basis.}

    Parameters
    ----------
    n_pairs : int
        At least 1.
    source : PairSource, LocalSource or array_like, optional
        As in :func:`~qlearn.communication.entangled_keys.distribute`. Pairs near :math:`\Phi^+` are meant; if
        yours are near another Bell state, turn one half first.
    p_x : float
        Chance that a side measures in X.
    efficiency : float
        Chance that a particle is detected, on each side.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    Rounds
        Dial 0 is Z and dial 1 is X; :func:`sift` makes keys of them.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range or `source` is none.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> round(sift(bbm92(200_000, source=werner(0.97), rng=1)).qber, 2)
    0.02

    References
    ----------
    Bennett, Brassard and Mermin, Phys. Rev. Lett. 68, 557 (1992), doi:10.1103/PhysRevLett.68.557.

    Taught in :doc:`/communication/entangled_keys`.
    """
    p_x = as_probability(p_x, "p_x")
    chances = (1 - p_x, p_x)
    return distribute(
        n_pairs, source=source, settings=BBM92, p_alice=chances, p_bob=chances, efficiency=efficiency, rng=rng
    )


def sift(rounds: Rounds) -> SiftedKeys:
    """Keep the bits of the rounds in which both clicked and both dials stood alike.

    From here on nothing tells these keys from those of BB84: the same errors, the same rate, the same
    post-processing. Bits of silent detectors are dropped, as in BB84, on the assumption that the detectors
    lose particles without regard to the basis.

    Parameters
    ----------
    rounds : Rounds
        Of :func:`bbm92`.

    Returns
    -------
    SiftedKeys
        Of :mod:`qlearn.communication.bb84`; possibly empty.

    Raises
    ------
    ValueError, TypeError
        If these are no rounds in Z and X: the rate of BB84 holds for two such bases and for nothing else.

    Examples
    --------
    >>> len(sift(bbm92(100, rng=1)))
    48

    References
    ----------
    Bennett, Brassard and Mermin, Phys. Rev. Lett. 68, 557 (1992), doi:10.1103/PhysRevLett.68.557.

    Taught in :doc:`/communication/entangled_keys`.
    """
    refuse_unless_rounds(rounds)
    if rounds.settings != BBM92:
        raise ValueError(
            "rounds must be of BBM92, in Z and X on both sides: the keys of other angles are judged by their "
            "CHSH value, as e91 does"
        )
    kept = np.flatnonzero(np.equal(rounds.alice_dials, rounds.bob_dials) & rounds.coincidences)
    return SiftedKeys(
        rounds.alice_bits.take(kept),
        rounds.bob_bits.take(kept),
        rounds.alice_dials.take(kept),
        rounds.origin,
    )
