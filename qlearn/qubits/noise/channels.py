"""Channels with a name: bit flip, phase flip, depolarising, amplitude and phase damping, T1 and T2, erasure, fibre loss."""

from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_probabilities, as_reals, broadcast, norm_tolerance
from qlearn.qubits.noise.kraus import Channel
from qlearn.qubits.paulis import IXYZ, PAULIS, pauli_matrix


def pauli_channel(x: ArrayLike = 0.0, y: ArrayLike = 0.0, z: ArrayLike = 0.0) -> Channel:
    r"""Return a Pauli channel: it applies X, Y or Z with given chances, and else nothing.

    .. math:: \mathcal E(\rho) = (1-p_x-p_y-p_z)\,\rho + p_x X\rho X + p_y Y\rho Y + p_z Z\rho Z

    Parameters
    ----------
    x, y, z : array_like of float
        The three chances; they sum to at most 1. Arrays broadcast and make a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with four operators.

    Examples
    --------
    >>> pauli_channel(x=0.1, z=0.2).apply([1, 0]).real
    array([[0.9, 0. ],
           [0. , 0.1]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), sections 8.3.3 to 8.3.6: this channel and
    the six after it (their p of amplitude damping is 1 - `excited`).
    """
    named = {"x": x, "y": y, "z": z}
    chances = broadcast(
        **{name: as_probabilities(chance, name, "the chance of an error") for name, chance in named.items()}
    )
    nothing = 1 - np.sum(chances, axis=0)
    if (nothing < -max(norm_tolerance(np.asarray(chance).dtype) for chance in named.values())).any():
        raise ValueError(
            f"x, y and z must sum to at most 1, not {1 - nothing.min():.6g}: no two of them happen at once"
        )
    chances = [chance / np.maximum(1, 1 - nothing) for chance in chances]  # rounding of their format alone
    return _mixture([nothing.clip(0), *chances], list(IXYZ))


def bit_flip(p: ArrayLike) -> Channel:
    r"""Return the bit flip: it exchanges 0 and 1 with chance p.

    .. math:: \mathcal E(\rho) = (1-p)\,\rho + p\,X\rho X

    On the Bloch ball x stays, y and z shrink by 1 - 2p. At p = 1/2 nothing is left of Z, and beyond it the
    channel is a flip with some noise.

    Parameters
    ----------
    p : array_like of float
        Chance of the flip; an array makes a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with two operators.

    Examples
    --------
    >>> bit_flip(0.1).apply([1, 0]).real
    array([[0.9, 0. ],
           [0. , 0.1]])
    """
    p = as_probabilities(p, "p", "the chance of a flip")
    return _mixture([1 - p, p], [PAULIS["I"], PAULIS["X"]])


def phase_flip(p: ArrayLike) -> Channel:
    r"""Return the phase flip: it changes the sign of the amplitude of 1 with chance p.

    .. math:: \mathcal E(\rho) = (1-p)\,\rho + p\,Z\rho Z

    Populations stay and coherences shrink by 1 - 2p, so up to p = 1/2 it is :func:`phase_damping` with
    :math:`\lambda = 4p(1-p)`. Classical bits have no such error.

    Parameters
    ----------
    p : array_like of float
        Chance of the flip; an array makes a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with two operators.

    Examples
    --------
    >>> phase_flip(0.1).apply([0.6, 0.8]).real.round(3)
    array([[0.36 , 0.384],
           [0.384, 0.64 ]])
    """
    p = as_probabilities(p, "p", "the chance of a flip")
    return _mixture([1 - p, p], [PAULIS["I"], PAULIS["Z"]])


def depolarising(p: ArrayLike, n_qubits: int = 1) -> Channel:
    r"""Return the depolarising channel: with chance p it replaces the state by pure noise.

    .. math:: \mathcal E(\rho) = (1-p)\,\rho + p\,\frac{\mathbb 1}{2^n}
              = \Bigl(1 - p + \frac{p}{4^n}\Bigr)\rho + \frac{p}{4^n}\sum_{P \ne \mathbb 1} P\rho P

    The arrow of the Bloch ball shrinks by 1 - p in every direction. Of one qubit, an X, a Y and a Z happen
    with p/4 each; some programs (PennyLane's is one) call the sum of those three, 3p/4, the probability.

    Parameters
    ----------
    p : array_like of float
        Chance to lose the state; an array makes a batch of channels.
    n_qubits : int
        Qubits that are replaced together.

    Returns
    -------
    Channel
        With 4**n_qubits operators.

    Examples
    --------
    >>> depolarising(0.2).apply([1, 0]).real.round(3)
    array([[0.9, 0. ],
           [0. , 0.1]])
    """
    p = as_probabilities(p, "p", "the chance to lose the state")
    operators = [
        pauli_matrix("".join(word)) for word in product("IXYZ", repeat=as_count(n_qubits, "n_qubits"))
    ]
    weight = p / len(operators)
    return _mixture([1 - p + weight] + [weight] * (len(operators) - 1), operators)


