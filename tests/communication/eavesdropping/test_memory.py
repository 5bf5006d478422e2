"""The memory attack: the pulses that fly on against the full joint state, by density matrices and by circuits."""

import numpy as np
import pytest
from qiskit.quantum_info import DensityMatrix, Operator, Statevector
from scipy.linalg import null_space
from scipy.stats import unitary_group

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import (
    MemoryAttack,
    Recollection,
    cloning_attack,
    entangling_probe,
    observe,
    predict,
)
from qlearn.qubits import Circuit, bloch_vector, helstrom, ket, partial_trace

HAAR = MemoryAttack(Circuit(3).unitary(unitary_group.rvs(8, random_state=4), 0, 1, 2))
ATTACKS = {
    "CNOT": MemoryAttack(Circuit(2).cx(0, 1)),
    "cloner": cloning_attack(0.1),
    "universal cloner": cloning_attack(1 / 6, "universal"),
    "probe": entangling_probe(0.07),
    "probe without memory": entangling_probe(0.2, patient=False),
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
            for bob, read in enumerate(letters):
                for k, question in enumerate(attack.questions[basis].T):
                    wanted = np.kron(ket(read), question)
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
    n = attack.questions.shape[-1].bit_length()
    memory = tuple(range(1, n))
    one = Circuit(n, bits=n).x(0, where=bits).h(0, where=bases).then(Circuit(n, n, attack.circuit.operations))

    def bob(circuit):
        return circuit.h(0, where=bob_bases).measure(0, 0)

    def eve(circuit):
        for basis in (0, 1):
            turn = dilated(attack.questions[basis].conj().T)
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
    fast_bob, fast_outcome = bb84.read(flown, bases, rng), notes.outcomes
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
    assert abs(bb84.read(flown, np.ones_like(flown.bases), 2).mean() - 0.5) < 0.015
    assert abs(bb84.read(flown, flown.bases, 2).mean() - np.sin(np.pi / 8) ** 2) < 0.015


@EACH
def test_her_question_is_helstroms(attack):
    if not attack.patient:
        return
    guess = predict(attack).guess
    for number, basis in enumerate("ZX"):
        best = helstrom(attack.memories[number, 0], attack.memories[number, 1])
        assert guess[basis] == pytest.approx(float(best), abs=1e-12)


def test_without_memory_one_question_serves_both_bases():
    hasty = cloning_attack(0.1, patient=False)
    np.testing.assert_array_equal(hasty.questions[0], hasty.questions[1])
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
        np.einsum("aik,abij,ajk->abk", attack.questions.conj(), attack.memories, attack.questions).real,
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
    assert isinstance(sent.eve, Recollection)
    assert sent.eve.touched.all()
    np.testing.assert_array_equal(sent.eve.bases, sent.alice_bases)
    assert sent.eve.outcomes.max() == 3
    assert isinstance(ATTACKS["CNOT"], bb84.Eavesdropper)


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
        ((Circuit(2), "yes"), TypeError, "patient must be True or False"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        MemoryAttack(*arguments)


def test_refuses_pulses_that_are_not_alices():
    pulses = bb84.Pulses(np.array([0, 1], dtype=np.uint8), np.array([0, 3], dtype=np.uint8))
    with pytest.raises(ValueError, match="one pulse is in basis 3"):
        cloning_attack(0.1).intercept(pulses, np.random.default_rng(1))


@pytest.mark.parametrize("patient", [True, False])
@pytest.mark.parametrize("name", ["states", "memories", "questions", "joint", "guesses"])
def test_what_is_kept_for_the_next_who_asks_is_read_only(name, patient):
    attack = MemoryAttack(entangling_probe(0.1).circuit, patient=patient)
    with pytest.raises(ValueError, match="read-only"):
        getattr(attack, name)[...] = 0
