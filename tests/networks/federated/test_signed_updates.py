"""Signed updates: known keys, one encoding an update, and every way in which somebody may try to send what is not theirs."""

import hashlib
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import mldsa
from hypothesis import given, strategies as st

from qlearn.communication.key_management import post_quantum_schemes
from qlearn.networks.federated import Krum, SignedUpdate, UpdateRefused, UpdateSigner, UpdateVerifier

MODEL = [np.array([[0.5, -1.0], [2.0, 0.0]]), np.array([1e-3, 7.0])]
SCHEMES = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]
ALICE, BOB, CAROL = (
    UpdateSigner(name, hashlib.sha256(name.encode()).digest()) for name in ("Alice", "Bob", "Carol")
)
SERVER = UpdateVerifier({s.client: s.public_key for s in (ALICE, BOB, CAROL)}, run="trial")


def signed(by=ALICE, model=MODEL, n=30, run="trial", number=4):
    return by.sign(model, n, run=run, number=number)


def reason(update, server=SERVER, number=4):
    """Why the server refuses an update."""
    with pytest.raises(UpdateRefused) as refused:
        server.verify(update, number)
    return refused.value.reason


# Keys and sizes.


@pytest.mark.parametrize(
    ("scheme", "digest"),
    [("ML-DSA-44", "9f107644c1084526"), ("ML-DSA-65", "d666806e11cee19a"), ("ML-DSA-87", None)],
)
def test_the_key_of_a_known_seed_and_the_sizes_of_the_standard(scheme, digest):
    # sha256 of the public key of the seed 00 01 ... 1f, as dilithium-py has it, too
    signer = UpdateSigner("a", bytes(range(32)), scheme)
    assert digest is None or hashlib.sha256(signer.public_key).hexdigest().startswith(digest)
    sizes = {s.name: (s.public_key, s.output) for s in post_quantum_schemes()}
    assert (len(signer.public_key), len(signed(signer).signature)) == sizes[scheme]
    assert signer.public_key == UpdateSigner("b", bytes(range(32)), scheme).public_key
    assert UpdateSigner("a", scheme=scheme).public_key != UpdateSigner("a", scheme=scheme).public_key


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_signed_is_taken_also_by_the_bare_library(scheme):
    signer = UpdateSigner("a", bytes(32), scheme)
    update = signed(signer)
    UpdateVerifier({"a": signer.public_key}, "trial").verify(update, 4)
    key = getattr(mldsa, scheme.replace("-", "") + "PublicKey").from_public_bytes(signer.public_key)
    key.verify(update.signature, update.message, b"qlearn federated update 1")
    with pytest.raises(InvalidSignature):  # a signature that the key has made for something else
        key.verify(update.signature, update.message)
    again = signed(signer)  # hedged
    assert again.signature != update.signature
    assert again.message == update.message


# The encoding.


def decoded(message):
    """Read what was signed, by the words of the docstring."""

    def take(k):
        nonlocal message
        head, message = message[:k], message[k:]
        return head

    def number(most=2**64 - 1):
        value = int.from_bytes(take(8), "little")
        assert value <= most
        return value

    run, client = (take(number()).decode() for _ in range(2))
    rounds, n, layers = number(), number(), number(most=3)
    model = []
    for _ in range(layers):
        shape = [number() for _ in range(number(most=3))]
        model.append(np.frombuffer(take(8 * int(np.prod(shape))), "<f8").reshape(shape))
    assert not message
    return client, run, rounds, n, model


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
layer_shapes = st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=3)


@given(names, names, st.integers(1, 2**64 - 1), st.integers(1, 2**64 - 1), layer_shapes)
def test_what_is_signed_can_be_read_back_so_no_two_updates_are_one(client, run, number, n, shapes):
    model = [np.random.default_rng(0).normal(size=shape) for shape in shapes]
    update = SignedUpdate(client, run, number, n, model, b"")
    assert repr(decoded(update.message)) == repr((client, run, number, n, model))


def test_the_layout_of_the_arrays_does_not_matter_and_their_order_does():
    grid = np.arange(6.0).reshape(2, 3)
    same = [
        grid,
        np.asfortranarray(grid),
        grid.astype(">f8"),
        grid.astype(np.float32),
        grid.astype(int),
        grid.tolist(),
    ]
    assert len({signed(model=[g]).message for g in same}) == 1
    different = [
        [grid.T],
        [grid.reshape(3, 2)],
        [grid.ravel()],
        [grid[0], grid[1]],
        [grid[None]],
        [-grid],
        [],
    ]
    assert len({signed(model=g).message for g in [[grid], *different]}) == 8


def test_an_update_keeps_its_own_numbers():
    own = [np.zeros(2)]
    update = signed(model=own)
    own[0][0] = 1.0
    assert update.parameters[0].tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="read-only"):
        update.parameters[0][0] = 1.0
    with pytest.raises(FrozenInstanceError):
        update.n_samples = 10**9
    ((taken, _),) = SERVER.collect([update], 4)[0]
    taken[0][0] = 1.0  # the strategy's own
    SERVER.verify(update, 4)


# What somebody may try.


def test_what_is_right_is_taken():
    taken, refused = SERVER.collect([signed(s, n=10 * i + 10) for i, s in enumerate((BOB, ALICE, CAROL))], 4)
    assert refused == []
    assert [n for _, n in taken] == [10, 20, 30]
    for model, _ in taken:
        assert all((a == b).all() for a, b in zip(model, MODEL, strict=True))
    assert all((a == b).all() for a, b in zip(Krum(0).aggregate(taken, MODEL)[0], MODEL, strict=True))


