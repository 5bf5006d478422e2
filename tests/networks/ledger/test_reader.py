"""Readers: what one sees alone, what it cannot see, and an equivocating log that is two processes."""

import subprocess
import sys

import pytest

from qlearn.networks.ledger import (
    LedgerRefused,
    MerkleTree,
    Reader,
    RootSigner,
    SignedRoot,
    compare_heads,
    consistency_proof,
    merkle_root,
)

SIGNER = RootSigner("trial", bytes(32))
KEY = SIGNER.public_key
ENTRIES = [bytes([i]) for i in range(9)]


def head(entries, time=None, signer=SIGNER):
    return signer.sign(len(entries), merkle_root(entries), len(entries) if time is None else time)


def reader_at(n):
    return Reader(KEY, "trial", head(ENTRIES[:n]))


def reason(call, *arguments):
    with pytest.raises(LedgerRefused) as refused:
        call(*arguments)
    return refused.value.reason


def test_an_honest_log_is_followed_in_steps_of_any_size():
    for m in range(9):
        for n in range(m, 10):
            reader, tree = reader_at(m), MerkleTree(ENTRIES)
            reader.accept(head(ENTRIES[:n]), tree.consistency_proof(m, n))
            for i in range(n):
                reader.check(ENTRIES[i], i, tree.inclusion_proof(i, n))
            assert reader.head.size == n


CHANGED = [*ENTRIES[:2], b"changed", *ENTRIES[3:]]
SWAPPED = [ENTRIES[1], ENTRIES[0], *ENTRIES[2:]]
DROPPED = ENTRIES[1:]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (ENTRIES[:4], "truncated"),
        ([], "truncated"),
        (CHANGED[:5], "equivocation"),
        (SWAPPED[:5], "equivocation"),
        (CHANGED, "consistency"),
        (SWAPPED, "consistency"),
        (DROPPED, "consistency"),
    ],
)
def test_what_one_reader_with_an_earlier_root_sees(entries, expected):
    reader = reader_at(5)
    before = reader.head
    proof = consistency_proof(entries, 5) if len(entries) >= 5 else []
    assert reason(reader.accept, head(entries, time=99), proof) == expected
    assert reader.head is before  # what is refused is not remembered


@pytest.mark.parametrize("entries", [ENTRIES[:4], CHANGED, SWAPPED, DROPPED, []])
def test_what_a_reader_without_an_earlier_root_cannot_see(entries):
    newcomer = Reader(KEY, "trial")
    newcomer.accept(head(entries))
    assert newcomer.head.size == len(entries)


def test_time_key_name_and_proof():
    assert reason(reader_at(5).accept, head(ENTRIES[:6], time=4), consistency_proof(ENTRIES[:6], 5)) == "time"
    stranger = RootSigner("trial")
    assert (
        reason(reader_at(5).accept, head(ENTRIES, signer=stranger), consistency_proof(ENTRIES, 5))
        == "signature"
    )
    assert reason(Reader, KEY, "trial", head(ENTRIES, signer=stranger)) == "signature"
    renamed = RootSigner("other", bytes(32))
    assert reason(reader_at(5).accept, head(ENTRIES, signer=renamed), consistency_proof(ENTRIES, 5)) == "log"
    for no_proof in ([], None, "proof", 7, consistency_proof(ENTRIES, 4)):
        assert reason(reader_at(5).accept, head(ENTRIES), no_proof) == "consistency"
    reader = reader_at(5)
    reader.accept(head(ENTRIES[:5], time=8))  # the same list, signed again later
    assert reader.head.time == 8


def test_entries():
    reader, tree = reader_at(5), MerkleTree(ENTRIES[:5])
    for entry, index, proof in (
        (b"x", 2, tree.inclusion_proof(2)),
        (ENTRIES[2], 3, tree.inclusion_proof(2)),
        (ENTRIES[2], 5, tree.inclusion_proof(2)),
        (ENTRIES[2], 2, None),
        (ENTRIES[6], 6, MerkleTree(ENTRIES).inclusion_proof(6)),
    ):
        assert reason(reader.check, entry, index, proof) == "inclusion"
    with pytest.raises(ValueError, match="no root was accepted yet"):
        Reader(KEY, "trial").check(b"", 0, [])


