"""Admission: callers and bodies that may go on, and answers in one form, whatever the application does."""

import asyncio
import json
import logging

import pytest

from qlearn.communication.key_management import KMESettings
from qlearn.communication.key_management.admission import CALLER, MOST_BODY, MOST_DRAINED, Admission

SETTINGS = KMESettings(
    "KME1", "KME2", ("Alice", "Bob"), requests_per_second=1e-3, burst=3, body_seconds=0.2, at_once=2
)


def ask(app, *, caller="Alice", body=(b"",), gate=None, wait=0.0):
    """Send one request through, and return what came out: status, headers, content, and what was counted."""
    counted, sent = [], []
    gate = (
        Admission(app, SETTINGS, lambda call, status: counted.append((call, status)))
        if gate is None
        else gate
    )
    parts = list(body)

    async def receive():
        await asyncio.sleep(wait)
        if not parts:
            return {"type": "http.disconnect"}
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "raw_path": b"/a%2Fb/status",
        "path": "/a/b/status",
        "headers": [],
    }
    asyncio.run(gate(scope | {CALLER: caller}, receive, send))
    if not sent:
        return None, None, counted
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]), counted


async def echo(scope, receive, send):
    content = (await receive())["body"] + scope["path"].encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": content})


def test_a_request_goes_on_with_its_body_and_its_path_as_it_was_written():
    assert ask(echo, body=[b"ab", b"c"]) == (200, b"abc/a%2Fb/status", [("status", 200)])


@pytest.mark.parametrize("caller", [None, "", "alice", "Mallory"])
def test_strangers_are_401(caller):
    status, body, counted = ask(echo, caller=caller)
    assert (status, set(json.loads(body)), counted) == (401, {"message"}, [("status", 401)])


def test_a_body_may_be_so_large_and_no_larger():
    assert ask(echo, body=[b"x" * MOST_BODY])[0] == 200
    assert ask(echo, body=[b"x" * MOST_BODY, b"y"])[0] == 400
    drained = []

    def endless():
        while True:
            drained.append(1)
            yield b"x" * 2**20

    class Parts(list):
        source = endless()

        def pop(self, at):
            return next(self.source)

    parts = Parts([1])
    gate = Admission(echo, SETTINGS, lambda call, status: None)
    sent = []

    async def receive():
        return {"type": "http.request", "body": parts.pop(0), "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "raw_path": b"/", "headers": [], CALLER: "Alice"}
    asyncio.run(gate(scope, receive, send))
    assert sent[0]["status"] == 400
    assert len(drained) == MOST_DRAINED // 2**20 + 1


def test_a_body_that_takes_long_is_400():
    assert ask(echo, body=[b"a"] * 10, wait=0.1)[0] == 400


def test_who_hangs_up_gets_no_answer():
    assert ask(echo, body=[]) == (None, None, [("status", 0)])


def test_each_caller_has_its_own_bucket():
    counted = []
    gate = Admission(echo, SETTINGS, lambda call, status: counted.append(status))
    for caller in ["Alice"] * 5 + ["Bob"]:
        ask(echo, caller=caller, gate=gate)
    assert counted == [200, 200, 200, 503, 503, 200]


def test_strangers_are_throttled_like_anybody():
    counted = []
    gate = Admission(echo, SETTINGS, lambda call, status: counted.append(status))
    for caller in ["Mallory"] * 5 + [None] * 4 + ["Alice"]:
        ask(echo, caller=caller, gate=gate)
    assert counted == [401, 401, 401, 503, 503, 401, 401, 401, 503, 200]


def test_so_many_at_once_for_each_and_no_more():
    """Two of Alice's wait in the application; her third is refused, Bob's goes on, and after them hers do again."""
    settings = KMESettings("KME1", "KME2", ("Alice", "Bob"), at_once=2)
    counted = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        pass

    async def run():
        gone = asyncio.Event()

        async def slow(scope, receive, send):
            if scope[CALLER] == "Alice":
                await gone.wait()
            await echo(scope, receive, send)

        gate = Admission(slow, settings, lambda call, status: counted.append(status))

        async def request(caller):
            scope = {"type": "http", "method": "GET", "raw_path": b"/", "headers": [], CALLER: caller}
            await asyncio.wait_for(gate(scope, receive, send), 10)

        two = [asyncio.create_task(request("Alice")) for _ in range(2)]
        await asyncio.sleep(0.01)
        await request("Alice")
        await request("Bob")
        assert counted == [503, 200]
        gone.set()
        await asyncio.gather(*two)
        await request("Alice")

    asyncio.run(run())
    assert counted == [503, 200, 200, 200, 200]


def test_a_body_with_a_length_and_chunks_is_refused_and_the_line_closed():
    headers = [(b"content-length", b"3"), (b"transfer-encoding", b"chunked")]
    gate = Admission(echo, SETTINGS, lambda call, status: None)
    sent = []

    async def receive():
        raise AssertionError("nothing of it is read")

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "raw_path": b"/", "headers": headers, CALLER: "Alice"}
    asyncio.run(gate(scope, receive, send))
    assert sent[0]["status"] == 400
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_fault_is_503_and_its_text_stays_inside(caplog):
    async def broken(scope, receive, send):
        raise KeyError("the key is 4711")

    with caplog.at_level(logging.INFO, "qlearn.kme"):
        status, body, counted = ask(broken)
    assert (status, json.loads(body), counted) == (
        503,
        {"message": "the request could not be served"},
        [("status", 503)],
    )
    assert "4711" not in caplog.text
    assert "KeyError at" in caplog.text


def test_a_fault_after_the_answer_began_ends_it(caplog):
    async def broken(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError("the key is 4711")

    assert ask(broken)[::2] == (200, [("status", 200)])
    assert "4711" not in caplog.text
