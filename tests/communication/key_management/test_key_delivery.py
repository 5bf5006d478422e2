"""Conformance to ETSI GS QKD 014 V1.1.1, asked of the real server, also by a client and by requests that are not ours."""

import base64
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import uuid
import warnings
from urllib.parse import quote

import httpx
import pytest
from etsi_qkd_014_client import QKD014Client

from qlearn.communication.key_management import KeyStore, KMEError, KMESettings, key_delivery_app

PATH = "/api/v1/keys/"
ERRORS = (400, 401, 503)


@pytest.fixture(autouse=True, scope="module")
def filled(service):
    service.fill(20_000)


@pytest.fixture(scope="module")
def http(service):
    """Calls with an application's certificate: `http("Alice").get(...)`."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = service.http(name)
        return made[name]

    yield of
    for client in made.values():
        client.close()


def refused(answer, status, says=""):
    """An answer is the standard's Error object, and nothing else."""
    content = answer.json()
    assert answer.status_code == status, (answer.status_code, content)
    assert answer.headers["content-type"] == "application/json"
    assert set(content) <= {"message", "details"}
    assert isinstance(content["message"], str)
    assert says in content["message"]
    assert all(isinstance(item, dict) for item in content.get("details", []))
    return content


def is_key(item, bits=256):
    assert set(item) == {"key_ID", "key"}
    assert str(uuid.UUID(item["key_ID"])) == item["key_ID"]
    assert 8 * len(base64.b64decode(item["key"], validate=True)) == bits
    return True


def test_01_without_a_client_certificate_nothing_is_said(service):
    context = ssl.create_default_context(cafile=service.pki.authority)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.ConnectError)):
        httpx.get(f"{service.url}{PATH}Bob/status", verify=context, trust_env=False)


def test_02_tls_before_1_2_is_refused(service):
    context = service.context("Alice")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1_1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", service.port), 5) as plain,
        pytest.raises(ssl.SSLError, match=r"(?i)version|protocol"),
    ):
        context.wrap_socket(plain, server_hostname="127.0.0.1")
    context = service.context("Alice")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", service.port), 5) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        assert secured.version() == "TLSv1.2"


def test_03_status_has_the_fields_and_types_of_the_standard(http):
    status = http("Alice").get(f"{PATH}Bob/status").json()
    names = {"source_KME_ID", "target_KME_ID", "master_SAE_ID", "slave_SAE_ID"}
    counts = {
        "key_size",
        "stored_key_count",
        "max_key_count",
        "max_key_per_request",
        "max_key_size",
        "min_key_size",
    }
    counts |= {"max_SAE_ID_count"}
    assert set(status) == names | counts
    assert all(type(status[name]) is str for name in names)
    assert all(type(status[name]) is int for name in counts)
    assert (status["master_SAE_ID"], status["slave_SAE_ID"]) == ("Alice", "Bob")
    assert 0 <= status["stored_key_count"] <= status["max_key_count"]


@pytest.mark.parametrize("verb", ["GET", "POST", "POST {}"])
def test_04_one_key_is_the_default(http, verb):
    body = b"{}" if verb == "POST {}" else None
    answer = http("Alice").request(verb.split()[0], f"{PATH}Bob/enc_keys", content=body)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    (item,) = answer.json()["keys"]
    assert is_key(item)


@pytest.mark.parametrize(("number", "size"), [(1, 64), (3, 1024), (128, 8 * 33), (7, 4096)])
def test_05_number_and_size_are_honoured(http, number, size):
    by_get = http("Alice").get(f"{PATH}Bob/enc_keys", params={"number": number, "size": size})
    by_post = http("Alice").post(f"{PATH}Bob/enc_keys", json={"number": number, "size": size})
    for answer in (by_get, by_post):
        keys = answer.json()["keys"]
        assert len({item["key_ID"] for item in keys}) == len({item["key"] for item in keys}) == number
        assert all(is_key(item, size) for item in keys)


