"""The best question of an Eve without memory: the proof read by other code, closed forms, and a rival iteration."""

import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.stats import unitary_group

from qlearn.communication.eavesdropping import (
    MemoryAttack,
    best_fixed_measurement,
    cloning_attack,
    entangling_probe,
    intercept_resend_circuit,
    predict,
)
from qlearn.qubits import Circuit

MIRRORED = Circuit(2).ry(np.pi / 4, 0).cx(0, 1).ry(-np.pi / 4, 0)  # reads halfway between Z and -X


def haar(wires, seed):
    return MemoryAttack(Circuit(wires).unitary(unitary_group.rvs(2**wires, random_state=seed), *range(wires)))


def operators(memories):
    """A[g, h] of the docstring, written again."""
    return np.array([[(memories[0, g] + memories[1, h]) / 4 for h in (0, 1)] for g in (0, 1)])


ATTACKS = {
    "nothing": MemoryAttack(Circuit(2)),
    "CNOT": MemoryAttack(Circuit(2).cx(0, 1)),
    "halfway": MemoryAttack(intercept_resend_circuit("breidbart")),
    "mirrored": MemoryAttack(MIRRORED),
    "clone": cloning_attack(0.05),
    "universal": cloning_attack(0.1, "universal"),
    "probe": entangling_probe(0.05),
    "tiny probe": entangling_probe(1e-6),
    **{f"random {seed}": haar(2 + seed % 3, seed) for seed in range(12)},
}
EACH = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())


@EACH
def test_the_proof_holds_when_read_by_other_code(attack):
    found, problem = best_fixed_measurement(attack.memories), operators(attack.memories)
    # a measurement, on all that the memory can be
    assert min(np.linalg.eigvalsh(found.effects).min(axis=-1).ravel()) > -1e-12
    whole = found.effects.sum(axis=(0, 1))
    np.testing.assert_allclose(whole @ attack.memories, attack.memories, atol=1e-10)
    # of the value it claims
    value = sum(np.trace(found.effects[g, h] @ problem[g, h]).real for g, h in np.ndindex(2, 2))
    assert found.guess == pytest.approx(value, abs=1e-12)
    # and a witness above all four operators, whose trace is the bound
    for g, h in np.ndindex(2, 2):
        assert np.linalg.eigvalsh(found.witness - problem[g, h]).min() > -1e-10
    assert found.bound == pytest.approx(np.trace(found.witness).real)
    assert 0 <= found.bound - found.guess < 1e-7


@EACH
def test_the_attack_without_memory_asks_it(attack):
    hasty = MemoryAttack(attack.circuit, waits_for_bases=False)
    seen, best = predict(hasty), best_fixed_measurement(attack.memories)
    assert np.mean(list(seen.guess.values())) == pytest.approx(best.guess, abs=1e-8)
    np.testing.assert_array_equal(hasty.measurements[0], hasty.measurements[1])
    patient = predict(attack)
    assert seen.qber == pytest.approx(patient.qber, abs=1e-7)  # Bob does not notice what she asks
    for basis in "ZX":
        assert seen.guess[basis] <= patient.guess[basis] + 1e-9


@pytest.mark.parametrize(
    ("d", "value", "two_local"), [(0.05, 0.7073, 0.7070), (0.10, 0.7717, 0.7700), (0.1464, 0.8062, 0.8018)]
)
def test_the_probe_asked_at_once(d, value, two_local):
    # computed twice with other programs, with a dual bound
    found = best_fixed_measurement(entangling_probe(d).memories)
    assert round(found.guess, 4) == round(found.bound, 4) == value
    # both coins in X, each by itself: good, and not the best
    x = np.array([[[0.5, 0.5], [0.5, 0.5]], [[0.5, -0.5], [-0.5, 0.5]]])
    problem = operators(entangling_probe(d).memories)
    local = sum(
        max(np.trace(np.kron(a, b) @ op).real for op in problem.reshape(4, 4, 4)) for a in x for b in x
    )
    assert round(local, 4) == two_local
    assert local < found.guess


@pytest.mark.parametrize("d", [0.0, 0.02, 0.05, 0.1464, 0.3, 0.5])
def test_the_clone_asked_at_once_has_nothing_better_than_halfway(d):
    halfway = 0.5 + np.sqrt(d * (1 - d) / 2)
    found = best_fixed_measurement(cloning_attack(d).memories)
    assert found.guess == pytest.approx(halfway, abs=1e-8)
    for guess in predict(cloning_attack(d, waits_for_bases=False)).guess.values():
        assert guess == pytest.approx(halfway, abs=1e-8)
    if d == 0.05:
        assert round(found.bound, 4) == 0.6541


