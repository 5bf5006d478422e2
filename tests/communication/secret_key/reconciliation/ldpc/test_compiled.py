"""The compiled sweep does what NumPy's does, bit for bit."""

import numpy as np
import pytest

from qlearn.communication.secret_key.reconciliation.ldpc.belief_propagation import Decoder
from qlearn.communication.secret_key.reconciliation.ldpc.codes import load

pytest.importorskip("numba", reason="numba is an optional extra")


@pytest.mark.parametrize("rate", [0.5, 0.8, 0.95])
def test_odds_are_the_same_after_every_sweep(rate):
    code, rng = load(2280, rate), np.random.default_rng(7)
    wrong = (rng.random((5, 2280)) < 0.3 * (1 - rate) ** 1.5).astype(np.uint8)
    doubt = np.full(wrong.shape, max(wrong.mean(), 1e-3))
    doubt[:, code.untainted[:20]] = 0.5
    both = [Decoder(code, doubt, code.syndrome(wrong), engine) for engine in ("numpy", "numba")]
    frames = np.arange(5)
    for _ in range(8):
        left = [decoder.sweep(frames) for decoder in both]
        assert (left[0] == left[1]).all()
        assert np.array_equal(both[0].odds(frames), both[1].odds(frames))
