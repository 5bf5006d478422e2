"""What goes into the tree for one entry."""

import hashlib

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.exercises.comparisons import same_bytes


@exercise(
    level="warm-up",
    same=same_bytes,
    right="one byte in front, and no entry can be taken for a node of the tree.",
    because="""
        A node above two others is hashed with the byte 01 in front, an entry with 00. Without them somebody could show the 64
        bytes of two hashes as *one entry*, and would have another list with the same root. With them a leaf and a node never
        hash the same bytes.
    """,
)
def leaf_hash(entry):
    """Return the leaf of an entry (bytes) by RFC 9162: the SHA-256 of one byte 00 and, behind it, the entry. Given: `hashlib`
    (`hashlib.sha256(data).digest()`).
    """
    return hashlib.sha256(b"\x00" + entry).digest()


@leaf_hash.cases
def entries(rng):
    """None at all, one byte, bytes that look like a prefix, short ones and long."""
    yield (b"",)
    yield (b"\x00",)
    yield (b"\x01" + rng.bytes(64),)
    for length in (1, 7, 32, 64, 300, 5000):
        yield (rng.bytes(length),)


@leaf_hash.grader
def by_hand(answer, rng):
    """Refuse the library's own: it is to be written, and not called."""
    if library_calls(answer, entries(rng)):
        return Verdict.wrong(
            "the leaf is right, and the library has computed it: write yours, with `hashlib`."
        )
    return None


@leaf_hash.mistake("the byte 00 in front is missing: with it no entry can pass for a node.")
def without_the_byte(entry):
    return hashlib.sha256(entry).digest()


@leaf_hash.mistake("01 stands in front of nodes. A leaf begins with 00.")
def as_a_node(entry):
    return hashlib.sha256(b"\x01" + entry).digest()


@leaf_hash.mistake("the byte 00 goes in *front* of the entry.")
def behind(entry):
    return hashlib.sha256(entry + b"\x00").digest()


@leaf_hash.mistake('you put the digit "0" in front, which is the byte 30. The byte 00 is written b"\\x00".')
def the_digit(entry):
    return hashlib.sha256(b"0" + entry).digest()


@leaf_hash.mistake('you put the digits "00" in front, two bytes. The one byte 00 is written b"\\x00".')
def two_digits(entry):
    return hashlib.sha256(b"00" + entry).digest()


@leaf_hash.mistake("two bytes 00 stand in front: one is asked for.")
def two_bytes(entry):
    return hashlib.sha256(b"\x00\x00" + entry).digest()


@leaf_hash.mistake(
    "the entry is hashed twice: put the byte in front of the entry itself, and not of its hash."
)
def hashed_twice(entry):
    return hashlib.sha256(b"\x00" + hashlib.sha256(entry).digest()).digest()
