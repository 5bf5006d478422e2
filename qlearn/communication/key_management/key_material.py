"""A file of key material: known again by how it begins, and looked at before it is taken."""

import hashlib
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

BEGINNING = 32
"""Bytes by which a file of key material is known again."""
LEAST_TELLING = 64
"""Bits of a key from which on two equal ones are no accident."""


class MaterialFile:
    """A file of raw bytes that a device writes: an ordinary one, and not the store that it is read for.

    Parameters
    ----------
    path : str or Path
        The file.
    store : Path
        The store.
    """

    name: str | None
    """By which it is known again, whatever it is called: a hash of how it begins. None: it has not begun yet."""

    def __init__(self, path: str | Path, store: Path) -> None:
        self.path = path
        self._file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
        try:
            kind = os.fstat(self._file.fileno())
            if not stat.S_ISREG(kind.st_mode) or os.path.samestat(kind, store.stat()):
                raise ValueError(f"path must name an ordinary file that is not the store's own, not {path}")
            beginning = self._file.read(BEGINNING)
        except BaseException:
            self._file.close()
            raise
        whole = len(beginning) == BEGINNING
        self.name = hashlib.sha256(b"source" + beginning).hexdigest() if whole else None

    def keys(self, start: int, size: int, most: int) -> bytes:
        """Return the material from `start` on, at most so many keys of `size` bytes, of which none comes twice."""
        self._file.seek(start)
        material = self._file.read(most * size)
        keys = [material[at : at + size] for at in range(0, len(material) // size * size, size)]
        if 8 * size >= LEAST_TELLING and len(set(keys)) < len(keys):
            raise ValueError(
                f"path must name material that holds no key twice: what makes {self.path} repeats itself"
            )
        return material

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
