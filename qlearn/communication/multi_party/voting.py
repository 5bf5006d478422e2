"""Voting: phases on a shared state, which a voter can turn twice, and slots that nobody can link to a voter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count, as_rng
from qlearn._types import Bits
from qlearn.communication.multi_party._arguments import as_parties, as_party
from qlearn.communication.multi_party.anonymous import broadcast
from qlearn.communication.multi_party.private_sums import add_phases


@dataclass(frozen=True, eq=False, repr=False)
class Election:
    """Result of :func:`phase_vote`.

    Parameters
    ----------
    yes : int
        The tally.
    announcements : ndarray of uint8, shape (n_bits, n_voters)
        All that was said aloud, the round of the lowest digit first.
    """

    yes: int
    announcements: Bits

    def __repr__(self) -> str:
        return f"Election({self.yes} yes of {self.announcements.shape[1]})"


def phase_vote(
    votes: ArrayLike,
    *,
    cheats: Mapping[int, int] | None = None,
    state: ArrayLike | None = None,
    rng: Any = None,
) -> Election:
    r"""Count votes by phases of GHZ states: the naive form, which nothing keeps from voting twice.

    .. math:: S = \sum_i v_i \bmod 2^m, \qquad 2^m > n

    It is :func:`~qlearn.communication.multi_party.phase_sum` of the votes. A voter's turn is its secret, so nobody sees
    whether it was that of one vote.

    Parameters
    ----------
    votes : array_like of 0/1, shape (n_voters,)
        1 is yes.
    cheats : mapping of int to int, optional
        What a voter adds to its vote: ``{2: 1}`` lets voter 2 cast one more yes, ``{2: -3}`` take three away.
    state : array_like, shape (2**n_voters,) or (2**n_voters, 2**n_voters), optional
        What the source sends. None: the GHZ state. Nothing here tests it.
    rng : None, int or numpy.random.Generator
        The outcomes.

    Returns
    -------
    Election

    Examples
    --------
    >>> phase_vote([1, 0, 0, 1, 0], rng=1)
    Election(2 yes of 5)
    >>> phase_vote([1, 0, 0, 1, 0], cheats={0: 1}, rng=1)
    Election(3 yes of 5)

    References
    ----------
    Vaccaro, Spring and Chefles, Phys. Rev. A 75, 012333 (2007), arXiv:quant-ph/0504161; attacks on this and on other
    proposals: Arapinis, Lamprou, Kashefi and Pappa (2021), arXiv:1810.05083.
    """
    cast = as_bits(votes, "votes").astype(np.int64)
    n = as_parties(cast.size, "the number of votes")
    for voter, more in dict(cheats or {}).items():
        # Whole turns of the state do not count: more votes than 2**m are the rest of them.
        cast[as_party(voter, n, "cheats")] += (
            as_count(more, "what a voter adds", least=-(2**62)) % 2 ** n.bit_length()
        )
    run = add_phases(cast, n.bit_length(), state, as_rng(rng))
    return Election(run.total, run.announcements)


@dataclass(frozen=True, eq=False, repr=False)
class SlotElection:
    """Result of :func:`slot_vote`.

    Parameters
    ----------
    slots : ndarray of int64, shape (n_voters,)
        The slot of each voter: each knows its own entry, and no other.
    board : ndarray of uint8, shape (n_voters,)
        The public board: the bit of each slot.
    announcements : ndarray of uint8, shape (n_voters, n_voters)
        All that was said aloud, one row a slot.
    """

    slots: NDArray[np.int64]
    board: Bits
    announcements: Bits

    def __repr__(self) -> str:
        return f"SlotElection({self.yes} yes of {self.board.size})"

    @property
    def yes(self) -> int:
        """The tally, which anybody can count."""
        return int(self.board.sum())

    def seen_by(self, voter: int) -> int:
        """Return the bit in a voter's slot: it complains if this is not its vote."""
        return int(self.board[self.slots[as_party(voter, self.board.size, "voter")]])


def slot_vote(
    votes: ArrayLike,
    *,
    lies: Iterable[tuple[int, int]] = (),
    state: ArrayLike | None = None,
    rng: Any = None,
) -> SlotElection:
    r"""Vote by anonymous broadcast: each voter has a secret slot, and each slot is one bit.

    .. math:: \text{board}_s = \bigoplus_i b_{si} = v_{\text{owner of } s}

    A slot holds 0 or 1, so n voters have n votes. Who flips the announcement in a slot that is not his changes a vote
    of a voter whom he does not know, and its owner sees it. Who did it nobody can tell. If the owner complains aloud,
    all know whose slot it is, and that his vote was the other bit. The slots are taken to be dealt by an honest
    shuffle: that is an assumption, not a protocol of this page.

    Parameters
    ----------
    votes : array_like of 0/1, shape (n_voters,)
        1 is yes.
    lies : iterable of (voter, slot)
        Where a voter announces the opposite of its outcome.
    state : array_like, shape (2**n_voters,) or (2**n_voters, 2**n_voters), optional
        What the source sends. None: the GHZ state. Nothing here tests it.
    rng : None, int or numpy.random.Generator
        The shuffle and the outcomes.

    Returns
    -------
    SlotElection

    Examples
    --------
    >>> held = slot_vote([1, 0, 0, 1, 0], rng=1)
    >>> held, [held.seen_by(voter) for voter in range(5)]
    (SlotElection(2 yes of 5), [1, 0, 0, 1, 0])

    References
    ----------
    Ballots at secret places of a public list: Wang, Yu, Gao, Qi and Wen, Phys. Rev. A 94, 022333 (2016),
    arXiv:1605.07942.
    """
    cast = as_bits(votes, "votes")
    n = as_parties(cast.size, "the number of votes")
    changed = np.zeros((n, n), dtype=np.uint8)
    for pair in lies:
        if np.shape(pair) != (2,):
            raise ValueError(f"lies must be pairs (voter, slot), not {pair!r}")
        voter, slot = pair
        changed[as_party(slot, n, "the slot of a lie"), as_party(voter, n, "the voter of a lie")] ^= 1
    generator = as_rng(rng)
    slots = generator.permutation(n)
    flips = np.zeros((n, n), dtype=np.uint8)
    flips[slots, np.arange(n)] = cast
    said = broadcast(flips, state=state, rng=generator) ^ changed
    return SlotElection(slots, np.bitwise_xor.reduce(said, axis=1), said)
