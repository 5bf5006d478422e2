"""Trusted node: it fetches the keys of its links from their KMEs, and passes on a key that two far ends then share."""

import hmac
import json
import re
import uuid
from collections.abc import Sequence
from typing import Any, Protocol

from qlearn._checks import as_count
from qlearn.communication.key_management.key_store import DeliveredKey
from qlearn.communication.key_management.settings import MOST_ID
from qlearn.communication.key_management.trusted_relay import CarriedKey, chain, who_reads
from qlearn.communication.secret_key.authentication import TAG_KEY_BITS, tag

RECEIPT_BITS = 128
"""Bits carried beside the key, which the last node says back: who has them was told them by the relay."""

MOST_SIZE = 2**20
"""Bits of a key that a message may be about."""

_HEX = re.compile(r"([0-9a-f]{2})+")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MEMBERS = {"path": list, "key_ID": str, "size": int, "link_key_ID": str, "announced": list, "tag": str}
"""Members of a message, and their kinds."""


class RelayError(Exception):
    """A message or a receipt of a relay that is not accepted: altered, out of place, or of no relay under way."""


class LinkClient(Protocol):
    """What a node asks of the KME at its end of a link; :class:`KMEClient` does it."""

    def enc_keys(self, slave: str, /, *, size: int | None = None) -> list[DeliveredKey]:
        """Return a fresh key of the link, as its master."""
        ...

    def dec_keys(self, master: str, key_ids: Sequence[str], /) -> list[DeliveredKey]:
        """Return the keys that the other end drew under these IDs."""
        ...


