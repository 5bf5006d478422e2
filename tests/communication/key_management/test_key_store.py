"""The key store: each key leaves once, through threads, processes and crashes, and nothing stays behind it."""

import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.key_management import (
    DeliveredKey,
    KeysNotFound,
    KeyStore,
    NotEnoughKeys,
    NotNamed,
    StoreUnavailable,
)


@pytest.fixture
def store(tmp_path):
    store = KeyStore(tmp_path / "keys.db", capacity=1000)
    yield store
    store.close()


def bytes_of(path):
    """All that lies in the files of a store."""
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


def test_keys_leave_in_the_order_in_which_they_came(store):
    material = os.urandom(5 * 32 + 7)
    assert store.add(material) == 5
    first, second = store.hand_out("Alice", "Bob"), store.hand_out("Carol", "Bob", number=4)
    assert b"".join(key.key for key in first + second) == material[:160]
    assert store.stored == 0


@settings(max_examples=40)
@given(
    st.integers(1, 4).map(lambda n: 8 * n),
    st.lists(st.tuples(st.integers(1, 20), st.integers(1, 12).map(lambda n: 8 * n)), min_size=1, max_size=12),
)
def test_sizes_are_honoured_and_nothing_is_used_twice(tmp_path_factory, key_size, requests):
    """The oracle is the material itself: each key is the next piece of it, rounded up to whole keys of the stock."""
    store = KeyStore(tmp_path_factory.mktemp("store") / "keys.db", key_size=key_size)
    material = os.urandom(60 * key_size // 8)
    store.add(material)
    at = 0
    for number, size in requests:
        step = -(-size // key_size) * key_size // 8
        if at + number * step > len(material):
            with pytest.raises(NotEnoughKeys, match="not enough keys"):
                store.hand_out("Alice", "Bob", number=number, size=size)
            continue
        keys = store.hand_out("Alice", "Bob", number=number, size=size)
        expected = [material[at + i * step :][: size // 8] for i in range(number)]
        assert [key.key for key in keys] == expected
        at += number * step
        assert store.stored == 60 - at * 8 // key_size
        assert store.take("Bob", "Alice", [key.key_id for key in keys]) == keys
    store.close()


def test_each_reader_gets_the_key_once(store):
    store.add(os.urandom(64))
    (key,) = store.hand_out("Alice", "Bob", additional=["Carol"])
    assert store.take("Carol", "Alice", [key.key_id.upper()]) == [key]
    with pytest.raises(KeysNotFound):
        store.take("Carol", "Alice", [key.key_id])
    assert store.take("Bob", "Alice", [key.key_id]) == [key]
    for reader in ("Bob", "Carol", "Dave"):
        with pytest.raises(KeysNotFound, match="one or more keys specified are not found on KME"):
            store.take(reader, "Alice", [key.key_id])


def test_a_refusal_takes_nothing(store):
    store.add(os.urandom(96))
    one, two = store.hand_out("Alice", "Bob", number=2)
    (other,) = store.hand_out("Alice", "Carol")
    ids = [one.key_id, two.key_id]
    for reader, master, asked, refusal in [
        ("Bob", "Alice", [*ids, "00000000-0000-4000-8000-000000000000"], KeysNotFound),
        ("Bob", "Alice", [*ids, other.key_id], NotNamed),
        ("Dave", "Alice", ids, NotNamed),
        ("Alice", "Alice", ids, NotNamed),
        ("Bob", "Carol", ids, KeysNotFound),
        ("Bob", "Alice", [*ids, one.key_id.upper()], ValueError),
        ("Bob", "Alice", [], ValueError),
    ]:
        with pytest.raises(refusal):
            store.take(reader, master, asked)
    assert store.take("Bob", "Alice", ids[::-1]) == [two, one]


def test_too_small_a_stock_stays_whole(store):
    store.add(os.urandom(3 * 32))
    with pytest.raises(NotEnoughKeys, match="this takes 4 of the stock, which has 3"):
        store.hand_out("Alice", "Bob", number=2, size=264)
    assert len(store.hand_out("Alice", "Bob", number=3)) == 3


def test_never_more_than_the_capacity(tmp_path):
    store = KeyStore(tmp_path / "keys.db", capacity=5)
    assert [store.add(bytes(4 * 32)), store.add(bytes(4 * 32)), store.add(bytes(32))] == [4, 1, 0]
    assert store.stored == 5
    store.close()


def test_the_file_is_its_owners_and_survives_its_store(tmp_path):
    path = tmp_path / "keys.db"
    before = os.umask(0)
    try:
        store = KeyStore(path, key_size=128)
    finally:
        os.umask(before)
    store.add(bytes(range(48)))
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    store.close()
    store = KeyStore(path)
    assert (store.key_size, store.stored) == (128, 3)
    assert repr(store) == "KeyStore(3 keys of 128 bits)"
    store.close()


def test_a_key_that_left_is_no_longer_in_the_files(store):
    keys = [os.urandom(32) for _ in range(200)]
    store.add(b"".join(keys))
    assert store.scrub()
    there = bytes_of(store.path)
    assert all(key in there for key in keys)
    handed = store.hand_out("Alice", "Bob", number=50)
    store.hand_out("Alice", "Carol", number=50)
    store.take("Bob", "Alice", [key.key_id for key in handed])
    assert store.discard(0) == 50
    assert store.scrub()
    there = bytes_of(store.path)
    assert [key in there for key in keys] == [False] * 100 + [True] * 100


def test_what_nobody_fetches_is_dropped(store):
    store.add(os.urandom(64))
    (key,) = store.hand_out("Alice", "Bob")
    assert store.discard(60) == 0
    assert store.discard(0) == 1
    with pytest.raises(KeysNotFound):
        store.take("Bob", "Alice", [key.key_id])


def draw(path, queue):
    store = KeyStore(path, patience=30)
    keys = []
    try:
        while True:
            keys += store.hand_out("Alice", "Bob", number=2)
    except NotEnoughKeys:
        queue.put([key.key for key in keys])
        store.close()


def test_two_processes_never_get_the_same_key(tmp_path):
    material = os.urandom(400 * 32)
    path = tmp_path / "keys.db"
    store = KeyStore(path)
    store.add(material)
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    processes = [context.Process(target=draw, args=(path, queue)) for _ in range(2)]
    for process in processes:
        process.start()
    got = [key for _ in processes for key in queue.get(timeout=60)]
    for process in processes:
        process.join()
    assert sorted(got) == sorted(material[i : i + 32] for i in range(0, len(material), 32))
    store.close()


DRAWS = """
import sys
from qlearn.communication.key_management import KeyStore
store = KeyStore(sys.argv[1])
while True:
    for key in store.hand_out("Alice", "Bob"):
        print(key.key.hex(), flush=True)
"""


def test_a_crash_gives_no_key_twice(tmp_path):
    """Each process is killed in the middle: what it printed is gone, and at most one key for each crash is lost."""
    material = os.urandom(5000 * 32)
    path = tmp_path / "keys.db"
    store = KeyStore(path)
    store.add(material)
    store.close()
    seen = []
    for crash in range(4):
        process = subprocess.Popen([sys.executable, "-c", DRAWS, path], stdout=subprocess.PIPE, text=True)
        seen.append(process.stdout.readline().strip())
        time.sleep(0.02 * crash)
        process.send_signal(signal.SIGKILL)
        seen += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.stdout.close()
        process.wait()
    store = KeyStore(path)
    rest = [key.key.hex() for key in store.hand_out("Alice", "Bob", number=store.stored)]
    assert len(set(seen + rest)) == len(seen) + len(rest)
    assert 5000 - 4 <= len(seen) + len(rest) <= 5000
    assert set(seen + rest) <= {material[i : i + 32].hex() for i in range(0, len(material), 32)}
    store.close()


def test_a_locked_database_hands_nothing_out(tmp_path):
    store = KeyStore(tmp_path / "keys.db", patience=0)
    store.add(os.urandom(32))
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for work in (
        lambda: store.hand_out("Alice", "Bob"),
        lambda: store.take("Bob", "Alice", ["x"]),
        lambda: store.add(bytes(32)),
        lambda: store.discard(0),
    ):
        with pytest.raises(StoreUnavailable, match="locked"):
            work()
    assert not store.scrub()
    assert store.stored == 1
    other.execute("ROLLBACK")
    other.close()
    assert len(store.hand_out("Alice", "Bob")) == 1
    store.close()


def test_one_without_patience_opens_while_another_writes(tmp_path):
    """A server that starts beside another one waits for it then, and never again."""
    path = tmp_path / "keys.db"
    KeyStore(path).close()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.3, other.execute, ["ROLLBACK"])
    ends.start()
    store = KeyStore(path, patience=0)
    ends.join()
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable, match="locked"):
        store.add(bytes(32))
    assert time.monotonic() - begun < 1
    other.close()
    store.close()


def test_a_failed_commit_leaves_the_stock_whole(tmp_path):
    """A disk that takes no more: here the log may not grow beyond the pages that SQLite is allowed."""
    store = KeyStore(tmp_path / "keys.db")
    store.add(os.urandom(200 * 32))
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="full"):
        store.hand_out("Alice", "Bob", number=100, additional=["Carol", "Dave", "Erin"])
    assert store.stored == 200
    store._db.execute(f"PRAGMA max_page_count = {100 * pages}")
    assert len(store.hand_out("Alice", "Bob", number=200)) == 200
    store.close()


def test_no_store_outlives_a_fork(store):
    store._process += 1
    with pytest.raises(RuntimeError, match="does not outlive a fork"):
        store.hand_out("Alice", "Bob")


def test_a_key_shows_itself_to_nobody():
    key = DeliveredKey("id", b"\xabsecret")
    assert "secret" not in f"{key} {key!r} {[key]}"
    assert key == DeliveredKey("id", b"\xabsecret")
    assert key not in (DeliveredKey("id", b"\xabsecreT"), DeliveredKey("di", b"\xabsecret"), "id")
    assert len({key, DeliveredKey("id", b"\xabsecret")}) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"key_size": 12}, "key_size must be a multiple of 8 bits, not 12"),
        ({"key_size": 0}, "key_size must be at least 8"),
        ({"capacity": 0}, "capacity must be at least 1"),
        ({"patience": -1}, "patience must be"),
        ({"key_size": 128}, r"key_size must be 256, as in .*keys.db, not 128"),
        ({"capacity": 7}, r"capacity must be 1000, as in .*keys.db, not 7"),
    ],
)
def test_refuses_options(store, options, says):
    with pytest.raises(ValueError, match=says):
        KeyStore(store.path, **options)


def test_refuses_requests(store):
    store.add(bytes(320))
    with pytest.raises(TypeError, match="material must be bytes, not list"):
        store.add([0, 1])
    with pytest.raises(ValueError, match="size shall be a multiple of 8, not 257"):
        store.hand_out("Alice", "Bob", size=257)
    with pytest.raises(ValueError, match="number must be at least 1"):
        store.hand_out("Alice", "Bob", number=0)
    for more in (["Bob"], ["Alice"], ["Carol", "Carol"]):
        with pytest.raises(ValueError, match="must be different applications"):
            store.hand_out("Alice", "Bob", additional=more)
    with pytest.raises(ValueError, match="older_than must be"):
        store.discard(-1)
    assert store.stored == 10
