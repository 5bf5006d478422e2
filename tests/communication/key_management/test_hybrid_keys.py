"""Hybrid keys: the published vectors of TS 103 744, and every input and every word that was said in the key."""

import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from hypothesis import given, settings, strategies as st

from qlearn.communication.key_management import EncryptedSession, HybridContext, KeyStore, cat_kdf, hybrid_key

CONTEXT = HybridContext("Alice", "Bob", "key 1", b"public key", b"ciphertext", "session")
QKD, KEM = bytes(range(32)), bytes(range(32, 64))


def read_vectors():
    """Each block of the file is one pair of the standard's vectors, for SHA-2 and for SHA-3."""
    text = Path(__file__).with_name("ts_103_744.txt").read_text()
    for block in text.split("\n\n"):
        fields = dict(line.split(" = ") for line in block.splitlines() if not line.startswith("#"))
        for family, expected in (("SHA-", fields["SHA2"]), ("SHA3-", fields["SHA3"])):
            yield pytest.param(
                fields, family + fields["bits"], expected, id=f"{fields['pair']} {family}{fields['bits']}"
            )


@pytest.mark.parametrize(("fields", "hash_name", "expected"), list(read_vectors()))
def test_published_vectors_of_ts_103_744(fields, hash_name, expected):
    la, lb, pa1, pa2, pb1, pb2, k1, k2 = (
        bytes.fromhex(fields[name]) for name in ("LA", "LB", "PA1", "PA2", "PB1", "PB2", "k1", "k2")
    )
    made = cat_kdf(
        [k1, k2],
        label=la + lb,
        context=b"CONCATENATION TEST VECTOR 1",
        first_message=la + pa1 + pa2,
        second_message=lb + pb1 + pb2,
        length=len(expected) // 2,
        hash_name=hash_name,
    )
    assert made.hex() == expected.lower()


def by_hand(secrets, label, context, first, second, length, name):
    """CatKDF from HMAC and a hash of the standard library: the oracle."""
    told = b"".join(len(x).to_bytes(4, "big") + x for x in (context, first, second))
    info = hashlib.new(name, told).digest()
    size = hashlib.new(name).digest_size
    root = hmac.digest(label or bytes(size), b"".join(secrets), name)
    made, block = b"", b""
    for number in range(1, 256):
        block = hmac.digest(root, block + info + bytes([number]), name)
        made += block
    return made[:length]


some = st.binary(max_size=40)
NAMES = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"} | {
    f"SHA3-{n}": f"sha3_{n}" for n in (256, 384, 512)
}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.binary(min_size=1, max_size=70), min_size=1, max_size=4),
    some, some, some, some, st.integers(1, 200), st.sampled_from(sorted(NAMES)),
)  # fmt: skip
def test_equals_the_definition(secrets, label, context, first, second, length, name):
    made = cat_kdf(
        secrets,
        label=label,
        context=context,
        first_message=first,
        second_message=second,
        length=length,
        hash_name=name,
    )
    assert made == by_hand(secrets, label, context, first, second, length, NAMES[name])


def test_a_pre_shared_key_goes_first():
    # ETSI's own code of V1.2.1 (cyber.103744_QHKEX), run on these inputs.
    made = cat_kdf(
        [bytes(range(32)), bytes(range(0x40, 0x60)), bytes(range(0x80, 0xA0))],
        label=b"label",
        context=b"qlearn hybrid v1",
        first_message=bytes(0xA0 ^ i for i in range(40)),
        second_message=bytes(0x5B ^ i for i in range(50)),
    )
    assert made.hex() == "049b019d1c9e890182e74695b9339045fedb74e8f27c5b066fdeb0bafd32006d"


def test_all_fourteen_are_there():
    assert [vector.id for vector in read_vectors()] == [
        f"{pair} {family}{bits}"
        for pair, bits in zip(
            ("C.2.1-2", "C.2.3-4", "C.2.5-6", "C.2.7-8", "C.2.9-10", "C.2.11-12", "C.2.13-14"),
            (256, 384, 384, 512, 256, 384, 512),
            strict=True,
        )
        for family in ("SHA-", "SHA3-")
    ]


