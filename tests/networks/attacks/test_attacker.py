"""What attackers share: they stand where a client stood, and models go into rows and back."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.attacks._attacker import Attacker, flat, shaped
from qlearn.networks.federated import Client, FedAvg, run

model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
rows = ([[-1.0], [2.0], [0.5]], [0, 1, 1])


class Fussy(Client):
    """A client that takes a setting of its own, and remembers what it was asked."""

    settings = (*Client.settings, "mood")

    def fit(self, parameters, config):
        self.asked = dict(config)
        return super().fit(parameters, {key: value for key, value in config.items() if key != "mood"})


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4), st.integers(0, 99))
def test_rows_and_models_are_the_same_numbers(shapes, seed):
    rng = np.random.default_rng(seed)
    layers = [rng.normal(size=shape) for shape in shapes]
    row = flat(layers)
    assert row.tolist() == [value for layer in layers for line in layer.tolist() for value in line]
    for back, layer in zip(shaped(row, layers), layers, strict=True):
        np.testing.assert_array_equal(back, layer)


def test_does_all_that_its_client_does():
    held = ([[3.0]], [1])
    client = Fussy(model, *rows, name="a", held_out=held)
    taken = Attacker(client)
    start = client.initial()
    config = {"epochs": 2, "seed": 1, "mood": 3.0}
    taken.check(config)
    for mine, its in zip(taken.fit(start, config)[0], client.fit(start, config)[0], strict=True):
        np.testing.assert_array_equal(mine, its)
    assert client.asked == config
    for on in ("train", "held_out"):
        assert taken.evaluate(start, {"on": on}) == client.evaluate(start, {"on": on})
    assert (taken.name, taken.n_samples, taken.n_held_out, taken.shapes) == ("a", 3, 1, client.shapes)
    assert repr(taken.model) == repr(client.model)
    with pytest.raises(ValueError, match="config must hold"):
        taken.check({"weather": 1})


def test_one_attacker_in_the_hand_of_another():
    client = Client(model, *rows, name="a")
    twice = Attacker(Attacker(client), name="b")
    history = run([twice], FedAvg(), 3, rng=0, central=rows)
    plain = run([client], FedAvg(), 3, rng=0, central=rows)
    np.testing.assert_array_equal(history.parameters[0], plain.parameters[0])
    np.testing.assert_array_equal(history.central_accuracy, plain.central_accuracy)
    assert (twice.name, client.name) == ("b", "a")


def test_refuses_what_is_no_client():
    with pytest.raises(TypeError, match="client must be a federated Client"):
        Attacker(model)
