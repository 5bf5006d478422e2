"""A relay over key management entities: the same key at both ends, and in between exactly those who could read it."""

from functools import reduce

import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.key_management import KeyStore, relay_over_kmes


def xor(*parts):
    return bytes(reduce(lambda a, b: a ^ b, column) for column in zip(*parts, strict=True))


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 6), st.integers(1, 8), st.integers(0, 2**32))
def test_both_ends_hold_one_key(n, n_bytes, seed):
    carried = relay_over_kmes([f"KME{i}" for i in range(n)], key_size=8 * n_bytes, rng=seed)
    assert carried.first == carried.last
    assert len(carried.first) == n_bytes
    assert len(carried.announced) == n - 2
    assert all(len(said) == n_bytes for said in carried.announced)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_each_kme_in_between_reads_it_alone(n):
    names = [f"KME{i}" for i in range(n)]
    carried = relay_over_kmes(names, rng=3)
    assert carried.readers == tuple(names[1:-1])
    assert not carried.others_read


def test_a_long_chain_is_soon_judged():
    assert len(relay_over_kmes([f"KME{i}" for i in range(40)], rng=3).readers) == 38


def test_neighbours_trust_nobody():
    carried = relay_over_kmes(["KME1", "KME2"], rng=3)
    assert (carried.readers, carried.announced, carried.others_read) == ((), (), False)


def test_the_last_hop_is_computed_from_what_was_announced():
    # KME4 holds k3 alone: k1 = k3 + a1 + a2, so what it held is the key and all that was announced.
    carried = relay_over_kmes(["KME1", "KME2", "KME3", "KME4"], rng=5)
    last_link = xor(carried.last, *carried.announced)
    assert xor(last_link, carried.announced[1]) != carried.first  # one announcement is not enough
    assert xor(last_link, *carried.announced) == carried.first


def test_announcements_look_the_same_for_every_key():
    # The first byte of a key and of the announcement, over 4,000 keys: both uniform and uncorrelated. A pair of bits has
    # each of its four values with 1/4, sd 0.0068; 6 sd, of 32 numbers: false alarms below 1e-7, and the seeds are fixed.
    pairs = [0] * 32
    for seed in range(500):
        carried = relay_over_kmes(["KME1", "KME2", "KME3"], key_size=64, rng=seed)
        for key, said in zip(carried.first, carried.announced[0], strict=True):
            for bit in range(8):
                pairs[4 * bit + 2 * (key >> bit & 1) + (said >> bit & 1)] += 1
    assert all(abs(count / 4000 - 1 / 4) < 6 * 0.00685 for count in pairs)


def test_both_ends_store_it_and_it_leaves_once(tmp_path):
    carried = relay_over_kmes(["KME1", "KME2", "KME3", "KME4"], rng=9)
    for name, key in (("first", carried.first), ("last", carried.last)):
        store = KeyStore(tmp_path / name)
        assert store.add(key) == 1
        [delivered] = store.hand_out("Alice", "Bob")
        assert delivered.key == carried.first
        assert store.stored == 0
        store.close()


def test_the_key_is_not_in_its_text():
    carried = relay_over_kmes(["KME1", "KME2", "KME3"], rng=1)
    assert repr(carried) == "CarriedKey(256 bits over KME1 - KME2 - KME3)"


@pytest.mark.parametrize(
    ("kmes", "key_size", "error", "says"),
    [
        ("KME1", 256, TypeError, "put them in brackets"),
        (7, 256, TypeError, "kmes must be a list of names, not int"),
        (["KME1", 2], 256, TypeError, "kmes must hold names, not 2"),
        (["KME1"], 256, ValueError, "at least two, the two ends, not 1"),
        (["KME1", "KME2", "KME1"], 256, ValueError, "kmes must be different"),
        (["KME1", "KME2"], 12, ValueError, "multiple of 8, not 12"),
        (["KME1", "KME2"], 0, ValueError, "key_size must be at least 8, not 0"),
    ],
)
def test_refuses(kmes, key_size, error, says):
    with pytest.raises(error, match=says):
        relay_over_kmes(kmes, key_size=key_size)
