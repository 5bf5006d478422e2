"""Key service: what is stored is what the link made in whole pieces, served by a process that ends with its context."""

import os
import socket

import pytest

from qlearn.communication import bb84, random_bits, secret_key
from qlearn.communication.key_management import KMEClient
from qlearn.networks.flower_app import KME_ID, Federation, key_service, store_key, train_under_keys

NAMES = ("client 0", "client 1", "client 2")


@pytest.fixture(scope="module")
def link():
    sent = bb84.exchange(60_000, noise=0.01, rng=4)
    return secret_key.distill(
        sent, authentication_key=secret_key.AuthenticationKey(random_bits(512, rng=5)), rng=6
    )


@pytest.fixture
def stored(link, tmp_path):
    return store_key(link, tmp_path / "service", NAMES)


def ask(stored, service, name="client%200"):
    return KMEClient(
        service.url,
        certificate=stored.folder / f"{name}.crt",
        private_key=stored.folder / f"{name}.key",
        authority=stored.folder / "ca.crt",
        kme_id=KME_ID,
    )


def test_what_is_served_is_the_key_of_the_link(link, stored):
    pieces = link.length // 8 * 8 // stored.piece
    assert (stored.made, stored.stored, stored.names) == (link.length, pieces * stored.piece, NAMES)
    with key_service(stored) as service, ask(stored, service) as client:
        assert client.status("client 1")["stored_key_count"] == pieces
        first = client.enc_keys("client 1")
        assert stored.left() == stored.stored - stored.piece
    bits = "".join(map(str, link.key))
    assert f"{int.from_bytes(first[0].key):0{stored.piece}b}" in bits
    assert service.process.poll() is not None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(service.url.rsplit(":", 1)[1]))) != 0


def test_the_folder_is_its_owners_alone(stored):
    if os.name == "posix":
        assert stored.folder.stat().st_mode & 0o777 == 0o700


def test_a_port_that_is_taken_is_said(stored):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with (
            pytest.raises(RuntimeError, match=r"the key service does not start: .*nothing can listen on"),
            key_service(stored, port=taken.getsockname()[1]),
        ):
            pass


def test_refuses(stored, tmp_path):
    with pytest.raises(TypeError, match="link must be a DistilledKey, as distill returns it, not bytes"):
        store_key(b"key", tmp_path / "other", NAMES)
    with pytest.raises(ValueError, match="port must be at most 65535"), key_service(stored, port=70_000):
        pass
    with pytest.raises(
        ValueError, match=r"stored must be for the clients client 0, .* store the key for these"
    ):
        train_under_keys(Federation(n_clients=4), stored, None, tmp_path)
    with pytest.raises(SystemExit, match="folder must be a new one"):
        store_key(secret_key.DistilledKey(None, None, None, "", "", None), stored.folder, NAMES)
