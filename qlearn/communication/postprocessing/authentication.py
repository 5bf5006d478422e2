"""Authentication: who is speaking, and was it all that was said? Paid for in key."""

import numpy as np
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.poly1305 import Poly1305
from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_count
from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.postprocessing.channel import NoKey, PublicChannel

TAG_KEY_BITS = 256
"""Secret bits that one tag uses up."""

SESSION_BITS = 2 * TAG_KEY_BITS
"""Secret bits that a session uses up: one tag each way."""


class AuthenticationKey:
    """Secret bits that both parties share beforehand, each of them used once.

    This is the one thing of the post-processing that remembers: what it has handed out it never hands out
    again. A session spends :data:`SESSION_BITS` of it and refills it from the key it makes.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        Shared in advance, for example by courier. They are copied.

    Raises
    ------
    ValueError, TypeError
        If these are no bits.

    Examples
    --------
    >>> from qlearn.communication.coins import coins
    >>> pool = AuthenticationKey(coins(512, rng=1))
    >>> len(pool.take(256)), pool.left, pool.spent
    (32, 256, 256)

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(self, bits: ArrayLike) -> None:
        self._bits = as_bits(bits, "bits").copy()
        if self._bits.size > 1 and (self._bits == self._bits[0]).all():
            raise ValueError("bits must be random: these are all the same, which anybody can guess")
        self.spent = 0
        """Bits handed out so far."""

    def __repr__(self) -> str:
        return f"AuthenticationKey({self.left} bits left, {self.spent} spent)"  # and never the bits

    @property
    def left(self) -> int:
        """Bits that can still be handed out."""
        return self._bits.size

    def take(self, n_bits: int) -> bytes:
        """Hand out the next `n_bits` bits as bytes, and forget them; a ValueError if there are too few."""
        n = as_count(n_bits, "n_bits")
        if n > self.left:
            raise ValueError(
                f"the authentication key has {self.left} bits left and {n} are needed: "
                f"{self.spent} are spent, and none is used twice. Share new ones"
            )
        taken, self._bits = self._bits[:n], self._bits[n:].copy()
        self.spent += n
        return np.packbits(taken).tobytes()

    def refill(self, bits: Bits) -> None:
        """Add fresh secret bits, from a key that was just made."""
        self._bits = np.concatenate([self._bits, as_bits(bits, "bits")])


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
        :math:`r` and :math:`s`, 32 bytes, used for this tag and never again.

    Returns
    -------
    bytes
        16 of them.

    Raises
    ------
    ValueError
        If the key has not 32 bytes.

    Examples
    --------
    >>> tag(b"all that was said", bytes(range(32))).hex()
    'b530f33af58fc6cb0e4ed70dacf8d99f'

    References
    ----------
    Bernstein, "The Poly1305-AES message-authentication code", FSE 2005, doi:10.1007/11502760_3. Wegman
    and Carter, J. Comput. Syst. Sci. 22, 265 (1981), doi:10.1016/0022-0000(81)90033-7.

    Taught in :doc:`/communication/secret_key`.
    """
    if len(key) != TAG_KEY_BITS // 8:
        raise ValueError(f"key must have {TAG_KEY_BITS // 8} bytes, used once, not {len(key)}")
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

    Taught in :doc:`/communication/secret_key`.
    """
    return 8 * -(-len(transcript) // 16) / 2.0**106


def authenticate(channel: PublicChannel, key: AuthenticationKey) -> float:
    """Compare the two transcripts under one-time keys: Alice tags hers for Bob, Bob his for Alice.

    A message that was altered, replayed, dropped or swapped with another stands in one of the transcripts
    and not in the other, and their tags differ.

    The last message of a protocol is never confirmed: Bob cannot know whether his tag arrived. Where it did not,
    this function lets neither of them have a key. In a laboratory Bob would keep one that is secret, and that
    Alice does not have.

    Parameters
    ----------
    channel : PublicChannel
        The line with the conversation so far. The two tags are its last messages.
    key : AuthenticationKey
        Both parties' copy; :data:`SESSION_BITS` of it are spent.

    Returns
    -------
    float
        Probability that a forgery passes, for both tags together.

    Raises
    ------
    NoKey
        If a tag does not fit: the step is "authenticate", and no key may be used.
    ValueError
        If the key is too short. Nothing has been sent then.

    Examples
    --------
    >>> from qlearn.communication.coins import coins
    >>> line = PublicChannel()
    >>> _ = line.send("alice", "estimate", np.arange(3, dtype=np.uint8))
    >>> authenticate(line, AuthenticationKey(coins(512, rng=1))) < 1e-29
    True

    Taught in :doc:`/communication/secret_key`.
    """
    secrets = key.take(SESSION_BITS)
    half = TAG_KEY_BITS // 8
    views = {"alice": channel.transcript("alice"), "bob": channel.transcript("bob")}
    _one_way(channel, "alice", views["alice"], views["bob"], secrets[:half])
    _one_way(channel, "bob", views["bob"], views["alice"], secrets[half:])
    return 2 * forgery_probability(max(views.values(), key=len))


def _one_way(channel: PublicChannel, sender: str, said: bytes, heard: bytes, secret: bytes) -> None:
    mark = np.frombuffer(tag(said, secret), dtype=np.uint8)
    arrives = channel.send("alice" if sender == "alice" else "bob", "authenticate", mark)
    try:
        Poly1305.verify_tag(secret, heard, arrives.tobytes())
    except InvalidSignature:
        listener = "Bob" if sender == "alice" else "Alice"
        raise NoKey(
            "authenticate",
            f"the tag from {sender} does not fit what {listener} heard: somebody changed the conversation",
        ) from None
