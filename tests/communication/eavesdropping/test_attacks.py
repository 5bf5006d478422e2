"""The memory attack: the pulses that fly on against the full joint state, by density matrices and by circuits.

Cloner and probe: their closed forms in each basis, the state they make, and PennyLane's.

The weak measurement: its closed forms, and the proof that no Eve without memory does better.

Measuring is copying: the CNOT in Eve's basis against intercept and resend, pulse by pulse.

Partial attacks: straight lines to the origin, and notes in their places.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from qiskit.quantum_info import DensityMatrix, Operator, Statevector
from scipy.linalg import expm, null_space
from scipy.optimize import minimize_scalar
from scipy.stats import unitary_group

from qlearn.communication import bb84
from qlearn.communication.bb84 import BASES, EavesdropperRecord, InterceptResend, Pulses, measure_pulses
from qlearn.communication.eavesdropping import (
    MemoryAttack,
    PartialAttack,
    TrojanHorse,
    cloning_attack,
    entangling_probe,
    holevo,
    individual_guess,
    individual_information,
    intercept_resend_circuit,
    memoryless_guess,
    observe,
    predict,
    weak_measurement,
)
from qlearn.qubits import (
    Circuit,
    bell_state,
    bloch,
    bloch_vector,
    density,
    helstrom,
    ket,
    measure,
    partial_trace,
    random_state,
)
from qlearn.qubits.entropies import binary_entropy

HAAR = MemoryAttack(Circuit(3).unitary(unitary_group.rvs(8, random_state=4), 0, 1, 2))
ATTACKS = {
    "CNOT": MemoryAttack(Circuit(2).cx(0, 1)),
    "cloner": cloning_attack(0.1),
    "universal cloner": cloning_attack(1 / 6, "universal"),
    "probe": entangling_probe(0.07),
    "probe without memory": entangling_probe(0.2, waits_for_bases=False),
    "random": HAAR,
}
EACH = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())


@EACH
def test_the_table_is_qiskits_density_matrix(attack):
    n = attack.circuit.n_qubits
    gates = Operator(attack.circuit.to_qiskit())
    for basis, letters in enumerate(("01", "+-")):
        for bit, letter in enumerate(letters):
            start = Statevector(np.kron(ket(letter), ket("0" * (n - 1))))
            rho = DensityMatrix(start).evolve(gates).data
            for bob, seen in enumerate(letters):
                for k, question in enumerate(attack.measurements[basis].T):
                    wanted = np.kron(ket(seen), question)
                    chance = (wanted.conj() @ rho @ wanted).real
                    assert attack.joint[basis, bit, bob, k] == pytest.approx(chance, abs=1e-12)


def dilated(question):
    """Complete an isometry from the memory (and empty wires behind it) to a unitary on all wires."""
    outcomes, d = question.shape
    empty = np.arange(outcomes) % (outcomes // d) == 0
    unitary = np.empty((outcomes, outcomes), dtype=complex)
    unitary[:, empty], unitary[:, ~empty] = question, null_space(question.conj().T)
    return unitary


def by_circuit(attack, bits, bases, bob_bases, rng, eve_first):
    """Send pulses through one circuit a pulse, with every measurement where it takes place."""
    # Where her question has more outcomes than her memory dimensions, she lends it empty wires (Naimark).
    n = attack.measurements.shape[-1].bit_length()
    memory = tuple(range(1, n))
    one = Circuit(n, bits=n).x(0, where=bits).h(0, where=bases).then(Circuit(n, n, attack.circuit.operations))

    def bob(circuit):
        return circuit.h(0, where=bob_bases).measure(0, 0)

    def eve(circuit):
        for basis in (0, 1):
            turn = dilated(attack.measurements[basis].conj().T)
            circuit = circuit.unitary(turn, *memory, where=bases == basis)
        for wire in memory:
            circuit = circuit.measure(wire, wire)
        return circuit

    run = (bob(eve(one)) if eve_first else eve(bob(one))).run(rng=rng)
    return run.bits[:, 0], run.bits[:, 1:] @ (1 << np.arange(n - 2, -1, -1))


@EACH
@pytest.mark.parametrize("eve_first", [True, False])
def test_the_sifted_rounds_are_those_of_the_circuit_whoever_measures_first(attack, eve_first):
    # Four cells of 10,000 pulses; at most 64 frequencies a run, 12 runs, each within 6.5 sigma and 5 counts
    # (for the rare ones): a false alarm of 1e-7 for all together.
    rng = np.random.default_rng(8)
    bits, bases = (
        np.tile([0, 1, 0, 1], 10_000).astype(np.uint8),
        np.tile([0, 0, 1, 1], 10_000).astype(np.uint8),
    )
    bob, outcome = by_circuit(attack, bits, bases, bases, rng, eve_first)
    flown, notes = attack.intercept(bb84.Pulses(bits, bases), rng)
    fast_bob, fast_outcome = bb84.measure_pulses(flown, bases, rng), notes.outcomes
    for basis in (0, 1):
        for bit in (0, 1):
            cell = (bits == bit) & (bases == basis)
            for b, row in enumerate(attack.joint[basis, bit]):
                for k, chance in enumerate(row):
                    sigma = np.sqrt(chance * (1 - chance) / cell.sum()) + 1e-12
                    for his, hers in ((bob, outcome), (fast_bob, fast_outcome)):
                        seen = np.mean((his[cell] == b) & (hers[cell] == k))
                        assert abs(seen - chance) < 6.5 * sigma + 5e-4


@pytest.mark.parametrize("name", ["CNOT", "cloner", "universal cloner", "probe"])
def test_what_is_dropped_is_a_coin_in_truth_too(name):
    # Bob's mean state points along Alice's direction as far as Z and X go: the other basis shows a coin.
    attack = ATTACKS[name]
    bob = partial_trace(attack.states, 0)
    z = (bob[..., 0, 0] - bob[..., 1, 1]).real
    x = 2 * bob[..., 0, 1].real
    np.testing.assert_allclose(x[0], 0, atol=1e-12)
    np.testing.assert_allclose(z[1], 0, atol=1e-12)


def test_for_other_circuits_only_what_is_sifted_is_exact():
    # The docstring's limit, shown: a rotation biases the dropped rounds in truth, and the pulses show a coin.
    turned = MemoryAttack(Circuit(2).ry(np.pi / 4, 0))
    x = bloch_vector(Circuit(1).ry(np.pi / 4, 0).run())[0]
    assert x == pytest.approx(np.sqrt(0.5))
    pulses = bb84.Pulses(np.zeros(40_000, dtype=np.uint8), np.zeros(40_000, dtype=np.uint8))
    flown, _ = turned.intercept(pulses, np.random.default_rng(1))
    # sigma 0.0025, 6 sigma
    assert abs(bb84.measure_pulses(flown, np.ones_like(flown.bases), 2).mean() - 0.5) < 0.015
    assert abs(bb84.measure_pulses(flown, flown.bases, 2).mean() - np.sin(np.pi / 8) ** 2) < 0.015


@EACH
def test_her_question_is_helstroms(attack):
    if not attack.waits_for_bases:
        return
    guess = predict(attack).guess
    for number, basis in enumerate("ZX"):
        best = helstrom(attack.memories[number, 0], attack.memories[number, 1])
        assert guess[basis] == pytest.approx(float(best), abs=1e-12)


def test_without_memory_one_question_serves_both_bases():
    hasty = cloning_attack(0.1, waits_for_bases=False)
    np.testing.assert_array_equal(hasty.measurements[0], hasty.measurements[1])
    patient = predict(cloning_attack(0.1))
    eager = predict(hasty)
    assert eager.qber == pytest.approx(patient.qber)
    for basis in "ZX":
        # halfway between Z and X she sees only cos(45 degrees) of what the copy shows
        assert patient.guess[basis] == pytest.approx(0.8, abs=1e-12)
        assert eager.guess[basis] == pytest.approx(0.5 + 0.3 / np.sqrt(2), abs=1e-8)


@EACH
def test_chances_are_chances(attack):
    assert attack.joint.min() >= 0
    np.testing.assert_allclose(attack.joint.sum(axis=(2, 3)), 1, atol=1e-12)
    # no-signalling: what Eve does not do cannot change Bob, and his reading not her
    np.testing.assert_allclose(
        attack.joint.sum(axis=2),
        np.einsum("aik,abij,ajk->abk", attack.measurements.conj(), attack.memories, attack.measurements).real,
        atol=1e-12,
    )


def test_noise_loss_and_bias_on_top():
    # 400,000 pulses, p_x = 0.3, 3 dB: 18,000 kept in X; bounds of 6 sigma
    eve = entangling_probe(0.1)
    sent = bb84.exchange(400_000, eavesdropper=eve, noise=0.05, loss_db=3, p_x=0.3, rng=9)
    keys, seen = bb84.sift(sent), observe(sent)
    expected = 0.1 * 0.95 + 0.05 * 0.9
    for basis, n in keys.bits_by_basis.items():
        assert abs(seen.qber[basis] - expected) < 6 * np.sqrt(expected * (1 - expected) / n)
        assert abs(seen.guess[basis] - 0.8) < 6 * np.sqrt(0.16 / n)


def test_notes_are_a_notebook():
    sent = bb84.exchange(1_000, eavesdropper=entangling_probe(0.1), rng=1)
    assert isinstance(sent.eve, EavesdropperRecord)
    assert sent.eve.attacked.all()
    assert sent.eve.touched.all()
    np.testing.assert_array_equal(sent.eve.bases, sent.alice_bases)
    assert sent.eve.outcomes.max() == 3


def test_her_circuit_knows_nothing_of_the_pulses():
    # The same operations for every pulse, and Alice's arrays stay hers.
    attack = cloning_attack(0.1)
    before = repr(attack.circuit)
    pulses = bb84.Pulses(np.array([0, 1], dtype=np.uint8), np.array([0, 1], dtype=np.uint8))
    pulses.bits.flags.writeable = pulses.bases.flags.writeable = False
    flown, notes = attack.intercept(pulses, np.random.default_rng(1))
    assert repr(attack.circuit) == before
    assert attack.circuit.shape == ()
    assert not np.shares_memory(flown.bits, pulses.bits)
    assert not np.shares_memory(notes.bases, pulses.bases)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("CNOT",), TypeError, "circuit must be a Circuit, not str"),
        ((Circuit(1),), ValueError, "2 to 9 wires"),
        ((Circuit(10),), ValueError, "not 10"),
        ((Circuit(2, bits=1).measure(1, 0),), ValueError, "without measurements"),
        ((Circuit(2).ry([0.1, 0.2], 1),), ValueError, "takes one out of a batch"),
        ((Circuit(2), "yes"), TypeError, "waits_for_bases must be True or False"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        MemoryAttack(*arguments)


def test_refuses_pulses_that_are_not_alices():
    pulses = bb84.Pulses(np.array([0, 1], dtype=np.uint8), np.array([0, 3], dtype=np.uint8))
    with pytest.raises(ValueError, match="one pulse is in basis 3"):
        cloning_attack(0.1).intercept(pulses, np.random.default_rng(1))


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("name", ["states", "memories", "measurements", "joint", "guesses"])
def test_what_is_kept_for_the_next_who_asks_is_read_only(name, waits):
    attack = MemoryAttack(entangling_probe(0.1).circuit, waits_for_bases=waits)
    with pytest.raises(ValueError, match="read-only"):
        getattr(attack, name)[...] = 0


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
def test_refuses_probes(attack, value, error, says):
    with pytest.raises(error, match=says):
        attack(value)


def test_refuses_other_machines():
    with pytest.raises(ValueError, match=r"cloner must be .* not 'best'"):
        cloning_attack(0.1, "best")


DISTURBANCES_WEAK_MEASUREMENT = [0.0, 1e-4, 0.02, 0.05, 0.1, 0.1464, 0.25]
X, Z, ONE = np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.eye(2)


@pytest.mark.parametrize("d", DISTURBANCES_WEAK_MEASUREMENT)
def test_reaches_the_bound_in_both_bases(d):
    seen = predict(weak_measurement(d))
    for basis in "ZX":
        assert seen.qber[basis] == pytest.approx(d, abs=1e-8)
        assert seen.guess[basis] == pytest.approx(float(memoryless_guess(d)), abs=2e-8)
    waits = predict(MemoryAttack(weak_measurement(d).circuit))
    assert waits.guess == pytest.approx(seen.guess, abs=2e-8)


def test_a_complete_one_is_the_reader_of_old():
    whole, reader = predict(weak_measurement(0.25)), predict(InterceptResend(basis="breidbart"))
    for mine, theirs in ((whole.qber, reader.qber), (whole.guess, reader.guess)):
        assert mine == pytest.approx(theirs, abs=1e-8)


@pytest.mark.parametrize("d", DISTURBANCES_WEAK_MEASUREMENT[1:])
def test_the_bound_is_the_dual_of_all_that_an_eve_without_memory_can_do(d):
    # P - price * D = sum tr J[g, h] C[g, h], with Choi matrices J whose traces sum to 2: at most twice the
    # largest eigenvalue of any C, at every price; here from projectors, and not from the formula of the notes
    z = [np.diag([1, 0]), np.diag([0, 1])]
    x = [(ONE + X) / 2, (ONE - X) / 2]
    errors = sum(np.kron(b[a], b[1 - a]) for b in (z, x) for a in (0, 1)) / 4

    def bound(price):
        cases = [np.kron(z[g] + x[h], ONE) / 4 - price * errors for g in (0, 1) for h in (0, 1)]
        return 2 * max(np.linalg.eigvalsh(case).max() for case in cases) + price * d

    prices = minimize_scalar(bound, bounds=(0, 60), method="bounded", options={"xatol": 1e-9})
    assert prices.fun == pytest.approx(float(memoryless_guess(d)), abs=1e-8)
    for price in (0.1, 1.0, 7.0):
        assert bound(price) >= memoryless_guess(d) - 1e-12


def test_against_an_outside_solver():
    # the whole problem given to a semidefinite solver (Clarabel, by CVXPY), six digits
    d = [0.01, 0.02, 0.05, 0.1, 0.1464, 0.2, 0.3]
    solved = [0.598995, 0.638564, 0.712132, 0.782843, 0.821767, 0.846410, 0.853553]
    np.testing.assert_allclose(memoryless_guess(d), solved, atol=6e-7)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_no_attack_asked_at_once_passes_it(seed, strength):
    g = np.random.default_rng(seed).standard_normal((2, 8, 8))
    hamiltonian = g[0] + g[0].T + 1j * (g[1] - g[1].T)
    circuit = Circuit(3).unitary(expm(-0.3j * strength * hamiltonian), 0, 1, 2)
    seen = predict(MemoryAttack(circuit, waits_for_bases=False))
    guess, errors = (np.mean(list(values.values())) for values in (seen.guess, seen.qber))
    assert guess <= memoryless_guess(errors) + 1e-8


@pytest.mark.parametrize(("d", "guess"), [(0.05, 0.71794), (0.2, 0.9)])
def test_in_one_basis_alone_no_memory_is_needed(d, guess):
    # a weak reading of Z, errors in X only: above the bound in Z, and below it in the mean, which the bound is about
    reader = MemoryAttack(Circuit(2).ry(2 * np.arcsin(np.sqrt(d)), 1).cz(1, 0), waits_for_bases=False)
    seen = predict(reader)
    assert tuple(seen.qber.values()) == pytest.approx((0, d), abs=1e-9)
    assert seen.guess["Z"] == pytest.approx(guess, abs=1e-5)
    assert seen.guess["Z"] == pytest.approx(float(individual_guess(d)), abs=1e-7)
    assert seen.guess["Z"] > memoryless_guess(d) + 0.005
    assert np.mean([*seen.guess.values()]) < memoryless_guess(d / 2)
    # with a coin of hers for flips in Z, thrown and forgotten, it is d in both bases
    noisy = MemoryAttack(reader.circuit, waits_for_bases=False).joint[0]
    flipped = (1 - d) * noisy + d * noisy[:, ::-1]
    assert (flipped[0, 1] + flipped[1, 0]).sum() / 2 == pytest.approx(d, abs=1e-9)
    assert flipped.sum(axis=1).max(axis=0).sum() / 2 == pytest.approx(seen.guess["Z"], abs=1e-12)


def test_what_a_memory_lifts_widens_with_the_errors():
    gap = individual_guess([0.05, 0.1, 0.25]) - memoryless_guess([0.05, 0.1, 0.25])
    assert (np.diff(gap) > 0).all()
    np.testing.assert_allclose(gap[[0, 2]], [0.0058, 0.0795], atol=5e-5)


@pytest.mark.parametrize("d", [0.02, 0.05, 0.1])
def test_the_order_of_the_eves(d):
    clone, probe = (attack(d, waits_for_bases=False) for attack in (cloning_attack, entangling_probe))
    in_z = [predict(eve).guess["Z"] for eve in (clone, probe, weak_measurement(d))]
    assert in_z == sorted(in_z)
    assert in_z[-1] < individual_guess(d)


def test_what_is_counted_is_what_was_predicted():
    # 400,000 pulses, 100,000 bits a basis: sigma at most 0.0016, 6 sigma
    seen = observe(bb84.exchange(400_000, eavesdropper=weak_measurement(0.1), rng=5))
    for basis in "ZX":
        assert abs(seen.qber[basis] - 0.1) < 0.0095
        assert abs(seen.guess[basis] - memoryless_guess(0.1)) < 0.0095


@pytest.mark.parametrize(
    ("value", "error", "says"),
    [(0.3, ValueError, "between 0 and 0.25, not 0.3"), ("few", TypeError, "disturbance must be a number")],
)
def test_refuses_weak_measurement(value, error, says):
    with pytest.raises(error, match=says):
        weak_measurement(value)


AXES = {"Z": 0, "X": np.pi / 2, "breidbart": np.pi / 4}


@pytest.mark.parametrize("basis", AXES)
def test_leaves_the_pulse_as_a_measurement_does(basis):
    psi = random_state(1, size=20, rng=1)
    start = np.zeros((20, 4), dtype=complex)
    start[:, ::2] = psi
    seen = partial_trace(intercept_resend_circuit(basis).run(start), 0)
    zero, one = bloch(AXES[basis], 0), bloch(AXES[basis] + np.pi, 0)
    expected = sum(np.abs(psi @ found.conj())[:, None, None] ** 2 * density(found) for found in (zero, one))
    np.testing.assert_allclose(seen, expected, atol=1e-12)


@pytest.mark.parametrize("basis", AXES)
def test_measuring_and_copying_are_one_attack(basis):
    # outcomes may be numbered the other way round; without a bit, in the basis that tells nothing, by the guess alone
    by_table, by_state = (
        eve.joint for eve in (InterceptResend(basis=basis), MemoryAttack(intercept_resend_circuit(basis)))
    )
    np.testing.assert_allclose(by_table.sum(axis=3), by_state.sum(axis=3), atol=1e-12)
    for field in ("qber", "guess", "information", "deviation"):
        measured, copied = (
            getattr(predict(eve), field)
            for eve in (InterceptResend(basis=basis), MemoryAttack(intercept_resend_circuit(basis)))
        )
        assert measured == pytest.approx(copied, abs=1e-7)


@pytest.mark.parametrize("basis", AXES)
def test_her_qubit_shows_what_read_reads(basis):
    # 40,000 pulses of the four kinds: each frequency within 6 sigma of the circuit's chance
    bits, bases = (
        np.tile([0, 1, 0, 1], 10_000).astype(np.uint8),
        np.tile([0, 0, 1, 1], 10_000).astype(np.uint8),
    )
    found = measure_pulses(Pulses(bits, bases), np.full(40_000, BASES[basis], dtype=np.uint8), 2)
    states = intercept_resend_circuit(basis).run(
        Circuit(2).x(0, where=[0, 1, 0, 1]).h(0, where=[0, 0, 1, 1]).run()
    )
    for kind in range(4):
        chance = partial_trace(states[kind], 1)[1, 1].real
        assert abs(found[kind::4].mean() - chance) <= 6 * np.sqrt(chance * (1 - chance) / 10_000) + 1e-9


def test_looking_later_changes_nothing():
    eve = MemoryAttack(intercept_resend_circuit("breidbart"))
    asked = measure(eve.states.reshape(4, 4).repeat(2_000, axis=0), wires=1, rng=3).outcomes[:, 0]
    chances = partial_trace(eve.states.reshape(4, 4), 1)[:, 1, 1].real
    for kind, chance in enumerate(chances):
        seen = asked[2_000 * kind : 2_000 * (kind + 1)].mean()
        assert abs(seen - chance) < 6 * np.sqrt(chance * (1 - chance) / 2_000)


@pytest.mark.parametrize("basis", ["Y", "random", None])
def test_refuses_measuring(basis):
    with pytest.raises(ValueError, match='basis must be "Z", "X" or "breidbart"'):
        intercept_resend_circuit(basis)


@pytest.mark.parametrize(
    "attack", [InterceptResend(), InterceptResend(basis="breidbart"), cloning_attack(0.2)]
)
@pytest.mark.parametrize("f", [0.0, 0.3, 1.0])
def test_errors_and_information_shrink_in_proportion(attack, f):
    whole, part = predict(attack), predict(PartialAttack(attack, f))
    for basis in "ZX":
        assert part.qber[basis] == pytest.approx(f * whole.qber[basis], abs=1e-12)
        assert part.information[basis] == pytest.approx(f * whole.information[basis], abs=1e-12)
        assert part.guess[basis] == pytest.approx(f * whole.guess[basis] + (1 - f) / 2, abs=1e-12)


def test_is_the_fraction_of_intercept_resend():
    part, own = predict(PartialAttack(InterceptResend(), 0.4)), predict(InterceptResend(0.4))
    for field in ("qber", "guess", "information", "deviation"):
        assert getattr(part, field) == pytest.approx(getattr(own, field), abs=1e-12)
    # 200,000 pulses: 50,000 bits a basis, sigma 0.0013, 6 sigma
    seen = observe(bb84.exchange(200_000, eavesdropper=PartialAttack(InterceptResend(), 0.4), rng=3))
    for basis in "ZX":
        assert abs(seen.qber[basis] - 0.1) < 0.008


def test_notes_lie_where_she_did_something():
    eve = PartialAttack(cloning_attack(0.5), 0.25)
    sent = bb84.exchange(50_000, eavesdropper=eve, rng=4)
    notes = sent.eve
    np.testing.assert_array_equal(notes.attacked, notes.touched)
    assert abs(notes.touched.mean() - 0.25) < 6 * np.sqrt(0.1875 / 50_000)
    for page in (notes.bases, notes.bits, notes.outcomes):
        assert not page[~notes.touched].any()
    hit = notes.touched & sent.kept
    assert (notes.bits[hit] == sent.alice_bits[hit]).all()  # D = 1/2: she has it all
    left = sent.kept & ~notes.touched
    assert (sent.bob_bits[left] == sent.alice_bits[left]).all()


def test_touches_nothing_at_all():
    sent = bb84.exchange(1_000, eavesdropper=PartialAttack(cloning_attack(0.5), 0.0), rng=5)
    assert not sent.eve.touched.any()
    assert bb84.sift(sent).qber == 0


def test_takes_any_attack_that_writes_a_record():
    sent = bb84.exchange(20_000, eavesdropper=PartialAttack(TrojanHorse(10.0), 0.5), rng=6)
    seen = observe(sent)
    # half known, half a guess of 0 that is right half of the time: 3/4, 5,000 bits a basis, 6 sigma 0.037
    assert abs(seen.guess["Z"] - 0.75) < 0.037


@pytest.mark.parametrize("eve", [TrojanHorse(0.2), PartialAttack(TrojanHorse(0.2), 0.8)])
def test_a_share_of_an_attack_that_touches_nothing_is_worth_its_share(eve):
    # 400,000 pulses, 100,000 bits a basis; within 6 of its own standard errors, four numbers: a false alarm of 1e-8
    f, whole = 0.5, 0.5 * (1 if isinstance(eve, TrojanHorse) else 0.8)
    sent = bb84.exchange(400_000, eavesdropper=PartialAttack(eve, f), rng=8)
    assert not sent.eve.touched.any()
    assert abs(sent.eve.attacked.mean() - whole) < 6 * np.sqrt(whole * (1 - whole) / 400_000)
    seen, due = observe(sent), whole * (1 - float(binary_entropy(TrojanHorse(0.2).guess)))
    for basis, n in bb84.sift(sent).bits_by_basis.items():
        spread = seen.deviation[basis] / np.sqrt(n)
        assert 6 * spread < due / 10
        assert abs(seen.information[basis] - due) < 6 * spread


class Mute:
    def intercept(self, pulses, rng):
        return pulses, None


@dataclass(frozen=True, eq=False, repr=False)
class RecordWithHour(EavesdropperRecord):
    hours: np.ndarray


@dataclass(frozen=True)
class MeasuresInY:
    """An attack of one's own, whole in one place: she reads every pulse in Y, which tells nothing, and resends."""

    @property
    def joint(self):
        # every outcome a fair coin: Bob's, hers, whatever Alice wrote
        return np.full((2, 2, 2, 2), 1 / 4)

    def intercept(self, pulses, rng):
        n = pulses.bits.size
        bases = np.full(n, BASES["Y"], dtype=np.uint8)
        bits = measure_pulses(pulses, bases, rng)
        hours = np.arange(1, n + 1)
        return Pulses(bits, bases), RecordWithHour(np.ones(n, dtype=bool), bases, bits, hours)


