"""Who is let in: each client once, of this federation, and as long as it stays that client."""

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import Error, Message, RecordDict
from flwr.common.constant import ErrorCode

from qlearn.networks.flower_app import Federation, _grids

FEDERATION = Federation("iris", n_clients=4, rounds=2, local_epochs=1)


class Strangers(_grids.LoopGrid):
    """Five nodes for four clients: one says it is client 0 as well."""

    def __init__(self, app, n_nodes, config):
        super().__init__(app, n_nodes + 1, config)
        list(self._contexts.values())[-1].node_config["partition-id"] = self.says

    says = 0


@pytest.mark.parametrize("says", [0, 17])
def test_a_node_that_is_no_client_is_never_asked(play, says):
    grid = type("Of", (Strangers,), {"says": says})
    history = play(grid=grid)
    assert [len(r.answered) for r in history.rounds] == [4, 4]


def test_a_node_of_another_federation_is_refused(play):
    class Other(_grids.LoopGrid):
        def __init__(self, app, n_nodes, config):
            super().__init__(app, n_nodes, config)
            list(self._contexts.values())[2].run_config = dict(config, seed=9)

    with pytest.raises(
        TimeoutError, match=r"3 of 4 clients .* 4 must be: client 2 .* it is of another federation"
    ):
        play(grid=Other)
    history = play(grid=Other, min_clients=3)
    assert {f.reason for _, f in history.failures} == {"no node of this client is connected"}
    assert [len(r.answered) for r in history.rounds] == [3, 3]


def test_a_node_cannot_be_a_client_whose_key_is_anothers(play):
    ids = (1000, 1007, 1014, 1021)  # of the loop's nodes
    assert not play(registered=ids).failures
    with pytest.raises(TimeoutError, match="client 1, client 2 are missing") as refusal:
        play(registered=(1000, 1014, 1007, 1021))
    for node, client in ((1007, 1), (1014, 2)):
        assert f"node {node}: it says that it is client {client}, whose key is another node's" in str(
            refusal.value
        )


def lost_by_the_superlink(reply):
    return Message(Error(ErrorCode.NODE_UNAVAILABLE, "no heartbeat"), reply_to=asked_again(reply))


def asked_again(reply):
    """The message that a reply was to, as far as another reply to it must know."""
    message = Message(RecordDict(), reply.metadata.src_node_id, "train")
    message.metadata.__dict__["_message_id"] = reply.metadata.reply_to_message_id
    return message


def test_nodes_that_were_lost_say_again_who_they_are_and_the_round_is_theirs(play):
    """All are lost at first: that is no round, and what comes after is what would have been."""
    times = iter([True] * 4 + [False] * 99)
    federation = Federation(**FEDERATION.config() | {"rounds": 3, "strategy": "FedAvg(fraction=1.0)"})
    history = play(lambda i, r, m, reply: lost_by_the_superlink(reply) if next(times) else reply, federation)
    plain = play(federation=federation)
    assert history.rounds == plain.rounds
    assert all((a == b).all() for a, b in zip(history.parameters, plain.parameters, strict=True))


def test_a_node_that_was_lost_alone_is_a_failure_and_comes_back(play):
    history = play(
        lambda i, r, m, reply: lost_by_the_superlink(reply) if (i, r) == (1, 1) else reply,
        Federation(**FEDERATION.config() | {"rounds": 3}),
    )
    assert [len(r.answered) for r in history.rounds] == [3, 4, 4]
    assert [(n, f.client, f.reason) for n, f in history.failures] == [
        (1, "client 1", "RuntimeError: no heartbeat")
    ]


def test_without_any_node_a_round_fails_and_says_so(play):
    class Emptied(_grids.LoopGrid):
        asked = 0

        def get_node_ids(self):
            self.asked += 1
            return list(self._contexts) if self.asked < 3 else []

    history = play(lambda i, r, m, reply: lost_by_the_superlink(reply), grid=Emptied)
    assert sorted(history.failed) == [1, 2]
    for reason in history.failed.values():
        assert reason.startswith("nobody is there: 0 of 4 clients are there after 0.3 s")
