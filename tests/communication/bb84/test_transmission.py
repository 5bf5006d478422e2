"""Reading a pulse: the Born rule, from an oracle that knows only states. An attack: any object that intercepts.

Origin: bits that belong together are used up together, and columns hold their alphabet or are refused.

The exchange: what arrives, what does not, and who may know what.
"""

import copy
import gc
import pickle
import threading
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication import bb84, photons, random_bits, secret_key
from qlearn.communication.bb84 import BASES, InterceptResend, Pulses, measure_pulses
from qlearn.communication.bb84.transmission import TURNS, is_attack
from qlearn.communication.secret_key import AuthenticationKey, ChannelError, PublicChannel, distill
from qlearn.qubits import Circuit, bloch, probabilities

PULSES = 400_000
# |0_b> and |1_b> of each basis, as columns: bit 0 and bit 1
STATES = {
    "Z": bloch([0, np.pi], 0).T,
    "X": bloch([np.pi / 2, np.pi / 2], [0, np.pi]).T,
    "Y": bloch([np.pi / 2, np.pi / 2], [np.pi / 2, -np.pi / 2]).T,
    "breidbart": bloch([np.pi / 4, np.pi + np.pi / 4], 0).T,
}


def full(value):
    return np.full(PULSES, value, dtype=np.uint8)


@pytest.mark.parametrize("bit", [0, 1])
@pytest.mark.parametrize("read_in", BASES)
@pytest.mark.parametrize("written_in", BASES)
def test_born_rule(written_in, read_in, bit):
    # The frequency of outcome 1 against the states themselves: n = 4e5, 6 sigma, 2e-9 a case
    expected = probabilities(STATES[written_in][:, bit], basis=STATES[read_in])[1]
    outcomes = measure_pulses(Pulses(full(bit), full(BASES[written_in])), full(BASES[read_in]), rng=4)
    sigma = np.sqrt(expected * (1 - expected) / PULSES)
    assert abs(outcomes.mean() - expected) <= 6 * sigma + 1e-12
    assert outcomes.dtype == np.uint8


def test_a_mixture_of_bases_reads_like_its_parts():
    # Half Breidbart, half X pulses carrying 1, read in Z: 1 with cos^2(pi/8), and a fair coin; 6 sigma
    rng = np.random.default_rng(8)
    bases = rng.choice(np.array([1, 3], dtype=np.uint8), PULSES)
    outcomes = measure_pulses(Pulses(full(1), bases), full(0), rng)
    for code, expected in ((3, np.cos(np.pi / 8) ** 2), (1, 0.5)):
        seen = outcomes[bases == code]
        assert abs(seen.mean() - expected) < 6 * np.sqrt(expected * (1 - expected) / seen.size)


def test_the_written_bit_leaves_no_trace_in_the_other_basis():
    # no-signalling of the bit: read in X, Z pulses of 0 and of 1 give the same outcomes from the same coins, flipped
    coins_seen = [measure_pulses(Pulses(full(bit), full(0)), full(1), rng=2) for bit in (0, 1)]
    np.testing.assert_array_equal(coins_seen[0], 1 - coins_seen[1])
    assert abs(coins_seen[0].mean() - 0.5) < 6 * 0.5 / np.sqrt(PULSES)


def test_one_basis_a_pulse():
    with pytest.raises(ValueError, match="same length"):
        measure_pulses(Pulses(full(0), full(0)), np.zeros(3, dtype=np.uint8))


@pytest.mark.parametrize(
    ("bits", "bases", "error", "says"),
    [
        ([0, 1], full(0), TypeError, "bits must be a uint8 array"),
        (full(0).astype(float), full(0), TypeError, "bits must be a uint8 array"),
        (full(2), full(0), ValueError, "bits must be numbers from 0 to 1"),
        (full(0), full(4), ValueError, "bases must be numbers from 0 to 3"),
        (full(0)[:0], full(0)[:0], ValueError, "one for each pulse"),
        (full(0), full(0)[1:], ValueError, "bits and bases must have the same length"),
    ],
)
def test_refuses_what_are_no_pulses(bits, bases, error, says):
    with pytest.raises(error, match=says):
        Pulses(bits, bases)


def test_reads_in_known_bases_only():
    with pytest.raises(ValueError, match="bases must be numbers from 0 to 3"):
        measure_pulses(Pulses(full(0), full(0)), full(9))


def test_a_basis_is_z_turned_about_the_y_axis():
    for basis, angle in TURNS.items():
        np.testing.assert_allclose(Circuit(1).ry(angle, 0).run(), STATES[basis][:, 0], atol=1e-15)
    assert set(BASES) - set(TURNS) == {"Y"}


def test_any_object_that_intercepts_is_an_attack():
    class Idle:
        def intercept(self, pulses, rng):
            return pulses, None

    assert is_attack(InterceptResend())
    assert is_attack(Idle())
    assert not is_attack("Eve")
    assert not is_attack(Idle)
    assert type("Lazy", (bb84.Attack,), {"intercept": Idle.intercept})().joint is None
    assert bb84.sift(bb84.exchange(1_000, eavesdropper=Idle(), rng=1)).qber == 0


