"""Which noise is on the line? The exact law of what few shots show, and with it the best answer and the score of any other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlogy

from qlearn._checks import as_count, as_probabilities, as_rng, as_unitary
from qlearn.control.channel_estimation.noise_strength import count_law
from qlearn.qubits.noise import amplitude_damping, bit_flip, choi, depolarising, phase_flip
from qlearn.qubits.noise.kraus import Channel

KINDS: Mapping[str, Callable[[ArrayLike], Channel]] = MappingProxyType(
    {
        "depolarising": depolarising,
        "dephasing": phase_flip,
        "amplitude damping": amplitude_damping,
        "bit flip": bit_flip,
    }
)
"""Kinds of noise by name: functions of one strength, 0 to 1, that return the channel."""

_S = np.sqrt(0.5)
_BELL = np.array([[_S, 0, 0, _S], [0, _S, _S, 0], [_S, 0, 0, -_S], [0, _S, -_S, 0]])
_PROBES = 4  # 0, 1, + and +i
_MOST_OUTCOMES = 200_000


@dataclass(frozen=True)
class OutcomeLaw:
    """How likely each possible record of shots is under each kind of noise; made by :func:`probe_law` or :func:`pair_law`.

    Attributes
    ----------
    records : ndarray of int, shape (n_records, n_counts)
        Every record that can come out: what was counted.
    law : ndarray of float, shape (n_kinds, n_records)
        Its chance under each kind, averaged over the strengths; each row sums to 1.
    kinds : tuple of str
        The names, in the order of the rows; a prediction is a position in it.
    shots : int
        Channel uses behind a record.
    """

    records: NDArray[np.int64]
    law: NDArray[np.float64]
    kinds: tuple[str, ...]
    shots: int

    @property
    def best(self) -> NDArray[np.int64]:
        """The kind that Bayes' rule names for each record, all kinds alike before: no rule is right more often."""
        return self.law.argmax(axis=0)

    def accuracy(self, predicted: ArrayLike) -> float:
        """Return the exact share of right answers of a rule, given its answer to each record of `records`."""
        answers = np.asarray(predicted)
        if answers.shape != (len(self.records),) or answers.dtype.kind not in "ui":
            raise ValueError(
                f"predicted must be one position of kinds for each of the {len(self.records)} records, "
                f"not {answers.dtype} of shape {answers.shape}"
            )
        if answers.min() < 0 or answers.max() >= len(self.kinds):
            raise ValueError(f"predicted must be positions 0 to {len(self.kinds) - 1} of kinds")
        return float(self.law[answers, np.arange(answers.size)].sum() / len(self.kinds))

    def draw(self, n: int, rng: Any = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return n records, shape (n, n_counts), and the kinds that made them, shape (n,), each kind as often."""
        rng = as_rng(rng)
        kinds = np.arange(as_count(n, "n")) % len(self.kinds)
        rng.shuffle(kinds)
        u, at = rng.random(n), np.empty(n, np.int64)
        for kind, chances in enumerate(self.law):
            edges = np.cumsum(chances)
            at[kinds == kind] = np.searchsorted(edges, u[kinds == kind] * edges[-1], side="right")
        return self.records[np.minimum(at, len(self.records) - 1)], kinds


def error_chances(channel: Channel) -> NDArray[np.float64]:
    r"""Return the chances that 0, 1, + and +i, each read in its own basis, come out wrong, shape (..., 4).

    .. math:: e_\psi = 1 - \langle\psi|\,\mathcal E(|\psi\rangle\langle\psi|)\,|\psi\rangle

    Depolarising noise treats all alike, dephasing spares 0 and 1, a bit flip spares +, and amplitude damping spares 0
    alone. The other signs of X and Y would tell these four channels nothing new.

    Parameters
    ----------
    channel : Channel
        On one qubit; a batch gives a batch.

    Returns
    -------
    ndarray of float, shape (..., 4)

    Examples
    --------
    >>> from qlearn.qubits.noise import amplitude_damping
    >>> error_chances(amplitude_damping(0.36)).round(3)
    array([0.  , 0.36, 0.1 , 0.1 ])
    """
    states = [[1, 0], [0, 1], [_S, _S], [_S, 1j * _S]]  # 0, 1, + and +i
    kept = [np.einsum("a,...ab,b", np.conj(psi), channel.apply(psi), psi).real for psi in states]
    return np.clip(1 - np.stack(kept, axis=-1), 0.0, 1.0)


def probe_law(shots: int, strengths: ArrayLike) -> OutcomeLaw:
    r"""Return the law of the errors that four kinds of noise make in four single-qubit probes.

    .. math:: P(k_0, k_1, k_+, k_{+i} \mid c) = \frac1m \sum_{j=1}^m \prod_\psi B_n\bigl(k_\psi;\, e_\psi(c, s_j)\bigr)

    Each probe is sent `shots` times, so a record costs four times as many channel uses. The strength is unknown: each
    of the given ones is as likely.

    Parameters
    ----------
    shots : int
        Times that each of the four probes is sent.
    strengths : array_like of float, shape (m,)
        Strengths that may turn up, for each kind the parameter of its channel.

    Returns
    -------
    OutcomeLaw
        Records: the errors of 0, 1, + and +i.

    Examples
    --------
    >>> few = probe_law(4, [0.1, 0.2, 0.3])
    >>> few.records.shape, round(few.accuracy(few.best), 3)
    ((625, 4), 0.597)

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 1.5, for the rule of `best`.
    """
    n, strengths = as_count(shots, "shots"), _as_strengths(strengths)
    if (n + 1) ** _PROBES > _MOST_OUTCOMES:
        raise ValueError(
            f"shots must be at most 20, not {n}: all {(n + 1) ** 4} records are gone through one by one"
        )
    counts = np.arange(n + 1)
    records = np.stack(np.meshgrid(*[counts] * _PROBES, indexing="ij"), axis=-1).reshape(-1, _PROBES)
    law = np.empty((len(KINDS), len(records)))
    for row, make in zip(law, KINDS.values(), strict=True):
        each = count_law(n, error_chances(make(strengths)))  # (strength, probe, count)
        row[:] = np.einsum("sa,sb,sc,sd->abcd", *np.moveaxis(each, 1, 0)).reshape(-1) / len(strengths)
    return OutcomeLaw(records, law, tuple(KINDS), _PROBES * n)


def pair_law(shots: int, strengths: ArrayLike, unitary: ArrayLike | None = None) -> OutcomeLaw:
    r"""Return the law of what a measurement of Bell pairs counts, after one half of each went through the channel.

    .. math:: q_b(c, s) = \langle b|\,U\,\frac{J(c, s)}2\,U^\dagger\,|b\rangle

    with the Choi matrix J: the pair as it comes out. A record is how often each of the four outcomes was seen.

    Parameters
    ----------
    shots : int
        Pairs sent, one channel use each.
    strengths : array_like of float, shape (m,)
        As for :func:`probe_law`.
    unitary : array_like, shape (4, 4), optional
        U, after which both qubits are read in the basis Z, the kept half first. None: the Bell measurement, with
        the outcomes nothing, X, Z, XZ.

    Returns
    -------
    OutcomeLaw

    Examples
    --------
    >>> few = pair_law(16, [0.1, 0.2, 0.3])
    >>> few.records.shape, round(few.accuracy(few.best), 3)
    ((969, 4), 0.753)
    """
    n, strengths = as_count(shots, "shots"), _as_strengths(strengths)
    if (n + 1) * (n + 2) * (n + 3) // 6 > _MOST_OUTCOMES:
        raise ValueError(f"shots must be at most 100, not {n}: all records are gone through one by one")
    matrix = np.asarray(_BELL if unitary is None else unitary)
    if matrix.shape != (4, 4):
        raise ValueError(f"unitary must have shape (4, 4), one of two qubits, not {matrix.shape}")
    turn = as_unitary(
        matrix, "unitary must be a unitary matrix: its rows are the outcomes, orthogonal states"
    )
    records = np.array(
        [
            (a, b, c, n - a - b - c)
            for a in range(n + 1)
            for b in range(n + 1 - a)
            for c in range(n + 1 - a - b)
        ]
    )
    ways = gammaln(n + 1) - gammaln(records + 1).sum(axis=1)
    law = np.empty((len(KINDS), len(records)))
    for row, make in zip(law, KINDS.values(), strict=True):
        chances = np.clip(
            np.einsum("ba,sac,bc->sb", turn, choi(make(strengths)) / 2, turn.conj()).real, 0.0, 1.0
        )
        row[:] = np.exp(ways + xlogy(records, chances[:, None, :]).sum(axis=-1)).mean(axis=0)
    return OutcomeLaw(records, law, tuple(KINDS), n)


def _as_strengths(strengths: ArrayLike) -> NDArray[np.float64]:
    s = as_probabilities(strengths, "strengths", "strengths of noise")
    if s.ndim != 1 or not s.size:
        raise ValueError(f"strengths must have one axis and at least one entry, not shape {s.shape}")
    return s
