"""Paid rounds: the plan is close to what sessions make and not above it, and a round's price is that of the account."""

import numpy as np
import pytest

from qlearn.applications.whole_way import expected_key, rounds_paid
from qlearn.communication import bb84, random_bits, secret_key
from qlearn.networks.flower_app import Federation, round_key_bits
from qlearn.networks.secure_aggregation import KeyBudget


@pytest.mark.parametrize(
    ("pulses", "noise", "share"),
    [
        (100_000, 0.02, 0.0),
        (100_000, 0.0, 0.0),
        (400_000, 0.02, 0.1),
        (400_000, 0.05, 0.0),
        (1_000_000, 0.02, 0.2),
    ],
)
def test_the_plan_is_close_to_what_a_session_makes(pulses, noise, share):
    eve = bb84.InterceptResend(share) if share else None
    made = []
    for seed in range(3):
        sent = bb84.exchange(pulses, noise=noise, eavesdropper=eve, rng=seed)
        pool = secret_key.AuthenticationKey(random_bits(512, rng=seed))
        made.append(secret_key.distill(sent, authentication_key=pool, rng=seed).length)
    # the errors seen vary by their binomial spread, which moves the key by a few hundredths: seeded, no false alarm
    assert (
        0.97 * expected_key(pulses, noise, share) < np.mean(made) < 1.25 * expected_key(pulses, noise, share)
    )


@pytest.mark.parametrize("model", ["logistic", "qnn"])
@pytest.mark.parametrize("n_clients", [3, 4, 7])
def test_a_round_costs_the_budget_in_whole_pieces(model, n_clients):
    federation = Federation(model=model, n_clients=n_clients)
    words = sum(p.size for p in federation.client(0).initial(0)) + 1
    pair = KeyBudget(n_clients, words, method="shared masks", tags=True).per_pair
    pieces = -(-pair // 256)
    assert round_key_bits(federation) == n_clients * (n_clients - 1) // 2 * pieces * 256
    price = round_key_bits(federation)
    assert [rounds_paid(federation, bits) for bits in (0, price - 1, price, 3 * price + 5)] == [0, 0, 1, 3]


def test_no_key_is_expected_where_none_can_be():
    assert expected_key(1, 0.0) == expected_key(400_000, 0.3) == expected_key(2_000, 0.02) == 0
    lengths = [expected_key(10**6, 0.02, share) for share in (0, 0.1, 0.2, 0.3, 1)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: expected_key(0, 0.02), "pulses must be at least 1"),
        (lambda: expected_key(10, 2.0), "noise must be"),
        (lambda: expected_key(10, 0.0, -1), "eavesdropped must be"),
        (lambda: rounds_paid(Federation(n_clients=3), -1), "key_bits must be at least 0"),
        (lambda: round_key_bits(Federation(n_clients=3), 0), "piece must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
