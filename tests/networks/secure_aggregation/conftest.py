"""Parties of a secure sum: a store of random keys, signers, clients and their server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qlearn.communication.key_management import KeyStore
from qlearn.networks.secure_aggregation import AggregationServer, MaskedClient, Signer, StoreKeys, Terms

NAMES = ("Ann", "Ben", "Cem", "Dia", "Eli", "Fay", "Gus", "Hal", "Ida", "Jon")
SIGNERS = {name: Signer(bytes([i]) * 32) for i, name in enumerate(NAMES)}
ROSTER = {name: signer.public_key for name, signer in SIGNERS.items()}


class Parties:
    """A store and what stands on it; `fresh` makes clients and a server anew on the same store."""

    def __init__(self, path: Path) -> None:
        self.store = KeyStore(path / "keys.db", key_size=64, capacity=10**6)

    def fill(self, n_bytes: int) -> None:
        self.store.add(os.urandom(n_bytes))

    def fresh(
        self, n: int = 4, size: int = 3, **options: object
    ) -> tuple[list[MaskedClient], AggregationServer]:
        terms = Terms(NAMES[:n], size=size, **options)
        self.fill(2 * n * (n - 1) // 2 * (terms.pair_bits // 8 + 8))  # two rounds
        clients = [
            MaskedClient(name, terms, StoreKeys(self.store, name), SIGNERS[name], ROSTER)
            for name in terms.clients
        ]
        return clients, AggregationServer(terms, ROSTER)


@pytest.fixture
def parties(tmp_path: Path) -> Iterator[Parties]:
    made = Parties(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def fresh(parties: Parties) -> Callable[..., tuple[list[MaskedClient], AggregationServer]]:
    return parties.fresh
