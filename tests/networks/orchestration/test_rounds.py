"""Orchestrated rounds: the plain federation to the last bit, and every fault recorded, with nothing lost and nothing unsealed."""

from math import inf, nan
from types import MappingProxyType

import numpy as np
import pytest

from qlearn.learning.neural_networks import QNNClassifier, SoftmaxClassifier
from qlearn.networks.federated import Client, FedAdam, FedAvg, FedAvgM, FedMedian, run
from qlearn.networks.orchestration import (
    Constraints,
    Fault,
    FixedPolicy,
    KPIs,
    OrchestrationStopped,
    Orders,
    ThresholdPolicy,
    intelligence_network,
    orchestrate,
    sealed_updates,
    sensed_data,
)

RNG = np.random.default_rng(7)
N, D = 6, 3
X = RNG.normal(size=(200, D))
y = (X.sum(axis=1) + 0.5 * RNG.normal(size=200) > 0).astype(int)
TEST = X[120:], y[120:]
MODEL = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=8)
WORDS = D + 1 + 4  # the numbers of the model, and the key of a tag
NETWORK = intelligence_network(N, 2, rng=1)
HOME = {
    unit: min(NETWORK[unit], key=lambda hub, u=unit: NETWORK[u][hub].get("results", {}).get("length_km", inf))
    for unit in (f"unit {i}" for i in range(N))
}


def clients(kind=Client, model=MODEL, n=N):
    return [
        kind(model, X[20 * i : 20 * i + 20], y[20 * i : 20 * i + 20], classes=[0, 1], name=f"ward {i}")
        for i in range(n)
    ]


def play(rounds=6, orders=None, network=NETWORK, rng=3, **options):
    policy = options.pop("policy", FixedPolicy(Orders() if orders is None else orders))
    return orchestrate(
        network, options.pop("who", None) or clients(), policy, rounds, rng, **{"central": TEST, **options}
    )


def same(first, second):
    return all((a == b).all() for a, b in zip(first, second, strict=True))


def reasons(history, stage):
    return [(number, event.client, event.reason) for number, event in history.events if event.stage == stage]


# -- what it is when nothing goes wrong


@pytest.mark.parametrize(
    "strategy", [FedAvg(3), FedAvg(3, fraction=0.5), FedAdam(local_epochs=3), FedAvgM(local_epochs=3)]
)
def test_with_one_aggregator_it_is_the_plain_federation_to_the_last_bit(strategy):
    plain = run(clients(), strategy, 6, rng=3, central=TEST)
    ours = play(orders=Orders(local_epochs=3), network=intelligence_network(N, 1, rng=1), strategy=strategy)
    assert same(plain.parameters, ours.parameters)
    assert (plain.central_accuracy == ours.kpi("accuracy")).all()
    assert [r.samples for r in plain.rounds] == [r.samples for r in ours.learning.rounds]
    assert ours.events == []


def test_a_quantum_model_on_quantum_and_classical_data():
    network = intelligence_network(4, 1, rng=0, quantum_share=0.5)
    who = [
        Client(
            QNNClassifier(encoding="state", layers=1),
            *sensed_data(6, network.nodes[f"unit {i}"]["data"], rng=i),
            classes=[0, 1],
        )
        for i in range(4)
    ]
    plain = run(who, FedAvg(2), 3, rng=0)
    assert same(
        plain.parameters, orchestrate(network, who, FixedPolicy(Orders(local_epochs=2)), 3, 0).parameters
    )


