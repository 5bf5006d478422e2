"""An encrypted session: AES-256-GCM with counted nonces, keys that move on, and no message taken twice."""

import hmac
import os
from threading import Lock
from typing import NoReturn

from qlearn._checks import as_choice, as_count
from qlearn.communication.key_management.hybrid_keys import as_bytes

HEADER_BYTES, TAG_BYTES = 16, 16
MOST_MESSAGES = 2**32
"""Messages under one key of AES-GCM, at most: NIST SP 800-38D asks for no more where nonces are random; ours are counted."""
MOST_MESSAGE_BYTES = 2**36 - 32
"""Bytes of one message of AES-GCM, at most: then its counter of blocks, 32 bits, runs out."""
WINDOW = 64
"""How far a message may come late."""

_ROLES = ("initiator", "responder")


class SessionError(Exception):
    """A message that is not accepted: forged, altered, replayed, too late, or of keys that are gone."""


def _next(key: bytes, label: bytes, salt: bytes | None = None) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=salt, info=b"qlearn session " + label).derive(key)


class _Direction:
    """One of the two directions: its chain of keys, and how far it has come."""

    def __init__(self, chain: bytes) -> None:
        self.epoch, self.counter, self.highest, self.seen = 0, 0, -1, 0
        self._enter(chain)

    def _enter(self, chain: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.cipher, self.chain = AESGCM(_next(chain, b"message")), _next(chain, b"chain")

    def advance(self) -> None:
        """Go to the next key and forget the last; its messages can no longer be read."""
        self.epoch, self.counter, self.highest, self.seen = self.epoch + 1, 0, -1, 0
        self._enter(self.chain)

    def ahead(self) -> "_Direction":
        """Return the next epoch as a trial: kept only if a message proves to be of it."""
        trial = _Direction.__new__(_Direction)
        trial.__dict__.update(self.__dict__)
        trial.advance()
        return trial

    def is_old(self, counter: int) -> bool:
        """Tell whether a message with this number was taken, or is too late to know."""
        if counter > self.highest:
            return False
        back = self.highest - counter
        return back >= WINDOW or bool(self.seen >> back & 1)

    def mark(self, counter: int) -> None:
        """Note that the message with this number was taken."""
        if counter > self.highest:
            ahead = min(counter - self.highest, WINDOW)
            self.seen = (self.seen << ahead | 1) & ((1 << WINDOW) - 1)
            self.highest = counter
        else:
            self.seen |= 1 << (self.highest - counter)


class EncryptedSession:
    r"""One end of a session that is encrypted and authenticated by AES-256-GCM.

    **Nonces.** GCM falls to a nonce that is used twice: the XOR of the two texts is read at once, and the key of its
    authentication can be solved for. So nobody chooses a nonce here. It is the number of the message under its key; each
    direction has keys of its own; and the object cannot be pickled or used in a fork, where two copies would count
    alike. Whoever makes two sessions from one key uses nonces twice, and so do two ends that take the same role: a key is for
    one session, and who began it must be agreed on before.

    **Keys move on.** After `messages_per_key` messages a direction goes to its next key by HKDF and forgets the last: who
    takes the memory later does not find the earlier keys there, if HKDF cannot be inverted and as far as Python forgets.
    Messages under the present key are read, and the next keys follow from it. :meth:`rekey` with fresh secret bits, at both
    ends, ends that.

    **Replay.** The header, a message's generation, epoch and number, is authenticated. A number is taken once; one that is
    more than 63 behind the highest is refused, as is all of an earlier key. Messages that are
    dropped are not noticed; if all of one key are, the next is out of reach until both ends :meth:`rekey`.

    Parameters
    ----------
    key : bytes, 32
        Secret and shared, such as that of :func:`hybrid_key`; for this session and no other.
    role : str
        "initiator" at one end, "responder" at the other.
    messages_per_key : int
        Messages of one direction before its key moves on, up to 2**32; equal at both ends.

    Examples
    --------
    >>> alice, bob = EncryptedSession(bytes(32), "initiator"), EncryptedSession(bytes(32), "responder")
    >>> sealed = alice.seal(b"meet at nine")
    >>> bob.open(sealed), len(sealed)
    (b'meet at nine', 44)
    >>> bob.open(sealed)
    Traceback (most recent call last):
    ...
    qlearn.communication.key_management.encrypted_session.SessionError: the message was taken already, or comes too late
    >>> alice
    EncryptedSession(initiator, generation 0, 1 sent, 0 taken)

    References
    ----------
    Dworkin, NIST SP 800-38D (2007), sections 5.2 and 8. Joux, "Authentication failures in NIST version of GCM", 2006:
    what a nonce used twice gives away. RFC 4303 (2005), section 3.4.3: the window against replay.
    """

    def __init__(self, key: bytes, role: str, *, messages_per_key: int = 2**20) -> None:
        self._role = as_choice(role, _ROLES, "role")
        secret = as_bytes(key, "key", exact=32)
        self._limit = as_count(messages_per_key, "messages_per_key")
        if self._limit > MOST_MESSAGES:
            raise ValueError(f"messages_per_key must be at most 2**32 for AES-GCM, not {messages_per_key}")
        self._lock, self._home = Lock(), os.getpid()
        self._generation = self._sent = self._taken = 0
        self._start(_next(secret, b"root"))

    def _start(self, root: bytes) -> None:
        # What is kept for the next generation is not what the chains came from: that would give all earlier keys away.
        self._carried = _next(root, b"carried")
        mine, theirs = (self._role.encode(), next(r for r in _ROLES if r != self._role).encode())
        self._out, self._in = _Direction(_next(root, mine)), _Direction(_next(root, theirs))

    def __repr__(self) -> str:  # and never a key
        return f"EncryptedSession({self._role}, generation {self._generation}, {self._sent} sent, {self._taken} taken)"

    def __copy__(self) -> "EncryptedSession":
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "EncryptedSession":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("an EncryptedSession cannot be pickled: the copy would use the same nonces once more")

    def _refuse_in_a_fork(self) -> None:
        if os.getpid() != self._home:
            raise ValueError(
                f"this EncryptedSession belongs to process {self._home} and is asked in process {os.getpid()}: after a "
                "fork both would use the same nonces. Make a session of its own, from a key of its own"
            )

    @property
    def generation(self) -> int:
        """How often fresh secret bits came in by :meth:`rekey`."""
        return self._generation

    @property
    def epochs(self) -> tuple[int, int]:
        """Which key of the present generation is in use, outwards and inwards."""
        return self._out.epoch, self._in.epoch

    def seal(self, text: bytes, associated: bytes = b"") -> bytes:
        """Encrypt a message; `associated` is authenticated with it and not sent.

        Returns the header of 16 bytes, the ciphertext, as long as the text, and the tag of 16 bytes.
        """
        self._refuse_in_a_fork()
        text, associated = as_bytes(text, "text"), as_bytes(associated, "associated")
        if len(text) > MOST_MESSAGE_BYTES:
            raise ValueError(f"text must have at most 2**36 - 32 bytes, not {len(text)}: cut it")
        with self._lock:  # two threads that read one counter would use one nonce
            if self._out.counter >= self._limit:
                self._out.advance()
            out, counter = self._out, self._out.counter
            header = (
                self._generation.to_bytes(4, "big")
                + out.epoch.to_bytes(4, "big")
                + counter.to_bytes(8, "big")
            )
            out.counter += 1  # counted before it is used: a fault in between costs a number, never a nonce
            self._sent += 1
            return header + out.cipher.encrypt(_nonce(counter), text, header + associated)

    def open(self, sealed: bytes, associated: bytes = b"") -> bytes:
        """Return the text of a message, if it is of the other end and was not taken before; else a SessionError.

        What is refused changes nothing: the session goes on.
        """
        from cryptography.exceptions import InvalidTag

        self._refuse_in_a_fork()
        sealed, associated = as_bytes(sealed, "sealed"), as_bytes(associated, "associated")
        if len(sealed) < HEADER_BYTES + TAG_BYTES:
            raise SessionError(f"a message has at least {HEADER_BYTES + TAG_BYTES} bytes, not {len(sealed)}")
        header = sealed[:HEADER_BYTES]
        generation, epoch, counter = (
            int.from_bytes(header[a:b], "big") for a, b in ((0, 4), (4, 8), (8, 16))
        )
        with self._lock:
            if generation != self._generation:
                raise SessionError(
                    f"the message is of generation {generation}, this end is in {self._generation}: rekey both ends"
                )
            if counter >= self._limit:
                raise SessionError("the message has a number beyond the limit of its key")
            if epoch == self._in.epoch:
                state = self._in
            elif epoch == self._in.epoch + 1:
                state = self._in.ahead()
            else:
                raise SessionError("the message is of a key that is gone, or not yet reached")
            if state.is_old(counter):
                raise SessionError("the message was taken already, or comes too late")
            try:
                text = state.cipher.decrypt(_nonce(counter), sealed[HEADER_BYTES:], header + associated)
            except InvalidTag:
                raise SessionError("the message was altered, or is not from the other end") from None
            state.mark(counter)
            self._in = state
            self._taken += 1
            return text

    def rekey(self, fresh: bytes) -> None:
        """Mix fresh secret bits, at least 32 bytes, into the keys of both directions: at both ends, the same bits.

        Messages of the generation before, still on their way, are refused from then on.
        """
        self._refuse_in_a_fork()
        fresh = as_bytes(fresh, "fresh", least=32)
        with self._lock:
            self._start(_next(fresh, b"rekey", salt=self._carried))
            self._generation += 1

    def same_keys(self, other: "EncryptedSession") -> bool:
        """Tell, in a time that does not depend on them, whether two ends in one process started from the same key."""
        return hmac.compare_digest(self._carried, other._carried)


def _nonce(counter: int) -> bytes:
    return counter.to_bytes(12, "big")
