"""Distillation: equal keys of the stated length, or None with the step, the reason and the ledger so far."""

import copy
import re
import signal
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from qlearn.communication import bb84, photons, random_bits
from qlearn.communication.secret_key import (
    SESSION_BITS,
    AuthenticationKey,
    PublicChannel,
    distill,
    finite_key_length,
    sample_sizes,
)
from qlearn.communication.secret_key.reconciliation.methods import RECONCILERS

STEPS = ["sift", "estimate", "reconcile", "verify", "amplify", "authenticate"]
SENT = bb84.exchange(60_000, noise=0.02, rng=1)
KEYS = bb84.sift(SENT)


def fresh(keys=KEYS):
    """The same bits as if no session had used them."""
    return bb84.SiftedKeys(keys.alice, keys.bob, keys.bases)


def pulses(sent=SENT):
    """The same pulses as if no session had used them."""
    return bb84.Transmission(sent.alice_bits, sent.alice_bases, sent.bob_bits, sent.bob_bases, sent.detected)


def pool(n=SESSION_BITS):
    return AuthenticationKey(random_bits(n, rng=9))


def is_equal_or_none(made):
    """What must hold however a session ends."""
    if made.key is None:
        return made.bob is None and made.length == 0 and made.step in STEPS and bool(made.reason)
    return (made.alice == made.bob).all() and made.length == made.ledger.left > 0 and made.reason == ""


@pytest.mark.parametrize("reconciliation", RECONCILERS)
def test_makes_equal_keys(reconciliation):
    key = pool()
    made = distill(fresh(), reconciliation=reconciliation, authentication_key=key, rng=2)
    assert is_equal_or_none(made)
    assert 0 < made.length < finite_key_length(len(KEYS), 0.02, efficiency=1.0)
    assert list(made.ledger.by_step) == STEPS
    assert made.ledger.by_step["sift"] == len(KEYS)
    assert (key.left, key.spent) == (SESSION_BITS, SESSION_BITS)
    assert set(made.ledger.security) == {"secrecy", "correctness", "authentication"}
    assert made.ledger.total_security == pytest.approx(1e-10, rel=1e-4)


def test_pays_for_every_bit_that_was_said():
    made = distill(fresh(), authentication_key=pool(), rng=2)
    said, paid = made.channel.disclosed, made.ledger.by_step
    assert said["reconcile"] == -paid["reconcile"] > 0
    assert said["verify"] == -paid["verify"] > 0
    assert said["estimate"] == said["amplify"] == said["authenticate"] == 0


def test_the_renewed_authentication_key_is_not_part_of_the_key():
    key = pool()
    made = distill(fresh(), authentication_key=key, rng=2)
    renewed = np.unpackbits(np.frombuffer(key.take(SESSION_BITS), dtype=np.uint8))
    assert not (renewed == made.key[:SESSION_BITS]).all()
    assert made.ledger.by_step["authenticate"] == -SESSION_BITS


def test_sessions_live_on_the_key_that_the_last_one_made():
    key = pool()
    lengths = [distill(fresh(), authentication_key=key, rng=seed).length for seed in range(3)]
    assert min(lengths) > 0
    assert (key.left, key.spent) == (SESSION_BITS, 3 * SESSION_BITS)


def test_the_key_looks_random_even_if_the_pulses_did_not():
    # Alice's source sends 30 % ones: of the key, half are ones. n bits: 6 sd = 3 sqrt(n); false alarm 2e-9
    alice = random_bits(100_000, 0.3, rng=1)
    bases = random_bits(100_000, rng=2)
    keys = bb84.SiftedKeys(alice, alice.copy(), bases)
    made = distill(keys, authentication_key=pool(), rng=2)
    assert abs(int(made.key.sum()) - made.length / 2) < 3 * made.length**0.5


