"""Conference keys: one key for N parties, from GHZ states."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probability, as_rng, n_qubits_of
from qlearn._types import Bits
from qlearn.communication.key_rate import asymptotic_rate, clip_error_rates
from qlearn.communication.randomness import random_bits
from qlearn.qubits.density_matrices import as_pure_or_mixed
from qlearn.qubits.engine import apply
from qlearn.qubits.entanglement import ghz
from qlearn.qubits.gates import FIXED
from qlearn.qubits.measurement import draw_outcomes

# A density matrix of 10 qubits is 16 MB and takes a second to check.
_MOST_PARTIES = 10


@dataclass(frozen=True, eq=False, repr=False)
class ConferenceKeys:
    """Key and test bits of all parties of a conference, one row a party.

    Parameters
    ----------
    keys : ndarray of uint8, shape (N, n)
        Bits of the rounds in Z, one row a party; Alice's is row 0.
    tests : ndarray of uint8, shape (N, m)
        Bits of the rounds in X, which are disclosed.
    """

    keys: NDArray[np.uint8]
    tests: NDArray[np.uint8]

    def __repr__(self) -> str:
        parties, n = self.keys.shape
        return f"ConferenceKeys({parties} parties, {n} bits, {self.tests.shape[1]} tests)"

    @property
    def qber(self) -> NDArray[np.float64]:
        """Error rate of each other party's key against Alice's, shape (N - 1,); nan without a key."""
        if not self.keys.shape[1]:
            return np.full(len(self.keys) - 1, np.nan)
        return np.asarray((self.keys[1:] != self.keys[0]).mean(axis=1))

    @property
    def phase(self) -> float:
        """Share of the test rounds in which the number of ones is odd; nan without tests."""
        return float((self.tests.sum(axis=0) & 1).mean()) if self.tests.shape[1] else float("nan")


def conference(
    n_rounds: int,
    n_parties: int,
    *,
    state: ArrayLike | None = None,
    p_test: float = 0.1,
    rng: Any = None,
) -> ConferenceKeys:
    r"""Let N parties measure their qubits of a shared state, all in Z or all in X.

    .. math:: |\mathrm{GHZ}\rangle = \frac{|0\dots0\rangle + |1\dots1\rangle}{\sqrt2}, \qquad
              X^{\otimes N}\,|\mathrm{GHZ}\rangle = |\mathrm{GHZ}\rangle

    In Z all find the same coin: a key bit. In X each finds a coin of its own, but the number of ones is even.
    Which rounds are tests is decided by a short key that the parties share: if each threw for itself, hardly
    any round would find all of them in one basis.

    Parameters
    ----------
    n_rounds : int
        At least 1.
    n_parties : int
        2 to 10.
    state : array_like, shape (2**N,) or (2**N, 2**N), optional
        What the source sends. None: the GHZ state.
    p_test : float
        Chance that a round is a test.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    ConferenceKeys

    Examples
    --------
    >>> meeting = conference(10_000, 4, rng=1)
    >>> (meeting.keys == meeting.keys[0]).all(), meeting.phase
    (np.True_, 0.0)

    References
    ----------
    Grasselli, Kampermann and Bruß, New J. Phys. 20, 113014 (2018), arXiv:1807.04472 (N-BB84). Murta et al.,
    Adv. Quantum Technol. 3, 2000025 (2020), arXiv:2003.10186.
    """
    n, parties = as_count(n_rounds, "n_rounds"), as_count(n_parties, "n_parties", least=2)
    if parties > _MOST_PARTIES:
        raise ValueError(
            f"n_parties must be at most {_MOST_PARTIES}, not {n_parties}: the state doubles with each"
        )
    p_test, rng = as_probability(p_test, "p_test"), as_rng(rng)
    shared, mixed = (ghz(parties), False) if state is None else as_pure_or_mixed(state, "state")
    if shared.ndim != 1 + mixed or n_qubits_of(shared) != parties:
        raise ValueError(
            f"state must be one state of {parties} qubits, one for each party, not of shape {shared.shape}"
        )

    tests = random_bits(n, p_test, rng).view(bool)
    read = [
        _drawn(_chances(shared, mixed, hadamard), int(count), parties, rng)
        for hadamard, count in ((False, n - tests.sum()), (True, tests.sum()))
    ]
    return ConferenceKeys(*read)


def conference_rate(qber: ArrayLike, phase: ArrayLike) -> NDArray[np.float64]:
    r"""Return the secret bits that a key bit of a conference yields when the key is endless.

    .. math:: r = \max\bigl(0,\; 1 - h(Q_X) - \max_i h(Q_{AB_i})\bigr)

    Alice corrects everybody at once: what she says aloud must be enough for the worst of them. With two
    parties this is the rate of BB84, and like it it trusts the detectors.

    Parameters
    ----------
    qber : array_like of float, shape (..., N - 1)
        Error rates of the others against Alice.
    phase : array_like of float, shape (...)
        :math:`Q_X`, share of the tests with an odd number of ones.

    Returns
    -------
    ndarray of float, shape (...)
        Secret bits a round in Z.

    Examples
    --------
    >>> float(conference_rate([0.01, 0.03, 0.02], 0.02).round(4))
    0.6642
    """
    errors = clip_error_rates(qber, "qber")
    if errors.ndim == 0 or not errors.shape[-1]:
        raise ValueError("qber must have one error rate for each party but Alice, on its last axis")
    return asymptotic_rate(errors.max(axis=-1), clip_error_rates(phase, "phase"))


def _chances(state: NDArray[np.complex128], mixed: bool, hadamard: bool) -> NDArray[np.float64]:
    """Return the chance of each outcome in Z, or in X, of all qubits."""
    n = n_qubits_of(state)
    tensor = state.reshape(1, *[2] * (2 * n if mixed else n)).copy()
    if hadamard:
        for wire in range(tensor.ndim - 1):  # H is real: rows and columns of a matrix turn alike
            apply(tensor, FIXED["h"], (wire,))
    weights = tensor.reshape(1 << n, 1 << n).diagonal().real if mixed else np.abs(tensor.ravel()) ** 2
    return np.clip(weights, 0, 1)


def _drawn(chances: NDArray[np.float64], count: int, parties: int, rng: np.random.Generator) -> Bits:
    """Draw outcomes and spell them as bits, one row a party."""
    index = draw_outcomes(chances[None], count, rng)[0].astype(np.uint16)
    return (index >> np.arange(parties - 1, -1, -1, dtype=np.uint16)[:, None] & 1).astype(np.uint8)
