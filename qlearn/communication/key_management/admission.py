"""Admission: who may call, how often, how much and how long; and an answer in the standard's form, whatever goes wrong."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request, Response

from qlearn.communication.key_management.messages import Refusal
from qlearn.communication.key_management.settings import KMESettings
from qlearn.communication.key_management.throttling import TokenBucket

log = logging.getLogger("qlearn.kme")

CALLER = "qlearn.caller"
"""Where the scope of a request holds the ID that the client's certificate names."""
MOST_BODY = 64 * 1024
"""Bytes of a request that are looked at; more are read, thrown away and refused."""
MOST_DRAINED = 16 * 1024 * 1024
"""Bytes of a refused request that are read before the connection is dropped instead."""

UNKNOWN = "the client certificate names no SAE that is known to this KME, or has run out"

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


async def refuse(request: Request, fault: Exception) -> Response:
    """Answer a refusal in the standard's form."""
    assert isinstance(fault, Refusal)
    headers = {"retry-after": "1"} if fault.status == 503 else None
    return Response(fault.body, fault.status, headers, media_type="application/json")


class _TooOften(Refusal):
    """One more than a caller may ask."""


class Admission:
    """What every request passes: who calls, how often, how much; and what every answer passes: the form, a line in the log."""

    def __init__(self, app: Any, settings: KMESettings, count: Callable[[str, int], None]) -> None:
        self.app, self.settings, self.count = app, settings, count
        self._known = frozenset((*settings.sae_ids, *settings.monitor_ids))
        self._bucket = TokenBucket(settings.requests_per_second, settings.burst)
        self._working: Counter[str] = Counter()
        self._throttled: set[str] = set()

    async def __call__(self, scope: dict[str, Any], receive: _Receive, send: _Send) -> None:
        """Admit a request or refuse it; count and log its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answered: list[int] = []
        throttled = False

        async def answer(message: _Message) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])
            await send(message)

        # The raw path keeps %2F and %0A of an ID apart from the slashes and the end of a path.
        scope = {**scope, "path": scope["raw_path"].decode("ascii")}
        caller = scope.get(CALLER) or ""
        self._working[caller] += 1
        try:
            try:
                body = await self._admit(scope, receive)
            except Refusal as fault:
                throttled = isinstance(fault, _TooOften)
                refusal = await refuse(Request(scope), fault)
                if {b"content-length", b"transfer-encoding"} & {name for name, _ in scope["headers"]}:
                    refusal.headers["connection"] = (
                        "close"  # the body may still be on its way: nothing of it is read
                    )
                await refusal(scope, receive, answer)
            else:
                await self.app(scope, _once(body, receive), answer)
        except ConnectionError:
            log.info("%r hung up", scope.get(CALLER))
        except Exception as fault:
            # The text of a fault may hold what it stumbled over; its name and place do not.
            trace = fault.__traceback__
            while trace and trace.tb_next:
                trace = trace.tb_next
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
            log.error("a request failed: %s at %s", type(fault).__name__, place)
            if not answered:
                failed = Refusal(503, "the request could not be served")
                await (await refuse(Request(scope), failed))(scope, receive, answer)
        finally:
            self._working[caller] -= 1
            if not self._working[caller]:
                del self._working[caller]
            call = scope["path"].rpartition("/")[2]
            call = call if call in {"status", "enc_keys", "dec_keys", "metrics"} else "other"
            status = answered[0] if answered else 0
            self.count(call, status)
            # What is above the rate is counted, and its first refusal has a line. All below it have one each, and each ends
            # a row: 3 GB a day for each who floods, and more for a long name. Logs are rotated.
            if not throttled:
                self._throttled.discard(caller)
                log.info("%r %s %s", scope.get(CALLER), call, status)
            elif caller not in self._throttled:
                self._throttled.add(caller)
                log.info("%r %s %s, and more of them without a line", scope.get(CALLER), call, status)

    async def _admit(self, scope: dict[str, Any], receive: _Receive) -> bytes:
        """Return the body of a request that may go on."""
        caller = scope.get(CALLER)
        if caller not in self._known and self._bucket.allows(caller or ""):
            raise Refusal(401, UNKNOWN)
        if caller not in self._known or not self._bucket.allows(caller):
            raise _TooOften(
                503, f"more than {self.settings.requests_per_second:g} requests a second: try again later"
            )
        if self._working[caller] > self.settings.at_once:
            raise Refusal(503, f"more than {self.settings.at_once} requests at once: try again later")
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
            raise Refusal(400, "a body has a length or comes in chunks, and not both")
        try:
            async with asyncio.timeout(self.settings.body_seconds):
                return await _read(receive)
        except TimeoutError:
            raise Refusal(400, f"the body took longer than {self.settings.body_seconds:g} s") from None


async def _read(receive: _Receive) -> bytes:
    body, size, more = b"", 0, True
    while more and size <= MOST_DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        size += len(message.get("body", b""))
        body = body + message.get("body", b"") if size <= MOST_BODY else b""
        more = message.get("more_body", False)
    if size > MOST_BODY:
        raise Refusal(400, f"the body must be at most {MOST_BODY} bytes")
    return body


def _once(body: bytes, receive: _Receive) -> _Receive:
    """Give a body that was read already, and then what comes after it."""
    waiting: list[_Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> _Message:
        return waiting.pop() if waiting else await receive()

    return again