def _mixture(chances: list[NDArray[np.float64]], unitaries: list[NDArray]) -> Channel:
    roots = np.sqrt(np.stack(chances, axis=-1))
    return Channel(roots[..., None, None] * np.stack(unitaries))


def amplitude_damping(gamma: ArrayLike, excited: ArrayLike = 0.0) -> Channel:
    r"""Return amplitude damping: a 1 falls to 0 with chance gamma.

    .. math:: K_0 = \begin{pmatrix} 1 & 0 \\ 0 & \sqrt{1-\gamma} \end{pmatrix}, \qquad
              K_1 = \begin{pmatrix} 0 & \sqrt\gamma \\ 0 & 0 \end{pmatrix}

    An atom that may emit, a photon that a fibre may swallow. The coherences shrink by
    :math:`\sqrt{1-\gamma}`, even where nothing was emitted: no click is news too. In surroundings that are
    not cold the qubit is also lifted from 0 to 1, and ends in 1 with chance `excited`.

    Parameters
    ----------
    gamma : array_like of float
        Chance of the fall, 0 to 1; an array makes a batch of channels.
    excited : array_like of float
        Share of 1 in thermal equilibrium, 0 to 1; 0 is a cold environment.

    Returns
    -------
    Channel
        On one qubit, with two operators, or four where `excited` is not 0.

    Examples
    --------
    >>> amplitude_damping(0.36).apply([0.6, 0.8]).real.round(4)
    array([[0.5904, 0.384 ],
           [0.384 , 0.4096]])
    """
    gamma = as_probabilities(gamma, "gamma", "the chance of a fall")
    excited = as_probabilities(excited, "excited", "the share of 1")
    gamma, excited = broadcast(gamma=gamma, excited=excited)
    return _damping(np.sqrt(1 - gamma), np.sqrt(gamma), excited)


def phase_damping(lam: ArrayLike) -> Channel:
    r"""Return phase damping: the environment learns, with chance lambda, that the qubit is a 1.

    .. math:: K_0 = \begin{pmatrix} 1 & 0 \\ 0 & \sqrt{1-\lambda} \end{pmatrix}, \qquad
              K_1 = \begin{pmatrix} 0 & 0 \\ 0 & \sqrt\lambda \end{pmatrix}

    The populations stay, the coherences shrink by :math:`\sqrt{1-\lambda}`. The same channel as a
    :func:`phase_flip` with :math:`p = (1 - \sqrt{1-\lambda})/2`: being watched and being kicked at random
    cannot be told apart.

    Parameters
    ----------
    lam : array_like of float
        Lambda, 0 to 1; an array makes a batch of channels.

    Returns
    -------
    Channel
        On one qubit, with two operators.

    Examples
    --------
    >>> phase_damping(0.36).apply([0.6, 0.8]).real.round(4)
    array([[0.36 , 0.384],
           [0.384, 0.64 ]])
    """
    lam = as_probabilities(lam, "lam", "the chance that the environment learns")
    return _dephasing(np.sqrt(1 - lam), np.sqrt(lam))