def test_several_aggregators_blend_to_the_same_mean():
    plain = run(clients(), FedAvg(2), 6, rng=3)
    ours = play(orders=Orders(local_epochs=2))
    assert len(set(ours.rounds[0].sent.values())) == 2
    for a, b in zip(plain.parameters, ours.parameters, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


def test_fusion_is_what_each_aggregator_does():
    seen = []

    class Watching(FedMedian):
        def aggregate(self, updates, current, state=None):
            seen.append(len(updates))
            return super().aggregate(updates, current, state)

    ours = play(rounds=2, fusion=Watching())
    groups = sorted(
        list(ours.rounds[0].sent.values()).count(hub) for hub in set(ours.rounds[0].sent.values())
    )
    assert sorted(seen[:2]) == groups
    plain = play(rounds=2)
    assert not same(plain.parameters, ours.parameters)


def test_every_bit_of_key_is_accounted_for():
    ours = play(rounds=3)
    hubs = set(ours.rounds[0].sent.values())
    for record in ours.rounds:
        # down and up, to each unit and each aggregator; orders and report to each aggregator, used or not
        assert record.sealed == 2 * (N + len(hubs))
        assert record.key_bits == 64 * (record.sealed * WORDS + 2 * 2 * 4)
        assert record.results_bits == record.sealed * (64 * (D + 1) + 128)
    assert [r.bits_down + r.bits_up for r in ours.learning.rounds] == [r.results_bits for r in ours.rounds]


def test_nothing_of_a_model_travels_in_the_open(monkeypatch):
    sent, plain = [], []
    original = sealed_updates.seal

    def watched(values, keys):
        message = original(values, keys)
        sent.append(message.words.copy())
        plain.append(np.array(values).view(np.uint64).copy())
        return message

    monkeypatch.setattr("qlearn.networks.orchestration._sealed_lines.seal", watched)
    play(rounds=3)
    assert sum(words.size for words in sent) == 3 * 2 * (N + 2) * (D + 1)
    for words, numbers in zip(sent, plain, strict=True):
        assert (words != numbers).all()  # each pad of 64 bits is zero with 5e-20
    # the model goes to several units, and no two ciphertexts of it are equal: no pad is used twice
    assert len({word for words in sent for word in words.ravel().tolist()}) == sum(
        words.size for words in sent
    )


def test_a_share_of_the_model_travels_and_moves_on():
    ours = play(rounds=4, orders=Orders(model_size=0.25), initial=[np.zeros((D, 1)), np.zeros(1)])
    flat = np.concatenate([p.ravel() for p in ours.parameters])
    assert (flat != 0).all()  # four rounds, one number each
    first = play(rounds=1, orders=Orders(model_size=0.25), initial=[np.zeros((D, 1)), np.zeros(1)])
    assert np.count_nonzero(np.concatenate([p.ravel() for p in first.parameters])) == 1
    # later, only what changed goes down, and only the share goes up
    assert ours.rounds[1].key_bits == 64 * (2 * (N + 2) * 5 + 2 * 2 * 4)


def test_rest_costs_nothing_and_links_fill():
    ours = play(rounds=6, orders=Orders(update_every=3))
    assert [bool(r.sent) for r in ours.rounds] == [False, False, True] * 2
    assert set(ours.learning.failed) == {1, 2, 4, 5}
    assert ours.learning.failed[1] == "rest: an update every 3 rounds"
    assert ours.rounds[0].sealed == 0
    assert ours.kpi("latency")[0] == 0.0


# -- time


def test_latency_is_made_of_its_parts_by_hand():
    network = intelligence_network(1, 1, rng=0)
    network.edges["unit 0", "aggregator 0", "results"].update(length_km=20.0, bits_per_second=1e4)
    network.edges["orchestrator", "aggregator 0", "results"].update(length_km=10.0, bits_per_second=1e5)
    network.edges["orchestrator", "aggregator 0", "management"].update(length_km=10.0, bits_per_second=1e6)
    network.nodes["unit 0"]["speed"] = 100.0
    record = play(rounds=1, orders=Orders(local_epochs=2), network=network, who=clients(n=1)).rounds[0]
    message = 64 * (D + 1) + 128
    assert record.latency.orders_s == pytest.approx(1024 / 1e6 + 10 / 2e5)
    assert record.latency.compute_s == pytest.approx(20 * 2 / 100)
    assert record.latency.transmission_s == pytest.approx(
        2 * (message / 1e4 + 20 / 2e5) + 2 * (message / 1e5 + 10 / 2e5)
    )
    assert record.latency.queue_s == pytest.approx(0.005)
    assert record.latency.keys_s == 0
    assert record.kpis.latency == pytest.approx(record.latency.total_s)
    assert record.seconds == 1.0


def test_on_one_channel_orders_stand_behind_what_waits():
    flood = [Fault(1, "flood", hub, size=400.0, rounds=3) for hub in ("aggregator 0", "aggregator 1")]
    late = {}
    for both in (True, False):
        network = intelligence_network(N, 2, rng=1, two_channels=both)
        late[both] = play(rounds=4, network=network, faults=flood).rounds[3].latency
    assert late[True].orders_s < 0.01 < 1 < late[False].orders_s
    # the update waits for the same work either way
    assert late[True].total_s == pytest.approx(late[False].total_s, abs=0.2)


def test_a_flood_fills_the_buffer_and_the_rule_makes_updates_rarer():
    flood = [Fault(2, "flood", "aggregator 0", size=500.0, rounds=4)]
    policy = ThresholdPolicy(latency_s=1.0, buffer_s=0.5, slower=3)
    ours = play(rounds=8, policy=policy, faults=flood)
    assert ours.kpi("buffer")[1] == pytest.approx(500 * 0.005 - 1 + (3 + 3) * 0.005, abs=0.05)
    assert [r.orders.update_every for r in ours.rounds][:3] == [1, 1, 3]


def test_new_devices_stay():
    ours = play(rounds=3, faults=[Fault(2, "new devices", "aggregator 1", size=300.0)])
    assert ours.kpi("new_arrivals").tolist() == [0, 300, 0]
    assert ours.kpi("buffer")[2] > ours.kpi("buffer")[1] > 0.4


# -- faults


def test_a_lost_aggregator_loses_a_round_of_its_units_and_no_more():
    ours = play(rounds=4, faults=[Fault(2, "aggregator lost", "aggregator 0", rounds=2)])
    theirs = {unit for unit, hub in HOME.items() if hub == "aggregator 0"}
    assert theirs
    assert set(ours.rounds[1].sent) == set(HOME) - theirs
    assert {(number, unit) for number, unit, _ in reasons(ours, "aggregator")} == {
        (n, u) for n in (2, 3) for u in theirs
    }
    assert set(ours.rounds[3].sent) == set(HOME)
    assert len(ours.rounds) == 4


@pytest.mark.parametrize("rule", ["usable", "balanced"])
def test_units_that_may_change_their_aggregator_lose_nothing(rule):
    ours = play(
        rounds=3, orders=Orders(assignment=rule), faults=[Fault(2, "aggregator lost", "aggregator 0")]
    )
    assert [len(r.sent) for r in ours.rounds] == [N] * 3
    assert set(ours.rounds[1].sent.values()) == {"aggregator 1"}


def test_all_aggregators_lost_changes_nothing_and_the_next_round_begins():
    faults = [Fault(2, "aggregator lost", hub) for hub in ("aggregator 0", "aggregator 1")]
    ours = play(rounds=3, faults=faults)
    assert ours.learning.failed == {2: "0 of 6 units answered; a round needs 1"}
    assert len(ours.rounds[2].sent) == N


def test_a_link_below_its_threshold_makes_no_key_and_lives_on_its_reserve():
    unit = "unit 2"
    fault = Fault(1, "link noise", f"{unit} - {HOME[unit]}", size=0.2, rounds=9)
    ours = play(rounds=6, faults=[fault], reserve_bits=2 * 2 * WORDS * 64)  # two updates' worth
    served = [unit in r.sent for r in ours.rounds]
    assert served == [True, True, False, False, False, False]
    assert (ours.kpi("suspected_eve") == 1).all()
    assert [(n, u) for n, u, _ in reasons(ours, "keys")] == [(n, unit) for n in (3, 4, 5, 6)]


def test_an_empty_reserve_waits_as_long_as_its_link_takes():
    unit = "unit 1"
    network = intelligence_network(N, 2, rng=1)
    network.edges[unit, HOME[unit], "results"]["key_rate"] = 64.0  # a word a second
    ours = play(rounds=2, network=network, orders=Orders(on_empty="wait"))
    # of 2 x 8 words one was made before
    assert ours.rounds[0].latency.keys_s == pytest.approx(2 * WORDS - 1)
    assert ours.rounds[0].seconds == pytest.approx(ours.rounds[0].latency.total_s)
    assert ours.rounds[0].waited == 1
    assert len(ours.rounds[0].sent) == N
    # the time that was waited made what was used, and no second word
    assert ours.rounds[1].latency.keys_s == pytest.approx(2 * WORDS, abs=1.01)


def test_an_aggregator_waits_for_keys_too():
    network = intelligence_network(N, 1, rng=1)
    network.edges["orchestrator", "aggregator 0", "results"]["key_rate"] = 64.0
    ours = play(rounds=1, network=network)
    assert ours.rounds[0].latency.keys_s == pytest.approx(2 * WORDS - 1)
    assert ours.rounds[0].waited == N


def test_a_fusion_that_keeps_something_begins_anew_in_each_round():
    class Counting(FedAvg):
        def start(self, model):
            return ["begun"]

        def aggregate(self, updates, current, state=None):
            assert state == ["begun"]
            state.append("used")
            return super().aggregate(updates, current)[0], state

    ours = play(rounds=3, fusion=Counting())
    assert ours.events == []
    assert same(ours.parameters, play(rounds=3).parameters)


def test_whoever_has_no_patience_sends_nothing_rather_than_unsealed():
    unit = "unit 1"
    network = intelligence_network(N, 2, rng=1)
    network.edges[unit, HOME[unit], "results"]["key_rate"] = 64.0
    ours = play(rounds=1, network=network, patience_s=5.0)
    assert unit not in ours.rounds[0].sent
    assert reasons(ours, "keys") == [(1, unit, "too few on its link: it sends nothing")]


def test_an_empty_reserve_shrinks_the_update():
    unit = "unit 1"
    network = intelligence_network(N, 2, rng=1)
    network.edges[unit, HOME[unit], "results"]["key_rate"] = 64.0 * (2 * WORDS - 2)  # two words short
    ours = play(rounds=1, network=network, orders=Orders(on_empty="shrink"))
    assert ours.rounds[0].shrunk == 1
    assert unit in ours.rounds[0].sent
    assert ours.rounds[0].latency.keys_s == 0
    assert ours.rounds[0].key_bits == 64 * (2 * (N + 2) * WORDS - 2 + 2 * 2 * 4)


def test_a_drained_trunk_keeps_all_of_its_units_back():
    ours = play(
        rounds=1,
        orders=Orders(on_empty="shrink"),
        faults=[Fault(1, "reserve drained", "aggregator 0 - orchestrator")],
    )
    kept = {unit for unit, hub in HOME.items() if hub == "aggregator 0"}
    assert {unit for _, unit, why in reasons(ours, "keys") if "between its aggregator" in why} == kept
    assert set(ours.rounds[0].sent) == set(HOME) - kept


def test_a_changed_update_is_refused_and_the_round_goes_on():
    ours = play(rounds=2, faults=[Fault(1, "update tampered", "unit 3")])
    assert "unit 3" not in ours.rounds[0].sent
    assert [(n, u) for n, u, _ in reasons(ours, "seal")] == [(1, "unit 3")]
    assert "ward 3" not in ours.learning.rounds[0].samples
    without = play(rounds=2, faults=[Fault(1, "unit lost", "unit 3")])
    assert same(ours.parameters, without.parameters)


def test_lines_and_orders_that_are_cut():
    unit = "unit 0"
    faults = [Fault(1, "line cut", f"{unit} - {HOME[unit]}"), Fault(2, "orders lost", "aggregator 1")]
    ours = play(rounds=3, faults=faults)
    assert reasons(ours, "link") == [(1, unit, "its line is cut")]
    without_orders = {u for u, hub in HOME.items() if hub == "aggregator 1"}
    assert {u for _, u, _ in reasons(ours, "orders")} == without_orders
    assert set(ours.rounds[1].sent) == set(HOME) - without_orders


@pytest.mark.parametrize("two", [True, False])
def test_a_trunk_that_is_cut_cuts_no_management_line(two):
    network = intelligence_network(N, 2, rng=1, two_channels=two)
    ours = play(rounds=1, network=network, faults=[Fault(1, "line cut", "aggregator 0 - orchestrator")])
    behind = {u for u, hub in HOME.items() if hub == "aggregator 0"}
    assert {(u, why) for _, u, why in reasons(ours, "link")} == {
        (u, "the line between its aggregator and the orchestrator is cut") for u in behind
    }
    whole = play(rounds=1, network=network)
    told = ours.rounds[0].management_bits / whole.rounds[0].management_bits
    assert told == (1 if two else 0.5)


def test_a_client_that_raises_ends_its_part_alone():
    class Broken(Client):
        def fit(self, parameters, config):
            if self.name == "ward 4":
                raise MemoryError("no room")
            return super().fit(parameters, config)

    ours = play(rounds=2, who=clients(Broken))
    assert {(n, e.client, e.reason) for n, e in ours.events} == {
        (n, "ward 4", "MemoryError: no room") for n in (1, 2)
    }
    assert all("unit 4" not in r.sent and len(r.sent) == N - 1 for r in ours.rounds)


def test_indicators_that_are_missing_or_nonsense_are_nan_and_recorded():
    seen = []

    class Watching:
        def decide(self, kpis, rng=None):
            seen.append(kpis)
            return Orders()

    faults = [
        Fault(1, "KPI missing", "latency"),
        Fault(2, "KPI missing"),
        Fault(3, "KPI nonsense", "accuracy", size=3.0),
    ]
    ours = play(rounds=4, policy=Watching(), faults=faults)
    assert [kpis.missing for kpis in seen] == [KPIs().missing, ("latency",), KPIs().missing, ("accuracy",)]
    assert len(reasons(ours, "KPI missing")) == 2
    [(number, _, why)] = reasons(ours, "accuracy")
    assert number == 3
    assert (
        why == "accuracy must lie between 0 and 1, or be NaN if it is missing, not 3.0; it counts as missing"
    )
    assert not np.isnan(ours.latencies).any()  # the record has what was, the policy what arrived
    assert same(ours.parameters, play(rounds=4).parameters)


def test_where_the_policy_fails_the_last_orders_hold():
    class Moody:
        def decide(self, kpis, rng=None):
            if kpis.round == 1:
                raise ZeroDivisionError("no idea")
            return "as you like" if kpis.round == 2 else Orders(local_epochs=4)

        def learn(self, kpis, orders, reward, next_kpis):
            raise OSError("forgotten")

    ours = play(rounds=3, policy=Moody())
    assert [r.orders.local_epochs for r in ours.rounds] == [4, 4, 4]
    assert [why for _, _, why in reasons(ours, "decide")] == [
        "ZeroDivisionError: no idea; the last orders hold",
        "TypeError: decide must return Orders, not 'as you like'; the last orders hold",
    ]
    assert len(reasons(ours, "learn")) == 3


def test_an_assignment_that_cannot_be_goes_home():
    ours = play(rounds=1, orders=Orders(assignment={"unit 0": "aggregator 9", "nobody": "aggregator 0"}))
    assert ours.rounds[0].sent["unit 0"] == HOME["unit 0"]
    assert {u for _, u, _ in reasons(ours, "assignment")} == {"unit 0", "nobody"}


@pytest.mark.parametrize(
    "pair", [("aggregator 0", "orchestrator"), ("orchestrator", "aggregator 0"), ("unit 0", "unit 1")]
)
def test_an_assignment_of_what_is_no_unit_changes_nothing(pair):
    ours = play(rounds=1, orders=Orders(assignment=dict([pair])))
    assert len(ours.rounds[0].sent) == N
    assert [u for _, u, _ in reasons(ours, "assignment")] == [pair[0]]


def test_orders_may_hold_numbers_of_numpy_and_any_mapping(tmp_path):
    their = Orders(np.int64(1), np.int32(2), np.float32(0.5), MappingProxyType({"unit 0": "aggregator 0"}))
    plain = Orders(1, 2, 0.5, {"unit 0": "aggregator 0"})
    assert their == plain
    ours = play(rounds=2, orders=their, checkpoint=tmp_path / "run.npz")
    assert same(ours.parameters, play(rounds=2, orders=plain).parameters)


def test_waiting_takes_its_time_also_where_nothing_comes_of_it():
    class Failing(Client):
        def fit(self, parameters, config):
            raise RuntimeError

    network = intelligence_network(2, 1, rng=3, pulses_per_second=2000)
    ours = play(rounds=5, network=network, who=clients(Failing, n=2), reserve_bits=64 * 100)
    rates = [e["key_rate"] for *_, e in network.edges(data=True) if "key_rate" in e]
    made = sum(rates) * (ours.seconds.sum() + 1)  # and one period before the first round
    assert any(r.waited for r in ours.rounds)
    assert ours.key_bits.sum() <= made
    assert ours.seconds.max() > 1.0


def test_a_fusion_or_a_strategy_that_fails():
    class Never(FedAvg):
        def aggregate(self, updates, current, state=None):
            raise ArithmeticError("no")

    ours = play(rounds=2, fusion=Never())
    assert len(reasons(ours, "fusion")) == 4
    assert ours.learning.failed[2] == "0 of 6 units answered; a round needs 1"
    ours = play(rounds=2, strategy=Never())
    assert ours.learning.failed[1] == "the strategy failed: ArithmeticError: no"
    assert ours.rounds[0].sent == {}


# -- constraints


def test_contradictory_constraints_end_the_run_with_their_reason():
    limits = Constraints(key_bits=3 * 2 * WORDS * 64, least_units=5)
    ours = play(rounds=4, constraints=limits)
    assert ours.rounds == []
    assert (
        ours.ended
        == f"round 1: key_bits={limits.key_bits:g} and least_units=5 contradict each other: only 3 of 6 units fit"
    )
    assert "ended: round 1" in repr(ours)
    left = ours.unfinished
    assert (left.number, left.sent, left.results_bits) == (1, {}, 0)
    assert left.key_bits > 0  # the tags of the orders
    assert left.management_bits > 0
    lost = [Fault(1, "unit lost", "unit 5")]
    ours = play(rounds=4, constraints=limits, faults=lost)
    assert "only 3 of 5 units fit" in ours.ended
    assert [(n, e.client, e.stage) for n, e in ours.events] == [
        (1, "unit 5", "unit lost"),
        (1, "unit 5", "unit"),
    ]


def test_or_they_are_dropped_for_the_round_and_that_is_recorded():
    limits = Constraints(latency_s=1e-6, least_units=4, on_contradiction="relax")
    ours = play(rounds=2, constraints=limits)
    assert [len(r.sent) for r in ours.rounds] == [4, 4]
    assert [client for _, client, _ in reasons(ours, "contradiction")] == ["constraints"] * 2
    assert len(reasons(ours, "constraints")) == 4


def test_a_limit_of_key_is_kept():
    ours = play(rounds=2, constraints=Constraints(key_bits=3 * 2 * WORDS * 64 + 5))
    assert [len(r.sent) for r in ours.rounds] == [3, 3]


def test_too_few_units_are_no_contradiction():
    faults = [Fault(1, "unit lost", f"unit {i}") for i in range(4)]
    ours = play(rounds=2, constraints=Constraints(least_units=3), faults=faults)
    assert ours.learning.failed == {1: "2 of 6 units answered; a round needs 3"}
    assert ours.ended == ""


# -- restart


FAULTS = (
    Fault(2, "link noise", f"unit 2 - {HOME['unit 2']}", size=0.2, rounds=5),
    Fault(3, "aggregator lost", "aggregator 0"),
    Fault(4, "flood", "aggregator 1", size=300.0),
)


@pytest.mark.parametrize("stop", [1, 3, 5])
@pytest.mark.parametrize("policy", ["rule", "learns"])
def test_an_orchestrator_that_starts_again_ends_at_the_same_bits(tmp_path, stop, policy):
    from qlearn.networks.orchestration import OrchestrationProblem, QLearningPolicy

    def make():
        if policy == "learns":
            return QLearningPolicy(OrchestrationProblem())
        return ThresholdPolicy(Orders(model_size=0.5, assignment="balanced"), buffer_s=0.1)

    class Stopping(Client):
        armed = True

        def fit(self, parameters, config):
            if Stopping.armed and config["round"] > stop:
                raise KeyboardInterrupt
            return super().fit(parameters, config)

    options = {"faults": FAULTS, "strategy": FedAdam(), "reserve_bits": 3000}
    whole = play(rounds=7, policy=make(), who=clients(), **options)
    half = play(rounds=7, policy=make(), who=clients(Stopping), checkpoint=tmp_path / "run.npz", **options)
    assert half.interrupted
    assert len(half.rounds) >= stop
    Stopping.armed = False
    again = play(
        rounds=7,
        policy=make(),
        who=clients(Stopping),
        checkpoint=tmp_path / "run.npz",
        restart=True,
        **options,
    )
    assert same(whole.parameters, again.parameters)
    assert [repr(r) for r in whole.rounds] == [repr(r) for r in again.rounds]
    assert [repr(r) for r in whole.learning.rounds] == [repr(r) for r in again.learning.rounds]


def test_a_checkpoint_is_for_its_owner_alone_and_for_this_run(tmp_path):
    path = tmp_path / "run.npz"
    play(rounds=2, checkpoint=path)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError, match="Go on with restart=True"):
        play(rounds=2, checkpoint=path)
    other = clients()
    other[0] = Client(MODEL, X[100:120], y[100:120], classes=[0, 1], name="ward 0")
    for change, key in (
        ({"who": other}, "samples"),
        ({"network": intelligence_network(N, 2, rng=2)}, "network"),
        ({"orders": Orders(local_epochs=2)}, "policy"),
        ({"faults": FAULTS}, "faults"),
        ({"period_s": 2.0}, "period_s"),
        ({"constraints": Constraints(least_units=2)}, "constraints"),
    ):
        with pytest.raises(ValueError, match=f"it is of another, whose {key} is"):
            play(rounds=3, checkpoint=path, restart=True, **change)


