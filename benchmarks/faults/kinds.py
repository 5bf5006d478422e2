"""Kinds of fault: what Eve, or a broken line, may do to one message, to two, or to all of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from math import exp, log
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication.secret_key import AuthenticationKey, ChannelError, Message
from qlearn.communication.secret_key.public_channel import Party
from qlearn.communication.secret_key.sifting import decode_clicks, encode_clicks

Clicks = NDArray[np.int64]

PATIENCE_S = 0.05
"""How long a listener waits where the fault is that a message comes late."""

_DIGEST = 17  # bytes: how Alice tells a digest from a request
_MESSAGES = {"sift": 3, "estimate": 3, "reconcile": 100, "verify": 3, "amplify": 1, "authenticate": 2}


class Meddler:
    """An Eve with one plan: from the `nth` message that fits on, once or always, she changes what is delivered.

    Parameters
    ----------
    kind : Kind
        What she does.
    rng : numpy.random.Generator
        Her coins; they also choose the message.
    steps : tuple of str
        Steps to choose from, where the kind names none.
    pulses : int
        Pulses of the session.
    compared : ndarray of uint8
        Those of Alice's bits that may be compared. An Eve who knows even these must not get a key past the tags.
    pool : AuthenticationKey
        For the fault that another session drains it; Eve does not look inside.
    """

    def __init__(
        self,
        kind: "Kind",
        rng: np.random.Generator,
        *,
        steps: tuple[str, ...],
        pulses: int,
        compared: Bits,
        pool: AuthenticationKey,
    ) -> None:
        self.kind, self.rng, self.pulses, self.compared, self.pool = kind, rng, pulses, compared, pool
        self.step = kind.step or str(rng.choice(steps))
        early = int(exp(rng.uniform(0, log(_MESSAGES[self.step] + 1)))) - 1
        self.nth = early if kind.nth is None else kind.nth
        self.always = bool(rng.random() < kind.always)
        self.past: list[Message] = []
        """All that was said, as it was said."""
        self.later: list[tuple[Callable[[Message], bool], Callable[[Message], Any]]] = []
        """What she will do to the next message of some sort."""
        self.given: list[np.ndarray] = []
        """Arrays that she delivered and still holds."""
        self.met, self.fired, self.altered = 0, 0, False
        self._alice_knows: Any = None

    def __call__(self, message: Message) -> Any:
        """Deliver the message, or whatever the plan says; note whether that is another one."""
        said = bytes(message)
        self.past.append(replace(message, payload=message.payload.copy()))
        try:
            answer = self._answer(message)
            if self.kind.forges:
                answer = self._forged(message, answer)
        except BaseException:
            self.altered = True
            raise
        self.altered |= not (
            type(answer) is Message
            and type(answer.__dict__.get("payload")) is np.ndarray
            and _same(answer, said)
        )
        return answer

    def _answer(self, message: Message) -> Any:
        for number, (fits, change) in enumerate(self.later):
            if fits(message):
                del self.later[number]
                return change(message)
        fits_now = message.step == self.step and self.kind.sender in (None, message.sender)
        self.met += fits_now
        due = self.met == self.nth + 1 and fits_now
        if not (due or (self.always and self.fired)):
            return message
        self.fired += 1
        return self.kind.change(message, self)

    def _forged(self, message: Message, answer: Any) -> Any:
        """Say in Bob's place the digest of what Alice said and heard."""
        if message.step != "reconcile":
            return answer
        if self._alice_knows is None:
            self._alice_knows = blake2b(bytes(message.payload), digest_size=_DIGEST)
        elif message.sender == "bob" and message.payload.size == _DIGEST:
            digest = np.frombuffer(self._alice_knows.digest(), dtype=np.uint8)
            return replace(message, payload=digest)
        else:
            self._alice_knows.update(bytes((message if message.sender == "alice" else answer).payload))
        return answer

    def then(self, sender: Party, change: Callable[[Message], Any]) -> None:
        """Plan something for the next message of a sender."""
        self.later.append((lambda message: message.sender == sender, change))


