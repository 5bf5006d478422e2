"""The grids: a loop in which an app that raises is an error reply, and a watch that does not wait for ever."""

import time

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import Message, RecordDict

from qlearn.networks.flower_app import _grids


def echo(message, context):
    if context.node_config["partition-id"] == 2:
        raise RuntimeError("out of order")
    return Message(message.content, reply_to=message)


@pytest.fixture
def loop():
    with _grids.server_identity():
        yield _grids.LoopGrid(echo, 3, {})


def messages(grid):
    return [Message(RecordDict(), node, "train") for node in grid.get_node_ids()]


def test_each_node_answers_its_message_once(loop):
    sent = messages(loop)
    replies = list(loop.send_and_receive(sent))
    assert [r.metadata.reply_to_message_id for r in replies] == [m.metadata.message_id for m in sent]
    assert [r.has_error() for r in replies] == [False, False, True]
    assert replies[2].error.reason == "RuntimeError: out of order"
    assert list(loop.pull_messages([m.metadata.message_id for m in sent])) == []


def test_node_ids_are_no_indices(loop):
    assert not set(loop.get_node_ids()) & {0, 1, 2}


def test_there_is_no_run(loop):
    with pytest.raises(AttributeError, match="a loop in one process has no run"):
        _ = _grids.Watched(loop, 1.0).run


class Slow(_grids.LoopGrid):
    """Node 1 answers when it was looked at three times, node 2 never."""

    looks = 0

    def pull_messages(self, message_ids):
        self.looks += 1
        hold = {name for name, reply in self._replies.items() if reply.has_error()}
        if self.looks < 3:
            hold |= {n for n, reply in self._replies.items() if reply.metadata.src_node_id == 1007}
        return super().pull_messages(set(message_ids) - hold)


def test_a_watch_takes_what_came_in_time():
    with _grids.server_identity():
        watched = _grids.Watched(Slow(echo, 3, {}), patience=1.0)
        replies = list(watched.send_and_receive(messages(watched), timeout=0.7))
    assert [r.metadata.src_node_id for r in replies] == [1000, 1007]


def test_the_doubtful_are_waited_for_a_share_of_the_time():
    with _grids.server_identity():
        slow = Slow(echo, 3, {})
        watched = _grids.Watched(slow, patience=1.0)
        watched.begin([1000, 1007, 1014], doubtful={1007, 1014})
        # a third of 0.09 s is over before the third look
        replies = list(watched.send_and_receive(messages(watched), timeout=0.09))
    assert [r.metadata.src_node_id for r in replies] == [1000]


def test_a_strategy_does_not_wait_for_nodes_for_ever(loop):
    watched = _grids.Watched(loop, patience=0.01)
    watched.begin([1014, 1000, 5, 1007], doubtful=set())
    assert watched.get_node_ids() == [1014, 1000, 1007]  # those that are connected, in this order
    time.sleep(0.02)
    with pytest.raises(TimeoutError, match=r"too few nodes: 3 are connected, and in 0\.01 s no more came"):
        watched.get_node_ids()


def test_the_identity_is_put_back():
    from flwr.supercore.task_identity import TaskIdentity

    before = TaskIdentity._node_id
    with _grids.server_identity():
        assert TaskIdentity.node_id == 1
    assert TaskIdentity._node_id == before
