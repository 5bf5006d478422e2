"""Authentication: who is speaking, and was it all that was said? Paid for in key."""

import os
from threading import Lock
from typing import Any, NoReturn

import numpy as np
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.poly1305 import Poly1305
from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_count
from qlearn._types import Bits
from qlearn.communication.secret_key.public_channel import NoKey, Party, PublicChannel

TAG_KEY_BITS = 256
"""Secret bits behind one tag: 128 for the point of the polynomial, 128 for the pad."""

PAD_BITS = 128
"""Secret bits that hide one tag."""

SESSION_BITS = 2 * TAG_KEY_BITS
"""Secret bits that a session uses up if nothing is kept: one tag each way, with a point and a pad of its own."""


class AuthenticationKey:
    r"""Secret bits that both parties share beforehand, none of them handed out twice.

    This is the one thing of the post-processing that remembers. A session spends :attr:`session_bits` of it, and
    refills them from the key it makes. Copies share one account: what one has handed out, no other hands out again. It
    stays in its process: it is not pickled, and hands nothing out in a fork.

    One object stands for both parties' copies here. Two real ones must stay in step. The last tag is never confirmed
    (:func:`authenticate`): where it is lost, Bob has a key and Alice has none, and if he refills from it, the two copies
    differ for good. So a real Bob refills a key's bits only when Alice's next authentic words show that she has it too.

    A session that fails has spent its bits and refills nothing, so an Eve who flips one bit of each session empties
    the account. With `keep_hash_key` she does so half as fast: the secret points :math:`r` of the two polynomials are
    set aside once, and a tag costs its pad alone. Each tag is uniform and says nothing of :math:`r`, as its pad is
    uniform and used once. What is left to learn from is whether a try passes. Up to the first that does, Eve has seen
    failures only, so her :math:`i`-th try is a function of the tags; it passes for at most
    :math:`8\lceil L_i/16\rceil` of the :math:`2^{106}` values of :math:`r`, and for :math:`q` tries

    .. math:: P(\text{any of } q \text{ tries passes}) \le \sum_{i=1}^{q} \frac{8 \lceil L_i / 16 \rceil}{2^{106}} ,

    the same sum as for points that are used once. The price: this holds while all pads stay secret and are used once. If
    one of them leaks, or hides two tags, :math:`r` follows from the tag, and with it Eve forges in every later session;
    a point that is used once would cost that one session alone.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        Shared in advance, for example by courier. They are copied.
    keep_hash_key : bool
        True: the first 256 bits become the points of all tags, one for each direction, and a session spends two
        pads, 256 bits. False: each tag has a point of its own, and a session spends :data:`SESSION_BITS`.

    Examples
    --------
    >>> from qlearn.communication import random_bits
    >>> pool = AuthenticationKey(random_bits(512, rng=1))
    >>> len(pool.take(256)), pool.left, pool.spent
    (32, 256, 256)
    >>> AuthenticationKey(random_bits(512, rng=1), keep_hash_key=True)
    AuthenticationKey(256 bits left, 0 spent, a hash key kept)

    A kept point with fresh pads: the same words have another tag in each session.

    >>> kept = AuthenticationKey(random_bits(768, rng=1), keep_hash_key=True)
    >>> alice, _ = kept.take_tag_keys()
    >>> next_alice, _ = kept.take_tag_keys()
    >>> alice[:16] == next_alice[:16], tag(b"click", alice) == tag(b"click", next_alice)
    (True, False)

    References
    ----------
    Wegman and Carter, J. Comput. Syst. Sci. 22, 265 (1981), doi:10.1016/0022-0000(81)90033-7, section 4. Portmann, "Key
    recycling in authentication", 2014, arXiv:1202.1229 (composable).
    """

    def __init__(self, bits: ArrayLike, *, keep_hash_key: bool = False) -> None:
        self._bits = as_bits(bits, "bits").copy()
        if self._bits.size > 1 and (self._bits == self._bits[0]).all():
            raise ValueError("bits must be random: these are all the same, which anybody can guess")
        self._one_at_a_time = Lock()
        self._home = os.getpid()
        self.spent = 0
        """Bits handed out so far."""
        self._points: bytes | None = None
        if keep_hash_key:
            if self._bits.size < SESSION_BITS:
                raise ValueError(
                    f"bits must be at least {SESSION_BITS} to keep a hash key, not {self._bits.size}: "
                    f"{2 * PAD_BITS} for the points of the two polynomials, and two pads for a first session"
                )
            self._points = np.packbits(self._bits[: 2 * PAD_BITS]).tobytes()
            self._bits = self._bits[2 * PAD_BITS :].copy()

    def __repr__(self) -> str:  # and never the bits
        kept = "" if self._points is None else ", a hash key kept"
        return f"AuthenticationKey({self.left} bits left, {self.spent} spent{kept})"

    def __copy__(self) -> "AuthenticationKey":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "AuthenticationKey":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "an AuthenticationKey cannot be pickled: the copy would hand out the same bits once more"
        )

    @property
    def left(self) -> int:
        """Bits that can still be handed out."""
        return self._bits.size

    @property
    def session_bits(self) -> int:
        """Bits that the two tags of a session use up."""
        return SESSION_BITS if self._points is None else 2 * PAD_BITS

    def refuse_in_a_fork(self) -> None:
        """Raise a ValueError in a process that is not the one it was made in: both would hand out the same bits."""
        if os.getpid() != self._home:
            raise ValueError(
                f"this AuthenticationKey belongs to process {self._home} and is asked in process {os.getpid()}: after a "
                "fork both would hand out the same bits. Give each process bits of its own"
            )

    def take(self, n_bits: int) -> bytes:
        """Hand out the next `n_bits` bits as bytes, and forget them; a ValueError if there are too few."""
        n = as_count(n_bits, "n_bits")
        self.refuse_in_a_fork()
        with self._one_at_a_time:  # two threads that reach for the key would be handed the same bits
            if n > self.left:
                raise ValueError(
                    f"the authentication key has {self.left} bits left and {n} are needed: "
                    f"{self.spent} are spent, and none is used twice. Share new ones"
                )
            taken, self._bits = self._bits[:n], self._bits[n:].copy()
            self.spent += n
        return np.packbits(taken).tobytes()

    def take_tag_keys(self) -> tuple[bytes, bytes]:
        """Hand out the keys of a session's two tags, Alice's and Bob's, 32 bytes each."""
        fresh = self.take(self.session_bits)
        point, pad = TAG_KEY_BITS // 16, PAD_BITS // 8
        if self._points is None:
            return fresh[: point + pad], fresh[point + pad :]
        return self._points[:point] + fresh[:pad], self._points[point:] + fresh[pad:]

    def refill(self, bits: Bits) -> None:
        """Add fresh secret bits, from a key that was just made."""
        fresh = as_bits(bits, "bits")
        self.refuse_in_a_fork()
        with self._one_at_a_time:
            self._bits = np.concatenate([self._bits, fresh])


