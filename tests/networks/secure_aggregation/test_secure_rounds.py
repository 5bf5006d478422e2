"""Secure rounds: the sum is exact, faults are recorded, no update is open; federated averaging over sums."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks import federated
from qlearn.networks.secure_aggregation import (
    FixedPoint,
    KeyBudget,
    Terms,
    aggregate,
    secure_run,
)
from qlearn.networks.secure_aggregation.round_messages import Masked, Members, Revealed
from tests.networks.secure_aggregation.conftest import Parties


def exact(numbers: FixedPoint, updates: list[np.ndarray]) -> list[float]:
    """The sum of rounded updates by whole numbers of Python."""
    s = numbers.fraction_bits
    return [sum(round(float(x) * 2.0**s) for x in column) / 2.0**s for column in zip(*updates, strict=True)]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(2, 6),
    st.integers(1, 4),
    st.sampled_from(["one-time", "stretched"]),
    st.booleans(),
    st.sampled_from([FixedPoint(), FixedPoint(6, 13), FixedPoint(20, 40)]),
    st.integers(0, 2**32),
)
def test_the_sum_is_exact(tmp_path_factory, n, size, pads, recover, numbers, seed):
    made = Parties(tmp_path_factory.mktemp("keys"))
    clients, server = made.fresh(n, size, pads=pads, recover=recover, numbers=numbers)
    rng = np.random.default_rng(seed)
    updates = {client.name: rng.uniform(-8, 8, size) for client in clients}
    result = aggregate(server, clients, updates, 1)
    assert result.total.tolist() == exact(numbers, list(updates.values()))
    assert result.record.survivors == result.record.members == server.terms.clients
    assert (result.record.aborted, result.record.failures, result.record.pads) == ("", (), pads)
    assert result.record.key_bits == n * (n - 1) // 2 * server.terms.pair_bits
    method = {
        (True, "one-time"): "shared masks",
        (True, "stretched"): "stretched",
        (False, "one-time"): "pads",
    }
    if (recover, pads) in method and numbers.word_bits * size % 8 == 0:
        budget = KeyBudget(n, size, numbers.word_bits, method[recover, pads], tags=True)
        assert budget.total == result.record.key_bits
    made.store.close()


def test_any_client_may_fall_out(fresh):
    for gone in range(5):
        clients, server = fresh(5)
        updates = {client.name: np.full(3, 2.0**u) for u, client in enumerate(clients)}

        def post(name, direction, message, lost=clients[gone].name):
            if name == lost and isinstance(message, Masked):
                raise TimeoutError("the line is dead")
            return message

        result = aggregate(server, clients, updates, 1, post=post)
        assert result.total.tolist() == [31.0 - 2**gone] * 3
        [failure] = result.record.failures
        assert (failure.client, failure.stage) == (clients[gone].name, "mask")
        assert failure.reason == "TimeoutError: the line is dead"


class Line:
    """A line with faults: messages are lost, altered, doubled in time, or said by another; it keeps what the server got."""

    def __init__(self, rng: np.random.Generator, rate: float) -> None:
        self.rng, self.rate = rng, rate
        self.seen: list[object] = []
        self.late: list[Masked] = []
        self.old: list[object] = []

    def __call__(self, name: str, direction: str, message: object) -> object:
        fault = self.rng.choice(
            ["", "lost", "altered", "repeated", "other"], p=[1 - self.rate, *4 * [self.rate / 4]]
        )
        if direction == "up":
            self.old.append(message)
        if fault == "lost":
            if isinstance(message, Masked):
                self.late.append(message)  # it comes after the round: the server reads it then
            raise TimeoutError("lost")
        if fault == "altered":
            message = self.altered(message)
        if fault == "repeated" and direction == "up" and self.old:
            message = self.old[self.rng.integers(len(self.old))]
        if fault == "other" and direction == "up":
            message = type(message)(**{**vars(message), "sender": "Ann"})
        if direction == "up":
            self.seen.append(message)
        return message

    def altered(self, message: object) -> object:
        """Leave something out, or change the round."""
        fields = dict(vars(message))
        name = self.rng.choice(list(fields))
        value = fields[name]
        if isinstance(value, dict) and value:
            value = dict(list(value.items())[1:])
        elif isinstance(value, tuple):
            value = value[1:]
        elif isinstance(value, bytes) and value and not isinstance(message, Masked | Revealed):
            value = bytes([value[0] ^ 1]) + value[1:]
        elif isinstance(value, int):
            value += 1
        fields[name] = value
        return type(message)(**fields)


def bare(
    terms: Terms, members: tuple[str, ...], seen: list[object], late: list[Masked], number: int
) -> set[frozenset[str]]:
    """Groups of clients whose sum the server can compute from all that reached it: counted anew from the messages.

    A self-mask is open with t shares. The pads of a pair that one of them revealed are open; all pads of a reveal count as
    open one by one, though the server got their sum only.
    """
    revealed = {m.sender: m for m in seen if isinstance(m, Revealed) and m.number == number}
    came = {m.sender for m in [*seen, *late] if isinstance(m, Masked) and m.number == number}
    self_open = (
        {name for name in members if sum(name in m.shares for m in revealed.values()) >= terms.threshold}
        if terms.recover
        else set(members)
    )
    closed = []
    for u, v in combinations(members, 2):
        open_here = any(
            a in revealed and revealed[a].pads and b not in revealed[a].shares for a, b in ((u, v), (v, u))
        )
        if not open_here:
            closed.append({u, v})
    groups = [{name} for name in members]
    for pair in closed:
        joined = [g for g in groups if g & pair]
        groups = [g for g in groups if not g & pair] + [set().union(*joined)]
    return {frozenset(g) for g in groups if g <= self_open and g <= came}


def test_200_fault_schedules(parties):
    """Each ends with the exact sum of its survivors or is recorded as failed; no single update is open in any."""
    ended = {"sum": 0, "sum without some": 0, "failed": 0}
    for seed in range(200):
        rng = np.random.default_rng([16, seed])
        n = int(rng.integers(3, 6))
        options = {
            "pads": "stretched" if rng.random() < 0.3 else "one-time",
            "recover": bool(rng.random() < 0.8),
            "corrupted": int(n == 5 and rng.random() < 0.3),
        }
        clients, server = parties.fresh(n, int(rng.integers(1, 4)), **options)
        number = int(rng.integers(1, 100))
        line = Line(rng, rate=float(rng.choice([0.0, 0.01, 0.03, 0.1])))
        updates = {client.name: rng.normal(size=server.terms.size) for client in clients}
        if rng.random() < 0.1:
            updates["Ben"] = np.full(server.terms.size, 1e16)  # too large for its word
        if rng.random() < 0.05:
            parties.store.hand_out("Eve", "Mallory", number=parties.store.stored)  # no keys left
        result = aggregate(server, clients, updates, number, post=line)
        record = result.record
        if result.total is None:
            assert record.aborted
            assert record.survivors == ()
            ended["failed"] += 1
        else:
            assert len(record.survivors) >= server.terms.threshold
            assert result.total.tolist() == exact(
                server.terms.numbers, [updates[name] for name in record.survivors]
            )
            ended["sum" if record.survivors == server.terms.clients else "sum without some"] += 1
        members = record.members
        if members:
            opened = bare(server.terms, members, line.seen, line.late, number)
            assert all(len(group) >= server.terms.threshold - server.terms.corrupted for group in opened)
            assert len(opened) <= 1
            assert result.total is None or opened == {frozenset(record.survivors)}
    assert min(ended.values()) >= 20, ended  # the schedules reach every end


def test_no_update_is_made_or_sent_without_keys(fresh, parties):
    clients, server = fresh()
    parties.store.hand_out("Eve", "Mallory", number=parties.store.stored)
    asked, sent = [], []

    def update():
        asked.append(1)
        return np.zeros(3)

    def post(name, direction, message):
        sent.append(message)
        return message

    result = aggregate(server, clients, {client.name: update for client in clients}, 1, post=post)
    assert result.total is None
    assert "Ann got no keys with Ben: NotEnoughKeys" in result.record.aborted
    assert not asked
    assert not any(isinstance(message, Masked | Members) for message in sent)


def test_keys_that_are_gone_at_the_far_end_stop_the_round_too(fresh, parties):
    clients, server = fresh()

    def post(name, direction, message):
        if isinstance(message, Members) and name == "Ben":
            parties.store.discard(0.0)  # the service loses what nobody fetched
        return message

    result = aggregate(server, clients, {client.name: np.zeros(3) for client in clients}, 1, post=post)
    assert "Ben got no keys with Ann: KeysNotFound" in result.record.aborted


def test_aggregate_refuses(fresh):
    clients, server = fresh()
    with pytest.raises(ValueError, match="updates hold one of each"):
        aggregate(server, clients, {"Ann": [0.0] * 3}, 1)
    updates = {client.name: [0.0] * 3 for client in clients}
    with pytest.raises(ValueError, match="clients must be different"):
        aggregate(server, [*clients, clients[0]], updates, 1)
    others, _ = fresh(size=4)
    with pytest.raises(ValueError, match="terms of the server; Ann has others"):
        aggregate(server, others, updates, 1)


# Federated averaging


def federation(n=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(90, 3))
    y = (X @ [1.0, -1.0, 0.5] > 0).astype(int)
    parts = federated.split(X, y, n, alpha=0.7, rng=seed)
    return [federated.Client(SoftmaxClassifier(optimizer="sgd"), *part, classes=[0, 1]) for part in parts]


def maskers_of(parties, n, size, **options):
    clients, server = parties.fresh(n, size, **options)
    parties.fill(40 * n * (n - 1) // 2 * (server.terms.pair_bits // 8 + 16))
    return clients, server


@pytest.mark.parametrize("pads", ["one-time", "stretched"])
def test_secure_run_is_federated_averaging(parties, pads):
    """Beside the plain loop by hand, with the same seeds: equal to the rounding of the words."""
    clients = federation()
    shapes = clients[0].shapes
    maskers, server = maskers_of(parties, 4, sum(map(int, map(np.prod, shapes))) + 1, pads=pads)
    history = secure_run(clients, maskers, server, 5, rng=3, local_epochs=2)

    rng = np.random.default_rng(3)
    model = clients[0].initial(rng)
    for number in range(1, 6):
        seeds = rng.integers(2**32, size=4).tolist()
        rng.permutation(sum(p.size for p in model))
        answers = [
            client.fit([p.copy() for p in model], {"round": number, "epochs": 2, "seed": seed})
            for client, seed in zip(clients, seeds, strict=True)
        ]
        total = sum(n for _, n, _ in answers)
        model = [sum(n * p[i] for p, n, _ in answers) / total for i in range(len(model))]
    # each sum is off by 4 half steps of 2^-16, divided by 90 samples, in 5 rounds that each train on
    for ours, plain in zip(history.parameters, model, strict=True):
        assert np.abs(ours - plain).max() < 5 * 3 * 4 * 2**-17 / 90
    assert [r.number for r in history.rounds] == [1, 2, 3, 4, 5]
    assert history.key_bits == 5 * 6 * server.terms.pair_bits


def test_quantised_words_train_the_same_model_to_their_step(parties):
    clients = federation(4)
    first = [np.zeros(shape) for shape in clients[0].shapes]
    models = {}
    for numbers in (FixedPoint(30), FixedPoint(4, word_bits=14)):
        maskers, server = maskers_of(parties, 4, 5, numbers=numbers)
        history = secure_run(clients, maskers, server, 1, rng=1, initial=first)
        assert history.key_bits == 6 * (3 * 8 * -(-5 * numbers.word_bits // 8) + 512)
        models[numbers.word_bits] = np.concatenate([p.ravel() for p in history.parameters])
    off = np.abs(models[14] - models[64]).max()
    assert 0 < off <= FixedPoint(4).rounding(4) / 90 + 1e-9  # 90 samples in all


def test_sparse_rounds_move_the_positions_that_were_sent(parties):
    clients = federation(3)
    maskers, server = maskers_of(parties, 3, 3)  # half of 4 parameters, and the weight
    first = [np.zeros(shape) for shape in clients[0].shapes]
    flat = np.concatenate([p.ravel() for p in first])
    history = secure_run(clients, maskers, server, 1, rng=1, initial=first, positions=0.5)
    moved = np.concatenate([p.ravel() for p in history.parameters]) != flat
    assert moved.sum() == 2
    longer = secure_run(clients, maskers, server, 8, rng=1, initial=first, positions=0.5)
    assert (np.concatenate([p.ravel() for p in longer.parameters]) != flat).all()
    assert [r.number for r in longer.rounds] == list(range(2, 10))  # the server's rounds go on


def test_a_round_without_a_sum_leaves_the_model(parties):
    clients = federation(3)
    maskers, server = maskers_of(parties, 3, 5)
    first = [np.ones(shape) for shape in clients[0].shapes]
    lost = iter(range(10**6))

    def post(name, direction, message):
        if isinstance(message, Masked) and message.number == 2 and next(lost) < 2:
            raise TimeoutError("lost")
        return message

    one = secure_run(clients, maskers, server, 1, rng=1, initial=first, post=post)
    two = secure_run(clients, maskers, server, 1, rng=1, initial=one.parameters, post=post)
    assert two.rounds[0].aborted == "1 of 3 clients sent an update, below the threshold 2"
    assert all(np.array_equal(a, b) for a, b in zip(one.parameters, two.parameters, strict=True))
    assert repr(two).startswith("SecureHistory(1 rounds, 1 without a sum")


def test_secure_run_refuses(parties):
    clients = federation(3)
    maskers, server = maskers_of(parties, 3, 4)
    with pytest.raises(
        ValueError, match="terms must have size 5, the 4 numbers sent of 4 and the weight, not 4"
    ):
        secure_run(clients, maskers, server, 1)
    with pytest.raises(ValueError, match="maskers must be one for each client"):
        secure_run(clients, maskers[:2], server, 1)
    with pytest.raises(ValueError, match="positions must be above 0"):
        secure_run(clients, maskers, server, 1, positions=0.0)
    with pytest.raises(ValueError, match="rounds must be at least 1"):
        secure_run(clients, maskers, server, 0)


def test_a_client_that_fails_to_train_falls_out(parties):
    class Broken(federated.Client):
        def fit(self, parameters, config):
            raise OSError("disk full")

    clients = federation(4)
    clients[2] = Broken(SoftmaxClassifier(optimizer="sgd"), clients[2].X, clients[2].y, classes=[0, 1])
    maskers, server = maskers_of(parties, 4, 5)
    history = secure_run(clients, maskers, server, 1, rng=0)
    assert history.rounds[0].survivors == ("Ann", "Ben", "Dia")
    assert history.rounds[0].failures[0].reason == "OSError: disk full"