def test_zeros_behind_a_label_do_not_count_and_the_messages_tell():
    told = {"context": b"", "first_message": b"", "second_message": b""}
    assert cat_kdf([b"secret"], label=b"Bob", **told) == cat_kdf([b"secret"], label=b"Bob\0", **told)
    assert hybrid_key(QKD, KEM, replace(CONTEXT, responder="Bob\0")) != hybrid_key(QKD, KEM, CONTEXT)


def test_why_lengths_must_be_fixed():
    told = {"label": b"", "context": b"", "first_message": b"", "second_message": b""}
    assert cat_kdf([b"ab", b"c"], **told) == cat_kdf([b"a", b"bc"], **told)


def test_the_hybrid_key_written_out():
    label = b"\0\0\0\5Alice\0\0\0\3Bob"
    first, second = b"\0\0\0\5Alice\0\0\0\5key 1public key", b"\0\0\0\3Bobciphertext"
    expected = by_hand([QKD, KEM], label, b"session", first, second, 32, "sha256")
    assert hybrid_key(QKD, KEM, CONTEXT) == expected
    assert hybrid_key(QKD, KEM, CONTEXT, length=100)[:32] == expected


@given(st.binary(min_size=32, max_size=64), st.binary(min_size=32, max_size=32), st.integers(0, 255))
def test_either_secret_alone_changes_the_key(qkd, kem, place):
    def flipped(secret):
        changed = bytearray(secret)
        changed[place // 8 % len(secret)] ^= 1 << place % 8
        return bytes(changed)

    keys = [(qkd, kem), (flipped(qkd), kem), (qkd, flipped(kem)), (flipped(qkd), flipped(kem))]
    if all(a != b for a, b in keys):
        assert len({hybrid_key(a, b, CONTEXT) for a, b in keys}) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"initiator": "Alicf"},
        {"responder": "Bo"},
        {"key_id": "key 2"},
        {"public_key": b"public keY"},
        {"ciphertext": b"ciphertex"},
        {"purpose": "another"},
        {"initiator": "Bob", "responder": "Alice"},
    ],
)
def test_whatever_was_said_is_in_the_key(change):
    assert hybrid_key(QKD, KEM, replace(CONTEXT, **change)) != hybrid_key(QKD, KEM, CONTEXT)


name = st.text(min_size=1, max_size=3)
blob = st.binary(min_size=1, max_size=4)


@given(*(st.tuples(name, name, name, blob, blob, name) for _ in range(2)))
def test_no_two_contexts_are_written_alike(one, other):
    def written(fields):
        context = HybridContext(*fields)
        return context.label, context.first_message, context.second_message, context.purpose

    if one[0] != one[1] and other[0] != other[1]:
        assert (written(one) == written(other)) == (one == other)


def test_borders_between_fields_do_not_move():
    one, other = (HybridContext("Al", "Bob", *rest, b"c") for rest in (("key", b"1-pk"), ("key1", b"-pk")))
    assert one.first_message != other.first_message


def test_an_exchange_from_end_to_end():
    alice = MLKEM768PrivateKey.generate()
    public = alice.public_key().public_bytes_raw()
    secret, sent = alice.public_key().encapsulate()
    context = HybridContext("Alice", "Bob", "key 1", public, sent)
    at_bob = hybrid_key(QKD, secret, context)
    assert hybrid_key(QKD, alice.decapsulate(sent), context) == at_bob
    # Eve alters the ciphertext: Alice gets no error, and a key that Bob does not have.
    altered = bytes([sent[0] ^ 1]) + sent[1:]
    assert hybrid_key(QKD, alice.decapsulate(altered), replace(context, ciphertext=altered)) != at_bob