def test_06_the_slave_gets_the_same_keys_and_07_only_once(http):
    keys = http("Alice").get(f"{PATH}Bob/enc_keys?number=3").json()["keys"]
    ids = {"key_IDs": [{"key_ID": item["key_ID"]} for item in keys]}
    answer = http("Bob").post(f"{PATH}Alice/dec_keys", json=ids)
    assert answer.json() == {"keys": keys}
    again = http("Bob").post(f"{PATH}Alice/dec_keys", json=ids)
    refused(again, 400, "one or more keys specified are not found on KME")
    (item,) = http("Alice").get(f"{PATH}Bob/enc_keys").json()["keys"]
    one = http("Bob").get(f"{PATH}Alice/dec_keys", params={"key_ID": item["key_ID"]})
    assert one.json() == {"keys": [item]}


def test_08_an_unknown_id_is_not_found(http):
    answer = http("Bob").get(f"{PATH}Alice/dec_keys", params={"key_ID": str(uuid.uuid4())})
    refused(answer, 400, "one or more keys specified are not found on KME")


def test_09_a_third_party_gets_401_and_the_owner_the_key(http):
    mine, other = (
        http("Alice").get(f"{PATH}{slave}/enc_keys").json()["keys"][0] for slave in ("Bob", "Carol")
    )
    for caller in ("Carol", "alice"):
        refused(http(caller).get(f"{PATH}Alice/dec_keys?key_ID={mine['key_ID']}"), 401)
    both = {"key_IDs": [{"key_ID": item["key_ID"]} for item in (mine, other)]}
    refused(http("Bob").post(f"{PATH}Alice/dec_keys", json=both), 401)
    refused(http("Bob").get(f"{PATH}Dave/dec_keys?key_ID={mine['key_ID']}"), 400, "not found on KME")
    assert http("Bob").get(f"{PATH}Alice/dec_keys?key_ID={mine['key_ID']}").json() == {"keys": [mine]}


def test_10_sizes_are_whole_bytes(http):
    for answer in (
        http("Alice").get(f"{PATH}Bob/enc_keys?size=257"),
        http("Alice").post(f"{PATH}Bob/enc_keys", json={"size": 257}),
    ):
        assert refused(answer, 400)["message"] == "size shall be a multiple of 8"


def test_11_mandatory_extensions_are_refused_and_12_optional_ones_may_be_ignored(http):
    extension = [{"vendor_route": "direct"}]
    answer = http("Alice").post(f"{PATH}Bob/enc_keys", json={"extension_mandatory": extension})
    assert refused(answer, 400)["message"] == "not all extension_mandatory parameters are supported"
    answer = http("Alice").post(
        f"{PATH}Bob/enc_keys", json={"extension_optional": extension, "extension_mandatory": []}
    )
    assert is_key(answer.json()["keys"][0])


@pytest.mark.parametrize(
    "request_",
    [
        {"number": 0},
        {"number": -1},
        {"number": 129},
        {"size": 56},
        {"size": 4104},
        {"size": 0},
        {"number": 10**30},
    ],
)
def test_13_out_of_range(http, request_):
    before = http("Alice").get(f"{PATH}Bob/status").json()["stored_key_count"]
    refused(http("Alice").post(f"{PATH}Bob/enc_keys", json=request_), 400)
    refused(http("Alice").get(f"{PATH}Bob/enc_keys", params=request_), 400)
    assert http("Alice").get(f"{PATH}Bob/status").json()["stored_key_count"] == before


def test_14_additional_slaves(http):
    more = ["Carol", "Dave"]
    (item,) = (
        http("Alice").post(f"{PATH}Bob/enc_keys", json={"additional_slave_SAE_IDs": more}).json()["keys"]
    )
    for reader in ("Carol", "Bob", "Dave"):
        path = f"{PATH}Alice/dec_keys?key_ID={item['key_ID']}"
        assert http(reader).get(path).json() == {"keys": [item]}
        refused(http(reader).get(path), 400, "not found")
    for wrong in (
        ["Carol", "Dave", "E 1", "E 2", "E 3"],
        ["Carol", "Carol"],
        ["Bob"],
        ["Alice"],
        ["Nobody"],
        "Carol",
        [1],
    ):
        refused(http("Alice").post(f"{PATH}Bob/enc_keys", json={"additional_slave_SAE_IDs": wrong}), 400)


