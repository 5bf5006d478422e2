"""The demo PKI: certificates that OpenSSL accepts for one use each, and keys that their owner alone can read."""

import os
import stat
import subprocess

import pytest
from cryptography import x509

from qlearn.communication.key_management import DemoPKI


def verifies(pki, certificate, purpose):
    command = [
        "openssl",
        "verify",
        "-x509_strict",
        "-purpose",
        purpose,
        "-CAfile",
        pki.authority,
        certificate,
    ]
    return subprocess.run(command, capture_output=True).returncode == 0


def test_openssl_accepts_each_for_its_own_use(tmp_path):
    pki = DemoPKI(tmp_path)
    server, client = pki.server("KME1", "kme.example", "10.0.0.1")[0], pki.client("Alice")[0]
    assert [verifies(pki, server, use) for use in ("sslserver", "sslclient")] == [True, False]
    assert [verifies(pki, client, use) for use in ("sslserver", "sslclient")] == [False, True]
    names = x509.load_pem_x509_certificate(server.read_bytes()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["kme.example"]
    assert [str(ip) for ip in names.value.get_values_for_type(x509.IPAddress)] == ["10.0.0.1"]


def test_an_expired_one_is_refused(tmp_path):
    DemoPKI(tmp_path)
    old = DemoPKI(tmp_path, days=-2)
    assert not verifies(old, old.client("Alice")[0], "sslclient")


def test_the_authority_stays_and_what_it_signs_again_is_another(tmp_path):
    one = DemoPKI(tmp_path)
    first = one.client("Alice")[1].read_bytes()
    two = DemoPKI(tmp_path)
    certificate, secret = two.client("Alice")
    assert secret.read_bytes() != first
    assert verifies(one, certificate, "sslclient")
    other = DemoPKI(tmp_path / "other")
    assert not verifies(other, certificate, "sslclient")


def test_private_keys_are_their_owners(tmp_path):
    pki = DemoPKI(tmp_path)
    pki.server("KME1")
    pki.client("../../etc/Alice")
    secrets = list(tmp_path.rglob("*.key"))
    assert len(secrets) == 3
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in secrets)
    before = os.umask(0)
    try:
        folder = DemoPKI(tmp_path / "new").folder
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "x" * 65, 5, "ca", ".", ".."])
def test_refuses_names(tmp_path, name):
    with pytest.raises(ValueError, match="name must"):
        DemoPKI(tmp_path).client(name)
    with pytest.raises(ValueError, match="days must be"):
        DemoPKI(tmp_path, days=float("inf"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone can give a file away")
@pytest.mark.parametrize("part", ["", "ca.crt", "ca.key"])
def test_an_authority_of_somebody_else_signs_nothing(tmp_path, part):
    DemoPKI(tmp_path)
    os.chown(tmp_path / part, 12345, -1)
    with pytest.raises(ValueError, match="belongs to user 12345, who could sign for anybody"):
        DemoPKI(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_others_may_write_is_no_place_for_an_authority(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(ValueError, match="has the permissions 0777"):
        DemoPKI(tmp_path)
    assert not list(tmp_path.iterdir())
