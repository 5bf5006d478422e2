"""Settings of a key management entity: who it is, whom it serves, and how much of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from qlearn._checks import as_count, as_real

if TYPE_CHECKING:
    from qlearn.communication.key_management.key_store import KeyStore

MOST_ID = 256
"""Letters of an ID of an application, at most."""
MOST_ANSWER = 16 * 1024 * 1024
"""Bytes of an answer that our clients read: a larger one would be lost, and its keys with it."""
MOST_KEYS = 1024
"""Keys of a request, at most: the IDs of all of them go into the body of one *Get key with key IDs*."""


@dataclass(frozen=True)
class KMESettings:
    """What a key management entity says of itself, whom it serves, and how much of it.

    Parameters
    ----------
    kme_id, peer_id : str
        This KME, and the one at the other end of the link.
    sae_ids : tuple of str
        Applications that may call and be named. No certificate makes an application known that is not here.
    max_key_per_request, max_key_size, min_key_size, max_sae_id_count : int
        As in the standard's status; sizes in bits, multiples of 8.
    requests_per_second, burst : float, int
        What one application gets before it is told 503.
    keys_per_second, key_burst : float, int
        Keys of the stock that one application takes before it is told 503. One that takes more than the link makes
        still empties the stock, at once where `key_burst` is more than the stock holds.
    at_once : int
        Requests in work at a time, of one application; its others are told 503.
    body_seconds, silence_seconds : float
        How long the body of a request may take; and the handshake of TLS, and the head of a request, before the connection
        is dropped.
    connections : int
        Connections open at a time, of which one application may have a quarter, and a quarter all together whose certificates
        name nobody that is known here; more are closed at once.
    monitor_ids : tuple of str
        Who may read `/metrics` and nothing else: what counts keys needs no right to them. Applications may read it as well.
    key_lifetime : float
        Seconds after which a key that no reader fetched is dropped.

    Examples
    --------
    >>> settings = KMESettings("KME1", "KME2", ("Alice", "Bob"))
    >>> settings.max_key_size
    4096

    What it says to applications, without a server:

    >>> import tempfile
    >>> from qlearn.communication.key_management import KeyStore, key_delivery_app
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> list(key_delivery_app(settings, store).openapi()["paths"])[0]
    '/api/v1/keys/{slave_SAE_ID}/status'
    >>> store.close(); folder.cleanup()
    """

    kme_id: str
    peer_id: str
    sae_ids: tuple[str, ...]
    max_key_per_request: int = 128
    max_key_size: int = 4096
    min_key_size: int = 64
    max_sae_id_count: int = 4
    requests_per_second: float = 200.0
    burst: int = 400
    keys_per_second: float = 1000.0
    key_burst: int = 20_000
    at_once: int = 64
    body_seconds: float = 10.0
    silence_seconds: float = 5.0
    connections: int = 500
    key_lifetime: float = 86_400.0
    monitor_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for member in ("sae_ids", "monitor_ids"):
            names = getattr(self, member)
            if isinstance(names, str) or not isinstance(names, Sequence):
                raise TypeError(f"{member} must be a list of names, not {type(names).__name__}")
            object.__setattr__(self, member, tuple(names))
        if both := sorted(set(self.sae_ids) & set(self.monitor_ids)):
            raise ValueError(f"monitor_ids must be no applications, but {both[0]!r} is in sae_ids")
        for name in (self.kme_id, self.peer_id, *self.sae_ids, *self.monitor_ids):
            if not isinstance(name, str) or not 0 < len(name) <= MOST_ID:
                raise ValueError(
                    f"kme_id, peer_id, sae_ids and monitor_ids must be texts of 1 to {MOST_ID} letters, not {name!r}"
                )
            if any("\ud800" <= letter <= "\udfff" for letter in name):
                raise ValueError(f"an ID must be text that UTF-8 can write, not {name!r}")
        for name in ("max_key_per_request", "burst", "key_burst", "at_once", "connections"):
            as_count(getattr(self, name), name)
        if self.max_key_per_request > MOST_KEYS:
            raise ValueError(
                f"max_key_per_request must be at most {MOST_KEYS}, not {self.max_key_per_request}: "
                "their IDs must fit into one request"
            )
        as_count(self.max_sae_id_count, "max_sae_id_count", 0)
        for name in ("min_key_size", "max_key_size"):
            if as_count(getattr(self, name), name, 8) % 8:
                raise ValueError(f"{name} must be a multiple of 8 bits, not {getattr(self, name)}")
        if self.min_key_size > self.max_key_size:
            raise ValueError(
                f"min_key_size must be at most max_key_size, not {self.min_key_size} > {self.max_key_size}"
            )
        most = self.max_key_per_request * (self.max_key_size // 6 + 100)  # base64, an ID and their names
        if most > MOST_ANSWER:
            raise ValueError(
                f"max_key_size must be such that {self.max_key_per_request} keys fit into an answer of {MOST_ANSWER} bytes, "
                f"not {self.max_key_size} bits, which make {most}: lower it or max_key_per_request"
            )
        for name in (
            "requests_per_second",
            "keys_per_second",
            "body_seconds",
            "silence_seconds",
            "key_lifetime",
        ):
            as_real(getattr(self, name), name, above=0)

    def refuse(self, store: "KeyStore") -> None:
        """Raise a ValueError if a store does not go with these settings."""
        if not self.min_key_size <= store.key_size <= self.max_key_size:
            raise ValueError(
                f"settings must allow the key size of the store, {store.key_size} bits, which a call without a size gets: "
                f"they have {self.min_key_size} to {self.max_key_size}"
            )
        most = self.max_key_per_request * store.pieces(self.max_key_size)
        if most > self.key_burst:
            raise ValueError(
                f"key_burst must be at least {most}, what the largest request takes of the stock, not {self.key_burst}"
            )

    def save(self, path: str | Path) -> None:
        """Write the settings as JSON."""
        Path(path).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf8")

    @classmethod
    def load(cls, path: str | Path) -> "KMESettings":
        """Read the settings that `save` wrote."""
        try:
            given = json.loads(Path(path).read_text(encoding="utf8"))
        except ValueError as fault:
            raise ValueError(f"path must name a file of JSON, but {path} is none: {fault}") from None
        if not isinstance(given, dict):
            raise ValueError(
                f"path must name settings, a JSON object, but {path} holds {type(given).__name__}"
            )
        known = {field.name for field in fields(cls)}
        if unknown := sorted(given.keys() - known):
            raise ValueError(f"{path} has members that are no settings: {', '.join(unknown)}")
        if missing := sorted({"kme_id", "peer_id", "sae_ids"} - given.keys()):
            raise ValueError(f"{path} lacks {', '.join(missing)}")
        return cls(**given)
