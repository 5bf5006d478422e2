"""What a masked client remembers between two messages: all of it, and nothing of another."""

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from qlearn.networks.flower_app import _memory
from qlearn.networks.secure_aggregation import AggregationServer, MaskedClient, Signer, StoreKeys, Terms

NAMES = ("Ann", "Ben", "Cem", "Dia")


def test_a_memory_comes_back_whole():
    memory = {
        "a": b"\x00\xff",
        "b": [1, "x", None],
        "round": {"bytes": {"bytes": b"", "items": [b"1"]}, "n": 3},
    }
    assert _memory._read(_memory._written(memory)) == memory


def test_clients_that_are_made_anew_for_each_message_make_the_same_sum(store):
    terms = Terms(NAMES, size=3)
    signers = {name: Signer() for name in NAMES}
    roster = {name: signer.public_key for name, signer in signers.items()}
    memories: dict[str, bytes] = {}

    def act(name, step, *given):
        client = MaskedClient(name, terms, StoreKeys(store, name), signers[name], roster)
        if name in memories:
            _memory.recall(client, memories[name])
        answer = getattr(client, step)(*given)
        memories[name] = _memory.remembered(client)
        return answer

    server, rng = AggregationServer(terms, roster), np.random.default_rng(1)
    for number in (1, 2):
        updates = {name: rng.normal(size=3) for name in NAMES}
        server.open(number)
        members = server.members([act(name, "join", number) for name in NAMES])
        openings = server.relay([act(name, "share", members) for name in NAMES])
        here = NAMES[:3] if number == 2 else NAMES
        listed = server.survivors([act(name, "mask", openings[name], updates[name]) for name in here])
        request = server.request([act(name, "sign", listed) for name in here])
        total = server.total([act(name, "reveal", request) for name in here])
        np.testing.assert_allclose(total, sum(updates[name] for name in here), atol=4 * 2**-17)
    # after a round nothing of its keys is remembered
    assert _memory._read(__import__("json").loads(memories["Ann"]))["round"] is None


def test_a_round_is_not_played_twice_by_a_client_that_was_made_anew(store):
    terms, signer = Terms(NAMES, size=1), Signer()
    roster = {name: Signer().public_key for name in NAMES} | {"Ann": signer.public_key}
    first, second = (MaskedClient("Ann", terms, StoreKeys(store, "Ann"), signer, roster) for _ in range(2))
    first.join(1)
    _memory.recall(second, _memory.remembered(first))
    with pytest.raises(ValueError, match="round 1 was here already"):
        second.join(1)
