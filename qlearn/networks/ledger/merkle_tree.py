r"""The Merkle tree of RFC 9162: 32 bytes that stand for a list, and few more that show what is in it."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from qlearn._checks import as_count

HASH_BYTES = 32


def leaf_hash(leaf: bytes) -> bytes:
    r"""Hash one entry as a leaf of the tree, 32 bytes.

    .. math:: \mathrm{leaf}(d) = \mathrm{SHA256}(\mathtt{00}\,\|\,d)

    The byte 00 in front says "leaf"; a node above it begins with 01. Without the two, whoever shows an inner node's 64 bytes as
    an entry has another list with the same root.

    Parameters
    ----------
    leaf : bytes
        The entry, of any length.

    Returns
    -------
    bytes, length 32

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'

    References
    ----------
    B. Laurie, E. Messeri and R. Stradling, "Certificate Transparency version 2.0", RFC 9162, 2021, section 2.1.1.
    """
    return sha256(b"\x00" + as_bytes(leaf, "leaf")).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into the one above them."""
    return sha256(b"\x01" + left + right).digest()


class MerkleTree:
    r"""A tree that grows: each new leaf costs two hashes on average, each root and each proof about :math:`\log_2 n`.

    It keeps the hashes of the whole subtrees of 1, 2, 4, ... leaves, which no later leaf changes, so that roots and proofs of
    every earlier size can be had, too.

    Parameters
    ----------
    leaves : iterable of bytes
        What it begins with.

    Examples
    --------
    >>> tree = MerkleTree([b"round 1", b"round 2"])
    >>> old = tree.root()
    >>> tree.append(b"round 3"), len(tree), tree.root(2) == old, tree.root(1) == leaf_hash(b"round 1")
    (2, 3, True, True)
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        # _levels[k][i] is the hash of the leaves i 2^k to (i + 1) 2^k - 1. Level by level takes about two thirds of the time.
        level = [sha256(b"\x00" + leaf).digest() for leaf in as_leaves(leaves)]
        self._levels = [level]
        while len(level) > 1:
            pairs = zip(level[::2], level[1::2], strict=False)
            level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
            self._levels.append(level)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> int:
        """Add a leaf, and return its place, from 0."""
        if type(leaf) is not bytes:
            as_bytes(leaf, "leaf")
        node, levels = sha256(b"\x00" + leaf).digest(), self._levels
        levels[0].append(node)
        size = whole = len(levels[0])
        k = 0
        while not whole & 1:  # a second one of its width: the two go up as one
            node = sha256(b"\x01" + levels[k][-2] + node).digest()
            k, whole = k + 1, whole >> 1
            if k == len(levels):
                levels.append([])
            levels[k].append(node)
        return size - 1

    def root(self, size: int | None = None) -> bytes:
        """Return the root, 32 bytes, of the first `size` leaves; None means all."""
        return self.node(0, self._size(size))

    def node(self, low: int, high: int) -> bytes:
        """Return the hash over the leaves from `low` to before `high`, as the RFC cuts them."""
        if low == high:
            return sha256(b"").digest()
        width = high - low
        k = width.bit_length() - 1
        if width == 1 << k:
            return self._levels[k][low >> k]
        middle = low + largest_power_below(width)
        return node_hash(self.node(low, middle), self.node(middle, high))

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that leaf `index` is among the first `size`: see :func:`inclusion_proof`."""
        high = self._size(size)
        if as_count(index, "index", 0) >= high:
            raise ValueError(f"index must be below the number of leaves, {high}, not {index}")
        low, path = 0, []
        while high - low > 1:
            middle = low + largest_power_below(high - low)
            if index < middle:
                path.append(self.node(middle, high))
                high = middle
            else:
                path.append(self.node(low, middle))
                low = middle
        return path[::-1]

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the first `old_size` leaves begin the first `size`: see :func:`consistency_proof`."""
        high = self._size(size)
        if as_count(old_size, "old_size", 0) > high:
            raise ValueError(f"old_size must be at most the number of leaves, {high}, not {old_size}")
        if old_size in (0, high):
            return []
        low, path, whole = 0, [], True
        # Down to the node that ends where the old list ended. While the walk kept left, that node is the old root itself.
        while old_size != high:
            middle = low + largest_power_below(high - low)
            if old_size <= middle:
                path.append(self.node(middle, high))
                high = middle
            else:
                path.append(self.node(low, middle))
                low, whole = middle, False
        return ([] if whole else [self.node(low, high)]) + path[::-1]

    def _size(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if as_count(size, "size", 0) > len(self):
            raise ValueError(f"size must be at most the number of leaves, {len(self)}, not {size}")
        return size


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    r"""Return the root of a list of entries, 32 bytes: another list has, for all that anybody can compute, another root.

    .. math:: \mathrm{root}(d_0..d_{n-1}) = \mathrm{SHA256}(\mathtt{01}\,\|\,\mathrm{root}(d_0..d_{k-1})\,\|\,
              \mathrm{root}(d_k..d_{n-1})), \qquad k = 2^{\lceil\log_2 n\rceil-1}

    with k the largest power of two *below* n; of one entry it is its :func:`leaf_hash`, of none SHA256 of nothing.

    Parameters
    ----------
    leaves : list of bytes
        The entries, in order.

    Returns
    -------
    bytes, length 32

    Examples
    --------
    >>> merkle_root([]).hex()[:8], merkle_root([b""]).hex()[:8], merkle_root([b"", b"\x00"]).hex()[:8]
    ('e3b0c442', '6e340b9c', 'fac54203')

    References
    ----------
    RFC 9162, 2021, section 2.1.1. R. C. Merkle, "A digital signature based on a conventional encryption function",
    CRYPTO '87, doi:10.1007/3-540-48184-2_32.
    """
    return MerkleTree(leaves).root()


def largest_power_below(n: int) -> int:
    """Return the largest power of two below n, where the RFC cuts a list of n > 1."""
    return 1 << (n - 1).bit_length() - 1


def as_bytes(value: object, name: str) -> bytes:
    """Return a value that is bytes."""
    if not isinstance(value, bytes):
        raise TypeError(
            f"{name} must be bytes, not {type(value).__name__}: encode it first, always in the same way"
        )
    return value


def as_leaves(leaves: Any) -> list[bytes]:
    """Return a list of bytes."""
    if isinstance(leaves, bytes | bytearray | str):
        raise TypeError(
            f"leaves must be a list of bytes, not {type(leaves).__name__}: put one entry in brackets"
        )
    given = list(leaves)
    for i, leaf in enumerate(given):
        if not isinstance(leaf, bytes):
            as_bytes(leaf, f"leaf {i} of leaves")
    return given
