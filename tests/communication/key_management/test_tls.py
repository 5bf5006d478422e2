"""Mutual TLS: who has no certificate, or a wrong one, or an old one, gets nothing; the others are who it says."""

import asyncio
import contextlib
import os
import socket
import ssl
import time

import httpx
import pytest
import uvicorn
from cryptography import x509
from uvicorn.server import ServerState

from qlearn.communication.key_management import DemoPKI, KMEClient, KMEError, client_context, server_context
from qlearn.communication.key_management.tls import MutualTLSProtocol, common_name

FAULTS = (httpx.ReadError, httpx.RemoteProtocolError, httpx.ConnectError, httpx.WriteError)


def as_files(pair, authority):
    return {"certificate": pair[0], "private_key": pair[1], "authority": authority}


def test_a_certificate_of_another_authority_is_refused(service, tmp_path):
    pair = DemoPKI(tmp_path).client("Alice")
    with KMEClient(service.url, **as_files(pair, service.pki.authority)) as client, pytest.raises(FAULTS):
        client.status("Bob")


def test_an_expired_certificate_is_refused(service):
    old = DemoPKI(service.pki.folder, days=-1)
    pair = old.client("Expired")
    with KMEClient(service.url, **as_files(pair, old.authority)) as client, pytest.raises(FAULTS):
        client.status("Bob")


def test_a_servers_certificate_names_no_client(service):
    files = {"certificate": service.folder / "KME1.crt", "private_key": service.folder / "KME1.key"}
    with KMEClient(service.url, **files, authority=service.pki.authority) as client, pytest.raises(FAULTS):
        client.status("Bob")


def test_a_client_that_nobody_knows_is_401_in_the_standards_form(service):
    with (
        service.client("Mallory") as client,
        pytest.raises(KMEError, match="names no SAE that is known") as caught,
    ):
        client.status("Bob")
    assert caught.value.status == 401


def test_the_client_refuses_another_server(service, tmp_path):
    other = DemoPKI(tmp_path)
    files = service.files("Alice") | {"authority": other.authority}
    with (
        KMEClient(service.url, **files) as client,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY"),
    ):
        client.status("Bob")
    with (
        KMEClient(service.url, **service.files("Alice"), kme_id="KME2") as client,
        pytest.raises(httpx.ConnectError, match="names 'KME1', not 'KME2'"),
    ):
        client.status("Bob")


def test_the_contexts_ask_for_certificates_and_for_tls_1_2(service):
    files = service.files("Alice")
    for context in (server_context(**files), client_context(**files)):
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert client_context(**files).check_hostname


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        ({"subject": ((("countryName", "AT"),), (("commonName", "Alice"),))}, "Alice"),
        ({"subject": ((("commonName", "Alice"), ("commonName", "Bob")),)}, None),
        ({"subject": ((("commonName", "Alice"),), (("commonName", "Alice"),))}, None),
        ({"subject": ((("countryName", "AT"),),)}, None),
        ({"subject": ()}, None),
        ({}, None),
        (None, None),
    ],
)
def test_one_common_name_or_none(certificate, name):
    assert common_name(certificate) == name


def ask(connection, path):
    """One request on an open connection: its answer, read to the end of its JSON."""
    connection.sendall(f"GET /api/v1/keys/{path} HTTP/1.1\r\nHost: kme\r\n\r\n".encode())
    said = b""
    while not said.endswith(b"}"):
        said += connection.recv(65536)
    return said