@pytest.mark.parametrize("f", [1.0, 0.4])
def test_an_attack_of_ones_own_is_predicted_counted_and_made_partial(f):
    # 400,000 pulses, 100,000 bits a basis: sigma at most 0.0016, four numbers within 6 sigma
    eve = PartialAttack(MeasuresInY(), f)
    due, seen = predict(eve), observe(bb84.exchange(400_000, eavesdropper=eve, rng=11))
    for basis in "ZX":
        assert due.qber[basis] == pytest.approx(f / 2)
        assert due.guess[basis] == pytest.approx(1 / 2)
        assert due.information[basis] == pytest.approx(0, abs=1e-12)
        assert abs(seen.qber[basis] - due.qber[basis]) < 0.0095
        assert abs(seen.guess[basis] - due.guess[basis]) < 0.0095
        assert seen.information[basis] < 1e-3
    assert observe(bb84.exchange(1_000, eavesdropper=MeasuresInY(), rng=1)).guess["Z"] < 0.7


def test_every_column_of_a_record_is_put_where_it_belongs():
    notes = bb84.exchange(10_000, eavesdropper=PartialAttack(MeasuresInY(), 0.5), rng=12).eve
    assert isinstance(notes, RecordWithHour)
    np.testing.assert_array_equal(notes.hours[notes.attacked], np.arange(1, notes.attacked.sum() + 1))
    for name, column in vars(notes).items():
        assert column.shape == (10_000,), name
        assert not column[~notes.attacked].any(), name


