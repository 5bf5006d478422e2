"""The public line: everything Alice and Bob say to each other, heard by Eve and counted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from qlearn._checks import as_count
from qlearn.communication.bb84.pulses import Bits

Party = Literal["alice", "bob"]
PARTIES: tuple[Party, Party] = ("alice", "bob")


class NoKey(Exception):
    """The session ends without a key: `step` says where it stood, `reason` what happened.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason


class ChannelError(NoKey):
    """What the public line delivered cannot be what was said.

    Taught in :doc:`/communication/secret_key`.
    """


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

    Taught in :doc:`/communication/secret_key`.
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

    Both parties keep a transcript of what they said and of what *they* heard. Numbers and lengths betray a
    clumsy Eve at once; a careful one is found when the transcripts are compared under a secret key
    (:func:`~qlearn.communication.postprocessing.tag`), and until then nobody uses the key.

    Parameters
    ----------
    eve : callable, optional
        Gets every :class:`Message` and returns the one that is delivered: the same, another, an older one;
        or None, and nothing arrives. None: she listens only.

    Examples
    --------
    >>> line = PublicChannel()
    >>> line.send("alice", "reconcile", np.array([1, 2], dtype=np.uint8), disclosed=16)
    array([1, 2], dtype=uint8)
    >>> line.disclosed, line.rounds, line.transcript("alice") == line.transcript("bob")
    ({'reconcile': 16}, 1, True)

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, eve: Callable[[Message], Message | None] | None = None) -> None:
        if eve is not None and not callable(eve):
            raise TypeError(f"eve must be a function of a Message, or None, not {eve!r}")
        self._eve = eve
        self._heard: dict[Party, list[Message]] = {party: [] for party in PARTIES}
        self.messages: list[Message] = []
        """All that was said, in order, as it was sent."""
        self.disclosed: dict[str, int] = {}
        """Bits of information about the key given away, by step."""

    @property
    def rounds(self) -> int:
        """How many messages were sent."""
        return len(self.messages)

    def send(self, sender: Party, step: str, payload: Bits, *, disclosed: int = 0) -> Bits:
        """Say something in public, and return what the other side hears.

        Parameters
        ----------
        sender : {"alice", "bob"}
            Who speaks; the other one listens.
        step : str
            What it is for; also the name under which `disclosed` is counted.
        payload : ndarray of uint8, shape (n,)
            Bytes: bits go through ``np.packbits``, numbers through ``.view(np.uint8)``.
        disclosed : int
            Bits of information about the key that the message gives away. Eve hears them all.

        Returns
        -------
        ndarray of uint8, shape (n,), read-only
            What arrives, which Eve may have changed.

        Raises
        ------
        ChannelError
            If nothing arrives, or a message that by its number, sender, step or length cannot be this one.
        ValueError, TypeError
            If `sender` is neither of the two, or the payload is no array of bytes.
        """
        if sender not in PARTIES:
            raise ValueError(f'sender must be "alice" or "bob", not {sender!r}')
        if not (isinstance(payload, np.ndarray) and payload.dtype == np.uint8 and payload.ndim == 1):
            raise TypeError(f"payload must be a uint8 array of one axis, not {payload!r}: np.packbits(bits)")
        bits = as_count(disclosed, "disclosed", least=0)
        message = Message(self.rounds, sender, step, _fixed(payload))
        self.messages.append(message)
        self._heard[sender].append(message)
        self.disclosed[step] = self.disclosed.get(step, 0) + bits

        # What she is given is a copy: she changes what is delivered, never what was sent.
        arrives = message if self._eve is None else self._eve(replace(message, payload=payload.copy()))
        _refuse_unless_plausible(message, arrives)
        assert arrives is not None
        # What was heard is heard: were it still hers, she could take a change back before the transcripts meet.
        arrives = replace(arrives, payload=_fixed(arrives.payload))
        listener: Party = "bob" if sender == "alice" else "alice"
        self._heard[listener].append(arrives)
        return arrives.payload

    def transcript(self, party: Party) -> bytes:
        """Return the whole conversation as this party knows it: what it said, and what it heard."""
        if party not in PARTIES:
            raise ValueError(f'party must be "alice" or "bob", not {party!r}')
        return b"".join(map(bytes, self._heard[party]))


def _fixed(payload: Bits) -> Bits:
    """Return a copy that nobody can write to."""
    fixed = payload.copy()
    fixed.flags.writeable = False
    return fixed


def _refuse_unless_plausible(expected: Message, arrives: Message | None) -> None:
    """Stop at what the listener can tell without a key: a gap, a wrong number, a wrong length."""
    what = f"message {expected.number} from {expected.sender}"
    if arrives is None:
        raise ChannelError(expected.step, f"{what} never arrived")
    if not isinstance(arrives, Message):
        raise TypeError(f"eve must return a Message or None, not {arrives!r}")
    if (arrives.number, arrives.sender, arrives.step) != (expected.number, expected.sender, expected.step):
        raise ChannelError(
            expected.step,
            f"{what} was due, and message {arrives.number} from {arrives.sender} ({arrives.step}) arrived: "
            "replayed or out of order",
        )
    if arrives.payload.shape != expected.payload.shape or arrives.payload.dtype != np.uint8:
        raise ChannelError(
            expected.step,
            f"{what} has {expected.payload.size} bytes, and {arrives.payload.size} arrived: it was altered",
        )
