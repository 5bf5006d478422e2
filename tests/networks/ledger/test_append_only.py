"""The log and its file: what is signed stays, whoever kills the process; what is changed is found, but for a cut end."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from qlearn.networks.ledger import (
    Ledger,
    LedgerRefused,
    Reader,
    RootSigner,
    SignedRoot,
    compare_heads,
    merkle_root,
    read_log,
)
from qlearn.networks.ledger._records import ENTRY, MAGIC, ROOT, record

SIGNER = RootSigner("trial", bytes(32), "ML-DSA-44")
KEY = SIGNER.public_key
ENTRIES = [f"round {i}".encode() for i in range(6)]


@pytest.fixture
def path(tmp_path):
    """A log of six entries, with a root signed after each second one."""
    path = tmp_path / "log"
    with Ledger(SIGNER, path) as ledger:
        for i, entry in enumerate(ENTRIES):
            assert ledger.append(entry) == i
            if i % 2:
                ledger.sign_root(time=i)
    return path


def reason(path, key=KEY, log=None):
    with pytest.raises(LedgerRefused) as refused:
        read_log(path, key, log)
    return refused.value.reason


def test_in_memory_and_in_a_file_are_the_same(path):
    memory = Ledger(SIGNER)
    for entry in ENTRIES:
        memory.append(entry)
    with Ledger(SIGNER, path) as ledger:
        assert ledger.entries == memory.entries == ENTRIES
        assert ledger.root() == memory.root() == merkle_root(ENTRIES)
        assert ledger.root(3) == merkle_root(ENTRIES[:3])
        assert ledger.consistency_proof(3) == memory.consistency_proof(3)
        assert ledger.inclusion_proof(1, 4) == memory.inclusion_proof(1, 4)
        assert [h.size for h in ledger.heads] == [2, 4, 6]
        assert (len(ledger), ledger.torn_bytes, repr(ledger)) == (
            6,
            0,
            "Ledger('trial', 6 entries, 3 signed roots)",
        )


def test_goes_on_where_it_stopped(path):
    reader = Reader(KEY, "trial", read_log(path, KEY).heads[-1])
    for more in (b"six", b"seven"):
        with Ledger(SIGNER, path) as ledger:
            ledger.append(more)
            reader.accept(ledger.sign_root(), ledger.consistency_proof(reader.head.size))
    held = read_log(path, KEY, "trial")
    assert held.entries == (*ENTRIES, b"six", b"seven")
    assert (len(held.heads), held.unsigned, held.torn_bytes) == (5, 0, 0)


# Faults of the file.


def test_a_torn_last_record_is_cut_off_and_said(path):
    whole = path.read_bytes()
    for cut in range(1, len(record(ENTRY, b"new"))):
        path.write_bytes(whole + record(ENTRY, b"new")[:cut])
        assert read_log(path, KEY).torn_bytes == cut  # an auditor changes nothing
        assert path.stat().st_size == len(whole) + cut
        with Ledger(SIGNER, path) as ledger:
            assert (ledger.torn_bytes, ledger.entries) == (cut, ENTRIES)
            assert ledger.append(b"new") == 6
        assert read_log(path, KEY).entries == (*ENTRIES, b"new")


@pytest.mark.parametrize("garbage", [b"\xff" * 12, b"\0", b"\0" * 4096, b"record", b"E" * 13])
def test_what_begins_no_record_is_not_torn(path, garbage):
    path.write_bytes(path.read_bytes() + garbage)
    assert reason(path) == "record"


def test_what_looks_torn_is_cut_off_whoever_wrote_it(path):
    path.write_bytes(path.read_bytes() + b"E" * 12)  # one byte less than a head with its checksum
    with Ledger(SIGNER, path) as ledger:
        assert (ledger.torn_bytes, ledger.entries) == (12, ENTRIES)


@pytest.mark.parametrize("begun", [b"", MAGIC[:1], MAGIC[:-1]])
def test_a_file_that_was_hardly_begun(tmp_path, begun):
    (tmp_path / "log").write_bytes(begun)
    with Ledger(SIGNER, tmp_path / "log") as ledger:
        ledger.append(b"a")
    assert read_log(tmp_path / "log", KEY).entries == (b"a",)


def test_every_flipped_byte_is_found(path):
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        data = bytearray(whole)
        data[place] ^= 0x10
        path.write_bytes(data)
        assert reason(path) == "record"
        with pytest.raises(LedgerRefused):
            Ledger(SIGNER, path)
        assert path.read_bytes() == data  # what is damaged is left as it is


def rewritten(path, change):
    """Somebody who knows the format, without the key: new checksums over changed entries."""
    held = read_log(path, KEY)
    parts = [(ENTRY, e) for e in held.entries]
    for head in reversed(held.heads):
        parts.insert(head.size, (ROOT, head.encoded))
    path.write_bytes(MAGIC + b"".join(record(*one) for one in change(parts)))


def swapped(parts):
    parts[0], parts[1] = parts[1], parts[0]
    return parts


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda parts: [(ENTRY, b"changed"), *parts[1:]], "root"),
        (swapped, "root"),
        (lambda parts: parts[1:], "truncated"),
        (lambda parts: [parts[0], *parts], "root"),
        (lambda parts: [*parts, parts[2]], "time"),
        (lambda parts: [*parts, (ROOT, b"no root")], "record"),
        (lambda parts: [*parts, (ROOT, RootSigner("trial").sign(6, merkle_root(ENTRIES), 9).encoded)], "signature"),
        (lambda parts: [*parts, (ROOT, RootSigner("b", bytes(32), "ML-DSA-44").sign(6, merkle_root(ENTRIES), 9).encoded)], "log"),
        (lambda parts: [*parts, (ROOT, SIGNER.sign(6, merkle_root(ENTRIES), 4).encoded)], "time"),
    ],
)  # fmt: skip
def test_tampering_with_right_checksums_is_found(path, change, expected):
    rewritten(path, change)
    assert reason(path) == expected


def test_a_cut_end_is_found_by_a_reader_who_remembers_and_by_nobody_else(path):
    remembers = Reader(KEY, "trial", read_log(path, KEY).heads[-1])
    rewritten(path, lambda parts: parts[:6])  # four entries, two roots: what the log was, once
    held = read_log(path, KEY)
    assert (len(held.entries), held.torn_bytes, held.unsigned) == (4, 0, 0)
    Reader(KEY, "trial").accept(held.heads[-1])
    with pytest.raises(LedgerRefused, match="had 6 entries and shows 4") as refused:
        remembers.accept(held.heads[-1])
    assert refused.value.reason == "truncated"


def test_entries_behind_the_last_root_can_be_changed_by_whoever_writes_the_file(path):
    with Ledger(SIGNER, path) as ledger:
        ledger.append(b"not signed yet")
    assert read_log(path, KEY).unsigned == 1
    rewritten(path, lambda parts: [*parts[:-1], (ENTRY, b"another")])
    assert read_log(path, KEY).entries[-1] == b"another"


# What the file cannot tell: somebody without the key makes the honest log sign a second story. A root kept elsewhere tells.


def cut_to_two(path):
    rewritten(path, lambda parts: parts[:3])


def cut_inside_a_record(path):  # looks like the death of a process, and is cut off as torn
    data = path.read_bytes()
    path.write_bytes(data[: data.index(record(ENTRY, ENTRIES[4])) + 5])


def without_roots_and_changed(path):
    rewritten(path, lambda parts: [(ENTRY, b"forged"), *(p for p in parts[1:] if p[0] == ENTRY)])


@pytest.mark.parametrize(
    ("attack", "expected"),
    [(cut_to_two, "truncated"), (cut_inside_a_record, "truncated"), (without_roots_and_changed, "root")],
)
def test_a_file_that_was_put_back_deceives_the_log_unless_it_remembers(path, attack, expected):
    kept = read_log(path, KEY).heads[-1]
    attack(path)
    left = path.read_bytes()
    with pytest.raises(LedgerRefused) as refused:
        read_log(path, KEY, "trial", kept)
    assert refused.value.reason == expected
    with pytest.raises(LedgerRefused) as refused:
        Ledger(SIGNER, path, kept)
    assert refused.value.reason == expected
    assert path.read_bytes() == left  # what is refused is left as it is, its torn end, too
    with Ledger(SIGNER, path) as ledger:  # without the memory nothing is seen, and the key signs
        while len(ledger) < 6:
            ledger.append(b"another")
        assert compare_heads(kept, ledger.sign_root(time=9), KEY) == "equivocation"


def test_a_file_that_is_gone_is_no_new_log_for_who_remembers(path):
    kept = read_log(path, KEY).heads[-1]
    path.unlink()
    with pytest.raises(LedgerRefused, match="the log had 6 entries, and there is no file"):
        Ledger(SIGNER, path, kept)
    assert not path.exists()
    path.touch()
    with pytest.raises(LedgerRefused, match="the log had 6 entries, and 0 stand in the file"):
        Ledger(SIGNER, path, kept)


def test_a_kept_root_that_fits(path):
    held = read_log(path, KEY)
    for kept in held.heads:
        assert read_log(path, KEY, "trial", kept) == held
    with Ledger(SIGNER, path, held.heads[0]) as ledger:
        ledger.sign_root(time=7)
    for kept in held.heads:  # of a log that has gone on since
        assert len(read_log(path, KEY, "trial", kept).heads) == 4
    stranger = RootSigner("trial").sign(6, merkle_root(ENTRIES), 5)
    with pytest.raises(LedgerRefused, match="not of this key"):
        Ledger(SIGNER, path, stranger)
    with pytest.raises(TypeError, match="head must be a SignedRoot, not bytes"):
        Ledger(SIGNER, path, held.heads[-1].encoded)
    with pytest.raises(ValueError, match="head must come with a path"):
        Ledger(SIGNER, head=held.heads[-1])


def less_a_byte(path):  # looks like a root that was not finished: nobody would have been told of it
    path.write_bytes(path.read_bytes()[:-1])


def without_roots(path):
    rewritten(path, lambda parts: [p for p in parts if p[0] == ENTRY])


def signed_again_earlier(path):
    rewritten(path, lambda parts: [*parts[:-1], (ROOT, SIGNER.sign(6, merkle_root(ENTRIES), 4).encoded)])


@pytest.mark.parametrize("attack", [less_a_byte, without_roots, signed_again_earlier])
def test_a_root_that_was_shown_is_gone_and_its_entries_are_not(path, attack):
    shown = read_log(path, KEY).heads[-1]
    attack(path)
    left = path.read_bytes()
    for reads in (lambda: read_log(path, KEY, "trial", shown), lambda: Ledger(SIGNER, path, shown)):
        with pytest.raises(
            LedgerRefused, match="a root of 6 entries was kept, and the file has none so late"
        ) as refused:
            reads()
        assert refused.value.reason == "truncated"
    assert path.read_bytes() == left
    with Ledger(
        SIGNER, path
    ) as ledger:  # its owner has looked: the entries are those of the root that was shown
        assert ledger.root(shown.size) == shown.root
        Reader(KEY, "trial", shown).accept(ledger.sign_root(time=5))
    assert read_log(path, KEY, "trial", shown).heads[-1].time == 5


def test_another_key_and_another_name(path):
    assert reason(path, RootSigner("trial").public_key) == "signature"
    assert reason(path, KEY, "other") == "log"
    with pytest.raises(LedgerRefused, match="not of this key"):
        Ledger(RootSigner("trial"), path)
    with pytest.raises(LedgerRefused, match="of the log 'trial', and 'other' is read"):
        Ledger(RootSigner("other", bytes(32), "ML-DSA-44"), path)


def test_time_never_falls(path, monkeypatch):
    with Ledger(SIGNER, path) as ledger:
        with pytest.raises(ValueError, match="time must be at least that of the last signed root, 5, not 4"):
            ledger.sign_root(time=4)
        assert ledger.sign_root(time=5).time == 5
        ahead = (time.time_ns() // 10**6) + 10**9
        ledger.sign_root(time=ahead)
        assert ledger.sign_root().time == ahead  # the clock was set back: the log's time stands
        assert len(read_log(path, KEY).heads) == 6


@pytest.mark.skipif(os.name != "posix", reason="this system has no locks that die with their process")
def test_two_do_not_append_to_one_file(path):
    with Ledger(SIGNER, path), pytest.raises(ValueError, match="nobody else appends to"):
        Ledger(SIGNER, path)
    Ledger(SIGNER, path).close()


def test_refusals():
    with pytest.raises(TypeError, match="signer must be a RootSigner, not str"):
        Ledger("trial")
    with pytest.raises(TypeError, match="entry must be bytes, not str"):
        Ledger(SIGNER).append("a")
    with pytest.raises(TypeError, match="time must be a whole number"):
        Ledger(SIGNER).sign_root(time=1.5)
    ledger = Ledger(SIGNER)
    with pytest.raises(ValueError, match="index must be below the number of leaves, 0"):
        ledger.inclusion_proof(0)


# Steps that are broken off: memory and file are apart, and nothing more is signed until the file is opened again.


class Interrupting:
    """The file, and Ctrl-C after so many bytes of a record."""

    def __init__(self, file, after):
        self.file, self.after = file, after

    def write(self, data):
        self.file.write(data[: self.after])
        raise KeyboardInterrupt

    def __getattr__(self, name):
        return getattr(self.file, name)


@pytest.mark.parametrize("after", [0, 5, 10_000])
@pytest.mark.parametrize("what", ["append", "sign_root"])
def test_an_interrupt_in_the_middle_of_a_step(path, after, what):
    ledger = Ledger(SIGNER, path)
    file = ledger._file
    ledger._file = Interrupting(file, after)
    with pytest.raises(KeyboardInterrupt):
        ledger.append(b"new") if what == "append" else ledger.sign_root(time=9)
    ledger._file = file
    for call in (lambda: ledger.append(b"more"), lambda: ledger.sign_root(time=9)):
        with pytest.raises(ValueError, match="was broken off: close the log and open its file again"):
            call()
    ledger.close()
    reader = Reader(KEY, "trial", read_log(path, KEY).heads[-1])
    with Ledger(SIGNER, path) as again:
        assert again.entries == [*ENTRIES, *[b"new"] * (what == "append" and after > 5)]
        again.append(b"more")
        reader.accept(again.sign_root(time=9), again.consistency_proof(reader.head.size))
    assert read_log(path, KEY).unsigned == 0


def test_a_disk_that_does_not_say_that_all_is_on_it(path, monkeypatch):
    ledger = Ledger(SIGNER, path)

    def refuses(number):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuses)
        with pytest.raises(OSError, match="Input/output"):
            ledger.sign_root(time=9)
    with pytest.raises(ValueError, match="was broken off"):
        # behind a root of 9 that stands in the file: it could not be opened any more
        ledger.sign_root(time=6)
    ledger.close()
    with Ledger(SIGNER, path) as again:
        assert again.entries == ENTRIES
        again.sign_root(time=9)


def test_what_is_refused_breaks_nothing(path):
    with Ledger(SIGNER, path) as ledger:
        for wrong in (2**64, 4):
            with pytest.raises(ValueError, match="time must be at"):
                ledger.sign_root(time=wrong)
        ledger.append(b"new")
    with pytest.raises(ValueError, match="the file of the log is closed"):
        ledger.append(b"newer")
    assert ledger.root() == merkle_root([*ENTRIES, b"new"])


def test_threads_may_share_a_log(tmp_path):
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with Ledger(SIGNER, tmp_path / "log") as ledger:

            def work(number):
                for i in range(100):
                    ledger.append(b"%d %d" % (number, i))
                    if i % 25 == 0:
                        ledger.sign_root()

            threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert (len(ledger), len(ledger.heads)) == (400, 16)
            assert ledger.root() == merkle_root(ledger.entries)
    finally:
        sys.setswitchinterval(before)
    assert list(read_log(tmp_path / "log", KEY).entries) == ledger.entries


FORKED = """
import os, sys
from qlearn.networks.ledger import Ledger, RootSigner, read_log
for path in (sys.argv[1], None):
    log = Ledger(RootSigner("trial", bytes(32), "ML-DSA-44"), path)
    log.append(b"before")
    child = os.fork()
    if not child:
        for call in (lambda: log.append(b"another"), lambda: log.sign_root(time=1)):
            try:
                call()
            except ValueError as refused:
                print(refused, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    log.append(b"after")
    log.sign_root(time=1)
    log.close()
print(read_log(sys.argv[1], log.signer.public_key).entries)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_has_the_lock_and_the_key_and_signs_nothing(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", FORKED, str(tmp_path / "log")], capture_output=True, text=True, check=True
    )
    *refused, entries = run.stdout.splitlines()
    assert len(refused) == 4
    assert all("by the process that made it" in line for line in refused)
    assert entries == "(b'before', b'after')"


# Faults of the process and of the disk, on real processes.

WRITER = """
import sys
from qlearn.networks.ledger import Ledger, RootSigner
with Ledger(RootSigner("trial", bytes(32), "ML-DSA-44"), sys.argv[1]) as ledger:
    while True:
        for _ in range(5):
            ledger.append(b"%d " % len(ledger) * 300)
        print(ledger.sign_root().encoded.hex(), flush=True)
"""


def test_killed_while_appending_again_and_again(tmp_path):
    path, reader = tmp_path / "log", Reader(KEY, "trial")
    for turn in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3 + 4 * turn):
            shown = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split("\n")
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        last = SignedRoot.decode(bytes.fromhex([shown.strip(), *rest[:-1]][-1]))
        with Ledger(SIGNER, path) as ledger:
            assert len(ledger) >= last.size
            assert ledger.entries == [b"%d " % i * 300 for i in range(len(ledger))]
            old = reader.head.size if reader.head else 0
            reader.accept(
                last, ledger.consistency_proof(old, last.size)
            )  # what was shown before the kill still holds
    assert reader.head.size >= 5 * (3 + 7 + 11 + 15)


FULL = """
import resource, sys
from qlearn.networks.ledger import Ledger, RootSigner
with Ledger(RootSigner("trial", bytes(32), "ML-DSA-44"), sys.argv[1]) as ledger:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, -1))
    try:
        while True:
            ledger.append(bytes(1000))
    except OSError as error:
        print(len(ledger), error.errno)
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    ledger.append(b"after")
    ledger.sign_root()
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on the size of a file are POSIX")
def test_a_full_disk_leaves_no_half_record(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "log")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    n = int(ran.stdout.split()[0])
    assert n == (20_000 - len(MAGIC)) // len(record(ENTRY, bytes(1000)))
    held = read_log(tmp_path / "log", KEY)
    assert held.entries == (*[bytes(1000)] * n, b"after")
    assert (held.torn_bytes, held.unsigned) == (0, 0)
