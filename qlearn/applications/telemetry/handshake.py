"""Handshake: the bytes and the work by which a sensor and its gateway agree on a key without any quantum link."""

from dataclasses import dataclass

from qlearn.applications.telemetry.device_budget import OPERATIONS, Device

_NONCE = 32  # a random number of each side, as TLS has it


@dataclass(frozen=True)
class Handshake:
    """What one post-quantum handshake puts on the air and asks of the sensor; made by :func:`post_quantum_handshake`."""

    sent: int
    """Bytes that the sensor sends."""
    received: int
    """Bytes that it receives."""
    operations: tuple[str, ...]
    """What it computes: names of :data:`OPERATIONS`."""

    @property
    def cycles(self) -> int:
        """Cycles of the sensor."""
        return sum(OPERATIONS[name].cycles for name in self.operations)

    @property
    def ram(self) -> int:
        """Bytes of stack that the largest of its operations takes."""
        return max((OPERATIONS[name].stack for name in self.operations), default=0)

    def joules(self, device: Device, sent_s: float, received_s: float) -> float:
        """Return what it takes of a battery, for so many seconds on the air each way."""
        radio = device.send_joules(sent_s) + device.receive_joules(received_s)
        return radio + device.compute_joules(self.cycles)


def post_quantum_handshake(
    authentication: str = "signatures", *, certificates: bool = True, small_memory: bool = False
) -> Handshake:
    """Return a handshake with ML-KEM-768 that is authenticated by ML-DSA-65, or by a key that both have.

    The sensor sends a public key of ML-KEM and gets a ciphertext. With "signatures" each side adds its signature over
    all that was said, and its certificate: a public key and the authority's signature (names and dates are left out). With
    "shared key" each adds a tag of 16 bytes under a key from the pairing: then the sensor needs no signature, and the
    exchange makes the key *fresh*: who later reads the paired key cannot open what was recorded.

    Sizes are measured here where `cryptography` makes them; a real protocol (TLS 1.3, EDHOC) adds headers of its own.

    Parameters
    ----------
    authentication : str
        "signatures" or "shared key".
    certificates : bool
        False: both sides hold each other's public key from the pairing.
    small_memory : bool
        Whether ML-DSA runs in its small version: fewer bytes, more cycles.

    Returns
    -------
    Handshake

    Examples
    --------
    >>> both, shared = post_quantum_handshake(), post_quantum_handshake("shared key")
    >>> both.sent, both.received
    (9786, 9690)
    >>> shared.sent, shared.received
    (1232, 1136)

    References
    ----------
    NIST FIPS 203 and FIPS 204 (2024): the sizes.
    """
    from qlearn._checks import as_choice
    from qlearn.communication.key_management import post_quantum_schemes

    as_choice(authentication, ("signatures", "shared key"), "authentication")
    sizes = {scheme.name: scheme for scheme in post_quantum_schemes()}
    kem, signature = sizes["ML-KEM-768"], sizes["ML-DSA-65"]
    work = ["ML-KEM-768 key generation", "ML-KEM-768 decapsulation"]
    if authentication == "shared key":
        proof = 16
    else:
        proof = signature.output + (signature.public_key + signature.output if certificates else 0)
        kind = ", small memory" if small_memory else ""
        work += ["ML-DSA-65 signing" + kind] + ["ML-DSA-65 verification" + kind] * (2 if certificates else 1)
    return Handshake(_NONCE + kem.public_key + proof, _NONCE + kem.output + proof, tuple(work))