def test_15_get_fetches_exactly_one(http):
    ids = [item["key_ID"] for item in http("Alice").get(f"{PATH}Bob/enc_keys?number=2").json()["keys"]]
    path = f"{PATH}Alice/dec_keys?key_ID={ids[0]}&key_ID={ids[1]}"
    refused(http("Bob").get(path), 400)
    refused(http("Bob").get(f"{PATH}Alice/dec_keys?key_ID={ids[0]},{ids[1]}"), 400)
    refused(http("Bob").get(f"{PATH}Alice/dec_keys"), 400)
    answer = http("Bob").post(
        f"{PATH}Alice/dec_keys", json={"key_IDs": [{"key_ID": key_id} for key_id in ids]}
    )
    assert len(answer.json()["keys"]) == 2


def test_16_the_count_falls_by_what_left(http):
    def stored():
        return http("Alice").get(f"{PATH}Bob/status").json()["stored_key_count"]

    before = stored()
    http("Alice").get(f"{PATH}Bob/enc_keys?number=5")
    assert stored() == before - 5
    http("Alice").get(f"{PATH}Bob/enc_keys?number=2&size=520")
    assert stored() == before - 5 - 6


def test_17_an_empty_pool_says_503_and_gives_nothing(make_service):
    service = make_service()
    service.fill(2)
    with service.http("Alice") as alice:
        answer = alice.get(f"{PATH}Bob/enc_keys?number=3")
        refused(answer, 503, "not enough keys")
        assert answer.headers["retry-after"] == "1"
        assert len(alice.get(f"{PATH}Bob/enc_keys?number=2").json()["keys"]) == 2
        refused(alice.get(f"{PATH}Bob/enc_keys"), 503)
    service.stop()


STRANGE = "a/b c?é#%\n"


def test_18_ids_of_reserved_characters(service, http):
    stranger = service.client(STRANGE)
    with stranger, service.client("Alice") as alice:
        assert alice.status(STRANGE)["slave_SAE_ID"] == STRANGE
        assert stranger.status("Alice")["master_SAE_ID"] == STRANGE
        keys = alice.enc_keys(STRANGE, number=2)
        assert stranger.dec_keys("Alice", [key.key_id for key in keys]) == keys
        keys = stranger.enc_keys("Alice")
        assert alice.dec_keys(STRANGE, [keys[0].key_id]) == keys
    # The same ID with other digits of its code, and with letters encoded that need not be.
    for text in (quote(STRANGE, safe="").lower(), "".join(f"%{byte:02X}" for byte in STRANGE.encode())):
        assert http("Alice").get(f"{PATH}{text}/status").json()["slave_SAE_ID"] == STRANGE
    assert http("Alice").get(f"{PATH}%42ob/status").json()["slave_SAE_ID"] == "Bob"
    assert http("Alice").get(f"{PATH}alice/status").json()["slave_SAE_ID"] == "alice"


def raw(service, name, target, verb="GET"):
    """Ask for a target as it stands: httpx would tidy it up."""
    context = service.context(name)
    with (
        socket.create_connection(("127.0.0.1", service.port), 10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        head = f"{verb} {target} HTTP/1.1\r\nHost: kme\r\nConnection: close\r\n\r\n"
        secured.sendall(head.encode("latin-1"))
        said = b""
        while part := secured.recv(65536):
            said += part
    head, _, body = said.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, body


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/api",
        "/docs",
        "/api/v1/keys/Bob/status/",
        "/api/v1/keys//status",
        "//api/v1/keys/Bob/status",
        "/api/v1/keys/Bob/../Bob/status",
        "/api/v1/keys/../keys/Bob/status",
        "/api/v1/keys/a/b/status",
        "/api/v1/keys/Bob%2Fstatus",
        "/api/v1/keys/Bob%0A/status",
        "/api/v1/keys/BOB/status",
        "/API/V1/KEYS/Bob/STATUS",
        "/api/v1/keys/Bob/Status",
        "/api/v1/keys/Bob%00/status",
        "/api/v1/keys/%FF/status",
        "/api/v1/keys/%/status",
        "/api/v1/keys/%C0%AF/status",
        "/api/v1/keys/" + "B" * 5000 + "/status",
        "/api/v1/keys/Alice/status",
        "/api/v1/keys/Bob/status?number=1",
        "/api/v1/keys/Bob/enc_keys?number=1&number=2",
        "/api/v1/keys/Bob/enc_keys?number=",
        "/api/v1/keys/Bob/enc_keys?number=+1",
        "/api/v1/keys/Bob/enc_keys?number=1.0",
        "/api/v1/keys/Bob/enc_keys?number=%D9%A1",
        "/api/v1/keys/Bob/enc_keys?bits=64",
        "/api/v1/keys/Bob/enc_keys?size=%FF",
        "/api/v1/keys/Alice/dec_keys?key_ID=1",
        "/api/v1/keys/Alice/dec_keys?key_ID=00000000-0000-4000-8000-000000000000%0A",
        "https://127.0.0.1/api/v1/keys/Bob/status",
        "*",
    ],
)
def test_18_tricks_with_paths_are_400(service, target):
    status, head, body = raw(service, "Alice", target)
    assert (status, set(json.loads(body)) <= {"message", "details"}) == (400, True), (head, body)


