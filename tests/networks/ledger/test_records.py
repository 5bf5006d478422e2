"""Records: read back, cut anywhere, flipped anywhere."""

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.ledger import LedgerRefused
from qlearn.networks.ledger._records import ENTRY, MAGIC, ROOT, record, records

KEPT = [(ENTRY, b"round 1"), (ROOT, b"root"), (ENTRY, b""), (ENTRY, bytes(40))]
FILE = MAGIC + b"".join(record(*one) for one in KEPT)


@given(st.lists(st.tuples(st.sampled_from([ENTRY, ROOT]), st.binary(max_size=60)), max_size=6))
def test_read_back(kept):
    data = MAGIC + b"".join(record(*one) for one in kept)
    assert records(data) == (kept, len(data))


def test_a_file_that_ends_anywhere_keeps_its_whole_records():
    ends = [len(MAGIC)]
    for one in KEPT:
        ends.append(ends[-1] + len(record(*one)))
    for cut in range(len(FILE) + 1):
        kept, whole = records(FILE[:cut])
        done = sum(cut >= end for end in ends)
        assert kept == KEPT[: max(done - 1, 0)]
        assert whole == (ends[done - 1] if done else 0)


def test_every_flipped_bit_is_damage_and_none_is_a_torn_end():
    for place in range(len(FILE)):
        for bit in range(8):
            data = bytearray(FILE)
            data[place] ^= 1 << bit
            with pytest.raises(LedgerRefused) as refused:
                records(bytes(data))
            assert refused.value.reason == "record"


@pytest.mark.parametrize("data", [b"something else", b"qlearn ledger 2\n", bytes(16), FILE + bytes(13)])
def test_what_is_no_log(data):
    with pytest.raises(LedgerRefused, match=r"no ledger|head of record 4, at byte"):
        records(data)
