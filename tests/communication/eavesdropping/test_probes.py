"""Cloner and probe: their closed forms in each basis, the state they make, and PennyLane's."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.eavesdropping import (
    cloning_attack,
    entangling_probe,
    holevo,
    individual_guess,
    individual_information,
    predict,
)
from qlearn.communication.entropy import binary_entropy
from qlearn.qubits import Circuit, bell_state, ket, partial_trace, random_state

DISTURBANCES = [0.0, 0.001, 0.05, 0.11, (1 - 1 / np.sqrt(2)) / 2, 1 / 6, 0.3, 0.5]


@pytest.mark.parametrize("d", DISTURBANCES)
@pytest.mark.parametrize("attack", [cloning_attack, entangling_probe])
def test_the_optimum_of_fuchs_et_al_in_each_basis(attack, d):
    seen = predict(attack(d))
    for basis in "ZX":
        assert seen.qber[basis] == pytest.approx(d, abs=1e-9)
        assert seen.guess[basis] == pytest.approx(float(individual_guess(d)), abs=1e-9)
        assert seen.information[basis] == pytest.approx(float(individual_information(d)), abs=1e-9)


@pytest.mark.parametrize("d", DISTURBANCES[1:-1])
def test_the_universal_cloner_is_the_optimum_for_six_states(d):
    seen = predict(cloning_attack(d, "universal"))
    # Bechmann-Pasquinucci and Gisin: I = 1 - (1-D) h(f), f = (1 + sqrt(D(2-3D)) / (1-D)) / 2
    f = 0.5 * (1 + np.sqrt(d * (2 - 3 * d)) / (1 - d))
    for basis in "ZX":
        assert seen.qber[basis] == pytest.approx(d, abs=1e-9)
        assert seen.guess[basis] == pytest.approx(0.5 + d / 2 + np.sqrt(d / 2 * (1 - 1.5 * d)), abs=1e-9)
        assert seen.information[basis] == pytest.approx(1 - (1 - d) * float(binary_entropy(f)), abs=1e-9)
        assert seen.guess[basis] < individual_guess(d)


@pytest.mark.parametrize("d", DISTURBANCES)
def test_all_probes_together_are_worth_h(d):
    for bits in holevo(entangling_probe(d)).values():
        assert bits == pytest.approx(float(binary_entropy(d)), abs=1e-9)


def test_the_probe_is_noise_with_kept_coins():
    d, psi = 0.07, random_state(1, rng=3)
    x, z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    expected = sum(
        np.sqrt((d if i else 1 - d) * (d if j else 1 - d))
        * np.kron(np.linalg.matrix_power(z, j) @ np.linalg.matrix_power(x, i) @ psi, ket(f"{i}{j}"))
        for i in (0, 1)
        for j in (0, 1)
    )
    seen = entangling_probe(d).circuit.run(np.kron(psi, ket("00")))
    np.testing.assert_allclose(seen, expected, atol=1e-12)
    # Forget the coins, and what is left is a pair with independent X and Z errors
    pair = np.kron(bell_state("phi+"), ket("00"))
    on_bob = Circuit(4, operations=_shifted(entangling_probe(d).circuit))
    rho = partial_trace(on_bob.run(pair), [0, 1])
    weights = [
        (bell_state(name).conj() @ rho @ bell_state(name)).real for name in ("phi+", "psi+", "phi-", "psi-")
    ]
    np.testing.assert_allclose(weights, [(1 - d) ** 2, d * (1 - d), d * (1 - d), d**2], atol=1e-12)


def _shifted(circuit):
    """The same operations one wire further to the right."""
    return tuple(replace(step, wires=tuple(wire + 1 for wire in step.wires)) for step in circuit.operations)


def test_pennylane_runs_the_probe():
    circuit = entangling_probe(0.2).circuit
    np.testing.assert_allclose(circuit.to_pennylane()(), circuit.run(), atol=1e-12)


def test_the_cloner_at_14_6_per_cent_leaves_both_copies_alike():
    d = (1 - 1 / np.sqrt(2)) / 2
    eve = cloning_attack(d)
    z = np.diag([1, -1])
    for wire in (0, 1):
        rho = partial_trace(eve.states[0, 0], wire)
        assert np.trace(rho @ z).real == pytest.approx(np.sqrt(0.5), abs=1e-9)
    assert predict(eve).guess["X"] == pytest.approx(np.cos(np.pi / 8) ** 2, abs=1e-9)


@pytest.mark.parametrize("attack", [cloning_attack, entangling_probe])
@pytest.mark.parametrize(
    ("value", "error", "says"),
    [
        (0.6, ValueError, "disturbance must be a finite number between 0 and 0.5, not 0.6"),
        (-0.1, ValueError, "not -0.1"),
        ("few", TypeError, "disturbance must be a number"),
    ],
)
def test_refuses(attack, value, error, says):
    with pytest.raises(error, match=says):
        attack(value)


def test_refuses_other_machines():
    with pytest.raises(ValueError, match=r"cloner must be .* not 'best'"):
        cloning_attack(0.1, "best")
