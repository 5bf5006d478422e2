"""Limits: no honest line meets them, and they grow no faster than the work.

The protocol: equal keys or none, every parity counted once, and Bob never near Alice's bits.
"""

from collections import Counter
from dataclasses import replace
from hashlib import blake2b
from math import ceil

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from qlearn.communication.secret_key import reconcile
from qlearn.communication.secret_key.public_channel import ChannelError, NoKey, PublicChannel
from qlearn.communication.secret_key.reconciliation.cascade import VARIANTS, _compiled, correct, protocol
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Blocks, block_sizes
from qlearn.communication.secret_key.reconciliation.cascade.protocol import most_errors, most_questions


@pytest.mark.parametrize("bits", [1, 30, 1000, 2**14, 10**6])
@pytest.mark.parametrize("rate", [0, 0.001, 0.01, 0.03, 0.11, 0.48])
def test_more_errors_occur_once_in_a_thousand_million_keys(bits, rate):
    # The exact tail of the binomial distribution.
    assert stats.binom.sf(most_errors(bits, rate), bits, rate) <= 1e-9


def test_of_a_long_key_the_errors_and_little_more_are_explained():
    for rate in (0.02, 0.06, 0.16):
        assert 1 <= most_errors(10**6, rate) / (10**6 * rate) <= 1.05


# Questions are half of the messages; those that begin a pass are not among the limited ones.
@pytest.mark.parametrize("qber", [0.005, 0.01, 0.03, 0.05, 0.08, 0.11])
@pytest.mark.parametrize(("length", "frames"), [(2000, 1), (2000, 8), (2**14, 1)])
def test_honest_keys_stay_far_below(length, frames, qber):
    most = most_questions(length, qber, block_sizes(length, qber)[0], frames)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        alice = rng.integers(0, 2, length * frames, dtype=np.uint8)
        bob = alice ^ (rng.random(alice.size) < qber).astype(np.uint8)
        assert correct(alice, bob, qber, rng=seed, frame=length).rounds / 2 < 0.85 * most


@pytest.mark.parametrize("size", [8, 32, 128])
def test_hidden_errors_are_those_of_blocks_whose_errors_are_even_in_number(size):
    # Blocks with an odd number of errors show one each: the exact expectation, block by block.
    qber, blocks = 0.04, 1000
    errors = np.arange(size + 1)
    chance = stats.binom.pmf(errors, size, qber)
    hidden = blocks * float(chance @ (errors - errors % 2))
    assert most_questions(size * blocks, qber, size) == ceil(3 * (20 + 9.5 * hidden**0.65))
    together = most_questions(size * blocks, qber, size, frames=8)
    assert together == ceil(3 * (20 + 9.5 * hidden**0.65) * 2.2)


DIGEST = 17  # bytes, and so no request: those take four a block


def keys(n, qber, seed):
    rng = np.random.default_rng(seed)
    alice = rng.integers(0, 2, n, dtype=np.uint8)
    return alice, alice ^ (rng.random(n) < qber).astype(np.uint8)


def questions(line):
    """The numbers of the blocks that Bob asked for, in order."""
    asked = [
        m.payload.view("<u4")
        for m in line.messages
        if (m.step, m.sender) == ("reconcile", "bob") and m.payload.size != DIGEST
    ]
    return np.concatenate(asked).tolist()


def known(line, n, frame):
    """What these questions tell at most: of each frame as many bits as were asked for, and no more than it has."""
    frames = ceil(n / frame)
    about = Counter(number % frames for number in questions(line))
    return sum(min(about[i], min(frame, n - i * frame)) for i in range(frames))


def rank(rows):
    """Rank over GF(2) of bit masks: how many of the parities are independent."""
    basis = {}
    for row in rows:
        while row:
            lead = row.bit_length()
            if lead not in basis:
                basis[lead] = row
                break
            row ^= basis[lead]
    return len(basis)


