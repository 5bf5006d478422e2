"""A photon on a beam splitter: all events counted one by one, and guesses of who knows some of them."""

from fractions import Fraction
from itertools import product
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import BeamSplitterGenerator, conditional_min_entropy

chance = st.integers(0, 20).map(lambda k: Fraction(k, 20))


def events(t, eta, dark):
    """Every outcome of a round with its chance, exactly: (bit or None, dark counts)."""
    for way, seen, dark_0, dark_1 in product((0, 1), (0, 1), (0, 1), (0, 1)):
        p = (t if way else 1 - t) * (eta[way] if seen else 1 - eta[way])
        p *= (dark[0] if dark_0 else 1 - dark[0]) * (dark[1] if dark_1 else 1 - dark[1])
        clicks = [bool(dark_0 or (seen and way == 0)), bool(dark_1 or (seen and way == 1))]
        yield p, clicks.index(True) if sum(clicks) == 1 else None, (dark_0, dark_1)


@settings(max_examples=25)
@given(chance, st.tuples(chance, chance), st.tuples(chance, chance))
def test_equals_all_events_one_by_one(t, eta, dark):
    joint = {}
    for p, bit, clue in events(t, eta, dark):
        if bit is not None:
            joint[bit, clue] = joint.get((bit, clue), Fraction(0)) + p
    kept = sum(joint.values())
    settings = float(t), tuple(map(float, eta)), tuple(map(float, dark))
    if kept == 0:
        with pytest.raises(ValueError, match="click alone"):
            BeamSplitterGenerator(*settings)
        return
    device = BeamSplitterGenerator(*settings)
    assert device.kept == pytest.approx(float(kept))
    ones = sum(p for (bit, _), p in joint.items() if bit == 1) / kept
    assert device.ones == pytest.approx(float(ones))
    assert device.min_entropy == pytest.approx(-log2(max(ones, 1 - ones)), abs=1e-12)
    clues = {clue for _, clue in joint}
    guess = sum(max(joint.get((0, c), 0), joint.get((1, c), 0)) for c in clues) / kept
    assert device.conditional_min_entropy == pytest.approx(-log2(guess), abs=1e-12)
    assert device.conditional_min_entropy <= device.min_entropy + 1e-12


def guess(t, eta, dark, clue_of):
    """How often the best guess from a clue is right, all events of a round counted: ready is what would see a photon."""
    joint = {}
    for way, ready_0, ready_1, dark_0, dark_1 in product((0, 1), repeat=5):
        p = t if way else 1 - t
        for ready, e in ((ready_0, eta[0]), (ready_1, eta[1]), (dark_0, dark[0]), (dark_1, dark[1])):
            p *= e if ready else 1 - e
        clicks = [bool(dark_0 or (ready_0 and not way)), bool(dark_1 or (ready_1 and way))]
        if sum(clicks) == 1:
            lost = not (ready_1 if way else ready_0)
            clue = clue_of((dark_0, dark_1), lost, (ready_0, ready_1))
            joint.setdefault(clue, [0, 0])[clicks.index(True)] += p
    return sum(map(max, joint.values())) / sum(map(sum, joint.values()))


def test_a_lost_photon_is_no_news_and_a_detector_that_was_not_ready_is():
    rng = np.random.default_rng(2)
    for _ in range(20):
        t, *four = rng.uniform(0.05, 0.95, 5)
        device = BeamSplitterGenerator(t, tuple(four[:2]), tuple(four[2:]))
        settings = t, four[:2], four[2:]
        told = [guess(*settings, clue) for clue in (lambda d, lost, r: d, lambda d, lost, r: (d, lost))]
        assert -np.log2(told) == pytest.approx([device.conditional_min_entropy] * 2, abs=1e-12)
        assert guess(*settings, lambda d, lost, r: (d, r)) > told[0] + 1e-3


def test_settings_are_kept_as_plain_numbers():
    for pair in ([0.5, 0.25], np.array([0.5, 0.25]), np.array([0.5, 0.25], np.float32)):
        device = BeamSplitterGenerator(np.float32(0.5), pair)
        assert device == BeamSplitterGenerator(0.5, (0.5, 0.25))
        assert hash(device) == hash(BeamSplitterGenerator(0.5, (0.5, 0.25)))


def test_the_device_follows_its_model():
    # 200,000 bits: sd .0011, 6 sd: 2e-9
    device = BeamSplitterGenerator(0.4, (0.5, 0.2), (0.05, 0.1))
    assert abs(device.sample(200_000, rng=7).mean() - device.ones) < 6 * 0.00112
    rng, seldom = (
        np.random.default_rng(1),
        BeamSplitterGenerator(0.5, (0.02, 0.02)),
    )  # 64 rounds more give one bit or none
    assert all(seldom.sample(n, rng).shape == (n,) for n in (1, 2, 7) for _ in range(100))
    assert device.sample(7, rng=1).dtype == np.uint8


def test_alike_dark_counts_hide_in_fair_bits():
    noisy = BeamSplitterGenerator(efficiencies=(0.01, 0.01), dark_counts=(0.01, 0.01))
    assert noisy.ones == pytest.approx(0.5)
    assert noisy.min_entropy == pytest.approx(1)
    assert noisy.conditional_min_entropy < 0.5


@settings(max_examples=30)
@given(st.floats(0, 1))
def test_a_source_with_a_prepared_state(share):
    # with that chance Eve has sent a bit of her own: the guess is right in share + (1 - share)/2
    joint = [[(1 - share) / 2, share / 2, 0], [(1 - share) / 2, 0, share / 2]]
    assert conditional_min_entropy(joint) == pytest.approx(-log2((1 + share) / 2), abs=1e-12)


def test_knowing_more_never_raises_the_entropy():
    rng = np.random.default_rng(4)
    for _ in range(200):
        joint = rng.dirichlet(np.ones(12)).reshape(3, 4)
        merged = joint @ np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
        total = joint.sum(axis=1, keepdims=True)
        assert conditional_min_entropy(joint) <= conditional_min_entropy(merged) + 1e-12
        assert conditional_min_entropy(merged) <= conditional_min_entropy(total) + 1e-12


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: conditional_min_entropy([0.5, 0.5]), "a column for each clue"),
        (lambda: conditional_min_entropy([[0.5], [0.4]]), "must add up to 1, not to 0.9"),
        (lambda: conditional_min_entropy([[1.5], [-0.5]]), "joint must be probabilities"),
        (lambda: BeamSplitterGenerator(1.1), "transmittance must be a probability"),
        (lambda: BeamSplitterGenerator(efficiencies=(1, 2)), "efficiencies must be probabilities"),
        (lambda: BeamSplitterGenerator(dark_counts=0.1), "dark_counts must be two numbers"),
        (lambda: BeamSplitterGenerator(efficiencies=(0, 0)), "must let one detector click alone"),
        (lambda: BeamSplitterGenerator().sample(0), "n must be at least 1"),
        (
            lambda: BeamSplitterGenerator(0.5, (0, 0), (1e-12, 0)).sample(1),
            "n must not take more than 1e.10 rounds, not 1, as only 1e-12 of the rounds are kept",
        ),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
