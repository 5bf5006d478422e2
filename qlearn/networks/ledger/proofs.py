r"""Proofs about a list of which one knows the root alone: an entry is in it, an older list begins it."""

from collections.abc import Sequence

from qlearn._checks import as_count
from qlearn.networks.ledger.merkle_tree import (
    HASH_BYTES,
    MerkleTree,
    as_bytes,
    as_leaves,
    leaf_hash,
    node_hash,
)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    r"""Return the nodes that lead from one entry to the root, at most :math:`\lceil\log_2 n\rceil` of 32 bytes.

    They are the siblings of the nodes on the way up, the lowest first: with them :func:`verify_inclusion` computes the root
    from the entry alone.

    Parameters
    ----------
    leaves : list of bytes
        The entries.
    index : int
        Place of the entry, from 0.

    Returns
    -------
    list of bytes
        Empty if there is one entry.

    Examples
    --------
    >>> from qlearn.networks.ledger import merkle_root
    >>> leaves = [b"a", b"b", b"c"]
    >>> inclusion_proof(leaves, 2) == [merkle_root(leaves[:2])]
    True

    References
    ----------
    RFC 9162, 2021, section 2.1.3.1.
    """
    tree = MerkleTree(as_leaves(leaves))
    return tree.inclusion_proof(index)


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    r"""Return the nodes that show that the first entries are still the same, at most :math:`\lceil\log_2 n\rceil+1` of 32 bytes.

    From them :func:`verify_consistency` computes the old root *and* the new one: nothing that was there has been changed,
    dropped or moved, things were added behind it.

    Parameters
    ----------
    leaves : list of bytes
        The entries now.
    old_size : int
        How many there were, 0 to now. Nothing and all need no proof: the list is empty.

    Returns
    -------
    list of bytes

    Examples
    --------
    >>> from qlearn.networks.ledger import merkle_root
    >>> leaves = [b"a", b"b", b"c", b"d"]
    >>> consistency_proof(leaves, 2) == [merkle_root(leaves[2:])]
    True

    References
    ----------
    RFC 9162, 2021, section 2.1.4.1.
    """
    tree = MerkleTree(as_leaves(leaves))
    return tree.consistency_proof(old_size)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows that an entry is number `index` of the `size` that have this root.

    The proof comes from somebody who may lie. Whatever is wrong with it, the answer is False.

    Parameters
    ----------
    leaf : bytes
        The entry.
    index, size : int
        Its place, from 0, and the number of entries that the root is of.
    proof : list of bytes
        As :func:`inclusion_proof` gives it.
    root : bytes, length 32
        Believed for another reason: a signature.

    Returns
    -------
    bool

    Examples
    --------
    >>> from qlearn.networks.ledger import merkle_root
    >>> leaves = [b"a", b"b", b"c"]
    >>> proof, root = inclusion_proof(leaves, 1), merkle_root(leaves)
    >>> verify_inclusion(b"b", 1, 3, proof, root), verify_inclusion(b"B", 1, 3, proof, root)
    (True, False)

    References
    ----------
    RFC 9162, 2021, section 2.1.3.2.
    """
    place, last = as_count(index, "index", 0), as_count(size, "size", 0) - 1
    node = leaf_hash(leaf)
    as_bytes(root, "root")
    if place > last or not _hashes(proof):
        return False
    for sibling in proof:
        if last == 0:  # the top is reached, and the proof goes on
            return False
        if place % 2 or place == last:
            node = node_hash(sibling, node)
            while place % 2 == 0:  # a node without a right sibling moved up as it is
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a proof shows that the list of the old root begins that of the new one.

    Parameters
    ----------
    old_size, new_size : int
        Numbers of entries of the two.
    old_root, new_root : bytes, length 32
        Their roots.
    proof : list of bytes
        As :func:`consistency_proof` gives it.

    Returns
    -------
    bool
        False whatever is wrong, also where the "new" list is the shorter.

    Examples
    --------
    >>> from qlearn.networks.ledger import merkle_root
    >>> leaves = [b"a", b"b", b"c", b"d"]
    >>> roots = [merkle_root(leaves[:n]) for n in range(5)]
    >>> proof = consistency_proof(leaves, 3)
    >>> verify_consistency(3, 4, roots[3], roots[4], proof), verify_consistency(2, 4, roots[2], roots[4], proof)
    (True, False)

    References
    ----------
    RFC 9162, 2021, section 2.1.4.2.
    """
    old, new = as_count(old_size, "old_size", 0), as_count(new_size, "new_size", 0)
    as_bytes(old_root, "old_root")
    as_bytes(new_root, "new_root")
    if old > new or not _hashes(proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == MerkleTree().root()
    path = list(proof)
    if old & (old - 1) == 0:  # the old list is one whole subtree: its root is where the proof starts
        path.insert(0, old_root)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    ours = theirs = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            ours, theirs = node_hash(sibling, ours), node_hash(sibling, theirs)
            while place % 2 == 0:
                place, last = place >> 1, last >> 1
        else:
            theirs = node_hash(theirs, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and ours == old_root and theirs == new_root


def _hashes(proof: Sequence[bytes]) -> bool:
    """Tell whether this is a list of hashes, whatever its sender has put in."""
    return isinstance(proof, list | tuple) and all(
        isinstance(p, bytes) and len(p) == HASH_BYTES for p in proof
    )
