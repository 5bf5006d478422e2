"""Numerical key rates: what a choice of states and bases proves of a line, by a convex search that proves its own gap."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real
from qlearn._types import Array
from qlearn.qubits.noise import Channel, bloch_map
from qlearn.qubits.paulis import IXYZ

_DIRECTION = {
    "0": ("Z", (0, 0, 1)), "1": ("Z", (0, 0, -1)), "+": ("X", (1, 0, 0)), "-": ("X", (-1, 0, 0)),
    "r": ("Y", (0, 1, 0)), "l": ("Y", (0, -1, 0)),
}  # fmt: skip
_AXES = {"X": (1, 0, 0), "Y": (0, 1, 0), "Z": (0, 0, 1)}
# The fifteen numbers of a line: three shifts of the Bloch ball, its matrix row by row, and along which axis it swallows
# more states than against it. Alice's side is transposed, as her half of a pair must be to send a state by measuring it.
_SHIFTS = [np.kron(IXYZ[0], IXYZ[j]) for j in (1, 2, 3)]
_TURNS = [np.kron(IXYZ[k].T, IXYZ[j]) for j in (1, 2, 3) for k in (1, 2, 3)]
_SWALLOWS = [np.kron(IXYZ[k].T, IXYZ[0]) for k in (1, 2, 3)]
_FREE = np.array(_SHIFTS + _TURNS + _SWALLOWS) / 4
# A line without errors has no neighbours on all sides. So much noise of Bob's own is added; it can only cost.
_OWN_NOISE = 1e-7
_LEAST_BARRIER, _STEP, _NEWTON = 1e-8, 0.2, 40
# Where a step gains so little, in units of the barrier, whole steps square their error; values would be lost in rounding.
_NEAR, _DONE = 0.05, 1e-9


class CertifiedSecrecy(NamedTuple):
    """What Eve lacks of a sifted Z bit, in bits: at least `proved`; `attacked` is what the best attack found leaves."""

    proved: float
    attacked: float


def certified_secrecy(
    line: Channel,
    *,
    states: str = "01+-",
    bases: str = "ZX",
    mismatched: bool = True,
    tolerance: float = 1e-6,
) -> CertifiedSecrecy:
    r"""Return what a choice of states and bases proves of the bits sent in Z: bits per sifted bit that Eve lacks.

    .. math:: \min_{\rho}\; D\bigl(\rho \,\|\, \Delta(\rho)\bigr) \quad\text{over all}\; \rho \ge 0,\;
              \operatorname{tr} \rho\,(\bar s \otimes \mathbb 1) = \tfrac12,\; P_\rho(b \mid s) = P_\text{line}(b \mid s)

    :math:`\rho` is a pair of which Alice sends a half (measuring hers in Z sends 0 or 1, equally often), :math:`\Delta`
    dephases her qubit in Z, and Eve holds the rest of a pure state: then :math:`D(\rho\|\Delta(\rho)) = H(Z_A|E)`. Each
    state :math:`s` that is sent and basis that is asked fixes one number of the line; the fewer, the more lines fit, and Eve
    may be any of them. All pairs are of pulses that clicked. The states that are *sent* click equally often (the first
    condition; :math:`\bar s` is what Alice finds when she sends :math:`s`); of states that are not sent, such as the circular
    ones in BB84, Eve may swallow one more than the other, and where Bob asks Y that can help her.

    The problem is convex. It is solved by Newton steps behind a barrier :math:`-\mu \log\det\rho`, and the inverse
    :math:`\mu\rho^{-1}` that these steps end with is a dual solution: a proof that no :math:`\rho` anywhere has less than
    `proved`. The search itself could stop early; the proof could not be wrong but for rounding. (The line is first mixed with
    1e-7 of noise of Bob's own, so that a line without errors has neighbours on all sides. That can only cost: `proved` holds
    for the line itself, `attacked` is of the mixed one.)

    Parameters
    ----------
    line : Channel
        What the line does to a qubit that arrives, as counts without end would show it. Loss that is the same for all
        states that are sent plays no part; that it is, Alice and Bob must have seen, by comparing how often each clicks. An
        Eve who swallows one state that is sent more than another is none of the lines of this search.
    states : str
        States that Alice sends, of ``"01+-rl"``: Z, X, and the two circular ones of Y. Both of Z, of which the key is.
    bases : str
        Bases in which Bob asks, of ``"ZXY"``; Z among them.
    mismatched : bool
        Whether also the rounds count in which the state is none of the basis that was asked. False: they are thrown away.
    tolerance : float
        The largest gap that is accepted, in bits.

    Returns
    -------
    CertifiedSecrecy

    Raises
    ------
    ArithmeticError
        If the gap stays larger.

    Examples
    --------
    >>> from qlearn.qubits.noise import depolarising
    >>> line = depolarising(0.1)  # errors of 5 % in each basis
    >>> for choice in ({"states": "01+-"}, {"states": "01+"}, {"states": "01+", "mismatched": False}, {"states": "01"}):
    ...     print(choice, round(certified_secrecy(line, **choice).proved, 4))
    {'states': '01+-'} 0.7136
    {'states': '01+'} 0.7136
    {'states': '01+', 'mismatched': False} 0.3691
    {'states': '01'} 0.0

    References
    ----------
    The method (a convex search, and a dual that proves it): Winick, Luetkenhaus and Coles, "Reliable numerical key
    rates for quantum key distribution", Quantum 2, 77 (2018), arXiv:1710.05511. The barrier is our own choice.
    """
    known = _settings(states, bases, mismatched)
    if not isinstance(line, Channel) or line.kraus.shape[-3:][1:] != (2, 2) or line.kraus.ndim != 3:
        raise TypeError(
            "line must be one Channel of a qubit, as qlearn.qubits.noise makes them, and no batch"
        )
    as_real(tolerance, "tolerance", above=0.0)
    ball = bloch_map(line)
    start = (1 - _OWN_NOISE) * np.concatenate([ball.shift, ball.matrix.ravel(), np.zeros(3)])
    # Orthonormal directions in which the counts do not hold the line: the rest of the singular vectors.
    _, sizes, rows = np.linalg.svd(known)
    free = rows[np.count_nonzero(sizes > 1e-9) :]
    moves = np.tensordot(free, _FREE, 1)
    rho, barrier = np.eye(4, dtype=np.complex128) / 4 + np.tensordot(start, _FREE, 1), 0.1
    while True:
        rho = _centred(rho, moves, barrier)
        if barrier <= _LEAST_BARRIER:
            break
        barrier *= _STEP
    attacked = _relative_entropy(rho)
    proved = _dual_bound(rho, moves, barrier)
    if attacked - proved > tolerance:
        raise ArithmeticError(
            f"the search ended with a gap of {attacked - proved:.1e} bits, above the tolerance"
        )
    return CertifiedSecrecy(max(0.0, proved), max(0.0, attacked))


def _settings(states: str, bases: str, mismatched: bool) -> Array:
    """Return one row a setting, and one a state, that must click as often as any: directions in the fifteen numbers."""
    for name, given, known in (("states", states, _DIRECTION), ("bases", bases, _AXES)):
        if not isinstance(given, str) or not set(given) <= set(known) or len(set(given)) != len(given):
            raise ValueError(f"{name} must be different letters of {''.join(known)!r}, not {given!r}")
    if not {"0", "1"} <= set(states) or "Z" not in bases:
        raise ValueError(
            f"states must hold 0 and 1, and bases Z, of which the key is made, not {states!r} and {bases!r}"
        )
    rows = []
    for state in states:
        home, s = _DIRECTION[state]
        rows.append(np.concatenate([np.zeros(12), s]))
        rows += [
            np.concatenate([_AXES[basis], np.outer(_AXES[basis], s).ravel(), np.zeros(3)])
            for basis in bases
            if mismatched or basis == home
        ]
    return np.array(rows, dtype=float)


def _log(rho: NDArray[np.complex128]) -> NDArray[np.complex128]:
    values, axes = np.linalg.eigh(rho)
    return (axes * np.log(values)) @ axes.conj().T


def _dephased(rho: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return the pair, or a batch of moves of it, with Alice's qubit dephased in Z."""
    kept = rho.copy()
    kept[..., :2, 2:] = 0
    kept[..., 2:, :2] = 0
    return kept


