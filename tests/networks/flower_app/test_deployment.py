"""The keys of nodes; that a deployment trains what the loop trains is in tests/networks/test_flower_app.py."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key, load_ssh_public_key

from qlearn.networks.flower_app import deploy, node_key


def test_a_key_is_on_p384_and_its_owners(tmp_path):
    public = node_key(tmp_path / "node")
    private = load_ssh_private_key((tmp_path / "node").read_bytes(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    assert isinstance(private.curve, SECP384R1)
    told = load_ssh_public_key(public.read_bytes())
    assert told.public_numbers() == private.public_key().public_numbers()
    assert stat.S_IMODE((tmp_path / "node").stat().st_mode) == 0o600


def test_a_key_is_not_made_twice(tmp_path):
    node_key(tmp_path / "node")
    with pytest.raises(FileExistsError):
        node_key(tmp_path / "node")


def test_refuses_what_is_no_federation():
    with pytest.raises(TypeError, match="federation must be a Federation, not None"):
        deploy(None)