def test_an_honest_session_of_9000_bits_is_not_told_that_its_line_is_noisy():
    # 1 % of errors: some sessions compare five bits of one basis, and one of these in twenty is wrong there
    reasons, few = [], 0
    for seed in range(60):
        alice, bases = random_bits(9_000, rng=seed), random_bits(9_000, rng=1_000 + seed)
        keys = bb84.SiftedKeys(alice, alice ^ random_bits(9_000, 0.01, 2_000 + seed), bases)
        few += min(sample_sizes(keys.bits_by_basis).values()) < 10
        made = distill(keys, authentication_key=pool(), rng=seed)
        assert is_equal_or_none(made)
        reasons.append(made.reason)
    assert few > 30
    assert not any("that many errors" in reason or "meddles" in reason for reason in reasons)
    assert reasons.count("") > 57


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (bb84.exchange(7_000, noise=0.02, rng=1), "would leave a key in a long session.*too small"),
        (bb84.exchange(60_000, noise=0.12, rng=1), "that many errors"),
        # Z is without errors, and X shows that all of it is Eve's
        (bb84.exchange(60_000, eavesdropper=bb84.InterceptResend(basis="Z"), rng=1), "that many errors"),
    ],
)
def test_a_short_session_is_told_from_a_noisy_line(sent, reason):
    made = distill(sent, authentication_key=pool(), rng=2)
    assert made.step == "estimate"
    assert re.search(reason, made.reason)


@pytest.mark.parametrize(
    ("n", "least", "most"),
    [(2_500, 0, 0), (4_000, 0, 0), (5_000, 0.05, 0.25), (10_000, 0.45, 0.6), (10**6, 0.92, 0.96)],
)
def test_short_sessions_make_much_less_than_the_formula_for_biased_bases(n, least, most):
    # 1 % of errors. Over 60 seeds the lengths lie in 53-183 of 831 at n = 5,000
    alice = random_bits(n, rng=1)
    made = distill(
        bb84.SiftedKeys(alice, alice ^ random_bits(n, 0.01, 2), random_bits(n, rng=3)),
        authentication_key=pool(),
        rng=4,
    )
    assert least <= made.length / finite_key_length(n, 0.01) <= most
    assert made.length > 0 or made.reason


@pytest.mark.parametrize("what", ["dropped", "replayed"])
def test_a_message_that_is_missing_costs_no_tag(what):
    heard = []

    def eve(message):
        heard.append(message)
        if message.step != "reconcile":
            return message
        return None if what == "dropped" else heard[-2]

    key = pool()
    made = distill(fresh(), authentication_key=key, channel=PublicChannel(eve), rng=2)
    assert (made.step, key.left, key.spent) == ("reconcile", SESSION_BITS, 0)


@pytest.mark.parametrize("p_x", [0.1, 0.9])
def test_biased_bases_waste_less(p_x):
    even = bb84.sift(bb84.exchange(200_000, noise=0.01, rng=1))
    biased = bb84.sift(bb84.exchange(200_000, noise=0.01, p_x=p_x, rng=1))
    lengths = [distill(keys, authentication_key=pool(), rng=2).length for keys in (even, biased)]
    assert lengths[1] > 1.2 * lengths[0]


def spoiled(which: np.ndarray):
    """Cascade, save for the bits of Bob that `which` spoils; in frames of 4096 bits."""
    right = RECONCILERS["cascade"]

    def bob(key, qber, *, worst):
        corrected, told, frame = yield from right.bob(key, qber, worst=worst, frame=1 << 12)
        return corrected ^ which[: corrected.size], told, frame

    return right._replace(alice=partial(right.alice, frame=1 << 12), bob=bob)


def test_a_frame_that_stays_wrong_is_dropped_and_paid_for(monkeypatch):
    spoil = np.zeros(len(KEYS), dtype=np.uint8)
    spoil[5_000] = 1
    whole = distill(fresh(), authentication_key=pool(), rng=2)
    monkeypatch.setitem(RECONCILERS, "cascade", spoiled(spoil))
    made = distill(fresh(), authentication_key=pool(), rng=2)
    assert is_equal_or_none(made)
    assert "frames that differ: 1 of" in str(made.ledger)
    assert 0 < made.length < whole.length - 4096 / 2


