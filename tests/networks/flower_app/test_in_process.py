"""Flower's round loop over our clients in this process: the same bits as ours, with our strategies and with Flower's."""

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from qlearn.networks import federated
from qlearn.networks.flower_app import Federation, loop

OURS = (
    "FedAvg()",
    "FedAvg(fraction=0.4)",
    "FedProx(proximal_mu=0.5)",
    "FedAvgM(server_momentum=0.5)",
    "FedAdam()",
    "FedMedian()",
    "Krum(n_malicious=1)",
)


def same(one, other) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.parameters, other.parameters, strict=True))


@pytest.mark.parametrize("model", ["logistic", "qnn"])
@pytest.mark.parametrize("strategy", OURS)
def test_the_loop_is_federated_run_bit_for_bit(strategy, model):
    federation = Federation("intrusion", model, n_clients=5, rounds=3, strategy=strategy, local_epochs=2)
    history, alone = loop(federation), federation.run()
    assert same(history, alone)
    assert history.rounds == alone.rounds
    assert not history.failures
    assert not history.failed


def test_scores_are_those_of_the_clients_and_the_server():
    federation = Federation("iris", n_clients=3, rounds=4)
    history = loop(federation, evaluate_every=3)
    assert np.isnan(history.train_accuracy).tolist() == [True, True, False, False]
    assert not np.isnan(history.central_accuracy).any()
    assert np.isnan(loop(federation, evaluate_every=0).held_out_accuracy).all()


# What Flower calls its own, against ours of the same name, where the two mean the same.
PAIRS = [
    ("flwr.FedAvg()", "FedAvg()"),
    ("flwr.FedProx(proximal_mu=0.5)", "FedProx(proximal_mu=0.5)"),
    ("flwr.FedMedian()", "FedMedian()"),
    ("flwr.FedTrimmedAvg(beta=0.2)", "FedTrimmedAvg(beta=0.2)"),
    ("flwr.Krum(num_malicious_nodes=1)", "Krum(n_malicious=1)"),
]


@pytest.mark.parametrize(("flowers", "ours"), PAIRS)
def test_flowers_own_strategies_take_our_clients(flowers, ours):
    common = {"n_clients": 7, "rounds": 3, "local_epochs": 2, "model": "qnn", "data": "wine"}
    theirs, mine = loop(Federation(strategy=flowers, **common)), Federation(strategy=ours, **common).run()
    for a, b in zip(theirs.parameters, mine.parameters, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)
    np.testing.assert_allclose(theirs.central_accuracy, mine.central_accuracy, atol=5e-5)
    assert not theirs.failures
    assert not theirs.failed


@pytest.mark.parametrize(
    "strategy",
    [
        "FedAdam()",
        "FedYogi()",
        "FedAdagrad()",
        "FedAvgM(server_momentum=0.9)",
        "MultiKrum(num_malicious_nodes=1, num_nodes_to_select=3)",
        "Bulyan(num_malicious_nodes=1)",
    ],
)
def test_flowers_other_strategies_lower_the_loss(strategy):
    history = loop(Federation(n_clients=7, rounds=3, strategy=f"flwr.{strategy}"))
    assert not history.failed
    assert history.central_loss[-1] < history.central_loss[0] < np.log(2)


def test_a_strategy_may_be_an_object():
    federation = Federation("iris", n_clients=4)
    history = loop(federation, federated.FedMedian(local_epochs=2))
    assert same(history, Federation("iris", n_clients=4, strategy="FedMedian()", local_epochs=2).run())


@pytest.mark.parametrize(
    "strategy",
    [
        "FedAvg(fraction=0.5)",
        "FedAdam()",
        "FedAvgM(server_momentum=0.9)",
        "flwr.FedAdam()",
        "flwr.FedAvgM(server_momentum=0.9)",
    ],
)
def test_a_run_goes_on_from_its_checkpoint_to_the_same_bits(tmp_path, strategy, monkeypatch):
    from qlearn.networks.flower_app import _recorded

    federation = Federation("wine", n_clients=4, rounds=5, strategy=strategy)
    whole = loop(federation)

    class Fall(BaseException):
        """The machine, in the middle of round 3."""

    merge = _recorded.Recorded.aggregate_train

    def fall(self, number, replies):
        if self._number == 3:
            raise Fall
        return merge(self, number, replies)

    monkeypatch.setattr(_recorded.Recorded, "aggregate_train", fall)
    with pytest.raises(Fall):
        loop(federation, checkpoint=tmp_path / "run.npz")
    monkeypatch.undo()
    assert len(federated.Checkpoint.load(tmp_path / "run.npz").history.rounds) == 2
    gone_on = loop(federation, checkpoint=tmp_path / "run.npz")
    assert same(gone_on, whole)
    assert gone_on.rounds == whole.rounds
    assert same(loop(federation, checkpoint=tmp_path / "run.npz"), whole)  # nothing is left to do
    with pytest.raises(ValueError, match="it is of another, whose federation is"):
        loop(Federation(**federation.config() | {"seed": 6}), checkpoint=tmp_path / "run.npz")
    more = Federation(**federation.config() | {"rounds": 7})
    assert same(loop(more, checkpoint=tmp_path / "run.npz"), loop(more))


def test_an_interrupt_keeps_the_rounds():
    class Impatient(federated.FedAvg):
        def config(self, number):
            if number == 3:
                raise KeyboardInterrupt
            return super().config(number)

    history = loop(Federation("iris", rounds=5), Impatient())
    assert history.interrupted
    assert len(history.rounds) == 2


def test_refuses_what_is_no_federation():
    with pytest.raises(TypeError, match="federation must be a Federation, not 'iris'"):
        loop("iris")


def test_nothing_of_the_server_is_left_behind():
    from flwr.supercore.task_identity import TaskIdentity

    before = TaskIdentity._run_id
    loop(Federation("iris", rounds=1))
    assert TaskIdentity._run_id == before