def thermal_relaxation(time: ArrayLike, t1: ArrayLike, t2: ArrayLike, excited: ArrayLike = 0.0) -> Channel:
    r"""Return thermal relaxation: amplitude and phase damping of a qubit that waits for a time, from its T1 and T2.

    .. math:: \rho_{11} - p_1 \;\propto\; e^{-t/T_1}, \qquad \rho_{01} \;\propto\; e^{-t/T_2}, \qquad T_2 \le 2\,T_1

    It is :func:`amplitude_damping` with :math:`\gamma = 1 - e^{-t/T_1}`, which by itself makes
    :math:`T_2 = 2T_1`, followed by the :func:`phase_damping` that is missing,
    :math:`1 - \lambda = e^{-2t/T_\varphi}` with :math:`1/T_\varphi = 1/T_2 - 1/2T_1`.

    Parameters
    ----------
    time : array_like of float
        Waiting time, 0 or more, in the unit of `t1` and `t2`.
    t1, t2 : array_like of float
        Relaxation and coherence time, above 0; infinity is allowed.
    excited : array_like of float
        Share of 1 in thermal equilibrium, 0 to 1.

    Returns
    -------
    Channel
        On one qubit; arrays broadcast and make a batch.

    Examples
    --------
    >>> thermal_relaxation(100, t1=100, t2=50).apply([0.6, 0.8]).real.round(4)
    array([[0.7646, 0.065 ],
           [0.065 , 0.2354]])
    """
    time, t1, t2, excited = broadcast(
        time=as_reals(time, "time", least=0),
        t1=_as_lifetime(t1, "t1"),
        t2=_as_lifetime(t2, "t2"),
        excited=as_probabilities(excited, "excited", "the share of 1"),
    )
    if not (t2 <= 2 * t1 * (1 + 1e-12)).all():
        worst = np.flatnonzero(~(t2 <= 2 * t1).ravel())[0]
        raise ValueError(
            f"t2 must be at most 2 * t1 = {2 * t1.flat[worst]:g}, not {t2.flat[worst]:g}: losing energy alone already "
            "costs the phase, and a map with more coherence than that would make negative probabilities"
        )
    # Where T2 = 2 T1 the difference of the two rates may round below 0.
    dephasing = (1 / t2 - 1 / (2 * t1)).clip(0)
    fallen = _damping(np.exp(-time / (2 * t1)), np.sqrt(-np.expm1(-time / t1)), excited)
    return fallen.then(_dephasing(np.exp(-time * dephasing), np.sqrt(-np.expm1(-2 * time * dephasing))))


def _damping(stays: NDArray, falls: NDArray, excited: NDArray) -> Channel:
    """Return amplitude damping from its two amplitudes, which long waits make too small to take from 1 - gamma."""
    zero, one = np.zeros_like(stays), np.ones_like(stays)
    down = _operators([one, zero, zero, stays], [zero, falls, zero, zero])
    if not excited.any():
        return Channel(down)
    up = _operators([stays, zero, zero, one], [zero, zero, falls, zero])
    cold, hot = (np.sqrt(weight)[..., None, None, None] for weight in (1 - excited, excited))
    return Channel(np.concatenate([cold * down, hot * up], axis=-3))


def _dephasing(coherence: NDArray, learned: NDArray) -> Channel:
    zero, one = np.zeros_like(coherence), np.ones_like(coherence)
    return Channel(_operators([one, zero, zero, coherence], [zero, zero, zero, learned]))


