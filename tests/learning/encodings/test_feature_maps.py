"""The phase map: fast path = circuit = Qiskit = PennyLane.

The fast path in its two halves: phases by doubling, and Hadamards on all wires.

A string stands for one encoding; an object that is one passes.
"""

from functools import reduce
from itertools import combinations

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit.library import pauli_feature_map, z_feature_map, zz_feature_map
from qiskit.quantum_info import Statevector

from qlearn.learning import ZZFeatureMap
from qlearn.learning.encodings import (
    AmplitudeEncoding,
    AngleEncoding,
    BasisEncoding,
    CircuitEncoding,
    IQPFeatureMap,
)
from qlearn.learning.encodings.feature_maps import as_encoding, diagonal, parameters_of, walsh_hadamard
from qlearn.learning.qsvm import FidelityKernel, ProjectedKernel
from qlearn.qubits import Circuit, parameters

ENTANGLEMENTS = ("full", "linear", "circular", "pairwise", "reverse_linear", "sca", "none")


@given(
    st.integers(1, 5),
    st.integers(1, 3),
    st.sampled_from(ENTANGLEMENTS),
    st.floats(0.05, 2),
    st.integers(0, 2**32 - 1),
)
def test_the_fast_path_is_the_circuit(q, reps, entanglement, bandwidth, seed):
    X = np.random.default_rng(seed).uniform(-7, 7, (3, q))
    phase_map = ZZFeatureMap(reps, entanglement, bandwidth)
    states = phase_map.states(X)
    np.testing.assert_allclose(states, phase_map.circuit(X).run(), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(states, axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("reps", [1, 2])
def test_the_switch_takes_out_the_couplings_and_nothing_else(reps):
    # of every coupling CNOT, P, CNOT on a pair; what is left is the circuit without entanglement, gate by gate
    x = [0.4, 1.3, -0.7]
    operations = [
        (op.name, op.wires, None if op.angle is None else float(op.angle))
        for op in ZZFeatureMap(reps).circuit(x).operations
    ]
    left, i = [], 0
    while i < len(operations):
        if operations[i][0] == "cx":
            i += 3
            continue
        left.append(operations[i])
        i += 1
    plain = ZZFeatureMap(reps, "none").circuit(x)
    assert left == [
        (op.name, op.wires, None if op.angle is None else float(op.angle)) for op in plain.operations
    ]
    assert len(left) == 2 * 3 * reps < len(operations)


@pytest.mark.parametrize("q", [2, 3, 4])
@pytest.mark.parametrize("reps", [1, 2, 3])
@pytest.mark.parametrize("entanglement", ENTANGLEMENTS)
def test_qiskit_prepares_the_same_state(q, reps, entanglement):
    x = np.random.default_rng(q).uniform(0, 2 * np.pi, q)
    library = z_feature_map(q, reps=reps) if entanglement == "none" else zz_feature_map(q, reps, entanglement)
    circuit = library.assign_parameters(
        dict(zip(sorted(library.parameters, key=lambda p: p.index), x, strict=True))
    )
    theirs = Statevector(circuit.reverse_bits()).data
    np.testing.assert_allclose(ZZFeatureMap(reps, entanglement).states([x])[0], theirs, atol=1e-12)


POINTS = np.random.default_rng(20).uniform(-np.pi, np.pi, (20, 4))


def ours_and_theirs(encoding, library):
    """The states of 20 points, ours and Qiskit's, with the phase of the whole state taken out."""
    order = sorted(library.parameters, key=lambda p: p.index)
    ours, theirs = encoding.states(POINTS), []
    for x in POINTS:
        circuit = library.assign_parameters(dict(zip(order, x, strict=True)))
        theirs.append(Statevector(circuit.reverse_bits()).data)
    phases = np.exp(-1j * np.angle((np.conj(theirs) * ours).sum(axis=1)))
    return phases[:, None] * ours, np.array(theirs)


def product_of(x):
    """A data map that Qiskit takes as it is: the product of the features of a block, halved for a single one."""
    return 0.5 * x[0] if len(x) == 1 else reduce(lambda a, b: a * b, x)


@pytest.mark.parametrize(
    "options",
    [
        {"alpha": 0.7},
        {"alpha": -1.3, "entanglement": "sca", "reps": 3},
        {"data_map": product_of},
        {"data_map": product_of, "alpha": 1.5, "entanglement": "linear", "reps": 1},
    ],
)
def test_qiskit_takes_the_same_factor_and_the_same_data_map(options):
    named = {"data_map_func" if name == "data_map" else name: value for name, value in options.items()}
    ours, theirs = ours_and_theirs(ZZFeatureMap(**options), zz_feature_map(4, **named))
    np.testing.assert_allclose(ours, theirs, atol=1e-11)


@pytest.mark.parametrize("pairs", [[(0, 2)], [[3, 1], [0, 1], (1, 2)], []])
def test_qiskit_couples_the_same_pairs(pairs):
    wires = {1: [(w,) for w in range(4)], 2: [tuple(pair) for pair in pairs]}
    ours, theirs = ours_and_theirs(ZZFeatureMap(entanglement=pairs), pauli_feature_map(4, entanglement=wires))
    np.testing.assert_allclose(ours, theirs, atol=1e-11)
    assert ZZFeatureMap(entanglement=pairs).pairs(4) == [tuple(pair) for pair in pairs]
    hash(ZZFeatureMap(entanglement=pairs))
    np.testing.assert_allclose(
        ZZFeatureMap(entanglement=pairs).circuit(POINTS).run(),
        ZZFeatureMap(entanglement=pairs).states(POINTS),
        atol=1e-12,
    )


def test_pairs_that_do_not_fit_the_features_are_refused():
    with pytest.raises(ValueError, match="entanglement must lie in 0 to 1"):
        ZZFeatureMap(entanglement=[(0, 2)]).states([[0.1, 0.2]])


@pytest.mark.parametrize(
    ("data_map", "error", "says"),
    [
        (np.prod, ValueError, r"shape \(20,\), not shape \(\).*say np.prod\(x, axis=0\)"),
        (lambda x: 1j * x[0], TypeError, "angles, real numbers"),
        (lambda x: np.inf * x[0], ValueError, "let data_map give finite numbers"),
    ],
)
def test_refuses_what_a_data_map_gives(data_map, error, says):
    with pytest.raises(error, match=says):
        ZZFeatureMap(data_map=data_map).states(POINTS)


@pytest.mark.parametrize("reps", [1, 2, 4])
@pytest.mark.parametrize("pattern", [None, [], [(0, 1)], [[2, 0], [1, 3], [3, 2]]])
def test_pennylanes_iqp_embedding_prepares_the_same_state(reps, pattern):
    @qml.qnode(qml.device("default.qubit", wires=4))
    def embedded(x):
        qml.IQPEmbedding(x, wires=range(4), n_repeats=reps, pattern=pattern)
        return qml.state()

    encoding = IQPFeatureMap(reps, "full" if pattern is None else pattern)
    ours, theirs = encoding.states(POINTS), np.array([embedded(x) for x in POINTS])
    # one phase of the whole state a row, and nothing else: fidelity 1 to 1e-12 leaves amplitudes 1e-6 apart
    phases = np.exp(-1j * np.angle((theirs.conj() * ours).sum(axis=1)))
    np.testing.assert_allclose(phases[:, None] * ours, theirs, atol=1e-11)
    np.testing.assert_allclose(encoding.circuit(POINTS).run(), ours, atol=1e-12)


def test_the_adapters_run_the_same_circuit():
    phase_map = ZZFeatureMap()
    x = np.array([0.4, 1.3, 2.9])
    ours = phase_map.states([x])[0]
    circuit = phase_map.circuit(x)
    np.testing.assert_allclose(Statevector(circuit.to_qiskit()).data, ours, atol=1e-12)
    np.testing.assert_allclose(circuit.to_pennylane()(), ours, atol=1e-12)


def test_pennylane_written_by_hand_prepares_the_same_state():
    x = np.array([0.4, 1.3, 2.9])

    @qml.qnode(qml.device("default.qubit", wires=3))
    def state():
        for _ in range(2):
            for i in range(3):
                qml.Hadamard(i)
                qml.PhaseShift(2 * x[i], i)
            for i, j in ((0, 1), (0, 2), (1, 2)):
                # P on a parity is a turn of exp(-i angle ZZ / 2), up to a phase of the whole state.
                qml.IsingZZ(2 * (np.pi - x[i]) * (np.pi - x[j]), wires=[i, j])
        return qml.state()

    assert abs(np.vdot(ZZFeatureMap().states([x])[0], state())) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("reps", [1, 3])
def test_iqp_embedding_without_pattern_is_the_map_without_couplings(reps):
    x = np.array([0.4, 1.3, 2.9])

    @qml.qnode(qml.device("default.qubit", wires=3))
    def embedded():
        qml.IQPEmbedding(x, wires=range(3), n_repeats=reps, pattern=[])
        return qml.state()

    # RZ(x) there, P(2x) here: half the features, and a phase of the whole state
    ours = ZZFeatureMap(reps, "none", bandwidth=0.5).states([x])[0]
    assert abs(np.vdot(ours, embedded())) == pytest.approx(1, abs=1e-12)


def test_refuses_states_that_no_memory_holds():
    with pytest.raises(ValueError, match="more than memory holds"):
        ZZFeatureMap().states(np.zeros((1, 60)))


def test_many_rows_are_cut_in_blocks_without_a_seam():
    X = np.random.default_rng(1).uniform(0, 3, (40, 12))  # 2**17 / 2**12 = 32 rows a block
    states = ZZFeatureMap().states(X)
    np.testing.assert_allclose(states[[31, 32, 39]], ZZFeatureMap().states(X[[31, 32, 39]]), atol=1e-14)


def test_without_couplings_wires_are_independent():
    X = np.array([[0.3, 1.1]])
    first, second = ZZFeatureMap(2, "none").states(X[:, :1]), ZZFeatureMap(2, "none").states(X[:, 1:])
    np.testing.assert_allclose(ZZFeatureMap(2, "none").states(X)[0], np.kron(first[0], second[0]), atol=1e-12)


def test_bandwidth_multiplies_the_features():
    X = np.random.default_rng(3).normal(size=(4, 3))
    np.testing.assert_allclose(
        ZZFeatureMap(bandwidth=0.3).states(X), ZZFeatureMap().states(0.3 * X), atol=1e-12
    )


def test_one_circuit_for_a_batch_of_rows():
    X = np.zeros((2, 5, 3))
    assert ZZFeatureMap().circuit(X).shape == (2, 5)
    assert ZZFeatureMap().circuit(X[0, 0]).shape == ()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"reps": 0}, ValueError, "reps must be at least 1"),
        ({"reps": 1.5}, TypeError, "reps must be a whole number"),
        ({"entanglement": "ring"}, ValueError, "entanglement must be one of circular"),
        ({"entanglement": [(0, 1, 2)]}, ValueError, "or pairs of wires such as"),
        ({"bandwidth": 0}, ValueError, "every row gives the same state"),
        ({"alpha": 0}, ValueError, "alpha must not be 0"),
        ({"alpha": np.nan}, ValueError, "alpha must be"),
        ({"data_map": "x"}, TypeError, "data_map must be a function of the features of a block"),
        ({"bandwidth": -1}, ValueError, "bandwidth must be"),
        ({"bandwidth": "wide"}, TypeError, "bandwidth must be a number"),
    ],
)
def test_refuses_parameters(arguments, error, says):
    with pytest.raises(error, match=says):
        ZZFeatureMap(**arguments)


