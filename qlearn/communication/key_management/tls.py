"""Mutual TLS: both ends show a certificate, and the application learns whose the client's was."""

import asyncio
import os
import ssl
import time
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


def valid_until(certificate: Any) -> float:
    """Return when a certificate ends, in seconds since 1970; 0 if there is none.

    Parameters
    ----------
    certificate : dict
        What ``getpeercert()`` returned.

    Examples
    --------
    >>> valid_until({"notAfter": "Jan  1 00:01:00 1970 GMT"})
    60.0
    """
    return float(ssl.cert_time_to_seconds(certificate["notAfter"])) if certificate else 0.0


def server_context(certificate: str | Path, private_key: str | Path, authority: str | Path) -> ssl.SSLContext:
    """Return the context of a server that speaks TLS 1.2 or later, to clients with a certificate of `authority` alone.

    Parameters
    ----------
    certificate, private_key : str or Path
        Its own, as PEM. A private key that others than its owner may read is refused.
    authority : str or Path
        Who must have signed the other's.

    Returns
    -------
    ssl.SSLContext

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.communication.key_management import DemoPKI
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pki = DemoPKI(folder)
    ...     context = server_context(*pki.server("KME1"), pki.authority)
    >>> context.verify_mode.name, context.minimum_version.name
    ('CERT_REQUIRED', 'TLSv1_2')
    """
    return _ours(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate, private_key, authority)


def client_context(certificate: str | Path, private_key: str | Path, authority: str | Path) -> ssl.SSLContext:
    """Return the context of a client that shows its certificate, and trusts servers of `authority` alone.

    Parameters
    ----------
    certificate, private_key : str or Path
        Its own, as PEM. A private key that others than its owner may read is refused.
    authority : str or Path
        Who must have signed the other's.

    Returns
    -------
    ssl.SSLContext

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.communication.key_management import DemoPKI
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pki = DemoPKI(folder)
    ...     context = client_context(*pki.client("Alice"), pki.authority)
    >>> context.verify_mode.name, context.minimum_version.name
    ('CERT_REQUIRED', 'TLSv1_2')
    """
    return _ours(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), certificate, private_key, authority)


def expect_server(context: ssl.SSLContext, name: str) -> None:
    """Let handshakes of a client's context fail, before anything is said, where the server's common name is another."""
    # httpx wraps sockets where it waits, and memory where it is awaited.
    context.sslsocket_class = type("_Socket", (_NamedSocket,), {"name": name})
    context.sslobject_class = type("_Object", (_NamedObject,), {"name": name})


def _ours(
    context: ssl.SSLContext, certificate: str | Path, private_key: str | Path, authority: str | Path
) -> ssl.SSLContext:
    # Not ssl.create_default_context: that writes the secrets of each session where SSLKEYLOGFILE says.
    if os.name == "posix" and (mode := Path(private_key).stat().st_mode & 0o777) & 0o077:
        raise ValueError(
            f"private_key must be a file that its owner alone can read, but {private_key} has the permissions {mode:04o}"
        )
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")  # of TLS 1.2: forward secrecy, and no block chaining
    context.load_verify_locations(str(authority))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(certificate, private_key)
    return context


class _Named:
    """Refuse a server at the end of the handshake, if its certificate has another common name."""

    name: str

    def do_handshake(self, *arguments: Any) -> None:
        super().do_handshake(*arguments)  # type: ignore[misc]
        found = common_name(self.getpeercert())  # type: ignore[attr-defined]
        if found != self.name:
            raise ssl.SSLCertVerificationError(f"the server's certificate names {found!r}, not {self.name!r}")


class _NamedSocket(_Named, ssl.SSLSocket):
    """For calls that wait."""


class _NamedObject(_Named, ssl.SSLObject):
    """For calls that are awaited."""


MOST_PIECES = 2048
"""Pieces in which the body of a request may come: each costs as much work as a request, however few its bytes."""


class _FewPieces(h11.Connection):
    """HTTP/1.1 that refuses a body in too many pieces."""

    pieces = 0

    def next_event(self) -> Any:
        """Return what comes next, as h11 does."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self.pieces = 0
        self.pieces += isinstance(event, h11.Data)
        if self.pieces > MOST_PIECES:
            raise h11.RemoteProtocolError("the body comes in too many pieces")
        return event


class MutualTLSProtocol(H11Protocol):
    """HTTP/1.1 of uvicorn that names the client to the application, and drops who says nothing."""

    silence = 5.0
    """Seconds from the first byte of a connection or of a request to the end of its headers, and that an answer waits
    for a client that does not read."""
    most_connections = 500
    """Connections open at a time, a quarter of them for one client."""

    known: frozenset[str] | None = None
    """Who has a share of the connections; all others have one together. None: each has one."""

    place: str | None = None
    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Ask TLS for the certificate, and tell every request of this connection whose it is."""
        super().connection_made(transport)
        self.conn = _FewPieces(h11.SERVER, self.config.h11_max_incomplete_event_size or 16 * 1024)
        secured = transport.get_extra_info("ssl_object")
        certificate = secured.getpeercert() if secured else None
        caller = common_name(certificate)
        self.place = caller if self.known is None or caller in self.known else None
        ends = valid_until(certificate)
        same = sum(getattr(other, "place", None) == self.place for other in self.connections)
        if len(self.connections) > self.most_connections or same > max(1, self.most_connections // 4):
            transport.close()
            return
        app: Any = self.app

        async def named(scope: Any, receive: Any, send: Any) -> None:
            # TLS looked at the certificate when the session began: it may have ended since, also where a session is resumed.
            scope[CALLER] = caller if time.time() < ends else None
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
        """Forget the clocks."""
        self._stop()
        self._reads()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for a client that does not read, and not for ever."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.silence, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        super().resume_writing()
        self._reads()

    def _reads(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

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
