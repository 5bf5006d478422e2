"""Conformance: the book's own key service, and three that break one line each."""

import os
import subprocess
import sys

import httpx
import pytest

from qlearn.applications.standards import ConformanceLine, conformance_lines
from qlearn.communication.key_management import KeyStore, KMEClient, KMEError
from qlearn.communication.key_management.key_store import DeliveredKey

KME = [sys.executable, "-m", "qlearn.communication.kme"]
NAMES = ("Alice", "Bob")


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A running service with keys, as (address, folder)."""
    folder = tmp_path_factory.mktemp("conformance")
    saes = [word for name in (*NAMES, "Carol") for word in ("--sae", name)]
    subprocess.run([*KME, "init", folder, *saes], check=True, capture_output=True)
    store = KeyStore(folder / "keys.db")
    store.add(os.urandom(32 * 200))
    store.close()
    process = subprocess.Popen(
        [*KME, "serve", folder, "--port", "0", "--source", "none"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield process.stdout.readline().split()[-1], folder
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def client(service):
    """Make clients of the service, of any kind."""
    url, folder = service
    made = []

    def make(name, kind=KMEClient):
        own = {"certificate": folder / f"{name}.crt", "private_key": folder / f"{name}.key"}
        made.append(kind(url, **own, authority=folder / "ca.crt", kme_id="KME1"))
        return made[-1]

    yield make
    for one in made:
        one.close()


def failed(lines):
    return [line.demand for line in lines if not line.met]


def test_the_books_own_service_meets_all_lines_and_six_keys_are_gone(client):
    alice, bob, carol = map(client, (*NAMES, "Carol"))
    before = alice.status("Bob")["stored_key_count"]
    lines = conformance_lines(alice, bob, carol, names=NAMES)
    assert failed(lines) == []
    assert len(lines) == 13
    assert all(isinstance(line, ConformanceLine) for line in lines)
    assert 0 < before - alice.status("Bob")["stored_key_count"] <= 6


def test_no_key_stands_in_what_was_seen(client):
    kept = []

    class Listening(KMEClient):
        def enc_keys(self, *args, **options):
            keys = super().enc_keys(*args, **options)
            kept.extend(keys)
            return keys

    lines = conformance_lines(client("Alice", Listening), client("Bob"), client("Carol"), names=NAMES)
    assert kept
    assert not any(key.key.hex() in str(lines) or str(key.key) in str(lines) for key in kept)


def test_a_service_that_gives_keys_to_whoever_asks_is_found(client):
    """A third application with the slave's certificate is what such a service would be to any third one."""
    lines = conformance_lines(client("Alice"), client("Bob"), client("Bob"), names=NAMES)
    assert failed(lines) == [
        "an application that was not named: 401",
        "the one that was named gets the same key",
    ]


def test_a_service_that_gives_another_key_to_the_slave_is_found(client):
    class Wrong(KMEClient):
        def dec_keys(self, master, key_ids):
            return [
                DeliveredKey(key.key_id, bytes(len(key.key))) for key in super().dec_keys(master, key_ids)
            ]

    lines = conformance_lines(client("Alice"), client("Bob", Wrong), client("Carol"), names=NAMES)
    assert failed(lines) == ["the one that was named gets the same key"]
    assert "another key" in {line.seen for line in lines}


def test_a_service_without_fields_that_takes_any_size_and_gives_no_uuid_is_found(client):
    class Sloppy(KMEClient):
        def status(self, slave):
            full = super().status(slave)
            del full["max_key_count"]
            return full | {"source_KME_ID": 7}

        def enc_keys(self, slave, *, size=None, extension_optional=(), **options):
            size = size if size is None else size // 8 * 8
            keys = super().enc_keys(slave, size=size, **options)
            return [DeliveredKey(f"{key.key_id}-", key.key) for key in keys]

    lines = conformance_lines(client("Alice", Sloppy), client("Bob"), client("Carol"), names=NAMES)
    assert "without source_KME_ID, max_key_count" in {line.seen for line in lines}
    assert {
        "the eleven fields, each of its type, with these two names",
        "its key_ID is a UUID",
        "a size that is no multiple of 8: 400, with fixed words",
    } <= set(failed(lines))


