r"""Signed roots: the log puts its name under how long its list is, what its root is, and when that was.

RFC 9162 calls it a signed tree head. It binds the log, not the truth: that an entry stands in the list says that the log has
taken it, and not that what it says is so.
"""

from dataclasses import dataclass, field, replace
from struct import calcsize, pack, unpack_from
from typing import Any

from qlearn._checks import as_count
from qlearn.networks.federated.signed_updates import as_name, private_key, public_key
from qlearn.networks.ledger.merkle_tree import HASH_BYTES, as_bytes

# Bound into each signature: one that a key has made under an update cannot be shown as one under a root.
_CONTEXT = b"qlearn ledger root 1"
MOST_TIME = 2**64 - 1


class LedgerRefused(ValueError):
    """Something that a log shows, or a file of it, that is not believed.

    Parameters
    ----------
    reason : str
        "signature", "log", "time", "truncated", "equivocation", "consistency", "inclusion", "record" or "root".
    message : str
        What was wrong, in words.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class SignedRoot:
    """What a log signs: its name, how many entries it has, their root, and the time.

    Parameters
    ----------
    log : str
        Name of the log.
    size : int
        Number of entries.
    time : int
        Milliseconds since 1970, or the number of a round: a whole number that never falls.
    root : bytes, length 32
    signature : bytes

    Examples
    --------
    >>> from qlearn.networks.ledger import merkle_root
    >>> signed = RootSigner("trial", seed=bytes(32)).sign(0, merkle_root([]), time=7)
    >>> signed.size, signed.time, len(signed.message), len(signed.signature), SignedRoot.decode(signed.encoded) == signed
    (0, 7, 61, 3309, True)
    """

    log: str
    size: int
    time: int
    root: bytes
    signature: bytes = field(repr=False)

    def __post_init__(self) -> None:
        as_name(self.log, "log")
        for name in ("size", "time"):
            if as_count(getattr(self, name), name, 0) > MOST_TIME:
                raise ValueError(f"{name} must be at most 2**64 - 1, not {getattr(self, name)}")
        if len(as_bytes(self.root, "root")) != HASH_BYTES:
            raise ValueError(f"root must be {HASH_BYTES} bytes, not {len(self.root)}")
        as_bytes(self.signature, "signature")

    @property
    def message(self) -> bytes:
        """What is signed.

        Bytes of the name, the name in UTF-8, size, time, root; numbers are eight bytes, the lowest first.
        """
        name = self.log.encode()
        return pack("<Q", len(name)) + name + pack("<QQ", self.size, self.time) + self.root

    @property
    def encoded(self) -> bytes:
        """All of it: the message, and behind it the signature."""
        return self.message + self.signature

    @classmethod
    def decode(cls, encoded: bytes) -> "SignedRoot":
        """Read it back; refuse what is none."""
        try:
            (length,) = unpack_from("<Q", as_bytes(encoded, "encoded"))
            name, numbers = encoded[8 : 8 + length], 8 + length
            end = numbers + calcsize("<QQ") + HASH_BYTES
            size, time = unpack_from("<QQ", encoded, numbers)
            return cls(name.decode(), size, time, encoded[end - HASH_BYTES : end], encoded[end:])
        except Exception as error:  # bytes from a stranger fail in many ways
            raise LedgerRefused("record", f"encoded must be a signed root; this is none: {error}") from error


class RootSigner:
    """A log's private key, which signs its roots with ML-DSA.

    Parameters
    ----------
    log : str
        Name of the log: part of what is signed.
    seed : bytes, optional
        The 32 bytes that the key is made from; None draws them from the operating system. Whoever has them is this log.
    scheme : str
        "ML-DSA-44", "ML-DSA-65" or "ML-DSA-87".

    Examples
    --------
    >>> signer = RootSigner("trial", scheme="ML-DSA-44")
    >>> signer, len(signer.public_key)
    (RootSigner('trial', scheme='ML-DSA-44'), 1312)

    References
    ----------
    NIST FIPS 204, "Module-lattice-based digital signature standard", 2024. RFC 9162, 2021, section 4.10.
    """

    def __init__(self, log: str, seed: bytes | None = None, scheme: str = "ML-DSA-65") -> None:
        as_name(log, "log")
        self._key = private_key(seed, scheme)
        self.log, self.scheme = log, scheme

    def __repr__(self) -> str:
        return f"RootSigner({self.log!r}, scheme={self.scheme!r})"

    @property
    def public_key(self) -> bytes:
        """What every reader must have, unchanged, before the first root."""
        key: bytes = self._key.public_key().public_bytes_raw()
        return key

    def sign(self, size: int, root: bytes, time: int) -> SignedRoot:
        """Sign a root. Nothing here remembers what was signed before: the key signs two histories as readily as one.

        Parameters
        ----------
        size : int
            Number of entries.
        root : bytes, length 32
        time : int
            When.

        Returns
        -------
        SignedRoot
        """
        unsigned = SignedRoot(self.log, size, time, root, b"")
        return replace(unsigned, signature=self._key.sign(unsigned.message, _CONTEXT))


def verify_root(signed: SignedRoot, key: bytes, log: str | None = None) -> None:
    """Refuse a root that the owner of this key has not signed.

    Parameters
    ----------
    signed : SignedRoot
        As it came.
    key : bytes
        The log's public key, 1312, 1952 or 2592 bytes.
    log : str, optional
        The name that it must have; None takes any.

    Raises
    ------
    LedgerRefused
        "log" if the name is another, "signature" if the signature is not that of this key under these bytes.

    Examples
    --------
    >>> from qlearn.networks.ledger import merkle_root
    >>> signer = RootSigner("trial")
    >>> signed = signer.sign(0, merkle_root([]), time=7)
    >>> verify_root(signed, signer.public_key)
    >>> verify_root(signed, RootSigner("trial").public_key)
    Traceback (most recent call last):
        ...
    qlearn.networks.ledger.signed_root.LedgerRefused: the signature under the root of 'trial' is not of this key: ...
    """
    refuse_unsigned(signed, public_key(key, "key", "this one"), log)


def refuse_unsigned(signed: SignedRoot, key: Any, log: str | None) -> None:
    """Refuse a root by a key that has been read from its bytes before, as a reader of many roots has it."""
    from cryptography.exceptions import InvalidSignature

    if not isinstance(signed, SignedRoot):
        raise TypeError(f"signed must be a SignedRoot, not {type(signed).__name__}")
    if log is not None and signed.log != log:
        raise LedgerRefused("log", f"the root is of the log {signed.log!r}, and {log!r} is read")
    try:
        key.verify(signed.signature, signed.message, _CONTEXT)
    except InvalidSignature:
        raise LedgerRefused(
            "signature",
            f"the signature under the root of {signed.log!r} is not of this key: somebody else has signed, or it was changed",
        ) from None