def masks(line, n, qber, variant):
    """Which bits of a single frame each question covers, from the public messages alone."""
    sizes = block_sizes(n, qber, variant)
    blocks = Blocks(line.messages[0].payload, 1, n, sizes)
    for _ in sizes:
        blocks.shuffle()
    for row in questions(line):
        first, low, high = int(blocks.first[blocks.pass_of(np.array([row]))[0]]), row, row + 1
        for _ in range(int(blocks.levels(np.array([row]))[0])):
            low, high = 2 * low - first, 2 * high - first
        bits = blocks.bit[low:high]
        yield sum(1 << int(bit) for bit in bits[bits < n])


@given(
    st.integers(1, 400), st.floats(0, 0.49), st.floats(0, 0.3), st.sampled_from(VARIANTS), st.integers(0, 99)
)
def test_equal_keys_or_unverified(n, guess, qber, variant, seed):
    alice, bob = keys(n, qber, seed)
    hers, his = alice.copy(), bob.copy()
    line = PublicChannel()
    refused = ""
    try:
        done = reconcile(alice, bob, guess, variant=variant, frame=150, rng=seed, channel=line)
    except ChannelError as error:
        refused = error.reason
    if refused:
        # Only what the guess does not explain: more than twice its errors, and a statistical allowance.
        assert "the announced error rate explains" in refused
        assert (alice != bob).sum() > most_errors(n, 2 * guess)
        return
    # The tags may be fooled with probability 1e-15 a session: never seen here.
    assert done.verified == bool((done.alice == done.bob).all())
    np.testing.assert_array_equal(done.alice, hers)
    np.testing.assert_array_equal(alice, hers)
    np.testing.assert_array_equal(bob, his)
    assert done.bob.size == n
    assert done.frame == ceil(n / ceil(n / 150))
    assert done.disclosed == line.disclosed["reconcile"] == known(line, n, done.frame)
    assert done.rounds == sum(m.step == "reconcile" for m in line.messages)


@given(st.integers(1, 300), st.floats(0, 0.3), st.sampled_from(VARIANTS), st.integers(0, 99))
def test_no_parity_is_asked_for_twice(n, qber, variant, seed):
    line = PublicChannel()
    correct(*keys(n, qber, seed), qber, variant=variant, rng=seed, channel=line)
    asked = questions(line)
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("n", "qber"), [(64, 0.01), (200, 0.03), (500, 0.05), (1024, 0.05), (2048, 0.03)])
def test_every_parity_counted_is_independent_of_all_others(n, qber, variant):
    for seed in range(4):
        line = PublicChannel()
        done = correct(*keys(n, qber, seed), qber, variant=variant, rng=seed, channel=line)
        rows = list(masks(line, n, qber, variant))
        assert rank(rows) == len(rows) == done.disclosed


@pytest.mark.parametrize(("n", "frame", "all_known"), [(4, 4, 4), (10, 4, 10), (1, 1, 1)])
def test_of_a_frame_no_more_is_counted_than_it_has(n, frame, all_known):
    alice, line = keys(n, 0, 1)[0], PublicChannel()
    done = correct(alice, alice, 0.0, rng=1, frame=frame, channel=line)
    assert done.disclosed == line.disclosed["reconcile"] == known(line, n, done.frame) == all_known
    assert len(questions(line)) >= n
    for seed in range(20):  # what is counted is never less than what a rank over GF(2) finds
        alice, line = keys(24, 0, seed)[0], PublicChannel()
        counted = correct(alice, alice, 0.05, rng=seed, channel=line).disclosed
        assert rank(masks(line, 24, 0.05, "near-optimal")) <= counted <= 24


def test_at_many_errors_hardly_any_parity_follows_from_blocks_of_other_passes():
    counted = independent = 0
    for seed in range(4):
        line = PublicChannel()
        counted += correct(*keys(1500, 0.11, seed), 0.11, rng=seed, channel=line).disclosed
        independent += rank(masks(line, 1500, 0.11, "near-optimal"))
    assert 0.998 * counted <= independent <= counted