def test_impersonation():
    mallory = UpdateSigner("Alice", bytes(32))
    assert reason(signed(mallory)) == "signature"
    assert reason(replace(signed(BOB), client="Alice")) == "signature"
    assert reason(replace(signed(), signature=signed(BOB).signature)) == "signature"


@pytest.mark.parametrize("signature", [b"", b"\0", bytes(3309), bytes(2420), bytes(4000)])
def test_no_signature(signature):
    assert reason(replace(signed(), signature=signature)) == "signature"


def test_replay_in_another_round_and_in_another_run():
    old = signed(number=3)
    SERVER.verify(old, 3)
    assert reason(old) == "round"
    assert reason(replace(old, number=4)) == "signature"
    other = signed(run="trial 2")
    assert reason(other) == "run"
    assert reason(replace(other, run="trial")) == "signature"
    with pytest.raises(UpdateRefused, match="is for round 3, and this is 4: sent again"):
        SERVER.verify(old, 4)


def test_unknown_client():
    assert reason(signed(UpdateSigner("Dave", bytes(32)))) == "unknown"
    assert reason(replace(signed(), client="alice")) == "unknown"


@pytest.mark.parametrize(
    "change",
    [
        {"n_samples": 10**9},
        {"n_samples": 31},
        {"parameters": [MODEL[0], MODEL[1] + np.array([0.0, np.spacing(7.0)])]},
        {"parameters": [MODEL[0], MODEL[1][::-1]]},
        {"parameters": MODEL[::-1]},
        {"parameters": [MODEL[0].T, MODEL[1]]},
        {"parameters": [MODEL[0].reshape(1, 4), MODEL[1]]},
        {"parameters": [MODEL[0]]},
        {"parameters": [np.where(MODEL[0] == 0, -0.0, MODEL[0]), MODEL[1]]},
    ],
)
def test_altered_on_the_way(change):
    assert reason(replace(signed(), **change)) == "signature"


@given(st.integers(0, 8 * 3309 - 1))
def test_one_bit_of_the_signature(bit):
    whole = bytearray(_UPDATE.signature)
    whole[bit // 8] ^= 1 << bit % 8
    assert reason(replace(_UPDATE, signature=bytes(whole))) == "signature"


_UPDATE = signed()


def test_a_doubled_client_counts_once_and_a_forgery_takes_nothing_from_it():
    first, second = signed(n=10), signed(n=99)
    forged = replace(signed(BOB), client="Alice", n_samples=10**6)
    taken, refused = SERVER.collect([forged, first, second, first, signed(BOB, n=20)], 4)
    assert [n for _, n in taken] == [10, 20]
    assert [(r.client, r.reason) for r in refused] == [
        ("Alice", "signature"),
        ("Alice", "twice"),
        ("Alice", "twice"),
    ]
    assert "has sent an update of round 4 before" in str(refused[1])
    # the next round starts anew
    assert len(SERVER.collect([signed(number=5)], 5)[0]) == 1


def test_what_is_no_update_or_no_such_model():
    assert reason("model") == "malformed"
    assert SERVER.collect([None], 4)[1][0].reason == "malformed"
    server = UpdateVerifier({"Alice": ALICE.public_key}, "trial", shapes=[(2, 2), (2,)])
    server.verify(signed(), 4)
    assert reason(signed(model=[np.zeros((2, 2)), np.zeros(3)]), server) == "malformed"
    # what is not signed is not looked into
    assert reason(replace(signed(), parameters=[np.zeros(1)]), server) == "signature"


# Refusals.


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: UpdateSigner(""), TypeError, "client must be a name"),
        (lambda: UpdateSigner("a", b"short"), ValueError, "seed must be 32 bytes, not 5 bytes"),
        (lambda: UpdateSigner("a", "0" * 32), ValueError, "seed must be 32 bytes, not str"),
        (
            lambda: UpdateSigner("a", scheme="RSA"),
            ValueError,
            "scheme must be one of ML-DSA-44, ML-DSA-65, ML-DSA-87",
        ),
        (lambda: signed(number=0), ValueError, "number must be at least 1"),
        (lambda: signed(n=0), ValueError, "n_samples must be at least 1"),
        (lambda: signed(n=2**64), ValueError, "n_samples must be at most"),
        (lambda: signed(n=1.5), TypeError, "n_samples must be a whole number"),
        (lambda: signed(run=""), TypeError, "run must be a name"),
        (lambda: signed(model=[np.array([np.nan])]), ValueError, "parameters must be finite"),
        (lambda: signed(model=[np.array(["1"])]), TypeError, "parameters must be arrays of real numbers"),
        (lambda: SignedUpdate("a", "r", 1, 1, [], "s"), TypeError, "signature must be bytes, not str"),
        (lambda: UpdateVerifier({}, "r"), ValueError, "at least one client"),
        (lambda: UpdateVerifier({"a": ALICE.public_key}, ""), TypeError, "run must be a name"),
        (
            lambda: UpdateVerifier({"a": b"123"}, "r"),
            ValueError,
            "1312, 1952, 2592 of them; that of 'a' is 3 bytes",
        ),
        (lambda: UpdateVerifier({"a": "key"}, "r"), ValueError, "that of 'a' is str"),
        (
            lambda: UpdateVerifier(dict.fromkeys("ab", ALICE.public_key), "r"),
            ValueError,
            "'a' and 'b' have the same",
        ),
        (lambda: SERVER.verify(_UPDATE, 0), ValueError, "number must be at least 1"),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()


def test_a_key_is_not_printed():
    signer = UpdateSigner("a", bytes(range(32)))
    assert repr(signer) == "UpdateSigner('a', scheme='ML-DSA-65')"
    assert "signature" not in repr(_UPDATE)
