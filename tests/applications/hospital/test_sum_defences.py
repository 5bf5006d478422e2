"""Defences that see the sum: the step by hand, rounds taken back, and a run in which both meet a liar."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.applications.hospital import RoundCheck, SumClipping
from qlearn.communication.key_management import KeyStore
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks import secure_aggregation as sa
from qlearn.networks.attacks import SignFlip
from qlearn.networks.federated import Client, FedAvg, run

numbers = st.floats(-1e3, 1e3)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5), st.floats(0.01, 100))
def test_step_is_that_of_the_mean_and_no_longer_than_the_bound(models, most):
    current = [np.array([1.0]), np.array([[2.0]])]
    updates = [([np.array([a]), np.array([[b]])], 1 + i) for i, (a, b) in enumerate(models)]
    mean = FedAvg().aggregate(updates, current)[0]
    step = np.array([mean[0][0] - 1.0, mean[1][0, 0] - 2.0])
    length = np.sqrt(step @ step)
    new, state = SumClipping(most=most).aggregate(updates, current)
    due = step * (1.0 if length <= most else most / length)
    assert np.allclose([new[0][0] - 1.0, new[1][0, 0] - 2.0], due, atol=1e-9)
    assert state is None


def clients(liar):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 2))
    y = (X[:, 0] > 0).astype(int)
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    honest = [Client(model, X[i::5], y[i::5], classes=[0, 1]) for i in range(5)]
    return ([SignFlip(honest[0], 50.0), *honest[1:]] if liar else honest), (X, y)


def own_loss(client, rows, model):
    return client.score(model, rows)[0]


def test_a_liar_is_held_back_and_the_honest_are_not():
    for lying in (False, True):
        five, (X, y) = clients(lying)
        judge = five[1].prepare((X, y), "rows")
        check = RoundCheck(loss=partial(own_loss, five[1], judge), local_epochs=3)
        kept = run(five, check, 10, rng=1, central=(X, y))
        clipped = run(five, SumClipping(most=0.5, local_epochs=3), 10, rng=1, central=(X, y))
        plain = run(five, FedAvg(3), 10, rng=1, central=(X, y))
        if lying:
            assert kept.state == 10
            assert plain.central_accuracy[-1] < 0.3
            moved = np.sqrt(sum(np.sum(p**2) for p in clipped.parameters))
            assert moved <= 10 * 0.5 + 1e-9
        else:
            assert kept.state == 0
            assert min(kept.central_accuracy[-1], clipped.central_accuracy[-1]) > 0.9


def test_a_loss_that_is_no_number_is_taken_back():
    check = RoundCheck(loss=lambda model: float(np.log(model[0][0])) if model[0][0] > 0 else float("nan"))
    (kept,), state = check.aggregate([([np.array([-1.0])], 1)], [np.ones(1)], check.start([np.ones(1)]))
    assert kept == 1.0
    assert state == 1


@pytest.mark.parametrize("size", [1e-200, 1e160, 1e300, -1.7e308])
def test_a_huge_lie_makes_the_step_as_long_as_the_bound_and_no_zero(size):
    (new,), _ = SumClipping(most=2.0).aggregate([([np.array([size, 0.0])], 3)], [np.array([1.0, 1.0])])
    moved = new - 1.0
    assert np.linalg.norm(moved) == pytest.approx(2.0 if abs(size) > 1 else np.sqrt(2))


def test_what_the_servers_patients_do_not_show_is_not_taken_back():
    # the server's patients have a 0 in the second number: a lie about it changes no loss of theirs
    X = np.column_stack([[-2.0, -1.0, 1.0, 2.0], np.zeros(4)])
    check = RoundCheck(loss=lambda model: float(np.sum((X @ model[0] - X[:, 0]) ** 2)))
    (kept,), state = check.aggregate([([np.array([0.5, -1e6])], 1)], [np.zeros(2)], 0)
    assert state == 0
    assert kept.tolist() == [0.5, -1e6]
    # nor is a lie that undoes the honest step
    lie = [([np.array([0.5, 0.0])], 1), ([np.array([-0.5, 0.0])], 1)]
    assert check.aggregate(lie, [np.zeros(2)], 0)[1] == 0


def test_each_round_may_use_the_room_of_worse():
    check, model, state = RoundCheck(loss=lambda model: float(model[0][0]), worse=0.5), [np.ones(1)], 0
    for _ in range(10):
        model, state = check.aggregate([([model[0] + 0.5], 1)], model, state)
    assert model[0] == 6.0
    assert state == 0


def test_worse_leaves_room():
    loss = lambda model: float(model[0][0])  # noqa: E731
    for worse, due in ((0.0, 1.0), (0.5, 1.4)):
        (new,), _ = RoundCheck(loss=loss, worse=worse).aggregate([([np.array([1.4])], 1)], [np.ones(1)], 0)
        assert new == due


def test_a_server_that_says_who_fell_out_opens_every_update(tmp_path):
    # one update sent again in each round: sums without one hospital each, and no pad broken
    rng, names = np.random.default_rng(4), ("A", "B", "C", "D", "E")
    updates = {name: rng.normal(size=3) for name in names}
    terms, signers = sa.Terms(names, size=3), {name: sa.Signer() for name in names}
    roster = {name: signer.public_key for name, signer in signers.items()}
    store = KeyStore(tmp_path / "keys.db")
    store.add(rng.bytes(2**16))
    clients = [
        sa.MaskedClient(name, terms, sa.StoreKeys(store, name), signers[name], roster) for name in names
    ]
    server, sums = sa.AggregationServer(terms, roster), []
    for number, out in enumerate(names, 1):

        def post(name, direction, message, out=out):
            if name == out and isinstance(message, sa.Masked):
                raise TimeoutError("so the server says")
            return message

        sums.append(sa.aggregate(server, clients, updates, number, post=post).total)
    store.close()
    opened = np.sum(sums, axis=0) / 4 - sums
    assert np.abs(opened - [updates[name] for name in names]).max() < 9 * 2**-17


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: SumClipping(most=0.0), ValueError, "most must"),
        (lambda: SumClipping(0, most=1.0), ValueError, "local_epochs must"),
        (lambda: RoundCheck(loss=3.0), TypeError, "loss must be a function of the parameters, not 3.0"),
        (lambda: RoundCheck(loss=float, worse=-1), ValueError, "worse must"),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()