def test_no_pad_is_used_for_two_messages_by_a_restart_with_something_else(tmp_path):
    """What shows itself alike, and orders or pays differently, is refused; the same is taken, learned or not."""
    from qlearn.networks.orchestration import BanditPolicy, OrchestrationProblem, QLearningPolicy

    class Plain:
        def __init__(self, epochs):
            self.epochs = epochs

        def decide(self, kpis, rng=None):
            return Orders(local_epochs=self.epochs)

    actions = (Orders(local_epochs=1), Orders(local_epochs=9))
    forth, back = OrchestrationProblem(actions), OrchestrationProblem(actions[::-1])

    def paying(much):
        return lambda before, orders, after: much

    for i, (was, comes, key) in enumerate(
        (
            ({"policy": Plain(1)}, {"policy": Plain(7)}, "policy"),
            ({"policy": BanditPolicy(forth)}, {"policy": BanditPolicy(back)}, "policy"),
            ({"policy": QLearningPolicy(forth)}, {"policy": QLearningPolicy(forth, exploration=1)}, "policy"),
            ({"reward": paying(1.0)}, {"reward": paying(-5.0)}, "reward"),
        )
    ):
        path = tmp_path / f"{i}.npz"
        play(rounds=2, checkpoint=path, **was)
        with pytest.raises(ValueError, match=f"it is of another, whose {key} is"):
            play(rounds=4, checkpoint=path, restart=True, **comes)
        assert len(play(rounds=4, checkpoint=path, restart=True, **was).rounds) == 4


