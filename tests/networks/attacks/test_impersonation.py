"""Impersonation: every forgery that the line allows is refused with its reason; a stolen key is not."""

import numpy as np
import pytest

from qlearn.networks.attacks import impersonate, tampered
from qlearn.networks.federated import FedAvg, SignedUpdate, UpdateSigner, UpdateVerifier

SEEDS = {"Alice": bytes(32), "Bob": bytes([1]) * 32}
signers = {name: UpdateSigner(name, seed=seed) for name, seed in SEEDS.items()}
heard = signers["Bob"].sign([[1.0, 2.0], [0.5]], 10, run="trial", number=3)


@pytest.fixture
def server():
    return UpdateVerifier({name: signer.public_key for name, signer in signers.items()}, run="trial")


def reasons(server, update, number=3):
    taken, refused = server.collect([update], number)
    assert bool(taken) != bool(refused)
    return [r.reason for r in refused]


def test_a_key_of_ones_own_is_not_the_victims(server):
    forged = impersonate("Bob", [[9.0, 9.0], [9.0]], 10, run="trial", number=3, seed=bytes([7]) * 32)
    assert (forged.client, forged.number, forged.n_samples) == ("Bob", 3, 10)
    assert reasons(server, forged) == ["signature"]
    # it is well formed: a server that has the attacker's key under this name takes it
    own = UpdateSigner("Bob", seed=bytes([7]) * 32).public_key
    assert reasons(UpdateVerifier({"Bob": own}, run="trial"), forged) == []


def test_a_forged_update_takes_nothing_from_the_honest_one(server):
    forged = impersonate("Bob", [[9.0, 9.0], [9.0]], 10, run="trial", number=3)
    taken, refused = server.collect([forged, heard, tampered(heard, n_samples=99), heard], 3)
    assert [r.reason for r in refused] == ["signature", "signature", "twice"]
    np.testing.assert_array_equal(
        FedAvg().aggregate(taken, current=[np.zeros(2), np.zeros(1)])[0][0], [1.0, 2.0]
    )


def test_a_stolen_key_is_the_owner(server):
    assert (
        reasons(server, impersonate("Bob", [[9.0], [9.0]], 10**6, run="trial", number=3, seed=SEEDS["Bob"]))
        == []
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"parameters": [[1.0, 2.0], [0.5 + 1e-15]]}, "signature"),
        ({"parameters": [[1.0], [2.0, 0.5]]}, "signature"),  # the same numbers in other layers
        ({"parameters": [[-1.0, -2.0], [-0.5]]}, "signature"),
        ({"n_samples": 11}, "signature"),
        ({"client": "Alice"}, "signature"),
        ({"client": "Eve"}, "unknown"),
        ({"run": "another"}, "run"),
        ({"number": 4}, "round"),
        ({"signature": b""}, "signature"),
        ({"signature": bytes(3309)}, "signature"),
    ],
)
def test_whatever_is_changed_on_the_line_is_seen(server, changes, reason):
    assert reasons(server, tampered(heard, **changes)) == [reason]
    assert reasons(server, heard) == []  # and the one that was heard still stands


def test_an_old_update_is_refused_as_it_is_and_under_a_new_number(server):
    assert reasons(server, heard, number=4) == ["round"]
    assert reasons(server, tampered(heard, number=4), number=4) == ["signature"]


def test_one_bit_of_the_signature_or_of_the_model_is_enough(server):
    rng = np.random.default_rng(0)
    for _ in range(20):
        flipped = bytearray(heard.signature)
        flipped[rng.integers(len(flipped))] ^= 1 << rng.integers(8)
        assert reasons(server, tampered(heard, signature=bytes(flipped))) == ["signature"]


def test_refuses():
    with pytest.raises(TypeError, match="update must be a SignedUpdate"):
        tampered("Bob's", n_samples=2)
    with pytest.raises(ValueError, match="not 'weights'"):
        tampered(heard, weights=2)
    with pytest.raises(ValueError, match="not 'nothing'"):
        tampered(heard)
    with pytest.raises(ValueError, match="seed must be 32 bytes"):
        impersonate("Bob", [[1.0]], 1, run="trial", number=1, seed=b"short")
    assert isinstance(tampered(heard, n_samples=2), SignedUpdate)
