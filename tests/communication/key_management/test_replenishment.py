"""Replenishment: a link or a file fills a store, up to what it holds, and a fault of it stops nothing."""

import logging
import os
import time

import numpy as np
import pytest

from qlearn.communication.key_management import (
    KeyStore,
    Replenisher,
    StoreUnavailable,
    file_source,
    link_source,
)


@pytest.fixture
def store(tmp_path):
    store = KeyStore(tmp_path / "keys.db", capacity=200)
    yield store
    store.close()


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_a_link_gives_keys_that_differ_from_session_to_session(store):
    source = link_source(pulses=60_000, noise=0.01)
    counts = [source(store), source(store)]
    assert min(counts) > 5
    keys = store.hand_out("Alice", "Bob", number=sum(counts))
    assert len({key.key for key in keys}) == len(keys)
    bits = np.unpackbits(np.frombuffer(b"".join(key.key for key in keys), dtype=np.uint8))
    # n bits of a fair coin: six standard errors, a false alarm in 2e-9
    assert abs(bits.mean() - 0.5) < 6 * 0.5 / np.sqrt(bits.size)


def test_a_link_with_too_many_errors_gives_none(store, caplog):
    with caplog.at_level(logging.WARNING, "qlearn.kme"):
        assert link_source(pulses=20_000, noise=0.2)(store) == 0
    assert "the link made no key" in caplog.text
    assert store.stored == 0


def test_a_file_fills_the_store_as_it_grows(store, tmp_path):
    path = tmp_path / "device.bin"
    path.write_bytes(os.urandom(32 * 50))
    filling = Replenisher(store, file_source(path), every=0.02)
    filling.start()
    assert until(lambda: store.stored == 50)
    with path.open("ab") as file:
        file.write(os.urandom(32 * 300))
    assert until(lambda: store.stored == 200)
    store.hand_out("Alice", "Bob", number=150)
    assert until(lambda: store.stored == 200)
    filling.stop()
    keys = store.hand_out("Alice", "Bob", number=200)
    assert b"".join(key.key for key in keys) == path.read_bytes()[150 * 32 : 350 * 32]


def test_what_nobody_fetches_is_dropped(store):
    store.add(os.urandom(64))
    (key,) = store.hand_out("Alice", "Bob")
    filling = Replenisher(store, None, every=0.02, key_lifetime=0.05)
    filling.start()
    time.sleep(0.5)
    filling.stop()
    with pytest.raises(LookupError):
        store.take("Bob", "Alice", [key.key_id])
    assert store.stored == 1


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (StoreUnavailable("full"), "replenishment waits: full"),
        (FileNotFoundError("gone"), "replenishment waits: gone"),
        (KeyError("the key is 4711"), "replenishment failed: KeyError"),
    ],
)
def test_a_fault_is_logged_without_secrets_and_tried_again(store, caplog, fault, says):
    tries = []

    def source(store):
        tries.append(1)
        if len(tries) < 3:
            raise fault
        return store.add(bytes(32))

    with caplog.at_level(logging.ERROR, "qlearn.kme"):
        filling = Replenisher(store, source, every=0.01)
        filling.start()
        assert until(lambda: store.stored > 0)
        filling.stop()
    assert says in caplog.text
    assert "4711" not in caplog.text


def test_refuses(store, tmp_path):
    with pytest.raises(ValueError, match="path must name a file of key material, but there is no file"):
        file_source(tmp_path / "none")
    with pytest.raises(ValueError, match="pulses must be at least 1"):
        link_source(pulses=0)
    with pytest.raises(ValueError, match="noise must be a probability"):
        link_source(noise=2)
    with pytest.raises(ValueError, match="every must be above 0"):
        Replenisher(store, None, every=0)


def test_a_source_that_fails_keeps_no_old_keys(store):
    """What was fetched is zeroised and what nobody fetched is dropped, whatever the source does."""

    def source(store):
        raise OSError("gone")

    store.add(os.urandom(320))
    keys = store.hand_out("Alice", "Bob", number=2)
    store.take("Bob", "Alice", [keys[0].key_id])
    filling = Replenisher(store, source, every=0.02, key_lifetime=0.1)
    filling.start()

    def held():
        files = [file.read_bytes() for file in store.path.parent.glob("keys.db*")]
        return any(key.key in file for key in keys for file in files)

    assert held()
    assert until(lambda: not held())
    filling.stop()


def test_a_file_that_others_may_read_is_named_in_the_log(tmp_path, caplog):
    path = tmp_path / "device.bin"
    path.touch(0o600)
    file_source(path)
    assert caplog.text == ""
    path.chmod(0o644)
    file_source(path)
    assert "others than its owner may read or write" in caplog.text


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_file_that_is_put_in_its_place_is_looked_at_too(tmp_path, caplog):
    file, new = tmp_path / "device.bin", tmp_path / "new.bin"
    file.write_bytes(os.urandom(64))
    file.chmod(0o600)
    source = file_source(file)
    store = KeyStore(tmp_path / "keys.db")
    assert (source(store), caplog.text) == (2, "")
    new.write_bytes(os.urandom(96))
    new.chmod(0o644)
    new.replace(file)
    assert source(store) == source(store) + 3
    assert caplog.text.count("others than its owner may read") == 1
    for mode in (0o600, 0o644):  # the same file, opened to others while it is read
        file.chmod(mode)
        source(store)
    assert caplog.text.count("others than its owner may read") == 2
    store.close()
