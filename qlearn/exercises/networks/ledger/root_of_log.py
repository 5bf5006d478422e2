"""The root of a list of any length."""

import hashlib

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.exercises.comparisons import same_bytes


@exercise(
    level="core",
    same=same_bytes,
    right="32 bytes, and every entry, its place and their number are in them.",
    because=r"""
        Pairs of neighbours are hashed into nodes, level by level; a last node without a partner goes up as it is. That is the
        tree of the RFC, which says it from the other end: cut the list at the largest power of two below its length. A
        last node that is *doubled* instead, as in other trees, gives the lists a, b, c and a, b, c, c one root: two histories
        under one signature.
    """,
)
def root_of_log(entries):
    """Return the root (32 bytes) of a list of entries (bytes) by RFC 9162, from `hashlib` alone. Of no entry it is the SHA-256
    of nothing. Otherwise each entry becomes a leaf, the SHA-256 of the byte 00 and the entry. From one level to the next, the
    first node and the second become one, the third and the fourth, and so on: the SHA-256 of the byte 01, the left and the right
    one. A last node without a partner goes up unchanged. The root is what is left when there is one. Given: `hashlib`.
    """
    if not entries:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2])
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + level[2 * len(above) :]
    return level[0]


@root_of_log.cases
def logs(rng):
    """No entry to nine, and lengths around powers of two; entries that are empty, equal, or look like nodes."""
    for n in (*range(10), 12, 15, 16, 17, 33):
        yield ([rng.bytes(int(rng.integers(0, 40))) for _ in range(n)],)
    yield ([b"", b"", b""],)
    yield ([rng.bytes(64), b"\x01" + rng.bytes(64)],)


def _root(entries, leaf=b"\x00", node=b"\x01", odd="up", ordered=False):
    """The root with something changed."""
    if not entries:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(leaf + entry).digest() for entry in entries]
    while len(level) > 1:
        rest = []
        if len(level) % 2:
            if odd == "doubled":
                level = [*level, level[-1]]
            elif odd == "hashed":
                rest = [hashlib.sha256(node + level[-1]).digest()]
            elif odd == "first":
                rest, level = level[:1], level[1:]
            elif odd == "up":
                rest = level[-1:]
        pairs = zip(level[::2], level[1::2], strict=False)
        pairs = [sorted(pair) for pair in pairs] if ordered else pairs
        above = [hashlib.sha256(node + left + right).digest() for left, right in pairs]
        level = rest + above if odd == "first" else above + rest
    return level[0]


@root_of_log.grader
def by_hand(answer, rng):
    """Refuse the library's own: it is to be written, and not called."""
    given = [[bytes([i]) for i in range(n)] for n in (*range(6), 8, 13, 33)]
    if library_calls(answer, [(entries,) for entries in given]):
        return Verdict.wrong(
            "the root is right, and the library has computed it: write yours, with `hashlib`."
        )
    return None


@root_of_log.mistake(
    "a last node without a partner is doubled: then a, b, c and a, b, c, c have one root. It goes up as it is."
)
def the_last_one_doubled(entries):
    return _root(entries, odd="doubled")


@root_of_log.mistake("a last node without a partner is hashed once more on its way: it goes up as it is.")
def the_last_one_hashed(entries):
    return _root(entries, odd="hashed")


@root_of_log.mistake("a last node without a partner is lost: then the last entry could be anything.")
def the_last_one_lost(entries):
    return _root(entries, odd="lost")


@root_of_log.mistake("of an odd number the *last* node goes up unchanged, and you take the first.")
def the_first_one_up(entries):
    return _root(entries, odd="first")


@root_of_log.mistake("the bytes 00 and 01 are missing: then a node can pass for an entry.")
def without_the_bytes(entries):
    return _root(entries, b"", b"")


@root_of_log.mistake("nodes begin with 01, leaves with 00: yours begin with the same byte.")
def one_byte_for_both(entries):
    return _root(entries, node=b"\x00")


@root_of_log.mistake("the bytes are exchanged: 00 stands in front of entries, 01 in front of nodes.")
def bytes_exchanged(entries):
    return _root(entries, b"\x01", b"\x00")


@root_of_log.mistake(
    "you sort the two before you hash them: then exchanged entries have the same root. Left comes first."
)
def sorted_pairs(entries):
    return _root(entries, ordered=True)


@root_of_log.mistake(
    "that is one hash over all entries: it binds them, and there are no short proofs from it."
)
def one_hash(entries):
    return hashlib.sha256(b"".join(entries)).digest()


@root_of_log.mistake(
    "you fold the list into one chain, entry by entry. A tree joins neighbours, level by level."
)
def a_chain(entries):
    if not entries:
        return hashlib.sha256(b"").digest()
    node = hashlib.sha256(b"\x00" + entries[0]).digest()
    for entry in entries[1:]:
        node = hashlib.sha256(b"\x01" + node + hashlib.sha256(b"\x00" + entry).digest()).digest()
    return node