def tag(transcript: bytes, key: bytes) -> bytes:
    r"""Return the tag that only a holder of the key could have put on a transcript.

    Poly1305, a Wegman-Carter tag: a polynomial in a secret :math:`r`, whose coefficients are the message,
    hidden by a secret pad :math:`s`:

    .. math:: t = \Bigl(\sum_{i=1}^{q} c_i\, r^{\,q+1-i} \bmod (2^{130} - 5)\Bigr) + s \bmod 2^{128}

    Parameters
    ----------
    transcript : bytes
        The whole conversation.
    key : bytes
        :math:`r` and :math:`s`, 16 bytes each. The pad :math:`s` is used for this tag and never again; the point
        :math:`r` may be kept (:class:`AuthenticationKey`).

    Returns
    -------
    bytes
        16 of them.

    Examples
    --------
    >>> tag(b"all that was said", bytes(range(32))).hex()
    'b530f33af58fc6cb0e4ed70dacf8d99f'

    References
    ----------
    Bernstein, "The Poly1305-AES message-authentication code", FSE 2005, doi:10.1007/11502760_3. Wegman
    and Carter, J. Comput. Syst. Sci. 22, 265 (1981), doi:10.1016/0022-0000(81)90033-7.
    """
    if len(key) != TAG_KEY_BITS // 8:
        raise ValueError(f"key must have {TAG_KEY_BITS // 8} bytes, a point and a pad, not {len(key)}")
    return Poly1305.generate_tag(key, transcript)


