"""Exercises of *Key management*: other right ways pass, and what is wrong is told what it did."""

import hashlib
import hmac
import sqlite3
from collections import OrderedDict, UserDict, deque
from fractions import Fraction
from itertools import chain, combinations, pairwise, product
from urllib.parse import unquote, unquote_plus, unquote_to_bytes

import networkx as nx
import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf import hkdf

from qlearn.communication.key_management import cat_kdf
from qlearn.communication.key_management.messages import Status
from qlearn.communication.quantum_network import Network, knows_key
from qlearn.exercises.communication.key_management import (
    cat_kdf_by_hand,
    deliver_once,
    key_budget,
    nonce_counter,
    relay_readers,
    status_reply,
)
from tests.exercises.tried import SEEDS, passes, refused

# What a link makes, and what is spent


def by_fractions(rate, pads, minutes):
    left = Fraction(rate) * 24 * 3600 - sum(Fraction(n) * 8 for n in pads)
    a_session = Fraction(24 * 60, minutes) * 256
    return left, left // a_session if left > 0 else 0


def pad_by_pad(rate, pads, minutes):
    left = rate * 24 * 60 * 60
    for pad in pads:
        left -= pad * 8
    sessions, _ = divmod(max(left, 0) * minutes, 24 * 60 * 256)
    return [left, sessions]


def in_arrays(rate, pads, minutes):
    left = rate * 86400.0 - 8.0 * np.sum(pads)
    return np.array([left, np.floor(np.clip(left, 0, None) * minutes / 368640)])


@pytest.mark.parametrize("answer", [by_fractions, pad_by_pad, in_arrays])
def test_other_ways_to_a_budget(answer):
    assert passes(key_budget, answer)


def test_a_budget_told_by_its_mistake_is_whole():
    """The sentence for a mistake is the mistake's own, not that of one that looks alike in the first case."""
    assert "half the sessions" in refused(
        key_budget, lambda *given: (pad_by_pad(*given)[0], pad_by_pad(*given)[1] // 2)
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda rate, pads, minutes: 86400 * rate - 8 * sum(pads), ""),
        (lambda rate, pads, minutes: (86400 * rate - 8 * sum(pads), 0), ""),
        (lambda rate, pads, minutes: by_fractions(rate, pads, minutes)[::-1], ""),
        (lambda rate, pads, minutes: (by_fractions(rate, pads, minutes)[0], by_fractions(rate, pads, minutes)[1] + 1), ""),
        (lambda rate, pads, minutes: by_fractions(rate, [], minutes), ""),
        (lambda rate, pads, minutes: by_fractions(rate, pads[-1:], minutes), ""),
        (lambda rate, pads, minutes: by_fractions(rate, pads, min(minutes, 1440)), ""),
        (lambda rate, pads, minutes: by_fractions(rate, set(pads), 60), ""),
        (lambda rate, pads, minutes: tuple(map(abs, by_fractions(rate, pads, minutes))), ""),
        (lambda rate, pads, minutes: (1e-3 * by_fractions(rate, pads, minutes)[0], by_fractions(rate, pads, minutes)[1]), ""),
        (lambda rate, pads, minutes: tuple(map(str, by_fractions(rate, pads, minutes))), "a number or an array"),
    ],
)  # fmt: skip
def test_a_wrong_budget_is_refused(answer, words):
    refused(key_budget, answer, words)


# Each key once


class Shelf:
    """A store as a class, with lists and a dict for each slave."""

    def __init__(self, stock):
        self.free = deque(stock.items())
        self.waits = {}

    def get(self, slave, n):
        if n <= 0:
            raise ValueError("nothing to hand out")
        if len(self.free) < n:
            raise IndexError("too few")
        out = [self.free.popleft() for _ in range(n)]
        self.waits.setdefault(slave, {}).update(out)
        return [list(pair) for pair in out]

    def get_by_ids(self, slave, ids):
        mine = self.waits.get(slave, {})
        if len(ids) == 0 or len(ids) != len(set(ids)):
            raise ValueError("each once")
        for key_id in ids:
            if key_id in mine:
                continue
            if any(key_id in others for others in self.waits.values()):
                raise PermissionError(key_id)
            raise KeyError(key_id)
        return tuple((key_id, mine.pop(key_id)) for key_id in ids)


def as_a_class(stock):
    shelf = Shelf(stock)
    return [shelf.get, shelf.get_by_ids]


