r"""The log: entries go in at the end, its roots are signed, and its file survives the death of the process."""

import os
import time as clock
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from threading import RLock
from typing import Self

from qlearn._checks import as_count
from qlearn.networks.federated.signed_updates import public_key
from qlearn.networks.ledger._records import ENTRY, MAGIC, MOST_BYTES, ROOT, record, records
from qlearn.networks.ledger.merkle_tree import MerkleTree, as_bytes
from qlearn.networks.ledger.signed_root import (
    MOST_TIME,
    LedgerRefused,
    RootSigner,
    SignedRoot,
    refuse_unsigned,
)


@dataclass(frozen=True)
class LogFile:
    """What a log's file holds, with every signature and every root in it checked.

    Parameters
    ----------
    entries : tuple of bytes
    heads : tuple of SignedRoot
        The roots that were signed, the last one last.
    whole_bytes, torn_bytes : int
        Length of the file up to its last whole record, and behind it.

    Examples
    --------
    >>> LogFile((b"a", b"b"), (), 60, 3).unsigned
    2
    """

    entries: tuple[bytes, ...]
    heads: tuple[SignedRoot, ...]
    whole_bytes: int
    torn_bytes: int

    @property
    def unsigned(self) -> int:
        """Number of entries behind the last signed root: nobody has promised them to anybody."""
        return len(self.entries) - (self.heads[-1].size if self.heads else 0)


def read_log(
    path: str | os.PathLike, key: bytes, log: str | None = None, head: SignedRoot | None = None
) -> LogFile:
    """Read a log's file and check it, without the private key; an auditor's work.

    It finds entries that were changed, dropped from the middle or exchanged, if a signed root *in the file* covers them. Who can
    write to the file can cut off its end, or take all signed roots out of it and then change what they covered: nothing in
    the file tells. A root that was kept elsewhere does: `head`.

    Parameters
    ----------
    path : str or path
        The file.
    key : bytes
        The log's public key.
    log : str, optional
        The name that it must have.
    head : SignedRoot, optional
        A root of this log that was kept in another place: its entries must be the first ones of the file, and the last root
        in the file must be no older.

    Returns
    -------
    LogFile

    Raises
    ------
    LedgerRefused
        "record" if a checksum does not fit, "signature" and "log" if a root is not of this key and name, "truncated" if one is of
        more entries than come before it, or `head` of more than the file has, or later than all its roots; "root" if one is not
        the root of those; "time" if times fall.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path, signer = Path(folder) / "log", RootSigner("trial")
    ...     with Ledger(signer, path) as ledger:
    ...         _ = ledger.append(b"round 1"), ledger.sign_root(time=1)
    ...     read_log(path, signer.public_key).entries
    (b'round 1',)
    """
    reader = public_key(key, "key", "this one")
    data = Path(path).read_bytes()
    found, whole = records(data)
    tree = MerkleTree(content for kind, content in found if kind == ENTRY)
    entries: list[bytes] = []
    heads: list[SignedRoot] = []
    for kind, content in found:
        if kind == ENTRY:
            entries.append(content)
            continue
        signed = SignedRoot.decode(content)
        refuse_unsigned(signed, reader, log if not heads else heads[0].log)
        if signed.size > len(entries):
            raise LedgerRefused(
                "truncated", f"a signed root is of {signed.size} entries, and {len(entries)} stand before it"
            )
        if tree.root(signed.size) != signed.root:
            raise LedgerRefused(
                "root",
                f"the first {signed.size} entries are not those whose root was signed: something was changed",
            )
        if heads and (signed.time < heads[-1].time or signed.size < heads[-1].size):
            raise LedgerRefused("time", f"the root of {signed.time} stands behind that of {heads[-1].time}")
        heads.append(signed)
    if head is not None:
        refuse_unsigned(head, reader, log if not heads else heads[0].log)
        if head.size > len(entries):
            raise LedgerRefused(
                "truncated",
                f"the log had {head.size} entries, and {len(entries)} stand in the file: its end is gone",
            )
        if tree.root(head.size) != head.root:
            raise LedgerRefused(
                "root",
                f"the first {head.size} entries are not those of the root that was kept: something was changed",
            )
        if not heads or heads[-1].size < head.size or heads[-1].time < head.time:
            raise LedgerRefused(
                "truncated",
                f"a root of {head.size} entries was kept, and the file has none so late: it was on the disk, and is gone",
            )
    return LogFile(tuple(entries), tuple(heads), whole, len(data) - whole)