class Locked(np.ndarray):
    """An array that raises when it is touched, but while its owner works."""

    open = False

    def __array_ufunc__(self, *arguments, **options):
        raise AssertionError("Alice's bits were touched")

    def __array_function__(self, *arguments):
        raise AssertionError("Alice's bits were touched")

    def __getitem__(self, key):
        raise AssertionError("Alice's bits were touched")


@pytest.mark.parametrize(
    ("engine", "where", "name"), [("numpy", protocol, "Alice"), ("numba", _compiled, "CompiledAlice")]
)
def test_bob_never_touches_her_bits(monkeypatch, engine, where, name):
    if engine == "numba":
        pytest.importorskip("numba", reason="numba is an optional extra")
    alice, bob = keys(5_000, 0.04, 1)
    given_array, truth = alice, alice.copy()

    class Guarded(getattr(where, name)):
        """Takes her key into safety; whoever reads it elsewhere meets an error, or other bits than hers."""

        def __init__(self, key, blocks, most):
            super().__init__(key.copy(), blocks, most)
            self._safe, self._key = self._key, self._key.copy().view(Locked)
            key[:], given_array[:] = 1 - key, 1 - given_array

        def answer(self, request):
            locked, self._key = self._key, self._safe
            told = super().answer(request)
            self._key = locked
            return told

    monkeypatch.setattr(where, name, Guarded)
    assert (correct(alice, bob, 0.04, rng=1, engine=engine).bob == truth).all()
    with pytest.raises(AssertionError, match="touched"):
        Guarded(np.zeros((6, 1), dtype=np.uint8), Blocks(np.zeros(1, np.uint8), 1, 5, (2,)), None)._key[0]


def test_without_errors_only_whole_blocks_are_told():
    alice, _ = keys(2**14, 0, 1)
    done = correct(alice, alice, 0.03, rng=1)
    assert done.disclosed == 2**14 // 32 + (2**14 // 512 - 1) + (2**14 // 4096 - 1) + 11
    assert done.rounds == 1 + 2 * 14 + 1  # the seed, a question and an answer a pass, and no more questions
    original = correct(alice, alice, 0.03, variant="original", rng=1)
    assert (
        original.disclosed == 656 + 327 + 163 + 81
    )  # 2^14 / 25, 50, 100, 200, rounded up; later ones less 1


def test_one_error_costs_the_logarithm_of_its_block():
    alice, bob = keys(2**14, 0, 1)
    bob[1234] ^= 1
    done = correct(alice, bob, 0.03, rng=1)
    assert (done.bob == alice).all()
    assert done.disclosed == correct(alice, alice, 0.03, rng=1).disclosed + 5


def test_longer_keys_than_are_corrected_at_once(monkeypatch):
    alice, bob = keys(30_000, 0.05, 5)
    monkeypatch.setattr(protocol, "_AT_ONCE", 8_000)
    done = reconcile(alice, bob, 0.05, frame=3_000, rng=1)
    assert done.verified
    assert done.frame == 3_000


# The words of the blocks grow with the frame: here they change their width.
@pytest.mark.parametrize("n", [32_760, 32_764, 32_768, 70_001])
def test_frames_of_any_length(n):
    alice, bob = keys(n, 0.01, 1)
    assert (correct(alice, bob, 0.01, rng=1, frame=n).bob == alice).all()


def test_a_seed_makes_it_again():
    alice, bob = keys(3_000, 0.05, 6)
    lines = [PublicChannel() for _ in range(2)]
    for line in lines:
        reconcile(alice, bob, 0.05, rng=9, channel=line)
    assert lines[0].transcript("bob") == lines[1].transcript("bob")


def talk(engine, alice, bob, guess, *, eve=None, **options):
    """The conversation as both heard it, and what came of it: his key, or why there is none."""
    line = PublicChannel(eve)
    try:
        done = correct(alice, bob, guess, channel=line, engine=engine, **options)
        end = done.bob.tobytes(), done.disclosed, done.rounds, done.frame
    except NoKey as stopped:
        end = type(stopped), stopped.step, stopped.reason
    return line.transcript("alice"), line.transcript("bob"), end