def test_two_readers_compare():
    assert compare_heads(head(ENTRIES), head(ENTRIES, time=70), KEY) == "same"
    assert compare_heads(head(ENTRIES), head(CHANGED), KEY) == "equivocation"
    joined = consistency_proof(ENTRIES, 5)
    for one, other in ((ENTRIES, ENTRIES[:5]), (ENTRIES[:5], ENTRIES)):
        assert compare_heads(head(one), head(other), KEY, joined) == "consistent"
        assert compare_heads(head(one), head(other), KEY) == "unproven"
        assert compare_heads(head(one), head(other), KEY, joined[:-1]) == "unproven"
    assert compare_heads(head(ENTRIES), head(CHANGED[:5]), KEY, joined) == "unproven"
    # nobody can pin a split view on a log with roots that it has not signed
    assert reason(compare_heads, head(ENTRIES), head(CHANGED, signer=RootSigner("trial")), KEY) == "signature"
    assert (
        reason(compare_heads, head(ENTRIES), head(CHANGED, signer=RootSigner("b", bytes(32))), KEY) == "log"
    )


def test_a_log_that_never_signs_one_size_twice_is_convicted_by_entries():
    hers = [b"round 1", b"round 2", b"good"]
    his = [b"round 1", b"nothing", b"round 2", b"bad"]  # always one more than hers
    to_alice, to_bob = head(hers), head(his)
    for proof in (None, consistency_proof(his, 3), consistency_proof([*hers, b""], 3)):
        assert compare_heads(to_alice, to_bob, KEY, proof) == "unproven"
    for story, shown in ((hers, to_alice), (his, to_bob)):
        Reader(KEY, "trial", shown).check(story[1], 1, MerkleTree(story).inclusion_proof(1))
    assert hers[1] != his[1]  # two entries at one place, each under the log's signature


def test_an_old_root_that_is_sent_again_is_refused_and_accuses_nobody():
    with pytest.raises(LedgerRefused, match="or the root is old"):
        reader_at(5).accept(head(ENTRIES[:4]))


SERVER = """
import sys
from qlearn.networks.ledger import Ledger, RootSigner
path, name = sys.argv[1:]
with Ledger(RootSigner("trial", bytes(32)), path) as ledger:       # one key, a file for each reader
    for line in sys.stdin:
        if line.startswith("entry "):
            ledger.append(line[6:].strip().encode())
        else:
            old = int(line.split()[1])
            head = ledger.sign_root(time=len(ledger))
            print(head.encoded.hex(), ",".join(p.hex() for p in ledger.consistency_proof(old)), flush=True)
"""


class Served:
    """A reader, and the process that serves it."""

    def __init__(self, path, name):
        command = [sys.executable, "-c", SERVER, str(path), name]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.reader = Reader(KEY, "trial")

    def entry(self, text):
        self.process.stdin.write(f"entry {text}\n")

    def look(self):
        old = self.reader.head.size if self.reader.head else 0
        self.process.stdin.write(f"root {old}\n")
        self.process.stdin.flush()
        head, _, proof = self.process.stdout.readline().strip().partition(" ")
        self.reader.accept(
            SignedRoot.decode(bytes.fromhex(head)), [bytes.fromhex(p) for p in proof.split(",") if p]
        )

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(30) == 0


def test_a_server_of_two_processes_tells_two_stories_until_the_readers_meet(tmp_path):
    alice, bob = (Served(tmp_path / name, name) for name in ("alice", "bob"))
    verdicts = []
    for number in range(4):
        alice.entry(f"round {number}")
        bob.entry(f"round {number}" if number < 2 else f"forged {number}")
        for served in (alice, bob):
            served.look()  # alone, each sees a log without a fault
        verdicts.append(compare_heads(alice.reader.head, bob.reader.head, KEY))
    assert verdicts == ["same", "same", "equivocation", "equivocation"]
    # and neither can be moved over to the other's story
    assert reason(alice.reader.accept, bob.reader.head) == "equivocation"
    alice.end()
    bob.end()
