"""Families of post-quantum cryptography: what each rests on, and how many bytes it costs."""

from dataclasses import dataclass, replace

from qlearn._checks import as_choice

FAMILIES = {
    "lattice": "short vectors in module lattices with noise (learning with errors); for sntrup761, in NTRU lattices",
    "code": "decoding a linear code that looks random",
    "multivariate": "solving quadratic equations in many unknowns over a small field",
    "hash": "finding second preimages, and the like, of a hash function",
}
"""What must be hard, for each family. None of it is proven hard, for classical or for quantum computers.

Braid groups are not in the table. Key agreements on them (Anshel, Anshel and Goldfeld 1999; Ko et al. 2000) rest on
conjugation in a group that does not commute: given :math:`x` and :math:`a^{-1} x a`, find :math:`a`. The group has faithful
representations by matrices (Lawrence and Krammer), and there conjugation is linear algebra: Cheon and Jun (CRYPTO 2003)
find the key of Ko's scheme in polynomial time, Tsaban (J. Cryptology 28, 601, 2015) that of Anshel's. The signature
WalnutDSA, submitted to NIST in 2017, was forged by 2018 (Beullens and Blackburn, ASIACRYPT 2018). Others fell, too: the
smallest parameters of Rainbow's second round, multivariate, to Beullens (CRYPTO 2022) on a laptop in a weekend, and SIKE,
on isogenies, to Castryck and Decru (EUROCRYPT 2023).
"""

_PQCRYPTO = "measured with pqcrypto 1.0.0"
_UOV = "specification of UOV, as in liboqs 0.13"


@dataclass(frozen=True)
class PostQuantumScheme:
    """A way to agree on a secret, or to sign, and what it costs in bytes."""

    name: str
    kind: str
    """"kem": a shared secret; "signature"."""
    family: str
    """A key of :data:`FAMILIES`."""
    public_key: int
    """Bytes of the public key."""
    private_key: int
    """Bytes of the private key as the source stores it: some store the seed, some what follows from it."""
    output: int
    """Bytes of the ciphertext of a KEM, or of a signature."""
    source: str
    """Where the sizes are from."""

    @property
    def on_the_line(self) -> int:
        """Bytes that a public key and one ciphertext or signature take together."""
        return self.public_key + self.output


_TABLE = (
    *(
        PostQuantumScheme(name, "kem", family, public, private, output, _PQCRYPTO)
        for name, family, public, private, output in (
            ("ML-KEM-512", "lattice", 800, 1632, 768),
            ("ML-KEM-768", "lattice", 1184, 2400, 1088),
            ("ML-KEM-1024", "lattice", 1568, 3168, 1568),
            ("sntrup761", "lattice", 1158, 1763, 1039),
            ("HQC-128", "code", 2241, 2321, 4433),
            ("HQC-192", "code", 4514, 4602, 8978),
            ("HQC-256", "code", 7237, 7333, 14421),
            ("Classic McEliece 348864f", "code", 261120, 6492, 96),
            ("Classic McEliece 460896f", "code", 524160, 13608, 156),
            ("Classic McEliece 6960119f", "code", 1047319, 13948, 194),
            ("Classic McEliece 8192128f", "code", 1357824, 14120, 208),
        )
    ),
    *(
        PostQuantumScheme(name, "signature", family, public, private, output, _PQCRYPTO)
        for name, family, public, private, output in (
            ("ML-DSA-44", "lattice", 1312, 2560, 2420),
            ("ML-DSA-65", "lattice", 1952, 4032, 3309),
            ("ML-DSA-87", "lattice", 2592, 4896, 4627),
            ("SLH-DSA-128s", "hash", 32, 64, 7856),
            ("SLH-DSA-128f", "hash", 32, 64, 17088),
            ("SLH-DSA-192s", "hash", 48, 96, 16224),
            ("SLH-DSA-192f", "hash", 48, 96, 35664),
            ("SLH-DSA-256s", "hash", 64, 128, 29792),
            ("SLH-DSA-256f", "hash", 64, 128, 49856),
        )
    ),
    PostQuantumScheme("UOV-Is", "signature", "multivariate", 412160, 348704, 96, _UOV),
    PostQuantumScheme("UOV-Ip", "signature", "multivariate", 278432, 237896, 128, _UOV),
)

MEASURABLE = ("ML-KEM-768", "ML-KEM-1024", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87")
"""What `cryptography` has, and :func:`measured_sizes` makes keys of."""


def measured_sizes(name: str) -> tuple[int, int, int]:
    """Make a key, use it once, and count the bytes of the public key, the private key and the output.

    The private key is the seed that `cryptography` keeps: 64 bytes for ML-KEM, 32 for ML-DSA. The standards also write
    it out, as thousands of bytes that follow from the seed.

    Parameters
    ----------
    name : str
        One of :data:`MEASURABLE`.

    Returns
    -------
    public_key, private_key, output : int

    Examples
    --------
    >>> measured_sizes("ML-KEM-768"), measured_sizes("ML-DSA-65")
    ((1184, 64, 1088), (1952, 32, 3309))

    References
    ----------
    NIST FIPS 203 (2024), table 3; FIPS 204 (2024), table 2.
    """
    from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem

    as_choice(name, MEASURABLE, "name")
    kind = name.replace("-", "") + "PrivateKey"
    key = getattr(mlkem if "KEM" in name else mldsa, kind).generate()
    output = key.public_key().encapsulate()[1] if "KEM" in name else key.sign(b"measured")
    return len(key.public_key().public_bytes_raw()), len(key.private_bytes_raw()), len(output)


def post_quantum_schemes() -> tuple[PostQuantumScheme, ...]:
    """List schemes of the four families with their sizes: measured here where `cryptography` has them.

    A larger number in a name does not compare across families: 128, 192 and 256 say which search of AES keys an attack
    should be at least as hard as, 512 to 1024 the dimension of a lattice. Bytes are one cost; time is another.

    Returns
    -------
    tuple of PostQuantumScheme

    Examples
    --------
    >>> smallest = min(post_quantum_schemes(), key=lambda scheme: scheme.output)
    >>> smallest.name, smallest.public_key, smallest.output
    ('Classic McEliece 348864f', 261120, 96)

    References
    ----------
    NIST FIPS 203, 204, 205 (2024). Beullens et al., "UOV: unbalanced oil and vinegar", specification submitted to NIST's
    call for additional signatures, 2023.
    """
    from importlib.metadata import version

    here = f"measured here with cryptography {version('cryptography')}"
    listed = []
    for scheme in _TABLE:
        if scheme.name in MEASURABLE:
            public, private, output = measured_sizes(scheme.name)
            scheme = replace(scheme, public_key=public, private_key=private, output=output, source=here)
        listed.append(scheme)
    return tuple(listed)
