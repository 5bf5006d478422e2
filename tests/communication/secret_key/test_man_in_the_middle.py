"""The man in the middle: he holds the whole key, and the tags over the whole talk are what finds him."""

import numpy as np
import pytest

from qlearn.communication import bb84, random_bits
from qlearn.communication.secret_key import (
    AuthenticationKey,
    ManInTheMiddle,
    PublicChannel,
    converse,
    distill,
    distill_stream,
    session,
    toeplitz_hash,
)
from qlearn.communication.secret_key.distillation import QubitSession, hold
from qlearn.communication.secret_key.session import Terms
from qlearn.communication.secret_key.sifting import each_side, sift_as_alice, sift_as_bob

PULSE_BY_PULSE = {"n_pulses": 6_000, "pulse_by_pulse": True}
IN_BULK_OVER_14_DB = {"n_pulses": 150_000, "copies": 24, "clicks": 10**-1.4}


def attacked(**how):
    """A whole session with Eve in the middle: Alice's and Bob's programs, the line, and she."""
    eve, pool = ManInTheMiddle(**how, rng=1), AuthenticationKey(random_bits(512, rng=2))
    terms = Terms(1e-4, 1e-15, "cascade", pool, PublicChannel(eve), 3)
    session = QubitSession(terms, pulse_by_pulse=how.get("pulse_by_pulse", False))
    return eve, pool, hold(session, each_side(eve.pulses()), [])


def hers(eve, line, length):
    """The key that Eve makes of what she read and heard: nothing else is used."""
    compared = next(m.payload for m in line.messages if (m.step, m.sender) == ("estimate", "alice"))
    seed = next(m.payload for m in line.messages if m.step == "amplify")
    rest = eve.bits[np.unpackbits(compared, count=eve.bits.size) == 0]
    return toeplitz_hash(rest, np.unpackbits(seed, count=rest.size + length - 1), length)


@pytest.mark.parametrize("how", [PULSE_BY_PULSE, IN_BULK_OVER_14_DB])
def test_ends_at_the_tags(how):
    eve, pool, made = attacked(**how)
    assert (made.key, made.bob, made.step) == (None, None, "authenticate")
    assert "does not fit what Bob heard" in made.reason
    assert (pool.left, pool.spent) == (0, 512)
    assert eve.bits.size > 2_500
    assert made.ledger.by_step["amplify"] < 0  # all that came before found nothing wrong


@pytest.mark.parametrize("how", [PULSE_BY_PULSE, IN_BULK_OVER_14_DB])
def test_without_the_tags_the_whole_key_is_hers(how, monkeypatch):
    monkeypatch.setattr(session, "authenticate", lambda line, pool: 0.0)  # what this test is about
    eve, pool, made = attacked(**how)
    assert made.length > 0
    assert (made.alice == made.bob).all()
    key = hers(eve, made.channel, made.length + 512)
    assert (key[512:] == made.key).all()
    pool.take(512)
    assert (
        np.frombuffer(pool.take(512), dtype=np.uint8) == np.packbits(key[:512])
    ).all()  # the next sessions too


def test_tags_that_cover_the_rest_alone_do_not_help():
    # sifting over a line that nobody compares, and everything after it under tags: the fault that was
    eve, _, _ = attacked(**IN_BULK_OVER_14_DB)
    sifted = bb84.SiftedKeys(eve.bits, eve.bits.copy(), eve.bases)
    made = distill(
        sifted, security=1e-4, authentication_key=AuthenticationKey(random_bits(512, rng=2)), rng=3
    )
    assert made.length > 0
    assert (hers(eve, made.channel, made.length + 512)[512:] == made.key).all()
    assert "do not cover it" in str(made.ledger)


def test_four_copies_leave_bob_a_quarter_and_eve_the_key():
    eve, clicks = ManInTheMiddle(60_000, copies=4, clicks=0.5, rng=1), []

    def measured():
        for sent in eve.pulses():
            clicks.append(int(sent.detected.sum()))
            yield sent

    hers_, his = each_side(measured())
    alice, bob = converse(PublicChannel(eve), sift_as_alice(hers_), sift_as_bob(his))
    assert bob.bits.size == sum(clicks) / 4
    keys = bb84.SiftedKeys(alice.bits, bob.bits, alice.bases)
    # no copy of four fits with 1/16, and then half are wrong: 1/32; sd of 15,000: 0.0014, six of them: 2e-9
    assert abs(keys.qber - 1 / 32) < 6 * 0.0014
    made = distill(keys, security=1e-4, authentication_key=AuthenticationKey(random_bits(512, rng=3)), rng=4)
    assert made.length > 1_000
    assert (hers(eve, made.channel, made.length + 512)[512:] == made.key).all()


def test_what_eve_read_is_half_of_what_she_claims():
    eve = ManInTheMiddle(40_000, clicks=0.1, rng=1)
    pool, line = AuthenticationKey(random_bits(512, rng=2)), PublicChannel(eve)
    made = next(distill_stream(eve.pulses(), authentication_key=pool, channel=line, rng=3))
    assert made.ledger.by_step["sift"] == eve.bits.size
    assert set(np.unique(eve.bases)) == {0, 1}
    # a tenth of 40,000 claimed, half of them in Alice's basis: binomial, sd 44, six of them: 2e-9
    assert abs(eve.bits.size - 2_000) < 6 * 44


def test_bob_keeps_half_of_his_clicks_pulse_by_pulse_and_few_in_bulk():
    shares = {}
    for name, how in (("one by one", PULSE_BY_PULSE), ("in bulk", IN_BULK_OVER_14_DB)):
        eve, clicks = ManInTheMiddle(**how, rng=1), []

        def measured(eve=eve, clicks=clicks):
            for sent in eve.pulses():
                clicks.append(int(sent.detected.sum()))
                yield sent

        hers, his = each_side(measured())
        by_pulse = {"pulse_by_pulse": how.get("pulse_by_pulse", False)}
        alice, bob = converse(
            PublicChannel(eve), sift_as_alice(hers, **by_pulse), sift_as_bob(his, **by_pulse)
        )
        assert (alice.bits == eve.bits).all()
        assert (alice.bits == bob.bits).mean() > 0.999
        shares[name] = bob.bits.size / sum(clicks)
    assert 0.45 < shares["one by one"] < 0.55
    assert shares["in bulk"] == pytest.approx(1 / 24, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n_pulses": 0}, "n_pulses must be"),
        ({"n_pulses": 5, "clicks": 2}, "clicks must be"),
        ({"n_pulses": 5, "copies": 0}, "copies must be"),
    ],
)
def test_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        ManInTheMiddle(**options)
