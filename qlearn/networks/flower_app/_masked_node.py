"""A node's part in a masked round: keys from its key service, its update under pads, and a memory between messages."""

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from flwr.app import Context, Message, RecordDict

from qlearn.networks.flower_app import _wire
from qlearn.networks.flower_app._memory import recall, remembered
from qlearn.networks.flower_app._vault import Circle, Vault, refuse_unmaskable
from qlearn.networks.secure_aggregation.key_source import KeySessionAborted
from qlearn.networks.secure_aggregation.masked_client import MaskedClient
from qlearn.networks.secure_aggregation.round_messages import pack, unpack
from qlearn.networks.secure_aggregation.survivors import RefusedMessage

if TYPE_CHECKING:
    from qlearn.networks.federated.client import Client
    from qlearn.networks.flower_app.federation import Federation

_MEMORY = "masked rounds"
_LOG = logging.getLogger(__name__)


def known_circle(step: str, context: Context) -> Circle | None:
    """Return what the vault knows of the run, for a step that trains nothing; None: the federation itself must be asked."""
    place = _wire.vault_of(context)
    return None if step == "mask" or place is None else Vault(place).circle(context.run_config)


def act(
    step: str,
    message: Message,
    context: Context,
    federation: "Federation | Circle",
    index: int,
    own: "Client | None" = None,
) -> Message:
    """Do one step of a round: what is refused, or has no keys, is said and not done. `own` is needed where it trains."""
    config = _wire.settings(message)
    if config.pop(_wire.CLIENT) != index:
        raise ValueError(f"the message is for another client than {index}, which this node is now")
    given = config.pop("message")
    name = federation.names[index]
    said: dict[str, Any]
    try:
        said = {"message": _done(step, given, message, context, federation, name, own, config)}
    except KeySessionAborted as fault:
        said = {"aborted": str(fault)}
    except RefusedMessage as fault:
        said = {"refused": str(fault)}
    except Exception as fault:  # whose text may quote rows, an update or a key, and the server would read it
        _LOG.exception("%s could not %s", name, step)
        kind = type(fault).__name__
        said = {
            "refused": f"{name} could not {step}: {kind}; what it says is in the log of the node. Nothing was sent"
        }
    return Message(content=RecordDict({_wire.CONFIG: _wire.texts(said)}), reply_to=message)


def _done(
    step: str,
    given: bytes,
    message: Message,
    context: Context,
    federation: "Federation | Circle",
    name: str,
    own: "Client | None",
    config: dict[str, Any],
) -> bytes:
    """Return the answer of the client, once; keep what it must know for the next message, also if it refuses this one."""
    place = _wire.vault_of(context)
    if place is None:
        raise RefusedMessage("this node has no vault, and takes no part in masked rounds")
    vault = Vault(place)
    with vault.key_service(name) as keys:
        roster = vault.roster()
        terms = federation.terms if isinstance(federation, Circle) else vault.terms(federation)
        _refuse_other_circle(federation, roster)
        masker = MaskedClient(name, terms, keys, vault.signer(name), roster)
        known: dict[str, Any] = dict(context.state.config_records.get(_MEMORY, {}))
        if known:
            recall(masker, vault.opened(name, known["memory"], known.get("of", "")))

        def keep() -> None:
            memory = vault.sealed(name, remembered(masker), known.get("of", ""))
            context.state[_MEMORY] = _wire.texts(known | {"memory": memory})

        try:
            answer = pack(_steps(masker, own, message, config, federation)[step](given))
        except Exception:
            keep()
            raise
        if (
            step == "join"
        ):  # and not where it was refused: the marks of the round that goes on would be forgotten
            known["of"] = secrets.token_hex(
                16
            )  # a round's name, since its number comes again in the next run
        else:
            vault.once(name, step, known["of"])
        keep()
    return answer


def _refuse_other_circle(federation: "Federation | Circle", roster: Mapping[str, bytes]) -> None:
    """Refuse a run that is not of the clients that this node knows: what a run says of itself is the server's word."""
    if not isinstance(federation, Circle):  # of which that was refused before the first round
        try:
            refuse_unmaskable(federation)
        except ValueError as fault:
            raise RefusedMessage(str(fault)) from None
    if set(roster) != set(federation.names):
        raise RefusedMessage(
            f"the run is of {', '.join(federation.names)}, and the roster of this node of {', '.join(sorted(roster))}"
        )


def _steps(
    masker: MaskedClient,
    own: "Client | None",
    message: Message,
    config: dict[str, Any],
    federation: "Federation | Circle",
) -> dict[str, Callable[[bytes], Any]]:
    """Return what each step does with the message that it is given."""

    def masked(given: bytes) -> Any:
        opening: Any = unpack(given)
        arrays = message.content.array_records[_wire.ARRAYS].to_numpy_ndarrays()
        if own is None or isinstance(federation, Circle):
            raise TypeError("own must be the client itself where it trains")
        about = _wire.about(arrays, config, federation.fingerprint)
        parameters, n, _ = own.fit(arrays, config)
        step = np.concatenate([(p - a).ravel() for p, a in zip(parameters, arrays, strict=True)])
        return masker.mask(opening, np.append(n * step, n), about)

    def other(step: Callable[[Any], Any]) -> Callable[[bytes], Any]:
        return lambda given: step(unpack(given))

    return {
        "join": lambda given: masker.join(config["round"]),
        "share": other(masker.share),
        "mask": masked,
        "sign": other(masker.sign),
        "reveal": other(masker.reveal),
    }
