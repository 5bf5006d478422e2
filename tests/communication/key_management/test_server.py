"""The server under what goes wrong: full disks, broken files, slow, silent, large and many requests."""

import json
import os
import resource
import signal
import socket
import sqlite3
import time

import httpx
import pytest

from qlearn.communication.key_management import KeyStore, KMESettings, serve

PATH = "/api/v1/keys/"


@pytest.fixture(scope="module")
def strict(make_service):
    """A service that is short of patience."""
    service = make_service(
        requests_per_second=2, burst=40, body_seconds=1.0, silence_seconds=2.0, at_once=8, connections=40
    )
    service.fill(500)
    return service


def secured(service, name="Alice"):
    plain = socket.create_connection(("127.0.0.1", service.port), 10)
    return service.context(name).wrap_socket(plain, server_hostname="127.0.0.1")


def heard(connection):
    """All that is said until the other side hangs up."""
    said = b""
    try:
        while part := connection.recv(65536):
            said += part
    except (ConnectionError, OSError):
        pass
    return said


def error_of(said):
    head, _, body = said.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["message"]


def alive(service, name="Bob"):
    with service.http(name) as client:
        return client.get(f"{PATH}Carol/status").status_code == 200


def test_a_flood_is_throttled_and_the_others_are_served(strict):
    with strict.http("Alice") as flood, strict.http("Bob") as other:
        answers = [flood.get(f"{PATH}Bob/status") for _ in range(80)]
        assert other.get(f"{PATH}Alice/enc_keys").status_code == 200
        codes = [answer.status_code for answer in answers]
        assert codes[:40] == [200] * 40
        assert set(codes[40:]) <= {200, 503}
        assert codes.count(503) >= 10
        log = strict.log.read_text()
        assert log.count("'Alice' status 200") >= 40
        assert log.count("'Alice' status 503") == log.count("and more of them without a line") < 10
        late = next(answer for answer in answers if answer.status_code == 503)
        assert "2 requests a second" in late.json()["message"]
        assert late.headers["retry-after"] == "1"
        time.sleep(1)
        assert flood.get(f"{PATH}Bob/status").status_code == 200
        # The next row of refusals has a line again.
        had = strict.log.read_text().count("without a line")
        while flood.get(f"{PATH}Bob/status").status_code == 200:
            pass
        end = time.monotonic() + 2
        while strict.log.read_text().count("without a line") == had and time.monotonic() < end:
            time.sleep(0.01)
        assert strict.log.read_text().count("without a line") == had + 1


def test_a_body_of_ten_megabytes_is_refused(service):
    service.fill(10)
    with service.http("Alice") as client:
        before = client.get(f"{PATH}Bob/status").json()["stored_key_count"]
        for content in (b'{"number": 1' + b" " * 10_000_000 + b"}", iter([b"x" * 100_000] * 100)):
            answer = client.post(f"{PATH}Bob/enc_keys", content=content)
            assert (answer.status_code, answer.json()["message"]) == (
                400,
                "the body must be at most 65536 bytes",
            )
        assert client.get(f"{PATH}Bob/status").json()["stored_key_count"] == before
    with open(f"/proc/{service.process.pid}/status") as file:
        memory = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    assert memory < 200_000  # kB; the interpreter and FastAPI take about half of it