def test_part_of_an_attack_without_a_joint_has_none():
    assert PartialAttack(Mute(), 0.5).joint is None
    assert PartialAttack(TrojanHorse(1.0), 0.5).joint.shape == (2, 2, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((InterceptResend(), 1.5), ValueError, "fraction must be a probability"),
        (("Eve", 0.5), TypeError, "attack must be an object with an intercept"),
        ((InterceptResend, 0.5), TypeError, "attack must be an object"),
    ],
)
def test_refuses_partial(arguments, error, says):
    with pytest.raises(error, match=says):
        PartialAttack(*arguments)


def test_refuses_who_takes_no_notes():
    with pytest.raises(TypeError, match="attack must note an EavesdropperRecord"):
        bb84.exchange(100, eavesdropper=PartialAttack(Mute(), 0.5), rng=1)


def test_a_part_scatters_the_fields_of_a_record_and_nothing_that_was_reckoned_from_them():
    @dataclass(frozen=True, eq=False, repr=False)
    class Counting(EavesdropperRecord):
        @cached_property
        def ones(self):
            return int(self.bits.sum())

    class Reader:
        def intercept(self, pulses, rng):
            bits = measure_pulses(pulses, pulses.bases, rng)
            record = Counting(np.ones(bits.size, dtype=bool), pulses.bases, bits)
            assert record.ones == bits.sum()
            return pulses, record

    notes = bb84.exchange(2000, eavesdropper=PartialAttack(Reader(), 0.3), rng=1).eve
    assert notes.ones == notes.bits.sum() < 600