def test_a_restart_with_two_units_in_another_order_is_refused(tmp_path):
    """The nodes and links are the same, but each of the two now has the samples of the other."""
    network = intelligence_network(N, 2, rng=1, sensors_per_unit=0)
    turned, order = type(network)(), list(network)
    i, j = order.index("unit 0"), order.index("unit 1")
    order[i], order[j] = order[j], order[i]
    turned.add_nodes_from((node, network.nodes[node]) for node in order)
    turned.add_edges_from(network.edges(keys=True, data=True))
    path = tmp_path / "run.npz"
    play(rounds=1, network=network, checkpoint=path)
    with pytest.raises(ValueError, match="it is of another, whose network is"):
        play(rounds=2, network=turned, checkpoint=path, restart=True)
    assert len(play(rounds=2, network=network, checkpoint=path, restart=True).rounds) == 2


def test_a_full_disk_stops_the_run_and_keeps_what_was(tmp_path):
    class Filling(Client):
        def fit(self, parameters, config):
            if config["round"] == 3:
                (tmp_path / "run.npz").unlink(missing_ok=True)
                tmp_path.rmdir()
            return super().fit(parameters, config)

    with pytest.raises(OrchestrationStopped, match="the run stopped in round 3") as stopped:
        play(rounds=5, who=clients(Filling, n=N), checkpoint=tmp_path / "run.npz")
    history = stopped.value.history
    assert len(history.rounds) == len(history.learning.rounds) == 2
    assert same(history.parameters, play(rounds=2).parameters)