def test_a_body_in_thousands_of_pieces_is_cut_off(service):
    """Each piece of a byte is as much work as a request: ten thousand of them would keep the others waiting."""
    service.fill(1)
    head = (
        b"POST " + PATH.encode() + b"Bob/enc_keys HTTP/1.1\r\nHost: kme\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    for pieces, code in ((1000, 200), (10_000, 400)):
        with secured(service) as connection:
            connection.sendall(head + b"1\r\n{\r\n" + b"1\r\n \r\n" * pieces + b"1\r\n}\r\n0\r\n\r\n")
            connection.settimeout(0.5 if code == 200 else 5)
            said = heard(connection)
        assert said.startswith(b"HTTP/1.1 %d" % code), said[:100]


def test_a_body_of_a_gigabyte_is_cut_off(service):
    """What is over the limit is read up to 16 MiB, so that its sender hears why; then the line is cut."""
    sent = []

    def endless():
        for _ in range(1024):
            sent.append(1)
            yield b"x" * 2**20

    with service.http("Carol") as client:
        try:
            assert client.post(f"{PATH}Bob/enc_keys", content=endless()).status_code == 400
        except httpx.TransportError:
            assert len(sent) > 16
    assert len(sent) < 64
    assert alive(service)


@pytest.mark.parametrize(
    "head",
    [
        b"GET " + PATH.encode() + b"Bob/status HTTP/1.1\r\nHost: kme\r\nX: " + b"y" * 400_000 + b"\r\n\r\n",
        b"GET " + PATH.encode() + b"B\xff HTTP/1.1\r\nHost: kme\r\n\r\n",
        b"GET " + PATH.encode() + b"B b/status HTTP/1.1\r\nHost: kme\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: kme\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST /x HTTP/1.1\r\nHost: kme\r\nContent-Length: -1\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: kme\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_http_gets_the_standards_error(service, head):
    with secured(service) as connection:
        connection.sendall(head)
        connection.settimeout(5)
        code, message = error_of(heard(connection))
    assert code == 400
    assert message == "Invalid HTTP request received."


def test_a_request_smuggled_behind_another_is_its_own(service):
    """A length and chunks at once: what two servers in a row could read in two ways is answered at most once."""
    service.fill(10)
    body = b"0\r\n\r\nGET " + PATH.encode() + b"Bob/enc_keys HTTP/1.1\r\nHost: kme\r\n\r\n"
    head = b"POST " + PATH.encode() + b"Bob/status HTTP/1.1\r\nHost: kme\r\nTransfer-Encoding: chunked\r\n"
    with secured(service) as connection:
        connection.sendall(head + b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
        connection.settimeout(3)
        said = heard(connection)
    assert said.startswith(b"HTTP/1.1 400")
    assert b'"keys"' not in said


def test_pipelined_requests_are_answered_in_order(service):
    one = b"GET " + PATH.encode() + b"Bob/status HTTP/1.1\r\nHost: kme\r\n\r\n"
    two = one.replace(b"Bob", b"Carol").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with secured(service) as connection:
        connection.sendall(one + two)
        connection.settimeout(5)
        said = heard(connection)
    assert said.index(b'"slave_SAE_ID": "Bob"') < said.index(b'"slave_SAE_ID": "Carol"')


def test_who_says_nothing_more_is_dropped(strict, together):
    """Nothing, half a head, a request and half a head, and a head that comes letter by letter."""
    status = b"GET " + PATH.encode() + b"Bob/status HTTP/1.1\r\nHost: kme"

    def wait(said, slowly=b""):
        with secured(strict, "Carol") as connection:
            connection.sendall(said)
            connection.settimeout(0.1 if slowly else 10)
            begun = time.monotonic()
            for letter in slowly:
                try:
                    connection.sendall(bytes([letter]))
                    assert connection.recv(1) == b""
                    break
                except TimeoutError:
                    continue
                except OSError:
                    break
            else:
                heard(connection)
            return time.monotonic() - begun

    strict.files("Carol")
    cases = [b""], [status[:-3]], [status + b"\r\n\r\nGET /api"], [status, b"x" * 100]
    waited = together(*(lambda case=case: wait(*case) for case in cases))
    assert all(1 < seconds < 8 for seconds in waited), waited
    assert alive(strict)


def test_a_slow_body_is_refused(strict):
    head = b"POST " + PATH.encode() + b"Bob/enc_keys HTTP/1.1\r\nHost: kme\r\nContent-Length: 100\r\n\r\n"
    with secured(strict, "Dave") as connection:
        connection.sendall(head)
        for _ in range(4):
            connection.sendall(b" ")
            time.sleep(0.4)
        connection.settimeout(5)
        code, message = error_of(heard(connection))
    assert (code, message) == (400, "the body took longer than 1 s")


def test_200_connections_that_say_nothing(strict):
    """They hold no place: the others are served meanwhile, and they are dropped in time."""
    silent = [socket.create_connection(("127.0.0.1", strict.port), 10) for _ in range(200)]
    try:
        assert alive(strict)
        begun = time.monotonic()
        for connection in silent:
            connection.settimeout(10)
            assert heard(connection) == b""
        assert time.monotonic() - begun < 8
    finally:
        for connection in silent:
            connection.close()


def test_more_connections_than_there_are_places_are_closed(strict):
    """Of the 40 places one application may have ten: the others find room."""
    held = []
    try:
        for _ in range(20):
            held.append(secured(strict, "E 1"))
        held[-1].settimeout(1)
        begun = time.monotonic()
        assert heard(held[-1]) == b""
        assert time.monotonic() - begun < 1  # at once, and not after its silence
        assert alive(strict, "E 2")
    finally:
        for connection in held:
            connection.close()


def test_a_locked_database_is_503_and_hands_nothing_out(make_service):
    service = make_service()
    service.fill(5)
    other = sqlite3.connect(service.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with service.http("Alice") as client:
        answer = client.get(f"{PATH}Bob/enc_keys")
        assert (answer.status_code, answer.json()) == (503, {"message": "the key store cannot be used now"})
        other.execute("ROLLBACK")
        other.close()
        assert client.get(f"{PATH}Bob/status").json()["stored_key_count"] == 5
        assert client.get(f"{PATH}Bob/enc_keys").status_code == 200
    assert service.stop() == 0


def test_a_full_disk_is_503_and_hands_nothing_out(make_service):
    """No file of this server may grow beyond 200 kB: the log cannot, and the keys stay."""
    most = 200_000
    service = make_service(prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
    service.fill(2500)
    with service.http("Alice") as client:
        keys = []
        for _ in range(40):
            answer = client.get(f"{PATH}Bob/enc_keys?number=64")
            if answer.status_code == 503:
                break
            keys += answer.json()["keys"]
        assert answer.json() == {"message": "the key store cannot be used now"}
        left = client.get(f"{PATH}Bob/status").json()["stored_key_count"]
        assert left == 2500 - len(keys)
    assert service.process.poll() is None
    service.stop(signal.SIGKILL)
    store = KeyStore(service.path)
    rest = store.hand_out("Alice", "Bob", number=store.stored)
    assert len({key.key for key in rest}) == len(rest) == 2500 - len(keys)
    store.close()


def test_a_database_that_breaks_is_503(make_service):
    service = make_service()
    service.fill(3000)
    with service.http("Alice") as client:
        assert client.get(f"{PATH}Bob/enc_keys").status_code == 200
        size = service.path.stat().st_size
        with service.path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(size - 4096))
        # SQLite keeps pages that it has read: another process has to change the file before it looks again.
        codes = [client.get(f"{PATH}Bob/enc_keys?number=128").status_code for _ in range(30)]
        assert set(codes) <= {200, 503}
        assert codes[-1] == 503
        assert client.get("/nothing").status_code == 400
    assert service.process.poll() is None
    service.stop(signal.SIGKILL)


def test_what_is_taken_cannot_be_served(service, tmp_path):
    files = service.files("Alice")
    store = KeyStore(tmp_path / "keys.db")
    with pytest.raises(OSError, match="is the port taken"):
        serve(KMESettings("KME1", "KME2", ("Alice",)), store, **files, port=service.port)


def test_it_ends_in_order_and_starts_where_it_was(make_service):
    service = make_service()
    service.fill(10)
    with service.client("Alice") as alice:
        (key,) = alice.enc_keys("Bob")
    assert service.stop() == 0
    assert not service.path.with_name("keys.db-wal").exists()
    service.start()
    with service.client("Bob") as bob:
        assert bob.dec_keys("Alice", [key.key_id]) == [key]
    assert service.stop() == 0
    assert "ERROR" not in service.log.read_text()