class TrustedNode:
    r"""A node of a relay: at each of its one or two links a client of the KME there, for which the node is an application.

    The node at the near end of a link draws a key of it (*Get key*, as the master), and the far end fetches the same one by
    its ID (*Get key with key IDs*). The last 256 bits of it make one tag, those before are the pad :math:`k_j`. Each node in
    between adds :math:`a_j = k_j \oplus k_{j+1}` to the message and sends it on under the tag of its next link, a
    Wegman-Carter tag (:func:`~qlearn.communication.secret_key.tag`). So all may hear the message. Somebody who is no node and
    knows no link key alters it unseen with a chance of at most
    :func:`~qlearn.communication.secret_key.forgery_probability` a try, and each try spends a key of the link.

    Each link key leaves its KME once, so a message that comes twice finds no key. A node in between that dies takes with it
    what it had fetched: those keys are gone, neither end delivers, and the first begins anew with others. That also makes the
    relay easy to hinder: an altered message is refused, and has cost its hop the key.

    The last 128 bits that are carried are no part of the key. The last node says them back as its receipt, and the first
    delivers its copy on that alone: it shows that the last node has *these* bits. Whether those of the key agree, too, rests on
    the nodes: one in between that lies can leave two different keys at the ends, as it could read the key. If the receipt is
    lost, the last node holds a key that the first never uses; no number of receipts for receipts would end that.

    Parameters
    ----------
    name : str
        The node, as its certificates name it to the KMEs.
    back, on : KMEClient, optional
        The KMEs of the links to the node before and to the next one. The first node has no `back`, the last no `on`.

    Examples
    --------
    Two links, here as two stores that are asked without a wire:

    >>> import os, tempfile
    >>> from qlearn.communication.key_management import KeyStore
    >>> class Asked:
    ...     def __init__(self, store, node):
    ...         self.store, self.node = store, node
    ...     def enc_keys(self, slave, *, size):
    ...         return self.store.hand_out(self.node, slave, size=size)
    ...     def dec_keys(self, master, key_ids):
    ...         return self.store.take(self.node, master, key_ids)
    >>> folder = tempfile.TemporaryDirectory()
    >>> links = [KeyStore(f"{folder.name}/{i}.db") for i in range(2)]
    >>> [link.add(os.urandom(1024)) for link in links]
    [32, 32]
    >>> first = TrustedNode("A", on=Asked(links[0], "A"))
    >>> between = TrustedNode("B", back=Asked(links[0], "B"), on=Asked(links[1], "B"))
    >>> last = TrustedNode("C", back=Asked(links[1], "C"))
    >>> message = between.forward(first.begin(["A", "B", "C"]))
    >>> key, receipt = last.end(message)
    >>> first.finish(key.key_id, receipt) == key
    True
    >>> for link in links: link.close()
    >>> folder.cleanup()

    References
    ----------
    Salvail et al., Journal of Computer Security 18, 61 (2010), arXiv:0904.4072. ETSI GS QKD 014 V1.1.1 (2019). Wegman and Carter,
    J. Comput. Syst. Sci. 22, 265 (1981), doi:10.1016/0022-0000(81)90033-7.
    """

    def __init__(self, name: str, *, back: LinkClient | None = None, on: LinkClient | None = None) -> None:
        if not isinstance(name, str) or not name:
            raise ValueError(f"name must be a text, not {name!r}")
        if back is None and on is None:
            raise ValueError("back or on must be a client of a KME: a node without a link relays nothing")
        self.name, self._back, self._on = name, back, on
        self._begun: dict[str, tuple[bytes, bytes]] = {}

    def __repr__(self) -> str:
        return f"TrustedNode({self.name})"

    def begin(self, path: Sequence[str], *, key_size: int = 256) -> bytes:
        """Draw a key of the first link, keep it until the receipt, and return the message to the next node.

        Without a receipt it stays here: :meth:`forget` ends that.

        Parameters
        ----------
        path : sequence of str
            Names of the nodes, this one first.
        key_size : int
            Bits of the key, a multiple of 8. Each link must give 384 more, 128 of the receipt and 256 of the tag, as one key; a
            :class:`KeyStore` gives up whole keys of its size for that: of 256 bits three, 768 bits.

        Returns
        -------
        bytes
            JSON. All of it may be public.
        """
        names = chain(path, "path")
        if names[0] != self.name:
            raise ValueError(f"path must begin with this node, {self.name!r}, not with {names[0]!r}")
        if as_count(key_size, "key_size", 8) % 8:
            raise ValueError(f"key_size must be a multiple of 8, not {key_size}")
        if key_size > MOST_SIZE:
            raise ValueError(f"key_size must be at most {MOST_SIZE} bits, not {key_size}")
        drawn, pad, secret = self._draw(key_size, names[1])
        key_id = str(uuid.uuid4())
        said = {"path": list(names), "key_ID": key_id, "size": int(key_size), "link_key_ID": drawn}
        self._begun[key_id] = _split(pad)
        return _tagged(said | {"announced": []}, secret)

    def forward(self, message: bytes) -> bytes:
        """Add the XOR of two link keys to a message of the node before, and return it for the next.

        Raises
        ------
        RelayError
            If the message is not for this node, or not as the node before has tagged it.
        """
        said, place, pad = self._hear(message)
        if place == len(said["path"]) - 1:
            raise RelayError(f"{self.name} is the last node of this relay: it ends here")
        # Drawn after the message has proved genuine: a forged one costs no key of the next link.
        drawn, fresh, secret = self._draw(said["size"], said["path"][place + 1])
        announced = [*said["announced"], _xor(pad, fresh).hex()]
        return _tagged(said | {"link_key_ID": drawn, "announced": announced}, secret)

    def end(self, message: bytes) -> tuple[DeliveredKey, bytes]:
        """Return the key as this last node has it, and the receipt for the first.

        Raises
        ------
        RelayError
            If the message is not for this node, or not as the node before has tagged it.
        """
        said, place, pad = self._hear(message)
        if place < len(said["path"]) - 1:
            raise RelayError(f"{self.name} is in the middle of this relay: it does not end here")
        for announced in said["announced"]:
            pad = _xor(pad, bytes.fromhex(announced))
        key, receipt = _split(pad)
        return DeliveredKey(said["key_ID"], key), receipt

    def finish(self, key_id: str, receipt: bytes) -> DeliveredKey:
        """Return the key as this first node has it, now that the last one has it too. One try a relay.

        Raises
        ------
        RelayError
            If no such relay is under way, or the receipt is another one; the key is dropped then.
        """
        key, expected = self._begun.pop(key_id, (b"", b""))
        if not key:
            raise RelayError(f"{self.name} has no relay of this key under way")
        if not isinstance(receipt, bytes | bytearray) or not hmac.compare_digest(expected, receipt):
            raise RelayError("the receipt is not the last node's: the key is dropped")
        return DeliveredKey(key_id, key)

    def forget(self, key_id: str) -> None:
        """Drop the key of a relay that was begun here and will not be finished."""
        self._begun.pop(key_id, None)

    def _draw(self, size: int, following: str) -> tuple[str, bytes, bytes]:
        """Draw a key of the next link, and return its ID, its pad and its key of a tag."""
        if self._on is None:
            raise ValueError(
                f"on must be a client of the KME of the link to {following!r}, for {self.name!r} to send"
            )
        keys = self._on.enc_keys(following, size=size + RECEIPT_BITS + TAG_KEY_BITS)
        return keys[0].key_id, *_cut(keys, size)

    def _hear(self, message: bytes) -> tuple[dict[str, Any], int, bytes]:
        """Return what a message says, this node's place in it, and the pad of the link that it came by."""
        if self._back is None:
            raise ValueError(
                f"back must be a client of the KME of the link before, for {self.name!r} to be told"
            )
        said, claimed = _read(message)
        path, size = said["path"], said["size"]
        place = path.index(self.name) if self.name in path else 0
        if place == 0 or len(said["announced"]) != place - 1:
            raise RelayError(f"the message is not one for {self.name}")
        pad, secret = _cut(self._back.dec_keys(path[place - 1], [said["link_key_ID"]]), size)
        if not hmac.compare_digest(tag(_words(said), secret), claimed):
            raise RelayError("the message is not as the node before has tagged it: nothing is passed on")
        return said, place, pad


