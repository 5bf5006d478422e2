"""Terms, statements and signatures: each bound to round, members and list."""

import pytest

from qlearn.networks.secure_aggregation import (
    FixedPoint,
    RefusedMessage,
    Signer,
    Terms,
    least_threshold,
    verify_signature,
)
from qlearn.networks.secure_aggregation.survivors import (
    hash_of,
    keys_statement,
    list_statement,
    require_signatures,
)

TERMS = Terms(("Ann", "Ben", "Cem", "Dia"), size=17, corrupted=1)


def test_terms_count_their_keys():
    assert TERMS.threshold == least_threshold(4, 1) == 3
    assert TERMS.pair_bits == 3 * 17 * 64 + 512
    assert Terms(TERMS.clients, size=17, pads="stretched").pair_bits == 3 * 256 + 512
    small = Terms(TERMS.clients, size=17, numbers=FixedPoint(4, 12), recover=False)
    assert (small.pair_bits, small.threshold) == (8 * 26, 4)  # 17 words of 12 bits, to whole bytes


def test_a_statement_tells_everything_apart():
    members = ("Ann", "Ben", "Cem")
    others = Terms(TERMS.clients, size=18, corrupted=1)
    statements = [
        list_statement(TERMS, 1, members),
        list_statement(TERMS, 2, members),
        list_statement(others, 1, members),
        list_statement(TERMS, 1, members[:2]),
        list_statement(TERMS, 1, members, ()),
        list_statement(TERMS, 1, members, members),
        list_statement(TERMS, 1, members, members[:2]),
        list_statement(TERMS, 1, ("Ann,Ben", "Cem")),
        list_statement(TERMS, 1, members, about=b"1"),
        keys_statement(TERMS, 1, "Ann", {"Ben": ("1", "2")}),
        keys_statement(TERMS, 1, "Ann", {"Ben": ("1",), "Cem": ("2",)}),
        keys_statement(TERMS, 1, "Ben", {"Ben": ("1", "2")}),
    ]
    assert len(set(statements)) == len(statements)


def test_the_hash_of_nothing_is_nothing():
    assert hash_of(b"") == b""
    assert hash_of(b"abc").hex().startswith("ba7816bf8f01cfea414140de5dae2223")  # FIPS 180-4's example


def test_signatures():
    signers = {name: Signer() for name in TERMS.clients}
    roster = {name: signer.public_key for name, signer in signers.items()}
    signed = {name: signer.sign(b"list") for name, signer in signers.items()}
    require_signatures(b"list", signed, TERMS.clients, roster, 4)
    assert verify_signature(roster["Ann"], b"list", signed["Ann"])
    assert not verify_signature(roster["Ann"], b"lisp", signed["Ann"])
    assert not verify_signature(roster["Ben"], b"list", signed["Ann"])
    for wrong, says in (
        ({"Ann": signed["Ann"]}, r"needs 2 signatures, it has 1 \(of Ann\)"),
        ({}, "it has 0 .of nobody"),
        ({**signed, "Eve": signed["Ann"]}, "Eve signed the list and is none of Ann, Ben"),
        ({**signed, "Ben": signed["Ann"]}, "the signature of Ben is not on this list"),
    ):
        with pytest.raises(RefusedMessage, match=says):
            require_signatures(b"list", wrong, TERMS.clients, roster, 2)


def test_a_signature_made_for_something_else_does_not_count():
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey

    key = MLDSA65PrivateKey.from_seed_bytes(bytes(32))
    assert not verify_signature(Signer(bytes(32)).public_key, b"list", key.sign(b"list"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"clients": ("Ann", "Ann", "Ben")}, "'Ann' is there twice"),
        ({"clients": ("Ann", 3)}, "clients must be names, not 3"),
        ({"clients": ("Ann",)}, "clients must be 2 to 255, not 1"),
        ({"size": 0}, "size must be at least 1"),
        ({"pads": "seeds"}, "pads must be one of one-time, stretched"),
        ({"threshold": 2, "corrupted": 1}, "threshold must be 3 to 4 .* a server that lies"),
        ({"threshold": 5}, "threshold must be 3 to 4"),
        ({"recover": False, "threshold": 3}, "threshold must be 4, all clients, without recover"),
        ({"corrupted": 3}, "corrupted must leave two honest clients"),
    ],
)
def test_refuses(options, says):
    with pytest.raises((ValueError, TypeError), match=says):
        Terms(**{"clients": TERMS.clients, "size": 3, **options})
