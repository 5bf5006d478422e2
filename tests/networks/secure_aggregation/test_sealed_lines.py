"""Sealed lines: a round under AES-GCM with hybrid keys, and under the key service itself."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.key_management import KeyStore, KMEClient, KMESettings, SessionError
from qlearn.networks.secure_aggregation import (
    AggregationServer,
    Masked,
    MaskedClient,
    Signed,
    StoreKeys,
    Terms,
    aggregate,
    encrypted_post,
    hybrid_sessions,
    pack,
)
from tests.networks.secure_aggregation.conftest import NAMES, ROSTER, SIGNERS


@pytest.fixture
def lines(parties):
    parties.fill(2**12)
    hub = StoreKeys(parties.store, "Hub")
    return {name: hybrid_sessions(name, StoreKeys(parties.store, name), "Hub", hub) for name in NAMES[:4]}


def test_a_round_over_sealed_lines(fresh, lines):
    clients, server = fresh()
    updates = {client.name: np.full(3, 2.0**u) for u, client in enumerate(clients)}
    result = aggregate(server, clients, updates, 1, post=encrypted_post(lines))
    assert result.total.tolist() == [15.0] * 3
    assert result.record.failures == ()


def test_each_session_has_a_key_of_its_own(lines):
    ends = [end for pair in lines.values() for end in pair]
    for a in range(len(ends)):
        for b in range(a + 1, len(ends)):
            assert ends[a].same_keys(ends[b]) == (a // 2 == b // 2)


def test_round_kind_and_client_are_bound_into_the_tag(lines):
    at_client, at_server = lines["Ann"]
    message = Signed(1, "Ann", b"signature")
    sealed = at_client.seal(pack(message), b"Ann up Signed 1")
    for bound in (b"Ann up Signed 2", b"Ann up Masked 1", b"Ben up Signed 1", b"Ann down Signed 1"):
        with pytest.raises(SessionError, match="altered, or is not from the other end"):
            at_server.open(sealed, bound)
    at_server.open(sealed, b"Ann up Signed 1")
    with pytest.raises(SessionError, match="taken already"):
        at_server.open(sealed, b"Ann up Signed 1")


def test_nobody_speaks_in_the_name_of_another(lines):
    with pytest.raises(ValueError, match="over the line of Ann is signed with the name of another"):
        encrypted_post(lines)("Ann", "up", Signed(1, "Ben", b""))


def test_a_message_that_eve_touches_is_lost_and_the_round_goes_on(fresh, lines):
    clients, server = fresh()

    class Touched:
        """The client's end, whose masked update is altered on the line."""

        def __init__(self, end):
            self.end = end

        def seal(self, text, associated):
            sealed = self.end.seal(text, associated)
            return bytes([*sealed[:-1], sealed[-1] ^ 1]) if b"Masked" in associated else sealed

        def open(self, sealed, associated):
            return self.end.open(sealed, associated)

    lines["Dia"] = Touched(lines["Dia"][0]), lines["Dia"][1]
    updates = {client.name: np.full(3, 2.0**u) for u, client in enumerate(clients)}
    result = aggregate(server, clients, updates, 1, post=encrypted_post(lines))
    assert result.total.tolist() == [7.0] * 3
    assert result.record.failures[0].reason.startswith("SessionError: the message was altered")


def test_keys_from_the_service(tmp_path):
    """The KME in a process of its own: clients with certificates fetch their pads by ETSI GS QKD 014."""
    kme = [sys.executable, "-m", "qlearn.communication.kme"]
    names = NAMES[:3]
    sae = [word for name in names for word in ("--sae", name)]
    subprocess.run([*kme, "init", tmp_path / "site", *sae], check=True, capture_output=True)
    site = tmp_path / "site"
    settings = replace(
        KMESettings.load(site / "kme.json"),
        requests_per_second=1e6,
        burst=10**6,
        keys_per_second=1e6,
        key_burst=10**6,
    )
    settings.save(site / "kme.json")
    process = subprocess.Popen(
        [*kme, "serve", site, "--port", "0", "--source", "none"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = process.stdout.readline().split()[-1]
        store = KeyStore(site / "keys.db")
        store.add(bytes(np.random.default_rng(1).bytes(32 * 200)))
        terms = Terms(names, size=40)
        services = {
            name: KMEClient(
                url,
                certificate=site / f"{name}.crt",
                private_key=site / f"{name}.key",
                authority=site / "ca.crt",
                kme_id="KME1",
            )
            for name in names
        }
        clients = [MaskedClient(name, terms, services[name], SIGNERS[name], ROSTER) for name in names]
        server = AggregationServer(terms, ROSTER)
        before = store.stored
        result = aggregate(server, clients, {name: np.full(40, 0.5) for name in names}, 1)
        assert result.total.tolist() == [1.5] * 40
        # 8,192 bits a pair in two keys of 4,096: 16 of the stock each
        assert result.record.key_bits == 3 * (3 * 40 * 64 + 512) == 3 * 8192
        assert before - store.stored == 3 * 32
        store.hand_out("Eve", "Mallory", number=store.stored)
        empty = aggregate(server, clients, {name: np.full(40, 0.5) for name in names}, 2)
        assert "Ann got no keys with Ben: KMEError: 503" in empty.record.aborted
        for service in services.values():
            service.close()
        store.close()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_messages_are_sealed_as_they_are_packed(lines):
    carried = []

    class Seen:
        def __init__(self, end):
            self.end = end

        def seal(self, text, associated):
            carried.append(self.end.seal(text, associated))
            return carried[-1]

        def open(self, sealed, associated):
            return self.end.open(sealed, associated)

    message = Masked(1, "Ann", b"\x07" * 24)
    assert encrypted_post({"Ann": (Seen(lines["Ann"][0]), lines["Ann"][1])})("Ann", "up", message) == message
    assert len(carried[0]) == len(pack(message)) + 32
    assert json.loads(pack(message))[1]["words"].encode() not in carried[0]
