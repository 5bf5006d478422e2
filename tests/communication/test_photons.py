"""Photons from end to end: laser pulses, sifted bits, corrected and hashed to the length that the decoys prove."""

import subprocess
import sys
from dataclasses import replace

import numpy as np

from qlearn.communication import photons
from qlearn.communication.bb84 import SiftedKeys
from qlearn.communication.secret_key import reconcile, toeplitz_hash
from qlearn.qubits.entropies import binary_entropy


def test_from_laser_pulses_to_equal_secret_keys():
    link = replace(photons.LINKS["lim2014"], afterpulse=0.0, receiver_efficiency=0.5)
    source = photons.Source((0.45, 0.15, 1e-3), (0.5, 0.3, 0.2), p_x=0.4)
    counts, parts = photons.Counts(), []
    for sent in photons.stream(4_000_000, link=link, transmittance=0.8, source=source, rng=1):
        counts += photons.Counts.from_transmission(sent)
        keys = sent.sift()
        in_z = np.flatnonzero(keys.bases == 0)
        parts.append(SiftedKeys(keys.alice[in_z], keys.bob[in_z], keys.bases[in_z]))
    alice, bob = (np.concatenate([getattr(part, name) for part in parts]) for name in ("alice", "bob"))
    proven = photons.finite_key(counts, source=source)
    assert alice.size == proven.sifted
    assert np.mean(alice != bob) == proven.qber

    fixed = reconcile(alice, bob, proven.qber, rng=2)
    assert fixed.verified
    assert fixed.disclosed < 1.16 * alice.size * binary_entropy(proven.qber)  # what the length has paid for
    seed = np.random.default_rng(3).integers(0, 2, alice.size + proven.length - 1, dtype=np.uint8)
    ours, his = (toeplitz_hash(key, seed, proven.length) for key in (fixed.alice, fixed.bob))
    assert proven.length > 1_000
    assert (ours == his).all()


def test_imports_no_sdk():
    code = (
        "import sys; from qlearn.communication import photons; photons.decoy_rate(1, link=photons.LINKS['gys']); "
        "print([sdk for sdk in ('qiskit', 'pennylane', 'matplotlib') if sdk in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
