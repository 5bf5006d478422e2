"""The file of a key store: its owner's alone, told from other databases, written so that a commit is on the disk."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

# "QKDk" in ASCII: SQLite keeps it in the header of the file, and `file` shows it.
APPLICATION = 0x514B446B
"""What SQLite's header says of a key store."""


class StoreUnavailable(RuntimeError):
    """The file cannot be read or written now (full, locked, damaged); nothing was handed out."""


class StoreBusy(StoreUnavailable):
    """Another process, or another part of this one, writes at the moment; nothing was handed out."""


def own(path: Path) -> None:
    """Make the file with permissions for its owner alone, or refuse one that others may read."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        for part in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            try:
                mode = part.stat().st_mode & 0o777
            except FileNotFoundError:
                if part is path:
                    raise
                continue
            if mode & 0o077:
                raise ValueError(
                    f"path must name a file that its owner alone can read, but {part} has the permissions {mode:04o}; "
                    "chmod 600 mends it, after you have asked who has read the keys"
                ) from None


def connect(path: Path, patience: float) -> "sqlite3.Connection":
    """Open the database with a write-ahead log, zeros over what is deleted, and commits that reach the disk."""
    import sqlite3

    try:
        db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as fault:
        raise StoreUnavailable(f"{path} cannot be used as a key store: {fault}") from fault
    try:
        # In this order: another process may make the store at the moment, in one transaction.
        used = db.execute("SELECT 1 FROM sqlite_master").fetchone()
        found = db.execute("PRAGMA application_id").fetchone()[0]
        if found != APPLICATION and (used or found):
            raise ValueError(
                f"path must name a key store or a new file, but {path} is another program's database"
            )
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA journal_mode = WAL")
        # NORMAL would lose the last commits when the power fails: keys would come back to the stock.
        db.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error as fault:
        db.close()
        raise StoreUnavailable(f"{path} cannot be used as a key store: {fault}") from fault
    except ValueError:
        db.close()
        raise
    return db
