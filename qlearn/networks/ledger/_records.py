"""How a log lies in its file: one record behind the other, each with a checksum, so that a torn end can be told from damage."""

from struct import Struct
from zlib import crc32

from qlearn.networks.ledger.signed_root import LedgerRefused

MAGIC = b"qlearn ledger 1\n"
ENTRY, ROOT = b"E", b"R"

# Kind, length of the content, CRC of the content; behind them the CRC of these nine bytes. Without the last, a flipped bit in
# a length would look like a record that is not finished, and everything from there on would be cut off as torn.
_HEADER, _CHECK = Struct("<cII"), Struct("<I")
_HEAD_BYTES = _HEADER.size + _CHECK.size
MOST_BYTES = 2**32 - 1


def record(kind: bytes, content: bytes) -> bytes:
    """Return a record as it stands in the file."""
    head = _HEADER.pack(kind, len(content), crc32(content))
    return head + _CHECK.pack(crc32(head)) + content


def records(data: bytes) -> tuple[list[tuple[bytes, bytes]], int]:
    """Return the whole records of a file, kind and content, and where the last of them ends.

    What a process wrote when it was killed is a *beginning* of a record: the file ends too early. What cannot be that is damage,
    and refused with the number of the record. (What only looks like it cannot be told from it: a few bytes that begin with a
    kind, too few for their checksum, or a last record that somebody has cut.)
    """
    if not data.startswith(MAGIC):
        if MAGIC.startswith(data):
            return [], 0
        raise LedgerRefused("record", "the file is no ledger, or its first bytes are damaged")
    found: list[tuple[bytes, bytes]] = []
    place = len(MAGIC)
    while len(data) - place >= _HEAD_BYTES:
        head = data[place : place + _HEADER.size]
        kind, length, check = _HEADER.unpack(head)
        if _CHECK.unpack_from(data, place + _HEADER.size) != (crc32(head),) or kind not in (ENTRY, ROOT):
            raise LedgerRefused("record", f"the head of record {len(found)}, at byte {place}, is damaged")
        start = place + _HEAD_BYTES
        if len(data) - start < length:
            break
        content = data[start : start + length]
        if crc32(content) != check:
            raise LedgerRefused("record", f"the content of record {len(found)}, at byte {start}, is damaged")
        found.append((kind, content))
        place = start + length
    if data[place : place + 1] not in (b"", ENTRY, ROOT):
        raise LedgerRefused(
            "record", f"what stands behind {len(found)} whole records, at byte {place}, begins none"
        )
    return found, place
