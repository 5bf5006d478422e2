"""The clients: the same calls, awaited or not, and an answer that is no KME's is an error that shows no key."""

import asyncio
import gzip
import http.server
import json
import ssl
import threading
import time
from typing import ClassVar

import httpx
import pytest

from qlearn.communication.key_management import AsyncKMEClient, KMEClient, KMEError, server_context


@pytest.fixture(autouse=True, scope="module")
def filled(service):
    service.fill(200)


def test_both_ends_get_the_same_keys(alice, bob):
    status = alice.status("Bob")
    assert (status["source_KME_ID"], status["target_KME_ID"]) == ("KME1", "KME2")
    keys = alice.enc_keys("Bob", number=3, size=512, additional=["Carol"], extension_optional=[{"a": 1}])
    assert [len(key.key) for key in keys] == [64] * 3
    assert bob.dec_keys("Alice", [key.key_id for key in keys]) == keys
    with pytest.raises(KMEError, match="not all extension_mandatory parameters are supported"):
        alice.enc_keys("Bob", extension_mandatory=[{"a": 1}])


def test_awaited_calls_do_the_same(service):
    async def exchange():
        options = {"kme_id": "KME1"}
        async with (
            AsyncKMEClient(service.url, **service.files("Alice"), **options) as alice,
            AsyncKMEClient(service.url, **service.files("Bob"), **options) as bob,
        ):
            assert (await alice.status("Bob"))["master_SAE_ID"] == "Alice"
            lists = await asyncio.gather(*(alice.enc_keys("Bob", number=2) for _ in range(10)))
            for keys in lists:
                assert await bob.dec_keys("Alice", [key.key_id for key in keys]) == keys
            assert len({key.key for keys in lists for key in keys}) == 20
            with pytest.raises(KMEError, match="400: size shall be a multiple of 8"):
                await alice.enc_keys("Bob", size=257)

    asyncio.run(exchange())


@pytest.fixture(scope="module")
def impostor(service):
    """A server with a good certificate that answers what it is told."""

    class Handler(http.server.BaseHTTPRequestHandler):
        answer = (200, b"")
        slowly = 0.0
        heard: ClassVar[list[str]] = []

        def do_GET(self):
            self.heard.append(self.path)
            assert self.headers["accept-encoding"] == "identity"
            status, body, *more = self.answer
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            for name, value in more:
                self.send_header(name, value)
            self.end_headers()
            for at in range(0, len(body), 2**20):
                self.wfile.write(body[at : at + 2**20])
                time.sleep(self.slowly)

        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def log_message(self, *args):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            pass  # who hangs up on it, as a client does here

    server = Server(("127.0.0.1", 0), Handler)
    folder = service.folder
    context = server_context(folder / "KME1.crt", folder / "KME1.key", service.pki.authority)
    assert context.verify_mode == ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server, Handler
    server.shutdown()
    server.server_close()
    thread.join()


def container(*key_ids, key="c2Vj" * 10 + "c2U="):
    return json.dumps({"keys": [{"key_ID": key_id, "key": key} for key_id in key_ids]}).encode()


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        ((200, b"<html>"), 200, "no JSON object"),
        ((200, b"[]"), 200, "no JSON object"),
        ((200, b"[" * 200_000), 200, "no JSON object"),
        ((200, container("id")[:-1]), 200, "no JSON object"),
        ((200, container()), 200, "has not the keys that were asked for"),
        ((200, container("one", "two")), 200, "has not the keys that were asked for"),
        ((200, container("id", key="c2Vj")), 200, "has not the keys that were asked for"),
        ((200, container("id", key="")), 200, "no key container"),
        ((200, container({"id": 1})), 200, "no key container"),
        ((200, container("id").ljust(17 * 2**20)), 200, "more than 16777216 bytes"),
        ((302, b"{}"), 302, "no message"),
        ((200, b"{}"), 200, "no key container"),
        (
            (200, json.dumps({"keys": [{"key_ID": "x", "key": "c2Vj*cmV0"}]}).encode()),
            200,
            "no key container",
        ),
        ((200, json.dumps({"keys": [{"key": "c2VjcmV0"}]}).encode()), 200, "no key container"),
        ((404, b'{"detail": "Not Found"}'), 404, "no message"),
        ((401, b""), 401, "no JSON object"),
        ((503, b'{"message": "later", "details": "x"}'), 503, "later"),
    ],
)
def test_an_answer_that_is_no_kmes(service, impostor, answer, status, says):
    server, handler = impostor
    handler.answer = answer
    with (
        client_of(service, server) as client,
        pytest.raises(KMEError, match=says) as caught,
    ):
        client.enc_keys("Bob", size=256)
    assert caught.value.status == status
    fault = caught.value
    while fault:
        assert "c2Vj" not in str(fault)
        fault = None if fault.__suppress_context__ else fault.__context__


