"""Combiners of two secrets that fail, and the attacks that show it."""

import hashlib
from collections.abc import Callable

from qlearn.communication.key_management.hybrid_keys import as_bytes, cat_kdf
from qlearn.communication.key_management.x_wing import combine_x_wing

Combiner = Callable[[bytes, bytes, bytes, bytes], bytes]
"""Two secrets of 32 bytes, then the two ciphertexts that carried them: the key."""


def _secrets(first: bytes, second: bytes) -> tuple[bytes, bytes]:
    return as_bytes(first, "first", exact=32), as_bytes(second, "second", exact=32)


def xor_combiner(
    first: bytes, second: bytes, first_ciphertext: bytes = b"", second_ciphertext: bytes = b""
) -> bytes:
    r"""Combine two secrets by :math:`k_1 \oplus k_2`: **unsafe**, to be attacked.

    For two independent secrets that Eve only listens to, the result is as secret as either, even against an Eve without
    limits. It falls to one who takes part: see :func:`steer_xor` and :func:`mix_and_match`. The ciphertexts are not looked at.

    Parameters
    ----------
    first, second : bytes, 32 each
        The two secrets.
    first_ciphertext, second_ciphertext : bytes
        Ignored: that is the fault.

    Returns
    -------
    bytes
        32 of them.

    Examples
    --------
    >>> xor_combiner(bytes([3] * 32), bytes([5] * 32)) == bytes([6] * 32)
    True

    References
    ----------
    Giacon, Heuer and Poettering, "KEM combiners", PKC 2018, doi:10.1007/978-3-319-76578-5_7, eprint 2018/024.
    """
    first, second = _secrets(first, second)
    return bytes(a ^ b for a, b in zip(first, second, strict=True))


def hash_combiner(
    first: bytes, second: bytes, first_ciphertext: bytes = b"", second_ciphertext: bytes = b""
) -> bytes:
    r"""Combine two secrets by :math:`\text{SHA3-256}(k_1 \| k_2)`, without transcripts: **unsafe**, to be attacked.

    It withstands :func:`mix_and_match`. Yet two different exchanges can end in one key: :func:`rebind`.

    Parameters
    ----------
    first, second : bytes, 32 each
        The two secrets.
    first_ciphertext, second_ciphertext : bytes
        Ignored: that is the fault.

    Returns
    -------
    bytes
        32 of them.

    Examples
    --------
    >>> hash_combiner(bytes(32), bytes(32), b"one") == hash_combiner(bytes(32), bytes(32), b"another")
    True

    References
    ----------
    Giacon, Heuer and Poettering, "KEM combiners", PKC 2018, eprint 2018/024.
    """
    return hashlib.sha3_256(b"".join(_secrets(first, second))).digest()


def transcript_combiner(
    first: bytes, second: bytes, first_ciphertext: bytes = b"", second_ciphertext: bytes = b""
) -> bytes:
    """Combine two secrets and both ciphertexts by CatKDF (:func:`cat_kdf`).

    Parameters
    ----------
    first, second : bytes, 32 each
        The two secrets.
    first_ciphertext, second_ciphertext : bytes
        What carried them: bound into the key, each with its length.

    Returns
    -------
    bytes
        32 of them.

    Examples
    --------
    >>> transcript_combiner(bytes(32), bytes(32), b"one") == transcript_combiner(bytes(32), bytes(32), b"another")
    False

    References
    ----------
    ETSI TS 103 744 V1.1.1 (2020), section 8.2.
    """
    return cat_kdf(
        list(_secrets(first, second)),
        label=b"transcript combiner",
        context=b"",
        first_message=first_ciphertext,
        second_message=second_ciphertext,
    )


def steer_xor(first: bytes, wanted: bytes) -> bytes:
    r"""Return the second secret that makes :func:`xor_combiner` give the key that somebody wants.

    .. math:: k_2 = k_1 \oplus k_\text{wanted}

    Whoever chooses the second secret *after* having seen the first, such as a bad implementation of the second method that
    runs on the same machine, decides the key alone. The first secret, however good, is cancelled.

    A hash takes away the choice, and not the knowledge: who has seen both secrets has the key, whatever combines them. Nor all of
    the choice: about :math:`2^b` second secrets are tried until :math:`b` bits of the key are those that are wanted.

    Parameters
    ----------
    first : bytes, 32
        The honest secret.
    wanted : bytes, 32
        The key to end in.

    Returns
    -------
    bytes
        32 of them.

    Examples
    --------
    >>> honest, wanted = bytes(range(32)), bytes(32)
    >>> xor_combiner(honest, steer_xor(honest, wanted)) == wanted
    True
    >>> hash_combiner(honest, steer_xor(honest, wanted)) == wanted
    False
    """
    return xor_combiner(first, as_bytes(wanted, "wanted", exact=32))