def _relative_entropy(rho: NDArray[np.complex128]) -> float:
    """Return D(rho || dephased rho) in bits."""
    return float(np.trace(rho @ (_log(rho) - _log(_dephased(rho)))).real / np.log(2))


def _curvature(rho: NDArray[np.complex128], moves: NDArray[np.complex128], inverse: bool) -> Array:
    """Return the matrix tr(G_i D log_rho[G_j]), or with the inverse tr(G_i rho^-1 G_j rho^-1), of moves G."""
    values, axes = np.linalg.eigh(rho)
    turned = axes.conj().T @ moves @ axes
    a, b = values[:, None], values[None, :]
    if inverse:
        weight = 1 / (a * b)
    else:
        near = np.isclose(a, b, rtol=1e-6)
        weight = np.where(near, 2 / (a + b), (np.log(a) - np.log(b)) / np.where(near, 1, a - b))
    return np.einsum("iab,ab,jab->ij", turned.conj(), weight, turned).real


def _centred(
    rho: NDArray[np.complex128], moves: NDArray[np.complex128], barrier: float
) -> NDArray[np.complex128]:
    """Return the pair that minimises nats of relative entropy minus barrier * log det, from this one by Newton steps."""

    def value(x: NDArray[np.complex128]) -> float:
        values = np.linalg.eigvalsh(x)
        if values[0] <= 0:
            return np.inf
        return _relative_entropy(x) * np.log(2) - barrier * float(np.log(values).sum())

    if not len(moves):
        return rho
    for _ in range(_NEWTON):
        slope_of = _log(rho) - _log(_dephased(rho)) - barrier * np.linalg.inv(rho)
        slope = np.einsum("iab,ba->i", moves, slope_of).real
        bend = _curvature(rho, moves, False) - _curvature(_dephased(rho), _dephased(moves), False)
        bend += barrier * _curvature(rho, moves, True)
        step = -np.linalg.lstsq(bend, slope, rcond=1e-14)[0]
        gain = -float(slope @ step)
        move = np.tensordot(step, moves, 1)
        whole = gain < _NEAR * barrier and value(rho + move) < np.inf
        rho = rho + move if whole else _line_search(value, rho, move, gain)
        if gain < _DONE * barrier:
            break
    return rho


