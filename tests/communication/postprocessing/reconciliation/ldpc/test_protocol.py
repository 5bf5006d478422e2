"""The protocol: equal keys or none, every disclosed bit counted, and Bob never near Alice's bits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qlearn.communication.postprocessing.channel import ChannelError, PublicChannel
from qlearn.communication.postprocessing.reconciliation.ldpc import adapt, correct, ldpc, protocol


def keys(n, qber, seed):
    rng = np.random.default_rng(seed)
    alice = rng.integers(0, 2, n, dtype=np.uint8)
    return alice, alice ^ (rng.random(n) < qber).astype(np.uint8)


def asked(line):
    """How many bits Bob asked for, by what he said in public."""
    return sum(m.payload.size // 4 for m in line.messages if (m.step, m.sender) == ("reconcile", "bob"))


@settings(max_examples=25)
@given(st.integers(256, 3000), st.floats(0, 0.25), st.floats(0, 0.15), st.integers(0, 99))
def test_equal_keys_or_unverified(n, guess, qber, seed):
    alice, bob = keys(n, qber, seed)
    hers, his = alice.copy(), bob.copy()
    line = PublicChannel()
    done = ldpc(alice, bob, guess, rng=seed, channel=line)
    # The tags may be fooled with probability 1e-15 a session: never seen here.
    assert done.verified == bool((done.alice == done.bob).all())
    np.testing.assert_array_equal(done.alice, hers)
    np.testing.assert_array_equal(alice, hers)
    np.testing.assert_array_equal(bob, his)
    assert done.bob.size == n
    fit = adapt(n, guess)
    assert done.frame == fit.bits
    assert done.disclosed == line.disclosed["reconcile"] == fit.frames * fit.disclosed + asked(line)
    assert done.rounds == sum(m.step == "reconcile" for m in line.messages) <= 2 + 2 * 16


# One long frame each. Over 200 frames f is 1.215 on average at 1 % and scatters by 0.052, so 1.53 is 6 sd; at 5 % it is
# 1.140, the largest 1.19.
@pytest.mark.parametrize(("qber", "most"), [(0.01, 1.53), (0.05, 1.25)])
def test_a_frame_costs_little_more_than_shannon_says(qber, most):
    alice, bob = keys(2**14, qber, 3)
    done = ldpc(alice, bob, qber, rng=1)
    assert done.verified
    assert 1 < done.efficiency(qber) < most


def test_short_keys_in_several_frames():
    alice, bob = keys(5_001, 0.03, 1)
    done = ldpc(alice, bob, 0.03, frame=1_000, rng=1)
    assert done.verified
    assert done.frame == 834
    assert 1 < done.efficiency(0.03) < 1.6


class Locked(np.ndarray):
    """An array that raises when it is touched."""

    def __array_ufunc__(self, *arguments, **options):
        raise AssertionError("Alice's bits were touched")

    def __array_function__(self, *arguments):
        raise AssertionError("Alice's bits were touched")

    def __getitem__(self, key):
        raise AssertionError("Alice's bits were touched")


def test_bob_never_touches_her_bits(monkeypatch):
    alice, bob = keys(4_000, 0.05, 1)
    given_array, truth = alice, alice.copy()
    answered = []

    class Guarded(protocol.Alice):
        """Takes her words into safety; whoever reads them elsewhere meets an error, or other bits than hers."""

        def __init__(self, code, words):
            self._safe = words.copy()
            super().__init__(code, words.copy().view(Locked))
            words[:], given_array[:] = 1 - words, 1 - given_array

        def _say(self, what):
            locked, self._words = self._words, self._safe
            told = what()
            self._words = locked
            answered.append(told)
            return told

        def syndromes(self):
            return self._say(super().syndromes)

        def answer(self, request):
            return self._say(lambda: super(Guarded, self).answer(request))

    monkeypatch.setattr(protocol, "Alice", Guarded)
    # Told to expect fewer errors than there are, he has to ask.
    assert (correct(alice, bob, 0.04, rng=1).bob == truth).all()
    assert len(answered) > 1
    with pytest.raises(AssertionError, match="touched"):
        Guarded(None, np.zeros((1, 3), dtype=np.uint8))._words[0]


@pytest.mark.parametrize("qber", [0, 0.01, 0.1])
def test_without_errors_only_the_syndrome_is_told(qber):
    alice, _ = keys(2_000, 0, 1)
    fit = adapt(2_000, qber)
    done = correct(alice, alice, qber, rng=1)
    assert (done.bob == alice).all()
    assert (done.disclosed, done.rounds) == (fit.frames * fit.disclosed, 2)


@pytest.mark.parametrize(("guess", "qber"), [(0.01, 0.02), (0.03, 0.06), (0.08, 0.01)])
def test_a_wrong_estimate_costs_bits_and_not_the_key(guess, qber):
    alice, bob = keys(2_000, qber, 4)
    assert ldpc(alice, bob, guess, rng=1).verified


def test_keys_that_have_nothing_in_common_are_given_up():
    alice, _ = keys(2_000, 0, 1)
    done = ldpc(alice, keys(2_000, 0, 2)[0], 0.01, rng=1)
    assert not done.verified
    assert done.rounds == 2 + 2 * 16


def test_keys_of_zeros_and_bursts_of_errors():
    zeros = np.zeros(3_000, dtype=np.uint8)
    burst = zeros.copy()
    burst[1000:1100] = 1
    assert ldpc(zeros, burst, 1 / 30, rng=1).verified
    assert ldpc(zeros, zeros, 0.02, rng=1).verified


def test_the_coins_hide_the_parities_that_are_not_counted():
    # One placed key with other coins each time: the parities with a coin are anything, the others stay.
    alice, _ = keys(1_000, 0, 1)
    fit = adapt(1_000, 0.02)
    placed = protocol._placed(alice, fit, np.zeros(16, dtype=np.uint8))
    rngs = map(np.random.default_rng, range(64))
    words = np.concatenate([protocol._punctured(placed.copy(), fit, rng) for rng in rngs])
    changes = fit.code.syndrome(words).std(axis=0) > 0
    hidden = fit.code.matrix[:, fit.code.untainted[: fit.punctured]].sum(axis=1) > 0
    # A fair parity shows one value 64 times with probability 2^-63.
    np.testing.assert_array_equal(changes, np.asarray(hidden).ravel())
    assert fit.punctured > 10


def test_a_seed_makes_it_again():
    alice, bob = keys(2_000, 0.05, 6)
    lines = [PublicChannel() for _ in range(2)]
    for line in lines:
        ldpc(alice, bob, 0.04, rng=9, channel=line)
    assert lines[0].transcript("bob") == lines[1].transcript("bob")


@pytest.mark.parametrize("how", ["flip", "zero", "drop", "replay"])
@pytest.mark.parametrize("which", range(5))
def test_whatever_eve_does_to_one_message_no_unequal_keys_are_verified(which, how):
    # Messages 0 to 4: seed, syndromes, what Bob asks, what Alice answers, and what he asks then.
    alice, bob = keys(600, 0.08, 2)
    seen = []

    def eve(message):
        seen.append(message)
        if len(seen) - 1 != which:
            return message
        if how == "drop":
            return None
        if how == "replay":
            return seen[which - 1] if which else replace(message, number=7)
        payload = message.payload.copy()
        payload[payload.size // 2] ^= 255
        return replace(message, payload=payload if how == "flip" else 0 * payload)

    try:
        done = ldpc(alice, bob, 0.04, rng=1, channel=PublicChannel(eve))
    except ChannelError:
        assert len(seen) == which + 1, "at once, if it is seen at all"
        return
    assert how in ("flip", "zero")
    assert len(seen) > which, "she had nothing to alter"
    assert done.verified == bool((done.alice == done.bob).all())


GOOD = {"alice": [0, 1] * 200, "bob": [0, 1] * 200, "qber": 0.1}


@pytest.mark.parametrize("function", [correct, ldpc])
@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"alice": []}, ValueError, "alice must be a non-empty array"),
        ({"bob": [0, 1, 2]}, ValueError, "bob must be an array of 0 and 1"),
        ({"bob": [0, 1]}, ValueError, "alice and bob must have the same length"),
        ({"alice": [0, 1], "bob": [0, 1]}, ValueError, "n must be at least 256"),
        ({"qber": 0.5}, ValueError, "qber must leave something to keep"),
        ({"qber": 11}, ValueError, "qber must be a probability"),
        ({"frame": 0}, ValueError, "frame must be at least 256"),
    ],
)
def test_refuses_before_a_word_is_said(function, wrong, error, says):
    line = PublicChannel()
    with pytest.raises(error, match=says):
        function(**{**GOOD, **wrong}, channel=line)
    assert line.rounds == 0