def test_a_reconciliation_that_fails_everywhere_gives_no_key(monkeypatch):
    spoil = np.ones(len(KEYS), dtype=np.uint8)
    monkeypatch.setitem(RECONCILERS, "cascade", spoiled(spoil))
    made = distill(fresh(), authentication_key=pool(), rng=2)
    assert is_equal_or_none(made)
    assert (made.key, made.step) == (None, "verify")
    assert "no frame of the two keys agrees" in made.reason


def constant(value):
    zeros = np.full(20_000, value, dtype=np.uint8)
    return bb84.SiftedKeys(zeros, zeros, random_bits(20_000, rng=1))


def noisy(qber, n=60_000):
    return bb84.sift(bb84.exchange(n, noise=qber, rng=1))


@pytest.mark.parametrize(
    ("keys", "step", "says"),
    [
        (constant(0), "sift", "20000 bits are all 0"),
        (constant(1), "sift", "20000 bits are all 1"),
        (noisy(0.12), "estimate", "leave no secret"),
        (noisy(0.5), "estimate", "leave no secret"),
        (noisy(0.0, 1_000), "estimate", "too few|leave no secret"),
        (noisy(0.0, 40), "estimate", "too few"),
        (bb84.sift(bb84.exchange(60_000, eavesdropper=bb84.InterceptResend(), rng=1)), "estimate", "25"),
        (
            bb84.sift(bb84.exchange(60_000, eavesdropper=bb84.InterceptResend(basis="Z"), rng=1)),
            "estimate",
            r"0.0% in Z, (49|50)\.",
        ),
    ],
)
def test_no_key_where_none_is_safe(keys, step, says):
    key = pool()
    made = distill(fresh(keys), authentication_key=key, rng=2)
    assert is_equal_or_none(made)
    assert made.step == step
    assert re.search(says, made.reason)
    assert made.ledger.entries[0].bits == len(keys)
    assert key.spent == 0  # nothing was said that needed it


def test_nothing_sifted_is_no_key():
    empty = np.zeros(0, dtype=np.uint8)
    made = distill(bb84.SiftedKeys(empty, empty, empty), authentication_key=pool(), rng=1)
    assert is_equal_or_none(made)
    assert made.step == "estimate"


def test_an_authentication_key_that_is_too_short_or_spent_gives_no_key_before_a_word_is_said():
    key = pool(SESSION_BITS + 100)
    key.take(SESSION_BITS)
    made = distill(fresh(), authentication_key=key, rng=2)
    assert (made.key, made.step) == (None, "authenticate")
    assert "100 bits left" in made.reason
    assert made.channel.rounds == 0


ROUNDS = distill(pulses(), authentication_key=pool(), rng=2).channel.rounds


