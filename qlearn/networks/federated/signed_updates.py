r"""Signed updates: a server that believes no name, no model and no number of samples but under a signature.

A signature says who sent something, and that nobody has changed it. It does not say that it is true: a client that is
registered may sign a lie, and what then helps is in ``robust_aggregation``. Nor is a signed
model secret. The public keys must have reached the server unchanged, each with the name of its owner: who can put in a key
of their own can sign as that client.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_bytes
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, read_only
from qlearn._types import Arrays
from qlearn.networks.federated.rounds import MOST_SAMPLES

SCHEMES = {"ML-DSA-44": (1312, 2420), "ML-DSA-65": (1952, 3309), "ML-DSA-87": (2592, 4627)}
"""Bytes of the public key and of a signature of each parameter set of FIPS 204."""

# Bound into each signature, so that none that a key has made for another purpose passes here.
_CONTEXT = b"qlearn federated update 1"

# What ML-DSA takes as the seed of a key.
_SEED_BYTES = 32

# Sixty-four bits, and what a signature is to bind must be in them.
_MOST = 2**64 - 1


class UpdateRefused(ValueError):
    """An update that the server does not take.

    Parameters
    ----------
    client : str
        The name under which it came; not proven, unless the reason is that it came twice.
    reason : str
        "unknown", "run", "round", "signature", "twice" or "malformed".
    message : str
        What was wrong, in words.
    """

    def __init__(self, client: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.client, self.reason = client, reason


@dataclass(frozen=True, eq=False)
class SignedUpdate:
    """A client's model with what it claims about it, and a signature over all of that.

    Parameters
    ----------
    client : str
        Name of the client.
    run : str
        Name of the run that it takes part in.
    number : int
        Round, from 1.
    n_samples : int
        Number of samples that it says it has trained on.
    parameters : sequence of ndarray
        The model: finite float64 arrays, copied, and not to be written to.
    signature : bytes

    Examples
    --------
    >>> from qlearn.networks.federated import SignedUpdate, UpdateSigner
    >>> update = UpdateSigner("a", seed=bytes(32)).sign([[0.5, 1.0]], 10, run="trial", number=1)
    >>> isinstance(update, SignedUpdate), len(update.message), len(update.signature)
    (True, 78, 3309)
    """

    client: str
    run: str
    number: int
    n_samples: int
    parameters: Sequence[NDArray[np.float64]]
    signature: bytes = field(repr=False)

    def __post_init__(self) -> None:
        for name in ("client", "run"):
            as_name(getattr(self, name), name)
        for name in ("number", "n_samples"):
            if as_count(getattr(self, name), name) > _MOST:
                raise ValueError(f"{name} must be at most 2**64 - 1, not {getattr(self, name)}")
        if not isinstance(self.signature, bytes):
            raise TypeError(f"signature must be bytes, not {type(self.signature).__name__}")
        object.__setattr__(self, "parameters", tuple(_layer(p) for p in self.parameters))

    @property
    def message(self) -> bytes:
        """What is signed: all fields but the signature, each with its length, so that no two updates have one encoding.

        Strings as their number of bytes and UTF-8; numbers as eight bytes, the lowest first; the number of layers; of each
        layer its number of axes, their lengths, and its values as float64, the lowest byte first, the last axis fastest.
        """
        parts = []
        for text in (self.run, self.client):
            encoded = text.encode()
            parts += [pack("<Q", len(encoded)), encoded]
        parts.append(pack("<QQQ", self.number, self.n_samples, len(self.parameters)))
        for layer in self.parameters:
            parts += [pack(f"<{1 + layer.ndim}Q", layer.ndim, *layer.shape), layer.astype("<f8").tobytes()]
        return b"".join(parts)


class UpdateSigner:
    """A client's private key, which signs its updates with ML-DSA.

    Signing draws fresh randomness (FIPS 204 calls it hedged): two signatures of one update differ, and both are right.

    Parameters
    ----------
    client : str
        Name of the client: part of what is signed.
    seed : bytes, optional
        The 32 bytes that the key is made from, to have the same key again; None draws them from the operating system. Whoever
        has them signs as this client.
    scheme : str
        "ML-DSA-44", "ML-DSA-65" or "ML-DSA-87", NIST's security categories 2, 3 and 5.

    Examples
    --------
    >>> from qlearn.networks.federated import UpdateSigner
    >>> {s: len(UpdateSigner("a", scheme=s).public_key) for s in ("ML-DSA-44", "ML-DSA-65", "ML-DSA-87")}
    {'ML-DSA-44': 1312, 'ML-DSA-65': 1952, 'ML-DSA-87': 2592}

    References
    ----------
    NIST FIPS 204, "Module-lattice-based digital signature standard", 2024.
    """

    def __init__(self, client: str, seed: bytes | None = None, scheme: str = "ML-DSA-65") -> None:
        as_name(client, "client")
        self._key = private_key(seed, scheme)
        self.client, self.scheme = client, scheme

    def __repr__(self) -> str:
        return f"UpdateSigner({self.client!r}, scheme={self.scheme!r})"

    @property
    def public_key(self) -> bytes:
        """What the server registers under the name of this client."""
        key: bytes = self._key.public_key().public_bytes_raw()
        return key

    def sign(self, parameters: Sequence[ArrayLike], n_samples: int, *, run: str, number: int) -> SignedUpdate:
        """Return the update with its signature.

        Parameters
        ----------
        parameters : sequence of array_like
            The model, as ``Client.fit`` returns it.
        n_samples : int
            Number of samples that it was trained on.
        run : str
            Name of the run, different for each: without it an update of one run could be sent again in the next.
        number : int
            Round, from 1.

        Returns
        -------
        SignedUpdate
        """
        layers = [_layer(p) for p in parameters]
        unsigned = SignedUpdate(self.client, run, number, n_samples, layers, b"")
        return replace(unsigned, signature=self._key.sign(unsigned.message, _CONTEXT))


class UpdateVerifier:
    """The server's list of public keys, by which it takes updates or refuses them.

    Parameters
    ----------
    public_keys : mapping of str to bytes
        For each client its key. No two may have the same: who signs for two names has two votes.
    run : str
        Name of the run. Updates that were signed for another are refused. A server that runs a round again under the same
        name takes the updates of the first try, too.
    shapes : sequence of tuple of int, optional
        Shapes of the model's layers. With them a client that sends another model is refused here, and does not end the
        round for all.
    most_samples : int, default 10**6
        The most samples that a client may claim, as in :func:`~qlearn.networks.federated.run`: they are its weight, and a
        signature does not make them true.

    Examples
    --------
    Mallory sends a model under the name of Bob, and Alice's update of round 1 again in round 2.

    >>> from qlearn.networks.federated import FedAvg, UpdateRefused, UpdateSigner, UpdateVerifier
    >>> alice, bob, mallory = (UpdateSigner(name) for name in ("Alice", "Bob", "Bob"))
    >>> server = UpdateVerifier({"Alice": alice.public_key, "Bob": bob.public_key}, run="trial")
    >>> old = alice.sign([[1.0]], 30, run="trial", number=1)
    >>> taken, refused = server.collect([old, bob.sign([[5.0]], 10, run="trial", number=1)], number=1)
    >>> FedAvg().aggregate(taken, current=[[0.0]])[0], refused
    ([array([2.])], [])
    >>> taken, refused = server.collect([old, mallory.sign([[9e9]], 10, run="trial", number=2)], number=2)
    >>> taken, [(r.client, r.reason) for r in refused]
    ([], [('Alice', 'round'), ('Bob', 'signature')])
    >>> isinstance(refused[0], UpdateRefused)
    True
    """

    def __init__(
        self,
        public_keys: Mapping[str, bytes],
        run: str,
        *,
        shapes: Sequence[tuple[int, ...]] | None = None,
        most_samples: int = MOST_SAMPLES,
    ) -> None:
        as_name(run, "run")
        as_count(most_samples, "most_samples")
        if not public_keys:
            raise ValueError("public_keys must hold the key of at least one client")
        owners: dict[bytes, str] = {}
        self.run, self.shapes = run, None if shapes is None else [tuple(shape) for shape in shapes]
        self.most_samples = most_samples
        self._keys: dict[str, Any] = {}
        for client, key in public_keys.items():
            self._keys[client] = public_key(key, "public_keys", f"that of {client!r}")
            if key in owners:
                raise ValueError(
                    f"public_keys must differ: {owners[key]!r} and {client!r} have the same, and who signs for both has two votes"
                )
            owners[key] = client

    def verify(self, update: SignedUpdate, number: int) -> None:
        """Refuse an update that is not a registered client's own, of this run and round.

        Parameters
        ----------
        update : SignedUpdate
            As it came.
        number : int
            The round that the server is in.

        Raises
        ------
        UpdateRefused
            If the client is unknown, the run or the round another, or the signature not that client's of what came: then
            somebody else has signed, or something was changed; no server can tell which. If the model has other shapes, or
            the samples are more than `most_samples`.
        """
        from cryptography.exceptions import InvalidSignature

        as_count(number, "number")
        if not isinstance(update, SignedUpdate):
            raise UpdateRefused(
                "", "malformed", f"an update must be a SignedUpdate, not {type(update).__name__}"
            )
        who = update.client
        if who not in self._keys:
            raise UpdateRefused(who, "unknown", f"no key is registered for {who!r}")
        if update.run != self.run:
            raise UpdateRefused(
                who,
                "run",
                f"the update of {who!r} is for the run {update.run!r}, and this is {self.run!r}: sent again?",
            )
        if update.number != number:
            raise UpdateRefused(
                who,
                "round",
                f"the update of {who!r} is for round {update.number}, and this is {number}: sent again?",
            )
        try:
            self._keys[who].verify(update.signature, update.message, _CONTEXT)
        except InvalidSignature:
            raise UpdateRefused(
                who,
                "signature",
                f"the signature under the update of {who!r} is not theirs, or not of these numbers: somebody else has sent "
                "it, or changed it on the way",
            ) from None
        if update.n_samples > self.most_samples:
            raise UpdateRefused(
                who,
                "malformed",
                f"{who!r} claims {update.n_samples:,} samples, and at most {self.most_samples:,} are taken: they are its weight",
            )
        sent = [p.shape for p in update.parameters]
        if self.shapes is not None and sent != self.shapes:
            raise UpdateRefused(
                who,
                "malformed",
                f"the model of {who!r} has the shapes {sent}, and this one has {self.shapes}",
            )

    def collect(
        self, updates: Iterable[SignedUpdate], number: int
    ) -> tuple[list[tuple[Arrays, int]], list[UpdateRefused]]:
        """Return what a strategy may merge of all that came in a round, and the refusals.

        Each client counts once: the first of its updates that is verified. A forgery in its name takes nothing away
        from it. Nothing is kept from call to call: a round is collected in one call, since in a second one who has voted
        votes again.

        Parameters
        ----------
        updates : iterable of SignedUpdate
            All that came, in the order in which they came.
        number : int
            The round that the server is in.

        Returns
        -------
        updates : list of (list of ndarray, int)
            Models and numbers of samples, for ``strategy.aggregate``.
        refused : list of UpdateRefused
            With the name of the client and the reason.
        """
        taken: list[tuple[Arrays, int]] = []
        refused: list[UpdateRefused] = []
        seen = set()
        for update in updates:
            try:
                self.verify(update, number)
                if update.client in seen:
                    raise UpdateRefused(
                        update.client,
                        "twice",
                        f"{update.client!r} has sent an update of round {number} before",
                    )
            except UpdateRefused as refusal:
                refused.append(refusal)
                continue
            seen.add(update.client)
            taken.append(([p.copy() for p in update.parameters], int(update.n_samples)))
        return taken, refused


def private_key(seed: bytes | None, scheme: str) -> Any:
    """Return the private key of a scheme that 32 bytes make, or 32 new ones from the operating system."""
    from cryptography.hazmat.primitives.asymmetric import mldsa

    as_choice(scheme, SCHEMES, "scheme")
    if seed is not None and (not isinstance(seed, bytes) or len(seed) != _SEED_BYTES):
        what = f"{len(seed)} bytes" if isinstance(seed, bytes) else type(seed).__name__
        raise ValueError(f"seed must be {_SEED_BYTES} bytes, not {what}")
    made = getattr(mldsa, scheme.replace("-", "") + "PrivateKey")
    return made.from_seed_bytes(token_bytes(_SEED_BYTES) if seed is None else seed)


def public_key(raw: Any, name: str, which: str) -> Any:
    """Return the public key that these bytes are; their number says of which scheme."""
    from cryptography.hazmat.primitives.asymmetric import mldsa

    schemes = {sizes[0]: scheme for scheme, sizes in SCHEMES.items()}
    if not isinstance(raw, bytes) or len(raw) not in schemes:
        what = f"{len(raw)} bytes" if isinstance(raw, bytes) else type(raw).__name__
        raise ValueError(f"{name} must be bytes, {', '.join(map(str, schemes))} of them; {which} is {what}")
    return getattr(mldsa, schemes[len(raw)].replace("-", "") + "PublicKey").from_public_bytes(raw)


def as_name(name: Any, what: str) -> None:
    """Refuse what is no name, or one that UTF-8 cannot write and so nobody could sign."""
    if not isinstance(name, str) or not name or any("\ud800" <= letter <= "\udfff" for letter in name):
        raise TypeError(f"{what} must be a name, not {name!r}")


def _layer(values: ArrayLike) -> NDArray[np.float64]:
    """Return one layer as finite floats that nobody writes to, or refuse it."""
    given = np.asarray(values)
    if given.dtype.kind not in "buif":
        raise TypeError(f"parameters must be arrays of real numbers, not of {given.dtype}")
    array = given.astype(np.float64, order="C")
    if not np.isfinite(array).all():
        raise ValueError("parameters must be finite; they hold NaN or infinity")
    return read_only(array)
