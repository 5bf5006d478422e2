"""Kernel matrices in blocks: on several processes, larger than memory, and resumed where a run broke."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from tqdm import tqdm

Tile = tuple[int, int]


class Journal:
    """A matrix that is written block by block to a ``.npy`` file, with a record of what is done beside it.

    The record is a text file, ``out`` with ``.blocks`` appended: one line that says of what run it is, then
    the corner of each finished block. A block is recorded only after its numbers are on the disk, so whatever
    stands in the record may be believed, after a killed process as after a power cut.

    Parameters
    ----------
    out : path
        The file of the matrix. Its folder must exist.
    identity : str
        What distinguishes this matrix from all others: a hash of kernel and rows.
    shape : (int, int)
        Of the matrix.
    dtype : dtype
        Of its entries.
    block : int
        Rows and columns of a block.

    Raises
    ------
    ValueError
        If `out` holds something else, or if its disk has no room for the matrix.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> with TemporaryDirectory() as folder:
    ...     with Journal(f"{folder}/K.npy", "some rows", (2, 2), np.dtype(float), 1) as first:
    ...         first.write((0, 1), np.ones((1, 1)))
    ...         first.finish((0, 1))
    ...     with Journal(f"{folder}/K.npy", "some rows", (2, 2), np.dtype(float), 1) as again:
    ...         again.done
    {(0, 1)}
    """

    def __init__(
        self, out: str | os.PathLike[str], identity: str, shape: tuple[int, int], dtype: np.dtype, block: int
    ) -> None:
        self.path = Path(out)
        self.record = self.path.with_name(self.path.name + ".blocks")
        self.done: set[Tile] = set()
        self._pending: list[Tile] = []
        head = {"identity": identity, "shape": list(shape), "dtype": dtype.str, "block": block}
        if self.path.exists() or self.record.exists():
            self._resume(head)
        else:
            self._begin(head, shape, dtype)

    def _begin(self, head: dict[str, Any], shape: tuple[int, int], dtype: np.dtype) -> None:
        folder = self.path.parent
        if not folder.is_dir():
            raise ValueError(f"out must lie in a folder that exists; there is no {folder}")
        refuse_full_disk(shape[0] * shape[1] * dtype.itemsize, folder, "out")
        self.table: NDArray[Any] = open_memmap(self.path, mode="w+", dtype=dtype, shape=shape)
        self.record.write_text(json.dumps(head) + "\n", encoding="utf8")

    def _resume(self, head: dict[str, Any]) -> None:
        lines = self.record.read_text(encoding="utf8").split("\n") if self.record.exists() else [""]
        try:
            found = json.loads(lines[0])
        except json.JSONDecodeError:
            found = None
        if found != head or not self.path.exists():
            raise ValueError(
                f"out: {self.path} belongs to other rows, another kernel or other blocks, or is no matrix of this "
                f"library. Give another path, or delete it together with {self.record.name}"
            )
        # What follows the last line break was being written when the run broke.
        self.done = {(int(i), int(j)) for i, j in (line.split() for line in lines[1:-1])}
        self.table = open_memmap(self.path, mode="r+")

    def write(self, corner: Tile, values: NDArray[Any]) -> None:
        """Write a block of the matrix at its top left corner."""
        i, j = corner
        self.table[i : i + values.shape[0], j : j + values.shape[1]] = values

    def finish(self, tile: Tile) -> None:
        """Note that all numbers of a tile are written; :meth:`flush` makes it true for the disk."""
        self._pending.append(tile)

    def flush(self) -> None:
        """Bring what is written to the disk, then record it."""
        if not self._pending:
            return
        self.table.flush()  # type: ignore[attr-defined]
        with self.record.open("a", encoding="utf8") as record:
            record.writelines(f"{i} {j}\n" for i, j in self._pending)
            record.flush()
            os.fsync(record.fileno())
        self.done.update(self._pending)
        self._pending = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flush()
        del self.table


def refuse_full_disk(size: int, folder: str | os.PathLike[str], name: str) -> None:
    """Refuse a file of `size` bytes that its disk has no room for: a full disk kills who writes through a map."""
    free = shutil.disk_usage(folder).free
    if size > free:
        raise ValueError(
            f"{name} would take {size / 2**30:.3g} GiB, and {folder} has {free / 2**30:.3g} GiB left: "
            "give out a path on a larger disk, or give fewer rows"
        )


#: Makes what is compared (states, or features) of rows.
Points = Callable[[NDArray[np.float64]], NDArray[Any]]
#: Compares two sets of points; None is the first set itself.
Entries = Callable[[NDArray[Any], NDArray[Any] | None], NDArray[Any]]

# At most so much work is lost when a run breaks, in seconds.
_FLUSH_EVERY = 1.0


def tiles(n_rows: int, n_columns: int | None, block: int) -> list[Tile]:
    """Return the top left corners of the blocks of a matrix.

    Examples
    --------
    >>> tiles(5, None, 2)
    [(0, 0), (2, 0), (2, 2), (4, 0), (4, 2), (4, 4)]
    """
    columns = n_rows if n_columns is None else n_columns
    return [
        (i, j)
        for i in range(0, n_rows, block)
        for j in range(0, columns, block)
        if n_columns is not None or j <= i
    ]


def compute(
    points: Points,
    entries: Entries,
    rows: NDArray[np.float64],
    others: NDArray[np.float64] | None,
    write: Callable[[Tile, NDArray[Any]], None],
    *,
    todo: Iterable[Tile],
    block: int,
    folder: str | os.PathLike[str] | None = None,
    n_jobs: int | None = None,
    progress: bool = False,
) -> Iterator[Tile]:
    """Compute blocks of a kernel matrix by joblib, hand each to `write`, and yield its corner.

    The points of all rows are made once, here, and stored in files. A worker is told two file names and a
    corner, maps the files into its memory and sends back one block; all writing is done here. So no worker
    holds anything that another needs: one that dies takes only the block with it that it was computing.
    """
    from joblib import Parallel, delayed

    corners = list(todo)
    with tempfile.TemporaryDirectory(prefix=".qlearn-", dir=folder) as store:
        files = [_stored(points, rows, Path(store) / "rows.npy", block)]
        if others is not None:
            files.append(_stored(points, others, Path(store) / "columns.npy", block))
        tasks = (delayed(_tile)(entries, files, corner, block) for corner in corners)
        parallel = Parallel(n_jobs=n_jobs, batch_size=1, return_as="generator_unordered")
        with (
            closing(parallel(tasks)) as results,
            tqdm(results, total=len(corners), unit="block", disable=not progress) as bar,
        ):
            for (i, j), values in bar:
                write((i, j), values)
                if others is None and i != j:
                    write((j, i), values.T)
                yield i, j


def _stored(points: Points, rows: NDArray[np.float64], path: Path, block: int) -> str:
    """Make the points of all rows, a block at a time, in a file."""
    first = points(rows[:block])
    refuse_full_disk(first.nbytes // len(first) * len(rows), path.parent, "the states of all rows")
    file = open_memmap(path, mode="w+", dtype=first.dtype, shape=(len(rows), *first.shape[1:]))
    file[: len(first)] = first
    for start in range(block, len(rows), block):
        file[start : start + block] = points(rows[start : start + block])
    file.flush()
    return str(path)


def _tile(entries: Entries, files: list[str], corner: Tile, block: int) -> tuple[Tile, NDArray[Any]]:
    """Compute one block from files: what a worker does."""
    i, j = corner
    try:
        left, right = (np.asarray(np.load(file, mmap_mode="r")) for file in (files[0], files[-1]))
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"this worker does not see {error.filename}: give gram an out in a folder that all machines share"
        ) from error
    on_diagonal = len(files) == 1 and i == j
    return corner, entries(left[i : i + block], None if on_diagonal else right[j : j + block])


def to_file(
    points: Points,
    entries: Entries,
    rows: NDArray[np.float64],
    others: NDArray[np.float64] | None,
    *,
    journal: Journal,
    block: int,
    n_jobs: int | None,
    progress: bool,
) -> None:
    """Compute the blocks that a journal does not have yet, and enter them; see :func:`compute`."""
    todo = [
        tile for tile in tiles(len(rows), None if others is None else len(others), block)
        if tile not in journal.done
    ]  # fmt: skip
    if not todo:
        return
    last = time.monotonic()
    for tile in compute(
        points, entries, rows, others, journal.write,
        todo=todo, block=block, folder=journal.path.parent, n_jobs=n_jobs, progress=progress,
    ):  # fmt: skip
        journal.finish(tile)
        if time.monotonic() - last > _FLUSH_EVERY:
            journal.flush()
            last = time.monotonic()
