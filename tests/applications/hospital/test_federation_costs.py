"""Costs: counted by hand, by a real round, and from keys of the cryptography package."""

import os

import pytest

from qlearn.applications.hospital import FederationCost
from qlearn.communication.key_management import KeyStore, measured_sizes
from qlearn.networks.secure_aggregation import (
    AggregationServer,
    MaskedClient,
    Signer,
    StoreKeys,
    Terms,
    aggregate,
)


def test_counts_by_hand():
    cost = FederationCost(n_sites=5, parameters=31, rounds=20)
    pair = 3 * 32 * 64 + 512
    assert cost.key_bits_a_round == 10 * pair
    assert cost.key_bits == 200 * pair
    assert cost.site_key_bits == 80 * pair
    assert cost.minutes(1000.0) == pytest.approx(80 * pair / 60_000)
    assert cost.update_bytes == 20 * 32 * 8
    assert FederationCost(5, 31, 20, method="pads").key_bits == 200 * 32 * 64
    assert FederationCost(5, 31, 20, word_bits=12).update_bytes == 20 * 48


def test_a_real_round_draws_what_was_counted(tmp_path):
    names = ("A", "B", "C", "D")
    terms = Terms(names, size=8)
    store = KeyStore(tmp_path / "keys.db")
    store.add(os.urandom(32_768))
    signers = {name: Signer() for name in names}
    roster = {name: signer.public_key for name, signer in signers.items()}
    clients = [MaskedClient(name, terms, StoreKeys(store, name), signers[name], roster) for name in names]
    done = aggregate(AggregationServer(terms, roster), clients, {name: [0.5] * 8 for name in names}, 1)
    store.close()
    assert done.total.tolist() == [2.0] * 8
    assert done.record.key_bits == FederationCost(4, parameters=7, rounds=1).key_bits


def test_handshakes_have_the_size_of_real_ones():
    public, _, answer = measured_sizes("ML-KEM-768")
    assert FederationCost(5, 31, 20).handshake_bytes == 10 * (public + answer)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((1, 31, 20), "n_clients must"),
        ((5, 0, 20), "parameters must"),
        ((5, 31, 0), "rounds must"),
        ((5, 31, 20, 0), "word_bits must"),
        ((5, 31, 20, 64, "quantum"), "method must"),
    ],
)
def test_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        FederationCost(*arguments)


def test_refuses_a_link_without_key():
    with pytest.raises(ValueError, match="rate must"):
        FederationCost(5, 31, 20).minutes(0)
