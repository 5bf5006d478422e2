r"""Key source: where a client gets the keys that it shares with another, by the calls of ETSI GS QKD 014."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from qlearn._checks import as_count
from qlearn.communication.key_management.key_store import DeliveredKey, KeyStore


class KeySource(Protocol):
    """What hands out keys to one application: a :class:`~qlearn.communication.key_management.KMEClient`, or `StoreKeys`."""

    def enc_keys(self, slave: str, *, number: int = 1, size: int | None = None) -> list[DeliveredKey]:
        """Return fresh keys, `number` of `size` bits, which the slave can fetch by their IDs."""
        ...

    def dec_keys(self, master: str, key_ids: Sequence[str]) -> list[DeliveredKey]:
        """Return the keys that `master` was given under these IDs, each once."""
        ...


class StoreKeys:
    """A key store as one application sees it, without the network between: the calls of `KMEClient`.

    Parameters
    ----------
    store : KeyStore
        The keys of the link, or links, of this application.
    name : str
        Its ID.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> _ = store.add(bytes(64))
    >>> alice, bob = StoreKeys(store, "Alice"), StoreKeys(store, "Bob")
    >>> [key] = alice.enc_keys("Bob")
    >>> bob.dec_keys("Alice", [key.key_id]) == [key]
    True
    >>> store.close(); folder.cleanup()

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019), section 5.
    """

    def __init__(self, store: KeyStore, name: str) -> None:
        if not isinstance(store, KeyStore):
            raise TypeError(f"store must be a KeyStore, not {type(store).__name__}")
        self._store, self._name = store, name

    def __repr__(self) -> str:
        return f"StoreKeys({self._name})"

    def enc_keys(self, slave: str, *, number: int = 1, size: int | None = None) -> list[DeliveredKey]:
        """Return fresh keys, `number` of `size` bits, which the slave can fetch by their IDs."""
        return self._store.hand_out(self._name, slave, number=number, size=size)

    def dec_keys(self, master: str, key_ids: Sequence[str]) -> list[DeliveredKey]:
        """Return the keys that `master` was given under these IDs, each once."""
        return self._store.take(self._name, master, key_ids)


class KeySessionAborted(RuntimeError):
    """No keys came for a pair: the link gave none, for example because somebody listens. The round stops."""


@contextmanager
def _keys_or_abort(name: str, other: str) -> Iterator[None]:
    """Say of any fault whose keys did not come: a key service is another party, and may fail in any way."""
    try:
        yield
    except Exception as fault:
        raise KeySessionAborted(
            f"{name} got no keys with {other}: {type(fault).__name__}: {fault}. No update was sent"
        ) from fault


def draw(
    source: KeySource, name: str, other: str, size: int, *, key_bits: int, at_once: int
) -> tuple[tuple[str, ...], bytes]:
    """Return the IDs and the material of fresh keys of `size` bytes together, none of them longer than `key_bits`."""
    whole, rest = divmod(8 * as_count(size, "size"), key_bits)
    keys: list[DeliveredKey] = []
    with _keys_or_abort(name, other):
        while whole > 0:
            keys += source.enc_keys(other, number=min(whole, at_once), size=key_bits)
            whole -= at_once
        if rest:
            keys += source.enc_keys(other, number=1, size=rest)
    return tuple(key.key_id for key in keys), b"".join(key.key for key in keys)


def fetch(source: KeySource, name: str, other: str, key_ids: Sequence[str], *, at_once: int) -> bytes:
    """Return the material that `other` drew under these IDs."""
    keys: list[DeliveredKey] = []
    with _keys_or_abort(name, other):
        for at in range(0, len(key_ids), at_once):
            keys += source.dec_keys(other, key_ids[at : at + at_once])
    return b"".join(key.key for key in keys)