def in_sqlite(stock):
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE keys (place INTEGER PRIMARY KEY, id TEXT, key BLOB, slave TEXT)")
    db.executemany("INSERT INTO keys (id, key) VALUES (?, ?)", stock.items())

    def get(slave, n):
        if n < 1:
            raise ValueError(n)
        rows = db.execute(
            "SELECT id, key FROM keys WHERE slave IS NULL ORDER BY place LIMIT ?", (n,)
        ).fetchall()
        if len(rows) < n:
            raise LookupError(n)
        db.executemany("UPDATE keys SET slave = ? WHERE id = ?", [(slave, row[0]) for row in rows])
        return rows

    def get_by_ids(slave, ids):
        if not ids or len({*ids}) != len(ids):
            raise ValueError(ids)
        db.execute("BEGIN")
        try:
            found = []
            for key_id in ids:
                row = db.execute(
                    "SELECT id, key, slave FROM keys WHERE id = ? AND slave IS NOT NULL", (key_id,)
                ).fetchone()
                if row is None:
                    raise LookupError(key_id)
                if row[2] != slave:
                    raise PermissionError(key_id)
                found.append(row[:2])
                db.execute("DELETE FROM keys WHERE id = ?", (key_id,))
        except Exception:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        return found

    return get, get_by_ids


class Missing(LookupError):
    """A kind of its own."""


def functionally(stock):
    """No key is removed from anything: what left is remembered."""
    keys, owner, fetched = dict(stock), {}, set()

    def get(slave, n):
        free = [key_id for key_id in keys if key_id not in owner]
        if not n > 0:
            raise ValueError
        if n > len(free):
            raise Missing
        owner.update(dict.fromkeys(free[:n], slave))
        return [(key_id, keys[key_id]) for key_id in free[:n]]

    def get_by_ids(slave, ids):
        if len(ids) != len(frozenset(ids)) or not len(ids):
            raise ValueError
        if any(key_id not in owner or key_id in fetched for key_id in ids):
            raise Missing
        if not all(owner[key_id] == slave for key_id in ids):
            raise PermissionError
        fetched.update(ids)
        return [(key_id, keys[key_id]) for key_id in ids]

    return get, get_by_ids


def with_a_snapshot(stock):
    """Take one after the other, and put all back where one is missing."""
    state = {"free": dict(stock), "waits": {}}

    def get(slave, n):
        if n < 1:
            raise ValueError
        free, out = dict(state["free"]), []
        while len(out) < n:
            first = next(iter(free), None)
            if first is None:
                raise LookupError
            out.append((first, free.pop(first)))
        state["free"] = free
        state["waits"] = state["waits"] | {key_id: (slave, key) for key_id, key in out}
        return out

    def get_by_ids(slave, ids):
        if not ids:
            raise ValueError
        waits, out = dict(state["waits"]), []
        for key_id in ids:
            if key_id not in waits:
                raise ValueError if ids.count(key_id) > 1 else LookupError
            owner, key = waits.pop(key_id)
            if owner != slave:
                raise PermissionError
            out.append((key_id, key))
        state["waits"] = waits
        return out

    return get, get_by_ids


@pytest.mark.parametrize("answer", [as_a_class, in_sqlite, functionally, with_a_snapshot])
def test_other_key_stores_pass(answer):
    assert passes(deliver_once, answer)


def changed(get=None, get_by_ids=None):
    """A right store of which one function is wrapped."""

    def answer(stock):
        first, second = in_sqlite(stock)
        return (get(first) if get else first), (get_by_ids(second) if get_by_ids else second)

    return answer


def with_a_default(stock, free={}, waiting={}):  # noqa: B006 - it is the fault
    free.update(stock)

    def get(slave, n):
        if n < 1:
            raise ValueError(n)
        if n > len(free):
            raise LookupError(n)
        taken = [(key_id, free.pop(key_id)) for key_id in list(free)[:n]]
        waiting.update({key_id: (slave, key) for key_id, key in taken})
        return taken

    def get_by_ids(slave, ids):
        if not ids or len(set(ids)) < len(ids):
            raise ValueError
        if {waiting[key_id][0] for key_id in ids} != {slave}:
            raise PermissionError
        return [(key_id, waiting.pop(key_id)[1]) for key_id in ids]

    return get, get_by_ids


def keeps_the_masters_list(stock):
    """What `get` returns is the store's own list."""
    free, waits = list(stock.items()), []

    def get(slave, n):
        if n < 1:
            raise ValueError
        if n > len(free):
            raise LookupError
        out = free[:n]
        del free[:n]
        waits.append((slave, out))
        return out

    def get_by_ids(slave, ids):
        if not ids or len(set(ids)) < len(ids):
            raise ValueError
        there = {key_id: (owner, key) for owner, out in waits for key_id, key in out}
        if {there[key_id][0] for key_id in ids} != {slave}:
            raise PermissionError
        for _, out in waits:
            out[:] = [pair for pair in out if pair[0] not in ids]
        return [(key_id, there[key_id][1]) for key_id in ids]

    return get, get_by_ids


