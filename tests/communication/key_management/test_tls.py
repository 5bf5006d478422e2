"""Mutual TLS: who has no certificate, or a wrong one, or an old one, gets nothing; the others are who it says."""

import ssl

import httpx
import pytest

from qlearn.communication.key_management import DemoPKI, KMEClient, KMEError, client_context, server_context
from qlearn.communication.key_management.tls import common_name

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