@given(
    st.integers(1, 4_000),
    st.sampled_from([0, 0.005, 0.01, 0.03, 0.05, 0.08, 0.11, 0.2]),
    st.sampled_from([0, 0.5, 1, 1.5, 4]),
    st.sampled_from([1, 20, 150, 1_000, 2**14]),
    st.sampled_from(VARIANTS),
    st.integers(0, 10**6),
)
def test_both_engines_lead_the_same_conversation(n, guess, factor, frame, variant, seed):
    pytest.importorskip("numba", reason="numba is an optional extra")
    alice, bob = keys(n, guess * factor, seed)
    plain, compiled, auto = (
        talk(engine, alice, bob, guess, rng=seed, frame=frame, variant=variant)
        for engine in ("numpy", "numba", "auto")
    )
    assert plain == compiled == auto


# Words of 16 and of 32 bits, and as many frames as the benchmarks have.
@pytest.mark.parametrize(("n", "frame"), [(2**18, 2**14), (2**17, 2**16), (2**15, 2**15)])
@pytest.mark.parametrize("qber", [0.01, 0.03, 0.08])
@pytest.mark.parametrize("variant", VARIANTS)
def test_both_engines_lead_the_same_long_conversation(n, frame, qber, variant):
    pytest.importorskip("numba", reason="numba is an optional extra")
    alice, bob = keys(n, qber, 7)
    plain, compiled = (
        talk(engine, alice, bob, qber, rng=8, frame=frame, variant=variant) for engine in ("numpy", "numba")
    )
    assert plain == compiled
    assert len(plain[2]) == 4, plain[2]


