"""The ledger: entries signed and verified in a second, beside the bare loop of signatures; growth of roots and proofs."""

import os
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from math import ceil, inf, log2
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import mldsa

from benchmarks.harness import Row, compare, time_best
from qlearn.networks.ledger import Ledger, MerkleTree, Reader, RootSigner, SignedRoot, verify_inclusion
from qlearn.networks.ledger._records import ENTRY, MAGIC, ROOT, record

SECTION = "ledger"
ENTRIES, LARGE = 300, 2**17
SEED = bytes(32)
CONTEXT = b"qlearn ledger root 1"


def signed_each(entries: list[bytes], path: Path | None = None) -> Ledger:
    """Log entries, and sign the root after each of them."""
    with Ledger(RootSigner("bench", SEED), path) as ledger:
        for i, entry in enumerate(entries):
            ledger.append(entry)
            ledger.sign_root(time=i)
    return ledger


def plain_signatures(entries: list[bytes]) -> list[bytes]:
    """Sign each entry by itself with the bare library: no order, no proofs."""
    key = mldsa.MLDSA65PrivateKey.from_seed_bytes(SEED)
    return [key.sign(entry, CONTEXT) for entry in entries]


def plain_file(entries: list[bytes], path: Path) -> None:
    """Sign each entry by itself, write both down, and have them on the disk before the next."""
    key = mldsa.MLDSA65PrivateKey.from_seed_bytes(SEED)
    with open(path, "ab", buffering=0) as file:
        for entry in entries:
            file.write(entry + key.sign(entry, CONTEXT))
            os.fsync(file.fileno())


def followed(ledger: Ledger, steps: list[tuple[SignedRoot, list[bytes]]]) -> Reader:
    """Follow a log root by root, as its reader does."""
    reader = Reader(ledger.signer.public_key, "bench")
    for head, proof in steps:
        reader.accept(head, proof)
    return reader


def signed_once(entries: list[bytes], path: Path | None = None) -> SignedRoot:
    """Log entries, and sign the root of all of them."""
    with Ledger(RootSigner("bench", SEED), path) as ledger:
        for entry in entries:
            ledger.append(entry)
        return ledger.sign_root(time=0)


def plain_log(entries: list[bytes], path: Path | None = None) -> SignedRoot:
    """Do what a log does for each entry in one loop: check it, write it as a record, keep it, hash it, carry the nodes.

    What it leaves out are the lock of threads, and the refusals after a fork, a broken step and the end of the file.
    """
    kept: list[bytes] = []
    levels: list[list[bytes]] = [[]]
    file = None if path is None else open(path, "ab", buffering=0)  # noqa: SIM115 (closed below)
    if file:
        file.write(MAGIC)
    for entry in entries:
        if not isinstance(entry, bytes) or len(entry) >= 2**32:
            raise TypeError
        if file:
            data = record(ENTRY, entry)
            if file.write(data) != len(data):
                raise OSError
        kept.append(entry)
        node = sha256(b"\x00" + entry).digest()
        levels[0].append(node)
        whole, k = len(kept), 0
        while not whole & 1:
            node = sha256(b"\x01" + levels[k][-2] + node).digest()
            whole, k = whole >> 1, k + 1
            if k == len(levels):
                levels.append([])
            levels[k].append(node)
    assert len(kept) == len(levels[0]) == 1 << len(levels) - 1, (
        "as many as a power of two: the top is the root"
    )
    head = RootSigner("bench", SEED).sign(len(kept), levels[-1][0], time=0)
    if file:
        file.write(record(ROOT, head.encoded))
        os.fsync(file.fileno())
        file.close()
    return head


