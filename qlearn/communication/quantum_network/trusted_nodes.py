"""Trusted nodes: a key carried along a path by XOR, and who could have read it."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_rng
from qlearn._types import Bits
from qlearn.communication.quantum_network.network import Network
from qlearn.communication.quantum_network.routing import as_tuples
from qlearn.communication.randomness import random_bits

Path = tuple[Hashable, ...]


@dataclass(frozen=True, eq=False)
class RelayedKey:
    """Result of :func:`relay_key`: the key at both ends, and everything that was said on the way."""

    alice: Bits
    """Alice's key: the XOR of one random key for each path."""
    bob: Bits
    """What Bob computes from his link keys and what was announced."""
    paths: tuple[Path, ...]
    link_keys: tuple[Bits, ...]
    """For each path, the keys of its links, shape (links, bits): each is known to the two ends of its link."""
    announcements: tuple[Bits, ...]
    """For each path, what its inner nodes publish, shape (links - 1, bits): the XOR of the two keys beside them."""

    def __repr__(self) -> str:
        return f"RelayedKey({self.alice.size} bits over {len(self.paths)} paths)"


def relay_key(
    network: Network, paths: Iterable[Iterable[Hashable]], n_bits: int, *, rng: Any = None
) -> RelayedKey:
    r"""Carry a key from the first to the last node of one path or several, by XOR.

    .. math:: a_j = k_j \oplus k_{j+1}, \qquad k_1 = k_n \oplus a_1 \oplus \dots \oplus a_{n-1}

    Each link has a quantum key :math:`k_j` of its own. Node j, between links j and j+1, publishes :math:`a_j`; Bob takes
    them all off his :math:`k_n` and holds Alice's :math:`k_1`. Over several paths the final key is the XOR of theirs. Link
    keys are used once, and the announcements must be authentic. See :func:`knows_key` for who else knows it.

    Parameters
    ----------
    network : Network
        With all links of the paths.
    paths : iterable of path
        All from the same first to the same last node; for more security without common nodes in between.
    n_bits : int
        Length of the key: this many bits of *every* link key are used up.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    RelayedKey

    Examples
    --------
    >>> from qlearn.communication.quantum_network import nsfnet
    >>> carried = relay_key(nsfnet(), [(0, 7, 8, 12, 13)], 6, rng=1)
    >>> (carried.alice == carried.bob).all()
    np.True_

    References
    ----------
    Salvail et al., "Security of trusted repeater quantum key distribution networks", Journal of Computer Security 18, 61 (2010),
    arXiv:0904.4072: several paths, and keys split over them.
    """
    walks = _as_paths(network, paths)
    n_bits, rng = as_count(n_bits, "n_bits"), as_rng(rng)
    link_keys = tuple(
        random_bits((len(path) - 1) * n_bits, rng=rng).reshape(len(path) - 1, n_bits) for path in walks
    )
    announced = tuple(keys[:-1] ^ keys[1:] for keys in link_keys)
    alice = np.bitwise_xor.reduce([keys[0] for keys in link_keys])
    bob = np.bitwise_xor.reduce(
        [
            keys[-1] ^ np.bitwise_xor.reduce(said, axis=0)
            for keys, said in zip(link_keys, announced, strict=True)
        ]
    )
    return RelayedKey(alice, bob, walks, link_keys, announced)


def knows_key(network: Network, paths: Iterable[Iterable[Hashable]], nodes: Iterable[Hashable] = ()) -> bool:
    """Tell whether those who read everything that is announced, and all that these nodes hold, know the relayed key.

    The link keys are independent uniform bits, and what is read is a list of XORs of them. The key is then either one
    of their XORs, and known, or uniform for the reader: by elimination over GF(2). For one path, any node of it knows the
    key; for several, one node of *each* path is needed.

    Parameters
    ----------
    network : Network
        With all links of the paths.
    paths : iterable of path
        As in :func:`relay_key`.
    nodes : iterable of node
        Those who put together what they hold; none: an eavesdropper who hears what is announced.

    Returns
    -------
    bool

    Examples
    --------
    >>> from qlearn.communication.quantum_network import nsfnet
    >>> path = (0, 7, 8, 12, 13)
    >>> knows_key(nsfnet(), [path]), knows_key(nsfnet(), [path], nodes=[8])
    (False, True)

    References
    ----------
    Salvail et al., Journal of Computer Security 18, 61 (2010), arXiv:0904.4072.
    """
    walks = _as_paths(network, paths)
    if isinstance(nodes, str) or not isinstance(nodes, Iterable):
        raise TypeError(f"nodes must be a list or a set of nodes, not {nodes!r}: put it in brackets")
    corrupted = set(nodes)
    for node in corrupted:
        network.check(node)
    # a row for each XOR that is known, as the bits of a whole number; one bit for each link key
    known, key, first = [], 0, 0
    for path in walks:
        bit = [1 << (first + j) for j in range(len(path) - 1)]
        first += len(bit)
        key ^= bit[0]
        known += [a ^ b for a, b in pairwise(bit)]
        known += [b for b, ends in zip(bit, pairwise(path), strict=True) if corrupted & {*ends}]
    return _reduced(key, _basis(known)) == 0


def _basis(rows: Sequence[int]) -> list[int]:
    """Return rows with different leading bits that span the same, largest first."""
    basis: list[int] = []
    for row in rows:
        if rest := _reduced(row, basis):
            basis = sorted([*basis, rest], reverse=True)
    return basis


def _reduced(row: int, basis: Sequence[int]) -> int:
    for held in basis:
        row = min(row, row ^ held)
    return row


def _as_paths(network: Network, paths: Iterable[Iterable[Hashable]]) -> tuple[Path, ...]:
    walks = tuple(as_tuples(paths, "paths", "a list of paths, [(0, 7, 8)] for one"))
    if not walks:
        raise ValueError("paths must hold at least one path: give a list of them, [(0, 7, 8)] for one")
    for path in walks:
        network.links_of(path)
        if (path[0], path[-1]) != (walks[0][0], walks[0][-1]):
            raise ValueError(
                f"paths must all join {walks[0][0]!r} and {walks[0][-1]!r}; one joins {path[0]!r} and {path[-1]!r}"
            )
    links = [frozenset(edge) for path in walks for edge in pairwise(path)]
    if len(set(links)) != len(links):
        raise ValueError(
            "paths must not share a link: its key would be used twice, and what is announced would tell of it"
        )
    return walks