# -- refusals


class Forgetful:
    def decide(self, kpis, rng=None):
        return Orders()

    def learn(self, kpis, orders, reward, next_kpis):
        pass


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ({"policy": Orders()}, TypeError, "policy must have the method decide"),
        ({"policy": FixedPolicy}, TypeError, "policy must have the method decide"),
        (
            {"who": clients(n=3)},
            ValueError,
            "clients must be one for each of the 6 units of the network, not 3",
        ),
        ({"constraints": 5}, TypeError, "constraints must be Constraints"),
        ({"constraints": Constraints(least_units=9)}, ValueError, "least_units must be at most the 6 units"),
        ({"faults": ["rain"]}, TypeError, "faults must be Fault objects"),
        (
            {"faults": [Fault(1, "unit lost", "unit 99")]},
            ValueError,
            "where must name what 'unit lost' happens to",
        ),
        (
            {"faults": [Fault(1, "line cut", "unit 0 - unit 1")]},
            ValueError,
            "where must name what 'line cut'",
        ),
        ({"faults": [Fault(1, "KPI nonsense", "speed")]}, ValueError, "where must name what 'KPI nonsense'"),
        ({"faults": [Fault(1, "flood", "unit 0")]}, ValueError, "where must name what 'flood'"),
        ({"rounds": 0}, ValueError, "rounds must be at least 1"),
        ({"period_s": 0}, ValueError, "period_s must be above 0"),
        ({"patience_s": nan}, ValueError, "patience_s must be a finite number"),
        ({"reserve_bits": 10}, ValueError, "reserve_bits must be at least 64"),
        ({"fusion": FedAvg}, TypeError, "strategy must be an object"),
        ({"restart": True}, ValueError, "restart must come with checkpoint="),
    ],
)
def test_refuses(told, error, says):
    with pytest.raises(error, match=says):
        play(**told)


