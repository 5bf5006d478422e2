"""The ports of the Merkle tree and of what readers of a log see, against the library and the vectors of RFC 9162's forerunner."""

from collections.abc import Callable
from hashlib import sha256

import numpy as np

from qlearn.networks import ledger
from qlearn.networks.ledger import LedgerRefused, Reader, RootSigner, compare_heads
from qlearn.networks.ledger.merkle_tree import MerkleTree, largest_power_below

N = 1000


def trees(seed: int, most: int = 24) -> list[list[bytes]]:
    """Lists of all lengths, odd ones too; entries of all lengths around the blocks of the hash."""
    rng = np.random.default_rng(seed)
    return [[rng.bytes(int(rng.integers(0, 70))) for _ in range(1 + k % most)] for k in range(N)]


def as_lists(leaves: list[bytes]) -> list[list[int]]:
    return [list(leaf) for leaf in leaves]


def test_hashes(port: Callable):
    rng = np.random.default_rng(1)
    messages = [rng.bytes(k) for k in range(1200)]  # every length through eighteen blocks
    sent = [[list(one)] for one in messages]
    assert port("networks/ledger", "sha256", sent) == [sha256(one).hexdigest() for one in messages]
    # FIPS 180-4, its example of one block
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert port("networks/ledger", "sha256", [[list(b"abc")]]) == [abc]
    assert port("networks/ledger", "leaf_hash", sent) == [ledger.leaf_hash(one).hex() for one in messages]
    sizes = list(range(2, 1100))
    ours = [largest_power_below(n) for n in sizes]
    assert port("networks/ledger", "largest_power_below", [[n] for n in sizes]) == ours


def test_roots_and_proofs(port: Callable):
    rng, some = np.random.default_rng(2), trees(2)
    sent = [as_lists(leaves) for leaves in some]
    roots = [ledger.merkle_root(leaves).hex() for leaves in some]
    assert port("networks/ledger", "merkle_root", [[one] for one in sent]) == roots
    assert port("networks/ledger", "merkle_root", [[[]]]) == [ledger.merkle_root([]).hex()]
    places = [int(rng.integers(len(leaves))) for leaves in some]
    proofs = [[p.hex() for p in ledger.inclusion_proof(*one)] for one in zip(some, places, strict=True)]
    assert port("networks/ledger", "inclusion_proof", list(zip(sent, places, strict=True))) == proofs
    olds = [int(rng.integers(len(leaves) + 1)) for leaves in some]
    joined = [[p.hex() for p in ledger.consistency_proof(*one)] for one in zip(some, olds, strict=True)]
    assert port("networks/ledger", "consistency_proof", list(zip(sent, olds, strict=True))) == joined
    # The places of the nodes are those of which the tree has these hashes.
    for name, asked, ours in (("inclusion_nodes", places, proofs), ("consistency_nodes", olds, joined)):
        theirs = port(
            "networks/ledger", name, [[len(leaves), k] for leaves, k in zip(some, asked, strict=True)]
        )
        assert [
            [MerkleTree(leaves).node(*place).hex() for place in nodes]
            for leaves, nodes in zip(some, theirs, strict=True)
        ] == ours
    assert port("networks/ledger", "inclusion_nodes", [[7, 4]]) == [[[5, 6], [6, 7], [0, 4]]]
    assert port("networks/ledger", "consistency_nodes", [[7, 4]]) == [[[4, 7]]]


def test_proofs_that_are_right_and_wrong(port: Callable):
    rng, some = np.random.default_rng(3), trees(3, 12)
    inside, joins, ours_inside, ours_joins = [], [], [], []
    for k, leaves in enumerate(some):
        n, place, old = len(leaves), int(rng.integers(len(leaves))), int(rng.integers(len(leaves) + 1))
        root, proof, between = (
            ledger.merkle_root(leaves),
            ledger.inclusion_proof(leaves, place),
            ledger.consistency_proof(leaves, old),
        )
        old_root, size, leaf, now = ledger.merkle_root(leaves[:old]), n, leaves[place], n
        wrong = k % 6  # 0 and 1: as it should be
        if wrong == 2:
            leaf, old_root = leaf + b"!", ledger.merkle_root([*leaves[: old - 1], b"!"])
        elif wrong == 3:
            proof, between = [*proof, root], [*between, root]
        elif wrong == 4:
            proof, between = proof[:-1], between[:-1]
        elif wrong == 5:
            place, size, old = (place + 1) % (n + 1), n + int(rng.integers(0, 2)), (old + 1) % (n + 2)
        inside.append([list(leaf), place, size, [p.hex() for p in proof], root.hex()])
        ours_inside.append(ledger.verify_inclusion(leaf, place, size, proof, root))
        joins.append([old, now, old_root.hex(), root.hex(), [p.hex() for p in between]])
        ours_joins.append(ledger.verify_consistency(old, now, old_root, root, between))
    assert port("networks/ledger", "verify_inclusion", inside) == ours_inside
    assert port("networks/ledger", "verify_consistency", joins) == ours_joins
    assert all(300 < sum(ours) < 800 for ours in (ours_inside, ours_joins))


def test_what_readers_see(port: Callable):
    rng, signer = np.random.default_rng(4), RootSigner("trial", bytes(32), "ML-DSA-44")
    reader_asked, reader_said, pair_asked, pair_said = [], [], [], []
    signed = {}

    def head(leaves: list[bytes]):
        root = ledger.merkle_root(leaves)
        if (len(leaves), root) not in signed:
            signed[len(leaves), root] = signer.sign(len(leaves), root, time=1)
        return signed[len(leaves), root]

    def as_port(one):
        return one and [one.size, one.root.hex()]

    for k in range(N):
        true = [b"%d" % j for j in range(8)]
        false = [b"%d!" % j if j == int(rng.integers(8)) else leaf for j, leaf in enumerate(true)]
        old, now = int(rng.integers(0, 9)), int(rng.integers(1, 9))
        shown = (true, false)[k % 2][:now]
        remembered = head(true[:old]) if old else None
        proof = ledger.consistency_proof(shown, old) if old <= now else []
        reader = Reader(signer.public_key, "trial", remembered)
        try:
            reader.accept(head(shown), proof)
            reader_said.append("accepted")
        except LedgerRefused as refused:
            reader_said.append(refused.reason)
        reader_asked.append([as_port(remembered), as_port(head(shown)), [p.hex() for p in proof]])
        other = true[: int(rng.integers(1, 9))]
        short, long = sorted((shown, other), key=len)
        between = ledger.consistency_proof(long, len(short))
        pair_said.append(compare_heads(head(shown), head(other), signer.public_key, between))
        pair_asked.append([as_port(head(shown)), as_port(head(other)), [p.hex() for p in between]])
    assert port("networks/ledger", "accept", reader_asked) == reader_said
    assert port("networks/ledger", "compare_heads", pair_asked) == pair_said
    assert set(reader_said) == {"accepted", "truncated", "equivocation", "consistency"}
    assert set(pair_said) == {"same", "equivocation", "consistent", "unproven"}
