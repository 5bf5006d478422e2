"""Line attacks: the error rates and gains of the attacks of Part II, pulse by pulse, and closed forms."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import PartialAttack, blinded_exchange, observe, time_shifted_exchange
from qlearn.communication.photons import LINKS, PhotonNumberSplitting, Source
from qlearn.control.eavesdropper_detection import (
    Blinding,
    Intercept,
    LineAttack,
    MonitoredLink,
    PhotonSplitting,
    TimeShift,
    hidden_attacks,
    known_attacks,
    link_stream,
)
from qlearn.control.eavesdropper_detection.link_streams import cell_probabilities
from qlearn.evidence import counts_agree
from qlearn.qubits.entropies import binary_entropy

# So dim that two photons never meet: then pulses are the single photons of Part II.
DIM = replace(LINKS["gys"], receiver_efficiency=1.0, background=0.0, misalignment=0.0)
QUIET = MonitoredLink(DIM, transmittance=1e-4)


def qber(chances):
    right, wrong, both = chances
    return (wrong + both / 2) / (right + wrong + both)


@given(st.floats(0, 0.5), st.floats(0, 1), st.floats(0, 1))
def test_intercept_has_the_error_rates_of_its_formula(e, q, r):
    line = replace(QUIET, link=replace(DIM, misalignment=e)).state()
    eve = Intercept(r, p_x=q)
    for where, hers in (("Z", q), ("X", 1 - q)):
        rate = (1 - r) * e + r * qber(eve.response(0.5, where, line))[0]
        assert rate == pytest.approx(e + r * hers * (0.5 - e), abs=1e-4)


def test_intercept_is_that_of_part_two_on_single_photons():
    n = 200_000
    eve = PartialAttack(bb84.InterceptResend(basis="Z"), 0.4)
    seen = bb84.sift(bb84.exchange(n, eavesdropper=eve, rng=1)).qber_by_basis
    line = QUIET.state()
    for basis in "ZX":
        rate = 0.4 * qber(Intercept(p_x=0.0).response(0.5, basis, line))[0]
        # 50,000 sifted bits a basis: sd 0.0018; 6 sd
        assert abs(seen[basis] - rate) < 6 * 0.0018


def test_what_she_knows_depends_on_which_basis_is_used_most():
    n = 200_000
    eve = bb84.InterceptResend(basis="Z")
    sent = bb84.exchange(n, p_x=0.3, eavesdropper=eve, rng=2)
    kept = sent.kept
    share = (sent.alice_bases[kept] == 0).mean()  # those that she has read in Alice's basis
    line = replace(QUIET, source=Source(p_x=0.3)).state()
    # 116,000 sifted bits: sd 0.0011; 6 sd
    assert abs(Intercept(p_x=0.0).information(line)[0] - share) < 6 * 0.0011
    assert Intercept(p_x=1.0).information(line)[0] == pytest.approx(0.09 / 0.58, rel=1e-3)


def test_intercept_keeps_the_clicks_and_splits_pulses_of_several_photons():
    line = MonitoredLink(replace(LINKS["gys"], receiver_efficiency=0.5), transmittance=0.5).state()
    quiet, eve = line.honest(0.5, "Z"), Intercept().response(0.5, "Z", line)
    assert eve.sum() == pytest.approx(quiet.sum(), rel=0.02)
    assert eve[2] > 2 * quiet[2]
    # where Bob reads in the other basis she turns coins into certain bits, and fewer doubles are left
    assert Intercept().response(0.5, "other", line)[2] < line.honest(0.5, "other")[2]


def test_errors_of_eve_in_place_of_the_lines_own():
    line = MonitoredLink()
    eve = Intercept.instead_of_noise(line.receiver.misalignment)
    state = line.state()
    for where in "ZX":
        quiet, hers = state.honest(0.5, where), eve.response(0.5, where, state)
        assert qber(hers) == pytest.approx(qber(quiet), rel=1e-3)
    assert eve.information(state) == pytest.approx(2 * 0.033, rel=0.01)


def test_time_shift_is_that_of_part_two():
    good, poor = 0.2, 0.05
    seen = observe(time_shifted_exchange(400_000, efficiencies=(good, poor), rng=1))
    eve, state = TimeShift(efficiencies=(good, poor)), QUIET.state()
    # 25,000 sifted bits and guess .8: sd .0025; 6 sd; the information is 1 - h(guess)
    guess = seen.guess["Z"]
    assert abs(guess - good / (good + poor)) < 6 * 0.0025
    assert eve.information(state)[0] == pytest.approx(1 + 0.8 * np.log2(0.8) + 0.2 * np.log2(0.2), rel=1e-4)
    assert qber(eve.response(0.5, "Z", state))[0] == pytest.approx(0, abs=1e-12)
    # the line is made better by just so much
    assert eve.response(0.5, "Z", state).sum() == pytest.approx(state.honest(0.5, "Z").sum(), rel=1e-3)


def test_time_shift_cannot_make_a_perfect_line_better():
    state = MonitoredLink(DIM, transmittance=1.0).state()
    assert TimeShift(efficiencies=(0.5, 0.1)).response(0.01, "Z", state).sum() == pytest.approx(
        0.3 * 0.01, rel=0.01
    )


def test_time_shift_moves_the_clicks():
    line = MonitoredLink(replace(LINKS["gys"], receiver_efficiency=0.5))
    both, early = (
        link_stream(200, line, TimeShift(1.0, shift=1.5, early=share), rng=1).features()[:, 5:].mean(axis=0)
        for share in (0.5, 1.0)
    )
    quiet = link_stream(200, line, rng=1).features()[:, 5:].mean(axis=0)
    assert abs(both[0]) < 0.02
    assert both[1] > quiet[1] + 0.3
    assert early[0] < -1.2
    assert early[2] > 0.8


def test_blinding_is_that_of_part_two():
    sent = blinded_exchange(200_000, rng=1)
    seen = observe(sent)
    eve, state = Blinding(), QUIET.state()
    right, wrong, both = eve.response(0.5, "Z", state)[:, 0]
    assert seen.qber["Z"] == 0 == wrong == both
    assert seen.guess["Z"] == 1 == eve.information(state)[0]
    assert right == pytest.approx(state.honest(0.5, "Z").sum(), rel=1e-3)
    assert qber(Blinding(errors=0.03).response(0.5, "X", state)) == pytest.approx(0.03)
    # flashes follow photons, and of weak pulses relatively more have one
    ratio = eve.response(0.1, "Z", state).sum() / right
    assert ratio == pytest.approx(np.expm1(-0.1) / np.expm1(-0.5))


@given(st.floats(0, 1), st.floats(0.01, 1), st.sampled_from([0.1, 0.5, 1.0]))
def test_photon_splitting_is_that_of_part_two(block, forward, mu):
    link = replace(LINKS["gys"], receiver_efficiency=0.7, background=1e-3)
    state = MonitoredLink(link).state()
    eve = PhotonSplitting(1.0, block, forward)
    theirs = PhotonNumberSplitting(block, forward).gain(mu, link=link)
    for where in ("Z", "X", "other"):
        assert eve.response(mu, where, state).sum() == pytest.approx(theirs, rel=1e-9)


def test_unseen_splitting_keeps_the_signal_and_not_the_decoys():
    line = MonitoredLink()
    eve, state = PhotonSplitting.unseen(line), line.state()
    assert eve.response(0.5, "Z", state).sum() == pytest.approx(state.honest(0.5, "Z").sum())
    assert eve.response(0.1, "Z", state).sum() < 0.3 * state.honest(0.1, "Z").sum()
    assert eve.information(state)[0] > 0.99


def test_the_named_sets():
    line = MonitoredLink()
    known, hidden = known_attacks(line), hidden_attacks(line)
    assert len(known) == len(hidden) == 4
    assert not set(known) & set(hidden)
    for name, attack in {**known, **hidden}.items():
        assert isinstance(attack, LineAttack)
        assert attack.name == name
        assert sum(share for share, _ in attack.offsets) == pytest.approx(1)
        assert 0 < attack.fraction * attack.information(line.state())[0] <= 1
        for where in ("Z", "X", "other"):
            chances = attack.response(0.5, where, line.state())
            assert chances.shape == (3, 1)
            assert (chances >= 0).all()
            assert chances.sum() <= 1


# Every attack pulse by pulse, written down once more without the library's formulas.
BRIGHT = replace(LINKS["gys"], receiver_efficiency=0.6, background=0.01, misalignment=0.05)
SOURCE = Source((0.8, 0.3, 0.0), (0.6, 0.2, 0.2), 0.4)
N = 400_000


def send(eve, transmittance, rng):
    """Return the intensity of each pulse, both bases, and whether the right and the wrong detector clicked."""
    mu = np.array(SOURCE.intensities)
    level = rng.choice(3, N, p=SOURCE.probabilities)
    alice, bob = (rng.random((2, N)) < SOURCE.p_x).astype(int)
    photons = rng.poisson(mu[level])
    touched = rng.random(N) < eve.fraction
    # chance of each photon to go to the detector of the other bit than Alice's, and what the line passes
    wrong = np.where(alice == bob, BRIGHT.misalignment, 0.5)
    passes = np.full(N, transmittance)
    right_eye, wrong_eye = np.ones(N), np.ones(N)
    blinded = np.zeros(N, dtype=bool)

    if isinstance(eve, Intercept | Blinding):
        q = eve.p_x if isinstance(eve, Intercept) else 0.5
        hers = (rng.random(N) < q).astype(int)
        she_is_wrong = (hers != alice) & (rng.random(N) < 0.5)
    if isinstance(eve, Intercept):
        e = np.where(eve.aligned, 0.0, BRIGHT.misalignment)
        read = touched & (rng.random(N) < eve.measured)
        sent_on = np.where(bob != hers, 0.5, np.where(she_is_wrong, 1 - e, e))
        not_read = np.where(alice == bob, e, 0.5)
        wrong = np.where(touched, np.where(read, sent_on, not_read), wrong)
    elif isinstance(eve, TimeShift):
        good, poor = eve.efficiencies
        favours_right = rng.random(N) < 0.5
        passes[touched] = min(2 * transmittance / (good + poor), 1.0)
        right_eye[touched] = np.where(favours_right, good, poor)[touched]
        wrong_eye[touched] = np.where(favours_right, poor, good)[touched]
    else:
        blinded = touched

    arriving = rng.binomial(photons, passes * BRIGHT.receiver_efficiency)
    to_wrong = rng.binomial(arriving, wrong)
    right = rng.binomial(arriving - to_wrong, right_eye) > 0
    other = rng.binomial(to_wrong, wrong_eye) > 0
    own = 1 - np.sqrt(1 - BRIGHT.background)
    right |= rng.random(N) < own
    other |= rng.random(N) < own

    if blinded.any():
        usual = 1 - (1 - BRIGHT.background) * np.exp(-mu[0] * transmittance * BRIGHT.receiver_efficiency)
        flash = (photons > 0) & (rng.random(N) < 2 * usual / (1 - np.exp(-mu[0]))) & (hers == bob)
        tells_wrong = she_is_wrong ^ (rng.random(N) < eve.errors)
        right = np.where(blinded, flash & ~tells_wrong, right)
        other = np.where(blinded, flash & tells_wrong, other)
    return level, alice, bob, right, other


ATTACKS = [
    Intercept(0.6, p_x=0.2),
    Intercept(0.7, p_x=0.5, aligned=True, measured=0.4),
    TimeShift(0.8, efficiencies=(0.9, 0.2)),
    Blinding(0.7, errors=0.1),
    Blinding(1.0),
]


@pytest.mark.parametrize("transmittance", [0.3, 0.9])
@pytest.mark.parametrize("eve", ATTACKS, ids=lambda eve: eve.name)
def test_cells_fill_as_often(eve, transmittance):
    level, alice, bob, right, wrong = send(eve, transmittance, np.random.default_rng(11))
    line = MonitoredLink(BRIGHT, transmittance=transmittance, source=SOURCE)
    signal, *others = cell_probabilities(line, line.state(), eve)
    seen, due = [], []
    for basis in (0, 1):
        sifted = (level == 0) & (alice == bob) & (alice == basis)
        first = signal[0, 4 * basis : 4 * basis + 4] * SOURCE.probabilities[0]
        seen += [
            (sifted & right & ~wrong).sum(),
            (sifted & wrong & ~right).sum(),
            (sifted & right & wrong).sum(),
        ]
        due += [first[0], first[1], first[2] + first[3]]
    mixed = (level == 0) & (alice != bob)
    seen += [(mixed & (right ^ wrong)).sum(), (mixed & right & wrong).sum()]
    due += list(signal[0, 8:] * SOURCE.probabilities[0])
    for k, table in enumerate(others, start=1):
        seen += [((level == k) & (right ^ wrong)).sum(), ((level == k) & right & wrong).sum()]
        due += list(table[0] * SOURCE.probabilities[k])
    assert counts_agree((np.array(seen) / N, np.array(due), N), failure=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Intercept(1.1), "fraction must be a probability"),
        (lambda: Intercept(p_x=-0.1), "p_x must be"),
        (lambda: Intercept(measured=2.0), "measured must be"),
        (lambda: Intercept.instead_of_noise(0.3), "error must be"),
        (lambda: TimeShift(efficiencies=(0.3, 0.6)), "favoured detector first"),
        (lambda: TimeShift(efficiencies=(0.0, 0.0)), "above 0"),
        (lambda: TimeShift(shift=-1.0), "shift must be"),
        (lambda: TimeShift(early=2.0), "early must be"),
        (lambda: Blinding(errors=0.6), "errors must be"),
        (lambda: Blinding(-0.1), "fraction must be"),
        (lambda: PhotonSplitting(block=2.0), "block must be"),
        (lambda: PhotonSplitting(forward=2.0), "forward must be"),
        (lambda: Intercept().response(0.5, "Y", QUIET.state()), "where must be one of Z, X, other"),
        (lambda: PhotonSplitting.unseen(MonitoredLink(transmittance=1.0)), "transmittance must be lower"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize(
    ("transmittance", "background", "mu", "efficiencies"),
    [(0.3, 1e-2, 0.8, (1.0, 0.3)), (0.02, 3e-3, 0.5, (0.5, 0.1)), (0.9, 1e-3, 1.5, (1.0, 0.3))],
)
def test_time_shift_information_is_what_pulses_tell(transmittance, background, mu, efficiencies):
    # pulse by pulse: background tells her nothing, and bright pulses reach the poor detector too
    rng, n = np.random.default_rng(7), 2_000_000
    link = replace(QUIET.receiver, background=background, receiver_efficiency=0.5)
    line = MonitoredLink(link, transmittance, Source((mu, mu / 5, 0.0)))
    bob = min(2 * transmittance / sum(efficiencies), 1.0) * 0.5
    photons, alice, favoured = rng.poisson(mu, n), rng.integers(0, 2, n), rng.integers(0, 2, n)
    seen = rng.binomial(photons, bob)
    turned = rng.binomial(seen, link.misalignment)
    fired = []
    for detector in (0, 1):
        there = np.where(alice == detector, seen - turned, turned)
        counted = rng.binomial(there, np.where(favoured == detector, *efficiencies))
        fired.append((counted > 0) | (rng.random(n) < 1 - np.sqrt(1 - background)))
    clicked, both = fired[0] | fired[1], fired[0] & fired[1]
    bit = np.where(both, rng.integers(0, 2, n), fired[1])
    right = (bit == favoured)[clicked]
    p, sd = right.mean(), 0.5 / np.sqrt(right.size)
    low, high = (1 - float(binary_entropy(x)) for x in (p - 6 * sd, p + 6 * sd))
    information = TimeShift(efficiencies=efficiencies).information(line.state())[0]
    assert low < information < high < 1 - float(binary_entropy(efficiencies[0] / sum(efficiencies)))


def test_where_nobody_clicks_nobody_knows():
    dark = MonitoredLink(replace(QUIET.receiver, background=0.0), transmittance=0.0).state()
    for eve in (Intercept(), TimeShift(), PhotonSplitting(forward=0.0)):
        with np.errstate(all="raise"):
            assert eve.information(dark).tolist() == [0.0]
