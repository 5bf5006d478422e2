"""The journal: what it says is done is in the file, whatever happened since.

Blocks: the same matrix in one process, in two, on a cluster that loses a worker, and after a break.
"""

import logging
import os
import shutil
import signal
from types import SimpleNamespace

import numpy as np
import pytest
from dask.distributed import Client, LocalCluster
from hypothesis import given, strategies as st
from joblib import parallel_config

from qlearn.learning.qsvm import FidelityKernel
from qlearn.learning.qsvm._blocks import Journal, _tile, compute, tiles
from qlearn.learning.qsvm.fidelity_kernel import squared_overlaps

FLOAT = np.dtype(float)


def begin(path, identity="these rows", shape=(4, 4), block=2):
    return Journal(path, identity, shape, FLOAT, block)


def test_a_finished_block_is_in_the_file_and_in_the_record(tmp_path):
    with begin(tmp_path / "K.npy") as journal:
        journal.write((2, 0), np.full((2, 2), 7.0))
        journal.finish((2, 0))
        assert journal.done == set()  # not before it is on the disk
        journal.flush()
        assert journal.done == {(2, 0)}
    K = np.load(tmp_path / "K.npy")
    np.testing.assert_array_equal(K[2:, :2], 7)
    assert np.count_nonzero(K) == 4
    with begin(tmp_path / "K.npy") as again:
        assert again.done == {(2, 0)}


def test_an_exception_loses_nothing_that_was_finished(tmp_path):
    def breaks():
        with begin(tmp_path / "K.npy") as journal:
            journal.write((0, 0), np.ones((2, 2)))
            journal.finish((0, 0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        breaks()
    with begin(tmp_path / "K.npy") as again:
        assert again.done == {(0, 0)}


def test_a_line_that_broke_while_it_was_written_does_not_count(tmp_path):
    with begin(tmp_path / "K.npy") as journal:
        journal.finish((0, 0))
    with journal.record.open("a") as record:
        record.write("2 0\n2 2")  # the last was to be "2 20"
    with begin(tmp_path / "K.npy") as again:
        assert again.done == {(0, 0), (2, 0)}


def test_refuses_what_belongs_to_another_run(tmp_path):
    path = tmp_path / "K.npy"
    begin(path).__exit__(None, None, None)
    for other in ({"identity": "other rows"}, {"shape": (4, 3)}, {"block": 1}):
        with pytest.raises(ValueError, match=r"other rows, another kernel or other blocks.*K\.npy\.blocks"):
            begin(path, **other)


def test_refuses_to_write_over_a_file_of_somebody_else(tmp_path):
    path = tmp_path / "K.npy"
    path.write_text("a thesis")
    with pytest.raises(ValueError, match="is no matrix of this library"):
        begin(path)
    assert path.read_text() == "a thesis"
    (tmp_path / "L.npy.blocks").write_text("not even a head")
    with pytest.raises(ValueError, match="is no matrix of this library"):
        begin(tmp_path / "L.npy")


def test_refuses_a_folder_that_is_not_there_and_a_disk_that_is_full(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="folder that exists"):
        begin(tmp_path / "nowhere" / "K.npy")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=100))
    with pytest.raises(ValueError, match="larger disk"):
        begin(tmp_path / "K.npy")
    assert list(tmp_path.iterdir()) == []


def rows(n, q, seed=0):
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q))


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 12), st.booleans())
def test_tiles_cover_every_entry_once(n, m, block, symmetric):
    seen = np.zeros((n, n if symmetric else m), dtype=int)
    for i, j in tiles(n, None if symmetric else m, block):
        seen[i : i + block, j : j + block] += 1
        if symmetric and i != j:
            seen[j : j + block, i : i + block] += 1
    assert (seen == 1).all()


def test_compute_makes_the_points_once(tmp_path):
    X, asked = rows(25, 3), []
    table = np.full((25, 25), np.nan)

    def points(some):
        asked.append(len(some))
        return FidelityKernel().states(some)

    def write(corner, values):
        i, j = corner
        table[i : i + values.shape[0], j : j + values.shape[1]] = values

    done = list(
        compute(
            points,
            squared_overlaps,
            X,
            None,
            write,
            todo=tiles(25, None, 10),
            block=10,
            folder=tmp_path,
            n_jobs=1,
        )
    )
    assert sorted(done) == tiles(25, None, 10)
    assert asked == [10, 10, 5]
    np.testing.assert_allclose(table, FidelityKernel().gram(X), atol=1e-14)
    assert list(tmp_path.iterdir()) == []  # the states are gone again


def test_states_that_the_disk_has_no_room_for_are_refused(tmp_path, monkeypatch):
    """400 rows of 6 qubits are 400 KiB of states, and 40 KiB of matrix against 10 rows."""
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=100_000))
    with pytest.raises(ValueError, match=r"the states of all rows would take .*larger disk"):
        FidelityKernel().gram(rows(400, 6), rows(10, 6), out=tmp_path / "K.npy")
    assert not list(tmp_path.glob(".qlearn-*"))


def test_a_worker_that_does_not_see_the_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="a folder that all machines share"):
        _tile(squared_overlaps, [str(tmp_path / "rows.npy")], (0, 0), 10)


def test_a_cluster_that_loses_a_worker_makes_the_same_matrix(tmp_path, monkeypatch):
    """Two processes of Dask; one is killed when 10 of 78 blocks are done."""
    X, kernel = rows(600, 8), FidelityKernel()
    alone = kernel.gram(X, out=tmp_path / "alone.npy", block=50)
    finished, workers, finish = [], set(), Journal.finish

    def finish_or_kill(journal, tile):
        finish(journal, tile)
        finished.append(tile)
        if len(finished) == 10:
            os.kill(max(workers), signal.SIGKILL)

    monkeypatch.setattr(Journal, "finish", finish_or_kill)
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        workers |= set(client.run(os.getpid).values())
        with parallel_config("dask"):
            K = kernel.gram(X, out=tmp_path / "K.npy", block=50)
        survivors = set(client.run(os.getpid).values())
    assert len(workers) == 2
    assert os.getpid() not in workers
    assert max(workers) not in survivors
    assert min(workers) in survivors
    assert sorted(finished) == tiles(600, None, 50)
    np.testing.assert_array_equal(K, alone)
    np.testing.assert_allclose(K, kernel.gram(X), atol=1e-13)
