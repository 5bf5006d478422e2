"""Enrolment: which node is which client, said once by each node and believed only where it fits."""

import time
from typing import Any

from flwr.app import Message, MessageType, RecordDict
from flwr.serverapp import Grid

from qlearn._checks import as_count
from qlearn.networks.flower_app import _wire
from qlearn.networks.flower_app.federation import Federation

_LOOK = 0.2


class Enrolment:
    """The nodes that are clients of a federation, each client once.

    Parameters
    ----------
    federation : Federation
        What they must be of.
    hidden : bool
        Whether clients keep to themselves how many samples they have.
    registered : tuple of int
        The node that each client's key was registered for. Empty, as where nodes have no keys: the first who says
        that it is a client is it.
    """

    def __init__(self, federation: Federation, *, hidden: bool, registered: tuple[int, ...] = ()) -> None:
        self.federation, self.hidden, self.registered = federation, hidden, registered
        self.nodes: dict[int, int] = {}
        """The node of each client that is there."""
        self.samples: dict[int, dict[str, int]] = {}
        """How many samples each has, that train and that are held out: what it may claim later."""
        self.refused: dict[int, str] = {}
        """Why a node is no client."""
        self.known: dict[str, dict[str, int]] = {}
        """What :meth:`kept` gave before the server fell."""
        self.most = sum(client.n_samples + client.n_held_out for client in federation.clients())
        """Samples of all clients together: none can have more."""
        self._greeted: set[int] = set()
        self._pending: set[str] = set()

    def wait(self, grid: Grid, *, least: int, patience: float) -> None:
        """Ask the nodes which clients they are, until `least` are there; say who is missing after `patience` seconds."""
        end = time.monotonic() + patience
        connected = set(grid.get_node_ids())
        for (
            index,
            says,
        ) in self.known.items():  # a node keeps its ID by its key: it need not say again who it is
            if says["node"] in connected:
                self.nodes[int(index)] = says["node"]
                self.samples[int(index)] = {on: says[on] for on in ("train", "held_out")}
        self.known = {}
        while True:
            self.greet(grid)
            if len(self.nodes) >= least:
                return
            if time.monotonic() > end:
                names = self.federation.names
                missing = [name for i, name in enumerate(names) if i not in self.nodes]
                told = "".join(f"; node {node}: {why}" for node, why in self.refused.items())
                raise TimeoutError(
                    f"{len(self.nodes)} of {len(names)} clients are there after {patience:g} s, {least} must be: "
                    f"{', '.join(missing)} are missing{told}"
                )
            time.sleep(_LOOK)

    def greet(self, grid: Grid) -> None:
        """Ask the nodes that are new who they are, and take those that have said so; wait for none."""
        known = {*self.nodes.values(), *self._greeted}
        new = [node for node in grid.get_node_ids() if node not in known]
        if new:
            self._greeted.update(new)
            content = RecordDict({_wire.CONFIG: _wire.texts({})})
            asked = [Message(content, node, MessageType.QUERY, group_id="enrol") for node in new]
            self._pending.update(name for name in grid.push_messages(asked) if name)
        for reply in grid.pull_messages(self._pending) if self._pending else ():
            self._pending.discard(reply.metadata.reply_to_message_id)
            node = reply.metadata.src_node_id
            try:
                self._admit(node, reply)
            except (KeyError, TypeError, ValueError) as error:
                self.refused[node] = str(error)

    def forget(self, index: int) -> None:
        """Take a client for gone whose node the SuperLink has lost: when it is back it says again who it is."""
        self._greeted.discard(self.nodes.pop(index, 0))

    def kept(self) -> dict[str, dict[str, int]]:
        """Return what a server that falls must know again."""
        return {str(i): {"node": node, **self.samples[i]} for i, node in self.nodes.items()}

    def _admit(self, node: int, reply: Message) -> None:
        if reply.has_error():
            raise ValueError(f"it could not say who it is: {reply.error.reason}")
        says: Any = reply.content.config_records[_wire.CONFIG]
        index = as_count(says["client"], "client", 0)
        if index >= self.federation.n_clients:
            raise ValueError(f"it is client {index}, and there are {self.federation.n_clients}")
        if self.registered and self.registered[index] != node:
            raise ValueError(f"it says that it is client {index}, whose key is another node's")
        if says["fingerprint"] != self.federation.fingerprint:
            raise ValueError(
                "it is of another federation: its description or its rows differ from the server's, or its versions"
            )
        if index in self.nodes:
            raise ValueError(f"client {index} is there already, as node {self.nodes[index]}")
        samples = {
            "train": as_count(says["train"], "train", 0 if self.hidden else 1),
            "held_out": as_count(says["held_out"], "held_out", 0),
        }
        if sum(samples.values()) > self.most:
            raise ValueError(
                f"it claims {sum(samples.values())} samples, more than the {self.most} of all together"
            )
        self.nodes[index], self.samples[index] = node, samples
