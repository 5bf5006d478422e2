"""Answers to the exercises of *A ledger of updates*: right ones in another style, and wrong ones that look right."""

import hashlib
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from qlearn.exercises.networks.ledger import (
    check_inclusion,
    four_generals,
    leaf_hash,
    root_of_log,
    split_view,
)
from qlearn.networks import ledger
from tests.exercises.tried import passes, refused


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Leaves and roots


@pytest.mark.parametrize(
    "answer",
    [
        lambda entry: sha(bytes(1), entry),
        lambda entry: bytearray(hashlib.sha256(b"\0" + entry).digest()),
    ],
)
def test_leaves_in_another_style(answer):
    passes(leaf_hash, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ledger.leaf_hash, "the library has computed it"),
        (lambda entry: ledger.merkle_root([entry]), "the library has computed it"),
        (
            lambda entry: ledger.leaf_hash(entry) if len(entry) == 300 else sha(b"\0", entry),
            "the library has computed it",
        ),
        (lambda entry: hashlib.sha256(b"\0" + entry).hexdigest(), "not `hexdigest()`"),
        (lambda entry: hashlib.sha1(b"\0" + entry).digest(), "you return 20 bytes; 32 are asked for"),
        (lambda entry: hashlib.sha3_256(b"\0" + entry).digest(), "other bytes"),
        (lambda entry: list(hashlib.sha256(b"\0" + entry).digest()), "return bytes"),
        (lambda entry: hashlib.sha256(b"\0" + entry), "return bytes"),
        (lambda entry: sha(b"\0", entry.rstrip(b"\0")), "other bytes"),
    ],
)
def test_other_leaves_are_refused(answer, words):
    refused(leaf_hash, answer, words)


def by_the_rfc(entries):
    """Top down, as the RFC has it."""
    n = len(entries)
    if n < 2:
        return sha(b"\0", entries[0]) if n else sha()
    k = 1
    while 2 * k < n:
        k *= 2
    return sha(b"\1", by_the_rfc(entries[:k]), by_the_rfc(entries[k:]))


def by_a_stack(entries):
    """As a log that grows: whole subtrees of equal size are joined at once."""
    stack = []
    for entry in entries:
        node, size = sha(b"\0", entry), 1
        while stack and stack[-1][1] == size:
            node, size = sha(b"\1", stack.pop()[0], node), 2 * size
        stack.append((node, size))
    if not stack:
        return sha()
    node = stack.pop()[0]
    while stack:
        node = sha(b"\1", stack.pop()[0], node)
    return node


@pytest.mark.parametrize("answer", [by_the_rfc, by_a_stack])
def test_roots_in_another_style(answer):
    passes(root_of_log, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ledger.merkle_root, "the library has computed it"),
        (lambda entries: ledger.MerkleTree(entries).root(), "the library has computed it"),
        (
            lambda entries: (by_the_rfc if len(entries) == 3 else ledger.merkle_root)(entries),
            "the library has computed it",
        ),
        (lambda entries: by_the_rfc(entries) if entries else b"", "0 bytes"),
        (lambda entries: by_the_rfc(entries) if entries else bytes(32), "other bytes"),
        (lambda entries: by_the_rfc([*entries, b""]), "other bytes"),
        (lambda entries: by_the_rfc(entries[::-1]), "other bytes"),
        (lambda entries: by_the_rfc(sorted(entries)), "other bytes"),
        (lambda entries: by_the_rfc(list(dict.fromkeys(entries))), "other bytes"),
        (lambda entries: by_the_rfc(entries).hex(), "not `hexdigest()`"),
    ],
)
def test_other_roots_are_refused(answer, words):
    refused(root_of_log, answer, words)


# Proofs


def from_the_bottom(entry, index, size, proof, root):
    """The RFC's own loop over bits."""
    if index >= size:
        return False
    node, last = sha(b"\0", entry), size - 1
    for sibling in proof:
        if last == 0:
            return False
        if index % 2 or index == last:
            node = sha(b"\1", sibling, node)
            while index % 2 == 0:
                index, last = index // 2, last // 2
        else:
            node = sha(b"\1", node, sibling)
        index, last = index // 2, last // 2
    return last == 0 and node == root


def by_recursion(entry, index, size, proof, root):
    def top(index, size, proof):
        if size == 1:
            return None if proof else sha(b"\0", entry)
        if not proof:
            return None
        k = 1 << (size - 1).bit_length() - 1
        right = index >= k
        inner = top(index - k, size - k, proof[:-1]) if right else top(index, k, proof[:-1])
        return inner and sha(b"\1", *((proof[-1], inner) if right else (inner, proof[-1])))

    return index < size and top(index, size, list(proof)) == root


