"""A node's part in a masked round: keys from its key service, its update under pads, and a memory between messages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from flwr.app import Context, Message, RecordDict

from qlearn.communication.key_management.client import KMEClient
from qlearn.networks.federated.client import Client
from qlearn.networks.flower_app import _wire
from qlearn.networks.flower_app._memory import recall, remembered
from qlearn.networks.flower_app._vault import Vault
from qlearn.networks.flower_app.federation import Federation
from qlearn.networks.secure_aggregation.key_source import KeySessionAborted
from qlearn.networks.secure_aggregation.masked_client import MaskedClient
from qlearn.networks.secure_aggregation.round_messages import pack, unpack
from qlearn.networks.secure_aggregation.survivors import RefusedMessage

_MEMORY = "masked rounds"


def act(
    step: str, message: Message, context: Context, federation: Federation, index: int, own: Client
) -> Message:
    """Do one step of a round: what is refused, or has no keys, is said and not done."""
    config = _wire.settings(message)
    if config.pop(_wire.CLIENT) != index:
        raise ValueError(f"the message is for another client than {index}, which this node is now")
    given = config.pop("message")
    # A node has its vault where it was told when it was started; a simulation has one for all.
    vault = Vault(Path(str(context.node_config.get("vault") or context.run_config["vault"])))
    with vault.key_service(own.name) as keys:
        masker = _masker(context, federation, vault, own.name, keys)
        try:
            said: dict[str, Any] = {"message": pack(_steps(masker, own, message, config)[step](given))}
        except KeySessionAborted as fault:
            said = {"aborted": str(fault)}
        except RefusedMessage as fault:
            said = {"refused": str(fault)}
    context.state[_MEMORY] = _wire.texts({"memory": remembered(masker)})
    return Message(content=RecordDict({_wire.CONFIG: _wire.texts(said)}), reply_to=message)


def _steps(
    masker: MaskedClient, own: Client, message: Message, config: dict[str, Any]
) -> dict[str, Callable[[bytes], Any]]:
    """Return what each step does with the message that it is given."""

    def masked(given: bytes) -> Any:
        opening: Any = unpack(given)
        arrays = message.content.array_records[_wire.ARRAYS].to_numpy_ndarrays()
        parameters, n, _ = own.fit(arrays, config)
        step = np.concatenate([(p - a).ravel() for p, a in zip(parameters, arrays, strict=True)])
        return masker.mask(opening, np.append(n * step, n))

    def other(step: Callable[[Any], Any]) -> Callable[[bytes], Any]:
        return lambda given: step(unpack(given))

    return {
        "join": lambda given: masker.join(config["round"]),
        "share": other(masker.share),
        "mask": masked,
        "sign": other(masker.sign),
        "reveal": other(masker.reveal),
    }


def _masker(
    context: Context, federation: Federation, vault: Vault, name: str, keys: KMEClient
) -> MaskedClient:
    masker = MaskedClient(name, vault.terms(federation), keys, vault.signer(name), vault.roster())
    if _MEMORY in context.state:
        memory: Any = context.state.config_records[_MEMORY]["memory"]
        recall(masker, memory)
    return masker
