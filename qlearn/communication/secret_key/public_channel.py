"""The public channel: all that Alice and Bob say, heard by Eve and counted, and how their two programs talk over it."""

import sys
from collections import Counter, deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX, Thread
from time import monotonic
from typing import Any, Literal, TypeVar
from weakref import finalize

import numpy as np

from qlearn._checks import as_count, as_real
from qlearn._types import Bits

Party = Literal["alice", "bob"]
PARTIES: tuple[Party, Party] = ("alice", "bob")

# In a page of the book there is one thread: Eve is asked in it, and waited for; who turns the page leaves her behind.
_NO_THREADS = sys.platform == "emscripten"

_SHOWN = 40  # letters of what Eve says that a reason repeats


class NoKey(Exception):
    """The session ends without a key: `step` says where it stood, `reason` what happened."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason


class ChannelError(NoKey):
    """What the public line delivered cannot be what was said."""


@dataclass(frozen=True, eq=False)
class Message:
    """One thing said in public.

    Parameters
    ----------
    number : int
        Its place in the conversation, from 0. It travels with the message.
    sender : {"alice", "bob"}
        Who says it.
    step : str
        What it is for: "estimate", "reconcile", ...
    payload : ndarray of uint8, shape (n,)
        What it says, as bytes.
    """

    number: int
    sender: Party
    step: str
    payload: Bits

    def __bytes__(self) -> bytes:
        """Write it as it stands in a transcript: nothing of it can change without changing these bytes."""
        head = f"{self.number} {self.sender} {self.step} {self.payload.size}\n"
        return head.encode() + self.payload.tobytes()


class PublicChannel:
    r"""A line that everybody hears, that Eve may also change, and that counts what it gives away.

    Both parties keep a transcript of what they said and of what *they* heard. Numbers betray a clumsy Eve at once,
    and whoever listens knows how long the message must be; a careful one is found when the transcripts are
    compared under a secret key (:func:`~qlearn.communication.secret_key.tag`), and until then nobody uses the
    key. A session asks the line what it counted: a subclass has its own `send` call the one here, or the tags say that
    the conversation was altered.

    Parameters
    ----------
    eve : callable, optional
        Gets every :class:`Message` and returns the one that is delivered: the same, another, an older one;
        or None, and nothing arrives. Whatever else she does (another type, an exception, no answer at all) is
        the same as nothing. None: she listens only.
    patience_s : float
        How long Eve may keep a session waiting, all its messages together, in seconds. Without an Eve nobody waits. What
        comes later is lost, and does not stand in the way of the next message.

    Examples
    --------
    >>> line = PublicChannel()
    >>> line.send("alice", "reconcile", np.array([1, 2], dtype=np.uint8), disclosed=16)
    array([1, 2], dtype=uint8)
    >>> line.disclosed, line.rounds, line.transcript("alice") == line.transcript("bob")
    ({'reconcile': 16}, 1, True)
    """

    def __init__(
        self, eve: Callable[[Message], Message | None] | None = None, *, patience_s: float = 60.0
    ) -> None:
        if eve is not None and not callable(eve):
            raise TypeError(f"eve must be a function of a Message, or None, not {eve!r}")
        self._eve = None if eve is None else _Eve(eve)
        self._patience_s = as_real(patience_s, "patience_s", least=0, most=TIMEOUT_MAX)
        self._left_s = self._patience_s
        self._transcripts: dict[Party, list[Message]] = {party: [] for party in PARTIES}
        self._from = dict.fromkeys(PARTIES, 0)
        self.messages: list[Message] = []
        """All that was said, in order, as it was sent."""
        self.disclosed: dict[str, int] = {}
        """Bits of information about the key given away, by step."""
        self._disclosed_now: Counter[tuple[Party, str]] = Counter()

    @property
    def rounds(self) -> int:
        """How many messages were sent."""
        return len(self.messages)

    def open(self) -> None:
        """Begin a session: transcripts, patience and its count of bits begin anew; numbers and `disclosed` go on.

        So what Eve did to a session that has failed is not held against the next one on the same line.
        """
        self._from = {party: len(heard) for party, heard in self._transcripts.items()}
        self._left_s = self._patience_s
        self._disclosed_now.clear()

    def disclosed_by(self, party: Party, step: str) -> int:
        """Return how many bits about the key one party has given away in a step of this session."""
        return self._disclosed_now[party, step]

    def disclosed_in_session(self) -> dict[str, int]:
        """Return how many bits about the key this session has given away, by step."""
        sums: dict[str, int] = {}
        for (_, step), bits in self._disclosed_now.items():
            sums[step] = sums.get(step, 0) + bits
        return sums

    def send(
        self, sender: Party, step: str, payload: Bits, *, disclosed: int = 0, most: int | None = None
    ) -> Bits:
        """Say something in public, and return what the other side hears.

        Parameters
        ----------
        sender : {"alice", "bob"}
            Who speaks; the other one listens.
        step, payload, disclosed
            As in :class:`Send`: bits go through ``np.packbits``, numbers through ``.view(np.uint8)``.
        most : int, optional
            The most bytes that the listener takes. None: some more than are sent.

        Returns
        -------
        ndarray of uint8, shape (any,), read-only
            What arrives. Eve may have changed it, and its length: the listener has to look.
        """
        if sender not in PARTIES:
            raise ValueError(f'sender must be "alice" or "bob", not {sender!r}')
        if not (isinstance(payload, np.ndarray) and payload.dtype == np.uint8 and payload.ndim == 1):
            raise TypeError(f"payload must be a uint8 array of one axis, not {payload!r}: np.packbits(bits)")
        bits = as_count(disclosed, "disclosed", least=0)
        message = Message(self.rounds, sender, step, _fixed(payload))
        self.messages.append(message)
        self._transcripts[sender].append(message)
        self.disclosed[step] = self.disclosed.get(step, 0) + bits
        self._disclosed_now[sender, step] += bits

        # What she is given is a copy: she changes what is delivered, never what was sent.
        arrives = message
        if self._eve is not None:
            start = monotonic()
            answer = self._eve.answer(replace(message, payload=message.payload.copy()), self._left_s)
            self._left_s = max(0.0, self._left_s - (monotonic() - start))
            arrives = _plausible(message, answer, 2 * payload.size + 64 if most is None else most)
        listener: Party = "bob" if sender == "alice" else "alice"
        self._transcripts[listener].append(arrives)
        return arrives.payload

    def transcript(self, party: Party) -> bytes:
        """Return the conversation of this session as one party knows it: what it said, and what it heard."""
        if party not in PARTIES:
            raise ValueError(f'party must be "alice" or "bob", not {party!r}')
        return b"".join(map(bytes, self._transcripts[party][self._from[party] :]))


class _Eve:
    """A thread for her alone: she may never come back from a message, and then she is left behind with it."""

    def __init__(self, eve: Callable[[Message], Any]) -> None:
        self._questions: SimpleQueue[tuple[int, Message] | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[int, Any, BaseException | None]] = SimpleQueue()
        self._eve = eve
        self._asked = 0

    def answer(self, message: Message, patience_s: float) -> Any:
        """Give her a message and wait for hers; whatever keeps her from answering, nothing arrives then."""
        if not self._asked and not _NO_THREADS:
            job = (self._eve, self._questions, self._answers)
            Thread(target=_think, args=job, name="eve", daemon=True).start()
            finalize(self, self._questions.put, None)
        self._asked += 1
        if _NO_THREADS:
            self._answers.put(_thought(self._eve, self._asked, message))
        else:
            self._questions.put((self._asked, message))
        what, until, number = f"message {message.number} from {message.sender}", monotonic() + patience_s, 0
        while number != self._asked:  # what she answers too late to an earlier one is nothing
            try:
                number, answer, trouble = self._answers.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                raise ChannelError(
                    message.step,
                    f"{what} did not arrive within the {patience_s:.3g} s that were left for the session",
                ) from None
        if trouble is not None:
            # Asked of the type: an object may lie about its own class, or raise when it is asked.
            kind = type(trouble)
            raise ChannelError(message.step, f"{what} never arrived: the line failed ({_name(kind)})")
        return answer


def _think(eve: Callable[[Message], Any], questions: SimpleQueue, answers: SimpleQueue) -> None:
    while (question := questions.get()) is not None:
        answers.put(_thought(eve, *question))


def _thought(
    eve: Callable[[Message], Any], number: int, message: Message
) -> tuple[int, Any, BaseException | None]:
    try:
        return number, eve(message), None
    except BaseException as error:  # whatever it is, it is hers and not ours
        return number, None, error


def _name(kind: type) -> str:
    """Return the name of a class, for a reason: short, of one line, and never her own code."""
    return ascii(type.__dict__["__name__"].__get__(kind))[1:-1][:_SHOWN]


def _fixed(payload: Bits) -> Bits:
    """Return a copy that nobody can write to."""
    fixed = payload.copy()
    fixed.flags.writeable = False
    return fixed


def _plausible(expected: Message, arrives: Any, most: int) -> Message:
    """Return a copy of what Eve delivered, or stop at what a listener can tell without a key.

    The types are compared exactly: an object that only looks like a message could change when it is looked at.
    """
    what = f"message {expected.number} from {expected.sender}"
    if arrives is None:
        raise ChannelError(expected.step, f"{what} never arrived")
    # Each part is taken once, and it may be missing: a dataclass can be made without its fields.
    parts = ("number", "sender", "step", "payload")
    number, sender, step, payload = (
        (getattr(arrives, part, None) for part in parts) if type(arrives) is Message else 4 * (None,)
    )
    if type(number) is not int or type(sender) is not str or type(step) is not str:
        raise ChannelError(expected.step, f"{what} was due, and what arrived is no message")
    if (number, sender, step) != (expected.number, expected.sender, expected.step):
        # A reason is read by people: of what came no more is shown than fits.
        shown = str(number) if abs(number) < 10**_SHOWN else "of a number without end"
        raise ChannelError(
            expected.step,
            f"{what} was due, and message {shown} from {ascii(sender[:_SHOWN])[1:-1]} "
            f"({ascii(step[:_SHOWN])[1:-1]}) arrived: replayed or out of order",
        )
    if type(payload) is not np.ndarray or payload.dtype != np.uint8 or payload.ndim != 1:
        raise ChannelError(expected.step, f"{what} does not consist of bytes: it was altered")
    if payload.size > most:
        raise ChannelError(
            expected.step, f"{what} goes on for {payload.size:,} bytes, and {most:,} at most make sense"
        )
    # What was heard is heard: were it still hers, she could take a change back before the transcripts meet.
    return Message(expected.number, expected.sender, expected.step, _fixed(payload))


A = TypeVar("A")
B = TypeVar("B")
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Send:
    """Something a party says: for which step, what, and how many bits about the key it gives away.

    Parameters
    ----------
    step : str
        What it is for.
    payload : ndarray of uint8, shape (n,)
        What is said, as bytes.
    disclosed : int
        Bits of information about the key that it gives away.
    """

    step: str
    payload: Bits
    disclosed: int = 0


@dataclass(frozen=True)
class Receive:
    """A party waits for the next thing that the other one says.

    Parameters
    ----------
    step : str
        What it must be for.
    size : int, optional
        How many bytes it must have. None: the listener cannot know.
    most : int, optional
        How many bytes it may have at most, where the number is not known.
    """

    step: str
    size: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Disclosed:
    """A party asks how many bits about the key it has given away in a step: the line has counted them."""

    step: str


@dataclass(frozen=True)
class Note:
    """A party notes a row for the ledger, and nothing of it is said on the line; with no words a step begins."""

    step: str
    what: str = ""
    bits: int = 0


Program = Generator[Send | Receive | Disclosed | Note, Any, Result]
"""A party at work: a generator that yields :class:`Send`, :class:`Receive`, :class:`Disclosed` (what did the line count?) and
:class:`Note` (a row for the ledger), and returns what it ends with."""


_AHEAD = 4
"""Letters that may lie unread before their reader gets a turn: of a long stream, what both are at is held, and no more."""


class _Party:
    """A program that has come as far as its next wish: to say something, or to hear something."""

    def __init__(
        self, program: Program[Any], disclosed: Callable[[str], int], note: Callable[[Note], Any]
    ) -> None:
        self._program, self._disclosed, self._note = program, disclosed, note
        self.letters: deque[tuple[str, Bits]] = deque()
        self.wish: Send | Receive | None = None
        self.result: Any = None
        self.go_on(None)

    def go_on(self, heard: Bits | None) -> None:
        """Give it what it heard (nothing, if it has spoken), and let it come to its next wish, or its end: None."""
        answer: Any = heard
        try:
            while not isinstance(wish := self._program.send(answer), Send | Receive):
                answer = self._note(wish) if isinstance(wish, Note) else self._disclosed(wish.step)
            self.wish = wish
        except StopIteration as end:
            self.wish, self.result = None, end.value

    @property
    def most(self) -> int | None:
        """How many bytes it takes as its next letter, if it waits for one and knows."""
        if not isinstance(self.wish, Receive) or self.letters:
            return None
        return self.wish.most if self.wish.size is None else self.wish.size


def converse(
    line: PublicChannel,
    alice: Program[A],
    bob: Program[B],
    *,
    note: Callable[[Note], Any] = lambda note: None,
) -> tuple[A, B]:
    """Let two parties talk until both are done, and return what each of them ends with.

    Each party is a generator with a memory of its own: ``yield Send(...)`` speaks, and ``heard = yield Receive(...)``
    waits for what the line delivers. Nothing else is handed over. (Two generators that share a variable could still
    cheat; a test runs each party of a session alone, with its own data and the letters that it got.)

    Parameters
    ----------
    line : PublicChannel
        Everything that is said passes through it.
    alice, bob : generator
        The parties.
    note : callable
        Gets every ``Note`` that either party makes for the ledger.

    Returns
    -------
    tuple
        What `alice` returns, and what `bob` returns.

    Raises
    ------
    NoKey
        Also if a message is of another step or length than it must have, or if both wait for each other.

    Examples
    --------
    >>> def alice():
    ...     yield Send("greeting", np.array([42], dtype=np.uint8))
    >>> def bob():
    ...     heard = yield Receive("greeting", 1)
    ...     return int(heard[0])
    >>> converse(PublicChannel(), alice(), bob())
    (None, 42)
    """
    programs: dict[Party, Program[Any]] = {"alice": alice, "bob": bob}
    parties = {
        name: _Party(program, partial(line.disclosed_by, name), note) for name, program in programs.items()
    }
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
    while isinstance(me.wish, Send) or (me.wish and me.letters):
        moved = True
        if isinstance(me.wish, Send):
            said = me.wish
            heard = line.send(name, said.step, said.payload, disclosed=said.disclosed, most=other.most)
            other.letters.append((said.step, heard))
            me.go_on(None)
            if len(other.letters) >= _AHEAD:
                break
        else:
            me.go_on(_checked(me.wish, *me.letters.popleft()))
    return moved


def _checked(wanted: Receive, step: str, payload: Bits) -> Bits:
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
