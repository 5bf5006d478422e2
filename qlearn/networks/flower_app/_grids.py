"""Two grids: one that calls the app of each node in this process, and one that asks any grid more often and never for ever."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from flwr.app import Context, Error, Message, RecordDict
from flwr.serverapp import Grid

_SECONDS_BETWEEN_LOOKS = 0.2
SHARE_OF_PATIENCE = 1 / 3
"""Who was silent is waited for again, but for this share of the time only."""
_ITSELF = 1
"""The node that a server is, in Flower's own numbering."""
_APP_RAISED = 2
"""Flower's code for an exception in the app of a node."""


class LoopGrid(Grid):
    """Flower's grid without a network: a message is a call of the app, one node after the other.

    Parameters
    ----------
    app : callable
        Takes a message and a context, returns the reply: a ``flwr.clientapp.ClientApp``.
    n_nodes : int
        Number of nodes, each with its `partition-id`.
    run_config : dict
        What the app reads of the run.
    """

    def __init__(
        self, app: Callable[[Message, Context], Message], n_nodes: int, run_config: dict[str, Any]
    ) -> None:
        self.app = app
        # Not 0, 1, ...: a strategy that takes the ID of a node for the number of its client would not be noticed.
        self._contexts = {
            1000 + 7 * i: Context(
                run_id=1,
                node_id=1000 + 7 * i,
                node_config={"partition-id": i, "num-partitions": n_nodes},
                state=RecordDict(),
                run_config=run_config,
            )
            for i in range(n_nodes)
        }
        self._replies: dict[str, Message] = {}

    @property
    def run(self) -> Any:
        """There is no run of a SuperLink."""
        raise AttributeError("a loop in one process has no run: nothing of a SuperLink is there")

    def set_run(self, run: Any) -> None:
        """Take no notice: there is no SuperLink."""

    def create_message(self, *args: Any, **options: Any) -> Message:
        """Make a message; Flower's own grids have this for programs of old."""
        return Message(*args, **options)

    def get_node_ids(self) -> Iterable[int]:
        """Return the IDs of all nodes."""
        return list(self._contexts)

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        """Let each node work on its message, and keep the reply."""
        ids = []
        for message in messages:
            name = uuid4().hex
            message.metadata.__dict__["_message_id"] = name
            try:
                reply = self.app(message, self._contexts[message.metadata.dst_node_id])
            except Exception as error:  # what a SuperNode does: the server is told, and no more
                reply = Message(Error(_APP_RAISED, f"{type(error).__name__}: {error}"), reply_to=message)
            self._replies[name] = reply
            ids.append(name)
        return ids

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        """Return the replies to these messages, each once."""
        return [self._replies.pop(name) for name in list(message_ids) if name in self._replies]

    def send_and_receive(
        self, messages: Iterable[Message], *, timeout: float | None = None
    ) -> Iterable[Message]:
        """Send the messages and return the replies."""
        return self.pull_messages(self.push_messages(messages))


@contextmanager
def server_identity() -> Iterator[None]:
    """Make messages outside of Flower's own processes: each names the task that sends it."""
    from flwr.supercore.task_identity import TaskIdentity

    before = {name: getattr(TaskIdentity, f"_{name}", None) for name in ("task_id", "run_id", "node_id")}
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = 1, 1, _ITSELF
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(TaskIdentity, f"_{name}", value)


class Watched(Grid):
    """A grid that is looked at every 0.2 s instead of every 3, and where waiting for nodes ends.

    Parameters
    ----------
    grid : Grid
        Any of Flower's.
    patience : float
        Seconds after which a strategy that waits for nodes is told that they do not come: Flower's own wait for ever.
    """

    def __init__(self, grid: Grid, patience: float) -> None:
        self.grid, self.patience = grid, patience
        self._since: float | None = None
        self._doubtful: set[int] = set()
        self._nodes: list[int] | None = None

    @property
    def run(self) -> Any:
        """The run of the grid within."""
        return self.grid.run

    def set_run(self, run: Any) -> None:
        """Hand on."""
        self.grid.set_run(run)

    def create_message(self, *args: Any, **options: Any) -> Message:
        """Hand on."""
        return self.grid.create_message(*args, **options)

    def get_node_ids(self) -> Iterable[int]:
        """Return the connected nodes, or say after some time that no more come."""
        connected = list(self.grid.get_node_ids())
        nodes = connected if self._nodes is None else [node for node in self._nodes if node in connected]
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since > self.patience:
            raise TimeoutError(
                f"too few nodes: {len(nodes)} are connected, and in {self.patience:g} s no more came"
            )
        return nodes

    def begin(self, nodes: list[int], doubtful: set[int]) -> None:
        """Show these nodes alone, in this order, and begin to wait anew; for the doubtful a share of the time only."""
        self._nodes, self._since, self._doubtful = nodes, None, doubtful

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        """Hand on."""
        return self.grid.push_messages(list(messages))

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        """Hand on."""
        return self.grid.pull_messages(message_ids)

    def send_and_receive(
        self, messages: Iterable[Message], *, timeout: float | None = None
    ) -> Iterable[Message]:
        """Send, and return the replies that came in time; who did not answer is the caller's to see."""
        listed = list(messages)
        names = self.push_messages(listed)
        node_of = {name: m.metadata.dst_node_id for name, m in zip(names, listed, strict=False) if name}
        waiting, start = set(node_of), time.monotonic()
        replies: list[Message] = []
        while waiting:
            came = list(self.pull_messages(waiting))
            replies += came
            waiting -= {reply.metadata.reply_to_message_id for reply in came}
            doubted = all(node_of[name] in self._doubtful for name in waiting)
            patience = float("inf") if timeout is None else timeout * (SHARE_OF_PATIENCE if doubted else 1)
            left = start + patience - time.monotonic()
            if not waiting or left <= 0:
                break
            time.sleep(min(_SECONDS_BETWEEN_LOOKS, left))
        return replies
