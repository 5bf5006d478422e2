"""Label flips: as many as said, of the labels named, and a client that trains on nothing else."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.attacks import LabelFlip, flip_labels
from qlearn.networks.federated import Client

model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_changes_the_share_of_the_named_labels(y, fraction, seed):
    before = list(y)
    flipped = flip_labels(y, {1: 2, 2: 0}, fraction, rng=seed)
    assert y == before
    changed = [(a, b) for a, b in zip(y, flipped.tolist(), strict=True) if a != b]
    named = sum(label in (1, 2) for label in y)
    assert len(changed) == int(fraction * named + 0.5)
    assert set(changed) <= {(1, 2), (2, 0)}
    assert flipped.tolist() == flip_labels(y, {1: 2, 2: 0}, fraction, rng=seed).tolist()


def test_texts_keep_their_letters():
    assert flip_labels(["a", "b"], {"a": "a longer one"}).tolist() == ["a longer one", "b"]


def test_trains_as_an_honest_client_of_false_labels_does():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 3)), np.tile([0, 1, 2], 10)
    liar = LabelFlip(model, X, y, flip={0: 1, 1: 0}, name="liar")
    told = np.where(y == 2, 2, 1 - y)
    honest = Client(model, X, told, classes=[0, 1, 2])
    start = honest.initial(rng=0)
    for a, b in zip(liar.fit(start, {"epochs": 3})[0], honest.fit(start, {"epochs": 3})[0], strict=True):
        np.testing.assert_array_equal(a, b)
    assert (liar.name, liar.n_samples, isinstance(liar, Client)) == ("liar", 30, True)


def test_one_step_of_two_flipped_classes_is_the_honest_one_backwards_at_zero():
    # at zero p = 1/2 for all: the slope is x (1/2 - y), and y -> 1 - y turns its sign. By hand, without the library's loss
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(20, 2)), np.tile([0, 1], 10)
    start = Client(model, X, y).initial()
    after, _, _ = LabelFlip(model, X, y, flip={0: 1, 1: 0}).fit(start, {"epochs": 1})
    slope = X.T @ (0.5 - (1 - y)) / 20
    np.testing.assert_allclose(after[0][:, 0], -0.5 * slope, atol=1e-15)


def test_flipping_to_one_class_keeps_the_model_of_all():
    liar = LabelFlip(model, [[1.0], [2.0]], [0, 1], flip={0: 1})
    assert liar.y.tolist() == [1, 1]
    assert liar.classes.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("y", "flip", "fraction", "error", "says"),
    [
        ([], {0: 1}, 1.0, ValueError, "y must be labels"),
        ([[0]], {0: 1}, 1.0, ValueError, "y must be labels"),
        ([0], {}, 1.0, TypeError, "flip must say what becomes"),
        ([0], 1, 1.0, TypeError, "flip must say what becomes"),
        ([0], {0: 0}, 1.0, ValueError, "flip must change the labels"),
        ([0], {0: 1}, 1.5, ValueError, "fraction must be a probability"),
    ],
)
def test_refuses(y, flip, fraction, error, says):
    with pytest.raises(error, match=says):
        flip_labels(y, flip, fraction)