def leaf_by_leaf(leaves: list[bytes]) -> MerkleTree:
    """Let a tree grow."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def hashes(leaves: list[bytes]) -> bytes:
    """Hash as many nodes as a tree has, and nothing else."""
    level = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def appended(
    leaves: list[bytes], where: str, fresh: Callable[[], Path | None], loop: str, at_most: float
) -> list[Row]:
    """Append entries one by one, with one signature in all, that hides nothing of what an entry takes; by turns with the loop."""
    best, roots = [inf, inf], set()
    for _ in range(7):
        for i, fn in enumerate((signed_once, plain_log)):
            path, start = fresh(), time.process_time()
            roots.add(fn(leaves, path).root)
            best[i] = min(best[i], time.process_time() - start)
    assert len(roots) == 1
    what = f"{len(leaves):,} appended {where}, one signed root"
    return [
        compare(SECTION, what, best[0], loop, best[1], at_most=at_most),
        Row(SECTION, f"entries/s, {what}", len(leaves) / best[0]),
    ]


def rows() -> list[Row]:
    """Sign, verify, hash; then how large a proof gets."""
    entries = [os.urandom(200) for _ in range(ENTRIES)]
    found = []
    # Signing tries until a signature is short enough, so that a loop is as long as its luck: both take many signatures.
    ours = time_best(lambda: signed_each(entries), repeat=7, clock=time.process_time)
    plain = time_best(lambda: plain_signatures(entries), repeat=7, clock=time.process_time)
    what = f"{ENTRIES} entries, a signed root after each"
    found.append(compare(SECTION, what, ours, "loop of bare sign()", plain, at_most=1.2))
    found.append(Row(SECTION, "entries/s, a signed root after each", ENTRIES / ours))
    names = count()
    with tempfile.TemporaryDirectory() as folder:
        kept = time_best(
            lambda: signed_each(entries, Path(folder) / f"log {next(names)}"),
            repeat=5,
            clock=time.process_time,
        )
        bare = time_best(
            lambda: plain_file(entries, Path(folder) / f"plain {next(names)}"),
            repeat=5,
            clock=time.process_time,
        )
        found.append(
            compare(SECTION, f"{what}, on the disk", kept, "loop of sign, write, fsync", bare, at_most=1.2)
        )

    ledger = signed_each(entries)
    steps = [(h, ledger.consistency_proof(max(h.size - 1, 0), h.size)) for h in ledger.heads]
    key = mldsa.MLDSA65PublicKey.from_public_bytes(ledger.signer.public_key)
    theirs = [(head.signature, head.message) for head in ledger.heads]
    ours = time_best(lambda: followed(ledger, steps), clock=time.process_time)
    plain = time_best(
        lambda: [key.verify(signature, message, CONTEXT) for signature, message in theirs],
        clock=time.process_time,
    )
    found.append(
        compare(
            SECTION,
            f"{ENTRIES} roots followed, proofs and all",
            ours,
            "loop of bare verify()",
            plain,
            at_most=1.2,
        )
    )
    found.append(Row(SECTION, "roots/s verified by a reader", ENTRIES / ours))

    leaves = [i.to_bytes(200) for i in range(LARGE)]
    ours = time_best(lambda: MerkleTree(leaves).root(), repeat=3, clock=time.process_time)
    plain = time_best(lambda: hashes(leaves), repeat=3, clock=time.process_time)
    found.append(compare(SECTION, f"tree of {LARGE:,} entries", ours, "its hashes alone", plain, at_most=1.2))
    found.append(Row(SECTION, f"tree of {LARGE:,} entries: entries/s", LARGE / ours))
    grown = time_best(lambda: leaf_by_leaf(leaves), repeat=3, clock=time.process_time)
    found.append(compare(SECTION, "the same tree, level by level", ours, "leaf by leaf", grown, faster=1.2))
    found += appended(leaves, "in memory", lambda: None, "one loop: check, keep, hash, carry", 1.8)
    with tempfile.TemporaryDirectory() as folder:
        found += appended(
            leaves,
            "in a file",
            lambda: Path(folder) / f"log {next(names)}",
            "one loop: check, encode, write, keep, hash, carry",
            1.5,
        )

    tree = MerkleTree(leaves)
    for size in (100, 10_000, LARGE):
        longest = max(32 * len(tree.inclusion_proof(i, size)) for i in range(0, size, max(size // 1000, 1)))
        bound = 32 * ceil(log2(size))
        what = f"inclusion proof in {size:,} entries: bytes"
        found.append(Row(SECTION, what, longest, bound=f"<= {bound} bytes", holds=longest <= bound))
    proof, root = tree.inclusion_proof(5), tree.root()
    one = time_best(lambda: verify_inclusion(leaves[5], 5, LARGE, proof, root), clock=time.process_time)
    found.append(Row(SECTION, f"inclusion proofs/s verified, {LARGE:,} entries", 1 / one))
    return found