@pytest.mark.parametrize(
    ("X", "error", "says"),
    [
        ([[np.nan, 1.0]], ValueError, "NaN or infinity"),
        ([[np.inf, 1.0]], ValueError, "NaN or infinity"),
        ([1.0, 2.0], ValueError, "a row for each sample"),
        (np.zeros((0, 2)), ValueError, "a row for each sample"),
        ([[1e200, 1e200]], ValueError, "too large for an angle"),
        (np.zeros((2, 0)), ValueError, "at least one"),
        ([["a"]], TypeError, "real numbers"),
        ([[1j]], TypeError, "real numbers"),
    ],
)
def test_refuses_rows(X, error, says):
    with pytest.raises(error, match=says):
        ZZFeatureMap().states(X)


H = np.array([[1, 1], [1, -1]])


@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_the_diagonal_is_its_definition(n_qubits, n, seed):
    rng = np.random.default_rng(seed)
    pairs = [pair for pair in combinations(range(n_qubits), 2) if rng.random() < 0.6]
    single, coupled = rng.uniform(-10, 10, (n_qubits, n)), rng.uniform(-10, 10, (len(pairs), n))
    expected = np.empty((2**n_qubits, n), dtype=complex)
    for b in range(2**n_qubits):
        bits = [int(bit) for bit in f"{b:0{n_qubits}b}"]
        exponent = sum((bits[w] * single[w] for w in range(n_qubits)), np.zeros(n))
        exponent += sum(((bits[v] ^ bits[w]) * coupled[k] for k, (v, w) in enumerate(pairs)), np.zeros(n))
        expected[b] = np.exp(1j * exponent)
    np.testing.assert_allclose(diagonal(single, coupled, pairs), expected, atol=1e-12)


