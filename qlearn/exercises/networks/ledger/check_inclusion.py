"""A proof that an entry is in the log, checked."""

import hashlib

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.exercises.comparisons import equal


def _path(entries, index):
    """The siblings on the way up, and the root."""
    level, path = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries], []
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level, index = above + level[2 * len(above) :], index // 2
    return path, level[0]


@exercise(
    level="core",
    same=equal,
    right="a proof that is too long, too short, or of another place is as bad as a wrong hash.",
    because=r"""
        The place and the number of entries say *on which side* each sibling stands: in each part the RFC cuts at the largest
        power of two below its length. They also say how many siblings there must be. Whoever takes that from the proof itself
        lets its sender choose: with a hash fewer an inner node passes for the root, with one more anything that stands behind
        is overlooked. Nothing of the answer needs the list.
    """,
)
def check_inclusion(entry, index, size, proof, root):
    """A log has `size` entries (1 or more) and this `root` (32 bytes). Tell whether `proof`, a list of hashes of 32 bytes each,
    shows that `entry` (bytes) is number `index` of them, counted from 0: return `True` or `False`. The entry's leaf is the
    SHA-256 of the byte 00 and the entry. A list of n > 1 entries is cut at the largest power of two *below* n; its root is the
    SHA-256 of the byte 01, the root of the left part and that of the right. The proof holds, from the entry up, the root of each
    part that the entry is not in, and nothing else. An index that is not below `size` is never proven. Given: `hashlib`.
    """
    if index >= size:
        return False
    right = []  # for each cut, from the top: is the entry in the right part?
    while size > 1:
        cut = 2 ** ((size - 1).bit_length() - 1)
        right.append(index >= cut)
        index, size = (index - cut, size - cut) if right[-1] else (index, cut)
    if len(proof) != len(right):
        return False
    node = hashlib.sha256(b"\x00" + entry).digest()
    for sibling, is_right in zip(proof, right[::-1]):
        node = hashlib.sha256(b"\x01" + (sibling + node if is_right else node + sibling)).digest()
    return node == root


@check_inclusion.cases
def claims(rng):
    """Every place of small logs, some of large ones; each also with a wrong entry, place, size, root or proof."""
    for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 21):
        entries = [rng.bytes(int(rng.integers(0, 9))) + bytes([i]) for i in range(n)]
        for index in range(n) if n < 8 else rng.permutation(n)[:4].tolist():
            proof, root = _path(entries, index)
            yield entries[index], index, n, proof, root
            other = int(rng.integers(n))
            yield entries[other], index, n, proof, root
            yield entries[index], other, n, proof, root
            yield entries[index], index, n, [*proof, rng.bytes(32)], root
            yield entries[index], index, n, proof[::-1], root
            yield entries[index], index, n, proof, rng.bytes(32)
            k = int(rng.integers(16, 32))  # a root that is right but for one byte of its second half
            yield entries[index], index, n, proof, root[:k] + bytes([root[k] ^ 1]) + root[k + 1 :]
            yield entries[index], index + n, n, proof, root
            if proof:
                yield entries[index], index, n, proof[:-1], root
                k = int(rng.integers(len(proof)))
                spoiled = bytes([proof[k][0] ^ 1]) + proof[k][1:]
                yield entries[index], index, n, [*proof[:k], spoiled, *proof[k + 1 :]], root
    first, second = rng.bytes(5), rng.bytes(6)
    short, inner = _path([first, second], 0)
    yield first, 0, 4, short, inner  # an inner node, shown as the root of four
    yield first, 0, 2, short, inner
    yield first, 1, 1, [], hashlib.sha256(b"\x00" + first).digest()
    yield first, 0, 1, [], hashlib.sha256(b"\x00" + first).digest()
    yield first, 0, 1, short, inner


@check_inclusion.grader
def by_hand(answer, rng):
    """Refuse the library's own: it is to be written, and not called."""
    given = []
    for n in (1, 2, 3, 5, 8, 21):
        entries = [bytes([i]) for i in range(n)]
        proof, root = _path(entries, n // 2)
        given += [(entries[n // 2], n // 2, n, list(proof), root) for root in (root, bytes(32))]
    if library_calls(answer, given):
        return Verdict.wrong(
            "the answers are right, and the library has given them: write yours, with `hashlib`."
        )
    return None


def _checked(entry, index, size, proof, root, **changed):
    """The check with something changed."""
    if index >= size and changed.get("bounded", True):
        return False
    sides = []
    while size > 1:
        cut = changed.get("cut", lambda size: 2 ** ((size - 1).bit_length() - 1))(size)
        sides.append(index >= cut)
        index, size = (index - cut, size - cut) if sides[-1] else (index, cut)
    counted = changed.get("counted", lambda given, due: given == due)
    if not counted(len(proof), len(sides)):
        return False
    node = hashlib.sha256(changed.get("leaf", b"\x00") + entry).digest()
    for sibling, right in zip(proof, changed.get("order", lambda s: s[::-1])(sides), strict=False):
        right = changed.get("side", right)
        node = hashlib.sha256(b"\x01" + (sibling + node if right else node + sibling)).digest()
    first = changed.get("first", 32)
    return node[:first] == root[:first]


@check_inclusion.mistake(
    "the number of hashes is not checked: what stands behind the last that is needed is overlooked."
)
def longer_proofs(*given):
    return _checked(*given, counted=lambda given, due: given >= due)


@check_inclusion.mistake("a proof that is too short passes: then an inner node can be shown as the root.")
def shorter_proofs(*given):
    return _checked(*given, counted=lambda given, due: given <= due)


@check_inclusion.mistake(
    "the number of hashes is not compared with what the size asks for: too many and too few both pass."
)
def any_length(*given):
    return _checked(*given, counted=lambda given, due: True)


@check_inclusion.mistake("an index beyond the end is taken: it must be below `size`.")
def beyond_the_end(*given):
    return _checked(*given, bounded=False)


@check_inclusion.mistake("the sides are those from the top, and the proof begins at the entry.")
def from_the_top(*given):
    return _checked(*given, order=lambda sides: sides)


@check_inclusion.mistake("you cut in the middle. The RFC cuts at the largest power of two below the length.")
def cut_in_the_middle(*given):
    return _checked(*given, cut=lambda size: size // 2)


@check_inclusion.mistake(
    "every sibling goes to the right for you. Where the entry is in the right part, it stands on the left."
)
def always_on_the_right(*given):
    return _checked(*given, side=False)


@check_inclusion.mistake(
    "every sibling goes to the left for you. Where the entry is in the left part, it stands on the right."
)
def always_on_the_left(*given):
    return _checked(*given, side=True)


@check_inclusion.mistake(
    "the sides follow from whether the index is even at each level. That is right for 2, 4, 8, ... entries. In other logs a "
    "node without a partner goes up a level, and the proof has no hash for it."
)
def even_and_odd(entry, index, size, proof, root):
    if index >= size or len(proof) != (size - 1).bit_length():
        return False
    node = hashlib.sha256(b"\x00" + entry).digest()
    for k, sibling in enumerate(proof):
        node = hashlib.sha256(b"\x01" + (sibling + node if index >> k & 1 else node + sibling)).digest()
    return node == root


@check_inclusion.mistake("all 32 bytes of the root count: you compare only some of them.")
def half_of_the_root(*given):
    return _checked(*given, first=16)


@check_inclusion.mistake("you take everything: a proof is there to be checked.")
def everything(*given):
    return True


@check_inclusion.mistake(
    "right proofs are refused, too: is the byte 00 in front of the entry, and 01 in front of each pair of nodes?"
)
def nothing(*given):
    return False
