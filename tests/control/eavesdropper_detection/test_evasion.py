"""Evasion: attacks that look like the quiet line, the most that a count threshold lets pass, ramps, and a search."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import norm

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import observe
from qlearn.control.eavesdropper_detection import (
    Blinding,
    Intercept,
    LineAttack,
    MixedAttack,
    MonitoredLink,
    TimeShift,
    average_run_length,
    evade,
    follow,
    link_stream,
    masked_intercept,
    threshold_for,
    unseen_intercept,
    unseen_ramp,
)


def tail(least, n, p):
    """Pr(X >= least) by exact integers' binomials: the oracle."""
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


@given(st.floats(0.001, 0.24), st.floats(0, 1))
def test_masked_errors_add_up_to_what_the_line_had(qber, share):
    remaining = share * qber
    eve = masked_intercept(qber, remaining=remaining)
    q = (
        eve.intercepted / 4
    )  # she flips a quarter of what she intercepts, the rest of the line flips after her
    assert q * (1 - remaining) + (1 - q) * remaining == pytest.approx(qber)
    assert eve.information == pytest.approx(eve.intercepted / 2)
    # a memory is worth more than none, and no more than the bound charges: h(e), convex combinations included
    h = -qber * np.log2(qber) - (1 - qber) * np.log2(1 - qber)
    assert eve.information <= eve.collective + 1e-12
    assert eve.collective <= h + 1e-12


def test_masked_attack_in_the_real_exchange():
    # r = .12 on an errorless line: 400,000 pulses, 200,000 sifted; QBER .03, sd .00038; information r/2 = .06: she knows
    # a bit for certain or not at all, sd .00053. 6 sd each: 4e-9
    eve = masked_intercept(0.03)
    attack = bb84.InterceptResend(fraction=eve.intercepted)
    sent = bb84.exchange(400_000, eavesdropper=attack, rng=11)
    assert abs(bb84.sift(sent).qber - 0.03) < 6 * 0.00038
    seen = observe(sent)
    assert abs(np.mean(list(seen.information.values())) - eve.information) < 6 * 0.00053 + 1e-4


@pytest.mark.parametrize("where", ["Z", "X", "other"])
def test_masked_law_is_that_of_the_line_for_single_photons_and_not_for_laser_pulses(where):
    # By hand: a photon errs with e; hers in 2e of the pulses with 1/2, else never. The chances of one photon's clicks are
    # linear in that, so both laws are one. Of two photons in equal bases both detectors see one with 2e(1-e) against e.
    line = MonitoredLink(transmittance=0.5)
    state, e = line.state(), line.receiver.misalignment
    quiet = 0.5 if where == "other" else e
    hers = [(1 - 2 * e, 0.0), (2 * e, 0.5)]
    if where == "other":  # in Alice's basis she changes nothing, in Bob's she settles what he reads
        hers = [(1 - 2 * e, 0.5), (e, 0.0), (e, 1.0)]

    def law(generating, errs):
        return sum(share * state.fires(generating, state.transmittance, wrong) for share, wrong in errs)

    single = [law(lambda z: z, errs) for errs in ([(1.0, quiet)], hers)]
    np.testing.assert_allclose(*single, rtol=1e-12, atol=1e-15)
    if where != "other":
        before, after = (law(lambda z: z**2, errs)[2, 0] for errs in ([(1.0, quiet)], hers))
        assert after / before == pytest.approx(1 / (2 * (1 - e)), rel=0.02)
        masked = Intercept.instead_of_noise(e).response(0.5, where, state)
        laser = state.honest(0.5, where)[2, 0], masked[2, 0]
        assert laser[1] / laser[0] == pytest.approx(1 / (2 * (1 - e)), rel=0.02)


def test_unseen_in_one_block_is_a_shift_that_many_blocks_add_up():
    n, qber = 10**6, 0.03
    eve = unseen_intercept(n, qber, false_alarm=0.01, allowed=0.02)
    shift = eve.intercepted * (0.25 - qber / 2) * np.sqrt(n / (qber * (1 - qber)))
    assert shift == pytest.approx(norm.isf(0.01) - norm.isf(0.02), rel=0.03)
    once = threshold_for(1000)
    assert average_run_length(0.5, once, shift) < 200  # of 1000 with nobody there


@pytest.mark.parametrize(("n", "qber"), [(200, 0.03), (1000, 0.02)])
def test_unseen_share_meets_its_allowance(n, qber):
    eve = unseen_intercept(n, qber, false_alarm=0.01, allowed=0.05)
    least = next(k for k in range(n) if tail(k, n, qber) <= 0.01)
    assert eve.false_alarm == pytest.approx(tail(least, n, qber))
    assert (
        eve.alarm
        == pytest.approx(0.05)
        == pytest.approx(tail(least, n, qber + eve.intercepted * (0.25 - qber / 2)), rel=1e-6)
    )


def test_unseen_bits_grow_as_the_root_of_the_block():
    bits = [n * unseen_intercept(n, 0.03).information for n in (10**5, 10**7)]
    assert bits[1] / bits[0] == pytest.approx(10, rel=0.05)


