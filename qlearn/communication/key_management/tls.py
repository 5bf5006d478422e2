"""Mutual TLS: both ends show a certificate, and the application learns whose the client's was."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from qlearn.communication.key_management.admission import CALLER
from qlearn.communication.key_management.messages import Refusal


def common_name(certificate: Any) -> str | None:
    """Return the common name of a certificate as Python's ssl reads it; None unless there is exactly one.

    Parameters
    ----------
    certificate : dict
        What ``getpeercert()`` returned.

    Examples
    --------
    >>> common_name({"subject": ((("commonName", "Alice"),),)})
    'Alice'
    """
    pairs = [pair for part in (certificate or {}).get("subject", ()) for pair in part]
    names = [value for kind, value in pairs if kind == "commonName"]
    return names[0] if len(names) == 1 else None


def server_context(certificate: str | Path, private_key: str | Path, authority: str | Path) -> ssl.SSLContext:
    """Return the context of a server that speaks TLS 1.2 or later, to clients with a certificate of `authority` alone."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority))
    return _ours(context, certificate, private_key)


def client_context(certificate: str | Path, private_key: str | Path, authority: str | Path) -> ssl.SSLContext:
    """Return the context of a client that shows its certificate, and trusts servers of `authority` alone."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(authority))
    return _ours(context, certificate, private_key)


def _ours(context: ssl.SSLContext, certificate: str | Path, private_key: str | Path) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(certificate, private_key)
    return context


class MutualTLSProtocol(H11Protocol):
    """HTTP/1.1 of uvicorn that names the client to the application, and drops who says nothing."""

    silence = 5.0
    """Seconds from the first byte of a connection or of a request to the end of its headers."""
    most_connections = 500
    """Connections open at a time, a quarter of them for one client."""

    caller: str | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Ask TLS for the certificate, and tell every request of this connection whose it is."""
        super().connection_made(transport)
        secured = transport.get_extra_info("ssl_object")
        caller = self.caller = common_name(secured.getpeercert()) if secured else None
        same = sum(getattr(other, "caller", None) == caller for other in self.connections)
        if len(self.connections) > self.most_connections or same > max(1, self.most_connections // 4):
            transport.close()
            return
        app: Any = self.app

        async def named(scope: Any, receive: Any, send: Any) -> None:
            scope[CALLER] = caller
            await app(scope, receive, send)

        self.app = named
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        """Take bytes; those that end no headers start, or do not stop, the clock."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Go on to the next request, whose head may have begun already."""
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._await_headers()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._stop()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the form of the standard."""
        body = Refusal(400, msg).body
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        events = [h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()]
        try:
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:
            pass  # an answer is under way already: what comes after it is not answered
        self.transport.close()

    def _await_headers(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.silence, self.transport.abort)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
