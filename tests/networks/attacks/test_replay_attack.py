"""Replay: what arrives is what was sent so many rounds before, computed here by hand."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.attacks import Replay
from qlearn.networks.federated import Client, FedAvg, run

model = SoftmaxClassifier(optimizer="sgd", learning_rate=1.0, batch_size=None)
pair = [Client(model, [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]


def step(w, b, v):
    """One step of plain descent on the two samples -1 -> 0 and v -> 1, by hand."""
    low, high = 1 / (1 + np.exp(-(b - w))), 1 / (1 + np.exp(-(b + w * v)))
    return w - (-low + (high - 1) * v) / 2, b - (low + high - 1) / 2


@pytest.mark.parametrize("delay", [None, 1, 3, 100])
def test_the_mean_takes_the_old_update_as_new(delay):
    w = b = 0.0
    sent = []
    for number in range(8):
        sent.append(step(w, b, 1.0))
        old = sent[0 if delay is None else max(0, number - delay)]
        new = step(w, b, 2.0)
        w, b = (old[0] + new[0]) / 2, (old[1] + new[1]) / 2
    history = run([Replay(pair[0], delay), pair[1]], FedAvg(), 8, rng=0)
    np.testing.assert_allclose(
        [history.parameters[0].item(), history.parameters[1].item()], [w, b], atol=1e-12
    )
    assert not history.failures


def test_what_is_kept_is_not_what_the_server_may_write_to():
    line = Replay(pair[0])
    first, _, _ = line.fit(pair[0].initial(), {"round": 1})
    kept = first[0].copy()
    first[0] += 5
    again, n, _ = line.fit(pair[0].initial(), {"round": 2})
    np.testing.assert_array_equal(again[0], kept)
    assert n == 2


def test_refuses():
    with pytest.raises(ValueError, match="delay must be at least 1"):
        Replay(pair[0], 0)
    with pytest.raises(TypeError, match="client must be a federated Client"):
        Replay(model)
