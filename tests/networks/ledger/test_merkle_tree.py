"""The tree: the vectors of Certificate Transparency, its recursive definition, and every earlier size."""

from hashlib import sha256
from math import ceil, log2

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.ledger import MerkleTree, leaf_hash, merkle_root

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
lists = st.lists(st.binary(max_size=5), max_size=40)


def mth(leaves):
    """MTH of RFC 9162, section 2.1.1, as it is written there: the oracle."""
    n = len(leaves)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 2 ** (ceil(log2(n)) - 1)
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


@pytest.mark.parametrize("n", range(9))
def test_the_vectors_of_certificate_transparency(n):
    assert merkle_root(LEAVES[:n]).hex() == ROOTS[n]


@given(lists)
def test_equals_the_definition_at_every_size(leaves):
    tree = MerkleTree(leaves)
    assert len(tree) == len(leaves)
    assert [tree.root(n) for n in range(len(leaves) + 1)] == [mth(leaves[:n]) for n in range(len(leaves) + 1)]


@given(lists, lists)
def test_growing_is_the_same_as_being_whole(first, then):
    tree = MerkleTree(first)
    assert [tree.append(leaf) for leaf in then] == list(range(len(first), len(first) + len(then)))
    assert tree.root() == merkle_root(first + then)


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=20), st.data())
def test_another_list_has_another_root(leaves, data):
    i, j = (data.draw(st.integers(0, len(leaves) - 1)) for _ in range(2))
    others = [
        leaves[:-1],
        [*leaves, b""],
        [*leaves[:i], leaves[i] + b"\0", *leaves[i + 1 :]],
        leaves[:i] + leaves[i + 1 :],
        [leaves[j] if k == i else leaves[i] if k == j else leaf for k, leaf in enumerate(leaves)],
    ]
    for other in others:
        assert (merkle_root(other) == merkle_root(leaves)) == (other == leaves)


def test_an_inner_node_is_no_leaf():
    # without the bytes 00 and 01 in front these two lists had one root
    a, b = leaf_hash(b"a"), leaf_hash(b"b")
    assert merkle_root([a + b]) != merkle_root([b"a", b"b"])
    assert sha256(b"\x01" + a + b).digest() == merkle_root([b"a", b"b"])
    # and a last leaf that is doubled is another list: other trees repeat it to fill up
    assert merkle_root([b"a", b"b", b"c", b"c"]) != merkle_root([b"a", b"b", b"c"])


def test_a_leaf_costs_two_hashes_on_average(monkeypatch):
    from qlearn.networks.ledger import merkle_tree

    made = []
    monkeypatch.setattr(merkle_tree, "sha256", lambda data: made.append(1) or sha256(data))
    tree = MerkleTree(bytes([i]) for i in range(256))
    assert len(made) == 2 * 256 - 1
    made.clear()
    tree.append(b"")
    tree.root()
    assert len(made) == 2  # the leaf, and the node over 256 and 1


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: merkle_root(["a"]), TypeError, "leaf 0 of leaves must be bytes, not str"),
        (
            lambda: merkle_root([b"", bytearray(2)]),
            TypeError,
            "leaf 1 of leaves must be bytes, not bytearray",
        ),
        (lambda: merkle_root(b"ab"), TypeError, "leaves must be a list of bytes, not bytes: put one"),
        (lambda: merkle_root("ab"), TypeError, "leaves must be a list of bytes, not str"),
        (lambda: leaf_hash(7), TypeError, "leaf must be bytes, not int"),
        (lambda: MerkleTree().append(None), TypeError, "leaf must be bytes, not NoneType"),
        (
            lambda: MerkleTree([b""]).root(2),
            ValueError,
            "size must be at most the number of leaves, 1, not 2",
        ),
        (lambda: MerkleTree([b""]).root(-1), ValueError, "size must be at least 0"),
        (lambda: MerkleTree([b""]).root(0.5), TypeError, "size must be a whole number"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
