"""A session: its ledger explains the length of the key, term by term."""

from math import ceil, floor

import pytest

from qlearn.communication import bb84, random_bits
from qlearn.communication.secret_key import (
    SESSION_BITS,
    AuthenticationKey,
    distill,
    estimate,
    hashing_margin,
    sample_sizes,
)


@pytest.mark.parametrize("security", [1e-6, 1e-10])
def test_the_length_is_the_formula(security):
    keys = bb84.sift(bb84.exchange(60_000, noise=0.02, rng=1))
    sizes = sample_sizes(keys.bits_by_basis, security=security)
    made = distill(
        keys,
        security=security,
        sample=sizes,
        authentication_key=AuthenticationKey(random_bits(512, rng=1)),
        rng=2,
    )
    again = bb84.SiftedKeys(keys.alice, keys.bob, keys.bases)
    seen = estimate(again, sizes, security=security, rng=2)  # the same coins: the same sample
    said = made.channel.disclosed
    length = (
        floor(seen.secret_bits() - hashing_margin(security))
        - said["reconcile"]
        - said["verify"]
        - SESSION_BITS
    )
    assert made.length == length
    assert [entry.what for entry in made.ledger.entries if entry.bits == -ceil(hashing_margin(security))] == [
        "margin of the hashing"
    ]