def test_19_two_callers_at_once_never_get_the_same_key(service, together):
    """A part of what benchmarks/bench_key_service.py does: two masters draw, two slaves fetch, nothing twice, nothing lost."""

    def draw(master, slave):
        with service.client(master) as client, service.client(slave) as reader:
            keys = []
            for _ in range(25):
                got = client.enc_keys(slave, number=8)
                assert reader.dec_keys(master, [key.key_id for key in got]) == got
                keys += got
        return keys

    with service.client("Alice") as client:
        before = client.status("Bob")["stored_key_count"]
        lists = together(
            *(
                lambda pair=pair: draw(*pair)
                for pair in [("Alice", "Bob"), ("Carol", "Dave")]
                for _ in range(2)
            )
        )
        keys = [key for part in lists for key in part]
        assert len(keys) == len({key.key for key in keys}) == len({key.key_id for key in keys}) == 800
        assert client.status("Bob")["stored_key_count"] == before - 800


def test_19_the_two_ends_may_be_two_servers_on_one_store(service, together):
    """The masters draw at both servers at once, and each slave fetches at the other one."""
    peer = type(service)(service.pki, service.settings)
    try:
        with (
            service.client("Alice") as alice,
            peer.client("Carol") as carol,
            peer.client("Bob") as bob,
            service.client("Dave") as dave,
        ):
            draws = [lambda: [alice.enc_keys("Bob", number=4) for _ in range(20)]]
            draws += [lambda: [carol.enc_keys("Dave", number=4) for _ in range(20)]]
            for lists, reader, master in zip(together(*draws), (bob, dave), ("Alice", "Carol"), strict=True):
                assert len({key.key for keys in lists for key in keys}) == 80
                for keys in lists:
                    assert reader.dec_keys(master, [key.key_id for key in keys]) == keys
    finally:
        assert peer.stop() == 0


def test_20_a_crash_hands_no_key_out_twice(make_service):
    """Twenty times the server is killed in the middle of answers, and started again."""
    service = make_service()
    service.fill(12_000)
    keys, fetched, lost = [], [], 0
    for crash in range(20):
        if crash:
            service.start()
        killer = threading.Timer(0.03 + 0.005 * crash, service.process.send_signal, [signal.SIGKILL])
        with service.client("Alice") as alice, service.client("Bob") as bob:
            killer.start()
            try:
                while True:
                    got = alice.enc_keys("Bob", number=3)
                    keys += got
                    fetched += bob.dec_keys("Alice", [got[0].key_id])
            except httpx.TransportError:
                lost += 3
        killer.join()
        service.process.wait(10)
        service.process.stdout.close()
    store = KeyStore(service.path)
    left = store.stored
    rest = store.hand_out("Alice", "Bob", number=left)
    everything = [key.key for key in keys + rest]
    assert keys
    assert len(everything) == len(set(everything))
    assert 12_000 - lost <= len(everything) <= 12_000
    # What Bob has fetched is gone for him, too, and what he has not is still there.
    assert set(fetched) <= set(keys[::3])
    for key in fetched:
        with pytest.raises(LookupError):
            store.take("Bob", "Alice", [key.key_id])
    assert store.take("Bob", "Alice", [key.key_id for key in keys[1::3]]) == keys[1::3]
    store.close()


