"""Key source: a store by the calls of the interface, keys in pieces, each once."""

import pytest

from qlearn.networks.secure_aggregation import KeySessionAborted, StoreKeys
from qlearn.networks.secure_aggregation.key_source import draw, fetch


@pytest.mark.parametrize("size", [1, 8, 63, 64, 65, 200])
def test_both_ends_get_the_same_material_once(parties, size):
    parties.fill(4096)
    ann, ben = StoreKeys(parties.store, "Ann"), StoreKeys(parties.store, "Ben")
    ids, material = draw(ann, "Ann", "Ben", size, key_bits=128, at_once=3)
    assert len(material) == size
    assert len(ids) == -(-8 * size // 128)
    assert fetch(ben, "Ben", "Ann", ids, at_once=2) == material
    with pytest.raises(KeySessionAborted, match="Ben got no keys with Ann: KeysNotFound"):
        fetch(ben, "Ben", "Ann", ids, at_once=2)


def test_too_few_keys(parties):
    parties.fill(16)
    with pytest.raises(KeySessionAborted, match=r"Ann got no keys with Ben: NotEnoughKeys: .*: this takes"):
        draw(StoreKeys(parties.store, "Ann"), "Ann", "Ben", 100, key_bits=4096, at_once=1)


def test_refuses_another_thing():
    with pytest.raises(TypeError, match="store must be a KeyStore, not dict"):
        StoreKeys({}, "Ann")
