"""Hybrid keys: one key from a quantum key and a post-quantum secret, for as long as one of the two holds."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from qlearn._checks import as_choice, as_count

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

HASHES = ("SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512")
"""Hash functions that :func:`cat_kdf` takes."""

KEM_SECRET_BYTES = 32
"""Length of a shared secret of ML-KEM, whatever its parameters."""

LEAST_QKD_BYTES = 32
"""Length of a quantum key, at least: 256 bits, so that half of them are left against Grover's search."""


def as_bytes(x: object, name: str, *, least: int = 0, exact: int | None = None) -> bytes:
    """Return `x` as bytes of a fitting length; a refusal says the length that came and never the bytes."""
    if not isinstance(x, bytes | bytearray | memoryview):
        hint = ": pack bits by np.packbits(bits).tobytes()" if hasattr(x, "dtype") else ""
        raise TypeError(f"{name} must be bytes, not {type(x).__name__}{hint}")
    value = bytes(x)
    if exact is not None and len(value) != exact:
        raise ValueError(f"{name} must have {exact} bytes, not {len(value)}")
    if len(value) < least:
        raise ValueError(f"{name} must have at least {least} bytes, not {len(value)}")
    return value


@cache
def _hash(name: str) -> "HashAlgorithm":
    from cryptography.hazmat.primitives import hashes

    kind: type[HashAlgorithm] = getattr(hashes, name.replace("SHA-", "SHA").replace("SHA3-", "SHA3_"))
    return kind()


def _prefixed(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def cat_kdf(
    secrets: Sequence[bytes],
    *,
    label: bytes,
    context: bytes,
    first_message: bytes,
    second_message: bytes,
    length: int = 32,
    hash_name: str = "SHA-256",
) -> bytes:
    r"""Derive key material from several secrets and both messages of their exchange: CatKDF.

    .. math::
        \text{HKDF}\bigl(\text{secret} = k_1 \| k_2 \| \dots,\; \text{salt} = \text{label},\;
        \text{info} = H(\ell_C \| C \| \ell_A \| M_A \| \ell_B \| M_B)\bigr)

    with the context :math:`C`, the messages :math:`M_A, M_B`, and each :math:`\ell` the length of what follows, in 32 bits.
    In the standard :math:`M_A` is the label of its sender and the public keys, :math:`M_B` the label of the other and the
    answers, and the salt is the two labels.

    The secrets are put one behind the other without their lengths. So all but one of them must have lengths that are
    fixed by the algorithms: otherwise ``[b"ab", b"c"]`` and ``[b"a", b"bc"]`` give the same key, and who chooses the
    length of one secret reaches into the next (Aviram et al. 2021). :func:`hybrid_key` holds to that. Zeros at the end of a
    short label change nothing, as HMAC fills it up with zeros: the labels stand in the messages as well.

    Parameters
    ----------
    secrets : sequence of bytes
        Shared secrets, in an order that both parties know. A pre-shared or quantum key comes first.
    label : bytes
        Salt of HKDF: the labels of both parties.
    context : bytes
        What the key is for.
    first_message, second_message : bytes
        :math:`M_A` and :math:`M_B`.
    length : int
        Bytes to derive, up to 255 times the length of the hash.
    hash_name : str
        "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384" or "SHA3-512".

    Returns
    -------
    bytes
        `length` of them.

    Examples
    --------
    The place of a quantum key is the first:

    >>> qkd, classical, lattice = bytes(range(32)), bytes(range(64, 96)), bytes(range(128, 160))
    >>> cat_kdf(
    ...     [qkd, classical, lattice], label=b"label", context=b"qlearn hybrid v1",
    ...     first_message=bytes(0xA0 ^ i for i in range(40)), second_message=bytes(0x5B ^ i for i in range(50)),
    ... ).hex()
    '049b019d1c9e890182e74695b9339045fedb74e8f27c5b066fdeb0bafd32006d'

    References
    ----------
    ETSI TS 103 744 V1.1.1 (2020), "Quantum-safe hybrid key exchanges", sections 7.2 and 8.2. Aviram, Dowling,
    Komargodski, Paterson, Ronen and Yogev, "Combining secrets in hybrid key exchange in TLS 1.3", 2021, on lengths.
    """
    from cryptography.hazmat.primitives.hashes import Hash
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    as_choice(hash_name, HASHES, "hash_name")
    length = as_count(length, "length")
    algorithm = _hash(hash_name)
    if length > 255 * algorithm.digest_size:
        raise ValueError(
            f"length must be at most {255 * algorithm.digest_size}, 255 blocks of {hash_name}, not {length}"
        )
    if isinstance(secrets, bytes | bytearray | memoryview | str):
        raise TypeError("secrets must be a sequence of bytes, one for each exchange: put it in brackets")
    parts = [as_bytes(secret, f"secrets[{i}]", least=1) for i, secret in enumerate(secrets)]
    if not parts:
        raise ValueError("secrets must hold at least one secret, not none")
    told = (
        as_bytes(context, "context"),
        as_bytes(first_message, "first_message"),
        as_bytes(second_message, "second_message"),
    )
    digest = Hash(algorithm)
    for value in told:
        digest.update(_prefixed(value))
    return HKDF(algorithm, length, salt=as_bytes(label, "label"), info=digest.finalize()).derive(
        b"".join(parts)
    )


@dataclass(frozen=True)
class HybridContext:
    """What two parties said while they made a hybrid key: all of it public, and all of it bound into the key.

    Names are kept with their lengths in front, so that no two different contexts are written alike.

    Parameters
    ----------
    initiator, responder : str
        Who began, and who answered.
    key_id : str
        ID under which the quantum key was delivered (:class:`KeyStore`): the initiator names it.
    public_key : bytes
        The initiator's post-quantum public key.
    ciphertext : bytes
        The responder's answer to it.
    purpose : str
        What the key is for. Keys for two purposes are different and say nothing of each other.

    Examples
    --------
    >>> HybridContext("Alice", "Bob", "7f3c", bytes(1184), bytes(1088))
    HybridContext(Alice to Bob, quantum key 7f3c, public key of 1184 bytes, answer of 1088)
    """

    initiator: str
    responder: str
    key_id: str
    public_key: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)
    purpose: str = "session"

    def __post_init__(self) -> None:
        for name in ("initiator", "responder", "key_id", "purpose"):
            value = getattr(self, name)
            if not isinstance(value, str):
                raise TypeError(f"{name} must be a str, not {type(value).__name__}")
            if not value:
                raise ValueError(f"{name} must not be empty: the key is bound to it")
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                raise ValueError(f"{name} must be text that UTF-8 can write, not {value!r}")
        if self.initiator == self.responder:
            raise ValueError(
                f"initiator and responder must differ, not both be {self.initiator!r}: "
                "a message that comes back to its sender would be taken for the other's"
            )
        for name in ("public_key", "ciphertext"):
            object.__setattr__(self, name, as_bytes(getattr(self, name), name, least=1))

    def __repr__(self) -> str:
        return (
            f"HybridContext({self.initiator} to {self.responder}, quantum key {self.key_id}, "
            f"public key of {len(self.public_key)} bytes, answer of {len(self.ciphertext)})"
        )

    @property
    def label(self) -> bytes:
        """Labels of both parties: the salt."""
        return _prefixed(self.initiator.encode()) + _prefixed(self.responder.encode())

    @property
    def first_message(self) -> bytes:
        """What the initiator said: its label, the ID of the quantum key, its public key."""
        return _prefixed(self.initiator.encode()) + _prefixed(self.key_id.encode()) + self.public_key

    @property
    def second_message(self) -> bytes:
        """What the responder said: its label and the ciphertext."""
        return _prefixed(self.responder.encode()) + self.ciphertext


