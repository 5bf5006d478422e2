"""Conformance: a key service beside ETSI GS QKD 014, line by line, over its own interface."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from qlearn.communication.key_management import DeliveredKey, KMEClient, KMEError

_STATUS = {
    "source_KME_ID": str,
    "target_KME_ID": str,
    "master_SAE_ID": str,
    "slave_SAE_ID": str,
    "key_size": int,
    "stored_key_count": int,
    "max_key_count": int,
    "max_key_per_request": int,
    "max_key_size": int,
    "min_key_size": int,
    "max_SAE_ID_count": int,
}


@dataclass(frozen=True)
class ConformanceLine:
    """One demand of the standard, and what a service did.

    Parameters
    ----------
    call : str
        "Get status", "Get key" or "Get key with key IDs".
    demand : str
        What the standard asks, in our words.
    seen : str
        What the service answered; no key is in it.
    met : bool
        Whether that is what is asked.
    """

    call: str
    demand: str
    seen: str
    met: bool


def conformance_lines(
    master: KMEClient, slave: KMEClient, third: KMEClient, *, names: tuple[str, str]
) -> tuple[ConformanceLine, ...]:
    """Ask a running key service what ETSI GS QKD 014 demands, and return what it did, line by line.

    Twelve demands that show at the interface are tried, with calls of three applications. It spends six keys of the
    service. What does not show there is not tried: whether it wants TLS 1.2 and certificates, multicast, what it does
    when empty, when two ask at once, or when it crashes. A service that meets all lines is not thereby secure.

    Parameters
    ----------
    master, slave : KMEClient
        Two applications between which the service delivers.
    third : KMEClient
        An application that it knows, and that is a party to none of these keys.
    names : (str, str)
        The SAE IDs of master and slave, as in their certificates.

    Returns
    -------
    tuple of ConformanceLine

    Examples
    --------
    >>> conformance_lines(None, None, None, names=("Alice", "Bob"))
    Traceback (most recent call last):
    ...
    TypeError: master must be a KMEClient, not NoneType: the calls go over the real interface

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019), sections 5 and 6.
    """
    for name, client in (("master", master), ("slave", slave), ("third", third)):
        if not isinstance(client, KMEClient):
            raise TypeError(
                f"{name} must be a KMEClient, not {type(client).__name__}: the calls go over the real interface"
            )
    if len(names) != 2 or names[0] == names[1]:
        raise ValueError(f"names must be the two different SAE IDs of master and slave, not {names!r}")
    alice, bob = names
    status = master.status(bob)
    size, lines = int(status["key_size"]), []

    def line(call: str, demand: str, seen: str, met: bool) -> None:
        lines.append(ConformanceLine(call, demand, seen, met))

    def refusal(call: str, demand: str, ask: Callable[[], object], due: int, words: str = "") -> None:
        try:
            ask()
            line(call, demand, "granted", False)
        except KMEError as fault:
            line(call, demand, str(fault), fault.status == due and words in fault.message)

    lacking = [name for name, kind in _STATUS.items() if not isinstance(status.get(name), kind)]
    seen = f"without {', '.join(lacking)}" if lacking else f"{len(_STATUS)} fields"
    line("Get status", "the eleven fields, each of its type", seen, not lacking)

    [key] = master.enc_keys(bob)
    line(
        "Get key", "an empty request brings one key of key_size", _described([key]), 8 * len(key.key) == size
    )
    line(
        "Get key", "its key_ID is a UUID", "a UUID" if _is_uuid(key.key_id) else "none", _is_uuid(key.key_id)
    )
    shorter = int(status["min_key_size"])
    two = master.enc_keys(bob, number=2, size=shorter)
    right = len(two) == 2 and all(8 * len(one.key) == shorter for one in two)
    line("Get key", "number and size are kept", _described(two), right)
    odd = int(status["min_key_size"]) + 1
    refusal(
        "Get key",
        "a size that is no multiple of 8: 400, with fixed words",
        lambda: master.enc_keys(bob, size=odd),
        400,
        "size shall be a multiple of 8",
    )
    many = int(status["max_key_per_request"]) + 1
    refusal("Get key", "more keys than it says: 400", lambda: master.enc_keys(bob, number=many), 400)
    unknown = [{"qlearn_unknown_extension": 1}]
    refusal(
        "Get key",
        "a mandatory extension that it does not know: 400, with fixed words",
        lambda: master.enc_keys(bob, extension_mandatory=unknown),
        400,
        "not all extension_mandatory parameters are supported",
    )
    try:
        given = _described(master.enc_keys(bob, extension_optional=unknown))
        line("Get key", "an optional extension that it does not know is passed over", given, True)
    except KMEError as fault:
        line("Get key", "an optional extension that it does not know is passed over", str(fault), False)

    by_id = "Get key with key IDs"
    refusal(by_id, "an application that was not named: 401", lambda: third.dec_keys(alice, [key.key_id]), 401)
    try:
        same = slave.dec_keys(alice, [key.key_id]) == [key]
        line(by_id, "the one that was named gets the same key", "equal" if same else "another key", same)
    except KMEError as fault:
        line(by_id, "the one that was named gets the same key", str(fault), False)
    gone = "one or more keys specified are not found on KME"
    again = "the same ID once more: 400, with fixed words"
    refusal(by_id, again, lambda: slave.dec_keys(alice, [key.key_id]), 400, gone)
    unknown_id = "an ID that was never given: 400, with fixed words"
    refusal(by_id, unknown_id, lambda: slave.dec_keys(alice, [str(uuid4())]), 400, gone)
    return tuple(lines)


def _described(keys: list[DeliveredKey]) -> str:
    sizes = sorted({8 * len(key.key) for key in keys})
    return f"{len(keys)} of {', '.join(map(str, sizes))} bits"


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
