"""The protocols as circuits: an entangled state, a rotation to each side's angle, measurements in Z."""

from typing import Literal

from numpy.typing import ArrayLike

from qlearn._checks import as_count, same_length
from qlearn.communication.entangled_keys.settings import as_setting_angles
from qlearn.qubits import Circuit, Run


def circuit(alice: ArrayLike, bob: ArrayLike, *, prepare: bool = True) -> Circuit[Run]:
    r"""Return one circuit a round: a :math:`\Phi^+` pair, and a measurement along an angle on each side.

    .. math:: M \otimes M\;\bigl(R_Y(-\alpha) \otimes R_Y(-\beta)\bigr)\;|\Phi^+\rangle

    To measure along an angle is to turn it back to Z and to measure there.

    Parameters
    ----------
    alice, bob : array_like of float, shape (n,)
        Angles in radians, one for each round.
    prepare : bool
        False leaves the preparation out: the circuit then acts on the pairs that ``run(states)`` is given.

    Returns
    -------
    Circuit
        On 2 wires and 2 bits, Alice's first.

    Examples
    --------
    >>> bits = circuit([0.0] * 4, [0.0] * 4).run(rng=1).bits
    >>> (bits[:, 0] == bits[:, 1]).all()
    np.True_

    References
    ----------
    Ekert, Phys. Rev. Lett. 67, 661 (1991), doi:10.1103/PhysRevLett.67.661.
    """
    a, b = as_setting_angles(alice, "alice"), as_setting_angles(bob, "bob")
    same_length(a, b, "alice and bob")
    pair = Circuit(2, bits=2)
    if prepare:
        pair = pair.h(0).cx(0, 1)
    return pair.ry(-a, 0).ry(-b, 1).measure(0, 0).measure(1, 1)


def conference_circuit(n_parties: int, basis: Literal["Z", "X"] = "Z") -> Circuit[Run]:
    r"""Return one round of the conference: a GHZ state, read by all parties in one basis.

    Parameters
    ----------
    n_parties : int
        At least 2.
    basis : {"Z", "X"}
        Z for a key bit, X for a test.

    Returns
    -------
    Circuit
        One wire and one bit a party.

    Examples
    --------
    >>> set(conference_circuit(5).run(rng=1).bits.tolist()) in ({0}, {1})
    True
    """
    n = as_count(n_parties, "n_parties", least=2)
    if basis not in ("Z", "X"):
        raise ValueError(f'basis must be "Z" or "X", not {basis!r}')
    state = Circuit(n, bits=n).h(0)
    for party in range(1, n):
        state = state.cx(0, party)
    for party in range(n):
        state = (state.h(party) if basis == "X" else state).measure(party, party)
    return state