def forgery_probability(transcript: bytes) -> float:
    r"""Return the chance that somebody without the key finds a tag for another transcript.

    .. math:: p \le \frac{8 \lceil L / 16 \rceil}{2^{106}}

    for one try at a transcript of :math:`L` bytes, whatever computer Eve has: the bound is statistical. The tag
    that she heard does not help her, as the pad hides it. There are :math:`2^{106}` points :math:`r`, not
    :math:`2^{128}`, as Poly1305 sets 22 of the bits to zero.

    Parameters
    ----------
    transcript : bytes
        The longer of the two conversations.

    Returns
    -------
    float

    Examples
    --------
    >>> forgery_probability(bytes(10**6)) < 1e-26
    True

    References
    ----------
    Bernstein, 2005, doi:10.1007/11502760_3, theorem 3.3.
    """
    return 8 * -(-len(transcript) // 16) / 2.0**106


def authenticate(channel: PublicChannel, key: AuthenticationKey) -> float:
    r"""Compare the two transcripts under one-time keys: Alice tags hers for Bob, Bob his for Alice.

    Words that were altered, or stood in another message before, are in one of the transcripts and not in the other,
    and their tags differ. (A message that is dropped, or replayed with its old number, ends a session at once, in its
    own step, and costs no tag unless it is one of the two tags itself: :class:`PublicChannel`.)

    Only this session is compared, from :meth:`PublicChannel.open` on. The bits that refill the account are from a key that
    is itself no better than its :math:`\varepsilon`: over many sessions the chances add up, those of the ledgers.

    The last message of a protocol is never confirmed: Bob cannot know whether his tag arrived. Where it did not,
    this function lets neither of them have a key. In a laboratory Bob would keep one that is secret, and that
    Alice does not have, and must not refill his account from it yet (:class:`AuthenticationKey`).

    Parameters
    ----------
    channel : PublicChannel
        The line with the conversation so far. The two tags are its last messages.
    key : AuthenticationKey
        Both parties' copy; its `session_bits` are spent.

    Returns
    -------
    float
        Probability that a forgery passes, for both tags together.

    Raises
    ------
    NoKey
        If a tag does not fit: the step is "authenticate", and no key may be used.

    Examples
    --------
    >>> from qlearn.communication import random_bits
    >>> line = PublicChannel()
    >>> _ = line.send("alice", "estimate", np.arange(3, dtype=np.uint8))
    >>> authenticate(line, AuthenticationKey(random_bits(512, rng=1))) < 1e-29
    True
    """
    views = {"alice": channel.transcript("alice"), "bob": channel.transcript("bob")}
    hers, his = key.take_tag_keys()
    _one_way(channel, "alice", views["alice"], views["bob"], hers)
    _one_way(channel, "bob", views["bob"], views["alice"], his)
    return 2 * forgery_probability(max(views.values(), key=len))


def _one_way(channel: PublicChannel, sender: Party, said: bytes, heard: bytes, secret: bytes) -> None:
    mark = np.frombuffer(tag(said, secret), dtype=np.uint8)
    arrives = channel.send(sender, "authenticate", mark)
    try:
        Poly1305.verify_tag(secret, heard, arrives.tobytes())
    except InvalidSignature:
        listener = "Bob" if sender == "alice" else "Alice"
        raise NoKey(
            "authenticate",
            f"the tag from {sender} does not fit what {listener} heard: somebody changed the conversation",
        ) from None
