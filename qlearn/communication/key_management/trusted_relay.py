"""A key between two ends that share no link: carried over trusted key management entities, and who could read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from qlearn._checks import as_count
from qlearn.communication.quantum_network import Network, knows_key, relay_key


@dataclass(frozen=True, eq=False)
class CarriedKey:
    """Result of :func:`relay_over_kmes`: the key at both ends, what was announced, and who could read it."""

    kmes: tuple[str, ...]
    first: bytes
    """The key as the first KME has it."""
    last: bytes
    """What the last KME computes from its own link key and the announcements."""
    announced: tuple[bytes, ...]
    """What each KME in between publishes: the XOR of its two link keys."""
    readers: tuple[str, ...]
    """KMEs in between, each of which knows the key alone. Empty: nobody but the ends."""
    others_read: bool
    """Whether all the rest together, who hear the announcements and hold what KMEs that are no readers hold, know it."""

    def __repr__(self) -> str:  # and never the key
        return f"CarriedKey({8 * len(self.first)} bits over {' - '.join(self.kmes)})"


def relay_over_kmes(kmes: Sequence[str], *, key_size: int = 256, rng: Any = None) -> CarriedKey:
    r"""Carry a key along a chain of key management entities by XOR with the quantum keys of its links.

    In ITU-T's layers (Y.3800) the quantum links make keys between neighbours, the key management layer above carries one of
    them on, and the applications above that fetch it. Each KME in between announces :math:`a_j = k_j \oplus k_{j+1}`
    (:func:`~qlearn.communication.quantum_network.relay_key`), and could compute the key: it is *trusted*, and so is its
    building. The announcements tell nothing to others, as long as the link keys are uniform and each is used once. They
    must be authentic: nothing here checks it. :func:`relay_over_links` does, with keys that nodes fetch from running KMEs.

    Who reads the key is computed for this chain, by elimination over GF(2) for each KME in between and for all the rest together
    (:func:`~qlearn.communication.quantum_network.knows_key`), not assumed.

    Parameters
    ----------
    kmes : sequence of str
        Names along the chain, at least two, all different.
    key_size : int
        Bits of the key, a multiple of 8; so many of each link's key are used up.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: stands for the link keys. A simulation: for keys in use, the bits
        come from the links.

    Returns
    -------
    CarriedKey

    Examples
    --------
    >>> carried = relay_over_kmes(["KME1", "KME2", "KME3", "KME4"], rng=1)
    >>> carried, carried.first == carried.last
    (CarriedKey(256 bits over KME1 - KME2 - KME3 - KME4), True)
    >>> carried.readers, carried.others_read
    (('KME2', 'KME3'), False)

    Both ends put it into their stores, from which the applications fetch it.

    >>> import tempfile
    >>> from qlearn.communication.key_management import KeyStore
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> store.add(carried.last), store.close(), folder.cleanup()
    (1, None, None)

    References
    ----------
    ITU-T Y.3800 (2019), "Overview on networks supporting quantum key distribution". Salvail et al., Journal of
    Computer Security 18, 61 (2010), arXiv:0904.4072.
    """
    names = chain(kmes, "kmes")
    size = as_count(key_size, "key_size", 8)
    if size % 8:
        raise ValueError(f"key_size must be a multiple of 8, not {size}")
    carried = relay_key(_network(names), [names], size, rng=rng)
    return CarriedKey(
        names,
        np.packbits(carried.alice).tobytes(),
        np.packbits(carried.bob).tobytes(),
        tuple(np.packbits(said).tobytes() for said in carried.announcements[0]),
        *who_reads(names),
    )


def chain(names: Sequence[str], what: str) -> tuple[str, ...]:
    """Return the names along a chain: two or more, all different."""
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise TypeError(f"{what} must be a list of names, not {type(names).__name__}: put them in brackets")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"{what} must hold names, not {name!r}")
    if len(names) < 2:
        raise ValueError(f"{what} must name at least two, the two ends, not {len(names)}")
    if len(set(names)) != len(names):
        raise ValueError(
            f"{what} must be different, not {list(names)}: a key that comes by twice is announced twice"
        )
    return tuple(names)


def who_reads(names: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Return which nodes in between know the key alone, and whether all the others together do."""
    network = _network(names)
    # Every set of them knows what its members know, so those who read it alone settle all sets that they are in.
    readers = tuple(name for name in names[1:-1] if knows_key(network, [names], [name]))
    others = [name for name in names[1:-1] if name not in readers]
    return readers, knows_key(network, [names], others)


def _network(names: tuple[str, ...]) -> Network:
    import networkx as nx

    graph = nx.Graph()
    graph.add_edges_from(pairwise(names), length_km=1.0)
    return Network(graph)
