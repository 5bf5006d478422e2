"""Key store: keys that wait for their readers, and leave exactly once each, also through a crash."""

import hmac
import os
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from qlearn._checks import as_count, as_real
from qlearn.communication.key_management.key_material import MaterialFile
from qlearn.communication.key_management.store_file import (
    APPLICATION,
    StoreBusy,
    StoreUnavailable,
    connect,
    own,
)

if TYPE_CHECKING:
    import sqlite3

KEY_SIZE = 256
"""Bits of a key of a new store, where nobody asks for another number."""
CAPACITY = 100_000
"""Keys that a new store holds at most, where nobody asks for another number."""

_TO_OPEN = 2.0
"""Seconds to wait, at least, for another process that writes while the file is opened."""
_SCHEMA = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE stock (place INTEGER PRIMARY KEY, key BLOB NOT NULL)",
    "CREATE TABLE handed (key_id TEXT, reader TEXT, master TEXT NOT NULL, since REAL NOT NULL, key BLOB, "
    "PRIMARY KEY (key_id, reader)) WITHOUT ROWID",
    "CREATE INDEX handed_since ON handed (since)",
    "CREATE TABLE sources (name TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID",
)


class NotEnoughKeys(LookupError):
    """The stock is too small for what was asked; nothing was handed out."""


class KeysNotFound(LookupError):
    """A key with this ID is not, or no longer, here for this reader; nothing was handed out."""


class NotNamed(PermissionError):
    """A key was handed out for other readers than this one; it stays there for them."""


@dataclass(frozen=True, eq=False, repr=False)
class DeliveredKey:
    """A key with its ID, as it reaches an application.

    Its text shows the ID and the length, never the key. Two are equal if ID and key are; the keys are compared in a time
    that depends on their length alone.

    Parameters
    ----------
    key_id : str
        A UUID, public.
    key : bytes
        The key.

    Examples
    --------
    >>> DeliveredKey("bd0a8a1e-6e4d-4d6b-a2d0-5a0fd7b1a2c3", bytes(32))
    DeliveredKey(bd0a8a1e-6e4d-4d6b-a2d0-5a0fd7b1a2c3, 256 bits)
    """

    key_id: str
    key: bytes

    def __repr__(self) -> str:
        return f"DeliveredKey({self.key_id}, {8 * len(self.key)} bits)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DeliveredKey):
            return NotImplemented
        return self.key_id == other.key_id and hmac.compare_digest(self.key, other.key)

    def __hash__(self) -> int:
        return hash(self.key_id)


