"""The memory of a masked client between two messages: Flower starts a process for each, and a round has five."""

import base64
import json
from dataclasses import asdict
from typing import Any

from qlearn.networks.secure_aggregation._client_round import ClientRound
from qlearn.networks.secure_aggregation.masked_client import MaskedClient
from qlearn.networks.secure_aggregation.pairwise_pads import PairKeys


def remembered(masker: MaskedClient) -> bytes:
    """Return what a client must know when its next message comes. Keys that are not spent are in it: seal it."""
    state = masker._state
    return json.dumps(
        _written(
            {
                "last": masker._last,
                "seen": sorted(masker._seen),
                "drawn": masker.key_bits_drawn,
                "refused": masker.refused,
                "round": None if state is None else asdict(state),
            }
        )
    ).encode()


def recall(masker: MaskedClient, memory: bytes) -> None:
    """Let a client that was made anew take up what :func:`remembered` returned."""
    known = _read(json.loads(memory))
    masker._last, masker.key_bits_drawn = known["last"], known["drawn"]
    masker._seen, masker.refused = set(known["seen"]), known["refused"]
    masker._state = None
    if (state := known["round"]) is not None:
        state["pairs"] = {name: PairKeys(**keys) for name, keys in state["pairs"].items()}
        state |= {name: tuple(state[name]) for name in ("members", "survivors")}
        masker._state = ClientRound(**state)


def _written(value: Any) -> Any:
    """Return a value as JSON holds it, bytes as texts that say so."""
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {"items": [[key, _written(item)] for key, item in value.items()]}
    return [_written(item) for item in value] if isinstance(value, list | tuple) else value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(item) for item in value]
    if isinstance(value, dict):
        if "bytes" in value:
            return base64.b64decode(value["bytes"])
        return {key: _read(item) for key, item in value["items"]}
    return value
