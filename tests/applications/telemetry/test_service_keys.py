"""Keys for sensors from a real key service over mutual TLS, and what happens when its stock is used up."""

import socket
import subprocess
import sys

import pytest

from qlearn.applications.telemetry import Gateway, Sensor, kme_source
from qlearn.communication.key_management import KeyStore, KMEClient, KMEError


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service of its own process for a gateway and a centre, with three keys in its store."""
    folder = tmp_path_factory.mktemp("telemetry") / "kme"
    kme = [sys.executable, "-m", "qlearn.communication.kme"]
    subprocess.run(
        [*kme, "init", folder, "--sae", "Gateway", "--sae", "Centre"], check=True, capture_output=True
    )
    store = KeyStore(folder / "keys.db")
    store.add(bytes(range(96)))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*kme, "serve", folder, "--port", "0", "--source", "none"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    url = process.stdout.readline().split()[-1]

    def client(name, at=url):
        own = folder / name
        return KMEClient(
            at, certificate=own.with_suffix(".crt"), private_key=own.with_suffix(".key"),
            authority=folder / "ca.crt", kme_id="KME1",
        )  # fmt: skip

    yield client
    process.terminate()
    assert process.wait(20) in (0, -15)
    process.stdout.close()
    store.close()


def test_rotation_draws_from_the_service_and_goes_on_without_it(service):
    told = []
    with service("Gateway") as mine, service("Centre") as theirs:
        gateway = Gateway(
            kme_source(mine, "Centre", tell=told.append), messages_per_key=4, on_empty="ratchet"
        )
        sensor = Sensor(7, bytes(32), messages_per_key=4)
        gateway.enrol(7, bytes(32))
        kinds = []
        for t in range(20):
            reply = gateway.receive(7, sensor.seal(b"21.5 C"), t).reply
            if reply is not None:
                kinds.append(sensor.receive(reply))
        assert kinds[:3] == ["fresh"] * 3
        assert set(kinds[3:]) == {"ratchet"}
        assert gateway.counts["readings"] == 20
        # The centre has the same bits, by the names that the gateway told.
        fetched = [key.key for key in theirs.dec_keys("Gateway", told)]
        assert sorted(b"".join(fetched)) == list(range(96))
        # Any other refusal is no empty store.
        with pytest.raises(KMEError):
            kme_source(mine, "Nobody")()


def test_a_service_that_is_down_is_an_empty_store(service):
    """A port on which nobody listens: the gateway goes on by its rule, and no reading is lost."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with service("Gateway", f"https://127.0.0.1:{port}") as nobody:
        gateway = Gateway(kme_source(nobody, "Centre"), messages_per_key=4, on_empty="ratchet")
        sensor = Sensor(7, bytes(32), messages_per_key=4)
        gateway.enrol(7, bytes(32))
        replies = [gateway.receive(7, sensor.seal(b"x"), t).reply for t in range(3)]
        assert sensor.receive(replies[2]) == "ratchet"
    assert gateway.counts["readings"] == 3
    assert gateway.counts["source empty"] == 1


def test_refuses():
    with pytest.raises(TypeError, match="client must be a KMEClient, not str"):
        kme_source("https://localhost", "Centre")
    client = KMEClient.__new__(KMEClient)
    with pytest.raises(ValueError, match="peer must be the name of an application"):
        kme_source(client, "")
