"""An encrypted session: what is sealed opens once, at the other end, in any near order, and nothing else opens."""

import copy
import os
import pickle
import threading
from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings, strategies as st

from qlearn.communication.key_management import EncryptedSession, SessionError

KEY = bytes(range(32))


def pair(**options):
    return EncryptedSession(KEY, "initiator", **options), EncryptedSession(KEY, "responder", **options)


def derive(key, label, salt=None):
    return HKDF(SHA256(), 32, salt=salt, info=b"qlearn session " + label).derive(key)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=40), st.binary(max_size=10)), max_size=20))
def test_both_directions_carry_what_was_sealed(messages):
    alice, bob = pair(messages_per_key=3)
    for from_alice, text, associated in messages:
        sender, receiver = (alice, bob) if from_alice else (bob, alice)
        sealed = sender.seal(text, associated)
        assert len(sealed) == len(text) + 32
        assert receiver.open(sealed, associated) == text


def test_a_message_written_out_by_hand():
    alice, _ = pair(messages_per_key=1)
    root = derive(KEY, b"root")
    chain = derive(root, b"initiator")
    for epoch in range(3):
        header = bytes(4) + epoch.to_bytes(4, "big") + bytes(8)
        sealed = header + AESGCM(derive(chain, b"message")).encrypt(bytes(12), b"text", header + b"with")
        assert alice.seal(b"text", b"with") == sealed
        chain = derive(chain, b"chain")
    fresh = bytes(40)
    alice.rekey(fresh)
    carried = derive(root, b"carried")
    chain = derive(derive(fresh, b"rekey", salt=carried), b"initiator")
    header = (1).to_bytes(4, "big") + bytes(12)
    assert alice.seal(b"") == header + AESGCM(derive(chain, b"message")).encrypt(bytes(12), b"", header)


def test_no_key_meets_a_nonce_twice():
    # Every (key, nonce) of a session is one header in one direction: all are different, and so are all ciphertexts of one text.
    alice, bob = pair(messages_per_key=7)
    seen, bodies = set(), set()
    for round_ in range(50):
        for who in (alice, bob):
            sealed = who.seal(bytes(16))
            seen.add((who is alice, sealed[:16]))
            bodies.add(sealed[16:])
        if round_ % 20 == 19:
            for who in (alice, bob):
                who.rekey(bytes([round_] * 32))
    assert len(seen) == len(bodies) == 100


def test_threads_do_not_share_a_nonce():
    alice, _ = pair()
    sealed = []

    def work():
        for _ in range(200):
            sealed.append(alice.seal(b"x"))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({message[:16] for message in sealed}) == 800


def test_why_a_nonce_is_used_once():
    # With one key and nonce, the XOR of two ciphertexts is that of the texts: what the counter is there to prevent.
    cipher, one, two = AESGCM(KEY), b"attack at dawn!!", b"retreat at noon!"
    a, b = (cipher.encrypt(bytes(12), text, None)[:16] for text in (one, two))
    assert bytes(x ^ y for x, y in zip(a, b, strict=True)) == bytes(
        x ^ y for x, y in zip(one, two, strict=True)
    )


@given(st.permutations(range(8)))
def test_any_order_within_the_window_and_each_once(order):
    alice, bob = pair()
    sealed = [alice.seal(bytes([i])) for i in range(8)]
    for i in order:
        assert bob.open(sealed[i]) == bytes([i])
    for message in sealed:
        with pytest.raises(SessionError, match="taken already"):
            bob.open(message)


def test_the_window_ends_at_64():
    alice, bob = pair()
    sealed = [alice.seal(bytes([i])) for i in range(66)]
    assert bob.open(sealed[64]) == bytes([64])
    assert bob.open(sealed[1]) == b"\x01"  # 63 behind
    with pytest.raises(SessionError, match="comes too late"):
        bob.open(sealed[0])  # 64 behind
    assert bob.open(sealed[65]) == bytes([65])
    with pytest.raises(SessionError, match="taken already"):
        bob.open(sealed[1])