def test_no_room_and_all_room():
    assert unseen_intercept(1000, 0.02, false_alarm=0.02, allowed=0.001).intercepted == 0.0
    assert unseen_intercept(2, 0.0, false_alarm=0.01, allowed=0.5).intercepted == 1.0  # 1 - (3/4)^2 < 1/2


@pytest.mark.parametrize(("forgetting", "shift"), [(0.02, 0.25), (0.1, 1.0)])
def test_a_ramp_that_is_slow_enough_trails_by_the_shift(forgetting, shift):
    slope = unseen_ramp(forgetting, shift)
    trailing = follow(slope * np.arange(2000.0), forgetting)
    assert trailing.max() <= shift + 1e-9
    assert trailing[-1] == pytest.approx(shift)


def test_search_finds_what_is_unwatched():
    found = evade(
        lambda k: float(k[0] > 0.3 or k[1] > 0.6),
        lambda k: float(k.sum()),
        [1.0, 1.0, 0.5],
        allowed=0.0,
        directions=200,
        rng=2,
    )
    assert 1.1 < found.information <= 1.4
    assert found.alarm == 0.0
    assert (found.knobs <= [0.3, 0.6, 0.5]).all()
    assert found.tried <= 203 * 9


def test_search_without_room_finds_nothing():
    found = evade(lambda k: 1.0, lambda k: float(k.sum()), [1.0], allowed=0.01, directions=4, rng=1)
    assert found.information == 0.0
    assert not found.knobs.any()


def test_search_takes_all_where_nobody_watches():
    found = evade(lambda k: 0.0, lambda k: float(k[0]), [0.8], allowed=0.0, directions=1, rng=1)
    assert found.knobs[0] == pytest.approx(0.8)
    assert found.tried == 2


def test_a_mixture_of_one_is_that_one_and_halves_of_one_are_one():
    line, eve = MonitoredLink(), TimeShift(0.4)
    state = line.state()
    for mixed in (MixedAttack((eve,)), MixedAttack((TimeShift(0.1), TimeShift(0.3)))):
        assert isinstance(mixed, LineAttack)
        assert mixed.fraction == pytest.approx(0.4)
        np.testing.assert_allclose(mixed.information(state), eve.information(state))
        for where in ("Z", "X", "other"):
            np.testing.assert_allclose(mixed.response(0.5, where, state), eve.response(0.5, where, state))
        assert sum(share for share, _ in mixed.offsets) == pytest.approx(1)
        assert sum(share for share, late in mixed.offsets if late < 0) == pytest.approx(0.5)


def test_a_mixture_counts_as_its_parts_do():
    # expected counts of the touched and untouched pulses, added by hand: the stream's mean over 400 blocks of some 450
    # errors a pair of bases each, sd 21 / 20; and a like bound on its information, which is no random number
    line, parts = MonitoredLink(pulses=10**7), (Intercept(0.1, p_x=0.2), Blinding(0.2, errors=0.05))
    state, stream = line.state(), link_stream(400, line, MixedAttack(parts), rng=3)
    touched = sum(part.fraction * part.response(0.5, "Z", state) for part in parts)
    right, wrong, both = (touched + 0.7 * state.honest(0.5, "Z"))[:, 0]
    p_z = (1 - line.source.p_x) ** 2
    signal = stream.sent[:, 0].mean()
    due = signal * p_z * (wrong + both / 2)
    assert abs(stream.errors[:, 0].mean() - due) < 6 * np.sqrt(due / 400)
    clicks = [part.fraction * part.response(0.5, "Z", state).sum(axis=0)[0] for part in parts]
    known = sum(click * part.information(state)[0] for click, part in zip(clicks, parts, strict=True))
    assert stream.information == pytest.approx(known / (right + wrong + both), rel=1e-2)


def test_a_mixture_refuses():
    with pytest.raises(TypeError, match="parts must be attacks on the line, at least one"):
        MixedAttack(())
    with pytest.raises(TypeError, match="parts must be attacks on the line"):
        MixedAttack(("intercept",))
    with pytest.raises(ValueError, match=r"parts must touch no pulse twice: their fractions add up to 1\.3"):
        MixedAttack((Intercept(0.5), TimeShift(0.8)))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: masked_intercept(0.3), "qber must be a finite number between 0.0 and 0.25"),
        (lambda: masked_intercept(0.02, remaining=0.03), "remaining must be at most qber=0.02, not 0.03"),
        (lambda: unseen_intercept(0, 0.02), "n must be at least 1"),
        (lambda: unseen_intercept(10, 0.02, allowed=1.0), "allowed must lie between 0 and 1"),
        (lambda: unseen_ramp(0.0), "forgetting must lie between 0 and 1"),
        (lambda: evade(lambda k: 0.0, lambda k: 0.0, [0.0], allowed=0.1), "most must name at least one knob"),
        (
            lambda: evade(lambda k: np.nan, lambda k: 1.0, [1.0], allowed=0.1),
            "what alarm returns must be a probability",
        ),
        (
            lambda: evade(lambda k: 0.0, lambda k: np.nan, [1.0], allowed=0.1),
            "what information returns must be a finite number",
        ),
        (lambda: evade(lambda k: 0.0, lambda k: 0.0, [1.0], allowed=1.1), "allowed must be a probability"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
