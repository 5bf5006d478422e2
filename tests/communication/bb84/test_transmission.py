"""The exchange: what arrives, what does not, and who may know what."""

import copy

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.coins import coins

N = 400_000


@pytest.fixture(scope="module")
def quiet():
    return bb84.exchange(N, rng=1)


def test_types_and_shapes(within, quiet):
    for name in ("alice_bits", "alice_bases", "bob_bits", "bob_bases"):
        array = getattr(quiet, name)
        assert array.shape == (N,)
        assert array.dtype == np.uint8
        assert within(array.mean(), 0.5, N)
    assert quiet.detected.dtype == bool
    assert quiet.detected.all()
    assert quiet.eve is None


def test_same_basis_same_bit_and_other_basis_a_coin(within, quiet):
    same = quiet.alice_bases == quiet.bob_bases
    errors = quiet.alice_bits != quiet.bob_bits
    assert not errors[same].any()
    assert within(errors[~same].mean(), 0.5, (~same).sum())


@pytest.mark.parametrize("noise", [0.01, 0.05, 0.11, 1.0])
def test_noise_is_the_error_rate_of_both_bases(within, noise):
    keys = bb84.sift(bb84.exchange(N, noise=noise, rng=2))
    for basis, bits in keys.bits_by_basis.items():
        assert within(keys.qber_by_basis[basis], noise, bits)


@pytest.mark.parametrize("p_x", [0.0, 0.1, 0.5, 0.9])
def test_biased_bases(within, p_x):
    sent = bb84.exchange(N, p_x=p_x, rng=3)
    keys = bb84.sift(sent)
    assert within(sent.alice_bases.mean(), p_x, N)
    assert within(sent.bob_bases.mean(), p_x, N)
    assert within(len(keys) / N, p_x**2 + (1 - p_x) ** 2, N)
    assert within(keys.bits_by_basis["X"] / N, p_x**2, N)


@pytest.mark.parametrize("loss_db", [0.0, 3.0, 10.0, 20.0])
def test_loss_thins_and_does_no_more(within, loss_db):
    sent = bb84.exchange(N, loss_db=loss_db, noise=0.05, rng=4)
    survive = 10 ** (-loss_db / 10)
    keys = bb84.sift(sent)
    assert within(sent.detected.mean(), survive, N)
    assert within(len(keys) / N, survive / 2, N)
    assert within(keys.qber, 0.05, len(keys))
    assert not sent.bob_bits[~sent.detected].any()


def test_bob_learns_only_what_the_pulse_carries(within):
    class Wall:
        """Eve keeps every pulse and sends |0> instead: nothing of Alice's bits reaches Bob."""

        def intercept(self, pulses, rng):
            blank = np.zeros_like(pulses.bits)
            return bb84.Pulses(blank, blank), "nothing"

    sent = bb84.exchange(N, eavesdropper=Wall(), rng=5)
    assert not sent.bob_bits[sent.bob_bases == 0].any()
    keys = bb84.sift(sent)
    assert within(keys.qber, 0.5, len(keys))
    assert sent.eve == "nothing"


def test_eve_is_before_bobs_choice():
    # She may keep a reference to all she got; Bob's bases are not in it.
    seen = {}

    class Spy:
        def intercept(self, pulses, rng):
            seen.update(vars(pulses))
            return pulses, None

    sent = bb84.exchange(1000, eavesdropper=Spy(), rng=6)
    assert set(seen) == {"bits", "bases"}
    assert (seen["bases"] != sent.bob_bases).any()
    assert bb84.sift(sent).qber == 0


def replayed(rng):
    seeds = rng.bit_generator.seed_seq
    return np.random.default_rng(np.random.SeedSequence(seeds.entropy))


@pytest.mark.parametrize("copied", [copy.deepcopy, replayed])
def test_eves_coins_are_nobody_elses(copied, within):
    # 6 sigma for each of 180 comparisons, a false alarm of 4e-7: her generator, copied and thrown ahead, tells nothing
    tries = []

    class Copyist:
        def intercept(self, pulses, rng):
            n = pulses.bits.size
            for drawn in range(10):
                ahead = copied(rng)
                for _ in range(drawn):
                    coins(n, rng=ahead)
                tries.append(coins(n, rng=ahead))
            return pulses, None

    for seed in (6, 7, 8):
        tries.clear()
        sent = bb84.exchange(10_000, eavesdropper=Copyist(), rng=np.random.default_rng(seed))
        assert len(tries) == 10
        for guess in tries:
            for secret in (sent.bob_bases, sent.alice_bases, sent.alice_bits):
                assert within((guess == secret).mean(), 0.5, 10_000)


