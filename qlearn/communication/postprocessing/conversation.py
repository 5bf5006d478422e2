"""A conversation: two parties, each a program of its own, and one public line between them."""

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.channel import ChannelError, NoKey, Party, PublicChannel

A = TypeVar("A")
B = TypeVar("B")
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Say:
    """Something a party says: for which step, what, and how many bits about the key it gives away.

    Parameters
    ----------
    step : str
        What it is for.
    payload : ndarray of uint8, shape (n,)
        What is said, as bytes.
    disclosed : int
        Bits of information about the key that it gives away.

    Taught in :doc:`/communication/secret_key`.
    """

    step: str
    payload: Bits
    disclosed: int = 0


@dataclass(frozen=True)
class Hear:
    """A party waits for the next thing that the other one says.

    Parameters
    ----------
    step : str
        What it must be for.
    size : int, optional
        How many bytes it must have. None: the listener cannot know.
    most : int, optional
        How many bytes it may have at most, where the number is not known.

    Taught in :doc:`/communication/secret_key`.
    """

    step: str
    size: int | None = None
    most: int | None = None


Turn = Generator[Say | Hear, Any, Result]
"""A party at work: a generator that yields :class:`Say` and :class:`Hear`, and returns what it ends with."""


_AHEAD = 4
"""Letters that may lie unread before their reader gets a turn: of a long stream, what both are at is held, and no more."""


class _Party:
    """A program that has come as far as its next wish: to say something, or to hear something."""

    def __init__(self, mind: Turn[Any]) -> None:
        self._mind = mind
        self.letters: deque[tuple[str, Bits]] = deque()
        self.wish: Say | Hear | None = None
        self.result: Any = None
        self.go_on(None)

    def go_on(self, heard: Bits | None) -> None:
        """Give it what it heard (nothing, if it has spoken), and let it come to its next wish, or its end: None."""
        try:
            self.wish = self._mind.send(heard)
        except StopIteration as end:
            self.wish, self.result = None, end.value

    @property
    def most(self) -> int | None:
        """How many bytes it takes as its next letter, if it waits for one and knows."""
        if not isinstance(self.wish, Hear) or self.letters:
            return None
        return self.wish.most if self.wish.size is None else self.wish.size


def converse(line: PublicChannel, alice: Turn[A], bob: Turn[B]) -> tuple[A, B]:
    """Let two parties talk until both are done, and return what each of them ends with.

    Each party is a generator with a memory of its own: ``yield Say(...)`` speaks, and ``heard = yield Hear(...)``
    waits for what the line delivers. Nothing else is handed over. (Two generators that share a variable could still
    cheat; a test runs each party of a session alone, with its own data and the letters that it got.)

    Parameters
    ----------
    line : PublicChannel
        Everything that is said passes through it.
    alice, bob : generator
        The parties.

    Returns
    -------
    tuple
        What `alice` returns, and what `bob` returns.

    Raises
    ------
    NoKey
        What a party or the line raises; also if a message is of another step or length than the listener knows it
        must have, or if both wait for each other.

    Examples
    --------
    >>> def alice():
    ...     yield Say("greeting", np.array([42], dtype=np.uint8))
    >>> def bob():
    ...     heard = yield Hear("greeting", 1)
    ...     return int(heard[0])
    >>> converse(PublicChannel(), alice(), bob())
    (None, 42)

    Taught in :doc:`/communication/secret_key`.
    """
    parties: dict[Party, _Party] = {"alice": _Party(alice), "bob": _Party(bob)}
    while any(party.wish for party in parties.values()):
        moved = [_act(name, parties, line) for name in parties]
        if not any(moved):
            waiting = next(party.wish for party in parties.values() if party.wish)
            raise NoKey(waiting.step, "each waits for the other: somebody altered the conversation")
    return parties["alice"].result, parties["bob"].result


def _act(name: Party, parties: dict[Party, _Party], line: PublicChannel) -> bool:
    """Let one party speak and listen until it has to wait, or is done; tell whether it did anything."""
    me, other = parties[name], parties["bob" if name == "alice" else "alice"]
    moved = False
    while isinstance(me.wish, Say) or (me.wish and me.letters):
        moved = True
        if isinstance(me.wish, Say):
            said = me.wish
            heard = line.send(name, said.step, said.payload, disclosed=said.disclosed, most=other.most)
            other.letters.append((said.step, heard))
            me.go_on(None)
            if len(other.letters) >= _AHEAD:
                break
        else:
            me.go_on(_checked(me.wish, *me.letters.popleft()))
    return moved


def _checked(wanted: Hear, step: str, payload: Bits) -> Bits:
    if step != wanted.step or wanted.size not in (None, payload.size):
        raise ChannelError(
            wanted.step,
            f"{wanted.size} bytes of {wanted.step} were due, and {payload.size} of {step} arrived: "
            "somebody altered the conversation",
        )
    return payload


def packed_size(bits: int) -> int:
    """Return how many bytes hold so many bits."""
    return -(-bits // 8)


def unpacked(payload: Bits, bits: int) -> Bits:
    """Return the bits that were packed into bytes."""
    return np.unpackbits(payload, count=bits)