@pytest.mark.parametrize(
    ("verb", "call", "body"),
    [
        ("POST", "enc_keys", b"{"),
        ("POST", "enc_keys", b"[]"),
        ("POST", "enc_keys", b"null"),
        ("POST", "enc_keys", b'"x"'),
        ("POST", "enc_keys", b"\xff\xfe{\x00}\x00"),
        ("POST", "enc_keys", b'{"number": "3"}'),
        ("POST", "enc_keys", b'{"number": true}'),
        ("POST", "enc_keys", b'{"number": 1.0}'),
        ("POST", "enc_keys", b'{"number": NaN}'),
        ("POST", "enc_keys", b'{"count": 3}'),
        ("POST", "enc_keys", b'{"number": 1} {"number": 2}'),
        ("POST", "enc_keys", b'{"extension_optional": {"a": 1}}'),
        ("POST", "enc_keys", b'{"extension_optional": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
        ("POST", "dec_keys", b""),
        ("POST", "dec_keys", b"{}"),
        ("POST", "dec_keys", b'{"key_IDs": []}'),
        ("POST", "dec_keys", b'{"key_IDs": ["00000000-0000-4000-8000-000000000000"]}'),
        ("POST", "dec_keys", b'{"key_IDs": [{"key_ID": "x"}]}'),
        ("POST", "dec_keys", b'{"key_IDs": [{"key_ID": "00000000-0000-4000-8000-000000000000"}], "a": 1}'),
        ("DELETE", "enc_keys", b""),
        ("PUT", "enc_keys", b"{}"),
        ("PATCH", "dec_keys", b"{}"),
        ("OPTIONS", "status", b""),
        ("TRACE", "status", b""),
        ("BREW", "status", b""),
        ("POST", "status", b"{}"),
    ],
)
def test_malformed_requests_are_400_and_cost_no_key(http, verb, call, body):
    before = http("Bob").get(f"{PATH}Alice/status").json()["stored_key_count"]
    refused(http("Bob").request(verb, f"{PATH}Alice/{call}", content=body), 400)
    assert http("Bob").get(f"{PATH}Alice/status").json()["stored_key_count"] == before


def test_too_many_ids_and_the_same_twice(http):
    one = str(uuid.uuid4())
    for ids in ([str(uuid.uuid4()) for _ in range(129)], [one, one], [one, one.upper()]):
        body = {"key_IDs": [{"key_ID": key_id} for key_id in ids]}
        refused(http("Bob").post(f"{PATH}Alice/dec_keys", json=body), 400)


def test_head_is_refused_without_a_body(http):
    answer = http("Alice").head(f"{PATH}Bob/status")
    assert (answer.status_code, answer.content) == (400, b"")


def test_an_answer_repeats_nothing_that_was_sent(http):
    """What a caller sends by mistake, a key for example, comes back in no answer."""
    body = {"number": "c2VjcmV0", "extension_mandatory": "c2VjcmV0", "key": "c2VjcmV0"}
    answer = http("Alice").post(f"{PATH}Bob/enc_keys", json=body)
    refused(answer, 400)
    assert "c2VjcmV0" not in answer.text


def test_the_metrics_are_counts_and_hold_no_name_and_no_key(service, http):
    item = http("Alice").get(f"{PATH}Bob/enc_keys").json()["keys"][0]
    text = http("Alice").get("/metrics").text
    values = dict(re.findall(r"^(kme_\w+(?:\{.*\})?) ([0-9.e+]+)$", text, re.M))
    assert float(values['kme_answers_total{call="enc_keys",status="200"}']) >= 1
    stored = http("Alice").get(f"{PATH}Bob/status").json()["stored_key_count"]
    assert float(values["kme_keys_stored"]) == stored
    for secret in (item["key"], item["key_ID"], "Alice", "Bob"):
        assert secret not in text
    assert set(re.findall(r"^(\w+)", text, re.M)) == {
        "kme_answers_total",
        "kme_keys_delivered_total",
        "kme_keys_stored",
    }
    labels = set(re.findall(r'(\w+)="', text))
    assert labels == {"call", "status"}


def test_the_log_holds_no_key_and_one_line_a_request(service, http):
    sent = []
    for _ in range(5):
        item = http("Alice").get(f"{PATH}Bob/enc_keys").json()["keys"][0]
        http("Bob").get(f"{PATH}Alice/dec_keys?key_ID={item['key_ID']}")
        sent.append(item["key"])
    http("Alice").get(f"{PATH}x%0A2026 qlearn.kme INFO forged/status")
    log = service.log.read_text()
    assert not any(key in log or base64.b64decode(key).hex() in log for key in sent)
    assert "forged" not in log
    assert all(
        re.match(r"\d{4}-\d\d-\d\d \S+ qlearn\.kme (INFO|ERROR|WARNING) ", line) for line in log.splitlines()
    )
    commands = subprocess.run(
        ["ps", "-o", "args=", "-p", str(service.process.pid)], capture_output=True, text=True
    )
    assert not any(key in commands.stdout for key in sent)


def test_the_independent_client_gets_the_same_keys_at_both_ends(service):
    def independent(name):
        files = service.files(name)
        return QKD014Client(
            f"127.0.0.1:{service.port}",
            *(str(files[part]) for part in ("certificate", "private_key", "authority")),
        )

    alice, bob, carol = map(independent, ("Alice", "Bob", "Carol"))
    code, status = alice.get_status("Bob")
    assert (code, status.master_sae_id, status.slave_sae_id) == (200, "Alice", "Bob")
    for asked in ({}, {"number": 3, "size": 512}, {"additional_slave_sae_ids": ["Carol"]}):
        code, container = alice.get_key("Bob", **asked)
        assert code == 200
        ids = [key.key_id for key in container.keys]
        code, same = bob.get_key_with_key_IDs("Alice", ids)
        assert code == 200
        assert [(key.key_id, key.key) for key in same.keys] == [
            (key.key_id, key.key) for key in container.keys
        ]
        assert len(ids) == asked.get("number", 1)
        code, error = bob.get_key_with_key_IDs("Alice", ids)
        expected = (400, "one or more keys specified are not found on KME")
        assert (code, error.message) == expected
        if "additional_slave_sae_ids" in asked:
            assert carol.get_key_with_key_IDs("Alice", ids)[0] == 200
    code, container = alice.get_key("Bob")
    assert carol.get_key_with_key_IDs("Alice", [container.keys[0].key_id])[0] == 401
    code, error = alice.get_key("Bob", size=257)
    assert (code, error.message) == (400, "size shall be a multiple of 8")
    assert alice.get_key("Bob", extension_mandatory=[{"a": 1}])[0] == 400


# What schemathesis believes of HTTP in general and ETSI GS QKD 014 does not say:
CONTRADICTED = {
    "positive_data_acceptance": "a UUID and an SAE ID of the right form may be unknown: the standard's 400",
    "unsupported_method": "it wants 405 for other verbs; the standard has 400, 401 and 503 alone",
}


def test_requests_made_from_the_description_find_nothing(service, tmp_path):

    files = service.files("Alice")
    bundle = tmp_path / "alice.pem"
    bundle.write_bytes(files["certificate"].read_bytes() + files["private_key"].read_bytes())
    bundle.chmod(0o600)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json"),
        *("--tls-verify", str(files["authority"]), "--request-cert", str(bundle), "--seed", "1"),
        *(
            "--max-examples",
            "12",
            "--exclude-checks",
            ",".join(CONTRADICTED),
            "--no-color",
            "--generation-database",
            "none",
        ),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]
    assert re.search(r"(\d+) generated", ran.stdout), ran.stdout[-2000:]