@pytest.mark.parametrize("circuit", [MIRRORED, intercept_resend_circuit("breidbart")])
def test_one_question_may_serve_both_bases_as_well_as_two(circuit):
    # Carmeli, Heinosaari and Toigo: where the two best questions are one, waiting is worth nothing
    best = best_fixed_measurement(MemoryAttack(circuit).memories)
    assert best.guess == pytest.approx(np.cos(np.pi / 8) ** 2, abs=1e-8)
    for patient in (True, False):
        for guess in predict(MemoryAttack(circuit, patient)).guess.values():
            assert guess == pytest.approx(np.cos(np.pi / 8) ** 2, abs=1e-8)


def test_a_copy_of_z_is_a_coin_in_x():
    seen = predict(MemoryAttack(Circuit(2).cx(0, 1), waits_for_bases=False))
    assert seen.guess == pytest.approx({"Z": 1, "X": 0.5}, abs=1e-8)


def iterated(problem, rounds=4_000):
    """Jezek, Rehacek and Fiurasek, Phys. Rev. A 65, 060301 (2002): climbs to the optimum from below."""
    problem = problem.reshape(4, *problem.shape[2:])
    effects = np.array([np.eye(problem.shape[1]) / 4] * 4, dtype=complex)
    for _ in range(rounds):
        pieces = problem @ effects @ problem
        inverse = np.linalg.pinv(sqrtm(pieces.sum(axis=0)).astype(complex), rcond=1e-9, hermitian=True)
        effects = inverse @ pieces @ inverse
    return np.einsum("kij,kji->", effects, problem).real


@pytest.mark.parametrize("attack", [entangling_probe(0.1), cloning_attack(0.1, "universal"), haar(3, 40)])
def test_a_rival_iteration_ends_at_the_same_value_and_never_above(attack):
    rival, found = iterated(operators(attack.memories)), best_fixed_measurement(attack.memories)
    assert rival <= found.bound + 1e-9
    assert rival == pytest.approx(found.guess, abs=2e-6)


def test_no_random_measurement_beats_the_bound():
    # 500 random orthonormal questions, each outcome given its best pair of guesses
    problem = operators(entangling_probe(0.1).memories).reshape(4, 4, 4)
    bound = best_fixed_measurement(entangling_probe(0.1).memories).bound
    best = max(
        np.einsum("ik,gij,jk->gk", u.conj(), problem, u).real.max(axis=0).sum()
        for u in unitary_group.rvs(4, size=500, random_state=2)
    )
    assert 0.7 < best < bound


def test_of_a_large_memory_four_dimensions_are_asked():
    hasty = MemoryAttack(haar(7, 3).circuit, waits_for_bases=False)
    assert hasty.joint.shape == (2, 2, 2, 16)
    np.testing.assert_allclose(hasty.joint.sum(axis=(2, 3)), 1, atol=1e-12)


@pytest.mark.parametrize(
    ("states", "says"),
    [
        (np.eye(2), r"of shape \(2, 2, d, d\), for \[basis, bit\], not of shape \(2, 2\)"),
        (np.zeros((2, 2, 0, 0)), "not of shape"),
        (np.ones((2, 2, 2, 2)), "Hermitian, of trace 1"),
        (np.tile(np.diag([1.5, -0.5]), (2, 2, 1, 1)), "negative eigenvalue"),
        (np.tile([[0.5, 0.5], [0.0, 0.5]], (2, 2, 1, 1)), "Hermitian"),
        (np.full((2, 2, 2, 2), np.nan), "Hermitian, of trace 1"),
    ],
)
def test_refuses(states, says):
    with pytest.raises(ValueError, match=says):
        best_fixed_measurement(states)


def test_refuses_more_dimensions_than_it_can_solve():
    wide = np.broadcast_to(np.eye(17) / 17, (2, 2, 17, 17))
    with pytest.raises(ValueError, match="at most 16 dimensions together, not 17"):
        best_fixed_measurement(wide)
    few = np.zeros((2, 2, 40, 40))  # many, of which two are filled
    few[:, 0, 3, 3] = few[:, 1, 30, 30] = 1
    assert best_fixed_measurement(few).guess == pytest.approx(1, abs=1e-7)