def hybrid_key(qkd_key: bytes, kem_secret: bytes, context: HybridContext, *, length: int = 32) -> bytes:
    r"""Return the key that stays secret while the quantum key *or* the post-quantum secret does.

    CatKDF (:func:`cat_kdf`) of :math:`k_\text{QKD} \| k_\text{KEM}` with both transcripts, by SHA-256.

    **Under which model.** Let HMAC-SHA-256 be a random oracle, or HKDF's extraction a pseudo-random function in each of
    the two secrets while the other is known. Then whoever lacks one of the secrets cannot tell the key from random bits
    better than by guessing the missing secret, with a bounded number of evaluations, and by what is known of it: the
    :math:`\varepsilon` of the quantum key, or the advantage against ML-KEM under chosen ciphertexts.

    Two things do not follow. If only the quantum key holds, the result is as safe as a hash, no longer against an Eve
    without limits: for that, use the quantum key itself as a one-time pad. And nothing here says *who* the other is: the
    two messages must be authenticated. A transcript that was altered on the way gives different keys at the two ends, so
    that the session fails, but an Eve who plays the other party to each has a key with each.

    Parameters
    ----------
    qkd_key : bytes, at least 32
        From both ends' key services, used for this and nothing else.
    kem_secret : bytes, 32
        What ``encapsulate`` and ``decapsulate`` of ML-KEM return.
    context : HybridContext
        What was said.
    length : int
        Bytes of the key.

    Returns
    -------
    bytes

    Examples
    --------
    >>> from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
    >>> alice = MLKEM768PrivateKey.generate()
    >>> secret, ciphertext = alice.public_key().encapsulate()  # at Bob's
    >>> context = HybridContext("Alice", "Bob", "7f3c", alice.public_key().public_bytes_raw(), ciphertext)
    >>> at_bob = hybrid_key(bytes(32), secret, context)
    >>> at_alice = hybrid_key(bytes(32), alice.decapsulate(ciphertext), context)
    >>> at_alice == at_bob, len(at_bob)
    (True, 32)

    What it is for:

    >>> from qlearn.communication.key_management import EncryptedSession
    >>> sealed = EncryptedSession(at_alice, "initiator").seal(b"meet at nine")
    >>> EncryptedSession(at_bob, "responder").open(sealed)
    b'meet at nine'

    References
    ----------
    ETSI TS 103 744 V1.1.1 (2020), section 8.2: a pre-shared key, where there is one, stands in front of the secrets. Bindel,
    Brendel, Fischlin, Goncalves and Stebila, "Hybrid key encapsulation mechanisms and authenticated key exchange", PQCrypto
    2019, doi:10.1007/978-3-030-25510-7_12: the model with a function pseudo-random in either argument.
    """
    if not isinstance(context, HybridContext):
        raise TypeError(
            f"context must be a HybridContext, not {type(context).__name__}: the key is bound to what both parties said"
        )
    quantum = as_bytes(qkd_key, "qkd_key", least=LEAST_QKD_BYTES)
    lattice = as_bytes(kem_secret, "kem_secret", exact=KEM_SECRET_BYTES)
    if hmac.compare_digest(quantum, lattice):
        raise ValueError("qkd_key and kem_secret must be two secrets, not one handed in twice")
    return cat_kdf(
        [quantum, lattice],
        label=context.label,
        context=context.purpose.encode(),
        first_message=context.first_message,
        second_message=context.second_message,
        length=length,
    )
