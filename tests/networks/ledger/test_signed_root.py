"""Signed roots: one encoding, the bare library as oracle, and nothing taken that was signed for something else."""

from dataclasses import replace
from struct import pack

import pytest
from cryptography.hazmat.primitives.asymmetric import mldsa
from hypothesis import given, strategies as st

from qlearn.networks.federated import UpdateSigner
from qlearn.networks.ledger import LedgerRefused, RootSigner, SignedRoot, merkle_root, verify_root

SIGNER = RootSigner("trial", bytes(32))
ROOT = merkle_root([b"a"])
SIGNED = SIGNER.sign(1, ROOT, time=7)


def reason(call):
    with pytest.raises(LedgerRefused) as refused:
        call()
    return refused.value.reason


@pytest.mark.parametrize("scheme", ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"])
def test_the_bare_library_takes_it(scheme):
    signer = RootSigner("trial", bytes(range(32)), scheme)
    assert signer.public_key == UpdateSigner("a", bytes(range(32)), scheme).public_key
    signed = signer.sign(1, ROOT, time=7)
    key = getattr(mldsa, scheme.replace("-", "") + "PublicKey").from_public_bytes(signer.public_key)
    message = pack("<Q", 5) + b"trial" + pack("<QQ", 1, 7) + ROOT
    assert signed.message == message
    key.verify(signed.signature, message, b"qlearn ledger root 1")
    verify_root(signed, signer.public_key, "trial")


def test_two_signatures_of_one_root_differ_and_are_both_right():
    again = SIGNER.sign(1, ROOT, time=7)
    assert again.signature != SIGNED.signature
    verify_root(again, SIGNER.public_key)


@pytest.mark.parametrize(
    "change",
    [
        {"size": 2},
        {"time": 8},
        {"root": merkle_root([b"b"])},
        {"log": "trials"},
        {"signature": b""},
        {"signature": bytes(3309)},
        {"signature": SIGNED.signature + b"\0"},
    ],
)
def test_whatever_is_changed_is_noticed(change):
    assert reason(lambda: verify_root(replace(SIGNED, **change), SIGNER.public_key)) == "signature"


def test_another_key_another_log_another_purpose():
    assert reason(lambda: verify_root(SIGNED, RootSigner("trial").public_key)) == "signature"
    assert reason(lambda: verify_root(SIGNED, SIGNER.public_key, "another")) == "log"
    # a signature that the same key has made under an update, put under a root of the very same bytes
    key = mldsa.MLDSA65PrivateKey.from_seed_bytes(bytes(32))
    moved = replace(SIGNED, signature=key.sign(SIGNED.message, b"qlearn federated update 1"))
    assert reason(lambda: verify_root(moved, SIGNER.public_key)) == "signature"


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
numbers = st.integers(0, 2**64 - 1)


@given(names, numbers, numbers, st.binary(min_size=32, max_size=32), st.binary(max_size=9))
def test_can_be_read_back(log, size, time, root, signature):
    signed = SignedRoot(log, size, time, root, signature)
    assert SignedRoot.decode(signed.encoded) == signed


@given(st.binary(max_size=80))
def test_rubbish_is_refused(data):
    # 57 bytes and a name are the least; whatever this is, its first eight bytes are the length of no such name
    assert reason(lambda: SignedRoot.decode(b"\xff" + data)) == "record"


@pytest.mark.parametrize("cut", [0, 7, 8, 12, 13, 28, 60])
def test_half_a_root_is_refused(cut):
    assert reason(lambda: SignedRoot.decode(SIGNED.encoded[:cut])) == "record"


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: RootSigner(""), TypeError, "log must be a name"),
        (lambda: RootSigner("a", b"short"), ValueError, "seed must be 32 bytes, not 5 bytes"),
        (lambda: RootSigner("a", scheme="RSA"), ValueError, "scheme must be one of ML-DSA-44"),
        (lambda: SIGNER.sign(-1, ROOT, 0), ValueError, "size must be at least 0"),
        (lambda: SIGNER.sign(1, ROOT, -1), ValueError, "time must be at least 0"),
        (lambda: SIGNER.sign(1, ROOT, 1.5), TypeError, "time must be a whole number"),
        (lambda: SIGNER.sign(1, ROOT, 2**64), ValueError, r"time must be at most 2\*\*64 - 1"),
        (lambda: SIGNER.sign(1, ROOT[:-1], 0), ValueError, "root must be 32 bytes, not 31"),
        (lambda: SIGNER.sign(1, ROOT.hex(), 0), TypeError, "root must be bytes, not str"),
        (lambda: verify_root(SIGNED, b"key"), ValueError, "key must be bytes, 1312, 1952, 2592 of them; this one is 3 bytes"),
        (lambda: verify_root(ROOT, SIGNER.public_key), TypeError, "signed must be a SignedRoot, not bytes"),
    ],
)  # fmt: skip
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
