"""What a key service says of its stock."""

import json
from urllib.parse import unquote

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import NOTHING, a, equal


def same_status(answered, due):
    """Compare what is to be written as JSON: the names, and numbers that are whole in JSON too."""
    if answered is None:
        return NOTHING
    if isinstance(answered, str | bytes):
        return "give the dict itself: who sends the reply writes it as JSON"
    if not isinstance(answered, dict) or set(answered) != set(due):
        return equal(answered, due)
    for name, value in due.items():
        got = answered[name]
        if type(got) is type(value) and got == value:
            continue
        if got is None:
            return f"at {name!r}: there is `None`, no value yet"
        if isinstance(value, str):
            return f"at {name!r}: " + (
                "it is not this text" if isinstance(got, str) else f"a text, and not {a(got)}"
            )
        if isinstance(got, float | bool):
            return f"at {name!r}: JSON would write {json.dumps(got)}, and a whole number is asked for"
        if type(got) is not int:
            return f"at {name!r}: a Python `int` is asked for, and you give {a(got)}"
        return f"at {name!r}: the number is not right"
    return None


@exercise(
    level="core",
    intact=True,
    same=same_status,
    right="eleven names, all of the standard's spelling; sizes in bits; and the stock says no more than its maximum.",
    because="""
        Who calls is the *master*, whatever the path says: the certificate decides. The path names the slave, URL-encoded, so
        it is decoded (by `unquote`: in a path a plus is a plus). The standard's sizes are bits. `stored_key_count` is how many
        whole keys of the default size there are, and never more than `max_key_count`: a client that divides the one by the
        other must not get more than 1.
    """,
)
def status_reply(store, caller, path):
    """Return the answer of a key management entity to *Get status* (ETSI GS QKD 014), as a dict with these entries and no
    other: `source_KME_ID`, `target_KME_ID`, `master_SAE_ID`, `slave_SAE_ID`, `key_size`, `stored_key_count`,
    `max_key_count`, `max_key_per_request`, `max_key_size`, `min_key_size`, `max_SAE_ID_count`. IDs are texts, the rest whole
    numbers, sizes in bits. `caller` is the ID in the caller's certificate, `path` the path of the call,
    `/api/v1/keys/.../status`, with the slave's ID URL-encoded. `store` is a dict: `kme` and `peer` (IDs of this entity and
    of the one at the other end), `stock` (bytes of key material), `key` (bytes of a key by default), `least` and `most`
    (bytes of a key that may be asked for), `capacity` (keys at most), `per_call` (keys of one call at most), `others`
    (additional slaves at most). Say no more keys than the capacity. Given: `unquote` of `urllib.parse`.
    """
    return {
        "source_KME_ID": store["kme"],
        "target_KME_ID": store["peer"],
        "master_SAE_ID": caller,
        "slave_SAE_ID": unquote(path.split("/")[4]),
        "key_size": 8 * store["key"],
        "stored_key_count": min(store["stock"] // store["key"], store["capacity"]),
        "max_key_count": store["capacity"],
        "max_key_per_request": store["per_call"],
        "max_key_size": 8 * store["most"],
        "min_key_size": 8 * store["least"],
        "max_SAE_ID_count": store["others"],
    }


@status_reply.cases
def stores(rng):
    """Empty, with a part of a key, nearly full, full, and with more than fits; plain IDs and such as have to be encoded."""
    slaves = (
        ("Bob", "Bob"),
        ("bank/Graz", "bank%2FGraz"),
        ("Zürich 2", "Z%C3%BCrich%202"),
        ("a+b", "a+b"),
        ("c+d e", "c%2Bd%20e"),
        ("50%25", "50%2525"),
        ("status", "status"),
        ("keys/status", "keys%2fstatus"),
    )
    for turn, (_, encoded) in enumerate(slaves):
        key, capacity = int(rng.choice([16, 24, 32, 48])), int(rng.integers(20, 5000))
        whole = (0, 0, capacity // 3, capacity - 1, capacity, capacity + 1, 2 * capacity + 5, capacity - 1)[
            turn
        ]
        part = (0, key - 1, int(rng.integers(1, key)), 0, 0, 0, int(rng.integers(key)), key - 1)[turn]
        entity = int(rng.integers(1, 90))
        store = {
            "kme": f"KME{entity}",
            "peer": f"KME{entity + 1 + int(rng.integers(5))}",
            "stock": whole * key + part,
            "key": key,
            "least": int(rng.integers(1, 9)),
            "most": key + int(rng.integers(1, 500)),
            "capacity": capacity,
            "per_call": int(rng.integers(2, 200)),
            "others": int(rng.integers(0, 6)),
        }
        yield store, ("Alice", "Ann%2F1", "b+c")[turn % 3], f"/api/v1/keys/{encoded}/status"


def _reply(store, caller, path, **other):
    return {**status_reply.solution(store, caller, path), **other}


@status_reply.mistake("the standard's sizes are bits: `key`, `least` and `most` are bytes, eight bits each.")
def sizes_in_bytes(store, caller, path):
    return _reply(
        store,
        caller,
        path,
        key_size=store["key"],
        max_key_size=store["most"],
        min_key_size=store["least"],
    )


@status_reply.mistake(
    "the default size is in bits, and the largest and the least are bytes still: all three are bits."
)
def one_size_in_bits(store, caller, path):
    return _reply(store, caller, path, max_key_size=store["most"], min_key_size=store["least"])


@status_reply.mistake(
    "`stored_key_count` is above `max_key_count` where the stock has more than fits: say no more."
)
def more_than_the_most(store, caller, path):
    return _reply(store, caller, path, stored_key_count=store["stock"] // store["key"])


@status_reply.mistake("`stored_key_count` counts keys, and you give bytes of key material.")
def bytes_in_stock(store, caller, path):
    return _reply(store, caller, path, stored_key_count=store["stock"])


@status_reply.mistake("you divide the bytes of the stock by the *bits* of a key.")
def bytes_over_bits(store, caller, path):
    stored = min(store["stock"] // (8 * store["key"]), store["capacity"])
    return _reply(store, caller, path, stored_key_count=stored)


@status_reply.mistake("a part of a key is no key: round `stored_key_count` down.")
def rounded_up(store, caller, path):
    stored = min(-(-store["stock"] // store["key"]), store["capacity"])
    return _reply(store, caller, path, stored_key_count=stored)


@status_reply.mistake("`stored_key_count` is what there is, and not what one call may take.")
def capped_by_the_call(store, caller, path):
    stored = min(store["stock"] // store["key"], store["per_call"])
    return _reply(store, caller, path, stored_key_count=stored)


@status_reply.mistake("`stored_key_count` is how many keys there *are*; you say how many more would fit.")
def room_that_is_left(store, caller, path):
    stored = max(store["capacity"] - store["stock"] // store["key"], 0)
    return _reply(store, caller, path, stored_key_count=stored)


@status_reply.mistake("the slave's ID stands in the path URL-encoded: decode it, `unquote(...)`.")
def still_encoded(store, caller, path):
    return _reply(store, caller, path, slave_SAE_ID=path.split("/")[4])


@status_reply.mistake(
    "in a path a plus is a plus; only in a query it may stand for a blank: `unquote`, not `unquote_plus`."
)
def plus_for_a_blank(store, caller, path):
    return _reply(store, caller, path, slave_SAE_ID=unquote(path.split("/")[4].replace("+", " ")))


@status_reply.mistake("you decode the path and cut it afterwards: an ID may have a slash in it. Cut first.")
def decoded_before_it_is_cut(store, caller, path):
    return _reply(store, caller, path, slave_SAE_ID=unquote(path).split("/")[4])


@status_reply.mistake("you decode twice: `%2525` stands for the text `%25`, which is an ID as it is.")
def decoded_twice(store, caller, path):
    return _reply(store, caller, path, slave_SAE_ID=unquote(unquote(path.split("/")[4])))


@status_reply.mistake("the caller is the master, and the path names the slave: yours are exchanged.")
def the_caller_as_the_slave(store, caller, path):
    return _reply(store, caller, path, master_SAE_ID=unquote(path.split("/")[4]), slave_SAE_ID=caller)


@status_reply.mistake(
    "the caller's ID comes from the certificate, where it stands as it is: decode the path alone."
)
def the_caller_decoded(store, caller, path):
    return _reply(store, caller, path, master_SAE_ID=unquote(caller))


@status_reply.mistake("this entity is the *source*, its peer the target: yours are exchanged.")
def the_peer_as_the_source(store, caller, path):
    return _reply(store, caller, path, source_KME_ID=store["peer"], target_KME_ID=store["kme"])


@status_reply.mistake("`max_key_size` and `min_key_size` are exchanged.")
def sizes_exchanged(store, caller, path):
    return _reply(store, caller, path, max_key_size=8 * store["least"], min_key_size=8 * store["most"])


@status_reply.mistake("names in JSON are read letter by letter: it is `source_KME_ID`, with its capitals.")
def names_in_lower_case(store, caller, path):
    return {name.lower(): value for name, value in _reply(store, caller, path).items()}


@status_reply.mistake("this is the status of an empty stock, whatever there is.")
def always_empty(store, caller, path):
    return _reply(store, caller, path, stored_key_count=0)


@status_reply.mistake("this is the status of a full stock, whatever there is.")
def always_full(store, caller, path):
    return _reply(store, caller, path, stored_key_count=store["capacity"])


@status_reply.mistake("what you were given has changed: to ask for the status takes no key. Work on a copy.")
def takes_a_key(store, caller, path):
    reply = _reply(store, caller, path)
    store["stock"] -= store["key"]
    return reply