def exits(function):
    """Refuse by an exception of no use."""

    def call(slave, what):
        try:
            return function(slave, what)
        except (LookupError, PermissionError, ValueError) as refusal:
            raise Exception(*refusal.args) from None

    return call


def returns_the_refusal(function):
    def call(slave, what):
        try:
            return function(slave, what)
        except PermissionError as refusal:
            return refusal

    return call


def nothing_for_the_unknown(function):
    def call(slave, ids):
        try:
            return function(slave, ids)
        except LookupError:
            return []

    return call


def empties_the_list(function):
    def call(slave, ids):
        out = []
        try:
            out = function(slave, list(ids))
        finally:
            while ids:
                ids.pop()
        return out

    return call


def sorts_the_list(function):
    def call(slave, ids):
        out = dict(function(slave, ids))
        asked = list(ids)
        ids.sort()
        return [(key_id, out[key_id]) for key_id in asked]

    return call


def twice_in_a_row_alone(function):
    """Refuse an ID that comes again at once, and take one that comes again later."""

    def call(slave, ids):
        if any(one == other for one, other in pairwise(ids)):
            raise ValueError(ids)
        return function(slave, list(dict.fromkeys(ids)))

    return call


def one_for_all(function):
    """Only ask whether the first is mine."""

    def call(slave, ids):
        if len(ids) > 1 and len(set(ids)) == len(ids):
            return [pair for key_id in ids for pair in function(slave, [key_id])]
        return function(slave, ids)

    return call


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda stock: print(stock), "returns nothing"),
        (lambda stock: stock, "two functions"),
        (lambda stock: (list(stock), list(stock)), "`get` is to be a function"),
        (lambda stock: (lambda slave, n: [], lambda slave, ids: []), "oldest key"),
        (with_a_default, ""),
        (keeps_the_masters_list, "did with its list"),
        (changed(get_by_ids=exits), "stops with Exception"),
        (changed(get=exits), "stops with Exception"),
        (changed(get_by_ids=returns_the_refusal), "*returns* a PermissionError"),
        (changed(get_by_ids=nothing_for_the_unknown), "nobody knows"),
        (changed(get_by_ids=empties_the_list), "changes the list"),
        (changed(get_by_ids=one_for_all), "look first"),
        (changed(get=lambda get: lambda slave, n: dict(get(slave, n))), "list of pairs"),
        (changed(get=lambda get: lambda slave, n: [key[::-1] for key in get(slave, n)]), "in this order"),
        (changed(get=lambda get: lambda slave, n: get(slave, max(n, 1))), "n = 0"),
        (changed(get=lambda get: lambda slave, n: get(slave, n)[::-1]), "the oldest first"),
        (changed(get=lambda get: lambda slave, n: get(slave.lower(), n)), ""),
        (changed(get_by_ids=lambda get: lambda slave, ids: get("Bob", ids)), ""),
        (changed(*[lambda of: lambda slave, what: of(slave.lower(), what)] * 2), ""),
        (changed(*[lambda of: lambda slave, what: of(slave[:3], what)] * 2), ""),
        (changed(get_by_ids=lambda get: lambda slave, ids: sorted(get(slave, ids))), "that of `ids`"),
        (changed(get_by_ids=lambda get: lambda slave, ids: get(slave, list(dict.fromkeys(ids)))), "named twice"),
        (changed(get_by_ids=sorts_the_list), "changes the list"),
        (changed(get_by_ids=twice_in_a_row_alone), "named twice"),
        (changed(get_by_ids=lambda get: lambda slave, ids: [(i, bytes(32)) for i, _ in get(slave, ids)]), ""),
    ],
)  # fmt: skip
def test_a_key_store_that_fails_is_refused(answer, words):
    refused(deliver_once, answer, words)


def test_a_store_that_forgets_from_call_to_call_is_refused():
    """State that does not last: the dict is copied in each call."""

    def answer(stock):
        return (lambda slave, n: in_sqlite(stock)[0](slave, n)), in_sqlite(stock)[1]

    refused(deliver_once, answer, "each leaves the stock once")


# The status


def by_the_model(store, caller, path):
    slave = unquote_to_bytes(path.removeprefix("/api/v1/keys/").removesuffix("/status")).decode()
    sizes = {
        f"{name}key_size": store[key] * 8 for name, key in (("", "key"), ("max_", "most"), ("min_", "least"))
    }
    return Status(
        source_KME_ID=store["kme"], target_KME_ID=store["peer"], master_SAE_ID=caller, slave_SAE_ID=slave, **sizes,
        stored_key_count=min(store["capacity"], divmod(store["stock"], store["key"])[0]), max_key_count=store["capacity"],
        max_key_per_request=store["per_call"], max_SAE_ID_count=store["others"],
    ).model_dump()  # fmt: skip


