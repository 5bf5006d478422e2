"""The app of a node: the client of the federation that the run describes, behind Flower's messages."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flwr.app import Context, Message, RecordDict
from flwr.clientapp import ClientApp

from qlearn.networks.flower_app import _wire

if TYPE_CHECKING:
    from qlearn.networks.federated.client import Client
    from qlearn.networks.flower_app.federation import Federation

# A process is started for each message. What trains takes scikit-learn, and is imported where something is trained.

app = ClientApp()


@lru_cache(maxsize=64)
def _client(federation: "Federation", index: int) -> "Client":
    """Make a client once in a process: simulation keeps its processes, a deployment starts one for each message."""
    return federation.client(index)


def _mine(context: Context) -> tuple["Federation", int]:
    from qlearn.networks.flower_app.federation import Federation

    return Federation.from_config(context.run_config), int(context.node_config["partition-id"])


@app.query()
def enrol(message: Message, context: Context) -> Message:
    """Say which client this node is, of which federation, and how many samples it has."""
    federation, index = _mine(context)
    own = _client(federation, index)
    counts = {"train": own.n_samples, "held_out": own.n_held_out}
    if _wire.vault_of(context):  # in masked rounds nobody but the client knows how many
        counts = dict.fromkeys(counts, 0)
    says = {"client": index, "fingerprint": federation.fingerprint} | counts
    return Message(content=RecordDict({_wire.CONFIG: _wire.texts(says)}), reply_to=message)


def _received(message: Message, context: Context) -> tuple["Client", list[Any], dict[str, Any]]:
    """Return the client, the model and the settings of a message; refuse one for another client, or to answer in the open."""
    if _wire.vault_of(context):
        raise ValueError(
            f"this node takes part in masked rounds alone: a message of type {message.metadata.message_type} asks for a "
            "model or scores without masks"
        )
    federation, index = _mine(context)
    settings = _wire.settings(message)
    if settings.pop(_wire.CLIENT, index) != index:
        raise ValueError(
            f"the message is for another client than {index}, which this node is now: it must enrol anew"
        )
    arrays = message.content.array_records[_wire.ARRAYS].to_numpy_ndarrays()
    return _client(federation, index), arrays, settings


@app.train()
def train(message: Message, context: Context) -> Message:
    """Train on from the model in the message."""
    own, arrays, settings = _received(message, context)
    parameters, n, metrics = own.fit(arrays, settings)
    return _wire.reply(parameters, n, metrics, message)


@app.evaluate()
def evaluate(message: Message, context: Context) -> Message:
    """Score the model in the message on the samples that train and on those that are held out."""
    own, arrays, _ = _received(message, context)
    scores: dict[str, float] = {}
    for on in ("train", "held_out")[: 2 if own.n_held_out else 1]:
        loss, _, metrics = own.evaluate(arrays, {"on": on})
        scores |= {f"{on}_accuracy": float(metrics["accuracy"]), f"{on}_loss": float(loss)}
    return Message(content=RecordDict({_wire.METRICS: _wire.numbers(scores)}), reply_to=message)


def _masked_step(step: str) -> Callable[[Message, Context], Message]:
    def act(message: Message, context: Context) -> Message:
        from qlearn.networks.flower_app import _masked_node

        if known := _masked_node.known_circle(step, context):
            return _masked_node.act(step, message, context, known, int(context.node_config["partition-id"]))
        federation, index = _mine(context)
        own = _client(federation, index)
        return _masked_node.act(step, message, context, federation, index, own)

    return act


for _step in ("join", "share", "mask", "sign", "reveal"):
    app.train(_step)(_masked_step(_step))
