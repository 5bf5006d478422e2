r"""Survivors: one list that is signed by many, before anybody helps to take a mask away."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from qlearn._checks import as_choice, as_count
from qlearn.networks.secure_aggregation.fixed_point import FixedPoint, bytes_for
from qlearn.networks.secure_aggregation.pairwise_pads import SEED_BYTES, pair_bytes
from qlearn.networks.secure_aggregation.threshold import least_threshold

_CONTEXT = b"qlearn secure aggregation"
_PUBLIC_KEY_BYTES = 1952
Pads = Literal["one-time", "stretched"]


class RefusedMessage(ValueError):
    """A message that a party does not act on: of another round, doubled, unsigned, or against what it signed before."""


class Signer:
    """A client's signing key: ML-DSA-65, which no known quantum algorithm forges.

    Parameters
    ----------
    seed : bytes, 32, optional
        For a key that comes again, in a test. None draws one.

    Examples
    --------
    >>> signer = Signer(bytes(32))
    >>> signature = signer.sign(b"the list")
    >>> verify_signature(signer.public_key, b"the list", signature), len(signature)
    (True, 3309)

    References
    ----------
    NIST FIPS 204 (2024).
    """

    def __init__(self, seed: bytes | None = None) -> None:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey

        self._key = MLDSA65PrivateKey.generate() if seed is None else MLDSA65PrivateKey.from_seed_bytes(seed)
        self.public_key: bytes = self._key.public_key().public_bytes_raw()

    def sign(self, statement: bytes) -> bytes:
        """Return a signature, 3,309 bytes."""
        return self._key.sign(statement, _CONTEXT)


def verify_signature(public_key: bytes, statement: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the key signed this statement, for this purpose.

    Parameters
    ----------
    public_key : bytes, 1952
        Of a :class:`Signer`.
    statement, signature : bytes
        What was signed, and by what.

    Returns
    -------
    bool

    Examples
    --------
    >>> verify_signature(Signer().public_key, b"the list", bytes(3309))
    False
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey

    try:
        MLDSA65PublicKey.from_public_bytes(public_key).verify(signature, statement, _CONTEXT)
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True)
class Terms:
    r"""What clients and server agree on before the first round; who signs a list signs them, too.

    Parameters
    ----------
    clients : tuple of str
        Names, all different; their order gives the signs of the pads.
    size : int
        :math:`d`, words of an update.
    numbers : FixedPoint
        How a number becomes a word.
    corrupted : int
        :math:`c`, how many clients may work with the server.
    threshold : int
        :math:`t`, signatures and answers that a sum takes. 0: the least that is allowed, :func:`least_threshold`, and all
        clients without `recover`.
    pads : {"one-time", "stretched"}
        Pads made of key, bit for bit, or stretched by AES from 256 bits a pair: then the record says so.
    recover : bool
        Whether a round survives a client that falls out, by shared self-masks. False: a third of the key, and all must answer.

    Examples
    --------
    >>> terms = Terms(("Ann", "Ben", "Cem", "Dia"), size=17, corrupted=1)
    >>> terms.threshold, terms.pair_bits
    (3, 3776)

    References
    ----------
    Bonawitz et al., 2017, doi:10.1145/3133956.3133982.
    """

    clients: tuple[str, ...]
    size: int
    numbers: FixedPoint = field(default_factory=FixedPoint)
    corrupted: int = 0
    threshold: int = 0
    pads: Pads = "one-time"
    recover: bool = True

    def __post_init__(self) -> None:
        names = tuple(self.clients)
        for i, name in enumerate(names):
            if not isinstance(name, str) or not name:
                raise TypeError(f"clients must be names, not {name!r}")
            if name in names[:i]:
                raise ValueError(f"clients must be different; {name!r} is there twice")
        if not 2 <= len(names) <= 255:
            raise ValueError(
                f"clients must be 2 to 255, not {len(names)}: each has a point of GF(2^8) of its own"
            )
        if not isinstance(self.numbers, FixedPoint):
            raise TypeError(f"numbers must be a FixedPoint, not {type(self.numbers).__name__}")
        as_choice(self.pads, ("one-time", "stretched"), "pads")
        # Equal terms have one digest: what NumPy writes differently is turned into Python's own.
        own = {
            "clients": tuple(map(str, names)),
            "size": as_count(self.size, "size"),
            "corrupted": as_count(self.corrupted, "corrupted", least=0),
            "threshold": as_count(self.threshold, "threshold", least=0),
            "pads": str(self.pads),
            "recover": bool(self.recover),
        }
        for name, value in own.items():
            object.__setattr__(self, name, value)
        least = least_threshold(len(names), self.corrupted)
        if not self.threshold:
            object.__setattr__(self, "threshold", least if self.recover else len(names))
        if not least <= as_count(self.threshold, "threshold") <= len(names):
            raise ValueError(
                f"threshold must be {least} to {len(names)} for {len(names)} clients of which {self.corrupted} may be "
                f"corrupted, not {self.threshold}: below it a server that lies about who fell out gets two sums"
            )
        if not self.recover and self.threshold != len(names):
            raise ValueError(
                f"threshold must be {len(names)}, all clients, without recover, not {self.threshold}"
            )

    @property
    def mask_bytes(self) -> int:
        """Bytes of a mask, or of the seed that it is stretched from."""
        return SEED_BYTES if self.pads == "stretched" else bytes_for(self.size, self.numbers.word_bits)

    @property
    def pair_bits(self) -> int:
        """Key bits that each pair draws for a round."""
        return 8 * pair_bytes(self.mask_bytes, recover=self.recover)

    @property
    def digest(self) -> bytes:
        """A hash of all of it, 32 bytes."""
        return sha256(repr(self).encode()).digest()


def list_statement(
    terms: Terms,
    number: int,
    members: Sequence[str],
    survivors: Sequence[str] | None = None,
    *,
    keys: str = "",
    about: bytes = b"",
) -> bytes:
    """Return what a client signs: the terms, the round, its keys, who takes part and, at its end, whose update arrived.

    Parameters
    ----------
    terms : Terms
        The agreement.
    number : int
        The round: a signature of one says nothing in another.
    members : sequence of str
        Who joined the round.
    survivors : sequence of str, optional
        Whose update arrived. None: the statement at the beginning, of the members alone.
    keys : str
        Of :func:`keys_digest`. Round 1 comes again whenever a client is started anew, and its keys do not: without them in
        it a signature of the first run would be good in the next, and a server that has collected some lists opens an update.
    about : bytes
        A hash of what the updates are about, such as the model that all got.

    Returns
    -------
    bytes

    Examples
    --------
    >>> terms = Terms(("Ann", "Ben", "Cem"), size=1)
    >>> list_statement(terms, 1, ["Ann", "Ben"], ["Ann"]) == list_statement(terms, 2, ["Ann", "Ben"], ["Ann"])
    False
    """
    said = {
        "about": about.hex(),
        "keys": keys,
        "members": list(members),
        "round": number,
        "survivors": None if survivors is None else list(survivors),
    }
    return terms.digest + json.dumps(said, sort_keys=True).encode()


def keys_digest(key_ids: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """Return a hash of the IDs of all keys of a round, by who drew them and with whom: no two rounds have the same."""
    listed = {name: {other: list(ids) for other, ids in key_ids[name].items()} for name in key_ids}
    return sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()


def list_fault(terms: Terms, names: Sequence[str], among: Sequence[str], own: str) -> str:
    """Return what is wrong with a list that must name this client and enough of these, each once, in their order; or ""."""
    if tuple(names) != tuple(name for name in among if name in names):
        return f"the list {tuple(names)} is not some of {', '.join(among)}, each once, in this order"
    if own not in names:
        return f"the list {', '.join(names)} leaves out {own}, to whom it was sent"
    if len(names) < terms.threshold:
        return f"the list has {len(names)} clients, below the threshold {terms.threshold}: the sum would be of too few"
    return ""


def hash_of(about: bytes) -> bytes:
    """Return the hash of what updates are about; of nothing, nothing."""
    return sha256(about).digest() if about else b""


def keys_statement(terms: Terms, number: int, name: str, key_ids: Mapping[str, tuple[str, ...]]) -> bytes:
    """Return what a client signs when it joins: in which round it drew which keys with whom."""
    return list_statement(terms, number, [name], keys=keys_digest({name: key_ids}))


def require_signatures(
    statement: bytes,
    signatures: Mapping[str, bytes],
    among: Sequence[str],
    roster: Mapping[str, bytes],
    least: int,
) -> None:
    """Refuse a statement that fewer than `least` of these clients signed; any false signature is refused, too.

    Parameters
    ----------
    statement : bytes
        Of `list_statement`.
    signatures : mapping of str to bytes
        Client to signature.
    among : sequence of str
        Whose signatures count.
    roster : mapping of str to bytes
        Public keys, got beforehand and not from the server.
    least : int
        How many it takes.

    Examples
    --------
    >>> ann, ben = Signer(), Signer()
    >>> roster = {"Ann": ann.public_key, "Ben": ben.public_key}
    >>> try:
    ...     require_signatures(b"list", {"Ann": ann.sign(b"list")}, ["Ann", "Ben"], roster, least=2)
    ... except RefusedMessage as refusal:
    ...     print(refusal)
    the list needs 2 signatures, it has 1 (of Ann)
    """
    for name, signature in signatures.items():
        if name not in among:
            raise RefusedMessage(f"{name} signed the list and is none of {', '.join(among)}")
        if not verify_signature(roster[name], statement, signature):
            raise RefusedMessage(
                f"the signature of {name} is not on this list: somebody was shown another one"
            )
    if len(signatures) < least:
        signed = ", ".join(signatures) or "nobody"
        raise RefusedMessage(f"the list needs {least} signatures, it has {len(signatures)} (of {signed})")


def check_roster(roster: Mapping[str, bytes], terms: Terms, name: str, signer: Signer) -> None:
    """Refuse a roster that lacks a client, has one key twice or another key for this client, or what is no key."""
    missing = [client for client in terms.clients if client not in roster]
    if missing:
        raise ValueError(f"roster must have a public key of every client; it lacks {', '.join(missing)}")
    if roster[name] != signer.public_key:
        raise ValueError(f"roster must have the public key of the signer of {name}, not another one")
    owners: dict[bytes, str] = {}
    for client in terms.clients:
        key = roster[client]
        if not isinstance(key, bytes) or len(key) != _PUBLIC_KEY_BYTES:
            raise ValueError(
                f"roster must hold public keys of {_PUBLIC_KEY_BYTES} bytes, as a Signer has; that of {client} is none"
            )
        if key in owners:
            raise ValueError(
                f"roster must hold different keys: {owners[key]} and {client} have the same, and one signature would "
                "count twice"
            )
        owners[key] = client
