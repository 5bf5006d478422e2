"""What a masked client knows in one round, and forgets after it: its pairs, its self-mask and the shares of the others'."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from qlearn.networks.secure_aggregation._sealed_shares import open_share, seal_share
from qlearn.networks.secure_aggregation.fixed_point import Words, words_of
from qlearn.networks.secure_aggregation.pairwise_pads import PairKeys, stretched_pad
from qlearn.networks.secure_aggregation.secret_shares import threshold_shares
from qlearn.networks.secure_aggregation.survivors import RefusedMessage, Terms


@dataclass(repr=False)
class ClientRound:
    """The round of one client, from its keys to its part in taking the masks off."""

    number: int
    key_ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    drawn: dict[str, bytes] = field(default_factory=dict)
    keys: str = ""
    members: tuple[str, ...] = ()
    about: bytes = b""
    pairs: dict[str, PairKeys] = field(default_factory=dict)
    self_mask: bytes = b""
    shares: dict[str, bytes] = field(default_factory=dict)
    stage: str = "joined"
    survivors: tuple[str, ...] = ()

    def pad(self, terms: Terms, secret: bytes) -> Words:
        """Return the words of a pad: the key itself, or what it is stretched to where the terms say so."""
        bits = terms.numbers.word_bits
        if terms.pads == "stretched":
            return stretched_pad(secret, terms.size, word_bits=bits, label=str(self.number).encode())
        return words_of(secret, bits)[: terms.size]

    def seal_shares(self, own: str, terms: Terms, rng: np.random.Generator | None) -> dict[str, bytes]:
        """Draw the self-mask, keep one share of it, and return the others' sealed for each."""
        self.self_mask = os.urandom(terms.mask_bytes) if rng is None else rng.bytes(terms.mask_bytes)
        shares = threshold_shares(self.self_mask, len(self.members), terms.threshold, rng=rng)
        sealed = {}
        for point, name in enumerate(self.members, start=1):
            if name == own:
                self.shares[name] = shares[point]
                continue
            sealed[name] = seal_share(shares[point], self.pairs[name], terms, self.number, own, name)
        return sealed

    def open_shares(self, own: str, terms: Terms, sealed: Mapping[str, bytes]) -> None:
        """Keep the shares of the others' self-masks; refuse all of them if one does not open."""
        opened = {}
        for sender, pair in self.pairs.items():
            share = open_share(sealed.get(sender, b""), pair, terms, self.number, sender, own)
            if share is None:
                raise RefusedMessage(
                    f"the share of {sender} for round {self.number} is missing, altered or of another round"
                )
            opened[sender] = share
        self.shares.update(opened)
