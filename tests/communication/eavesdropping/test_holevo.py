"""Holevo's quantity: Qiskit's entropies, and the order of what single questions and all questions yield."""

import numpy as np
import pytest
from qiskit.quantum_info import DensityMatrix, entropy
from scipy.stats import unitary_group

from qlearn.communication.eavesdropping import (
    InterceptResend,
    MemoryAttack,
    cloning_attack,
    entangling_probe,
    holevo,
    predict,
)
from qlearn.qubits import Circuit


@pytest.mark.parametrize(
    "attack",
    [
        cloning_attack(0.1),
        cloning_attack(1 / 6, "universal"),
        entangling_probe(0.05),
        MemoryAttack(Circuit(3).unitary(unitary_group.rvs(8, random_state=1), 0, 1, 2)),
    ],
)
def test_is_qiskits(attack):
    for number, bits in enumerate(holevo(attack).values()):
        zero, one = (DensityMatrix(rho) for rho in attack.memories[number])
        mixed = DensityMatrix((zero.data + one.data) / 2)
        assert bits == pytest.approx(entropy(mixed) - entropy(zero) / 2 - entropy(one) / 2, abs=1e-9)


@pytest.mark.parametrize("d", [0.01, 0.1, 0.3])
def test_more_than_one_by_one_and_ordered(d):
    clone, probe = holevo(cloning_attack(d))["Z"], holevo(entangling_probe(d))["Z"]
    alone = predict(cloning_attack(d)).information["Z"]
    assert alone < clone < probe


def test_a_classical_copy_keeps_what_it_shows():
    assert holevo(MemoryAttack(Circuit(2).cx(0, 1))) == pytest.approx({"Z": 1, "X": 0})
    assert holevo(MemoryAttack(Circuit(2))) == {"Z": 0, "X": 0}


def test_refuses():
    with pytest.raises(TypeError, match="attack must be a MemoryAttack, not InterceptResend"):
        holevo(InterceptResend())
    assert np.isfinite(holevo(cloning_attack(0.5))["X"])