def mix_and_match(combiner: Combiner) -> bool:
    r"""Attack a combiner with ciphertexts of one's own beside those of somebody else, and say whether the key falls.

    Bob has two keys of ML-KEM-768, not known to be broken, and Alice has sent him :math:`(c_1, c_2)`. Eve may have Bob
    decapsulate any *other* pair and sees the combined keys: the game of a chosen ciphertext. She makes :math:`(e_1, e_2)`
    herself, knows their secrets, and asks for :math:`(c_1, e_2)` and :math:`(e_1, c_2)`. Of XOR she learns

    .. math:: (k_1 \oplus l_2) \oplus l_2 = k_1, \qquad (l_1 \oplus k_2) \oplus l_1 = k_2

    and has Alice's key, though each encapsulation alone is believed to withstand such attacks. This is one attack: a
    combiner that it does not break is not thereby shown to be safe.

    Parameters
    ----------
    combiner : callable
        Two secrets of 32 bytes and two ciphertexts -> 32 bytes.

    Returns
    -------
    bool
        True: Eve has Alice's key.

    Examples
    --------
    >>> [mix_and_match(combiner) for combiner in (xor_combiner, hash_combiner, transcript_combiner)]
    [True, False, False]

    References
    ----------
    Giacon, Heuer and Poettering, "KEM combiners", PKC 2018, eprint 2018/024, section 1.
    """
    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey

    bob = MLKEM768PrivateKey.generate(), MLKEM768PrivateKey.generate()
    (k1, c1), (k2, c2) = (key.public_key().encapsulate() for key in bob)
    key = combiner(k1, k2, c1, c2)

    def ask(first: bytes, second: bytes) -> bytes:
        if (first, second) == (c1, c2):
            raise ValueError("Bob does not decapsulate the pair that is attacked")
        return combiner(bob[0].decapsulate(first), bob[1].decapsulate(second), first, second)

    (l1, e1), (l2, e2) = (key.public_key().encapsulate() for key in bob)
    guess = xor_combiner(xor_combiner(ask(c1, e2), l2), xor_combiner(ask(e1, c2), l1))
    return guess == key


def rebind(combiner: Combiner) -> bool:
    """Attack a combiner by another ciphertext for the same secret, and say whether the key comes out again.

    The secrets are of ML-KEM-768 and X25519. RFC 7748 tells the receiver to ignore the highest bit of a point, so the point with
    that bit flipped is another ciphertext with the same secret. Eve hands Bob Alice's pair with this one bit changed, which
    is a different message, and sees Alice's key: in the game of a chosen ciphertext she has won without breaking either
    method. In a protocol, two parties whose transcripts differ hold one key.

    Parameters
    ----------
    combiner : callable
        Two secrets of 32 bytes and two ciphertexts -> 32 bytes.

    Returns
    -------
    bool
        True: the altered ciphertext gave Alice's key.

    Examples
    --------
    >>> [rebind(combiner) for combiner in (xor_combiner, hash_combiner, transcript_combiner)]
    [True, True, False]

    References
    ----------
    Langley, Hamburg and Turner, RFC 7748 (2016), section 5. Giacon, Heuer and Poettering, eprint 2018/024.
    """
    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    lattice, curve, once = (
        MLKEM768PrivateKey.generate(),
        X25519PrivateKey.generate(),
        X25519PrivateKey.generate(),
    )
    k1, c1 = lattice.public_key().encapsulate()
    c2 = once.public_key().public_bytes_raw()
    key = combiner(k1, once.exchange(curve.public_key()), c1, c2)
    other = c2[:-1] + bytes([c2[-1] ^ 0x80])
    found = combiner(
        lattice.decapsulate(c1), curve.exchange(X25519PublicKey.from_public_bytes(other)), c1, other
    )
    return found == key


def x_wing_combiner(public_key: bytes) -> Combiner:
    """Return X-Wing's formula for one receiver as a combiner, to be put to the same attack as the others.

    Parameters
    ----------
    public_key : bytes, 32
        The receiver's point of X25519.

    Returns
    -------
    callable
        It looks at the second ciphertext only, as X-Wing does: made for ML-KEM first, X25519 second.

    Examples
    --------
    >>> rebind(x_wing_combiner(bytes(range(32))))
    False
    """
    point = as_bytes(public_key, "public_key", exact=32)

    def combine(first: bytes, second: bytes, first_ciphertext: bytes, second_ciphertext: bytes) -> bytes:
        return combine_x_wing(first, second, second_ciphertext, point)

    return combine