def _line_search(
    value: Callable[[NDArray[np.complex128]], float],
    rho: NDArray[np.complex128],
    move: NDArray[np.complex128],
    gain: float,
) -> NDArray[np.complex128]:
    here, size = value(rho), 1.0
    for _ in range(60):
        if value(rho + size * move) <= here - 0.1 * size * gain:
            return rho + size * move
        size /= 2
    return rho


def _dual_bound(rho: NDArray[np.complex128], moves: NDArray[np.complex128], barrier: float) -> float:
    r"""Return a number of bits below the minimum, whatever the search did.

    For all allowed :math:`\rho'`, :math:`f(\rho') \ge f(\rho) + \operatorname{tr}\nabla f(\rho)(\rho' - \rho)`. Of the
    slope only what lies along the free moves may be chosen by Eve; the rest may be changed at will to a slack S, for
    :math:`\operatorname{tr}(\nabla f - S)(\rho' - \rho) = 0`. With :math:`S \approx \mu\rho^{-1}` it is positive, and
    :math:`\operatorname{tr} S\rho' \ge \min(0, \lambda_\text{min}(S))`.
    """
    slope = _log(rho) - _log(_dephased(rho))
    inverse = barrier * np.linalg.inv(rho)
    slack = inverse
    if len(moves):
        # The moves are orthogonal, of norm 1/2 each in the trace's scalar product.
        along = np.einsum("iab,ba->i", moves, slope - inverse).real * 4
        slack = inverse + np.tensordot(along, moves, 1)
    lost = float(np.trace(slack @ rho).real) - min(0.0, float(np.linalg.eigvalsh(slack)[0]))
    return _relative_entropy(rho) - float(lost / np.log(2))
