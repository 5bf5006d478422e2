"""What a client knows in a round: its pads, and the shares that it gives and gets."""

import os

import numpy as np
import pytest

from qlearn.networks.secure_aggregation import PairKeys, RefusedMessage, Terms, recover_secret
from qlearn.networks.secure_aggregation._client_round import ClientRound

NAMES = ("Ann", "Ben", "Cem")


def rounds_of(terms: Terms) -> dict[str, ClientRound]:
    """A round of three clients that have a key with each other."""
    made = {name: ClientRound(4, members=NAMES) for name in NAMES}
    for i, one in enumerate(NAMES):
        for other in NAMES[i + 1 :]:
            material = os.urandom(terms.pair_bits // 8)
            for own, peer, first in ((one, other, True), (other, one, False)):
                made[own].pairs[peer] = PairKeys.cut(
                    material, terms.mask_bytes, recover=terms.recover, first=first
                )
    return made


def test_both_ends_of_a_pair_have_one_pad():
    for pads in ("one-time", "stretched"):
        terms = Terms(NAMES, size=5, pads=pads)
        made = rounds_of(terms)
        here, there = (
            made[one].pad(terms, made[one].pairs[other].pad)
            for one, other in (("Ann", "Ben"), ("Ben", "Ann"))
        )
        np.testing.assert_array_equal(here, there)
        assert here.dtype == np.uint64
        assert here.shape == (5,)


def test_a_one_time_pad_is_the_key_itself():
    terms = Terms(NAMES, size=2)
    key = bytes(range(16))
    assert ClientRound(1).pad(terms, key).tolist() == [0x0001020304050607, 0x08090A0B0C0D0E0F]


def test_a_stretched_pad_is_another_in_another_round():
    terms = Terms(NAMES, size=2, pads="stretched")
    seed = bytes(32)
    assert ClientRound(1).pad(terms, seed).tolist() != ClientRound(2).pad(terms, seed).tolist()


def test_shares_arrive_and_give_the_self_mask_back():
    terms = Terms(NAMES, size=2)
    made = rounds_of(terms)
    sent = {name: state.seal_shares(name, terms, None) for name, state in made.items()}
    for name, state in made.items():
        state.open_shares(name, terms, {other: sent[other][name] for other in state.pairs})
    for owner in NAMES:
        shares = {NAMES.index(name) + 1: made[name].shares[owner] for name in NAMES}
        for left_out in shares:
            some = {point: share for point, share in shares.items() if point != left_out}
            assert recover_secret(some, terms.threshold) == made[owner].self_mask


def test_if_one_share_does_not_open_none_is_kept():
    terms = Terms(NAMES, size=2)
    made = rounds_of(terms)
    sent = {name: state.seal_shares(name, terms, None) for name, state in made.items()}
    got = {other: sent[other]["Ann"] for other in ("Ben", "Cem")}
    for wrong in (
        {"Ben": got["Ben"]},
        got | {"Cem": got["Ben"]},
        got | {"Cem": got["Cem"][:-1] + bytes([got["Cem"][-1] ^ 1])},
    ):
        before = dict(made["Ann"].shares)
        with pytest.raises(
            RefusedMessage, match="the share of Cem for round 4 is missing, altered or of another round"
        ):
            made["Ann"].open_shares("Ann", terms, wrong)
        assert made["Ann"].shares == before