@dataclass(frozen=True)
class Kind:
    """A fault: what is done, to whose message, of which step, and to the how manyth (None: any)."""

    change: Callable[[Message, Meddler], Any]
    step: str | None = None
    sender: Party | None = None
    nth: int | None = None
    always: float = 0.2
    """How likely it is done to all that follows, too."""
    patience_s: float = 30.0
    forges: bool = False
    """Whether she also puts right the digests by which Cascade would notice."""


def _same(answer: Message, said: bytes) -> bool:
    if [type(part) for part in (answer.number, answer.sender, answer.step)] != [int, str, str]:
        return False
    payload = answer.payload
    if payload.dtype != np.uint8 or payload.ndim != 1 or payload.size > len(said):
        return False
    return bytes(answer) == said


# --- payloads -----------------------------------------------------------------------------------------------


def _with(payload: Callable[[Bits, np.random.Generator], Any]) -> Callable[[Message, Meddler], Any]:
    """Change the payload, and nothing else."""
    return lambda message, eve: replace(message, payload=payload(message.payload, eve.rng))


def _flip(payload: Bits, rng: np.random.Generator, how_many: int = 1) -> Bits:
    changed = payload.copy()
    if not changed.size:
        return np.array([1], dtype=np.uint8)  # there is no bit to flip: something where nothing was said
    for place in rng.choice(8 * changed.size, min(how_many, 8 * changed.size), replace=False):
        changed[place // 8] ^= 1 << (place % 8)
    return changed


def _noise(payload: Bits, rng: np.random.Generator) -> Bits:
    return rng.integers(0, 256, payload.size, dtype=np.uint8)


def _objects(payload: Bits, rng: np.random.Generator) -> Any:
    return payload.astype(object)


def _cut(payload: Bits, rng: np.random.Generator) -> Bits:
    return payload[: rng.integers(payload.size)] if payload.size else np.zeros(1, dtype=np.uint8)


def _strided(payload: Bits, rng: np.random.Generator) -> Bits:
    return np.repeat(payload, 2)[::2]


def _without_memory(payload: Bits, rng: np.random.Generator) -> Bits:
    return np.broadcast_to(np.uint8(1), (10**15,))


def _endless(payload: Bits, rng: np.random.Generator) -> Any:
    return iter(int, 1)


# --- messages -----------------------------------------------------------------------------------------------


class Strange:
    """An object that answers whatever it is asked, and never with sense."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = object.__hash__


class StrangeError(Exception):
    """An exception that raises when somebody asks of which class it is."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Refuse."""
        raise RuntimeError("no")


class Letter(Message):
    """A message, and a little more than that."""


def _older(message: Message, eve: Meddler) -> Any:
    return eve.past[eve.rng.integers(len(eve.past))] if len(eve.past) > 1 else None


def _older_words(message: Message, eve: Meddler) -> Message:
    of_this = [m for m in eve.past[:-1] if (m.sender, m.step) == (message.sender, message.step)]
    words = of_this[-1].payload if of_this else message.payload[::-1]
    return replace(message, payload=words)


def _swapped(message: Message, eve: Meddler) -> Message:
    mine = message.payload
    eve.then(message.sender, lambda following: replace(following, payload=mine))
    return _older_words(message, eve)


def _there_and_back(message: Message, eve: Meddler) -> Message:
    """Flip a bit of a question, and one of its answer."""
    other: Party = "bob" if message.sender == "alice" else "alice"
    eve.then(other, lambda following: replace(following, payload=_flip(following.payload, eve.rng)))
    return replace(message, payload=_flip(message.payload, eve.rng))


def _twice_the_same(message: Message, eve: Meddler) -> Message:
    """Flip a bit, and the same bit of the next message of that sender: what two of them say agrees."""
    place = int(eve.rng.integers(8 * max(1, message.payload.size)))

    def flip(one: Message) -> Message:
        changed = one.payload.copy()
        if place // 8 < changed.size:
            changed[place // 8] ^= 1 << (place % 8)
        return replace(one, payload=changed)

    eve.then(message.sender, flip)
    return flip(message)


def _hollow(message: Message, eve: Meddler) -> Any:
    return object.__new__(Message)


def _letter(message: Message, eve: Meddler) -> Any:
    return Letter(message.number, message.sender, message.step, message.payload)


def _raises(error: Any) -> Callable[[Message, Meddler], Any]:
    def change(message: Message, eve: Meddler) -> Any:
        raise error() if isinstance(error, type) else error

    return change


def _deep(message: Message, eve: Meddler) -> Any:
    return _deep(message, eve)


def _waits(seconds: float) -> Callable[[Message, Meddler], Any]:
    def change(message: Message, eve: Meddler) -> Any:
        time.sleep(seconds)
        return message

    return change


def _later_changed(message: Message, eve: Meddler) -> Message:
    """Deliver it as it is, keep the array, and write in it when the next one comes."""
    eve.given.append(message.payload)

    def write(following: Message) -> Message:
        for array in eve.given:
            array ^= 255
        return following

    eve.then("alice" if message.sender == "bob" else "bob", write)
    return message


def _taken_back(message: Message, eve: Meddler) -> Message:
    """Deliver something else, keep the array, and write in it what was said, when the next message comes."""
    right, changed = message.payload.copy(), _flip(message.payload, eve.rng)

    def write(following: Message) -> Message:
        changed[: right.size] = right
        return following

    eve.then("alice" if message.sender == "bob" else "bob", write)
    return replace(message, payload=changed)


def _drained(message: Message, eve: Meddler) -> Message:
    """Not Eve: another session of the two takes from the same account in the meantime."""
    if eve.pool.left:
        eve.pool.take(eve.pool.left)
    return message


# --- words that make sense, and are not what was said ---------------------------------------------------------


def _clicked(change: Callable[[Clicks, Meddler], Clicks]) -> Callable[[Message, Meddler], Message]:
    """Let Bob seem to say other clicks, in good form."""

    def changed(message: Message, eve: Meddler) -> Message:
        detected = np.zeros(eve.pulses, dtype=bool)
        detected[change(decode_clicks(message.payload, eve.pulses), eve)] = True
        return replace(message, payload=encode_clicks(detected, np.flatnonzero(detected)))

    return changed


def _permuted(payload: Bits, rng: np.random.Generator) -> Bits:
    """Say as many ones, elsewhere."""
    bits = np.unpackbits(payload)
    bits[-8:] = 0  # there may be fewer bits than the last byte holds
    rng.shuffle(bits[:-8])
    return np.packbits(bits)


def _seed(payload: Bits, rng: np.random.Generator) -> Bits:
    return np.concatenate([payload[:8], _noise(payload[8:], rng)])


def _qber(payload: Bits, rng: np.random.Generator) -> Bits:
    strange = [0.0, 5e-324, 1e-300, 1e-4, 0.2, 0.45, 0.5 - 1e-16, 0.5, 1.0, -1.0, np.nan, np.inf]
    value = np.array([rng.choice(strange)], dtype="<f8").view(np.uint8)
    return np.concatenate([value, payload[8:]])


def _question(payload: Bits, rng: np.random.Generator) -> Bits:
    """Ask for other blocks or bits: one that is not there, one for all, or some at random."""
    asked: NDArray[np.uint32] = (
        payload.copy().view("<u4") if payload.size and payload.size % 4 == 0 else np.ones(2, dtype="<u4")
    )
    way = rng.integers(6)
    if way == 0:
        asked[rng.integers(asked.size)] = 2**32 - 1
    elif way == 1:
        asked[1:] = asked[-1]
    elif way == 2:
        asked = np.append(asked, asked)
    elif way == 3:
        asked[0] ^= 1
    elif way == 4:
        asked[rng.integers(asked.size)] ^= 1
    else:
        asked = rng.integers(0, 2**14, asked.size).astype("<u4")
    return asked.view(np.uint8)


def _one_more_question(message: Message, eve: Meddler) -> Message:
    """Ask once more when Bob is done."""
    if message.payload.size:
        eve.met, eve.fired = eve.met - 1, eve.fired - 1  # not yet
        return message
    return replace(message, payload=np.array([1, 3, 4, 5], dtype="<u4").view(np.uint8))


def _right_sample(message: Message, eve: Meddler) -> Message:
    """Say for Bob what Alice has: no error is seen."""
    asked = [m for m in eve.past if (m.sender, m.step) == ("alice", "estimate")]
    right = eve.compared
    if asked:  # of single photons she names the bits; of laser pulses it is all of one basis
        right = right[np.unpackbits(asked[-1].payload, count=right.size).view(bool)]
    said = np.packbits(right)
    return replace(message, payload=said if said.size == message.payload.size else message.payload)


def _counted(message: Message, eve: Meddler) -> Message:
    """Say other numbers of errors; a longer message is no such numbers, but which bits to compare."""
    if message.payload.size > 24:
        eve.met, eve.fired = eve.met - 1, eve.fired - 1
        return message
    said: NDArray[np.int64] = message.payload.copy().view("<i8")
    ways = [
        said * 0,
        said // 2,
        said + 1,
        said[::-1],
        -said - 1,
        said | 2**62,
        said | -(2**63),
        said * 100 + 7,
    ]
    return replace(message, payload=np.array(ways[eve.rng.integers(len(ways))]).view(np.uint8))


def _half_the_clicks(clicks: Clicks, eve: Meddler) -> Clicks:
    return clicks[eve.rng.random(clicks.size) < 0.5]


def _one_click_less(clicks: Clicks, eve: Meddler) -> Clicks:
    return clicks[1:]


def _other_bases(payload: Bits, rng: np.random.Generator) -> Bits:
    """Say another basis for a tenth of the clicks."""
    return payload ^ np.packbits(rng.random(8 * payload.size) < 0.1)


KINDS: dict[str, Kind] = {
    "nothing wrong": Kind(lambda message, eve: message),
    # payloads
    "one bit flipped": Kind(_with(_flip)),
    "20 bits flipped": Kind(_with(lambda payload, rng: _flip(payload, rng, 20))),
    "noise": Kind(_with(_noise)),
    "all zeros": Kind(_with(lambda payload, rng: np.zeros_like(payload))),
    "all ones": Kind(_with(lambda payload, rng: np.full_like(payload, 255))),
    "reversed": Kind(_with(lambda payload, rng: payload[::-1])),
    "truncated": Kind(_with(_cut)),
    "one byte more": Kind(_with(lambda payload, rng: np.append(payload, rng.integers(256)).astype(np.uint8))),
    "twice as long": Kind(_with(lambda payload, rng: np.append(payload, payload))),
    "empty": Kind(_with(lambda payload, rng: payload[:0])),
    "10 million bytes": Kind(_with(lambda payload, rng: np.zeros(10**7, dtype=np.uint8))),
    "a thousand million million bytes": Kind(_with(_without_memory)),
    "bytes in steps of two": Kind(_with(_strided)),
    # types of payloads
    "type: bytes": Kind(_with(lambda payload, rng: payload.tobytes())),
    "type: list": Kind(_with(lambda payload, rng: payload.tolist())),
    "type: None": Kind(_with(lambda payload, rng: None)),
    "type: floats": Kind(_with(lambda payload, rng: payload.astype(float))),
    "type: signed": Kind(_with(lambda payload, rng: payload.view(np.int8))),
    "type: two axes": Kind(_with(lambda payload, rng: payload[None])),
    "type: no axis": Kind(_with(lambda payload, rng: np.array(1, dtype=np.uint8))),
    "type: objects": Kind(_with(_objects)),
    "type: subclass": Kind(_with(lambda payload, rng: payload.view(np.ma.MaskedArray))),
    "type: endless": Kind(_with(_endless)),
    "type: strange": Kind(_with(lambda payload, rng: Strange())),
    # what is no message
    "no message: str": Kind(lambda message, eve: "hello"),
    "no message: class": Kind(lambda message, eve: Message),
    "no message: int": Kind(lambda message, eve: 3),
    "no message: strange": Kind(lambda message, eve: Strange()),
    "no message: no fields": Kind(_hollow),
    "no message: subclass": Kind(_letter),
    # heads
    "another number": Kind(lambda message, eve: replace(message, number=message.number + 1)),
    "a number of 5000 digits": Kind(lambda message, eve: replace(message, number=10**5000)),
    "a number of NumPy": Kind(
        lambda message, eve: replace(message, number=cast(int, np.int64(message.number)))
    ),
    "another sender": Kind(
        lambda message, eve: replace(message, sender="bob" if message.sender == "alice" else "alice")
    ),
    "another step": Kind(lambda message, eve: replace(message, step="authenticate " + message.step)),
    "a step of a million letters": Kind(lambda message, eve: replace(message, step="\ud800" * 10**6)),
    # order
    "dropped": Kind(lambda message, eve: None),
    "an older message": Kind(_older),
    "older words, right number": Kind(_older_words),
    "two of a sender swapped": Kind(_swapped),
    "flipped there and back": Kind(_there_and_back),
    "flipped alike in two": Kind(_twice_the_same),
    "changed after delivery": Kind(_later_changed),
    "change taken back": Kind(_taken_back),
    # exceptions and time
    "raises ZeroDivisionError": Kind(_raises(ZeroDivisionError)),
    "raises MemoryError": Kind(_raises(MemoryError)),
    "raises StopIteration": Kind(_raises(StopIteration)),
    "raises GeneratorExit": Kind(_raises(GeneratorExit)),
    "raises ChannelError": Kind(_raises(ChannelError("nowhere", "Eve says so"))),
    "raises RecursionError": Kind(_deep),
    "raises SystemExit": Kind(_raises(SystemExit)),
    "raises KeyboardInterrupt": Kind(_raises(KeyboardInterrupt)),
    "raises something strange": Kind(_raises(StrangeError)),
    "late": Kind(_waits(3 * PATIENCE_S), patience_s=PATIENCE_S, always=0),
    "almost late": Kind(_waits(PATIENCE_S / 10), patience_s=60 * PATIENCE_S, always=0),
    # words that make sense
    "clicks: half of them": Kind(_clicked(_half_the_clicks), "sift", "bob", 0),
    "clicks: one less": Kind(_clicked(_one_click_less), "sift", "bob", 0),
    "other bases": Kind(_with(_other_bases), "sift", "bob", 1),
    "agreement permuted": Kind(_with(_permuted), "sift", "alice", 0),
    "sample permuted": Kind(_with(_permuted), "estimate", "alice", 0),
    "sample of everything": Kind(_with(lambda p, rng: np.full_like(p, 255)), "estimate", "alice", 0),
    "sample made right": Kind(_right_sample, "estimate", "bob", 0),
    "errors counted otherwise": Kind(_counted, "estimate", "alice", 0),
    "errors of the key counted otherwise": Kind(_counted, "verify", "bob", 1),
    "error rate replaced": Kind(_with(_qber), "reconcile", "alice", 0),
    "seed of the correction": Kind(_with(_seed), "reconcile", "alice", 0),
    "answers inverted": Kind(_with(lambda p, rng: 255 - p), "reconcile", "alice"),
    "one answer inverted": Kind(_with(_flip), "reconcile", "alice"),
    "seed, and digests forged": Kind(_with(_seed), "reconcile", "alice", 0, forges=True),
    "answers, and digests forged": Kind(_with(lambda p, rng: 255 - p), "reconcile", "alice", forges=True),
    "one answer, and digests forged": Kind(_with(_flip), "reconcile", "alice", forges=True),
    "questions replaced": Kind(_with(_question), "reconcile", "bob"),
    "no more questions": Kind(_with(lambda p, rng: p[:0]), "reconcile", "bob"),
    "one more question": Kind(_one_more_question, "reconcile", "bob", 0),
    "seed of the frames' tags": Kind(_with(_noise), "verify", "alice", 0),
    "tags of the frames": Kind(_with(_noise), "verify", "alice", 1),
    "frames said to agree": Kind(_with(lambda p, rng: np.full_like(p, 255)), "verify", "bob", 0),
    "frames said to differ": Kind(_with(lambda p, rng: np.zeros_like(p)), "verify", "bob", 0),
    "seed of the hash": Kind(_with(_noise), "amplify", "alice", 0),
    "first tag flipped": Kind(_with(_flip), "authenticate", "alice", 0),
    "last tag flipped": Kind(_with(_flip), "authenticate", "bob", 0),
    "first tag said back": Kind(
        lambda message, eve: replace(message, payload=eve.past[-2].payload), "authenticate", "bob", 0
    ),
    "last tag dropped": Kind(lambda message, eve: None, "authenticate", "bob", 0),
    # not Eve
    "account drained meanwhile": Kind(_drained, always=0),
}
"""What may happen to a message, by name."""
