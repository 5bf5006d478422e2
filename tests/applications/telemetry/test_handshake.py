"""Handshake: what it counts is what real keys, ciphertexts and signatures weigh."""

import os

import pytest

from qlearn.applications.telemetry import OPERATIONS, Device, Handshake, post_quantum_handshake


def test_bytes_are_those_of_a_handshake_that_was_really_made():
    from cryptography.hazmat.primitives.asymmetric import mldsa
    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey

    authority, sensor, gateway = (mldsa.MLDSA65PrivateKey.generate() for _ in range(3))

    def certificate(owner):
        public = owner.public_key().public_bytes_raw()
        return public + authority.sign(public)

    private = MLKEM768PrivateKey.generate()
    hello = os.urandom(32) + private.public_key().public_bytes_raw()
    shared, ciphertext = private.public_key().encapsulate()
    answer = os.urandom(32) + ciphertext
    answer += certificate(gateway) + gateway.sign(hello + answer)
    closing = certificate(sensor) + sensor.sign(hello + answer)
    assert private.decapsulate(ciphertext) == shared
    made = post_quantum_handshake()
    assert (made.sent, made.received) == (len(hello + closing), len(answer))
    without = post_quantum_handshake(certificates=False)
    assert made.sent - without.sent == len(certificate(sensor))


def test_a_paired_key_spares_the_signatures():
    shared = post_quantum_handshake("shared key")
    assert shared == Handshake(32 + 1184 + 16, 32 + 1088 + 16, shared.operations)
    assert not any("DSA" in name for name in shared.operations)
    assert shared.cycles == 642_096 + 707_827
    assert shared.ram == 6_452


def test_energy_is_air_and_work():
    node, made = Device(), post_quantum_handshake()
    assert made.joules(node, 0, 0) == pytest.approx(node.compute_joules(made.cycles))
    assert made.joules(node, 2, 3) - made.joules(node, 0, 0) == pytest.approx(
        node.send_joules(2) + node.receive_joules(3)
    )
    assert made.cycles == sum(OPERATIONS[name].cycles for name in made.operations)
    small = post_quantum_handshake(small_memory=True)
    assert small.ram < made.ram
    assert small.cycles > made.cycles


def test_refuses():
    with pytest.raises(ValueError, match="authentication must be one of signatures, shared key"):
        post_quantum_handshake("trust")
