"""Conformance: a key service beside ETSI GS QKD 014, line by line, over its own interface."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from httpx import HTTPError

from qlearn.communication.key_management import DeliveredKey, KMEClient, KMEError

_Ask = Callable[[], list[DeliveredKey]]
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

    Thirteen of the demands that show at the interface are tried, with calls of three applications, by POST. It spends six
    keys of the service. An answer that is none of the standard's fails its line, and the next line is tried. Not tried:
    TLS 1.2 and certificates, the forms by GET, multicast, what it does when empty, when two ask at once, or when it crashes.
    A service that knows these calls can pass them and do otherwise: one that meets all lines is not thereby secure.

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

    Raises
    ------
    KMEError, httpx.HTTPError
        If the first call, for the status, is not answered: then there is nothing to hold against the standard.

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
    status, lines, served = master.status(bob), list[ConformanceLine](), list[DeliveredKey]()

    def line(call: str, demand: str, seen: str, met: bool) -> None:
        lines.append(ConformanceLine(call, demand, seen, met))

    def delivery(call: str, demand: str, ask: _Ask, right: Callable[[list[DeliveredKey]], bool]) -> None:
        try:
            keys = ask()
            served.extend(keys)
            line(call, demand, _described(keys), right(keys))
        except (KMEError, HTTPError) as fault:
            line(call, demand, _faulty(fault), False)

    def refusal(call: str, demand: str, ask: _Ask, due: int, words: str = "") -> None:
        try:
            ask()
            line(call, demand, "granted", False)
        except (KMEError, HTTPError) as fault:
            # What the client finds in an answer that is no Error object is not what the service said.
            said = isinstance(fault, KMEError) and fault.message not in (
                "no message",
                "the answer is no JSON object",
            )
            met = said and fault.status == due and words in fault.message  # type: ignore[union-attr]
            line(call, demand, _faulty(fault), met)

    faults = _faults_of_status(status, alice, bob)
    seen = ", ".join(faults) or f"{len(_STATUS)} fields"
    line("Get status", "the eleven fields, each of its type, with these two names", seen, not faults)
    size, shortest = _sane(status, "key_size", 256), _sane(status, "min_key_size", 64)
    other = shortest if shortest != size else _sane(status, "max_key_size", size)
    many = _sane(status, "max_key_per_request", 128) + 1

    empty = "an empty request brings one key of key_size"
    delivery("Get key", empty, lambda: master.enc_keys(bob), lambda keys: 8 * len(keys[0].key) == size)
    first = served[0] if served else None
    named = first is not None and _is_uuid(first.key_id)
    line("Get key", "its key_ID is a UUID", "a UUID" if named else "none", named)
    delivery(
        "Get key", "number and size are kept", lambda: master.enc_keys(bob, number=2, size=other),
        lambda keys: len(keys) == 2 and all(8 * len(one.key) == other for one in keys),
    )  # fmt: skip
    refusal(
        "Get key",
        "a size that is no multiple of 8: 400, with fixed words",
        lambda: master.enc_keys(bob, size=shortest // 8 * 8 + 1),
        400,
        "size shall be a multiple of 8",
    )
    refusal("Get key", "more keys than it says: 400", lambda: master.enc_keys(bob, number=many), 400)
    # A name that nobody can have made an exception for.
    unknown = [{f"x_{uuid4().hex}": 1}]
    refusal(
        "Get key",
        "a mandatory extension that it does not know: 400, with fixed words",
        lambda: master.enc_keys(bob, extension_mandatory=unknown),
        400,
        "not all extension_mandatory parameters are supported",
    )
    passed = "an optional extension that it does not know is passed over"
    delivery(
        "Get key",
        passed,
        lambda: master.enc_keys(bob, extension_optional=unknown),
        lambda keys: len(keys) == 1,
    )
    # Below 64 bits two honest keys may be equal; at 64 they are once in 10^18.
    long = [one.key for one in served if len(one.key) >= 8]
    twice = len(set(long)) < len(long) or len({one.key_id.lower() for one in served}) < len(served)
    line(
        "Get key",
        "no key and no ID comes twice",
        "one came again" if twice else "all differ",
        bool(served) and not twice,
    )

    by_id = "Get key with key IDs"
    ids = [first.key_id if first else str(uuid4())]
    refusal(by_id, "an application that was not named: 401", lambda: third.dec_keys(alice, ids), 401)
    same = "the one that was named gets the same key"
    try:
        equal = first is not None and slave.dec_keys(alice, ids) == [first]
        line(by_id, same, "equal" if equal else "another key", equal)
    except (KMEError, HTTPError) as fault:
        line(by_id, same, _faulty(fault), False)
    gone = "one or more keys specified are not found on KME"
    again = "the same ID once more: 400, with fixed words"
    refusal(by_id, again, lambda: slave.dec_keys(alice, ids), 400, gone)
    unknown_id = "an ID that was never given: 400, with fixed words"
    refusal(by_id, unknown_id, lambda: slave.dec_keys(alice, [str(uuid4())]), 400, gone)
    return tuple(lines)


def _faults_of_status(status: dict[str, Any], master: str, slave: str) -> list[str]:
    """Return what is wrong with a status: fields, types (True is no number), names, sizes that contradict each other."""
    lacking = [name for name, kind in _STATUS.items() if type(status.get(name)) is not kind]
    if lacking:
        return [f"without {', '.join(lacking)}"]
    wrong = [
        f"{name} is not {due}"
        for name, due in (("master_SAE_ID", master), ("slave_SAE_ID", slave))
        if status[name] != due
    ]
    if not 0 < status["min_key_size"] <= status["key_size"] <= status["max_key_size"]:
        wrong.append("key_size is outside of its limits")
    if status["max_key_per_request"] < 1 or min(status["stored_key_count"], status["max_SAE_ID_count"]) < 0:
        wrong.append("a count is too small")
    if status["stored_key_count"] > status["max_key_count"]:
        wrong.append("more keys are stored than can be")
    return wrong


def _sane(status: dict[str, Any], name: str, otherwise: int) -> int:
    """Return a number of the status, or another if none can be asked by it."""
    value = status.get(name)
    return value if type(value) is int and 0 < value < 10**6 else otherwise


def _faulty(fault: Exception) -> str:
    return str(fault) if isinstance(fault, KMEError) else type(fault).__name__


def _described(keys: list[DeliveredKey]) -> str:
    sizes = sorted({8 * len(key.key) for key in keys})
    return f"{len(keys)} of {', '.join(map(str, sizes))} bits"


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
