"""X-Wing and ML-KEM: published vectors, and an encapsulation after FIPS 203 written here as the oracle."""

import copy
import hashlib
import pickle

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings, strategies as st

from qlearn.communication.key_management import XWingPrivateKey, combine_x_wing, x_wing_encapsulate

Q, N, K = 3329, 256, 3

# X^256 + 1 splits into X^2 - g for the 128 odd powers g of 17, in the order of bit-reversed numbers: FIPS 203, section 4.3.
GAMMAS = [pow(17, 2 * int(f"{i:07b}"[::-1], 2) + 1, Q) for i in range(128)]
FORWARD = np.array([[pow(g, j, Q) for j in range(128)] for g in GAMMAS])
BACKWARD = np.array([[pow(128, -1, Q) * pow(g, -j, Q) % Q for g in GAMMAS] for j in range(128)])


def transform(matrix, f):
    return np.stack([matrix @ f[half::2] % Q for half in (0, 1)], axis=1).ravel()


def product(a, b):
    (a0, a1), (b0, b1) = (x.reshape(128, 2).T for x in (a, b))
    return np.stack([a0 * b0 + a1 * b1 % Q * GAMMAS, a0 * b1 + a1 * b0], axis=1).ravel() % Q


def uniform(seed):
    stream = np.frombuffer(hashlib.shake_128(seed).digest(3 * 600), dtype=np.uint8).reshape(-1, 3).astype(int)
    pairs = np.stack(
        [stream[:, 0] + 256 * (stream[:, 1] % 16), stream[:, 1] // 16 + 16 * stream[:, 2]], axis=1
    ).ravel()
    return pairs[pairs < Q][:N]


def small(seed, number):
    stream = hashlib.shake_256(seed + bytes([number])).digest(128)
    bits = np.unpackbits(np.frombuffer(stream, dtype=np.uint8), bitorder="little").reshape(N, 4).astype(int)
    return bits[:, 0] + bits[:, 1] - bits[:, 2] - bits[:, 3]


def decode(data, d):
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little").reshape(-1, d).astype(int)
    return bits @ (1 << np.arange(d))


def compressed(x, d):
    values = (((x % Q) << d) + Q // 2) // Q % (1 << d)
    return np.packbits((values[:, None] >> np.arange(d) & 1).astype(np.uint8), bitorder="little").tobytes()


def encapsulate(public_key, message):
    """ML-KEM-768's encapsulation with a given message: FIPS 203, algorithms 14 and 17."""
    g = hashlib.sha3_512(message + hashlib.sha3_256(public_key).digest()).digest()
    secret, coins = g[:32], g[32:]
    t, rho = decode(public_key[: 384 * K], 12).reshape(K, N), public_key[384 * K :]
    y = [transform(FORWARD, small(coins, i)) for i in range(K)]
    columns = [sum(product(uniform(rho + bytes([i, j])), y[j]) for j in range(K)) % Q for i in range(K)]
    u = [transform(BACKWARD, columns[i]) + small(coins, K + i) for i in range(K)]
    v = transform(BACKWARD, sum(product(t[i], y[i]) for i in range(K)) % Q) + small(coins, 2 * K)
    v = v + (Q + 1) // 2 * decode(message, 1)
    return secret, b"".join(compressed(part, 10) for part in u) + compressed(v, 4)


def sha3(data):
    return hashlib.sha3_256(data).hexdigest()


# count = 0, 1, 2, 999 of kat_MLKEM_768.rsp in the package cryptography_vectors 50.0.2: d, z, msg, ss, and SHA3-256 of pk and ct.
ML_KEM = [
    (
        "6dbbc4375136df3b07f7c70e639e223e177e7fd53b161b3f4d57791794f12624",
        "f696484048ec21f96cf50a56d0759c448f3779752f0383d37449690694cf7a68",
        "20a7b7e10f70496cc38220b944def699bf14d14e55cf4c90a12c1b33fc80ffff",
        "b408d5d115713f0a93047dbbea832e4340787686d59a9a2d106bd662ba0aa035",
        "6ff694a73b6701f2a7408773f9909118ef52e1c89285b2cde465a0b04980120a",
        "8ba9d8e8e0ecf99c9ef71573644f18dfb56029a6bce2de62252ea430912919de",
    ),
    (
        "d69cfc64f84d4f33e4c54e166b7ff9283a394986a539b23987a10f39d2d9689b",
        "6de62e3465a55c9c78a07d265be8540b3e58b0801a124d07ff12b438d5202ea0",
        "0121cb32acd1871135cb34e29c1a0e26ccc001b939eafaacc28f13f1938dbf91",
        "8c970242406111e26368ad8760c4d02a8b28d17d138210adc127197b50968140",
        "80bdc36919442424bc921c96811a00347c0448ba09637e187b212b77e7e976b6",
        "2812e4d36c47a578dc256e7cb69caa2d67bb6ce1a44c19895604e292d9a2f009",
    ),
    (
        "63470357110828f25b23edc80ed280ecd398a9f53251c3332754de2af0b15e90",
        "1eaae6bb91b27cd748c402c4111140d5a942cf3c95ff7977f88d2ef515bb26d0",
        "34b961af5d6254af72c0d50e70dd9b4991150ccc09192aa46f1953d5c29a33ec",
        "c0d45764e3dbf0948b914d6f65c92bd0ebd21556e5076753af48df8fffd6badc",
        "44bbb60ce3a7611dfc6a14b2d4f91a50993fba4ad785d8f05cb8a23ed8f9e89a",
        "ab763764127dd6496c05a04b823e2bf198c4b71a2f3474670ef3ea152aef1725",
    ),
    (
        "1e4a2ca895cb087185731dd460f9722ee89e2a81a088193f4a67aa9fb82ef278",
        "cad10dbd91da009ebecac3bc844a7886a95174f5283b3c98885aa9e4bb62e785",
        "5603e6df341abbd6f063994c9f30b5b55ea3405c81bda005e7e2552585084c51",
        "10eb1933156145f0cec7456f4af77b639a4ddda4273a55ac6833e7905e68e9e6",
        "7803d9f228d672a2083337bc888153c5a21beb330c07fbe45049d98eb9eed2a4",
        "8cbc4f6e31f822bdd06f0c9d5b5580474aa733bbc81f4ac792e7cdc5860115df",
    ),
]

# seed, the sender's seed, ss, and SHA3-256 of the public key and of the ciphertext: three of the draft (test-vectors.json), and
# two of HPKE with kem_id 25722 (cryptography_vectors 50.0.2, hpke-pq-test-vectors.json).
X_WING = [
    (
        "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
        "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
        "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
        "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384",
        "5121745904643ad9dfacca7869292c19a8a69533b53e60666b7db910b4ad6367",
        "c0abd149f83f45324ac3a7ddc7606c71f257e5ea86113522834a0ee1bcb34e3e",
    ),
    (
        "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
        "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdef"
        "aee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d",
        "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150",
        "799b6016e5daa56ffa1b5e79f7caf73413ceecd6df428642404cac41ddee4853",
        "7680b7ba47ae09bac4b43001edcef9d98e50df20026e70ba6a424447e1f2b961",
    ),
    (
        "ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9",
        "22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619"
        "f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b",
        "953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f",
        "1ef0c99a06026450564957a5402a788feffbbefdcce55d25de254d0a49eb095a",
        "3088688d63201d5d844170b79f148b2791c15f346ff6f8bd559807fbd442f91f",
    ),
    (
        "3ec47fa82dd5689d27c6190e724c74ec8f608df3331ce331929e37b829676630",
        "2a1c0a3745fe8a48fb62034d300f54dfe1974a5b2e169e580a8789cb1cf5fd19"
        "0fc00f3fd899594e01a8b15334b9f3fa03d8de44da86e19f5776850fb689e6c8",
        "58200ed1f137bd95a921bb47f6aaecf2395b26f7fd24efd3a5ffae4849e8dea3",
        "c7ac6b87db7d43003c3a62271b2ad0d822b55859c3b0762ed559dc08f6ddc0c8",
        "8b30fbc5c39649259e6b1e2d273233191828ea558e521918d27435fa55ea7c87",
    ),
    (
        "8f908710ee25a3aa6fd3ed80eb5bf102963547bf4fe36d86f772432ac383e6e9",
        "67d925853f974ffeb36a867ba8b370c455c77fa386e0b667d6dea0fa0bcd9446"
        "a7a24daaf163ec2c0979a75f6b776a4e08ba8e89aa9fb4f604e95a9acddc4091",
        "d9994083f7879bfd2333bab88dad36c0473eb67daeabb4f7d4e4dca56c63ddb4",
        "41f637bec07c5d5112d48c210a888c7a307448fc7ec8784b217f5df575755d8c",
        "c4aca007b876301418355e3dde92e40242f8d2d4ec6662cc691b3f16c6dcd890",
    ),
]


@pytest.mark.parametrize(("d", "z", "message", "secret", "public", "ciphertext"), ML_KEM)
def test_ml_kem_768_has_its_known_answers(d, z, message, secret, public, ciphertext):
    key = MLKEM768PrivateKey.from_seed_bytes(bytes.fromhex(d + z))
    raw = key.public_key().public_bytes_raw()
    shared, sent = encapsulate(raw, bytes.fromhex(message))
    assert (sha3(raw), sha3(sent), shared.hex()) == (public, ciphertext, secret)
    assert key.decapsulate(sent).hex() == secret
    # Implicit rejection: an altered ciphertext gives SHAKE256(z || ciphertext), FIPS 203, algorithm 18.
    altered = bytes([sent[0] ^ 1]) + sent[1:]
    assert key.decapsulate(altered) == hashlib.shake_256(bytes.fromhex(z) + altered).digest(32)


@pytest.mark.parametrize(("seed", "sender", "secret", "public", "ciphertext"), X_WING)
def test_x_wing_has_its_published_vectors(seed, sender, secret, public, ciphertext):
    key, coins = XWingPrivateKey(bytes.fromhex(seed)), bytes.fromhex(sender)
    assert sha3(key.public_key) == public
    _, lattice = encapsulate(key.public_key[:1184], coins[:32])
    sent = lattice + X25519PrivateKey.from_private_bytes(coins[32:]).public_key().public_bytes_raw()
    assert sha3(sent) == ciphertext
    assert key.decapsulate(sent).hex() == secret


@settings(max_examples=10, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_both_ends_agree_and_others_do_not(seed):
    bob, eve = XWingPrivateKey(seed), XWingPrivateKey()
    secret, sent = x_wing_encapsulate(bob.public_key)
    assert bob.decapsulate(sent) == secret
    assert eve.decapsulate(sent) != secret


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 8 * 1120 - 1))
def test_an_altered_bit_gives_another_secret(place):
    bob = XWingPrivateKey(bytes(range(32)))
    secret, sent = x_wing_encapsulate(bob.public_key)
    altered = bytearray(sent)
    altered[place // 8] ^= 1 << place % 8
    assert bob.decapsulate(bytes(altered)) != secret


def test_the_formula_by_hand():
    parts = [bytes([i] * 32) for i in range(4)]
    assert (
        combine_x_wing(*parts) == hashlib.sha3_256(b"".join(parts) + bytes.fromhex("5c2e2f2f5e5c")).digest()
    )


def test_the_sender_uses_both_methods():
    bob = XWingPrivateKey(bytes(32))
    stretched = hashlib.shake_256(bytes(32)).digest(96)
    secret, sent = x_wing_encapsulate(bob.public_key)
    lattice = MLKEM768PrivateKey.from_seed_bytes(stretched[:64]).decapsulate(sent[:1088])
    point = X25519PublicKey.from_public_bytes(sent[1088:])
    curve = X25519PrivateKey.from_private_bytes(stretched[64:]).exchange(point)
    assert (
        secret
        == hashlib.sha3_256(
            lattice + curve + sent[1088:] + bob.public_key[1184:] + rb"\.//^" + b"\\"
        ).digest()
    )


def test_seeds_are_fresh():
    assert XWingPrivateKey().public_key != XWingPrivateKey().public_key


def test_the_secret_stays():
    bob = XWingPrivateKey(bytes(32))
    assert repr(bob) == str(bob) == "XWingPrivateKey(secret)"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled"):
            leave(bob)


def test_refuses():
    bob = XWingPrivateKey(bytes(32))
    with pytest.raises(ValueError, match="seed must have 32 bytes, not 31"):
        XWingPrivateKey(bytes(31))
    with pytest.raises(TypeError, match="seed must be bytes, not str"):
        XWingPrivateKey("a" * 32)
    with pytest.raises(ValueError, match="ciphertext must have 1120 bytes, not 1119"):
        bob.decapsulate(bytes(1119))
    with pytest.raises(ValueError, match="of small order"):
        bob.decapsulate(bytes(1120))
    with pytest.raises(ValueError, match="public_key must have 1216 bytes, not 1184"):
        x_wing_encapsulate(bytes(1184))
    with pytest.raises(ValueError, match="begin with a valid public key of ML-KEM-768"):
        x_wing_encapsulate(b"\xff" * 1216)
    with pytest.raises(ValueError, match="public_key must end with a point"):
        x_wing_encapsulate(bob.public_key[:1184] + bytes(32))
    with pytest.raises(ValueError, match="curve_secret must have 32 bytes, not 0"):
        combine_x_wing(bytes(32), b"", bytes(32), bytes(32))