def test_the_description_is_of_the_standards_calls_and_statuses(tmp_path):
    store = KeyStore(tmp_path / "keys.db")
    document = key_delivery_app(KMESettings("KME1", "KME2", ("Alice",)), store).openapi()
    store.close()
    calls = {(path, verb) for path, verbs in document["paths"].items() for verb in verbs}
    assert calls == {
        ("/api/v1/keys/{slave_SAE_ID}/status", "get"),
        ("/api/v1/keys/{slave_SAE_ID}/enc_keys", "get"),
        ("/api/v1/keys/{slave_SAE_ID}/enc_keys", "post"),
        ("/api/v1/keys/{master_SAE_ID}/dec_keys", "get"),
        ("/api/v1/keys/{master_SAE_ID}/dec_keys", "post"),
    }
    for path, verb in calls:
        assert set(document["paths"][path][verb]["responses"]) == {"200", *map(str, ERRORS)}
    refs = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert refs <= set(document["components"]["schemas"])


def test_a_server_without_names_serves_nobody(tmp_path):
    """The application trusts its server alone to say who calls, and no header."""
    store = KeyStore(tmp_path / "keys.db")
    store.add(os.urandom(64))
    app = key_delivery_app(KMESettings("KME1", "KME2", ("Alice", "Bob")), store)

    async def ask():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://kme") as client:
            headers = {"x-client-cert": "CN=Alice", "x-ssl-client-s-dn": "CN=Alice"}
            return await client.get(f"{PATH}Bob/enc_keys", headers=headers)

    import asyncio

    refused(asyncio.run(ask()), 401, "names no SAE")
    assert store.stored == 2
    store.close()