def test_a_record_has_a_line_for_each_pulse_in_every_column():
    notes = bb84.exchange(1_000, eavesdropper=InterceptResend(0.3), rng=2).eve
    np.testing.assert_array_equal(notes.outcomes, notes.bits)
    assert notes.attacked.all()
    assert repr(notes) == f"EavesdropperRecord(1000 pulses, {notes.touched.sum()} touched)"
    with pytest.raises(ValueError, match="touched and bits must have the same length, not 1000 and 10"):
        bb84.EavesdropperRecord(notes.touched, notes.bases, notes.bits[:10])
    with pytest.raises(TypeError, match="outcomes must be a NumPy array, not list"):
        bb84.EavesdropperRecord(notes.touched, notes.bases, notes.bits, outcomes=[0] * 1_000)


ZEROS = np.zeros(4, dtype=np.uint8)


def test_a_copy_is_no_second_set_of_bits():
    sent = bb84.exchange(100, rng=1)
    for other in (copy.copy(sent), copy.deepcopy(sent), replace(sent), bb84.sift(sent)):
        assert other.origin is sent.origin
    sent.origin.spent = "it ended"
    with pytest.raises(ValueError, match="used up by an earlier session: it ended"):
        bb84.sift(sent).origin.refuse_if_spent()


def test_new_bits_have_an_origin_of_their_own():
    one, two = bb84.exchange(100, rng=1), bb84.exchange(100, rng=1)
    assert one.origin is not two.origin
    assert one.origin.light == "single photons"


def test_light_goes_with_the_bits():
    laser = photons.exchange(5_000, link=photons.LINKS["gys"], transmittance=0.5, rng=1)
    assert (
        laser.transmission.origin.light
        == laser.sift().origin.light
        == laser.sift(0).origin.light
        == "laser pulses"
    )


ESTIMATES = [lambda k: bb84.estimate(k, 1_000, rng=2), lambda k: secret_key.estimate(k, rng=2)]


def pool():
    return AuthenticationKey(random_bits(2048, rng=9))


@pytest.mark.parametrize("estimate", ESTIMATES)
def test_what_was_partly_published_is_used_up_and_the_rest_is_fresh(estimate):
    keys = bb84.sift(bb84.exchange(20_000, rng=1))
    left = estimate(keys).remaining
    assert left.origin is not keys.origin
    assert left.origin.spent == ""
    with pytest.raises(ValueError, match="of them were compared in public"):
        keys.origin.refuse_if_spent()


@pytest.mark.parametrize("estimate", ESTIMATES)
def test_no_estimate_makes_used_up_bits_fresh(estimate):
    def drop(message):
        return None if (message.step, message.sender) == ("authenticate", "bob") else message

    pulses = bb84.exchange(60_000, noise=0.01, rng=1)
    failed = distill(pulses, authentication_key=pool(), channel=PublicChannel(drop), rng=2)
    assert failed.step == "authenticate"
    with pytest.raises(ValueError, match="used up by an earlier session: it ended without a key"):
        estimate(bb84.sift(pulses))


@pytest.mark.parametrize("second", ESTIMATES)
@pytest.mark.parametrize("first", ESTIMATES)
def test_bits_are_estimated_once_and_the_rest_makes_one_key(first, second):
    keys = bb84.sift(bb84.exchange(60_000, noise=0.01, rng=1))
    left = first(keys).remaining
    with pytest.raises(ValueError, match="of them were compared in public"):
        second(keys)  # its sample would be among what is left
    assert distill(left, authentication_key=pool(), rng=3).length > 0
    for again in (lambda: second(left), lambda: distill(left, authentication_key=pool(), rng=3)):
        with pytest.raises(ValueError, match="used up by an earlier session: it made a key"):
            again()


@pytest.mark.parametrize(("number", "spent"), [(0, True), (1, True), (2, True), (3, False)])
def test_a_comparison_that_broke_off_has_published_bits(number, spent):
    # the mask, Bob's bits, the count; there is no fourth message
    keys = bb84.sift(bb84.exchange(60_000, noise=0.01, rng=1))
    line = PublicChannel(lambda message: None if message.number == number else message)
    if not spent:
        assert secret_key.estimate(keys, channel=line, rng=2).remaining.origin.spent == ""
        return
    with pytest.raises(ChannelError):
        secret_key.estimate(keys, channel=line, rng=2)
    with pytest.raises(ValueError, match="a comparison of some of them in public broke off"):
        secret_key.estimate(keys, rng=2)


