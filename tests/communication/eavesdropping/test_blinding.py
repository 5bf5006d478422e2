"""Blinding: what Bob's clicks and errors are for each power of Eve's flashes."""

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import blinded_exchange, observe

N = 200_000


def test_no_errors_and_every_bit_is_hers():
    sent = blinded_exchange(N, power=1.5, rng=1)
    seen = observe(sent)
    assert seen.qber == {"Z": 0, "X": 0}
    assert seen.guess == {"Z": 1, "X": 1}
    # half of the flashes are silent: 6 sigma of N coins
    assert abs(sent.detected.mean() - 0.5) < 6 * np.sqrt(0.25 / N)
    np.testing.assert_array_equal(sent.eve.bases[sent.detected], sent.bob_bases[sent.detected])
    assert not sent.bob_bits[~sent.detected].any()


def test_too_much_light_is_intercept_and_resend():
    sent = blinded_exchange(N, power=2.0, rng=2)
    seen = observe(sent)
    assert sent.detected.all()
    for basis in "ZX":  # 50,000 bits: sigma 0.0019, 6 sigma
        assert abs(seen.qber[basis] - 0.25) < 0.0117
        assert abs(seen.guess[basis] - 0.75) < 0.0117


def test_too_little_light_is_silence():
    sent = blinded_exchange(1_000, power=0.9, rng=3)
    assert not sent.detected.any()
    assert len(bb84.sift(sent)) == 0


def test_a_biased_bob_is_blinded_alike():
    sent = blinded_exchange(N, p_x=0.1, rng=4)
    assert bb84.sift(sent).qber == 0
    assert abs(sent.detected.mean() - 0.5) < 6 * np.sqrt(0.25 / N)


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"n_pulses": 0}, ValueError, "n_pulses must be at least 1"),
        ({"n_pulses": 10, "power": -1}, ValueError, "power must be"),
        ({"n_pulses": 10, "power": "high"}, TypeError, "power must be a number"),
        ({"n_pulses": 10, "p_x": 2}, ValueError, "p_x must be a probability"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        blinded_exchange(**keywords)
