"""Gradient inversion: exact for one sample, a mixture for more, and by search where a circuit stands between."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import least_squares

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.attacks import (
    invert_update,
    mixture_weights,
    read_label,
    read_label_counts,
    read_sample,
    reconstruction_errors,
)
from qlearn.networks.federated import Client, FedAvg, run

# the point of the reference values
W, B, X1, X2 = [[0.2], [-0.5], [0.1]], [0.3], [1.5, -2.0, 0.75], [-0.5, 1.0, 2.0]


def softmax_steps(W, b, X, y, rate, steps):
    """Plain descent on the cross-entropy by hand, for one score or many: the oracle."""
    W, b = np.array(W, float), np.array(b, float)
    for _ in range(steps):
        s = np.asarray(X) @ W + b
        if s.shape[1] == 1:
            r = 1 / (1 + np.exp(-s)) - np.asarray(y)[:, None]
        else:
            e = np.exp(s - s.max(axis=1, keepdims=True))
            r = e / e.sum(axis=1, keepdims=True) - np.eye(s.shape[1])[y]
        W, b = W - rate * np.asarray(X).T @ r / len(y), b - rate * r.mean(axis=0)
    return [W, b]


@pytest.mark.parametrize("steps", [1, 10])
def test_reference_values_of_one_sample(steps):
    after = softmax_steps(W, B, [X1], [1], 0.5, steps)
    np.testing.assert_allclose(read_sample([W, B], after), X1, atol=1e-12)
    assert read_label([W, B], after) == 1
    if steps == 1:
        slope = [(np.array(b) - a) / 0.5 for a, b in zip(after, [W, B], strict=True)]
        np.testing.assert_allclose(
            slope[0][:, 0], [-0.236638030528, 0.315517374038, -0.118319015264], atol=1e-12
        )
        np.testing.assert_allclose(slope[1], [-0.157758687019], atol=1e-12)


@given(
    x=st.lists(st.floats(-3, 3), min_size=1, max_size=5),
    n_classes=st.integers(2, 4),
    label=st.integers(0, 3),
    steps=st.integers(1, 8),
    rate=st.floats(0.01, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_one_sample_and_its_label_for_any_model_and_any_steps(x, n_classes, label, steps, rate, seed):
    label %= n_classes
    k = 1 if n_classes == 2 else n_classes
    rng = np.random.default_rng(seed)
    before = [rng.normal(size=(len(x), k)), rng.normal(size=k)]
    after = softmax_steps(*before, [x], [label], rate, steps)
    assert read_label(before, after) == label
    np.testing.assert_allclose(read_sample(before, after), x, atol=1e-6)


def test_reads_a_client_of_the_library():
    client = Client(SoftmaxClassifier(), [[0.5, -1.0]], ["b"], classes=["a", "b", "c"])
    start = client.initial()
    after, _, _ = client.fit(start, {"epochs": 1})
    assert read_label(start, after) == 1
    # Adam divides each slope by its own size: after one step only signs are left, and the ratio is no sample
    np.testing.assert_allclose(np.abs(read_sample(start, after)), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("labels", "weights", "ratio"),
    [
        ([1, 1], [0.231068, 0.768932], [-0.037865, 0.306797, 1.711165]),
        ([1, 0], [-0.497250, 1.497250], None),
    ],
)
def test_reference_values_of_a_batch_of_two(labels, weights, ratio):
    found = mixture_weights([W, B], [X1, X2], labels)
    np.testing.assert_allclose(found.ravel(), weights, atol=5e-7)
    read = read_sample([W, B], softmax_steps(W, B, [X1, X2], labels, 0.5, 1))
    np.testing.assert_allclose(read, found[:, 0] @ np.array([X1, X2]), atol=1e-12)
    if ratio:
        np.testing.assert_allclose(read, ratio, atol=1e-6)


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(2, 4))
def test_a_batch_is_a_mixture_with_known_weights(seed, n, n_classes):
    rng = np.random.default_rng(seed)
    k = 1 if n_classes == 2 else n_classes
    before = [rng.normal(size=(3, k)), rng.normal(size=k)]
    X, y = rng.normal(size=(n, 3)), rng.integers(n_classes, size=n)
    after = softmax_steps(*before, X, y, 0.1, 1)
    weights = mixture_weights(before, X, y)
    np.testing.assert_allclose(weights.sum(axis=0), 1, atol=1e-9)
    column = np.abs(after[1] - before[1]).argmax()
    np.testing.assert_allclose(read_sample(before, after), weights[:, column] @ X, rtol=1e-6, atol=1e-6)


def test_the_sum_of_clients_is_the_mixture_of_all_their_samples():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 3)), np.tile([0, 1, 1], 4)
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    clients = [Client(model, X[i : i + 4], y[i : i + 4], classes=[0, 1]) for i in (0, 4, 8)]
    start = [rng.normal(size=(3, 1)), rng.normal(size=1)]
    merged = run(clients, FedAvg(), 1, initial=start).parameters
    np.testing.assert_allclose(
        read_sample(start, merged), mixture_weights(start, X, y)[:, 0] @ X, rtol=1e-9, atol=1e-9
    )


@given(st.lists(st.integers(0, 6), min_size=2, max_size=4).filter(any), st.integers(0, 99))
def test_the_first_step_gives_the_counts_of_the_labels(counts, seed):
    k = len(counts)
    y = np.repeat(np.arange(k), counts)
    X = np.random.default_rng(seed).normal(size=(len(y), 3))
    size = 1 if k == 2 else k
    before = [np.zeros((3, size)), np.random.default_rng(seed).normal(size=size)]
    after = softmax_steps(*before, X, y, 0.3, 1)
    np.testing.assert_allclose(read_label_counts(before, after, len(y), 0.3), counts, atol=1e-9)


@pytest.mark.parametrize(("encoding", "epochs"), [("phase", 1), ("reuploading", 1), ("phase", 3)])
def test_a_quantum_network_gives_its_sample_away(encoding, epochs):
    x, label = np.array([[0.4, -1.1, 0.7]]), 1
    model = QNNClassifier(layers=2, encoding=encoding, optimizer="sgd", learning_rate=0.3, batch_size=None)
    client = Client(model, x, [label], classes=[0, 1])
    before = client.initial(rng=3)
    after, _, _ = client.fit(before, {"epochs": epochs})
    fresh = model.initialise(3, [0, 1])
    found = invert_update(fresh, before, after, epochs=epochs, starts=12, rng=0)
    assert found.mismatch < 1e-9
    assert found.determined
    assert found.y.tolist() == [label]
    # a circuit may have a twin: whatever was found causes the very same update, computed here without the search
    twin, _, _ = Client(model, found.X, found.y, classes=[0, 1]).fit(before, {"epochs": epochs})
    for a, b in zip(twin, after, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-8)
    np.testing.assert_allclose(found.X, x, atol=1e-6)


def test_two_samples_in_a_quantum_network():
    rng = np.random.default_rng(5)
    X, y = rng.uniform(-1.2, 1.2, (2, 2)), np.array([0, 1])
    model = QNNClassifier(layers=3, optimizer="sgd", learning_rate=0.3, batch_size=None).initialise(
        2, [0, 1], 1
    )
    before = model.get_parameters()
    after = model.train(model.prepare(X, y), 1).get_parameters()
    found = invert_update(model, before, after, 2, starts=20, rng=1)
    assert found.mismatch < 1e-9
    assert sorted(found.y.tolist()) == [0, 1]
    assert reconstruction_errors(found.X, X).max() < 1e-5


def test_a_linear_model_settles_no_batch_of_two():
    # d + 1 equations for 2 d unknowns: what is found explains the update and is not the batch
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None).initialise(3, [0, 1])
    after = softmax_steps(W, B, [X1, X2], [1, 1], 0.5, 1)
    found = invert_update(model, [W, B], after, 2, labels=[1, 1], rng=0)
    assert found.mismatch < 1e-9
    assert not found.determined
    assert found.directions == 4
    assert reconstruction_errors(found.X, [X1, X2]).max() > 0.1


def test_a_second_update_settles_what_one_leaves_open():
    # the same two samples, from two models: 2 (d + 1) = 8 equations for 6 unknowns; plain descent by hand, no library
    models = [(W, B), ([[-0.7], [0.3], [0.9]], [-0.4])]

    def sent(row):
        steps = [softmax_steps(w, b, row.reshape(2, 3), [1, 1], 0.5, 1) for w, b in models]
        return np.concatenate([np.concatenate([w.ravel(), b]) for w, b in steps])

    true = np.array([*X1, *X2])
    slopes = np.array([(sent(true + h) - sent(true - h)) / 2e-5 for h in 1e-5 * np.eye(6)]).T
    assert [np.linalg.matrix_rank(part, rtol=1e-6) for part in (slopes[:4], slopes)] == [4, 6]
    rng = np.random.default_rng(0)
    guesses = [
        least_squares(lambda row: sent(row) - sent(true), rng.normal(size=6), xtol=1e-15) for _ in range(20)
    ]
    best = min(guesses, key=lambda found: found.cost)
    assert reconstruction_errors(best.x.reshape(2, 3), [X1, X2]).max() < 1e-4


def test_a_rare_label_stands_in_its_column_when_the_others_have_left_it():
    # from zero weights the column of class 2 is the lone sample less a third of the sum of all; later it is the sample
    rng = np.random.default_rng(0)
    others = rng.normal(size=(60, 5)) + np.outer(np.repeat([-2, 2], 30), np.ones(5)) + [3, -1, 2, 6, -2]
    labels, lone = np.repeat([0, 1], 30), np.array([[1.0, -2.0, 0.5, 4.0, -3.0]])
    X, y = np.vstack([others, lone]), np.append(labels, 2)
    zero = [np.zeros((5, 3)), np.zeros(3)]
    first = softmax_steps(*zero, X, y, 1.0, 1)[0][:, 2]
    np.testing.assert_allclose(first, (3 * lone[0] - X.sum(axis=0)) / 3 / 61, atol=1e-12)
    assert np.corrcoef(first, lone[0])[0, 1] < 0.5
    trained = softmax_steps(*zero, others, labels, 0.5, 500)
    later = softmax_steps(*trained, X, y, 0.5, 1)[0][:, 2] - trained[0][:, 2]
    assert np.corrcoef(later, lone[0])[0, 1] > 0.99


def test_a_proximal_term_keeps_the_ratio_and_adam_breaks_it():
    x = np.array([[1.5, -2.0, 0.75]])
    plain, adam = (
        Client(SoftmaxClassifier(optimizer=o, learning_rate=0.1, batch_size=None), x, [1], classes=[0, 1])
        for o in ("sgd", "adam")
    )
    kept = plain.fit([W, B], {"epochs": 10, "proximal_mu": 0.5})[0]
    broken = adam.fit([W, B], {"epochs": 10})[0]
    np.testing.assert_allclose(read_sample([W, B], kept), x[0], atol=1e-12)
    assert np.abs(read_sample([W, B], broken) - x[0]).max() > 0.1


def test_labels_are_tried_or_taken():
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None).initialise(3, [0, 1])
    after = softmax_steps(W, B, [X1], [1], 0.5, 1)
    found = invert_update(model, [W, B], after, starts=2, rng=0)
    assert found.y.tolist() == [1]
    assert found.tried in (3, 4)  # two starts for the wrong label came first
    assert invert_update(model, [W, B], after, labels=[1], rng=0).tried == 1
    np.testing.assert_allclose(found.X, [X1], atol=1e-6)


def test_does_not_change_the_model():
    model = SoftmaxClassifier(optimizer="sgd", batch_size=None).initialise(3, [0, 1])
    invert_update(model, [W, B], softmax_steps(W, B, [X1], [1], 0.1, 1), rng=0)
    assert not model.parameters_[0].any()


@settings(max_examples=20)
@given(st.permutations(range(4)))
def test_errors_do_not_depend_on_the_order(order):
    X = np.arange(8.0).reshape(4, 2) ** 2
    np.testing.assert_allclose(reconstruction_errors(X[list(order)] + 0.25, X), 0.25)


def test_refuses():
    zeros = [np.zeros((2, 1)), np.zeros(1)]
    ones = [np.ones((2, 1)), np.ones(1)]
    with pytest.raises(ValueError, match="this one did not move"):
        read_sample(zeros, zeros)
    with pytest.raises(ValueError, match="must end in weights"):
        read_sample(zeros, [np.zeros((3, 1)), np.zeros(1)])
    with pytest.raises(ValueError, match="this one did not move"):
        read_label(zeros, zeros)
    with pytest.raises(ValueError, match="before must have zero weights"):
        read_label_counts(ones, zeros, 3, 0.1)
    with pytest.raises(ValueError, match="learning_rate must be above 0"):
        read_label_counts(zeros, ones, 3, 0)
    with pytest.raises(TypeError, match="y must be indices of classes"):
        mixture_weights(zeros, [[1.0, 2.0]], ["a"])
    with pytest.raises(ValueError, match="y must be indices of classes from 0 to 1"):
        mixture_weights(zeros, [[1.0, 2.0]], [2])
    with pytest.raises(ValueError, match="X and y must have the same length"):
        mixture_weights(zeros, [[1.0, 2.0]], [1, 1])
    plain = SoftmaxClassifier(optimizer="sgd", batch_size=None)
    with pytest.raises(TypeError, match="initialised with its features"):
        invert_update(plain, zeros, ones)
    with pytest.raises(ValueError, match="batch_size=None"):
        invert_update(SoftmaxClassifier().initialise(2, [0, 1]), zeros, ones)
    plain.initialise(2, [0, 1])
    with pytest.raises(ValueError, match="an update of zero says nothing"):
        invert_update(plain, zeros, zeros)
    with pytest.raises(ValueError, match="labels must be 2, one for each sample"):
        invert_update(plain, zeros, ones, 2, labels=[1])
    with pytest.raises(ValueError, match="too many to try"):
        invert_update(plain, zeros, ones, 100)
    with pytest.raises(ValueError, match="starts must be at least 1"):
        invert_update(plain, zeros, ones, starts=0)
    with pytest.raises(ValueError, match="found and X must be rows of the same shape"):
        reconstruction_errors([[1.0]], [[1.0, 2.0]])