@pytest.fixture
def interruptible():
    """A program started in the background ignores the key that interrupts: here it shall not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 6, 40, -6, -5, -4, -3, -2, -1])
@pytest.mark.parametrize("what", ["alter", "drop", "replay", "interrupt"])
def test_whatever_happens_to_one_message_there_is_no_key(number, what, interruptible):
    number %= ROUNDS
    earlier = []

    def eve(message):
        earlier.append(replace(message, payload=message.payload.copy()))
        if message.number != number:
            return message
        if what == "interrupt":
            signal.raise_signal(signal.SIGINT)  # as by hand: it reaches the session, not Eve
        if what == "drop":
            return None
        if what == "replay" and number:
            return earlier[-2]
        message.payload[-1] ^= 1 << 7
        return message

    made = distill(pulses(), authentication_key=pool(), channel=PublicChannel(eve), rng=2)
    assert is_equal_or_none(made)
    assert made.key is None
    if what == "interrupt":
        assert made.reason == "interrupted by hand"


@pytest.mark.parametrize("reconciliation", RECONCILERS)
def test_a_change_that_eve_takes_back_later_is_found(reconciliation):
    spoken = []

    def eve(message):
        if (message.step, message.sender) == ("estimate", "alice"):
            spoken.append(message.payload)
            if len(spoken) == 2:  # how many errors she counted: Bob believes in fewer, or in more
                message.payload[0] ^= 1
        if message.step == "amplify":
            spoken[1][0] ^= 1
        return message

    made = distill(
        fresh(),
        authentication_key=pool(),
        reconciliation=reconciliation,
        channel=PublicChannel(eve),
        rng=2,
    )
    # he expects other errors and reckons with another length then, which betrays her; and if not, the tags do
    assert made.key is None
    assert made.step in ("reconcile", "amplify", "authenticate")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"transmission": [0, 1]}, TypeError, "transmission must be a Transmission"),
        ({"authentication_key": np.ones(512)}, TypeError, "AuthenticationKey, which remembers"),
        ({"reconciliation": "winnow"}, ValueError, "reconciliation must be one of cascade"),
        ({"channel": 3}, TypeError, "channel must be a PublicChannel"),
        ({"security": 0}, ValueError, "security must lie"),
        ({"security": 1e-200}, ValueError, "security must be at least 1e-100"),
        ({"correctness": 1}, ValueError, "correctness must lie"),
        ({"correctness": 5e-324}, ValueError, "correctness must be at least 1e-100"),
        ({"sample": {"Z": -1, "X": 5}}, ValueError, r"sample\['Z'\] must be at least 0"),
        ({"sample": {"Z": 5}}, ValueError, "sample must name both bases"),
        ({"sample": 500}, ValueError, "sample must name both bases"),
        ({"sample": {"Z": 10**5000, "X": 5}}, ValueError, "sample must be at most"),
    ],
)
def test_refuses_before_a_word_is_said(options, error, says):
    key, line, sent = pool(), PublicChannel(), pulses()
    with pytest.raises(error, match=says):
        distill(**{"transmission": sent, "authentication_key": key, "channel": line, "rng": 1, **options})
    assert (key.spent, line.rounds, sent.origin.spent) == (0, 0, "")


@pytest.mark.parametrize("reconciliation", RECONCILERS)
def test_from_the_first_word(reconciliation):
    sent, key = pulses(), pool()
    made = distill(sent, reconciliation=reconciliation, authentication_key=key, rng=2)
    assert is_equal_or_none(made)
    assert made.length > 0
    first = [(message.sender, message.step) for message in made.channel.messages[:4]]
    assert first == [("bob", "sift"), ("bob", "sift"), ("alice", "sift"), ("alice", "estimate")]
    assert list(made.ledger.by_step) == STEPS
    # the same bits as sifting without a word gives, and therefore the same key
    again = distill(fresh(), reconciliation=reconciliation, authentication_key=pool(), rng=2)
    assert (again.key == made.key).all()
    assert "do not cover it" in str(again.ledger)
    assert "do not cover it" not in str(made.ledger)


def drop_the_last_tag(message):
    return None if (message.step, message.sender) == ("authenticate", "bob") else message


@pytest.mark.parametrize("bits", [pulses, fresh])
@pytest.mark.parametrize("eve", [None, drop_the_last_tag])
def test_bits_are_used_once(bits, eve):
    mine, key = bits(), pool(2 * SESSION_BITS)
    made = distill(mine, authentication_key=key, channel=PublicChannel(eve), rng=2)
    assert (made.key is None) == (eve is not None)
    told = made.ledger.by_step
    spent, line = key.spent, PublicChannel()
    for again in (mine, copy.copy(mine), copy.deepcopy(mine), replace(mine)):
        with pytest.raises(ValueError, match="used up by an earlier session") as caught:
            distill(again, authentication_key=key, channel=line, rng=3)
        assert f"{-told['reconcile']:,} in the step reconcile" in str(caught.value)
        assert ("without a key in the step" in str(caught.value)) == (eve is not None)
    assert (key.spent, line.rounds) == (spent, 0)


@pytest.mark.parametrize("reconciliation", RECONCILERS)
@pytest.mark.parametrize(
    ("ends_at", "nth"), [("estimate", 1), ("estimate", 2), ("reconcile", 2), ("verify", 2)]
)
def test_what_an_unfinished_step_gave_away_is_noted(ends_at, nth, reconciliation):
    # dropped: Bob's compared bits, Alice's count of the errors, an answer to Bob, Bob's list of the frames
    met = []

    def eve(message):
        met.append(message.step)
        return None if met.count(ends_at) > nth else message

    mine, line = pulses(), PublicChannel(eve)
    made = distill(mine, reconciliation=reconciliation, authentication_key=pool(), channel=line, rng=2)
    assert made.key is None
    paid = made.ledger.by_step
    for step in ("reconcile", "verify"):
        assert line.disclosed.get(step, 0) == -paid.get(step, 0)
    with pytest.raises(ValueError, match="used up") as caught:
        distill(mine, authentication_key=pool(), rng=3)
    if ends_at == "estimate":
        assert "what was compared up to then" in str(caught.value)
    else:
        assert f"{line.disclosed['reconcile']:,} in the step reconcile" in str(caught.value)
        assert f"{-paid['estimate']:,} in the step estimate" in str(caught.value)


def test_an_account_that_is_drained_meanwhile_gives_no_key():
    key = pool()

    def another_session(message):
        if message.step == "amplify":
            key.take(SESSION_BITS)
        return message

    made = distill(pulses(), authentication_key=key, channel=PublicChannel(another_session), rng=2)
    assert (made.key, made.step) == (None, "authenticate")
    assert "0 bits left" in made.reason
    assert (key.left, key.spent) == (0, SESSION_BITS)


def test_what_is_sifted_from_used_pulses_is_used_too():
    sent = pulses()
    keys = bb84.sift(sent)
    distill(keys, authentication_key=pool(), rng=2)
    for other in (sent, bb84.sift(sent)):
        with pytest.raises(ValueError, match="used up"):
            distill(other, authentication_key=pool(), rng=2)


def test_a_session_that_says_nothing_uses_nothing_up():
    sent = pulses()
    assert distill(sent, authentication_key=pool(300), rng=2).step == "authenticate"
    assert distill(sent, authentication_key=pool(), rng=2).length > 0


def test_refuses_the_light_of_a_laser():
    line = {"link": photons.LINKS["gys"], "transmittance": 0.5}
    laser = photons.exchange(10_000, rng=1, **line)
    for bits in (laser, laser.transmission, laser.sift(), laser.sift(0)):
        with pytest.raises((TypeError, ValueError), match=r"photons\.distill"):
            distill(bits, authentication_key=pool(), rng=1)


def test_two_equal_bits_are_no_broken_source():
    two = np.zeros(2, dtype=np.uint8)
    made = distill(bb84.SiftedKeys(two, two, two), authentication_key=pool(), rng=1)
    assert made.step == "estimate"  # too few, and not "all 0": that has a chance of one half


def test_what_is_said_never_exceeds_what_is_secret():
    # whatever Eve does to the first answers of Alice, she is told less than the key holds
    def eve(message):
        if message.step == "reconcile" and message.sender == "alice":
            message.payload[:] = 255
        return message

    for reconciliation in RECONCILERS:
        made = distill(
            pulses(),
            reconciliation=reconciliation,
            authentication_key=pool(),
            channel=PublicChannel(eve),
            rng=2,
        )
        assert made.key is None
        left = sum(made.ledger.by_step[step] for step in ("sift", "estimate"))
        assert made.channel.disclosed.get("reconcile", 0) < left


class Strange:
    """An object that answers whatever it is asked, and never the same."""

    def __getattr__(self, name):
        raise RuntimeError("no")

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


def endless():
    while True:
        yield 1


def wait(message):
    time.sleep(0.3)
    return message


def stop(message):
    raise SystemExit


LIES = {
    "bytes": lambda m: replace(m, payload=bytes(m.payload)),
    "a list": lambda m: replace(m, payload=m.payload.tolist()),
    "None": lambda m: replace(m, payload=None),
    "floats": lambda m: replace(m, payload=m.payload.astype(float)),
    "two axes": lambda m: replace(m, payload=m.payload[None]),
    "a subclass": lambda m: replace(m, payload=m.payload.view(np.ma.MaskedArray)),
    "shorter": lambda m: replace(m, payload=m.payload[:-1]),
    "empty": lambda m: replace(m, payload=m.payload[:0]),
    "longer": lambda m: replace(m, payload=np.append(m.payload, m.payload)),
    "much longer": lambda m: replace(m, payload=np.zeros(10**7, dtype=np.uint8)),
    "ones": lambda m: replace(m, payload=np.full_like(m.payload, 255)),
    "zeros": lambda m: replace(m, payload=np.zeros_like(m.payload)),
    "no message": lambda m: 3,
    "a class": lambda m: type(m),
    "strange": lambda m: Strange(),
    "strange number": lambda m: replace(m, number=Strange()),
    "a true number": lambda m: replace(m, number=bool(m.number)),
    "endless": lambda m: replace(m, payload=endless()),
    "late": wait,
    "runtime error": lambda m: 1 / 0,
    "memory error": lambda m: np.zeros(2**62),
    "exit": stop,
}


@pytest.mark.parametrize("reconciliation", RECONCILERS)
@pytest.mark.parametrize("lie", LIES)
def test_the_line_may_do_anything(lie, reconciliation):
    # each message of a short session in turn, up to the 12th; then the last ones
    for number in (*range(12), -1, -2, -3):
        wanted = number if number >= 0 else ROUNDS + number

        def eve(message, wanted=wanted):
            return LIES[lie](message) if message.number == wanted else message

        key, line = pool(), PublicChannel(eve, patience_s=0.1 if lie == "late" else 30)
        sent = bb84.exchange(6_000, noise=0.01, rng=1)
        before = time.perf_counter()
        made = distill(
            sent, security=1e-4, reconciliation=reconciliation, authentication_key=key, channel=line, rng=2
        )
        assert is_equal_or_none(made)
        if line.rounds > wanted and line.transcript("alice") != line.transcript("bob"):
            assert made.key is None
        assert key.left + key.spent >= SESSION_BITS
        assert time.perf_counter() - before < 30
        if line.rounds <= wanted:
            break


def test_keys_of_unequal_length_are_no_sifted_keys():
    bits = np.zeros(5, dtype=np.uint8)
    with pytest.raises(ValueError, match="same length"):
        bb84.SiftedKeys(bits, bits[:4], bits)


def test_a_basis_of_which_little_is_compared_does_not_make_the_code_pay_for_the_worst():
    # p_x = 0.3: some hundred bits of Z are compared, which leave any rate up to 10 % open; both together do not
    said = {}
    for reconciliation in RECONCILERS:
        sent = bb84.exchange(300_000, noise=0.03, p_x=0.3, rng=1)
        made = distill(sent, reconciliation=reconciliation, authentication_key=pool(), rng=2)
        assert made.length > 0
        said[reconciliation] = -made.ledger.by_step["reconcile"]
    assert said["ldpc"] < 1.5 * said["cascade"]


def test_shows_its_length_or_why_there_is_none_and_no_bits():
    made = distill(fresh(), authentication_key=pool(), rng=2)
    assert repr(made) == f"DistilledKey({made.length:,} bits of {len(KEYS):,} sifted ones)"
    few = distill(bb84.exchange(1_000, rng=1), authentication_key=pool(), rng=2)
    assert repr(few) == f"DistilledKey(no key; estimate: {few.reason})"
