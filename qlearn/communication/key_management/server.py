"""Server: the key delivery application on uvicorn, over mutual TLS, with its store and its source."""

import asyncio
import functools
import logging
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn

from qlearn.communication.key_management.key_delivery import key_delivery_app
from qlearn.communication.key_management.key_store import KeyStore
from qlearn.communication.key_management.replenishment import Replenisher, Source
from qlearn.communication.key_management.settings import KMESettings
from qlearn.communication.key_management.tls import MutualTLSProtocol, server_context

log = logging.getLogger("qlearn.kme")

MOST_HEAD = 16 * 1024
"""Bytes of the head of a request."""


class _Server(uvicorn.Server):
    """uvicorn that gives up on a handshake in time, and says where it listens."""

    handshake_seconds = 5.0
    greeting = ""

    async def startup(self, sockets: Any = None) -> None:
        loop = asyncio.get_running_loop()
        listen = loop.create_server
        # uvicorn has no option for it, and asyncio's own is a minute: a connection that says nothing would hold that long.
        limited = functools.partial(
            listen,
            ssl_handshake_timeout=self.handshake_seconds,
            ssl_shutdown_timeout=self.handshake_seconds,
        )
        loop.create_server = limited  # type: ignore[method-assign]
        try:
            await super().startup(sockets)
        finally:
            loop.create_server = listen  # type: ignore[method-assign]
        if self.started and self.servers:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            place = f"[{host}]" if ":" in host else host
            print(f"{self.greeting} https://{place}:{port}", flush=True)


def serve(
    settings: KMESettings,
    store: KeyStore,
    *,
    certificate: str | Path,
    private_key: str | Path,
    authority: str | Path,
    host: str = "127.0.0.1",
    port: int = 8443,
    source: Source | None = None,
) -> None:
    """Serve the keys of a store over mutual TLS until a signal ends it; the store is closed then.

    It prints one line when it listens, ``KME1 listens on https://127.0.0.1:8443``. The log names callers, calls and statuses,
    and no key.

    Parameters
    ----------
    settings : KMESettings
        Who it is, whom it serves, its limits.
    store : KeyStore
        Where its keys are.
    certificate, private_key, authority : str or Path
        The server's own, and the authority whose clients it hears.
    host, port : str, int
        Where to listen; port 0 takes a free one.
    source : callable, optional
        What fills the store: :func:`link_source`, :func:`file_source`.

    Examples
    --------
    What it lacks, it says before it listens:

    >>> import tempfile
    >>> from qlearn.communication.key_management import KeyStore, KMESettings
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> files = {"certificate": "KME1.crt", "private_key": "no.key", "authority": "ca.crt"}
    >>> serve(KMESettings("KME1", "KME2", ("Alice", "Bob")), store, **files)
    Traceback (most recent call last):
    ...
    FileNotFoundError: [Errno 2] No such file or directory: 'no.key'
    >>> store.close(); folder.cleanup()
    """
    context = server_context(certificate, private_key, authority)
    limits = {
        "silence": settings.silence_seconds,
        "most_connections": settings.connections,
        "known": frozenset((*settings.sae_ids, *settings.monitor_ids)),
    }
    # A connection of its own, which does not wait: the application goes on while the replenisher writes.
    desk = KeyStore(store.path, patience=0)
    config = uvicorn.Config(
        key_delivery_app(settings, desk),
        host=host,
        port=port,
        http=type("Protocol", (MutualTLSProtocol,), limits),
        ws="none",
        loop="asyncio",  # whatever else is installed: the limits of the handshake are its own
        proxy_headers=False,
        ssl_context_factory=lambda config, default: context,
        h11_max_incomplete_event_size=MOST_HEAD,
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    # uvicorn and asyncio speak of connections here, and print the text of a fault, which is not ours to show.
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    server = _Server(config)
    server.handshake_seconds = settings.silence_seconds
    server.greeting = f"{settings.kme_id} listens on"
    filling = Replenisher(store, source, key_lifetime=settings.key_lifetime)
    filling.start()
    # uvicorn ends in order on a signal, and then raises it again: what stands here before takes it.
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True)) if main else None
    try:
        server.run()
    except KeyboardInterrupt:
        log.info("ended by hand")
    except SystemExit:
        raise OSError(f"nothing can listen on {host}:{port}: is the port taken?") from None
    finally:
        if main:
            signal.signal(signal.SIGTERM, before)
        filling.stop()
        desk.close()
        store.close()
