"""A drifting link: its moments, its memory, spells, and records that are played as they are."""

import numpy as np
import pytest

from qlearn.communication.photons import LINKS
from qlearn.control.adaptive_qkd import DriftingLink, RecordedLink
from qlearn.learning.reinforcement import GilbertElliott


def test_moments_and_memory():
    # 200,000 slots of memory 0.8 are worth 200,000 (1 - .8) / (1 + .8) = 22,000: sd of the mean .02, of the spread .013
    drift = DriftingLink(loss_db=20, loss_spread_db=3, angle_spread=0.1, memory=0.8)
    trace = drift.draw(200_000, rng=1)
    assert abs(trace.loss_db.mean() - 20) < 5.5 * 0.021
    assert abs(trace.loss_db.std() - 3) < 5.5 * 0.015
    assert abs(np.corrcoef(trace.loss_db[1:], trace.loss_db[:-1])[0, 1] - 0.8) < 5.5 * 0.0014
    # E sin^2 of a normal angle is (1 - exp(-2 s^2)) / 2
    expected = 0.005 + 0.99 * (1 - np.exp(-2 * 0.1**2)) / 2
    assert abs(trace.misalignment.mean() - expected) < 5.5 * 0.0001
    assert trace.misalignment.min() >= 0.005


def test_spells_take_their_share():
    # bad in 1/3 of 20,000 slots, correlation 0.7: sd of the share .008
    spells = GilbertElliott(1, fade=0.1, recover=0.2)
    drift = DriftingLink(loss_db=10, loss_spread_db=0.0, spells=spells, spell_loss_db=5)
    loss = drift.draw(20_000, rng=2).loss_db
    assert set(loss.round(9).tolist()) == {10.0, 15.0}
    assert abs((loss > 12).mean() - 1 / 3) < 5.5 * 0.008


def test_loss_is_never_negative_and_one_seed_is_one_link():
    drift = DriftingLink(loss_db=1, loss_spread_db=4)
    one, same, other = (drift.draw(500, rng=seed).loss_db for seed in (1, 1, 2))
    assert one.min() == 0
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_a_record_is_played_as_it_is():
    loss = np.arange(20.0).reshape(2, 10)
    record = RecordedLink(loss, misalignment=loss / 100)
    starts = set()
    for seed in range(60):
        trace = record.draw(8, rng=seed)
        assert (np.diff(trace.loss_db) == 1).all()
        np.testing.assert_allclose(trace.misalignment, trace.loss_db / 100)
        starts.add(float(trace.loss_db[0]))
    assert starts == {0.0, 1.0, 2.0, 10.0, 11.0, 12.0}


def test_gaps_stay_gaps():
    trace = RecordedLink([1.0, np.nan, 3.0], misalignment=[0.01, 0.02, np.nan]).draw(3, rng=0)
    assert trace.missing.tolist() == [False, True, True]
    assert len(trace) == 3


def test_a_clock_that_jumps_ahead_leaves_a_gap():
    record = RecordedLink.from_clock(
        [7.0, 7.5, 9.1], [3.0, 4.0, 5.0], slot=0.5, misalignment=[0.01, 0.02, 0.03]
    )
    assert record.draw(5).missing.tolist() == [False, False, True, True, False]
    np.testing.assert_array_equal(record.draw(5).misalignment, [0.01, 0.02, np.nan, np.nan, 0.03])
    # Times that lie half a slot off are still one slot apart.
    assert RecordedLink.from_clock([0.0, 0.5, 1.5, 2.5], [3.0] * 4).loss_db.shape == (1, 4)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: DriftingLink(memory=1.0), ValueError, "the link never comes back"),
        (lambda: DriftingLink(loss_db=-1.0), ValueError, "loss_db must be"),
        (lambda: DriftingLink(link="gys"), TypeError, "link must be a Link"),
        (lambda: DriftingLink(spells=GilbertElliott(2)), TypeError, "one channel"),
        (lambda: DriftingLink().draw(0), ValueError, "slots must be at least 1"),
        (lambda: RecordedLink([]), ValueError, "loss_db must have shape"),
        (lambda: RecordedLink([3.0, -1.0]), ValueError, "does not amplify"),
        (lambda: RecordedLink([3.0, np.inf]), ValueError, "finite and at least 0"),
        (lambda: RecordedLink([3.0], misalignment=0.7), ValueError, "between 0 and 1/2"),
        (lambda: RecordedLink([3.0, 4.0], misalignment=[0.1]), ValueError, "shape of loss_db"),
        (lambda: RecordedLink.from_clock([0, 1, 1.2], [3.0] * 3), ValueError, "record 2 at 1.2 follows 1"),
        (lambda: RecordedLink.from_clock([0, 2, 1], [3.0] * 3), ValueError, "times must rise"),
        (lambda: RecordedLink.from_clock([0, 1], [3.0]), ValueError, "one shape"),
        (lambda: RecordedLink.from_clock([0, np.nan], [3.0] * 2), ValueError, "times must be finite"),
        (lambda: RecordedLink.from_clock([0, 3e8], [3.0] * 2), ValueError, "split the record"),
        (lambda: RecordedLink.from_clock([0, 1, 1e30], [3.0] * 3), ValueError, "split the record"),
        (lambda: RecordedLink.from_clock([0, -1e30], [3.0] * 2), ValueError, "times must rise"),
        (
            lambda: RecordedLink.from_clock([0, 1], [3.0] * 2, misalignment=[0.1] * 3),
            ValueError,
            "misalignment must be one",
        ),
        (lambda: RecordedLink([3.0], link=LINKS), TypeError, "link must be a Link"),
        (lambda: RecordedLink([3.0, 4.0]).draw(3), ValueError, "at most the 2 that were recorded"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