class Ledger:
    """An append-only log with signed roots, in memory or in a file.

    An entry is in the file before :meth:`append` returns, and safe from a killed process; a root is on the *disk*, with all
    that it covers, before :meth:`sign_root` returns, and safe from a power cut. The order matters. If a root got out to readers
    and the entries under it were then lost, the log would sign another list of the same length after its restart: an honest
    machine that equivocates. A power cut *between* may damage an end that nobody was told of in other ways than a killed process
    does. Such a file is refused, too, and its owner has to look: a program cannot tell it from one whose promised end is bad.

    A step that was broken off in the middle, by an interrupt or by a disk that did not say that all is on it, leaves memory and
    file apart: from then on the log takes and signs nothing, until its file is opened anew. Threads may share a log;
    processes may not: a child of a fork is refused, a stranger by a lock on the file, and where the system has no such
    locks (Windows) their owner has to see to it.

    **The file does not protect itself.** An older copy that is put back, or one whose end or signed roots somebody has taken out,
    is opened and gone on with; the next root is then one of *two* of its length, both signed. Nor can a torn end be told from a
    step broken off: a root that was shown, less its last byte, is cut off, too. Keep each root where who writes to the file
    does not write *before* it is shown to anybody, and give the last one as `head`: then a file without it is refused.

    Parameters
    ----------
    signer : RootSigner
        The log's name and private key.
    path : str or path, optional
        Its file. One that exists is read, checked and gone on with; a last record that is not finished is cut off: where a
        process was killed nobody was told of it. None keeps the log in memory.
    head : SignedRoot, optional
        A root that was signed before, kept in another place. A file that does not begin with its entries, or whose last root
        is older, is refused, and left as it is.

    Attributes
    ----------
    heads : list of SignedRoot
        The roots that were signed.
    torn_bytes : int
        What was cut off at the start.

    Examples
    --------
    >>> from qlearn.networks.ledger import Reader
    >>> ledger = Ledger(RootSigner("trial"))
    >>> ledger.append(b"update of Alice"), ledger.append(b"round 1")
    (0, 1)
    >>> signed = ledger.sign_root(time=1)
    >>> reader = Reader(ledger.signer.public_key, "trial")
    >>> reader.accept(signed)
    >>> reader.check(b"round 1", 1, ledger.inclusion_proof(1))
    """

    def __init__(
        self, signer: RootSigner, path: str | os.PathLike | None = None, head: SignedRoot | None = None
    ) -> None:
        if not isinstance(signer, RootSigner):
            raise TypeError(f"signer must be a RootSigner, not {type(signer).__name__}")
        if head is not None and not isinstance(head, SignedRoot):
            raise TypeError(f"head must be a SignedRoot, not {type(head).__name__}")
        self.signer, self.path = signer, None if path is None else Path(path)
        self.entries: list[bytes] = []
        self.heads: list[SignedRoot] = []
        self.torn_bytes = 0
        self._tree = MerkleTree()
        self._file: FileIO | None = None
        self._end, self._broken, self._turn = 0, False, RLock()
        self._process = os.getpid()
        self._last_time = 0 if head is None else head.time
        if self.path is not None:
            self._open(self.path, head)
        elif head is not None:
            raise ValueError("head must come with a path: a log in memory begins with nothing")

    def __repr__(self) -> str:
        return f"Ledger({self.signer.log!r}, {len(self)} entries, {len(self.heads)} signed roots)"

    def __len__(self) -> int:
        return len(self.entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, entry: bytes) -> int:
        """Add an entry at the end, and return its place, from 0.

        Parameters
        ----------
        entry : bytes
            For example what :func:`record_update` and :func:`record_round` return.
        """
        if type(entry) is not bytes:
            as_bytes(entry, "entry")
        if len(entry) > MOST_BYTES:
            raise ValueError(f"entry must have at most {MOST_BYTES:,} bytes, not {len(entry):,}")
        with self._turn:
            self._begin()
            if self._file is not None:
                self._write(self._file, ENTRY, entry)
            self.entries.append(entry)
            place = self._tree.append(entry)
            self._broken = False
            return place

    def sign_root(self, time: int | None = None) -> SignedRoot:
        """Sign the root of all entries, and return it when it is on the disk.

        Parameters
        ----------
        time : int, optional
            A number that never falls, such as that of the round. None takes the clock's milliseconds, and the time of the
            last root if the clock is behind it.
        """
        with self._turn:
            last = self._last_time
            if time is None:
                time = max(clock.time_ns() // 10**6, last)
            elif as_count(time, "time", 0) < last:
                raise ValueError(f"time must be at least that of the last signed root, {last}, not {time}")
            elif time > MOST_TIME:
                raise ValueError(f"time must be at most 2**64 - 1, not {time}")
            self._begin()
            head = self.signer.sign(len(self), self._tree.root(), time)
            if self._file is not None:
                self._write(self._file, ROOT, head.encoded)
                os.fsync(self._file.fileno())
            self.heads.append(head)
            self._last_time = head.time
            self._broken = False
            return head

    def root(self, size: int | None = None) -> bytes:
        """Return the root, 32 bytes, of the first `size` entries; None means all."""
        with self._turn:
            return self._tree.root(size)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that entry `index` is among the first `size`: see :func:`inclusion_proof`."""
        with self._turn:
            return self._tree.inclusion_proof(index, size)

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the first `old_size` entries begin the first `size`: see :func:`consistency_proof`."""
        with self._turn:
            return self._tree.consistency_proof(old_size, size)

    def close(self) -> None:
        """Close the file; what is in memory can still be read."""
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        """Begin a step, which sets `_broken` back when it comes to its end; take nothing after one that did not."""
        if os.getpid() != self._process:  # a child of fork holds the lock of its parent, too
            raise ValueError(
                "a log must be gone on with by the process that made it: two with one key tell two stories of one length"
            )
        if self._broken:
            raise ValueError(
                "a step before this one was broken off: close the log and open its file again, whose word counts (one in "
                "memory alone ends here)"
            )
        if self._file is not None and self._file.closed:
            raise ValueError(f"the file of the log is closed: open {self.path} again to go on")
        self._broken = True

    def _open(self, path: Path, head: SignedRoot | None) -> None:
        if head is not None and head.size and not path.exists():
            raise LedgerRefused(
                "truncated", f"the log had {head.size} entries, and there is no file {str(path)!r}"
            )
        file = open(path, "ab", buffering=0)  # noqa: SIM115 (closed by close)
        try:
            _lock(file)
            held = read_log(path, self.signer.public_key, self.signer.log, head)
            file.truncate(held.whole_bytes)
            if not held.whole_bytes:
                file.write(MAGIC)
            os.fsync(file.fileno())
            if os.name == "posix":  # its name must be on the disk, too, also if we once died just here
                folder = os.open(path.absolute().parent, os.O_RDONLY)
                os.fsync(folder)
                os.close(folder)
        except BaseException:
            file.close()
            raise
        self._file, self._end = file, max(held.whole_bytes, len(MAGIC))
        self.torn_bytes = held.torn_bytes
        self.heads += held.heads
        self._last_time = max(self._last_time, *(h.time for h in held.heads[-1:]), 0)
        self.entries += held.entries
        self._tree = MerkleTree(held.entries)

    def _write(self, file: FileIO, kind: bytes, content: bytes) -> None:
        data = record(kind, content)
        try:
            written = 0
            while written < len(data):
                written += file.write(data[written:])
        except OSError:  # a full disk: half a record must not stay where the next one goes
            file.truncate(self._end)
            self._broken = False
            raise
        self._end += len(data)


def _lock(file: FileIO) -> None:
    """Keep a second process from appending to the same file, where the system has locks that die with their process."""
    try:
        import fcntl
    except ImportError:  # Windows, and Python in a page
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ValueError(
            f"path must be a file that nobody else appends to; {file.name} is open in another ledger"
        ) from None
