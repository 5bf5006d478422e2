r"""Sealed lines: AES-GCM between each client and the server, under keys from the link and from a lattice."""

from collections.abc import Mapping

from qlearn.communication.key_management.encrypted_session import EncryptedSession
from qlearn.communication.key_management.hybrid_keys import HybridContext, hybrid_key
from qlearn.networks.secure_aggregation.key_source import KeySource
from qlearn.networks.secure_aggregation.round_messages import RoundMessage, pack, unpack
from qlearn.networks.secure_aggregation.secure_rounds import Direction, Post

SESSION_KEY_BITS = 256
"""Bits of quantum key that a session takes, however much is sent under it."""


def hybrid_sessions(
    client: str, client_keys: KeySource, server: str, server_keys: KeySource
) -> tuple[EncryptedSession, EncryptedSession]:
    """Return the two ends of a session between a client and the server: one key of the link, and one ML-KEM-768 exchange.

    The session is safe while one of the two holds (:func:`~qlearn.communication.key_management.hybrid_key`).

    Parameters
    ----------
    client, server : str
        Their IDs.
    client_keys, server_keys : KeySource
        Where each gets keys that it shares with the other.

    Returns
    -------
    at_client, at_server : EncryptedSession

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.communication.key_management import KeyStore
    >>> from qlearn.networks.secure_aggregation import StoreKeys
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> _ = store.add(bytes(range(32)))
    >>> ann, hub = hybrid_sessions("Ann", StoreKeys(store, "Ann"), "Hub", StoreKeys(store, "Hub"))
    >>> hub.open(ann.seal(b"an update"))
    b'an update'
    >>> store.close(); folder.cleanup()

    References
    ----------
    NIST FIPS 203 (2024) for ML-KEM; ETSI TS 103 744 V1.1.1 (2020) for the combination.
    """
    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey

    [quantum] = client_keys.enc_keys(server, number=1, size=SESSION_KEY_BITS)
    [same] = server_keys.dec_keys(client, [quantum.key_id])
    lattice = MLKEM768PrivateKey.generate()
    secret, ciphertext = lattice.public_key().encapsulate()
    context = HybridContext(
        client,
        server,
        quantum.key_id,
        lattice.public_key().public_bytes_raw(),
        ciphertext,
        "secure aggregation",
    )
    at_client = hybrid_key(quantum.key, lattice.decapsulate(ciphertext), context)
    at_server = hybrid_key(same.key, secret, context)
    return EncryptedSession(at_client, "initiator"), EncryptedSession(at_server, "responder")


def encrypted_post(sessions: Mapping[str, tuple[EncryptedSession, EncryptedSession]]) -> Post:
    """Return what carries messages under AES-GCM: the round and the kind of message are bound into each tag.

    Parameters
    ----------
    sessions : mapping of str to (EncryptedSession, EncryptedSession)
        For each client its end and the server's, as :func:`hybrid_sessions` makes them.

    Returns
    -------
    callable
        For ``aggregate(..., post=)`` and ``secure_run(..., post=)``.

    Examples
    --------
    >>> from qlearn.networks.secure_aggregation import Survivors
    >>> ends = EncryptedSession(bytes(32), "initiator"), EncryptedSession(bytes(32), "responder")
    >>> encrypted_post({"Ann": ends})("Ann", "down", Survivors(1, ("Ann", "Ben")))
    Survivors(number=1, survivors=('Ann', 'Ben'))

    References
    ----------
    Dworkin, NIST SP 800-38D (2007).
    """

    def carry(name: str, direction: Direction, message: RoundMessage) -> RoundMessage:
        sender, receiver = sessions[name] if direction == "up" else sessions[name][::-1]
        bound = f"{name} {direction} {type(message).__name__} {message.number}".encode()
        arrived = unpack(receiver.open(sender.seal(pack(message), bound), bound))
        if direction == "up" and getattr(arrived, "sender", name) != name:
            raise ValueError(f"a message over the line of {name} is signed with the name of another")
        return arrived

    return carry