def in_another_order(store, caller, path):
    return OrderedDict(reversed(by_the_model(store, caller, path).items()))


def step_by_step(store, caller, path):
    _, _, _, _, slave, last = path.split("/")
    assert last == "status"
    stored, left = 0, store["stock"]
    while left >= store["key"] and stored < store["capacity"]:
        stored, left = stored + 1, left - store["key"]
    return {
        **by_the_model(store, caller, path),
        "slave_SAE_ID": unquote(slave, encoding="utf8", errors="strict"),
        "stored_key_count": stored,
    }


@pytest.mark.parametrize("answer", [by_the_model, in_another_order, step_by_step])
def test_other_ways_to_the_status(answer):
    assert passes(status_reply, answer)


def with_other(**entries):
    def answer(store, caller, path):
        made = {name: make(store, caller, path) for name, make in entries.items()}
        return by_the_model(store, caller, path) | made

    return answer


def without(name):
    def answer(store, caller, path):
        reply = by_the_model(store, caller, path)
        del reply[name]
        return reply

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (with_other(stored_key_count=lambda store, *_: min(store["stock"] / store["key"], store["capacity"])), "whole number"),
        (with_other(key_size=lambda store, *_: 8.0 * store["key"]), "JSON would write"),
        (with_other(key_size=lambda store, *_: np.int64(8 * store["key"])), "`int`"),
        (with_other(max_key_count=lambda store, *_: str(store["capacity"])), "`int`"),
        (with_other(max_SAE_ID_count=lambda store, *_: bool(store["others"])), "max_SAE_ID_count"),
        (with_other(slave_SAE_ID=lambda _, caller, path: "Bob"), "not this text"),
        (with_other(master_SAE_ID=lambda _, caller, path: unquote(caller)), "stands as it is"),
        (with_other(master_SAE_ID=lambda _, caller, path: caller.partition("%")[0]), "not this text"),
        (with_other(slave_SAE_ID=lambda _, caller, path: unquote_plus(path.split("/")[4])), "a plus is a plus"),
        (with_other(slave_SAE_ID=lambda _, caller, path: unquote(path)[13:-7].replace("/", "")), "not this text"),
        (with_other(slave_SAE_ID=lambda _, caller, path: unquote(path.split("/")[4]).lower()), "not this text"),
        (with_other(slave_SAE_ID=lambda _, caller, path: unquote_to_bytes(path.split("/")[4])), "a text, and not"),
        (with_other(slave_SAE_ID=lambda _, caller, path: path.split("/")[-2][:5]), ""),
        (with_other(stored_key_count=lambda store, *_: store["stock"] // store["key"] % (store["capacity"] + 1)), ""),
        (with_other(stored_key_count=lambda store, *_: min(store["stock"] // 32, store["capacity"])), ""),
        (with_other(key_size=lambda *_: 256), ""),
        (with_other(max_key_per_request=lambda store, *_: min(store["per_call"], store["stock"] // store["key"])), ""),
        (with_other(status_extension=lambda *_: None), "does not belong"),
        (without("min_key_size"), "min_key_size"),
        (lambda store, caller, path: list(by_the_model(store, caller, path).values()), "a dict is asked for"),
        (lambda store, caller, path: str(by_the_model(store, caller, path)), "writes it as JSON"),
        (lambda store, caller, path: UserDict(by_the_model(store, caller, path)) and None, "returns nothing"),
        (lambda store, caller, path: by_the_model({**store, "stock": store.pop("stock")}, caller, path), "has changed"),
    ],
)  # fmt: skip
def test_a_wrong_status_is_refused(answer, words):
    refused(status_reply, answer, words)


# CatKDF


def by_cryptography(secrets, label, context, first_message, second_message, length):
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    parts = (context, first_message, second_message)
    said = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
    return HKDF(SHA256(), length, label, said).derive(b"".join(secrets))


def hmac_by_hand(key, message):
    """RFC 2104, without the module."""
    key = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(x ^ 0x36 for x in key) + message).digest()
    return hashlib.sha256(bytes(x ^ 0x5C for x in key) + inner).digest()


def by_recursion(secrets, label, context, first_message, second_message, length, start=1):
    said = hashlib.sha256()
    for part in (context, first_message, second_message):
        n = len(part)
        said.update(bytes([n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255]))
        said.update(part)
    extracted = hmac_by_hand(label, bytes(chain.from_iterable(secrets)))

    key, block = bytearray(), b""
    for i in range(start, 256):
        block = hmac_by_hand(extracted, b"".join((block, said.digest(), bytes((i,)))))
        key.extend(block)
        if len(key) >= length:
            break
    return key[:length]


def with_new(secrets, label, context, first_message, second_message, length):
    said = b""
    for part in (context, first_message, second_message):
        said += int.to_bytes(len(part), length=4, byteorder="big") + part
    extract = hmac.new(label, digestmod=hashlib.sha256)
    for secret in secrets:
        extract.update(secret)
    blocks = [b""]
    while 32 * (len(blocks) - 1) < length:
        expand = hmac.new(extract.digest(), blocks[-1], "sha256")
        expand.update(hashlib.sha256(said).digest())
        expand.update(len(blocks).to_bytes(1, "big"))
        blocks.append(expand.digest())
    return b"".join(blocks)[:length]


@pytest.mark.parametrize("answer", [by_recursion, with_new])
def test_other_ways_to_a_hybrid_key(answer):
    assert passes(cat_kdf_by_hand, answer)


def by_a_name_of_the_module(secrets, label, context, first_message, second_message, length):
    parts = (context, first_message, second_message)
    said = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
    return hkdf.HKDF(hashes.SHA256(), length, label, said).derive(b"".join(secrets))


def digest(message):
    """Of the package, and called by no answer: that theirs call a *method* of this name is no fault of theirs."""
    state = hashes.Hash(hashes.SHA256())
    state.update(message)
    return state.finalize()


def ready(secret, salt, info, length):
    return hkdf.HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def by_a_helper(secrets, label, context, first_message, second_message, length):
    parts = (context, first_message, second_message)
    said = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
    return ready(b"".join(secrets), label, said, length)


def of_the_library(secrets, label, context, first_message, second_message, length):
    return cat_kdf(
        secrets,
        label=label,
        context=context,
        first_message=first_message,
        second_message=second_message,
        length=length,
    )


def test_the_solution_is_the_librarys_function():
    for seed in SEEDS:
        for case in cat_kdf_by_hand.draw_cases(seed):
            assert cat_kdf_by_hand(*case) == of_the_library(*case)


def two_bytes_of_length(secrets, label, context, first_message, second_message, length):
    parts = (context, first_message, second_message)
    said = hashlib.sha256(b"".join((len(part) % 2**16).to_bytes(2, "big") + part for part in parts)).digest()
    return hmac.digest(hmac.digest(label, b"".join(secrets), "sha256"), said + b"\1", "sha256")[:length]


def lengths_modulo(modulus):
    def answer(secrets, label, context, first_message, second_message, length):
        parts = (context, first_message, second_message)
        said = b"".join((len(part) % modulus).to_bytes(4, "big") + part for part in parts)
        return expanded(secrets, label, hashlib.sha256(said).digest(), length)

    return answer


def expanded(secrets, label, info, length, joint=b"", most=300):
    extracted, block, key = hmac.digest(label, joint.join(secrets), "sha256"), b"", b""
    for i in range(1, most):
        if len(key) < length:
            block = hmac.digest(extracted, block + info + bytes([i]), "sha256")
            key += block
    return (key * (1 + length // len(key)))[:length]


def with_info(make, **how):
    """Derive by HKDF with another hash of what was said."""

    def answer(secrets, label, context, first_message, second_message, length):
        return expanded(secrets, label, make(context, first_message, second_message), length, **how)

    return answer


def right_info(*parts):
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def xor_of_two(secrets, label, *others):
    first, second = secrets[0], secrets[-1]
    return by_cryptography([bytes(a ^ b for a, b in zip(first, second, strict=False))], label, *others)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (of_the_library, "the library has derived it"),
        (by_cryptography, "the package `cryptography` has derived it"),
        (by_a_name_of_the_module, "the package `cryptography` has derived it"),
        (by_a_helper, "the package `cryptography` has derived it"),
        (two_bytes_of_length, ""),
        (lengths_modulo(256), "other bytes"),
        (lengths_modulo(2**16), "other bytes"),
        (with_info(lambda c, a, b: hashlib.sha256(c + a + b).digest()), "border between two messages"),
        (with_info(lambda c, a, b: hashlib.sha512(b"".join(len(x).to_bytes(4, "big") + x for x in (c, a, b))).digest()), ""),
        (with_info(lambda c, a, b: right_info(a, b, c)), "other bytes"),
        (with_info(lambda c, a, b: right_info(c, a + b)), "other bytes"),
        (with_info(right_info, joint=b"\0"), "other bytes"),
        (with_info(right_info, most=2), "other bytes"),
        (with_info(right_info, most=4), "other bytes"),
        (with_info(right_info, most=255), "other bytes"),
        (xor_of_two, "other bytes"),
        (lambda secrets, *rest: by_cryptography(secrets[:2], *rest), "other bytes"),
        (lambda secrets, *rest: by_cryptography([s[:32] for s in secrets], *rest), "other bytes"),
        (lambda secrets, label, *rest: by_cryptography(secrets, label or b"label", *rest), "other bytes"),
        (lambda secrets, label, *rest: by_cryptography(secrets, label[:64], *rest), "other bytes"),
        (lambda *given: by_cryptography(*given).hex(), "digest()"),
        (lambda *given: list(by_cryptography(*given)), "return bytes"),
        (lambda *given: by_cryptography(*given[:-1], 32), "32 bytes"),
        (lambda *given: bytes.fromhex("049b019d1c9e890182e74695b9339045fedb74e8f27c5b066fdeb0bafd32006d"), ""),
    ],
)  # fmt: skip
def test_a_wrong_hybrid_key_is_refused(answer, words):
    refused(cat_kdf_by_hand, answer, words)


# Nonces


class Bits:
    """The window of RFC 4303: 64 bits, shifted."""

    def __init__(self, fixed, start):
        if len(fixed) != 4:
            raise ValueError("4 bytes")
        self.fixed, self.next, self.highest, self.seen = bytes(fixed), start, -1, 0

    def next_nonce(self):
        if self.next >> 64:
            raise OverflowError("spent")
        self.next += 1
        return self.fixed + (self.next - 1).to_bytes(8, "big")

    def accept(self, nonce):
        if len(nonce) != 12 or not nonce.startswith(self.fixed):
            raise ValueError("not ours")
        number = int.from_bytes(nonce[-8:], "big")
        back = self.highest - number
        if back >= 0 and (back >= 64 or self.seen >> back & 1):
            raise ValueError("replay")
        if back < 0:
            self.seen = (self.seen << -back | 1) & (2**64 - 1) if -back < 64 else 1
            self.highest = number
        else:
            self.seen |= 1 << back
        return number


def in_bits(fixed, start):
    made = Bits(fixed, start)
    return made.next_nonce, made.accept


def by_generator(fixed, start):
    if len(fixed) - 4:
        raise ValueError
    nonces = (b"".join((fixed, n.to_bytes(8, "big"))) for n in range(start, 2**64))
    state = {"highest": None, "taken": set()}

    def next_nonce():
        for nonce in nonces:
            return nonce
        raise OverflowError

    def accept(nonce):
        head, tail = nonce[:4], nonce[4:]
        if head != fixed or len(tail) != 8:
            raise ValueError
        number = sum(byte << 8 * place for place, byte in enumerate(reversed(tail)))
        highest = number if state["highest"] is None else max(state["highest"], number)
        if number in state["taken"] or highest - number > 63:
            raise ValueError
        state["highest"] = highest
        state["taken"] = {n for n in state["taken"] | {number} if highest - n <= 63}
        return number

    return next_nonce, accept


def by_struct(fixed, start):
    import struct

    (field,) = struct.unpack("!I", fixed) if len(fixed) == 4 else _no(ValueError)
    number, taken = [start], {}

    def next_nonce():
        now = number[0]
        if now == 2**64:
            raise OverflowError("the counter is at its end")
        number[0] += 1
        return bytearray(struct.pack("!IQ", field, now))

    def accept(nonce):
        try:
            own, now = struct.unpack("!IQ", nonce)
        except struct.error:
            raise ValueError("12 bytes") from None
        if own != field or now in taken or (taken and now + 64 <= max(taken)):
            raise ValueError("no")
        taken[now] = True
        return np.uint64(now) if now < 2**63 else now

    return next_nonce, accept


def _no(kind):
    raise kind


@pytest.mark.parametrize("answer", [in_bits, by_generator, by_struct])
def test_other_counters_of_nonces_pass(answer):
    assert passes(nonce_counter, answer)


def wrapped(next_nonce=None, accept=None):
    """A right counter of which one function is wrapped."""

    def answer(fixed, start):
        first, second = by_generator(fixed, start)
        return (next_nonce(first) if next_nonce else first), (accept(second) if accept else second)

    return answer


def bits_with(**changes):
    def answer(fixed, start):
        made = type("Changed", (Bits,), changes)(fixed, start)
        return made.next_nonce, made.accept

    return answer


def by_float(self):
    self.next = float(self.next) + 1
    return self.fixed + int(self.next - 1).to_bytes(8, "big")


def moves_first(self, nonce):
    number = int.from_bytes(nonce[-8:], "big")
    self.highest = max(self.highest, number)
    return Bits.accept(self, nonce)


def shifts_without_bound(self, nonce):
    """Forget all that was taken when one comes that is far ahead, and only half of it else."""
    if int.from_bytes(nonce[-8:], "big") > self.highest + 1:
        self.seen = 0
    return Bits.accept(self, nonce)


def window_of_the_last(self, nonce):
    """Measure from the last, not from the highest."""
    number = Bits.accept(self, nonce)
    self.highest = number
    return number


def forgets_at_the_edge(fixed, start):
    """Remember those up to 62 behind."""
    next_nonce, highest, taken = by_generator(fixed, start)[0], [-1], set()

    def accept(nonce):
        number = int.from_bytes(nonce[4:], "big")
        if len(nonce) != 12 or nonce[:4] != fixed or number in taken or number + 64 <= highest[0]:
            raise ValueError
        taken.add(number)
        highest[0] = max(taken)
        taken.difference_update([n for n in taken if n + 63 <= highest[0]])
        return number

    return next_nonce, accept


def random_nonce(fixed, start):
    rng = np.random.default_rng(1)
    return (lambda: fixed + rng.bytes(8)), by_generator(fixed, start)[1]


def in_one_buffer(fixed, start):
    """Each nonce is written over the one before."""
    next_nonce, accept = by_generator(fixed, start)
    buffer = bytearray(12)

    def again():
        buffer[:] = next_nonce()
        return buffer

    return again, accept


TAKEN = set()


def in_a_global(fixed, start):
    next_nonce, accept = by_generator(fixed, start)

    def once(nonce):
        number = accept(nonce)
        if number in TAKEN:
            raise ValueError
        TAKEN.add(number)
        return number

    return next_nonce, once


def remembers(n):
    """Only the n highest numbers that were taken."""

    def answer(fixed, start):
        next_nonce, taken = by_generator(fixed, start)[0], []

        def accept(nonce):
            number = int.from_bytes(nonce[4:], "big")
            if (
                len(nonce) != 12
                or nonce[:4] != fixed
                or number in taken
                or (taken and taken[-1] - number >= 64)
            ):
                raise ValueError(nonce)
            taken[:] = sorted([*taken, number])[-n:]
            return number

        return next_nonce, accept

    return answer


def test_to_remember_64_numbers_is_enough():
    assert passes(nonce_counter, remembers(64))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda fixed, start: print(fixed), "returns nothing"),
        (lambda fixed, start: by_generator(fixed, start)[0], "two functions"),
        (lambda fixed, start: (fixed + start.to_bytes(8, "big"), by_generator(fixed, start)[1]), "without calling it"),
        (lambda fixed, start: by_generator(fixed, 0), "go up by 1"),
        (lambda fixed, start: ((lambda: fixed + start.to_bytes(8, "big")), by_generator(fixed, start)[1]), "go up by 1"),
        (random_nonce, "go up by 1"),
        (bits_with(next_nonce=by_float), "float"),
        (bits_with(next_nonce=lambda self: self.fixed + (self.next % 2**64).to_bytes(8, "big")), "go up by 1"),
        (wrapped(next_nonce=lambda make: lambda: make().hex()), "a nonce is bytes"),
        (wrapped(next_nonce=lambda make: lambda: make() + b"\0"), "12 bytes"),
        (wrapped(next_nonce=lambda make: lambda: b"\0\0\0\0" + make()[4:]), "as it was given"),
        (wrapped(next_nonce=lambda make: lambda: b"".join(make() for _ in "xx")[12:]), "go up by 1"),
        (wrapped(accept=lambda take: lambda nonce: take(nonce) and None), "returns nothing"),
        (wrapped(accept=lambda take: lambda nonce: float(take(nonce))), "the number of the nonce"),
        (wrapped(accept=lambda take: lambda nonce: nonce), "the number of the nonce"),
        (wrapped(accept=lambda take: lambda nonce: int.from_bytes(nonce[4:], "big")), "a second time"),
        (bits_with(accept=moves_first), ""),
        (bits_with(accept=shifts_without_bound), "remember more than the last"),
        (bits_with(accept=window_of_the_last), ""),
        (forgets_at_the_edge, "63 behind is taken a second time"),
        *((remembers(n), "one of them is taken again") for n in (10, 32, 62)),
        (in_one_buffer, "changes the number of the sender"),
        (in_a_global, "whatever another receiver took"),
        (lambda fixed, start: by_generator(fixed[:4].ljust(4, b"\0"), start), "0 bytes a counter is made"),
    ],
)  # fmt: skip
def test_a_wrong_counter_of_nonces_is_refused(answer, words):
    TAKEN.clear()
    refused(nonce_counter, answer, words)


@pytest.mark.parametrize(
    ("kind", "words"),
    [(OverflowError, "to be ValueError"), (KeyError, "to be ValueError"), (RuntimeError, "")],
)
def test_a_replay_is_refused_by_the_kind_that_was_asked_for(kind, words):
    def other(take):
        def call(nonce):
            try:
                return take(nonce)
            except ValueError:
                raise kind from None

        return call

    refused(nonce_counter, wrapped(accept=other), f"`accept` stops with {kind.__name__}")
    assert words in refused(nonce_counter, wrapped(accept=other))


# Readers of a relayed key


def by_all_subsets(paths):
    """From small to large, each set that hits all paths and contains none before it."""
    inner = [set(path[1:-1]) for path in paths]
    found = []
    nodes = sorted(set().union(*inner))
    for size in range(1, len(paths) + 1):
        for group in map(set, combinations(nodes, size)):
            if all(group & one for one in inner) and not any(other <= group for other in found):
                found.append(group)
    return found


def by_critical_members(paths):
    groups = map(frozenset, product(*(path[1:-1] for path in paths)))
    return {
        group
        for group in groups
        if all(any(set(path[1:-1]) & group == {node} for path in paths) for node in group)
    }


def by_bits(paths):
    nodes = list(dict.fromkeys(node for path in paths for node in path[1:-1]))
    masks = [sum(1 << nodes.index(node) for node in set(path[1:-1])) for path in paths]
    readers = [m for m in range(1 << len(nodes)) if all(m & mask for mask in masks)]
    least = [m for m in readers if not any(other & m == other != m for other in readers)]
    return tuple(sorted(node for at, node in enumerate(nodes) if m >> at & 1) for m in least)


@pytest.mark.parametrize("answer", [by_all_subsets, by_critical_members, by_bits])
def test_other_ways_to_the_readers(answer):
    assert passes(relay_readers, answer)


def reads(paths, group):
    """Elimination over GF(2) of what is announced and held: nothing of it is in the exercise."""
    known, key, first = [], 0, 0
    for path in paths:
        bits = [1 << first + j for j in range(len(path) - 1)]
        first += len(bits)
        key ^= bits[0]
        known += [a ^ b for a, b in pairwise(bits)]
        known += [bit for bit, ends in zip(bits, pairwise(path), strict=True) if group & {*ends}]
    basis = []
    for row in known:
        for held in basis:
            row = min(row, row ^ held)
        basis = sorted([*basis, row] if row else basis, reverse=True)
    for held in basis:
        key = min(key, key ^ held)
    return key == 0


def test_the_readers_are_those_who_know_the_key():
    by_library = 0
    for seed in (0, 3):
        for (paths,) in relay_readers.draw_cases(seed):
            links = [frozenset(link) for path in paths for link in pairwise(path)]
            network = Network(nx.Graph([(*link, {"length_km": 1.0}) for link in links]))
            inner = sorted({node for path in paths for node in path[1:-1]})
            readers = relay_readers(paths)
            for size in range(min(len(inner), 4) + 1):
                for group in map(set, combinations(inner, size)):
                    due = any(reader <= group for reader in readers)
                    assert reads(paths, group) == due, (paths, group)
                    if len(set(links)) == len(links):  # the library lets no two paths share a link
                        assert knows_key(network, paths, group) == due, (paths, group)
                        by_library += 1
    assert by_library > 100


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda paths: len(by_all_subsets(paths)), "set of sets"),
        (lambda paths: sorted({node for path in paths for node in path[1:-1]}), "a set of one"),
        (lambda paths: set(map(frozenset, product(*(path[1:-1] for path in paths)))), "can be spared"),
        (lambda paths: by_all_subsets(paths[:2]), ""),
        (lambda paths: by_all_subsets(paths[::2]), ""),
        (lambda paths: by_all_subsets(paths[:4]), ""),
        (lambda paths: [group for group in by_all_subsets(paths) if len(group) < 5], ""),
        (lambda paths: by_all_subsets(paths)[:1], ""),
        (lambda paths: by_all_subsets(paths)[:-1], ""),
        (lambda paths: [{*group, paths[0][0]} for group in by_all_subsets(paths)], ""),
        (lambda paths: [*by_all_subsets(paths), set()], "too many"),
        (lambda paths: [group for group in by_all_subsets(paths) if len(group) == len(paths)], ""),
        (lambda paths: [set("".join(group)) for group in by_all_subsets(paths)], ""),
        (lambda paths: by_all_subsets([path[:-1] for path in paths]), ""),
        (lambda paths: [{path[1] for path in paths}], ""),
        (lambda paths: {frozenset(path[1:-1]) for path in paths}, ""),
        (lambda paths: [paths[0].pop(1)] and by_all_subsets(paths), "has changed"),
        (lambda paths: ["-".join(sorted(group)) for group in by_all_subsets(paths)], "a set of one"),
    ],
)  # fmt: skip
def test_wrong_readers_are_refused(answer, words):
    refused(relay_readers, answer, words)