def test_without_eve_the_coins_are_what_they_were():
    rng, again = np.random.default_rng(3), np.random.default_rng(3)
    sent = bb84.exchange(1_000, rng=rng)
    bits, bases, _, bob_bases = (coins(1_000, p, again) for p in (0.5, 0.5, 0.0, 0.5))
    for seen, due in ((sent.alice_bits, bits), (sent.alice_bases, bases), (sent.bob_bases, bob_bases)):
        np.testing.assert_array_equal(seen, due)


def test_nobody_writes_in_what_was_sent(quiet):
    keys = bb84.sift(quiet)
    for column in (quiet.alice_bits, quiet.bob_bases, quiet.detected, keys.alice, keys.bases):
        with pytest.raises(ValueError, match="read-only"):
            column[:] = 0


def test_seeded():
    one, two, three = (bb84.exchange(1000, noise=0.1, loss_db=1, rng=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.bob_bits, two.bob_bits)
    assert (one.bob_bits != three.bob_bits).any()


def test_frozen(quiet):
    with pytest.raises(AttributeError):
        quiet.alice_bits = quiet.bob_bits


class Thief:
    def intercept(self, pulses, rng):
        return bb84.Pulses(pulses.bits[1:], pulses.bases[1:]), None


class Keeper:
    def intercept(self, pulses, rng):
        return None


class Forgetful:
    def intercept(self, pulses, rng):
        return pulses


class Forger:
    def intercept(self, pulses, rng):
        pulses.bits[:] = 0
        return pulses, None


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"n_pulses": 0}, ValueError, "n_pulses must be at least 1"),
        ({"n_pulses": -5}, ValueError, "n_pulses must be at least 1"),
        ({"n_pulses": 10.5}, TypeError, "n_pulses must be a whole number"),
        ({"noise": -0.1}, ValueError, "noise must be a probability"),
        ({"noise": float("nan")}, ValueError, "noise must be a probability"),
        ({"noise": "5%"}, TypeError, "noise must be a number"),
        ({"loss_db": -1}, ValueError, "loss_db must be a finite number between 0"),
        ({"loss_db": float("inf")}, ValueError, "loss_db must be a finite number"),
        ({"p_x": 1.2}, ValueError, "p_x must be a probability"),
        ({"eavesdropper": "random"}, TypeError, "eavesdropper must be None or an object with an intercept"),
        ({"eavesdropper": bb84.InterceptResend}, TypeError, "such as InterceptResend()"),
        ({"eavesdropper": Thief()}, ValueError, "one pulse for each of the 8"),
        ({"eavesdropper": Keeper()}, TypeError, "must return .pulses, notes. from intercept.*not None"),
        ({"eavesdropper": Forgetful()}, TypeError, "must return .pulses, notes. from intercept"),
        # the pulses are hers, but what Alice wrote down is not
        ({"eavesdropper": Forger()}, ValueError, "read-only"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        bb84.exchange(**{"n_pulses": 8, **keywords})


def test_refuses_before_any_coin_is_thrown():
    rng = np.random.default_rng(1)
    before = rng.bit_generator.state
    with pytest.raises(ValueError, match="p_x"):
        bb84.exchange(8, p_x=2, rng=rng)
    assert rng.bit_generator.state == before


def test_a_transmission_is_five_arrays_of_one_length(quiet):
    bits, clicks = quiet.alice_bits[:5], quiet.detected[:5]
    with pytest.raises(ValueError, match="alice_bits and bob_bases must have the same length, not 5 and 3"):
        bb84.Transmission(bits, bits, bits, bits[:3], clicks)
    with pytest.raises(TypeError, match="bob_bits must be a NumPy array, not list"):
        bb84.Transmission(bits, bits, [0, 1, 0, 1, 0], bits, clicks)
