"""The CHSH game: two players who cannot talk, two questions each, and one pair of qubits a round."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count, as_rng, same_length
from qlearn.qubits.density_matrices import as_pairs
from qlearn.qubits.entanglement.bell_inequality import (
    ALICE,
    BOB,
    as_behaviour,
    as_directions,
    behaviour,
    draw_answers,
)


@dataclass(frozen=True, eq=False)
class GameRounds:
    r"""Rounds of the CHSH game as they were played: questions, answers, and what follows from them.

    Attributes
    ----------
    x, y : ndarray of uint8, shape (n,)
        The questions to Alice and to Bob.
    a, b : ndarray of uint8, shape (n,)
        Their answers.
    """

    x: NDArray[np.uint8]
    y: NDArray[np.uint8]
    a: NDArray[np.uint8]
    b: NDArray[np.uint8]

    def __post_init__(self) -> None:
        for name in ("x", "y", "a", "b"):
            object.__setattr__(self, name, as_bits(getattr(self, name), name))
            same_length(getattr(self, name), self.x, f"{name} and x")

    def __len__(self) -> int:
        return self.x.size

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rounds, {self.wins} won)"

    @property
    def won(self) -> NDArray[np.bool_]:
        """Which rounds are won: the answers differ exactly when both questions are 1."""
        return (self.a ^ self.b) == (self.x & self.y)

    @property
    def wins(self) -> int:
        """How many rounds are won."""
        return int(np.count_nonzero(self.won))

    @property
    def asked(self) -> NDArray[np.int64]:
        """How often each pair of questions came, shape (2, 2)."""
        return np.bincount(2 * self.x + self.y, minlength=4).reshape(2, 2)

    @property
    def correlations(self) -> NDArray[np.float64]:
        """The mean product of the answers as signs, E[x, y], shape (2, 2)."""
        asked = self.asked
        if not asked.all():
            x, y = np.argwhere(asked == 0)[0]
            raise ValueError(f"no round asked x = {x}, y = {y}: play more rounds to estimate its correlation")
        differ = np.bincount((2 * self.x + self.y)[self.a != self.b], minlength=4).reshape(2, 2)
        return 1 - 2 * differ / asked

    @property
    def chsh(self) -> float:
        """The CHSH value estimated from the rounds, E00 + E01 + E10 - E11."""
        e = self.correlations
        return float(e[0, 0] + e[0, 1] + e[1, 0] - e[1, 1])

    @property
    def chsh_error(self) -> float:
        """The standard error of `chsh`, never zero: each of the four is a mean of signs, of variance (1 - E^2) / n.

        E enters half a round nearer to zero than it was seen (Jeffreys' estimate of the chance to differ):
        ten rounds that all agreed do not prove that no round could differ. For many rounds it makes no odds.
        """
        shrunk = self.correlations * self.asked / (self.asked + 1)
        return float(np.sqrt(((1 - shrunk**2) / self.asked).sum()))


def winning_probability(p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the chance to win the CHSH game, for players who answer by a table of chances.

    .. math:: w = \frac14 \sum_{x,y}\ \sum_{a \oplus b\, =\, xy} p(a, b \,|\, x, y) = \frac12 + \frac S8

    At most 3/4 for answers agreed on beforehand, :math:`\cos^2(\pi/8) = 0.854` for qubits, and 1 for a table
    that no physics fills, though it does not signal either.

    Parameters
    ----------
    p : array_like, shape (..., 2, 2, 2, 2)
        ``p[x, y, a, b]``, as of :func:`behaviour`.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> always_zero = np.zeros((2, 2, 2, 2))
    >>> always_zero[:, :, 0, 0] = 1
    >>> float(winning_probability(always_zero))
    0.75

    References
    ----------
    Cleve, Hoyer, Toner and Watrous, *Consequences and limits of nonlocal strategies* (2004),
    arXiv:quant-ph/0404076, section 3.1.
    """
    x, y, a, b = np.indices((2, 2, 2, 2))
    return (as_behaviour(p, (2, 2, 2, 2)) * ((a ^ b) == (x & y))).sum(axis=(-4, -3, -2, -1)) / 4


def play_chsh(
    state: ArrayLike, rounds: int, alice: ArrayLike = ALICE, bob: ArrayLike = BOB, rng: Any = None
) -> GameRounds:
    r"""Play the CHSH game: random questions x and y, answers a and b from a fresh pair each round.

    .. math:: \text{won} \iff a \oplus b = x \cdot y

    Parameters
    ----------
    state : array_like, shape (4,) or (4, 4)
        The pair of every round, a state vector or a density matrix; Alice has wire 0, Bob wire 1.
    rounds : int
        How many, at least 1.
    alice : array_like, shape (2, 3)
        The direction she measures along when she is asked 0, and when she is asked 1. Without it Z and X.
    bob : array_like, shape (2, 3)
        His two. Without it those at 45 degrees on either side of Z, the best for :math:`\Phi^+`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    GameRounds
        Questions and answers, with ``wins``, ``correlations``, ``chsh`` and ``chsh_error``.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> played = play_chsh(bell_state("phi+"), 10_000, rng=1)
    >>> played
    GameRounds(10000 rounds, 8525 won)
    >>> played.wins / len(played)
    0.8525
    >>> round(played.chsh, 2), round(played.chsh_error, 2)
    (2.82, 0.03)
    """
    n = as_count(rounds, "rounds")
    pair, mixed = as_pairs(state)
    if pair.ndim != 1 + mixed:
        raise ValueError(
            f"state must be one pair, of shape (4,) or (4, 4), not a batch of shape {pair.shape}"
        )
    hers, his = as_directions(alice, "alice", 2), as_directions(bob, "bob", 2)
    if hers.ndim != 2 or his.ndim != 2:
        raise ValueError(f"alice and bob must be of shape (2, 3), not {hers.shape} and {his.shape}")
    rng = as_rng(rng)
    asked = rng.integers(0, 4, n, dtype=np.uint8)
    return GameRounds(asked >> 1, asked & 1, *draw_answers(behaviour(pair, hers, his), asked, rng))