def test_where_nothing_was_compared_the_bits_stay_fresh():
    keys = bb84.sift(bb84.exchange(60_000, noise=0.01, rng=1))
    with pytest.raises(secret_key.NoKey):
        secret_key.estimate(keys, {"Z": 10**6, "X": 1})
    with pytest.raises(ValueError, match="too few to disclose"):
        bb84.estimate(keys, 10**6)
    assert keys.origin.spent == ""
    assert len(bb84.estimate(keys, 1_000, rng=2).remaining) == len(keys) - 2_000


def test_a_pickle_that_outlives_its_bits_is_no_second_set_of_them():
    sent = bb84.exchange(60_000, noise=0.01, rng=1)
    blob, other = pickle.dumps(sent), pickle.dumps(bb84.exchange(60_000, noise=0.01, rng=1))
    assert distill(sent, authentication_key=pool(), rng=2).length > 0
    del sent
    gc.collect()
    again, twin = pickle.loads(blob), pickle.loads(blob)
    assert again.origin is twin.origin
    for opened in (again, bb84.sift(twin)):
        with pytest.raises(ValueError, match="used up by an earlier session: it made a key"):
            distill(opened, authentication_key=pool(), rng=2)
    gc.collect()
    fresh = pickle.loads(other)  # these were never used, and a key of them uses up what is opened later, too
    assert distill(fresh, authentication_key=pool(), rng=2).length > 0
    del fresh
    gc.collect()
    with pytest.raises(ValueError, match="used up"):
        distill(pickle.loads(other), authentication_key=pool(), rng=2)


def test_a_pickle_is_no_second_set_of_bits():
    keys = bb84.sift(bb84.exchange(100, rng=1))
    again = pickle.loads(pickle.dumps(keys))
    assert again.origin is keys.origin
    assert (again.alice == keys.alice).all()
    state = pickle.dumps(keys.origin)
    keys.origin.spent = "it ended"
    assert pickle.loads(state).spent == "it ended"


def test_bits_are_claimed_once_whoever_asks_at_the_same_time():
    origin, got = bb84.Origin(), []

    def claim():
        try:
            origin.claim()
        except ValueError:
            return
        got.append(1)

    threads = [threading.Thread(target=claim) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [1]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: bb84.Origin("moonlight"), ValueError, "light must be one of single photons"),
        (lambda: bb84.Origin(spent=None), TypeError, "spent must be words"),
        (lambda: bb84.Transmission(*[ZEROS] * 5, origin="laser"), TypeError, "origin must be an Origin"),
        (lambda: bb84.SiftedKeys(*[ZEROS] * 3, None), TypeError, "origin must be an Origin"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (np.array([0, 1, 2, 0]), ValueError, "0 and 1 only; it holds 2"),
        (np.array([0, 1, -1, 0]), ValueError, "it holds -1"),
        (np.array([0, 255, 1, 0], dtype=np.uint8), ValueError, "it holds 255"),
        (np.array([0.0, 1.0, 0.0, 1.0]), TypeError, "not of float64"),
        (np.array([0, np.nan, 1, 0]), TypeError, "not of float64"),
        (np.array([0, 1, None, 0]), TypeError, "not of object"),
        (np.array(["0", "1", "0", "1"]), TypeError, "whole numbers 0 and 1"),
        (np.zeros((4, 1), dtype=np.uint8), ValueError, "one axis"),
        ([0, 1, 0, 1], TypeError, "NumPy array, not list"),
    ],
)
def test_columns_hold_their_alphabet_or_are_refused(wrong, error, says):
    for place, name in enumerate(("alice", "bob", "bases")):
        columns = [ZEROS] * 3
        columns[place] = wrong
        with pytest.raises(error, match=f"{name} must .*{says}|must have .* length"):
            bb84.SiftedKeys(*columns)
    for place, name in enumerate(("alice_bits", "alice_bases", "bob_bits", "bob_bases", "detected")):
        columns = [ZEROS] * 5
        columns[place] = wrong
        with pytest.raises(error, match=f"{name} must .*{says}|must have .* length"):
            bb84.Transmission(*columns)


@pytest.mark.parametrize("dtype", [bool, np.int64, np.uint16])
def test_whole_numbers_of_any_width_are_bits(dtype):
    bits = np.array([0, 1, 1, 0], dtype=dtype)
    keys = bb84.SiftedKeys(bits, bits, bits)
    assert keys.alice.dtype == keys.bases.dtype == np.uint8
    assert keys.bits_by_basis == {"Z": 2, "X": 2}
    assert bb84.Transmission(*[bits] * 5).detected.dtype == bool


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
                    random_bits(n, rng=ahead)
                tries.append(random_bits(n, rng=ahead))
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
    bits, bases, _, bob_bases = (random_bits(1_000, p, again) for p in (0.5, 0.5, 0.0, 0.5))
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
def test_refuses_transmission(keywords, error, says):
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


def test_shows_how_many_pulses_arrived_and_no_bits():
    sent = bb84.exchange(10_000, loss_db=3, rng=1)
    seen = int(sent.detected.sum())
    assert repr(sent) == f"Transmission(10,000 pulses, {seen:,} detected; single photons)"