def test_a_pair_in_the_other_order_or_twice_is_the_same_physics():
    single = np.zeros((2, 1))
    once = diagonal(single, np.array([[0.8]]), [(0, 1)])
    np.testing.assert_allclose(diagonal(single, np.array([[0.8]]), [(1, 0)]), once, atol=1e-15)
    np.testing.assert_allclose(diagonal(single, np.array([[0.3], [0.5]]), [(0, 1), (1, 0)]), once, atol=1e-15)


def test_pennylane_iqp_embedding_is_made_of_the_same_phases():
    x = np.array([0.4, 1.3, 2.9])

    @qml.qnode(qml.device("default.qubit", wires=3))
    def embedded():
        qml.IQPEmbedding(x, wires=range(3), n_repeats=2)
        return qml.state()

    pairs = list(combinations(range(3), 2))
    layer = diagonal(x[:, None], np.array([[x[i] * x[j]] for i, j in pairs]), pairs)
    ours = walsh_hadamard(layer) * layer / 8
    assert abs(np.vdot(ours, embedded())) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("n_qubits", range(1, 8))
def test_walsh_hadamard_is_the_tensor_power_of_h(n_qubits):
    rng = np.random.default_rng(n_qubits)
    columns = rng.normal(size=(2**n_qubits, 5)) + 1j * rng.normal(size=(2**n_qubits, 5))
    matrix = reduce(np.kron, [H] * n_qubits)
    np.testing.assert_allclose(walsh_hadamard(columns), matrix @ columns, atol=1e-12)