def relay_over_links(nodes: Sequence[TrustedNode], *, key_size: int = 256) -> CarriedKey:
    """Carry a key along a chain of nodes over the links that they draw on, and say who could read it.

    The one call for what programs on machines of their own do: :meth:`TrustedNode.begin` at the first, `forward` at each in
    between, `end` at the last, and `finish` at the first. Whatever fails on the way (:class:`KMEError`, `httpx.TransportError`,
    :class:`RelayError`) is raised, and no end has delivered anything then.

    Parameters
    ----------
    nodes : sequence of TrustedNode
        Along the chain, at least two.
    key_size : int
        Bits of the key, a multiple of 8; each link must give 384 more, rounded up to whole keys of its store.

    Returns
    -------
    CarriedKey
        Its `announced` is the part over the key. Who reads is computed for the nodes, each with its KMEs: they stand in one
        building.

    Examples
    --------
    Between servers that run (``python -m qlearn.communication.kme serve``) the clients are of :class:`KMEClient`. Where a
    server does not answer, nothing is carried:

    >>> import tempfile, httpx
    >>> from qlearn.communication.key_management import DemoPKI, KMEClient
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pki = DemoPKI(folder)
    ...     certificate, private_key = pki.client("A")
    ...     files = {"certificate": certificate, "private_key": private_key, "authority": pki.authority}
    ...     with KMEClient("https://127.0.0.1:9", **files) as to_b, KMEClient("https://127.0.0.1:9", **files) as to_a:
    ...         try:
    ...             relay_over_links([TrustedNode("A", on=to_b), TrustedNode("B", back=to_a)])
    ...         except (RelayError, httpx.TransportError) as fault:
    ...             print(type(fault).__name__)
    ConnectError

    References
    ----------
    ITU-T Y.3800 (2019), "Overview on networks supporting quantum key distribution". ETSI GS QKD 014 V1.1.1 (2019).
    """
    if isinstance(nodes, TrustedNode | str) or not all(isinstance(node, TrustedNode) for node in nodes):
        raise TypeError("nodes must be a list of TrustedNode")
    names = chain([node.name for node in nodes], "nodes")
    first, *between, last = nodes
    message = first.begin(names, key_size=key_size)
    key_id = _read(message)[0]["key_ID"]
    try:
        for node in between:
            message = node.forward(message)
        received, receipt = last.end(message)
        sent = first.finish(received.key_id, receipt)
    finally:
        first.forget(key_id)
    announced = (bytes.fromhex(text)[: key_size // 8] for text in _read(message)[0]["announced"])
    return CarriedKey(names, sent.key, received.key, tuple(announced), *who_reads(names))


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _split(carried: bytes) -> tuple[bytes, bytes]:
    """Return the key and the receipt."""
    return carried[: -RECEIPT_BITS // 8], carried[-RECEIPT_BITS // 8 :]


def _cut(keys: list[DeliveredKey], size: int) -> tuple[bytes, bytes]:
    """Return the pad and the key of a tag that one link key is."""
    wanted = (size + RECEIPT_BITS + TAG_KEY_BITS) // 8
    if len(keys) != 1 or len(keys[0].key) != wanted:
        raise RelayError(f"the KME must give one key of {8 * wanted} bits: nothing is passed on")
    return keys[0].key[: -TAG_KEY_BITS // 8], keys[0].key[-TAG_KEY_BITS // 8 :]


def _words(said: dict[str, Any]) -> bytes:
    """Write what a tag covers, in one way."""
    return json.dumps(said, sort_keys=True).encode()


def _tagged(said: dict[str, Any], secret: bytes) -> bytes:
    return json.dumps(said | {"tag": tag(_words(said), secret).hex()}).encode()


def _read(message: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what a message says and its tag, or refuse what has not its form; whether it is genuine, the tag tells."""
    try:
        said = json.loads(message)
    except (ValueError, TypeError, RecursionError):
        said = None
    if not isinstance(said, dict) or {name: type(value) for name, value in said.items()} != _MEMBERS:
        raise RelayError("the message is none of a relay")
    texts = [said.pop("tag"), *said["announced"]]
    if not all(isinstance(text, str) and _HEX.fullmatch(text) for text in texts):
        raise RelayError("the message is none of a relay")
    if not all(_UUID.fullmatch(said[name]) for name in ("key_ID", "link_key_ID")):
        raise RelayError("the message names no key")
    # A name goes into a call to a KME before the tag is looked at.
    names = [
        name
        for name in said["path"]
        if isinstance(name, str) and len(name) <= MOST_ID and re.fullmatch(r"[^\ud800-\udfff]+", name, re.S)
    ]
    if names != said["path"] or len(set(names)) != len(names):
        raise RelayError("the path of the message is none")
    lengths = {4 * len(text) for text in texts[1:]}
    if not 8 <= said["size"] <= MOST_SIZE or said["size"] % 8 or not lengths <= {said["size"] + RECEIPT_BITS}:
        raise RelayError("the sizes in the message do not fit each other")
    return said, bytes.fromhex(texts[0])
