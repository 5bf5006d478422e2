"""Tables of scores: gradients against finite differences, and what each model cannot form.

A circuit's table: the same as its Circuit gives, in our engine, Qiskit and PennyLane; and its limits.
"""

from dataclasses import fields

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp, Statevector

from qlearn.learning.reinforcement.score_models import (
    CircuitScores,
    DenseScores,
    FeatureScores,
    TableScores,
    index_bits,
)
from qlearn.qubits import expectation

BITS = index_bits(6)
MODELS = [
    TableScores(6, 3),
    DenseScores(BITS, 3),
    DenseScores(BITS, 3, hidden=5),
    FeatureScores(np.random.default_rng(0).normal(size=(6, 3, 4))),
    CircuitScores(np.pi * BITS, 3),
    CircuitScores(np.pi * BITS, 3, layers=3, entanglement="none"),
    CircuitScores(BITS, 3, reupload=True),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_the_gradient_is_that_of_the_table(model):
    rng = np.random.default_rng(1)
    parameters = [p + 0.3 * rng.normal(size=p.shape) for p in model.start(rng)]
    table, pull_back = model.scores(parameters)
    assert table.shape == model.shape == (6, 3)
    into, along = rng.normal(size=(6, 3)), [rng.normal(size=p.shape) for p in parameters]
    ahead, behind = (
        (into * model.scores([p + h * d for p, d in zip(parameters, along, strict=True)])[0]).sum()
        for h in (1e-5, -1e-5)
    )
    slope = sum((g * d).sum() for g, d in zip(pull_back(into), along, strict=True))
    assert slope == pytest.approx((ahead - behind) / 2e-5, abs=1e-8)


def test_numbers_in_binary():
    assert index_bits(6)[5].tolist() == [1, 0, 1]
    assert (index_bits(8) @ [4, 2, 1] == np.arange(8)).all()


def test_a_linear_model_of_bits_is_a_sum():
    model = DenseScores(index_bits(4), 2)
    table, _ = model.scores([np.random.default_rng(0).normal(size=p) for p in ((2, 2), (2,))])
    assert np.allclose(table[0] + table[3], table[1] + table[2])


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: TableScores(0, 2), ValueError, "n_observations must be at least 1"),
        (lambda: DenseScores([1.0, 2.0], 2), ValueError, "features must be a table"),
        (lambda: DenseScores([[np.nan]], 2), ValueError, "features must be finite"),
        (lambda: DenseScores(BITS, 2, hidden=-1), ValueError, "hidden must be at least 0"),
        (lambda: DenseScores(BITS, 2.5), TypeError, "n_actions must be a whole number"),
        (lambda: FeatureScores(BITS), ValueError, "features must have shape"),
        (lambda: index_bits(1), ValueError, "rows must be at least 2"),
    ],
)
def test_refuses(make, error, says):
    with pytest.raises(error, match=says):
        make()


BITS_CIRCUIT_SCORES = index_bits(8)


@pytest.fixture
def model():
    return CircuitScores(np.pi * BITS_CIRCUIT_SCORES, n_actions=4, layers=3)


def test_scores_are_weighted_expectation_values_of_its_circuit(model):
    parameters = model.start(np.random.default_rng(0))
    _, weights, offset = parameters
    table, _ = model.scores(parameters)
    for observation in range(8):
        circuit = model.circuit(parameters, observation)
        ours = [expectation(circuit.run(), pauli) for pauli in ("ZII", "IZI", "IIZ")]
        theirs = Statevector(circuit.to_qiskit())  # the adapter turns the order of wires
        qiskit = [theirs.expectation_value(SparsePauliOp(p)).real for p in ("ZII", "IZI", "IIZ")]
        pennylane = [expectation(circuit.to_pennylane()(), pauli) for pauli in ("ZII", "IZI", "IIZ")]
        for z in (ours, qiskit, pennylane):
            assert np.allclose(np.array(z) @ weights + offset, table[observation], atol=1e-12)


def test_bits_as_half_turns_give_each_observation_a_state_of_its_own(model):
    states = model.ansatz.encode(np.pi * BITS_CIRCUIT_SCORES)
    assert np.allclose(np.abs(states.conj() @ states.T), np.eye(8), atol=1e-12)


@pytest.mark.parametrize("reupload", [False, True])
def test_without_entanglement_scores_are_sums_of_one_bit_functions(reupload):
    model = CircuitScores(np.pi * index_bits(4), 2, layers=3, entanglement="none", reupload=reupload)
    for seed in range(5):
        table, _ = model.scores(model.start(np.random.default_rng(seed)))
        assert np.allclose(table[0] + table[3], table[1] + table[2], atol=1e-12)
    entangled = CircuitScores(np.pi * index_bits(4), 2, layers=3, reupload=reupload)
    tables = np.array(
        [entangled.scores(entangled.start(np.random.default_rng(seed)))[0] for seed in range(5)]
    )
    assert np.abs(tables[:, 0] + tables[:, 3] - tables[:, 1] - tables[:, 2]).max() > 0.5


@pytest.mark.parametrize(("layers", "seen"), [(1, [False, True, True]), (2, [True, True, True])])
def test_the_cnots_of_one_layer_read_the_last_bit_and_the_parity_never_the_first(layers, seen):
    """Heisenberg: two CNOTs, down and up, take Z0 to Z1 and Z1 to Z0 Z1. So one layer is a sum of b and c XOR b."""
    model = CircuitScores(np.pi * index_bits(4), 2, layers, entanglement=[(0, 1), (1, 0)])
    c, b = (-1.0) ** index_bits(4).T
    largest = np.zeros(3)
    for seed in range(50):
        rng = np.random.default_rng(seed)
        angles, weights, offset = model.start(rng)
        angles = rng.uniform(-np.pi, np.pi, angles.shape)
        table, _ = model.scores([angles, weights, offset])
        largest = np.maximum(largest, np.abs(np.stack([c, b, c * b]) @ (table[:, 1] - table[:, 0]) / 4))
    assert ((largest > 0.05) == seen).all()
    assert (largest[~np.array(seen)] < 1e-12).all()


def test_refuses_circuit_scores():
    with pytest.raises(ValueError, match="entanglement must be one of"):
        CircuitScores(BITS_CIRCUIT_SCORES, 4, entanglement="some")
    with pytest.raises(ValueError, match="layers must be at least 1"):
        CircuitScores(BITS_CIRCUIT_SCORES, 4, layers=0)
    with pytest.raises(ValueError, match="features must be a table"):
        CircuitScores(BITS_CIRCUIT_SCORES[0], 4)
    with pytest.raises(ValueError, match="n_actions must be at least 1"):
        CircuitScores(BITS_CIRCUIT_SCORES, 0)


def test_the_ablation_takes_out_the_gates_and_nothing_else():
    kwargs = {"n_actions": 2, "layers": 2}
    whole = CircuitScores(np.pi * index_bits(4), **kwargs)
    loose = CircuitScores(np.pi * index_bits(4), entanglement="none", **kwargs)
    changed = {field.name for field in fields(whole) if field.name != "features"
               and getattr(whole, field.name) != getattr(loose, field.name)}  # fmt: skip
    assert changed == {"entanglement"}
    first, second = (model.start(np.random.default_rng(3)) for model in (whole, loose))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    drawn = [[op.name for op in model.circuit(first, 2).operations] for model in (whole, loose)]
    assert [name for name in drawn[0] if name != "cx"] == drawn[1]
    assert "cx" in drawn[0]