def test_walsh_hadamard_twice_is_the_identity_times_the_dimension():
    columns = np.random.default_rng(0).normal(size=(64, 3)).astype(complex)
    np.testing.assert_allclose(walsh_hadamard(walsh_hadamard(columns)), 64 * columns, atol=1e-12)


def test_names():
    assert as_encoding("zz", 3, "linear", 0.5) == ZZFeatureMap(3, "linear", 0.5)
    assert as_encoding("z", 3, "linear", 0.5) == ZZFeatureMap(3, "none", 0.5)
    assert as_encoding("iqp", 3, "linear", 0.5) == IQPFeatureMap(3, "linear", 0.5)
    assert as_encoding("zz", 1, [[0, 2]], 1.0) == ZZFeatureMap(1, ((0, 2),))
    assert as_encoding("angle", 3, "linear", 0.5) == AngleEncoding(bandwidth=0.5)
    assert as_encoding("phase", 3, "linear", 0.5) == AngleEncoding("z", bandwidth=0.5)
    assert as_encoding("amplitude", 3, "linear", 0.5) == AmplitudeEncoding()
    assert as_encoding("basis", 3, "linear", 0.5) == BasisEncoding()
    own = ZZFeatureMap(1)
    assert as_encoding(own, 3, "linear", 0.5) is own


