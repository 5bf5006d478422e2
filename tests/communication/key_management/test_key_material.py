"""Files of key material: read once, whatever they are called, and looked at before."""

import os

import pytest

from qlearn.communication.key_management import KeyStore


@pytest.fixture
def store(tmp_path):
    store = KeyStore(tmp_path / "keys.db", capacity=1000)
    yield store
    store.close()


def test_a_file_is_read_once_also_by_another_store(tmp_path):
    material = os.urandom(5 * 32 + 11)
    source = tmp_path / "link.bin"
    source.write_bytes(material)
    path = tmp_path / "keys.db"
    one, two = KeyStore(path), KeyStore(path)
    assert [one.add_from(source, most=2), two.add_from(source), one.add_from(source)] == [2, 3, 0]
    with source.open("ab") as file:
        file.write(bytes(21))
    assert two.add_from(source) == 1
    keys = one.hand_out("Alice", "Bob", number=6)
    assert b"".join(key.key for key in keys) == material + bytes(21)
    one.close()
    two.close()


def test_a_file_is_known_by_what_is_in_it(store, tmp_path):
    """Under another name it gives nothing twice; in its place a new one gives all; a short one waits."""
    first, second = os.urandom(10 * 32), os.urandom(4 * 32)
    source = tmp_path / "link.bin"
    source.write_bytes(first[:31])
    assert store.add_from(source) == 0
    source.write_bytes(first[:160])
    assert store.add_from(source) == 5
    source.rename(tmp_path / "old.bin")
    (tmp_path / "copy.bin").write_bytes(first)
    assert [store.add_from(tmp_path / "old.bin"), store.add_from(tmp_path / "copy.bin")] == [0, 5]
    source.write_bytes(second)
    assert store.add_from(source) == 4
    assert b"".join(key.key for key in store.hand_out("Alice", "Bob", number=14)) == first + second


def test_a_file_that_is_none_keeps_nobody_waiting(store, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", "/dev/zero", store.path):
        with pytest.raises(ValueError, match="must name an ordinary file that is not the store's own"):
            store.add_from(path)
    stuck = tmp_path / "stuck.bin"
    stuck.write_bytes(os.urandom(64) + bytes(64))
    with pytest.raises(ValueError, match=r"holds no key twice: what makes .* repeats itself"):
        store.add_from(stuck)
    assert store.stored == 0
