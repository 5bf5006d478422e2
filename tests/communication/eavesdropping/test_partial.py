"""Partial attacks: straight lines to the origin, and notes in their places."""

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import (
    InterceptResend,
    Partial,
    Recollection,
    TrojanHorse,
    cloning_attack,
    observe,
    predict,
)
from qlearn.communication.entropy import binary_entropy


@pytest.mark.parametrize(
    "attack", [InterceptResend(), InterceptResend(basis="breidbart"), cloning_attack(0.2)]
)
@pytest.mark.parametrize("f", [0.0, 0.3, 1.0])
def test_errors_and_information_shrink_in_proportion(attack, f):
    whole, part = predict(attack), predict(Partial(attack, f))
    for basis in "ZX":
        assert part.qber[basis] == pytest.approx(f * whole.qber[basis], abs=1e-12)
        assert part.information[basis] == pytest.approx(f * whole.information[basis], abs=1e-12)
        assert part.guess[basis] == pytest.approx(f * whole.guess[basis] + (1 - f) / 2, abs=1e-12)


def test_is_the_fraction_of_intercept_resend():
    part, own = predict(Partial(InterceptResend(), 0.4)), predict(InterceptResend(0.4))
    for field in ("qber", "guess", "information", "deviation"):
        assert getattr(part, field) == pytest.approx(getattr(own, field), abs=1e-12)
    # 200,000 pulses: 50,000 bits a basis, sigma 0.0013, 6 sigma
    seen = observe(bb84.exchange(200_000, eavesdropper=Partial(InterceptResend(), 0.4), rng=3))
    for basis in "ZX":
        assert abs(seen.qber[basis] - 0.1) < 0.008


def test_notes_lie_where_she_did_something():
    eve = Partial(cloning_attack(0.5), 0.25)
    sent = bb84.exchange(50_000, eavesdropper=eve, rng=4)
    notes = sent.eve
    assert isinstance(notes, Recollection)
    assert abs(notes.touched.mean() - 0.25) < 6 * np.sqrt(0.1875 / 50_000)
    for page in (notes.bases, notes.bits, notes.outcomes):
        assert not page[~notes.touched].any()
    hit = notes.touched & sent.kept
    assert (notes.bits[hit] == sent.alice_bits[hit]).all()  # D = 1/2: she has it all
    left = sent.kept & ~notes.touched
    assert (sent.bob_bits[left] == sent.alice_bits[left]).all()


def test_touches_nothing_at_all():
    sent = bb84.exchange(1_000, eavesdropper=Partial(cloning_attack(0.5), 0.0), rng=5)
    assert not sent.eve.touched.any()
    assert bb84.sift(sent).qber == 0


def test_takes_any_attack_that_notes_an_interception():
    sent = bb84.exchange(20_000, eavesdropper=Partial(TrojanHorse(10.0), 0.5), rng=6)
    seen = observe(sent)
    # half known, half a guess of 0 that is right half of the time: 3/4, 5,000 bits a basis, 6 sigma 0.037
    assert abs(seen.guess["Z"] - 0.75) < 0.037


@pytest.mark.parametrize("eve", [TrojanHorse(0.2), Partial(TrojanHorse(0.2), 0.8)])
def test_a_share_of_an_attack_that_touches_nothing_is_worth_its_share(eve):
    # 400,000 pulses, 100,000 bits a basis; within 6 of its own standard errors, four numbers: a false alarm of 1e-8
    f, whole = 0.5, 0.5 * (1 if isinstance(eve, TrojanHorse) else 0.8)
    sent = bb84.exchange(400_000, eavesdropper=Partial(eve, f), rng=8)
    assert not sent.eve.touched.any()
    assert abs(sent.eve.attacked.mean() - whole) < 6 * np.sqrt(whole * (1 - whole) / 400_000)
    seen, due = observe(sent), whole * (1 - float(binary_entropy(TrojanHorse(0.2).guess)))
    for basis, n in bb84.sift(sent).bits_by_basis.items():
        spread = seen.deviation[basis] / np.sqrt(n)
        assert 6 * spread < due / 10
        assert abs(seen.information[basis] - due) < 6 * spread


class Mute:
    def intercept(self, pulses, rng):
        return pulses, None


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((InterceptResend(), 1.5), ValueError, "fraction must be a probability"),
        (("Eve", 0.5), TypeError, "attack must be an object with an intercept"),
        ((InterceptResend, 0.5), TypeError, "attack must be an object"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        Partial(*arguments)


def test_refuses_who_takes_no_notes():
    with pytest.raises(TypeError, match="attack must note an Interception"):
        bb84.exchange(100, eavesdropper=Partial(Mute(), 0.5), rng=1)