def test_refuses(service, alice):
    with pytest.raises(ValueError, match="url must begin with https://"):
        KMEClient("http://127.0.0.1", **service.files("Alice"))
    with pytest.raises(ValueError, match="timeout must be above 0"):
        KMEClient(service.url, **service.files("Alice"), timeout=0)
    with pytest.raises(ValueError, match="the SAE ID must be a text, not ''"):
        alice.status("")
    with pytest.raises(ValueError, match="number must be at least 1"):
        alice.enc_keys("Bob", number=0)
    assert "key" not in repr(alice).lower().replace(alice.url, "")[9:]


def test_an_answer_that_ends_its_connection_is_read(service):
    """The certificate of the server is looked at before the end of the answer takes it away."""
    with service.client("Nobody") as nobody, pytest.raises(KMEError, match="401: the client certificate"):
        nobody.enc_keys("Bob")

    async def ask():
        async with AsyncKMEClient(service.url, **service.files("Nobody"), kme_id="KME1") as nobody:
            await nobody.enc_keys("Bob")

    with pytest.raises(KMEError, match="401: the client certificate"):
        asyncio.run(ask())


def client_of(service, server, **options):
    """A client that means KME1, of a server that hangs up behind each answer."""
    url = f"https://127.0.0.1:{server.server_port}"
    return KMEClient(url, **service.files("Alice"), kme_id="KME1", **options)


def test_keys_come_in_the_order_asked_also_from_one_who_hangs_up(service, impostor):
    server, handler = impostor
    handler.answer = (200, container("two", "ONE"))
    with client_of(service, server) as client:
        assert [key.key_id for key in client.dec_keys("Bob", ["one", "two"])] == ["ONE", "two"]
        for other in (["one"], ["one", "three"], ["one", "two", "three"]):
            with pytest.raises(KMEError, match="has not the keys that were asked for"):
                client.dec_keys("Bob", other)


def test_what_is_packed_is_not_unpacked(service, impostor):
    server, handler = impostor
    handler.answer = (200, gzip.compress(container("id") + b" " * 10**7), ("content-encoding", "gzip"))
    with client_of(service, server) as client, pytest.raises(KMEError, match="no JSON object"):
        client.enc_keys("Bob")


def test_an_answer_that_does_not_end_is_left(service, impostor):
    server, handler = impostor
    handler.answer, handler.slowly = (200, b" " * 10 * 2**20), 0.15
    begun = time.monotonic()
    with (
        client_of(service, server, timeout=0.4) as client,
        pytest.raises(KMEError, match=r"longer than 0\.4 s"),
    ):
        client.enc_keys("Bob")
    handler.slowly = 0.0
    assert time.monotonic() - begun < 1.2


def test_nothing_is_said_to_another_kme(service, impostor):
    server, handler = impostor
    handler.heard.clear()
    url, files = f"https://127.0.0.1:{server.server_port}", service.files("Alice")
    with (
        KMEClient(url, **files, kme_id="KME2") as client,
        pytest.raises(httpx.ConnectError, match="names 'KME1', not 'KME2'"),
    ):
        client.dec_keys("Bob", ["id"])

    async def awaited():
        async with AsyncKMEClient(url, **files, kme_id="KME2") as client:
            await client.dec_keys("Bob", ["id"])

    with pytest.raises(httpx.ConnectError):
        asyncio.run(awaited())
    assert handler.heard == []


@pytest.mark.parametrize("url", ["https://a:b@127.0.0.1", "https://127.0.0.1/?x=", "https://"])
def test_a_url_is_a_place(service, url):
    with pytest.raises(ValueError, match="url must name a host") as caught:
        KMEClient(url, **service.files("Alice"))
    assert "a:b" not in str(caught.value)