def _as_lifetime(value: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(value)
    if array.dtype.kind not in "uif":
        raise TypeError(f"{name} must be a time, a number or an array of them, not {value!r}")
    if not (array > 0).all():
        raise ValueError(f"{name} must be above 0 (infinity is allowed), not {array[~(array > 0)].flat[0]:g}")
    return array.astype(np.float64)


def _operators(*matrices: list[NDArray]) -> NDArray:
    """Stack 2 x 2 matrices, given by their entries in reading order, to shape (..., m, 2, 2)."""
    entries = np.stack([np.stack(matrix, axis=-1) for matrix in matrices], axis=-2)
    return entries.reshape(*entries.shape[:-1], 2, 2)


def transmittance(length_km: ArrayLike, loss_db_per_km: ArrayLike = 0.2) -> NDArray[np.float64]:
    r"""Return the transmittance of a fibre: the chance that a photon comes out.

    .. math:: \eta = 10^{-\alpha L / 10}

    Parameters
    ----------
    length_km : array_like of float
        Length of the fibre in km, 0 or more.
    loss_db_per_km : array_like of float
        Attenuation alpha in dB/km; 0.2 is standard fibre at 1550 nm.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> transmittance([0, 50, 100, 1000]).tolist()
    [1.0, 0.1, 0.01, 1e-20]

    References
    ----------
    Gisin, Ribordy, Tittel and Zbinden, Rev. Mod. Phys. 74, 145 (2002), arXiv:quant-ph/0101098, section III.B.
    """
    length, loss = broadcast(
        length_km=as_reals(length_km, "length_km", least=0),
        loss_db_per_km=as_reals(loss_db_per_km, "loss_db_per_km", least=0),
    )
    return db_to_transmittance(length * loss)


def db_to_transmittance(loss_db: ArrayLike) -> NDArray[np.float64]:
    r"""Return the share of the light that a loss in decibel leaves.

    .. math:: \eta = 10^{-\text{dB} / 10}

    Parameters
    ----------
    loss_db : array_like of float, shape (...)
        At least 0; infinity leaves nothing.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> db_to_transmittance([0, 3, 20]).round(3)
    array([1.   , 0.501, 0.01 ])
    """
    loss = np.asarray(loss_db)
    if loss.dtype.kind not in "uif":
        raise TypeError(f"loss_db must be a loss in dB, a number, not {loss_db!r}")
    if not (loss >= 0).all():
        raise ValueError(
            f"loss_db must be at least 0 dB, not {loss.min():g}: what is lost is counted positive"
        )
    return np.asarray(10 ** (-loss / 10.0))


def transmittance_to_db(transmittance: ArrayLike) -> NDArray[np.float64]:
    r"""Return the loss in decibel that leaves this share of the light: :func:`db_to_transmittance`, turned round.

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        From 0, which is infinitely many decibels, to 1.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> transmittance_to_db([1, 0.5, 0]).round(2)
    array([0.  , 3.01,  inf])
    """
    with np.errstate(divide="ignore"):
        return np.asarray(
            -10 * np.log10(as_probabilities(transmittance, "transmittance", "transmittances")) + 0.0
        )


def erasure(p: ArrayLike) -> Channel:
    r"""Return the erasure channel: it takes the qubit away with chance p and says so.

    .. math:: \rho\otimes|0\rangle\langle 0| \;\to\; (1-p)\,\rho\otimes|0\rangle\langle 0|
              + p\,|0\rangle\langle 0|\otimes|1\rangle\langle 1|

    The second wire is the flag: send it in as 0. A flag that is up stays up, so fibres can be joined. A
    photon that carries its bit in its polarisation suffers this: whoever sees no click knows that it is
    lost, and one that clicks is undisturbed.

    Parameters
    ----------
    p : array_like of float
        Chance of the loss; an array makes a batch of channels.

    Returns
    -------
    Channel
        On two wires, the qubit and its flag, with three operators.

    Examples
    --------
    >>> erasure(0.9).apply([0.6, 0, 0.8, 0]).real.round(3)
    array([[0.036, 0.   , 0.048, 0.   ],
           [0.   , 0.9  , 0.   , 0.   ],
           [0.048, 0.   , 0.064, 0.   ],
           [0.   , 0.   , 0.   , 0.   ]])

    References
    ----------
    Grassl, Beth and Pellizzari, Phys. Rev. A 56, 33 (1997), arXiv:quant-ph/9610042.
    """
    p = as_probabilities(p, "p", "the chance of a loss")
    here, raised = np.diag([1, 0]), np.array([[0, 0], [1, 0]])
    arrives = np.sqrt(1 - p)[..., None, None] * np.kron(np.eye(2), here)
    arrives = arrives + np.kron(np.eye(2), np.diag([0, 1]))
    lost = [
        np.sqrt(p)[..., None, None] * np.kron(reset, raised) for reset in ([[1, 0], [0, 0]], [[0, 1], [0, 0]])
    ]
    return Channel(np.stack([arrives, *lost], axis=-3))


def fibre_loss(
    length_km: ArrayLike, loss_db_per_km: ArrayLike = 0.2, *, encoding: str = "polarisation"
) -> Channel:
    r"""Return the loss of a fibre, as a channel of the qubit that a photon carries.

    .. math:: \eta = 10^{-\alpha L/10}: \qquad \text{polarisation: erasure with } p = 1-\eta, \qquad
              \text{presence: amplitude damping with } \gamma = 1-\eta

    In both a mode loses its photon with chance :math:`1-\eta`. Two modes that share one photon (polarisation,
    arrival time) show the loss, since no photon is left; where the bit *is* the photon, 0 for none and 1 for
    one, a loss looks like a 0.

    Parameters
    ----------
    length_km : array_like of float
        Length in km.
    loss_db_per_km : array_like of float
        Attenuation in dB/km.
    encoding : {"polarisation", "presence"}
        How the photon carries the qubit.

    Returns
    -------
    Channel
        For polarisation on two wires (qubit, flag), see :func:`erasure`; for presence on one.

    Examples
    --------
    >>> fibre_loss(50).apply([1, 0, 0, 0]).real.diagonal().round(3)
    array([0.1, 0.9, 0. , 0. ])
    >>> np.allclose(fibre_loss(50).kraus, erasure(0.9).kraus)
    True
    >>> fibre_loss(50, encoding="presence").apply([0, 1]).real.diagonal().round(3)
    array([0.9, 0.1])

    References
    ----------
    Chuang, Leung and Yamamoto, Phys. Rev. A 56, 1114 (1997), arXiv:quant-ph/9610043.
    """
    as_choice(encoding, ("polarisation", "presence"), "encoding")
    lost = 1 - transmittance(length_km, loss_db_per_km)
    return erasure(lost) if encoding == "polarisation" else amplitude_damping(lost)