def test_from_the_store_to_a_message(tmp_path):
    store = KeyStore(tmp_path / "keys.db")
    store.add(bytes(range(64)))
    lattice = MLKEM768PrivateKey.generate()
    public = lattice.public_key().public_bytes_raw()
    [hers] = store.hand_out("Alice", "Bob")
    # Alice says the ID and her public key; Bob fetches that key and answers with a ciphertext.
    [his] = store.take("Bob", "Alice", [hers.key_id])
    secret, sent = lattice.public_key().encapsulate()
    context = HybridContext("Alice", "Bob", hers.key_id, public, sent)
    alice = EncryptedSession(hybrid_key(hers.key, lattice.decapsulate(sent), context), "initiator")
    bob = EncryptedSession(hybrid_key(his.key, secret, context), "responder")
    assert bob.open(alice.seal(b"meet at nine")) == b"meet at nine"
    assert alice.open(bob.seal(b"at ten")) == b"at ten"
    store.close()


def test_texts_hold_no_secret():
    assert (
        repr(CONTEXT)
        == "HybridContext(Alice to Bob, quantum key key 1, public key of 10 bytes, answer of 10)"
    )
    with pytest.raises(ValueError, match="kem_secret must have 32 bytes, not 33") as fault:
        hybrid_key(QKD, KEM + b"!", CONTEXT)
    assert repr(KEM)[2:-1] not in repr(fault.value)


TOLD = {"label": b"", "context": b"", "first_message": b"", "second_message": b""}


@pytest.mark.parametrize(
    ("secrets", "options", "error", "says"),
    [
        (b"one", {}, TypeError, "put it in brackets"),
        ([], {}, ValueError, "at least one secret, not none"),
        ([b"one", b""], {}, ValueError, r"secrets\[1\] must have at least 1 bytes, not 0"),
        (["one"], {}, TypeError, r"secrets\[0\] must be bytes, not str"),
        ([b"one"], {"hash_name": "MD5"}, ValueError, "hash_name must be one of SHA-256, .*, not 'MD5'"),
        ([b"one"], {"length": 0}, ValueError, "length must be at least 1, not 0"),
        ([b"one"], {"length": 255 * 32 + 1}, ValueError, "255 blocks of SHA-256, not 8161"),
        ([b"one"], {"label": "salt"}, TypeError, "label must be bytes, not str"),
        ([b"one"], {"context": 3}, TypeError, "context must be bytes, not int"),
    ],
)
def test_cat_kdf_refuses(secrets, options, error, says):
    with pytest.raises(error, match=says):
        cat_kdf(secrets, **(TOLD | options))


@pytest.mark.parametrize(
    ("qkd", "kem", "context", "error", "says"),
    [
        (QKD[:31], KEM, CONTEXT, ValueError, "qkd_key must have at least 32 bytes, not 31"),
        (QKD, KEM[:31], CONTEXT, ValueError, "kem_secret must have 32 bytes, not 31"),
        (QKD, QKD, CONTEXT, ValueError, "not one handed in twice"),
        ("q" * 32, KEM, CONTEXT, TypeError, "qkd_key must be bytes, not str"),
        (np.zeros(256, np.uint8), KEM, CONTEXT, TypeError, r"not ndarray: pack bits by np.packbits\(bits\)"),
        (QKD, KEM, b"context", TypeError, "context must be a HybridContext, not bytes"),
    ],
)
def test_hybrid_key_refuses(qkd, kem, context, error, says):
    with pytest.raises(error, match=says):
        hybrid_key(qkd, kem, context)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"initiator": "Bob"}, ValueError, "initiator and responder must differ"),
        ({"key_id": ""}, ValueError, "key_id must not be empty"),
        ({"responder": "\ud800"}, ValueError, "responder must be text that UTF-8 can write"),
        ({"purpose": 3}, TypeError, "purpose must be a str, not int"),
        ({"public_key": b""}, ValueError, "public_key must have at least 1 bytes, not 0"),
        ({"ciphertext": "c"}, TypeError, "ciphertext must be bytes, not str"),
    ],
)
def test_a_context_refuses(change, error, says):
    with pytest.raises(error, match=says):
        replace(CONTEXT, **change)
