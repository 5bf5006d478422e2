"""An update by itself: a false model trains nobody, and what went wrong with one unit is of that unit alone."""

import numpy as np

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client
from qlearn.networks.orchestration import FixedPolicy, Orders, _update, intelligence_network, orchestrate
from qlearn.networks.orchestration._sealed_lines import SealedLines
from qlearn.networks.orchestration._update import _rows


def test_rows_of_models():
    models = [[np.full((2, 1), i), np.array([10.0 * i])] for i in range(3)]
    assert _rows(models, 3).tolist() == [[0, 0, 0], [1, 1, 10], [2, 2, 20]]
    assert _rows([], 3).shape == (0, 3)


def test_who_is_sent_a_false_model_does_not_train_and_gets_the_whole_of_it_again(monkeypatch):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    y = (X[:, 0] > 0).astype(int)
    four = [
        Client(SoftmaxClassifier(), X[10 * i : 10 * i + 10], y[10 * i : 10 * i + 10], classes=[0, 1])
        for i in range(4)
    ]
    network = intelligence_network(4, 1, rng=0)
    original, rounds = SealedLines.carry, []

    def false_once(self, links, values):
        if len(links) == 4 and not rounds:  # the first model to the units
            rounds.append(1)
            self.flip = {int(links[2])}
            try:
                return original(self, links, values)
            finally:
                self.flip = set()
        return original(self, links, values)

    monkeypatch.setattr(_update.SealedLines, "carry", false_once)
    history = orchestrate(network, four, FixedPolicy(Orders(model_size=0.34)), 2, 0)
    assert set(history.rounds[0].sent) == {"unit 0", "unit 1", "unit 3"}
    [(number, event)] = history.events
    assert (number, event.client, event.stage) == (1, "client 2", "fit")
    assert "NaN" in event.reason
    assert set(history.rounds[1].sent) == {f"unit {i}" for i in range(4)}
    # 3 numbers are the model, one of which changed: down one to each but the one that has none, up one from each; the same for
    # the aggregator; each message with the key of its tag; and two tags for orders and report
    messages = [1, 1, 1, 3, *[1] * 4, 1, 1]
    assert history.rounds[1].key_bits == 64 * (sum(4 + numbers for numbers in messages) + 8)
