"""The file of a store: its owner's alone, and no other program's."""

import os
import sqlite3

import pytest

from qlearn.communication.key_management import KeyStore, StoreUnavailable


def test_a_name_is_never_memory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, two = KeyStore(":memory:"), KeyStore(":memory:")
    one.add(os.urandom(32))
    assert two.stored == 1
    one.close()
    two.close()


def test_refuses_files(tmp_path):
    shared = tmp_path / "shared.db"
    shared.touch(0o644)
    with pytest.raises(ValueError, match="has the permissions 0644"):
        KeyStore(shared)
    foreign = tmp_path / "foreign.db"
    db = sqlite3.connect(foreign)
    db.execute("CREATE TABLE other (x)")
    db.close()
    foreign.chmod(0o600)
    was = foreign.read_bytes()
    with pytest.raises(ValueError, match="another program's database"):
        KeyStore(foreign)
    assert foreign.read_bytes() == was
    KeyStore(tmp_path / "keys.db").close()
    (tmp_path / "keys.db-wal").touch(0o644)
    with pytest.raises(ValueError, match=r"keys\.db-wal has the permissions 0644"):
        KeyStore(tmp_path / "keys.db")


def test_a_damaged_file_is_refused(tmp_path):
    store = KeyStore(tmp_path / "keys.db")
    store.add(os.urandom(2000 * 32))
    store.close()
    whole = store.path.read_bytes()
    store.path.write_bytes(b"damaged!" * 1000)
    with pytest.raises(StoreUnavailable, match="cannot be used as a key store"):
        KeyStore(store.path)
    store.path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(StoreUnavailable, match=r"malformed|corrupt"):
        KeyStore(store.path).hand_out("Alice", "Bob")
