"""Distillation of laser light: the length is what the counts prove, and Eve's splitting leaves no key."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from qlearn.communication import bb84, photons, secret_key
from qlearn.communication.photons import (
    LINKS,
    Counts,
    Link,
    PhotonNumberSplitting,
    Source,
    distill,
    expected_counts,
    finite_key,
    stream,
    yields_exist,
)
from qlearn.communication.photons.distillation import LaserSession
from qlearn.communication.photons.finite_keys import DISTINGUISHABLE
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key import (
    SESSION_BITS,
    AuthenticationKey,
    PublicChannel,
)
from qlearn.communication.secret_key.public_channel import NoKey
from qlearn.communication.secret_key.reconciliation.methods import RECONCILERS
from qlearn.communication.secret_key.session import Terms
from qlearn.communication.secret_key.sifting import AlicePulses, BobPulses, Sifted

LINK = replace(LINKS["lim2014"], afterpulse=0.0)
THREE = Source((0.72, 0.26, 2e-4), (0.18, 0.51, 0.31), p_x=0.33)
TWO = Source((0.63, 0.21), (0.36, 0.64), p_x=0.32)
SECURITY = 1e-6


def pool(n=SESSION_BITS):
    return AuthenticationKey(random_bits(n, rng=9))


def light(source, n=3_000_000, seed=1, **line):
    return stream(n, **{"link": LINK, "transmittance": 0.8, "source": source, "rng": seed, **line})


def session(source, **options):
    sent = options.pop("sent", None)
    how = {"security": SECURITY, "authentication_key": pool(), "rng": 3, **options}
    return distill(light(source) if sent is None else sent, **how)


@pytest.mark.parametrize("source", [THREE, TWO], ids=["three", "two"])
@pytest.mark.parametrize("reconciliation", RECONCILERS)
def test_the_length_is_what_the_counts_prove(source, reconciliation):
    made = session(source, reconciliation=reconciliation)
    assert made.length > 2_000
    assert (made.alice == made.bob).all()
    counts = sum(map(Counts.from_transmission, light(source)), Counts())
    said = made.channel.disclosed
    # The true errors of the key are known to the simulation, and once it is corrected to Bob.
    proved = finite_key(counts, source=source, security=SECURITY, leak=said["reconcile"], tag=said["verify"])
    assert made.length == proved.length - SESSION_BITS
    assert made.length == made.ledger.left
    assert proved.single < counts.photons[:, 0, 1].sum()


def test_pulses_that_come_twice_are_refused():
    sent, key = list(light(TWO, 1_000_000)), pool()
    with pytest.raises(ValueError, match="in this session already"):
        distill([*sent, sent[0]], security=SECURITY, authentication_key=key, rng=3)
    assert key.spent == 0
    assert sent[0].transmission.origin.spent  # they were spoken of


def test_intensities_are_said_with_the_bases_and_after_the_clicks():
    line = PublicChannel()
    made = session(THREE, sent=list(light(THREE)), channel=line)
    sifting = [(m.sender, m.payload.size) for m in line.messages if m.step == "sift"]
    chunks = len(list(light(THREE)))
    assert [sender for sender, _ in sifting] == ["bob"] * (chunks + 1) + ["alice"]
    # a bit for each click, and two bits of intensity for each that is kept
    kept, clicks = made.ledger.by_step["sift"], sifting[-2][1]
    assert sifting[-1][1] == clicks + 2 * -(-kept // 8)


GOOD = Link("good", 0.2, 0.5, 1e-6, 0.005, 1.16)
FEW_TESTS = (
    Source((0.6, 0.3, 2e-4), (0.2, 0.3, 0.5), p_x=0.03),
    Source((0.6, 0.3), (0.3, 0.7), p_x=0.03),
)


def reasons(counts, source):
    """Why a session with these counts makes no key: at its estimate, and when the errors of its key are counted."""
    pool = AuthenticationKey(random_bits(SESSION_BITS, rng=1))
    program = LaserSession(Terms(1e-10, 1e-15, "cascade", pool, None, None), source)
    which = np.repeat(np.arange(counts.sifted.size, dtype=np.uint8), counts.sifted.astype(int).ravel())
    mine = Sifted(np.zeros(which.size, dtype=np.uint8), which % 2, which // 2)
    seen = program._assessed(mine, counts.errors[:, 1].astype(np.int64))
    try:
        program._settled(seen, counts.errors[:, 0].astype(np.int64), np.ones(seen.key.size, dtype=bool))
    except NoKey as end:
        return seen.reason, end.reason, seen.counts
    return seen.reason, "", seen.counts


@pytest.mark.parametrize("source", FEW_TESTS, ids=["three", "two"])
def test_honest_sessions_with_few_tests_are_not_accused(source):
    # 40 sessions of each, tested twice, each refused with a chance of 1e-10: 2e-8 in all. Errors of Z that are guessed
    # by the few of X spread far more than counts do: tested like counts, they accuse honest sessions.
    rng = np.random.default_rng(7)
    expected = expected_counts(1e7, link=GOOD, transmittance=1.0, source=source)
    accused_by_guess = 0
    for _ in range(40):
        sifted = rng.poisson(expected.sifted)
        errors = rng.binomial(sifted, expected.errors / expected.sifted)
        first, last, guessed = reasons(Counts(sifted=sifted, errors=errors), source)
        assert DISTINGUISHABLE not in (first, last)
        accused_by_guess += not yields_exist(guessed, source=source)
    assert accused_by_guess > 0


def test_an_honest_session_with_few_tests_keeps_its_key():
    rng, source = np.random.default_rng(7), FEW_TESTS[0]
    expected = expected_counts(1e8, link=GOOD, transmittance=1.0, source=source)
    for _ in range(3):
        sifted = rng.poisson(expected.sifted)
        counts = Counts(sifted=sifted, errors=rng.binomial(sifted, expected.errors / expected.sifted))
        assert reasons(counts, source)[:2] == ("", "")
        assert finite_key(counts, source=source).length > 2_000_000


@pytest.mark.parametrize(("basis", "when"), [(1, 0), (0, 1)], ids=["X", "Z"])
def test_decoys_told_apart_are_named_as_soon_as_the_errors_are_counted(basis, when):
    # Somebody measures the weak pulses of one basis alone: errors of X are seen at once, of Z when Bob has counted.
    expected = expected_counts(1e9, link=GOOD, transmittance=0.5, source=TWO)
    errors = expected.errors.round()
    errors[1, basis] *= 8
    found = reasons(Counts(sifted=expected.sifted.round(), errors=errors), TWO)
    assert found[when] == DISTINGUISHABLE
    assert found[0] == "" or when == 0


def test_clicks_that_no_yields_explain_are_named_at_once():
    expected = expected_counts(1e9, link=GOOD, transmittance=0.5, source=TWO)
    sifted = (expected.sifted * [[0.02, 1.0], [1.0, 1.0]]).round()
    errors = (expected.errors * [0.0, 1.0]).round()
    assert reasons(Counts(sifted=sifted, errors=errors), TWO)[0] == DISTINGUISHABLE


@pytest.mark.parametrize("source", [THREE, TWO], ids=["three", "two"])
def test_splitting_leaves_no_key(source):
    line = {"link": LINKS["gys"], "transmittance": 0.1, "source": source}
    eve = PhotonNumberSplitting.unseen(source.intensities[0], 0.1, link=LINKS["gys"])
    made = distill(
        stream(8_000_000, attack=eve, rng=1, **line), security=SECURITY, authentication_key=pool(), rng=3
    )
    assert (made.key, made.step) == (None, "estimate")
    assert "single photon" in made.reason or "told apart" in made.reason or "leave no secret" in made.reason


def test_under_a_mild_splitting_no_key_is_longer_than_what_eve_misses():
    # She takes what has two photons and lets single photons pass: she knows part of the key, and the rest is bounded.
    eve = PhotonNumberSplitting(block=0.0, forward=0.9)
    sent = list(light(THREE, attack=eve))
    counts = sum(map(Counts.from_transmission, sent), Counts())
    made = session(THREE, sent=sent)
    unknown = counts.sifted[:, 0].sum() - counts.known[:, 0].sum()
    assert counts.known[:, 0].sum() > 0.05 * counts.sifted[:, 0].sum()
    assert 0 < made.length < unknown


@pytest.mark.parametrize("source", [THREE, TWO], ids=["three", "two"])
def test_whatever_is_changed_there_is_no_key(source):
    rounds = session(source).channel.rounds
    for number in (
        0,
        1,
        2,
        3,
        22,
        23,
        24,
        25,
        26,
        40,
        rounds - 6,
        rounds - 5,
        rounds - 4,
        rounds - 3,
        rounds - 2,
        rounds - 1,
    ):

        def eve(message, number=number):
            if message.number == number and message.payload.size:
                message.payload[-1] ^= 1 << 7
            return message

        line = PublicChannel(eve)
        made = session(source, channel=line)
        assert line.transcript("alice") != line.transcript("bob")
        assert made.key is None


def test_signals_called_decoys_on_the_way_give_no_key():
    # Eve changes the announced intensities in Bob's ears: his length is another one, and the tags differ
    def eve(message):
        if (message.step, message.sender) == ("sift", "alice"):
            message.payload[-10:] ^= 255
        return message

    assert session(THREE, channel=PublicChannel(eve)).key is None


@pytest.mark.parametrize("source", [THREE, TWO], ids=["three", "two"])
def test_each_party_makes_the_key_of_its_own_data_and_what_it_heard(source, alone):
    made = session(source)
    talk = [message for message in made.channel.messages if message.step != "authenticate"]
    for name in ("alice", "bob"):
        pool = AuthenticationKey(random_bits(SESSION_BITS, rng=1))
        program = LaserSession(Terms(SECURITY, 1e-15, "cascade", pool, None, 3), source)
        sent = [one.transmission for one in light(source)]
        if name == "alice":
            bright = (one.intensities for one in light(source))
            hers = (AlicePulses(s.alice_bits, s.alice_bases, b) for s, b in zip(sent, bright, strict=True))
            key = alone(program.alice(hers), name, talk)
        else:
            his = (BobPulses(s.detected, s.bob_bits, s.bob_bases) for s in sent)
            key = alone(program.bob(his), name, talk)
        assert (key[SESSION_BITS:] == made.key).all()


@pytest.mark.parametrize("source", [THREE, TWO], ids=["three", "two"])
def test_a_frame_that_stays_wrong_leaves_and_takes_its_bits_along(source, monkeypatch):
    whole = session(source)
    right = RECONCILERS["cascade"]

    def bob(key, qber, *, worst):
        corrected, told, frame = yield from right.bob(key, qber, worst=worst, frame=1 << 10)
        corrected[100] ^= 1
        return corrected, told, frame

    monkeypatch.setitem(
        RECONCILERS, "cascade", right._replace(alice=partial(right.alice, frame=1 << 10), bob=bob)
    )
    made = session(source)
    assert "frames that differ: 1 of" in str(made.ledger)
    assert (made.alice == made.bob).all()
    assert 0 < made.length < whole.length - 400


def test_laser_light_is_used_once():
    sent = list(light(THREE))
    made = session(THREE, sent=sent)
    assert made.length > 0
    for again in (sent, sent[0], iter(sent[3:])):
        with pytest.raises(ValueError, match="used up by an earlier session"):
            session(THREE, sent=again)
    as_qubits = bb84.sift(sent[0].transmission)
    with pytest.raises(ValueError, match=r"photons\.distill"):
        secret_key.distill(as_qubits, authentication_key=pool())


def test_few_pulses_are_no_key():
    made = session(THREE, sent=light(THREE, 20_000))
    assert (made.key, made.step) == (None, "estimate")
    assert "single photon" in made.reason


@pytest.mark.parametrize(
    ("sent", "error", "says"),
    [
        ([], ValueError, "at least one LaserTransmission"),
        ([3], TypeError, "transmissions must be LaserTransmission"),
        (bb84.exchange(100, rng=1), TypeError, "single photons go through"),
        ([*light(THREE, 1_000), *light(TWO, 1_000)], ValueError, "from one source"),
    ],
)
def test_refuses(sent, error, says):
    key = pool()
    with pytest.raises(error, match=says):
        session(THREE, sent=sent, authentication_key=key)
    assert key.spent == 0


def test_is_the_way_that_the_package_names():
    assert photons.distill is distill