def test_refuses_a_policy_that_a_checkpoint_would_lose(tmp_path):
    with pytest.raises(TypeError, match="policy must have get_state and set_state"):
        play(policy=Forgetful(), checkpoint=tmp_path / "run.npz")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda g: g.remove_node("orchestrator"),
            "network must have units, aggregators and the node 'orchestrator'",
        ),
        (
            lambda g: g.remove_node("unit 0") or g.add_node("unit 0", role="unit"),
            "a link for results from 'unit 0'",
        ),
        (
            lambda g: g.remove_edge("orchestrator", "aggregator 1", "results"),
            "from 'orchestrator' to 'aggregator 1'",
        ),
        (
            lambda g: g.edges["unit 0", HOME["unit 0"], "results"].pop("qber"),
            "network must say qber of the link 'unit 0",
        ),
        (
            lambda g: g.edges["unit 0", HOME["unit 0"], "results"].update(bits_per_second=0.0),
            "network must have finite numbers of the link",
        ),
        *(
            (
                lambda g, v=v: g.nodes["unit 0"].update(speed=v),
                "network must say speed of 'unit 0' in numbers",
            )
            for v in (0, -5.0, nan, inf, "fast")
        ),
        (
            lambda g: g.nodes["aggregator 1"].update(service_s=-1),
            "network must say service_s of 'aggregator 1' in numbers",
        ),
        (
            lambda g: g.edges["unit 0", HOME["unit 0"], "results"].update(hops=1.5),
            "a whole number of hops, 0 or more, of the link 'unit 0",
        ),
    ],
)
def test_refuses_a_network_that_is_none(change, says):
    network = intelligence_network(N, 2, rng=1)
    change(network)
    with pytest.raises(ValueError, match=says):
        play(network=network)


class Counting:
    """A policy that remembers how often it was asked, and tells nobody."""

    def __init__(self):
        self.asked = 0

    def decide(self, kpis, rng):
        self.asked += 1
        return Orders(local_epochs=self.asked)


def test_a_policy_that_hides_its_memory_is_kept_in_no_checkpoint(tmp_path):
    """After a restart it would begin to count anew, and other numbers would go under the pads of the same round."""
    with pytest.raises(
        OrchestrationStopped, match=r"get_state all that it changes.*Counting has changed besides"
    ):
        play(policy=Counting(), checkpoint=tmp_path / "run")
    assert not (tmp_path / "run").exists()
