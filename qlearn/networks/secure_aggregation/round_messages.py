"""Round messages: what clients and server of a secure sum say to each other, and how it is written down."""

import base64
import json
from dataclasses import dataclass, fields
from typing import Any

KeyIds = dict[str, tuple[str, ...]]
"""For each other client the IDs of the keys that were drawn with it; public."""


@dataclass(frozen=True)
class Joined:
    """Client to server: it takes part, and has drawn keys with the clients after it."""

    number: int
    sender: str
    key_ids: KeyIds
    signature: bytes


@dataclass(frozen=True)
class Members:
    """Server to all: who joined, with which keys, their signatures of that, and a hash of what the updates are about."""

    number: int
    members: tuple[str, ...]
    key_ids: dict[str, KeyIds]
    signatures: dict[str, bytes]
    about: bytes = b""


@dataclass(frozen=True)
class Shared:
    """Client to server: its signature of the members, and a sealed share of its self-mask for each other one."""

    number: int
    sender: str
    signature: bytes
    shares: dict[str, bytes]


@dataclass(frozen=True)
class Opening:
    """Server to each: the signatures of all members, and the shares that are for this one."""

    number: int
    signatures: dict[str, bytes]
    shares: dict[str, bytes]


@dataclass(frozen=True)
class Masked:
    """Client to server: its update under all masks, in words of 8 bytes."""

    number: int
    sender: str
    words: bytes


@dataclass(frozen=True)
class Survivors:
    """Server to the survivors: whose update arrived."""

    number: int
    survivors: tuple[str, ...]


@dataclass(frozen=True)
class Signed:
    """Client to server: its signature of the one list of survivors."""

    number: int
    sender: str
    signature: bytes


@dataclass(frozen=True)
class Request:
    """Server to the survivors: the signatures of their list."""

    number: int
    signatures: dict[str, bytes]


@dataclass(frozen=True)
class Revealed:
    """Client to server: a share of the self-mask of each survivor, and its pads with those that fell out, summed."""

    number: int
    sender: str
    shares: dict[str, bytes]
    pads: bytes


RoundMessage = Joined | Members | Shared | Opening | Masked | Survivors | Signed | Request | Revealed
"""Any of them."""

_KINDS = {
    kind.__name__: kind
    for kind in (Joined, Members, Shared, Opening, Masked, Survivors, Signed, Request, Revealed)
}


def pack(message: RoundMessage) -> bytes:
    """Return a message as bytes: JSON, with bytes in base64.

    Parameters
    ----------
    message : RoundMessage
        Any message of a round.

    Returns
    -------
    bytes

    Examples
    --------
    >>> pack(Survivors(1, ("Ann", "Ben")))
    b'["Survivors", {"number": 1, "survivors": ["Ann", "Ben"]}]'
    >>> unpack(pack(Survivors(1, ("Ann", "Ben"))))
    Survivors(number=1, survivors=('Ann', 'Ben'))
    """
    content = {part.name: _written(getattr(message, part.name)) for part in fields(message)}
    return json.dumps([type(message).__name__, content]).encode()


def unpack(data: bytes) -> RoundMessage:
    """Return the message that was packed, or refuse what is none.

    Parameters
    ----------
    data : bytes
        From :func:`pack`, at another party.

    Returns
    -------
    RoundMessage

    Examples
    --------
    >>> unpack(pack(Survivors(1, ("Ann", "Ben"))))
    Survivors(number=1, survivors=('Ann', 'Ben'))
    """
    try:
        name, content = json.loads(data)
        kind = _KINDS[name]
        return kind(**{part.name: _read(content[part.name], str(part.type)) for part in fields(kind)})
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"data must be a message of a round, as pack writes it: {fault!r}") from None


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return {key: _written(item) for key, item in value.items()} if isinstance(value, dict) else value


def _read(value: Any, kind: str) -> Any:
    kind = {
        "KeyIds": "dict[str, tuple[str, ...]]",
        "dict[str, KeyIds]": "dict[str, dict[str, tuple[str, ...]]]",
    }.get(kind.rpartition(".")[2] if "[" not in kind else kind, kind)
    if kind.startswith("dict[str, "):
        return {str(key): _read(item, kind[len("dict[str, ") : -1]) for key, item in value.items()}
    if kind.startswith("tuple"):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise TypeError("names and IDs are texts")
        return tuple(value)
    if "bytes" in kind:
        return base64.b64decode(value, validate=True)
    expected = int if "int" in kind else str
    if type(value) is not expected:
        raise TypeError(f"{value!r} is no {expected.__name__}")
    return value
