"""X-Wing: a key encapsulation that holds while ML-KEM-768 or X25519 does."""

import hashlib
from typing import NoReturn

from qlearn.communication.key_management.hybrid_keys import as_bytes

PUBLIC_KEY_BYTES, CIPHERTEXT_BYTES, SEED_BYTES = 1216, 1120, 32
_LATTICE_PUBLIC, _LATTICE_CIPHERTEXT = 1184, 1088
_LABEL = b"\\.//^\\"


def combine_x_wing(
    lattice_secret: bytes, curve_secret: bytes, curve_ciphertext: bytes, curve_public: bytes
) -> bytes:
    r"""Combine the secrets of ML-KEM-768 and X25519 as X-Wing does.

    .. math:: \text{SHA3-256}(k_M \| k_X \| c_X \| p_X \| \text{label}), \qquad \text{all of fixed length}

    The curve's ciphertext and public key stand in the hash, the lattice's do not. For ML-KEM that suffices: the authors of
    X-Wing prove, with its hash functions as random oracles, that a second ciphertext with the same secret cannot be found, even
    where lattices are broken. A KEM without that property needs its ciphertext in the hash as well: this formula is for
    these two and no others.

    Parameters
    ----------
    lattice_secret, curve_secret : bytes, 32 each
        Of ML-KEM-768 and of X25519.
    curve_ciphertext, curve_public : bytes, 32 each
        The sender's one-time point, and the receiver's.

    Returns
    -------
    bytes
        32 of them.

    Examples
    --------
    >>> combine_x_wing(bytes(32), bytes(32), bytes(32), bytes(32)).hex()[:16]
    'd363b9b9b060f3ef'

    References
    ----------
    Barbosa, Connolly, Duarte, Kaiser, Schwabe, Varner and Westerbaan, "X-Wing: the hybrid KEM you've been looking for",
    IACR Communications in Cryptology 1 (1), 2024, eprint 2024/039: the proof, and the property of ML-KEM that it takes.
    """
    parts = (lattice_secret, curve_secret, curve_ciphertext, curve_public)
    names = ("lattice_secret", "curve_secret", "curve_ciphertext", "curve_public")
    joined = b"".join(as_bytes(part, name, exact=32) for part, name in zip(parts, names, strict=True))
    return hashlib.sha3_256(joined + _LABEL).digest()


class XWingPrivateKey:
    r"""A receiver's key of X-Wing: the hybrid of ML-KEM-768 and X25519, from a seed of 32 bytes.

    SHAKE256 stretches the seed to 96 bytes, 64 for ML-KEM's :math:`(d, z)` and 32 for the curve.

    **Secure if either holds**, in these models (Barbosa et al.): a sender's secret is indistinguishable from random under
    chosen ciphertexts if X25519 is hard (strong Diffie-Hellman, which a quantum computer breaks), SHA3-256 a random oracle,
    and a second ciphertext for a secret of ML-KEM not to be found; or if ML-KEM-768 is so secure and SHA3-256 a
    pseudo-random function of its first argument. It authenticates nobody. It is no quantum key: it rests on computations
    that are believed hard.

    Parameters
    ----------
    seed : bytes, 32, optional
        None: from the operating system. The same seed gives the same key.

    Examples
    --------
    >>> bob = XWingPrivateKey()
    >>> secret, ciphertext = x_wing_encapsulate(bob.public_key)
    >>> bob.decapsulate(ciphertext) == secret, len(bob.public_key), len(ciphertext)
    (True, 1216, 1120)
    >>> bob
    XWingPrivateKey(secret)

    References
    ----------
    Connolly, Schwabe and Westerbaan, "X-Wing: general-purpose hybrid post-quantum KEM", Internet-Draft
    draft-connolly-cfrg-xwing-kem. Barbosa et al., 2024, eprint 2024/039.
    """

    def __init__(self, seed: bytes | None = None) -> None:
        import secrets

        from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        chosen = secrets.token_bytes(SEED_BYTES) if seed is None else as_bytes(seed, "seed", exact=SEED_BYTES)
        stretched = hashlib.shake_256(chosen).digest(96)
        self._lattice = MLKEM768PrivateKey.from_seed_bytes(stretched[:64])
        self._curve = X25519PrivateKey.from_private_bytes(stretched[64:])
        self.public_key: bytes = (
            self._lattice.public_key().public_bytes_raw() + self._curve.public_key().public_bytes_raw()
        )
        """1216 bytes: of ML-KEM-768, then of X25519."""

    def __repr__(self) -> str:
        return "XWingPrivateKey(secret)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an XWingPrivateKey cannot be pickled: its secret stays in its process")

    def decapsulate(self, ciphertext: bytes) -> bytes:
        """Return the 32 secret bytes behind a ciphertext of 1120.

        A ciphertext that was altered gives another secret, and no error: what a receiver says of it must not depend on
        that. A point of small order on the curve is refused by the library beneath, with a ValueError.
        """
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        whole = as_bytes(ciphertext, "ciphertext", exact=CIPHERTEXT_BYTES)
        lattice, point = whole[:_LATTICE_CIPHERTEXT], whole[_LATTICE_CIPHERTEXT:]
        try:
            shared = self._curve.exchange(X25519PublicKey.from_public_bytes(point))
        except ValueError:
            raise ValueError("ciphertext must hold a point of X25519 that is not of small order") from None
        return combine_x_wing(
            self._lattice.decapsulate(lattice), shared, point, self.public_key[_LATTICE_PUBLIC:]
        )


def x_wing_encapsulate(public_key: bytes) -> tuple[bytes, bytes]:
    """Make a secret that the holder of a key of X-Wing can find, and the ciphertext that says which.

    Parameters
    ----------
    public_key : bytes, 1216
        Of :class:`XWingPrivateKey`, known to be the receiver's.

    Returns
    -------
    secret : bytes
        32 of them.
    ciphertext : bytes
        1120 of them.

    Examples
    --------
    >>> bob = XWingPrivateKey(bytes(range(32)))
    >>> secret, ciphertext = x_wing_encapsulate(bob.public_key)
    >>> bob.decapsulate(ciphertext) == secret
    True

    References
    ----------
    draft-connolly-cfrg-xwing-kem, section 5.4.
    """
    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    whole = as_bytes(public_key, "public_key", exact=PUBLIC_KEY_BYTES)
    point = whole[_LATTICE_PUBLIC:]
    try:
        lattice_key = MLKEM768PublicKey.from_public_bytes(whole[:_LATTICE_PUBLIC])
    except ValueError:
        raise ValueError("public_key must begin with a valid public key of ML-KEM-768") from None
    lattice_secret, lattice_ciphertext = lattice_key.encapsulate()
    once = X25519PrivateKey.generate()
    try:
        shared = once.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        raise ValueError("public_key must end with a point of X25519 that is not of small order") from None
    sent = once.public_key().public_bytes_raw()
    return combine_x_wing(lattice_secret, shared, sent, point), lattice_ciphertext + sent
