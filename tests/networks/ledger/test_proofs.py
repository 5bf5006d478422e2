"""Proofs: the vectors of Certificate Transparency, its recursive definitions, and no proof of anything that is not so."""

from itertools import product
from math import ceil, log2

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.ledger import (
    MerkleTree,
    consistency_proof,
    inclusion_proof,
    merkle_root,
    verify_consistency,
    verify_inclusion,
)
from tests.networks.ledger.test_merkle_tree import LEAVES, ROOTS, mth

ALL = [bytes([i]) for i in range(20)]
MERKLE_ROOTS = [mth(ALL[:n]) for n in range(21)]


def path(m, leaves):
    """PATH of RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 2 ** (ceil(log2(len(leaves))) - 1)
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, whole):
    """SUBPROOF of RFC 9162, section 2.1.4.1."""
    n = len(leaves)
    if m == n:
        return [] if whole else [mth(leaves)]
    k = 2 ** (ceil(log2(n)) - 1)
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def test_the_vectors_of_certificate_transparency():
    assert [node.hex() for node in inclusion_proof(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[4],
    ]
    assert [node.hex() for node in consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[4],
    ]


@pytest.mark.parametrize("n", range(1, 21))
def test_inclusion_equals_the_definition_and_is_verified(n):
    leaves = ALL[:n]
    for m in range(n):
        proof = inclusion_proof(leaves, m)
        assert proof == path(m, leaves) == MerkleTree(ALL).inclusion_proof(m, n)
        assert len(proof) <= ceil(log2(n))
        assert verify_inclusion(leaves[m], m, n, proof, MERKLE_ROOTS[n])


@pytest.mark.parametrize("n", range(21))
def test_consistency_equals_the_definition_and_is_verified(n):
    leaves = ALL[:n]
    for m in range(n + 1):
        proof = consistency_proof(leaves, m)
        assert proof == (subproof(m, leaves, True) if m else []) == MerkleTree(ALL).consistency_proof(m, n)
        assert len(proof) <= (ceil(log2(n)) + 1 if n else 0)
        assert verify_consistency(m, n, MERKLE_ROOTS[m], MERKLE_ROOTS[n], proof)


def test_a_proof_shows_one_place_of_one_size_only():
    # every proof for every claim about lists of up to 9 entries: it passes where it belongs, and nowhere else
    for n, m in product(range(1, 10), repeat=2):
        if m >= n:
            continue
        proof = inclusion_proof(ALL[:n], m)
        for size, place in product(range(1, 10), repeat=2):
            taken = verify_inclusion(ALL[m], place, size, proof, MERKLE_ROOTS[n])
            if taken:  # a size that gives the same path is no other entry: the root says which list it is of
                assert place == m or size != n
            assert taken or (place, size) != (m, n)
        for other in ALL[:10]:
            assert verify_inclusion(other, m, n, proof, MERKLE_ROOTS[n]) == (other == ALL[m])


def test_no_consistency_with_what_was_not_the_beginning():
    for n, m in product(range(1, 10), repeat=2):
        if m > n:
            continue
        proof = consistency_proof(ALL[:n], m)
        for place in range(m):  # one old entry was another one
            old = [*ALL[:place], b"changed", *ALL[place + 1 : m]]
            assert not verify_consistency(m, n, mth(old), MERKLE_ROOTS[n], proof)
            new = [*ALL[:place], b"changed", *ALL[place + 1 : n]]
            assert not verify_consistency(m, n, MERKLE_ROOTS[m], mth(new), consistency_proof(new, m))


nodes = st.lists(st.sampled_from([*MERKLE_ROOTS, mth([b"x"])]), max_size=5)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.data())
def test_whatever_is_offered_as_a_proof(n, m, place, data):
    right = consistency_proof(ALL[:n], m) if m <= n else []
    offered = data.draw(st.one_of(nodes, st.permutations(right)))
    # the old root of other entries can be joined to no new one, by any of these
    assert not verify_consistency(m, n, mth([b"y"] * m), MERKLE_ROOTS[n], offered) or m == 0
    assert not verify_inclusion(b"y", place, n, offered, MERKLE_ROOTS[n])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p[:-1],
        lambda p: p[1:],
        lambda p: [*p, p[0]],
        lambda p: p[::-1],
        lambda p: [p[0][:-1], *p[1:]],
        lambda p: [p[0] + b"\0", *p[1:]],
        lambda p: [bytes([p[0][0] ^ 1]) + p[0][1:], *p[1:]],
        lambda p: [p[0].hex(), *p[1:]],
        lambda p: [None] * len(p),
        lambda p: None,
        lambda p: b"".join(p),
    ],
)
def test_spoiled_proofs_are_false_and_raise_nothing(spoil):
    for m in range(7):
        proof = inclusion_proof(ALL[:7], m)
        assert not verify_inclusion(ALL[m], m, 7, spoil(proof), MERKLE_ROOTS[7])
    for m in (3, 5, 6):  # two nodes or more
        proof = consistency_proof(ALL[:7], m)
        assert not verify_consistency(m, 7, MERKLE_ROOTS[m], MERKLE_ROOTS[7], spoil(proof))


def test_edges():
    assert inclusion_proof([b"a"], 0) == []
    assert not verify_inclusion(b"a", 1, 1, [], merkle_root([b"a"]))
    assert not verify_inclusion(b"a", 0, 0, [], merkle_root([]))
    assert not verify_consistency(3, 2, MERKLE_ROOTS[3], MERKLE_ROOTS[2], [])
    assert not verify_consistency(2, 2, MERKLE_ROOTS[2], MERKLE_ROOTS[2], [MERKLE_ROOTS[1]])
    assert not verify_consistency(0, 2, MERKLE_ROOTS[1], MERKLE_ROOTS[2], [])
    assert not verify_consistency(3, 5, MERKLE_ROOTS[3], MERKLE_ROOTS[5], [])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: inclusion_proof([], 0), ValueError, "index must be below the number of leaves, 0, not 0"),
        (lambda: inclusion_proof([b"a"], 1), ValueError, "index must be below the number of leaves, 1, not 1"),
        (lambda: inclusion_proof([b"a"], -1), ValueError, "index must be at least 0"),
        (lambda: inclusion_proof([b"a"], True), TypeError, "index must be a whole number"),
        (lambda: inclusion_proof("ab", 0), TypeError, "leaves must be a list of bytes"),
        (lambda: consistency_proof([b"a"], 2), ValueError, "old_size must be at most the number of leaves, 1, not 2"),
        (lambda: consistency_proof([b"a"], -1), ValueError, "old_size must be at least 0"),
        (lambda: consistency_proof([1], 1), TypeError, "leaf 0 of leaves must be bytes"),
        (lambda: verify_inclusion("a", 0, 1, [], bytes(32)), TypeError, "leaf must be bytes"),
        (lambda: verify_inclusion(b"a", 0, 1, [], "00"), TypeError, "root must be bytes"),
        (lambda: verify_inclusion(b"a", 0.0, 1, [], bytes(32)), TypeError, "index must be a whole"),
        (lambda: verify_consistency(1, 2, "", bytes(32), []), TypeError, "old_root must be bytes"),
        (lambda: verify_consistency(1, 2, bytes(32), None, []), TypeError, "new_root must be bytes"),
        (lambda: verify_consistency(-1, 2, bytes(32), bytes(32), []), ValueError, "old_size must be at least 0"),
    ],
)  # fmt: skip
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
