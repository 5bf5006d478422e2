"""The description of a federation: one text, the same clients in every process, and nothing else let in."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.comparison import load_dataset
from qlearn.networks import federated
from qlearn.networks.flower_app import Federation


@given(
    st.sampled_from(["iris", "intrusion", "breast cancer"]),
    st.sampled_from(["logistic", "qnn"]),
    st.integers(1, 12),
    st.integers(1, 50),
    st.sampled_from(
        ["FedAvg()", "FedAvg(fraction=0.5)", "NormClipping(2.0, FedMedian())", "flwr.FedMedian()"]
    ),
    st.integers(0, 2**31),
)
def test_what_is_sent_is_read(data, model, n_clients, rounds, strategy, seed):
    federation = Federation(data, model, n_clients, rounds, strategy, seed=seed)
    assert Federation.from_config(federation.config() | {"checkpoint": "elsewhere"}) == federation


def test_rows_are_divided_and_the_servers_are_none_of_them():
    federation = Federation("intrusion", n_clients=7)
    clients = federation.clients()
    settle, judge = (load_dataset("intrusion", part=part) for part in ("settle", "judge"))
    assert sum(c.n_samples + c.n_held_out for c in clients) == len(settle.y)
    assert all(c.n_held_out == (c.n_samples + c.n_held_out) // 5 for c in clients)
    X, y = federation.central()
    assert len(X) == len(judge.y)
    assert (y == judge.y).all()
    # four angles of unit variance over all clients, halved
    assert X.shape[1] == 4
    parts = np.concatenate([c.X for c in federation.clients()])
    assert 0.3 < parts.std() < 0.7


def test_one_client_alone_is_the_one_of_all():
    federation = Federation(n_clients=4, seed=3)
    for i, one in enumerate(federation.clients()):
        alone = federation.client(i)
        assert (alone.X == one.X).all()
        assert (alone.y == one.y).all()
        assert alone.name == one.name == f"client {i}"


def test_another_process_makes_the_same_clients():
    line = (
        "from qlearn.networks.flower_app import Federation; f = Federation('wine', n_clients=3, seed=5);"
        "print(f.fingerprint, repr(float(f.client(2).X.sum())))"
    )
    told = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, check=True
    ).stdout.split()
    federation = Federation("wine", n_clients=3, seed=5)
    assert told == [federation.fingerprint, repr(float(federation.client(2).X.sum()))]


def test_fingerprints_tell_descriptions_apart():
    made = [
        Federation(),
        Federation(seed=1),
        Federation("iris"),
        Federation(n_clients=3),
        Federation(strategy="FedAvg(fraction=1.0)"),
    ]
    assert len({federation.fingerprint for federation in made}) == len(made)
    assert Federation(rounds=4).fingerprint == Federation().fingerprint  # a run may be made longer


def test_a_strategy_is_made_as_it_is_written():
    assert Federation(local_epochs=3).server() == federated.FedAvg(local_epochs=3)
    assert Federation(strategy="FedAvg(2)").server() == federated.FedAvg(local_epochs=2)
    written = "NormClipping(2.0, FedMedian(fraction=0.5))"
    assert Federation(strategy=written, local_epochs=4).server() == federated.NormClipping(
        2.0, federated.FedMedian(local_epochs=4, fraction=0.5)
    )


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"data": "nothing"}, "data must be one of breast cancer"),
        ({"model": "forest"}, "model must be one of logistic, qnn"),
        ({"n_clients": 0}, "n_clients must be at least 1"),
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"local_epochs": 0}, "local_epochs must be at least 1"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"strategy": "FedAvg"}, "a name and plain values"),
        ({"strategy": "FedAvg("}, "a name and plain values"),
        ({"strategy": "FedAvg(fraction=open('x'))"}, "must name one of qlearn.networks.federated"),
        ({"strategy": "FedAvg(fraction=1 + x)"}, "a name and plain values"),
        ({"strategy": "FedAvg(**{'fraction': 1})"}, "a name and plain values"),
        ({"strategy": "FedNothing()"}, "must name one of qlearn.networks.federated, or begin with 'flwr.'"),
        ({"strategy": "Moments()"}, "must name a strategy, not 'Moments'"),
        ({"strategy": "os.system('true')"}, "must name one of"),
        ({"strategy": "FedAvg(colour=1)"}, "strategy must have the options of FedAvg"),
        ({"strategy": "FedAvg(fraction=2.0)"}, "fraction must be"),
    ],
)
def test_refuses(changed, says):
    with pytest.raises((ValueError, TypeError), match=says):
        Federation(**changed)


def test_refuses_a_config_that_lacks_something():
    config = Federation().config()
    del config["seed"], config["model"]
    with pytest.raises(ValueError, match="it lacks model, seed"):
        Federation.from_config(config)


def test_refuses_a_client_that_is_not_there():
    with pytest.raises(ValueError, match="one of the 2 clients, 0 to 1, not 2"):
        Federation().client(2)


def test_flowers_own_do_not_run_without_flower():
    with pytest.raises(ValueError, match="Flower's own run on Flower"):
        Federation(strategy="flwr.FedAvg()").run()