def test_a_certificate_that_ends_ends_what_it_began(service):
    """TLS looks at a certificate once: neither a connection that is kept, nor a session that is resumed, outlives it."""
    service.fill(5)
    pair = DemoPKI(service.pki.folder, days=2.2 / 86_400).client("E 2")
    ends = x509.load_pem_x509_certificate(pair[0].read_bytes()).not_valid_after_utc.timestamp()

    def connect(context, session=None):
        plain = socket.create_connection(("127.0.0.1", service.port), 10)
        return context.wrap_socket(plain, server_hostname="127.0.0.1", session=session)

    contexts = [client_context(*pair, service.pki.authority) for _ in range(2)]
    contexts[0].maximum_version = ssl.TLSVersion.TLSv1_2
    kept = [connect(context) for context in contexts]
    assert [connection.version() for connection in kept] == ["TLSv1.2", "TLSv1.3"]
    assert all(ask(connection, "Bob/enc_keys").startswith(b"HTTP/1.1 200") for connection in kept)
    time.sleep(max(0.0, ends - time.time()) + 0.05)
    for connection, context in zip(kept, contexts, strict=True):
        assert ask(connection, "Bob/enc_keys").startswith(b"HTTP/1.1 401")
        with connect(context, connection.session) as resumed:
            assert resumed.session_reused
            assert ask(resumed, "Bob/enc_keys").startswith(b"HTTP/1.1 401")
        connection.close()
    service.pki.client("E 2")  # the next who asks for it finds one that holds


def test_tls_1_2_has_forward_secrecy_and_no_block_chaining(service):
    for name in ("AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"):
        context = service.context("Alice")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(name)
        plain = socket.create_connection(("127.0.0.1", service.port), 10)
        if name == "ECDHE-ECDSA-AES128-GCM-SHA256":
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
                assert connection.cipher()[0] == name
        else:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(plain, server_hostname="127.0.0.1")


def test_no_session_secret_goes_where_the_environment_says(service, tmp_path, monkeypatch):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "secrets"))
    for name in ("HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server_context(**service.files("Alice"))
    with service.client("Alice") as client:
        assert client.status("Bob")["slave_SAE_ID"] == "Bob"
    assert not (tmp_path / "secrets").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_private_key_that_others_may_read_is_refused(tmp_path):
    pki = DemoPKI(tmp_path)
    certificate, private_key = pki.client("Alice")
    private_key.chmod(0o640)
    for context in (server_context, client_context):
        with pytest.raises(ValueError, match=r"private_key must be .*Alice.key has the permissions 0640"):
            context(certificate, private_key, pki.authority)


def test_who_does_not_read_is_dropped(service):
    """An answer that nobody takes holds its connection for a while and not for ever."""
    files = service.files("Alice")

    async def much(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(256):
            await send({"type": "http.response.body", "body": bytes(2**16), "more_body": True})

    async def run():
        config = uvicorn.Config(much, log_config=None, lifespan="off", ws="none")
        config.load()
        state = ServerState()
        kind = type("Protocol", (MutualTLSProtocol,), {"silence": 0.3})
        server = await asyncio.get_running_loop().create_server(
            lambda: kind(config=config, server_state=state, app_state={}),
            "127.0.0.1",
            0,
            ssl=server_context(service.folder / "KME1.crt", service.folder / "KME1.key", files["authority"]),
        )
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_context(**files))
        writer.write(b"GET / HTTP/1.1\r\nHost: kme\r\n\r\n")
        while not state.connections:
            await asyncio.sleep(0.01)
        begun = time.monotonic()
        while state.connections and time.monotonic() - begun < 5:
            await asyncio.sleep(0.01)
        writer.transport.abort()
        server.close()
        return time.monotonic() - begun

    assert 0.2 < asyncio.run(run()) < 3


def test_who_is_known_no_longer_holds_no_places_of_others(make_service):
    service = make_service(connections=8)
    with contextlib.ExitStack() as held:
        for name in ("gone 1", "gone 2", "gone 3", "gone 4"):
            for _ in range(2):
                raw = held.enter_context(socket.create_connection(("127.0.0.1", service.port)))
                talk = held.enter_context(service.context(name).wrap_socket(raw, server_hostname="127.0.0.1"))
                talk.settimeout(20)
                with contextlib.suppress(OSError):
                    talk.sendall(b"GET /api/v1/keys/Bob/status HTTP/1.1\r\nHost: x\r\n\r\n")
                    talk.recv(100)
        with service.client("Alice") as alice:
            assert alice.status("Bob")["master_SAE_ID"] == "Alice"