@given(st.integers(0, 300), st.integers(0, 10**6))
def test_both_engines_are_led_astray_alike(number, where):
    pytest.importorskip("numba", reason="numba is an optional extra")
    alice, bob = keys(1_500, 0.05, 2)

    def eve(message):
        if message.number == number:
            message.payload[where // 8 % message.payload.size :] ^= 1 << where % 8
        return message

    plain, compiled = (
        talk(engine, alice, bob, 0.05, rng=1, frame=500, eve=eve) for engine in ("numpy", "numba")
    )
    assert plain == compiled


@given(st.integers(0, 10**6), st.sampled_from(["flip", "drop", "replay", "zero"]), st.integers(0, 10**6))
def test_whatever_eve_does_to_one_message_no_unequal_keys_are_verified(which, how, where):
    alice, bob = keys(300, 0.05, 2)

    def eve(message):
        seen.append(message)
        if message.number != target or message.step != "reconcile":
            return message
        payload = message.payload
        if how == "flip":
            payload[where // 8 % payload.size] ^= 1 << where % 8
        if how == "zero":
            payload[:] = 0
        return {"drop": None, "replay": replace(seen[where % len(seen)])}.get(how, message)

    seen, target = [], -1
    rounds = reconcile(alice, bob, 0.05, rng=1, channel=PublicChannel(eve)).rounds
    seen, target = [], which % rounds
    stopped = None
    try:
        done = reconcile(alice, bob, 0.05, rng=1, channel=PublicChannel(eve))
    except ChannelError as error:
        stopped = error.step
    assert stopped == "reconcile" or done.verified == bool((done.alice == done.bob).all())


def altering(number, payload):
    """An Eve who delivers another payload as the message of that number."""
    return PublicChannel(lambda m: replace(m, payload=payload(m.payload)) if m.number == number else m)


def test_alice_answers_what_she_hears():
    alice, bob = keys(300, 0.05, 2)
    with pytest.raises(ChannelError, match="a block that is not there"):
        correct(alice, bob, 0.05, rng=1, channel=altering(1, lambda payload: payload | 0xF0))


class Forger:
    """An Eve who alters one message, and puts right every digest that would tell."""

    def __init__(self, number, payload):
        self.number, self.payload, self.said, self.forged = number, payload, None, 0

    def __call__(self, message):
        if message.sender == "bob" and message.payload.size == DIGEST:
            self.forged += 1
            return replace(message, payload=np.frombuffer(self.said.digest(), dtype=np.uint8))
        if self.said is None:
            self.said = blake2b(message.payload, digest_size=DIGEST)
        elif message.sender == "alice" or message.payload.size:
            self.said.update(message.payload)  # what Alice said, and what she hears
        return (
            replace(message, payload=self.payload(message.payload))
            if message.number == self.number
            else message
        )


@pytest.mark.parametrize("number", [0, 2], ids=["the seed", "the first answer"])
@pytest.mark.parametrize("variant", ["near-optimal", "original"])
def test_a_digest_tells_that_a_message_was_altered(number, variant):
    alice, bob = keys(3_000, 0.03, 2)
    line = altering(number, lambda payload: 255 - payload)
    with pytest.raises(ChannelError, match=r"digest of what was said|contradict each other"):
        correct(alice, bob, 0.03, rng=1, channel=line, variant=variant)
    assert line.rounds <= correct(alice, bob, 0.03, rng=1, variant=variant).rounds


@pytest.mark.parametrize("number", [0, 2], ids=["the seed", "the first answer"])
def test_bob_believes_what_he_hears_and_has_limits(number):
    alice, bob = keys(300, 0.05, 2)
    assert reconcile(alice, bob, 0.05, rng=1).verified
    forger = Forger(number, lambda payload: 255 - payload)
    with pytest.raises(ChannelError, match=r"contradict each other|error rate explains"):
        correct(alice, bob, 0.05, rng=1, channel=PublicChannel(forger))
    assert forger.forged


@pytest.mark.parametrize("variant", ["near-optimal", "original"])
@pytest.mark.parametrize(("n", "qber"), [(3_000, 0.03), (16_384, 0.05)])
def test_a_digest_gives_nothing_away(n, qber, variant):
    """It is made of words that were said in public: whoever has heard them can say it too."""
    alice, bob = keys(n, qber, 2)
    line = PublicChannel()
    done = correct(alice, bob, qber, rng=1, channel=line, variant=variant)
    said, digests = blake2b(line.messages[0].payload, digest_size=DIGEST), 0
    for message in line.messages[1:]:
        if message.sender == "bob" and message.payload.size == DIGEST:
            assert message.payload.tobytes() == said.digest()
            digests += 1
        else:
            said.update(message.payload)
    assert 1 <= digests <= 4
    assert done.disclosed == line.disclosed["reconcile"] == len(questions(line))


def test_no_more_is_told_than_may_be_known():
    alice, bob = keys(2_000, 0.05, 3)
    told = correct(alice, bob, 0.05, rng=1).disclosed
    assert (correct(alice, bob, 0.05, rng=1, most=told).bob == alice).all()
    for most in (0, 1, 200, told - 1):
        line = PublicChannel()
        with pytest.raises(NoKey, match="more was said than is secret") as stopped:
            correct(alice, bob, 0.05, rng=1, most=most, channel=line)
        assert stopped.value.step == "reconcile"
        assert line.disclosed["reconcile"] <= most
        # She has answered every question but the last.
        asked = [m.payload.size // 4 for m in line.messages if m.sender == "bob" and m.payload.size != DIGEST]
        assert sum(asked[:-1]) == line.disclosed["reconcile"]
        assert sum(asked) > most


def test_what_may_be_known_is_of_all_frames_together(monkeypatch):
    alice, bob = keys(3_000, 0.05, 3)
    monkeypatch.setattr(protocol, "_AT_ONCE", 1_000)
    told = correct(alice, bob, 0.05, rng=1, frame=1_000).disclosed
    assert correct(alice, bob, 0.05, rng=1, frame=1_000, most=told).disclosed == told
    line = PublicChannel()
    with pytest.raises(NoKey, match="more was said than is secret"):
        correct(alice, bob, 0.05, rng=1, frame=1_000, most=told - 1, channel=line)
    assert line.disclosed["reconcile"] < told


ATTACKS = {
    "seed": lambda m, rng: m.number == 0,
    "one answer": lambda m, rng: m.number == 40,
    "a late answer": lambda m, rng: m.number == 200,
    "all answers": lambda m, rng: m.number > 0 and m.sender == "alice",
    "a tenth of the answers": lambda m, rng: m.number > 0 and m.sender == "alice" and rng.random() < 0.1,
    "one request": lambda m, rng: m.number == 21,
}
ALTERATIONS = {
    "flip": lambda payload, rng: (
        payload ^ (np.arange(payload.size) == rng.integers(payload.size)) * np.uint8(128)
    ),
    "replace": lambda payload, rng: rng.integers(0, 256, payload.size, dtype=np.uint8),
    "zero": lambda payload, rng: 0 * payload,
    "one": lambda payload, rng: payload | 255,
}


@pytest.mark.parametrize("which", ATTACKS)
@pytest.mark.parametrize("how", ALTERATIONS)
def test_an_attack_is_not_worked_for_without_end(which, how):
    n, length, qber = 2**14, 2**12, 0.05
    alice, bob = keys(n, qber, 3)
    honest = correct(alice, bob, qber, rng=1, frame=length)
    for seed in range(2):
        rng = np.random.default_rng(seed)
        line = PublicChannel(
            lambda m: replace(m, payload=ALTERATIONS[how](m.payload, rng)) if ATTACKS[which](m, rng) else m  # noqa: B023
        )
        stopped = "reconcile"
        try:
            correct(alice, bob, qber, rng=1, frame=length, channel=line)
        except ChannelError as error:
            stopped = error.step
        assert stopped == "reconcile"
        # Twice the errors, and the allowance; parities follow. Messages may be as many as most_questions says:
        # the questions, and what the passes of the frames begin with, each with its answer; and the seed.
        assert line.disclosed["reconcile"] <= 2 * honest.disclosed
        most = most_questions(length, 2 * qber, block_sizes(length, qber)[0], n // length)
        assert line.rounds <= 1 + 2 * (most + 13 + 14 * 4)


def test_twice_the_errors_announced_are_corrected_and_more_are_refused_with_the_reason():
    for seed in range(5):
        alice, bob = keys(2**12, 0.06, seed)
        assert (correct(alice, bob, 0.03, rng=seed).bob == alice).all()
        alice, bob = keys(2**12, 0.12, seed)
        with pytest.raises(ChannelError, match="the announced error rate explains at most") as stopped:
            correct(alice, bob, 0.03, rng=seed)
        assert "corrected" in stopped.value.reason


GOOD = {"alice": [0, 1, 1], "bob": [0, 1, 0], "qber": 0.1}


@pytest.mark.parametrize("function", [correct, reconcile])
@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"alice": []}, ValueError, "alice must be a non-empty array"),
        ({"bob": [0, 1, 2]}, ValueError, "bob must be an array of 0 and 1"),
        ({"bob": [0, 1]}, ValueError, "alice and bob must have the same length"),
        ({"qber": 0.5}, ValueError, "nothing in common"),
        ({"qber": 11}, ValueError, "qber must be a probability"),
        ({"frame": 0}, ValueError, "frame must be at least 1"),
        ({"variant": "best"}, ValueError, "variant must be"),
        ({"engine": "gpu"}, ValueError, "engine must be one of auto, numba, numpy, not 'gpu'"),
    ],
)
def test_refuses_before_a_word_is_said(function, wrong, error, says):
    line = PublicChannel()
    with pytest.raises(error, match=says):
        function(**{**GOOD, **wrong}, channel=line)
    assert line.rounds == 0


def test_a_poor_estimate_may_say_how_high_the_rate_can_be():
    alice, bob = keys(2**14, 0.01, 1)
    with pytest.raises(ChannelError, match="announced error rate"):
        correct(alice, bob, 0.0005, rng=1)
    assert (correct(alice, bob, 0.0005, rng=1, worst=0.03).bob == alice).all()
    with pytest.raises(ValueError, match="worst must be a probability"):
        correct(alice, bob, 0.0005, worst=3)


def test_refuses_a_limit_below_nothing():
    line = PublicChannel()
    with pytest.raises(ValueError, match="most must be at least 0"):
        correct(**GOOD, most=-1, channel=line)
    assert line.rounds == 0