def passing_through(**methods):
    """A client whose service differs in these answers."""
    return type("Differing", (KMEClient,), methods)


def status_with(**changed):
    return passing_through(status=lambda self, slave: KMEClient.status(self, slave) | changed)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"master_SAE_ID": "Eve"}, "master_SAE_ID is not Alice"),
        ({"slave_SAE_ID": "Carol"}, "slave_SAE_ID is not Bob"),
        ({"stored_key_count": True}, "without stored_key_count"),
        ({"min_key_size": 512}, "key_size is outside of its limits"),
        ({"max_key_per_request": -3}, "a count is too small"),
        ({"key_size": None}, "without key_size"),
        ({"max_key_count": 1}, "more keys are stored than can be"),
        ({"max_key_per_request": 10**12}, None),
    ],
)
def test_a_status_that_lies_fails_its_line_and_the_others_are_tried(client, changed, told):
    lines = conformance_lines(
        client("Alice", status_with(**changed)), client("Bob"), client("Carol"), names=NAMES
    )
    assert len(lines) == 13
    assert (told in lines[0].seen) if told else lines[0].met
    assert lines[0].met is (told is None)


def test_names_that_are_not_those_of_the_certificates_are_seen(client):
    lines = conformance_lines(client("Alice"), client("Bob"), client("Carol"), names=("Mallory", "Bob"))
    assert lines[0].seen == "master_SAE_ID is not Mallory"


def test_a_service_that_hands_out_one_key_to_all_is_found(client):
    class Frugal(KMEClient):
        """The same bits under new IDs: each call for itself is as the standard asks."""

        def enc_keys(self, slave, **options):
            return [
                DeliveredKey(one.key_id, bytes(len(one.key))) for one in super().enc_keys(slave, **options)
            ]

    class Same(KMEClient):
        def dec_keys(self, master, key_ids):
            return [
                DeliveredKey(one.key_id, bytes(len(one.key))) for one in super().dec_keys(master, key_ids)
            ]

    lines = conformance_lines(client("Alice", Frugal), client("Bob", Same), client("Carol"), names=NAMES)
    assert failed(lines) == ["no key and no ID comes twice"]


def test_a_service_that_answers_with_other_keys_than_asked_is_told_and_not_raised(client):
    def two_for_one(self, slave, *, number=1, **options):
        if number == 1 and not options:
            raise KMEError(200, "the answer has not the keys that were asked for")
        return KMEClient.enc_keys(self, slave, number=number, **options)

    lines = conformance_lines(
        client("Alice", passing_through(enc_keys=two_for_one)), client("Bob"), client("Carol"), names=NAMES
    )
    assert len(lines) == 13
    assert "an empty request brings one key of key_size" in failed(lines)


@pytest.mark.parametrize(
    "fault",
    [
        KMEError(401, "the answer is no JSON object"),
        KMEError(401, "no message"),
        httpx.RemoteProtocolError("cut"),
        KMEError(403, "no"),
    ],
)
def test_a_refusal_that_is_no_error_object_of_the_standard_does_not_meet_its_line(client, fault):
    def refuse(self, master, key_ids):
        raise fault

    lines = conformance_lines(
        client("Alice"), client("Bob"), client("Carol", passing_through(dec_keys=refuse)), names=NAMES
    )
    assert failed(lines) == ["an application that was not named: 401"]


def test_a_service_that_has_one_size_only_is_found(client):
    """It says that shorter keys are possible, and gives one size whatever is asked."""

    def always(self, slave, *, size=None, **options):
        if size is not None and size % 8 == 0:
            raise KMEError(200, "the answer has not the keys that were asked for")
        return KMEClient.enc_keys(self, slave, size=size, **options)

    lines = conformance_lines(
        client("Alice", passing_through(enc_keys=always)), client("Bob"), client("Carol"), names=NAMES
    )
    assert failed(lines) == ["number and size are kept"]


def test_refuses_before_any_call(client):
    alice = client("Alice")
    with pytest.raises(TypeError, match="third must be a KMEClient, not str"):
        conformance_lines(alice, alice, "Carol", names=NAMES)
    with pytest.raises(ValueError, match="names must be the two different SAE IDs"):
        conformance_lines(alice, alice, alice, names=("Alice", "Alice"))