@pytest.mark.parametrize("answer", [from_the_bottom, by_recursion])
def test_checks_in_another_style(answer):
    passes(check_inclusion, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ledger.verify_inclusion, "the library has given them"),
        (lambda entry, index, size, proof, root: len(proof) == (size - 1).bit_length(), ""),
        (lambda entry, index, size, proof, root: from_the_bottom(entry, index, 2 ** len(proof), proof, root), ""),
        (lambda entry, index, size, proof, root: from_the_bottom(entry, index - 1, size, proof, root), ""),
        (lambda entry, index, size, proof, root: from_the_bottom(entry, index % size, size, proof, root), ""),
        (lambda entry, index, size, proof, root: any(from_the_bottom(entry, i, size, proof, root) for i in range(size)), ""),
        (lambda entry, index, size, proof, root: any(by_recursion(entry, index, n, proof, root) for n in range(1, 40)), ""),
        (lambda *given: str(from_the_bottom(*given)), ""),
        (lambda *given: (from_the_bottom if given[2] == 3 else ledger.verify_inclusion)(*given), "the library has given them"),
        (lambda *given: by_half_of_the_root(*given), "you compare only some of them"),
    ],
)  # fmt: skip
def test_other_checks_are_refused(answer, words):
    refused(check_inclusion, answer, words)


def by_half_of_the_root(entry, index, size, proof, root):
    """Right, but for what the last line compares."""

    def top(index, size, proof):
        if size == 1:
            return None if proof else sha(b"\0", entry)
        if not proof:
            return None
        k = 1 << (size - 1).bit_length() - 1
        right = index >= k
        inner = top(index - k, size - k, proof[:-1]) if right else top(index, k, proof[:-1])
        return inner and sha(b"\1", *((proof[-1], inner) if right else (inner, proof[-1])))

    return index < size and (top(index, size, list(proof)) or b"")[:16] == root[:16]


# Readers


def by_groups(heads):
    groups = defaultdict(lambda: defaultdict(set))
    for reader, log, size, root in heads:
        groups[log, size][root].add(reader)
    return {
        tuple(sorted((a, b)))
        for stories in groups.values()
        for one, other in combinations(stories.values(), 2)
        for a in one
        for b in other
        if a != b
    }


def of_two_stories(heads):
    """The first two roots of each size only."""
    groups = defaultdict(lambda: defaultdict(set))
    for reader, log, size, root in heads:
        groups[log, size][root].add(reader)
    pairs = [list(stories.values())[:2] for stories in groups.values() if len(stories) > 1]
    return {tuple(sorted((a, b))) for one, other in pairs for a in one for b in other if a != b}


@pytest.mark.parametrize(
    "answer", [by_groups, lambda heads: sorted(by_groups(heads)), lambda heads: frozenset(by_groups(heads))]
)
def test_pairs_in_another_style(answer):
    passes(split_view, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda heads: {tuple(sorted(p, reverse=True)) for p in by_groups(heads)},
        lambda heads: {frozenset(p) for p in by_groups(heads)},
        lambda heads: set(combinations(sorted({head[0] for head in heads}), 2)),
        lambda heads: by_groups([head for head in heads if head[1] == "trial"]),
        lambda heads: by_groups(list({head[:3]: head for head in heads}.values())),
        lambda heads: {min(by_groups(heads))} if by_groups(heads) else set(),
        lambda heads: of_two_stories(heads),
        lambda heads: len(by_groups(heads)),
    ],
)
def test_other_pairs_are_refused(answer):
    refused(split_view, answer)


# Generals


def by_the_library(order, traitor, lies):
    said = {i: lies.get(i, 0) for i in (1, 2, 3) if i != traitor}
    return ledger.oral_messages(order, 4, traitor, said)


def by_cases(order, traitor, lies):
    """The proof, as a program."""
    if traitor == 0:
        majority = int(sum(lies.values()) >= 2)
        return dict.fromkeys((1, 2, 3), majority)
    return {i: order for i in (1, 2, 3) if i != traitor}


def by_counting(order, traitor, lies):
    lies = {i: lies.get(i, 0) for i in (1, 2, 3)}
    heard = {i: [lies[i] if traitor == 0 else order] for i in (1, 2, 3)}
    first = {i: words[0] for i, words in heard.items()}
    for sender in (1, 2, 3):
        for receiver in {1, 2, 3} - {sender}:
            heard[receiver].append(lies[receiver] if sender == traitor else first[sender])
    return {i: Counter(words).most_common(1)[0][0] for i, words in heard.items() if i != traitor}


@pytest.mark.parametrize("answer", [by_cases, by_counting])
def test_generals_in_another_style(answer):
    passes(four_generals, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda order, traitor, lies: (
            by_cases(order, traitor, lies) if traitor else dict.fromkeys((1, 2, 3), 0)
        ),
        lambda order, traitor, lies: (
            by_cases(order, traitor, lies) if traitor else dict.fromkeys((1, 2, 3), 1)
        ),
        lambda order, traitor, lies: {i: 1 - d for i, d in by_cases(order, traitor, lies).items()},
        lambda order, traitor, lies: by_cases(order, traitor, dict.fromkeys((1, 2, 3), 1) | lies),
        lambda order, traitor, lies: list(by_cases(order, traitor, lies).values()),
        lambda order, traitor, lies: order,
        lambda order, traitor, lies: {str(i): d for i, d in by_cases(order, traitor, lies).items()},
    ],
)
def test_other_generals_are_refused(answer):
    refused(four_generals, answer)


@pytest.mark.parametrize(
    "answer",
    [by_the_library, lambda *given: (by_the_library if given[2] == {2: 1, 3: 0} else by_cases)(*given)],
)
def test_generals_of_the_library_are_refused(answer):
    refused(four_generals, answer, "the library has made them")