@settings(deadline=None)
@given(st.integers(0, 8 * 48 - 1))
def test_one_altered_bit_is_refused_and_harms_nothing(place):
    alice, bob = pair()
    sealed = alice.seal(bytes(16))
    altered = bytearray(sealed)
    altered[place // 8] ^= 1 << place % 8
    with pytest.raises(SessionError):
        bob.open(bytes(altered))
    assert bob.open(sealed) == bytes(16)


def test_a_forged_next_epoch_moves_nothing():
    alice, bob = pair(messages_per_key=2)
    first = alice.seal(b"first")
    forged = first[:4] + (1).to_bytes(4, "big") + first[8:]
    with pytest.raises(SessionError, match="altered"):
        bob.open(forged)
    assert bob.epochs == (0, 0)
    assert bob.open(first) == b"first"


def test_a_message_does_not_come_back_to_its_sender():
    alice, _ = pair()
    with pytest.raises(SessionError, match="altered, or is not from the other end"):
        alice.open(alice.seal(b"hello"))


def test_other_associated_data_is_refused():
    alice, bob = pair()
    with pytest.raises(SessionError, match="altered"):
        bob.open(alice.seal(b"pay 5", b"to Carol"), b"to Eve")


def test_keys_move_on_and_the_old_ones_are_gone():
    alice, bob = pair(messages_per_key=2)
    sealed = [alice.seal(bytes([i])) for i in range(5)]
    assert alice.epochs == (2, 0)
    assert bob.open(sealed[0]) == b"\x00"
    assert bob.open(sealed[2]) == b"\x02"
    with pytest.raises(SessionError, match="a key that is gone"):
        bob.open(sealed[1])
    assert bob.open(sealed[4]) == b"\x04"
    assert bob.epochs == (0, 2)


def reachable(session):
    """All keys that follow from the memory of a session, six steps of its derivations far."""
    found = {session._carried, session._out.chain, session._in.chain}
    labels = (b"root", b"carried", b"initiator", b"responder", b"message", b"chain")
    latest = set(found)
    for _ in range(6):
        latest = {derive(key, label) for key in latest for label in labels} if len(latest) < 500 else set()
        found |= latest
    return found


def opens(keys, sealed):
    for key in keys:
        try:
            AESGCM(key).decrypt(bytes(4) + sealed[8:16], sealed[16:], sealed[:16])
        except InvalidTag:
            continue
        return True
    return False


def test_the_memory_of_later_does_not_hold_the_keys_of_before():
    alice, _ = pair(messages_per_key=1)
    early, now = alice.seal(b"early"), alice.seal(b"now")
    after = alice.seal(b"after")
    keys = reachable(alice)
    assert not opens(keys, early)
    assert not opens(keys, now)
    assert not opens(
        keys, after
    )  # under the present key, which the cipher holds and the chain has left behind
    later = alice.seal(b"later")
    assert opens(keys, later)  # what follows from the memory: why fresh bits are mixed in
    for before in (early, now):
        assert not opens(reachable(alice), before)


def test_a_whole_lost_key_needs_a_rekey():
    alice, bob = pair(messages_per_key=1)
    _, _, third = (alice.seal(b"") for _ in range(3))
    with pytest.raises(SessionError, match="not yet reached"):
        bob.open(third)
    for who in (alice, bob):
        who.rekey(bytes(32))
    assert bob.open(alice.seal(b"again")) == b"again"


def test_a_number_beyond_the_limit_is_refused():
    alice, _ = pair(messages_per_key=10)
    bob = EncryptedSession(KEY, "responder", messages_per_key=2)
    *_, third = (alice.seal(b"") for _ in range(3))
    with pytest.raises(SessionError, match="beyond the limit"):
        bob.open(third)


def test_rekeying_takes_the_same_bits_at_both_ends():
    alice, bob = pair()
    late = alice.seal(b"late")
    alice.rekey(bytes(32))
    with pytest.raises(SessionError, match="generation 1, this end is in 0"):
        bob.open(alice.seal(b""))
    bob.rekey(bytes(32))
    assert alice.same_keys(bob)
    assert bob.open(alice.seal(b"now")) == b"now"
    with pytest.raises(SessionError, match="generation 0, this end is in 1"):
        bob.open(late)
    alice.rekey(bytes(32))
    bob.rekey(bytes(31) + b"x")
    assert not alice.same_keys(bob)
    with pytest.raises(SessionError, match="altered"):
        bob.open(alice.seal(b""))


def test_other_keys_open_nothing():
    alice, _ = pair()
    with pytest.raises(SessionError, match="altered"):
        EncryptedSession(bytes(32), "responder").open(alice.seal(b"secret"))


def test_neither_text_nor_refusal_holds_a_key():
    alice, bob = pair()
    secrets = [KEY, alice._carried, alice._out.chain, alice._in.chain]
    assert repr(alice) == str(alice) == "EncryptedSession(initiator, generation 0, 0 sent, 0 taken)"
    said = [repr(alice), repr(alice._out), repr(alice._in)]
    for wrong in (b"", bytes(40), alice.seal(b"text")[:-1]):
        with pytest.raises(SessionError) as fault:
            bob.open(wrong)
        said.append(repr(fault.value))
    with pytest.raises(ValueError, match="key must have 32 bytes, not 33") as refused:
        EncryptedSession(KEY + b"!", "initiator")
    said.append(repr(refused.value))
    for secret in secrets:
        for form in (secret.hex(), repr(secret)[2:-1], b64encode(secret).decode()):
            assert all(form not in text for text in said)


def test_there_is_no_second_counter():
    alice, _ = pair()
    assert copy.copy(alice) is copy.deepcopy(alice) is alice
    with pytest.raises(TypeError, match="the same nonces once more"):
        pickle.dumps(alice)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_is_refused():
    alice, _ = pair()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            alice.seal(b"twice")
            os.write(write, b"sealed")
        except ValueError as fault:
            os.write(write, str(fault).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as said:
        assert b"after a fork both would use the same nonces" in said.read()


def test_a_leap_of_numbers_costs_nothing():
    alice, bob = pair(messages_per_key=2**32)
    first = alice.seal(b"first")
    alice._out.counter = 2**32 - 1  # as after four thousand million messages
    last = alice.seal(b"last")
    assert bob.open(last) == b"last"
    with pytest.raises(SessionError, match="comes too late"):
        bob.open(first)
    alice.seal(b"next key")
    assert alice.epochs == (1, 0)


def test_a_text_too_long_for_gcm_is_refused(monkeypatch):
    monkeypatch.setattr("qlearn.communication.key_management.encrypted_session.MOST_MESSAGE_BYTES", 10)
    alice, _ = pair()
    assert len(alice.seal(bytes(10))) == 42
    with pytest.raises(ValueError, match=r"at most 2\*\*36 - 32 bytes, not 11"):
        alice.seal(bytes(11))


def test_refuses():
    alice, bob = pair()
    with pytest.raises(ValueError, match="key must have 32 bytes, not 16"):
        EncryptedSession(bytes(16), "initiator")
    with pytest.raises(ValueError, match="role must be one of initiator, responder, not 'alice'"):
        EncryptedSession(KEY, "alice")
    with pytest.raises(ValueError, match=r"at most 2\*\*32"):
        EncryptedSession(KEY, "initiator", messages_per_key=2**32 + 1)
    with pytest.raises(ValueError, match="messages_per_key must be at least 1, not 0"):
        EncryptedSession(KEY, "initiator", messages_per_key=0)
    with pytest.raises(TypeError, match="text must be bytes, not str"):
        alice.seal("hello")
    with pytest.raises(TypeError, match="associated must be bytes, not int"):
        alice.seal(b"", 3)
    with pytest.raises(SessionError, match="at least 32 bytes, not 31"):
        bob.open(bytes(31))
    with pytest.raises(ValueError, match="fresh must have at least 32 bytes, not 31"):
        alice.rekey(bytes(31))
