"""Flower's own strategies, asked what they promise before and after anybody answers."""

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.serverapp import strategy as flowers

from qlearn.networks.flower_app import Federation, _flower_strategies

FEDERATION = Federation("iris", n_clients=4, rounds=2, local_epochs=1)


def test_a_memory_is_numbers_and_a_copy():
    strategy = flowers.FedAdam()
    strategy.m_t = {"0": [1.0]}
    kept = _flower_strategies.kept(strategy)
    strategy.m_t["0"][0] = 2.0
    assert kept["m_t"] == {"0": [1.0]}
    assert kept["eta"] == strategy.eta
    assert not any(callable(value) for value in kept.values())


@pytest.mark.parametrize(
    ("strategy", "least"),
    [
        (flowers.Krum(num_malicious_nodes=2), 7),
        (flowers.MultiKrum(num_malicious_nodes=3, num_nodes_to_select=1), 9),
        (flowers.Bulyan(num_malicious_nodes=2), 11),
        (flowers.FedTrimmedAvg(beta=0.1), 10),
        (flowers.FedAvg(), 0),
    ],
)
def test_each_needs_so_many_answers(strategy, least):
    enough = [n for n in range(1, 30) if not _flower_strategies.too_weak(strategy, n)]
    assert enough[0] == max(least, 1)
    assert enough == list(range(max(least, 1), 30))


@pytest.mark.parametrize(
    ("strategy", "says"),
    [
        (
            "flwr.Krum(num_malicious_nodes=1)",
            r"Krum needs 2 f \+ 2 < n: with f = 1 attackers 5 models or more, not 4",
        ),
        ("flwr.MultiKrum(num_malicious_nodes=3, num_nodes_to_select=1)", "MultiKrum needs"),
        ("flwr.Bulyan(num_malicious_nodes=1)", "7 models or more, not 4"),
        ("flwr.FedTrimmedAvg(beta=0.1)", "trims nobody of 4 models: beta must be at least 0.25"),
    ],
)
def test_a_strategy_too_weak_for_its_clients_is_refused(play, strategy, says):
    with pytest.raises(ValueError, match=says):
        play(federation=Federation(**FEDERATION.config() | {"strategy": strategy}))


def test_a_strategy_too_weak_for_the_answers_fails_the_round(play):
    federation = Federation("iris", n_clients=5, rounds=2, strategy="flwr.Krum(num_malicious_nodes=1)")
    history = play(lambda i, r, m, reply: None if (i, r) == (4, 1) else reply, federation)
    assert "5 models or more, not 4" in history.failed[1]
    assert list(history.failed) == [1]