def test_a_refusal_reaches_our_client_as_it_was(bob):
    with_carol = bob.enc_keys("Carol")
    with pytest.raises(KMEError, match="401: the calling SAE was not named") as caught:
        bob.dec_keys("Carol", [with_carol[0].key_id])
    assert (caught.value.status, caught.value.details) == (401, [])


def test_one_application_cannot_empty_the_stock_at_once(make_service):
    """It gets its share and the rest of its bucket later, whatever it asks in between; another gets its own."""
    service = make_service(keys_per_second=1.0, key_burst=300, max_key_size=512, monitor_ids=("Grafana",))
    service.fill(868)
    with service.http("Alice") as alice, service.http("Bob") as bob, service.http("Grafana") as monitor:
        assert len(alice.get(f"{PATH}Bob/enc_keys?number=128&size=512").json()["keys"]) == 128
        refused(alice.get(f"{PATH}Bob/enc_keys?number=128"), 503, "more than 1 keys a second")
        assert alice.get(f"{PATH}Bob/enc_keys?number=40").status_code == 200
        assert bob.get(f"{PATH}Alice/enc_keys?number=128&size=512").status_code == 200
        assert bob.get(f"{PATH}Alice/enc_keys?number=40").status_code == 200
        with service.http("Carol") as carol:
            assert carol.get(f"{PATH}Alice/enc_keys?number=128&size=512").status_code == 200
            # The stock has 20 left: what was not there is not held against who asked.
            for _ in range(4):
                refused(carol.get(f"{PATH}Alice/enc_keys?number=30"), 503, "not enough keys")
            assert carol.get(f"{PATH}Alice/enc_keys?number=20").status_code == 200
        assert "kme_keys_stored 0.0" in monitor.get("/metrics").text
        for call in ("enc_keys", "status", f"dec_keys?key_ID={uuid.uuid4()}"):
            refused(monitor.get(f"{PATH}Bob/{call}"), 401, "names no SAE")
        refused(alice.get(f"{PATH}Grafana/enc_keys"), 400, "no such SAE")
    service.stop(signal.SIGKILL)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"max_key_size": 128}, "must allow the key size of the store, 256 bits"),
        ({"key_burst": 2047}, "key_burst must be at least 2048"),
    ],
)
def test_settings_that_contradict_the_store_are_refused(tmp_path, limits, says):
    store = KeyStore(tmp_path / "keys.db")
    with pytest.raises(ValueError, match=says):
        key_delivery_app(KMESettings("KME1", "KME2", ("Alice",), **limits), store)
    store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_the_process_leaves_nothing_behind_it(service):
    with open(f"/proc/{service.process.pid}/limits") as file:
        core = next(line for line in file if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]
    with open(f"/proc/{service.process.pid}/status") as file:
        assert "Umask:\t0077\n" in file