@pytest.mark.parametrize("encoding", ["z", "zz", "iqp", "angle", "phase", "amplitude", "basis"])
def test_a_parameter_changes_the_encoding_if_and_only_if_the_table_says_so(encoding):
    given = {"reps": 2, "entanglement": "full", "bandwidth": 1.0}
    for name, other in (("reps", 3), ("entanglement", "linear"), ("bandwidth", 0.5)):
        changed = as_encoding(encoding, **given | {name: other}) != as_encoding(encoding, **given)
        assert changed == (name in parameters_of(encoding))
    assert parameters_of(ZZFeatureMap()) == ()


@pytest.mark.parametrize("encoding", ["xy", 3, None, ZZFeatureMap])
def test_refuses_what_is_no_encoding(encoding):
    with pytest.raises(
        ValueError,
        match="encoding must be 'z', 'zz', 'iqp', 'angle', 'phase', 'amplitude', 'basis' or an object",
    ):
        as_encoding(encoding, 2, "full", 1.0)


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("pauli", r"give PauliFeatureMap\(paulis"),
        ("state", r"needs no encoding: give abs\(A @ B.conj\(\).T\)"),
        ("reuploading", "give ReuploadingEncoding"),
    ],
)
def test_names_of_networks_alone_are_refused_with_what_to_give_instead(encoding, says):
    for make in (FidelityKernel, ProjectedKernel):
        with pytest.raises(ValueError, match=says):
            make(encoding)


@pytest.mark.parametrize("name", ["angle", "zz", "basis"])
def test_a_parameter_that_no_map_takes_is_refused_whatever_the_name(name):
    with pytest.raises(ValueError, match="bandwidth must be above 0"):
        as_encoding(name, 2, "full", 0)


@pytest.mark.parametrize(
    ("encoding", "X", "says"),
    [
        ("angle", [[7.0]], "out of range for the encoding"),
        ("basis", [[0.5]], "out of range for the encoding"),
        ("amplitude", [[0.0, 0.0]], "row of zeros"),
        (AngleEncoding(wires=2), [[0.1, 0.2, 0.3]], "more than the qubits"),
        (AmplitudeEncoding(wires=1), [[0.1, 0.2, 0.3]], "more than the qubits"),
    ],
)
def test_kernels_pass_refusals_on(encoding, X, says):
    with pytest.raises(ValueError, match=says):
        FidelityKernel(encoding).gram(X)


@pytest.mark.parametrize(
    "encoding",
    [
        ZZFeatureMap(),
        ZZFeatureMap(1, "none", 0.4),
        ZZFeatureMap(entanglement=[(0, 2), (2, 1), (0, 2)], alpha=0.3),
        ZZFeatureMap(data_map=product_of, reps=3),
        IQPFeatureMap(reps=2, entanglement="circular"),
    ],
)
@pytest.mark.parametrize("q", [1, 4])
def test_the_template_with_its_columns_is_the_circuit(encoding, q):
    if q == 1 and not isinstance(encoding.entanglement, str):
        pytest.skip("one wire has no pairs")
    rows = POINTS[:, :q]
    whole = encoding.template(q).bind({"x": encoding.columns(rows)})
    np.testing.assert_allclose(whole.run(), encoding.states(rows), atol=1e-12)
    np.testing.assert_array_equal(encoding.columns(rows[0]), encoding.columns(rows)[0])


def test_a_template_behind_trained_turns_is_qiskits_composed_circuit():
    turns, zz = parameters("turn", 3), ZZFeatureMap(reps=2, entanglement="linear")
    ours = Circuit(3)
    for wire, turn in enumerate(turns):
        ours = ours.ry(turn, wire)
    encoding = CircuitEncoding(ours.then(zz.template(3)), theta=[0.3, -0.8, 1.1])
    states = encoding.states(zz.columns(POINTS[:5, :3]))
    library = zz_feature_map(3, reps=2, entanglement="linear")
    order = sorted(library.parameters, key=lambda p: p.index)
    for x, ket in zip(POINTS[:5, :3], states, strict=True):
        theirs = QuantumCircuit(3)
        for wire, turn in enumerate(encoding.theta):
            theirs.ry(turn, wire)
        whole = theirs.compose(library.assign_parameters(dict(zip(order, x, strict=True))))
        assert abs(np.vdot(ket, Statevector(whole.reverse_bits()).data)) == pytest.approx(1, abs=1e-12)
