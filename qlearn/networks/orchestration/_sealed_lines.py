"""Sealed lines: messages of model numbers over many links at once, from one end to the other."""

import json
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Array
from qlearn.networks.orchestration.key_reserves import WORD_BITS, KeyReserves
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.orders import Orders
from qlearn.networks.orchestration.sealed_updates import TAG_BITS, TAG_WORDS, key_words, open_sealed, seal


@dataclass
class SealedLines:
    """What carries numbers over links under keys of their reserves, and counts.

    Examples
    --------
    >>> reserves = KeyReserves(2, capacity=32, rng=0)
    >>> _ = reserves.add([2048.0, 2048.0])
    >>> lines = SealedLines(reserves)
    >>> lines.carry(np.array([0, 1]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    (array([[1., 2.],
           [3., 4.]]), array([ True,  True]))
    >>> lines.messages, lines.bits, lines.key_bits
    (2, 512, 768)
    """

    reserves: KeyReserves
    hops: NDArray[np.int64] | None = None
    """Quantum links that a key of each link is relayed over; None: one."""
    messages: int = 0
    bits: int = 0
    key_bits: int = 0
    management_bits: int = 0
    flip: set[int] = field(default_factory=set)
    """Links on which somebody flips a bit of what passes."""

    def carry(self, links: NDArray[np.int64], values: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Return what arrives over these links, one row each, and which rows are genuine."""
        here, there = self.reserves.take(links, key_words(values.shape[1]))
        sent = seal(values, here)
        for row, link in enumerate(links.tolist()) if self.flip else ():
            if link in self.flip:
                sent.words[row, 0] ^= np.uint64(1 << 62)
        self.messages += len(links)
        self.bits += sent.bits
        self._spent(links, here.shape[1])
        return open_sealed(sent, there)

    def tell(self, link: int, hub: str, orders: Orders, report: KPIs) -> bool:
        """Carry orders to an aggregator, and its report back, each under a one-time tag; False without the keys."""
        from cryptography.hazmat.primitives.poly1305 import Poly1305

        if self.reserves.levels[link] < 2 * TAG_WORDS:
            return False
        rule = orders.assignment
        # An aggregator is told of its own units alone.
        own = rule if isinstance(rule, str) else [unit for unit, its in rule.items() if its == hub]
        told = {f.name: getattr(orders, f.name) for f in fields(orders)} | {"assignment": own}
        indicators = np.array([getattr(report, f.name) for f in fields(report)], float)
        here, there = self.reserves.take([link], 2 * TAG_WORDS)
        for message, part in (
            (json.dumps(told).encode(), slice(TAG_WORDS)),
            (indicators.tobytes(), slice(TAG_WORDS, None)),
        ):
            tag = Poly1305.generate_tag(here[0, part].tobytes(), message)
            Poly1305.verify_tag(there[0, part].tobytes(), message, tag)
            self.management_bits += 8 * len(message) + TAG_BITS
        self._spent(np.array([link]), here.shape[1])
        return True

    def _spent(self, links: NDArray[np.int64], words: int) -> None:
        hops = len(links) if self.hops is None else int(self.hops[links].sum())
        self.key_bits += WORD_BITS * words * hops