class KeyStore:
    r"""Keys in a file, each of which leaves once: to its master by `hand_out`, and to each named reader by `take`.

    Every hand-out is one transaction of SQLite with a write-ahead log, synchronised to the disk before it returns: a key
    that a caller has seen is gone from the stock, as long as the disk keeps what it reported written. A crash between the
    transaction and the answer loses that key for its master; no other caller gets it. Several processes may open the same
    file.

    The store cannot know that time was turned back on it: after a backup is restored, or the log (`-wal`) is deleted or left
    behind by a copy, keys that were handed out are in the stock again. A store to which that has happened is thrown away,
    and a new one filled with new keys.

    A key that leaves is overwritten with zeros in the database (``secure_delete``). Old pages of the log hold it until the
    log is folded in: :meth:`scrub` does that and cuts the log to nothing. What the file system, a copy or the disk's own
    spare blocks still hold, and what Python leaves in memory, no program on top of them can clean.

    Parameters
    ----------
    path : str or Path
        The file; made with the permissions 0600 if there is none. One that others may read is refused, as is a log of it.
    key_size : int, optional
        Bits of a key of the stock, a multiple of 8. None: what the file says, or `KEY_SIZE` for a new one.
    capacity : int, optional
        Keys that the stock holds at most. None: what the file says, or `CAPACITY` for a new one.
    patience : float
        Seconds to wait for another process that writes, before `StoreUnavailable`. To open the file it waits two at least.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> store.add(bytes(range(96))), store
    (3, KeyStore(3 keys of 256 bits))
    >>> [key] = store.hand_out("Alice", "Bob")
    >>> store.take("Bob", "Alice", [key.key_id]) == [key], store.stored
    (True, 2)
    >>> store.take("Bob", "Alice", [key.key_id])
    Traceback (most recent call last):
    ...
    qlearn.communication.key_management.key_store.KeysNotFound: one or more keys specified are not found on KME

    Whatever it refuses, it keeps; each refusal is an exception of its own:

    >>> [key] = store.hand_out("Alice", "Bob")
    >>> for ask in (
    ...     lambda: store.hand_out("Alice", "Bob", number=5),
    ...     lambda: store.take("Carol", "Alice", [key.key_id]),
    ...     lambda: store.take("Bob", "Carol", [key.key_id]),
    ... ):
    ...     try:
    ...         ask()
    ...     except (NotEnoughKeys, NotNamed, KeysNotFound, StoreUnavailable) as refusal:
    ...         print(type(refusal).__name__)
    NotEnoughKeys
    NotNamed
    KeysNotFound
    >>> store.close(); folder.cleanup()

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019), sections 5 and 6, for what each caller may see.
    SQLite, "Write-Ahead Logging", https://sqlite.org/wal.html, for what a crash leaves.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        key_size: int | None = None,
        capacity: int | None = None,
        patience: float = 2.0,
    ) -> None:
        if key_size is not None and as_count(key_size, "key_size", 8) % 8:
            raise ValueError(f"key_size must be a multiple of 8 bits, not {key_size}")
        if capacity is not None:
            as_count(capacity, "capacity")
        as_real(patience, "patience", least=0)
        self.path = Path(path).absolute()  # no name means memory, or another file after a change of folder
        self._lock = threading.Lock()
        self._process = os.getpid()
        own(self.path)
        # A process that starts beside others finds one of them writing now and then: that is no reason to give up.
        self._db = connect(self.path, max(patience, _TO_OPEN))
        try:
            with self._transaction() as db:
                self._open(db, key_size, capacity)
            self._db.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")
        except BaseException:
            self._db.close()
            raise

    def _open(self, db: "sqlite3.Connection", key_size: int | None, capacity: int | None) -> None:
        """Make the tables, or see that the file is a store with what was asked."""
        if not db.execute("PRAGMA application_id").fetchone()[0]:
            for statement in _SCHEMA:
                db.execute(statement)
            facts = {"key_size": key_size or KEY_SIZE, "capacity": capacity or CAPACITY, "stored": 0}
            db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
            db.execute(f"PRAGMA application_id = {APPLICATION}")
        facts = dict(db.execute("SELECT name, value FROM facts").fetchall())
        self.key_size: int = facts["key_size"]
        self.capacity: int = facts["capacity"]
        for name, asked in (("key_size", key_size), ("capacity", capacity)):
            if asked is not None and asked != facts[name]:
                raise ValueError(
                    f"{name} must be {facts[name]}, as in {self.path}, not {asked}: it is fixed when a store is made"
                )

    def __repr__(self) -> str:
        return f"KeyStore({self.stored:,} keys of {self.key_size} bits)"

    @contextmanager
    def _transaction(
        self, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE"
    ) -> "Iterator[sqlite3.Connection]":
        """Give the database, and commit; after any fault it is as before."""
        import sqlite3

        if os.getpid() != self._process:
            raise RuntimeError("a store does not outlive a fork: open the file in the new process")
        with self._lock:
            try:
                self._db.execute(f"BEGIN {kind}")
                try:
                    yield self._db
                    self._db.execute("COMMIT")
                except BaseException:
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                    raise
            except sqlite3.Error as fault:
                # The last byte of the code is its family: SQLITE_BUSY or SQLITE_LOCKED.
                busy = getattr(fault, "sqlite_errorcode", 0) & 0xFF in (5, 6)
                kind_of_fault = StoreBusy if busy else StoreUnavailable
                raise kind_of_fault(f"the key store cannot be used now: {fault}") from fault

    @property
    def stored(self) -> int:
        """Keys of the stock: what `hand_out` can still give."""
        with self._transaction("DEFERRED") as db:
            return int(db.execute("SELECT value FROM facts WHERE name = 'stored'").fetchone()[0])

    def add(self, material: bytes) -> int:
        """Put key material into the stock, cut into keys, and return how many were stored.

        Parameters
        ----------
        material : bytes
            Fresh secret bytes. What does not fill a key, or does not fit into the capacity, is not stored.

        Returns
        -------
        int
        """
        if not isinstance(material, bytes | bytearray | memoryview):
            raise TypeError(f"material must be bytes, not {type(material).__name__}: np.packbits packs bits")
        with self._transaction() as db:
            return self._add(db, bytes(material))

    def add_from(self, path: str | Path, *, most: int = 4096) -> int:
        """Put what a file of key material has gained since the last call into the stock, and return how many keys it gave.

        How far the file was read is noted in the transaction that stores the keys, so that a crash repeats none. The file
        is known again by its first 32 bytes, of which a hash is kept: under another name, or copied, it is read on and not
        once more, and a new one in its place is read from its beginning. It may grow at its end only.

        A part in which a key of 64 bits or more comes twice is refused: a device that repeats itself has failed. That is all
        that is looked at. Whether the bits are secret and uniform, nobody can see in them.

        Parameters
        ----------
        path : str or Path
            Raw bytes, as a link writes them; an ordinary file, which is not this store's own. Keys that were handed out stay
            in it: who writes it must delete it.
        most : int
            Keys to take at most.

        Returns
        -------
        int
            0 if the file has less than 32 bytes.
        """
        as_count(most, "most")
        size = self.key_size // 8
        # Not within the transaction: what waits for a file must not keep the others waiting.
        with MaterialFile(path, self.path) as file:
            if file.name is None:
                return 0
            with self._transaction("DEFERRED") as db:
                used = _used(db, file.name)
            material = file.keys(used, size, most)
        with self._transaction() as db:
            if _used(db, file.name) != used:
                return 0  # another process was here meanwhile
            count = self._add(db, material)
            db.execute("REPLACE INTO sources VALUES (?, ?)", (file.name, used + count * size))
            return count

    def _add(self, db: "sqlite3.Connection", material: bytes) -> int:
        size = self.key_size // 8
        stored = db.execute("SELECT value FROM facts WHERE name = 'stored'").fetchone()[0]
        count = min(len(material) // size, self.capacity - stored)
        keys = ((material[size * i : size * (i + 1)],) for i in range(count))
        db.executemany("INSERT INTO stock (key) VALUES (?)", keys)
        db.execute("UPDATE facts SET value = value + ? WHERE name = 'stored'", (count,))
        return count

    def pieces(self, size: int) -> int:
        """Return how many keys of the stock a key of so many bits takes."""
        return -(-size // self.key_size)

    def hand_out(
        self,
        master: str,
        slave: str,
        *,
        number: int = 1,
        size: int | None = None,
        additional: Sequence[str] = (),
    ) -> list[DeliveredKey]:
        """Take keys out of the stock for `master`, and keep a copy of each for every named reader.

        Parameters
        ----------
        master, slave : str
            IDs of the two applications.
        number : int
            How many keys.
        size : int, optional
            Bits of each, a multiple of 8. None: those of the store. A longer key is made of several of the stock, of a
            shorter one the rest is discarded.
        additional : sequence of str
            IDs of more readers, who get the same keys.

        Returns
        -------
        list of DeliveredKey, length `number`

        Raises
        ------
        NotEnoughKeys
            If the stock is too small for all of it. It stays as it is.
        StoreUnavailable
            If the file cannot be written.
        """
        size = self.key_size if size is None else as_count(size, "size", 8)
        if size % 8:
            raise ValueError(f"size shall be a multiple of 8, not {size}")
        readers = [slave, *additional]
        if len({master, *readers}) != 1 + len(readers):
            raise ValueError("master, slave and additional must be different applications")
        pieces = self.pieces(size)
        wanted = pieces * as_count(number, "number")
        with self._transaction() as db:
            rows = db.execute("SELECT place, key FROM stock ORDER BY place LIMIT ?", (wanted,)).fetchall()
            if len(rows) < wanted:
                raise NotEnoughKeys(
                    f"there are not enough keys now: this takes {wanted} of the stock, which has {len(rows)}"
                )
            db.execute("DELETE FROM stock WHERE place <= ?", (rows[-1][0],))
            db.execute("UPDATE facts SET value = value - ? WHERE name = 'stored'", (wanted,))
            keys = [
                DeliveredKey(
                    str(uuid.uuid4()), b"".join(key for _, key in rows[at : at + pieces])[: size // 8]
                )
                for at in range(0, wanted, pieces)
            ]
            now = time.time()
            db.executemany(
                "INSERT INTO handed VALUES (?, ?, ?, ?, ?)",
                [(key.key_id, reader, master, now, key.key) for key in keys for reader in readers],
            )
            return keys

    def take(self, reader: str, master: str, key_ids: Sequence[str]) -> list[DeliveredKey]:
        """Take the copies that `reader` has of keys of `master`, all or none of them.

        Parameters
        ----------
        reader, master : str
            Who asks, and who was given the keys by `hand_out`.
        key_ids : sequence of str
            Different IDs, in any case of letters.

        Returns
        -------
        list of DeliveredKey, in the order asked

        Raises
        ------
        NotNamed
            If a key is here for other readers, and never was for this one. It stays.
        KeysNotFound
            If a key is not here, or no longer for this reader, or is another master's. All stay.
        StoreUnavailable
            If the file cannot be written.
        """
        wanted = [key_id.lower() for key_id in key_ids]
        if not wanted or len(set(wanted)) != len(wanted):
            raise ValueError("key_ids must be one ID or more, each named once")
        with self._transaction() as db:
            found: list[DeliveredKey] = []
            others = False
            for key_id in wanted:
                rows = db.execute(
                    "SELECT reader, master, key FROM handed WHERE key_id = ?", (key_id,)
                ).fetchall()
                mine = [row for row in rows if row[0] == reader]
                others |= bool(rows) and not mine
                found += [
                    DeliveredKey(key_id, key) for _, given, key in mine if key is not None and given == master
                ]
            if others:
                raise NotNamed("the calling SAE was not named as a reader of every key asked for")
            if len(found) < len(wanted):
                raise KeysNotFound("one or more keys specified are not found on KME")
            for key_id in wanted:
                db.execute("UPDATE handed SET key = NULL WHERE key_id = ? AND reader = ?", (key_id, reader))
                waits = "SELECT 1 FROM handed WHERE key_id = ? AND key IS NOT NULL"
                if not db.execute(waits, (key_id,)).fetchone():
                    db.execute("DELETE FROM handed WHERE key_id = ?", (key_id,))
            return found

    def discard(self, older_than: float) -> int:
        """Drop the copies that no reader has taken for `older_than` seconds, and return how many keys they belonged to.

        Parameters
        ----------
        older_than : float
            Seconds since the hand-out.

        Returns
        -------
        int
        """
        before = time.time() - as_real(older_than, "older_than", least=0)
        with self._transaction() as db:
            count = db.execute(
                "SELECT count(DISTINCT key_id) FROM handed WHERE since <= ?", (before,)
            ).fetchone()[0]
            db.execute("DELETE FROM handed WHERE since <= ?", (before,))
            return int(count)

    def scrub(self) -> bool:
        """Fold the log into the database and cut it to nothing; return False if another process was in the way."""
        import sqlite3

        with self._lock:
            try:
                busy: Any = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.Error as fault:
                raise StoreUnavailable(f"the key store cannot be used now: {fault}") from fault
            return not busy

    def close(self) -> None:
        """Close the file; SQLite folds the log in if nobody else has it open."""
        with self._lock:
            self._db.close()


def _used(db: "sqlite3.Connection", name: str) -> int:
    row = db.execute("SELECT used FROM sources WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0
