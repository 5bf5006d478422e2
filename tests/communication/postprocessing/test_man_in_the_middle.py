"""The man in the middle: he holds the whole key, and the tags over the whole talk are what finds him."""

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.coins import coins
from qlearn.communication.postprocessing import (
    AuthenticationKey,
    ManInTheMiddle,
    PublicChannel,
    distill,
    distill_stream,
    session,
    toeplitz_hash,
)

PULSE_BY_PULSE = {"n_pulses": 6_000, "chunk": 1, "copies": 1}
IN_BULK_OVER_14_DB = {"n_pulses": 300_000, "chunk": 300_000, "copies": 40, "clicks": 10**-1.4}


def attacked(**how):
    eve, pool = ManInTheMiddle(**how, rng=1), AuthenticationKey(coins(512, rng=2))
    line = PublicChannel(eve)
    made = next(
        distill_stream(eve.pulses(), block=10**9, authentication_key=pool, channel=line, security=1e-4, rng=3)
    )
    return eve, pool, made


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
    made = distill(sifted, security=1e-4, authentication_key=AuthenticationKey(coins(512, rng=2)), rng=3)
    assert made.length > 0
    assert (hers(eve, made.channel, made.length + 512)[512:] == made.key).all()
    assert "do not cover it" in str(made.ledger)


def test_what_eve_read_is_what_alice_sent():
    eve = ManInTheMiddle(4_000, chunk=500, copies=12, rng=1)
    sent, line = [], PublicChannel(eve)

    def remember():
        for one in eve.pulses():
            sent.append(one)
            yield one

    pool = AuthenticationKey(coins(512, rng=2))
    made = next(distill_stream(remember(), block=10**9, authentication_key=pool, channel=line, rng=3))
    told = [m for m in line.messages if (m.step, m.sender) == ("sift", "alice")]
    assert len(told) == len(sent)
    assert made.ledger.by_step["sift"] == eve.bits.size
    assert set(np.unique(eve.bases)) == {0, 1}
    # she claims bases at random, and half of them are Alice's: 4000 pulses, sd 32, six of them: 2e-9
    assert abs(eve.bits.size - 2_000) < 6 * 32


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
